"""Why one unit ŷ = f(w₁x₁ + w₂x₂ + b) cannot be XOR, line by line, or the weights with which it can.

Each line is an implication. Its conclusion is decided twice: exactly (SymPy solves what f(t) = 0 says about t; linear lines are
forced by the lines they use, by elimination), and on a grid of exact weights, where f itself is evaluated and every line has to hold
wherever the rows it rests on come out right, with at least one such point, so that no line holds for lack of cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, product
from typing import Any, Literal

from ..elements.enclosures import ball, exact, is_exact
from ..elements.symbolic import library
from ..errors import DefectError
from ..forms import building as b
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from ..regions.inequalities import Form, Relation, Sign, forced, possible
from ..steps import Step
from .single_units import (
    NOT_MONOTONE,
    Ray,
    applied,
    crosses_once,
    curve_of,
    formula_on,
    is_so,
    number_written,
    solutions,
    symbolic,
    unit_name,
    value_of,
    where,
)  # fmt: skip

Rule = Literal["exact", "half"]  # outputs are exactly 0 and 1, or below ½ and from ½ on

TRUTH: tuple[tuple[tuple[int, int], int], ...] = (((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((1, 1), 0))
LETTERS = ("w_1", "w_2", "b")
HALF = Fraction(1, 2)
_CHOICES = tuple(Fraction(n, 2) for n in range(-8, 9))
_FARTHEST = 7  # how far zeros and ones of f are looked for: a little more than a period of sine and cosine


@dataclass(frozen=True, slots=True)
class GridCheck:
    """The independent check: how many exact weights were tried, how many give all four rows, and how many three of them."""

    tried: int
    all_rows: int
    three_rows: int

    def to_dict(self) -> dict[str, int]:
        """For JSON."""
        return {"tried": self.tried, "all_rows": self.all_rows, "three_rows": self.three_rows}


@dataclass(frozen=True, slots=True)
class XorProof:
    """The proof, or the counterexample.

    `represents` says whether one such unit can be XOR; then `weights` are w₁, w₂, b as SymPy numbers. `rule` says when an output
    counts; `results` are positions of the steps that end the argument; `notes` say what was assumed.
    """

    activation: str
    rule: Rule
    represents: bool
    steps: tuple[Step, ...]
    results: tuple[int, ...]
    conclusion: str
    grid: GridCheck | None = None
    weights: tuple[Any, ...] = ()
    notes: tuple[str, ...] = ()

    def unit(self, style: Style) -> str:
        """ŷ = ReLU(w₁x₁ + w₂x₂ + b)."""
        products = [Written("scale", (_name(w), _name(x))) for w, x in (("w_1", "x_1"), ("w_2", "x_2"))]
        argument = b.add([*products, _name("b")])
        return f"{_hat(style)} = {write(applied(self.activation, argument), style)}"

    def weights_in(self, style: Style) -> tuple[tuple[str, str], ...]:
        """The weights by their letters, where one unit can be XOR."""
        return tuple((write(_name(n), style), write(number_written(v), style)) for n, v in zip(LETTERS, self.weights, strict=False))

    def to_dict(self) -> dict[str, object]:
        """For JSON; formulas are LaTeX."""
        return {
            "activation": self.activation, "unit": self.unit(Style.LATEX), "rule": self.rule, "represents": self.represents,
            "conclusion": self.conclusion, "steps": [step.to_dict() for step in self.steps],
            "grid": self.grid.to_dict() if self.grid else None,
            "weights": dict(zip(LETTERS, (t for _, t in self.weights_in(Style.LATEX)), strict=True)) if self.weights else None,
            "notes": list(self.notes),
        }  # fmt: skip

    def _repr_latex_(self) -> str:
        rows = r" \\ ".join(f"{s.before} &= {s.after}" for s in self.steps)
        return rf"$\displaystyle \begin{{aligned}} {rows} \end{{aligned}}$"


def xor_proof(activation: str = "relu") -> XorProof:
    """Why one unit with this activation cannot be XOR; for one that can, the weights.

    Raises:
        NameUnknownError: no activation of that name.
        DefectError: a line is not forced by those before it, or a point of the grid contradicts it.

    >>> proof = xor_proof()
    >>> proof.represents, proof.grid.all_rows, proof.steps[-1].unicode_after
    (False, 0, '2 − b ≥ 2')
    >>> xor_proof("t^2").weights_in(Style.ASCII)
    (('w_1', '1'), ('w_2', '-1'), ('b', '0'))
    """
    name = unit_name(activation)
    if name in NOT_MONOTONE:
        return _counterexample(name)
    if name in ("relu", "identity"):
        return _by_solving(name)
    return _by_adding(name) if name in ("sigmoid", "step") else _by_order(name)


# -- pieces of lines -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """One of the four rows: the sum z = w₁x₁ + w₂x₂ + b, what its output has to be, and what that says about z."""

    inputs: tuple[int, int]
    output: tuple[Sign, Fraction]
    ray: Ray

    @property
    def z(self) -> Form:
        return _sum_at(self.inputs)

    @property
    def relation(self) -> Relation:
        return Relation(self.z, self.ray.sign, self.ray.bound)


@dataclass(slots=True)
class _Argument:
    """A proof under way: the lines, what each claims, and on which rows it rests."""

    name: str
    rows: tuple[_Row, ...]
    steps: list[Step] = field(default_factory=list)
    claims: list[tuple[Relation, tuple[int, ...]]] = field(default_factory=list)

    def put(self, rule: str, sides: tuple[_Texts, _Texts], why: str) -> None:
        """One more line."""
        before, after = sides
        self.steps.append(Step(rule, before.latex, after.latex, why, before.unicode, after.unicode))

    def claim(self, relation: Relation, rests_on: Sequence[int], *, solved: bool = False) -> None:
        """What the last line says, and the rows it rests on. A line that was not solved in f has to be forced by them."""
        rests_on = tuple(rests_on)
        if not solved and not forced([self.rows[k].relation for k in rests_on], relation):
            raise DefectError(f"The line “{self.steps[-1].unicode_after}” does not follow from the lines it uses.")
        self.claims.append((relation, rests_on))

    def put_row(self, k: int) -> None:
        """ŷ(1, 0) = ReLU(w₁ + b) = 1 ⇒ w₁ + b = 1."""
        row, (sign, target) = self.rows[k], self.rows[k].output
        unit = _Texts.of(Written("compare", (applied(self.name, row.z.written(LETTERS)), b.num(target)), sign))
        said = _Texts.of(row.relation.written(LETTERS))
        after = unit if unit == said else unit.then(said)
        self.put(f"at {_place(row.inputs)}", (_output(row.inputs), after), _meaning(self.name, sign, target, row.ray))
        self.claim(row.relation, (k,), solved=True)


@dataclass(frozen=True, slots=True)
class _Texts:
    """A formula in the two styles of a step."""

    latex: str
    unicode: str

    @classmethod
    def of(cls, tree: Written) -> _Texts:
        return cls(write(tree, Style.LATEX), write(tree, Style.UNICODE))

    def then(self, other: _Texts) -> _Texts:
        return _Texts(rf"{self.latex} \;\Rightarrow\; {other.latex}", f"{self.unicode}  ⇒  {other.unicode}")

    def equals(self, other: _Texts) -> _Texts:
        return _Texts(f"{self.latex} = {other.latex}", f"{self.unicode} = {other.unicode}")


def _said(tree: Written) -> str:
    """A formula in a sentence, where names are written w_1: views translate them for LaTeX."""
    return re.sub("[₁₂]", lambda m: f"_{'₀₁₂'.index(m[0])}", write(tree, Style.UNICODE))


def _name(letter: str) -> Written:
    return Written("name", (), letter)


def _hat(style: Style) -> str:
    return {Style.LATEX: r"\hat{y}", Style.UNICODE: "ŷ"}.get(style, "yhat")


def _place(inputs: tuple[int, int]) -> str:
    return f"({inputs[0]}, {inputs[1]})"


def _output(inputs: tuple[int, int]) -> _Texts:
    return _Texts(f"{_hat(Style.LATEX)}{_place(inputs)}", f"{_hat(Style.UNICODE)}{_place(inputs)}")


def _sum_at(inputs: tuple[int, int]) -> Form:
    return Form((Fraction(inputs[0]), Fraction(inputs[1]), Fraction(1)))


def _meaning(name: str, sign: Sign, target: Fraction, ray: Ray) -> str:
    """“ReLU(t) = 0 exactly where t ≤ 0”."""
    t = _name("t")
    condition = write(Written("compare", (applied(name, t), b.num(target)), sign), Style.UNICODE)
    said = write(Written("compare", (t, b.num(ray.bound)), ray.sign), Style.UNICODE)
    return "" if condition == said else f"{condition} {'only for' if ray.sign == '=' else 'exactly where'} {said}"


def _rows(name: str, outputs: tuple[tuple[Sign, Fraction], tuple[Sign, Fraction]]) -> tuple[_Row, ...]:
    rays = [where(name, *output) for output in outputs]
    return tuple(_Row(inputs, outputs[one], rays[one]) for inputs, one in TRUTH)


# -- the three arguments -------------------------------------------------------------------------------------------------


def _by_solving(name: str) -> XorProof:
    """ReLU and the identity: the rows with output 1 are equations; with them (1, 1) is too large."""
    argument = _Argument(name, _rows(name, (("=", Fraction(0)), ("=", Fraction(1)))))
    for k in (0, 1, 2):
        argument.put_row(k)
    fixed = [k for k in (0, 1, 2) if argument.rows[k].ray.sign == "="]
    for position, source in ((0, 1), (1, 2)):
        letter, value = _unit_form(position), _solved_for(argument.rows, fixed, position)
        sides = _Texts.of(letter.written(LETTERS)), _Texts.of(value.written(LETTERS))
        argument.put("solve", sides, f"line {source + 1}" + (" with line 1" if 0 in fixed else ""))
        argument.claim(Relation(letter - value, "="), [source, *([0] if 0 in fixed else [])])
    _put_last_row(argument, fixed)
    last = len(argument.steps) - 1
    bound = argument.claims[-1][0]
    size = f"at least {bound.right}" if bound.sign == ">=" else f"equal to {bound.right}"
    _refuted(argument)
    conclusion = f"The outputs at (0, 0), (1, 0) and (0, 1) make the output at (1, 1) {size}, never 0: one such unit cannot be XOR."
    return XorProof(name, "exact", False, tuple(argument.steps), (last,), conclusion, _on_grid(argument))


def _put_last_row(argument: _Argument, fixed: Sequence[int]) -> None:
    """The output at (1, 1), with what was solved put in, and how large that is."""
    name, z = argument.name, argument.rows[3].z
    parts = [_solved_for(argument.rows, fixed, position) for position in range(3)]
    value = parts[0] + parts[1] + parts[2]
    before = _Texts.of(applied(name, z.written(LETTERS)))
    inserted = _Texts.of(applied(name, value.written(LETTERS)))
    argument.put("at (1, 1)", (_output((1, 1)), before), "")
    bound = _smallest(argument.rows, value)
    plain = formula_on(name, Ray(bound.sign, bound.right), value.written(LETTERS))
    if value.is_number:
        argument.put("put in", (_output((1, 1)), _Texts.of(plain)), "lines 1, 4 and 5; the row asks for 0")
    else:
        argument.put("put in", (before, inserted), "lines 4 and 5")
        claim = _Texts.of(Written("compare", (plain, b.num(bound.right)), bound.sign))
        said = _said(argument.rows[0].relation.written(LETTERS))
        argument.put("bound", (inserted, claim), f"line 1: {said}; the row asks for 0")
    argument.claim(Relation(z, bound.sign, bound.right), (0, 1, 2))
    if possible([Relation(z, bound.sign, bound.right), argument.rows[3].relation]):
        raise DefectError("The bound at (1, 1) leaves the output 0 possible.")


def _unit_form(position: int) -> Form:
    return Form(tuple(Fraction(k == position) for k in range(len(LETTERS))))


def _solved_for(rows: Sequence[_Row], fixed: Sequence[int], position: int) -> Form:
    """A letter by the equations among the rows: w₁ = 1 − b. A letter that stays free is itself."""
    sp = library()
    symbols = sp.symbols(LETTERS, real=True)
    equations = []
    for k in fixed:
        relation = rows[k].relation
        terms = [_rational(c) * s for c, s in zip(relation.left.coefficients, symbols, strict=True)]
        equations.append(sp.Eq(sp.Add(*terms), _rational(relation.right)))
    (found,) = sp.linsolve(equations, *symbols)
    constant, coefficients = found[position], []
    for symbol in symbols:
        coefficients.append(_fraction(found[position].coeff(symbol)))
        constant = constant.subs(symbol, 0)
    return Form(tuple(coefficients), _fraction(constant))


def _rational(value: Fraction) -> Any:
    return library().Rational(value.numerator, value.denominator)


def _fraction(rational: Any) -> Fraction:
    return Fraction(int(rational.p), int(rational.q))


def _smallest(rows: Sequence[_Row], value: Form) -> Relation:
    """The bound for a form that the first row gives: 2 − b ≥ 2 from b ≤ 0. What is a number is equal to it."""
    if value.is_number:
        return Relation(value, "=", value.constant)
    bound = value.at([Fraction(0), Fraction(0), rows[0].ray.bound])
    relation = Relation(value, ">=", bound)
    if not forced([rows[0].relation], relation):
        raise DefectError("The bound at (1, 1) does not follow from the row (0, 0).")
    return relation


def _by_adding(name: str) -> XorProof:
    """Sigmoid and step: the two rows with output 1 add up to what the two with output 0 forbid."""
    argument = _Argument(name, _rows(name, (("<", HALF), (">=", HALF))))
    for k in range(4):
        argument.put_row(k)
    for first, second in ((1, 2), (0, 3)):
        one, other = argument.rows[first], argument.rows[second]
        added = Relation(one.z + other.z, one.ray.sign, one.ray.bound + other.ray.bound)
        pair = _Texts.of(Written("add", (one.z.written(LETTERS), other.z.written(LETTERS))))
        argument.put("add", (pair, _Texts.of(added.written(LETTERS))), f"lines {first + 1} and {second + 1}")
        argument.claim(added, (first, second))
    _refuted(argument)
    signs = " and ".join(_said(relation.written(LETTERS)) for relation, _ in argument.claims[4:])
    conclusion = (f"Lines 5 and 6 contradict each other, {signs}: no straight line separates the ones from the zeros, "
                  "so one such unit cannot be XOR.")
    notes = ["An output counts as 1 from ½ on, as 0 below."]
    if name == "step":
        notes.append("step(t) is 1 for t > 0, else 0; with step(0) = 1 only < and ≤, > and ≥ change places, and the sums still contradict.")
    return XorProof(name, "half", False, tuple(argument.steps), (4, 5), conclusion, _on_grid(argument), notes=tuple(notes))


def _by_order(name: str) -> XorProof:
    """Any other activation that rises, or at least passes ½ only once: a larger output needs a larger sum."""
    curve = curve_of(name)
    rises = curve.monotone in ("increasing", "non-decreasing")
    if not rises and not crosses_once(curve, float(HALF)):
        raise DefectError(f"{name} was taken for a function that passes ½ only once.")
    rays = Ray("<", HALF), Ray(">=", HALF)  # of f(t) here: where f passes ½ need not be known
    argument = _Argument(name, tuple(_Row(inputs, (ray.sign, HALF), ray) for inputs, one in TRUTH for ray in [rays[one]]))
    for high, low in ((1, 0), (2, 3)):
        _put_order(argument, high, low, "never falls" if rises else "stays above ½ once it is there")
    if possible([relation for relation, _ in argument.claims]):
        raise DefectError("The two orders do not contradict each other.")
    signs = " and ".join(_said(relation.written(LETTERS)) for relation, _ in argument.claims)
    conclusion = f"Lines 1 and 2 contradict each other, {signs}: one such unit cannot be XOR."
    notes = ["An output counts as 1 from ½ on, as 0 below; outputs that are exactly 0 and 1 are among these."]
    if not rises:
        notes.append(f"{write(applied(name, _name('t')), Style.UNICODE)} is not monotone: the argument needs the ½, and another way to "
                     "read the output may tell the rows apart.")
    return XorProof(name, "half", False, tuple(argument.steps), (0, 1), conclusion, _on_grid(argument), notes=tuple(notes))


def _put_order(argument: _Argument, high: int, low: int, rising: str) -> None:
    """ŷ(1, 0) = f(w₁ + b) ≥ ½ > f(b) ⇒ w₁ > 0."""
    upper, lower = argument.rows[high], argument.rows[low]
    one, other = (_Texts.of(applied(argument.name, row.z.written(LETTERS))) for row in (upper, lower))
    half = _Texts.of(b.num(HALF))
    order = _Texts(rf"{one.latex} \geq {half.latex} > {other.latex}", f"{one.unicode} ≥ {half.unicode} > {other.unicode}")
    difference = upper.z - lower.z
    leading = next(c for c in difference.coefficients if c)
    said = Relation(difference, ">") if leading > 0 else Relation(difference.times(Fraction(-1)), "<")
    sums = _said(Written("compare", (upper.z.written(LETTERS), lower.z.written(LETTERS)), ">"))
    f = write(applied(argument.name, _name("t")), Style.UNICODE)
    why = f"{f} {rising}, so the larger output has the larger sum: {sums}"
    argument.put(f"x_2 = {upper.inputs[1]}", (_output(upper.inputs), order.then(_Texts.of(said.written(LETTERS)))), why)
    argument.claim(said, (high, low), solved=True)


# -- the checks ----------------------------------------------------------------------------------------------------------


def _refuted(argument: _Argument) -> None:
    """All four rows together must be impossible, and any three of them possible: else a line would hold for lack of cases."""
    relations = [row.relation for row in argument.rows]
    if possible(relations):
        raise DefectError("The four rows do not contradict each other.")
    if not all(possible(three) for three in combinations(relations, 3)):
        raise DefectError("Three of the rows contradict each other already.")


def _on_grid(argument: _Argument) -> GridCheck:
    """Every line at every point of a grid of exact weights; f is evaluated there, the solved form is not used."""
    truths = [_truths(argument.name, row) for row in argument.rows]
    sums = [(row.inputs[0], row.inputs[1]) for row in argument.rows]
    met = [0] * len(argument.claims)
    counts = {3: 0, 4: 0}
    for point in product(_CHOICES, repeat=len(LETTERS)):
        w1, w2, bias = point
        right = [truth[w1 * x1 + w2 * x2 + bias] for truth, (x1, x2) in zip(truths, sums, strict=True)]
        counts[sum(right)] = counts.get(sum(right), 0) + 1
        for k, (relation, rests_on) in enumerate(argument.claims):
            if all(right[r] for r in rests_on):
                met[k] += 1
                if not relation.holds(point):
                    raise DefectError(f"Line {k + 1} is contradicted by (w_1, w_2, b) = {tuple(map(str, point))}.")
    if not all(met) or not counts[3] or counts[4]:
        raise DefectError("The grid does not bear the argument out: a line was never tested, or all four rows came out right.")
    return GridCheck(len(_CHOICES) ** len(LETTERS), counts[4], counts[3])


def _truths(name: str, row: _Row) -> dict[Fraction, bool]:
    """Whether the output of a row is as wanted, for every sum that occurs on the grid."""
    reach = range(3 * int(2 * _CHOICES[0]), 3 * int(2 * _CHOICES[-1]) + 1)
    return {t: is_so(value_of(name, exact(t)), *row.output) for t in (Fraction(n, 2) for n in reach)}


# -- where one unit is enough --------------------------------------------------------------------------------------------


def _counterexample(name: str) -> XorProof:
    """Weights with which one unit is XOR: sums z with f(z) = 0 and f(z) = 1 that fit together."""
    zeros, ones = (solutions(name, target, _FARTHEST) for target in (0, 1))
    sums = next(((low, one, other, one + other - low) for low in zeros for one in ones for other in ones
                 if symbolic(name, one + other - low) == 0), None)  # fmt: skip
    if sums is None:
        raise DefectError(f"No weights were found with which one unit with {name} is XOR.")
    low, one, other, _ = sums
    weights = (one - low, other - low, low)
    steps = tuple(_row_holds(name, weights, inputs, target) for inputs, target in TRUTH)
    notes = (_falls(name, sums), "Outputs are exactly 0 and 1.")
    letters = ", ".join(f"{n} = {write(number_written(v), Style.UNICODE)}" for n, v in zip(LETTERS, weights, strict=True))
    return XorProof(name, "exact", True, steps, (0, 1, 2, 3), f"With {letters} one such unit is XOR.", weights=weights, notes=notes)


def _row_holds(name: str, weights: tuple[Any, ...], inputs: tuple[int, int], target: int) -> Step:
    """ŷ(1, 1) = sin(π) = 0, by SymPy, and enclosed by a ball (or computed as a fraction)."""
    z = weights[0] * inputs[0] + weights[1] * inputs[1] + weights[2]
    found = value_of(name, _number(z))
    near = found == target if is_exact(found) else bool(ball(found).overlaps(ball(exact(target))))
    if symbolic(name, z) != target or not near:
        raise DefectError(f"The output at {_place(inputs)} is not {target}.")
    value = _Texts.of(applied(name, number_written(z))).equals(_Texts.of(b.num(target)))
    before = _output(inputs)
    return Step(f"at {_place(inputs)}", before.latex, value.latex, "", before.unicode, value.unicode)


def _number(value: Any) -> Any:
    """A SymPy number, a fraction times a power of π, as a flint number."""
    sp = library()
    share = sp.Rational(value / sp.pi) if value.has(sp.pi) else value
    number = exact(_fraction(share))
    return ball(number) * ball(exact(0)).pi() if value.has(sp.pi) else number


def _falls(name: str, sums: Sequence[Any]) -> str:
    """Why the usual argument does not hold: f(s) > f(t) for some s < t among the sums."""
    high, low = next((s, t) for s in sums[1:3] for t in (sums[0], sums[3]) if s < t)
    f_high, f_low, s, t = (write(tree, Style.UNICODE) for tree in (
        applied(name, number_written(high)), applied(name, number_written(low)), number_written(high), number_written(low)))
    return (f"The argument against one unit needs an activation that never falls; this one does: {s} < {t}, and yet "
            f"{f_high} = 1 is more than {f_low} = 0.")


__all__ = ["HALF", "LETTERS", "TRUTH", "GridCheck", "Rule", "XorProof", "xor_proof"]
