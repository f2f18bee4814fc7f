"""Regions: networks worked out by hand, laws over random networks, JAX as the judge of patterns, linear forms and classes."""

import json
import random
from collections.abc import Sequence
from fractions import Fraction as F
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations.errors import InputError, LimitError, ShapeError
from hwcheck.derivations.networks.networks import Convention, Layer, Network
from hwcheck.derivations.notation.spellings import Style
from hwcheck.derivations.regions.outcomes import Outcome
from hwcheck.derivations.regions.polygons import Polygon, Segment, box, chord, clipped, common, cut, joined, polygon, value, whole
from hwcheck.derivations.regions.region_cells import Cell
from hwcheck.derivations.regions.regions import Regions, exact, forward, on_boundary, output_at, regions, where

Rows = Sequence[Sequence[Any]]


def net(*layers: tuple[Rows, Sequence[Any], str], convention: Convention = "Wx") -> Network:
    """A network from (weights as outputs × inputs, biases, activation)."""
    weights = {k: tuple(tuple(map(F, row)) for row in w) for k, (w, _, _) in enumerate(layers, 1)}
    if convention == "WTx":
        weights = {k: tuple(zip(*w, strict=True)) for k, w in weights.items()}
    return Network(tuple(Layer(len(w[0]), len(w), a) for w, _, a in layers), convention=convention, weights=weights,
                   biases={k: tuple(map(F, b)) for k, (_, b, _) in enumerate(layers, 1)})


def random_network(sizes: Sequence[int], activations: Sequence[str], seed: int, largest: int = 6) -> Network:
    rng = random.Random(seed)

    def number() -> F:
        return F(rng.randint(-largest, largest), rng.randint(1, 3))

    return net(*(([[number() for _ in range(i)] for _ in range(o)], [number() for _ in range(o)], a)
                 for i, o, a in zip(sizes, sizes[1:], activations, strict=False)))


# A window frame of four axis-parallel units, each on outside the square |x₁|, |x₂| ≤ 2; the sum of the hidden values decides.
FRAME = net(([[1, 0], [0, 1], [-1, 0], [0, -1]], [-2, -2, -2, -2], "relu"), ([[2, 2, 2, 2], [-1, -1, -1, -1]], [0, 3], "softmax"))
# XOR as relu(s) − 2 relu(s − 1) with s = x₁ + x₂.
XOR = net(([[1, 1], [1, 1]], [0, -1], "relu"), ([[1, -2]], [0], "identity"))
# max(x₁, x₂) by relu(x₁ − x₂) + x₂, cut again by a second layer at max = 1.
DEEP = net(([[1, -1], [0, 1], [0, -1]], [0, 0, 0], "relu"), ([[1, 1, -1]], [-1], "relu"), ([[1]], [F(-1, 2)], "sigmoid"))
# |x| − 2 in one letter.
ABSOLUTE = net(([[1], [-1]], [0, 0], "relu"), ([[1, 1]], [-2], "sigmoid"))
# Every pre-activation of the second layer is 0 where the first is inactive: classes tie all over a quadrant.
DEAD = net(([[1, 0], [0, 1]], [0, 0], "relu"), ([[1, 0], [0, 1]], [0, 0], "relu"), ([[1, 0], [0, 1]], [0, 0], "softmax"))
LEAKY = net(([[1, 1], [1, -1]], [-1, 0], "leaky_relu"), ([[3, -1]], [F(1, 4)], "identity"))
STRAIGHT = net(([[1, 2]], [-3], "sigmoid"))
THREE = net(([[1, 0], [0, 1]], [0, 0], "identity"), ([[1, 0], [0, 1], [-1, -1]], [0, 0, 0], "softmax"))
CONSTANT = net(([[0, 0], [0, 0], [1, 0]], [2, -2, 0], "relu"), ([[1, 1, 0]], [0], "identity"))

NETWORKS = {
    "frame": FRAME, "xor": XOR, "deep": DEEP, "absolute": ABSOLUTE, "dead": DEAD, "leaky": LEAKY, "straight": STRAIGHT, "three": THREE,
    "constant": CONSTANT,
    "wide": random_network((2, 7, 3), ("relu", "softmax"), 1), "deeper": random_network((2, 4, 4, 3, 1), ("relu",) * 3 + ("sigmoid",), 2),
    "mixed": random_network((2, 4, 3, 4, 4), ("leaky_relu", "identity", "relu", "softmax"), 3),
    "line": random_network((1, 5, 4, 2), ("relu", "leaky_relu", "softmax"), 4),
}  # fmt: skip
every_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


# Worked out by hand


def test_frame_lines() -> None:
    found = regions(FRAME)
    assert [line for line in found.lines() if "is 0 on" in line] == [
        "  z₁⁽¹⁾ = x₁ − 2 is 0 on x₁ = 2; a₁⁽¹⁾ is + where x₁ > 2, 0 where x₁ ≤ 2",
        "  z₂⁽¹⁾ = x₂ − 2 is 0 on x₂ = 2; a₂⁽¹⁾ is + where x₂ > 2, 0 where x₂ ≤ 2",
        "  z₃⁽¹⁾ = −2 − x₁ is 0 on x₁ = −2; a₃⁽¹⁾ is + where x₁ < −2, 0 where x₁ ≥ −2",
        "  z₄⁽¹⁾ = −2 − x₂ is 0 on x₂ = −2; a₄⁽¹⁾ is + where x₂ < −2, 0 where x₂ ≥ −2",
    ]
    assert [c.code for c in found.cells] == ["0000", "0001", "0010", "0011", "0100", "0110", "1000", "1001", "1100"]
    assert found.conditions(found.cells[0]) == ["−2 ≤ x₁ ≤ 2", "−2 ≤ x₂ ≤ 2"]
    assert found.conditions(found.cells[8]) == ["x₁ > 2", "x₂ > 2"]
    assert found.output_text(found.cells[8], 1) == "e^(2x₁ + 2x₂ − 8) / (e^(2x₁ + 2x₂ − 8) + e^(7 − x₁ − x₂))"
    assert "    z₁⁽²⁾ = 2x₁ + 2x₂ − 8, z₂⁽²⁾ = 7 − x₁ − x₂: class 1 where x₁ + x₂ > 5, class 2 where x₁ + x₂ < 5" in found.lines()


def test_frame_boundary_is_an_octagon() -> None:
    """2t = 3 − t where the hidden values sum to t = 1."""
    (frontier,) = regions(FRAME).boundary
    assert frontier.classes == (1, 2)
    ends = {frozenset((s.start, s.end)) for s in frontier.zero.segments}
    corners: list[Any] = [(3, -2), (3, 2), (2, 3), (-2, 3), (-3, 2), (-3, -2), (-2, -3), (2, -3)]
    assert ends == {frozenset(pair) for pair in zip(corners, corners[1:] + corners[:1], strict=True)}
    assert not frontier.zero.points and not frontier.zero.cells


@pytest.mark.parametrize(
    ("total", "first", "second", "winner", "verdict"),
    [
        (0, "1 / (1 + e³)", "e³ / (1 + e³)", 2, "Class 2 is predicted."),
        (1, "1/2", "1/2", None, "Classes 1 and 2 tie."),
        ("1.5", "e³ / (e³ + e^(3/2))", "e^(3/2) / (e³ + e^(3/2))", 1, "Class 1 is predicted."),
        (4, "e⁸ / (e⁸ + e⁻¹)", "e⁻¹ / (e⁸ + e⁻¹)", 1, "Class 1 is predicted."),
        (F(1, 2), "e / (e + e^(5/2))", "e^(5/2) / (e + e^(5/2))", 2, "Class 2 is predicted."),
    ],
)
def test_frame_cases(total: Any, first: str, second: str, winner: int | None, verdict: str) -> None:
    got = output_at(FRAME, total)
    assert (got.text(1), got.text(2), got.winner, got.verdict) == (first, second, winner, verdict)
    z = np.array([float(v) for v in got.z])
    assert np.allclose([got.decimal(1), got.decimal(2)], np.exp(z) / np.exp(z).sum(), rtol=1e-14)


def test_output_in_other_styles() -> None:
    got = output_at(FRAME, {1: 4, 2: 0, 3: 0, 4: 0})
    assert got.text(1, Style.LATEX) == r"\frac{e^{8}}{e^{8} + e^{-1}}"
    assert got.text(1, Style.ASCII) == "e^8 / (e^8 + e^-1)"
    assert got.text(1, Style.NUMPY) == "np.e ** 8 / (np.e ** 8 + np.e ** -1)"
    assert got.lines() == ["a₁⁽²⁾ = e⁸ / (e⁸ + e⁻¹) ≈ 0.999877", "a₂⁽²⁾ = e⁻¹ / (e⁸ + e⁻¹) ≈ 0.000123395", "Class 1 is predicted."]
    assert output_at(FRAME, [1, 2, 0, 1]) == output_at(FRAME, 4) == got


@pytest.mark.parametrize(
    ("activation", "z", "texts", "classes"),
    [
        ("softmax", (1, 1, 0), ["e / (2e + 1)", "e / (2e + 1)", "1 / (2e + 1)"], (1, 2)),
        ("softmax", (5, 5, 5), ["1/3", "1/3", "1/3"], (1, 2, 3)),
        ("sigmoid", (2,), ["1 / (1 + e⁻²)"], (1,)),
        ("sigmoid", (-1,), ["1 / (1 + e)"], (0,)),
        ("sigmoid", (0,), ["1/2"], (0, 1)),
        ("tanh", (2,), ["(e² − e⁻²) / (e² + e⁻²)"], (1,)),
        ("tanh", (0,), ["0"], (0, 1)),
        ("relu", (-2, F(3, 2)), ["0", "3/2"], (2,)),
        ("leaky_relu", (-2,), ["−1/50"], (0,)),
        ("identity", (F(-1, 3),), ["−1/3"], (0,)),
    ],
)
def test_outcomes(activation: str, z: tuple[Any, ...], texts: list[str], classes: tuple[int, ...]) -> None:
    got = Outcome(activation, tuple(map(F, z)))
    units = range(1, len(z) + 1)
    assert [got.text(k) for k in units] == texts
    assert got.classes == classes
    x = jnp.array([float(v) for v in z])
    judges = {"softmax": jax.nn.softmax, "sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu, "leaky_relu": jax.nn.leaky_relu}
    assert np.allclose([got.decimal(k) for k in units], judges.get(activation, lambda v: v)(x), rtol=1e-14)


def test_decimals_of_huge_exponents() -> None:
    got = Outcome("softmax", (F(10) ** 400, F(0)))
    assert (got.decimal(1), got.decimal(2)) == (1.0, pytest.approx(0.0, abs=1e-300))
    assert Outcome("sigmoid", (F(-(10**400)),)).decimal(1) == pytest.approx(0.0, abs=1e-300)


def test_xor() -> None:
    found = regions(XOR, level=F(1, 2))
    assert found.lines()[3:] == [
        "Cells (3): which units are active, and what goes into the output",
        "  cell 1, pattern 00: x₁ + x₂ ≤ 0; active: none",
        "    z₁⁽²⁾ = 0: class 0",
        "  cell 2, pattern 10: 0 < x₁ + x₂ ≤ 1; active: 1",
        "    z₁⁽²⁾ = x₁ + x₂: class 1 where x₁ + x₂ > 1/2, class 0 where x₁ + x₂ < 1/2",
        "  cell 3, pattern 11: x₁ + x₂ > 1; active: 1 and 2",
        "    z₁⁽²⁾ = 2 − x₁ − x₂: class 1 where x₁ + x₂ < 3/2, class 0 where x₁ + x₂ > 3/2",
        "Boundary between the classes",
        "  classes 0 and 1 meet on x₁ + x₂ = 3/2",
        "  classes 0 and 1 meet on x₁ + x₂ = 1/2",
    ]
    points = [(0, 0), (0, 1), (1, 0), (1, 1), (F(1, 2), 0)]
    assert [where(found, point).outcome.classes for point in points] == [(0,), (1,), (1,), (0,), (0, 1)]


def test_deep() -> None:
    """The second unit switches on max(x₁, x₂) = 1: two half-lines; the class on max = 3/2."""
    found = regions(DEEP)
    deep = found.switches[-1]
    assert (deep.layer, deep.unit, deep.form, deep.zero.points) == (2, 1, None, ())
    assert {(s.line, s.start, s.end) for s in deep.zero.segments} == {((1, 0, -1), (1, 1), None), ((0, 1, -1), None, (1, 1))}
    lines = found.lines()
    assert lines[lines.index("  z₁⁽²⁾ is 0") + 1 :][:2] == [
        "    on x₂ = 1 from (1, 1) on, towards (−1, 0)", "    on x₁ = 1 from (1, 1) on, towards (0, −1)",
    ]  # fmt: skip
    assert lines[-2:] == [
        "  classes 0 and 1 meet on x₂ = 3/2 from (3/2, 3/2) on, towards (−1, 0)",
        "  classes 0 and 1 meet on x₁ = 3/2 from (3/2, 3/2) on, towards (0, −1)",
    ]


def test_one_input() -> None:
    found = regions(ABSOLUTE)
    assert [found.conditions(c) for c in found.cells] == [["x < 0"], ["x > 0"]]
    assert found.lines()[-2:] == ["  classes 0 and 1 meet at x = 2", "  classes 0 and 1 meet at x = −2"]
    boxed = regions(ABSOLUTE, box=[(-3, 5)])
    assert [(c.polygon.area, a) for c, a in zip(boxed.cells, (3, 5), strict=True)] == [(3, 3), (5, 5)]
    dictionary: Any = boxed.to_dict()
    assert [cell["vertices"] for cell in dictionary["cells"]] == [[["-3"], ["0"]], [["0"], ["5"]]]


def test_a_pattern_that_no_cell_has() -> None:
    """x and −x are both inactive only at 0."""
    place = where(ABSOLUTE, [0])
    assert place.pattern == ((False, False),) and place.zero == ((1, 1), (1, 2))
    assert place.lines()[:2] == ["x = 0 is where cells 1 and 2 meet; pattern 00", "z⁽¹⁾ = (0, 0), a⁽¹⁾ = (0, 0)"]


def test_ties_all_over_a_region() -> None:
    found = regions(DEAD)
    assert [(a.cell, a.classes) for a in found.areas if len(a.classes) > 1] == [(1, (1, 2))]
    (frontier,) = found.boundary
    assert frontier.zero.cells == (1,)
    assert [(s.line, s.start, s.end) for s in frontier.zero.segments if s.line == (1, -1, 0)] == [((1, -1, 0), None, (0, 0))]
    assert found.lines()[-1] == "  classes 1 and 2 meet all over cell 1"
    assert "    z₁⁽³⁾ = 0, z₂⁽³⁾ = 0: a tie of classes 1 and 2" in found.lines()
    assert "    all over cells 1 and 2" in found.lines()  # of the first unit of layer 2


def test_three_classes_meet_in_a_point() -> None:
    """z = (x₁, x₂, −x₁ − x₂): three half-lines from 0."""
    found = regions(THREE)
    assert [c.code for c in found.cells] == ["–"]
    got = {f.classes: [(s.start, s.end, s.line) for s in f.zero.segments] for f in found.boundary}
    for segments in got.values():
        ((start, end, _),) = segments
        assert {start, end} == {None, (0, 0)}
    assert {classes: segments[0][2] for classes, segments in got.items()} == {(1, 2): (1, -1, 0), (1, 3): (2, 1, 0), (2, 3): (1, 2, 0)}
    assert where(THREE, (0, 0)).outcome.verdict == "Classes 1, 2 and 3 tie."


def test_leaky() -> None:
    found = regions(LEAKY)
    assert found.lines()[1] == (
        "  z₁⁽¹⁾ = x₁ + x₂ − 1 is 0 on x₁ + x₂ = 1; the slope of a₁⁽¹⁾ is 1 where x₁ + x₂ > 1, 1/100 where x₁ + x₂ ≤ 1"
    )
    assert [str(c.outputs[0].coefficients[0]) for c in found.cells] == ["1/50", "-97/100", "299/100", "2"]


def test_units_that_never_switch() -> None:
    found = regions(CONSTANT)
    assert found.lines()[1:3] == [
        "  z₁⁽¹⁾ = 2 never switches anywhere: it is active", "  z₂⁽¹⁾ = −2 never switches anywhere: it is inactive",
    ]  # fmt: skip
    assert found.lines()[-1] == "  There is none: class 1 wins everywhere."
    assert [c.code for c in found.cells] == ["100", "101"]


def test_an_isolated_zero() -> None:
    """−|x₁| − |x₂| is 0 at one point only."""
    hidden: Rows = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    found = regions(net((hidden, [0] * 4, "relu"), ([[-1] * 4], [0], "identity")))
    assert found.lines()[-1] == "  classes 0 and 1 meet at the point (0, 0) alone"


def test_a_corner_of_the_boundary_is_not_listed_alone() -> None:
    """|x₁| = x₂: the two lower cells touch it in the point 0, the upper ones in half-lines from there."""
    hidden: Rows = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    (frontier,) = regions(net((hidden, [0] * 4, "relu"), ([[1, 1, -1, 1]], [0], "identity"))).boundary
    assert not frontier.zero.points  # the segments run towards (−1, −1) and (1, −1), so 0 is the end of both
    assert [(s.line, s.start, s.end) for s in frontier.zero.segments] == [((1, -1, 0), None, (0, 0)), ((1, 1, 0), None, (0, 0))]


def test_conventions_agree() -> None:
    layers: list[tuple[Rows, Sequence[Any], str]] = [([[1, 2], [3, -1], [0, 1]], [1, 0, -1], "relu"), ([[1, -1, 2]], [1], "sigmoid")]
    assert regions(net(*layers)).lines() == regions(net(*layers, convention="WTx")).lines()


# Points


def test_points_on_a_boundary() -> None:
    tried = on_boundary(FRAME, 1, [(2, 0), ("2.0", "-7/3"), (F(2), 10**9), (1.9999999999, 0), (0, 2)])
    assert [t.on for t in tried] == [True, True, True, False, False]
    assert tried[3].value == F(-1, 10**10) and tried[4] == ((0, 2), -2, False)
    assert [t.on for t in on_boundary(DEEP, (2, 1), [(1, 0), (1, 2), (-5, 1)])] == [True, False, True]
    assert [t.on for t in on_boundary(FRAME, (2, 2), [(5, 0), (3, 4)])] == [True, True]


@settings(max_examples=30)
@given(st.fractions(max_denominator=50), st.integers(1, 4))
def test_every_point_of_a_line_is_on_the_boundary(t: F, unit: int) -> None:
    form = regions(FRAME).switches[unit - 1].form
    assert form is not None
    a, b = form.coefficients
    foot = (-a * form.constant / (a * a + b * b), -b * form.constant / (a * a + b * b))
    ((_, zero, on),) = on_boundary(FRAME, unit, [(foot[0] + t * b, foot[1] - t * a)])
    assert on and zero == 0


def test_where() -> None:
    place = where(FRAME, (3, "-2.5"))
    assert place.lines() == [
        "x = (3, −5/2) is in cell 8; pattern 1001",
        "z⁽¹⁾ = (1, −9/2, −5, 1/2), a⁽¹⁾ = (1, 0, 0, 1/2)",
        "z⁽²⁾ = (3, 3/2)",
        "a₁⁽²⁾ = e³ / (e³ + e^(3/2)) ≈ 0.817574",
        "a₂⁽²⁾ = e^(3/2) / (e³ + e^(3/2)) ≈ 0.182426",
        "Class 1 is predicted.",
    ]
    assert json.loads(json.dumps(place.to_dict()))["outcome"]["outputs"][0]["ascii"] == "e^3 / (e^3 + e^(3/2))"
    corner = where(FRAME, (2, 2))
    assert [c.number for c in corner.cells] == [1, 5, 7, 9] and corner.zero == ((1, 1), (1, 2)) and corner.pattern == ((False,) * 4,)


# Laws


@every_network
def test_cells_fill_the_box(network: Network) -> None:
    ends: list[tuple[Any, Any]] = [(F(-7, 2), 5), (-4, F(13, 3))]
    found = regions(network, box=ends[: 2 if len(network.weight(1)[0]) == 2 else 1])
    whole_area = F(17, 2) * F(25, 3) if found.inputs == 2 else F(17, 2)
    assert sum(c.polygon.area or 0 for c in found.cells) == whole_area
    assert sum(a.polygon.area or 0 for a in found.areas) == whole_area
    assert len({c.pattern for c in found.cells}) == len(found.cells)
    assert all(c.polygon.area for c in found.cells)
    for cell in found.cells:
        assert sum(a.polygon.area or 0 for a in found.areas_in(cell)) == cell.polygon.area
    for one, other in zip(found.cells, found.cells[1:], strict=False):
        assert common(one.polygon, other.polygon) is None


@every_network
def test_cells_meet_continuously(network: Network) -> None:
    """At a corner all cells that meet there have the same values, and these are the network's."""
    found = regions(network, box=[(-5, 5)] * len(network.weight(1)[0]))
    corners = sorted({v[: found.inputs] for cell in found.cells for v in cell.polygon.vertices})
    for corner in corners[:40]:
        zs = {tuple(tuple(form.at(corner) for form in layer) for layer in cell.z) for cell in found.holding(corner)}
        assert zs == {forward(network, corner)[0]}


@every_network
def test_boundary_is_where_the_largest_agree(network: Network) -> None:
    found = regions(network, box=[(-5, 5)] * len(network.weight(1)[0]))
    for frontier in found.boundary:
        for segment in frontier.zero.segments:
            assert segment.low is not None and segment.high is not None
            for k in range(5):
                place = where(found, points_on(segment, F(k, 4))[: found.inputs])
                assert set(frontier.classes) <= set(place.outcome.classes)


def points_on(segment: Segment, part: F) -> tuple[F, F]:
    start, end = segment.start, segment.end
    assert start is not None and end is not None
    return start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])


@every_network
def test_a_switching_unit_is_zero_on_its_lines(network: Network) -> None:
    found = regions(network, box=[(-5, 5)] * len(network.weight(1)[0]))
    for switch in found.switches:
        points = [points_on(s, F(k, 3))[: found.inputs] for s in switch.zero.segments for k in range(4)]
        assert all(t.on for t in on_boundary(network, (switch.layer, switch.unit), points))
    for zero in [switch.zero for switch in found.switches] + [frontier.zero for frontier in found.boundary]:
        assert not any(s.contains(p) for s in zero.segments for p in zero.points)


@every_network
def test_json(network: Network) -> None:
    found = regions(network)
    dictionary = json.loads(json.dumps(found.to_dict()))
    assert [len(dictionary[k]) for k in ("cells", "areas", "units", "boundary")] == [
        len(found.cells), len(found.areas), len(found.switches), len(found.boundary),
    ]  # fmt: skip
    for cell, shown in zip(found.cells, dictionary["cells"], strict=True):
        point = tuple(map(F, shown["inside"]))
        assert [c.number for c in found.holding(point)] == [cell.number]
        assert where(found, point).pattern == cell.pattern


# JAX as the judge


def jax_layers(network: Network) -> Any:
    """x ↦ (z of every layer), written without anything of ours but the numbers."""
    weights = [jnp.array([[float(w) for w in row] for row in network.weight(k)]) for k in range(1, len(network.layers) + 1)]
    shifts = [jnp.array([float(b) for b in network.bias(k)]) for k in range(1, len(network.layers) + 1)]
    functions = {"relu": jax.nn.relu, "leaky_relu": jax.nn.leaky_relu, "identity": lambda v: v}

    def run(x: Any) -> list[Any]:
        zs = [weights[0] @ x + shifts[0]]
        for w, b, layer in zip(weights[1:], shifts[1:], network.layers, strict=False):
            zs.append(w @ functions[layer.activation](zs[-1]) + b)
        return zs

    return run


def judged_points(inputs: int, count: int, seed: int) -> list[tuple[F, ...]]:
    rng = random.Random(seed)
    return [tuple(F(rng.randint(-9999, 9999), rng.randint(800, 3000)) for _ in range(inputs)) for _ in range(count)]


def tied_around(found: Regions, cell: Cell) -> bool:
    """Whether classes tie all over a cell or a part of it."""
    return any(len(area.classes) > 1 for area in found.areas_in(cell))


def judge(found: Regions, count: int, seed: int) -> int:
    """Compare pattern, linear forms with their gradients in both modes, and class at random points; how many were compared."""
    network, points = found.network, judged_points(found.inputs, count, seed)
    x = jnp.array([[float(c) for c in p] for p in points])
    run = jax_layers(network)
    zs = [np.asarray(z) for z in jax.jit(jax.vmap(run))(x)]
    modes = [np.asarray(jax.jit(jax.vmap(mode(lambda v: run(v)[-1])))(x)) for mode in (jax.jacfwd, jax.jacrev)]
    skipped = 0
    for k, point in enumerate(points):
        place = where(found, point)
        if len(place.cells) > 1 or (len(place.outcome.classes) > 1 and not tied_around(found, place.cells[0])):
            skipped += 1  # exactly on a line, where rounding decides
            continue
        (cell,) = place.cells
        bits = tuple(tuple(bool(v > 0) for v in zs[j][k]) if layer else () for j, layer in enumerate(cell.pattern))
        assert bits == cell.pattern == place.pattern
        assert np.allclose([float(form.at(point)) for form in cell.outputs], zs[-1][k], rtol=1e-11, atol=1e-11)
        assert tuple(form.at(point) for form in cell.outputs) == place.outcome.z
        for mode in modes:
            assert np.allclose([[float(c) for c in form.coefficients] for form in cell.outputs], mode[k], rtol=1e-11, atol=1e-11)
        z = zs[-1][k]
        at = (point[0], point[-1] if found.inputs == 2 else F(0))
        (area,) = {a.classes for a in found.areas_in(cell) if a.polygon.contains(at)}
        expected = int(np.argmax(z)) + 1 if len(z) > 1 else int(z[0] > float(found.level))
        assert expected in area and set(area) == set(place.outcome.classes), point
    return len(points) - skipped


def test_jax_agrees() -> None:
    assert sum(judge(regions(network), 60, seed) for seed, network in enumerate(NETWORKS.values())) >= 500


@settings(max_examples=12)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 4), min_size=1, max_size=3), st.integers(1, 3), st.integers(1, 2))
def test_random_networks(seed: int, hidden: list[int], outputs: int, inputs: int) -> None:
    """Small whole weights, so that zeros, parallel lines and ties are common; exactly, since JAX cannot judge ties."""
    rng = random.Random(seed)
    activations = [rng.choice(["relu", "leaky_relu", "identity"]) for _ in hidden]
    network = random_network((inputs, *hidden, outputs), (*activations, "softmax" if outputs > 1 else "sigmoid"), seed, largest=2)
    found = regions(network, box=[(-3, 3)] * inputs)
    assert sum(c.polygon.area or 0 for c in found.cells) == sum(a.polygon.area or 0 for a in found.areas) == 6**inputs
    for _ in range(25):
        point = tuple(F(rng.randint(-23, 23), 8) for _ in range(inputs))  # inside: on the edge of the box one class of a tie may be outside
        place = where(found, point)
        for cell in place.cells:
            assert tuple(tuple(form.at(point) for form in layer) for layer in cell.z) == (*place.z, place.outcome.z)
        at = point if inputs == 2 else (point[0], F(1, 2))
        wins = {k for a in found.areas if a.polygon.contains(at) for k in a.classes}
        assert set(place.outcome.classes) <= wins
        if len(place.outcome.classes) > 1:
            one, other = place.outcome.classes[:2]
            zero = next(f.zero for f in found.boundary if f.classes == (one, other))
            assert any(s.contains(at) for s in zero.segments) or at in zero.points or {c.number for c in place.cells} & set(zero.cells)


# Polygons

HALVES = st.tuples(*[st.integers(-6, 6)] * 3).filter(lambda h: h[:2] != (0, 0)).map(lambda h: whole(*map(F, h)))


@settings(max_examples=50)
@given(st.lists(HALVES, max_size=9))
def test_cutting(halves: list[tuple[int, int, int]]) -> None:
    """Pieces are never lost: areas add up, points inside are inside, corners fit the edges."""
    frame = box((F(-4), F(4)), (F(-4), F(4)))
    boxed, free = [frame], [Polygon()]
    for half in halves:
        boxed = [side for region in boxed for side in cut(region, half) if side is not None]
        free = [side for region in free for side in cut(region, half) if side is not None]
    assert sum(region.area or 0 for region in boxed) == 64
    assert len({region.inside for region in free}) == len(free) >= len(boxed)
    for region in free:
        assert all(value(h, region.inside) > 0 for h in region.halves)
        assert polygon(region.halves) == region
        assert (region.area is None) == (not region.bounded)
        part = common(region, frame)
        assert part is None or part in boxed or part.area in {b.area for b in boxed}


@given(st.lists(HALVES, max_size=5), HALVES)
def test_chords(halves: list[tuple[int, int, int]], line: tuple[int, int, int]) -> None:
    """A line meets a region in a segment exactly where it cuts it or runs along its edge."""
    region: Polygon | None = Polygon()
    for half in halves:
        region = (cut(region, half)[0] or region) if region else None
    assert region is not None
    found, sides = chord(region, line), cut(region, line)
    if None not in sides:
        assert found is not None and not found.is_point
    if found is not None:
        for end in (found.start, found.end):
            assert end is None or (region.contains(end) and value(line, end) == 0 and found.contains(end))


def test_joining() -> None:
    line = (1, 0, 0)
    parts = [Segment(line, F(3), F(4)), Segment(line, F(0), F(1)), Segment(line, F(1), F(2)), Segment(line, F(0), F(1)), Segment((0, 1, 0))]
    assert joined(parts) == (Segment((0, 1, 0)), Segment(line, F(0), F(2)), Segment(line, F(3), F(4)))
    assert joined([*parts, Segment(line, None, F(5, 2)), Segment(line, F(5, 2), None)])[1:] == (Segment(line),)
    assert clipped(Segment(line), box((F(-1), F(1)), (F(-2), F(3)))) == Segment(line, F(-3), F(2))
    assert clipped(Segment((1, 0, -1)), box((F(-1), F(1, 2)), (F(0), F(1)))) is None


# Refused


def hidden_is(activation: str) -> Network:
    return net(([[1, 1]], [0], "relu"), ([[1]], [0], activation), ([[1]], [0], "identity"))


LONG = "1" + "0" * 200
REFUSED: list[tuple[Any, type[Exception], str]] = [
    (lambda: regions(hidden_is("tanh")), InputError,
     "Layer 2 has the activation tanh, which is not piecewise linear; the regions need identity, leaky_relu or relu in hidden layers."),
    (lambda: regions(net(([[1, 1]], [0], "elu"))), InputError,
     "Layer 1, the last one, has the activation elu; for regions it may be identity, leaky_relu, relu, sigmoid, softmax, tanh."),
    (lambda: regions(net(([[1, 1, 1]], [0], "sigmoid"))), InputError,
     "Regions are found for an input of one or two numbers; this one has 3."),
    (lambda: regions(Network((Layer(2, 3, "relu"), Layer(3, 1)), weights={1: ((F(1), F(1)),) * 3})), InputError,
     "The regions need every weight as a number; W_2 is missing."),
    (lambda: regions(net(([[1, 1]] * 64, [0] * 64, "relu"), ([[1] * 64], [0], "sigmoid"))), LimitError,
     "Regions are found for at most 64 units, the outputs included; this network has 65."),
    (lambda: regions(net(([[1, F(LONG)]], [0], "sigmoid"))), LimitError, "Layer 1 has a number with more than 153 digits."),
    (lambda: regions(random_network((2, 31, 31, 1), ("relu", "relu", "sigmoid"), 9, largest=99)), LimitError,
     "There are more than 2,000 cells up to layer 2; choose a smaller box or network."),
    (lambda: regions(FRAME, box=[(0, 1)]), ShapeError, "The box needs a pair of ends for each input, 2 in all."),
    (lambda: regions(FRAME, box=[(0, 1), (2, "2.0")]), InputError,
     "The box for x_2 goes from 2 to 2; the first end must be the smaller one."),
    (lambda: where(FRAME, (1, 2, 3)), ShapeError,
     "A point has 2 numbers here, as many as the network has inputs; this one has 3."),
    (lambda: where(ABSOLUTE, (1, 2)), ShapeError,
     "A point has one number here, as many as the network has inputs; this one has 2."),
    (lambda: where(regions(FRAME, box=[(0, 1), (0, 1)]), (2, F(1, 2))), InputError, "The point (2, 1/2) lies outside the box."),
    (lambda: where(FRAME, (1, "two")), InputError, "“two” is no number such as 2, −0.5 or 2/3."),
    (lambda: where(FRAME, (1, float("nan"))), InputError, "A number is expected, not nan."),
    (lambda: on_boundary(FRAME, 5, []), InputError, "There is no unit 5 in layer 1; it has 4."),
    (lambda: on_boundary(FRAME, (3, 1), []), InputError, "There is no layer 3; the network has 2."),
    (lambda: output_at(FRAME, -1), InputError, "The outputs of ReLU units are never negative, so their sum is not −1."),
    (lambda: output_at(XOR, 1), InputError,
     "The sum of the hidden values does not determine output 1: its weights are 1 and −2. Give the value of each hidden unit."),
    (lambda: output_at(FRAME, {1: 1, 3: 2}), InputError, "Layer 1 has 4 units and each needs a value; you gave values for units 1 and 3."),
    (lambda: output_at(FRAME, []), InputError, "Layer 1 has 4 units and each needs a value; you gave none."),
    (lambda: output_at(FRAME, [0, 0, "-1/2", 0]), InputError,
     "The output of a ReLU unit is never negative; you gave unit 3 the value −1/2."),
    (lambda: output_at(STRAIGHT, 1), InputError, "The network has no hidden layer, so there are no hidden values to give."),
]  # fmt: skip


@pytest.mark.parametrize(("act", "kind", "message"), REFUSED, ids=[m[:50] for *_, m in REFUSED])
def test_refused(act: Any, kind: type[InputError], message: str) -> None:
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.message == message and type(caught.value) is kind


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", F(2)), (" -1/2 ", F(-1, 2)), (".5", F(1, 2)), ("−3.25", F(-13, 4)), (0.1, F(1, 10)), (7, F(7)),
     ("1/0", None), ("1e9", None), ("", None), ("2//3", None), ("inf", None)],
)
def test_numbers(text: str, number: F | None) -> None:
    if number is None:
        with pytest.raises(InputError):
            exact(text)
    else:
        assert exact(text) == number
