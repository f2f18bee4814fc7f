"""Places in reports: the line of a file, and of a notebook the cell and the line in it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hwcheck.checkers.claims.claims import Claim, JudgedClaim
from hwcheck.checkers.grading.grades import Grade, ProblemGrade
from hwcheck.checkers.verdicts import LineVerdict, Verdict
from hwcheck.cli.reports.report_words import step_of
from hwcheck.cli.reports.reports import render


def a_grade(place: str) -> Grade:
    claim = JudgedClaim(Claim("J = 3q", 40, "expression", place=place), Verdict("J = 3q", "wrong", "It is 2q."))
    problem = ProblemGrade("5", "Slope", Fraction(0), Fraction(1), "wrong", 38, (claim,), place=place)
    return Grade("a.ipynb", "own", (problem,))


@pytest.mark.parametrize("form", ["text", "markdown", "junit", "gradescope"])
@pytest.mark.parametrize(("place", "said", "not_said"), [("cell 3, line 2", "cell 3, line 2", "line 40"), ("", "line 40", "cell")])
def test_the_place_of_a_wrong_step(form: str, place: str, said: str, not_said: str) -> None:
    text = "".join(render([a_grade(place)], form, verbose=False, width=80, colour=False))
    assert said in text.replace("Cell", "cell").replace("Line", "line")
    assert not_said not in text.replace("Cell", "cell").replace("Line", "line")


def test_a_line_within_a_claim_has_its_place_too() -> None:
    verdict = Verdict("a = 1\na = 2", "wrong", "No.", first_wrong_line=2, lines=(LineVerdict(2, "wrong", "It is 1."),))
    step = step_of(JudgedClaim(Claim("a = 1\na = 2", 40, "chain", place="cell 3, line 2"), verdict))
    assert (step.line, step.where) == (41, "cell 3, line 3")
