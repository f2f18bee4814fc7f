"""Tables of plain text: columns as wide as their longest cell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from .terminal import Page


def table(rows: Sequence[tuple[str, ...]], numbers_from: int = 99, room: int = 0) -> Page:
    """Columns as wide as their longest cell; from `numbers_from` on flush right; a long last one goes on below."""
    page = Page()
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    indent = sum(widths[:-1]) + 2 * (len(widths) - 1)
    last = max(room - indent, 24) if room else widths[-1]
    for number, row in enumerate(rows):
        cells = [
            cell.rjust(w) if k >= numbers_from else cell.ljust(w)
            for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        parts = textwrap.wrap(row[-1], last, break_long_words=False) if len(row[-1]) > last else [cells[-1]]
        page.line(("  ".join([*cells[:-1], parts[0]]).rstrip(), "rule" if number == 0 else ""))
        page.extend(" " * indent + part for part in parts[1:])
    return page


__all__ = ["table"]
