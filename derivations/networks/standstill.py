"""When a parameter does not move: its gradient as a product, every factor set to zero, and what that asks of the network.

A product is zero where a factor is. For a single unit that is all there is; for matrices each condition is enough, and products of
factors that are not zero may vanish besides. Every condition is put in and the gradient computed before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..errors import DefectError, InputError
from ..forms import building as b
from ..graphs.values import calculating, decimal
from ..notation.names import key_of as name_key
from ..notation.written import Written
from .networks import Network
from .passes import network_passes
from .statements import Passes, Statement, text
from .trials import Setting, Trials, key_of
from .vanishing import Stretch, flat_stretches, zero_stretches

_POINTS = 6
_POINTS_OF_DEEP = 2
_FEW_LAYERS = 8
_FREE = 24  # points at which a gradient is looked at without a condition
_SEED = 20
_WORKING = 256


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition under which the gradient of a parameter is zero.

    `tree` is the condition (x = 0, w₂ = 0, z₁ ≤ 0, a₂ = y), of a column or matrix for every entry; `factor` the factor of the gradient
    that it makes zero, `why` a sentence, `points` at how many points that meet it the gradient was computed and found to be zero.
    """

    tree: Written
    factor: Written
    why: str
    points: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """When a parameter does not move: its gradient with all δ put in, its factors, and the conditions, each of which is enough.

    `complete` says that there are no other conditions: the gradient is a product of numbers.
    """

    parameter: str
    left: Written
    gradient: Written
    factors: tuple[Written, ...]
    conditions: tuple[Condition, ...]
    complete: bool
    notes: tuple[str, ...] = ()


def unchanged(network: Network | Passes, parameter: str) -> Unchanged:
    """Solve ∂ℒ/∂parameter = 0 by the factors of the gradient.

    Args:
        network: a network, or its passes where they are there already.
        parameter: W_1, w1, b_2, … by layer.

    Raises:
        InputError: there is no such parameter, or no loss.
        DefectError: a condition that was found does not make the gradient zero.

    >>> from .networks import Layer
    >>> net = Network((Layer(1, 1, "relu"), Layer(1, 1)), "half-squared")
    >>> [text(c.tree) for c in unchanged(net, "w_1").conditions]
    ['w₂ = 0', 'a₂ = y', 'z₁ ≤ 0', 'x = 0']
    """
    passes = network if isinstance(network, Passes) else network_passes(network, confirmed=False)
    statement = gradient_of(passes, parameter)
    by_name = {str(s.left.value): s for s in passes.statements if s.left.op == "name"}
    gradient = _put_in(statement.formula, by_name)
    factors = tuple(_factors(statement.formula, by_name))
    with calculating(_WORKING, last=True) as calculator:
        trials = Trials(passes.network, calculator, _SEED)
        conditions = tuple(c for f in factors for c in _conditions(trials, statement, f, by_name, passes))
        always = all(trials.is_zero(trials.computed(trials.point())[key_of(_left_here(trials, statement))]) for _ in range(_FREE))
    return Unchanged(statement.name[1:], statement.left, gradient, factors, conditions,
                     all(f.is_scalar for f in factors) and statement.shape == (1, 1), tuple(_notes(factors, by_name, passes, always)))


def gradient_of(passes: Passes, parameter: str) -> Statement:
    """The statement about the gradient of a parameter: of w_1, W1, W^(1), b_2. Raises InputError where there is none."""
    key = name_key(parameter)
    letter, digits = key[:1], "".join(c for c in key if c.isdigit())
    if passes.network.loss == "none":
        raise InputError("Without a loss there is no gradient; say which with --loss.")
    known = [s.name[1:] for s in passes.statements if s.kind in ("dW", "db")]
    wanted = f"{'W' if letter in 'wW' else letter}_{digits or 1}"
    if letter not in "wWb" or not letter or wanted not in known:
        raise InputError(f"There is no parameter “{parameter}”; there are {', '.join(known)}.")
    return passes.statement("d" + wanted)


def _left_here(trials: Trials, statement: Statement) -> Written:
    """The same gradient in the network of small sizes."""
    return trials.passes.statement(statement.name).left


# -- factors ---------------------------------------------------------------------------------------------------------


def _put_in(tree: Written, known: Mapping[str, Statement]) -> Written:
    """A formula with the formulas of all δ in their places."""
    if tree.op == "name" and _is_delta(tree, known):
        return _put_in(known[str(tree.value)].formula, known)
    return replace(tree, args=tuple(_put_in(a, known) for a in tree.args))


def _is_delta(tree: Written, known: Mapping[str, Statement]) -> bool:
    return str(tree.value) in known and known[str(tree.value)].kind == "delta"


def _factors(tree: Written, known: Mapping[str, Statement]) -> Iterator[Written]:
    """What is multiplied in a formula, from left to right, the formulas of δ taken apart too; numbers and sizes are left out."""
    if tree.op in ("matmul", "hadamard", "scale", "dot"):
        for a in tree.args:
            yield from _factors(a, known)
    elif tree.op in ("transpose", "neg"):
        yield from _factors(tree.args[0], known)
    elif tree.op == "divide" and tree.args[1].op in ("number", "size"):
        yield from _factors(tree.args[0], known)
    elif tree.op == "name" and _is_delta(tree, known):
        yield from _factors(known[str(tree.value)].formula, known)
    elif tree.op not in ("number", "size", "ones"):
        yield tree


# -- conditions ------------------------------------------------------------------------------------------------------


def _conditions(trials: Trials, statement: Statement, factor: Written, known: Mapping[str, Statement],
                passes: Passes) -> Iterator[Condition]:
    """Where one factor is zero; each way is tried."""
    for tree, why, settings, certain in _ways(factor, known, passes):
        points = _tried(trials, _left_here(trials, statement), settings)
        if points:
            yield Condition(tree, factor, why, points)
        elif certain:
            raise DefectError(f"With {text(tree)} the gradient {text(statement.left)} is not zero, although {text(factor)} is a factor of "
                              "it. This is a defect of hwcheck: please report it with the command you ran.")


def _tried(trials: Trials, left: Written, settings: Mapping[str, Setting]) -> int:
    """At how many points that meet a condition the gradient is zero; 0 where it is not at one of them."""
    points = _POINTS if len(trials.network.layers) <= _FEW_LAYERS else _POINTS_OF_DEEP
    for _ in range(points):
        if not trials.is_zero(trials.computed(trials.point(), settings)[key_of(left)]):
            return 0
    return points


Way = tuple[Written, str, dict[str, Setting], bool]  # condition, why, how to meet it, and whether it must be enough


def _ways(factor: Written, known: Mapping[str, Statement], passes: Passes) -> Iterator[Way]:
    network = passes.network
    if factor.op == "name":
        statement = known.get(str(factor.value))
        if statement is not None and statement.kind == "a":
            z = passes.statement(f"z_{statement.layer}").left
            activation = network.layers[statement.layer - 1].activation
            why = f"then {text(factor)} is 0 ({passes.statement(f'z_{statement.layer}').text()})"
            yield from _stretches(z, zero_stretches(activation), why, statement.layer)
        else:
            yield _equation(factor, b.ZERO), f"{text(factor)} is a factor of the gradient", {str(factor.value): _zeros(factor)}, True
    elif _is_slope(factor):
        layer = known[str(factor.args[0].value)].layer
        why = (f"then {text(factor)} is 0: the {'unit is' if factor.is_scalar else 'units are'} inactive "
               f"({passes.statement(f'z_{layer}').text()})")
        yield from _stretches(factor.args[0], flat_stretches(network.layers[layer - 1].activation), why, layer)
    else:
        last = passes.statement(f"a_{len(network.layers)}").left
        target = next((n for n in factor.walk() if n.op == "name" and str(n.value) in ("y", "Y")), None)
        if target is not None:
            plain = factor == Written("sub", (last, target), None, last.shape)
            yield (_equation(last, target), "the prediction equals the target", {str(target.value): _copy(last)}, plain)
        for n in dict.fromkeys(n for n in factor.walk() if n.op == "name" and str(n.value) not in ("y", "Y")):
            if str(n.value) in passes.symbols:
                yield _equation(n, b.ZERO), f"then {text(factor)} is 0", {str(n.value): _zeros(n)}, False


def _is_slope(tree: Written) -> bool:
    return tree.op == "call" and isinstance(tree.value, tuple)


def _equation(left: Written, right: Written, relation: str = "=") -> Written:
    return Written("compare", (left, right), relation, left.shape)


def _stretches(z: Written, stretches: Sequence[Stretch], why: str, layer: int) -> Iterator[Way]:
    for s in stretches:
        if s.is_place:
            tree = _equation(z, _written(s.low or Fraction(0)))
        elif s.low is None:
            tree = _equation(z, b.num(s.high or 0), "<=")
        elif s.high is None:
            tree = _equation(z, b.num(s.low), ">=")
        else:
            raise AssertionError("no activation is flat between two places only")
        yield tree, why, {str(z.value): _within(s, layer)}, True


def _written(place: Fraction) -> Written:
    """A place, to four decimals where it is no short fraction."""
    if place.denominator < 1000:
        return b.num(place)
    with calculating(_WORKING) as calculator:
        shown = decimal(calculator.number(abs(place)), 4) or "0"
    tree = Written("number", value=shown)
    return b.neg(tree) if place < 0 else tree


def _zeros(name: Written) -> Setting:
    return lambda trials, known: trials.filled(trials.passes.symbols[str(name.value)], lambda: 0)


def _copy(source: Written) -> Setting:
    name = key_of(source)
    return lambda trials, known: known[name]


def _within(stretch: Stretch, layer: int) -> Setting:
    """Entries in a stretch, its ends among them."""

    def setting(trials: Trials, known: Mapping[str, Any]) -> Any:
        def entry() -> Fraction:
            if stretch.is_place:
                return stretch.low or Fraction(0)
            away = abs(trials.fraction()) * int(trials.rng.integers(0, 3))
            return (stretch.high or Fraction(0)) - away if stretch.low is None else stretch.low + away

        return trials.filled(trials.naming.z(layer).shape, entry)

    return setting


def _notes(factors: Sequence[Written], known: Mapping[str, Statement], passes: Passes, always: bool) -> Iterator[str]:
    """What is said besides the conditions."""
    for f in dict.fromkeys(factors):
        if _is_slope(f):
            activation = passes.network.layers[known[str(f.args[0].value)].layer - 1].activation
            if not flat_stretches(activation):
                yield f"{text(f)} is never 0."
        elif f.op == "name" and str(f.value) in known:
            activation = passes.network.layers[known[str(f.value)].layer - 1].activation
            if not zero_stretches(activation):
                yield f"{text(f)} is never 0."
    if always:
        yield "The gradient was 0 at every point that was tried, without any condition."
    if not all(f.is_scalar for f in factors):
        yield "Each condition is enough. Of columns and matrices it is meant for every entry; products of them may be 0 in other ways too."


__all__ = ["Condition", "Unchanged", "gradient_of", "unchanged"]
