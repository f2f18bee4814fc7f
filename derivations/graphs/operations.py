"""What one node of a computation graph can do: the arithmetic and the scalar functions, one operation each.

For every operation: its meaning in SymPy, its partial derivatives (SymPy's, never typed in), its value on arrays, how
it is written, what it demands of its arguments and where it has a kink. Knows nothing of graphs; arguments are places.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import arguments, definition, library, scalar_derivative
from ..notation.written import Written
from .values import Calculator, Value


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A row: the operation on whatever has Python's operators, and the operation of the written form that shows it."""

    name: str
    operator: Callable[..., Any]
    shown: str = ""


# fmt: off
ARITHMETIC: dict[str, Arithmetic] = {row.name: row for row in (
    Arithmetic("copy",   lambda a: a),
    Arithmetic("neg",    operator.neg,     "neg"),
    Arithmetic("add",    operator.add,     "add"),
    Arithmetic("sub",    operator.sub,     "sub"),
    Arithmetic("times",  operator.mul,     "hadamard"),
    Arithmetic("divide", operator.truediv, "divide"),
    Arithmetic("power",  operator.pow,     "power"),
)}
# fmt: on


@cache
def places(name: str, count: int) -> tuple[Any, ...]:
    """The SymPy symbols that stand for the arguments of an operation."""
    if name in FUNCTIONS:
        return arguments(FUNCTIONS[name])[:count]
    return tuple(library().Symbol(letter, real=True) for letter in "xy"[:count])


@cache
def meaning(name: str, count: int) -> Any:
    """The operation in SymPy, in the symbols of `places`; parameters that are left out have their usual values."""
    if name in ARITHMETIC:
        return ARITHMETIC[name].operator(*places(name, count))
    return _with_usual(name, count, definition(name))


@cache
def partial(name: str, count: int, position: int) -> Any:
    """The derivative of the operation by one of its arguments, in the symbols of `places`, as SymPy derives it."""
    sp = library()
    if name in ARITHMETIC:
        return sp.powsimp(sp.diff(meaning(name, count), places(name, count)[position]))
    return _with_usual(name, count, scalar_derivative(name, position))


def _with_usual(name: str, count: int, expression: Any) -> Any:
    row = FUNCTIONS[name]
    missing = zip(arguments(row)[count:], row.parameters[count - row.arity :], strict=True)
    return expression.xreplace({symbol: _rational(value) for symbol, (_, value) in missing})


def _rational(value: Fraction) -> Any:
    return library().Rational(value.numerator, value.denominator)


def opaque(name: str, args: Sequence[Any]) -> Any:
    """The operation on SymPy expressions: SymPy's function where our row is just that, else a function of its own."""
    if name in ARITHMETIC:
        return ARITHMETIC[name].operator(*args)
    own = definition(name)
    plain = name not in JUMPS and len(args) == 1 and own.is_Function and own.args == places(name, 1)
    if plain and (
        name != "abs" or args[0].is_real
    ):  # SymPy differentiates |u| by parts, unless it knows that u is real
        return own.func(*args)
    if name in ("sqrt", "cbrt"):
        return own.xreplace({places(name, 1)[0]: args[0]})
    return _function(name, len(args))(*args)


@cache
def _function(name: str, count: int) -> Any:
    """A SymPy function that stands for a row and is not taken apart; its derivatives are those of `partial`."""

    def fdiff(self: Any, position: int = 1) -> Any:
        return partial(name, count, position - 1).xreplace(dict(zip(places(name, count), self.args, strict=True)))

    return type(name, (library().Function,), {"fdiff": fdiff, "nargs": count, "is_real": True})


def on_arrays(name: str, xp: Any, args: Sequence[Any], exponent: Fraction | None = None) -> Any:
    """The operation on arrays of a library; `exponent` is that of a power if it is a plain number."""
    if name == "power" and exponent is not None and exponent.denominator == 1:
        return args[0] ** int(exponent) if exponent >= 0 else 1 / args[0] ** int(-exponent)
    if name in ("power", "pow"):
        return xp.exp(args[1] * xp.log(args[0]))
    if name in ARITHMETIC:
        return ARITHMETIC[name].operator(*args)
    row = FUNCTIONS[name]
    usual = [float(value) for _, value in row.parameters[len(args) - row.arity :]]
    return row.array(xp, *args, *usual)


def shown(name: str, args: Sequence[Written]) -> Written:
    """The operation as a person writes it."""
    if name == "copy":
        return args[0]
    if name in ARITHMETIC:
        return Written(ARITHMETIC[name].shown, tuple(args))
    if name == "pow":
        return Written("power", tuple(args))
    if name in COMPARISONS:
        return Written("indicator", (Written("compare", tuple(args), name),))
    if name == "where":
        condition, yes, no = args
        bare = condition.args[0] if condition.op == "indicator" else Written("compare", (condition, _ZERO), "!=")
        return Written("cases", (yes, bare, no), True)
    return Written("call", tuple(args), name)


COMPARISONS = frozenset(("<", "<=", ">", ">=", "=", "!="))
JUMPS = COMPARISONS | {"sign", "step"}
_ZERO = Written("number", value="0")


@dataclass(frozen=True, slots=True)
class Demand:
    """What an operation wants of one argument and did not get: "{} > 0", in words "a number > 0".

    `purpose` says where the function has a value, but no slope, on the border of what it wants.
    """

    position: int
    wanted: str
    number: str
    purpose: str = ""


_NOT_ZERO = ("{} ≠ 0", "a number ≠ 0")
_DOMAINS: dict[str, tuple[str, str]] = {
    "positive": ("{} > 0", "a number > 0"),
    "above -1": ("{} > −1", "a number > −1"),
    "above 1": ("{} > 1", "a number > 1"),
    "inside (-1, 1)": ("−1 < {} < 1", "a number between −1 and 1"),
    "off poles": ("cos({}) ≠ 0", "a number whose cosine is not 0"),
}
_STEEP = frozenset(("sqrt", "cbrt", "arcsin", "arccos", "arccosh"))


def unmet(calculator: Calculator, name: str, args: Sequence[Value], exponent: Fraction | None = None) -> Demand | None:
    """The first demand of an operation that its arguments do not meet, if any. May raise Undecided.

    A power with a whole number as its exponent takes any base (a negative one: any but 0), every other power needs a
    positive base, since it is differentiated by the exponent too or has no real value below 0.
    """
    if name == "divide":
        return Demand(1, *_NOT_ZERO) if calculator.sign(args[1]) == 0 else None
    if name == "power" and exponent is not None and exponent.denominator == 1:
        return Demand(0, *_NOT_ZERO) if exponent < 0 and calculator.sign(args[0]) == 0 else None
    domain = "positive" if name == "power" else FUNCTIONS[name].domain if name in FUNCTIONS else "real"
    if domain == "real" or _within(calculator, domain, args[0]):
        return None
    steep = name in _STEEP or (name == "power" and exponent is not None and exponent > 0)
    return Demand(0, *_DOMAINS[domain], " to have a derivative" if steep else "")


def _within(calculator: Calculator, domain: str, value: Value) -> bool:
    if domain == "off poles":
        symbol = library().Symbol("x", real=True)
        return calculator.sign(calculator.of(library().cos(symbol), {symbol: value})) != 0
    one, minus = calculator.number(1), calculator.product([calculator.number(-1), value])
    above = {
        "positive": [value], "above -1": [calculator.sum([value, one])],
        "above 1": [calculator.sum([value, calculator.number(-1)])],
        "inside (-1, 1)": [calculator.sum([value, one]), calculator.sum([one, minus])],
    }  # fmt: skip
    return all(calculator.sign(v) > 0 for v in above[domain])


def kink(calculator: Calculator, name: str, args: Sequence[Value]) -> Fraction | str | None:
    """Where the operation has a kink or jump, if its arguments are just there: a number, or "equal" arguments."""
    if name in COMPARISONS or name in ("maximum", "minimum"):
        difference = calculator.sum([args[0], calculator.product([calculator.number(-1), args[1]])])
        return "equal" if calculator.sign(difference) == 0 else None
    if name in FUNCTIONS:
        for place in FUNCTIONS[name].kinks:
            if calculator.sign(calculator.sum([args[0], calculator.number(-place)])) == 0:
                return place
    return None
