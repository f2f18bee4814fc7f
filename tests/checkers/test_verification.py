"""Is this answer right? Whole verdicts: accepted and refused side by side, layouts, facts, and messages as they are read."""

from __future__ import annotations

from typing import Any

import pytest

from hwcheck.checkers.verdicts import DIAGNOSES, Verdict
from hwcheck.checkers.verification import KINDS, LAYOUTS, LONGEST, ROUNDINGS, verify
from hwcheck.derivations.errors import HwcheckError, InputError

SHAPES: dict[str, Any] = {
    "X": ["n", "d"], "w": ["d"], "y": ["n"], "A": ["d", "d"], "B": ["d", "d"], "x": [], "a": [], "z": ["k"], "W": ["k", "d"], "v": ["d"],
    "S": ["d", "d"], "E": ["m", "n"], "Q": ["n", "n"], "G": ["n", "p"],
}  # fmt: skip


def check(answer: str, expected: str | None = None, **given: Any) -> Verdict:
    return verify(answer, expected=expected, shapes=SHAPES, **given)


# -- verdicts ------------------------------------------------------------------------------------------------------------

EXPECTED: list[tuple[str, list[str], dict[str, str | None]]] = [  # expected, right answers, wrong ones with their diagnosis
    ("2w^T", ["2w^T", "w^T + w^T", "2*w.T", "2 w^\\top", "(2w)^T", "$2w^T$", "2w^{\\mathsf T}"],
     {"2w": "transposed", "-2w^T": "sign", "w^T": "factor", "2w^T + 10^{-12} 1_d^T": None, "2X": None, "2": None, "0": None}),
    ("X^T (X w - y)", ["X^T X w - X^T y", "X.T @ (X @ w - y)", "-X^T (y - X w)", "\\sum_i X_{ij} (\\sum_k X_{ik} w_k - y_i)"],
     {"X^T X w - y": None, "X (X w - y)": None, "X^T (X w + y)": "sign", "(X w - y)^T X": "transposed",
     "\\frac{1}{2} X^T (X w - y)": "factor"}),
    ("A B", ["Σ_k A_{ik} B_{kj}", "(B^T A^T)^T", "A @ B"], {"B A": "wrong-order", "A ⊙ B": "elementwise-vs-matrix",
    "(A B)^T": "transposed"}),
    ("A_{ij}", ["A", "A_{ij}", "A_{pq}"], {"A_{ji}": None, "A^T": "transposed", "A_{ii}": None}),
    ("diag(w)", ["δ_{ij} w_i", "δ_{ij} w_j", "w_i δ_{ij}", "diag(w)^T"], {"w": None, "w w^T": None, "w_i": None, "δ_{ij}": None}),
    ("w^T v", ["v^T w", "Σ_i w_i v_i", "w · v",
    "tr(w v^T)"], {"w v^T": None, "w ⊙ v": None, "w_i v_i": None, "Σ_i w_i v_j": "wrong-index"}),
    ("1/3", ["1/3", "2/6", "0.333", "0.33", "1 - 2/3", "3^{-1}"], {"0.3": "rounded",
    "0.34": None, "0.3334": None, "1/3.0001": None, "3": "inverted"}),
    ("\\pi", ["\\pi", "3.14", "3.14159", "pi",
    "2 arccos(0)"], {"355/113": None, "22/7": None, "3.1416 + 0": None, "3.15": None, "3": None}),
    ("X w", ["0 X w + X w", "X w"], {"0": None, "w": None, "w X": None, "X": None, "X^T w": None}),
    ("0 w", ["0", "w - w", "0 w"], {"1": None, "w": None, "10^{-30} w": None}),
    ("e^{2x}", ["exp(2x)", "(e^x)^2", "e^x e^x", "np.exp(2*x)"], {"e^{x^2}": None, "2 e^x": None, "e^{2x} + e^{-60}": None}),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, right, _ in EXPECTED for a in right])
def test_right(expected: str, answer: str) -> None:
    verdict = check(answer, expected)
    assert (verdict.verdict, verdict.diagnosis, verdict.exit_code) == ("right", None, 0), verdict.message
    assert verdict.evidence is not None and verdict.evidence.kind in ("proved", "agrees") and verdict.read_as


@pytest.mark.parametrize(("expected", "answer", "code"), [(e, a, c) for e, _, wrong in EXPECTED for a, c in wrong.items()])
def test_wrong(expected: str, answer: str, code: str | None) -> None:
    verdict = check(answer, expected)
    assert (verdict.verdict, verdict.exit_code) == ("wrong", 1), verdict.message
    assert verdict.diagnosis in DIAGNOSES and (code is None or verdict.diagnosis == code)
    assert verdict.evidence is not None and verdict.evidence.kind in ("certified", "shape", "differs")
    assert all(0 <= start < end <= len(answer) for start, end in verdict.spans) and verdict.spans


DERIVED: list[tuple[str, str, list[str], list[str]]] = [  # function, its variable, derivatives in numerator layout, others
    ("‖w‖^2", "w", ["2w^T", "2 w_j"], ["2w", "w^T", "2‖w‖", "2 w w^T"]),
    ("X w", "w", ["X", "X_{ij}", "X_{pq}"], ["X^T", "X w", "w"]),
    ("w^T A w", "w", ["w^T (A + A^T)", "w^T A + w^T A^T", "((A + A^T) w)^T"], ["2 w^T A", "(A + A^T) w", "w^T (A - A^T)", "2 w^T A^T"]),
    ("W w", "W", ["δ_{ij} w_k", "w^T ⊗ I_k", "I_k ⊗ w^T", "δ_{ip} w_q"], ["w", "w ⊗ I_k", "δ_{ij} w_j", "w^T", "δ_{ik} w_j"]),
    ("E Q G", "Q", ["G^T ⊗ E", "E ⊗ G^T", "E_{ik} G_{lj}", "E_{ip} G_{qj}"], ["E^T ⊗ G", "E_{il} G_{kj}", "E G", "G ⊗ E"]),
    ("softmax(z)", "z", ["diag(softmax(z)) - softmax(z) softmax(z)^T", "softmax(z)_i (δ_{ij} - softmax(z)_j)"],
     ["diag(softmax(z))", "diag(softmax(z) - softmax(z) softmax(z)^T)", "diag(softmax(z)) + softmax(z) softmax(z)^T"]),
    ("log det(A)", "A", ["A^{-T}", "(A^{-1})^T", "(A^T)^{-1}"], ["A^{-1}", "A^T", "1/det(A)"]),
    ("mean((X w - y)^2)", "w", ["\\frac{2}{n} (X w - y)^T X"], ["\\frac{2}{d} (X w - y)^T X", "2 (X w - y)^T X",
    "\\frac{2}{n} X^T (X w - y)"]),
    ("relu(x)", "x", ["1[x > 0]", "1[x >= 0]", "(1 + sign(x))/2"], ["1[x < 0]", "1[x > 10^{-9}]", "1", "x 1[x > 0]"]),
    ("w/‖w‖", "w", ["(I - w w^T/‖w‖^2)/‖w‖", "\\frac{1}{‖w‖} (I - \\frac{w w^T}{w^T w})"], ["I/‖w‖", "(I - w w^T)/‖w‖", "1/‖w‖"]),
]  # fmt: skip


@pytest.mark.parametrize(("function", "wrt", "answer"), [(f, v, a) for f, v, right, _ in DERIVED for a in right])
def test_derivatives(function: str, wrt: str, answer: str) -> None:
    assert check(answer, function=function, wrt=wrt).verdict == "right"


@pytest.mark.parametrize(("function", "wrt", "answer"), [(f, v, a) for f, v, _, wrong in DERIVED for a in wrong])
def test_what_is_no_derivative(function: str, wrt: str, answer: str) -> None:
    assert check(answer, function=function, wrt=wrt).verdict == "wrong"


@pytest.mark.parametrize(("layout", "answer", "verdict", "code"), [
    ("numerator", "2w^T", "right", None), ("numerator", "2w", "wrong", "transposed"), ("denominator", "2w", "right", None),
    ("denominator", "2w^T", "wrong", "transposed"), ("both", "2w", "right", None), ("both", "2w^T", "right", None),
    ("both", "-2w^T", "wrong", "sign"), ("both", "w^T", "wrong", "factor"), ("both", "A w", "wrong", None), ("both", "w", "wrong", None),
    ("both", "-2w", "wrong", "sign"),
])  # fmt: skip
def test_layouts(layout: str, answer: str, verdict: str, code: str | None) -> None:
    found = check(answer, function="‖w‖^2", layout=layout)
    assert found.verdict == verdict and (code is None or found.diagnosis == code)


@pytest.mark.parametrize(("layout", "answer", "verdict"), [
    ("numerator", "A", "right"), ("numerator", "A^T", "wrong"), ("denominator", "A^T", "right"), ("denominator", "A", "wrong"),
    ("both", "A", "right"), ("both", "A^T", "right"), ("both", "A + A^T", "wrong"),
])  # fmt: skip
def test_layouts_of_a_square_matrix(layout: str, answer: str, verdict: str) -> None:
    assert check(answer, function="A w", wrt="w", layout=layout).verdict == verdict


@pytest.mark.parametrize(("answer", "function", "wrt", "verdict"), [
    ("J_{ij} = W_{ij}", "W w", "w", "right"), ("J_{ji} = W_{ji}", "W w", "w", "right"), ("J_{ij} = A_{ji}", "A w", "w", "wrong"),
    ("J = W", "W w", "w", "right"),
    ("\\frac{\\partial f_i}{\\partial w_j} = W_{ij}", "W w", "w", "right"), ("∂f_i/∂w_j = W_ji", "W w", "w", "wrong"),
    ("∂f_j/∂w_i = A_ji", "A w", "w", "right"), ("∂f_i/∂w_j = A_ji", "A w", "w", "wrong"),
    ("\\frac{\\partial f_i}{\\partial W_{pq}} = δ_{ip} w_q", "W w", "W", "right"),
    ("J_{ijkl} = E_{ik} G_{lj}", "E Q G", "Q", "right"), ("J_{ijk} = δ_{ij} w_k", "W w", "W", "right"),
])  # fmt: skip
def test_the_left_side_orders_the_indices(answer: str, function: str, wrt: str, verdict: str) -> None:
    assert check(answer, function=function, wrt=wrt).verdict == verdict


@pytest.mark.parametrize("answer", ["w^T ⊗ I", "I ⊗ w^T"])
def test_an_identity_without_a_size_fits(answer: str) -> None:
    assert check(answer, function="W w", wrt="W").verdict == "right"


# -- facts, sizes, letters -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("expected", "answer", "domains"), [
    ("A w", "A^T w", {"A": "symmetric"}), ("1_k^T z", "1", {"z": "probability"}), ("z", "z ⊙ z", {"z": "one_hot"}),
    ("w", "|w|", {"w": "positive"}),
    ("A^{-1}", "(A^{-1})^T", {"A": "spd"}), ("x", "\\sqrt{x}^2", {"x": "positive"}), ("w ⊙ w", "1_d", {"w": "plus_minus_one"}),
])  # fmt: skip
def test_declared_facts_are_used_and_named(expected: str, answer: str, domains: dict[str, str]) -> None:
    verdict = check(answer, expected, domains=domains)
    assert verdict.verdict == "right" and verdict.evidence is not None and len(verdict.evidence.facts) == 1
    assert check(answer, expected).verdict == "wrong"


def test_s_is_symmetric_by_its_letter_and_says_so() -> None:
    verdict = check("S w", "S^T w")
    assert verdict.verdict == "right" and "S" in verdict.message and verdict.evidence is not None
    assert "S is symmetric" in verdict.evidence.facts[0]
    assert check("S w", "S^T w", domains={"S": "invertible"}).verdict == "wrong" and check("A w", "A^T w").verdict == "wrong"
    assert check("2 S w", "S w").verdict == "wrong"


@pytest.mark.parametrize(("one", "other"), [
    ("X X^T", "X^T X"), ("tr(X X^T)/n", "tr(X^T X)/d"), ("n", "d"), ("w/n", "w/d"), ("1_n^T X w", "1_d^T X^T X w"),
    ("I_n", "I_d"),
    ("‖X‖_F^2 I_n", "X X^T"),
])  # fmt: skip
def test_equal_only_when_square_or_for_one(one: str, other: str) -> None:
    more = " + 0 tr(X^T X)" if one in ("n", "w/n") else ""
    assert check(one + more * (one == "n"), other + more * (one == "n")).verdict == "wrong"


# -- what is no answer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["", "   ", "\n", "2 w)", "((w", "f(x", "2 +", "w w w ^", "foo(w)", "I think it is 2w", "\\frac{1}",
    "∂f/∂w", "2w = 2w", "w_", "«»",
                                    "\\int w", "x" * (LONGEST + 1), "w; v", "2w? maybe", "\x00", "import os",
                                    "__import__('os')"])  # fmt: skip
def test_unreadable_answers_cost_nothing(answer: str) -> None:
    verdict = check(answer, "2w")
    assert (verdict.verdict, verdict.exit_code, verdict.evidence, verdict.diagnosis) == ("unreadable", 2, None, None) and verdict.message
    assert all(0 <= start <= end <= len(answer) for start, end in verdict.spans)


@pytest.mark.parametrize("answer", ["X w + w", "X X", "w w", "W X", "A w + 1_n", "w^{-1}", "1/w", "det(X)", "X^{-1}", "tr(w)", "diag(X) w"])
def test_ill_typed_answers_are_wrong(answer: str) -> None:
    verdict = check(answer, "X w")
    assert verdict.verdict == "wrong" and verdict.spans and verdict.evidence is not None and verdict.evidence.kind == "shape"


@pytest.mark.parametrize("answer", ["e^{e^{e^9}}", "(" * 300 + "w" + ")" * 300, "+".join(["w"] * 3000), "w^{999999999}",
    "2^{2^{2^{2^{2^2}}}} w",
                                    "A^{100000} w", "Σ_{i=1}^{10^9} w", "-" * 5000 + "w", "w" + "ᵀ" * 3000])  # fmt: skip
def test_huge_answers_end(answer: str) -> None:
    assert check(answer, "w").verdict in ("wrong", "undecided", "unreadable", "right")


def test_a_tower_of_exponentials_is_never_right() -> None:
    assert check("e^{e^{e^9}}", "e^{e^{e^9}} + 1").verdict != "right" and check("e^{e^{e^{e^9}}}", "1").verdict == "undecided"
    assert check("e^{e^{e^{e^{8 + 1}}}}", "e^{e^{e^{e^9}}}").verdict == "undecided"


@pytest.mark.parametrize(("given", "words"), [
    ({}, "nothing to compare with"), ({"expected": "w", "function": "w"}, "not both"), ({"expected": "w", "rounding": "up"}, "rounding"),
    ({"expected": "w", "layout": "row"}, "layout"), ({"expected": "w", "kind": "essay"}, "kind"),
    ({"expected": "w", "domains": {"w": "cosy"}}, "cosy"),
])  # fmt: skip
def test_a_faulty_question_is_no_fault_of_the_answer(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        verify("w", **given)


@pytest.mark.parametrize("expected", ["", "2 w)", "foo(w)", "X X"])
def test_what_is_expected_has_to_be_readable(expected: str) -> None:
    with pytest.raises(HwcheckError):
        check("w", expected)


def test_the_words_of_the_interface() -> None:
    assert (KINDS, LAYOUTS, ROUNDINGS) == (("expression", "shape", "chain"), ("numerator", "denominator", "both"), ("as-written", "exact"))


def test_verdicts_do_not_depend_on_the_seed() -> None:
    for answer, expected in (("A B", "B A"), ("2w", "2w"), ("1[X w > 0.000001]", "1[X w > 0]"), ("\\sin(2x)", "2 \\sin x \\cos x")):
        assert len({(v.verdict, v.diagnosis, v.message) for v in (check(answer, expected, seed=s) for s in range(6))}) == 1


# -- messages ------------------------------------------------------------------------------------------------------------

LAYOUT = "This is the gradient (denominator layout); this course uses numerator layout."
MESSAGES: list[tuple[str, dict[str, Any], str | None, str]] = [  # answer, what is asked, diagnosis, the whole message
    ("2w^T", {"expected": "2w^T"}, None, "Right."),
    ("A_ij", {"expected": "A"}, None, "Right. Note: your formula is taken as the entry i, j."),
    ("w^T ⊗ I_k", {"function": "W w", "wrt": "W"}, None, "Right. Note: right under vec by columns."),
    ("I_k ⊗ w^T", {"function": "W w", "wrt": "W"}, None, "Right. Note: right under vec by rows."),
    ("2w", {"function": "‖w‖^2", "layout": "both"}, None, "Right. Note: in the other layout, which is accepted here."),
    ("x/x", {"expected": "1"}, None,
     "Right. Where only one of the two has a value, the other has a removable gap; everywhere else they agree."),
    ("1[x >= 0]", {"function": "relu(x)"}, None,
     "Right. At the kink, where the derivative does not exist, your value is another convention than ours."),
    ("0.333", {"expected": "1/3"}, None, "Right: this is the expected value rounded to 3 decimals."),
    ("40.1711", {"expected": "2e^3"}, None, "Right: this is the expected value rounded to 4 decimals."),
    ("0.3", {"expected": "1/3"}, "rounded", "This is the expected value rounded to one digit; write at least 2 significant digits."),
    ("0.333", {"expected": "1/3", "rounding": "exact"}, "rounded",
     "This is the expected value rounded to 3 decimals; the exact value is asked for."),
    ("2w", {"function": "‖w‖^2"}, "transposed",
     f"Your entries are right, but yours is a column (d × 1) and a row (1 × d) is expected: take the transpose. {LAYOUT}"),
    ("2w^T", {"function": "‖w‖^2", "layout": "denominator"}, "transposed",
     "Your entries are right, but yours is a row (1 × d) and a column (d × 1) is expected: take the transpose. "
     "This is the numerator layout; this course uses denominator layout (the gradient)."),
    ("X^T", {"function": "X w", "wrt": "w"}, "transposed",
     f"Your entries are right, but yours is d × n and n × d is expected: take the transpose. {LAYOUT}"),
    ("A^T", {"function": "A w", "wrt": "w"}, "transposed", f"This is the transpose of the expected matrix. {LAYOUT}"),
    ("A^T", {"expected": "A"}, "transposed", "This is the transpose of the expected matrix."),
    ("A w", {"expected": "A^T w"}, "transposed", "Check the transpose of A."),
    ("-2w^T", {"function": "‖w‖^2"}, "sign", "The sign is reversed: yours is −1 times the expected value."),
    ("2(Xw + y)^T X", {"function": "‖Xw - y‖^2", "wrt": "w"}, "sign", "Check the sign of y."),
    ("w^T", {"function": "‖w‖^2"}, "factor", "A constant factor is off: yours is 1/2 times the expected value."),
    ("\\frac{2}{n}(Xw - y)^T X", {"function": "‖Xw - y‖^2", "wrt": "w"}, "factor",
     "A constant factor is off: yours is 1/n times the expected value."),
    ("2(Xw)^T X", {"function": "‖Xw - y‖^2", "wrt": "w"}, "missing-term", "Something is missing: the term y."),
    ("2(Xw - y)^T", {"function": "‖Xw - y‖^2", "wrt": "w"}, "missing-factor", "Something is missing: the factor X."),
    ("A B", {"expected": "B A"}, "wrong-order", "The order matters here: check the order of A and B."),
    ("A ⊙ B", {"expected": "A B"}, "elementwise-vs-matrix", "Entry by entry, or a matrix product? Check the product AB."),
    ("A^{-1}", {"expected": "A^T"}, "inverted", "Check the inverse of A."),
    ("z ⊙ z", {"expected": "z"}, "exponent", "Check the exponent of z."),
    ("Σ_i w_i v_j", {"expected": "w^T v"}, "wrong-index", "The index j is left open, but a number is expected."),
    ("2 log(x)", {"expected": "log(x^2)"}, "domain", "Your answer has no value at x = −1, where the expected one has."),
    ("1[x >= 0]", {"expected": "1[x > 0]"}, "kink", "Your answer differs from the expected one only at the kink, at x = 0."),
    ("|w|", {"expected": "w"}, "other", "Your answer equals the expected one only if w is positive, and that is not given."),
    ("1", {"expected": "1_k^T z"}, "other",
    "Your answer equals the expected one only if the entries of z sum to one, and that is not given."),
    ("355/113", {"expected": "\\pi"}, "other", "Your answer has another value than the expected one."),
    ("2‖w‖", {"function": "‖w‖^2"}, "shape", "Yours is a number, but a row (1 × d) is expected."),
    ("X X", {"expected": "X^T X"}, "shape", "X is n × d; X is n × d, expected d rows. A transpose is missing on X: XᵀX was meant."),
    ("diag(softmax(z) - softmax(z)softmax(z)^T)", {"function": "softmax(z)"}, "missing-parentheses",
     "softmax(z) is a column, k × 1; softmax(z)softmax(z)^T is k × k. "
     "The bracket closes too late: diag(softmax(z)) − softmax(z) softmax(z)ᵀ was meant."),
    ("", {"expected": "w"}, None, "There is nothing to read: the answer is empty."),
    ("2 w)", {"expected": "w"}, None, "This “)” closes nothing."),
    ("I think it is 2w", {"expected": "w"}, None, "“think” is not a declared name or a known function."),
    ("x" * 200_000, {"expected": "w"}, None, "The answer has 200,000 characters; 100,000 are the most that is read."),
    ("x", {"expected": "log(-1 - x^2)"}, None, "No point was found at which the expected value is defined."),
    ("1", {"expected": "e^{e^{e^{e^9}}}"}, None, "The values could not be told apart, nor shown to agree, at the precision that we allow."),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "asked", "code", "message"), MESSAGES, ids=lambda x: str(x)[:40])
def test_messages(answer: str, asked: dict[str, Any], code: str | None, message: str) -> None:
    verdict = check(answer, **asked)
    assert (verdict.diagnosis, verdict.message) == (code, message)


def test_no_message_is_ugly() -> None:
    """No doubled comma, no name of ours, a point at the end, one or two sentences."""
    answers = ("2w", "w w^T", "2", "w", "0", "A", "X", "w_i", "w_i w_j", "-w", "w + 1_d", "2 w^T w", "1/w", "w ⊗ w", "2‖w‖ 1_d^T",
    "Σ_i w_i", "e^w",
               "W", "z")
    for answer in answers:
        message = check(answer, function="‖w‖^2").message
        assert message.endswith((".", "?")) and message.count(". ") <= 2, message
        assert not any(ugly in message for ugly in (",,", "  ", "Element", "Written", "None", "..")), message




@pytest.mark.parametrize(("answer", "expected", "verdict"), [
    ("A^T", "A_{ji}", "right"), ("A", "A_{ji}", "wrong"), ("A_{qp}", "A_{ji}", "right"), ("A_{pq}", "A_{ji}", "wrong"),
    ("J_{ji} = A_{ji}", "A_{ij}", "right"), ("J_{qp} = A_{qp}", "J_{ij} = A_{ji}", "wrong"), ("w_q B_{qp}", "w_j B_{ji}", "right"),
    ("Σ_k A_{ki} B_{jk}", "(B A)_{ji}", "right"), ("(A^T)_{ij}", "A_{ji}", "right"), ("A_{ij}", "A_{ij}", "right"),
    ("A", "A_{ij}", "right"), ("A^T", "A_{ij}", "wrong"),
])  # fmt: skip
def test_entries_mean_the_same_on_both_sides(answer: str, expected: str, verdict: str) -> None:
    """A_ji is the entry (i, j) of Aᵀ by the alphabet, whether it is expected or answered."""
    assert check(answer, expected).verdict == verdict and check(expected, answer).verdict == verdict
