"""Mistakes with indices and names: rows for columns, the wrong axis, another variable of the same shape."""

from __future__ import annotations

from collections.abc import Iterator
from operator import is_

from ...derivations.notation.written import Written
from ...derivations.sizes import Shape, Size
from .rebuilding import Spot, function_of, made, rank, rebuilt, settings_of, transposed
from .slips import Scene, Slip

_BINDERS = ("sum", "prod", "components")


# Indices


def swapped_indices(scene: Scene) -> Iterator[Slip]:
    """A_ji for A_ij, where both run as far as the other."""
    for spot in scene.of("entry"):
        base, *indices = spot.node.args
        if len(indices) == 2 and indices[0] != indices[1] and ":" not in (indices[0].value, indices[1].value):
            if base.shape[0] == base.shape[1] or all(i.op == "number" for i in indices):
                yield Slip("wrong-index", "the order of the indices of {}", (spot.node,), spot, _entry(spot.node, *reversed(indices)))


def other_indices(scene: Scene) -> Iterator[Slip]:
    """x_i for x_j, where both run over the same axis."""
    extents = _extents(scene)
    for spot in scene.of("entry", "delta"):
        offset = 1 if spot.node.op == "entry" else 0
        known = {name: extents[name] for name in extents if name in _bound(spot) or name not in _bound_anywhere(scene)}
        for k, index in enumerate(spot.node.args[offset:], offset):
            if index.op == "index" and index.value != ":":
                for name, size in known.items():
                    if name != index.value and size == extents.get(str(index.value)):
                        new = _with(spot.node, k, Written("index", value=name))
                        if spot.node.op == "entry" or new.args[0] != new.args[1]:
                            yield Slip("wrong-index", f"the index {index.value} of {{}}", (spot.node,), spot, new)


def _entry(node: Written, *indices: Written) -> Written:
    return Written("entry", (node.args[0], *indices), None, node.shape, node.span)


def _with(node: Written, position: int, arg: Written) -> Written:
    args = (*node.args[:position], arg, *node.args[position + 1 :])
    return Written(node.op, args, node.value, node.shape, node.span)


def _bound(spot: Spot) -> set[str]:
    """The indices that are summed over, or named by brackets, around a spot."""
    names: set[str] = set()
    above = spot.above
    while above is not None:
        if above.node.op in _BINDERS:
            names.update([str(above.node.value[0])] if above.node.op != "components" else map(str, above.node.value))
        above = above.above
    return names


def _bound_anywhere(scene: Scene) -> set[str]:
    return {n for s in scene.of("index") for n in _bound(s)}


def _extents(scene: Scene) -> dict[str, Size]:
    """How far every index runs, where entries say it."""
    found: dict[str, Size] = {}
    for spot in scene.of("sum", "prod"):
        found.setdefault(str(spot.node.value[0]), spot.node.value[1])
    for spot in scene.of("entry"):
        base, *indices = spot.node.args
        for index, size in zip(indices, _axes(base.shape, len(indices)), strict=False):
            if index.op == "index" and index.value != ":":
                found.setdefault(str(index.value), size)
    for spot in scene.of("delta"):
        names = [str(a.value) for a in spot.node.args if a.op == "index"]
        for name in names:
            for other in names:
                if other in found:
                    found.setdefault(name, found[other])
    return found


def _axes(shape: Shape, count: int) -> list[Size]:
    return [s for s in shape if s != 1] if count == 1 else list(shape)


def outer_indices(scene: Scene) -> Iterator[Slip]:
    """u_i v_i and u_j v_j for u_i v_j: an outer product with one index only."""
    for spot in scene.of("matmul"):
        left, right = spot.node.args
        if left.shape[1] == 1 == right.shape[0] and rank(left.shape) == rank(right.shape) == 1 and left.shape[::-1] == right.shape:
            entries = made("hadamard", left, transposed(right))
            row = Written("ones", (), None, right.shape)
            rows = None if entries is None else made("matmul", entries, row)
            yield Slip("wrong-index", "an index of {}", (spot.node,), spot, rows)
            yield Slip("wrong-index", "an index of {}", (spot.node,), spot, transposed(rows) if rows is not None else None)


# Axes


def wrong_axes(scene: Scene) -> Iterator[Slip]:
    """A sum over rows for one over columns: G 1 for Gᵀ1, axis 0 for axis 1."""
    for spot in scene.of("matmul"):
        left, right = spot.node.args
        for matrix, ones, column in ((left, right, True), (right, left, False)):
            if _is_ones(ones) and rank(matrix.shape) == 2:
                other = transposed(matrix)
                new_ones = Written("ones", (), None, (other.shape[1], 1) if column else (1, other.shape[0]))
                args = (other, new_ones) if column else (new_ones, other)
                yield Slip("wrong-index", "the axis that is summed over in {}", (spot.node,), spot, made("matmul", *args))
    for spot in scene.of("call"):
        settings, inner = settings_of(spot.node), spot.node.args[0]
        name = function_of(spot.node)
        if "axis" in settings and name in ("sum", "mean", "prod", "max", "min", "logsumexp"):
            changed = Written("call", (), (name, ("axis", 1 - int(str(settings["axis"])) % 2)), span=spot.node.span)
            yield Slip("wrong-index", "the axis of {}", (spot.node,), spot, rebuilt(changed, (inner,)))
        elif name in ("softmax", "log_softmax") and rank(inner.shape) == 2:
            value = name if settings else (name, ("axis", 0))
            yield Slip("wrong-index", "the axis of {}", (spot.node,), spot, rebuilt(Written("call", (), value), (inner,)))


def _is_ones(tree: Written) -> bool:
    return (tree.args[0] if tree.op == "transpose" else tree).op == "ones" and rank(tree.shape) == 1


def diagonal_or_all(scene: Scene) -> Iterator[Slip]:
    """The sum of all entries for a trace."""
    for spot in scene.of("call"):
        name, inner = function_of(spot.node), spot.node.args[0]
        if name in ("trace", "sum") and not settings_of(spot.node) and inner.shape[0] == inner.shape[1]:
            changed = Written("call", (), "sum" if name == "trace" else "trace", span=spot.node.span)
            yield Slip("wrong-index", "the entries that {} sums", (spot.node,), spot, rebuilt(changed, (inner,)))


# Names


def other_subscripts(scene: Scene) -> Iterator[Slip]:
    """w_2 for w_1, W^(1) for W^(2), in one place."""
    for spot, other in _exchangeable(scene):
        if _stem(str(spot.node.value)) == _stem(str(other.value)):
            yield Slip("wrong-index", "the index of {}", (spot.node,), spot, other)


def wrong_variables(scene: Scene) -> Iterator[Slip]:
    """One name for another of the same shape: everywhere, then in one place."""
    names = _names(scene)
    for k, first in enumerate(names):
        for second in names[k + 1 :]:
            if first.shape == second.shape:
                yield Slip("wrong-variable", "{} and {}, exchanged", (first, second), scene.root, _swapped(scene.tree, first, second))
    for spot, other in _exchangeable(scene):
        if _stem(str(spot.node.value)) != _stem(str(other.value)):
            yield Slip("wrong-variable", "the variable {}", (spot.node,), spot, other)


def _names(scene: Scene) -> list[Written]:
    return list({str(s.node.value): s.node for s in scene.of("name")}.values())


def _exchangeable(scene: Scene) -> Iterator[tuple[Spot, Written]]:
    names = _names(scene)
    for spot in scene.of("name"):
        for other in names:
            if other.value != spot.node.value and other.shape == spot.node.shape:
                yield spot, other.at(spot.node.span)


def _stem(name: str) -> str:
    return name.partition("_")[0].partition("^")[0].rstrip("0123456789")


def _swapped(tree: Written, first: Written, second: Written) -> Written:
    """A tree with two names exchanged everywhere; what has neither stays the same object."""
    if not tree.args:
        if tree.op != "name":
            return tree
        return second if tree.value == first.value else first if tree.value == second.value else tree
    args = [_swapped(a, first, second) if a.args or a.op == "name" else a for a in tree.args]
    if all(map(is_, args, tree.args)):
        return tree
    return Written(tree.op, tuple(args), tree.value, tree.shape, tree.span, tree.sign)


__all__ = [
    "diagonal_or_all", "other_indices", "other_subscripts", "outer_indices", "swapped_indices", "wrong_axes",
    "wrong_variables",
]  # fmt: skip
