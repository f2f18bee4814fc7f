"""Words and small formulas of a sentence about a network: tokens with their places, and the pieces a sentence falls into.

Parameters and layers get one name however they are spelled (W1, W₁, W^{(1)} are `W_1`), and a derivative of the loss is one token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .flat_text import FlatText, clauses

_LAYER = r"(?:\s?[_^]?\s?(?:\([0-9]\)|\[[0-9]\]|[0-9])(?![0-9.]))?"
_LOSS = r"(?:ℓ|[Ll]oss|L|l|C|J|E)(?:\s?\([^()]{0,40}\))?"
_TOKEN = re.compile(
    r"(?P<grad>(?:∂|d)\s?" + _LOSS + r"\s?/\s?(?P<opened>\()?(?:∂|d)\s?(?P<by>(?:[WwBbHhZz]|ŷ|y\s?hat)" + _LAYER
    + r")(?![A-Za-z])(?:\^\s?T)?(?(opened)\)|)"
    r"|∇\s?_?[{(]?\s?(?P<nabla>(?:[WwBbHhZz]|ŷ)" + _LAYER + r")[})]?\s?(?:" + _LOSS + r"(?![A-Za-z]))?)"
    r"|(?P<name>(?<![A-Za-z_])(?:[WwBbHhZzXx]|ŷ|y[_\s]?hat)(?![A-Za-z'])" + _LAYER
    + r"(?:_\{?[A-Za-z]\}?(?![A-Za-z]))?(?:\^?\s?T(?![A-Za-z]))?)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:\s?/\s?[0-9]+)?)"
    r"|(?P<word>[A-Za-z]+(?:['-][A-Za-z]+)*'?)"
    r"|(?P<relation>[=≠∝≈→⇒∴≤≥<>])"
    r"|(?P<mark>[,:()\[\]¦])"
    r"|(?P<sign>\S)"
)
_KINDS = ("grad", "name", "number", "word", "relation", "mark", "sign")
_NAMED = re.compile(r"(?P<letter>[WwBbHhZzXxŷy])[^0-9]{0,6}(?P<layer>[0-9])?")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of flat text: `kind` is grad, name, number, word, relation, mark or sign; `value` its name or lowered word."""

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a part of a flat text.

    >>> [t.value for t in tokens("∂ℓ/∂W^(1) and b2 are NOT 0", 0, 26)]
    ['W_1', 'and', 'b_2', 'are', 'not', '0']
    """
    found = []
    for m in _TOKEN.finditer(text, start, end):
        kind = next(k for k in _KINDS if m[k] is not None)
        found.append(Token(kind, _value(m, kind), m.start(), m.end()))
    return found


def _value(m: re.Match[str], kind: str) -> str:
    if kind == "grad":
        return _named(m["by"] or m["nabla"])
    if kind == "name":
        return _named(m["name"])
    return m[0].lower() if kind == "word" else m[0]


def _named(text: str) -> str:
    """W1, W^{(1)} and w₁ are W_1."""
    parts = _NAMED.match(text)
    letter = {"w": "W", "B": "b", "H": "h", "Z": "z", "X": "x", "y": "ŷ"}.get(text[0], text[0])
    layer = parts["layer"] if parts and letter not in ("ŷ", "x") else None
    return f"{letter}_{layer}" if layer else letter


_CUTS = frozenset({
    "because", "since", "so", "thus", "therefore", "hence", "but", "which", "while", "whereas", "when", "until", "causing", "leading",
    "meaning", "however", "then", "although", "though", "where", "as", "consequently", "yet", "that",
})  # fmt: skip
_VERBS = frozenset({
    "is", "are", "be", "becomes", "become", "remains", "remain", "stays", "stay", "was", "outputs", "output", "produce", "produces",
    "gives", "vanish", "vanishes", "updated", "update", "updates", "change", "changes", "move", "moves", "learned", "learnt", "learns",
    "learn", "depends", "depend", "converges", "converge", "does", "do", "don't", "doesn't", "will", "cannot", "can't", "never", "has",
    "have", "receives", "receive", "equals", "computes", "compute", "fails", "get", "gets", "differ",
})  # fmt: skip
_LINKS = frozenset({"and", "or", "nor", "as", "well", "both", "the", "also"})


def pieces(flat: FlatText) -> Iterator[list[Token]]:
    """Clauses without another clause in them, as tokens: cut at because, so, which …, and at commas that are no commas of a list."""
    for start, end in clauses(flat):
        yield from _cut(tokens(flat.text, start, end))


def _cut(found: Sequence[Token]) -> Iterator[list[Token]]:
    piece: list[Token] = []
    depth = 0
    for k, token in enumerate(found):
        depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
        # "as" in "as well as" is no cut
        word_cut = token.kind == "word" and token.value in _CUTS and not (token.value == "as" and _near(found, k, "well"))
        word_cut = word_cut or (token.value in ("and", "or", "nor") and _between_verbs(piece, found[k + 1 : k + 13]))
        mark_cut = depth <= 0 and (token.value in (":", "⇒", "∴") or (token.value == "," and not _in_list(found, k)))
        if (word_cut or mark_cut) and piece:
            yield piece
            piece = []
        if not mark_cut:
            piece.append(token)
    if piece:
        yield piece


def _between_verbs(before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether “and” stands between two predicates: the output is one number and XOR is not learned."""
    names = ("grad", "name")
    if before and after and before[-1].kind in names and after[0].kind in names:
        return False  # W₁ and W₂
    ends = next((k for k, t in enumerate(after) if t.value == ","), len(after))
    return any(t.value in _VERBS for t in after[:ends]) and any(t.value in _VERBS for t in before)


def _near(found: Sequence[Token], k: int, word: str) -> bool:
    return any(t.value == word for t in found[max(0, k - 1) : k + 2])


def _in_list(found: Sequence[Token], k: int) -> bool:
    """Whether a comma stands between members of a list of names: W₁, b₁, and W₂."""
    after = next((t for t in found[k + 1 : k + 5] if t.value not in _LINKS), None)
    before = found[k - 1] if k else None
    members = ("grad", "name")
    return before is not None and before.kind in members and after is not None and (after.kind in members or after.value in ("are", "all"))


__all__ = ["Token", "pieces", "tokens"]
