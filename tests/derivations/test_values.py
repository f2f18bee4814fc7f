"""Numbers held exactly and as balls: decimals whose digits are certain, signs never guessed, sizes with a limit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.derivations.elements.symbolic import library
from hwcheck.derivations.graphs.values import Calculator, TooLarge, Undecided, Value, calculating, decimal


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("2", 4, "2"),
        ("0", 4, "0"),
        ("1/2", 4, "0.5"),
        ("2/3", 4, "0.6667"),
        ("-1/3", 2, "-0.33"),
        ("1/8", 2, "0.13"),
        ("-1/8", 2, "-0.13"),
        ("1/30000", 4, "3.3333e-05"),
        ("99999999999/10", 4, "1.0000e+10"),
        ("1000000000000", 4, "1.0000e+12"),
        ("999999999", 4, "999999999"),
    ],
)
def test_decimals_of_fractions(value: str, digits: int, text: str) -> None:
    with calculating(128) as calculator:
        assert decimal(calculator.number(Fraction(value)), digits) == text


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6), st.integers(1, 12))
def test_decimals_are_never_further_than_half_a_unit(value: Fraction, digits: int) -> None:
    with calculating(128) as calculator:
        text = decimal(calculator.number(value), digits)
    assert text is not None
    rounded = Fraction(text)
    unit = Fraction(1, 10**digits) * (Fraction(10) ** int(text.partition("e")[2] or 0))
    assert abs(rounded - value) <= unit / 2


def test_a_ball_that_does_not_settle_a_digit_is_undecided() -> None:
    with calculating(20) as calculator:
        with pytest.raises(Undecided):
            decimal(calculator.of(library().exp(library().Integer(20)), {}), 8)


def test_a_sign_is_never_guessed() -> None:
    sp = library()
    zero = sp.log(6) - sp.log(2) - sp.log(3)
    with calculating(64) as calculator:
        value = Value(None, calculator.of(zero, {}).ball)
        with pytest.raises(Undecided):
            calculator.sign(value)
        assert calculator.sign(calculator.number(Fraction(-1, 10**60))) == -1
    with calculating(64, last=True) as calculator:
        assert calculator.sign(value) == 0


def test_powers_with_too_many_digits_are_refused_before_they_are_computed() -> None:
    with calculating(64) as calculator:
        with pytest.raises(TooLarge):
            calculator.power(calculator.number(9), calculator.number(10**9))
        for base in (0, 1, -1):
            assert calculator.power(calculator.number(base), calculator.number(10**9)).rational == abs(base)


def test_a_long_exact_form_is_dropped_and_the_ball_stays() -> None:
    sp, x = library(), library().Symbol("x", real=True)
    with calculating(64) as calculator:
        value = calculator.of(sum(sp.sin(k * x) for k in range(1, 40)), {x: calculator.number(1)})
    assert value.exact is None
    assert value.ball.is_finite()


def test_calculators_know_their_precision() -> None:
    with calculating(100, last=True) as calculator:
        assert isinstance(calculator, Calculator)
        assert (calculator.precision, calculator.last) == (100, True)
