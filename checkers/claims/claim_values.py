"""Claims that hold at one point: numbers, decimals as rounded, and formulas in which some letters have become numbers.

A decimal stands for everything that rounds to it, in a product of decimals as well: 20.09 · 2 is anything from 40.17 to 40.19.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from flint import arb, ctx

from ...derivations.elements.elements import Element
from ...derivations.elements.enclosures import Enclosures, ball, is_exact, is_known
from ...derivations.elements.sampling import sizes_in
from ...derivations.errors import HwcheckError
from ...derivations.notation.written import SCALAR
from ..chains.chain_context import replaced
from ..quantities import Given
from ..references import Reference
from ..verdicts import Verdict
from ..verification import judged
from .claim_terms import How, Term
from .claim_worlds import World

_BITS = 256
_DECIMAL = re.compile(r"(?<![\w.])(\d+)\.(\d+)(?![\d.])")
_MOST_DECIMALS = 12
_NUMERAL = re.compile(r"[-+−]?\s*\d+(?:\.\d+)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Range:
    """All values that a text with decimals can stand for: a middle and how far it reaches; `rounds`: there are decimals in it."""

    middle: Any
    reach: Any
    rounds: bool


def at_point(element: Element, point: Mapping[str, Element]) -> Element:
    """An element with the numbers of a point in place of names."""
    return replaced(element, {n: v for n, v in point.items() if n in element.names})


def is_settled(element: Element) -> bool:
    """Whether nothing is left open in an element: no name, no size that is a letter."""
    return not element.names and not any(isinstance(s, str) for n in element.walk() for s in sizes_in(n))


def number_of(element: Element) -> Any | None:
    """The value of an element without names, as a ball or exactly; None where it has names, axes, or no value."""
    if element.shape or not is_settled(element):
        return None
    with ctx.workprec(_BITS):
        value = np.asarray(Enclosures({}, {})(element), dtype=object).ravel()[0]
    return value if is_known(value) else None


def range_of(text: str, world: World, how: How, point: Mapping[str, Element]) -> Range | None:
    """What a text can stand for at the point, each decimal in it moved by half of its last digit; None where it has no value."""
    middle = _value(text, world, how, point)
    if middle is None:
        return None
    reach = arb(0)
    found = list(islice(_DECIMAL.finditer(text), _MOST_DECIMALS + 1))
    if len(found) > _MOST_DECIMALS:
        return None
    with ctx.workprec(_BITS):
        for match in found:
            moved = f"{text[: match.start()]}{match[0]}5{text[match.end() :]}"
            value = _value(moved, world, how, point)
            if value is None:
                return None
            reach += abs(ball(value) - ball(middle))
    return Range(middle, reach, bool(found))


def _value(text: str, world: World, how: How, point: Mapping[str, Element]) -> Any | None:
    try:
        term = world.term(text, how)
        return number_of(at_point(term.element, point)) if not term.free else None
    except HwcheckError:
        return None


def agree(left: Range, right: Range) -> bool | None:
    """Whether two texts can stand for one number; None where that cannot be told."""
    with ctx.workprec(_BITS):
        if is_exact(left.middle) and is_exact(right.middle) and not (left.rounds or right.rounds):
            return bool(left.middle == right.middle)
        gap = abs(ball(left.middle) - ball(right.middle))
        room = (left.reach + right.reach) * (1 + arb("0.001")) if left.rounds or right.rounds else arb(0)
        if gap <= room:
            return True
        if gap > room:
            return False
        return True if (gap - room).contains(0) and float(gap.upper()) < 1e-40 else None


def judged_number(head: Element, text: str, seed: int) -> Verdict:
    """A number as it was written, held against the one it should be: exactly, or as it rounds."""
    reference = Reference(head, SCALAR, Given(), None)
    return judged(reference, text, seed=seed)


def judged_numbers(head: Term, text: str, seed: int) -> Verdict:
    """Rows, columns and matrices of numbers, as they were written."""
    return judged(Reference(head.element, head.shape, Given(), None, head.free), text, seed=seed)


def is_numeral(text: str) -> bool:
    """Whether a side is one number, written out."""
    return _NUMERAL.match(text.strip()) is not None


def shown(element: Element) -> str:
    """A number for a message, with six digits; exactly where it is short."""
    from_value = number_of(element)
    if from_value is None:
        return ""
    if is_exact(from_value) and len(str(from_value)) <= 8:
        return str(from_value).replace("-", "−")
    text: str = arb(ball(from_value).mid()).str(7, radius=False)
    return text.rstrip("0").rstrip(".").replace("-", "−") if "." in text and "e" not in text else text


__all__ = ["Range", "agree", "at_point", "is_numeral", "is_settled", "judged_number", "judged_numbers", "number_of", "range_of", "shown"]
