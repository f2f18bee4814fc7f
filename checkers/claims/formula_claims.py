"""The formula of an activation that is asked for, under a name of the writer's own: f(x) = …, σ(z) = ….

As an equation that is a definition, which claims nothing; as an answer it is the formula of that activation, or it is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...derivations.problems.problems import Problem
from ..submissions.submissions import Passage
from .claims import PlacedClaim
from .finding import ABOUT, EQUAL, Formula, formulas
from .placing import placed
from .strange_names import is_strange
from .whole_answers import held, in_x

_MOST = 40
_NAMED = re.compile(r"\\?(?:mathrm\s*\{|operatorname\s*\{|text\s*\{)?\s*[A-Za-zα-ω]+\}?\s*\(\s*[a-z]\s*\)\s*&?\s*\Z")


def with_formulas(found: Sequence[tuple[PlacedClaim, ...]], passages: Sequence[Passage], problem: Problem) -> list[tuple[PlacedClaim, ...]]:
    """The claims of consecutive passages, with those formulas that are asked for and that no claim says a word on.

    Wrong is only a formula beside which no other one is defined: a part of the answer may have a name as well.
    """
    if problem.kind != "activation" or "formula" not in problem.asked:
        return list(found)
    asked = replace(problem, asked=("formula",))
    stated = [(k, f) for k, p in enumerate(passages) for f in formulas(p.text)[:_MOST] if _defines(f)]
    judged = [(k, f, held(asked, f.sides[-1].text)) for k, f in stated]
    right = [row for row in judged if row[2].verdict == "right"]
    is_wrong = len(judged) == 1 and judged[0][2].verdict == "wrong" and not is_strange(problem, in_x(problem, judged[0][1].sides[-1].text))
    claims = list(found)
    for k, formula, verdict in right or (judged if is_wrong else []):
        new = placed(passages[k], formula.start, formula.end, "expression", "answer", verdict)
        beside = [c for c in claims[k] if c.start < new.end and new.start < c.end]
        if all(c.judged.verdict.verdict in ("undecided", "unreadable") for c in beside):
            claims[k] = tuple(sorted((*(c for c in claims[k] if c not in beside), new), key=lambda c: (c.start, c.end)))
    return claims


def _defines(formula: Formula) -> bool:
    return set(formula.signs[1:]) <= {EQUAL, ABOUT} and _NAMED.match(formula.sides[0].text) is not None


__all__ = ["with_formulas"]
