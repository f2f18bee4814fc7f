"""Where text goes: rich on a terminal, plain in a pipe; the styles of the house by what they mean.

Views hand over lines of text; nothing in the other rooms knows of terminals.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

STYLES = {
    "read": "dim",
    "number": "cyan",
    "rule": "yellow",
    "formula": "bold",
    "why": "dim",
    "result": "bold green",
    "confirmed": "green",
    "note": "italic",
    "wrong": "bold red",
}


def is_plain() -> bool:
    """Whether output goes to a pipe or file, or colour is not wanted."""
    return not sys.stdout.isatty() or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"


def console() -> Console:
    """A rich console with our styles, on standard output."""
    from rich.console import Console
    from rich.theme import Theme

    return Console(theme=Theme(STYLES), highlight=False, soft_wrap=False)


class Page:
    """Lines of styled pieces, printed with colours on a terminal and as plain text elsewhere.

    A piece is a text or a pair (text, style name).
    """

    def __init__(self) -> None:
        self.lines: list[list[tuple[str, str]]] = []

    def line(self, *pieces: str | tuple[str, str]) -> None:
        """One more line."""
        self.lines.append([(p, "") if isinstance(p, str) else p for p in pieces])

    def extend(self, texts: Iterable[str], style: str = "") -> None:
        """Several lines of one style."""
        for text in texts:
            self.line((text, style))

    def plain(self) -> str:
        """The page without styles."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self.lines)

    def show(self) -> None:
        """Print it."""
        if is_plain():
            click.echo(self.plain())
            return
        from rich.text import Text

        out = console()
        for line in self.lines:
            out.print(Text.assemble(*((text, style) for text, style in line)), overflow="fold")
