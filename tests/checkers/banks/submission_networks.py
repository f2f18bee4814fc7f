"""Right answers about activations, softmax, XOR and starts, as people write them."""

from __future__ import annotations

from .submission_rows import Rows, answer

ACTIVATIONS: Rows = {
    "sigmoid": (
        answer(
            r"""
The function is $\sigma(x) = \frac{1}{1 + e^{-x}}$. By the chain rule

$$\sigma'(x) = \frac{e^{-x}}{(1 + e^{-x})^2} = \sigma(x)(1 - \sigma(x))$$

[a drawing is attached]
""",
            ("sign", r"\frac{1}{1 + e^{-x}}$", r"\frac{1}{1 - e^{-x}}$"),
            ("sign", r"(1 - \sigma(x))$$", r"(1 + \sigma(x))$$"),
            ("sign", r"\frac{e^{-x}}{(1 + e^{-x})^2}", r"-\frac{e^{-x}}{(1 + e^{-x})^2}", "step"),
            ("exponent", r"(1 + e^{-x})^2", r"(1 + e^{-x})", "step"),
        ),
        answer(
            "σ(z) = 1/(1 + exp(−z)), and its derivative is σ′(z) = σ(z)(1 − σ(z)).",
            ("sign", "exp(−z)", "exp(z)"),
            ("factor", "= σ(z)(1 − σ(z))", "= 1 − σ(z)"),
            ("exponent", "= σ(z)(1 − σ(z))", "= σ(z)²(1 − σ(z))"),
        ),
        answer(
            r"""
\begin{align}
f(x) &= (1 + e^{-x})^{-1} \\
\frac{df}{dx} &= -(1 + e^{-x})^{-2} \cdot (-e^{-x}) \\
&= \frac{e^{-x}}{(1 + e^{-x})^{2}} \\
&= f(x)(1 - f(x))
\end{align}
""",
            ("sign", r"\cdot (-e^{-x})", r"\cdot e^{-x}", "step"),
            ("exponent", r"-(1 + e^{-x})^{-2}", r"-(1 + e^{-x})^{-1}", "step"),
            ("sign", "f(x)(1 - f(x))", "f(x)(f(x) - 1)"),
        ),
    ),
    "relu": (
        answer(
            r"""
$\mathrm{ReLU}(x) = \max(0, x)$, with the derivative

$$\mathrm{ReLU}'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}$$
""",
            ("swap", r"1 & x > 0 \\ 0 & x \le 0", r"0 & x > 0 \\ 1 & x \le 0"),
            ("number", r"0 & x \le 0", r"-1 & x \le 0"),
            ("swap", r"\max(0, x)", r"\min(0, x)"),
        ),
        answer(
            r"$f(x) = \max(x, 0)$ and $f'(x) = 1$ for $x > 0$, $f'(x) = 0$ for $x < 0$; at 0 there is a kink.",
            ("number", "$f'(x) = 1$", "$f'(x) = x$"),
            ("swap", r"\max(x, 0)", r"\max(x, 1)"),
            ("number", "$f'(x) = 0$", "$f'(x) = 1/2$"),
        ),
        answer(
            "relu(z) = max(0, z)\n\nrelu'(z) = 1[z > 0]",
            ("swap", "1[z > 0]", "1[z < 0]"),
            ("factor", "1[z > 0]", "z 1[z > 0]"),
        ),
    ),
    "tanh": (
        answer(
            r"""
$$\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$

The quotient rule gives

$$\tanh'(x) = \frac{(e^x + e^{-x})^2 - (e^x - e^{-x})^2}{(e^x + e^{-x})^2} = 1 - \tanh^2(x)$$
""",
            ("sign", r"\frac{e^x - e^{-x}}{e^x + e^{-x}}$$", r"\frac{e^x + e^{-x}}{e^x - e^{-x}}$$"),
            ("sign", r"= 1 - \tanh^2(x)", r"= 1 + \tanh^2(x)"),
            ("exponent", r"1 - \tanh^2(x)", r"1 - \tanh(x)"),
            ("sign", r"(e^x + e^{-x})^2 - (e^x - e^{-x})^2", r"(e^x + e^{-x})^2 + (e^x - e^{-x})^2", "step"),
        ),
        answer(
            "tanh(z) = (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ), tanh′(z) = 1 − tanh²(z)",
            ("exponent", "1 − tanh²(z)", "1 − tanh(z)"),
            ("sign", "(eᶻ − e⁻ᶻ)/", "(e⁻ᶻ − eᶻ)/"),
        ),
        answer(
            r"With $g(x) = \tanh(x) = \frac{e^{2x} - 1}{e^{2x} + 1}$ one finds $\frac{dg}{dx} = 1 - g(x)^2$.",
            ("sign", "= 1 - g(x)^2", "= g(x)^2 - 1"),
            ("factor", "e^{2x} - 1}", "e^{x} - 1}"),
        ),
    ),
    "derivative-relu": (
        answer(
            r"$$\frac{d}{dz} \mathrm{ReLU}(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}$$",
            ("swap", r"1 & z > 0 \\ 0 & z \le 0", r"0 & z > 0 \\ 1 & z \le 0"),
            ("number", "1 & z > 0", "z & z > 0"),
        ),
        answer("ReLU'(z) = `np.where(z > 0, 1, 0)`", ("swap", "1, 0)", "0, 1)"), ("number", "1, 0)", "z, 0)")),
    ),
}

SOFTMAX: Rows = {
    "entry": (
        answer(
            r"""
Let $S = \sum_{k=1}^{K} e^{z_k}$, so $\sigma_i = \frac{e^{z_i}}{S}$.
The quotient rule, with $\frac{\partial S}{\partial z_j} = e^{z_j}$, gives

\begin{align*}
\frac{\partial \sigma_i}{\partial z_j} &= \frac{\delta_{ij} e^{z_i} S - e^{z_i} e^{z_j}}{S^2} \\
&= \frac{e^{z_i}}{S} \left( \delta_{ij} - \frac{e^{z_j}}{S} \right) \\
&= \sigma_i (\delta_{ij} - \sigma_j)
\end{align*}
""",
            ("delta", r"\frac{\delta_{ij} e^{z_i} S - ", r"\frac{e^{z_i} S - ", "step"),
            ("sign", r"e^{z_i} S - e^{z_i} e^{z_j}", r"e^{z_i} S + e^{z_i} e^{z_j}", "step"),
            ("index", r"\sigma_i (\delta_{ij} - \sigma_j)", r"\sigma_i (\delta_{ij} - \sigma_i)"),
            ("sign", r"\sigma_i (\delta_{ij} - \sigma_j)", r"\sigma_i (\delta_{ij} + \sigma_j)"),
            ("exponent", "}{S^2}", "}{S}", "step"),
        ),
        answer(
            r"""
For $i = j$: $\frac{\partial \sigma_i}{\partial z_i} = \sigma_i (1 - \sigma_i)$.

For $i \neq j$: $\frac{\partial \sigma_i}{\partial z_j} = -\sigma_i \sigma_j$.

Together, $\frac{\partial \sigma_i}{\partial z_j} = \sigma_i(\delta_{ij} - \sigma_j)$.
""",
            ("sign", r"= -\sigma_i \sigma_j", r"= \sigma_i \sigma_j", "step"),
            ("sign", r"\sigma_i (1 - \sigma_i)", r"\sigma_i (1 + \sigma_i)", "step"),
            ("index", r"\sigma_i(\delta_{ij} - \sigma_j)", r"\sigma_j(\delta_{ij} - \sigma_j)"),
        ),
        answer(
            "∂σ_i/∂z_j = σ_i δ_ij − σ_i σ_j = σ_i(δ_ij − σ_j)",
            ("sign", "σ_i δ_ij − σ_i σ_j", "σ_i δ_ij + σ_i σ_j", "step"),
            ("index", "σ_i(δ_ij − σ_j)", "σ_i(δ_ij − σ_i)"),
        ),
    ),
    "matrix": (
        answer(
            r"""
The entries are $\sigma_i \delta_{ij} - \sigma_i \sigma_j$. The first part is a diagonal matrix, the second an outer product, so

$$J = \frac{\partial \sigma}{\partial z} = \mathrm{diag}(\sigma) - \sigma \sigma^\top$$
""",
            ("sign", r"\mathrm{diag}(\sigma) - ", r"\mathrm{diag}(\sigma) + "),
            ("order", r"\sigma \sigma^\top$$", r"\sigma^\top \sigma$$"),
            ("number", r"\mathrm{diag}(\sigma)", "I"),
        ),
        answer(
            "From $J_{ij} = \\sigma_i(\\delta_{ij} - \\sigma_j)$ we read off $J = \\operatorname{diag}(\\sigma) - \\sigma\\sigma^T$, "
            "a $K \\times K$ matrix.",
            ("sign", "\\operatorname{diag}(\\sigma) - ", "\\operatorname{diag}(\\sigma) + "),
            ("shape", "$K \\times K$ matrix", "$K \\times 1$ matrix", "step"),
            ("index", "\\sigma_i(\\delta_{ij} - \\sigma_j)", "\\sigma_i(\\delta_{ij} - \\sigma_i)", "step"),
        ),
        answer("J = diag(σ) − σσᵀ", ("sign", "− σσᵀ", "+ σσᵀ"), ("missing", " − σσᵀ", "")),
    ),
    "cross-entropy": (
        answer(
            r"With $p = \mathrm{softmax}(z)$ the derivative is $\frac{\partial L}{\partial z} = p - y$.",
            ("sign", "= p - y", "= y - p"),
            ("factor", "= p - y", "= 2(p - y)"),
        ),
        answer("∂L/∂z = softmax(z) − y", ("sign", "softmax(z) − y", "y − softmax(z)"), ("missing", " − y", "")),
    ),
}

XOR: Rows = {
    "weights": (
        answer(
            r"""
Take

$$W_1 = \begin{bmatrix} 1 & 1 \\ 1 & 1 \end{bmatrix}, \quad b_1 = \begin{bmatrix} 0 \\ -1 \end{bmatrix}$$

$$W_2 = \begin{bmatrix} 1 & -2 \end{bmatrix}, \quad b_2 = 0$$
""",
            ("sign", r"\begin{bmatrix} 1 & -2 \end{bmatrix}", r"\begin{bmatrix} 1 & 2 \end{bmatrix}"),
            ("number", r"\begin{bmatrix} 0 \\ -1 \end{bmatrix}", r"\begin{bmatrix} 0 \\ 0 \end{bmatrix}"),
            ("number", "b_2 = 0", "b_2 = 1"),
        ),
        answer(
            r"""
- $W_1 = \begin{pmatrix} 1 & -1 \\ -1 & 1 \end{pmatrix}$
- $b_1 = (0, 0)^\top$
- $W_2 = \begin{pmatrix} 1 & 1 \end{pmatrix}$
- $b_2 = 0$

The hidden units are the positive parts of $x_1 - x_2$ and $x_2 - x_1$.
""",
            ("sign", r"1 & -1 \\ -1 & 1", r"1 & 1 \\ 1 & 1"),
            ("sign", r"\begin{pmatrix} 1 & 1 \end{pmatrix}", r"\begin{pmatrix} 1 & -1 \end{pmatrix}"),
            ("number", "b_2 = 0", "b_2 = -1"),
        ),
        answer(
            "W_1 = [[1, 1], [1, 1]], b_1 = [0, -1], W_2 = [1, -2], b_2 = 0",
            ("number", "b_1 = [0, -1]", "b_1 = [0, 1]"),
            ("factor", "W_2 = [1, -2]", "W_2 = [1, -1]"),
        ),
    ),
    "proof": (
        answer(
            r"""
XOR wants these four values:

- at (0, 0): $\mathrm{ReLU}(b) = 0$, so $b \le 0$;
- at (1, 0): $w_1 + b = 1$;
- at (0, 1): $w_2 + b = 1$;
- at (1, 1): $w_1 + w_2 + b \le 0$.

Adding the middle two, $w_1 + w_2 + 2b = 2$, so $w_1 + w_2 + b = 2 - b \ge 2$. This contradicts the last line.
""",
            ("sign", r"so $b \le 0$", r"so $b > 0$", "step"),
            ("number", "$w_1 + b = 1$", "$w_1 + b = 0$", "step"),
            ("sign", r"= 2 - b \ge 2", r"= 2 + b \ge 2", "step"),
        ),
    ),
}

STARTS: Rows = {
    "zero": (
        answer(
            r"""
Every hidden unit gives $h = \mathrm{ReLU}(0) = 0$, so $\hat{y} = 0$ for all four inputs. Then

$$\frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial \hat{y}} h^\top = 0$$

$$\frac{\partial L}{\partial b_2} = \frac{\partial L}{\partial \hat{y}}$$

Because $W_2 = 0$, nothing reaches the first layer: $\frac{\partial L}{\partial W_1} = 0$ and $\frac{\partial L}{\partial b_1} = 0$.
Only $b_2$ changes, and the output stays the same for all inputs.
""",
            (
                "false",
                r"\frac{\partial L}{\partial b_2} = \frac{\partial L}{\partial \hat{y}}",
                r"\frac{\partial L}{\partial b_2} = 0",
                "step",
            ),
            ("false", "Only $b_2$ changes", "All gradients are zero", "step"),
            ("number", r"so $\hat{y} = 0$", r"so $\hat{y} = 1$", "step"),
        ),
        answer(
            "The hidden layer is zero and W_2 is zero, so the gradients of W_1, b_1 and W_2 are all zero. Only b_2 gets a gradient. "
            "The network stays a constant, and XOR is not constant.",
            ("false", "Only b_2 gets a gradient", "The gradient of b_2 is zero as well", "step"),
            ("false", "The network stays a constant", "The network learns XOR", "step"),
        ),
    ),
    "constant": (
        answer(
            "Both hidden units have equal weights and equal biases, so they compute the same value and get the same gradient. They stay "
            "equal after every step, so the network is a function of x_1 + x_2 only.",
            ("false", "get the same gradient", "get different gradients", "step"),
            ("false", "They stay equal after every step", "They differ after the first step", "step"),
        ),
    ),
}

__all__ = ["ACTIVATIONS", "SOFTMAX", "STARTS", "XOR"]
