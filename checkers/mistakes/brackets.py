"""Brackets that moved: an operand floats out of one, or is swallowed by one.

Both are turns of the tree. `floating` takes a bracket away: a/(b + c) becomes a/b + c, √(a + b) becomes √a + b. What stands
before the bracket stays with its first term, what stands behind it with its last. `swallowing` is the other way round:
½ x² becomes 1/(2x²), f(a) b becomes f(a b).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...derivations.notation.written import Written
from .rebuilding import PRODUCTS, SUMS, Spot, made, negated, rebuilt
from .slips import Scene, Slip

MOST_LEVELS = 4
_SIDED = PRODUCTS | {"kron", "divide", "oslash", "power", "entrypower", "matrixpower"}
_BEHIND = frozenset(("transpose", "inverse"))
_WORDING = "the brackets around {}"
_CALLED_OFF = frozenset(("trace", "det", "logdet", "diag", "diagonal", "vec"))  # without their brackets nobody reads them


def floating(scene: Scene) -> Iterator[Slip]:
    """A bracket that is gone: everything between it and the next sign has another owner."""
    for spot in scene.of("add", "sub"):
        if spot.above is not None and spot.above.node.op in SUMS and spot.position == 0:
            continue  # the whole sum is looked at where it begins
        yield from _floating_terms(spot)
    for spot in scene.of("scale", "divide", "matmul", "hadamard"):
        yield from _floating_factors(spot)


def _floating_terms(spot: Spot) -> Iterator[Slip]:
    terms = _terms(spot.node)
    if spot.above is not None and spot.above.node.op == "sub" and spot.position == 1:
        new = _joined([(1, spot.above.node.args[0]), (-1, terms[0][1]), *terms[1:]])
        yield Slip("missing-parentheses", _WORDING, (spot.node,), spot.above, new)
        return
    first: Written | None = terms[0][1]
    last: Written | None = terms[-1][1]
    rest = _joined(terms[:-1])
    above, levels = spot, 0
    while above.above is not None and above.above.node.op not in SUMS and levels < MOST_LEVELS:
        position, above = above.position, above.above
        levels += 1
        first, last, rest = _before(above.node, position, first), _behind(above.node, position, last), _before(above.node, position, rest)
        if first is None or last is None:
            return
        middle = terms[1:-1]
        yield Slip("missing-parentheses", _WORDING, (spot.node,), above, _joined([(1, first), *middle, (terms[-1][0], last)]))
        if middle and rest is not None:
            yield Slip("missing-parentheses", _WORDING, (spot.node,), above, _joined([(1, rest), (terms[-1][0], last)]))


def _terms(node: Written) -> list[tuple[int, Written]]:
    """The terms of a sum with their signs."""
    found: list[tuple[int, Written]] = []
    while node.op in SUMS:
        found.append((1 if node.op == "add" else -1, node.args[1]))
        node = node.args[0]
    return [(1, node), *reversed(found)]


def _joined(terms: Sequence[tuple[int, Written]]) -> Written | None:
    """Terms with their signs as a sum; None where their shapes are not one."""
    result: Written | None = terms[0][1]
    for sign, term in terms[1:]:
        if result is None or (term.shape != result.shape and not (term.op == "number" or result.op == "number")):
            return None
        result = made("add" if sign > 0 else "sub", result, term)
    return result


def _before(node: Written, position: int, inner: Written | None) -> Written | None:
    """The operation of a node on what stands first in a bracket that is gone: only what is written before it counts."""
    if inner is None:
        return None
    if node.op in _SIDED:
        return inner if position == 0 else rebuilt(node, (node.args[0], inner))
    if node.op in _BEHIND:
        return inner
    if node.op == "neg" or (node.op == "call" and len(node.args) == 1 and node.value not in _CALLED_OFF):
        return rebuilt(node, (inner,))
    return rebuilt(node, (inner,)) if node.op == "sum" else None


def _behind(node: Written, position: int, inner: Written | None) -> Written | None:
    """The operation of a node on what stands last in a bracket that is gone: only what is written behind it counts."""
    if inner is None:
        return None
    if node.op in _SIDED:
        return inner if position == 1 else rebuilt(node, (inner, node.args[1]))
    if node.op in _BEHIND:
        return rebuilt(node, (inner,))
    if node.op == "sum":
        index = node.value[0]
        return None if any(n.op == "index" and n.value == index for n in inner.walk()) else inner
    return inner


def _floating_factors(spot: Spot) -> Iterator[Slip]:
    """f(a b) as f(a) b, (a b)² as a b², a/(b c) as a/b c."""
    left: Written | None = spot.node.args[0]
    right: Written | None = spot.node.args[1]
    above, levels = spot, 0
    while above.above is not None and above.above.node.op not in SUMS and levels < MOST_LEVELS:
        position, above = above.position, above.above
        levels += 1
        left, right = _before(above.node, position, left), _behind(above.node, position, right)
        if left is None or right is None:
            return
        if above.node.op not in PRODUCTS and not (above.node.op == "divide" and position == 0):
            yield Slip("missing-parentheses", _WORDING, (spot.node,), above, made(spot.node.op, left, right))


def swallowing(scene: Scene) -> Iterator[Slip]:
    """A bracket, a function or a denominator that takes in what stands beside it."""
    for spot in scene.of("scale", "divide", "add", "sub", "hadamard", "matmul"):
        left, right = spot.node.args
        for inside, new in _swallowed(left, right, spot.node.op, last=True):
            if inside:
                yield Slip("missing-parentheses", "the brackets beside {}", (right,), spot, new)
        for inside, new in _swallowed(right, left, spot.node.op, last=False):
            if inside:
                yield Slip("missing-parentheses", "the brackets beside {}", (left,), spot, new)


def _swallowed(tree: Written, other: Written, op: str, *, last: bool) -> Iterator[tuple[bool, Written | None]]:
    """`other` taken into the end of `tree` (`last`) or into its beginning, one level and deeper; with whether that makes a
    difference: in (a b) c the brackets say nothing."""
    chain: list[tuple[Written, int]] = []
    matters = False
    node = tree
    for _ in range(MOST_LEVELS):
        position = _end(node, last)
        if position is None:
            return
        chain.append((node, position))
        matters = matters or not _same_class(op, node.op, position)
        node = node.args[position]
        new = made(op, node, other) if last else made(op, other, node)
        for holder, place in reversed(chain):
            if new is None:
                break
            new = rebuilt(holder, (*holder.args[:place], new, *holder.args[place + 1 :]))
        yield matters, new


def _end(node: Written, last: bool) -> int | None:
    """The argument that is written at the end of a node, or at its beginning."""
    if node.op in PRODUCTS or node.op in SUMS or node.op in ("divide", "oslash"):
        return int(last)
    if node.op in ("power", "entrypower", "matrixpower"):
        return None if last and node.op != "power" else int(last)
    if last and (node.op == "neg" or (node.op == "call" and len(node.args) == 1)):
        return 0
    return 0 if not last and node.op in _BEHIND else None


def _same_class(op: str, inner: str, position: int) -> bool:
    """Whether a bracket between two operations says nothing: sums in sums, products in products."""
    if op in SUMS:
        return inner == "add" or (inner == "sub" and position == 0)
    if op == "divide":
        return inner in PRODUCTS and position == 1
    return inner in PRODUCTS or (inner == "divide" and position == 0) or inner == "neg"


def powers_of_functions(scene: Scene) -> Iterator[Slip]:
    """sin(x²) for sin² x, (−x)² for −x²."""
    for spot in scene.of("power", "entrypower"):
        base, exponent = spot.node.args
        if base.op == "call" and len(base.args) == 1:
            power = made(spot.node.op, base.args[0], exponent)
            yield Slip("missing-parentheses", "the place of the exponent {}", (exponent,), spot, power and rebuilt(base, (power,)))
        if spot.above is not None and spot.above.node.op == "neg":
            inside = made(spot.node.op, negated(base), exponent)
            yield Slip("missing-parentheses", "the brackets around {}", (spot.node,), spot.above, inside)
    for spot in scene.of("call"):
        if len(spot.node.args) == 1 and spot.node.args[0].op in ("power", "entrypower"):
            base, exponent = spot.node.args[0].args
            outer = rebuilt(spot.node, (base,))
            new = outer and made(spot.node.args[0].op, outer, exponent)
            yield Slip("missing-parentheses", "the place of the exponent {}", (exponent,), spot, new)


__all__ = ["floating", "powers_of_functions", "swallowing"]
