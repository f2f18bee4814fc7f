"""Elements evaluated on numbers that are exact and enclosed: the values of `graphs/values.py` in arrays.

The same walk over an element as for floats; a function is computed by its definition. Exact forms are kept while they are short, and
nothing is rounded in between: a ball is as wide as the working precision makes it, and holds the true value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np

from ..elements.elements import Element
from ..elements.evaluation import RULES, Evaluator, Rule
from ..elements.functions import FUNCTIONS
from ..elements.symbolic import arguments, definition, library
from ..errors import LimitError, UnsupportedError
from ..graphs.values import PRECISIONS, Calculator, TooLarge, Undecided, Value, calculating

DIGITS = 60  # decimals that every ball is narrow enough for


class Number:
    """A value with the arithmetic that arrays ask for."""

    __slots__ = ("calculator", "value")

    def __init__(self, value: Value, calculator: Calculator):
        self.value = value
        self.calculator = calculator

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int) and other == 0:  # where NumPy begins a sum
            return self
        if not isinstance(other, Number):
            return NotImplemented
        return Number(self.calculator.sum([self.value, other.value]), self.calculator)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int) and other == 1:
            return self
        if not isinstance(other, Number):
            return NotImplemented
        return Number(self.calculator.product([self.value, other.value]), self.calculator)

    __rmul__ = __mul__

    def __pow__(self, exponent: Fraction) -> Number:
        if exponent == 2:
            return Number(self.calculator.product([self.value, self.value]), self.calculator)
        return Number(self.calculator.power(self.value, self.calculator.number(exponent)), self.calculator)


class _Arrays:
    """The part of NumPy that the evaluator asks for, on numbers."""

    einsum, stack, concatenate = staticmethod(np.einsum), staticmethod(np.stack), staticmethod(np.concatenate)
    broadcast_to, transpose = staticmethod(np.broadcast_to), staticmethod(np.transpose)

    def __init__(self, calculator: Calculator):
        self.zero, self.one = (Number(calculator.number(k), calculator) for k in (0, 1))

    @staticmethod
    def asarray(x: Any) -> Any:
        return np.asarray(x, dtype=object)

    def ones(self, shape: Any) -> Any:
        return np.full(shape, self.one, dtype=object)

    def zeros(self, shape: Any) -> Any:
        return np.full(shape, self.zero, dtype=object)

    def eye(self, n: int) -> Any:
        return np.frompyfunc(lambda x: self.one if x else self.zero, 1, 1)(np.eye(n))


def _function(name: str, calculator: Calculator) -> Callable[..., Number]:
    """A scalar function by its definition."""
    row = FUNCTIONS[name]
    places, body = arguments(row), definition(name)

    def function(*args: Number) -> Number:
        usual = [calculator.number(v) for _, v in row.parameters[len(args) - row.arity :]]
        return Number(calculator.of(body, dict(zip(places, [*(a.value for a in args), *usual], strict=True))), calculator)

    return function


def each(function: Callable[..., Number], *args: Any) -> Any:
    """A function of numbers, entry by entry. NumPy reports what happens to floats inside of it, which concerns nobody."""
    with np.errstate(all="ignore"):
        return np.frompyfunc(function, len(args), 1)(*args)


def _map(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    assert isinstance(at, Arrays)
    return each(_function(node.value, at.calculator), *args)


def _power(_: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    return each(lambda x: x**node.value, args[0])


def _form(at: Evaluator, node: Element, args: Sequence[Any]) -> Any:
    assert isinstance(at, Arrays)
    if node.value != "softmax":
        raise UnsupportedError(f"There is no exact value for “{node.value}”.")
    powers = each(_function("exp", at.calculator), args[0])
    total = powers.sum(axis=-1, keepdims=True)
    return powers * each(lambda x: x ** Fraction(-1), total)


def _constant(at: Evaluator, node: Element, _: Sequence[Any]) -> Any:
    assert isinstance(at, Arrays)
    sp = library()
    return Number(at.calculator.of(sp.pi if node.value == "pi" else sp.E, {}), at.calculator)


class Arrays(Evaluator):
    """Values of elements on arrays of numbers, at the precision of a calculator."""

    rules: Mapping[str, Rule] = {**RULES, "map": _map, "power": _power, "form": _form, "constant": _constant}  # type: ignore[misc]

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int], calculator: Calculator):
        super().__init__(values, sizes, _Arrays(calculator))
        self.calculator = calculator

    def __call__(self, element: Element) -> Any:
        with np.errstate(all="ignore"):  # flint may leave floating-point flags behind, which NumPy would report
            return super().__call__(element)

    def number(self, value: Fraction | int) -> Any:
        return Number(self.calculator.number(value), self.calculator)


def array(entries: Any, calculator: Calculator) -> Any:
    """Fractions, or values, in lists of any depth, as an array of numbers."""
    given = np.empty(np.shape(np.asarray(entries, dtype=object)), dtype=object)
    given[...] = np.asarray(entries, dtype=object)
    with np.errstate(all="ignore"):  # as above
        made = np.frompyfunc(lambda x: Number(x if isinstance(x, Value) else calculator.number(x), calculator), 1, 1)(given)
    return np.asarray(made, dtype=object)


def rows_of(numbers: Any, shape: tuple[int, int]) -> tuple[tuple[Value, ...], ...]:
    """An array of numbers as rows of values."""
    return tuple(tuple(x.value for x in row) for row in np.asarray(numbers, dtype=object).reshape(shape))


def narrow(values: Sequence[Value]) -> bool:
    """Whether all balls are narrow enough for their decimals to be certain: relative to their size, or near zero."""
    for value in values:
        if value.rational is None:
            if not value.ball.is_finite():
                return False
            size = abs(value.ball) if value.ball != 0 else 1
            if not value.ball.rad() * 10 ** (DIGITS + 2) < size:
                return False
    return True


@contextmanager
def _limits() -> Iterator[None]:
    try:
        yield
    except TooLarge as large:
        raise LimitError(f"A number here would have {large.bits:,} binary digits; that is more than we work with.") from None


def at_enough_precision(compute: Callable[[Calculator], tuple[Any, Sequence[Value]]]) -> Any:
    """What `compute` gives, at the first precision at which all signs are decided and the values it lists are narrow.

    Raises LimitError where the highest precision does not suffice.
    """
    for precision in PRECISIONS:
        last = precision == PRECISIONS[-1]
        try:
            with calculating(precision, last) as calculator, _limits():
                result, values = compute(calculator)
                if narrow(values):
                    return result
        except Undecided:
            continue
    raise LimitError("The numbers of this network become too large to be computed with.")


__all__ = ["DIGITS", "Arrays", "Number", "array", "at_enough_precision", "each", "narrow", "rows_of"]
