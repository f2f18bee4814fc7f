"""Tables of rows of a network in Markdown: inputs, hidden values, outputs, each cell a value that is claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..flat_text import flat_text

_NUMBER = re.compile(r"[-−]?[0-9]{1,6}(?:\.[0-9]{1,6})?(?:/[0-9]{1,6})?")
_RULER = re.compile(r"[\s|:-]+")
_MOST_CELLS = 24
_WHOLE = {"x": "x", "(x_1,x_2)": "x", "input": "x", "inputs": "x", "h": "h", "hidden": "h", "(h_1,h_2)": "h", "ŷ": "ŷ", "output": "ŷ",
          "prediction": "ŷ", "yhat": "ŷ"}  # fmt: skip
_ENTRY = re.compile(r"(x|h)_?([1-9])")


@dataclass(frozen=True, slots=True)
class Row:
    """“what is value where name is point”, with its place; `entry` counts from 0 where the value is one of several."""

    what: str
    value: tuple[Fraction, ...]
    name: str
    point: tuple[Fraction, ...]
    start: int
    end: int
    entry: int | None = None


def numbers(text: str) -> tuple[Fraction, ...]:
    """The numbers in a text: of [1, −1/2] two."""
    found = []
    for m in _NUMBER.finditer(text):
        top, _, bottom = m[0].replace("−", "-").partition("/")
        found.append(Fraction(top) / Fraction(bottom) if bottom and Fraction(bottom) else Fraction(top))
    return tuple(found)


def rows_of_tables(text: str) -> Iterator[Row]:
    """The cells of all tables of a text that have columns for inputs; places are those of the source.

    >>> [(r.what, r.value, r.point) for r in rows_of_tables("| x1 | x2 | ŷ |\\n|-|-|-|\\n| 0 | 1 | 1 |")]
    [('ŷ', (Fraction(1, 1),), (Fraction(0, 1), Fraction(1, 1)))]
    """
    columns: list[tuple[str, int | None]] = []
    at = 0
    for line in text.split("\n"):
        if "|" not in line:
            columns = []
        elif not _RULER.fullmatch(line):
            cells = _cells(line, at)
            named = [_column(cell) for cell, _, _ in cells]
            if sum(name == "x" for name, _ in named):
                columns = named
            elif columns and len(cells) == len(columns):
                yield from _of_cells(columns, cells)
        at += len(line) + 1


def _cells(line: str, at: int) -> list[tuple[str, int, int]]:
    """The cells of a line, stripped, with their places."""
    found = []
    start = 0
    for part in line.split("|")[: _MOST_CELLS + 2]:
        bare = part.strip(" $\t")
        if bare:
            first = at + start + part.index(bare)
            found.append((bare, first, first + len(bare)))
        start += len(part) + 1
    return found


def _column(head: str) -> tuple[str, int | None]:
    """What a column holds: (x, 0) for x₁, (h, None) for all hidden values."""
    flat = re.sub(r"\s", "", flat_text(head).text).replace("^T", "").lower()
    entry = _ENTRY.fullmatch(flat)
    if entry:
        return entry[1], int(entry[2]) - 1
    return _WHOLE.get(flat, ""), None


def _of_cells(columns: list[tuple[str, int | None]], cells: list[tuple[str, int, int]]) -> Iterator[Row]:
    point: list[Fraction] = []
    for (name, _), (cell, _, _) in zip(columns, cells, strict=True):
        if name == "x":
            point.extend(numbers(cell))
    for (name, entry), (cell, start, end) in zip(columns, cells, strict=True):
        if name in ("h", "ŷ") and re.fullmatch(rf"[\[(]?\s*{_NUMBER.pattern}(?:\s*,\s*{_NUMBER.pattern}){{0,3}}\s*[\])]?", cell):
            yield Row(name, numbers(cell), "x", tuple(point), start, end, entry)


__all__ = ["Row", "numbers", "rows_of_tables"]
