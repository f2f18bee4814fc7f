"""What the writer prints, tree by tree, in all four styles; and that its NumPy source computes what it says."""

import ast
import warnings
from collections.abc import Mapping

import numpy as np
import pytest
from scipy import linalg, special

from hwcheck.derivations import sizes
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.errors import DefectError, UnsupportedError
from hwcheck.derivations.forms import building as b
from hwcheck.derivations.notation.hands import WORDS as KEPT_APART
from hwcheck.derivations.notation.numpy_source import HELPERS, numpy_source
from hwcheck.derivations.notation.numpy_writer import RULES as NUMPY_RULES
from hwcheck.derivations.notation.spellings import FUNCTIONS as SPELLINGS
from hwcheck.derivations.notation.spellings import Style
from hwcheck.derivations.notation.writer import RULES, ascii, latex, numpy, unicode, write
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.reader.lexer import CALLABLES, WORDS
from hwcheck.derivations.sizes import Shape

SHAPES: dict[str, Shape] = {
    "a": (1, 1), "c": (1, 1), "lam": (1, 1), "x": ("d", 1), "w": ("d", 1), "y": ("n", 1), "z": ("k", 1),
    "X": ("n", "d"), "A": ("d", "d"), "B": ("d", "d"), "W": ("k", "d"), "W^(2)": ("k", "d"), "W_1": ("k", "d"),
    "w_1": ("d", 1), "hat_y": ("n", 1), "mk": ("d", 1), "t": (1, 1), "r": (1, 1), "sigma": ("d", 1), "Xw": ("n", 1),
    "T": ("k", "n", "d"),
}  # fmt: skip


def n(name: str) -> Written:
    return Written("name", value=name, shape=SHAPES[name])


def num(text: str) -> Written:
    return Written("number", value=text)


def op(op: str, *args: Written, shape: Shape | None = None, value: object = None) -> Written:
    return Written(op, args, value, args[0].shape if shape is None else shape)


def mul(*args: Written) -> Written:
    """A matrix product from left to right, as it is written without brackets."""
    tree = args[0]
    for other in args[1:]:
        tree = Written("matmul", (tree, other), None, (tree.shape[0], other.shape[1]))
    return tree


def tr(a: Written) -> Written:
    return Written("transpose", (a,), None, a.shape[::-1])


def times(a: Written, c: Written) -> Written:
    return Written("scale", (a, c), None, c.shape if a.is_scalar else a.shape)


def sub(a: Written, c: Written) -> Written:
    return op("sub", a, c, shape=c.shape if a.is_scalar else a.shape)


def add(a: Written, c: Written) -> Written:
    return op("add", a, c)


def call(value: object, *args: Written, shape: Shape | None = None) -> Written:
    return op("call", *args, shape=shape, value=value)


def at(a: Written, *indices: str) -> Written:
    return Written("entry", (a, *(num(i) if i.isdigit() else Written("index", value=i) for i in indices)))


def norm(a: Written, which: str = "2") -> Written:
    return Written("norm", (a,), which)


def delta(i: str, j: str) -> Written:
    return Written("delta", (Written("index", value=i), Written("index", value=j)))


a, c, lam, x, w, y, z = (n(s) for s in ("a", "c", "lam", "x", "w", "y", "z"))
X, A, B, W, t, r = (n(s) for s in ("X", "A", "B", "W", "t", "r"))
ONE, TWO = num("1"), num("2")
POSITIVE = Written("compare", (a, num("0")), ">")
SIGMOID = call("sigmoid", z)
INVERSE = op("inverse", A)

# fmt: off
TABLE = [
    # tree, LaTeX, Unicode, ASCII, NumPy
    (times(TWO, tr(w)),
     r"2w^{\top}", "2wᵀ", "2 w^T", "2 * w"),
    (mul(tr(X), sub(mul(X, w), y)),
     r"X^{\top}(Xw - y)", "Xᵀ(Xw − y)", "X^T (X w - y)", "X.T @ (X @ w - y)"),
    (op("hadamard", SIGMOID, sub(ONE, SIGMOID)),
     r"\sigma(z) \odot (1 - \sigma(z))", "σ(z) ⊙ (1 − σ(z))", "sigmoid(z) .* (1 - sigmoid(z))",
     "sigmoid(z) * (1 - sigmoid(z))"),
    (sub(call("diag", SIGMOID, shape=("k", "k")), mul(SIGMOID, tr(SIGMOID))),
     r"\operatorname{diag}(\sigma(z)) - \sigma(z)\sigma(z)^{\top}", "diag(σ(z)) − σ(z)σ(z)ᵀ",
     "diag(sigmoid(z)) - sigmoid(z) sigmoid(z)^T", "np.diag(sigmoid(z)) - np.outer(sigmoid(z), sigmoid(z))"),
    (mul(add(A, tr(A)), w),
     r"(A + A^{\top})w", "(A + Aᵀ)w", "(A + A^T) w", "(A + A.T) @ w"),
    (op("power", op("norm", w, shape=(1, 1), value="2"), TWO),
     r"\|w\|^{2}", "‖w‖²", "||w||^2", "np.linalg.norm(w) ** 2"),
    (op("norm", X, shape=(1, 1), value="F"),
     r"\|X\|_{F}", "‖X‖_F", "||X||_F", "np.linalg.norm(X)"),
    (op("norm", w, shape=(1, 1), value="1"),
     r"\|w\|_{1}", "‖w‖_1", "||w||_1", "np.linalg.norm(w, ord=1)"),
    (mul(INVERSE, x),
     r"A^{-1}x", "A⁻¹x", "A^-1 x", "np.linalg.inv(A) @ x"),
    (tr(INVERSE),
     r"A^{-\top}", "A⁻ᵀ", "A^-T", "np.linalg.inv(A).T"),
    (op("inverse", tr(A)),
     r"(A^{\top})^{-1}", "(Aᵀ)⁻¹", "(A^T)^-1", "np.linalg.inv(A.T)"),
    (op("matrixpower", A, num("3")),
     r"A^{3}", "A³", "A^3", "np.linalg.matrix_power(A, 3)"),
    (op("entrypower", X, TWO),
     r"X^{\circ 2}", "X^{∘2}", "X.^2", "X ** 2"),
    (times(op("divide", ONE, TWO), op("norm", w, shape=(1, 1), value="2")),
     r"\frac{1}{2}\|w\|", "1/2 ‖w‖", "1/2 ||w||", "1 / 2 * np.linalg.norm(w)"),
    (op("divide", w, op("norm", w, shape=(1, 1), value="2")),
     r"\frac{w}{\|w\|}", "w / ‖w‖", "w / ||w||", "w / np.linalg.norm(w)"),
    (call("exp", add(a, ONE)),
     r"\exp(a + 1)", "exp(a + 1)", "exp(a + 1)", "np.exp(a + 1)"),
    (op("power", Written("constant", value="e"), add(a, ONE)),
     r"e^{a + 1}", "e^(a + 1)", "e^(a + 1)", "np.e ** (a + 1)"),
    (call("sqrt", a),
     r"\sqrt{a}", "√a", "sqrt(a)", "np.sqrt(a)"),
    (call(("sigmoid", ("prime", 1)), z),
     r"\sigma'(z)", "σ′(z)", "sigmoid'(z)", "sigmoid_prime(z)"),
    (call(("sum", ("axis", 0)), X, shape=(1, "d")),
     r"\operatorname{sum}(X, \text{axis}=0)", "sum(X, axis=0)", "sum(X, axis=0)", "np.sum(X, axis=0)"),
    (call(("roll", ("shift", 1)), w),
     r"\operatorname{roll}(w, 1)", "roll(w, 1)", "roll(w, 1)", "np.roll(w, 1)"),
    (op("dot", w, x, shape=(1, 1)),
     r"w \cdot x", "w · x", "dot(w, x)", "np.dot(w, x)"),
    (op("kron", A, B, shape=("d*d", "d*d")),
     r"A \otimes B", "A ⊗ B", "kron(A, B)", "np.kron(A, B)"),
    (op("oslash", w, x),
     r"w \oslash x", "w ⊘ x", "w ./ x", "w / x"),
    (sub(b.identity("d"), mul(b.ones("d"), tr(x))),
     r"I_{d} - \mathbf{1}_{d}x^{\top}", "I_d − 𝟏_d xᵀ", "I_d - 1_d x^T",
     "np.eye(d) - np.outer(np.ones(d), x)"),
    (Written("ones", shape=(1, "d")),
     r"\mathbf{1}_{d}^{\top}", "𝟏_dᵀ", "1_d^T", "np.ones(d)"),
    (Written("zeros", shape=("n", "d")),
     r"\operatorname{zeros}(n, d)", "zeros(n, d)", "zeros(n, d)", "np.zeros((n, d))"),
    (op("sum", times(at(X, "i", "j"), at(w, "j")), value=("j", "d")),
     r"\sum_{j=1}^{d} X_{ij}w_{j}", "Σ_j X_ij w_j", "sum_j X_ij w_j", "sum(X[i, j] * w[j] for j in range(d))"),
    (op("prod", at(w, "j"), value=("j", "d")),
     r"\prod_{j=1}^{d} w_{j}", "∏_j w_j", "prod_j w_j", "np.prod([w[j] for j in range(d)], axis=0)"),
    (times(a, op("sum", at(w, "j"), value=("j", "d"))),
     r"a\sum_{j=1}^{d} w_{j}", "aΣ_j w_j", "a sum_j w_j", "a * sum(w[j] for j in range(d))"),
    (times(op("sum", at(w, "j"), value=("j", "d")), a),
     r"\left(\sum_{j=1}^{d} w_{j}\right)a", "(Σ_j w_j)a", "(sum_j w_j) a", "sum(w[j] for j in range(d)) * a"),
    (op("sum", a, value=("j", "n")),
     r"\sum_{j=1}^{n} a", "Σ_{j=1}^n a", "sum_{j=1}^n a", "sum(a for j in range(n))"),
    (delta("i", "j"),
     r"\delta_{ij}", "δ_ij", "delta_ij", "np.where(i == j, 1, 0)"),
    (op("indicator", POSITIVE),
     r"\mathbb{1}[a > 0]", "𝟙[a > 0]", "1[a > 0]", "(a > 0)"),
    (op("cases", a, POSITIVE, TWO, value=True),
     r"\begin{cases} a & \text{if } a > 0 \\ 2 & \text{otherwise} \end{cases}", "a if a > 0 else 2",
     "a if a > 0 else 2", "np.where(a > 0, a, 2)"),
    (at(mul(X, w), "i"),
     r"(Xw)_{i}", "(Xw)_i", "(X w)_i", "(X @ w)[i]"),
    (at(X, "2", "1"),
     r"X_{2,1}", "X_{2,1}", "X_{2,1}", "X[1, 0]"),
    (at(n("W_1"), "i", "j"),
     r"(W_{1})_{ij}", "(W₁)_ij", "(W_1)_ij", "W_1[i, j]"),
    (Written("components", (times(delta("j", "p"), at(X, "i", "q")),), ("i", "j", "p", "q"), ("n", "k", "k", "d")),
     r"[\delta_{jp}X_{iq}]_{ijpq}", "[δ_jp X_iq]_ijpq", "[delta_jp X_iq]_ijpq",
     "np.einsum('jp,iq->ijpq', np.eye(k), X)"),
    (Written("matrix", (a, ONE, num("0"), c), (2, 2), (2, 2)),
     r"\begin{bmatrix} a & 1 \\ 0 & c \end{bmatrix}", "[a, 1; 0, c]", "[a, 1; 0, c]",
     "np.array([[a, 1], [0, c]])"),
    (Written("matrix", (a, c), (2, 1), (2, 1)),
     r"\begin{bmatrix} a \\ c \end{bmatrix}", "[a; c]", "[a; c]", "np.array([a, c])"),
]

# Where brackets stand and where they do not: Unicode and NumPy.
BRACKETS = [
    ("2XᵀX",            "2 * X.T @ X",           mul(times(TWO, tr(X)), X)),
    ("2(XᵀX)",          "2 * (X.T @ X)",         times(TWO, mul(tr(X), X))),
    ("A(Bw)",           "A @ (B @ w)",           mul(A, mul(B, w))),
    ("ABw",             "A @ B @ w",             mul(A, B, w)),
    ("A + B − A",       "A + B - A",             sub(add(A, B), A)),
    ("A − (B − A)",     "A - (B - A)",           sub(A, sub(B, A))),
    ("w + (−x)",        "w + (-x)",              add(w, op("neg", x))),
    ("−w + x",          "-w + x",                add(op("neg", w), x)),
    ("−(w + x)",        "-(w + x)",              op("neg", add(w, x))),
    ("−2w",             "-2 * w",                op("neg", times(TWO, w))),
    ("(−2)w",           "(-2) * w",              times(op("neg", TWO), w)),
    ("−(−w)",           "-(-w)",                 op("neg", op("neg", w))),
    ("w ⊙ Ax",          "w * (A @ x)",           op("hadamard", w, mul(A, x))),
    ("(w ⊙ x)a",        "w * x * a",             times(op("hadamard", w, x), a)),
    ("w ⊙ x ⊙ w",       "w * x * w",             op("hadamard", op("hadamard", w, x), w)),
    ("w ⊙ (x ⊙ w)",     "w * (x * w)",           op("hadamard", w, op("hadamard", x, w))),
    ("w ⊘ x ⊙ w",       "w / x * w",             op("hadamard", op("oslash", w, x), w)),
    ("(w / a)ᵀ",        "w / a",                 tr(op("divide", w, a))),
    ("a / (c lam)".replace("lam", "λ").replace("c λ", "cλ"), "a / (c * lam)", op("divide", a, times(c, lam))),
    ("(a + 1) / 2",     "(a + 1) / 2",           op("divide", add(a, ONE), TWO)),
    ("(a²)²",           "(a ** 2) ** 2",         op("power", op("power", a, TWO), TWO)),
    ("a^(c²)",          "a ** c ** 2",           op("power", a, op("power", c, TWO))),
    ("a⁻²",             "a ** -2",               op("power", a, op("neg", TWO))),
    ("(−a)²",           "(-a) ** 2",             op("power", op("neg", a), TWO)),
    ("−a²",             "-a ** 2",               op("neg", op("power", a, TWO))),
    ("(wᵀ)²",           "w ** 2",                op("power", tr(w), TWO)),
    ("(ca)²",           "(c * a) ** 2",          op("power", times(c, a), TWO)),
    ("2 · 3",           "2 * 3",                 times(TWO, num("3"))),
    ("a · 2",           "a * 2",                 times(a, TWO)),
    ("2(a + 1)",        "2 * (a + 1)",           times(TWO, add(a, ONE))),
    ("(√a)²",           "np.sqrt(a) ** 2",       op("power", call("sqrt", a), TWO)),
    ("√(a²)",           "np.sqrt(a ** 2)",       call("sqrt", op("power", a, TWO))),
    ("√a w",            "np.sqrt(a) * w",        times(call("sqrt", a), w)),
    ("|a| |c|",         "np.abs(a) * np.abs(c)", times(call("abs", a), call("abs", c))),
    ("abs(|a| − 1)",    "np.abs(np.abs(a) - 1)", call("abs", sub(call("abs", a), ONE))),
    ("abs(A)",          "np.abs(A)",             call("abs", A)),
    ("‖(‖w‖x)‖",        "np.linalg.norm(np.linalg.norm(w) * x)", norm(times(norm(w), x))),
    ("xᵀ tanh(w)",      "x @ np.tanh(w)",        mul(tr(x), call("tanh", w))),
    ("a 𝟏_d",           "a * np.ones(d)",        times(a, b.ones("d"))),
    ("2 · 𝟏_d",         "2 * np.ones(d)",        times(TWO, b.ones("d"))),
]

# Names that would be misread beside each other: LaTeX and Unicode.
NEIGHBOURS = [
    (r"\lambda w",            "λw",        times(lam, w)),
    (r"w^{\top}\mathrm{mk}",  "wᵀ mk",     mul(tr(w), n("mk"))),
    (r"t r",                  "t r",       times(t, r)),
    (r"A\mathrm{mk}",         "A mk",      mul(A, n("mk"))),
    (r"W_{1}x",               "W₁x",       mul(n("W_1"), x)),
    (r"Aw_{1}",               "Aw₁",       mul(A, n("w_1"))),
    (r"W^{(2)}x",             "W⁽²⁾x",     mul(n("W^(2)"), x)),
    (r"{W^{(2)}}^{\top}z",    "(W⁽²⁾)ᵀz",  mul(tr(n("W^(2)")), z)),
    (r"\hat{y} - y",          "ŷ − y",     sub(n("hat_y"), y)),
    (r"\operatorname{sigmoid}(x) + \sigma", "sigmoid(x) + σ", add(call("sigmoid", x), n("sigma"))),
    (r"a x^{2}".replace(" ", ""), "ax²",   times(a, op("power", x, TWO))),
    (r"w^{a}x^{\top}",        "w^a xᵀ",    mul(op("power", w, a), tr(x))),
]
# fmt: on


@pytest.mark.parametrize(("tree", "in_latex", "in_unicode", "in_ascii", "in_numpy"), TABLE, ids=[r[2] for r in TABLE])
def test_in_four_styles(tree: Written, in_latex: str, in_unicode: str, in_ascii: str, in_numpy: str) -> None:
    assert (latex(tree), unicode(tree), ascii(tree), numpy(tree)) == (in_latex, in_unicode, in_ascii, in_numpy)


@pytest.mark.parametrize(("in_unicode", "in_numpy", "tree"), BRACKETS, ids=[r[0] for r in BRACKETS])
def test_brackets(in_unicode: str, in_numpy: str, tree: Written) -> None:
    assert (unicode(tree), numpy(tree)) == (in_unicode, in_numpy)


@pytest.mark.parametrize(("in_latex", "in_unicode", "tree"), NEIGHBOURS, ids=[r[1] for r in NEIGHBOURS])
def test_neighbours(in_latex: str, in_unicode: str, tree: Written) -> None:
    assert (latex(tree), unicode(tree)) == (in_latex, in_unicode)


def test_names_may_be_given() -> None:
    assert write(mul(A, x), Style.LATEX, {"A": r"\Phi", "x": r"\xi"}) == r"\Phi\xi"
    assert write(mul(A, x), Style.NUMPY, {"A": "phi"}) == "phi @ x"


def test_derivatives() -> None:
    tree = op("derivative", at(y, "i"), at(w, "q"), shape=(1, 1))
    assert (latex(tree), unicode(tree)) == (r"\frac{\partial y_{i}}{\partial w_{q}}", "∂y_i/∂w_q")
    with pytest.raises(UnsupportedError):
        numpy(tree)
    gradient = op("derivative", mul(tr(w), x), w, shape=("d", 1), value="denominator")
    assert (latex(gradient), unicode(gradient)) == (r"\nabla_{w} w^{\top}x", "∇_w wᵀx")
    assert unicode(times(a, gradient)) == "a(∇_w wᵀx)"


def test_every_operation_and_function_has_a_rule() -> None:
    assert NUMPY_RULES.keys() - RULES.keys() == {"merge"} and RULES.keys() <= NUMPY_RULES.keys()
    functions = {row.name for row in SPELLINGS if not row.numpy} - set(HELPERS)
    assert functions == set()
    assert {name for name, row in FUNCTIONS.items() if row.arity == 1} <= {h.removesuffix("_prime") for h in HELPERS}


def test_words_of_the_lexer_are_known() -> None:
    """Letters side by side must not spell a word that the lexer takes for something else."""
    assert {word for word in (*WORDS, *CALLABLES) if 1 < len(word) <= 4 and word.isalpha()} <= KEPT_APART


def test_depth_is_no_problem() -> None:
    deep = chain = w
    for _ in range(1000):
        deep, chain = call("tanh", add(deep, w)), add(chain, w)
    for style in Style:
        assert write(deep, style).count("tanh") == 1000
        assert write(chain, style).count("w") == 1001


# The NumPy source


Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def run(
    tree: Written, values: Mapping[str, object], *definitions: tuple[str, Written], shapes: Mapping[str, Shape] = SHAPES
) -> Array:
    """The value that the source computes, warnings being errors."""
    source = numpy_source(tree, shapes, definitions)
    assert [type(part).__name__ for part in ast.parse(source).body] == ["Import", "FunctionDef"]
    assert sum(isinstance(part, ast.Import | ast.ImportFrom) for part in ast.walk(ast.parse(source))) == 1
    space: dict[str, object] = {}
    exec(compile(source, "<source>", "exec"), space)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return np.asarray(space["jacobian"](**values))  # type: ignore[operator]


rng = np.random.default_rng(7)
LENGTHS = {"n": 3, "d": 4, "k": 5}
V = {name: rng.normal(size=[LENGTHS[str(s)] for s in shape if s != 1]) for name, shape in SHAPES.items()}


def test_the_source_as_a_whole() -> None:
    s = Written("name", value="s", shape=("n", 1))
    assert numpy_source(mul(tr(X), sub(s, y)), SHAPES, [("s", call("sigmoid", mul(X, w)))]) == (
        "import numpy as np\n\n\n"
        "def jacobian(w, y, X, **_):\n"
        "    w, y, X = (np.asarray(array, dtype=float) for array in (w, y, X))\n\n"
        "    def sigmoid(x):\n"
        "        return np.exp(-np.logaddexp(0, -x))\n\n"
        "    s = sigmoid(X @ w)\n"
        "    return X.T @ (s - y)\n"
    )


def test_the_source_computes() -> None:
    s = Written("name", value="s", shape=("n", 1))
    got = run(mul(tr(X), sub(s, y)), V, ("s", call("sigmoid", mul(X, w))))
    assert np.allclose(got, V["X"].T @ (1 / (1 + np.exp(-V["X"] @ V["w"])) - V["y"]), rtol=1e-14)


def test_columns_and_rows_are_arrays_with_one_axis() -> None:
    assert np.array_equal(run(mul(tr(w), x), V), V["w"] @ V["x"])
    assert np.array_equal(run(mul(w, tr(x)), V), np.outer(V["w"], V["x"]))
    assert np.array_equal(run(mul(tr(w), A), V), V["w"] @ V["A"])
    assert run(times(TWO, tr(w)), V).shape == (4,)
    assert run(b.ones("n", "d"), V).shape == (3, 4)
    assert run(TWO, V).shape == ()


@pytest.mark.parametrize("left", [w, tr(w), A])
@pytest.mark.parametrize("right", [y, tr(y), X])
def test_kronecker_products_of_all_kinds(left: Written, right: Written) -> None:
    def two(tree: Written) -> Array:
        return run(tree, V).reshape([LENGTHS.get(str(s), 1) for s in tree.shape])

    want = np.kron(two(left), two(right))
    shape = tuple(sizes.times(pair) for pair in zip(left.shape, right.shape, strict=True))
    got = run(op("kron", left, right, shape=shape), V)
    assert np.allclose(got, want.reshape(got.shape)) and got.ndim == sum(s != 1 for s in shape)


def test_components() -> None:
    i, j = at(X, "i", "q"), at(w, "j")
    tree = Written("components", (times(delta("j", "p"), i),), ("i", "j", "p", "q"), ("n", "k", "k", "d"))
    assert np.array_equal(run(tree, V), np.einsum("jp,iq->ijpq", np.eye(5), V["X"]))
    exp = call("exp", op("sum", times(at(X, "i", "j"), j), value=("j", "d")))
    tree = Written("components", (sub(exp, op("power", at(y, "i"), TWO)),), ("i",), ("n", 1))
    assert np.allclose(run(tree, V), np.exp(V["X"] @ V["w"]) - V["y"] ** 2)
    tree = Written("components", (add(delta("i", "j"), delta("i", "j")),), ("i", "j"), ("d", "d"))
    assert np.array_equal(run(tree, V), 2 * np.eye(4))
    product = op("sum", times(at(A, "i", "k"), at(B, "k", "j")), value=("k", "d"))
    tree = Written("components", (op("neg", times(a, product)),), ("i", "j"), ("d", "d"))
    assert np.allclose(run(tree, V), -V["a"] * V["A"] @ V["B"])
    assert np.array_equal(run(Written("components", (TWO,), ("i",), ("n", 1)), V), np.full(3, 2))
    tree = Written("components", (at(n("T"), "i", "j", "k"),), ("k", "j", "i"), ("d", "n", "k"))
    assert np.array_equal(run(tree, V), V["T"].T)


def test_truth_values_add_up_as_numbers() -> None:
    positive = op("indicator", op("compare", w, num("0"), value=">"))
    assert np.array_equal(run(add(positive, positive), V), 2 * (V["w"] > 0))


def test_integers_are_taken_for_floats() -> None:
    assert run(op("power", w, op("neg", ONE)), {"w": [1, 2, 4, 5]})[2] == 0.25


def test_a_matrix_of_which_two_axes_merge() -> None:
    tree = Written("merge", (n("T"),), ((0, 1), (2,)), ("k*n", "d"))
    assert np.array_equal(run(tree, V), V["T"].reshape(15, 4))
    tree = Written("merge", (n("T"),), ((2,), (0, 1)), ("d", "k*n"))
    assert np.array_equal(run(tree, V), V["T"].reshape(15, 4).T)


ODD = ("W^(2)", "lambda", "hat y", "λ", "np", "sum", "sigmoid", "variables", "_", "array", "x'); import os; ('")


@pytest.mark.parametrize("name", ODD)
def test_names_that_python_does_not_allow(name: str) -> None:
    odd = Written("name", value=name, shape=("d", 1))
    tree = add(call("sigmoid", odd), x)
    source = numpy_source(tree, {name: ("d", 1), "x": ("d", 1), "unused": ()})
    assert "def jacobian(x, **variables):" in source and f"variables[{name!r}]" in source
    got = run(tree, {name: np.zeros(4), "x": V["x"], "unused": 1.0}, shapes={name: ("d", 1), "x": ("d", 1)})
    assert np.allclose(got, 0.5 + V["x"])


def test_no_two_things_have_one_name() -> None:
    """A size, an index, a variable and a common part that are all called d."""
    d = Written("name", value="d", shape=("d", 1))
    part = Written("name", value="d_2", shape=("d", 1))
    body = times(at(d, "d"), times(at(part, "d"), Written("size", value="d")))
    tree = Written("components", (call("exp", body),), ("d",), ("d", 1))
    got = run(tree, {"d": V["w"]}, ("d_2", call("tanh", d)), shapes={"d": ("d", 1)})
    assert np.allclose(got, np.exp(V["w"] * np.tanh(V["w"]) * 4))


def test_sizes_come_from_the_variables() -> None:
    assert "n, d = X.shape" in numpy_source(Written("ones", shape=("n", "d")), {"X": ("n", "d")})
    assert "d = X.shape[1]" in numpy_source(b.identity("d"), {"X": ("n", "d")})
    assert "d = w.shape[0]" in numpy_source(mul(b.identity("d"), w), {"X": ("n", "d"), "w": ("d", 1)})
    assert run(Written("ones", shape=("n*d+1", 1)), V).shape == (13,)
    with pytest.raises(UnsupportedError, match="No variable has an axis of size m,"):
        numpy_source(b.identity("m"), SHAPES)


def test_what_is_nested_too_deep_for_python_gets_lines_of_its_own() -> None:
    deep = w
    for _ in range(1000):
        deep = call("tanh", add(deep, w))
    assert np.all(np.abs(run(deep, V)) < 1)
    inside = Written("components", (op("power", at(deep, "i"), TWO),), ("i",), ("d", 1))
    assert np.allclose(run(inside, V), run(deep, V) ** 2)


def test_numbers_and_settings_are_no_way_in() -> None:
    for tree in (num("1;x"), call(("sum", ("axis=0); f(", 1)), X), Written("name", value="f()", shape=("d", 1))):
        with pytest.raises(DefectError):
            numpy_source(tree, {})
    assert '"\'i->i"' in numpy_source(call(("einsum", ("spec", "'i->i")), w), SHAPES)


GRID = np.array([-30, -8, -5, -2.9, -1.1, -0.3, 0.2, 0.9, 1.3, 3.5, 6.5, 9, 30.0])
PLACES = {"positive": abs(GRID), "above -1": abs(GRID) - 0.15, "above 1": abs(GRID) + 1, "inside (-1, 1)": GRID / 31}


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.arity == 1])
def test_functions_of_a_number(name: str) -> None:
    """The source against the table of functions; its derivative against a complex step."""
    row, places = FUNCTIONS[name], PLACES.get(FUNCTIONS[name].domain, GRID)
    parameters = [float(value) for _, value in row.parameters]
    with np.errstate(all="ignore"):
        want = row.array(np, places, *parameters)
        slope = row.array(np, places + 1e-30j, *parameters).imag / 1e-30
    assert np.allclose(run(call(name, z), {"z": places}), want, rtol=1e-13, atol=1e-12)
    assert np.allclose(run(call((name, ("prime", 1)), z), {"z": places}), slope, rtol=1e-12, atol=1e-12)


def test_functions_of_whole_arrays() -> None:
    big = np.array([800.0, -800.0, 0.0, 799.0])
    table = [
        (call("softmax", w), special.softmax(big)), (call("log_softmax", w), special.log_softmax(big)),
        (call("logsumexp", w, shape=(1, 1)), special.logsumexp(big)), (call("sigmoid", w), special.expit(big)),
        (call("softplus", w), np.array([800.0, 0, np.log(2), 799])), (call("erf", w), np.array([1.0, -1, 0, 1])),
    ]  # fmt: skip
    for tree, want in table:
        with np.errstate(under="ignore"):
            assert np.allclose(run(tree, {"w": big}), want, rtol=1e-13, atol=0), tree
    rows = call("softmax", X)
    assert np.allclose(run(rows, V), special.softmax(V["X"], axis=1), rtol=1e-14)
    assert np.allclose(run(call(("logsumexp", ("axis", 0)), X), V), special.logsumexp(V["X"], axis=0), rtol=1e-14)
    for scale in (1e-3, 1.0, 30.0):
        exact = linalg.expm(scale * V["A"])
        assert np.allclose(run(call("expm", A), {"A": scale * V["A"]}), exact, rtol=0, atol=1e-10 * abs(exact).max())
    assert np.allclose(run(call("logdet", A), V), np.linalg.slogdet(V["A"])[1])
    assert np.array_equal(run(call("vec", X, shape=("d*n", 1)), V), V["X"].ravel(order="F"))
