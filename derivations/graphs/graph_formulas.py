"""The derivatives of the whole formula of a graph, as SymPy finds them: the second opinion beside backpropagation.

SymPy gets the function as one expression and knows nothing of the graph. Long or deep formulas are left alone: nobody
reads their derivatives, and SymPy recurses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..elements.symbolic import library
from ..errors import UnsupportedError
from ..notation.written import Written
from .graph_building import Graph
from .operations import opaque, shown

_LONGEST = 200  # parts of the whole formula, with everything shared written out
_DEEPEST = 24  # functions inside functions


@dataclass(frozen=True, slots=True)
class Formula:
    """A derivative as SymPy found it, its symbols by the names of the inputs, and how it is written."""

    expression: Any
    symbols: Mapping[str, Any]
    tree: Written


def symbolic_gradient(graph: Graph) -> dict[int, Formula]:
    """SymPy's derivative of the whole formula by every input; nothing if it is very long, or not real.

    What a node computes is written as the person wrote it, where it comes back in a derivative.
    """
    if not _is_short(graph):
        return {}
    sp = library()
    wholes: list[Any] = []
    trees: list[Written] = []
    symbols: dict[str, Any] = {}
    for i, node in enumerate(graph.nodes):
        if node.operation == "input":
            symbols[node.name] = sp.Symbol(node.name, real=True)
            wholes.append(symbols[node.name])
        elif node.operation == "number":
            value = Fraction(node.value or 0)
            wholes.append(sp.Rational(value.numerator, value.denominator))
        elif node.operation == "constant":
            wholes.append(sp.pi if node.value == "pi" else sp.E)
        else:
            wholes.append(opaque(node.operation, [wholes[a] for a in node.args]))
        trees.append(shown(node.operation, [trees[a] for a in node.args]) if node.args else graph.reference(i))
    spelled: dict[Any, Written] = {}
    for expression, tree in zip(wholes, trees, strict=True):
        if not expression.is_number:
            spelled.setdefault(expression, tree)
    found = {}
    for i in graph.inputs:
        derivative = sp.diff(wholes[graph.output], wholes[i])
        if derivative.has(sp.I, sp.zoo, sp.nan):  # √(−x²) is imaginary to SymPy; to us it has a value nowhere
            return {}
        try:
            found[i] = Formula(derivative, symbols, graph.notation.formula(derivative, spelled))
        except UnsupportedError:
            return {}
    return found


def _is_short(graph: Graph) -> bool:
    """Whether the whole formula, with everything shared written out, is short and shallow."""
    sizes: list[int] = []
    depths: list[int] = []
    flat = ("add", "sub", "times")
    for node in graph.nodes:
        sizes.append(1 + sum(sizes[a] for a in node.args))
        steps = ((a, not (node.operation in flat and graph.nodes[a].operation == node.operation)) for a in node.args)
        depths.append(max((depths[a] + deeper for a, deeper in steps), default=0))
    return max(sizes) <= _LONGEST and max(depths) <= _DEEPEST
