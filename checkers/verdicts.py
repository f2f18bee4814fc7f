"""The outcome of a check: a verdict with its evidence, a diagnosis, and a message for the person who answered.

A wrong answer is a successful check, so all of this is values. There are four verdicts and never a fifth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from ..derivations.errors import Span

VerdictWord = Literal["right", "wrong", "undecided", "unreadable"]
EvidenceKind = Literal["proved", "agrees", "certified", "differs", "shape"]

# Every mistake that a diagnosis can name, with the words it is announced by.
DIAGNOSES: dict[str, str] = {
    "transposed": "transposed",
    "sign": "a sign",
    "factor": "a constant factor",
    "missing-term": "a missing term",
    "missing-factor": "a missing factor",
    "chain-rule": "the inner derivative is missing",
    "product-rule": "half of a product rule",
    "wrong-index": "an index",
    "wrong-order": "the order of factors",
    "wrong-variable": "differentiated by another variable",
    "elementwise-vs-matrix": "entry by entry, or a matrix product",
    "missing-parentheses": "a parenthesis",
    "exponent": "an exponent",
    "inverted": "inverted",
    "shape": "the shape",
    "rank": "the number of axes",
    "rounded": "rounded",
    "domain": "where it is defined",
    "kink": "the value at a kink",
    "other": "another value",
}

EXIT_CODES: dict[VerdictWord, int] = {"right": 0, "wrong": 1, "unreadable": 2, "undecided": 3}


@dataclass(frozen=True, slots=True)
class Witness:
    """A point at which two answers differ, to be recomputed by hand: values as text, by name."""

    at: Mapping[str, str]
    yours: str
    expected: str

    def to_dict(self) -> dict[str, object]:
        """As CONTRACT has it."""
        return {"at": dict(self.at), "yours": self.yours, "expected": self.expected}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on.

    `proved`: the difference is zero by algebra; `agrees`: equal to 60 digits at `points` points over `sizes`; `certified`:
    an enclosure of the difference excludes zero; `differs`: floating-point values differ; `shape`: the shapes differ. With a
    `max_relative_difference`, `agrees` means to that: a number is rounded, or a worked solution was followed in floating point.
    `facts` are declared facts that were used (y is one-hot), in words.
    """

    kind: EvidenceKind
    points: int = 0
    sizes: tuple[Mapping[str, int], ...] = ()
    max_relative_difference: float | None = None
    witness: Witness | None = None
    facts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As CONTRACT has it; what does not apply is left out."""
        out: dict[str, object] = {"kind": self.kind}
        if self.points:
            out |= {"points": self.points, "sizes": [dict(s) for s in self.sizes]}
        if self.max_relative_difference is not None:
            out["max_relative_difference"] = self.max_relative_difference
        if self.witness is not None:
            out["witness"] = self.witness.to_dict()
        if self.facts:
            out["facts"] = list(self.facts)
        return out


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """One line of a worked solution; `line` counts from 1."""

    line: int
    verdict: VerdictWord
    message: str
    read_as: str | None = None

    def to_dict(self) -> dict[str, object]:
        """As CONTRACT has it."""
        return {"line": self.line, "verdict": self.verdict, "message": self.message, "read_as": self.read_as}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one answer.

    `read_as` is LaTeX of what was read, None where nothing was; `spans` point into `answer`; `notes` say which reading or
    convention was taken. `first_wrong_line` and `lines` belong to worked solutions.
    """

    answer: str
    verdict: VerdictWord
    message: str
    evidence: Evidence | None = None
    diagnosis: str | None = None
    read_as: str | None = None
    spans: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    first_wrong_line: int | None = None
    lines: tuple[LineVerdict, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """0 right, 1 wrong, 2 unreadable, 3 undecided."""
        return EXIT_CODES[self.verdict]

    def to_dict(self) -> dict[str, object]:
        """The JSON of CONTRACT."""
        return {
            "verdict": self.verdict,
            "evidence": self.evidence.to_dict() if self.evidence else None,
            "diagnosis": self.diagnosis,
            "message": self.message,
            "read_as": self.read_as,
            "spans": [list(span) for span in self.spans],
            "notes": list(self.notes),
            "first_wrong_line": self.first_wrong_line,
            "lines": [line.to_dict() for line in self.lines],
        }

    def _repr_html_(self) -> str:
        read = f"<p>\\({escape(self.read_as)}\\)</p>" if self.read_as else ""
        return f"{read}<p><b>{self.verdict}</b>. {escape(self.message)}</p>"

    def _repr_latex_(self) -> str | None:
        return f"$\\displaystyle {self.read_as}$" if self.read_as else None


__all__ = ["DIAGNOSES", "EXIT_CODES", "Evidence", "EvidenceKind", "LineVerdict", "Verdict", "VerdictWord", "Witness"]
