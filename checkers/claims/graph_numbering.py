"""Nodes of a computation graph by the names that a person gives them: own definitions decide, else what fits all that is said.

The graph of the problem has its own numbering, h_1, h_2, …; others number the same nodes otherwise, or use another letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from ...derivations.elements.elements import Element, variable
from ...derivations.errors import HwcheckError
from ..equality.comparison import compare
from .claim_notation import repaired
from .claim_terms import How
from .claim_values import at_point, number_of
from .claim_worlds import Known, World
from .finding import formulas

MOST_ORDERS = 12
MOST_NODES = 6
_NUMBERED = re.compile(r"([A-Za-z])_\{?(\d{1,2})\}?\Z")
_MENTIONED = re.compile(r"(?<![A-Za-z\\])([A-Za-z])_\{?(\d{1,2})\}?(?![\w])")


def with_letters(world: World, texts: Sequence[str]) -> World:
    """The world in which another letter with numbers, s_1, s_2, …, names the nodes h_1, h_2, …."""
    own = {m[1] for name in world.nodes if (m := _NUMBERED.match(name))}
    used = {m[1] for text in texts for m in _MENTIONED.finditer(text)} - {n for n in world.shapes if len(n) == 1}
    others = sorted(used - own - {"f"})
    if len(own) != 1 or used & own or len(others) != 1:
        return world
    letter = next(iter(own))
    aliases = {f"{others[0]}_{m[2]}": name for name in world.nodes if (m := _NUMBERED.match(name)) and m[1] == letter}
    return replace(world, aliases={**world.aliases, **aliases})


def renumbered(world: World, texts: Sequence[str], point: Mapping[str, Element]) -> World | None:
    """The world in which nodes have the names that the texts define, by formulas or by their values; None where nothing is defined."""
    inner = _inner(world)
    values = {name: world.expanded(world.nodes[name].element) for name in inner}
    chosen: dict[str, str] = {}
    own = World(shapes=dict(world.shapes), scalars=True, aliases=dict(world.aliases))
    for name, bodies in _definitions(world, texts):
        node = _node_of(own, name, bodies, values, point)
        if node is None:
            return None  # a definition that is no node at all: judged by the usual numbers
        if node in chosen.values() and chosen.get(name) != node:
            continue
        chosen.setdefault(name, node)
        own.nodes[name] = Known(values[node], (1, 1))
    if not chosen or all(k == v for k, v in chosen.items()):
        return None
    return _renamed(world, values, chosen)


def orders(world: World) -> Iterator[World]:
    """Worlds in which the inner nodes are numbered in another order in which each comes after what it is computed from."""
    inner = _inner(world)
    if len(inner) > MOST_NODES:
        return
    values = {name: world.expanded(world.nodes[name].element) for name in inner}
    below = {name: {n for n in world.nodes[name].element.names if n in inner} for name in inner}
    for order in islice(_orders(list(inner), below, []), MOST_ORDERS):
        if list(order) != list(inner):
            yield _renamed(world, values, dict(zip(inner, order, strict=True)))


def _inner(world: World) -> tuple[str, ...]:
    """The nodes between inputs and output."""
    return tuple(n for n in world.nodes if n != world.main)


def _orders(rest: list[str], below: Mapping[str, set[str]], done: list[str]) -> Iterator[tuple[str, ...]]:
    if not rest:
        yield tuple(done)
    for name in rest:
        if below[name] <= set(done):
            yield from _orders([n for n in rest if n != name], below, [*done, name])


def _definitions(world: World, texts: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What the texts say that numbered names are, in order."""
    seen: set[str] = set()
    for text in texts:
        for formula in formulas(text):
            name = world.find(formula.sides[0].text) if formula.is_equation else None
            if name is not None and name in world.nodes and name != world.main and name not in seen:
                seen.add(name)
                yield name, [repaired(s.text) for s in formula.sides[1:]]


def _node_of(own: World, name: str, bodies: Sequence[str], values: Mapping[str, Element], point: Mapping[str, Element]) -> str | None:
    """The node that a definition is: the same formula, or where it is a number the same value; that of its own name first."""
    candidates = sorted(values, key=lambda n: n != name)
    for body in bodies:
        try:
            term = own.term(body, How())
        except HwcheckError:
            continue
        if term.element.names - set(own.shapes):
            continue
        for node in candidates:
            if term.element.names and not re.search(r"\d", re.sub(r"_\{?\w+\}?", "", body)):
                same = term.element is values[node] or compare(values[node], term.element).same
            else:
                first, second = (number_of(at_point(e, point)) for e in (values[node], term.element))
                same = first is not None and second is not None and abs(float(first) - float(second)) <= 5e-3 * max(1.0, abs(float(first)))
            if same:
                return node
    return None


def _renamed(world: World, values: Mapping[str, Element], chosen: Mapping[str, str]) -> World:
    """The world with nodes under other names; nodes that nobody named take the names that are left."""
    left = [n for n in values if n not in chosen.values()]
    free = [n for n in values if n not in chosen]
    names = {**chosen, **dict(zip(free, left, strict=False))}
    nodes = _linked({name: values[node] for name, node in names.items()}, world, names)
    output = world.nodes[world.main]
    back = {node: name for name, node in names.items()}
    nodes[world.main] = Known(_with_names(output.element, back), output.shape)
    return replace(world, nodes=nodes)


def _linked(values: Mapping[str, Element], world: World, names: Mapping[str, str]) -> dict[str, Known]:
    """Each node by the nodes that it is computed from, under their new names."""
    back = {node: name for name, node in names.items()}
    return {name: Known(_with_names(world.nodes[names[name]].element, back), (1, 1)) for name in values}


def _with_names(element: Element, back: Mapping[str, str]) -> Element:
    """An element of numbers with names exchanged, all at once."""
    return at_point(element, {node: variable(name, ()) for node, name in back.items() if node in element.names})


__all__ = ["orders", "renumbered", "with_letters"]
