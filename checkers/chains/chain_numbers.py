"""Numbers that were put in for names: in z = 3·2 + 1 = 7, L = (7 − 3)² the 7 is z, so dL/dz can be worked out after all.

Used only to find the line to name when the result of a numeric solution is wrong, never to call a line wrong by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from ...derivations.elements.elements import number
from ...derivations.elements.evaluation import Evaluator
from ...derivations.elements.meaning import Meaning
from ...derivations.errors import HwcheckError
from ...derivations.notation.written import Written
from ..quantities import Given
from .chain_context import Context, Node, replaced
from .chain_heads import Pair


def derivative_by_numbers(context: Context, pair: Pair) -> float | None:
    """The value of ∂top/∂bottom, every number that is the value of an earlier name taken for that name; None if unclear."""
    start = _start(context, pair.bottom)
    values: dict[str, str] = {} if start is None else {start: pair.bottom}
    linked = Context(Given())
    names: dict[str, str] = {}
    for name, known in context.nodes.items():
        if known.tree is None or known.claimed or name.startswith(pair.bottom + "_"):
            continue
        tree, found = _linked(known.tree, names)
        if not found:
            tree, _ = _linked(known.tree, values)
        try:
            element = Meaning().of(tree)
        except HwcheckError:
            return None
        linked.nodes[name] = Node(name, element, element, known.shape, known.line)
        linked.shapes[name] = known.shape
        if known.literal is not None:
            names[known.literal] = name
    linked.shapes[pair.bottom] = ()
    try:
        found_derivative = linked.worked_out(pair, latest=False)
        if found_derivative is None:
            return None
        value = linked.expanded(found_derivative)
        if start is not None:
            value = replaced(value, {pair.bottom: number(Fraction(start))})
    except HwcheckError:
        return None
    if value.names or any(n.kind == "size" for n in value.walk()) or value.shape:
        return None
    try:
        return float(Evaluator({}, {})(value))
    except KeyError:  # a length that no number stands for
        return None


def _start(context: Context, name: str) -> str | None:
    """The number that a name stands for: as it was defined, or the first one of its update, w_new = 3 − 0.1·16."""
    if name in context.nodes:
        return None
    update = next((n for n in context.nodes.values() if n.name.startswith(name + "_") and n.tree is not None), None)
    if update is None or update.tree is None:
        return None
    return next((str(t.value) for t in update.tree.walk() if t.op == "number"), None)


def _linked(tree: Written, names: Mapping[str, str]) -> tuple[Written, bool]:
    """The tree with names in place of their numbers, and whether there were any."""
    if tree.op == "number":
        name = names.get(str(tree.value))
        return (tree, False) if name is None else (Written("name", (), name), True)
    parts = [_linked(a, names) for a in tree.args]
    return replace(tree, args=tuple(p for p, _ in parts)), any(found for _, found in parts)


__all__ = ["derivative_by_numbers"]
