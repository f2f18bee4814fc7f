"""What is written has its value: operations of the written form against plain NumPy, values at distinct sizes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import facts
import judges
import numpy as np
import pytest
import trees
from hypothesis import given

from hwcheck.derivations import read
from hwcheck.derivations.elements import meaning
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import UnsupportedError
from hwcheck.derivations.notation import written
from hwcheck.derivations.notation.spellings import FUNCTIONS as SPELLINGS
from hwcheck.derivations.notation.written import Written

inv, eye = np.linalg.inv, np.eye

# Text, and the same in NumPy; columns have one axis, and so has a row.
VALUES: tuple[tuple[str, Callable[..., Any]], ...] = (
    # numbers
    ("0.25 a", lambda a: 0.25 * a),
    ("-a/3", lambda a: -a / 3),
    ("2^{-3} a", lambda a: a / 8),
    ("π a + e", lambda a: np.pi * a + np.e),
    ("n a/d", lambda a, X: X.shape[0] * a / X.shape[1]),
    ("a b^2 - 1", lambda a, b: a * b**2 - 1),
    # sums and products
    ("w + 2x - w", lambda w, x: 2 * x),
    ("1 - w", lambda w: 1 - w),
    ("Xw", lambda X, w: X @ w),
    ("w^T x", lambda w, x: w @ x),
    ("w · x", lambda w, x: w @ x),
    ("x^T A w", lambda x, A, w: x @ A @ w),
    ("w^T X^T", lambda w, X: X @ w),
    ("w x^T", lambda w, x: np.outer(w, x)),
    ("X W^T", lambda X, W: X @ W.T),
    ("(XA)^T", lambda X, A: (X @ A).T),
    ("w ⊙ x", lambda w, x: w * x),
    ("A ⊙ B", lambda A, B: A * B),
    ("w ⊘ (x ⊙ x + 1)", lambda w, x: w / (x * x + 1)),
    ("kron(A, W)", lambda A, W: np.kron(A, W)),
    ("Y ⊗ W", lambda Y, W: np.kron(Y, W)),
    ("kron(w, y)", lambda w, y: np.kron(w, y)),
    ("w^T ⊗ y", lambda w, y: np.outer(y, w)),
    # powers
    ("w^2", lambda w: w**2),
    ("A^2", lambda A: A @ A),
    ("A^3", lambda A: A @ A @ A),
    ("A^0", lambda A: eye(3)),
    ("A^{-2}", lambda A: inv(A) @ inv(A)),
    ("A**2", lambda A: A**2),
    ("X^{∘2}", lambda X: X**2),
    ("e^a", lambda a: np.exp(a)),
    ("2^a", lambda a: 2**a),
    ("A^{-1}", lambda A: inv(A)),
    ("A^{-T} w", lambda A, w: inv(A).T @ w),
    ("(A^T)^{-1}", lambda A: inv(A).T),
    ("A^T w", lambda A, w: A.T @ w),
    ("inv(a) w", lambda a, w: w / a),
    ("logdet(a)", lambda a: np.log(abs(a))),
    # norms, traces, determinants
    ("||w||", lambda w: np.sqrt(w @ w)),
    ("||w||_1", lambda w: np.abs(w).sum()),
    ("||X||_F^2", lambda X: (X * X).sum()),
    ("tr(A)", lambda A: np.trace(A)),
    ("tr(X W^T W X^T)", lambda X, W: np.trace(X @ W.T @ W @ X.T)),
    ("det(A)", lambda A: np.linalg.det(A)),
    ("logdet(A)", lambda A: np.linalg.slogdet(A)[1]),
    ("log|det A|", lambda A: np.linalg.slogdet(A)[1]),
    # rearranging
    ("diag(w)", lambda w: np.diag(w)),
    ("diag(A)", lambda A: np.diag(A)),
    ("diagonal(A)", lambda A: np.diag(A)),
    ("vec(X)", lambda X: X.T.reshape(-1)),
    ("vec(X^T)", lambda X: X.reshape(-1)),
    ("roll(w, 2)", lambda w: np.roll(w, 2)),
    ("cumsum(w)", lambda w: np.cumsum(w)),
    ("concatenate([w, y])", lambda w, y: np.concatenate([w, y])),
    ("outer(w, y)", lambda w, y: np.outer(w, y)),
    ("pinv(X)", lambda X: np.linalg.pinv(X)),
    ("vec(X)^T vec(X)", lambda X: (X * X).sum()),
    ("vec(X)^T vec(Z W)", lambda X, Z, W: (X * (Z @ W)).sum()),
    ("kron(A, B) kron(w, x)", lambda A, B, w, x: np.kron(A @ w, B @ x)),
    ("tr(kron(A, B))", lambda A, B: np.trace(A) * np.trace(B)),
    ("roll(X, 1, axis=0)", lambda X: np.roll(X, 1, 0)),
    # reductions
    ("sum(w)", lambda w: w.sum()),
    ("sum(X)", lambda X: X.sum()),
    ("sum(X, axis=0)", lambda X: X.sum(0)),
    ("mean(X, axis=1)", lambda X: X.mean(1)),
    ("mean(w)", lambda w: w.mean()),
    ("prod(w)", lambda w: w.prod()),
    ("max(w)", lambda w: w.max()),
    ("min(X, axis=0)", lambda X: X.min(0)),
    ("max(X)", lambda X: X.max()),
    ("logsumexp(w)", lambda w: np.log(np.exp(w).sum())),
    ("softmax(w)", lambda w: np.exp(w) / np.exp(w).sum()),
    ("softmax(X)", lambda X: np.exp(X) / np.exp(X).sum(1, keepdims=True)),
    ("softmax(X, axis=0)", lambda X: np.exp(X) / np.exp(X).sum(0, keepdims=True)),
    ("log_softmax(w)", lambda w: w - np.log(np.exp(w).sum())),
    # entries and indices
    ("X_{2,3}", lambda X: X[1, 2]),
    ("X[1, 2]", lambda X: X[1, 2]),
    ("w_2", lambda w: w[1]),
    ("w_{2,1}", lambda w: w[1]),
    ("A_{2,:}", lambda A: A[1]),
    ("A_{:,2}", lambda A: A[:, 1]),
    ("Σ_i δ_{i2} w_i", lambda w: w[1]),
    ("Σ_i Σ_j δ_{2i} δ_ij w_j", lambda w: w[1]),
    ("δ_{22} a - δ_{12} b", lambda a, b: a),
    ("Σ_i w_i", lambda w: w.sum()),
    ("Σ_i Σ_j A_ij w_i x_j", lambda A, w, x: w @ A @ x),
    ("Σ_i A_ii", lambda A: np.trace(A)),
    ("Σ_{i=1}^n y_i^2", lambda y: y @ y),
    ("Σ_{i=1}^n a", lambda a, X: X.shape[0] * a),
    ("Σ_i Σ_j δ_ij w_i x_j", lambda w, x: w @ x),
    ("Σ_i (Σ_j A_ij w_j)^2", lambda A, w: (A @ w) @ (A @ w)),
    ("Σ_i w_i Σ_i x_i", lambda w, x: w.sum() * x.sum()),
    ("Π_i w_i", lambda w: w.prod()),
    ("[X_ij w_j]_ij", lambda X, w: X * w),
    # conditions
    ("max(0, w)", lambda w: np.maximum(w, 0)),
    ("max(w, x)", lambda w, x: np.maximum(w, x)),
    ("min(w, x)", lambda w, x: np.minimum(w, x)),
    ("𝟙[w > 0]", lambda w: (w > 0) * 1.0),
    ("np.where(w > x, w, 2 * x)", lambda w, x: np.where(w > x, w, 2 * x)),
    (r"\begin{cases} a & a > 0 \\ a^2 & \text{otherwise} \end{cases}", lambda a: a if a > 0 else a**2),
    ("Σ_i Σ_j 𝟙[i ≠ j] w_i w_j", lambda w: w.sum() ** 2 - w @ w),
    # blocks
    ("I w", lambda w: w),
    ("I_d + w w^T", lambda w: eye(3) + np.outer(w, w)),
    ("1^T w", lambda w: w.sum()),
    ("[a, b; b, 1]", lambda a, b: np.array([[a, b], [b, 1]])),
    ("[a; b]", lambda a, b: np.array([a, b])),
    ("[w^T; x^T]", lambda w, x: np.stack([w, x])),
    ("np.stack([w, x])", lambda w, x: np.stack([w, x])),
    ("[A, B; B, A]", lambda A, B: np.block([[A, B], [B, A]])),
    ("np.concatenate([A, B], axis=1)", lambda A, B: np.hstack([A, B])),
    ("np.concatenate([A, X])", lambda A, X: np.vstack([A, X])),
    # three axes
    ("einsum('kdm,d->km', T, w)", lambda T, w: np.einsum("kdm,d->km", T, w)),
    ("einsum('ij,ij->', A, B)", lambda A, B: (A * B).sum()),
    ("einsum('ii->i', A)", lambda A: np.diag(A)),
)  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), VALUES, ids=[row[0] for row in VALUES])
def test_a_text_has_the_value_of_its_numpy(text: str, plain: Callable[..., Any]) -> None:
    shapes = {name: facts.SHAPES[name] for name in judges.names_of(plain)}
    values = judges.arrays(shapes)
    element = Meaning().of(read(text, shapes=shapes).body)
    got = np.asarray(Evaluator(values, judges.SIZES)(element))
    assert judges.same(np.squeeze(got), np.squeeze(plain(**values)))


FREE: tuple[tuple[str, tuple[str, ...], Callable[..., Any]], ...] = (
    ("X_ij w_j", ("i", "j"), lambda X, w: X * w),
    ("X_ij + w_j", ("i", "j"), lambda X, w: X + w),
    ("w_j X_ij", ("j", "i"), lambda X, w: (X * w).T),
    ("δ_ij w_j", ("i", "j"), lambda w: np.diag(w)),
    ("A_ii", ("i",), lambda A: np.diag(A)),
    ("Σ_j X_ij w_j", ("i",), lambda X, w: X @ w),
    ("X_{2j}", ("j",), lambda X: X[1]),
)


@pytest.mark.parametrize(("text", "letters", "plain"), FREE, ids=[row[0] for row in FREE])
def test_free_indices_are_axes_in_order_of_appearance(text: str, letters: tuple[str, ...], plain: Callable[..., Any]) -> None:
    shapes = {name: facts.SHAPES[name] for name in judges.names_of(plain)}
    values, body = judges.arrays(shapes), read(text, shapes=shapes).body
    extents = {"i": "n" if "X" in shapes else "d", "j": "d"}
    lowered = Meaning(axes={i: extents[i] for i in letters}).lower(body)
    assert lowered.labels == letters
    assert judges.same(Evaluator(values, judges.SIZES)(lowered.element), plain(**values))


@given(trees.trees())
def test_the_shape_of_the_meaning_is_the_written_one_without_ones(tree: Written) -> None:
    assert Meaning().of(tree).shape == tuple(s for s in tree.shape if s != 1)


@given(trees.trees(depth=2))
def test_a_transpose_exchanges_the_axes(tree: Written) -> None:
    turned = Written("transpose", (tree,), None, tree.shape[::-1])
    values = trees.point(4)
    whole = trees.value(Meaning().of(tree), values)
    assert judges.same(trees.value(Meaning().of(turned), values), whole.T)


@given(trees.trees())
def test_how_closed_parts_were_written_is_remembered(tree: Written) -> None:
    lowering = Meaning()
    lowering.of(tree)
    for element, spelled in lowering.spelled.items():
        assert Meaning().of(spelled) is element


def test_every_operation_has_a_meaning() -> None:
    """The list in the docstring of written.py, without what means something on its own nowhere."""
    heads = re.findall(r"^    ([a-z]+(?: [a-z]+)?)  +", written.__doc__ or "", re.M)
    listed = {op for head in heads for op in head.split()} | {"zeros", "ones"}
    assert listed - set(meaning._RULES) == {"derivative"}  # lines of a derivation give it one, see lines.py
    assert set(meaning._RULES) <= listed


def test_every_spelled_function_has_a_meaning() -> None:
    """A call means a row of functions.py or a rule of meaning.py; the rest becomes an operation while it is read."""
    operations = {"outer", "kron", "norm", "matrix_power", "concatenate", "stack"}
    spelled = {s.name for s in SPELLINGS}
    assert spelled - set(FUNCTIONS) - set(meaning._CALLS) == operations
    assert set(meaning._CALLS) <= spelled


REFUSED: tuple[tuple[str, Written, str], ...] = (
    ("an index as a number", Written("index", (), "i"), "An index is no number here."),
    ("an unknown operation", Written("mystery"), "There is no meaning for “mystery” here."),
    ("an unknown function", Written("call", (Written("number", (), "1"),), "mystery"),
     "There is no meaning for the function “mystery”."),
    ("a letter as the power of a matrix",
     Written("matrixpower", (Written("name", (), "A", ("d", "d")), Written("name", (), "k")), None, ("d", "d")),
     "A power of a matrix needs a whole number between −64 and 64 as exponent."),
    ("a second derivative by a prime", Written("call", (Written("number", (), "1"),), ("tanh", ("prime", 2))),
     "There is no rule for tanh with 2 primes."),
    ("indices compared by size", Written("compare", (Written("index", (), "i"), Written("index", (), "j")), "<"),
     "Indices are compared with =, ≠ and ≥ only."),
    ("a product over an index that is not there", Written("prod", (Written("number", (), "2"),), ("i", "n")),
     "A product over an index that its body does not have."),
)  # fmt: skip


@pytest.mark.parametrize(("tree", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_has_no_meaning_is_refused_in_words(tree: Written, message: str) -> None:
    with pytest.raises(UnsupportedError) as refused:
        Meaning().of(tree)
    assert refused.value.message == message


@given(trees.trees(depth=2))
def test_a_part_may_be_named_and_put_in_again(tree: Written) -> None:
    """The meaning of f(g) is the meaning of g inside that of f: here with tanh around."""
    outer = Written("call", (tree,), "tanh", tree.shape)
    assert Meaning().of(outer).args == (Meaning().of(tree),)
