"""What a text stands for: its reading, and the element that is its meaning, under what is given.

`Given` is what a problem says of its symbols. A name without a declared shape has the same shape everywhere: what the
expected expression settles is declared for the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..derivations.calculus.calculus import derivative, differentiate
from ..derivations.elements.elements import Element, variable
from ..derivations.elements.meaning import COLUMN, ROW, Labelled, Meaning, ordered
from ..derivations.errors import UnsupportedError
from ..derivations.notation.writer import write
from ..derivations.notation.spellings import Style
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
    columns) as written; `free` are the open indices in order, the i and j of X_ij.
    """

    text: str
    reading: Reading
    element: Element
    shape: Shape
    free: tuple[str, ...] = ()

    @property
    def latex(self) -> str:
        """What was read, in LaTeX."""
        return write(self.reading.body, Style.LATEX)


@dataclass(slots=True)
class DerivingMeaning(Meaning):
    """Meaning in which ∂u/∂x is worked out."""

    def lower(self, tree: Written) -> Labelled:
        if tree.op != "derivative":
            return Meaning.lower(self, tree)
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


def quantity(text: str, given: Given, *, deriving: bool = False) -> Quantity:
    """Read a text and give it meaning.

    With `deriving`, derivatives in it are worked out; without, they are refused: an answer has to be worked out.

    Raises:
        InputError: it cannot be read, or its shapes do not fit; with the place.
        UnsupportedError: something in it has no meaning here.
    """
    reading = read(text, shapes=given.shapes, definitions=given.definitions)
    if not deriving and (found := next((n for n in reading.body.walk() if n.op == "derivative"), None)) is not None:
        raise UnsupportedError("This derivative is not worked out yet; the answer is what it comes to.", span=found.span, text=text)
    return meant(text, reading, deriving=deriving)


def meant(text: str, reading: Reading, *, deriving: bool = False) -> Quantity:
    """The quantity of a reading."""
    meaning = DerivingMeaning() if deriving else Meaning()
    free = reading.free
    if free:
        meaning.axes.update(index_sizes(reading))
    lowered = meaning.lower(reading.body)
    order = [*(i for i in free if i in lowered.labels), *(x for x in (ROW, COLUMN) if x in lowered.labels)]
    order += [label for label in lowered.labels if label not in order]
    element = ordered(lowered, order).element
    return Quantity(text, reading, element, reading.body.shape, tuple(i for i in free if i in lowered.labels))


def index_sizes(reading: Reading) -> dict[str, Size]:
    """The sizes of the free indices, from the axes that they run over."""
    sizes: dict[str, Size] = {}
    for node in reading.body.walk():
        if node.op != "entry":
            continue
        base, *indices = node.args
        extents = [s for s in base.shape if s != 1] if len(indices) == 1 else list(base.shape)
        for index, extent in zip(indices, extents, strict=False):
            if index.op == "index" and index.value != ":":
                sizes.setdefault(str(index.value), extent)
    return sizes


__all__ = ["DerivingMeaning", "Given", "Quantity", "index_sizes", "meant", "quantity"]
