"""Values of formulas in a graph of definitions: arithmetic of rows and columns, indices, and derivatives by nodes that are held."""

from __future__ import annotations

import numpy as np
import pytest

from hwcheck.checkers.chains.graph_functions import entrywise
from hwcheck.checkers.chains.graph_names import Definition, Family, Misfit, NoLink, Reading
from hwcheck.checkers.chains.graph_trees import index_letters, terms
from hwcheck.checkers.chains.graph_values import Graph
from hwcheck.checkers.chains.plain_reading import plain
from hwcheck.checkers.chains.usual_claims import index_condition
from hwcheck.checkers.chains.usual_definitions import base_of, lengths_in

SHAPES = {"A": (3, 3), "B": (3, 3), "x": (3, 1), "r": (1, 3), "g": (3, 1), "s": (1, 1), "q": (3, 1)}
CALLED = frozenset(("f",))

SAME = [
    ("a transposed product", "(AB)^T", "B^TA^T"),
    ("an entry of a product", r"\sum_k A_{ik} B_{kj}", r"\sum_m A_{im} B_{mj}"),
    ("a gradient", r"\nabla_x (x^TAx)", "Ax + A^Tx"),
    ("a second derivative of a number", r"\frac{\partial}{\partial s} \frac{\partial}{\partial s} s^3", "6s"),
    ("a delta", r"\frac{\partial x_i}{\partial x_j}", r"\delta_{ij}"),
    ("any function", r"\frac{\partial}{\partial s} f(s^2)", "2s f'(s^2)"),
    ("an identity", "(A + I)x", "Ax + x"),
    ("an outer product", r"x \otimes g", "x g^T"),
    ("a node that is defined", r"\frac{\partial w}{\partial h}", "2h"),
    ("through a definition", r"\frac{\partial w}{\partial s}", "2 h s"),
    ("the softmax by entries", r"\frac{\partial p_i}{\partial q_j}", r"p_i(\delta_{ij} - p_j)"),
    ("a column of a matrix", r"\frac{\partial}{\partial u_k} (u_k^Tx)", "x"),
]  # fmt: skip


def graph(seed: int = 0) -> Graph:
    """A small graph: h = s²/2 + 1, w = h², p = softmax(q); the columns of B are called u."""
    definitions = {
        "h": Definition(plain(r"\frac{1}{2}s^2 + 1")), "w": Definition(plain("h^2")), "p": Definition(plain("softmax(q)")),
    }  # fmt: skip
    return Graph(SHAPES, definitions, {"u": Family("B")}, seed=seed)


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_equal_forms_have_one_value(before: str, after: str) -> None:
    first, second = plain(before, CALLED), plain(after, CALLED)
    for env in ({"i": 0, "j": 1, "k": 2}, {"i": 2, "j": 2, "k": 0}):
        for seed in (0, 1):
            here = graph(seed)
            a, b = here.value(first, Reading(), env).array, here.value(second, Reading(), env).array
            assert np.allclose(a, b, rtol=1e-7)


@pytest.mark.parametrize("text", ["x x", "A + x", r"A \odot x", "r + x", "softmax(s)", r"\frac{x}{g^T}"])
def test_shapes_that_do_not_go_together_are_a_misfit(text: str) -> None:
    with pytest.raises(Misfit):
        graph().value(plain(text), Reading(), {})


def test_a_derivative_of_something_that_does_not_depend_has_no_value() -> None:
    with pytest.raises(NoLink):
        graph().value(plain(r"\frac{\partial w}{\partial x}"), Reading(), {})


def test_layouts_turn_the_derivative_by_a_vector_and_never_that_by_a_matrix() -> None:
    by_vector, by_matrix = plain(r"\frac{\partial (g^Tx)}{\partial x}"), plain(r"\frac{\partial (g^TAx)}{\partial A}")
    assert graph().value(by_vector, Reading(), {}).shape == (3, 1)
    assert graph().value(by_vector, Reading(numerator=True), {}).shape == (1, 3)
    plain_value, turned = (graph().value(by_matrix, Reading(numerator=n), {}).array for n in (False, True))
    assert np.array_equal(plain_value, turned)


def test_einstein_sums_what_is_not_free() -> None:
    reading = Reading(einstein=True, free=frozenset("i"))
    whole = graph().value(plain("A_{ij} x_j"), reading, {"i": 1}).array
    assert np.allclose(whole, graph().value(plain("(Ax)_i"), Reading(), {"i": 1}).array)


def test_a_logarithm_of_a_negative_number_has_no_value() -> None:
    with pytest.raises(ValueError, match="negative"):
        entrywise("log")(np.array([[-1.0 + 0j]]))


def test_letters_and_terms() -> None:
    tree = plain(r"a_i + \sum_j b_{ij} c_j - d")
    assert index_letters(tree) == ("i",) and len(terms(tree)) == 3
    assert index_condition(r"i \neq k") == ("i", False, "k") and index_condition("x > 0") is None


@pytest.mark.parametrize(("words", "lengths"), [
    ("k×1 one-hot", ("k", "1")), ("a row vector", ("1", "?")), ("n-vector", ("n", "1")), ("as stated in the exercise", None),
    ("scalar", ("1", "1")),
])  # fmt: skip
def test_loose_words_give_lengths(words: str, lengths: tuple[str, str] | None) -> None:
    assert lengths_in(words) == lengths
    assert base_of("z_2^(l)") == "z"
