"""How long a derivation takes, as ratios measured in one run.

    .venv/bin/python benchmarks/derivations.py [--repeat 5]

1. Our full derivation (reading, steps, every line evaluated, matrix form, NumPy source; without JAX's confirmation) against
   SymPy's own matrix `.diff` of the same functions, both warm, the fastest of several runs each. Goal: median ≤ 0.5.
2. The gradient by the first weight of an L-layer network, L = 32 against L = 16. Goal: ≤ 2.5.
3. The whole process `hwcheck jacobian 'f(w)=Xw'` against a bare import of sympy and jax with one jitted jacfwd and jacrev.
   Goal: ≤ 1.3.
"""

from __future__ import annotations

import os

os.environ["SYMPY_GROUND_TYPES"] = "python"

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import sympy as sp

from hwcheck.derivations import jacobian

n, d, k, m = sp.symbols("n d k m", integer=True, positive=True)
A, S, X, Y, W = (sp.MatrixSymbol(name, *shape) for name, shape in
                 {"A": (d, d), "S": (d, d), "X": (n, d), "Y": (n, k), "W": (k, d)}.items())
w, x, y, z = (sp.MatrixSymbol(name, size, 1) for name, size in {"w": d, "x": d, "y": n, "z": k}.items())
u = sp.Symbol("u")


def entrywise(function: Callable[[Any], Any], matrix: Any) -> Any:
    return matrix.applyfunc(sp.Lambda(u, function(u)))


def sigmoid(t: Any) -> Any:
    return 1 / (1 + sp.exp(-t))


SHAPES = {"A": ["d", "d"], "S": ["d", "d"], "X": ["n", "d"], "Y": ["n", "k"], "W": ["k", "d"], "w": ["d"], "x": ["d"], "y": ["n"],
          "z": ["k"]}
# our text, the variable, the same in SymPy; only functions that SymPy 1.14 differentiates
FACTS: tuple[tuple[str, str, Any, Any], ...] = (
    ("w", "w", w, w),
    ("w^T x", "w", w.T * x, w),
    ("w^T w", "w", w.T * w, w),
    ("X w", "w", X * w, w),
    ("X w - y", "w", X * w - y, w),
    ("w^T A w", "w", w.T * A * w, w),
    ("(Xw - y)^T (Xw - y)", "w", (X * w - y).T * (X * w - y), w),
    ("(x^T w) w", "w", (x.T * w)[0, 0] * w, w),
    ("x^T A w", "A", x.T * A * w, A),
    ("tr(A S)", "A", sp.trace(A * S), A),
    ("tr(A^T S A)", "A", sp.trace(A.T * S * A), A),
    ("tr(S A A)", "A", sp.trace(S * A * A), A),
    ("x^T A^{-1} w", "A", x.T * A.I * w, A),
    ("A^{-1}", "A", A.I, A),
    ("A^{-1} w", "w", A.I * w, w),
    ("X W^T", "W", X * W.T, W),
    ("X^T X", "X", X.T * X, X),
    ("W^T z", "W", W.T * z, W),
    ("exp(w)", "w", entrywise(sp.exp, w), w),
    ("sigmoid(W x)", "x", entrywise(sigmoid, W * x), x),
    ("sigmoid(W x + z)", "z", entrywise(sigmoid, W * x + z), z),
    ("tanh(X w)", "w", entrywise(sp.tanh, X * w), w),
    ("z^T tanh(W x)", "x", z.T * entrywise(sp.tanh, W * x), x),
    ("y^T sin(X w)", "w", y.T * entrywise(sp.sin, X * w), w),
)


def fastest(work: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def against_sympy(repeat: int) -> float:
    """The median over all facts of our time divided by SymPy's."""
    ratios = []
    for text, name, expression, by in FACTS:
        shapes = {key: value for key, value in SHAPES.items() if key in text or key == name}

        def ours(text: str = text, name: str = name, shapes: dict[str, list[str]] = shapes) -> object:
            return jacobian(text, name, shapes=shapes, confirmed=False)

        def theirs(expression: Any = expression, by: Any = by) -> object:
            sp.core.cache.clear_cache()  # else the second run would time a look-up
            return expression.diff(by)

        ours(), theirs()
        mine, other = fastest(ours, repeat), fastest(theirs, repeat)
        ratios.append(mine / other)
        print(f"  {text:24} {1000 * mine:8.2f} ms   SymPy {1000 * other:8.2f} ms   ratio {mine / other:5.2f}")
    return statistics.median(ratios)


def network(layers: int) -> tuple[str, dict[str, list[str]]]:
    """The squared error of a network of tanh layers, and the shapes of its weights."""
    text, shapes = "x", {"x": ["n_0"], "y": [f"n_{layers}"]}
    for layer in range(1, layers + 1):
        text = f"tanh(W_{layer} {text})"
        shapes[f"W_{layer}"] = [f"n_{layer}", f"n_{layer - 1}"]
    return f"||{text} - y||^2", shapes


def depth(repeat: int) -> float:
    times = {}
    for layers in (16, 32):
        text, shapes = network(layers)
        times[layers] = fastest(lambda text=text, shapes=shapes: jacobian(text, "W_1", shapes=shapes, confirmed=False), repeat)  # type: ignore[misc]
        print(f"  {layers} layers {1000 * times[layers]:8.1f} ms")
    return times[32] / times[16]


BARE = """
import os; os.environ["JAX_PLATFORMS"] = "cpu"; os.environ["SYMPY_GROUND_TYPES"] = "python"
import sympy, jax, numpy as np
jax.config.update("jax_enable_x64", True)
f = lambda w, X: X @ w
jax.jit(lambda w, X: (jax.jacfwd(f)(w, X), jax.jacrev(f)(w, X)))(np.ones(3), np.ones((5, 3)))
"""


def whole_process(repeat: int) -> float:
    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *command], check=True, capture_output=True)

    ours = fastest(run("-m", "hwcheck.cli", "jacobian", "f(w)=Xw"), repeat)
    bare = fastest(run("-c", BARE), repeat)
    print(f"  hwcheck {ours:.2f} s   bare {bare:.2f} s")
    return ours / bare


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    missed = 0
    for title, measure, goal in (("full derivation / SymPy .diff, median", against_sympy, 0.5), ("L = 32 / L = 16", depth, 2.5),
                                 ("whole process / bare imports", whole_process, 1.3)):
        print(title)
        ratio = measure(repeat)
        missed += ratio > goal
        print(f"  = {ratio:.2f}   goal ≤ {goal}\n")
    return missed


if __name__ == "__main__":
    sys.exit(main())
