"""A grading as Gradescope's results.json (gradescope-autograders.readthedocs.io, “Autograder Specifications”).

Every output is plain text: Gradescope renders no markup in it, so nothing that a student writes can become any. A test is marked
as passed or failed only where something was judged. What a person has to settle carries no points: the points that are open are
told in words and in `extra_data`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...checkers.grading.grades import Grade, ProblemGrade, number
from ...derivations.errors import InputError
from ..json_text import json_text
from ..marked_rows import one_line
from .plain_formulas import plain, plain_sentence, shown
from .report_words import OPEN, Step, asked, capital, counted, first_step, left_open, misprints, of_points, sentence, step_of, why_open


def gradescope_report(grades: Iterable[Grade]) -> Iterator[str]:
    """The one object that results.json holds.

    Raises:
        InputError: there is not exactly one file.
    """
    coming = iter(grades)
    grade = next(coming, None)
    if grade is None or next(coming, None) is not None:
        raise InputError("Gradescope's results.json is about one submission: grade one file at a time with --format gradescope.")
    yield json_text(_results(grade), indent=2) + "\n"


def _results(grade: Grade) -> dict[str, object]:
    more = {"file": grade.file, "set": grade.set, "max": number(grade.max), "graded": not grade.error}
    return {
        "score": number(grade.score), "output": _output(grade), "output_format": "text", "test_output_format": "text",
        "test_name_format": "text", "visibility": "visible",
        "extra_data": more | {"for_a_person": [p.id for p in left_open(grade)], "misprints": [m.claim.line for m in misprints(grade)]},
        "tests": [_test(problem) for problem in asked(grade)],
    }  # fmt: skip


def _output(grade: Grade) -> str:
    """What concerns the whole submission."""
    if grade.error:
        return f"This file could not be graded: {one_line(grade.error)}"
    rows = [f"{of_points(grade.score, grade.max)}.".capitalize()]
    if opened := left_open(grade):
        names = ", ".join(one_line(p.id) for p in opened)
        rows += ["", f"A person has to look at {names}. Points for these are not in the score yet."]
    for judged in misprints(grade):
        step = step_of(judged)
        rows += ["", f"A misprint of the sheet, {step.where} (it costs nothing): {plain(step.text)}", plain_sentence(step.message)]
    if grade.notes:
        rows += ["", *map(plain_sentence, grade.notes)]
    return "\n".join(rows)


def _test(problem: ProblemGrade) -> dict[str, object]:
    """One problem; one that is open is worth what was judged of it, so that no mark says it failed."""
    is_open = problem.status in OPEN
    most = problem.score if is_open else problem.max
    name = plain(problem.title) + (" (for a person)" if is_open else "")
    scores: dict[str, object] = {"score": number(problem.score), "max_score": number(most)}
    test = scores | {"name": name.strip(), "number": one_line(problem.id)}
    if not is_open and problem.max:
        test["status"] = "passed" if problem.score == problem.max else "failed"
    more: dict[str, object] = {"status": problem.status, "line": problem.line}
    if problem.place:
        more["place"] = problem.place
    if is_open:
        more["open_points"] = number(problem.max - problem.score)
    return test | {"output": _told(problem), "output_format": "text", "visibility": "visible", "extra_data": more}


def _told(problem: ProblemGrade) -> str:
    """The status, the first wrong step and the notes of a problem, in text."""
    rows = [_status(problem)]
    if why := why_open(problem) if problem.status in OPEN else "":
        rows.append(plain_sentence(why))
    if (step := first_step(problem)) is not None:
        rows += ["", *_step(step)]
    return "\n".join([*rows, *map(plain_sentence, problem.notes)])


def _status(problem: ProblemGrade) -> str:
    if problem.status not in OPEN:
        return f"{problem.status.capitalize()}."
    left = problem.max - problem.score
    worth = f" Up to {counted(left)} are open." if left else ""
    if problem.status == "for a person":
        return f"For a person: no computation judges this.{worth}"
    return f"{problem.status.capitalize()}: a person decides.{worth}"


def _step(step: Step) -> list[str]:
    first, *rest = shown(step.text).text.split("\n")
    label = f"{capital(step.where)}: "
    return [label + first, *(" " * len(label) + row for row in rest), plain_sentence(sentence(step.diagnosis, step.message))]


__all__ = ["gradescope_report"]
