"""What training can reach: steps that are too small or too large, a penalty on weights, and what no number of steps can fit."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from typing import Any

from ..derivation import jacobian
from ..elements.symbolic import definition, library
from ..xor.xor import xor_proof
from .claims import Claim, Demonstration, Table
from .figures import at, decimal_text, fraction_text

_CURVATURE = Fraction(2)
_RATES = tuple(map(Fraction, ("1/100", "1/10", "1/2", "9/10", "11/10")))
_EPOCHS = (1, 5, 20)


def _error(rate: Fraction, steps: int) -> Fraction:
    """How far w is from 1 after so many steps from 0, by the gradient c (w − 1)."""
    w = Fraction(0)
    for _ in range(steps):
        w -= rate * _CURVATURE * (w - 1)
    return abs(w - 1)


@cache
def descent() -> Demonstration:
    """Epochs, learning rate and penalty on the smallest example there is: L(w) = ½ c (w − 1)²."""
    sp = library()
    derived = jacobian("L(w) = 1/2 c (w - 1)^2 + 1/2 lambda w^2", "w", shapes={"w": [], "c": [], "lambda": []})
    w, penalty, c = sp.symbols("w lambda c", positive=True)
    best = sp.solve(sp.diff(c * (w - 1) ** 2 / 2 + penalty * w**2 / 2, w), w)[0]
    errors = {rate: [_error(rate, steps) for steps in _EPOCHS] for rate in _RATES}
    falls = {rate: all(later <= before for before, later in zip([Fraction(1), *found], found, strict=False))
             for rate, found in errors.items()}
    shrinks = bool(sp.simplify(sp.diff(best, penalty) * (c + penalty) ** 2 / c) == -1)
    closed = all(found[k] == abs(1 - rate * _CURVATURE) ** steps for rate, found in errors.items() for k, steps in enumerate(_EPOCHS))
    claims = (
        Claim("epochs", "With a suitable rate every further epoch comes nearer to the minimum.", closed and falls[_RATES[1]],
              "after t steps the error is |1 − ηc|ᵗ of what it was"),
        Claim("small-rate", "A smaller rate needs more epochs.", errors[_RATES[0]][-1] > errors[_RATES[1]][-1],
              f"after {_EPOCHS[-1]} steps the error is {decimal_text(errors[_RATES[0]][-1])} for η = {_RATES[0]}, "
              f"{decimal_text(errors[_RATES[1]][-1])} for η = {_RATES[1]}"),
        Claim("large-rate", "With any rate the error falls in the end.", all(falls.values()),
              f"beyond η = 2/c each step overshoots by more than it mends: after {_EPOCHS[-1]} steps with η = {_RATES[-1]} it is "
              f"{decimal_text(errors[_RATES[-1]][-1])}"),
        Claim("penalty", "A penalty ½ λ w² moves the best weight towards 0.", shrinks,
              "the gradient is 0 at w = c / (c + λ), which falls as λ grows: a small λ changes little, a large one keeps w small"),
    )
    table = Table(f"L(w) = ½ c (w − 1)² with c = {_CURVATURE} from w = 0: the error |w − 1|",
                  ("rate", *(f"{steps} steps" for steps in _EPOCHS)),
                  tuple((fraction_text(rate), *map(decimal_text, found)) for rate, found in errors.items()))
    return Demonstration(
        "descent", "Epochs, learning rate and penalty",
        "Too small a rate is slow, too large a one diverges, more steps help only in between, and a penalty trades fit for small "
        "weights. What a training run shows of it depends on the data.", claims, (table,), (("the loss with its penalty by w", derived),),
    )


def _hidden_layer(x: tuple[int, int]) -> Any:
    """XOR by two ReLU units: ReLU(x₁ + x₂) − 2 ReLU(x₁ + x₂ − 1)."""
    relu, total = definition("relu"), sum(x)
    return at(relu, total) - 2 * at(relu, total - 1)


@cache
def capacity() -> Demonstration:
    """A hidden layer lets a network fit XOR; without one no number of epochs does."""
    proof = xor_proof("sigmoid")
    rows, fits = [], True
    for x in product((0, 1), (0, 1)):
        output, target = _hidden_layer(x), x[0] ^ x[1]
        fits = fits and bool(output == target)
        rows.append((f"({x[0]}, {x[1]})", str(target), str(output)))
    claims = (
        Claim("hidden-layer", "A more complex network can fit more complex data.", fits and not proof.represents,
              "two hidden ReLU units give all four rows of XOR; a single sigmoid unit cannot, whatever its weights"),
        Claim("epochs", "More epochs of training let a network fit more complex data.", proof.represents,
              "no weights of a single sigmoid unit put the rows of XOR on the right sides of ½, so no search finds any"),
    )
    table = Table("ReLU(x₁ + x₂) − 2 ReLU(x₁ + x₂ − 1)", ("x", "XOR", "output"), tuple(rows))
    return Demonstration("capacity", "What a network can fit",
                         "Training chooses among the functions that the architecture has; only another architecture adds new ones.",
                         claims, (table,))


__all__ = ["capacity", "descent"]
