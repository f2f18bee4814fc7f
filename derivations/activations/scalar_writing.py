"""SymPy expressions in one variable as written forms, in the order in which a person writes them.

SymPy keeps sums and products in an order of its own and has no fractions; here 1 comes before e^(−x), what is subtracted
comes last, and what divides goes below the line. Only the order and the notation are chosen: the value is the
expression's, and whoever prints the result evaluates it first. A Dummy is a part that depends on x and has a name: Φ.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import library
from ..errors import UnsupportedError
from ..forms import building as b
from ..notation.written import Written

E = Written("constant", (), "e")
PI = Written("constant", (), "pi")

# SymPy's names of functions, where ours differ.
_OURS = {"Abs": "abs", "Heaviside": "step"}


def name(text: str) -> Written:
    """A number with a name."""
    return Written("name", (), text)


def exponential(exponent: Written) -> Written:
    """e to a power."""
    return Written("power", (E, exponent))


def times(factors: Sequence[Written]) -> Written:
    """A product with signs between its factors, all of them written, also 0 and 1."""
    result = factors[0]
    for f in factors[1:]:
        result = Written("dot", (result, f))
    return result


def cases(branches: Sequence[tuple[Written, Written | None]]) -> Written:
    """A choice between branches; the last one, without a condition, is “otherwise”."""
    parts = [part for body, condition in branches for part in (body, condition) if part is not None]
    return Written("cases", tuple(parts), branches[-1][1] is None)


def written(expression: Any) -> Written:
    """The written form of a SymPy expression with real symbols.

    Raises:
        UnsupportedError: there is no notation for a part of it.
    """
    sp = library()
    if expression.is_Rational:
        return b.num(Fraction(int(expression.p), int(expression.q)))
    if expression.is_Symbol:
        return name(expression.name)
    if expression is sp.pi or expression is sp.E:
        return PI if expression is sp.pi else E
    if expression.is_Add:
        return b.add([written(t) for t in sorted(expression.args, key=_place_in_sum(expression))])
    if isinstance(expression, sp.exp):
        return exponential(written(expression.args[0]))
    if expression.is_Mul or expression.is_Pow:
        return _product(expression)
    if isinstance(expression, sp.Piecewise):
        return cases([(written(value), condition_written(condition)) for value, condition in expression.args])
    if isinstance(expression, sp.Max) and sp.S.Zero in expression.args:
        (other,) = (a for a in expression.args if a != 0)
        return b.call("maximum", b.ZERO, written(other))
    function = _OURS.get(expression.func.__name__, expression.func.__name__)
    if function not in FUNCTIONS:
        raise UnsupportedError(f"There is no notation for SymPy's {function}.")
    return b.call(function, *(written(a) for a in expression.args[: FUNCTIONS[function].arity]))


def condition_written(condition: Any) -> Written | None:
    """A comparison; None for the last branch, which takes what is left."""
    sp = library()
    if condition is sp.true:
        return None
    if isinstance(condition, sp.core.relational.Relational):
        return Written("compare", (written(condition.lhs), written(condition.rhs)), condition.rel_op)
    raise UnsupportedError(f"There is no notation for the condition {condition}.")


def _place_in_sum(whole: Any) -> Any:
    """Polynomials by falling powers; else numbers first, short terms before long ones, what is subtracted last."""
    sp, x = library(), _x()
    polynomial = whole.is_polynomial(x) and not whole.atoms(sp.Dummy)

    def key(term: Any) -> tuple[Any, ...]:
        degree = -sp.degree(term, x) if polynomial else 0
        falling = any(isinstance(e, sp.exp) and e.args[0].could_extract_minus_sign() for e in term.atoms(sp.exp))
        place = 0 if term.is_number else 1 if term.has(x) or term.atoms(sp.Dummy) else 2
        return degree, _is_negative(term), place, len(sp.Mul.make_args(term)), falling, sp.default_sort_key(term)

    return key


def _x() -> Any:
    return library().Symbol("x", real=True)


def _is_negative(term: Any) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _product(expression: Any) -> Written:
    """A product or power as top / bottom, the number first: (1/2) √2 x / √π is x / √(2π)."""
    sp = library()
    number, rest = expression.as_coeff_Mul()
    if not number.is_Rational:
        number, rest = sp.S.One, expression
    tops, bottoms, roots = [], [], [sp.S.One, sp.S.One]
    for factor in sp.Mul.make_args(rest):
        base, exponent = factor.as_base_exp() if not isinstance(factor, sp.exp) else (factor, sp.S.One)
        if exponent in (sp.Rational(1, 2), sp.Rational(-1, 2)):
            roots[bool(exponent < 0)] *= base
        elif exponent.is_number and exponent < 0:
            bottoms.append((base, -exponent))
        else:
            tops.append((base, exponent))
    if roots[0].is_Rational and roots[0] != 1 and number.q % roots[0] == 0:  # √2 / 2 is 1/√2
        number, roots = number * roots[0], [sp.S.One, roots[1] * roots[0]]
    top = [_factor(base, exponent) for base, exponent in sorted(tops, key=_place_in_product)]
    bottom = [_factor(base, exponent) for base, exponent in bottoms]
    for part, root in zip((top, bottom), roots, strict=True):
        if root != 1:
            part.insert(0, b.call("sqrt", written(root)))
    value = Fraction(int(number.p), int(number.q))
    over = b.divide(_run(abs(value.numerator), top), _run(value.denominator, bottom))
    return b.neg(over) if value < 0 else over


def _place_in_product(power: tuple[Any, Any]) -> tuple[Any, ...]:
    """Parameters, x, what has a name and depends on x, e^x, other functions, sums."""
    base, _ = power
    sp = library()
    if base.is_Symbol:
        parameter = base != _x() and not base.is_Dummy
        return 0, 0 if parameter else 1 if base == _x() else 2, [-ord(c) for c in base.name]
    return 2 if base.is_Add else 1, not isinstance(base, sp.exp), sp.default_sort_key(base)


def _factor(base: Any, exponent: Any) -> Written:
    tree = written(base)
    return tree if exponent == 1 else Written("power", (tree, written(exponent)))


def _run(number: int, factors: Sequence[Written]) -> Written:
    result = b.num(number)
    for f in factors:
        result = b.scale(result, f)
    return result


__all__ = ["cases", "condition_written", "exponential", "name", "times", "written"]
