"""Matrices drawn in plain text, a row below the other, put on one line: [[2, 1], [1, 3]].

A drawing is a line with square brackets and the lines right below it that hold nothing but such brackets, in the same columns,
and signs between them. Entries are apart by a comma, or by spaces where no sign of a sum or product stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BETWEEN = re.compile(r"[\s=+\-·×*⊙@≈ᵀ^T.]*\Z")
_OPERATORS = "+-−*/·×⊙=^,@"
_MOST_ROWS = 12


def drawn(lines: Sequence[str]) -> tuple[int, str]:
    """How many lines, from the first on, draw matrices together, and their text on one line; 1 where it is only a line.

    >>> drawn(["M v = [2  k] [v₁]", "      [0  1] [v₂]", "so"])
    (2, 'M v = [[2, k], [0, 1]] [[v₁], [v₂]]')
    >>> drawn(["a = [1 2]"])
    (1, 'a = [1, 2]')
    """
    rows = [line.replace("**", "  ") for line in lines[:_MOST_ROWS]]
    groups = [_groups(row) for row in rows]
    if not groups or not groups[0]:
        return 1, lines[0]
    count = 1
    while count < len(rows) and groups[count] and _holds_only_brackets(rows[count], groups[count]):
        count += 1
    while count > 1:
        text = _joined(rows[:count], groups[:count])
        if text is not None:
            return count, text
        count -= 1
    return 1, _with_commas(lines[0])


def _groups(row: str) -> list[tuple[int, int]]:
    """The places of the square brackets of a row, outermost ones; none where they do not match."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for place, character in enumerate(row):
        if character == "[":
            start = place if depth == 0 else start
            depth += 1
        elif character == "]":
            depth -= 1
            if depth == 0:
                found.append((start, place + 1))
            if depth < 0:
                return []
    return found if depth == 0 else []


def _holds_only_brackets(row: str, groups: list[tuple[int, int]]) -> bool:
    borders = [0, *(x for group in groups for x in group), len(row)]
    outside = "".join(row[a:b] for a, b in zip(borders[::2], borders[1::2], strict=True))
    return row.lstrip().startswith("[") and _BETWEEN.match(outside) is not None


def _joined(rows: list[str], groups: list[list[tuple[int, int]]]) -> str | None:
    """The drawing on one line; None where the brackets do not stand below each other."""
    base = max(groups, key=len)
    cells: list[list[list[str]]] = [[] for _ in base]
    for row, found in zip(rows, groups, strict=True):
        for start, end in found:
            below = [k for k, (a, b) in enumerate(base) if start < b and a < end]
            if len(below) != 1:
                return None
            cells[below[0]].append(items(row[start + 1 : end - 1]))
    if any(len({len(entries) for entries in cell}) != 1 for cell in cells) or all(len(cell) == 1 for cell in cells):
        return None
    out = [rows[0][: groups[0][0][0]]]
    for place, cell in enumerate(cells):
        inner = ["[" + ", ".join(entries) + "]" for entries in cell]
        out.append("[" + ", ".join(inner) + "]" if len(inner) > 1 else inner[0])
        end = base[place][1]
        until = base[place + 1][0] if place + 1 < len(base) else None
        said = {row[end:until].strip() for row, found in zip(rows, groups, strict=True) if found[-1][1] >= end or until is None}
        said = {s for s in said if s and "[" not in s and "]" not in s}
        if len(said) > 1:
            return None
        out.append(f" {said.pop()} " if said and place + 1 < len(base) else said.pop() if said else " ")
    return re.sub(r" {2,}", " ", "".join(out)).strip()


def items(text: str) -> list[str]:
    """The entries between two brackets.

    >>> items("2x₁ + x₂   0"), items("a, b c"), items("x - 1")
    (['2x₁ + x₂', '0'], ['a', 'b c'], ['x - 1'])
    """
    text = text.strip()
    if "," in text or "[" in text:
        return [part.strip() for part in text.split(",")] if "[" not in text else [text]
    found, start, depth = [], 0, 0
    for gap in re.finditer(r"[()]|\s+", text):
        if gap[0] in "()":
            depth += 1 if gap[0] == "(" else -1
            continue
        before, after = text[gap.start() - 1], text[gap.end()]
        is_sign = after in "+-−" and not text[gap.end() + 1 : gap.end() + 2].isspace()  # the sign of an entry: 1  -1
        if depth == 0 and before not in _OPERATORS and (after not in _OPERATORS or is_sign) and after != "(":
            found.append(text[start : gap.start()])
            start = gap.end()
    return [*found, text[start:]]


def _with_commas(line: str) -> str:
    """A line with commas between the entries of its rows."""
    out: list[str] = []
    place = 0
    for start, end in _groups(line):
        inner = line[start + 1 : end - 1]
        entries = items(inner) if "," not in inner and "[" not in inner else []
        if len(entries) > 1:
            out += (line[place:start], "[" + ", ".join(entries) + "]")
            place = end
    return "".join(out) + line[place:]


__all__ = ["drawn", "items"]
