"""Dropout: its expectation and its spread, as exact sums over all masks."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from ..elements.symbolic import library
from .claims import Claim, Demonstration, Table
from .figures import fraction_text, rational, vanishes

UNITS = 3


def _expected(outcome: Any, q: Any) -> Any:
    """The sum over all masks of their probability times the outcome; each unit is kept with probability q."""
    sp = library()
    masks = product((0, 1), repeat=UNITS)
    return sp.expand(sp.Add(*(sp.Mul(*(q if m else 1 - q for m in mask)) * outcome(mask) for mask in masks)))


@cache
def expectation() -> Demonstration:
    """Inverted dropout keeps every activation in expectation; without the division it is smaller by the factor q."""
    sp = library()
    q, a, w = sp.Symbol("q", positive=True), sp.symbols("a_1:4", real=True), sp.symbols("w_1:4", real=True)
    inverted = [_expected(lambda m, k=k: m[k] * a[k] / q, q) for k in range(UNITS)]
    plain = [_expected(lambda m, k=k: m[k] * a[k], q) for k in range(UNITS)]
    onward = _expected(lambda m: sum(w[k] * m[k] * a[k] / q for k in range(UNITS)), q)
    spread = sp.factor(_expected(lambda m: (m[0] * a[0] / q) ** 2, q) - a[0] ** 2)
    keeps = all(vanishes(e - a_k) for e, a_k in zip(inverted, a, strict=True))
    keeps_onward = vanishes(onward - sum(w_k * a_k for w_k, a_k in zip(w, a, strict=True)))
    smaller = all(vanishes(e - q * a_k) for e, a_k in zip(plain, a, strict=True))
    chances = [Fraction(1), Fraction(4, 5), Fraction(1, 2), Fraction(1, 5)]
    at_two = [{q: rational(chance), a[0]: sp.Integer(2)} for chance in chances]
    rows = tuple((fraction_text(chance), *(str(e.xreplace(v)) for e in (inverted[0], plain[0], spread)))
                 for chance, v in zip(chances, at_two, strict=True))
    claims = (
        Claim("expectation-kept", "Divided by the probability q of being kept, an activation has the same mean as without dropout.",
              keeps and keeps_onward,
              f"the sum over all {2**UNITS} masks is a_k for each unit, and wᵀa for what a linear unit makes of them"),
        Claim("without-division", "Without the division the mean stays the same, too.", not smaller and keeps,
              "the sum over all masks is q a_k: it would have to be made up for when dropout is off"),
        Claim("random", "Dropout makes outputs random, and leaving it out in evaluation makes them certain again.",
              vanishes(spread - a[0] ** 2 * (1 - q) / q) and bool(spread.xreplace(at_two[2]) > 0),
              "summed over all masks the variance is a² (1 − q) / q, which is 0 only for q = 1; the mean needs no repair"),
    )
    table = Table("one activation a = 2 under dropout", ("q kept", "mean, divided by q", "mean, not divided", "variance"), rows)
    return Demonstration(
        "dropout", "Dropout",
        "In training a random mask switches units off, and dividing by q keeps the mean; in evaluation nothing is switched off, since "
        "the same input should give the same output.", claims, (table,),
    )


__all__ = ["expectation"]
