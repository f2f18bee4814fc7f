"""The loss, and δ of the last layer: ∂ℒ/∂z through the activation of the last layer, multiplied out and simplified.

δ = a − y for cross-entropy behind softmax or sigmoid is derived here, never stated: the derivative of the loss by a, the Jacobian
of the activation written in a, their product, like terms collected, and for softmax the fact that the labels sum to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from ..activations.scalar_writing import written
from ..calculus.tidying import Tidier
from ..elements.elements import Element, Factor, axes_of, node, product, total
from ..elements.functions import FUNCTIONS
from ..elements.meaning import Meaning
from ..elements.symbolic import derivative_element, library
from ..errors import InputError
from ..forms import building as b
from ..notation.written import SCALAR, Written
from .derivation_lines import Board, Local, local, local_lines, slopes_last, summed
from .entries import entry_of, narrowed
from .layer_rules import BELOW, Frame, as_column, board_for, extents_of, put_slope
from .network_names import LOSS, Naming, activated, times
from .networks import Loss
from .statements import Line, Statement, text

ONE_HOT = "the labels of one example sum to 1 (one-hot: 1 for the right class, 0 for the others)"
ENTROPY_BEHIND = ("sigmoid", "softmax")


@dataclass(frozen=True, slots=True)
class LossKind:
    """A loss behind an activation; `mean` divides it by the number of examples."""

    loss: Loss
    activation: str
    mean: bool = False


def check_loss(kind: LossKind, outputs: object) -> None:
    """Raises InputError for a loss that has no meaning behind this activation."""
    if kind.loss == "cross-entropy" and kind.activation not in ENTROPY_BEHIND:
        raise InputError("Cross-entropy takes the logarithm of the outputs, so the last layer is softmax (one of many classes) or sigmoid "
                         f"(yes or no), not {kind.activation}.")
    if kind.activation == "softmax" and outputs == 1:
        raise InputError("A softmax layer has at least two units: the output of a single one is always 1.")


def loss_formula(naming: Naming, kind: LossKind) -> Written:
    """The loss of one example, or the sum or mean over a batch."""
    a, y = naming.a(naming.last), naming.y
    batched = naming.batch != "one"
    over = [Written("size", (), naming.examples)] if kind.mean and batched else []
    if kind.loss != "cross-entropy":
        difference = Written("sub", (a, y), None, a.shape)
        norm = "2" if 1 in a.shape else "F"
        base = difference if difference.is_scalar else Written("norm", (difference,), norm)
        square = Written("power", (base, b.num(2)))
        below = ([b.num(2)] if kind.loss == "half-squared" else []) + over
        return b.scale(b.divide(b.ONE, b.scale(*below) if len(below) == 2 else below[0]), square) if below else square
    one_minus = [Written("sub", (b.ONE, t), None, t.shape) for t in (y, a)]
    pairs = [(y, a)] if kind.activation == "softmax" else [(y, a), (one_minus[0], one_minus[1])]
    if batched:
        body = b.add([b.hadamard([label, b.call("log", part)]) for label, part in pairs])
        tree = b.neg(b.call("sum", body, shape=SCALAR))
    else:
        tree = b.add([b.neg(times(b.transpose(label), b.call("log", part))) for label, part in pairs])
    return b.scale(b.divide(b.ONE, over[0]), tree) if over else tree


def _board(frame: Frame, kind: LossKind) -> tuple[Board, Element]:
    """A board on which a is f(z), and f(z)."""
    naming, layer = frame.naming, frame.first
    z, a, y = naming.z(layer), naming.a(layer), naming.y
    board = board_for(frame, [z, a, y])
    inner = Meaning().of(activated(naming, kind.activation, layer))
    board.values[str(a.value)] = board.value(inner)
    labels = board.meaning.of(y)
    shape = np.shape(board.values[labels.value])
    if kind.loss == "cross-entropy":
        rng = np.random.default_rng(3)
        board.values[labels.value] = one_hot(rng, shape, unit_axis(frame)) if kind.activation == "softmax" else rng.uniform(size=shape)
    board.named = {str(a.value): inner}
    return board, inner


def unit_axis(frame: Frame) -> int:
    """Which axis of a quantity with an entry for every unit and example is that of the units."""
    return 1 if frame.batch == "rows" else 0


def one_hot(rng: np.random.Generator, shape: Sequence[int], axis: int) -> Any:
    """Labels: a single 1 along an axis."""
    order = np.moveaxis(np.empty(shape), axis, -1).shape
    chosen = np.eye(order[-1])[rng.integers(0, order[-1], size=order[:-1])]
    return np.moveaxis(chosen, -1, axis)


@lru_cache(maxsize=256)
def loss_statement(frame: Frame, kind: LossKind) -> Statement:
    """ℒ."""
    board, _ = _board(frame, kind)
    formula = loss_formula(frame.naming, kind)
    element = board.meaning.of(formula)
    entry = _loss_entry(frame, kind)
    board.check(entry, (), (), board.value(element))
    why = {"half-squared": "half the squared distance to the target", "squared": "the squared distance to the target",
           "cross-entropy": "minus the logarithm of the probability given to the label"}[kind.loss]
    if frame.batch != "one":
        why += ", the mean over the examples" if kind.mean else ", summed over the examples"
    return Statement("L", "L", 0, LOSS, formula, LOSS, entry, SCALAR, why=why)


def _loss_entry(frame: Frame, kind: LossKind) -> Written:
    """The loss as a sum over entries."""
    naming = frame.naming
    over = frame.units_and_examples(naming.y, "i", "r")
    a, y = (entry_of(name, over) for name in (naming.a(frame.first), naming.y))
    extents = extents_of(naming.y)
    below = [Written("size", (), naming.examples)] if kind.mean and frame.batch != "one" else []
    if kind.loss != "cross-entropy":
        below = ([b.num(2)] if kind.loss == "half-squared" else []) + below
        tree = summed(Written("power", (Written("sub", (a, y)), b.num(2))), over, extents)
    else:
        terms = [b.scale(y, b.call("log", a))]
        if kind.activation == "sigmoid":
            terms.append(b.scale(Written("sub", (b.ONE, y)), b.call("log", Written("sub", (b.ONE, a)))))
        tree = b.neg(summed(b.add(terms), over, extents)) if over else b.add([b.neg(t) for t in terms])
    return b.scale(b.divide(b.ONE, b.scale(*below) if len(below) == 2 else below[0]), tree) if below else tree


@lru_cache(maxsize=256)
def output_delta(frame: Frame, kind: LossKind) -> Statement:
    """δ of the last layer, with all lines."""
    naming, layer = frame.naming, frame.first
    z, a, own = naming.z(layer), naming.a(layer), naming.delta(layer)
    board, inner = _board(frame, kind)
    at, over = frame.units_and_examples(z, "j", "s"), frame.units_and_examples(z, "i", "r")
    loss = board.meaning.of(loss_formula(naming, kind))
    outer = local(board, loss, board.meaning.of(a), (), over)
    slopes = _slopes(board, kind, z, a, inner, over, at)
    lines = _chain(z, a, over, at)
    by_a = lines[0].after
    while by_a.op == "sum":
        by_a = by_a.args[0]
    lines += local_lines(replace(board, named={}), by_a.args[0], outer)  # by a itself, whatever it is made of
    lines += local_lines(board, by_a.args[1], slopes)

    expected = board.judge(board.meaning.of(z)).partial(_composed(board, naming, kind))
    first, second = board.entry(outer.element, over), board.entry(slopes.element, (*over, *at))
    put = summed(b.scale(first, second), over, extents_of(z))
    board.check(put, at, extents_of(z), expected)
    lines.append(Line("put in", lines[0].after, put, "both derivatives"))
    raw = _multiplied(outer, slopes)
    result = Tidier({})(raw)
    entry = slopes_last(board.entry(result, at)) if at else _scalar_entry(put, result, kind)
    _continue(board, lines, entry, at, expected, "multiply out", "a δ with two indices keeps one term of a sum; equal factors cancel, "
              "and like terms are added" if at else "equal factors cancel, and like terms are added")
    if kind.loss == "cross-entropy" and kind.activation == "softmax":
        result = _with_labels_summed(result, board.meaning.of(naming.y), unit_axis(frame))
        entry = board.entry(result, at)
        _continue(board, lines, entry, at, expected, "use Σ y = 1", ONE_HOT)
    if frame.is_narrow:
        matrix = narrowed(output_delta(frame.general, kind).matrix, frame.narrow)
    else:
        matrix = board.matrix(result, z) if at else entry
    if matrix is not None and at:
        board.check(matrix, (), (), expected)
        lines.append(Line("matrix form", own, matrix, "all entries at once"))
    why = "how ℒ changes with the output, times how the output changes with z"
    return Statement(f"delta_{layer}", "delta", layer, own, matrix, entry_of(own, at), entry, z.shape, tuple(lines),
                     Written("derivative", (LOSS, z)), why)


def _continue(board: Board, lines: list[Line], entry: Written, at: Sequence[str], expected: Any, rule: str, why: str) -> None:
    board.check(entry, at, _extents(expected, board), expected)
    if entry != lines[-1].after:
        lines.append(Line(rule, lines[-1].after, entry, why))


def _extents(expected: Any, board: Board) -> tuple[Any, ...]:
    names = {number: name for name, number in board.sizes.items()}
    return tuple(names.get(n, n) for n in np.shape(expected))


def _composed(board: Board, naming: Naming, kind: LossKind) -> Element:
    """The loss as a function of z alone."""
    a = naming.a(naming.last)
    formula = loss_formula(naming, kind)
    return Meaning().of(_replaced(formula, str(a.value), activated(naming, kind.activation, naming.last)))


def _replaced(tree: Written, name: str, by: Written) -> Written:
    if tree.op == "name" and tree.value == name:
        return by
    return replace(tree, args=tuple(_replaced(t, name, by) for t in tree.args))


def _chain(z: Written, a: Written, over: Sequence[str], at: Sequence[str]) -> list[Line]:
    entry, above = entry_of(z, at), entry_of(a, over)
    body = Written("dot", (Written("derivative", (LOSS, above)), Written("derivative", (above, entry))))
    why = f"ℒ depends on {text(z)} only through {text(a)}: the chain rule" + (", summed over all entries" if over else "")
    return [Line("chain rule", Written("derivative", (LOSS, entry)), summed(body, over, extents_of(a)), why)]


def _slopes(board: Board, kind: LossKind, z: Written, a: Written, inner: Element, over: Sequence[str], at: Sequence[str]) -> Local:
    """∂a/∂z: with f′(z) by name, or, behind cross-entropy and for softmax, written in a."""
    if kind.activation in FUNCTIONS and kind.loss != "cross-entropy":
        put_slope(board, kind.activation, z)
        return local(board, inner, board.meaning.of(z), over, at)
    named = board.meaning.of(a)
    whole = {inner: named}
    if inner.kind == "product":  # softmax down the columns: along the rows of the transpose
        whole[inner.args[0]] = Meaning().of(b.transpose(a))
    if kind.activation in FUNCTIONS:
        slope = derivative_element(kind.activation, [board.meaning.of(z)], 0)
        board.primes = {slope: _rebuilt(slope, whole)}
    else:
        board.primes = whole
    part = local(board, inner, board.meaning.of(z), over, at)
    board.meaning.spelled.setdefault(named, as_column(a)) if as_column(a) is not a else None
    return part


def _rebuilt(element: Element, parts: dict[Element, Element]) -> Element:
    """The element with parts replaced, as it stands."""
    if element in parts:
        return parts[element]
    if not element.args:
        return element
    return node(element.kind, tuple(_rebuilt(x, parts) for x in element.args), element.value, element.shape)


def _multiplied(outer: Local, slopes: Local) -> Element:
    """Σ over the entries of a of ∂ℒ/∂a · ∂a/∂z, term by term."""
    gradient = outer.element
    parts = []
    for g in gradient.args if gradient.kind == "sum" else (gradient,):
        for t in slopes.terms:
            own: list[Factor] = [(g, slopes.work.out), *t.factors]
            parts.append(product(slopes.work.by, own, slopes.work.sizes, t.coefficient, t.deltas, flat=True))
    return total(parts, slopes.work.variable.shape)


def _with_labels_summed(element: Element, labels: Element, axis: int) -> Element:
    """Σ_k y_k = 1, where nothing else has the index k."""
    terms = []
    for t in element.args if element.kind == "sum" else (element,):
        if t.kind != "product":
            terms.append(t)
            continue
        value = t.value
        out, sizes = axes_of(t.shape, len(value.sizes))
        sizes |= dict(enumerate(value.sizes))
        kept = []
        for k, (f, place) in enumerate(zip(t.args, value.places, strict=True)):
            elsewhere = {i for j, other in enumerate(value.places) if j != k for i in other} | set(value.out)
            if not (f is labels and place[axis] not in elsewhere):
                kept.append((f, place))
        mentioned = {i for _, place in kept for i in place} | set(out) | set(value.out)
        terms.append(product(out, kept, {i: s for i, s in sizes.items() if i in mentioned}, value.coefficient,
                             tuple(zip(out, value.out, strict=True))))
    return Tidier({})(total(terms, element.shape))


def _scalar_entry(put: Written, element: Element, kind: LossKind) -> Written:
    """δ of a single unit; behind cross-entropy it is a polynomial, which SymPy multiplies out."""
    if kind.loss != "cross-entropy":
        return slopes_last(put)
    return written(library().expand(_symbolic(element)))


def _symbolic(element: Element) -> Any:
    sp = library()
    if element.kind == "variable":
        return sp.Symbol(element.value, real=True)
    if element.kind == "number":
        return sp.Rational(element.value.numerator, element.value.denominator)
    args = [_symbolic(a) for a in element.args]
    if element.kind == "sum":
        return sp.Add(*args)
    if element.kind == "power":
        exponent: Fraction = element.value
        return args[0] ** sp.Rational(exponent.numerator, exponent.denominator)
    coefficient: Fraction = element.value.coefficient
    return sp.Mul(sp.Rational(coefficient.numerator, coefficient.denominator), *args)


__all__ = ["BELOW", "ENTROPY_BEHIND", "LossKind", "check_loss", "loss_formula", "loss_statement", "one_hot", "output_delta", "unit_axis"]
