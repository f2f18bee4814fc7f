"""What is said of the lines of a solution, and of the quantities that run through them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..verdicts import DIAGNOSES, VerdictWord
from .chain_context import Term, spelled
from .chain_heads import Head, Pair
from .chain_matching import Match
from .plain_reading import Plain
from .usual_meaning import LineMeaning


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of one line, or of one step on it.

    `cause` is the wrong line that this one follows from; `assumed`: it was taken as said, nothing was checked;
    `is_aside`: it is beside the mathematics, and does not hold up a verdict on the rest.
    """

    verdict: VerdictWord
    message: str
    diagnosis: str | None = None
    cause: int = 0
    assumed: bool = False
    checked: bool = False
    is_aside: bool = False


@dataclass(slots=True)
class Group:
    """One quantity, over all lines that continue it.

    `truths` are the forms of what it names, where that is known from above or expected; `last` is what was written last.
    `is_open`: it names something, as a derivative by an entry does, that is not known from above.
    """

    head: Head
    named: str
    truths: list[Term] = field(default_factory=list)
    expected: bool = False
    is_final: bool = False
    is_open: bool = False
    is_assumed: bool = False
    is_checked: bool = False
    last: Term | None = None
    last_line: int = 0
    first_line: int = 0
    wrong_line: int = 0
    plain: Plain | None = None
    plain_head: Plain | None = None
    is_started: bool = False


def usual_remark(found: LineMeaning, said: list[Remark]) -> Remark | None:
    """What is said of a line by the usual meaning of its names; None for nothing."""
    if found.outcome == "same":
        return Remark("right", "", checked=True)
    if found.outcome == "defines" and any(r.verdict != "right" for r in said):
        return Remark("right", "Taken as a definition.", assumed=True)
    if found.outcome == "doubtful" and any(r.assumed for r in said):
        return Remark("undecided", "This could not be worked out from what is written above and from what the names usually mean.")
    if found.outcome == "different":
        return Remark("wrong", found.message, found.diagnosis)
    return None


def consistent(number: int) -> Remark:
    return Remark("undecided", f"Consistent with line {number}.", cause=number)


def words(match: Match) -> str:
    """A diagnosis in brackets."""
    return f" ({DIAGNOSES[match.diagnosis]})" if match.diagnosis else ""


def fraction(pair: Pair) -> str:
    if pair.gradient:
        return rf"\nabla_{{{spelled(pair.bottom)}}} {spelled(pair.top)}"
    return rf"\frac{{\partial {spelled(pair.top)}}}{{\partial {spelled(pair.bottom)}}}"


def short(text: str) -> str:
    """A text that fits into a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= 40 else text[:37] + "…"


__all__ = ["Group", "Remark", "consistent", "fraction", "short", "usual_remark", "words"]
