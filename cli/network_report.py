"""A network arranged for reading: sections of blocks, in Unicode or in LaTeX, which `network_views.py` prints.

Layers that are alike are shown once, for a general layer l, after each of their formulas was found to be the same but for the
number of its layer. Nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..derivations.elements.confirmation import Confirmation
from ..derivations.graphs.values import Value
from ..derivations.networks.network_values import Table, Values, decimal_text, exact_text, rational
from ..derivations.networks.networks import Network
from ..derivations.networks.statements import Line, Passes, Statement, text
from ..derivations.networks.updates import Decision, Descent, Unchanged
from ..derivations.notation.spellings import Style
from ..derivations.notation.written import Written
from ..derivations.sizes import Shape, Size, names_in
from ..derivations.steps import Step
from .step_views import difference_text

SHORTEST_RUN = 3  # layers alike that are shown once
MOST_ENTRIES = 144  # of a matrix of numbers that is printed
_LETTERS = {"l": "ˡ", "h": "ʰ", "n": "ⁿ", "r": "ʳ", "s": "ˢ", "u": "ᵘ"}
_NAME = re.compile(r"(?P<base>[A-Za-z]+)(?P<raised>\^\()?(?(raised)|_)(?P<layer>\d+)(?(raised)\))\Z")
_IN_WORDS = re.compile("(?<![A-Za-z])(?P<base>[WwzabδZAΔ])(?P<layer>[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[₀₁₂₃₄₅₆₇₈₉]+)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "0123456789" * 2)
_LOSSES = {"half-squared": "half the squared distance to the target y", "squared": "the squared distance to the target y",
           "cross-entropy": "the cross-entropy with the target y", "none": "none"}  # fmt: skip
_FOLDED = "--format json has all of them"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence; `label` stands before it, `style` is one of the terminal's."""

    text: str
    style: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells below each other, with a head where there is one; `formulas` says which columns are formulas."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Derived:
    """A quantity of the backward pass: what it is, its entries by the chain rule, its matrix form, and the steps.

    Where the entry says everything (a number) it stands in the head; where there is no matrix form, `matrix` is empty.
    """

    head: str
    shape: str
    why: str
    entry: str = ""
    matrix: str = ""
    steps: tuple[Step, ...] = ()
    layers: str = ""


@dataclass(frozen=True, slots=True)
class Matrices:
    """left = matrix ≈ matrix …; each item is a sign with the entries in rows, or with one number."""

    left: str
    items: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula with a remark."""

    formula: str
    remark: str = ""
    style: str = "formula"


Block = Words | Grid | Derived | Matrices | Formula


@dataclass(frozen=True, slots=True)
class Section:
    """A title, what the section shows, and its blocks."""

    title: str
    about: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """All that is to be shown; what was not asked for is None."""

    passes: Passes
    names: tuple[str, ...] = ()
    values: Values | None = None
    descent: Descent | None = None
    unchanged: Unchanged | None = None
    decisions: tuple[Decision, ...] = ()
    regions: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


# -- layers that are alike -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """Layers from first to last that have the same formulas, and the letter for the number of any of them."""

    first: int
    last: int
    letter: str = "l"

    def __contains__(self, layer: int) -> bool:
        return self.first <= layer <= self.last

    def said(self) -> str:
        """for l = 2, …, 63"""
        return f"for {self.letter} = {self.first}, …, {self.last}"


def layer_names(tree: Written, layer: int, letter: str = "l") -> Written:
    """A formula with the layers in its names counted from one: W^(3) at layer 2 is W^(l+1).

    >>> layer_names(Written("name", (), "W^(3)"), 2).value, layer_names(Written("name", (), "z_2"), 2).value
    ('W^(l+1)', 'z_l')
    """
    value: object = tree.value
    if tree.op == "name" and (match := _NAME.match(str(tree.value))):
        place = letter + _offset(int(match["layer"]) - layer)
        value = f"{match['base']}^({place})" if match["raised"] else f"{match['base']}_{place}"
    return replace(tree, value=value, args=tuple(layer_names(a, layer, letter) for a in tree.args))


def _offset(difference: int) -> str:
    return f"{difference:+d}" if difference else ""


def runs_of(passes: Passes, steps: bool = False) -> list[Run]:
    """Runs of neighbouring layers, each formula of which is the same but for the number of its layer."""
    by_layer: dict[int, list[Statement]] = {}
    for s in passes.statements:
        by_layer.setdefault(s.layer, []).append(s)
    count = len(passes.network.layers)
    keys = {k: tuple(_key(s, k) for s in by_layer.get(k, ())) for k in range(1, count + 1)}
    runs, first = [], 1
    for k in range(2, count + 2):
        if k <= count and keys[k] == keys[first]:
            continue
        if k - first >= SHORTEST_RUN:
            runs.append(Run(first, k - 1, _free_letter(by_layer[first], passes.network, steps)))
        first = k
    return runs


def _key(s: Statement, k: int) -> tuple[object, ...]:
    lines = tuple((x.rule, layer_names(x.before, k), layer_names(x.after, k), general_words(x.why, k)) for x in s.lines)
    return s.kind, *(layer_names(t, k) if t else None for t in (s.left, s.matrix, s.entry_left, s.entry)), s.shape, s.why, lines


def _free_letter(statements: Sequence[Statement], network: Network, steps: bool) -> str:
    """A letter for layers that is no index in these formulas and no size."""
    trees = [t for s in statements for t in (s.entry_left, s.entry)]
    trees += [t for s in statements for line in s.lines for t in (line.before, line.after)] if steps else []
    taken = {str(n.value) for t in trees for n in t.walk() if n.op == "index"}
    taken |= {n.value[0] for t in trees for n in t.walk() if n.op == "sum" and isinstance(n.value, tuple)}
    taken |= {name for layer in network.layers for name in names_in(layer.outputs)}
    return next((x for x in _LETTERS if x not in taken), "l")


def general_words(sentence: str, layer: int, letter: str = "l") -> str:
    """A sentence with the layers in its names counted from one.

    >>> general_words("ℒ depends on z² only through z³", 2)
    'ℒ depends on zˡ only through zˡ⁺¹'
    """
    def named(match: re.Match[str]) -> str:
        place = letter + _offset(int(match["layer"].translate(_DIGITS)) - layer)
        return raised(f"{match['base']}^({place})") if match["layer"][0] in "⁰¹²³⁴⁵⁶⁷⁸⁹" else f"{match['base']}_{{{place}}}".replace(
            f"{{{letter}}}", letter)

    return _IN_WORDS.sub(named, sentence)


def raised(formula: str) -> str:
    """Layers as people write them: W^(l+1) is Wˡ⁺¹."""
    def up(match: re.Match[str]) -> str:
        return _LETTERS[match[1]] + (match[2] or "").translate(str.maketrans("+-0123456789", "⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))

    shown = re.sub(rf"\^\(([{''.join(_LETTERS)}])([+-]\d+)?\)", up, formula)
    return re.sub(rf"\(([A-Za-zΔδ][{''.join(_LETTERS.values())}][⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]*)\)(?=_)", r"\1", shown)


# -- the report ----------------------------------------------------------------------------------------------------------


def shape_text(shape: Shape) -> str:
    """3 × 1, and “a number” for one entry.

    >>> shape_text(("h", 1)), shape_text((1, 1))
    ('h × 1', 'a number')
    """
    return "a number" if all(s == 1 for s in shape) else " × ".join(str(s) for s in shape)


class Report:
    """The sections of what was found, in one style."""

    def __init__(self, found: Found, style: Style = Style.UNICODE, all_steps: bool = False, digits: int = 4):
        self.found, self.style, self.all_steps, self.digits = found, style, all_steps, digits
        self.passes, self.network = found.passes, found.passes.network
        self.runs = runs_of(found.passes, all_steps)
        self.single = all(s == 1 for shape in found.passes.symbols.values() for s in shape)

    def sections(self) -> list[Section]:
        """All of them, in the order of the work."""
        made = [self.reading(), self.forward(), self.backward(), self.confirmed(), *self.numbers(), self.step(), self.conditions(),
                self.asked(), self.regions(), self.hints()]  # fmt: skip
        return [s for s in made if s is not None]

    # How things are set

    def text(self, tree: Written, run: Run | None = None) -> str:
        if run is None:
            return text(tree, self.style)
        general = text(layer_names(tree, run.first, run.letter), self.style)
        return general if self.style is Style.LATEX else raised(general)

    def equal(self, *parts: str) -> str:
        return " = ".join(dict.fromkeys(parts))

    def run_of(self, layer: int) -> Run | None:
        return next((run for run in self.runs if layer in run), None)

    def shown(self, statements: Sequence[Statement]) -> Iterator[tuple[Statement, Run | None]]:
        """Each statement, those of layers alike once, with their run."""
        for s in statements:
            run = self.run_of(s.layer) if s.layer else None
            if run is None or s.layer == run.first:
                yield s, run

    # Sections

    def reading(self) -> Section:
        """The layers with their shapes, and the conventions."""
        net = self.network
        rows, k = [], 1
        while k <= len(net.layers):
            run, layer = self.run_of(k), net.layers[k - 1]
            shapes = self.passes.symbols
            weight, bias = (self._parameter_shape(kind, k, shapes) for kind in ("W", "b"))
            said = f"{run.first}–{run.last}" if run else str(k)
            rows.append((said, str(layer.inputs), str(layer.outputs), layer.activation, weight, bias if layer.bias else "none"))
            k = run.last + 1 if run else k + 1
        grid = Grid(tuple(rows), ("layer", "inputs", "units", "activation", "W", "b"))
        return Section("read as", self._conventions(), (grid, Words(self._loss(), "read", "loss")))

    def _parameter_shape(self, letter: str, layer: int, shapes: Mapping[str, Shape]) -> str:
        for name in (f"{letter}^({layer})", f"{letter.lower()}_{layer}"):
            if name in shapes:
                return shape_text(shapes[name])
        return ""

    def _conventions(self) -> str:
        net = self.network
        wx = net.convention == "Wx"
        if self.single:
            return "every layer is one unit; one example"
        form = {"one": ("Wx", "Wᵀx"), "columns": ("WX", "WᵀX"), "rows": ("XWᵀ", "XW")}[net.batch][0 if wx else 1]
        batch = {"one": "one example, a column", "columns": "examples are columns", "rows": "examples are rows"}[net.batch]
        return f"{form} + b, so W is {'outputs × inputs' if wx else 'inputs × outputs'}; {batch}"

    def _loss(self) -> str:
        net = self.network
        kind = _LOSSES[net.loss]
        over = ""
        if net.loss != "none" and net.batch != "one":
            over = ", the mean over the examples" if net.mean else ", the sum over the examples"
        return kind + over

    def forward(self) -> Section:
        rows, whys = [], []
        for s, run in self.shown(self.passes.forward):
            matrix = self.equal(self.text(s.left, run), self.text(s.matrix, run)) if s.matrix else ""
            entry = self.equal(self.text(s.entry_left, run), self.text(s.entry, run))
            rows.append((matrix or entry, entry if matrix and entry != matrix else "",
                         "" if self.single else shape_text(s.shape), run.said() if run else ""))
            if s.kind == "z" or (s.kind == "a" and self.network.layers[s.layer - 1].activation != "identity"):
                whys.append(s.why)
        return Section("forward", "; ".join(dict.fromkeys(w for w in whys if w)), (Grid(_kept(rows), formulas=frozenset({0, 1})),))

    def backward(self) -> Section | None:
        blocks = [self.derived(s, run) for s, run in self._backward()]
        if not blocks:
            return None
        return Section("backward", "from the loss back to the input, layer by layer", tuple(blocks))

    def _backward(self) -> list[tuple[Statement, Run | None]]:
        """The statements backward; of layers alike the last one comes first, and stands where it is computed."""
        return list(self.shown(self.passes.backward))

    def derived(self, s: Statement, run: Run | None) -> Derived:
        """A statement of the backward pass."""
        left = self.text(s.left, run)
        head = self.equal(left, self.text(s.means, run)) if s.means else left
        chain = next((self.text(x.after, run) for x in s.lines[:1] if "chain rule" in x.rule), "")
        wanted = self.all_steps or s.name == f"delta_{len(self.network.layers)}"
        steps = tuple(self._step(x, run) for x in s.lines) if wanted else ()
        layers = run.said() if run else ""
        shape = "" if self.single else shape_text(s.shape)
        left_of_entry, entry = self.text(s.entry_left, run), self.text(s.entry, run)
        if s.matrix == s.entry:
            return Derived(self.equal(head, *([chain] if chain else []), entry), shape, s.why, steps=steps, layers=layers)
        entry = self.equal(left_of_entry, *([chain] if chain else []), entry)
        matrix = self.equal(left, self.text(s.matrix, run)) if s.matrix else ""
        return Derived(head, shape, s.why, entry, matrix, steps, layers)

    def _step(self, line: Line, run: Run | None) -> Step:
        if run is None:
            return line.step()
        general = Line(line.rule, layer_names(line.before, run.first, run.letter), layer_names(line.after, run.first, run.letter),
                       general_words(line.why, run.first, run.letter)).step()
        return replace(general, unicode_before=raised(general.unicode_before), unicode_after=raised(general.unicode_after))

    def confirmed(self) -> Section | None:
        blocks = [Words(note, "note", "note") for note in self.passes.notes]
        if self.passes.confirmation is not None:
            blocks.append(Words(confirmed_text(self.passes.confirmation, self.network), "confirmed", "confirmed"))
        return Section("", "", tuple(blocks)) if blocks else None

    # Numbers

    def numbers(self) -> list[Section]:
        values = self.found.values
        if values is None:
            return []
        net, names = self.network, self.found.names
        single = len(values.examples) == 1
        named = f", in this order: {', '.join(names)}" if names else ""
        alone = [Section("numbers" if single else f"numbers of example {names[k] if names else k + 1}", "",
                         (*self.given(k), *map(self.matrices, example.tables))) for k, example in enumerate(values.examples)]
        if net.batch == "one" and single:
            return alone
        about = f"{len(net.inputs)} example{'s' * (not single)} as {net.batch}{named}" if net.batch != "one" else "summed over the examples"
        together = [Section("numbers of the batch", about, tuple(map(self.matrices, values.batch)))] if values.batch else []
        return [*alone, *together] if net.batch == "one" or self.all_steps else together

    def given(self, number: int) -> tuple[Block, ...]:
        """The input and the target of an example."""
        parts = []
        for letter, rows in (("x", self.network.inputs), ("y", self.network.targets)):
            if number < len(rows):
                numbers = [self.fraction(v) for v in rows[number]]
                parts.append(f"{letter} = {numbers[0] if len(numbers) == 1 else f'({chr(44).join(numbers)})'.replace(',', ', ')}")
        comma = r",\quad " if self.style is Style.LATEX else ", "
        return (Formula(comma.join(parts), style="read"),) if parts else ()

    def fraction(self, value: Fraction) -> str:
        sign = "-" if self.style is Style.LATEX else "−"
        if value.denominator == 1:
            return str(value).replace("-", sign)
        top, bottom = abs(value.numerator), value.denominator
        shown = rf"\frac{{{top}}}{{{bottom}}}" if self.style is Style.LATEX else f"{top}/{bottom}"
        return sign + shown if value < 0 else shown

    def matrices(self, table: Table, left: str = "") -> Block:
        """The numbers of a quantity, exactly where they are short, and as decimals."""
        left = left or self.text(table.left)
        rows, columns = table.shape
        if rows * columns > MOST_ENTRIES:
            return Formula(left, f"{rows} × {columns} numbers; {_FOLDED}")
        return Matrices(left, tuple(self.signed(table)))

    def signed(self, table: Table) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
        exact = tuple(tuple(exact_text(v, self.style) for v in row) for row in table.rows)
        rounded = tuple(tuple(decimal_text(v, self.digits, self.style) for v in row) for row in table.rows)
        whole = all(self.is_whole(v) for row in table.rows for v in row)
        known = all(e is not None for row in exact for e in row)
        if known:
            yield "=", tuple(tuple(str(e) for e in row) for row in exact)
        if not known or rounded != exact:
            yield ("=" if whole else self.about), rounded

    @property
    def about(self) -> str:
        return r"\approx" if self.style is Style.LATEX else "≈"

    def is_whole(self, value: Value) -> bool:
        """Whether the decimals are all there is."""
        known = rational(value)
        return known is not None and (known * 10**self.digits).denominator == 1

    def step(self) -> Section | None:
        found = self.found.descent
        if found is None:
            return None
        rate = self.fraction(found.rate)
        latex = self.style is Style.LATEX
        gets, minus, times = (r"\leftarrow", "-", r"\cdot") if latex else ("←", "−", "·")
        blocks: list[Block] = []
        for u in found.updates:
            rows, columns = u.before.shape
            if rows * columns > MOST_ENTRIES:
                blocks.append(Formula(f"{self.text(u.left)} {gets} {self.text(u.left)} {minus} {rate} {times} {self.text(u.gradient.left)}",
                                      f"{rows} × {columns} numbers; {_FOLDED}"))
                continue
            before, slopes = (self.best(t) for t in (u.before, u.gradient))
            if rows == columns == 1:
                slopes = ((self.factor(slopes[0][0]),),)
            blocks.append(Matrices(self.text(u.left), ((gets, before), (f"{minus} {rate} {times}", slopes), *self.signed(u.after))))
        loss = r"\mathcal{L}" if latex else "ℒ"
        losses = ((found.loss_before, "before the step"), (found.loss_after, "after it"))
        blocks += [Formula(f"{loss} {self.one(value)}", said) for value, said in losses]
        shown = f"${rate}$" if latex else rate
        return Section("one step", f"learning rate {shown}: each parameter minus {shown} times its gradient", tuple(blocks))

    def best(self, table: Table) -> tuple[tuple[str, ...], ...]:
        """Exact where all of it is short, else decimals."""
        return next(self.signed(table))[1]

    def factor(self, number: str) -> str:
        """A number behind a sign of multiplication: in brackets where it is more than digits."""
        if re.fullmatch(r"[\d./]+|\\frac\{\d+\}\{\d+\}", number):
            return number
        return rf"\left({number}\right)" if self.style is Style.LATEX else f"({number})"

    def one(self, value: Value) -> str:
        """= 1/2 ≈ 0.5, of one number."""
        exact, rounded = exact_text(value, self.style), decimal_text(value, self.digits, self.style)
        sign = "=" if self.is_whole(value) else self.about
        return f"{sign} {rounded}" if exact is None else f"= {exact}" if exact == rounded else f"= {exact} {sign} {rounded}"

    # Conditions, regions, hints

    def conditions(self) -> Section | None:
        found = self.found.unchanged
        if found is None:
            return None
        left = self.text(found.left)
        blocks: list[Block] = [Formula(self.equal(left, self.text(found.gradient)), "zero where a factor is")]
        rows = tuple((self.text(c.tree), self.text(c.factor), c.why) for c in found.conditions)
        if rows:
            blocks.append(Grid(rows, ("enough", "makes zero", "why"), frozenset({0, 1})))
        blocks += [Words(note, "note", "note") for note in found.notes]
        name = text(found.left.args[1]) if found.left.op == "derivative" else found.parameter
        return Section(f"when {name} stays", f"each condition is enough{', and there are no others' * found.complete}", tuple(blocks))

    def asked(self) -> Section | None:
        """What somebody proposed as a condition, and whether it is enough."""
        blocks = []
        for d in self.found.decisions:
            label = f"{'✓ enough' if d.holds else '✗ not enough'}: {text(d.tree)}"
            checked = f"; the gradient is 0 at {d.points} such points" if d.holds else ""
            blocks.append(Words(d.why.removeprefix("not enough: ") + checked, "confirmed" if d.holds else "wrong", label))
        return Section("asked", "is this enough for it to stay?", tuple(blocks)) if blocks else None

    def regions(self) -> Section | None:
        if not self.found.regions:
            return None
        return Section("regions", "", tuple(Words(row) for row in self.found.regions))

    def hints(self) -> Section | None:
        return Section("", "", tuple(Words(h, "why") for h in self.found.hints)) if self.found.hints else None


def _kept(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Rows without the columns that are empty in all of them, at the end."""
    width = max((k + 1 for row in rows for k, cell in enumerate(row) if cell), default=0)
    return tuple(row[:width] for row in rows)


def confirmed_text(confirmation: Confirmation, network: Network) -> str:
    """How JAX agreed, and for which sizes of the layers."""
    c = confirmation
    count = len(network.layers)
    said = []
    for sizes in c.sizes:
        units: list[Size] = [sizes.get(f"n_{k}", 1) for k in range(count + 1)]
        shown = ", ".join(map(str, units)) if count <= 8 else f"{min(map(int, units))} to {max(map(int, units))}"
        said.append(f"{shown} units" + (f", {sizes['m']} examples" if network.batch != "one" else ""))
    where = f"; layers of {' and of '.join(dict.fromkeys(said))}" if said else ""
    return (f"jacfwd {difference_text(c.jacfwd)}   jacrev {difference_text(c.jacrev)}   every gradient at {c.points} points{where}; "
            f"seed {c.seed}")


__all__ = ["Block", "Derived", "Formula", "Found", "Grid", "Matrices", "Report", "Run", "Section", "Words", "confirmed_text",
           "general_words", "layer_names", "raised", "runs_of", "shape_text"]  # fmt: skip
