"""Gradient descent on XOR from a start with equal numbers, run by JAX: what is learned, and whether the hidden units stay equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ..elements.confirmation import descend
from ..errors import InputError
from .hidden_layer import Unit, broken

POINTS = ((0, 0), (0, 1), (1, 0), (1, 1))
TARGETS = (0, 1, 1, 0)
LEARNED = 1e-6  # a loss below it counts as XOR learned
MOST_STEPS, MOST_UNITS = 20_000, 64
_LARGEST = 1e6  # a loss beyond it says that the descent runs away
_EQUAL = 1e-9


class Claim(NamedTuple):
    """A sentence that students write about a start, whether it holds, and why."""

    text: str
    holds: bool
    why: str

    def to_dict(self) -> dict[str, object]:
        """The three fields."""
        return {"text": self.text, "holds": self.holds, "why": self.why}


def claim_in(claims: Iterable[Claim], sentence: str) -> Claim:
    """The claim with this text.

    Raises:
        InputError: there is none.
    """
    for claim in claims:
        if claim.text == sentence:
            return claim
    raise InputError(f"There is no claim “{sentence[:80]}” about this start.")


@dataclass(frozen=True, slots=True)
class Run:
    """Full-batch gradient descent on the mean squared error of the four points of XOR.

    `start` is the number that all weights and biases begin with. `losses` are those at the start and after each step, `parameters`
    those at the end (rows of W_1 are units), `outputs` the predictions for (0,0), (0,1), (1,0), (1,1) at the end. `units_differ` and
    `inputs_differ` are the most by which two units, or the two weights of a unit, ever differed; `moved` says by how much each
    parameter was ever away from its start. Where the descent ran away, numbers are infinite or no numbers.
    """

    activation: str
    start: Fraction
    units: int
    rate: Fraction
    steps: int
    losses: tuple[float, ...]
    parameters: Mapping[str, tuple[float, ...] | tuple[tuple[float, ...], ...] | float]
    outputs: tuple[float, ...]
    units_differ: float
    inputs_differ: float
    moved: Mapping[str, float]

    @property
    def loss(self) -> float:
        """The mean squared error at the end."""
        return self.losses[-1]

    @property
    def lowest(self) -> float:
        """The smallest mean squared error on the way."""
        return min((x for x in self.losses if np.isfinite(x)), default=np.inf)

    @property
    def learned(self) -> bool:
        """Whether XOR was learned."""
        return self.loss < LEARNED

    @property
    def finite(self) -> bool:
        """Whether the descent did not run away."""
        return bool(np.isfinite(self.losses).all())

    def to_dict(self) -> dict[str, object]:
        """As JSON; the losses at the start and at the end, and null for what is no number."""
        return {
            "activation": self.activation, "start": str(self.start), "units": self.units, "rate": str(self.rate), "steps": self.steps,
            "loss_at_start": self.losses[0], "loss": _json(self.loss), "learned": self.learned,
            "parameters": {n: _json(v) for n, v in self.parameters.items()},
            "outputs": _json(self.outputs), "units_differ": _json(self.units_differ), "inputs_differ": _json(self.inputs_differ),
            "moved": {n: _json(v) for n, v in self.moved.items()},
        }  # fmt: skip


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(v) for v in value]
    return value if np.isfinite(value) else None


@cache
def run(activation: str, start: Fraction, units: int, rate: Fraction, steps: int) -> Run:
    """Let gradient descent run, all weights and biases beginning with one number.

    Raises:
        InputError: an activation, a number of units, a rate or a number of steps that is of no use.
        DefectError: the hidden units did not stay equal.

    >>> [round(y, 9) for y in run("relu", Fraction(0), 3, Fraction(1, 10), 200).outputs]
    [0.5, 0.5, 0.5, 0.5]
    """
    _check(units, rate, steps)
    unit = Unit(activation)
    targets = np.array(TARGETS, dtype=float)

    def outputs(xp: Any, p: Mapping[str, Any]) -> Any:
        """Entry by entry: a matrix product may round equal rows differently, and an unstable descent makes that grow."""
        inside = [sum((p["W_1"][:, j] for j in range(2) if x[j]), start=p["b_1"]) for x in POINTS]
        return xp.stack([(unit.array(xp, z) * p["W_2"]).sum() + p["b_2"] for z in inside])

    begin = {"W_1": np.full((units, 2), float(start)), "b_1": np.full(units, float(start)),
             "W_2": np.full(units, float(start)), "b_2": np.float64(start)}
    path, losses = descend(lambda xp, p: xp.mean((outputs(xp, p) - targets) ** 2), begin, float(rate), steps)
    with np.errstate(all="ignore"):
        end = {n: v[-1] for n, v in path.items()}
        result = Run(
            activation, start, units, rate, steps, tuple(float(x) for x in losses), {n: _plain(v) for n, v in end.items()},
            tuple(float(x) for x in outputs(np, end)), max(float(_spread(path[n], 1).max()) for n in ("W_1", "b_1", "W_2")),
            float(_spread(path["W_1"], 2).max()), {n: float(np.abs(v - begin[n]).max()) for n, v in path.items()},
        )
    if not (parted := _parted(path, losses)) < _EQUAL:
        raise broken(f"Hidden units that have to stay equal came to differ by {parted:.3g}.")
    return result


def _parted(path: Mapping[str, Any], losses: Any) -> float:
    """The most by which numbers that are equal by proof differ, relatively, before the descent runs away."""
    count = int(np.cumprod(losses < _LARGEST).sum())
    parts = [(path[n][:count], axis) for n, axis in (("W_1", 1), ("b_1", 1), ("W_2", 1), ("W_1", 2))]
    return max(float((_spread(p, axis) / (1 + np.abs(p).max(axis=axis))).max(initial=0.0)) for p, axis in parts)


def _check(units: int, rate: Fraction, steps: int) -> None:
    if not 1 <= units <= MOST_UNITS:
        raise InputError(f"A run has 1 to {MOST_UNITS} hidden units, not {units}.")
    if rate <= 0:
        raise InputError(f"A learning rate is positive; {rate} is not.")
    if not 1 <= steps <= MOST_STEPS:
        raise InputError(f"A run has 1 to {MOST_STEPS} steps, not {steps}.")


def _spread(path: Any, axis: int) -> Any:
    return path.max(axis=axis) - path.min(axis=axis)


def _plain(value: Any) -> Any:
    listed = value.tolist()
    if not isinstance(listed, list):
        return float(listed)
    return tuple(tuple(row) if isinstance(row, list) else row for row in listed)


__all__ = ["LEARNED", "POINTS", "TARGETS", "Claim", "Run", "claim_in", "run"]
