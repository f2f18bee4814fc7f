"""What SymPy is asked: derivatives of scalar functions, folded back into the functions themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import judges
import numpy as np
import pytest

from hwcheck.derivations import Style, write
from hwcheck.derivations.elements import symbolic
from hwcheck.derivations.elements.elements import Element, mapped, number, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.elements.symbolic import (
    arguments,
    chosen,
    definition,
    derivative_element,
    library,
    refolded,
    scalar_derivative,
    to_element,
)
from hwcheck.derivations.errors import UnsupportedError
from hwcheck.derivations.forms.matrixform import MatrixForm

x = variable("x", ())
SX = arguments(FUNCTIONS["exp"])[0]


def said(element: Element) -> str:
    return write(MatrixForm().of(element), Style.UNICODE)


# The derivative of every function of one number, as it is written.
DERIVATIVES: dict[str, str] = {
    "exp": "exp(x)",
    "expm1": "exp(x)",
    "log": "1/x",
    "log2": "1 / (x log(2))",
    "log10": "1 / (x log(10))",
    "log1p": "1 / (1 + x)",
    "sqrt": "1 / (2√x)",
    "cbrt": "1 / (3x^(2/3))",
    "sin": "cos(x)",
    "cos": "−sin(x)",
    "tan": "1 + tan(x)²",
    "sinh": "cosh(x)",
    "cosh": "sinh(x)",
    "tanh": "1 − tanh(x)²",
    "arcsin": "1 / √(1 − x²)",
    "arccos": "−1 / √(1 − x²)",
    "arctan": "1 / (1 + x²)",
    "arcsinh": "1 / √(1 + x²)",
    "arccosh": "1 / (√(1 + x)√(x − 1))",
    "arctanh": "1 / (1 − x²)",
    "abs": "sign(x)",
    "sign": "0",
    "step": "0",
    "sigmoid": "σ(x)(1 − σ(x))",
    "relu": "𝟙[x > 0]",
    "leaky_relu": "1 if x > 0 else 1/100",
    "elu": "1 if x > 0 else exp(x)",
    "softplus": "σ(x)",
    "silu": "σ(x)(1 + x(1 − σ(x)))",
    "relu6": "0 if x ≤ 0 else 𝟙[x < 6]",
    "hardtanh": "0 if x ≤ −1 else 𝟙[x < 1]",
}


@pytest.mark.parametrize("name", sorted(DERIVATIVES))
def test_a_derivative_is_written_in_the_function_itself(name: str) -> None:
    assert said(derivative_element(name, [x], 0)) == DERIVATIVES[name]


@pytest.mark.parametrize("name", [n for n, row in FUNCTIONS.items() if row.arity == 1])
def test_folding_keeps_the_value(name: str) -> None:
    sp = library()
    row = FUNCTIONS[name]
    usual = {s: sp.Rational(v.numerator, v.denominator) for s, (_, v) in zip(arguments(row)[1:], row.parameters, strict=True)}
    exact = {f: (lambda u, f=f: definition(f).subs(SX, u)) for f in ("sigmoid", "softplus", "tanh")}
    plain = sp.diff(definition(name), SX).subs(usual)
    folded = scalar_derivative(name).subs(usual)
    for f, put in exact.items():
        folded = folded.replace(sp.Function(f), put) if f != "tanh" else folded
    for point in (sp.Rational(7, 5), sp.Rational(3, 10)):
        want = plain.subs(SX, point).evalf(30)
        if want.is_real:
            assert abs(folded.subs(SX, point).evalf(30) - want) < 1e-25 * (1 + abs(want))


FOLDS: tuple[tuple[Callable[[Any, Any], Any], str], ...] = (
    (lambda sp, u: sp.exp(-u) / (1 + sp.exp(-u)) ** 2, "sigmoid(x)*(1 - sigmoid(x))"),
    (lambda sp, u: 1 / (1 + sp.exp(-u)), "sigmoid(x)"),
    (lambda sp, u: sp.exp(u) / (1 + sp.exp(u)), "sigmoid(x)"),
    (lambda sp, u: sp.exp(u), "exp(x)"),
    (lambda sp, u: u**2, "x**2"),
    (lambda sp, u: sp.Piecewise((sp.exp(u) / (1 + sp.exp(u)), u > 0), (u, True)), "Piecewise((sigmoid(x), x > 0), (x, True))"),
)


@pytest.mark.parametrize(("build", "want"), FOLDS, ids=[row[1] for row in FOLDS])
def test_exponentials_fold_into_sigmoids(build: Callable[[Any, Any], Any], want: str) -> None:
    assert str(refolded(build(library(), SX))) in (want, want.replace("sigmoid(x)*(1 - sigmoid(x))", "(1 - sigmoid(x))*sigmoid(x)"))


def test_absolute_values_are_real() -> None:
    """SymPy's Abs of a complex symbol is differentiated to re and im; ours never is."""
    assert str(scalar_derivative("abs")) == "sign(x)"
    assert not any("re(" in str(scalar_derivative(n, k)) or "im(" in str(scalar_derivative(n, k))
                   for n, row in FUNCTIONS.items() for k in range(row.arity))


def test_a_jump_has_derivative_zero_and_no_spike() -> None:
    assert [str(scalar_derivative(n)) for n in ("step", "sign")] == ["0", "0"]
    assert not any("Dirac" in str(scalar_derivative(n, k)) for n, row in FUNCTIONS.items() for k in range(row.arity))


def test_an_answer_without_a_row_is_an_error_and_never_a_guess() -> None:
    sp = library()
    with pytest.raises(UnsupportedError, match=r"SymPy answered with gamma, which has no row in functions\.py"):
        to_element(sp.gamma(SX), {SX: x})
    with pytest.raises(UnsupportedError, match=r"SymPy answered with the condition .*, for which there is no rule"):
        to_element(sp.Piecewise((1, sp.And(SX > 0, SX < sp.pi)), (SX, True)), {SX: x})
    with pytest.raises(UnsupportedError, match="SymPy answered with Derivative"):
        to_element(sp.Derivative(sp.Function("g")(SX), SX), {SX: x})


CHOICES: tuple[tuple[Element, Element, str], ...] = (
    (number(1), number(0), "𝟙[x > 0]"),
    (number(0), number(1), "𝟙[x ≤ 0]"),
    (number(2), number(0), "2 if x > 0 else 0"),
    (x, x, "x"),
)


@pytest.mark.parametrize(("yes", "no", "want"), CHOICES, ids=[row[2] for row in CHOICES])
def test_a_choice_between_one_and_zero_is_its_condition(yes: Element, no: Element, want: str) -> None:
    assert said(chosen(mapped(">", [x, number(0)]), yes, no)) == want


def test_the_number_type_is_python_although_flint_is_installed() -> None:
    """SymPy takes python-flint's numbers when it finds them; ours are pinned before it is imported."""
    program = ("import flint; from hwcheck.derivations.elements import symbolic; sp = symbolic.library();"
               "from sympy.external.gmpy import GROUND_TYPES; print(GROUND_TYPES)")
    plain = {k: v for k, v in os.environ.items() if k != "SYMPY_GROUND_TYPES"}
    done = subprocess.run([sys.executable, "-c", program], env=plain, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "python"


def test_nothing_is_imported_before_it_is_needed() -> None:
    program = "import sys, hwcheck.derivations as d; d.read('x + y'); print(sorted({'sympy', 'jax'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_entries_stand_for_themselves() -> None:
    """The derivative at a column is the derivative at every entry, with the usual parameters filled in."""
    z = variable("z", ("k",))
    values = {"z": np.array([-1.5, 0.5])}
    assert judges.same(Evaluator(values, {"k": 2})(derivative_element("leaky_relu", [z], 0)), [0.01, 1.0])
    assert derivative_element("sign", [z], 0).shape == ("k",) and symbolic.derivative_element is derivative_element
