"""From a written function to a confirmed, step-by-step derivation of its Jacobian or Hessian.

The order of work: read, give it meaning, differentiate with a record of every rule, tidy, write the result in matrix
notation, evaluate every line, let JAX confirm. What is printed is the record; there is no second story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from .calculus.calculus import derivative, differentiate
from .calculus.lines import LineMeaning
from .calculus.tidying import Tidier
from .elements.confirmation import Confirmation, confirm, seed_of
from .elements.elements import Element, is_zero, merge, number, product, variable
from .elements.evaluation import Evaluator
from .elements.functions import FUNCTIONS
from .elements.meaning import SYMMETRIC_DOMAINS, Meaning
from .elements.sampling import check_domains, draw, least_sizes, size_assignments
from .elements.symbolic import derivative_element
from .errors import DefectError, DomainError, HwcheckError, InputError, LimitError, NameUnknownError, UnsupportedError
from .forms import building as b
from .forms.common_parts import CommonParts
from .forms.elementform import ElementForm, letters_for, numpy_form
from .forms.kronecker import KroneckerForm, holds, kronecker_form
from .forms.matrixform import MatrixForm, NoNotation
from .narration import Narration
from .notation.numpy_source import numpy_source
from .notation.spellings import Style
from .notation.writer import write
from .notation.written import Written
from .reader.reading import Reading, Symbol, read
from .sizes import Shape, Size
from .steps import Step

LAYOUTS = ("numerator", "denominator")
LARGEST_SIZE = 512  # a whole number as a size: beyond this, points would take more memory than they are worth


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derivation: what was read, the result in every form, the steps, and how it was confirmed.

    `shape` lists the sizes of the output's axes, then those of the input's (the other way round in denominator layout).
    `matrix` is None where no matrix notation exists; then `element` is the answer. `where` defines the common parts that
    the result names.
    """

    reading: Reading
    wrt: str
    layout: str
    order: int
    shape: tuple[Size, ...]
    outputs: int
    letters: tuple[str, ...]
    function: Element
    derived: Element
    element_tree: Written
    matrix_tree: Written | None
    where: tuple[tuple[str, Written], ...]
    kronecker: KroneckerForm | None
    blocks: str | None
    python: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    confirmation: Confirmation | None

    @property
    def element(self) -> str:
        """The general entry, LaTeX."""
        return write(self.element_tree, Style.LATEX)

    @property
    def matrix(self) -> str | None:
        """The result in matrix notation, Unicode, with its common parts; None where there is none."""
        return self._matrix(Style.UNICODE)

    @property
    def matrix_latex(self) -> str | None:
        """The same in LaTeX."""
        return self._matrix(Style.LATEX)

    def _matrix(self, style: Style) -> str | None:
        if self.matrix_tree is None:
            return None
        text = write(self.matrix_tree, style)
        if not self.where:
            return text
        comma, where = (r",\quad ", r"\text{ where }") if style is Style.LATEX else (", ", "  where ")
        return text + where + comma.join(f"{spelled_name(name, style)} = {write(tree, style)}" for name, tree in self.where)

    def to_dict(self) -> dict[str, object]:
        """The JSON of CONTRACT."""
        return {
            "function": self.reading.text,
            "wrt": self.wrt,
            "layout": self.layout,
            "order": self.order,
            "vars": {s.name: [x for x in s.shape if x != 1] for s in self.reading.symbols},
            "shape": list(self.shape),
            "element": self.element,
            "matrix": self.matrix,
            "matrix_latex": self.matrix_latex,
            "python": self.python,
            "steps": [s.to_dict() for s in self.steps if not s.folded],
            "confirmation": self.confirmation.to_dict() if self.confirmation else None,
            "read_as": self.read_as(Style.LATEX),
            "indices": list(self.letters),
            "where": [{"name": name, "matrix": write(t, Style.UNICODE), "matrix_latex": write(t, Style.LATEX)} for name, t in self.where],
            "kronecker": {"by_columns": write(self.kronecker.columns, Style.LATEX), "by_rows": write(self.kronecker.rows, Style.LATEX),
                          "commutation_matrix": self.kronecker.commutation} if self.kronecker else None,
            "notes": list(self.notes),
        }

    def read_as(self, style: Style) -> str:
        """The function as it was understood."""
        reading = self.reading
        head = f"{reading.function}({', '.join(spelled_name(p, style) for p in reading.parameters)}) = " if reading.function else ""
        return head + write(reading.body, style)

    def _repr_latex_(self) -> str:
        answer = self.matrix_latex or self.element
        return f"$\\displaystyle J = {answer}$"

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{s.rule}</td><td>\\({s.after}\\)</td><td>{s.why}</td></tr>" for s in self.steps if not s.folded)
        return f"<p>\\({self.read_as(Style.LATEX)}\\)</p><table>{rows}</table><p>{self._repr_latex_()}</p>"


def spelled_name(name: str, style: Style) -> str:
    """A declared name as it is printed: W_1 as W₁, lambda as λ.

    >>> spelled_name("lambda", Style.UNICODE)
    'λ'
    """
    return write(Written("name", (), name), style)


def jacobian(
    function: str,
    wrt: str | None = None,
    *,
    shapes: Mapping[str, Sequence[Size]] | None = None,
    domains: Mapping[str, str] | None = None,
    definitions: Mapping[str, str] | None = None,
    order: int = 1,
    layout: str = "numerator",
    confirmed: bool = True,
    seed: int | None = None,
) -> Derivation:
    """Derive the Jacobian (order 1) or Hessian (order 2) of a written function, with all steps.

    Args:
        function: "f(w) = Xw" or just "X w", in LaTeX, Unicode, ASCII or NumPy spelling.
        wrt: the variable; may be left out where the function has one parameter.
        shapes: sizes by name, [] a number, ["d"] a column, ["n", "d"] a matrix; others get their usual shapes.
        domains: where variables live, "positive", "symmetric", …; facts that follow are used.
        definitions: names of intermediates, as text.
        layout: "numerator" (output × input) or "denominator" (input × output).
        confirmed: whether JAX confirms the result.
        seed: of the points; by default it belongs to the function's text.

    Raises:
        InputError: what was typed cannot be read or used, with the place.
        UnsupportedError: there is no rule for something in it.
        DefectError: two of our own results disagree.

    >>> jacobian("f(w) = Xw", confirmed=False).matrix
    'X'
    """
    domains = dict(domains or {})
    if layout not in LAYOUTS:
        raise InputError(f"The layout is numerator or denominator, not “{layout}”.")
    if order not in (1, 2):
        raise InputError(f"The order is 1 (Jacobian) or 2 (Hessian), not {order}.")
    check_domains(domains)
    _check_sizes(shapes or {})
    try:
        reading = read(function, shapes=shapes, definitions=definitions, wrt=wrt)
        if wrt and shapes and wrt in shapes and wrt not in {s.name for s in reading.symbols}:  # declared, not in the text: a constant
            sizes = tuple(shapes[wrt])
            symbol = Symbol(wrt, sizes if len(sizes) > 2 else sizes + (1,) * (2 - len(sizes)), "declared")
            reading = replace(reading, symbols=(*reading.symbols, symbol))
        return _derived(reading, _variable(reading, wrt), domains, order, layout, confirmed,
                        seed_of(function) if seed is None else seed)
    except NoNotation:
        raise UnsupportedError("A part of this derivation has no notation that we know, so it cannot be shown.", text=function) from None
    except HwcheckError as error:
        raise error.within(function) from None


def _check_sizes(shapes: Mapping[str, Sequence[Size]]) -> None:
    for name, shape in shapes.items():
        for s in shape:
            if isinstance(s, int) and not 1 <= s <= LARGEST_SIZE:
                raise LimitError(f"The size {s} of {name} is not between 1 and {LARGEST_SIZE}; "
                                 "a name such as n stands for any size.")


def _variable(reading: Reading, wrt: str | None) -> Element:
    known = {s.name: s.shape for s in reading.symbols}
    if wrt is None:
        candidates = reading.parameters or tuple(known)
        if len(candidates) != 1:
            listed = ", ".join(candidates) if candidates else "none"
            raise NameUnknownError(f"By which variable? The function has {listed}; say it with --wrt.")
        wrt = candidates[0]
    if wrt not in known:
        raise NameUnknownError(f"“{wrt}” does not occur in the function and has no declared shape; "
                               f"it has {', '.join(known) or 'no variables'}.")
    return variable(wrt, tuple(s for s in known[wrt] if s != 1))


def _derived(
    reading: Reading, x: Element, domains: Mapping[str, str], order: int, layout: str, confirmed: bool, seed: int
) -> Derivation:
    meaning = Meaning()
    function = meaning.of(reading.body)
    # What is declared of the variable holds at a point, not on the way to its neighbours: it is used at the very end only.
    others = {name: domain for name, domain in domains.items() if name != x.value}
    tidy, tidy_more = Tidier(domains), Tidier(others)
    matrices = MatrixForm(meaning.spelled, frozenset(name for name, domain in others.items() if domain in SYMMETRIC_DOMAINS))
    # kron and vec put axes together; entries are derived before that, and put together at the end
    groups = function.value if function.kind == "merge" else None
    works = [differentiate(function.args[0] if groups else function, x)]
    results = [derivative(works[0])]
    tidied = [(tidy if order == 1 else tidy_more)(results[0])]
    if order == 2:
        if function.shape:
            raise UnsupportedError("A Hessian is derived of a number; this function has entries.", span=reading.body.span)
        works.append(differentiate(tidied[0], x))
        results.append(derivative(works[1]))
        tidied.append(tidy(results[1]))
    derived = tidied[-1]
    outputs = len(derived.shape) - len(x.shape)
    whole = merge(derived, [*groups, *([outputs + k] for k in range(len(x.shape)))]) if groups else derived

    taken = {s.name for s in reading.symbols} | {str(s) for sym in reading.symbols for s in sym.shape} | {reading.function or "f"}
    outs, ins = letters_for(outputs, len(x.shape), taken)
    common = CommonParts(derived, matrices, {*taken, *outs, *ins})
    tree = _matrix_tree(whole, common.form, outputs, len(x.shape))
    if tree is not None and (once := common.used_once(tree)):
        common = CommonParts(derived, matrices, {*taken, *outs, *ins}, once)
        tree = _matrix_tree(whole, common.form, outputs, len(x.shape))
    named = tree is not None and any(n.op == "name" and n.value in dict(common.definitions) for n in tree.walk())
    where = common.definitions if named or (tree is None and common.definitions) else ()
    form = common.form if where else matrices

    narration = Narration(reading.function or "f", form, frozenset(taken) | {name for name, _ in where})
    steps, letters = narration.steps(works, results, tidied, tree, _point([works[0].function, *tidied], domains, seed))
    element_tree = narration.elements().entry(derived, letters) if not is_zero(derived) else b.ZERO
    kron = kronecker_form(whole, outputs, form, taken | {n for n, _ in where}) if tree is None else None
    if kron is not None and not _holds(kron, derived, outputs, domains, seed, narration.named):
        raise DefectError("The Kronecker form does not have the value of the element form. Please report it with the command you ran.")
    python = numpy_source(tree if tree is not None else numpy_form(whole, form), {s.name: s.shape for s in reading.symbols}, where)
    confirmation = confirm(function, whole, x, domains, seed, order) if confirmed else None
    if tree is not None:
        _same_value(tree, derived, domains, seed, narration.named)
    shape: Shape = whole.shape
    outputs = len(shape) - len(x.shape)
    if layout == "denominator":
        shape = shape[outputs:] + shape[:outputs]
        # a number by a matrix keeps the shape of the matrix in both layouts
        if tree is not None and (outputs, len(x.shape)) in ((1, 1), (0, 1), (1, 0)):
            turned = b.polished(form.transposed(tree))
            name = Written("name", (), "H" if order == 2 else "J", tree.shape)
            steps.append(narration.step("layout", Written("transpose", (name,), None, turned.shape), turned,
                                        "denominator layout is input × output"))
            tree = turned
    return Derivation(
        reading=reading, wrt=x.value, layout=layout, order=order, shape=shape, outputs=outputs, letters=letters, function=function,
        derived=derived, element_tree=element_tree, matrix_tree=tree, where=where, kronecker=kron,
        blocks=_blocks(derived, outputs, letters, narration.elements()) if tree is None else None, python=python, steps=tuple(steps),
        notes=(*reading.notes, *_conventions(function)), confirmation=confirmation,
    )


def _matrix_tree(derived: Element, matrices: MatrixForm, outputs: int, inputs: int) -> Written | None:
    """The result in numerator layout: a number by a column is a row."""
    try:
        tree = matrices.of(derived)
    except NoNotation:
        return None
    return b.polished(matrices.transposed(tree) if outputs == 0 and inputs == 1 else tree)


def _point(elements: Sequence[Element], domains: Mapping[str, str], seed: int) -> tuple[dict[str, Any], dict[str, int]]:
    """One point at which all of these are finite: values without further axes, and sizes."""
    shapes = {n.value: n.shape for e in elements for n in e.walk() if n.kind == "variable"}
    for otherwise in ("any", "positive", "unit"):
        rng = np.random.default_rng(seed + 1)
        for sizes in size_assignments([*shapes.values(), *(e.shape for e in elements)], least_sizes(elements)):
            values = {k: v[0] for k, v in draw(rng, shapes, sizes, domains, 1, otherwise).items()}
            with np.errstate(all="ignore"):
                arrays = [np.asarray(Evaluator(values, sizes)(e)) for e in elements]
            if all(np.isfinite(a).all() and (np.abs(a) < 1e6).all() for a in arrays):
                return values, sizes
    raise DomainError("No point was found at which the function and its derivative are finite; declare where the variables live "
                      "with --domain, for example --domain x=positive.")


def _holds(kron: KroneckerForm, derived: Element, outputs: int, domains: Mapping[str, str], seed: int,
           named: Mapping[str, Element]) -> bool:
    values, sizes = _point([derived], domains, seed)
    return holds(kron, derived, outputs, values, sizes, named)


def _same_value(tree: Written, derived: Element, domains: Mapping[str, str], seed: int, named: Mapping[str, Element]) -> None:
    """The matrix notation, read by its meaning, has the value of the element; else it would be a defect."""
    values, sizes = _point([derived], domains, seed)
    got = np.asarray(Evaluator(values, sizes)(LineMeaning(named=named).of(tree)))
    want = np.asarray(Evaluator(values, sizes)(derived))
    if got.shape != want.shape or not np.allclose(got, want, rtol=1e-9, atol=1e-9):
        raise DefectError(f"The matrix form {write(tree, Style.UNICODE)} does not have the value of the element form. Please report "
                          "it with the command you ran.")


def _conventions(function: Element) -> list[str]:
    """Conventions at kinks that the result uses: relu′(0) = 0."""
    notes = []
    for name in dict.fromkeys(n.value for n in function.walk() if n.kind == "map"):
        row = FUNCTIONS[name]
        for kink in row.kinks if row.arity == 1 and name not in ("step", "sign") else ():
            value = float(Evaluator({}, {})(derivative_element(name, [number(kink)], 0)))
            shown = write(Written("call", (b.num(kink),), (name, ("prime", 1))), Style.UNICODE)
            if row.parameters:  # a written parameter may be a variable
                notes.append(f"convention at the kink: {shown} is the slope on the left")
                continue
            simple = Fraction(value).limit_denominator(1000)
            notes.append(f"convention at the kink: {shown} = {simple if abs(simple - value) < 1e-12 else f'{value:.6g}'}")
        if name in ("maximum", "minimum"):
            notes.append(f"convention at the kink: where both arguments of {name[:3]} are equal, the second one counts")
    return notes


def _blocks(derived: Element, outputs: int, letters: Sequence[str], elements: ElementForm) -> str | None:
    """The block structure in words: where a δ ties an axis of the output to one of the input."""
    if derived.kind != "product":
        return None
    out = derived.value.out
    ties = [(a, c) for a in range(outputs) for c in range(outputs, len(out)) if out[a] == out[c]]
    if not ties:
        return None
    conditions = " and ".join(f"{letters[c]} = {letters[a]}" for a, c in ties)
    kept = [k for k, i in enumerate(out) if i not in out[:k]]
    sizes = dict(enumerate(derived.value.sizes))
    block = product([out[k] for k in kept], zip(derived.args, derived.value.places, strict=True), sizes, derived.value.coefficient)
    entry = write(elements.entry(block, [letters[k] for k in kept]), Style.UNICODE)
    owners = ", ".join(letters[a] for a in dict.fromkeys(a for a, _ in ties))
    return f"Nonzero only where {conditions}, and there it is {entry}: every {owners} of the output has a block of its own."
