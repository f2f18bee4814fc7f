"""The gradients of ŷ = W₂f(W₁x + b₁) + b₂ by its four parameters, for any activation and any loss: derived, judged, confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from ..activations.rewriting import rewritten
from ..calculus.calculus import derivative, differentiate
from ..elements.confirmation import TOLERANCE, Confirmation, confirm_gradient, seed_of
from ..elements.elements import Element, Label, product, total, variable
from ..elements.evaluation import Evaluator
from ..elements.meaning import Meaning
from ..errors import InputError
from ..forms import building as b
from ..forms.elementform import ElementForm
from ..forms.matrixform import MatrixForm
from ..notation.spellings import Style
from ..notation.written import Written
from ..sizes import Shape, Size
from ..steps import Step
from .hidden_layer import (
    B1,
    B2,
    ELL,
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
    Unit,
    X,
    Y,
    Z,
    at,
    broken,
    losses_of,
    meanings,
    name,
    partial,
    text,
)

_SLOPES = name("s", UNITS)  # stands for f′(z) while the calculus works
_CONFIRMED_AT = {INPUTS: 2, UNITS: 3}


@dataclass(frozen=True, slots=True)
class Gradient:
    """The gradient of the loss of one example by one parameter.

    `left` is ∂ℓ/∂W₁, `matrix` its formula; `entry_left` and `entry` the same for the general entry. The gradient has the shape of
    its parameter, whose name is `parameter`.
    """

    parameter: str
    left: Written
    matrix: Written
    entry_left: Written
    entry: Written
    shape: Shape
    steps: tuple[Step, ...]

    def text(self, style: Style = Style.UNICODE) -> str:
        """The line: ∂ℓ/∂W₂ = ℓ′hᵀ."""
        return f"{text(self.left, style)} = {text(self.matrix, style)}"

    def entry_text(self, style: Style = Style.UNICODE) -> str:
        """The line for the general entry."""
        return f"{text(self.entry_left, style)} = {text(self.entry, style)}"

    @property
    def is_zero(self) -> bool:
        """Whether all its entries are 0."""
        return self.matrix == b.ZERO

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "parameter": self.parameter, "shape": list(self.shape), "is_zero": self.is_zero,
            "left": text(self.left, Style.LATEX), "left_unicode": text(self.left),
            "matrix": text(self.matrix, Style.LATEX), "matrix_unicode": text(self.matrix),
            "entry_left": text(self.entry_left, Style.LATEX), "entry_left_unicode": text(self.entry_left),
            "entry": text(self.entry, Style.LATEX), "entry_unicode": text(self.entry),
            "steps": [s.to_dict() for s in self.steps],
        }  # fmt: skip


@cache
def gradients(function: str) -> dict[str, Gradient]:
    """The four gradients by name of the parameter, in terms of ℓ′ = ∂ℓ/∂ŷ, h and z.

    Raises:
        InputError: an activation that is not known.
        DefectError: a line does not hold.

    >>> [g.text() for g in gradients("tanh").values()]
    ['∂ℓ/∂W₁ = ℓ′(W₂ᵀ ⊙ tanh′(z))xᵀ', '∂ℓ/∂b₁ = ℓ′(W₂ᵀ ⊙ tanh′(z))', '∂ℓ/∂W₂ = ℓ′hᵀ', '∂ℓ/∂b₂ = ℓ′']
    """
    unit = Unit(function)
    return {parameter: _gradient(unit, parameter) for parameter in PARAMETERS}


def gradient(function: str, parameter: str) -> Gradient:
    """The gradient by one parameter: W_1, b_1, W_2 or b_2."""
    if parameter not in PARAMETERS:
        raise InputError(f"There is no parameter “{parameter}” here; there are {', '.join(PARAMETERS)}.")
    return gradients(function)[parameter]


def _gradient(unit: Unit, parameter: str) -> Gradient:
    tree, letters = PARAMETERS[parameter], LETTERS[parameter]
    entry_of = at(tree, *letters) if letters else tree
    derived = _derived(parameter)
    forms = MatrixForm(_spelled(unit))
    matrix = b.polished(forms.of(derived))
    if parameter == "W_2":  # a row has its entries on one axis, as a column has
        matrix = b.polished(forms.transposed(matrix))
    entry = _entrywise(unit, ElementForm(MatrixForm(_spelled(None))).entry(derived, letters))
    alone = Lines(unit, losses_of("", variable("hat_y", ()), variable("y", ())))
    alone.put("name the slope", partial(ELL, YHAT), SLOPE_OF_ELL, "the derivative of the loss by the prediction, whatever the loss is")
    lines, left = Lines(unit, meanings(unit), steps=alone.steps), partial(ELL, entry_of)
    lines.chain(_before(unit, entry_of, entry), left, letters)
    if tree in (W1, B1):
        _last_derivative(unit, lines, tree, entry_of, letters)
    lines.put("all entries at once", partial(ELL, tree), matrix, f"the shape is that of {text(tree)}")
    return Gradient(parameter, partial(ELL, tree), matrix, left, entry, tree.shape, tuple(lines.steps))


def _before(unit: Unit, entry_of: Written, entry: Written) -> list[tuple[str, Written, str]]:
    """The chain rule from ℓ to the parameter, and what it comes to."""
    chained = ("chain rule", b.scale(SLOPE_OF_ELL, partial(YHAT, entry_of)), "the loss depends on a parameter through ŷ only")
    inner = entry_of.args[0] if entry_of.op == "entry" else entry_of
    if inner == B2:
        return [chained, ("sum", entry, "ŷ = W₂h + b₂, and ∂b₂/∂b₂ = 1")]
    if inner == W2:
        return [chained, ("sum", entry, "ŷ = Σ_k (W₂)_k h_k + b₂: only the term k = i depends on (W₂)_i")]
    h_k, z_k, w_k = at(H, "k"), at(Z, "k"), at(W2, "k")
    by_h = _over_units(b.scale(w_k, partial(h_k, entry_of)))
    by_z = _over_units(b.scale(b.scale(w_k, unit.slope(z_k)), partial(z_k, entry_of)))
    return [
        chained,
        ("sum", b.scale(SLOPE_OF_ELL, by_h), "ŷ = Σ_k (W₂)_k h_k + b₂ is differentiated term by term"),
        ("chain rule", b.scale(SLOPE_OF_ELL, by_z), f"h_k = {text(unit.of(z_k))}"),
        ("collapse δ", entry, "∂z_k is 0 for every unit k but i, see the next line"),
    ]


def _over_units(body: Written) -> Written:
    return Written("sum", (body,), ("k", UNITS))


def _last_derivative(unit: Unit, lines: Lines, tree: Written, entry_of: Written, letters: tuple[str, ...]) -> None:
    """∂z_k by an entry of W₁ or b₁, as the calculus derives it."""
    parameter = Meaning().of(tree)
    derived = derivative(differentiate(_z(), parameter))
    form = ElementForm(MatrixForm())
    lines.put("inside", partial(at(Z, "k"), entry_of), form.entry(derived, ("k", *letters)),
              "z_k = Σ_j (W₁)_kj x_j + (b₁)_k: δ_ki is 1 for k = i, else 0", ("k", *letters))


# The calculus


def _z() -> Element:
    return Meaning().of(b.add([b.matmul(W1, X), B1]))


def _derived(parameter: str) -> Element:
    """∂ℓ/∂parameter as the calculus derives it: after the chain rule ℓ′ and f′(z) are factors that stay."""
    outer, slopes, hidden, w2 = variable("ell'", ()), variable("s", (UNITS,)), variable("h", (UNITS,)), variable("W_2", (UNITS,))
    sizes: dict[Label, Size] = {"i": UNITS}
    if parameter in ("W_1", "b_1"):
        inner = product((), [(outer, ()), (w2, ("i",)), (slopes, ("i",)), (_z(), ("i",))], sizes)
    else:
        prediction = total([product((), [(w2, ("i",)), (hidden, ("i",))], sizes), variable("b_2", ())], ())
        inner = product((), [(outer, ()), (prediction, ())], {})
    return derivative(differentiate(inner, _parameter(parameter)))


def _parameter(parameter: str) -> Element:
    return Meaning().of(PARAMETERS[parameter])


def _spelled(unit: Unit | None) -> dict[Element, Written]:
    """How the letters of the calculus are written; f′(z) by its letter s where there is no unit."""
    spelled = {variable("W_2", (UNITS,)): Written("transpose", (W2,), None, (UNITS, 1))}
    return spelled | ({variable("s", (UNITS,)): unit.slope(Z)} if unit else {})


def _entrywise(unit: Unit, tree: Written) -> Written:
    """s_i as f′(z_i), and entries of W₂ᵀ as entries of W₂."""

    def rule(t: Written) -> Written | None:
        if t.op != "entry":
            return None
        base, index = t.args[0], t.args[1:]
        if base == _SLOPES:
            return unit.slope(Written("entry", (Z, *index)))
        return Written("entry", (base.args[0], *index)) if base.op == "transpose" else None

    return rewritten(tree, rule)


# JAX

LOSSES: Mapping[str, Written] = {
    "squared": b.power(b.add([YHAT, b.neg(Y)]), Fraction(2)),
    "logistic": b.add([b.call("log", b.add([b.ONE, b.call("exp", YHAT)])), b.neg(b.scale(Y, YHAT))]),
    "exponential": b.call("exp", b.neg(b.scale(Y, YHAT))),
}


def confirmed(function: str, start: Mapping[str, float] | None = None) -> Confirmation:
    """Our formulas against JAX in both modes for several concrete losses, at a random point each and, if given, at a start.

    `start` has one number for all entries of each parameter it names. A gradient is compared along a random direction, in which no
    wrong entry can hide.

    Raises:
        DefectError: they disagree.
    """
    unit, seed = Unit(function), seed_of(f"gradients of a hidden layer, {function}")
    rng, kinds = np.random.default_rng(seed), [{}, start] if start else [{}]
    at_losses = [loss for loss in LOSSES for _ in kinds]
    points = [_drawn(rng, known) for _ in LOSSES for known in kinds]
    directions = [{p: rng.normal(size=np.shape(values[p])) for p in PARAMETERS} for values in points]
    ours = [{p: float(np.sum(g * along[p])) for p, g in _ours(unit, loss, values).items()}
            for loss, values, along in zip(at_losses, points, directions, strict=True)]
    names = {(k, p): f"{k} {p}" for k in range(len(points)) for p in PARAMETERS}

    def whole(xp: Any, moves: Mapping[str, Any]) -> Any:
        values = {n: _stacked(n, points) for n in points[0]}
        for p in PARAMETERS:
            lengths = xp.stack([moves[names[k, p]] for k in range(len(points))])
            values[p] = values[p] + lengths.reshape((-1,) + (1,) * (values[p].ndim - 1)) * _stacked(p, directions)
        return _losses(unit, at_losses, xp, values)

    modes = confirm_gradient(whole, list(names.values()), dict.fromkeys(names.values(), 0.0))
    worst = [max(_difference(ours[k][p], mode[text]) for (k, p), text in names.items()) for mode in modes]
    if not max(worst) < TOLERANCE:
        raise broken(f"Our gradients of a layer of {function} and JAX's differ by {max(worst):.3g} (relative).")
    return Confirmation(worst[0], worst[1], len(points), (_CONFIRMED_AT,), seed)


def _stacked(called: str, points: Sequence[Mapping[str, Any]]) -> Any:
    return np.stack([np.asarray(values[called]) for values in points])


def _difference(ours: float, theirs: float) -> float:
    difference = abs(ours - theirs) / (1 + abs(theirs))
    return difference if np.isfinite(difference) else np.inf


def _drawn(rng: np.random.Generator, start: Mapping[str, float]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for called, tree in ({"x": X, "y": Y} | PARAMETERS).items():
        shape = tuple(_CONFIRMED_AT[str(s)] for s in tree.shape if s != 1)
        values[called] = np.full(shape, start[called]) if called in start else rng.normal(size=shape)
    return values


def _losses(unit: Unit, losses: Sequence[str], xp: Any, values: Mapping[str, Any]) -> Any:
    """The sum of the losses of all points, each of its own kind; points lie along the first axes."""
    hidden = unit.array(xp, xp.einsum("kij,kj->ki", values["W_1"], values["x"]) + values["b_1"])
    predictions = xp.einsum("ki,ki->k", values["W_2"], hidden) + values["b_2"]
    whole = 0.0
    for loss, tree in LOSSES.items():
        own = np.array([k for k, other in enumerate(losses) if other == loss])
        whole = whole + Evaluator({"hat_y": predictions[own], "y": values["y"][own]}, {}, xp)(Meaning().of(tree)).sum()
    return whole


def _ours(unit: Unit, loss: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The formulas that were derived, computed: f′ from the calculus of scalar functions, ℓ′ from the concrete loss."""
    known = dict(values)
    for called, tree in (("z", b.add([b.matmul(W1, X), B1])), ("h", unit.of(Z)), ("hat_y", b.add([b.matmul(W2, H), B2]))):
        known[called] = _number(tree, known)
    meaning = Meaning().of(LOSSES[loss])
    known["ell'"] = Evaluator(known, _CONFIRMED_AT)(derivative(differentiate(meaning, variable("hat_y", ()))))
    return {p: np.asarray(_number(g.matrix, known)) for p, g in gradients(unit.function).items()}


def _number(tree: Written, known: Mapping[str, Any]) -> Any:
    return Evaluator(known, _CONFIRMED_AT)(Meaning().of(tree))


__all__ = ["LOSSES", "Gradient", "confirmed", "gradient", "gradients"]
