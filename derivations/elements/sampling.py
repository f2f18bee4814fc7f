"""Points to compare at: sizes that tell axes apart, and values from declared domains.

Sizes are distinct and none is 1, so that a transpose, a wrong axis or a lost sum cannot go unnoticed. Everything is drawn
from one seeded generator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice, permutations
from typing import Any

import numpy as np

from ..errors import InputError
from ..sizes import Shape, names_in, value_of
from .elements import Element

Array = Any
Rng = np.random.Generator


def _symmetric(x: Array) -> Array:
    return (x + x.swapaxes(-1, -2)) / 2


def _normalised(rng: Rng, x: Array) -> Array:
    p = rng.uniform(0.2, 1.0, size=x.shape)
    return p / p.sum(axis=-1, keepdims=True)


def _one_hot(rng: Rng, x: Array) -> Array:
    return np.eye(x.shape[-1])[rng.integers(0, x.shape[-1], size=x.shape[:-1])]


def _eye(x: Array) -> Array:
    return np.eye(x.shape[-1])


def _positive_determinant(rng: Rng, x: Array) -> Array:
    x = x + 2 * _eye(x)
    return np.where(np.linalg.det(x)[..., None, None] < 0, -1.0, 1.0) * x if x.shape[-1] % 2 else x @ x


# A standard normal draw x of the right shape becomes a point of the domain.
DOMAINS: dict[str, Callable[[Rng, Array], Array]] = {
    "any": lambda rng, x: x,
    "positive": lambda rng, x: rng.uniform(0.3, 2.0, size=x.shape),
    "nonnegative": lambda rng, x: rng.uniform(0.0, 2.0, size=x.shape),
    "unit": lambda rng, x: rng.uniform(0.1, 0.9, size=x.shape),
    "unit_interval": lambda rng, x: rng.uniform(0.1, 0.9, size=x.shape),
    "nonzero": lambda rng, x: np.sign(x) * (np.abs(x) + 0.2),
    "binary": lambda rng, x: (rng.uniform(size=x.shape) > 0.5).astype(float),
    "plus_minus_one": lambda rng, x: np.where(rng.uniform(size=x.shape) > 0.5, 1.0, -1.0),
    "probability": _normalised,
    "one_hot": _one_hot,
    "symmetric": lambda rng, x: _symmetric(x),
    "skew": lambda rng, x: (x - x.swapaxes(-1, -2)) / 2,
    "spd": lambda rng, x: x @ x.swapaxes(-1, -2) + _eye(x),
    "invertible": lambda rng, x: x + 2 * _eye(x),
    "pos_det": _positive_determinant,
    "full_column_rank": lambda rng, x: x,
}


def check_domains(domains: Mapping[str, str]) -> None:
    """Raises InputError for a domain that is not known."""
    for name, domain in domains.items():
        if domain not in DOMAINS:
            raise InputError(f"The domain of {name} is “{domain}”; known domains: {', '.join(sorted(DOMAINS))}.")


def size_assignments(shapes: Iterable[Shape], least: Mapping[str, int] | None = None) -> Iterator[dict[str, int]]:
    """Numbers for the size names, different ones for different names and none 1; first small ones, then others.

    `least` are the smallest numbers for some of them: w_5 needs five entries.

    >>> list(size_assignments([("n", "d")]))[:2]
    [{'d': 3, 'n': 5}, {'d': 5, 'n': 3}]
    """
    shapes = list(shapes)
    names = sorted({n for shape in shapes for s in shape for n in names_in(s)})
    if not names:
        yield {}
        return
    fixed = {s for shape in shapes for s in shape if isinstance(s, int)}
    pool = [n for n in (3, 5, 2, 4, 6, 7, *range(8, 10 + len(names))) if n not in fixed]
    least = least or {}
    top = max(least.values(), default=0)
    pool += range(pool[-1] + 1, max(top + len(names), pool[-1]) + 1)
    first = tuple(pool[: len(names)])
    seen: set[tuple[int, ...]] = set()
    # then the other way round, then other choices: a tall matrix may be needed for an inverse to exist
    others = permutations(pool[: max(len(names), 6)] if not least else pool, len(names))
    fitting = (o for o in chain([first, first[::-1]], others) if all(least.get(n, 0) <= k for n, k in zip(names, o, strict=True)))
    for order in islice(fitting, 60):
        if order not in seen:
            seen.add(order)
            yield dict(zip(names, order, strict=True))


def sizes_in(n: Element) -> Shape:
    """Every size that one node mentions."""
    if n.kind == "size":
        return (n.value,)
    shape: Shape = n.value.sizes if n.kind == "product" else n.shape
    return shape


def least_sizes(elements: Iterable[Element]) -> dict[str, int]:
    """The smallest size of every axis of which an element picks a certain entry."""
    least: dict[str, int] = {}
    for element in elements:
        for n in element.walk():
            if n.kind == "unit" and isinstance(n.shape[0], str):
                least[n.shape[0]] = max(least.get(n.shape[0], 0), n.value)
    return least


def draw(rng: Rng, shapes: Mapping[str, Shape], sizes: Mapping[str, int], domains: Mapping[str, str], count: int,
         otherwise: str = "any") -> dict[str, Array]:
    """`count` values for every variable: arrays with that many points along a first axis.

    `otherwise` is the domain of variables without a declared one.
    """
    values = {}
    for name, shape in shapes.items():
        x = rng.normal(size=(count, *(value_of(s, sizes) for s in shape)))
        domain = domains.get(name, "any")
        values[name] = np.asarray(DOMAINS[otherwise if domain == "any" else domain](rng, x), dtype=float)
    return values
