"""Mistakes in sums and products: signs, constant factors, terms and factors that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from ...derivations.notation.written import Written
from ...derivations.reader.applications import ENTRYWISE
from .inner_derivatives import complement_of, is_derivative, is_half_of_product_rule, is_inner
from .rebuilding import PRODUCTS, SUMS, Spot, function_of, made, negated, rank, settings_of, transposed
from .slips import HALF, ONE, TWO, ZERO, Scene, Slip, factors_of, is_constant, product_above

_EVEN = frozenset(("abs", "cos", "cosh"))
_SIGNED = (ENTRYWISE | {"softmax", "log_softmax", "logsumexp", "maximum", "minimum"}) - _EVEN
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


# Signs


def whole_sign(scene: Scene) -> Iterator[Slip]:
    yield Slip("sign", "the sign of the whole", (), scene.root, negated(scene.tree))


def signs_of_terms(scene: Scene) -> Iterator[Slip]:
    """a + b for a − b, −a + b for a + b."""
    for spot in scene.of("sub", "add"):
        node = spot.node
        left, right = node.args
        yield Slip("sign", "the sign of {}", (right,), spot, made("add" if node.op == "sub" else "sub", left, right))
        if left.op not in SUMS:
            yield Slip("sign", "the sign of {}", (left,), spot, made(node.op, negated(left), right))


def signs_inside(scene: Scene) -> Iterator[Slip]:
    """e^x for e^{−x}; a minus that is lost; x < 0 for x > 0."""
    for spot in scene.of("neg"):
        if spot.above is not None:
            yield Slip("sign", "the sign of {}", (spot.node.args[0],), spot, spot.node.args[0])
    for spot in scene.of("call"):
        if function_of(spot.node) in _SIGNED:
            yield from (_opposite(inner) for inner in spot.below() if not is_constant(inner.node))
    for spot in scene.of("power"):
        if not is_constant(spot.node.args[1]):
            yield _opposite(spot.below()[1])
    for spot in scene.of("cases"):
        if len(spot.node.args) in (3, 4):
            first, condition, second, *rest = spot.node.args
            args = (second, condition, first, *rest)
            new = Written("cases", args, spot.node.value, spot.node.shape, spot.node.span)
            yield Slip("sign", "the direction of {}", (condition,), spot, new)
    for spot in scene.of("indicator"):
        (condition,) = spot.node.args
        if condition.op == "compare" and condition.value in _FLIPPED:
            new = Written("compare", condition.args, _FLIPPED[condition.value], condition.shape, condition.span)
            yield Slip("sign", "the direction of {}", (condition,), spot.below()[0], new)


def _opposite(spot: Spot) -> Slip:
    return Slip("sign", "the sign of {}", (spot.node,), spot, negated(spot.node))


# Terms


def missing_terms(scene: Scene) -> Iterator[Slip]:
    """One term of a sum left out."""
    for spot in scene.of("add", "sub"):
        left, right = spot.node.args
        code = "product-rule" if is_half_of_product_rule(left, right) else "missing-term"
        for term, rest in ((right, left), (left, negated(right) if spot.node.op == "sub" else right)):
            if _is_exponent(spot) and is_constant(term):
                yield Slip("exponent", "the exponent {}", (spot.node,), spot, rest)
            elif not _leaves_one(spot, rest):
                yield Slip(code, "the term {}", (term,), spot, rest)


def _is_exponent(spot: Spot) -> bool:
    return spot.above is not None and spot.above.node.op == "power" and spot.position == 1


def _leaves_one(spot: Spot, rest: Written) -> bool:
    """Whether what is left is a factor 1: a (1 − b) became a, of which b is not the term but 1 − b the factor."""
    return rest.value == "1" and spot.above is not None and spot.above.node.op in PRODUCTS


def mixed_terms(scene: Scene) -> Iterator[Slip]:
    """(a + b)² as a² + b², ‖a − b‖² as ‖a‖² + ‖b‖², an outer product beside diag(·) as its diagonal."""
    for spot in scene.of("power", "matrixpower", "entrypower"):
        base, exponent = spot.node.args
        if exponent.value != "2":
            continue
        inside = base.args[0] if base.op == "norm" else base
        if inside.op in SUMS:
            squares = [_squared(base, a, spot.node, exponent) for a in inside.args]
            for op in (inside.op, "add") if inside.op == "sub" and base.op != "norm" else ("add",):
                new = None if squares[0] is None or squares[1] is None else made(op, squares[0], squares[1])
                yield Slip("missing-term", "the mixed term of {}", (spot.node,), spot, new)
    for spot in scene.of("matmul"):
        left, right = spot.node.args
        if rank(left.shape) == rank(right.shape) == 1 and left.shape == transposed(right).shape and left.shape[1] == 1:
            entries = made("hadamard", left, transposed(right))
            diagonal = None if entries is None else made("call", entries, value="diag")
            summed = spot.above is not None and spot.above.node.op in SUMS
            code = "missing-term" if summed else "elementwise-vs-matrix"
            yield Slip(code, "the entries of {} off the diagonal", (spot.node,), spot, diagonal)


def _squared(base: Written, term: Written, square: Written, exponent: Written) -> Written | None:
    inner = made("norm", term, value=base.value) if base.op == "norm" else term
    return None if inner is None else made(square.op, inner, exponent)


def larger_and_smaller(scene: Scene) -> Iterator[Slip]:
    """max(0, x) for max(0.01 x, x)."""
    for spot in scene.of("call"):
        if function_of(spot.node) in ("maximum", "minimum"):
            for inner in spot.below():
                if not is_constant(inner.node):
                    yield Slip("missing-term", "the argument {}", (inner.node,), inner, ZERO)


# Factors


def constant_factors(scene: Scene) -> Iterator[Slip]:
    """A factor 2, ½, 1/n or 1/√d left out; a mean for a sum."""
    for spot in scene.of("scale"):
        left, right = spot.node.args
        for factor, other in ((left, right), (right, left)):
            if is_constant(factor):
                yield Slip("factor", "the factor {}", (factor,), spot, other)
    for spot in scene.of("divide"):
        top, bottom = spot.node.args
        if is_constant(bottom) and spot.node.args[0].op != "number":
            yield Slip("factor", "the factor 1/{}", (bottom,), spot, top)
        elif is_constant(top) and top.value != "1":
            yield Slip("factor", "the factor {}", (top,), spot, made("divide", ONE, bottom))
    for spot in scene.of("call"):
        name, settings = function_of(spot.node), settings_of(spot.node)
        if name in ("sum", "mean"):
            other_name = "mean" if name == "sum" else "sum"
            value = (other_name, *settings.items()) if settings else other_name
            new = Written("call", spot.node.args, value, spot.node.shape, spot.node.span)
            yield Slip("factor", "the number of terms in {}", (spot.node,), spot, new)


def twice_and_half(scene: Scene) -> Iterator[Slip]:
    """A term twice or half as large."""
    for inner in [i for spot in scene.of("add", "sub") for i in spot.below()]:
        if inner.node.op not in SUMS:
            yield Slip("factor", "a factor 2 before {}", (inner.node,), inner, made("scale", TWO, inner.node))
            yield Slip("factor", "a factor ½ before {}", (inner.node,), inner, made("scale", HALF, inner.node))


def twice_inside(scene: Scene) -> Iterator[Slip]:
    """An argument of a function twice or half as large; the whole, too."""
    found = [i for spot in scene.of("call", "power") for i in spot.below() if _is_argument(i)]
    for inner in [scene.root, *found]:
        yield Slip("factor", "a factor 2 before {}", (inner.node,), inner, made("scale", TWO, inner.node))
        yield Slip("factor", "a factor ½ before {}", (inner.node,), inner, made("scale", HALF, inner.node))


def _is_argument(spot: Spot) -> bool:
    assert spot.above is not None
    if spot.above.node.op == "power":
        return spot.position == 1 and not is_constant(spot.node)
    return function_of(spot.above.node) in _SIGNED | _EVEN and not is_constant(spot.node)


def sizes_of_factors(scene: Scene) -> Iterator[Slip]:
    """1/d for 1/n, 1/n where none belongs, n for 1/n."""
    known = scene.sizes()
    for spot in scene.of("size"):
        for size in known:
            if size != spot.node.value:
                yield Slip("factor", "the size {}", (spot.node,), spot, Written("size", (), size, span=spot.node.span))
    for spot in scene.of("scale"):
        for inner in spot.below():
            if is_constant(inner.node) and inner.node.op in ("divide", "size"):
                top_and_bottom = inner.node.args[::-1] if inner.node.op == "divide" else (ONE, inner.node)
                new = top_and_bottom[0] if top_and_bottom[-1].value == "1" else made("divide", *top_and_bottom)
                yield Slip("factor", "the factor {}", (inner.node,), inner, new)
    for inner in [i for spot in scene.of("add", "sub") for i in spot.below()]:
        for size in known[:3]:
            new = made("divide", inner.node, Written("size", (), size))
            yield Slip("factor", f"a factor 1/{size} before {{}}", (inner.node,), inner, new)


def missing_factors(scene: Scene) -> Iterator[Slip]:
    """One factor of a product left out, by itself, with its number, or s(1 − s) as a whole."""
    yield from _derivative_pairs(scene)
    for spot in scene.of("scale", "matmul", "hadamard", "dot"):
        left, right = spot.node.args
        for factor, other in ((right, left), (left, right)):
            if not is_constant(factor):
                yield Slip(_code_of(spot, factor), "the factor {}", (factor,), spot, other)
    for spot in scene.of("divide", "oslash"):
        top, bottom = spot.node.args
        if not is_constant(bottom):
            yield Slip("missing-factor", "the denominator {}", (bottom,), spot, top)
        if not is_constant(top):
            yield Slip(_code_of(spot, top), "the factor {}", (top,), spot, made(spot.node.op, ONE, bottom))
    yield from _factors_with_numbers(scene)
    for spot in scene.of("call"):
        if function_of(spot.node) == "diag":
            inner = spot.node.args[0]
            yield Slip("missing-factor", "the factor {}", (inner,), spot, Written("identity", (), None, spot.node.shape))
    for spot in scene.of("delta"):
        yield Slip("missing-factor", "the factor {}", (spot.node,), spot, ONE)


def _code_of(spot: Spot, *dropped: Written) -> str:
    """What leaving a factor out is called: the chain rule forgotten where it is an inner derivative."""
    lost = [f for d in dropped for f in factors_of(d)]
    beside = [f for f in factors_of(product_above(spot).node, below=True) if all(f is not x for x in lost)]
    inner = any(is_derivative(f) or is_inner(f, beside) for f in lost)
    pair = any(complement_of(f) in lost for f in lost if complement_of(f) is not None)
    return "chain-rule" if inner or pair else "missing-factor"


def _derivative_pairs(scene: Scene) -> Iterator[Slip]:
    """The s(1 − s) of δ s(1 − s)."""
    for spot in scene.of("scale", "hadamard"):
        left, right = spot.node.args
        s = complement_of(right)
        if s is not None and left.op == spot.node.op and left.args[1] == s:
            yield Slip("chain-rule", "the factor {}", (spot.node,), spot, left.args[0])


def _factors_with_numbers(scene: Scene) -> Iterator[Slip]:
    """2x left out of 2x(w x − y), and of −2x e^{…}: what is left of a product without all but one of its factors."""
    for spot in scene.of("scale", "matmul", "hadamard"):
        if product_above(spot).node is not spot.node and spot.above is not None and spot.above.node.op in PRODUCTS:
            continue
        factors = factors_of(spot.node)
        if len(factors) < 3:
            continue
        for kept in factors:
            lost = [f for f in factors if f is not kept]
            if not is_constant(kept):
                code = _code_of(spot, *lost)
                yield Slip(code, "the factors beside {}", (kept,), spot, kept)
                if spot.above is not None and spot.above.node.op == "neg":
                    yield Slip(code, "the factors beside {}", (kept,), spot.above, kept)


__all__ = [
    "constant_factors", "larger_and_smaller", "missing_factors", "missing_terms", "mixed_terms", "signs_inside",
    "signs_of_terms", "sizes_of_factors", "twice_and_half", "twice_inside", "whole_sign",
]  # fmt: skip
