"""Kronecker forms under both orders of vec, at rectangular sizes, against matrices that are built entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import judges
import numpy as np
import pytest

from hwcheck.derivations import Style, jacobian, read, write
from hwcheck.derivations.derivation import Derivation
from hwcheck.derivations.elements.elements import variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.forms.kronecker import KroneckerForm, holds, kronecker_form
from hwcheck.derivations.forms.matrixform import MatrixForm

SHAPES = {"W": ["k", "d"], "X": ["n", "d"], "Y": ["n", "k"], "A": ["d", "d"], "B": ["d", "d"], "U": ["m", "k"], "w": ["d"], "x": ["d"],
          "z": ["k"], "q": ["k"]}  # fmt: skip

# Function, ∂vec(F)/∂vec(W)ᵀ by columns, the same by rows.
FORMS: tuple[tuple[str, str, str], ...] = (
    ("f(W) = W", "I_d ⊗ I_k", "I_k ⊗ I_d"),
    ("f(W) = W^T", "(I_k ⊗ I_d)K", "(I_d ⊗ I_k)K"),
    ("f(W) = XW^T", "(I_k ⊗ X)K", "(X ⊗ I_k)K"),
    ("f(X) = XW^T", "W ⊗ I_n", "I_n ⊗ W"),
    ("f(W) = UWA", "Aᵀ ⊗ U", "U ⊗ Aᵀ"),
    ("f(W) = AW^T U^T", "(U ⊗ A)K", "(A ⊗ U)K"),
    ("f(A) = A^2", "Aᵀ ⊗ I_d + I_d ⊗ A", "I_d ⊗ Aᵀ + A ⊗ I_d"),
    ("f(A) = A A^T", "A ⊗ I_d + (I_d ⊗ A)K", "I_d ⊗ A + (A ⊗ I_d)K"),
    ("f(W) = W^T W", "(Wᵀ ⊗ I_d)K + I_d ⊗ Wᵀ", "(I_d ⊗ Wᵀ)K + Wᵀ ⊗ I_d"),
    ("f(A) = A^{-1}", "−A⁻ᵀ ⊗ A⁻¹", "−A⁻¹ ⊗ A⁻ᵀ"),
    ("f(A) = 2A^{-1} B", "−2(BᵀA⁻ᵀ ⊗ A⁻¹)", "−2(A⁻¹ ⊗ BᵀA⁻ᵀ)"),
    ("f(W) = Wx", "xᵀ ⊗ I_k", "I_k ⊗ xᵀ"),
    ("f(W) = W^T z", "(zᵀ ⊗ I_d)K", "(I_d ⊗ zᵀ)K"),
    ("f(w) = w x^T", "x ⊗ I_d", "I_d ⊗ x"),
    ("f(x) = w x^T", "I_d ⊗ w", "w ⊗ I_d"),
    ("f(w) = z w^T", "I_d ⊗ z", "z ⊗ I_d"),
    ("f(w) = w w^T", "w ⊗ I_d + I_d ⊗ w", "I_d ⊗ w + w ⊗ I_d"),
    ("f(W) = σ(Wx)", "xᵀ ⊗ diag(σ(z) ⊙ (1 − σ(z)))", "diag(σ(z) ⊙ (1 − σ(z))) ⊗ xᵀ"),
)


def derived(text: str) -> Derivation:
    function = text.partition(" = ")[2]
    names = {n for n in SHAPES if n in function or f"({n})" in text}
    return jacobian(text, shapes={n: SHAPES[n] for n in names}, confirmed=False)


def commutation(rows: int, columns: int, by_columns: bool) -> judges.Array:
    """The matrix K with K vec(W) = vec(Wᵀ), one 1 for every entry of W."""
    k = np.zeros((rows * columns, rows * columns))
    for i in range(rows):
        for j in range(columns):
            here, there = (i + j * rows, j + i * columns) if by_columns else (i * columns + j, i + j * rows)
            k[there, here] = 1
    return k


NUMBERS = {"I_d": "I_3", "I_k": "I_4", "I_n": "I_5"}


def value(text: str, values: dict[str, Any], named: list[tuple[str, str]]) -> judges.Array:
    """A printed form, read again with numbers for the sizes; K is declared as the square matrix it is."""
    for size, number in NUMBERS.items():
        text = text.replace(size, number)
    body = read(text, shapes={name: list(np.shape(v)) for name, v in values.items()}, definitions=dict(named)).body
    return np.asarray(Evaluator(values, judges.SIZES)(Meaning().of(body)))


@pytest.mark.parametrize(("text", "columns", "rows"), FORMS, ids=[row[0] for row in FORMS])
def test_the_forms_as_they_are_printed(text: str, columns: str, rows: str) -> None:
    kron = derived(text).kronecker
    assert kron is not None
    assert (write(kron.columns, Style.UNICODE), write(kron.rows, Style.UNICODE)) == (columns, rows)
    assert kron.commutation == ("K" if "K" in columns else None)


@pytest.mark.parametrize(("text", "columns", "rows"), FORMS, ids=[row[0] for row in FORMS])
def test_the_forms_have_the_entries_of_the_jacobian(text: str, columns: str, rows: str) -> None:
    d = derived(text)
    values = judges.arrays({s.name: SHAPES[s.name] for s in d.reading.symbols}, {"A": "invertible"})
    array = judges.executed(d.python, values)
    out, wrt = array.shape[: d.outputs], array.shape[d.outputs :]
    matrix = (int(np.prod(out)), int(np.prod(wrt)))
    reversed_axes = (*reversed(range(len(out))), *reversed(range(len(out), array.ndim)))
    named = [(name, write(tree, Style.UNICODE)) for name, tree in d.where]
    for by_columns, form in ((True, columns), (False, rows)):
        want = (array.transpose(reversed_axes) if by_columns else array).reshape(matrix)
        known = values | ({"K": commutation(*wrt, by_columns)} if "K" in form else {})
        assert judges.same(np.reshape(value(form, known, named), matrix), want)


def test_rows_and_columns_are_not_the_same() -> None:
    """At rectangular sizes the two orders differ, so neither can pass for the other."""
    d = derived("f(W) = UWA")
    assert d.kronecker is not None
    turned = KroneckerForm(d.kronecker.rows, d.kronecker.columns, None)
    values = judges.arrays({"U": ["m", "k"], "A": ["d", "d"], "W": ["k", "d"]})
    assert holds(d.kronecker, d.derived, 2, values, judges.SIZES, {})
    assert not holds(turned, d.derived, 2, values, judges.SIZES, {})


def test_a_forgotten_commutation_matrix_is_noticed() -> None:
    d = derived("f(W) = XW^T")
    assert d.kronecker is not None
    (without, _), (rows, _) = d.kronecker.columns.args, d.kronecker.rows.args
    values = judges.arrays({"X": ["n", "d"], "W": ["k", "d"]})
    assert holds(d.kronecker, d.derived, 2, values, judges.SIZES, {})
    assert not holds(KroneckerForm(without, rows, None), d.derived, 2, values, judges.SIZES, {})


def test_the_commutation_matrix_takes_a_name_that_is_free() -> None:
    d = jacobian("f(W) = K W^T", shapes={"K": ["n", "d"], "W": ["k", "d"]}, confirmed=False)
    assert d.kronecker is not None and d.kronecker.commutation == "P"
    assert write(d.kronecker.columns, Style.UNICODE) == "(I_k ⊗ K)P"


NONE: tuple[tuple[str, dict[str, list[str]], Callable[[Derivation], bool]], ...] = (
    ("f(w) = Xw", {"X": ["n", "d"], "w": ["d"]}, lambda d: d.matrix == "X"),
    ("f(A) = A ⊙ B", {"A": ["d", "d"], "B": ["d", "d"]}, lambda d: d.matrix is None),
    ("f(w) = diag(w)", {"w": ["d"]}, lambda d: d.matrix is None),
    ("f(W) = softmax(W)", {"W": ["k", "d"]}, lambda d: d.matrix is None),
)


@pytest.mark.parametrize(("text", "shapes", "also"), NONE, ids=[row[0] for row in NONE])
def test_where_there_is_no_kronecker_form(text: str, shapes: dict[str, list[str]], also: Callable[[Derivation], bool]) -> None:
    d = jacobian(text, shapes=shapes, confirmed=False)
    assert d.kronecker is None and also(d)


def test_five_axes_have_none() -> None:
    t = variable("T", ("n", "d", "k", "m", "n"))
    assert kronecker_form(t, 2, MatrixForm(), ()) is None and kronecker_form(t, 3, MatrixForm(), ()) is None
