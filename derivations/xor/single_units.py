"""One unit f(w₁x₁ + w₂x₂ + b): its activation as a function with exact or enclosed values, and where it takes which values.

Where f(t) ≥ ½ or f(t) = 1 is solved by SymPy on each piece of the definition, and then held against values of the function.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ..activations.curves import Curve, Piece, pieces_of, study
from ..activations.scalar_writing import written
from ..elements.enclosures import SCALAR, exact, power, sign_of
from ..elements.functions import ACTIVATIONS, FUNCTIONS
from ..elements.symbolic import arguments, definition, library
from ..errors import DefectError, NameUnknownError, UnsupportedError
from ..forms import building as b
from ..notation.written import Written
from ..regions.inequalities import Sign, compared

Value = Any  # a flint number: exact (fmpq), or a ball that holds it (arb)

SQUARE = "square"
_SPELLINGS = {
    "linear": "identity", "none": "identity", "threshold": "step", "heaviside": "step",
    "t^2": SQUARE, "t²": SQUARE, "t**2": SQUARE, "x^2": SQUARE, "x²": SQUARE, "x**2": SQUARE,
}  # fmt: skip
NOT_MONOTONE = ("abs", "cos", "sin", SQUARE)
UNITS = tuple(sorted({*ACTIVATIONS, *NOT_MONOTONE, "identity", "step"}))


def unit_name(text: str) -> str:
    """The name of an activation as it is listed in UNITS.

    Raises:
        NameUnknownError: there is none of that name.

    >>> unit_name("ReLU"), unit_name("t^2")
    ('relu', 'square')
    """
    plain = text.strip().lower()
    name = _SPELLINGS.get(plain, plain)
    if name not in UNITS:
        raise NameUnknownError(f"“{text[:40]}” is no activation here. Known are: {', '.join(UNITS)}.")
    return name


def applied(name: str, argument: Written) -> Written:
    """f(argument) for the writer; the identity is its argument."""
    if name == "identity":
        return argument
    if name == SQUARE:
        return Written("power", (argument, b.num(2)))
    return b.call(name, argument)


def value_of(name: str, at: Value) -> Value:
    """f at an exact number or a ball; parameters take their usual values.

    >>> value_of("relu", exact(Fraction(-3, 2)))
    0
    """
    if name == "identity":
        return at
    if name == SQUARE:
        return power(at, Fraction(2))
    return SCALAR[name](at, *(exact(v) for _, v in FUNCTIONS[name].parameters))


def symbolic(name: str, at: Any) -> Any:
    """f at a SymPy expression."""
    if name in ("identity", SQUARE):
        return at if name == "identity" else at**2
    return definition(name).subs(arguments(FUNCTIONS[name])[0], at)


def is_so(value: Value, sign: Sign, target: Fraction) -> bool:
    """Whether a value is in a relation to a number.

    Raises:
        UnsupportedError: the ball is too wide to tell.
    """
    side = sign_of(value - exact(target))
    if side is None:
        raise UnsupportedError(f"Whether a value is {sign} {target} could not be decided.")
    return compared(Fraction(side), sign, Fraction(0))


@dataclass(frozen=True, slots=True)
class Ray:
    """What a condition on f(t) says about t: t sign bound. One point where the sign is “=”."""

    sign: Sign
    bound: Fraction


def where(name: str, sign: Sign, target: Fraction) -> Ray:
    """The t for which f(t) is in a relation to a number, where they are a ray or a point.

    Raises:
        UnsupportedError: they are neither.
        DefectError: the solution is contradicted by values of f.

    >>> where("relu", "=", Fraction(0)), where("sigmoid", ">=", Fraction(1, 2))
    (Ray(sign='<=', bound=Fraction(0, 1)), Ray(sign='>=', bound=Fraction(0, 1)))
    """
    pieces = _pieces(name)
    solutions = [_solved(piece, sign, target) for piece in pieces]
    for left, _ in pairwise(pieces):
        if is_so(value_of(name, exact(_fraction(left.high))), sign, target):
            solutions.append(library().FiniteSet(left.high))
    ray = _ray(library().Union(*solutions))
    _check(name, sign, target, ray)
    return ray


def _pieces(name: str) -> list[Piece]:
    sp = library()
    if name in FUNCTIONS:
        return pieces_of(name, dict(FUNCTIONS[name].parameters))
    x = sp.Symbol("x", real=True)
    return [Piece(-sp.oo, sp.oo, symbolic(name, x), x)]


def _solved(piece: Piece, sign: Sign, target: Fraction) -> Any:
    """The solutions inside a piece, as a SymPy set."""
    sp, goal = library(), library().Rational(target.numerator, target.denominator)
    inside, f = sp.Interval.open(piece.low, piece.high), piece.f
    if f.has(sp.Heaviside):
        f = f.subs(piece.x, sp.Rational(piece.inside.numerator, piece.inside.denominator))
    if f.is_number:
        return inside if is_so(exact(_fraction(f)), sign, target) else sp.S.EmptySet
    if sign == "=":
        return sp.solveset(sp.Eq(f, goal), piece.x, inside)
    relation = {"<": sp.Lt, "<=": sp.Le, ">=": sp.Ge, ">": sp.Gt}[sign](f, goal)
    return sp.solve_univariate_inequality(relation, piece.x, relational=False, domain=inside)


def _ray(solutions: Any) -> Ray:
    sp = library()
    if isinstance(solutions, sp.FiniteSet) and len(solutions) == 1:
        return Ray("=", _fraction(*solutions))
    if isinstance(solutions, sp.Interval) and solutions.end == sp.oo and solutions.start.is_Rational:
        return Ray(">" if solutions.left_open else ">=", _fraction(solutions.start))
    if isinstance(solutions, sp.Interval) and solutions.start == -sp.oo and solutions.end.is_Rational:
        return Ray("<" if solutions.right_open else "<=", _fraction(solutions.end))
    raise UnsupportedError("The inputs that give such an output are neither a ray nor a point.")


_PROBES = tuple(Fraction(n, 4) for n in range(-40, 41))


def _check(name: str, sign: Sign, target: Fraction, ray: Ray) -> None:
    """Hold the solution against values; both sides of it must have been seen."""
    seen = set()
    for t in _PROBES:
        truth = compared(t, ray.sign, ray.bound)
        seen.add(truth)
        if is_so(value_of(name, exact(t)), sign, target) != truth:
            raise DefectError(f"{name}(t) {sign} {target} was solved as t {ray.sign} {ray.bound}, and t = {t} contradicts that.")
    if seen != {True, False}:
        raise DefectError(f"{name}(t) {sign} {target} was not seen on both sides of t {ray.sign} {ray.bound}.")


def formula_on(name: str, ray: Ray, argument: Written) -> Written:
    """f(argument) without cases, for arguments on a ray that lies in one piece: ReLU(2 − b) is 2 − b from 0 on."""
    sp = library()
    bound = sp.Rational(ray.bound.numerator, ray.bound.denominator)
    inside = next((p for p in _pieces(name) if p.low <= bound <= p.high and (ray.sign == "=" or p.high == sp.oo)), None)
    return argument if inside is not None and inside.f == inside.x else applied(name, argument)


def crosses_once(curve: Curve, level: float) -> bool:
    """Whether f stays at or above a level once it is there: no part on which f falls begins as high as that.

    A falling part is highest where it begins; if all of those are below the level, f can never come back under it.
    """
    falling = [k for k, run in enumerate(curve.runs) if run.sign < 0]
    return not falling or (falling == [0] and curve.left.limit.value < level)


def curve_of(name: str) -> Curve:
    """How the activation runs."""
    return study(name, dict(FUNCTIONS[name].parameters))


def solutions(name: str, target: int, farthest: Any) -> list[Any]:
    """All t between −farthest and farthest with f(t) = target, as SymPy numbers, the smallest in size first, 1 before −1."""
    sp = library()
    t = sp.Symbol("t", real=True)
    found = sp.solveset(sp.Eq(symbolic(name, t), target), t, sp.Interval(-farthest, farthest))
    if not isinstance(found, sp.FiniteSet):
        raise UnsupportedError(f"The solutions of {name}(t) = {target} could not be listed.")
    return sorted(found, key=lambda s: (abs(float(s)), -float(s)))


def number_written(value: Any) -> Written:
    """A SymPy number for the writer."""
    return written(value)


def _fraction(rational: Any) -> Fraction:
    return Fraction(int(rational.p), int(rational.q))


__all__ = [
    "NOT_MONOTONE", "SQUARE", "UNITS", "Ray", "Value", "applied", "crosses_once", "curve_of", "formula_on", "is_so",
    "number_written", "solutions", "symbolic", "unit_name", "value_of", "where",
]  # fmt: skip
