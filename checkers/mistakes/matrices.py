"""Mistakes with matrices: a transpose too many or too few, the order of factors, entry by entry for a matrix product."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from ...derivations.notation.written import Written
from .rebuilding import PRODUCTS, SUMS, Exchange, Spot, call, exchanged, function_of, is_square, made, rank, rebuilt, transposed
from .slips import ONE, TWO, Scene, Slip, multiplied

MOST_PERMUTED = 4
_TRANSPOSE = "the transpose of {}"


# Transposes


def whole_transposed(scene: Scene) -> Iterator[Slip]:
    if not scene.tree.is_scalar and len(scene.tree.shape) == 2:
        yield Slip("transposed", "the transpose of the whole", (), scene.root, transposed(scene.tree))


def inner_transposes(scene: Scene) -> Iterator[Slip]:
    """A transpose missing, added, or at another factor."""
    for spot in scene.of("transpose"):
        yield Slip("transposed", _TRANSPOSE, (spot.node.args[0],), spot, spot.node.args[0])
    for spot in scene.of("name", "add", "sub", "matmul", "call", "inverse", "hadamard"):
        node = spot.node
        above = spot.above.node.op if spot.above is not None else "transpose"
        if above in ("transpose", "entry") or rank(node.shape) == 0 or len(node.shape) != 2 or function_of(node) == "diag":
            continue
        yield Slip("transposed", _TRANSPOSE, (node,), spot, transposed(node))
    for spot in scene.of("matmul"):
        left, right = spot.node.args
        if rank(left.shape) == rank(right.shape) == 2:
            new = made("matmul", transposed(left), transposed(right))
            yield Slip("transposed", "the transposes in {}", (spot.node,), spot, new)
        elif rank(left.shape) + rank(right.shape) == 3:  # A x as xᵀA
            vector_first = (transposed(right), left) if rank(right.shape) == 1 else (right, transposed(left))
            yield Slip("transposed", _TRANSPOSE, (spot.node,), spot, made("matmul", *vector_first))


# Order


def orders(scene: Scene) -> Iterator[Slip]:
    """The factors of a matrix product in another order; W(δ ⊙ s) for (W δ) ⊙ s."""
    for spot in scene.of("matmul", "scale", "matrixpower"):
        if spot.above is None or spot.above.node.op not in ("matmul", "scale"):
            yield from _permuted(spot)
    for spot in scene.of("hadamard"):
        yield from _moved_out(spot)
    for spot in scene.of("matmul"):
        yield from _moved_in(spot)
    for spot in scene.of("kron"):
        left, right = spot.node.args
        yield _order(spot, left, right, made("kron", right, left))
    for spot in scene.of("power"):
        base, exponent = spot.node.args
        if exponent.value == "2" and base.op in ("matmul", "dot") and all(rank(a.shape) == 1 for a in base.args):
            u, v = transposed(base.args[0]) if base.op == "matmul" else base.args[0], base.args[1]
            squares = [made("matmul", transposed(a), a) for a in (u, v)]
            new = made("scale", squares[0], squares[1]) if squares[0] and squares[1] else None
            yield Slip("wrong-order", "the order of the factors of {}", (spot.node,), spot, new)


def _order(spot: Spot, left: Written, right: Written, new: Written | None) -> Slip:
    return Slip("wrong-order", "the order of {} and {}", (left, right), spot, new)


def _flat(tree: Written) -> tuple[list[Written], list[Written]]:
    """The numbers of a product and its other factors, from left to right; A² and A⁻² count twice."""
    numbers: list[Written] = []
    factors: list[Written] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if node.is_scalar and node is not tree:
            numbers.append(node)
        elif node.op in ("matmul", "scale"):
            todo.extend(reversed(node.args))
        elif node.op == "matrixpower" and node.args[1].op in ("number", "neg") and (count := _count(node.args[1])):
            base = made("inverse", node.args[0]) if node.args[1].op == "neg" else node.args[0]
            factors.extend([base or node] * count)
        else:
            factors.append(node)
    return numbers, factors


def _count(exponent: Written) -> int:
    digits = exponent.args[0].value if exponent.op == "neg" else exponent.value
    return int(str(digits)) if digits in ("2", "3") else 0


def _permuted(spot: Spot) -> Iterator[Slip]:
    numbers, factors = _flat(spot.node)
    count = len(factors)
    if count < 2 or (count == 2 and all(rank(f.shape) == 1 for f in factors)):
        return  # x yᵀ and yᵀ x are looked at by `outer_and_inner`
    if count > MOST_PERMUTED:
        orders = [(*range(k), k + 1, k, *range(k + 2, count)) for k in range(count - 1)]
    else:
        orders = list(permutations(range(count)))[1:]
    for order in orders:
        moved = [k for k in range(count) if order[k] != k]
        product = multiplied([factors[k] for k in order])
        for number in reversed(numbers):
            product = made("scale", number, product) if product is not None else None
        if len(moved) == 2:
            yield _order(spot, factors[moved[0]], factors[moved[1]], product)
        else:
            yield Slip("wrong-order", "the order of the factors of {}", (spot.node,), spot, product)


def _moved_in(spot: Spot) -> Iterator[Slip]:
    """A(b ⊙ c) as (A b) ⊙ c."""
    left, right = spot.node.args
    if right.op == "hadamard":
        b, c = right.args
        for kept, out in ((b, c), (c, b)):
            product = made("matmul", left, kept)
            yield _order(spot, left, out, made("hadamard", product, out) if product is not None else None)


def _moved_out(spot: Spot) -> Iterator[Slip]:
    """(A b) ⊙ c as A(b ⊙ c)."""
    a, b = spot.node.args
    for product, other in ((a, b), (b, a)):
        if product.op == "matmul":
            left, right = product.args
            inside = made("hadamard", right, other)
            yield _order(spot, left, other, made("matmul", left, inside) if inside is not None else None)


def outer_and_inner(scene: Scene) -> Iterator[Slip]:
    """xᵀx for x xᵀ: the order where the whole keeps its shape, else its shape."""
    for spot in scene.of("matmul"):
        left, right = spot.node.args
        if rank(left.shape) == rank(right.shape) == 1 and left.shape[::-1] == right.shape:
            new = made("matmul", transposed(left), transposed(right))
            done = exchanged(spot, new) if new is not None else None
            yield Slip(_code(scene, done), "the order of {} and {}", (left, right), spot, new)
            if spot.node.is_scalar and right.op == "ones" and spot.above is not None and spot.above.node.op == "scale":
                yield _outer_of_ones(spot, left, right)


def _outer_of_ones(spot: Spot, left: Written, right: Written) -> Slip:
    """1 1ᵀX for 1ᵀ1 X, where 1 has as many entries as X has rows: alone, its size is unknown."""
    rows = spot.beside[0].shape[0]
    ones = Written("ones", (), None, (rows, 1))
    number = left.args[0] if left.op == "scale" else None
    new = made("matmul", ones if number is None else made("scale", number, ones) or ones, transposed(ones))
    return Slip("wrong-order", "the order of {} and {}", (left, right), spot, new)


def _code(scene: Scene, done: Exchange | None) -> str:
    return "wrong-order" if done is not None and done.tree.shape == scene.tree.shape else "shape"


# Entry by entry


def entrywise(scene: Scene) -> Iterator[Slip]:
    """A ⊙ B for A B, a bᵀ for a ⊙ b, A² entry by entry."""
    for spot in scene.of("hadamard"):
        a, b = spot.node.args
        candidates = [made("matmul", a, b), made("matmul", transposed(a), b), made("matmul", a, transposed(b))]
        if rank(a.shape) == 2:
            candidates = candidates[:1]
        yield from (_entry_by_entry(spot, new) for new in candidates)
    for spot in scene.of("matmul", "dot"):
        yield from _products_entrywise(spot)
    for spot in scene.of("matrixpower", "entrypower", "inverse"):
        base, *exponent = spot.node.args
        if spot.node.op == "inverse":
            new = made("oslash", ONE, base)
        else:
            new = made("entrypower" if spot.node.op == "matrixpower" else "matrixpower", base, exponent[0])
        yield _entry_by_entry(spot, new)
    for spot in scene.of("call"):
        name, inner = function_of(spot.node), spot.node.args[0]
        if name in ("exp", "expm") and is_square(inner.shape):
            yield _entry_by_entry(spot, call("expm" if name == "exp" else "exp", inner))
        elif name == "diag" and inner.op == "hadamard":
            yield from _diagonal_as_outer(spot, *inner.args)


def _entry_by_entry(spot: Spot, new: Written | None) -> Slip:
    wording = "the product {}" if spot.node.op in PRODUCTS else "{}, which is not meant entry by entry"
    wording = wording.replace(" not", "") if spot.node.op == "entrypower" else wording
    return Slip("elementwise-vs-matrix", wording, (spot.node,), spot, new)


def _products_entrywise(spot: Spot) -> Iterator[Slip]:
    left, right = spot.node.args
    for a, b in ((left, right), (left, transposed(right)), (transposed(left), right)):
        if a.shape == b.shape:
            yield _entry_by_entry(spot, made("hadamard", a, b))
    numbers, factors = _flat(spot.node)
    bare = [f.args[0] if f.op == "transpose" else f for f in factors]
    if len(bare) > 2 and len({f.shape for f in bare}) == 1:
        product: Written | None = bare[0]
        for factor in bare[1:]:
            product = made("hadamard", product, factor) if product is not None else None
        for number in reversed(numbers):
            product = made("scale", number, product) if product is not None else None
        yield _entry_by_entry(spot, product)


def _diagonal_as_outer(spot: Spot, a: Written, b: Written) -> Iterator[Slip]:
    """diag(a) − a aᵀ for diag(a ⊙ (1 − a)), a bᵀ for diag(a ⊙ b)."""
    outer = made("matmul", a, transposed(b))
    yield _entry_by_entry(spot, outer)
    if b.op in SUMS and (b.args[0].is_scalar or b.args[0].op == "ones"):
        product, diagonal = made("matmul", a, transposed(b.args[1])), rebuilt(spot.node, (a,))
        yield _entry_by_entry(spot, made(b.op, diagonal, product) if product is not None and diagonal is not None else None)


def squares_of_columns(scene: Scene) -> Iterator[Slip]:
    """x ⊙ x for xᵀ x or ‖x‖²."""
    for spot in scene.of("power"):
        base, exponent = spot.node.args
        if base.op == "norm" and exponent.value == "2" and rank(base.args[0].shape) == 1:
            yield _entry_by_entry(spot, made("power", base.args[0], TWO))


__all__ = [
    "entrywise", "inner_transposes", "orders", "outer_and_inner", "squares_of_columns", "whole_transposed",
]  # fmt: skip
