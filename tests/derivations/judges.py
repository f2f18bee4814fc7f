"""Independent judges of derivatives: central differences in NumPy, JAX on a plain function, SymPy (see sympy_held).

They know arrays and functions of arrays. None of them knows our rules, our elements or our evaluator; what they
are compared with is executed NumPy source or an array.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

SIZES = {"n": 5, "d": 3, "k": 4, "m": 2}
TOLERANCE = 1e-8
CENTRAL_TOLERANCE = 1e-5
Array = np.ndarray
Function = Callable[..., Any]
Values = dict[str, Any]

# Where a variable lives: a standard normal x of the right shape becomes a point.
PLACES: dict[str, Callable[[Array], Array]] = {
    "any": lambda x: x,
    "positive": lambda x: np.abs(x) + 0.3,
    "unit": lambda x: 1 / (1 + np.exp(-x)),
    "inside": lambda x: np.tanh(x),
    "above one": lambda x: np.abs(x) + 1.2,
    "invertible": lambda x: x + 3 * np.eye(len(x)),
    "symmetric": lambda x: x + x.T,
    "spd": lambda x: x @ x.T + np.eye(len(x)),
    "probability": lambda x: np.exp(x) / np.exp(x).sum(),
}


def arrays(shapes: Mapping[str, Sequence[int | str]], places: Mapping[str, str] | None = None, seed: int = 3) -> dict[str, Any]:
    """Values for variables, columns with one axis; the sizes are distinct and none is 1 unless a shape says so."""
    rng = np.random.default_rng(seed)
    return {
        name: PLACES[(places or {}).get(name, "any")](rng.normal(size=[SIZES[s] if isinstance(s, str) else s for s in shape]))
        for name, shape in shapes.items()
    }


def names_of(function: Function) -> list[str]:
    """The variables of a plain function, by its parameters; `lam` stands for lambda, which Python keeps for itself."""
    return [{"lam": "lambda"}.get(name, name) for name in inspect.signature(function).parameters]


def jax_derivatives(functions: Sequence[Function], points: Sequence[Sequence[Any]], order: int = 1) -> list[Array]:
    """The derivatives of functions by their first arguments, compiled together: alone each would take 0.1 s."""
    derive = jax.jacfwd if order == 1 else jax.hessian
    whole = jax.jit(lambda points: [derive(f)(*point) for f, point in zip(functions, points, strict=True)])
    return [np.asarray(d) for d in whole([[jnp.asarray(a) for a in point] for point in points])]


def jax_values(functions: Sequence[Function], points: Sequence[Sequence[Any]]) -> list[Array]:
    """The values of plain functions, compiled together too."""
    whole = jax.jit(lambda points: [f(*point) for f, point in zip(functions, points, strict=True)])
    return [np.asarray(v) for v in whole([[jnp.asarray(a) for a in point] for point in points])]


def central_differences(function: Function, x: Array, step: float = 1e-5) -> Array:
    """The derivative by central differences: axes of the value, then of x."""
    x = np.asarray(x, dtype=float)
    columns = []
    for place in np.ndindex(x.shape):
        shift = np.zeros(x.shape)
        shift[place] = step
        columns.append((np.asarray(function(x + shift)) - np.asarray(function(x - shift))) / (2 * step))
    value = np.asarray(function(x))
    return np.stack(columns, axis=-1).reshape(value.shape + x.shape)


def executed(source: str, values: Mapping[str, Any]) -> Array:
    """What printed NumPy source gives: it defines jacobian(**values) and imports numpy only."""
    space: dict[str, Any] = {}
    exec(source, space)
    return np.asarray(space["jacobian"](**values), dtype=float)


def difference(got: Any, want: Any) -> float:
    """The largest relative difference of two arrays of one shape; what is not finite, or has another shape, differs."""
    got, want = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    if got.shape != want.shape or not np.isfinite(got).all() or not np.isfinite(want).all():
        return float("inf")
    return float(np.max(np.abs(got - want) / (1 + np.abs(want)), initial=0.0))


def same(got: Any, want: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two arrays agree."""
    return difference(got, want) < tolerance
