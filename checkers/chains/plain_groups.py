"""Groups of tokens of plain algebra: what stands below a sum, in a differential, above and below a name."""

from __future__ import annotations

import re

from .plain_tree import Plain
from .plain_words import PlainError

CLOSING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}"}


def is_step(above: list[str]) -> bool:
    """Whether what stands in brackets above e is the number of a step or a layer, (t) or (l-1), and no power."""
    return above[1:2] != [] and above[1] in ("t", "l", "k", "i", "j", "n", "m") and len(above) in (3, 5) and above[-1] == ")"


def are_indices(tokens: list[str]) -> bool:
    return bool(tokens) and all(re.fullmatch(r"[a-z]", t) for t in tokens)


def entry_of(tree: Plain, below: list[str]) -> Plain:
    """An entry of something: (W x)_i; of a bare name it is the name with its index."""
    letters = [t for t in below if t != ","]
    if r"\times" in below:
        return tree
    if not all(re.fullmatch(r"[a-z:]|\d+", t) for t in letters) or not 1 <= len(letters) <= 2:
        if tree.op == "name" and not tree.indices and below:
            return Plain("name", (), f"{tree.value}_{''.join(t.lstrip(chr(92)) for t in below)}")
        raise PlainError("below a bracket")
    if tree.op == "name" and are_indices(letters):
        return Plain("name", (), tree.value, (*tree.indices, *letters))
    if tree.op == "name" and letters[0].isdigit() and not tree.indices:
        return Plain("name", (), f"{tree.value}_{''.join(letters)}")
    return Plain("entry", (tree,), "", tuple(letters))


def unwrapped(tokens: list[str]) -> list[str]:
    """Tokens without braces around all of them."""
    while tokens[:1] == ["{"] and tokens[-1:] == ["}"]:
        depth = 0
        for place, token in enumerate(tokens):
            depth += (token == "{") - (token == "}")
            if depth == 0 and place + 1 < len(tokens):
                return tokens
        tokens = tokens[1:-1]
    return tokens


def order_of(top: list[str]) -> tuple[int, list[str]]:
    """How often is differentiated, and what."""
    if top[:2] == ["^", "2"]:
        return 2, top[2:]
    if top[:4] == ["^", "{", "2", "}"]:
        return 2, top[4:]
    if top[:1] == ["^"]:
        raise PlainError("a derivative of another order")
    return 1, top


def differentials(bottom: list[str], sign: str) -> list[list[str]]:
    """What is differentiated by: ∂x∂y."""
    found: list[list[str]] = []
    depth = 0
    for token in bottom:
        if token == sign and depth == 0:
            found.append([])
        else:
            depth += (token in CLOSING) - (token in CLOSING.values())
            found[-1].append(token)
    if not all(found):
        raise PlainError("a derivative by nothing")
    return found


def unpowered(by: Plain) -> tuple[Plain, int]:
    """∂x² in a denominator: x, twice."""
    if by.op == "power" and by.args[1] == Plain("number", (), "2"):
        return by.args[0], 2
    return by, 1


def label_end(above: list[str]) -> int:
    """Where the bracket of a label such as (l+1) ends; 0 where it does not."""
    closing = ")" if above[0] == "(" else "]"
    return above.index(closing) + 1 if closing in above else 0


def summed_over(tokens: list[str]) -> tuple[list[str], str]:
    """The indices of a sum, and what restricts it.

    >>> summed_over(["i", "=", "1"]), summed_over(["k", "\\\\neq", "i"]), summed_over(["w", "\\\\in", "V"]), summed_over(["i", ",", "j"])
    ((['i'], ''), (['k'], '!=i'), (['w'], 'in:V'), (['i', 'j'], ''))
    """
    while tokens[:1] in (["("], ["{"]):
        end = next((k for k, t in enumerate(tokens) if t in (")", "}")), 0)
        tokens = [*tokens[1:end], *tokens[end + 1 :]]
    if r"\leq" in tokens and (place := tokens.index(r"\leq") + 1) < len(tokens) and _is_index(tokens[place]):  # −m ≤ j ≤ m
        return [tokens[place]], "at:" + "".join(t.lstrip("\\") for t in tokens)
    letters: list[str] = []
    place = 0
    while place < len(tokens) and (tokens[place] == "," or _is_index(tokens[place])):
        if tokens[place] != ",":
            letters.append(tokens[place])
        place += 1
    while tokens[place : place + 1] == ["'"]:
        raise PlainError("a primed index")
    rest = [t for t in tokens[place:] if t not in ("{", "}")]
    if not letters or len(letters) > 3:
        raise PlainError("a sum over something")
    if not rest or rest in (["=", "1"], ["=", "0"]):
        return letters, ""
    said = "".join(t.lstrip("\\") if t != r"\neq" else "!=" for t in rest)
    if rest[0] == r"\neq" and len(rest) == 2:
        return letters, said
    if rest[0] == r"\in" and not any(t in rest for t in (":", r"\neq", "=", "|", ",")):
        return letters, "in:" + "".join(t.lstrip("\\") for t in rest[1:])
    if rest[0] == "=" and rest[1:3] in (["1", ","], ["0", ","]) and rest[3:4] == letters[:1] and rest[4:5] == [r"\neq"] and len(rest) == 6:
        return letters, f"!={rest[5]}"
    return letters, f"at:{said}"


def _is_index(token: str) -> bool:
    return re.fullmatch(r"[a-z]", token) is not None


__all__ = [
    "CLOSING",
    "are_indices",
    "differentials",
    "entry_of",
    "is_step",
    "label_end",
    "order_of",
    "summed_over",
    "unpowered",
    "unwrapped",
]
