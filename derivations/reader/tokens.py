"""What the lexer makes: tokens, each with its place, and how many may be made.

Kinds of tokens, with their `value`:

    number    the digits as typed             fraction  the two numbers of ½
    name      the key of a letter or name     function  the function's name in spellings.py, or in CALLABLES
    sub       a simple subscript, "ij"        layer     a superscript in brackets that belongs to a name, "(2)"
    sup       superscript characters, "-1"    word      if, else, otherwise, axis, ...
    string    the text between quotes         begin end the name of an environment
    one zero  a bold 1 or 0                   bound     sum or prod as a sign over an index
    frac sqrt over partial nabla dots row     as in LaTeX
    and every operator and bracket by its own sign; `eof` at the end.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import Span

MOST_TOKENS = 2000
MOST_DEPTH = 64
# The widest gap before a token.
LINE_BREAK = 2


class Token(NamedTuple):
    """A token: its kind, its value, its place, and what stands before it (0 nothing, 1 a space, 2 a line break)."""

    kind: str
    value: str
    start: int
    end: int
    gap: int = 0

    @property
    def span(self) -> Span:
        return self.start, self.end
