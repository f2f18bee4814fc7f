"""Three or four axes as one matrix: the Kronecker form of a Jacobian, under a stated order of vec.

With vec by columns, vec(F)_(j,i) = F_ij. A term M[i, p] N[j, q] of ∂F_ij/∂W_pq is then N ⊗ M; a term M[i, q] N[j, p] is (N ⊗ M) K,
where the commutation matrix K has K vec(W) = vec(Wᵀ). With vec by rows they are M ⊗ N and (M ⊗ N) K, with the K of that
order (Magnus and Neudecker, Matrix Differential Calculus, chapter 3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..calculus.lines import LineMeaning
from ..elements.elements import Contraction, Element, Factor, product
from ..elements.evaluation import Evaluator
from ..notation.written import Written
from ..sizes import Size, times
from . import building as b
from .matrixform import MatrixForm, NoNotation


@dataclass(frozen=True, slots=True)
class KroneckerForm:
    """∂vec(F)/∂vec(W)ᵀ for vec by columns and by rows; `commutation` is what K is called there, None where it is not needed."""

    columns: Written
    rows: Written
    commutation: str | None


def kronecker_form(derived: Element, outputs: int, matrices: MatrixForm, taken: Iterable[str]) -> KroneckerForm | None:
    """The Kronecker form of a derivative with three or four axes, or None where it has none.

    Args:
        derived: axes of the output (`outputs` of them, one or two), then of the input (one or two).
        matrices: how matrices are written.
        taken: names that K must not have.
    """
    inputs = len(derived.shape) - outputs
    if not (1 <= outputs <= 2 and 1 <= inputs <= 2) or outputs + inputs < 3:
        return None
    name = next((k for k in ("K", "P", "C", "T") if k not in set(taken)), "K_0")
    count = times(derived.shape[outputs:])
    commutation = Written("name", (), name, (count, count))
    columns: list[Written] = []
    rows: list[Written] = []
    uses = False
    for term in derived.args if derived.kind == "sum" else (derived,):
        split = _split(term, outputs, matrices)
        if split is None:
            return None
        negative, m, n, turned = split
        for order, tree in ((columns, _kron(n, m)), (rows, _kron(m, n))):
            whole = b.matmul(tree, commutation) if turned else tree
            order.append(b.neg(whole) if negative else whole)
        uses = uses or turned
    return KroneckerForm(b.polished(b.add(columns)), b.polished(b.add(rows)), name if uses else None)


def _kron(left: Written, right: Written) -> Written:
    """left ⊗ right, numbers before it."""
    for part, other, on_left in ((left, right, True), (right, left, False)):
        if part.op in ("neg", "scale", "divide"):
            inner = part.args[1] if part.op == "scale" else part.args[0]
            whole = _kron(inner, other) if on_left else _kron(other, inner)
            if part.op == "neg":
                return b.neg(whole)
            return b.scale(part.args[0], whole) if part.op == "scale" else b.divide(whole, part.args[1])
    shape = (times([left.shape[0], right.shape[0]]), times([left.shape[1], right.shape[1]]))
    return Written("kron", (left, right), None, shape)


def _split(e: Element, outputs: int, matrices: MatrixForm) -> tuple[bool, Written, Written, bool] | None:
    """A term as a sign, M on the first axis of the output, N on the other, and whether they take the input's axes crosswise."""
    if e.kind != "product":
        return None
    inputs = len(e.shape) - outputs
    p, q = outputs, outputs + 1
    pairings: list[tuple[tuple[int, ...], tuple[int, ...], bool]]
    if outputs == 2 and inputs == 2:
        pairings = [((0, p), (1, q), False), ((0, q), (1, p), True)]
    elif outputs == 1:
        pairings = [((0, p), (q,), False), ((0, q), (p,), True)]
    else:
        pairings = [((0, p), (1,), False), ((0,), (1, p), False)]
    groups = _components(e)
    for first, second, turned in pairings:
        parts = _parts(e, first, second, groups, matrices)
        if parts is not None:
            m, n = parts
            if outputs == 1:
                n = matrices.transposed(n)  # it stands on an axis of the input only: a row
            return e.value.coefficient < 0, m, n, turned
    return None


def _components(e: Element) -> dict[int, int]:
    """Indices that hang together through factors share a number."""
    parent = {i: i for i in range(len(e.value.sizes))}

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for place in e.value.places:
        for i in place[1:]:
            parent[root(i)] = root(place[0])
    return {i: root(i) for i in parent}


def _parts(e: Element, first: tuple[int, ...], second: tuple[int, ...], groups: Mapping[int, int], matrices: MatrixForm) -> (
    tuple[Written, Written] | None
):
    """The factors on the two groups of axes, each in matrix notation, or None where they hang together otherwise."""
    value: Contraction = e.value
    owners = [{groups[value.out[axis]] for axis in group} for group in (first, second)]
    if owners[0] & owners[1]:
        return None
    members: list[list[Factor]] = [[], []]
    for f, place in zip(e.args, value.places, strict=True):
        home = 0 if not place or groups[place[0]] in owners[0] else 1
        if place and groups[place[0]] not in owners[home]:
            return None
        members[home].append((f, place))
    trees = []
    for which, group in enumerate((first, second)):
        labels = tuple(f"axis {axis}" for axis in group)
        sizes: dict[Any, Size] = dict(enumerate(value.sizes)) | {f"axis {a}": e.shape[a] for a in group}
        deltas = [(f"axis {a}", value.out[a]) for a in group]
        try:
            trees.append(matrices.of(product(labels, members[which], sizes, 1 if which else abs(value.coefficient), deltas)))
        except NoNotation:
            return None
    return trees[0], trees[1]


def holds(form: KroneckerForm, derived: Element, outputs: int, values: Mapping[str, Any], sizes: Mapping[str, int],
          named: Mapping[str, Element]) -> bool:
    """Whether both forms have the value of the derivative at a point, with the stated orders of vec.

    `named` are the common parts that the forms mention by name.
    """
    array = np.asarray(Evaluator(values, sizes)(derived), dtype=float)
    matrix = (math.prod(array.shape[:outputs]), math.prod(array.shape[outputs:]))
    by_columns = array.transpose((*reversed(range(outputs)), *reversed(range(outputs, array.ndim)))).reshape(matrix)
    swap = np.eye(matrix[1])
    if form.commutation is not None:
        rows, columns = array.shape[outputs:]
        swap = np.eye(matrix[1]).reshape((rows, columns, matrix[1])).transpose((1, 0, 2)).reshape((matrix[1], matrix[1]))
    for tree, want, commutation in ((form.columns, by_columns, swap.T), (form.rows, array.reshape(matrix), swap)):
        known = dict(values) | ({form.commutation: commutation} if form.commutation else {})
        got = np.asarray(Evaluator(known, sizes)(LineMeaning(named=named).of(tree)), dtype=float)
        if got.size != want.size or not np.allclose(got.reshape(matrix), want, rtol=1e-9, atol=1e-9):
            return False
    return True
