"""Small changes to written forms of numbers: nodes replaced, products and sums taken apart and put together again.

For lines that a person would write with pen and paper: cancel, take out, put in. Whoever uses them evaluates both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ..forms import building as b
from ..notation.written import Written


def rewritten(tree: Written, rule: Callable[[Written], Written | None]) -> Written:
    """A tree with nodes replaced, from the leaves upwards, by what the rule says."""
    tree = replace(tree, args=tuple(rewritten(a, rule) for a in tree.args))
    found = rule(tree)
    return tree if found is None else found


def factors(tree: Written) -> list[Written]:
    return [f for a in tree.args for f in factors(a)] if tree.op == "scale" else [tree]


def terms(tree: Written) -> list[tuple[int, list[Written]]]:
    """A difference as signed lists of factors."""
    if tree.op in ("add", "sub"):
        sign = 1 if tree.op == "add" else -1
        return terms(tree.args[0]) + [(sign * s, f) for s, f in terms(tree.args[1])]
    if tree.op == "neg":
        return [(-s, f) for s, f in terms(tree.args[0])]
    return [(1, factors(tree))]


def joined(terms: Sequence[tuple[int, Sequence[Written]]]) -> Written:
    signed = []
    for sign, factors in terms:
        tree = b.ONE
        for f in factors:
            tree = b.scale(tree, f)
        signed.append(tree if sign > 0 else b.neg(tree))
    return b.add(signed)


def cancelled(tree: Written) -> Written | None:
    """a b / b is a."""
    if tree.op != "divide":
        return None
    above = factors(tree.args[0])
    if tree.args[1] not in above:
        return None
    above.remove(tree.args[1])
    return joined([(1, above)])


__all__ = ["cancelled", "factors", "joined", "rewritten", "terms"]
