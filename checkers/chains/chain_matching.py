"""Whether two expressions of one solution are equal: in value, in shape, as rounded, by a fact, or by the person's own value.

Everything is compared twice where a quantity was written in a form that is not equal to its definition: with the
definitions, and with what the person wrote last. The judge is `equality`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import numpy as np

from ...derivations.elements.elements import Element, broadcast, is_zero, product, scaled
from ...derivations.elements.evaluation import Evaluator
from ...derivations.errors import HwcheckError
from ...derivations.notation.written import SCALAR
from ...derivations.sizes import Shape, Size
from ..equality.comparison import compare
from .chain_context import Context, Term, turned

_MOST_PARTS = 1500


@dataclass(frozen=True, slots=True)
class Match:
    """How an expression compares with the one it should equal.

    `carried`: the line whose value, as the person wrote it, had to be used; `rounded`: equal as rounded only; `fact`: what had
    to be known, in words.
    """

    outcome: Literal["same", "different", "unknown"]
    diagnosis: str | None = None
    carried: int = 0
    rounded: bool = False
    fact: str = ""

    @property
    def same(self) -> bool:
        return self.outcome == "same"

    @property
    def different(self) -> bool:
        return self.outcome == "different"


UNKNOWN = Match("unknown")


@dataclass(slots=True)
class Matcher:
    """Compares terms of one context.

    With `sure`, shapes were declared, and a difference of shapes is one. `known` are names that the expected value has.
    """

    context: Context
    seed: int
    sure: bool
    exact: bool = False
    labels: dict[str, None] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def __call__(self, before: Term, after: Term, *, about: bool = False) -> Match:
        """Whether `after` equals `before`."""
        try:
            return self._match(before, after, about)
        except (HwcheckError, ArithmeticError, ValueError, RecursionError):
            return UNKNOWN

    def _match(self, before: Term, after: Term, about: bool) -> Match:
        if is_zero(before.element) or is_zero(after.element):
            before, after = _zero_spread(before, after)
        first, second = aligned(before, after)
        if first is None or second is None or before.shape != after.shape:
            return self._shapes(before, after)
        found = self._values(before, after, first, second, False, about)
        if not found.same and (line := self._own_values(first, second)):
            again = self._values(before, after, first, second, True, about)
            if again.same:
                return Match("same", carried=line, rounded=again.rounded, fact=again.fact)
        return found

    def _values(self, before: Term, after: Term, first: Element, second: Element, latest: bool, about: bool) -> Match:
        first, second = (self.context.expanded(e, latest=latest) for e in (first, second))
        if first is second:
            return Match("same")
        if max(len(list(e.walk())) for e in (first, second)) > _MOST_PARTS:
            return UNKNOWN
        if _is_constant(first) and _is_constant(second):
            return self._numbers(before, after, first, second, about)
        if not first.names and not second.names and not compare(first, second, {}, self.seed).same:
            return UNKNOWN  # rows of decimals: not compared as rounded
        found = compare(first, second, self.context.given.domains, self.seed)
        if found.outcome == "undecided":
            return UNKNOWN
        if found.same:
            return Match("same")
        if found.cause:  # a value is missing on one side: log x² = 2 log x holds where x is positive
            names = [n for n in sorted(first.names | second.names) if self.context.given.domains.get(n, "any") == "any"]
            if compare(first, second, {**self.context.given.domains, **dict.fromkeys(names, "positive")}, self.seed).same:
                return Match("same", fact=f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'} positive")
            return UNKNOWN
        for label in self._labels((first, second)):
            if compare(first, second, {**self.context.given.domains, label: "probability"}, self.seed).same:
                return Match("same", fact=f"the entries of {label} sum to one")
        if self._strangers(first, second):
            return UNKNOWN
        return Match("different", self._named(first, second))

    def _own_values(self, first: Element, second: Element) -> int:
        """The line of the first value that the person carried on though it is not the definition's; 0 for none."""
        lines = []
        todo, seen = list(first.names | second.names), set(first.names | second.names)
        while todo:
            known = self.context.nodes.get(todo.pop())
            if known is None or known.first is None or known.latest is None:
                continue
            if known.latest is not known.first:
                lines.append(known.latest_line)
            fresh = (known.first.names | known.latest.names) - seen
            seen |= fresh
            todo.extend(fresh)
        return min(lines, default=0)

    def _strangers(self, first: Element, second: Element) -> bool:
        """Whether one side speaks of a name that nothing is known of."""
        declared = frozenset(self.context.given.shapes) if self.sure else frozenset()
        return bool((first.names ^ second.names) - declared - self.known)

    def _shapes(self, before: Term, after: Term) -> Match:
        if bool(before.free) != bool(after.free) and before.element.shape == after.element.shape:
            return self._entries(before, after)
        if not self.sure:
            return UNKNOWN
        if before.shape == after.shape[::-1] and not before.free and not after.free:
            first, second = before.element, after.element
            second = turned(second) if len(second.shape) == 2 else second
            if first.shape == second.shape and self._values(before, after, first, second, False, False).same:
                return Match("different", "transposed")
        return Match("different", "shape")

    def _entries(self, before: Term, after: Term) -> Match:
        """The general entry beside the whole: the same where all entries are."""
        found = self._values(before, after, before.element, after.element, False, False)
        return found if found.same or len(before.element.shape) == 1 else UNKNOWN

    # -- numbers ---------------------------------------------------------------------------------------------------

    def _numbers(self, before: Term, after: Term, first: Element, second: Element, about: bool) -> Match:
        with np.errstate(all="ignore"):
            a, b = (float(Evaluator({}, {})(e)) for e in (first, second))
        if not (np.isfinite(a) and np.isfinite(b)):
            return UNKNOWN
        gap = abs(a - b)
        if gap <= 1e-11 * max(abs(a), abs(b)):
            return Match("same")
        if not self.exact or about:
            if any(gap <= half_unit(t.literal, about) * (1 + 1e-9) for t in (after, before) if t.literal):
                return Match("same", rounded=True)
            if gap <= _slack(before, after) * abs(b):
                return Match("same", rounded=True)
        return Match("different", self._named(first, second))

    # -- facts -----------------------------------------------------------------------------------------------------

    def noticed(self, term: Term) -> None:
        """Remember which names can be the labels of a softmax: columns of its length whose domain was not declared."""
        try:
            element = self.context.expanded(term.element)
        except HwcheckError:
            return
        outputs: set[Shape] = {n.shape for n in element.walk() if n.kind == "form" and n.value in ("softmax", "log_softmax")}
        inside = {name for n in element.walk() if n.kind == "form" for name in n.names}
        for name, sizes in self.context.given.shapes.items():
            shape = tuple(s for s in sizes if s != 1)
            if shape in outputs and name not in inside and self.context.given.domains.get(name, "any") in ("any", "unit", "nonnegative"):
                self.labels[name] = None

    def _labels(self, sides: Iterable[Element]) -> list[str]:
        names = frozenset().union(*(e.names for e in sides))
        return [label for label in self.labels if label in names]

    # -- naming ----------------------------------------------------------------------------------------------------

    def _named(self, first: Element, second: Element) -> str | None:
        """The cheap diagnoses: a sign, or a whole or halved factor."""
        if is_zero(first) or is_zero(second) or first.shape != second.shape:
            return None
        for factor in (-1, 2, 3, 4):
            for a, b in ((first, scaled(factor, second)), (scaled(factor, first), second)):
                if compare(a, b, self.context.given.domains, self.seed).same:
                    return "sign" if factor == -1 else "factor"
        return None


def aligned(before: Term, after: Term) -> tuple[Element | None, Element | None]:
    """Both elements on the same free indices; None where an index has two sizes, or the shapes differ."""
    if before.free == after.free:
        return (before.element, after.element) if before.element.shape == after.element.shape else (None, None)
    sizes: dict[str, Size] = {}
    for term in (before, after):
        for index, extent in zip(term.free, term.element.shape, strict=False):
            if sizes.setdefault(index, extent) != extent:
                return None, None
    if before.shape != after.shape or before.shape != SCALAR:
        return None, None
    order = tuple(sorted(sizes))
    first, second = (product(order, [(t.element, t.free)], dict(sizes)) for t in (before, after))
    return first, second


def _zero_spread(before: Term, after: Term) -> tuple[Term, Term]:
    """A written 0 stands for the zero of the other side's shape."""
    if is_zero(after.element) and not after.element.shape:
        return before, _like(after, before)
    if is_zero(before.element) and not before.element.shape:
        return _like(before, after), after
    return before, after


def _like(zero: Term, other: Term) -> Term:
    spread = broadcast(zero.element, other.element.shape)
    return Term(zero.text, zero.tree, spread, other.shape, other.free, zero.latex, zero.literal)


def _is_constant(element: Element) -> bool:
    return not element.names and not element.shape and all(n.kind != "size" for n in element.walk())


def _slack(before: Term, after: Term) -> float:
    """How far, relatively, a product can be off because its new decimals were rounded: half a unit of each."""
    old = {str(n.value) for n in before.tree.walk() if n.op == "number"}
    new = [str(n.value) for n in after.tree.walk() if n.op == "number" and str(n.value) not in old]
    return sum(half_unit(digits, False) / abs(float(digits)) for digits in new if float(digits))


def half_unit(literal: str, about: bool = False) -> float:
    """Half a unit of the last digit that was written; 0 where a number of so few digits is taken as exact."""
    digits = literal.lstrip("-")
    significant = len(digits.replace(".", "").lstrip("0"))
    if not about and ("." not in digits or significant < 2):
        return 0.0
    exponent = Decimal(digits).as_tuple().exponent
    return 0.5 * 10.0 ** int(exponent)


__all__ = ["UNKNOWN", "Match", "Matcher", "aligned", "half_unit"]
