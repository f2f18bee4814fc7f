"""From a general element to index notation: X_ij w_j under its sum, with δ's, for steps and for what no matrix can say.

Parts that have a matrix notation are written as entries of it, (Xw − y)_i, so that a line stays as short as a person
would keep it. The result is a written form again, printed by the writer like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..calculus.calculus import Differentiation, Term
from ..elements.elements import Contraction, Element, Factor, Label, is_zero, power
from ..errors import UnsupportedError
from ..notation.written import SCALAR, Written
from ..sizes import Size
from . import building as b
from .matrixform import MatrixForm, NoNotation

_OUTPUTS = ("i", "j", "k", "l", "a", "b", "g", "h")
_INPUTS = ("p", "q", "r", "s", "t", "u", "v", "m")
_SUMMED = ("j", "k", "l", "m", "r", "s", "t", "u", "v", "a", "b", "c", "g", "h", "o", "n", "i", "p", "q")


def letters_for(outputs: int, inputs: int, taken: Iterable[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The usual letters: i, j, … for the axes of the output, q or p, q for those of the input; none that is taken.

    >>> letters_for(1, 1), letters_for(0, 2, {"p"})
    ((('i',), ('q',)), ((), ('q', 'r')))
    """
    outs = [x for x in _OUTPUTS if x not in set(taken)]
    ins = [x for x in _INPUTS if x not in {*taken, *outs[:outputs]}]
    if inputs == 1 and "q" in ins:
        ins = ["q"]
    outs += [f"i_{k}" for k in range(outputs)]
    ins += [f"p_{k}" for k in range(inputs)]
    return tuple(outs[:outputs]), tuple(ins[:inputs])


@dataclass(slots=True)
class ElementForm:
    """Writes elements entry by entry, with matrix notation for closed parts; `avoid` are names that are no letters here."""

    matrices: MatrixForm
    avoid: frozenset[str] = frozenset()
    letters: dict[Label, str] = field(default_factory=dict)

    def free_letter(self, used: Iterable[str]) -> str:
        """A letter for an index that is summed over, not among those used."""
        taken = {*used, *self.avoid}
        for letter in _SUMMED:
            if letter not in taken:
                return letter
        return next(f"t{k}" for k in range(10_000) if f"t{k}" not in taken)

    # -- elements ------------------------------------------------------------------------------------------------

    def entry(self, e: Element, at: Sequence[str], used: frozenset[str] | None = None) -> Written:
        """The general entry e[at], opened one level: sums and products as such, closed parts as entries."""
        used = (used or frozenset()) | frozenset(at)
        rule: Callable[[Element, Sequence[str], frozenset[str]], Written] = getattr(self, f"_{e.kind}", self._whole)
        return rule(e, at, used)

    def compact(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        """An entry as short as it can be written."""
        if e.kind in ("product", "sum", "merge", "stack") and at and not _is_entrywise(e):
            try:
                tree = self.matrices.of(e)
            except NoNotation:
                return self.entry(e, at, used)
            if tree.op not in ("identity", "ones", "zeros"):
                return _entry(tree, at)
        if not at:
            try:
                return self.matrices.of(e)
            except NoNotation:
                return self.entry(e, at, used)
        return self.entry(e, at, used)

    def _whole(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        """A part that is not opened: an entry of its matrix notation."""
        if not at:
            return self.matrices.of(e)
        if e.kind == "unit":
            return Written("delta", (_index(at[0]), Written("number", (), str(e.value))))
        if e.kind == "lower":
            return Written("indicator", (Written("compare", (_index(at[0]), _index(at[1])), ">="),))
        if e.kind == "variable" and len(e.shape) > 2:
            return Written("entry", (Written("name", (), e.value, e.shape), *map(_index, at)))
        return _entry(self.matrices.of(e), at)

    def _number(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        return b.num(e.value)

    def _zero(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        return b.ZERO

    def _sum(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        return b.add([self.entry(t, at, used) for t in e.args])

    def _power(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        if not at:
            return self.matrices.of(e)
        base, exponent = self.compact(e.args[0], at, used), e.value
        return b.divide(b.ONE, b.power(base, -exponent)) if exponent < 0 else b.power(base, exponent)

    def _map(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        args = [self.compact(a, at, used) for a in e.args]
        if e.value in ("<", "<=", ">", ">=", "=", "!="):
            return Written("indicator", (Written("compare", tuple(args), e.value),))
        if e.value == "step":
            return Written("indicator", (Written("compare", (args[0], b.ZERO), ">"),))
        if e.value == "where":
            condition = args[0].args[0] if args[0].op == "indicator" else Written("compare", (args[0], b.ZERO), "!=")
            return Written("cases", (args[1], condition, args[2]), True)
        if e.value == "pow":
            return Written("power", tuple(args))
        return b.call(e.value, *args, shape=SCALAR)

    def _form(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        if len(e.shape) <= 2:
            return _entry(self.matrices.of(e), at) if at else self.matrices.of(e)
        raise UnsupportedError(f"There is no notation for an entry of {e.value} with {len(e.shape)} axes.")

    def _product(self, e: Element, at: Sequence[str], used: frozenset[str]) -> Written:
        value: Contraction = e.value
        letters: dict[int, str] = {}
        deltas: list[tuple[str, str]] = []
        for letter, index in zip(at, value.out, strict=True):
            if index in letters:
                deltas.append((letters[index], letter))
            letters.setdefault(index, letter)
        summed: list[tuple[str, Size]] = []
        for index, extent in enumerate(value.sizes):
            if index not in letters:
                letters[index] = self.free_letter(used)
                used |= {letters[index]}
                summed.append((letters[index], extent))
        factors = [(f, tuple(letters[i] for i in place)) for f, place in zip(e.args, value.places, strict=True)]
        return self.term(value.coefficient, factors, deltas, summed, used)

    def term(self, coefficient: Fraction, factors: Sequence[tuple[Element, tuple[str, ...]]], deltas: Iterable[tuple[str, str]],
             summed: Sequence[tuple[str, Size]], used: frozenset[str], last: Written | None = None) -> Written:
        """c Σ δ f g … as one term: numbers before the sum, divisors below a line."""
        bound = {letter for letter, _ in summed}
        outside: list[Written] = []
        ties = [(Written("delta", (_index(a), _index(c))), {a, c} & bound) for a, c in deltas]
        inside: list[Written] = []
        below_outside: list[Written] = []
        below_inside: list[Written] = []
        for f, at in factors:
            inner = bool(set(at) & bound) or not bound
            if f.kind == "power" and f.value < 0:
                (below_inside if inner else below_outside).append(self.compact(power(f.args[0], -f.value), at, used))
            else:
                (inside if inner else outside).append(self.compact(f, at, used))
        # Σ_j X_ij δ_jq, but δ_jp X_iq and δ_ip Σ_j …
        inside += [tie for tie, is_summed in ties if is_summed]
        free_ties = [tie for tie, is_summed in ties if not is_summed]
        inside, outside = ([*free_ties, *inside], outside) if not summed else (inside, [*free_ties, *outside])
        if last is not None:
            inside.append(last)
        body = b.divide(_run(inside), _run(below_inside))
        for letter, extent in reversed(summed):
            body = Written("sum", (body,), (letter, extent))
        above, below = b.top_and_bottom(abs(coefficient))
        top, bottom = _run([*above, *outside]), _run([*below, *below_outside])
        simple = bottom.op in ("number", "size")
        if b.is_one(bottom):
            result = b.scale(top, body)
        elif simple and not b.is_one(body):
            result = b.scale(b.divide(top, bottom), body)
        else:
            result = b.divide(b.scale(top, body), bottom)
        return b.polished(b.neg(result) if coefficient < 0 else result)

    # -- derivatives under way -------------------------------------------------------------------------------------

    def stage(self, work: Differentiation, terms: Sequence[Term], free: Sequence[Label] = ()) -> Written:
        """All terms of a stage, what is still to be differentiated as ∂u/∂x; `free` labels are not summed over here."""
        if not terms:
            return b.ZERO
        return b.add([self._stage_term(work, t, {*work.out, *work.by, *free}) for t in terms])

    def pending(self, work: Differentiation, factor: Factor) -> Written:
        """∂u[at]/∂x[by]."""
        element, labels = factor
        at = tuple(self.letters[label] for label in labels)
        by = tuple(self.letters[label] for label in work.by)
        top = self.compact(element, at, frozenset(at) | frozenset(by))
        return Written("derivative", (top, self._whole(work.variable, by, frozenset())))

    def _stage_term(self, work: Differentiation, term: Term, free: set[Label]) -> Written:
        factors = [*term.factors, *([term.pending] if term.pending else [])]
        labels = dict.fromkeys([label for _, ls in factors for label in ls] + [x for pair in term.deltas for x in pair])
        used = {self.letters[label] for label in [*labels, *free] if label in self.letters}
        for label in labels:
            if label not in self.letters:
                self.letters[label] = self.free_letter(used)
                used.add(self.letters[label])
        summed = [(self.letters[label], work.sizes[label]) for label in labels if label not in free]
        spelled = [(f, tuple(self.letters[label] for label in ls)) for f, ls in term.factors]
        deltas = [(self.letters[x], self.letters[y]) for x, y in term.deltas]
        last = self.pending(work, term.pending) if term.pending else None
        return self.term(term.coefficient, spelled, deltas, summed, frozenset(used), last)


def _is_entrywise(e: Element) -> bool:
    """Whether no index is summed over on the way to names and functions: 1 − σ(z) is, Xw − y is not."""
    if e.kind == "sum":
        return all(_is_entrywise(t) for t in e.args)
    if e.kind == "product":
        return set(range(len(e.value.sizes))) == set(e.value.out) and all(_is_entrywise(f) for f in e.args)
    return e.kind not in ("merge", "stack", "join")


def _index(letter: str) -> Written:
    return Written("index", (), letter)


def _entry(tree: Written, at: Sequence[str]) -> Written:
    """(…)_ij; the transpose of a matrix turns its indices, a number spread over axes has none."""
    if tree.op == "ones":
        return b.ONE
    if tree.op == "transpose" and len(at) == 2:
        return _entry(tree.args[0], (at[1], at[0]))
    if tree.op == "neg":
        return b.neg(_entry(tree.args[0], at))
    return Written("entry", (tree, *map(_index, at)))


def _run(factors: Sequence[Written]) -> Written:
    result = b.ONE
    for f in factors:
        result = b.scale(result, f)
    return result


def numpy_form(e: Element, matrices: MatrixForm) -> Written:
    """The element as NumPy computes it where no matrix notation exists: a sum of `einsum` calls over closed parts."""
    terms = e.args if e.kind == "sum" else (e,)
    return b.add([_einsum_term(t, matrices) for t in terms])


def _einsum_term(e: Element, matrices: MatrixForm) -> Written:
    if e.kind == "merge":
        inner = numpy_form(e.args[0], matrices)
        return Written("merge", (inner,), e.value, e.shape)
    if e.kind != "product":
        return _operand(e, matrices)
    value: Contraction = e.value
    letters = "ijklmnopqrstuvwxyzabcdefgh"
    letters += letters.upper()
    if len(value.sizes) + len(value.out) > len(letters):
        raise UnsupportedError(f"A product over {len(value.sizes)} indices at once is more than NumPy's einsum has letters for.")
    args, places = [], []
    out: list[str] = []
    extra = len(value.sizes)
    for f, place in zip(e.args, value.places, strict=True):
        args.append(_operand(f, matrices))
        places.append("".join(letters[i] for i in place))
    covered = {i for place in value.places for i in place}
    for k, i in enumerate(value.out):
        if i in value.out[:k]:  # the same index on a second axis: an identity spreads it over the diagonal
            args.append(b.identity(value.sizes[i]))
            places.append(letters[i] + letters[extra])
            out.append(letters[extra])
            extra += 1
        else:
            out.append(letters[i])
            if i not in covered and value.out.count(i) == 1:
                args.append(b.ones(value.sizes[i]))
                places.append(letters[i])
    spec = ",".join(places) + "->" + "".join(out)
    tree = Written("call", tuple(args), ("einsum", ("spec", spec)), e.shape)
    magnitude = abs(value.coefficient)
    tree = b.scale(b.num(magnitude), tree) if magnitude != 1 else tree
    return b.neg(tree) if value.coefficient < 0 else tree


def _operand(e: Element, matrices: MatrixForm) -> Written:
    if e.kind == "variable" and len(e.shape) > 2:
        return Written("name", (), e.value, e.shape)
    if is_zero(e):
        return Written("zeros", (), None, e.shape if len(e.shape) > 1 else (*e.shape, 1))
    if e.kind == "unit":
        n = e.shape[0]
        row = (b.identity(n), Written("number", (), str(e.value)), Written("index", (), ":"))
        return Written("entry", row, None, (n, 1))
    if e.kind in ("shift", "lower"):
        n = e.shape[0]
        value: Any = ("roll", ("shift", e.value), ("axis", 0)) if e.kind == "shift" else ("cumsum", ("axis", 0))
        return Written("call", (b.identity(n),), value, (n, n))
    if e.kind in ("merge", "product", "sum"):
        try:
            return matrices.of(e)
        except NoNotation:
            return numpy_form(e, matrices)
    return matrices.of(e)


__all__ = ["ElementForm", "Mapping", "letters_for", "numpy_form"]
