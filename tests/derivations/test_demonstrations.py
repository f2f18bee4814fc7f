"""Demonstrations: every claim is settled by its computation, and each computation would notice if it were otherwise."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest

from hwcheck.derivations.demonstrations import outputs, slopes, symmetry
from hwcheck.derivations.demonstrations.choices import choices
from hwcheck.derivations.demonstrations.claims import Demonstration
from hwcheck.derivations.demonstrations.demonstrations import NAMES, PLAIN, demonstration
from hwcheck.derivations.demonstrations.dropout import expectation
from hwcheck.derivations.demonstrations.fitting import capacity, descent
from hwcheck.derivations.demonstrations.losses import compared_losses
from hwcheck.derivations.errors import InputError

# What is true, as this test's author knows it; the program computes it.
TRUTHS = {
    "backward-activation": {"needs-activation": True},
    "caching": {"forward-for-backward": True, "hyperparameters": False, "backward-for-forward": False},
    "capacity": {"hidden-layer": True, "epochs": False},
    "descent": {"epochs": True, "small-rate": True, "large-rate": False, "penalty": True},
    "dropout": {"expectation-kept": True, "without-division": False, "random": True},
    "equal-units": {
        "stay-equal": True, "differ-after-a-step": False, "differ-at-the-start": False, "differ-across-layers": False,
        "different-start-helps": True, "zero-moves-one-bias": True,
    },
    "linear-layers": {"compose": True, "activation-bends": True, "deeper-is-richer": False},
    "loops": {"over-units": True, "over-layers": False},
    "neuron": {"linear-first": True, "activation-first": False, "only-linear": False, "mean-first": False},
    "residual": {"identity": True, "keeps-one": True, "grows-apart": True},
    "saturation": {"large-weights": True, "large-weights-tanh": True, "depth": True, "relu": False},
    "several-labels": {"softmax-nll": False, "sigmoids-mean-nll": True, "linear-mse": False, "sigmoids-multiclass-nll": False},
    "signs": {"multiples": True, "one-sign": True, "tanh-mixes": True, "tanh-centred": True, "sigmoid-centred": False},
    "softmax-shift": {"same-value": True, "changes-value": False, "imprecise": True, "more-efficient": False},
    "useful-gradients": {"nll": True, "accuracy": False, "squared": True},
}  # fmt: skip
PREDICTIONS = {"y": "0, 0, 1", "g_1": "1/2, 1/4, 1/4", "g_2": "0.1, 0.2, 0.7", "g_3": "0.98, 0.01, 0.01"}


def cells(found: Demonstration, table: int = 0) -> list[tuple[str, ...]]:
    return list(found.tables[table].rows)


def number(text: str) -> float:
    return float(Fraction(text.replace("−", "-")))


def test_every_demonstration_has_its_truths() -> None:
    assert set(TRUTHS) == set(PLAIN)
    assert NAMES == tuple(sorted((*PLAIN, "compared-losses")))


@pytest.mark.parametrize("name", sorted(TRUTHS))
def test_claims(name: str) -> None:
    found = demonstration(name)
    assert {claim.name: claim.holds for claim in found.claims} == TRUTHS[name]
    assert found.name == name
    assert found.title and found.sentence and found.tables
    assert all(len(row) == len(table.head) for table in found.tables for row in table.rows)
    assert json.loads(json.dumps(found.to_dict()))["demonstration"] == name


@pytest.mark.parametrize("name", sorted(TRUTHS))
def test_derivatives_are_confirmed_by_jax(name: str) -> None:
    for about, derived in demonstration(name).derived:
        assert derived.confirmation is not None, about
        assert max(derived.confirmation.jacfwd, derived.confirmation.jacrev) < 1e-9


# The numbers, computed here by other means


def test_descent_of_equal_units_by_numpy() -> None:
    """The exact steps, once more in floating point with gradients by hand."""
    half = Fraction(1, 2)
    start = symmetry._start([half] * 4, [half, -half, Fraction(0), half], half)
    W, b, v, c = np.array([[0.5, 0.5], [0.5, -0.5]]), np.array([0.5, 0.0]), np.array([0.5, 0.5]), 0.5
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    for weights in symmetry.descent("relu", start, 3)[1:]:
        z = X @ W.T + b
        h, delta = np.maximum(z, 0), (np.maximum(z, 0) @ v + c - y) / 4
        back = delta[:, None] * v * (z > 0)
        W, b, v, c = W - back.T @ X / 2, b - back.sum(0) / 2, v - delta @ h / 2, c - delta.sum() / 2
        got = [[float(x) for x in unit] for unit in symmetry._units(weights)]
        assert np.allclose(got, np.column_stack([W, b, v]), rtol=1e-12)


def test_different_weights_have_different_gradients() -> None:
    """The proof of equal gradients is not of the kind that proves everything."""
    assert symmetry.gradients_agree()
    first, second = symmetry._units(symmetry.descent("relu", symmetry._start([1, 2, 0, 1], [2, 1, 0, 1], Fraction(0)), 1)[1])
    assert first != second


def test_saturation_by_numpy() -> None:
    for name, weight, *passed in cells(slopes.saturation()):
        f, slope = {
            "σ": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
            "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
            "ReLU": (lambda z: max(z, 0.0), lambda z: float(z > 0)),
        }[name]
        w = float(weight)
        for depth, shown in zip(slopes.DEPTHS, passed, strict=True):
            value, product = 1.0, 1.0
            for _ in range(depth):
                product *= w * slope(w * value)
                value = f(w * value)
            assert number(shown) == pytest.approx(product, rel=1e-3, abs=5e-5)


def test_signs_of_gradients() -> None:
    rows = {row[0]: row[2:] for row in cells(slopes.signs())}
    assert rows == {"σ": ("+ + +", "− − −"), "tanh": ("− − +", "+ + −"), "ReLU": ("0 0 +", "0 0 −")}


def test_residual_jacobians() -> None:
    plain, skip = (derived.matrix for _, derived in slopes.residual().derived)
    assert (plain, skip) == ("diag(1 − tanh(Wx)²)W", "I_d + diag(1 − tanh(Wx)²)W")


def test_dropout_table() -> None:
    assert cells(expectation()) == [("1", "2", "2", "0"), ("4/5", "2", "8/5", "1"), ("1/2", "2", "1", "4"), ("1/5", "2", "2/5", "16")]


def test_overflow_is_shown_by_numbers() -> None:
    true, plain, shifted = (row[1:] for row in cells(outputs.softmax_shift()))
    z = np.array(outputs.LARGE, dtype=float)
    wanted = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    assert [float(x) for x in true] == pytest.approx(list(wanted), abs=1e-6)
    assert plain == ("no number (nan)",) * 3
    assert shifted == true


def test_losses_for_several_labels_by_numpy() -> None:
    towards = (outputs.LABELS, outputs.LABELS, (1,) * 4, (1,) * 4)
    for (shown, *losses), targets in zip(cells(outputs.several_labels()), towards, strict=True):
        for text, t in zip(losses, (1, 3, 9), strict=True):
            z = np.where(np.array(targets) == 1, t, -t).astype(float)
            g = np.exp(z) / np.exp(z).sum() if shown.startswith("softmax") else 1 / (1 + np.exp(-z))
            y = np.array(outputs.LABELS)
            loss = np.mean(-np.log(np.where(y == 1, g, 1 - g))) if "mean" in shown else -(y * np.log(g)).sum()
            assert number(text) == pytest.approx(loss, abs=1e-3)


def test_error_of_descent() -> None:
    for rate, *errors in cells(descent()):
        for shown, steps in zip(errors, (1, 5, 20), strict=True):
            assert number(shown) == pytest.approx(abs(1 - 2 * float(Fraction(rate))) ** steps, abs=1e-3)


def test_two_units_are_xor() -> None:
    assert [row[1] == row[2] for row in cells(capacity())] == [True] * 4


# Losses compared


def test_losses_compared() -> None:
    found = compared_losses(PREDICTIONS)
    assert [(claim.name, claim.holds) for claim in found.claims] == [("g_1", False), ("g_2", True), ("g_3", False)]
    assert cells(found) == [
        ("(0.5, 0.25, 0.25)", "−ln(1/4)", "1.3863"),
        ("(0.1, 0.2, 0.7)", "−ln(7/10)", "0.3567"),
        ("(0.98, 0.01, 0.01)", "−ln(1/100)", "4.6052"),
    ]
    assert found.claim("g_1").why == "its loss is −ln(1/4) = 1.3863, that of (0.1, 0.2, 0.7) is 0.3567"


def test_equal_losses_have_no_smallest() -> None:
    found = compared_losses({"y": "0, 1", "g_1": "1/2, 1/2", "g_2": "0.5, 0.5"})
    assert [claim.holds for claim in found.claims] == [False, False]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "“compared-losses” needs the target y and at least two predictions in “given”."),
        ({"y": "0, 1", "g_1": "1, 0"}, "“compared-losses” needs the target y and at least two predictions in “given”."),
        ({"y": "0, 1", "g_1": "1/2, 1/2", "g_2": "1"}, "“given: g_2” has 1 entries, and y has 2."),
        ({"y": "0, 1", "g_1": "1/2, 1/2", "g_2": "1, 0"}, "“given: g_2” is 0 where y is not; the logarithm of 0 does not exist."),
        ({"y": "0, one"}, "“given: y” is a row of numbers such as 0, 1/2, 0.25, not “0, one”."),
        ({"y": "0, 1/0"}, "“given: y” is a row of numbers such as 0, 1/2, 0.25, not “0, 1/0”."),
    ],
)
def test_numbers_that_cannot_be_compared(given: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        compared_losses(given)
    assert caught.value.message == said


# Questions with options


def test_options_are_settled_by_claims() -> None:
    found = choices({
        "true": "dropout/expectation-kept", "false": "not dropout/expectation-kept", "always": "not dropout/without-division",
        "often": "person, that is experience",
    })  # fmt: skip
    assert [(o.letter, o.words, o.holds) for o in found.options] == [
        ("a", "true", True), ("b", "false", False), ("c", "always", True), ("d", "often", None),
    ]  # fmt: skip
    assert (found.right, found.open, len(found.demonstrations)) == (("a", "c"), ("d",), 1)
    assert found.options[3].why == "that is experience"
    assert json.loads(json.dumps(found.to_dict()))["right"] == ["a", "c"]


def test_options_with_numbers() -> None:
    found = choices({"first": "compared-losses/g_1", "second": "compared-losses/g_2"}, PREDICTIONS)
    assert found.right == ("b",)


@pytest.mark.parametrize(
    ("options", "given", "said"),
    [
        ({"a": "dropout/random"}, {}, "A question has 2 to 26 options, not 1."),
        ({"a": "person, why", "b": "person, why"}, {}, "No option is settled by a computation; such a problem is of kind person."),
        (
            {"a": "dropout/random", "b": "yes"}, {},
            "“yes” settles nothing: a ruling is demonstration/claim, perhaps with “not ” before it, or “person” and a reason.",
        ),
        (
            {"a": "dropout/rando", "b": "dropout/random"}, {},
            "The demonstration dropout has no claim “rando”. Its claims are expectation-kept, without-division, random.",
        ),
        (
            {"a": "drop-out/random", "b": "dropout/random"}, {},
            f"There is no demonstration “drop-out”. Did you mean dropout? They are {', '.join(NAMES)}.",
        ),
        (
            {"a": "dropout/random", "b": "not dropout/random"}, {"y": "1, 2"},
            "No demonstration that is named here takes numbers; leave “given” out.",
        ),
    ],
)  # fmt: skip
def test_faulty_options(options: dict[str, str], given: dict[str, str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        choices(options, given)
    assert caught.value.message == said


def test_a_demonstration_without_numbers_takes_none() -> None:
    with pytest.raises(InputError, match="takes no numbers"):
        demonstration("dropout", {"y": "1, 2"})
