"""A submission: one file, and for each problem in it what was asked and what was answered, with their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...derivations.problems.problems import Problem, ProblemSet

Format = Literal["markdown", "latex", "notebook", "text"]


@dataclass(frozen=True, slots=True)
class Page:
    """A file as text: what was written, with `\\n` between lines, formulas in `$…$`, `$$…$$` or LaTeX environments.

    Line k of `text` is line k of the file, but for a notebook, whose cells follow one another; `places[k - 1]` then says
    “cell 3, line 2”. `notes` say what was repaired or left out while reading, in whole sentences.
    """

    file: str
    format: Format
    text: str
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def place(self, line: int) -> str:
        """Where a line of the text stands, in words."""
        return self.places[line - 1] if 0 < line <= len(self.places) else f"line {line}"


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive text of a page; `line` is that of its first character, from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """What a file holds on one problem (or, with `problem` None, on something that is in no set).

    `statement` is what the sheet says, `answers` what the person wrote: none for a blank, several where a problem was
    answered twice. `number` and `title` are those of the file.
    """

    number: str
    title: str
    problem: Problem | None
    statement: tuple[Passage, ...] = ()
    answers: tuple[Passage, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Submission:
    """A file with the set it belongs to and its parts in the order of the file; problems that are missing have no part."""

    page: Page
    set: ProblemSet | None
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()


__all__ = ["Format", "Page", "Part", "Passage", "Submission"]
