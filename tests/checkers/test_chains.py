"""Worked solutions, right and wrong side by side: the verdict, the first wrong line, and whole messages."""

from __future__ import annotations

import pytest

from hwcheck.checkers.chains.chains import judged_chain
from hwcheck.checkers.quantities import Given

SCALARS = Given({"m": [], "u": [], "t": []})
LOGISTIC = Given({"q": [], "t": []})
FIT = Given({"A": ["n", "d"], "v": ["d", 1], "b": ["n", 1]})
FORM = Given({"B": ["n", "n"], "v": ["n", 1]})
CLASSES = Given({"z": ["k", 1], "t": ["k", 1]}, {"p": r"\operatorname{softmax}(z)"})
ONE = Given({"x": []})
NUMBERS = Given()

RIGHT = [
    ("through a middle name", SCALARS, "6u(3mu-t)", "r = 3mu - t\nE = r^2\ndE/dr = 2r\ndr/dm = 3u\ndE/dm = dE/dr * dr/dm = 6u(3mu - t)"),
    ("defined last", SCALARS, "6u(3mu-t)", "E = r^2\nr = 3mu - t\ndE/dm = 2r*3u\n= 6u(3mu - t)"),
    ("the square written out", SCALARS, "2u(mu-t)", "E = (mu-t)^2 = m^2u^2 - 2mut + t^2\ndE/dm = 2mu^2 - 2ut"),
    ("an unknown loss", LOGISTIC, r"\sigma(q)-t",
     "a = \\sigma(q)\ndL/da = \\frac{1-t}{1-a} - \\frac{t}{a}\ndL/dq = (1-t)a - t(1-a)\n= a - t"),
    ("a function of x", ONE, "3x^2 e^{x^3}", "f(x) = e^{x^3}\nf'(x) = 3x^2 f(x)\n= 3x^2 e^{x^3}"),
    ("the operator d/dx", ONE, r"\frac{1}{x}", r"\frac{d}{dx}\log(5x) = \frac{5}{5x}" + "\n" + r"= \frac{1}{x}"),
    ("the name on a line of its own", ONE, "2x", "$$\nf = x^2 + 3\n$$\n$$\n\\frac{df}{dx}\n= 2x\n$$"),
    ("in align, with reasons", ONE, "8x",
     "\\begin{align}\nf &= (2x)^2 \\\\\n\\frac{df}{dx} &= 2(2x)\\cdot 2 && \\text{(chain rule)} \\\\\n &= 8x \\nonumber\n\\end{align}"),
    ("a gradient", FIT, "2A^T(Av-b)", "E = \\|Av-b\\|^2\n\\nabla_v E = 2A^T(Av-b)\n= 2A^TAv - 2A^Tb"),
    ("a row where a row is wanted", FIT, "2(Av-b)^TA", r"\frac{\partial E}{\partial v} = 2(Av-b)^TA" + "\n= 2v^TA^TA - 2b^TA"),
    ("a gradient without its name", FORM, "Bv + B^Tv", r"\nabla(v^TBv) = (B + B^T)v" + "\n= Bv + B^Tv"),
    ("labels that sum to one", CLASSES, "p-t",
     "\\partial L/\\partial p = -t\\oslash p\n\\partial L/\\partial z = -t + p(\\mathbf{1}^Tt)\n= p - t"),
    ("one entry of the answer", CLASSES, "p-t", "\\partial L/\\partial z_j = p_j - t_j"),
    ("numbers", NUMBERS, "2.3", "z = 2*4 - 3 = 5\nL = (5-1)^2 = 16\ndL/dz = 2*(5-1) = 8\nw_new = 2.7 - 0.05*8 = 2.3"),
    ("rounded on the way", NUMBERS, "0.2350", "s = sigmoid(0.5) = 0.62\ns(1-s) = 0.62*0.38 = 0.2356"),
    ("about", NUMBERS, "0.2350", "s = sigmoid(0.5) ≈ 0.6225, so s(1-s) ≈ 0.2350"),
]  # fmt: skip

WRONG = [
    ("the inner derivative", SCALARS, "2u(mu-t)", "E = (mu-t)^2\ndE/dm = 2(mu-t)\n= 2mu - 2t", 2),
    ("the wrong inner derivative", SCALARS, "2u(mu-t)", "r = mu - t\nE = r^2\ndE/dr = 2r\ndr/dm = m\ndE/dm = 2r*m", 4),
    ("not multiplied out", SCALARS, "2u(mu-t)", "dE/dm = 2u(mu-t)\n= 2mu^2 - 2t", 2),
    ("what it starts from", SCALARS, "2u(mu-t)", "E = m^2u^2 + t^2\ndE/dm = 2mu^2", 1),
    ("two errors that cancel", SCALARS, "2u(mu-t)", "dE/dm = u(mu-t)\n= 2u(mu-t)", 1),
    ("a jump to the known answer", SCALARS, "m^2+2mu+u^2", "(m+u)^2\n= m^2 + u^2\n= m^2 + 2mu + u^2", 2),
    ("a claim on an unknown loss", LOGISTIC, r"\sigma(q)-t",
     "a = \\sigma(q)\ndL/da = t/a + (1-t)/(1-a)\nda/dq = a(1-a)\ndL/dq = -t(1-a) + (1-t)a", 2),
    ("the derivative of the activation", LOGISTIC, r"\sigma(q)-t", "a = \\sigma(q)\nda/dq = a(1+a)\ndL/dq = a - t", 2),
    ("the last step", LOGISTIC, r"\sigma(q)-t", "a = \\sigma(q)\ndL/da = (1-t)/(1-a) - t/a\ndL/dq = (1-t)a - t(1-a)\n= a + t", 4),
    ("a row for a gradient", FIT, "A^T(Av-b)", "\\nabla_v E = (Av-b)^TA\n= A^T(Av-b)", 1),
    ("a change of layout", FIT, "A^T(Av-b)", "\\frac{\\partial E}{\\partial v} = A^T(Av-b)\n= (Av-b)^TA", 2),
    ("a column minus a row", FIT, "A^T(Av-b)", "\\nabla_v E = A^T(Av-b)\n= A^TAv - b^TA", 2),
    ("as if symmetric", FORM, "Bv + B^Tv", "\\nabla(v^TBv) = Bv + B^Tv\n= 2Bv", 2),
    ("softmax entry by entry", CLASSES, "p-t",
     "\\partial p/\\partial z = \\operatorname{diag}(p\\odot(1-p))\n"
     "\\partial L/\\partial p = -t\\oslash p\n\\partial L/\\partial z = -t\\odot(1-p)", 1),
    ("arithmetic", NUMBERS, "2.3", "z = 2*4 - 3 = 6\nL = (6-1)^2 = 25\ndL/dz = 2*(6-1) = 10", 1),
    ("a number that was not differentiated", NUMBERS, "2.3",
     "z = 2*4 - 3 = 5\nL = (5-1)^2 = 16\ndL/dz = (5-1) = 4\nw_new = 2.7 - 0.05*4 = 2.5", 3),
    ("the sign of the step", NUMBERS, "2.3",
     "z = 2*4 - 3 = 5\nL = (5-1)^2 = 16\ndL/dz = 2*(5-1) = 8\nw_new = 2.7 + 0.05*8 = 3.1", 4),
    ("wrongly rounded", NUMBERS, "0.2350", "s = sigmoid(0.5) = 0.65\ns(1-s) = 0.65*0.35 = 0.2275", 1),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected", "answer"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_right_chains_are_right(given: Given, expected: str, answer: str) -> None:
    verdict = judged_chain(answer, expected, given)
    assert (verdict.verdict, verdict.first_wrong_line) == ("right", None), verdict.message


@pytest.mark.parametrize(("given", "expected", "answer", "line"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_chains_are_wrong_at_their_first_wrong_line(given: Given, expected: str, answer: str, line: int) -> None:
    verdict = judged_chain(answer, expected, given)
    assert (verdict.verdict, verdict.first_wrong_line) == ("wrong", line), verdict.message


@pytest.mark.parametrize(("given", "expected", "answer"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_without_an_expected_value_no_right_chain_is_wrong(given: Given, expected: str, answer: str) -> None:
    assert judged_chain(answer, None, given).verdict in ("right", "undecided")


MESSAGES = [
    (SCALARS, "2u(mu-t)", "E = (mu-t)^2\ndE/dm = (mu-t)u\n= mu^2 - ut", "factor",
     "Line 2 is the first that is wrong. This should be dE/dm, and has another value (a constant factor).",
     ["Taken as the definition of E.", "This should be dE/dm, and has another value (a constant factor).", "Consistent with line 2."]),
    (SCALARS, "2u(mu-t)", "dE/dm = 2u(mu-t)\n= 2mu^2 - 2t", None,
     "Line 2 is the first that is wrong. This does not follow from line 1.",
     ["", "This does not follow from line 1."]),
    (SCALARS, "2u(mu-t)", "E = m^2u^2 + t^2\ndE/dm = 2mu^2", None,
     "Line 1 is the first that is wrong. The lines below follow from this, but do not lead to 2u(mu-t), so this is not what was given.",
     ["The lines below follow from this, but do not lead to 2u(mu-t), so this is not what was given.", ""]),
    (SCALARS, "2u(mu-t)", "dE/dm = u(mu-t)\n= 2u(mu-t)", "factor",
     "Line 1 is the first that is wrong. dE/dm should come to 2u(mu-t), and this has another value (a constant factor).",
     ["dE/dm should come to 2u(mu-t), and this has another value (a constant factor).",
      "This is right again, though it does not follow from line 1."]),
    (FIT, "A^T(Av-b)", "\\nabla_v E = (Av-b)^TA", "transposed",
     "Line 1 is the first that is wrong. This is the transpose of what \\nabla_v E is in the layout of this solution.",
     ["This is the transpose of what \\nabla_v E is in the layout of this solution."]),
    (FIT, "A^T(Av-b)", "\\frac{\\partial E}{\\partial v} = A^T(Av-b)\n= (Av-b)^TA", "transposed",
     "Line 2 is the first that is wrong. This is the transpose of line 1: the layout changes here.",
     ["", "This is the transpose of line 1: the layout changes here."]),
    (CLASSES, "p-t", "\\partial L/\\partial z = -t + p(\\mathbf{1}^Tt)\n= p - t", None,
     "Every line follows, and the result is right. Used: the entries of t sum to one.",
     ["This holds because the entries of t sum to one.", "This holds because the entries of t sum to one."]),
    (NUMBERS, "0.2350", "s = sigmoid(0.5) = 0.62\ns(1-s) = 0.62*0.38 = 0.2356", None,
     "Every line follows, and the result is right. Used: the result is rounded early, and right up to that.",
     ["Taken as the definition of s. Equal as rounded.", "Equal as rounded."]),
    (NUMBERS, "2.3", "z = 2*4 - 3 = 5\nL = (5-1)^2 = 16\ndL/dz = (5-1) = 4\nw_new = 2.7 - 0.05*4 = 2.5", None,
     "Line 3 is the first that is wrong. By the lines above, dL/dz is 8, not 4.",
     ["Taken as the definition of z.", "Taken as the definition of L.", "By the lines above, dL/dz is 8, not 4.",
      "Consistent with line 3."]),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected", "answer", "diagnosis", "message", "lines"), MESSAGES)
def test_messages(given: Given, expected: str, answer: str, diagnosis: str | None, message: str, lines: list[str]) -> None:
    verdict = judged_chain(answer, expected, given)
    assert (verdict.message, verdict.diagnosis) == (message, diagnosis)
    assert [line.message for line in verdict.lines] == lines


def test_lines_that_follow_from_a_wrong_one_are_neither_right_nor_wrong() -> None:
    verdict = judged_chain("E = (mu-t)^2\ndE/dm = 2(mu-t)\n= 2mu - 2t", "2u(mu-t)", SCALARS)
    assert [line.verdict for line in verdict.lines] == ["right", "wrong", "undecided"]
    assert verdict.spans == ((13, 28),)
    assert verdict.lines[1].read_as == r"\frac{\partial E}{\partial m} = 2(m u - t)"


UNDECIDED = [
    ("a claim on something unknown", "dL/da = 3a"),
    ("words", "E = (mu-t)^2\nThe $m$ that solves this is $m = t/u$, as we saw."),
    ("an inequality", "(m+u)^2 \\ge 0"),
    ("an equation to solve", "3m + 1 = 7\nm = 2"),
    ("a value that is taken anew", "m = 3\nm = m - 1"),
    ("only definitions", "E = (mu-t)^2"),
    ("a doubt by numbers only", "z = 2*4 - 3 = 5\nL = (5-1)^2 = 16\ndL/dz = (5-1) = 4"),
]


@pytest.mark.parametrize("answer", [row[1] for row in UNDECIDED], ids=[row[0] for row in UNDECIDED])
def test_what_is_not_known_is_undecided(answer: str) -> None:
    assert judged_chain(answer, None, SCALARS).verdict == "undecided"


def test_what_cannot_be_read_costs_nothing() -> None:
    verdict = judged_chain("E = (mu-t)^2\ndE/dm = 2u)(mu-t\n= 2u(mu-t)", "2u(mu-t)", SCALARS)
    assert (verdict.verdict, verdict.first_wrong_line) == ("undecided", None)
    assert [line.verdict for line in verdict.lines] == ["right", "unreadable", "right"]
    assert judged_chain("", "2u", SCALARS).verdict == "unreadable"
    assert judged_chain("= 1\n" * 20_000, "1", NUMBERS).verdict == "unreadable"


def test_loose_words_on_symbols_are_used_and_never_an_error() -> None:
    answer = "f = v^TBv\n\\nabla_v f = Bv + B^Tv\n= (B + B^T)v"
    assert judged_chain(answer, None, Given(), symbols={"v": "n×1", "B": "n×n matrix", "η": "?", "": "1×"}).verdict == "right"
    assert judged_chain(answer, None, Given(), symbols={"v": "something", "B": "∞"}).verdict in ("right", "undecided")


def test_a_verdict_does_not_vary() -> None:
    answer = RIGHT[3][3]
    assert judged_chain(answer, r"\sigma(q)-t", LOGISTIC).to_dict() == judged_chain(answer, r"\sigma(q)-t", LOGISTIC).to_dict()


@pytest.mark.parametrize("text", [
    "A B\n= B A", "(A+B)^2\n= A^2 + 2AB + B^2", "M = A B\n= B A", "tr(AB)\n= tr(A) tr(B)", "J = W_2 W_1\n= W_1 W_2", "A^{-1} B\n= B A^{-1}",
])  # fmt: skip
def test_letters_of_matrices_are_no_numbers(text: str) -> None:
    """Nothing is declared, and as numbers the factors would commute."""
    assert judged_chain(text, None, Given()).verdict != "right"


def test_a_line_without_a_name_is_not_part_of_a_right_solution() -> None:
    verdict = judged_chain("3w^T\n2w^T", "2w^T", Given({"w": ["d"]}))
    assert (verdict.verdict, verdict.lines[0].message) == ("undecided", "Nothing says what this line has to do with the result.")


def test_a_value_that_is_taken_back_is_wrong() -> None:
    verdict = judged_chain("g = 3w^T\ng = 2w^T", "2w^T", Given({"w": ["d"]}))
    assert (verdict.verdict, verdict.first_wrong_line) == ("wrong", 1)
