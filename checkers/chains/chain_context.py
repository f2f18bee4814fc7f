"""What a worked solution has said so far: names with their definitions, and derivatives that were claimed, as one graph.

A name that was defined is a node: terms are held over the nodes, and definitions are put in only where something is
compared. ∂L/∂a means the derivative with a held as a node: what depends on a is opened, a itself is not. What a person wrote
last of a quantity is kept beside its definition, so that a later line can be held against the person's own value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...derivations.calculus.calculus import derivative, differentiate
from ...derivations.elements.elements import Element, mapped, node, power, product, total, variable
from ...derivations.elements.meaning import COLUMN, ROW, Labelled, Meaning, ordered
from ...derivations.errors import HwcheckError, NameUnknownError, UnsupportedError
from ...derivations.notation.spellings import Style
from ...derivations.notation.writer import write
from ...derivations.notation.written import SCALAR, Written
from ...derivations.reader.reading import read
from ...derivations.sizes import Shape, Size
from ..quantities import Given, index_sizes
from .chain_heads import Head, Pair, head_of, with_placeholders

NUMERATOR, DENOMINATOR = "numerator", "denominator"

# Names that stand for a number when nothing else is said: the loss.
LOSSES = frozenset("L J E C l ell loss cost".split())
MOST_ELEMENTS = 4000


@dataclass(frozen=True, slots=True)
class Term:
    """One expression of a solution: its element over the nodes, and rows and columns as it was written."""

    text: str
    tree: Written
    element: Element
    shape: Shape
    free: tuple[str, ...] = ()
    latex: str = ""
    literal: str | None = None


@dataclass(slots=True)
class Node:
    """A named quantity: its definition, the last form that was written of it, and the line of each.

    `tree` is its definition as written, `literal` its value where that was written as a number.
    """

    name: str
    first: Element | None
    latest: Element | None
    shape: Shape
    line: int
    latest_line: int = 0
    claimed: bool = False
    tree: Written | None = None
    literal: str | None = None


@dataclass(slots=True)
class GraphMeaning(Meaning):
    """Meaning in which a derivative is taken in the graph of a context."""

    graph: Context | None = None

    def lower(self, tree: Written) -> Labelled:
        if tree.op != "derivative":
            return Meaning.lower(self, tree)
        assert self.graph is not None
        top, (name, shape, index) = self.lower(tree.args[0]), _bottom(tree.args[1])
        worked_out = self.graph.total(top.element, name, shape, latest=False)
        if worked_out is None:
            raise UnsupportedError("This derivative is of something that is not known to depend on it.", span=tree.span)
        if index:
            return Labelled(worked_out, (*top.labels, *index))
        return Labelled(worked_out, _derivative_labels(top.labels, _labels(tree.args[1]), tree))


def _bottom(tree: Written) -> tuple[str, Shape, tuple[str, ...]]:
    """The name that is differentiated by, its shape, and its indices where it is an entry."""
    base, *indices = tree.args if tree.op == "entry" else (tree,)
    if base.op != "name" or any(i.op != "index" or i.value == ":" for i in indices):
        raise UnsupportedError("A derivative is taken by a name.", span=tree.span)
    shape = tuple(s for s in base.shape if s != 1)
    if indices and len(indices) != len(shape):
        raise UnsupportedError("A derivative is taken by a name or one of its entries.", span=tree.span)
    return str(base.value), shape, tuple(str(i.value) for i in indices)


def _labels(tree: Written) -> tuple[str, ...]:
    return tuple(label for label, s in zip((ROW, COLUMN), tree.shape, strict=True) if s != 1)


def _derivative_labels(top: Sequence[object], bottom: Sequence[str], tree: Written) -> tuple[object, ...]:
    """The labels of a derivative's axes, those of the top first; the layout is in the shape that the reader found."""
    if not bottom:
        return tuple(top)
    if not top:
        if len(bottom) == 1:
            return (ROW,) if tree.shape[1] == 1 else (COLUMN,)
        return tuple(bottom)
    if len(top) == len(bottom) == 1 and top[0] in (ROW, COLUMN):
        return (ROW, COLUMN)
    raise UnsupportedError("A derivative with more than two axes has no place inside an expression.", span=tree.span)


@dataclass(slots=True)
class Context:
    """The graph of one solution, under one layout.

    With `scalars`, names without a declared shape are numbers. `nodes` holds definitions by name, and derivatives by the
    name of their place holder.
    """

    given: Given
    layout: str = DENOMINATOR
    scalars: bool = False
    shapes: dict[str, Sequence[Size]] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    functions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: dict[str, Pair] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.shapes.update(self.given.shapes)
        for name, text in self.given.definitions.items():
            try:
                self.define(name, self.read(text), 0)
            except HwcheckError:
                self.guessed.add(name)

    # -- reading ---------------------------------------------------------------------------------------------------

    def head(self, text: str) -> Head:
        """What a left side names."""
        return head_of(text, frozenset(self.shapes) | frozenset(self.nodes), self.functions)

    def read(self, text: str) -> Term:
        """The meaning of one expression.

        Raises:
            InputError: it cannot be read, or its shapes do not fit.
            UnsupportedError: something in it has no meaning here.
        """
        plain, pairs = with_placeholders(text, self.functions, "d" in self.shapes, frozenset(self.shapes) | frozenset(self.nodes))
        shapes = dict(self.shapes)
        for placeholder, pair in pairs.items():
            known = self.partial(placeholder, pair)
            shapes[placeholder] = known.shape
        reading = read(plain, shapes=shapes, scalars=self.scalars)
        for symbol in reading.symbols:
            if symbol.name not in shapes:
                self.shapes[symbol.name] = symbol.shape
                self.guessed.add(symbol.name)
        meaning = GraphMeaning(graph=self)
        meaning.axes.update(index_sizes(reading))
        try:
            lowered = meaning.lower(reading.body)
        except AssertionError:  # a defect below must not cost the other lines their verdicts
            raise UnsupportedError("This has no meaning here.", text=text) from None
        free = tuple(sorted(str(x) for x in lowered.labels if x not in (ROW, COLUMN)))
        element = ordered(lowered, [*free, *(x for x in (ROW, COLUMN) if x in lowered.labels)]).element
        if sum(1 for _ in element.walk()) > MOST_ELEMENTS:
            raise UnsupportedError("This is too long to be compared.", text=text)
        return Term(text, reading.body, element, reading.body.shape, free, self.latex_of(reading.body), _literal(reading.body))

    def latex_of(self, tree: Written) -> str:
        """The LaTeX of what was read, derivatives with the name they were written by."""
        text = write(tree, Style.LATEX)
        for placeholder, pair in self.pairs.items():
            shown = write(Written("name", (), placeholder), Style.LATEX)
            text = text.replace(shown, rf"\frac{{\partial {spelled(pair.top)}}}{{\partial {spelled(pair.bottom)}}}")
        return text

    # -- definitions -----------------------------------------------------------------------------------------------

    def define(self, name: str, term: Term, line: int) -> bool:
        """Take a name for an expression; False where that would go in a circle."""
        if self.expanded(term.element).depends_on(name):
            return False
        self.nodes[name] = Node(name, term.element, term.element, term.shape, line, line, tree=term.tree, literal=term.literal)
        self.shapes[name] = term.shape
        return True

    def written_again(self, name: str, term: Term, line: int) -> None:
        """Keep the form of a quantity that was written last."""
        known = self.nodes.get(name)
        if known is not None:
            known.latest, known.latest_line, known.literal = term.element, line, term.literal or known.literal

    def claim(self, head: Head, term: Term, line: int) -> None:
        """Take what was written of a derivative; it is used where it cannot be worked out, and as the person's own value."""
        assert head.pair is not None
        place = head.pair.placeholder
        self.pairs[place] = head.pair
        known = self.nodes.get(place)
        if known is None or known.first is None or known.claimed:
            first = line if known is None else known.line
            self.nodes[place] = Node(place, term.element, term.element, term.shape, first, line, claimed=True, literal=term.literal)
        else:
            self.written_again(place, term, line)

    # -- the graph -------------------------------------------------------------------------------------------------

    def expanded(self, element: Element, *, latest: bool = False, keep: str | None = None) -> Element:
        """The element with all definitions put in; with `keep`, only those that depend on that name."""
        for _ in range(len(self.nodes) + 1):
            found: dict[str, Element] = {}
            for name in element.names:
                known = self.nodes.get(name)
                value = None if known is None else known.latest if latest else known.first
                if value is not None and name != keep and (keep is None or self.reaches(name, keep)):
                    found[name] = value
            if not found:
                return element
            element = replaced(element, found)
        return element

    def reaches(self, name: str, target: str) -> bool:
        """Whether a node depends on a name, through its definitions."""
        todo, seen = [name], {name}
        while todo:
            known = self.nodes.get(todo.pop())
            for other in known.first.names if known and known.first is not None else ():
                if other == target:
                    return True
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return False

    def total(self, element: Element, name: str, shape: Shape, *, latest: bool) -> Element | None:
        """The derivative by a node, its own axes last; None where nothing depends on it."""
        opened = self.expanded(element, latest=latest, keep=name)
        if not opened.depends_on(name):
            return None
        if any(n.kind == "variable" and n.value == name and n.shape != shape for n in opened.walk()):
            raise UnsupportedError(f"“{name}” is used with two shapes.")
        return derivative(differentiate(opened, variable(name, shape)))

    def partial(self, placeholder: str, pair: Pair) -> Node:
        """The node of a derivative: worked out, or claimed before, or open.

        Raises:
            NameUnknownError: nothing is known of the top, and it is not the name of a loss.
        """
        known = self.nodes.get(placeholder)
        if known is not None:
            return known
        top, bottom = self.shape_of(pair.top), self.shape_of(pair.bottom)
        self.pairs[placeholder] = pair
        shape = partial_shape(top, bottom, DENOMINATOR if pair.gradient else self.layout)
        found = self.worked_out(pair, latest=False)
        node = Node(placeholder, found, found, shape, 0)
        self.nodes[placeholder] = node
        if found is None:
            del self.nodes[placeholder]  # open for now: a later line may say what it is
        return node

    def shape_of(self, name: str) -> Shape:
        if name in self.nodes:
            return self.nodes[name].shape
        if name in self.shapes:
            shape = tuple(self.shapes[name])
            return shape if len(shape) >= 2 else (*shape, 1, 1)[:2]
        if name in LOSSES or self.scalars:
            self.shapes[name] = SCALAR
            return SCALAR
        raise NameUnknownError(f"“{name}” is not known here.")

    def worked_out(self, pair: Pair, *, latest: bool) -> Element | None:
        """∂top/∂bottom from the definition of top, or by the chain rule from a derivative of it that was claimed before."""
        known = self.nodes.get(pair.top)
        value = None if known is None else known.latest if latest else known.first
        shape = tuple(s for s in self.shape_of(pair.bottom) if s != 1)
        try:
            if value is not None:
                found = self.total(value, pair.bottom, shape, latest=latest)
                return None if found is None else self.laid_out(found, pair)
        except HwcheckError:
            return None
        return None

    def direct(self, value: Element, pair: Pair) -> Element | None:
        """The derivative of an expression as it is written, with everything that it names held fixed but the bottom."""
        shape = tuple(s for s in self.shape_of(pair.bottom) if s != 1)
        if any(n.kind == "variable" and n.value == pair.bottom and n.shape != shape for n in value.walk()):
            return None
        try:
            return self.laid_out(derivative(differentiate(value, variable(pair.bottom, shape))), pair)
        except HwcheckError:
            return None

    def by_chain_rule(self, pair: Pair, *, latest: bool = False) -> Element | None:
        """∂top/∂bottom as (∂top/∂v)(∂v/∂bottom) with the claim of ∂top/∂v that was made last."""
        for place, other in reversed(self.pairs.items()):
            known = self.nodes.get(place)
            if other.top != pair.top or other.bottom == pair.bottom or known is None or known.first is None:
                continue
            if self.reaches(other.bottom, pair.bottom):
                outer = known.latest if latest else known.first
                assert outer is not None
                return self.linked(outer, other, pair.bottom, latest=latest)
        return None

    def linked(self, outer: Element, pair: Pair, bottom: str, *, latest: bool = False) -> Element | None:
        """(∂top/∂v) times ∂v/∂bottom, for a number as top."""
        middle = self.nodes.get(pair.bottom)
        if middle is None or middle.first is None or self.shape_of(pair.top) != SCALAR:
            return None
        shape = tuple(s for s in self.shape_of(bottom) if s != 1)
        inner: Element | None = None
        own = self.nodes.get(Pair(pair.bottom, bottom).placeholder)
        if latest and own is not None and own.latest is not None:
            inner = own.latest
        if inner is None or len(inner.shape) != len(middle.first.shape) + len(shape):
            inner = self.total(middle.first, bottom, shape, latest=latest)
        if inner is None or outer.shape != middle.first.shape:
            return None
        summed = tuple(f"s{i}" for i in range(len(outer.shape)))
        kept = tuple(f"k{i}" for i in range(len(shape)))
        sizes = dict(zip((*summed, *kept), (*outer.shape, *shape), strict=True))
        return product(kept, [(outer, summed), (inner, (*summed, *kept))], sizes)

    def laid_out(self, found: Element, pair: Pair) -> Element:
        """A derivative of a vector by a vector in the layout of this solution."""
        both = len(found.shape) == 2 and self.shape_of(pair.top) != SCALAR != self.shape_of(pair.bottom)
        if both and self.layout == DENOMINATOR and not pair.gradient:
            return turned(found)
        return found


def turned(element: Element) -> Element:
    """The transpose of a matrix."""
    rows, columns = element.shape
    return product(("j", "i"), [(element, ("i", "j"))], {"i": rows, "j": columns})


def spelled(name: str) -> str:
    """A name in LaTeX."""
    return write(Written("name", (), name), Style.LATEX)


def partial_shape(top: Shape, bottom: Shape, layout: str) -> Shape:
    """Rows and columns of ∂top/∂bottom.

    Raises:
        UnsupportedError: it has more than two axes.
    """
    if bottom == SCALAR:
        return top if layout == NUMERATOR or top == SCALAR else (top[1], top[0])
    if top == SCALAR:
        return bottom if layout == DENOMINATOR or 1 not in bottom else (bottom[1], bottom[0])
    if 1 in top and 1 in bottom:
        m, n = (next(s for s in shape if s != 1) for shape in (top, bottom))
        return (m, n) if layout == NUMERATOR else (n, m)
    raise UnsupportedError("A derivative with more than two axes has no place inside an expression.")


def _literal(tree: Written) -> str | None:
    """The digits of a number as it was written, with its sign."""
    if tree.op == "number":
        return str(tree.value)
    if tree.op == "neg" and tree.args[0].op == "number":
        return f"-{tree.args[0].value}"
    return None


def replaced(element: Element, values: Mapping[str, Element]) -> Element:
    """The element with other elements, of the same axes, in place of variables."""
    done: dict[Element, Element] = {}
    for part in reversed(list(element.walk())):
        if part.kind == "variable":
            value = values.get(part.value, part)
            if value.shape != part.shape:
                raise UnsupportedError(f"“{part.value}” is used with another shape than it was defined with.")
            done[part] = value
        elif not part.args or not any(name in values for name in part.names):
            done[part] = part
        else:
            done[part] = _rebuilt(part, [done[a] for a in part.args])
    return done[element]


def _rebuilt(part: Element, args: list[Element]) -> Element:
    """The same node over other parts."""
    if part.kind == "product":
        value = part.value
        return product(value.out, zip(args, value.places, strict=True), dict(enumerate(value.sizes)), value.coefficient)
    if part.kind == "sum":
        return total(args, part.shape)
    if part.kind == "power":
        if args[0].kind == "number" and args[0].value == 0 and part.value < 0:
            raise UnsupportedError("This divides by zero.")
        return power(args[0], part.value)
    if part.kind == "map":
        return mapped(part.value, args)
    return node(part.kind, tuple(args), part.value, part.shape)


__all__ = [
    "DENOMINATOR",
    "LOSSES",
    "NUMERATOR",
    "Context",
    "GraphMeaning",
    "Node",
    "Term",
    "partial_shape",
    "replaced",
    "spelled",
    "turned",
]
