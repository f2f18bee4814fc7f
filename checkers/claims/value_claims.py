"""A number in a sentence that says what a network gives: “the final answer is 0.82”, for problems that ask for that number."""

from __future__ import annotations

import re

from ...derivations.problems.problems import Problem
from ..problem_answers import judged_problem
from ..submissions.submissions import Passage
from .claims import PlacedClaim, Role
from .placing import placed

_ASKED = (("output",), ("hidden",), ("cases",), ("step",))
_SAID = re.compile(
    r"(?P<claim>\b(?:final |network |numerical )?(?:answer|output|result|prediction|value)\b[^.,;:\n=$]{0,40}?"
    r"(?:\b(?:is|was|equals|comes to|becomes)\b|[:=≈])\s*(?:(?:approximately|about|roughly|then|≈|~)\s*)?\$?\s*"
    r"(?P<value>[-−]?[0-9]{1,12}(?:\.[0-9]{1,12})?))(?![0-9]*[A-Za-z×(^/])",
    re.I,
)


def value_claims(passage: Passage, problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """The numbers that sentences of an answer give for what the problem asks, each held against the derived one."""
    if problem is None or role != "answer" or problem.kind != "network" or problem.asked not in _ASKED:
        return ()
    found = []
    for match in _SAID.finditer(passage.text):
        verdict = judged_problem(problem, match["value"].replace("−", "-"))
        if verdict.verdict in ("right", "wrong"):
            found.append(placed(passage, *match.span("claim"), "number", role, verdict))
    return tuple(found)


__all__ = ["value_claims"]
