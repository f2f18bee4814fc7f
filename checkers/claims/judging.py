"""The claims of an answer, found and judged: equations here, shapes, weights, choices and sentences by the modules beside this one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...derivations.problems.problems import Problem
from ..submissions.submissions import Passage
from ..verdicts import Verdict
from .chain_steps import Step
from .choice_claims import choice_claims
from .claim_conditions import conditions
from .claim_notation import repaired
from .claim_settings import Setting, declare, define, setting_of
from .claim_values import is_numeral
from .claim_worlds import World
from .claims import Claim, ClaimKind, JudgedClaim, PlacedClaim, Role
from .code_claims import code_claims
from .derivative_marks import marks
from .equations import Judge
from .finding import Formula, Side, formulas
from .formula_claims import with_formulas
from .graph_numbering import orders, renumbered, with_letters
from .prose_claims import prose_claims
from .shape_claims import shape_claims
from .start_claims import start_claims
from .term_comparison import Condition
from .value_claims import value_claims
from .weight_claims import weight_claims
from .whole_answers import with_whole_answer

_BESIDE = re.compile(r"\A\s*(?:\\mathbf\s*\{?\s*)?\\?[A-Za-z]\}?\s+(?=\\[dt]?frac\s*\{\s*(?:\\partial|d)|∂)")
_RESPECT = re.compile(r"(?:respect to|\bby|\bof)\s*\$*\s*\Z", re.I)
_BOX = re.compile(r"\s*(?:[-*+]\s*)?(?:\[[ xX]?\]|\\(?:square|Box|boxtimes|checkmark)(?![A-Za-z])|[☐☑☒□✓])")
MOST_CHARACTERS = 200_000
Finder = Callable[[Passage, Problem | None, Role], tuple[PlacedClaim, ...]]
FINDERS: tuple[Finder, ...] = (start_claims, weight_claims, choice_claims, shape_claims, prose_claims, value_claims)


def judged_claims(
    passages: Sequence[Passage],
    problem: Problem | None,
    *,
    role: Role = "answer",
    statement: Sequence[Passage] = (),
    earlier: Sequence[Passage] = (),
    seed: int | None = None,
    wanted: Callable[[int], bool] | None = None,
) -> tuple[JudgedClaim, ...]:
    """The claims of consecutive passages in the order of the text, each judged in the context of its problem.

    Args:
        passages: what was written, one after the other; what one defines the next ones know.
        problem: the problem that it answers; None where it is in no set.
        role: whose claims these are, the person's or those of the sheet.
        statement: what the sheet says around the problem: it declares names, shapes and conventions.
        earlier: answers to the problems before it; what they define is known here too.
        seed: of the judging points; by default it belongs to each claim.
        wanted: asked with the number of each formula right before it is judged; on False it is not judged.
    """
    setting = setting_of(problem, statement)
    texts = [p.text for p in passages if len(p.text) <= MOST_CHARACTERS]
    before = [p.text for p in earlier if len(p.text) <= MOST_CHARACTERS]
    declare(setting.world, [*before, *texts])
    read = [p for p in passages if len(p.text) <= MOST_CHARACTERS]
    equations = _equations(read, setting, [*(p.text for p in statement), *before], role, _Counter(wanted), seed)
    found: list[tuple[PlacedClaim, ...]] = []
    for passage, own in zip(read, equations, strict=True):
        special = [p for finder in FINDERS for p in finder(passage, problem, role)]
        special += code_claims(passage, role)
        found.append(tuple(in_order(special, own)))
    if role == "answer" and problem is not None and len(read) == len(passages) and wanted is None:
        found = with_formulas(with_whole_answer(found, read, problem), read, problem)
    return tuple(p.judged for own in found for p in own)


def _equations(passages: Sequence[Passage], setting: Setting, stated: Sequence[str], role: Role, asked: _Counter,
               seed: int | None) -> list[tuple[PlacedClaim, ...]]:
    """The equations of all passages; nodes of a graph are taken by the names that the texts give them."""
    if not setting.is_graph:
        for text in stated:
            define(setting.world, formulas(text))
        return _judged(passages, setting, setting.world, role, asked, seed)
    texts = [*stated, *(p.text for p in passages)]
    world = with_letters(setting.world, texts)
    own = renumbered(world, texts, setting.point)
    first = _judged(passages, setting, own or world, role, asked, seed)
    if own is not None or not _count(first, "wrong"):
        return first
    for other in orders(world):
        again = _judged(passages, setting, other, role, asked.again(), seed)
        if not _count(again, "wrong") and _count(again, "right") > _count(first, "right"):
            return again
    return first


def _judged(passages: Sequence[Passage], setting: Setting, world: World, role: Role, asked: _Counter, seed: int | None) -> list[
        tuple[PlacedClaim, ...]]:
    judge = Judge(setting, world.copy(), seed)
    return [equation_claims(passage, judge, role, asked) for passage in passages]


def _count(claims: Sequence[tuple[PlacedClaim, ...]], word: str) -> int:
    return sum(c.judged.verdict.verdict == word for own in claims for c in own)


class _Counter:
    """Numbers the formulas, and asks before each of them."""

    def __init__(self, wanted: Callable[[int], bool] | None):
        self.wanted = wanted
        self.count = 0

    def again(self) -> _Counter:
        """The same question from the first formula on."""
        return _Counter(self.wanted)

    def __call__(self) -> bool:
        number, self.count = self.count, self.count + 1
        return self.wanted is None or self.wanted(number)


def equation_claims(passage: Passage, judge: Judge, role: Role, asked: Callable[[], bool] = lambda: True) -> tuple[PlacedClaim, ...]:
    """The equations and chains of one passage, judged."""
    found = [_without_stray(f) for f in formulas(passage.text)]
    placed: list[PlacedClaim] = []
    for formula, condition in zip(found, conditions(passage.text, found), strict=True):
        steps = judge.judged(formula, condition) if asked() else (Step(0, len(formula.sides) - 1, Verdict("", "undecided", "Not judged.")),)
        steps = tuple(s for s in steps if role == "answer" or _is_fact(formula, s, judge))
        placed.extend(_placed(passage, formula, step, role, condition) for step in steps)
    return tuple(placed)


def _is_fact(formula: Formula, step: Step, judge: Judge) -> bool:
    """Whether a sheet states something that holds or not; what it gives or defines does neither."""
    word = step.verdict.verdict
    head = repaired(formula.sides[0].text)
    return word == "right" or (word == "wrong" and next(marks(head, (*judge.world.functions, *judge.world.activations)), None) is not None)


def _placed(passage: Passage, formula: Formula, step: Step, role: Role, condition: Condition | None) -> PlacedClaim:
    """One step with its place: from its sign, or from the left side where that belongs to it.

    A conclusion, and a left side that a scan repeats, are put together from both sides; their place is that of the last one.
    """
    first, last = formula.sides[step.first], formula.sides[step.last]
    if step.concludes or (formula.is_repeated and not step.first):
        line = passage.line + passage.text.count("\n", 0, last.start)
        claim = Claim(f"{first.text} = {last.text}", line, _kind(formula, step), role)
        return PlacedClaim(last.start, last.end, JudgedClaim(claim, replace(step.verdict, answer=claim.text)))
    start = formula.places[step.first + 1] if step.first else formula.start
    end = formula.sides[step.last].end
    if condition is not None and condition.end and step.last == len(formula.sides) - 1:
        end = condition.end
    text = passage.text[start:end]
    claim = Claim(text, passage.line + passage.text.count("\n", 0, start), _kind(formula, step), role)
    return PlacedClaim(start, end, JudgedClaim(claim, replace(step.verdict, answer=text)))


def _without_stray(formula: Formula) -> Formula:
    """A formula without the name before it that a scan took into it: “with respect to $w ∂f/∂w = …$”."""
    head = formula.sides[0]
    stray = _BESIDE.match(head.text)
    if stray is None or not _RESPECT.search(formula.before):
        return formula
    start = head.start + stray.end()
    first = Side(head.text[stray.end() :], start, head.end)
    return replace(formula, start=start, sides=(first, *formula.sides[1:]), places=(start, *formula.places[1:]))


def in_order(special: Sequence[PlacedClaim], equations: Sequence[PlacedClaim]) -> list[PlacedClaim]:
    """All claims in the order of the text; where two overlap, the special one stands. What a box is put before is an option."""
    kept = [e for e in equations if not any(s.start < e.end and e.start < s.end for s in special)]
    if any(s.judged.claim.kind == "choice" for s in special):
        kept = [e for e in kept if _BOX.match(e.judged.claim.text) is None]
    return sorted((*special, *kept), key=lambda p: (p.start, p.end))


def _kind(formula: Formula, step: Step) -> ClaimKind:
    """A number, an equation between expressions, or a chain of several steps."""
    if is_numeral(formula.sides[step.last].text):
        return "number"
    return "chain" if step.last - step.first > 1 and not step.concludes else "expression"


__all__ = ["FINDERS", "Finder", "equation_claims", "in_order", "judged_claims"]
