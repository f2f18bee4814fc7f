"""Answers in words about a network that starts at zero or at one constant: each assertion is held against what is derived.

An answer is wrong where an assertion is. It is right only where what is asked is all there and nothing in it was left unread that
looks like a formula; else it is undecided, and the message lists what a computation confirmed.

    zero       W₁ and W₂ do not move (or the hidden units stay 0), and XOR is not learned (or the output is one number for all inputs)
    constant   the units stay equal, and XOR is not learned: only for an activation that the problem names, for it is not always so
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..derivations.problems.problems import Problem
from .flat_text import FlatText, flat_text
from .prose_tokens import tokens
from .start_facts import Ruling, StartFacts, start_facts
from .start_sentences import Said, said_in
from .start_words import PARAMETERS
from .verdicts import Evidence, Verdict

_FORMULA = re.compile(r"[=≠∝≈≤≥<>]|\\(?:neq?|propto|approx|leq?|geq?|equiv|sim)(?![A-Za-z])")
_COMMAND_BEFORE = re.compile(r"\\[A-Za-z]+\s*\Z")
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Assertion:
    """An assertion in its own words, `start` and `end` in the answer, with what became of it."""

    text: str
    start: int
    end: int
    said: Said
    ruling: Ruling


def assertions(answer: str, facts: StartFacts) -> tuple[Assertion, ...]:
    """What an answer asserts, in its order, each with its ruling; restated starting values are left out."""
    return tuple(_assertions(answer, facts))


def _assertions(answer: str, facts: StartFacts) -> Iterator[Assertion]:
    flat = flat_text(answer)
    for said in said_in(flat):
        start, end = flat.span(said.start, said.end)
        start, end = quoted(answer, start, end)
        yield Assertion(answer[start:end], start, end, said, facts.ruling(said))


def quoted(answer: str, start: int, end: int) -> tuple[int, int]:
    """A place in an answer, wide enough to quote: with both dollar signs of a formula, or the braces around it."""
    inside = answer[start:end]
    if inside.count("$") % 2:
        if start and answer[start - 1] == "$":
            return start - 1, end
        if answer[end : end + 1] == "$":
            return start, end + 1
        closing = answer.find("$", end, end + 4)
        return (start, closing + 1) if closing >= 0 and not answer[end:closing].strip(" })") else (start, end)
    depth = lowest = 0
    for c in inside:
        depth += (c == "{") - (c == "}")
        lowest = min(lowest, depth)
    for _ in range(depth - lowest):  # braces that it opens and does not close
        if answer[end : end + 1] == "}":
            end += 1
    back = start
    while lowest < 0 and back > max(0, start - 200) and answer[back - 1] != "$":
        back -= 1
        lowest += (answer[back] == "{") - (answer[back] == "}")
    if lowest or back == start:
        return start, end
    command = _COMMAND_BEFORE.search(answer, max(0, back - 16), back)  # the \frac that the brace belongs to
    return (command.start() if command else back), end


def smallest(answer: str, facts: StartFacts) -> Iterator[Assertion]:
    """The same assertions in their smallest parts: each gradient of a list, each step of a chain of equal sides."""
    flat = flat_text(answer)
    for said in said_in(flat):
        for start, end, part, ruling in _parts(said, facts, flat):
            first, last = quoted(answer, *flat.span(start, end))
            yield Assertion(answer[first:last], first, last, part, ruling)


def _parts(said: Said, facts: StartFacts, flat: FlatText) -> Iterator[tuple[int, int, Said, Ruling]]:
    whole = (said.start, said.end, said, facts.ruling(said))
    if said.predicate == "equation" and len(said.sides) > 2:
        first = replace(said, sides=said.sides[:2], relations=said.relations[:1])
        pairs = [(said.sides[0], said.sides[1], facts.of_pair(said.sides[0], said.relations[0], said.sides[1]))]
        pairs += [(a, b, facts.of_pair(a, r, b)) for a, r, b in zip(said.sides[1:], said.relations[1:], said.sides[2:], strict=False)]
        if all(ruling.holds is not None for *_, ruling in pairs):
            yield from ((a[0].start, b[-1].end, first, ruling) for a, b, ruling in pairs)
            return
    if said.predicate in ("zero", "stays zero"):
        members = [t for t in tokens(flat.text, said.start, said.end) if t.kind == "grad" and f"grad {t.value}" in said.about]
        if len(members) == len(said.about) > 1:
            for t in members:
                one = replace(said, about=(f"grad {t.value}",))
                yield t.start, t.end, one, facts.ruling(one)
            return
    yield whole


def verdict_of(found: Assertion) -> Verdict:
    """The verdict on one assertion."""
    holds, why = found.ruling
    if holds is None:
        said = f"No computation settles this here: {why}." if why else "No computation settles this here; a person reads it."
        return Verdict(found.text, "undecided", said)
    evidence = Evidence("proved")
    if holds:
        return Verdict(found.text, "right", f"Right: {why}.", evidence)
    return Verdict(found.text, "wrong", f"This does not hold. {sentence_of(why)}", evidence, "other")


def judged_start(problem: Problem, answer: str) -> Verdict:
    """The verdict on an answer to a problem of kind initialisation.

    >>> from ..derivations.problems.problems import find
    >>> judged_start(find("jhu-2024/4.3")[1][0], "b2 never moves.").verdict
    'wrong'
    """
    if len(answer) > LONGEST:
        return Verdict(answer, "undecided", f"The answer is longer than {LONGEST} characters; a person reads it.")
    facts = start_facts(problem)
    found = assertions(answer, facts)
    wrong = next((a for a in found if a.ruling.holds is False), None)
    if wrong is not None:
        said = f"“{_short(wrong.text)}” does not hold. {sentence_of(wrong.ruling.why)}"
        return Verdict(answer, "wrong", said, Evidence("proved"), "other", spans=((wrong.start, wrong.end),), notes=_confirmed(found))
    confirmed = _confirmed(found)
    if _complete(facts, answer, found):
        message = "Right: what the argument rests on is confirmed by a computation."
        return Verdict(answer, "right", message, Evidence("proved"), notes=confirmed)
    if not confirmed:
        said = "Nothing was found here that a computation settles; the argument is for a person, and `hwcheck solve` shows ours."
        return Verdict(answer, "undecided", said)
    count = "1 of its statements is" if len(confirmed) == 1 else f"{len(confirmed)} of its statements are"
    said = f"The argument is for a person; {count} confirmed, and none was found wrong."
    return Verdict(answer, "undecided", said, Evidence("proved"), notes=confirmed)


def _confirmed(found: Sequence[Assertion]) -> tuple[str, ...]:
    """Starting values that an answer repeats are given, and confirm nothing."""
    given = [a for a in found if a.said.predicate != "equation" or not set(a.said.about) <= set(PARAMETERS)]
    return confirmed_notes((a.text, a.ruling.why) for a in given if a.ruling.holds)


def confirmed_notes(settled: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """A note for each statement that holds, with its reason."""
    return tuple(dict.fromkeys(f"confirmed: “{_short(text)}”, since {why}" for text, why in settled))


def sentence_of(why: str) -> str:
    """A reason as a sentence."""
    first = why.partition(" ")[0]
    word = first == "a" or (len(first) > 1 and first.isalpha())  # and no formula
    return (why[0].upper() if word else why[0]) + why[1:] + "."


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 120 else text[:117] + "…"


def _complete(facts: StartFacts, answer: str, found: Sequence[Assertion]) -> bool:
    """Whether what is asked is all there, with nothing undecided and no formula unread."""
    if any(a.ruling.holds is None for a in found) or looks_unread(answer, ((a.start, a.end) for a in found)):
        return False
    holding = [a.said for a in found]
    learns = any(s.predicate == "learns" for s in holding)
    if facts.start == "constant":
        return learns and any(s.predicate in ("equal", "broken") for s in holding)
    still = {p for s in holding for p in _still(s)}
    dead = any(s.predicate == "stays zero" and s.about == ("h",) for s in holding)
    return (still >= {"W_1", "W_2"} or dead) and (learns or any(s.predicate == "constant" for s in holding))


def _still(said: Said) -> set[str]:
    """The parameters that an assertion says do not move."""
    if said.predicate == "moves" and said.alone:
        return set(PARAMETERS) - set(said.about)
    if said.predicate in ("moves", "stays zero", "zero", "equation") and (said.predicate == "moves") != said.affirmed:
        gradients = {a.removeprefix("grad ") for a in said.about if a.startswith("grad ")}
        return gradients | (set() if said.predicate in ("zero", "equation") else set(said.about) & set(PARAMETERS))
    return set()


def looks_unread(answer: str, read: Iterable[tuple[int, int]]) -> bool:
    """Whether something that looks like a formula lies outside all of the places that were read."""
    rest = list(answer)
    for start, end in read:
        rest[start:end] = " " * (end - start)
    return bool(_FORMULA.search("".join(rest)))


__all__ = [
    "LONGEST", "Assertion", "assertions", "confirmed_notes", "judged_start", "looks_unread", "quoted", "sentence_of", "smallest",
    "verdict_of",
]  # fmt: skip
