"""What all writers share: a piece of text with how tightly it binds, and the way through a tree.

Knows no style and no operation. Nothing here recurses: a tree may be thousands of nodes deep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

from ..sizes import Shape, Size
from .spellings import Precedence
from .written import Written

T = TypeVar("T")

COMPARE, ADD, NEGATE = Precedence.COMPARE, Precedence.ADD, Precedence.NEGATE
MULTIPLY, POWER, ATOM = Precedence.MULTIPLY, Precedence.POWER, Precedence.ATOM


class Piece(NamedTuple):
    """Text that stands for a part of the tree, and the precedence of its outermost operation."""

    text: str
    binds: int = ATOM

    def held(self, least: int, left: str = "(", right: str = ")") -> str:
        """The text for a place that binds `least`: in brackets when the piece binds less.

        >>> Piece("a + b", Precedence.ADD).held(Precedence.MULTIPLY)
        '(a + b)'
        """
        return self.text if self.binds >= least else f"{left}{self.text}{right}"


def fold(tree: Written, rule: Callable[[Written, list[T]], T]) -> T:
    """The value of a tree, where `rule` gives the value of a node from those of its arguments."""
    done: list[T] = []
    for node in reversed(list(tree.walk())):
        count = len(node.args)
        parts = done[: -count - 1 : -1] if count else []
        del done[len(done) - count :]
        done.append(rule(node, parts))
    return done[0]


def bound_of(node: Written) -> tuple[str, Size]:
    """The index of a `sum` or `prod` node and the size it runs to."""
    index, size = cast("tuple[str, Size]", node.value)
    return index, size


def indices_of(node: Written) -> tuple[str, ...]:
    """The indices of a `components` node."""
    return tuple(cast("tuple[str, ...]", node.value))


def axes(shape: Shape) -> tuple[Size, ...]:
    """The axes that an array of a shape has: none for a number, one for a column or a row.

    >>> axes((1, 1)), axes(("d", 1)), axes((1, "d")), axes(("n", "d"))
    ((), ('d',), ('d',), ('n', 'd'))
    """
    return tuple(size for size in shape if size != 1) if len(shape) <= 2 else shape
