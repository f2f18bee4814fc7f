"""A worked solution cut into rows: text line by line, displays row by row. Knows where mathematics stands, not what it says.

A display is an environment, `$$`, `\\\\[ \\\\]` or a formula in `$` over several lines; there a newline is only a space, unless a
sign follows, and a row ends at `\\\\\\\\` outside brackets. What a person copied without its display is one too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...derivations.errors import Span
from .chain_macros import Macros

_ENVIRONMENT = re.compile(
    r"\\(begin|end)\s*\{(?:align|aligned|alignat|alignedat|split|equation|gather|gathered|multline|eqnarray|IEEEeqnarray"
    r"|displaymath|math|flalign|dmath|empheq|array(?=\}\{rcl)"
    r"|enumerate|itemize|proof|solution|center|document|subequations|quote)\*?\}(?:\[[^\]\n]{0,60}\])?(?:\{[\w*]{1,12}\})?"
    r"|\$\$|\\\[(?!\d)|\\\]"
)
_TEXTUAL = re.compile(r"\{(?:enumerate|itemize|proof|solution|center|document|quote)")
_SIGN = re.compile(
    r"[ \t\r\n&]{0,60}(?:=|≈|≃|≡|≔|:=|∝|⇒|⟹|∴|→|≤|≥|<|>|\\(?:approx|simeq|equiv|propto|coloneqq|triangleq|Rightarrow|rightarrow"
    r"|implies|therefore|Longrightarrow|iff|Leftrightarrow|leq?|geq?|stackrel)(?![A-Za-z]))"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_BREAK = re.compile(r"\\\\(?:\[-?\d[\w. ]{0,12}\])?|\\(?:newline|cr)(?![A-Za-z])")
_ENDS_WITH_SIGN = re.compile(r"(?:=|≈|\\approx)[ \t]*\$?[ \t]*\Z")
_BLANK = re.compile(r"\n[ \t\r]*\n")
_STARTS_AS_FORMULA = re.compile(r"\s*(?:&|=|\\(?!begin|item|section|sub|text|paragraph|newcommand|def|label)[A-Za-z]+)")
_ALIGNED = re.compile(r"&=|& =|\\\\\s{0,9}&")
_FORMULA_SIGN = re.compile(r"[\\=<>_^+*/&]")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_OPEN, _CLOSE = "([", ")]"
_LONGEST_FORMULA = 6000


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text, or one row of a display; `follows`: it stands in the same display as the row before."""

    span: Span
    is_display: bool
    follows: bool = False


def rows_of(answer: str, macros: Macros) -> list[Row]:
    """The rows of an answer, in order, empty ones and the definitions of macros left out.

    >>> text = "so\\n$$ a = b \\\\\\\\ = c $$"
    >>> [(text[slice(*row.span)].strip(), row.is_display, row.follows) for row in rows_of(text, Macros())]
    [('so', False, False), ('a = b', True, False), ('= c', True, True)]
    """
    rows: list[Row] = []
    for start, end, is_display, follows in _Scanner(answer, macros).rows():
        if answer[start:end].strip():
            rows.append(Row((start, end), is_display, follows))
    return rows


class _Scanner:
    """One walk over the text."""

    def __init__(self, text: str, macros: Macros):
        self.text, self.macros = text, macros
        self.skipped = dict(macros.places)
        self.display = _is_display_from_the_start(text)
        self.start, self.place, self.hard, self.soft = 0, 0, 0, 0
        self.follows = self.in_dollars = False

    def rows(self) -> Iterator[tuple[int, int, bool, bool]]:
        """Start, end, whether in a display, whether in the one of the row before."""
        text = self.text
        while self.place < len(text):
            place = self.place
            character = text[place]
            if place in self.skipped:
                yield self.cut(place, self.skipped[place])
            elif character in "\\$" and (border := _ENVIRONMENT.match(text, place)):
                yield self.cut(place, border.end())
                self.enter(border)
            elif character == "%" and self.is_comment(place):
                self.place = _line_end(text, place)
            elif character == "$" and not self.display:
                yield from self.inline(place)
            elif character == "\\":
                yield from self.command(place)
            elif character == "\n":
                yield from self.newline(place)
            else:
                self.soft += (character in _OPEN) - (character in _CLOSE)
                self.hard += (character == "{") - (character == "}")
                self.place += 1
        yield self.cut(len(text), len(text))

    def cut(self, end: int, start: int, *, same: bool = False) -> tuple[int, int, bool, bool]:
        """The row that ends here; the next one starts at `start`."""
        found = (self.start, end, self.display, self.follows)
        self.start = self.place = start
        self.hard = self.soft = 0
        self.follows = same
        return found

    def enter(self, border: re.Match[str]) -> None:
        """Take a border of a display."""
        if border[1]:
            self.display = self.in_dollars or (border[1] == "begin" and not _TEXTUAL.search(border[0]))
        elif border[0] == "$$" and self.in_dollars:
            self.display = self.in_dollars = False
        elif border[0] == "$$" and not self.display:
            # words only stand between two displays, the first of which was cut off
            after = self.text[border.end() : border.end() + _LONGEST_FORMULA]
            inside = after[: max(0, after.find("$$"))]
            self.display = self.in_dollars = bool(_FORMULA_SIGN.search(inside)) or not _LONG_WORD.search(inside)
        else:
            self.display = border[0] == r"\["

    def is_comment(self, place: int) -> bool:
        before = self.text[max(0, place - 1) : place]
        return before in ("", "\n") or (self.display and before != "\\")

    def inline(self, place: int) -> Iterator[tuple[int, int, bool, bool]]:
        """A formula between dollars: over several lines it is a display, else it stays in its line."""
        text = self.text
        end = text.find("$", place + 1, place + _LONGEST_FORMULA)
        blank = _BLANK.search(text, place + 1, end if end > 0 else place + 1)
        if end < 0 or blank:
            self.place += 1
            return
        inner = text[place + 1 : end]
        if "\n" not in inner and "\\\\" not in inner:
            self.place = end + 1
            return
        yield self.cut(place, place + 1)
        within = _Scanner(inner, Macros(self.macros.own))
        within.display = True
        for start, stop, _, follows in within.rows():
            yield start + place + 1, stop + place + 1, True, follows
        self.start = self.place = end + 1

    def command(self, place: int) -> Iterator[tuple[int, int, bool, bool]]:
        """A backslash and what follows it."""
        text = self.text
        found = _BREAK.match(text, place)
        if found and not self.display and text.startswith("\\\\(", place) and (end := text.find("\\\\)", place, place + 400)) > 0:
            self.place = end + 3  # \\( … \\), as some web pages have it
        elif found:
            breaks = self.hard <= 0 and (self.soft <= 0 or _SIGN.match(text, found.end()) is not None)
            if breaks:
                yield self.cut(place, found.end(), same=self.display)
            else:
                self.place = found.end()
        elif text.startswith("\\begin", place) or text.startswith("\\end", place):
            self.hard += 1 if text.startswith("\\begin", place) else -1
            closing = text.find("}", place, place + 40)
            self.place = closing + 1 if closing > 0 else place + 2
        elif command := _COMMAND.match(text, place):
            self.hard += self.macros.border(command[1])
            self.place = command.end()
        else:
            self.place += 2

    def newline(self, place: int) -> Iterator[tuple[int, int, bool, bool]]:
        text = self.text
        blank = _BLANK.match(text, place)
        if self.display:
            ends = bool(blank) or (self.hard <= 0 and self.soft <= 0 and _SIGN.match(text, place) is not None)
        else:
            ends = bool(blank) or (
                self.hard <= 0 and self.soft <= 0 and not _ENDS_WITH_SIGN.search(text, max(self.start, place - 30), place)
            )
        if ends:
            yield self.cut(place, place + 1, same=self.display and not blank)
        else:
            self.place += 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _is_display_from_the_start(text: str) -> bool:
    """Whether a text begins inside a display whose beginning was not copied."""
    if not _STARTS_AS_FORMULA.match(text) and not _ALIGNED.search(text):
        return False
    dollars = text.find("$")
    if dollars < 0:
        return _ENVIRONMENT.search(text) is None and _BREAK.search(text) is not None
    before = text[:dollars]
    closes = text.startswith("$$", dollars) and _SIGN.search(before) is not None
    return closes and _ENVIRONMENT.search(before) is None


__all__ = ["Row", "rows_of"]
