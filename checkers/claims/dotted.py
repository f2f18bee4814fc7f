r"""Rows, columns and matrices with dots in them, where our reader does not see the rule: the entries that are written are held one by one.

An entry before the dots stands at its own place; what the dots stand for is believed only where all that is written fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...derivations.elements.elements import Element, node, product
from ...derivations.errors import HwcheckError
from ...derivations.notation.written import SCALAR
from ..verdicts import VerdictWord
from .claim_terms import How, Term
from .claim_worlds import World
from .term_comparison import matched

MOST_CELLS = 64
_MATRIX = re.compile(
    r"\\begin\s*\{([bpvBV]?matrix|array)\}(?:\s*\{[lcr|]*\})?(.*)\\end\s*\{\1\}\s*(?:\^\s*\{?\s*(\\top|T)\s*\}?)?\s*\Z", re.S
)
_DOTS = re.compile(r"\\(?:[clvd]?dots|hdots|ddots|vdots|dots[bc]?)(?![A-Za-z])|\.\.\.|…|⋯|⋮|⋱")
_LIST = re.compile(r"[\[(]([^\[\]()]*)[\])]\s*(?:\^\s*\{?\s*(?:\\top|T)\s*\}?)?\s*\Z")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


def judged_dots(world: World, head: Term, side: str, how: How, seed: int) -> tuple[VerdictWord, str] | None:
    """Whether a matrix with dots can be what the head names; None where the side is none."""
    grid = _grid(side) or _listed(side, head)
    if grid is None or head.shape is None or (head.shape == SCALAR and not head.free):
        return None
    cells = [(r, c, text) for r, row in enumerate(grid) for c, text in enumerate(row)]
    if len(cells) > MOST_CELLS:
        return None
    whole = _whole(head)
    constant = _constant(cells)
    if constant is not None and whole is not None:
        term = world.term(constant, how)
        held = matched(Term("", whole, (), SCALAR if not whole.shape else head.shape), term, world.domains, seed)
        return ("right", "") if held.outcome == "same" else ("wrong", f"Not all entries are {constant} here.")
    if whole is None:
        return None
    checked = 0
    for r, c, text in _numbered(grid):
        word = _cell(world, whole, head, (r, c), (len(grid), max(len(row) for row in grid)), text, how, seed)
        if word == "wrong":
            return "wrong", f"The entry “{text.strip()}” at place {_place(r, c, grid)} is not the one that belongs there."
        checked += word == "right"
    ends = _repeats_at_the_end(grid)
    if checked and ends:
        return "right", ""
    return "undecided", "What the dots stand for is not clear from the entries that are written."


def _grid(side: str) -> list[list[str]] | None:
    """The cells of a matrix that has dots in it."""
    found = _MATRIX.match(side.strip())
    if not found or not _DOTS.search(found[2]) or r"\begin" in found[2]:
        return None
    rows = [[cell.strip() for cell in row.split("&")] for row in re.split(r"\\\\", found[2]) if row.strip()]
    return [list(column) for column in zip(*rows, strict=False)] if found[3] else rows


def _listed(side: str, head: Term) -> list[list[str]] | None:
    """The entries of a list in brackets with dots, [a, b, …, z], in the direction of what it is held against."""
    found = _LIST.match(side.strip())
    if not found or not _DOTS.search(found[1]) or head.shape is None or 1 not in head.shape:
        return None
    cells = [c.strip() for c in found[1].split(",")]
    return [cells] if head.shape[0] == 1 else [[c] for c in cells]


def _whole(head: Term) -> Element | None:
    """The tensor that is named, where an entry of it with its indices is written."""
    return head.element if len(head.element.shape) <= 2 else None


def _constant(cells: list[tuple[int, int, str]]) -> str | None:
    """The number that all written cells are."""
    texts = {text for _, _, text in cells if not _DOTS.fullmatch(text)}
    return next(iter(texts)) if len(texts) == 1 and _NUMBER.match(next(iter(texts))) else None


def _numbered(grid: list[list[str]]) -> Iterator[tuple[int, int, str]]:
    """The cells before all dots, whose places are certain."""
    for r, row in enumerate(grid):
        if all(_DOTS.fullmatch(cell) for cell in row):
            return
        for c, cell in enumerate(row):
            if _DOTS.fullmatch(cell):
                break
            yield r, c, cell


def _cell(
    world: World, whole: Element, head: Term, at: tuple[int, int], extent: tuple[int, int], text: str, how: How, seed: int
) -> VerdictWord:
    """Whether one written entry, or one block of a row or column of blocks, is what stands at its place."""
    try:
        term = world.term(text, how)
    except HwcheckError:
        return "undecided"
    if term.unknown or term.free:
        return "undecided"
    rows, columns = extent
    axes = len(whole.shape)
    if axes == 1:
        chosen: tuple[int | None, ...] = (max(at),)
    elif rows == 1 and term.element.shape == whole.shape[:1]:
        chosen = (None, at[1])
    elif columns == 1 and term.element.shape == whole.shape[1:]:
        chosen = (at[0], None)
    else:
        chosen = at
    part = _sliced(whole, chosen)
    if part.shape != term.element.shape:
        return "undecided"
    shape = term.shape or SCALAR
    found = matched(Term("", part, (), shape, is_mark=head.is_mark), term, world.domains, seed)
    return {"same": "right", "different": "wrong"}.get(found.outcome, "undecided")  # type: ignore[return-value]


def _sliced(element: Element, places: tuple[int | None, ...]) -> Element:
    """The entries of a tensor at fixed places; None keeps an axis."""
    labels = tuple(f"a{k}" for k in range(len(places)))
    sizes = dict(zip(labels, element.shape, strict=True))
    units = [(node("unit", (), p + 1, (element.shape[k],)), (labels[k],)) for k, p in enumerate(places) if p is not None]
    return product(tuple(labels[k] for k, p in enumerate(places) if p is None), [(element, labels), *units], sizes)


def _repeats_at_the_end(grid: list[list[str]]) -> bool:
    """Whether the last row and column say the same as the first ones, with the last index in place of 1."""
    first, last = grid[0][0], grid[-1][-1]
    if _DOTS.fullmatch(last) or _DOTS.fullmatch(first):
        return False
    pattern = re.escape("".join(first.split())).replace("1", r"(?:1|[a-zA-Z])")
    return re.fullmatch(pattern, "".join(last.split())) is not None


def _place(r: int, c: int, grid: list[list[str]]) -> str:
    return str(max(r, c) + 1) if len(grid) == 1 or all(len(row) == 1 for row in grid) else f"({r + 1}, {c + 1})"


__all__ = ["judged_dots"]
