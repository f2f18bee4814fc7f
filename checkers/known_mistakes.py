"""Mistakes that the author of a set expects: an answer that is one of them is told so in the author's words.

What is a mistake is never decided here: only an answer that was judged wrong is looked up.
"""

from __future__ import annotations

from dataclasses import replace

from ..derivations.errors import HwcheckError
from ..derivations.problems.problems import Problem
from ..derivations.problems.rubrics import Mistake
from .verdicts import Verdict
from .verification import verify

_EXPRESSIONS = frozenset({"jacobian", "activation", "softmax", "backprop", "network"})


def known_mistake(problem: Problem, answer: str, *, seed: int = 0) -> Mistake | None:
    """The known mistake that a wrong answer is, in the same or in other words; None where it is none of them.

    >>> from ..derivations.problems.problems import find
    >>> known_mistake(find("jhu-2024/2.4")[1][0], "J = w + 0w").answer
    'w'
    """
    written = _plain(answer)
    same = next((m for m in problem.mistakes if _plain(m.answer) == written), None)
    if same is not None or problem.kind not in _EXPRESSIONS or problem.asked == ("shape",):
        return same
    # a left side only names what is asked, and a chain of equalities ends with the answer
    ends = dict.fromkeys((answer, answer.rpartition("=")[2]))
    return next((m for m in problem.mistakes for end in ends if _are_equal(problem, m.answer, end, seed)), None)


def in_known_words(problem: Problem, verdict: Verdict, *, seed: int = 0) -> Verdict:
    """A verdict with the author's message where the answer is wrong and a known mistake; any other as it is."""
    mistake = known_mistake(problem, verdict.answer, seed=seed) if verdict.verdict == "wrong" and problem.mistakes else None
    return verdict if mistake is None else replace(verdict, message=mistake.message)


def _are_equal(problem: Problem, mistake: str, answer: str, seed: int) -> bool:
    try:
        found = verify(answer, expected=mistake, shapes=problem.shapes, definitions=problem.definitions, domains=problem.domains, seed=seed)
    except HwcheckError:
        return False
    return found.verdict == "right"


def _plain(text: str) -> str:
    """A text without what does not tell answers apart."""
    return "".join(text.split()).strip("$")


__all__ = ["in_known_words", "known_mistake"]
