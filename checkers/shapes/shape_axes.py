"""Sizes as students write them: `n+0`, `2n`, `d/H`, compared exactly as fractions of polynomials in names of sizes.

An axis keeps how it was written for messages, and a normal form for comparing. `d//H` and ⌊d/H⌋ count as d/H, which
takes H to divide d; of two whole numbers the floor is taken. Knows nothing of shapes, and evaluates no text as code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from ...derivations.errors import LimitError, NotationError, Span
from ...derivations.notation.name_writer import parts_of, spelled
from ...derivations.notation.spellings import Style

MOST_DIGITS = 9
MOST_EXPONENT = 9
MOST_TERMS = 128
MOST_BITS = 512

Polynomial = dict[tuple[str, ...], int]

ONE: Polynomial = {(): 1}

# How tightly a spelling holds together: what stands below needs parentheses.
SUM, PRODUCT, ATOM = 0, 1, 2


class Spelling(NamedTuple):
    """How an axis is shown: in plain text, in LaTeX, and how tightly it holds together."""

    text: str
    latex: str
    level: int = ATOM

    def within(self, level: int) -> Spelling:
        """The same, in parentheses where it stands in something that binds more tightly."""
        return self if self.level >= level else Spelling(f"({self.text})", f"({self.latex})")


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One size of a shape: `over`/`under` is its normal form, `spelling` how it was written, `span` where.

    `floored` says that a floor was taken for an exact division.
    """

    over: Polynomial
    under: Polynomial
    spelling: Spelling
    span: Span
    floored: bool = False

    def same_as(self, other: Axis) -> bool:
        """Whether two axes have the same size, whatever the numbers that the names stand for.

        >>> two_n = times(number(2, (0, 1)), named("n", (1, 2)))
        >>> two_n.same_as(plus(named("n", (0, 1)), named("n", (2, 3))))
        True
        """
        return _nonzero(_expanded(self.over, other.under)) == _nonzero(_expanded(other.over, self.under))

    @property
    def constant(self) -> int | None:
        """The whole number that it is, or None."""
        if set(self.over) <= {()} and set(self.under) == {()} and self.over.get((), 0) % self.under[()] == 0:
            return self.over.get((), 0) // self.under[()]
        return None

    @property
    def names(self) -> frozenset[str]:
        """The names of sizes in it."""
        return frozenset(name for part in (self.over, self.under) for names in part for name in names)

    def renamed(self, names: Mapping[str, str]) -> Axis:
        """The same size with other names; how it was written is kept."""
        return Axis(_renamed(self.over, names), _renamed(self.under, names), self.spelling, self.span, self.floored)

    def at(self, span: Span) -> Axis:
        """The same at another place."""
        return Axis(self.over, self.under, self.spelling, span, self.floored)


def number(value: int, span: Span) -> Axis:
    """A whole number."""
    return Axis({(): value} if value else {}, ONE, Spelling(str(value), str(value)), span)


def named(key: str, span: Span) -> Axis:
    """A name of a size, by its key."""
    return Axis({(key,): 1}, ONE, _name(key), span)


def _name(key: str) -> Spelling:
    if key[0] == "|":
        inner = _name(key[1:-1])
        return Spelling(f"|{inner.text}|", f"|{inner.latex}|")
    bare = key.rstrip("'")
    parts = parts_of(bare)
    if parts is None or (len(parts.base) > 1 and "_" in bare):
        return Spelling(key, rf"\mathrm{{{key}}}".replace("_", r"\_"))
    primes = key[len(bare) :]
    return Spelling(spelled(bare, Style.UNICODE) + primes, spelled(bare, Style.LATEX) + primes)


def plus(left: Axis, right: Axis, sign: int = 1) -> Axis:
    """Their sum, or with sign -1 their difference."""
    over = _sum(_product(left.over, right.under), _product(right.over, left.under), sign)
    a, b = left.spelling, right.spelling.within(SUM if sign > 0 else PRODUCT)
    mark, plain = ("+", "+") if sign > 0 else ("-", "−")
    shown = Spelling(f"{a.text}{plain}{b.text}", f"{a.latex}{mark}{b.latex}", SUM)
    return _made(left, right, over, _product(left.under, right.under), shown)


def negated(axis: Axis, sign: Span) -> Axis:
    """The size with a minus, which stands at `sign`: the -1 of -1+n."""
    shown = axis.spelling.within(PRODUCT)
    over = {names: -count for names, count in axis.over.items()}
    return Axis(over, axis.under, Spelling(f"−{shown.text}", f"-{shown.latex}", SUM), (sign[0], axis.span[1]), axis.floored)


def times(left: Axis, right: Axis) -> Axis:
    """Their product."""
    a, b = left.spelling.within(PRODUCT), right.spelling.within(PRODUCT)
    digits = b.text[0].isdigit()
    close = not digits and (a.text.isdigit() or "(" in (a.text[-1], b.text[0]) or all(len(n) == 1 for n in left.names | right.names))
    shown = Spelling(a.text + ("" if close else "·") + b.text, a.latex + (r" \cdot " if digits else " ") + b.latex, PRODUCT)
    return _made(left, right, _product(left.over, right.over), _product(left.under, right.under), shown)


def product(axes: Sequence[Axis]) -> Axis:
    """The product of sizes, at least one."""
    return reduce(times, axes)


def divided(left: Axis, right: Axis, floor: bool = False) -> Axis:
    """Their quotient; with `floor` the whole number below it, where both are whole numbers."""
    if not right.over:
        raise NotationError("A size is divided by zero here.", span=right.span)
    a, b = left.spelling.within(PRODUCT), right.spelling.within(ATOM)
    shown = Spelling(f"{a.text}/{b.text}", f"{a.latex}/{b.latex}", PRODUCT)
    if floor and left.constant is not None and right.constant is not None:
        return number(left.constant // right.constant, (left.span[0], right.span[1]))
    return _made(left, right, _product(left.over, right.under), _product(left.under, right.over), shown, floor)


def power(base: Axis, exponent: int, span: Span) -> Axis:
    """A power with a small whole exponent."""
    if exponent > MOST_EXPONENT:
        raise LimitError(f"The exponent {exponent} is larger than {MOST_EXPONENT}, the largest that a size may have.", span=span)
    over, under = ONE, ONE
    for _ in range(exponent):
        over, under = _product(over, base.over), _product(under, base.under)
    a = base.spelling.within(ATOM)
    shown = Spelling(a.text + "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(exponent)), f"{a.latex}^{{{exponent}}}", PRODUCT)
    return Axis(over, under, shown, (base.span[0], span[1]), base.floored)


def _made(left: Axis, right: Axis, over: Polynomial, under: Polynomial, spelling: Spelling, floored: bool = False) -> Axis:
    return Axis(over, under, spelling, (left.span[0], right.span[1]), floored or left.floored or right.floored)


def _renamed(terms: Polynomial, names: Mapping[str, str]) -> Polynomial:
    total: Counter[tuple[str, ...]] = Counter()
    for key, count in terms.items():
        total[tuple(sorted(names.get(name, name) for name in key))] += count
    return _nonzero(total)


def _sum(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    total = Counter(left)
    for names, count in right.items():
        total[names] += sign * count
    return _bounded(total)


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    return left if right == ONE else _bounded(_expanded(left, right))


def _expanded(left: Polynomial, right: Polynomial) -> Polynomial:
    total: Counter[tuple[str, ...]] = Counter()
    for a, m in left.items():
        for b, n in right.items():
            total[tuple(sorted(a + b))] += m * n
    return total


def _nonzero(total: Polynomial) -> Polynomial:
    return {names: count for names, count in total.items() if count}


def _bounded(total: Polynomial) -> Polynomial:
    found = _nonzero(total)
    if len(found) > MOST_TERMS or any(c.bit_length() > MOST_BITS or len(n) > MOST_BITS for n, c in found.items()):
        raise LimitError("This size is too large to be worked out.")
    return found


__all__ = [
    "MOST_DIGITS", "Axis", "Spelling", "divided", "named", "negated", "number", "plus", "power", "product", "times",
]  # fmt: skip
