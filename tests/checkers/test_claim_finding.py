"""Formulas in a passage: where they begin and end, their sides and signs, and what is no formula."""

from __future__ import annotations

import time

import pytest

from hwcheck.checkers.claims.claim_conditions import conditions
from hwcheck.checkers.claims.claim_notation import damage, is_blank, repaired
from hwcheck.checkers.claims.derivative_marks import marks
from hwcheck.checkers.claims.finding import formulas

SIDES = [
    # (passage, the sides of each formula)
    ("We have $p = 3q$ and $r=4$.", [["p", "3q"], ["r", "4"]]),
    (r"$$\nabla g = 2Mu$$", [[r"\nabla g", "2Mu"]]),
    (r"\( s = t \) and \[ t = u + 1 \]", [["s", "t"], ["t", "u + 1"]]),
    (r"$a = b = c \approx 1.5$", [["a", "b", "c", "1.5"]]),
    (r"$a = 1, b = 2$ and $c = (3, 4)$", [["a", "1"], ["b", "2"], ["c", "(3, 4)"]]),
    ("$$p = q$$\n\n$$= r + s$$\n\n$$= 2r$$", [["p", "q", "r + s", "2r"]]),
    ("$p = q$ so we get $= r$", [["p", "q"]]),
    (r"\begin{align} u &= v + w \\ &= 2v \\ t &= 5 \end{align}", [["u", "v + w", "2v"], ["t", "5"]]),
    (r"$$\begin{aligned} u &= v \\ &= w \end{aligned}$$", [["u", "v", "w"]]),
    (r"$u = v \quad t = 3$", [["u", "v"], ["t", "3"]]),
    (r"$u = v \text{ and } t = 3$", [["u", "v"], ["t", "3"]]),
    (r"$y = \text{ReLU}(Vx)$", [["y", r"\text{ReLU}(Vx)"]]),
    (r"$m = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$", [["m", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"]]),
    (r"$m' = \begin{cases} 1, & u > 0 \\ 0, & u \leq 0 \end{cases}$", [["m'", r"\begin{cases} 1, & u > 0 \\ 0, & u \leq 0 \end{cases}"]]),
    (r"$s = \sum_{i=1}^n u_i$", [["s", r"\sum_{i=1}^n u_i"]]),
    (r"$J_{ij} = \delta_{ij} \implies I_d$", [["J_{ij}", r"\delta_{ij}", "I_d"]]),
    ("The value is q_1 = ln(2) = 0.69 here.", [["q_1", "ln(2)", "0.69"]]),
    ("- (1) dg/du = 2u - 1", [["dg/du", "2u - 1"]]),
    ("softplus'(t) = sigma(t), and we stop", [["softplus'(t)", "sigma(t)"]]),
    (r"\frac{du}{dt} = 3" + "\nin the end", [[r"\frac{du}{dt}", "3"]]),
    (r"defined $as: g(u) = Mu$", [["g(u)", "Mu"]]),
]


@pytest.mark.parametrize(("passage", "sides"), SIDES)
def test_sides(passage: str, sides: list[list[str]]) -> None:
    assert [[s.text for s in f.sides] for f in formulas(passage)] == sides


@pytest.mark.parametrize(("passage", "_"), SIDES)
def test_places_are_those_of_the_passage(passage: str, _: object) -> None:
    for formula in formulas(passage):
        assert all(passage[s.start : s.end] == s.text for s in formula.sides)
        assert formula.start == formula.places[0] <= formula.sides[0].start
        assert formula.end == formula.sides[-1].end
        assert len(formula.places) == len(formula.signs) == len(formula.sides)


NONE = [
    "There is nothing here.",
    "`u = 3` is code",
    "```\nu = 3\n```",
    "self.u = np.zeros(3)",
    "$u$ and $v$",
    "costs 5$ and 6$",
    "if a == b:",
]


@pytest.mark.parametrize("passage", NONE)
def test_what_is_no_formula(passage: str) -> None:
    assert formulas(passage) == ()


def test_other_signs_are_no_equations() -> None:
    found = formulas(r"$u \in \mathbb{R}^n$, $u > 0$, $u = 1$")
    assert [f.is_equation for f in found] == [False, False, True]


@pytest.mark.parametrize(
    ("passage", "letters", "equal"),
    [
        (r"$J_{ij} = 0$ for $i \neq j$", ("i", "j"), False),
        (r"$J_{ij} = 1$, if $i = j$.", ("i", "j"), True),
        (r"When $k = l$ we get $J_{kl} = 1$", ("k", "l"), True),
        (r"Off the diagonal $J_{ij} = 0$", ("", ""), False),
        (r"on the diagonal it is $J_{ij} = 1$", ("", ""), True),
    ],
)
def test_conditions(passage: str, letters: tuple[str, str], equal: bool) -> None:
    found = formulas(passage)
    said = next(c for f, c in zip(found, conditions(passage, found), strict=True) if f.sides[0].text.startswith("J"))
    assert said is not None
    assert ((said.a, said.b), said.equal) == (letters, equal)


def test_a_comparison_behind_a_formula() -> None:
    passage = "relu'(u) = 1 if u > 0, 0 otherwise."
    (said,) = conditions(passage, formulas(passage))
    assert said is not None
    assert (said.guard, said.others, passage[: said.end]) == ("u > 0", r"0 & \text{otherwise}", "relu'(u) = 1 if u > 0, 0 otherwise")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"\frac{\partial g}{\partial u_j}", [("quotient", "g", "u_j", "")]),
        (r"\frac{\partial}{\partial u}(Mu + c) + 1", [("quotient", "Mu + c", "u", "")]),
        (r"\frac{d p_i}{d t_j} \cdot dg/du", [("quotient", "p_i", "t_j", ""), ("quotient", "g", "u", "")]),
        ("∂L/∂V^{(1)}", [("quotient", "L", "V^{(1)}", "")]),
        (r"\nabla_u g", [("gradient", "g", "u", "")]),
        (r"[J_{g}(u)]_{ij} + J", [("jacobian", "g", "u", "ij"), ("jacobian", "", "", "")]),
        (r"\mu'(u) f_2'(t)", [("prime", r"\mu", "", ""), ("prime", "f_2", "", "")]),
        ("u^T v", []),
    ],
)
def test_marks(text: str, found: list[tuple[str, ...]]) -> None:
    assert [(m.kind, m.top, m.bottom, m.indices) for m in marks(text)] == found


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("rac{1}{p}", r"\frac{1}{p}"),
        ("egin{bmatrix} 1 \\end{bmatrix}", r"\begin{bmatrix} 1 \end{bmatrix}"),
        ("q_{ ext{obs}}", r"q_{ \text{obs}}"),
        ("V^{(1)}{}^T u", r"{V^{(1)}}^{\top}u"),
        (r"\boxed{2u}", "2u"),
        (r"a\,b\;", "a b"),
    ],
)
def test_repairs(text: str, better: str) -> None:
    assert repaired(text) == better


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (r"\int_{-\infty}^{\infty} \int_{-\infty}^{\infty} u", "Integral signs are repeated here that no step explains; "
         "a scanner seems to have put them there."),
        ("e^{**2/3}", "Stars stand where an exponent was expected; the scan has lost what was written."),
        (r"\frac{u}{}", "A part of a fraction is missing here."),
        ("{u", "A brace is opened or closed here without its partner, so a part of the formula is missing."),
        (r"\int u\,du", None),
        (r"\{1, 2\}", None),
    ],
)  # fmt: skip
def test_damage(text: str, said: str | None) -> None:
    assert damage(text) == said


@pytest.mark.parametrize(("text", "blank"), [(r"\dots", True), ("...", True), ("", True), ("u", False), (r"u + \dots", False)])
def test_blanks(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


HOSTILE = [r"\frac{" * 20_000, "$" * 40_000, "= " * 20_000, " a = b" * 8_000, "{" * 20_000 + "=" + "}" * 20_000, r"\begin{align}" * 4_000,
           "$w = " + "(" * 30_000, "if u = " * 6_000, r"$u \text{ and " * 3_000, "$u = " + " " * 60_000 + "v$", "J_" * 20_000 + "=1"]


@pytest.mark.parametrize("passage", HOSTILE, ids=range(len(HOSTILE)))
def test_work_is_bounded(passage: str) -> None:
    start = time.monotonic()
    formulas(passage)
    assert time.monotonic() - start < 3
