"""Shapes that are stated in words: whose they are, and whether they are right."""

import pytest

from hwcheck.checkers.claims.shape_claims import shape_claims
from hwcheck.checkers.submissions.submissions import Passage
from hwcheck.derivations.problems.problems import find


def _claims(text, target=None, role="answer"):
    problem = find(target)[1][0] if target else None
    found = shape_claims(Passage(text, 5), problem, role)
    assert all(text[c.start : c.end] == c.judged.claim.text for c in found)
    assert all(c.judged.claim.kind == "shape" and c.judged.claim.role == role for c in found)
    return [(c.judged.claim.text, c.judged.verdict.verdict) for c in found]


@pytest.mark.parametrize(
    ("target", "text", "claims"),
    [
        ("jhu-2024/2.4", "n × d", [("n × d", "right")]),
        ("jhu-2024/2.4", "- (1) Matrix of shape n x d", [("n x d", "right")]),
        ("jhu-2024/2.4", r"$\mathbf{J} \in \mathbb{R}^{d \times n}$", [(r"\mathbb{R}^{d \times n}", "wrong")]),
        ("jhu-2024/2.4", r"Since $X$ has shape $n \times d$, the output is an $n \times 1$ column vector.",
         [(r"n \times d", "right"), (r"n \times 1", "right")]),
        ("jhu-2024/2.4", "The shape of X is (d, n).", [("(d, n)", "wrong")]),
        ("jhu-2024/2.4", "X, an n × d matrix, is given.", [("n × d", "right")]),
        ("jhu-2024/2.4", "If X is d × n, other rules hold.", []),
        ("jhu-2024/2.4", "We multiply an n × d matrix by a d × 1 vector.", []),
        ("jhu-2024/2.4", "Q is a p × q matrix.", []),  # nobody declared Q
        ("jhu-2024/2.4", r"a vector of a $\times 1$ numbers", []),  # a size was lost
        ("jhu-2024/2.7", "Xᵀ has shape d × n and W^T has shape k × d.", [("d × n", "right"), ("k × d", "wrong")]),
        ("jhu-2024/2.7", "The result f(W) has shape d × k.", [("d × k", "wrong")]),
        ("jhu-2024/2.7", r"a tensor of shape $(n \times k) \times (k \times d)$", [(r"(n \times k) \times (k \times d)", "right")]),
        ("jhu-2024/2.2", "The Jacobian of a scalar with respect to a d × 1 vector is a row vector with shape 1 × d.", [("1 × d", "right")]),
        ("jhu-2024/2.2", "The Jacobian of a d × 1 vector with respect to an n × 1 vector is an n × d matrix.", [("n × d", "wrong")]),
        ("jhu-2024/2.4", "| Shape | $d \\times n$ |\n| Jacobian | $X$ |", [(r"d \times n", "wrong")]),
        ("jhu-2024/2.5", "It is the identity, d × 1.", [("d × 1", "wrong")]),
        ("jhu-2024/2.2", "A column vector (1 × d): see below.", [("1 × d", "wrong")]),
        ("jhu-2024/2.1", "d × d, all zeros", [("d × d", "wrong")]),
        ("jhu-2024/2.7", "Each block is k × d, and each row is 1 × d.", []),
        ("jhu-2024/2.4", "The product of an n × d matrix and a d × 1 vector is an n × 1 vector.", []),
        ("jhu-2024/2.2", r"$\nabla_w f = 2w \in \mathbb{R}^{d \times 1}$", [(r"\mathbb{R}^{d \times 1}", "right")]),
        ("jhu-2024/3.6", r"$J_\sigma(z) \in \mathbb{R}^{K \times K}$", [(r"\mathbb{R}^{K \times K}", "right")]),
    ],
)  # fmt: skip
def test_shapes(target, text, claims):
    assert _claims(text, target) == claims


TWO = "If u is an r × 1 vector and v is an s × 1 vector, the Jacobian "
OUTPUT_FIRST = " (Shapes are (shape of the output)×(shape of the input).)"
INPUT_FIRST = " The shape is (shape of the input) × (shape of the output)."


@pytest.mark.parametrize(
    ("rule", "text", "verdict"),
    [
        (OUTPUT_FIRST, TWO + "of u with respect to v is an r × s matrix.", "right"),
        (OUTPUT_FIRST, TWO + "of u with respect to v is an s × r matrix.", "wrong"),
        (INPUT_FIRST, TWO + "J_v u is an s × r matrix.", "right"),
        (INPUT_FIRST, "If g is a scalar and v is an s × 1 vector, the Jacobian J_v g is a 1 × s vector.", "wrong"),
        (OUTPUT_FIRST, "Suppose A ∈ R^{r × s} and B ∈ R^{p × q}. The Jacobian J_A(B) is a tensor of shape (r × s) × (p × q).", "right"),
        ("", TWO + "of u with respect to v is an r × s matrix.", "undecided"),
        ("", TWO + "of u with respect to v is an r × r matrix.", "wrong"),
    ],
)  # fmt: skip
def test_jacobians_in_general_follow_the_rule_of_the_sheet(rule, text, verdict):
    assert [v for _, v in _claims(text + rule, role="statement")] == [verdict]


def test_the_type_of_a_function_is_no_shape():
    assert _claims(r"Let $f: \mathbb{R}^p \to \mathbb{R}^q$ be smooth.", role="statement") == []


@pytest.mark.parametrize("text", ["n × d " * 5000, "Jacobian of " * 3000, "is a n × d matrix, " * 1500, "(" * 30_000, "is n × d (" * 3000])
def test_long_text_ends_soon(text):
    shape_claims(Passage(text, 1), find("jhu-2024/2.4")[1][0])
