"""Problem sets: finding them and their problems, and their answers, which are derived and never typed in.

`kinds` says what a problem is and how it is derived, `set_reading` how a set is read. Nothing here judges what a person answered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import DefectError, DomainError, HwcheckError, InputError, ProblemSetError
from .kinds import KINDS, STATUSES, Answer, Problem, ProblemSet, Status
from .problem_files import LONGEST
from .set_reading import read_all, read_set
from .values import Place, did_you_mean, listed, shortened

SHIPPED = Path(__file__).with_name("sets")


@dataclass(frozen=True, slots=True)
class Solution:
    """A problem with its derived answer; `answer` is None where the problem is not one that is derived."""

    problem: Problem
    answer: Answer | None

    def to_dict(self) -> dict[str, object]:
        """The problem and its answer as JSON; `reason` takes the place of a missing answer."""
        notes = {"notes": list(self.problem.notes), "misprints": list(self.problem.misprints)}
        if self.answer is None:
            return {**_head(self.problem), "answer": None, "reason": self.problem.reason, **notes}
        return {**_head(self.problem), "answer": self.answer.to_dict(), **notes}


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem whose answer does not derive, and why: a slip of its author's, or a defect of ours."""

    problem: Problem
    error: HwcheckError

    def to_dict(self) -> dict[str, object]:
        """The problem with an error in the place of its answer."""
        return {**_head(self.problem), "answer": None, "error": self.error.to_dict()}


def _head(problem: Problem) -> dict[str, object]:
    where = {"set": problem.set, "id": problem.id, "title": problem.title}
    return {**where, "kind": problem.kind, "asked": list(problem.asked)}


# -- finding -----------------------------------------------------------------------------------------------------------


def set_names() -> tuple[str, ...]:
    """The names of the shipped sets.

    >>> set_names()
    ('cosc490', 'cs640', 'jhu-2023', 'jhu-2024', 'mit-6390')
    """
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.md")))


def problem_set(name: str) -> ProblemSet:
    """A shipped set by its name, or a set of one's own by the path of its file (which ends in .md).

    Raises:
        InputError: there is no such set or file.
        ProblemSetError: the file is faulty; file, line and a sentence.

    >>> problem_set("jhu-2024").layout
    'numerator'
    """
    return read_set(*set_file(name))


def set_file(name: str) -> tuple[str, str]:
    """The text of the file of a set, by name or by path, and what the file is called in messages.

    Raises:
        InputError: there is no such set or file.
        ProblemSetError: the file is no text.
    """
    if name.endswith(".md"):
        return _content(Path(name)), name
    if name not in set_names() and os.path.isdir(name):
        raise InputError(f"“{shortened(name)}” is a folder; a problem set is a file that ends in .md.")
    if name not in set_names():
        near, known = did_you_mean(name, set_names()), listed(set_names())
        own = "a set of your own is the path of a file that ends in .md"
        raise InputError(f"There is no problem set “{shortened(name)}”{near} The sets are {known}; {own}.")
    return (SHIPPED / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md"


def _content(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST + 1)  # one more than is allowed is enough to see that it is too long
    except UnicodeDecodeError:
        raise ProblemSetError(f"{path}: The file is not UTF-8 text.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"The problem set “{shortened(str(path))}” cannot be opened: {reason}.") from None


def find(target: str) -> tuple[ProblemSet, tuple[Problem, ...]]:
    """SET, SET/2.4, SET/2, path/to/my-set.md or path/to/my-set.md/2.1: the set, and the problems that are meant."""
    path = re.fullmatch(r"(.*\.md)(?:/([^/]*))?", target, re.DOTALL)
    name, slash, number = (path[1], path[2] is not None, path[2] or "") if path else target.partition("/")
    found = problem_set(name)
    return found, found.select(number) if slash else found.problems


# -- answering ---------------------------------------------------------------------------------------------------------


def solve(problem: Problem, layout: str | None = None) -> Solution:
    """Derive the answer of a problem, in its own layout or in the one given.

    Raises:
        ProblemSetError: the answer does not derive; file, line, the sentence of what failed.
        DefectError: two of our own results disagree.
    """
    asked = _in_layout(problem, layout)
    return Solution(asked, _answer(asked))


def outcomes(problems: Iterable[Problem], layout: str | None = None) -> Iterator[Solution | Fault]:
    """The answers in order; a fault does not end them. Neighbours with the same question share one derivation."""
    last: Solution | None = None
    for problem in problems:
        asked = _in_layout(problem, layout)
        if last is not None and last.problem.question == asked.question:
            last = Solution(asked, last.answer)
            yield last
            continue
        try:
            last = solve(asked)
            yield last
        except HwcheckError as error:
            yield Fault(asked, error)


def check(problems: ProblemSet) -> tuple[Fault, ...]:
    """Derive every answer of a set; the problems whose answer does not derive, each with its error."""
    return tuple(outcome for outcome in outcomes(problems.problems) if isinstance(outcome, Fault))


def _in_layout(problem: Problem, layout: str | None) -> Problem:
    """Only problems that have a layout are moved to another."""
    return replace(problem, layout=layout) if layout is not None and "layout" in KINDS[problem.kind].takes else problem


def _answer(problem: Problem) -> Answer | None:
    derive = KINDS[problem.kind].derive
    if derive is None:
        return None
    try:
        return derive(problem)
    except DefectError:
        raise
    except HwcheckError as error:
        place = _place(problem, error)
        said = f"{place}: Problem {problem.id} does not derive. {error.message}"
        raise ProblemSetError(said, span=error.span, text=error.text) from error


def _place(problem: Problem, error: HwcheckError) -> Place:
    """The line of what the error speaks of: the function, unless it is a definition or the point."""
    key = next((k for k in ("network", "given", "options", "demonstration") if k in problem.places), "function")
    if error.text in problem.definitions.values():
        key = "definitions"
    elif problem.point and (isinstance(error, DomainError) or not error.text):
        key = "point"
    return problem.places.get(key, problem.place)


__all__ = [
    "KINDS",
    "SHIPPED",
    "STATUSES",
    "Answer",
    "Fault",
    "Problem",
    "ProblemSet",
    "Solution",
    "Status",
    "check",
    "find",
    "outcomes",
    "problem_set",
    "read_all",
    "read_set",
    "set_file",
    "set_names",
    "solve",
]
