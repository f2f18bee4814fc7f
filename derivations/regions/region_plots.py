"""A picture of the regions of a network, as PNG or SVG; the same input gives the same bytes.

With two inputs: the plane, with the lines on which units switch, their + and 0 sides, the areas of the classes and the boundary between
them, bold. With one input: the output's pre-activations as curves over it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..notation.spellings import Style
from ..notation.writer import write
from ..pictures import FAINT, picture
from .outcomes import listed, unit_name
from .polygons import Point, Segment, box, clipped, common
from .region_cells import Area, Switch, ZeroSet
from .regions import Regions, forward

CLASSES = ("#1f5fa8", "#c8501e", "#3b8f4e", "#8a5fb0", "#b8962e", "#2f9c9c", "#b04a7a", "#6b7280")  # repeated where there are more
UNITS = ("#3a3f47", "#7a4fa0", "#2f8a8a", "#a06a2c")  # by layer
BOUNDARY, TIE = "#111418", "#8a8f98"
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 2)), (0, (1, 1.5)), (0, (4, 1.5, 1, 1.5)))
_SIZE, _WIDE = (6.8, 7.0), (7.2, 4.6)
_MOST_LABELS = 16  # with more units, names would cover the picture
_FARTHEST, _NARROWEST = 10**9, Fraction(1, 10**9)
_FRAME = Fraction(1, 2)  # room around the outermost corners, of their distance
View = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]


def plot_regions(found: Regions, path: str | Path) -> None:
    """Draw regions into a file: their box, or where there is none a window around all corners.

    Raises:
        InputError: the file's name ends in neither .png nor .svg, or the file cannot be written.
    """
    def draw(figure: Any, axes: Any) -> None:
        (_plane if found.inputs == 2 else _axis)(axes, found)
        _legend(figure, axes)

    picture(path, _SIZE if found.inputs == 2 else _WIDE, draw)


def window(found: Regions) -> View:
    """What is shown: the box, or a square around the corners of cells and boundary, without the outermost tenth of many.

    With one input the second pair is (0, 1).
    """
    if found.box is not None:
        return found.box[0], found.box[1] if found.inputs == 2 else (Fraction(0), Fraction(1))
    points = sorted(set(_corners(found))) or [(Fraction(0), Fraction(0))]
    spans = [_span(sorted(p[k] for p in points)) for k in (0, 1)]
    half = max(high - low for low, high in spans) * (Fraction(1, 2) + _FRAME) or Fraction(2)
    unit = Fraction(10) ** (len(str(half.numerator)) - len(str(half.denominator))) / 4  # so that the ends are short numbers
    half = math.ceil(half / unit) * unit
    middles = [round((low + high) / 2 / unit) * unit for low, high in spans]
    across, up = ((middle - half, middle + half) for middle in middles)
    return across, up if found.inputs == 2 else (Fraction(0), Fraction(1))


def _drawable(view: View) -> View:
    """The window, if double precision can tell its points apart."""
    for low, high in view:
        if max(abs(low), abs(high)) > _FARTHEST or high - low < _NARROWEST * max(abs(low), abs(high), Fraction(1)):
            raise InputError("The corners lie too far away or too close together to be drawn; another box may help.")
    return view


def _span(values: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
    drop = len(values) // 10
    return values[drop], values[-1 - drop]


def _corners(found: Regions) -> Iterator[Point]:
    """The corners of all areas; where these are strips, the points of their lines that are nearest to the origin."""
    vertices = [v for area in found.areas for v in area.polygon.vertices]
    yield from vertices
    if not vertices:
        for a, b, c in {half for area in found.areas for half in area.polygon.halves}:
            yield Fraction(-a * c, a * a + b * b), Fraction(-b * c, a * a + b * b)


def _ends(segment: Segment, view: View) -> tuple[Point, Point] | None:
    """The ends of the part of a segment in the window, the right or upper one last."""
    part = clipped(segment, box(*view))
    if part is None or part.start is None or part.end is None:
        return None
    return min(part.start, part.end), max(part.start, part.end)


# Two inputs


def _plane(axes: Any, found: Regions) -> None:
    view = _drawable(window(found))
    (left, right), (bottom, top) = view
    axes.set_xlim(float(left), float(right))
    axes.set_ylim(float(bottom), float(top))
    axes.set_aspect("equal")
    axes.axhline(0, color=FAINT, linewidth=0.7, zorder=2)
    axes.axvline(0, color=FAINT, linewidth=0.7, zorder=2)
    axes.set_xlabel("$x_1$")
    axes.set_ylabel("$x_2$", rotation=0)
    _shade(axes, found, view)
    taken: list[tuple[float, float]] = []
    for switch in found.switches:
        _switch(axes, found, switch, view, taken)
    _boundary(axes, found, view)


def _shade(axes: Any, found: Regions, view: View) -> None:
    from matplotlib.patches import Polygon as Patch

    seen: set[tuple[int, ...]] = set()
    for number, area in enumerate(found.areas, 1):
        part = common(area.polygon, box(*view))
        if part is not None:
            corners = [(float(x), float(y)) for x, y in part.vertices]
            axes.add_patch(Patch(corners, closed=True, facecolor=_colour(found, area.classes), alpha=0.16, edgecolor="none", zorder=1,
                                 gid=f"area-{number}", label=None if area.classes in seen else _class_name(area.classes)))
            seen.add(area.classes)


def _colour(found: Regions, classes: Sequence[int]) -> str:
    return CLASSES[(classes[0] - (len(found.cells[0].outputs) > 1)) % len(CLASSES)] if len(classes) == 1 else TIE


def _class_name(classes: Sequence[int]) -> str:
    return f"class {classes[0]}" if len(classes) == 1 else f"classes {listed(classes)} tie"


def _switch(axes: Any, found: Regions, switch: Switch, view: View, taken: list[tuple[float, float]]) -> None:
    """The lines of one unit, named at an end where there is room, with the signs of its two sides."""
    pieces = [ends for segment in switch.zero.segments if (ends := _ends(segment, view)) is not None]
    style = _style(switch)
    for k, ends in enumerate(pieces, 1):
        xs, ys = zip(*((float(x), float(y)) for x, y in ends), strict=True)
        axes.plot(xs, ys, linewidth=1.3, zorder=4, gid=f"unit-{switch.layer}-{switch.unit}-{k}", **style)
    if pieces and len(found.switches) <= _MOST_LABELS:
        longest = max(pieces, key=lambda ends: (ends[1][0] - ends[0][0]) ** 2 + (ends[1][1] - ends[0][1]) ** 2)
        _signs(axes, found, switch, longest, style["color"])
        _label(axes, switch, longest, view, taken, style["color"])


def _style(switch: Switch) -> dict[str, Any]:
    """How the lines of a unit are drawn: by its layer."""
    return {"color": UNITS[(switch.layer - 1) % len(UNITS)], "linestyle": _DASHES[(switch.layer - 1) % len(_DASHES)]}


def _name(switch: Switch) -> str:
    return f"${write(unit_name('z', switch.layer, switch.unit), Style.LATEX)}=0$"


def _signs(axes: Any, found: Regions, switch: Switch, ends: tuple[Point, Point], colour: str) -> None:
    """+ on the side where the unit is active, 0 (− for leaky ReLU) on the other, near the left or lower end."""
    (x, y), (u, v) = ends
    at = (x + (u - x) * Fraction(3, 20), y + (v - y) * Fraction(3, 20))
    length = float((u - x) ** 2 + (v - y) ** 2) ** 0.5
    normal = (-float(v - y) / length, float(u - x) / length)
    tiny = Fraction(1, 10**6)
    for side in (1, -1):
        point = (at[0] - side * (v - y) * tiny, at[1] + side * (u - x) * tiny)
        z = forward(found.network, point)[0][switch.layer - 1][switch.unit - 1]
        sign = "+" if z > 0 else "0" if switch.activation == "relu" else "−"
        axes.annotate(sign, (float(at[0]), float(at[1])), xytext=(9 * side * normal[0], 9 * side * normal[1]), textcoords="offset points",
                      ha="center", va="center", color=colour, fontsize=11, zorder=6, gid=f"sign-{switch.layer}-{switch.unit}-{sign}")


def _label(axes: Any, switch: Switch, ends: tuple[Point, Point], view: View, taken: list[tuple[float, float]], colour: str) -> None:
    (left, right), (bottom, top) = view
    places = [(float((x - left) / (right - left)), float((y - bottom) / (top - bottom))) for x, y in reversed(ends)]
    free = [k for k, p in enumerate(places) if all((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 > 0.01 for q in taken)]
    chosen = free[0] if free else 0
    taken.append(places[chosen])
    end, across = ends[1 - chosen], places[chosen][0]
    # outside the frame on the right and above, where there are no ticks; else beside the end, on the line
    if across >= 1:
        offset, horizontal, vertical = (5, 0), "left", "center"
    else:
        offset, horizontal, vertical = (0 if 0 < across else 4, 5), "center" if 0 < across else "left", "bottom"
    axes.annotate(_name(switch), (float(end[0]), float(end[1])), xytext=offset, textcoords="offset points", ha=horizontal, va=vertical,
                  color=colour, fontsize=10, annotation_clip=False, zorder=7, gid=f"name-{switch.layer}-{switch.unit}",
                  bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "alpha": 0.7, "edgecolor": "none"})


def _boundary(axes: Any, found: Regions, view: View) -> None:
    number = 0
    for frontier in found.boundary:
        for ends in filter(None, (_ends(segment, view) for segment in frontier.zero.segments)):
            number += 1
            xs, ys = zip(*((float(x), float(y)) for x, y in ends), strict=True)
            axes.plot(xs, ys, color=BOUNDARY, linewidth=3.0, solid_capstyle="round", zorder=5, gid=f"boundary-{number}",
                      label="class boundary" if number == 1 else None)
        for x, y in frontier.zero.points:
            axes.plot([float(x)], [float(y)], marker="o", markersize=6, color=BOUNDARY, zorder=5, linestyle="none")


# One input


def _axis(axes: Any, found: Regions) -> None:
    view = _drawable(window(found))
    (left, right), _ = view
    axes.set_xlim(float(left), float(right))
    axes.axhline(float(found.level), color=FAINT, linewidth=0.8, zorder=2)
    axes.set_xlabel("$x$")
    seen: set[tuple[int, ...]] = set()
    for number, area in enumerate(found.areas, 1):
        low, high = _interval(area, view)
        if low < high:
            axes.axvspan(float(low), float(high), color=_colour(found, area.classes), alpha=0.16, linewidth=0, zorder=1,
                         gid=f"area-{number}", label=None if area.classes in seen else _class_name(area.classes))
            seen.add(area.classes)
    for switch in found.switches:
        for at in _inside(switch.zero, left, right):
            style = _style(switch)
            axes.axvline(float(at), linewidth=1.1, zorder=3, gid=f"unit-{switch.layer}-{switch.unit}", **style)
            if len(found.switches) <= _MOST_LABELS:
                axes.annotate(_name(switch), (float(at), 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                              textcoords="offset points", ha="center", va="bottom", fontsize=10, color=style["color"])
    _curves(axes, found, sorted({end for area in found.areas for end in _interval(area, view)}))
    for k, at in enumerate(sorted({at for f in found.boundary for at in _inside(f.zero, left, right)}), 1):
        axes.axvline(float(at), color=BOUNDARY, linewidth=3.0, zorder=5, gid=f"boundary-{k}", label="class boundary" if k == 1 else None)


def _inside(zero: ZeroSet, left: Fraction, right: Fraction) -> list[Fraction]:
    places = (Fraction(-segment.line[2], segment.line[0]) for segment in zero.segments)
    return [at for at in places if left <= at <= right]


def _interval(area: Area, view: View) -> tuple[Fraction, Fraction]:
    low, high = view[0]
    for a, b, c in area.polygon.halves:
        if not b:
            at = Fraction(-c, a)
            low, high = (max(low, at), high) if a > 0 else (low, min(high, at))
    return low, high


def _curves(axes: Any, found: Regions, places: Sequence[Fraction]) -> None:
    """The pre-activations of the output: straight between neighbouring ends of intervals."""
    last, several = len(found.network.layers), len(found.cells[0].outputs) > 1
    values = [forward(found.network, (at,))[0][-1] for at in places]
    for k in range(len(found.cells[0].outputs)):
        name = write(unit_name("z", last, k + 1), Style.LATEX)
        axes.plot([float(at) for at in places], [float(z[k]) for z in values], linewidth=2.2, zorder=4, label=f"${name}$",
                  gid=f"output-{k + 1}", color=CLASSES[k % len(CLASSES)] if several else BOUNDARY)


def _legend(figure: Any, axes: Any) -> None:
    """The classes in their order, then the rest."""
    handles = sorted(zip(*axes.get_legend_handles_labels(), strict=True), key=lambda h: (not h[1][6:].isdigit(), len(h[1]), h[1]))
    if handles:
        marks, labels = zip(*handles, strict=True)
        figure.legend(marks, labels, loc="outside lower center", ncols=min(4, len(labels)), frameon=False)


__all__ = ["BOUNDARY", "CLASSES", "UNITS", "plot_regions", "window"]
