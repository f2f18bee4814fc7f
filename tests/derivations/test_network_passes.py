"""Forward and backward pass: what is printed, how it is derived, and three judges: JAX, central differences, and the lines themselves."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest

from hwcheck.derivations.elements.confirmation import confirm_many
from hwcheck.derivations.elements.elements import Element, entrywise, product, scaled, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.errors import DefectError, DomainError, InputError
from hwcheck.derivations.networks import layer_rules
from hwcheck.derivations.networks.networks import Batch, Convention, Layer, Loss, Network
from hwcheck.derivations.networks.passes import ACTIVATIONS, element_of, network_passes
from hwcheck.derivations.networks.statements import Passes
from hwcheck.derivations.notation.spellings import Style


def two_layers(first: str = "sigmoid", last: str = "sigmoid", loss: Loss = "half-squared", *, convention: Convention = "Wx",
               batch: Batch = "one", mean: bool = False, sizes: tuple[int | str, int | str, int | str] = ("d", "h", "K")) -> Network:
    layers = (Layer(sizes[0], sizes[1], first), Layer(sizes[1], sizes[2], last))
    return Network(layers, loss, convention, batch, mean)


def deep(layers: int, activation: str = "tanh") -> Network:
    chain = (Layer(f"n_{k}", f"n_{k + 1}", activation if k < layers - 1 else "identity") for k in range(layers))
    return Network(tuple(chain), "half-squared")


def printed(network: Network) -> dict[str, str]:
    return {s.name: s.text() for s in network_passes(network, confirmed=False).statements}


# -- what is printed


def test_a_network_of_two_sigmoid_layers() -> None:
    passes = network_passes(two_layers(), confirmed=False)
    assert [s.text() for s in passes.statements] == [
        "z¹ = W¹x + b¹", "a¹ = σ(z¹)", "z² = W²a¹ + b²", "a² = σ(z²)", "ℒ = 1/2 ‖a² − y‖²",
        "δ² = (a² − y) ⊙ σ′(z²)", "∂ℒ/∂W² = δ²(a¹)ᵀ", "∂ℒ/∂b² = δ²",
        "δ¹ = (W²)ᵀδ² ⊙ σ′(z¹)", "∂ℒ/∂W¹ = δ¹xᵀ", "∂ℒ/∂b¹ = δ¹", "∂ℒ/∂x = (W¹)ᵀδ¹",
    ]
    assert [s.entry_text() for s in passes.statements] == [
        "z¹_i = Σ_j W¹_ij x_j + b¹_i", "a¹_i = σ(z¹_i)", "z²_i = Σ_j W²_ij a¹_j + b²_i", "a²_i = σ(z²_i)", "ℒ = 1/2 Σ_i (a²_i − y_i)²",
        "δ²_j = (a²_j − y_j)σ′(z²_j)", "∂ℒ/∂W²_ij = δ²_i a¹_j", "∂ℒ/∂b²_i = δ²_i",
        "δ¹_j = (Σ_k W²_kj δ²_k)σ′(z¹_j)", "∂ℒ/∂W¹_ij = δ¹_i x_j", "∂ℒ/∂b¹_i = δ¹_i", "∂ℒ/∂x_j = Σ_k W¹_kj δ¹_k",
    ]
    assert [s.shape for s in passes.backward] == [("K", 1), ("K", "h"), ("K", 1), ("h", 1), ("h", "d"), ("h", 1), ("d", 1)]
    assert passes.statement("dW_1").text(Style.LATEX) == (
        r"\frac{\partial \mathcal{L}}{\partial W^{(1)}} = \delta^{(1)}x^{\top}")
    assert passes.symbols == {"x": ("d", 1), "W^(1)": ("h", "d"), "b^(1)": ("h", 1), "W^(2)": ("K", "h"), "b^(2)": ("K", 1), "y": ("K", 1)}
    assert passes.notes == ("A gradient has the shape of its parameter here: ∂ℒ/∂W that of W.",)


@pytest.mark.parametrize(("network", "lines"), [
    (two_layers(convention="WTx"), {"z_1": "z¹ = (W¹)ᵀx + b¹", "dW_2": "∂ℒ/∂W² = a¹(δ²)ᵀ", "delta_1": "δ¹ = W²δ² ⊙ σ′(z¹)"}),
    (two_layers(batch="columns"), {
        "z_1": "Z¹ = W¹X + b¹ 𝟏_mᵀ", "dW_2": "∂ℒ/∂W² = Δ²(A¹)ᵀ", "db_2": "∂ℒ/∂b² = Δ² 𝟏_m", "delta_1": "Δ¹ = (W²)ᵀΔ² ⊙ σ′(Z¹)",
        "L": "ℒ = 1/2 ‖A² − Y‖_F²", "dx": "∂ℒ/∂X = (W¹)ᵀΔ¹"}),
    (two_layers(batch="rows", mean=True), {
        "z_1": "Z¹ = X(W¹)ᵀ + 𝟏_m (b¹)ᵀ", "dW_2": "∂ℒ/∂W² = (Δ²)ᵀA¹", "db_2": "∂ℒ/∂b² = (Δ²)ᵀ 𝟏_m", "delta_1": "Δ¹ = Δ²W² ⊙ σ′(Z¹)",
        "delta_2": "Δ² = 1/m ((A² − Y) ⊙ σ′(Z²))"}),
    (two_layers(batch="rows", convention="WTx"), {
        "z_1": "Z¹ = XW¹ + 𝟏_m (b¹)ᵀ", "dW_1": "∂ℒ/∂W¹ = XᵀΔ¹", "delta_1": "Δ¹ = Δ²(W²)ᵀ ⊙ σ′(Z¹)"}),
    (two_layers("relu", "softmax", "cross-entropy"), {"L": "ℒ = −yᵀ log(a²)", "delta_2": "δ² = a² − y",
                                                      "delta_1": "δ¹ = (W²)ᵀδ² ⊙ ReLU′(z¹)"}),
    (two_layers("relu", "softmax", "cross-entropy", batch="columns", mean=True), {"L": "ℒ = −1/m sum(Y ⊙ log(A²))",
                                                                                 "delta_2": "Δ² = 1/m (A² − Y)"}),
    (two_layers("tanh", "sigmoid", "cross-entropy", sizes=(2, 3, 1)), {
        "L": "ℒ = −y log(a²) − (1 − y) log(1 − a²)", "delta_2": "δ² = a² − y", "delta_1": "δ¹ = (W²)ᵀδ² ⊙ tanh′(z¹)"}),
    (two_layers("relu", "identity", "squared"), {"a_2": "a² = z²", "delta_2": "δ² = 2(a² − y)"}),
    (two_layers("identity", "identity"), {"a_1": "a¹ = z¹", "delta_1": "δ¹ = (W²)ᵀδ²"}),
    (two_layers("relu", "identity", sizes=(1, 1, 1)), {
        "z_1": "z₁ = w₁x + b₁", "z_2": "z₂ = w₂a₁ + b₂", "L": "ℒ = 1/2 (a₂ − y)²", "delta_1": "δ₁ = w₂δ₂ ReLU′(z₁)", "dW_1": "∂ℒ/∂w₁ = δ₁x",
        "dx": "∂ℒ/∂x = w₁δ₁"}),
    (two_layers("sigmoid", "softmax", "half-squared"), {"delta_2": "δ² = a² ⊙ (a² − y) + (a²)ᵀ(y − a²)a²"}),
])  # fmt: skip
def test_other_conventions_losses_and_sizes(network: Network, lines: dict[str, str]) -> None:
    found = printed(network)
    assert {name: found[name] for name in lines} == lines


def test_without_bias_and_without_a_loss() -> None:
    network = Network((Layer("d", "h", "relu", bias=False), Layer("h", "K", bias=False)))
    assert printed(network) == {"z_1": "z¹ = W¹x", "a_1": "a¹ = ReLU(z¹)", "z_2": "z² = W²a¹", "a_2": "a² = z²"}
    assert network_passes(network).confirmation is None


def test_as_json() -> None:
    told = json.loads(json.dumps(network_passes(two_layers(), confirmed=False).to_dict()))
    assert [s["name"] for s in told["forward"]] == ["z_1", "a_1", "z_2", "a_2", "L"]
    delta = told["backward"][0]
    assert (delta["left"], delta["matrix_unicode"], delta["means"]) == (
        r"\delta^{(2)}", "(a² − y) ⊙ σ′(z²)", r"\frac{\partial \mathcal{L}}{\partial z^{(2)}}")
    assert delta["steps"][0]["rule"] == "chain rule" and delta["shape"] == ["K", 1]


def test_notes_name_the_conventions() -> None:
    notes = network_passes(two_layers("relu", "softmax", "cross-entropy", batch="rows", convention="WTx"), confirmed=False).notes
    assert notes == (
        "A gradient has the shape of its parameter here: ∂ℒ/∂W that of W.",
        "A weight matrix is inputs × outputs here, so a layer computes XW + b.",
        "Every row of X, Y, Z, A and Δ is one of m examples; the bias is added to each of them.",
        "ReLU′(0) does not exist (there is a kink); it counts as 0 here, by convention.",
        "For cross-entropy behind softmax, the labels of one example sum to 1 (one-hot: 1 for the right class, 0 for the others).",
    )


# -- how it is derived


def test_cross_entropy_behind_softmax_is_multiplied_out() -> None:
    steps = network_passes(two_layers("relu", "softmax", "cross-entropy"), confirmed=False).statement("delta_2").steps
    lines = [(s.rule, s.unicode_after) for s in steps]
    assert lines[0] == ("chain rule", "Σ_i ∂ℒ/∂a²_i · ∂a²_i/∂z²_j")
    assert ("collapse δ", "−y_i / a²_i") in lines
    assert ("collapse δ", "δ_ij a²_i − a²_i a²_j") in lines
    assert lines[-4:] == [
        ("put in", "Σ_i (−(y_i / a²_i)(δ_ij a²_i − a²_i a²_j))"), ("multiply out", "a²_j Σ_k y_k − y_j"),
        ("use Σ y = 1", "a²_j − y_j"), ("matrix form", "a² − y"),
    ]
    assert steps[-2].why == "the labels of one example sum to 1 (one-hot: 1 for the right class, 0 for the others)"


def test_cross_entropy_behind_sigmoid_is_multiplied_out() -> None:
    for network in (two_layers("relu", "sigmoid", "cross-entropy"), two_layers("relu", "sigmoid", "cross-entropy", sizes=(1, 1, 1))):
        steps = network_passes(network, confirmed=False).statement("delta_2").steps
        rules = [s.rule for s in steps if s.rule != "matrix form"]
        assert rules[0] == "chain rule" and rules[-2:] == ["put in", "multiply out"]
        assert "log" not in steps[-1].unicode_after and "/" not in steps[-1].unicode_after


def test_the_lines_of_a_hidden_layer() -> None:
    steps = network_passes(two_layers(), confirmed=False).statement("delta_1").steps
    assert [(s.rule, s.unicode_before, s.unicode_after) for s in steps] == [
        ("chain rule", "∂ℒ/∂z¹_j", "Σ_k ∂ℒ/∂z²_k · ∂z²_k/∂z¹_j"),
        ("name δ", "Σ_k ∂ℒ/∂z²_k · ∂z²_k/∂z¹_j", "Σ_k δ²_k · ∂z²_k/∂z¹_j"),
        ("layer", "z²_k", "Σ_l W²_kl σ(z¹_l) + b²_k"),
        ("chain rule", "∂z²_k/∂z¹_j", "Σ_l W²_kl σ′(z¹_l)∂z¹_l/∂z¹_j"),
        ("variable", "Σ_l W²_kl σ′(z¹_l)∂z¹_l/∂z¹_j", "Σ_l W²_kl σ′(z¹_l)δ_lj"),
        ("collapse δ", "Σ_l W²_kl σ′(z¹_l)δ_lj", "W²_kj σ′(z¹_j)"),
        ("put in", "Σ_k δ²_k · ∂z²_k/∂z¹_j", "Σ_k δ²_k (W²_kj σ′(z¹_j))"),
        ("simplify", "Σ_k δ²_k (W²_kj σ′(z¹_j))", "(Σ_k W²_kj δ²_k)σ′(z¹_j)"),
        ("matrix form", "δ¹", "(W²)ᵀδ² ⊙ σ′(z¹)"),
    ]
    assert steps[0].why == "ℒ depends on z¹ only through z²: the chain rule, summed over all entries of z²"


def test_layers_of_one_structure_have_their_own_names() -> None:
    passes = network_passes(deep(4), confirmed=False)
    for k in (1, 2, 3):
        assert passes.statement(f"delta_{k}").text() == f"δ{'⁰¹²³⁴'[k]} = (W{'⁰¹²³⁴'[k + 1]})ᵀδ{'⁰¹²³⁴'[k + 1]} ⊙ tanh′(z{'⁰¹²³⁴'[k]})"
    told = " ".join(step.unicode_before + step.unicode_after + step.why for s in passes.statements for step in s.steps)
    assert not any(mark in told for mark in ("90", "₉₀", "⁹⁰"))


@pytest.mark.parametrize("sizes", [("i", "j", "k"), ("r", "s", "n"), ("k", 1, "i"), (1, "j", "j")])
def test_sizes_that_are_called_like_indices(sizes: tuple[int | str, int | str, int | str]) -> None:
    for batch in ("one", "columns", "rows"):
        passes = network_passes(two_layers(sizes=sizes, batch=batch), confirmed=False)
        names = {s for s in sizes if isinstance(s, str)}
        for statement in passes.statements:
            assert not names & {str(n.value) for n in statement.entry.walk() if n.op == "index"}


# -- judges


@pytest.mark.parametrize("network", [
    two_layers(sizes=(2, 3, 1)),
    two_layers("relu", "softmax", "cross-entropy", batch="rows", mean=True, convention="WTx"),
    two_layers("softmax", "sigmoid", "cross-entropy", batch="columns", sizes=("d", "h", 1)),
    two_layers("gelu", "identity", "squared", sizes=(1, 1, 1)),
    deep(12),
])  # fmt: skip
def test_jax_confirms(network: Network) -> None:
    confirmation = network_passes(network).confirmation
    assert confirmation is not None
    assert max(confirmation.jacfwd, confirmation.jacrev) < 1e-10
    assert confirmation.points >= 3


def _mish(x: float) -> float:
    return x * math.tanh(math.log1p(math.exp(x)))


_SELU = (1.0507009873554805, 1.6732632423543772)
BY_HAND: dict[str, Callable[[float], float]] = {
    "elu": lambda x: x if x > 0 else math.expm1(x), "gelu": lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2,
    "hardsigmoid": lambda x: min(max(x / 6 + 0.5, 0), 1), "hardtanh": lambda x: min(max(x, -1), 1),
    "identity": lambda x: x, "leaky_relu": lambda x: x if x > 0 else x / 100, "mish": _mish, "relu": lambda x: max(x, 0.0),
    "relu6": lambda x: min(max(x, 0), 6), "selu": lambda x: _SELU[0] * (x if x > 0 else _SELU[1] * math.expm1(x)),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "silu": lambda x: x / (1 + math.exp(-x)), "softplus": lambda x: math.log1p(math.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)), "tanh": math.tanh,
}  # fmt: skip


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS if a != "softmax"])
def test_central_differences_of_every_activation(activation: str) -> None:
    """The printed formulas, matrix form and entries, against an own forward pass in plain numbers."""
    passes = network_passes(two_layers(activation, activation, sizes=(2, 3, 2)), confirmed=False)
    rng = np.random.default_rng(5)
    point = {name: rng.normal(size=[s for s in shape if s != 1]) for name, shape in passes.symbols.items()}

    def loss(at: dict[str, np.ndarray]) -> float:
        a = at["x"]
        for k in (1, 2):
            a = np.array([BY_HAND[activation](z) for z in at[f"W^({k})"] @ a + at[f"b^({k})"]])
        return float(((a - at["y"]) ** 2).sum() / 2)

    known = _evaluated(passes, point)
    assert known["ℒ"] == pytest.approx(loss(point), rel=1e-12)
    for name in ("x", "W^(1)", "b^(1)", "W^(2)", "b^(2)"):
        statement = next(s for s in passes.backward if s.left.op == "derivative" and s.left.args[1].value == name)
        for place in np.ndindex(*point[name].shape):
            moved = []
            for h in (1e-6, -1e-6):
                array = point[name].copy()
                array[place] += h
                moved.append(loss({**point, name: array}))
            assert known[statement.name][place] == pytest.approx((moved[0] - moved[1]) / 2e-6, abs=1e-8)


def _evaluated(passes: Passes, point: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    values, found = dict(point), {}
    for s in passes.statements:
        value = np.asarray(Evaluator(values, {})(element_of(s)))
        values[str(s.left.value)] = found[s.name] = value
    return {**found, "ℒ": found["L"]}


def test_a_wrong_gradient_is_found() -> None:
    w, x = variable("w", ("n",)), variable("x", ("n",))
    loss = product((), [(w, ("i",)), (w, ("i",)), (x, ("i",))], {"i": "n"})
    right, half = entrywise([w, x], 2), entrywise([w, x])

    def confirm(claim: Element) -> float:
        definitions = [("u", scaled(1, loss)), ("g", claim)]
        return confirm_many(definitions, "u", {"w": ["g"]}, [{"n": 3}], lambda rng, sizes: {
            name: rng.normal(size=(2, sizes["n"])) for name in ("w", "x")}, 1).jacrev

    assert confirm(right) < 1e-12
    with pytest.raises(DefectError, match=r"^g: Our formula and JAX's jacfwd differ by 0\.5"):
        confirm(half)
    with pytest.raises(DefectError):
        confirm(loss)
    with pytest.raises(DomainError, match="No points were found"):
        confirm(entrywise([w, x], 0))


def test_a_wrong_rule_cannot_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gradient twice as large as it should be is stopped by the value of its own lines."""
    frame, right = layer_rules.Frame("Wx", "one", False, (False, False)), layer_rules.contracted
    monkeypatch.setattr(layer_rules, "contracted", lambda *args, **options: scaled(2, right(*args, **options)))
    with pytest.raises(DefectError, match=r"^The line “2δ⁹⁰¹_i a⁹⁰⁰_j” is off by"):
        layer_rules.gradient.__wrapped__(frame, True, "dW")


def test_time_and_size_grow_with_the_depth() -> None:
    sizes = {}
    for layers in (16, 32):
        passes = network_passes(deep(layers), confirmed=False)
        assert len(passes.statements) == 5 * layers + 2
        sizes[layers] = sum(len(s.text()) + len(s.entry_text()) + sum(len(t.unicode_after) for t in s.steps) for s in passes.statements)
    assert sizes[32] / sizes[16] < 2.2


# -- what is refused


@pytest.mark.parametrize(("network", "message"), [
    (two_layers("relu", "tanh", "cross-entropy"),
     "Cross-entropy takes the logarithm of the outputs, so the last layer is softmax (one of many classes) or sigmoid (yes or no), "
     "not tanh."),
    (two_layers("relu", "softmax", sizes=(2, 3, 1)),
     "Layer 2 is a softmax of a single unit, whose output is always 1; it needs two units or more."),
])  # fmt: skip
def test_refused(network: Network, message: str) -> None:
    with pytest.raises(InputError) as caught:
        network_passes(network)
    assert caught.value.message == message


def test_unknown_names_are_refused() -> None:
    with pytest.raises(InputError, match=r"The activation of layer 1 is “swoosh”; known are elu, gelu"):
        network_passes(two_layers("swoosh"))
    with pytest.raises(InputError, match=r"This network has no “dW_3”; it has z_1, a_1"):
        network_passes(two_layers(), confirmed=False).statement("dW_3")
