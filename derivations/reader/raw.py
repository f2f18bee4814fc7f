"""The raw tree: what the grammar found, before any product is decided and any shape is known.

Same form as `Written`, with operations of its own (`chain`, `terms`, `raise`, …; `parser.py` lists them) and payloads
of any kind. Nothing here recurses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Span


@dataclass(frozen=True, slots=True)
class Raw:
    """One node: operation, arguments, payload, and place in the text (which takes no part in equality)."""

    op: str
    args: tuple[Raw, ...] = ()
    value: Any = None
    span: Span = field(default=(0, 0), compare=False)

    def walk(self) -> Iterator[Raw]:
        """This node and everything below it, parents first."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.args))

    def at(self, span: Span) -> Raw:
        """The same node, placed at `span`."""
        return replace(self, span=span)

    def postorder(self) -> list[Raw]:
        """All nodes, arguments before their node."""
        order: list[Raw] = []
        todo = [self]
        while todo:
            node = todo.pop()
            order.append(node)
            todo.extend(node.args)
        order.reverse()
        return order

    def levels(self) -> int:
        """How deep the tree is."""
        deepest, todo = 0, [(self, 1)]
        while todo:
            node, level = todo.pop()
            deepest = max(deepest, level)
            todo.extend((child, level + 1) for child in node.args)
        return deepest


def raw(op: str, span: Span, args: Iterable[Raw] = (), value: object = None) -> Raw:
    """A node of the raw tree."""
    return Raw(op, tuple(args), value, span)
