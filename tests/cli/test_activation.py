"""`hwcheck activation`: what is printed, in which format, and the exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli import activation as command
from hwcheck.cli.app import main
from hwcheck.cli.step_views import broken, latex_text, wrapped
from hwcheck.derivations.activations.activations import activation as derive
from hwcheck.derivations.elements.functions import ACTIVATIONS

SIGMOID = """\
sigmoid

  1  definition     σ(x) = 1 / (1 + e^(−x))
  2  denominator    ∂(1 + e^(−x))/∂x = −e^(−x)   chain rule: (e^u)′ = e^u · u′ with u = −x, u′ = −1
  3  quotient rule  σ′(x) = (0 · (1 + e^(−x)) − 1 · (−e^(−x))) / (1 + e^(−x))²
                      (u/v)′ = (u′v − uv′)/v² with u = 1, u′ = 0
  4  simplify             = e^(−x) / (1 + e^(−x))²
  5  split                = 1 / (1 + e^(−x)) · (e^(−x) / (1 + e^(−x)))
                      1 + e^(−x) below each factor
  6  put back in          = σ(x)(1 − σ(x))
                      1 / (1 + e^(−x)) = σ(x) and e^(−x) / (1 + e^(−x)) = 1 − σ(x)

derivative     σ′(x) = σ(x)(1 − σ(x))
limits         σ(x) → 0 for x → −∞, σ(x) → 1 for x → ∞
range          (0, 1)
zero-centred   no: outputs are never negative
monotone       increasing
largest slope  1/4 at x = 0; 10 layers multiply a gradient by at most (1/4)¹⁰ ≈ 9.5·10⁻⁷ (weights
               aside)
saturates      on both sides: σ′(x) → 0 for x → −∞ and for x → ∞, so gradients vanish there
kinks          none
"""

RELU = """\
relu

  1  definition        ReLU(x) = max(0, x)
  2  two branches              = x if x > 0 else 0   the larger of 0 and x is x where x > 0
  3  branch by branch  ReLU′(x) = 1 if x > 0 else 0
                         away from the kinks each branch is differentiated on its own

derivative     ReLU′(x) = 1 if x > 0 else 0
limits         ReLU(x) → 0 for x → −∞, ReLU(x) → ∞ (along y = x) for x → ∞
range          [0, ∞)
zero-centred   no: outputs are never negative
monotone       non-decreasing: constant for x ≤ 0
largest slope  1 for x > 0; 10 layers multiply a gradient by at most 1 (weights aside)
saturates      on the left: ReLU′(x) = 0 for x < 0, so gradients vanish there
kinks          at x = 0 the slope jumps from 0 to 1; by convention ReLU′(0) = 0
confirmed      jacfwd 0   jacrev 0   8 points, seed 974616
"""

TABLE = """\
name         range          centred  slope ≤  saturates  kinks
elu          (−1, ∞)        no       1        left       none
gelu         [−0.16997, ∞)  no       1.1289   left       none
hardsigmoid  [0, 1]         no       1/6      both       −3, 3
hardtanh     [−1, 1]        yes      1        both       −1, 1
leaky_relu   (−∞, ∞)        no       1        no         0
mish         [−0.30884, ∞)  no       1.0885   left       none
relu         [0, ∞)         no       1        left       0
relu6        [0, 6]         no       1        both       0, 6
selu         (−1.7581, ∞)   no       1.7581   left       0
sigmoid      (0, 1)         no       1/4      both       none
silu         [−0.27846, ∞)  no       1.0998   left       none
softplus     (0, ∞)         no       1        left       none
softsign     (−1, 1)        yes      1        both       none
tanh         (−1, 1)        yes      1        both       none

decimals  rounded; usual parameters: elu a = 1 and leaky_relu a = 0.01
more      hwcheck activation NAME derives the derivative and says where and why
"""


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["activation", *args])


def facts(*args: str) -> dict[str, str]:
    """Labels and sentences, put together again where they were wrapped."""
    found: dict[str, str] = {}
    label = ""
    for line in run(*args).stdout.split("\n\n")[-1].splitlines():
        label = line[:15].strip() or label
        found[label] = f"{found.get(label, '')} {line[15:]}".strip()
    return found


def test_sigmoid() -> None:
    result = run("sigmoid")
    assert result.exit_code == 0
    assert result.stdout.startswith(SIGMOID)
    assert result.stdout[len(SIGMOID) :].startswith("confirmed      jacfwd ")
    assert result.stdout.endswith("8 points, seed 548523\n")


def test_relu() -> None:
    assert run("ReLU").stdout == RELU


def test_table() -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout == TABLE


@pytest.mark.parametrize(
    ("args", "label", "sentence"),
    [
        (["tanh"], "zero-centred", "yes: the range is symmetric about 0, and tanh(−x) = −tanh(x)"),
        (["leaky_relu"], "zero-centred", "no: LeakyReLU(−x) is not −LeakyReLU(x)"),
        (["elu"], "zero-centred", "no: the range is not symmetric about 0"),
        (["elu"], "kinks", "none, also at x = 0 the slopes of both sides agree"),
        (["elu", "--a", "2"], "kinks", "at x = 0 the slope jumps from 2 to 1; by convention ELU′(0) = 2"),
        (["elu", "--a", "2"], "largest slope", "2 at x = 0; 10 layers multiply a gradient by at most 2¹⁰ ≈ 1024 (weights aside)"),
        (["elu", "--a", "-1"], "monotone", "no: falls up to x = 0, then rises"),
        (["leaky_relu", "--a", "1/5"], "limits",
         "LeakyReLU(x) → −∞ (along y = 1/5 x) for x → −∞, LeakyReLU(x) → ∞ (along y = x) for x → ∞"),
        (["gelu"], "derivative", "GELU′(x) = Φ + xφ   with Φ = (1 + erf(x / √2)) / 2 and φ = e^(−x² / 2) / √(2π)"),
        (["gelu"], "range", "[−0.16997, ∞); the lowest value is taken at x ≈ −0.75179"),
        (["gelu"], "largest slope", "≈ 1.1289 at x = √2; 10 layers multiply a gradient by at most 1.1289¹⁰ ≈ 3.36 (weights aside)"),
        (["gelu"], "monotone", "no: falls up to x ≈ −0.75179, then rises"),
        (["silu"], "range", "[−0.27846, ∞); the lowest value is taken at x ≈ −1.2785"),
        (["softplus"], "largest slope", "1, approached for x → ∞; 10 layers multiply a gradient by at most 1 (weights aside)"),
        (["leaky_relu"], "saturates", "nowhere: the slope does not go to 0"),
        (["hardtanh"], "monotone", "non-decreasing: constant for x ≤ −1 and for x ≥ 1"),
        (["hardtanh"], "saturates", "on both sides: hardtanh′(x) = 0 for x < −1 and for x > 1, so gradients vanish there"),
    ],
)  # fmt: skip
def test_sentences(args: list[str], label: str, sentence: str) -> None:
    assert facts(*args)[label] == sentence


@pytest.mark.parametrize(
    ("args", "head"),
    [
        (["tanh"], "tanh"),
        (["leaky-relu"], "leaky_relu   a = 0.01 (change it with --a)"),
        (["elu", "--a", "-1/3"], "elu   a = −1/3 (change it with --a)"),
        (["selu"], "selu   λ ≈ 1.0507, α ≈ 1.6733"),
    ],
)
def test_heads(args: list[str], head: str) -> None:
    assert run(*args).stdout.splitlines()[0] == head


def test_lines_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    derived = [derive(name, confirmed=False) for name in ACTIVATIONS]
    for width in (60, 80, 100):
        monkeypatch.setattr(command, "columns", lambda width=width: width)
        for page in (command.table_view(derived), *map(command.text_view, derived)):
            for line in page.plain().splitlines():
                assert len(line) <= width, line


# Formats


def test_json() -> None:
    found = json.loads(run("relu", "--format", "json").stdout)
    assert found["formula"] == r"\max(0, x)"
    assert found["derivative"] == r"\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}"
    assert found["kinks"][0]["convention"] == {"decimal": 0.0, "latex": "0", "exact": True}
    assert found["confirmation"] == {"jacfwd": 0.0, "jacrev": 0.0, "points": 8, "sizes": [], "seed": 974616}


def test_json_of_all() -> None:
    found = json.loads(run("--format", "json").stdout)["activations"]
    assert [a["name"] for a in found] == list(ACTIVATIONS)
    assert all(a["confirmation"]["points"] >= 8 for a in found)


def test_markdown() -> None:
    rows = run("tanh", "--format", "markdown").stdout.splitlines()
    assert rows[0] == "## tanh"
    assert rows[2:5] == [
        "| | rule | | why |",
        "|--:|---|---|---|",
        r"| 1 | definition | $\tanh(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}$ |  |",
    ]
    assert r"$$ \tanh'(x) = 1 - \tanh(x)^{2} $$" in rows
    assert "- **range**: (−1, 1)" in rows
    table = run("--format", "markdown").stdout.splitlines()
    assert table[0] == "| name | f(x) | f′(x) | range | centred | slope ≤ | saturates | kinks |"
    assert (
        r"| gelu | $\frac{x\left(1 + \operatorname{erf}\left(\frac{x}{\sqrt{2}}\right)\right)}{2}$ | $\Phi + x\phi,\quad \Phi = "
        r"\frac{1 + \operatorname{erf}\left(\frac{x}{\sqrt{2}}\right)}{2},\quad \phi = \frac{e^{-\frac{x^{2}}{2}}}{\sqrt{2\pi}}$ | "
        "[−0.16997, ∞) | no | 1.1289 | left | none |"
    ) in table
    assert {row.count("|") for row in table} == {9}


def test_latex() -> None:
    text = run("softplus", "--format", "latex").stdout
    assert r"  \operatorname{softplus}(x) &= \log(1 + e^{x}) \\" in text
    assert r"   &= \sigma(x) && \text{" in text
    assert text.count(r"\begin") == text.count(r"\end") == 2
    table = run("--format", "latex").stdout
    for printed in (text, table):
        assert all(c.isascii() for c in printed), "LaTeX is printed in ASCII"
        assert printed.replace(r"\$", "").count("$") % 2 == 0


# Plots and refusals


def test_plot(tmp_path: Path) -> None:
    path = tmp_path / "sigmoid.svg"
    result = run("sigmoid", "--plot", str(path))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == f"plot           {path}"
    assert path.read_text().startswith("<?xml")
    other = tmp_path / "other.png"
    assert json.loads(run("tanh", "--plot", str(other), "--format", "json").stdout)["name"] == "tanh"
    assert other.exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["sigmod"], "error: “sigmod” is no activation function that hwcheck knows. Did you mean sigmoid? It knows elu, gelu,"),
        (["relu", "--a", "2"], "error: relu has no parameter a. Those with one are elu (a = 1) and leaky_relu (a = 0.01).\n"),
        (["elu", "--a", "two"], "error: The parameter a must be a number such as 0.2 or 1/5, with at most nine digits on either side.\n"),
        (["relu", "--plot", "x.pdf"], "error: A plot is written as .png or .svg; “x.pdf” ends in neither.\n"),
        (["--a", "1"], "Usage: hwcheck activation [OPTIONS] [NAME]\n"),
        (["relu", "--format", "yaml"], "Usage: hwcheck activation [OPTIONS] [NAME]\n"),
    ],
)
def test_refused(args: list[str], message: str) -> None:
    result = CliRunner().invoke(main, ["activation", *args], prog_name="hwcheck")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(message)


def test_help_shows_examples() -> None:
    assert "hwcheck activation leaky_relu --a 0.2" in run("--help").stdout


# Helpers of the views


@pytest.mark.parametrize(
    ("formula", "room", "rows"),
    [
        ("a = b", 24, ["a = b"]),
        ("f(x) = aaaaaaaaaa + bbbbbbbbbb + cccccccc", 30, ["f(x) = aaaaaaaaaa + bbbbbbbbbb", "    + cccccccc"]),
        ("f(x) = (aaaaaaaa + bbbbb) · (cccc + dddddd)", 36, ["f(x) = (aaaaaaaa + bbbbb)", "    · (cccc + dddddd)"]),
        ("x" * 50, 24, ["x" * 24, "    " + "x" * 20, "    " + "x" * 6]),
    ],
)
def test_broken(formula: str, room: int, rows: list[str]) -> None:
    assert broken(formula, room) == rows


def test_formulas_stay_whole_when_sentences_are_wrapped() -> None:
    assert wrapped("it is so for x → −∞", 16) == ["it is so for", "x → −∞"]
    assert wrapped("a = b + c + d + e + f", 12) == ["a = b + c +", "d + e + f"]
    assert wrapped("", 12) == [""]


@pytest.mark.parametrize(
    ("sentence", "latex"),
    [
        ("δ_ij is 1", r"$\delta_{ij}$ is 1"),
        ("e^(−x)", r"e\^{}($-$x)"),
        ("10⁻⁷ & 5 %", r"10$^{-7}$ \& 5 \%"),
        ("σσᵀ", r"$\sigma$$\sigma$$^{\top}$"),
        ("|x| ≤ ½", r"$|$x$|$ $\leq$ $\tfrac12$"),
    ],
)
def test_sentences_in_latex(sentence: str, latex: str) -> None:
    assert latex_text(sentence) == latex
