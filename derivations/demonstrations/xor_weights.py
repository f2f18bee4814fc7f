"""Weights with which a hidden layer of two ReLU units is XOR: found, not typed in, and shown row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, product

from ..elements.symbolic import library
from ..errors import DefectError
from ..networks.networks import Layer, Network
from ..notation.spellings import Style
from ..xor.xor import TRUTH
from ..xor.xor_tables import Table, weights_in, xor_table

_Unit = tuple[int, int, int]


def _hidden_units() -> Iterator[tuple[_Unit, _Unit]]:
    """Pairs of units (w₁, w₂, b) with small whole weights; those that look alike come first."""
    units = sorted(product((1, 0, -1), (1, 0, -1), (1, 0, -1)), key=lambda u: (u[0] != u[1], -u[0], abs(u[2]), -u[2]))
    return combinations(units, 2)


def _outputs(units: tuple[_Unit, _Unit]) -> tuple[Fraction, ...] | None:
    """v₁, v₂ and c with v₁h₁ + v₂h₂ + c = XOR in all four rows, by solving the four equations; None where there are none."""
    sp = library()
    letters = sp.symbols("v_1 v_2 c")
    rows = [[max(w1 * x1 + w2 * x2 + b, 0) for w1, w2, b in units] + [1] for (x1, x2), _ in TRUTH]
    found = sp.linsolve((sp.Matrix(rows), sp.Matrix([target for _, target in TRUTH])), *letters)
    solution = next(iter(found), None)
    if solution is None or any(not value.is_Rational for value in solution):
        return None
    return tuple(Fraction(int(value.p), int(value.q)) for value in solution)


@dataclass(frozen=True, slots=True)
class XorWeights:
    """Weights with which a network is XOR, as the table of its rows shows. They are one choice of many."""

    table: Table

    def to_dict(self) -> dict[str, object]:
        """As JSON: the weights by name, and the rows."""
        return {"weights": dict(weights_in(self.table.network, Style.UNICODE)), **self.table.to_dict()}


@cache
def two_layers() -> XorWeights:
    """A network with two hidden ReLU units that is XOR, with the table of its rows.

    Raises:
        DefectError: none is found, or its table says that it is not XOR.

    >>> two_layers().to_dict()["weights"]
    {'W₁': '[1, 1; 1, 1]', 'b₁': '[0; −1]', 'W₂': '[1, −2]', 'b₂': '0'}
    """
    for units in _hidden_units():
        solved = _outputs(units)
        if solved is not None:
            hidden = tuple((Fraction(w1), Fraction(w2)) for w1, w2, _ in units)
            network = Network((Layer(2, 2, "relu"), Layer(2, 1)), weights={1: hidden, 2: (solved[:2],)},
                              biases={1: tuple(Fraction(b) for *_, b in units), 2: solved[2:]})
            table = xor_table(network)
            if not all(row.right for row in table.rows):
                raise DefectError("The weights that were solved for do not give XOR.")
            return XorWeights(table)
    raise DefectError("No two hidden units with small weights give XOR.")


__all__ = ["XorWeights", "two_layers"]
