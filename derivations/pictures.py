"""Pictures as PNG or SVG files; the same input gives the same bytes. The only module that imports matplotlib, and late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .errors import InputError

SUFFIXES = (".png", ".svg")
FAINT = "#8a8f98"
_DOTS = 150
_SETTINGS = {
    "svg.hashsalt": "hwcheck", "svg.fonttype": "path", "font.family": "DejaVu Sans", "font.size": 10.5, "mathtext.fontset": "dejavusans",
    "axes.spines.top": False, "axes.spines.right": False, "path.simplify": False,
}  # fmt: skip


def picture(path: str | Path, size: tuple[float, float], draw: Callable[[Any, Any], None]) -> None:
    """Make a picture of a size in inches; `draw` gets the figure and its axes.

    Raises:
        InputError: the file's name ends in neither .png nor .svg, or the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"A plot is written as .png or .svg; “{path.name}” ends in neither.")
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=size, dpi=_DOTS, layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure, figure.add_subplot())
        # neither the date nor the version of a library belongs into the picture
        metadata = {"Date": None, "Creator": "hwcheck"} if path.suffix.lower() == ".svg" else {"Software": "hwcheck"}
        try:
            figure.savefig(path, format=path.suffix.lower()[1:], metadata=metadata)
        except OSError as error:
            raise InputError(f"The plot cannot be written to {path}: {error.strerror or error}.") from None


__all__ = ["FAINT", "SUFFIXES", "picture"]
