"""The table of scalar functions: complete rows, one meaning in every column."""

from __future__ import annotations

import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import judges
import numpy as np
import pytest

from hwcheck.derivations import Style, read, write
from hwcheck.derivations.elements.elements import number
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.functions import ACTIVATIONS, FUNCTIONS, SELU_ALPHA, SELU_SCALE
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.elements.symbolic import arguments, definition, derivative_element, library, scalar_derivative
from hwcheck.derivations.notation import spellings
from hwcheck.derivations.notation.written import Written

SPELLED = {s.name: s for s in spellings.FUNCTIONS}
RELATIONS = {"<", "<=", ">", ">=", "=", "!="}
POINTS = {"real": np.array([-2.3, -0.7, 0.4, 1.9]), "positive": np.array([0.2, 0.7, 1.4, 3.0]), "above -1": np.array([-0.6, 0.1, 2.0]),
          "inside (-1, 1)": np.array([-0.9, -0.3, 0.2, 0.8]), "above 1": np.array([1.1, 1.7, 4.0]),
          "off poles": np.array([-1.2, 0.3, 1.1])}  # fmt: skip
UNARY = [name for name, row in FUNCTIONS.items() if row.arity == 1]


def at(name: str) -> judges.Array:
    """Points where a function is defined, none of them a kink."""
    row = FUNCTIONS[name]
    points = POINTS[row.domain]
    return points[[all(abs(p - float(k)) > 1e-3 for k in row.kinks) for p in points]]


def usual(name: str) -> list[float]:
    return [float(v) for _, v in FUNCTIONS[name].parameters]


@pytest.mark.parametrize("name", UNARY)
def test_the_array_is_the_symbolic_definition(name: str) -> None:
    sp, x, row = library(), at(name), FUNCTIONS[name]
    symbols = arguments(row)
    expression = definition(name).subs(dict(zip(symbols[1:], [sp.Float(v, 30) for v in usual(name)], strict=True)))
    want = [float(expression.subs(symbols[0], sp.Float(float(v), 30)).evalf(20)) for v in x]
    assert judges.same(row.array(np, x, *usual(name)), want, 1e-13)


@pytest.mark.parametrize("name", UNARY)
def test_jax_and_complex_arrays_give_the_same(name: str) -> None:
    row, x = FUNCTIONS[name], at(name)
    real = row.array(np, x, *usual(name))
    assert judges.same(row.array(jnp, jnp.asarray(x), *usual(name)), real, 1e-13)
    assert judges.same(np.real(row.array(np, x + 1e-30j, *usual(name))), real, 1e-13)


@pytest.mark.parametrize("name", UNARY)
def test_the_derivative_is_that_of_jax_and_of_a_complex_step(name: str) -> None:
    row, x = FUNCTIONS[name], at(name)
    derived = derivative_element(name, [Meaning().of(Written("name", (), "x", ("n", 1)))], 0)
    got = np.asarray(Evaluator({"x": x}, {"n": len(x)})(derived)) * np.ones(len(x))
    by_jax = jax.vmap(jax.grad(lambda v: row.array(jnp, v, *usual(name)) * 1.0))(jnp.asarray(x))
    by_step = np.imag(row.array(np, x + 1e-30j, *usual(name))) / 1e-30 if name not in ("sign", "step") else np.zeros(len(x))
    assert judges.same(got, by_jax) and judges.same(got, by_step, 1e-12)


BINARY: tuple[tuple[str, list[float], list[float], list[float], list[float] | None, list[float] | None], ...] = (
    ("pow", [2.0, 3.0], [3.0, 0.5], [8.0, math.sqrt(3)], [12.0, 0.5 / math.sqrt(3)], [8 * math.log(2), math.sqrt(3) * math.log(3)]),
    ("maximum", [2.0, 1.0, 5.0], [3.0, 1.0, 4.0], [3.0, 1.0, 5.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]),
    ("minimum", [2.0, 1.0, 5.0], [3.0, 1.0, 4.0], [2.0, 1.0, 4.0], [1.0, 0.0, 0.0], [0.0, 1.0, 1.0]),
    ("<", [1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [1.0, 0.0, 0.0], [0.0] * 3, [0.0] * 3),
    ("<=", [1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [1.0, 0.0, 1.0], [0.0] * 3, [0.0] * 3),
    (">", [1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [0.0, 1.0, 0.0], [0.0] * 3, [0.0] * 3),
    (">=", [1.0, 2.0, 2.0], [2.0, 1.0, 2.0], [0.0, 1.0, 1.0], [0.0] * 3, [0.0] * 3),
    ("=", [1.0, 2.0], [2.0, 2.0], [0.0, 1.0], [0.0] * 2, [0.0] * 2),
    ("!=", [1.0, 2.0], [2.0, 2.0], [1.0, 0.0], [0.0] * 2, [0.0] * 2),
)  # fmt: skip


@pytest.mark.parametrize(("name", "x", "y", "want", "by_x", "by_y"), BINARY, ids=[row[0] for row in BINARY])
def test_functions_of_two_numbers_and_their_derivatives(
    name: str, x: list[float], y: list[float], want: list[float], by_x: list[float], by_y: list[float]
) -> None:
    """Where both arguments of a maximum are equal, the second one counts."""
    values = {"x": np.array(x), "y": np.array(y)}
    args = [Meaning().of(Written("name", (), n, ("n", 1))) for n in "xy"]
    assert judges.same(FUNCTIONS[name].array(np, *values.values()), want)
    for position, derived in enumerate((by_x, by_y)):
        got = Evaluator(values, {"n": len(x)})(derivative_element(name, args, position))
        assert judges.same(np.broadcast_to(got, len(x)), derived)


def test_a_choice_is_differentiated_branch_by_branch() -> None:
    args = [Meaning().of(Written("name", (), n, ("n", 1))) for n in ("c", "x", "y")]
    values = {"c": np.array([1.0, 0.0]), "x": np.array([5.0, 5.0]), "y": np.array([7.0, 7.0])}
    found = [np.broadcast_to(Evaluator(values, {"n": 2})(derivative_element("where", args, k)), 2).tolist() for k in range(3)]
    assert found == [[0, 0], [1, 0], [0, 1]]


# The convention at a kink, as it is shown: the value that the derivative takes there.
KINKS: tuple[tuple[str, Fraction | int, Fraction | int], ...] = (
    ("relu", 0, 0), ("abs", 0, 0), ("sign", 0, 0), ("step", 0, 0), ("leaky_relu", 0, Fraction(1, 100)), ("elu", 0, 1),
    ("selu", 0, SELU_SCALE * SELU_ALPHA), ("relu6", 0, 0), ("relu6", 6, 0), ("hardtanh", -1, 0), ("hardtanh", 1, 0),
    ("hardsigmoid", -3, 0), ("hardsigmoid", 3, 0),
)  # fmt: skip


@pytest.mark.parametrize(("name", "kink", "want"), KINKS, ids=[f"{row[0]} at {row[1]}" for row in KINKS])
def test_conventions_at_kinks(name: str, kink: int, want: Fraction) -> None:
    assert kink in FUNCTIONS[name].kinks
    assert judges.same(Evaluator({}, {})(derivative_element(name, [number(kink)], 0)), float(want))


def test_every_kink_is_listed() -> None:
    """A jump of the derivative on a fine grid is a kink of the table, and the other way round."""
    grid = np.linspace(-7, 7, 14001) + 1e-4
    for name in UNARY:
        row = FUNCTIONS[name]
        if row.domain != "real" or name in ("sign", "step"):
            continue
        derived = derivative_element(name, [Meaning().of(Written("name", (), "x", ("n", 1)))], 0)
        slope = np.asarray(Evaluator({"x": grid}, {"n": len(grid)})(derived)) * np.ones(len(grid))
        jumps = {round(float(g)) for g, s in zip(grid, np.abs(np.diff(slope)), strict=False) if s > 0.1}
        growth = name in ("exp", "expm1", "sinh", "cosh")
        assert growth or jumps == {int(k) for k in row.kinks if name != "elu"}, name


def test_every_function_has_a_spelling() -> None:
    assert set(FUNCTIONS) - set(SPELLED) == RELATIONS | {"pow"}


@pytest.mark.parametrize("style", list(Style))
@pytest.mark.parametrize("name", UNARY)
def test_every_spelling_is_read_as_its_function(name: str, style: Style) -> None:
    tree = Written("call", (Written("name", (), "z", ("k", 1)),), name, ("k", 1))
    again = read(write(tree, style), shapes={"z": ["k"]}).body
    values = {"z": at(name)}
    sizes = {"k": len(at(name))}
    assert judges.same(Evaluator(values, sizes)(Meaning().of(again)), Evaluator(values, sizes)(Meaning().of(tree)), 1e-13)


def test_every_other_spelling_is_read_too() -> None:
    off = [s for name in UNARY for s in SPELLED[name].also if not s.startswith("scipy")
           and Meaning().of(read(f"{s}(z)", shapes={"z": ["k"]}).body) is not Meaning().of(
               Written("call", (Written("name", (), "z", ("k", 1)),), name, ("k", 1)))]
    assert off == []


def test_every_row_is_complete() -> None:
    for name, row in FUNCTIONS.items():
        assert row.name == name and row.domain in POINTS and row.arity in (1, 2, 3)
        assert len(arguments(row)) == row.arity + len(row.parameters)
        for position in range(row.arity):
            assert scalar_derivative(name, position) is not None
    assert ACTIVATIONS == tuple(sorted(ACTIVATIONS)) and {"relu", "sigmoid", "tanh", "gelu"} <= set(ACTIVATIONS)
