"""Lists and matrices of plain algebra: written out, or with dots, where the first and the last entry say what the others are."""

from __future__ import annotations

import re

from .plain_tree import Plain
from .plain_words import PlainError

_ZERO = Plain("number", (), "0")


def listed(parts: list[Plain]) -> Plain:
    """A list: of numbers a row, of rows a matrix."""
    if all(p.op == "matrix" and p.value.startswith("1x") for p in parts) and len({p.value for p in parts}) == 1:
        return Plain("matrix", tuple(a for p in parts for a in p.args), f"{len(parts)}x{parts[0].value[2:]}")
    return Plain("matrix", tuple(parts), f"1x{len(parts)}")


def dotted(rows: list[list[Plain | None]]) -> Plain:
    """A row, a column or a diagonal with dots (None), by its first and its last entry.

    Raises:
        PlainError: it is not clear what the dots stand for.
    """
    width = max(len(row) for row in rows)
    if len(rows) == 1:
        return _run(rows[0], "row")
    if width == 1:
        return _run([row[0] for row in rows], "column")
    diagonal = [row[place] if place < len(row) else None for place, row in enumerate(rows)]
    others = [part for down, row in enumerate(rows) for across, part in enumerate(row) if down != across and part is not None]
    if len(rows) == width and all(part == _ZERO for part in others):
        return _run(diagonal, "diagonal")
    raise PlainError("dots")


def _run(parts: list[Plain | None], kind: str) -> Plain:
    """Entries from the first to the last, the ones between left out."""
    first, last = parts[0], parts[-1]
    if first is None or last is None or parts.count(None) > 1 + (kind == "diagonal"):
        raise PlainError("dots")
    letter = next(x for x in "ijklmnpqrsuv" if x not in _letters(first) | _letters(last))
    entry = _general(first, last, letter)
    for number, part in enumerate(parts[1:-1], start=2):
        if part is not None and not _is_entry(part, entry, number, letter):
            raise PlainError("dots")
    if entry == first:
        raise PlainError("dots")
    return Plain("listed", (entry,), kind, (letter,))


def _letters(tree: Plain) -> set[str]:
    found = set(tree.indices)
    for part in tree.args:
        found |= _letters(part)
    return found


def _is_entry(part: Plain, entry: Plain, number: int, letter: str) -> bool:
    """Whether a part is the general entry with a number for its index."""
    if entry.op == "name" and entry.indices[-1:] == (letter,):
        return part.op == "name" and part.value == f"{entry.value}_{number}" and part.indices == entry.indices[:-1]
    if (part.op, part.value, part.indices, len(part.args)) != (entry.op, entry.value, entry.indices, len(entry.args)):
        return False
    return all(_is_entry(a, b, number, letter) for a, b in zip(part.args, entry.args, strict=True))


def _general(first: Plain, last: Plain, letter: str) -> Plain:
    """The entry at an index, from the first and the last one: x_1 and x_n give x_i."""
    if first == last:
        return first
    if first.op == "name" == last.op and (found := re.fullmatch(r"(.*)_1", first.value)):
        base = found[1]
        is_last = last.value == base and len(last.indices) == len(first.indices) + 1 and last.indices[:-1] == first.indices
        if is_last or (last.indices == first.indices and re.fullmatch(rf"{re.escape(base)}_\w+", last.value)):
            return Plain("name", (), base, (*first.indices, letter))
    if (
        first.op != last.op
        or first.value != last.value
        or len(first.args) != len(last.args)
        or first.indices != last.indices
        or not first.args
    ):
        raise PlainError("dots")
    return Plain(first.op, tuple(_general(a, b, letter) for a, b in zip(first.args, last.args, strict=True)), first.value, first.indices)


__all__ = ["dotted", "listed"]
