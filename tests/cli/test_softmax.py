"""`hwcheck softmax`: what is printed, in which format, and the exit codes."""

import json

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli import softmax as command
from hwcheck.cli.app import main
from hwcheck.cli.softmax import matrix_lines

PROOF = """\
softmax  z is a column with K entries, and so is σ: the Jacobian is K × K

  1  definition     σ_i = e^(z_i) / (Σ_k e^(z_k))
  2  name the sum       = e^(z_i) / S   S = Σ_k e^(z_k), the same number for every i
  3  quotient rule  ∂σ_i/∂z_j = (S∂(e^(z_i))/∂z_j − e^(z_i)∂S/∂z_j) / S²   (u/v)′ = (u′v − u v′)/v²
  4  numerator      ∂(e^(z_i))/∂z_j = δ_ij e^(z_i)
                      z_i is z_j itself if i = j, else it does not depend on z_j: ∂z_i/∂z_j = δ_ij
  5  denominator    ∂S/∂z_j = e^(z_j)   of the sum, only the term k = j depends on z_j
  6  put in         ∂σ_i/∂z_j = (δ_ij e^(z_i)S − e^(z_i)e^(z_j)) / S²   both derivatives
  7  case i = j     ∂σ_i/∂z_i = (e^(z_i)S − e^(z_i)e^(z_i)) / S²   δ_ij = 1, and j is i
  8  split                    = e^(z_i) / S · ((S − e^(z_i)) / S)   one S below each factor
  9  fold                     = σ_i (1 − σ_i)   e^(z_i) / S is σ_i, and S / S is 1
 10  case i ≠ j     ∂σ_i/∂z_j = −e^(z_i)e^(z_j) / S²   δ_ij = 0
 11  split                    = −e^(z_i) / S · (e^(z_j) / S)   one S below each factor
 12  fold                     = −σ_i σ_j   e^(z_i) / S is σ_i, and S / S is 1
 13  both in one    ∂σ_i/∂z_j = σ_i (δ_ij − σ_j)
                      δ_ij is 1 for i = j and 0 for i ≠ j, so this is either case
 14  matrix form    J = diag(σ) − σσᵀ   δ_ij σ_i stands on the diagonal, σ_i σ_j is entry ij of σσᵀ

Jacobian   ∂σ_i/∂z_j = σ_i (δ_ij − σ_j), as a matrix J = diag(σ) − σσᵀ
note       The Jacobian is diag(σ) − σσᵀ, not diag(σ − σσᵀ): diag makes a matrix of a column, and
           σ − σσᵀ would subtract a K × K matrix from a column.
confirmed  jacfwd """

EXPLICIT = """
for K = 3
  J = ⎡ σ_1 (1 − σ_1)  −σ_1 σ_2       −σ_1 σ_3      ⎤
      ⎢ −σ_2 σ_1       σ_2 (1 − σ_2)  −σ_2 σ_3      ⎥
      ⎣ −σ_3 σ_1       −σ_3 σ_2       σ_3 (1 − σ_3) ⎦
"""

CONTINUED = """
cross-entropy  the loss L = −Σ_i y_i log(σ_i) of one example with labels y

 15  definition       L = −Σ_i y_i log(σ_i)
                        y_i is 1 for the right class and 0 for the others (one-hot)
 16  chain rule       ∂L/∂z_j = −Σ_i y_i ∂σ_i/∂z_j / σ_i   (log u)′ = u′/u, term by term
 17  put in                   = −Σ_i y_i (σ_i (δ_ij − σ_j)) / σ_i   ∂σ_i/∂z_j as proved
 18  cancel                   = −Σ_i y_i (δ_ij − σ_j)   σ_i > 0
 19  collapse δ               = σ_j Σ_i y_i − y_j
                        in the sum over y_i δ_ij only the term i = j is left; σ_j goes before its
                        sum
 20  use Σ_i y_i = 1          = σ_j − y_j
                        the labels of one example sum to 1: one-hot, or any probabilities
 21  all j at once    ∂L/∂z = σ − y

gradient   ∂L/∂z = σ − y, where Σ_i y_i = 1 was used
note       σ − y is the gradient, a column like z; the Jacobian of the number L by z (output ×
           input) is its transpose, a row.
confirmed  jacfwd """


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["softmax", *args], prog_name="hwcheck")


def test_the_proof() -> None:
    result = run()
    assert result.exit_code == 0
    assert result.stdout.startswith(PROOF)
    assert result.stdout.endswith("8 points with K = 3 and K = 5, seed 561082\n")
    assert result.stdout.count("\n") == PROOF.count("\n") + 1


def test_everything() -> None:
    text = run("--with", "cross-entropy", "--classes", "3").stdout
    assert text.startswith(PROOF)
    assert EXPLICIT + CONTINUED in text


def test_lines_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "columns", lambda: 60)
    for line in run("--with", "cross-entropy", "--classes", "3").stdout.splitlines():
        assert len(line) <= 60, line


def test_json() -> None:
    found = json.loads(run("--with", "cross-entropy", "--classes", "2", "--format", "json").stdout)
    assert found["jacobian"] == r"\operatorname{diag}(\sigma) - \sigma\sigma^{\top}"
    assert found["cross_entropy"]["gradient"] == r"\sigma - y"
    assert found["cross_entropy"]["assumption"] == "Σ_i y_i = 1"
    assert found["explicit"] == [
        [r"\sigma_{1}(1 - \sigma_{1})", r"-\sigma_{1}\sigma_{2}"],
        [r"-\sigma_{2}\sigma_{1}", r"\sigma_{2}(1 - \sigma_{2})"],
    ]
    assert list(found["steps"][0]) == ["rule", "before", "after", "why"]


def test_markdown() -> None:
    rows = run("--with", "cross-entropy", "--format", "markdown").stdout.splitlines()
    assert r"$$ J = \operatorname{diag}(\sigma) - \sigma\sigma^{\top} $$" in rows
    assert r"$$ \frac{\partial L}{\partial z} = \sigma - y $$" in rows
    assert any(row.startswith("| 21 | all j at once |") for row in rows)
    assert {row.count("|") for row in rows if row.startswith("|")} == {5}


def test_latex() -> None:
    text = run("--with", "cross-entropy", "--classes", "2", "--format", "latex").stdout
    assert text.count(r"\begin{align*}") == text.count(r"\end{align*}") == 2
    assert r"\begin{bmatrix} \sigma_{1}(1 - \sigma_{1}) & -\sigma_{1}\sigma_{2} \\" in text
    assert all(c.isascii() for c in text), "LaTeX is printed in ASCII"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--classes", "1"], "error: The matrix is written out for 2 to 6 classes, not for 1.\n"),
        (["--classes", "1000000"], "error: The matrix is written out for 2 to 6 classes, not for 1000000.\n"),
        (["--classes", "three"], "Usage: hwcheck softmax [OPTIONS]\n"),
        (["--with", "mse"], "Usage: hwcheck softmax [OPTIONS]\n"),
    ],
)
def test_refused(args: list[str], message: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(message)


def test_matrix_lines() -> None:
    assert matrix_lines([["a", "bb"], ["ccc", "d"], ["e", "f"]]) == ["  J = ⎡ a    bb ⎤", "      ⎢ ccc  d  ⎥", "      ⎣ e    f  ⎦"]


def test_help_shows_examples() -> None:
    assert "hwcheck softmax --with cross-entropy" in run("--help").stdout
