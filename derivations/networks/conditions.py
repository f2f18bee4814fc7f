"""Whether a condition that somebody proposes, "w_1 x + b_1 < 0", is enough for a parameter to stay where it is.

Points that meet the condition are made by solving it for each quantity it depends on, in exact fractions; at every one of them the
gradient is computed. One gradient that is not zero decides against the condition, and that point is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ..elements.elements import Element, broadcast, scaled, total
from ..elements.meaning import Meaning
from ..errors import HwcheckError, InputError, NotationError, ShapeError
from ..graphs.values import Value, calculating
from ..notation.written import Written
from ..reader.reading import read
from ..sizes import Shape
from .entries import renamed
from .network_values import decimal_text, exact_text
from .networks import Network
from .passes import network_passes
from .standstill import Unchanged, gradient_of, unchanged
from .statements import Passes, text
from .trials import Trials, key_of
from .value_arrays import Number, each

_ROUNDS = 8  # points for every quantity that the condition is solved for
_RANDOM = 40
_SEED = 30
_WORKING = 256
_MOST_SHOWN = 8
_RELATIONS = {"<=": "<=", "≤": "<=", r"\leq": "<=", r"\le": "<=", ">=": ">=", "≥": ">=", r"\geq": ">=", r"\ge": ">=", "==": "=", "=": "=",
              "<": "<", ">": ">"}  # fmt: skip
_SPLIT = re.compile("|".join(re.escape(sign) for sign in sorted(_RELATIONS, key=len, reverse=True)))
_LAYER = re.compile(r"([WwZzAaBbδΔ])([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a condition is enough for the gradient to be zero.

    `tree` is the condition as it was read; `points` at how many points that meet it the gradient was computed; `witness` are the
    numbers of a point where it is not zero, by name, as text.
    """

    condition: str
    tree: Written
    holds: bool
    why: str
    points: int
    witness: Mapping[str, str] | None = None


def decide(network: Network | Passes, parameter: str, conditions: Sequence[str]) -> tuple[Decision, ...]:
    """Decide for each condition whether it implies that the gradient of the parameter is zero.

    Raises InputError (with its kinds) for a condition that cannot be read, or an unknown parameter.

    >>> from .networks import Layer
    >>> net = Network((Layer(1, 1, "relu"), Layer(1, 1)), "half-squared")
    >>> [d.holds for d in decide(net, "w_1", ["x = 0", "y = 0", "w_1 x + b_1 < 0", "z_2 = y"])]
    [True, False, True, True]
    """
    passes = network if isinstance(network, Passes) else network_passes(network, confirmed=False)
    found = unchanged(passes, parameter)
    with calculating(_WORKING, last=True) as calculator:
        trials = Trials(passes.network, calculator, _SEED)
        here = unchanged(trials.passes, parameter)
        return tuple(_decided(trials, passes, (found, here), parameter, c) for c in conditions)


def _decided(trials: Trials, passes: Passes, both: tuple[Unchanged, Unchanged], parameter: str, condition: str) -> Decision:
    found, here = both
    try:
        tree, (shown, relation) = _read(passes, condition), _read_sides(trials.passes, condition)
    except HwcheckError as error:
        raise error.within(condition) from None
    left = gradient_of(trials.passes, parameter).left
    points, common = 0, set(range(len(here.factors)))
    for known in _points(trials, shown, relation):
        points += 1
        if not trials.is_zero(known[key_of(left)]):
            return _refused(trials, condition, tree, left, known, points)
        common &= {k for k, f in enumerate(here.factors) if trials.is_zero(trials.value(Meaning().of(f), known))}
    if not points:
        return Decision(condition, tree, False, "no point was found that meets this condition", 0)
    names = [text(found.factors[k]) for k in sorted(common)]
    product = f"{text(found.left)} = {text(found.gradient)}"
    zero = f"{' and '.join(names)} {'are' if names[1:] else 'is'} 0, in {product}"
    why = f"then {zero}" if names else f"then one of the factors in {product} is 0"
    return Decision(condition, tree, True, why, points)


def _refused(trials: Trials, condition: str, tree: Written, left: Written, known: Mapping[str, Any], points: int) -> Decision:
    """A point that meets the condition, with a gradient that is not zero."""
    witness = {text(Written("name", (), name)): _shown(known[name]) for name in trials.passes.symbols}
    value = _shown(known[key_of(left)])
    small = len(witness) <= _MOST_SHOWN and all(np.ndim(known[name]) == 0 for name in trials.passes.symbols)
    at = ", ".join(f"{name} = {number}" for name, number in witness.items()) if small else "a point that meets it"
    return Decision(condition, tree, False, f"not enough: at {at}, {text(left)} is {value}", points, {**witness, text(left): value})


def _shown(numbers: Any) -> str:
    """Numbers as text: a list of lists for a matrix."""
    if isinstance(numbers, Number):
        return _one(numbers.value)
    return _shown(numbers[()]) if np.ndim(numbers) == 0 else "[" + ", ".join(_shown(part) for part in numbers) + "]"


def _one(value: Value) -> str:
    exact = exact_text(value)
    return exact if exact is not None and len(exact) <= 12 else decimal_text(value, 4)


# -- reading ---------------------------------------------------------------------------------------------------------


def _read(passes: Passes, condition: str) -> Written:
    (left, right), relation = _sides(passes, condition)
    return Written("compare", (left, right), relation, left.shape)


def _read_sides(passes: Passes, condition: str) -> tuple[Element, str]:
    """The condition as an element that is compared with 0."""
    (left, right), relation = _sides(passes, condition)
    a, c = (Meaning().of(side) for side in (left, right))
    shape = max(a.shape, c.shape, key=len)
    if {a.shape, c.shape} - {(), shape}:
        raise ShapeError(f"{text(left)} has other sizes than {text(right)}.")
    return total([broadcast(a, shape), scaled(-1, broadcast(c, shape))], shape), relation


def _sides(passes: Passes, condition: str) -> tuple[tuple[Written, Written], str]:
    """Both sides with the names of the network."""
    single = any(name.startswith("w_") for name in passes.symbols)
    typed = condition if single else _LAYER.sub(lambda m: f"{m[1]}_{m[2].translate(_DIGITS)}", condition)
    signs = _SPLIT.findall(typed)
    if len(signs) != 1:
        raise NotationError("A condition is one equation or inequality, such as x = 0 or w_1 x + b_1 < 0.")
    known = _names(passes)
    aliases = {alias: name for alias, (name, _) in known.items()}
    shapes = {alias: [s for s in shape if s != 1] for alias, (_, shape) in known.items()}
    sides = []
    for part in _SPLIT.split(typed):
        body = read(part.strip(), shapes=shapes).body
        for node in body.walk():
            if node.op == "name" and str(node.value) not in aliases:
                raise InputError(f"“{node.value}” is no quantity of this network; it has {', '.join(sorted(set(known)))}.")
        sides.append(_proper(renamed(body, aliases, {}), dict(known.values())))
    return (sides[0], sides[1]), _RELATIONS[signs[0]]


def _names(passes: Passes) -> dict[str, tuple[str, Shape]]:
    """What may be typed, with the name it means: W_1 and W^(1); ŷ is the prediction."""
    shapes = dict(passes.symbols)
    last = ""
    for s in passes.statements:
        if s.left.op == "name" and s.kind != "L":
            shapes[str(s.left.value)] = s.shape
            last = str(s.left.value) if s.kind == "a" else last
    found = {}
    for name, shape in shapes.items():
        found[name] = (name, shape)
        letter, _, layer = name.partition("^(")
        if layer:
            found[f"{letter}_{layer[:-1]}"] = (name, shape)
        elif name.startswith("w_"):
            found[f"W_{name[2:]}"] = (name, shape)
    return {**found, "hat_y": (last, shapes[last])}


def _proper(tree: Written, shapes: Mapping[str, Shape]) -> Written:
    """Names with their own shapes: of a matrix with one row, the row."""
    if tree.op == "name":
        return Written("name", (), tree.value, shapes[str(tree.value)])
    return Written(tree.op, tuple(_proper(a, shapes) for a in tree.args), tree.value, tree.shape)


# -- points ----------------------------------------------------------------------------------------------------------


def _points(trials: Trials, difference: Element, relation: str) -> Iterator[dict[str, Any]]:
    """Points that meet the condition: solved for each quantity that is given, and random ones for inequalities."""
    for name in trials.passes.symbols:
        for _ in range(_ROUNDS):
            known = _solved(trials, difference, relation, name)
            if known is not None and _meets(trials, difference, relation, known):
                yield known
    if relation != "=":
        for _ in range(_RANDOM):
            known = trials.computed(trials.point())
            if _meets(trials, difference, relation, known):
                yield known


def _meets(trials: Trials, difference: Element, relation: str, known: Mapping[str, Any]) -> bool:
    numbers = np.asarray(trials.value(difference, known), dtype=object).reshape(-1)
    if relation == "=":
        return trials.is_zero(numbers)
    signs = [0 if trials.is_zero(n) else trials.calculator.sign(n.value) for n in numbers]
    return all({"<": s < 0, "<=": s <= 0, ">": s > 0, ">=": s >= 0}[relation] for s in signs)


def _solved(trials: Trials, difference: Element, relation: str, name: str) -> dict[str, Any] | None:
    """A random point moved in one quantity so that the difference gets the value that is wanted, as if it were a straight line."""
    point = trials.point()
    here = np.asarray(trials.value(difference, trials.computed(point)), dtype=object)
    if np.shape(point[name]) != here.shape:
        return None
    one, minus = trials.number(1), trials.number(-1)
    moved = trials.computed({**point, name: point[name] + one})
    slope = np.asarray(trials.value(difference, moved) + here * minus, dtype=object)
    if any(trials.is_zero(s) for s in slope.reshape(-1)):
        return None
    wanted = trials.filled(here.shape, lambda: _wanted(trials, relation))
    step = (wanted + here * minus) * each(lambda s: s ** Fraction(-1), slope)
    return trials.computed({**point, name: point[name] + step})


def _wanted(trials: Trials, relation: str) -> Any:
    if relation == "=":
        return 0
    away = abs(trials.fraction()) * (1 if relation in "<>" else int(trials.rng.integers(0, 3)))
    return -away if relation[0] == "<" else away


__all__ = ["Decision", "decide"]
