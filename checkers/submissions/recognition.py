"""Which of the sets a page belongs to: by the marks a sheet is known by, and by how well its problems fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ...derivations.problems.problems import ProblemSet, problem_set, set_names
from .alignment import Alignment, Known, aligned, known
from .markdown_pages import front_matter
from .sheets import Sheet

_HEAD = 6_000  # characters in which a sheet says which it is
_PER_MARK = 0.04  # of the evidence
_LEAST = 2.0  # likeness, or
_LEAST_NUMBERS = 0.5  # of the problems found by number, with a mark
_TIE = 0.01


@dataclass(frozen=True, slots=True)
class Recognised:
    """A set with the places of its problems; `note` says what was doubtful, and is empty otherwise."""

    against: Known
    alignment: Alignment
    note: str = ""


def recognised(sheet: Sheet, named: str = "") -> Recognised | None:
    """The shipped set that a sheet belongs to; None where none fits well enough. `named` is what its head says."""
    if named in set_names():
        return against_set(sheet, _shipped(named))
    trials = [(_weight(sheet, trial), trial) for trial in (against_set(sheet, _shipped(name)) for name in set_names())]
    trials = sorted((t for t in trials if t[0] > 0), key=lambda t: -t[0])
    if not trials:
        return None
    (best, found), *others = trials
    near = [trial.against.set.name for weight, trial in others if weight >= (1 - _TIE) * best]
    if not near:
        return found
    names = " or ".join(near)
    note = f"The sheet fits the set {names} as well as {found.against.set.name}; name the set to be sure."
    return Recognised(found.against, found.alignment, note)


def against_set(sheet: Sheet, against: Known) -> Recognised:
    """The places of a sheet that are problems of this set."""
    return Recognised(against, aligned(sheet, against))


def named_set(text: str) -> str:
    """The set that the head of a page names (`set: NAME` in its front matter), or nothing."""
    return front_matter(text)[1].get("set", "")


@cache
def _shipped(name: str) -> Known:
    return known(problem_set(name))


def _weight(sheet: Sheet, trial: Recognised) -> float:
    """How much speaks for a set; 0 where too little does."""
    marks = _marks(sheet, trial.against.set)
    likeness, evidence = trial.alignment.likeness, trial.alignment.evidence
    numbered = evidence >= _LEAST_NUMBERS * len(trial.against.set.problems)
    if likeness < _LEAST and not (marks and (numbered or likeness >= 1.0)):
        return 0.0
    return (likeness + 0.1 * evidence) * (1 + _PER_MARK * marks)


def _marks(sheet: Sheet, candidate: ProblemSet) -> int:
    """How many of its marks a page has in its head, whole and in their order."""
    head = _plain(sheet.text[:_HEAD])
    return sum(f" {_plain(mark)} " in f" {head} " for mark in (candidate.name, candidate.title, *candidate.known_by))


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


__all__ = ["Recognised", "against_set", "named_set", "recognised"]
