"""Exact values and enclosures: every row holds what mpmath says at 50 digits, and what is not defined or not known says so.

mpmath is the judge, with definitions of its own. A value that is rational stays exact.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import facts
import judges
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from mpmath import MPContext

from hwcheck.derivations.elements.elements import Element, node, number, power, variable
from hwcheck.derivations.elements.enclosures import (
    SCALAR,
    UNDEFINED,
    UNKNOWN,
    Enclosures,
    ball,
    exact,
    is_exact,
    is_known,
    is_undefined,
    sign_of,
    sqrt,
)
from hwcheck.derivations.elements.enclosures import power as to_the
from hwcheck.derivations.elements.evaluation import FORMS, Evaluator
from hwcheck.derivations.elements.functions import FUNCTIONS, SELU_ALPHA, SELU_SCALE

mp = MPContext()
mp.dps = 50
PI = arb.pi()
ABOUT_ZERO = arb("[0 +/- 1e-30]")
EVERYWHERE = arb("[0 +/- inf]")


def real(x: Fraction | int) -> Any:
    return mp.mpf(Fraction(x).numerator) / Fraction(x).denominator


def _softplus(x: Any) -> Any:
    return mp.log(1 + mp.exp(x))


def _clip(x: Any, low: int, high: int) -> Any:
    return min(max(x, low), high)


# A second definition of every function, on mpmath numbers, where it is defined.
PLAIN: dict[str, Callable[..., Any]] = {
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log2": lambda x: mp.log(x, 2), "log10": mp.log10, "log1p": mp.log1p,
    "sqrt": mp.sqrt, "cbrt": mp.cbrt, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh,
    "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan, "arcsinh": mp.asinh, "arccosh": mp.acosh, "arctanh": mp.atanh,
    "erf": mp.erf, "abs": abs, "sign": lambda x: (x > 0) - (x < 0), "step": lambda x: int(x > 0),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "relu": lambda x: max(x, 0),
    "leaky_relu": lambda x, a: x if x > 0 else a * x, "elu": lambda x, a: x if x > 0 else a * (mp.exp(x) - 1),
    "selu": lambda x: real(SELU_SCALE) * (x if x > 0 else real(SELU_ALPHA) * (mp.exp(x) - 1)),
    "softplus": _softplus, "softsign": lambda x: x / (1 + abs(x)), "silu": lambda x: x / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.ncdf(x), "mish": lambda x: x * mp.tanh(_softplus(x)),
    "relu6": lambda x: _clip(x, 0, 6), "hardtanh": lambda x: _clip(x, -1, 1), "hardsigmoid": lambda x: min(max((x + 3) / 6, 0), 1),
    "pow": lambda x, y: mp.power(x, y), "maximum": max, "minimum": min, "where": lambda c, x, y: x if c else y,
    "<": lambda x, y: int(x < y), "<=": lambda x, y: int(x <= y), ">": lambda x, y: int(x > y),
    ">=": lambda x, y: int(x >= y), "=": lambda x, y: int(x == y), "!=": lambda x, y: int(x != y),
}  # fmt: skip
RATIONAL = {"abs", "sign", "step", "relu", "leaky_relu", "softsign", "relu6", "hardtanh", "hardsigmoid", "maximum", "minimum",
            "where", "<", "<=", ">", ">=", "=", "!="}  # rational values of rational arguments
# Where a function of one argument has no value.
OUTSIDE: dict[str, Callable[[Fraction], bool]] = {
    "log": lambda x: x <= 0, "log2": lambda x: x <= 0, "log10": lambda x: x <= 0, "log1p": lambda x: x <= -1, "sqrt": lambda x: x < 0,
    "cbrt": lambda x: x < 0, "arcsin": lambda x: abs(x) > 1, "arccos": lambda x: abs(x) > 1, "arctanh": lambda x: abs(x) >= 1,
    "arccosh": lambda x: x < 1,
}
SPECIAL = tuple(map(Fraction, (0, 1, -1, 2, -2, 3, -3, 6, -6, 7, "1/2", "-1/2", "1/64", "-1/64", "1000/3", "-1000/3")))


def drawn(count: int, seed: int = 4) -> list[Fraction]:
    rng = random.Random(seed)
    return [Fraction(rng.randrange(-4000, 4000), rng.randrange(1, 2000)) for _ in range(count)]


def arguments(name: str) -> list[tuple[Fraction, ...]]:
    row = FUNCTIONS[name]
    count = row.arity + len(row.parameters)
    if count == 1:
        return [(x,) for x in (*SPECIAL, *drawn(30))]
    rng = random.Random(name)
    pool = [*SPECIAL, *drawn(8)]
    rows = [tuple(rng.choice(pool) for _ in range(count)) for _ in range(60)]
    return [*rows, *((x,) * count for x in SPECIAL)]


def holds(value: Any, truth: Any) -> bool:
    """Whether a value is the true one to 50 digits: exact, or a tight ball that holds it up to the rounding of mpmath."""
    with ctx.workprec(400):
        written = arb(mp.nstr(truth, 55)) + arb(0, 10.0**-44) * (1 + abs(arb(mp.nstr(truth, 20))))
        return bool(written.overlaps(ball(value))) and (is_exact(value) or bool(ball(value).rad() < 1e-30 * (1 + abs(written))))


# -- scalar functions ----------------------------------------------------------------------------------------------------


def test_every_function_has_an_enclosure() -> None:
    assert sorted(set(FUNCTIONS) - set(SCALAR)) == [] and sorted(set(SCALAR) - set(FUNCTIONS)) == []


def test_every_function_has_a_second_definition() -> None:
    assert set(PLAIN) == set(FUNCTIONS)


def defined(name: str, point: tuple[Fraction, ...]) -> bool:
    if name == "pow":
        x, y = point
        return x > 0 or (x == 0 and y > 0) or (x != 0 and y.denominator == 1)
    return not OUTSIDE.get(name, lambda _: False)(point[0])


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_value_is_enclosed(name: str) -> None:
    for point in arguments(name):
        with ctx.workprec(320):
            value = SCALAR[name](*map(exact, point))
        if name == "pow" and point[0] == 0 == point[1]:
            continue  # 0⁰ is a convention
        if not defined(name, point):
            assert is_undefined(value), point
        else:
            assert is_known(value) and holds(value, PLAIN[name](*map(real, point))), point


@pytest.mark.parametrize("name", sorted(RATIONAL))
def test_rational_values_stay_exact(name: str) -> None:
    for point in arguments(name):
        value = SCALAR[name](*map(exact, point))
        assert is_exact(value) and value == exact(Fraction(PLAIN[name](*point))), point


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_ball_gives_a_ball_that_holds_the_value_in_it(name: str) -> None:
    """What is known of a range of arguments holds for each of them."""
    for point in arguments(name):
        with ctx.workprec(200):
            wide = [ball(exact(x)) + arb(0, 1e-3) for x in point]
            value, inside = SCALAR[name](*wide), SCALAR[name](*map(exact, point))
            if is_undefined(value):
                assert is_undefined(inside), point
            elif is_known(inside) and is_known(value) and not is_undefined(inside):
                assert ball(value).overlaps(ball(inside)), point


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_floating_point_agrees(name: str) -> None:
    for point in arguments(name):
        if any(abs(x) > 40 for x in point) or not defined(name, point) or (name in ("pow", "cbrt") and point[0] <= 0):
            continue
        with np.errstate(all="ignore"):
            float64 = float(FUNCTIONS[name].array(np, *map(np.float64, map(float, point))))
        value = float(ball(SCALAR[name](*map(exact, point))).mid())
        assert float64 == pytest.approx(value, rel=1e-9, abs=1e-12), point


@pytest.mark.parametrize(("name", "at", "value"), [
    ("exp", 0, 1), ("log", 1, 0), ("sqrt", Fraction(9, 4), Fraction(3, 2)), ("cbrt", Fraction(8, 27), Fraction(2, 3)), ("sin", 0, 0),
    ("cos", 0, 1), ("tan", 0, 0), ("arcsin", 0, 0), ("arccos", 1, 0), ("arctanh", 0, 0), ("arccosh", 1, 0), ("erf", 0, 0), ("gelu", 0, 0),
    ("sigmoid", 0, Fraction(1, 2)), ("silu", 0, 0), ("log1p", 0, 0), ("expm1", 0, 0), ("log2", 1, 0), ("sinh", 0, 0), ("cosh", 0, 1),
])  # fmt: skip
def test_simple_values_are_exact(name: str, at: Fraction | int, value: Fraction | int) -> None:
    found = SCALAR[name](exact(at))
    assert ball(found) == ball(exact(value)) if name == "log2" else is_exact(found) and found == exact(value)


# -- not defined, not known ----------------------------------------------------------------------------------------------

NOTHING: dict[str, tuple[Any, ...]] = {
    "log": (fmpq(-1), arb(-1), fmpq(0), arb("-2 +/- 1")), "sqrt": (fmpq(-1), arb("-2 +/- 0.1")), "arcsin": (fmpq(2), -PI),
    "arccosh": (fmpq(1, 2), ABOUT_ZERO), "log1p": (fmpq(-1), -PI), "arctanh": (fmpq(1), fmpq(-1), PI), "cbrt": (fmpq(-8),),
}  # fmt: skip
OPEN: dict[str, tuple[Any, ...]] = {
    "log": (ABOUT_ZERO, EVERYWHERE), "sqrt": (ABOUT_ZERO, EVERYWHERE), "arcsin": (arb("1 +/- 1e-30"),), "tan": (PI / 2,),
    "sign": (ABOUT_ZERO,), "sigmoid": (EVERYWHERE,), "arccosh": (arb("1 +/- 1e-30"),), "cbrt": (ABOUT_ZERO,),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_what_is_undefined_stays_undefined(name: str) -> None:
    row = FUNCTIONS[name]
    for place in range(row.arity):
        point = [fmpq(1, 2)] * (row.arity + len(row.parameters))
        point[place] = UNDEFINED
        if name != "where" or place == 0:
            assert is_undefined(SCALAR[name](*point)), place


@pytest.mark.parametrize(("name", "at"), [(n, x) for n, points in NOTHING.items() for x in points])
def test_certainly_no_value(name: str, at: Any) -> None:
    assert is_undefined(SCALAR[name](at))


@pytest.mark.parametrize(("name", "at"), [(n, x) for n, points in OPEN.items() for x in points])
def test_the_precision_does_not_tell(name: str, at: Any) -> None:
    value = SCALAR[name](at)
    assert not is_undefined(value) and (not is_known(value) or float(ball(value).rad()) >= 0.5)


POWERS: list[tuple[Any, Fraction | int, object]] = [
    (fmpq(2), 3, fmpq(8)), (fmpq(2, 3), -2, fmpq(9, 4)), (fmpq(-2), 3, fmpq(-8)), (fmpq(0), 0, fmpq(1)), (fmpq(0), 2, fmpq(0)),
    (fmpq(0), -1, "undefined"), (fmpq(0), Fraction(1, 2), fmpq(0)), (fmpq(0), Fraction(-1, 2), "undefined"),
    (fmpq(-4), Fraction(1, 2), "undefined"), (fmpq(-8), Fraction(1, 3), "undefined"), (fmpq(-1), Fraction(2, 3), "undefined"),
    (fmpq(4, 9), Fraction(3, 2), fmpq(8, 27)), (fmpq(27, 8), Fraction(-2, 3), fmpq(4, 9)),
    (ABOUT_ZERO, 2, "small"), (ABOUT_ZERO, 3, "small"),
    (ABOUT_ZERO, -1, "unknown"), (ABOUT_ZERO, Fraction(1, 2), "unknown"), (EVERYWHERE, -2, "unknown"), (UNDEFINED, 2, "undefined"),
    (UNDEFINED, -2, "undefined"), (UNDEFINED, Fraction(1, 2), "undefined"), (arb(-3), Fraction(1, 2), "undefined"),
    (fmpq(16, 81), Fraction(3, 4), fmpq(8, 27)), (fmpq(1, 3), 64, fmpq(1, 3**64)),
]  # fmt: skip


def said(value: Any) -> object:
    if is_exact(value):
        return fmpq(value)
    return "undefined" if is_undefined(value) else "unknown" if not is_known(value) else "small" if value.contains(0) else "ball"


@pytest.mark.parametrize(("base", "exponent", "wanted"), POWERS)
def test_powers(base: Any, exponent: Fraction | int, wanted: object) -> None:
    assert said(to_the(base, Fraction(exponent))) == wanted


@pytest.mark.parametrize(("x", "y", "wanted"), [
    (fmpq(2), fmpq(10), fmpq(1024)), (fmpq(4), fmpq(1, 2), fmpq(2)), (fmpq(-2), fmpq(3), fmpq(-8)), (fmpq(-2), fmpq(1, 2), "undefined"),
    (fmpq(-2), PI, "undefined"), (fmpq(-2), arb("3 +/- 0.1"), "unknown"), (fmpq(0), PI, fmpq(0)), (fmpq(0), -PI, "undefined"),
    (fmpq(1), PI, fmpq(1)), (fmpq(2), PI, "ball"), (ABOUT_ZERO, PI, "unknown"), (fmpq(0), fmpq(-1), "undefined"),
    (UNDEFINED, fmpq(2), "undefined"), (fmpq(2), UNDEFINED, "undefined"),
])  # fmt: skip
def test_powers_with_any_exponent(x: Any, y: Any, wanted: object) -> None:
    assert said(SCALAR["pow"](x, y)) == wanted


@pytest.mark.parametrize(("sign", "at_a_tie"), [("<", 0), ("<=", 1), (">", 0), (">=", 1), ("=", 1), ("!=", 0)])
def test_comparisons(sign: str, at_a_tie: int) -> None:
    compare = SCALAR[sign]
    assert said(compare(fmpq(1, 3), fmpq(2, 6))) == fmpq(at_a_tie)
    assert said(compare(PI, PI)) == "unknown"  # two balls never show that they are equal
    assert said(compare(PI, fmpq(22, 7))) == fmpq({"<": 1, "<=": 1, "!=": 1}.get(sign, 0))
    assert said(compare(UNDEFINED, fmpq(0))) == "undefined"


def test_a_branch_that_is_not_taken_need_not_be_defined() -> None:
    where = SCALAR["where"]
    assert where(fmpq(1), fmpq(7), UNDEFINED) == 7 and where(fmpq(0), UNDEFINED, fmpq(7)) == 7
    assert is_undefined(where(fmpq(1), UNDEFINED, fmpq(7))) and is_undefined(where(UNDEFINED, fmpq(7), fmpq(7)))
    both = where(ABOUT_ZERO, fmpq(1), fmpq(3))
    assert both.contains(1) and both.contains(3)
    assert said(where(ABOUT_ZERO, fmpq(1), UNDEFINED)) == "unknown"


def test_signs() -> None:
    assert [sign_of(x) for x in (fmpq(1, 3), fmpq(-2), fmpq(0), 0, PI, -PI, arb(0), ABOUT_ZERO, UNDEFINED, EVERYWHERE)] == [
        1, -1, 0, 0, 1, -1, 0, None, None, None]  # fmt: skip


def test_the_root_of_a_ball_around_a_square_is_a_ball() -> None:
    assert is_exact(sqrt(fmpq(4))) and sqrt(arb("4 +/- 1e-20")).contains(2) and not is_exact(sqrt(fmpq(2)))


def test_large_exact_powers_become_balls() -> None:
    assert is_exact(to_the(fmpq(3, 2), Fraction(1000))) and not is_exact(to_the(fmpq(3, 2), Fraction(1_000_000)))


# -- elements ------------------------------------------------------------------------------------------------------------


def at(e: Element, **values: Any) -> Any:
    """The enclosure at one exact point; lists are arrays, numbers are rational."""
    arrays = {n: np.array([[exact(Fraction(x)) for x in r] if isinstance(r, list) else exact(Fraction(r)) for r in v], dtype=object)
              if isinstance(v, list) else exact(Fraction(v)) for n, v in values.items()}
    return np.asarray(Enclosures(arrays, {"n": 3, "d": 2, "k": 4})(e), dtype=object)


def form(name: str, shape: tuple[str, ...], over: tuple[str, ...]) -> Element:
    return node("form", (variable("A", over),), name, shape)


SHAPES_OF_FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "inverse": (("d", "d"), ("d", "d")), "expm": (("d", "d"), ("d", "d")), "det": ((), ("d", "d")), "logdet": ((), ("d", "d")),
    "softmax": (("d",), ("d",)), "log_softmax": (("d",), ("d",)), "argmax": (("d",), ("d",)), "argmin": (("d",), ("d",)),
    "logsumexp": ((), ("d",)), "prod": ((), ("d",)), "max": ((), ("d",)), "min": ((), ("d",)),
}  # fmt: skip
MATRIX, LINE = [[1, 2], [Fraction(-1, 3), 5]], [Fraction(1, 2), -3]


def test_every_form_has_a_row_here() -> None:
    assert set(SHAPES_OF_FORMS) == set(FORMS)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_has_an_enclosure_that_floating_point_agrees_with(name: str) -> None:
    shape, over = SHAPES_OF_FORMS[name]
    e = form(name, shape, over)
    given = MATRIX if len(over) == 2 else LINE
    float64 = Evaluator({"A": np.array(given, dtype=float)}, {"d": 2})(e)
    found = at(e, A=given)
    assert found.shape == np.shape(float64)
    for x, y in zip(found.ravel(), np.ravel(float64), strict=True):
        assert is_known(x) and float(ball(x).mid()) == pytest.approx(float(y), rel=1e-12)


def test_singular_matrices() -> None:
    inverse, logdet = form("inverse", ("d", "d"), ("d", "d")), form("logdet", (), ("d", "d"))
    singular = [[1, 2], [2, 4]]
    assert all(is_undefined(x) for x in at(inverse, A=singular).ravel()) and is_undefined(at(logdet, A=singular)[()])
    assert at(form("det", (), ("d", "d")), A=singular)[()] == 0
    values = {"A": np.array([[PI, 2 * PI], [PI, 2 * PI]], dtype=object)}
    by_balls = Enclosures(values, {"d": 2})
    assert all(not is_known(x) and not is_undefined(x) for x in by_balls(inverse).ravel())
    assert not is_known(by_balls(logdet))
    assert at(inverse, A=[[2, 0], [0, 4]]).ravel().tolist() == [fmpq(1, 2), 0, 0, fmpq(1, 4)]


def test_one_undefined_entry_makes_the_inverse_undefined() -> None:
    values = {"A": np.array([[UNDEFINED, fmpq(1)], [fmpq(0), fmpq(1)]], dtype=object)}
    for name in ("inverse", "expm"):
        assert all(is_undefined(x) for x in Enclosures(values, {"d": 2})(form(name, ("d", "d"), ("d", "d"))).ravel())
    values["A"][0, 0] = UNKNOWN
    assert not is_known(Enclosures(values, {"d": 2})(form("det", (), ("d", "d"))))


def test_the_exponential_of_a_nilpotent_matrix() -> None:
    found = at(form("expm", ("d", "d"), ("d", "d")), A=[[0, 3], [0, 0]])
    for x, y in zip(found.ravel(), (1, 3, 0, 1), strict=True):
        assert ball(x).contains(y) and float(ball(x).rad()) < 1e-12


@pytest.mark.parametrize(("line", "first", "last"), [
    ([1, 1], [1, 0], [1, 0]), ([1, 2], [0, 1], [1, 0]), ([2, 1], [1, 0], [0, 1]), ([-1, -1], [1, 0], [1, 0]),
])  # fmt: skip
def test_ties_go_to_the_first(line: list[int], first: list[int], last: list[int]) -> None:
    assert at(form("argmax", ("d",), ("d",)), A=line).tolist() == first
    assert at(form("argmin", ("d",), ("d",)), A=line).tolist() == last
    assert at(form("max", (), ("d",)), A=line)[()] == max(line) and at(form("min", (), ("d",)), A=line)[()] == min(line)


def test_ties_of_balls_are_not_known_but_their_maximum_is() -> None:
    values = {"A": np.array([PI, PI], dtype=object)}
    assert not any(is_known(x) for x in Enclosures(values, {"d": 2})(form("argmax", ("d",), ("d",))))
    assert Enclosures(values, {"d": 2})(form("max", (), ("d",))).overlaps(PI)


def test_the_softmax_of_large_numbers_is_known() -> None:
    with ctx.workprec(320):
        low, high = at(form("softmax", ("d",), ("d",)), A=[-50_000, 50_000])
        assert is_known(low) and is_known(high) and high.contains(1) and low > 0
        total = at(form("logsumexp", (), ("d",)), A=[40_000, 40_000])[()]
        assert (total - 40_000).contains(arb(2).log())


def test_a_tower_of_exponentials_is_not_known() -> None:
    """e^e^e^e^9 has more digits than memory: it is no finite ball, and its difference to itself is nothing that is known."""
    tower = number(9)
    for _ in range(4):
        tower = node("map", (tower,), "exp", ())
    value = at(tower)[()]
    assert not is_known(value) and not is_known(value - value) and not is_undefined(value)


def test_zero_times_what_is_undefined_is_undefined() -> None:
    log = node("map", (variable("x", ()),), "log", ())
    with_it = Enclosures({"x": fmpq(-1)}, {})
    assert is_undefined(with_it(log)) and is_undefined(fmpq(0) * with_it(log)) and is_undefined(with_it(log) - with_it(log))


def test_rational_arithmetic_stays_exact() -> None:
    x, y = variable("x", ("d",)), variable("A", ("d", "d"))
    inverse = node("form", (y,), "inverse", ("d", "d"))
    for e in (power(x, 3), power(x, -2), inverse, node("form", (y,), "det", ()), node("form", (x,), "prod", ())):
        assert all(is_exact(v) for v in np.ravel(at(e, x=[3, Fraction(1, 7)], A=MATRIX)))
    assert at(power(x, -2), x=[3, Fraction(1, 7)]).tolist() == [fmpq(1, 9), fmpq(49)]


def test_constants_are_enclosed() -> None:
    with ctx.workprec(100):
        assert holds_digits(at(node("constant", (), "pi"))[()], "3.14159265358979323846264338327950288")
        assert holds_digits(at(node("constant", (), "e"))[()], "2.71828182845904523536028747135266250")


def holds_digits(value: Any, digits: str) -> bool:
    return bool((value - arb(digits)).contains(0) or abs(value - arb(digits)) < arb("1e-28"))


# Every kind and form occurs in these: functions and their derivatives, by both evaluators.
VARIED = (*facts.DETERMINANTS, *facts.POWERS, *facts.ARRANGED, *facts.SUMS, *facts.THREE_AXES, *facts.SOFTMAX)


def test_floating_point_agrees_on_whole_tensors() -> None:
    off = []
    for fact in VARIED:
        floats = fact.values()
        exactly = {n: np.vectorize(lambda x: exact(Fraction(float(x))), otypes=[object])(v) for n, v in floats.items()}
        for e in (fact.derived().function, fact.derived().derived):
            wanted = np.asarray(Evaluator(floats, judges.SIZES)(e), dtype=float)
            found = np.asarray(Enclosures(exactly, judges.SIZES)(e), dtype=object)
            middle = np.array([float(ball(x).mid()) if is_known(x) else np.nan for x in np.ravel(found)])
            if found.shape != wanted.shape or not np.allclose(middle, wanted.ravel(), rtol=1e-7, atol=1e-9):
                off.append(str(fact))
    assert off == []


def test_points_lie_along_the_first_axis() -> None:
    a = variable("A", ("d", "d"))
    points = np.array([[[fmpq(k + i * j + i) for j in range(2)] for i in range(2)] for k in (1, 5, 9)], dtype=object)
    for name, (shape, over) in SHAPES_OF_FORMS.items():
        if over != ("d", "d"):
            continue
        together = np.asarray(Enclosures({"A": points}, {"d": 2})(node("form", (a,), name, shape)), dtype=object)
        alone = [np.asarray(Enclosures({"A": p}, {"d": 2})(node("form", (a,), name, shape)), dtype=object) for p in points]
        assert [said(x) for x in together.ravel()] == [said(x) for one in alone for x in one.ravel()], name
