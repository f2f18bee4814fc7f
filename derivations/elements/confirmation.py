"""JAX confirms: forward and reverse mode against the derived formula, at points that can tell them apart.

The only module that imports JAX, late and once: float64 on, one `jit` around both modes (run eagerly, every primitive
would be compiled alone). Nothing passes vacuously: points at which the function or a derivative is not finite are not
counted, sizes are distinct, and too few valid points are an error.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..errors import DefectError, DomainError
from ..sizes import Shape
from .elements import Element
from .evaluation import Evaluator
from .sampling import draw, least_sizes, size_assignments

POINTS = 8
ASSIGNMENTS = 2
TOLERANCE = 1e-8
_LARGEST = 1e8  # beyond this a value says more about rounding than about the formula


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Largest relative difference of each mode, over how many points, at which sizes, from which seed."""

    jacfwd: float
    jacrev: float
    points: int
    sizes: tuple[dict[str, int], ...]
    seed: int
    domain: str = "any"

    def to_dict(self) -> dict[str, object]:
        """As CONTRACT has it."""
        return {"jacfwd": self.jacfwd, "jacrev": self.jacrev, "points": self.points, "sizes": list(self.sizes), "seed": self.seed}


@cache
def _jax() -> Any:
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def seed_of(text: str) -> int:
    """A seed that belongs to a text: the same in every run.

    >>> seed_of("f(w) = Xw") == seed_of("f(w) = Xw")
    True
    """
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % 1_000_000


def _axes(element: Element) -> dict[str, Shape]:
    return {n.value: n.shape for n in element.walk() if n.kind == "variable"}


def confirm(function: Element, derived: Element, variable: Element, domains: Mapping[str, str], seed: int,
            order: int = 1) -> Confirmation:
    """Compare a derived formula with JAX's derivative of the function.

    Args:
        function: the function as read.
        derived: its derivative (order 1) or Hessian (order 2), axes of the function before those of the variable.
        variable: the variable it is differentiated by.
        domains: where variables live, by name; see `sampling.DOMAINS`.
        seed: where the points come from.
        order: 1 for the Jacobian, 2 for the Hessian of a number.

    Raises:
        DefectError: the formula and JAX disagree, which is a defect of ours.
        InputError: no point was found at which everything is finite.
    """
    shapes = _axes(function) | _axes(derived) | {variable.value: variable.shape}
    named = any(isinstance(s, str) for shape in shapes.values() for s in shape)
    wanted = ASSIGNMENTS if named else 1
    for otherwise in ("any", "positive", "unit"):
        rng = np.random.default_rng(seed)
        usable: list[_Points] = []
        for sizes in size_assignments(shapes.values(), least_sizes([function, derived])):
            values = draw(rng, shapes, sizes, domains, POINTS // wanted, otherwise)
            formula = _formula(derived, values, sizes)
            if not (_usable(formula) and _usable(_formula(function, values, sizes))):
                continue
            usable.append(_Points(sizes, values, formula))
            if len(usable) == wanted:
                modes = _both_modes(function, variable, usable, order)
                kept = [k for k, mode in enumerate(modes) if all(np.isfinite(array).all() for array in mode.values())]
                if len(kept) == wanted:
                    return _compared(usable, modes, seed, otherwise)
                usable = [usable[k] for k in kept]
    raise DomainError("No points were found at which the function and its derivative are finite; declare where the variables "
                     "live with --domain, for example --domain x=positive.")


@dataclass(frozen=True, slots=True)
class _Points:
    """Points at one assignment of sizes: values with the points along a first axis, and the derived formula there."""

    sizes: Mapping[str, int]
    values: Mapping[str, Any]
    formula: Any

    @property
    def count(self) -> int:
        return len(next(iter(self.values.values())))


def _compared(usable: Sequence[_Points], modes: Sequence[Mapping[str, Any]], seed: int, domain: str) -> Confirmation:
    """The largest relative difference of each mode; too large a one is a defect of ours."""
    worst = {"jacfwd": 0.0, "jacrev": 0.0}
    for points, mode in zip(usable, modes, strict=True):
        for name, array in mode.items():
            if array.shape != points.formula.shape:
                raise DefectError(f"Our formula and JAX's {name} differ in shape, {points.formula.shape} and {array.shape}, at "
                                  f"{dict(points.sizes)}. "
                                  "This is a defect of hwcheck, not of your input: please report it with the command you ran.")
            difference = float(np.max(np.abs(array - points.formula) / (1 + np.abs(array)), initial=0.0))
            worst[name] = max(worst[name], difference)
            if not difference < TOLERANCE:
                raise DefectError(_disagreement(name, difference, points, seed))
    sizes = tuple(dict(points.sizes) for points in usable)
    return Confirmation(worst["jacfwd"], worst["jacrev"], sum(p.count for p in usable), sizes, seed, domain)


def _formula(derived: Element, values: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    with np.errstate(all="ignore"):
        result = np.asarray(Evaluator(values, sizes)(derived))
    if not derived.names:  # a constant has no points of its own
        count = next(iter(values.values())).shape[0]
        result = np.broadcast_to(result, (count, *result.shape))
    return result


def _usable(array: Any) -> bool:
    return bool(np.isfinite(array).all() and (np.abs(array) < _LARGEST).all())


def _both_modes(function: Element, variable: Element, usable: Sequence[_Points], order: int) -> list[dict[str, Any]]:
    """Both modes at all points, {"jacfwd": …, "jacrev": …} for every assignment of sizes.

    One compilation for all: it costs more than everything that is computed with it.
    """
    jax = _jax()

    def derivatives(point: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
        def value(x: Any) -> Any:
            return Evaluator(dict(point) | {variable.value: x}, sizes, jax.numpy)(function) * 1.0

        x = point[variable.value]
        if order == 2:
            return jax.jacfwd(jax.jacrev(value))(x), jax.jacrev(jax.jacrev(value))(x)
        return jax.jacfwd(value)(x), jax.jacrev(value)(x)

    compiled = jax.jit(lambda points: [derivatives(p, u.sizes) for p, u in zip(points, usable, strict=True)])
    results = [compiled([{n: v[k] for n, v in u.values.items()} for u in usable]) for k in range(usable[0].count)]
    return [{name: np.stack([np.asarray(r[which][mode]) for r in results]) for mode, name in enumerate(("jacfwd", "jacrev"))}
            for which in range(len(usable))]


def _disagreement(mode: str, difference: float, points: _Points, seed: int) -> str:
    shown = "; ".join(f"{name} = {np.array2string(np.asarray(v)[0], precision=6, threshold=12)}"
                      for name, v in sorted(points.values.items()))
    return (f"Our formula and JAX's {mode} differ by {difference:.3g} (relative) at sizes {dict(points.sizes)}, seed {seed}, first point "
            f"{shown}. This is a defect of hwcheck, not of your input: please report it with the command you ran.")


Draw = Callable[[np.random.Generator, Mapping[str, int]], dict[str, Any]]
_ATTEMPTS = 60


def confirm_many(definitions: Sequence[tuple[str, Element]], output: str, gradients: Mapping[str, Sequence[str]],
                 assignments: Sequence[Mapping[str, int]], draw_points: Draw, seed: int) -> Confirmation:
    """Compare many derived gradients of one number with JAX's, in both modes, all in one compilation.

    Args:
        definitions: named elements in the order in which they are computed; each may mention those before it.
        output: the name of the number that is differentiated.
        gradients: for a variable, or something defined before the output, the definitions said to be the derivative by it.
        assignments: numbers for the size names, one after the other.
        draw_points: values of all variables for a generator and sizes, with the points along a first axis.
        seed: where the points come from.

    Differences are relative to the largest entry of a gradient, which is not 0 at some point: in a deep network all entries
    may be small.

    Raises:
        DefectError: a gradient and JAX disagree, which is a defect of ours.
        DomainError: no points were found at which everything is finite and no gradient vanishes.
    """
    usable = [_telling(definitions, gradients, sizes, draw_points, np.random.default_rng(seed + k)) for k, sizes in enumerate(assignments)]
    modes = _gradients(definitions[: [n for n, _ in definitions].index(output) + 1], gradients, usable)
    worst = {"jacfwd": 0.0, "jacrev": 0.0}
    for (points, known), found in zip(usable, modes, strict=True):
        for mode, arrays in found.items():
            for by, names in gradients.items():
                for name in names:
                    difference = _relative(known[name], arrays[by])
                    if not difference < TOLERANCE:
                        raise DefectError(f"{name}: " + _disagreement(mode, difference, points, seed))
                    worst[mode] = max(worst[mode], difference)
    return Confirmation(worst["jacfwd"], worst["jacrev"], sum(p.count for p, _ in usable), tuple(dict(p.sizes) for p, _ in usable), seed)


def _relative(derived: Any, found: Any) -> float:
    if derived.shape != found.shape or not np.isfinite(found).all():
        return float("inf")
    largest = np.abs(found).reshape(len(found), -1).max(axis=1).reshape((-1,) + (1,) * (found.ndim - 1))
    return float(np.max(np.abs(derived - found) / (largest + 1e-300), initial=0.0))


def _telling(definitions: Sequence[tuple[str, Element]], gradients: Mapping[str, Sequence[str]], sizes: Mapping[str, int],
             draw_points: Draw, rng: np.random.Generator) -> tuple[_Points, dict[str, Any]]:
    """Points at which all definitions are finite and every gradient is somewhere not zero, and the definitions there."""
    for _ in range(_ATTEMPTS):
        values = draw_points(rng, sizes)
        with np.errstate(all="ignore"):
            known = _computed(definitions, values, sizes, np, {})
        claimed = [known[name] for names in gradients.values() for name in names]
        if all(_usable(known[n]) for n, _ in definitions) and all((c != 0).any() for c in claimed):
            return _Points(sizes, values, None), known
    raise DomainError("No points were found at which the network and its gradients are finite and not zero.")


def _computed(definitions: Sequence[tuple[str, Element]], values: Mapping[str, Any], sizes: Mapping[str, int], xp: Any,
              shifts: Mapping[str, Any]) -> dict[str, Any]:
    """All definitions, one after the other; what has a shift is moved by it."""
    known = dict(values)
    at = Evaluator(known, sizes, xp)
    for name, element in definitions:
        known[name] = at(element) + shifts[name] if name in shifts else at(element)
    return known


def _gradients(definitions: Sequence[tuple[str, Element]], gradients: Mapping[str, Sequence[str]],
               usable: Sequence[tuple[_Points, Mapping[str, Any]]]) -> list[dict[str, dict[str, Any]]]:
    """The gradients of the last definition in both modes, at all points of every assignment of sizes."""
    jax, defined = _jax(), dict(definitions)

    def both(point: Mapping[str, Any], shifts: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
        def value(moved: Mapping[str, Any]) -> Any:
            inner = {n: v for n, v in moved.items() if n in defined}
            return _computed(definitions, {**point, **moved}, sizes, jax.numpy, inner)[definitions[-1][0]] * 1.0

        at = {n: shifts[n] if n in defined else point[n] for n in gradients}
        return jax.jacfwd(value)(at), jax.jacrev(value)(at)

    def all_points(batches: Sequence[tuple[Any, Any]]) -> Any:
        return [jax.vmap(lambda p, s, sizes=u.sizes: both(p, s, sizes))(*b) for b, (u, _) in zip(batches, usable, strict=True)]

    zeros = [{n: np.zeros_like(known[n]) for n in gradients if n in defined} for _, known in usable]
    points = [(dict(u.values), z) for (u, _), z in zip(usable, zeros, strict=True)]
    results = jax.jit(all_points)(points)
    return [{mode: {n: np.asarray(a) for n, a in found.items()} for mode, found in zip(("jacfwd", "jacrev"), pair, strict=True)}
            for pair in results]


def confirm_gradient(function: Callable[[Any, Mapping[str, Any]], Any], names: Sequence[str], point: Mapping[str, float]) -> (
    tuple[dict[str, float], dict[str, float]]
):
    """The gradient of a number by numbers at one point, in both modes: (by jacfwd, by jacrev).

    `function(xp, values)` computes with the array library it is given.
    """
    jax = _jax()

    def value(x: Mapping[str, Any]) -> Any:
        return function(jax.numpy, x) * 1.0

    at = {name: np.float64(point[name]) for name in names}
    forward, reverse = jax.jit(lambda x: (jax.jacfwd(value)(x), jax.jacrev(value)(x)))(at)
    return {n: float(forward[n]) for n in names}, {n: float(reverse[n]) for n in names}


def descend(loss: Callable[[Any, Mapping[str, Any]], Any], parameters: Mapping[str, Any], rate: float, steps: int) -> (
    tuple[dict[str, Any], Any]
):
    """Gradient descent: every parameter, and the loss, at the start and after each step, along a first axis of steps + 1.

    `loss(xp, parameters)` computes a number with the array library it is given. Where the descent runs away, so do the numbers.
    """
    jax = _jax()

    def step(at: Mapping[str, Any], _: None) -> Any:
        value, gradient = jax.value_and_grad(lambda p: loss(jax.numpy, p))(at)
        return {n: at[n] - rate * gradient[n] for n in at}, (at, value)

    def run(start: Mapping[str, Any]) -> Any:
        return jax.lax.scan(step, start, None, length=steps + 1)[1]

    path, losses = jax.jit(run)({n: np.asarray(v, dtype=float) for n, v in parameters.items()})
    return {n: np.asarray(v) for n, v in path.items()}, np.asarray(losses)
