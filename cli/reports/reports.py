"""Which formats a report has, and the one way to ask for one: grades go in, pieces of text come out.

A report is a function of the grades alone: no clock, no host, no folder is in it. Pieces come as soon as the grades do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...checkers.grading.grades import Grade
from ...derivations.errors import InputError
from .csv_report import csv_report
from .gradescope_report import gradescope_report
from .json_reports import json_report, jsonl_report
from .junit_report import junit_report
from .markdown_report import markdown_report
from .text_report import text_report

FORMATS: tuple[str, ...] = ("text", "json", "jsonl", "markdown", "csv", "gradescope", "junit")
# Formats that are about one submission only.
ONE_FILE: frozenset[str] = frozenset(("gradescope",))


def render(grades: Iterable[Grade], format: str, *, verbose: bool = False, width: int = 80, colour: bool = False) -> Iterator[str]:
    """The report of a grading, piece by piece; put together they are the whole.

    `verbose` adds every claim (text and Markdown); `width` and `colour` are for text.

    >>> "".join(render([Grade("a.md", None, (), error="This file is empty.")], "jsonl"))[:28]
    '{"file": "a.md", "set": null'

    Raises:
        InputError: there is no such format; or, when the pieces are asked for, it takes one file and there are several.
    """
    match format:
        case "text":
            return text_report(grades, verbose=verbose, width=width, colour=colour)
        case "json":
            return json_report(grades)
        case "jsonl":
            return jsonl_report(grades)
        case "markdown":
            return markdown_report(grades, verbose=verbose)
        case "csv":
            return csv_report(grades)
        case "gradescope":
            return gradescope_report(grades)
        case "junit":
            return junit_report(grades)
    raise InputError(f"“{format}” is no format; there are {', '.join(FORMATS)}.")


__all__ = ["FORMATS", "ONE_FILE", "render"]
