"""All weights and biases one number at the start: what is true of the claim that XOR is never learned from there, and what is not.

True for every activation: the hidden units stay equal, and the output is g(x₁ + x₂). XOR is out of reach only where g has to be monotone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ..elements.confirmation import Confirmation
from ..steps import Step
from .effective_unit import BOUND, EffectiveUnit, Shape, XorUnit, bound_steps, impossible_steps, prove_effective, shape_of, xor_unit
from .equal_units import EqualUnits, prove_equal
from .hidden_layer import SQUARE, Unit, broken, text
from .hidden_layer_gradients import Gradient, confirmed, gradients
from .start_runs import Claim, Run, run

UNITS_RUN, RATE, STEPS = 2, Fraction(1, 10), 1000
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Setup:
    """A start and a run: the number, how many hidden units, the learning rate, the steps."""

    constant: Fraction
    units: int
    rate: Fraction
    steps: int


# Starts from which gradient descent does learn XOR, found by trying; each is run again before anything is said about it.
LEARNING: dict[str, Setup] = {
    "abs": Setup(Fraction(1), 2, Fraction(1, 10), 1000),
    "cos": Setup(Fraction(-3), 2, Fraction(3, 10), 1000),
    "gelu": Setup(Fraction(-1), 3, Fraction(3, 10), 3000),
    "mish": Setup(Fraction(-1), 2, Fraction(3, 10), 3000),
    "silu": Setup(Fraction(-1), 2, Fraction(3, 10), 3000),
    "sin": Setup(Fraction(1), 2, Fraction(1, 10), 1000),
    SQUARE: Setup(Fraction(1, 2), 2, Fraction(1, 10), 1000),
}


@dataclass(frozen=True, slots=True)
class ConstantStart:
    """What a start with one number in all weights and biases does, for one activation.

    `equal` proves that hidden units stay equal, `effective` that the output on XOR is g(x₁ + x₂). For a monotone activation `impossible`
    proves that g is never XOR, and `bound` that the mean squared error is at least `least`; else `possible` are weights with which
    g is XOR, and `learning` is a run from some constant that reached XOR. `run` is the run that was asked for, and `counterexample` a
    run with t², which shows that the claim for every activation is false.
    """

    activation: str
    constant: Fraction
    general: tuple[Gradient, ...]
    equal: EqualUnits
    effective: EffectiveUnit
    shape: Shape
    impossible: tuple[Step, ...]
    bound: tuple[Step, ...]
    least: Fraction | None
    possible: XorUnit | None
    run: Run
    learning: Run | None
    counterexample: Run
    claims: tuple[Claim, ...]
    notes: tuple[str, ...]
    confirmation: Confirmation

    @property
    def steps(self) -> tuple[Step, ...]:
        """All lines, in the order in which they are read."""
        return (*self.equal.steps, *self.effective.steps, *self.impossible, *self.bound, *(self.possible.steps if self.possible else ()))

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        found = self.possible
        return {
            "start": "constant", "activation": self.activation, "constant": str(self.constant), "monotone": self.shape.kind,
            "gradients": [g.to_dict() for g in self.general],
            "output": text(self.equal.output), "g": text(self.effective.g),
            "equal": [s.to_dict() for s in self.equal.steps], "effective": [s.to_dict() for s in self.effective.steps],
            "impossible": [s.to_dict() for s in self.impossible], "bound": [s.to_dict() for s in self.bound],
            "least": str(self.least) if self.least else None,
            "possible": {"w": str(found.w), "beta": str(found.beta), "m_v": str(found.height), "b_2": str(found.b_2), "exact": found.exact,
                         "steps": [s.to_dict() for s in found.steps]} if found else None,
            "run": self.run.to_dict(), "learning": self.learning.to_dict() if self.learning else None,
            "counterexample": self.counterexample.to_dict(), "claims": [c.to_dict() for c in self.claims], "notes": list(self.notes),
            "confirmation": self.confirmation.to_dict(),
        }  # fmt: skip


@cache
def constant_start(
    activation: str = "tanh", constant: Fraction | int = 1, *, units: int = UNITS_RUN, rate: Fraction = RATE, steps: int = STEPS
) -> ConstantStart:
    """Prove what a uniform constant start does, and let it run on XOR with so many `units`, at this `rate`, for so many `steps`.

    Raises:
        InputError: an activation that is not known, or numbers of no use for a run.
        DefectError: a line does not hold, or a run contradicts it.

    >>> found = constant_start("relu", 1)
    >>> found.least, round(found.run.loss, 12), found.counterexample.learned
    (Fraction(1, 6), 0.166666666667, True)
    """
    constant, shape = Fraction(constant), shape_of(Unit(activation).function)
    asked = run(activation, constant, units, rate, steps)
    learning = _learning(activation)
    _held_against(asked, shape)
    possible = xor_unit(activation)
    return ConstantStart(
        activation, constant, tuple(gradients(activation).values()), prove_equal(activation), prove_effective(activation), shape,
        impossible_steps(activation) if shape.monotone else (), bound_steps() if shape.monotone else (), BOUND if shape.monotone else None,
        possible, asked, learning, _counterexample(), _claims(shape, asked, possible, learning), _notes(activation, shape),
        confirmed(activation, dict.fromkeys(("W_1", "b_1", "W_2", "b_2"), float(constant))),
    )


@cache
def constant_claims(activation: str = "tanh") -> tuple[Claim, ...]:
    """The claims about such a start that are proved without letting it run; those about XOR for a monotone activation only.

    >>> [c.holds for c in constant_claims("relu")]
    [True, False, True]
    """
    prove_equal(activation)
    shape = shape_of(Unit(activation).function)
    if shape.monotone:
        prove_effective(activation)
        impossible_steps(activation)
    return (_EQUAL, _VANISH, *([_never_claim(shape, None)] if shape.monotone else []))


def _learning(activation: str) -> Run | None:
    """The run with this activation that learns XOR."""
    setup = LEARNING.get(activation)
    if setup is None:
        return None
    found = run(activation, setup.constant, setup.units, setup.rate, setup.steps)
    if not (found.learned and found.units_differ < _ROUNDING):
        raise broken(f"The run with {activation} does not learn XOR: its error is {found.loss:.3g}.")
    return found


def _counterexample() -> Run:
    found = _learning(SQUARE)
    if found is None:
        raise broken("There is no run with t².")
    return found


def _held_against(asked: Run, shape: Shape) -> None:
    """A monotone activation never gets below the bound, at no step of the run."""
    if shape.monotone and asked.finite and asked.lowest < float(BOUND) - _ROUNDING:
        raise broken(f"The run has an error of {asked.lowest}, below the bound {BOUND}.")


_EQUAL = Claim("the hidden units stay equal", True, "their gradients are equal as long as they are equal, for any activation and loss")
_VANISH = Claim("all gradients are zero", False, "∂ℓ/∂b₂ = ℓ′, which is 0 only where the loss is flat in the prediction")


def _claims(shape: Shape, asked: Run, possible: XorUnit | None, learning: Run | None) -> tuple[Claim, ...]:
    square, moved = _counterexample(), any(change != 0 for change in asked.moved.values())
    from_square = (f"with f(t) = t² and {square.start} everywhere, {square.steps} steps at the rate {square.rate} end at the error "
                   f"{square.loss:.1e}").replace("-", "−")
    return (
        _EQUAL,
        Claim("the network is one effective unit", True, "ŷ = m v f(uᵀx + β) + b₂"),
        Claim("the two weights of a unit stay equal on XOR", True, "exchanging x₁ and x₂ leaves the four points as they are"),
        Claim("the output depends on x₁ + x₂ only", True, "ŷ = g(x₁ + x₂) with g(t) = m v f(w t + β) + b₂"),
        _VANISH,
        Claim("the parameters never change", not moved, "in the run they change, but equal ones by the same amount" if moved else
              "in the run they do not"),
        _possible_claim(shape, possible),
        _never_claim(shape, learning),
        Claim("gradient descent learns XOR from this start", not shape.monotone and asked.learned, _this_start(shape, asked)),
        Claim("for every activation, gradient descent never learns XOR from a uniform constant", False, from_square),
        Claim("with more hidden units that start equal the network can do more", False, "m equal units are one unit with the weight m v"),
    )


def _possible_claim(shape: Shape, possible: XorUnit | None) -> Claim:
    said = "one effective unit can be XOR"
    if possible is None:
        return Claim(said, False, "f is monotone, so g is; but XOR goes up from g(0) = 0 to g(1) = 1 and down again to g(2) = 0")
    letters = {"w": possible.w, "β": possible.beta, "m v": possible.height, "b₂": possible.b_2}
    weights = ", ".join(f"{letter} = {value}" for letter, value in letters.items()).replace("-", "−").replace("pi", "π")
    return Claim(said, True, weights + ("" if possible.exact else " (rounded)"))


def _never_claim(shape: Shape, learning: Run | None) -> Claim:
    said = "with this activation, gradient descent never learns XOR from a uniform constant"
    if shape.monotone:
        return Claim(said, True, f"f is monotone ({shape.kind}): the mean squared error is at least {BOUND} at every step")
    if learning is None:
        raise broken("A run that learns XOR is missing for an activation that turns.")
    return Claim(said, False, f"it does from {learning.start}: with {learning.units} hidden units, {learning.steps} steps at the rate "
                              f"{learning.rate} end at the error {learning.loss:.1e}".replace("-", "−"))


def _this_start(shape: Shape, asked: Run) -> str:
    if shape.monotone:
        return f"the mean squared error stays at {BOUND} or above; in the run it ends at {asked.loss:.6f}"
    if not asked.finite:
        return "in the run the numbers run away: the rate is too large for this start"
    return f"in the run the mean squared error ends at {asked.loss:.1e}".replace("-", "−")


def _notes(activation: str, shape: Shape) -> tuple[str, ...]:
    """What of the sheet's claim holds."""
    notes = [
        "True for every activation: equal units stay equal, so that all of them together are one unit. Not true for every activation: that "
        "XOR is therefore never learned. One unit with f(t) = t² is XOR as −(t − 1)² + 1, t = x₁ + x₂, and gradient descent gets there.",
        "What is needed for “never” is a monotone activation, such as sigmoid, tanh or ReLU.",
        "The proof is about exact numbers. In floating point a matrix product may round equal rows differently, and where the descent is "
        "unstable that grows, until units part by accident; the runs here round all units alike.",
    ]
    if not shape.monotone and activation in LEARNING and activation not in ("abs", "cos", "sin", SQUARE):
        notes.append("This activation is in use, and it is not monotone: it dips below 0 for negative inputs and comes back.")
    return (*notes, *prove_equal(activation).notes)


__all__ = ["LEARNING", "RATE", "STEPS", "ConstantStart", "Setup", "constant_claims", "constant_start"]
