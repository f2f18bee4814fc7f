"""Answers in words to problems that ask for an argument or an explanation: what in them is settled is held against the computation.

An argument that one unit cannot be XOR is right where its lines follow from the four rows, contradict each other, and end in saying
so. An explanation is for a person also where everything that was found in it holds; it is wrong where something in it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..derivations.demonstrations.demonstrations import demonstration
from ..derivations.problems.problems import Problem
from .concept_sentences import concepts_in
from .flat_text import flat_text
from .start_answers import LONGEST, confirmed_notes, looks_unread, quoted, sentence_of
from .start_facts import Ruling
from .start_sentences import said_in
from .verdicts import Evidence, Verdict
from .xor_sentences import Line, lines_in, refuting

_SAYS_NO = re.compile(r"\s*(?:\W{0,3}answer\W{1,3})?(no|yes)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is settled: its words, its place in the answer, and whether it holds."""

    text: str
    start: int
    end: int
    ruling: Ruling


def judged_xor_argument(answer: str) -> Verdict:
    """The verdict on an argument that one unit ŷ = ReLU(w₁x₁ + w₂x₂ + b) cannot be XOR.

    >>> judged_xor_argument("b ≤ 0 and w_1 + b = 1 and w_2 + b = 1, so w_1 + w_2 + b ≥ 2: a single layer cannot represent XOR.").verdict
    'right'
    """
    if len(answer) > LONGEST:
        return _too_long(answer)
    flat = flat_text(answer)
    lines = tuple(lines_in(flat))
    found = list(settled_in(answer))
    for line in lines:
        start, end = quoted(answer, *flat.span(line.start, line.end))
        found.append(Found(answer[start:end], start, end, ruling_of(line)))
    says = says_no_in(answer)
    if says is not None and not says.ruling.holds:
        return _wrong(answer, [says])
    concluded = says is not None or any(f.ruling.holds for f in found[: len(found) - len(lines)])
    verdict = _outcome(answer, found)
    whole = concluded and refuting(lines) and all(line.follows for line in lines)
    if verdict.verdict != "undecided" or not whole or looks_unread(answer, [(f.start, f.end) for f in found]):
        return verdict
    message = "Right: every line follows from the rows, and together they leave no weights."
    return Verdict(answer, "right", message, Evidence("proved"), notes=verdict.notes)


def ruling_of(line: Line) -> Ruling:
    """Whether a line of the argument holds: it follows from rows, or contradicts one."""
    if line.follows:
        return Ruling(True, f"it follows from {' and '.join(line.rows)}")
    return Ruling(False, line.against) if line.against else Ruling(None)


def judged_explanation(problem: Problem, answer: str) -> Verdict:
    """The verdict on an explanation: wrong where a computation contradicts it, else for a person, with what is confirmed."""
    if len(answer) > LONGEST:
        return _too_long(answer)
    return _outcome(answer, [*settled_in(answer), *equal_units_in(problem, answer)])


def says_no_in(answer: str) -> Found | None:
    """The “No.” or “Yes.” that an answer to whether one unit can be XOR begins with."""
    says = _SAYS_NO.match(answer)
    if says is None:
        return None
    return Found(says[1], says.start(1), says.end(1), Ruling(says[1].lower() == "no", "one such unit cannot be XOR"))


def settled_in(answer: str) -> Iterator[Found]:
    """What an answer says that is settled whatever the problem."""
    flat = flat_text(answer)
    for concept in concepts_in(flat):
        start, end = quoted(answer, *flat.span(concept.start, concept.end))
        yield Found(answer[start:end], start, end, concept.ruling)


def equal_units_in(problem: Problem | None, answer: str) -> Iterator[Found]:
    """What is said of units that start equal, where the problem is about them."""
    if problem is None or problem.demonstration != "equal-units":
        return
    claim = demonstration("equal-units").claim("stay-equal")
    flat = flat_text(answer)
    for said in said_in(flat):
        if said.predicate in ("equal", "broken"):
            start, end = quoted(answer, *flat.span(said.start, said.end))
            holds = claim.holds == (said.affirmed == (said.predicate == "equal"))
            yield Found(answer[start:end], start, end, Ruling(holds, claim.why))


def _too_long(answer: str) -> Verdict:
    return Verdict(answer, "undecided", f"The answer is longer than {LONGEST} characters; a person reads it.")


def _wrong(answer: str, found: Sequence[Found]) -> Verdict:
    first = min(found, key=lambda f: f.start)
    said = f"“{first.text}” does not hold. {sentence_of(first.ruling.why)}"
    return Verdict(answer, "wrong", said, Evidence("proved"), "other", spans=((first.start, first.end),))


def _outcome(answer: str, found: Sequence[Found]) -> Verdict:
    wrong = [f for f in found if f.ruling.holds is False]
    if wrong:
        return _wrong(answer, wrong)
    ordered = sorted((f for f in found if f.ruling.holds), key=lambda f: f.start)
    notes = confirmed_notes((f.text, f.ruling.why) for f in ordered)
    if not notes:
        said = "Nothing was found here that a computation settles; the explanation is for a person, and `hwcheck solve` shows ours."
        return Verdict(answer, "undecided", said)
    count = "1 of its statements is" if len(notes) == 1 else f"{len(notes)} of its statements are"
    said = f"The explanation is for a person; {count} confirmed, and none was found wrong."
    return Verdict(answer, "undecided", said, Evidence("proved"), notes=notes)


__all__ = ["Found", "equal_units_in", "judged_explanation", "judged_xor_argument", "ruling_of", "says_no_in", "settled_in"]
