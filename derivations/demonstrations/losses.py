"""Losses: the same loss of several predictions, compared exactly, and which losses have a gradient that leads anywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from ..derivation import jacobian
from ..elements.symbolic import library
from ..errors import InputError
from .claims import Claim, Demonstration, Given, Table
from .figures import decimal_text, fraction_text, rational, sign_at

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?|\d{1,9}/0*[1-9]\d{0,8}")


def vector(name: str, text: str) -> tuple[Fraction, ...]:
    """A row of numbers as a problem set gives it.

    Raises:
        InputError: it is none.

    >>> vector("y", "0, 1/2, 0.25")
    (Fraction(0, 1), Fraction(1, 2), Fraction(1, 4))
    """
    parts = [part.strip() for part in text.strip("()[] ").split(",")]
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise InputError(f"“given: {name}” is a row of numbers such as 0, 1/2, 0.25, not “{text[:60]}”.")
    return tuple(map(Fraction, parts))


def _rows(given: Given) -> tuple[tuple[Fraction, ...], dict[str, tuple[Fraction, ...]]]:
    """The target y and the predictions."""
    rows = {name: vector(name, text) for name, text in given.items()}
    y = rows.pop("y", None)
    if y is None or len(rows) < 2:
        raise InputError("“compared-losses” needs the target y and at least two predictions in “given”.")
    for name, g in rows.items():
        if len(g) != len(y):
            raise InputError(f"“given: {name}” has {len(g)} entries, and y has {len(y)}.")
        if not all(0 < g_i for g_i, y_i in zip(g, y, strict=True) if y_i):
            raise InputError(f"“given: {name}” is 0 where y is not; the logarithm of 0 does not exist.")
    return y, rows


def compared_losses(given: Given) -> Demonstration:
    """−Σ yᵢ log gᵢ of several predictions for one target, in order of size.

    Args:
        given: y, and a prediction by each other name; one claim each says whether its loss is the smallest.

    Raises:
        InputError: these are no rows of numbers of one length.

    >>> found = compared_losses({"y": "0, 1", "g_1": "1/2, 1/2", "g_2": "1/4, 3/4"})
    >>> [(claim.name, claim.holds) for claim in found.claims]
    [('g_1', False), ('g_2', True)]
    """
    sp = library()
    y, rows = _rows(given)
    losses = {name: -sp.Add(*(rational(y_i) * sp.log(rational(g_i)) for g_i, y_i in zip(g, y, strict=True) if y_i))
              for name, g in rows.items()}
    least = {name: all(other is name or sign_at(losses[other] - loss) > 0 for other in losses) for name, loss in losses.items()}
    best = next((name for name, yes in least.items() if yes), None)
    claims = tuple(
        Claim(name, f"Of these predictions, {_shown(rows[name])} has the smallest loss.", least[name],
              f"its loss is {_loss_text(rows[name], y)} = {decimal_text(loss)}"
              + ("" if least[name] or best is None else f", that of {_shown(rows[best])} is {decimal_text(losses[best])}"))
        for name, loss in losses.items()
    )
    table = Table(f"−Σ yᵢ log gᵢ for y = {_shown(y)}", ("prediction", "loss", "rounded"),
                  tuple((_shown(g), _loss_text(g, y), decimal_text(losses[name])) for name, g in rows.items()))
    return Demonstration(
        "compared-losses", "Losses of several predictions",
        "Only the entries of g where y is not 0 count, and −log falls: the larger they are, the smaller the loss.", claims, (table,),
    )


def _shown(row: tuple[Fraction, ...]) -> str:
    return "(" + ", ".join(f"{float(entry):g}" if entry == Fraction(f"{float(entry):g}") else fraction_text(entry) for entry in row) + ")"


def _loss_text(g: tuple[Fraction, ...], y: tuple[Fraction, ...]) -> str:
    terms = [f"{'' if y_i == 1 else fraction_text(y_i) + ' '}ln({fraction_text(g_i)})" for g_i, y_i in zip(g, y, strict=True) if y_i]
    return f"−{terms[0]}" if len(terms) == 1 else f"−({' + '.join(terms)})"


@cache
def useful_gradients() -> Demonstration:
    """Which losses gradient descent can make smaller: those whose gradient is not zero almost everywhere."""
    nll = jacobian("L(g) = -y^T log(g)", "g", shapes={"g": ["k"], "y": ["k"]}, domains={"g": "positive"}, layout="denominator")
    squared = jacobian("L(g) = (1 - y^T g)^2", "g", shapes={"g": ["k"], "y": ["k"]}, layout="denominator")
    accuracy = jacobian("L(g_1) = -step(g_1 - g_2)", "g_1", shapes={"g_1": [], "g_2": []})
    derived = {"negative log likelihood −Σ yᵢ log gᵢ": nll, "squared loss (1 − yᵀg)²": squared,
               "accuracy, two classes, y = (1, 0)": accuracy}
    zero = {"nll": nll.derived.names == frozenset(), "squared": squared.derived.names == frozenset(),
            "accuracy": accuracy.matrix == "0"}
    sp = library()
    g = sp.symbols("g_1:3", positive=True)
    formulas: Mapping[str, Any] = {"NLL": -sp.log(g[0]), "squared": (1 - g[0]) ** 2, "accuracy": -sp.Heaviside(g[0] - g[1], 0)}
    points = [(Fraction(k, 10), Fraction(10 - k, 10)) for k in (2, 4, 6, 8)]
    rows = []
    for name, formula in formulas.items():
        slope = sp.diff(formula, g[0]).replace(sp.DiracDelta, lambda *_: sp.S.Zero)
        cells = []
        for point in points:
            values = dict(zip(g, map(rational, point), strict=True))
            cells.append(f"{decimal_text(formula.xreplace(values))}, {decimal_text(slope.xreplace(values))}")
        rows.append((name, *cells))
    claims = (
        Claim("nll", "Gradient descent can make the negative log likelihood smaller.", not zero["nll"], f"its gradient is {nll.matrix}"),
        Claim("accuracy", "Gradient descent can improve the accuracy directly.", not zero["accuracy"],
              f"it is a step: its derivative is {accuracy.matrix} everywhere but at a tie, where it jumps, so no step is ever taken"),
        Claim("squared", "Gradient descent can make the squared loss smaller.", not zero["squared"], f"its gradient is {squared.matrix}"),
    )
    head = ("loss", *(f"g₁ = {fraction_text(p[0])}" for p in points))
    table = Table("two classes, y = (1, 0), g = (g₁, 1 − g₁): the loss, and its derivative by g₁", head, tuple(rows))
    return Demonstration(
        "useful-gradients", "Losses with a useful gradient",
        "Gradient descent only sees the gradient. A loss that counts hits is constant between its jumps, so its gradient is 0 "
        "almost everywhere and nothing moves.", claims, (table,), tuple(derived.items()),
    )


__all__ = ["compared_losses", "useful_gradients", "vector"]
