r"""What formulas are wrapped in for the eye only: block quotes, boxes, colours and sizes.

The wrapping goes and what is inside stays, on its line; a box with nothing in it is a blank to fill in, and stays.
"""

from __future__ import annotations

import re

from .macros import braces

_INLINE = re.compile(r"(?<!\\)\\\(([^$\n\\]{0,500}(?:\\[^()$\n][^$\n\\]{0,500}){0,200})(?<!\\)\\\)")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SIZE = re.compile(r"\\(?:displaystyle|textstyle|limits|nolimits)(?![A-Za-z])[ \t]*")
_BOX = re.compile(r"\\(?:boxed|fbox|framebox|(?:textcolor|colorbox)\s*\{[^{}\n]{0,60}\})\s*(?=\{)")
_COLOUR = re.compile(r"\\color\s*\{[^{}\n]{0,60}\}[ \t]*")
_FULL = re.compile(r"[A-Za-z0-9∂∇σδ]")
_PHANTOM = re.compile(r"[ \t]*\\(?:h?phantom|hspace|rule|quad|qquad|underline|square|Box)\b")


def unwrapped(text: str) -> str:
    r"""The text with formulas out of their boxes, in the colour and the size of everything else, and `\(…\)` in dollars.

    >>> unwrapped(r"$\boxed{\displaystyle v = 2u}$ and $\boxed{\phantom{xxx}}$")
    '$v = 2u$ and $\\boxed{\\phantom{xxx}}$'
    """
    return _without_boxes(_COLOUR.sub("", _SIZE.sub("", _INLINE.sub(r"$\1$", text))))


def unquoted(text: str) -> str:
    """Markdown without the marks of block quotes, but for those in code.

    >>> unquoted("> $v = 2u$" + chr(10) + ">> or")
    '$v = 2u$\\nor'
    """
    out: list[str] = []
    fence, is_inside = "", False  # a block of code, and whether it is inside a quote
    for line in text.split("\n"):
        bare = line if fence and not is_inside else _QUOTE.sub("", line, count=1) if _QUOTE.match(line) else line
        if opened := _FENCE.match(bare):
            is_inside = bare != line if not fence else is_inside
            fence = "" if fence and opened[1].startswith(fence) else fence or opened[1]
        out.append(bare)
    return "\n".join(out)


def _without_boxes(text: str) -> str:
    """Boxes with something in them opened, from the outside in."""
    if "\\" not in text or not _BOX.search(text):
        return text
    pairs = braces(text)
    gone: list[tuple[int, int]] = []
    for found in _BOX.finditer(text):
        end = pairs.get(found.end())
        if end is not None and _is_filled(text, found.end() + 1, end - 1):
            gone += [(found.start(), found.end() + 1), (end - 1, end)]
    out, done = [], 0
    for start, end in sorted(gone):
        out.append(text[done:start])
        done = end
    return "".join([*out, text[done:]])


def _is_filled(text: str, start: int, end: int) -> bool:
    return _PHANTOM.match(text, start, end) is None and _FULL.search(text, start, end) is not None


__all__ = ["unquoted", "unwrapped"]
