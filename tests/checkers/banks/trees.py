"""Changing one node of a written form: places, parents put together again, and what must fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hwcheck.derivations.notation.written import SCALAR, Written
from hwcheck.derivations.sizes import Shape, times

Path = tuple[int, ...]
SAME = ("add", "sub", "hadamard", "oslash", "compare")
FIXED = ("matrix", "stack", "entry", "delta", "sum", "prod", "components", "derivative")


class MisfitError(Exception):
    """The new part does not fit its parent."""


def places(tree: Written) -> Iterator[tuple[Path, Written]]:
    """Every node with the way to it."""
    todo: list[tuple[Path, Written]] = [((), tree)]
    while todo:
        path, node = todo.pop()
        yield path, node
        todo.extend(((*path, k), a) for k, a in reversed(list(enumerate(node.args))))


def replaced(tree: Written, path: Path, new: Written, strict: bool = True) -> Written:
    """The tree with another node at a place, and the shapes above it found again.

    With `strict`, raises MisfitError where they do not fit; without, the shapes that were there stay.
    """
    if not path:
        return new
    args = list(tree.args)
    args[path[0]] = replaced(args[path[0]], path[1:], new, strict)
    try:
        return rebuilt(tree, tuple(args))
    except MisfitError:
        if strict:
            raise
        return replace(tree, args=tuple(args))


def number(text: str | int) -> Written:
    return Written("number", (), str(text))


def joined(op: str, *args: Written, value: object = None) -> Written:
    """A node whose shape follows from its arguments."""
    return rebuilt(Written(op, args, value), args)


def rebuilt(node: Written, args: Sequence[Written]) -> Written:
    """The node with other arguments; its shape is found again from theirs."""
    shape = _shape(node, [a.shape for a in args])
    value, args = node.value, tuple(args)
    if node.op == "scale" and SCALAR not in (args[0].shape, args[1].shape):
        raise MisfitError("neither factor is a number")
    return replace(node, args=args, value=value, shape=shape)


def _shape(node: Written, shapes: list[Shape]) -> Shape:
    op = node.op
    if any(len(s) > 2 for s in shapes) and op != "entry":
        raise MisfitError("a tensor")
    if not shapes:
        return node.shape
    if op in SAME:
        return _common(shapes)
    if op in ("scale", "neg", "indicator"):
        return next((s for s in shapes if s != SCALAR), SCALAR)
    if op == "matmul":
        (rows, inner), (other, columns) = shapes
        if inner != other:
            raise MisfitError("columns are not rows")
        return rows, columns
    if op == "dot":
        if shapes[0] != shapes[1] or 1 not in shapes[0]:
            raise MisfitError("a dot product of two different things")
        return SCALAR
    if op == "kron":
        (a, b), (c, d) = shapes
        return times([a, c]), times([b, d])
    if op == "divide":
        _need(shapes[1] == SCALAR)
        return shapes[0]
    if op in ("power", "entrypower"):
        _need(SCALAR in shapes)
        _need(op == "entrypower" or shapes[0] == SCALAR or 1 in shapes[0])
        return next((s for s in shapes if s != SCALAR), SCALAR)
    if op in ("matrixpower", "inverse"):
        _need(shapes[0][0] == shapes[0][1])
        return shapes[0]
    if op == "transpose":
        return shapes[0][1], shapes[0][0]
    if op == "norm":
        _need(node.value != "F" or 1 not in shapes[0])
        return SCALAR
    if op == "cases":
        bodies = [s for k, s in enumerate(shapes) if k % 2 == 0 or (node.value and k == len(shapes) - 1)]
        return _common([*bodies, *shapes])
    if op == "call":
        return _called(node, shapes)
    _need(op in FIXED and [a.shape for a in node.args] == shapes)
    return node.shape


def _need(holds: bool) -> None:
    if not holds:
        raise MisfitError("it does not fit")


def _common(shapes: Sequence[Shape]) -> Shape:
    """One shape, or numbers beside it."""
    others = {s for s in shapes if s != SCALAR}
    _need(len(others) <= 1)
    return others.pop() if others else SCALAR


def _called(node: Written, shapes: list[Shape]) -> Shape:
    name, settings = (node.value, ()) if isinstance(node.value, str) else (node.value[0], node.value[1:])
    first = shapes[0]
    if name in ("trace", "det", "logdet", "inv"):
        _need(first[0] == first[1])
        return first if name == "inv" else SCALAR
    if name == "diagonal":
        _need(first[0] == first[1] != 1)
        return first[0], 1
    if name == "diag":
        _need(first[1] == 1 != first[0])
        return first[0], first[0]
    if name == "vec":
        return times(first), 1
    if name == "outer":
        _need(len(shapes) == 2)
        return times(first), times(shapes[1])
    if name in ("sum", "mean", "prod", "max", "min", "logsumexp"):
        old = node.args[0].shape if node.args else first
        _need(not settings or first == old)
        return node.shape if settings or (name == "logsumexp" and first == old) else SCALAR
    if name in ("softmax", "log_softmax", "cumsum", "roll"):
        _need(not settings or first == node.args[0].shape)
        return first
    return _common(shapes)


__all__ = ["MisfitError", "Path", "joined", "number", "places", "rebuilt", "replaced"]
