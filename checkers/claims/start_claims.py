"""Claims about how a network starts, in an answer to a problem that asks for it: each is held against what is derived."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...derivations.problems.problems import Problem
from ..start_answers import smallest, verdict_of
from ..start_facts import start_facts
from ..start_words import PARAMETERS
from ..submissions.submissions import Passage
from .claims import ClaimKind, PlacedClaim, Role
from .placing import placed

_LONGEST = 40_000
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")


def start_claims(passage: Passage, problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """What a passage claims about the start of a network; nothing where the problem is not about one.

    Equations that only repeat the starting values claim nothing, and what a sheet wants shown is no claim of its own.
    """
    if problem is None or problem.kind != "initialisation" or role == "statement" or len(passage.text) > _LONGEST:
        return ()
    return tuple(_claims(passage, problem, role))


def _claims(passage: Passage, problem: Problem, role: Role) -> Iterator[PlacedClaim]:
    for found in smallest(passage.text, start_facts(problem)):
        formula = found.said.predicate == "equation" or (found.said.about[0].startswith("grad") and not _WORD.search(found.text))
        if found.said.predicate == "equation" and set(found.said.about) <= set(PARAMETERS):
            continue
        kind: ClaimKind = "expression" if formula else "prose"
        yield placed(passage, found.start, found.end, kind, role, verdict_of(found))


__all__ = ["start_claims"]
