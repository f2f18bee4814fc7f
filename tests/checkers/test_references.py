"""What an answer is held against: shapes in both layouts, Kronecker orders, how it is written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hwcheck.checkers.quantities import Given
from hwcheck.checkers.references import Reference, as_matrix, derivative_of, reference_of, turned
from hwcheck.derivations.elements.elements import variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.errors import HwcheckError

GIVEN = Given({"X": ["n", "d"], "w": ["d"], "y": ["n"], "A": ["d", "d"], "x": [], "W": ["k", "d"], "z": ["k"], "E": ["m",
    "n"], "G": ["d", "p"]})


def derived(function: str, wrt: str | None = None, **more: Any) -> Reference:
    return derivative_of(function, wrt, GIVEN, **more)


@pytest.mark.parametrize(("function", "wrt", "numerator", "denominator", "orders"), [
    ("x^2", "x", (1, 1), (1, 1), 0), ("w^T w", "w", (1, "d"), ("d", 1), 0), ("X w", "w", ("n", "d"), ("d", "n"), 0),
    ("x w", "x", ("d", 1), (1, "d"), 0),
    ("‖W‖_F^2", "W", ("k", "d"), ("k", "d"), 0), ("W w", "W", None, None, 2), ("x W", "x", None, None, 0), ("E X G", "X", None, None, 2),
    ("softmax(z)", "z", ("k", "k"), ("k", "k"), 0),
])  # fmt: skip
def test_shapes_and_layouts(function: str, wrt: str, numerator: Any, denominator: Any, orders: int) -> None:
    one, other = derived(function, wrt), derived(function, wrt, layout="denominator")
    assert one.derived and len(one.kronecker) == orders
    if numerator is not None:
        assert (one.shape, other.shape) == (numerator, denominator)
    elif orders:
        assert one.shape is None


def test_the_denominator_layout_has_the_axes_of_the_variable_first() -> None:
    assert derived("X w", "w").element.shape == ("n", "d") and derived("X w", "w", layout="denominator").element.shape == ("d", "n")


def test_second_derivatives() -> None:
    reference = derivative_of("w^T A w", "w", GIVEN, order=2)
    assert reference.shape == ("d", "d") and reference.said() == "A + Aᵀ"


def test_what_is_said_and_asked() -> None:
    reference = reference_of("2 w^T", GIVEN)
    assert (reference.said(), reference.axes, reference.is_number, reference.derived) == ("2wᵀ", "(1, d)", False, False)
    assert reference_of("w^T w", GIVEN).is_number and not reference_of("w_i", GIVEN).is_number
    assert reference_of("w_i", GIVEN).free == ("i",)


def test_derivatives_inside_an_expected_expression_are_worked_out() -> None:
    reference = reference_of("∂(w^T w)/∂w", GIVEN)
    assert reference.derived and reference.shape == (1, "d")


def test_shapes_that_the_expected_side_settles_are_given_to_the_answer() -> None:
    assert "V" in reference_of("X V", Given({"X": ["n", "d"]})).given.shapes


def test_both_orders_of_vec_are_kronecker_products() -> None:
    """∂vec(E X G)/∂vec(X) is Gᵀ ⊗ E by columns and E ⊗ Gᵀ by rows."""
    reference = derived("E X G", "X")
    sizes = {"m": 2, "n": 3, "d": 4, "p": 5}
    rng = np.random.default_rng(0)
    e, g = rng.normal(size=(2, 3)), rng.normal(size=(4, 5))
    columns, rows = (np.asarray(Evaluator({"E": e, "G": g}, sizes)(as_matrix(reference.element, order))) for order in reference.kronecker)
    assert np.allclose(columns, np.kron(g.T, e)) and np.allclose(rows, np.kron(e, g.T))
    assert [words for words, _ in reference.kronecker] == ["by columns", "by rows"]


def test_turning_changes_the_order_of_axes_alone() -> None:
    t = variable("T", ("n", "d", "k"))
    assert turned(t, (0, 1, 2)) is t and turned(t, (2, 0, 1)).shape == ("k", "n", "d") and turned(turned(t, (2, 0, 1)), (1, 2, 0)) is t


def test_a_question_is_derived_once() -> None:
    assert derived("X w", "w").element is derived("X w", "w").element
    assert reference_of("A w", GIVEN) is reference_of("A w", GIVEN)


def test_what_is_given_belongs_to_the_question() -> None:
    symmetric = Given(GIVEN.shapes, {}, {"A": "symmetric"})
    assert derivative_of("w^T A w", "w", symmetric).said() != derivative_of("w^T A w", "w", GIVEN).said()


@pytest.mark.parametrize(("function", "wrt"), [("foo(w)", "w"), ("X X", "X"), ("X w", "v"), ("", "w"), ("X w", None)])
def test_functions_that_cannot_be_derived(function: str, wrt: str | None) -> None:
    with pytest.raises(HwcheckError):
        derived(function, wrt)
