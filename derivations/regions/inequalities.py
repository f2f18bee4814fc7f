"""Linear equations and inequalities in a few letters, and whether some of them force another: decided exactly, with fractions.

A relation is `form sign 0`, where a form is a row of coefficients and a constant. Whether relations can hold together is decided by
Fourier–Motzkin elimination, which is complete for rational coefficients: “forced” and “cannot be” are proofs, not impressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from ..forms import building as b
from ..notation.written import Written

Sign = Literal["<", "<=", "=", ">=", ">"]
OPPOSITES: dict[Sign, tuple[Sign, ...]] = {"<": (">=",), "<=": (">",), "=": ("<", ">"), ">=": ("<",), ">": ("<=",)}


@dataclass(frozen=True, slots=True)
class Form:
    """A linear form: one coefficient a letter, and a constant."""

    coefficients: tuple[Fraction, ...]
    constant: Fraction = Fraction(0)

    def __add__(self, other: Form) -> Form:
        together = zip(self.coefficients, other.coefficients, strict=True)
        return Form(tuple(p + q for p, q in together), self.constant + other.constant)

    def __sub__(self, other: Form) -> Form:
        return self + other.times(Fraction(-1))

    def times(self, factor: Fraction) -> Form:
        """The form, multiplied by a number."""
        return Form(tuple(factor * c for c in self.coefficients), factor * self.constant)

    def at(self, point: Sequence[Fraction]) -> Fraction:
        """Its value."""
        return sum((c * x for c, x in zip(self.coefficients, point, strict=True)), self.constant)

    @property
    def is_number(self) -> bool:
        """Whether no letter is left."""
        return not any(self.coefficients)

    def written(self, letters: Sequence[str]) -> Written:
        """As a person writes it: w_1 + w_2 + 2b, 2 − b."""
        terms = [_term(c, letter) for c, letter in zip(self.coefficients, letters, strict=True) if c]
        if self.constant or not terms:
            terms = [b.num(self.constant), *terms] if any(t.op == "neg" for t in terms) else [*terms, b.num(self.constant)]
        return b.add(terms)


def _term(coefficient: Fraction, letter: str) -> Written:
    name = Written("name", (), letter)
    return b.neg(b.scale(b.num(-coefficient), name)) if coefficient < 0 else b.scale(b.num(coefficient), name)


@dataclass(frozen=True, slots=True)
class Relation:
    """`left sign right`, where the right side is a number.

    >>> Relation(Form((Fraction(1),)), "<=", Fraction(2)).holds([Fraction(3)])
    False
    """

    left: Form
    sign: Sign
    right: Fraction = Fraction(0)

    def holds(self, point: Sequence[Fraction]) -> bool:
        """Whether it is true at a point."""
        return compared(self.left.at(point), self.sign, self.right)

    def opposites(self) -> tuple[Relation, ...]:
        """What can hold where this does not: one of these."""
        return tuple(Relation(self.left, sign, self.right) for sign in OPPOSITES[self.sign])

    def written(self, letters: Sequence[str]) -> Written:
        """The relation for the writer."""
        return Written("compare", (self.left.written(letters), b.num(self.right)), self.sign)


def compared(left: Fraction, sign: Sign, right: Fraction) -> bool:
    """Whether two numbers are in a relation."""
    return {"<": left < right, "<=": left <= right, "=": left == right, ">=": left >= right, ">": left > right}[sign]


def possible(relations: Iterable[Relation]) -> bool:
    """Whether some real values of the letters satisfy all relations.

    >>> x = Form((Fraction(1),))
    >>> possible([Relation(x, ">=", Fraction(1)), Relation(x, "<", Fraction(1))])
    False
    """
    bounds = [bound for relation in relations for bound in _bounds(relation)]
    count = len(bounds[0][0].coefficients) if bounds else 0
    for letter in range(count):
        bounds = _without(bounds, letter)
    return all(form.constant < 0 or (form.constant == 0 and not strict) for form, strict in bounds)


def forced(premises: Sequence[Relation], conclusion: Relation) -> bool:
    """Whether the conclusion holds wherever the premises do."""
    return not any(possible([*premises, opposite]) for opposite in conclusion.opposites())


_Bound = tuple[Form, bool]  # form ≤ 0, or form < 0 where strict


def _bounds(relation: Relation) -> list[_Bound]:
    form = Form(relation.left.coefficients, relation.left.constant - relation.right)
    below, above = (form, relation.sign == "<"), (form.times(Fraction(-1)), relation.sign == ">")
    return [below] * (relation.sign in ("<", "<=", "=")) + [above] * (relation.sign in (">", ">=", "="))


def _without(bounds: Sequence[_Bound], letter: int) -> list[_Bound]:
    """Every lower bound of a letter is at most every upper bound: the same without the letter."""
    kept = [(f, s) for f, s in bounds if f.coefficients[letter] == 0]
    upper = [(f.times(1 / f.coefficients[letter]), s) for f, s in bounds if f.coefficients[letter] > 0]
    lower = [(f.times(-1 / f.coefficients[letter]), s) for f, s in bounds if f.coefficients[letter] < 0]
    return kept + [(f + g, s or t) for f, s in upper for g, t in lower]


__all__ = ["OPPOSITES", "Form", "Relation", "Sign", "compared", "forced", "possible"]
