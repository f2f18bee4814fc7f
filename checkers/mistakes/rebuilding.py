"""Written forms put together anew: one part exchanged, every shape above it worked out again.

`rebuilt` gives the node of an operation on other arguments, with the operation that the new shapes ask for: a matrix
product with a number becomes a multiple. What cannot be typed is None, never an exception. Parts that stay are the same
objects as before, so that what was computed for them can be kept by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...derivations.notation.written import SCALAR, Written
from ...derivations.reader.applications import ENTRYWISE
from ...derivations.sizes import Shape, times

SUMS = frozenset(("add", "sub"))
PRODUCTS = frozenset(("scale", "matmul", "hadamard", "dot"))

Typed = tuple[str, Shape]  # an operation and the shape of its result
Rule = Callable[[Written, Sequence[Written]], Typed | None]


@dataclass(frozen=True, slots=True)
class Spot:
    """A node in its tree: what it is an argument of, and which one."""

    node: Written
    above: Spot | None = None
    position: int = 0

    @property
    def path(self) -> tuple[int, ...]:
        """The positions from the root down to here."""
        steps: list[int] = []
        spot = self
        while spot.above is not None:
            steps.append(spot.position)
            spot = spot.above
        return tuple(reversed(steps))

    @property
    def beside(self) -> tuple[Written, ...]:
        """The other arguments of the node above."""
        if self.above is None:
            return ()
        args = self.above.node.args
        return (*args[: self.position], *args[self.position + 1 :])

    def below(self) -> tuple[Spot, ...]:
        """The arguments of this node as spots."""
        return tuple(Spot(a, self, k) for k, a in enumerate(self.node.args))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A tree with one part exchanged; `spread`: a number came to stand in a sum with a column or a matrix, where before
    both had one shape, or the other way round."""

    tree: Written
    spread: bool = False


def spots(tree: Written) -> Iterator[Spot]:
    """Every node of a tree, parents first."""
    todo = [Spot(tree)]
    while todo:
        spot = todo.pop()
        yield spot
        todo.extend(reversed(spot.below()))


def spot_at(tree: Written, path: Sequence[int]) -> Spot:
    """The spot that a path leads to."""
    spot = Spot(tree)
    for position in path:
        spot = Spot(spot.node.args[position], spot, position)
    return spot


def replaced(tree: Written, path: Sequence[int], new: Written) -> Written | None:
    """The tree with `new` at a path, all shapes worked out again; None where it does not fit.

    >>> w = Written("name", value="w", shape=("d", 1))
    >>> row = Written("transpose", (w,), shape=(1, "d"))
    >>> replaced(Written("scale", (Written("number", value="2"), row), shape=(1, "d")), [1], w).shape
    ('d', 1)
    """
    exchange = exchanged(spot_at(tree, path), new)
    return exchange.tree if exchange else None


def exchanged(spot: Spot, new: Written) -> Exchange | None:
    """The whole tree with `new` in place of the node at a spot; None where it does not fit."""
    spread = False
    while spot.above is not None:
        above, old, position = spot.above.node, spot.node, spot.position
        args = (*above.args[:position], new, *above.args[position + 1 :])
        if new.shape == old.shape and above.op not in ("entry", "power", "matrixpower"):
            made: Written | None = Written(above.op, args, above.value, above.shape, above.span, above.sign)
        else:
            made = rebuilt(above, args)
            spread = spread or (above.op in SUMS and _one_shape(above.args) != _one_shape(args))
        if made is None:
            return None
        spot, new = spot.above, made
    return Exchange(new, spread)


def substituted(tree: Written, old: Written, new: Written) -> Written | None:
    """The tree with `new` wherever `old` stands; None where it does not fit. What has no `old` in it stays the same object."""
    if tree == old:
        return new
    args = [substituted(a, old, new) for a in tree.args]
    if all(a is b for a, b in zip(args, tree.args, strict=True)):
        return tree
    found = [a for a in args if a is not None]
    return rebuilt(tree, found) if len(found) == len(args) else None


def _one_shape(args: Sequence[Written]) -> bool:
    return args[0].shape == args[1].shape


def rebuilt(node: Written, args: Sequence[Written]) -> Written | None:
    """The operation of a node on other arguments; None where their shapes do not fit it.

    >>> A, two = Written("name", value="A", shape=("n", "d")), Written("number", value="2")
    >>> rebuilt(Written("matmul", (A, A)), (two, A)).op
    'scale'
    """
    rule = _RULES.get(node.op)
    if rule is None:
        typed = (node.op, node.shape) if _as_before(node, args) else None
    else:
        typed = rule(node, args)
    if typed is None:
        return None
    op, shape = typed
    if op == "same":  # the transpose of a number
        return args[0]
    value = _NORMS[rank(args[0].shape)] if op == "norm" and node.value != "1" else node.value
    return Written(op, tuple(args), value, shape, node.span, node.sign)


_NORMS = {1: "2", 2: "F"}


def made(op: str, *args: Written, value: object = None) -> Written | None:
    """An operation on arguments, typed as `rebuilt` does it; it takes the place of the text between them."""
    span = (min(a.span[0] for a in args), max(a.span[1] for a in args))
    return rebuilt(Written(op, (), value, SCALAR, span), args)


def call(name: str, arg: Written) -> Written | None:
    """A function of one argument."""
    return made("call", arg, value=name)


def transposed(tree: Written) -> Written:
    """aᵀ, where (aᵀ)ᵀ is a and a number stays as it is."""
    if tree.op == "transpose":
        return tree.args[0]
    if tree.is_scalar:
        return tree
    return Written("transpose", (tree,), None, (tree.shape[1], tree.shape[0]), tree.span)


def negated(tree: Written) -> Written:
    """−a, where −(−a) is a."""
    if tree.op == "neg":
        return tree.args[0]
    return Written("neg", (tree,), None, tree.shape, tree.span)


def rank(shape: Shape) -> int:
    """How many axes of a shape are longer than 1."""
    return sum(s != 1 for s in shape)


def is_square(shape: Shape) -> bool:
    """Whether a shape is that of a square matrix, not of a number."""
    return len(shape) == 2 and shape[0] == shape[1] != 1


def function_of(node: Written) -> str:
    """The name of the function that a call applies; "" where the node is no call."""
    if node.op != "call":
        return ""
    return str(node.value if isinstance(node.value, str) else node.value[0])


def settings_of(node: Written) -> dict[str, object]:
    """The axis, the primes and so on of a call."""
    return {} if isinstance(node.value, str) else dict(node.value[1:])


# Shapes, an operation at a time


def _as_before(node: Written, args: Sequence[Written]) -> bool:
    return len(args) == len(node.args) and all(a.shape == b.shape for a, b in zip(args, node.args, strict=True))


def _matrices(args: Sequence[Written]) -> bool:
    return all(len(a.shape) == 2 for a in args)


def _together(args: Sequence[Written]) -> Shape | None:
    """The shape of what goes entry by entry: one shape, or a number and anything."""
    left, right = args
    if left.shape == right.shape or right.shape == SCALAR:
        return left.shape
    return right.shape if left.shape == SCALAR else None


def _added(node: Written, args: Sequence[Written]) -> Typed | None:
    shape = _together(args)
    return (node.op, shape) if shape is not None else None


def _negated(node: Written, args: Sequence[Written]) -> Typed:
    return "neg", args[0].shape


def _product(node: Written, args: Sequence[Written]) -> Typed | None:
    left, right = args
    if not _matrices(args):
        return None
    if left.is_scalar or right.is_scalar:
        return "scale", right.shape if left.is_scalar else left.shape
    if node.op in ("hadamard", "dot"):
        if left.shape != right.shape or (node.op == "dot" and rank(left.shape) != 1):
            return None
        return (node.op, left.shape if node.op == "hadamard" else SCALAR)
    return ("matmul", (left.shape[0], right.shape[1])) if left.shape[1] == right.shape[0] else None


def _kron(node: Written, args: Sequence[Written]) -> Typed | None:
    if not _matrices(args):
        return None
    shape = tuple(times(pair) for pair in zip(args[0].shape, args[1].shape, strict=True))
    return ("scale" if any(a.is_scalar for a in args) else "kron"), shape


def _divided(node: Written, args: Sequence[Written]) -> Typed | None:
    top, bottom = args
    if bottom.is_scalar:
        return "divide", top.shape
    return ("oslash", bottom.shape) if top.shape in (SCALAR, bottom.shape) else None


def _raised(node: Written, args: Sequence[Written]) -> Typed | None:
    base, exponent = args
    if not exponent.is_scalar:
        return ("power", exponent.shape) if base.is_scalar else None
    if base.is_scalar:
        return "power", SCALAR
    if node.op == "matrixpower" and is_square(base.shape):
        return node.op, base.shape
    if node.op == "entrypower" or (node.op == "power" and rank(base.shape) == 1):
        return node.op, base.shape
    return None


def _turned(node: Written, args: Sequence[Written]) -> Typed | None:
    shape = args[0].shape
    if shape == SCALAR:
        return "same", shape
    return ("transpose", (shape[1], shape[0])) if len(shape) == 2 else None


def _inverted(node: Written, args: Sequence[Written]) -> Typed | None:
    return ("inverse", args[0].shape) if is_square(args[0].shape) else None


def _norm(node: Written, args: Sequence[Written]) -> Typed | None:
    axes = rank(args[0].shape)
    return ("norm", SCALAR) if axes == 1 or (axes == 2 and node.value != "1") else None


def _called(node: Written, args: Sequence[Written]) -> Typed | None:
    name = function_of(node)
    if name in ENTRYWISE and len(args) == 1:
        return "call", args[0].shape
    rule = _CALLS.get(name)
    if rule is None:
        return ("call", node.shape) if _as_before(node, args) else None
    shape = rule(node, args)
    return ("call", shape) if shape is not None else None


def _reduced(node: Written, args: Sequence[Written]) -> Shape | None:
    axis = settings_of(node).get("axis")
    shape = args[0].shape
    if axis is None:
        return SCALAR if rank(shape) else None
    return (shape[1 - int(str(axis)) % 2], 1) if rank(shape) == 2 == len(shape) else None


def _along(node: Written, args: Sequence[Written]) -> Shape | None:
    shape = args[0].shape
    return shape if rank(shape) == (2 if settings_of(node) else rank(shape) or -1) else None


def _of_square(node: Written, args: Sequence[Written]) -> Shape | None:
    return SCALAR if is_square(args[0].shape) else None


def _diag(node: Written, args: Sequence[Written]) -> Shape | None:
    shape = args[0].shape
    size = shape[0] if shape[0] != 1 else shape[1]
    return (size, size) if rank(shape) == 1 else None


_CALLS: dict[str, Callable[[Written, Sequence[Written]], Shape | None]] = {
    **dict.fromkeys(("sum", "mean", "prod", "max", "min", "logsumexp"), _reduced),
    **dict.fromkeys(("softmax", "log_softmax"), _along),
    **dict.fromkeys(("trace", "det", "logdet"), _of_square),
    **dict.fromkeys(("maximum", "minimum"), lambda _, args: _together(args)),
    "expm": lambda _, args: args[0].shape if is_square(args[0].shape) else None,
    "diag": _diag,
    "diagonal": lambda _, args: (args[0].shape[0], 1) if is_square(args[0].shape) else None,
    "vec": lambda _, args: (times(args[0].shape), 1) if rank(args[0].shape) else None,
    "pinv": lambda _, args: (args[0].shape[1], args[0].shape[0]) if rank(args[0].shape) == 2 else None,
}


def _summed(node: Written, args: Sequence[Written]) -> Typed:
    return node.op, args[0].shape


def _compared(node: Written, args: Sequence[Written]) -> Typed | None:
    shape = _together(args) if len(args) == 2 else None
    return ("compare", shape) if shape is not None else None


_RULES: dict[str, Rule] = {
    "add": _added, "sub": _added, "neg": _negated,
    "scale": _product, "matmul": _product, "hadamard": _product, "dot": _product, "kron": _kron,
    "divide": _divided, "oslash": _divided,
    "power": _raised, "entrypower": _raised, "matrixpower": _raised,
    "transpose": _turned, "inverse": _inverted, "norm": _norm, "call": _called,
    "sum": _summed, "prod": _summed, "compare": _compared,
}  # fmt: skip

__all__ = [
    "PRODUCTS", "SUMS", "Exchange", "Spot", "call", "exchanged", "function_of", "is_square", "made", "negated", "rank",
    "rebuilt", "replaced", "settings_of", "spot_at", "spots", "substituted", "transposed",
]  # fmt: skip
