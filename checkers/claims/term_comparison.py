"""Two sides of an equation held against each other: the same open indices, the same shape, the same value.

What is compared are terms of one world. A condition such as i = j restricts both sides; a scalar 0 is the zero of any shape; a whole
matrix on one side may stand where the other has an entry, as people write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...derivations.elements.elements import Element, identity, is_zero, plus, product, scaled, zero
from ...derivations.notation.written import SCALAR
from ...derivations.sizes import Shape, Size
from ..equality.comparison import Comparison, compare
from .claim_terms import Term

Outcome = Literal["same", "different", "undecided", "transposed", "shape", "index"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a formula is said under: the indices a and b are equal, or differ.

    Or a comparison of numbers as text: `guard` is x > 0, `others` what is said of other cases, rows of LaTeX cases, and `end` the
    place behind all that. `also` is a second condition that holds with the first: i = p and j = q.
    """

    a: str
    b: str
    equal: bool
    guard: str = ""
    others: str = ""
    end: int = 0
    also: Condition | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How two terms compare; `found` is the comparison of values, where it came to one, `note` says how a side was taken."""

    outcome: Outcome
    note: str = ""
    found: Comparison | None = None


def matched(left: Term, right: Term, domains: Mapping[str, str], seed: int, condition: Condition | None = None) -> Match:
    """Compare two terms.

    Raises:
        HwcheckError: the comparison has no meaning here.
    """
    if is_zero(right.element) and not right.element.shape:
        right_element, note = zero(left.element.shape), "" if not left.element.shape else "0 is taken as the zero of the right shape"
        return _values(left, left.element, right_element, right, domains, seed, condition, note)
    if is_zero(left.element) and not left.element.shape and right.element.shape:
        return _values(right, zero(right.element.shape), right.element, right, domains, seed, condition, "")
    aligned = _aligned(left, right)
    if isinstance(aligned, Match):
        return aligned
    element, note = aligned
    return _values(left, left.element, element, right, domains, seed, condition, note)


def _aligned(left: Term, right: Term) -> tuple[Element, str] | Match:
    """The right term on the axes of the left one, and how it was taken."""
    if left.free and not right.free and right.element.shape == left.element.shape and right.shape != SCALAR:
        return right.element, "the left side is an entry and the right side the whole matrix; they are taken for the same thing"
    if not left.free and right.free and right.shape == SCALAR and len(right.free) == len(left.element.shape) == 1:
        return right.element, "the right side is taken as the general entry"
    if set(right.free) - set(left.free):
        return Match("index")
    if left.shape != right.shape:
        if left.shape is None or right.shape is None or left.free != right.free:
            return Match("shape")
        turned = left.shape == right.shape[::-1] and SCALAR != left.shape
        return Match("transposed" if turned else "shape")
    labels = (*left.free, *(f"#{k}" for k in range(len(left.element.shape) - len(left.free))))
    own = (*right.free, *(f"#{k}" for k in range(len(right.element.shape) - len(right.free))))
    sizes: dict[str, Size] = dict(zip(labels, left.element.shape, strict=True))
    if any(sizes.get(label, extent) != extent for label, extent in zip(own, right.element.shape, strict=True)):
        return Match("index")
    if labels == own:
        return right.element, ""
    return product(labels, [(right.element, own)], sizes), ""


def _values(left: Term, expected: Element, answer: Element, right: Term, domains: Mapping[str, str], seed: int,
            condition: Condition | None, note: str) -> Match:
    if condition is not None and not condition.guard:
        for one in (condition, condition.also) if condition.also is not None else (condition,):
            restricted = _restricted(left, expected, answer, one)
            if restricted is None:
                return Match("undecided")
            expected, answer = restricted
    if expected.shape != answer.shape:
        return Match("shape")
    if not _fit(expected, answer):
        return Match("undecided")
    found = compare(expected, answer, domains, seed, expected_parts=left.parts, answer_parts=right.parts, derived=left.is_mark)
    outcome: Outcome = {"same": "same", "different": "different"}.get(found.outcome, "undecided")  # type: ignore[assignment]
    return Match(outcome, note, found)


def _fit(*elements: Element) -> bool:
    """Whether every name has one shape in all of them; what nothing is known of may be guessed differently on both sides."""
    shapes: dict[str, Shape] = {}
    return all(shapes.setdefault(n.value, n.shape) == n.shape for e in elements for n in e.walk() if n.kind == "variable")


def _restricted(left: Term, expected: Element, answer: Element, condition: Condition) -> tuple[Element, Element] | None:
    """Both sides times 1 where the condition holds and 0 elsewhere; a letter that does not occur restricts nothing."""
    if condition.equal and not {condition.a, condition.b} <= set(left.free):
        return expected, answer
    if condition.a not in left.free or condition.b not in left.free:
        return None
    labels = (*left.free, *(f"#{k}" for k in range(len(expected.shape) - len(left.free))))
    sizes: dict[str, Size] = dict(zip(labels, expected.shape, strict=True))
    if sizes[condition.a] != sizes[condition.b]:
        return None
    delta = identity(sizes[condition.a])

    def on(element: Element) -> Element:
        diagonal = product(labels, [(element, labels), (delta, (condition.a, condition.b))], sizes)
        return diagonal if condition.equal else plus([element, scaled(-1, diagonal)])

    return on(expected), on(answer)


def with_indices(term: Term) -> dict[str, Size]:
    """The sizes of the open indices of a term."""
    return dict(zip(term.free, term.element.shape, strict=False))


__all__ = ["Condition", "Match", "matched", "with_indices"]
