"""Answers to the problems of the shipped sets, held against what each problem derives."""

from __future__ import annotations

import pytest

from hwcheck.checkers.problem_answers import verify_problem
from hwcheck.derivations.errors import HwcheckError, InputError
from hwcheck.derivations.problems.problems import find

ROWS: list[tuple[str, list[str], list[str]]] = [  # problem, right, wrong
    ("jhu-2024/2.2", ["2w^T", "(1, d)", "1 × d", "2 w_j", "J = 2w^T", "$2w^\\top$"], ["2w", "w^T", "(d, 1)", "2", "d"]),
    ("cosc490/2.3", ["x_i^T", "(1, d)"], ["x_i", "w^T", "x_i w^T"]),
    ("cosc490/2.4", ["X", "X_{ij}", "(n, d)", "n \\times d"], ["X^T", "(d, n)", "Xw", "w"]),
    ("cosc490/2.5", ["I", "I_d", "δ_{ij}", "(d, d)"], ["1", "w", "0", "(d, 1)"]),
    ("cosc490/2.6", ["diag(2w)", "2 diag(w)", "2 δ_{ij} w_i"], ["2w", "2w^T", "diag(w)", "2 w w^T"]),
    ("cosc490/2.7", ["δ_{jp} X_{iq}", "J_{ijpq} = δ_{jp} X_{iq}"], ["X", "X^T", "X ⊗ I_n", "X W^T", "X^T ⊗ I_k"]),
    ("cosc490/3.2a", ["σ(x)(1 - σ(x))", "\\frac{1}{1 + e^{-x}}", "\\frac{e^{-x}}{(1 + e^{-x})^2}", "σ(x)"], ["σ(x)^2", "σ(x) - 1",
    "\\frac{1}{1 + e^x}"]),
    ("cosc490/3.2b", ["1[x > 0]", "1[x >= 0]", "max(0, x)", "1 if x > 0 else 0"], ["1[x < 0]", "x", "|x|", "1"]),
    ("cosc490/3.2c", ["1 - tanh(x)^2", "tanh(x)", "\\frac{4}{(e^x + e^{-x})^2}"], ["1 - tanh(x)", "tanh(x)^2", "1 + tanh(x)^2"]),
    ("jhu-2024/3.5", ["s_i (δ_{ij} - s_j)", "softmax(z)_i (δ_{ij} - softmax(z)_j)"], ["s_i (1 - s_j)", "s_i δ_{ij}", "s_i s_j"]),
    ("jhu-2024/3.6", ["diag(s) - s s^T", "diag(softmax(z)) - softmax(z) softmax(z)^T"], ["diag(s)", "diag(s) + s s^T",
    "diag(s - s s^T)", "s ⊙ (1 - s)"]),
    ("jhu-2024/5.4", ["(1, 2e^3, e^3)", "(1/x, e^y z, e^y)", "[1/x, exp(y) z, exp(y)]", "(1, 40.17, 20.09)",
                      "∂f/∂x = 1/x, ∂f/∂y = z e^y, ∂f/∂z = e^y",
                      "\\frac{\\partial f}{\\partial x} = 1; \\frac{\\partial f}{\\partial z} = e^3; "
                      "\\frac{\\partial f}{\\partial y} = 2e^3"],
     ["(1, e^3, 2e^3)", "(1, 2, 3)", "(1, 40.17, 20.10)", "∂f/∂x = 1, ∂f/∂y = e^y, ∂f/∂z = e^y"]),
]  # fmt: skip


@pytest.mark.parametrize(("problem", "answer"), [(p, a) for p, right, _ in ROWS for a in right])
def test_right(problem: str, answer: str) -> None:
    verdict = verify_problem(problem, answer)
    assert verdict.verdict == "right", verdict.message


@pytest.mark.parametrize(("problem", "answer"), [(p, a) for p, _, wrong in ROWS for a in wrong])
def test_wrong(problem: str, answer: str) -> None:
    verdict = verify_problem(problem, answer)
    assert verdict.verdict == "wrong" and verdict.message


@pytest.mark.parametrize(("problem", "answer"), [
    ("jhu-2024/2.2", ""), ("jhu-2024/2.2", "2 w)"), ("jhu-2024/2.2", "the gradient"), ("jhu-2024/5.4", "1"), ("jhu-2024/5.4", "∂f/∂x = 1"),
    ("jhu-2024/5.4", "(1, 2)"), ("jhu-2024/3.6", "foo(s)"),
])  # fmt: skip
def test_unreadable(problem: str, answer: str) -> None:
    verdict = verify_problem(problem, answer)
    assert verdict.verdict == "unreadable" and verdict.message


@pytest.mark.parametrize("answer", ["(x, e^y z, e^y)", "(1/x, z e^{z + 1}, e^y)"])
def test_a_formula_that_is_right_at_the_point_alone_is_wrong(answer: str) -> None:
    """At x = 1, y = 3, z = 2 these have the values of the gradient."""
    assert verify_problem("jhu-2024/5.4", answer).verdict == "wrong"


def test_the_partial_that_is_wrong_is_named() -> None:
    verdict = verify_problem("jhu-2024/5.4", "∂f/∂x = 1, ∂f/∂y = e^y, ∂f/∂z = e^y")
    assert verdict.message.startswith("∂f/∂y: ") and [verdict.answer[a:b].strip() for a, b in verdict.spans] == ["e^y"]


@pytest.mark.parametrize("problem", ["jhu-2024/4.3", "jhu-2024/5.1", "cosc490/1.5"])
def test_what_is_not_judged_is_never_right_or_wrong(problem: str) -> None:
    assert verify_problem(problem, "x").verdict == "undecided"


@pytest.mark.parametrize("target", ["jhu-2024", "jhu-2024/99", "nothing/1", "jhu-2024/2"])
def test_a_target_is_one_problem(target: str) -> None:
    with pytest.raises(InputError):
        verify_problem(target, "x")


def test_every_problem_answers_without_raising() -> None:
    for name in ("cosc490", "cs640", "jhu-2023", "jhu-2024", "mit-6390"):
        for problem in find(name)[1]:
            for answer in ("0", "(1, 2, 3)"):
                assert verify_problem(f"{name}/{problem.id}", answer).verdict in ("right", "wrong", "undecided", "unreadable"), problem.id


def test_the_exact_value_can_be_asked_for() -> None:
    assert verify_problem("jhu-2024/5.4", "(1, 40.17, 20.09)", rounding="exact").verdict == "wrong"
    with pytest.raises(HwcheckError):
        verify_problem("jhu-2024/2.2.2.2", "x")
