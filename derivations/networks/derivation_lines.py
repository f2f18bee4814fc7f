"""One derivation under way: lines from the chain rule to the matrix form, each evaluated before it is kept.

A line says that a derivative of ℒ, or of a layer, is this: it is the record of `calculus.differentiate`, put into the writing of
networks (σ′(z¹_j), W²_kj). Its value is compared with one by complex steps, which uses no rule of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..calculus.calculus import Differentiation, Stage, Term, differentiate
from ..calculus.lines import LineJudge
from ..elements.elements import Element, Label, product, total
from ..elements.evaluation import Evaluator
from ..elements.meaning import Meaning, ordered
from ..errors import DefectError
from ..forms import building as b
from ..forms.elementform import ElementForm
from ..forms.matrixform import MatrixForm, NoNotation
from ..notation.written import Written
from ..sizes import Size
from .entries import lettered, opened
from .statements import Line, text

_SMALL = frozenset({"sum", "constant factor", "linearity"})
_TOLERANCE = 1e-9
TWO_INDICES = "a δ with two indices is 1 where they are equal, else 0: under a sum it keeps one term"


@dataclass(slots=True)
class Board:
    """What the lines of one statement are about.

    `meaning` knows how parts are written, `values` and `sizes` are a point, `examples` are the size of a batch and the letter of its
    index, `primes` puts a name for the derivative of the activation, and `named` are names that stand for a part (a¹ is σ(z¹)) when a
    line is evaluated.
    """

    meaning: Meaning
    values: dict[str, Any]
    sizes: Mapping[str, int]
    examples: tuple[Size, str]
    primes: Mapping[Element, Element]
    named: Mapping[str, Element]
    taken: frozenset[str] = frozenset()

    @property
    def matrices(self) -> MatrixForm:
        return MatrixForm(self.meaning.spelled)

    def form(self) -> ElementForm:
        return ElementForm(self.matrices, self.taken)

    def line(self, tree: Written) -> Written:
        """A line in the writing of networks."""
        return lettered(opened(_fractions_first(tree)), dict([self.examples]))

    def entry(self, element: Element, at: Sequence[str], used: frozenset[str] = frozenset()) -> Written:
        """The general entry."""
        return self.line(self.form().entry(element, at, used))

    def judge(self, by: Element) -> LineJudge:
        return LineJudge(self.values, self.sizes, by, self.named)

    def value(self, element: Element) -> Any:
        return np.asarray(Evaluator(self.values, self.sizes)(element), dtype=float)

    def matrix(self, element: Element, target: Written) -> Written | None:
        """The element in matrix notation, rows and columns as its target has them; None where there is none."""
        try:
            tree = self.matrices.of(element)
        except NoNotation:
            return None
        if target.shape[0] == 1 and target.shape[1] != 1 and tree.shape[0] != 1:
            tree = self.matrices.transposed(tree)
        return slopes_last(upright(tree))

    def check(self, tree: Written, letters: Sequence[str], extents: Sequence[Size], expected: Any) -> None:
        """Raises DefectError unless a line without derivatives has this value; without letters it is a whole matrix."""
        meaning = Meaning(axes=dict(zip(letters, extents, strict=True)), opened=True)
        lowered = meaning.lower(tree)
        wanted = [x for x in (*letters, "row", "column") if x in lowered.labels]
        got = np.asarray(Evaluator(self.values, self.sizes)(ordered(lowered, wanted).element), dtype=float)
        if letters:
            got = got.reshape([n if x in wanted else 1 for x, n in zip(letters, np.shape(expected), strict=True)])
        difference = float(np.max(np.abs(got - expected) / (1 + np.abs(expected)), initial=0.0)) if got.ndim == np.ndim(expected) else 1.0
        if not difference < _TOLERANCE:
            raise DefectError(f"The line “{text(tree)}” is off by {difference:.3g} at {dict(self.sizes)}; it is a defect of hwcheck that "
                              "it was derived. Please report it with the command you ran.")


def _fractions_first(tree: Written) -> Written:
    """2 (a / m) as 2/m a: a size that divides stands below the number in front."""
    args = tuple(_fractions_first(a) for a in tree.args)
    tree = replace(tree, args=args)
    if tree.op == "scale" and args[0].op == "number" and args[1].op == "scale":
        front, rest = args[1].args
        if front.op == "divide" and b.is_one(front.args[0]):
            return b.scale(b.divide(args[0], front.args[1]), rest)
    if tree.op == "divide" and args[1].op == "size" and args[0].op not in ("number", "size"):
        return b.scale(b.divide(b.ONE, args[1]), args[0])
    return tree


def upright(tree: Written) -> Written:
    """Without a transpose around products entry by entry and sums: (XᵀW ⊙ Z)ᵀ is WᵀX ⊙ Zᵀ."""
    if tree.op == "transpose" and tree.args[0].op in ("hadamard", "add", "sub"):
        inner = tree.args[0]
        return replace(inner, args=tuple(upright(b.transpose(a)) for a in inner.args), shape=tree.shape)
    return replace(tree, args=tuple(upright(a) for a in tree.args))


def slopes_last(tree: Written) -> Written:
    """Products with the derivative of the activation at the end: (a − y) ⊙ σ′(z)."""
    tree = replace(tree, args=tuple(slopes_last(a) for a in tree.args))
    if tree.op == "scale" and tree.is_scalar:
        factors = _factors(tree)
        result, *rest = [f for f in factors if not _is_slope(f)] + [f for f in factors if _is_slope(f)]
        for f in rest:
            result = Written("scale", (result, f))
        return result
    if tree.op == "hadamard" and _is_slope(tree.args[0]) and not _is_slope(tree.args[1]):
        return replace(tree, args=(tree.args[1], tree.args[0]))
    return tree


def _factors(tree: Written) -> list[Written]:
    return [f for a in tree.args for f in _factors(a)] if tree.op == "scale" and tree.is_scalar else [tree]


def _is_slope(tree: Written) -> bool:
    return tree.op == "call" and isinstance(tree.value, tuple) and dict(tree.value[1:]).get("prime") is not None


@dataclass(frozen=True, slots=True)
class Local:
    """The derivative of one part by one variable: its record, finished terms, and the letters of its axes."""

    work: Differentiation
    terms: tuple[Term, ...]
    letters: Mapping[Label, str]

    @property
    def element(self) -> Element:
        return total([self.work.element(t) for t in self.terms], self.work.shape)


def local(board: Board, function: Element, variable: Element, outs: Sequence[str], ins: Sequence[str]) -> Local:
    """Differentiate, with the derivative of the activation under its name."""
    work = differentiate(function, variable)
    work.stages = [Stage(s.rules, tuple(_primed(t, board.primes) for t in s.terms)) for s in work.stages]
    return Local(work, work.stages[-1].terms, dict(zip((*work.out, *work.by), (*outs, *ins), strict=True)))


def _primed(term: Term, primes: Mapping[Element, Element]) -> Term:
    return replace(term, factors=tuple((primes.get(f, f), labels) for f, labels in term.factors))


def local_lines(board: Board, left: Written, part: Local) -> list[Line]:
    """The lines of a derivative ∂part/∂variable, from the record of its rules."""
    work, form = part.work, board.form()
    form.letters = dict(part.letters)
    judge = board.judge(work.variable)
    letters = tuple(part.letters.values())
    extents = (*work.function.shape, *work.variable.shape)
    expected = judge.partial(work.function)
    lines: list[Line] = []
    before, waiting = left, []
    for position, stage in enumerate(work.stages[1:], 1):
        waiting += [r for r in stage.rules if r not in waiting]
        last = position == len(work.stages) - 1
        if not last and all(r.name in _SMALL for r in stage.rules):
            continue
        tree = board.line(form.stage(work, stage.terms))
        judge.check(_without_ones(tree, board.named), letters, extents, expected)
        if tree != before:
            names = list(dict.fromkeys(r.name for r in waiting))
            big = [n for n in names if n not in _SMALL] or names
            whys = dict.fromkeys(r.why for r in waiting if r.name in big and r.why)
            lines.append(Line(" and ".join(big), before, tree, "; ".join(whys)))
            before = tree
        waiting = []
    done = board.entry(part.element, letters)
    judge.check(_without_ones(done, board.named), letters, extents, expected)
    if done != before:
        lines.append(Line("collapse δ", before, done, TWO_INDICES))
    return lines


def _without_ones(tree: Written, named: Mapping[str, Element]) -> Written:
    """A line for its judge, who reads what a name stands for without its axes of size 1: A_1r as A_r."""
    args = tuple(_without_ones(a, named) for a in tree.args)
    if tree.op == "entry" and args[0].op == "name" and args[0].value in named and args[0].shape[0] == 1:
        args = tuple(a for a in args if a.op != "number")
    return replace(tree, args=args)


def contracted(work: Differentiation, terms: Sequence[Term], weights: Element, first: bool) -> Element:
    """Σ weights_out · ∂out/∂by: the chain rule, the derivative of ℒ by the variable of a layer; the weights come first or last."""
    own = [(weights, work.out)]
    parts = [product(work.by, [*own, *t.factors] if first else [*t.factors, *own], work.sizes, t.coefficient, t.deltas, flat=True)
             for t in terms]
    return total(parts, work.variable.shape)


def summed(body: Written, letters: Sequence[str], extents: Sequence[Size]) -> Written:
    """Σ over letters, the first outermost."""
    for letter, extent in reversed(list(zip(letters, extents, strict=True))):
        body = Written("sum", (body,), (letter, extent))
    return body


__all__ = ["TWO_INDICES", "Board", "Local", "contracted", "local", "local_lines", "slopes_last", "summed", "upright"]
