"""Right answers to the problems about Jacobians, a family for each layout: output × input, and input × output."""

from __future__ import annotations

from .submission_rows import Rows, answer

NUMERATOR: Rows = {
    "2.1": (
        answer(
            r"""
The value never changes when w does, so all $d$ partial derivatives vanish. The Jacobian is a row of zeros of shape $1 \times d$:

$$\frac{\partial f}{\partial w} = \mathbf{0}^\top$$
""",
            ("shape", r"1 \times d", r"d \times 1", "shape"),
            ("number", r"\mathbf{0}^\top", r"\mathbf{1}^\top"),
        ),
        answer(
            "Shape: 1 × d. Every entry is 0, since c does not contain w: $J_f(w) = 0$.",
            ("shape", "1 × d", "d × d", "shape"),
            ("number", "J_f(w) = 0", "J_f(w) = 1"),
            ("number", "J_f(w) = 0", "J_f(w) = c"),
        ),
        answer(
            r"""
$\frac{\partial f}{\partial w_j} = \frac{\partial c}{\partial w_j} = 0$ for every $j$, so

$$\nabla_w f = \begin{bmatrix} 0 & 0 & \cdots & 0 \end{bmatrix} \in \mathbb{R}^{1 \times d}$$
""",
            ("number", r"\frac{\partial c}{\partial w_j} = 0", r"\frac{\partial c}{\partial w_j} = 1"),
            ("shape", r"\mathbb{R}^{1 \times d}", r"\mathbb{R}^{d \times d}", "shape"),
        ),
    ),
    "2.2": (
        answer(
            r"""
The output is a number and w has d entries, so the Jacobian is a row vector with shape $1 \times d$.

$$\frac{\partial f}{\partial w} = 2w^\top$$
""",
            ("transpose", r"2w^\top", "2w"),
            ("factor", r"2w^\top", r"w^\top"),
            ("sign", r"2w^\top", r"-2w^\top"),
            ("shape", r"1 \times d", r"d \times 1", "shape"),
            ("inner", r"2w^\top", r"2\|w\|"),
        ),
        answer(
            r"""
Written out, $\|w\|^2 = \sum_{k=1}^{d} w_k^2$. Hence

\begin{align*}
\frac{\partial f}{\partial w_j} &= \sum_{k=1}^{d} \frac{\partial w_k^2}{\partial w_j} \\
&= \sum_{k=1}^{d} 2 w_k \delta_{kj} \\
&= 2 w_j
\end{align*}

and as a row, $J_f(w) = 2 w^T$ (1 x d).
""",
            ("factor", r"\sum_{k=1}^{d} 2 w_k \delta_{kj}", r"\sum_{k=1}^{d} w_k \delta_{kj}", "step"),
            ("delta", r"2 w_k \delta_{kj}", r"2 w_k", "step"),
            ("index", r"&= 2 w_j", r"&= 2 w_k", "step"),
            ("transpose", "J_f(w) = 2 w^T", "J_f(w) = 2 w"),
            ("factor", "J_f(w) = 2 w^T", "J_f(w) = w^T"),
            ("shape", "(1 x d)", "(d x 1)", "shape"),
        ),
        answer(
            "Shape 1 × d.\n\n∂f/∂w = ∂(wᵀw)/∂w = wᵀ + wᵀ = 2wᵀ",
            ("sign", "wᵀ + wᵀ", "wᵀ − wᵀ", "step"),
            ("transpose", "= 2wᵀ", "= 2w"),
            ("factor", "= 2wᵀ", "= 3wᵀ"),
        ),
        answer(
            "The Jacobian has shape (1, d). In NumPy it is `2 * w.T`.",
            ("factor", "2 * w.T", "w.T"),
            ("transpose", "2 * w.T", "2 * w"),
            ("shape", "(1, d)", "(d, 1)", "shape"),
        ),
    ),
    "2.3": (
        answer(
            r"""
$f(w) = \sum_{k} w_k x_{i,k}$, and therefore $\frac{\partial f}{\partial w_q} = x_{i,q}$. As a row of length d:

$$\frac{\partial f}{\partial w} = x_i^\top, \qquad \text{shape } 1 \times d$$
""",
            ("transpose", r"\frac{\partial f}{\partial w} = x_i^\top", r"\frac{\partial f}{\partial w} = x_i"),
            ("variable", r"\frac{\partial f}{\partial w} = x_i^\top", r"\frac{\partial f}{\partial w} = w^\top"),
            ("shape", r"1 \times d", r"d \times 1", "shape"),
        ),
        answer(
            r"A linear function has its coefficients as derivative: $\nabla_w f = x_i^T$. It is $1 \times d$.",
            ("factor", "= x_i^T", "= 2 x_i^T"),
            ("sign", "= x_i^T", "= -x_i^T"),
            ("transpose", "= x_i^T", "= x_i"),
        ),
        answer(
            "row vector of shape 1 × d\n\ndf/dw = x_iᵀ",
            ("shape", "1 × d", "n × d", "shape"),
            ("factor", "df/dw = x_iᵀ", "df/dw = x_iᵀ w"),
        ),
    ),
    "2.4": (
        answer(
            r"""
One entry of the output is $f_i = \sum_{j=1}^{d} X_{ij} w_j$. By one entry of w,

$$\frac{\partial f_i}{\partial w_q} = \sum_{j=1}^{d} X_{ij} \frac{\partial w_j}{\partial w_q} = \sum_{j=1}^{d} X_{ij} \delta_{jq} = X_{iq}$$

so the Jacobian is $J = X$, of shape $n \times d$.
""",
            ("index", r"= X_{iq}$$", r"= X_{qi}$$", "step"),
            ("delta", r"X_{ij} \delta_{jq}", r"X_{ij}", "step"),
            ("index", r"\delta_{jq}", r"\delta_{iq}", "step"),
            ("transpose", "$J = X$", r"$J = X^\top$"),
            ("shape", r"n \times d", r"d \times n", "shape"),
        ),
        answer(
            "The function is linear, so $\\frac{\\partial (Xw)}{\\partial w} = X$. Its shape is $n \\times d$.",
            ("transpose", "= X$", "= X^T$"),
            ("factor", "= X$", "= 2X$"),
            ("variable", "= X$", "= w$"),
            ("shape", "n \\times d", "d \\times d", "shape"),
        ),
        answer("n × d outputs by inputs; ∂f/∂w = X", ("transpose", "∂f/∂w = X", "∂f/∂w = Xᵀ"), ("factor", "∂f/∂w = X", "∂f/∂w = Xw")),
    ),
    "2.5": (
        answer(
            r"""
$\frac{\partial f_i}{\partial w_j} = \delta_{ij}$, which is 1 on the diagonal and 0 elsewhere, so

$$\frac{\partial f}{\partial w} = I_d$$

a matrix of shape $d \times d$.
""",
            ("number", "= I_d", "= 1"),
            ("factor", "= I_d", "= 2 I_d"),
            ("shape", r"d \times d", r"d \times 1", "shape"),
        ),
        answer(
            r"$$J_f(w)_{ij} = \begin{cases} 1 & i = j \\ 0 & i \neq j \end{cases}$$" + "\n\nThat is the identity matrix, d × d.",
            ("swap", r"1 & i = j \\ 0 & i \neq j", r"0 & i = j \\ 1 & i \neq j"),
            ("number", "0 & i", "1 & i"),
            ("shape", "d × d", "d × 1", "shape"),
        ),
        answer("Shape: $d \\times d$. $\\nabla_w w = I$", ("variable", "= I$", "= w$"), ("sign", "= I$", "= -I$")),
    ),
    "2.6": (
        answer(
            r"""
Entry by entry, $f_i = w_i^2$, and only $w_i$ occurs in it:

$$\frac{\partial f_i}{\partial w_j} = 2 w_i \delta_{ij}$$

In matrix form $\frac{\partial f}{\partial w} = 2\,\mathrm{diag}(w)$, with shape $d \times d$.
""",
            ("delta", r"2 w_i \delta_{ij}", r"2 w_i", "step"),
            ("factor", r"2 w_i \delta_{ij}", r"w_i \delta_{ij}", "step"),
            ("factor", r"2\,\mathrm{diag}(w)", r"\mathrm{diag}(w)"),
            ("rank", r"2\,\mathrm{diag}(w)", r"2w"),
            ("shape", r"d \times d", r"d \times 1", "shape"),
        ),
        answer(
            r"""
The Jacobian is d × d:

$$\frac{\partial f_i}{\partial w_j} = \begin{cases} 2w_i & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}$$
""",
            ("factor", "2w_i &", "w_i &"),
            ("exponent", "2w_i &", "2w_i^2 &"),
            ("swap", r"\text{if } i = j", r"\text{if } i \neq j"),
            ("shape", "d × d", "1 × d", "shape"),
        ),
        answer(
            "J = `2 * np.diag(w)`, which is d × d.",
            ("factor", "2 * np.diag(w)", "np.diag(w)"),
            ("rank", "2 * np.diag(w)", "2 * w"),
            ("exponent", "np.diag(w)", "np.diag(w**2)"),
        ),
    ),
    "2.7": (
        answer(
            r"""
The output is $n \times k$ and W is $k \times d$, so the Jacobian has four axes, $n \times k \times k \times d$. With
$f_{ij} = \sum_{l} X_{il} W_{jl}$,

\begin{align*}
\frac{\partial f_{ij}}{\partial W_{pq}} &= \sum_{l} X_{il} \frac{\partial W_{jl}}{\partial W_{pq}} \\
&= \sum_{l} X_{il} \delta_{jp} \delta_{lq} \\
&= \delta_{jp} X_{iq}
\end{align*}
""",
            ("index", r"&= \delta_{jp} X_{iq}", r"&= \delta_{jq} X_{ip}"),
            ("delta", r"&= \delta_{jp} X_{iq}", r"&= X_{iq}"),
            ("index", r"\delta_{jp} \delta_{lq}", r"\delta_{ip} \delta_{lq}", "step"),
            ("shape", r"n \times k \times k \times d", r"n \times k \times d \times k", "shape"),
        ),
        answer(
            r"""
$\frac{\partial f_{ij}}{\partial W_{pq}} = X_{iq}$ if $j = p$, and 0 otherwise. The shape is $(n, k, k, d)$.
""",
            ("index", "= X_{iq}$", "= X_{ip}$"),
            ("index", "if $j = p$", "if $j = q$"),
            ("shape", "(n, k, k, d)", "(n, k, d, k)", "shape"),
        ),
        answer(
            r"""
$$\frac{\partial (XW^\top)_{ij}}{\partial W_{pq}} = \begin{cases} X_{iq} & p = j \\ 0 & p \neq j \end{cases}$$
""",
            ("index", "X_{iq} &", "X_{qi} &"),
            ("swap", r"p = j \\ 0 & p \neq j", r"p \neq j \\ 0 & p = j"),
        ),
    ),
}

DENOMINATOR: Rows = {
    "2.1": (
        answer(
            r"""
Nothing in c depends on w. The derivative is the zero column of shape $d \times 1$:

$$\frac{\partial f}{\partial w} = \mathbf{0}$$
""",
            ("shape", r"d \times 1", r"1 \times d", "shape"),
            ("number", r"\mathbf{0}", r"\mathbf{1}"),
        ),
        answer("d × 1, all zeros: ∂f/∂w = 0", ("number", "∂f/∂w = 0", "∂f/∂w = c"), ("shape", "d × 1", "d × d", "shape")),
    ),
    "2.2": (
        answer(
            r"""
A number by a column of length d gives a column of shape $d \times 1$. Since $\|w\|^2 = w^\top w$,

$$\frac{\partial f}{\partial w} = w + w = 2w$$
""",
            ("factor", "= 2w$$", "= w$$"),
            ("sign", "= 2w$$", "= -2w$$"),
            ("transpose", "= 2w$$", r"= 2w^\top$$"),
            ("sign", "w + w", "w - w", "step"),
            ("shape", r"d \times 1", r"1 \times d", "shape"),
        ),
        answer(
            r"$\nabla_w f = 2w$ has shape $d \times 1$, because $\frac{\partial f}{\partial w_q} = 2 w_q$.",
            ("factor", "= 2w$", "= w$"),
            ("exponent", "= 2w$", "= 2w^2$"),
            ("factor", "= 2 w_q$", "= w_q$", "step"),
            ("transpose", "= 2w$", "= 2w^T$"),
        ),
        answer("column vector (d × 1): df/dw = 2w", ("factor", "= 2w", "= 3w"), ("shape", "d × 1", "1 × d", "shape")),
    ),
    "2.3": (
        answer(
            r"""
The gradient is the other factor, a column of shape $d \times 1$:

$$\frac{\partial f}{\partial w} = x_i$$
""",
            ("transpose", "= x_i$$", r"= x_i^\top$$"),
            ("variable", "= x_i$$", "= w$$"),
            ("shape", r"d \times 1", r"1 \times d", "shape"),
        ),
        answer("$J_f(w) = x_i$, shape $d \\times 1$.", ("sign", "= x_i$", "= -x_i$"), ("factor", "= x_i$", "= 2x_i$")),
    ),
    "2.4": (
        answer(
            r"""
The input has d entries and the output n, so the shape is $d \times n$. From $f_i = \sum_j X_{ij} w_j$,

$$\frac{\partial f_i}{\partial w_q} = X_{iq}$$

and with the input first, $\frac{\partial f}{\partial w} = X^\top$.
""",
            ("transpose", r"\frac{\partial f}{\partial w} = X^\top", r"\frac{\partial f}{\partial w} = X"),
            ("index", "= X_{iq}$$", "= X_{qi}$$", "step"),
            ("shape", r"d \times n", r"n \times d", "shape"),
        ),
        answer("d × n; ∂f/∂w = Xᵀ", ("transpose", "= Xᵀ", "= X"), ("variable", "= Xᵀ", "= w"), ("factor", "= Xᵀ", "= 2Xᵀ")),
    ),
    "2.5": (
        answer(
            "The derivative of w by itself is the identity, d × d:\n\n$$\\frac{\\partial f}{\\partial w} = I_d$$",
            ("factor", "= I_d", "= 2 I_d"),
            ("shape", "d × d", "d × 1", "shape"),
        ),
        answer("$\\nabla_w f = I$, of shape $d \\times d$", ("variable", "= I$", "= w$"), ("sign", "= I$", "= -I$")),
    ),
    "2.6": NUMERATOR["2.6"],
    "2.7": (
        answer(
            r"""
Both are $k \times d$, so there are four axes: $k \times d \times k \times d$. The entries are

$$\frac{\partial f_{ij}}{\partial W_{pq}} = \delta_{ip} \delta_{jq}$$
""",
            ("index", r"\delta_{ip} \delta_{jq}", r"\delta_{iq} \delta_{jp}"),
            ("delta", r"\delta_{ip} \delta_{jq}", r"\delta_{ip}"),
            ("shape", r"k \times d \times k \times d", r"k \times d \times d \times k", "shape"),
        ),
        answer(
            r"$\frac{\partial W_{ij}}{\partial W_{pq}} = 1$ if $i = p$ and $j = q$, else 0; the shape is $k \times d \times k \times d$.",
            ("index", "$i = p$ and $j = q$", "$i = q$ and $j = p$"),
            ("number", "= 1$", "= 2$"),
        ),
    ),
}

__all__ = ["DENOMINATOR", "NUMERATOR"]
