"""Are two tensors equal? Accepted and refused side by side, with what the judge saw: kind of evidence, cause, points.

Nothing here knows how an answer is explained; that is the business of verification.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flint import ctx, fmpq

from hwcheck.checkers.equality.comparison import LEAST_POINTS, Comparison, compare
from hwcheck.checkers.quantities import Given, quantity
from hwcheck.checkers.references import derivative_of
from hwcheck.derivations.elements.elements import variable
from hwcheck.derivations.elements.enclosures import Enclosures, ball, is_known

SHAPES: dict[str, Any] = {
    "x": [], "a": [], "b": [], "w": ["d"], "v": ["d"], "y": ["n"], "z": ["k"], "X": ["n", "d"], "W": ["k", "d"], "A": ["d",
    "d"], "B": ["d", "d"],
    "C": ["k", "k"], "D": ["k", "k"], "P": ["n", 300], "u": [300], "lambda": [],
}  # fmt: skip
POSITIVE = {"x": "positive", "a": "positive", "w": "positive"}


def compared(expected: str, answer: str, domains: Mapping[str, str] | None = None, seed: int = 0) -> Comparison:
    e, a = (quantity(text, Given(SHAPES)) for text in (expected, answer))
    return compare(e.element, a.element, domains, seed, expected_parts=e.parts, answer_parts=a.parts)


def outcome(expected: str, answer: str, domains: Mapping[str, str] | None = None, seed: int = 0) -> str:
    """same, or different with its cause, or undecided."""
    found = compared(expected, answer, domains, seed)
    return f"{found.outcome} {found.cause}".strip()


# -- numbers: right and wrong side by side -------------------------------------------------------------------------------

# expected, an answer that is equal, answers that are not
SCALARS: list[tuple[str, list[str], list[str]]] = [
    ("2x", ["x + x", "4x/2", "\\frac{2x^2 + 2x}{x + 1}"], ["2x + 10^{-12}", "2x + 10^{-300}", "2x + e^{-100} x", "2.0000001x",
    "2x + 0.0001 x^9"]),
    ("x^2", ["x x", "|x|^2", "(-x)^2", "e^{2 log|x|}"], ["x^2 + e^{-10^6 (x - 1/8)^2}", "x|x|", "2x", "x^3/|x|", "x^{2.0000001}"]),
    ("x", ["-(-x)", "relu(x) - relu(-x)", "log(e^x)", "tan(arctan(x))", "|x| sign(x)", "sinh(arcsinh(x))"],
     ["x + 1[x > 10^6]", "x + 1[x < -1000]", "x + relu(10^{-9} - |x - 0.3|)", "arctan(tan(x))", "x + 10^{-30} x^2", "max(x, -1000)"]),
    ("relu(x)", ["max(0, x)", "(x + |x|)/2", "x 1[x > 0]", "x 1[x >= 0]", "x if x > 0 else 0"],
     ["max(10^{-6}, x)", "relu(x - 10^{-6})", "relu(x + 10^{-9})", "x 1[x > 10^{-7}]", "(x - |x|)/2", "x 1[x > -10^{-7}]"]),
    ("|x|", ["\\sqrt{x^2}", "max(x, -x)", "x sign(x)", "relu(x) + relu(-x)"], ["x", "\\sqrt{x^2 + 10^{-20}}", "|x - 10^{-20}|"]),
    ("\\sigma(x)", ["1 - \\sigma(-x)", "e^x/(1 + e^x)", "(1 + tanh(x/2))/2"], ["\\sigma(x) + 10^{-15}", "1/(1 + e^x)", "(1 + tanh(x))/2"]),
    ("1", ["\\sin^2 x + \\cos^2 x", "cosh(x)^2 - sinh(x)^2", "1[x > 0] + 1[x <= 0]", "e^x e^{-x}", "x^0"],
     ["\\sin(x^2) + \\cos^2 x", "1[x > 0] + 1[x < 0]", "|sign(x)|", "1[x^2 >= 0.000001]"]),
    ("max(x, a)", ["(x + a + |x - a|)/2", "a + relu(x - a)", "-min(-x, -a)"], ["(x + a + |x + a|)/2", "x + a - 2 min(x, a)",
    "max(x, a, 0)"]),
    ("0 x", ["x - x", "\\sin(2x) - 2 \\sin x \\cos x", "1[x > 0] 1[x < 0]", "relu(-x) relu(x)"],
     ["e^{-10^9 x^2}", "1[x = 0]", "1[x = 1/3]", "e^{-100}x", "relu(x - 30)", "1[|x - 1/7| < 10^{-9}]", "\\sigma(1000(x - 100))"]),
    ("\\frac{1}{1 + x^2}", ["(1 + x^2)^{-1}"], ["\\frac{1}{1 + x}", "1 + x^{-2}", "\\frac{1}{1.000000001 + x^2}"]),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, equal, _ in SCALARS for a in equal])
def test_equal_numbers(expected: str, answer: str) -> None:
    assert outcome(expected, answer) == "same" and outcome(answer, expected) == "same"


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, _, others in SCALARS for a in others])
def test_numbers_that_differ_somewhere(expected: str, answer: str) -> None:
    for seed in (0, 1):
        found = compared(expected, answer, seed=seed)
        assert found.outcome == "different" and found.how == "certified" and found.at is not None


# -- tensors ----------------------------------------------------------------------------------------------------------

TENSORS: list[tuple[str, list[str], list[str]]] = [
    ("A^T B", ["(B^T A)^T"], ["B A^T", "A B", "B^T A", "A^T ⊙ B"]),
    ("tr(A B)", ["tr(B A)", "Σ_i Σ_j A_ij B_ji", "tr(B^T A^T)"], ["tr(A) tr(B)", "Σ_i Σ_j A_ij B_ij", "tr(A^T B)"]),
    ("(A B)^{-1}", ["B^{-1} A^{-1}"], ["A^{-1} B^{-1}", "(B A)^{-1}", "A^{-1} B"]),
    ("X^T (X w - y)", ["X^T X w - X^T y", "-X^T (y - X w)"], ["X^T X w + X^T y", "X^T (X w - 2y)"]),
    ("tr(I_d)", ["d", "1_d^T 1_d"], ["3", "5", "tr(I_n)", "d + 1", "d^2/3"]),
    ("w/n", ["w n^{-1}"], ["w/d", "w/5", "w/3"]),
    ("1_n 1_d^T", ["1_n 1_d^T + X - X"], ["X", "2 · 1_n 1_d^T"]),
    ("det(A B)", ["det(A) det(B)", "det(A^T) det(B)"], ["det(A) + det(B)", "det(A + B)", "-det(A B)"]),
    ("det(-A)", ["(-1)^d det(A)"], ["-det(A)", "det(A)"]),
    ("softmax(z)", ["softmax(z + 3)", "softmax(z - max(z))", "exp(z)/Σ_i exp(z_i)"], ["softmax(2z)", "exp(z)", "σ(z)"]),
    ("AB ⊗ CD", ["A B ⊗ C D"], ["C D ⊗ A B", "B A ⊗ C D"]),
    ("A + A^T", ["(A^T + A)^T"], ["2A", "2A^T"]),
    ("diag(w) v", ["w ⊙ v", "v ⊙ w"], ["w + v", "w ⊘ v"]),
    ("(I + w v^T)^{-1}", ["I - w v^T / (1 + v^T w)"], ["I - w v^T", "I - w v^T / (1 - v^T w)", "I - v w^T / (1 + v^T w)"]),
    ("1[X w > 0]", ["1[X w > 0] ⊙ 1[X w > 0]", "1 - 1[X w <= 0]"], ["1[X w >= 0]", "1[X w > 10^{-7}]", "1[-X w > 0]"]),
    ("relu(W w)", ["diag(1[W w > 0]) W w", "max(W w, 0)"], ["relu(W w - 10^{-7})", "W relu(w)", "relu(W) w"]),
    ("‖w‖", ["\\sqrt{w^T w}", "‖-w‖"], ["‖w‖^2", "‖w‖_1", "\\sqrt{w^T w + 10^{-12}}"]),
    ("expm(A) expm(-A)", ["I_d", "expm(A - A)"], ["expm(A)", "0 A"]),
    ("logdet(A^T A)", ["2 log|det(A)|"], ["2 log|det(A) + 10^{-9}|", "log|det(A)|"]),
    ("max(w)", ["-min(-w)"], ["max(|w|)", "w_1", "max(w) + 10^{-20}"]),
    ("P u", ["Σ_j P_ij u_j"], ["2 P u", "P u + 10^{-3} P 1_{300}"]),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, equal, _ in TENSORS for a in equal])
def test_equal_tensors(expected: str, answer: str) -> None:
    assert outcome(expected, answer) == "same" and outcome(answer, expected) == "same"


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, _, others in TENSORS for a in others])
def test_tensors_that_differ(expected: str, answer: str) -> None:
    assert outcome(expected, answer).startswith("different")


def test_the_mixed_product_rule() -> None:
    assert outcome("A B ⊗ C D", "(A ⊗ C)(B ⊗ D)") == "same" and outcome("A B ⊗ C D", "(A ⊗ D)(B ⊗ C)") == "different"


# -- facts ---------------------------------------------------------------------------------------------------------------

FACTS: list[tuple[str, str, dict[str, str], str]] = [
    ("A", "A^T", {"A": "symmetric"}, "different"), ("B^{-1}", "(B^{-1})^T", {"B": "spd"}, "different"),
    ("A + A^T", "0 A", {"A": "skew"}, "different"),
    ("1_k^T z", "1", {"z": "probability"}, "different"), ("1_k^T z", "1", {"z": "one_hot"}, "different"),
    ("z ⊙ z", "z", {"z": "one_hot"}, "different"),
    ("z ⊙ z", "z", {"z": "binary"}, "different"), ("z z^T", "diag(z)", {"z": "one_hot"}, "different"),
    ("w ⊙ w", "1_d", {"w": "plus_minus_one"}, "different"),
    ("|w|", "w", {"w": "positive"}, "different"), ("\\sqrt{x^2}", "x", {"x": "positive"}, "different"),
    ("\\sqrt{x^2}", "-x", {"x": "negative"}, "different"),
    ("relu(1 - x)", "1 - x", {"x": "unit"}, "different"), ("relu(x - 1)", "x - 1", {"x": "above_one"}, "different"),
    ("log(x a)", "log(x) + log(a)", {"x": "positive", "a": "positive"}, "different domain"),
    ("(\\sqrt{x})^2", "x", {"x": "positive"}, "same"),
    ("x", "(\\sqrt{x})^2", {"x": "nonnegative"}, "different domain"), ("|det(A)|", "det(A)", {"A": "pos_det"}, "different"),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer", "domains", "without"), FACTS)
def test_declared_facts_are_used_and_nothing_but_those(expected: str, answer: str, domains: dict[str, str], without: str) -> None:
    assert outcome(expected, answer, domains) == "same" and outcome(expected, answer) == without


@pytest.mark.parametrize(("expected", "answer", "domains"), [
    ("z ⊙ z", "z", {"z": "probability"}), ("A", "A^T", {"A": "invertible"}), ("x", "x^2", {"x": "unit"}), ("x^2", "1", {"x": "binary"}),
    ("B", "I_d", {"B": "spd"}), ("z", "1_k/k", {"z": "probability"}), ("w", "1_d", {"w": "plus_minus_one"}), ("x", "x^3", {"x": "integer"}),
])  # fmt: skip
def test_facts_that_do_not_help(expected: str, answer: str, domains: dict[str, str]) -> None:
    assert outcome(expected, answer, domains) == "different"


# -- where it is defined -------------------------------------------------------------------------------------------------

DEFINED: list[tuple[str, str, str, str]] = [  # two texts, outcome one way, outcome the other way
    ("\\sqrt{x^2}", "x", "different", "different"), ("log(x^2)", "2 log(x)", "different domain", "same"),
    ("x", "(\\sqrt{x})^2", "different domain", "same"),
    ("x", "e^{log(x)}", "different domain", "same"), ("x", "x + log(x) - log(x)", "different domain", "same"), ("1", "x/x", "same", "same"),
    ("x + 1", "(x^2 - 1)/(x - 1)", "same", "same"), ("x", "x + 0 log(-1 - x^2)", "different domain", "undecided"),
    ("x", "x + 0 \\sqrt{-1 - x^2}", "different domain", "undecided"), ("x", "x + 0/0", "different domain", "undecided"),
    ("x^2", "x^3/x", "same", "same"), ("log(x a)", "log(x) + log(a)", "different domain", "same"), ("|x|", "(x^4)^{1/4}", "same", "same"),
    ("x", "\\sin(arcsin(x))", "different domain", "same"), ("1/x", "x/x^2", "same", "same"),
    ("\\sqrt{x a}", "\\sqrt{x}\\sqrt{a}", "different domain", "same"),
    ("A", "A + 0 (w w^T)^{-1}", "different domain", "undecided"), ("x", "x + 0/(x - x)", "different domain", "undecided"),
    ("1 - x", "(\\sqrt{1 - x})^2", "different domain", "same"), ("w", "w + log(w) - log(w)", "different domain", "same"),
    ("x", "\\frac{1}{1/x}", "same", "same"), ("sign(x)", "|x|/x", "different domain", "same"),
    ("x/|x|", "sign(x)", "same", "different domain"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "there", "back"), DEFINED)
def test_where_a_side_is_defined(one: str, other: str, there: str, back: str) -> None:
    assert (outcome(one, other), outcome(other, one)) == (there, back)


@pytest.mark.parametrize(("expected", "answer"), [("x + 1", "(x^2 - 1)/(x - 1)"), ("1", "x/x"), ("x^2", "x^3/x")])
def test_removable_gaps_are_noted(expected: str, answer: str) -> None:
    assert compared(expected, answer).notes == ("removable",) and compared(answer, expected).notes == ()


# -- kinks ---------------------------------------------------------------------------------------------------------------

KINKS = [("1[x > 0]", "1[x >= 0]"), ("sign(x)", "2 · 1[x > 0] - 1"), ("1[x > 2]", "1[x >= 2]"), ("1[w^T v > 0]", "1[w^T v >= 0]"),
    ("1[x > a]", "1[x >= a]"),
         ("1[w > 0]", "1[w >= 0]"), ("1[x = 0]", "0 x"), ("0 x", "1[x = a]"), ("1[w_i > 0] v_j", "1[w_i >= 0] v_j")]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer"), KINKS)
def test_a_typed_value_at_a_kink_counts(expected: str, answer: str) -> None:
    for seed in range(3):
        assert outcome(expected, answer, seed=seed) == outcome(answer, expected, seed=seed) == "different kink"


# function, derivatives, answers that are none; where a derivative jumps it has no value, and no value of an answer counts
CONVENTIONS: list[tuple[str, list[str], list[str]]] = [
    ("relu(x)", ["1[x > 0]", "1[x >= 0]", "(1 + sign(x))/2", "1[x > 0] + 1[x = 0]/3", "relu(x)/x"],
     ["1[x > 10^{-6}]", "1[x > -10^{-9}]", "1", "1[x < 0]", "1[x > 0] + 1[x = 1]"]),
    ("|x|", ["sign(x)", "x/|x|", "2 · 1[x > 0] - 1"], ["1", "sign(x - 10^{-9})", "sign(x) + 1[x = 1/2]"]),
    ("relu(x)^2", ["2 relu(x)", "2x 1[x > 0]", "2x 1[x >= 0]"], ["2x", "2 relu(x) + 1[x = 0]"]),
    ("hardtanh(x)", ["1[x > -1] 1[x < 1]", "1[x >= -1] 1[x <= 1]"], ["1[x > -1]", "1[|x| < 1.000001]"]),
    ("max(x, 2)", ["1[x > 2]", "1[x >= 2]"], ["1[x > 2.0000001]", "1[x < 2]"]),
]  # fmt: skip


def derived(function: str, answer: str) -> Comparison:
    return compare(derivative_of(function, "x", Given(SHAPES)).element, quantity(answer, Given(SHAPES)).element, derived=True)


@pytest.mark.parametrize(("function", "answer"), [(f, a) for f, answers, _ in CONVENTIONS for a in answers])
def test_any_value_on_a_kink_is_a_derivative(function: str, answer: str) -> None:
    assert derived(function, answer).same


@pytest.mark.parametrize(("function", "answer"), [(f, a) for f, _, answers in CONVENTIONS for a in answers])
def test_other_values_are_none(function: str, answer: str) -> None:
    assert derived(function, answer).outcome == "different"


# -- evidence ------------------------------------------------------------------------------------------------------------

EVIDENCE = [
    ("w^T w", "‖w‖^2", "proved"), ("(A B)^T", "B^T A^T", "proved"), ("tr(A B)", "tr(B A)", "proved"), ("x (x + 1)", "x^2 + x", "proved"),
    ("det(A B)", "det(A) det(B)", "proved"), ("A^{-1} B^{-1}", "(B A)^{-1}", "proved"), ("2", "1 + 1", "proved"),
    ("tr(I_d)", "d", "proved"),
    ("\\sin^2 x + \\cos^2 x", "1", "agrees"), ("log(e^x)", "x", "agrees"), ("softmax(z + 1)", "softmax(z)", "agrees"),
    ("\\sqrt{2}\\sqrt{3}", "\\sqrt{6}", "agrees"), ("relu(x)", "(x + |x|)/2", "agrees"),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer", "how"), EVIDENCE)
def test_what_a_verdict_rests_on(expected: str, answer: str, how: str) -> None:
    found = compared(expected, answer)
    assert found.same and found.how == how


def test_agreement_names_its_points_and_its_gap() -> None:
    found = compared("softmax(W w)", "exp(W w)/Σ_i exp((W w)_i)")
    assert found.points >= LEAST_POINTS and len(found.sizes) == 2
    assert found.gap is not None and found.gap < 1e-60
    assert all(len(set(s.values())) == len(s) and 1 not in s.values() for s in found.sizes)


def test_a_difference_can_be_recomputed_at_its_point() -> None:
    e, a = (quantity(text, Given(SHAPES)).element for text in ("X^T X w", "X^T X w + 0.001 w"))
    found = compare(e, a)
    assert found.at is not None
    at = Enclosures(found.at.values, found.at.sizes)
    assert any(x != y for x, y in zip(at(e).ravel(), at(a).ravel(), strict=True))


@pytest.mark.parametrize("text", ["e^{e^{e^{e^9}}}", "log(-1 - x^2)", "\\sqrt{-1 - x^2} + x", "(w w^T)^{-1}", "e^{e^{e^{9 + x^2}}}"])
def test_nothing_is_right_where_nothing_is_known(text: str) -> None:
    """Values that do not exist or have no finite ball prove nothing, even against another text of the same value."""
    changed = text.replace("9", "8 + 1") if "9" in text else f"2 {text} / 2"
    for answer in (text, changed):
        found = compared(text, answer)
        assert found.outcome == "undecided" and found.reason, answer
    assert compared(text, f"{text} + 1" if "w" not in text else "w w^T").outcome != "same"


def test_few_points_are_too_few() -> None:
    """√(x − 15.9) exists at hardly any of the points that are drawn; it is not accepted on a few of them."""
    found = compared("\\sqrt{\\sin(1000x) - 0.999999}", "|\\sin(1000x) - 0.999999|^{1/2}")
    assert found.outcome == "undecided"


def test_removed_digits_are_seen_beside_large_numbers() -> None:
    """The scale of a tensor is that of its largest entry, and a small entry still counts."""
    assert outcome("w + 10^{40}", "w + 10^{40} + 10^{-40}") == "different"
    assert outcome("diag(w) + \\pi 10^{40} 1_d 1_d^T", "diag(w) + \\pi 10^{40} 1_d 1_d^T + 10^{-30} I_d") == "different"


def test_points_come_from_the_seed_alone() -> None:
    for texts in (("\\sin(2x)", "2 \\sin x \\cos x"), ("X w", "X w + 10^{-9} y")):
        assert str(compared(*texts, seed=3)) == str(compared(*texts, seed=3))
    assert str(compared("X w", "2X w", seed=3)) != str(compared("X w", "2X w", seed=4))


def test_the_precision_of_the_caller_does_not_matter() -> None:
    with ctx.workprec(30):
        found = compared("\\sin(2x)", "2 \\sin x \\cos x")
        assert found.same and found.gap is not None and found.gap < 1e-60
        assert ctx.prec == 30


def test_shapes_have_to_be_brought_together_before() -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        compare(variable("w", ("d",)), variable("x", ()))


def test_large_declared_sizes_are_compared_small() -> None:
    found = compared("P u", "Σ_j P_ij u_j")
    assert found.same and found.how == "agrees"
    assert compared("P u", "2 P u").how == "differs"


def test_sizes_decide_what_is_equal_only_when_square_or_for_one() -> None:
    """No two sizes are equal, and none is one."""
    sizes = "0 · 1_n^T X w + 0 · 1_k^T W w"
    for expected, answer in (("n", "d"), ("1/n", "1/d"), ("tr(X^T X)/n", "tr(X X^T)/d"), ("n", "1"), ("d^2", "d"), ("k + n", "2k")):
        assert outcome(f"{expected} + {sizes}", f"{answer} + {sizes}") == "different", answer


def test_values_are_small_rationals_at_the_start() -> None:
    found = compared("x", "2x")
    assert found.at is not None and isinstance(found.at.values["x"], fmpq) and is_known(ball(found.at.values["x"]))
