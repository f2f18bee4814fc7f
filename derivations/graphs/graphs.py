"""Backpropagation on a computation graph: everything that homework asks for, as one value.

`backprop` reads a function of numbers, builds its graph, and, given a point, walks it forward and backward. Beside the
adjoints stands the gradient that SymPy finds from the whole formula, and both have to agree; JAX, in both modes, has
the last word. What is returned is complete: views only arrange it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from ..elements.confirmation import confirm_gradient
from ..elements.symbolic import library
from ..errors import DefectError, InputError
from ..notation.spellings import Style
from ..notation.written import Written
from ..reader.reading import Reading, read
from .graph_building import Edge, Graph, graph_of
from .graph_costs import Costs, FormulaCosts, Path, costs_of, formula_costs, paths_to
from .graph_formulas import Formula, symbolic_gradient
from .graph_passes import Passes, both_passes, check_literals
from .graph_points import Coordinate, Point, point_of
from .graph_writing import Notation, decimal_tree, with_signs
from .operations import JUMPS
from .values import PRECISIONS, Calculator, Undecided, Value, calculating, decimal

HOMEWORK = "f(x, y, z) = ln x + exp(y) · z"
MOST_PATHS = 6
MOST_DIGITS = 100
_AGREEMENT = 50
_LONGEST_NUMBER = 28  # characters of an exact number that is shown
_TOLERANCE = 1e-9
_REPORT = "This is a defect of hwcheck, not of your input: please report it with the command you ran."


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number for people: exactly, where that is short, and as a decimal whose digits are certain.

    `decimal` is None for a number too large to be written down; `whole` says that the decimal is the exact number.
    """

    exact: Written | None
    decimal: str | None
    whole: bool = False

    @property
    def tree(self) -> Written:
        """The number as it stands in a formula."""
        return self.exact or decimal_tree(self.decimal or "0")


@dataclass(frozen=True, slots=True)
class Derivative:
    """The derivative by one input that SymPy finds from the whole formula; `agrees`: "exactly", "to 50 digits", ""."""

    formula: Written
    value: Quantity | None = None
    agrees: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The largest relative difference to each mode of JAX over `inputs`, or the reason why there is none."""

    jacfwd: float | None = None
    jacrev: float | None = None
    inputs: tuple[str, ...] = ()
    reason: str = ""

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "jacfwd": self.jacfwd,
            "jacrev": self.jacrev,
            "inputs": list(self.inputs),
            "reason": self.reason or None,
        }


@dataclass(frozen=True)
class Backpropagation:
    """A function's computation graph and, at a point, both passes over it.

    Without a point `point`, `values`, `partials` and `adjoints` are empty. `kinks` are the nodes on whose kink
    or jump the point lies, and where that is; `symbolic` is empty where the whole formula would be too long.
    """

    reading: Reading
    graph: Graph
    costs: Costs
    symbolic: Mapping[int, Derivative]
    point: Mapping[str, Quantity] = field(default_factory=dict)
    values: Mapping[int, Quantity] = field(default_factory=dict)
    partials: Mapping[Edge, Quantity] = field(default_factory=dict)
    adjoints: Mapping[int, Quantity] = field(default_factory=dict)
    confirmation: Agreement | None = None
    kinks: Mapping[int, Fraction | str] = field(default_factory=dict)

    @property
    def notation(self) -> Notation:
        return self.graph.notation

    @cached_property
    def paths(self) -> Mapping[int, tuple[Path, ...] | None]:
        """For every input the ways from the output to it; None where there are more than MOST_PATHS."""
        return {i: paths_to(self.graph, i, MOST_PATHS) for i in self.graph.inputs}

    @cached_property
    def formula_costs(self) -> FormulaCosts | None:
        """What f and the symbolic gradient cost, formula by formula; None where there are no formulas."""
        return formula_costs(self.graph, {i: d.formula for i, d in self.symbolic.items()}) if self.symbolic else None

    @property
    def backward_order(self) -> tuple[int, ...]:
        """The nodes as the backward pass reaches them: f, then what is used latest, the inputs last."""
        return (*reversed(self.graph.steps), *self.graph.inputs)

    def name(self, index: int, style: Style = Style.UNICODE) -> str:
        """What a node is called: h₁."""
        return self.notation.text(self.graph.reference(index), style)

    def signature(self, style: Style = Style.UNICODE) -> str:
        """f(x, y, z)."""
        inputs = ", ".join(self.name(i, style) for i in self.graph.inputs)
        return f"{self.name(self.graph.output, style)}({inputs})"

    def body(self, style: Style = Style.UNICODE) -> str:
        """The whole function as it was read."""
        return self.notation.text(with_signs(self.reading.body), style)

    def is_direct(self, edge: Edge) -> bool:
        """Whether ∂f/∂(this node) along the edge is not all of ∂f/∂(this node): it is used elsewhere too."""
        return edge.head == self.graph.output and len(self.graph.above[edge.tail]) > 1

    def exact_text(self, quantity: Quantity, style: Style = Style.UNICODE) -> str | None:
        """The exact number as text, None where only the decimal is shown."""
        return None if quantity.exact is None else self.notation.text(quantity.exact, style)

    def kink_sentence(self, index: int, style: Style = Style.UNICODE) -> str:
        """Which kink or jump a node stands on, and what its derivatives are taken as; LaTeX between dollar signs."""

        def math(tree: Written) -> str:
            text = self.notation.text(tree, style)
            return f"${text}$" if style is Style.LATEX else text

        def partial(edge: Edge) -> str:
            tree = Written("derivative", (self.graph.reference(edge.head), self.graph.reference(edge.tail)))
            return f"{math(tree)} is taken as {math(self.partials[edge].tree)}"

        graph, node, place = self.graph, self.graph.nodes[index], self.kinks[index]
        first, *others = (graph.reference(a) for a in node.args)
        second = others[0] if place == "equal" else self.notation.rational(Fraction(place))
        where = f"{'where' if place == 'equal' else 'at'} {math(Written('compare', (first, second), '='))}"
        formula = math(Written("compare", (graph.reference(index), graph.formula(index)), "="))
        what = "jumps" if node.operation in JUMPS else "has a kink"
        taken = " and ".join(partial(e) for e in graph.edges if e.head == index)
        return f"{formula} {what} {where}, and the point is just there: {taken}, by convention."

    def to_dict(self) -> dict[str, object]:
        """As JSON: values and formulas in Unicode, decimals as text with every digit certain."""
        graph = self.graph
        return {
            "function": f"{self.signature()} = {self.body()}",
            "point": {n: self._number(q) for n, q in self.point.items()} if self.values else None,
            "nodes": [self._node(i) for i in (*graph.inputs, *graph.steps)],
            "edges": [self._edge(edge) for edge in graph.edges],
            "gradient": {graph.nodes[i].name: self._number(self.adjoints[i]) for i in graph.inputs}
            if self.values
            else None,
            "products": {graph.nodes[i].name: self._products(i) for i in graph.inputs},
            "symbolic_gradient": {graph.nodes[i].name: self._derivative(d) for i, d in self.symbolic.items()} or None,
            "confirmation": self.confirmation.to_dict() if self.confirmation else None,
            "counts": self._counts(),
            "notes": [self.kink_sentence(i) for i in self.kinks],
        }

    def _number(self, quantity: Quantity) -> dict[str, object]:
        return {"value": self.exact_text(quantity), "decimal": quantity.decimal}

    def _node(self, index: int) -> dict[str, object]:
        node, found, adjoint = self.graph.nodes[index], self.values.get(index), self.adjoints.get(index)
        return {
            "name": node.name,
            "operation": node.operation,
            "formula": self.notation.text(self.graph.formula(index)) if node.args or node.literal else None,
            "args": [self.graph.nodes[a].name or self.name(a) for a in node.args],
            "value": self.exact_text(found) if found else None,
            "decimal": found.decimal if found else None,
            "adjoint": self.exact_text(adjoint) if adjoint else None,
            "adjoint_decimal": adjoint.decimal if adjoint else None,
        }

    def _edge(self, edge: Edge) -> dict[str, object]:
        value, tree = self.partials.get(edge), self.graph.partials[edge]
        return {
            "of": self.graph.nodes[edge.head].name,
            "by": self.graph.nodes[edge.tail].name,
            "partial": self.notation.text(tree),
            "partial_latex": self.notation.text(tree, Style.LATEX),
            "value": self.exact_text(value) if value else None,
            "decimal": value.decimal if value else None,
        }

    def _products(self, index: int) -> list[list[list[str]]] | None:
        paths, nodes = self.paths[index], self.graph.nodes
        return None if paths is None else [[[nodes[e.head].name, nodes[e.tail].name] for e in path] for path in paths]

    def _derivative(self, derivative: Derivative) -> dict[str, object]:
        return {
            "formula": self.notation.text(derivative.formula),
            "formula_latex": self.notation.text(derivative.formula, Style.LATEX),
            **(self._number(derivative.value) if derivative.value else {"value": None, "decimal": None}),
            "agrees": derivative.agrees or None,
        }

    def _counts(self) -> dict[str, object]:
        nodes, costs = self.graph.nodes, self.costs
        return {
            "separate": costs.separate.to_dict(),
            "separate_by_input": {nodes[i].name: count.to_dict() for i, count in costs.by_input.items()},
            "backward": costs.together.to_dict(),
            "repeated_partials": [
                {
                    "of": nodes[factor.edge.head].name,
                    "by": nodes[factor.edge.tail].name,
                    "times": factor.times,
                    "inputs": [nodes[i].name for i in factor.inputs],
                }
                for factor in costs.repeated
            ],
            "formulas": self._formula_counts(),
        }

    def _formula_counts(self) -> dict[str, object] | None:
        costs, nodes = self.formula_costs, self.graph.nodes
        if costs is None:
            return None
        return {
            "separate": costs.separate,
            "different": costs.different,
            "repeated": [
                {
                    "formula": self.notation.text(part.tree),
                    "node": None if part.node is None else nodes[part.node].name,
                    "times": part.times,
                }
                for part in costs.repeated
            ],
        }


def backprop(
    function: str | Reading = HOMEWORK,
    point: str | Mapping[str, Coordinate] | Sequence[Coordinate] | None = None,
    digits: int = 4,
) -> Backpropagation:
    """Backpropagation on the computation graph of a function of numbers.

    Args:
        function: "f(x, y) = …" in any notation, or what `read` made of it (with `scalars=True`).
        point: "1, 3, 2", "x=1, y=3, z=2", a mapping or a sequence; None for the graph and the formulas alone.
        digits: decimals of every number.

    Raises:
        InputError: the function or the point cannot be read, a coordinate is missing, or (DomainError) the function has
            no value or no derivative at the point.
        DefectError: the adjoints disagree with SymPy's or JAX's gradient.

    >>> result = backprop("f(x, y) = x · exp(y)", "2, 3")
    >>> [result.exact_text(result.adjoints[i]) for i in result.graph.inputs]
    ['e³', '2e³']
    """
    if not 1 <= digits <= MOST_DIGITS:
        raise InputError(f"Decimals can have 1 to {MOST_DIGITS} digits, not {digits}.")
    reading = read(function, scalars=True) if isinstance(function, str) else function
    graph = graph_of(reading, Notation.of(reading.text, str(point)))
    check_literals(graph)
    costs = costs_of(graph)
    formulas = symbolic_gradient(graph)
    if point is None:
        return Backpropagation(reading, graph, costs, {i: Derivative(f.tree) for i, f in formulas.items()})
    at = point_of(graph, point)
    for precision in PRECISIONS:
        try:
            with calculating(precision + 4 * digits, last=precision == PRECISIONS[-1]) as calculator:
                return _at_point(reading, graph, costs, formulas, at, calculator, digits)
        except Undecided:
            continue
    raise DefectError("At the highest precision a number was still undecided.")


def _at_point(
    reading: Reading,
    graph: Graph,
    costs: Costs,
    formulas: Mapping[int, Formula],
    at: Point,
    calculator: Calculator,
    digits: int,
) -> Backpropagation:
    """Both passes at one precision, and everything that is compared with them."""
    coordinates = at.values(calculator)
    passes = both_passes(graph, calculator, coordinates)
    loose = _kinked_inputs(graph, passes)

    def quantity(value: Value) -> Quantity:
        return _quantity(graph.notation, calculator, value, digits)

    symbolic = {}
    for i, formula in formulas.items():
        value = calculator.of(
            formula.expression, {symbol: coordinates[name] for name, symbol in formula.symbols.items()}
        )
        agrees = _agreement(graph, calculator, i, passes.adjoints[i], value, i in loose)
        symbolic[i] = Derivative(formula.tree, quantity(value), agrees)
    return Backpropagation(
        reading,
        graph,
        costs,
        symbolic,
        {name: quantity(value) for name, value in coordinates.items()},
        {i: quantity(passes.values[i]) for i in (*graph.inputs, *graph.steps)},
        {edge: quantity(value) for edge, value in passes.partials.items()},
        {i: quantity(value) for i, value in passes.adjoints.items()},
        _confirmed(graph, at, coordinates, passes, loose),
        passes.kinks,
    )


def _quantity(notation: Notation, calculator: Calculator, value: Value, digits: int) -> Quantity:
    """A value for people."""
    rounded = decimal(value, digits, calculator.last)
    known = value.rational
    whole = known is not None and rounded is not None and Fraction(rounded) == known
    tree = None if value.exact is None else notation.formula(value.exact, {})
    if tree is not None and len(notation.text(tree)) > _LONGEST_NUMBER:
        tree = None
    return Quantity(tree, rounded, whole)


def _kinked_inputs(graph: Graph, passes: Passes) -> frozenset[int]:
    """The inputs whose derivative rests on a convention: they are in a node that stands on a kink."""
    found: set[int] = set()
    todo = list(passes.kinks)
    while todo:
        i = todo.pop()
        if i not in found:
            found.add(i)
            todo.extend(graph.nodes[i].args)
    return frozenset(found.intersection(graph.inputs))


def _agreement(graph: Graph, calculator: Calculator, index: int, adjoint: Value, value: Value, loose: bool) -> str:
    """How well an adjoint and SymPy's derivative agree. Raises DefectError where they do not."""
    difference = calculator.sum([adjoint, calculator.product([calculator.number(-1), value])])
    if adjoint.exact is not None and value.exact is not None and library().expand(adjoint.exact - value.exact) == 0:
        return "exactly"
    if not difference.ball.is_finite():
        return ""
    size = 1 + abs(adjoint.ball)
    if abs(difference.ball) < size * 10**-_AGREEMENT:
        return f"to {_AGREEMENT} digits"
    if loose:  # on a kink there is no derivative that the formula could know of
        return ""
    if difference.ball != 0 or calculator.last:
        raise DefectError(
            f"Backpropagation and SymPy's formula give different derivatives by {graph.nodes[index].name} of "
            f"{graph.text!r}. {_REPORT}"
        )
    raise Undecided


def _confirmed(
    graph: Graph, at: Point, coordinates: Mapping[str, Value], passes: Passes, loose: frozenset[int]
) -> Agreement:
    """JAX's gradient in both modes against ours; rounding may be as large as balls of double precision are wide."""
    names = [graph.nodes[i].name for i in graph.inputs]
    compared = [i for i in graph.inputs if i not in loose]
    if not names:
        return Agreement(reason="there is no input to differentiate by")
    if not compared:
        return Agreement(reason="at a kink there is no derivative to confirm")
    floats = {name: float(value.ball.mid()) for name, value in coordinates.items()}
    try:
        with calculating(53) as rough:
            widths = {i: float(a.ball.rad()) for i, a in both_passes(graph, rough, at.values(rough)).adjoints.items()}
    except Undecided:
        return Agreement(reason="double precision does not suffice at this point")
    modes = confirm_gradient(graph.evaluate, names, floats)
    worst = []
    for mode, found in zip(("jacfwd", "jacrev"), modes, strict=True):
        differences = [0.0]
        for i in compared:
            ours, theirs = float(passes.adjoints[i].ball.mid()), found[graph.nodes[i].name]
            if not (math.isfinite(ours) and math.isfinite(theirs)):
                return Agreement(reason="double precision overflows at this point")
            differences.append(abs(ours - theirs) / (1 + abs(ours)))
            if differences[-1] > _TOLERANCE + 8 * widths[i] / (1 + abs(ours)):
                raise DefectError(
                    f"Backpropagation gives {ours!r} and JAX's {mode} {theirs!r} for the derivative by "
                    f"{graph.nodes[i].name} of {graph.text!r}. {_REPORT}"
                )
        worst.append(max(differences))
    return Agreement(worst[0], worst[1], tuple(graph.nodes[i].name for i in compared))
