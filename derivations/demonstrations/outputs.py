"""What comes out of a network: softmax on large numbers, and outputs for several labels at once."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from ..derivation import jacobian
from ..elements.symbolic import definition, library
from .claims import Claim, Demonstration, Table
from .figures import at, decimal_text

LARGE = (1000, 1001, 1003)
LABELS = (1, 0, 1, 0)


def _softmax(z: tuple[int, ...]) -> list[Any]:
    sp = library()
    total = sp.Add(*(sp.exp(k) for k in z))
    return [sp.exp(k) / total for k in z]


def _in_floats(z: tuple[int, ...]) -> list[float]:
    """As a program would compute it, in 64-bit floating point."""
    with np.errstate(all="ignore"):
        powers = np.exp(np.array(z, dtype=np.float64))
        return [float(entry) for entry in powers / powers.sum()]


class _Counting:
    """A number that counts the operations on it, for all numbers together."""

    done = 0

    def __init__(self, value: float):
        self.value = value

    def _counted(self, value: float) -> _Counting:
        type(self).done += 1
        return _Counting(value)

    def __add__(self, other: _Counting) -> _Counting:
        return self._counted(self.value + other.value)

    def __sub__(self, other: _Counting) -> _Counting:
        return self._counted(self.value - other.value)

    def __truediv__(self, other: _Counting) -> _Counting:
        return self._counted(self.value / other.value)

    def __gt__(self, other: _Counting) -> bool:
        self._counted(0.0)
        return self.value > other.value

    def exp(self) -> _Counting:
        return self._counted(math.exp(self.value))


def _operations(z: tuple[int, ...], shifted: bool) -> int:
    """How many operations softmax takes, with the shift and without, counted while it runs."""
    _Counting.done = 0
    _run([_Counting(float(entry)) for entry in z], shifted)
    return _Counting.done


def _run(numbers: list[_Counting], shifted: bool) -> list[_Counting]:
    if shifted:
        largest = max(numbers)
        numbers = [entry - largest for entry in numbers]
    powers = [entry.exp() for entry in numbers]
    total = powers[0]
    for power in powers[1:]:
        total = total + power
    return [power / total for power in powers]


@cache
def softmax_shift() -> Demonstration:
    """Subtracting the largest entry before softmax: the same value, without overflow."""
    sp = library()
    derived = jacobian("f(c) = softmax(z - c 1_k)", "c", shapes={"z": ["k"], "c": []})
    z, c = sp.symbols("z_1:4", real=True), sp.Symbol("c", real=True)
    total, moved = sum(map(sp.exp, z)), sum(sp.exp(entry - c) for entry in z)
    same = all(sp.simplify(sp.exp(entry - c) / moved - sp.exp(entry) / total) == 0 for entry in z)
    shifted = tuple(entry - max(LARGE) for entry in LARGE)
    true, plain, stable = [decimal_text(e, 6) for e in _softmax(LARGE)], _in_floats(LARGE), _in_floats(shifted)
    exact_again = [decimal_text(e, 6) for e in _softmax(shifted)]
    close = all(abs(got - float(wanted)) < 1e-6 for got, wanted in zip(stable, true, strict=True))
    broken = any(not np.isfinite(entry) for entry in plain)
    more, fewer = (_operations((1, 2, 3), shifted) for shifted in (True, False))
    rows = (("true value, by balls", *true), ("computed as it stands", *map(_float_text, plain)),
            ("the largest subtracted first", *map(_float_text, stable)))
    claims = (
        Claim("same-value", "Subtracting one number from all entries leaves softmax as it is.", same and derived.matrix == "𝟘_k",
              f"the derivative by the number is {derived.matrix}, and e^(z_i − c) / Σ e^(z_j − c) − e^(z_i) / Σ e^(z_j) is 0"),
        Claim("changes-value", "Subtracting the largest entry changes what softmax gives.", not same or true != exact_again,
              "the values are the same, exactly"),
        Claim("imprecise", "The quotient of two very large floating-point numbers may be imprecise, or no number.",
              broken and close,
              f"e^{LARGE[0]} is beyond 64-bit numbers, so the quotient is {_float_text(plain[0])}; with the shift it is right"),
        Claim("more-efficient", "Computing with smaller numbers is less work.", more < fewer,
              f"a 64-bit number takes the same work whatever its size, and the shift adds to it: for 3 entries {more} operations "
              f"instead of {fewer}"),
    )
    table = Table(f"softmax of ({', '.join(map(str, LARGE))})", ("", "σ₁", "σ₂", "σ₃"), rows)
    return Demonstration(
        "softmax-shift", "Softmax of large numbers",
        "softmax(z − max z) = softmax(z), and no exponent is above 0, so nothing overflows.", claims, (table,),
        (("softmax(z − c 𝟏) by the number c", derived),),
    )


def _float_text(value: float) -> str:
    return "no number (nan)" if np.isnan(value) else f"{value:.6f}"


def _mean_nll(outputs: Any, labels: Any) -> Any:
    """The mean over the outputs of the negative log likelihood of each."""
    sp = library()
    terms = [sp.log(g) if y else sp.log(1 - g) for g, y in zip(outputs, labels, strict=True)]
    return -sp.Add(*terms) / len(terms)


def _multiclass_nll(outputs: Any, labels: Any) -> Any:
    sp = library()
    return -sp.Add(*(sp.log(g) for g, y in zip(outputs, labels, strict=True) if y))


@cache
def several_labels() -> Demonstration:
    """Which outputs and losses fit targets with several ones, such as (1, 0, 1, 0)."""
    sp = library()
    t = sp.Symbol("t", positive=True)  # pre-activations ±t: the surer the network, the larger t
    outputs = sp.symbols("g_1:5", positive=True)
    sure = [t if y else -t for y in LABELS]
    sigmoids = [at(definition("sigmoid"), z) for z in sure]
    softmax = [sp.exp(z) / sp.Add(*map(sp.exp, sure)) for z in sure]
    ones = [at(definition("sigmoid"), t) for _ in LABELS]

    def limit(expression: Any) -> Any:
        return sp.limit(expression, t, sp.oo)

    reach = {"sigmoid": [limit(g) for g in sigmoids], "softmax": [limit(g) for g in softmax]}
    floor = {"softmax": limit(_multiclass_nll(softmax, LABELS)), "mean": limit(_mean_nll(sigmoids, LABELS)),
             "wrong": limit(_multiclass_nll(ones, LABELS)), "mean-wrong": limit(_mean_nll(ones, LABELS))}
    total = sp.simplify(sp.Add(*softmax))
    target = list(LABELS)
    linear = [limit(-t), limit(t)]
    unseen = [sp.diff(_multiclass_nll(outputs, LABELS), g) for g, y in zip(outputs, LABELS, strict=True) if not y]
    sigmoids_fit = reach["sigmoid"] == target and floor["mean"] == 0 and floor["mean-wrong"] == sp.oo
    labels = f"({', '.join(map(str, LABELS))})"
    claims = (
        Claim("softmax-nll", "Softmax with the multi-class NLL can give each of several labels the probability 1.",
              reach["softmax"] == target, f"its entries add up to {total}, those of {labels} to {sum(LABELS)}; the surest it can get is "
              f"({', '.join(map(str, reach['softmax']))}), with the loss {decimal_text(floor['softmax'])}"),
        Claim("sigmoids-mean-nll", "Independent sigmoids with the mean of their NLL fit several labels.", sigmoids_fit,
              f"they can come as near to {labels} as one likes, there the loss tends to {floor['mean']}, and for all ones it grows to "
              f"{_limit_text(floor['mean-wrong'])}"),
        Claim("linear-mse", "Outputs without a nonlinearity, with the mean squared error, are probabilities.",
              bool(linear[0] >= 0 and linear[1] <= 1),
              "such an output can be any number, also below 0 or above 1, which is no probability, though the error is 0 at the target"),
        Claim("sigmoids-multiclass-nll", "Independent sigmoids with the multi-class NLL are drawn to the target.",
              all(slope != 0 for slope in unseen) and bool(floor["wrong"] > 0),
              f"−Σ yᵢ log gᵢ does not see the labels that are 0, its derivative by their outputs is {unseen[0]}: for all four outputs at 1 "
              f"it tends to {floor['wrong']}, too"),
    )
    rows = tuple(
        (shown, *(decimal_text(loss.xreplace({t: sp.Integer(k)})) for k in (1, 3, 9))) for shown, loss in (
            (f"softmax, multi-class NLL, towards {labels}", _multiclass_nll(softmax, LABELS)),
            (f"sigmoids, mean NLL, towards {labels}", _mean_nll(sigmoids, LABELS)),
            ("sigmoids, mean NLL, towards all ones", _mean_nll(ones, LABELS)),
            ("sigmoids, multi-class NLL, towards all ones", _multiclass_nll(ones, LABELS)),
        ))
    table = Table("the loss where the pre-activations are ±t", ("outputs and loss", "t = 1", "t = 3", "t = 9"), rows)
    return Demonstration(
        "several-labels", "Outputs for several labels",
        "Softmax shares one probability between the labels. Several labels at once want one sigmoid each, and a loss that counts "
        "the labels that are 0 as well.", claims, (table,),
    )


def _limit_text(value: Any) -> str:
    return "∞" if value == library().oo else str(value)


__all__ = ["several_labels", "softmax_shift"]
