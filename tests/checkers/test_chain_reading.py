"""Reading of worked solutions: rows and words, macros and repairs, matrices drawn in text; trees of plain algebra; bounded work."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from hwcheck.checkers.chains.chain_grids import drawn
from hwcheck.checkers.chains.chain_lines import Line, lines_of
from hwcheck.checkers.chains.chain_macros import Macros, macros_of
from hwcheck.checkers.chains.chain_prose import formulas_among_words
from hwcheck.checkers.chains.chain_repairs import repaired
from hwcheck.checkers.chains.chain_sums import with_long_sums
from hwcheck.checkers.chains.chains import judged_chain
from hwcheck.checkers.chains.plain_reading import PlainError, plain
from hwcheck.checkers.chains.plain_tree import Plain
from hwcheck.checkers.quantities import Given

TERMS = [
    ("a label before it", "**Cost:** C = (r - s)^2", [("C", "(r - s)^2")]),
    ("a heading", "### 2. Find dC/dr:", []),
    ("what is asked, with a colon", "∂C/∂r:", []),
    ("bold results and ticks", "dC/dr = 2r = **8** ✓", [("dC/dr", "2r", "8")]),
    ("a power stays", "x**2 = 4", [("x**2", "4")]),
    ("a remark", "C = 3r (by the chain rule)", [("C", "3r")]),
    ("two definitions", "Let q = 3r - s, then C = q²", [("q", "3r - s"), ("C", "q²")]),
    ("words on both sides", "We see that C = 4r holds for every r.", [("C", "4r")]),
    ("other languages", "Donc on obtient C = 4r", [("C", "4r")]),
    ("signs of Chinese", "所以 $C = 4r$", [("C", "4r")]),
    ("where a function goes from and to", "g: ℝ² → ℝ", []),
    ("arrows between quantities", "r → q = 3r", [("q", "3r")]),
    ("inline formulas", "the sum $C = r + s$ has $\\frac{dC}{dr} = 1$", [("C", "r + s"), ("\\frac{dC}{dr}", "1")]),
    ("a formula over two lines", "$\\frac{dC}{dr} = 2r\n= 6$", [("\\frac{dC}{dr}", "2r"), ("6",)]),
    ("a sign at the end of a line", "$$ C = 2r = \n\\newline\n= 6 $$", [("C", "2r"), ("6",)]),
    ("labels and reasons", "\\begin{align} C &= 2r \\label{a} && \\text{by (2)} \\\\ &= 6 \\tag{3} \\end{align}", [("C", "2r"), ("6",)]),
    ("a comment", "\\begin{align} C &= 2r \\\\\n%&= 9 \\\\\n&= 6 \\end{align}", [("C", "2r"), ("6",)]),
    ("a sum over two rows", "\\begin{align} C &= 2r \\\\ &\\phantom{m} + 3s \\\\ &= 6 \\end{align}", [("C", "2r          + 3s"), ("6",)]),
    ("a bracket that never closes", "\\begin{align} C &= ((2r + 1) \\\\ &= 6 \\end{align}", [("C", "((2r + 1)"), ("6",)]),
    ("a space behind a sign", "$$q = \\quad & (Mr - s) \\\\ = \\quad & Mr - s$$", [("q", "(Mr - s)"), ("Mr - s",)]),
    ("a style around a row", "{\\displaystyle C = 2r}", [("C", "2r")]),
    ("an old alignment", "$$\\eqalign{ C &= 2r \\cr &= r + r \\cr\\cr }$$", [("C", "2r"), ("r + r",)]),
    ("a box", "$$\\boxed{C = 2r}$$", [("C", "2r")]),
    ("a brace below", "C = \\underbrace{2r}_{= s} + 1", [("C", "2r + 1")]),
    ("the display around it was not copied", "C &= 2r \\\\ &= 6", [("C", "2r"), ("6",)]),
    ("a second display", "C = 2r\n$$\nand with respect to $s$\n$$\nD = 3s", [("C", "2r"), ("D", "3s")]),
    ("where a value lies", "V = UW \\in \\mathbb{R}^{n \\times k}", [("V", "UW")]),
    ("several signs", "a = 2b, \\quad c = 3d \\Rightarrow e = 4f", [("a", "2b"), ("c", "3d"), ("e", "4f")]),
    ("commas in numbers", "n = 12,500 = 12500", [("n", "12500", "12500")]),
]  # fmt: skip


def _terms(lines: list[Line]) -> list[tuple[str, ...]]:
    return [s.terms for line in lines for s in line.statements]


def _bare(terms: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(" ".join(t.split()) for t in row) for row in terms]


@pytest.mark.parametrize(("text", "terms"), [row[1:] for row in TERMS], ids=[row[0] for row in TERMS])
def test_formulas_are_told_from_words(text: str, terms: list[tuple[str, ...]]) -> None:
    assert _bare(_terms(lines_of(text))) == _bare(terms)


CONDITIONS = [
    ("after it", r"\frac{\partial p_j}{\partial z_i} = -p_i p_j, \quad i \neq j", [(r"i \neq j",)]),
    ("before it", r"\text{if } i = j: \frac{\partial p_j}{\partial z_i} = p_i(1 - p_i)", [("i = j",)]),
    ("on the line above", "In the case $i = j$:\n$$ u_i = v_j $$", [("i = j",)]),
    ("until the next words", "If $r > 0$:\n$$ u = 1 $$\nElse we have\n$$ u = 0 $$", [("r > 0",), ()]),
    ("in words", "For symmetric matrices this gives u = 2v", [("For symmetric matrices",)]),
    ("below the line", r"u_{i \neq k} = 3", [(r"i \neq k",)]),
    ("for all", r"\forall k \quad u_k = 3", [(r"\forall k",)]),
    ("none", "a = b, c = d", [(), ()]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "conditions"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS])
def test_conditions_are_kept_with_their_statements(text: str, conditions: list[tuple[str, ...]]) -> None:
    assert [s.conditions for line in lines_of(text) for s in line.statements] == conditions


def test_what_words_make_of_a_formula() -> None:
    text = "Let $u = 2$. We have $v = 3$, where $w = 4$ and thus $q = 5$."
    assert [s.lead for line in lines_of(text) for s in line.statements] == ["define", "", "where", "so"]
    assert formulas_among_words("x = 2 and y = 3")[1] is False


def test_signs_that_claim_something_else() -> None:
    like, less = (lines_of(text)[0].statements[0] for text in (r"p \propto 2q", r"p \leq q"))
    assert like.signs == ("", "∝") and not like.is_readable and not less.is_readable
    assert lines_of(r"p \triangleq 2q")[0].statements[0].signs == ("", ":=")
    assert lines_of(r"V \in \mathbb{R}^{3}")[0].statements == ()


MACROS = [
    (r"\newcommand{\dd}[2]{\frac{d#1}{d#2}} \dd{L}{w}", r"\frac{dL}{dw}"),
    (r"\def\pair#1#2{#1 + #2} \pair{a}{b}", "a + b"),
    (r"\DeclareMathOperator{\vol}{vol} \vol(x)", r"\operatorname{vol}(x)"),
    (r"\pderiv{L}{\vw}", r"\frac{\partial L}{\partial \mathbf{w}}"),
    (r"\bpmat a & b \epmat", r"\begin{pmatrix} a & b \end{pmatrix}"),
    (r"\norm{x}^2 \mu \bm{x}", r"\left\|x\right\|^2 \mu \bm{x}"),
    (r"x^\T y", r"x^\top y"),
    (r"\newcommand{\a}{\a\a} \a", None),
    (r"\pderiv{L}", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MACROS, ids=[row[0] for row in MACROS])
def test_macros(text: str, expected: str | None) -> None:
    macros = macros_of(text)
    body = text
    for start, end in reversed(macros.places):
        body = body[:start] + body[end:]
    found = macros.expanded(body).strip()
    assert found == expected if expected else len(found) < 60_000


def test_definitions_of_macros_are_no_lines() -> None:
    lines = lines_of("\\newcommand{\\loss}{E}\n$$ \\loss = 2 $$")
    assert _terms(lines) == [("E", "2")]


REPAIRS = [
    (r"\delta{jk} u_j", r"\delta_{jk} u_j", 1),
    (r"\frac{\partial E}{u_j}", r"\frac{\partial E}{\partial u_j}", 1),
    (r"2u(v + w))", "2u(v + w)", 1),
    ("17{,}000", "17000", 0),
    (r"\tanh^{'}(u)", r"\tanh'(u)", 0),
    (r"\frac{\partial E}{2}", r"\frac{\partial E}{2}", 0),
    (r"\frac{E}{u}", r"\frac{E}{u}", 0),
    ("(u + (v", "(u + (v", 0),
    ("u)(v", "u)(v", 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "notes"), REPAIRS, ids=[row[0] for row in REPAIRS])
def test_repairs(text: str, expected: str, notes: int) -> None:
    found, told = repaired(text)
    assert (found, len(told)) == (expected, notes)


def test_repairs_are_told_in_sentences() -> None:
    (statement,) = lines_of(r"\frac{\partial E}{u_j} = \delta{jk})")[0].statements
    assert statement.repairs == (
        "A ∂ is missing in the denominator of a derivative; it is read as if it were there.",
        "δ{jk} is read as δ_jk.",
        "A “)” at the end that closes nothing is left out.",
    )


GRIDS = [
    (["B = [p  q]   [1  0]", "    [r  s] = [0  1]"], 2, "B = [[p, q], [r, s]] = [[1, 0], [0, 1]]"),
    (["**k = [2(1)  -1 ]**", "  **[p + q   3]**"], 2, "k = [[2(1), -1], [p + q, 3]]"),
    (["u = [p q] [r]", "          [s]"], 2, "u = [p, q] [[r], [s]]"),
    (["u = [p]", "    [q r]"], 1, "u = [p]"),
    (["u = [p + q]", "so v"], 1, "u = [p + q]"),
    (["u = [p, q]ᵀ"], 1, "u = [p, q]ᵀ"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "count", "text"), GRIDS, ids=[row[2] for row in GRIDS])
def test_matrices_drawn_in_text(rows: list[str], count: int, text: str) -> None:
    assert drawn(rows) == (count, text)


def _shown(tree: Plain) -> str:
    """A tree in one line, fully bracketed."""
    parts = [_shown(a) for a in tree.args]
    below = "_" + "".join(tree.indices) if tree.indices else ""
    if tree.op in ("number", "name"):
        return tree.value + below
    value = f":{tree.value}" if tree.value else ""
    return f"{tree.op}{below}{value}({', '.join(parts)})"


TREES = [
    ("2ab", "product:..(2, a, b)"),
    (r"a \cdot -b", "product:*(a, neg(b))"),
    (r"u \odot v \otimes w", "product:ox(u, v, w)"),
    (r"W^{(2)\top}_{ij}", "transpose(W^(2)_ij)"),
    (r"(W x)_i", "entry_i(product:.(W, x))"),
    (r"\frac{\partial^2 E}{\partial u_j^2}", "derivative(derivative(E, u_j), u_j)"),
    (r"\frac{\partial E}{\partial \sigma^2}", "derivative(E, power(sigma, 2))"),
    (r"\frac{d}{du} f(u) g(u)", "derivative(product:.(call:f(u), call:g(u)), u)"),
    (r"\frac{d}{dv} f(v)\frac{d}{du}v", "product:.(derivative(call:f(v), v), derivative(v, u))"),
    (r"\nabla_w E + w", "add(derivative(E, w), w)"),
    (r"\nabla_w w^\top A w", "derivative(product:..(transpose(w), A, w), w)"),
    (r"\nabla f(u)", "derivative(call:f(u), ?)"),
    (r"\left(u^2\right)'", "derivative(power(u, 2), ?)"),
    (r"\sum_{k \neq i} a_k", "sum_k:!=i(a_k)"),
    (r"\sum_{i,j} a_{ij}", "sum_i(sum_j(a_ij))"),
    (r"\sum_{w \in V} u_w", "sum_w:in:V(u_w)"),
    (r"\sum_{k=1}^n a_k b", "sum_k(product:.(a_k, b))"),
    (r"\sum_{k=2}^n a_k", "sum_k:at:=2(a_k)"),
    (r"\prod_{k=1}^n a_k", "prod_k(a_k)"),
    (r"\mathbf{1}^\top u", "product:.(transpose(1s), u)"),
    (r"\mathbb{1}(u > 0)", "indicator(compare:>(u, 0))"),
    (r"\mathbb{1}_{k = j}", "indicator(compare:=(k, j))"),
    (r"\begin{cases} a & i = j \\ b & \text{otherwise} \end{cases}", "cases(a, compare:=(i, j), b, otherwise)"),
    (r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}", "matrix:2x2(a, b, c, d)"),
    (r"\begin{bmatrix} 2t_1 & \dots & 2t_n \end{bmatrix}", "listed_i:row(product:.(2, t_i))"),
    (r"\begin{pmatrix} s_1 & & \\ & \ddots & \\ & & s_n \end{pmatrix}", "listed_i:diagonal(s_i)"),
    (r"\begin{pmatrix} s_1 & s_2 \\ & s_n \end{pmatrix}", None),
    ("[[0.5], [2]]", "matrix:2x1(0.5, 2)"),
    ("[a, b]ᵀ", "transpose(matrix:1x2(a, b))"),
    (r"\langle u, Av \rangle", "product:.(transpose(u), product:.(A, v))"),
    (r"\|u\|_2^2", "product:.(transpose(u), u)"),
    (r"\|W\|_F^2", "power(norm:F(W), 2)"),
    (r"\|u\|_1", "norm:1(u)"),
    (r"J(W, b; x)", "call:J(W, b, x)"),
    (r"J^\top(u - v)", "product:.(transpose(J), add(u, neg(v)))"),
    (r"J(u - v)", "product:.(J, add(u, neg(v)))"),
    (r"f(u + 1) h(1 - h)", "product:..(call:f(add(u, 1)), h, add(1, neg(h)))"),
    (r"p(o|c)", "call:p(o, c)"),
    (r"\text{CE}(y, \hat y)", "call:CE(y, hat y)"),
    (r"\tanh^2 u", "power(call:tanh(u), 2)"),
    (r"\sigma^2(u - v)", "product:.(power(sigma, 2), add(u, neg(v)))"),
    (r"\frac{3!}{2}", "over(6, 2)"),
    (r"{a \over {b \over c}}", "over(a, over(b, c))"),
    (r"V_{:c}", "entry_:c(V)"),
    (r"G[:, i]", "entry_:i(G)"),
    (r"\left. E \right|_t", "at:t(E)"),
    ("∂E/∂w₁", "derivative(E, w_1)"),
    ("(∂E/∂y)(dy/dt)", "product:.(derivative(E, y), derivative(y, t))"),
    ("∇ₓE", "derivative(E, x)"),
    ("Σⱼ aⱼ²", "sum_j(power(a_j, 2))"),
    ("e^(-z)", "power(e, neg(z))"),
    ("w_new - 0.1x_ij", "add(w_new, neg(product:.(0.1, x_ij)))"),
    ("ŷ − y", "add(hat y, neg(y))"),
    ("X.T @ r", "product:*(transpose(X), r)"),
    ("δ₂ · a₁ᵀ", "product:*(delta_2, transpose(a_1))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shown"), TREES, ids=[row[0] for row in TREES])
def test_trees_of_plain_algebra(text: str, shown: str | None) -> None:
    if shown is None:
        with pytest.raises(PlainError):
            plain(text)
    else:
        assert _shown(plain(text)) == shown


HOSTILE = [
    r"\frac{", "$", "$$", "[", "(", "**", r"\\", " ", "\n", "a=b,", "if ", r"\overset{", r"x^\T ", "∂x₀", "₀", "|", r"\nabla_x ",
    r"\newcommand{\a}{\a\a}\a", r"\frac{\partial", "[1 2] ", "当", r"\begin{cases}", r"{a\over ", "when ab ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_work_is_bounded(piece: str) -> None:
    text = (piece * (12_000 // len(piece) + 1))[:12_000]
    start = time.process_time()
    lines_of(text)
    lines_of(f"\\begin{{align}} a = {text}")
    try:
        plain(text[:5000])
    except PlainError:
        pass
    assert time.process_time() - start < 3


CHAIN = (
    "$$\n\\begin{aligned}\n\\frac{\\partial E}{\\partial v_k} &= \\frac{2}{m} A^T\\left(Av - b\\right) \\\\\n"
    "&= c \\cdot (u - w)\n\\end{aligned}\n$$"
)
LAYOUTS = [
    ("another environment", lambda t: t.replace("aligned", "align*").replace("$$", "")),
    ("brackets of a display", lambda t: t.replace("$$", "\\[", 1).replace("$$", "\\]")),
    ("an array of equations", lambda t: t.replace("aligned", "eqnarray*").replace("&=", "&=&")),
    ("Windows lines", lambda t: t.replace("\n", "\r\n")),
    ("quoted", lambda t: "\n".join("> " + line for line in t.split("\n"))),
    ("words before and after", lambda t: f"**Solution.** We compute it.\n\n{t}\n\nThis is what was to be shown."),
    ("words in the first row", lambda t: t.replace("{aligned}\n", "{aligned}\n\\text{So, } ", 1)),
    ("spaces between rows", lambda t: t.replace("\\\\", "\\nonumber \\\\[2mm]")),
    ("an unnamed transpose", lambda t: t.replace("^T", "^{\\mathsf{T}}")),
    ("braces", lambda t: t.replace("_k", "_{k}").replace("\\frac{2}", "\\dfrac {2}")),
    ("other brackets", lambda t: t.replace("\\left", "\\bigl").replace("\\right", "\\bigr")),
    ("thin spaces", lambda t: t.replace("\\cdot", "\\cdot\\,")),
    ("fonts", lambda t: t.replace("v", "\\mathbf{v}")),
    ("on one row", lambda t: t.replace("\n&=", " &=")),
]  # fmt: skip


def _read(answer: str) -> list[tuple[str, Plain]]:
    return [
        (sign, plain(term)) for line in lines_of(answer) for s in line.statements for term, sign in zip(s.terms, s.signs, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize("changed", [row[1] for row in LAYOUTS], ids=[row[0] for row in LAYOUTS])
def test_reading_is_blind_to_layout(changed: Callable[[str], str]) -> None:
    assert changed(CHAIN) != CHAIN
    assert _read(changed(CHAIN)) == _read(CHAIN)


def test_spans_and_numbers_stay_those_of_the_text() -> None:
    answer = "Let $u = 2$\n\n$$\n\\begin{aligned}\nv &= 3u \\\\\n  &= 6\n\\end{aligned}\n$$\nM = [1 2]\n    [3 4]\n"
    lines = lines_of(answer)
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert all(answer[slice(*line.span)].strip() == line.text for line in lines)
    assert Macros().places == ()


def test_a_repair_is_told_on_its_line() -> None:
    verdict = judged_chain("C = 3u^2)\n\\frac{dC}{du} = 6u", None, Given({"u": []}))
    assert verdict.verdict == "right"
    assert [line.message for line in verdict.lines] == [
        "Taken as the definition of C. A “)” at the end that closes nothing is left out.",
        "",
    ]


LOGS = [
    ("two powers", r"\sum_j \log g_j^{t_j} (1 - g_j)^{1 - t_j}", r"\sum_j \log \left(g_j^{t_j} (1 - g_j)^{1 - t_j}\right)"),
    ("powers of brackets", r"\ln \left(g\right)^{t}\left(1-g\right)^{1-t}", r"\ln \left(\left(g\right)^{t}\left(1-g\right)^{1-t}\right)"),
    ("brackets are there", r"\log (g^{t} (1 - g)^{1 - t})", ""),
    ("a factor without a power", r"\log g (1 - g)", ""),
    ("one power", r"\log g^{t} + 1", ""),
    ("transposes", r"\log r^T s^T", ""),
    ("numbers above", r"\log r^2 (1 - r)^3", ""),
]


@pytest.mark.parametrize(("text", "read"), [row[1:] for row in LOGS], ids=[row[0] for row in LOGS])
def test_a_logarithm_before_two_powers_is_that_of_both(text: str, read: str) -> None:
    note = ("The logarithm is read as that of the whole product behind it.",)
    assert repaired(text) == ((read, note) if read else (text, ()))


SUMS = [
    ("a term with the index", r"\sum_{j=1}^{n} t_j q + (1 - t_j) r", "C", r"\sum_{j=1}^{n} \left(t_j q + (1 - t_j) r\right)"),
    ("a sign at the start", r"-\frac{1}{n}\sum_j -t_j - q^{(j)} + 2", "C", r"-\frac{1}{n}\sum_j \left(-t_j - q^{(j)}\right) + 2"),
    ("the inner of two", r"\sum_j\sum_k M_{jk} + r_k", "C", r"\sum_j\sum_k \left(M_{jk} + r_k\right)"),
    ("two sums", r"\sum_j t_j + \sum_j q_j", "C", ""),
    ("a term without it", r"\sum_j t_j + q_k", "C", ""),
    ("an index of the head", r"\sum_j t_j q_j - q_j", r"\frac{\partial C}{\partial s_j}", ""),
    ("all but one", r"\sum_{j \neq k} t_j - q_j", "C", ""),
    ("brackets", r"\sum_j (t_j - q_j)", "C", ""),
]


@pytest.mark.parametrize(("text", "head", "read"), [row[1:] for row in SUMS], ids=[row[0] for row in SUMS])
def test_a_sum_goes_on_over_the_terms_with_its_index(text: str, head: str, read: str) -> None:
    assert with_long_sums(text, head)[0] == (read or text)
    assert bool(with_long_sums(text, head)[1]) == bool(read)


def test_the_head_of_a_sum_may_stand_rows_before() -> None:
    rows = "\\begin{align} %s &= \\sum_j t_j q_j \\\\ &= \\sum_j t_j q_j - q_j \\end{align}"
    assert [line.statements[0].terms[-1] for line in lines_of(rows % "g_j")][1] == r"\sum_j t_j q_j - q_j"
    assert [line.statements[0].terms[-1] for line in lines_of(rows % "C")][1] == r"\sum_j \left(t_j q_j - q_j\right)"


SAME_TREES = [
    ("entrywise with a point", r"M^T d .* q", r"M^T d \odot q"),
    ("a slash between differentials", r"\partial C / \partial r_2 \cdot q", r"\frac{\partial C}{\partial r_2} \cdot q"),
    ("a slash and accents", r"\partial C / \partial \hat{r}", r"\frac{\partial C}{\partial \hat{r}}"),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME_TREES], ids=[row[0] for row in SAME_TREES])
def test_two_spellings_have_one_tree(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize("sign", ["-", "+"])
def test_a_likelihood_without_brackets(sign: str) -> None:
    factors = "q_j^{t_j} (1 - q_j)^{1 - t_j}"
    answer = (
        rf"\begin{{align}} C &= \log \prod_{{j=1}}^n {factors} \\ &= \sum_{{j=1}}^n \log {factors} \\"
        rf" &= \sum_{{j=1}}^n t_j \log q_j + (1 {sign} t_j) \log (1 - q_j) \end{{align}}"
    )
    assert (judged_chain(answer, None, Given()).verdict == "right") is (sign == "-")
