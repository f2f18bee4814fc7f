"""Steps as plain algebra: what is confirmed without shapes, what never is, and chains that only this reading judges."""

from __future__ import annotations

import pytest

from hwcheck.checkers.chains.chain_symbols import loose_shape
from hwcheck.checkers.chains.chains import judged_chain
from hwcheck.checkers.chains.plain_reading import PlainError, plain
from hwcheck.checkers.chains.plain_steps import PlainSteps, is_chain_rule, leaves_a_derivative
from hwcheck.checkers.quantities import Given

VECTORS = {"A": "n×d", "B": "d×n", "r": "n×1", "q_k": "d×1", "g": "d×1"}

SAME = [
    ("regrouped", "A(Br)", "(AB)r"),
    ("a transpose of a product", "(AB)^T", "B^TA^T"),
    ("a sum over vectors", r"\sum_{k=1}^K (1-s_k) q_k", r"\sum_k q_k - \sum_k s_k q_k"),
    ("a slope of a sigmoid", r"\frac{\sigma'(q_k^Tg)}{\sigma(q_k^Tg)}", r"1-\sigma(q_k^Tg)"),
    ("a derivative by a vector with an index", r"\frac{\partial}{\partial q_k}\log\sigma(q_k^Tg)", r"(1-\sigma(q_k^Tg))g"),
    ("summed by Einstein's convention", r"M_{ij}\delta_{jk}", r"M_{ik}"),
    ("deltas from a derivative", r"\frac{\partial M_{ij}}{\partial M_{kl}}", r"\delta_{ik}\delta_{jl}"),
    ("a squared norm", r"\|Br\|^2", r"r^TB^TBr"),
    ("a gradient", r"\nabla_g (g^Tg)", "2g"),
]  # fmt: skip

OTHER = [
    ("the other order", "AB", "BA"),
    ("a transpose", "Ar", "A^Tr"),
    ("a sign", r"\sum_k s_k q_k", r"-\sum_k s_k q_k"),
    ("an index slip", r"M_{ij}\delta_{jk}", r"M_{ki}"),
    ("a missing factor", r"\frac{\partial}{\partial q_k}\log\sigma(q_k^Tg)", r"(1-\sigma(q_k^Tg))q_k"),
    ("two names", "u", "w"),
    ("a column and its row", "r", "r^T"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_what_follows_is_confirmed(before: str, after: str) -> None:
    steps = PlainSteps(f"{before} = {after}", VECTORS)
    assert steps.follows(steps.tree(before), steps.tree(after))


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER])
def test_what_does_not_follow_is_not_confirmed(before: str, after: str) -> None:
    steps = PlainSteps(f"{before} = {after} + r^T r", VECTORS)
    assert not steps.follows(steps.tree(before), steps.tree(after))


REFUSED = ["", "a +", r"\frac{a}{", "(a", r"\begin{bmatrix} a & b \\ c \end{bmatrix}", "a = b", r"\otimes", "{" * 700, r"\sum_k"]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(PlainError):
        plain(text)


def test_left_sides_name_derivatives() -> None:
    chain, factor = plain(r"\frac{\partial L}{\partial h}\frac{\partial h}{\partial u}"), plain(r"2u\frac{\partial L}{\partial h}")
    assert is_chain_rule(chain) and not is_chain_rule(factor)
    assert leaves_a_derivative(chain, factor) and not leaves_a_derivative(factor, chain)


@pytest.mark.parametrize(("words", "shape"), [
    ("|S|×1 one-hot", (True, False)), ("row 1×m", (False, True)), ("a column vector", (True, False)), ("scalar", (False, False)),
    ("vector or scalar", None), ("something", None), ("", None),
])  # fmt: skip
def test_loose_words_say_how_many_rows_and_columns(words: str, shape: tuple[bool, bool] | None) -> None:
    assert loose_shape(words) == shape


RIGHT = [
    ("index notation", "\\frac{\\partial L}{\\partial M_{kl}} &= [p_i - t_i] g_l \\delta_{ik} \\\\ &= [p_k - t_k] g_l",
     {"M": "m×n", "g": "vector"}, ""),
    ("a chain rule that is only named",
     "\\frac{\\partial L}{\\partial q} = \\frac{\\partial L}{\\partial h}\\frac{\\partial h}{\\partial q}\n"
     "= A^T(Aq - r)\n= A^TAq - A^Tr", VECTORS | {"q": "d×1"}, "L = \\frac{1}{2}h^Th, h = Aq - r"),
    ("the usual softmax and loss", "\\frac{\\partial CE(y, \\hat y)}{\\partial \\theta} = \\hat y - y", {"y": "k×1", "\\theta": "k×1"}, ""),
    ("definitions beside it", "\\frac{\\partial F}{\\partial s} = 6s t", {"s": "scalar", "t": "scalar"}, "a graph, F=3st s"),
    ("a name for what stands there",
     "\\frac{\\partial a}{\\partial q} = \\frac{e^{-q}}{(1+e^{-q})^2}\n= \\sigma(q)(1-\\sigma(q))\n= a(1-a)",
     {"q": "scalar", "a": "scalar"}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "symbols", "context"), [row[1:] for row in RIGHT], ids=[row[0] for row in RIGHT])
def test_chains_that_say_little_of_their_names(answer: str, symbols: dict[str, str], context: str) -> None:
    verdict = judged_chain(answer, None, Given(), symbols=symbols, context=context)
    assert verdict.verdict == "right", verdict.message


LEFT_OPEN = [
    ("the transpose at the end", "\\frac{\\partial L}{\\partial A} = (p - t) g^T\n= g (p - t)^T", VECTORS),
    ("a bare claim", "\\frac{\\partial L}{\\partial g} = A^T r", VECTORS),
    ("numbers in a chain rule",
     "\\frac{\\partial L}{\\partial g} = \\frac{\\partial L}{\\partial h}\\frac{\\partial h}{\\partial g} = 2 \\times 4 = 8", {}),
    ("the sign of the estimate", "\\frac{\\partial CE(y, \\hat y)}{\\partial \\theta} = y - \\hat y", {"y": "k×1", "\\theta": "k×1"}),
    ("an entry beside the whole", "\\frac{\\partial CE(y, \\hat y)}{\\partial \\theta_i} = \\hat y - y", {"y": "k×1", "\\theta": "k×1"}),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "symbols"), [row[1:] for row in LEFT_OPEN], ids=[row[0] for row in LEFT_OPEN])
def test_what_is_not_confirmed_is_not_right(answer: str, symbols: dict[str, str]) -> None:
    assert judged_chain(answer, None, Given(), symbols=symbols).verdict != "right"
