"""What a solution and its sheet say before any convention is taken: definitions, shapes, words, and what derivatives are of what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .graph_functions import is_entrywise
from .graph_names import Array, Definition
from .graph_trees import bound_where_used, index_letters, replaced, walk
from .plain_tree import Plain
from .plain_values import LOSSES
from .usual_claims import Claim, index_condition, tree_of
from .usual_definitions import Spoken, lengths_in, relabelled

_WORD_AFTER = re.compile(r"\s(?:after|with|where|for|is|the|of|on|by|using|under|as|then|over|per)\b")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a solution and its sheet say: definitions, shapes, words."""

    spoken: Spoken
    own: Mapping[str, Definition]
    given: Mapping[str, Definition]
    claims: list[Claim]
    has_signs: bool
    symmetric: frozenset[str]
    fixed: frozenset[str]
    vectors: frozenset[str]
    values: Mapping[str, Array]
    integrated: frozenset[str]


def facts_of(
    claims: list[Claim], symbols: Mapping[str, str], context: str, answer: str, called: frozenset[str],
    labels: frozenset[tuple[str, str]] = frozenset(),
) -> Facts:  # fmt: skip
    """All that can be known before any convention is taken."""
    trees = [f.tree for c in claims for f in c.forms if f.tree is not None]
    shapes: dict[str, tuple[str, str]] = {}
    indexed: dict[str, tuple[str, str]] = {}
    given: dict[str, Definition] = {}
    hot: set[str] = set()
    words: dict[str, str] = {}
    for spelling, said in symbols.items():
        tree = tree_of(spelling, frozenset())
        if tree is None or tree.op != "name":
            continue
        tree = relabelled(tree, labels)
        words[tree.value] = said
        shape = lengths_in(said)
        if shape is not None:
            (indexed if tree.indices else shapes)[tree.value] = shape
        if re.search(r"one.?hot|probabilit", said, re.I):
            hot.add(tree.value)
    given |= _from_context(context, called)
    names: dict[str, int] = {}
    bound: set[str] = set()
    for tree in trees:
        for part in walk(tree):
            if part.op == "name":
                names[part.value] = max(names.get(part.value, 0), len(part.indices))
            elif part.op == "sum":
                bound.update(part.indices)
    own, integrated = _own_definitions(claims)
    pairs = [
        (top, by) for t in trees for p in walk(t) if p.op == "derivative"
        for by in (name_of(p.args[1]),) for top in _tops(p.args[0]) if by
    ]  # fmt: skip
    text = re.sub(r"[{}]", "", f"{context} {answer}") + " " + " ".join(words.values())
    compared = {p.value for t in trees for c in walk(t) if c.op == "compare" for p in c.args if p.op == "name" and not p.indices}
    said_under = {x for c in claims for text in c.conditions if (m := index_condition(text)) for x in (m[0], m[2])}
    letters = frozenset(i for t in trees for i in index_letters(t)) | {x for x in compared | said_under if len(x) == 1 or x == "y_i"}
    spoken = Spoken(
        names, tuple(dict.fromkeys(pairs)), shapes, indexed, frozenset(own) | frozenset(given), frozenset(hot), letters,
        frozenset(bound), text, words,
        {n: frozenset(names_in(d.tree)) for n, d in {**given, **own}.items()},
    )  # fmt: skip
    has_signs = re.search(r"relu|max|\\mathbb\s*\{?1|sgn|sign|abs|\\[vV]ert|>|\\gt", text, re.I) is not None
    symmetric = frozenset(n for n, said in words.items() if re.search(r"symmetric|positive.?(?:semi)?definite|spd|gram", said, re.I))
    values = {n: _number_array(d.tree) for n, d in {**given, **own}.items() if _is_number(d.tree)}
    own = {n: d for n, d in own.items() if n not in values}
    given = {n: d for n, d in given.items() if n not in values}
    fixed = frozenset(i for s in symbols for t in (tree_of(s, frozenset()),) if t is not None and t.op == "name" for i in t.indices) - bound
    vectors = frozenset(n for t in trees for n in _vectors_in(t))
    return Facts(spoken, own, given, claims, has_signs, symmetric, fixed & letters, vectors, values, integrated)


def _vectors_in(tree: Plain) -> set[str]:
    """The names that are treated as vectors: transposed, in a norm, a softmax or an entrywise product."""
    found: set[str] = set()
    for part in walk(tree):
        is_vector = part.op in ("transpose", "norm", "entry") or (part.op == "call" and part.value in ("softmax", "diag"))
        if part.op == "product" and set(part.value) & set("ox"):
            is_vector = True
        if is_vector:
            found |= {p.value for p in walk(part) if p.op == "name" and not p.indices and len(p.value.partition("_")[0]) > 0}
    return found


def _is_number(tree: Plain) -> bool:
    return tree.op == "number" or (tree.op == "neg" and tree.args[0].op == "number")


def _number_array(tree: Plain) -> Array:
    value = -float(tree.args[0].value) if tree.op == "neg" else float(tree.value)
    return np.full((1, 1), value, complex)


def _tops(tree: Plain) -> list[str]:
    """What a derivative is of: a name, or the names in a function of one: ln p."""
    name = name_of(tree)
    if name:
        return [name]
    if tree.op == "call" and len(tree.args) == 1:
        return _tops(tree.args[0])
    if tree.op == "derivative":
        return _tops(tree.args[0])
    return []


def name_of(tree: Plain) -> str:
    if tree.op == "name":
        return tree.value
    return tree.value if tree.op == "call" and (tree.value in LOSSES or tree.value.partition("_")[0] in LOSSES) else ""


def _from_context(context: str, called: frozenset[str]) -> dict[str, Definition]:
    """The definitions that a loose sentence holds: a graph, u = bc, v = a + u; the gradient of x²y is of f."""
    found: dict[str, Definition] = {}
    context = re.sub(r"\b([a-z])_?hat\b", r"\\hat{\1}", context)
    of = re.search(r"(?:gradient|[Hh]essian|derivative|[Jj]acobian)\s+of\s+(?:the\s+)?(?:\w+\s+)?([^=]*[\d(^²³][^=]*)\Z", context)
    is_formula = of is not None and re.search(r"(?!tanh|sinh|cosh|softmax|sigmoid)[A-Za-z]{4,}", of[1]) is None
    if of and is_formula and "=" not in context and (tree := tree_of(of[1], called)) is not None:
        found["f"] = Definition(tree)
    for part in re.split(
        r"[,;:]\s|\.\s|\bwith\b|\band\b|\bwhere\b",
        re.sub(r"\((?![^()]*(?:tanh|softmax|sinh|cosh))[^()=]*[A-Za-z]{4}[^()]*\)", " ", context),
    ):
        name, sign, text = part.partition("=")
        words = name.split()
        if not sign or not words or "=" in text:
            continue
        head = tree_of(words[-1], called | frozenset("fghz"))
        text = _WORD_AFTER.split(text)[0]
        tree = tree_of(re.sub(r"\b[Ss]um\b(?:_\w)?", " ", text), called)
        if tree is None or head is None:
            continue
        if head.op == "name" and not head.indices:  # an index that the name does not have is summed: L = −sum y_j log p_j
            tree = bound_where_used(tree, [i for i in index_letters(tree) if i in "ijklmn"])
        definition = _definition(head, tree)
        if definition is not None:
            found.setdefault(*definition)
    return found


def _definition(head: Plain, tree: Plain) -> tuple[str, Definition] | None:
    """The name that a head defines, and as what."""
    if (head.op == "name" and head.value not in ("delta",)) or (head.op == "name" and len(head.indices) < 2):
        if any(p.op in ("name", "call") and p.value == head.value for p in walk(tree)):
            return None
        if len(set(head.indices)) != len(head.indices):
            return None
        return head.value, Definition(tree, head.indices)
    if head.op == "call" and all(a.op == "name" and not a.indices for a in head.args) and not head.value.endswith("'"):
        if any(p.op in ("name", "call") and p.value == head.value for p in walk(tree)) or head.value == "softmax":
            return None
        return head.value, Definition(tree, (), tuple(a.value for a in head.args))
    return None


def _own_definitions(claims: list[Claim]) -> tuple[dict[str, Definition], frozenset[str]]:
    """What the solution itself defines: names that stand first in a claim; and, listed besides, tops of derivatives that are
    written out next."""
    found: dict[str, Definition] = {}
    integrated: set[str] = set()
    used: set[str] = set()
    for claim in claims:
        before = frozenset(used)
        used.update(n for f in claim.forms if f.tree is not None for n in names_in(f.tree))
        trees = [f.tree for f in claim.forms]
        if not claim.has_head or len(trees) < 2 or trees[0] is None:
            continue
        for place, head in enumerate(trees[:-1]):
            if head is None or (place and head.op not in ("name", "call")):
                break
            rest = [t for t in trees[place + 1 :] if t is not None and t.op != "cases"]
            plain_forms = [t for t in rest if not any(p.op in ("derivative", "matrix", "listed") for p in walk(t)) and not _is_open_call(t)]
            for tree in (*plain_forms[:1], *rest[:1]):
                definition = _definition(head, tree)
                if definition is None or (_is_number(definition[1].tree) and definition[0] in before):
                    continue  # m = 2 at the end solves an equation, and says nothing of the lines above
                known = found.get(definition[0])
                if known is None or (known.indices and not definition[1].indices):
                    found[definition[0]] = definition[1]
                    break
        for form in trees[1:2]:
            definition = None if form is None else integrated_definition(trees[0], form)
            if definition is not None and definition[0] not in found:
                found[definition[0]] = definition[1]
                integrated.add(definition[0])
    return found, frozenset(integrated)


def folded(definitions: dict[str, Definition]) -> dict[str, Definition]:
    """Definitions with the names of others in place of what these stand for: J = 3(a + bc) with u = bc is 3(a + u)."""
    found = dict(definitions)
    for name, other in definitions.items():
        if other.indices or other.parameters or other.tree.op in ("name", "number"):
            continue
        for key, known in found.items():
            if key != name and name not in names_in(known.tree) and not _uses(definitions, name, key):
                tree = replaced(known.tree, other.tree, Plain("name", (), name))
                found[key] = Definition(tree, known.indices, known.parameters)
    return found


def _uses(definitions: Mapping[str, Definition], name: str, other: str) -> bool:
    """Whether a definition leads to a name."""
    todo, seen = [name], {name}
    while todo:
        known = definitions.get(todo.pop())
        for found in () if known is None else names_in(known.tree):
            if found == other:
                return True
            if found not in seen:
                seen.add(found)
                todo.append(found)
    return False


def _is_open_call(tree: Plain) -> bool:
    return tree.op == "call" and not is_entrywise(tree.value) and tree.value not in ("softmax", "diag", "tr", "max", "min", "inv")


def integrated_definition(head: Plain, tree: Plain) -> tuple[str, Definition] | None:
    """What f is where its derivative is written out: ∇f(x) = ∇(aᵀx) + ∇(b), or ½∇f(x) = ∇(aᵀx)."""
    factor: Plain | None = None
    if head.op == "product" and head.args[-1].op == "derivative":
        rest = head.args[:-1]
        factor = rest[0] if len(rest) == 1 else Plain("product", rest, head.value[:-1])
        head = head.args[-1]
    if head.op != "derivative":
        return None
    inner = _integrated(tree, head.args[1])
    top = head.args[0]
    while inner is not None and inner.op == top.op == "derivative" and inner.args[1] == top.args[1]:
        inner, top = inner.args[0], top.args[0]
    if inner is None or top.op not in ("name", "call") or inner.op in ("name", "derivative") or _has_open_call(inner):
        return None
    return _definition(top, inner if factor is None else Plain("over", (inner, factor)))


def _integrated(tree: Plain, by: Plain) -> Plain | None:
    """The form without its derivatives by one name, where every term has one; None where one has none."""
    if tree.op == "derivative":
        return tree.args[0] if tree.args[1] == by else None
    if tree.op in ("add", "neg", "sum"):
        parts = [_integrated(a, by) for a in tree.args]
        return None if any(p is None for p in parts) else Plain(tree.op, tuple(p for p in parts if p is not None), tree.value, tree.indices)
    if tree.op == "product":
        places = [k for k, a in enumerate(tree.args) if any(p.op == "derivative" for p in walk(a))]
        if len(places) != 1:
            return None
        inner = _integrated(tree.args[places[0]], by)
        args = list(tree.args)
        if inner is None or any(p == by for k, a in enumerate(args) if k != places[0] for p in walk(a)):
            return None
        args[places[0]] = inner
        return Plain("product", tuple(args), tree.value)
    return None


def _has_open_call(tree: Plain) -> bool:
    """Whether a form has a function of several arguments that nothing is known of."""
    return any(p.op == "call" and len(p.args) > 1 and p.value not in ("max", "min") for p in walk(tree))


def names_in(tree: Plain) -> set[str]:
    return {p.value for p in walk(tree) if p.op == "name"}


__all__ = ["Facts", "facts_of", "folded", "integrated_definition", "name_of", "names_in"]
