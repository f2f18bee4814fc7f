"""A grading as JSON, for programs: one object for one file, a list for several; and as JSON lines, one object a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...checkers.grading.grades import Grade
from ..json_text import json_text


def json_report(grades: Iterable[Grade]) -> Iterator[str]:
    """One object for one file, else a list.

    >>> "".join(json_report([]))
    '[]\\n'
    """
    coming = iter(grades)
    first, second = next(coming, None), next(coming, None)
    if first is None or second is None:
        yield "[]\n" if first is None else json_text(first.to_dict(), indent=2) + "\n"
        return
    yield "[\n" + json_text(first.to_dict(), indent=2)
    yield ",\n" + json_text(second.to_dict(), indent=2)
    del first, second
    for grade in coming:
        yield ",\n" + json_text(grade.to_dict(), indent=2)
    yield "\n]\n"


def jsonl_report(grades: Iterable[Grade]) -> Iterator[str]:
    """A line for each file, as soon as it is graded."""
    for grade in grades:
        yield json_text(grade.to_dict()) + "\n"


__all__ = ["json_report", "jsonl_report"]
