"""A whole solution judged with the usual meaning of its names: which of its lines hold in one consistent world, which in none.

A line is wrong only where at least one world fits and it holds in none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .chain_lines import Line
from .usual_claims import Claim, claims_of
from .usual_definitions import Usual
from .usual_trials import SEEDS, Outcome, Trial, has_negated_chain, trials_of

_CALLED = re.compile(r"(?<![A-Za-z\\])(\\?[A-Za-z]+)\s*\}?(?:'|\^\{?\\prime\}?)*\s*\(")
_NOT_CALLED = frozenset("x y w u v t a b c d e i j k n m p q s W X Y U V A B I".split())
_STEP_FUNCTION = re.compile(r"(?<![A-Za-z\\])H\s*(?:\\[bB]ig+[lr]?|\\left)?\s*\[")


@dataclass(frozen=True, slots=True)
class LineMeaning:
    """What the usual meaning says of one line."""

    outcome: Outcome
    reason: str = ""
    diagnosis: str | None = None

    @property
    def message(self) -> str:
        """What is said to the student of a step that holds in no usual reading."""
        if self.diagnosis == "shape":
            return f"The shapes do not fit in any usual reading: {self.reason}."
        return "This does not hold, in any usual reading of the names."


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is said of all lines; `world` is the one in which most of them hold, `points` how many sets of numbers were tried."""

    lines: Mapping[int, LineMeaning] = field(default_factory=dict)
    world: Usual = field(default_factory=Usual)
    points: int = len(SEEDS)


def meaning_of(lines: list[Line], symbols: Mapping[str, str], context: str) -> Meaning:
    """What the usual meaning of its names makes of a solution."""
    answer = "\n".join(line.text for line in lines)
    called = frozenset(n.lstrip("\\") for n in _CALLED.findall(answer)) - _NOT_CALLED - frozenset(symbols)
    called -= {n for n in "hzorl" if re.search(rf"(?<![A-Za-z\\]){n}(?!\s*\(|[A-Za-z])", answer)}  # h(1 − h) is a product
    if _STEP_FUNCTION.search(answer):
        called |= {"H"}
    claims = claims_of(lines, called)
    if not any(len(c.forms) > 1 for c in claims):
        return Meaning()
    results = list(trials_of(claims, symbols, context, answer, called))
    best = max(results, key=lambda t: t.score)
    return Meaning(_by_line(claims, best, results), best.usual)


def _by_line(claims: list[Claim], best: Trial, trials: list[Trial]) -> dict[int, LineMeaning]:
    found: dict[int, list[LineMeaning]] = {}
    for place, claim in enumerate(claims):
        judged = best.judged[place]
        for step, form in enumerate(claim.forms[1:]):
            outcome = judged.outcomes[step]
            reason = judged.reason
            if outcome == "unknown" and _certain(place, step, trials):
                outcome = "different"
            elif outcome == "different" and not _certain(place, step, trials):
                outcome = "doubtful" if best.fits(place, step) or _mostly_refuted(place, step, trials) else "unknown"
            if outcome == "unknown" and step == 0 and has_negated_chain(claim):
                outcome = "doubtful"
            if outcome == "unknown" and best.can_be_worked_out(claim):
                outcome = "doubtful"
            found.setdefault(form.line, []).append(LineMeaning(outcome, reason))
    return {line: _joined(parts) for line, parts in found.items()}


def _certain(place: int, step: int, trials: list[Trial]) -> bool:
    """Whether a step holds in no world, and one at least that fits refutes it."""
    return all(step not in t.held[place] for t in trials) and any(step in t.refuted[place] and t.fits(place, step) for t in trials)


def _mostly_refuted(place: int, step: int, trials: list[Trial]) -> bool:
    """Whether a step holds in no world, and more than half of them refute it: it must not be taken as said."""
    if any(step in t.held[place] for t in trials):
        return False
    return 2 * sum(step in t.refuted[place] for t in trials) > len(trials)


def _joined(parts: list[LineMeaning]) -> LineMeaning:
    order: dict[Outcome, int] = {"different": 0, "doubtful": 1, "unknown": 2, "same": 3, "defines": 4}
    return min(parts, key=lambda p: order[p.outcome])


__all__ = ["LineMeaning", "Meaning", "meaning_of"]
