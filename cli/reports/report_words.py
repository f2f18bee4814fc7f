"""What every report says in the same words: points, the sign of a status, the first wrong step, what is left to a person."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...checkers.chains.chain_lines import lines_of
from ...checkers.claims.claims import JudgedClaim
from ...checkers.grading.grades import Grade, ProblemGrade, Status
from ...checkers.verdicts import DIAGNOSES, Verdict, VerdictWord
from ...derivations.errors import Span
from ..verdict_words import HEADS

# Each status has a sign and a style of the house; what nobody judged yet never has the sign of a wrong answer.
SIGNS: dict[Status, tuple[str, str]] = {
    "right": HEADS["right"], "wrong": HEADS["wrong"], "partly right": HEADS["wrong"], "undecided": HEADS["undecided"],
    "unreadable": HEADS["unreadable"], "not answered": ("–", "rule"), "for a person": ("?", "rule"), "statement": (" ", "read"),
}  # fmt: skip
OPEN: frozenset[Status] = frozenset(("undecided", "unreadable", "for a person"))


def points(number: Fraction) -> str:
    """Points as they are read aloud.

    >>> points(Fraction(7)), points(Fraction(5, 2)), points(Fraction(2, 3))
    ('7', '2.5', '0.67')
    """
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.2f}".rstrip("0")


def counted(number: Fraction) -> str:
    """1 point, 2.5 points."""
    return f"{points(number)} point{'' if number == 1 else 's'}"


def of_points(score: Fraction, most: Fraction) -> str:
    """3 of 4 points.

    >>> of_points(Fraction(1, 2), Fraction(1)), of_points(Fraction(0), Fraction(0))
    ('0.5 of 1 point', 'no points')
    """
    if not most:
        return "no points"
    return f"{points(score)} of {counted(most)}"


def asked(grade: Grade) -> list[ProblemGrade]:
    """The problems in which something is asked: what the sheet merely states is none."""
    return [p for p in grade.problems if p.status != "statement"]


# -- the first wrong step ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One line that a person wrote: where it stands in the file, the text, the places in it that are spoken of, what is said."""

    line: int
    text: str
    spans: tuple[Span, ...]
    diagnosis: str | None
    message: str
    place: str = ""

    @property
    def where(self) -> str:
        """The line, or its place in words where that says more."""
        return self.place or f"line {self.line}"


def first_step(problem: ProblemGrade) -> Step | None:
    """The first wrong step of the person in a problem."""
    return None if problem.first_wrong is None else step_of(problem.claims[problem.first_wrong])


def step_of(judged: JudgedClaim) -> Step:
    """The line of a claim that is spoken of: of a worked solution its first wrong one, else all of it."""
    claim, verdict = judged.claim, judged.verdict
    if verdict.first_wrong_line is not None:
        wanted = verdict.first_wrong_line
        written = next((each for each in lines_of(verdict.answer) if each.number == wanted), None)
        said = next((each.message for each in verdict.lines if each.line == wanted), "")
        if written is not None:
            start, end = written.span
            below = verdict.answer.count("\n", 0, start)
            return Step(claim.line + below, verdict.answer[start:end], _inside(verdict, start, end), verdict.diagnosis,
                        said or verdict.message, _below(claim.place, below))  # fmt: skip
    start = verdict.answer.find(claim.text)
    if start >= 0:
        spans = _inside(verdict, start, start + len(claim.text))
    else:
        shift = claim.text.find(verdict.answer) if verdict.answer else -1
        spans = tuple((a + shift, b + shift) for a, b in verdict.spans) if shift >= 0 else ()
    return Step(claim.line, claim.text, spans, verdict.diagnosis, verdict.message, claim.place)


def _below(place: str, lines: int) -> str:
    """A place so many lines further down.

    >>> _below("cell 3, line 2", 2), _below("", 2)
    ('cell 3, line 4', '')
    """
    front, _, number = place.rpartition(" ")
    return f"{front} {int(number) + lines}" if number.isdecimal() else place


def capital(place: str) -> str:
    """A place at the start of a sentence."""
    return place[:1].upper() + place[1:]


def _inside(verdict: Verdict, start: int, end: int) -> tuple[Span, ...]:
    """The spans within a part of the answer, from its start."""
    return tuple((a - start, min(b, end) - start) for a, b in verdict.spans if start <= a < end)


def diagnosed(diagnosis: str | None) -> str:
    """A diagnosis in words, empty where there is none to name."""
    return "" if diagnosis in (None, "other") else DIAGNOSES.get(str(diagnosis), str(diagnosis))


def sentence(diagnosis: str | None, message: str) -> str:
    """The diagnosis and the message.

    >>> sentence("sign", "The second term is subtracted."), sentence(None, "Expected 2.")
    ('a sign: The second term is subtracted.', 'Expected 2.')
    """
    return ": ".join(part for part in (diagnosed(diagnosis), message.strip()) if part)


# -- what is left to a person ----------------------------------------------------------------------------------------------


def left_open(grade: Grade) -> list[ProblemGrade]:
    """The problems that only a person can settle."""
    return [p for p in grade.problems if p.status in OPEN]


def why_open(problem: ProblemGrade) -> str:
    """Why nothing was decided: the message of the first claim that was not, with its line; empty where nobody could know."""
    undecided: tuple[VerdictWord, ...] = ("unreadable", "undecided")
    for judged in problem.claims:
        if judged.claim.role == "answer" and judged.verdict.verdict in undecided and judged.verdict.message:
            return f"{capital(judged.claim.where)}: {judged.verdict.message}"
    return ""


def standing(grade: Grade) -> str:
    """The points of a file, and how many of its problems are open.

    >>> standing(Grade("a.md", None, ()))
    'no points'
    """
    opened = len(left_open(grade))
    return of_points(grade.score, grade.max) + (f", {opened} for a person" if opened else "")


def first_look(grade: Grade) -> str:
    """What somebody who has a hundred files looks at first in this one."""
    if grade.error:
        return f"not graded: {grade.error}"
    for problem in grade.problems:
        if (step := first_step(problem)) is not None:
            return f"{problem.id}, {step.where}: {diagnosed(step.diagnosis) or 'wrong'}"
    for status in _BY_URGENCY:
        for problem in grade.problems:
            if problem.status == status and (problem.max or status != "not answered"):
                return f"{problem.id}: {status}"
    return "" if grade.problems else "no problem was found"


_BY_URGENCY: tuple[Status, ...] = ("wrong", "partly right", "unreadable", "undecided", "not answered", "for a person")


def misprints(grade: Grade) -> list[JudgedClaim]:
    """Slips of the sheet itself, from the top to the bottom of the file, each once."""
    found = {(judged.claim.line, judged.claim.text): judged for judged in grade.misprints}
    return sorted(found.values(), key=lambda judged: judged.claim.line)


__all__ = [
    "OPEN", "SIGNS", "Step", "asked", "capital", "counted", "diagnosed", "first_look", "first_step", "left_open", "misprints",
    "of_points", "points", "sentence", "standing", "step_of", "why_open",
]  # fmt: skip
