"""What a feed-forward network is here: layers with sizes, activations and a loss, and, where they are given, its numbers.

Indices of layers count from 1. The input is a_0 = x, layer l has z_l = W_l a_(l−1) + b_l (or W_lᵀ a_(l−1) + b_l, where a weight
matrix is inputs × outputs) and a_l = f_l(z_l). Numbers are exact fractions; a weight matrix is kept as it was written, in the
network's own convention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ..errors import InputError, ShapeError
from ..sizes import Size

Convention = Literal["Wx", "WTx"]  # W is outputs × inputs, or inputs × outputs
Batch = Literal["one", "columns", "rows"]  # one example, or a batch with an example a column or a row
Loss = Literal["half-squared", "squared", "cross-entropy", "none"]
Matrix = tuple[tuple[Fraction, ...], ...]

CONVENTIONS: tuple[Convention, ...] = ("Wx", "WTx")
BATCHES: tuple[Batch, ...] = ("one", "columns", "rows")
LOSSES: tuple[Loss, ...] = ("half-squared", "squared", "cross-entropy", "none")
MOST_LAYERS = 256
MOST_UNITS = 4096


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: sizes, the activation by its name in `functions.py` ("identity", "softmax" besides), and whether it has a bias."""

    inputs: Size
    outputs: Size
    activation: str = "identity"
    bias: bool = True


@dataclass(frozen=True, slots=True)
class Network:
    """Layers from the input to the output, the loss, and conventions.

    `weights` and `biases` are exact matrices and columns by layer (1-based), empty where only letters are meant; so are `inputs` and
    `targets`, one tuple an example. `mean` divides the loss of a batch by its size.
    """

    layers: tuple[Layer, ...]
    loss: Loss = "none"
    convention: Convention = "Wx"
    batch: Batch = "one"
    mean: bool = False
    weights: Mapping[int, Matrix] = field(default_factory=dict)
    biases: Mapping[int, tuple[Fraction, ...]] = field(default_factory=dict)
    inputs: tuple[tuple[Fraction, ...], ...] = ()
    targets: tuple[tuple[Fraction, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.layers:
            raise InputError("A network has at least one layer.")
        if len(self.layers) > MOST_LAYERS:
            raise InputError(f"A network has at most {MOST_LAYERS} layers here, not {len(self.layers)}.")
        for number, (before, after) in enumerate(zip(self.layers, self.layers[1:], strict=False), 1):
            if before.outputs != after.inputs:
                raise ShapeError(f"Layer {number} has {before.outputs} outputs, and layer {number + 1} takes {after.inputs} inputs.")
        for number, matrix in self.weights.items():
            self._check(number, matrix)
        for number, column in self.biases.items():
            outputs = self.layers[number - 1].outputs
            if isinstance(outputs, int) and len(column) != outputs:
                raise ShapeError(f"The bias of layer {number} has {len(column)} entries; {outputs} are expected.")

    def _check(self, number: int, matrix: Matrix) -> None:
        if not 1 <= number <= len(self.layers):
            raise InputError(f"There is no layer {number}; the network has {len(self.layers)}.")
        layer = self.layers[number - 1]
        expected = (layer.outputs, layer.inputs) if self.convention == "Wx" else (layer.inputs, layer.outputs)
        got = (len(matrix), len(matrix[0]) if matrix else 0)
        if any(len(row) != got[1] for row in matrix):
            raise ShapeError(f"The rows of W_{number} have different lengths.")
        if all(isinstance(s, int) for s in expected) and got != expected:
            raise ShapeError(f"W_{number} is {got[0]} × {got[1]}; {expected[0]} × {expected[1]} is expected.")

    @property
    def has_numbers(self) -> bool:
        """Whether all weights are given."""
        return len(self.weights) == len(self.layers)

    def weight(self, number: int) -> Matrix:
        """The weights of a layer as outputs × inputs, whatever the convention they were written in."""
        matrix = self.weights[number]
        return matrix if self.convention == "Wx" else tuple(zip(*matrix, strict=True))

    def bias(self, number: int) -> tuple[Fraction, ...]:
        """The bias of a layer; zeros where it has none."""
        return self.biases.get(number) or (Fraction(0),) * len(self.weight(number))


__all__ = ["BATCHES", "CONVENTIONS", "LOSSES", "MOST_LAYERS", "MOST_UNITS", "Batch", "Convention", "Layer", "Loss", "Matrix", "Network"]
