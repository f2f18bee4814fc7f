"""What the reader makes of a text: trees, shapes, names, indices; accepted and refused side by side."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations.errors import HwcheckError, LimitError, NameUnknownError, NotationError, ShapeError, UnsupportedError
from hwcheck.derivations.notation.names import Vocabulary, key_of
from hwcheck.derivations.notation.spellings import FUNCTIONS, Spelling
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.reader.inference import options
from hwcheck.derivations.reader.reading import Reading, read, resolve, typed

Sizes = Sequence[int | str]
SHAPES: Mapping[str, Sizes] = {
    "X": ["n", "d"], "w": ["d"], "x": ["d"], "y": ["n"], "A": ["d", "d"], "B": ["d", "d"], "W": ["k", "d"], "z": ["k"],
    "c": [], "lam": [], "h_1": ["k"], "hat_y": ["n"], "W^(2)": ["k", "d"], "theta": ["d"], "hh": ["d"], "b": ["k"],
    "delta": ["k"], "T": ["k", "n", "d"],
}  # fmt: skip


def spelled(tree: Written) -> str:
    """A tree in one line: `matmul(X, transpose(w))`."""
    if tree.op in ("name", "number", "size", "constant", "index"):
        return str(tree.value)
    value = "" if tree.value is None else f":{tree.value}"
    return tree.op + value + (f"({', '.join(map(spelled, tree.args))})" if tree.args else "")


# Text, tree, shape.
READ: list[tuple[str, str, tuple[int | str, ...]]] = [
    # Names: the longest declared name first, then side by side means times
    ("Xw", "matmul(X, w)", ("n", 1)),
    ("2wc", "scale(scale(2, w), c)", ("d", 1)),
    ("hh", "hh", ("d", 1)),
    ("lam w", "scale(lam, w)", ("d", 1)),
    (r"\lambda w", "scale(lam, w)", ("d", 1)),
    ("w_1", "entry(w, 1)", (1, 1)),
    ("w2", "entry(w, 2)", (1, 1)),
    ("h_{1}", "h_1", ("k", 1)),
    ("h₁", "h_1", ("k", 1)),
    (r"\hat{\mathbf{y}}", "hat_y", ("n", 1)),
    ("ŷ", "hat_y", ("n", 1)),
    ("W^{(2)}x", "matmul(W^(2), x)", ("k", 1)),
    (r"\mathbf{W}^{(2)}\mathbf{x}", "matmul(W^(2), x)", ("k", 1)),
    ("W_{ij}^{(2)}", "entry(W^(2), i, j)", (1, 1)),
    (r"\boldsymbol\theta", "theta", ("d", 1)),
    ("x_1 + w_1", "add(entry(x, 1), entry(w, 1))", (1, 1)),
    ("e^c", "power(e, c)", (1, 1)),
    (r"\pi c", "scale(pi, c)", (1, 1)),
    # Transposes, inverses, powers
    ("w^Tx", "matmul(transpose(w), x)", (1, 1)),
    (r"w^\top x", "matmul(transpose(w), x)", (1, 1)),
    (r"w^{\mathsf{T}} x", "matmul(transpose(w), x)", (1, 1)),
    ("wᵀx", "matmul(transpose(w), x)", (1, 1)),
    ("w'x", "matmul(transpose(w), x)", (1, 1)),
    ("w.T @ x", "matmul(transpose(w), x)", (1, 1)),
    ("np.transpose(w) @ x", "matmul(transpose(w), x)", (1, 1)),
    ("A^{-T}", "transpose(inverse(A))", ("d", "d")),
    ("A⁻ᵀ", "transpose(inverse(A))", ("d", "d")),
    ("A^{-1}", "inverse(A)", ("d", "d")),
    ("inv(A)", "inverse(A)", ("d", "d")),
    ("c^{-1}", "power(c, neg(1))", (1, 1)),
    ("A^2", "matrixpower(A, 2)", ("d", "d")),
    ("A**2", "entrypower(A, 2)", ("d", "d")),
    (r"X^{\circ 2}", "entrypower(X, 2)", ("n", "d")),
    ("w**2", "power(w, 2)", ("d", 1)),
    ("2**w", "power(2, w)", ("d", 1)),
    ("-c^2", "neg(power(c, 2))", (1, 1)),
    ("c^10", "power(c, 10)", (1, 1)),
    ("c**-1", "power(c, neg(1))", (1, 1)),
    ("2^c^2", "power(2, power(c, 2))", (1, 1)),
    # Products and quotients
    ("A*B", "hadamard(A, B)", ("d", "d")),
    ("X*w", "matmul(X, w)", ("n", 1)),
    (r"A \cdot B", "matmul(A, B)", ("d", "d")),
    (r"w \cdot x", "dot(w, x)", (1, 1)),
    ("w*x", "hadamard(w, x)", ("d", 1)),
    (r"w \circ x", "hadamard(w, x)", ("d", 1)),
    (r"A \otimes w", "kron(A, w)", ("d*d", "d")),
    ("w ⊙ A x", "hadamard(w, matmul(A, x))", ("d", 1)),
    ("z ⊙ W", "matmul(call:diag(z), W)", ("k", "d")),
    ("1/2c", "scale(divide(1, 2), c)", (1, 1)),
    (r"\frac12 w", "scale(divide(1, 2), w)", ("d", 1)),
    ("½w", "scale(divide(1, 2), w)", ("d", 1)),
    (r"{c \over 2}", "divide(c, 2)", (1, 1)),
    ("c/w", "oslash(c, w)", ("d", 1)),
    ("w/x", "oslash(w, x)", ("d", 1)),
    ("w/norm(w)", "divide(w, norm:2(w))", ("d", 1)),
    ("X + w", "add(X, matmul(ones, transpose(w)))", ("n", "d")),
    ("X w^T x", "scale(X, matmul(transpose(w), x))", ("n", "d")),
    # NumPy's vectors of one axis
    ("w @ x", "matmul(transpose(w), x)", (1, 1)),
    ("x @ A @ w", "matmul(matmul(transpose(x), A), w)", (1, 1)),
    ("w @ X.T + y", "add(transpose(matmul(transpose(w), transpose(X))), y)", ("n", 1)),
    ("X - X.mean(axis=0)", "sub(X, matmul(ones, transpose(call:('mean', ('axis', 0))(X))))", ("n", "d")),
    ("X.sum(axis=1)", "call:('sum', ('axis', 1))(X)", ("n", 1)),
    ("np.outer(w, z)", "matmul(w, transpose(z))", ("d", "k")),
    ("np.where(z > 0, 1, 0)", "cases:True(1, compare:>(z, 0), 0)", ("k", 1)),
    ("np.einsum('ij,j->i', X, w)", "call:('einsum', ('spec', 'ij,j->i'))(X, w)", ("n", 1)),
    ("einsum('kij,j->ki', T, w)", "call:('einsum', ('spec', 'kij,j->ki'))(T, w)", ("k", "n")),
    ("X[0, 1]", "entry(X, 1, 2)", (1, 1)),
    ("X[:, 0]", "entry(X, :, 1)", ("n", 1)),
    ("np.ones((n, d))", "ones", ("n", "d")),
    ("sum(w[i]*x[i] for i in range(d))", "sum:('i', 'd')(scale(entry(w, i), entry(x, i)))", (1, 1)),
    ("roll(w, 1)", "call:('roll', ('shift', 1))(w)", ("d", 1)),
    ("stack([w, x])", "stack:rows(w, x)", (2, "d")),
    ("concatenate([w, z])", "stack:vector(w, z)", ("d+k", 1)),
    # Bars and norms
    ("|c|", "call:abs(c)", (1, 1)),
    ("||c|-1|", "call:abs(sub(call:abs(c), 1))", (1, 1)),
    ("|A|", "call:det(A)", (1, 1)),
    ("||w||^2", "power(norm:2(w), 2)", (1, 1)),
    ("‖w‖₂²", "power(norm:2(w), 2)", (1, 1)),
    (r"\|X\|_F", "norm:F(X)", (1, 1)),
    (r"\|w\|_1", "norm:1(w)", (1, 1)),
    (r"\|w\|^2_2", "power(norm:2(w), 2)", (1, 1)),
    # Functions
    ("ln c", "call:log(c)", (1, 1)),
    (r"\sin^2 c", "power(call:sin(c), 2)", (1, 1)),
    (r"\sin^{-1} c", "call:arcsin(c)", (1, 1)),
    ("sin 2c", "call:sin(scale(2, c))", (1, 1)),
    ("ln c^2", "call:log(power(c, 2))", (1, 1)),
    (r"\log\det A", "call:log(call:det(A))", (1, 1)),
    (r"\log_{10} c", "call:log10(c)", (1, 1)),
    ("σ(z)", "call:sigmoid(z)", ("k", 1)),
    (r"\sigma'(z)", "call:('sigmoid', ('prime', 1))(z)", ("k", 1)),
    (r"\max\{0, z\}", "call:maximum(0, z)", ("k", 1)),
    ("max(z)", "call:max(z)", (1, 1)),
    ("diag(w)", "call:diag(w)", ("d", "d")),
    ("diag(A)", "call:diagonal(A)", ("d", 1)),
    (r"\operatorname{tr}(A)", "call:trace(A)", (1, 1)),
    ("sech(c)", "divide(1, call:cosh(c))", (1, 1)),
    (r"\sqrt[3]{c}", "call:cbrt(c)", (1, 1)),
    # Sums, deltas, conditions, entries
    (r"\sum_j w_jx_j", "sum:('j', 'd')(scale(entry(w, j), entry(x, j)))", (1, 1)),
    (r"\sum_{j=1}^{d} X_{ij} w_j", "sum:('j', 'd')(scale(entry(X, i, j), entry(w, j)))", (1, 1)),
    ("Σ_j X_ij w_j", "sum:('j', 'd')(scale(entry(X, i, j), entry(w, j)))", (1, 1)),
    (r"\prod_j w_j", "prod:('j', 'd')(entry(w, j))", (1, 1)),
    ("δ_ij z_j", "scale(delta(i, j), entry(z, j))", (1, 1)),
    (r"\delta_i", "entry(delta, i)", (1, 1)),
    (r"\mathbb 1[i=j]", "indicator(compare:=(i, j))", (1, 1)),
    (r"\mathbb{1}_{z>0}", "indicator(compare:>(z, 0))", ("k", 1)),
    ("(c > 0)", "indicator(compare:>(c, 0))", (1, 1)),
    ("c if c > 0 else 0", "cases:True(c, compare:>(c, 0), 0)", (1, 1)),
    (r"\begin{cases}c, & \text{if } c>0,\\ 0, & c \le 0.\end{cases}",
     "cases:False(c, compare:>(c, 0), 0, compare:<=(c, 0))", (1, 1)),
    ("(Xw)_i", "entry(matmul(X, w), i)", (1, 1)),
    ("[z_i z_j]_{ij}", "components:('i', 'j')(scale(entry(z, i), entry(z, j)))", ("k", "k")),
    # Matrices
    ("[1, 2; 3, 4]", "matrix:(2, 2)(1, 2, 3, 4)", (2, 2)),
    ("[[1,2],[3,4]]", "matrix:(2, 2)(1, 2, 3, 4)", (2, 2)),
    ("(1, 2)", "matrix:(2, 1)(1, 2)", (2, 1)),
    ("(1, 2)^T", "matrix:(2, 1)(1, 2)", (2, 1)),  # a column on one line; but a row where it is multiplied, or was a column before
    ("[1, 2]^T (3, 4)", "matmul(transpose(matrix:(2, 1)(1, 2)), matrix:(2, 1)(3, 4))", (1, 1)),
    ("[1; 2]^T", "transpose(matrix:(2, 1)(1, 2))", (1, 2)),
    ("[[1], [2]]^T", "transpose(matrix:(2, 1)(1, 2))", (1, 2)),
    ("[1 -2]", "matrix:(2, 1)(1, neg(2))", (2, 1)),
    ("[1 - 2]", "sub(1, 2)", (1, 1)),
    ("[[1 1] [1 -1]]", "matrix:(2, 2)(1, 1, 1, neg(1))", (2, 2)),
    ("[[0.5 1], [-1 2]]", "matrix:(2, 2)(0.5, 1, neg(1), 2)", (2, 2)),
    ("1 2\n3 4", "matrix:(2, 2)(1, 2, 3, 4)", (2, 2)),
    (r"\begin{bmatrix}2w_1 & \cdots & 2w_d\end{bmatrix}", "transpose(components:('i',)(scale(2, entry(w, i))))", (1, "d")),
    (r"\begin{pmatrix}w_1 & & \\ & \ddots & \\ & & w_d\end{pmatrix}", "call:diag(components:('i',)(entry(w, i)))", ("d", "d")),
    ("A + lam I", "add(A, scale(lam, identity))", ("d", "d")),
    (r"\mathbf{1}^T y", "matmul(transpose(ones), y)", (1, 1)),
    # Derivatives
    (r"\frac{\partial}{\partial w} w^Tw", "derivative(matmul(transpose(w), w), w)", (1, "d")),
    ("∂(Xw)/∂w", "derivative(matmul(X, w), w)", ("n", "d")),
    (r"\nabla_w (w^Tw)", "derivative:denominator(matmul(transpose(w), w), w)", ("d", 1)),
    ("d/dc (c^2)", "derivative(power(c, 2), c)", (1, 1)),
    # The outside of a text
    ("$$Xw$$", "matmul(X, w)", ("n", 1)),
    (r"\(Xw\).", "matmul(X, w)", ("n", 1)),
    ("Ｘｗ", "matmul(X, w)", ("n", 1)),
    ("\ufeffX\u200bw", "matmul(X, w)", ("n", 1)),
    ("1,234.5", "1234.5", (1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree", "shape"), READ)
def test_read(text: str, tree: str, shape: tuple[int | str, ...]) -> None:
    reading = read(text, shapes=SHAPES)
    assert (spelled(reading.body), reading.body.shape) == (tree, shape)


# Undeclared names: the homework's usual shapes where they fit, else what the expression forces.
INFERRED: list[tuple[str, str]] = [
    ("f(w) = c", "c: 1×1, w: d×1"),
    ("f(w) = ||w||^2", "w: d×1"),
    ("f(w) = w^T x_i", "w: d×1, x_i: d×1"),
    ("f(w) = Xw", "X: n×d, w: d×1"),
    ("f(W) = XW^T", "X: n×d, W: k×d"),
    ("f(x,y,z) = ln x + exp(y) z", "x: 1×1!, y: 1×1!, z: 1×1!"),
    ("f(x,y,z,v) = exp(y^(-x) - z) + (z-v)^2", "y: 1×1!, x: 1×1!, z: 1×1!, v: 1×1!"),
    ("f(x) = Ax + b", "A: m×d, x: d×1, b: m×1"),
    ("f(x) = x^2 sin(x)", "x: 1×1!"),
    (r"\sigma(w^Tx + b)", "w: d×1, x: d×1, b: 1×1!"),
    (r"y - \hat y", "y: n×1, hat_y: n×1"),
    (r"\frac1n \|Xw - y\|^2", "X: n×d, w: d×1, y: n×1"),
    (r"\frac1n\sum_{i=1}^n (y_i - w^T x_i)^2", "y: n×1, w: d×1, X: n×d"),
    (r"\frac{e^{z_i}}{\sum_j e^{z_j}}", "z: k×1"),
    ("XW + b", "X: n×d, W: d×k, b: k×1"),
    ("x W", "x: 1×d!, W: d×k"),
    ("X^2", "X: n×n!"),
    ("QK^T", "Q: m×n, K: d×n"),
    (r"\eta g", "eta: 1×1, g: n×1"),
    (r"\sigma(1-\sigma)", "sigma: 1×1"),
    ("W_2 tanh(W_1 x + b_1) + b_2", "W_2: k×d, W_1: d×n, x: n×1, b_1: d×1, b_2: k×1"),
]


@pytest.mark.parametrize(("text", "symbols"), INFERRED)
def test_inferred_shapes(text: str, symbols: str) -> None:
    """An exclamation mark: the expression forces the shape."""
    found = (f"{s.name}: {s.shape[0]}×{s.shape[1]}{'!' * (s.origin == 'forced')}" for s in read(text).symbols)
    assert ", ".join(found) == symbols


REFUSED: list[tuple[str, type[HwcheckError]]] = [
    # next to: Xw, w^Tx, w ⊙ x
    ("wX", ShapeError), ("wx", ShapeError), ("w ⊙ y", ShapeError), ("X + z", ShapeError), ("A + z", ShapeError), ("w^T + w", ShapeError),
    ("X^2", ShapeError), ("1/A", ShapeError), ("tr(X)", ShapeError), ("w^x", ShapeError), ("T x", ShapeError), ("c'", ShapeError),
    ("diag(z − z z^T)", ShapeError), (r"\sum_{j=1}^n w_j", ShapeError), ("X - X.mean(axis=1)", ShapeError),
    ("softmax(c)", ShapeError), ("einsum('ij->i', w)", ShapeError), ("w_i + X_{ij} y_j", ShapeError),
    # next to: the same text, complete
    ("", NotationError), ("   ", NotationError), ("$$", NotationError), ("x+", NotationError), ("(x", NotationError),
    ("x)", NotationError), (r"\frac{1}{", NotationError), ("|x", NotationError), ("x_", NotationError), ("x__2", NotationError),
    ("2 3", NotationError), ("x;y", NotationError), ("4, 5", NotationError), ("x ^", NotationError), ("x!", NotationError),
    ("x\ny", NotationError), ("x < 1", NotationError), ("x = y = z", NotationError), ("x+1 = 2 x", NotationError),
    ("w = w", NotationError), ("[1, 2; 3]", NotationError), (r"\begin{cases} 1 & x>0 \\ 2 & x>0 \end{cases}", NotationError),
    (r"\begin{pmatrix}\begin{pmatrix}1\end{pmatrix}\end{pmatrix}", NotationError), (r"\foo x", NotationError),
    (r"\newcommand{\x}{y}\x", NotationError), ("$x$ and $y$", NotationError), ("lambda x: x", NotationError),
    ("x.__class__", NotationError), ("'x'", NotationError), ("f'{1}'", NotationError), ("x # 1", NotationError),
    ("∂L/∂w", NotationError), (r"\frac{\partial L}{\partial w}", NotationError), ("sin", NotationError),
    ("х + 1", NotationError), ("x\x00", NotationError), ("x\x1b[2J", NotationError), ("\u202ex", NotationError), ("ℂ", NotationError),
    ("oo", NotationError), ("sum_i=1^n w_i", NotationError), (r"\ln^{-1} c", NotationError),
    ("sofmax(z)", NameUnknownError), ("foo(z)", NameUnknownError), ("np.foo(z)", NameUnknownError), ("self", NameUnknownError),
    ("dL_dw", NameUnknownError), ("g(c)", NameUnknownError), ("exit()", NotationError),
    (r"\|A\|_2", UnsupportedError), (r"\sum_{j=2}^d w_j", UnsupportedError),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_refused(text: str, error: type[HwcheckError]) -> None:
    with pytest.raises(error) as caught:
        read(text, shapes=SHAPES)
    assert type(caught.value) is error
    assert caught.value.text == text
    assert caught.value.span is not None
    assert 0 <= caught.value.span[0] <= caught.value.span[1] <= len(text)


LARGE: list[tuple[str, str]] = [
    ("characters", "x+" * 500_000 + "x"),
    ("tokens", "-" * 2500 + "x"),
    ("brackets", "(" * 500 + "x" + ")" * 500),
    ("left and right", r"\left(" * 300 + "x" + r"\right)" * 300),
    ("powers", "x**" * 500 + "x"),
    ("calls without brackets", "sin " * 300 + "x"),
    ("terms", "+".join(["x"] * 400)),
    ("tower", "9**9**9**9"),
    ("tower in braces", "10^{10^{10}}"),
    ("growing base", "(10^{400})^{400}"),
    ("small base", "0.0000000001^{1000000000}"),
    ("exponent", "1e999999999"),
    ("digits", "1" * 2000),
    ("names", "+".join(f"x{i}" for i in range(65))),
    ("rows", r"\begin{pmatrix}" + r"1\\" * 100 + r"1\end{pmatrix}"),
    ("ones", "np.ones(20000)"),
]


@pytest.mark.parametrize(("what", "text"), LARGE, ids=[what for what, _ in LARGE])
def test_too_large(what: str, text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(LimitError):
        read(text)
    assert time.perf_counter() - start < 1


SMALL_ENOUGH = ["(" * 64 + "x" + ")" * 64, "2^{4000}", "(a+b+c+d)^{60}", "x^{200000}", "e^{e^{e^{10}}}", "+".join(["x"] * 200)]


@pytest.mark.parametrize("text", SMALL_ENOUGH)
def test_large_but_read(text: str) -> None:
    assert read(text, scalars=True).body.is_scalar


def test_sizes_that_are_too_large() -> None:
    with pytest.raises(LimitError):
        read("X", shapes={"X": [1_000_000, 1_000_000]})
    assert read("X", shapes={"X": [64, "n"]}).body.shape == (64, "n")


@pytest.mark.parametrize("size", ["", "n;m", "n-1", -1, 0, True, 1.5, None])
def test_sizes_that_are_none(size: object) -> None:
    with pytest.raises((ShapeError, LimitError)):
        read("X", shapes={"X": ["n", size]})  # type: ignore[list-item]


# The left side: text, function, parameters, free indices.
STATEMENTS: list[tuple[str, str | None, tuple[str, ...], tuple[str, ...]]] = [
    ("X w", None, (), ()),
    ("f(w) = Xw", "f", ("w",), ()),
    (r"f(\mathbf{w}) = Xw", "f", ("w",), ()),
    ("f(x_1, x_2) = x_1 x_2", "f", ("x_1", "x_2"), ()),
    ("loss(W1, theta) = ||W1 theta||", "loss", ("W1", "theta"), ()),
    ("y = 2x", "y", (), ()),
    ("5 = x", "x", (), ()),
    ("X_ij w_j", None, (), ("i", "j")),
    ("J_ji = X_ij", "J", (), ("j", "i")),
    ("∂L/∂W_ij = z_i x_j", "∂L/∂W_ij", (), ("i", "j")),
    ("σ(z) = 1/(1+e^{-z})", "sigma", ("z",), ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "function", "parameters", "free"), STATEMENTS)
def test_statements(text: str, function: str | None, parameters: tuple[str, ...], free: tuple[str, ...]) -> None:
    reading = read(text)
    assert (reading.function, reading.parameters, reading.free) == (function, parameters, free)


def test_definitions_are_put_in() -> None:
    reading = read("diag(s) - s s^T", shapes={"z": ["k"]}, definitions={"s": "softmax(z)"})
    assert spelled(reading.body) == "sub(call:diag(call:softmax(z)), matmul(call:softmax(z), transpose(call:softmax(z))))"
    assert [s.name for s in reading.symbols] == ["z"]


def test_definitions_by_definitions() -> None:
    reading = read("q^2", definitions={"q": "p + 1", "p": "2 r"}, scalars=True)
    assert spelled(reading.body) == "power(add(scale(2, r), 1), 2)"


@pytest.mark.parametrize("definitions", [{"s": "s + 1"}, {"s": "t", "t": "s"}])
def test_definitions_in_a_circle(definitions: dict[str, str]) -> None:
    with pytest.raises(NotationError, match="circle"):
        read("s", definitions=definitions)


def test_definitions_that_explode() -> None:
    chain = {f"a{i}": f"a{i + 1} + a{i + 1}" for i in range(40)}
    with pytest.raises(LimitError):
        read("a0", definitions=chain, scalars=True)


def test_the_variable_has_to_occur() -> None:
    assert spelled(read("X w", wrt="w").body) == "matmul(X, w)"
    assert read(r"X \theta", wrt="theta").symbols[1].name == "theta"
    with pytest.raises(NameUnknownError):
        read("X w", wrt="q")


def test_a_defined_name_may_be_the_variable() -> None:
    assert spelled(read("||s||^2", definitions={"s": "softmax(z)"}, wrt="s").body) == "power(norm:2(s), 2)"


def test_scalars() -> None:
    assert all(s.shape == (1, 1) for s in read("f(x, W) = tanh(W x) + x^2", scalars=True).symbols)


@pytest.mark.parametrize("name", ["I", "I_n"])
def test_declared_identities(name: str) -> None:
    reading = read(f"tr({name})", shapes={name: ["n", "n"]})
    assert (spelled(reading.body), reading.body.args[0].shape) == ("call:trace(identity)", ("n", "n"))


# One name, all its spellings.
SPELLINGS: list[tuple[str, list[str]]] = [
    ("lambda", [r"\lambda", "λ", "lambda"]),
    ("lam", ["lam", "λ", r"\lambda"]),
    ("W_1", ["W_1", "W_{1}", "W₁", "W1", r"\mathbf{W}_1", r"{\bf W}_1"]),
    ("W1", ["W1", "W_1", "W_{1}", "W₁"]),
    ("y_hat", ["y_hat", r"\hat y", r"\hat{y}", "ŷ"]),
    ("hat_y", ["hat_y", r"\hat y", r"\hat{\mathbf{y}}", "ŷ"]),
    ("W^(2)", ["W^(2)", "W^{(2)}", "W^{[2]}", "W⁽²⁾"]),
    ("p_", ["p_", "p"]),
    ("Wq", ["Wq", "W_q", r"W_{q}"]),
    ("dLdZ", ["dLdZ", "dL/dZ", r"\frac{dL}{dZ}", r"\frac{\partial L}{\partial Z}", "∂L/∂Z"]),
    ("epsilon", [r"\epsilon", r"\varepsilon", "ε", "ϵ", "eps", "epsilon"]),
]


@pytest.mark.parametrize(("name", "spellings"), SPELLINGS)
def test_spellings_of_names(name: str, spellings: list[str]) -> None:
    for text in spellings:
        assert spelled(read(text, shapes={name: ["m", "k"]}).body) == name, text


def test_names_that_are_both_declared_stay_apart() -> None:
    shapes: dict[str, Sizes] = {"w1": ["n"], "w_1": ["d"], "w": []}
    assert (spelled(read("w1", shapes=shapes).body), spelled(read("w_{1}", shapes=shapes).body)) == ("w1", "w_1")


def test_small_letters_are_rows_of_a_declared_matrix() -> None:
    reading = read(r"\sum_i y_i x_i", shapes={"X": ["n", "d"], "y": ["n"]})
    assert spelled(reading.body) == "sum:('i', 'n')(scale(entry(y, i), transpose(entry(X, i, :))))"
    assert reading.notes == ("x_i is row i of X, as a column.",)


def test_families_are_written_out() -> None:
    shapes: dict[str, Sizes] = {"w_1": [], "w_2": [], "x_1": [], "x_2": []}
    reading = read(r"\sum_{i=1}^{2} w_i x_i", shapes=shapes)
    assert spelled(reading.body) == "add(scale(w_1, x_1), scale(w_2, x_2))"


# What the functions are called with, and the operation that comes of it; else one square matrix, and a call.
ARGUMENTS = {
    "maximum": "A, A", "minimum": "A, A", "kron": "A, A", "outer": "w, w", "matrix_power": "A, 2", "roll": "w, 2", "diag": "w",
    "softmax": "w", "log_softmax": "w", "cumsum": "w", "logsumexp": "w", "where": "c > 0, A, B", "concatenate": "[A, B]",
    "stack": "[w, x]", "einsum": "'ij->ji', A",
}  # fmt: skip
OPERATIONS = {
    "inv": "inverse", "norm": "norm", "outer": "matmul", "kron": "kron", "matrix_power": "matrixpower", "where": "cases",
    "concatenate": "stack", "stack": "stack",
}  # fmt: skip


@pytest.mark.parametrize("row", FUNCTIONS, ids=[row.name for row in FUNCTIONS])
def test_every_spelling_of_every_function_is_read(row: Spelling) -> None:
    """One spelling may stand for two functions only where the number of arguments tells them apart."""
    for spelling in row.all():
        text = f"{spelling}({ARGUMENTS.get(row.name, 'A')})"
        tree = read(text if not text.startswith("linalg.") else f"np.{text}", shapes=SHAPES).body
        called = tree.value[0] if isinstance(tree.value, tuple) else tree.value
        assert (OPERATIONS.get(row.name) or row.name) in (tree.op, called), text


def test_keys_are_found_by_their_own_spelling() -> None:
    for name in ("w", "w_1", "W^(2)", "hat_y", "lambda", "dLdZ", "W_q^(2)", "S_"):
        assert key_of(key_of(name)) == key_of(name)
        assert Vocabulary([name]).find(key_of(name)) == name


@pytest.mark.parametrize("name", ["w", "W", "b", "eta", "n", "theta", "hat_y", "W^(2)", "f'(x)"])
def test_the_usual_shape_costs_nothing(name: str) -> None:
    prices = [price for _, price in options(name)]
    assert prices[0] == 0 < min(prices[1:])


@pytest.mark.parametrize("text", ["X^T (X w - y)", "softmax( W x + b )", r"\frac{1}{2} \| w \|^2", "f(w) = X w"])
def test_spaces_do_not_count(text: str) -> None:
    spaced = read(text.replace(" ", "  "))
    packed = read(text.replace(" ", ""))
    assert spaced.body == packed.body
    assert spaced.symbols == packed.symbols


def test_spans_point_into_the_text() -> None:
    text = "f(w) =  X w + b"
    body = read(text).body
    assert [text[slice(*node.span)] for node in body.walk()] == ["X w + b", "X w", "X", "w", "b"]


PIECES = [
    *"()[]{}|^_'\"*+-/=<>.,;:!&%$#@ \n~xwXTeid019σΣ∑∂∇ᵀ²½√‖⊙", r"\frac", r"\sum", r"\left(", r"\right)", r"\hat", r"\mathbf{1}",
    r"\begin{cases}", r"\end{cases}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\\", "||", "1[", "np.", ".T", ".sum(", "axis=0",
    " if ", " else ", " for ", "_ij", "_{ij}", "^{(2)}", "^T", r"\cdots", "softmax(", "max(", "f'(x)", "δ_", "d/dx", "e5",
]  # fmt: skip


@settings(max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        outcome: Reading | HwcheckError = read(text)
    except HwcheckError as error:
        outcome = error
        assert error.kind != "defect"
        assert error.span is None or 0 <= error.span[0] <= error.span[1] <= len(text)
        assert error.message
    assert isinstance(outcome, (Reading, HwcheckError))


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_any_characters_are_read_or_refused(text: str) -> None:
    try:
        assert read(text).body is not None
    except HwcheckError as error:
        assert error.report()


# Text, expected shape, declared shapes, shape of the reading.
EXPECTED_SHAPES: list[tuple[str, tuple[int | str, ...], Mapping[str, Sizes], tuple[int | str, ...]]] = [
    # What is left open gets the sizes that are expected
    ("I", ("n", "n"), {}, ("n", "n")),
    ("np.eye(n) - I", ("n", "n"), {}, ("n", "n")),
    ("𝟏", ("k", 1), {}, ("k", 1)),
    ("2 I - 𝟏𝟏^T", ("k", "k"), {}, ("k", "k")),
    ("0", ("n", "d"), {}, ("n", "d")),
    ("0.0", (1, "d"), {}, (1, "d")),
    ("A^T", ("n", "k"), {}, ("n", "k")),
    ("b + 1", (1, 1), {}, (1, 1)),
    ("b + 1", ("k", 1), {}, ("k", 1)),
    # What is settled stays, and a contradiction is seen
    ("0", (1, 1), {}, (1, 1)),
    ("1", ("n", "n"), {}, (1, 1)),
    ("2w^T", ("d", 1), {"w": ["d"]}, (1, "d")),
    ("2w^T", ("d", 1), {}, (1, "d")),
    ("I_m", ("n", "n"), {}, ("m", "m")),
    ("I + A", ("n", "n"), {"A": ["m", "m"]}, ("m", "m")),
    ("np.eye(3)", ("n", "n"), {}, (3, 3)),
    ("𝟏^T", ("k", 1), {}, (1, "k")),
    ("x^T y", ("n", 1), {"x": ["d"], "y": ["d"]}, (1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "shapes", "shape"), EXPECTED_SHAPES)
def test_an_expected_shape_settles_what_is_open(
    text: str, expected: tuple[int | str, ...], shapes: Mapping[str, Sizes], shape: tuple[int | str, ...]
) -> None:
    assert read(text, shapes=shapes, shape=expected).body.shape == shape


def test_an_expected_shape_hides_no_contradiction() -> None:
    with pytest.raises(ShapeError):
        read("X w", shapes={"X": ["n", "d"], "w": ["n"]}, shape=("n", 1))


@pytest.mark.parametrize("text", ["f(w) = Xw", "J_ij = X_ij", r"\frac{1}{n} X^T(Xw - y) + \lambda w", "W x + b", "ln c y"])
def test_the_two_halves_make_a_reading(text: str) -> None:
    assert typed(resolve(text, shapes=SHAPES)) == read(text, shapes=SHAPES)


def test_a_changed_raw_tree_is_typed_again() -> None:
    resolved = resolve("X w + y_i", shapes=SHAPES)
    assert resolved.free == ("i",)
    first, second = resolved.raw.args
    reading = typed(resolved, first)
    assert (spelled(reading.body), reading.body.shape, reading.free) == ("matmul(X, w)", ("n", 1), ())
    assert typed(resolved, second).free == ("i",)
    swapped = replace(first, args=first.args[::-1])
    with pytest.raises(ShapeError) as caught:
        typed(resolved, swapped)
    assert caught.value.text == "X w + y_i"


# What people write around and inside an answer.
AROUND: list[tuple[str, str]] = [
    ("= 2w", "scale(2, w)"),
    ("≈ 5", "5"),
    (r"\approx 5.2", "5.2"),
    ("about 5", "5"),
    ("c ≈ 0.5", "0.5"),
    ("The answer is 2w", "scale(2, w)"),
    ("answer: 2w", "scale(2, w)"),
    (r"\frac{df}{dw} = 2w", "scale(2, w)"),
    (r"2w \text{ (chain rule)}", "scale(2, w)"),
    (r"2w \text{, since $c = 2$}", "scale(2, w)"),
    (r"2w \in \mathbb{R}^{d}", "scale(2, w)"),
    (r"\underbrace{2w}_{\text{twice}}", "scale(2, w)"),
    (r"\color{red}{2w}", "scale(2, w)"),
    (r"{\partial c^2 \over \partial c}", "derivative(power(c, 2), c)"),
    (r"\frac{\partial -c}{\partial c}", "derivative(neg(c), c)"),
    (r"\sigma^{\prime}(z)", "call:('sigmoid', ('prime', 1))(z)"),
    (r"\tanh^{'}(z)", "call:('tanh', ('prime', 1))(z)"),
    ("(z > 0).astype(float)", "indicator(compare:>(z, 0))"),
    (r"\left<x, w\right>", "dot(x, w)"),
    (r"I_{d \times d} w", "matmul(identity, w)"),
    (r"\begin{bmatrix} w_1 \\ ... \\ w_d \end{bmatrix}", "components:('i',)(entry(w, i))"),
    (r"\sum_{i=0}^{2} c^i", "add(add(power(c, 0), power(c, 1)), power(c, 2))"),
    (r"\sum_{k=1}^3 k", "add(add(1, 2), 3)"),
    (r"\prod_{k=2}^{3} k", "scale(2, 3)"),
    (r"\sum_{k=3}^{2} k", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), AROUND)
def test_what_stands_around_an_answer(text: str, tree: str) -> None:
    assert spelled(read(text, shapes=SHAPES).body) == tree


def test_a_product_leaves_out_what_its_condition_excludes() -> None:
    assert spelled(read(r"\prod_{j \neq i} w_j", shapes=SHAPES).body) == (
        "prod:('j', 'd')(cases:True(entry(w, j), compare:!=(j, i), 1))"
    )
