"""`hwcheck grade`: submissions go in, a report comes out, whatever the files hold.

The report goes to standard output or into a file, everything else to standard error. With a journal a run that was ended, however
that happened, goes on where it was.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import click

from ..checkers.grading.folders import SUFFIXES, Found, PassedOver, found_files
from ..checkers.grading.grades import Grade
from ..checkers.grading.journal import Journal
from ..checkers.grading.runs import SECONDS, Run, Terms
from ..checkers.submissions.safe_files import LARGEST, named
from ..derivations.errors import InputError
from .marked_rows import printable
from .report_file import check_place, write_report
from .reports.reports import FORMATS, ONE_FILE, render
from .step_views import WIDEST, columns
from .terminal import is_plain

MANY = 10_000
FULL = 3  # the exit code where the disk is full: nothing is wrong, and nothing lost, but not all is decided


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER…")
@click.option("--set", "set_name", metavar="NAME",
              help="The problem set, shipped or a file of your own (default: recognised from the text).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the report into a file instead of printing it.")
@click.option("-v", "--verbose", is_flag=True, help="Every claim with its verdict, not only the first wrong step of each problem.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes that judge (default: one a core).")
@click.option("--resume", is_flag=True,
              help="Go on with a run that was ended; its journal is beside the report unless --journal names it.")
@click.option("--journal", "journal_path", metavar="FILE", type=click.Path(path_type=Path),
              help="Keep each grade in this file as soon as it is there.")
@click.option("--timeout", type=click.FloatRange(0.001, 3600), default=SECONDS, show_default=True, metavar="SECONDS",
              help="The time one claim may take.")
def grade(paths: tuple[str, ...], set_name: str | None, form: str, output: Path | None, verbose: bool, jobs: int | None, resume: bool,
          journal_path: Path | None, timeout: float) -> None:
    """Grade submissions in Markdown, LaTeX, plain text or notebooks: the claims in each answer, its points, what a person must look at.

    In a FOLDER every file that ends in .md, .markdown, .tex, .ipynb or .txt is graded, in folders inside it too; '-' is standard
    input. A file that cannot be read does not end the run.

    \b
    hwcheck grade my.md
    hwcheck grade submissions/ --set jhu-2024 --format csv --output marks.csv --resume
    hwcheck grade homework.tex --format json -v

    Exit codes: 0 all is right, 1 something is wrong, 2 a file cannot be read, 3 something is undecided, 4 the set is faulty.
    """
    terms = Terms.of(set_name, timeout)
    files = _files(paths)
    if form in ONE_FILE and len(files) > 1:
        raise click.UsageError(f"--format {form} is about one submission, and these are {len(files)} files.")
    if output is not None:
        check_place(output)
    place = _journal_place(journal_path, resume, output)
    seen = Seen()
    try:
        with Stop() as stop, Journal(place) as journal:
            for note in journal.notes:
                _say(note)
            with closing(Run(files, journal, terms, jobs=jobs)) as run:
                _work(run, len(files), stop)
                _report(seen.passing(run.grades()), form, output, verbose)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        _say(f"Stopped: {error.strerror or error}. {_how_to_go_on(place)}")
        sys.exit(FULL)
    except Stopped as stopped:
        _say(f"Stopped. {_how_to_go_on(place)}")
        sys.exit(128 + stopped.signal)
    sys.exit(seen.exit_code)


# -- what is graded ----------------------------------------------------------------------------------------------------------


def _files(paths: Sequence[str]) -> list[Found]:
    """The files that are meant.

    Raises:
        InputError: there are none.
    """
    passed = PassedOver()
    files: list[Found] = []
    for path in paths:
        files += [_input()] if path == "-" else found_files([Path(path)], passed)
    files = list({found.name: found for found in files}.values())
    if sentence := passed.sentence():
        _say(sentence)
    if not files:
        raise InputError(f"There is nothing to grade here: no file ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.")
    if len(files) > MANY:
        _say(f"These are {len(files)} files; with --resume a run that is stopped goes on where it was.")
    return files


def _input() -> Found:
    data = sys.stdin.buffer.read(LARGEST + 1)
    refusal = f"Standard input has more than {LARGEST // 2**20} MiB, which is the most that is read." if len(data) > LARGEST else ""
    return Found("-", data=None if refusal else data, refusal=refusal)


# -- the journal -------------------------------------------------------------------------------------------------------------


def _journal_place(given: Path | None, resume: bool, output: Path | None) -> Path | None:
    """Where the journal is: where it was said to be, else beside the report; None where none is wanted.

    Raises:
        UsageError: it is there already, and nobody said to go on with it.
    """
    if given is None and not resume:
        return None
    place = given or (output.with_name(f"{output.name}.journal") if output else Path("hwcheck-grade.journal"))
    if not resume and place.exists() and place.stat().st_size:
        raise click.UsageError(f"{named(place)} is there already: add --resume to go on with it, or name another file.")
    if given is None:
        _say(f"The journal of this run is {place}.")
    return place


def _how_to_go_on(place: Path | None) -> str:
    if place is None:
        return "Nothing is kept; with --resume a run can go on where it was."
    return "Every grade so far is kept: the same command with --resume goes on."


class Stopped(BaseException):
    """Somebody asked the program to end."""

    def __init__(self, number: int):
        super().__init__(number)
        self.signal = number


class Stop:
    """Ctrl-C and SIGTERM end the run where it is.

    An exception that is raised while Python tidies up goes nowhere, so whoever works asks between two steps as well.
    """

    def __init__(self) -> None:
        self._number = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stop:
        self._before = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raises Stopped if a signal has come."""
        if self._number:
            raise Stopped(self._number)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if not self._number:  # once is enough: what follows is tidying up
            self._number = number
            raise Stopped(number)


# -- work and report ---------------------------------------------------------------------------------------------------------


def _work(run: Run, count: int, stop: Stop) -> None:
    """Grade what is not graded yet, with a progress bar where somebody sees it."""
    if count == 1 or not sys.stderr.isatty():
        for _ in run.work():
            stop.check()
    else:
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("grading", total=count)
            for finished in run.work():
                progress.update(bar, completed=finished)
                stop.check()
    if run.again:
        which = "file was" if run.again == 1 else "files were"
        _say(f"{run.again} {which} graded anew: the file has changed since, or the set, the options or the version of hwcheck.")


def _report(grades: Iterable[Grade], form: str, output: Path | None, verbose: bool) -> None:
    shown = output is None
    chunks = render(grades, form, verbose=verbose, width=columns() if shown else WIDEST, colour=shown and not is_plain())
    if output is not None:
        write_report(chunks, output)
        return
    for chunk in chunks:
        click.echo(chunk, nl=False)
    sys.stdout.flush()


class Seen:
    """What was in the grades that went by: the exit code follows from it."""

    def __init__(self) -> None:
        self._found: set[int] = set()

    def passing(self, grades: Iterable[Grade]) -> Iterator[Grade]:
        """The same grades, looked at."""
        for grade in grades:
            self._found |= set(_codes(grade))
            yield grade

    @property
    def exit_code(self) -> int:
        """1 if something is wrong, else 2 if a file cannot be read, else 3 if something is undecided, else 0."""
        return min(self._found, default=0)


def _codes(grade: Grade) -> Iterator[int]:
    if grade.error:
        yield 2
    elif grade.set is None:
        yield 3
    for problem in grade.problems:
        blank = problem.status == "not answered" and problem.max > 0
        if blank or problem.first_wrong is not None or problem.status in ("wrong", "partly right"):
            yield 1
        elif problem.status in ("undecided", "unreadable"):
            yield 3


def _say(sentence: str) -> None:
    click.echo(printable(sentence), err=True)


__all__ = ["grade"]
