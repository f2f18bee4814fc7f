"""The judge of derivations of scalar functions: every line is evaluated, on both sides, before anybody sees it.

The function's own derivative comes from a complex step on the array definition (Squire and Trapp 1998): no rule of ours or
of SymPy's is in it, so that a wrong rule cannot agree with itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ..calculus.lines import LineMeaning
from ..elements.elements import mapped, variable
from ..elements.evaluation import Evaluator
from ..elements.functions import FUNCTIONS
from ..elements.meaning import Meaning
from ..elements.symbolic import derivative_element
from ..errors import DefectError
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from .scalar_steps import About, Line, Trace, constants

_STEP = 1e-20
_TOLERANCE = 1e-9
_OWN, _OWN_SLOPE = "f(x)", "f′(x)"


@dataclass(frozen=True, slots=True)
class ScalarCheck:
    """Numbers for a function of one number; `parameters` are its further arguments."""

    function: str
    parameters: Mapping[str, Fraction]

    def array(self, x: Any, xp: Any = np) -> Any:
        """The function on an array, as networks compute it."""
        return FUNCTIONS[self.function].array(xp, x, *(float(v) for v in self.parameters.values()))

    def slope(self, x: Any) -> Any:
        """Its derivative by a complex step."""
        return np.imag(self.array(np.asarray(x) + 1j * _STEP)) / _STEP

    def values(self, tree: Written, points: Any, where: Sequence[tuple[str, Written]] = ()) -> Any:
        """A written form in x at points; what is left to differentiate in it, ∂u/∂x, by a complex step."""
        named = {n: Meaning().of(part) for n, part in where}
        if self.parameters:
            parts = [variable(n, ()) for n in ("x", *self.parameters)]
            named |= {_OWN: mapped(self.function, parts), _OWN_SLOPE: derivative_element(self.function, parts, 0)}
            tree = _by_name(tree, self.function)
        meaning = LineMeaning(named=named)
        element = meaning.of(tree)
        points = np.asarray(points, dtype=float)
        numbers = {**self.parameters, **constants(self.function)}
        values: dict[str, Any] = {n: np.float64(v) for n, v in numbers.items()} | {"x": points}
        for n, part in meaning.partials.items():
            moved = Evaluator(values | {"x": points + 1j * _STEP}, {})(part)
            values[n] = np.imag(moved) / _STEP
        return np.broadcast_to(np.asarray(Evaluator(values, {})(element), dtype=float), points.shape)

    def check(self, trace: Trace, points: Any) -> None:
        """Evaluate every line, and every equation in its reason, at points that lie away from the kinks.

        Raises:
            DefectError: one is not true.
        """
        for line in trace.lines:
            before, after = (self.values(side, points, trace.where) for side in (line.before, line.after))
            wanted = before if line.about is About.PART else self.array(points) if line.about is About.VALUE else self.slope(points)
            for side in (before, after):
                _same(side, wanted, line)
            for said, meant in line.facts:
                _same(self.values(said, points, trace.where), self.values(meant, points, trace.where), line)


def _same(got: Any, wanted: Any, line: Line) -> None:
    difference = float(np.max(np.abs(got - wanted) / (1 + np.abs(wanted))))
    if not difference < _TOLERANCE:
        said = f"{write(line.before, Style.UNICODE)} = {write(line.after, Style.UNICODE)}"
        raise DefectError(f"The line “{said}” is off by {difference:.3g}; it is a defect of hwcheck that it was derived. Please "
                          "report it with the command you ran.")


def _by_name(tree: Written, function: str) -> Written:
    """f(x) and f′(x) as names, which stand for f(x, a): people leave the parameter out."""
    if tree.op == "call" and tree.value in (function, (function, ("prime", 1))):
        return Written("name", (), _OWN if tree.value == function else _OWN_SLOPE)
    return replace(tree, args=tuple(_by_name(a, function) for a in tree.args))


__all__ = ["ScalarCheck"]
