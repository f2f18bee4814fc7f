"""Answers that are nothing but the answer, formulas under a name of one's own, and what a problem earns by them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.checkers.claims.asked_names import naming, quotient
from hwcheck.checkers.claims.claims import Claim, JudgedClaim
from hwcheck.checkers.claims.strange_names import is_strange
from hwcheck.checkers.claims.whole_answers import bare_answer, whole_answer
from hwcheck.checkers.grading.finals import Final
from hwcheck.checkers.grading.grades import ProblemGrade
from hwcheck.checkers.grading.grading import Judged, Question, grade_of, judged_question, problem_grade, problem_grades, questions_of
from hwcheck.checkers.problem_answers import judged_problem
from hwcheck.checkers.submissions.submissions import Page, Part, Passage, Submission
from hwcheck.checkers.verdicts import Verdict
from hwcheck.derivations.problems.kinds import Asked
from hwcheck.derivations.problems.problems import Problem, ProblemSet
from hwcheck.derivations.problems.rubrics import Mistake
from hwcheck.derivations.problems.values import Place

SLOPE = Problem("own", "1", "Slope", "jacobian", function="g(u) = u^T u", wrt="u", shapes={"u": ("m",)}, asked=("shape", "expression"))
PRODUCT = Problem("own", "2", "Product", "jacobian", function="tr(G^T B C)", wrt="B", asked=("expression",), layout="denominator",
                  shapes={"B": ("p", "q"), "C": ("q", "r"), "G": ("p", "r")})  # fmt: skip
SOFTPLUS = Problem("own", "3", "Softplus", "activation", function="softplus", asked=("formula", "derivative"))
NARROW = {"layers": ["1", "1", "1"], "activations": ["relu", "identity"], "convention": "W^Tx+b",
          "weights": [[["2"]], [["-1"]]], "biases": [["1"], ["4"]], "input": ["3"]}  # fmt: skip
OUTPUT = Problem("own", "4", "Output", "network", network=NARROW, asked=("output",))
WIDE = NARROW | {"layers": ["1", "2", "1"], "weights": [[["2", "1"]], [["-1"], ["1"]]], "biases": [["1", "0"], ["4"]]}
HIDDEN = Problem("own", "5", "Hidden units", "network", network=WIDE, asked=("hidden",))
STEP = Problem("own", "6", "Step", "network", asked=("step",), output="W_1", asked_of_network=Asked(rate="0.5"),
               network=NARROW | {"loss": "squared", "target": ["1"]})  # fmt: skip
POWERS = Problem("own", "7", "Powers", "backprop", function="f(a, b) = a^2 b", point={"a": "0", "b": "5"}, asked=("symbolic",))
LOSS = Problem("own", "8", "Loss of softmax", "softmax", with_cross_entropy=True, asked=("gradient",))
HALVED = Mistake("u^T", "The square has two factors, and each of them has its turn.", Fraction(1, 4), Place("own.md", 1))
SOFTMAX = Problem("own", "10", "Softmax", "softmax", asked=("matrix",))
KNOWN = replace(SLOPE, mistakes=(HALVED,))


def graded(problem: Problem, answer: str) -> ProblemGrade:
    question = Question(problem, problem.id, problem.title, (), (Passage(answer, 1),), 1)
    return problem_grade(question, judged_question(question))


# -- one claim ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "answer", "word"),
    [
        (SLOPE, "$2u^T$", "right"), (SLOPE, "2u^T", "right"), (SLOPE, "**$2u^\\top$**", "right"), (SLOPE, "`2 * u.T`.", "right"),
        (SLOPE, "**Answer:** $2u^T$", "right"), (SLOPE, "$$J = 2u^T$$", "right"), (SLOPE, "- $2u^T$", "right"),
        (SLOPE, "$3u^T$", "wrong"), (SLOPE, "`3 * u.T`", "wrong"), (SLOPE, "J = $3u^T$", "wrong"), (SLOPE, "2u", "wrong"),
        (SLOPE, r"\[ \frac{\partial g}{\partial u} = 2u^T \]", "right"),
        (SLOPE, "The Jacobian is $2u^T$.", "right"), (SLOPE, "So the Jacobian is 3u^T.", "wrong"),
        (SLOPE, "It is late.\n\n$3u^T$", "wrong"),
        (SLOPE, "After some work we get $2u^T$", "right"), (SLOPE, "After some work we get $3u^T$", None),  # words around it
        (SLOPE, "We multiply $2u^T$ by it.", None), (SLOPE, "It is not $2u^T$.", None), (SLOPE, "The transpose is $2u^T$", None),
        (SLOPE, "Not this:\n\n$2u^T$", None), (SLOPE, "$2u^T$\n\n$3u^T$", None), (SLOPE, "", None), (SLOPE, "u is a column", None),
        (SLOPE, "$2 v^T$", None), (SLOPE, "v = $3u^T$", None),  # names that nothing explains
        (SLOPE, r"$\frac{\partial g}{\partial v} = 2u^T$", None), (SLOPE, r"\nabla g = 2u", None),  # another one; a column under ∇
        (SLOPE, "$2u^T$, of shape $1 \\times m$", "right"), (SLOPE, "$2u^T$, of shape $m \\times 1$", None), (SLOPE, "m × 1", None),
        (PRODUCT, "`G @ C.T`", "right"), (PRODUCT, "dfdB = `C @ G.T`", "wrong"), (PRODUCT, "GCᵀ", "right"), (PRODUCT, "CGᵀ", "wrong"),
        (SOFTPLUS, "ln(1 + e^x)", "right"), (SOFTPLUS, "f'(z) = $1/(1 + e^{-z})$", "right"), (SOFTPLUS, "$1 + e^{x}$", "wrong"),
        (OUTPUT, "-3", "right"), (OUTPUT, "7", "wrong"), (OUTPUT, r"$\hat y = 7$", "wrong"), (OUTPUT, "c = 7", None),
        (OUTPUT, r"$-1 \cdot 7 + 4 = -3$", "right"), (OUTPUT, r"$7 - 4 = 3$", "wrong"), (OUTPUT, "$4 - 7 = 3$", None),
        (HIDDEN, "(7, 3)", "right"), (HIDDEN, "[3, 7]", "wrong"), (HIDDEN, "$a^{(1)} = (7, 4)$", "wrong"),
        (STEP, r"$w_1 \leftarrow 2 - 0.5 \cdot 24 = -10$", "right"), (STEP, r"$w_1 \leftarrow 14$", "wrong"), (STEP, "w_2 = 14", None),
        (SOFTMAX, "J = diag(s) - s sᵀ", "right"), (SOFTMAX, "J = diag(s) + s sᵀ", "wrong"),
        (LOSS, "softmax(z) - y", "right"), (LOSS, "y - softmax(z)", "wrong"),
    ],
)  # fmt: skip
def test_an_answer_that_is_nothing_but_the_answer(problem: Problem, answer: str, word: str | None) -> None:
    claims = whole_answer([Passage(answer, 5)], problem)
    assert [c.judged.verdict.verdict for c in claims] == ([word] if word else [])
    assert all(answer[c.start : c.end] == c.judged.claim.text for c in claims)


def test_the_claim_has_the_line_of_the_formula_and_the_message_of_the_judge() -> None:
    (found,) = whole_answer([Passage("It took a while.\n\n$3u^T$.", 5)], SLOPE)
    assert (found.judged.claim.text, found.judged.claim.line, found.judged.claim.kind) == ("3u^T", 7, "expression")
    assert found.judged.verdict.message == judged_problem(SLOPE, "3u^T").message


def test_a_sheet_and_several_passages_are_no_answer() -> None:
    assert whole_answer([Passage("$2u^T$", 1)], SLOPE, "statement") == whole_answer([Passage("$2u^T$", 1)], None) == ()
    assert whole_answer([Passage("$2u^T$", 1), Passage("$3u^T$", 2)], SLOPE) == ()


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="$`*_\\[](){}=.,u2T^ \nfracbegin", max_size=60))
def test_any_text_is_looked_at_without_an_error(text: str) -> None:
    bare = bare_answer(text, SLOPE)
    assert bare is None or 0 <= bare.start <= bare.end <= len(text)
    assert is_strange(SLOPE, text) in (True, False)


# -- names -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "left", "names"),
    [
        (OUTPUT, "a_2", "whole"), (OUTPUT, "a^{(2)}", "whole"), (OUTPUT, r"\hat{y}", "whole"), (OUTPUT, "a_1", ""), (OUTPUT, "z_2", ""),
        (HIDDEN, "a^{(1)}", "whole"), (HIDDEN, "h", "whole"), (HIDDEN, "A^1", "whole"), (HIDDEN, "a_1", ""), (HIDDEN, "a^{(2)}", ""),
        (HIDDEN, "h_1", ""), (STEP, "w_1", "whole"), (STEP, "W^{(1)}", "whole"), (STEP, "b_1", ""),
        (SOFTPLUS, r"\frac{d}{dx} f(x)", "whole"),
    ],
)  # fmt: skip
def test_what_a_left_side_names_in_a_network(problem: Problem, left: str, names: str) -> None:
    assert naming(problem, left) == names


def test_a_name_with_and_without_its_underscore_is_one_variable() -> None:
    assert naming(replace(PRODUCT, wrt="B_0", function="tr(G^T B_0 C)"), "dLdB0") == "whole"
    assert quotient(r"\frac{d}{dt} f(t)") == ("f(t)", "t")


# -- grades ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "answer", "status", "score"),
    [
        (SLOPE, "$2u^T$", "right", 1), (SLOPE, "$g(u) = 2u^T$", "undecided", 0), (SLOPE, "$3u^T$", "wrong", 0),
        (SLOPE, "Here it is: $3u^T$.", "undecided", 0),
        (SLOPE, r"$\nabla_u g = 3u^T$, because $\frac{\partial g}{\partial u_k} = 2u_k$.", "wrong", 0),  # the whole beats its entries
        (OUTPUT, "-3", "right", 1), (OUTPUT, "$a_1 = 7$, $z_2 = -3$ and $a_2 = 3$.", "wrong", 0),  # the last that is named
        (OUTPUT, "$a_1 = 7$, $z_2 = -3$ and $a_2 = -3$.", "right", 1), (OUTPUT, r"$4 + 7 = 11$", "wrong", 0),  # holds, but leads elsewhere
        (SOFTPLUS, "Take $f(x) = \\ln(1 + e^x)$, so $f'(x) = 1/(1 + e^{-x})$.", "right", 1),
        (SOFTPLUS, "Take $f(x) = \\ln(2 + e^x)$, so $f'(x) = 1/(1 + e^{-x})$.", "undecided", 0),  # the slope is not that of f
        (SOFTPLUS, "With $u(x) = 1 + e^x$ it is $f(x) = \\ln(u(x))$.", "undecided", 0),
        (LOSS, "∂L/∂z = softmax(z) − y", "right", 1),
    ],
)  # fmt: skip
def test_what_an_answer_earns(problem: Problem, answer: str, status: str, score: Fraction | int) -> None:
    found = graded(problem, answer)
    assert (found.status, found.score) == (status, score)


def test_where_formulas_are_asked_for_a_right_number_is_none() -> None:
    right = graded(POWERS, r"$\frac{\partial f}{\partial a} = 2ab$ and $\frac{\partial f}{\partial b} = a^2$")
    wrong = graded(POWERS, r"$\frac{\partial f}{\partial a} = 3ab = 0$ and $\frac{\partial f}{\partial b} = a^2 = 0$")
    assert (right.status, right.score) == ("right", 1)
    assert (wrong.status, wrong.score) == ("undecided", 0)  # as numbers both are right
    assert judged_problem(POWERS, "∂f/∂a = 0, ∂f/∂b = 0").verdict == "wrong"


def test_an_answer_without_a_claim_is_left_to_a_person() -> None:
    found = graded(SLOPE, "I could not do this one.")
    assert (found.status, found.notes) == ("undecided", ("Nothing in this answer could be read as a claim; a person has to look at it.",))


# -- known mistakes ----------------------------------------------------------------------------------------------------------


def test_a_known_mistake_has_the_words_and_the_credit_of_its_author() -> None:
    assert judged_problem(KNOWN, "1u^T").message == HALVED.message
    bare = graded(KNOWN, "$u^T$")
    assert (bare.status, bare.score, [c.verdict.message for c in bare.claims], bare.notes) == (
        "partly right", Fraction(1, 4), [HALVED.message], ())  # fmt: skip
    stated = graded(KNOWN, "Every term gives one factor. $J = u^T$ follows.")
    assert (stated.score, stated.notes) == (Fraction(1, 4), (HALVED.message,))


# -- the file ----------------------------------------------------------------------------------------------------------------


def test_what_is_defined_earlier_in_a_section_is_known() -> None:
    first, second = (replace(SLOPE, id=number) for number in ("3.1", "3.2"))
    parts = (Part("3", "Slopes", None, (Passage("Let $q = 2u$.", 1),), (), 1), Part("3.1", "", first, (), (Passage("Let $v = q$.", 3),), 3),
             Part("3.2", "", second, (), (Passage("$J = q^T$", 5),), 5),
             Part("4", "", None, (), (Passage("Let $q = 3u$.", 7),), 7))  # fmt: skip
    submission = Submission(Page("a.md", "markdown", ""), None, parts)
    from_set = [q for q in questions_of(replace(submission, set=_set(first, second))) if q.number == "3.2"]
    assert [p.text for p in from_set[0].earlier] == ["Let $q = 2u$.", "Let $v = q$."]


def test_places_of_a_notebook_are_those_of_its_cells_and_nothing_is_said_twice() -> None:
    page = Page("a.ipynb", "notebook", "x\n$a = b$", places=("cell 1, line 1", "cell 2, line 1"))
    part = Part("", "", None, (), (Passage("$1 + 1 = 3$", 2),), 1)
    submission = Submission(page, None, (part,), ("No problem set was recognised; name it with --set.",))
    questions = questions_of(submission)
    grade = grade_of(submission, [problem_grade(q, judged_question(q)) for q in questions])
    (problem,) = grade.problems
    assert (problem.title, problem.where) == ("Text without a heading", "cell 1, line 1")
    assert [c.claim.where for c in problem.claims] == ["cell 2, line 1"]
    assert problem.claims[0].to_dict()["place"] == "cell 2, line 1"
    assert problem.to_dict()["place"] == "cell 1, line 1"
    assert grade.notes == ("No problem set was recognised, so nothing has points; name it with --set.",)


def _set(*problems: Problem) -> ProblemSet:
    return ProblemSet("own", "Own", "numerator", {}, (), (), "", problems, "own.md")


def test_what_is_wrong_without_a_wrong_step_says_why() -> None:
    question = Question(SLOPE, "1", "Slope", (), (Passage("so it is", 1),), 1)
    found = problem_grade(question, Judged(finals=(Final("expression", "wrong"),)))
    assert (found.status, found.notes) == ("wrong", ("No single step is wrong, but what is stated at last is not what is asked.",))


def test_what_stands_in_two_problems_is_right_where_it_belongs() -> None:
    """One line may answer two problems; and it may say “= 0” twice, once rightly."""
    answer = (Passage("= 0 and = 0", 3),)
    questions = [Question(problem, problem.id, problem.title, (), answer, 3) for problem in (SLOPE, PRODUCT)]
    judged = [Judged(tuple(JudgedClaim(Claim("= 0", 3, "number"), Verdict("= 0", word, "")) for word in words))
              for words in (("right", "wrong"), ("wrong", "wrong"))]  # fmt: skip
    found = [[c.verdict.verdict for c in grade.claims] for grade in problem_grades(questions, judged)]
    assert found == [["right", "wrong"], ["right", "wrong"]]
