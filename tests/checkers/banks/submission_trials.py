"""Files of right answers, and files in which every answer has one slip; what the grade makes of each problem.

`outcomes` puts a file to the grader. A right answer is `graded` (all points, no claim wrong), `refused` or `undecided`; a spoilt one is
`caught` (points lost), `flagged` (a claim is wrong, and the points stay), `undecided` or `accepted`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from hwcheck.checkers.grading.grades import ProblemGrade
from hwcheck.checkers.grading.grading import judged_question, problem_grade, questions_of
from hwcheck.checkers.submissions.pages import page_of
from hwcheck.checkers.submissions.parts import submission_of
from hwcheck.derivations.problems.problems import Problem

from .submission_bank import answers_of, set_of
from .submission_dress import DRESSES, dresses_for
from .submission_pages import SUFFIXES, Form, Style, page_text, written_line
from .submission_rows import Answer, Slip


@dataclass(frozen=True, slots=True)
class Trial:
    """A file: for each problem its answer, and the slip that was made in it, if any; `dress` is the way of writing."""

    set: str
    form: Form
    style: Style
    seed: int
    dress: str
    answers: tuple[tuple[str, Answer, Slip | None], ...]

    @property
    def text(self) -> str:
        """The text of the file."""
        dress = DRESSES[self.dress]
        answers = {id_: dress((answer.spoilt(slip) if slip else answer).text) for id_, answer, slip in self.answers}
        return page_text(set_of(self.set), answers, self.form, self.style, random.Random(self.seed))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one problem of a file. `at_its_line` says whether a wrong claim stands where the slip was made."""

    trial: Trial
    problem: str
    answer: Answer
    slip: Slip | None
    word: str
    at_its_line: bool | None = None
    said: str = ""


def right_trial(name: str, form: Form, style: Style, seed: int) -> Trial:
    """A file of right answers, each chosen by the seed."""
    rng = random.Random(f"{name}{form}{style}{seed}")
    rows = [(p.id, rng.choice(found), None) for p in set_of(name).problems if (found := answers_of(name, p))]
    return Trial(name, form, style, seed, rng.choice(dresses_for(form)), tuple(rows))


def spoilt_trial(name: str, form: Form, style: Style, seed: int) -> Trial:
    """A file with one slip in each answer."""
    rng = random.Random(f"{name}{form}{style}{seed}")
    rows = []
    for problem in set_of(name).problems:
        slips = [(a, s) for a in answers_of(name, problem) for s in a.slips]
        if slips:
            rows.append((problem.id, *rng.choice(slips)))
    return Trial(name, form, style, seed, rng.choice(dresses_for(form)), tuple(rows))


def outcomes(trial: Trial) -> list[Outcome]:
    """What the grader makes of a file, problem by problem."""
    page = page_of(trial.text, f"a.{SUFFIXES[trial.form]}", trial.form)
    submission = submission_of(page, set_of(trial.set))
    questions = {q.problem.id: q for q in questions_of(submission) if q.problem is not None}
    lines = page.text.split("\n")
    found = []
    for id_, answer, slip in trial.answers:
        question = questions[id_]
        grade = problem_grade(question, judged_question(question))
        problem = question.problem
        assert problem is not None
        if slip is None:
            found.append(Outcome(trial, id_, answer, None, _right_word(problem, grade), None, _said(grade)))
        else:
            place = _place(answer, slip, trial, lines)
            found.append(Outcome(trial, id_, answer, slip, _spoilt_word(problem, grade), _is_at(grade, place), _said(grade)))
    return found


def _wrong(grade: ProblemGrade) -> list[int]:
    return [c.claim.line for c in grade.claims if c.claim.role == "answer" and c.verdict.verdict == "wrong"]


def _right_word(problem: Problem, grade: ProblemGrade) -> str:
    if _wrong(grade) or grade.score < grade.max:
        return "not found" if grade.status == "not answered" else "refused"
    return "graded" if grade.max == problem.points else "for a person" if grade.status == "for a person" else "undecided"


def _spoilt_word(problem: Problem, grade: ProblemGrade) -> str:
    if grade.status == "not answered":
        return "not found"
    if grade.score < grade.max:
        return "caught"
    if _wrong(grade):
        return "flagged"
    return "accepted" if grade.max == problem.points else "for a person" if grade.status == "for a person" else "undecided"


def _place(answer: Answer, slip: Slip, trial: Trial, lines: list[str]) -> int | None:
    """The line of the file on which the slip was made; None where it cannot be told."""
    spoilt = DRESSES[trial.dress](answer.spoilt(slip).text).split("\n")
    before = len(spoilt) - len(answer.spoilt(slip).text.split("\n")) if trial.dress in ("remark before", "label") else 0
    wanted = written_line(spoilt[before + answer.line_of(slip)], trial.form).strip()
    found = [k for k, line in enumerate(lines, 1) if line.strip() == wanted]
    return found[0] if len(found) == 1 else None


def _is_at(grade: ProblemGrade, place: int | None) -> bool | None:
    wrong = _wrong(grade)
    return None if place is None or not wrong else place in wrong


def _said(grade: ProblemGrade) -> str:
    claims = [c for c in grade.claims if c.claim.role == "answer"]
    rows = [f"    {c.claim.line} {c.claim.kind} {c.verdict.verdict}: {c.claim.text!r} — {c.verdict.message}" for c in claims]
    return "\n".join([f"    {grade.status}, {grade.score} of {grade.max}; {' '.join(grade.notes)}", *rows])


__all__ = ["Outcome", "Trial", "outcomes", "right_trial", "spoilt_trial"]
