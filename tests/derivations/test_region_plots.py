"""Plots of regions: the lines, areas and boundary of the network are in the picture, at their places; the same bytes every time."""

import re
import xml.etree.ElementTree as ET
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from hwcheck.derivations.errors import InputError
from hwcheck.derivations.networks.networks import Layer, Network
from hwcheck.derivations.regions.region_plots import plot_regions, window
from hwcheck.derivations.regions.regions import Regions, regions, where


def net(*layers: tuple[Any, Any, str]) -> Network:
    return Network(tuple(Layer(len(w[0]), len(w), a) for w, _, a in layers),
                   weights={k: tuple(tuple(map(F, row)) for row in w) for k, (w, _, _) in enumerate(layers, 1)},
                   biases={k: tuple(map(F, b)) for k, (_, b, _) in enumerate(layers, 1)})


CORNER = regions(net(([[1, 0], [0, 1]], [0, 0], "relu"), ([[1, 1], [0, 0]], [-1, 0], "softmax")))
DEEP = regions(net(([[1, -1], [0, 1], [0, -1]], [0, 0, 0], "relu"), ([[1, 1, -1]], [-1], "leaky_relu"), ([[1]], [-1], "sigmoid")),
               box=[(-2, 4), (-2, 4)])
STRIPS = regions(net(([[1, 1], [1, 1]], [0, -1], "relu"), ([[1, -2]], [0], "identity")), level=F(1, 2))
LINE = regions(net(([[1], [-1]], [-1, -1], "relu"), ([[1, 1], [0, 0]], [0, 1], "softmax")))
MANY = regions(net(([[1, k] for k in range(20)], list(range(20)), "relu"), ([[1] * 20], [-3], "sigmoid")))
ALONE = regions(net(([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4, "relu"), ([[-1] * 4], [0], "identity")))
NOTHING = regions(net(([[0, 0]], [1], "relu"), ([[1]], [0], "sigmoid")))
EVERY = {"corner": CORNER, "deep": DEEP, "strips": STRIPS, "line": LINE, "many": MANY, "alone": ALONE, "nothing": NOTHING}


def ids(path: Path) -> dict[str, ET.Element]:
    root = ET.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return {name: e for e in root.iter() if (name := e.get("id"))}


def drawn(element: ET.Element) -> np.ndarray:
    """The points of a drawn line, in the picture's own units."""
    path = next(element.iter("{http://www.w3.org/2000/svg}path")).get("d", "")
    return np.array([[float(n) for n in pair] for pair in re.findall(r"[ML] (\S+) (\S+)", path)])


def test_lines_are_at_their_places(tmp_path: Path) -> None:
    """Units switch on the axes; classes meet on max(x₁, 0) + max(x₂, 0) = 1. Two lines fix the picture's scale."""
    plot_regions(CORNER, tmp_path / "a.svg")
    found = ids(tmp_path / "a.svg")
    (left, right), (bottom, top) = window(CORNER)
    vertical, horizontal = drawn(found["unit-1-1-1"]), drawn(found["unit-1-2-1"])
    scale = (horizontal[:, 0].max() - horizontal[:, 0].min()) / float(right - left)
    assert scale == pytest.approx((vertical[:, 1].max() - vertical[:, 1].min()) / float(top - bottom), rel=1e-4)
    origin = np.array([vertical[0, 0], horizontal[0, 1]])
    pieces = sorted(k for k in found if k.startswith("boundary-"))
    assert pieces == ["boundary-1", "boundary-2", "boundary-3"]
    for piece in pieces:
        for x, y in (drawn(found[piece]) - origin) / (scale, -scale):
            assert max(x, 0) + max(y, 0) == pytest.approx(1, abs=1e-4)
    assert {k for k in found if k.startswith("sign")} == {"sign-1-1-+", "sign-1-1-0", "sign-1-2-+", "sign-1-2-0"}
    assert {k for k in found if k.startswith("name")} == {"name-1-1", "name-1-2"}
    assert len([k for k in found if k.startswith("area-")]) == len(CORNER.areas)


def test_signs_are_on_their_sides(tmp_path: Path) -> None:
    plot_regions(CORNER, tmp_path / "a.svg")
    found = ids(tmp_path / "a.svg")

    def place(name: str) -> np.ndarray:
        shifts = [e.get("transform", "") for e in found[name].iter() if "translate" in e.get("transform", "")]
        numbers = re.search(r"translate\((\S+) (\S+)\)", shifts[0])
        assert numbers
        return np.array([float(n) for n in numbers.groups()])

    assert place("sign-1-1-+")[0] > drawn(found["unit-1-1-1"])[0, 0] > place("sign-1-1-0")[0]  # to the right
    assert place("sign-1-2-+")[1] < place("sign-1-2-0")[1]  # above


def test_pixels_have_the_colour_of_their_class(tmp_path: Path) -> None:
    """Colours are judged against `where`, over the frame found in the picture itself."""
    path = tmp_path / "a.png"
    plot_regions(DEEP, path)
    image = matplotlib.image.imread(path)[..., :3]
    shades = {k: 0.16 * np.array([int(c[j : j + 2], 16) / 255 for j in (1, 3, 5)]) + 0.84 for k, c in {0: "#1f5fa8", 1: "#c8501e"}.items()}
    close = {k: (abs(image - shade) < 0.012).all(axis=-1) for k, shade in shades.items()}
    # the legend's patches below the frame are far from it
    inside = (close[0] | close[1])[: int(image.shape[0] * 0.9)]
    rows, columns = np.where(inside.sum(axis=1) > 300)[0], np.where(inside.sum(axis=0) > 300)[0]
    judged = 0
    for i in range(1, 20):
        for j in range(1, 20):
            row = round(rows[0] + (rows[-1] - rows[0]) * i / 20 + 3)
            column = round(columns[0] + (columns[-1] - columns[0]) * j / 20 + 3)
            point = (F(-2) + 6 * F(int(column - columns[0]), int(columns[-1] - columns[0])),
                     F(4) - 6 * F(int(row - rows[0]), int(rows[-1] - rows[0])))
            (wins,) = where(DEEP, point).outcome.classes
            if close[0][row, column] or close[1][row, column]:  # not on a line or a letter
                assert close[wins][row, column], (point, wins)
                judged += 1
    assert judged > 250


def test_one_input(tmp_path: Path) -> None:
    plot_regions(LINE, tmp_path / "a.svg")
    found = ids(tmp_path / "a.svg")
    assert {"output-1", "output-2", "unit-1-1", "unit-1-2", "boundary-1", "boundary-2"} <= set(found)
    first, second = drawn(found["output-1"]), drawn(found["output-2"])
    assert len(first) == 6 and np.ptp(second[:, 1]) == 0  # z₂ = 1 throughout; z₁ bends at ±1 and is cut at ±2
    assert {round(float(drawn(found[f"boundary-{k}"])[0, 0]), 3) for k in (1, 2)} == {round(float(x), 3) for x in first[[1, 4], 0]}
    assert first[1, 1] == pytest.approx(second[1, 1])  # they meet on the boundary


@pytest.mark.parametrize("name", EVERY)
def test_every_kind_is_drawn(tmp_path: Path, name: str) -> None:
    plot_regions(EVERY[name], tmp_path / "a.svg")
    found = ids(tmp_path / "a.svg")
    assert any(k.startswith("area-") for k in found)
    assert any(k.startswith("name-") for k in found) == (name in ("alone", "corner", "deep", "strips"))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (DEEP, ((-2, 4), (-2, 4))),
        (CORNER, ((F(-1, 2), F(3, 2)), (F(-1, 2), F(3, 2)))),
        (NOTHING, ((-2, 2), (-2, 2))),
        (LINE, ((-4, 4), (0, 1))),
    ],
)
def test_window(found: Regions, expected: Any) -> None:
    assert window(found) == expected


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_bytes_each_time(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    plot_regions(DEEP, first)
    plot_regions(DEEP, second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("found", "name", "message"),
    [
        (CORNER, "plot.pdf", "A plot is written as .png or .svg; “plot.pdf” ends in neither."),
        (CORNER, "none/plot.png", "The plot cannot be written to {path}: No such file or directory."),
        (regions(net(([[1, 0]], [10**30], "sigmoid"))), "plot.svg",
         "The corners lie too far away or too close together to be drawn; another box may help."),
        (regions(CORNER.network, box=[(0, F(1, 10**12)), (0, 1)]), "plot.svg",
         "The corners lie too far away or too close together to be drawn; another box may help."),
    ],
)
def test_refused(tmp_path: Path, found: Regions, name: str, message: str) -> None:
    path = tmp_path / name
    with pytest.raises(InputError) as caught:
        plot_regions(found, path)
    assert caught.value.message == message.format(path=path)
