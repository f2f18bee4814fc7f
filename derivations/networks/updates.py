"""One step of gradient descent, exactly, and when a parameter does not move.

Every parameter becomes what it was minus the rate times its gradient, all gradients taken before the step. When a gradient is zero is
found in `standstill.py`, and what others say about it is decided in `conditions.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import InputError
from ..graphs.values import Calculator, Value
from ..notation.written import Written
from .conditions import Decision, decide
from .network_names import naming_of
from .network_values import Table, Values, check_numbers, parameters_of, tidied, values_at, with_whole_sizes
from .networks import Matrix, Network
from .standstill import Condition, Unchanged, unchanged
from .value_arrays import at_enough_precision


@dataclass(frozen=True, slots=True)
class Update:
    """One parameter: `name` W_1 or b_1, before, its gradient, and after = before − rate · gradient."""

    name: str
    layer: int
    left: Written
    before: Table
    gradient: Table
    after: Table


@dataclass(frozen=True, slots=True)
class Descent:
    """A step: every update, and the loss before and after. `network` has the new parameters where they all are fractions."""

    rate: Fraction
    updates: tuple[Update, ...]
    loss_before: Value
    loss_after: Value
    network: Network | None

    def update(self, name: str) -> Update:
        """The update of W_1, b_2, …. Raises InputError where there is none."""
        for u in self.updates:
            if u.name == name:
                return u
        raise InputError(f"There is no parameter “{name}”; there are {', '.join(u.name for u in self.updates)}.")


def step(network: Network, rate: Fraction) -> Descent:
    """One step of gradient descent on the loss of all examples together.

    Args:
        network: with weights, inputs and targets.
        rate: the learning rate.

    Raises:
        InputError: numbers are missing, or there is no loss.
        LimitError: the numbers become too large.

    >>> from .networks import Layer
    >>> net = Network((Layer(1, 1, bias=False),), "half-squared", weights={1: ((Fraction(1),),)}, inputs=((Fraction(2),),),
    ...               targets=((Fraction(3),),))
    >>> taken = step(net, Fraction(1, 10))
    >>> taken.network.weights[1], taken.loss_before.rational, taken.loss_after.rational
    (((Fraction(6, 5),),), Fraction(1, 2), Fraction(9, 50))
    """
    if network.loss == "none":
        raise InputError("A step needs a loss; say which with --loss.")
    network = with_whole_sizes(network)
    check_numbers(network)

    def compute(calculator: Calculator) -> tuple[Descent, Sequence[Value]]:
        taken = _step_at(network, rate, calculator)
        tables = [t for u in taken.updates for t in (u.gradient, u.after)]
        return taken, [taken.loss_before, taken.loss_after, *(v for t in tables for v in t.entries)]

    found: Descent = at_enough_precision(compute)
    return found


def _step_at(network: Network, rate: Fraction, calculator: Calculator) -> Descent:
    """The step at one precision."""
    values = values_at(network, calculator)
    naming, given = naming_of(network), parameters_of(network)
    updates = []
    for k, layer in enumerate(network.layers, 1):
        for letter, name in (("W", naming.weight(k)), ("b", naming.bias(k))) if layer.bias else (("W", naming.weight(k)),):
            gradient = values.table(f"d{letter}_{k}")
            before = replace(gradient, name=f"{letter}_{k}", left=name,
                             rows=tuple(tuple(calculator.number(x) for x in row) for row in given[str(name.value)]))
            updates.append(Update(before.name, k, name, before, gradient, _moved(before, gradient, rate, calculator)))
    parameters = {str(u.left.value): u.after.rows for u in updates}
    after = values_at(network, calculator, parameters)
    shown = tuple(replace(u, gradient=tidied(u.gradient), after=tidied(u.after)) for u in updates)
    return Descent(rate, shown, _loss(values), _loss(after), _with(network, shown))


def _moved(before: Table, gradient: Table, rate: Fraction, calculator: Calculator) -> Table:
    """before − rate · gradient, entry by entry."""
    factor = calculator.number(-rate)
    rows = tuple(tuple(calculator.sum([old, calculator.product([factor, slope])]) for old, slope in zip(*pair, strict=True))
                 for pair in zip(before.rows, gradient.rows, strict=True))
    return replace(before, rows=rows)


def _loss(values: Values) -> Value:
    loss = values.loss
    assert loss is not None
    return loss


def _with(network: Network, updates: Sequence[Update]) -> Network | None:
    """The network with the new parameters; None where one of them is no fraction."""
    weights: dict[int, Matrix] = {}
    biases: dict[int, tuple[Fraction, ...]] = {}
    for u in updates:
        rows = tuple(tuple(x.rational for x in row) for row in u.after.rows)
        known: Matrix = tuple(tuple(x for x in row if x is not None) for row in rows)
        if any(x is None for row in rows for x in row):
            return None
        if u.name.startswith("W"):
            weights[u.layer] = known
        else:
            biases[u.layer] = tuple(row[0] for row in known)
    return replace(network, weights=weights, biases=biases)


__all__ = ["Condition", "Decision", "Descent", "Unchanged", "Update", "decide", "step", "unchanged"]
