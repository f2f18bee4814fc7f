"""What a network of equal units makes of XOR: one effective unit g(x₁ + x₂), and whether such a g can be XOR.

With one number in all weights the two weights of a unit stay equal as well, since exchanging x₁ and x₂ leaves XOR as it is. A monotone
activation gives a monotone g, and no monotone g is XOR; others can be, with weights that are found and put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from typing import Any

from ..activations.curves import study
from ..elements.elements import Element, total
from ..elements.enclosures import SCALAR, ctx, exact
from ..elements.functions import ACTIVATIONS, FUNCTIONS
from ..elements.meaning import Meaning
from ..elements.symbolic import library, to_element
from ..forms import building as b
from ..forms.matrixform import MatrixForm
from ..notation.written import Written
from ..steps import Step
from .equal_units import BETA, NUMBER, V
from .hidden_layer import (
    B1,
    B2,
    ETA,
    INPUTS,
    LETTERS,
    PARAMETERS,
    SQUARE,
    UNITS,
    W1,
    W2,
    Lines,
    Setting,
    Unit,
    at,
    broken,
    element,
    losses_of,
    minus,
    name,
    partial,
    step,
    times,
)
from .start_runs import POINTS, TARGETS

_SIZES = ({UNITS: 2, INPUTS: 2}, {UNITS: 3, INPUTS: 2})
W, COST = name("w"), name("C")
SAME = Setting({"W_1": W, "b_1": BETA, "W_2": V})  # every entry is the one number
BOUND = Fraction(1, 6)  # what no monotone g gets below in mean squared error; `bound_steps` derives it
_GRID = tuple(Fraction(k, 2) for k in range(-8, 9))
_BITS = 128


# g(x₁ + x₂)


@dataclass(frozen=True, slots=True)
class EffectiveUnit:
    """The proof that the output is g(x₁ + x₂) throughout, `g` at t, and its values at 0, 1 and 2."""

    activation: str
    steps: tuple[Step, ...]
    g: Written
    values: tuple[Written, Written, Written]


@cache
def prove_effective(function: str) -> EffectiveUnit:
    """All weights into hidden units stay one number w under full-batch descent on XOR, so that ŷ = g(x₁ + x₂).

    Raises:
        DefectError: a line does not hold.

    >>> [s.unicode_after for s in prove_effective("relu").steps][-1]
    'm v ReLU(w + β) + b₂'
    """
    unit = Unit(function)
    values = tuple(_g(unit, inside) for inside in _insides())
    named = _named(unit) | {f"g_{k}": element(unit, tree, {}) for k, tree in enumerate(values)}
    lines = Lines(unit, named, SAME, [], _SIZES)
    for x in POINTS:
        lines.put("output", _at("hat_y", x), values[sum(x)], f"x₁ + x₂ = {sum(x)}, and every weight is w")
    lines.put("equal slopes", _at("ell'", (0, 1)), _at("ell'", (1, 0)), "the same output for the same target 1")
    for parameter in ("W_1", "b_1", "W_2"):
        _descent(unit, lines, parameter)
    lines.put("output", name("g_1"), values[1], "so after every step the output is g(x₁ + x₂)")
    return EffectiveUnit(function, tuple(lines.steps), _g(unit, b.add([times(W, name("t")), BETA])), values)  # type: ignore[arg-type]


def _insides() -> tuple[Written, Written, Written]:
    """What the effective unit sees where x₁ + x₂ is 0, 1 and 2."""
    return BETA, b.add([W, BETA]), b.add([times(b.num(2), W), BETA])


def _g(unit: Unit, inside: Written) -> Written:
    return b.add([times(NUMBER, V, unit.of(inside)), B2])


def _at(called: str, x: tuple[int, ...]) -> Written:
    """A quantity of one of the four points: ŷ₁₀."""
    return name(f"{called}_{x[0]}{x[1]}")


def _named(unit: Unit) -> dict[str, Element]:
    """The four outputs and losses, and the whole loss C, in terms of all weights."""
    columns = [Written("entry", (W1, Written("index", (), ":"), b.num(j)), None, (UNITS, 1)) for j in (1, 2)]
    named: dict[str, Element] = {}
    for x, target in zip(POINTS, TARGETS, strict=True):
        inside = b.add([*(c for c, on in zip(columns, x, strict=True) if on), B1])
        prediction = element(unit, b.add([b.matmul(W2, unit.of(inside)), B2]), {})
        named[f"hat_y_{x[0]}{x[1]}"] = prediction
        named |= losses_of(f"_{x[0]}{x[1]}", prediction, Meaning().of(b.num(target)))
    return named | {"C": total([e for n, e in named.items() if n.startswith("ell_")], ())}


def _descent(unit: Unit, lines: Lines, parameter: str) -> None:
    """The gradient of the batch by one entry, and the entry after a step: no index is left in either."""
    at_zero, at_one, at_two = _insides()
    none, one, both = _at("ell'", (0, 0)), _at("ell'", (1, 0)), _at("ell'", (1, 1))
    slopes = [times(unit.slope(i)) for i in (at_zero, at_one, at_two)]
    result = {
        "W_1": times(V, b.add([times(one, slopes[1]), times(both, slopes[2])])),
        "b_1": times(V, b.add([times(none, slopes[0]), times(b.num(2), one, slopes[1]), times(both, slopes[2])])),
        "W_2": b.add([times(none, unit.of(at_zero)), times(b.num(2), one, unit.of(at_one)), times(both, unit.of(at_two))]),
    }[parameter]
    letters = LETTERS[parameter]
    entry = at(PARAMETERS[parameter], *letters)
    why = {"W_1": "of the points with x_j = 1 one has the other input 0, one has it 1; no i and no j is left",
           "b_1": "all four points; no i is left", "W_2": "all four points; no i is left"}[parameter]
    lines.put("gradient of the batch", partial(COST, entry), result, why, letters)
    same = {"W_1": W, "b_1": BETA, "W_2": V}[parameter]
    lines.put("after a step", b.add([entry, b.neg(times(ETA, partial(COST, entry)))]), b.add([same, b.neg(times(ETA, result))]),
              "one number again", letters)


# Monotone or not


@dataclass(frozen=True, slots=True)
class Shape:
    """Whether an activation is monotone; if not, three points p < q < r where it turns, f(q) above or below both others."""

    monotone: bool
    kind: str
    turn: tuple[Fraction, Fraction, Fraction] | None = None


@cache
def shape_of(function: str) -> Shape:
    """Whether an activation is monotone, as the study of its derivative found.

    >>> shape_of("tanh"), shape_of("square").turn
    (Shape(monotone=True, kind='increasing', turn=None), (Fraction(-4, 1), Fraction(-7, 2), Fraction(4, 1)))
    """
    turn = _turn(function)
    if function not in ACTIVATIONS:
        if turn is None:
            raise broken(f"No place was found where {function} turns.")
        return Shape(False, "no", turn)
    kind = study(function, dict(FUNCTIONS[function].parameters)).monotone
    if (turn is None) != (kind != "no"):
        raise broken(f"Whether {function} is monotone is answered in two ways.")
    return Shape(kind != "no", kind, turn)


def _turn(function: str) -> tuple[Fraction, Fraction, Fraction] | None:
    """Three points of a grid where f certainly goes up and then down, or down and then up."""
    with ctx.workprec(_BITS):
        heights = [value_at(function, p) for p in _GRID]
        for k, height in enumerate(heights):
            for turned in (1, -1):
                left = next((i for i in range(k) if turned * (height - heights[i]) > 0), None)
                right = next((i for i in range(len(_GRID) - 1, k, -1) if turned * (height - heights[i]) > 0), None)
                if left is not None and right is not None:
                    return _GRID[left], _GRID[k], _GRID[right]
    return None


def value_at(function: str, x: Any) -> Any:
    """f(x) exactly or in a ball, of a fraction or a ball."""
    x = exact(x) if isinstance(x, Fraction) else x
    return x * x if function == SQUARE else SCALAR[function](x, *(exact(v) for _, v in FUNCTIONS[function].parameters))


# Impossible


def impossible_steps(function: str) -> tuple[Step, ...]:
    """Why a monotone activation cannot: g(0) = 0, g(1) = 1, g(2) = 0 contradict each other.

    Raises:
        DefectError: a line does not hold, or the activation is not monotone.
    """
    if not shape_of(function).monotone:
        raise broken(f"{function} is not monotone.")
    unit, (low, middle, high) = Unit(function), _insides()
    values = prove_effective(function).values
    lines = Lines(unit, {f"g_{k}": element(unit, tree, {}) for k, tree in enumerate(values)}, Setting(), [], _SIZES)
    g = [name(f"g_{k}") for k in range(3)]
    left = times(minus(g[1], g[0]), minus(g[2], g[1]))
    up, further = minus(unit.of(middle), unit.of(low)), minus(unit.of(high), unit.of(middle))
    factor = b.power(times(NUMBER, V), Fraction(2))
    for k, tree in enumerate(values):
        lines.put("values", g[k], tree, f"g({k})")
    lines.put("differences", left, times(factor, up, further), "g₁ − g₀ and g₂ − g₁ have the factor m v in common; b₂ is in neither")
    lines.steps.append(_sign(function, left, times(up, further)))
    wanted = times(minus(b.ONE, b.ZERO), minus(b.ZERO, b.ONE))
    lines.put("XOR", wanted, b.num(-1), "XOR wants g₀ = 0, g₁ = 1, g₂ = 0, so that the product on the left would be −1, which is not ≥ 0")
    return tuple(lines.steps)


def _sign(function: str, left: Written, difference: Written) -> Step:
    """(f(w + β) − f(β))(f(2w + β) − f(w + β)) ≥ 0, held against values of f on a grid."""
    with ctx.workprec(_BITS):
        for w, beta in product(_GRID, _GRID):
            heights = [value_at(function, beta + k * w) for k in range(3)]
            steps = [q - p for p, q in pairwise(heights)]
            if steps[0] * steps[1] < 0:
                raise broken(f"{function} is not monotone between {beta} and {beta + 2 * w}.")
    before, after = (Written("compare", (tree, b.ZERO), ">=") for tree in (difference, left))
    return step("monotone", before, after, "β, w + β and 2w + β lie in this or the opposite order, and f is monotone: both differences are "
                                           "≥ 0, or both are ≤ 0; the factor (m v)² is a square")


@cache
def bound_steps() -> tuple[Step, ...]:
    """Why a monotone g has a mean squared error of at least 1/6 on XOR.

    Raises:
        DefectError: a line does not hold.
    """
    lines, p, q = Lines(Unit("tanh"), {}), name("g_1"), name("c")
    two, third = b.num(2), b.num(Fraction(2, 3))
    errors = b.add([times(two, _square(minus(p, b.ONE))), _square(q)])
    rest = b.add([third, times(two, _square(minus(p, third))), _square(minus(q, third)), times(b.num(Fraction(4, 3)), minus(q, p))])
    whole = b.add([_square(name("g_0")), times(two, _square(minus(name("g_1"), b.ONE))), _square(name("g_2"))])
    four = [_square(minus(name(f"g_{sum(x)}"), b.num(t)) if t else name(f"g_{sum(x)}")) for x, t in zip(POINTS, TARGETS, strict=True)]
    lines.put("squared errors", b.add(four), whole, "two of the four points have x₁ + x₂ = 1")
    lines.put("complete the squares", errors, rest, "c is g₂ where g rises and g₀ where it falls, so that c ≥ g₁; multiply out to check")
    if not all(2 * (x - 1) ** 2 + y**2 >= Fraction(2, 3) for x, y in product(_GRID, _GRID) if y >= x):
        raise broken("The bound for monotone functions does not hold.")
    two_errors, all_errors = (Written("compare", (tree, third), ">=") for tree in (errors, whole))
    lines.steps.append(step("bound", two_errors, all_errors, "squares are ≥ 0, and c − g₁ ≥ 0; the square that is left out is ≥ 0 too"))
    lines.put("mean", b.divide(third, b.num(4)), b.num(BOUND), "the mean of four: no monotone g gets below it")
    return tuple(lines.steps)


def _square(tree: Written) -> Written:
    return b.power(tree, Fraction(2))


# Possible


@dataclass(frozen=True, slots=True)
class XorUnit:
    """Weights with which one effective unit is XOR: w, β, v = (1/m)·`height`, b₂.

    They are SymPy numbers; `exact` says whether they are exact, or `high` is where f certainly takes the value f(β) once more.
    """

    activation: str
    w: Any
    beta: Any
    height: Any
    b_2: Any
    exact: bool
    steps: tuple[Step, ...]

    def weights(self, units: int) -> dict[str, Any]:
        """The number in all entries of each parameter, for a network with so many equal units: SymPy numbers."""
        return {"W_1": self.w, "b_1": self.beta, "W_2": self.height / units, "b_2": self.b_2}


@cache
def xor_unit(function: str) -> XorUnit | None:
    """Weights with which g is XOR, for an activation that turns; None where none are found (monotone ones have none).

    Raises:
        DefectError: the weights do not give XOR.

    >>> found = xor_unit("square")
    >>> found.w, found.beta, found.height, found.b_2
    (1, -1, -1, 1)
    """
    if shape_of(function).monotone:
        return None
    sp, f = library(), Unit(function).formula
    for w, beta in ((sp.S.One, -sp.S.One), (sp.pi / 2, sp.S.Zero)):
        heights = [f(beta + k * w) for k in range(3)]
        if heights[0] == heights[2] != heights[1]:
            height = 1 / (heights[1] - heights[0])
            return _verified(XorUnit(function, w, beta, height, -height * heights[0], True, ()), f)
    return _in_between(function)


def _verified(found: XorUnit, f: Any) -> XorUnit:
    """The weights put in: g is 0, 1, 0 exactly."""
    steps = [step(f"weights {n}", left, _written(value)) for n, left, value in (
        ("w", W, found.w), ("β", BETA, found.beta), ("m v", times(NUMBER, V), found.height), ("b₂", B2, found.b_2))]
    unit = Unit(found.activation)
    for k, target in enumerate((0, 1, 0)):
        inside = found.w * k + found.beta
        if library().simplify(found.height * f(inside) + found.b_2 - target) != 0:
            raise broken(f"The weights for XOR with {found.activation} do not work.")
        tree = b.add([times(_written(found.height), unit.of(_written(inside))), *([_written(found.b_2)] if found.b_2 != 0 else [])])
        steps.append(step(f"x₁ + x₂ = {k}", tree, b.num(target), "as XOR wants it"))
    return XorUnit(found.activation, found.w, found.beta, found.height, found.b_2, True, tuple(steps))


def _written(value: Any) -> Written:
    return MatrixForm().of(to_element(value, {}))


def _in_between(function: str) -> XorUnit | None:
    """Where f falls and rises again: f(p) = f(r) for some r on the other side of q, by bisection in balls."""
    turn = shape_of(function).turn
    if turn is None:
        return None
    p, q, r = turn
    with ctx.workprec(_BITS):
        start = value_at(function, p)
        side = value_at(function, q) - start > 0
        low, high = q, r
        if (value_at(function, high) - start > 0) == side:  # f(p) is not passed between q and r, but f(r) is between p and q
            p, r = r, p
            start, low, high = value_at(function, p), q, r
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if (value_at(function, middle) - start > 0) == side else (low, middle)
        ends, middle = [value_at(function, r) - start for r in (low, high)], value_at(function, (p + low) / 2) - start
        if not ends[0] * ends[1] < 0 or not abs(middle) > 0:
            return None
        w, height, b_2 = (library().Float(float(n), 17) for n in ((low - p) / 2, 1 / middle, -start / middle))
    beta = library().Rational(p.numerator, p.denominator)
    return XorUnit(function, w, beta, height, b_2, False, _passing(function, p, low, high))


def _passing(function: str, p: Fraction, low: Fraction, high: Fraction) -> tuple[Step, ...]:
    """f − f(p) has opposite signs at two points that are 10⁻¹⁵ apart: it is 0 in between."""
    unit = Unit(function)
    left, right = unit.of(name("r")), unit.of(b.num(p))
    near, apart = (x.replace("-", "−") for x in (f"{float(low):.10f}", f"{float(abs(high - low)):.0e}"))
    why = (f"the difference has opposite signs, certified by balls, at two points less than {apart} apart around r ≈ {near}; it is "
           "continuous, so it is 0 at some r between them")
    return (
        step("the same value again", left, right, why),
        step("weights w", W, b.divide(minus(name("r"), b.num(p)), b.num(2)), f"with β = {p}: then g(0) = g(2)".replace("-", "−")),
        step("weights m v", times(NUMBER, V), b.divide(b.ONE, minus(unit.of(b.add([W, b.num(p)])), right)), "so that g(1) − g(0) = 1"),
        step("weights b₂", B2, b.neg(times(NUMBER, V, right)), "so that g(0) = 0"),
    )


__all__ = [
    "BOUND", "EffectiveUnit", "Shape", "XorUnit", "bound_steps", "impossible_steps", "prove_effective", "shape_of", "value_at", "xor_unit",
]  # fmt: skip
