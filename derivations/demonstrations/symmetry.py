"""Units that start equal: they stay equal, by the gradients for any activation and loss, and by exact steps on numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from ..elements.symbolic import definition, library
from .claims import Claim, Demonstration, Table
from .figures import arguments_of_one, decimal_text, slope_of, value_of, vanishes

STEPS = 3
RATE = Fraction(1, 2)
EXAMPLES = (((0, 0), 0), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0))
Weights = Mapping[Any, Fraction]


@cache
def _letters() -> tuple[tuple[Any, ...], tuple[Any, ...], Any]:
    """The weights of two hidden units, each (w₁, w₂, b, v) with v towards the output, and the bias of the output."""
    sp = library()
    first, second = (tuple(sp.Symbol(f"{name}_{unit}", real=True) for name in ("w1", "w2", "b", "v")) for unit in (1, 2))
    return first, second, sp.Symbol("c", real=True)


def _prediction(activation: Any, x: tuple[Any, Any]) -> Any:
    """The output of the network with two hidden units."""
    first, second, c = _letters()
    return sum((v * activation(w1 * x[0] + w2 * x[1] + b) for w1, w2, b, v in (first, second)), c)


def gradients_agree() -> bool:
    """Whether the gradients of two units with equal weights are equal, for any activation f, loss ℓ and example."""
    sp = library()
    x, y = sp.symbols("x_1 x_2", real=True), sp.Symbol("y", real=True)
    loss = sp.Function("l")(_prediction(sp.Function("f"), x), y)
    first, second, _ = _letters()
    equal = dict(zip(second, first, strict=True))
    return all(vanishes((sp.diff(loss, p) - sp.diff(loss, q)).subs(equal).doit()) for p, q in equal.items())


@cache
def _gradient(name: str) -> dict[Any, Any]:
    """The gradient of the mean of half the squared error over the four points of XOR; at a kink the slope is our convention."""
    sp, (x,) = library(), arguments_of_one()
    slope = sp.Function("slope")
    unit = type("unit", (sp.Function,), {"fdiff": lambda self, _=1: slope(self.args[0])})
    terms = [(_prediction(unit, point) - y) ** 2 for point, y in EXAMPLES]
    loss = sp.Add(*terms) / (2 * len(EXAMPLES))
    first, second, c = _letters()
    meanings = {unit: definition(name), slope: slope_of(name)}
    gradient = {letter: sp.diff(loss, letter) for letter in (*first, *second, c)}
    for function, meaning in meanings.items():
        gradient = {letter: g.replace(function, lambda z, meaning=meaning: meaning.xreplace({x: z})) for letter, g in gradient.items()}
    return gradient


def descent(name: str, start: Weights, steps: int = STEPS) -> list[Weights]:
    """The weights before and after every step of gradient descent on XOR, exactly; `name` is relu or another without e."""
    gradient = _gradient(name)
    history = [dict(start)]
    for _ in range(steps):
        now = history[-1]
        history.append({letter: value - RATE * value_of(gradient[letter], now) for letter, value in now.items()})
    return list(history)


def _start(first: Iterable[Fraction], second: Iterable[Fraction], c: Fraction) -> Weights:
    one, two, bias = _letters()
    return dict(zip((*one, *two, bias), (*first, *second, c), strict=True))


def _units(weights: Weights) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    first, second, _ = _letters()
    return tuple(weights[p] for p in first), tuple(weights[p] for p in second)


def _cells(label: str, step: int, weights: Weights) -> tuple[str, ...]:
    """Rounded for reading; equality is decided on the fractions."""
    units = ["(" + ", ".join(decimal_text(value, 3) for value in unit) + ")" for unit in _units(weights)]
    return label, str(step), *units, decimal_text(weights[_letters()[2]], 3), "yes" if len(set(_units(weights))) == 1 else "no"


@cache
def equal_units() -> Demonstration:
    """Units that start equal stay equal."""
    half, zero = Fraction(1, 2), Fraction(0)
    starts = {
        "all 0": _start([zero] * 4, [zero] * 4, zero),
        "all 1/2": _start([half] * 4, [half] * 4, half),
        "different": _start([half] * 4, [half, -half, zero, half], half),
    }
    runs = {label: descent("relu", start) for label, start in starts.items()}
    alike = [weights for label in ("all 0", "all 1/2") for weights in runs[label]]
    stay = gradients_agree() and all(first == second for first, second in map(_units, alike))
    begin = all(len(set(_units(runs[label][0]))) == 1 for label in ("all 0", "all 1/2"))
    other = all(first != second for first, second in map(_units, runs["different"]))
    c = _letters()[2]
    moved = {letter for letter in starts["all 0"] if any(w[letter] != 0 for w in runs["all 0"])}
    rows = tuple(_cells(label, k, weights) for label, run in runs.items() for k, weights in enumerate(run))
    by_gradient = "for equal weights the difference of the two units' gradients is 0, whatever f, ℓ and the example"
    claims = (
        Claim("stay-equal", "Units of a layer that start equal compute the same, before and after every step.", stay,
              f"{by_gradient}; on the fractions they are equal after each of {STEPS} steps, too"),
        Claim("differ-after-a-step", "Units that start equal differ after the first step.", not stay, by_gradient),
        Claim("differ-at-the-start", "Units that start equal compute different things in the first forward pass.", not begin,
              "with the same weights and the same input, z and f(z) are the same"),
        Claim("differ-across-layers", "Since different layers compute different things, the units of a layer become different.",
              not stay, "what differs between layers does not enter: the units of one layer stay equal"),
        Claim("different-start-helps", "Units that start different can stay different.", other,
              "with two weights of one unit changed at the start, the two units differ at every step"),
        Claim("zero-moves-one-bias", "From zero, with ReLU, only the bias of the output moves.", moved == {c},
              f"over {STEPS} steps, of all weights only {', '.join(sorted(m.name for m in moved))} leaves 0"),
    )
    table = Table(f"XOR, two ReLU units, half the mean squared error, rate {RATE}; a unit is (w₁, w₂, b, v)",
                  ("start", "step", "unit 1", "unit 2", "c", "equal"), rows)
    return Demonstration(
        "equal-units", "Units that start equal",
        "Two units with the same weights get the same gradient, so they stay copies of each other: the layer is worth one unit. "
        "Starting from different (random) weights is what breaks the symmetry.", claims, (table,),
    )


__all__ = ["descent", "equal_units", "gradients_agree"]
