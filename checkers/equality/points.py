"""Exact points to compare at: drawn from declared domains, and aimed at the places where a definition switches.

Every coordinate is a rational number of random sign and log-uniform size, so nothing is lost by evaluating there. Aimed
points lie on a switch (an argument of max, |·|, a condition, a divisor is exactly zero there), and at small distances on both
sides of it. Everything is drawn from one seeded generator.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from ...derivations.elements.elements import Element, number, plus, scaled
from ...derivations.elements.enclosures import Enclosures, ball, exact, is_exact, is_known
from ...derivations.elements.functions import FUNCTIONS
from ...derivations.sizes import Shape, value_of

Array = Any  # a NumPy array of fmpq

_NEAR, _NEAREST = 20, 64  # aimed points lie 2⁻²⁰ and 2⁻⁶⁴ beside a switch, so that no shift of it goes unseen
_MOST_SWITCHES = 10
_MOST_MOVED = 12  # coordinates that are moved, until
_MOST_AIMED = 2  # points are found that way, of
_MOST_ENTRIES = 2  # entries of a switch


def rational(rng: random.Random) -> fmpq:
    """A number of random sign and log-uniform size between 2⁻⁸ and 2⁴, never 0 or ±1."""
    return fmpq(rng.choice((-1, 1)) * (2 * rng.randrange(1 << 13, 1 << 14) + 1), 1 << rng.randrange(11, 23))


def _entry(rng: random.Random) -> fmpq:
    """A number of random sign between 2⁻³ and 2, so that sums of many stay of one size; two are hardly ever equal."""
    bits = rng.getrandbits(16)  # 13 for the digits, one for the sign, two for the size
    digits = 2 * ((1 << 13) + (bits & 8191)) + 1
    return fmpq(digits if bits & 8192 else -digits, 1 << (14 + (bits >> 14)))


def _filled(count: int, shape: Sequence[int], one: Callable[[], Any]) -> Array:
    flat = np.empty(count * prod(shape), dtype=object)
    flat[:] = [one() for _ in range(flat.size)]
    return flat.reshape((count, *shape))


def _any(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    return _filled(count, shape, lambda: _entry(rng)) if shape else _filled(count, shape, lambda: rational(rng))


def _positive(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    return abs(_any(rng, count, shape))


def _between(rng: random.Random) -> fmpq:
    return fmpq(2 * rng.randrange(0, 512) + 1, 1024)


def _unit(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    return _filled(count, shape, lambda: _between(rng))


def _small(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    return _filled(count, shape, lambda: rng.choice((-1, 1)) * _between(rng))


def _probability(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    parts = _filled(count, shape, lambda: fmpq(rng.randrange(1, 32)))
    return parts / parts.sum(axis=-1, keepdims=True) if shape else _unit(rng, count, shape)


def _one_hot(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    if not shape:
        return _filled(count, shape, lambda: fmpq(rng.randrange(2)))
    hot = _filled(count, shape, lambda: fmpq(0))
    for place in np.ndindex(*hot.shape[:-1]):
        hot[(*place, rng.randrange(shape[-1]))] = fmpq(1)
    return hot


def _turned(x: Array) -> Array:
    return x.swapaxes(-1, -2)


def _symmetric(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    x = _any(rng, count, shape)
    return (x + _turned(x)) / fmpq(2) if len(shape) > 1 else x


def _skew(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    x = _any(rng, count, shape)
    return (x - _turned(x)) / fmpq(2) if len(shape) > 1 else x


def _positive_definite(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    if len(shape) < 2:
        return _positive(rng, count, shape)
    x = _any(rng, count, shape)
    x = np.einsum("...ij,...kj->...ik", x, x)
    for i in range(shape[-1]):
        x[..., i, i] = x[..., i, i] + fmpq(1, 2)
    return x


def _positive_determinant(rng: random.Random, count: int, shape: Sequence[int]) -> Array:
    x = _any(rng, count, shape)
    for matrix in x if len(shape) == 2 else ():
        if fmpq_mat(shape[0], shape[1], list(matrix.ravel())).det() < 0:
            matrix[0] = -matrix[0]
    return x


# Every domain that can be declared, and how points of it are drawn: (generator, how many, shape of one) → exact values.
DOMAINS: dict[str, Callable[[random.Random, int, Sequence[int]], Array]] = {
    "any": _any, "nonzero": _any, "invertible": _any, "full_column_rank": _any,
    "positive": _positive, "nonnegative": _positive, "negative": lambda rng, n, shape: -_positive(rng, n, shape), "small": _small,
    "unit": _unit, "unit_interval": _unit, "above_one": lambda rng, n, shape: 1 + _positive(rng, n, shape),
    "binary": lambda rng, n, shape: _filled(n, shape, lambda: fmpq(rng.randrange(2))),
    "plus_minus_one": lambda rng, n, shape: _filled(n, shape, lambda: fmpq(rng.choice((-1, 1)))),
    "integer": lambda rng, n, shape: _filled(n, shape, lambda: fmpq(rng.randrange(-9, 10))),
    "posint": lambda rng, n, shape: _filled(n, shape, lambda: fmpq(rng.randrange(1, 10))),
    "probability": _probability, "simplex": _probability, "one_hot": _one_hot,
    "symmetric": _symmetric, "skew": _skew, "spd": _positive_definite, "pos_det": _positive_determinant,
}  # fmt: skip
# Domains in which one coordinate can be moved alone, with the bounds it has to keep.
_MOVABLE: dict[str, tuple[Fraction | None, Fraction | None]] = {
    "any": (None, None), "nonzero": (None, None), "invertible": (None, None), "full_column_rank": (None, None),
    "positive": (Fraction(0), None), "nonnegative": (Fraction(0), None), "negative": (None, Fraction(0)),
    "small": (Fraction(-1), Fraction(1)),
    "above_one": (Fraction(1), None), "unit": (Fraction(0), Fraction(1)), "unit_interval": (Fraction(0), Fraction(1)),
}  # fmt: skip

_CLOSED = frozenset(("nonnegative", "unit_interval"))  # domains that hold their bounds


def draw(rng: random.Random, shapes: Mapping[str, Shape], sizes: Mapping[str, int], domains: Mapping[str, str], count: int,
         otherwise: str = "any") -> dict[str, Array]:
    """`count` exact points: a value of every variable, the points along the first axis.

    `otherwise` is the domain of variables without a declared one.
    """
    values = {}
    for name, shape in sorted(shapes.items()):
        domain = domains.get(name, "any")
        values[name] = DOMAINS[otherwise if domain == "any" else domain](rng, count, [value_of(s, sizes) for s in shape])
    return values


def switches(elements: Iterable[Element], powers: bool = True) -> list[Element]:
    """What is zero where a definition switches: arguments of |·|, max and conditions; up to ten of each tensor.

    With `powers` also divisors, and what is squared: that may be a narrow bump.
    """
    found: dict[Element, None] = {}
    for element in elements:
        found.update(dict.fromkeys(g for g in _switches(element, powers)[:_MOST_SWITCHES] if g.names))
    return list(found)


def _switches(element: Element, powers: bool) -> list[Element]:
    found: list[Element] = []
    for n in element.walk():
        if n.kind == "map":
            row = FUNCTIONS[n.value]
            if row.arity == 2 and (row.name in ("maximum", "minimum") or not row.name.isalpha()):
                found.append(plus([n.args[0], scaled(-1, n.args[1])]))
            found += [plus([n.args[0], number(-kink)]) if kink else n.args[0] for kink in row.kinks if row.arity == 1]
        elif powers and n.kind == "power" and (n.value < 0 or (n.value % 2 == 0 and n.args[0].kind == "sum")):
            found.append(n.args[0])
    return found


@dataclass(frozen=True, slots=True)
class Aimed:
    """A point at a switch, with two neighbours on each side: five points in a row; `exactly` if the middle one lies on it."""

    values: Mapping[str, Array]
    exactly: bool


def aimed(switch: Element, base: Mapping[str, Array], sizes: Mapping[str, int], domains: Mapping[str, str],
          rng: random.Random, bumps: bool = True) -> list[Aimed]:
    """Points at a switch: one coordinate of a point is moved to where one entry of the switch is zero.

    `base` is one point; coordinates are tried until one of them moves the switch. With `bumps`, the place where a switch is
    nearest to zero counts where it never is zero.
    """
    movable = [name for name in sorted(switch.names) if domains.get(name, "any") in _MOVABLE]
    places = [(name, (0, *place)) for name in movable for place in np.ndindex(*base[name].shape[1:])]
    rng.shuffle(places)
    found: list[Aimed] = []
    for name, place in places[:_MOST_MOVED]:
        domain = domains.get(name, "any")
        for root, exactly in _Line(switch, base, name, place, sizes, bumps).roots(rng):
            if (beside := _beside(root, domain)) is not None:
                found.append(Aimed(_moved(base, name, place, beside), exactly))
        if len(found) >= _MOST_AIMED or not (found or bumps):
            break  # a divisor that one coordinate cannot bring to zero is left
    return found[:_MOST_AIMED]


def _beside(root: fmpq, domain: str) -> list[fmpq] | None:
    """A place between two neighbours on each side (on the inner side alone, at a bound); None outside of the domain."""
    low, high = (None if bound is None else exact(bound) for bound in _MOVABLE[domain])
    room = [abs(root - bound) for bound in (low, high) if bound is not None and bound != root]
    if (low is not None and root < low) or (high is not None and root > high) or (root in (low, high) and domain not in _CLOSED):
        return None
    near = min([max(abs(root), fmpq(1)) / (1 << _NEAR), *(r / 2 for r in room)])
    nearest = near / (1 << (_NEAREST - _NEAR))
    left, right = (1 if root == low else -1), (-1 if root == high else 1)
    return [root + left * near, root + left * nearest, root, root + right * nearest, root + right * near]


def _moved(base: Mapping[str, Array], name: str, place: tuple[int, ...], to: Sequence[fmpq]) -> dict[str, Array]:
    """The first point of `base`, repeated with one coordinate at each of the given values."""
    values = {n: np.repeat(v[:1], len(to), axis=0) for n, v in base.items()}
    for k, t in enumerate(to):
        values[name][(k, *place[1:])] = t
    return values


@dataclass(frozen=True, slots=True)
class _Line:
    """A switch along one coordinate of a point."""

    switch: Element
    base: Mapping[str, Array]
    name: str
    place: tuple[int, ...]
    sizes: Mapping[str, int]
    bumps: bool

    def at(self, to: Sequence[fmpq]) -> list[list[Any]]:
        """All entries of the switch with the coordinate at each of the given values: a list for every entry."""
        result = np.asarray(Enclosures(_moved(self.base, self.name, self.place, to), self.sizes)(self.switch), dtype=object)
        return [list(column) for column in result.reshape(len(to), -1).T]

    def roots(self, rng: random.Random) -> list[tuple[fmpq, bool]]:
        """Where an entry of the switch is zero, and whether exactly there; up to two."""
        entries = [(k, line) for k, line in enumerate(self.at([fmpq(0), fmpq(1), fmpq(2)])) if not _constant(line)]
        rng.shuffle(entries)
        found: list[tuple[fmpq, bool]] = []
        for k, line in entries[:_MOST_ENTRIES]:
            if all(is_exact(x) for x in line) and line[2] - line[1] == line[1] - line[0]:
                found.append((-line[0] / (line[1] - line[0]), True))
            else:
                found += self.curved(k)
        return found[:_MOST_ENTRIES]

    def curved(self, entry: int) -> list[tuple[fmpq, bool]]:
        """Zeros of an entry that is no linear function of the coordinate: by changes of sign over a grid."""
        near = (fmpq(k, 8) for k in (0, 1, 2, 4, 7, 9, 13, 20, 27, 40, 80, 400))
        grid = sorted({s * t for t in (*near, *(fmpq(2) ** k for k in (9, 14, 21, 28, 36, 44))) for s in (-1, 1)})
        line = self.at(grid)[entry]
        roots = [(t, True) for t, x in zip(grid, line, strict=True) if is_exact(x) and x == 0]
        changes = [(a, b, bool(fa < 0)) for (a, fa), (b, fb) in pairwise(zip(grid, line, strict=True)) if (fa < 0 < fb) or (fb < 0 < fa)]
        changes.sort(key=lambda change: float(abs(ball(change[0] + change[1]).mid())))  # the nearest are the most telling
        roots += [self.closed_in(entry, *change) for change in changes[:_MOST_ENTRIES]]
        return roots or (self.lowest(entry, grid, line) if self.bumps else [])

    def lowest(self, entry: int, grid: Sequence[fmpq], line: Sequence[Any]) -> list[tuple[fmpq, bool]]:
        """Where no sign changes: the place of the smallest absolute value, which a narrow bump may just reach."""
        known = [(abs(ball(x).mid()), k) for k, x in enumerate(line) if is_known(x)]
        if not known:
            return []
        k = min(known, key=lambda pair: (float(pair[0]), pair[1]))[1]
        a, b = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
        middle = (a + b) / 2
        for _ in range(12):
            steps = [a + (b - a) * i / 16 for i in range(17)]
            values = [float(abs(ball(x).mid())) if is_known(x) else math.inf for x in self.at(steps)[entry]]
            best = values.index(min(values))
            middle = steps[best]
            a, b = steps[max(best - 1, 0)], steps[min(best + 1, 16)]
        near = exact(Fraction(int(middle.p), int(middle.q)).limit_denominator(1 << 40))
        return [(near, self.vanishes(entry, near))]

    def closed_in(self, entry: int, a: fmpq, b: fmpq, rising: bool) -> tuple[fmpq, bool]:
        """A change of sign, closed in from both sides; a simple fraction near it if that is the zero itself."""
        for _ in range(7):
            steps = [a + (b - a) * k / 64 for k in range(65)]
            line = self.at(steps)[entry]
            below = [(x < 0) == rising and is_known(x) and not (is_exact(x) and x == 0) for x in line]
            k = next((k for k in range(1, 65) if not below[k]), 64)
            a, b = steps[k - 1], steps[k]
        middle = Fraction(int((a + b).p), int((a + b).q) * 2)
        simple = exact(middle.limit_denominator(1000))
        if a <= simple <= b and self.vanishes(entry, simple):
            return simple, True
        near = exact(middle.limit_denominator(1 << 40))
        return near, self.vanishes(entry, near)

    def vanishes(self, entry: int, at: fmpq) -> bool:
        """Whether an entry is exactly zero there."""
        x = self.at([at])[entry][0]
        return is_exact(x) and x == 0


def _constant(line: Sequence[Any]) -> bool:
    """Whether an entry does not move, as far as its values tell."""
    return all(is_exact(x) for x in line) and line[0] == line[1] == line[2]


__all__ = ["DOMAINS", "Aimed", "aimed", "draw", "rational", "switches"]
