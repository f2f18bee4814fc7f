r"""LaTeX for the eye: what a formula looks like on a line of a terminal, where its carets stand, and that nothing can break it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.cli.reports.markdown_formulas import is_formula
from hwcheck.cli.reports.plain_formulas import LONGEST, plain, plain_sentence, shown

SHOWN = {
    r"\frac{\partial E}{\partial V^{(3)}} = (\hat{q} - q) g^\top": "∂E/∂V⁽³⁾ = (q̂ - q) gᵀ",
    r"$$K = \begin{bmatrix} 5 & 6 \\ 7 & 8 \end{bmatrix}$$": "K = [5, 6; 7, 8]",
    r"\begin{array}{cc} 1 & 0 \end{array}": "[1, 0]",
    r"\begin{cases} 2 & t > 0 \\[2pt] 0 & \text{otherwise} \end{cases}": "{ 2, t > 0; 0, otherwise }",
    r"\begin{aligned} a &= b \\ &= c \end{aligned}": "a = b\n= c",
    r"\sum_{k=1}^{m} \log u_{k}": "Σ_{k=1}^m log u_k",
    r"\left\| Vt - r \right\|_2^2 \le \frac{1}{2m}": "‖ Vt - r ‖₂² ≤ 1/(2m)",
    r"\frac12 \sqrt{t+1} + \sqrt[3]{t}": "1/2 √(t+1) + ∛t",
    r"\frac{a + b}{c d} - \frac{\partial^2 f}{\partial t \partial u}": "(a + b)/(c d) - ∂² f/(∂t ∂u)",
    r"\operatorname{diag}(p) - p p^{T}": "diag(p) - p pᵀ",
    r"\delta_{pq}(1 - \mathbf{1}\{p=q\})": "δ_pq(1 - 𝟏{p = q})",
    r"M_{12} \in \mathbb{R}^{n \times d}": "M₁₂ ∈ ℝ^(n×d)",
    r"e^{-t^2/2}": "e^(-t²/2)",
    r"A^{-1} A^{-T} A^{*} z^{[2]}": "A⁻¹ A⁻ᵀ A* z^[2]",
    r"\delta_{pq}e^{z_p} - u_i\sigma_k v_{pq}^{(1)}x": "δ_pq e^(z_p) - u_i σ_k v_pq⁽¹⁾x",
    r"\frac{\partial E}{\partial v_{pq}^{(1)}} \frac{1}{\partial a^{[2]}_k}": "∂E/∂v_pq⁽¹⁾ 1/∂a^[2]_k",
    r"\sigma'(z)\odot\bar u": "σ'(z) ⊙ ū",
    r"3\tanh t\cosh u": "3 tanh t cosh u",
    r"\overset{!}{=} \textcolor{red}{x} \label{eq} \tag{1}": "= x",
    r"\unknown{x} + \|y\|": r"\unknownx + ‖y‖",
    "the gradient $g_1$ is $0$": "the gradient g₁ is 0",
    "zero_grad(a_10**2) + {b}": "zero_grad(a₁₀**2) + {b}",
    "||v||^2 and v^T": "||v||² and vᵀ",
    r"a=b:=c\ne d, \text{if }p=q": "a = b:=c ≠ d, if p = q",
    "w^{(1)}{}^T a": "w⁽¹⁾ᵀ a",
    r"\begin{cases} 1, & t > 0 \end{cases}": "{ 1, t > 0 }",
    r"\frac{a": r"\frac{a",
    r"\begin{matrix} a": r"\begin{matrix} a",
    r"\begin{matrix} a \end{array}": r"\begin{matrix} a \end{array}",
    r"a } \beta": r"a } \beta",
    r"\beta^": "β^",
    "a\x1b[31mb\u202e": "a\ufffd[31mb\ufffd",
    "": "",
}


@pytest.mark.parametrize(("written", "seen"), SHOWN.items())
def test_shown(written: str, seen: str) -> None:
    assert shown(written).text == seen


@pytest.mark.parametrize("part", [r"\frac{b}{h}", "b", "h", r"\delta", "a^2", "u_{pq}"])
def test_carets_stand_below_what_is_spoken_of(part: str) -> None:
    text = r"a^2 + \frac{b}{h} - \delta u_{pq}"
    what = shown(text)
    assert what.text == "a² + b/h - δ u_pq"
    start = text.index(part)
    ((first, last),) = what.spans([(start, start + len(part))])
    assert what.text[first:last] == shown(part).text


def test_one_line() -> None:
    assert plain("a\n + \\\\ b") == "a + b"


SENTENCES = {
    r"“\mathbf{u}_k - \operatorname{softm…” does not fit “\frac{1}{2}”": "“u_k - softm…” does not fit “1/2”",
    r"\operatorname{softm… needs one shape; \mathbf{u}\mathbf{v}^\top is K × K.": "softm… needs one shape; uvᵀ is K × K.",
    "This “}” closes nothing, and “x_” has no index.": "This “}” closes nothing, and “x_” has no index.",
    r"“\frac{a” is not closed; “}” was expected.": r"“\frac{a” is not closed; “}” was expected.",
    "W_1 is 2 × 3,\n so it is 2^2.\x1b": "W₁ is 2 × 3, so it is 2².\ufffd",
    "": "",
}


@pytest.mark.parametrize(("said", "seen"), SENTENCES.items())
def test_sentences_of_the_judge(said: str, seen: str) -> None:
    assert plain_sentence(said) == seen


FORMULAS = {
    r"\frac{1}{m} V^\top": True, r"a &= b \\ &= c": True, r"\text{row vector}": True,
    "ReLU'(t) = softmax(u)": True, "2v": True, "": False, "  ": False,
    "2v since t > 0": False,
    r"\href{javascript:x}{y}": False, r"\def\x{y}": False, "a } {": False, r"\frac{a": False, "a $ b": False,
    "`a`": False, "a % b": False, "a^": False, "a^^b": False, "a_}": False, "a\x1b": False, "all of it": False, r"\left( a \right)": True,
    r"\begin{pmatrix} 1 & 2 \end{pmatrix}": True, r"\begin{pmatrix} 1": False, "a" * (LONGEST + 1): False,
}  # fmt: skip


@pytest.mark.parametrize(("written", "is_one"), FORMULAS.items())
def test_what_may_stand_between_dollars(written: str, is_one: bool) -> None:
    assert is_formula(written) is is_one


PIECES = st.sampled_from(
    [r"\frac", "{", "}", r"\begin{matrix}", r"\end{matrix}", r"\begin{align}", "^", "_", r"\sqrt", "[3]", r"\hat", r"\mathbf", "&", r"\\",
     "$", " ", "\n", "a", "1", r"\left", r"\overset", r"\text", r"\sum", "\\", "\x00", "≤", "\ud800", "(", ")", "-", "漢"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_text_can_be_shown(text: str) -> None:
    what = shown(text)
    assert len(what.text) == len(what.places)
    assert all(c.isprintable() or c == "\n" for c in what.text)
    assert all(0 <= place <= len(text) for place in what.places)
    is_formula(text)
    assert plain_sentence(f"“{text}…” is no {text}").isprintable()


@pytest.mark.parametrize("piece", [r"\frac{", "{", "x^", r"\sqrt", "_{", r"\left", "a_b", r"\begin{matrix}", "{}", r"\frac", "{a}", "^_"])
def test_hostile_text_takes_no_time(piece: str) -> None:
    for count in (LONGEST // len(piece), 2 << 20):
        start = time.perf_counter()
        text = piece * count
        shown(text), is_formula(text), plain_sentence(text)
        assert time.perf_counter() - start < 0.5
