"""Functions forgotten or applied term by term, which only the phrase names; and one mistake made wherever its part stands."""

from __future__ import annotations

from collections.abc import Iterator

from ...derivations.notation.written import Written
from .rebuilding import SUMS, function_of, made, rank, rebuilt, settings_of, substituted, transposed
from .slips import TWO, Scene, Slip

_CONFUSED = {
    "sin": ("cos",), "cos": ("sin",), "sinh": ("cosh",), "cosh": ("sinh",), "tanh": ("sigmoid",), "sigmoid": ("tanh", "softmax"),
    "softmax": ("sigmoid", "log_softmax"), "log_softmax": ("softmax",), "max": ("min",), "min": ("max",),
    "maximum": ("minimum",), "minimum": ("maximum",), "log": ("log10", "log2"), "log2": ("log",), "log10": ("log",),
    "relu": ("step", "abs"), "step": ("relu", "sign"), "trace": ("det",), "det": ("trace",),
}  # fmt: skip


def other_functions(scene: Scene) -> Iterator[Slip]:
    """σ(z) for σ′(z), cos for sin, z for f(z), f(a) + f(b) for f(a + b)."""
    for spot in scene.of("call"):
        if settings_of(spot.node).get("prime"):
            plain = Written("call", spot.node.args, function_of(spot.node), spot.node.shape, spot.node.span)
            yield Slip("other", "the derivative in {}", (spot.node,), spot, plain)
        for name in _CONFUSED.get(spot.node.value, ()) if isinstance(spot.node.value, str) else ():
            changed = rebuilt(Written("call", (), name, span=spot.node.span), spot.node.args)
            yield Slip("other", "the function in {}", (spot.node,), spot, changed)
    for spot in scene.of("norm"):
        if spot.node.value in ("1", "2") and rank(spot.node.args[0].shape) == 1:
            norm = Written("norm", spot.node.args, "1" if spot.node.value == "2" else "2", spot.node.shape, spot.node.span)
            yield Slip("other", "the kind of norm in {}", (spot.node,), spot, norm)
    for spot in scene.of("call", "inverse", "power", "norm"):
        inner, *more = spot.node.args
        if spot.node.op != "power":
            yield Slip("other", "the function around {}", (inner,), spot, inner)
        if inner.op in SUMS:
            parts = [rebuilt(spot.node, (a, *more)) for a in inner.args]
            new = made(inner.op, parts[0], parts[1]) if parts[0] is not None and parts[1] is not None else None
            yield Slip("other", "{} taken term by term", (spot.node,), spot, new)


def everywhere(scene: Scene) -> Iterator[Slip]:
    """A transpose, an inverse, a root, an exponent or a sign that is lost in every place where the same part stands."""
    seen: list[Written] = []
    for spot in scene.of("transpose", "inverse", "power", "neg", "call", "norm", "name"):
        node = spot.node
        if any(node is s or node == s for s in seen):
            continue
        seen.append(node)
        if sum(other.node.op == node.op and other.node == node for other in scene.of(node.op)) < 2:
            continue
        for code, wording, new in _changes(node):
            yield Slip(code, wording + " in every place", (node,), scene.root, substituted(scene.tree, node, new))


def _changes(node: Written) -> Iterator[tuple[str, str, Written]]:
    inner = node.args[0] if node.args else node
    if node.op == "transpose":
        yield "transposed", "the transpose in {}", inner
    elif node.op == "inverse":
        yield "inverted", "the inverse {}", inner
    elif node.op == "neg":
        yield "sign", "the sign of {}", inner
    elif node.op == "power" or function_of(node) in ("sqrt", "cbrt"):
        yield "exponent", "the exponent in {}", inner
    elif node.op == "norm" and (square := made("power", node, TWO)) is not None:
        yield "exponent", "the exponent of {}", square
    elif node.op == "name" and not node.is_scalar and len(node.shape) == 2:
        yield "transposed", "the transpose of {}", transposed(node)


__all__ = ["everywhere", "other_functions"]
