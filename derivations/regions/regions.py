"""The regions of a ReLU network with one or two inputs, exactly: where units switch, what comes out, which class wins where.

Everything is computed with fractions; nothing is sampled. A unit with z = 0 counts as inactive (relu′(0) = 0). With several outputs the
classes count from 1 and the largest pre-activation wins; with one, class 1 wins where z is above `level`, class 0 below.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from typing import NamedTuple

from ..errors import InputError, ShapeError
from ..networks.networks import Network
from ..notation.spellings import Style
from ..notation.writer import write
from .outcomes import Outcome, listed, outcome, output_activation, output_tree, slope, unit_name
from .polygons import Polygon, opposite
from .polygons import box as rectangle
from .region_cells import (
    SWITCHING,
    Area,
    Cell,
    Frontier,
    Pattern,
    Switch,
    ZeroSet,
    areas_of,
    cells_of,
    checked,
    code_of,
    frontiers_of,
    line_of,
    switches_of,
)
from .region_text import (
    conditions,
    cut_to,
    equation,
    form_text,
    inequality,
    letters_of,
    named,
    number_text,
    point_text,
    segment_dict,
    segment_text,
    strings,
)

Number = Fraction | int | float | str
Box = tuple[tuple[Fraction, Fraction], ...]
_MOST_FUNCTIONS = 4  # outputs written out as functions in JSON; with more, every softmax is a page
_NUMBER = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60}|\d{1,60}/0*[1-9]\d{0,59})")


@dataclass(frozen=True, slots=True)
class Regions:
    """A network's cells with their linear forms, its switching lines, the areas of the classes and the boundary between them.

    `box` is a pair of ends for each input, or None; inside it, cells together have exactly its area. `inputs` is 1 or 2.
    """

    network: Network
    inputs: int
    box: Box | None
    level: Fraction
    cells: tuple[Cell, ...]
    switches: tuple[Switch, ...]
    areas: tuple[Area, ...]
    boundary: tuple[Frontier, ...]

    @property
    def activation(self) -> str:
        """The activation of the output."""
        return output_activation(self.network)

    def output_text(self, cell: Cell, unit: int, style: Style = Style.UNICODE) -> str:
        """An output in a cell as a function of the input: e^(x₁ − 1) / (e^(x₁ − 1) + e^(3 − x₁))."""
        return write(output_tree(self.activation, cell.outputs, unit, letters_of(self.inputs)), style)

    def conditions(self, cell: Cell) -> list[str]:
        """The cell as inequalities; an edge on which an active unit is 0 does not belong to it (a corner may not, with its edges)."""
        return conditions(cell.polygon.halves, self.inputs, cell.is_open)

    def areas_in(self, cell: Cell) -> tuple[Area, ...]:
        """The parts of a cell by class."""
        first, last = (bisect(self.areas, number, key=lambda area: area.cell) for number in (cell.number - 1, cell.number))
        return self.areas[first:last]

    def holding(self, point: Sequence[Fraction]) -> tuple[Cell, ...]:
        """The cells in which a point lies or on whose edge."""
        at = (point[0], point[1] if len(point) > 1 else Fraction(0))
        return tuple(cell for cell in self.cells if cell.polygon.contains(at))

    def lines(self) -> list[str]:
        """All of it for people, in Unicode."""
        rows = ["Where the units switch"]
        rows += [f"  {row}" for switch in self.switches for row in _switch_lines(self, switch)] or ["  No unit switches."]
        rows.append(f"Cells ({len(self.cells)}): which units are active, and what goes into the output")
        rows += [f"  {row}" for cell in self.cells for row in _cell_lines(self, cell)]
        rows.append("Boundary between the classes")
        rows += [f"  {row}" for frontier in self.boundary for row in _frontier_lines(self, frontier)] or [f"  There is none: {self._alone}"]
        return rows

    @property
    def _alone(self) -> str:
        return f"class {self.areas[0].classes[0]} wins everywhere."

    def to_dict(self) -> dict[str, object]:
        """For JSON; exact numbers are strings."""
        return {
            "inputs": self.inputs,
            "box": None if self.box is None else [strings(pair) for pair in self.box],
            "level": str(self.level),
            "units": [_switch_dict(self, switch) for switch in self.switches],
            "cells": [_cell_dict(self, cell) for cell in self.cells],
            "areas": [{"cell": a.cell, "classes": list(a.classes), **_polygon_dict(a.polygon, self.inputs)} for a in self.areas],
            "boundary": [{"classes": list(f.classes), **_zero_dict(f.zero, self.inputs)} for f in self.boundary],
        }


def regions(network: Network, box: Sequence[tuple[Number, Number]] | None = None, level: Number = 0) -> Regions:
    """The regions of a network whose hidden layers are relu, leaky_relu or identity.

    Parameters:
        box: the two ends for each input; without it, cells go on without end.
        level: with one output, the z at which the class changes.

    Raises:
        InputError: weights are missing, another activation (the layer is named), not one or two inputs, a box without an inside.
        LimitError: too many units, digits or cells.

    >>> from ..networks.networks import Layer, Network
    >>> F = Fraction
    >>> net = Network((Layer(2, 1, "relu"), Layer(1, 1)), weights={1: ((F(1), F(2)),), 2: ((F(1),),)}, biases={1: (F(-3),)})
    >>> for row in regions(net, level=1).lines():
    ...     print(row)
    Where the units switch
      z₁⁽¹⁾ = x₁ + 2x₂ − 3 is 0 on x₁ + 2x₂ = 3; a₁⁽¹⁾ is + where x₁ + 2x₂ > 3, 0 where x₁ + 2x₂ ≤ 3
    Cells (2): which units are active, and what goes into the output
      cell 1, pattern 0: x₁ + 2x₂ ≤ 3; active: none
        z₁⁽²⁾ = 0: class 0
      cell 2, pattern 1: x₁ + 2x₂ > 3; active: 1
        z₁⁽²⁾ = x₁ + 2x₂ − 3: class 1 where x₁ + 2x₂ > 4, class 0 where x₁ + 2x₂ < 4
    Boundary between the classes
      classes 0 and 1 meet on x₁ + 2x₂ = 4
    """
    inputs, height = checked(network), exact(level)
    ends = None if box is None else _ends(box, inputs)
    start = Polygon() if ends is None else rectangle(ends[0], ends[1] if inputs == 2 else (Fraction(0), Fraction(1)))
    cells = cells_of(network, start)
    areas = areas_of(cells, height)
    return Regions(network, inputs, ends, height, cells, switches_of(network, cells, start), areas, frontiers_of(cells, areas, height))


def exact(value: Number) -> Fraction:
    """A number as typed: a whole number, a decimal or a fraction.

    >>> exact("−0.5"), exact("2/3"), exact(0.1)
    (Fraction(-1, 2), Fraction(2, 3), Fraction(1, 10))
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError(f"A number is expected, not {value}.")
        return Fraction(repr(value))
    if isinstance(value, Rational):
        return Fraction(value)
    if not isinstance(value, str):
        raise InputError(f"A number is expected, not {type(value).__name__}.")
    text = value.strip().replace("\N{MINUS SIGN}", "-")
    if not _NUMBER.fullmatch(text):
        shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value[:40])
        raise InputError(f"“{shown}” is no number such as 2, −0.5 or 2/3.")
    return Fraction(text)


def _ends(box: Sequence[tuple[Number, Number]], inputs: int) -> Box:
    if len(box) != inputs or any(len(pair) != 2 for pair in box):
        raise ShapeError(f"The box needs a pair of ends for each input, {inputs} in all.")
    ends = tuple((exact(low), exact(high)) for low, high in box)
    for letter, (low, high) in zip(letters_of(inputs), ends, strict=True):
        if low >= high:
            raise InputError(f"The box for {letter} goes from {low} to {high}; the first end must be the smaller one.")
    return ends


# One point


class Tried(NamedTuple):
    """A point that was tried on a unit's boundary: the unit's z there, and whether it is 0."""

    point: tuple[Fraction, ...]
    value: Fraction
    on: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What a network does at one point.

    `z` and `a` are the values of every hidden layer, `zero` the units (layer, unit) whose z is exactly 0. `cells` are the cells the
    point lies in or on whose edge. On an edge its own `pattern` may be that of no cell: x and −x are both inactive only at 0.
    """

    point: tuple[Fraction, ...]
    z: tuple[tuple[Fraction, ...], ...]
    a: tuple[tuple[Fraction, ...], ...]
    zero: tuple[tuple[int, int], ...]
    pattern: Pattern
    cells: tuple[Cell, ...]
    outcome: Outcome

    def lines(self) -> list[str]:
        """The values for people."""
        numbers = [cell.number for cell in self.cells]
        place = f"in cell {numbers[0]}" if len(numbers) == 1 else f"where cells {listed(numbers)} meet"
        rows = [f"x = {point_text(self.point)} is {place}; pattern {code_of(self.pattern)}"]
        for k, (z, a) in enumerate(zip(self.z, self.a, strict=True), 1):
            rows.append(f"{_layer_name('z', k)} = {_tuple(z)}, {_layer_name('a', k)} = {_tuple(a)}")
        rows.append(f"{_layer_name('z', len(self.z) + 1)} = {_tuple(self.outcome.z)}")
        return rows + self.outcome.lines()

    def to_dict(self) -> dict[str, object]:
        """For JSON; exact numbers are strings."""
        return {
            "point": strings(self.point), "cells": [cell.number for cell in self.cells], "pattern": _bits(self.pattern),
            "z": [strings(z) for z in self.z], "a": [strings(a) for a in self.a], "zero": [list(unit) for unit in self.zero],
            "outcome": self.outcome.to_dict(),
        }  # fmt: skip


def where(place: Network | Regions, point: Sequence[Number]) -> Place:
    """The cell, the hidden values, the outputs and the class at a point.

    Raises:
        InputError: as for `regions`, or the point lies outside the regions' box.
        ShapeError: the point does not have as many numbers as the network has inputs.
    """
    found = place if isinstance(place, Regions) else regions(place)
    at = _point(point, found.inputs)
    cells = found.holding(at)
    if not cells:
        raise InputError(f"The point {point_text(at)} lies outside the box.")
    z, a = forward(found.network, at)
    switching = [layer.activation in SWITCHING for layer in found.network.layers[:-1]]
    pattern = tuple(tuple(v > 0 for v in values) if on else () for values, on in zip(z, switching, strict=False))
    zero = tuple((k, j) for k, on in enumerate(switching, 1) for j, v in enumerate(z[k - 1], 1) if on and v == 0)
    return Place(at, z[:-1], a, zero, pattern, cells, outcome(found.network, z[-1], found.level))


def forward(network: Network, point: Sequence[Fraction]) -> tuple[tuple[tuple[Fraction, ...], ...], tuple[tuple[Fraction, ...], ...]]:
    """z of every layer, and a of the hidden ones, at a point."""
    zs, outputs = [_combined(network, 1, point)], []
    for number, layer in enumerate(network.layers[:-1], 1):
        outputs.append(tuple(value * slope(layer.activation, value > 0) for value in zs[-1]))
        zs.append(_combined(network, number + 1, outputs[-1]))
    return tuple(zs), tuple(outputs)


def _combined(network: Network, number: int, below: Sequence[Fraction]) -> tuple[Fraction, ...]:
    rows = zip(network.weight(number), network.bias(number), strict=True)
    return tuple(sum((w * v for w, v in zip(row, below, strict=True)), shift) for row, shift in rows)


def _point(point: Sequence[Number], inputs: int) -> tuple[Fraction, ...]:
    if len(point) != inputs:
        wanted = "one number" if inputs == 1 else f"{inputs} numbers"
        raise ShapeError(f"A point has {wanted} here, as many as the network has inputs; this one has {len(point)}.")
    return tuple(exact(c) for c in point)


def on_boundary(network: Network, unit: int | tuple[int, int], points: Sequence[Sequence[Number]]) -> list[Tried]:
    """Each point with z of a unit there; it is on the unit's boundary exactly where that is 0.

    `unit` is (layer, unit), or the number of a unit of layer 1.

    Raises:
        InputError: as for `regions`, or there is no such unit.
        ShapeError: a point does not have as many numbers as the network has inputs.
    """
    inputs = checked(network)
    layer, number = unit if isinstance(unit, tuple) else (1, unit)
    if not 1 <= layer <= len(network.layers):
        raise InputError(f"There is no layer {layer}; the network has {len(network.layers)}.")
    if not 1 <= number <= len(network.weight(layer)):
        raise InputError(f"There is no unit {number} in layer {layer}; it has {len(network.weight(layer))}.")
    exactly = [_point(p, inputs) for p in points]
    values = [forward(network, p)[0][layer - 1][number - 1] for p in exactly]
    return [Tried(p, value, value == 0) for p, value in zip(exactly, values, strict=True)]


def output_at(network: Network, hidden: Number | Sequence[Number] | Mapping[int, Number], level: Number = 0) -> Outcome:
    """The outputs where the last hidden layer has given values, as exact powers of e, and the class that wins.

    `hidden` is a value for each unit (a sequence, or a mapping from 1, 2, …), or one number: the sum of all values, which is enough
    where each output has the same weight for every unit.

    Raises:
        InputError: there is no hidden layer, a value is missing, a ReLU would be negative, or the outputs need more than the sum.
    """
    output_activation(network)
    last, height = len(network.layers), exact(level)
    if last == 1:
        raise InputError("The network has no hidden layer, so there are no hidden values to give.")
    if last not in network.weights:
        raise InputError(f"The outputs need the weights of layer {last} as numbers; W_{last} is missing.")
    count, relu = len(network.weight(last)[0]), network.layers[-2].activation == "relu"
    if isinstance(hidden, (Mapping, Sequence)) and not isinstance(hidden, str):
        values = _values(hidden, count, last - 1, relu)
        return outcome(network, _combined(network, last, values), height)
    total = exact(hidden)
    if relu and total < 0:
        raise InputError(f"The outputs of ReLU units are never negative, so their sum is not {number_text(total)}.")
    for number, row in enumerate(network.weight(last), 1):
        if len(set(row)) > 1:
            raise InputError(f"The sum of the hidden values does not determine output {number}: its weights are "
                             f"{listed([number_text(w) for w in row])}. Give the value of each hidden unit.")
    rows = zip(network.weight(last), network.bias(last), strict=True)
    return outcome(network, tuple(row[0] * total + shift for row, shift in rows), height)


def _values(hidden: Mapping[int, Number] | Sequence[Number], count: int, layer: int, relu: bool) -> tuple[Fraction, ...]:
    given = dict(hidden) if isinstance(hidden, Mapping) else dict(enumerate(hidden, 1))
    if set(given) != set(range(1, count + 1)):
        got = f"values for units {listed(sorted(given))}" if given else "none"
        raise InputError(f"Layer {layer} has {count} units and each needs a value; you gave {got}.")
    values = tuple(exact(given[k]) for k in range(1, count + 1))
    for k, value in enumerate(values, 1):
        if relu and value < 0:
            raise InputError(f"The output of a ReLU unit is never negative; you gave unit {k} the value {number_text(value)}.")
    return values


# As text and as JSON


def _layer_name(letter: str, layer: int) -> str:
    return named(unit_name(letter, layer))


def _tuple(values: Sequence[Fraction]) -> str:
    return f"({', '.join(number_text(v) for v in values)})"


def _switch_lines(found: Regions, switch: Switch) -> Iterator[str]:
    name, form, inputs = named(unit_name("z", switch.layer, switch.unit)), switch.form, found.inputs
    head = name if form is None else f"{name} = {form_text(form, inputs)}"
    if not all(switch.sometimes):
        head += f" never switches {'here' if found.box else 'anywhere'}: it is {'active' if switch.sometimes[1] else 'inactive'}"
        yield head
    elif form is not None:
        half = line_of(form)
        sides = _sides(switch, inequality(half, inputs), inequality(opposite(half), inputs, False))
        yield f"{head} is 0 on {equation(half, inputs)}; {sides}"
    else:
        yield f"{head} is 0"
        yield from (f"  {place}" for place in _places(switch.zero, inputs))


def _sides(switch: Switch, positive: str, rest: str) -> str:
    a = named(unit_name("a", switch.layer, switch.unit))
    if switch.activation == "relu":
        return f"{a} is + where {positive}, 0 where {rest}"
    return f"the slope of {a} is 1 where {positive}, {number_text(slope(switch.activation, False))} where {rest}"


def _places(zero: ZeroSet, inputs: int) -> list[str]:
    """The parts of a zero set, each with its preposition."""
    rows = [f"{'at' if inputs == 1 else 'on'} {segment_text(s, inputs)}" for s in zero.segments]
    rows += [f"at the point {point_text(p)} alone" for p in zero.points]
    if zero.cells:
        rows.append(f"all over cell{'s' * (len(zero.cells) > 1)} {listed(zero.cells)}")
    return rows


def _cell_lines(found: Regions, cell: Cell) -> Iterator[str]:
    active = listed([named(unit_name("z", k, j)) for k, j in cell.active]) if cell.active else "none"
    if sum(bool(layer) for layer in cell.pattern) <= 1 and cell.active:
        active = listed([j for _, j in cell.active])
    yield f"cell {cell.number}, pattern {cell.code}: {', '.join(found.conditions(cell)) or 'everywhere'}; active: {active}"
    last = len(found.network.layers)
    forms = ", ".join(f"{named(unit_name('z', last, k))} = {form_text(form, found.inputs)}" for k, form in enumerate(cell.outputs, 1))
    yield f"  {forms}: {_classes(found, cell)}"


def _classes(found: Regions, cell: Cell) -> str:
    areas, edges = found.areas_in(cell), set(cell.polygon.halves)
    texts = []
    for area in areas:
        own = [half for half in area.polygon.halves if half not in edges]
        place = f" where {' and '.join(conditions(own, found.inputs, lambda half: True))}" if own else ""
        texts.append((f"class {area.classes[0]}" if len(area.classes) == 1 else f"a tie of classes {listed(area.classes)}") + place)
    return ", ".join(texts)


def _frontier_lines(found: Regions, frontier: Frontier) -> Iterator[str]:
    for place in _places(frontier.zero, found.inputs):
        yield f"classes {listed(frontier.classes)} meet {place}"


def _bits(pattern: Pattern) -> list[list[int]]:
    return [[int(on) for on in layer] for layer in pattern]


def _switch_dict(found: Regions, switch: Switch) -> dict[str, object]:
    form = switch.form
    return {
        "layer": switch.layer, "unit": switch.unit, "activation": switch.activation,
        "z": None if form is None else form_text(form, found.inputs),
        "line": None if form is None or form.is_number else equation(line_of(form), found.inputs),
        "inactive_somewhere": switch.sometimes[0], "active_somewhere": switch.sometimes[1], **_zero_dict(switch.zero, found.inputs),
    }  # fmt: skip


def _zero_dict(zero: ZeroSet, inputs: int) -> dict[str, object]:
    return {"segments": [segment_dict(s, inputs) for s in zero.segments], "points": [strings(p) for p in zero.points],
            "cells": list(zero.cells)}


def _cell_dict(found: Regions, cell: Cell) -> dict[str, object]:
    units = range(1, len(cell.outputs) + 1)
    short = len(units) <= _MOST_FUNCTIONS
    return {
        "number": cell.number, "pattern": _bits(cell.pattern), "active": [list(unit) for unit in cell.active],
        "where": found.conditions(cell), **_polygon_dict(cell.polygon, found.inputs),
        "z": [form_text(form, found.inputs) for form in cell.outputs],
        "maps": [{"coefficients": strings(form.coefficients), "constant": str(form.constant)} for form in cell.outputs],
        "outputs": [found.output_text(cell, k) for k in units] if short else None,
        "outputs_latex": [found.output_text(cell, k, Style.LATEX) for k in units] if short else None,
    }  # fmt: skip


def _polygon_dict(region: Polygon, inputs: int) -> dict[str, object]:
    """With one input the vertices are the ends of an interval, and the area is its length."""
    vertices = [cut_to(v, inputs) for v in region.vertices]
    if inputs == 1:
        vertices = [(Fraction(-c, a),) for a, b, c in region.halves if not b]
    area = region.area
    return {"vertices": [strings(v) for v in (sorted(vertices) if inputs == 1 else vertices)],
            "inside": strings(cut_to(region.inside, inputs)), "bounded": region.bounded, "area": None if area is None else str(area)}


__all__ = ["Box", "Number", "Place", "Regions", "Tried", "exact", "forward", "on_boundary", "output_at", "regions", "where"]
