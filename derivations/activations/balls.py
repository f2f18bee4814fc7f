"""SymPy expressions in one variable on python-flint balls, and the zeros of such an expression, one by one, certified.

A ball is an interval that is known to hold the true value. On an interval where the ball of g excludes zero there is no zero
of g; where the ball of g′ excludes zero there is at most one, and the signs of g at the ends tell. Halving until one
of the two holds finds all simple zeros and proves that there are no others.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import Any

from ..elements.symbolic import library
from ..errors import DefectError

BITS = 256
_NARROWEST = Fraction(1, 10**9)
_HALVINGS = 120
_MOST_INTERVALS = 50_000


@cache
def _flint() -> Any:
    import flint

    return flint


def ball(expression: Any, x: Any, at: Any) -> Any:
    """The expression at a ball (or a Fraction); constants as sharp as the working precision allows."""
    flint = _flint()
    with flint.ctx.workprec(BITS):
        return _ball(expression, x, _exact(at))


def _exact(at: Any) -> Any:
    flint = _flint()
    return flint.arb(flint.fmpq(at.numerator, at.denominator)) if isinstance(at, Fraction) else at


def _ball(expression: Any, x: Any, at: Any) -> Any:
    sp, arb, fmpq = library(), _flint().arb, _flint().fmpq
    if expression == x:
        return at
    if expression.is_Rational:
        return arb(fmpq(int(expression.p), int(expression.q)))
    if expression is sp.pi:
        return arb.pi()
    if expression is sp.E:
        return arb(1).exp()
    args = [_ball(a, x, at) for a in expression.args]
    if expression.is_Add:
        return sum(args[1:], start=args[0])
    if expression.is_Mul:
        return math.prod(args[1:], start=args[0])
    if expression.is_Pow and expression.exp.is_Integer:  # as products: flint's own power of a ball around 0 is no number
        power = math.prod([args[0]] * abs(int(expression.exp)), start=arb(1))
        return power if expression.exp > 0 else 1 / power
    if expression.is_Pow and expression.exp.is_Rational:
        return args[0] ** fmpq(int(expression.exp.p), int(expression.exp.q))
    function = expression.func.__name__
    if function not in ("exp", "log", "tanh", "erf", "sin", "cos", "atan", "sinh", "cosh"):
        raise DefectError(f"There is no ball evaluation for {function}.")
    return getattr(args[0], function)()


def sign(expression: Any, x: Any, at: Fraction) -> int:
    """The sign at a point: 1 or −1 if it is proved, 0 if not."""
    value = ball(expression, x, at)
    return 1 if value > 0 else -1 if value < 0 else 0


def number(expression: Any, x: Any, at: Fraction) -> float:
    """The value at a point, as a float."""
    return float(ball(expression, x, at).mid())


def zeros(expression: Any, slope: Any, x: Any, low: Fraction, high: Fraction) -> list[Fraction]:
    """All zeros strictly inside an interval, in rising order, each to about 60 digits.

    Args:
        expression: what is to be zero.
        slope: its derivative.
        x: the variable.
        low, high: the interval.

    Raises:
        DefectError: a zero could not be separated from others (it is not simple).
    """
    flint = _flint()
    found: list[Fraction] = []
    todo, looked_at = [(low, high)], 0
    with flint.ctx.workprec(BITS):
        while todo:
            a, b = todo.pop()
            looked_at += 1
            middle = (a + b) / 2
            around = flint.arb(_exact(middle), _exact((b - a) / 2))
            if not _ball(expression, x, around).contains(0):
                continue
            if not _ball(slope, x, around).contains(0):
                first, last = sign(expression, x, a), sign(expression, x, b)
                if first * last < 0:
                    found.append(_closed_in(expression, x, a, b, first))
                continue
            if b - a < _NARROWEST or looked_at > _MOST_INTERVALS:
                raise DefectError(f"The zeros of {expression} near {float(middle):.6g} cannot be told apart.")
            todo += [(middle, b), (a, middle)]
    return found


def _closed_in(expression: Any, x: Any, a: Fraction, b: Fraction, first: int) -> Fraction:
    for _ in range(_HALVINGS):
        middle = (a + b) / 2
        here = sign(expression, x, middle)
        if here == 0:
            return middle
        a, b = (middle, b) if here == first else (a, middle)
    return (a + b) / 2


__all__ = ["ball", "number", "sign", "zeros"]
