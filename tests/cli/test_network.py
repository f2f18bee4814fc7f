"""`hwcheck network` as people and programs call it: pages pinned whole, folding, formats, narrow terminals, every error a sentence."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli import network as command
from hwcheck.cli.app import main
from hwcheck.cli.network_report import Found, Report, layer_names, runs_of
from hwcheck.cli.network_views import latex_view, markdown_view, sentence_latex, text_page
from hwcheck.derivations.networks.descriptions import from_options
from hwcheck.derivations.networks.passes import network_passes
from hwcheck.derivations.networks.statements import Statement, text
from hwcheck.derivations.notation.spellings import Style

CHAIN = (
    "--layers", "1,1,1", "--activations", "tanh,identity", "--loss", "half-squared", "--weights", "[2, -1]", "--biases", "[-1/2, 0]",
    "--input", "1/4", "--target", "1", "--step", "1/2", "--when-unchanged", "w1", "--condition", "x = 0", "--condition", "b_2 = y",
)  # fmt: skip
CHAIN_PAGE = """\
read as   every layer is one unit; one example
  layer   inputs   units   activation   W          b
  1       1        1       tanh         a number   a number
  2       1        1       identity     a number   a number
  loss   half the squared distance to the target y

forward
  every unit adds up its inputs with its weights, and its bias; the activation, entry by entry
  z₁ = w₁x + b₁
  a₁ = tanh(z₁)
  z₂ = w₂a₁ + b₂
  a₂ = z₂
  ℒ = 1/2 (a₂ − y)²

backward   from the loss back to the input, layer by layer
  δ₂ = ∂ℒ/∂z₂ = ∂ℒ/∂a₂ · ∂a₂/∂z₂ = a₂ − y
    how ℒ changes with the output, times how the output changes with z
  1  chain rule  ∂ℒ/∂z₂ = ∂ℒ/∂a₂ · ∂a₂/∂z₂   ℒ depends on z₂ only through a₂: the chain rule
  2  chain rule  ∂ℒ/∂a₂ = (a₂ − y)∂(a₂ − y)/∂a₂   (uᵏ)′ = k uᵏ⁻¹ u′
  3  variable           = a₂ − y   ∂a₂/∂a₂ = 1
  4  variable    ∂a₂/∂z₂ = 1   ∂z₂/∂z₂ = 1
  5  put in      ∂ℒ/∂a₂ · ∂a₂/∂z₂ = a₂ − y   both derivatives

  ∂ℒ/∂w₂ = ∂ℒ/∂z₂ · ∂z₂/∂w₂ = δ₂a₁
    what comes in times what is needed at the output, for every weight

  ∂ℒ/∂b₂ = ∂ℒ/∂z₂ · ∂z₂/∂b₂ = δ₂   the bias is added as it is

  δ₁ = ∂ℒ/∂z₁ = ∂ℒ/∂z₂ · ∂z₂/∂z₁ = w₂δ₂ tanh′(z₁)
    the weights take δ back one layer, the slope of the activation scales it

  ∂ℒ/∂w₁ = ∂ℒ/∂z₁ · ∂z₁/∂w₁ = δ₁x
    what comes in times what is needed at the output, for every weight

  ∂ℒ/∂b₁ = ∂ℒ/∂z₁ · ∂z₁/∂b₁ = δ₁   the bias is added as it is

  ∂ℒ/∂x = ∂ℒ/∂z₁ · ∂z₁/∂x = w₁δ₁   the weights take δ back to the inputs

note        A gradient has the shape of its parameter here: ∂ℒ/∂W that of W.
confirmed   jacfwd … jacrev …   every gradient at 6 points; layers of 1, 1, 1 units;
            seed 318147

numbers
  x = 1/4, y = 1
  z₁     = 0
  a₁     = 0
  z₂     = 0
  a₂     = 0
  ℒ      = 1/2 = 0.5
  δ₂     = −1
  ∂ℒ/∂w₂ = 0
  ∂ℒ/∂b₂ = −1
  δ₁     = 1
  ∂ℒ/∂w₁ = 1/4 = 0.25
  ∂ℒ/∂b₁ = 1
  ∂ℒ/∂x  = 2

one step   learning rate 1/2: each parameter minus 1/2 times its gradient
  w₁ ← 2 − 1/2 · 1/4 = 15/8 = 1.875
  b₁ ← −1/2 − 1/2 · 1 = −1
  w₂ ← −1 − 1/2 · 0 = −1
  b₂ ← 0 − 1/2 · (−1) = 1/2 = 0.5
  ℒ = 1/2 = 0.5   before the step
  ℒ = (tanh(17/32) − 1/2)² / 2 ≈ 9.3352 × 10⁻⁵   after it

when w₁ stays   each condition is enough, and there are no others
  ∂ℒ/∂w₁ = w₂(a₂ − y) tanh′(z₁)x   zero where a factor is
  enough   makes zero   why
  w₂ = 0   w₂           w₂ is a factor of the gradient
  a₂ = y   a₂ − y       the prediction equals the target
  x = 0    x            x is a factor of the gradient
  note   tanh′(z₁) is never 0.

asked   is this enough for it to stay?
  ✓ enough: x = 0        then x is 0, in ∂ℒ/∂w₁ = w₂(a₂ − y) tanh′(z₁)x; the gradient is 0 at 8 such
                         points
  ✗ not enough: b₂ = y   at x = −5/3, w₁ = −1, b₁ = −1, w₂ = −3/4, b₂ = 2, y = 2, ∂ℒ/∂w₁ is −0.3608
"""

BATCH = """
layers: [2, 2, 2]
activations: [relu, softmax]
loss: cross-entropy
batch: rows
convention: W^Tx + b
mean: true
weights: [[[1, -1], [0, 2]], [[1, 0], [1/2, -1]]]
biases: [[0, 1], none]
inputs: {A: [1, 1], B: [2, 0]}
targets: {A: [1, 0], B: [0, 1]}
"""
BATCH_PAGE = """\
read as   XW + b, so W is inputs × outputs; examples are rows
  layer   inputs   units   activation   W       b
  1       2        2       relu         2 × 2   2 × 1
  2       2        2       softmax      2 × 2   none
  loss   the cross-entropy with the target y, the mean over the examples

forward
  every unit adds up its inputs with its weights, and its bias; the activation, entry by entry;
  every unit adds up its inputs with its weights; e to the entries, divided by their sum
  Z¹ = XW¹ + 𝟏_m (b¹)ᵀ        Z¹_ri = Σ_j X_rj W¹_ji + b¹_i         m × 2
  A¹ = ReLU(Z¹)               A¹_ri = ReLU(Z¹_ri)                   m × 2
  Z² = A¹W²                   Z²_ri = Σ_j A¹_rj W²_ji               m × 2
  A² = softmax(Z²)            A²_ri = e^(Z²_ri) / (Σ_k e^(Z²_rk))   m × 2
  ℒ = −1/m sum(Y ⊙ log(A²))   ℒ = −1/m Σ_r Σ_i Y_ri log(A²_ri)      a number

backward   from the loss back to the input, layer by layer
  Δ² = ∂ℒ/∂Z²   m × 2, how ℒ changes with the output, times how the output changes with z
  1  chain rule    ∂ℒ/∂Z²_sj = Σ_r Σ_i ∂ℒ/∂A²_ri · ∂A²_ri/∂Z²_sj
                     ℒ depends on Z² only through A²: the chain rule, summed over all entries
  2  chain rule    ∂ℒ/∂A²_ri = −1/m Σ_j Σ_k Y_jk ∂A²_jk/∂A²_ri / A²_jk
                     f(u)′ = f′(u) u′, entry by entry
  3  variable                = −1/m Σ_j Σ_k Y_jk δ_jr δ_ki / A²_jk
                     an entry of A² by an entry of A²: 1 where the indices agree, else 0
  4  collapse δ              = −Y_ri / (mA²_ri)
                     a δ with two indices is 1 where they are equal, else 0: under a sum it keeps
                     one term
  5  softmax       ∂A²_ri/∂Z²_sj = A²_ri ∂Z²_ri/∂Z²_sj − A²_ri Σ_k A²_rk ∂Z²_rk/∂Z²_sj
                     ∂σ_i/∂z_k = σ_i (δ_ik − σ_k), by the quotient rule
  6  variable                   = δ_rs δ_ij A²_ri − δ_rs A²_ri Σ_k A²_rk δ_kj
                     an entry of Z² by an entry of Z²: 1 where the indices agree, else 0
  7  collapse δ                 = δ_rs δ_ij A²_ri − δ_rs A²_ri A²_rj
                     a δ with two indices is 1 where they are equal, else 0: under a sum it keeps
                     one term
  8  put in        Σ_r Σ_i ∂ℒ/∂A²_ri · ∂A²_ri/∂Z²_sj = Σ_r Σ_i (−(Y_ri / (mA²_ri))(δ_rs δ_ij A²_ri
                                              − δ_rs A²_ri A²_rj))
                     both derivatives
  9  multiply out               = 1/m A²_sj Σ_k Y_sk − 1/m Y_sj
                     a δ with two indices keeps one term of a sum; equal factors cancel, and like
                     terms are added
 10  use Σ y = 1                = 1/m (A²_sj − Y_sj)
                     the labels of one example sum to 1 (one-hot: 1 for the right class, 0 for the
                     others)
 11  matrix form   Δ² = 1/m (A² − Y)   all entries at once
    an entry  Δ²_sj = Σ_r Σ_i ∂ℒ/∂A²_ri · ∂A²_ri/∂Z²_sj = 1/m (A²_sj − Y_sj)
    in all    Δ² = 1/m (A² − Y)

  ∂ℒ/∂W²   2 × 2, the same, summed over the examples by the matrix product
    an entry  ∂ℒ/∂W²_ij = Σ_r Σ_k ∂ℒ/∂Z²_rk · ∂Z²_rk/∂W²_ij = Σ_r Δ²_rj A¹_ri
    in all    ∂ℒ/∂W² = (A¹)ᵀΔ²

  Δ¹ = ∂ℒ/∂Z¹   m × 2, the weights take δ back one layer, the slope of the activation scales it
    an entry  Δ¹_sj = Σ_r Σ_k ∂ℒ/∂Z²_rk · ∂Z²_rk/∂Z¹_sj = (Σ_k W²_jk Δ²_sk) ReLU′(Z¹_sj)
    in all    Δ¹ = Δ²(W²)ᵀ ⊙ ReLU′(Z¹)

  ∂ℒ/∂W¹   2 × 2, the same, summed over the examples by the matrix product
    an entry  ∂ℒ/∂W¹_ij = Σ_r Σ_k ∂ℒ/∂Z¹_rk · ∂Z¹_rk/∂W¹_ij = Σ_r Δ¹_rj X_ri
    in all    ∂ℒ/∂W¹ = XᵀΔ¹

  ∂ℒ/∂b¹   2 × 1, the bias is added to every example, so the gradient is the sum over the batch
    an entry  ∂ℒ/∂b¹_i = Σ_r Σ_k ∂ℒ/∂Z¹_rk · ∂Z¹_rk/∂b¹_i = Σ_r Δ¹_ri
    in all    ∂ℒ/∂b¹ = (Δ¹)ᵀ 𝟏_m

  ∂ℒ/∂X   m × 2, the weights take δ back to the inputs, example by example
    an entry  ∂ℒ/∂X_sj = Σ_r Σ_k ∂ℒ/∂Z¹_rk · ∂Z¹_rk/∂X_sj = Σ_k W¹_jk Δ¹_sk
    in all    ∂ℒ/∂X = Δ¹(W¹)ᵀ

note        A gradient has the shape of its parameter here: ∂ℒ/∂W that of W.
note        A weight matrix is inputs × outputs here, so a layer computes XW + b.
note        Every row of X, Y, Z, A and Δ is one of m examples; the bias is added to each of them.
note        ReLU′(0) does not exist (there is a kink); it counts as 0 here, by convention.
note        For cross-entropy behind softmax, the labels of one example sum to 1 (one-hot: 1 for the
            right class, 0 for the others).
confirmed   jacfwd … jacrev …   every gradient at 6 points; layers of 3, 5, 2 units, 4
            examples and of 2, 2, 2 units, 3 examples; seed 384873

numbers of the batch   2 examples as rows, in this order: A, B
  Z¹     = ⎡ 1  2  ⎤
           ⎣ 2  −1 ⎦
  A¹     = ⎡ 1  2 ⎤
           ⎣ 2  0 ⎦
  Z²     = ⎡ 2  −2 ⎤
           ⎣ 2  0  ⎦
  A²     = ⎡ e² / (e² + e⁻²)  e⁻² / (e² + e⁻²) ⎤ ≈ ⎡ 0.9820  0.0180 ⎤
           ⎣ e² / (e² + 1)    1 / (e² + 1)     ⎦   ⎣ 0.8808  0.1192 ⎦
  ℒ      = (ln(e² + e⁻²) + ln(e² + 1) − 2) / 2 ≈ 1.0725
  Δ²     = ⎡ −1 / (2(e⁴ + 1))  e⁻² / (2(e² + e⁻²))   ⎤ ≈ ⎡ −0.0090  0.0090  ⎤
           ⎣ e² / (2(e² + 1))  1 / (2(e² + 1)) − 1/2 ⎦   ⎣ 0.4404   −0.4404 ⎦
  ∂ℒ/∂W² = ⎡ (e² + 2e⁶ − 1) / (2(e² + 1) · (e⁴ + 1))  e⁻² / (2(e² + e⁻²)) + 1 / (e² + 1) − 1 ⎤
           ⎣ −1 / (e⁴ + 1)                            e⁻² / (e² + e⁻²)                       ⎦
         ≈ ⎡ 0.8718   −0.8718 ⎤
           ⎣ −0.0180  0.0180  ⎦
  Δ¹     = ⎡ −1 / (2(e⁴ + 1))  −3 / (4(e⁴ + 1)) ⎤ ≈ ⎡ −0.0090  −0.0135 ⎤
           ⎣ e² / (2(e² + 1))  0                ⎦   ⎣ 0.4404   0       ⎦
  ∂ℒ/∂W¹ = ⎡ (e² + 2e⁶ − 1) / (2(e² + 1) · (e⁴ + 1))  −3 / (4(e⁴ + 1)) ⎤ ≈ ⎡ 0.8718   −0.0135 ⎤
           ⎣ −1 / (2(e⁴ + 1))                         −3 / (4(e⁴ + 1)) ⎦   ⎣ −0.0090  −0.0135 ⎦
  ∂ℒ/∂b¹ = ⎡ e² / (2(e² + 1)) + e² / (2(e² + e⁻²)) − 1/2 ⎤ ≈ ⎡ 0.4314  ⎤
           ⎣ −3 / (4(e⁴ + 1))                            ⎦   ⎣ −0.0135 ⎦
  ∂ℒ/∂X  = ⎡ 1 / (4(e⁴ + 1))   −3 / (2(e⁴ + 1)) ⎤ ≈ ⎡ 0.0045  −0.0270 ⎤
           ⎣ e² / (2(e² + 1))  0                ⎦   ⎣ 0.4404  0       ⎦
"""


@cache
def run(*arguments: str, given: str = "") -> Result:
    return CliRunner(env={"NO_COLOR": "1"}).invoke(main, ["network", *arguments], input=given)


def same_but_for_rounding(page: str) -> str:
    """JAX's last bit depends on the machine."""
    return re.sub(r"jacfwd\s+\S+\s+jacrev\s+\S+", "jacfwd … jacrev …", page)


def test_the_page_of_a_chain_of_units() -> None:
    result = run(*CHAIN)
    assert (result.exit_code, result.stderr) == (0, "")
    assert same_but_for_rounding(result.stdout) == CHAIN_PAGE


def test_the_page_of_a_batch() -> None:
    result = run("-", given=BATCH)
    assert (result.exit_code, result.stderr) == (0, "")
    assert same_but_for_rounding(result.stdout) == BATCH_PAGE


def test_options_count_more_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(BATCH)
    page = run(str(file), "--loss", "none", "--digits", "2", "--input", "1,2", "--target", "0,1").stdout
    assert "backward" not in page and "  loss   none\n" in page
    assert "numbers of the batch   1 example as rows" in page


def test_without_targets_only_the_forward_pass_has_numbers() -> None:
    page = run("--layers", "1,1", "--weights", "[3]", "--loss", "squared", "--input", "2").stdout
    assert "numbers\n  x = 2\n  z₁ = 6\n  a₁ = 6\n\nWith --target also the loss and the gradients get numbers.\n" in page


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--layers", "1,1", "--input", "2"), "Numbers need weights: --weights FILE, or “weights” in the file."),
        (("--weights", "[3]"), "With --input, and --target where there is a loss, every quantity gets its numbers."),
    ],
)
def test_hints(arguments: tuple[str, ...], hint: str) -> None:
    assert run(*arguments).stdout.endswith(f"\n\n{hint}\n")


def test_examples_one_by_one() -> None:
    page = run("--layers", "1,1", "--weights", "[3]", "--loss", "squared", "--batch", "one", "--input", "2", "--target", "5",
               "--input", "1", "--target", "0").stdout
    assert "numbers of example 1\n  x = 2, y = 5\n" in page and "numbers of example 2\n  x = 1, y = 0\n" in page
    assert page.endswith("numbers of the batch   summed over the examples\n  ℒ      = 10\n  ∂ℒ/∂w₁ = 10\n")


def test_all_steps() -> None:
    page = run(*CHAIN[:6], "--all-steps").stdout
    assert "  3  layer       z₁ = w₁x + b₁   the layer as a function of w₁\n  4  variable    ∂z₁/∂w₁ = x   ∂w₁/∂w₁ = 1\n" in page


def test_a_step_with_rounded_numbers() -> None:
    page = run("--layers", "1,1", "--activations", "sigmoid", "--loss", "half-squared", "--weights", "[1]", "--input", "1", "--target", "1",
               "--step", "0.1", "--digits", "6").stdout
    assert "  w₁ ← 1 − 1/10 · (" in page and "≈ 1.005288\n" in page


# Layers that are alike


def deep(layers: int, units: str = "3") -> str:
    return ",".join(["2", *[units] * (layers - 1), units])


def test_layers_alike_are_shown_once() -> None:
    page = run("--layers", deep(12), "--activations", "tanh", "--loss", "squared").stdout
    assert "  2–11    3        3       tanh         3 × 3   3 × 1\n" in page
    assert "  zˡ = Wˡaˡ⁻¹ + bˡ     zˡ_i = Σ_j Wˡ_ij aˡ⁻¹_j + bˡ_i     3 × 1      for l = 2, …, 11\n" in page
    assert "    in all    δˡ = (Wˡ⁺¹)ᵀδˡ⁺¹ ⊙ tanh′(zˡ)\n" in page
    assert "confirmed" in page and "layers of 2 to 5 units" in page
    assert page.count("\n") < 90


def statement_texts(statements: tuple[Statement, ...], layer: int) -> list[str]:
    found = [s for s in statements if s.layer == layer]
    return [text(layer_names(t, layer)) for s in found for t in (s.left, s.matrix, s.entry_left, s.entry) if t]


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ({"layers": deep(64), "activations": "tanh"}, [(2, 63)]),
        ({"layers": deep(64, "h"), "activations": "tanh"}, [(2, 63)]),
        ({"layers": ",".join("1" * 65), "activations": "relu"}, [(2, 63)]),
        ({"layers": "3,3,3,3,2,4,4,4,4,4,1", "activations": "relu"}, [(6, 8)]),
        ({"layers": deep(9), "activations": ",".join(["tanh"] * 4 + ["relu"] * 5)}, [(2, 4), (5, 8)]),
        ({"layers": deep(3), "activations": "tanh"}, []),
        ({"layers": "2,h,k,h,k,h", "activations": "tanh"}, []),
    ],
)
def test_runs(options: dict[str, str], runs: list[tuple[int, int]]) -> None:
    passes = network_passes(from_options(**options, loss="squared"), confirmed=False)  # type: ignore[arg-type]
    found = runs_of(passes)
    assert [(r.first, r.last) for r in found] == runs
    for r in found:
        first = statement_texts(passes.statements, r.first)
        assert first and all(statement_texts(passes.statements, k) == first for k in range(r.first, r.last + 1))


def test_a_deep_page_does_not_grow() -> None:
    pages = []
    for layers in (16, 64):
        passes = network_passes(from_options(layers=deep(layers), activations="tanh", loss="squared"), confirmed=False)
        pages.append([text_page(Report(Found(passes), all_steps=steps).sections(), 100).plain() for steps in (False, True)])
    assert [p.count("\n") for p in pages[0]] == [p.count("\n") for p in pages[1]]
    assert "δˡ is ∂ℒ/∂zˡ" in pages[1][1] or "δʰ is ∂ℒ/∂zʰ" in pages[1][1]


# Formats


def test_json() -> None:
    found = json.loads(run(*CHAIN, "--format", "json").stdout)
    assert list(found) == ["network", "symbols", "forward", "backward", "notes", "confirmation", "values", "step", "unchanged", "regions"]
    assert found["network"]["weights"] == {"W_1": [["2"]], "W_2": [["-1"]]}
    assert found["network"]["layers"][0] == {"inputs": 1, "outputs": 1, "activation": "tanh", "bias": True}
    assert [s["name"] for s in found["backward"]] == ["delta_2", "dW_2", "db_2", "delta_1", "dW_1", "db_1", "dx"]
    quantities = {q["name"]: q for q in found["values"]["quantities"]}
    assert (quantities["dW_1"]["exact"], quantities["dW_1"]["decimal"]) == ([[r"\frac{1}{4}"]], [["0.25"]])
    assert found["step"]["rate"] == "1/2"
    assert [u["parameter"] for u in found["step"]["updates"]] == ["W_1", "b_1", "W_2", "b_2"]
    assert found["step"]["updates"][0]["after"]["decimal"] == [["1.875"]]
    assert [c["unicode"] for c in found["unchanged"]["conditions"]] == ["w₂ = 0", "a₂ = y", "x = 0"]
    assert [d["holds"] for d in found["unchanged"]["decisions"]] == [True, False]
    assert found["regions"] is None


def test_json_of_a_batch() -> None:
    found = json.loads(run("-", "--format", "json", given=BATCH).stdout)
    assert [e["example"] for e in found["values"]["examples"]] == ["A", "B"]
    assert found["step"] is None and found["unchanged"] is None
    assert found["network"]["inputs"] == [["1", "1"], ["2", "0"]]


def test_markdown() -> None:
    page = run(*CHAIN, "--format", "markdown").stdout
    assert page.startswith("# A network of 2 layers\n\n## Read as\n\nEvery layer is one unit; one example.\n\n| layer | inputs |")
    for row in (
        "- $z_{1} = w_{1}x + b_{1}$",
        r"### $\frac{\partial \mathcal{L}}{\partial w_{1}} = \frac{\partial \mathcal{L}}{\partial z_{1}} \cdot "
        r"\frac{\partial z_{1}}{\partial w_{1}} = \delta_{1}x$",
        r"$$w_{1} \leftarrow 2 - \frac{1}{2} \cdot \frac{1}{4} = \frac{15}{8} = 1.875$$",
        "## When w₁ stays",
        "| $x = 0$ | $x$ | x is a factor of the gradient |",
    ):
        assert f"\n{row}\n" in page
    assert "\n\n\n" not in page


def test_latex() -> None:
    page = run("-", "--format", "latex", given=BATCH).stdout
    assert page.isascii(), "LaTeX is printed in ASCII"
    for name in ("align*", "tabular", "bmatrix"):
        assert page.count(rf"\begin{{{name}}}") == page.count(rf"\end{{{name}}}") > 0
    assert r"  \frac{\partial \mathcal{L}}{\partial W^{(1)}} &= X^{\top}\Delta^{(1)}" in page
    assert "$$" not in page


def test_formats_of_layers_alike() -> None:
    passes = network_passes(from_options(layers=deep(8), activations="tanh", loss="squared"), confirmed=False)
    sections = Report(Found(passes), Style.LATEX).sections()
    assert r"- in all: $\delta^{(l)} = {W^{(l+1)}}^{\top}\delta^{(l+1)} \odot \tanh'(z^{(l)})$" in markdown_view(sections, "Deep")
    page = latex_view(sections, "Deep")
    assert r"\paragraph{$\delta^{(l)} = \frac{\partial \mathcal{L}}{\partial z^{(l)}}$} For $l = 2, \dots, 7$; 3 $\times$ 1" in page
    assert page.isascii()


@pytest.mark.parametrize(
    ("sentence", "latex"),
    [
        ("∂z₁/∂w₁ = x", r"$\partial z_{1}$/$\partial w_{1}$ = x"),
        ("(uᵏ)′ = k uᵏ⁻¹ u′", r"(u$^{k}$)$'$ = k u$^{k-1}$ u$'$"),
        ("z₁⁽²⁾ ≤ 0", r"$z^{(2)}_{1}$ $\leq$ 0"),
        ("an entry of W² by W²_ij", r"an entry of $W^{(2)}$ by $W^{(2)}_{ij}$"),
        ("ReLU′(0) counts as 0", r"ReLU$'$(0) counts as 0"),
    ],
)
def test_sentences_in_latex(sentence: str, latex: str) -> None:
    assert sentence_latex(sentence) == latex


# Widths


DEEP = ("--layers", deep(12), "--activations", "tanh", "--loss", "squared")


@pytest.mark.parametrize(("arguments", "width"), [(CHAIN, 40), (CHAIN, 60), (DEEP, 50), (DEEP, 80)])
def test_no_line_is_wider_than_asked(arguments: tuple[str, ...], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "columns", lambda: width)
    monkeypatch.setattr(command, "network_passes", lambda net, seed: network_passes(net, confirmed=False))
    result = CliRunner().invoke(main, ["network", *arguments])
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if len(line) > width] == []


def test_wide_numbers_go_below_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "columns", lambda: 60)
    monkeypatch.setattr(command, "network_passes", lambda net, seed: network_passes(net, confirmed=False))
    page = CliRunner().invoke(main, ["network", "-"], input=BATCH).stdout
    assert "  Z¹     = ⎡ 1  2  ⎤\n           ⎣ 2  −1 ⎦\n" in page
    assert max(map(len, page.splitlines())) <= 60


# Regions

RELU = ("--activations", "relu,identity", "--weights", "[[[1,1],[1,-1]],[[1,-1]]]", "--biases", "[[0,0],[-1]]")


def test_regions(tmp_path: Path) -> None:
    picture = tmp_path / "regions.svg"
    result = run(*RELU, "--regions", "--plot", str(picture))
    assert result.stderr == f"The regions are in {picture}.\n"
    assert "\nregions\n  Where the units switch\n    z₁⁽¹⁾ = x₁ + x₂ is 0 on x₁ + x₂ = 0;" in result.stdout
    assert picture.read_text().lstrip().startswith("<?xml")
    found = json.loads(run(*RELU, "--regions", "--format", "json").stdout)
    assert found["regions"]["inputs"] == 2


# Errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "error: A network needs its sizes: --layers 2,3,1, “layers: [2, 3, 1]” in a file, or all weights.\n"),
        (("none.yaml",), "error: There is no file “none.yaml”.\n"),
        (("--layers", "2,1", "--activations", "sigmoyd"),
         "error: --activations: “sigmoyd” is no activation that hwcheck knows. Did you mean “sigmoid”? It knows "),
        (("--layers", "2,1", "--step", "0.1"), "error: A gradient needs a loss: --loss half-squared, squared or cross-entropy.\n"),
        (("--layers", "2,1", "--loss", "squared", "--step", "0.1"), "error: Numbers need all weights; W_1 is not given.\n"),
        (("--layers", "2,1", "--loss", "squared", "--step", "-1"), "error: --step: A learning rate is above 0; got “-1”.\n"),
        (("--layers", "2,1", "--loss", "squared", "--step", "fast"),
         "error: --step: A learning rate is a number such as 3, -0.25 or 1/2; got “fast”.\n"),
        (("--layers", "2,1", "--loss", "squared", "--when-unchanged", "W5"), "error: There is no parameter “W5”; there are W_1, b_1.\n"),
        (("--layers", "2,1", "--condition", "x = 0"),
         "Usage: hwcheck network [OPTIONS] [FILE]\nTry 'hwcheck network --help' for help.\n\nError: --condition is about a parameter: say "
         "which with --when-unchanged W1.\n"),
        (("--layers", "2,1", "--regions"), "error: The regions need every weight as a number; W_1 is missing.\n"),
        ((*RELU, "--plot", "x.pdf"), "error: A plot is written as .png or .svg; “x.pdf” ends in neither.\n"),
        (("--layers", "2,1", "--format", "html"), "Usage: hwcheck network [OPTIONS] [FILE]\n"),
    ],
)
def test_refused(arguments: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(main, ["network", *arguments], prog_name="hwcheck")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message) if not message.endswith("\n") or message.startswith("Usage") else result.stderr == message


def test_a_file_of_weights(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text('weights = [[[1, "1/2"]]]\nbiases = [[0.25]]\n')
    assert "z₁" not in run("--weights", str(file), "--input", "1,2").stdout
    assert "  z¹ = 9/4 = 2.25\n" in run("--weights", str(file), "--input", "1,2").stdout


def test_help_shows_examples() -> None:
    page = run("--help").stdout
    assert "hwcheck network net.toml --input 1,2 --target 1 --step 0.1" in page


def test_it_is_listed() -> None:
    assert "network     derive a network's forward and backward pass" in CliRunner().invoke(main, ["--help"]).stdout
