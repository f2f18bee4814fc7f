"""Hidden units that start equal stay equal: from the gradients of every activation and loss, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np

from ..elements.symbolic import library
from ..forms import building as b
from ..notation.spellings import Style
from ..notation.written import Written
from ..steps import Step
from .hidden_layer import (
    B1,
    B2,
    ELL,
    ETA,
    INPUTS,
    LETTERS,
    PARAMETERS,
    SLOPE_OF_ELL,
    UNITS,
    W1,
    W2,
    YHAT,
    H,
    Lines,
    Setting,
    Unit,
    X,
    Z,
    at,
    broken,
    meanings,
    name,
    partial,
    step,
    text,
    times,
)
from .hidden_layer_gradients import gradients

U, BETA, V = name("u", INPUTS), name("beta"), name("v")
NUMBER = Written("size", (), UNITS)
INSIDE = b.add([b.matmul(b.transpose(U), X), BETA])
EQUAL = Setting({
    "W_1": b.matmul(b.ones(UNITS), b.transpose(U)),
    "b_1": b.scale(BETA, b.ones(UNITS)),
    "W_2": b.scale(V, b.transpose(b.ones(UNITS))),
})  # fmt: skip
_EXCHANGED = {UNITS: 3, INPUTS: 2}


@dataclass(frozen=True, slots=True)
class EqualUnits:
    """The proof that equal units stay equal. `output` is the one effective unit that the network then is."""

    activation: str
    steps: tuple[Step, ...]
    entries: Mapping[str, Written]
    output: Written
    notes: tuple[str, ...]


@cache
def prove_equal(function: str) -> EqualUnits:
    """Equal rows of W₁, equal entries of b₁ and of W₂ have equal gradients, so every step of gradient descent keeps them equal.

    Raises:
        InputError: an activation that is not known.
        DefectError: a line does not hold.

    >>> text(prove_equal("tanh").output)
    'm v tanh(uᵀx + β) + b₂'
    """
    unit = Unit(function)
    lines = Lines(unit, meanings(unit), EQUAL, _start())
    output = b.add([times(NUMBER, V, unit.of(INSIDE)), B2])
    lines.put("equal inside", at(Z, "i"), INSIDE, "row i of W₁ is uᵀ and (b₁)_i is β, whichever unit i is", ("i",))
    lines.put("equal outside", at(H, "i"), unit.of(INSIDE), "", ("i",))
    lines.put("one unit", YHAT, output, "m equal terms v f(uᵀx + β): one effective unit with the weight m v")
    entries = {p: _entry(unit, lines, p) for p in PARAMETERS if p != "b_2"}
    for parameter, entry in entries.items():
        _update(lines, parameter, entry)
    _exchange(unit, lines)
    return EqualUnits(function, tuple(lines.steps), entries, output, _NOTES)


_NOTES = (
    "No property of the activation or of the loss was used but that they have derivatives (with relu′(0) = 0 and the like by convention).",
    "The gradient of a batch is a sum, or a mean, of gradients of examples, which are the same for all units: so it is too, by "
    "induction after every step of full-batch gradient descent. Mini-batches, momentum and Adam treat equal units equally as well; "
    "dropout or random numbers in the start do not.",
)


def _start() -> list[Step]:
    """What is assumed."""
    return [step("equal units", tree, EQUAL.known[p], why) for p, tree, why in (
        ("W_1", W1, "all rows are the same row uᵀ"),
        ("b_1", B1, "all entries are the same number β"),
        ("W_2", W2, "all entries are the same number v"),
    )]


def _entry(unit: Unit, lines: Lines, parameter: str) -> Written:
    """The gradient of one entry, which has no index of a unit left."""
    general, letters = gradients(unit.function)[parameter], LETTERS[parameter]
    slope = times(SLOPE_OF_ELL, V, unit.slope(INSIDE))
    result = {"W_1": times(slope, at(X, "j")), "b_1": slope, "W_2": times(SLOPE_OF_ELL, unit.of(INSIDE))}[parameter]
    _mentions_no_unit(result)
    lines.chain([("gradient", general.entry, "as derived"),
                 ("put in", result, "there is no i left: it is the same for all units")], general.entry_left, letters)
    return result


def _update(lines: Lines, parameter: str, entry: Written) -> None:
    """One step of gradient descent keeps the entries equal."""
    letters = LETTERS[parameter]
    old = at(PARAMETERS[parameter], *letters)
    same = {"W_1": at(U, "j"), "b_1": BETA, "W_2": V}[parameter]
    new = b.add([same, b.neg(times(ETA, entry))])
    _mentions_no_unit(new)
    lines.put("after a step", b.add([old, b.neg(b.scale(ETA, partial(ELL, old)))]), new, "again the same for all units", letters)


def _mentions_no_unit(tree: Written) -> None:
    if any(t.op == "index" and t.value != "j" for t in tree.walk()):
        raise broken("A gradient that should be the same for all units depends on the unit.")


def _exchange(unit: Unit, lines: Lines) -> None:
    """Exchanging units exchanges their gradients, wherever the weights are; with equal units this is the same once more."""
    if not exchanges(unit):
        raise broken("Exchanging two hidden units does not exchange their gradients.")
    right = b.matmul(name("P", UNITS, UNITS), partial(ELL, W1))
    lines.steps.append(Step(
        "exchange units", r"\frac{\partial \ell}{\partial (PW_{1})}", text(right, Style.LATEX),
        "for every permutation P of the units, and any weights: with b₁ and W₂ in the same new order the output is the same, so the "
        "gradients come in the new order too", "∂ℓ/∂(PW₁)", text(right),
    ))


def exchanges(unit: Unit) -> bool:
    """Whether the gradients at exchanged units are the exchanged gradients, for every order of three units with any weights."""
    lines, sizes, axes = Lines(unit, meanings(unit)), _EXCHANGED, {"W_1": 0, "b_1": 0, "W_2": 1}
    plain = {p: lines.value(partial(ELL, PARAMETERS[p]), (), sizes) for p in axes}
    letters = {p: lines.value(PARAMETERS[p], (), sizes) for p in axes}
    for order in permutations(range(sizes[UNITS])):
        moved = {x: y for p, axis in axes.items()
                 for x, y in zip(letters[p].ravel(), np.take(letters[p], order, axis).ravel(), strict=True)}
        for p, axis in axes.items():
            there = np.frompyfunc(lambda e, m=moved: e.xreplace(m), 1, 1)(plain[p])
            differences = (there - np.take(plain[p], order, axis)).ravel()
            if any(library().expand(d) != 0 for d in differences):
                return False
    return True


__all__ = ["BETA", "EQUAL", "INSIDE", "NUMBER", "EqualUnits", "U", "V", "exchanges", "prove_equal"]
