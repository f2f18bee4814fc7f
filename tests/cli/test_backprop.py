"""`hwcheck backprop` as people and programs call it: pages pinned whole, formats, pictures, every error a sentence."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli.app import main
from hwcheck.cli.backprop import latex, markdown, page
from hwcheck.cli.graph_report import NO_BREAK
from hwcheck.derivations.graphs.graphs import backprop

SECOND = "f(x,y,z,v) = exp(y^(-x) − z) + (z − v)^2"


def run(*arguments: str, width: int = 100) -> Result:
    return CliRunner(env={"COLUMNS": str(width), "NO_COLOR": "1"}).invoke(main, ["backprop", *arguments])


def same_but_for_rounding(text: str) -> str:
    """JAX's last bit depends on the machine."""
    return re.sub(r"(differs by|jacrev by) [-+.e\d]+", r"\1 …", text)


HOMEWORK = """\
read as   f(x, y, z) = ln x + exp(y) · z
at        x = 1, y = 3, z = 2

forward   one simple operation a node, from left to right
  h₁  = ln x     = ln 1     = 0
  h₂  = exp(y)   = exp(3)   = e³   ≈ 20.0855
  h₃  = h₂ · z   = e³ · 2   = 2e³  ≈ 40.1711
  f   = h₁ + h₃  = 0 + 2e³  = 2e³  ≈ 40.1711

local partials   each node by each of its own arguments, the others held fixed
  ∂h₁/∂x   = 1/x     = 1
  ∂h₂/∂y   = exp(y)  = e³  ≈ 20.0855
  ∂h₃/∂h₂  = z       = 2
  ∂h₃/∂z   = h₂      = e³  ≈ 20.0855
  ∂f/∂h₁   = 1
  ∂f/∂h₃   = 1

backward   ∂f/∂ each node, from the output back
  ∂f/∂f   = 1
  ∂f/∂h₃  = 1
  ∂f/∂h₂  = ∂f/∂h₃ · ∂h₃/∂h₂  = 1 · 2   = 2
  ∂f/∂h₁  = 1
  ∂f/∂x   = ∂f/∂h₁ · ∂h₁/∂x   = 1 · 1   = 1
  ∂f/∂y   = ∂f/∂h₂ · ∂h₂/∂y   = 2 · e³  = 2e³  ≈ 40.1711
  ∂f/∂z   = ∂f/∂h₃ · ∂h₃/∂z   = 1 · e³  = e³   ≈ 20.0855

gradient   by the chain rule: one product for every path from the output down to the input
  ∂f/∂x  = ∂f/∂h₁ · ∂h₁/∂x            = 1 · 1       = 1
  ∂f/∂y  = ∂f/∂h₃ · ∂h₃/∂h₂ · ∂h₂/∂y  = 1 · 2 · e³  = 2e³  ≈ 40.1711
  ∂f/∂z  = ∂f/∂h₃ · ∂h₃/∂z            = 1 · e³      = e³   ≈ 20.0855
  ∇f(1, 3, 2)  = (1, 2e³, e³)  ≈ (1, 40.1711, 20.0855)

symbolic gradient   SymPy differentiates the whole formula
  ∂f/∂x  = 1/x         = 1
  ∂f/∂y  = exp(y) · z  = 2e³  ≈ 40.1711
  ∂f/∂z  = exp(y)      = e³   ≈ 20.0855
  agrees with the backward pass exactly
  confirmed by JAX: jacfwd differs by …, jacrev by … (relative, at most)

cost
  input by input     7 local partials  4 multiplications  0 additions
  one backward pass  6 local partials  4 multiplications  0 additions
  Repeated input by input: ∂f/∂h₃ in 2 products (for y and z).
  Backpropagation finds ∂f/∂h₃ once and hands it to everything below, so each of the 6 local
  partials is used once, however many inputs there are; input by input, what paths share is computed
  again.
  From the formulas, each by itself, f and its 3 derivatives take 8 operations, 3 of them repeated:
  exp(y) · z 2 times (it is h₃); exp(y) 3 times (it is h₂).
"""


def test_the_page_of_the_homework() -> None:
    result = run("--point", "1,3,2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert same_but_for_rounding(result.output) == HOMEWORK


FANNED = """\
  ∂f/∂z   = ∂f/∂h₃ · ∂h₃/∂z + ∂f/∂h₅ · ∂h₅/∂z
          = e⁻¹ · (−1) + (−2) · 1
          = −e⁻¹ − 2
          ≈ −2.3679
          z is used twice, in h₃ and h₅: the contributions
          are added
"""


def test_the_page_of_the_second_homework_at_60_columns() -> None:
    result = run(SECOND, "--point", "x=0,y=1,z=2,v=3", width=60)
    assert result.exit_code == 0
    assert FANNED in result.output
    assert "  ∂f/∂v  = ∂f/∂h₆ · ∂h₆/∂h₅ · ∂h₅/∂v  = 1 · (−2) · (−1)  = 2\n" in result.output
    assert max(map(len, result.output.splitlines())) <= 60


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize(
    ("text", "point"),
    [
        (SECOND, "0,1,2,3"),
        (SECOND, None),
        ("x·exp(x) + relu(x − 2)", "2"),
        ("x·y + tanh(x)·tanh(x)·y + x", "x=0.5,y=-1/3"),
        ("f(x,y) = x", "1,2"),
        ("f(x,y) = 3", "1,2"),
        ("3", None),
        ("tanh(w_2·tanh(w_1·x + b_1) + b_2)", "1,2,3,4,5"),
    ],
)
def test_no_line_is_wider_than_asked(text: str, point: str | None, width: int) -> None:
    plain = page(backprop(text, point), width).plain()
    assert NO_BREAK not in plain
    for line in plain.splitlines():
        assert len(line) <= width or " " not in line.strip().lstrip("=≈ ")


WITHOUT = """\
gradient   by the chain rule: one product for every path from the output down to the input
  ∂f/∂x  = ∂f/∂h₁ · ∂h₁/∂x            = 1 · (1/x)
  ∂f/∂y  = ∂f/∂h₃ · ∂h₃/∂h₂ · ∂h₂/∂y  = 1 · z · exp(y)
  ∂f/∂z  = ∂f/∂h₃ · ∂h₃/∂z            = 1 · h₂
"""


def test_without_a_point_there_are_formulas() -> None:
    result = run()
    assert result.exit_code == 0
    assert WITHOUT in result.output
    assert "\n  ∂h₃/∂z   = h₂\n" in result.output
    assert "≈" not in result.output and "JAX" not in result.output
    assert result.output.endswith("\nWith numbers: --point x=…,y=…,z=…\n")


def test_a_kink_is_said() -> None:
    output = run("relu(x)", "--point", "0").output
    sentence = "f = ReLU(x) has a kink at x = 0, and the point is just there: ∂f/∂x is taken as 0, by convention."
    assert f"\n  {sentence}\n" in output
    assert "not confirmed by JAX: at a kink there is no derivative to confirm" in output


def test_many_paths_are_not_written_out() -> None:
    text = "(x+y)"
    for _ in range(3):
        text = f"(sin{text}+cos{text})"
    output = run(text, "--point", "1,2").output
    assert "8 paths, too many to write out: the sum is the one above" in output


def test_an_input_that_is_not_used() -> None:
    output = run("f(x,y) = x^2", "--point", "3,1").output
    assert "  ∂f/∂y  = 0   y is not used\n" in output
    assert "  ∂f/∂y  = 0   no path leads to y\n" in output


def test_digits() -> None:
    assert "≈ 20.0855369232\n" in run("--point", "1,3,2", "--digits", "10").output


# Formats


def test_json() -> None:
    result = run("--point", "1,3,2", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.output)["gradient"]["z"] == {"value": "e³", "decimal": "20.0855"}


def test_markdown() -> None:
    text = markdown(backprop(point="1,3,2"))
    assert text.startswith(
        "# Backpropagation: $f(x, y, z) = \\ln(x) + \\exp(y) \\cdot z$\n\nAt $x = 1,\\ y = 3,\\ z = 2$.\n"
    )
    assert "- $h_{3} = h_{2} \\cdot z = e^{3} \\cdot 2 = 2e^{3} \\approx 40.1711$\n" in text
    assert "- input by input: 7 local partials, 4 multiplications, 0 additions\n" in text
    assert "(for $y$ and $z$)" in text
    assert all(line.count("$") % 2 == 0 for line in text.splitlines())


@pytest.mark.parametrize("text", [SECOND, "x·exp(x) + relu(x − 2)", "x if x < 1 else exp(x)", "f(x)=x"])
def test_latex(text: str) -> None:
    for point in (None, "1" if text != SECOND else "0,1,2,3"):
        source = latex(backprop(text, point))
        assert source.isascii()
        assert source.count(r"\begin") == source.count(r"\end")
        assert source.count("{") == source.count("}")
        assert source.count("$") % 2 == 0


def test_formats_from_the_command_line() -> None:
    assert run("--format", "markdown").output.startswith("# Backpropagation")
    assert run("--format", "latex").output.startswith(r"\section*{Backpropagation}")


# Pictures


@pytest.mark.parametrize("name", ["a.svg", "a.dot", "a.mmd", "a.png"])
def test_pictures_are_written(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    result = run("--point", "1,3,2", "--graph", str(file))
    assert (result.exit_code, result.stderr) == (0, f"The graph is in {file}.\n")
    assert file.read_bytes()
    assert result.stdout.startswith("read as")


@pytest.mark.parametrize(
    ("name", "start"), [("-", "<svg "), ("svg", "<svg "), ("dot", "digraph "), ("mermaid", "flowchart ")]
)
def test_pictures_are_printed(name: str, start: str) -> None:
    result = run("--graph", name)
    assert result.exit_code == 0
    assert result.output.startswith(start)
    assert "read as" not in result.output


# What goes wrong is a sentence, exit code 2


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        (
            ["--point", "0,3,2"],
            "error: ln x needs x > 0; at this point x is 0.\n  f(x, y, z) = ln x + exp(y) · z\n               ^^^^\n",
        ),
        (["--point", "1,3"], "error: z has no value: --point needs x, y and z in this order, or x=…, y=…\n"),
        (
            ["--point", "1,3,2,4"],
            "error: --point has 4 numbers, but f(x, y, z) takes 3 numbers: x, y and z.\n  1,3,2,4\n        ^\n",
        ),
        (["--point", "x=1,w=2"], "error: There is no “w” in f(x, y, z).\n  x=1,w=2\n      ^^^\n"),
        (
            ["x +", "--point", "1"],
            "error: The text ends where a name, a number or a bracket was expected.\n  x +\n     ^\n",
        ),
        (
            ["--graph", "a.pdf"],
            "error: A graph is drawn as .svg, .png, .dot, .gv, .mmd or .mermaid; 'a.pdf' has “.pdf”.\n",
        ),
    ],
)
def test_errors(arguments: list[str], report: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", report)


def test_a_picture_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "a.svg"
    result = run("--graph", str(file))
    assert (result.exit_code, result.stderr) == (
        2,
        f"error: The graph cannot be written to {file}: No such file or directory.\n",
    )


def test_negative_coordinates_are_no_options() -> None:
    assert "at        x = −1, y = 2\n" in run("x·y", "--point", "-1,2").output


def test_usage() -> None:
    assert run("--digits", "0").exit_code == 2
    assert run("--format", "html").exit_code == 2
    assert "hwcheck backprop --point 1,3,2" in run("--help").output
