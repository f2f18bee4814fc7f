"""Right answers about computation graphs, networks with numbers, layers and their backward passes, and boxes to tick."""

from __future__ import annotations

from .submission_rows import Rows, answer

# f = ln x + exp(y) z at (1, 3, 2).
GRAPH: Rows = {
    "values": (
        answer(
            r"""
- $h_1 = \ln x = \ln 1 = 0$
- $h_2 = e^y = e^3 \approx 20.09$
- $h_3 = h_2 z = 2e^3 \approx 40.17$
- $f = h_1 + h_3 = 2e^3 \approx 40.17$
""",
            ("number", r"\ln 1 = 0", r"\ln 1 = 1"),
            ("rounding", r"e^3 \approx 20.09", r"e^3 \approx 20.90"),
            ("factor", r"h_2 z = 2e^3", r"h_2 z = e^3", "step"),
            ("number", r"h_1 + h_3 = 2e^3 \approx 40.17", r"h_1 + h_3 = 2e^3 + 1 \approx 41.17"),
        ),
        answer(
            "h_1 = 0, h_2 = e^3, h_3 = 2 e^3, f = 2 e^3 ≈ 40.1711",
            ("factor", "h_3 = 2 e^3", "h_3 = 3 e^3"),
            ("exponent", "h_2 = e^3", "h_2 = e^2"),
            ("rounding", "40.1711", "41.0711"),
        ),
    ),
    "partials": (
        answer(
            r"""
\begin{align*}
\frac{\partial h_1}{\partial x} &= \frac{1}{x} = 1 \\
\frac{\partial h_2}{\partial y} &= e^y = e^3 \\
\frac{\partial h_3}{\partial h_2} &= z = 2 \\
\frac{\partial h_3}{\partial z} &= h_2 = e^3 \\
\frac{\partial f}{\partial h_1} &= 1 \\
\frac{\partial f}{\partial h_3} &= 1
\end{align*}
""",
            ("number", r"&= z = 2", r"&= z = 3"),
            ("variable", r"\frac{\partial h_3}{\partial z} &= h_2 = e^3", r"\frac{\partial h_3}{\partial z} &= y = 3"),
            ("sign", r"\frac{\partial f}{\partial h_1} &= 1", r"\frac{\partial f}{\partial h_1} &= -1"),
            ("exponent", r"&= e^y = e^3", r"&= y e^{y-1} = 3e^2"),
        ),
        answer(
            "∂h_1/∂x = 1/x = 1, ∂h_2/∂y = e^y ≈ 20.09, ∂h_3/∂h_2 = z = 2, ∂h_3/∂z = h_2 ≈ 20.09, ∂f/∂h_1 = 1, ∂f/∂h_3 = 1",
            ("inverted", "∂h_1/∂x = 1/x = 1", "∂h_1/∂x = ln x = 0"),
            ("number", "∂f/∂h_3 = 1", "∂f/∂h_3 = 2"),
        ),
    ),
    "gradient": (
        answer(
            r"""
$$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial h_1} \frac{\partial h_1}{\partial x} = 1 \cdot \frac{1}{x} = 1$$

$$
\frac{\partial f}{\partial y}
= \frac{\partial f}{\partial h_3} \frac{\partial h_3}{\partial h_2} \frac{\partial h_2}{\partial y}
= z e^y = 2e^3 \approx 40.17
$$

$$\frac{\partial f}{\partial z} = \frac{\partial f}{\partial h_3} \frac{\partial h_3}{\partial z} = e^y = e^3 \approx 20.09$$
""",
            ("factor", r"z e^y = 2e^3", r"z e^y = e^3"),
            ("missing", r"= z e^y = 2e^3 \approx 40.17", r"= e^y = e^3 \approx 20.09"),
            ("sign", r"1 \cdot \frac{1}{x} = 1", r"1 \cdot \frac{1}{x} = -1"),
            ("rounding", r"40.17", "41.17"),
            ("chain", r"\frac{\partial h_3}{\partial h_2} \frac{\partial h_2}{\partial y}", r"\frac{\partial h_2}{\partial y}", "step"),
        ),
        answer(
            "∂f/∂x = 1/x = 1; ∂f/∂y = z exp(y) = 2 e^3; ∂f/∂z = exp(y) = e^3.",
            ("swap", "∂f/∂y = z exp(y) = 2 e^3; ∂f/∂z = exp(y) = e^3", "∂f/∂y = exp(y) = e^3; ∂f/∂z = z exp(y) = 2 e^3"),
            ("number", "1/x = 1", "1/x = 2"),
        ),
        answer(
            r"So $\nabla f(1, 3, 2) = (1, 2e^3, e^3)$, which is about $(1, 40.17, 20.09)$.",
            ("order", "(1, 2e^3, e^3)", "(1, e^3, 2e^3)"),
            ("number", "(1, 2e^3, e^3)", "(0, 2e^3, e^3)"),
        ),
    ),
}

# f = exp(y^(−x) − z) + (z − v)² at (0, 1, 2, 3).
POWERS: Rows = {
    "values": (
        answer(
            r"""
- $h_1 = -x = 0$
- $h_2 = y^{h_1} = 1$
- $h_3 = h_2 - z = -1$
- $h_4 = e^{h_3} = e^{-1} \approx 0.368$
- $h_5 = z - v = -1$
- $h_6 = h_5^2 = 1$
- $f = h_4 + h_6 = 1 + e^{-1} \approx 1.368$
""",
            ("sign", "h_3 = h_2 - z = -1", "h_3 = h_2 - z = 1"),
            ("number", "h_5^2 = 1", "h_5^2 = -1"),
            ("rounding", "1.368", "1.386"),
        ),
    ),
    "partials": (
        answer(
            r"""
$\frac{\partial h_1}{\partial x} = -1$, $\frac{\partial h_2}{\partial y} = h_1 y^{h_1 - 1} = 0$,
$\frac{\partial h_2}{\partial h_1} = y^{h_1} \ln y = 0$, $\frac{\partial h_3}{\partial h_2} = 1$, $\frac{\partial h_3}{\partial z} = -1$,
$\frac{\partial h_4}{\partial h_3} = e^{h_3} = e^{-1}$, $\frac{\partial h_5}{\partial z} = 1$, $\frac{\partial h_5}{\partial v} = -1$,
$\frac{\partial h_6}{\partial h_5} = 2 h_5 = -2$, $\frac{\partial f}{\partial h_4} = 1$, $\frac{\partial f}{\partial h_6} = 1$.
""",
            ("sign", r"2 h_5 = -2", r"2 h_5 = 2"),
            ("sign", r"\frac{\partial h_5}{\partial v} = -1", r"\frac{\partial h_5}{\partial v} = 1"),
            ("number", r"y^{h_1} \ln y = 0", r"y^{h_1} \ln y = 1"),
        ),
    ),
    "gradient": (
        answer(
            r"""
- $\frac{\partial f}{\partial x} = 0$
- $\frac{\partial f}{\partial y} = 0$
- $\frac{\partial f}{\partial z} = -e^{-1} - 2 \approx -2.368$
- $\frac{\partial f}{\partial v} = 2$
""",
            ("sign", r"-e^{-1} - 2 \approx -2.368", r"e^{-1} - 2 \approx -1.632"),
            ("sign", r"\frac{\partial f}{\partial v} = 2", r"\frac{\partial f}{\partial v} = -2"),
            ("number", r"\frac{\partial f}{\partial x} = 0", r"\frac{\partial f}{\partial x} = 1"),
        ),
    ),
    "symbolic": (
        answer(
            r"""
$$\frac{\partial f}{\partial x} = -y^{-x} \ln(y) e^{y^{-x} - z} = 0$$

$$\frac{\partial f}{\partial y} = -x y^{-x-1} e^{y^{-x} - z} = 0$$

$$\frac{\partial f}{\partial z} = -e^{y^{-x} - z} + 2(z - v) = -e^{-1} - 2$$

$$\frac{\partial f}{\partial v} = -2(z - v) = 2$$
""",
            ("factor", "+ 2(z - v) = -e^{-1} - 2", "+ (z - v) = -e^{-1} - 1"),
            ("sign", "= -2(z - v) = 2", "= 2(z - v) = -2"),
            ("exponent", "-x y^{-x-1}", "-x y^{-x}"),
        ),
    ),
}

NETWORKS: Rows = {
    "cs640-output": (
        answer(
            "The hidden activations are about 0.846, 0.924 and 0.846, and the network outputs $a^{(2)} \\approx 0.82$.",
            ("number", "0.82", "0.28"),
            ("rounding", "0.82", "0.83"),
        ),
        answer(
            r"""
$z^{(1)} = (1.7, 2.5, 1.7)$, $a^{(1)} = (0.8455, 0.9241, 0.8455)$, $z^{(2)} = 1.5304$, and so

$$a^{(2)} = \sigma(z^{(2)}) = 0.82$$
""",
            ("number", "= 0.82$$", "= 0.62$$"),
            ("number", "(1.7, 2.5, 1.7)", "(1.7, 2.5, 2.7)", "step"),
        ),
    ),
    "mit-1.1": (
        answer(
            "$z_1 = -2 \\cdot 1 + 3 = 1$, $a_1 = 1$, $z_2 = 3$ and $a_2 = 3$.",
            ("number", "$a_2 = 3$", "$a_2 = 1$"),
            ("sign", "-2 \\cdot 1 + 3 = 1", "2 \\cdot 1 + 3 = 5", "step"),
        ),
        answer("3", ("number", "3", "-3")),
    ),
    "mit-1.2": (
        answer(
            r"$$\frac{\partial L}{\partial z_2} = 2(z_2 - y)$$",
            ("factor", "2(z_2 - y)", "(z_2 - y)"),
            ("sign", "2(z_2 - y)", "2(y - z_2)"),
        ),
        answer("2(z_2 − y)", ("exponent", "2(z_2 − y)", "2(z_2 − y)²"), ("sign", "z_2 − y", "z_2 + y")),
    ),
    "mit-1.3a": (answer("The unit is off, so $\\frac{\\partial L}{\\partial z_1} = 0$.", ("number", "= 0$", "= w_2$")),),
    "mit-1.3b": (
        answer(
            r"$$\frac{\partial L}{\partial z_1} = \frac{\partial L}{\partial z_2} \frac{\partial z_2}{\partial z_1} = 2(z_2 - y) w_2$$",
            ("chain", "2(z_2 - y) w_2", "2(z_2 - y)"),
            ("sign", "2(z_2 - y) w_2", "2(y - z_2) w_2"),
            ("variable", "2(z_2 - y) w_2", "2(z_2 - y) w_1"),
        ),
        answer("$2 w_2 (w_2 z_1 + b_2 - y)$", ("factor", "2 w_2 (", "w_2 ("), ("sign", "+ b_2", "- b_2")),
    ),
    "mit-1.4": (
        answer("$w_1 \\leftarrow -2 - 0.5 \\cdot 12 = -8$", ("sign", "-2 - 0.5 \\cdot 12 = -8", "-2 + 0.5 \\cdot 12 = 4")),
        answer("w_1 = -8", ("number", "-8", "-14")),
    ),
    "mit-2.2.1": (
        answer("(2, 13, 0, 0)", ("number", "13", "14"), ("order", "2, 13, 0, 0", "0, 0, 2, 13")),
        answer("$a^{(1)} = [2, 13, 0, 0]^T$", ("sign", "13, 0, 0", "13, -4, -15")),
    ),
    "mit-2.2.2": (
        answer("(1, 0), up to about $10^{-12}$: the first class", ("swap", "(1, 0)", "(0, 1)")),
        answer(
            r"$a^{(2)} = \left( \frac{e^{15}}{e^{15} + e^{-13}}, \frac{e^{-13}}{e^{15} + e^{-13}} \right)$",
            ("number", r"\left( \frac{e^{15}}{e^{15}", r"\left( \frac{e^{13}}{e^{15}"),
        ),
    ),
    "mit-2.3.1": (
        answer("a straight line: $x_1 - 1 = 0$", ("number", "x_1 - 1", "x_1 + 1")),
        answer("It is the vertical line x_1 = 1.", ("number", "x_1 = 1", "x_1 = 0")),
    ),
    "mit-2.3.2": (answer("(1, 0), (1, 1), (1, 2), (1, -3)", ("number", "(1, 2)", "(2, 1)"), ("swap", "(1, 0)", "(0, 1)")),),
    "mit-2.3.3": (
        answer("[[0, 0, 0], [0, 1, 0], [0, 0, 2], [0, 0, 0]]", ("number", "[0, 1, 0]", "[0, 2, 0]"), ("sign", "[0, 0, 2]", "[0, 0, -2]")),
        answer(
            r"$$A^1 = \begin{bmatrix} 0 & 0 & 0 \\ 0 & 1 & 0 \\ 0 & 0 & 2 \\ 0 & 0 & 0 \end{bmatrix}$$",
            ("number", "0 & 0 & 2", "0 & 0 & 3"),
        ),
    ),
    "mit-2.4.1": (
        answer(r"$\frac{1}{1 + e^2} \approx 0.12$", ("inverted", r"\frac{1}{1 + e^2} \approx 0.12", r"\frac{e^2}{1 + e^2} \approx 0.88")),
        answer("0.119", ("rounding", "0.119", "0.191")),
    ),
    "mit-2.4.2": (
        answer(
            r"$\frac{e^2}{1 + e^2} \approx 0.88$", ("sign", r"\frac{e^2}{1 + e^2} \approx 0.88", r"\frac{e^{-2}}{1 + e^{-2}} \approx 0.12")
        ),
    ),
    "mit-2.4.3": (answer("class 2", ("swap", "class 2", "class 1")),),
    "mit-2.4.4": (answer("1/2", ("number", "1/2", "1/3")),),
    "mit-2.4.5": (answer("0.5", ("number", "0.5", "0.25")),),
    "mit-2.4.7": (
        answer(
            r"$\frac{e^3}{e^3 + e^{-1}} \approx 0.982$",
            ("sign", r"\frac{e^3}{e^3 + e^{-1}} \approx 0.982", r"\frac{e^3}{e^3 + e} \approx 0.881"),
        ),
    ),
    "mit-2.4.8": (answer("0.018", ("number", "0.018", "0.18")),),
    "mit-2.4.9": (answer("Class 1 is predicted.", ("swap", "Class 1", "Class 2")),),
}

LAYERS: Rows = {
    "4.1.1": (
        answer(r"$$\frac{\partial \mathrm{Loss}}{\partial A} = W \, dLdZ$$", ("transpose", r"W \, dLdZ", r"W^T \, dLdZ")),
        answer("dLdA = `W @ dLdZ`", ("transpose", "W @ dLdZ", "W.T @ dLdZ"), ("order", "W @ dLdZ", "dLdZ @ W")),
    ),
    "4.1.2": (
        answer("dLdW = A dLdZᵀ", ("order", "A dLdZᵀ", "dLdZ Aᵀ"), ("transpose", "A dLdZᵀ", "A dLdZ")),
        answer(
            "$dLdW = A \\, dLdZ^\\top$, of shape $m \\times n$",
            ("factor", "= A \\,", "= 2 A \\,"),
            ("shape", "m \\times n", "n \\times m", "step"),
        ),
    ),
    "4.1.3": (answer("$dLdW_0 = dLdZ$", ("sign", "= dLdZ", "= -dLdZ"), ("factor", "= dLdZ", "= W dLdZ")),),
    "5.1a": (answer("dLdA = W dLdZ", ("transpose", "W dLdZ", "Wᵀ dLdZ")),),
    "5.1b": (answer("$dLdW = A \\, dLdZ^T$", ("order", "A \\, dLdZ^T", "dLdZ \\, A^T")),),
    "5.1c": (answer("dLdW0 = `dLdZ.sum(axis=1, keepdims=True)`", ("index", "axis=1", "axis=0")),),
    "5.2.1": (
        answer("dLdZ = $dLdA \\odot (1 - \\tanh^2(Z))$", ("exponent", "\\tanh^2(Z)", "\\tanh(Z)"), ("sign", "1 - ", "1 + ")),
        answer("`dLdA * (1 - np.tanh(Z)**2)`", ("order", "dLdA * (", "dLdA @ (")),
    ),
    "5.2.2": (
        answer("`dLdA * (Z > 0)`", ("swap", "Z > 0", "Z < 0")),
        answer(r"dLdZ = $dLdA \odot \mathbb{1}[Z > 0]$", ("swap", "Z > 0", "Z < 0")),
    ),
}

TWO_LAYERS: Rows = {
    "1.2.1a": (
        answer(
            r"""
Element level:

$$
\frac{\partial L}{\partial w_i^{(2)}}
= \frac{\partial L}{\partial a^{(2)}} \frac{\partial a^{(2)}}{\partial z^{(2)}} \frac{\partial z^{(2)}}{\partial w_i^{(2)}}
= (a^{(2)} - y) a^{(2)} (1 - a^{(2)}) a_i^{(1)}
$$

Matrix form: $\frac{\partial L}{\partial w^{(2)}} = (a^{(2)} - y) a^{(2)} (1 - a^{(2)}) a^{(1)}$, of shape $h \times 1$.
""",
            ("sign", r"= (a^{(2)} - y) a^{(2)} (1 - a^{(2)}) a^{(1)}$", r"= (y - a^{(2)}) a^{(2)} (1 - a^{(2)}) a^{(1)}$"),
            ("sign", r"= (a^{(2)} - y) a^{(2)} (1 - a^{(2)}) a_i^{(1)}", r"= (y - a^{(2)}) a^{(2)} (1 - a^{(2)}) a_i^{(1)}", "step"),
            ("chain", r"= (a^{(2)} - y) a^{(2)} (1 - a^{(2)}) a^{(1)}$", r"= (a^{(2)} - y) a^{(1)}$"),
            ("index", "a_i^{(1)}\n$$", "a_j^{(1)}\n$$", "step"),
        ),
        answer(
            r"""
Let $\delta^{(2)} = (a^{(2)} - y) \sigma'(z^{(2)})$. Then $\frac{\partial L}{\partial w^{(2)}} = \delta^{(2)} a^{(1)}$.
""",
            ("sign", r"(a^{(2)} - y) \sigma'", r"(y - a^{(2)}) \sigma'"),
            ("factor", r"= \delta^{(2)} a^{(1)}", r"= 2 \delta^{(2)} a^{(1)}"),
        ),
    ),
    "1.2.1b": (
        answer(
            r"$$\frac{\partial L}{\partial b^{(2)}} = (a^{(2)} - y) a^{(2)} (1 - a^{(2)})$$",
            ("sign", "(a^{(2)} - y)", "(a^{(2)} + y)"),
            ("chain", " a^{(2)} (1 - a^{(2)})", ""),
        ),
    ),
    "1.2.2a": (
        answer(
            r"""
With $\delta^{(2)} = (a^{(2)} - y) \sigma'(z^{(2)})$,

$$\frac{\partial L}{\partial w_{ij}^{(1)}} = \delta^{(2)} w_j^{(2)} \sigma'(z_j^{(1)}) a_i^{(0)}$$

$$\frac{\partial L}{\partial w^{(1)}} = a^{(0)} \left( \delta^{(2)} w^{(2)} \odot \sigma'(z^{(1)}) \right)^\top$$
""",
            ("index", r"w_j^{(2)} \sigma'", r"w_i^{(2)} \sigma'", "step"),
            ("transpose", r"\right)^\top", r"\right)"),
            ("sign", r"\left( \delta^{(2)} w^{(2)}", r"\left( -\delta^{(2)} w^{(2)}"),
            ("variable", r"= a^{(0)} \left(", r"= a^{(1)} \left("),
        ),
    ),
    "1.2.2b": (
        answer(
            r"""
$$\frac{\partial L}{\partial b_j^{(1)}} = (a^{(2)} - y) \sigma'(z^{(2)}) w_j^{(2)} \sigma'(z_j^{(1)})$$

$$\frac{\partial L}{\partial b^{(1)}} = (a^{(2)} - y) \sigma'(z^{(2)}) w^{(2)} \odot \sigma'(z^{(1)})$$
""",
            ("chain", r" w^{(2)} \odot \sigma'(z^{(1)})", r" w^{(2)}"),
            ("index", r"\sigma'(z_j^{(1)})$$", r"\sigma'(z_i^{(1)})$$", "step"),
            ("sign", r"\frac{\partial L}{\partial b^{(1)}} = (a^{(2)} - y)", r"\frac{\partial L}{\partial b^{(1)}} = (y - a^{(2)})"),
        ),
    ),
}

WARM_UP: Rows = {
    "1.1": (
        answer(
            r"The Jacobian is a row, $1 \times n$: $\frac{\partial f}{\partial u} = 2(u - v)^\top$",
            ("sign", "(u - v)", "(v - u)"),
            ("factor", "= 2(u", "= (u"),
            ("shape", r"1 \times n", r"n \times 1", "shape"),
            ("transpose", r"(u - v)^\top", "(u - v)"),
        ),
        answer("1 × n\n\n∂f/∂u = 2uᵀ − 2vᵀ", ("sign", "2uᵀ − 2vᵀ", "2uᵀ + 2vᵀ"), ("factor", "− 2vᵀ", "− vᵀ")),
    ),
    "1.2": (
        answer(
            r"""
Let $r = Au - t$, so that $f = r^\top r$. The chain rule gives

$$\frac{\partial f}{\partial u} = \frac{\partial f}{\partial r} \frac{\partial r}{\partial u} = 2 r^\top A = 2 (Au - t)^\top A$$

which is $1 \times n$.
""",
            ("factor", r"= 2 r^\top A", r"= r^\top A", "step"),
            ("sign", "= 2 (Au - t)", "= 2 (Au + t)"),
            ("transpose", r"(Au - t)^\top A$$", r"(Au - t)^\top A^\top$$"),
            ("shape", r"1 \times n", r"1 \times m", "shape"),
        ),
        answer("The Jacobian is 2(Au − t)ᵀA, of shape 1 × n.", ("factor", "2(Au", "(Au"), ("order", "2(Au − t)ᵀA", "2A(Au − t)ᵀ")),
    ),
    "2.1": (
        answer(
            r"$\frac{\partial f}{\partial p} = \ln q + 1 = 1$ and $\frac{\partial f}{\partial q} = \frac{p}{q} = 2$.",
            ("number", r"\ln q + 1 = 1", r"\ln q = 0"),
            ("inverted", r"\frac{p}{q} = 2", r"\frac{q}{p} = 0.5"),
        ),
        answer("∇f = (1, 2)", ("order", "(1, 2)", "(2, 1)")),
    ),
}

__all__ = ["GRAPH", "LAYERS", "NETWORKS", "POWERS", "TWO_LAYERS", "WARM_UP"]
