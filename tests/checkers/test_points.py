"""Points to compare at: exact, inside their domains by definition and not by rounding, the same ones for the same seed, and
aimed at switches from both sides."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from hwcheck.checkers.equality.points import DOMAINS, Aimed, aimed, draw, rational, switches
from hwcheck.checkers.quantities import Given, quantity
from hwcheck.derivations.elements.elements import Element
from hwcheck.derivations.elements.enclosures import Enclosures, is_exact, sign_of
from hwcheck.derivations.elements.sampling import DOMAINS as FLOATING
from hwcheck.derivations.sizes import Shape

# The domains that CONTRACT promises.
PROMISED = ("any", "positive", "nonnegative", "unit", "nonzero", "binary", "plus_minus_one", "spd", "invertible", "symmetric")
SIZES = {"n": 4, "d": 3, "k": 2}
SHAPES: dict[str, Sequence[Any]] = {
    "x": [], "a": [], "w": ["d"], "v": ["d"], "X": ["n", "d"], "W": ["k", "d"], "A": ["d", "d"], "lambda": [],
}  # fmt: skip


def drawn(domain: str, shape: Shape, count: int = 12, seed: int = 1) -> np.ndarray:
    return draw(random.Random(seed), {"x": shape}, SIZES, {"x": domain}, count)["x"]


def minors(matrix: Any) -> list[fmpq]:
    n = len(matrix)
    return [fmpq_mat(k, k, [matrix[i][j] for i in range(k) for j in range(k)]).det() for k in range(1, n + 1)]


def entries(test: Callable[[fmpq], bool]) -> Callable[[Any], bool]:
    return lambda one: all(test(x) for x in np.ravel(np.asarray(one, dtype=object)))


def a_distribution(one: Any) -> bool:
    return all(x > 0 for x in one) and sum(one, fmpq(0)) == 1


# What a value has to satisfy, exactly; shapes that the domain is meant for.
NUMBERS, COLUMNS, SQUARES = (), ("d",), ("d", "d")
EVERY: tuple[Shape, ...] = (NUMBERS, COLUMNS, SQUARES, ("n", "d"))
DEFINITIONS: dict[str, tuple[Callable[[Any], bool], tuple[Shape, ...]]] = {
    "any": (entries(lambda x: True), EVERY),
    "nonzero": (entries(lambda x: x != 0), EVERY),
    "positive": (entries(lambda x: x > 0), EVERY),
    "negative": (entries(lambda x: x < 0), EVERY),
    "nonnegative": (entries(lambda x: x >= 0), EVERY),
    "above_one": (entries(lambda x: x > 1), EVERY),
    "small": (entries(lambda x: -1 < x < 1), EVERY),
    "unit": (entries(lambda x: 0 < x < 1), EVERY),
    "unit_interval": (entries(lambda x: 0 < x < 1), EVERY),
    "binary": (entries(lambda x: x in (0, 1)), EVERY),
    "plus_minus_one": (entries(lambda x: x in (-1, 1)), EVERY),
    "integer": (entries(lambda x: x.q == 1), EVERY),
    "posint": (entries(lambda x: x.q == 1 and x > 0), EVERY),
    "probability": (a_distribution, (COLUMNS,)),
    "simplex": (a_distribution, (COLUMNS,)),
    "one_hot": (lambda one: sorted(one) == [0] * (len(one) - 1) + [1], (COLUMNS,)),
    "symmetric": (lambda one: bool((one == one.T).all()), (SQUARES,)),
    "skew": (lambda one: bool((one == -one.T).all()), (SQUARES,)),
    "spd": (lambda one: bool((one == one.T).all()) and all(m > 0 for m in minors(one.tolist())), (SQUARES,)),
    "pos_det": (lambda one: minors(one.tolist())[-1] > 0, (SQUARES,)),
    "invertible": (lambda one: minors(one.tolist())[-1] != 0, (SQUARES,)),
    "full_column_rank": (lambda one: fmpq_mat(4, 3, [x for row in one.tolist() for x in row]).rank() == 3, (("n", "d"),)),
}  # fmt: skip


# -- domains -------------------------------------------------------------------------------------------------------------


def test_every_domain_has_an_exact_drawing() -> None:
    assert set(PROMISED) <= set(DOMAINS) and set(FLOATING) <= set(DOMAINS)


def test_every_domain_has_a_definition_here() -> None:
    assert set(DEFINITIONS) == set(DOMAINS)


@pytest.mark.parametrize(("domain", "shape"), [(d, s) for d, (_, shapes) in DEFINITIONS.items() for s in shapes])
def test_points_lie_in_their_domain_exactly(domain: str, shape: Shape) -> None:
    points = drawn(domain, shape, 40)
    assert points.shape == (40, *(SIZES[str(s)] for s in shape))
    assert all(isinstance(x, fmpq) for x in points.ravel())
    assert all(DEFINITIONS[domain][0](one if shape else points[k]) for k, one in enumerate(points))


@pytest.mark.parametrize("domain", ["probability", "simplex", "one_hot"])
def test_rows_of_a_matrix_sum_to_one(domain: str) -> None:
    assert all(sum(row, fmpq(0)) == 1 for row in drawn(domain, ("n", "d")).reshape(-1, 3))


def test_a_number_has_every_domain_too() -> None:
    for domain in DOMAINS:
        assert drawn(domain, NUMBERS).shape == (12,), domain


def test_free_numbers_take_both_signs_and_many_sizes() -> None:
    rng = random.Random(2)
    found = [rational(rng) for _ in range(400)]
    assert {x > 0 for x in found} == {True, False} and not {fmpq(0), fmpq(1), fmpq(-1)} & set(found)
    assert min(map(abs, found)) < fmpq(1, 100) and max(map(abs, found)) > 8


@pytest.mark.parametrize("domain", ["binary", "plus_minus_one", "one_hot", "integer"])
def test_finite_domains_are_covered(domain: str) -> None:
    assert len({tuple(one) for one in drawn(domain, COLUMNS, 60).tolist()}) >= (3 if domain == "one_hot" else 8)


def test_the_same_seed_gives_the_same_points() -> None:
    for domain, (_, shapes) in DEFINITIONS.items():
        assert (drawn(domain, shapes[-1], seed=3) == drawn(domain, shapes[-1], seed=3)).all(), domain
    assert not (drawn("any", COLUMNS, seed=3) == drawn("any", COLUMNS, seed=4)).all()


def test_the_order_of_names_does_not_matter() -> None:
    shapes: dict[str, Shape] = {"w": ("d",), "X": ("n", "d"), "c": ()}
    one = draw(random.Random(5), shapes, SIZES, {}, 3)
    other = draw(random.Random(5), dict(reversed(shapes.items())), SIZES, {}, 3)
    assert all((one[n] == other[n]).all() for n in shapes)


def test_another_domain_for_what_is_not_declared() -> None:
    found = draw(random.Random(5), {"x": ("d",), "y": ("d",)}, SIZES, {"x": "negative"}, 9, "positive")
    assert (found["x"] < 0).all() and (found["y"] > 0).all()


# -- switches ------------------------------------------------------------------------------------------------------------


def element(text: str) -> Element:
    return quantity(text, Given(SHAPES)).element


def shapes_of(e: Element) -> dict[str, Shape]:
    return {n.value: n.shape for n in e.walk() if n.kind == "variable"}


def five(text: str, domains: dict[str, str] | None = None, seed: int = 0) -> list[tuple[list[Any], Aimed]]:
    """The values of every switch of a text at the points aimed at it: of the entry that changes its sign there, if one does."""
    e, rng = element(text), random.Random(seed)
    found = []
    for switch in switches([e]):
        base = draw(rng, shapes_of(e), SIZES, domains or {}, 1)
        for points in aimed(switch, base, SIZES, domains or {}, rng):
            values = np.asarray(Enclosures(points.values, SIZES)(switch), dtype=object).reshape(5, -1)
            lines = [list(column) for column in values.T]
            moving = [line for line in lines if sign_of(line[1]) != sign_of(line[3])]
            found.append((moving[0] if moving else lines[0], points))
    return found


@pytest.mark.parametrize(("text", "count"), [
    ("relu(x)", 1), ("|x| + relu(x)", 1), ("max(x, a)", 1), ("1[x > 2]", 1), ("relu6(x)", 2), ("hardtanh(x)", 2), ("x/(a - 1)", 1),
    ("x^2", 0), ("sigmoid(x) + exp(a)", 0), ("sign(x - a)|a|", 2), ("x if x > 3 else a", 1), ("relu(W w)", 1), ("1[X w > 0]", 1),
    ("1/2 + x", 0),
    ("relu(3)", 0), ("A^{-1}", 0), ("|w|^{-1}", 2),
])  # fmt: skip
def test_switches_are_found(text: str, count: int) -> None:
    assert len(switches([element(text)])) == count


LINEAR = ["relu(x)", "relu(3x - 2)", "max(x, a)", "1[x > 1000]", "1[x > 0.000001]", "|x - a/7|", "relu(w^T v)", "relu(W w)", "1[X w > a]",
          "relu(w_i - 1)", "x/(a - 12)", "diag(1[w > 0.001])", "hardsigmoid(5x)"]  # fmt: skip
PICKED = ["sign(tr(A) - 2)", "relu(w_1 - 100)", "1[A_12 > 0]"]  # most coordinates do not move these
CURVED = ["relu(x^3 - 2)", "1[exp(x) > 2]", "1[w^T w > 1]", "max(exp(x), 3)", "|log(x) + 2|",
          "relu(sin(x) - 1/2)"]


@pytest.mark.parametrize("text", LINEAR)
def test_linear_switches_are_hit_exactly(text: str) -> None:
    for seed in range(6):
        found = five(text, seed=seed)
        assert found, seed
        for line, points in found:
            assert points.exactly and is_exact(line[2]) and line[2] == 0
            assert {sign_of(line[1]), sign_of(line[3])} == {-1, 1} and sign_of(line[0]) == sign_of(line[1])


@pytest.mark.parametrize("text", PICKED)
def test_switches_of_single_entries_are_hit(text: str) -> None:
    assert all(five(text, seed=seed) for seed in range(8))


@pytest.mark.parametrize("text", CURVED)
def test_curved_switches_lie_between_two_points(text: str) -> None:
    """Not from every base point: w₁² + w₂² + w₃² is above one whatever w₁ is, where w₂ is."""
    around = [(sign_of(line[0]), sign_of(line[4])) for seed in range(4) for line, _ in five(text, seed=seed)]
    assert len(around) >= 2 and {(-1, 1), (1, -1)} & set(around)


def test_a_curved_switch_at_a_simple_number_is_hit_exactly() -> None:
    assert any(points.exactly and line[2] == 0 for line, points in five("relu(x^2 - 9/4)", seed=1))


def test_only_one_coordinate_moves() -> None:
    for _, points in five("relu(X w)", seed=2):
        moved = sum(int((v[0] != v[4]).sum()) for v in points.values.values())
        assert moved == 1 and all(len(v) == 5 for v in points.values.values())


@pytest.mark.parametrize(("text", "domains"), [
    ("relu(x - 3)", {"x": "positive"}), ("relu(x - 1/3)", {"x": "unit"}), ("relu(x - 1/3)", {"x": "small"}),
    ("relu(x + 2)", {"x": "positive"}),
    ("relu(x - 2)", {"x": "unit"}), ("relu(x + 3)", {"x": "negative"}), ("relu(w - 1/2)", {"w": "unit"}),
    ("relu(x - 5)", {"x": "above_one"}),
    ("relu(x - 1)", {"x": "one_hot"}), ("relu(w^T v - 1)", {"w": "probability"}), ("relu(A_11)", {"A": "symmetric"}),
])  # fmt: skip
def test_bounds_of_domains_are_kept(text: str, domains: dict[str, str]) -> None:
    for seed in range(4):
        for _, points in five(text, domains, seed):
            for name, domain in domains.items():
                assert all(DEFINITIONS[domain][0](one) for one in points.values[name])


def test_neighbours_of_a_switch_near_a_bound_keep_it() -> None:
    for _, points in five("relu(x - 0.0000001)", {"x": "positive"}):
        assert all(x > 0 for x in points.values["x"])


def test_aimed_points_are_the_same_for_the_same_seed() -> None:
    for text in ("relu(W w)", "1[exp(x) > 2]"):
        one, other = five(text, seed=7), five(text, seed=7)
        assert [p.exactly for _, p in one] == [p.exactly for _, p in other]
        for (_, a), (_, b) in zip(one, other, strict=True):
            assert all((a.values[n] == b.values[n]).all() for n in a.values)


def test_neighbours_are_very_near() -> None:
    for line, points in five("relu(x - 5)"):
        x = points.values["x"]
        assert x[2] == 5 and 0 < x[3] - x[2] < fmpq(1, 2**50) and x[4] - x[2] == x[2] - x[0] and 0 < line[4] < fmpq(1, 10**5)
