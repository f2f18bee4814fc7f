"""Pieces of a formula on one line: characters with the places they come from, and how they are put together.

Where one line needs brackets that two lines do not, they are put here: (a + b)/(2n), e^(−x), w_{ij,k}.
"""

from __future__ import annotations

import re
import unicodedata

from ...derivations.notation.name_writer import RAISED, SMALL
from ...derivations.notation.names import INDEX_LETTERS
from ...derivations.notation.spellings import COMBINING
from .latex_words import LOOSE

Cells = list[tuple[str, int]]

_MARKS = {name: mark for mark, name in COMBINING.items()}
_ATOM = re.compile(
    r"(?:(?:[d∇]?[^\W\d_]|∂[^\W\d_]+)[\u0300-\u036f]?[₀-₉⁰¹²³⁴-⁹⁺⁻⁽⁾ᵀ′']*"
    r"(?:(?:[_^](?:\w|\{[^{}]*\}|\([^()]*\)|\[[^][]*\])|_[i-t]+)[₀-₉⁰¹²³⁴-⁹⁺⁻⁽⁾ᵀ′']*)*|[0-9.]+)\Z"
)
_LOOSE_ABOVE = frozenset("+-−=±<>≤≥≈,;/·×⊙ Σ∏∫")


def text_of(cells: Cells) -> str:
    return "".join(c for c, _ in cells)


def put_space(cells: Cells, place: int, sign: str = " ") -> None:
    """A space, unless there is one."""
    if sign == "\n":
        while cells and cells[-1][0] == " ":
            cells.pop()
    if cells and not cells[-1][0].isspace():
        cells.append((sign, place))


def put_comma(cells: Cells, place: int, sign: str = ",") -> None:
    """A sign between the parts of a list, unless the person wrote one."""
    while cells and cells[-1][0] == " ":
        cells.pop()
    if not cells or cells[-1][0] not in ",;":
        cells.append((sign, place))
    cells.append((" ", place))


def put_equals(cells: Cells, place: int) -> None:
    """An equals sign with spaces around it, unless it is half of := or ≠."""
    if cells and cells[-1][0] in ":!<>=":
        cells.append(("=", place))
    else:
        put_sign(cells, "=", place)


def put_sign(cells: Cells, sign: str, place: int) -> None:
    """A sign, with spaces around where it stands between two things."""
    if sign not in LOOSE and sign != "=":
        cells.append((sign, place))
        return
    put_space(cells, place)
    cells.append((sign, place))
    cells.append((" ", place))


def put_word(cells: Cells, word: str, place: int) -> None:
    """A function, apart from letters before it."""
    if cells and cells[-1][0].isalnum():
        cells.append((" ", place))
    cells += [(c, place) for c in word]


def accented(body: Cells, name: str, place: int) -> Cells:
    if len(body) == 1:
        letter = unicodedata.normalize("NFC", body[0][0] + _MARKS[name])
        return [(c, body[0][1]) for c in letter]
    return [*((c, place) for c in name), *in_brackets(body)]


def in_brackets(cells: Cells) -> Cells:
    if not cells:
        return cells
    return [("(", cells[0][1]), *cells, (")", cells[-1][1])]


def is_bracketed(text: str) -> bool:
    """Whether one pair of brackets holds it all."""
    if (text[:1], text[-1:]) not in (("(", ")"), ("[", "]")):
        return False
    depth = 0
    for k, c in enumerate(text):
        depth += (c == text[0]) - (c == text[-1])
        if depth == 0:
            return k == len(text) - 1
    return False


def is_loose_above(text: str) -> bool:
    """Whether what is above a fraction line needs brackets on one line."""
    depth = 0
    for k, c in enumerate(text):
        depth += (c in "([{") - (c in ")]}")
        if depth == 0 and c in _LOOSE_ABOVE and not (k == 0 and c in "-−") and not (c == " " and text[0] == "∂"):
            return True
    return False


def raised(body: Cells, place: int, whole: bool) -> Cells:
    text = text_of(body).replace("⊤", "T").replace("−", "-")
    if text in ("T", "-T") or (text and all(c in RAISED for c in text)):
        return [("ᵀ" if c == "T" else RAISED[c], each) for c, (_, each) in zip(text, body, strict=True)]
    if text in ("'", "′", "″", "*", "†"):
        return body
    if len(body) == 1 or not whole or is_bracketed(text):
        return [("^", place), *body]
    return [("^", place), *in_brackets(body)]


def lowered(body: Cells, place: int, whole: bool) -> Cells:
    text = text_of(body)
    if text.isascii() and text.isdigit():
        return [(SMALL[c], each) for c, each in body]
    if len(body) == 1 or not whole or (text and INDEX_LETTERS.issuperset(text)):
        return [("_", place), *body]
    return [("_", place), ("{", place), *body, ("}", place)]


def is_atom(text: str) -> bool:
    """Whether a text is one name or number, which needs no brackets below a fraction line.

    >>> is_atom("∂w_ij⁽¹⁾"), is_atom("2n"), is_atom("10")
    (True, False, True)
    """
    return _ATOM.match(text) is not None


__all__ = [
    "Cells", "accented", "in_brackets", "is_atom", "is_bracketed", "is_loose_above", "lowered", "put_comma", "put_equals", "put_sign",
    "put_space", "put_word", "raised", "text_of",
]  # fmt: skip
