"""Pictures of a computation graph: SVG and PNG with our own drawing, DOT and Mermaid as text for other programs.

Every node shows its operation, its value and its gradient; every edge its local partial. Layers run from the inputs on
the left to the output on the right; igraph orders the nodes within them so that few edges cross.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import PurePath

from ..errors import InputError
from .graph_building import Edge, Graph
from .graph_writing import decimal_text
from .graphs import Backpropagation, Quantity

FORMATS: Mapping[str, str] = {
    ".svg": "svg",
    ".png": "png",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
}

FONTS = "DejaVu Sans, Noto Sans, Segoe UI, Arial, sans-serif"
SIZE = 14  # of the letters, in pixels
WIDE = 0.62 * SIZE  # of a letter, rather too much than too little: nobody knows which font will be there
LINE = 20
GAP_X, GAP_Y, MARGIN = 76, 26, 24
LONGEST = 36  # characters of a line in a node
MOST_LABELS = 40  # edges that still carry their local partial
MOST_LEFT = 6  # inputs that stand in one column at the left; more of them stand where they are used first

INK, LINES, PAPER = "#1f2430", "#7a8194", "#ffffff"
VALUE, GRADIENT = "#1a5fb4", "#a51d2d"
FILLS = {"input": "#e6f0fb", "step": "#f6f6f4", "output": "#e4f4e4"}


def format_of(file: str) -> str:
    """The format that a file name asks for; a dash is SVG on standard output, a bare "dot" or "mermaid" is printed too.

    >>> format_of("a/neuron.svg"), format_of("-"), format_of("mermaid")
    ('svg', 'svg', 'mermaid')
    """
    if is_standard_output(file):
        return "svg" if file == "-" else file
    ending = PurePath(file).suffix.lower()
    if ending not in FORMATS:
        found = f"“{ending}”" if ending else "no ending"
        raise InputError(
            f"A graph is drawn as {', '.join(list(FORMATS)[:-1])} or {list(FORMATS)[-1]}; {file!r} has {found}."
        )
    return FORMATS[ending]


def is_standard_output(file: str) -> bool:
    """Whether a picture is to be printed: -, svg, dot or mermaid."""
    return file in ("-", "svg", "dot", "mermaid")


def drawing(result: Backpropagation, form: str) -> str | bytes:
    """The graph as a picture: text, or bytes for "png"."""
    if form == "png":
        return png(result)
    return {"svg": svg, "dot": dot, "mermaid": mermaid}[form](result)


# What stands in a node and on an edge


@dataclass(frozen=True, slots=True)
class Card:
    """What a node shows: its name and operation, its value, its gradient (the last two empty without a point)."""

    title: str
    value: str = ""
    gradient: str = ""

    @property
    def lines(self) -> list[str]:
        return [line for line in (self.title, self.value, self.gradient) if line]


def card(result: Backpropagation, index: int) -> Card:
    """The lines of one node."""
    graph = result.graph
    name, title = result.name(index), result.name(index)
    if graph.nodes[index].operation != "input":
        title = f"{name} = {result.notation.text(graph.formula(index))}"
    if not result.values:
        return Card(title)
    gradient = f"∂{result.name(graph.output)}/∂{name} {_number(result, result.adjoints[index])}"
    return Card(title, f"{name} {_number(result, result.values[index])}", gradient)


def label(result: Backpropagation, edge: Edge) -> str:
    """The local partial of an edge: its value, or its formula where there is no point."""
    if not result.partials:
        return result.notation.text(result.graph.partials[edge])
    return _number(result, result.partials[edge], both=False).removeprefix("= ")


def _number(result: Backpropagation, quantity: Quantity, both: bool = True) -> str:
    exact = None if quantity.exact is None else result.notation.text(quantity.exact)
    rounded = decimal_text(quantity.decimal or "?")
    if exact is None:
        return f"≈ {rounded}"
    return f"= {exact}" if rounded == exact or not both else f"= {exact} {'=' if quantity.whole else '≈'} {rounded}"


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


# Where everything stands


@dataclass(frozen=True, slots=True)
class Box:
    """A node of the picture: its middle, its size, and what it shows."""

    index: int
    x: float
    y: float
    width: float
    height: float
    kind: str
    card: Card


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge: the points it passes, from the tail to the head, and its label on the last gap that it crosses."""

    edge: Edge
    points: tuple[tuple[float, float], ...]
    label: str
    place: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, with the size of the whole."""

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float


def picture(result: Backpropagation) -> Picture:
    """The layout: nodes in layers, edges through the gaps that igraph leaves for them."""
    graph = result.graph
    shown = [*graph.inputs, *graph.steps]
    cards = {i: card(result, i) for i in shown}
    height = LINE * max(len(c.lines) for c in cards.values()) + 14
    layers, places, ways = _layers(graph, shown, height + GAP_Y)
    widths = {i: max(len(_cut(line)) for line in c.lines) * WIDE + 24 for i, c in cards.items()}
    columns = [
        max((widths[i] for i in shown if layers[i] == layer), default=0.0) for layer in range(max(layers.values()) + 1)
    ]
    labels = {edge: label(result, edge) for edge in graph.edges} if len(graph.edges) <= MOST_LABELS else {}
    gap = max([GAP_X, *(len(_cut(text)) * WIDE * 0.8 + 30 for text in labels.values())])
    middles, x = [], float(MARGIN)
    for column in columns:
        middles.append(x + column / 2)
        x += column + gap
    title = f"{result.signature()} = {result.body()}"
    lowest, highest = min(places), max(places)
    top = MARGIN + 2 * LINE + height / 2

    def point(vertex: int, layer: int) -> tuple[float, float]:
        return middles[layer], top + places[vertex] - lowest

    boxes = []
    for vertex, i in enumerate(shown):
        kind = "input" if i in graph.inputs else "output" if i == graph.output else "step"
        boxes.append(Box(i, *point(vertex, layers[i]), widths[i], height, kind, cards[i]))
    arrows = []
    for edge, between in zip(graph.edges, ways, strict=True):
        tail, head = (next(b for b in boxes if b.index == i) for i in (edge.tail, edge.head))
        # Level across every column, so that all bends lie in the gaps between columns.
        points = [(tail.x + tail.width / 2, tail.y), (tail.x + columns[layers[edge.tail]] / 2, tail.y)]
        for k, v in enumerate(between):
            x, y = point(v, layers[edge.tail] + 1 + k)
            half = columns[layers[edge.tail] + 1 + k] / 2
            points += [(x - half, y), (x + half, y)]
        points += [(head.x - columns[layers[edge.head]] / 2, head.y), (head.x - head.width / 2, head.y)]
        (x1, y1), (x2, y2) = points[-3:-1]
        # On the bend before the head; where the line is level, a little above it.
        place = (x1 + x2) / 2, (y1 + y2) / 2 + (4 if abs(y1 - y2) > LINE else -6)
        arrows.append(Arrow(edge, tuple(dict.fromkeys(points)), labels.get(edge, ""), place))
    width = max(middles[-1] + columns[-1] / 2 + MARGIN, len(_cut(title)) * WIDE + 2 * MARGIN)
    title = _cut(title, int((width - 2 * MARGIN) / WIDE))
    return Picture(title, tuple(boxes), tuple(arrows), width, top + highest - lowest + height / 2 + MARGIN)


def _layers(graph: Graph, shown: Sequence[int], gap: float) -> tuple[dict[int, int], list[float], list[list[int]]]:
    """The layer of every node, the height of every vertex (nodes, then bends), and the bends of every edge."""
    import igraph

    layers: dict[int, int] = dict.fromkeys(graph.inputs, 0)
    for i in graph.steps:
        layers[i] = 1 + max((layers[a] for a in graph.nodes[i].args if a in layers), default=0)
    if len(graph.inputs) > MOST_LEFT:
        for i in graph.inputs:
            layers[i] = min((layers[edge.head] for edge in graph.above[i]), default=1) - 1
    vertex = {i: k for k, i in enumerate(shown)}
    rows = [layers[i] for i in shown]
    links: list[tuple[int, int]] = []
    ways: list[list[int]] = []
    for edge in graph.edges:
        way = []
        last = vertex[edge.tail]
        for layer in range(layers[edge.tail] + 1, layers[edge.head]):
            rows.append(layer)
            way.append(len(rows) - 1)
            links.append((last, len(rows) - 1))
            last = len(rows) - 1
        links.append((last, vertex[edge.head]))
        ways.append(way)
    layout = igraph.Graph(len(rows), links, directed=True).layout_sugiyama(layers=rows, hgap=gap, vgap=1.0, maxiter=200)
    return layers, [float(x) for x, _ in layout.coords], ways


# SVG


def svg(result: Backpropagation) -> str:
    """The picture as SVG, on white, with a title for every node and edge."""
    drawn = picture(result)
    width, height = f"{drawn.width:.0f}", f"{drawn.height:.0f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="title" font-family="{FONTS}" font-size="{SIZE}">',
        f'<title id="title">Computation graph of {escape(result.signature())} = {escape(result.body())}</title>',
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 1 L10 5 L0 9 z" fill="{LINES}"/></marker></defs>',
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        f'<text x="{MARGIN}" y="{MARGIN + SIZE}" fill="{INK}" font-weight="bold">{escape(drawn.title)}</text>',
    ]
    lines += [_svg_arrow(result, arrow) for arrow in drawn.arrows]
    lines += [_svg_box(result, box) for box in drawn.boxes]
    lines += [_svg_label(arrow) for arrow in drawn.arrows if arrow.label]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _svg_arrow(result: Backpropagation, arrow: Arrow) -> str:
    path = f"M{_xy(arrow.points[0])}" + "".join(f" C{_xy(a)} {_xy(b)} {_xy(c)}" for a, b, c in _curves(arrow.points))
    head, tail = result.name(arrow.edge.head), result.name(arrow.edge.tail)
    told = f"∂{head}/∂{tail} = {result.notation.text(result.graph.partials[arrow.edge])}"
    name = f"edge-{_id(result.graph, arrow.edge.tail)}-{_id(result.graph, arrow.edge.head)}"
    return (
        f'<path id="{name}" d="{path}" fill="none" stroke="{LINES}" stroke-width="1.4" marker-end="url(#arrow)">'
        f"<title>{escape(told)}</title></path>"
    )


def _svg_box(result: Backpropagation, box: Box) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    lines = [
        f'<g id="node-{_id(result.graph, box.index)}"><title>{escape("; ".join(box.card.lines))}</title>',
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{_radius(box):.0f}" '
        f'fill="{FILLS[box.kind]}" stroke="{INK}"/>',
    ]
    for text, y, colour, weight in _texts(box):
        lines.append(
            f'<text x="{box.x:.1f}" y="{y:.1f}" text-anchor="middle" fill="{colour}" font-weight="{weight}">'
            f"{escape(_cut(text))}</text>"
        )
    return "".join([*lines, "</g>"])


def _radius(box: Box) -> float:
    """Inputs are round."""
    return min(18.0, box.height / 2) if box.kind == "input" else 6.0


def _svg_label(arrow: Arrow) -> str:
    x, y = arrow.place
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{SIZE - 3}" fill="{INK}" '
        f'stroke="{PAPER}" stroke-width="4" paint-order="stroke">{escape(_cut(arrow.label))}</text>'
    )


def _texts(box: Box) -> list[tuple[str, float, str, str]]:
    """The lines of a box: text, base line, colour, weight."""
    colours = {
        box.card.title: (INK, "bold"),
        box.card.value: (VALUE, "normal"),
        box.card.gradient: (GRADIENT, "normal"),
    }
    first = box.y - (len(box.card.lines) - 1) * LINE / 2 + SIZE * 0.35
    return [(text, first + k * LINE, *colours[text]) for k, text in enumerate(box.card.lines)]


def _curves(points: Sequence[tuple[float, float]]) -> list[tuple[tuple[float, float], ...]]:
    """Bends that leave and arrive level."""
    return [(((x1 + x2) / 2, y1), ((x1 + x2) / 2, y2), (x2, y2)) for (x1, y1), (x2, y2) in pairwise(points)]


def _xy(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _id(graph: Graph, index: int) -> str:
    """A node's name where it can be an id: W^(2) is W--2-."""
    return re.sub(r"[^A-Za-z0-9_]", "-", graph.nodes[index].name)


# PNG


def png(result: Backpropagation) -> bytes:
    """The picture as PNG, by matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path

    drawn, points = picture(result), 72 / 100
    figure = Figure(figsize=(drawn.width / 100, drawn.height / 100), dpi=100)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0, drawn.width), ylim=(drawn.height, 0))
    axes.axis("off")
    axes.text(MARGIN, MARGIN + SIZE, drawn.title, color=INK, weight="bold", size=SIZE * points, parse_math=False)
    for arrow in drawn.arrows:
        corners = [arrow.points[0], *(p for curve in _curves(arrow.points) for p in curve)]
        path = Path(corners, [Path.MOVETO] + [Path.CURVE4] * (len(corners) - 1))
        axes.add_patch(FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=11, color=LINES, lw=1.1))
    for box in drawn.boxes:
        shape = f"round,pad=0,rounding_size={_radius(box):.0f}"
        corner = (box.x - box.width / 2, box.y - box.height / 2)
        axes.add_patch(
            FancyBboxPatch(corner, box.width, box.height, boxstyle=shape, fc=FILLS[box.kind], ec=INK, lw=0.8)
        )
        for text, y, colour, weight in _texts(box):
            axes.text(
                box.x, y, _cut(text), color=colour, weight=weight, ha="center", size=SIZE * points, parse_math=False
            )
    for arrow in drawn.arrows:
        if arrow.label:
            back = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
            axes.text(
                *arrow.place,
                _cut(arrow.label),
                color=INK,
                ha="center",
                size=(SIZE - 3) * points,
                bbox=back,
                parse_math=False,
            )
    out = io.BytesIO()
    FigureCanvasAgg(figure).print_png(out)
    return out.getvalue()


# Text for other programs


def dot(result: Backpropagation) -> str:
    """The graph in the language of Graphviz."""
    lines = [
        "digraph computation {",
        f"  label={_quoted(result.signature() + ' = ' + result.body())}; labelloc=t; rankdir=LR;",
        '  node [shape=box, style="rounded,filled", fillcolor="#f6f6f4", fontname="DejaVu Sans"];',
        '  edge [fontname="DejaVu Sans", fontsize=11];',
    ]
    for i in (*result.graph.inputs, *result.graph.steps):
        kind = "input" if i in result.graph.inputs else "output" if i == result.graph.output else "step"
        fill = "" if kind == "step" else f', fillcolor="{FILLS[kind]}"'
        lines.append(f"  {_quoted(result.graph.nodes[i].name)} [label={_quoted(*card(result, i).lines)}{fill}];")
    for edge in result.graph.edges:
        tail, head = (_quoted(result.graph.nodes[i].name) for i in (edge.tail, edge.head))
        lines.append(f"  {tail} -> {head} [label={_quoted(label(result, edge))}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(*lines: str) -> str:
    return '"' + "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines) + '"'


def mermaid(result: Backpropagation) -> str:
    """The graph in the language of Mermaid, which GitHub and many notebooks draw."""
    lines = ["flowchart LR"]
    for i in (*result.graph.inputs, *result.graph.steps):
        text = "<br/>".join(_safe(line) for line in card(result, i).lines)
        left, right = ("([", "])") if i in result.graph.inputs else ("[", "]")
        lines.append(f'  n{i}{left}"{text}"{right}')
    for edge in result.graph.edges:
        lines.append(f'  n{edge.tail} -->|"{_safe(label(result, edge))}"| n{edge.head}')
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    """Text with what Mermaid and HTML would read as their own replaced by entities."""
    return "".join(f"#{ord(c)};" if c in '"#<>&`|' else c for c in text)
