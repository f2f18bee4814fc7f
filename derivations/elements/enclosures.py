"""Values that are exact or enclosed: the same walk over an element, on rational numbers and on balls.

A number here is a flint `fmpq`, exact, or an `arb`: a ball that is known to hold the true value. Arithmetic stays exact as
long as it can. Two values are no numbers: `UNDEFINED`, where a function certainly has no value (the logarithm of −1), and
`UNKNOWN`, the ball of everything, where the working precision does not tell.

The definitions of the scalar functions are those of `functions.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from ..errors import UnsupportedError
from .elements import Element
from .evaluation import RULES, Evaluator, Rule
from .functions import FUNCTIONS, SELU_ALPHA, SELU_SCALE

Number = Any  # fmpq or arb; whole numbers may stand for themselves

UNDEFINED = arb("nan")
UNKNOWN = arb("[0 +/- inf]")
_MOST_BITS = 20_000  # an exact power larger than this becomes a ball
_ZERO, _ONE = fmpq(0), fmpq(1)


def exact(value: Fraction | int) -> fmpq:
    """A rational number.

    >>> exact(Fraction(1, 3)) + 1
    4/3
    """
    return fmpq(value.numerator, value.denominator)


def ball(x: Number) -> arb:
    """The smallest ball at the working precision that holds the number."""
    return x if isinstance(x, arb) else arb(x)


def is_exact(x: Number) -> bool:
    """Whether the number is held exactly."""
    return not isinstance(x, arb)


def is_undefined(x: Number) -> bool:
    """Whether there certainly is no value."""
    return isinstance(x, arb) and bool(x.is_nan())


def is_known(x: Number) -> bool:
    """Whether the value is a finite enclosure."""
    return not isinstance(x, arb) or bool(x.is_finite())


def sign_of(x: Number) -> int | None:
    """1, 0 or −1, or None where it is not known."""
    if x > 0:
        return 1
    if x < 0:
        return -1
    if isinstance(x, arb):
        return 0 if x.is_zero() else None
    return 0


# -- scalar functions ----------------------------------------------------------------------------------------------------


def power(x: Number, exponent: Fraction) -> Number:
    """x to a rational power: of a negative number with whole exponents only."""
    if exponent.denominator == 1:
        return _whole_power(x, exponent.numerator)
    sign = sign_of(x)
    if sign == 0:
        return _ZERO if exponent > 0 else UNDEFINED
    if sign == -1 or is_undefined(x):
        return UNDEFINED
    if sign is None:
        return UNKNOWN
    if exponent.denominator == 2:
        return _whole_power(sqrt(x), exponent.numerator)
    if isinstance(x, arb):
        return (x.log() * exact(exponent)).exp()
    root = _exact_root(x, exponent.denominator)
    return (ball(x).log() * exact(exponent)).exp() if root is None else _whole_power(root, exponent.numerator)


def _exact_root(x: fmpq, degree: int) -> fmpq | None:
    parts = []
    for part in (x.p, x.q):
        root = round(int(part) ** (1 / degree)) if int(part) < 2**900 else 0
        if root**degree != int(part):
            return None
        parts.append(root)
    return fmpq(*parts)


def _whole_power(x: Number, exponent: int) -> Number:
    if exponent >= 0:
        if isinstance(x, int):
            x = fmpq(x)
        if isinstance(x, fmpq) and x.height_bits() * exponent > _MOST_BITS:
            x = arb(x)
        return _up(x, exponent)
    sign = sign_of(x)
    if sign == 0 or is_undefined(x):
        return UNDEFINED
    if sign is None:
        return UNKNOWN
    return 1 / _whole_power(x, -exponent) if isinstance(x, arb) else fmpq(1) / _whole_power(x, -exponent)


def _up(x: Number, exponent: int) -> Number:
    """Repeated squares: flint's own power of a ball goes by the logarithm and fails around zero."""
    if isinstance(x, fmpq) or exponent == 0:
        return x**exponent if isinstance(x, fmpq) else _ONE
    result = None
    while exponent:
        if exponent & 1:
            result = x if result is None else result * x
        exponent >>= 1
        if exponent:
            x = x * x
    return result


def sqrt(x: Number) -> Number:
    """The square root, exact of exact squares."""
    sign = sign_of(x)
    if sign == 0:
        return _ZERO
    if sign == -1 or is_undefined(x):
        return UNDEFINED
    if sign is None:
        return UNKNOWN
    if isinstance(x, fmpq):
        top, bottom = math.isqrt(int(x.p)), math.isqrt(int(x.q))
        if top * top == x.p and bottom * bottom == x.q:
            return fmpq(top, bottom)
    return ball(x).sqrt()


def _plain(method: str, at_zero: int | None = None) -> Callable[[Number], Number]:
    """A function that is defined everywhere; exact at 0 where its value there is rational."""

    def function(x: Number) -> Number:
        if isinstance(x, arb):
            return UNDEFINED if x.is_nan() else getattr(x, method)()
        if at_zero is not None and x == 0:
            return fmpq(at_zero)
        return getattr(arb(x), method)()

    return function


def _partial(method: str, low: int | None, high: int | None, closed: bool, zero_at: int) -> Callable[[Number], Number]:
    """A function that is defined between two bounds, and is zero at `zero_at`."""

    def function(x: Number) -> Number:
        for bound, outside in ((low, -1), (high, 1)):
            if bound is None:
                continue
            side = sign_of(x - bound)
            if side == outside or (side == 0 and not closed) or is_undefined(x):
                return UNDEFINED
            if side is None:
                return UNKNOWN
        if not isinstance(x, arb) and x == zero_at:
            return _ZERO
        value = getattr(ball(x), method)()
        return UNKNOWN if value.is_nan() else value

    return function


exp = _plain("exp", 1)
log = _partial("log", 0, None, False, 1)
_erf, _tanh, _sinh, _cosh = _plain("erf", 0), _plain("tanh", 0), _plain("sinh", 0), _plain("cosh", 1)


def _tan(x: Number) -> Number:
    value = _plain("tan", 0)(x)
    return UNKNOWN if isinstance(value, arb) and value.is_nan() and not is_undefined(x) else value


def _sign(x: Number) -> Number:
    sign = sign_of(x)
    return (UNDEFINED if is_undefined(x) else UNKNOWN) if sign is None else fmpq(sign)


def _by_sign(x: Number, positive: Callable[[], Number], otherwise: Callable[[], Number]) -> Number:
    """One of two values by x > 0; the hull of both where that is not known."""
    sign = sign_of(x)
    if sign is None:
        return UNDEFINED if is_undefined(x) else _hull(positive(), otherwise())
    return positive() if sign > 0 else otherwise()


def _hull(a: Number, b: Number) -> Number:
    if is_undefined(a) or is_undefined(b) or not (is_known(a) and is_known(b)):
        return UNKNOWN
    return ball(a).union(ball(b))


def _sigmoid(x: Number) -> Number:
    return _whole_power(1 + exp(-x), -1)


def _softplus(x: Number) -> Number:
    return log(1 + exp(x))


def _expm1(x: Number) -> Number:
    return exp(x) - 1


def _clip(x: Number, low: int, high: int) -> Number:
    return _lesser(_greater(x, fmpq(low)), fmpq(high))


def _greater(x: Number, y: Number) -> Number:
    """max, where both are defined; balls that overlap give the ball of the maximum."""
    return _by_sign(x - y, lambda: x, lambda: y) if sign_of(x - y) is not None else _joined(x, y, "max")


def _lesser(x: Number, y: Number) -> Number:
    return _by_sign(x - y, lambda: y, lambda: x) if sign_of(x - y) is not None else _joined(x, y, "min")


def _joined(x: Number, y: Number, method: str) -> Number:
    if is_undefined(x) or is_undefined(y):
        return UNDEFINED
    return getattr(ball(x), method)(ball(y))


def _pow(x: Number, y: Number) -> Number:
    if not isinstance(y, arb):
        y = fmpq(y)
        if y == 0 and sign_of(x) == 0:
            return UNDEFINED  # 0⁰ with a variable exponent has no value that all agree on
        if y.q == 1 and abs(int(y.p)) < 1 << 24:
            return _whole_power(x, int(y.p))
        if y.q < 64 and abs(int(y.p)) < 1 << 16:
            return power(x, Fraction(int(y.p), int(y.q)))
    sign = sign_of(x)
    if is_undefined(x) or is_undefined(y):
        return UNDEFINED
    if sign is None:
        return UNKNOWN
    if sign == 0:
        return _by_sign(y, lambda: _ZERO, lambda: UNDEFINED)
    if sign < 0:  # only whole exponents would give a value
        return UNKNOWN if isinstance(y, arb) and y.contains_integer() else UNDEFINED
    return (ball(x).log() * y).exp() if not isinstance(x, fmpq) or x != 1 else _ONE


def _compare(decide: Callable[[int], bool]) -> Callable[[Number, Number], Number]:
    def function(x: Number, y: Number) -> Number:
        difference = x - y
        sign = sign_of(difference)
        if sign is None:
            return UNDEFINED if is_undefined(difference) else UNKNOWN
        return _ONE if decide(sign) else _ZERO

    return function


def _where(condition: Number, yes: Number, no: Number) -> Number:
    if is_undefined(condition):
        return UNDEFINED
    sign = sign_of(condition)
    if sign is None:
        return _hull(yes, no)
    return no if sign == 0 else yes


def _gelu(x: Number) -> Number:
    return x * (1 + _erf(x / ball(2).sqrt() if isinstance(x, arb) or x != 0 else x)) / 2


_SCALE, _ALPHA = exact(SELU_SCALE), exact(SELU_ALPHA)

# fmt: off
SCALAR: dict[str, Callable[..., Number]] = {
    "exp": exp, "expm1": _expm1, "log": log,
    "log2": lambda x: log(x) / ball(2).log(), "log10": lambda x: log(x) / ball(10).log(), "log1p": lambda x: log(1 + x),
    "sqrt": sqrt, "cbrt": lambda x: power(x, Fraction(1, 3)),
    "sin": _plain("sin", 0), "cos": _plain("cos", 1), "tan": _tan,
    "sinh": _sinh, "cosh": _cosh, "tanh": _tanh,
    "arcsin": _partial("asin", -1, 1, True, 0), "arccos": _partial("acos", -1, 1, True, 1), "arctan": _plain("atan", 0),
    "arcsinh": _plain("asinh", 0), "arccosh": _partial("acosh", 1, None, True, 1), "arctanh": _partial("atanh", -1, 1, False, 0),
    "erf": _erf, "abs": abs, "sign": _sign,
    "step": lambda x: _by_sign(x, lambda: _ONE, lambda: _ZERO),
    "sigmoid": _sigmoid, "relu": lambda x: _greater(x, _ZERO),
    "leaky_relu": lambda x, a: _by_sign(x, lambda: x, lambda: a * x),
    "elu": lambda x, a: _by_sign(x, lambda: x, lambda: a * _expm1(x)),
    "selu": lambda x: _by_sign(x, lambda: _SCALE * x, lambda: _SCALE * _ALPHA * _expm1(x)),
    "softplus": _softplus, "softsign": lambda x: x * _whole_power(1 + abs(x), -1),
    "silu": lambda x: x * _sigmoid(x), "gelu": _gelu, "mish": lambda x: x * _tanh(_softplus(x)),
    "relu6": lambda x: _clip(x, 0, 6), "hardtanh": lambda x: _clip(x, -1, 1),
    "hardsigmoid": lambda x: _clip(x / fmpq(6) + fmpq(1, 2), 0, 1),
    "pow": _pow, "maximum": _greater, "minimum": _lesser, "where": _where,
    "<": _compare(lambda s: s < 0), "<=": _compare(lambda s: s <= 0), ">": _compare(lambda s: s > 0),
    ">=": _compare(lambda s: s >= 0), "=": _compare(lambda s: s == 0), "!=": _compare(lambda s: s != 0),
}
# fmt: on
_VECTORISED = {name: np.frompyfunc(function, FUNCTIONS[name].arity + len(FUNCTIONS[name].parameters), 1)
               for name, function in SCALAR.items()}


# -- functions of whole tensors ------------------------------------------------------------------------------------------


def _lines(count: int, function: Callable[[list[Number]], Any]) -> Callable[[Any], Any]:
    """A function of the last axis as one of an array; `count` is how many axes the result has in its place."""

    def apply(x: Any) -> Any:
        out = np.empty(x.shape if count else x.shape[:-1], dtype=object)
        for place in np.ndindex(*x.shape[:-1]):
            out[place] = function(list(x[place]))
        return out if out.ndim else out[()]

    return apply


def _matrices(scalar: bool, function: Callable[[list[list[Number]]], Any]) -> Callable[[Any], Any]:
    """A function of the last two axes as one of an array."""

    def apply(x: Any) -> Any:
        out = np.empty(x.shape[:-2] if scalar else (*x.shape[:-2], x.shape[-1] ** 2), dtype=object)
        for place in np.ndindex(*x.shape[:-2]):
            out[place] = function(x[place].tolist())
        if not scalar:
            out = out.reshape(x.shape)
        return out if out.ndim else out[()]

    return apply


def _blocked(rows: Sequence[Sequence[Number]]) -> Number | None:
    """What the entries of a matrix make of it where they are not all numbers."""
    entries = [x for row in rows for x in row]
    if any(is_undefined(x) for x in entries):
        return UNDEFINED
    return None if all(is_known(x) for x in entries) else UNKNOWN


def _inverse(rows: list[list[Number]]) -> Any:
    n = len(rows)
    blocked = _blocked(rows)
    if blocked is None:
        if all(not isinstance(x, arb) for row in rows for x in row):
            try:
                matrix = fmpq_mat(n, n, [fmpq(x) for row in rows for x in row]).inv()
                return [matrix[i, j] for i in range(n) for j in range(n)]
            except ZeroDivisionError:
                return [UNDEFINED] * (n * n)
        try:
            return arb_mat(n, n, [ball(x) for row in rows for x in row]).inv().entries()
        except ZeroDivisionError:
            blocked = UNKNOWN
    return [blocked] * (n * n)


def _det(rows: list[list[Number]]) -> Number:
    n = len(rows)
    blocked = _blocked(rows)
    if blocked is not None:
        return blocked
    if all(not isinstance(x, arb) for row in rows for x in row):
        return fmpq_mat(n, n, [fmpq(x) for row in rows for x in row]).det()
    return arb_mat(n, n, [ball(x) for row in rows for x in row]).det()


def _expm(rows: list[list[Number]]) -> Any:
    n = len(rows)
    blocked = _blocked(rows)
    return [blocked] * (n * n) if blocked is not None else arb_mat(n, n, [ball(x) for row in rows for x in row]).exp().entries()


def _summed(parts: Sequence[Number]) -> Number:
    return sum(parts[1:], start=parts[0])


def _softmax(line: list[Number]) -> list[Number]:
    parts = [exp(x) for x in line]
    scale = _whole_power(_summed(parts), -1)
    return [p * scale for p in parts]


def _logsumexp(line: list[Number]) -> Number:
    return log(_summed([exp(x) for x in line]))


def _log_softmax(line: list[Number]) -> list[Number]:
    total = _logsumexp(line)
    return [x - total for x in line]


def _folded(choose: Callable[[Number, Number], Number]) -> Callable[[list[Number]], Number]:
    def value(line: list[Number]) -> Number:
        best = line[0]
        for x in line[1:]:
            best = choose(best, x)
        return best

    return value


def _first(better: int) -> Callable[[list[Number]], list[Number]]:
    """One at the first place of the largest (better = 1) or smallest entry, else zero."""

    def value(line: list[Number]) -> list[Number]:
        best = 0
        for k in range(1, len(line)):
            sign = sign_of(line[k] - line[best])
            if sign is None:
                return [UNDEFINED if any(is_undefined(x) for x in line) else UNKNOWN] * len(line)
            if sign == better:
                best = k
        return [_ONE if k == best else _ZERO for k in range(len(line))]

    return value


_FORMS: dict[str, Callable[[Any], Any]] = {
    "inverse": _matrices(False, _inverse), "det": _matrices(True, _det), "expm": _matrices(False, _expm),
    "logdet": _matrices(True, lambda rows: log(abs(_det(rows)))),
    "softmax": _lines(1, _softmax), "log_softmax": _lines(1, _log_softmax), "logsumexp": _lines(0, _logsumexp),
    "prod": _lines(0, lambda line: math.prod(line[1:], start=line[0])),
    "max": _lines(0, _folded(_greater)), "min": _lines(0, _folded(_lesser)),
    "argmax": _lines(1, _first(1)), "argmin": _lines(1, _first(-1)),
}  # fmt: skip


# -- the evaluator -------------------------------------------------------------------------------------------------------


class _Objects:
    """The part of NumPy that the evaluator asks for, with exact zeros and ones."""

    einsum, stack, concatenate = staticmethod(np.einsum), staticmethod(np.stack), staticmethod(np.concatenate)
    broadcast_to, transpose = staticmethod(np.broadcast_to), staticmethod(np.transpose)

    @staticmethod
    def asarray(x: Any) -> Any:
        return np.asarray(x, dtype=object)

    @staticmethod
    def _exact(array: Any) -> Any:
        return np.frompyfunc(lambda x: _ONE if x else _ZERO, 1, 1)(array)

    def ones(self, shape: Any) -> Any:
        return np.full(shape, _ONE, dtype=object)

    def zeros(self, shape: Any) -> Any:
        return np.full(shape, _ZERO, dtype=object)

    def eye(self, n: int) -> Any:
        return self._exact(np.eye(n))

    def tril(self, array: Any) -> Any:
        return self._exact(np.tril(np.ones(array.shape)))

    def roll(self, array: Any, shift: int, axis: int) -> Any:
        return np.roll(array, shift, axis=axis)


_OBJECTS = _Objects()


def _map(_: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    return _VECTORISED[node.value](*args)


def _power(_: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    exponent: Fraction = node.value
    if exponent == 2:
        return args[0] * args[0]
    return np.frompyfunc(lambda x: power(x, exponent), 1, 1)(args[0])


def _form(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    if node.value not in _FORMS:
        raise UnsupportedError(f"There is no enclosure for “{node.value}”.")
    return _FORMS[node.value](at.xp.asarray(args[0]))


class Enclosures(Evaluator):
    """Enclosures of elements: values are object arrays of `fmpq` (or `arb`), points along their first axes.

    Balls have the precision of `flint.ctx` at the time of the call; use `flint.ctx.workprec`.
    """

    rules: Mapping[str, Rule] = {  # type: ignore[misc]
        **RULES,
        "map": _map, "power": _power, "form": _form,
        "constant": lambda at, node, _: arb.pi() if node.value == "pi" else arb(1).exp(),
    }  # fmt: skip

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int]):
        super().__init__(values, sizes, _OBJECTS)

    def __call__(self, element: Element) -> Any:
        with np.errstate(all="ignore"):  # flint may leave floating-point flags behind, which NumPy would report
            return super().__call__(element)

    def number(self, value: Fraction | int) -> Any:
        return fmpq(value.numerator, value.denominator)


__all__ = [
    "SCALAR", "UNDEFINED", "UNKNOWN", "Enclosures", "ball", "ctx", "exact", "is_exact", "is_known", "is_undefined",
    "log", "power", "sign_of", "sqrt",
]  # fmt: skip
