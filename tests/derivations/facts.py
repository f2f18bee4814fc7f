"""Facts: functions as homework writes them, the derivative they must be given, and a plain function to judge it by.

One row a fact: the text, the whole answer (in matrix notation, or the general entry where there is none), and the same
function in jax.numpy, whose first parameter is the variable. Shapes go by name, see SHAPES. The rows are our own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import jax
import jax.numpy as jnp
import judges

from hwcheck.derivations import Derivation, Style, jacobian, write

SHAPES: dict[str, list[str]] = {
    "a": [], "b": [], "c": [], "t": [], "lambda": [],
    "w": ["d"], "x": ["d"], "u": ["d"], "y": ["n"], "v": ["n"], "z": ["k"], "q": ["k"], "h": ["m"],
    "A": ["d", "d"], "B": ["d", "d"], "X": ["n", "d"], "G": ["d", "n"], "Y": ["n", "k"], "Z": ["n", "k"], "W": ["k", "d"],
    "V": ["k", "d"], "U": ["m", "k"], "T": ["k", "d", "m"],
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One row. `domains` are told to the program, `places` only to the judges."""

    text: str
    expected: str
    judge: judges.Function = field(repr=False)
    order: int = 1
    domains: Mapping[str, str] = field(default_factory=dict, hash=False)
    places: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def names(self) -> list[str]:
        return judges.names_of(self.judge)

    @property
    def shapes(self) -> dict[str, list[str]]:
        return {name: SHAPES[name] for name in self.names}

    def values(self) -> dict[str, judges.Array]:
        return judges.arrays(self.shapes, {**self.domains, **self.places})

    def derived(self) -> Derivation:
        return _derived(self)

    def answer(self) -> str:
        """What is printed as the result: matrix notation, else the general entry."""
        d = self.derived()
        return d.matrix or write(d.element_tree, Style.UNICODE)

    def __str__(self) -> str:
        return self.text if self.order == 1 else f"{self.text} (order {self.order})"


@cache
def _derived(fact: Fact) -> Derivation:
    return jacobian(fact.text, fact.names[0], shapes=fact.shapes, domains=fact.domains, order=fact.order, confirmed=False)


def hessian(text: str, expected: str, judge: judges.Function, **settings: Mapping[str, str]) -> Fact:
    return Fact(text, expected, judge, 2, **settings)


def sigmoid(z):
    return 1 / (1 + jnp.exp(-z))


def relu(z):
    return jnp.where(z > 0, z, 0.0)


def softmax(z):
    return jnp.exp(z) / jnp.exp(z).sum(-1, keepdims=True)


def logsumexp(z):
    return jnp.log(jnp.exp(z).sum(-1))


def det(matrix):
    return jnp.linalg.det(matrix)


def inv(matrix):
    return jnp.linalg.inv(matrix)


INVERTIBLE = {"places": {"A": "invertible"}}
SYMMETRIC = {"domains": {"A": "symmetric"}}
PROBABILITY = {"domains": {"q": "probability"}}

# fmt: off
LINEAR = (
    Fact("f(w) = c", "𝟘_dᵀ", lambda w, c: c),
    Fact("f(w) = w", "I_d", lambda w: w),
    Fact("f(w) = Xw", "X", lambda w, X: X @ w),
    Fact("f(w) = Xw + v", "X", lambda w, X, v: X @ w + v),
    Fact("f(w) = X @ w - v", "X", lambda w, X, v: X @ w - v),
    Fact("f(X) = Xw", "δ_ip w_q", lambda X, w: X @ w),
    Fact("f(y) = Xᵀy", "Xᵀ", lambda y, X: X.T @ y),
    Fact("f(w) = w^T x", "xᵀ", lambda w, x: w @ x),
    Fact(r"f(w) = \lambda w", "λI_d", lambda w, lam: lam * w),
    Fact("f(c) = cw", "w", lambda c, w: c * w),
    Fact("f(c) = cA", "A", lambda c, A: c * A),
    Fact("f(w) = A(Bw)", "AB", lambda w, A, B: A @ (B @ w)),
    Fact("f(w) = Aw + Bw - w", "A + B − I_d", lambda w, A, B: A @ w + B @ w - w),
    Fact("f(W) = W", "δ_ip δ_jq", lambda W: W),
    Fact("f(W) = W^T", "δ_jp δ_iq", lambda W: W.T),
    Fact("f(W) = XW^T", "δ_jp X_iq", lambda W, X: X @ W.T),
    Fact("f(X) = XW^T", "δ_ip W_jq", lambda X, W: X @ W.T),
    Fact("f(A) = XAB", "B_qj X_ip", lambda A, X, B: X @ A @ B),
    Fact("f(w) = w x^T", "δ_iq x_j", lambda w, x: jnp.outer(w, x)),
    Fact("f(w) = outer(w, y)", "δ_iq y_j", lambda w, y: jnp.outer(w, y)),
)

QUADRATIC = (
    Fact("f(w) = ||w||^2", "2wᵀ", lambda w: w @ w),
    Fact("f(w) = wᵀw", "2wᵀ", lambda w: w @ w),
    Fact("f(w) = w @ w", "2wᵀ", lambda w: w @ w),
    Fact("f(w) = w^T A w", "wᵀ(A + Aᵀ)", lambda w, A: w @ A @ w),
    Fact("f(w) = w^T A w", "2wᵀA", lambda w, A: w @ A @ w, **SYMMETRIC),
    Fact("f(w) = x^T A w + c w^T w", "(Aᵀx + 2cw)ᵀ", lambda w, x, A, c: x @ A @ w + c * w @ w),
    Fact("f(A) = w^T A w", "wwᵀ", lambda A, w: w @ A @ w),
    Fact("f(A) = w^T A^T A x", "A(xwᵀ + wxᵀ)", lambda A, w, x: w @ A.T @ A @ x),
    Fact(r"f(w) = \frac12 \|Xw - y\|^2", "(Xw − y)ᵀX", lambda w, X, y: ((X @ w - y) ** 2).sum() / 2),
    Fact(r"f(w) = \frac{1}{n}\|Xw - y\|^2 + \lambda\|w\|^2",
         "(2/n Xᵀ(Xw − y) + 2λw)ᵀ", lambda w, X, y, lam: ((X @ w - y) ** 2).mean() + lam * w @ w),
    Fact("f(X) = ||Xw - y||^2", "2(Xw − y)wᵀ", lambda X, w, y: ((X @ w - y) ** 2).sum()),
    Fact("f(w) = (w^T x) w", "wxᵀ + wᵀxI_d", lambda w, x: (w @ x) * w),
    Fact("f(w) = w w^T", "δ_iq w_j + δ_jq w_i", lambda w: jnp.outer(w, w)),
    Fact("f(w) = (w^T A w)/(w^T w)", "((A + Aᵀ)w / (wᵀw) − 2(wᵀAw)w / (wᵀw)²)ᵀ", lambda w, A: (w @ A @ w) / (w @ w)),
    Fact("f(x) = 1/(1 + x^T x)", "−2xᵀ / (1 + xᵀx)²", lambda x: 1 / (1 + x @ x)),
)

NORMS = (
    Fact("f(w) = ||w||", "wᵀ / ‖w‖", lambda w: jnp.sqrt(w @ w)),
    Fact("f(w) = ||w||_1", "sign(w)ᵀ", lambda w: jnp.abs(w).sum()),
    Fact("f(X) = ||X||_F", "X / ‖X‖_F", lambda X: jnp.sqrt((X * X).sum())),
    Fact(r"f(X) = \|X\|_F^2", "2X", lambda X: (X * X).sum()),
    Fact("f(w) = w/||w||", "I_d / ‖w‖ − wwᵀ / ‖w‖³", lambda w: w / jnp.sqrt(w @ w)),
    Fact("f(w) = ‖Xw − y‖", "rᵀX / ‖r‖  where r = Xw − y", lambda w, X, y: jnp.sqrt(((X @ w - y) ** 2).sum())),
    Fact("f(w) = sum(|Xw - y|)", "sign(Xw − y)ᵀX", lambda w, X, y: jnp.abs(X @ w - y).sum()),
    Fact("f(X) = ||XA||_F^2", "2XAAᵀ", lambda X, A: ((X @ A) ** 2).sum()),
)

TRACES = (
    Fact("f(A) = tr(A)", "I_d", lambda A: jnp.trace(A)),
    Fact("f(A) = tr(AB)", "Bᵀ", lambda A, B: jnp.trace(A @ B)),
    Fact("f(A) = tr(A^T B)", "B", lambda A, B: jnp.trace(A.T @ B)),
    Fact("f(A) = tr(A^T B A)", "(B + Bᵀ)A", lambda A, B: jnp.trace(A.T @ B @ A)),
    Fact("f(A) = tr(A)^2 + tr(A^T A)", "2 tr(A)I_d + 2A", lambda A: jnp.trace(A) ** 2 + jnp.trace(A.T @ A)),
    Fact("f(A) = tr(A^3)", "3(A²)ᵀ", lambda A: jnp.trace(A @ A @ A)),
    Fact("f(A) = tr(A^{-1} B)", "−A⁻ᵀBᵀA⁻ᵀ", lambda A, B: jnp.trace(inv(A) @ B), **INVERTIBLE),
    Fact("f(X) = tr(X G)", "Gᵀ", lambda X, G: jnp.trace(X @ G)),
    Fact("f(A) = tr(A ⊙ B)", "diag(diagonal(B))", lambda A, B: jnp.trace(A * B)),
    Fact("f(A) = tr(A) A", "δ_pq A_ij + δ_ip δ_jq tr(A)", lambda A: jnp.trace(A) * A),
)

DETERMINANTS = (
    Fact("f(A) = det(A)", "det(A)A⁻ᵀ", lambda A: det(A), **INVERTIBLE),
    Fact(r"f(A) = \log\det A", "A⁻ᵀ", lambda A: jnp.log(det(A)), places={"A": "spd"}),
    Fact("f(A) = logdet(A)", "A⁻ᵀ", lambda A: jnp.linalg.slogdet(A)[1], **INVERTIBLE),
    Fact("f(A) = logdet(A)", "A⁻¹", lambda A: jnp.linalg.slogdet(A)[1], domains={"A": "spd"}),
    Fact("f(X) = logdet(X^T X)", "2X(XᵀX)⁻¹", lambda X: jnp.linalg.slogdet(X.T @ X)[1]),
    Fact("f(A) = A^{-1}", "−(A⁻¹)_ip (A⁻¹)_qj", lambda A: inv(A), **INVERTIBLE),
    Fact("f(A) = A^{-1} w", "−(A⁻¹)_ip Σ_j w_j (A⁻¹)_qj", lambda A, w: inv(A) @ w, **INVERTIBLE),
    Fact("f(A) = x^T A^{-1} w", "−A⁻ᵀxwᵀA⁻ᵀ", lambda A, x, w: x @ inv(A) @ w, **INVERTIBLE),
    Fact("f(w) = A^{-1} w", "A⁻¹", lambda w, A: inv(A) @ w, **INVERTIBLE),
    Fact("f(w) = inv(A) @ w", "A⁻¹", lambda w, A: inv(A) @ w, **INVERTIBLE),
    Fact("f(c) = (A + cB)^{-1}", "−FBF  where F = (A + cB)⁻¹", lambda c, A, B: inv(A + c * B), **INVERTIBLE),
    Fact("f(w) = det(A + w w^T)",
         "det(Z)wᵀ(Fᵀ + F)  where Z = A + wwᵀ, F = Z⁻¹", lambda w, A: det(A + jnp.outer(w, w)), **INVERTIBLE),
)

POWERS = (
    Fact("f(A) = A^2", "δ_ip A_qj + δ_jq A_ip", lambda A: A @ A),
    Fact("f(A) = A^3", "δ_ip Σ_k A_qk A_kj + A_ip A_qj + δ_jq Σ_k A_ik A_kp", lambda A: A @ A @ A),
    Fact("f(A) = A^{-2}",
         "−(A⁻¹)_ip Σ_k (A⁻¹)_kj (A⁻¹)_qk − (A⁻¹)_qj Σ_k (A⁻¹)_ik (A⁻¹)_kp", lambda A: inv(A) @ inv(A), **INVERTIBLE),
    Fact("f(A) = A**2", "2δ_ip δ_jq A_ij", lambda A: A**2),
    Fact("f(w) = A^3 w", "A³", lambda w, A: A @ A @ A @ w),
    Fact("f(w) = w^2", "2 diag(w)", lambda w: w**2),
    Fact("f(X) = X^{∘3}", "3δ_ip δ_jq X_ij²", lambda X: X**3),
    Fact("f(w) = x ⊘ w", "−diag(x ⊘ w²)", lambda w, x: x / w, places={"w": "positive"}),
    Fact("f(w) = 1/w", "−diag(1 ⊘ w²)", lambda w: 1 / w, places={"w": "positive"}),
    Fact("f(c) = expm(cA)", "A expm(cA)", lambda c, A: jax.scipy.linalg.expm(c * A)),
    Fact("f(A) = tr(expm(A))", "expm(A)ᵀ", lambda A: jnp.trace(jax.scipy.linalg.expm(A))),
)

ARRANGED = (
    Fact("f(w) = diag(w)", "δ_ij δ_iq", lambda w: jnp.diag(w)),
    Fact("f(w) = diag(w) A", "δ_iq A_ij", lambda w, A: jnp.diag(w) @ A),
    Fact("f(w) = A diag(w) x", "A diag(x)", lambda w, A, x: A @ jnp.diag(w) @ x),
    Fact("f(A) = diagonal(A)", "δ_ip δ_iq", lambda A: jnp.diagonal(A)),
    Fact("f(w) = diagonal(w x^T)", "diag(x)", lambda w, x: jnp.diagonal(jnp.outer(w, x))),
    Fact("f(w) = w ⊙ x", "diag(x)", lambda w, x: w * x),
    Fact(r"f(w) = (Aw) \odot (Bw)", "diag(Bw)A + diag(Aw)B", lambda w, A, B: (A @ w) * (B @ w)),
    Fact("f(A) = A ⊙ B", "δ_ip δ_jq B_ij", lambda A, B: A * B),
    Fact("f(W) = kron(W, Y)", "δ_ip δ_lq Y_{ja}", lambda W, Y: jnp.kron(W, Y)),
    Fact("f(W) = Y ⊗ W", "δ_jp δ_{aq}Y_il", lambda W, Y: jnp.kron(Y, W)),
    Fact("f(w) = kron(w, y)", "δ_iq y_j", lambda w, y: jnp.kron(w, y)),
    Fact("f(W) = vec(W)", "δ_jp δ_iq", lambda W: W.T.reshape(-1)),
    Fact("f(W) = vec(XW^T)", "δ_ip X_jq", lambda W, X: (X @ W.T).T.reshape(-1)),
    Fact("f(W) = ||vec(W)||^2", "2W", lambda W: (W * W).sum()),
    Fact("f(W) = vec(V)^T vec(W)", "V", lambda W, V: (V * W).sum()),
    Fact("f(w) = kron(w, y)^T kron(x, y)", "‖y‖²xᵀ", lambda w, y, x: jnp.kron(w, y) @ jnp.kron(x, y)),
    Fact("f(w) = concatenate([w, Aw])",
         "[I_d; zeros(d, d)] + [zeros(d, d); I_d]A", lambda w, A: jnp.concatenate([w, A @ w])),
    Fact("f(w) = roll(w, 1)", "roll(I_d, 1, axis=0)", lambda w: jnp.roll(w, 1)),
    Fact("f(w) = cumsum(w)", "cumsum(I_d, axis=0)", lambda w: jnp.cumsum(w)),
)

SUMS = (
    Fact("f(w) = sum(w)", "𝟏_dᵀ", lambda w: w.sum()),
    Fact("f(w) = mean(w)", "1/d 𝟏_dᵀ", lambda w: w.mean()),
    Fact("f(X) = sum(X)", "𝟏_n 𝟏_dᵀ", lambda X: X.sum()),
    Fact("f(X) = mean(X)", "(1 / (nd)) 𝟏_n 𝟏_dᵀ", lambda X: X.mean()),
    Fact("f(X) = mean(X, axis=0)", "δ_iq / n", lambda X: X.mean(0)),
    Fact("f(X) = sum(X, axis=1)", "δ_ip", lambda X: X.sum(1)),
    Fact("f(w) = prod(w)", "prod(w)(1 ⊘ w)ᵀ", lambda w: jnp.prod(w)),
    Fact("f(w) = Σ_i w_i^2", "2wᵀ", lambda w: w @ w),
    Fact(r"f(w) = \sum_{j=1}^d \sum_{i=1}^d A_{ij} w_i w_j", "wᵀ(A + Aᵀ)", lambda w, A: w @ A @ w),
    Fact("f(w) = Π_i w_i", "(∏_i w_i)(1 ⊘ w)ᵀ", lambda w: jnp.prod(w)),
    Fact("f(w) = exp(Σ_i w_i)", "exp(Σ_i w_i) 𝟏_dᵀ", lambda w: jnp.exp(w.sum())),
    Fact("f(w) = max(w)", "𝟙[w = max(w)]ᵀ", lambda w: w.max()),
    Fact("f(w) = min(w)", "𝟙[w = min(w)]ᵀ", lambda w: w.min()),
    Fact("f(X) = max(X, axis=1)", "δ_ip (𝟙[X = max(X, axis=1) 𝟏_dᵀ])_iq", lambda X: X.max(1)),
    Fact("f(w) = max(w, x)", "diag(𝟙[w > x])", lambda w, x: jnp.where(w > x, w, x)),
    Fact("f(w) = w_2 w", "w(I_d)_{:,2}ᵀ + w_2 I_d", lambda w: w[1] * w),
    Fact("f(X) = X_{12}", "(I_n)_{:,1}(I_d)_{:,2}ᵀ", lambda X: X[0, 1]),
    Fact("f(w) = X_{12} w", "X_{1,2}I_d", lambda w, X: X[0, 1] * w),
)

THREE_AXES = (
    Fact("f(x) = einsum('kdm,d,m->k', T, x, h)", "Σ_j T_iqj h_j", lambda x, T, h: jnp.einsum("kdm,d,m->k", T, x, h)),
    Fact("f(T) = einsum('kdm,d,m->k', T, x, h)", "δ_ip x_q h_r", lambda T, x, h: jnp.einsum("kdm,d,m->k", T, x, h)),
    Fact("f(T) = einsum('kdm,kdm->', T, T)", "2T_pqr", lambda T: (T * T).sum()),
    Fact("f(T) = einsum('kdm->d', T)", "δ_iq", lambda T: T.sum((0, 2))),
    Fact("f(h) = einsum('kdm,m->kd', T, h)", "T_ijq", lambda h, T: T @ h),
)

LAYERS = (
    Fact("f(x) = σ(Wx + z)", "diag(σ(a) ⊙ (1 − σ(a)))W  where a = Wx + z", lambda x, W, z: sigmoid(W @ x + z)),
    Fact("f(z) = σ(Wx + z)", "diag(σ(a) ⊙ (1 − σ(a)))  where a = Wx + z", lambda z, W, x: sigmoid(W @ x + z)),
    Fact("f(W) = σ(Wx)", "δ_ip σ(z_i)(1 − σ(z_i))x_q", lambda W, x: sigmoid(W @ x)),
    Fact("f(W) = relu(Wx + z)", "δ_ip 𝟙[(Wx + z)_i > 0]x_q", lambda W, x, z: relu(W @ x + z)),
    Fact("f(x) = max(0, Wx)", "diag(𝟙[Wx > 0])W", lambda x, W: relu(W @ x)),
    Fact("f(X) = tanh(XW^T)", "δ_ip (1 − tanh((XWᵀ)_ij)²)W_jq", lambda X, W: jnp.tanh(X @ W.T)),
    Fact("f(x) = σ(w^T x)", "σ(z)(1 − σ(z))wᵀ  where z = wᵀx", lambda x, w: sigmoid(w @ x)),
    Fact("f(x) = U relu(Wx + z)", "U diag(𝟙[Wx + z > 0])W", lambda x, U, W, z: U @ relu(W @ x + z)),
    Fact("f(W) = ||U tanh(Wx) - h||^2",
         "2(Uᵀ(U tanh(z) − h) ⊙ (1 − tanh(z)²))xᵀ  where z = Wx",
         lambda W, U, x, h: ((U @ jnp.tanh(W @ x) - h) ** 2).sum()),
    Fact("f(w) = |w|", "diag(sign(w))", lambda w: jnp.abs(w)),
    Fact("f(x) = log(1 + exp(-w^T x))", "−(1 − σ(wᵀx))wᵀ", lambda x, w: jnp.log(1 + jnp.exp(-w @ x))),
    Fact("f(w) = -y^T log(σ(Xw)) - (1 - y)^T log(1 - σ(Xw))", "(σ(Xw) − y)ᵀX",
         lambda w, X, y: -y @ jnp.log(sigmoid(X @ w)) - (1 - y) @ jnp.log(1 - sigmoid(X @ w))),
)

SOFTMAX = (
    Fact("f(z) = softmax(z)", "diag(softmax(z)) − softmax(z) softmax(z)ᵀ", lambda z: softmax(z)),
    Fact("f(z) = log_softmax(z)", "I_k − 𝟏_k softmax(z)ᵀ", lambda z: z - logsumexp(z)),
    Fact("f(z) = sum(log_softmax(z))", "(1 − k softmax(z))ᵀ", lambda z: (z - logsumexp(z)).sum()),
    Fact("f(Z) = mean(log_softmax(Z))", "1 / (nk) − 1/n softmax(Z)", lambda Z: (Z - logsumexp(Z)[:, None]).mean()),
    Fact("f(z) = logsumexp(z)", "softmax(z)ᵀ", lambda z: logsumexp(z)),
    Fact("f(z) = log(sum(exp(z)))", "softmax(z)ᵀ", lambda z: logsumexp(z)),
    Fact("f(z) = -q^T log(softmax(z))", "(sum(q) softmax(z) − q)ᵀ", lambda z, q: -q @ jnp.log(softmax(z))),
    Fact("f(z) = -q^T log(softmax(z))", "(softmax(z) − q)ᵀ", lambda z, q: -q @ jnp.log(softmax(z)), **PROBABILITY),
    Fact("f(z) = -q^T log_softmax(z)", "(softmax(z) − q)ᵀ", lambda z, q: -q @ (z - logsumexp(z)), **PROBABILITY),
    Fact("f(x) = softmax(Wx)", "(diag(p) − ppᵀ)W  where p = softmax(Wx)", lambda x, W: softmax(W @ x)),
    Fact("f(W) = softmax(Wx)", "δ_ip s_i x_q − s_i s_p x_q", lambda W, x: softmax(W @ x)),
    Fact("f(Z) = softmax(Z)", "δ_ip δ_jq (softmax(Z))_ij − δ_ip (softmax(Z))_ij (softmax(Z))_iq", lambda Z: softmax(Z)),
    Fact("f(W) = -q^T log_softmax(Wx)",
         "(softmax(Wx) − q)xᵀ", lambda W, q, x: -q @ (W @ x - logsumexp(W @ x)), **PROBABILITY),
)

NUMBERS = (
    Fact("f(t) = exp(t) sin(t)", "sin(t) exp(t) + exp(t) cos(t)", lambda t: jnp.exp(t) * jnp.sin(t)),
    Fact("f(t) = ln(t^2 + 1)/t", "2/z − log(z) / t²  where z = t² + 1", lambda t: jnp.log(t * t + 1) / t),
    Fact("f(t) = w^T A^2 w t^3", "3t²wᵀA²w", lambda t, w, A: (w @ A @ A @ w) * t**3),
    Fact("f(w) = e^{w^T x}", "e^(wᵀx)xᵀ", lambda w, x: jnp.exp(w @ x)),
    Fact("f(t) = t^t", "t^t + t^t log(t)", lambda t: t**t, places={"t": "positive"}),
    Fact("f(t) = t t + a t", "2t + a", lambda t, a: t * t + a * t),
    Fact("f(t) = |t|^3", "3 |t|² sign(t)", lambda t: jnp.abs(t) ** 3),
    Fact("f(t) = [t, t^2; 1, sin(t)]",
         "(I_2)_{:,1}(I_2)_{:,1}ᵀ + 2t(I_2)_{:,1}(I_2)_{:,2}ᵀ + cos(t)(I_2)_{:,2}(I_2)_{:,2}ᵀ",
         lambda t: jnp.array([[t, t**2], [1.0, jnp.sin(t)]])),
    Fact(r"f(t) = \begin{cases} t^2 & t > 0 \\ -t & \text{otherwise} \end{cases}",
         "2t 𝟙[t > 0] − 𝟙[t ≤ 0]", lambda t: jnp.where(t > 0, t**2, -t)),
)

# Entry by entry: f(z) = exp(z) and so on, a function a row.
ELEMENTWISE = (
    Fact("f(z) = exp(z)", "diag(exp(z))", lambda z: jnp.exp(z)),
    Fact("f(z) = expm1(z)", "diag(exp(z))", lambda z: jnp.expm1(z)),
    Fact(r"f(z) = \ln(z)", "diag(1 ⊘ z)", lambda z: jnp.log(z), places={"z": "positive"}),
    Fact(r"f(z) = \log_2(z)", "diag(1 ⊘ z) / log(2)", lambda z: jnp.log2(z), places={"z": "positive"}),
    Fact(r"f(z) = \log_{10}(z)", "diag(1 ⊘ z) / log(10)", lambda z: jnp.log10(z), places={"z": "positive"}),
    Fact("f(z) = log1p(z)", "diag(1 ⊘ (1 + z))", lambda z: jnp.log1p(z), places={"z": "positive"}),
    Fact("f(z) = sqrt(z)", "1/2 diag(1 ⊘ √z)", lambda z: jnp.sqrt(z), places={"z": "positive"}),
    Fact("f(z) = ∛(z)", "1/3 diag(1 ⊘ z^(2/3))", lambda z: jnp.cbrt(z), places={"z": "positive"}),
    Fact(r"f(z) = \sin(z)", "diag(cos(z))", lambda z: jnp.sin(z)),
    Fact("f(z) = cos(z)", "−diag(sin(z))", lambda z: jnp.cos(z)),
    Fact("f(z) = tan(z)", "diag(1 + tan(z)²)", lambda z: jnp.tan(z)),
    Fact("f(z) = sinh(z)", "diag(cosh(z))", lambda z: jnp.sinh(z)),
    Fact("f(z) = cosh(z)", "diag(sinh(z))", lambda z: jnp.cosh(z)),
    Fact("f(z) = np.tanh(z)", "diag(1 − tanh(z)²)", lambda z: jnp.tanh(z)),
    Fact("f(z) = arcsin(z)", "diag(1 ⊘ √(1 − z²))", lambda z: jnp.arcsin(z), places={"z": "inside"}),
    Fact("f(z) = arccos(z)", "−diag(1 ⊘ √(1 − z²))", lambda z: jnp.arccos(z), places={"z": "inside"}),
    Fact("f(z) = arctan(z)", "diag(1 ⊘ (1 + z²))", lambda z: jnp.arctan(z)),
    Fact("f(z) = arcsinh(z)", "diag(1 ⊘ √(1 + z²))", lambda z: jnp.arcsinh(z)),
    Fact("f(z) = arccosh(z)", "diag(1 ⊘ (√(1 + z) ⊙ √(z − 1)))", lambda z: jnp.arccosh(z), places={"z": "above one"}),
    Fact("f(z) = artanh(z)", "diag(1 ⊘ (1 − z²))", lambda z: jnp.arctanh(z), places={"z": "inside"}),
    Fact("f(z) = erf(z)", "2 diag(exp(−z²)) / √π", lambda z: jax.scipy.special.erf(z)),
    Fact("f(z) = abs(z)", "diag(sign(z))", lambda z: jnp.abs(z)),
    Fact("f(z) = sign(z)", "zeros(k, k)", lambda z: jnp.sign(z)),
    Fact("f(z) = step(z)", "zeros(k, k)", lambda z: jnp.heaviside(z, 0.0)),
    Fact("f(z) = σ(z)", "diag(σ(z) ⊙ (1 − σ(z)))", lambda z: sigmoid(z)),
    Fact("f(z) = ReLU(z)", "diag(𝟙[z > 0])", lambda z: relu(z)),
    Fact("f(z) = leaky_relu(z)", "diag(1 if z > 0 else 1/100)", lambda z: jax.nn.leaky_relu(z)),
    Fact("f(z) = ELU(z)", "diag(1 if z > 0 else exp(z))", lambda z: jax.nn.elu(z)),
    Fact("f(z) = SELU(z)",
         "diag(1.05070098735548 if z > 0 else 1.75809934084738 exp(z))",
         lambda z: jax.nn.selu(z)),
    Fact("f(z) = softplus(z)", "diag(σ(z))", lambda z: jax.nn.softplus(z)),
    Fact("f(z) = softsign(z)", "diag(1 ⊘ (1 + |z|) − z ⊙ sign(z) ⊘ (1 + |z|)²)", lambda z: z / (1 + jnp.abs(z))),
    Fact("f(z) = SiLU(z)", "diag(σ(z) ⊙ (1 + z ⊙ (1 − σ(z))))", lambda z: z * sigmoid(z)),
    Fact("f(z) = swish(z)", "diag(σ(z) ⊙ (1 + z ⊙ (1 − σ(z))))", lambda z: z * sigmoid(z)),
    Fact("f(z) = GELU(z)",
         "diag(1/2 + 1/2 erf((√2 / 2)z) + √2 (z ⊙ exp(−1/2 z²)) / (2√π))", lambda z: jax.nn.gelu(z, approximate=False)),
    Fact("f(z) = Mish(z)",
         "diag(z ⊙ σ(z) + tanh(softplus(z)) − z ⊙ tanh(softplus(z))² ⊙ σ(z))",
         lambda z: z * jnp.tanh(jnp.log1p(jnp.exp(z)))),
    Fact("f(z) = relu6(4z)", "4 diag(0 if 4z ≤ 0 else 𝟙[4z < 6])", lambda z: jnp.clip(4 * z, 0, 6)),
    Fact("f(z) = hardtanh(z)", "diag(0 if z ≤ −1 else 𝟙[z < 1])", lambda z: jnp.clip(z, -1, 1)),
    Fact("f(z) = hardsigmoid(3z)",
         "3 diag(0 if 3z ≤ −3 else (0 if 3z ≥ 3 else 1/6))", lambda z: jnp.clip(3 * z / 6 + 0.5, 0, 1)),
)

HESSIANS = (
    hessian("f(w) = w^T A w", "A + Aᵀ", lambda w, A: w @ A @ w),
    hessian("f(w) = w^T A w", "2A", lambda w, A: w @ A @ w, **SYMMETRIC),
    hessian("f(w) = ||Xw - y||^2", "2XᵀX", lambda w, X, y: ((X @ w - y) ** 2).sum()),
    hessian("f(w) = ||w||", "I_d / ‖w‖ − wwᵀ / ‖w‖³", lambda w: jnp.sqrt(w @ w)),
    hessian("f(w) = ||w||^4", "8wwᵀ + 4‖w‖²I_d", lambda w: (w @ w) ** 2),
    hessian("f(w) = exp(w^T x)", "exp(wᵀx)xxᵀ", lambda w, x: jnp.exp(w @ x)),
    hessian("f(w) = sum(exp(w))", "diag(exp(w))", lambda w: jnp.exp(w).sum()),
    hessian("f(w) = log(1 + exp(w^T x))", "σ(z)(1 − σ(z))xxᵀ  where z = wᵀx", lambda w, x: jnp.log(1 + jnp.exp(w @ x))),
    hessian("f(z) = logsumexp(z)", "diag(softmax(z)) − softmax(z) softmax(z)ᵀ", lambda z: logsumexp(z)),
    hessian("f(A) = tr(A^T B A)", "δ_qs (B_pr + B_rp)", lambda A, B: jnp.trace(A.T @ B @ A)),
    hessian("f(A) = tr(A A)", "2δ_qr δ_ps", lambda A: jnp.trace(A @ A)),
    hessian("f(A) = tr(A A)", "2δ_qr δ_ps", lambda A: jnp.trace(A @ A), **SYMMETRIC),
    hessian("f(A) = logdet(A)", "−(A⁻¹)_qr (A⁻¹)_sp", lambda A: jnp.linalg.slogdet(A)[1], **INVERTIBLE),
    hessian("f(A) = logdet(A)", "−(A⁻¹)_qr (A⁻¹)_ps", lambda A: jnp.linalg.slogdet(A)[1], domains={"A": "spd"}),
    hessian("f(w) = sum(tanh(Xw))",
            "−2Xᵀ diag(tanh(z) ⊙ (1 − tanh(z)²))X  where z = Xw", lambda w, X: jnp.tanh(X @ w).sum()),
    hessian("f(q) = sum(q)^2", "2 · 𝟏_k 𝟏_kᵀ", lambda q: q.sum() ** 2, **PROBABILITY),
    hessian("f(w) = max(w)^2", "2 · 𝟙[w = max(w)] 𝟙[w = max(w)]ᵀ", lambda w: w.max() ** 2),
    hessian("f(t) = a t^3", "6at", lambda t, a: a * t**3),
    hessian("f(w) = prod(w)", "prod(w)((1 ⊘ w)(1 ⊘ w)ᵀ − diag(1 ⊘ w²))", lambda w: jnp.prod(w)),
    hessian("f(w) = w^T x", "zeros(d, d)", lambda w, x: w @ x),
)
# fmt: on

ALL = (*LINEAR, *QUADRATIC, *NORMS, *TRACES, *DETERMINANTS, *POWERS, *ARRANGED, *SUMS, *THREE_AXES, *LAYERS, *SOFTMAX, *NUMBERS,
       *ELEMENTWISE, *HESSIANS)
