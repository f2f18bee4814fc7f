"""Many files graded in processes that are ended at their deadline, and a journal of what is finished.

A file is read by one process and its problems are judged by others, a problem at a time. Where a problem is late, or its process
died, it is judged again claim by claim, so that nothing is lost but the claim that did it; that claim is undecided. The report
follows from the rows of the journal alone: how many processes there were, and what ended whom, cannot be seen in it.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from typing import Any

from ...derivations.errors import InputError
from ...derivations.problems.problems import SHIPPED, ProblemSet, problem_set
from ..claims.claims import JudgedClaim
from ..submissions.pages import page_of_bytes
from ..submissions.parts import submission_of
from ..submissions.safe_files import read_bytes
from ..submissions.submissions import Submission
from ..workers import Outcome, Workers, within
from .folders import Found
from .grades import Grade
from .grading import Judged, Question, grade_of, judged_finals, judged_question, problem_grades, questions_of
from .journal import MOST_DEATHS, Journal, key_of

SECONDS = 5.0
MEMORY = 2 << 30  # bytes that one process may take beyond what it began with
MOST_LATE = 8  # claims of one file that are waited for in vain, one by one; the rest of a problem that is late is then given up
MOST_ALONE = 12  # times the seconds of a claim that one file may take for that
NOT_JUDGED = "Not judged."  # what `judged_claims` says of a claim that was not wanted
_GIVEN_UP = "It was not judged, since too much of this file took too long."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grade depends on, beside the bytes of the file: the set, the seconds a claim may take, and the program's version."""

    set: ProblemSet | None = None
    seconds: float = SECONDS
    digest: str = ""

    @classmethod
    def of(cls, set_name: str | None, seconds: float = SECONDS) -> Terms:
        """The terms for a set by its name, or for the shipped sets, one of which is recognised.

        Raises:
            InputError, ProblemSetError: there is no such set, or it is faulty.
        """
        found = problem_set(set_name) if set_name is not None else None
        own = Path(set_name) if set_name is not None and set_name.endswith(".md") else None
        files = [own] if own else sorted(SHIPPED.glob(f"{set_name or '*'}.md"))
        about: list[str | bytes] = [_version(), "" if own else set_name or "any", repr(seconds), *(file.read_bytes() for file in files)]
        return cls(found, seconds, key_of(*about))


def _version() -> str:
    try:
        return version("hwcheck")
    except PackageNotFoundError:  # run from its sources
        return ""


def grade(path: str | Path, set_name: str | None = None, *, seconds: float = SECONDS) -> Grade:
    """Grade one file against a problem set, or against the shipped set that it is recognised to belong to.

    Args:
        path: a submission in Markdown, LaTeX, plain text, or a notebook.
        set_name: a shipped set, or the path of a file of one's own (…/my-set.md).
        seconds: how long one claim may take; the process that works on it is then ended, and the claim is undecided.

    Raises:
        InputError, ProblemSetError: there is no such set, or it is faulty. A file that cannot be read is a grade with `error`.
    """
    with Journal() as journal, closing(Run([Found(str(path), Path(path))], journal, Terms.of(set_name, seconds), jobs=1)) as run:
        for _ in run.work():
            pass
        return next(run.grades())


@dataclass(frozen=True, slots=True)
class _Paper:
    """A file to be read."""

    index: int
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Task:
    """A question to be judged: all of it, its claims found and none judged, one claim, or only what is asked."""

    index: int
    number: int
    question: Question
    only: int | None = None
    listing: bool = False
    claims: tuple[JudgedClaim, ...] | None = None


@dataclass(slots=True)
class _Started:
    """A file that is being graded."""

    submission: Submission
    questions: tuple[Question, ...]
    judged: dict[int, Judged] = field(default_factory=dict)
    late: int = 0
    alone: float = 0.0


@dataclass(slots=True)
class _Entry:
    """What is known of a file before it is graded: the key of its row, or why it cannot be graded."""

    key: str = ""
    digest: str = ""
    refusal: str = ""


class Run:
    """The grading of these files, in this order, into this journal.

    `again` is how many files had been graded on other terms, or have changed since.
    """

    def __init__(self, files: Sequence[Found], journal: Journal, terms: Terms, *, jobs: int | None = None):
        self.files = files
        self.again = 0
        self._journal, self._terms = journal, terms
        self._entries: list[_Entry] = [_Entry() for _ in files]
        self._started: dict[int, _Started] = {}
        self._done: list[int] = []
        self._dead: set[int] = set()
        self._stack = ExitStack()
        self._readers = self._workers(partial(_read, terms.set), 1)
        self._judges = self._workers(_judge, jobs)
        self._spare = self._workers(_judge, 1)

    def _workers(self, work: Callable[[Any], Any], count: int | None) -> Workers:
        return self._stack.enter_context(Workers(work, count=count, seconds=self._terms.seconds, memory=MEMORY))

    def close(self) -> None:
        """End all processes."""
        self._stack.close()

    def work(self) -> Generator[int, None, None]:
        """Grade what the journal does not have; after each step how many files are finished, in any order.

        Raises:
            OSError: the journal cannot be written; everything finished is in it.
        """
        finished = 0
        with closing(self._readers.pairs(self._papers())) as readings, closing(self._judges.pairs(self._tasks(readings))) as judged:
            for task, outcome in judged:
                self._take(task, outcome)
                finished += len(self._done)
                self._done.clear()
                yield finished
        yield finished + len(self._done)

    def grades(self) -> Iterator[Grade]:
        """The grades in the order of the files, from the rows of the journal alone."""
        same: defaultdict[str, list[str]] = defaultdict(list)
        called: defaultdict[str, list[str]] = defaultdict(list)
        for found, entry in zip(self.files, self._entries, strict=True):
            called[_file_name(found.name)].append(found.name)
            if entry.digest:
                same[entry.digest].append(found.name)
        for found, entry in zip(self.files, self._entries, strict=True):
            kept = self._journal.grade(entry.key) if entry.key else None
            if kept is None:
                said = entry.refusal or "Its row in the journal is damaged; grade it again."
                kept = Grade(found.name, None, (), error=said, digest=entry.digest)
            twins = _twins(found.name, same[entry.digest]) or _namesakes(found.name, called[_file_name(found.name)])
            yield replace(kept, notes=(*kept.notes, *twins))

    # -- reading ---------------------------------------------------------------------------------------------------------

    def _papers(self) -> Iterator[_Paper]:
        """The files that have no finished row, with their bytes, which are read once."""
        for index, (found, entry) in enumerate(zip(self.files, self._entries, strict=True)):
            data = self._bytes(found, entry)
            if data is None:
                self._done.append(index)
                continue
            entry.digest = hashlib.sha256(data).hexdigest()
            key = entry.key = key_of(found.name, data, self._terms.digest)
            if self._journal.has(key):
                self._done.append(index)
            elif self._journal.deaths(key) >= MOST_DEATHS:
                self._fail(index, _died("worked on it"))
            else:
                self.again += self._journal.knows(found.name) and not self._journal.deaths(key)
                yield _Paper(index, found.name, data)

    def _bytes(self, found: Found, entry: _Entry) -> bytes | None:
        if found.data is not None:
            return found.data
        entry.refusal = found.refusal
        if not found.refusal and found.path is not None:
            try:
                return read_bytes(found.path, found.root)
            except InputError as error:
                entry.refusal = error.message
        return None

    def _tasks(self, readings: Iterable[tuple[_Paper, Outcome]]) -> Iterator[_Task]:
        """The questions of each file that could be read."""
        for paper, outcome in readings:
            for _ in range(MOST_DEATHS - 1):
                if outcome.failure == "crash":
                    self._died(paper.index)
                    outcome = within(partial(_read, self._terms.set), paper, self._terms.seconds, MEMORY)
            if isinstance(outcome.value, str):  # told at once when it is read again: no row is needed
                self._entries[paper.index].refusal = outcome.value
                self._done.append(paper.index)
                continue
            if not isinstance(outcome.value, Submission):
                self._fail(paper.index, _unread(outcome, self._terms.seconds))
                continue
            started = _Started(outcome.value, questions_of(outcome.value))
            self._started[paper.index] = started
            blank = [k for k, q in enumerate(started.questions) if not q.statement and not q.answer]
            started.judged.update(dict.fromkeys(blank, Judged()))
            if len(blank) == len(started.questions):
                self._finish_if_complete(paper.index)
                continue
            yield from [_Task(paper.index, k, q) for k, q in enumerate(started.questions) if k not in blank]

    # -- judging ---------------------------------------------------------------------------------------------------------

    def _take(self, task: _Task, outcome: Outcome) -> None:
        """Keep what was judged; where that failed, judge it claim by claim."""
        started = self._started[task.index]
        if isinstance(outcome.value, Judged):
            started.judged[task.number] = outcome.value
        else:
            started.judged[task.number] = self._one_by_one(task, outcome)
        self._finish_if_complete(task.index)

    def _one_by_one(self, task: _Task, outcome: Outcome) -> Judged:
        self._count(task, outcome)
        listing = self._alone(replace(task, listing=True))
        if not isinstance(listing.value, Judged):
            return Judged(notes=(f"The claims of this problem could not be found: {_why(listing, self._terms.seconds)}",))
        claims = listing.value.claims
        changed: dict[int, Sequence[JudgedClaim]] = {}
        reason = ""
        for number in range(listing.value.formulas):
            outcome = self._alone(replace(task, only=number))
            if isinstance(outcome.value, Judged):
                changed.update(_changed(claims, outcome.value.claims))
            else:
                reason = _why(outcome, self._terms.seconds)
        found = tuple(c for k, claim in enumerate(claims) for c in changed.get(k, (_without_verdict(claim, reason),)))
        finals = self._alone(replace(task, claims=found)).value
        return Judged(found, finals.finals if isinstance(finals, Judged) else ())

    def _alone(self, task: _Task) -> Outcome:
        """The outcome of one step in a process of its own, unless this file has had its share of those that are lost."""
        started = self._started[task.index]
        if started.late >= MOST_LATE or started.alone > MOST_ALONE * self._terms.seconds:
            return Outcome(failure="error", detail=_GIVEN_UP)
        start = time.monotonic()
        with closing(self._spare.map([task])) as outcomes:
            outcome = next(outcomes)
        started.alone += time.monotonic() - start
        self._count(task, outcome)
        return outcome

    def _count(self, task: _Task, outcome: Outcome) -> None:
        if outcome.failure:
            self._started[task.index].late += 1
        if outcome.failure == "crash":
            self._died(task.index)

    def _died(self, index: int) -> None:
        """Remember, once a run, that a process died while it worked on a file; a run that ends in good order does not need it."""
        if index not in self._dead:
            self._dead.add(index)
            self._journal.died(self._entries[index].key, self.files[index].name)

    # -- finishing -------------------------------------------------------------------------------------------------------

    def _fail(self, index: int, sentence: str) -> None:
        self._finish(index, Grade(self.files[index].name, None, (), error=sentence))

    def _finish_if_complete(self, index: int) -> None:
        started = self._started[index]
        if len(started.judged) == len(started.questions):
            del self._started[index]
            judged = [started.judged[k] for k in range(len(started.questions))]
            self._finish(index, grade_of(started.submission, problem_grades(started.questions, judged)))

    def _finish(self, index: int, grade: Grade) -> None:
        self._journal.finish(self._entries[index].key, replace(grade, digest=self._entries[index].digest))
        self._done.append(index)


def _changed(before: Sequence[JudgedClaim], after: Sequence[JudgedClaim]) -> dict[int, Sequence[JudgedClaim]]:
    """Which claim is another, or several, or none, now that one formula was judged: all others are as they were."""
    first = next((k for k, (old, new) in enumerate(zip(before, after, strict=False)) if new != old), min(len(before), len(after)))
    if first == len(before):
        return {}
    return {first: after[first : first + 1 + len(after) - len(before)]}


def _without_verdict(judged: JudgedClaim, reason: str) -> JudgedClaim:
    """A claim that was to be judged and was not, with the reason; any other as it is."""
    is_open = judged.verdict.verdict == "undecided" and judged.verdict.message == NOT_JUDGED
    return replace(judged, verdict=replace(judged.verdict, message=reason)) if is_open and reason else judged


# -- sentences ---------------------------------------------------------------------------------------------------------------


def _why(outcome: Outcome, seconds: float) -> str:
    """Why a claim has no verdict."""
    match outcome.failure:
        case "deadline":
            return f"No verdict was reached within {seconds:g} s; --timeout allows more."
        case "memory":
            return "This check needed more memory than it may have."
        case "crash":
            return f"The process that worked on this check ended ({outcome.detail}); the answer may still be right."
    if outcome.detail == _GIVEN_UP:
        return _GIVEN_UP
    return f"This check failed ({outcome.detail}). That is a defect of the program, not of the answer; please report it."


def _unread(outcome: Outcome, seconds: float) -> str:
    """Why a file could not be read."""
    match outcome.failure:
        case "deadline":
            return f"It could not be read within {seconds:g} s."
        case "memory":
            return "Reading it needed more memory than it may have."
        case "crash":
            return _died("read it")
    return f"It could not be read ({outcome.detail}). That is a defect of the program; please report it."


def _died(did: str) -> str:
    return f"It could not be graded: the process that {did} ended {MOST_DEATHS} times."


def _twins(name: str, same: Sequence[str]) -> tuple[str, ...]:
    """Where else the same bytes are; a whole class may have handed in the same empty file."""
    if len(same) < 2:
        return ()
    other, count = same[0] if same[0] != name else same[1], len(same) - 2
    more = f" and {count} more file{'s' * (count > 1)}" if count else ""
    return (f"Exactly the same content is in {other}{more}.",)


def _file_name(name: str) -> str:
    """A file without its folders, as a file system that knows no capitals has it."""
    return PurePath(name).name.casefold()


def _namesakes(name: str, same: Sequence[str]) -> tuple[str, ...]:
    """Where else a file has that name: somebody may have handed in twice, or every folder has an answers.md."""
    if len(same) != 2:
        return ()
    other = same[0] if same[0] != name else same[1]
    return (f"{other} has the same name; if they are two submissions of one person, only one can count.",)


# -- in a process of its own -------------------------------------------------------------------------------------------------


def _read(found: ProblemSet | None, paper: _Paper) -> Submission | str:
    """The submission that a file is, or the sentence why it is none."""
    try:
        return submission_of(page_of_bytes(paper.data, paper.name), found)
    except InputError as error:
        return error.message


def _judge(task: _Task) -> Judged:
    """One step of a question."""
    if task.claims is not None:
        return Judged(finals=judged_finals(task.question, task.claims))
    if task.listing:
        return judged_question(task.question, lambda k: False)
    return judged_question(task.question, None if task.only is None else lambda k: k == task.only)


__all__ = ["MOST_ALONE", "MOST_LATE", "SECONDS", "Run", "Terms", "grade"]
