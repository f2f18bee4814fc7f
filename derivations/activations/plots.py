"""A picture of an activation function and its derivative, as PNG or SVG; the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..notation.spellings import Style
from ..pictures import FAINT, picture
from .activations import Activation
from .curves import End

FUNCTION, DERIVATIVE = "#1f5fa8", "#c8501e"
_SIZE = (7.2, 4.6)
_SAMPLES = 400
_HALF_WIDTH, _BEYOND = 5.0, 3.0


def plot(activation: Activation, path: str | Path) -> None:
    """Draw the function and its derivative, its asymptotes and kinks, into a file.

    Raises:
        InputError: the file's name ends in neither .png nor .svg, or the file cannot be written.
    """
    picture(path, _SIZE, lambda _, axes: _draw(axes, activation))


def _draw(axes: Any, activation: Activation) -> None:
    joints = [k.at.value for k in activation.curve.kinks]
    low, high = min([-_HALF_WIDTH, *(j - _BEYOND for j in joints)]), max([_HALF_WIDTH, *(j + _BEYOND for j in joints)])
    axes.axhline(0, color=FAINT, linewidth=0.8, zorder=1)
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    x = np.linspace(low, high, 2 * _SAMPLES + 1)
    y = activation.values(x)
    name, primed = (f"${activation.head(Style.LATEX, primes)}$" for primes in (0, 1))
    axes.plot(x, y, color=FUNCTION, linewidth=2.2, label=name, gid="function", zorder=4)
    for k, (a, b) in enumerate(pairwise([low, *joints, high])):
        inside = np.linspace(a, b, _SAMPLES + 2)[1:-1]
        axes.plot(inside, activation.slopes(inside), color=DERIVATIVE, linewidth=1.8, linestyle=(0, (5, 2)),
                  label=primed if k == 0 else None, gid=f"derivative-{k + 1}", zorder=5)
    _kinks(axes, activation)
    _asymptotes(axes, (activation.curve.left, activation.curve.right), low, high)
    slopes = activation.slopes(x[np.min(np.abs(np.subtract.outer(x, joints)), axis=1, initial=np.inf) > 1e-9])
    bottom, top = min(y.min(), slopes.min()), max(y.max(), slopes.max())
    room = 0.06 * (top - bottom)
    axes.set_xlim(low, high)
    axes.set_ylim(bottom - room, top + room)
    axes.set_xlabel("x")
    axes.grid(color=FAINT, alpha=0.18, linewidth=0.6)
    axes.set_title(_title(activation), loc="left", fontsize=12.5, pad=10)
    axes.legend(loc="upper left", frameon=True, framealpha=0.9, edgecolor="none", borderpad=0.5)


def _title(activation: Activation) -> str:
    """The name, with the parameters' values."""
    values = ", ".join(f"{n} = {float(v):.6g}" for n, v in activation.parameters)
    return f"{activation.name} and its derivative" + (f"  ({values})" if values else "")


def _asymptotes(axes: Any, ends: Sequence[End], low: float, high: float) -> None:
    """The lines that the function approaches, dotted, each on its side; where it is a straight line itself there is none."""
    curved = [end for end in ends if not end.straight and end.offset.is_finite]
    for k, end in enumerate(curved):
        x = np.array([low, 0.0] if end.towards.value < 0 else [0.0, high])
        axes.plot(x, end.slope.value * x + end.offset.value, color=FUNCTION, linewidth=1.2, linestyle=(0, (1, 2)), alpha=0.8,
                  label=("asymptotes" if len(curved) > 1 else "asymptote") if k == 0 else None, zorder=2)


def _kinks(axes: Any, activation: Activation) -> None:
    """A filled dot at the slope taken by convention, open ones at the slopes of the sides."""
    for kink in activation.curve.kinks:
        for side in (kink.left, kink.right):
            taken = side.value == kink.convention.value
            axes.plot([kink.at.value], [side.value], marker="o", markersize=5.5, color=DERIVATIVE, zorder=6,
                      markerfacecolor=DERIVATIVE if taken else "white", markeredgewidth=1.3, linestyle="none")


__all__ = ["plot"]
