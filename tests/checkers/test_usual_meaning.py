"""Worked solutions of which the sheet does not say what the names mean: what is confirmed by convention, what never is."""

from __future__ import annotations

import pytest

from hwcheck.checkers.chains.chains import judged_chain
from hwcheck.checkers.quantities import Given

COLUMNS = {"x": "m×1", "W_1": "h×m", "W_2": "k×h", "b_1": "h×1", "b_2": "k×1", "y": "k×1 one-hot", r"\hat y": "k×1"}
ROWS = {"x": "1×m", "W_1": "m×h", "W_2": "h×k", "z_1": "1×h", "h": "1×h", "z_2": "1×k", "y": "1×k one-hot", r"\hat y": "1×k"}
VECTORS = {"U": "d×n (columns u_w)", "v_c": "d×1", "u_o": "d×1", "y": "n×1 one-hot", r"\hat y": "n×1"}
LAYERS = {"A": "vector", "M": "matrix", "J": "scalar"}

# name, symbols, context, the solution, what is put for what to make it wrong
CHAINS = [
    ("softmax and cross-entropy by logits", COLUMNS, "softmax cross-entropy",
     r"\frac{\partial L}{\partial z} = \hat y - y",
     [(r"\hat y - y", r"y - \hat y"), (r"\hat y - y", r"\hat y"), (r"\hat y - y", r"2(\hat y - y)")]),
    ("the same by entries", COLUMNS, "softmax cross-entropy",
     r"\frac{\partial L}{\partial z_j} = \hat y_j - y_j", [(r"- y_j", r"+ y_j"), (r"\hat y_j - y_j", r"\hat y - y"), (r"- y_j", r"- y_i")]),
    ("through an affine layer of columns", COLUMNS, "softmax cross-entropy",
     r"\frac{\partial L}{\partial h} = \frac{\partial L}{\partial z_2}\frac{\partial z_2}{\partial h} = W_2^T(\hat y - y)",
     [("W_2^T(", "W_2("), (r"\hat y - y", r"y - \hat y"), (r"W_2^T(\hat y - y)", r"(\hat y - y)W_2^T")]),
    ("through an affine layer of rows", ROWS, "softmax cross-entropy",
     r"\frac{\partial L}{\partial h} = \frac{\partial L}{\partial z_2}\frac{\partial z_2}{\partial h} = (\hat y - y)W_2^T",
     [("W_2^T", "W_2"), (r"\hat y - y", r"y - \hat y")]),
    ("by a matrix of weights", ROWS, "softmax cross-entropy",
     r"\frac{\partial L}{\partial W_2} = h^T(\hat y - y)", [("h^T", "h"), (r"\hat y - y", r"y - \hat y"), ("h^T", "x^T")]),
    ("a logistic unit", {"z": "scalar", "y": "scalar", "t": "scalar"}, "logistic regression",
     r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial y}\frac{\partial y}{\partial z} = \frac{y-t}{y(1-y)}y(1-y) = y - t",
     [("= y - t", "= t - y"), (r"\frac{y-t}{y(1-y)}", r"\frac{y-t}{y(1+y)}"), ("= y - t", "= y - 2t")]),
    ("the softmax by entries", {"p": "k-vector", "s": "k-vector"}, "softmax of the scores s",
     r"\frac{\partial p_i}{\partial s_j} = p_i(\delta_{ij} - p_j)",
     [(r"\delta_{ij} - p_j", r"\delta_{ij} - p_i"), (r"\delta_{ij} - p_j", r"\delta_{ij} + p_j"),
      (r"p_i(\delta_{ij} - p_j)", "p_i(1 - p_j)")]),
    ("word vectors, by the centre word", VECTORS, "skip-gram with the softmax",
     r"\frac{\partial J}{\partial v_c} = -u_o + \sum_w \hat y_w u_w = U(\hat y - y)",
     [(r"= U(", r"= U^T("), (r"-u_o +", r"u_o +"), (r"\hat y_w u_w", r"\hat y_w u_o")]),
    ("word vectors, by all outside words", VECTORS, "skip-gram with the softmax",
     r"\frac{\partial J}{\partial U} = v_c(\hat y - y)^T", [(r"(\hat y - y)^T", r"(\hat y - y)"), (r"\hat y - y", r"y - \hat y")]),
    ("negative samples", {"v_c": "d×1", "u_o": "d×1", "u_k": "d×1"}, "negative sampling",
     r"\frac{\partial J}{\partial v_c} = -(1-\sigma(u_o^Tv_c))u_o + \sum_{k=1}^K (1-\sigma(-u_k^Tv_c))u_k",
     [(r"\sigma(-u_k", r"\sigma(u_k"), (r"-(1-\sigma(u_o", r"(1-\sigma(u_o"), (r"v_c))u_o", r"v_c))v_c")]),
    ("a weight of a layer by entries", {"W": "W_{ij}: from j to i", "a": "a_i", "z": "z_i"}, "an affine layer",
     r"\frac{\partial z_i}{\partial W_{ij}} = a_j", [("= a_j", "= a_i"), ("= a_j", "= 2a_j")]),
    ("an error passed back by entries", {"W": "W_{ij}: from j to i", "J": "scalar"}, "backpropagation",
     r"\frac{\partial J}{\partial a_i^{(l)}} = \sum_j \frac{\partial J}{\partial z_j^{(l+1)}}"
     r"\frac{\partial z_j^{(l+1)}}{\partial a_i^{(l)}} = \sum_j \delta_j^{(l+1)} W_{ji}^{(l)}",
     [("W_{ji}", "W_{ij}"), (r"\delta_j^{(l+1)} W", r"\delta_i^{(l+1)} W")]),
    ("least squares", {"X": "n×d", "w": "d×1", "y": "n×1", "n": "scalar"}, "least squares, the mean over n samples",
     r"\nabla_w L = \frac{2}{n}X^T(Xw - y)", [("X^T(", "X("), ("Xw - y", "y - Xw"), ("X^T(Xw - y)", "(Xw - y)X^T")]),
    ("a regression over samples", {"w": "scalar", "b": "scalar", "t": "scalar"}, "linear regression",
     r"\frac{\partial E}{\partial b} = \frac{1}{N}\sum_i (w x^{(i)} + b - t^{(i)})", [("+ b - t", "- b - t"), ("- t^{(i)}", "+ t^{(i)}")]),
    ("a penalty on the weights", {"C": "scalar"}, "weight decay",
     r"\frac{\partial C}{\partial w_{ab}} = \frac{\partial L}{\partial w_{ab}} + 2\lambda w_{ab}",
     [("} + 2", "} - 2"), (r"2\lambda w_{ab}", r"2\lambda w_{ba}")]),
    ("a linear recurrence", {"S": "scalar", "w_x": "scalar", "w_{rec}": "scalar", "x": "scalar"}, "linear recurrence",
     r"\frac{\partial L}{\partial S_{k-1}} = \frac{\partial L}{\partial S_k}\frac{\partial S_k}{\partial S_{k-1}} = "
     r"\frac{\partial L}{\partial S_k} w_{rec}",
     [(r"S_k} w_{rec}", r"S_k} w_x"), (r"S_k} w_{rec}", r"S_k} w_{rec}^2")]),
    ("a graph of the sheet", {"a": "scalar", "b": "scalar", "c": "scalar"}, "computation graph F=5(a+bc), u=bc, v=a+u",
     r"\frac{\partial F}{\partial b} = \frac{\partial F}{\partial v}\frac{\partial v}{\partial u}\frac{\partial u}{\partial b} = 5c",
     [("= 5c", "= 5b"), ("= 5c", "= 5bc")]),
    ("an outer sum by Einstein's convention", {"M": "matrix", "g": "vector", "q": "vector"}, "an affine map",
     r"\frac{\partial}{\partial M_{cd}} [g_i M_{ib}] = g_i \delta_{ic}\delta_{bd} = g_c \delta_{bd}",
     [(r"g_c \delta_{bd}", r"g_d \delta_{bc}"), (r"g_c \delta_{bd}", "g_c")]),
    ("a quadratic form", {"x": "n×1", "A": "n×n", "b": "n×1"}, "",
     r"\nabla f(x) = \nabla (x^TAx + b^Tx) = (A + A^T)x + b", [("A + A^T", "A + A"), (")x + b", ")x - b"), ("(A + A^T)x", "x(A + A^T)")]),
    ("batch rows of a network", {"X": "B×m", "H": "B×h", "W_r": "h×k", "Y": "B×k", "T": "B×k", "b_r": "1×k"}, "softmax, cross-entropy",
     r"\delta_r = \partial L / \partial Z_r = Y - T", [("= Y - T", "= T - Y"), ("= Y - T", "= Y + T")]),
]  # fmt: skip


@pytest.mark.parametrize(("symbols", "context", "answer"), [row[1:4] for row in CHAINS], ids=[row[0] for row in CHAINS])
def test_what_holds_as_usual_is_right(symbols: dict[str, str], context: str, answer: str) -> None:
    assert judged_chain(answer, None, Given(), symbols=symbols, context=context).verdict == "right"


WRONG = [(f"{row[0]}: {new}", row[1], row[2], row[3].replace(old, new)) for row in CHAINS for old, new in row[4]]


@pytest.mark.parametrize(("symbols", "context", "answer"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_slip_never_passes(symbols: dict[str, str], context: str, answer: str) -> None:
    assert judged_chain(answer, None, Given(), symbols=symbols, context=context).verdict != "right"
