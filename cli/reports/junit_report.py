"""A grading as JUnit's XML, for continuous integration: a suite for each file, a case for each problem.

A wrong answer is a failure, a file that could not be graded an error; what a person has to settle, and what was not answered,
is skipped and never a failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ...checkers.grading.grades import Grade, ProblemGrade
from .plain_formulas import plain_sentence
from .report_words import asked, capital, first_step, of_points, sentence, why_open


def junit_report(grades: Iterable[Grade]) -> Iterator[str]:
    """A suite as soon as its file is graded."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="hwcheck">\n'
    for grade in grades:
        suite = _suite(grade)
        indent(suite, level=1)
        yield f"  {tostring(suite, encoding='unicode').rstrip()}\n"
    yield "</testsuites>\n"


def _suite(grade: Grade) -> Element:
    """One file; the counts are those of the cases in it."""
    suite = Element("testsuite", {"name": _valid(grade.file)})
    if grade.error:
        case = _case(suite, grade, "the whole file")
        _outcome(case, "error", "not graded", grade.error, "")
    for problem in asked(grade):
        case = _case(suite, grade, f"{problem.id} {problem.title}".strip())
        _judge(case, problem)
    counts = {"tests": "testcase", "failures": "testcase/failure", "errors": "testcase/error", "skipped": "testcase/skipped"}
    for name, path in counts.items():
        suite.set(name, str(len(suite.findall(path))))
    return suite


def _case(suite: Element, grade: Grade, name: str) -> Element:
    return SubElement(suite, "testcase", {"classname": _valid(grade.set or "no set"), "name": _valid(name)})


def _judge(case: Element, problem: ProblemGrade) -> None:
    """What became of a problem: right ones have nothing inside."""
    match problem.status:
        case "wrong" | "partly right":
            step = first_step(problem)
            if step is None:
                message = " ".join((f"{of_points(problem.score, problem.max)}.", *problem.notes))
                _outcome(case, "failure", problem.status, message, "")
            else:
                said = plain_sentence(step.message)
                text = f"{step.where}: {step.text}\n{said}"
                _outcome(case, "failure", step.diagnosis or "other", sentence(step.diagnosis, said), text)
        case "undecided" | "unreadable" | "for a person" | "not answered":
            why = _why(problem)
            _outcome(case, "skipped", "", f"{problem.status}: {why}" if why else problem.status, "")
        case "right" | "statement":
            return


def _why(problem: ProblemGrade) -> str:
    """Why a problem is open, as far as it is known."""
    step = first_step(problem)
    said = f"{capital(step.where)}: {sentence(step.diagnosis, step.message)}" if step else " ".join(problem.notes)
    return plain_sentence(why_open(problem) or said)


def _outcome(case: Element, tag: str, kind: str, message: str, text: str) -> None:
    found = SubElement(case, tag, {"message": _valid(message)} | ({"type": _valid(kind)} if kind else {}))
    if text:
        found.text = _valid(text)


def _valid(text: str) -> str:
    """Only characters that XML has.

    >>> _valid("a\\x1b[2J\\ud800 b\\uffff")
    'a�[2J� b�'
    """
    return "".join(c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd" for c in text)


__all__ = ["junit_report"]
