"""`hwcheck check-set`: a problem set goes in; out comes whether it is proved, or every fault with its line."""

from __future__ import annotations

import sys

import click

from ..checkers import set_checks
from ..checkers.set_checks import ProblemReport, SetReport
from ..derivations.errors import ProblemSetError
from ..derivations.problems.problems import set_file
from .json_text import json_text
from .marked_rows import printable
from .step_views import columns
from .tables import table
from .terminal import Page

LARGE = 20  # steps from which on it is said how far the work is
WORDS: dict[set_checks.Proved, str] = {
    "confirmed": "confirmed", "settled": "settled", "faulty": "faulty", "later": "later", "person": "for a person",
}  # fmt: skip


@click.command("check-set")
@click.argument("name", metavar="FILE")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--timeout", type=click.FloatRange(0.001, 3600), default=set_checks.SECONDS, show_default=True, metavar="SECONDS",
              help="The time that judging one example may take.")
def check_set(name: str, form: str, timeout: float) -> None:
    """Prove a problem set: every answer derives and is confirmed, examples are judged as stated, points add up.

    FILE is the path of a set of your own, which ends in .md, or the name of a shipped one. Known mistakes have to be wrong,
    one option has to be right where one is asked for, and every symbol needs a shape. All faults are listed, each
    with its line.

    \b
    hwcheck check-set path/to/my-set.md
    hwcheck check-set jhu-2024 --format json

    Exit codes: 0 proved, 2 no such file, 4 the set is faulty.
    """
    text, file = set_file(name)
    progress = _Progress()
    report = set_checks.check_set(text, file, seconds=timeout, progress=progress.tell)
    progress.clear()
    if form == "json":
        click.echo(json_text(report.to_dict(), indent=2))
    else:
        text_view(report).show()
    for fault in report.faults:
        click.echo(printable_lines(f"error: {fault}"), err=True)
        if fault.shown:
            click.echo(printable_lines(fault.shown), err=True)
    if report.faults:
        sys.exit(ProblemSetError.exit_code)


class _Progress:
    """How far a large set is, on one line of standard error; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._shown = False

    def tell(self, done: int, total: int) -> None:
        if total >= LARGE and sys.stderr.isatty():
            click.echo(f"\r{done} of {total}", nl=False, err=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


def printable_lines(text: str) -> str:
    """A text of several lines with nothing in it that a terminal obeys."""
    return "\n".join(map(printable, text.split("\n")))


def text_view(report: SetReport) -> Page:
    """A row for every problem, then what was found in one line."""
    page = Page()
    if report.set is None:
        page.line((f"{printable(report.file)} cannot be read as a problem set.", "wrong"))
        return page
    page.line((printable(f"{report.set.name}  {report.set.title}"), "result"))
    page.line()
    rows: list[tuple[str, ...]] = [("problem", "title", "status", "points", "stated")]
    rows += [_row(each) for each in report.problems]
    page.lines += table(rows, room=columns()).lines
    page.line()
    page.line(summary(report))
    return page


def _row(each: ProblemReport) -> tuple[str, ...]:
    p = each.problem
    earned = ", ".join(f"{part} {points}" for part, points in p.earns.items()) if len(p.earns) > 1 else str(p.points)
    counts = [_count(len(p.examples), "example"), _count(len(p.mistakes), "mistake")]
    return p.id, printable(p.title), WORDS[each.proved], earned if p.earns else "", ", ".join(filter(None, counts))


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count > 1)}" if count else ""


def summary(report: SetReport) -> str:
    """What was found, in one line."""
    counts = {word: sum(each.proved == proved for each in report.problems) for proved, word in WORDS.items()}
    found = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    points = _count_points(report)
    faults = _count(len(report.faults), "fault") or "no fault"
    return f"{found or 'no problem'}; {points}; {faults}"


def _count_points(report: SetReport) -> str:
    points = report.set.points if report.set else 0
    return "1 point" if points == 1 else f"{points} points"
