"""Sides of equations with their meaning, and derivatives brought into place: open indices first, then rows and columns in a layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ...derivations.elements.elements import Element, node, product
from ...derivations.errors import UnsupportedError
from ...derivations.notation.written import SCALAR
from ...derivations.sizes import Shape, Size
from ..chains.chain_context import replaced

ARGUMENT = "Qargument"  # the one variable of a function that is taken entry by entry


@dataclass(frozen=True, slots=True)
class Term:
    """One side of an equation with its meaning.

    The axes of `element` are the open indices `free` in order, then rows and columns without axes of size 1; `shape` is (rows,
    columns), None where there are more axes. `unknown` are names of which nothing is known; `is_worked_out` says that no derivative
    is marked in it. `says` is true where it mentions a name, so that it is no plain number.
    """

    text: str
    element: Element
    free: tuple[str, ...]
    shape: Shape | None
    parts: tuple[Element, ...] = ()
    latex: str = ""
    unknown: frozenset[str] = frozenset()
    is_worked_out: bool = True
    is_mark: bool = False
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class How:
    """How derivatives are taken in one reading: the layout, and whether what lies between is held fixed.

    ∇ stands for the column of partial derivatives, or with `is_course` for the derivative in the layout.
    """

    layout: str = "numerator"
    direct: bool = False
    is_course: bool = False


def entry(value: Element, labels: Sequence[str], above: Term, below: Shape, how: How) -> Term:
    """A derivative with labels on its axes, brought to open indices first, then rows and columns in the layout."""
    sizes = dict(zip(labels, value.shape, strict=True))
    factors: list[tuple[Element, tuple[str, ...]]] = []
    names = list(labels)
    for k, label in enumerate(labels):
        if label.isdigit():
            names[k] = f"n{k}"
            factors.append((node("unit", (), int(label), (value.shape[k],)), (names[k],)))
    sizes = dict(zip(names, value.shape, strict=True))
    for k, label in enumerate(names):
        if sizes[label] != value.shape[k]:
            raise UnsupportedError(f"The index {label} counts two axes of different sizes here.")
    tops = [x for x in names if x[0] == "t" and x[1:].isdigit()]
    bottoms = [x for x in names if x[0] == "b" and x[1:].isdigit()]
    free = tuple(dict.fromkeys(x for x in names if x not in tops and x not in bottoms and not (x[0] == "n" and x[1:].isdigit())))
    order, shape = _layout(tops, bottoms, sizes, above, below, how)
    out = (*free, *order)
    element = product(out, [(value, tuple(names)), *factors], sizes)
    return Term("", element, free, shape, unknown=above.unknown, is_worked_out=False, is_mark=True)


def _layout(tops: Sequence[str], bottoms: Sequence[str], sizes: Mapping[str, Size], above: Term, below: Shape, how: How) -> tuple[
    tuple[str, ...], Shape | None]:
    """The order of the axes that have no index, and the shape: outputs are rows in numerator layout."""
    if len(tops) + len(bottoms) > 2:
        return (*tops, *bottoms), None
    turned = how.layout == "denominator"
    if tops and bottoms:
        order = (bottoms[0], tops[0]) if turned else (tops[0], bottoms[0])
        return order, (sizes[order[0]], sizes[order[1]])
    if tops:
        rows, columns = above.shape or SCALAR
        return tuple(tops), ((rows, columns) if len(tops) == 2 or not turned else (columns, rows))
    if len(bottoms) == 2:
        return tuple(bottoms), (sizes[bottoms[0]], sizes[bottoms[1]])
    if bottoms:
        is_row = (below[0] == 1) if turned else (below[0] != 1)
        return tuple(bottoms), ((1, sizes[bottoms[0]]) if is_row else (sizes[bottoms[0]], 1))
    return (), SCALAR


def turned(term: Term) -> Term:
    if term.shape is None or term.free or len(term.element.shape) == 2:
        raise UnsupportedError("A transpose of this derivative is not judged here.")
    return replace(term, shape=term.shape[::-1])


def placed(term: Term, extra: dict[str, Term]) -> str:
    """A place holder for a term inside a text, with its open indices behind it."""
    key = key_for(len(extra))
    axes = term.element.shape
    if term.shape is None or len(axes) > 2:
        raise UnsupportedError("A derivative with more than two axes has no place inside an expression.")
    if not term.free:
        extra[key] = term
        return f" {key} "
    if len(term.free) == len(axes):
        shape = (*axes, 1)[:2]
        extra[key] = replace(term, free=(), shape=shape)
        return f" {key}_{{{','.join(term.free)}}} "
    extra[key] = replace(term, free=(), shape=axes)  # an open index and one axis: a row, or a column of it
    if term.shape[0] == 1:
        return f" {key}_{{{term.free[0]},:}} "
    return f" {{{key}_{{{term.free[0]},:}}}}^\\top "


def key_for(number: int) -> str:
    """A name that nobody uses: letters only, read as one name."""
    return "Qd" + chr(ord("a") + number // 26 % 26) + chr(ord("a") + number % 26)


def entrywise(slope: Element, at: Element) -> Element:
    """A function of one number, Qargument, at every entry of a tensor."""
    if not at.shape:
        return replaced(slope, {ARGUMENT: at})
    labels = tuple(f"e{k}" for k in range(len(at.shape)))
    return _Entrywise(at, labels, dict(zip(labels, at.shape, strict=True))).of(slope)


@dataclass(slots=True)
class _Entrywise:
    """Rebuilds an element of numbers over the axes of a tensor."""

    at: Element
    labels: tuple[str, ...]
    sizes: Mapping[str, Size]

    def of(self, element: Element) -> Element:
        """The same operations, on tensors."""
        from_kind: Mapping[str, Callable[[Element], Element]] = {"product": self.product, "sum": self.general, "power": self.general,
                                                                 "map": self.general}
        if element.kind == "variable":
            return self.at
        if not element.names:
            return product(self.labels, [(element, ())], dict(self.sizes))
        rule = from_kind.get(element.kind)
        if rule is None:
            raise UnsupportedError("This derivative is not taken entry by entry here.")
        return rule(element)

    def general(self, element: Element) -> Element:
        return node(element.kind, tuple(self.of(a) for a in element.args), element.value, self.at.shape)

    def product(self, element: Element) -> Element:
        factors = [(self.of(a), self.labels) for a in element.args]
        return product(self.labels, factors, dict(self.sizes), element.value.coefficient)


__all__ = ["ARGUMENT", "How", "Term", "entry", "entrywise", "key_for", "placed", "turned"]
