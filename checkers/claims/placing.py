"""A verdict on a part of a passage as a claim with its line and place."""

from __future__ import annotations

from dataclasses import replace

from ..submissions.submissions import Passage
from ..verdicts import Verdict
from .claims import Claim, ClaimKind, JudgedClaim, PlacedClaim, Role


def placed(passage: Passage, start: int, end: int, kind: ClaimKind, role: Role, verdict: Verdict) -> PlacedClaim:
    """The claim that `passage.text[start:end]` makes, with its verdict.

    >>> from ..submissions.submissions import Passage
    >>> placed(Passage("one\\ntwo", 7), 4, 7, "prose", "answer", Verdict("two", "undecided", "")).judged.claim.line
    8
    """
    text = passage.text[start:end]
    line = passage.line + passage.text.count("\n", 0, start)
    return PlacedClaim(start, end, JudgedClaim(Claim(text, line, kind, role), replace(verdict, answer=text)))


__all__ = ["placed"]
