"""Sizes that are not known yet, and what is learned when two sizes have to be equal.

A size is a `Size` of sizes.py, an `Unknown`, or a `Composite` of them (the axes of a Kronecker product). An unknown
size is never 1: what is a number, a column or a matrix is decided before sizes are compared. Knows nothing about
expressions.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import DefectError
from ..sizes import Shape, Size, plus, times


class Unknown:
    """A size to be found. `hints` are names it could have; those in `usual` it has in the homework's X, Y, W, w, x."""

    __slots__ = ("hints", "known", "usual")

    def __init__(self, *hints: str, usual: tuple[str, ...] = ()):
        self.hints = hints
        self.usual = usual
        self.known: AnySize | None = None


class Composite:
    """A product or a sum of sizes some of which are unknown."""

    __slots__ = ("op", "parts")

    def __init__(self, op: str, parts: tuple[AnySize, ...]):
        self.op = op
        self.parts = parts


AnySize = Size | Unknown | Composite
AnyShape = tuple[AnySize, ...]


def settled(size: AnySize) -> AnySize:
    """What is known of a size by now."""
    while isinstance(size, Unknown):
        if size.known is None:
            return size
        size = size.known
    if isinstance(size, Composite):
        parts = [settled(p) for p in size.parts]
        sizes = [p for p in parts if isinstance(p, (int, str))]
        if len(sizes) == len(parts):
            return times(sizes) if size.op == "times" else plus(sizes)
    return size


def combined(op: str, parts: Iterable[AnySize]) -> AnySize:
    """The product or the sum of sizes."""
    return settled(Composite(op, tuple(parts)))


class Equations:
    """What has been found out, with a way back."""

    __slots__ = ("trail",)

    def __init__(self) -> None:
        self.trail: list[tuple[Unknown, tuple[str, ...], tuple[str, ...]]] = []

    def fit(self, a: AnySize, b: AnySize) -> bool:
        """Whether two sizes can be equal."""
        a, b = settled(a), settled(b)
        if a is b or a == b:
            return True
        return (isinstance(a, Unknown) and b != 1) or (isinstance(b, Unknown) and a != 1)

    def equate(self, a: AnySize, b: AnySize) -> bool:
        """Make two sizes equal, if they can be."""
        a, b = settled(a), settled(b)
        if a is b or a == b:
            return True
        if isinstance(a, Composite) and isinstance(b, Composite) and a.op == b.op and len(a.parts) == len(b.parts):
            return all(self.equate(x, y) for x, y in zip(a.parts, b.parts, strict=True))
        for product, whole in ((a, b), (b, a)):
            if isinstance(product, Composite) and product.op == "times" and isinstance(whole, str):
                return self.divided(product, whole)
        if not isinstance(a, Unknown):
            a, b = b, a
        if not isinstance(a, Unknown) or b == 1 or (isinstance(b, Composite) and _inside(a, b)):
            return False
        if isinstance(b, Unknown):
            self.trail.append((b, b.hints, b.usual))
            b.hints = tuple(dict.fromkeys((*a.hints, *b.hints)))
            b.usual = tuple(dict.fromkeys((*a.usual, *b.usual)))
        self.trail.append((a, a.hints, a.usual))
        a.known = b
        return True

    def divided(self, product: Composite, whole: str) -> bool:
        """Make a product with one unknown factor equal to a product of names, d · ? = d · k."""
        left = whole.split("*")
        unknown = []
        for part in map(settled, product.parts):
            if isinstance(part, Unknown):
                unknown.append(part)
            elif str(part) in left:
                left.remove(str(part))
            elif part != 1:
                return False
        return len(unknown) == 1 and len(left) == 1 and self.equate(unknown[0], left[0])

    def undo(self, mark: int) -> None:
        """Forget what was learned since the trail had length `mark`."""
        while len(self.trail) > mark:
            unknown, hints, usual = self.trail.pop()
            unknown.hints, unknown.usual, unknown.known = hints, usual, None


def _inside(unknown: Unknown, composite: Composite) -> bool:
    todo: list[AnySize] = list(composite.parts)
    while todo:
        part = settled(todo.pop())
        if part is unknown:
            return True
        if isinstance(part, Composite):
            todo.extend(part.parts)
    return False


def concrete(shape: AnyShape) -> Shape:
    """A shape all of whose sizes are known."""
    sizes = []
    for size in shape:
        size = settled(size)
        if not isinstance(size, (int, str)):
            raise DefectError("A size is still unknown at the end of reading.")
        sizes.append(size)
    return tuple(sizes)
