"""What a text stands for: its axes, its open indices in order, and the parts that have to be defined."""

from __future__ import annotations

from typing import Any

import pytest

from hwcheck.checkers.quantities import Given, in_order, quantity
from hwcheck.derivations.elements.elements import variable
from hwcheck.derivations.errors import HwcheckError, UnsupportedError

GIVEN = Given({"X": ["n", "d"], "w": ["d"], "y": ["n"], "A": ["d", "d"], "B": ["d", "d"], "x": [], "W": ["k",
    "d"], "z": ["k"]}, {"s": "softmax(z)"})


@pytest.mark.parametrize(("text", "shape", "axes", "free"), [
    ("x", (1, 1), (), ()), ("w", ("d", 1), ("d",), ()), ("w^T", (1, "d"), ("d",), ()), ("X", ("n", "d"), ("n", "d"), ()),
    ("X w", ("n", 1), ("n",), ()), ("w^T w", (1, 1), (), ()), ("X_ij", (1, 1), ("n", "d"), ("i", "j")), ("X_ij w_j", (1, 1), ("n", "d"),
    ("i", "j")),
    ("Σ_j X_ij w_j", (1, 1), ("n",), ("i",)), ("w_i w_j", (1, 1), ("d", "d"), ("i", "j")), ("s", ("k", 1), ("k",), ()), ("1", (1, 1),
    (), ()),
    ("(A B)_ij", (1, 1), ("d", "d"), ("i", "j")), ("A_ik B_kj", (1, 1), ("d", "d", "d"), ("i", "k", "j")), ("w_1", (1, 1), (), ()),
    ("A ⊗ W", ("d*k", "d*d"), ("d*k", "d*d"), ()), ("J_ji = A_ij", (1, 1), ("d", "d"), ("j", "i")), ("f(w) = X w", ("n", 1), ("n",), ()),
    ("δ_ij w_i", (1, 1), ("d", "d"), ("i", "j")), ("1_n w^T", ("n", "d"), ("n", "d"), ()), ("[1, 2; 3, 4]", (2, 2), (2, 2), ()),
])  # fmt: skip
def test_shapes_and_axes(text: str, shape: Any, axes: Any, free: Any) -> None:
    q = quantity(text, GIVEN)
    assert (q.shape, q.element.shape, q.free) == (shape, axes, free)


@pytest.mark.parametrize(("text", "order"), [
    ("A_ji", ("i", "j")), ("B_pq A_ip", ("i", "p", "q")), ("J_ji = A_ij", ("j", "i")), ("∂f_i/∂w_j = A_ji", ("i", "j")), ("w_k", ("k",)),
])  # fmt: skip
def test_the_order_of_open_indices(text: str, order: tuple[str, ...]) -> None:
    assert in_order(quantity(text, GIVEN).reading) == order


@pytest.mark.parametrize(("text", "same"), [
    ("A_ij", "A_ij"), ("(A^T)_ij", "A_ji"), ("((A^T)^T)_ij", "A_ij"), ("(A + A^T)_ij", "A_ij + A_ji"), ("(X^T)_ij", "X_ji"),
    ("(w w^T)_ij", "w_i w_j"),
])  # fmt: skip
def test_entries_of_expressions(text: str, same: str) -> None:
    """Of a transpose too: its rows are the columns."""
    one, other = quantity(f"J_ij = {text}", GIVEN), quantity(f"J_ij = {same}", GIVEN)
    assert one.element.shape == other.element.shape
    assert one.element is other.element or "+" in text or "w" in text


@pytest.mark.parametrize(("text", "count"), [
    ("x", 0), ("x^2", 0), ("x + log(x) - log(x)", 0), ("0 log(x)", 1), ("(\\sqrt{x})^2", 1), ("x + 0/x", 1), ("log(x)", 0), ("1/x", 0),
    ("0 A^{-1}", 1),
    ("x - x + \\sqrt{2}", 0), ("0 arcsin(x) + 0 log(x)", 2), ("x if x > 0 else 0", 0), ("0 w", 0),
])  # fmt: skip
def test_parts_that_have_to_be_defined_though_they_are_gone(text: str, count: int) -> None:
    assert len(quantity(text, GIVEN).parts) == count


def test_latex_is_what_was_read() -> None:
    assert quantity("X.T @ (X @ w - y)", GIVEN).latex == quantity("X^T (X w - y)", GIVEN).latex
    assert quantity("x+x", GIVEN).latex == "x + x"


def test_derivatives_are_worked_out_where_that_is_asked() -> None:
    assert quantity("∂(X w)/∂w", GIVEN, deriving=True).element is variable("X", ("n", "d"))
    assert quantity("∂(w^T w)/∂w", GIVEN, deriving=True).shape == (1, "d")
    with pytest.raises(UnsupportedError, match="not worked out"):
        quantity("∂(X w)/∂w", GIVEN)


def test_shapes_that_a_reading_settles_are_known_afterwards() -> None:
    knowing = GIVEN.knowing(quantity("X V", Given({"X": ["n", "d"]})).reading)
    assert "V" in knowing.shapes and knowing.shapes["X"] == ["n", "d"]
    assert GIVEN.knowing(quantity("X w", GIVEN).reading) is GIVEN


def test_sizes_of_open_indices_come_from_the_axes_asked_for() -> None:
    assert quantity("δ_ij", GIVEN, axes=("d", "d")).element.shape == ("d", "d")
    assert quantity("δ_ij w_k", GIVEN, axes=("k", "k", "d")).element.shape == ("k", "k", "d")


def test_the_place_of_an_error_is_in_the_text() -> None:
    for text in ("X X", "w + X", "2 w)", "foo(w)", "w_"):
        with pytest.raises(HwcheckError) as caught:
            quantity(text, GIVEN)
        assert caught.value.span is not None and 0 <= caught.value.span[0] < caught.value.span[1] <= len(text)
