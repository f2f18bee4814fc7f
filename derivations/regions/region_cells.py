"""The pieces into which a piecewise linear network divides its input: cells, switching lines, class areas and their boundary.

In a cell no unit switches, so every pre-activation is one linear form of the input there. Cells are found layer by layer: what is
left of a cell of the layers below is cut by the line on which each unit of the next layer is 0, a different line in each cell. An
input of one number is the plane with a second coordinate on which nothing depends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from ..errors import InputError, LimitError
from ..networks.networks import Network
from .inequalities import Form
from .outcomes import output_activation, slope
from .polygons import Line, Point, Polygon, Segment, chord, cut, joined, whole

SWITCHING = ("leaky_relu", "relu")
HIDDEN = ("identity", *SWITCHING)
MOST_UNITS = 64
MOST_CELLS = 2_000
MOST_BITS = 512
Pattern = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A largest convex region in which no unit switches.

    `pattern` says for each hidden layer which units are active (z > 0); a layer that cannot switch has none. `z` are the
    pre-activations of every layer as linear forms of the input, those of the output last. Numbers count from 1.
    """

    number: int
    pattern: Pattern
    polygon: Polygon
    z: tuple[tuple[Form, ...], ...]

    @property
    def outputs(self) -> tuple[Form, ...]:
        """The pre-activations of the output."""
        return self.z[-1]

    @property
    def active(self) -> tuple[tuple[int, int], ...]:
        """The active units as (layer, unit)."""
        return tuple((k, j) for k, layer in enumerate(self.pattern, 1) for j, on in enumerate(layer, 1) if on)

    @property
    def code(self) -> str:
        """The pattern in short: 1 for an active unit, layers separated: 0110|1."""
        return code_of(self.pattern)

    def is_open(self, half: Line) -> bool:
        """Whether an edge does not belong to the cell: a unit that is active inside is 0 there."""
        return any(line_of(self.z[k - 1][j - 1]) == half for k, j in self.active)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a cell in which one class wins; several where these tie all over it."""

    cell: int
    classes: tuple[int, ...]
    polygon: Polygon


@dataclass(frozen=True, slots=True)
class ZeroSet:
    """Where a continuous piecewise linear function is 0: segments, single points, and numbers of cells where it is 0 all over."""

    segments: tuple[Segment, ...] = ()
    points: tuple[Point, ...] = ()
    cells: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.segments or self.points or self.cells)


@dataclass(frozen=True, slots=True)
class Switch:
    """Where one unit switches. `form` is its z where that is the same linear form in all cells, as in layer 1."""

    layer: int
    unit: int
    activation: str
    form: Form | None
    zero: ZeroSet
    sometimes: tuple[bool, bool]  # whether some cell has it inactive, active


@dataclass(frozen=True, slots=True)
class Frontier:
    """Where two classes tie: for them the pre-activations agree (for one output: z is at its level)."""

    classes: tuple[int, int]
    zero: ZeroSet


def code_of(pattern: Pattern) -> str:
    """A pattern in short, as in Cell.code."""
    return "|".join("".join("01"[on] for on in layer) for layer in pattern if layer) or "–"


def line_of(form: Form) -> Line:
    """A linear form of one or two numbers as a half-plane: where it is at least 0."""
    first, second = (*form.coefficients, Fraction(0))[:2]
    return whole(first, second, form.constant)


def checked(network: Network) -> int:
    """The number of inputs, 1 or 2, of a network whose regions can be found.

    Raises:
        InputError: weights are missing, the input has more numbers, or an activation is not piecewise linear (the layer is named).
        LimitError: too many units, or numbers with too many digits.
    """
    for k in range(1, len(network.layers) + 1):
        if k not in network.weights:
            raise InputError(f"The regions need every weight as a number; W_{k} is missing.")
    for k, layer in enumerate(network.layers[:-1], 1):
        if layer.activation not in HIDDEN:
            raise InputError(f"Layer {k} has the activation {layer.activation}, which is not piecewise linear; the regions need "
                             f"{', '.join(HIDDEN[:-1])} or {HIDDEN[-1]} in hidden layers.")
    output_activation(network)
    inputs = len(network.weight(1)[0])
    if inputs not in (1, 2):
        raise InputError(f"Regions are found for an input of one or two numbers; this one has {inputs}.")
    units = sum(len(network.weight(k)) for k in range(1, len(network.layers) + 1))
    if units > MOST_UNITS:
        raise LimitError(f"Regions are found for at most {MOST_UNITS} units, the outputs included; this network has {units}.")
    _check_sizes(network)
    return inputs


def _check_sizes(network: Network) -> None:
    for k in range(1, len(network.layers) + 1):
        numbers = [n for row in network.weight(k) for n in row] + list(network.bias(k))
        if any(max(n.numerator.bit_length(), n.denominator.bit_length()) > MOST_BITS for n in numbers):
            raise LimitError(f"Layer {k} has a number with more than {MOST_BITS * 3 // 10} digits.")


def cells_of(network: Network, start: Polygon) -> tuple[Cell, ...]:
    """The cells inside a polygon, ordered by their patterns: first where nothing is active.

    Raises:
        LimitError: there are more than MOST_CELLS.
    """
    inputs = checked(network)
    units = tuple(Form(tuple(Fraction(int(j == k)) for j in range(inputs))) for k in range(inputs))
    parts = [_Part(start, (), (), units)]
    for number in range(1, len(network.layers)):
        below, parts, rows = parts, [], _rows(network, number)
        for part in below:
            parts += _divided(_affine(rows, part.a), network.layers[number - 1].activation, part)
            if len(parts) > MOST_CELLS:
                raise LimitError(f"There are more than {MOST_CELLS:,} cells up to layer {number}; choose a smaller box or network.")
    rows = _rows(network, len(network.layers))
    parts.sort(key=lambda part: part.pattern)
    return tuple(Cell(k, p.pattern, p.polygon, (*p.z, _affine(rows, p.a))) for k, p in enumerate(parts, 1))


@dataclass(frozen=True, slots=True)
class _Part:
    """A cell of the first layers; `a` is what they give to the next."""

    polygon: Polygon
    pattern: Pattern
    z: tuple[tuple[Form, ...], ...]
    a: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """The weights of one unit over a common denominator, and its bias."""

    weights: tuple[int, ...]
    denominator: int
    bias: Fraction


def _rows(network: Network, number: int) -> list[_Row]:
    return [_Row(*_over_one([*row]), shift) for row, shift in zip(network.weight(number), network.bias(number), strict=True)]


def _over_one(numbers: Sequence[Fraction]) -> tuple[tuple[int, ...], int]:
    """Fractions over their common denominator, and that."""
    common = math.lcm(*(n.denominator for n in numbers))
    return tuple(n.numerator * (common // n.denominator) for n in numbers), common


def _affine(rows: Sequence[_Row], a: Sequence[Form]) -> tuple[Form, ...]:
    """The pre-activations of a layer by the outputs of the one below; sums of whole numbers, since most of the time goes here."""
    columns = [_over_one(column) for column in zip(*((*form.coefficients, form.constant) for form in a), strict=True)]
    found = []
    for row in rows:
        *first, constant = (Fraction(sum(map(mul, row.weights, ns)), row.denominator * d) for ns, d in columns)
        found.append(Form(tuple(first), constant + row.bias))
    return tuple(found)


def _divided(z: tuple[Form, ...], activation: str, part: _Part) -> list[_Part]:
    """The parts of a part in which no unit of a layer with these pre-activations switches."""
    if activation not in SWITCHING:
        return [_Part(part.polygon, (*part.pattern, ()), (*part.z, z), z)]
    pieces: list[tuple[Polygon, tuple[bool, ...]]] = [(part.polygon, ())]
    for form in z:
        half = line_of(form)
        pieces = [(side, (*bits, on)) for region, bits in pieces
                  for side, on in zip(cut(region, half), (True, False), strict=True) if side is not None]
        if len(pieces) > MOST_CELLS:
            break  # an error for the caller in any case
    return [_Part(region, (*part.pattern, bits), (*part.z, z), _activated(z, bits, activation)) for region, bits in pieces]


def _activated(z: Sequence[Form], bits: Sequence[bool], activation: str) -> tuple[Form, ...]:
    return tuple(form.times(slope(activation, on)) for form, on in zip(z, bits, strict=False))


# Zeros


def zero_set(parts: Iterable[tuple[int, Polygon, Form]]) -> ZeroSet:
    """The zeros of a continuous function that is a linear form on each of some polygons; the number is that of the cell."""
    segments: list[Segment] = []
    points: dict[Point, None] = {}
    flat: dict[int, list[Polygon]] = {}
    for number, region, form in parts:
        if form.is_number:
            if form.constant == 0:
                flat.setdefault(number, []).append(region)
            continue
        common = chord(region, line_of(form))
        if common is None:
            continue
        if common.is_point:
            points[_start(common)] = None
        else:
            segments.append(common)
    whole_ones = joined(segments)
    alone = sorted(p for p in points if not any(s.contains(p) for s in whole_ones)
                   and not any(r.contains(p) for regions in flat.values() for r in regions))
    return ZeroSet(whole_ones, tuple(alone), tuple(sorted(flat)))


def _start(segment: Segment) -> Point:
    start = segment.start
    assert start is not None
    return start


def switches_of(network: Network, cells: Sequence[Cell], start: Polygon) -> tuple[Switch, ...]:
    """Where each unit of the hidden layers switches; the cells are those of the polygon."""
    return tuple(_switch(network, cells, start, k, j) for k, layer in enumerate(network.layers[:-1], 1) if layer.activation in SWITCHING
                 for j in range(1, len(network.weight(k)) + 1))


def _switch(network: Network, cells: Sequence[Cell], start: Polygon, layer: int, unit: int) -> Switch:
    forms = [cell.z[layer - 1][unit - 1] for cell in cells]
    same = forms[0] if all(form == forms[0] for form in forms) else None
    if same is not None and not same.is_number:
        zero = zero_set([(0, start, same)])
    else:
        zero = zero_set((cell.number, cell.polygon, form) for cell, form in zip(cells, forms, strict=True))
    bits = {cell.pattern[layer - 1][unit - 1] for cell in cells}
    return Switch(layer, unit, network.layers[layer - 1].activation, same, zero, (False in bits, True in bits))


# Classes


def areas_of(cells: Sequence[Cell], level: Fraction) -> tuple[Area, ...]:
    """Each cell divided by the class that wins."""
    return tuple(area for cell in cells for area in _areas(cell, level))


def _areas(cell: Cell, level: Fraction) -> list[Area]:
    if len(cell.outputs) == 1:
        form = shifted(cell.outputs[0], level)
        if form.is_number:
            classes = (0, 1) if form.constant == 0 else (int(form.constant > 0),)
            return [Area(cell.number, classes, cell.polygon)]
        sides = zip((1, 0), cut(cell.polygon, line_of(form)), strict=True)
        return [Area(cell.number, (k,), side) for k, side in sides if side is not None]
    groups: dict[Form, tuple[int, ...]] = {}
    for k, form in enumerate(cell.outputs, 1):
        groups[form] = (*groups.get(form, ()), k)
    found = ((classes, _largest(cell.polygon, form, groups)) for form, classes in groups.items())
    return [Area(cell.number, classes, region) for classes, region in found if region is not None]


def _largest(region: Polygon, form: Form, groups: Mapping[Form, object]) -> Polygon | None:
    """Where a form is larger than all others."""
    rest: Polygon | None = region
    for other in groups:
        if rest is not None and other != form:
            rest, _ = cut(rest, line_of(form - other))
    return rest


def frontiers_of(cells: Sequence[Cell], areas: Sequence[Area], level: Fraction) -> tuple[Frontier, ...]:
    """Where classes tie, pair by pair."""
    if len(cells[0].outputs) == 1:
        zero = zero_set((cell.number, cell.polygon, shifted(cell.outputs[0], level)) for cell in cells)
        return () if zero.empty else (Frontier((0, 1), zero),)
    pairs: dict[tuple[int, int], list[tuple[int, Polygon, Form]]] = {}
    for area in areas:
        outputs = cells[area.cell - 1].outputs
        for one in area.classes:
            for other in range(1, len(outputs) + 1):
                if other != one:
                    part = (area.cell, area.polygon, outputs[one - 1] - outputs[other - 1])
                    pairs.setdefault((min(one, other), max(one, other)), []).append(part)
    found = ((classes, zero_set(pairs[classes])) for classes in sorted(pairs))
    return tuple(Frontier(classes, zero) for classes, zero in found if not zero.empty)


def shifted(form: Form, level: Fraction) -> Form:
    """A form less a number."""
    return Form(form.coefficients, form.constant - level)


__all__ = ["HIDDEN", "MOST_CELLS", "MOST_UNITS", "SWITCHING", "Area", "Cell", "Frontier", "Pattern", "Switch", "ZeroSet", "areas_of",
           "cells_of", "checked", "code_of", "frontiers_of", "line_of", "shifted", "switches_of"]
