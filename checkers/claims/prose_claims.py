"""Small claims in words that an existing computation settles; everything else in words is for a person, and no claim."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...derivations.problems.problems import Problem
from ..argument_answers import equal_units_in, ruling_of, says_no_in, settled_in
from ..flat_text import FlatText, flat_text
from ..start_answers import quoted, sentence_of
from ..start_facts import Ruling
from ..submissions.submissions import Passage
from ..verdicts import Evidence, Verdict
from ..xor_sentences import lines_in
from .claims import ClaimKind, PlacedClaim, Role
from .jacobian_words import wordings_in
from .placing import placed

_LONGEST = 40_000
_ENTRY = re.compile(
    r"(?<![A-Za-z])(?P<said>(?:row|column)\s+vector\s+(?P<entry>(?:σ|sigma|softmax|f)\s*\(\s*[A-Za-z]\s*\)\s*_\s*\{?[a-z](?![A-Za-z])\}?))"
)
_FINITE = re.compile(
    r"differentiable[^.]{0,80}?"
    r"(?P<said>(?<![A-Za-z])\S{1,3}\s*:\s*(?:\{\s*[0-9]{1,3}(?:\s*,\s*[0-9]{1,3}){1,5}\s*\}\s*×?\s*){1,3}→\s*R(?![A-Za-z]))"
)
_LIST = re.compile(
    r"\[\s*(?P<f>[A-Za-z]{1,7}\s*\(\s*)?(?P<name>[A-Za-z])_1\s*(?(f)\))\s*,\s*…\s*,\s*"
    r"(?(f)[A-Za-z]{1,7}\s*\(\s*)(?P=name)_\{?(?P<last>[A-Za-z0-9])\}?\s*(?(f)\))\s*\]"
)


def prose_claims(passage: Passage, problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """The sentences of a passage that are settled, whatever the problem or by what the problem is about.

    What a sheet says is held against nothing but itself: only its slips are claims.
    """
    if len(passage.text) > _LONGEST:
        return ()
    flat = flat_text(passage.text)
    found = sorted(_found(passage, flat, problem, role), key=lambda f: (f[0], -f[1]))
    return tuple(_without_overlaps(passage, found, role))


_Found = tuple[int, int, ClaimKind, Ruling]


def _without_overlaps(passage: Passage, found: list[_Found], role: Role) -> Iterator[PlacedClaim]:
    """The same words are one claim."""
    behind = -1
    for start, end, kind, ruling in found:
        if start >= behind and ruling.holds is not None:
            behind = end
            yield placed(passage, start, end, kind, role, _verdict(ruling))


def _verdict(ruling: Ruling) -> Verdict:
    if ruling.holds:
        return Verdict("", "right", f"Right: {ruling.why}.", Evidence("proved"))
    return Verdict("", "wrong", f"This does not hold. {sentence_of(ruling.why)}", Evidence("proved"), "other")


def _found(passage: Passage, flat: FlatText, problem: Problem | None, role: Role) -> Iterator[_Found]:
    text = passage.text
    for start, end, ruling in _slips(flat):
        yield (*quoted(text, *flat.span(start, end)), "prose", ruling)
    if role == "statement":
        return
    for settled in (*settled_in(text), *equal_units_in(problem, text)):
        yield settled.start, settled.end, "prose", settled.ruling
    if problem is None:
        return
    if problem.kind == "xor" and problem.asked == ("proof",):
        if (says := says_no_in(text)) is not None:
            yield says.start, says.end, "prose", says.ruling
        for line in lines_in(flat):
            if not line.relation.left.is_number:
                yield (*quoted(text, *flat.span(line.start, line.end)), "expression", ruling_of(line))
    if problem.kind == "jacobian":
        for wording in wordings_in(flat, problem):
            yield (*quoted(text, *flat.span(wording.start, wording.end)), "prose", wording.ruling)


def _slips(flat: FlatText) -> Iterator[tuple[int, int, Ruling]]:
    """An entry that is called a vector; a derivative on finitely many points; the list of images that is longer or shorter."""
    for found in _ENTRY.finditer(flat.text):
        why = f"{' '.join(found['entry'].split())} is one entry, a number; the vector is all of them together"
        yield *found.span("said"), Ruling(False, why)
    for found in _FINITE.finditer(flat.text):
        why = "a function on finitely many points has no derivative; the prediction ranges over all real numbers, ℝ × {0, 1} → ℝ"
        yield *found.span("said"), Ruling(False, why)
    lengths: dict[str, str] = {}
    for found in _LIST.finditer(flat.text):
        name, last = found["name"], found["last"]
        known = lengths.setdefault(name, last)
        if found["f"] and known != last:
            end = f"{name}_{known}"
            why = f"there are {known} numbers {name}₁, …, {end}, so the list of what a function makes of each ends with {end} as well"
            yield *found.span(), Ruling(False, why)


__all__ = ["prose_claims"]
