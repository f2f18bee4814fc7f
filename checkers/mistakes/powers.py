"""Mistakes in exponents, and what is turned upside down: roots, squares, reciprocals, inverses."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ...derivations.forms.building import num
from ...derivations.notation.written import Written
from .rebuilding import Spot, call, function_of, is_square, made, negated, rank, rebuilt, transposed
from .slips import ONE, TWO, Scene, Slip, is_constant

_POWERS = ("power", "entrypower", "matrixpower")
_INVERSES = {"exp": "log", "log": "exp"}


def exponents(scene: Scene) -> Iterator[Slip]:
    """An exponent dropped, one too large or too small; a root that is none, or of another order."""
    for spot in scene.of(*_POWERS):
        base, exponent = spot.node.args
        value = _rational(exponent)
        if value is None:
            if base.op != "constant" and exponent.is_scalar:
                yield Slip("exponent", "the exponent {}", (exponent,), spot, made(spot.node.op, base, made("sub", exponent, ONE) or ONE))
                yield Slip("exponent", "the exponent {}", (exponent,), spot, made(spot.node.op, base, made("add", exponent, ONE) or ONE))
                yield Slip("exponent", "the exponent {}", (exponent,), spot, base)
                if base.is_scalar and spot.node.op == "power":
                    yield Slip("exponent", "the order of base and exponent in {}", (spot.node,), spot, made("power", exponent, base))
            continue
        for other in _near(value, whole=spot.node.op == "matrixpower"):
            yield Slip("exponent", "the exponent {}", (exponent,), spot, _to_the(spot.node, other))
    for spot in scene.of("call"):
        name = function_of(spot.node)
        if name in ("sqrt", "cbrt"):
            inner = spot.node.args[0]
            yield Slip("exponent", "the root of {}", (inner,), spot, inner)
            yield Slip("exponent", "the root of {}", (inner,), spot, call("cbrt" if name == "sqrt" else "sqrt", inner))
            yield Slip("exponent", "the root of {}", (inner,), spot, _square(inner))
    for spot in scene.of("norm"):
        yield Slip("exponent", "the exponent of {}", (spot.node,), spot, _square(spot.node))


def _to_the(power: Written, exponent: Fraction) -> Written | None:
    """The base of a power to another power."""
    base = power.args[0]
    if exponent == Fraction(1, 2):
        return call("sqrt", base)
    return base if exponent == 1 else made(power.op, base, num(exponent))


def _near(value: Fraction, *, whole: bool) -> list[Fraction]:
    """The exponents that are taken for another, without 0."""
    found = [Fraction(1), value - 1, value + 1, 2 * value]
    if not whole:
        found += [value / 2] if value.denominator > 1 or abs(value) == 1 else []
        found += [Fraction(1, 3)] if value == Fraction(1, 2) else []
        found += [1 / value] if value else []
    return [f for f in dict.fromkeys(found) if f not in (0, value)]


def _rational(tree: Written) -> Fraction | None:
    """The number that is written as an exponent."""
    if tree.op == "neg":
        inner = _rational(tree.args[0])
        return None if inner is None else -inner
    if tree.op == "divide" and all(a.op == "number" for a in tree.args) and Fraction(str(tree.args[1].value)):
        return Fraction(str(tree.args[0].value)) / Fraction(str(tree.args[1].value))
    return Fraction(str(tree.value)) if tree.op == "number" and str(tree.value).isdecimal() and len(str(tree.value)) < 4 else None


def _square(tree: Written) -> Written | None:
    if rank(tree.shape) == 2:
        return made("entrypower", tree, TWO)
    return made("power", tree, TWO)


def squares_and_roots(scene: Scene) -> Iterator[Slip]:
    """The root or the square of something that has none: of the whole, of names, denominators, brackets."""
    found = [scene.root, *(s.below()[1] for s in scene.of("divide")), *scene.of("name"), *scene.of("add", "sub")]
    for spot in found:
        node = spot.node
        if spot.above is not None and (spot.above.node.op in (*_POWERS, "entry", "norm") or is_constant(node)):
            continue
        if node.is_scalar or spot.above is None:
            yield Slip("exponent", "the exponent of {}", (node,), spot, call("sqrt", node))
        if rank(node.shape) < 2:
            yield Slip("exponent", "the exponent of {}", (node,), spot, _square(node))
    for spot in scene.of("call"):
        if function_of(spot.node) == "det" and spot.node.args[0].op == "scale":
            number, matrix = spot.node.args[0].args
            yield from _powers_of_determinant(spot, number, matrix)


def _powers_of_determinant(spot: Spot, number: Written, matrix: Written) -> Iterator[Slip]:
    """c det A and c^{n−1} det A for det(c A)."""
    inner = call("det", matrix)
    size = Written("size", (), matrix.shape[0])
    for power in (number, made("power", number, made("sub", size, ONE) or ONE), made("power", number, made("add", size, ONE) or ONE)):
        new = None if inner is None or power is None else made("scale", power, inner)
        yield Slip("exponent", "the exponent of {} before the determinant", (number,), spot, new)


def upside_down(scene: Scene) -> Iterator[Slip]:
    """b/a for a/b, a b for a/b, 1/b for a factor b; A for A⁻¹."""
    yield from _inverses(scene)
    if scene.tree.is_scalar:
        whole = scene.tree
        turned = made("divide", whole.args[1], whole.args[0]) if whole.op == "divide" else made("divide", ONE, whole)
        yield Slip("inverted", "the reciprocal of the whole", (), scene.root, turned)
    elif is_square(scene.tree.shape):
        yield Slip("inverted", "the inverse of the whole", (), scene.root, _inverse(scene.tree))
    for spot in scene.of("divide", "oslash"):
        top, bottom = spot.node.args
        yield Slip("inverted", "numerator and denominator of {}", (spot.node,), spot, made(spot.node.op, bottom, top))
        if not is_constant(bottom):
            yield Slip("inverted", "the division by {}", (bottom,), spot, made("scale" if bottom.is_scalar else "hadamard", top, bottom))
    for spot in scene.of("scale", "hadamard"):
        for inner in spot.below():
            if not is_constant(inner.node) and (inner.node.is_scalar or spot.node.op == "hadamard"):
                new = made("divide" if inner.node.is_scalar else "oslash", ONE, inner.node)
                yield Slip("inverted", "the place of {}, above or below the line", (inner.node,), inner, new)
    for spot in scene.of("call"):
        name = function_of(spot.node)
        if name in _INVERSES and len(spot.node.args) == 1:
            yield Slip("inverted", "exp or log of {}", (spot.node.args[0],), spot, call(_INVERSES[name], spot.node.args[0]))


def _inverses(scene: Scene) -> Iterator[Slip]:
    for spot in scene.of("inverse"):
        inner = spot.node.args[0]
        yield Slip("inverted", "the inverse of {}", (inner,), spot, inner)
        yield Slip("inverted", "the inverse of {}", (inner,), spot, transposed(inner))
        if inner.op == "matmul":
            a, b = inner.args
            for left, right in ((_inverse(b), a), (b, _inverse(a)), (_inverse(a), b), (a, _inverse(b))):
                yield Slip("inverted", "the inverse of {}", (inner,), spot, made("matmul", left, right) if left and right else None)
    for spot in scene.of(*_POWERS):
        base, exponent = spot.node.args
        if exponent.op == "neg":
            value = _rational(exponent)
            plain = base if value == -1 else rebuilt(spot.node, (base, exponent.args[0]))
            yield Slip("inverted", "the exponent {}", (exponent,), spot, plain)
        elif exponent.op == "number" and spot.node.op != "entrypower":
            yield Slip("inverted", "the exponent {}", (exponent,), spot, rebuilt(spot.node, (base, negated(exponent))))


def _inverse(tree: Written) -> Written | None:
    return tree.args[0] if tree.op == "inverse" else made("inverse", tree)


def added_inverses(scene: Scene) -> Iterator[Slip]:
    """A⁻¹ for A, A⁻¹ for Aᵀ."""
    for spot in [*scene.of("transpose"), *scene.of("name"), *scene.of("add", "sub")]:
        if not is_square(spot.node.shape) or (spot.above is not None and spot.above.node.op in ("inverse", "entry")):
            continue
        inner = spot.node.args[0] if spot.node.op == "transpose" else spot.node
        yield Slip("inverted", "the inverse of {}", (inner,), spot, made("inverse", inner))


__all__ = ["added_inverses", "exponents", "squares_and_roots", "upside_down"]
