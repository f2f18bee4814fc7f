"""Where an activation, or its slope, is zero: intervals and single places, from how its curve runs.

The curve is derived in `activations/curves.py`; at a kink the slope is that of the convention.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ..activations.balls import zeros
from ..activations.curves import Number, study
from ..elements.functions import FUNCTIONS
from ..elements.symbolic import arguments, definition, library
from ..graphs.values import calculating

_AROUND = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `low` to `high`, both included; None where there is no end. A single place has both equal, to 35 digits."""

    low: Fraction | None
    high: Fraction | None

    @property
    def is_place(self) -> bool:
        return self.low == self.high


@cache
def flat_stretches(activation: str) -> tuple[Stretch, ...]:
    """Where the slope of an activation is zero.

    >>> flat_stretches("relu"), flat_stretches("sigmoid"), flat_stretches("identity")
    ((Stretch(low=None, high=Fraction(0, 1)),), (), ())
    """
    if activation not in FUNCTIONS:
        return ()
    curve = study(activation, dict(FUNCTIONS[activation].parameters))
    found = [Stretch(_end(run.low), _end(run.high)) for run in curve.runs if run.sign == 0]
    kinks = [k.at.value for k in curve.kinks]
    for before, after in zip(curve.runs, curve.runs[1:], strict=False):
        if before.sign * after.sign < 0 and before.high.value not in kinks:
            found.append(_turning(activation, before.high))
    return tuple(found)


@cache
def zero_stretches(activation: str) -> tuple[Stretch, ...]:
    """Where an activation itself is zero: where it runs flat at zero, else at 0 if its value there is zero.

    >>> zero_stretches("relu"), zero_stretches("tanh"), zero_stretches("sigmoid")
    ((Stretch(low=None, high=Fraction(0, 1)),), (Stretch(low=Fraction(0, 1), high=Fraction(0, 1)),), ())
    """
    at_zero = (Stretch(Fraction(0), Fraction(0)),)
    if activation not in FUNCTIONS:
        return at_zero if activation == "identity" else ()
    flat = tuple(s for s in flat_stretches(activation) if not s.is_place and _is_zero(activation, _inside(s)))
    return flat or (at_zero if _is_zero(activation, Fraction(0)) else ())


def _inside(stretch: Stretch) -> Fraction:
    if stretch.low is None:
        return (stretch.high or Fraction(0)) - 1
    return stretch.low + 1 if stretch.high is None else (stretch.low + stretch.high) / 2


def _is_zero(activation: str, at: Fraction) -> bool:
    row = FUNCTIONS[activation]
    with calculating(256, last=True) as calculator:
        given = [calculator.number(v) for v in (at, *(v for _, v in row.parameters))]
        return calculator.of(definition(activation), dict(zip(arguments(row), given, strict=True))).rational == 0


def _end(number: Number) -> Fraction | None:
    return None if math.isinf(number.value) else Fraction(number.value).limit_denominator(1000)


def _turning(activation: str, near: Number) -> Stretch:
    """The place to 35 digits, proved to be the only one around."""
    sp, row = library(), FUNCTIONS[activation]
    x = arguments(row)[0]
    usual = {name: sp.Rational(v.numerator, v.denominator) for name, (_, v) in zip(arguments(row)[1:], row.parameters, strict=True)}
    slope = sp.diff(definition(activation).subs(usual), x)
    place = Fraction(near.value).limit_denominator(10**6)
    (found,) = zeros(slope, sp.diff(slope, x), x, place - _AROUND, place + _AROUND)
    return Stretch(found, found)


__all__ = ["Stretch", "flat_stretches", "zero_stretches"]
