"""The steps of a derivation as they are printed: the recorded stages, line by line, each evaluated before it is kept.

Knows the stages and how elements are written; must not know where a function came from, nor how its result is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .calculus.calculus import Differentiation, Rule, Stage
from .calculus.lines import LineJudge
from .elements.elements import Element
from .elements.evaluation import Evaluator
from .forms.elementform import ElementForm, letters_for
from .forms.matrixform import MatrixForm
from .notation.spellings import Style
from .notation.writer import write
from .notation.written import Written
from .steps import Step

LONG_LINE = 8  # factors in a term; longer lines show only what changes


class Narration:
    """Turns the stages of a derivative into printed steps, every line evaluated first.

    `name` is what the function is called, `matrices` how parts are written, `taken` are names that no index may have.
    """

    def __init__(self, name: str, matrices: MatrixForm, taken: frozenset[str]):
        self.name = name
        self.matrices = matrices
        # p_ is printed as p, so neither may be a letter of an index
        self.taken = frozenset(t.rstrip("_") for t in taken)
        # common parts that lines mention by name stand for these elements
        self.named = {str(t.value): e for e, t in matrices.spelled.items() if t.op == "name" and e.kind != "variable"}
        self._texts: dict[int, tuple[Written, str, str]] = {}

    def text(self, tree: Written) -> tuple[str, str]:
        """A line in LaTeX and Unicode; lines come twice, as what stands after one step and before the next."""
        known = self._texts.get(id(tree))
        if known is None:
            known = self._texts[id(tree)] = (tree, write(tree, Style.LATEX), write(tree, Style.UNICODE))
        return known[1], known[2]

    def step(self, rule: str, before: Written, after: Written, why: str, fold: bool = False) -> Step:
        (left, left_plain), (right, right_plain) = self.text(before), self.text(after)
        return Step(rule, left, right, why, left_plain, right_plain, fold)

    def elements(self) -> ElementForm:
        return ElementForm(self.matrices, self.taken)

    def steps(self, works: Sequence[Differentiation], results: Sequence[Element], tidied: Sequence[Element], tree: Written | None,
              point: tuple[dict[str, Any], dict[str, int]]) -> tuple[list[Step], tuple[str, ...]]:
        """All steps, and the letters of the result's axes. Lines are evaluated at the point: values, and sizes."""
        steps: list[Step] = []
        letters: tuple[str, ...] = ()
        for k, (work, raw, tidy) in enumerate(zip(works, results, tidied, strict=True)):
            outs, ins = letters_for(len(work.out), len(work.by), self.taken)
            if k == 1:  # a second derivative has two inputs
                _, both = letters_for(0, 2 * len(work.by), self.taken)
                outs, ins = both[: len(work.by)], both[len(work.by) :]
            last = k == len(works) - 1
            steps += self._derivation(work, raw, tidy, outs, ins, point, tree if last else None, last, k)
            letters = outs + ins
        return steps, letters

    def _derivation(self, work: Differentiation, raw: Element, tidy: Element, outs: tuple[str, ...], ins: tuple[str, ...],
                    point: tuple[dict[str, Any], dict[str, int]], tree: Written | None, last: bool, k: int) -> list[Step]:
        form = self.elements()
        form.letters = dict(zip((*work.out, *work.by), outs + ins, strict=True))
        values, sizes = point
        judge = LineJudge(values, sizes, work.variable, self.named)
        letters, extents = outs + ins, (*work.function.shape, *work.variable.shape)
        expected = judge.partial(work.function)  # of the function itself: our own result is judged by it like any line
        head = _Head(self.name, outs, work.variable, ins, k)
        steps: list[Step] = []

        entry = form.entry(work.function, outs)
        own = np.asarray(Evaluator(values, sizes)(work.function), dtype=float)
        judge.check(entry, outs, work.function.shape, own)
        steps.append(self.step("one entry", head.function(), entry, "" if outs else "the output is a number"))

        before: Written | None = None
        folded_rules: list[Rule] = []
        for position, stage in enumerate(work.stages[1:], 1):
            nxt = work.stages[position + 1] if position + 1 < len(work.stages) else None
            local = _is_long(work.stages[position - 1]) or _is_long(stage)
            if local:
                steps += self._local(work, form, position, judge)
                before = None
                continue
            line = form.stage(work, stage.terms)
            judge.check(line, letters, extents, expected)
            fold = _is_small(stage) and nxt is not None and not _is_last(nxt) and position > 1
            rules = [*folded_rules, *stage.rules]
            folded_rules = rules if fold else []
            name, why = _said(rules)
            left = head.derivative() if before is None else before
            if before is None or before != line:
                steps.append(self.step(name, left, line, why, fold))
                before = line if not fold else before
        collapsed = form.entry(raw, letters)
        judge.check(collapsed, letters, extents, expected)
        if before is None or collapsed != before:
            has_delta = any(t.deltas for t in work.stages[-1].terms)
            steps.append(self.step("collapse δ" if has_delta else "put together", before or head.derivative(), collapsed,
                               "a δ under a sum keeps the one term where its indices agree" if has_delta else ""))
            before = collapsed
        if tidy is not raw:
            line = form.entry(tidy, letters)
            judge.check(line, letters, extents, expected)
            if line != before:
                steps.append(self.step("collect", before, line, "equal factors cancel or are taken out, like terms are added"))
                before = line
        if last and tree is not None:
            steps.append(self.step("matrix form", head.result(), tree, ""))
        return steps

    def _local(self, work: Differentiation, form: ElementForm, position: int, judge: LineJudge) -> list[Step]:
        """Only what a round replaced, for lines that would be too long."""
        steps = []
        before, after = work.stages[position - 1].terms, work.stages[position].terms
        taken = 0
        for term in before:
            if term.pending is None:
                taken += 1
                continue
            carried = len(term.factors)
            news = []
            while taken < len(after) and after[taken].factors[:carried] == term.factors:
                news.append(after[taken])
                taken += 1
            line = form.stage(work, [type(t)(t.coefficient / term.coefficient, t.factors[carried:], t.deltas[len(term.deltas):], t.pending)
                                     for t in news], term.pending[1])
            left = form.pending(work, term.pending)
            free = tuple(dict.fromkeys(form.letters[label] for label in (*term.pending[1], *work.by)))
            extents = tuple({form.letters[label]: work.sizes[label] for label in (*term.pending[1], *work.by)}.values())
            judge.check(line, free, extents, judge.value(left, free, extents))
            name, why = _said(work.stages[position].rules)
            steps.append(self.step(name, left, line, why, fold=_is_small(work.stages[position])))
        return steps


@dataclass(frozen=True, slots=True)
class _Head:
    """The left sides: f_i, ∂f_i/∂w_q, J."""

    name: str
    outs: tuple[str, ...]
    x: Element
    ins: tuple[str, ...]
    order: int

    def _entry(self, name: str, letters: Sequence[str]) -> Written:
        base = Written("name", (), name)
        return Written("entry", (base, *(Written("index", (), x) for x in letters))) if letters else base

    def function(self) -> Written:
        if self.order:
            return Written("derivative", (Written("name", (), self.name), self._entry(self.x.value, self.outs)))
        return self._entry(self.name, self.outs)

    def derivative(self) -> Written:
        top = self.function()
        return Written("derivative", (top, self._entry(self.x.value, self.ins)))

    def result(self) -> Written:
        return Written("name", (), "H" if self.order else "J")


_SMALL = frozenset({"sum", "constant factor", "linearity"})


def _is_small(stage: Stage) -> bool:
    return bool(stage.rules) and all(r.name in _SMALL for r in stage.rules)


def _is_last(stage: Stage) -> bool:
    return any(r.name == "variable" for r in stage.rules)


def _is_long(stage: Stage) -> bool:
    return any(len(t.factors) > LONG_LINE for t in stage.terms)


def _said(rules: Sequence[Rule]) -> tuple[str, str]:
    """The names of the rules of one line, and their reasons, each once."""
    names = list(dict.fromkeys(r.name for r in rules))
    big = [n for n in names if n not in _SMALL] or names
    whys = dict.fromkeys(why for r in rules if r.name in big for why in r.why.split("; ") if why)
    return " and ".join(big), "; ".join(whys)
