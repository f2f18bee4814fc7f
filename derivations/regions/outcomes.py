"""The outputs of a last layer as exact powers of e, and the class that wins.

A pre-activation is a linear form: in x where a formula is meant, without letters where it is a number. Knows nothing of hidden layers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..elements.functions import FUNCTIONS
from ..errors import InputError
from ..forms import building as b
from ..networks.networks import Network
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from .inequalities import Form

OUTPUTS = ("identity", "leaky_relu", "relu", "sigmoid", "softmax", "tanh")
LEAK = dict(FUNCTIONS["leaky_relu"].parameters)["a"]
_E = Written("constant", (), "e")


def unit_name(letter: str, layer: int, unit: int | None = None) -> Written:
    """z or a of one unit: z₁⁽²⁾ is the first of layer 2; of the whole layer without a unit."""
    return Written("name", (), f"{letter}^({layer})" if unit is None else f"{letter}_{unit}^({layer})")


def slope(activation: str, positive: bool) -> Fraction:
    """The slope of a piecewise linear activation where its argument is positive, or not."""
    if positive or activation == "identity":
        return Fraction(1)
    return LEAK if activation == "leaky_relu" else Fraction(0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes out of a network whose last pre-activations are known numbers.

    With several outputs the classes count from 1, and the largest pre-activation wins. With one, class 1 wins where it is above
    `level`, class 0 where it is below.

    >>> o = Outcome("softmax", (Fraction(3), Fraction(-1)))
    >>> o.text(1), o.text(1, Style.LATEX), o.classes
    ('e³ / (e³ + e⁻¹)', '\\\\frac{e^{3}}{e^{3} + e^{-1}}', (1,))
    """

    activation: str
    z: tuple[Fraction, ...]
    level: Fraction = Fraction(0)
    layer: int = 1

    @property
    def classes(self) -> tuple[int, ...]:
        """The class that wins; several where they tie."""
        return winners(self.z, self.level)

    @property
    def winner(self) -> int | None:
        """The class that wins; None where several tie."""
        return self.classes[0] if len(self.classes) == 1 else None

    def output(self, unit: int) -> Written:
        """An output, counted from 1, with powers of e where there are any: e³ / (e³ + e⁻¹)."""
        return output_tree(self.activation, [Form((), z) for z in self.z], unit, ())

    def text(self, unit: int, style: Style = Style.UNICODE) -> str:
        """The same, written; in ASCII as e^3 / (e^3 + e^-1)."""
        return write(self.output(unit), style)

    def decimal(self, unit: int) -> float:
        """An output as a decimal, to about fifteen digits."""
        z = self.z[unit - 1]
        if self.activation == "softmax":
            return 1 / math.fsum(_exponential(other - z) for other in self.z)
        if self.activation == "sigmoid":
            return 1 / (1 + _exponential(-z))
        if self.activation == "tanh":
            return math.tanh(max(-50.0, min(50.0, _float(z))))
        return _float(z * slope(self.activation, z > 0))

    def lines(self) -> list[str]:
        """The outputs and the class, for people: `a₁⁽²⁾ = e³ / (e³ + e⁻¹) ≈ 0.982014`."""
        rows = []
        for unit in range(1, len(self.z) + 1):
            rows.append(f"{write(unit_name('a', self.layer, unit), Style.UNICODE)} = {self.text(unit)}{self._about(unit)}")
        return [*rows, self.verdict]

    def rational(self, unit: int) -> Fraction | None:
        """An output that is a fraction."""
        z = self.z[unit - 1]
        if self.activation == "softmax":
            return Fraction(1, len(self.z)) if len(set(self.z)) == 1 else None
        if self.activation in ("sigmoid", "tanh"):
            return None if z else Fraction(int(self.activation == "sigmoid"), 2)
        return z * slope(self.activation, z > 0)

    def _about(self, unit: int) -> str:
        """The decimal after an output that is no whole number."""
        exact, decimal = self.rational(unit), f"{self.decimal(unit):.6g}"
        if exact is not None and exact.denominator == 1:
            return ""
        return f" {'=' if exact == Fraction(decimal) else '≈'} {decimal}".replace("-", "−")

    @property
    def verdict(self) -> str:
        """Which class wins, as a sentence."""
        if self.winner is not None:
            return f"Class {self.winner} is predicted."
        return f"Classes {listed(self.classes)} tie." if len(self.z) > 1 else "This lies on the boundary between class 0 and class 1."

    def to_dict(self) -> dict[str, object]:
        """For JSON: exact numbers are strings, outputs in three styles with a decimal."""
        styles = (Style.LATEX, Style.UNICODE, Style.ASCII)
        units = range(1, len(self.z) + 1)
        outputs = [{**{style.value: self.text(u, style) for style in styles}, "decimal": self.decimal(u)} for u in units]
        return {"z": [str(z) for z in self.z], "outputs": outputs, "class": self.winner, "classes": list(self.classes)}


def outcome(network: Network, z: Sequence[Fraction], level: Fraction = Fraction(0)) -> Outcome:
    """The outcome of a network whose last pre-activations are these numbers.

    Raises:
        InputError: its last layer has an activation that is none of OUTPUTS.
    """
    return Outcome(output_activation(network), tuple(z), level, len(network.layers))


def output_activation(network: Network) -> str:
    """The activation of the last layer, which must be one of OUTPUTS."""
    number, found = len(network.layers), network.layers[-1].activation
    if found not in OUTPUTS:
        raise InputError(f"Layer {number}, the last one, has the activation {found}; for regions it may be {', '.join(OUTPUTS)}.")
    return found


def winners(z: Sequence[Fraction], level: Fraction) -> tuple[int, ...]:
    """The classes that win, as in Outcome."""
    if len(z) == 1:
        return (0, 1) if z[0] == level else (int(z[0] > level),)
    most = max(z)
    return tuple(k for k, value in enumerate(z, 1) if value == most)


def output_tree(activation: str, z: Sequence[Form], unit: int, letters: Sequence[str]) -> Written:
    """An output as a function of its pre-activations, exactly; a fraction where it is one."""
    form = z[unit - 1]
    if activation == "softmax":
        if all(other == form for other in z):
            return b.num(Fraction(1, len(z)))
        return b.divide(_power(form, letters), _counted(z, letters))
    if activation == "sigmoid":
        if form == form.times(Fraction(-1)):
            return b.num(Fraction(1, 2))
        return b.divide(b.ONE, b.add([b.ONE, _power(form.times(Fraction(-1)), letters)]))
    if activation == "tanh":
        if form == form.times(Fraction(-1)):
            return b.num(0)
        up, down = _power(form, letters), _power(form.times(Fraction(-1)), letters)
        return b.divide(b.add([up, b.neg(down)]), b.add([up, down]))
    if form.is_number or activation == "identity":
        return form.times(slope(activation, form.constant > 0)).written(letters)
    return b.call(activation, form.written(letters))


def _counted(z: Sequence[Form], letters: Sequence[str]) -> Written:
    """The sum of the e^z; equal terms are counted."""
    counts = {form: z.count(form) for form in z}
    return b.add([b.scale(b.num(n), _power(form, letters)) for form, n in counts.items()])


def _power(form: Form, letters: Sequence[str]) -> Written:
    """e to a form; e⁰ is 1."""
    if form.is_number and form.constant in (0, 1):
        return _E if form.constant else b.ONE
    return Written("power", (_E, form.written(letters)))


def _exponential(exponent: Fraction) -> float:
    return math.exp(min(_float(exponent), 700.0))


def _float(value: Fraction) -> float:
    """The number in double precision, however long it is."""
    try:
        return float(value)
    except OverflowError:
        return 1e308 if value > 0 else -1e308


def listed(parts: Sequence[object]) -> str:
    """1, 2 and 3."""
    words = [str(p) for p in parts]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


__all__ = ["LEAK", "OUTPUTS", "Outcome", "listed", "outcome", "output_activation", "output_tree", "slope", "unit_name", "winners"]
