"""Numbers written as decimals: what was written is compared as it was written.

0.333 stands for everything that rounds to it. It is 1/3 rounded to three decimals, and it is not 1/3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import ctx

from ..derivations.elements.elements import Element
from ..derivations.elements.enclosures import Enclosures, ball, exact, is_exact, is_known
from ..derivations.elements.sampling import sizes_in
from ..derivations.notation.written import Written
from .quantities import Quantity

LEAST_DIGITS = 2
_BITS = 1024


@dataclass(frozen=True, slots=True)
class Rounded:
    """An answer that is the expected value rounded; `right` where that is allowed and precise enough."""

    right: bool
    message: str
    gap: float


@dataclass(frozen=True, slots=True)
class _Decimal:
    """A number as written: its value, the size of its last digit, and how many significant digits it has.

    `rounds` says that it is a decimal, so that something may be behind its last digit.
    """

    value: Fraction
    unit: Fraction
    digits: int
    rounds: bool

    @property
    def decimals(self) -> int:
        """How many digits stand behind the point, were it written without an exponent."""
        decimals, unit = 0, self.unit
        while unit < 1:
            unit, decimals = unit * 10, decimals + 1
        return decimals


def rounded(expected: Element, q: Quantity, rounding: str) -> Rounded | None:
    """Whether decimals of the answer are the expected numbers rounded; None where they are not, or are exact, or nothing is rounded."""
    if expected.names or any(isinstance(s, str) for n in expected.walk() for s in sizes_in(n)):
        return None
    written = _decimals(q.reading.body)
    if not any(d.rounds for d in written):
        return None
    with ctx.workprec(_BITS):
        values = list(np.asarray(Enclosures({}, {})(expected), dtype=object).ravel())
        if len(values) != len(written) or expected.shape != q.element.shape:
            return None
        if all(_equal(v, d.value) for v, d in zip(values, written, strict=True)):
            return None  # nothing is rounded
        if not all(_rounds_to(v, d) for v, d in zip(values, written, strict=True)):
            return None
        gap = max(_gap(v, d.value) for v, d in zip(values, written, strict=True))
    return _judged(written, gap, rounding)


def _judged(written: Sequence[_Decimal], gap: float, rounding: str) -> Rounded:
    digits = min(d.digits for d in written if d.rounds)
    decimals = max(d.decimals for d in written if d.rounds)
    places = f"{decimals} decimal{'s' if decimals != 1 else ''}" if decimals else f"{digits} significant digits"
    if rounding == "exact":
        return Rounded(False, f"This is the expected value rounded to {places}; the exact value is asked for.", gap)
    if digits < LEAST_DIGITS:
        return Rounded(False, f"This is the expected value rounded to one digit; write at least {LEAST_DIGITS} significant digits.", gap)
    return Rounded(True, f"Right: this is the expected value rounded to {places}.", gap)


def _decimals(tree: Written) -> list[_Decimal]:
    """The numbers of an answer that is nothing but numbers; else nothing."""
    parts = tree.args if tree.op in ("matrix", "stack") else (tree,)
    found = []
    for part in parts:
        sign = 1
        while part.op == "neg":
            part, sign = part.args[0], -sign
        percent = part.op == "divide" and part.args[0].op == "number" and str(part.args[1].value) == "100"
        if part.op != "number" and not percent:
            return []
        found.append(_decimal(str(part.args[0].value) + "e-2" if percent else str(part.value), sign))
    return found


def _decimal(text: str, sign: int) -> _Decimal:
    mantissa, _, exponent = text.lower().partition("e")
    shift = int(exponent) if exponent else 0
    whole, point, after = mantissa.partition(".")
    digits = (whole + after).lstrip("0")
    unit = Fraction(10) ** (shift - len(after))
    return _Decimal(sign * Fraction(text), unit, len(digits) or 1, bool(point or exponent))


def _equal(value: Any, written: Fraction) -> bool:
    """Whether a value is the number written, as far as 300 digits tell."""
    return bool(value == exact(written)) if is_exact(value) else bool((value - exact(written)).contains(0))


def _gap(value: Any, written: Fraction) -> float:
    """The relative difference."""
    return float(abs(ball(value) - exact(written)).mid()) / max(abs(float(written)), 1e-300)


def _rounds_to(value: Any, decimal: _Decimal) -> bool:
    """Whether the value lies within half of the last digit written."""
    if not is_known(value):
        return False
    if not decimal.rounds:
        return bool(is_exact(value) and value == exact(decimal.value))
    return bool(abs(value - exact(decimal.value)) <= exact(decimal.unit) / 2)


__all__ = ["LEAST_DIGITS", "Rounded", "rounded"]
