"""Lines, statements and signs of a worked solution; names and derivatives on left sides."""

from __future__ import annotations

import pytest

from hwcheck.checkers.chains.chain_heads import Pair, head_of
from hwcheck.checkers.chains.chain_lines import lines_of

LINES = [
    ("a = 2b\n= c + c", [[("a", "2b")], [("c + c",)]]),
    ("\n\n a = b \n\n\n so c = d.", [[("a", "b")], [("c", "d")]]),
    (r"a = b \\ c = d", [[("a", "b")], [("c", "d")]]),
    ("a = b, c = d", [[("a", "b"), ("c", "d")]]),
    (r"a = b \Rightarrow c = d", [[("a", "b"), ("c", "d")]]),
    (r"f(x, y) = x + y", [[("f(x, y)", "x + y")]]),
    (r"s = \sum_{i=1}^n x_i", [[("s", r"\sum_{i=1}^n x_i")]]),
    ("s = sum_i=1^n x_i", [[("s", "sum_i=1^n x_i")]]),
    (r"a = \begin{cases} 1 & x = 2 \\ 3 & x > 2 \end{cases}", [[("a", r"\begin{cases} 1 & x = 2 \\ 3 & x > 2 \end{cases}")]]),
    ("\\begin{aligned}\na &= b \\\\[2pt]\n &= c\n   + d \\tag{1}\n\\end{aligned}", [[("a", "b")], [("c\n   + d",)]]),
    (r"\therefore a \approx 3 \quad \text{(rounded)}", [[("a", "3")]]),
    ("We see that $a = b$ and so on.", [[("a", "b")]]),
    ("a = (b\n + c)", [[("a", "(b\n + c)")]]),
]


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[row[0] for row in LINES])
def test_lines(text: str, expected: list[list[tuple[str, ...]]]) -> None:
    lines = lines_of(text)
    assert [[s.terms for s in line.statements] for line in lines] == expected
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


def test_signs_prose_and_places() -> None:
    first, second = lines_of("We see that $a = b$ and so on.\n= 3 \\approx 4")
    assert first.prose and not second.prose
    (statement,) = second.statements
    assert statement.continues and statement.signs == ("=", "≈") and statement.is_readable
    assert second.span == (31, 44)
    assert not lines_of("a \\le b")[0].statements[0].is_readable


HEADS = [
    ("dE/dm", Pair("E", "m")),
    (r"\frac{\partial E}{\partial m}", Pair("E", "m")),
    (r"\dfrac{d\mathcal{E}}{dm}", Pair("E", "m")),
    (r"∂E/∂z₁", Pair("E", "z_1")),
    (r"\nabla_m E", Pair("E", "m", gradient=True)),
    (r"\nabla_m E(m)", Pair("E", "m", gradient=True)),
    (r"\frac{\partial E}{\partial W^{(2)}}", Pair("E", "W^(2)")),
    (r"\frac{\partial \hat y}{\partial m}", Pair("hat_y", "m")),
    ("f'(x)", Pair("f", "x")),
    (r"\frac{\partial E}{\partial m_j}", None),
    (r"\frac{\partial \sigma(x)}{\partial x}", None),
    (r"\sigma'(x)", None),
]


@pytest.mark.parametrize(("text", "pair"), HEADS, ids=[row[0] for row in HEADS])
def test_derivatives_on_left_sides(text: str, pair: Pair | None) -> None:
    assert head_of(text, {"x", "m"}, {"f": ("x",)}).pair == pair


@pytest.mark.parametrize(
    ("text", "name"),
    [("a", "a"), ("w_new", "w_new"), ("g(x)", "g"), (r"\delta", "delta"), (r"\sigma(x)", None), ("2a", None), ("x(m-1)", None)],
)
def test_names_on_left_sides(text: str, name: str | None) -> None:
    assert head_of(text, {"x", "m"}, {}).name == name
