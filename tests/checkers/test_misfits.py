"""Answers whose shapes do not fit: the mistake that is named, whole messages, and what stays unnamed."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from hwcheck.checkers.mistakes.misfits import index_left_over, misfit, number_for_identity
from hwcheck.checkers.quantities import Given, Quantity, meant, quantity
from hwcheck.checkers.verdicts import DIAGNOSES
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.notation.spellings import Style
from hwcheck.derivations.notation.writer import write
from hwcheck.derivations.reader.reading import Reading, read
from hwcheck.derivations.sizes import names_in, value_of

SIZES = {"n": 5, "d": 3, "h": 4, "m": 6, "k": 2}
SHAPES: Mapping[str, Sequence[int | str]] = {
    "X": ["n", "d"], "w": ["d"], "y": ["n"], "p": ["n"], "W": ["h", "d"], "x": ["d"], "u": ["d"], "delta": ["h"],
    "z": ["h"], "S": ["d", "d"], "A": ["n", "m"], "B": ["m", "k"], "lambda": [],
}  # fmt: skip


def equal_at_a_point(expected: Quantity) -> Callable[[Reading], bool]:
    """Whether a reading has the expected value at one fixed point."""
    rng = np.random.default_rng(11)
    values = {
        name: rng.normal(size=tuple(value_of(s, SIZES) for s in sizes if s != 1)) for name, sizes in SHAPES.items()
    }

    def equals(reading: Reading) -> bool:
        if any(s.name not in values for s in reading.symbols):
            return False
        if any(not names_in(size) <= SIZES.keys() for n in reading.body.walk() for size in n.shape):
            return False
        ours, theirs = (Evaluator(values, SIZES)(q.element) for q in (expected, meant(reading.text, reading)))
        return np.shape(ours) == np.shape(theirs) and bool(np.allclose(ours, theirs))

    return equals


# Expected, answer, code, message.
NAMED: list[tuple[str, str, str, str]] = [
    ("X^T(Xw-y)", "X(Xw-y)", "shape",
     "X is n × d; (Xw-y) has length n, expected d. A transpose is missing on X: Xᵀ(Xw − y) was meant."),
    ("X^T y - w", "y^T X - w", "shape",
     "y^T X is a row, 1 × d; w is a column, d × 1. (y^T X)ᵀ = Xᵀy was meant."),
    ("y - Xw", "y^T - Xw", "shape",
     "y^T is a row, 1 × n; Xw is a column, n × 1. The transpose of y is one too many: y − Xw was meant."),
    (r"\delta x^T", r"\delta x", "shape",
     r"\delta is a column, h × 1; x is a column, d × 1. A transpose is missing on x: δxᵀ was meant."),
    (r"\delta x^T", r"\delta^T x", "shape",
     r"\delta^T is a row, 1 × h; x has length d, expected h. The transposes stand in the wrong places: δxᵀ was meant."),
    (r"\delta x^T", r"x^T \delta", "wrong-order",
     r"x^T is a row, 1 × d; \delta has length h, expected d. The factors stand in the wrong order: δxᵀ was meant."),
    ("AB", "BA", "wrong-order",
     "B is m × k; A is n × m, expected k rows. The factors stand in the wrong order: AB was meant."),
    ("(AB)^T", "BA", "wrong-order",
     "B is m × k; A is n × m, expected k rows. The transpose of a product has its factors in the opposite order: "
     "BᵀAᵀ was meant."),
    ("(X^T X)^{-1} X^T y", "X^T y (X^T X)^{-1}", "wrong-order",
     "X^T y is a column, d × 1; (X^T X)^{-1} is d × d. The factors stand in the wrong order: (XᵀX)⁻¹Xᵀy was meant."),
    ("u^T S u", "u S u^T", "wrong-order",
     "u is a column, d × 1; S is d × d. The factors stand in the wrong order: uᵀSu was meant."),
    ("W^T δ", "W^T ⊙ δ", "elementwise-vs-matrix",
     "W^T is d × h; δ is a column, h × 1. A matrix product was meant, not one entry by entry: Wᵀδ."),
    ("W^T (δ ⊙ σ'(z))", "W^T δ σ'(z)", "elementwise-vs-matrix",
     "W^T δ is a column, d × 1; σ'(z) is a column, h × 1. The product entry by entry was meant: Wᵀ(δ ⊙ σ′(z))."),
    ("X^T(Xw-y)", "X.T * (X * w - y)", "elementwise-vs-matrix",
     "X * w is n × d; y is a column, n × 1. * multiplies entry by entry, and matrix products were meant: Xᵀ(Xw − y)."),
    (r"(W^T\delta) \odot x", r"W^T(\delta \odot x)", "wrong-order",
     r"\delta is a column, h × 1; x is a column, d × 1. The products are taken in the wrong order: Wᵀδ ⊙ x was meant."),
    ("X - X.mean(axis=0)", "X - X.mean(axis=1)", "wrong-index",
     "X is n × d; X.mean(axis=1) is a column, n × 1. X.mean(axis=1) runs along the wrong axis; axis=0 was meant."),
    (r"\sum_j A_{ij} B_{jk}", r"\sum_j A_{ij} B_{kj}", "wrong-index",
     "j runs to m, but B has k entries there. The indices of B stand the wrong way round: B_jk was meant."),
    (r"\sum_i y_i", r"\sum_{i=1}^d y_i", "wrong-index",
     r"\sum_{i=1}^d y_i runs to d, but i counts n entries. i has to run over all entries, and these are not d."),
    ("X^T 𝟏", "X 𝟏", "wrong-index",
     "Your answer is a column (n × 1); a column (d × 1) was expected. The sum runs over the wrong axis: Xᵀ 𝟏_n was meant."),
    ("X^T diag(p) X", "X^T p X", "shape",
     "X^T p is a column, d × 1; X is n × d. p is a column and has to stand on a diagonal: Xᵀ diag(p)X was meant."),
    ("diag(z) - z z^T", "diag(z - z z^T)", "missing-parentheses",
     "z is a column, h × 1; z z^T is h × h. The bracket closes too late: diag(z) − zzᵀ was meant."),
    ("X^T(Xw-y)", "X^T Xw - y", "shape",
     "X^T Xw is a column, d × 1; y is a column, n × 1. A bracket is missing: Xᵀ(Xw − y) was meant."),
    ("S^{-1}(x-u)", "(x-u)/S", "shape",
     "(x-u)/S divides by a matrix. Multiply by its inverse, on the side where it belongs: S⁻¹(x − u) was meant."),
    ("X^T X w - X^T y", "X^T X - X^T y", "missing-factor",
     "X^T X is d × d; X^T y is a column, d × 1. The factor w is missing: XᵀXw was meant."),
    ("tr(A^T A)", "tr(A^2)", "shape",
     "A is n × m. A^2 multiplies A by itself, not by its transpose: AᵀA was meant."),
    ("X^T X + λ I_d", "X^T X + λ I_n", "shape",
     "X^T X is d × d; λ I_n is n × n. I_n has the wrong size here."),
    # Fitting in themselves, but not what was asked
    ("2w^T", "2w", "transposed",
     "Your answer is a column (d × 1); a row (1 × d) was expected. Transposed it is right: 2wᵀ."),
    ("2w^T", "2w w^T", "shape",
     "Your answer is d × d; a row (1 × d) was expected. w is one factor too many: 2wᵀ was meant."),
    ("w ⊙ x", "w x^T", "elementwise-vs-matrix",
     "Your answer is d × d; a column (d × 1) was expected. The product entry by entry was meant: w ⊙ x."),
    # No small repair is right: the shapes speak for themselves
    ("X^T y", "X + y", "shape",
     "X + y needs two operands of the same shape. X is n × d; y is a column, n × 1."),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer", "code", "message"), NAMED)
def test_the_mistake_and_its_message(expected: str, answer: str, code: str, message: str) -> None:
    asked = quantity(expected, Given(SHAPES))
    found = misfit(answer, Given(SHAPES), asked.shape, equal_at_a_point(asked))
    assert found is not None
    assert (found.code, found.message) == (code, message)
    assert code in DIAGNOSES
    assert all(0 <= start < end <= len(answer) for start, end in found.spans)


def test_the_place_is_that_of_the_mistake() -> None:
    asked = quantity("X^T y - w", Given(SHAPES))
    found = misfit("y^T X - w", Given(SHAPES), asked.shape, equal_at_a_point(asked))
    assert found is not None and found.spans == ((0, 5),)


@pytest.mark.parametrize(
    ("expected", "answer"),
    [("2w^T", "2w^T"), ("2w^T", "3w^T"), ("2w", "2(w"), ("2w", "\\foo w"), ("2w", ""), ("w", "X^T X"), (r"\sum_i x_i u_i", "x_i u_j")],
)  # fmt: skip
def test_what_fits_or_cannot_be_read_is_left_to_others(expected: str, answer: str) -> None:
    asked = quantity(expected, Given(SHAPES))
    assert misfit(answer, Given(SHAPES), asked.shape, equal_at_a_point(asked)) is None


def test_only_a_right_repair_names_a_mistake() -> None:
    found = misfit("X(Xw-y)", Given(SHAPES), ("d", 1), lambda reading: False)
    assert found is not None and found.code == "shape"
    assert found.message == "X(Xw-y) needs the columns of X to match the length of (Xw-y). X is n × d; (Xw-y) has length n, expected d."


def test_the_judge_is_asked_about_fitting_trees_only_and_seldom() -> None:
    asked: list[Reading] = []
    answer = "X^T X w - X^T y + X(X w - y) + A B + W^T δ x^T S"
    misfit(answer, Given(SHAPES), ("d", 1), lambda reading: bool(asked.append(reading)))
    assert len(asked) <= 60
    assert all(reading.body.shape == ("d", 1) for reading in asked)


def test_definitions_are_never_opened() -> None:
    given = Given(SHAPES, definitions={"s": "softmax(z) + z"})
    asked = quantity("diag(s) - s s^T", given)
    found = misfit("diag(s - s s^T)", given, asked.shape, equal_at_a_point(asked))
    assert found is not None and (found.code, found.spans) == ("missing-parentheses", ((0, 15),))


@pytest.mark.parametrize(
    ("text", "meant_instead"),
    [
        ("(X^T X + λ)^{-1} X^T y", "(XᵀX + λI_d)⁻¹Xᵀy"),
        ("X^T X - λ", "XᵀX − λI_d"),
        ("X^T X + λ I", None),
        ("X + λ", None),  # no square matrix: nothing but its entries can be meant
        ("w + λ", None),
    ],
)
def test_a_number_beside_a_square_matrix(text: str, meant_instead: str | None) -> None:
    tree = number_for_identity(read(text, shapes=SHAPES).body)
    assert (None if tree is None else write(tree, Style.UNICODE)) == meant_instead


def test_an_index_that_is_left_over() -> None:
    found = index_left_over(read(r"\sum_i x_i u_j", shapes=SHAPES))
    assert found is not None
    assert found.message == "The index j is left over: nothing sums over it, and what was asked does not have it."
    assert found.spans == ((11, 14),)
    assert index_left_over(read("x_i u_j", shapes=SHAPES), ["i", "j"]) is None
