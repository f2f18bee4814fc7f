"""The outcome of grading: points and claims of each problem, the score of the whole, and what a person must look at."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Literal

from ..claims.claims import JudgedClaim

Status = Literal["right", "wrong", "partly right", "undecided", "unreadable", "not answered", "for a person", "statement"]


@dataclass(frozen=True, slots=True)
class ProblemGrade:
    """One problem: its points, its status, its claims in the order of the file.

    `score` counts only what was judged; a problem for a person has 0 of 0 and never weighs in. `first_wrong` is the place in
    `claims` of the first wrong step of the person, None where there is none. `notes` are whole sentences. `place` is as for a claim.
    """

    id: str
    title: str
    score: Fraction
    max: Fraction
    status: Status
    line: int
    claims: tuple[JudgedClaim, ...] = ()
    notes: tuple[str, ...] = ()
    place: str = ""

    @property
    def where(self) -> str:
        """The place of the problem in words."""
        return self.place or f"line {self.line}"

    @property
    def first_wrong(self) -> int | None:
        """Where in `claims` the first wrong claim of the person stands."""
        own = (k for k, c in enumerate(self.claims) if c.claim.role == "answer" and c.verdict.verdict == "wrong")
        return next(own, None)

    def to_dict(self) -> dict[str, object]:
        """The JSON of CONTRACT for one problem."""
        head: dict[str, object] = {"id": self.id, "title": self.title, "score": number(self.score), "max": number(self.max)}
        claims = [c.to_dict() for c in self.claims]
        place = {"place": self.place} if self.place else {}
        return head | {"status": self.status, "line": self.line} | place | {"claims": claims, "notes": list(self.notes)}


@dataclass(frozen=True, slots=True)
class Grade:
    """One file: its problems, the sum of their points, and what a person must look at (`for_a_person`, whole sentences).

    `set` is None where no problem set was recognised. `misprints` are slips of the sheet itself, apart from the person's.
    `error` is the sentence why the file could not be graded at all, and is empty otherwise. `digest` is that of the bytes that were
    graded (SHA-256), empty where there were none.
    """

    file: str
    set: str | None
    problems: tuple[ProblemGrade, ...]
    notes: tuple[str, ...] = ()
    error: str = ""
    digest: str = ""

    @property
    def score(self) -> Fraction:
        """The points of all problems."""
        return sum((p.score for p in self.problems), Fraction(0))

    @property
    def max(self) -> Fraction:
        """The points that could be had."""
        return sum((p.max for p in self.problems), Fraction(0))

    @property
    def misprints(self) -> tuple[JudgedClaim, ...]:
        """Wrong claims of the sheet itself."""
        claims = (c for p in self.problems for c in p.claims)
        return tuple(c for c in claims if c.claim.role == "statement" and c.verdict.verdict == "wrong")

    @property
    def for_a_person(self) -> tuple[str, ...]:
        """What nobody but a person can settle, one sentence a problem."""
        wanted = ("for a person", "undecided", "unreadable")
        return tuple(f"{p.id} {p.title}: {p.status}." for p in self.problems if p.status in wanted)

    def to_dict(self) -> dict[str, object]:
        """The JSON of CONTRACT for one file."""
        head: dict[str, object] = {"file": self.file, "set": self.set, "score": number(self.score), "max": number(self.max)}
        misprints = [c.to_dict() for c in self.misprints]
        rest = {"problems": [p.to_dict() for p in self.problems], "misprints": misprints, "digest": self.digest}
        error = {"error": self.error} if self.error else {}
        return head | rest | {"for_a_person": list(self.for_a_person), "notes": list(self.notes)} | error

    def _repr_html_(self) -> str:
        if self.error:
            return f"<p><b>{escape(self.file)}</b>: {escape(self.error)}</p>"
        head = f"<p><b>{escape(self.file)}</b>: {number(self.score)} of {number(self.max)} points</p>"
        rows = ((p.id, p.title, p.status, f"{number(p.score)} of {number(p.max)}" if p.max else "") for p in self.problems)
        cells = ("".join(f"<td>{escape(text)}</td>" for text in row) for row in rows)
        return f"{head}<table><tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody></table>"


def number(points: Fraction) -> int | float:
    """Points as JSON has them: whole where they are."""
    return points.numerator if points.denominator == 1 else round(float(points), 4)


__all__ = ["Grade", "ProblemGrade", "Status", "number"]
