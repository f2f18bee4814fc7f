"""SymPy, and what we ask it: derivatives of scalar functions, refolded in terms of the functions themselves.

The only module that imports SymPy, late (it takes longer to import than most derivations take) and with its number type
pinned, since an installed python-flint would change it silently. Nothing a person typed comes here: the expressions are
the rows of `functions.py` and elements that were read by our own reader.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from ..errors import UnsupportedError
from .elements import Element, broadcast, entrywise, mapped, node, number, plus, power
from .functions import FUNCTIONS, ScalarFunction

_ARGUMENTS = ("x", "y", "z")


@cache
def library() -> Any:
    """SymPy itself."""
    os.environ["SYMPY_GROUND_TYPES"] = "python"
    import sympy

    return sympy


@cache
def _symbols() -> tuple[Any, ...]:
    return tuple(library().Symbol(name, real=True) for name in _ARGUMENTS)


def arguments(row: ScalarFunction) -> tuple[Any, ...]:
    """The SymPy symbols a row's definition is written in: its arguments, then its parameters."""
    sp = library()
    return _symbols()[: row.arity] + tuple(sp.Symbol(name, real=True) for name, _ in row.parameters)


def definition(name: str) -> Any:
    """The SymPy definition of a function, in the symbols of `arguments`."""
    row = FUNCTIONS[name]
    return row.symbolic(library(), *arguments(row))


@cache
def scalar_derivative(name: str, position: int = 0) -> Any:
    """The derivative of a function by one of its arguments, as SymPy computes it and `refolded` folds it.

    The result is a SymPy expression in the symbols of `arguments`, in which folded functions occur as SymPy functions
    with the names of `functions.py`.
    """
    row, sp = FUNCTIONS[name], library()
    derived = sp.diff(definition(name), arguments(row)[position])
    # The jump of a step is no function: away from the kink the derivative is 0, and 0 is our convention on it.
    return refolded(derived.replace(sp.DiracDelta, lambda *_: sp.S.Zero))


def refolded(expression: Any) -> Any:
    """The shortest way we find to write an expression in e^x by σ(x), softplus(x) and tanh(x).

    Every step is an identity of SymPy's own arithmetic (substitution of e^x = σ/(1 − σ), cancellation, factoring), so
    the value is the same wherever both are defined.
    """
    sp = library()
    x = _symbols()[0]
    if isinstance(expression, sp.Piecewise):
        return sp.Piecewise(*((refolded(e), c) for e, c in expression.args))
    if not expression.has(sp.exp):
        return expression
    s, softplus = sp.Symbol("s", positive=True), sp.Function("softplus")
    candidates = [expression]
    folded = expression.subs(sp.log(1 + sp.exp(x)), softplus(x)).subs(sp.exp(-x), (1 - s) / s).subs(sp.exp(x), s / (1 - s))
    if not folded.has(sp.exp):
        short = sp.factor(sp.cancel(sp.together(folded)))
        candidates = [_collected(short, x), short, expression]
    best = min(candidates, key=sp.count_ops)
    return best.xreplace({s: sp.Function("sigmoid")(x)})


def _collected(expression: Any, x: Any) -> Any:
    """Factors that are sums, by powers of x and without a minus before the product: −s (s x − x − 1) is s (1 + x (1 − s))."""
    sp = library()
    number, factors = expression.as_coeff_mul()
    factors = list(factors)
    for i, f in enumerate(factors):
        if number.is_negative and f.is_Add:
            number, factors[i] = -number, -f
        if f.is_Add:
            factors[i] = _by_powers(factors[i], x)
    return sp.Mul(*([number] if number != 1 else []), *factors, evaluate=False)


def _by_powers(expression: Any, x: Any) -> Any:
    sp = library()
    parts = sp.collect(expression, x, evaluate=False)
    terms = []
    for monomial, coefficient in parts.items():
        factored = sp.factor(coefficient)
        number, rest = factored.as_coeff_mul()
        if number == -1 and any(r.is_Add for r in rest):
            turned = next(r for r in rest if r.is_Add)
            factored = sp.Mul(*[-r if r is turned else r for r in rest])
        terms.append(sp.Mul(monomial, factored) if monomial != 1 else coefficient)
    return sp.Add(*terms)


@cache
def _elementary() -> dict[Any, str]:
    sp = library()
    return {
        sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tan: "tan", sp.sinh: "sinh", sp.cosh: "cosh",
        sp.tanh: "tanh", sp.asin: "arcsin", sp.acos: "arccos", sp.atan: "arctan", sp.asinh: "arcsinh", sp.acosh: "arccosh",
        sp.atanh: "arctanh", sp.erf: "erf", sp.Abs: "abs", sp.sign: "sign", sp.Heaviside: "step",
    }


_RELATIONS = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "!="}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}


def chosen(condition: Element, yes: Element, no: Element) -> Element:
    """`yes` where the condition holds, else `no`; a choice between 1 and 0 is the condition itself."""
    if yes is no:
        return yes
    if condition.kind == "map" and condition.value in _OPPOSITE and yes.kind == no.kind == "number":
        if (yes.value, no.value) == (1, 0):
            return condition
        if (yes.value, no.value) == (0, 1):
            return mapped(_OPPOSITE[condition.value], condition.args)
    return mapped("where", [condition, yes, no])


def to_element(expression: Any, values: dict[Any, Element]) -> Element:
    """A SymPy expression as an element, with elements put in for its symbols; unknown nodes are an error."""
    sp = library()
    if expression in values:
        return values[expression]
    if expression.is_Rational:
        return number(Fraction(int(expression.p), int(expression.q)))
    if expression is sp.pi or expression is sp.E:
        return node("constant", (), "pi" if expression is sp.pi else "e")
    if expression.is_Add:
        # SymPy orders the terms of a sum by itself; a constant first, then as they come, reads best: 1 − tanh²
        terms = sorted(expression.args, key=lambda t: (not t.is_number, t.could_extract_minus_sign()))
        return plus([to_element(t, values) for t in terms])
    if expression.is_Mul:
        return entrywise([to_element(f, values) for f in sorted(expression.args, key=lambda f: bool(f.is_Add))])
    if expression.is_Pow:
        base, exponent = expression.as_base_exp()
        if exponent.is_Rational:
            return power(to_element(base, values), Fraction(int(exponent.p), int(exponent.q)))
        return mapped("pow", [to_element(base, values), to_element(exponent, values)])
    if isinstance(expression, sp.Piecewise):
        *cases, (last, _) = expression.args
        result = to_element(last, values)
        for value, condition in reversed(cases):
            for alternative in condition.args if isinstance(condition, sp.Or) else (condition,):
                result = chosen(_condition(alternative, values), to_element(value, values), result)
        return result
    name = _elementary().get(expression.func) or (expression.func.__name__ if expression.func.__name__ in FUNCTIONS else None)
    if name is None or name not in FUNCTIONS:
        raise UnsupportedError(f"SymPy answered with {expression.func.__name__}, which has no row in functions.py.")
    args = expression.args[: FUNCTIONS[name].arity]
    return mapped(name, [to_element(a, values) for a in args])


def _condition(condition: Any, values: dict[Any, Element]) -> Element:
    sp = library()
    if isinstance(condition, sp.Ne) and condition.rhs == 0 and condition.lhs in values:
        return values[condition.lhs]
    if isinstance(condition, sp.core.relational.Relational):
        return mapped(_RELATIONS[condition.rel_op], [to_element(condition.lhs, values), to_element(condition.rhs, values)])
    raise UnsupportedError(f"SymPy answered with the condition {condition}, for which there is no rule.")


def derivative_element(name: str, args: Sequence[Element], position: int) -> Element:
    """The derivative of a scalar function by its argument at `position`, entry by entry at `args`.

    Missing parameters take their usual values (the ε of leaky ReLU is 1/100).
    """
    row = FUNCTIONS[name]
    values = dict(zip(arguments(row), [*args, *(number(v) for _, v in row.parameters)][: row.arity + len(row.parameters)],
                      strict=True))
    shape = max((a.shape for a in args), key=len, default=())
    return broadcast(to_element(scalar_derivative(name, position), values), shape)
