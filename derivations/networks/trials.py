"""A network at random small fractions, exactly: whether a gradient is zero there, also with some quantities set by hand.

Sizes are small whatever they are in the network. Knows nothing of conditions; they set values and ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from ..elements.elements import Element
from ..graphs.values import Calculator, Value
from ..notation.written import Written
from ..sizes import Size, value_of
from .network_names import Naming, naming_of
from .networks import Network
from .passes import element_of, network_passes
from .statements import Passes, text
from .value_arrays import Arrays, Number, array

_SMALL = (2, 3)
_EXAMPLES = 3
_NEARLY_ZERO = 10**30

Setting = Callable[["Trials", Mapping[str, Any]], Any]  # what a quantity is, given those before it


class Trials:
    """A network of small sizes whose quantities are computed at random points, at the precision of a calculator."""

    def __init__(self, network: Network, calculator: Calculator, seed: int):
        self.network = _small(network)
        self.passes: Passes = network_passes(self.network, confirmed=False)
        self.naming: Naming = naming_of(self.network)
        self.calculator = calculator
        self.rng = np.random.default_rng(seed)
        self.sizes = {str(self.naming.examples): _EXAMPLES}
        self.statements: list[tuple[str, Element]] = [(key_of(s.left), element_of(s)) for s in self.passes.statements]

    def fraction(self) -> Fraction:
        """A small fraction that is not 0."""
        return Fraction(int(self.rng.choice([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])), int(self.rng.integers(1, 5)))

    def filled(self, shape: tuple[Size, ...], make: Callable[[], Any]) -> Any:
        """An array of numbers, each made anew; `shape` in the sizes of the network, axes of size 1 left out."""
        extents = [value_of(s, self.sizes) for s in shape if s != 1]
        entries = np.empty(extents, dtype=object)
        for place in np.ndindex(*extents):
            entries[place] = make()
        return array(entries, self.calculator)

    def point(self) -> dict[str, Any]:
        """Random values of x, y and all parameters; the target is a possible one."""
        values = {name: self.filled(shape, self.fraction) for name, shape in self.passes.symbols.items()}
        target = str(self.naming.y.value)
        if self.network.loss == "cross-entropy" and target in values:
            values[target] = self._labels(np.shape(values[target]))
        return values

    def _labels(self, shape: tuple[int, ...]) -> Any:
        entries = np.zeros(shape, dtype=int).astype(object)
        if self.network.layers[-1].activation == "softmax":
            axis = 1 if self.network.batch == "rows" else 0
            for place in np.ndindex(*(n for k, n in enumerate(shape) if k != axis)):
                chosen = list(place)
                chosen.insert(axis, int(self.rng.integers(0, shape[axis])))
                entries[tuple(chosen)] = 1
        else:
            for place in np.ndindex(*shape):
                entries[place] = int(self.rng.integers(0, 2))
        return array(entries, self.calculator)

    def computed(self, point: Mapping[str, Any], settings: Mapping[str, Setting] | None = None) -> dict[str, Any]:
        """All quantities at a point; those with a setting are what it says, whatever their formula."""
        known, settings = dict(point), settings or {}
        target, prediction = str(self.naming.y.value), key_of(self.naming.a(self.naming.last))
        at = Arrays(known, self.sizes, self.calculator)
        for name in [n for n in known if n in settings and n != target]:
            known[name] = settings[name](self, known)
        for name, element in self.statements:
            known[name] = settings[name](self, known) if name in settings else at(element)
            if name == prediction and target in settings:  # a target that depends on the prediction
                known[target] = settings[target](self, known)
        return known

    def value(self, element: Element, known: Mapping[str, Any]) -> Any:
        """An element in terms of known quantities."""
        return Arrays(known, self.sizes, self.calculator)(element)

    @staticmethod
    def is_zero(numbers: Any) -> bool:
        """Whether all entries are zero: exactly, or to thirty digits where they are no fractions."""
        return all(_is_zero(n.value) for n in np.asarray(numbers, dtype=object).reshape(-1))

    def number(self, value: Fraction | int) -> Number:
        return Number(self.calculator.number(value), self.calculator)


def key_of(left: Written) -> str:
    """What a quantity is called among the values: a name, or ∂ℒ/∂W¹."""
    return str(left.value) if left.op == "name" else text(left)


def _is_zero(value: Value) -> bool:
    if value.rational is not None:
        return value.rational == 0
    return bool(abs(value.ball) * _NEARLY_ZERO < 1)


def _small(network: Network) -> Network:
    """The same structure without numbers, every size 2 or 3, neighbours different."""
    before: Size = 1 if network.layers[0].inputs == 1 else _SMALL[0]
    layers = []
    for k, layer in enumerate(network.layers, 1):
        after: Size = 1 if layer.outputs == 1 else _SMALL[k % 2]
        layers.append(replace(layer, inputs=before, outputs=after))
        before = after
    return Network(tuple(layers), network.loss, network.convention, network.batch, network.mean)


__all__ = ["Setting", "Trials", "key_of"]
