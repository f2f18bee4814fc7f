"""A computation graph: one simple operation a node, equal parts one node, in the order in which people evaluate them.

Built from a written form whose names are all numbers. The inputs come first, in the order of the function's parameters,
then h₁, h₂, … from left to right and from inside out; the last node has the function's own name. What holds no input
(2, 1/2, ln 2) is no step of the computation: it stays in the formulas as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import library
from ..errors import HwcheckError, Span, UnsupportedError
from ..notation.pieces import fold
from ..notation.written import Written
from ..reader.reading import Reading
from .graph_writing import Notation
from .operations import on_arrays, partial, places, shown


@dataclass(frozen=True, slots=True)
class Node:
    """One node: "input", "number", "constant" or an operation of operations.py on earlier nodes.

    `literal` says that no input is in it; such nodes have no name and are not shown as nodes.
    """

    name: str
    operation: str
    args: tuple[int, ...] = ()
    value: Fraction | str | None = None
    literal: bool = False
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node to one that it is computed from; `positions` are the arguments where it stands there."""

    head: int
    tail: int
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of evaluation. `inputs` and `output` are positions among them."""

    function: str
    nodes: tuple[Node, ...]
    inputs: tuple[int, ...]
    output: int
    text: str = ""
    notation: Notation = field(default_factory=Notation)

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """The nodes that are shown: h₁, h₂, …, f."""
        return tuple(i for i, node in enumerate(self.nodes) if (node.args and not node.literal) or i == self.output)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges between nodes that are shown, by their heads in order of evaluation."""
        edges = []
        for i in self.steps:
            args = self.nodes[i].args
            for tail in dict.fromkeys(a for a in args if not self.nodes[a].literal):
                edges.append(Edge(i, tail, tuple(k for k, a in enumerate(args) if a == tail)))
        return tuple(edges)

    @cached_property
    def above(self) -> Mapping[int, tuple[Edge, ...]]:
        """The edges that end in a node: who uses it, in order of evaluation."""
        found: dict[int, list[Edge]] = {i: [] for i in range(len(self.nodes))}
        for edge in self.edges:
            found[edge.tail].append(edge)
        return {i: tuple(edges) for i, edges in found.items()}

    @cached_property
    def exponents(self) -> Mapping[int, Fraction]:
        """The exponents that are plain numbers, by the node of their power."""
        found = {}
        for i, node in enumerate(self.nodes):
            if node.operation == "power":
                value = self._fraction(node.args[1])
                if value is not None:
                    found[i] = value
        return found

    def _fraction(self, index: int) -> Fraction | None:
        """The value of a literal made of numbers, minus and division."""
        node = self.nodes[index]
        if node.operation == "number":
            return Fraction(node.value or 0)
        parts = [self._fraction(a) for a in node.args] if node.operation in ("neg", "divide") else []
        if parts and parts[0] is not None:
            if node.operation == "neg":
                return -parts[0]
            if parts[1]:
                return parts[0] / parts[1]
        return None

    def reference(self, index: int) -> Written:
        """How a node is called in the formula of another one: by its name, a literal as it was written."""
        node = self.nodes[index]
        if node.name:
            return Written("name", value=node.name)
        if node.operation == "number":
            return self.notation.rational(Fraction(node.value or 0))
        if node.operation == "constant":
            return Written("constant", value=node.value)
        return shown(node.operation, [self.reference(a) for a in node.args])

    def formula(self, index: int) -> Written:
        """The operation of a node on the names of its arguments: ln x, h₁ + h₃."""
        node = self.nodes[index]
        return shown(node.operation, [self.reference(a) for a in node.args])

    def partial(self, edge: Edge) -> Written:
        """The local partial derivative along an edge, in the names of the nodes."""
        node = self.nodes[edge.head]
        count = len(node.args)
        symbols = places(node.operation, count)
        names, known = {}, {}
        for symbol, a in zip(symbols, node.args, strict=True):
            fraction = self._fraction(a)
            if fraction is not None:
                known[symbol] = library().Rational(fraction.numerator, fraction.denominator)
            elif self.nodes[a].value == "e" and self.nodes[a].operation == "constant":
                known[symbol] = library().E
            else:  # x · x: both places stand for the same number, so that its derivative is 2x
                first = symbols[node.args.index(a)]
                known[symbol] = first
                names[first] = self.reference(a)
        parts = [partial(node.operation, count, p).xreplace(known) for p in edge.positions]
        return self.notation.formula(sum(parts[1:], start=parts[0]), names)

    @cached_property
    def partials(self) -> Mapping[Edge, Written]:
        """All local partials, by edge."""
        return {edge: self.partial(edge) for edge in self.edges}

    def evaluate(self, xp: Any, values: Mapping[str, Any]) -> Any:
        """The function's value on arrays of a library, given those of its inputs by name."""
        known: list[Any] = []
        for i, node in enumerate(self.nodes):
            if node.operation == "input":
                known.append(values[node.name])
            elif node.operation in ("number", "constant"):
                known.append(float(node.value or 0) if node.operation == "number" else getattr(xp, str(node.value)))
            else:
                known.append(on_arrays(node.operation, xp, [known[a] for a in node.args], self.exponents.get(i)))
        return xp.asarray(known[self.output])


Key = tuple[str, tuple[int, ...], Fraction | str | None]


class Builder:
    """Collects nodes from the leaves up; equal ones are one. It may start from the nodes of a graph."""

    def __init__(self, graph: Graph | None = None) -> None:
        nodes = graph.nodes if graph else ()
        self.keys: dict[Key, int] = {(n.operation, n.args, n.value): i for i, n in enumerate(nodes)}
        self.spans: list[Span] = [n.span for n in nodes]
        self._literal: list[bool] = [n.literal for n in nodes]

    def is_literal(self, index: int) -> bool:
        """Whether no input is in a node."""
        return self._literal[index]

    def node(
        self, operation: str, args: Sequence[int] = (), value: Fraction | str | None = None, span: Span = (0, 0)
    ) -> int:
        key = (operation, tuple(args), value)
        if key not in self.keys:
            self.keys[key] = len(self.keys)
            self.spans.append(span)
            self._literal.append(operation != "input" and all(self._literal[a] for a in args))
        index = self.keys[key]
        self.spans[index] = min(
            self.spans[index], span
        )  # parts come from right to left; the first place is the one to show
        return index

    def of(self, tree: Written, args: list[int]) -> int:
        """The node of one operation of the written form."""
        op, value, span = tree.op, tree.value, tree.span
        if op in ("number", "constant", "name"):
            kind = {"name": "input"}.get(op, op)
            return self.node(kind, (), Fraction(str(value)) if op == "number" else str(value), span)
        if op in _SAME and all(a.is_scalar for a in tree.args):
            return self._binary(_SAME[op], args, span)
        if op in ("transpose", "indicator"):
            return args[0]
        if op == "inverse":
            return self.node("divide", (self.node("number", (), Fraction(1)), args[0]), None, span)
        if op == "norm":
            return self.node("abs", args, None, span)
        if op == "compare":
            return self.node(str(value), args, None, span)
        if op == "cases":
            return self._cases(tree, args)
        if op == "call" and isinstance(value, str):
            return self._call(value, args, span)
        raise UnsupportedError(
            "A computation graph has arithmetic and functions of numbers; this is neither.", span=span
        )

    def _binary(self, operation: str, args: list[int], span: Span) -> int:
        """One node for one or two arguments, more of them two by two from the left."""
        result = self.node(operation, args[:2], None, span)
        for a in args[2:]:
            result = self.node(operation, (result, a), None, span)
        return result

    def _call(self, name: str, args: list[int], span: Span) -> int:
        name = {"max": "maximum", "min": "minimum"}.get(name, name) if len(args) == 2 else name
        row = FUNCTIONS.get(name)
        if row is None or not row.arity <= len(args) <= row.arity + len(row.parameters):
            raise UnsupportedError(
                f"“{name}” is no function of numbers that a computation graph can hold as one node.", span=span
            )
        if name == "pow":
            name = "power"
        if name in ("maximum", "minimum") and args[0] == self.keys.get(("number", (), Fraction(0))):
            args = args[
                ::-1
            ]  # max(0, z) is ReLU: at z = 0 the derivative by z is 0, which the second place would not give
        return self.node(name, args, None, span)

    def _cases(self, tree: Written, args: list[int]) -> int:
        """A choice is a node that looks at its condition; the last condition holds where no other does."""
        *pairs, result = args if tree.value else args[:-1]
        for value, condition in reversed(list(zip(pairs[::2], pairs[1::2], strict=True))):
            result = self.node("where", (condition, value, result), None, tree.span)
        return result


_SAME = {
    "neg": "neg", "add": "add", "sub": "sub", "scale": "times", "dot": "times", "hadamard": "times", "matmul": "times",
    "divide": "divide", "oslash": "divide", "power": "power", "entrypower": "power", "matrixpower": "power",
}  # fmt: skip


def graph_of(reading: Reading, notation: Notation | None = None) -> Graph:
    """The computation graph of a function of numbers. Raises UnsupportedError for what is no operation on numbers."""
    builder = Builder()
    try:
        root = fold(reading.body, builder.of)
    except HwcheckError as error:
        raise error.within(reading.text) from None
    for name in reading.parameters:
        builder.node("input", (), name)
    keys = list(builder.keys)
    names = [*reading.parameters, *(s.name for s in reading.symbols if s.name not in reading.parameters)]
    inputs = [builder.keys[("input", (), name)] for name in names if ("input", (), name) in builder.keys]
    order = [*inputs, *(i for i in _in_order(keys, root) if keys[i][0] != "input")]
    place = {old: new for new, old in enumerate(order)}
    function, letter = _letters(reading.function, names)
    nodes, count = [], 0
    for old in order:
        operation, args, value = keys[old]
        name = str(value) if operation == "input" else ""
        if old == root and operation != "input" and not builder.is_literal(old):
            name = function
        elif args and not builder.is_literal(old):
            count += 1
            name = f"{letter}_{count}"
        nodes.append(
            Node(name, operation, tuple(place[a] for a in args), value, builder.is_literal(old), builder.spans[old])
        )
    if nodes[place[root]].name != function:  # f(x) = x and f(x) = 3 have a node too
        nodes.append(Node(function, "copy", (place[root],), None, builder.is_literal(root), builder.spans[root]))
        output = len(nodes) - 1
    else:
        output = place[root]
    return Graph(
        function, tuple(nodes), tuple(range(len(inputs))), output, reading.text, notation or Notation.of(reading.text)
    )


def _letters(function: str | None, names: Sequence[str]) -> tuple[str, str]:
    """A name for the output and a letter for the nodes that no input has."""
    output = next(n for n in (function, "f", "F", "out") if n and n not in names)
    taken = {n.partition("_")[0] for n in (*names, output)}
    return output, next(letter for letter in ("h", "s", "u", "node") if letter not in taken)


def _in_order(keys: Sequence[Key], root: int) -> Iterator[int]:
    """The nodes below the root, arguments first, from left to right."""
    seen: set[int] = set()
    todo = [(root, False)]
    while todo:
        index, done = todo.pop()
        if done:
            yield index
        elif index not in seen:
            seen.add(index)
            todo.append((index, True))
            todo.extend((a, False) for a in reversed(keys[index][1]))
