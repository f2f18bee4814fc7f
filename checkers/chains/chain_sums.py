r"""How far a sum goes: a term behind it that has its index belongs to it, \sum_i a_i + b_i, though no brackets say so.

Only where that index is not free in what the sum is said to be.
"""

from __future__ import annotations

import re

from .chain_macros import group_after
from .chain_signs import levels

_SUM = re.compile(r"\\sum(?![A-Za-z])\s{0,5}(?:\\limits(?![A-Za-z])\s{0,5})?_")
_BIG = re.compile(r"\\(?:sum|prod)(?![A-Za-z])")
_ABOVE = re.compile(r"\s{0,5}\^")
_LIMIT = re.compile(r"\s{0,5}([a-z])(?![A-Za-z])")
_BEFORE_A_TERM = re.compile(r"(?:[\w)\]}'!|.]|\\right\S?)\s{0,20}\Z")
_MOST_SUMS = 8


def with_long_sums(text: str, head: str) -> tuple[str, tuple[str, ...]]:
    r"""A form with brackets around all that its sums run over, and what was done; `head` is what the form is to be.

    >>> with_long_sums(r"\sum_{i} a_i + c_i + d", "J")[0], with_long_sums(r"\sum_{i} a_i - a_i", r"g_i")[0]
    ('\\sum_{i} \\left(a_i + c_i\\right) + d', '\\sum_{i} a_i - a_i')
    """
    notes: list[str] = []
    place = 0
    for _ in range(_MOST_SUMS):
        found = _SUM.search(text, place)
        if found is None:
            break
        place = found.end()
        if dict(levels(text)).get(found.start(), 0) > 0:
            continue
        index, start = _limits(text, found.end())
        if not index or _has_free(head, index):
            continue
        end = _end_of_terms(text, start, index)
        if end:
            body = text[start:end].strip()
            text = f"{text[:start].rstrip()} \\left({body}\\right) {text[end:].lstrip()}".rstrip()
            notes.append(f"The sum over {index} is read as going on over the terms with {index} behind it.")
    return text, tuple(dict.fromkeys(notes))


def _limits(text: str, place: int) -> tuple[str, int]:
    """The index of a sum, and the place after its limits; no index where it has more than one, or a condition on it."""
    below = group_after(text, place)
    if below is None:
        return "", place
    letter, end = _LIMIT.match(below[0]), below[1]
    above = _ABOVE.match(text, end)
    if above and (upper := group_after(text, above.end())):
        end = upper[1]
    rest = below[0][letter.end() :].lstrip() if letter else ""
    return (letter[1] if letter and (not rest or rest.startswith(("=", "\\in", "∈"))) else ""), end


def _end_of_terms(text: str, start: int, index: str) -> int:
    """Where the last of the terms with the index ends; 0 where the first is the only one."""
    signs = [
        place
        for place, depth in levels(text)
        if place > start and depth <= 0 and text[place] in "+-" and _BEFORE_A_TERM.search(text[max(start, place - 24) : place])
    ]
    borders = [*signs, len(text)]
    end = 0
    for first, last in zip(signs, borders[1:], strict=True):
        term = text[first:last]
        if _BIG.search(term) or not _has_index(term, index):
            break
        end = last
    return end


def _has_index(text: str, index: str) -> bool:
    braced = rf"\{{[^{{}}]{{0,12}}(?<![A-Za-z\\]){index}(?![A-Za-z])[^{{}}]{{0,12}}\}}"
    return re.search(rf"[_^]\s{{0,3}}(?:{index}(?![A-Za-z])|\(\s?{index}\s?\)|{braced})", text) is not None


def _has_free(head: str, index: str) -> bool:
    """Whether a head has an index that no sum or product in it runs over."""
    return _has_index(head, index) and _BIG.search(head) is None


__all__ = ["with_long_sums"]
