"""Whole messages of the reader, with their place: what was expected, what was got, and which operand is innocent."""

from collections.abc import Mapping, Sequence

import pytest

from hwcheck.derivations.errors import HwcheckError
from hwcheck.derivations.reader.reading import read

Sizes = Sequence[int | str]

# Text, declared shapes, the report: message, text, carets.
MESSAGES: list[tuple[str, Mapping[str, Sizes], str]] = [
    ("W x + b", {"W": ["k", "d"], "x": ["n"], "b": ["k"]}, """\
W x needs the columns of W to match the length of x.
W is k × d; x has length n, expected d.
  W x + b
  ^^^"""),
    ("tr(A C B)", {"A": ["n", "m"], "B": ["m", "k"], "C": ["k", "n"]}, """\
A C needs the columns of A to match the rows of C.
A is n × m; C is k × n, expected m rows.
  tr(A C B)
     ^^^"""),
    (r"X\left(Xw-y\right)", {"X": ["n", "d"], "w": ["d"], "y": ["n"]}, """\
X(Xw-y) needs the columns of X to match the length of (Xw-y).
X is n × d; (Xw-y) has length n, expected d.
  X\\left(Xw-y\\right)
  ^^^^^^^^^^^^^^^^^^"""),
    ("w^T X", {"w": ["d"], "X": ["n", "d"]}, """\
w^T X needs the row w^T to match the rows of X.
w^T is a row, 1 × d; X is n × d, expected d rows.
  w^T X
  ^^^^^"""),
    ("x A", {"x": ["d"], "A": ["d", "d"]}, """\
x A needs x, a column, to meet a row.
x is a column, d × 1; A is d × d.
  x A
  ^^^"""),
    ("x y", {"x": ["d"], "y": ["d"]}, """\
x y multiplies two columns, which has no meaning as a matrix product.
x is a column, d × 1; y is a column, d × 1.
The dot product is x^T y, the product entry by entry x ⊙ y.
  x y
  ^^^"""),
    ("x ⊙ y", {"x": ["d"], "y": ["n"]}, """\
x ⊙ y needs two operands of the same shape.
x is a column, d × 1; y is a column, n × 1.
  x ⊙ y
  ^^^^^"""),
    ("Ax + x^TA", {"A": ["n", "n"], "x": ["n"]}, """\
Ax + x^TA needs two operands of the same shape.
Ax is a column, n × 1; x^TA is a row, 1 × n.
One of them is transposed.
  Ax + x^TA
  ^^^^^^^^^"""),
    ("diag(σ(z) − σ(z)σ(z)^T)", {"z": ["K"]}, """\
σ(z) − σ(z)σ(z)^T needs two operands of the same shape.
σ(z) is a column, K × 1; σ(z)σ(z)^T is K × K.
diag(σ(z)) would be K × K.
  diag(σ(z) − σ(z)σ(z)^T)
       ^^^^^^^^^^^^^^^^^"""),
    ("diag(σ(z) − σ(z)σ(z)^T)", {}, """\
σ(z) − σ(z)σ(z)^T needs two operands of the same shape.
σ(z) is a column, k × 1; σ(z)σ(z)^T is k × k.
diag(σ(z)) would be k × k.
  diag(σ(z) − σ(z)σ(z)^T)
       ^^^^^^^^^^^^^^^^^"""),
    ("X^2", {"X": ["n", "d"]}, """\
X^2 needs a square matrix.
X is n × d.
Entry by entry it is written X**2.
  X^2
  ^^^"""),
    ("tr(X)", {"X": ["n", "d"]}, """\
tr(X) needs a square matrix.
X is n × d.
  tr(X)
     ^"""),
    ("1/A^T", {"A": ["n", "n"]}, """\
1/A^T divides by a matrix. Write (A^T)^{-1} for the inverse.
A^T is n × n.
  1/A^T
  ^^^^^"""),
    ("2^x^x", {"x": ["d"]}, """\
x^x needs a number as exponent.
x is a column, d × 1.
  2^x^x
      ^"""),
    ("c'", {"c": []}, """\
c' is read as a transpose, but c is a number.
  c'
  ^^"""),
    (r"\sum_{i=1}^n w_i", {"w": ["d"], "y": ["n"]}, r"""
\sum_{i=1}^n w_i runs to n, but i counts d entries.
  \sum_{i=1}^n w_i
  ^^^^^^^^^^^^^^^^""".lstrip()),
    ("Σ_ij x_i A_ji y_j", {"A": ["n", "m"], "x": ["n"], "y": ["m"]}, """\
i runs to n, but A has m entries there.
A is n × m.
  Σ_ij x_i A_ji y_j
           ^^^^"""),
    ("w_3", {"w": [2]}, """\
w has no entry 3.
w is a column, 2 × 1.
  w_3
  ^^^"""),
    ("X - X.mean(axis=1)", {"X": ["n", "d"]}, """\
X - X.mean(axis=1) needs two operands of the same shape.
X is n × d; X.mean(axis=1) is a column, n × 1.
  X - X.mean(axis=1)
  ^^^^^^^^^^^^^^^^^^"""),
    ("einsum('ij->i', w)", {"w": ["d"]}, """\
einsum takes w with the axes “ij”, but it has 1.
w is a column, d × 1.
  einsum('ij->i', w)
                  ^"""),
    ("T x", {"T": ["k", "n", "d"], "x": ["d"]}, """\
T has 3 axes; it is used in einsum only.
  T x
  ^"""),
    ("2(x+", {}, """\
The text ends where a name, a number or a bracket was expected.
  2(x+
      ^"""),
    ("((x+1)", {}, """\
The bracket “(” is never closed.
  ((x+1)
  ^"""),
    ("x+1)", {}, """\
This “)” closes nothing.
  x+1)
     ^"""),
    ("(x]", {}, """\
An operator or “)” was expected here, not “]”.
  (x]
    ^"""),
    ("|x", {}, """\
The bar “|” is never closed.
  |x
  ^"""),
    ("\\begin{bmatrix}1&2\\\\ \\\\3&4\\end{bmatrix}", {}, """\
A row of this matrix is empty.
  \\begin{bmatrix}1&2\\\\ \\\\3&4\\end{bmatrix}
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"""),
    ("3 4", {}, """\
An operator is missing between two numbers.
  3 4
  ^^^"""),
    ("x & y", {}, """\
An operator or the end was expected here, not “&”.
  x & y
    ^"""),
    ("4, 5, 6", {}, """\
One expression is read at a time; entries of a vector need brackets.
  4, 5, 6
   ^"""),
    ("x = y = z", {}, """\
One equation is read at a time; this is a second “=”.
  x = y = z
        ^"""),
    ("x+1 = 2x", {}, """\
An equation is read only as “f(w) = …” or “y = …”; this left side is an expression.
  x+1 = 2x
  ^^^"""),
    ("x < 1", {}, """\
A comparison has a value only inside brackets: (x > 0) is 1 or 0.
  x < 1
    ^"""),
    ("x__2", {}, """\
A subscript was expected after “_”.
  x__2
   ^"""),
    (r"\foo x", {}, r"""
The command \foo is not known.
  \foo x
  ^^^^""".lstrip()),
    ("$$x$", {}, """\
The “$$” at the start has no partner at the end.
  $$x$
  ^^"""),
    ("[1, 2; 3]", {}, """\
The rows of this matrix have 1 and 2 entries.
  [1, 2; 3]
  ^^^^^^^^^"""),
    (r"\begin{cases}x & x>0\\ y & x>0\end{cases}", {}, r"""
Two branches have the same condition.
  \begin{cases}x & x>0\\ y & x>0\end{cases}
                             ^^^""".lstrip()),
    ("f(w) = L + ∂L/∂w", {}, """\
“L” is not defined here, so its derivative cannot be worked out.
  f(w) = L + ∂L/∂w
              ^"""),
    (r"\ln^{-1} x", {}, r"""
“\ln^{-1}” can mean the inverse function or a power; write which.
  \ln^{-1} x
  ^^^^^^^^""".lstrip()),
    ("softmaks(z)", {}, """\
“softmaks” is not a declared name or a known function. Did you mean “softmax”?
  softmaks(z)
  ^^^^^^^^"""),
    ("sofmax(z)", {}, """\
“sofmax” is not a known function. Did you mean “softmax”?
  sofmax(z)
  ^^^^^^"""),
    ("np.linalg.nrm(w)", {}, """\
“nrm” is not a known function. Did you mean “norm”?
  np.linalg.nrm(w)
            ^^^"""),
    ("g(x)", {}, """\
The function “g” is not defined.
  g(x)
  ^"""),
    ("х + 1", {}, """\
The character U+0445 CYRILLIC SMALL LETTER HA cannot be read here.
  х + 1
  ^"""),
    ("x\x1b[2J", {}, """\
The character U+001B ESCAPE cannot be read here.
  x�[2J
   ^"""),
    ("9**9**9**9", {}, """\
This number would have more than 4,096 binary digits.
  9**9**9**9
     ^^^^^^^"""),
    ("99!", {}, """\
Factorials are not read.
  99!
    ^"""),
    ("", {}, """\
Nothing was written here.
  \n  ^"""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "report"), MESSAGES)
def test_messages(text: str, shapes: Mapping[str, Sizes], report: str) -> None:
    with pytest.raises(HwcheckError) as caught:
        read(text, shapes=shapes)
    assert caught.value.report() == report


def test_too_many_characters() -> None:
    with pytest.raises(HwcheckError) as caught:
        read("x" * 5000)
    assert caught.value.message == "The text has 5,000 characters; 4,096 are the most that is read."
    assert caught.value.span == (4096, 5000)


def test_a_variable_that_does_not_occur() -> None:
    with pytest.raises(HwcheckError) as caught:
        read("X w", wrt="q")
    assert caught.value.message == "“q” does not occur here. The names are: X, w."


def test_an_error_in_a_definition_names_it() -> None:
    with pytest.raises(HwcheckError) as caught:
        read("s^2", definitions={"s": "2(z"})
    assert caught.value.message == "In the definition of s: The bracket “(” is never closed."
    assert caught.value.text == "2(z"


def test_definitions_in_a_circle() -> None:
    with pytest.raises(HwcheckError) as caught:
        read("s", definitions={"s": "t + 1", "t": "2 s"})
    assert caught.value.message == "The definitions go in a circle: s → t → s."


# Readings that were taken where another was possible.
NOTES: list[tuple[str, Mapping[str, Sizes], tuple[str, ...]]] = [
    ("A * B", {"A": ["n", "n"], "B": ["n", "n"]},
     ("A * B is read entry by entry; write A @ B for the matrix product.",)),
    ("A @ B", {"A": ["n", "n"], "B": ["n", "n"]}, ()),
    ("ln x y", {"x": [], "y": []}, ("ln x is taken as ln(x), and what follows as a factor.",)),
    ("ln(x) y", {"x": [], "y": []}, ()),
    (r"\|X\|", {"X": ["n", "d"]}, (r"\|X\| is the Frobenius norm.",)),
    (r"\|X\|_F", {"X": ["n", "d"]}, ()),
    ("A + c", {"A": ["n", "n"], "c": []}, ("c is a number: it counts in every entry of A.",)),
    ("A + c I", {"A": ["n", "n"], "c": []}, ()),
    ("X W + b", {"X": ["n", "d"], "W": ["d", "k"], "b": ["k"]}, ("b is added to every row of X W.",)),
    ("X @ W + b", {"X": ["n", "d"], "W": ["d", "k"], "b": ["k"]}, ("b is repeated over the rows of X @ W.",)),
    ("p ⊙ X", {"X": ["n", "d"], "p": ["n"]}, ("p scales the rows of X.",)),
    ("diag(A)", {"A": ["n", "n"]}, ("diag(A) is the diagonal of A, as a column.",)),
    ("w[0]", {"w": ["d"]}, ("Entries in square brackets are counted from 0, as in NumPy.",)),
    ("f'(x)", {"x": []}, ("f'(x) is kept as a symbol, because f is not defined.",)),
    ("X^T X + W", {}, ("The usual sizes d and k have to be equal here; both are called d.",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "notes"), NOTES)
def test_notes(text: str, shapes: Mapping[str, Sizes], notes: tuple[str, ...]) -> None:
    assert read(text, shapes=shapes).notes == notes


# Answers that leave open which value is meant, and commands with a slip of the pen.
HEDGES: list[tuple[str, str]] = [
    (r"x \pm 1", "“±” gives two values at once; write the one that is meant."),
    ("(x ± 1)^2", "“±” gives two values at once; write the one that is meant."),
    ("± 3", "“±” gives two values at once; write the one that is meant."),
    ("x+1 or x+2", "“or” gives two answers at once; write the one that is meant."),
    ("5 (or 6)", "“or” gives two answers at once; write the one that is meant."),
    (r"5 \text{ or 6}", "“or” gives two answers at once; write the one that is meant."),
    ("not 5", "“not” says what the answer is not; write what it is."),
    ("2/3 ≈ 0.667", "Two values stand here, with “≈” between them; write the one that is meant."),
    ("y = 2/3 ≈ 0.667", "Two values stand here, with “≈” between them; write the one that is meant."),
    ("≈", "An expression was expected after “≈”."),
    (r"\detla x", r"The command \detla is not known. Did you mean “\delta”?"),
    (r"\lamda w", r"The command \lamda is not known. Did you mean “\lambda”?"),
    (r"\alphax", r"The command \alphax is not known. Did you mean “\alpha x”?"),
    (r"\frc{1}{2}", r"The command \frc is not known. Did you mean “\frac”?"),
    (r"\def x", r"The command \def is not known."),
    (r"\lim_{x \to 0} x", "Limits are not read."),
    (r"\int x", "Integrals are not read."),
    (r"\sum_{i=0}^n c^i", "A sum up to a size is read from 1 on only."),
    (r"\sum_{i=0}^{99} c^i", "A sum of more than 64 terms is not written out."),
    (r"I_{n \times d}", "An identity matrix is square."),
    ("pinv(w)", "The pseudo-inverse of a matrix is read, no other."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), HEDGES)
def test_hedges_and_slips(text: str, message: str) -> None:
    with pytest.raises(HwcheckError) as caught:
        read(text, shapes={"w": ["d"], "c": []})
    assert caught.value.message == message
    assert caught.value.text == text and caught.value.span is not None


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("≈ 5", "“≈” says approximately; the value is taken as it is written."),
        (r"2w \text{ (chain rule)}", r"“\text{ (chain rule)}” is taken as a remark."),
        (r"\sum_{k=1}^3 k", "The sum over k is written out."),
    ],
)
def test_notes_on_what_stands_around(text: str, note: str) -> None:
    assert note in read(text).notes
