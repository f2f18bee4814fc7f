"""An activation function as a homework asks for it: formula, derivative with all steps, limits, range, slopes, kinks.

Puts together what other modules find: the steps (`scalar_steps.py`), evaluated before anybody sees them
(`scalar_check.py`), how the curve runs (`curves.py`), and JAX's opinion (`confirmation.py`). Holds no fact about any
function.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from ..elements.confirmation import Confirmation, confirm_gradient, seed_of
from ..elements.functions import ACTIVATIONS, FUNCTIONS
from ..errors import DefectError, InputError, NameUnknownError
from ..notation.spellings import FUNCTIONS as SPELLINGS
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from ..steps import Step
from .curves import Curve, Number, study
from .scalar_check import ScalarCheck
from .scalar_steps import Line, Trace, constants, trace
from .scalar_writing import written

LAYERS = 10
LARGEST_PARAMETER = 1000
_ON_EACH_SIDE = 4
_TOLERANCE = 1e-9
_DECIMAL = re.compile(r"[+-]?(\d{1,9}(\.\d{0,9})?|\.\d{1,9})")
_FRACTION = re.compile(r"[+-]?\d{1,9}/0*[1-9]\d{0,8}")


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation function with everything derived about it; `parameters` are its further numbers with their values."""

    name: str
    parameters: tuple[tuple[str, Fraction], ...]
    trace: Trace
    steps: tuple[Step, ...]
    curve: Curve
    confirmation: Confirmation | None

    def head(self, style: Style, primes: int = 0) -> str:
        """The left side, σ(x) or σ′(x)."""
        value: Any = (self.name, ("prime", primes)) if primes else self.name
        return write(Written("call", (Written("name", (), "x"),), value), style)

    def formula(self, style: Style) -> str:
        """The definition."""
        return write(self.trace.formula, style)

    def derivative(self, style: Style) -> str:
        """The derivative, in terms of the function itself where that is shorter."""
        return write(self.trace.derivative, style)

    def where(self, style: Style) -> list[tuple[str, str]]:
        """Names that the derivative uses, with what they stand for."""
        return [(write(Written("name", (), n), style), write(tree, style)) for n, tree in self.trace.where]

    @property
    def constants(self) -> dict[str, Fraction]:
        """Numbers of the definition that have names: λ and α of SELU."""
        return constants(self.name)

    @property
    def through_layers(self) -> float:
        """The most that LAYERS layers leave of a gradient: the largest slope to that power."""
        return self.curve.steepest.value.value**LAYERS

    def values(self, x: Any) -> Any:
        """The function on an array."""
        return self._check.array(np.asarray(x, dtype=float))

    def slopes(self, x: Any) -> Any:
        """Its derivative on an array, away from the kinks."""
        return self._check.slope(np.asarray(x, dtype=float))

    @property
    def _check(self) -> ScalarCheck:
        return ScalarCheck(self.name, dict(self.parameters))

    def to_dict(self) -> dict[str, object]:
        """As JSON: LaTeX and Unicode of everything written, numbers as decimals (null where infinite) with their LaTeX."""
        curve = self.curve
        return {
            "name": self.name,
            "parameters": {n: float(v) for n, v in self.parameters},
            "constants": {n: float(v) for n, v in self.constants.items()},
            "function": self.head(Style.LATEX),
            "formula": self.formula(Style.LATEX),
            "formula_unicode": self.formula(Style.UNICODE),
            "derivative": self.derivative(Style.LATEX),
            "derivative_unicode": self.derivative(Style.UNICODE),
            "where": [{"name": n, "latex": e} for n, e in self.where(Style.LATEX)],
            "steps": [s.to_dict() for s in self.steps],
            "limits": {"left": _json(curve.left.limit), "right": _json(curve.right.limit)},
            "range": {
                "low": _json(curve.lowest.value), "low_attained": curve.lowest.attained,
                "low_at": [_json(n) for n in curve.lowest.at],
                "high": _json(curve.highest.value), "high_attained": curve.highest.attained,
                "high_at": [_json(n) for n in curve.highest.at],
                "text": interval(curve, Style.UNICODE),
            },
            "odd": curve.odd,
            "zero_centred": curve.zero_centred,
            "monotone": curve.monotone,
            "runs": [{"from": _json(r.low), "to": _json(r.high), "sign": r.sign} for r in curve.runs],
            "largest_slope": {
                "value": _json(curve.steepest.value),
                "at": [_json(n) for n in curve.steepest.at],
                "along": [[_json(a), _json(c)] for a, c in curve.steepest.along],
                "towards": [_json(n) for n in curve.steepest.towards],
                f"after_{LAYERS}_layers": self.through_layers,
            },
            "saturates": [side for side, end in (("left", curve.left), ("right", curve.right)) if end.saturates],
            "kinks": [
                {"at": _json(k.at), "left": _json(k.left), "right": _json(k.right), "convention": _json(k.convention)}
                for k in curve.kinks
            ],
            "confirmation": self.confirmation.to_dict() if self.confirmation else None,
        }

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.head(Style.LATEX, 1)} = {self.derivative(Style.LATEX)}$"


def activation(name: str, *, confirmed: bool = True, **parameters: Fraction | float | str) -> Activation:
    """Derive everything about an activation function.

    Args:
        name: in any spelling, "sigmoid", "ReLU", "swish".
        confirmed: whether JAX confirms the derivative.
        parameters: numbers for the function's parameters, as `a=0.2` for leaky_relu and elu; others get their usual values.

    Raises:
        NameUnknownError: there is no such activation function.
        InputError: it has no such parameter, or that is no number.
        DefectError: two of our own results disagree.

    >>> write(activation("tanh", confirmed=False).trace.derivative, Style.UNICODE)
    '1 − tanh(x)²'
    """
    function = named(name)
    numbers = _parameters(function, parameters)
    check, seed = ScalarCheck(function, numbers), seed_of(function)
    curve, steps = study(function, numbers), trace(function)
    joints = [float(j.value) for j in sorted((*(k.at for k in curve.kinks), *curve.smooth_joints), key=lambda n: n.value)]
    points = points_around(joints or [0.0], seed)
    check.check(steps, points)
    confirmation = _confirmed(check, steps, points, seed) if confirmed else None
    return Activation(function, tuple(numbers.items()), steps, tuple(map(_step, steps.lines)), curve, confirmation)


def _step(line: Line) -> Step:
    sides = (line.before, line.after)
    latex, unicode = ([write(side, style) for side in sides] for style in (Style.LATEX, Style.UNICODE))
    return Step(line.rule, latex[0], latex[1], line.why, unicode[0], unicode[1])


# Names and numbers that were typed


def named(text: str) -> str:
    """The activation function of that name, in any spelling of the table.

    >>> named("ReLU"), named("swish"), named("leaky-relu"), named("σ")
    ('relu', 'silu', 'leaky_relu', 'sigmoid')
    """
    known = {_plain(s): row.name for row in SPELLINGS if row.name in ACTIVATIONS for s in row.all()}
    found = known.get(_plain(text[:64]))
    if found is not None:
        return found
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:32]) + ("…" if len(text) > 32 else "")
    others = {_plain(s): row.name for row in SPELLINGS if row.name not in ACTIVATIONS for s in row.all()}
    other = others.get(_plain(text[:64]))
    if other is not None:
        more = " `hwcheck softmax` proves its derivative." if other == "softmax" else ""
        raise NameUnknownError(f"{other} is a function, but no activation of one number.{more} Those are {', '.join(ACTIVATIONS)}.")
    close = get_close_matches(_plain(text[:64]), known, 1, 0.6)
    guess = f" Did you mean {known[close[0]]}?" if close else ""
    raise NameUnknownError(f"“{shown}” is no activation function that hwcheck knows.{guess} It knows {', '.join(ACTIVATIONS)}.")


def _plain(spelling: str) -> str:
    """A spelling without what people leave out: capitals, hyphens, LaTeX's commands."""
    bare = re.sub(r"\\operatorname\*?\{(.*)\}|\\(?:mathrm|text)\{(.*)\}", r"\1\2", spelling.strip())
    return re.sub(r"[\\\s_-]", "", bare).lower()


def _parameters(function: str, given: Mapping[str, Fraction | float | str]) -> dict[str, Fraction]:
    usual = dict(FUNCTIONS[function].parameters)
    for name in given:
        if name not in usual:
            having = [f"{f} ({', '.join(f'{n} = {_decimal(v)}' for n, v in FUNCTIONS[f].parameters)})"
                      for f in ACTIVATIONS if FUNCTIONS[f].parameters]
            raise InputError(f"{function} has no parameter {name}. Those with one are {' and '.join(having)}.")
    return {name: _number(name, given[name]) if name in given else value for name, value in usual.items()}


def _number(name: str, given: Fraction | float | str) -> Fraction:
    """A parameter as typed: a decimal or a fraction, of reasonable size."""
    if isinstance(given, str):
        text = given.strip().replace("\N{MINUS SIGN}", "-")
        value = Fraction(text) if _DECIMAL.fullmatch(text) or _FRACTION.fullmatch(text) else None
    else:
        value = Fraction(given).limit_denominator(10**9) if math.isfinite(given) else None
    if value is None:
        raise InputError(f"The parameter {name} must be a number such as 0.2 or 1/5, with at most nine digits on either side.")
    if abs(value) > LARGEST_PARAMETER:
        raise InputError(f"The parameter {name} must lie between −{LARGEST_PARAMETER} and {LARGEST_PARAMETER}.")
    return value


def _decimal(value: Fraction) -> str:
    return f"{float(value):.10g}"


# JAX


def points_around(edges: list[float], seed: int) -> Any:
    """Points on every side of every edge and away from all of them, in rising order; at least eight.

    >>> [int((points_around([0.0, 6.0], 1) > edge).sum()) for edge in (-9, 0, 6, 9)]
    [12, 8, 4, 0]
    """
    rng = np.random.default_rng(seed)
    bounds = [edges[0] - 2.8, *edges, edges[-1] + 2.8]
    parts = []
    for low, high in pairwise(bounds):
        margin = (high - low) / 20
        parts.append(rng.uniform(low + margin, high - margin, _ON_EACH_SIDE))
    return np.sort(np.concatenate(parts))


def _confirmed(check: ScalarCheck, steps: Trace, points: Any, seed: int) -> Confirmation:
    """JAX's derivative in both modes at all points at once: the gradient of Σ f(x_i) by the x_i."""
    names = [f"x{i}" for i in range(len(points))]
    modes = confirm_gradient(lambda xp, values: check.array(xp.stack([values[n] for n in names]), xp).sum(), names,
                             dict(zip(names, map(float, points), strict=True)))
    ours = check.values(steps.derivative, points, steps.where)
    worst = []
    for mode, gradient in zip(("jacfwd", "jacrev"), modes, strict=True):
        theirs = np.array([gradient[n] for n in names])
        worst.append(float(np.max(np.abs(theirs - ours) / (1 + np.abs(theirs)))))
        if not worst[-1] < _TOLERANCE:
            raise DefectError(f"Our derivative of {check.function} and JAX's {mode} differ by {worst[-1]:.3g}, seed {seed}. This is "
                              "a defect of hwcheck, not of your input: please report it with the command you ran.")
    return Confirmation(worst[0], worst[1], len(points), (), seed)


# Numbers in words and signs


def spelled(number: Number, style: Style, digits: int = 5) -> str:
    """A number: exactly where it is known, else its first digits.

    >>> spelled(Number(-0.169971207), Style.UNICODE), spelled(Number(-math.inf), Style.LATEX)
    ('−0.16997', '-\\\\infty')
    """
    minus = "-" if style is not Style.UNICODE else "−"
    if not number.is_finite:
        sign = minus if number.value < 0 else ""
        return sign + {Style.LATEX: r"\infty", Style.UNICODE: "∞"}.get(style, "inf")
    if number.exact is not None:
        return write(written(number.exact), style)
    return f"{number.value:.{digits}g}".replace("-", minus)


def interval(curve: Curve, style: Style) -> str:
    """The range as an interval, [−0.16997, ∞) or (0, 1); its decimals are rounded."""
    low, high = curve.lowest, curve.highest
    inside = f"{spelled(low.value, style)}, {spelled(high.value, style)}"
    return f"{'[' if low.attained else '('}{inside}{']' if high.attained else ')'}"


def _json(number: Number) -> dict[str, object]:
    return {
        "decimal": number.value if number.is_finite else None,
        "latex": spelled(number, Style.LATEX),
        "exact": number.exact is not None or not number.is_finite,
    }


__all__ = ["LAYERS", "Activation", "activation", "interval", "named", "points_around", "spelled"]
