"""Numbers of a demonstration as text: fractions as they are, everything else rounded with every digit certified by a ball.

Also the two questions that demonstrations ask of SymPy: is this expression zero, and what is its value here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import arguments, library, scalar_derivative
from ..graphs.values import PRECISIONS, Undecided, calculating, decimal

_MINUS = str.maketrans({"-": "−"})


def fraction_text(value: Fraction | int) -> str:
    """A fraction as it is printed.

    >>> fraction_text(Fraction(-1, 2)), fraction_text(3)
    ('−1/2', '3')
    """
    return str(value).translate(_MINUS)


def decimal_text(expression: Any, digits: int = 4) -> str:
    """A closed SymPy expression (or a fraction) rounded to so many decimals; no digit is a guess.

    >>> decimal_text(Fraction(2, 3)), decimal_text(at(slope_of("tanh"), 0))
    ('0.6667', '1')
    """
    for precision in PRECISIONS:
        last = precision == PRECISIONS[-1]
        with calculating(precision, last) as calculator:
            try:
                value = calculator.number(expression) if isinstance(expression, Fraction | int) else calculator.of(expression, {})
                return (decimal(value, digits, last) or "beyond numbers").translate(_MINUS)
            except Undecided:
                continue
    raise AssertionError("the last precision always decides")


def at(expression: Any, value: Any) -> Any:
    """A function of one number, as SymPy holds those of `functions.py`, at a value."""
    (x, *_) = arguments_of_one()
    return expression.xreplace({x: rational(value)})


def slope_of(name: str) -> Any:
    """The derivative of an activation, as SymPy holds it, with our convention where it jumps: relu′(0) = 0.

    >>> at(slope_of("relu"), 0), at(slope_of("relu"), 2)
    (0, 1)
    """
    sp = library()
    return scalar_derivative(name).replace(sp.Heaviside, lambda argument, *_: sp.Heaviside(argument, 0))


def arguments_of_one() -> tuple[Any, ...]:
    """The symbol that definitions of one number are written in."""
    return arguments(FUNCTIONS["sigmoid"])


def rational(value: Any) -> Any:
    """A fraction for SymPy; what is SymPy's own already stays."""
    if isinstance(value, Fraction | int):
        return library().Rational(value.numerator, value.denominator)
    return value


def sign_text(sign: int) -> str:
    """A sign as it is printed.

    >>> sign_text(1), sign_text(0), sign_text(-1)
    ('+', '0', '−')
    """
    return "−0+"[sign + 1]


def sign_at(expression: Any) -> int:
    """The certified sign of a closed SymPy expression."""
    for precision in PRECISIONS:
        with calculating(precision, precision == PRECISIONS[-1]) as calculator:
            try:
                return calculator.sign(calculator.of(expression, {}))
            except Undecided:
                continue
    raise AssertionError("the last precision always decides")


def vanishes(expression: Any) -> bool:
    """Whether SymPy proves that an expression is zero."""
    sp = library()
    return bool(sp.simplify(sp.expand(expression)) == 0)


def value_of(expression: Any, values: Mapping[Any, Fraction]) -> Fraction:
    """The exact value of an expression without roots and exponentials at rational values."""
    found = expression.xreplace({symbol: rational(value) for symbol, value in values.items()})
    return Fraction(int(found.p), int(found.q))


__all__ = [
    "arguments_of_one", "at", "decimal_text", "fraction_text", "rational", "sign_at", "sign_text", "slope_of", "value_of", "vanishes",
]  # fmt: skip
