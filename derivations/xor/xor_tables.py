"""The four rows of XOR through a network with given weights: hidden values, output, expected, and which rows are right.

Values are exact fractions wherever the activations allow it, else balls that are known to hold them; a row is right or wrong only
where that is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..elements.enclosures import ctx, exact, is_exact, sign_of
from ..errors import InputError, ShapeError
from ..forms import building as b
from ..graphs.values import Value as Enclosed
from ..graphs.values import decimal
from ..networks.networks import Network
from ..notation.spellings import Style
from ..notation.writer import write
from .single_units import Value, unit_name, value_of
from .xor import HALF, TRUTH, Rule

PRECISION = 256
DIGITS = 4
_PROBABLE = ("hardsigmoid", "sigmoid", "step")  # outputs between 0 and 1, which count as 1 from ½ on


@dataclass(frozen=True, slots=True)
class Row:
    """One row: for every layer its sums z and its values a, then whether the output is right (None: not certain)."""

    inputs: tuple[int, int]
    sums: tuple[tuple[Value, ...], ...]
    values: tuple[tuple[Value, ...], ...]
    expected: int
    right: bool | None

    @property
    def output(self) -> Value:
        """ŷ."""
        return self.values[-1][0]

    @property
    def hidden(self) -> tuple[tuple[Value, ...], ...]:
        """The values of the layers before the last."""
        return self.values[:-1]

    @property
    def place(self) -> str:
        """(1, 0)."""
        return f"({self.inputs[0]}, {self.inputs[1]})"


@dataclass(frozen=True, slots=True)
class Table:
    """The four rows. `rule` is "exact" (outputs 0 and 1) or "half" (1 from ½ on); `step_at_zero` is what step(0) was taken to be."""

    network: Network
    rule: Rule
    rows: tuple[Row, ...]
    step_at_zero: int = 0

    @property
    def computes(self) -> bool | None:
        """Whether the network is XOR; None where a row is not certain and none is wrong."""
        found = [row.right for row in self.rows]
        return False if False in found else None if None in found else True

    @property
    def wrong(self) -> tuple[Row, ...]:
        """The rows that certainly are wrong."""
        return tuple(row for row in self.rows if row.right is False)

    @property
    def on_kink(self) -> bool:
        """Whether a step was taken at 0, where its value is a convention."""
        return any(self.network.layers[k].activation == "step" and any(is_exact(z) and z == 0 for z in sums)
                   for row in self.rows for k, sums in enumerate(row.sums))  # fmt: skip

    @property
    def complaints(self) -> tuple[str, ...]:
        """“at (1, 1) it gives 2, expected 0”, for every wrong row."""
        return tuple(f"at {row.place} it gives {self.counted(row)}, expected {row.expected}" for row in self.wrong)

    def counted(self, row: Row) -> str:
        """An output, and what it counts as where it is neither 0 nor 1 and may be so."""
        text = number_text(row.output)
        if self.rule == "exact" or row.right is None or (is_exact(row.output) and row.output in (0, 1)):
            return text
        return f"{text}, which counts as {row.expected if row.right else 1 - row.expected}"

    @property
    def remark(self) -> str:
        """What wrong outputs have in common, if anything: they are those of the opposite, or only a threshold is missing."""
        if self.computes is not False or self.rule == "half":
            return ""
        if all(row.output == 1 - row.expected for row in self.rows):
            return "Every row is the opposite of XOR."
        halves = [_decided(row.output, row.expected, "half") for row in self.rows]
        if all(halves):
            return "The outputs would be right if every ŷ ≥ ½ counted as 1; asked for are exactly 0 and 1."
        return ""

    def to_dict(self) -> dict[str, object]:
        """For JSON; numbers as text, exact ones as fractions."""
        return {
            "computes_xor": self.computes, "rule": self.rule,
            "rows": [{"x": list(row.inputs), "hidden": [[number_text(v) for v in layer] for layer in row.hidden],
                      "output": number_text(row.output), "expected": row.expected, "right": row.right} for row in self.rows],
            "wrong": list(self.complaints), "remark": self.remark or None,
        }  # fmt: skip


def xor_table(network: Network, *, step_at_zero: int = 0) -> Table:
    """All four rows through a network with two inputs and one output.

    Raises:
        InputError: a weight matrix is missing, or an activation is not one of a single number.
        ShapeError: the network has not two inputs and one output.

    >>> from fractions import Fraction as F
    >>> from hwcheck.derivations.networks.networks import Layer
    >>> layers = (Layer(2, 2, "relu"), Layer(2, 1))
    >>> weights = {1: ((F(1), F(1)), (F(1), F(1))), 2: ((F(1), F(-2)),)}
    >>> table = xor_table(Network(layers, weights=weights, biases={1: (F(0), F(-1))}))
    >>> table.computes, [number_text(row.output) for row in table.rows]
    (True, ['0', '1', '1', '0'])
    """
    first, last = network.layers[0], network.layers[-1]
    if not network.has_numbers:
        raise InputError("Every layer needs its weights.")
    if (first.inputs, last.outputs) != (2, 1):
        raise ShapeError(f"A network for XOR has 2 inputs and 1 output; this one has {first.inputs} and {last.outputs}.")
    names = [unit_name(layer.activation) for layer in network.layers]
    rule: Rule = "half" if names[-1] in _PROBABLE else "exact"
    with ctx.workprec(PRECISION):
        return Table(network, rule, tuple(_row(network, names, *row, rule, step_at_zero) for row in TRUTH), step_at_zero)


def best_table(networks: Sequence[Network]) -> tuple[Table, tuple[str, ...]]:
    """The table of the reading that is XOR, else of the first; and which reading that is, where there are several.

    Readings are networks that the same text may mean; a step at 0 gives two more, since step(0) may be 0 or 1.
    """
    tables = [xor_table(network) for network in networks]
    tables += [xor_table(t.network, step_at_zero=1) for t in tables if t.on_kink]
    best = next((t for t in tables if t.computes), next((t for t in tables if t.computes is None), tables[0]))
    notes = []
    if len(networks) > 1:
        several = all(any(t.computes for t in tables if t.network is network) for network in networks)
        others = "is XOR too" if several else "is not XOR" if best.computes else "is not XOR either"
        notes.append(f"The matrices are square and can be read in two ways; this is {_product(best.network)}, and the other {others}.")
    if best.on_kink:
        notes.append(f"A step is taken at 0; step(0) = {best.step_at_zero} here.")
    return best, tuple(notes)


def _product(network: Network) -> str:
    return "z = W_1 x + b_1" if network.convention == "Wx" else "z = W_1ᵀ x + b_1"


def _row(network: Network, names: list[str], inputs: tuple[int, int], expected: int, rule: Rule, step_at_zero: int) -> Row:
    values: tuple[Value, ...] = tuple(exact(x) for x in inputs)
    sums, layers = [], []
    for number, name in enumerate(names, 1):
        pairs = zip(network.weight(number), network.bias(number), strict=True)
        z = tuple(sum((exact(w) * a for w, a in zip(row, values, strict=True)), exact(bias)) for row, bias in pairs)
        values = tuple(exact(step_at_zero) if name == "step" and is_exact(t) and t == 0 else value_of(name, t) for t in z)
        sums.append(z)
        layers.append(values)
    return Row(inputs, tuple(sums), tuple(layers), expected, _decided(values[0], expected, rule))


def _decided(output: Value, expected: int, rule: Rule) -> bool | None:
    """Whether an output is right; None where its ball does not tell."""
    if rule == "half":
        side = sign_of(output - exact(HALF))
        return None if side is None else (side >= 0) == bool(expected)
    side = sign_of(output - exact(expected))
    return None if side is None else side == 0


def number_text(value: Value, style: Style = Style.UNICODE) -> str:
    """A fraction as it is, another number rounded.

    >>> number_text(exact(Fraction(-1, 2)), Style.LATEX)
    '-\\\\frac{1}{2}'
    """
    if is_exact(value):
        value = exact(value) if isinstance(value, int) else value
        return compact(Fraction(int(value.p), int(value.q)), style)
    about = {Style.LATEX: r"\approx ", Style.UNICODE: "≈ "}.get(style, "~")
    return f"{about}{decimal(Enclosed(None, value), DIGITS, last=True)}".replace("-", "−" if style is Style.UNICODE else "-")


def compact(value: Fraction, style: Style) -> str:
    """A fraction in a matrix or a table: 1/2, without spaces."""
    text = write(b.num(value), style)
    return text.replace(" / ", "/") if style is Style.UNICODE else text


def weights_in(network: Network, style: Style) -> tuple[tuple[str, str], ...]:
    """The weights and biases as they were read, in the network's own convention: (name, matrix)."""
    shown = []
    for number in range(1, len(network.layers) + 1):
        lower = f"_{{{number}}}" if style is Style.LATEX else str(number).translate(_LOWERED)
        shown.append((f"W{lower}", _matrix(network.weights[number], style)))
        shown.append((f"b{lower}", _matrix([[v] for v in network.bias(number)], style)))
    return tuple(shown)


_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _matrix(rows: Any, style: Style) -> str:
    cells = [[compact(v, style) for v in row] for row in rows]
    if len(cells) == len(cells[0]) == 1:
        return cells[0][0]
    if style is Style.LATEX:
        rows_text = r" \\ ".join(" & ".join(row) for row in cells)
        return rf"\begin{{bmatrix}} {rows_text} \end{{bmatrix}}"
    return f"[{'; '.join(', '.join(row) for row in cells)}]"


__all__ = ["Row", "Table", "best_table", "compact", "number_text", "weights_in", "xor_table"]
