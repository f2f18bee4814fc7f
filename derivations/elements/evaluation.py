"""The value of an element: one small walk for NumPy and JAX, real or complex.

`evaluate` takes the array library as an argument and knows nothing else of it. Every node is computed once, however often
it is shared. Values may carry further axes in front (many points at once), the same ones on every variable.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from ..errors import UnsupportedError
from ..sizes import Size, value_of
from .elements import Contraction, Element
from .functions import FUNCTIONS

Operand = tuple[Any, Sequence[int]]  # an array and the indices of its last axes
Rule = Callable[["Evaluator", Element, Sequence[Any]], Any]

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Evaluator:
    """Values of elements at given variables and sizes, remembered node by node."""

    rules: ClassVar[Mapping[str, Rule]]  # what a node of each kind is computed by

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int], xp: Any = np):
        self.values = values
        self.sizes = sizes
        self.xp = xp
        self._known: dict[Element, Any] = {}

    def __call__(self, element: Element) -> Any:
        """The value: an array whose last axes are those of the element."""
        known, rules = self._known, self.rules
        for node in reversed(list(element.walk())):
            if node not in known:
                known[node] = rules[node.kind](self, node, [known[a] for a in node.args])
        return known[element]

    def number(self, value: Fraction | int) -> Any:
        """A rational number as this evaluator holds numbers (of NumPy: a root of −1 is no number, 1/0 no error)."""
        return np.float64(value)

    def extent(self, size: Size) -> int:
        """The number a size stands for here."""
        return value_of(size, self.sizes)


def _variable(at: Evaluator, node: Element, _: Sequence[Any]) -> Any:
    return at.values[node.value]


def _product(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    value: Contraction = node.value
    coefficient = at.number(value.coefficient)
    if args and all(place == value.out for place in value.places) and len(set(value.out)) == len(value.out):
        return math.prod(args[1:], start=args[0]) if value.coefficient == 1 else math.prod(args, start=coefficient)
    xp, out = at.xp, tuple(dict.fromkeys(value.out))
    factors: list[Operand] = list(zip(args, value.places, strict=True))
    covered = {i for place in value.places for i in place}
    factors += [(xp.ones(at.extent(value.sizes[i])), (i,)) for i in out if i not in covered]
    result = _contracted(xp, factors, out)
    if value.coefficient != 1:
        result = coefficient * result
    places = out
    for axis, i in enumerate(value.out):
        if i in value.out[:axis]:  # an index on several axes of the result: spread its entries over the diagonal
            copy = len(value.sizes) + axis
            result = _einsum(xp, [(result, places), (xp.eye(at.extent(value.sizes[i])), (i, copy))], (*places, copy))
            places = (*places, copy)
    if places != value.out and len(places) > len(out):
        order = [len(value.sizes) + axis if i in value.out[:axis] else i for axis, i in enumerate(value.out)]
        result = _einsum(xp, [(result, places)], order)
    return result


def _contracted(xp: Any, factors: list[Operand], out: Sequence[int]) -> Any:
    """The product summed over all indices not in `out`, an index at a time: the work never grows with all sizes at once."""
    while len(factors) > 3:
        summed = {i for _, place in factors for i in place} - set(out)
        if not summed:
            break
        # the index whose sum leaves the fewest axes
        index = min(summed, key=lambda i: (len({x for _, p in factors if i in p for x in p}), i))
        together = [f for f in factors if index in f[1]]
        rest = [f for f in factors if index not in f[1]]
        place = [i for i in dict.fromkeys(i for _, p in together for i in p) if i != index]
        factors = [*rest, (_einsum(xp, together, place), place)]
    return _einsum(xp, factors, out)


def _einsum(xp: Any, factors: Sequence[Operand], out: Sequence[int]) -> Any:
    letters: dict[int, str] = {}
    for _, place in factors:
        for i in place:
            letters.setdefault(i, _LETTERS[len(letters)])
    spec = ",".join("..." + "".join(letters[i] for i in place) for _, place in factors)
    return xp.einsum(spec + "->..." + "".join(letters[i] for i in out), *(array for array, _ in factors))


def _map(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    return FUNCTIONS[node.value].array(at.xp, *(at.xp.asarray(a) for a in args))


def _power(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    base, exponent = args[0], node.value
    if exponent.denominator == 1:
        whole = int(exponent)
        return base**whole if whole > 0 else 1 / base ** (-whole)
    if exponent == 0.5:
        return at.xp.sqrt(base)
    return base ** float(exponent)


def _stack(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    return at.xp.stack(_with_points(at, node, args), axis=-len(node.shape))


def _join(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    return at.xp.concatenate(_with_points(at, node, args), axis=node.value - len(node.shape))


def _with_points(at: Evaluator, node: Element, args: Sequence[Any]) -> list[Any]:
    """All parts with the axes of the points that one of them has in front."""
    arrays = [at.xp.asarray(a) for a in args]
    inner = [tuple(at.extent(s) for s in part.shape) for part in node.args]
    points = max((a.shape[: a.ndim - len(shape)] for a, shape in zip(arrays, inner, strict=True)), key=len)
    return [at.xp.broadcast_to(a, points + shape) for a, shape in zip(arrays, inner, strict=True)]


def _merge(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    array, rank = at.xp.asarray(args[0]), len(node.args[0].shape)
    order = [axis for group in node.value for axis in group]
    lead = array.ndim - rank
    array = at.xp.transpose(array, (*range(lead), *(lead + axis for axis in order)))
    return array.reshape((*array.shape[:lead], *(at.extent(s) for s in node.shape)))


def _unit(at: Evaluator, node: Element, _: Sequence[Any]) -> Any:
    return at.xp.eye(at.extent(node.shape[0]))[node.value - 1]


def _shift(at: Evaluator, node: Element, _: Sequence[Any]) -> Any:
    return at.xp.roll(at.xp.eye(at.extent(node.shape[0])), node.value, axis=0)


def _expm(xp: Any, matrix: Any) -> Any:
    """The matrix exponential: Taylor's series of order 14 of M/32 in powers of its cube, squared five times.

    Few products, because JAX compiles each of them (Paterson and Stockmeyer 1973).
    """
    a = matrix / 32
    powers = [xp.eye(matrix.shape[-1]), a, a @ a]
    cube = powers[2] @ a
    result = xp.zeros_like(a)
    for block in range(4, -1, -1):
        result = result @ cube + sum(p / math.factorial(3 * block + k) for k, p in enumerate(powers))
    for _ in range(5):
        result = result @ result
    return result


def _where_regular(xp: Any, matrix: Any, value: Any) -> Any:
    """The value where the matrix is regular, NaN where rounding decides (smallest singular value below 1e-10 of the largest).

    JAX is asked only where NumPy found a regular matrix.
    """
    if xp is not np or not matrix.size:
        return value
    if not np.isfinite(matrix).all():
        return np.full_like(value, np.nan)
    singular = np.linalg.svd(matrix, compute_uv=False)
    regular = singular[..., -1] > 1e-10 * singular[..., 0]
    return np.where(regular.reshape(regular.shape + (1,) * (value.ndim - regular.ndim)), value, np.nan)


def _inverse(xp: Any, matrix: Any) -> Any:
    try:
        value = xp.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.full_like(matrix, np.nan)
    return _where_regular(xp, matrix, value)


def _logdet(xp: Any, matrix: Any) -> Any:
    determinant = xp.linalg.det(matrix)
    return _where_regular(xp, matrix, xp.log(xp.where(determinant.real < 0, -determinant, determinant)))


def _shifted_exp(xp: Any, x: Any) -> tuple[Any, Any]:
    top = x.real.max(axis=-1, keepdims=True)
    return xp.exp(x - top), top


def _softmax(xp: Any, x: Any) -> Any:
    e, _ = _shifted_exp(xp, x)
    return e / e.sum(axis=-1, keepdims=True)


def _logsumexp(xp: Any, x: Any) -> Any:
    e, top = _shifted_exp(xp, x)
    return xp.log(e.sum(axis=-1)) + top[..., 0]


def _extreme(choose: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def value(xp: Any, x: Any) -> Any:
        return (x * _where_extreme(choose)(xp, x)).sum(axis=-1)

    return value


def _where_extreme(choose: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """One at the first place of the largest (smallest) entry, else zero."""

    def value(xp: Any, x: Any) -> Any:
        best = choose(xp, x.real)
        return xp.where(xp.arange(x.shape[-1]) == best[..., None], 1.0, 0.0)

    return value


FORMS: dict[str, Callable[..., Any]] = {
    "inverse": _inverse,
    "det": lambda xp, x: xp.linalg.det(x),
    "logdet": _logdet,
    "softmax": _softmax,
    "log_softmax": lambda xp, x: x - _logsumexp(xp, x)[..., None],
    "logsumexp": _logsumexp,
    "prod": lambda xp, x: x.prod(axis=-1),
    "max": _extreme(lambda xp, x: xp.argmax(x, axis=-1)),
    "min": _extreme(lambda xp, x: xp.argmin(x, axis=-1)),
    "argmax": _where_extreme(lambda xp, x: xp.argmax(x, axis=-1)),
    "argmin": _where_extreme(lambda xp, x: xp.argmin(x, axis=-1)),
    "expm": _expm,
}


def _form(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    if node.value not in FORMS:
        raise UnsupportedError(f"There is no evaluation for “{node.value}”.")
    return FORMS[node.value](at.xp, *(at.xp.asarray(a) for a in args))


RULES: dict[str, Rule] = {
    "variable": _variable,
    "number": lambda at, node, _: at.number(node.value),
    "constant": lambda at, node, _: math.pi if node.value == "pi" else math.e,
    "size": lambda at, node, _: at.number(at.extent(node.value)),
    "zero": lambda at, node, _: at.xp.zeros(tuple(at.extent(s) for s in node.shape)),
    "unit": _unit,
    "shift": _shift,
    "lower": lambda at, node, _: at.xp.tril(at.xp.ones((at.extent(node.shape[0]),) * 2)),
    "product": _product,
    "sum": lambda at, node, args: sum(args[1:], start=args[0]),
    "power": _power,
    "map": _map,
    "form": _form,
    "merge": _merge,
    "stack": _stack,
    "join": _join,
}

Evaluator.rules = RULES
