"""The command `hwcheck jacobian`: whole outputs, every format, batches that nothing can end, errors with their place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from hwcheck.cli.app import main


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["jacobian", *arguments], input=stdin)


XW = """\
read as   f(w) = Xw        X: n × d, w: d × 1 (usual shapes; change with --shape)

The output has n entries and w has d, so the Jacobian is n × d (output × input).

  1  one entry    f_i = Σ_j X_ij w_j
  2  sum          ∂f_i/∂w_q = Σ_j X_ij ∂w_j/∂w_q
                    a sum is differentiated term by term; X does not depend on w
  3  variable               = Σ_j X_ij δ_jq
                    an entry of w by an entry of w: 1 where the indices agree, else 0
  4  collapse δ             = X_iq   a δ under a sum keeps the one term where its indices agree
  5  matrix form  J = X

confirmed   jacfwd 0   jacrev 0   8 points with d = 3, n = 5 and d = 5, n = 3, seed 11
"""


def test_a_derivation_as_a_student_reads_it() -> None:
    result = run("f(w) = Xw", "--seed", "11")
    assert result.exit_code == 0
    assert result.output == XW


@pytest.mark.parametrize(
    ("function", "options", "line"),
    [
        ("f(w) = c", (), "  3  matrix form  J = 𝟘_dᵀ"),
        ("f(w) = ||w||^2", (), "  6  matrix form  J = 2wᵀ"),
        ("f(w) = w^T x_i", (), "  5  matrix form  J = xᵢᵀ"),
        ("f(w) = w", (), "  3  matrix form  J = I_d"),
        ("f(w) = w^2", (), "  4  matrix form  J = 2 diag(w)"),
        ("f(W) = XW^T", (), "    J_ijpq = δ_jp X_iq"),
        ("f(W) = W", (), "    J_ijpq = δ_ip δ_jq"),
        ("f(w) = ||w||^2", ("--layout", "denominator"), "  6  matrix form  J = 2w"),
        ("f(w) = ||w||^2", ("--order", "2"), "  9  matrix form      H = 2I_d"),
        ("w^T A w", ("--wrt", "w"), "(A + Aᵀ)"),
    ],
)
def test_the_homework(function: str, options: tuple[str, ...], line: str) -> None:
    result = run(function, *options)
    assert result.exit_code == 0, result.output
    assert any(line in shown for shown in result.output.splitlines()), result.output


def test_four_axes_come_with_blocks_and_both_kronecker_forms() -> None:
    output = run("f(W) = XW^T").output
    assert "No matrix notation has these axes: i: n, j: k, p: k, q: d." in output
    assert "∂vec(f)/∂vec(W)ᵀ = (I_k ⊗ X)K" in output
    assert "∂vec(f)/∂vec(W)ᵀ = (X ⊗ I_k)K" in output
    assert "K vec(W) = vec(Wᵀ)" in output


def test_all_steps_shows_what_is_folded() -> None:
    short, long = run("f(w) = ||Xw - y||^2").output, run("f(w) = ||Xw - y||^2", "--all-steps").output
    assert len(long.splitlines()) > len(short.splitlines())


def test_json_has_the_fields_of_the_contract() -> None:
    data = json.loads(run("f(w) = Xw", "--format", "json").output)
    assert {"function", "wrt", "layout", "order", "vars", "shape", "element", "matrix", "matrix_latex", "python", "steps",
            "confirmation"} <= data.keys()
    assert (data["shape"], data["element"], data["matrix"]) == (["n", "d"], "X_{iq}", "X")
    assert data["steps"][0].keys() == {"rule", "before", "after", "why"}
    assert data["confirmation"]["points"] == 8 and len(data["confirmation"]["sizes"]) == 2


def test_python_is_a_source_that_computes_the_jacobian() -> None:
    source = run("f(w) = ||Xw - y||^2", "--format", "python").output
    scope: dict[str, object] = {}
    exec(source, scope)
    rng = np.random.default_rng(3)
    x, w, y = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=5)
    assert np.allclose(scope["jacobian"](X=x, w=w, y=y), 2 * (x @ w - y) @ x)  # type: ignore[operator]


@pytest.mark.parametrize(("form", "piece"), [("markdown", "$$ J = X $$"), ("latex", "\\begin{align*}"), ("latex", "\\[ J = X \\]")])
def test_documents(form: str, piece: str) -> None:
    assert piece in run("f(w) = Xw", "--format", form).output


def test_standard_input_is_read_for_a_dash() -> None:
    assert "J = X" in run("-", stdin="f(w) = Xw\n").output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("f(w) = Xw)",), "error: This “)” closes nothing.\n  f(w) = Xw)\n           ^\n"),
        (("Xw",), "error: By which variable? The function has X, w; say it with --wrt.\n"),
        (("Xw", "--wrt", "q"), "error: “q” does not occur here. The names are: X, w.\n  Xw\n  ^^\n"),
        (("w", "--shape", "w"), "error: A shape is written NAME:SIZES, for example X:n,d or w:d or c: (a number); got “w”.\n"),
        (("Xw", "--wrt", "w", "--shape", "X:1000000,3"),
         "error: The size 1000000 of X is not between 1 and 512; a name such as n stands for any size.\n"),
        (("f(x) = 9**9**9**9",),
         "error: This number would have more than 4,096 binary digits.\n  f(x) = 9**9**9**9\n            ^^^^^^^\n"),
        (("f(x) = log(-x^2 - 1)",),
         "error: No point was found at which the function and its derivative are finite; declare where the variables live with "
         "--domain, for example --domain x=positive.\n"),
    ],
)
def test_errors_are_one_message_with_the_place(arguments: tuple[str, ...], message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stderr, result.stdout) == (2, message, "")


def test_usage_errors() -> None:
    assert "A FUNCTION is needed" in run().stderr
    assert run("w", "--layout", "sideways").exit_code == 2
    assert run("w", "--order", "3").exit_code == 2


def test_a_batch_keeps_order_and_survives_everything(tmp_path: Path) -> None:
    lines = [
        '{"id": 1, "function": "X @ w", "wrt": "w", "vars": {"X": ["n", "d"], "w": ["d"]}}',
        '{"id": 2, "function": "X @ w +", "wrt": "w", "vars": {"X": ["n", "d"], "w": ["d"]}}',
        "this is no JSON",
        '{"id": 4}',
        "[]",
        "",
        '{"id": 5, "function": "9**9**9**9", "wrt": "x"}',
        '{"id": 6, "function": "x", "wrt": "x", "vars": {"x": "n"}}',
        '{"id": "\\ud800", "function": "\\u0000", "wrt": "x"}',
        '{"id": 8, "function": "w @ w", "wrt": "w", "vars": {"w": ["d"]}, "order": 2}',
    ]
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = run("--batch", str(path))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 2
    assert [row["id"] for row in rows] == [1, 2, None, 4, None, 5, 6, "\ud800", 8]
    assert [row.get("error", {}).get("kind") for row in rows] == [
        None, "notation", "input", "input", "input", "limit", "input", "notation", None]
    assert (rows[0]["matrix"], rows[-1]["matrix"]) == ("X", "2I_d")
    assert rows[1]["error"]["span"] == [7, 7]


def test_an_empty_batch_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text("")
    assert (run("--batch", str(path)).exit_code, run("--batch", str(path)).stdout) == (0, "")


def test_help_has_examples() -> None:
    assert "hwcheck jacobian 'f(w) = Xw'" in run("--help").output
