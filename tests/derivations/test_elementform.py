"""General entries: index notation with its δ's and sums, letters that never meet a name, the value of the element."""

from __future__ import annotations

from typing import Any

import facts
import judges
import pytest
import trees
from facts import Fact
from hypothesis import given, settings

from hwcheck.derivations import Style, jacobian, read, write
from hwcheck.derivations.calculus.calculus import derivative, differentiate
from hwcheck.derivations.calculus.lines import LineJudge, LineMeaning
from hwcheck.derivations.elements.elements import variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import UnsupportedError
from hwcheck.derivations.forms.elementform import ElementForm, letters_for
from hwcheck.derivations.forms.matrixform import MatrixForm
from hwcheck.derivations.notation.written import Written

SHAPES = {n: s for n, s in facts.SHAPES.items() if n != "T"}

# A tensor and its general entry; i, j, … for the output, p, q for the input.
ENTRIES: tuple[tuple[str, str], ...] = (
    ("w", "w_i"),
    ("A", "A_ij"),
    ("A^T", "A_ji"),
    ("a", "a"),
    ("Xw", "Σ_j X_ij w_j"),
    ("X^T y", "Σ_j X_ji y_j"),
    ("X W^T", "Σ_l X_il W_jl"),
    ("XAB", "Σ_l (XA)_il B_lj"),
    ("w x^T", "w_i x_j"),
    ("w ⊙ x", "w_i x_i"),
    ("A ⊙ B^T", "A_ij B_ji"),
    ("I_d", "δ_ij"),
    ("diag(w)", "δ_ij w_i"),
    ("diag(w) A", "w_i A_ij"),
    ("diagonal(A)", "A_ii"),
    ("tr(A)", "Σ_j A_jj"),
    ("||w||^2", "Σ_j w_j²"),
    ("w / ||w||", "w_i / ‖w‖"),
    ("1/2 w", "1/2 w_i"),
    ("-w/a", "−w_i / a"),
    ("1 - w", "1 − w_i"),
    ("A^{-1} w", "Σ_j (A⁻¹)_ij w_j"),
    ("A^{-T}", "(A⁻¹)_ji"),
    ("softmax(z)", "(softmax(z))_i"),
    ("σ(Wx + z)", "σ((Wx + z)_i)"),
    ("relu(w)", "ReLU(w_i)"),
    ("𝟙[w > 0]", "𝟙[w_i > 0]"),
    ("np.where(w > 0, w, 0)", "w_i if w_i > 0 else 0"),
    ("[t; t^2]", "([t; t²])_i"),
    ("2 sum(w) x", "2 sum(w)x_i"),
    ("det(A) A^{-T}", "det(A)(A⁻¹)_ji"),
)


def entry(text: str) -> tuple[str, Any]:
    element = Meaning().of(read(text, shapes=SHAPES).body)
    outs, _ = letters_for(len(element.shape), 1)
    return write(ElementForm(MatrixForm(), frozenset("ndk")).entry(element, outs), Style.UNICODE), element


@pytest.mark.parametrize(("text", "want"), ENTRIES, ids=[row[0] for row in ENTRIES])
def test_the_general_entry(text: str, want: str) -> None:
    assert entry(text)[0] == want


@pytest.mark.parametrize(
    ("axes", "letters"),
    [((0, 1), ((), ("q",))), ((1, 1), (("i",), ("q",))), ((1, 2), (("i",), ("p", "q"))), ((2, 2), (("i", "j"), ("p", "q"))),
     ((3, 3), (("i", "j", "k"), ("p", "q", "r"))), ((4, 4), (("i", "j", "k", "l"), ("p", "q", "r", "s"))),
     ((5, 1), (("i", "j", "k", "l", "a"), ("q",)))],
)  # fmt: skip
def test_letters_of_axes(axes: tuple[int, int], letters: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    assert letters_for(*axes) == letters


def test_a_free_letter_is_none_that_is_used_or_to_be_avoided() -> None:
    form = ElementForm(MatrixForm(), frozenset("jk"))
    assert form.free_letter("i") == "l"
    assert form.free_letter("abcdefghijklmnopqrstuvwxyz") == "t0"
    assert form.free_letter([*"abcdefghijklmnopqrstuvwxyz", "t0", "t1"]) == "t2"


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_the_entry_of_a_result_has_its_value(fact: Fact) -> None:
    derivation, named = fact.derived(), {}
    for name, tree in derivation.where:
        named[name] = LineMeaning(named=named).of(tree)
    judge = LineJudge(fact.values(), judges.SIZES, variable("?", ()), named)
    got = judge.value(derivation.element_tree, derivation.letters, derivation.derived.shape)
    assert judges.same(got, Evaluator(fact.values(), judges.SIZES)(derivation.derived))


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_a_letter_is_never_a_name_of_the_same_line(fact: Fact) -> None:
    tree = fact.derived().element_tree
    letters = {n.value for n in tree.walk() if n.op == "index"} | {n.value[0] for n in tree.walk() if n.op == "sum"}
    names = {n.value for n in tree.walk() if n.op in ("name", "size")}
    assert not letters & names


@settings(max_examples=60)
@given(trees.functions())
def test_the_entry_of_a_derivative_has_its_value(case: tuple[Written, str]) -> None:
    """With w and j among the names, which are never letters then."""
    tree, name = case
    values, lowering = trees.point(12), Meaning()
    derived = derivative(differentiate(lowering.of(tree), trees.element(name)))
    want = trees.value(derived, values)
    outs, ins = ("i", "l", "m", "n")[: len(derived.shape)], ()
    try:
        line = ElementForm(MatrixForm(lowering.spelled), frozenset(trees.SHAPES)).entry(derived, outs + ins)
    except UnsupportedError:
        return
    judge = LineJudge(values, trees.SIZES, trees.element(name), {})
    assert judges.same(judge.value(line, outs, derived.shape), want), write(line, Style.UNICODE)


# Names of variables, sizes and written indices that are our own letters: the same result up to renaming.
CLASHES: tuple[tuple[str, dict[str, list[str]], str, str], ...] = (
    ("f(i) = A i", {"A": ["n", "j"], "i": ["j"]}, "A", "A_{kq}"),
    ("f(q) = A q", {"A": ["n", "p"], "q": ["p"]}, "A", "A_{ir}"),
    ("f(q) = Σ_i q_i^2", {"q": ["i"]}, "2qᵀ", "2q_{p}"),
    ("f(w) = Σ_q w_q^2", {"w": ["d"]}, "2wᵀ", "2w_{q}"),
    ("f(w) = Σ_q Σ_j w_q w_j", {"w": ["d"]}, "2 sum(w) 𝟏_dᵀ", r"2\sum_{j=1}^{d} w_{j}"),
    ("f(j) = j j^T j", {"j": ["q"]}, "‖j‖²I_q + 2jjᵀ", r"\delta_{ip}\sum_{k=1}^{q} j_{k}^{2} + 2j_{p}j_{i}"),
    ("f(p) = P diag(p) j", {"P": ["q", "k"], "p": ["k"], "j": ["k"]}, "P diag(j)", "j_{r}P_{ir}"),
)


@pytest.mark.parametrize(("text", "shapes", "matrix", "element"), CLASHES, ids=[row[0] for row in CLASHES])
def test_names_like_our_letters_are_no_danger(text: str, shapes: dict[str, list[str]], matrix: str, element: str) -> None:
    derivation = jacobian(text, shapes=shapes, confirmed=False)
    assert (derivation.matrix, derivation.element) == (matrix, element)
