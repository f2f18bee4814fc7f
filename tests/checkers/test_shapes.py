"""Shapes as answers: what is right in any spelling, what is wrong and why, and what cannot be read."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.checkers.quantities import Given
from hwcheck.checkers.shapes.shape_reading import read_shape
from hwcheck.checkers.shapes.shapes import judged_shape, wanted_shape
from hwcheck.checkers.verdicts import DIAGNOSES
from hwcheck.derivations.errors import InputError, LimitError, NotationError

KNOWN = Given({"X": ["n", "d"], "Y": ["n", "k"], "W": ["k", "d"], "w": ["d"], "z": ["k"], "s": ["k"], "c": []})

# Right answers: expected, then every spelling of it.
ACCEPTED = [
    (
        "(n, d)",
        [
            "(n,d)", "[n, d]", "n, d", "n × d", "n x d", "nxd", "n X d", "n✕d", r"n \times d", r"$n\times d$", r"\(n \times d\)",
            "n by d", "n-by-d", "n – by – d", "（n，d）", "(n; d)", "(n, d,)", "`(n, d)`", "**(n, d)**", r"\left( n, d \right)",
            r"\boxed{n \times d}",
            r"\langle n, d \rangle", "torch.Size([n, d])", "torch.Size((n, d))", "tf.TensorShape([n, d])", "X.shape == (n, d)",
            "np.shape (n, d)", r"\mathbb{R}^{n \times d}", r"\mathbb R^{n,d}", r"\mathbf{R}^{n\times d}", "R^{n x d}", "R^n×d", "R^(n×d)",
            "ℝⁿˣᵈ", "ℝⁿ×ᵈ", "ℝ^{n×d}", r"X \in \mathbb{R}^{n \times d}", "X in R^{n x d}", "the shape is n by d", "has shape (n,d)",
            "It is an n × d matrix.", "a matrix with n rows and d columns", "d columns and n rows", "n × d (rows × columns)",
            "shape(X) = (n, d)", r"\frac{\partial L}{\partial X}: n × d", "X.T @ X has shape n × d", "n × d, i.e. (n, d)",
            "(n, d) or [n, d]", "Xᵀ is d × n, so X is n × d", r"n \times d \text{ matrix}", r"\text{shape } n \times d",
            "(n+0, 1*d)", "(2n/2, d^1)", "((n), (d))", "(n+1-1) × d", r"\frac{2n}{2} \times d", "(n,) + (d,)", "[[n, d]]", "(n*d//d, d)",
        ],
    ),
    ("(3, 4)", ["3x4", "3 × 4", "3,4", "3*1 × 2^2", "(2+1, 2*2)", "3 X 4", "[3,4]", "3 rows, 4 columns", "(7//2, 4)", "R^{3×4}"]),
    ("(d, 1)", ["d × 1", "dx1", "R^d", r"\mathbb{R}^d", "ℝᵈ", "R^{d×1}", "column vector of length d", "a d-dimensional column vector",
                "d-vector", "vector of length d", "a d x 1 column", "column vector with d entries", "d (column vector)"]),
    ("(1, d)", ["1 x d row vector", "row vector with shape 1 × d", "1xd", "row of length d", r"\text{row vector of length } d",
                "a row vector with 1 × d dimensions", "R^{1×d}", "d (row vector)", "length-d row vector", "1 row and d columns"]),
    ("(d,)", ["(d,)", "[d]", "d", "torch.Size([d])", "1-D array of length d", "R^d", "array of shape (d,)"]),
    ("()", ["scalar", "a number", "1", "1×1", "(1, 1)", "[]", "()", r"\mathbb{R}", "R", "a real number", "It is a real-valued scalar.",
            "torch.Size([])", "scalar, 1 × 1", "1 by 1", "2-1"]),
    ("(n×k)×(k×d)", ["(n, k, k, d)", "n×k×k×d", r"(n\times k)\times(k\times d)", "((n,k),(k,d))", "(n,k)+(k,d)", "n × k x (k × d)"]),
    ("(B, H, L, d/H)", ["(B, H, L, d//H)", r"B \times H \times L \times \frac{d}{H}", r"B×H×L×⌊d/H⌋", "[B,H,L,d*H/(H*H)]"]),
    ("(m_1, |V|)", ["m₁ × |V|", r"m_{1} \times \vert V \vert", "m1x|V|", r"(m_1, |\mathcal{V}|)"]),
    ("(batch, seq_len, d_model)", [r"batch × seq\_len × d_{model}", "[batch, seq_len, d_model]"]),
    (r"(m^{(l)}, n^{[l]})", [r"m^l \times n^l", "m^(l) × n^(l)"]),
    ("(in, out)", ["in × out", "R^{in×out}"]),
    ("(mn, p-1)", ["(nm, p−1)", "n*m × (p-1)", r"(m \cdot n, -(1-p))"]),
    ("shape(X^T X w)", ["(d, 1)", "d × 1"]),
    (r"\text{shape}(X^\top X)", ["(d, d)"]),
    ("X.shape", ["(n, d)"]),
    (r"\text{shape}(\partial s/\partial z)", ["k × k"]),
    ("shape(dL/dw)", ["1 × d", "row vector of length d"]),
    (r"shape(\frac{\partial L}{\partial W})", ["k × d"]),
    (r"\operatorname{shape}(\partial (X W^T)/\partial W)", ["(n×k)×(k×d)", "(n, k, k, d)"]),
    ("shape(w^T w)", ["scalar", "1×1"]),
    (r"shape(\nabla_w L)", ["d × 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, answers in ACCEPTED for a in answers])
def test_a_right_shape_is_right_in_any_spelling(expected: str, answer: str) -> None:
    found = judged_shape(expected, answer, KNOWN)
    assert (found.verdict, found.evidence and found.evidence.kind, found.diagnosis) == ("right", "proved", None), found.message
    assert found.read_as and found.message.startswith("Right: ")


@pytest.mark.parametrize(
    ("expected", "answer", "diagnosis", "message"),
    [
        ("(n, d)", "(d, n)", "transposed", "Your shape is d × n; expected n × d: rows and columns are exchanged."),
        ("(1, d)", "d × 1", "transposed", "Your shape is d × 1; expected 1 × d: rows and columns are exchanged."),
        ("(1, d)", "R^d", "transposed", "Your shape is d × 1; expected 1 × d: rows and columns are exchanged."),
        ("(m, n, p, q)", "(p×q)×(m×n)", "transposed",
         "Your shape is p × q × m × n; expected m × n × p × q: the axes of output and input are exchanged."),
        ("(m, n, p, q)", "(q, p, n, m)", "transposed",
         "Your shape is q × p × n × m; expected m × n × p × q: the axes are in reverse order."),
        ("(n, k, d)", "(d, n, k)", "transposed",
         "Your shape is d × n × k; expected n × k × d: the axes of output and input are exchanged."),
        ("(n, d)", "(n, n)", "shape", "The second axis (the number of columns) is n, expected d: the shape is n × d."),
        ("(n, d)", "(k, d)", "shape", "The first axis (the number of rows) is k, expected n: the shape is n × d."),
        ("(n, d)", "(k, p)", "shape", "Your shape is k × p; expected n × d: both sizes differ."),
        ("(n, d)", "(n+1, d)", "shape", "The first axis (the number of rows) is n+1, expected n: the shape is n × d."),
        ("(B, H, L)", "(B, L, H)", "shape", "Your shape is B × L × H; expected B × H × L: the same axes in another order."),
        ("(B, H, L, d/H)", "(B, H, L, d)", "shape", "The fourth axis is d, expected d/H: the shape is B × H × L × d/H."),
        ("(B, H, L)", "(B, k, k)", "shape", "Your shape is B × k × k; expected B × H × L: the second and the third axis differ."),
        ("(d,)", "(n,)", "shape", "Your length is n; expected (d,)."),
        ("(d, 1)", "(d,)", "rank", "(d,) is an array with one axis; expected 2 axes: d × 1, a column."),
        ("(d, 1)", "d", "rank", "d says only a length, not whether it is a row or a column; expected d × 1, a column."),
        ("R^d", "(d,)", "rank", "(d,) is an array with one axis; expected 2 axes: d × 1, a column."),
        ("(n, d)", "n", "rank", "n is only one size; expected 2 axes: n × d."),
        ("(n, d)", "(n,)", "rank", "(n,) is an array with one axis; expected 2 axes: n × d, a matrix."),
        ("(3, 4)", "12", "rank", "12 is the number of entries; a shape lists every axis: expected 3 × 4."),
        ("(n, d)", "n*d", "rank", "nd is the number of entries; a shape lists every axis: expected n × d."),
        ("(m, n, p, q)", "(mn, pq)", "rank",
         "In mn × pq axes are joined, as if the tensors were vectors; expected every axis for itself: m × n × p × q."),
        ("(n, d)", "(n, d, 1)", "rank", "Your shape n × d × 1 has 3 axes; expected 2: n × d."),
        ("(d,)", "(d, 1)", "rank", "Your shape d × 1 has 2 axes; expected one: (d,)."),
        ("(k, k)", "(k, 1)", "rank", "Your shape is k × 1, a column; expected k × k, a matrix."),
        ("(1, d)", "(d, d)", "rank", "Your shape is d × d, a matrix; expected 1 × d, a row."),
        ("()", "(1, d)", "rank", "Your shape is 1 × d; expected a number, which has no axes."),
        ("()", "(1,)", "rank", "Your shape is (1,); expected a number, which has no axes."),
        ("(1, d)", "scalar", "rank", "Yours is the shape of a number; expected 1 × d, a row."),
        ("shape(dL/dw)", "(d, 1)", "transposed", "Your shape is d × 1; expected 1 × d: rows and columns are exchanged."),
        ("shape(∂(X Wᵀ)/∂W)", "(k, d, n, k)", "transposed",
         "Your shape is k × d × n × k; expected n × k × k × d: the axes of output and input are exchanged."),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_wrong_for_a_reason(expected: str, answer: str, diagnosis: str, message: str) -> None:
    found = judged_shape(expected, answer, KNOWN)
    assert (found.verdict, found.diagnosis, found.message) == ("wrong", diagnosis, message)
    assert diagnosis in DIAGNOSES and found.evidence is not None and found.evidence.kind == "shape" and found.spans


@pytest.mark.parametrize(
    ("answer", "place", "message"),
    [
        ("", "", "A shape was expected here, such as n × d."),
        ("a matrix", "a matrix", "A shape was expected here, such as n × d."),
        ("the number of rows", "the number of rows", "A shape was expected here, such as n × d."),
        ("(n, d", "(", "This “(” is not closed."),
        ("n, d)", ")", "“)” cannot be read as part of a shape."),
        ("n ×", "", "A size was expected here."),
        ("3 4", "4", "“4” cannot be read as part of a shape."),
        ("(n, 3.5)", ".", "“.” cannot be read as part of a shape."),
        ("(n, 0)", "0", "A size is a positive whole number, or a name such as n."),
        ("(n, n-n)", "n-n", "A size is a positive whole number, or a name such as n."),
        ("(n/(d-d), d)", "(d-d)", "A size is divided by zero here."),
        ("(3,4)*10**10**10", "*", "A shape is not multiplied; write every axis, such as (n, d)."),
        ("(10**10**10, 4)", "**", "An exponent of an exponent is more than a size may have."),
        ("(n^10, d)", "10", "The exponent 10 is larger than 9, the largest that a size may have."),
        ("(n×d)(d×1)", "(", "One shape was expected, that of the result."),
        ("(n, d) @ (d, 1)", "@", "One shape was expected, that of the result."),
        ("(d, n)^T", "(d, n)", "One size was expected here, not a list of them."),
        ("R^n × R^d", "n × R^d", "A product of spaces holds pairs; write one space, such as ℝ^(n×d)."),
        ("(n×k, k×d)", "n×k", "× and commas are mixed here: is this a product, or are these two axes?"),
        ("not (n, d)", "not", "“not” cannot be read here; write the shape alone, such as n × d."),
        ("d × n transposed", "transposed", "“transposed” cannot be read here; write the shape alone, such as n × d."),
        ("(n, d) where n = 3", "where", "“where” cannot be read here; write the shape alone, such as n × d."),
        ("n × d maybe", "maybe", "“maybe” is not understood here."),
        ("n × d or d × n", "n × d or d × n", "Two different shapes are written here, n × d and d × n; one is expected."),
        ("(d, n) = (n, d)", "(d, n) = (n, d)", "Two different shapes are written here, d × n and n × d; one is expected."),
        ("column vector 1 × d", "1 × d", "A column has 1 as its second axis, but 1 × d is written; say which is meant."),
        ("row vector (d, 1)", "(d, 1)", "A row has 1 as its first axis, but d × 1 is written; say which is meant."),
        ("scalar (n, d)", "(n, d)", "A number has no axes, but n × d is written; say which is meant."),
        ("(N, D)", "D", "There is no size D here. Did you mean d?"),
        ("X", "X", "X is not a size; write the sizes of its axes, such as n × d."),
        ("X.shape", ".", "The shape itself is asked for; write its sizes, such as n × d."),
        ("shape(X)", "(X)", "The shape itself is asked for; write its sizes, such as n × d."),
        ("R^{n×d} → R", "→", "“→” cannot be read as part of a shape."),
        ("shape != (n, d)", "!=", "“!=” cannot be read as part of a shape."),
        ("(n\x00, d)", "\x00", "The character U+0000 NULL cannot be read here."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_where_and_why(answer: str, place: str, message: str) -> None:
    found = judged_shape("(n, d)", answer, KNOWN)
    assert (found.verdict, found.message, found.evidence, found.diagnosis) == ("unreadable", message, None, None)
    ((start, end),) = found.spans
    assert answer[start:end] == place


@pytest.mark.parametrize(
    ("answer", "read_as", "notes"),
    [
        ("(n, d)", r"n \times d", ()),
        ("R^{n x d}", r"n \times d", ("“R^{n x d}” is read as n × d.",)),
        ("(n//2*2, d)", r"n/2 \cdot 2 \times d", ("“(n//2*2, d)” is read as n × d.", "// is read as a division without remainder.")),
    ],
)
def test_another_notation_is_noted(answer: str, read_as: str, notes: tuple[str, ...]) -> None:
    found = judged_shape("(n, d)", answer, Given())
    assert (found.message, found.read_as, found.notes) == ("Right: n × d.", read_as, notes)


@pytest.mark.parametrize("expected", ["", "n × d or d × n", "shape(X +)"])
def test_an_expected_shape_that_cannot_be_read_is_an_error(expected: str) -> None:
    with pytest.raises(InputError):
        wanted_shape(expected, KNOWN)


def test_undeclared_names_have_their_usual_shapes() -> None:
    assert wanted_shape("shape(X^T X w)", Given()).shape.text == "d × 1"
    assert wanted_shape(r"shape(\partial s/\partial z)", Given({"s": ["k"]})).shape.text == "k × k"
    assert wanted_shape("shape(s)", Given(definitions={"s": "softmax(z)"})).shape.text == "k × 1"


@pytest.mark.parametrize(
    "text",
    ["(" * 400, "⌊" * 400, r"\frac" * 80, "R^" * 200, "(" + "(a+b+c+d+e+f)" * 28 + ", d)", "n^9" * 130, "((((9^9)^9)^9)^9, d)", "9" * 400,
     "1" + ",1" * 199, "n" * 401, "n×" * 10**6],
)  # fmt: skip
def test_what_is_too_large_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises((LimitError, NotationError)):
        read_shape(text)
    assert judged_shape("(n, d)", text, KNOWN).verdict == "unreadable"
    assert time.perf_counter() - start < 1


# Laws

sizes = st.sampled_from(["n", "d", "k", "m", "p", "3", "12", "2n", "n+1", "d/k", "mn", "d_h"])
shapes = st.lists(sizes, min_size=2, max_size=5)


def latex(size: str) -> str:
    return rf"\frac{{{size[0]}}}{{{size[2]}}}" if "/" in size else size.replace("d_h", "d_{h}")


def grouped(size: str) -> str:
    return f"({size})" if "+" in size else size


STYLES = {
    "tuple": lambda axes: f"({', '.join(axes)})",
    "list": lambda axes: f"[{','.join(axes)}]",
    "bare": lambda axes: ", ".join(axes),
    "torch": lambda axes: f"torch.Size([{', '.join(axes)}])",
    "times": lambda axes: "×".join(map(grouped, axes)),
    "ascii": lambda axes: " x ".join(map(grouped, axes)),
    "by": lambda axes: "-by-".join(map(grouped, axes)),
    "latex": lambda axes: "$" + r" \times ".join(grouped(latex(a)) for a in axes) + "$",
    "space": lambda axes: r"\mathbb{R}^{" + r" \times ".join(grouped(latex(a)) for a in axes) + "}",
    "groups": lambda axes: f"({'×'.join(map(grouped, axes[:1]))})×({'×'.join(map(grouped, axes[1:]))})",
    "equation": lambda axes: f"X.shape = ({', '.join(axes)})",
    "words": lambda axes: f"It has the shape {' × '.join(map(grouped, axes))}.",
    "arithmetic": lambda axes: f"({', '.join(f'1*({a})+0' for a in axes)})",
}


@given(shapes, st.sampled_from(sorted(STYLES)))
def test_a_shape_reads_back_from_every_style(axes: list[str], style: str) -> None:
    read = read_shape(STYLES[style](axes))
    assert read.same_as(read_shape(f"({','.join(axes)})")), read.text
    assert read_shape(read.text).same_as(read) and read_shape(read.latex).same_as(read)


@given(shapes, st.data(), st.sampled_from(sorted(STYLES)))
def test_any_change_of_an_axis_is_wrong(axes: list[str], data: st.DataObject, style: str) -> None:
    place = data.draw(st.integers(0, len(axes) - 1))
    other = data.draw(sizes.filter(lambda size: size != axes[place]))
    changed = [*axes[:place], other, *axes[place + 1 :]]
    expected = f"({', '.join(axes)})"
    assert judged_shape(expected, STYLES[style](changed), Given()).verdict == "wrong"
    assert judged_shape(expected, STYLES[style](axes), Given()).verdict == "right"
    assert judged_shape(expected, STYLES[style]([*axes, other]), Given()).diagnosis == "rank"


@given(shapes, shapes, st.sampled_from(sorted(STYLES)), st.sampled_from(sorted(STYLES)))
def test_verdicts_mirror_each_other(left: list[str], right: list[str], one: str, another: str) -> None:
    a, b = STYLES[one](left), STYLES[another](right)
    assert judged_shape(a, b, Given()).verdict == judged_shape(b, a, Given()).verdict


@settings(max_examples=300)
@given(st.lists(st.sampled_from([
    "n", "d", " ", "x", "×", r"\times ", "(", ")", "[", "]", "{", "}", "^", "_", ",", "+", "-", "*", "//", "R", "ℝ", "ⁿ", "ˣ", "-by-",
    "a ", "row ", "column ", "vector ", "scalar ", "is ", "=", ":", ".", "1", "2", r"\text{", r"\frac", "⌊", "⌋", "|", "V", "'", "T",
    "torch.Size", "rows ", "columns ", "\\", "$", "∈", "@", "é", "\u202e",
]), max_size=14).map("".join))  # fmt: skip
def test_any_text_gets_a_verdict(text: str) -> None:
    found = judged_shape("(n, d, k)", text, KNOWN)
    assert found.verdict in ("wrong", "unreadable") and found.message
    assert all(0 <= start <= end <= len(text) + 1 for start, end in found.spans)
