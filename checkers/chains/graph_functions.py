"""Functions of numbers, entry by entry, with their slopes; and any smooth function, for a name that nothing is known of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.complex128]
_STEP = 1e-4


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _log(x: Array) -> Array:
    if np.any(x.real <= 0):
        raise ValueError("a logarithm of a negative number")  # a complex step across its cut means nothing
    return np.asarray(np.log(x))


def _root(x: Array) -> Array:
    if np.any(x.real < 0):
        raise ValueError("a root of a negative number")
    return np.asarray(np.sqrt(x))


def _relu(x: Array) -> Array:
    return np.where(x.real > 0, x, 0 * x)


def _sign(x: Array) -> Array:
    return np.sign(x.real).astype(complex)


def _heaviside(x: Array) -> Array:
    return (x.real > 0).astype(complex)


# name: the function, its slope
_ENTRYWISE: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "exp": (np.exp, np.exp),
    "log": (_log, lambda x: 1 / x),
    "ln": (_log, lambda x: 1 / x),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda x: -np.sin(x)),
    "tan": (np.tan, lambda x: np.asarray(1 / np.cos(x) ** 2, complex)),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sech": (lambda x: np.asarray(1 / np.cosh(x), complex), lambda x: np.asarray(-np.tanh(x) / np.cosh(x), complex)),
    "sqrt": (_root, lambda x: np.asarray(0.5 / np.sqrt(x), complex)),
    "sigmoid": (_sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x))),
    "sigma": (_sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x))),
    "relu": (_relu, _heaviside),
    "ReLU": (_relu, _heaviside),
    "abs": (lambda x: np.where(x.real < 0, -x, x), _sign),
    "sgn": (_sign, lambda x: 0 * x),
    "sign": (_sign, lambda x: 0 * x),
    "H": (_heaviside, lambda x: 0 * x),
}


def is_entrywise(name: str) -> bool:
    """Whether a name is that of a function with one usual meaning."""
    return name in _ENTRYWISE


def entrywise(name: str, primes: int = 0) -> Callable[[Array], Array]:
    """A function entry by entry, or its first or second slope.

    >>> float(entrywise("exp", 1)(np.zeros((1, 1), complex))[0, 0].real)
    1.0
    """
    function, slope = _ENTRYWISE[name]
    if primes == 0:
        return function
    return slope if primes == 1 else lambda x: _difference(slope, x, primes - 1)


def _difference(slope: Callable[[Array], Array], x: Array, count: int) -> Array:
    inner = slope if count == 1 else lambda y: _difference(slope, y, count - 1)
    h = _STEP
    return np.asarray((8 * (inner(x + h) - inner(x - h)) - (inner(x + 2 * h) - inner(x - 2 * h))) / (12 * h))


def generic(x: Array, numbers: Array, primes: int) -> Array:
    """Any smooth function a + b sin(c x + a) of an entry, or one of its slopes."""
    shift, height, pace = numbers
    pace = pace + 0.5
    if primes == 0:
        return np.asarray(shift + 2 + height * np.sin(pace * x + shift))
    return np.asarray(height * pace**primes * np.sin(pace * x + shift + primes * np.pi / 2))


__all__ = ["entrywise", "generic", "is_entrywise"]
