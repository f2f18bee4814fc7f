"""One walk, two libraries: NumPy and JAX give the same value, with points along a first axis, real or complex."""

from __future__ import annotations

from typing import Any

import facts
import jax
import jax.numpy as jnp
import judges
import numpy as np
import pytest
import trees
from hypothesis import given, settings

from hwcheck.derivations import read
from hwcheck.derivations.elements import evaluation
from hwcheck.derivations.elements.elements import Element, broadcast, identity, mapped, node, number, power, product, variable
from hwcheck.derivations.elements.evaluation import FORMS, Evaluator
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import UnsupportedError

SHAPES = {n: s for n, s in facts.SHAPES.items() if n != "T"}


def value(e: Element, **values: Any) -> judges.Array:
    return np.asarray(Evaluator(values, judges.SIZES)(e))


def element(text: str) -> Element:
    return Meaning().of(read(text, shapes=SHAPES).body)


def test_functions_have_the_values_of_their_plain_twins() -> None:
    """Also judges the judges: the plain functions of the facts say the same as their texts."""
    plain = judges.jax_values([f.judge for f in facts.ALL], [list(f.values().values()) for f in facts.ALL])
    off = [str(f) for f, want in zip(facts.ALL, plain, strict=True)
           if not judges.same(value(f.derived().function, **f.values()), want)]
    assert off == []


# Every kind and form occurs in these.
VARIED = (*facts.DETERMINANTS, *facts.POWERS, *facts.ARRANGED, *facts.SUMS, *facts.THREE_AXES, *facts.SOFTMAX)


def test_jax_gives_the_same() -> None:
    rows = [(f, e, f.values()) for f in VARIED for e in (f.derived().function, f.derived().derived)]

    def whole(points: Any) -> Any:
        return [Evaluator(v, judges.SIZES, jnp)(e) for (_, e, _), v in zip(rows, points, strict=True)]

    found = jax.jit(whole)([{n: jnp.asarray(v) for n, v in values.items()} for *_, values in rows])
    off = [str(f) for (f, e, values), array in zip(rows, found, strict=True) if not judges.same(array, value(e, **values))]
    assert off == []


@settings(max_examples=60)
@given(trees.trees())
def test_many_points_at_once_are_the_points_one_by_one(tree: trees.Written) -> None:
    e = Meaning().of(tree)
    points = [trees.point(seed) for seed in (1, 2, 3)]
    stacked = {name: np.stack([p[name] for p in points]) for name in points[0]}
    together = trees.value(e, stacked)
    one_by_one = np.stack([trees.value(e, p) for p in points])
    assert judges.same(np.broadcast_to(together, one_by_one.shape), one_by_one)


@settings(max_examples=60)
@given(trees.trees())
def test_a_real_value_is_real_and_a_complex_step_keeps_it(tree: trees.Written) -> None:
    e, values = Meaning().of(tree), trees.point(2)
    real = trees.value(e, values)
    stepped = trees.value(e, values | {"w": values["w"] + 1e-20j * np.arange(1, 4)})
    assert real.dtype == np.float64 and judges.same(stepped.real, real)


# Values at which a careless formula overflows or divides 0 by 0.
STABLE: tuple[tuple[str, str, list[float], list[float] | float], ...] = (
    ("softmax", "softmax(z)", [1000.0, 0.0, -1000.0, 999.0], [0.7310585786300049, 0.0, 0.0, 0.2689414213699951]),
    ("log-softmax", "log_softmax(z)", [1000.0, 0.0, -1000.0, 1000.0],
     [-0.6931471805599453, -1000.6931471805599, -2000.69314718056, -0.69314718056]),
    ("log-sum-exp", "logsumexp(z)", [1000.0, 1000.0, -1000.0, 0.0], 1000.6931471805599),
    ("log-sum-exp far below", "logsumexp(z)", [-1000.0, -1000.0, -1000.0, -1000.0], -998.6137056388801),
    ("ELU", "elu(z)", [1000.0, 0.0, -1.0, -1000.0], [1000.0, 0.0, -0.6321205588285577, -1.0]),
    ("the maximum", "max(z)", [3.0, 7.0, 7.0, -1.0], 7.0),
    ("|z|", "|z|", [0.0, -0.0, -2.0, 3.0], [0.0, 0.0, 2.0, 3.0]),
    ("ReLU at its kink", "relu(z)", [0.0, -1.0, 2.0, 0.0], [0.0, 0.0, 2.0, 0.0]),
)  # fmt: skip


@pytest.mark.parametrize(("text", "at", "want"), [row[1:] for row in STABLE], ids=[row[0] for row in STABLE])
def test_extreme_values_are_no_danger(text: str, at: list[float], want: Any) -> None:
    assert judges.same(value(element(text), z=np.array(at)), want)


def test_an_exponential_of_a_matrix_is_the_one_of_jax() -> None:
    for scale in (0.1, 1.0, 5.0):
        a = scale * judges.arrays({"A": ["d", "d"]})["A"]
        assert judges.same(value(element("expm(A)"), A=a), jax.scipy.linalg.expm(a))


def test_erf_has_full_precision() -> None:
    x = np.linspace(-6, 6, 101)
    assert judges.same(value(element("erf(z)"), z=x), jax.scipy.special.erf(x), 1e-14)


def test_a_tie_takes_the_first_place_alone() -> None:
    argmax = node("form", (variable("z", ("k",)),), "argmax", ("k",))
    assert value(argmax, z=np.array([1.0, 2.0, 2.0, 0.0])).tolist() == [0, 1, 0, 0]


def test_an_index_on_several_axes_spreads_over_the_diagonal() -> None:
    w = variable("w", ("d",))
    cube = product(("i", "i", "i"), [(w, ("i",))], {"i": "d"})
    got = value(cube, w=np.array([2.0, 3.0, 5.0]))
    assert got.sum() == 10 and [got[i, i, i] for i in range(3)] == [2, 3, 5]
    assert value(identity("d")).tolist() == np.eye(3).tolist()


def test_many_factors_cost_no_more_than_their_pairs() -> None:
    """A chain of 40 matrices: einsum over all of it at once would never end."""
    labels = list(range(41))
    chain = product((0, 40), [(variable(f"A_{i}", ("d", "d")), (i, i + 1)) for i in range(40)], dict.fromkeys(labels, "d"))
    rng = np.random.default_rng(0)
    values = {f"A_{i}": rng.normal(size=(3, 3)) / 2 for i in range(40)}
    want = np.eye(3)
    for matrix in values.values():
        want = want @ matrix
    assert judges.same(value(chain, **values), want)


def test_sizes_are_numbers_where_they_are_used() -> None:
    at = Evaluator({}, {"n": 2, "m": 3})
    assert at.extent("n*m+1") == 7 and at.extent(4) == 4
    assert Evaluator({}, {"n": 2})(broadcast(number(3), ("n", 2))).tolist() == [[3, 3], [3, 3]]


def test_shared_parts_are_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    rule = evaluation.RULES["map"]
    monkeypatch.setitem(evaluation.RULES, "map", lambda at, n, args: calls.append(n.value) or rule(at, n, args))
    w = variable("w", ("d",))
    shared = mapped("exp", [w])
    value(product((), [(shared, ("i",)), (power(shared, 2), ("i",)), (mapped("tanh", [shared]), ("i",))], {"i": "d"}), w=np.ones(3))
    assert calls.count("exp") == 1 and calls.count("tanh") == 1


def test_every_kind_form_and_function_has_a_value() -> None:
    kinds = {"variable", "number", "constant", "size", "zero", "unit", "shift", "lower", "product", "sum", "power", "map",
             "form", "merge", "stack", "join"}  # fmt: skip
    assert set(evaluation.RULES) == kinds
    assert {"inverse", "det", "logdet", "softmax", "log_softmax", "logsumexp", "prod", "max", "min", "expm"} <= set(FORMS)
    assert all(callable(row.array) for row in FUNCTIONS.values())


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="There is no evaluation for “mystery”"):
        value(node("form", (number(1),), "mystery", ()))
