"""The network ŷ = W₂h + b₂, h = f(W₁x + b₁), with a loss ℓ(ŷ, y) of which nothing is known: its letters, and the judge of its lines.

A line is judged in SymPy at small sizes, where f and ℓ are functions without a definition, only with a derivative. So a line that
holds holds for every differentiable activation and every loss; both sides are compared exactly, and a derivative in a line is
SymPy's own, entry by entry, with no rule of ours in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, reduce
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np

from ..activations.rewriting import factors
from ..calculus.lines import LineMeaning
from ..elements.elements import Element, mapped, variable
from ..elements.evaluation import RULES, Evaluator, Rule
from ..elements.functions import ACTIVATIONS, FUNCTIONS
from ..elements.meaning import COLUMN, ROW, Labelled, ordered
from ..elements.symbolic import arguments, definition, library
from ..errors import DefectError, InputError
from ..forms import building as b
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from ..sizes import Size
from ..steps import Step

UNITS, INPUTS = "m", "d"  # the number of hidden units is m, since h is the hidden layer itself
SQUARE = "square"
OTHERS = ("abs", "cos", "sin", SQUARE)  # no usual activations, but functions of one number like any
_CHECKED_AT = ({UNITS: 2, INPUTS: 3}, {UNITS: 3, INPUTS: 2})


def broken(what: str) -> DefectError:
    """Two of our own results disagree."""
    return DefectError(f"{what} This is a defect of hwcheck: please report it with the command you ran.")


def name(value: str, rows: Size = 1, columns: Size = 1) -> Written:
    """A name with its shape."""
    return Written("name", (), value, (rows, columns))


def at(tree: Written, *indices: str) -> Written:
    """An entry."""
    return Written("entry", (tree, *(Written("index", (), i) for i in indices)))


def minus(p: Written, q: Written) -> Written:
    """p − q as it stands, also where q is 0."""
    return Written("sub", (p, q))


def times(*parts: Written) -> Written:
    """A product of numbers without inner brackets, what is written in digits multiplied and in front."""
    flat = [f for p in parts for f in factors(p)]
    digits = prod(int(str(f.value)) for f in flat if f.op == "number")
    return reduce(b.scale, [b.num(digits), *(f for f in flat if f.op != "number")])


def partial(top: Written, bottom: Written) -> Written:
    """∂top/∂bottom, a number by what has the shape of `bottom`."""
    return Written("derivative", (top, bottom), None, bottom.shape)


X, Y, W1, B1 = name("x", INPUTS), name("y"), name("W_1", UNITS, INPUTS), name("b_1", UNITS)
W2, B2, Z, H = name("W_2", 1, UNITS), name("b_2"), name("z", UNITS), name("h", UNITS)
YHAT, ELL, SLOPE_OF_ELL, ETA = name("hat_y"), name("ell"), name("ell'"), name("eta")
PARAMETERS = {"W_1": W1, "b_1": B1, "W_2": W2, "b_2": B2}
LETTERS: Mapping[str, tuple[str, ...]] = {"W_1": ("i", "j"), "b_1": ("i",), "W_2": ("i",), "b_2": ()}


@dataclass(frozen=True, slots=True)
class Unit:
    """The activation of the hidden units, and how it and its derivative are written."""

    function: str

    def __post_init__(self) -> None:
        if self.function not in (*ACTIVATIONS, *OTHERS):
            known = ", ".join(sorted((*ACTIVATIONS, *OTHERS)))
            raise InputError(f"The activation “{self.function}” is not known here; known are {known}.")

    def of(self, tree: Written) -> Written:
        """f(a), entry by entry."""
        if self.function == SQUARE:
            return Written("power", (tree, b.num(2)), None, tree.shape)
        return Written("call", (tree,), self.function, tree.shape)

    def slope(self, tree: Written) -> Written:
        """f′(a), entry by entry."""
        if self.function == SQUARE:
            return b.scale(b.num(2), tree)
        return Written("call", (tree,), (self.function, ("prime", 1)), tree.shape)

    def array(self, xp: Any, z: Any) -> Any:
        """f on an array."""
        if self.function == SQUARE:
            return z * z
        row = FUNCTIONS[self.function]
        return row.array(xp, z, *(float(v) for _, v in row.parameters))

    def formula(self, z: Any) -> Any:
        """f of a SymPy expression."""
        if self.function == SQUARE:
            return z**2
        sp, row = library(), FUNCTIONS[self.function]
        x, *rest = arguments(row)
        usual = {s: sp.Rational(v.numerator, v.denominator) for s, (_, v) in zip(rest, row.parameters, strict=True)}
        return definition(self.function).subs(usual).subs(x, z)

    @property
    def at_zero(self) -> Any:
        """f(0), a SymPy number."""
        return self.formula(library().S.Zero)


# Text

_SPELLED = {Style.UNICODE: {"ell": "ℓ", "ell'": "ℓ′"}, Style.LATEX: {"ell": r"\ell", "ell'": r"\ell'"}}
_SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def text(tree: Written, style: Style = Style.UNICODE) -> str:
    r"""A formula as it is printed: the derivative of the loss by the output as ℓ′, that of the example (1, 0) as ℓ′₁₀.

    >>> text(SLOPE_OF_ELL), text(name("ell'_10")), text(name("ell'_10"), Style.LATEX)
    ('ℓ′', 'ℓ′₁₀', "\\ell'_{10}")
    """
    names = dict(_SPELLED.get(style, {}))
    for n in {str(t.value) for t in tree.walk() if t.op == "name" and str(t.value).startswith("ell'_")}:
        digits = n.removeprefix("ell'_")
        names[n] = rf"\ell'_{{{digits}}}" if style is Style.LATEX else f"ℓ′{digits.translate(_SMALL)}"
    return write(tree, style, names)


# Meaning


@dataclass(slots=True)
class _Undefined(LineMeaning):
    """Meaning of a line in which the activation is a function f without a definition; of each derivative, by what."""

    function: str = ""
    by: dict[str, Element] = field(default_factory=dict)

    def lower(self, tree: Written) -> Labelled:
        if tree.op == "call" and tree.value in (self.function, (self.function, ("prime", 1))):
            inner = self.lower(tree.args[0])
            return Labelled(mapped("f" if tree.value == self.function else "f′", [inner.element]), inner.labels)
        lowered = LineMeaning.lower(self, tree)
        if tree.op == "derivative":
            self.by[str(lowered.element.value)] = LineMeaning.lower(self, tree.args[1]).element
        return lowered


def meanings(unit: Unit) -> dict[str, Element]:
    """What the letters z, h, ŷ, ℓ and ℓ′ stand for."""
    trees = (
        (Z, b.add([b.matmul(W1, X), B1])),
        (H, unit.of(Z)),
        (YHAT, b.add([b.matmul(W2, H), B2])),
    )
    named: dict[str, Element] = {}
    for left, tree in trees:
        named[str(left.value)] = element(unit, tree, named)
    return named | losses_of("", named["hat_y"], variable("y", ()))


def losses_of(mark: str, prediction: Element, target: Element) -> dict[str, Element]:
    """ℓ(ŷ, y) and ℓ′(ŷ, y) of one example, by name."""
    return {f"ell{mark}": mapped("ℓ", [prediction, target]), f"ell'{mark}": mapped("ℓ′", [prediction, target])}


def element(unit: Unit, tree: Written, named: Mapping[str, Element]) -> Element:
    """A closed formula without derivatives, as an element in f."""
    return _Undefined(named=named, function=unit.function).of(tree)


# SymPy


@cache
def _functions() -> dict[str, Any]:
    """f and ℓ, which have a derivative and nothing else; ℓ is differentiated by its first argument only."""
    sp = library()
    made: dict[str, Any] = {}
    for plain, slope in (("f", "f′"), ("ℓ", "ℓ′")):
        made[slope] = sp.Function(slope)
        made[plain] = type(plain, (sp.Function,), {"fdiff": lambda self, argindex=1, to=made[slope]: _first(self, argindex, to)})
    return made


def _first(call: Any, position: int, slope: Any) -> Any:
    if position != 1:
        raise broken("A loss is differentiated by the prediction only.")
    return slope(*call.args)


def activated(z: Any) -> Any:
    """f(z) in SymPy."""
    return _functions()["f"](z)


class _Arrays:
    """The part of NumPy that the evaluator asks for, on arrays of SymPy expressions."""

    einsum, broadcast_to, transpose = staticmethod(np.einsum), staticmethod(np.broadcast_to), staticmethod(np.transpose)

    @staticmethod
    def asarray(x: Any) -> Any:
        return np.asarray(x, dtype=object)

    @staticmethod
    def ones(shape: Any) -> Any:
        return np.full(shape, library().S.One, dtype=object)

    @staticmethod
    def zeros(shape: Any) -> Any:
        return np.full(shape, library().S.Zero, dtype=object)

    @staticmethod
    def eye(n: int) -> Any:
        return np.array([[library().Integer(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)


def _map(_: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    """f, ℓ and their derivatives without a definition; other functions, such as the logarithm in f(0) = log 2, by theirs."""
    known = _functions().get(node.value)
    if known is None:
        symbols_of, formula = arguments(FUNCTIONS[node.value]), definition(node.value)
        return np.frompyfunc(lambda *a: formula.subs(dict(zip(symbols_of, a, strict=True))), len(args), 1)(*args)
    return np.frompyfunc(known, len(args), 1)(*args)


class _Symbolic(Evaluator):
    """Elements as arrays of SymPy expressions in the entries of their variables."""

    rules: Mapping[str, Rule] = {  # type: ignore[misc]
        **RULES, "map": _map, "power": lambda at, node, args: args[0] ** at.number(node.value),
        "constant": lambda at, node, _: {"pi": library().pi, "e": library().E}[node.value],
    }  # fmt: skip

    def number(self, value: Any) -> Any:
        return library().Rational(value.numerator, value.denominator)


@cache
def symbols(called: str, shape: tuple[int, ...]) -> Any:
    """The entries of a variable."""
    sp = library()
    entries = [sp.Symbol(called + "".join(f"_{k + 1}" for k in place), real=True) for place in np.ndindex(*shape)]
    return np.array(entries, dtype=object).reshape(shape) if shape else entries[0]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the letters where a line is said to hold: `known` puts a formula for each entry of a variable.

    `facts` are values of f, as SymPy expressions in f. Derivatives are taken before anything is put in.
    """

    known: Mapping[str, Written] = field(default_factory=dict)
    facts: Mapping[Any, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Lines:
    """Lines of a proof; each is judged as it is put down, at all these sizes. `named` are the letters that stand for something."""

    unit: Unit
    named: Mapping[str, Element]
    setting: Setting = field(default_factory=Setting)
    steps: list[Step] = field(default_factory=list)
    sizes: Sequence[Mapping[str, int]] = _CHECKED_AT

    def put(self, rule: str, before: Written, after: Written, why: str = "", letters: Sequence[str] = ()) -> None:
        """Keep the line before = after, whose free indices are `letters` (i over the units, j over the inputs).

        Raises:
            DefectError: it does not hold.
        """
        if not self.holds(before, after, letters):
            raise broken(f"The line “{text(before)} = {text(after)}” does not hold.")
        self.steps.append(step(rule, before, after, why))

    def chain(self, rules: Sequence[tuple[str, Written, str]], left: Written, letters: Sequence[str] = ()) -> None:
        """left = first = second = …, a rule and a reason for each."""
        trees = [left, *(tree for _, tree, _ in rules)]
        for (before, after), (rule, _, why) in zip(pairwise(trees), rules, strict=True):
            self.put(rule, before, after, why, letters)

    def holds(self, before: Written, after: Written, letters: Sequence[str] = ()) -> bool:
        """Whether both sides are the same, for every activation and loss (with the facts of the setting)."""
        expand = library().expand
        for sizes in self.sizes:
            sides = np.broadcast_arrays(*(self.value(side, letters, sizes) for side in (before, after)))
            if any(expand(p - q) != 0 for p, q in zip(*(side.ravel() for side in sides), strict=True)):
                return False
        return True

    def value(self, tree: Written, letters: Sequence[str], sizes: Mapping[str, int]) -> Any:
        """The entries of one side: over its letters, then its rows and columns."""
        extents: dict[str, Size] = {"i": UNITS, "k": UNITS, "j": INPUTS}
        meaning = _Undefined(axes={x: extents[x] for x in letters}, named=self.named, function=self.unit.function)
        lowered = meaning.lower(tree)
        elements = [lowered.element, *meaning.partials.values(), *meaning.by.values()]
        values = {n.value: symbols(n.value, tuple(sizes[str(s)] for s in n.shape)) for e in elements for n in e.walk()
                  if n.kind == "variable" and n.value not in meaning.partials}
        for partial_name, top in meaning.partials.items():
            values[partial_name] = _differentiated(_Symbolic(values, sizes, _Arrays)(top), values[meaning.by[partial_name].value])
        wanted = [*letters, ROW, COLUMN]
        present = [x for x in wanted if x in lowered.labels]
        array = np.asarray(_Symbolic(values, sizes, _Arrays)(ordered(lowered, present).element), dtype=object)
        array = array.reshape([array.shape[present.index(x)] if x in present else 1 for x in wanted])
        return np.frompyfunc(self._put_in(values, sizes), 1, 1)(array)

    def _put_in(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
        """What puts in all that is known: first for the letters, then for f."""
        known: dict[Any, Any] = {}
        plain = replace(self, setting=Setting())
        for called, tree in self.setting.known.items():
            if called in values:
                entries = np.asarray(values[called], dtype=object)
                put = plain.value(tree, (), sizes)
                put = put.reshape([n for n in put.shape if n != 1] or [1])
                known |= dict(zip(entries.ravel(), np.broadcast_to(put, entries.shape or (1,)).ravel(), strict=True))

        def rule(expression: Any) -> Any:
            return (library().S.Zero + expression).xreplace(known).xreplace(dict(self.setting.facts))

        return rule


def _differentiated(top: Any, by: Any) -> Any:
    """Every entry of `top` by every entry of `by`, as SymPy differentiates it."""
    top, by = np.asarray(top, dtype=object), np.asarray(by, dtype=object)
    return np.frompyfunc(lambda p, q: library().diff(p, q), 2, 1)(top.reshape(top.shape + (1,) * by.ndim), by)


def step(rule: str, before: Written, after: Written, why: str = "") -> Step:
    """A line in LaTeX and Unicode."""
    (left, right), (left_plain, right_plain) = ([text(t, style) for t in (before, after)] for style in (Style.LATEX, Style.UNICODE))
    return Step(rule, left, right, why, left_plain, right_plain)


__all__ = [
    "B1", "B2", "ELL", "ETA", "H", "INPUTS", "LETTERS", "OTHERS", "PARAMETERS", "SLOPE_OF_ELL", "SQUARE", "UNITS", "W1", "W2", "X", "Y",
    "YHAT", "Z", "Lines", "Setting", "Unit", "activated", "at", "broken", "element", "losses_of", "meanings", "minus", "name", "partial",
    "step", "symbols", "text", "times",
]  # fmt: skip
