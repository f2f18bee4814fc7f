"""The command `hwcheck read`: how texts are shown to be read, in every format; it never says what is right."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli.app import main


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["read", *arguments], input=stdin)


TEXTS = {
    ("X^T(Xw - y)",): """\
read as   Xᵀ(Xw − y)
LaTeX     X^{\\top}(Xw - y)
shape     a column, d × 1
names     X  n × d             usual shape
          w  a column, d × 1   usual shape
          y  a column, n × 1   usual shape
""",
    ("f(w) = u^T w + c", "--shape", "c:", "--shape", "u:3"): """\
read as   f(w) = uᵀw + c
LaTeX     f(w) = u^{\\top}w + c
shape     a number
names     u  a column, 3 × 1   declared
          w  a column, 3 × 1   usual shape
          c  a number          declared
""",
    ("J_ij = 2 δ_ij w_i",): """\
read as   J_ij = 2δ_ij w_i
LaTeX     J_{ij} = 2\\delta_{ij}w_{i}
shape     a number for every i and j
names     w  a column, d × 1   usual shape
""",
    ("∂L/∂W_1 = δ x^T",): """\
read as   ∂L/∂W₁ = δxᵀ
LaTeX     \\frac{\\partial L}{\\partial W_{1}} = \\delta x^{\\top}
shape     n × d
names     δ  a column, n × 1   usual shape
          x  a column, d × 1   usual shape
""",
}


@pytest.mark.parametrize("arguments", TEXTS, ids=" ".join)
def test_a_text_as_it_is_read(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.output, result.exit_code) == (TEXTS[arguments], 0)


def test_a_long_formula_is_folded_and_notes_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hwcheck.cli.read.columns", lambda: 40)
    assert run("f(lambda) = lambda^2 w^T x + ln x y^T S z", "--shape", "w:n", "--shape", "x:n").output == NARROW


NARROW = """\
read as   f(λ) = λ²wᵀx + log(x)yᵀSz
LaTeX     f(\\lambda) =
              \\lambda^{2}w^{\\top}x
              + \\log(x)y^{\\top}Sz
shape     a column, n × 1
names     λ  a number
               usual shape
          w  a column, n × 1
               declared
          x  a column, n × 1
               declared
          y  a column, m × 1
               usual shape
          S  m × k
               usual shape
          z  a column, k × 1
               usual shape
note      ln x is taken as ln(x), and
          what follows as a factor.
"""


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("latex", "f(w) = \\frac{1}{2}\\|Xw - y\\|^{2}\n"),
        ("unicode", "f(w) = 1/2 ‖Xw − y‖²\n"),
        ("ascii", "f(w) = 1/2 ||X w - y||^2\n"),
        ("numpy", "1 / 2 * np.linalg.norm(X @ w - y) ** 2\n"),
    ],
)
def test_one_line_in_one_style(form: str, shown: str) -> None:
    assert run("f(w) = \\frac12 \\|Xw - y\\|^2", "--format", form).output == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\\frac{\\partial L}{\\partial W^{(2)}} = \\delta x^T", "∂L/∂W⁽²⁾ = δxᵀ"),
        ("dL/dw = w", "dL/dw = w"),
        ("\\frac{dL}{d\\lambda} = 2\\lambda", "dL/dλ = 2λ"),
        ("y_1 = Xw", "y₁ = Xw"),
        ("\\nabla_w L = w", "\\nabla_w L = w"),
    ],
)
def test_left_sides(typed: str, shown: str) -> None:
    assert run(typed, "--format", "unicode").output == shown + "\n"


def test_json() -> None:
    assert json.loads(run("J_ij = X_ij c", "--shape", "c:", "--format", "json").output) == {
        "read_as": "J_{ij} = X_{ij}c",
        "unicode": "J_ij = X_ij c",
        "ascii": "J_ij = X_ij c",
        "numpy": "X[i, j] * c",
        "function": "J",
        "parameters": [],
        "shape": [1, 1],
        "free": ["i", "j"],
        "vars": {"X": ["n", "d"], "c": []},
        "origins": {"X": "usual", "c": "declared"},
        "notes": [],
    }


def test_what_numpy_cannot_say_is_null() -> None:
    data = json.loads(run("∂(w^T w)/∂w", "--format", "json").output)
    assert data["numpy"] is None


def test_definitions_and_standard_input() -> None:
    assert run("-", "--define", "s=softmax(z)", "--format", "unicode", stdin="diag(s) - s s^T\n").output == (
        "diag(softmax(z)) − softmax(z) softmax(z)ᵀ\n"
    )


def test_no_verdict_is_ever_shown() -> None:
    assert not {"right", "wrong", "verdict"} & set(run("2 + 2 = 5").output.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Σ_i (w_i x_i + b",), "error: The bracket “(” is never closed.\n  Σ_i (w_i x_i + b\n      ^\n"),
        (("w", "--shape", "w"), "error: A shape is written NAME:SIZES, for example X:n,d or w:d or c: (a number); got “w”.\n"),
        (("w", "--define", "s"), "error: A definition is written NAME=VALUE; got “s”.\n"),
    ],
)
def test_errors_have_their_place(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr, result.stdout) == (2, message, "")


def test_a_broken_encoding_does_no_harm() -> None:
    result = run("-", stdin=b"w + \xff")
    assert result.exit_code == 2
    assert "\N{REPLACEMENT CHARACTER}" in result.stderr


def test_without_an_expression() -> None:
    assert "An EXPR is needed, for example 'X^T(Xw - y)'." in run().stderr


def test_help_has_examples() -> None:
    assert "hwcheck read 'X^T(Xw - y)'" in run("--help").output
