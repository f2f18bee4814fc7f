"""A tensor, held as its general element: small frozen nodes that never evaluate or rearrange on their own.

An `Element` is closed: its axes have an order and sizes, and no index of it is visible from outside. Indices live inside
one kind of node, the product

    out = (i, q),   Σ_j  c · A[i, j] · B[j, q]

which is matrix product, entrywise product, scaling, outer product, trace and diagonal in one. A Kronecker delta is no
node: δ_iq is an index that occurs twice in `out`, so the identity is the product without factors over out = (i, i).

Numbers have no axes, a column or a row has one, so rows and columns are only orders of axes here. Equal structures are
one object (nodes are interned), which makes sharing in deep networks free and lets dictionaries go by identity.

Kinds, with `args` and `value`:

    variable   value: name
    number     value: Fraction            constant  value: "pi" | "e"          size  value: the Size as a number
    zero       the zero of its shape      unit      value: k, the k-th unit vector (1-based) of its one axis
    shift      value: k, the matrix that moves the entries of a column cyclically by k places, as numpy.roll does
    lower      the square matrix with ones on and below the diagonal
    product    args: factors; value: Contraction
    sum        args: terms of the same shape
    power      args: (base,); value: exponent, a Fraction; entry by entry
    map        args: tensors of the same shape; value: the function's name in functions.py; entry by entry
    form       args: tensors; value: the name of a function of whole tensors (inverse, softmax, ...) from forms.py
    merge      args: (tensor,); value: groups of axes that become one axis each, the last varying fastest
    stack      args: tensors of the same shape; a new first axis of fixed size
    join       args: tensors; value: axis; put one after the other along an axis
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from weakref import WeakValueDictionary

from ..sizes import Shape, Size, times


@dataclass(frozen=True, slots=True)
class Contraction:
    """The index structure of a product: coefficient, indices of the result, indices of every factor, sizes of the indices.

    Indices are numbered in the order in which they occur, first in `out`, then in the factors. An index that is not in
    `out` is summed over.
    """

    coefficient: Fraction
    out: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]
    sizes: tuple[Size, ...]


class Element:
    """One node. Compare with `is`: equal structures are one object."""

    __slots__ = ("__weakref__", "_digest", "args", "kind", "names", "shape", "value")

    kind: str
    args: tuple[Element, ...]
    value: Any
    shape: Shape
    names: frozenset[str]
    _digest: bytes | None

    def depends_on(self, name: str) -> bool:
        """Whether a variable of that name occurs in it."""
        return name in self.names

    @property
    def digest(self) -> bytes:
        """A fingerprint of the structure, the same in every process: an order for terms that does not vary."""
        if self._digest is None:
            for node in reversed(list(self.walk())):
                if node._digest is None:
                    text = f"{node.kind} {node.value!r} {node.shape!r}".encode()
                    node._digest = hashlib.blake2b(text + b"".join(a.digest for a in node.args), digest_size=12).digest()
        assert self._digest is not None
        return self._digest

    def walk(self) -> Iterator[Element]:
        """Every different node in it once, parents before their parts."""
        order: list[Element] = []
        seen: set[Element] = set()
        todo: list[tuple[Element, bool]] = [(self, False)]
        while todo:
            node, done = todo.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                todo.append((node, True))
                todo.extend((a, False) for a in node.args)
        return reversed(order)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.value!r} {self.args!r}>"


_nodes: WeakValueDictionary[tuple[object, ...], Element] = WeakValueDictionary()


def node(kind: str, args: tuple[Element, ...] = (), value: Any = None, shape: Shape = ()) -> Element:
    """The one node of this structure."""
    key = (kind, args, value, shape)
    found = _nodes.get(key)
    if found is None:
        found = Element()
        found.kind, found.args, found.value, found.shape, found._digest = kind, args, value, shape, None
        if kind == "variable":
            found.names = frozenset([value])
        elif len(args) == 1:
            found.names = args[0].names
        else:
            found.names = frozenset().union(*(a.names for a in args))
        _nodes[key] = found
    return found


def variable(name: str, shape: Shape) -> Element:
    """A named tensor."""
    return node("variable", (), name, shape)


def number(value: Fraction | int) -> Element:
    """A rational number."""
    return node("number", (), Fraction(value))


def size(value: Size) -> Element:
    """The size of an axis, used as a number."""
    return number(value) if isinstance(value, int) else node("size", (), value)


def zero(shape: Shape) -> Element:
    """The zero of a shape."""
    return node("zero", (), None, shape) if shape else number(0)


def is_zero(element: Element) -> bool:
    """Whether it is written as zero (not: whether it is zero everywhere)."""
    return element.kind == "zero" or (element.kind == "number" and element.value == 0)


ONE = number(1)

Label = Any  # whatever the caller names indices with: strings while reading, whole numbers while deriving
Factor = tuple[Element, tuple[Label, ...]]


@dataclass(slots=True)
class Open:
    """A product under construction: coefficient, factors with their labels, and pairs of labels said to be equal (δ)."""

    coefficient: Fraction
    factors: list[Factor]
    deltas: list[tuple[Label, Label]]


def _dissolve(coefficient: Fraction, factors: Iterable[Factor], deltas: list[tuple[Label, Label]],
              sizes: dict[Label, Size], flat: bool) -> Open | None:
    """Numbers go into the coefficient, deltas out of the factors; with `flat`, products into the product. None is zero."""
    kept: list[Factor] = []
    todo = list(reversed(list(factors)))
    while todo:
        element, labels = todo.pop()
        assert len(labels) == len(element.shape), f"{len(labels)} labels for {element.shape}"
        if is_zero(element):
            return None
        if element.kind == "number":
            coefficient *= element.value
            continue
        if element.kind == "product":
            inner: Contraction = element.value
            diagonal = len(set(inner.out)) < len(inner.out)
            missing = not set(inner.out) <= {i for place in inner.places for i in place}
            # one factor on exactly the result's indices is only scaled; a trace or a sum of one factor stays a group
            alone = len(element.args) == 1 and sorted(inner.places[0]) == sorted(inner.out)
            if flat or diagonal or missing or alone or not element.args:
                coefficient *= inner.coefficient
                names: dict[int, Label] = {}
                for label, index in zip(labels, inner.out, strict=True):
                    if index in names:
                        deltas.append((names[index], label))
                    else:
                        names[index] = label
                for index, s in enumerate(inner.sizes):
                    if index not in names:
                        names[index] = fresh = object()
                        sizes[fresh] = s
                todo.extend((f, tuple(names[i] for i in place))
                            for f, place in zip(reversed(element.args), reversed(inner.places), strict=True))
                continue
            if inner.coefficient != 1:
                coefficient *= inner.coefficient
                element = node("product", element.args, Contraction(Fraction(1), inner.out, inner.places, inner.sizes),
                               element.shape)
        kept.append((element, labels))
    return Open(coefficient, kept, deltas)


def product(out: Sequence[Label], factors: Iterable[Factor], sizes: dict[Label, Size],
            coefficient: Fraction | int = 1, deltas: Iterable[tuple[Label, Label]] = (), flat: bool = False) -> Element:
    """The product of factors over labelled indices; labels that are not in `out` are summed over.

    `sizes` gives the size of every label; `deltas` are pairs of labels that are equal. With `flat`, factors that are
    products themselves are taken apart, else a factor stays the group it is.
    """
    sizes, outer = dict(sizes), set(sizes)
    shape = tuple(sizes[label] for label in out)
    factors, deltas = _unmerged(list(factors), out, sizes), list(deltas)
    mentioned = [label for _, labels in factors for label in labels] + [label for pair in deltas for label in pair]
    opened = _dissolve(Fraction(coefficient), factors, deltas, sizes, flat)
    if opened is None or opened.coefficient == 0:
        return zero(shape)
    same: dict[Label, Label] = {}

    def root(label: Label) -> Label:
        while label in same:
            label = same[label]
        return label

    outs = set(out)
    for a, b in opened.deltas:
        a, b = root(a), root(b)
        if a is not b and a != b:
            same[a if a not in outs else b] = b if a not in outs else a
    final = [root(label) for label in out]
    factors = [(f, tuple(root(label) for label in labels)) for f, labels in opened.factors]
    used = {label for _, labels in factors for label in labels}
    coefficient = opened.coefficient
    mentioned += [label for label in sizes if label not in outer]
    for label in dict.fromkeys(root(label) for label in mentioned):
        if label not in used and label not in final:
            factors.append((size(sizes[label]), ()))
    if len(factors) == 1 and coefficient == 1 and factors[0][1] == tuple(final) and len(set(final)) == len(final):
        return factors[0][0]
    if not factors and not final:
        return number(coefficient)
    numbers: dict[Label, int] = {}
    for label in [*final, *(label for _, labels in factors for label in labels)]:
        numbers.setdefault(label, len(numbers))
    value = Contraction(
        coefficient,
        tuple(numbers[label] for label in final),
        tuple(tuple(numbers[label] for label in labels) for _, labels in factors),
        tuple(sizes[label] for label in numbers),
    )
    return node("product", tuple(f for f, _ in factors), value, shape)


def _unmerged(factors: list[Factor], out: Sequence[Label], sizes: dict[Label, Size]) -> list[Factor]:
    """Σ_I vec(X)_I vec(Y)_I is Σ_ij X_ij Y_ij: a merged index that two merged tensors share is taken apart again."""
    for a, (f, fl) in enumerate(factors):
        if f.kind != "merge":
            continue
        for c, (g, gl) in enumerate(factors):
            if c == a or g.kind != "merge":
                continue
            for label in set(fl) & set(gl) - set(out):
                groups = f.value[fl.index(label)], g.value[gl.index(label)]
                extents = [[e.args[0].shape[i] for i in group] for e, group in zip((f, g), groups, strict=True)]
                others = [ls for k, (_, ls) in enumerate(factors) if k not in (a, c)]
                if len(groups[0]) > 1 and extents[0] == extents[1] and not any(label in ls for ls in others):
                    parts = [object() for _ in extents[0]]
                    sizes.update(zip(parts, extents[0], strict=True))
                    rest = [x for k, x in enumerate(factors) if k not in (a, c)]
                    return _unmerged([*rest, _opened_axis(f, fl, label, parts), _opened_axis(g, gl, label, parts)], out, sizes)
    return factors


def _opened_axis(f: Element, labels: tuple[Label, ...], label: Label, parts: Sequence[Label]) -> Factor:
    """A merged tensor with one of its merged axes as the axes it was made of."""
    inner, groups = f.args[0], f.value
    kept: list[Sequence[int]] = []
    names: list[Label] = []
    for group, name in zip(groups, labels, strict=True):
        if name is label or name == label:
            kept.extend([axis] for axis in group)
            names.extend(parts)
        else:
            kept.append(group)
            names.append(name)
    if all(len(group) == 1 for group in kept):
        order = [group[0] for group in kept]
        return inner, tuple(names[order.index(axis)] for axis in range(len(order)))
    return merge(inner, kept), tuple(names)


def total(terms: Sequence[Element], shape: Shape) -> Element:
    """The sum of terms of one shape, in the order given; zeros are left out."""
    kept: list[Element] = []
    for term in terms:
        if term.kind == "sum":
            kept.extend(term.args)
        elif not is_zero(term):
            kept.append(term)
    if not kept:
        return zero(shape)
    if len(kept) == 1:
        return kept[0]
    if all(t.kind == "number" for t in kept):
        return number(sum((t.value for t in kept), Fraction(0)))
    return node("sum", tuple(kept), None, shape)


def axes_of(shape: Shape, start: int = 0) -> tuple[tuple[int, ...], dict[Label, Size]]:
    """Whole numbers as labels for the axes of a shape, from `start`, and their sizes."""
    labels = tuple(range(start, start + len(shape)))
    return labels, dict(zip(labels, shape, strict=True))


def scaled(coefficient: Fraction | int, element: Element) -> Element:
    """A number times a tensor."""
    if element.kind == "sum" and coefficient == -1:
        return total([scaled(-1, t) for t in element.args], element.shape)
    labels, sizes = axes_of(element.shape)
    return product(labels, [(element, labels)], sizes, coefficient)


def broadcast(element: Element, shape: Shape) -> Element:
    """A number on every entry of a shape."""
    if element.shape == shape:
        return element
    labels, sizes = axes_of(shape)
    return product(labels, [(element, ())], sizes)


def entrywise(factors: Sequence[Element], coefficient: Fraction | int = 1) -> Element:
    """The product, entry by entry, of tensors of one shape and of numbers."""
    shape = max((f.shape for f in factors), key=len, default=())
    labels, sizes = axes_of(shape)
    return product(labels, [(f, labels if f.shape else ()) for f in factors], sizes, coefficient)


def plus(terms: Sequence[Element]) -> Element:
    """The sum of tensors of one shape and of numbers, which count for every entry."""
    shape = max((t.shape for t in terms), key=len, default=())
    return total([broadcast(t, shape) if not is_zero(t) else t for t in terms], shape)


def power(base: Element, exponent: Fraction | int) -> Element:
    """Every entry to a rational power."""
    exponent = Fraction(exponent)
    if exponent == 1:
        return base
    if exponent == 0:
        return broadcast(ONE, base.shape)
    if base.kind == "number" and exponent.denominator == 1 and (base.value != 0 or exponent > 0) and abs(exponent) <= 64:
        return number(base.value ** int(exponent))
    if base.kind == "power" and (base.value.denominator > 1 or exponent.denominator == 1 == base.value.denominator):
        # (b^p)^q = b^(pq) for whole p and q, and for b ≥ 0, which a root under it demands anyway
        return power(base.args[0], base.value * exponent)
    return node("power", (base,), exponent, base.shape)


def mapped(function: str, args: Sequence[Element]) -> Element:
    """A scalar function, entry by entry; numbers among the arguments count for every entry."""
    shape = max((a.shape for a in args), key=len, default=())
    return node("map", tuple(broadcast(a, shape) for a in args), function, shape)


def identity(n: Size) -> Element:
    """The identity matrix."""
    return product(("i", "i"), [], {"i": n})


def merge(element: Element, groups: Sequence[Sequence[int]]) -> Element:
    """Axes put together, group by group; within a group the last axis varies fastest."""
    shape = tuple(times(element.shape[a] for a in group) for group in groups)
    if is_zero(element):
        return zero(shape)
    return node("merge", (element,), tuple(tuple(g) for g in groups), shape)


def inverse(matrix: Element) -> Element:
    """The inverse of a square matrix; the inverse of an inverse is the matrix."""
    if matrix.kind == "form" and matrix.value == "inverse":
        return matrix.args[0]
    return node("form", (matrix,), "inverse", matrix.shape)
