"""Numbers held twice: exactly, as a small SymPy number, and as a ball that encloses them.

The exact form is for reading (2e³) and is dropped where it would grow long; the ball never is, and certifies decimals
and signs. `Calculator` computes both at once from definitions in SymPy: one row a function, so whatever has a SymPy
definition has a certified value. Knows nothing of graphs or of texts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import arguments, definition, library

BITS = 4096
PRECISIONS = (256, 1024, 4096)
_LONGEST = 40  # operations in an exact form; longer ones tell a reader nothing


class Undecided(Exception):
    """A sign or a digit that the precision at hand does not settle."""


class TooLarge(Exception):
    """A whole number with more bits than we work on."""

    def __init__(self, bits: int):
        super().__init__(bits)
        self.bits = bits


@dataclass(frozen=True, slots=True)
class Value:
    """A real number: as a SymPy number where that is short, and as a ball."""

    exact: Any | None
    ball: Any

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, where it is known to be one."""
        if self.exact is None or not self.exact.is_Rational:
            return None
        return Fraction(int(self.exact.p), int(self.exact.q))


class Calculator:
    """Computes values at one precision; `last` means that no higher one follows, so what may be zero counts as zero."""

    def __init__(self, precision: int, last: bool = False):
        self.precision = precision
        self.last = last

    def number(self, value: Fraction | int) -> Value:
        """A rational number."""
        import flint

        value = Fraction(value)
        exact = library().Rational(value.numerator, value.denominator)
        return Value(_short(exact), flint.arb(flint.fmpq(value.numerator, value.denominator)))

    def sign(self, value: Value) -> int:
        """−1, 0 or 1. Raises Undecided where the ball contains zero and nothing else says that it is zero."""
        known = value.rational
        if known is not None:
            return (known > 0) - (known < 0)
        if value.ball > 0:
            return 1
        if value.ball < 0:
            return -1
        if self.last or (value.exact is not None and library().expand(value.exact) == 0):
            return 0
        raise Undecided

    def of(self, expression: Any, values: Mapping[Any, Value]) -> Value:
        """The value of a SymPy expression, given the values of its symbols. Every different part is computed once."""
        known: dict[Any, Value] = dict(values)
        for part in _parts_first(expression, known):
            known[part] = self._one(part, known)
        return known[expression]

    def _one(self, part: Any, known: Mapping[Any, Value]) -> Value:
        sp = library()
        if part.is_Rational:
            return self.number(Fraction(int(part.p), int(part.q)))
        if part is sp.pi or part is sp.E:
            return Value(part, _arb().pi() if part is sp.pi else _arb().const_e())
        if isinstance(part, sp.Piecewise):
            return self._chosen(part, known)
        args = [known[a] for a in part.args]
        if part.is_Add:
            return self.sum(args)
        if part.is_Mul:
            return self.product(args)
        if part.is_Pow:
            return self.power(*args)
        if isinstance(part, sp.Max):
            return self._largest(args)
        if isinstance(part, (sp.Abs, sp.sign, sp.Heaviside)):
            return self._signed(part, args[0])
        ball: Callable[..., Any] | None = _balls().get(part.func)
        if ball is not None:
            return Value(_joined(part.func, args), ball(*(a.ball for a in args)))
        return self._defined(part.func.__name__, args)

    def _defined(self, name: str, args: Sequence[Value]) -> Value:
        """A function of functions.py, by its definition; parameters that are not given take their usual values."""
        row = FUNCTIONS[name]
        usual = [self.number(v) for _, v in row.parameters[len(args) - row.arity :]]
        return self.of(definition(name), dict(zip(arguments(row), [*args, *usual], strict=True)))

    def sum(self, terms: Sequence[Value]) -> Value:
        """The sum; the sum of nothing is 0."""
        return Value(_joined(library().Add, terms), sum((t.ball for t in terms), start=_arb()(0)))

    def product(self, factors: Sequence[Value]) -> Value:
        """The product; it is exactly 0 where a factor is, however long the others are."""
        if any(f.rational == 0 for f in factors):
            return self.number(0)
        ball = _arb()(1)
        for f in factors:
            ball *= f.ball
        return Value(_joined(library().Mul, factors), ball)

    def power(self, base: Value, exponent: Value) -> Value:
        """base^exponent. Raises TooLarge where that is a number with more than BITS bits."""
        b, e = base.rational, exponent.rational
        if e is not None and e.denominator == 1:
            if b is not None and abs(b) != 1 and b != 0:
                bits = abs(int(e)) * math.log2(max(abs(b.numerator), b.denominator))
                if bits > BITS:
                    raise TooLarge(math.ceil(bits))
            return Value(_joined(library().Pow, [base, exponent]), base.ball ** int(e))
        if b == 0:
            return self.number(0)
        ball = base.ball.sqrt() if e == Fraction(1, 2) else (base.ball.log() * exponent.ball).exp()
        return Value(_joined(library().Pow, [base, exponent]), ball)

    def _signed(self, part: Any, value: Value) -> Value:
        sp, sign = library(), self.sign(value)
        if isinstance(part, sp.Abs):
            return value if sign >= 0 else self.product([self.number(-1), value])
        # The step is 0 at 0, as the convention relu′(0) = 0 wants it; SymPy's own Heaviside(0) is 1/2.
        return self.number(sign if isinstance(part, sp.sign) else int(sign > 0))

    def _largest(self, values: Sequence[Value]) -> Value:
        best = values[0]
        for value in values[1:]:
            if self._compared(value, best) > 0:
                best = value
        return best

    def _compared(self, a: Value, b: Value) -> int:
        return self.sign(self.sum([a, self.product([self.number(-1), b])]))

    def _chosen(self, part: Any, known: Mapping[Any, Value]) -> Value:
        for expression, condition in part.args:
            if self._holds(condition, known):
                return self.of(expression, known)
        raise AssertionError("the last case of every definition holds otherwise")

    def _holds(self, condition: Any, known: Mapping[Any, Value]) -> bool:
        sp = library()
        if condition is sp.true:
            return True
        if isinstance(condition, sp.Or):
            return any(self._holds(c, known) for c in condition.args)
        sign = self._compared(self.of(condition.lhs, known), self.of(condition.rhs, known))
        return _RELATIONS[condition.rel_op](sign)


_RELATIONS: dict[str, Callable[[int], bool]] = {
    "<": lambda s: s < 0, "<=": lambda s: s <= 0, ">": lambda s: s > 0, ">=": lambda s: s >= 0,
    "==": lambda s: s == 0, "!=": lambda s: s != 0,
}  # fmt: skip


@contextmanager
def calculating(precision: int, last: bool = False) -> Iterator[Calculator]:
    """A calculator, and flint's precision set to its own."""
    import flint

    with flint.ctx.workprec(precision):
        yield Calculator(precision, last)


@cache
def _arb() -> Any:
    import flint

    return flint.arb


@cache
def _balls() -> dict[Any, Callable[..., Any]]:
    """SymPy's functions on balls."""
    sp, arb = library(), _arb()
    return {
        sp.exp: arb.exp, sp.log: arb.log, sp.sin: arb.sin, sp.cos: arb.cos, sp.tan: arb.tan, sp.sinh: arb.sinh,
        sp.cosh: arb.cosh, sp.tanh: arb.tanh, sp.asin: arb.asin, sp.acos: arb.acos, sp.atan: arb.atan,
        sp.asinh: arb.asinh, sp.acosh: arb.acosh, sp.atanh: arb.atanh, sp.erf: arb.erf,
    }  # fmt: skip


def _parts_first(expression: Any, known: Mapping[Any, Value]) -> list[Any]:
    """The different parts of an expression, arguments before what contains them; cases are looked into when chosen."""
    piecewise, order, seen = library().Piecewise, [], set(known)
    todo = [(expression, False)]
    while todo:
        part, done = todo.pop()
        if done:
            order.append(part)
        elif part not in seen:
            seen.add(part)
            todo.append((part, True))
            if not isinstance(part, piecewise):
                todo.extend((a, False) for a in part.args)
    return order


def _joined(function: Any, args: Sequence[Value]) -> Any | None:
    """The exact form of a function of values, if all have one and it is short."""
    exacts = [a.exact for a in args]
    return None if any(e is None for e in exacts) else _short(function(*exacts))


def _short(exact: Any) -> Any | None:
    """An exact number that is worth showing: real, finite, with few operations and few digits."""
    if exact.is_Rational:
        return exact if max(int(exact.p).bit_length(), int(exact.q).bit_length()) <= BITS else None
    sp = library()
    if exact.has(sp.I, sp.zoo, sp.oo, -sp.oo, sp.nan) or exact.count_ops() > _LONGEST:
        return None
    return exact


def decimal(value: Value, digits: int, last: bool = False) -> str | None:
    """The number rounded to so many decimals, every digit of it certain; "1.9701e+434" where it is very large or small.

    Whole numbers come without decimals, and fractions that end come as they are. None where nothing is known of its
    size, or its power of ten is a very long number itself. Raises Undecided where the ball is too wide, unless `last`
        says that there is no narrower one.

    >>> with calculating(256) as calculator:
    ...     [decimal(calculator.number(Fraction(q)), 4) for q in ("2", "1/2", "-2/3", "1/30000", "12345678901/3")]
    ['2', '0.5', '-0.6667', '3.3333e-05', '4.1152e+09']
    """
    known = value.rational
    if known is not None:
        whole = known * 10**digits
        if whole.denominator == 1 and abs(known) < _LARGE and (known == 0 or abs(whole) >= 1):
            text = _fixed(known, digits)
            return text.rstrip("0").rstrip(".") if "." in text else text
        if abs(known) >= _LARGE or abs(known) * 10 ** max(digits - 1, 1) < 1:
            return _scientific_fraction(known, digits)
        return _fixed(known, digits)
    ball = value.ball
    if not ball.is_finite():
        return None
    if not ball != 0:  # it contains zero, and what lies inside may be smaller than any number we can write
        if not last:
            raise Undecided
        return "0" if abs(ball) * 10 ** (digits + 1) < 1 else None
    if ball >= _LARGE or ball <= -_LARGE or (abs(ball) * 10 ** max(digits - 1, 1) < 1):
        return _scientific(ball, digits, last)
    return _agreed(ball, digits, last)


_LARGE = 10**9
_FARTHEST = 10**12


def _ends(ball: Any) -> tuple[Fraction, Fraction]:
    """The two ends of a ball, which are exact."""
    ends = []
    for end in (ball.lower(), ball.upper()):
        mantissa, exponent = end.man_exp()
        ends.append(Fraction(int(mantissa)) * Fraction(2) ** int(exponent))
    return ends[0], ends[1]


def _agreed(ball: Any, digits: int, last: bool) -> str:
    """The decimals on which both ends of a ball agree; at the last precision a tie is a tie."""
    below, above = (_fixed(end, digits) for end in _ends(ball))
    if below != above and not last:
        raise Undecided
    return above


def _scientific(ball: Any, digits: int, last: bool) -> str | None:
    """A mantissa with so many decimals, and the power of ten; None where that is a number of many digits itself."""
    arb = _arb()
    power = (abs(ball).log() / arb.const_log10()).floor().unique_fmpz()
    if power is None:
        if last:
            return "0"
        raise Undecided
    if abs(int(power)) >= _FARTHEST:
        return None
    return _with_power(_agreed(ball / arb(10) ** power, digits, last), int(power), digits)


def _scientific_fraction(value: Fraction, digits: int) -> str:
    power = len(str(abs(value.numerator))) - len(str(value.denominator))
    if abs(value) < Fraction(10) ** power:
        power -= 1
    return _with_power(_fixed(value / Fraction(10) ** power, digits), power, digits)


def _with_power(mantissa: str, power: int, digits: int) -> str:
    if mantissa.lstrip("-").startswith("10"):  # 9.99999 was rounded up
        mantissa, power = mantissa.replace("10", "1", 1), power + 1
    return f"{mantissa}e{power:+03d}"


def _fixed(value: Fraction, digits: int) -> str:
    """Rounded to so many decimals, halves away from zero as at school; no minus before a zero."""
    units = int(abs(value) * 10**digits + Fraction(1, 2))
    text = str(units).rjust(digits + 1, "0")
    text = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return "-" + text if value < 0 and units else text
