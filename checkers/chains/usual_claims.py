"""The claims of a worked solution: chains of forms that are said to be equal, with the letters that may be parts of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .chain_lines import Line, Statement
from .graph_trees import index_letters, replaced, walk
from .plain_reading import plain
from .plain_tree import Plain
from .plain_values import LOSSES
from .plain_words import PlainError
from .usual_definitions import base_of, lengths_in, relabelled

_CONDITION = re.compile(r"\s*\\?([A-Za-z])\s*(=|≠|\\neq?|!=)\s*\\?([A-Za-z])\s*\Z")


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a quantity: where it stands, and how it is read; None where it is not understood."""

    line: int
    tree: Plain | None
    sign: str = "="


@dataclass(slots=True)
class Claim:
    """Forms that a solution says are equal, with the conditions it says so under."""

    forms: list[Form]
    conditions: tuple[str, ...] = ()
    has_head: bool = True


def claims_of(lines: list[Line], called: frozenset[str]) -> list[Claim]:
    """The chains of equalities of a solution, over all lines that continue them."""
    return [_with_variable(c) for c in _with_other_cases(list(_chains(lines, called)))]


def _chains(lines: list[Line], called: frozenset[str]) -> Iterator[Claim]:
    claim: Claim | None = None
    for line in lines:
        for statement in line.statements:
            if not statement.is_readable:
                if claim is not None:
                    yield claim
                claim = None
                continue
            if len(statement.terms) == 1 and not statement.continues and claim is not None and claim.forms[-1].line == line.number:
                continue  # said of a name in passing, behind a formula
            forms = [Form(line.number, tree_of(t, called), s) for t, s in zip(statement.terms, statement.signs, strict=True)]
            if statement.continues and claim is not None:
                claim.forms += forms
                claim.conditions += _conditions(statement)
                continue
            if claim is not None:
                yield claim
            claim = Claim(forms, _conditions(statement), not statement.continues)
    if claim is not None:
        yield claim


def _with_other_cases(claims: list[Claim]) -> list[Claim]:
    """A claim without a condition, beside one of the same quantity for i = j, is said for i ≠ j."""
    for claim in claims:
        if claim.conditions or not claim.has_head or claim.forms[0].tree is None:
            continue
        for other in claims:
            equal = [c for c in other.conditions if (m := index_condition(c)) and m[1]]
            if equal and other is not claim and other.forms[0].tree == claim.forms[0].tree:
                claim.conditions = (*claim.conditions, equal[0].replace("=", "≠"))
                break
    return claims


def _with_variable(claim: Claim) -> Claim:
    """A claim on ∇f(x): the gradient is by x."""
    head = claim.forms[0].tree
    while head is not None and head.op == "derivative" and head.args[1].value == "?":
        head = head.args[0]
    if head is None or head.op != "call" or len(head.args) != 1 or head.args[0].op != "name" or head.args[0].indices:
        return claim
    unknown, name = Plain("name", (), "?"), head.args[0]
    forms = [Form(f.line, None if f.tree is None else replaced(f.tree, unknown, name), f.sign) for f in claim.forms]
    return Claim(forms, claim.conditions, claim.has_head)


def _conditions(statement: Statement) -> tuple[str, ...]:
    return statement.conditions


def tree_of(text: str, called: frozenset[str]) -> Plain | None:
    try:
        return plain(text, called)
    except (PlainError, RecursionError):
        return None


def label_sets(claims: list[Claim], symbols: Mapping[str, str]) -> Iterator[frozenset[tuple[str, str]]]:
    """Which letters below names may be parts of the names: none, those in the list of symbols, all that no sum runs over."""
    trees = [f.tree for c in claims for f in c.forms if f.tree is not None]
    parts = [p for t in trees for p in walk(t)]
    bound = {i for p in parts if p.op in ("sum", "prod", "listed") for i in p.indices}
    free = {i for p in parts if p.op == "name" and p.value != "delta" for i in p.indices} - bound
    declared: set[str] = set()
    for spelling in symbols:
        tree = tree_of(spelling, frozenset())
        if tree is not None and tree.op == "name":
            declared.update(tree.indices)
    kronecker = [p.indices for p in parts if p.op == "name" and p.value == "delta" and len(p.indices) == 2]
    doubled = {i for pair in kronecker if not set(pair) & declared for i in pair}
    said = [t for s in symbols if (t := tree_of(s, frozenset())) is not None]
    words = _word_labels([*parts, *said], bound)
    seen = []
    everywhere = {i for i in free if all(_is_everywhere(i, c) for c in claims)}
    known = declared & free
    singles = [{i} for i in sorted(everywhere - doubled)][:3]
    for letters in (set(), known - doubled, everywhere - doubled, (known | everywhere) - doubled, *singles):
        labels = frozenset(("", i) for i in letters) | words
        if labels not in seen:
            seen.append(labels)
            yield labels


def _word_labels(parts: list[Plain], bound: set[str]) -> frozenset[tuple[str, str]]:
    """Letters below names that spell a word, w_rec, or other names, W_hh and W_xh: parts of the names."""
    bases = {base_of(p.value) for p in parts if p.op == "name"}
    found: set[tuple[str, str]] = set()
    for part in parts:
        if part.op != "name" or len(part.indices) < 2 or set(part.indices) & bound or part.value == "delta":
            continue
        is_word = len(part.indices) > 2 and len(set(part.indices)) > 2
        is_double = len(part.indices) == 2 and part.value.isupper() and all(i in bases and i not in "ijkl" for i in part.indices)
        if is_word or is_double:
            found.update((part.value, i) for i in part.indices)
    return frozenset(found)


def _is_everywhere(letter: str, claim: Claim) -> bool:
    """Whether a letter stands in every form of a claim that is no number, or in none."""
    step = re.compile(rf"_{letter}[-+]\d")  # S_k−1 has the letter too
    found = [
        letter in index_letters(f.tree) or any(p.op == "name" and step.search(p.value) for p in walk(f.tree))
        for f in claim.forms if f.tree is not None and f.tree.op != "number"
    ]  # fmt: skip
    return all(found) or not any(found)


def with_labels(claim: Claim, labels: frozenset[tuple[str, str]], matrices: frozenset[str]) -> Claim:
    forms = [Form(f.line, None if f.tree is None else with_entries(relabelled(f.tree, labels), matrices), f.sign) for f in claim.forms]
    return Claim(forms, claim.conditions, claim.has_head)


def matrices_of(claims: list[Claim], symbols: Mapping[str, str]) -> frozenset[str]:
    """Matrices whose entries are written with the small letter, x_ij beside X, where that letter is nothing else."""
    parts = [p for c in claims for f in c.forms if f.tree is not None for p in walk(f.tree) if p.op == "name"]
    declared = {t.value: said for s, said in symbols.items() if (t := tree_of(s, frozenset())) is not None and t.op == "name"}
    capitals = {p.value for p in parts if len(p.value) == 1 and p.value.isupper()} | {n for n in declared if len(n) == 1 and n.isupper()}
    bare = {p.value for p in parts if not p.indices}
    found = set()
    for name in capitals:
        small = name.lower()
        shape = lengths_in(declared[name]) if name in declared else ("?", "?")
        if (
            small not in "uv"
            and small not in declared
            and small not in bare
            and shape is not None
            and "1" not in shape
            and name not in LOSSES
        ):
            found.add(name)
    return frozenset(found)


def with_entries(tree: Plain, matrices: frozenset[str]) -> Plain:
    """The tree with entries and rows of matrices for what is written with the small letter."""
    args = tuple(with_entries(a, matrices) for a in tree.args)
    if tree.op == "name" and len(tree.value) == 1 and tree.value.upper() in matrices and tree.value.islower():
        return Plain("name", (), tree.value.upper(), tree.indices) if tree.indices else tree
    return Plain(tree.op, args, tree.value, tree.indices)


def index_condition(text: str) -> tuple[str, bool, str] | None:
    r"""Two index letters that a condition compares, and whether they are to be equal.

    >>> index_condition(r"i \neq j")
    ('i', False, 'j')
    """
    found = _CONDITION.match(text)
    return None if found is None else (found[1], found[2] == "=", found[3])


__all__ = ["Claim", "Form", "claims_of", "index_condition", "label_sets", "matrices_of", "tree_of", "with_labels"]
