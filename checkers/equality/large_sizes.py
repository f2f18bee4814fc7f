"""Declared sizes such as 784: tensors are compared at small sizes of the same structure, which exact arithmetic can afford.

Only the ranges of indices change; numbers stay numbers. That both sides agree at small ranges is evidence for the large ones;
that they differ is checked once more at the true sizes, in floating point.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from ...derivations.elements.elements import Contraction, Element, node
from ...derivations.elements.evaluation import Evaluator
from ...derivations.elements.sampling import sizes_in
from ...derivations.sizes import Shape, Size, value_of
from .points import draw

LARGEST = 8  # sizes up to this are taken as they are
_MOST_ENTRIES = 4_000_000
_DIFFERENT = 1e-6
_ENTRYWISE = frozenset(("any", "positive", "nonnegative", "nonzero", "unit", "unit_interval"))  # domains of single entries
_REBUILT = frozenset("variable number constant size zero unit product sum power map form lower shift".split())


def shrunk(elements: Sequence[Element]) -> list[Element] | None:
    """The same tensors with sizes above LARGEST made small, equal ones equal, others distinct; None where nothing is to do."""
    nodes = list(dict.fromkeys(n for e in elements for n in e.walk()))
    large = sorted({s for n in nodes for s in sizes_in(n) if isinstance(s, int) and s > LARGEST})
    if not large or any(n.kind not in _REBUILT for n in nodes):
        return None
    taken = {s for n in nodes for s in sizes_in(n) if isinstance(s, int) and s <= LARGEST}
    least = max((n.value for n in nodes if n.kind == "unit"), default=2)
    free = (k for k in range(max(least, 3), 10_000) if k not in taken)
    to: dict[Size, Size] = dict(zip(large, free, strict=False))
    done: dict[Element, Element] = {}
    for e in elements:
        for n in reversed(list(e.walk())):
            if n not in done:
                done[n] = _rebuilt(n, tuple(done[a] for a in n.args), to)
    return [done[e] for e in elements]


def _rebuilt(n: Element, args: tuple[Element, ...], to: Mapping[Size, Size]) -> Element:
    value, shape = n.value, tuple(to.get(s, s) for s in n.shape)
    if n.kind == "product":
        value = Contraction(value.coefficient, value.out, value.places, tuple(to.get(s, s) for s in value.sizes))
    return node(n.kind, args, value, shape)


def largest(elements: Sequence[Element], sizes: Mapping[str, int]) -> int:
    """The number of entries of the largest tensor in the elements, a product before its sums."""
    return max(prod(value_of(s, sizes) for s in sizes_in(n)) for e in elements for n in e.walk())


def differ_at_true_sizes(expected: Element, answer: Element, shapes: Mapping[str, Shape], domains: Mapping[str, str]) -> bool | None:
    """Whether floating-point values at the true sizes differ clearly; None where that would be too large to compute."""
    sizes = {name: 3 + k for k, name in enumerate(sorted({s for shape in shapes.values() for s in shape if isinstance(s, str)}))}
    extents = {name: [value_of(s, sizes) for s in shape] for name, shape in shapes.items()}
    entries = [*(prod(e) for e in extents.values()), prod(value_of(s, sizes) for s in expected.shape)]
    if sum(entries) > _MOST_ENTRIES or any(domains.get(name, "any") not in _ENTRYWISE for name in shapes):
        return None
    at = Evaluator({name: drawn(name, extent, domains) for name, extent in extents.items()}, sizes)
    with np.errstate(all="ignore"):
        x, y = np.asarray(at(expected), dtype=float), np.asarray(at(answer), dtype=float)
    known = np.isfinite(x)
    if not known.any():
        return None
    return bool((~(np.abs(x - y) <= _DIFFERENT * (np.abs(x) + np.abs(y).max() * 1e-3)) & known).any())


def drawn(name: str, extent: Sequence[int], domains: Mapping[str, str]) -> Any:
    """Floating-point values of one variable, as one point; entries are chosen among few, which costs little."""
    few = draw(random.Random(name), {name: ()}, {}, domains, 97)[name]
    base = np.array([int(q.p) / int(q.q) for q in few])
    return base[np.random.default_rng(len(name)).integers(0, len(base), prod(extent))].reshape((1, *extent))


__all__ = ["LARGEST", "differ_at_true_sizes", "drawn", "largest", "shrunk"]
