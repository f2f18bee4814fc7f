"""Layers written as classes: their forward and backward passes and steps, held against what is derived."""

from __future__ import annotations

import pytest

from hwcheck.checkers.claims.code_claims import LAYERS, code_claims
from hwcheck.checkers.submissions.submissions import Passage

DENSE = """
class Dense:
    def forward(self, X):
        self.X = X  # kept
        return self.w @ X + self.b

    def backward(self, grad):
        self.dw = grad @ self.X.T  # by the weights
        self.db = np.sum(grad, axis=1, keepdims=True)
        return self.w.T @ grad

    def step(self, eta):
        self.w = self.w - eta * self.dw
        self.b -= eta * self.db
"""
SIGMOID = """
```
1 v class Sigmoid(Layer):
2 v     def forward(self, T):
3           self.S = 1 / (1 + np.exp(-T))
4           return self.S
5 v     def backward(self, dLdS):
6           return dLdS * self.S * (1 - self.S)
```
"""


def said(text: str) -> list[tuple[str, str]]:
    passage = Passage(text, 1)
    found = code_claims(passage)
    assert all(text[p.start : p.end] == p.judged.claim.text and p.judged.claim.kind == "code" for p in found)
    return [(p.judged.claim.text, p.judged.verdict.verdict) for p in found]


def test_a_layer_with_weights() -> None:
    assert said(DENSE) == [
        ("self.w @ X + self.b", "right"),
        ("self.dw = grad @ self.X.T", "right"),
        ("self.db = np.sum(grad, axis=1, keepdims=True)", "right"),
        ("self.w.T @ grad", "right"),
        ("self.w = self.w - eta * self.dw", "right"),
        ("self.b -= eta * self.db", "right"),
    ]


def test_a_layer_entry_by_entry() -> None:
    assert said(SIGMOID) == [("self.S = 1 / (1 + np.exp(-T))", "right"), ("dLdS * self.S * (1 - self.S)", "right")]


@pytest.mark.parametrize(
    ("text", "before", "after", "wrong"),
    [
        (SIGMOID, "(1 - self.S)", "(1 + self.S)", "dLdS * self.S * (1 + self.S)"),
        (SIGMOID, "(1 + np.exp(-T))", "(1 + np.exp(T))", "self.S = 1 / (1 + np.exp(T))"),
        (DENSE, "self.b -= eta * self.db", "self.b -= -eta * self.db", "self.b -= -eta * self.db"),
        (DENSE, "self.dw = grad @ self.X.T", "self.dw = 2 * grad @ self.X.T", "self.dw = 2 * grad @ self.X.T"),
    ],
)
def test_what_is_wrong(text: str, before: str, after: str, wrong: str) -> None:
    assert before in text
    assert (wrong, "wrong") in said(text.replace(before, after))


NOTHING = ["class Pool:\n    def forward(self, X):\n        return X + 1\n", "class Tanh:\n    pass\n",
           "class ReLU:\n    def forward(self, X):\n        return magic(X)\n", "return 3", "class " * 20_000]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING, ids=range(len(NOTHING)))
def test_what_claims_nothing(text: str) -> None:
    assert said(text) == []


def test_both_conventions_of_a_linear_layer_are_known() -> None:
    assert len(LAYERS["linear"]) == 2
