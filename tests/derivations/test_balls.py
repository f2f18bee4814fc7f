"""Zeros by balls: all of them and no others, or an error."""

import math
from fractions import Fraction

import pytest

from hwcheck.derivations.activations.balls import ball, number, sign, zeros
from hwcheck.derivations.elements.symbolic import library
from hwcheck.derivations.errors import DefectError

sp = library()
x = sp.Symbol("x", real=True)
LOW, HIGH = Fraction(-10) - Fraction(1, 7), Fraction(10) + Fraction(1, 11)


def found(expression: object) -> list[float]:
    return [float(z) for z in zeros(expression, sp.diff(expression, x), x, LOW, HIGH)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (x**2 + 1, []),
        (sp.exp(x), []),
        (x**3 - 2 * x, [-(2**0.5), 0, 2**0.5]),
        (sp.exp(x) - 3, [math.log(3)]),
        (sp.tanh(x - 2), [2]),
        (sp.erf(x) * (x - sp.Rational(1, 3)), [0, 1 / 3]),
        (sp.log(1 + x**2) - 1, [-((math.e - 1) ** 0.5), (math.e - 1) ** 0.5]),
        (sp.sqrt(x**2 + 1) - sp.pi + sp.E - 2, [-(((math.pi + 2 - math.e) ** 2 - 1) ** 0.5), ((math.pi + 2 - math.e) ** 2 - 1) ** 0.5]),
    ],
)
def test_all_zeros(expression: object, expected: list[float]) -> None:
    assert found(expression) == pytest.approx(expected, abs=1e-6)


def test_a_double_zero_is_no_silent_loss() -> None:
    with pytest.raises(DefectError, match="cannot be told apart"):
        found((x - 1) ** 2)


def test_zeros_are_sharp() -> None:
    (root,) = zeros(x**2 - 2, 2 * x, x, Fraction(0), Fraction(3))
    assert abs(root**2 - 2) < Fraction(1, 10**30)


def test_far_out_nothing_overflows() -> None:
    far = Fraction(-10_000)
    assert number(sp.tanh(sp.log(1 + sp.exp(x))), x, far) == pytest.approx(0, abs=1e-60)
    assert sign(sp.exp(x), x, far) == 1
    assert sign(x - x, x, far) == 0
    assert float(ball(1 / x, x, far).mid()) == -1e-4


def test_unknown_functions_are_an_error() -> None:
    with pytest.raises(DefectError, match="There is no ball evaluation for gamma"):
        ball(sp.gamma(x), x, Fraction(1))
