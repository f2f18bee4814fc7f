"""Further right answers, in the shapes that pages have: tables, numbered lists, code, differentials, matrices with dots, logarithms."""

from __future__ import annotations

from .submission_rows import Rows, answer

NUMERATOR_VARIANTS: Rows = {
    "2.2": (
        answer(
            r"""
1. Shape: $1 \times d$
2. Expression: with $g = \|w\|$ we have $f = g^2$, so

$$\frac{\partial f}{\partial w} = 2 g \frac{\partial g}{\partial w} = 2 \|w\| \frac{w^\top}{\|w\|} = 2 w^\top$$
""",
            ("factor", r"= 2 w^\top$$", r"= w^\top$$"),
            ("inner", r"2 \|w\| \frac{w^\top}{\|w\|}", r"2 \|w\| w^\top", "step"),
            ("transpose", r"= 2 w^\top$$", r"= 2 w$$"),
            ("shape", r"$1 \times d$", r"$d \times d$", "shape"),
        ),
        answer(
            r"""
By differentials, $df = (dw)^\top w + w^\top dw = 2 w^\top dw$. Reading off the factor of $dw$, the Jacobian is

$$J = 2 w^\top \quad (1 \times d)$$
""",
            ("sign", r"J = 2 w^\top", r"J = -2 w^\top"),
            ("factor", r"J = 2 w^\top", r"J = 4 w^\top"),
            ("shape", r"(1 \times d)", r"(d \times 1)", "shape"),
        ),
        answer(
            r"$$\nabla f = \begin{bmatrix} 2w_1 & 2w_2 & \cdots & 2w_d \end{bmatrix}$$" + "\n\nwhich is a row with shape $1 \\times d$.",
            ("number", "2w_1 &", "w_1 &"),
            ("exponent", r"& 2w_d \end", r"& 2w_d^2 \end"),
            ("shape", r"$1 \times d$", r"$d \times 1$", "shape"),
        ),
    ),
    "2.4": (
        answer(
            r"""
| | |
|---|---|
| Shape | $n \times d$ |
| Jacobian | $\frac{\partial f}{\partial w} = X$ |
""",
            ("shape", r"$n \times d$", r"$d \times n$", "shape"),
            ("transpose", "= X$", r"= X^\top$"),
        ),
        answer(
            r"""
Row i of the Jacobian belongs to $f_i = x_i^\top w$, and is $\frac{\partial f_i}{\partial w} = x_i^\top$. One row below the other,

$$J = \begin{bmatrix} x_1^\top \\ \vdots \\ x_n^\top \end{bmatrix} = X \in \mathbb{R}^{n \times d}$$
""",
            ("transpose", r"\end{bmatrix} = X", r"\end{bmatrix} = X^\top"),
            ("transpose", r"= x_i^\top$. One", "= x_i$. One", "step"),
            ("shape", r"\mathbb{R}^{n \times d}", r"\mathbb{R}^{d \times n}", "shape"),
        ),
        answer(
            "The function is linear in w.\n\n```python\nJ = X  # n x d\n```",
            ("transpose", "J = X ", "J = X.T "),
        ),
    ),
    "2.6": (
        answer(
            r"""
Since $f = (w_1^2, \dots, w_d^2)^\top$, the Jacobian is $d \times d$:

$$\frac{\partial f}{\partial w} = \begin{bmatrix} 2w_1 & 0 & \cdots & 0 \\
0 & 2w_2 & \cdots & 0 \\ \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \cdots & 2w_d \end{bmatrix}$$
""",
            ("factor", "2w_1 &", "w_1 &"),
            ("number", "0 & 2w_2", "1 & 2w_2"),
            ("shape", r"$d \times d$", r"$d \times 1$", "shape"),
        ),
        answer(
            r"$J = \mathrm{diag}(2w_1, \dots, 2w_d)$, a square matrix ($d \times d$).",
            ("factor", "(2w_1,", "(w_1,"),
            ("exponent", "2w_d)", "2w_d^2)"),
        ),
    ),
}

SOFTMAX_VARIANTS: Rows = {
    "entry": (
        answer(
            r"""
Take the logarithm first: $\log \sigma_i = z_i - \log \sum_k e^{z_k}$. Then

$$\frac{\partial \log \sigma_i}{\partial z_j} = \delta_{ij} - \frac{e^{z_j}}{\sum_k e^{z_k}} = \delta_{ij} - \sigma_j$$

and, because $\frac{\partial \log \sigma_i}{\partial z_j} = \frac{1}{\sigma_i} \frac{\partial \sigma_i}{\partial z_j}$,

$$\frac{\partial \sigma_i}{\partial z_j} = \sigma_i (\delta_{ij} - \sigma_j)$$
""",
            ("sign", r"= \delta_{ij} - \sigma_j$$", r"= \delta_{ij} + \sigma_j$$", "step"),
            ("index", r"= \sigma_i (\delta_{ij} - \sigma_j)$$", r"= \sigma_j (\delta_{ij} - \sigma_j)$$"),
            ("inverted", r"= \frac{1}{\sigma_i} \frac", r"= \sigma_i \frac", "step"),
        ),
        answer(
            r"""
$$\frac{\partial \sigma_i}{\partial z_j} = \begin{cases} \sigma_i (1 - \sigma_i) & \text{if } i = j \\
-\sigma_i \sigma_j & \text{if } i \neq j \end{cases}$$

which is $\sigma_i (\delta_{ij} - \sigma_j)$ in one formula.
""",
            ("sign", r"-\sigma_i \sigma_j &", r"\sigma_i \sigma_j &", "step"),
            ("sign", r"(1 - \sigma_i)", r"(1 + \sigma_i)", "step"),
            ("swap", "i = j \\\\", "i \\neq j \\\\", "step"),
        ),
    ),
    "matrix": (
        answer(
            r"""
With $\sigma_i(\delta_{ij} - \sigma_j)$ from the last part,

$$J = \begin{bmatrix} \sigma_1 & & \\ & \ddots & \\ & & \sigma_K \end{bmatrix}
- \begin{bmatrix} \sigma_1 \\ \vdots \\ \sigma_K \end{bmatrix} \begin{bmatrix} \sigma_1 & \cdots & \sigma_K \end{bmatrix}
= \operatorname{diag}(\sigma) - \sigma \sigma^\top$$
""",
            ("sign", r"\operatorname{diag}(\sigma) - ", r"\operatorname{diag}(\sigma) + "),
            ("order", r"\sigma \sigma^\top$$", r"\sigma^\top \sigma$$"),
        ),
    ),
}

GRAPH_VARIANTS: Rows = {
    "values": (
        answer(
            r"""
| node | formula | value |
|---|---|---|
| $h_1$ | $\ln x$ | 0 |
| $h_2$ | $e^y$ | 20.09 |
| $h_3$ | $h_2 z$ | 40.17 |
| $f$ | $h_1 + h_3$ | 40.17 |
""",
            ("rounding", "| 20.09 |", "| 20.90 |"),
            ("number", r"| $h_1 + h_3$ | 40.17 |", r"| $h_1 + h_3$ | 41.17 |"),
        ),
    ),
    "gradient": (
        answer(
            r"""
$\frac{\partial f}{\partial x} = \frac{1}{x}$, so at $x = 1$ it is 1.

$\frac{\partial f}{\partial y} = z e^y$, so at the given point $\frac{\partial f}{\partial y} = 2e^3 \approx 40.2$.

$\frac{\partial f}{\partial z} = e^y$, so $\frac{\partial f}{\partial z} = e^3 \approx 20.1$. Also $\frac{\partial f}{\partial x} = 1$.
""",
            ("number", r"\frac{\partial f}{\partial x} = 1$", r"\frac{\partial f}{\partial x} = 0$"),
            ("rounding", r"\approx 40.2", r"\approx 42.0"),
            ("factor", r"= 2e^3 \approx 40.2", r"= e^3 \approx 20.1"),
        ),
        answer(
            r"""
$$\nabla f
= \begin{bmatrix} \frac{\partial f}{\partial x} \\ \frac{\partial f}{\partial y} \\ \frac{\partial f}{\partial z} \end{bmatrix}
= \begin{bmatrix} \frac{1}{x} \\ z e^y \\ e^y \end{bmatrix} = \begin{bmatrix} 1 \\ 2e^3 \\ e^3 \end{bmatrix}$$
""",
            ("order", r"1 \\ 2e^3 \\ e^3", r"1 \\ e^3 \\ 2e^3"),
            ("number", r"1 \\ 2e^3 \\ e^3", r"0 \\ 2e^3 \\ e^3"),
            ("missing", r"\\ z e^y \\ e^y", r"\\ e^y \\ e^y", "step"),
        ),
    ),
}

XOR_VARIANTS: Rows = {
    "weights": (
        answer(
            r"""
$$W_1 = \begin{bmatrix} 1 & 1 \\ 1 & 1 \end{bmatrix}, b_1 = \begin{bmatrix} 0 \\ -1 \end{bmatrix},
W_2 = \begin{bmatrix} 1 & -2 \end{bmatrix}, b_2 = 0.$$

| $x_1$ | $x_2$ | $\hat{y}$ |
|---|---|---|
| 0 | 0 | 0 |
| 0 | 1 | 1 |
| 1 | 0 | 1 |
| 1 | 1 | 0 |
""",
            ("number", "W_2 = \\begin{bmatrix} 1 & -2", "W_2 = \\begin{bmatrix} 1 & -1"),
            ("number", "b_1 = \\begin{bmatrix} 0 \\\\ -1", "b_1 = \\begin{bmatrix} 0 \\\\ -2"),
            ("false", "| 1 | 1 | 0 |", "| 1 | 1 | 1 |", "step"),
        ),
        answer(
            r"""
Let $W_1 = \begin{bmatrix} 2 & 2 \\ 1 & 1 \end{bmatrix}$, $b_1 = \begin{bmatrix} 0 \\ -1 \end{bmatrix}$,
$W_2 = \begin{bmatrix} 0.5 & -2 \end{bmatrix}$ and $b_2 = 0$. For $x = (1, 1)$ the hidden layer is $h = (4, 1)$
and $\hat{y} = 0.5 \cdot 4 - 2 \cdot 1 = 0$.
""",
            ("number", "2 & 2 \\\\ 1 & 1", "1 & 2 \\\\ 1 & 1"),
            ("sign", "0.5 & -2 ", "0.5 & 2 "),
        ),
    ),
}

__all__ = ["GRAPH_VARIANTS", "NUMERATOR_VARIANTS", "SOFTMAX_VARIANTS", "XOR_VARIANTS"]
