"""Plots: real pictures with two curves, the same bytes every time, and refusals in sentences."""

import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib.image
import pytest

from hwcheck.derivations.activations.activations import Activation, activation
from hwcheck.derivations.activations.plots import plot
from hwcheck.derivations.errors import InputError


@pytest.fixture(scope="module")
def sigmoid() -> Activation:
    return activation("sigmoid", confirmed=False)


@pytest.mark.parametrize(("name", "parts"), [("sigmoid", 1), ("relu", 2), ("relu6", 3), ("softsign", 1)])
def test_svg(tmp_path: Path, name: str, parts: int) -> None:
    path = tmp_path / "plot.svg"
    plot(activation(name, confirmed=False), path)
    root = ET.parse(path).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    ids = {e.get("id"): e for e in root.iter() if e.get("id")}
    curves = ["function", *(f"derivative-{k + 1}" for k in range(parts))]
    for curve in curves:  # a curve is a long path
        assert len(next(ids[curve].iter("{http://www.w3.org/2000/svg}path")).get("d", "")) > 2_000
    assert f"derivative-{parts + 1}" not in ids


def test_png(tmp_path: Path, sigmoid: Activation) -> None:
    path = tmp_path / "plot.PNG"
    plot(sigmoid, path)
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    image = matplotlib.image.imread(path)
    assert image.shape == (690, 1080, 4)
    for colour in ((0x1F, 0x5F, 0xA8), (0xC8, 0x50, 0x1E)):  # of the function and of its derivative
        close = (abs(image[..., :3] - [c / 255 for c in colour]) < 0.01).all(axis=-1)
        assert close.sum() > 1_000


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_bytes_each_time(tmp_path: Path, sigmoid: Activation, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    plot(sigmoid, first)
    plot(sigmoid, second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("plot.pdf", "A plot is written as .png or .svg; “plot.pdf” ends in neither."),
        ("plot", "A plot is written as .png or .svg; “plot” ends in neither."),
        ("none/plot.png", "The plot cannot be written to {path}: No such file or directory."),
    ],
)
def test_refused(tmp_path: Path, sigmoid: Activation, name: str, message: str) -> None:
    path = tmp_path / name
    with pytest.raises(InputError) as caught:
        plot(sigmoid, path)
    assert caught.value.message == message.format(path=path)
