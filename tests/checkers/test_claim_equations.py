"""Equations and numbers in answers, judged in the context of their problem."""

from __future__ import annotations

import pytest

from hwcheck.checkers.claims.claims import JudgedClaim
from hwcheck.checkers.claims.judging import judged_claims
from hwcheck.checkers.submissions.submissions import Passage
from hwcheck.derivations.problems.problems import Problem


def problem(kind: str, **given: object) -> Problem:
    return Problem("own", "1", "One", kind, **given)  # type: ignore[arg-type]


QUADRATIC = problem("jacobian", function="g(v) = v^T B v", shapes={"B": ("m", "m"), "v": ("m",)})
AFFINE = problem("jacobian", function="g(u) = M u + c", shapes={"M": ("p", "q"), "u": ("q",), "c": ("p",)})
EITHER = problem("jacobian", function="g(u) = M u", shapes={"M": ("p", "q"), "u": ("q",)}, layouts="both")
CUBES = problem("jacobian", function="g(u) = u^3", shapes={"u": ("q",)})
PRODUCT = problem("jacobian", function="G(V) = M V", wrt="V", shapes={"M": ("p", "q"), "V": ("q", "r")})
ROWS = problem("jacobian", function="g(v) = v^T a_i", wrt="v", shapes={"v": ("q",), "a_i": ("q",)})
ACTIVATION = problem("activation", function="softplus")
SOFTMAX = problem("softmax", asked=("entry",))
ENTROPY = problem("softmax", asked=("gradient",), with_cross_entropy=True)
GRAPH = problem("backprop", function="f(a, b, c) = sin(a) + b*exp(c)", point={"a": "0", "b": "2", "c": "1"}, asked=("values",))
NETWORK = problem(
    "jacobian", function=r"L = (a^{(2)}-t)^2", wrt="W^(1)", layout="denominator", layouts="denominator",
    shapes={"W^(1)": ("h", "m"), "W^(2)": (1, "h"), "b^(1)": ("h",), "b^(2)": (), "x": ("m",), "t": ()},
    definitions={"a^(2)": r"W^{(2)} a^{(1)} + b^{(2)}", "a^(1)": r"\tanh(z^{(1)})", "z^(1)": r"W^{(1)} x + b^{(1)}"},
)  # fmt: skip
NUMBERS = problem("network", asked=("output",), network={
    "layers": ["2", "2", "1"], "activations": ["relu", "sigmoid"], "convention": "Wx+b",
    "weights": [[["1", "2"], ["-1", "1"]], [["1", "-1"]]], "biases": [["0", "1"], ["1/2"]], "input": ["1", "1"]})  # fmt: skip
XOR = problem("xor", asked=("proof",))


def claims(passage: str, asked: Problem | None, **more: object) -> tuple[JudgedClaim, ...]:
    found = judged_claims([Passage(passage, 10)], asked, **more)  # type: ignore[arg-type]
    assert all(part in passage for c in found for part in (c.claim.text.split(" = ") if c.claim.text not in passage else [c.claim.text]))
    return found


def verdicts(passage: str, asked: Problem | None, **more: object) -> list[str]:
    return [c.verdict.verdict for c in claims(passage, asked, **more)]


RIGHT = [
    (QUADRATIC, r"$\nabla_v g = (B+B^T)v$"),
    (QUADRATIC, r"J_g(v) = v^T(B + B^\top)"),
    (QUADRATIC, r"$\frac{\partial g}{\partial v_k} = \sum_j (B_{kj}+B_{jk}) v_j$"),
    (QUADRATIC, r"$g(v) = \sum_{i=1}^m\sum_{j=1}^m v_i B_{ij} v_j$"),
    (AFFINE, r"$\frac{\partial g_i}{\partial u_j} = \frac{\partial}{\partial u_j}\left(\sum_k M_{ik} u_k + c_i\right)$"),
    (AFFINE, r"$[J_g(u)]_{ij} = \sum_k M_{ik}\delta_{kj}$"),
    (AFFINE, r"$\frac{\partial g}{\partial c} = I$"),
    (AFFINE, r"$\frac{\partial (Mu)}{\partial u} = M$"),
    (EITHER, r"$\frac{\partial g}{\partial u} = M$"),
    (EITHER, r"$\frac{\partial g}{\partial u} = M^T$"),
    (CUBES, r"$\frac{\partial u_i^3}{\partial u_i} = 3u_i^2$"),
    (CUBES, r"$J_g(u)_{ij} = 3\delta_{ij}u_i^2 \implies 3\,diag(u^2)$"),
    (CUBES, r"$J = \begin{bmatrix} 3u_1^2 & 0 & \cdots & 0 \\ 0 & 3u_2^2 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\"
            r" 0 & 0 & \cdots & 3u_q^2 \end{bmatrix}$"),
    (PRODUCT,
     r"$\frac{\partial [G(V)]_{ij}}{\partial V_{kl}} = \begin{cases} M_{ik} & \text{if } j = l \\ 0 & \text{otherwise} \end{cases}$"),
    (PRODUCT, r"$\frac{\partial G_{ij}}{\partial V_{kl}} = M_{ik}\delta_{jl}$"),
    (ROWS, r"$v^T a_i = \sum_{j=1}^q v_j a_{ij}$"),
    (ROWS, r"$J_g(v) = [a_{i1}\ a_{i2}\ \dots\ a_{iq}]$"),
    (ROWS, r"$g(v) = v_1a_{i1} + v_2a_{i2} + \dots + v_q a_{iq}$"),
    (ROWS, r"$J_g(v)_{ij} = \begin{bmatrix} a_1 & a_2 & \dots & a_q \end{bmatrix}$"),
    (ACTIVATION, r"$\sigma'(t) = \sigma(t)(1-\sigma(t))$"),
    (ACTIVATION, "softplus'(t) = sigma(t)"),
    (ACTIVATION, r"$\frac{d}{dx}\tanh(x) = 1-\tanh^2(x)$"),
    (ACTIVATION, r"$\frac{d\sigma}{dx} = \sigma(x)(1-\sigma(x))$"),
    (ACTIVATION, r"$ReLU'(x) = \{1 \text{ if } x > 0;\ 0 \text{ otherwise}\}$"),
    (ACTIVATION, r"$\text{ReLU}'(x) = 1$ if $x > 0$"),
    (ACTIVATION, "LeakyReLU'(x) = 1 if x > 0, 0.01 otherwise"),
    (SOFTMAX, r"$\frac{\partial s_i}{\partial z_j} = s_i(\delta_{ij} - s_j)$"),
    (SOFTMAX, r"$\frac{\partial s_i}{\partial z_j} = s_i(1 - s_j)$ for $i = j$"),
    (SOFTMAX, r"for $i \ne j$ it is $\frac{\partial s_i}{\partial z_j} = -s_i s_j$"),
    (SOFTMAX,
     r"$\frac{\partial \sigma(z)_i}{\partial z_j} = \frac{\delta_{ij}e^{z_i}}{\sum e^{z_k}} - \frac{e^{z_i}e^{z_j}}{(\sum e^{z_k})^2}$"),
    (SOFTMAX, r"$J_\sigma(z) = diag(\sigma(z)) - \sigma(z)\sigma(z)^T$"),
    (SOFTMAX, r"$\sigma(z)_i = \frac{e^{z_i}}{\sum_{k=1}^n e^{z_k}}$"),
    (ENTROPY, r"$\nabla_z L = p - y$"),
    (ENTROPY, r"$\frac{\partial L}{\partial z_i} = p_i - y_i$"),
    (GRAPH,
     r"$\frac{\partial f}{\partial c} = \frac{\partial f}{\partial h_3}\frac{\partial h_3}{\partial h_2}\frac{\partial h_2}{\partial c}$"),
    (GRAPH, r"$\frac{\partial f}{\partial c} = 2 \cdot e = 2 \times 2.718$"),
    (GRAPH, r"$\nabla f = [\cos a, e^c, b e^c] = [1, e, 2e]$"),
    (GRAPH, "df/db = exp(c) = 2.718"),
    (GRAPH, "f = sin(0) + 2*exp(1) = 5.437"),
    (NETWORK, r"$\frac{\partial L}{\partial W^{(1)}} = 2(a^{(2)}-t)\,({W^{(2)}}^T \odot (1-a^{(1)}\odot a^{(1)}))x^T$"),
    (NETWORK, r"$\frac{\partial L}{\partial W^{(1)}_{ij}} = \frac{\partial L}{\partial z^{(1)}_i} x_j$"),
    (NETWORK, r"$\frac{\partial L}{\partial z^{(1)}_i} = L'(t, a^{(2)}) W^{(2)}_i f_1'(z^{(1)}_i)$"),
    (NETWORK, r"Let $\eta = 2(a^{(2)} - t)$. $\frac{\partial L}{\partial a^{(1)}} = {W^{(2)}}^T \eta$"),
    (NUMBERS, r"$z^{(1)} = W^{(1)}x + b^{(1)} = \begin{bmatrix} 3 \\ 1\end{bmatrix}$"),
    (NUMBERS, r"$a^{(2)} = \sigma(2.5) = 0.924$"),
    (NUMBERS, "So the final answer is 0.92."),
    (XOR, r"$\hat{y} = \max(0, W_1x_1+W_2x_2+b)$"),
    (None, "(p+q)^2 = p^2+2pq+q^2"),
    (None, r"$\frac{d}{dt} t^3 = 3t^2$"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "passage"), RIGHT)
def test_right(asked: Problem | None, passage: str) -> None:
    found = claims(passage, asked)
    assert found
    assert {c.verdict.verdict for c in found} == {"right"}, [c.verdict.message for c in found]


WRONG = [
    (QUADRATIC, r"$\frac{\partial g}{\partial v} = 2v^T B$", "other"),
    (QUADRATIC, r"$\frac{\partial g}{\partial v} = (B + B^T)v$", "transposed"),
    (AFFINE, r"$\frac{\partial g}{\partial u} = M^\top$", "transposed"),
    (AFFINE, r"$\frac{\partial g_i}{\partial u_k} = M_{ki}$", "wrong-index"),
    (AFFINE, r"$\frac{\partial (Mu)}{\partial c} = M$", "wrong-variable"),
    (AFFINE, r"$g_i = \sum_{i=1}^q M_{ii} u_i$", "wrong-index"),
    (CUBES, r"$J_g(u)_{ij} = 3 u_i^2$", "missing-factor"),
    (CUBES, r"$g(u) = \begin{bmatrix} u_1 \\ u_2^3 \\ \vdots \end{bmatrix}$", "other"),
    (PRODUCT, r"$\frac{\partial G_{ij}}{\partial V_{kl}} = M_{il}\delta_{jk}$", "wrong-index"),
    (ROWS, r"$v^T a_i = \sum_{i=1}^q v_i a_{ij}$", "wrong-index"),
    (ACTIVATION, "tanh'(t) = 1 - tanh(t)", "other"),
    (ACTIVATION, "relu'(t) = 0 if t > 0, 1 otherwise", "sign"),
    (SOFTMAX, r"$\frac{\partial s_i}{\partial z_j} = s_i(1 - s_j)$", "missing-factor"),
    (SOFTMAX, r"$\frac{\partial s_i}{\partial z_j} = -s_is_j$", "missing-term"),
    (SOFTMAX, r"$\frac{\partial s_i}{\partial z_j} = s_i s_j$ for $i \neq j$", "other"),
    (SOFTMAX, r"$\frac{\partial s_i}{\partial z_i} = s_i(\delta_{ij} - s_j)$", "wrong-index"),
    (ENTROPY, r"$\frac{\partial L}{\partial z} = y - p$", "other"),
    (GRAPH, r"$\frac{\partial f}{\partial b} = 2.8$", "other"),
    (GRAPH, r"$f = 5.4$ and also $f = 5.5$", "other"),
    (GRAPH, "df/dc = exp(c)", "other"),
    (NETWORK, r"$\frac{\partial L}{\partial W^{(1)}_{ij}} = \frac{\partial L}{\partial z^{(1)}_j} x_i$", "wrong-index"),
    (NETWORK, r"$\frac{\partial L}{\partial b^{(2)}} = a^{(2)}-t$", "other"),
    (NETWORK, r"$\frac{\partial L}{\partial W^{(1)}_{ij}} = 2(a^{(2)}-t) W^{(2)}_i f_1'(z^{(1)})$", "other"),
    (NUMBERS, "$z^{(2)} = 2$", "other"),
    (NUMBERS, "the final answer is 0.94", "other"),
]


@pytest.mark.parametrize(("asked", "passage", "code"), WRONG)
def test_wrong(asked: Problem, passage: str, code: str) -> None:
    worst = claims(passage, asked)[-1]
    assert (worst.verdict.verdict, worst.verdict.diagnosis) == ("wrong", code), worst.verdict.message


NEITHER = [
    (AFFINE, r"$\frac{\partial g}{\partial u} = \Omega$", ["undecided"]),
    (AFFINE, r"$g = \int_{-\infty}^{\infty} \int_{-\infty}^{\infty} u$", ["unreadable"]),
    (AFFINE, r"$\frac{\partial g}{\partial u} = e^{**2}$", ["unreadable"]),
    (NETWORK, r"$\frac{\partial L}{\partial W^{(1)}_{ij}} = 2(a^{(2)}-t) W^{(2)}_i f_1'(z^{(1)}) x_j$", ["undecided"]),
    (XOR, r"$\hat{y} = \max(0, 3x_1 - x_2)$", ["undecided"]),
    (None, "(p+q)^2 = p^2+q^2", ["undecided"]),
]


@pytest.mark.parametrize(("asked", "passage", "words"), NEITHER)
def test_neither_right_nor_wrong(asked: Problem | None, passage: str, words: list[str]) -> None:
    assert verdicts(passage, asked) == words


NOTHING = [
    (AFFINE, "$u = (1, 2)$ and $i = j$"),
    (AFFINE, r"$\frac{\partial g}{\partial u} = \dots$"),
    (AFFINE, r"let $\tau = 3 c$"),
    (AFFINE, r"$k(t) = t^2$"),
    (GRAPH, "[a, b, c] = [0, 2, 1]"),
    (AFFINE, r"$l = 1, 2, \dots, L$"),
]


@pytest.mark.parametrize(("asked", "passage"), NOTHING)
def test_what_claims_nothing(asked: Problem, passage: str) -> None:
    assert claims(passage, asked) == ()


# -- chains --------------------------------------------------------------------------------------------------------------------


def test_steps_of_a_chain_are_claims_of_their_own() -> None:
    passage = "Then\n$$\\begin{aligned} J_{ij} &= \\sum_k M_{ik}\\delta_{kj} \\\\ &= M_{ij} \\end{aligned}$$"
    found = claims(passage, AFFINE)
    assert [c.claim.text for c in found] == ["J_{ij} &= \\sum_k M_{ik}\\delta_{kj}", "= M_{ij}", "J_{ij} = M_{ij}"]
    assert [c.claim.line for c in found] == [11, 11, 11]


def test_a_wrong_step_takes_with_it_what_leads_up_to_it() -> None:
    found = claims(r"$\frac{\partial f}{\partial c} = \frac{\partial f}{\partial h_3} b = b e^{c} = 2e$", GRAPH)
    assert [(c.claim.text, c.verdict.verdict) for c in found] == [
        (r"\frac{\partial f}{\partial c} = \frac{\partial f}{\partial h_3} b", "wrong"), ("= b e^{c}", "right"), ("= 2e", "right"),
        (r"\frac{\partial f}{\partial c} = 2e", "right"),
    ]  # fmt: skip


def test_kinds() -> None:
    found = claims(r"$\frac{\partial f}{\partial b} = e^c = 2.718$, $\frac{\partial f}{\partial c} = b = e = 2$", GRAPH)
    assert [c.claim.kind for c in found] == ["expression", "number", "number", "expression", "expression", "number", "number"]


def test_messages_name_the_place() -> None:
    passage = r"$\frac{\partial L}{\partial b^{(2)}} = a^{(2)}-t$"
    assert [c.verdict.message for c in claims(r"$\frac{\partial (Mu)}{\partial c} = M$", AFFINE)] == [
        "“M” is the derivative by u, but the left side says by c."
    ]
    assert [c.verdict.message for c in claims(r"$v^T a_i = \sum_{i=1}^q v_i a_{ij}$", ROWS)] == [
        r"In “\sum_{i=1}^q v_i a_{ij}” one letter is summed over and also names something fixed; the sum needs another letter."
    ]
    assert [c.verdict.message for c in claims(r"$\frac{\partial s_i}{\partial z_j} = s_i(1 - s_j)$", SOFTMAX)] == [
        "“s_i(1 - s_j)” holds only where i = j; a δ_ij is missing in it."
    ]
    assert [c.verdict.message for c in claims("df/db = 2.8", GRAPH)] == ["“2.8” is not “df/db”, which is 2.718282 here."]
    assert claims(passage, NETWORK)[0].verdict.evidence is not None


def test_a_chain_outside_of_all_problems_is_a_solution_of_its_own() -> None:
    right = r"Let $L = (vx-y)^2$. $\frac{dL}{dv} = 2(vx-y)x = 2vx^2 - 2xy$"
    assert set(verdicts(right, None)) == {"right"}
    assert set(verdicts(right.replace("2(vx-y)x = 2vx^2 - 2xy", "2(vx-y) = 2vx - 2y"), None)) == {"wrong"}


# -- context -------------------------------------------------------------------------------------------------------------------


def test_nodes_may_have_other_names() -> None:
    own = r"$s_1 = e^{c} = e$, $s_2 = b \cdot s_1 = 5.44$, $s_3 = \sin a = 0$, $\frac{\partial s_2}{\partial s_1} = b = 2$"
    assert set(verdicts(own, GRAPH)) == {"right"}
    swapped = r"$h_1 = e^c$, $h_2 = b h_1$, $h_3 = \sin(a)$, $\frac{\partial h_3}{\partial a} = \cos(0) = 1$"
    assert set(verdicts(swapped, GRAPH)) == {"right"}


def test_nodes_without_definitions_take_the_order_that_fits() -> None:
    assert set(verdicts(r"$\frac{\partial h_1}{\partial c} = e$, $\frac{\partial h_2}{\partial h_1} = 2$", GRAPH)) == {"right"}
    assert "wrong" in verdicts(r"$\frac{\partial h_1}{\partial c} = 3$, $\frac{\partial h_2}{\partial h_1} = 2$", GRAPH)


def test_earlier_answers_define_names() -> None:
    passage = r"$\frac{\partial L}{\partial b^{(2)}} = \eta$"
    assert verdicts(passage, NETWORK) == ["undecided"]
    assert verdicts(passage, NETWORK, earlier=[Passage(r"Let $\eta = 2(a^{(2)} - t)$.", 1)]) == ["right"]


def test_biases_written_as_rows() -> None:
    passage = r"$z^{(1)} = W^{(1)} x + {b^{(1)}}^T$"
    assert verdicts(passage, NETWORK, statement=[Passage("The biases are $b^{(1)} = [1, 2, 3]$.", 1)]) == ["right"]
    assert verdicts(passage, NETWORK) == ["wrong"]


def test_general_facts_of_a_sheet() -> None:
    sheet = (r"Let $\mathbf{f}: \mathbb{R}^n \to \mathbb{R}^m$ and $\mathbf{x} \in \mathbb{R}^n$. Then "
             r"$\mathbf{J}_{ij} = \frac{\partial f_i}{\partial x_j}$, not $\mathbf{J}_{ij} = \frac{\partial f_i}{\partial x_i}$, and "
             r"$$\mathbf{J} = \begin{bmatrix} \frac{\partial \mathbf{f}}{\partial x_1} & \cdots & \frac{\partial \mathbf{f}}{\partial x_n}"
             r"\end{bmatrix}$$")  # fmt: skip
    assert verdicts(sheet, None, role="statement") == ["right", "wrong", "right"]


def test_what_a_sheet_gives_is_no_claim() -> None:
    assert claims("$y = (0, 1)$ and $y = (1, 0)$, $z_2 = y$, $Loss(g, y) = (g - y)^2$", NUMBERS, role="statement") == ()


def test_claims_that_are_not_wanted_are_not_judged() -> None:
    found = claims(r"$\frac{\partial g}{\partial u} = M$ and $J = M$", AFFINE, wanted=lambda k: k != 0)
    assert [(c.verdict.verdict, c.verdict.message) for c in found] == [("undecided", "Not judged."), ("right", "Right.")]


def test_the_same_seed_gives_the_same() -> None:
    passage = r"$\frac{\partial s_i}{\partial z_j} = s_i(1 - s_j)$"
    assert claims(passage, SOFTMAX, seed=5) == claims(passage, SOFTMAX, seed=5)


HOSTILE = ["J_" * 30_000 + "=1", "f'" * 30_000 + "=2", r"$\nabla_" * 9_000 + "=3", "$" + "a=" * 3_000 + "b$", "\x00=\x01",
           "$" + "(" * 900 + "u" + ")" * 900 + "= 2$"]  # fmt: skip


@pytest.mark.parametrize("passage", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_passages_end(passage: str) -> None:
    assert all(c.verdict.verdict != "wrong" for c in claims(passage, AFFINE))
