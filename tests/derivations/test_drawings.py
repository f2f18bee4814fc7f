"""Pictures of computation graphs: complete, well formed, nothing on top of anything else, text safely quoted."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from hwcheck.derivations.errors import InputError
from hwcheck.derivations.graphs.drawings import (
    FORMATS,
    MARGIN,
    Box,
    card,
    dot,
    drawing,
    format_of,
    is_standard_output,
    mermaid,
    picture,
    png,
    svg,
)
from hwcheck.derivations.graphs.graphs import Backpropagation, backprop

SVG = "{http://www.w3.org/2000/svg}"
FIRST = "f(x,y,z) = ln x + exp(y)·z"
SECOND = "f(x,y,z,v) = exp(y^(-x) − z) + (z − v)^2"


def network(layers: int) -> str:
    text = "x"
    for k in range(1, layers + 1):
        text = f"tanh(w_{k}·{text} + b_{k})"
    return text


def fan(terms: int) -> str:
    return "x·y" + "".join(f" + sin({k}·x)·y" for k in range(2, terms + 2))


CASES = [
    ("x·y", "1,2"),
    (FIRST, "1,3,2"),
    (SECOND, "0,1,2,3"),
    (FIRST, None),
    (network(7), [0.5] * 15),
    (fan(15), "1,2"),
    ("f(x)=x", "1"),
    ("f(x,y)=3", "1,2"),
]


@pytest.fixture(scope="module", params=CASES, ids=lambda c: str(c[0])[:20])
def result(request: pytest.FixtureRequest) -> Backpropagation:
    return backprop(*request.param)


def test_boxes_lie_apart_and_inside(result: Backpropagation) -> None:
    drawn = picture(result)
    for box in drawn.boxes:
        assert box.x - box.width / 2 >= MARGIN - 1 and box.x + box.width / 2 <= drawn.width - MARGIN + 1
        assert box.y - box.height / 2 >= MARGIN and box.y + box.height / 2 <= drawn.height - MARGIN + 1
    for a, b in combinations(drawn.boxes, 2):
        assert abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2


def test_edges_run_from_left_to_right_around_the_boxes(result: Backpropagation) -> None:
    drawn = picture(result)
    boxes = {box.index: box for box in drawn.boxes}
    assert len(drawn.arrows) == len(result.graph.edges)
    for arrow in drawn.arrows:
        tail, head = boxes[arrow.edge.tail], boxes[arrow.edge.head]
        assert arrow.points[0] == (tail.x + tail.width / 2, tail.y)
        assert arrow.points[-1] == (head.x - head.width / 2, head.y)
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            assert x1 < x2
            crossed = [b for b in drawn.boxes if b not in (tail, head) and _level_through(b, x1, y1, x2, y2)]
            assert crossed == []


def _level_through(box: Box, x1: float, y1: float, x2: float, y2: float) -> bool:
    """Whether a level stretch runs through a box; bends lie between the columns."""
    apart = box.x + box.width / 2 <= x1 or x2 <= box.x - box.width / 2
    return y1 == y2 and not apart and abs(box.y - y1) < box.height / 2


def test_the_svg_is_complete(result: Backpropagation) -> None:
    root = ElementTree.fromstring(svg(result))
    titles = [t.text for t in root.iter(f"{SVG}title")]
    assert titles[0] == f"Computation graph of {result.signature()} = {result.body()}"
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    nodes = [i for i in ids if i and i.startswith("node-")]
    edges = [i for i in ids if i and i.startswith("edge-")]
    assert len(nodes) == len(result.graph.inputs) + len(result.graph.steps)
    assert len(edges) == len(result.graph.edges)
    texts = {"".join(t.itertext()) for t in root.iter(f"{SVG}text")}
    for i in (*result.graph.inputs, *result.graph.steps):
        assert {line for line in card(result, i).lines if len(line) <= 36} <= texts


def test_pictures_are_the_same_every_time(result: Backpropagation) -> None:
    assert svg(result) == svg(result)


def test_what_a_node_shows() -> None:
    result = backprop(FIRST, "1,3,2")
    assert [card(result, i).lines for i in (*result.graph.inputs, *result.graph.steps)] == [
        ["x", "x = 1", "∂f/∂x = 1"],
        ["y", "y = 3", "∂f/∂y = 2e³ ≈ 40.1711"],
        ["z", "z = 2", "∂f/∂z = e³ ≈ 20.0855"],
        ["h₁ = ln x", "h₁ = 0", "∂f/∂h₁ = 1"],
        ["h₂ = exp(y)", "h₂ = e³ ≈ 20.0855", "∂f/∂h₂ = 2"],
        ["h₃ = h₂ · z", "h₃ = 2e³ ≈ 40.1711", "∂f/∂h₃ = 1"],
        ["f = h₁ + h₃", "f = 2e³ ≈ 40.1711", "∂f/∂f = 1"],
    ]


def test_mermaid() -> None:
    assert mermaid(backprop("x·y if x < 1 else y", "2,3")).splitlines() == [
        "flowchart LR",
        '  n0(["x<br/>x = 2<br/>∂f/∂x = 0"])',
        '  n1(["y<br/>y = 3<br/>∂f/∂y = 1"])',
        '  n3["h₁ = 𝟙[x #60; 1]<br/>h₁ = 0<br/>∂f/∂h₁ = 0"]',
        '  n4["h₂ = x · y<br/>h₂ = 6<br/>∂f/∂h₂ = 0"]',
        '  n5["f = h₂ if h₁ ≠ 0 else y<br/>f = 3<br/>∂f/∂f = 1"]',
        '  n0 -->|"0"| n3',
        '  n0 -->|"3"| n4',
        '  n1 -->|"2"| n4',
        '  n3 -->|"0"| n5',
        '  n4 -->|"0"| n5',
        '  n1 -->|"1"| n5',
    ]


def test_dot() -> None:
    assert dot(backprop("x·y")).splitlines() == [
        "digraph computation {",
        '  label="f(x, y) = x · y"; labelloc=t; rankdir=LR;',
        '  node [shape=box, style="rounded,filled", fillcolor="#f6f6f4", fontname="DejaVu Sans"];',
        '  edge [fontname="DejaVu Sans", fontsize=11];',
        '  "x" [label="x", fillcolor="#e6f0fb"];',
        '  "y" [label="y", fillcolor="#e6f0fb"];',
        '  "f" [label="f = x · y", fillcolor="#e4f4e4"];',
        '  "x" -> "f" [label="y"];',
        '  "y" -> "f" [label="x"];',
        "}",
    ]
    assert r'label="x\nx = 1\n∂f/∂x = 2"' in dot(backprop("x·y", "1,2"))


def test_png_has_the_size_of_the_picture() -> None:
    result = backprop(FIRST, "1,3,2")
    data, drawn = png(result), picture(result)
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[k : k + 4], "big") for k in (16, 20))
    assert (width, height) == pytest.approx((drawn.width, drawn.height), abs=1)


def test_names_with_marks_are_ids_and_labels() -> None:
    result = backprop("λ·W^{(2)}", "1,2")
    assert re.findall(r'id="(node-[^"]*)"', svg(result)) == ["node-lambda", "node-W--2-", "node-f"]
    ElementTree.fromstring(svg(backprop("x if x < 1 else 2", "0")))


@pytest.mark.parametrize(
    ("file", "form"),
    [("a.svg", "svg"), ("b/A.SVG", "svg"), ("a.dot", "dot"), ("a.gv", "dot"), ("a.mmd", "mermaid"),
     ("a.mermaid", "mermaid"), ("a.png", "png"), ("-", "svg"), ("dot", "dot"), ("mermaid", "mermaid"), ("svg", "svg")],
)  # fmt: skip
def test_formats(file: str, form: str) -> None:
    assert format_of(file) == form
    assert is_standard_output(file) == ("." not in file)
    assert drawing(backprop("x·y"), form)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("a.pdf", "A graph is drawn as .svg, .png, .dot, .gv, .mmd or .mermaid; 'a.pdf' has “.pdf”."),
        ("picture", "A graph is drawn as .svg, .png, .dot, .gv, .mmd or .mermaid; 'picture' has no ending."),
    ],
)
def test_unknown_formats(file: str, message: str) -> None:
    assert len(FORMATS) == 6
    with pytest.raises(InputError) as caught:
        format_of(file)
    assert caught.value.message == message
