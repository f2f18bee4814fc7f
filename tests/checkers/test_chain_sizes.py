"""Shapes and sizes that a solution states, held against the shapes of its symbols."""

from __future__ import annotations

import pytest

from hwcheck.checkers.chains.chain_lines import lines_of
from hwcheck.checkers.chains.chain_macros import macros_of
from hwcheck.checkers.chains.chain_sizes import sizes_judged
from hwcheck.checkers.chains.chain_symbols import definitions_in
from hwcheck.checkers.chains.chains import judged_chain
from hwcheck.checkers.quantities import Given

LAYER = {"X": "8×3", "Y": "8×5", "W": "5×3"}
BATCH = {"X": "8×3", "Y": "8×5"}

SAID = [
    ("a tuple", r"The shape of $\frac{\partial Y}{\partial X}$ is $(8, 5, 8, 3)$.", LAYER, "right"),
    ("the other order", r"The shape of $\frac{\partial Y}{\partial X}$ is $8 \times 3 \times 8 \times 5$.", LAYER, "right"),
    ("laid out as a matrix", r"The Jacobian has shape $(8 \cdot 5) \times (8 \cdot 3) = 40 \times 24$.", BATCH, "right"),
    ("a set of arrays", r"$$\frac{\partial \mathbf{Y}}{\partial W} \in \mathbb{R}^{8 \times 5 \times 5 \times 3}$$", LAYER, "right"),
    ("with names", r"the shape of $\pderiv{Y}{X}$ is $(N, out Features, N, in Features) = (8, 5, 8, 3)$.", LAYER, "right"),
    ("in the next line", "The shape of the Jacobian $\\frac{\\partial Y}{\\partial X}$ is:\n$$(8, 5, 8, 3)$$", LAYER, "right"),
    ("how many entries", r"The total number of elements in $X$ is $N \times D_{\text{in}} = 8 \times 3 = 24$.", LAYER, "right"),
    ("commas in numbers", r"$(60 \cdot 50) \times 10 = 3,000 \times 10 = 30,000$", LAYER, "right"),
    ("in plain words", "The shape of the Jacobian is 8x5x3.", BATCH, "wrong"),
    ("of the wrong name", r"The shape of $\frac{\partial Y}{\partial X}$ is $(8, 5, 5, 3)$.", LAYER, "wrong"),
    ("arithmetic", r"$N \times D_{in} = 8 \times 3 = 26$", LAYER, "wrong"),
    ("too many entries", r"The number of elements in $Y$ is $8 \cdot 3 = 24$.", LAYER, "wrong"),
    ("sparse after all", r"The layer is linear. The Jacobian $\frac{\partial Y}{\partial W}$ is not sparse.", LAYER, "wrong"),
    ("how sparse", r"In a linear layer only $1/N$ of the elements in $\frac{\partial Y}{\partial X}$ are non-zero.", LAYER, "right"),
    ("not as sparse", r"In a linear layer only $1/N$ of the elements in $\frac{\partial Y}{\partial W}$ are non-zero.", LAYER, "wrong"),
    ("blocks are not judged", r"The blocks of the Jacobian have shape $(3, 3)$.", BATCH, None),
    ("no shapes are known", r"The shape of $\frac{\partial Y}{\partial X}$ is $(8, 5, 3)$.", {}, None),
    ("a layer that is not linear", r"The Jacobian $\frac{\partial Y}{\partial X}$ is not sparse.", LAYER, None),
    ("which Jacobian", r"The Jacobian has shape $(8, 5, 3)$.", LAYER, None),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "symbols", "word"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_sizes(answer: str, symbols: dict[str, str], word: str | None) -> None:
    found = sizes_judged(lines_of(answer), symbols, macros_of(answer))
    assert {r.verdict for r in found.values()} == ({word} if word else set())


def test_a_solution_of_words_is_judged_by_its_sizes() -> None:
    verdict = judged_chain("The shape of the Jacobian is 8x5x3.", None, Given(), symbols=BATCH)
    assert (verdict.verdict, verdict.first_wrong_line) == ("wrong", 1)
    assert verdict.message == (
        "Line 1 is the first that is wrong. The Jacobian of Y by X has an entry for each entry of both: its shape is 8 × 5 × 8 × 3."
    )


def test_definitions_in_loose_words() -> None:
    assert definitions_in({"r": "n×1 (=Av - b)", "c": "scalar (leaky)", "q": "n×1 (= f(x) + 1)"}) == {"r": "Av - b", "q": "f(x) + 1"}
