"""The proof of softmax's derivative: its lines, its results against other judges, and that a false line cannot pass."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hwcheck.derivations import Style, write
from hwcheck.derivations.activations import softmax
from hwcheck.derivations.activations.rewriting import cancelled, factors, joined, terms
from hwcheck.derivations.activations.softmax import Proof, softmax_proof
from hwcheck.derivations.errors import DefectError, InputError
from hwcheck.derivations.notation.written import Written


@pytest.fixture(scope="module")
def proof() -> Proof:
    return softmax_proof(with_cross_entropy=True, classes=3)


def lines(steps: tuple[softmax.Step, ...]) -> list[tuple[str, str, str]]:
    return [(s.rule, s.unicode_before, s.unicode_after) for s in steps]


def test_the_proof(proof: Proof) -> None:
    assert lines(proof.steps) == [
        ("definition", "σ_i", "e^(z_i) / (Σ_k e^(z_k))"),
        ("name the sum", "e^(z_i) / (Σ_k e^(z_k))", "e^(z_i) / S"),
        ("quotient rule", "∂σ_i/∂z_j", "(S∂(e^(z_i))/∂z_j − e^(z_i)∂S/∂z_j) / S²"),
        ("numerator", "∂(e^(z_i))/∂z_j", "δ_ij e^(z_i)"),
        ("denominator", "∂S/∂z_j", "e^(z_j)"),
        ("put in", "∂σ_i/∂z_j", "(δ_ij e^(z_i)S − e^(z_i)e^(z_j)) / S²"),
        ("case i = j", "∂σ_i/∂z_i", "(e^(z_i)S − e^(z_i)e^(z_i)) / S²"),
        ("split", "(e^(z_i)S − e^(z_i)e^(z_i)) / S²", "e^(z_i) / S · ((S − e^(z_i)) / S)"),
        ("fold", "e^(z_i) / S · ((S − e^(z_i)) / S)", "σ_i (1 − σ_i)"),
        ("case i ≠ j", "∂σ_i/∂z_j", "−e^(z_i)e^(z_j) / S²"),
        ("split", "−e^(z_i)e^(z_j) / S²", "−e^(z_i) / S · (e^(z_j) / S)"),
        ("fold", "−e^(z_i) / S · (e^(z_j) / S)", "−σ_i σ_j"),
        ("both in one", "∂σ_i/∂z_j", "σ_i (δ_ij − σ_j)"),
        ("matrix form", "J", "diag(σ) − σσᵀ"),
    ]


def test_the_continuation(proof: Proof) -> None:
    assert proof.cross_entropy is not None
    assert lines(proof.cross_entropy.steps) == [
        ("definition", "L", "−Σ_i y_i log(σ_i)"),
        ("chain rule", "∂L/∂z_j", "−Σ_i y_i ∂σ_i/∂z_j / σ_i"),
        ("put in", "−Σ_i y_i ∂σ_i/∂z_j / σ_i", "−Σ_i y_i (σ_i (δ_ij − σ_j)) / σ_i"),
        ("cancel", "−Σ_i y_i (σ_i (δ_ij − σ_j)) / σ_i", "−Σ_i y_i (δ_ij − σ_j)"),
        ("collapse δ", "−Σ_i y_i (δ_ij − σ_j)", "σ_j Σ_i y_i − y_j"),
        ("use Σ_i y_i = 1", "σ_j Σ_i y_i − y_j", "σ_j − y_j"),
        ("all j at once", "∂L/∂z", "σ − y"),
    ]
    assert proof.cross_entropy.assumption == "Σ_i y_i = 1"


def test_the_results_in_latex(proof: Proof) -> None:
    found = proof.to_dict()
    assert found["definition"] == r"\frac{e^{z_{i}}}{\sum_{k=1}^{K} e^{z_{k}}}"
    assert found["derivative"] == r"\sigma_{i}(\delta_{ij} - \sigma_{j})"
    assert found["jacobian"] == r"\operatorname{diag}(\sigma) - \sigma\sigma^{\top}"
    assert found["shape"] == ["K", "K"]
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_without_options() -> None:
    bare = softmax_proof(confirmed=False).to_dict()
    assert bare["cross_entropy"] is None
    assert bare["explicit"] is None
    assert bare["confirmation"] is None


def test_what_one_sheet_prints_is_called_ill_typed(proof: Proof) -> None:
    assert proof.notes == (
        "The Jacobian is diag(σ) − σσᵀ, not diag(σ − σσᵀ): diag makes a matrix of a column, and σ − σσᵀ would subtract a K × K "
        "matrix from a column.",
    )


# Other judges


def sigma(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max())
    return e / e.sum()


numbers = st.floats(-5, 5)


@given(z=arrays.arrays(float, st.integers(2, 6), elements=numbers))
def test_the_jacobian_is_the_central_difference(z: np.ndarray) -> None:
    step, s = 1e-6, sigma(z)
    columns = [(sigma(z + step * unit) - sigma(z - step * unit)) / (2 * step) for unit in np.eye(len(z))]
    assert np.diag(s) - np.outer(s, s) == pytest.approx(np.array(columns).T, abs=1e-8)


@given(data=st.data(), z=arrays.arrays(float, st.integers(2, 6), elements=numbers))
def test_the_gradient_of_the_loss_is_what_jax_finds_where_labels_sum_to_one(data: st.DataObject, z: np.ndarray) -> None:
    y = np.eye(len(z))[data.draw(st.integers(0, len(z) - 1))]
    gradient = jax.grad(lambda z: -jnp.sum(y * jax.nn.log_softmax(z)))(z)
    assert sigma(z) - y == pytest.approx(np.asarray(gradient), abs=1e-12)


def test_jax_confirms(proof: Proof) -> None:
    assert proof.cross_entropy is not None
    for confirmation in (proof.confirmation, proof.cross_entropy.confirmation):
        assert confirmation is not None
        assert max(confirmation.jacfwd, confirmation.jacrev) < 1e-14
        assert confirmation.points >= 8
        assert confirmation.sizes == ({"K": 3}, {"K": 5})


@pytest.mark.parametrize("classes", range(2, 7))
def test_written_out(classes: int) -> None:
    rows = softmax_proof(classes=classes, confirmed=False).explicit
    for i, row in enumerate(rows, 1):
        for j, entry in enumerate(row, 1):
            expected = f"σ_{i} (1 − σ_{i})" if i == j else f"−σ_{i} σ_{j}"
            assert write(entry, Style.UNICODE) == expected


@pytest.mark.parametrize("classes", [-1, 0, 1, 7, 10**9])
def test_numbers_of_classes_that_cannot_be_written_out(classes: int) -> None:
    with pytest.raises(InputError) as caught:
        softmax_proof(classes=classes)
    assert caught.value.message == f"The matrix is written out for 2 to 6 classes, not for {classes}."


# Lines are judged


def at(name: str, index: str) -> Written:
    return Written("entry", (Written("name", (), name, ("K", 1)), Written("index", (), index)))


def product(*parts: Written) -> Written:
    return joined([(1, parts)])


BY = Written("derivative", (at("sigma", "i"), at("z", "j")))
DELTA = Written("delta", (Written("index", (), "i"), Written("index", (), "j")))
ONE = Written("number", (), "1")


@pytest.mark.parametrize(
    ("after", "letters", "off_diagonal"),
    [
        (product(at("sigma", "i"), Written("sub", (DELTA, at("sigma", "i")))), ("i", "j"), False),  # a wrong index
        (product(at("sigma", "i"), Written("add", (DELTA, at("sigma", "j")))), ("i", "j"), False),  # a wrong sign
        (product(at("sigma", "i"), Written("sub", (ONE, at("sigma", "j")))), ("i", "j"), False),  # the δ lost
        (product(at("sigma", "i"), Written("sub", (ONE, at("sigma", "j")))), ("i", "j"), True),
    ],
)
def test_a_false_line_cannot_be_printed(after: Written, letters: tuple[str, ...], off_diagonal: bool) -> None:
    with pytest.raises(DefectError, match="it is a defect of hwcheck"):
        softmax._Steps().put("rule", BY, after, "", letters, off_diagonal)


def test_the_last_line_needs_that_labels_sum_to_one() -> None:
    by = Written("derivative", (Written("name", (), "L"), at("z", "j")))
    after = Written("sub", (at("sigma", "j"), at("y", "j")))
    softmax._Steps().put("rule", by, after, "", ("j",), facts={"y": "probability"})
    with pytest.raises(DefectError):
        softmax._Steps().put("rule", by, after, "", ("j",))


def test_a_false_entry_cannot_be_printed() -> None:
    rows = softmax_proof(classes=2, confirmed=False).explicit
    with pytest.raises(DefectError, match="The entry 1, 1 of the Jacobian for 2 classes is not −σ_2 σ_1"):
        softmax._check_explicit(rows[::-1])


# Rewriting


def test_taking_apart_and_putting_together() -> None:
    a, c, d = (Written("name", (), n) for n in "acd")
    tree = joined([(1, [a, c]), (-1, [d])])
    assert write(tree, Style.UNICODE) == "ac − d"
    assert terms(tree) == [(1, [a, c]), (-1, [d])]
    assert factors(product(a, c, d)) == [a, c, d]
    assert cancelled(Written("divide", (product(a, c), c))) == a
    assert cancelled(Written("divide", (product(a, c), d))) is None
    assert cancelled(a) is None
