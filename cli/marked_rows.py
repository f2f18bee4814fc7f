"""Text that a person wrote, shown harmlessly in rows of a terminal, with carets below the places that are spoken of."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ..derivations.errors import Span
from .step_views import broken


def rows_of(text: str, start: int, spans: Sequence[Span], room: int) -> list[tuple[str, str]]:
    """The lines of a text with the carets below each, "" where no span points into it. The text starts at `start` of the answer.

    >>> rows_of("a + b\\n- c", 0, [(4, 5)], 40)
    [('a + b', '    ^'), ('- c', '')]
    """
    rows: list[tuple[str, str]] = []
    place = start
    for raw in text.split("\n"):
        inside = [(max(a - place, 0), min(max(b, a + 1) - place, max(len(raw), a - place + 1))) for a, b in spans
                  if place <= a <= place + len(raw) or a < place < b]
        place += len(raw) + 1
        line, inside = _trimmed(raw, inside)
        if inside:
            rows.append(_window(line, inside, room))
        elif line:
            rows += [(row, "") for row in broken(printable(line), room)]
    return rows


def _trimmed(raw: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """A line without the white space around it, which spans inside of it follow."""
    cut = min([len(raw) - len(raw.lstrip()), *(b - 1 for _, b in spans)])
    return raw[cut:].rstrip(), [(max(a - cut, 0), b - cut) for a, b in spans]


def _window(line: str, spans: Sequence[Span], room: int) -> tuple[str, str]:
    """As much of a line as there is room for, around the first span, and its carets."""
    first = min(spans)
    cut = max(0, min(first[0] - room // 3, len(line) - room)) if len(line) > room else 0
    shown = printable(line[cut : cut + room])
    shown = ("…" if cut else "") + shown[bool(cut) :]
    shown = shown[:-1] + "…" if cut + room < len(line) else shown
    marks = [" "] * (len(shown) + 1)
    for a, b in spans:
        for k in range(max(a - cut, 0), min(b - cut, len(marks))):
            marks[k] = "^"
    carets = "".join(mark * cells(c) for mark, c in zip(marks, [*shown, " "], strict=True))
    return shown, carets.rstrip()


def printable(text: str) -> str:
    """A text without characters that would move the cursor or cannot be shown."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def cells(character: str) -> int:
    """How many columns a character takes: none for an accent that stands on the one before, two for wide ones."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def one_line(text: str) -> str:
    """A text on one line, without what could move the cursor."""
    return " ".join(printable(text).split())


__all__ = ["cells", "one_line", "printable", "rows_of"]
