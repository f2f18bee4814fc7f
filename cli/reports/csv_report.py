"""A grading as a table, one row a claim, for spreadsheets: RFC 4180, and no cell that a spreadsheet takes for a formula.

A problem without claims has one row, and so has a file that could not be graded: nothing is missing silently.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from ...checkers.grading.grades import Grade, ProblemGrade, number
from ..marked_rows import printable

# `role` says whose claim a row is: the person's (answer) or the sheet's (statement), whose slips are not the person's.
COLUMNS = ("file", "set", "problem", "title", "points", "max", "status", "line", "kind", "verdict", "diagnosis", "text", "message", "role")
# What a spreadsheet starts a formula with, and the same signs in full width, which some take for it.
_STARTS = frozenset("=+-@＝＋－＠﹦﹢﹣")
Cell = str | int | float


def csv_report(grades: Iterable[Grade]) -> Iterator[str]:
    """The heading, then the rows of each file as soon as it is graded."""
    yield _lines([COLUMNS])
    for grade in grades:
        yield _lines(_rows(grade))


def _lines(rows: Iterable[Iterable[Cell]]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def _rows(grade: Grade) -> Iterator[tuple[Cell, ...]]:
    head = (grade.file, grade.set or "")
    if grade.error:
        yield (*head, "", "", "", "", "not graded", "", "", "", "", "", grade.error, "")
    for problem in grade.problems:
        yield from _rows_of(head, problem)


def _rows_of(head: tuple[str, str], problem: ProblemGrade) -> Iterator[tuple[Cell, ...]]:
    front = (*head, problem.id, problem.title, number(problem.score), number(problem.max), problem.status)
    if not problem.claims:
        yield (*front, problem.line, "", "", "", "", " ".join(problem.notes), "")
    for judged in problem.claims:
        claim, verdict = judged.claim, judged.verdict
        diagnosis = verdict.diagnosis or ""
        yield (*front, claim.line, claim.kind, verdict.verdict, diagnosis, claim.text, verdict.message, claim.role)


def _safe(text: str) -> str:
    r"""A cell that is shown as it is written and never computed.

    >>> _safe("=1+1"), _safe("  @SUM(A1)"), _safe("\tx"), _safe("2 - 1"), _safe("a\x00b\r\nc")
    ("'=1+1", "'  @SUM(A1)", "'\tx", '2 - 1', 'a�b\nc')
    """
    if text.isprintable() and text[:1] not in _STARTS and not text[:1].isspace():
        return text
    text = text.replace("\r\n", "\n")
    cell = "".join(c if c in "\t\r\n" else printable(c) if not c.isspace() else c for c in text)
    blank = next((k for k, c in enumerate(text) if c.isprintable() and not c.isspace()), len(text))
    risky = text[blank : blank + 1] in _STARTS or "\t" in text[:blank] or "\r" in text[:blank]
    return "'" + cell if risky else cell


__all__ = ["COLUMNS", "csv_report"]
