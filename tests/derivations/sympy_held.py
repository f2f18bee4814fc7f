"""The other way to hold an element: one SymPy expression, with index nodes of our own that never evaluate alone.

`hold` turns an element into such an expression, SymPy's own `diff` differentiates it, `collapse` uses up the δ's,
`Value` computes it with NumPy. Nothing of `calculus.py`, `tidying.py` and `evaluation.py` is used, so this is an independent
judge of them in the tests; `benchmarks/holding.py` compares the two ways (docs/decisions/003).

Nodes: Entry (w[i]), Delta (1 where two indices agree), Contract (a sum over indices) and Form (a function of a whole
column or matrix, which binds the indices of its body: inverse, det, log|det|, Π, max, min). An index is a SymPy dummy
that knows its size; every one is made once, so that no bound index can be caught by another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np
import sympy as sp

from hwcheck.derivations.elements.elements import Element
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.sizes import Size, value_of


class UnheldError(Exception):
    """There is no SymPy expression for this kind of element here."""


class Index(sp.Dummy):
    """An index; `extent` is the size of the axis it runs over."""

    extent: Size


def index(size: Size) -> Index:
    """A new index."""
    made = Index("i", integer=True)
    made.extent = size
    return made


class _Scalar(sp.Expr):
    """A real number that SymPy may multiply, add and put into functions, and leaves alone otherwise."""

    is_commutative = True
    is_real = True
    _op_priority = 20


class Entry(_Scalar):
    """W[p, q]: an entry of a named variable; what one differentiates by."""

    is_symbol = _diff_wrt = True

    @property
    def free_symbols(self) -> set[Any]:
        return set(self.args)

    def _eval_derivative(self, by: Any) -> Any:
        if not isinstance(by, Entry) or by.args[0] != self.args[0]:
            return sp.S.Zero
        return sp.Mul(*(delta(a, b) for a, b in zip(self.args[1:], by.args[1:], strict=True)))


class Known(_Scalar):
    """An entry of a matrix of constants: the cyclic shift by k places, the lower triangle of ones."""

    def _eval_derivative(self, by: Any) -> Any:
        return sp.S.Zero


class Delta(_Scalar):
    """1 where two indices agree, else 0."""

    def _eval_derivative(self, by: Any) -> Any:
        return sp.S.Zero

    def _eval_power(self, exponent: Any) -> Any:
        return self if exponent.is_positive else None


class Contract(_Scalar):
    """The sum of a body over indices; exp of it stays exp of it."""

    @property
    def free_symbols(self) -> set[Any]:
        return self.args[0].free_symbols - set(self.args[1:])  # type: ignore[no-any-return]

    def _eval_derivative(self, by: Any) -> Any:
        return contract(self.args[0].diff(by), self.args[1:])


class Form(_Scalar):
    """Form(kind, body, bound indices, place): an entry, at `place`, of a function of the tensor with entries `body`."""

    @property
    def free_symbols(self) -> set[Any]:
        _, body, bound, place = self.args
        return (body.free_symbols - set(bound)) | place.free_symbols  # type: ignore[no-any-return]

    def _eval_derivative(self, by: Any) -> Any:
        kind, body, bound, place = self.args
        fresh = [index(b.extent) for b in bound]
        inner = at(body.diff(by), dict(zip(bound, fresh, strict=True)))
        rule = _FORM_RULES.get(kind.name)
        if rule is None:
            raise UnheldError(f"a derivative of {kind.name}")
        return contract(rule(self, inner, fresh, place), fresh)


def _inverse_at(form: Form, place: Sequence[Any]) -> Any:
    return Form(sp.Symbol("inverse"), form.args[1], form.args[2], sp.Tuple(*place))


# What the sum over the fresh indices runs over; `u` is the derivative of the body at those.
_FORM_RULES: dict[str, Callable[[Form, Any, Sequence[Any], Any], Any]] = {
    "inverse": lambda f, u, k, at_: -_inverse_at(f, [at_[0], k[0]]) * u * _inverse_at(f, [k[1], at_[1]]),
    "det": lambda f, u, k, _: f * _inverse_at(f, [k[1], k[0]]) * u,
    "logdet": lambda f, u, k, _: _inverse_at(f, [k[1], k[0]]) * u,
    "prod": lambda f, u, k, _: f / at(f.args[1], {f.args[2][0]: k[0]}) * u,
    "max": lambda f, u, k, _: Form(sp.Symbol("argmax"), f.args[1], f.args[2], sp.Tuple(*k)) * u,
    "min": lambda f, u, k, _: Form(sp.Symbol("argmin"), f.args[1], f.args[2], sp.Tuple(*k)) * u,
    "argmax": lambda f, u, k, _: sp.S.Zero,
    "argmin": lambda f, u, k, _: sp.S.Zero,
}

def indices(shape: Iterable[Size]) -> tuple[Index, ...]:
    """A new index for every axis of a shape."""
    return tuple(index(s) for s in shape)


def delta(a: Any, b: Any) -> Any:
    """δ_ab."""
    return sp.S.One if a == b else Delta(*sorted((a, b), key=lambda k: k.sort_key()))


def contract(body: Any, over: Iterable[Any]) -> Any:
    """Σ body over indices; a body that does not have one of them counts as often as its size says."""
    over, free = list(over), body.free_symbols
    count = sp.Mul(*(_size(k.extent) for k in over if k not in free))
    over = [k for k in over if k in free]
    return count * (Contract(body, *over) if over and body != 0 else body)


def _size(size: Size) -> Any:
    return sp.Integer(size) if isinstance(size, int) else sp.Symbol(f"size {size}", positive=True)


def entry(variable: Element, place: Sequence[Any]) -> Any:
    """variable[place]."""
    return Entry(sp.Symbol(variable.value), *place)


def hold(element: Element, place: Sequence[Any]) -> Any:
    """The entry of an element at `place` as a SymPy expression. Raises UnheldError where there is no way to say it."""
    rule = _HOLD.get(element.kind)
    if rule is None:
        raise UnheldError(element.kind)
    return rule(element, tuple(place))


def _hold_product(e: Element, place: tuple[Any, ...]) -> Any:
    names: dict[int, Any] = {}
    factors: list[Any] = [sp.Rational(e.value.coefficient.numerator, e.value.coefficient.denominator)]
    for label, i in zip(place, e.value.out, strict=True):
        if i in names:
            factors.append(delta(names[i], label))
        names.setdefault(i, label)
    inner = [i for i in range(len(e.value.sizes)) if i not in names]
    names.update((i, index(e.value.sizes[i])) for i in inner)
    factors += [hold(f, [names[i] for i in p]) for f, p in zip(e.args, e.value.places, strict=True)]
    return contract(sp.Mul(*factors), [names[i] for i in inner])


_RELATIONS = {"<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge, "=": sp.Eq, "!=": sp.Ne}


def _hold_map(e: Element, place: tuple[Any, ...]) -> Any:
    row = FUNCTIONS[e.value]
    if e.value == "where" and e.args[0].kind == "map" and e.args[0].value in _RELATIONS:
        sides = [hold(a, place) for a in e.args[0].args]
        return sp.Piecewise((hold(e.args[1], place), _RELATIONS[e.args[0].value](*sides)), (hold(e.args[2], place), True))
    given = [hold(a, place) for a in e.args]
    usual = [sp.Rational(v.numerator, v.denominator) for _, v in row.parameters[len(given) - row.arity :]]
    return row.symbolic(sp, *given, *usual)


def _hold_form(e: Element, place: tuple[Any, ...]) -> Any:
    x = e.args[0]
    if e.value in ("softmax", "log_softmax", "logsumexp"):
        lead = place if e.value == "logsumexp" else place[:-1]
        k = index(x.shape[-1])
        total = contract(sp.exp(hold(x, (*lead, k))), [k])
        if e.value == "logsumexp":
            return sp.log(total)
        own = hold(x, place)
        return sp.exp(own) / total if e.value == "softmax" else own - sp.log(total)
    if e.value not in _FORM_RULES:
        raise UnheldError(e.value)
    whole = e.value in ("inverse", "det", "logdet")
    bound = indices(x.shape if whole else x.shape[-1:])
    lead, at_ = ((), place) if whole else (place[: len(x.shape) - 1], place[len(x.shape) - 1 :])
    return Form(sp.Symbol(e.value), hold(x, (*lead, *bound)), sp.Tuple(*bound), sp.Tuple(*at_))


def _hold_stack(e: Element, place: tuple[Any, ...]) -> Any:
    return sp.Add(*(delta(place[0], sp.Integer(k)) * hold(a, place[1:]) for k, a in enumerate(e.args, 1)))


_HOLD: dict[str, Callable[[Element, tuple[Any, ...]], Any]] = {
    "variable": entry,
    "number": lambda e, _: sp.Rational(e.value.numerator, e.value.denominator),
    "constant": lambda e, _: sp.pi if e.value == "pi" else sp.E,
    "size": lambda e, _: _size(e.value),
    "zero": lambda e, _: sp.S.Zero,
    "unit": lambda e, place: delta(place[0], sp.Integer(e.value)),
    "shift": lambda e, place: Known(sp.Symbol("shift"), sp.Integer(e.value), *place),
    "lower": lambda e, place: Known(sp.Symbol("lower"), sp.S.Zero, *place),
    "product": _hold_product,
    "sum": lambda e, place: sp.Add(*(hold(a, place) for a in e.args)),
    "power": lambda e, place: hold(e.args[0], place) ** sp.Rational(e.value.numerator, e.value.denominator),
    "map": _hold_map,
    "form": _hold_form,
    "stack": _hold_stack,
}


def at(expression: Any, put: Mapping[Any, Any]) -> Any:
    """An expression with indices put in for others; bound ones are not touched, and none is caught."""
    if not put or not expression.free_symbols & put.keys():
        return expression
    if isinstance(expression, Contract | Form):
        bound = expression.args[1:] if isinstance(expression, Contract) else expression.args[2]
        caught = {b: index(b.extent) for b in bound if b in put.values()}
        inner = {k: v for k, v in put.items() if k not in bound} | caught
        bound = [caught.get(b, b) for b in bound]
        if isinstance(expression, Contract):
            return Contract(at(expression.args[0], inner), *bound)
        kind, body, _, place = expression.args
        return Form(kind, at(body, inner), sp.Tuple(*bound), sp.Tuple(*(put.get(k, k) for k in place)))
    if isinstance(expression, Delta):
        return delta(*(put.get(k, k) for k in expression.args))
    if expression in put:
        return put[expression]
    return expression.func(*(at(a, put) for a in expression.args))


def collapse(expression: Any) -> Any:
    """The δ's under sums used up; what does not have an index of a sum is moved out of it."""
    if isinstance(expression, Contract):
        return _collapsed(collapse(expression.args[0]), list(expression.args[1:]))
    if isinstance(expression, Form):
        kind, body, bound, place = expression.args
        return Form(kind, collapse(body), bound, place)
    if not expression.args or not expression.has(Contract):
        return expression
    return expression.func(*(collapse(a) for a in expression.args))


def _collapsed(body: Any, over: list[Any]) -> Any:
    if body == 0 or not over:
        return body
    if body.is_Add and any(_ties(t, over) for t in body.args):
        return sp.Add(*(_collapsed(t, over) for t in body.args))
    factors = sp.Mul.make_args(body)
    for f in factors:
        if isinstance(f, Delta) and set(f.args) & set(over):
            gone, kept = f.args if f.args[0] in over else reversed(f.args)
            rest = at(sp.Mul(*(g for g in factors if g is not f)), {gone: kept})
            return _collapsed(rest, [k for k in over if k != gone])
    for f in factors:
        if f.is_Add and any(_ties(t, over) for t in f.args):
            rest = sp.Mul(*(g for g in factors if g is not f))
            return sp.Add(*(_collapsed(rest * t, over) for t in f.args))
    outside = [f for f in factors if not f.free_symbols & set(over)]
    return sp.Mul(*outside) * contract(sp.Mul(*(f for f in factors if f not in outside)), over)


def _ties(term: Any, over: list[Any]) -> bool:
    """Whether a δ that is a factor of the term, or of a term of a factor, ties one of the indices."""
    return any(isinstance(d, Delta) and set(d.args) & set(over) for f in sp.Mul.make_args(term)
               for d in (f.args if f.is_Add else [f]) for d in sp.Mul.make_args(d))


def derivative(function: Element, variable: Element, order: int = 1) -> tuple[Any, tuple[Any, ...]]:
    """The derivative as a collapsed expression, and its free indices: axes of the function, then of the variable.

    Axes that are put together in the end (kron, vec) are taken apart, as `derivation.py` does it too.
    """
    inner = function.args[0] if function.kind == "merge" else function
    free = indices(inner.shape)
    expression = collapse(hold(inner, free))
    for _ in range(order):
        by = indices(variable.shape)
        expression = collapse(expression.diff(entry(variable, by)))
        free += by
    return expression, free


# Values


@cache
def _numpy() -> dict[Any, Callable[..., Any]]:
    return {
        sp.exp: np.exp, sp.log: np.log, sp.sin: np.sin, sp.cos: np.cos, sp.tan: np.tan, sp.sinh: np.sinh,
        sp.cosh: np.cosh, sp.tanh: np.tanh, sp.asin: np.arcsin, sp.acos: np.arccos, sp.atan: np.arctan,
        sp.asinh: np.arcsinh, sp.acosh: np.arccosh, sp.atanh: np.arctanh, sp.erf: np.vectorize(math.erf),
        sp.Abs: np.abs, sp.sign: np.sign, sp.Heaviside: lambda x, _: np.heaviside(x, 0.0), sp.DiracDelta: lambda x, *_: 0.0 * x,
        sp.Max: lambda *a: reduce(np.maximum, a), sp.Min: lambda *a: reduce(np.minimum, a),
        sp.StrictGreaterThan: np.greater, sp.GreaterThan: np.greater_equal, sp.StrictLessThan: np.less,
        sp.LessThan: np.less_equal, sp.Equality: np.equal, sp.Unequality: np.not_equal,
        sp.And: lambda *a: reduce(np.logical_and, a), sp.Or: lambda *a: reduce(np.logical_or, a),
        sp.Not: np.logical_not, sp.Pow: lambda a, b: np.power(a * 1.0, b), sp.Add: lambda *a: sum(a[1:], a[0]),
        sp.Mul: lambda *a: math.prod(a[1:], start=a[0]),
    }  # fmt: skip


_FORM_VALUES: dict[str, Callable[[Any], Any]] = {
    "inverse": np.linalg.inv,
    "det": np.linalg.det,
    "logdet": lambda x: np.linalg.slogdet(x)[1],
    "prod": lambda x: x.prod(-1),
    "max": lambda x: x.max(-1),
    "min": lambda x: x.min(-1),
    "argmax": lambda x: np.eye(x.shape[-1])[x.argmax(-1)],
    "argmin": lambda x: np.eye(x.shape[-1])[x.argmin(-1)],
}

Axes = tuple[Any, ...]


class Value:
    """Values of expressions at one point: arrays with an index for every axis, combined by NumPy's broadcasting."""

    def __init__(self, values: Mapping[str, Any], numbers: Mapping[str, int]):
        self.values = values
        self.numbers = numbers
        self.known: dict[Any, tuple[Any, Axes]] = {}

    def __call__(self, expression: Any, free: Axes) -> Any:
        """The array of an expression over its free indices, in that order."""
        array, axes = self.of(expression)
        full = np.broadcast_to(self._aligned(array, axes, free), [self.extent(k) for k in free])
        return np.array(full, dtype=float)

    def extent(self, index: Index) -> int:
        return value_of(index.extent, self.numbers)

    def of(self, expression: Any) -> tuple[Any, Axes]:
        if expression not in self.known:
            self.known[expression] = self._of(expression)
        return self.known[expression]

    def _of(self, e: Any) -> tuple[Any, Axes]:
        if e.is_Number or e.is_NumberSymbol:
            return float(e), ()
        if isinstance(e, sp.logic.boolalg.BooleanAtom):
            return bool(e), ()
        if isinstance(e, Entry):
            return self._picked(np.asarray(self.values[e.args[0].name], dtype=float), e.args[1:])
        if isinstance(e, Known):
            n = self.extent(e.args[2])
            matrix = np.roll(np.eye(n), int(e.args[1]), 0) if e.args[0].name == "shift" else np.tri(n)
            return self._picked(matrix, e.args[2:])
        if isinstance(e, Delta):
            n = self.extent(next(k for k in e.args if not k.is_Integer))
            return self._picked(np.eye(n), e.args)
        if e.is_Symbol:
            return float(self.numbers[e.name.removeprefix("size ")]), ()
        if isinstance(e, Contract):
            return self._summed(e)
        if isinstance(e, Form):
            return self._form(e)
        if isinstance(e, sp.Piecewise):
            flat = [part for pair in e.args for part in pair]
            arrays, axes = self._spread(flat)
            return np.select([np.asarray(c) for c in arrays[1::2]], arrays[::2], np.nan), axes
        arrays, axes = self._spread(e.args)
        return _numpy()[e.func](*arrays), axes

    def _picked(self, array: Any, place: Sequence[Any]) -> tuple[Any, Axes]:
        """array[place]: whole numbers choose (counted from 1), an index that occurs twice means the diagonal."""
        array = array[tuple(int(k) - 1 if k.is_Integer else slice(None) for k in place)]
        named = [k for k in place if not k.is_Integer]
        axes = tuple(dict.fromkeys(named))
        return np.einsum(array, [axes.index(k) for k in named], range(len(axes))), axes

    def _summed(self, e: Contract) -> tuple[Any, Axes]:
        body, over = e.args[0], set(e.args[1:])
        parts = [self.of(f) for f in sp.Mul.make_args(body)]
        numbers = {k: n for n, k in enumerate(dict.fromkeys(k for _, axes in parts for k in axes))}
        axes = tuple(k for k in numbers if k not in over)
        operands = [x for array, own in parts for x in (array, [numbers[k] for k in own])]
        return np.einsum(*operands, [numbers[k] for k in axes]), axes

    def _form(self, e: Form) -> tuple[Any, Axes]:
        kind, body, bound, place = e.args
        array, axes = self.of(body)
        lead = tuple(k for k in axes if k not in bound)
        full = np.broadcast_to(self._aligned(array, axes, (*lead, *bound)), [self.extent(k) for k in (*lead, *bound)])
        return self._picked(_FORM_VALUES[kind.name](full), (*lead, *place))

    def _aligned(self, array: Any, axes: Axes, wanted: Axes) -> Any:
        array = np.transpose(np.asarray(array), [axes.index(k) for k in wanted if k in axes])
        return array[tuple(slice(None) if k in axes else None for k in wanted)]

    def _spread(self, expressions: Sequence[Any]) -> tuple[list[Any], Axes]:
        parts = [self.of(a) for a in expressions]
        axes = tuple(dict.fromkeys(k for _, own in parts for k in own))
        return [self._aligned(array, own, axes) for array, own in parts], axes
