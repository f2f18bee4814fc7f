"""Notebooks as text: their cells one after the other, code in fences, outputs never used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...derivations.errors import InputError, LimitError

MOST_CELLS = 20_000
_OUTPUTS = "The outputs of the cells were left out; only what is written in the cells is read."


def notebook_text(text: str, name: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    r"""The text of a notebook, the place of each of its lines (“cell 3, line 2”; cells count from 1), and what was left out.

    Raises:
        InputError: no notebook; the sentence says where it breaks off, or which cell is not as it should be.

    >>> notebook_text('{"cells": [{"cell_type": "markdown", "source": ["# 1\\n", "$x$"]}]}', "“a.ipynb”")
    ('# 1\n$x$\n', ('cell 1, line 1', 'cell 1, line 2', 'cell 1, line 2'), ())
    """
    lines: list[str] = []
    places: list[str] = []
    data = _data(text, name)
    for number, kind, source in _cells(data, name):
        own = source.replace("\r\n", "\n").split("\n")
        where = [f"cell {number}, line {k}" for k in range(1, len(own) + 1)]
        if kind == "code":
            fence = "`" * (3 if "```" not in source else 8)
            own, where = [f"{fence}python", *own, fence], [where[0], *where, where[-1]]
        lines += [*own, ""]
        places += [*where, where[-1]]
    notes = (_OUTPUTS,) if any(cell.get("outputs") for cell in data["cells"]) else ()
    return "\n".join(lines), tuple(places), notes


def looks_like_notebook(text: str) -> bool:
    """Whether a text without a name that says so is a notebook."""
    return text.lstrip()[:1] == "{" and '"cells"' in text and '"cell_type"' in text


def _data(text: str, name: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        end = error.pos >= len(text.rstrip())
        what = "it breaks off" if end else "it cannot be read"
        raise InputError(f"{name} is not a whole notebook: {what} in line {error.lineno}, column {error.colno}.") from None
    except (RecursionError, ValueError):  # brackets within brackets without end; a number of thousands of digits
        raise InputError(f"{name} is not a notebook: it is nested too deeply, or has a number without end.") from None
    if not isinstance(data, dict):
        raise InputError(f"{name} is not a notebook: it holds no list of cells.")
    version = data.get("nbformat", 4)
    return data if version == 4 or "cells" in data else _newer(data, name)


def _newer(data: dict[str, Any], name: str) -> Mapping[str, Any]:
    """Notebooks before the fourth format keep their cells in worksheets."""
    import nbformat  # imports jsonschema, 0.2 s

    try:
        converted = nbformat.convert(nbformat.from_dict(data), 4)  # type: ignore[no-untyped-call]
    except Exception as error:  # whatever a strange notebook does to the conversion is a strange notebook
        raise InputError(f"{name} is a notebook in an old format that cannot be read ({type(error).__name__}).") from None
    return dict(converted)


def _cells(data: Mapping[str, Any], name: str) -> Iterator[tuple[int, str, str]]:
    """The number, the kind and the text of every cell."""
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise InputError(f"{name} is not a notebook: “cells” is not a list.")
    if len(cells) > MOST_CELLS:
        raise LimitError(f"{name} has {len(cells)} cells; at most {MOST_CELLS} are read.")
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            raise InputError(f"{name} is not a notebook: cell {number} is not an object.")
        source = cell.get("source", "")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise InputError(f"{name} is not a notebook: the source of cell {number} is not text.")
        yield number, str(cell.get("cell_type", "markdown")), source


__all__ = ["MOST_CELLS", "looks_like_notebook", "notebook_text"]
