"""Conditions that formulas are said under: i = j behind or before them, “on the diagonal”, “if x > 0”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .claim_terms import Term
from .finding import Formula
from .term_comparison import Condition

_INDEX_PAIR = re.compile(r"\s*\\?\(?\s*([a-z])\s*\Z")
_CONDITION_WORDS = re.compile(r"(?:[\s$,.;(&{}\\]|quad|text|for|if|when|where|case|in|the|that|all|with|is)*\Z")
_AND = re.compile(r"[\s$,]*(?:and|\\(?:land|wedge)|∧|\\text\s*\{\s*and\s*\})[\s$]*\Z")
_COMPARED = (
    r"[A-Za-z0-9_{}\\^()]{1,24}\s*(?:<=|>=|<|>|≤|≥|\\leq?(?![a-z])|\\geq?(?![a-z])|\\neq?(?![a-z])|≠)\s*-?[A-Za-z0-9_.{}]{0,11}[A-Za-z0-9_}]"
)
_GUARD = re.compile(
    r"[\s$,;:&(]*(?:\\(?:q?quad|[,;:! ])\s*)*(?:\\(?:text|mbox|textrm)\s*\{\s*)?(?:if|for|when|where)\b[\s}$~]*(?:\\q?quad\s*)?"
    rf"(?P<said>{_COMPARED})"
)
_ELSEWHERE = re.compile(
    rf"\s*[,;]?\s*(?:and|else|or)?\s*(?P<value>-?[A-Za-z0-9_.()^*\\]{{1,24}})\s*,?\s*(?:(?P<rest>otherwise|else)|(?:if|for|when)\s+(?P<said>{_COMPARED}))"
)
_WHEN = re.compile(r"\b(?:if|when|for|where|case|suppose|with|assume)\b\W*\Z", re.I)
_OFF_DIAGONAL = re.compile(r"\b(?:not on|off|outside(?: of)?)[\s-]+(?:the )?diagonal", re.I)
_ON_DIAGONAL = re.compile(r"\bon the (?:main )?diagonal|\bdiagonal (?:entries|elements|terms)|\bdiagonal\s*:", re.I)


def is_condition(formula: Formula) -> Condition | None:
    """i = j and i ≠ j between letters of indices are conditions on other formulas."""
    if len(formula.sides) != 2:
        return None
    letters = [_INDEX_PAIR.match(re.sub(r"\A.*\b(?:if|when|for)\b", "", s.text)) for s in formula.sides]
    first, second = letters
    if not first or not second or first[1] == second[1]:
        return None
    if formula.signs[1] == "=":
        return Condition(first[1], second[1], True)
    return Condition(first[1], second[1], False)


def conditions(text: str, found: Sequence[Formula]) -> list[Condition | None]:
    """The condition that each formula is said under: behind it, before it, or in the words of its sentence."""
    said: list[Condition | None] = []
    for k, formula in enumerate(found):
        after = is_condition(found[k + 1]) if k + 1 < len(found) else None
        if after is not None and _CONDITION_WORDS.match(text[formula.end : found[k + 1].start]):
            said.append(_with_second(text, found, k + 1, after))
            continue
        guard = _GUARD.match(text, formula.end)
        if guard is not None:
            said.append(_guarded(text, guard))
            continue
        before = is_condition(found[k - 1]) if k else None
        words = formula.before.rpartition(". ")[2]
        if before is not None and ". " not in formula.before and _WHEN.search(found[k - 1].before):
            said.append(before)
        elif _OFF_DIAGONAL.search(words):
            said.append(Condition("", "", False))
        elif _ON_DIAGONAL.search(words):
            said.append(Condition("", "", True))
        else:
            said.append(None)
    return said


def _with_second(text: str, found: Sequence[Formula], k: int, first: Condition) -> Condition:
    """The condition of formula k with the one that “and” joins to it."""
    second = is_condition(found[k + 1]) if k + 1 < len(found) else None
    if second is None or not _AND.match(text[found[k].end : found[k + 1].start]):
        return first
    return replace(first, also=second)


def _guarded(text: str, guard: re.Match[str]) -> Condition:
    """A comparison behind a formula, with what is said of the other cases."""
    other = _ELSEWHERE.match(text, guard.end())
    if other is None:
        return Condition("", "", True, guard["said"], end=guard.end())
    row = f"{other['value']} & " + (r"\text{otherwise}" if other["rest"] else rf"\text{{if }} {other['said']}")
    return Condition("", "", True, guard["said"], row, other.end())


def with_letters(condition: Condition | None, head: Term) -> Condition | None:
    """A condition that words state, on the two indices of the left side."""
    if condition is None or condition.a or condition.guard:
        return condition
    return replace(condition, a=head.free[0], b=head.free[1]) if len(head.free) == 2 else None


__all__ = ["conditions", "is_condition", "with_letters"]
