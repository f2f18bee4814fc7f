"""What an answer states at last of what is asked, and what that and its steps earn."""

from dataclasses import replace
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.checkers.claims.asked_names import naming, quotient
from hwcheck.checkers.claims.claims import Claim, ClaimKind, JudgedClaim, Role
from hwcheck.checkers.grading.finals import Final, finals_of, is_for_a_person
from hwcheck.checkers.grading.grading import Judged, Question, problem_grade
from hwcheck.checkers.submissions.submissions import Passage
from hwcheck.checkers.verdicts import Verdict, VerdictWord
from hwcheck.derivations.problems.problems import Problem
from hwcheck.derivations.problems.rubrics import Mistake
from hwcheck.derivations.problems.values import Place

CUBE = Problem("own", "1", "Cubes", "jacobian", function="g(u) = v^T u", shapes={"u": ("m",), "v": ("m",)}, asked=("shape", "expression"),
               earns={"final": Fraction(1), "shape": Fraction(1)}, points=Fraction(2))  # fmt: skip
LOSS = Problem("own", "2", "Loss", "jacobian", function=r"L = \frac12 (p - q)^2", wrt="V^(1)")
SOFTMAX = Problem("own", "3", "Softmax", "softmax", asked=("entry",))
SWISH = Problem("own", "4", "Sigmoid", "activation", function="sigmoid", asked=("formula", "derivative", "plot"))
GRAPH = Problem("own", "5", "Graph", "backprop", function="f(a, b) = a b + exp(a)", point={"a": "0", "b": "3"}, asked=("values",))
PLACE = Place("own.md", 1)
WHY = Problem("own", "6", "Why", "person", reason="it asks why", points=Fraction(0))


def a_claim(text: str, word: VerdictWord = "right", kind: ClaimKind = "expression", role: Role = "answer") -> JudgedClaim:
    return JudgedClaim(Claim(text, 3, kind, role), Verdict(text, word, "A sentence."))


# -- names -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "left", "names"),
    [
        (CUBE, "J", "whole"), (CUBE, "J_g(u)", "whole"), (CUBE, r"\mathbf{J}_{g}(\mathbf{u})", "whole"), (CUBE, r"\nabla g", "whole"),
        (CUBE, r"\nabla_{u} g(u)", "whole"), (CUBE, "g'(u)", "whole"), (CUBE, r"\frac{\partial g}{\partial u}", "whole"),
        (CUBE, "dg/du", "whole"), (CUBE, r"\dfrac{\mathrm{d} g}{\mathrm{d} u}", "whole"), (CUBE, "Jg(u)", "whole"),
        (CUBE, "J_{ij}", "entry"), (CUBE, r"\left[J_g(u)\right]_{j}", "entry"), (CUBE, r"\frac{\partial g}{\partial u_k}", "entry"),
        (CUBE, "∂g/∂u_3", ""), (CUBE, "g(u)", ""), (CUBE, r"\frac{\partial g}{\partial v}", ""), (CUBE, r"\nabla_v g", ""),
        (CUBE, r"\frac{\partial h}{\partial u}", ""), (CUBE, "h'(u)", ""), (CUBE, "J_g(v)", ""), (CUBE, "", ""), (CUBE, "{{{", ""),
        (LOSS, r"\frac{\partial L}{\partial V^{(1)}}", "whole"), (LOSS, r"\frac{\partial\mathcal{L}}{\partial V^{(1)}}", "whole"),
        (LOSS, r"\nabla_{V^{(1)}} L", "whole"), (LOSS, r"\frac{\partial L}{\partial V_{ij}^{(1)}}", "entry"),
        (LOSS, r"\frac{\partial L}{\partial V^{(2)}}", ""), (LOSS, r"\nabla_{V^{(2)}} L", ""),
        (LOSS, r"\frac{\partial L}{\partial b^{(1)}}", ""),
        (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", "whole"), (SOFTMAX, r"\frac{d\sigma(\mathbf{z})_i}{dz_j}", "whole"),
        (SWISH, r"\sigma'(x)", "whole"), (SWISH, r"\sigma(x)", ""),
    ],
)  # fmt: skip
def test_what_a_left_side_names(problem: Problem, left: str, names: str) -> None:
    assert naming(problem, left) == names


@given(st.text(alphabet="J_{}[]()\\∂∇dfrac/uvgL'^12 =.", max_size=40))
def test_any_left_side_is_looked_at_without_an_error(left: str) -> None:
    assert naming(CUBE, left) in ("whole", "entry", "")
    assert quotient(left) is None or len(quotient(left) or ()) == 2


# -- what is stated at last --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "claims", "words"),
    [
        (CUBE, [("J_g(u) = v^T", "right")], ["right"]),
        (CUBE, [("J_g(u) = v^T", "undecided")], ["right"]),  # the claim alone could not be judged, its last side can
        (CUBE, [("v^T", "right")], ["right"]),
        (CUBE, [("J_g(u) = v^T", "right"), ("J_g(u) = 2v^T", "wrong")], ["wrong"]),  # what comes last counts
        (CUBE, [("J_g(u) = 2v^T", "wrong"), ("J_g(u) = v^T", "right")], ["right"]),
        (CUBE, [("J_g(u) = v^T", "wrong")], ["undecided"]),  # the two judges disagree
        (CUBE, [("J_g(u) = v", "right")], ["undecided"]),  # the transpose, whatever the claim was taken for
        (CUBE, [(r"J_g(u) = \frac{\partial g}{\partial u}", "right")], ["undecided"]),  # says nothing
        (CUBE, [("J_g(u) = v^T", "right"), (r"J_g(u) = \frac{\partial g}{\partial u}", "right")], ["right"]),
        (CUBE, [("J_g(u) = J_g(u)", "right")], ["undecided"]),
        (CUBE, [("J_g(u)", "right"), ("= v^T + v^T", "wrong"), ("= v^T", "right")], ["right"]),
        (CUBE, [("J_g(u) = 3v^T", "wrong"), ("= w^T", "right")], ["undecided"]),  # right only as it follows from what is wrong
        (CUBE, [("J_g(u) = v^T", "right"), (r"\frac{\partial h}{\partial u} = 3", "wrong")], ["right"]),  # something else
        (CUBE, [(r"\frac{\partial g}{\partial u_j} = v_j", "right")], ["right"]),
        (CUBE, [(r"\frac{\partial g}{\partial u_j} = v_i", "wrong")], ["wrong"]),
        (CUBE, [("a = b", "right")], ["undecided"]),
        (CUBE, [("{{{ = ^", "unreadable")], ["undecided"]),
        (CUBE, [], ["undecided"]),
        (SWISH, [("f(x) = 1/(1 + e^{-x})", "right"), ("f'(x) = f(x)(1 - f(x))", "right")], ["right", "right"]),
        (SWISH, [("f(x) = 1/(1 + e^{-x})", "right"), ("f'(x) = f(x)(1 + f(x))", "wrong")], ["right", "wrong"]),
        (SWISH, [("f(x) = 1/(1 + e^{-x})", "right")], ["right", "undecided"]),
        (GRAPH, [("h_1 = 0", "right"), ("h_2 = 1", "right"), ("f(a, b) = 0 + 1", "right"), ("= 1", "right")], ["right"]),
        (GRAPH, [("h_1 = 0", "right"), ("h_2 = 1", "right"), ("f = 2", "wrong")], ["wrong"]),
        (GRAPH, [("h_1 = 0", "right")], ["undecided"]),
    ],
)
def test_the_last_word(problem: Problem, claims: list[tuple[str, VerdictWord]], words: list[str]) -> None:
    judged = [a_claim(text, word) for text, word in claims]
    assert [f.verdict for f in finals_of(problem, "", judged, 5) if f.part != "shape"] == words


def test_claims_of_the_sheet_answer_nothing() -> None:
    assert finals_of(CUBE, "", [a_claim("J_g(u) = v^T", role="statement")], 5)[0] == Final("expression", "undecided")


def test_what_is_for_a_person() -> None:
    assert is_for_a_person(WHY) and not is_for_a_person(CUBE)
    assert finals_of(WHY, "because", [], 5) == ()


# -- points ------------------------------------------------------------------------------------------------------------------


def graded(problem: Problem, claims: list[JudgedClaim], *finals: VerdictWord) -> tuple[str, str, str]:
    question = Question(problem, problem.id, problem.title, (), (Passage("written", 3),), 2)
    grade = problem_grade(question, Judged(tuple(claims), tuple(map(Final, ("expression", "shape"), finals))))
    return str(grade.score), str(grade.max), grade.status


RIGHT, WRONG, OPEN, UNREAD = (a_claim(w, w) for w in get_args(VerdictWord)[:4])


@pytest.mark.parametrize(
    ("claims", "finals", "points"),
    [
        ([RIGHT], ["right", "right"], ("2", "2", "right")),
        ([RIGHT, WRONG], ["right", "wrong"], ("1", "2", "partly right")),
        ([WRONG, RIGHT], ["wrong", "right"], ("1", "2", "partly right")),
        ([WRONG], ["wrong", "wrong"], ("0", "2", "wrong")),
        ([WRONG, RIGHT], ["right", "right"], ("2", "2", "partly right")),  # all points by this rubric, but a step is wrong
        ([OPEN], ["undecided", "undecided"], ("0", "0", "undecided")),
        ([OPEN, RIGHT], ["undecided", "right"], ("1", "1", "undecided")),
        ([OPEN, WRONG], ["undecided", "wrong"], ("0", "1", "undecided")),
        ([UNREAD], ["undecided", "undecided"], ("0", "0", "unreadable")),
        ([], ["undecided", "undecided"], ("0", "0", "undecided")),
        ([], [], ("0", "0", "undecided")),
    ],
)
def test_points_for_the_answer_and_its_shape(claims: list[JudgedClaim], finals: list[VerdictWord], points: tuple[str, str, str]) -> None:
    assert graded(CUBE, claims, *finals) == points


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ([("a row, 1 × m", "right")], "right"),
        ([("shape $(m, 1)$", "wrong")], "wrong"),
        ([("u is m × 1", "right"), ("1 × m", "right")], "right"),
        ([("1 × m", "right"), ("u is m × 1", "right")], "right"),  # the last one speaks of something else
        ([("u is m × 1", "right")], "undecided"),
        ([("1 × m", "wrong")], "undecided"),  # the two judges disagree
        ([("m × 1", "wrong"), ("1 × m", "right")], "right"),
    ],
)
def test_the_shape_that_is_stated(claims: list[tuple[str, VerdictWord]], word: VerdictWord) -> None:
    judged = [a_claim(text, said, "shape") for text, said in claims]
    assert [(f.part, f.verdict) for f in finals_of(CUBE, "", judged, 5)] == [("expression", "undecided"), ("shape", word)]


def test_a_right_expression_says_its_shape() -> None:
    assert [f.verdict for f in finals_of(CUBE, "", [a_claim("J_g(u) = v^T")], 5)] == ["right", "right"]


def test_blanks_and_persons() -> None:
    blank = problem_grade(Question(CUBE, "1", "Cubes"), Judged())
    assert (blank.status, blank.score, blank.max) == ("not answered", 0, 2)
    drawing = problem_grade(Question(replace(GRAPH, asked=("graph",)), "5", "Graph"), Judged())  # it may be on paper
    assert (drawing.status, drawing.score, drawing.max) == ("not answered", 0, 0)
    assert graded(WHY, [RIGHT]) == ("0", "0", "for a person")
    assert problem_grade(Question(None, "2", "Recap", (Passage("text", 1),)), Judged()).status == "statement"


@pytest.mark.parametrize(
    ("claims", "word", "points", "notes"),
    [
        ([RIGHT], "right", ("1", "1", "right"), ()),
        ([RIGHT], "undecided", ("0", "0", "for a person"), ()),
        ([WRONG], "wrong", ("0", "0", "for a person"), ("A claim in this answer is wrong; a person weighs it.",)),
        ([WRONG, WRONG], "undecided", ("0", "0", "for a person"), ("2 claims in this answer are wrong; a person weighs it.",)),
        ([], "wrong", ("0", "0", "for a person"), ("Because.",)),
    ],
)
def test_arguments_in_words(claims: list[JudgedClaim], word: VerdictWord, points: tuple[str, str, str], notes: tuple[str, ...]) -> None:
    problem = Problem("own", "7", "Start", "initialisation", asked=("zero",))
    question = Question(problem, "7", "Start", (), (Passage("written", 3),), 2)
    grade = problem_grade(question, Judged(tuple(claims), (Final("argument", word, message="Because."),)))
    assert (str(grade.score), str(grade.max), grade.status) == points and grade.notes == notes


def test_a_known_mistake_has_its_own_message_and_worth() -> None:
    mistakes = (Mistake("3v^T", "Three is too much.", Fraction(0), PLACE), Mistake("2v^T", "Half of it.", Fraction(1, 2), PLACE))
    problem = replace(CUBE, mistakes=mistakes)
    claims = (a_claim("J_g(u) = v^T + v^T", "wrong"),)
    finals = finals_of(problem, "", claims, 5)
    assert [f.mistake for f in finals] == [mistakes[1], None]
    grade = problem_grade(Question(problem, "1", "Cubes", (), (Passage("written", 3),), 2), Judged(claims, finals))
    assert (grade.score, grade.max, grade.status, grade.notes) == (Fraction(1, 2), 2, "partly right", ("Half of it.",))


words = st.sampled_from(get_args(VerdictWord))
shares = st.fractions(min_value=0, max_value=5, max_denominator=6)


@given(
    st.lists(st.builds(a_claim, st.just("c"), words, st.sampled_from(["expression", "shape"])), max_size=5),
    st.lists(words, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["final", "shape", "steps"]), shares, min_size=1),
)
def test_points_keep_their_laws(claims: list[JudgedClaim], finals: list[VerdictWord], earns: dict[str, Fraction]) -> None:
    problem = Problem("own", "9", "Any", "jacobian", earns=earns, points=sum(earns.values(), Fraction(0)))
    question = Question(problem, "9", "Any", (), (Passage("written", 3),), 2)
    parts = ("expression", "matrix", "shape")
    grade = problem_grade(question, Judged(tuple(claims), tuple(map(Final, parts, finals))))
    assert 0 <= grade.score <= grade.max <= problem.points
    if "wrong" in finals[:2] and earns.get("final"):
        assert grade.score < problem.points and grade.status != "right"  # never all points with a wrong answer
    if not {"wrong"} & {*finals, *(c.verdict.verdict for c in claims)}:
        assert grade.score == grade.max  # what is open counts on neither side
    if grade.status == "right":
        assert all(c.verdict.verdict != "wrong" for c in claims) and grade.score == grade.max == problem.points
    assert (grade.status in ("undecided", "unreadable")) == any("open" in note or "could be read" in note for note in grade.notes)
