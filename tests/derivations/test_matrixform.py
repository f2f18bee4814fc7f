"""Matrix notation of elements: right side up, with the brackets it needs, and none where there is none."""

from __future__ import annotations

from typing import Any

import facts
import judges
import numpy as np
import pytest
import trees
from facts import Fact
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations import Style, read, write
from hwcheck.derivations.elements.elements import Element, broadcast, entrywise, number, product, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.forms.building import polished
from hwcheck.derivations.forms.matrixform import MatrixForm, NoNotation
from hwcheck.derivations.notation.written import Written

SHAPES = {n: s for n, s in facts.SHAPES.items() if n != "T"}
A, B = (variable(n, ("d", "d")) for n in "AB")
X, W, Y = variable("X", ("n", "d")), variable("W", ("k", "d")), variable("Y", ("n", "k"))
w, x, y, z = (variable(n, (s,)) for n, s in (("w", "d"), ("x", "d"), ("y", "n"), ("z", "k")))
SIZES = {"i": "n", "j": "d", "l": "d", "m": "d", "k": "k"}


def said(element: Element, **settings: Any) -> str:
    return write(polished(MatrixForm(**settings).of(element)), Style.UNICODE)


# A product over indices, and what a person writes for it; nothing is remembered of how it was written.
PRODUCTS: tuple[tuple[str, list[Any], str], ...] = (
    ("i", [(X, "ij"), (w, "j")], "Xw"),
    ("j", [(X, "ij"), (y, "i")], "Xᵀy"),
    ("ij", [(X, "ij")], "X"),
    ("ji", [(X, "ij")], "Xᵀ"),
    ("jl", [(A, "jl")], "A"),
    ("lj", [(A, "jl")], "Aᵀ"),
    ("ik", [(X, "ij"), (W, "kj")], "XWᵀ"),
    ("ki", [(X, "ij"), (W, "kj")], "WXᵀ"),
    ("jl", [(X, "ij"), (X, "il")], "XᵀX"),
    ("jl", [(A, "jm"), (A, "ml")], "A²"),
    ("lj", [(A, "jm"), (A, "ml")], "(A²)ᵀ"),
    ("jl", [(A, "jm"), (A, "lm")], "AAᵀ"),
    ("", [(w, "j"), (x, "j")], "wᵀx"),
    ("", [(w, "j"), (w, "j")], "‖w‖²"),
    ("", [(w, "j"), (A, "jl"), (x, "l")], "xᵀAᵀw"),
    ("jl", [(w, "j"), (x, "l")], "wxᵀ"),
    ("lj", [(w, "j"), (x, "l")], "xwᵀ"),
    ("j", [(w, "j"), (x, "j")], "w ⊙ x"),
    ("jl", [(A, "jl"), (B, "jl")], "A ⊙ B"),
    ("jl", [(A, "jl"), (B, "lj")], "A ⊙ Bᵀ"),
    ("", [(A, "jj")], "tr(A)"),
    ("", [(A, "jl"), (B, "lj")], "tr(BA)"),
    ("j", [(A, "jj")], "diagonal(A)"),
    ("jj", [(w, "j")], "diag(w)"),
    ("jj", [], "I_d"),
    ("ij", [(y, "i"), (X, "ij")], "diag(y)X"),
    ("ij", [(X, "ij"), (w, "j")], "X diag(w)"),
    ("il", [(X, "ij"), (w, "j"), (A, "jl")], "X diag(w)A"),
    ("jl", [(A, "jl"), (w, "j"), (x, "l")], "diag(w)A diag(x)"),
    ("j", [(X, "ij")], "Xᵀ 𝟏_n"),
    ("", [(X, "ij")], "sum(Xᵀ 𝟏_n)"),
    ("ij", [], "𝟏_n 𝟏_dᵀ"),
    ("ij", [(w, "j")], "𝟏_n wᵀ"),
    ("jl", [(w, "j"), (w, "l"), (A, "jl")], "diag(w)A diag(w)"),
    ("", [(w, "j"), (A, "jj")], "wᵀ diagonal(A)"),
    ("jl", [(A, "jj"), (x, "l")], "diagonal(A)xᵀ"),
)  # fmt: skip


@pytest.mark.parametrize(("out", "factors", "want"), PRODUCTS, ids=[f"{row[2]}" for row in PRODUCTS])
def test_a_product_over_indices_is_written_as_matrices(out: str, factors: list[Any], want: str) -> None:
    element = product(tuple(out), [(f, tuple(p)) for f, p in factors], SIZES)
    assert said(element) == want
    values = judges.arrays(SHAPES)
    again = Meaning().of(read(want, shapes=SHAPES).body)
    assert judges.same(Evaluator(values, judges.SIZES)(again), Evaluator(values, judges.SIZES)(element))


# Entries that no product of matrices gives.
WITHOUT: tuple[tuple[str, list[Any]], ...] = (
    ("ijk", [(X, "ij"), (Y, "ik")]),
    ("ijl", [(X, "ij"), (w, "l")]),
    ("jlm", [(A, "jl"), (B, "lm")]),
    ("jl", [(A, "jm"), (B, "ml"), (A, "jn"), (B, "nl"), (A, "mn")]),
    ("", [(A, "jl"), (A, "jm"), (A, "jn"), (B, "lm"), (B, "mn"), (B, "nl")]),
    ("j", [(A, "jl"), (A, "jm"), (B, "lm"), (A, "jn"), (B, "mn"), (B, "nl")]),
)


@pytest.mark.parametrize(("out", "factors"), WITHOUT, ids=[f"{o}: {len(f)} factors" for o, f in WITHOUT])
def test_where_there_is_no_matrix_notation_it_says_so(out: str, factors: list[Any]) -> None:
    sizes = SIZES | ({"n": "d"} if "n" in {p for _, place in factors for p in place} else {})
    with pytest.raises(NoNotation):
        MatrixForm().of(product(tuple(out), [(f, tuple(p)) for f, p in factors], sizes))


# Brackets: text as it is read, text as it is written again without memory.
BRACKETS: tuple[tuple[str, str], ...] = (
    ("2X^T(Xw - y)", "2Xᵀ(Xw − y)"),
    ("(A + A^T) w", "(A + Aᵀ)w"),
    ("(A + B)(A - B)", "(A + B)(A − B)"),
    ("(A + B)^T w", "(A + B)ᵀw"),
    ("(AB)^{-1}", "(AB)⁻¹"),
    ("A^{-1} B^{-1}", "A⁻¹B⁻¹"),
    ("-(w - x)", "−(w − x)"),
    ("w - (x - w)", "w − (x − w)"),
    ("a (w - x)", "a(w − x)"),
    ("(a + b) w", "(a + b)w"),
    ("(w + x) ⊙ w", "w ⊙ (w + x)"),
    ("(Aw) ⊙ x", "Aw ⊙ x"),
    ("A (w ⊙ x)", "A(w ⊙ x)"),
    ("w / (1 + a)", "w / (1 + a)"),
    ("w / a / b", "w / a / b"),
    ("w ⊘ (x ⊙ x)", "w ⊘ (x ⊙ x)"),
    ("exp(w)^2", "exp(w)²"),
    ("(w^T x)^2", "(wᵀx)²"),
    ("(w - x)^T (w - x)", "‖w − x‖²"),
    ("||w - x||^3", "‖w − x‖³"),
    ("log(w)^T x", "log(w)ᵀx"),
    ("A^T A^T w", "(A²)ᵀw"),
    ("(A^T)^{-1} w", "A⁻ᵀw"),
    ("x^T A^{-1} w", "xᵀA⁻¹w"),
    ("(w x^T)(A + B)", "wxᵀ(A + B)"),
    ("tr(A) (A + B)", "tr(A)(A + B)"),
    ("sin(a) w / ||w||", "sin(a)w / ‖w‖"),
    ("a^b w", "a^b w"),
    ("(a + b)^2 w", "(a + b)²w"),
    ("1/(a + b)", "1 / (a + b)"),
    ("diag(w - x) A", "diag(w − x)A"),
    ("σ(w) ⊙ (1 - σ(w))", "σ(w) ⊙ (1 − σ(w))"),
)


@pytest.mark.parametrize(("text", "want"), BRACKETS, ids=[row[0] for row in BRACKETS])
def test_brackets_stand_where_they_are_needed(text: str, want: str) -> None:
    element = Meaning().of(read(text, shapes=SHAPES).body)
    assert said(element) == want
    again = Meaning().of(read(want, shapes=SHAPES).body)
    at = Evaluator(judges.arrays(SHAPES, {"a": "positive", "b": "positive", "w": "positive"}), judges.SIZES)
    assert judges.same(at(again), at(element))


@settings(max_examples=80)
@given(trees.trees(), st.sampled_from(list(Style)))
def test_the_notation_has_the_value_also_when_it_is_read_again(tree: Written, style: Style) -> None:
    element, values = Meaning().of(tree), trees.point(11)
    try:
        form = polished(MatrixForm().of(element))
    except NoNotation:
        return
    want = trees.value(element, values)
    text = write(form, style)
    assert judges.same(trees.value(Meaning().of(form), values), want), text
    again = read(text, shapes={n: [s for s in shape if s != 1] for n, shape in trees.SHAPES.items()}).body
    assert judges.same(np.squeeze(trees.value(Meaning().of(again), values)), np.squeeze(want)), text


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("fact", [f for f in facts.ALL if not f.text.endswith("SELU(z)")], ids=str)
def test_a_printed_result_read_again_has_its_value(fact: Fact, style: Style) -> None:
    derivation = fact.derived()
    if derivation.matrix_tree is None or (style is Style.NUMPY and derivation.where):
        assert derivation.matrix is None or derivation.where
        return
    text = write(derivation.matrix_tree, style)
    shapes = {s.name: [x for x in s.shape if x != 1] for s in derivation.reading.symbols}
    definitions = {name: write(tree, style) for name, tree in derivation.where}
    again = read(text, shapes=shapes, definitions=definitions).body
    at = Evaluator(fact.values(), judges.SIZES)
    got, want = np.squeeze(at(Meaning().of(again))), np.squeeze(at(derivation.derived))
    assert judges.same(got, want), text


def test_a_symmetric_matrix_is_its_own_transpose() -> None:
    turned = product(("l", "j"), [(A, ("j", "l"))], SIZES)
    assert said(turned) == "Aᵀ" and said(turned, symmetric=frozenset("A")) == "A"


def test_what_was_written_wins() -> None:
    lowering = Meaning()
    element = lowering.of(read("(BA)^T + w x^T", shapes=SHAPES).body)
    assert said(element) == "AᵀBᵀ + wxᵀ" and said(element, spelled=lowering.spelled) == "(BA)ᵀ + wxᵀ"


def test_a_number_on_every_entry_is_the_number() -> None:
    one_minus = Meaning().of(read("1 - w", shapes=SHAPES).body)
    assert said(one_minus) == "1 − w"
    assert said(entrywise([broadcast(number(3), ("d",)), w])) == "3w"
    assert said(broadcast(number(3), ("d",))) == "3 · 𝟏_d"
