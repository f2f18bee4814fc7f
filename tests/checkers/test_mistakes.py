"""The family of mistakes: which one explains a wrong answer, and that all of them are well-typed expressions.

The judge of the table is an evaluation at two points: the first mistake in the expected expression, or the first repair of the
answer, that makes both sides equal there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from hwcheck.checkers.mistakes.mistakes import MOST, Mistake, likely_repairs, mistakes, repairs
from hwcheck.checkers.mistakes.rebuilding import exchanged, made, rebuilt, replaced, spot_at, spots, substituted
from hwcheck.checkers.quantities import index_sizes
from hwcheck.checkers.verdicts import DIAGNOSES
from hwcheck.derivations import Style, read, write
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import COLUMN, ROW, Meaning, ordered
from hwcheck.derivations.errors import HwcheckError, LimitError
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.reader.reading import Reading
from hwcheck.derivations.sizes import Shape, value_of
from tests.derivations.trees import SHAPES, trees

NAMES: dict[str, list[str]] = {
    "X": ["n", "d"], "w": ["d"], "y": ["n"], "V": ["m", "n"], "v": ["n"], "z": ["k"], "s": ["k"], "g": ["k"], "W": ["k", "k"],
    "A": ["p", "p"], "B": ["p", "p"], "C": ["p", "p"], "u": ["p"], "q": ["p"], "G": ["n", "k"], "Q": ["n", "d"], "K": ["n", "d"],
    "x": [], "a": [], "b": [], "c": [], "lambda": [], "theta_1": [], "theta_2": [],
}  # fmt: skip
SIZES = {"n": 5, "d": 3, "m": 2, "k": 4, "p": 6}


def reading(text: str) -> Reading:
    return read(text, shapes=NAMES)


class Judge:
    """Values at two points: a positive one, where roots exist, and one of either sign."""

    def __init__(self, *readings: Reading):
        self.axes: dict[str, Any] = {}
        for one in readings:
            self.axes |= index_sizes(one)
        shapes = {s.name: tuple(value_of(size, SIZES) for size in s.shape if size != 1) for one in readings for s in one.symbols}
        self.points = []
        for seed in (1, 2):
            rng = np.random.default_rng(seed)
            values = {name: rng.uniform(0.3 if seed == 1 else -1.7, 1.7, size=shape) for name, shape in sorted(shapes.items())}
            self.points.append(Evaluator(values, SIZES))

    def value(self, tree: Written, free: Iterable[str] = ()) -> tuple[Shape, list[Any]] | None:
        meaning = Meaning()
        meaning.axes.update(self.axes)
        try:
            lowered = meaning.lower(tree)
        except HwcheckError:
            return None
        labels = [i for i in free if i in lowered.labels]
        labels += [x for x in lowered.labels if x not in (ROW, COLUMN) and x not in labels]
        labels += [x for x in (ROW, COLUMN) if x in lowered.labels]
        element = ordered(lowered, labels).element
        with np.errstate(all="ignore"):
            return element.shape, [np.asarray(at(element)) for at in self.points]


def same(one: tuple[Shape, list[Any]] | None, other: tuple[Shape, list[Any]] | None) -> bool:
    if one is None or other is None or one[0] != other[0]:
        return False
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True) for a, b in zip(one[1], other[1], strict=True))


def explanation(expected: str, answer: str) -> tuple[str, str]:
    right, wrong = reading(expected), reading(answer)
    judge = Judge(right, wrong)
    wanted, given_value = judge.value(right.body, right.free), judge.value(wrong.body, wrong.free)
    assert not (same(wanted, given_value) and right.body.shape == wrong.body.shape), "the answer is right"

    def first(made_of: Iterable[Mistake], target: Any, other: Reading) -> Mistake | None:
        free = (*right.free, *wrong.free)
        fitting = (m for m in made_of if free or m.tree.shape == other.body.shape)
        return next((m for m in fitting if same(judge.value(m.tree, free), target)), None)

    found = first(likely_repairs(wrong.body), wanted, right)
    found = found or first(mistakes(right.body), given_value, wrong) or first(repairs(wrong.body), wanted, right)
    return (found.code, found.what) if found else ("", "")


TABLE = [
    # sign
    (r"2(u - q)", r"2(q - u)", "sign", "the sign of the whole"),
    (r"G^T(y - v)", r"G^T(y + v)", "sign", "the sign of v"),
    (r"\frac{1}{1 + e^{-x}}", r"\frac{1}{1 + e^{x}}", "sign", "the sign of x"),
    (r"a x^2 + bx - c", r"a x^2 - bx - c", "sign", "the sign of bx"),
    (r"\frac{x\cos x - \sin x}{x^2}", r"\frac{\sin x - x\cos x}{x^2}", "sign", "the sign of the whole"),
    (r"\operatorname{softmax}(z) - s", r"s - \operatorname{softmax}(z)", "sign", "the sign of the whole"),
    (r"a + 1[x > b]", r"a + 1[x < b]", "sign", "the direction of x > b"),
    # terms
    (r"\frac{1}{n}X^T(Xw - y) + \lambda w", r"\frac{1}{n}X^T(Xw - y)", "missing-term", "the term λw"),
    (r"(B + \lambda I)^{-1}u", r"B^{-1}u", "missing-term", "the term λI_p"),
    (r"(A - B)^2", r"A^2 - B^2", "missing-term", "the mixed term of (A − B)²"),
    (r"\|u - q\|^2", r"\|u\|^2 + \|q\|^2", "missing-term", "the mixed term of ‖u − q‖²"),
    (r"\operatorname{diag}(s) - gs^T", r"diag(s) - diag(g \odot s)", "missing-term", "the entries of gsᵀ off the diagonal"),
    (r"\max(ax, bx)", r"\max(0, bx)", "missing-term", "the argument ax"),
    (r"\sin x + x\cos x", r"x\cos x", "product-rule", "the term sin(x)"),
    (r"x^2 e^x + 2x e^x", r"2x e^x", "product-rule", "the term x²e^x"),
    (r"ae^x + be^x", r"be^x", "missing-term", "the term ae^x"),
    # factors
    (r"\frac{1}{n}X^T y + \lambda w", r"X^T y + \lambda w", "factor", "the factor 1/n"),
    (r"\frac{1}{n}X^T y + w", r"\frac{1}{d}X^T y + w", "factor", "the size n"),
    (r"X^T y + \lambda w", r"X^T y + 2\lambda w", "factor", "a factor 2 before λw"),
    (r"e^{-x^2/2}", r"e^{-x^2}", "factor", "the factor 1/2"),
    (r"\operatorname{softmax}(\frac{1}{2}z)", r"\operatorname{softmax}(z)", "factor", "the factor 1/2"),
    (r"np.mean(G, axis=0) + z", r"np.sum(G, axis=0) + z", "factor", "the number of terms in mean(G, axis=0)"),
    (r"ab + c\sin x", r"ab + \sin x", "missing-factor", "the factor c"),
    (r"X^T\operatorname{diag}(y)X", r"X^T X", "missing-factor", "the factor diag(y)"),
    (r"\frac{a}{b} + c", r"a + c", "missing-factor", "the denominator b"),
    (r"3^x \ln 3", r"3^x", "missing-factor", "the factor log(3)"),
    (r"\sigma(x) + ax\sigma(x)(1 - \sigma(x))", r"\sigma(x) + ax\sigma(x)", "missing-factor", "the factor 1 − σ(x)"),
    (r"(B + \lambda I)^{-1}u", r"(B + \lambda)^{-1}u", "shape", "the factor I_p"),
    (r"a\cos(ax)", r"\cos(ax)", "chain-rule", "the factor a"),
    (r"2x\cos(x^2)", r"\cos(x^2)", "chain-rule", "the factor 2x"),
    (r"-2xe^{-x^2}", r"e^{-x^2}", "chain-rule", "the factors beside e^(−x²)"),
    (r"(W^T g) \odot \sigma'(z)", r"W^T g", "chain-rule", "the factor σ′(z)"),
    (r"g \odot s \odot (1 - s)", r"g", "chain-rule", "the factor g ⊙ s ⊙ (1 − s)"),
    # brackets
    (r"b(a - c)", r"ba - c", "missing-parentheses", "the brackets around a − c"),
    (r"(a - c)b", r"a - cb", "missing-parentheses", "the brackets around a − c"),
    (r"\frac{a}{b + c}", r"\frac{a}{b} + c", "missing-parentheses", "the brackets around b + c"),
    (r"\frac{a + b}{c}", r"a + b/c", "missing-parentheses", "the brackets around a + b"),
    (r"\frac{a}{\sqrt{b^2 + c}}", r"a/\sqrt{b^2} + c", "missing-parentheses", "the brackets around b² + c"),
    (r"a - (b + c)", r"a - b + c", "missing-parentheses", "the brackets around b + c"),
    (r"\ln(a + x)", r"\ln a + x", "missing-parentheses", "the brackets around a + x"),
    (r"\frac13 x^2", r"1/(3x^2)", "missing-parentheses", "the brackets beside x²"),
    (r"a/b/c", r"a/(b/c)", "missing-parentheses", "the brackets beside c"),
    (r"\frac{1}{2bc}", r"\frac{1}{2b} c", "missing-parentheses", "the brackets around 2bc"),
    (r"\sin(a)b", r"\sin(ab)", "missing-parentheses", "the brackets beside b"),
    (r"X^T(\sigma(Xw) - y)", r"X^T\sigma(Xw - y)", "missing-parentheses", "the brackets beside y"),
    (r"(AB)^T", r"AB^T", "missing-parentheses", "the brackets around AB"),
    # exponents
    (r"1 - \tanh^2 x", r"1 - \tanh x", "exponent", "the exponent 2"),
    (r"\frac{x - a}{b^2}", r"\frac{x - a}{b}", "exponent", "the exponent 2"),
    (r"\frac{a}{\sqrt{b + c}}", r"\frac{a}{b + c}", "exponent", "the root of b + c"),
    (r"\sqrt{x}", r"\sqrt[3]{x}", "exponent", "the root of x"),
    (r"\frac{u}{\|u\|}", r"\frac{u}{\|u\|^2}", "exponent", "the exponent of ‖u‖"),
    (r"\operatorname{tr}(X^T X)", r"\|X\|_F", "exponent", "the exponent of tr(XᵀX)"),
    (r"\det(3A)", r"3\det A", "exponent", "the exponent of 3 before the determinant"),
    (r"a x^{b - 1}", r"a x^b", "exponent", "the exponent b − 1"),
    # upside down
    (r"\frac{a}{b}", r"\frac{b}{a}", "inverted", "the reciprocal of the whole"),
    (r"c + \frac{a}{b}", r"c + \frac{b}{a}", "inverted", "numerator and denominator of a/b"),
    (r"3^x \ln 3", r"\frac{3^x}{\ln 3}", "inverted", "the place of log(3), above or below the line"),
    (r"-A^{-1}(u - q)", r"-A(u - q)", "inverted", "the inverse of A"),
    (r"A^{-1}B", r"A^T B", "inverted", "the inverse of A"),
    (r"(AB)^{-1}", r"B^{-1}A", "inverted", "the inverse of AB"),
    # transposes
    (r"3w^T", r"3w", "transposed", "the transpose of the whole"),
    (r"A^T B", r"AB", "transposed", "the transpose of A"),
    (r"A^T B", r"AB^T", "transposed", "the transposes in AᵀB"),
    (r"(A + A^T)u", r"u^T(A + A^T)", "transposed", "the transpose of the whole"),
    (r"-A^{-T}uq^TA^{-T}", r"-A^{-1}uq^TA^{-1}", "transposed", "the transpose in A⁻ᵀ in every place"),
    # order
    (r"AB", r"BA", "wrong-order", "the order of B and A"),
    (r"(AB)^T", r"(BA)^T", "wrong-order", "the order of B and A"),
    (r"-B^{-1}CB^{-1}", r"-B^{-2}C", "wrong-order", "the order of B⁻¹ and C"),
    (r"X^T\operatorname{diag}(y)X", r"XX^T\operatorname{diag}(y)", "wrong-order", "the order of the factors of XXᵀ diag(y)"),
    (r"(W^T g) \odot z", r"W^T(g \odot z)", "wrong-order", "the order of Wᵀ and z"),
    (r"(u^T q)^2", r"u^T u q^T q", "wrong-order", "the order of the factors of (uᵀq)²"),
    (r"A \otimes C", r"C \otimes A", "wrong-order", "the order of C and A"),
    (r"\operatorname{diag}(s) - ss^T", r"diag(s)(I - s\mathbf{1}^T)", "wrong-order", "the order of diag(s) and I_k − s 𝟏_kᵀ"),
    (r"A + uq^T", r"A + u^Tq", "shape", "the order of uᵀ and q"),
    (r"\lambda uu^T A", r"\lambda u^T u A", "wrong-order", "the order of λuᵀ and u"),
    # entry by entry
    (r"AB", r"A \odot B", "elementwise-vs-matrix", "the product AB"),
    (r"u \odot q", r"uq^T", "elementwise-vs-matrix", "the product u ⊙ q"),
    (r"(W^T g) \odot z", r"(W^T g)^T z", "elementwise-vs-matrix", "the product Wᵀg ⊙ z"),
    (r"A^2", r"A \odot A", "elementwise-vs-matrix", "A², which is not meant entry by entry"),
    # indices
    (r"Au", r"\sum_j A_{ji}u_j", "wrong-index", "the order of the indices of A_ji"),
    (r"\operatorname{tr}(AB)", r"\sum_{ij} A_{ij}B_{ij}", "wrong-index", "the order of the indices of A_ij"),
    (r"u^T q", r"\sum_i u_i q_j", "wrong-index", "the index j of q_j"),
    (r"\operatorname{diag}(s) - ss^T", r"s_i(\delta_{ij} - s_i)", "wrong-index", "the index i of s_i"),
    (r"G^T\mathbf{1}", r"G\mathbf{1}", "wrong-index", "the axis that is summed over in G 𝟏_k"),
    (r"np.sum(G, axis=0)", r"np.sum(G, axis=1)", "wrong-index", "the axis of sum(G, axis=1)"),
    (r"\theta_1 x + \theta_2", r"\theta_2 x + \theta_1", "wrong-variable", "θ₁ and θ₂, exchanged"),
    (r"\theta_1 x + \theta_2", r"\theta_2 x + \theta_2", "wrong-index", "the index of θ₁"),
    (r"a + cx^2", r"a + ca^2", "wrong-variable", "the variable x"),
    # what only the phrase names
    (r"(W^T g) \odot \sigma'(z)", r"(W^T g) \odot \sigma(z)", "other", "the derivative in σ′(z)"),
    (r"x\ln a", r"x\log_{10} a", "other", "the function in log(a)"),
    (r"(A + B)^{-1}", r"A^{-1} + B^{-1}", "other", "(A + B)⁻¹ taken term by term"),
]


@pytest.mark.parametrize(("expected", "answer", "code", "what"), TABLE)
def test_what_explains_an_answer(expected: str, answer: str, code: str, what: str) -> None:
    assert explanation(expected, answer) == (code, what)


def test_the_part_is_a_node_of_the_original_with_its_place() -> None:
    text = "X^T(Xw - y)"
    tree = reading(text).body
    nodes = {id(n) for n in tree.walk()}
    found = list(mistakes(tree))
    assert all(id(m.part) in nodes for m in found)
    sign = next(m for m in found if m.what == "the sign of y")
    assert text[slice(*sign.part.span)] == "y"


def test_unchanged_parts_stay_the_same_objects() -> None:
    tree = reading("a X^T(Xw - y) + b w").body
    kept = tree.args[1]
    sign = next(m for m in mistakes(tree) if m.what == "the sign of y")
    assert sign.tree.args[1] is kept


# Rebuilding


def shape_of(text: str) -> Shape | None:
    return reading(text).body.shape


@pytest.mark.parametrize(
    ("text", "path", "new", "op", "shape"),
    [
        ("AB", [0], "a", "scale", ("p", "p")),
        ("X w", [1], "a", "scale", ("n", "d")),
        ("X w", [0], "A", None, None),
        ("u \\odot q", [0], "w", None, None),
        ("u \\odot q", [0], "a", "scale", ("p", 1)),
        ("\\frac{u}{a}", [1], "q", "oslash", ("p", 1)),
        ("A^{-1}", [0], "X", None, None),
        ("A^2", [0], "a", "power", (1, 1)),
        ("\\operatorname{tr}(A)", [0], "X", None, None),
        ("\\|u\\|", [0], "X", "norm", (1, 1)),
        ("\\operatorname{diag}(u)", [0], "w", "call", ("d", "d")),
        ("np.sum(G, axis=0)", [0], "X", "call", ("d", 1)),
        ("A \\otimes B", [0], "X", "kron", ("n*p", "d*p")),
        ("a + u", [1], "A", "add", ("p", "p")),
        ("u + q", [1], "A", None, None),
        ("A_{ij}", [0], "X", None, None),
    ],
)
def test_rebuilding_types_the_node_again(text: str, path: list[int], new: str, op: str | None, shape: Shape | None) -> None:
    result = replaced(reading(text).body, path, reading(new).body)
    assert (result and result.op, result and result.shape) == (op, shape)


def test_the_transpose_of_a_number_is_the_number() -> None:
    assert replaced(reading("u^T").body, [0], reading("a").body) == reading("a").body


def test_a_number_in_a_sum_of_matrices_is_noticed() -> None:
    tree = reading("A + uq^T").body
    done = exchanged(spot_at(tree, [1]), reading("u^T q").body)
    assert done is not None and done.spread
    same_shape = exchanged(spot_at(tree, [1]), reading("B").body)
    assert same_shape is not None and not same_shape.spread


def test_substituting_changes_every_place() -> None:
    tree = reading("A^T B A^T").body
    new = substituted(tree, reading("A^T").body, reading("A").body)
    assert new == reading("A B A").body
    assert substituted(tree, reading("A^T").body, reading("X").body) is None
    assert substituted(tree, reading("C").body, reading("A").body) is tree


def test_paths_lead_to_their_spots() -> None:
    tree = reading("X^T(Xw - y)").body
    for spot in spots(tree):
        assert spot_at(tree, spot.path).node is spot.node


def test_operations_that_do_not_fit_are_none() -> None:
    assert made("matmul", reading("X").body, reading("A").body) is None
    assert made("sub", reading("u").body, reading("w").body) is None


# Laws


def retyped(tree: Written) -> Written | None:
    """A tree put together again from its leaves."""
    args = [retyped(a) for a in tree.args]
    if any(a is None for a in args):
        return None
    return rebuilt(tree, [a for a in args if a is not None]) if args else tree


@settings(deadline=None, max_examples=60)
@given(trees())
def test_every_mistake_is_a_new_well_typed_expression(tree: Written) -> None:
    assume(retyped(tree) == tree)  # a product of 1 × 1 and a row, as trees makes it, is a multiple for the reader
    found = list(mistakes(tree))
    assert len(found) <= MOST
    assert [m.tree for m in found] == [m.tree for m in mistakes(tree)], "the same every time"
    own = {id(n) for n in tree.walk()}
    seen = {tree}
    for m in found:
        assert m.code in DIAGNOSES
        assert m.what and not set("{}") & set(m.wording.format(*"a" * len(m.named)))
        assert m.tree not in seen and id(m.part) in own
        seen.add(m.tree)
        assert retyped(m.tree) == m.tree


@settings(deadline=None, max_examples=30)
@given(trees(depth=2))
def test_mistakes_have_a_meaning_and_are_read_back_with_their_shapes(tree: Written) -> None:
    for m in [*mistakes(tree), *repairs(tree)]:
        try:
            element = Meaning().of(m.tree)
            assert element.shape == tuple(s for s in m.tree.shape if s != 1)
            text = write(m.tree, Style.LATEX, declared=SHAPES)
            assert read(text, shapes=SHAPES).body.shape == m.tree.shape, text
        except LimitError:
            continue


@settings(deadline=None, max_examples=30)
@given(trees(depth=2))
def test_repairs_are_well_typed(tree: Written) -> None:
    assume(retyped(tree) == tree)
    found = list(repairs(tree))
    assert {m.code for m in found} <= set(DIAGNOSES)
    assert len({m.tree for m in found}) == len(found)
    assert all(retyped(m.tree) == m.tree != tree for m in found)


def test_a_long_sum_is_no_burden() -> None:
    tree = reading("+".join(f"a x^{k}" for k in range(2, 60))).body
    assert len(list(mistakes(tree))) == MOST
