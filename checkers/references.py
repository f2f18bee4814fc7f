"""What an answer is held against: an expected expression, or a derivative that is derived for it.

A reference knows its shape in the problem's layout, in which other forms it may be answered (entry by entry, as a
Kronecker matrix), and how it is written, because mistakes are looked for in what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..derivations import Derivation, Style, jacobian, write
from ..derivations.elements.elements import Element, merge, product
from ..derivations.notation.written import SCALAR, Written
from ..derivations.sizes import Shape, Size
from .quantities import Given, in_order, quantity

Order = tuple[str, tuple[tuple[int, ...], ...]]  # the words for an order of vec, and the groups of axes that it makes


@dataclass(frozen=True, slots=True)
class Reference:
    """The expected value.

    `shape` is (rows, columns), None where there are more axes; `free` are its open indices, `letters` the indices that a derivation
    gives its axes; `listed` says that a left side gives their order. `written` is how it is written, None where only entries are.
    `derived` says that it is a derivative (by `wrt`), `both_layouts` that its transpose is right as well, and `one_layout` that both
    layouts give the same, as for a number by a matrix.
    """

    element: Element
    shape: Shape | None
    given: Given
    written: Written | None = None
    free: tuple[str, ...] = ()
    parts: tuple[Element, ...] = ()
    derived: bool = False
    layout: str = "numerator"
    both_layouts: bool = False
    kronecker: tuple[Order, ...] = ()
    letters: tuple[str, ...] = ()
    listed: bool = False
    wrt: str = ""
    one_layout: bool = False
    notes: tuple[str, ...] = field(default=())

    @property
    def is_number(self) -> bool:
        """Whether it is one number without open indices."""
        return self.shape == SCALAR and not self.free

    @property
    def axes(self) -> str:
        """Its shape as a text: (n, d)."""
        return "({})".format(", ".join(str(s) for s in (self.shape or self.element.shape)))

    def said(self) -> str:
        """How it is written, in Unicode; empty where that is not known."""
        return write(self.written, Style.UNICODE) if self.written is not None else ""


def reference_of(expected: str, given: Given) -> Reference:
    """The reference that an expected expression is; derivatives in it are worked out.

    Raises:
        HwcheckError: it cannot be read, or has no meaning here.
    """
    return _referred(expected, *_frozen(given))


def derivative_of(function: str, wrt: str | None, given: Given, *, layout: str = "numerator", both: bool = False,
                  order: int = 1) -> Reference:
    """The reference that the derivative of a function is, in a layout.

    Raises:
        HwcheckError: the function cannot be read or derived.
    """
    derivation = _derived(function, wrt, layout, order, *_frozen(given))
    return reference_of_derivation(derivation, given, both=both)


Shapes = tuple[tuple[str, tuple[Size, ...]], ...]
Texts = tuple[tuple[str, str], ...]


def _frozen(given: Given) -> tuple[Shapes, Texts, Texts]:
    """What is given, as a key."""
    shapes = tuple(sorted((name, tuple(sizes)) for name, sizes in given.shapes.items()))
    return shapes, tuple(sorted(given.definitions.items())), tuple(sorted(given.domains.items()))


# A class hands in many answers to one question: it is read and derived once.


@lru_cache(maxsize=256)
def _referred(expected: str, shapes: Shapes, definitions: Texts, domains: Texts) -> Reference:
    given = Given(dict(shapes), dict(definitions), dict(domains))
    q = quantity(expected, given, deriving=True)
    element, free = q.element, q.free
    order = in_order(q.reading)
    if set(order) == set(free):
        rest = range(len(free), len(element.shape))
        element, free = turned(element, [*(free.index(i) for i in order), *rest]), order
    return Reference(element, q.shape, given.knowing(q.reading), q.reading.body, free, q.parts, listed=bool(q.reading.listed),
                     derived=any(n.op == "derivative" for n in q.reading.body.walk()))


@lru_cache(maxsize=256)
def _derived(function: str, wrt: str | None, layout: str, order: int, shapes: Shapes, definitions: Texts, domains: Texts) -> Derivation:
    return jacobian(function, wrt, shapes=dict(shapes), definitions=dict(definitions), domains=dict(domains), order=order, layout=layout,
                    confirmed=False)


def reference_of_derivation(derivation: Derivation, given: Given, *, both: bool = False) -> Reference:
    """A derivation as what an answer is held against."""
    element, outputs = derivation.derived, len(derivation.derived.shape) - len(_input_shape(derivation))
    inputs = len(element.shape) - outputs
    shape = _layout_shape(element.shape, outputs, inputs, derivation)
    denominator = derivation.layout == "denominator"
    if denominator and outputs and inputs:
        axes = [*range(outputs, outputs + inputs), *range(outputs)]
        names = dict(enumerate(element.shape))
        element = product(axes, [(element, tuple(range(len(names))))], dict(names))
    written = derivation.matrix_tree if not derivation.where else None
    return Reference(element, shape, given.knowing(derivation.reading), written, derived=True, layout=derivation.layout,
                     both_layouts=both, kronecker=_orders(outputs, inputs) if not denominator else (),
                     letters=derivation.letters if not denominator else (), wrt=derivation.wrt,
                     one_layout=not outputs and inputs == 2, notes=derivation.notes)


def _input_shape(derivation: Derivation) -> Shape:
    """The axes of the variable; a Hessian has them twice, and one of them counts as output."""
    shape = next(s.shape for s in derivation.reading.symbols if s.name == derivation.wrt)
    return tuple(s for s in shape if s != 1)


def _layout_shape(axes: Shape, outputs: int, inputs: int, derivation: Derivation) -> Shape | None:
    """(rows, columns) of a derivative: a number by a column is a row in numerator layout; by a matrix it has its shape."""
    if outputs + inputs > 2:
        return None
    if outputs + inputs == 2 and outputs != 1:
        return axes[0], axes[1]
    rows, columns = (axes[0] if outputs else 1), (axes[-1] if inputs else 1)
    if outputs == 1 and inputs == 1:
        rows, columns = axes[0], axes[1]
    return (columns, rows) if derivation.layout == "denominator" else (rows, columns)


def _orders(outputs: int, inputs: int) -> tuple[Order, ...]:
    """How three or four axes become two: vec by columns, and vec by rows."""
    if not (1 <= outputs <= 2 and 1 <= inputs <= 2) or outputs + inputs < 3:
        return ()
    out = list(range(outputs))
    into = list(range(outputs, outputs + inputs))
    return (("by columns", (tuple(reversed(out)), tuple(reversed(into)))), ("by rows", (tuple(out), tuple(into))))


def as_matrix(element: Element, order: Order) -> Element:
    """A tensor with three or four axes as the matrix of an order of vec."""
    return merge(element, order[1])


def turned(element: Element, order: Sequence[int]) -> Element:
    """The same tensor with its axes in another order."""
    sizes: Mapping[int, Size] = dict(enumerate(element.shape))
    if list(order) == list(range(len(sizes))):
        return element
    return product(list(order), [(element, tuple(range(len(sizes))))], dict(sizes))


__all__ = ["Order", "Reference", "as_matrix", "derivative_of", "reference_of", "reference_of_derivation", "turned"]
