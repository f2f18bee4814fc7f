"""Convex polygons with exact corners, bounded or not, and how a straight line cuts them.

A line is a x + b y + c = 0 with whole numbers a, b, c without a common factor; a half-plane is where that is at least 0. A polygon is
its edges, each with its half-plane, counterclockwise. Its corners are whole numbers (X, Y, W): the point (X/W, Y/W), or for W = 0 the
direction (X, Y) in which it goes on without end; it consists of all means of its points plus any lengths along its directions. Knows
nothing of networks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

Point = tuple[Fraction, Fraction]
Line = tuple[int, int, int]
Corner = tuple[int, int, int]
Span = tuple[Fraction | None, Fraction | None]  # a part of a line by its parameter; None is without end

_EVERYWHERE: tuple[Corner, ...] = ((0, 0, 1), (1, 0, 0), (0, 1, 0), (-1, 0, 0), (0, -1, 0))
_FINEST = 64  # a point inside is looked for among simple fractions up to this denominator


def whole(a: Fraction, b: Fraction, c: Fraction) -> Line:
    """The positive multiple in whole numbers without a common factor.

    >>> whole(Fraction(1, 2), Fraction(0), Fraction(-3))
    (1, 0, -6)
    """
    scale = math.lcm(a.denominator, b.denominator, c.denominator)
    x, y, z = (n.numerator * (scale // n.denominator) for n in (a, b, c))
    factor = math.gcd(x, y, z) or 1
    return x // factor, y // factor, z // factor


def opposite(half: Line) -> Line:
    """The half-plane on the other side."""
    return -half[0], -half[1], -half[2]


def unsided(half: Line) -> Line:
    """The line alone: its first coefficient is positive."""
    return half if (half[0], half[1]) > (0, 0) else opposite(half)


def value(half: Line, point: Point) -> Fraction:
    """a x + b y + c."""
    return half[0] * point[0] + half[1] * point[1] + half[2]


def on(line: Line, parameter: Fraction) -> Point:
    """The point of a line with that parameter, which grows along (b, −a): with the half-plane to the left."""
    a, b, c = line
    square = a * a + b * b
    return Fraction(-a * c, square) + parameter * b, Fraction(-b * c, square) - parameter * a


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of a line from one parameter to another; None where it goes on without end."""

    line: Line
    low: Fraction | None = None
    high: Fraction | None = None

    @property
    def start(self) -> Point | None:
        """Its first point, if it has one."""
        return None if self.low is None else on(self.line, self.low)

    @property
    def end(self) -> Point | None:
        """Its last point, if it has one."""
        return None if self.high is None else on(self.line, self.high)

    @property
    def direction(self) -> tuple[int, int]:
        """The way from start to end."""
        factor = math.gcd(self.line[0], self.line[1])
        return self.line[1] // factor, -self.line[0] // factor

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def contains(self, point: Point) -> bool:
        """Whether a point lies on it, its ends included."""
        if value(self.line, point) != 0:
            return False
        a, b, _ = self.line
        at = (b * point[0] - a * point[1]) / (a * a + b * b)
        return (self.low is None or self.low <= at) and (self.high is None or at <= self.high)


@dataclass(frozen=True, slots=True)
class Polygon:
    """A convex region with an interior. No edges: the whole plane.

    `edges` go counterclockwise, each on the line of its half-plane.
    """

    edges: tuple[Segment, ...] = ()
    corners: tuple[Corner, ...] = _EVERYWHERE

    @property
    def halves(self) -> tuple[Line, ...]:
        """The half-planes that bound it; none is superfluous."""
        return tuple(edge.line for edge in self.edges)

    @property
    def bounded(self) -> bool:
        return all(w for _, _, w in self.corners)

    @property
    def vertices(self) -> tuple[Point, ...]:
        """Its corners that are points, counterclockwise."""
        return tuple(start for edge in self.edges if (start := edge.start) is not None)

    @property
    def area(self) -> Fraction | None:
        """Exactly; None where it is unbounded.

        >>> from fractions import Fraction as F
        >>> box((F(0), F(2)), (F(0), F(3))).area
        Fraction(6, 1)
        """
        if not self.bounded:
            return None
        around = self.vertices
        return sum((p[0] * q[1] - q[0] * p[1] for p, q in zip(around, around[1:] + around[:1], strict=True)), Fraction(0)) / 2

    @property
    def inside(self) -> Point:
        """A point of the interior, with small denominators where there is one near the middle."""
        points = [(Fraction(x, w), Fraction(y, w)) for x, y, w in self.corners if w]
        rays = [(x, y) for x, y, w in self.corners if not w]
        x, y = (sum((p[k] for p in points), Fraction(0)) / len(points) + sum(r[k] for r in rays) for k in (0, 1))
        denominator = 1
        while denominator <= _FINEST:
            near = Fraction(round(x * denominator), denominator), Fraction(round(y * denominator), denominator)
            if all(value(h, near) > 0 for h in self.halves):
                return near
            denominator *= 2
        return x, y

    def contains(self, point: Point) -> bool:
        """Whether a point lies in it or on its edge."""
        return all(value(h, point) >= 0 for h in self.halves)


def box(across: tuple[Fraction, Fraction], up: tuple[Fraction, Fraction]) -> Polygon:
    """The rectangle with these ends, each pair rising."""
    one, none = Fraction(1), Fraction(0)
    return polygon([whole(one, none, -across[0]), whole(-one, none, across[1]), whole(none, one, -up[0]), whole(none, -one, up[1])])


def polygon(halves: Sequence[Line]) -> Polygon:
    """What several half-planes have in common, which must have an interior; superfluous ones are left out."""
    edges = []
    for k, half in enumerate(halves):
        span = _span(half, (h for j, h in enumerate(halves) if j != k))
        if span is not None and (span[0] is None or span[0] != span[1]):
            edges.append(Segment(half, *span))
    edges.sort(key=lambda edge: _angle(*edge.direction))
    return Polygon(tuple(edges), tuple(_corners(edges)))


def cut(region: Polygon, half: Line) -> tuple[Polygon | None, Polygon | None]:
    """The part inside a half-plane and the part outside it, each with an interior or None.

    A half-plane without a line, (0, 0, c), is everything for c > 0, and nothing else.

    >>> right, left = cut(Polygon(), (1, 0, -1))
    >>> right.vertices, right.inside, left.inside
    ((), (Fraction(2, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(0, 1)))
    """
    positive, negative = _sides(region, half)
    if positive and negative:
        return polygon((*region.halves, half)), polygon((*region.halves, opposite(half)))
    return (region, None) if positive else (None, region)


def chord(region: Polygon, line: Line) -> Segment | None:
    """What a line has in common with a polygon and its edge: a segment, a single point, or None."""
    line = unsided(line)
    signs = [a * line[0] + b * line[1] + w * line[2] for a, b, w in region.corners]
    if all(s > 0 for s in signs) or all(s < 0 for s in signs):
        return None
    span = _span(line, region.halves)
    return None if span is None else Segment(line, *span)


def clipped(segment: Segment, region: Polygon) -> Segment | None:
    """The part of a segment in a polygon, where it has a length."""
    span = _span(segment.line, region.halves)
    if span is None:
        return None
    low = max((t for t in (segment.low, span[0]) if t is not None), default=None)
    high = min((t for t in (segment.high, span[1]) if t is not None), default=None)
    return None if low is not None and high is not None and low >= high else Segment(segment.line, low, high)


def common(one: Polygon, other: Polygon) -> Polygon | None:
    """What two polygons have in common, where that has an interior."""
    rest: Polygon | None = one
    for half in other.halves:
        rest = cut(rest, half)[0] if rest is not None else None
    return rest


def joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same points as few segments: those on one line that touch become one."""
    lines: dict[Line, list[Segment]] = {}
    for segment in segments:
        lines.setdefault(segment.line, []).append(segment)
    return tuple(one for line in sorted(lines) for one in _joined(lines[line]))


def _joined(segments: list[Segment]) -> Iterator[Segment]:
    """Those of one line."""
    segments.sort(key=lambda s: (s.low is not None, s.low or 0))
    current = segments[0]
    for segment in segments[1:]:
        high = current.high
        if high is None:
            break
        if segment.low is not None and segment.low > high:
            yield current
            current = segment
        elif segment.high is None or segment.high > high:
            current = Segment(current.line, current.low, segment.high)
    yield current


def _sides(region: Polygon, half: Line) -> tuple[bool, bool]:
    """Whether the interior reaches into a half-plane, and out of it."""
    a, b, c = half
    signs = [a * x + b * y + c * w for x, y, w in region.corners]
    return any(s > 0 for s in signs), any(s < 0 for s in signs)


def _span(line: Line, halves: Iterable[Line]) -> Span | None:
    """The part of a line that lies in all half-planes, their edges included."""
    a, b, c = line
    square = a * a + b * b
    low: Fraction | None = None
    high: Fraction | None = None
    for p, q, r in halves:
        slope, start = p * b - q * a, r * square - c * (a * p + b * q)  # start is the value at parameter 0, times the square
        if slope == 0:
            if start < 0:
                return None
            continue
        at = Fraction(-start, slope * square)
        if slope > 0:
            low = at if low is None or at > low else low
        else:
            high = at if high is None or at < high else high
        if low is not None and high is not None and low > high:
            return None
    return low, high


def _angle(x: int, y: int) -> tuple[int, int, Fraction]:
    """A number triple that grows with the angle of a direction from 0 to a full turn."""
    half = 0 if y > 0 or (y == 0 and x > 0) else 1
    return half, int(y != 0), Fraction(-x, y) if y else Fraction(0)


def _corners(edges: Sequence[Segment]) -> Iterator[Corner]:
    if not edges:
        yield from _EVERYWHERE
    for edge in edges:
        x, y = edge.direction
        start = edge.start
        if start is not None:
            scale = math.lcm(start[0].denominator, start[1].denominator)
            yield int(start[0] * scale), int(start[1] * scale), scale
        else:
            yield -x, -y, 0
        if edge.end is None:
            yield x, y, 0
            if start is None:  # a whole line has no end that stands for its place
                yield _foot(edge.line)
    if len(edges) == 1:
        yield edges[0].line[0], edges[0].line[1], 0


def _foot(line: Line) -> Corner:
    """The point of a line that is nearest to the origin."""
    a, b, c = line
    square = a * a + b * b
    factor = math.gcd(a * c, b * c, square)
    return -a * c // factor, -b * c // factor, square // factor


__all__ = ["Corner", "Line", "Point", "Polygon", "Segment", "box", "chord", "clipped", "common", "cut", "joined", "on", "opposite",
           "polygon", "unsided", "value", "whole"]
