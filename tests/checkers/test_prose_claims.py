"""Small claims in words, weights, rows and ticks in an answer: which are found, and what becomes of them."""

import pytest

from hwcheck.checkers.claims.choice_claims import choice_claims
from hwcheck.checkers.claims.prose_claims import prose_claims
from hwcheck.checkers.claims.start_claims import start_claims
from hwcheck.checkers.claims.weight_claims import weight_claims
from hwcheck.checkers.submissions.submissions import Passage
from hwcheck.derivations.problems.problems import find


def _claims(reader, text, target=None, role="answer"):
    problem = find(target)[1][0] if target else None
    found = reader(Passage(text, 3), problem, role)
    assert all(text[c.start : c.end] == c.judged.claim.text == c.judged.verdict.answer for c in found)
    assert all(c.judged.claim.line == 3 + text.count("\n", 0, c.start) for c in found)
    return [(c.judged.claim.text, c.judged.verdict.verdict) for c in found]


# -- whatever the problem ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "single-layer network cannot represent XOR",
        "XOR is not linearly separable",
        "multi-layer network can model XOR",
        "tanh is zero-centered",
        "sigmoid is not zero-centred",
        "functions that are not zero-centered functions like sigmoid",
        "Sigmoid and tanh saturate",
        "derivatives of sigmoid and tanh are tiny for large inputs",
        "ReLU helps since its slope is 1 for positive inputs",
        "derivative of sigmoid is at most 0.25",
        "slope of tanh is always positive",
        "Sigmoid has range (0, 1)",
        "Residual connections alleviate vanishing gradients",
    ],
)
def test_what_holds(text):
    assert [v for _, v in _claims(prose_claims, f"{text}.")] == ["right"]


@pytest.mark.parametrize(
    "text",
    [
        "one-layer network can represent XOR",
        "XOR is linearly separable",
        "one-layer network has only one linear region",
        "Zero-centred functions such as tanh and sigmoid",
        "ReLU is zero-centered",
        "slope of ReLU is always positive",
        "derivative of tanh has a maximum of 2",
        "tanh has range (0, 1)",
        "Skip connections reduce the number of layers",
        r"row vector $\sigma(z)_i$",
        r"differentiable function $g: \{0, 1\} \times \{0, 1\} \to \mathbb{R}$",
        r"$[z_1, \dots, z_p]^T$ goes to $[f(z_1), \dots, f(z_q)]^T$",
    ],
)
def test_what_does_not_hold(text):
    assert [v for _, v in _claims(prose_claims, f"{text}.")] == ["wrong"]


@pytest.mark.parametrize(
    "text",
    [
        "Can a single-layer network represent XOR?",
        "If a single-layer network could represent XOR, we would be done.",
        "Networks learn nice features.",
        "sigmoid and tanh are useful for probabilities and zero-centered outputs",
        "Leaky ReLU is zero-centered.",
        "We use sigmoid here, and the gradient is computed.",
        r"$[z_1, \dots, z_p]^T$ goes to $[f(z_1), \dots, f(z_p)]^T$",
    ],
)
def test_what_is_for_a_person(text):
    assert _claims(prose_claims, text) == []


def test_the_sheet_is_held_to_its_slips_only():
    assert _claims(prose_claims, "XOR is linearly separable.", role="statement") == []


# -- by the problem ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "text", "claims"),
    [
        ("jhu-2024/2.4", "The function is linear in w.", [("function is linear in w", "right")]),
        ("jhu-2024/2.2", "f is linear in w.", [("f is linear in w", "wrong")]),
        ("jhu-2024/2.2", "f is not linear in w.", [("f is not linear in w", "right")]),
        ("jhu-2024/2.6", "The Jacobian is a d × d diagonal matrix.", [("Jacobian is a d × d diagonal matrix", "right")]),
        ("jhu-2024/2.6", "The Jacobian is the identity matrix.", [("Jacobian is the identity matrix", "wrong")]),
        ("jhu-2024/2.6", "The Jacobian is symmetric and the derivative depends on w.",
         [("Jacobian is symmetric", "right"), ("derivative depends on w", "right")]),
        ("jhu-2024/2.4", "The Jacobian is diagonal.", []),  # n × d
        ("jhu-2024/4.1", "No. With b ≤ 0 and w_1 + b = 1 we get w_1 ≥ 1.",
         [("No", "right"), ("b ≤ 0", "right"), ("w_1 + b = 1", "right"), ("w_1 ≥ 1", "right")]),
        ("jhu-2024/4.1", "b = 0", []),  # follows from nothing, but may be supposed
        ("jhu-2024/1.6", "Every neuron computes the same value.", [("Every neuron computes the same value", "right")]),
    ],
)  # fmt: skip
def test_words_about_what_is_asked(target, text, claims):
    assert _claims(prose_claims, text, target) == claims


def test_a_list_of_gradients_is_one_claim_each():
    text = r"$\frac{\partial L}{\partial W_2}$, $\frac{\partial L}{\partial b_2}$ are both zero, since $h = \text{ReLU}(0) = 0$."
    assert _claims(start_claims, text, "jhu-2024/4.3") == [
        (r"\frac{\partial L}{\partial W_2}", "right"), (r"\frac{\partial L}{\partial b_2}", "wrong"),
        (r"h = \text{ReLU}(0)", "right"), (r"\text{ReLU}(0) = 0", "right"),
    ]  # fmt: skip
    assert _claims(start_claims, text, "jhu-2024/4.1") == []


# -- weights -------------------------------------------------------------------------------------------------------------

WEIGHTS = r"$W_1 = \begin{bmatrix} 2 & 2 \\ 2 & 2 \end{bmatrix}$, $b_1 = [0, -2]$, $W_2 = [1, -2]$ and $b_2 = 0$"


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (f"Take {WEIGHTS}.", ["wrong"]),  # 2 instead of 1
        (f"Take {WEIGHTS}, which matches XOR.", ["wrong", "wrong"]),
        (f"Take {WEIGHTS.replace('[1, -2]', '[0.5, -1]')}, which correctly models XOR.", ["right", "right"]),
        (f"Take {WEIGHTS}. Then x = (1, 1) gives h = (4, 2), and for x = (0, 1): h = [2, 1].", ["wrong", "right", "wrong"]),
        (WEIGHTS + r" $\hat y = \begin{cases} 0, & \text{if } h = [0, 0] \text{ or } [4, 2] \\ 1, & \text{if } h = [2, 0] \end{cases}$",
         ["wrong", "right", "right", "wrong"]),
        (f"{WEIGHTS}. At x = (1, 1) we have h = (4, 2) and ŷ = 1 · 4 − 2 · 2 = 0.", ["wrong", "right"]),
        (WEIGHTS + "\n\n| $x_1$ | $x_2$ | h | $\\hat{y}$ |\n|---|---|---|---|\n| 0 | 1 | (2, 0) | 2 |\n| 1 | 1 | (4, 1) | 1 |",
         ["wrong", "right", "right", "wrong", "wrong"]),
        (WEIGHTS + "\n\n| x_1 | x_2 | h_1 | h_2 |\n|-|-|-|-|\n| 1 | 1 | 4 | 2 |", ["wrong", "right", "right"]),
        ("We take suitable weights.", []),
        (r"$W_1 = \begin{bmatrix} 1 & 1", []),
    ],
)  # fmt: skip
def test_weights_and_their_rows(text, verdicts):
    assert [v for _, v in _claims(weight_claims, text, "jhu-2024/4.2")] == verdicts


def test_a_wrong_row_says_what_the_weights_give():
    (row,) = weight_claims(Passage(f"{WEIGHTS}; for x = (1, 0): h = (1, 0)", 1), find("jhu-2024/4.2")[1][0])[1:]
    assert row.judged.verdict.message == "At x = (1, 0) your weights give h = (2, 0), not (1, 0)."
    assert row.judged.claim.kind == "number"


# -- ticks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "text", "claims"),
    [
        ("jhu-2024/1.2", r"\Box True \checkmark False Answer:", [(r"\checkmark False", "right")]),
        ("jhu-2024/1.2", "☑ True ☐ False", [("☑ True", "wrong")]),
        ("jhu-2024/1.2", "Answer: False, the layers wait for each other.", [("False", "right")]),
        ("jhu-2024/1.2", "□ True □ False", [("□ True □ False", "unreadable")]),
        ("jhu-2024/1.9", "(a)", [("(a)", "right")]),
        ("jhu-2024/1.9", "[ ] one\n[x] two\n[ ] three", [("[x] two", "wrong")]),
        ("jhu-2024/1.9", "■ one □ two □ three", [("■ one", "right")]),
        ("jhu-2024/1.1", "It is what it is.", [("It is what it is.", "unreadable")]),
        ("jhu-2024/1.2", "- [ ] true\n- [x] false", [("[x] false", "right")]),
        ("jhu-2024/1.2", r"\item[$\boxtimes$] true", [(r"\boxtimes$] true", "wrong")]),
        ("jhu-2024/1.5", "☑ True", []),  # no options there
    ],
)
def test_ticks(target, text, claims):
    assert _claims(choice_claims, text, target) == claims


def test_ticks_in_the_text_of_the_sheet_are_an_answer_and_empty_boxes_are_none():
    problem = find("jhu-2024/1.2")[1][0]
    (tick,) = choice_claims(Passage("□ True ■ False", 1), problem, "statement")
    assert (tick.judged.claim.role, tick.judged.verdict.verdict) == ("answer", "right")
    assert choice_claims(Passage("□ True □ False", 1), problem, "statement") == ()


LONG = ("☑ ", "W_1 = [[1, ", "XOR is ", "a single layer ", "[1, 0] if x = (0, 1) or ", "\\begin{cases} ", "{0,1} ", "[z_1, ")


@pytest.mark.parametrize("part", LONG)
def test_long_text_ends_soon(part):
    text = part * 2000
    for reader, target in ((prose_claims, "jhu-2024/4.1"), (weight_claims, "jhu-2024/4.2"), (choice_claims, "jhu-2024/1.1")):
        reader(Passage(text, 1), find(target)[1][0])
