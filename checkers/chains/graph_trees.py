"""Walks over plain trees: their parts, the letters of their indices, and Einstein's convention made explicit."""

from __future__ import annotations

from collections.abc import Iterator

from .plain_tree import Plain


def walk(tree: Plain) -> Iterator[Plain]:
    """The tree and all its parts."""
    yield tree
    for part in tree.args:
        yield from walk(part)


_LETTERS: dict[int, tuple[Plain, tuple[str, ...]]] = {}


def letters(tree: Plain) -> tuple[str, ...]:
    """The index letters of a tree that are not bound inside it, each once."""
    known = _LETTERS.get(id(tree))
    if known is not None and known[0] is tree:
        return known[1]
    inner = [i for a in tree.args for i in letters(a)]
    if tree.op in ("sum", "prod", "listed"):
        inner = [i for i in inner if i not in tree.indices]
    if tree.op == "sum":
        inner.extend(x for x in (tree.value.removeprefix("!="),) if tree.value.startswith("!=") and len(x) == 1)
    elif tree.op in ("name", "entry"):
        inner.extend(i for i in tree.indices if len(i) == 1 and i != ":")
        if tree.op == "name" and len(tree.value) == 1 and not tree.indices:
            inner.append(tree.value)
        if "^(" in tree.value:
            inner.extend(x for x in above(tree.value) if len(x) == 1)
    found = tuple(dict.fromkeys(inner))
    if len(_LETTERS) > 20_000:
        _LETTERS.clear()
    _LETTERS[id(tree)] = (tree, found)
    return found


def index_letters(tree: Plain) -> tuple[str, ...]:
    """The letters that stand below names, and are not bound inside the tree."""
    inner = [i for a in tree.args for i in index_letters(a)]
    if tree.op in ("sum", "prod", "listed"):
        inner = [i for i in inner if i not in tree.indices]
    elif tree.op in ("name", "entry"):
        inner.extend(i for i in tree.indices if i != ":")
    return tuple(dict.fromkeys(inner))


def terms(tree: Plain) -> list[Plain]:
    """The terms of a sum, with their signs."""
    if tree.op == "add":
        return [t for a in tree.args for t in terms(a)]
    if tree.op == "neg":
        return [Plain("neg", (t,)) for t in terms(tree.args[0])]
    return [tree]


def bound_where_used(tree: Plain, open_indices: list[str]) -> Plain:
    """The tree with a sum over each index at the smallest part that has all its places: Einstein's convention."""
    for index in open_indices:
        tree = _bound(tree, index)
    return tree


def _bound(tree: Plain, index: str) -> Plain:
    holders = [a for a in tree.args if index in index_letters(a)]
    inside = ("power", "call")
    if tree.op == "derivative" and len(holders) == 1 and tree.args[0] is holders[0] and tree.args[1] is not holders[0]:
        return Plain("derivative", (_bound(tree.args[0], index), tree.args[1]))
    if tree.op in ("add", "sum", "cases", "neg", "listed"):
        return Plain(tree.op, tuple(_bound(a, index) if a in holders else a for a in tree.args), tree.value, tree.indices)
    if len(holders) == 1 and tree.op not in inside and tree.op != "derivative":
        return Plain(tree.op, tuple(_bound(a, index) if a in holders else a for a in tree.args), tree.value, tree.indices)
    if len(holders) == 1 and tree.op in inside and _count(holders[0], index) > 1:
        return Plain(tree.op, tuple(_bound(a, index) if a in holders else a for a in tree.args), tree.value, tree.indices)
    if len(holders) == 1 and tree.op == "power" and tree.args[0] is holders[0]:
        return Plain(tree.op, (_bound(tree.args[0], index), tree.args[1]), tree.value, tree.indices)
    return Plain("sum", (tree,), "", (index,))


def _count(tree: Plain, index: str) -> int:
    return sum(index in p.indices for p in walk(tree) if p.op in ("name", "entry"))


def replaced(tree: Plain, old: Plain, new: Plain) -> Plain:
    """The tree with one part in place of another."""
    if tree == old:
        return new
    if not tree.args:
        return tree
    return Plain(tree.op, tuple(replaced(a, old, new) for a in tree.args), tree.value, tree.indices)


def above(name: str) -> list[str]:
    """What stands above a name, between its commas."""
    return name.partition("^(")[2].rstrip(")").split(",")


__all__ = ["above", "bound_where_used", "index_letters", "letters", "replaced", "terms", "walk"]
