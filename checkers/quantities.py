"""What a text stands for: its reading, and the element that is its meaning, under what is given.

`Given` is what a problem says of its symbols. A name without a declared shape has the same shape everywhere: what the
expected expression settles is declared for the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..derivations.calculus.calculus import derivative, differentiate
from ..derivations.elements.elements import Element, node, number, power, variable
from ..derivations.elements.meaning import COLUMN, ROW, Labelled, Meaning, ordered
from ..derivations.errors import ShapeError, UnsupportedError
from ..derivations.notation.spellings import Style
from ..derivations.notation.writer import write
from ..derivations.notation.written import Written
from ..derivations.reader.reading import Reading, read
from ..derivations.sizes import Shape, Size


@dataclass(frozen=True, slots=True)
class Given:
    """Shapes, definitions and domains by name, as the problem has them."""

    shapes: Mapping[str, Sequence[Size]] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)

    def knowing(self, reading: Reading) -> Given:
        """The same, with the shapes that a reading settled."""
        found = {s.name: s.shape for s in reading.symbols if s.name not in self.shapes and s.name not in self.definitions}
        return replace(self, shapes={**self.shapes, **found}) if found else self


@dataclass(frozen=True, slots=True)
class Quantity:
    """A text with its meaning.

    `element` has the free indices as its first axes, then rows and columns without axes of size 1; `shape` is (rows,
    columns) as written; `free` are the open indices in order, the i and j of X_ij. `parts` have to be defined though the
    element has lost them: the logarithm in 0 · log x.
    """

    text: str
    reading: Reading
    element: Element
    shape: Shape
    free: tuple[str, ...] = ()
    parts: tuple[Element, ...] = ()

    @property
    def latex(self) -> str:
        """What was read, in LaTeX."""
        return write(self.reading.body, Style.LATEX)


# Operations that are not defined everywhere.
_PARTIAL = frozenset("power entrypower inverse matrixpower".split())
_PARTIAL_CALLS = frozenset(
    "sqrt cbrt log log2 log10 log1p tan arcsin arccos arccosh arctanh inv logdet pinv".split()
)


@dataclass(slots=True)
class DerivingMeaning(Meaning):
    """Meaning in which ∂u/∂x is worked out, and which keeps the parts that are not defined everywhere."""

    partial: list[Element] = field(default_factory=list)
    known: dict[object, tuple[Written, Labelled]] = field(default_factory=dict)

    def lower(self, tree: Written) -> Labelled:
        """The element of an expression; remembered, because changed trees share most of their parts."""
        key = (id(tree), *self.axes.items())
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = (tree, self.lowered(tree))  # the tree is kept, so that its id stays its own
        return found[1]

    def lowered(self, tree: Written) -> Labelled:
        """The element of an expression, worked out."""
        if tree.op == "cases" or (tree.op == "call" and tree.value == "where"):
            return self.chosen(tree)
        if tree.op != "derivative":
            lowered = Meaning.lower(self, tree)
            if tree.op in ("divide", "oslash"):
                below = tree.args[1]
                self.partial.append(_reciprocal(below) if below.op == "number" else power(self.lower(below).element, -1))
            elif tree.op in _PARTIAL or (tree.op == "call" and tree.value in _PARTIAL_CALLS):
                self.partial.append(lowered.element)
            return lowered
        top, bottom = (self.lower(a) for a in tree.args)
        if bottom.element.kind != "variable":
            raise UnsupportedError("A derivative is taken by a name.", span=tree.span)
        worked_out = derivative(differentiate(top.element, variable(bottom.element.value, bottom.element.shape)))
        axes = len(top.element.shape)
        inner = worked_out.shape[axes:]
        if tree.value == "denominator" and not axes:
            return Labelled(worked_out, bottom.labels)
        if not axes and len(inner) == 1:
            return Labelled(worked_out, (COLUMN,))
        if axes == 1 and len(inner) == 1 and top.labels == (ROW,):
            return Labelled(worked_out, (ROW, COLUMN))
        if not inner:
            return Labelled(worked_out, top.labels)
        if not axes:
            return Labelled(worked_out, bottom.labels)
        raise UnsupportedError("A derivative with more than two axes has no place inside an expression.", span=tree.span)

    def chosen(self, tree: Written) -> Labelled:
        """Cases: a branch has to be defined only where it is taken."""
        pairs = _branches(tree)
        kept = self.partial
        guards: list[Element] = []
        before: list[Written] = []
        for body, condition in pairs:
            self.partial = kept if not before else []  # the first condition is always looked at
            if condition is not None:
                self.lower(condition)
            self.partial = []
            self.lower(body)
            parts = [n for n in body.walk() if n.op in ("divide", "oslash", *_PARTIAL) or (n.op == "call" and n.value in _PARTIAL_CALLS)]
            for part in parts if self.partial else ():
                zero = Written("number", (), "0")
                earlier = [x for c in before for x in (zero, c)]
                taken = [part, condition, zero] if condition is not None else [part]
                guard = Written("cases", (*earlier, *taken), True, tree.shape)
                guards.append(Meaning.lower(self, guard).element)
            if condition is not None:
                before.append(condition)
        self.partial = [*kept, *guards]
        return Meaning.lower(self, tree)


def _branches(tree: Written) -> list[tuple[Written, Written | None]]:
    """The branches of cases (or of where) with their conditions; None for what is taken otherwise."""
    if tree.op == "call":
        return [(tree.args[1], tree.args[0]), (tree.args[2], None)]
    count = len(tree.args) - bool(tree.value)
    pairs: list[tuple[Written, Written | None]] = [(tree.args[k], tree.args[k + 1]) for k in range(0, count, 2)]
    return [*pairs, (tree.args[-1], None)] if tree.value else [*pairs[:-1], (pairs[-1][0], None)]


def _reciprocal(tree: Written) -> Element:
    """One over a literal: defined, unless it is zero."""
    value = Fraction(str(tree.value))
    return number(1 / value) if value else node("power", (number(0),), Fraction(-1), ())


def quantity(text: str, given: Given, *, deriving: bool = False, axes: Shape = (), shape: Shape | None = None,
             indices: Mapping[str, Size] | None = None) -> Quantity:
    """Read a text and give it meaning.

    With `deriving`, derivatives in it are worked out; without, they are refused: an answer has to be worked out. `axes` are
    the sizes that open indices run over where nothing else says it, as in δ_jp; `indices` are sizes of
    indices by name; `shape` settles the size of a lone I.

    Raises:
        InputError: it cannot be read, or its shapes do not fit; with the place.
        UnsupportedError: something in it has no meaning here.
    """
    reading = read(text, shapes=given.shapes, definitions=given.definitions, shape=shape)
    if not deriving and (found := next((n for n in reading.body.walk() if n.op == "derivative"), None)) is not None:
        raise UnsupportedError("This derivative is not worked out yet; the answer is what it comes to.", span=found.span, text=text)
    return meant(text, reading, axes, indices)


def meant(text: str, reading: Reading, axes: Shape = (), indices: Mapping[str, Size] | None = None) -> Quantity:
    """The quantity of a reading; derivatives in it are worked out."""
    meaning = DerivingMeaning()
    free = reading.free
    if free:
        meaning.axes.update(index_sizes(reading, axes, indices))
    lowered = meaning.lower(reading.body)
    order = [*(i for i in free if i in lowered.labels), *(x for x in (ROW, COLUMN) if x in lowered.labels)]
    order += [label for label in lowered.labels if label not in order]
    element = ordered(lowered, order).element
    return Quantity(text, reading, element, reading.body.shape, tuple(i for i in free if i in lowered.labels),
                    _lost(element, meaning.partial))


def lowered(tree: Written) -> tuple[Element, tuple[Element, ...]]:
    """The element of a closed expression, and the parts that have to be defined though it has lost them.

    Raises:
        HwcheckError: something in it has no meaning here.
    """
    meaning = DerivingMeaning()
    element = meaning.of(tree)
    return element, _lost(element, meaning.partial)


def _lost(element: Element, partial: Sequence[Element]) -> tuple[Element, ...]:
    if not partial:
        return ()
    kept = set(element.walk())
    return tuple(dict.fromkeys(p for p in partial if p not in kept and p.kind != "number"))


def in_order(reading: Reading) -> tuple[str, ...]:
    """The open indices in the order of the axes: as a left side lists them, else in that of the alphabet.

    A left side may list more than the body has: J_ijk = δ_ij does not depend on k.
    """
    return reading.listed if set(reading.free) <= set(reading.listed) else tuple(sorted(reading.free))


def index_sizes(reading: Reading, axes: Shape = (), indices: Mapping[str, Size] | None = None) -> dict[str, Size]:
    """The sizes of the free indices.

    They come from the axes that an index runs over, else from `indices` and `axes`, else from δ's that tie it to another; what
    nothing says has a size of its own.
    """
    sizes: dict[str, Size] = {}
    for n in reading.body.walk():
        if n.op == "entry":
            base, *places = n.args
            extents = [s for s in base.shape if s != 1] if len(places) == 1 else list(base.shape)
            for place, extent in zip(places, extents, strict=False):
                if place.op == "index" and place.value != ":":
                    sizes.setdefault(str(place.value), extent)
    known = set(sizes)
    for name, extent in (indices or {}).items() if not reading.listed else ():
        sizes.setdefault(name, extent)
    order = in_order(reading)
    for name, extent in zip(order, axes, strict=True) if len(order) == len(axes) else ():
        sizes.setdefault(name, extent)
    ties = [(str(n.args[0].value), str(n.args[1].value)) for n in reading.body.walk()
            if n.op in ("delta", "compare") and all(a.op == "index" for a in n.args)]
    for index in reading.free:
        _tied(sizes, ties)
        sizes.setdefault(index, f"size_{index}")
    _tied(sizes, ties)
    for a, b in ties:
        if a in sizes and b in sizes and sizes[a] != sizes[b]:
            surely, other = (a, b) if a in known else (b, a)
            raise ShapeError(f"δ_{a}{b} makes {a} and {b} run over the same entries, but {surely} runs to {sizes[surely]} and {other} to "
                             f"{sizes[other]}.", span=reading.body.span)
    return sizes


def _tied(sizes: dict[str, Size], ties: Sequence[tuple[str, str]]) -> None:
    """Give the size of an index to those that a δ ties it to."""
    for _ in ties:
        for a, b in (*ties, *((b, a) for a, b in ties)):
            if a in sizes:
                sizes.setdefault(b, sizes[a])


__all__ = ["DerivingMeaning", "Given", "Quantity", "in_order", "index_sizes", "lowered", "meant", "quantity"]
