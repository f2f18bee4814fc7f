"""From judged claims to points: what each part of a rubric earned, what stays open, and the status of the problem.

Points are earned, lost, or open. Open ones (undecided, unreadable) count on neither side until a person has looked: never against the
person who answered. Everything here follows from the claims and the finals alone; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...derivations.problems.problems import Problem
from ..claims.claims import JudgedClaim
from .finals import SHAPE, Final
from .grades import Status

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Earned:
    """Points that were earned, and those that are decided (earned or lost); the rest of the problem's is `open`."""

    earned: Fraction
    decided: Fraction
    open: Fraction

    def __add__(self, other: Earned) -> Earned:
        return Earned(self.earned + other.earned, self.decided + other.decided, self.open + other.open)


def earned(problem: Problem, claims: Sequence[JudgedClaim], finals: Sequence[Final]) -> Earned:
    """What an answer earned by the rubric of its problem."""
    own = [c for c in claims if c.claim.role == "answer"]
    shape = [f for f in finals if f.part == SHAPE]
    asked = [f for f in finals if f.part != SHAPE] or shape
    total = Earned(ZERO, ZERO, ZERO)
    for part, points in (problem.earns or {"final": problem.points}).items():
        if part == "steps":
            total += _settled(points, _steps_hold(own))
        else:
            total += _of_finals(points, shape if part == "shape" else asked)
    return total


def _settled(points: Fraction, holds: bool | None) -> Earned:
    if holds is None:
        return Earned(ZERO, ZERO, points)
    return Earned(points if holds else ZERO, points, ZERO)


def _of_finals(points: Fraction, finals: Sequence[Final]) -> Earned:
    """All that is asked has the same share."""
    total = Earned(ZERO, ZERO, ZERO)
    for final in finals:
        share = points / len(finals)
        settled = _settled(share, _HOLDS.get(final.verdict))
        credit = final.mistake.credit if final.mistake is not None else ZERO
        total += Earned(settled.earned + share * credit, settled.decided, settled.open)
    return total if finals else Earned(ZERO, ZERO, points)


_HOLDS = {"right": True, "wrong": False}


def _steps_hold(own: Sequence[JudgedClaim]) -> bool | None:
    """No step is wrong, and there is one that could be judged."""
    said = [c.verdict.verdict for c in own]
    if "wrong" in said:
        return False
    return True if "right" in said else None


def status_of(gained: Earned, own: Sequence[JudgedClaim], finals: Sequence[Final]) -> Status:
    """The status of a problem that was answered and can be judged."""
    wrong = any(c.verdict.verdict == "wrong" for c in own)
    if gained.open:
        return "unreadable" if own and all(c.verdict.verdict == "unreadable" for c in own) else "undecided"
    if gained.earned == gained.decided and not wrong:
        return "right"
    all_wrong = gained.decided > 0 and not gained.earned
    return "wrong" if all_wrong or (not gained.decided and any(f.verdict == "wrong" for f in finals)) else "partly right"


__all__ = ["Earned", "earned", "status_of"]
