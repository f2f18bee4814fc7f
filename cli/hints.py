"""What a student is told who is to find the mistake alone: the place and the kind of mistake, never what is right.

Messages of the judge may say what would be right. Here each is replaced by a sentence that belongs to the diagnosis alone, so
that nothing of the solution can slip through.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ..checkers.verdicts import Evidence, LineVerdict, Verdict

Level = Literal["hint", "no-solution"]

# One sentence a diagnosis, that would be true of any answer with that mistake.
HINTS: dict[str, str] = {
    "transposed": "The entries are right, but not their arrangement: which axis comes first?",
    "sign": "Look at the signs.",
    "factor": "A constant factor is not right.",
    "missing-term": "Something is missing from the sum.",
    "missing-factor": "Something is missing from the product.",
    "chain-rule": "Something inside depends on the variable as well: think of the chain rule.",
    "product-rule": "More than one factor depends on the variable: think of the product rule.",
    "wrong-index": "Look at the indices: which are free, and which are summed over?",
    "wrong-order": "Matrices do not commute: look at the order of the factors.",
    "wrong-variable": "Which variable is differentiated by?",
    "elementwise-vs-matrix": "Is this product taken entry by entry, or as one of matrices?",
    "missing-parentheses": "Look at what belongs inside a parenthesis.",
    "exponent": "Look at the exponents.",
    "inverted": "Something stands above the fraction line that belongs below, or the other way round.",
    "shape": "Write the shape of each factor below it: do they fit, and does the result have the shape that is asked for?",
    "rank": "How many axes has the result?",
    "rounded": "The number is not the exact value, nor is it rounded to the digits written.",
    "domain": "Where is this defined?",
    "kink": "Look at the point where the function has a kink.",
    "other": "This is not equal to what it should be.",
}


def softened(verdict: Verdict, level: Level) -> Verdict:
    """The same verdict without what is right: with `no-solution` your own value at a point stays, with `hint` only the place.

    >>> softened(Verdict("2w", "wrong", "It should be 3w.", diagnosis="factor"), "hint").message
    'A constant factor is not right.'
    """
    if verdict.verdict != "wrong":
        return verdict
    said = HINTS[verdict.diagnosis or "other"]
    lines = tuple(_line(line, said if line.line == verdict.first_wrong_line else HINTS["other"]) for line in verdict.lines)
    return replace(verdict, message=said, evidence=_evidence(verdict.evidence, level), notes=(), lines=lines)


def _line(line: LineVerdict, said: str) -> LineVerdict:
    return line if line.verdict != "wrong" else replace(line, message=said)


def _evidence(evidence: Evidence | None, level: Level) -> Evidence | None:
    if evidence is None or level == "hint":
        return None
    witness = evidence.witness
    return replace(evidence, witness=replace(witness, expected="") if witness else None)


__all__ = ["HINTS", "Level", "softened"]
