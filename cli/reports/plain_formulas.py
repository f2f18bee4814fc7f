r"""A claim as a person wrote it, LaTeX or not, in characters that a terminal shows: \frac{\partial L}{\partial w} is ∂L/∂w.

For the eye alone: nothing is read, corrected or simplified, and what has no plainer form stays as it was written. Every
character knows the place it comes from, so that carets find theirs. Work is linear in the text; what is nested too deeply or
not closed is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...derivations.errors import Span
from ..marked_rows import one_line, printable
from .formula_cells import (
    Cells,
    accented,
    in_brackets,
    is_atom,
    is_bracketed,
    is_loose_above,
    lowered,
    put_comma,
    put_equals,
    put_sign,
    put_space,
    put_word,
    raised,
    text_of,
)
from .latex_words import (
    ACCENT_NAMES,
    BLACKBOARD,
    DROPPED,
    FONT_NAMES,
    FRACTIONS,
    HIDDEN,
    LIST_BLOCKS,
    OPENING,
    SECOND,
    SIGNS,
    WORDS,
)

LONGEST = 4000
DEEPEST = 24

_QUOTED = re.compile("(?<=“)([^“”]*)(?=”)")
_HALF_COMMAND = re.compile(r"\\[A-Za-z]*…")
_BOLD = {"1": "𝟏", "0": "𝟘"}  # as the writer has them
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_RUN = re.compile(r"[A-Za-z]+|[0-9]+")
_SKIP = re.compile(r"\[[0-9.]+[a-z]*\]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text to show; `places[k]` is where its character k comes from."""

    text: str
    places: tuple[int, ...]

    def spans(self, spans: Sequence[Span]) -> list[Span]:
        """Where the parts of the source that spans point at are shown.

        >>> shown(r"\\sigma(z) + \\beta").spans([(12, 17)])
        [(7, 8)]
        """
        found: list[Span] = []
        for start, end in spans:
            columns = [k for k, place in enumerate(self.places) if start <= place < end and self.text[k] != " "]
            if columns:
                found.append((columns[0], columns[-1] + 1))
        return found


def shown(text: str) -> Shown:
    r"""A text in characters that can be shown on lines of a terminal.

    >>> shown(r"\frac{\partial L}{\partial W^{(2)}} = (\hat{y} - y) h^\top").text
    '∂L/∂W⁽²⁾ = (ŷ - y) hᵀ'
    >>> shown(r"\frac{a + b").text, shown("a\x1b[2Jb").text
    ('\\frac{a + b', 'a�[2Jb')
    """
    if len(text) > LONGEST:
        return _verbatim(text[:LONGEST] + "…")
    try:
        cells = _Scribe(text).whole()
    except _Unclear:
        return _verbatim(text)
    start, end = 0, len(cells)
    while start < end and cells[start][0].isspace():
        start += 1
    while end > start and cells[end - 1][0].isspace():
        end -= 1
    kept = cells[start:end]
    return Shown("".join(_harmless(c) for c, _ in kept), tuple(place for _, place in kept))


def plain(text: str) -> str:
    """The same on one line.

    >>> plain("W_1 x\\n + b_1")
    'W₁ x + b₁'
    """
    return " ".join(shown(text).text.split())


def plain_sentence(sentence: str) -> str:
    r"""A sentence of the judge on one line, the formulas that it quotes shown like claims, those that it had to cut as well.

    >>> plain_sentence(r"“\frac{a}{b}” is no \mathbf{x}; expected “}” here, as in “\sqrt{\beta + \ga…”")
    '“a/b” is no x; expected “}” here, as in “√(β + …)”'
    """
    sentence = sentence if len(sentence) <= LONGEST else sentence[:LONGEST] + "…"
    pieces = _QUOTED.split(sentence)
    told = []
    for k, piece in enumerate(pieces):
        if "\\" not in piece and "_" not in piece and "^" not in piece:
            told.append(printable(piece))
            continue
        cut = k % 2 == 0 or piece.endswith("…")
        what = _lenient(piece) if cut else shown(piece).text
        blank = len(piece) - len(piece.lstrip())
        told.append(piece[:blank] + what + piece[len(piece.rstrip()) :] if what else piece)
    return one_line("".join(told))


def _lenient(text: str) -> str:
    """A piece of a sentence, in which a group may be open because the rest was cut off."""
    scribe = _Scribe(_HALF_COMMAND.sub("…", text))
    scribe.strict = False
    try:
        return "".join(_harmless(c) for c, _ in scribe.whole()).strip()
    except _Unclear:
        return text.strip()


def _verbatim(text: str) -> Shown:
    return Shown("".join(map(_harmless, text)), tuple(range(len(text))))


def _harmless(character: str) -> str:
    return "\n" if character == "\n" else printable(character)


class _Unclear(Exception):
    """Not closed, or nested too deeply: shown as it was written."""


class _Scribe:
    """One walk over a text."""

    def __init__(self, text: str):
        self.text = text
        self.latex = any(sign in text for sign in ("\\", "^{", "_{"))
        self.strict = True
        self.place = 0
        self.depth = 0
        self.blocks: list[str] = []

    def whole(self) -> Cells:
        """All of the text."""
        cells: Cells = []
        while self.place < len(self.text):
            cells = self.sequence(cells)
            if self.place < len(self.text):  # a brace that closes nothing
                self.unclear(self.latex)
                cells.append(("}", self.place))
                self.place += 1
        self.unclear(bool(self.blocks))
        return cells

    def unclear(self, what: bool = True) -> None:
        """Something is not closed: then nothing is done, unless the end is known to be missing."""
        if what and self.strict:
            raise _Unclear

    def sequence(self, cells: Cells) -> Cells:
        """What comes, up to the end or to a brace that closes more than was opened here."""
        while self.place < len(self.text) and self.text[self.place] != "}":
            self.piece(cells)
        return cells

    def piece(self, cells: Cells) -> None:
        """One character, command, group or script."""
        character, place = self.text[self.place], self.place
        if character == "\\":
            self.command(cells)
        elif character in "^_":
            self.script(cells, character)
            self.apart(cells)
        elif character == "{":
            cells += self.group() if self.latex else [("{", place), *self.group(), ("}", self.place - 1)]
        else:
            self.place += 1
            if character.isspace() or (character == "~" and self.latex):
                put_space(cells, place, "\n" if character == "\n" and not self.latex else " ")
            elif character == "&" and self.latex:
                if self.blocks and self.blocks[-1] in LIST_BLOCKS:
                    put_comma(cells, place)
            elif character == "=" and self.latex:
                put_equals(cells, place)
            elif character != "$":
                cells.append((character, place))

    def group(self) -> Cells:
        """What a pair of braces holds."""
        if self.depth >= DEEPEST:
            raise _Unclear
        self.depth += 1
        self.place += 1
        cells = self.sequence([])
        self.unclear(self.place >= len(self.text))
        self.place = min(self.place + 1, len(self.text))
        self.depth -= 1
        return cells

    def argument(self) -> Cells:
        """What a command or a script takes: a group, a command or one character."""
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1
        if self.place >= len(self.text) or self.text[self.place] in "}&$":
            self.unclear()
            return []
        if self.text[self.place] == "{":
            return self.group()
        if self.depth >= DEEPEST:
            raise _Unclear
        self.depth += 1
        cells: Cells = []
        self.piece(cells)
        self.depth -= 1
        return cells

    # -- scripts -------------------------------------------------------------------------------------------------------

    def script(self, cells: Cells, sign: str) -> None:
        """A subscript or superscript: in small figures where there are such, else behind its sign."""
        place = self.place
        self.place += 1
        after = self.text[self.place : self.place + 1]
        if not after or (not self.latex and not (after.isalnum() or after in "{(-⊤")):
            cells.append((sign, place))
            return
        braced = after == "{"
        run = None if self.latex or braced else _RUN.match(self.text, self.place)
        if run:
            body: Cells = [(c, self.place + k) for k, c in enumerate(run[0])]
            self.place = run.end()
        else:
            body = [cell for cell in self.argument() if not cell[0].isspace()]
        cells += (raised if sign == "^" else lowered)(body, place, braced or self.latex)

    def apart(self, cells: Cells) -> None:
        """A space between a script and a letter after it: δ_ij e, where δ_ije would be another name."""
        after = self.text[self.place : self.place + 1]
        command = _COMMAND.match(self.text, self.place) if after == "\\" else None
        is_letter = command[1] not in OPENING if command else after.isalnum()
        has_gap = self.text[self.place - 1].isspace()
        if self.latex and is_letter and (has_gap or (cells[-1][0].isalpha() and cells[-1][0] != "ᵀ")):
            put_space(cells, self.place)

    # -- commands ------------------------------------------------------------------------------------------------------

    def command(self, cells: Cells) -> None:
        """A command with its arguments."""
        place = self.place
        match = _COMMAND.match(self.text, place)
        if not match:
            self.sign(cells)
            return
        name = match[1]
        self.place = match.end() if name in FONT_NAMES or name in WORDS or name in ("begin", "end") else place + 1 + len(name)
        if name in ("begin", "end"):
            self.block(cells, name, place)
        elif name in FRACTIONS:
            self.fraction(cells, place)
        elif name == "sqrt":
            self.root(cells, place)
        elif name in ACCENT_NAMES:
            cells += accented(self.argument(), ACCENT_NAMES[name], place)
        elif name in FONT_NAMES:
            cells += self.font(name, place)
        elif name in HIDDEN:
            self.argument()
        elif name in SECOND:
            self.argument()
            cells += self.argument()
        elif name in OPENING:
            self.after_space()
            if self.text[self.place : self.place + 1] == ".":
                self.place += 1
        elif name in DROPPED:
            self.after_space()
            put_space(cells, place, DROPPED[name]) if DROPPED[name] else None
        else:
            self.word(cells, name, place)

    def word(self, cells: Cells, name: str, place: int) -> None:
        """A sign, a function, or a command that nobody knows."""
        if name in SIGNS:
            gap = self.place
            self.after_space()
            put_sign(cells, SIGNS[name], place)
            after = self.text[self.place : self.place + 1]
            if gap < self.place and SIGNS[name] not in "∂∇" and (after.isalnum() or after in ("\\", *"+-=<>*/")):
                put_space(cells, place)
        elif name in WORDS:
            put_word(cells, WORDS[name], place)
        else:
            cells += [(c, place) for c in f"\\{name}"]

    def sign(self, cells: Cells) -> None:
        """A backslash before something that is no letter."""
        place, after = self.place, self.text[self.place + 1 : self.place + 2]
        self.place += 2
        if after == "\\":
            skipped = _SKIP.match(self.text, self.place)
            self.place = skipped.end() if skipped else self.place
            if self.blocks and self.blocks[-1] in LIST_BLOCKS:
                put_comma(cells, place, ";")
            else:
                put_space(cells, place, "\n")
        elif after in ",;: ":
            put_space(cells, place)
        elif after == "|":
            cells.append(("‖", place))
        elif after not in "!()[]/":
            cells.append((after or "\\", place))

    def after_space(self) -> None:
        """LaTeX has no space behind a command."""
        while self.text[self.place : self.place + 1] in (" ", "\t", "\n"):
            self.place += 1

    def name_in_braces(self) -> str:
        """What stands between braces, as it is."""
        end = self.text.find("}", self.place, self.place + 40)
        if self.text[self.place : self.place + 1] != "{" or end < 0:
            raise _Unclear
        name = self.text[self.place + 1 : end]
        self.place = end + 1
        return name.strip("* ")

    def block(self, cells: Cells, side: str, place: int) -> None:
        """The begin or the end of an environment; matrices become lists."""
        name = self.name_in_braces()
        if side == "end":
            if not self.blocks or self.blocks.pop() != name:
                raise _Unclear
            if name in LIST_BLOCKS:
                while cells and cells[-1][0] in " ;":
                    cells.pop()
                cells += [(c, place) for c in LIST_BLOCKS[name][1]]
            return
        if len(self.blocks) >= DEEPEST:
            raise _Unclear
        self.blocks.append(name)
        if name == "array" and self.text[self.place : self.place + 1] == "{":
            self.name_in_braces()
        cells += [(c, place) for c in LIST_BLOCKS.get(name, ("", ""))[0]]
        self.after_space()

    def fraction(self, cells: Cells, place: int) -> None:
        """Above and below, on one line."""
        above, below = self.argument(), self.argument()
        cells += in_brackets(above) if is_loose_above(text_of(above)) else above
        cells.append(("/", place))
        cells += below if is_atom(text_of(below)) or is_bracketed(text_of(below)) else in_brackets(below)

    def root(self, cells: Cells, place: int) -> None:
        """A root: √x, √(x + 1), ∛x."""
        sign = "√"
        if self.text[self.place : self.place + 1] == "[":
            end = self.text.find("]", self.place, self.place + 10)
            degree = self.text[self.place + 1 : end] if end > 0 else ""
            sign = {"3": "∛", "4": "∜"}.get(degree, f"{degree}√")
            self.place = max(end + 1, self.place)
        body = self.argument()
        cells += [(c, place) for c in sign]
        cells += body if is_atom(text_of(body)) else in_brackets(body)

    def font(self, name: str, place: int) -> Cells:
        """What a font holds; bold ones and blackboard letters have characters of their own."""
        self.after_space()
        body = self.argument()
        text = text_of(body)
        if name in ("mathbb", "mathds", "mathbbm") and text in BLACKBOARD:
            return [(BLACKBOARD[text], body[0][1])]
        if text in _BOLD and name in ("mathbf", "boldsymbol", "bm"):
            return [(_BOLD[text], body[0][1])]
        return body


def is_closed(text: str) -> bool:
    """Whether all that a text opens is closed, and every command has its arguments."""
    try:
        _Scribe(f"\\, {text}").whole()
    except _Unclear:
        return False
    return True


__all__ = ["LONGEST", "Shown", "is_closed", "plain", "plain_sentence", "shown"]
