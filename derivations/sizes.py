"""Sizes of axes: whole numbers, names such as n, and products and sums of those.

A size is an `int`, or a `str` that spells a name or, for the axes that `kron`, `vec` and `concatenate` make, a
polynomial in names: "n*m", "n+m". Polynomials are kept in one normal order, so equal sizes are equal strings.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

Size = int | str
Shape = tuple[Size, ...]


def _terms(size: Size) -> Counter[tuple[str, ...]]:
    """The monomials of a size with their whole coefficients: "2*n*m+1" is {(m, n): 2, (): 1}."""
    if isinstance(size, int):
        return Counter({(): size})
    terms: Counter[tuple[str, ...]] = Counter()
    for text in size.split("+"):
        factors = text.split("*")
        count = math.prod(int(f) for f in factors if f.isdigit())
        terms[tuple(sorted(f for f in factors if not f.isdigit()))] += count
    return terms


def _spell(terms: Counter[tuple[str, ...]]) -> Size:
    parts = []
    for names, count in sorted((t for t in terms.items() if t[1]), key=lambda t: (-len(t[0]), t[0])):
        factors = ([str(count)] if count != 1 or not names else []) + list(names)
        parts.append("*".join(factors))
    text = "+".join(parts) or "0"
    return int(text) if text.isdigit() else text


def times(sizes: Iterable[Size]) -> Size:
    """The product of sizes.

    >>> times(["n", 2, "m"]), times([])
    ('2*m*n', 1)
    """
    total: Counter[tuple[str, ...]] = Counter({(): 1})
    for size in sizes:
        product: Counter[tuple[str, ...]] = Counter()
        for left, a in total.items():
            for right, b in _terms(size).items():
                product[tuple(sorted(left + right))] += a * b
        total = product
    return _spell(total)


def plus(sizes: Iterable[Size]) -> Size:
    """The sum of sizes.

    >>> plus(["n", 1, "n"])
    '2*n+1'
    """
    total: Counter[tuple[str, ...]] = Counter()
    for size in sizes:
        total.update(_terms(size))
    return _spell(total)


def names_in(size: Size) -> frozenset[str]:
    """The size names that a size mentions.

    >>> sorted(names_in("2*n*m+1"))
    ['m', 'n']
    """
    if isinstance(size, str) and size.isidentifier():
        return frozenset((size,))
    return frozenset(name for names in _terms(size) for name in names)


def value_of(size: Size, sizes: Mapping[str, int]) -> int:
    """The number a size stands for, given the numbers of its names.

    >>> value_of("n*m+1", {"n": 2, "m": 3})
    7
    """
    if isinstance(size, int):
        return size
    if size in sizes:  # a name alone, which most sizes are
        return sizes[size]
    return sum(count * math.prod(sizes[name] for name in names) for names, count in _terms(size).items())


def substituted(size: Size, known: Mapping[str, Size]) -> Size:
    """A size with some of its names replaced by other sizes.

    >>> substituted("n*m", {"m": 3}), substituted("n", {"n": "d"})
    ('3*n', 'd')
    """
    if isinstance(size, int):
        return size
    if size in known:
        return known[size]
    if not names_in(size) & known.keys():
        return size
    return plus(times([count, *(known.get(name, name) for name in names)]) for names, count in _terms(size).items())
