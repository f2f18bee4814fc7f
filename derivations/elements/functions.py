"""What the scalar functions mean: one row a function, one column an interpretation.

`symbolic` is the definition in SymPy, from which derivatives, limits and ranges are computed; `array` is the same on
arrays (NumPy or JAX, real or complex); `domain` is where it is defined. Derivatives are not typed in: see `symbolic.py`.
Definitions of the activations follow their papers: ELU (Clevert 2015), SELU (Klambauer 2017), GELU in its exact form
(Hendrycks 2016), SiLU/swish (Elfwing 2017, Ramachandran 2017), Mish (Misra 2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np


@cache
def _gauss() -> tuple[Any, Any]:
    """Nodes of Gauss and Legendre on [0, 1] and their weights on [−1, 1]; found when erf is first asked for."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    return (nodes + 1) / 2, weights


SELU_SCALE = Fraction("1.0507009873554804934193349852946")
SELU_ALPHA = Fraction("1.6732632423543772848170429916717")


@dataclass(frozen=True, slots=True)
class ScalarFunction:
    """A row of the table. `symbolic(sp, x, …)` and `array(xp, x, …)` take the library first.

    `parameters` are further arguments that may be left out, with their usual values; `kinks` are places where the
    derivative jumps; `activation` marks what is used between the layers of a network.
    """

    name: str
    symbolic: Callable[..., Any]
    array: Callable[..., Any]
    domain: str = "real"
    arity: int = 1
    parameters: tuple[tuple[str, Fraction], ...] = ()
    kinks: tuple[Fraction, ...] = ()
    activation: bool = False


def _erf(xp: Any, x: Any) -> Any:
    """erf by Gauss–Legendre quadrature of 2/√π ∫ exp(−t²): full double precision for |x| ≤ 6, real or complex."""
    x = xp.asarray(x)
    nodes, weights = _gauss()
    inner = xp.exp(-(x[..., None] * nodes) ** 2)
    return x / np.sqrt(np.pi) * (inner * weights).sum(-1)


def _where(xp: Any, condition: Any, yes: Any, no: Any) -> Any:
    return xp.where(condition.real != 0, yes, no)


def _sigmoid(xp: Any, x: Any) -> Any:
    e = xp.exp(xp.where(x.real < 0, x, -x))  # never overflows
    return xp.where(x.real < 0, e, 1.0) / (1 + e)


def _softplus(xp: Any, x: Any) -> Any:
    return xp.where(x.real >= 0, x, 0.0) + xp.log1p(xp.exp(xp.where(x.real < 0, x, -x)))  # at 0 both slopes come from one side


def _clip(xp: Any, x: Any, low: float, high: float) -> Any:
    return xp.where(x.real < low, low, xp.where(x.real > high, high, x))


def _compare(test: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda xp, a, b: xp.where(test(a.real, b.real), 1.0, 0.0)


_A = (("a", Fraction(1)),)
_SLOPE = (("a", Fraction(1, 100)),)

# fmt: off
FUNCTIONS: dict[str, ScalarFunction] = {f.name: f for f in (
    ScalarFunction("exp",     lambda sp, x: sp.exp(x),              lambda xp, x: xp.exp(x)),
    ScalarFunction("expm1",   lambda sp, x: sp.exp(x) - 1,          lambda xp, x: xp.expm1(x)),
    ScalarFunction("log",     lambda sp, x: sp.log(x),              lambda xp, x: xp.log(x),                "positive"),
    ScalarFunction("log2",    lambda sp, x: sp.log(x) / sp.log(2),  lambda xp, x: xp.log(x) / np.log(2),    "positive"),
    ScalarFunction("log10",   lambda sp, x: sp.log(x) / sp.log(10), lambda xp, x: xp.log(x) / np.log(10),   "positive"),
    ScalarFunction("log1p",   lambda sp, x: sp.log(1 + x),          lambda xp, x: xp.log1p(x),              "above -1"),
    ScalarFunction("sqrt",    lambda sp, x: sp.sqrt(x),             lambda xp, x: xp.sqrt(x),               "positive"),
    ScalarFunction("cbrt",    lambda sp, x: sp.cbrt(x),             lambda xp, x: xp.exp(xp.log(x) / 3),    "positive"),
    ScalarFunction("sin",     lambda sp, x: sp.sin(x),              lambda xp, x: xp.sin(x)),
    ScalarFunction("cos",     lambda sp, x: sp.cos(x),              lambda xp, x: xp.cos(x)),
    ScalarFunction("tan",     lambda sp, x: sp.tan(x),              lambda xp, x: xp.tan(x),                "off poles"),
    ScalarFunction("sinh",    lambda sp, x: sp.sinh(x),             lambda xp, x: xp.sinh(x)),
    ScalarFunction("cosh",    lambda sp, x: sp.cosh(x),             lambda xp, x: xp.cosh(x)),
    ScalarFunction("tanh",    lambda sp, x: sp.tanh(x),             lambda xp, x: xp.tanh(x),               activation=True),
    ScalarFunction("arcsin",  lambda sp, x: sp.asin(x),             lambda xp, x: xp.arcsin(x),             "inside (-1, 1)"),
    ScalarFunction("arccos",  lambda sp, x: sp.acos(x),             lambda xp, x: xp.arccos(x),             "inside (-1, 1)"),
    ScalarFunction("arctan",  lambda sp, x: sp.atan(x),             lambda xp, x: xp.arctan(x)),
    ScalarFunction("arcsinh", lambda sp, x: sp.asinh(x),            lambda xp, x: xp.arcsinh(x)),
    ScalarFunction("arccosh", lambda sp, x: sp.acosh(x),            lambda xp, x: xp.arccosh(x),            "above 1"),
    ScalarFunction("arctanh", lambda sp, x: sp.atanh(x),            lambda xp, x: xp.arctanh(x),            "inside (-1, 1)"),
    ScalarFunction("erf",     lambda sp, x: sp.erf(x),              _erf),
    ScalarFunction("abs",     lambda sp, x: sp.Abs(x),              lambda xp, x: xp.where(x.real < 0, -x, x), kinks=(Fraction(0),)),
    ScalarFunction("sign",    lambda sp, x: sp.sign(x),             lambda xp, x: xp.sign(x.real),          kinks=(Fraction(0),)),
    ScalarFunction("step",    lambda sp, x: sp.Heaviside(x, 0),     lambda xp, x: xp.where(x.real > 0, 1.0, 0.0), kinks=(Fraction(0),)),

    ScalarFunction("sigmoid",     lambda sp, x: 1 / (1 + sp.exp(-x)),          _sigmoid,                                        activation=True),
    ScalarFunction("relu",        lambda sp, x: sp.Max(0, x),                  lambda xp, x: xp.where(x.real > 0, x, 0.0),      kinks=(Fraction(0),), activation=True),
    ScalarFunction("leaky_relu",  lambda sp, x, a: sp.Piecewise((x, x > 0), (a * x, True)),
                                  lambda xp, x, a: xp.where(x.real > 0, x, a * x), parameters=_SLOPE, kinks=(Fraction(0),), activation=True),
    ScalarFunction("elu",         lambda sp, x, a: sp.Piecewise((x, x > 0), (a * (sp.exp(x) - 1), True)),
                                  lambda xp, x, a: xp.where(x.real > 0, x, a * xp.expm1(xp.where(x.real > 0, 0.0, x))), parameters=_A, kinks=(Fraction(0),), activation=True),
    ScalarFunction("selu",        lambda sp, x: sp.Piecewise((_rational(sp, SELU_SCALE) * x, x > 0), (_rational(sp, SELU_SCALE * SELU_ALPHA) * (sp.exp(x) - 1), True)),
                                  lambda xp, x: float(SELU_SCALE) * xp.where(x.real > 0, x, float(SELU_ALPHA) * xp.expm1(xp.where(x.real > 0, 0.0, x))),
                                  kinks=(Fraction(0),), activation=True),
    ScalarFunction("softplus",    lambda sp, x: sp.log(1 + sp.exp(x)),         _softplus,                                       activation=True),
    ScalarFunction("softsign",    lambda sp, x: x / (1 + sp.Abs(x)),           lambda xp, x: x / (1 + xp.where(x.real < 0, -x, x)), activation=True),
    ScalarFunction("silu",        lambda sp, x: x / (1 + sp.exp(-x)),          lambda xp, x: x * _sigmoid(xp, x),               activation=True),
    ScalarFunction("gelu",        lambda sp, x: x * (1 + sp.erf(x / sp.sqrt(2))) / 2, lambda xp, x: x * (1 + _erf(xp, x / np.sqrt(2))) / 2, activation=True),
    ScalarFunction("mish",        lambda sp, x: x * sp.tanh(sp.log(1 + sp.exp(x))), lambda xp, x: x * xp.tanh(_softplus(xp, x)), activation=True),
    ScalarFunction("relu6",       lambda sp, x: sp.Piecewise((0, x <= 0), (6, x >= 6), (x, True)),  lambda xp, x: _clip(xp, x, 0.0, 6.0), kinks=(Fraction(0), Fraction(6)), activation=True),
    ScalarFunction("hardtanh",    lambda sp, x: sp.Piecewise((-1, x <= -1), (1, x >= 1), (x, True)), lambda xp, x: _clip(xp, x, -1.0, 1.0), kinks=(Fraction(-1), Fraction(1)), activation=True),
    ScalarFunction("hardsigmoid", lambda sp, x: sp.Piecewise((0, x <= -3), (1, x >= 3), (x / 6 + sp.Rational(1, 2), True)), lambda xp, x: _clip(xp, x / 6 + 0.5, 0.0, 1.0),
                                  kinks=(Fraction(-3), Fraction(3)), activation=True),

    ScalarFunction("pow",     lambda sp, x, y: x ** y,              lambda xp, x, y: xp.exp(y * xp.log(x)), "positive", arity=2),
    ScalarFunction("maximum", lambda sp, x, y: sp.Piecewise((x, x > y), (y, True)), lambda xp, x, y: xp.where(x.real > y.real, x, y), arity=2),
    ScalarFunction("minimum", lambda sp, x, y: sp.Piecewise((x, x < y), (y, True)), lambda xp, x, y: xp.where(x.real < y.real, x, y), arity=2),
    ScalarFunction("where",   lambda sp, c, x, y: sp.Piecewise((x, sp.Ne(c, 0)), (y, True)), _where, arity=3),
    ScalarFunction("<",       lambda sp, x, y: sp.Piecewise((1, x < y), (0, True)),        _compare(lambda a, b: a < b), arity=2),
    ScalarFunction("<=",      lambda sp, x, y: sp.Piecewise((1, x <= y), (0, True)),       _compare(lambda a, b: a <= b), arity=2),
    ScalarFunction(">",       lambda sp, x, y: sp.Piecewise((1, x > y), (0, True)),        _compare(lambda a, b: a > b), arity=2),
    ScalarFunction(">=",      lambda sp, x, y: sp.Piecewise((1, x >= y), (0, True)),       _compare(lambda a, b: a >= b), arity=2),
    ScalarFunction("=",       lambda sp, x, y: sp.Piecewise((1, sp.Eq(x, y)), (0, True)),  _compare(lambda a, b: a == b), arity=2),
    ScalarFunction("!=",      lambda sp, x, y: sp.Piecewise((1, sp.Ne(x, y)), (0, True)),  _compare(lambda a, b: a != b), arity=2),
)}
# fmt: on


def _rational(sp: Any, value: Fraction) -> Any:
    return sp.Rational(value.numerator, value.denominator)


ACTIVATIONS: tuple[str, ...] = tuple(sorted(name for name, row in FUNCTIONS.items() if row.activation))
