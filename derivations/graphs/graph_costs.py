"""What a gradient costs: input by input, formula by formula, and in one backward pass for all inputs.

Input by input, the chain rule needs a product for every path from the output down to the input, of all local partials
on that path; a backward pass needs every local partial once. Both are counted on the graph, factors of 1 too; paths are
counted without walking them, since their number can be exponential. Formula by formula, f and its derivatives are
computed from scratch, and what several of them contain is computed again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..notation.pieces import fold
from ..notation.written import Written
from .graph_building import Builder, Edge, Graph

Path = tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many local partials are computed, and how many multiplications and additions of them."""

    partials: int
    multiplications: int
    additions: int

    def to_dict(self) -> dict[str, int]:
        """As JSON."""
        return {"partials": self.partials, "multiplications": self.multiplications, "additions": self.additions}


@dataclass(frozen=True, slots=True)
class Factor:
    """A local partial that stands in more than one product: how often, and for which inputs."""

    edge: Edge
    times: int
    inputs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Costs:
    """The inputs one by one, their sum, one backward pass, and the factors that are computed again without it."""

    by_input: Mapping[int, Count]
    separate: Count
    together: Count
    repeated: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An operation that stands in several formulas; `node` is its place in the graph, if it is a node there."""

    tree: Written
    node: int | None
    times: int


@dataclass(frozen=True, slots=True)
class FormulaCosts:
    """Operations of f and its derivatives: each formula from scratch (`separate`), and the `different` ones."""

    separate: int
    different: int
    repeated: tuple[Part, ...]


def costs_of(graph: Graph) -> Costs:
    """The chain rule both ways, counted."""
    products, lengths = _paths_from_output(graph)
    by_input = {i: Count(lengths[i], lengths[i] - products[i], max(products[i] - 1, 0)) for i in graph.inputs}
    separate = Count(
        sum(c.partials for c in by_input.values()),
        sum(c.multiplications for c in by_input.values()),
        sum(c.additions for c in by_input.values()),
    )
    free = sum(edge.head == graph.output for edge in graph.edges)  # ∂f/∂f = 1 is not multiplied with
    fans = sum(max(len(edges) - 1, 0) for edges in graph.above.values())
    return Costs(by_input, separate, Count(len(graph.edges), len(graph.edges) - free, fans), _factors(graph, products))


def formula_costs(graph: Graph, formulas: Mapping[int, Written]) -> FormulaCosts:
    """The formulas of the derivatives, counted together with f; equal parts are found as in the graph itself."""
    builder = Builder(graph)
    found = [set(graph.steps) - {i for i in graph.steps if graph.nodes[i].operation == "copy"}]
    trees: dict[int, Written] = {}
    for formula in formulas.values():
        parts: set[int] = set()

        def rule(tree: Written, args: list[int], parts: set[int] = parts) -> int:
            index = builder.of(tree, args)
            if not builder.is_literal(index) and tree.op != "name":
                parts.add(index)
                trees.setdefault(index, tree)
            return index

        fold(formula, rule)
        found.append(parts)
    times = {i: sum(i in parts for parts in found) for parts in found for i in parts}
    count = len(graph.nodes)
    repeated = [Part(trees[i], i if i < count else None, n) for i, n in sorted(times.items()) if n > 1]
    return FormulaCosts(sum(map(len, found)), len(times), tuple(repeated))


def _reach(graph: Graph) -> list[int]:
    """For every node the set of inputs in it, as bits."""
    reach: list[int] = []
    for i, node in enumerate(graph.nodes):
        bits = 1 << i if node.operation == "input" else 0
        for a in node.args:
            bits |= reach[a]
        reach.append(bits)
    return reach


def _paths_from_output(graph: Graph) -> tuple[dict[int, int], dict[int, int]]:
    """For every node how many paths lead to it from the output, and how many edges they have together."""
    counts, lengths = {graph.output: 1}, {graph.output: 0}
    for i in reversed(range(len(graph.nodes))):
        if i != graph.output:
            counts[i] = sum(counts[e.head] for e in graph.above[i])
            lengths[i] = sum(lengths[e.head] + counts[e.head] for e in graph.above[i])
    return counts, lengths


def _factors(graph: Graph, above: Mapping[int, int]) -> tuple[Factor, ...]:
    """Local partials that stand in more than one product, with how many: paths above times paths below."""
    reach = _reach(graph)
    below = {i: int(node.operation == "input") for i, node in enumerate(graph.nodes)}
    for edge in graph.edges:
        below[edge.head] += below[edge.tail]
    found = []
    for edge in reversed(graph.edges):
        times = above[edge.head] * below[edge.tail]
        if times > 1:
            found.append(Factor(edge, times, tuple(i for i in graph.inputs if reach[edge.tail] >> i & 1)))
    return tuple(found)


def paths_to(graph: Graph, index: int, most: int) -> tuple[Path, ...] | None:
    """The paths from the output down to a node, or None when there are more than `most`."""
    if _paths_from_output(graph)[0][index] > most:
        return None
    return tuple(tuple(reversed(path)) for path in _climb(graph, index))


def _climb(graph: Graph, index: int) -> Iterator[list[Edge]]:
    """The ways up from a node to the output; every way up ends there, since every node is used."""
    todo: list[tuple[int, list[Edge]]] = [(index, [])]
    while todo:
        place, way = todo.pop()
        if place == graph.output:
            yield way
        else:
            todo.extend((edge.head, [*way, edge]) for edge in reversed(graph.above[place]))
