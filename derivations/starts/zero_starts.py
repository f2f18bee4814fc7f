"""All weights and biases zero at the start: which gradients vanish, what gradient descent then does, and what it converges to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from functools import partial as bound
from typing import Any

import numpy as np

from ..activations.rewriting import rewritten
from ..derivation import Derivation, jacobian
from ..elements.confirmation import Confirmation
from ..elements.enclosures import Enclosures, exact
from ..elements.symbolic import library, to_element
from ..forms import building as b
from ..forms.matrixform import MatrixForm
from ..graphs.values import calculating
from ..notation.spellings import Style
from ..notation.written import Written
from ..steps import Step
from .effective_unit import BOUND, shape_of, value_at
from .equal_units import prove_equal
from .hidden_layer import (
    B1,
    B2,
    ELL,
    ETA,
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
    activated,
    at,
    broken,
    meanings,
    minus,
    name,
    partial,
    text,
    times,
)
from .hidden_layer_gradients import Gradient, confirmed, gradients
from .start_runs import LEARNED, TARGETS, Claim, Run, run

RATE, STEPS, UNITS_RUN = Fraction(1, 10), 200, 3
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class ZeroStart:
    """What zero initialisation does to ŷ = W₂f(W₁x + b₁) + b₂, for any loss.

    `general` are the gradients anywhere, `at_start` those at W₁ = 0, b₁ = 0, W₂ = 0 and any b₂; `vanishing` names the parameters
    whose gradient is 0 there. `f_zero` is f(0). `forward` has the lines of the forward pass, `induction` those of a step of descent,
    `limit` those that find the constant which the squared loss of XOR converges to, `best`.
    """

    activation: str
    f_zero: Written
    general: tuple[Gradient, ...]
    forward: tuple[Step, ...]
    at_start: tuple[Gradient, ...]
    vanishing: tuple[str, ...]
    induction: tuple[Step, ...]
    limit: tuple[Step, ...]
    best: Fraction
    run: Run
    claims: tuple[Claim, ...]
    notes: tuple[str, ...]
    confirmation: Confirmation

    @property
    def only_the_bias_moves(self) -> bool:
        """Whether b₂ is all that ever changes: f(0) = 0."""
        return self.f_zero == b.ZERO

    @property
    def steps(self) -> tuple[Step, ...]:
        """All lines, in the order in which they are read."""
        return (*self.forward, *(s for g in self.at_start for s in g.steps), *self.induction, *self.limit)

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "start": "zero", "activation": self.activation,
            "f_zero": text(self.f_zero, Style.LATEX), "f_zero_unicode": text(self.f_zero),
            "gradients": [g.to_dict() for g in self.general],
            "at_start": [g.to_dict() for g in self.at_start], "vanishing": list(self.vanishing),
            "forward": [s.to_dict() for s in self.forward], "induction": [s.to_dict() for s in self.induction],
            "limit": [s.to_dict() for s in self.limit], "best_constant": str(self.best),
            "run": self.run.to_dict(), "claims": [c.to_dict() for c in self.claims], "notes": list(self.notes),
            "confirmation": self.confirmation.to_dict(),
        }  # fmt: skip


@cache
def zero_start(activation: str = "relu", *, units: int = UNITS_RUN, rate: Fraction = RATE, steps: int = STEPS) -> ZeroStart:
    """Derive what zero initialisation does; `units`, `rate` and `steps` are those of the run on XOR.

    Raises:
        InputError: an activation that is not known, or numbers of no use for a run.
        DefectError: a line does not hold, or the run contradicts it.

    >>> found = zero_start("relu")
    >>> [g.text() for g in found.at_start], found.best
    (['∂ℓ/∂W₁ = 0', '∂ℓ/∂b₁ = 0', '∂ℓ/∂W₂ = 0', '∂ℓ/∂b₂ = ℓ′'], Fraction(1, 2))
    """
    unit = Unit(activation)
    f_zero = _f_zero(unit)
    stays, board, at_start = _at_start(unit)
    trained = run(activation, Fraction(0), units, rate, steps)
    _held_against(trained, stays)
    limit, best = _limit()
    return ZeroStart(
        activation, f_zero, tuple(gradients(activation).values()), _forward(unit, board, f_zero), at_start,
        tuple(g.parameter for g in at_start if g.is_zero), _induction(unit, board, at_start, stays), limit if stays else (), best,
        trained, _claims(unit, at_start, trained, stays), _notes(unit, f_zero), confirmed(activation, dict.fromkeys(PARAMETERS, 0.0)),
    )


@cache
def zero_claims(activation: str = "relu") -> tuple[Claim, ...]:
    """The claims of `zero_start`, which are proved; only where f(0) is not 0 some of them rest on a run.

    The first four say of each parameter, in the order W₁, b₁, W₂, b₂, that its gradient is 0 at the start.

    >>> [c.text for c in zero_claims("tanh") if not c.holds][:2]
    ['∂ℓ/∂b₂ = 0', 'all gradients are zero']
    """
    unit = Unit(activation)
    stays, board, at_start = _at_start(unit)
    _induction(unit, board, at_start, stays)
    return _claims(unit, at_start, None if stays else run(activation, Fraction(0), UNITS_RUN, RATE, STEPS), stays)


_Board = Callable[[], Lines]


def _at_start(unit: Unit) -> tuple[bool, _Board, tuple[Gradient, ...]]:
    """Whether f(0) = 0, a board for lines at the start, and the gradients there."""
    f_zero = _f_zero(unit)
    setting = Setting(dict.fromkeys(("W_1", "b_1", "W_2"), b.ZERO), {activated(library().S.Zero): unit.at_zero})
    board = bound(Lines, unit, meanings(unit), setting)
    return f_zero == b.ZERO, board, tuple(_at_zero(unit, board, g, f_zero) for g in gradients(unit.function).values())


def _f_zero(unit: Unit) -> Written:
    """f(0), as SymPy has it and as balls confirm it."""
    value = unit.at_zero
    with calculating(256) as calculator:
        difference = calculator.of(value, {}).ball - value_at(unit.function, Fraction(0))
    if not abs(difference) < _CLOSE:
        raise broken(f"{unit.function}(0) has two values.")
    return MatrixForm().of(to_element(value, {}))


def _zero(tree: Written) -> Written:
    """0 with the shape of something."""
    return Written("number", (), "0", tree.shape)


def _forward(unit: Unit, board: _Board, f_zero: Written) -> tuple[Step, ...]:
    """z = 0, h = f(0), ŷ = b₂."""
    lines = board()
    lines.chain([("definition", b.add([b.matmul(W1, X), B1]), ""), ("W₁ = 0, b₁ = 0", b.ZERO, "whatever x is")], Z)
    values = [("definition", unit.of(Z), ""), ("z = 0", unit.of(_zero(Z)), "entry by entry")]
    hidden = _hidden(f_zero)
    if hidden != values[-1][1]:
        values.append(("f(0)", hidden, ""))
    lines.chain(values, H)
    lines.chain([("definition", b.add([b.matmul(W2, H), B2]), ""), ("W₂ = 0", B2, "the same for all inputs")], YHAT)
    return tuple(lines.steps)


def _hidden(f_zero: Written) -> Written:
    """h where z = 0: f(0) in every entry."""
    return b.ZERO if f_zero == b.ZERO else b.scale(f_zero, b.ones(UNITS))


def _at_zero(unit: Unit, board: _Board, general: Gradient, f_zero: Written) -> Gradient:
    """A gradient with W₁ = 0, b₁ = 0, W₂ = 0 put in, line by line."""
    lines, letters = board(), LETTERS[general.parameter]
    hidden = _hidden(f_zero)
    put = _put_in(general.matrix, hidden if hidden != b.ZERO else _zero(H))
    result, entry = {
        "W_2": (_row(f_zero), b.scale(f_zero, SLOPE_OF_ELL) if hidden != b.ZERO else b.ZERO),
        "b_2": (SLOPE_OF_ELL, SLOPE_OF_ELL),
    }.get(general.parameter, (b.ZERO, b.ZERO))
    rules = [("gradient", general.matrix, "as derived for any weights")]
    if put != general.matrix:
        why = f"W₂ = 0, whatever {text(unit.slope(Z))} is" if general.parameter != "W_2" else f"h = {text(hidden)}"
        rules.append(("put in", put, why))
    if result != put:
        rules.append(("multiply", result, "a factor 0 makes the product 0" if result == b.ZERO else "every entry is the same"))
    lines.chain(rules, general.left)
    lines.put("each entry", general.entry_left, entry, "", letters)
    return Gradient(general.parameter, general.left, result, general.entry_left, entry, general.shape, tuple(lines.steps))


def _row(f_zero: Written) -> Written:
    """ℓ′ f(0) in every entry of a row."""
    return b.ZERO if f_zero == b.ZERO else b.scale(b.scale(f_zero, SLOPE_OF_ELL), b.transpose(b.ones(UNITS)))


def _put_in(tree: Written, hidden: Written) -> Written:
    """W₂ = 0 and h put into a formula."""

    def rule(t: Written) -> Written | None:
        if t == W2:
            return _zero(W2)
        if t == H:
            return hidden
        if t.op == "transpose" and t.args[0].op == "number":
            return Written("number", (), t.args[0].value, (t.args[0].shape[1], t.args[0].shape[0]))
        return None

    return rewritten(tree, rule)


def _induction(unit: Unit, board: _Board, at_start: tuple[Gradient, ...], stays: bool) -> tuple[Step, ...]:
    """What one step of gradient descent makes of the parameters."""
    lines = board()
    for g in at_start:
        old = PARAMETERS[g.parameter]
        change = b.ZERO if g.is_zero else times(ETA, *([SLOPE_OF_ELL] if g.parameter == "b_2" else []))
        new = b.ZERO if g.is_zero else b.add([B2, b.neg(change)]) if g.parameter == "b_2" else b.neg(b.scale(ETA, g.matrix))
        why = ("it was 0, and its gradient is 0 for every example: so is the sum, or the mean, over all of them" if g.is_zero
               else "it moves, unless ℓ′ = 0" if g.parameter == "b_2" else "it moves, but to a row of equal entries")
        lines.put("one step" if stays else "first step", b.add([old, b.neg(b.scale(ETA, partial(ELL, old)))]), new, why)
    if stays:
        lines.put("output", YHAT, B2, "W₁ = 0, b₁ = 0 and W₂ = 0 hold again, for any b₂: by induction after every step. The output "
                                      "never depends on x, and XOR is no constant")
        return tuple(lines.steps)
    return (*lines.steps, *prove_equal(unit.function).steps)


# The constant that is left


@cache
def _limit() -> tuple[tuple[Step, ...], Fraction]:
    """The constant with the least squared error: the mean of the targets, what is left of XOR's error there, and the way to it."""
    work = jacobian("C(b_2) = sum((b_2 - y)^2)", shapes={"b_2": [], "y": ["n"]})
    mean = b.divide(Written("sum", (at(name("y", "n"), "j"),), ("j", "n")), Written("size", (), "n"))
    best = sum(map(Fraction, TARGETS), Fraction(0)) / len(TARGETS)
    if _slope_of(work, best) != 0 or not _slope_of(work, best - 1) < 0 < _slope_of(work, best + 1):
        raise broken(f"The constant {best} does not have the least squared error.")
    solved = Lines(Unit("tanh"), {}, Setting({"b_2": mean}), [], ({"n": 3}, {"n": 4}))
    solved.put("b₂ is the mean", work.element_tree, b.ZERO, "at b₂ = (1/n) Σ_j y_j; the slope is negative before it and positive behind it")
    lines, count = Lines(Unit("tanh"), {}), b.num(len(TARGETS))
    lines.put("XOR", b.divide(b.add([b.num(t) for t in TARGETS]), count), b.num(best), "the mean of the four targets")
    errors = [b.power(minus(b.num(best), b.num(t)), Fraction(2)) for t in TARGETS]
    left = sum(((best - t) ** 2 for t in TARGETS), Fraction(0)) / len(TARGETS)
    lines.put("what is left", b.divide(b.add(errors), count), b.num(left), "the least mean squared error of an output that is one number")
    slope = b.divide(b.scale(b.num(2), b.add([minus(B2, b.num(t)) for t in TARGETS])), count)
    lines.put("a step of descent", minus(minus(B2, b.scale(ETA, slope)), b.num(best)),
              b.scale(minus(b.ONE, b.scale(b.num(2), ETA)), minus(B2, b.num(best))),
              "on the mean squared error the distance to it shrinks by the factor 1 − 2η: to 0, for every rate 0 < η < 1")
    return (*(s for s in work.steps if not s.folded), *solved.steps, *lines.steps), best


def _slope_of(work: Derivation, value: Fraction) -> Any:
    """∂C/∂b₂ for the targets of XOR, exactly."""
    values = {"b_2": exact(value), "y": np.array([exact(Fraction(t)) for t in TARGETS], dtype=object)}
    return Enclosures(values, {"n": len(TARGETS)})(work.derived)


# The run


def _held_against(trained: Run, stays: bool) -> None:
    """The run does what was derived; for f(0) = 0 the whole course of the loss is known."""
    if not stays:
        return
    if any(trained.moved[p] != 0 for p in ("W_1", "b_1", "W_2")):
        raise broken("A weight moved in a run where its gradient is 0.")
    if trained.rate >= 1:
        return
    for count, loss in enumerate(trained.losses):
        expected = Fraction(1, 4) + Fraction(1, 4) * float(1 - 2 * trained.rate) ** (2 * count)
        if not abs(loss - expected) < _CLOSE:
            raise broken(f"After {count} steps the loss is {loss}, not {expected}.")


def _claims(unit: Unit, at_start: tuple[Gradient, ...], trained: Run | None, stays: bool) -> tuple[Claim, ...]:
    f0 = f"{text(unit.of(b.ZERO))} = {text(_f_zero(unit))}"
    whole = all(g.is_zero for g in at_start)
    claims = [Claim(f"{text(g.left)} = 0", g.is_zero, _why(g, f0)) for g in at_start]
    varied = trained is not None and max(trained.outputs) - min(trained.outputs) > _CLOSE
    return (
        *claims,
        Claim("all gradients are zero", whole, "∂ℓ/∂b₂ = ℓ′, which is 0 only where the loss is flat in the prediction"),
        Claim("the parameters never change", whole, "b₂ moves as long as ℓ′ (summed over the examples) is not 0"),
        Claim("only b₂ changes", stays, f"{f0}, so that W₁, b₁ and W₂ have gradient 0 after every step" if stays
              else f"{f0}, so that W₂ has the gradient {text(at_start[2].matrix)} and moves; W₁ and b₁ may follow"),
        Claim("W₁, b₁ and W₂ stay zero", stays, f"{f0}: by induction, all three gradients are 0 again after every step" if stays
              else f"{f0}: the first step moves W₂, unless the ℓ′ of the examples add up to 0"),
        Claim("the hidden units stay equal", True, "they start equal, and equal units have equal gradients"),
        Claim("the output is the same for all inputs", not varied, "ŷ = b₂ after every step" if stays else
              f"in the run the four outputs are {'not ' if varied else ''}the same after {trained.steps if trained else 0} steps"),
        Claim("the output stays 0", False, "ŷ = b₂, and b₂ moves away from 0 unless ℓ′ = 0"),
        _xor_claim(unit, trained, stays),
    )


def _why(g: Gradient, f0: str) -> str:
    if g.parameter == "b_2":
        return "∂ℓ/∂b₂ = ℓ′: no weight is a factor of it, and it is 0 only where the loss is flat in the prediction"
    if g.parameter == "W_2":
        return f"∂ℓ/∂W₂ = ℓ′hᵀ with h = f(0) in every entry, and {f0}"
    return "the factor W₂ is 0"


def _xor_claim(unit: Unit, trained: Run | None, stays: bool) -> Claim:
    said = "gradient descent learns XOR"
    if stays or trained is None:
        return Claim(said, False, "the output is one number for all inputs, and XOR takes two values")
    if shape_of(unit.function).monotone:
        return Claim(said, False, f"equal units with a monotone activation have a mean squared error of at least {BOUND} on XOR")
    return Claim(said, trained.loss < LEARNED, f"in the run the mean squared error ends at {trained.loss:.6g}")


def _notes(unit: Unit, f_zero: Written) -> tuple[str, ...]:
    said = f"{text(unit.of(b.ZERO))} = {text(f_zero)}"
    if f_zero == b.ZERO:
        first = f"Everything rests on {said}. What f′(0) is does not matter: the factor W₂ = 0 stands before it."
    else:
        first = (f"{said} is not 0, so W₂ moves at the first step, and from then on W₁ and b₁ may move too. What stays is that the hidden "
                 "units are equal: together they are one unit.")
    return first, ("ℓ is any differentiable loss; for a batch, ℓ′ is summed over the examples, or their mean is taken. Which constant b₂ "
                   "tends to depends on the loss: with the squared error it is the mean of the targets.")


__all__ = ["RATE", "STEPS", "ZeroStart", "zero_claims", "zero_start"]
