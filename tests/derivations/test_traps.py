"""Traps into which other programs fall, each with a test: silent zeros, dropped terms, caught indices, lost brackets.

Where they were seen: SymPy 1.14 answers 0 for traces and determinants inside anything, drops terms, catches bound indices
(issue 21891) and differentiates |x| as complex; graph programs take A for Aᵀ; printers lose brackets and transposes.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import judges
import numpy as np
import pytest

from hwcheck.derivations import Style, jacobian, read, write
from hwcheck.derivations.calculus.calculus import differentiate
from hwcheck.derivations.derivation import Derivation
from hwcheck.derivations.elements.elements import is_zero, node, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import HwcheckError, InputError, ShapeError, UnsupportedError

SHAPES = {"X": ["d", "d"], "Y": ["d", "d"], "A": ["d", "d"], "B": ["d", "d"], "W": ["k", "d"], "w": ["d"], "x": ["d"], "y": ["d"],
          "z": ["k"], "q": ["k"], "t": [], "a": []}  # fmt: skip


def derive(text: str, wrt: str | None = None, **settings: Any) -> Derivation:
    """Without JAX; only the shapes of names that occur."""
    body = text.partition(" = ")[2] or text
    shapes = {n: s for n, s in SHAPES.items() if n in body or f"({n})" in text or n == wrt}
    return jacobian(text, wrt, **{"shapes": shapes, "confirmed": False, **settings})


def value(d: Derivation, domains: dict[str, str] | None = None) -> judges.Array:
    shapes = {s.name: [x for x in s.shape if x != 1] for s in d.reading.symbols}
    return judges.executed(d.python, judges.arrays(shapes, domains))


# Silent zeros and dropped terms: text, whole answer.
ZEROS: tuple[tuple[str, str], ...] = (
    ("f(X) = tr(X) + 1", "I_d"),
    ("f(X) = 2tr(X) + 3", "2I_d"),
    ("f(X) = tr(X^T X) + tr(Y^T Y)", "2X"),
    ("f(X) = tr(X)^2 + 1", "2 tr(X)I_d"),
    ("f(X) = log det X", "X⁻ᵀ"),
    ("f(X) = exp(tr(X))", "exp(tr(X))I_d"),
    ("f(w) = log(w^T w)", "2wᵀ / (wᵀw)"),
    ("f(w) = (w^T A w)^2", "2(wᵀAw)wᵀ(A + Aᵀ)"),
    ("f(w) = Σ_i w_i^2", "2wᵀ"),
    ("f(X) = tr(X) / tr(X^T X)", "I_d / tr(XᵀX) − 2 tr(X)X / tr(XᵀX)²"),
    ("f(w) = w / sqrt(tr(w w^T))", "I_d / √(tr(wwᵀ)) − wwᵀ / tr(wwᵀ)^(3/2)"),
    ("f(w) = (w^T A w) w", "wwᵀ(A + Aᵀ) + wᵀAwI_d"),
    ("f(X) = tr(X ⊙ Y)", "diag(diagonal(Y))"),
    ("f(w) = diag(w) A x", "diag(Ax)"),
    ("f(w) = x / ||w||", "−xwᵀ / ‖w‖³"),
    ("f(X) = tr(X)", "I_d"),
)


@pytest.mark.parametrize(("text", "want"), ZEROS, ids=[row[0] for row in ZEROS])
def test_nothing_is_silently_zero_and_no_term_is_lost(text: str, want: str) -> None:
    d = derive(text)
    assert d.matrix == want and not is_zero(d.derived)


def test_an_entry_has_a_derivative() -> None:
    d = derive("f(X) = X_{12}")
    array = value(d)
    assert array[0, 1] == 1 and np.abs(array).sum() == 1
    assert value(derive("f(w) = w_2")).tolist() == [0, 1, 0]


@pytest.mark.parametrize(("text", "shapes"), [("f(w) = w_5", {"w": ["d"]}), ("f(X) = X_{7,4}", {"X": ["n", "d"]})])
def test_an_entry_far_down_needs_sizes_that_have_it(text: str, shapes: dict[str, list[str]]) -> None:
    d = jacobian(text, shapes=shapes)
    assert d.confirmation is not None and d.confirmation.points >= 8
    assert all(s["d"] >= 4 and s.get("n", 7) >= 7 and s.get("n", s["d"]) >= 5 for s in d.confirmation.sizes)


@pytest.mark.parametrize(
    ("text", "shape"),
    [("f(w) = c", ("d",)), ("f(t) = c", ()), ("f(w) = y", ("d", "d")), ("f(W) = c", ("k", "d")), ("f(W) = x", ("d", "k", "d")),
     ("f(W) = A", ("d", "d", "k", "d"))],
)  # fmt: skip
def test_what_is_truly_zero_has_its_shape(text: str, shape: tuple[str, ...]) -> None:
    d = jacobian(text, shapes={n: s for n, s in {**SHAPES, "c": []}.items() if n in text[2:]}, confirmed=True)
    array = value(d)
    assert d.shape == shape and array.shape == tuple(judges.SIZES[s] for s in shape) and not array.any()


def test_an_unknown_node_is_an_error() -> None:
    w = variable("w", ("d",))
    with pytest.raises(UnsupportedError):
        differentiate(node("mystery", (w,), None, ("d",)), w)


# Bound indices that could be caught: the same value whatever they are called.
LETTERS = ("i", "j", "k", "p", "q", "r", "d", "w")


@pytest.mark.parametrize("letter", [x for x in LETTERS if x not in "dw"])
def test_a_bound_index_is_not_caught(letter: str) -> None:
    d = derive(f"f(w) = Σ_{letter} w_{letter}^2")
    assert d.matrix == "2wᵀ" and judges.same(value(d), 2 * judges.arrays({"w": ["d"]})["w"])


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("f(w) = Σ_i w_i Σ_i w_i", lambda w, A: 2 * w.sum() * np.ones(3)),
        ("f(w) = Σ_i w_i Σ_j w_j", lambda w, A: 2 * w.sum() * np.ones(3)),
        ("f(w) = Σ_i Σ_j A_ij w_i w_j", lambda w, A: (A + A.T) @ w),
        ("f(w) = Σ_j Σ_i A_ij w_i w_j", lambda w, A: (A + A.T) @ w),
        ("f(w) = Σ_i (Σ_j A_ij w_j)^2", lambda w, A: 2 * A.T @ A @ w),
        ("f(w) = Σ_q (Σ_p A_qp w_p)^2", lambda w, A: 2 * A.T @ A @ w),
        ("f(w) = (Σ_i w_i^2)^3", lambda w, A: 6 * (w @ w) ** 2 * w),
        ("f(w) = (Σ_q w_q^2)(Σ_q w_q)", lambda w, A: 2 * w.sum() * w + w @ w),
    ],
)
def test_sums_inside_sums_keep_their_indices(text: str, want: Any) -> None:
    d = derive(text)
    values = judges.arrays({"w": ["d"], "A": ["d", "d"]})
    names = {s.name for s in d.reading.symbols}
    assert judges.same(judges.executed(d.python, {n: v for n, v in values.items() if n in names}), want(**values))


def test_an_exponential_of_a_sum_stays_one() -> None:
    d = derive("f(w) = exp(Σ_i w_i)")
    assert d.matrix == "exp(Σ_i w_i) 𝟏_dᵀ"
    assert not any("∏" in s.unicode_after for s in d.steps)


def test_a_delta_has_no_conditions_on_its_range() -> None:
    d = derive("f(w) = w")
    assert [s.unicode_after for s in d.steps] == ["w_i", "δ_iq", "I_d"]
    assert not any("cases" in s.after for s in derive("f(w) = Aw").steps)


# Orientation: A is not Aᵀ, at square sizes where shapes do not tell.
ORIENTATION: tuple[tuple[str, str], ...] = (
    ("f(w) = Aw", "A"),
    ("f(w) = A^T w", "Aᵀ"),
    ("f(w) = x^T A w", "xᵀA"),
    ("f(w) = w^T A x", "xᵀAᵀ"),
    ("f(A) = x^T A w", "xwᵀ"),
    ("f(A) = x^T A^T w", "wxᵀ"),
    ("f(A) = tr(AB)", "Bᵀ"),
    ("f(A) = tr(A^T B)", "B"),
    ("f(X) = det(X)", "det(X)X⁻ᵀ"),
    ("f(X) = w^T X^{-1} x", "−X⁻ᵀwxᵀX⁻ᵀ"),
)


@pytest.mark.parametrize(("text", "want"), ORIENTATION, ids=[row[0] for row in ORIENTATION])
def test_a_matrix_is_not_its_transpose(text: str, want: str) -> None:
    assert derive(text).matrix == want


def test_a_transpose_goes_only_where_symmetry_is_declared() -> None:
    assert derive("f(w) = w^T A x").matrix == "xᵀAᵀ"
    assert derive("f(w) = w^T A x", domains={"A": "symmetric"}).matrix == "xᵀA"
    assert derive("f(w) = w^T A w").matrix == "wᵀ(A + Aᵀ)"
    assert derive("f(w) = w^T A w", domains={"A": "symmetric"}).matrix == "2wᵀA"
    assert derive("f(w) = w^T A w", domains={"A": "invertible"}).matrix == "wᵀ(A + Aᵀ)"


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    ("text", "domain"),
    [("f(A) = tr(AA)", "symmetric"), ("f(A) = logdet(A)", "spd"), ("f(A) = x^T A w", "symmetric"), ("f(A) = tr(A B A)", "symmetric")],
)
def test_a_symmetric_variable_is_still_differentiated_entry_by_entry(text: str, domain: str, order: int) -> None:
    """The fact holds at the point, not along the directions: JAX would find the difference."""
    d = derive(text, "A", domains={"A": domain}, order=order, confirmed=True)
    assert d.confirmation is not None and max(d.confirmation.jacfwd, d.confirmation.jacrev) < 1e-8


@pytest.mark.parametrize("order", [1, 2])
def test_probabilities_that_vary_do_not_stay_on_their_simplex(order: int) -> None:
    d = derive("f(q) = sum(q)^2 + sum(q ⊙ q)", domains={"q": "probability"}, order=order, confirmed=True)
    assert d.confirmation is not None and max(d.confirmation.jacfwd, d.confirmation.jacrev) < 1e-8
    assert order == 1 or judges.same(value(d), 2 * np.ones((4, 4)) + 2 * np.eye(4))


def test_a_sum_is_one_only_where_that_is_declared() -> None:
    assert derive("f(z) = -q^T log_softmax(z)").matrix == "(sum(q) softmax(z) − q)ᵀ"
    assert derive("f(z) = -q^T log_softmax(z)", domains={"q": "positive"}).matrix == "(sum(q) softmax(z) − q)ᵀ"
    for domain in ("probability", "one_hot"):
        assert derive("f(z) = -q^T log_softmax(z)", domains={"q": domain}).matrix == "(softmax(z) − q)ᵀ"


# Brackets in printed results: read again, the text has the value of the derivative.
PRINTED = (
    "f(w) = ||Aw - y||^2", "f(w) = w^T A w", "f(X) = det(X)", "f(w) = w x^T y", "f(X) = x^T X^{-1} w", "f(x) = log(1 + x^T x)",
    "f(w) = (x^T w)(y^T w)", "f(w) = A (w ⊙ (Bw))", "f(w) = 1/(1 + exp(-x^T w))", "f(w) = (Aw - y) ⊘ (1 + w ⊙ w)", "f(X) = (X - Y)^2 w",
    "f(w) = sin(a) (w - x)/||w - x||", "f(A) = tr((A + B)^T (A - B))", "f(w) = -(A - B)(w - x)", "f(w) = ||w - x||^3",
)  # fmt: skip


@pytest.mark.parametrize("style", [Style.LATEX, Style.UNICODE, Style.ASCII, Style.NUMPY])
@pytest.mark.parametrize("text", PRINTED)
def test_printed_text_read_again_has_the_value(text: str, style: Style) -> None:
    d = derive(text)
    if d.matrix_tree is None:
        assert text == "f(X) = (X - Y)^2 w" and "\\delta" in d.element
        return
    shapes = {s.name: [x for x in s.shape if x != 1] for s in d.reading.symbols}
    values = judges.arrays(shapes, {"X": "invertible", "A": "invertible"})
    where = {name: write(tree, style) for name, tree in d.where}
    body = read(write(d.matrix_tree, style), shapes=shapes, definitions=where).body
    got = np.squeeze(Evaluator(values, judges.SIZES)(Meaning().of(body)))
    assert judges.same(got, judges.executed(d.python, values))


def test_a_power_of_a_matrix_is_no_power_of_its_entries() -> None:
    x = judges.arrays({"X": ["d", "d"]})["X"]
    twice, entries = derive("f(X) = X^2"), derive("f(X) = X^{∘2}")
    want = judges.central_differences(lambda m: m @ m, x)
    assert judges.same(value(twice), want, 1e-5)
    assert judges.same(value(entries), judges.central_differences(lambda m: m * m, x), 1e-5)
    assert not judges.same(value(entries), want, 1e-5)
    assert derive("f(X) = X**2").element == entries.element != twice.element


def test_a_power_with_a_letter_is_refused_for_a_matrix() -> None:
    with pytest.raises(UnsupportedError, match="A power of a matrix needs a whole number between −64 and 64 as exponent"):
        jacobian("f(X) = X^k", shapes={"X": ["d", "d"], "k": []}, confirmed=False)
    with pytest.raises(ShapeError, match="needs a square matrix"):
        jacobian("f(X) = X^2", shapes={"X": ["n", "d"]}, confirmed=False)


@pytest.mark.parametrize(
    ("text", "want"),
    [("f(t) = |t|", lambda t: np.sign(t)), ("f(t) = |t|^3", lambda t: 3 * t * np.abs(t)), ("f(t) = sqrt(t^2)", lambda t: np.sign(t)),
     ("f(t) = |t^3|", lambda t: 3 * t * np.abs(t)), ("f(t) = log|t|", lambda t: 1 / t), ("f(t) = t |t|", lambda t: 2 * np.abs(t))],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
@pytest.mark.parametrize("t", [-1.7, 0.6])
def test_absolute_values_are_real(text: str, want: Any, t: float) -> None:
    d = derive(text)
    assert judges.same(judges.executed(d.python, {"t": t}), want(t))
    assert not any(word in s.after for s in d.steps for word in ("\\operatorname{re}", "\\operatorname{im}", "\\overline"))


# Size 1: an axis of size 1 is no axis, a number is no column.
ONES: tuple[tuple[str, dict[str, list[Any]], tuple[Any, ...], str], ...] = (
    ("f(w) = w", {"w": [1]}, (), "1"),
    ("f(w) = w^T w", {"w": [1]}, (), "2w"),
    ("f(X) = Xw", {"X": [1, "d"], "w": ["d"]}, ("d",), "wᵀ"),
    ("f(w) = Xw", {"X": [1, "d"], "w": ["d"]}, ("d",), "X"),
    ("f(X) = X X^T", {"X": [1, "d"]}, ("d",), "2X"),
    ("f(X) = det(X)", {"X": [1, 1]}, (), "1"),
    ("f(X) = X^{-1}", {"X": [1, 1]}, (), "−1 / X²"),
    ("f(X) = tr(X)", {"X": [1, 1]}, (), "1"),
    ("f(t) = w t", {"w": [1], "t": []}, (), "w"),
)


@pytest.mark.parametrize(("text", "shapes", "shape", "want"), ONES, ids=[f"{row[0]} {row[1]}" for row in ONES])
def test_one_by_one_is_a_number(text: str, shapes: dict[str, list[Any]], shape: tuple[Any, ...], want: str) -> None:
    d = jacobian(text, shapes=shapes)
    assert (d.shape, d.matrix) == (shape, want) and d.confirmation is not None


def test_vec_stacks_columns() -> None:
    """vec(W)_(j,i) = W_ij with the row index fastest, at a rectangular size; rows would give another matrix."""
    d = derive("f(W) = vec(W)")
    array = value(d)
    assert d.shape == ("d*k", "k", "d") and array.shape == (12, 4, 3)
    for i in range(4):
        for j in range(3):
            assert np.argwhere(array[:, i, j]).tolist() == [[j * 4 + i]]


def test_kron_is_not_turned_round() -> None:
    w, y = judges.arrays({"W": ["k", "d"], "X": ["d", "d"]}).values()
    d = derive("f(W) = kron(W, X)")
    want = judges.central_differences(lambda m: np.kron(m, y), w)
    assert judges.same(judges.executed(d.python, {"W": w, "X": y}), want, 1e-5)
    other = judges.central_differences(lambda m: np.kron(y, m), w)
    assert not judges.same(judges.executed(d.python, {"W": w, "X": y}), other, 1e-5)


# Kinks: the convention is shown, and it is the one that is used.
KINKS: tuple[tuple[str, str, float, float], ...] = (
    ("f(t) = relu(t)", "convention at the kink: ReLU′(0) = 0", 0.0, 0.0),
    ("f(t) = max(0, t)", "convention at the kink: ReLU′(0) = 0", 0.0, 0.0),
    ("f(t) = |t|", "convention at the kink: abs′(0) = 0", 0.0, 0.0),
    ("f(t) = max(t, 1)", "convention at the kink: where both arguments of max are equal, the second one counts", 1.0, 0.0),
    ("f(t) = max(1, t)", "convention at the kink: where both arguments of max are equal, the second one counts", 1.0, 1.0),
    ("f(t) = relu6(t)", "convention at the kink: ReLU6′(6) = 0", 6.0, 0.0),
    ("f(t) = leaky_relu(t)", "convention at the kink: LeakyReLU′(0) is the slope on the left", 0.0, 0.01),
)


@pytest.mark.parametrize(("text", "note", "at", "want"), KINKS, ids=[row[0] for row in KINKS])
def test_the_convention_at_a_kink_is_shown(text: str, note: str, at: float, want: float) -> None:
    d = derive(text)
    assert note in d.notes
    assert float(judges.executed(d.python, {"t": at})) == want


def test_a_smooth_function_has_no_such_note() -> None:
    assert derive("f(w) = tanh(Aw)").notes == ()


# No agreement by accident.


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("text", ["f(w) = log(-1 - w^T w)", "f(t) = sqrt(-2 - t^2)", "f(t) = arccosh(-1 - t^2)", "f(t) = log(0 t)"])
def test_a_function_that_is_defined_nowhere_is_not_confirmed(text: str, confirmed: bool) -> None:
    with pytest.raises(InputError, match="finite; declare where the variables live with --domain"):
        derive(text, confirmed=confirmed)


def test_the_wrong_domain_is_no_pass() -> None:
    with pytest.raises(HwcheckError, match="--domain"):
        jacobian("f(w) = log(w)", shapes={"w": ["d"]}, domains={"w": "plus_minus_one"})


def test_an_answer_that_is_not_a_number_differs() -> None:
    assert judges.difference(np.nan, np.nan) == float("inf") and not judges.same([1.0, np.nan], [1.0, np.nan])
    assert not judges.same(np.ones((1, 3)), np.ones(3))


def test_a_deep_network_stays_small() -> None:
    """Shared parts stay shared: twice the layers, about twice the text, and no expansion."""
    def network(layers: int) -> Derivation:
        text, shapes = "x", {"x": ["n_0"], "y": [f"n_{layers}"]}
        for k in range(1, layers + 1):
            text = f"tanh(W_{k} {text})"
            shapes[f"W_{k}"] = [f"n_{k}", f"n_{k - 1}"]
        return jacobian(f"||{text} - y||^2", "W_1", shapes=shapes, confirmed=False)

    short, long = (sum(1 for _ in network(n).derived.walk()) for n in (4, 8))
    assert long < 2.5 * short and jnp.ones(1).dtype == np.float64
