"""Tidying changes how a tensor is written, never its value; facts are used when they are declared, and only then."""

from __future__ import annotations

import facts
import judges
import numpy as np
import pytest
import trees
from facts import Fact
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations import Style, read, write
from hwcheck.derivations.calculus.calculus import derivative, differentiate
from hwcheck.derivations.calculus.tidying import Tidier
from hwcheck.derivations.elements.elements import Element, is_zero, total, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.forms.building import polished
from hwcheck.derivations.forms.matrixform import MatrixForm

SHAPES = {n: s for n, s in facts.SHAPES.items() if n != "T"}


def element(text: str) -> Element:
    return Meaning().of(read(text, shapes=SHAPES).body)


def tidied(text: str, **domains: str) -> str:
    """A text, tidied and written again."""
    return write(polished(MatrixForm().of(Tidier(domains)(element(text)))), Style.UNICODE)


# Text, what becomes of it, and facts.
TIDY: tuple[tuple[str, str, dict[str, str]], ...] = (
    # like terms
    ("w + w", "2w", {}),
    ("w - w", "𝟘_d", {}),
    ("2Xw - 3Xw", "−Xw", {}),
    ("a w + a w", "2aw", {}),
    ("t a + a t", "2ta", {}),
    ("t^2 + t t", "2t²", {}),
    ("w^T x + x^T w", "2wᵀx", {}),
    ("A^T w + A w", "(Aᵀ + A)w", {}),
    ("A w + B w", "(A + B)w", {}),
    # factors cancel
    ("w ⊙ (x ⊘ x)", "w", {}),
    ("det(A) w / det(A)", "w", {}),
    ("||w||^3 w / ||w||", "‖w‖²w", {}),
    ("A A^{-1} w", "w", {}),
    ("A^{-1} A B", "B", {}),
    ("A^T A^{-T} B", "B", {}),
    ("A A^T A^{-1}", "AAᵀA⁻¹", {}),
    ("tr(A A^{-1})", "d", {}),
    # an entrywise part is multiplied out where that makes it shorter
    ("-w ⊙ (1 - x) + (1 - w) ⊙ x", "x − w", {}),
    ("(1 - x) ⊙ w + x ⊙ w", "w", {}),
    # facts
    ("A^T w", "Aw", {"A": "symmetric"}),
    ("A^T w + A w", "2Aw", {"A": "symmetric"}),
    ("A^T w + A w", "(Aᵀ + A)w", {"B": "symmetric"}),
    ("A^{-T} w", "A⁻¹w", {"A": "spd"}),
    ("sum(q) z", "z", {"q": "probability"}),
    ("sum(q) z", "z", {"q": "one_hot"}),
    ("sum(q) z", "sum(q)z", {"q": "positive"}),
    ("sum(q) z", "sum(q)z", {}),
    ("sum(softmax(z)) q", "q", {}),
    ("sum(q ⊙ z) z", "sum(q ⊙ z)z", {"q": "probability"}),
    ("q (q^T z)", "qᵀzq", {"q": "probability"}),
)  # fmt: skip


@pytest.mark.parametrize(("text", "want", "domains"), TIDY, ids=[f"{t} {d}" for t, _, d in TIDY])
def test_the_shortest_sum(text: str, want: str, domains: dict[str, str]) -> None:
    assert tidied(text, **domains) == want


@settings(max_examples=60)
@given(trees.functions())
def test_the_value_is_the_same(case: tuple[trees.Written, str]) -> None:
    tree, name = case
    derived = derivative(differentiate(Meaning().of(tree), trees.element(name)))
    values = trees.point(9)
    for e in (Meaning().of(tree), derived):
        assert judges.same(trees.value(Tidier(trees.DOMAINS)(e), values), trees.value(e, values))


@settings(max_examples=60)
@given(trees.functions())
def test_tidying_twice_is_tidying_once(case: tuple[trees.Written, str]) -> None:
    tree, name = case
    tidy = Tidier(trees.DOMAINS)
    once = tidy(derivative(differentiate(Meaning().of(tree), trees.element(name))))
    assert tidy(once) is once


@settings(max_examples=40)
@given(st.data(), st.sampled_from(trees.EVERY_SHAPE))
def test_the_order_of_the_terms_does_not_change_the_value(data: st.DataObject, shape: trees.Shape) -> None:
    terms = [Meaning().of(data.draw(trees.trees([shape], depth=2))) for _ in range(3)]
    values, tidy = trees.point(10), Tidier(trees.DOMAINS)
    forth, back = (tidy(total(some, terms[0].shape)) for some in (terms, terms[::-1]))
    assert judges.same(trees.value(forth, values), trees.value(back, values))


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_results_are_tidy(fact: Fact) -> None:
    derived = fact.derived().derived
    assert is_zero(derived) or Tidier(dict(fact.domains))(derived) is derived


SYMMETRY: tuple[tuple[str, dict[str, str], bool], ...] = (
    ("A", {"A": "symmetric"}, True),
    ("A", {"A": "spd"}, True),
    ("A", {"A": "invertible"}, False),
    ("A", {}, False),
    ("A^{-1}", {"A": "symmetric"}, True),
    ("A B", {"A": "symmetric", "B": "symmetric"}, False),
    ("A B A", {"A": "symmetric", "B": "symmetric"}, True),
    ("X^T X", {}, True),
    ("X^T A X", {}, False),
    ("w w^T", {}, True),
    ("w x^T", {}, False),
    ("diag(w)", {}, True),
    ("A - A^T", {}, False),
    ("A ⊙ A", {"A": "symmetric"}, True),
    ("A^{∘3}", {"A": "symmetric"}, True),
)


@pytest.mark.parametrize(("text", "domains", "symmetric"), SYMMETRY, ids=[f"{t} {d}" for t, d, _ in SYMMETRY])
def test_what_counts_as_symmetric(text: str, domains: dict[str, str], symmetric: bool) -> None:
    shapes = SHAPES | {"X": ["d", "d"]}
    tensor = Meaning().of(read(text, shapes=shapes).body)
    value = np.asarray(Evaluator(judges.arrays(shapes, domains), judges.SIZES)(tensor))
    assert Tidier(domains).is_symmetric(tensor) is symmetric is judges.same(value, value.T)


def test_a_zero_stays_the_zero_of_its_shape() -> None:
    w = variable("w", ("d",))
    assert is_zero(Tidier({})(total([w, element("-w")], w.shape)))
    assert Tidier({})(element("w - w")).shape == ("d",)


@pytest.mark.parametrize("count", [3, 12, 18, 24])
def test_long_chains_are_not_taken_for_each_other(count: int) -> None:
    """∂(Xᵏ)_ij/∂X_pq = Σ_a (Xᵃ)_ip (Xᵏ⁻¹⁻ᵃ)_qj has k different terms, whose inner indices look alike from nearby."""
    function = Meaning().of(read(f"X^{{{count}}}", shapes={"X": ["n", "n"]}).body)
    tidied = Tidier({})(derivative(differentiate(function, variable("X", ("n", "n")))))
    x = np.random.default_rng(4).normal(size=(3, 3)) * 0.6
    powers = [np.linalg.matrix_power(x, a) for a in range(count)]
    want = sum(np.einsum("ip,qj->ijpq", powers[a], powers[count - 1 - a]) for a in range(count))
    assert len(tidied.args) == count
    assert np.allclose(Evaluator({"X": x}, {"n": 3})(tidied), want, rtol=1e-10, atol=1e-12)
