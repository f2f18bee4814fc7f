"""How the quantities of a network are called, and their shapes: z^(1), W^(2), x; Z^(1), X in a batch; z_1, w_2 of single units.

Layers count from 1; a^(0) is the input. A batch of one example is a column, else its m examples are columns or rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..forms import building as b
from ..notation.written import Written
from ..sizes import Size, names_in
from .networks import Batch, Convention, Network
from .statements import LOSS_NAME

LOSS = Written("name", (), LOSS_NAME)


@dataclass(frozen=True, slots=True)
class Naming:
    """Names and shapes in one network. `sizes` are the numbers of units: of the input, of layer 1, …

    With `first` the list begins at another layer than 0.
    """

    sizes: tuple[Size, ...]
    convention: Convention = "Wx"
    batch: Batch = "one"
    single: bool = False
    examples: Size = "m"
    first: int = 0

    @property
    def last(self) -> int:
        """The number of the last layer."""
        return self.first + len(self.sizes) - 1

    def size(self, layer: int) -> Size:
        """The number of units of a layer."""
        return self.sizes[layer - self.first]

    @property
    def letters(self) -> frozenset[str]:
        """Sizes that are called like an index: they may not be letters of indices."""
        return frozenset(name for s in {*self.sizes, self.examples} for name in names_in(s) if len(name) == 1)

    def names(self, layer: int) -> tuple[str, ...]:
        """How z, a, δ, the weights and the bias of a layer are called."""
        a = self._cased("x") if layer == 0 else self._name("a", layer)
        return self._name("z", layer), a, self._name("delta", layer), self._name("W", layer), self._name("b", layer, batched=False)

    def _name(self, letter: str, layer: int, batched: bool = True) -> str:
        if self.single:
            return f"{letter.lower() if len(letter) == 1 else letter}_{layer}"
        return f"{self._cased(letter) if batched else letter}^({layer})"

    def _cased(self, letter: str) -> str:
        return letter if self.batch == "one" else letter.capitalize()

    def of_units(self, name: str, layer: int) -> Written:
        """A quantity with an entry for every unit of a layer, and for every example."""
        n = self.size(layer)
        shapes = {"one": (n, 1), "columns": (n, self.examples), "rows": (self.examples, n)}
        return Written("name", (), name, shapes[self.batch])

    def z(self, layer: int) -> Written:
        return self.of_units(self._name("z", layer), layer)

    def a(self, layer: int) -> Written:
        """The output of a layer; of layer 0 the input."""
        return self.x if layer == 0 else self.of_units(self._name("a", layer), layer)

    def delta(self, layer: int) -> Written:
        return self.of_units(self._name("delta", layer), layer)

    def weight(self, layer: int) -> Written:
        rows, columns = self.size(layer), self.size(layer - 1)
        return Written("name", (), self._name("W", layer), (rows, columns) if self.convention == "Wx" else (columns, rows))

    def bias(self, layer: int) -> Written:
        return Written("name", (), self._name("b", layer, batched=False), (self.size(layer), 1))

    @property
    def x(self) -> Written:
        return self.of_units(self._cased("x"), 0)

    @property
    def y(self) -> Written:
        return self.of_units(self._cased("y"), self.last)

    @property
    def ones(self) -> Written:
        """A column with a one for every example."""
        return b.ones(self.examples)


def naming_of(network: Network) -> Naming:
    """The names of a network's quantities; a network of single units has small letters with subscripts."""
    sizes = (network.layers[0].inputs, *(layer.outputs for layer in network.layers))
    single = network.batch == "one" and all(s == 1 for s in sizes)
    return Naming(sizes, network.convention, network.batch, single, _free_size(sizes))


def _free_size(sizes: Sequence[Size]) -> Size:
    taken = {name for s in sizes for name in names_in(s)}
    return next(name for name in ("m", "N", "M", "B", *(f"m_{k}" for k in range(len(sizes) + 2))) if name not in taken)


def times(left: Written, right: Written) -> Written:
    """A product of matrices, columns and numbers; a number goes first."""
    return b.scale(left, right) if left.is_scalar or right.is_scalar else b.matmul(left, right)


def affine(naming: Naming, layer: int, bias: bool, below: Written | None = None) -> Written:
    """z of a layer by the outputs of the layer below: W a + b, Wᵀ a + b, or for examples as rows A Wᵀ + 1 bᵀ."""
    weight, a = naming.weight(layer), naming.a(layer - 1) if below is None else below
    if naming.batch == "rows":
        product = times(a, b.transpose(weight) if naming.convention == "Wx" else weight)
        shift = times(naming.ones, b.transpose(naming.bias(layer)))
    else:
        product = times(weight if naming.convention == "Wx" else b.transpose(weight), a)
        shift = naming.bias(layer) if naming.batch == "one" else times(naming.bias(layer), b.transpose(naming.ones))
    return b.add([product, shift]) if bias else product


def activated(naming: Naming, activation: str, layer: int) -> Written:
    """a of a layer by its z."""
    z = naming.z(layer)
    if activation == "identity":
        return z
    if activation == "softmax":  # along the units: down a column, along a row
        name: object = ("softmax", ("axis", 0)) if naming.batch == "columns" else "softmax"
        return Written("call", (z,), name, z.shape)
    return b.call(activation, z)


__all__ = ["LOSS", "Naming", "activated", "affine", "naming_of", "times"]
