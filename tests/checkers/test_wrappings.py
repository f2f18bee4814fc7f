"""What formulas are wrapped in is taken away, and lines stay lines; and what is said with ∇, rows of X and two conditions at once."""

from __future__ import annotations

import time

import pytest

from hwcheck.checkers.grading.grading import graded
from hwcheck.checkers.submissions.pages import page_of
from hwcheck.checkers.submissions.parts import submission_of
from hwcheck.checkers.submissions.wrappings import unquoted, unwrapped
from hwcheck.derivations.problems.problems import problem_set

UNWRAPPED = (
    (r"$$\boxed{\frac{\partial g}{\partial u} = 2u}$$", r"$$\frac{\partial g}{\partial u} = 2u$$"),
    (r"\fbox{$u = 1$} \textcolor{red}{$v = \boxed{3}$}", r"$u = 1$ $v = 3$"),
    (r"{\color{blue} $u$}", r"{$u$}"),
    (r"$\displaystyle u \text{ if } v > 0$", r"$u \text{ if } v > 0$"),
    (r"\(u > 0\) and \(\left(u\right)\)", r"$u > 0$ and $\left(u\right)$"),
    (r"\boxed{} \boxed{\ } \boxed{\square} \boxed{ \phantom{uu} }", r"\boxed{} \boxed{\ } \boxed{\square} \boxed{ \phantom{uu} }"),
    (r"\boxed{u", r"\boxed{u"),
    (r"u \\(2) v\)", r"u \\(2) v\)"),
)
UNQUOTED = (
    ("> $u$\n>> $v$\n>w", "$u$\n$v$\nw"),
    ("```\n> u\n```\n> v", "```\n> u\n```\nv"),
    ("> ```\n> u\n> ```", "```\nu\n```"),
    ("    > code\nu > v", "    > code\nu > v"),
)


@pytest.mark.parametrize(("text", "want"), UNWRAPPED)
def test_unwrapped(text: str, want: str) -> None:
    assert unwrapped(text) == want
    assert unwrapped(want) == want


@pytest.mark.parametrize(("text", "want"), UNQUOTED)
def test_unquoted(text: str, want: str) -> None:
    assert unquoted(text) == want


@pytest.mark.parametrize("piece", ["\\boxed{", "\\boxed{u", "\\(", "\\(\\u", "> ", "\\color{", "\\textcolor {"])
def test_the_time_is_linear(piece: str) -> None:
    start = time.perf_counter()
    unquoted(unwrapped(piece * (500_000 // len(piece))))
    assert time.perf_counter() - start < 2


# The set, the problem, its answer, its status and the verdicts on its claims.
READINGS = (
    ("jhu-2024", "2.3", r"$\nabla_w f = x_i^T$", "right", "right"),
    ("jhu-2024", "2.3", r"$\nabla_w f = 2x_i^T$", "wrong", "wrong"),
    ("jhu-2023", "2.3", r"$\nabla_w f = x_i$", "right", "right"),
    ("jhu-2024", "5.4", r"Therefore $\nabla f(1, 3, 2) = (1, 2e^3, e^3)$.", "right", "right"),
    ("jhu-2023", "2.7", r"$\frac{\partial W_{ij}}{\partial W_{pq}} = 1$ if $i = p$ and $j = q$, else 0.", None, "right"),
    ("jhu-2023", "2.7", r"$\frac{\partial W_{ij}}{\partial W_{pq}} = 2$ if $i = p$ and $j = q$, else 0.", None, "wrong"),
    ("jhu-2024", "2.4", r"One row is $f_i = x_i^\top w$, with $\frac{\partial f_i}{\partial w} = x_i^\top$.", None, "right right"),
    ("jhu-2024", "2.4", r"One row is $f_i = 2x_i^\top w$, with $\frac{\partial f_i}{\partial w} = w^\top$.", None, "wrong wrong"),
)


def test_an_entry_keeps_its_meaning_whatever_it_was_elsewhere() -> None:
    answers = (("2.4", r"$f_i = x_i^\top w$"), ("2.6", r"$f_i = w_i^2$ and $\frac{\partial f_i}{\partial w_j} = 2 w_i \delta_{ij}$"))
    text = "\n".join(f"## {number} One\n\n**Answer:** {answer}\n" for number, answer in answers)
    grade = graded(submission_of(page_of(text, "a.md", "markdown"), problem_set("jhu-2024")))
    assert [c.verdict.verdict for p in grade.problems for c in p.claims] == ["right"] * 3


@pytest.mark.parametrize(("name", "number", "answer", "status", "verdicts"), READINGS)
def test_readings(name: str, number: str, answer: str, status: str | None, verdicts: str) -> None:
    page = page_of(f"## {number} One\n\n**Answer:** {answer}\n", "a.md", "markdown")
    grade = graded(submission_of(page, problem_set(name)))
    problem = next(p for p in grade.problems if p.id == number)
    assert " ".join(c.verdict.verdict for c in problem.claims if c.claim.kind != "shape") == verdicts
    assert status in (None, problem.status)
