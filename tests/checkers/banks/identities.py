"""The expressions that the banks start from: scalar and matrix calculus of neural networks, written by us.

Half is written down, half is derived: derivatives of activations and losses, gradients of layers, Hessians. What is
derived stands in matrix notation, or as its general entry where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hwcheck.derivations import Derivation, jacobian, read
from hwcheck.derivations.errors import HwcheckError
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.sizes import Size

Shapes = dict[str, list[Size]]

SHAPES: Shapes = {
    "a": [], "b": [], "c": [], "t": [], "p": [], "r": [], "s": [], "m": [], "v": [], "lambda": [], "eta": [], "beta": [], "mu": [],
    "gamma": [], "w": ["d"], "x": ["d"], "u": ["d"], "y": ["n"], "g": ["n"], "z": ["k"], "q": ["k"], "h": ["k"], "A": ["d", "d"],
    "B": ["d", "d"], "X": ["n", "d"], "Y": ["n", "k"], "Z": ["n", "k"], "W": ["k", "d"], "V": ["k", "d"], "K": ["n", "n"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """An expression with the shapes and domains of its names; `derivative_of` is (function, variable, order) where it is one."""

    text: str
    tree: Written = field(repr=False)
    shapes: Mapping[str, list[Size]]
    domains: Mapping[str, str]
    derivative_of: tuple[str, str, int] | None = None


# Of numbers: activations, losses, one neuron, small networks, optimisers, normalisation. All names are numbers here.
SCALARS = """
2 w x (w x + b - y) ; x (sigmoid(w x + b) - y) ; sigmoid(x) (1 - sigmoid(x)) ; 1 - tanh(x)^2
sigmoid(x) + x sigmoid(x) (1 - sigmoid(x)) ; exp(x) / (exp(x) + exp(y)) ; exp(x) exp(y) / (exp(x) + exp(y))^2
-exp(x) exp(y) / (exp(x) + exp(y) + exp(z))^2 ; log(1 + exp(x)) ; x / (1 + exp(-x)) ; exp(-x) / (1 + exp(-x))^2 ; x / sqrt(1 + x^2)
1 / (1 + x^2)^(3/2) ; x / (1 + abs(x)) ; 1 / (1 + abs(x))^2 ; (1 + erf(x / sqrt(2))) / 2 + x exp(-x^2 / 2) / sqrt(2 pi)
x (1 + erf(x / sqrt(2))) / 2 ; exp(-x^2 / 2) / sqrt(2 pi) ; -x exp(-x^2 / 2) ; 2 (w x + b - y) ; -y / p + (1 - y) / (1 + p^2)
-2 x (y - w x) + 2 r w ; w - a (2 x (w x - y) + 2 r w) ; b m + (1 - b) (w x - y) x ; m / (sqrt(v^2) + 1/100000000)
a m / ((1 - b^2) (1 + v^2)) ; (x - (x + y + z) / 3)^2 ; (x - y) / sqrt((x - y)^2 / 4 + 1/100000) ; max(0, 1 - y (w x + b))
-y x 1[y (w x + b) < 1] ; max(0, x) - a max(0, -x) ; 1[w x + b > 0] w x ; w 1[t x + b > 0] x ; abs(w x - y) ; sign(w x - y) x
x 1[abs(x) <= 1] + sign(x) 1[abs(x) > 1] ; min(x, 1) ; max(x, y) - min(x, y) ; relu(w x + b)^2 ; 2 relu(w x + b) x 1[w x + b > 0]
tanh(w x - y) x ; log(cosh(w x - y)) ; 2 w (w tanh(t x + b) - y) (1 - tanh(t x + b)^2) x ; (w tanh(t x + b) - y) tanh(t x + b)
sin(w x) + x w cos(w x) ; -w^2 sin(w x + b) ; x^2 cos(x y) ; exp(-(x - y)^2 / (2 s^2)) ; (x - y) exp(-(x - y)^2 / (2 s^2)) / s^2
cos(x) exp(sin(x)) ; exp(x y) (y^2 + x y^3) ; x^3 - 3 x^2 + 2 x - 1 ; (a x^2 + b x + c)^3 ; 3 (a x^2 + b x + c)^2 (2 a x + b)
(a + b) (a - b) ; (x^2 - 1) / (x^2 + 1) ; 4 x / (x^2 + 1)^2 ; x y z + x^2 y ; y z + 2 x y ; a (b + c) - b (a + c)
1 / (1 + exp(-(w x + b))) ; (x + 2) (x + 3) (x + 5) ; x / (y^2 + 1) - y / (x^2 + 1) ; log(x^2 + 1) ; 2 x / (x^2 + 1)
sqrt(x^2 + y^2 + 1) ; x / sqrt(x^2 + y^2 + 1) ; arctan(x y) ; y / (1 + x^2 y^2) ; arcsinh(x + y) ; sinh(x) cosh(y)
softplus(a x + b) - y x ; a sigmoid(a x + b) ; a^2 sigmoid(a x + b) (1 - sigmoid(a x + b)) ; -a y sigmoid(-a y x) ; log(1 + exp(-y w x))
-y x sigmoid(-y w x) ; y^2 x^2 sigmoid(y w x) sigmoid(-y w x) ; 2^x ; x exp(-x) - y exp(-y) ; (exp(x) - exp(-x)) / (exp(x) + exp(-x))
4 / (exp(x) + exp(-x))^2 ; r abs(w) + (w x - y)^2 / 2 ; r sign(w) + x (w x - y) ; (1 - r) w^2 / 2 + r abs(w) ; elu(x) + 1
leaky_relu(w x + b) ; gelu(w x) ; w gelu(x) + silu(y) ; silu(x) - x ; relu6(x + 3) / 6 ; x relu6(x + 3) / 6 ; hardtanh(a x)
tanh(softplus(x)) x ; softsign(x - y) ; x - (x^2 - a) / (2 x^2 + 2) ; p (1 - p) (2 p - 1) ; a tanh(b x) + c ; a b (1 - tanh(b x)^2)
(1 - beta) x + beta m ; sin(x)^2 cos(y)^2 ; cos(x + y) - cos(x - y) ; exp(x + y - z) ; (w x + b)^2 / 2 + lambda w^2 / 2
(w x + b) x + lambda w ; 0.9 m + 0.1 (2 w x - y) ; 0.5 x^2 - 0.25 y^2
""".replace("\n", ";").split(";")
NUMBERS_ONLY = ("w", "x", "u", "y", "g", "z", "q", "h")

# Switches that depend on each other: wrong answers that agree on most points.
PIECEWISE = """
(w x + b)^2 1[w x + b > 0] ; x max(0, a b - c) ; relu(a x + b) relu(x) ; min(a x, b) 1[c > 0] ; abs(a b - c) / (1 + abs(c))
1[a > b] 1[b > c] ; max(a, max(b, c)) ; max(a, min(b, c)) ; x 1[a b > c] + y 1[a b <= c] ; relu(w relu(a x + b) + c)
w a 1[w relu(a x + b) + c > 0] 1[a x + b > 0] ; max(0, 1 - y (w x + b))^2 ; -2 y x max(0, 1 - y (w x + b)) ; relu(x) - relu(x - 1)
relu(x + 1) - 2 relu(x) + relu(x - 1) ; abs(x - y) + abs(x + y) ; sign(a) sign(b) relu(c) ; 1[abs(x) < r] x + 1[abs(x) >= r] r sign(x)
relu(w x + b) 1[t x + c > 0] t ; max(x - lambda, 0) - max(-x - lambda, 0)
""".replace("\n", ";").split(";")

POSITIVE = """
log(x) + 1 ; x log(x) ; x log(x / y) ; log(x / y) + 1 ; sqrt(x) / y ; 1 / (2 sqrt(x)) ; x^y ; y x^(y - 1) ; x^y log(x)
-y / p + (1 - y) / (1 + p) ; log(x y) / log(2) ; -log(p) ; -1 / p ; 1 / (x y) ; -1 / (x^2 y) ; (x / y)^2 ; x^(1/3) ; x^(-2/3) / 3
log_10(x) ; exp(-log(x)) ; sqrt(x y) + 1 ; (1 + x)^a / x ; a log(1 + x) - x ; -p log(p) - q log(q) ; (log(x) - mu)^2 / 2 ; x / (x + y)
y / (x + y)^2 ; 1 / sqrt(x + 1/1000) ; log1p(x) ; x^a exp(-b x)
""".replace("\n", ";").split(";")  # fmt: skip

# Of columns and matrices.
MATRICES = """
cumsum(w) + x ; cumsum(A^T, axis=0) w ; cumsum(A w) ; roll(w, 1) + x ; roll(A w, 2) ; 2 cumsum(X w)^T ; X w ; X w - y ; X^T (X w - y)
2 X^T (X w - y) ; X^T X w - X^T y ; X^T X ; 2 X^T X ; 2 w^T ; 2 w^T X^T X ; (X w - y)^T (X w - y) ; ||X w - y||^2 ; w^T A w
w^T (A + A^T) ; A + A^T ; (A + A^T) w ; x^T A^T ; x w^T ; w x^T + x w^T ; ||w||^2 ; ||w|| ; w / ||w|| ; w^T / ||w||
||w - x||^2 + lambda ||w||^2 ; 2 (w - x)^T + 2 lambda w^T ; X^T (sigmoid(X w) - y) ; X^T diag(sigmoid(X w) * (1 - sigmoid(X w))) X
diag(sigmoid(z)) - sigmoid(z) sigmoid(z)^T ; diag(q) - q q^T ; softmax(z) ; softmax(z) - q ; diag(softmax(z)) - softmax(z) softmax(z)^T
softmax(W x + z) - q ; (softmax(W x) - q) x^T ; W^T (softmax(W x) - q) ; X W^T - Z ; (X W^T - Z)^T X ; X^T (X W^T - Z) ; 2 (X W^T - Z) W
tr(W^T W) ; tr(W V^T) ; ||W||_F^2 ; 2 lambda W ; -A^{-1} ; A^{-1} x ; A^{-1} x w^T A^{-1} ; -A^{-1} B A^{-1} ; A^{-T} ; det(A) A^{-T}
A^2 w ; A B - B A ; A B w + B A w ; (A + B)^2 ; A^3 ; A B A^T ; A^T B A ; (X^T X + lambda I_d)^{-1} X^T y ; X (X^T X + I_d)^{-1} X^T
diag(w) A ; A diag(w) ; diag(w) A diag(x) ; w * x ; w * x * u ; exp(w) * x ; w * (A x) ; diag(1 - tanh(W x)^2) W ; (1 - tanh(W x)^2) * z
W^T ((1 - tanh(W x)^2) * z) ; ((1 - tanh(W x)^2) * z) x^T ; z^T tanh(W x) ; diag(1[W x + z > 0]) W ; W^T (1[W x > 0] * z)
relu(W x + z) ; relu(W x + z) - h ; relu(X W^T) ; 1[X W^T > 0] * Y ; (1[X W^T > 0] * Y)^T X ; (Y * (1 - Z)) W ; Y * Z + Y ; X w 1_n^T
1_n^T (X w - y) ; X^T 1_n ; 1_n 1_n^T X ; X - (1/n) 1_n 1_n^T X ; (1/n) X^T (X w - y) ; (2/n) X^T (X w - y) + 2 lambda w ; sum(w) x
sum(exp(z)) ; exp(z) / sum(exp(z)) ; log(sum(exp(z))) ; logsumexp(z) - q^T z ; w^T x / (||w||^2 + 1)
x / (w^T x + 3 + ||w||^2 + ||x||^2) ; sigmoid(w^T x) x ; sigmoid(w^T x) (1 - sigmoid(w^T x)) x x^T ; w - eta X^T (X w - y)
w - eta (2 X^T (X w - y) + 2 lambda w) ; I_d - 2 w w^T ; I_d - w w^T / ||w||^2 ; (I_d - w w^T / ||w||^2) x ; (I_d - eta A) w ; K y
K (K + lambda I_n)^2 y ; y^T K y ; y^T K y - 2 g^T y ; exp(-||w - x||^2 / 2) ; -exp(-||w - x||^2 / 2) (w - x) ; (1 + w^T x)^2
2 (1 + w^T x) x ; (1 + w^T x)^3 - 1 ; tr(A B) ; tr(A^T B A) ; tr(A) B ; det(A B) ; logdet(A A^T + I_d) ; vec(A B) ; w ⊗ x ; A ⊗ B
sum(X, axis=0) ; sum(Y * Z) ; ||A w||^2 ; 2 A^T A w ; w^T A^T A w ; sin(X w) ; diag(cos(X w)) X ; y^T sin(X w) ; X^T (y * cos(X w))
w / (1 + abs(w)) ; tanh(A w) * x + u ; mean(w) ; w - mean(w) ; (w - mean(w)) / sqrt(||w||^2 / d + 1/1000) ; log(1 + exp(W x))
z - log(sum(exp(z))) ; -q^T log_softmax(z) ; q - sum(q) softmax(z) ; W V^T z ; W^T V + V^T W ; W diag(x) V^T ; tr(W diag(x) V^T)
abs(w)^T x ; sign(w) + x ; max(0, w) - max(0, -w) ; (w * w)^T (x * x) ; a A + b B ; a (A + B) - b A^T ; (A - A^T) w ; A^T A - B^T B
2 A w + 3 B w ; A (w + x) - B (w - x) ; (w + x)^T (w - x) ; σ(Wx + z) ⊙ (1 − σ(Wx + z)) ; (σ(Wx) − q) xᵀ ; ½‖Xw − y‖² ; ‖w‖⁴ ; 4‖w‖² wᵀ
(Xw − y) ⊘ (1 + y ⊙ y) ; w ⊘ (2 + x ⊙ x) ; -(1/n) Xᵀ(y − σ(Xw)) + 2λw
""".replace("\n", ";").split(";")  # fmt: skip

# With indices: the general entry of something, or sums.
ENTRIES = """
X_ij w_j ; A_ij w_i x_j ; w_i x_j ; A_ij + A_ji ; δ_ij w_i ; δ_ij - w_i w_j ; δ_ij w_i - w_i w_j ; δ_ij exp(w_i) ; Σ_j X_ij w_j - y_i
2 Σ_i X_ij (Σ_k X_ik w_k - y_i) ; Σ_i w_i x_i ; Σ_i w_i^2 ; exp(z_i) / Σ_j exp(z_j) ; δ_ij q_i - q_i q_j ; A_ij B_jk ; A_ij^2 + B_ij
w_i / sqrt(1 + w_j^2) ; 2 w_i + x_i ; δ_ip w_q + A_ip x_q ; (1 - tanh(w_i)^2) x_j ; sigmoid(w_i) (1 - sigmoid(w_i)) δ_ij
1[w_i > 0] x_j ; Σ_i Σ_j w_i A_ij x_j ; A_ii ; Σ_i A_ii ; max(0, w_i) x_j ; w_1 x_2 - w_2 x_1
""".replace("\n", ";").split(";")  # fmt: skip

ACTIVATIONS = (
    "tanh", "sigmoid", "softplus", "silu", "gelu", "mish", "elu", "selu", "relu", "leaky_relu", "softsign", "hardtanh", "arctan", "sin",
    "arcsinh", "erf", "cosh", "log1p", "exp", "expm1",
)  # fmt: skip
OF_COLUMNS = ("tanh({}) ; sigmoid({}) ; softplus({}) ; relu({}) ; gelu({}) ; sin({}) ; exp({})").split(" ; ")
LOSSES = """
||X w - y||^2 : w ; (1/2) ||X w - y||^2 + lambda ||w||^2 : w ; -q^T log(softmax(z)) : z ; logsumexp(z) - q^T z : z
sum(log(1 + exp(-y * (X w)))) : w ; ||X W^T - Z||_F^2 : W ; tr(W^T W A) : W ; ||tanh(W x) - q||^2 : W ; ||tanh(W x) - q||^2 : x
||relu(W x + z) - q||^2 : z ; q^T sigmoid(W x + z) : W ; q^T sigmoid(W x + z) : x ; q^T tanh(W x + z) : z ; sum(exp(X w)) : w
||w - x|| : w ; (w^T x)^2 : w ; exp(w^T A w) : w ; w^T A w / (1 + ||w||^2) : w ; log(1 + w^T w) : w ; sigmoid(w^T x) : w
tanh(w^T x + b) : x ; softmax(z) : z ; softmax(W x) : x ; log_softmax(z) : z ; W^T tanh(V x) : V ; (1/n) ||X w - y||^2 : w
||W V^T q - z||^2 : W ; y^T X w : X ; tr(A B A^T) : A ; x^T A^{-1} w : A ; log(w^T w + x^T x) : x ; w / (1 + ||w||^2) : w
(w * x)^T tanh(w) : w ; ||A w - x||^2 + ||w||^2 : w ; sum(w * w * w) : w
""".replace("\n", ";").split(";")  # fmt: skip
SECOND = """
||X w - y||^2 ; sum(log(1 + exp(X w))) ; exp(w^T x) ; w^T A w ; ||w||^4 ; sigmoid(w^T x) ; log(1 + w^T w) ; sum(tanh(w)) ; (w^T x)^3
sum(exp(X w)) ; y^T sin(X w) ; logsumexp(w) ; ||w - x||^2 + (w^T x)^2 ; sum(softplus(X w)) ; w^T B w + exp(x^T w)
""".replace("\n", ";").split(";")


def _clean(rows: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(row.strip() for row in rows if row.strip()))


def expression(text: str, shapes: Mapping[str, list[Size]], domains: Mapping[str, str] | None = None) -> Identity:
    """A text with what it reads as; only the names that occur keep their shapes."""
    reading = read(text, shapes=shapes)
    used = {s.name for s in reading.symbols}
    settled: Shapes = {s.name: [x for x in s.shape if x != 1] for s in reading.symbols}
    kept = {**settled, **{n: list(v) for n, v in shapes.items() if n in used}}
    return Identity(text, reading.body, kept, {n: v for n, v in (domains or {}).items() if n in used})


def answer_of(derivation: Derivation) -> Written:
    """The matrix form with its common parts put in, or the general entry."""
    if derivation.matrix_tree is None:
        return derivation.element_tree
    tree, parts = derivation.matrix_tree, dict(derivation.where)
    for _ in parts:
        tree = _with(tree, parts)
    return tree


def _with(tree: Written, parts: Mapping[str, Written]) -> Written:
    if tree.op == "name" and str(tree.value) in parts:
        return parts[str(tree.value)]
    return replace(tree, args=tuple(_with(a, parts) for a in tree.args)) if tree.args else tree


def derived(function: str, wrt: str, shapes: Mapping[str, list[Size]], order: int = 1,
            domains: Mapping[str, str] | None = None) -> Identity:
    """The derivative of a function, as it is printed."""
    derivation = jacobian(function, wrt, shapes=shapes, domains=domains, order=order, confirmed=False)
    kept: Shapes = {s.name: [x for x in s.shape if x != 1] for s in derivation.reading.symbols}
    known = {name: domain for name, domain in (domains or {}).items() if name in kept}
    return Identity(f"d{order}({function})/d{wrt}", answer_of(derivation), kept, known, (function, wrt, order))


def _shapes_in(text: str) -> Shapes:
    reading = read(text, shapes=SHAPES)
    return {s.name: SHAPES[s.name] for s in reading.symbols if s.name in SHAPES}


def _written() -> Iterator[Identity]:
    numbers: Shapes = {name: [] for name in SHAPES if name.islower()}
    for text in _clean([*SCALARS, *PIECEWISE]):
        yield expression(text, numbers)
    for text in _clean(POSITIVE):
        yield expression(text, numbers, dict.fromkeys(numbers, "positive"))
    for text in _clean([*MATRICES, *ENTRIES]):
        yield expression(text, SHAPES)


def _derived() -> Iterator[Identity]:
    for name in ACTIVATIONS:
        domains = {"x": "positive"} if name == "log1p" else {}
        yield derived(f"{name}(x)", "x", {"x": []}, 1, domains)
        neuron: Shapes = {"x": [], "w": [], "b": [], "c": []}
        yield derived(f"c {name}(w x + b)", "w", neuron, 1, dict.fromkeys("xwb", "positive") if domains else {})
        if name not in ("relu", "leaky_relu", "hardtanh", "elu", "selu"):
            yield derived(f"{name}(x)", "x", {"x": []}, 2, domains)
    for form in OF_COLUMNS:
        for inner, wrt in (("x", "x"), ("A x + u", "x"), ("X w", "w")):
            text = form.format(inner)
            yield derived(text, wrt, _shapes_in(text))
    for row in _clean(LOSSES):
        text, wrt = (part.strip() for part in row.rsplit(":", 1))
        yield derived(text, wrt, _shapes_in(text))
    for text in _clean(SECOND):
        yield derived(text, "w", _shapes_in(text), 2)


def identities() -> list[Identity]:
    """All expressions of ours; each of them has to be readable."""
    return [*_written(), *_derived()]


def of_functions(rows: Iterable[tuple[str, str, Mapping[str, list[Size]], Mapping[str, str], int]]) -> list[Identity]:
    """The derivatives of functions given as (text, variable, shapes, domains, order); without a derivation, none."""
    found = []
    for text, wrt, shapes, domains, order in rows:
        try:
            found.append(derived(text, wrt, shapes, order, domains))
        except HwcheckError:
            continue
    return found
