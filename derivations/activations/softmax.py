"""The proof of ∂σ_i/∂z_j = σ_i(δ_ij − σ_j) for softmax, and of ∂L/∂z = σ − y for the cross-entropy behind it.

The lines are the record of `calculus.differentiate` on the element e^(z_i) / Σ_k e^(z_k): the terms of its quotient rule put
over one denominator, the derivatives of the pieces, what is left when they are in, read for i = j and for i ≠ j, and
folded back into σ. Every line is evaluated for two numbers of classes before it is handed out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..calculus.calculus import Term, derivative, differentiate
from ..calculus.lines import LineMeaning
from ..calculus.tidying import Tidier
from ..elements.confirmation import Confirmation, confirm, seed_of
from ..elements.elements import Element, Label, mapped, node, power, product, variable
from ..elements.evaluation import Evaluator
from ..elements.meaning import COLUMN, ROW, ordered
from ..errors import DefectError, InputError
from ..forms import building as b
from ..forms.elementform import ElementForm
from ..forms.matrixform import MatrixForm
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from ..steps import Step
from .rewriting import cancelled, joined, rewritten, terms
from .scalar_writing import exponential, times

K = "K"
FEWEST, MOST = 2, 6  # classes of the explicit matrix
_CHECKED_AT = (3, 5)
_TOLERANCE = 1e-10
_STEP = 1e-20
_ILL_TYPED = ("The Jacobian is diag(σ) − σσᵀ, not diag(σ − σσᵀ): diag makes a matrix of a column, and σ − σσᵀ would subtract a K × K "
              "matrix from a column.")
_GRADIENT = "σ − y is the gradient, a column like z; the Jacobian of the number L by z (output × input) is its transpose, a row."


# What is differentiated

Z, Y = variable("z", (K,)), variable("y", (K,))
_EXP = mapped("exp", [Z])
_SUM = product((), [(_EXP, ("k",))], {"k": K})
SOFTMAX = product(("i",), [(_EXP, ("i",)), (power(_SUM, -1), ())], {"i": K})
_SIGMA = node("form", (Z,), "softmax", (K,))
_LOSS = product((), [(Y, ("i",)), (mapped("log", [_SIGMA]), ("i",))], {"i": K}, -1)

_COLUMN = (K, 1)
_SIGMA_NAME, _Z_NAME = (Written("name", (), n, _COLUMN) for n in ("sigma", "z"))


def _at(column: Written, index: str | int) -> Written:
    """An entry of a column."""
    return Written("entry", (column, Written("number", (), str(index)) if isinstance(index, int) else Written("index", (), index)))


_S = Written("name", (), "S")
_SUM_WRITTEN = Written("sum", (exponential(_at(_Z_NAME, "k")),), ("k", K))
_SPELLED: Mapping[Element, Written] = {_SUM: _S, _SIGMA: _SIGMA_NAME}
_NAMED: Mapping[str, Element] = {"S": _SUM, "sigma": _SIGMA, "L": _LOSS}


@dataclass(frozen=True, slots=True)
class CrossEntropy:
    """The continuation: the loss, its derivative by z, the steps, and where the labels were used."""

    loss: Written
    gradient: Written
    assumption: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    confirmation: Confirmation | None

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "loss": write(self.loss, Style.LATEX),
            "gradient": write(self.gradient, Style.LATEX),
            "gradient_unicode": write(self.gradient, Style.UNICODE),
            "shape": [K],
            "assumption": self.assumption,
            "steps": [s.to_dict() for s in self.steps],
            "notes": list(self.notes),
            "confirmation": self.confirmation.to_dict() if self.confirmation else None,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof: definition, general entry, Jacobian, and all steps; `explicit` is the Jacobian entry by entry for few classes."""

    definition: Written
    entry: Written
    jacobian: Written
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    confirmation: Confirmation | None
    explicit: tuple[tuple[Written, ...], ...] = ()
    cross_entropy: CrossEntropy | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON: LaTeX, and Unicode of the results."""
        return {
            "function": "softmax",
            "definition": write(self.definition, Style.LATEX),
            "derivative": write(self.entry, Style.LATEX),
            "derivative_unicode": write(self.entry, Style.UNICODE),
            "jacobian": write(self.jacobian, Style.LATEX),
            "jacobian_unicode": write(self.jacobian, Style.UNICODE),
            "shape": [K, K],
            "explicit": [[write(e, Style.LATEX) for e in row] for row in self.explicit] or None,
            "steps": [s.to_dict() for s in self.steps],
            "notes": list(self.notes),
            "confirmation": self.confirmation.to_dict() if self.confirmation else None,
            "cross_entropy": self.cross_entropy.to_dict() if self.cross_entropy else None,
        }

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle J = {write(self.jacobian, Style.LATEX)}$"


def softmax_proof(with_cross_entropy: bool = False, *, classes: int | None = None, confirmed: bool = True) -> Proof:
    """Prove the derivative of softmax for any number of classes.

    Args:
        with_cross_entropy: go on to the derivative of L = −Σ y_i log σ_i by z.
        classes: also write the Jacobian out for so many classes, 2 to 6.
        confirmed: whether JAX confirms the results.

    Raises:
        InputError: fewer or more classes than can be written out.
        DefectError: a line does not have the value it should have.

    >>> proof = softmax_proof(confirmed=False)
    >>> write(proof.entry, Style.UNICODE), write(proof.jacobian, Style.UNICODE)
    ('σ_i (δ_ij − σ_j)', 'diag(σ) − σσᵀ')
    """
    if classes is not None and not FEWEST <= classes <= MOST:
        raise InputError(f"The matrix is written out for {FEWEST} to {MOST} classes, not for {classes}.")
    steps = _Steps()
    entry = _entry_of_the_jacobian(steps)
    derived = _element(entry)
    jacobian = MatrixForm(_SPELLED).of(Tidier({})(derived))
    steps.put("matrix form", Written("name", (), "J"), jacobian, "δ_ij σ_i stands on the diagonal, σ_i σ_j is entry ij of σσᵀ", ())
    explicit = tuple(tuple(_explicit(entry, i, j) for j in range(1, classes + 1)) for i in range(1, classes + 1)) if classes else ()
    _check_explicit(explicit)
    confirmation = confirm(SOFTMAX, Tidier({})(derived), Z, {}, seed_of("softmax")) if confirmed else None
    cross_entropy = _cross_entropy(entry, confirmed) if with_cross_entropy else None
    return Proof(_definition(), entry, jacobian, steps.done(), (_ILL_TYPED,), confirmation, explicit, cross_entropy)


# Written forms


def _form() -> ElementForm:
    """A writer of entries that knows S and σ by sight."""
    return ElementForm(MatrixForm(_SPELLED))


def _definition() -> Written:
    """e^(z_i) / Σ_k e^(z_k)."""
    return b.divide(exponential(_at(_Z_NAME, "i")), _SUM_WRITTEN)


def _written(tree: Written) -> Written:
    """e^a for exp(a), as people write it."""
    return rewritten(tree, lambda t: exponential(t.args[0]) if t.op == "call" and t.value == "exp" else None)


# Lines


class _Steps:
    """Lines, evaluated as they are put down; `expected` is what a line about ∂σ_i/∂z_j, or ∂L/∂z_j, is worth."""

    def __init__(self) -> None:
        self.lines: list[Step] = []

    def put(self, rule: str, before: Written, after: Written, why: str, letters: Sequence[str], off_diagonal: bool = False,
            facts: Mapping[str, str] | None = None) -> None:
        """A line with free indices `letters`; with `off_diagonal` it is claimed for i ≠ j only, with `facts` for such y only."""
        before, after = _written(before), _written(after)
        for size in _CHECKED_AT:
            values = [_value(side, letters, size, facts or {}) for side in (before, after)]
            difference = np.abs(values[0] - values[1])
            if off_diagonal:
                difference = difference * (1 - np.eye(size))
            if not float(difference.max()) < _TOLERANCE:
                said = f"{write(before, Style.UNICODE)} = {write(after, Style.UNICODE)}"
                raise DefectError(f"The line “{said}” is off by {difference.max():.3g} for {size} classes; it is a defect of hwcheck "
                                  "that it was derived. Please report it with the command you ran.")
        latex, unicode = ([write(side, style) for side in (before, after)] for style in (Style.LATEX, Style.UNICODE))
        self.lines.append(Step(rule, latex[0], latex[1], why, unicode[0], unicode[1]))

    def done(self) -> tuple[Step, ...]:
        return tuple(self.lines)


def _value(tree: Written, letters: Sequence[str], size: int, facts: Mapping[str, str]) -> Any:
    """A line's array at one point: over its letters, or of a number, column or matrix. J stands for the derivative itself."""
    rng = np.random.default_rng(seed_of("softmax") + size)
    z, y = rng.normal(size=size), rng.uniform(0.2, 1.0, size)
    values = {"z": z, "y": y / y.sum() if facts else y}
    if tree.op == "name" and tree.value == "J":
        return _by_z(SOFTMAX, values, size)
    meaning = LineMeaning(axes=dict.fromkeys(letters, K), named=_NAMED)
    lowered = meaning.lower(tree)
    for name, part in meaning.partials.items():
        values[name] = _by_z(part, values, size)
    shape = [label for label in (*letters, ROW, COLUMN) if label in lowered.labels]
    array = np.asarray(Evaluator(values, {K: size})(ordered(lowered, shape).element), dtype=float)
    return array.reshape([size if x in lowered.labels else 1 for x in letters] + [size] * (len(shape) - sum(x in letters for x in shape)))


def _by_z(element: Element, values: Mapping[str, Any], size: int) -> Any:
    """∂element/∂z by complex steps, which use no rule of ours: axes of the element, then that of z."""
    moved = Evaluator({**values, "z": values["z"] + 1j * _STEP * np.eye(size)}, {K: size})(element)
    return np.moveaxis(np.imag(moved) / _STEP, 0, -1)


def _element(tree: Written) -> Element:
    """The element on axes (i, j) of a line in σ."""
    lowered = LineMeaning(axes={"i": K, "j": K}, named=_NAMED).lower(tree)
    return ordered(lowered, ("i", "j")).element


# ∂σ_i/∂z_j


def _entry_of_the_jacobian(steps: _Steps) -> Written:
    """The lines from the definition to σ_i(δ_ij − σ_j), which is returned."""
    form, work = _form(), differentiate(SOFTMAX, Z)
    form.letters = dict(zip((*work.out, *work.by), ("i", "j"), strict=True))
    quotient = next(stage for stage in work.stages if any(r.name == "quotient rule" for r in stage.rules))
    sigma_i, exp_i = _at(_SIGMA_NAME, "i"), exponential(_at(_Z_NAME, "i"))
    by_j = Written("derivative", (sigma_i, _at(_Z_NAME, "j")))
    short = b.divide(exp_i, _S)
    steps.put("definition", sigma_i, _definition(), "", ("i",))
    steps.put("name the sum", _definition(), short, "S = Σ_k e^(z_k), the same number for every i", ("i",))

    top = form.stage(work, [_over_the_square(t) for t in quotient.terms])
    square = Written("power", (_S, b.num(2)))
    steps.put("quotient rule", by_j, b.divide(top, square), quotient.rules[0].why, ("i", "j"))
    steps.put("numerator", Written("derivative", (exp_i, _at(_Z_NAME, "j"))), _part(_EXP, ("i", "j")),
              "z_i is z_j itself if i = j, else it does not depend on z_j: ∂z_i/∂z_j = δ_ij", ("i", "j"))
    steps.put("denominator", Written("derivative", (_S, _at(_Z_NAME, "j"))), _part(_SUM, ("j",)),
              "of the sum, only the term k = j depends on z_j", ("j",))
    shares = [_collapsed(_over_the_square(t), work.out + work.by) for t in work.stages[-1].terms]
    line = _written(b.divide(form.stage(work, shares), square))
    steps.put("put in", by_j, line, "both derivatives", ("i", "j"))

    _case(steps, "case i = j", _read_for(line, equal=True), Written("derivative", (sigma_i, _at(_Z_NAME, "i"))), ("i",),
          "δ_ij = 1, and j is i")
    _case(steps, "case i ≠ j", _read_for(line, equal=False), by_j, ("i", "j"), "δ_ij = 0", off_diagonal=True)
    entry = _folded(_split(line))
    steps.put("both in one", by_j, entry, "δ_ij is 1 for i = j and 0 for i ≠ j, so this is either case", ("i", "j"))
    return entry


def _case(steps: _Steps, rule: str, line: Written, before: Written, letters: Sequence[str], why: str, off_diagonal: bool = False) -> None:
    split = _split(line)
    steps.put(rule, before, line, why, letters, off_diagonal)
    steps.put("split", line, split, "one S below each factor", letters, off_diagonal)
    steps.put("fold", split, _folded(split), "e^(z_i) / S is σ_i, and S / S is 1", letters, off_diagonal)


def _part(part: Element, letters: tuple[str, ...]) -> Written:
    return _form().entry(derivative(differentiate(part, Z)), letters)


def _over_the_square(term: Term) -> Term:
    """A term times (Σ_k e^(z_k))²: its share of the numerator."""
    kept = [f for f in term.factors if f[0].kind != "power" or f[0].args[0] is not _SUM]
    (below,) = [f[0].value for f in term.factors if f[0].kind == "power" and f[0].args[0] is _SUM]
    more = [(power(_SUM, below + 2), ())] if below != -2 else []
    return replace(term, factors=(*kept, *more))


def _collapsed(term: Term, free: Sequence[Label]) -> Term:
    """A term without its summed indices: each is equal, by a δ, to a free one."""
    same = {a if c in free else c: c if c in free else a for a, c in term.deltas if not (a in free and c in free)}
    factors = tuple((f, tuple(same.get(x, x) for x in labels)) for f, labels in term.factors)
    return replace(term, factors=factors, deltas=tuple(d for d in term.deltas if set(d) <= set(free)))


def _read_for(line: Written, equal: bool) -> Written:
    """A line for i = j (δ is 1, j is i) or for i ≠ j (δ is 0)."""

    def rule(t: Written) -> Written | None:
        if t.op == "delta":
            return b.ONE if equal else b.ZERO
        if t.op == "index" and t.value == "j" and equal:
            return replace(t, value="i")
        if t.op == "scale":
            return b.ZERO if b.ZERO in t.args else b.scale(*t.args)
        if t.op == "sub" and t.args[0] == b.ZERO:
            return b.neg(t.args[1])
        return b.divide(*t.args) if t.op == "divide" else None

    return rewritten(line, rule)


def _split(line: Written) -> Written:
    """e^(z_i) (…) / S² as e^(z_i)/S · (…)/S."""
    negative = line.op == "neg"
    top, _ = (line.args[0] if negative else line).args
    common = exponential(_at(_Z_NAME, "i"))
    rest = []
    for sign, factors in terms(top):
        position = factors.index(common)
        rest.append((sign, factors[:position] + factors[position + 1 :]))
    if all(sign < 0 for sign, _ in rest):
        negative, rest = not negative, [(-sign, factors) for sign, factors in rest]
    split = times([b.divide(common, _S), b.divide(joined(rest), _S)])
    return b.neg(split) if negative else split


def _folded(split: Written) -> Written:
    """Each factor divided by the sum, term by term: e^(z_i)/S is σ_i, S/S is 1."""
    negative = split.op == "neg"
    parts = []
    for quotient in (split.args[0] if negative else split).args:
        parts.append(joined([(s, [_over_the_sum(factors)]) for s, factors in terms(quotient.args[0])]))
    tree = b.scale(parts[0], parts[1])
    return b.neg(tree) if negative else tree


def _over_the_sum(factors: Sequence[Written]) -> Written:
    """A product divided by S."""
    rest = list(factors)
    if _S in rest:
        rest.remove(_S)
        return joined([(1, rest)])
    (power_of_e,) = rest
    return _at(_SIGMA_NAME, str(power_of_e.args[1].args[1].value))


# Written out


def _explicit(entry: Written, i: int, j: int) -> Written:
    """The entry ij for given numbers i and j."""
    numbers = {"i": i, "j": j}
    line = rewritten(_with_delta(entry, i == j), lambda t: Written("number", (), str(numbers[str(t.value)]))
                      if t.op == "index" and t.value in numbers else None)
    return line


def _with_delta(entry: Written, equal: bool) -> Written:
    def rule(t: Written) -> Written | None:
        if t.op == "delta":
            return b.ONE if equal else b.ZERO
        if t.op == "sub" and t.args[0] == b.ZERO:
            return b.neg(t.args[1])
        return b.scale(*t.args) if t.op == "scale" else None

    return rewritten(entry, rule)


def _check_explicit(rows: Sequence[Sequence[Written]]) -> None:
    """Every entry against the derivative by a complex step."""
    if not rows:
        return
    size = len(rows)
    expected = _value(Written("name", (), "J"), (), size, {})
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            if not abs(float(_value(entry, (), size, {})) - expected[i, j]) < _TOLERANCE:
                raise DefectError(f"The entry {i + 1}, {j + 1} of the Jacobian for {size} classes is not {write(entry, Style.UNICODE)}. "
                                  "This is a defect of hwcheck: please report it with the command you ran.")


# Cross-entropy


def _cross_entropy(entry: Written, confirmed: bool) -> CrossEntropy:
    """From L = −Σ_i y_i log σ_i to ∂L/∂z = σ − y."""
    steps, form, work = _Steps(), _form(), differentiate(_LOSS, Z)
    form.letters = dict(zip(work.by, ("j",), strict=True))
    facts = {"y": "probability"}
    loss_name, z_j = Written("name", (), "L"), _at(_Z_NAME, "j")
    loss = _over_i(form.entry(_LOSS, (), frozenset("j")))
    steps.put("definition", loss_name, loss, "y_i is 1 for the right class and 0 for the others (one-hot)", ())

    by_j = Written("derivative", (loss_name, z_j))
    stage = next(s for s in work.stages if any(r.name == "chain rule" for r in s.rules))
    chain = _over_i(form.stage(work, stage.terms))
    steps.put("chain rule", by_j, chain, "(log u)′ = u′/u, term by term", ("j",))
    known = rewritten(chain, lambda t: entry if t.op == "derivative" else None)
    steps.put("put in", chain, known, "∂σ_i/∂z_j as proved", ("j",))
    short = rewritten(known, cancelled)
    steps.put("cancel", known, short, "σ_i > 0", ("j",))

    raw = derivative(work)
    general, exact = Tidier({})(raw), Tidier(facts)(Tidier({})(raw))
    line = _over_i(form.entry(general, ("j",), frozenset("j")))
    steps.put("collapse δ", short, line, "in the sum over y_i δ_ij only the term i = j is left; σ_j goes before its sum", ("j",))
    last = form.entry(exact, ("j",))
    steps.put("use Σ_i y_i = 1", line, last, "the labels of one example sum to 1: one-hot, or any probabilities", ("j",), facts=facts)
    gradient = MatrixForm(_SPELLED).of(exact)
    steps.put("all j at once", Written("derivative", (loss_name, _Z_NAME)), gradient, "", (), facts=facts)
    confirmation = confirm(_LOSS, exact, Z, facts, seed_of("softmax with cross-entropy")) if confirmed else None
    return CrossEntropy(loss, gradient, "Σ_i y_i = 1", steps.done(), (_GRADIENT,), confirmation)


def _over_i(tree: Written) -> Written:
    """The summed index called i."""
    (name,) = {str(t.value[0]) for t in tree.walk() if t.op == "sum" and isinstance(t.value, tuple)}

    def rule(t: Written) -> Written | None:
        if t.op == "index" and t.value == name:
            return replace(t, value="i")
        return replace(t, value=("i", K)) if t.op == "sum" else None

    return rewritten(tree, rule)


__all__ = ["FEWEST", "MOST", "CrossEntropy", "Proof", "softmax_proof"]
