"""Zero and constant starts: every result held against hand-worked values, NumPy, differences of the loss, and lines that are false."""

import dataclasses
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from hwcheck.derivations import Style
from hwcheck.derivations.elements.confirmation import descend
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.errors import DefectError, InputError
from hwcheck.derivations.forms import building as b
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.starts import (
    constant_starts,
    effective_unit,
    equal_units,
    hidden_layer,
    hidden_layer_gradients,
    start_runs,
    zero_starts,
)
from hwcheck.derivations.starts.hidden_layer import SLOPE_OF_ELL, Lines, Setting, Unit, at, meanings, partial, text
from hwcheck.derivations.starts.initialisation import Claim, ConstantStart, ZeroStart, constant_start, zero_start

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([0.0, 1.0, 1.0, 0.0])
F = Fraction

# f and f′ by hand: the judge beside JAX
BY_HAND: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "silu": (lambda z: z / (1 + np.exp(-z)), lambda z: (1 + np.exp(-z) + z * np.exp(-z)) / (1 + np.exp(-z)) ** 2),
    "square": (lambda z: z**2, lambda z: 2 * z),
    "sin": (np.sin, np.cos),
}


def descended(function: str, start: float, units: int, rate: float, steps: int) -> tuple[dict[str, Any], list[float]]:
    """Full-batch descent on the mean squared error with gradients written by hand."""
    f, slope = BY_HAND[function]
    w1, b1, w2, b2 = np.full((units, 2), start), np.full(units, start), np.full(units, start), start
    losses = []
    for count in range(steps + 1):
        z = X @ w1.T + b1
        errors = f(z) @ w2 + b2 - Y
        losses.append(float((errors**2).mean()))
        if count < steps:
            outer = 2 * errors / 4
            delta = outer[:, None] * w2 * slope(z)
            w1, b1, w2, b2 = w1 - rate * delta.T @ X, b1 - rate * delta.sum(0), w2 - rate * f(z).T @ outer, b2 - rate * outer.sum()
    return {"W_1": w1, "b_1": b1, "W_2": w2, "b_2": b2}, losses


def output(function: str, weights: dict[str, Any], x: Any = X) -> Any:
    return BY_HAND[function][0](x @ weights["W_1"].T + weights["b_1"]) @ weights["W_2"] + weights["b_2"]


def lines(steps: Any) -> list[tuple[str, str]]:
    return [(s.unicode_before, s.unicode_after) for s in steps]


def said(claims: tuple[Claim, ...]) -> dict[str, bool]:
    assert len({c.text for c in claims}) == len(claims)
    return {c.text: c.holds for c in claims}


@pytest.fixture(scope="module")
def relu() -> ZeroStart:
    return zero_start("relu")


@pytest.fixture(scope="module")
def sigmoid() -> ZeroStart:
    return zero_start("sigmoid")


@pytest.fixture(scope="module")
def square() -> ConstantStart:
    return constant_start("square", F(1, 2))


@pytest.fixture(scope="module")
def tanh() -> ConstantStart:
    return constant_start("tanh", 1)


# The general gradients


def test_the_gradient_by_the_first_weights_line_by_line() -> None:
    gradient = hidden_layer_gradients.gradient("tanh", "W_1")
    assert lines(gradient.steps) == [
        ("∂ℓ/∂ŷ", "ℓ′"),
        ("∂ℓ/∂(W₁)_ij", "ℓ′∂ŷ/∂(W₁)_ij"),
        ("ℓ′∂ŷ/∂(W₁)_ij", "ℓ′Σ_k (W₂)_k ∂h_k/∂(W₁)_ij"),
        ("ℓ′Σ_k (W₂)_k ∂h_k/∂(W₁)_ij", "ℓ′Σ_k (W₂)_k tanh′(z_k)∂z_k/∂(W₁)_ij"),
        ("ℓ′Σ_k (W₂)_k tanh′(z_k)∂z_k/∂(W₁)_ij", "ℓ′(W₂)_i tanh′(z_i)x_j"),
        ("∂z_k/∂(W₁)_ij", "δ_ki x_j"),
        ("∂ℓ/∂W₁", "ℓ′(W₂ᵀ ⊙ tanh′(z))xᵀ"),
    ]
    assert gradient.shape == ("m", "d")


@pytest.mark.parametrize(
    ("parameter", "matrix", "entry"),
    [
        ("W_1", "∂ℓ/∂W₁ = ℓ′(W₂ᵀ ⊙ ReLU′(z))xᵀ", "∂ℓ/∂(W₁)_ij = ℓ′(W₂)_i ReLU′(z_i)x_j"),
        ("b_1", "∂ℓ/∂b₁ = ℓ′(W₂ᵀ ⊙ ReLU′(z))", "∂ℓ/∂(b₁)_i = ℓ′(W₂)_i ReLU′(z_i)"),
        ("W_2", "∂ℓ/∂W₂ = ℓ′hᵀ", "∂ℓ/∂(W₂)_i = ℓ′h_i"),
        ("b_2", "∂ℓ/∂b₂ = ℓ′", "∂ℓ/∂b₂ = ℓ′"),
    ],
)
def test_the_four_gradients(parameter: str, matrix: str, entry: str) -> None:
    gradient = hidden_layer_gradients.gradient("relu", parameter)
    assert (gradient.text(), gradient.entry_text()) == (matrix, entry)


def test_latex() -> None:
    gradient = hidden_layer_gradients.gradient("relu", "W_2")
    assert gradient.text(Style.LATEX) == r"\frac{\partial \ell}{\partial W_{2}} = \ell'h^{\top}"


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        (partial(hidden_layer.ELL, hidden_layer.W2), b.scale(SLOPE_OF_ELL, b.transpose(hidden_layer.H)), True),
        (partial(hidden_layer.ELL, hidden_layer.W2), b.scale(SLOPE_OF_ELL, b.transpose(hidden_layer.Z)), False),
        (partial(hidden_layer.ELL, hidden_layer.B1), b.scale(SLOPE_OF_ELL, Unit("tanh").slope(hidden_layer.Z)), False),  # W₂ is missing
        (partial(hidden_layer.ELL, hidden_layer.B2), hidden_layer.ELL, False),
        (partial(hidden_layer.ELL, hidden_layer.B2), b.neg(SLOPE_OF_ELL), False),
    ],
)
def test_lines_that_hold_and_lines_that_do_not(before: Written, after: Written, holds: bool) -> None:
    board = Lines(Unit("tanh"), meanings(Unit("tanh")))
    assert board.holds(before, after) is holds
    if not holds:
        with pytest.raises(DefectError, match="does not hold"):
            board.put("", before, after)
        assert board.steps == []


def test_a_line_about_entries_fails_if_an_index_is_wrong() -> None:
    board = Lines(Unit("tanh"), meanings(Unit("tanh")))
    entry = hidden_layer_gradients.gradient("tanh", "b_1")
    wrong = b.scale(b.scale(SLOPE_OF_ELL, at(hidden_layer.W2, "i")), Unit("tanh").slope(at(hidden_layer.H, "i")))
    assert board.holds(entry.entry_left, entry.entry, ("i",))
    assert not board.holds(entry.entry_left, wrong, ("i",))


def test_nothing_is_known_of_f_unless_it_is_said() -> None:
    board, zero = Lines(Unit("relu"), {}), Unit("relu").of(b.ZERO)
    assert not board.holds(zero, b.ZERO)
    told = Lines(Unit("relu"), {}, Setting(facts={hidden_layer.activated(sp.S.Zero): sp.S.Zero}))
    assert told.holds(zero, b.ZERO)


def test_the_gradients_against_differences_of_the_loss() -> None:
    rng = np.random.default_rng(3)
    for function in ("tanh", "square", "silu"):
        weights = {"W_1": rng.normal(size=(3, 2)), "b_1": rng.normal(size=3), "W_2": rng.normal(size=3), "b_2": rng.normal(size=())}
        x, y = rng.normal(size=2), rng.normal()
        known = weights | {"x": x, "y": np.float64(y)}
        ours = hidden_layer_gradients._ours(Unit(function), "squared", known)
        for parameter, values in weights.items():
            for place in np.ndindex(values.shape):
                ends = []
                for move in (1e-5, -1e-5):
                    moved = {**weights, parameter: values.copy()}
                    moved[parameter][place] += move
                    ends.append((output(function, moved, x) - y) ** 2)
                assert np.isclose(ours[parameter][place], (ends[0] - ends[1]) / 2e-5, rtol=1e-6, atol=1e-7)


def test_jax_refuses_a_wrong_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    right = hidden_layer_gradients.gradients("tanh")
    wrong = right | {"b_1": dataclasses.replace(right["b_1"], matrix=b.scale(SLOPE_OF_ELL, Unit("tanh").slope(hidden_layer.Z)))}
    monkeypatch.setattr(hidden_layer_gradients, "gradients", lambda _: wrong)
    with pytest.raises(DefectError, match="differ"):
        hidden_layer_gradients.confirmed("tanh")


# Zero


def test_which_gradients_vanish_at_zero(relu: ZeroStart) -> None:
    assert [g.text() for g in relu.at_start] == ["∂ℓ/∂W₁ = 0", "∂ℓ/∂b₁ = 0", "∂ℓ/∂W₂ = 0", "∂ℓ/∂b₂ = ℓ′"]
    assert relu.vanishing == ("W_1", "b_1", "W_2")
    assert lines(relu.at_start[0].steps) == [
        ("∂ℓ/∂W₁", "ℓ′(W₂ᵀ ⊙ ReLU′(z))xᵀ"),
        ("ℓ′(W₂ᵀ ⊙ ReLU′(z))xᵀ", "ℓ′(0 ⊙ ReLU′(z))xᵀ"),
        ("ℓ′(0 ⊙ ReLU′(z))xᵀ", "0"),
        ("∂ℓ/∂(W₁)_ij", "0"),
    ]
    assert all(s.why for g in relu.at_start for s in g.steps[:-1])
    assert relu.confirmation.points == 6
    assert max(relu.confirmation.jacfwd, relu.confirmation.jacrev) < 1e-12


def test_the_forward_pass_and_a_step_from_zero(relu: ZeroStart) -> None:
    assert lines(relu.forward)[-2:] == [("ŷ", "W₂h + b₂"), ("W₂h + b₂", "b₂")]
    assert lines(relu.induction) == [
        ("W₁ − η∂ℓ/∂W₁", "0"), ("b₁ − η∂ℓ/∂b₁", "0"), ("W₂ − η∂ℓ/∂W₂", "0"), ("b₂ − η∂ℓ/∂b₂", "b₂ − ηℓ′"), ("ŷ", "b₂"),
    ]  # fmt: skip


def test_the_constant_that_is_left(relu: ZeroStart) -> None:
    assert relu.best == F(1, 2)
    assert lines(relu.limit)[-4:-1] == [
        ("2Σ_j (b₂ − y_j)", "0"),
        ("(0 + 1 + 1 + 0) / 4", "1/2"),
        ("((1/2 − 0)² + (1/2 − 1)² + (1/2 − 1)² + (1/2 − 0)²) / 4", "1/4"),
    ]
    around = [float(((Y - c) ** 2).mean()) for c in np.linspace(-1, 2, 301)]
    assert min(around) == 0.25 == ((Y - float(relu.best)) ** 2).mean()


def test_a_run_from_zero_in_numpy_and_by_formula(relu: ZeroStart) -> None:
    weights, losses = descended("relu", 0.0, 3, 0.1, 200)
    run = relu.run
    assert (run.steps, run.rate, run.units, len(run.losses)) == (200, F(1, 10), 3, 201)
    assert np.allclose(run.losses, losses, rtol=0, atol=1e-14)
    assert losses[0] == 0.5
    assert np.isclose(losses[1], 0.25 + 0.25 * 0.8**2)
    assert run.parameters["W_1"] == ((0.0, 0.0),) * 3
    assert run.parameters["b_1"] == run.parameters["W_2"] == (0.0,) * 3
    assert abs(float(np.asarray(run.parameters["b_2"])) - weights["b_2"]) < 1e-14
    assert abs(weights["b_2"] - 0.5) < 1e-13
    assert not run.learned
    assert abs(run.loss - 0.25) < 1e-13


def test_a_run_that_does_not_do_what_was_derived_is_a_defect(relu: ZeroStart) -> None:
    zero_starts._held_against(relu.run, stays=True)
    for wrong in ({"losses": (*relu.run.losses[:-1], 0.26)}, {"moved": {"W_1": 1e-9, "b_1": 0.0, "W_2": 0.0, "b_2": 0.5}}):
        with pytest.raises(DefectError):
            zero_starts._held_against(dataclasses.replace(relu.run, **wrong), stays=True)


def test_claims_about_zero(relu: ZeroStart, sigmoid: ZeroStart) -> None:
    both = {
        "∂ℓ/∂W₁ = 0": True, "∂ℓ/∂b₁ = 0": True, "∂ℓ/∂b₂ = 0": False, "all gradients are zero": False,
        "the parameters never change": False, "the hidden units stay equal": True, "the output stays 0": False,
        "gradient descent learns XOR": False,
    }  # fmt: skip
    only_relu = ("∂ℓ/∂W₂ = 0", "only b₂ changes", "W₁, b₁ and W₂ stay zero", "the output is the same for all inputs")
    assert said(relu.claims) == both | dict.fromkeys(only_relu, True)
    assert said(sigmoid.claims) == both | dict.fromkeys(only_relu, False)
    text, holds, why = relu.claims[3]
    assert (text, holds) == ("∂ℓ/∂b₂ = 0", False)
    assert "ℓ′" in why


def test_sigmoid_is_not_zero_at_zero(sigmoid: ZeroStart) -> None:
    assert text(sigmoid.f_zero) == "1/2"
    assert sigmoid.vanishing == ("W_1", "b_1")
    assert sigmoid.at_start[2].text() == "∂ℓ/∂W₂ = 1/2 ℓ′ 𝟏_mᵀ"
    weights, losses = descended("sigmoid", 0.0, 3, 0.1, 200)
    assert np.allclose(sigmoid.run.losses, losses, rtol=0, atol=1e-12)
    assert np.ptp(weights["W_2"]) < 1e-14 < abs(weights["W_2"][0])
    assert sigmoid.run.units_differ == 0
    assert np.allclose(sigmoid.run.outputs, output("sigmoid", weights), rtol=0, atol=1e-12)


def test_the_first_step_of_sigmoid_by_hand() -> None:
    weights, _ = descended("sigmoid", 0.0, 2, 0.1, 1)
    # ℓ′ is 2 (0 − y)/4 summed: −1; W₂ moves by η · 1 · σ(0), b₂ by η
    assert np.allclose(weights["W_2"], 0.05, rtol=0, atol=1e-16)
    run = start_runs.run("sigmoid", F(0), 2, F(1, 10), 1)
    assert np.allclose(run.parameters["W_2"], 0.05, rtol=0, atol=1e-16)
    assert run.parameters["W_1"] == ((0.0, 0.0), (0.0, 0.0))


# One constant


def test_equal_units_have_equal_gradients() -> None:
    found = equal_units.prove_equal("relu")
    assert {p: text(e) for p, e in found.entries.items()} == {
        "W_1": "ℓ′v ReLU′(uᵀx + β)x_j", "b_1": "ℓ′v ReLU′(uᵀx + β)", "W_2": "ℓ′ ReLU(uᵀx + β)",
    }  # fmt: skip
    assert text(found.output) == "m v ReLU(uᵀx + β) + b₂"
    assert ("(W₁)_ij − η∂ℓ/∂(W₁)_ij", "u_j − ηℓ′v ReLU′(uᵀx + β)x_j") in lines(found.steps)
    assert lines(found.steps)[-1] == ("∂ℓ/∂(PW₁)", "P∂ℓ/∂W₁")


def test_a_gradient_with_the_index_of_a_unit_is_refused() -> None:
    with pytest.raises(DefectError, match="depends on the unit"):
        equal_units._mentions_no_unit(at(hidden_layer.H, "i"))


def test_exchanging_units_in_numpy() -> None:
    rng, order = np.random.default_rng(5), [2, 0, 1]
    known = {"W_1": rng.normal(size=(3, 2)), "b_1": rng.normal(size=3), "W_2": rng.normal(size=3), "b_2": rng.normal(size=()),
             "x": rng.normal(size=2), "y": rng.normal(size=())}
    moved = known | {p: known[p][order] for p in ("W_1", "b_1", "W_2")}
    plain, there = (hidden_layer_gradients._ours(Unit("silu"), "logistic", v) for v in (known, moved))
    for p in ("W_1", "b_1", "W_2"):
        assert np.allclose(there[p], plain[p][order], rtol=0, atol=1e-15)
        assert not np.allclose(plain[p], plain[p][order])


def test_the_batch_keeps_the_two_weights_of_a_unit_equal() -> None:
    found = effective_unit.prove_effective("tanh")
    assert text(found.g) == "m v tanh(wt + β) + b₂"
    assert lines(found.steps)[4:7] == [
        ("ℓ′₀₁", "ℓ′₁₀"),
        ("∂C/∂(W₁)_ij", "v(ℓ′₁₀ tanh′(w + β) + ℓ′₁₁ tanh′(2w + β))"),
        ("(W₁)_ij − η∂C/∂(W₁)_ij", "w − ηv(ℓ′₁₀ tanh′(w + β) + ℓ′₁₁ tanh′(2w + β))"),
    ]


def test_the_batch_line_needs_the_symmetry_of_xor(monkeypatch: pytest.MonkeyPatch) -> None:
    effective_unit.prove_effective.cache_clear()
    monkeypatch.setattr(effective_unit, "TARGETS", (0, 1, 0, 0))  # not symmetric in x₁ and x₂: “x₂ and not x₁”
    with pytest.raises(DefectError, match="ℓ′₀₁ = ℓ′₁₀"):
        effective_unit.prove_effective("tanh")
    effective_unit.prove_effective.cache_clear()


@pytest.mark.parametrize(("function", "kind"), [("relu", "non-decreasing"), ("sigmoid", "increasing"), ("tanh", "increasing"),
                                                ("silu", "no"), ("square", "no"), ("sin", "no")])  # fmt: skip
def test_which_activations_are_monotone(function: str, kind: str) -> None:
    shape = effective_unit.shape_of(function)
    assert (shape.kind, shape.monotone) == (kind, kind != "no")
    grid = BY_HAND[function][0](np.linspace(-6, 6, 4001))
    assert bool((np.diff(grid) >= 0).all()) is shape.monotone
    if shape.turn:
        p, q, r = (BY_HAND[function][0](float(t)) for t in shape.turn)
        assert (q - p) * (r - q) < 0


def test_why_a_monotone_unit_is_not_xor(tanh: ConstantStart) -> None:
    assert lines(tanh.impossible)[3:] == [
        ("(g₁ − g₀)(g₂ − g₁)", "(m v)²(tanh(w + β) − tanh(β))(tanh(2w + β) − tanh(w + β))"),
        ("(tanh(w + β) − tanh(β))(tanh(2w + β) − tanh(w + β)) ≥ 0", "(g₁ − g₀)(g₂ − g₁) ≥ 0"),
        ("(1 − 0)(0 − 1)", "−1"),
    ]
    for function in ("square", "silu"):
        with pytest.raises(DefectError, match="not monotone"):
            effective_unit.impossible_steps(function)


def test_the_sign_line_is_tried_on_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effective_unit, "value_at", lambda function, x: (x - 1) ** 2)
    with pytest.raises(DefectError, match="not monotone between"):
        effective_unit._sign("tanh", b.ZERO, b.ZERO)


def test_the_bound_is_the_least_error_of_monotone_values() -> None:
    values = np.linspace(-0.5, 1.5, 61)
    g0, g1, g2 = np.meshgrid(values, values, values, indexing="ij")
    errors = (g0**2 + 2 * (g1 - 1) ** 2 + g2**2) / 4
    monotone = ((g0 <= g1) & (g1 <= g2)) | ((g0 >= g1) & (g1 >= g2))
    assert 1 / 6 <= errors[monotone].min() < 1 / 6 + 1e-3
    assert errors.min() < 1e-3 < 1 / 6 == float(effective_unit.BOUND)
    assert (0**2 + 2 * F(1, 3) ** 2 + F(2, 3) ** 2) / 4 == effective_unit.BOUND  # g = (0, 2/3, 2/3) attains it


def test_weights_with_which_one_unit_is_xor() -> None:
    found = effective_unit.xor_unit("square")
    assert found is not None
    assert (found.w, found.beta, found.height, found.b_2) == (1, -1, -1, 1)
    assert lines(found.steps)[-3:] == [("1 − (−1)²", "0"), ("1 − 0²", "1"), ("1 − 1²", "0")]
    sine = effective_unit.xor_unit("sin")
    assert sine is not None
    assert (sine.w, sine.beta, sine.height, sine.b_2) == (sp.pi / 2, 0, 1, 0)
    assert effective_unit.xor_unit("relu") is None


@pytest.mark.parametrize(("function", "units"), [("square", 1), ("square", 4), ("sin", 3), ("silu", 2)])
def test_the_weights_work_in_numpy(function: str, units: int) -> None:
    found = effective_unit.xor_unit(function)
    assert found is not None
    shapes = {"W_1": (units, 2), "b_1": (units,), "W_2": (units,), "b_2": ()}
    weights = {p: np.full(shapes[p], float(v)) for p, v in found.weights(units).items()}
    assert np.allclose(output(function, weights), Y, rtol=0, atol=1e-12)


def test_wrong_weights_are_refused() -> None:
    found = effective_unit.xor_unit("square")
    assert found is not None
    with pytest.raises(DefectError, match="do not work"):
        effective_unit._verified(dataclasses.replace(found, w=sp.Integer(2)), Unit("square").formula)


def test_descent_from_a_constant_learns_xor_with_squares(square: ConstantStart) -> None:
    run = square.run
    assert (run.start, run.units, run.rate, run.steps) == (F(1, 2), 2, F(1, 10), 1000)
    assert run.loss < 1e-6
    weights, losses = descended("square", 0.5, 2, 0.1, 1000)
    assert losses[-1] < 1e-6
    assert np.allclose(run.losses, losses, rtol=0, atol=1e-9)
    assert np.allclose(run.outputs, Y, rtol=0, atol=1e-6)
    v, w, beta = weights["W_2"][0], weights["W_1"][0, 0], weights["b_1"][0]
    assert np.allclose([2 * v * w**2, beta / w, weights["b_2"]], [-1, -1, 1], rtol=0, atol=1e-6)  # 2v(wt + β)² + b₂ = −(t − 1)² + 1
    assert run.units_differ == run.inputs_differ == 0
    assert square.learning == square.counterexample == run
    assert square.least is None
    assert square.impossible == square.bound == ()


def test_descent_learns_xor_with_an_activation_in_use() -> None:
    setup = constant_starts.LEARNING["silu"]
    run = start_runs.run("silu", setup.constant, setup.units, setup.rate, setup.steps)
    _, losses = descended("silu", float(setup.constant), setup.units, float(setup.rate), setup.steps)
    assert run.learned
    assert losses[-1] < 1e-6


def test_descent_from_a_constant_does_not_learn_xor_with_tanh_and_relu(tanh: ConstantStart) -> None:
    relu = constant_start("relu", 1)
    for function, found in (("tanh", tanh), ("relu", relu)):
        _, losses = descended(function, 1.0, 2, 0.1, 1000)
        assert np.allclose(found.run.losses, losses, rtol=0, atol=1e-9)
        assert min(losses) >= 1 / 6 - 1e-12
        assert found.run.lowest >= 1 / 6 - 1e-12
        assert found.least == F(1, 6)
        assert not found.run.learned
    assert abs(relu.run.loss - 1 / 6) < 1e-12  # ReLU gets as far as is possible


def test_claims_about_a_constant(square: ConstantStart, tanh: ConstantStart) -> None:
    both = {
        "the hidden units stay equal": True, "the network is one effective unit": True,
        "the two weights of a unit stay equal on XOR": True, "the output depends on x₁ + x₂ only": True,
        "all gradients are zero": False, "the parameters never change": False,
        "for every activation, gradient descent never learns XOR from a uniform constant": False,
        "with more hidden units that start equal the network can do more": False,
    }  # fmt: skip
    never = "with this activation, gradient descent never learns XOR from a uniform constant"
    learns, can = "gradient descent learns XOR from this start", "one effective unit can be XOR"
    assert said(tanh.claims) == both | {never: True, learns: False, can: False}
    assert said(square.claims) == both | {never: False, learns: True, can: True}


def test_a_descent_that_runs_away_is_no_defect_and_no_success() -> None:
    run = start_runs.run("square", F(3), 2, F(1, 10), 1000)
    assert not run.finite
    assert not run.learned
    assert run.to_dict()["loss"] is None


def test_a_run_below_the_bound_is_a_defect(tanh: ConstantStart) -> None:
    held = constant_starts._held_against
    held(tanh.run, tanh.shape)
    with pytest.raises(DefectError, match="below the bound"):
        held(dataclasses.replace(tanh.run, losses=(0.5, 0.1)), tanh.shape)


def test_units_that_part_are_a_defect() -> None:
    path = {"W_1": np.ones((3, 2, 2)), "b_1": np.ones((3, 2)), "W_2": np.ones((3, 2))}
    losses = np.array([1.0, 1.0, 1.0])
    assert start_runs._parted(path, losses) == 0
    path["W_2"][1, 0] = 1.5
    assert start_runs._parted(path, losses) == 0.5 / 2.5
    assert start_runs._parted(path, np.array([1.0, np.inf, np.nan])) == 0  # behind the end nothing counts


def test_descend_on_a_parabola() -> None:
    path, losses = descend(lambda xp, p: (p["a"] - 3.0) ** 2 + xp.sum(p["c"] ** 2), {"a": 0.0, "c": [1.0, -2.0]}, 0.25, 3)
    assert path["a"].tolist() == [0, 1.5, 2.25, 2.625]
    assert path["c"].tolist() == [[1, -2], [0.5, -1], [0.25, -0.5], [0.125, -0.25]]
    assert losses.tolist() == [14, 3.5, 0.875, 0.21875]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: zero_start("softmax"), "The activation “softmax” is not known here"),
        (lambda: constant_start("nonsense"), "The activation “nonsense” is not known here"),
        (lambda: zero_start("relu", steps=0), "A run has 1 to 20000 steps, not 0."),
        (lambda: zero_start("relu", rate=F(-1)), "A learning rate is positive; -1 is not."),
        (lambda: constant_start("relu", units=0), "A run has 1 to 64 hidden units, not 0."),
        (lambda: hidden_layer_gradients.gradient("relu", "W_3"), "There is no parameter “W_3” here; there are W_1, b_1, W_2, b_2."),
    ],
)
def test_what_cannot_be_used(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.message.startswith(message)


def test_json(relu: ZeroStart, square: ConstantStart) -> None:
    for found in (relu, square):
        data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert {"gradients", "run", "claims", "notes", "confirmation", "activation"} <= data.keys()
        assert [c["holds"] for c in data["claims"]] == [c.holds for c in found.claims]
        assert data["run"]["loss"] == found.run.loss
    assert relu.to_dict()["vanishing"] == ["W_1", "b_1", "W_2"]
    assert len(relu.steps) == len(relu.forward) + sum(len(g.steps) for g in relu.at_start) + len(relu.induction) + len(relu.limit)


def test_f_at_zero_is_the_one_of_the_arrays() -> None:
    for function in ("relu", "sigmoid", "softplus", "elu", "hardsigmoid", "silu"):
        row = FUNCTIONS[function]
        value = row.array(np, np.float64(0), *(float(v) for _, v in row.parameters))
        assert abs(float(Unit(function).at_zero) - float(value)) < 1e-15
