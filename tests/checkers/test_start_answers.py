"""Sentences about networks that start at zero or at one constant, against what is derived."""

import pytest

from hwcheck.checkers.flat_text import clauses, flat_text
from hwcheck.checkers.problem_answers import verify_problem
from hwcheck.checkers.start_facts import start_facts
from hwcheck.checkers.start_sentences import said_in
from hwcheck.derivations.problems.problems import find


def _rulings(number: str, text: str) -> list[bool | None]:
    facts = start_facts(find(f"jhu-2024/{number}")[1][0])
    return [facts.ruling(said).holds for said in said_in(flat_text(text))]


@pytest.mark.parametrize(
    "text",
    [
        "∂ℓ/∂W₁ = 0",
        r"$\frac{\partial L}{\partial W^{(2)}} \propto h^\top = 0$",
        "dL/dW1 = 0",
        r"$\nabla_{b_1} \ell = \mathbf{0}$",
        "∂L/∂b_2 = ∂L/∂ŷ",
        r"$h = \text{ReLU}(W_1 x + b_1) = \text{ReLU}(0) = 0$",
        r"$\hat y = W_2 h + b_2 = 0$",
        "The gradients of W₁ and b₁ are both zero.",
        "∂ℓ/∂W_1 and ∂ℓ/∂W_2 vanish.",
        "All gradients except the one of the output bias vanish.",
        "Not all gradients are zero.",
        "The gradient of the output bias does not vanish.",
        "The weights are never updated.",
        "Gradient descent never changes W₂.",
        "Neither W_1 nor W_2 moves.",
        "No weight updates happen.",
        "W₁, b₁ and W₂ stay at zero.",
        "The first layer's weights remain unchanged.",
        "b₂ gets updated.",
        "Only the output bias moves.",
        "The hidden layer outputs zero.",
        "The hidden units stay equal.",
        "Every hidden neuron computes the same value.",
        "Symmetry is never broken.",
        "This prevents symmetry breaking.",
        "The prediction is the same for all inputs.",
        "ŷ does not depend on x.",
        "The network will never learn XOR.",
    ],
)
def test_what_holds_from_zero(text):
    assert _rulings("4.3", text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "∂ℓ/∂b₂ = 0",
        r"$\frac{d\ell}{d b_2} = \frac{d\ell}{d\hat y} = 0$",
        "All gradients are zero.",
        "Every gradient vanishes.",
        "∂ℓ/∂W_1, ∂ℓ/∂b_1 and ∂ℓ/∂b_2 are all zero.",
        "The gradient of W₂ is not zero.",
        "∂ℓ/∂W_2 ≠ 0",
        "No gradient updates take place.",
        "The model stays in its initial state.",
        "The parameters never change.",
        "The biases never change.",
        "W₁ is updated.",
        "Only W₂ changes.",
        "The output stays 0 throughout training.",
        "The hidden units become different after one step.",
        "Symmetry is broken.",
        "Gradient descent learns XOR.",
        "The output depends on x.",
    ],
)
def test_what_does_not_hold_from_zero(text):
    assert _rulings("4.3", text) == [False]


@pytest.mark.parametrize(
    "text",
    [
        "The network output remains 0.",  # at the start, or throughout?
        "The gradients are zero.",  # all of them?
        "It converges to predicting 0.5.",  # with which loss?
        "The gradients do not vanish.",
        "The biases are updated.",  # one of them is
        "∂ℓ/∂W_2 = (ŷ − y) q = 0",
    ],
)
def test_what_may_be_meant_in_two_ways_is_undecided(text):
    assert _rulings("4.3", text) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "W₁ is never updated since their gradients are small.",
        "If the gradients were zero, nothing would move.",
        "Should the weights be updated?",
        "Nobody can say that W₁ moves.",
        "The weights should be initialised randomly so that symmetry might be broken.",
        "The weights are zero.",  # given
        "We use stochastic gradient descent.",
        "b_2 = 0.5 after training",
    ],
)
def test_conditions_and_wishes_are_no_assertions(text):
    assert False not in _rulings("4.3", text)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("The hidden units stay equal.", True),
        ("All gradients are zero.", False),
        ("Nothing is learned, so XOR is never learned.", None),  # true for monotone activations only
        ("The weights never change.", None),
    ],
)
def test_from_a_constant_only_what_holds_for_every_activation(text, holds):
    assert set(_rulings("4.4", text)) == {holds}


COMPLETE = "W₁ and W₂ have zero gradients, so they never change. The output is the same for all inputs, and XOR is not learned."


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (COMPLETE, "right"),
        (COMPLETE + " Also a = 3 q.", "undecided"),  # a formula that was not read
        ("The weights never change.", "undecided"),
        ("XOR is not learned.", "undecided"),
        (COMPLETE + " The biases never change.", "wrong"),
        ("W₁ and W₂ never change, and the network learns XOR.", "wrong"),
        ("It was raining.", "undecided"),
        ("∂ℓ/∂W₁ = 0 and ∂ℓ/∂W₂ = 0; hence XOR is not learned.", "right"),
    ],
)
def test_an_answer_is_right_where_all_that_is_asked_is_there(answer, verdict):
    assert verify_problem("jhu-2024/4.3", answer).verdict == verdict


def test_the_first_wrong_sentence_is_named():
    verdict = verify_problem("jhu-2024/4.3", "h = 0. So no gradient updates take place.")
    assert verdict.message == (
        "“no gradient updates take place” does not hold. b₂ moves as long as ℓ′ (summed over the examples) is not 0."
    )
    assert verdict.spans == ((10, 40),)
    assert verdict.notes == ("confirmed: “h = 0”, since h = f(0) in every entry, and ReLU(0) = 0",)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("The hidden units stay equal, and for a monotone activation XOR is not learned.", "undecided"),
        ("All parameters stay the same, so nothing happens.", "wrong"),
    ],
)
def test_constant_start(answer, verdict):
    assert verify_problem("jhu-2024/4.4", answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("No. b ≤ 0, w_1 + b = 1 and w_2 + b = 1, so w_1 + w_2 + b = 2 − b ≥ 2 > 0.", "right"),
        (r"At (0,0), $\text{ReLU}(b) = 0$; (1,0): $w_1 + b = 1$; (0,1): $w_2 + b = 1$; (1,1): $w_1 + w_2 + b \le 0$. "
         "So one layer cannot represent XOR.", "right"),
        ("w_1 + b = 1 and w_2 + b = 1, so a single layer cannot represent XOR.", "undecided"),
        ("b = 0 and w_1 + b = 1 and w_2 + b = 1, so w_1 + w_2 + b ≥ 2: a single layer cannot represent XOR.", "undecided"),
        ("No, since XOR is not linearly separable.", "undecided"),
        ("Yes.", "wrong"),
        ("At (1, 0) we need w_1 + b = 0.", "wrong"),
        ("At (0, 0) ReLU(b) = 0, so b > 0.", "wrong"),
        ("At (0, 0) b ≤ 0, but the others give b ≥ 2.", "undecided"),
        ("Suppose w_1 + b = 0.", "undecided"),
        ("A single-layer network can represent XOR.", "wrong"),
        ("XOR is linearly separable.", "wrong"),
    ],
)  # fmt: skip
def test_arguments_that_one_unit_cannot_be_xor(answer, verdict):
    assert verify_problem("jhu-2024/4.1", answer).verdict == verdict


@pytest.mark.parametrize(
    ("number", "answer", "verdict"),
    [
        ("3.4", "Outputs of sigmoid are not zero-centered, while tanh is zero-centered.", "undecided"),
        ("3.4", "Sigmoid is zero-centred.", "wrong"),
        ("1.6", "All neurons of the layer compute the same value.", "undecided"),
        ("1.6", "The neurons of the layer become different after one step.", "wrong"),
        ("1.7", "The slope of sigmoid is tiny at large inputs.", "undecided"),
    ],
)
def test_explanations_are_wrong_or_for_a_person(number, answer, verdict):
    assert verify_problem(f"jhu-2024/{number}", answer).verdict == verdict


LONG = ("\\frac{", "_{", "$\\hat{", "e.g. ", "∂ℓ/∂(", "W_1 and ", "not zero ", "=", "(", "a, ", "the weights ", "is zero, ")


@pytest.mark.parametrize("source", [part * 9_000 for part in LONG])
def test_long_and_broken_text_ends_soon(source):
    flat = flat_text(source)
    assert len(list(clauses(flat))) <= 1
    list(said_in(flat))


@pytest.mark.parametrize(
    ("text", "rulings"),
    [
        ("The hidden units are equal at first. They stay equal after every step.", [True, True]),
        ("The hidden units are equal at first. They differ after one step.", [True, False]),
        ("The hidden units compute the same value and get different gradients.", [True, False]),
        ("The weights have zero gradients, so they never change.", [True, True]),
        ("They never change.", []),
        ("W₁ stays at zero since its gradient vanishes, and its bias too.", [True]),
    ],
)
def test_they_are_those_spoken_of_before(text, rulings):
    assert _rulings("4.3", text) == rulings


@pytest.mark.parametrize(
    ("source", "flat"),
    [
        (r"$\frac{\partial L}{\partial W_{1}}$", "∂L/∂W_1"),
        (r"$\mathbf{W}^{(1)} \mathbf{x}$", "W^(1) x"),
        (r"$\hat{\mathbf{y}} = W₂h$", "ŷ = W_2h"),
        (r"\begin{bmatrix} 0 & 1 \\ 2 & 3 \end{bmatrix}", "[ 0 , 1 ¦ 2 , 3 ]"),
        (r"$\mathbb{R}^{n \times d}$", "R^{n × d}"),
        (r"\{0, 1\}", "{0, 1}"),
        (r"\frac12", "1/2"),
        ("y\u0302 = h", "ŷ = h"),
    ],
)
def test_flat_text(source, flat):
    assert " ".join(flat_text(source).text.split()) == flat


def test_places_lead_back_to_the_source():
    source = r"so $\frac{\partial \ell}{\partial W_1} = \mathbf{0}$ holds"
    flat = flat_text(source)
    (said,) = said_in(flat)
    start, end = flat.span(said.start, said.end)
    assert source[start:end].startswith(r"\partial \ell") and source[start:end].endswith("0")
