"""Entries of quantities as people write them: σ′(z_j) for (σ′(z))_j, W_1j for (Wᵀ)_j of a matrix with one row.

Rewrites written forms only; values stay. Whoever uses it evaluates the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..forms import building as b
from ..notation.written import Written
from ..sizes import Size

_EVERY_ENTRY = frozenset({"neg", "add", "sub", "hadamard", "oslash", "scale", "divide", "entrypower", "power", "call", "cases",
                          "indicator", "compare"})  # fmt: skip
_WHOLE_CALLS = frozenset({"softmax", "log_softmax", "sum", "diag", "diagonal"})


def index(letter: str) -> Written:
    return Written("index", (), letter)


def entry_of(name: Written, letters: Sequence[str]) -> Written:
    """An entry of a named quantity: `letters` for its axes that are not of size 1; of a matrix both indices are written.

    >>> entry_of(Written("name", (), "W", (1, "n")), ["j"]).args[1:][0].value
    '1'
    """
    if not letters:
        return name
    places = [index(x) for x in letters]
    if len(places) == 1 and _is_matrix(name):
        one = Written("number", (), "1")
        places = [one, *places] if name.shape[0] == 1 else [*places, one]
    return Written("entry", (name, *places))


def _is_matrix(name: Written) -> bool:
    return name.op == "name" and str(name.value)[0].isupper()


def opened(tree: Written) -> Written:
    """A line in which entries of sums, of products entry by entry and of functions are those of their parts."""
    if tree.op == "entry":
        found = _entry(tree.args[0], tree.args[1:])
        if found is not None:
            return opened(found)
    args = tuple(opened(a) for a in tree.args)
    return tree if all(x is y for x, y in zip(args, tree.args, strict=True)) else replace(tree, args=args)


def _entry(base: Written, at: tuple[Written, ...]) -> Written | None:
    """(base)_at, one level further in; None where it stays as it is."""
    if base.is_scalar:
        return base
    if base.op == "transpose":
        inner = base.args[0]
        return Written("entry", (inner, *(reversed(at) if len(at) == 2 else at)))
    if base.op == "name":
        if len(at) == 1 and _is_matrix(base) and 1 in base.shape:
            return entry_of(base, [str(at[0].value)])
        return None
    if base.op == "ones":
        return b.ONE
    if base.op not in _EVERY_ENTRY or (base.op == "call" and _called(base) in _WHOLE_CALLS):
        return None
    args = tuple(a if a.is_scalar else Written("entry", (a, *at)) for a in base.args)
    op = {"hadamard": "scale", "oslash": "divide", "entrypower": "power"}.get(base.op, base.op)
    return Written(op, args, base.value)


def _called(tree: Written) -> str:
    return tree.value if isinstance(tree.value, str) else str(tree.value[0])


def lettered(tree: Written, over: Mapping[Size, str]) -> Written:
    """A line whose sums over certain sizes use certain letters, where those are free: r for the examples."""
    args = tuple(lettered(a, over) for a in tree.args)
    tree = replace(tree, args=args)
    if tree.op != "sum" or not isinstance(tree.value, tuple):
        return tree
    letter, extent = tree.value
    wanted = over.get(extent, letter)
    used = {str(n.value) for n in tree.walk() if n.op == "index"} | {n.value[0] for a in args for n in a.walk() if n.op == "sum"}
    if wanted == letter or wanted in used:
        return tree
    return replace(_with_letter(tree, letter, wanted), value=(wanted, extent))


def _with_letter(tree: Written, letter: str, wanted: str) -> Written:
    if tree.op == "index" and tree.value == letter:
        return replace(tree, value=wanted)
    return replace(tree, args=tuple(_with_letter(a, letter, wanted) for a in tree.args))


def renamed(tree: Written, names: Mapping[str, str], sizes: Mapping[Size, Size], known: dict[int, Written] | None = None) -> Written:
    """A tree with other names and sizes; parts without any stay the objects they are.

    `known` remembers parts by identity, for trees that share some.
    """
    known = {} if known is None else known
    if id(tree) in known:
        return known[id(tree)]
    value = tree.value
    if tree.op == "name":
        value = names.get(value, value)
    elif tree.op in ("sum", "prod") and isinstance(value, tuple):
        value = (value[0], sizes.get(value[1], value[1]))
    elif tree.op == "size":
        value = sizes.get(value, value)
    shape = tuple(sizes.get(s, s) for s in tree.shape)
    args = tuple(renamed(a, names, sizes, known) for a in tree.args)
    same = value == tree.value and shape == tree.shape and all(x is y for x, y in zip(args, tree.args, strict=True))
    known[id(tree)] = result = tree if same else Written(tree.op, args, value, shape)
    return result


def narrowed(tree: Written | None, sizes: Mapping[Size, Size]) -> Written | None:
    """A formula for any sizes where some of them are 1: what is a number then is multiplied as one."""
    return None if tree is None else _narrowed(renamed(tree, {}, sizes))


def _narrowed(tree: Written) -> Written:
    args = tuple(_narrowed(a) for a in tree.args)
    tree = replace(tree, args=args)
    if tree.op == "transpose" and args[0].is_scalar:
        return args[0]
    if tree.op in ("matmul", "hadamard") and any(a.is_scalar for a in args):
        return replace(tree, op="scale")
    if tree.op == "entrypower" and tree.is_scalar:
        return replace(tree, op="power")
    if tree.op == "oslash" and args[1].is_scalar:
        return replace(tree, op="divide")
    return replace(tree, value="2") if tree.op == "norm" and 1 in args[0].shape else tree


__all__ = ["entry_of", "index", "lettered", "narrowed", "opened", "renamed"]
