"""`hwcheck xor`: what is printed, in which format, and the exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli import xor as command
from hwcheck.cli.app import main

PROOF = """\
one unit  ŷ = ReLU(w₁x₁ + w₂x₂ + b) is wanted to be 0, 1, 1, 0 at (0, 0), (1, 0), (0, 1), (1, 1)

  1  at (0, 0)  ŷ(0, 0) = ReLU(b) = 0  ⇒  b ≤ 0   ReLU(t) = 0 exactly where t ≤ 0
  2  at (1, 0)  ŷ(1, 0) = ReLU(w₁ + b) = 1  ⇒  w₁ + b = 1   ReLU(t) = 1 only for t = 1
  3  at (0, 1)  ŷ(0, 1) = ReLU(w₂ + b) = 1  ⇒  w₂ + b = 1   ReLU(t) = 1 only for t = 1
  4  solve      w₁ = 1 − b   line 2
  5  solve      w₂ = 1 − b   line 3
  6  at (1, 1)  ŷ(1, 1) = ReLU(w₁ + w₂ + b)
  7  put in             = ReLU(2 − b)   lines 4 and 5
  8  bound              = 2 − b ≥ 2   line 1: b ≤ 0; the row asks for 0

so       The outputs at (0, 0), (1, 0) and (0, 1) make the output at (1, 1) at least 2, never 0: one
         such unit cannot be XOR.
checked  each line by algebra, and at 4,913 exact choices of (w_1, w_2, b): 110 give three rows, 0
         all four
"""

WRONG = """\
read as  W₁ = [1, 1; 1, −1], b₁ = [0; 0], W₂ = [1, −1], b₂ = 0
layers   z = Wx + b in each layer; activations: relu, identity

  x        h        ŷ   expected
  (0, 0)   (0, 0)   0   0          ✓
  (1, 0)   (1, 1)   0   1          ✗
  (0, 1)   (1, 0)   1   1          ✓
  (1, 1)   (2, 0)   2   0          ✗

✗  not XOR: at (1, 0) it gives 0, expected 1; at (1, 1) it gives 2, expected 0
note  b_2 is not given and counts as 0.
"""
GIVEN = "W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]; b2 = 0"
SLIP = "W1 = [[1,1],[1,-1]]; b1 = [0,0]; W2 = [1,-1]"


def run(*args: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["xor", *args], prog_name="hwcheck", input=text)


def test_the_proof() -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (0, PROOF)


def test_wrong_weights() -> None:
    result = run("--weights", SLIP)
    assert (result.exit_code, result.stdout) == (1, WRONG)


@pytest.mark.parametrize(
    ("args", "code", "last"),
    [
        (["--weights", GIVEN], 0, "✓  computes XOR: all four rows are exact"),
        (["--weights", GIVEN, "--output", "step"], 0, "✓  computes XOR: all four rows are right, ŷ ≥ ½ counting as 1\n"
         "note  A step is taken at 0; step(0) = 0 here."),
        (["--weights", "W = [1, -1]", "--hidden", "abs"], 0, "note  b_1 is not given and counts as 0."),
        (["--weights", "W = [1, 1]; b = -1"], 1,
         "✗  not XOR: at (1, 0) it gives 0, expected 1; at (0, 1) it gives 0, expected 1; at (1, 1) it gives\n"
         "   1, expected 0"),
        (["--weights", "W1 = [[1,0],[0,1]]; b1 = [0,0]; W2 = [1,1]; b2 = 0", "--hidden", "tanh"], 1, None),
    ],
)  # fmt: skip
def test_codes(args: list[str], code: int, last: str | None) -> None:
    result = run(*args)
    assert result.exit_code == code, result.output
    if last:
        assert result.stdout.rstrip().endswith(last)


def test_files_and_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text("W1 = [[1, 1], [1, 1]]\nb1 = [0, -1]\nW2 = [[1, -2]]\nb2 = 0\n")
    assert run("--weights", str(path)).stdout == run("--weights", "-", text=GIVEN).stdout == run("--weights", GIVEN).stdout


def test_descriptions(tmp_path: Path) -> None:
    path = tmp_path / "network.yaml"
    path.write_text("activations: [relu, identity]\nweights:\n  - [[1, 1], [1, 1]]\n  - [[1, -2]]\nbiases: [[0, -1], [0]]\n")
    assert run("--weights", str(path)).stdout == run("--weights", GIVEN).stdout
    assert run("--weights", str(path), "--hidden", "tanh").exit_code == 2


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--weights", "no-such-file"],
         "error: “no-such-file” is neither a file of text nor weights such as W1 = [[1,1],[1,1]]; W2 = [1,-2].\n"),
        (["--weights", "W1 = [[1,1],[1,a]]; W2 = [1,1]"],
         "error: In W_1: A weight has to be an exact number: digits, a fraction or a decimal.\n  W1 = [[1,1],[1,a]]; W2 = [1,1]\n"
         "                 ^\n"),
        (["--activation", "fancy"], "error: “fancy” is no activation here. Known are: abs, cos, elu"),
        (["--hidden", "relu"], "Usage: hwcheck xor [OPTIONS]\n"),
        (["--weights", GIVEN, "--activation", "relu"], "Usage: hwcheck xor [OPTIONS]\n"),
    ],
)  # fmt: skip
def test_refused(args: list[str], message: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


def test_json() -> None:
    proof = json.loads(run("--format", "json").stdout)
    assert proof["represents"] is False
    assert proof["grid"] == {"tried": 4913, "all_rows": 0, "three_rows": 110}
    assert proof["steps"][3] == {"rule": "solve", "before": "w_{1}", "after": "1 - b", "why": "line 2"}
    square = json.loads(run("--activation", "t^2", "--format", "json").stdout)
    assert square["weights"] == {"w_1": "1", "w_2": "-1", "b": "0"}
    table = json.loads(run("--weights", SLIP, "--format", "json").stdout)
    assert table["computes_xor"] is False
    assert table["rows"][3] == {"x": [1, 1], "hidden": [["2", "0"]], "output": "2", "expected": 0, "right": False}
    assert table["wrong"] == ["at (1, 0) it gives 0, expected 1", "at (1, 1) it gives 2, expected 0"]


def test_markdown() -> None:
    rows = run("--format", "markdown").stdout.splitlines()
    assert {row.count("|") for row in rows if row.startswith("|")} == {5}
    assert "| $(1, 1)$ | $(2, 0)$ | $2$ | 0 | ✗ |" in run("--weights", SLIP, "--format", "markdown").stdout.splitlines()


@pytest.mark.parametrize("args", [[], ["--activation", "sin"], ["--activation", "silu"], ["--activation", "step"], ["--weights", SLIP],
                                  ["--weights", GIVEN, "--hidden", "tanh", "--output", "sigmoid"]])  # fmt: skip
def test_latex_is_ascii(args: list[str]) -> None:
    text = run(*args, "--format", "latex").stdout
    assert all(c.isascii() for c in text), [c for c in text if not c.isascii()]


def test_lines_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "columns", lambda: 70)
    for args in ([], ["--activation", "t^2"], ["--weights", SLIP]):
        assert all(len(line) <= 70 for line in run(*args).stdout.splitlines())
