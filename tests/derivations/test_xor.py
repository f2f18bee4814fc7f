"""One unit and XOR: every line of the proofs, the weights where one unit is enough, tables of given weights, pasted weights."""

from fractions import Fraction as F
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.derivations.errors import DefectError, HwcheckError, InputError, NameUnknownError, NotationError, ShapeError
from hwcheck.derivations.networks.networks import Layer, Network
from hwcheck.derivations.notation.spellings import Style
from hwcheck.derivations.regions.inequalities import Form, Relation, forced, possible
from hwcheck.derivations.xor import single_units, xor
from hwcheck.derivations.xor.pasted_weights import assignments, read_weights
from hwcheck.derivations.xor.single_units import UNITS, Ray, where
from hwcheck.derivations.xor.xor import TRUTH, xor_proof
from hwcheck.derivations.xor.xor_tables import best_table, number_text, xor_table


def lines(name: str) -> list[str]:
    return [f"{s.unicode_before} = {s.unicode_after}" for s in xor_proof(name).steps]


# Proofs

RELU = [
    "ŷ(0, 0) = ReLU(b) = 0  ⇒  b ≤ 0",
    "ŷ(1, 0) = ReLU(w₁ + b) = 1  ⇒  w₁ + b = 1",
    "ŷ(0, 1) = ReLU(w₂ + b) = 1  ⇒  w₂ + b = 1",
    "w₁ = 1 − b",
    "w₂ = 1 − b",
    "ŷ(1, 1) = ReLU(w₁ + w₂ + b)",
    "ReLU(w₁ + w₂ + b) = ReLU(2 − b)",
    "ReLU(2 − b) = 2 − b ≥ 2",
]
IDENTITY = ["ŷ(0, 0) = b = 0", "ŷ(1, 0) = w₁ + b = 1", "ŷ(0, 1) = w₂ + b = 1", "w₁ = 1", "w₂ = 1", "ŷ(1, 1) = w₁ + w₂ + b", "ŷ(1, 1) = 2"]
SIGMOID = [
    "ŷ(0, 0) = σ(b) < 1/2  ⇒  b < 0",
    "ŷ(1, 0) = σ(w₁ + b) ≥ 1/2  ⇒  w₁ + b ≥ 0",
    "ŷ(0, 1) = σ(w₂ + b) ≥ 1/2  ⇒  w₂ + b ≥ 0",
    "ŷ(1, 1) = σ(w₁ + w₂ + b) < 1/2  ⇒  w₁ + w₂ + b < 0",
    "w₁ + b + (w₂ + b) = w₁ + w₂ + 2b ≥ 0",
    "b + (w₁ + w₂ + b) = w₁ + w₂ + 2b < 0",
]
TANH = ["ŷ(1, 0) = tanh(w₁ + b) ≥ 1/2 > tanh(b)  ⇒  w₁ > 0", "ŷ(0, 1) = tanh(w₂ + b) ≥ 1/2 > tanh(w₁ + w₂ + b)  ⇒  w₁ < 0"]


@pytest.mark.parametrize(("name", "expected"), [("relu", RELU), ("identity", IDENTITY), ("sigmoid", SIGMOID), ("tanh", TANH)])
def test_lines(name: str, expected: list[str]) -> None:
    assert lines(name) == expected
    assert not xor_proof(name).represents


def test_step_has_its_own_signs() -> None:
    found = lines("step")
    assert found[0].endswith("b ≤ 0")
    assert found[1].endswith("w₁ + b > 0")
    assert found[4:] == ["w₁ + b + (w₂ + b) = w₁ + w₂ + 2b > 0", "b + (w₁ + w₂ + b) = w₁ + w₂ + 2b ≤ 0"]


def test_the_first_line_in_latex() -> None:
    step = xor_proof().steps[0]
    assert (step.before, step.after) == (r"\hat{y}(0, 0)", r"\operatorname{ReLU}(b) = 0 \;\Rightarrow\; b \leq 0")
    assert step.why == "ReLU(t) = 0 exactly where t ≤ 0"


@pytest.mark.parametrize("name", ["elu", "hardsigmoid", "leaky_relu", "relu6", "silu", "softplus"])
def test_other_activations(name: str) -> None:
    proof = xor_proof(name)
    assert not proof.represents
    assert proof.grid is not None and proof.grid.all_rows == 0 < proof.grid.three_rows
    assert any("is not monotone" in note for note in proof.notes) == (name == "silu")


@pytest.mark.parametrize(
    ("name", "weights"), [("t^2", ["1", "−1", "0"]), ("abs", ["1", "−1", "0"]), ("sin", ["π / 2", "π / 2", "0"]),
                          ("cos", ["−π / 2", "−π / 2", "π / 2"])])  # fmt: skip
def test_one_unit_is_enough(name: str, weights: list[str]) -> None:
    proof = xor_proof(name)
    assert proof.represents and proof.grid is None
    assert [value for _, value in proof.weights_in(Style.UNICODE)] == weights
    assert [step.unicode_after[-3:] for step in proof.steps] == ["= 0", "= 1", "= 1", "= 0"]
    assert proof.notes[0].startswith("The argument against one unit needs an activation that never falls; this one does:")


def test_the_grid_against_plain_python() -> None:
    values = [F(n, 2) for n in range(-8, 9)]
    counts = [sum(max(F(0), w1 * x1 + w2 * x2 + b) == y for (x1, x2), y in TRUTH) for w1, w2, b in product(values, repeat=3)]
    grid = xor_proof().grid
    assert grid is not None
    assert (grid.tried, grid.all_rows, grid.three_rows) == (len(counts), counts.count(4), counts.count(3))


def test_every_unit_is_one_or_the_other() -> None:
    assert {"relu", "identity", "sigmoid", "step", "square", "sin"} <= set(UNITS)
    with pytest.raises(NameUnknownError, match=r"“fancy” is no activation here. Known are: abs, cos, elu"):
        xor_proof("fancy")


# The checks can fail


def test_a_wrong_solution_of_f_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_units, "_ray", lambda solutions: Ray("<", F(0)))
    with pytest.raises(DefectError, match=r"t = 0 contradicts that"):
        where("relu", "=", F(0))


def test_a_wrong_line_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xor, "_solved_for", lambda rows, fixed, position: Form((F(0), F(0), F(1)), F(1)))
    with pytest.raises(DefectError, match=r"The line “[^”]*” does not follow"):
        xor_proof("relu")


def test_a_function_that_can_be_xor_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xor, "NOT_MONOTONE", ())
    with pytest.raises(DefectError):
        xor_proof("abs")


# Linear relations


def form(*numbers: int) -> Form:
    *coefficients, constant = map(F, numbers)
    return Form(tuple(coefficients), constant)


@pytest.mark.parametrize(
    ("relations", "expected"),
    [
        ([Relation(form(1, 0), ">=", F(1)), Relation(form(1, 0), "<=", F(1))], True),
        ([Relation(form(1, 0), ">=", F(1)), Relation(form(1, 0), "<", F(1))], False),
        ([Relation(form(1, 0), "=", F(1)), Relation(form(1, 0), "=", F(2))], False),
        ([Relation(form(1, 1, 0), ">", F(0)), Relation(form(1, 0, 0), "<", F(0)), Relation(form(0, 1, 0), "<=", F(0))], False),
        ([Relation(form(1, 1, 0), ">", F(0)), Relation(form(1, 0, 0), "<", F(0)), Relation(form(0, 1, 0), "<=", F(1))], True),
        ([Relation(form(0, 1), ">", F(1))], False),
    ],
)
def test_possible(relations: list[Relation], expected: bool) -> None:
    assert possible(relations) == expected


small = st.integers(-3, 3)
signs = st.sampled_from(["<", "<=", "=", ">=", ">"])
relations = st.builds(lambda c, s, r: Relation(form(*c, 0), s, F(r)), st.tuples(small, small, small), signs, small)


@given(st.lists(relations, min_size=1, max_size=4), relations)
def test_what_is_forced_has_no_counterexample(premises: list[Relation], conclusion: Relation) -> None:
    points = [p for p in product((F(-2), F(-1, 2), F(0), F(1), F(3)), repeat=3) if all(r.holds(p) for r in premises)]
    if points:
        assert possible(premises)
    if forced(premises, conclusion):
        assert all(conclusion.holds(p) for p in points)


# Tables


def network(w1: list[list[F]], b1: list[F], w2: list[F], b2: F, hidden: str = "relu", output: str = "identity") -> Network:
    return Network((Layer(2, len(w1), hidden), Layer(len(w1), 1, output)), weights={1: tuple(map(tuple, w1)), 2: (tuple(w2),)},
                   biases={1: tuple(b1), 2: (b2,)})  # fmt: skip


def test_table() -> None:
    table = xor_table(network([[F(1), F(1)], [F(1), F(-1)]], [F(0), F(0)], [F(1), F(-1)], F(0)))
    assert [[number_text(v) for v in row.hidden[0]] for row in table.rows] == [["0", "0"], ["1", "1"], ["1", "0"], ["2", "0"]]
    assert table.computes is False
    assert table.complaints == ("at (1, 0) it gives 0, expected 1", "at (1, 1) it gives 2, expected 0")


def test_threshold_of_a_sigmoid() -> None:
    table = xor_table(network([[F(1), F(1)], [F(1), F(1)]], [F(0), F(-1)], [F(2), F(-4)], F(-1), output="sigmoid"))
    assert table.rule == "half" and table.computes
    assert table.counted(table.rows[1]) == "≈ 0.7311, which counts as 1"


def test_what_cannot_be_told_is_not_told() -> None:
    tiny = F(1, 10**300)
    table = xor_table(network([[F(1), F(1)]], [F(0)], [tiny], F(0), hidden="tanh"))
    assert table.rows[1].right is False and table.rows[0].right is True
    sums = xor_table(network([[F(1), F(0)], [F(-1), F(0)]], [F(0), F(0)], [F(1), F(1)], F(0), hidden="tanh"))
    assert sums.rows[1].right is False  # tanh(1) + tanh(−1) is near 0, not near 1
    assert sums.rows[3].right is None and sums.computes is False


def test_remarks() -> None:
    opposite = xor_table(network([[F(1), F(1)], [F(1), F(1)]], [F(0), F(-1)], [F(-1), F(2)], F(1)))
    assert opposite.remark == "Every row is the opposite of XOR."
    near = xor_table(network([[F(1), F(1)], [F(1), F(1)]], [F(0), F(-1)], [F("0.9"), F("-1.8")], F("0.05")))
    assert near.remark == "The outputs would be right if every ŷ ≥ ½ counted as 1; asked for are exactly 0 and 1."


def test_sizes_are_checked() -> None:
    with pytest.raises(ShapeError, match="2 inputs and 1 output; this one has 3 and 1"):
        xor_table(Network((Layer(3, 1),), weights={1: ((F(1),) * 3,)}))
    with pytest.raises(InputError, match="Every layer needs its weights"):
        xor_table(Network((Layer(2, 2), Layer(2, 1))))


# Pasted weights

RIGHT = [
    "W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]; b2 = 0",
    r"$$W_1 = \begin{bmatrix} 1 & 1 \\ 1 & 1 \end{bmatrix}$$, $b_1 = \begin{bmatrix} 0 \\ -1 \end{bmatrix}$, $W_2 = [1, -2]$, $b_2 = 0$.",
    r"Take $\mathbf{W}^{(1)} = \begin{pmatrix}1&-1\\-1&1\end{pmatrix}$, $\mathbf{b}^{(1)}=\mathbf 0$ and $\mathbf{w}^{(2)} = (1,1)^\top$.",
    "W = [[1, 1], [1, 1]], c = [0, -1], w = [1, -2], b = 0",
    "W1 = [[1 1]\n [1 1]]\nb1 = [ 0 -1]\nW2 = [1 -2]",
    "W1 = np.array([[1, 1], [1, 1]])\nb1 = np.array([0, -1])\nW2 = torch.tensor([[1., -2.]], dtype=torch.float32)\nb2 = 0",
    '{"W1": [[1,-1],[-1,1]], "W2": [1,1], "b1": [0,0], "b2": 0}',
    r"\begin{aligned} W_1 &= \begin{bmatrix}1&1\\1&1\end{bmatrix} \\ b_1 &= [0,-1] \\ W_2 &= [1,-2] \\ b_2 &= 0\end{aligned}",
    "b_1 = b_2 = 0, W_1 = [[1,-1],[-1,1]], W_2 = [1 1]",
    "W₁ = [1 1; 1 1], b₁ = [0; −1], W₂ = [1, −2], b₂ = 0",
    "- W_1 = [[1,1],[1,1]]\n- b_1 = [0,-1]\n- W_2 = [1,-2]\nh = ReLU(W_1 x + b_1)\ny = W_2 h + b_2 = 0 or 1",
    "W_1 = [[w11, w12], [w21, w22]] = [[1, 1], [1, 1]], b_1 = [0, -1], W_2 = [1, -2]",
    "W_1 = [[1,1,1],[1,1,1]], b_1 = (0, -1, 0), W_2 = [[1/2],[-2],[0.5]]",
    "W_1 = [\n  [1, 1],\n  [1, 1],\n]\nb_1 = [0, -1,]\nW_2 = [1, -2]\n",
    "W_1 = ((1,1),(1,1)); b_1 = (0,-1); W_2 = 2*[1/2,-1]",
]


@pytest.mark.parametrize("text", RIGHT)
def test_pasted(text: str) -> None:
    assert best_table(read_weights(text).networks)[0].computes is True


@pytest.mark.parametrize(
    ("text", "kind", "message", "place"),
    [
        ("hello", NotationError, "No weights were found. Write them as W1 = [[1, 1], [1, 1]]; b1 = [0, -1]; W2 = [1, -2]; b2 = 0.", None),
        ("W_1 = ", NotationError, "The value of W_1 was expected here.", "W_1 = "),
        ("W_1 = [[1,1],[1,1]]", NotationError, "The weights W_2 are missing; found: W_1.", "W_1 = [[1,1],[1,1]]"),
        ("W_1 = [[1,a],[1,1]]; W_2 = [1,1]", NotationError,
         "In W_1: A weight has to be an exact number: digits, a fraction or a decimal.", "a"),
        ("W_1 = [[1,1],[1]]; W_2 = [1,1]", NotationError, "In W_1: The rows have different lengths.", "[[1,1],[1]]"),
        ("W_1 = [[1,1],[1,1]]; W_2 = [1,1]; b_2 = 1; b_2 = 2", NotationError, "b_2 is given twice, with different values.", "b_2 = 1"),
        ("W_1 = [[1,2,3]]; W_2 = [1,2]", ShapeError, "W_1 is 1 × 3; with 2 inputs it has to be h × 2 or 2 × h.", "W_1 = [[1,2,3]]"),
        ("W_1 = [[1,1],[1,1]]; b_1 = [0,0,1]; W_2 = [1,1]", ShapeError,
         "b_1 is 3 × 1; layer 1 has 2 units, so it has to have 2 entries.", "b_1 = [0,0,1]"),
        ("W_1 = [[1,1],[1,1]]; W_2 = [1,1,1]", ShapeError,
         "W_2 is 3 × 1; with 2 inputs and 1 output it has to be 1 × 2 or 2 × 1.", "W_2 = [1,1,1]"),
    ],
)  # fmt: skip
def test_refused(text: str, kind: type[HwcheckError], message: str, place: str | None) -> None:
    with pytest.raises(kind) as caught:
        read_weights(text)
    assert caught.value.message == message
    assert (text[slice(*caught.value.span)] if caught.value.span else None) == place


def test_minus_between_cells_is_no_subtraction() -> None:
    assert [(a.name, a.entries) for a in assignments("W2 = [1 -2]")] == [("W_2", (F(1), F(-2)))]


def test_square_matrices_have_two_readings() -> None:
    readings = read_weights("W1 = [[1,-1],[1,1]]; b1 = [0,0]; W2 = [1,1]")
    assert [n.convention for n in readings.networks] == ["Wx", "WTx"]
    assert len(read_weights("W1 = [[1,-1],[1,1]]; b1 = [0,0]; W2 = [1,1]", convention="WTx").networks) == 1


@given(st.text(max_size=60), st.sampled_from(RIGHT), st.integers(0, 40))
def test_nothing_breaks_the_reader(noise: str, text: str, at: int) -> None:
    try:
        read_weights(text[:at] + noise + text[at:])
    except HwcheckError:
        pass
