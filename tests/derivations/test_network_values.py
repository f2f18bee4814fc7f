"""The numbers of networks, one step of descent, and when parameters stay; judged by exact differences and by mpmath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from hwcheck.derivations.elements.functions import ACTIVATIONS, FUNCTIONS
from hwcheck.derivations.errors import InputError, NotationError, ShapeError
from hwcheck.derivations.networks.network_values import Values, decimal_text, exact_text, network_values
from hwcheck.derivations.networks.networks import Batch, Layer, Matrix, Network
from hwcheck.derivations.networks.statements import text
from hwcheck.derivations.networks.updates import decide, step, unchanged
from hwcheck.derivations.networks.vanishing import flat_stretches, zero_stretches

F = Fraction


def rows(entries: Sequence[Sequence[object]]) -> Matrix:
    return tuple(tuple(F(str(x)) for x in row) for row in entries)


def single(first: str = "relu", last: str = "identity") -> Network:
    return Network((Layer(1, 1, first), Layer(1, 1, last)), "half-squared")


SMALL = Network((Layer(2, 3, "relu"), Layer(3, 2)), "half-squared",
                weights={1: rows([[1, -2], ["1/2", 1], [-1, "1/3"]]), 2: rows([[1, 2, -1], ["3/4", -1, 2]])},
                biases={1: rows([["1/4", 1, 2]])[0], 2: rows([[-1, "1/2"]])[0]},
                inputs=rows([[3, 1], [-1, 2], ["1/2", "-1/3"]]), targets=rows([[1, 2], [0, -1], ["1/5", 1]]))
CLASSES = Network((Layer(2, 2, "relu"), Layer(2, 2, "softmax")), "cross-entropy",
                  weights={1: rows([[1, -1], [2, 1]]), 2: rows([[1, 0], [0, -1]])}, biases={1: rows([[1, 0]])[0]},
                  inputs=rows([[1, -1]]), targets=rows([[1, 0]]))


# -- numbers


def loss_of(network: Network, weights: dict[int, Matrix], biases: dict[int, Sequence[Fraction]]) -> list[Fraction]:
    """Half the squared error of every example of a ReLU network, by loops over fractions."""
    losses = []
    for x, y in zip(network.inputs, network.targets, strict=True):
        a = list(x)
        for k, layer in enumerate(network.layers, 1):
            z = [sum((w * v for w, v in zip(row, a, strict=True)), F(0)) + c for row, c in zip(weights[k], biases[k], strict=True)]
            a = [max(v, F(0)) for v in z] if layer.activation == "relu" else z
        losses.append(sum(((p - t) ** 2 for p, t in zip(a, y, strict=True)), F(0)) / 2)
    return losses


def moved(matrix: Matrix, i: int, j: int, h: Fraction) -> Matrix:
    return tuple(tuple(v + h if (r, c) == (i, j) else v for c, v in enumerate(row)) for r, row in enumerate(matrix))


def test_gradients_of_a_relu_network_are_exact() -> None:
    """Between kinks the loss is quadratic in one weight, so a central difference in fractions is its derivative exactly."""
    values, h = network_values(SMALL), F(1, 10**6)
    biases = {k: SMALL.bias(k) for k in (1, 2)}
    losses = loss_of(SMALL, dict(SMALL.weights), biases)
    assert [values.table("L", k).rows[0][0].rational for k in (1, 2, 3)] == losses
    assert values.loss is not None and values.loss.rational == sum(losses)
    for k in (1, 2):
        for i, row in enumerate(SMALL.weights[k]):
            for j in range(len(row)):
                ends = [loss_of(SMALL, {**SMALL.weights, k: moved(SMALL.weights[k], i, j, s * h)}, biases) for s in (1, -1)]
                slopes = [(a - b) / (2 * h) for a, b in zip(*ends, strict=True)]
                assert [values.table(f"dW_{k}", e).rows[i][j].rational for e in (1, 2, 3)] == slopes
                assert values.table(f"dW_{k}").rows[i][j].rational == sum(slopes)
            ends = [loss_of(SMALL, dict(SMALL.weights), {**biases, k: moved((biases[k],), 0, i, s * h)[0]}) for s in (1, -1)]
            assert values.table(f"db_{k}").rows[i][0].rational == sum((a - b) / (2 * h) for a, b in zip(*ends, strict=True))


@pytest.mark.parametrize("batch", ["columns", "rows"])
@pytest.mark.parametrize("mean", [False, True])
def test_a_batch_is_the_sum_of_its_examples(batch: Batch, mean: bool) -> None:
    alone, together = network_values(replace(SMALL, mean=mean)), network_values(replace(SMALL, batch=batch, mean=mean))
    for name in ("L", "dW_1", "db_1", "dW_2", "db_2"):
        assert [v.rational for v in together.table(name).entries] == [v.rational for v in alone.table(name).entries]
    shapes = {"columns": (3, 3), "rows": (3, 3)}, {"columns": (2, 3), "rows": (3, 2)}
    assert together.table("z_1").shape == shapes[0][batch] and together.table("a_2").shape == shapes[1][batch]
    flipped = replace(SMALL, batch=batch, mean=mean, convention="WTx",
                      weights={k: tuple(zip(*w, strict=True)) for k, w in SMALL.weights.items()})
    transposed = network_values(flipped).table("dW_1").rows
    assert [v.rational for row in zip(*transposed, strict=True) for v in row] == [v.rational for v in together.table("dW_1").entries]


def test_softmax_outputs_are_powers_of_e() -> None:
    values = network_values(CLASSES)
    shown = {name: [exact_text(v) for v in values.table(name).entries] for name in ("z_2", "a_2", "L", "delta_2", "dW_1")}
    assert shown == {
        "z_2": ["3", "−1"], "a_2": ["e³ / (e³ + e⁻¹)", "e⁻¹ / (e³ + e⁻¹)"], "L": ["−ln(e³ / (e³ + e⁻¹))"],
        "delta_2": ["−1 / (e⁴ + 1)", "e⁻¹ / (e³ + e⁻¹)"],
        "dW_1": ["−1 / (e⁴ + 1)", "1 / (e⁴ + 1)", "−e⁻¹ / (e³ + e⁻¹)", "e⁻¹ / (e³ + e⁻¹)"],
    }  # fmt: skip
    assert [decimal_text(v, 6) for v in values.table("a_2").entries] == ["0.982014", "0.017986"]
    assert [decimal_text(v, 3) for v in values.table("dx").entries] == ["−0.054", "0"]


MP = {"sigmoid": lambda z: 1 / (1 + mpmath.exp(-z)), "tanh": mpmath.tanh, "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
      "gelu": lambda z: z * (1 + mpmath.erf(z / mpmath.sqrt(2))) / 2, "identity": lambda z: z}  # fmt: skip


@pytest.mark.parametrize(("first", "last"), [("sigmoid", "sigmoid"), ("tanh", "identity"), ("gelu", "softplus")])
def test_every_digit_is_right(first: str, last: str) -> None:
    """Fifty decimals against mpmath, which differentiates an own forward pass with eighty."""
    network = Network((Layer(1, 1, first), Layer(1, 1, last)), "half-squared", weights={1: rows([["0.3"]]), 2: rows([["-1.7"]])},
                      biases={1: rows([["0.1"]])[0], 2: rows([["2/3"]])[0]}, inputs=rows([["1.9"]]), targets=rows([["0.25"]]))
    values = network_values(network)
    with mpmath.workdps(80):
        at = [mpmath.mpf(v.numerator) / v.denominator for v in (F("0.3"), F("0.1"), F("-1.7"), F(2, 3))]

        def loss(w: object, b: object, v: object, c: object) -> object:
            inner = MP[first](w * mpmath.mpf("1.9") + b)  # type: ignore[operator]
            return (MP[last](v * inner + c) - mpmath.mpf("0.25")) ** 2 / 2  # type: ignore[operator]

        assert _digits(values, "L") == _rounded(loss(*at))
        for k, name in enumerate(("dW_1", "db_1", "dW_2", "db_2")):
            order = tuple(int(k == j) for j in range(4))
            assert _digits(values, name)[:32] == _rounded(mpmath.diff(loss, tuple(at), order))[:32]


def _digits(values: Values, name: str) -> str:
    return decimal_text(values.table(name).rows[0][0], 50)


def _rounded(value: object) -> str:
    number = mpmath.nint(value * mpmath.mpf(10) ** 50)  # type: ignore[operator]
    whole = str(abs(int(number))).rjust(51, "0")
    return ("−" if number < 0 else "") + whole[:-50] + "." + whole[-50:]


def test_intermediate_results_are_not_rounded() -> None:
    """Twenty layers that triple and divide by three come back exactly."""
    layers = tuple(Layer(1, 1, bias=False) for _ in range(20))
    weights = {k: rows([["3" if k % 2 else "1/3"]]) for k in range(1, 21)}
    values = network_values(Network(layers, "squared", weights=weights, inputs=rows([["1/7"]]), targets=rows([[0]])))
    assert values.table("a_20").rows[0][0].rational == F(1, 7)
    assert values.loss is not None and exact_text(values.loss) == "1/49"


@pytest.mark.parametrize(("network", "kind", "message"), [
    (replace(SMALL, weights={1: SMALL.weights[1]}), InputError, "Numbers need all weights; W_2 is not given."),
    (replace(SMALL, inputs=()), InputError, "Numbers need at least one input x."),
    (replace(SMALL, targets=SMALL.targets[:1]), InputError, "There are 3 inputs and 1 targets; every input needs its target y."),
    (replace(SMALL, inputs=rows([[1, 2, 3]] * 3)), ShapeError, "The input of example 1 has 3 entries; 2 are expected."),
    (replace(CLASSES, targets=rows([[1, 1]])), InputError,
     "The target of example 1 sums to 2; behind softmax the labels sum to 1 (one-hot)."),
])
def test_numbers_that_do_not_fit(network: Network, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        network_values(network)
    assert str(caught.value) == message


# -- one step


def test_a_step_moves_every_parameter_against_its_gradient() -> None:
    rate = F(1, 50)
    taken, values = step(SMALL, rate), network_values(SMALL)
    assert [u.name for u in taken.updates] == ["W_1", "b_1", "W_2", "b_2"]
    for u in taken.updates:
        gradients = [v.rational for v in values.table(f"d{u.name}").entries]
        assert [v.rational for v in u.gradient.entries] == gradients
        assert [v.rational for v in u.after.entries] == [v.rational - rate * g for v, g in zip(u.before.entries, gradients, strict=True)]
    assert taken.network is not None and taken.loss_after.rational == sum(
        loss_of(SMALL, dict(taken.network.weights), {k: taken.network.bias(k) for k in (1, 2)}))
    assert taken.loss_before.rational > taken.loss_after.rational


def test_a_step_of_a_network_with_irrational_gradients() -> None:
    """The gradients worked out by hand: with q = 1 − p for the right class, δ² = (−q, q) and δ¹ = (−q, −q)."""
    taken = step(CLASSES, F(1, 10))
    assert taken.network is None
    assert exact_text(taken.update("b_1").after.rows[0][0]) == "(10e⁴ + 11) / (10(e⁴ + 1))"
    with mpmath.workdps(40):
        t = 1 / (1 + mpmath.exp(4)) / 10
        hidden = [(1 + t) - (-1 - t) + (1 + t), (2 + t) - (1 - t) + t]
        outputs = [(1 + 3 * t) * hidden[0] + t * hidden[1] + t, -3 * t * hidden[0] - (1 + t) * hidden[1] - t]
        loss = mpmath.log(1 + mpmath.exp(outputs[1] - outputs[0]))
        assert decimal_text(taken.loss_after, 30) == mpmath.nstr(loss, 29, strip_zeros=False)[:32]
    with pytest.raises(InputError, match=r"There is no parameter “W_3”; there are W_1, b_1, W_2, b_2\."):
        taken.update("W_3")


# -- when a parameter stays


@pytest.mark.parametrize(("network", "parameter", "gradient", "conditions"), [
    (single(), "w_1", "w₂(a₂ − y) ReLU′(z₁)x", ["w₂ = 0", "a₂ = y", "z₁ ≤ 0", "x = 0"]),
    (single(), "b1", "w₂(a₂ − y) ReLU′(z₁)", ["w₂ = 0", "a₂ = y", "z₁ ≤ 0"]),
    (single(), "W2", "(a₂ − y)a₁", ["a₂ = y", "z₁ ≤ 0"]),
    (single("sigmoid"), "w_1", "w₂(a₂ − y)σ′(z₁)x", ["w₂ = 0", "a₂ = y", "x = 0"]),
    (single("silu", "hardtanh"), "w_1", "w₂((a₂ − y) hardtanh′(z₂)) SiLU′(z₁)x",
     ["w₂ = 0", "a₂ = y", "z₂ ≤ −1", "z₂ ≥ 1", "z₁ = −1.2785", "x = 0"]),
    (Network((Layer("d", "h", "relu"), Layer("h", "K", "softmax")), "cross-entropy"), "W_1", "((W²)ᵀ(a² − y) ⊙ ReLU′(z¹))xᵀ",
     ["W² = 0", "a² = y", "z¹ ≤ 0", "x = 0"]),
    (Network((Layer("d", "K", "softmax"),), "half-squared", batch="rows"), "b_1", None, ["A¹ = Y"]),
])  # fmt: skip
def test_conditions_come_from_the_factors(network: Network, parameter: str, gradient: str | None, conditions: list[str]) -> None:
    found = unchanged(network, parameter)
    assert [text(c.tree) for c in found.conditions] == conditions
    assert gradient is None or text(found.gradient) == gradient
    assert all(c.points > 0 for c in found.conditions)
    assert found.complete == (network.layers[0].outputs == 1)


def test_what_is_never_zero_is_said() -> None:
    assert unchanged(single("sigmoid"), "w_1").notes == ("σ′(z₁) is never 0.",)
    with pytest.raises(InputError, match=r"There is no parameter “w_3”; there are W_2, b_2, W_1, b_1\."):
        unchanged(single(), "w_3")
    with pytest.raises(InputError, match="Without a loss there is no gradient"):
        unchanged(replace(single(), loss="none"), "w_1")


@pytest.mark.parametrize(("condition", "holds"), [
    ("x = 0", True), ("y = 0", False), ("w_1 = 0", False), ("w_2 = 0", True), ("W2 = 0", True), ("w_1 x + b_1 < 0", True),
    ("w_1 x + b_1 > 0", False), ("z_2 = y", True), (r"\hat y = y", True), ("a_2 >= y", False), ("x w_2 = 0", True), ("b_1 = 0", False),
    ("z_1 ≤ 0", True), ("z_1 <= 1", False), ("w_2 a_1 + b_2 = y", True), ("a_1 = 0", True),
])  # fmt: skip
def test_conditions_of_others_are_decided(condition: str, holds: bool) -> None:
    (decision,) = decide(single(), "w_1", [condition])
    assert decision.holds == holds
    assert decision.points > 0
    assert (decision.witness is None) == holds


def test_a_refused_condition_comes_with_a_point() -> None:
    decision = decide(single(), "w_1", ["y = 0"])[0]
    assert decision.witness is not None and decision.witness["y"] == "0" and decision.witness["∂ℒ/∂w₁"] != "0"
    x, w1, b1, w2, b2 = (F(decision.witness[name].replace("−", "-")) for name in ("x", "w₁", "b₁", "w₂", "b₂"))
    z = w1 * x + b1
    assert w2 * (w2 * max(z, F(0)) + b2) * (z > 0) * x == F(decision.witness["∂ℒ/∂w₁"].replace("−", "-"))
    assert decision.why.startswith("not enough: at x = ")


def test_conditions_on_matrices() -> None:
    network = Network((Layer(2, 3, "relu"), Layer(3, 1)), "half-squared")
    found = decide(network, "W_1", ["x = 0", "W² = 0", "W_1 x + b_1 < 0", "W_1 = 0"])
    assert [d.holds for d in found] == [True, True, True, False]
    assert found[2].why == "then ReLU′(z¹) is 0, in ∂ℒ/∂W¹ = ((W²)ᵀ(a² − y) ⊙ ReLU′(z¹))xᵀ"


@pytest.mark.parametrize(("condition", "kind", "message"), [
    ("x", NotationError, "A condition is one equation or inequality, such as x = 0 or w_1 x + b_1 < 0."),
    ("v = 0", InputError, "“v” is no quantity of this network"),
])
def test_conditions_that_cannot_be_read(condition: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        decide(single(), "w_1", [condition])
    assert str(caught.value).startswith(message)


# -- where slopes are zero


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_flat_places_of_activations(activation: str) -> None:
    """The slope is zero inside a stretch, by central differences, and nowhere else on a grid."""
    row = FUNCTIONS[activation]
    usual = [float(v) for _, v in row.parameters]
    def value(x: float) -> float:
        return float(row.array(np, np.asarray(x), *usual))

    for k in range(-120, 121):
        x = F(k, 16) + F(1, 97)
        inside = any((s.low is None or s.low < x) and (s.high is None or x < s.high) for s in flat_stretches(activation))
        slope = (value(float(x) + 1e-6) - value(float(x) - 1e-6)) / 2e-6
        assert (abs(slope) < 1e-9) == inside or (not inside and abs(slope) < 1e-3)
    for s in zero_stretches(activation):
        assert abs(value(float(s.high if s.high is not None else s.low or 0))) < 1e-12
