"""Every line of a derivation is evaluated before it is printed; a line the numbers do not support is a defect.

A line is read back from its own written form: sums, δ's and entries by their meaning, a derivative that is not worked out
yet, ∂u/∂w, by a complex step (Squire and Trapp 1998), which uses no rule of ours and loses no digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..elements.elements import Element, variable
from ..elements.evaluation import Evaluator
from ..elements.meaning import COLUMN, ROW, Labelled, Meaning, ordered
from ..errors import DefectError
from ..notation.writer import unicode
from ..notation.written import Written
from ..sizes import Size

_STEP = 1e-20
_TOLERANCE = 1e-8


@dataclass(slots=True)
class LineMeaning(Meaning):
    """Meaning of a line, in which ∂u/∂w stands for a tensor of its own; `partials` says of which u.

    `named` are common parts that lines mention by name.
    """

    named: Mapping[str, Element] = field(default_factory=dict)
    partials: dict[str, Element] = field(default_factory=dict)
    first: int = 0

    def lower(self, tree: Written) -> Labelled:
        if tree.op == "name" and tree.value in self.named:
            part = self.named[str(tree.value)]
            labels = tuple(label for label, s in zip((ROW, COLUMN), tree.shape, strict=False) if s != 1)
            return Labelled(part, labels if len(labels) == len(part.shape) else (ROW, COLUMN)[: len(part.shape)])
        if tree.op != "derivative":
            return Meaning.lower(self, tree)
        top, bottom = (self.lower(a) for a in tree.args)
        name = f"∂{self.first + len(self.partials)}"
        self.partials[name] = top.element
        shape = top.element.shape + bottom.element.shape
        return Labelled(variable(name, shape), top.labels + bottom.labels)


class LineJudge:
    """Evaluates lines at one point: `values` of all variables (no further axes), numbers for the sizes.

    What lines share is computed once: one evaluator for values, one for complex steps of the variable `by`.
    """

    def __init__(self, values: Mapping[str, Any], sizes: Mapping[str, int], by: Element, named: Mapping[str, Element]):
        self.sizes = sizes
        self.by = by
        self.named = named
        self._values = dict(values)
        self._at = Evaluator(self._values, sizes)
        x = np.asarray(values[by.value], dtype=float) if by.value in values else np.zeros([self._at.extent(s) for s in by.shape])
        directions = np.eye(x.size).reshape((x.size, *x.shape))
        self._x = x
        self._stepped = Evaluator(dict(values) | {by.value: x + 1j * _STEP * directions}, sizes)
        self._count = 0

    def value(self, line: Written, letters: Sequence[str], extents: Sequence[Size]) -> Any:
        """The array of all entries of a line over its free indices."""
        meaning = LineMeaning(axes=dict(zip(letters, extents, strict=True)), opened=True, named=self.named, first=self._count)
        lowered = meaning.lower(line)
        self._count += len(meaning.partials)
        present = [x for x in letters if x in lowered.labels]
        for name, element in meaning.partials.items():
            self._values[name] = self.partial(element)
        array = np.asarray(self._at(ordered(lowered, present).element), dtype=float)
        full = [self._at.extent(s) for s in extents]
        shape = [n if x in present else 1 for x, n in zip(letters, full, strict=True)]
        return np.broadcast_to(array.reshape(shape), full) if len(present) < len(letters) else array

    def partial(self, element: Element) -> Any:
        """∂element/∂by by complex steps: axes of the element, then of the variable."""
        result = np.asarray(self._stepped(element))
        if not element.depends_on(self.by.value):
            result = np.broadcast_to(result, (self._x.size, *result.shape))
        return np.moveaxis(result.imag / _STEP, 0, -1).reshape((*result.shape[1:], *self._x.shape))

    def check(self, line: Written, letters: Sequence[str], extents: Sequence[Size], expected: Any) -> None:
        """Raises DefectError unless the line has the expected value."""
        got = self.value(line, letters, extents)
        difference = float(np.max(np.abs(got - expected) / (1 + np.abs(expected)), initial=0.0))
        if not difference < _TOLERANCE:
            raise DefectError(f"The line “{unicode(line)}” is off by {difference:.3g} at {dict(self.sizes)}; it is a defect of hwcheck "
                              "that it was derived. Please report it with the command you ran.")
