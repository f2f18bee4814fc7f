"""The two passes over a computation graph at one point: values forward, adjoints backward, all exact and enclosed.

Forward, every node is computed once from its arguments; a point at which an operation has no value or no slope is
refused with the node and the number that are in the way. Backward, the adjoint of a node (∂f/∂node) is the sum over the
nodes that use it of their adjoint times the local partial. Linear in the number of nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ..elements.symbolic import library
from ..errors import DomainError, HwcheckError, LimitError
from .graph_building import Edge, Graph, Node
from .graph_writing import decimal_text
from .operations import Demand, kink, meaning, partial, places, unmet
from .values import BITS, PRECISIONS, Calculator, TooLarge, Undecided, Value, calculating, decimal


@dataclass(frozen=True, slots=True)
class Passes:
    """What both passes found: values and adjoints by node, local partials by edge, and the nodes on a kink."""

    values: tuple[Value, ...]
    partials: Mapping[Edge, Value]
    adjoints: Mapping[int, Value]
    kinks: Mapping[int, Fraction | str]


def both_passes(graph: Graph, calculator: Calculator, point: Mapping[str, Value]) -> Passes:
    """Both passes at a point. Raises DomainError and LimitError, and Undecided where the precision does not suffice."""
    values, kinks = forward(graph, calculator, point)
    partials: dict[Edge, Value] = {}
    for edge in graph.edges:
        partials[edge] = _checked(graph, calculator, edge.head, _partial(graph, calculator, edge, values))
    adjoints = {graph.output: calculator.number(1)}
    for i in reversed(range(len(graph.nodes))):
        node = graph.nodes[i]
        if node.literal or i == graph.output:
            continue
        products = [calculator.product([adjoints[e.head], partials[e]]) for e in graph.above[i]]
        adjoints[i] = calculator.sum(products)
    return Passes(tuple(values), partials, adjoints, kinks)


def check_literals(graph: Graph) -> None:
    """Refuse what has a value nowhere: 1/0, ln(−1), x/0, (−2)^x. Raises DomainError and LimitError."""
    for precision in PRECISIONS:
        try:
            with calculating(precision, last=precision == PRECISIONS[-1]) as calculator:
                values: list[Value] = []
                for i, node in enumerate(graph.nodes):
                    if node.literal:
                        values.append(_computed(graph, calculator, i, values, {}))
                        continue
                    values.append(calculator.number(1))  # an innocent argument
                    missed = None
                    if node.operation in ("divide", "power"):
                        args = [values[a] for a in node.args]
                        missed = unmet(calculator, node.operation, args, graph.exponents.get(i))
                    if missed is not None and graph.nodes[node.args[missed.position]].literal:
                        raise _outside(graph, calculator, i, missed, values)
                return
        except Undecided:
            continue


def forward(
    graph: Graph, calculator: Calculator, point: Mapping[str, Value]
) -> tuple[list[Value], dict[int, Fraction | str]]:
    """The value of every node in order, and the kinks that were met."""
    values: list[Value] = []
    kinks: dict[int, Fraction | str] = {}
    for i, node in enumerate(graph.nodes):
        values.append(_computed(graph, calculator, i, values, point))
        if node.args and not node.literal:
            found = kink(calculator, node.operation, [values[a] for a in node.args])
            if found is not None:
                kinks[i] = found
    return values, kinks


def _computed(
    graph: Graph, calculator: Calculator, index: int, values: list[Value], point: Mapping[str, Value]
) -> Value:
    """The value of one node from those before it, if its operation can be carried out on them."""
    node = graph.nodes[index]
    args = [values[a] for a in node.args]
    if args:
        missed = unmet(calculator, node.operation, args, graph.exponents.get(index))
        if missed is not None:
            raise _outside(graph, calculator, index, missed, values)
    try:
        value = _value(calculator, node, args, point)
    except TooLarge as large:
        name = graph.notation.text(graph.formula(index))
        message = f"{name} would be a number with {large.bits:,} binary digits here; {BITS:,} are the most."
        raise _placed(graph, index, LimitError(message)) from None
    return _checked(graph, calculator, index, value)


def _value(calculator: Calculator, node: Node, args: list[Value], point: Mapping[str, Value]) -> Value:
    if node.operation == "input":
        return point[node.name]
    if node.operation == "number":
        return calculator.number(Fraction(node.value or 0))
    if node.operation == "constant":
        return calculator.of(library().pi if node.value == "pi" else library().E, {})
    count = len(args)
    return calculator.of(meaning(node.operation, count), dict(zip(places(node.operation, count), args, strict=True)))


def _partial(graph: Graph, calculator: Calculator, edge: Edge, values: list[Value]) -> Value:
    """The local partial along an edge; an argument that stands in two places counts in both."""
    node = graph.nodes[edge.head]
    count = len(node.args)
    known = dict(zip(places(node.operation, count), [values[a] for a in node.args], strict=True))
    exponent = graph.exponents.get(edge.head)
    if exponent is not None and exponent.denominator == 1 and edge.positions == (0,):
        # c xᶜ⁻¹ by whole powers: x may be negative or 0 here, where the general formula x^y y/x has no value
        before = (
            calculator.power(known[places("power", 2)[0]], calculator.number(exponent - 1))
            if exponent
            else calculator.number(0)
        )
        return calculator.product([calculator.number(exponent), before])
    return calculator.sum([calculator.of(partial(node.operation, count, p), known) for p in edge.positions])


def _checked(graph: Graph, calculator: Calculator, index: int, value: Value) -> Value:
    """The value, if its ball is finite: else the precision is too low, and in the end the number too large."""
    if value.ball.is_finite():
        return value
    if not calculator.last:
        raise Undecided
    name = graph.notation.text(graph.formula(index))
    raise _placed(graph, index, LimitError(f"{name} becomes too large here to be computed with."))


def _outside(graph: Graph, calculator: Calculator, index: int, missed: Demand, values: list[Value]) -> HwcheckError:
    """The sentence that says which operation wanted what, and what it got."""
    node, notation = graph.nodes[index], graph.notation
    culprit = node.args[missed.position]
    name = notation.text(graph.formula(index))
    argument = notation.text(graph.reference(culprit))
    value = value_text(graph, calculator, values[culprit])
    if graph.nodes[culprit].literal:
        end = "" if argument == value else f", which is {value}"
        return _placed(
            graph, index, DomainError(f"{name} has no value: it needs {missed.number} where {argument} stands{end}.")
        )
    where = argument
    if graph.nodes[culprit].args:
        where = f"{argument} = {notation.text(graph.formula(culprit))}"
    wanted = missed.wanted.format(argument)
    return _placed(
        graph, index, DomainError(f"{name} needs {wanted}{missed.purpose}; at this point {where} is {value}.")
    )


def value_text(graph: Graph, calculator: Calculator, value: Value) -> str:
    """A number in a sentence: exactly where that is short, else as a decimal."""
    if value.rational is None and calculator.last and calculator.sign(value) == 0:
        return "0"
    if value.exact is not None:
        text = graph.notation.text(graph.notation.formula(value.exact, {}))
        if len(text) <= 24:
            return text
    try:
        text = decimal_text(decimal(value, 4, calculator.last) or "0")
    except Undecided:
        text = "0"
    return text


def _placed(graph: Graph, index: int, error: HwcheckError) -> HwcheckError:
    span = graph.nodes[index].span
    if span[1] > span[0]:
        error.span, error.text = span, graph.text
    return error
