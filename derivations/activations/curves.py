"""How a function of one number runs: limits, range, where it rises, how steep it gets, kinks and flat ends.

The function is cut at its breakpoints into pieces on which it is smooth; there SymPy gives limits and derivatives, and the
zeros of f′ and f″ are isolated by balls (`balls.py`), between them no sign can change. Nothing is typed in for a
function. What was found is then held against values of the function on a wide grid: a contradiction is a defect.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import arguments, definition, library
from ..errors import DefectError
from .balls import number, sign, zeros

# Zeros are looked for in here; no end is a simple number, so that halving does not hit a zero exactly. Beyond, the grid
# below watches the signs.
_LOW, _HIGH = Fraction(-40) - Fraction(1, 7), Fraction(40) + Fraction(1, 11)
_FAR = tuple(Fraction(n) for n in (41, 60, 100, 400, 1_000, 10_000))
_NEAR = tuple(Fraction(n, 8) + Fraction(1, 31) for n in range(41)) + tuple(Fraction(n) for n in range(6, 40, 3))
GRID = tuple(sorted(s * p for p in _NEAR + _FAR for s in (-1, 1)))
_LONGEST_FRACTION = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A number, exactly where SymPy knows it (`exact`), else to many digits; infinite ones too."""

    value: float
    exact: Any = None

    @classmethod
    def of(cls, expression: Any) -> Number:
        """A SymPy number; fractions too long to read count as decimals."""
        sp = library()
        if expression.is_infinite:
            return cls(math.inf if expression.is_extended_positive else -math.inf, expression)
        long = expression.is_Rational and len(str(expression)) > _LONGEST_FRACTION
        short = not long and sp.count_ops(expression) <= 2
        return cls(float(expression), expression if short else None)

    @property
    def is_finite(self) -> bool:
        return math.isfinite(self.value)


@dataclass(frozen=True)
class Piece:
    """A part of the line on which the function is smooth, with its definition there; infinite ends are SymPy's."""

    low: Any
    high: Any
    f: Any
    x: Any

    @cached_property
    def slope(self) -> Any:
        return library().diff(self.f, self.x)

    @property
    def inside(self) -> Fraction:
        """A point inside."""
        return _between(self.low, self.high)

    def turning_points(self, order: int) -> list[Fraction]:
        """Zeros of f′ (order 1) or f″ (order 2) inside the piece."""
        sp = library()
        g = sp.diff(self.f, self.x, order)
        if not g.has(self.x):
            return []
        if not g.has(sp.tanh, sp.erf):  # e^x/(1 + e^x) − e^(2x)/(1 + e^x)² is nothing that balls could see through
            g = sp.factor(g)
        low, high = (_fraction(end) if end.is_finite else far for end, far in ((self.low, _LOW), (self.high, _HIGH)))
        return zeros(g, sp.diff(g, self.x), self.x, low, high)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The end of a range: its value, whether the function takes it, and at which points."""

    value: Number
    attained: bool
    at: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Steepness:
    """The least upper bound of |f′|: taken at points, on whole pieces (`along`), or only approached (`towards`)."""

    value: Number
    at: tuple[Number, ...] = ()
    along: tuple[tuple[Number, Number], ...] = ()
    towards: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Kink:
    """A place where the slope jumps: slopes on both sides, and the one taken by convention."""

    at: Number
    left: Number
    right: Number
    convention: Number


@dataclass(frozen=True, slots=True)
class End:
    """What happens towards −∞ or ∞: limit and slope; the asymptote is slope·x + offset, which the last piece may be itself."""

    towards: Number
    limit: Number
    slope: Number
    offset: Number
    straight: bool

    @property
    def flat(self) -> bool:
        """Whether the last piece is constant."""
        return self.straight and self.slope.value == 0

    @property
    def saturates(self) -> bool:
        """Whether gradients die there."""
        return self.slope.value == 0


@dataclass(frozen=True, slots=True)
class Run:
    """A part of the line on which the slope has one sign: −1, 0 (constant) or 1."""

    low: Number
    high: Number
    sign: int


@dataclass(frozen=True, slots=True)
class Curve:
    """Everything that is found out about a function."""

    left: End
    right: End
    lowest: Extreme
    highest: Extreme
    runs: tuple[Run, ...]
    steepest: Steepness
    kinks: tuple[Kink, ...]
    smooth_joints: tuple[Number, ...]
    odd: bool

    @property
    def monotone(self) -> str:
        """“increasing”, “decreasing” (both strictly), “non-decreasing”, “non-increasing”, “constant”, or “no”."""
        signs = {run.sign for run in self.runs}
        if {-1, 1} <= signs:
            return "no"
        names = {1: ("increasing", "non-decreasing"), -1: ("decreasing", "non-increasing"), 0: ("constant", "constant")}
        return names[max(signs, key=abs)][0 in signs]

    @property
    def is_symmetric(self) -> bool:
        """Whether the range is symmetric about 0."""
        return self.lowest.value.value == -self.highest.value.value and self.lowest.attained == self.highest.attained

    @property
    def zero_centred(self) -> bool:
        """Whether outputs balance about 0: a symmetric range and an odd function."""
        return self.is_symmetric and self.odd


def study(function: str, parameters: Mapping[str, Fraction]) -> Curve:
    """Find out how a function runs, for given numbers in place of its parameters.

    Raises:
        DefectError: a finding is contradicted by values of the function.

    >>> curve = study("sigmoid", {})
    >>> curve.lowest.value.value, curve.highest.value.value, curve.steepest.value.exact, curve.zero_centred
    (0.0, 1.0, 1/4, False)
    """
    pieces = pieces_of(function, parameters)
    slope_at = _conventions(function, pieces, parameters)
    joints = [(a, b, *_one_sided(a, b)) for a, b in pairwise(pieces)]
    kinks = tuple(Kink(Number.of(a.high), Number.of(l), Number.of(r), Number.of(slope_at[a.high])) for a, _, l, r in joints if l != r)
    ends = [_end(pieces[0], -1), _end(pieces[-1], 1)]
    turning = [[_recognised(p, z, 1) for z in p.turning_points(1)] for p in pieces]
    lowest, highest = _range(pieces, turning, ends)
    curve = Curve(
        left=ends[0], right=ends[1], lowest=lowest, highest=highest, runs=_runs(pieces, turning),
        steepest=_steepest(pieces, ends, slope_at), kinks=kinks,
        smooth_joints=tuple(Number.of(a.high) for a, _, l, r in joints if l == r), odd=_is_odd(pieces),
    )
    _verify(curve, pieces)
    return curve


# Cutting into pieces


def pieces_of(function: str, parameters: Mapping[str, Fraction]) -> list[Piece]:
    """The function cut at its breakpoints, numbers put in for its parameters."""
    sp, row = library(), FUNCTIONS[function]
    x, *symbols = arguments(row)
    numbers = {s: sp.Rational(parameters[s.name].numerator, parameters[s.name].denominator) for s in symbols}
    expression = definition(function).subs(numbers)
    breaks = {sp.Rational(k.numerator, k.denominator) for k in row.kinks}
    for relation in expression.atoms(sp.core.relational.Relational):
        breaks |= set(sp.solve(relation.lhs - relation.rhs, x))
    for call in expression.atoms(sp.Abs):
        breaks |= set(sp.solve(call.args[0], x))
    edges = [-sp.oo, *sorted(breaks), sp.oo]
    return [Piece(a, b, _on(expression, x, _between(a, b)), x) for a, b in pairwise(edges)]


def _on(expression: Any, x: Any, inside: Fraction) -> Any:
    """The expression as it is around a point, without cases."""
    sp = library()
    at = sp.Rational(inside.numerator, inside.denominator)
    chosen = (
        (sp.Piecewise, lambda *branches: next(e for e, c in branches if c.subs(x, at) == sp.true)),
        (sp.Max, lambda *args: max(args, key=lambda a: a.subs(x, at))),
        (sp.Abs, lambda u: u if u.subs(x, at) > 0 else -u),
    )
    for kind, choose in chosen:
        expression = expression.replace(kind, choose)
    return expression


def _between(low: Any, high: Any) -> Fraction:
    if low.is_infinite and high.is_infinite:
        return Fraction(1, 2)
    if low.is_infinite or high.is_infinite:
        return _fraction(high) - 1 if low.is_infinite else _fraction(low) + 1
    return (_fraction(low) + _fraction(high)) / 2


def _fraction(rational: Any) -> Fraction:
    return Fraction(int(rational.p), int(rational.q))


# Points


@dataclass(frozen=True, slots=True)
class _Point:
    """A zero of f′ or f″: where, to many digits, and its exact value where that was recognised and proved."""

    place: Fraction
    exact: Any

    @property
    def number(self) -> Number:
        return Number(float(self.place)) if self.exact is None else Number.of(self.exact)


def _recognised(piece: Piece, zero: Fraction, order: int) -> _Point:
    """A zero that is a simple rational, or the root of one, as such: 0, √2. SymPy proves it by putting it in."""
    sp = library()
    g = sp.diff(piece.f, piece.x, order)
    for candidate in _simple(zero):
        if sp.simplify(g.subs(piece.x, candidate)) == 0:
            return _Point(zero, candidate)
    return _Point(zero, None)


def _simple(zero: Fraction) -> Iterable[Any]:
    sp = library()
    near, square = zero.limit_denominator(12), (zero * zero).limit_denominator(12)
    if abs(near - zero) < Fraction(1, 10**20):
        yield sp.Rational(near.numerator, near.denominator)
    elif abs(square - zero * zero) < Fraction(1, 10**20):
        root = sp.sqrt(sp.Rational(square.numerator, square.denominator))
        yield root if zero > 0 else -root


def _value(expression: Any, x: Any, point: _Point) -> Number:
    """The value at a point: exact if it is a rational number, else its decimals."""
    sp = library()
    if point.exact is not None:
        value = sp.simplify(expression.subs(x, point.exact))
        if value.is_Rational:
            return Number.of(value)
    return Number(number(expression, x, point.place))


# Findings


def _one_sided(a: Piece, b: Piece) -> tuple[Any, Any]:
    """The slopes on both sides of the joint of two pieces; the values must agree there."""
    at = a.high
    left, right = a.f.subs(a.x, at), b.f.subs(b.x, at)
    if library().simplify(left - right) != 0:
        raise DefectError(f"The pieces {a.f} and {b.f} do not meet at {at}.")
    return a.slope.subs(a.x, at), b.slope.subs(b.x, at)


def _conventions(function: str, pieces: Sequence[Piece], parameters: Mapping[str, Fraction]) -> dict[Any, Any]:
    """The slope that is taken at every joint: that of the branch to which the joint itself belongs."""
    sp, row = library(), FUNCTIONS[function]
    x, *symbols = arguments(row)
    numbers = {s: sp.Rational(parameters[s.name].numerator, parameters[s.name].denominator) for s in symbols}
    slope = sp.diff(definition(function).rewrite(sp.Piecewise).subs(numbers), x)
    slope = slope.replace(sp.Heaviside, lambda u, *_: sp.Piecewise((1, u > 0), (0, True)))
    return {p.high: slope.subs(x, p.high) for p in pieces[:-1]}


def _end(piece: Piece, side: int) -> End:
    sp, x = library(), piece.x
    towards = side * sp.oo
    limit, slope = (sp.limit(e, x, towards) for e in (piece.f, piece.slope))
    offset = sp.limit(piece.f - slope * x, x, towards) if slope.is_finite else sp.nan
    return End(Number.of(towards), Number.of(limit), Number.of(slope), Number.of(offset),
               sp.expand(piece.f - slope * x - offset) == 0)


def _range(pieces: Sequence[Piece], turning: Sequence[Sequence[_Point]], ends: Sequence[End]) -> tuple[Extreme, Extreme]:
    """The least and the largest value: of the limits, the joints and the turning points."""
    found = [Extreme(end.limit, end.flat) for end in ends]
    found += [Extreme(Number.of(p.f.subs(p.x, p.high)), True, (Number.of(p.high),)) for p in pieces[:-1]]
    found += [Extreme(_value(p.f, p.x, z), True, (z.number,)) for p, zs in zip(pieces, turning, strict=True) for z in zs]

    def best(choose: Any) -> Extreme:
        value = choose(e.value.value for e in found)
        same = [e for e in found if e.value.value == value]
        attained = any(e.attained for e in same)
        flat = any(e.attained and not e.at for e in same)
        places = () if flat else tuple(a for e in same for a in e.at)
        return Extreme(same[0].value, attained, places)

    return best(min), best(max)


def _runs(pieces: Sequence[Piece], turning: Sequence[Sequence[_Point]]) -> tuple[Run, ...]:
    """The line from left to right by the sign of the slope; neighbours with the same sign are one."""
    runs: list[Run] = []
    for piece, points in zip(pieces, turning, strict=True):
        edges = [Number.of(piece.low), *(z.number for z in points), Number.of(piece.high)]
        places = [piece.low, *(library().Rational(z.place.numerator, z.place.denominator) for z in points), piece.high]
        for (a, b), (low, high) in zip(pairwise(edges), pairwise(places), strict=True):
            here = sign(piece.slope, piece.x, _between(low, high)) if piece.slope != 0 else 0
            if here == 0 and piece.slope != 0:
                raise DefectError(f"The sign of {piece.slope} between {a.value} and {b.value} was not found.")
            if runs and runs[-1].sign == here:
                runs[-1] = Run(runs[-1].low, b, here)
            else:
                runs.append(Run(a, b, here))
    return tuple(runs)


def _steepest(pieces: Sequence[Piece], ends: Sequence[End], slope_at: Mapping[Any, Any]) -> Steepness:
    """The least upper bound of |f′|: of zeros of f″, constant slopes, limits, and both sides of the joints."""
    at: list[tuple[Number, Number]] = []
    along: list[tuple[Number, tuple[Number, Number]]] = []
    towards = [(end.slope, end.towards) for end in ends]
    for p in pieces:
        if not p.slope.has(p.x):
            along.append((Number.of(p.slope), (Number.of(p.low), Number.of(p.high))))
            continue
        points = [_recognised(p, z, 2) for z in p.turning_points(2)]
        at += [(_value(p.slope, p.x, z), z.number) for z in points]
        for end in (p.low, p.high):
            if end.is_finite:
                value = p.slope.subs(p.x, end)
                (at if value == slope_at[end] else towards).append((Number.of(value), Number.of(end)))
    top = max((v for v, _ in [*at, *along, *towards]), key=lambda v: abs(v.value))
    largest = abs(top.value)
    whole = tuple(dict.fromkeys(w for v, w in along if abs(v.value) == largest))
    points_at = () if whole else tuple(dict.fromkeys(w for v, w in at if abs(v.value) == largest))
    approached = () if whole or points_at else tuple(dict.fromkeys(w for v, w in towards if abs(v.value) == largest))
    return Steepness(Number(largest, abs(top.exact) if top.exact is not None else None), points_at, whole, approached)


def _is_odd(pieces: Sequence[Piece]) -> bool:
    """f(−x) = −f(x), proved by SymPy piece by piece."""
    sp = library()
    mirrored = zip(pieces, reversed(pieces), strict=True)
    return all(p.low == -q.high and sp.simplify(p.f + q.f.subs(p.x, -p.x)) == 0 for p, q in mirrored)


# Against values


def _verify(curve: Curve, pieces: Sequence[Piece]) -> None:
    """The findings against values on the grid, far out too, by balls: they neither overflow nor round."""
    low, high, steep = curve.lowest.value.value, curve.highest.value.value, curve.steepest.value.value
    previous: tuple[Fraction, float] | None = None
    for point in GRID:
        piece = next(p for p in pieces if (p.low.is_infinite or _fraction(p.low) <= point)
                     and (p.high.is_infinite or point <= _fraction(p.high)))
        value, slope = number(piece.f, piece.x, point), number(piece.slope, piece.x, point)
        if not (low - 1e-9 <= value <= high + 1e-9 and abs(slope) <= steep + 1e-9):
            raise DefectError(f"At x = {float(point)} the value {value} or the slope {slope} is outside what was found.")
        run = next(r for r in curve.runs if r.low.value <= point <= r.high.value)
        if previous and run.low.value <= previous[0] and (value - previous[1]) * run.sign < -1e-15 * (1 + abs(value)):
            raise DefectError(f"The function does not run as found between {float(previous[0])} and {float(point)}.")
        previous = point, value
    for end, point in ((curve.left, GRID[0]), (curve.right, GRID[-1])):
        piece = pieces[0] if point < 0 else pieces[-1]
        value = number(piece.f, piece.x, point)
        line = end.slope.value * float(point) + end.offset.value if end.offset.is_finite else end.limit.value
        if abs(value - line) > 1e-3 * (1 + abs(float(point)) * abs(end.slope.value)):
            raise DefectError(f"At x = {float(point)} the function is {value}, not near {line}.")


__all__ = ["Curve", "End", "Extreme", "Kink", "Number", "Piece", "Run", "Steepness", "pieces_of", "study"]
