"""Weights that compute XOR are right, all others are wrong with the row that shows it."""

from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.checkers.weights import judged_weights
from hwcheck.derivations.errors import NameUnknownError

RIGHT = "W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]; b2 = 0"


def test_right() -> None:
    verdict = judged_weights(RIGHT)
    assert (verdict.verdict, verdict.diagnosis, verdict.exit_code) == ("right", None, 0)
    assert verdict.evidence is not None and verdict.evidence.kind == "proved"
    assert verdict.message == "Right: the weights compute XOR in all four rows; each output is exactly right."
    assert verdict.notes == (
        "(0, 0): hidden (0, 0), output 0, expected 0", "(1, 0): hidden (1, 0), output 1, expected 1",
        "(0, 1): hidden (1, 0), output 1, expected 1", "(1, 1): hidden (2, 1), output 0, expected 0",
    )  # fmt: skip
    assert verdict.read_as == (
        r"W_{1} = \begin{bmatrix} 1 & 1 \\ 1 & 1 \end{bmatrix},\; b_{1} = \begin{bmatrix} 0 \\ -1 \end{bmatrix},\; "
        r"W_{2} = \begin{bmatrix} 1 & -2 \end{bmatrix},\; b_{2} = 0"
    )


def test_wrong() -> None:
    verdict = judged_weights("W1 = [[1,1],[1,-1]]; b1 = [0,0]; W2 = [1,-1]; b2 = 0")
    assert (verdict.verdict, verdict.diagnosis, verdict.exit_code) == ("wrong", "other", 1)
    assert verdict.message == "At (1, 0) it gives 0, expected 1; at (1, 1) it gives 2, expected 0."
    assert verdict.evidence is not None and verdict.evidence.witness is not None
    assert verdict.evidence.witness.to_dict() == {"at": {"x_1": "1", "x_2": "0"}, "yours": "0", "expected": "1"}


@pytest.mark.parametrize(
    ("answer", "verdict", "diagnosis", "message", "place"),
    [
        ("W1 = [[1,1,1],[1,1,1],[1,1,1]]; W2 = [1,1,1]", "wrong", "shape", "W_1 is 3 × 3; with 2 inputs it has to be h × 2 or 2 × h.",
         "W1 = [[1,1,1],[1,1,1],[1,1,1]]"),
        ("W1 = [[1,1],[1,1]; W2 = [1,1]", "unreadable", None, None, None),
        ("W1 = [[1,1],[1,x]]; W2 = [1,1]", "unreadable", None,
         "In W_1: A weight has to be an exact number: digits, a fraction or a decimal.", "x"),
        ("I do not know", "unreadable", None,
         "No weights were found. Write them as W1 = [[1, 1], [1, 1]]; b1 = [0, -1]; W2 = [1, -2]; b2 = 0.",
         None),
        ("W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [-1,2]; b2 = 1", "wrong", "other",
         "At (0, 0) it gives 1, expected 0; at (1, 0) it gives 0, expected 1; at (0, 1) it gives 0, expected 1; "
         "at (1, 1) it gives 1, expected 0. Every row is the opposite of XOR.", None),
    ],
)  # fmt: skip
def test_others(answer: str, verdict: str, diagnosis: str | None, message: str | None, place: str | None) -> None:
    found = judged_weights(answer)
    assert (found.verdict, found.diagnosis) == (verdict, diagnosis)
    if message is not None:
        assert found.message == message
        assert ([answer[slice(*span)] for span in found.spans] or [None]) == [place]


def test_a_missing_bias_is_zero_and_said() -> None:
    verdict = judged_weights("W1 = [[1,-1],[-1,1]]; W2 = [1,1]")
    assert verdict.verdict == "right"
    assert verdict.notes[:2] == ("b_1 is not given and counts as 0.", "b_2 is not given and counts as 0.")


def test_either_orientation() -> None:
    verdict = judged_weights("W1 = [[2,1],[0,1]]; b1 = [0,-1]; W2 = [1,-2]")
    assert (verdict.verdict, verdict.notes[1]) == (
        "wrong", "The matrices are square and can be read in two ways; this is z = W_1 x + b_1, and the other is not XOR either.")
    turned = "W1 = [[1,-1],[-2,2]]; b1 = [0,0]; W2 = [1,1/2]"  # z = (x_1 − x_2, 2x_2 − 2x_1)
    assert judged_weights(turned).notes[1].endswith("this is z = W_1 x + b_1, and the other is not XOR.")
    columns = "W1 = [[1,-2],[-1,2]]; b1 = [0,0]; W2 = [1,1/2]"
    assert judged_weights(columns).notes[1].endswith("this is z = W_1ᵀ x + b_1, and the other is not XOR.")
    assert judged_weights(columns, convention="Wx").verdict == "wrong"


def test_outputs_that_count_from_a_half_on() -> None:
    verdict = judged_weights("W1 = [[20,20],[20,20]]; b1 = [-10,-30]; W2 = [20,-20]; b2 = -10", hidden="sigmoid", output="sigmoid")
    assert verdict.message == "Right: the weights compute XOR in all four rows; where ŷ ≥ ½ counts as 1."
    assert judged_weights(RIGHT, hidden="sigmoid").verdict == "wrong"


def test_step_at_zero_is_a_convention() -> None:
    verdict = judged_weights("W1 = [[1,1],[1,1]]; b1 = [-1,-2]; W2 = [1,-1]; b2 = 0", hidden="step")
    assert verdict.verdict == "right"
    assert verdict.notes[0] == "A step is taken at 0; step(0) = 1 here."


def test_an_unknown_activation_is_not_the_answers_fault() -> None:
    with pytest.raises(NameUnknownError):
        judged_weights(RIGHT, hidden="fancy")


# Laws, with an evaluation of their own

ROWS = (((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((1, 1), 0))
Weights = tuple[list[list[F]], list[F], list[F], F]
BASES: list[Weights] = [
    ([[F(1), F(1)], [F(1), F(1)]], [F(0), F(-1)], [F(1), F(-2)], F(0)),
    ([[F(1), F(-1)], [F(-1), F(1)]], [F(0), F(0)], [F(1), F(1)], F(0)),
    ([[F(-1), F(-1)], [F(1), F(1)], [F(2), F(0)]], [F(1), F(-1), F(5)], [F(-1), F(-1), F(0)], F(1)),
]
positive = st.fractions(F(1, 9), F(9), max_denominator=9)


def outputs(weights: Weights) -> list[F]:
    w1, b1, w2, b2 = weights
    found = []
    for (x1, x2), _ in ROWS:
        hidden = [max(F(0), row[0] * x1 + row[1] * x2 + b) for row, b in zip(w1, b1, strict=True)]
        found.append(sum((w * h for w, h in zip(w2, hidden, strict=True)), b2))
    return found


def spelled(weights: Weights) -> str:
    w1, b1, w2, b2 = weights
    rows = ", ".join(f"[{row[0]}, {row[1]}]" for row in w1)
    return f"W1 = [{rows}]; b1 = [{', '.join(map(str, b1))}]; W2 = [{', '.join(map(str, w2))}]; b2 = {b2}"


@given(st.sampled_from(BASES), st.data())
def test_units_may_be_exchanged_and_scaled(base: Weights, data: Any) -> None:
    w1, b1, w2, b2 = base
    order = data.draw(st.permutations(range(len(w1))))
    scales = data.draw(st.lists(positive, min_size=len(w1), max_size=len(w1)))
    changed: Weights = ([[s * w for w in w1[k]] for k, s in zip(order, scales, strict=True)],
                        [s * b1[k] for k, s in zip(order, scales, strict=True)],
                        [w2[k] / s for k, s in zip(order, scales, strict=True)], b2)  # fmt: skip
    assert outputs(changed) == [0, 1, 1, 0]
    assert judged_weights(spelled(changed), convention="Wx").verdict == "right"


@given(st.sampled_from(BASES), st.data())
def test_a_changed_weight_is_judged_by_its_rows(base: Weights, data: Any) -> None:
    w1, b1, w2, b2 = [list(row) for row in base[0]], list(base[1]), list(base[2]), base[3]
    by = data.draw(st.fractions(F(-3), F(3), max_denominator=7).filter(bool))
    unit, where = data.draw(st.integers(0, len(w1) - 1)), data.draw(st.sampled_from(["w1", "b1", "w2", "b2"]))
    if where == "w1":
        w1[unit][data.draw(st.integers(0, 1))] += by
    elif where == "b2":
        b2 += by
    else:
        {"b1": b1, "w2": w2}[where][unit] += by
    changed: Weights = (w1, b1, w2, b2)
    wrong = [place for (place, expected), got in zip(ROWS, outputs(changed), strict=True) if got != expected]
    verdict = judged_weights(spelled(changed), convention="Wx")
    assert verdict.verdict == ("wrong" if wrong else "right")
    for place, _ in ROWS:
        assert (f"t {place} it gives" in verdict.message) == (place in wrong)
