"""A place in a list of tokens, and what can be asked and demanded there. Knows no grammar."""

from __future__ import annotations

from ..errors import LimitError, NotationError, Span
from ..notation.names import Vocabulary
from .raw import Raw
from .tokens import MOST_DEPTH, Token

_CLOSING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "⟨": "⟩"}
_SAID = {
    "\\{": "{",
    "\\}": "}",
    "eof": "the end",
    "row": "\\\\",
    "bound": "∑",
    "frac": "\\frac",
    "partial": "∂",
    "nabla": "∇",
}
_HEDGES = {
    "±": "“±” gives two values at once; write the one that is meant.",
    "or": "“or” gives two answers at once; write the one that is meant.",
    "not": "“not” says what the answer is not; write what it is.",
}


class Cursor:
    """Walks through the tokens of one text."""

    def __init__(self, text: str, tokens: list[Token], vocabulary: Vocabulary):
        self.text = text
        self.tokens = tokens
        self.vocabulary = vocabulary
        self.place = 0
        self.depth = 0
        self.notes: list[str] = []
        # The bars that are open, innermost last; an opened bracket hides those outside it.
        self.bars: list[str] = []

    @property
    def kind(self) -> str:
        """The kind of the token ahead."""
        return self.tokens[self.place].kind

    @property
    def ahead(self) -> Token:
        """The token ahead."""
        return self.tokens[self.place]

    def later(self, count: int) -> Token:
        """A token further on; the last one stands for all behind it."""
        return self.tokens[min(self.place + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        """The token ahead, and one step on."""
        token = self.tokens[self.place]
        if token.kind != "eof":
            self.place += 1
        return token

    def taken(self, kind: str) -> bool:
        """Whether the token ahead is of a kind; if so, it is passed."""
        if self.tokens[self.place].kind == kind:
            self.place += 1
            return True
        return False

    def since(self, start: int) -> Span:
        """From a character to the end of the last token."""
        return start, self.tokens[self.place - 1].end if self.place else start

    def words(self, span: Span) -> str:
        """What was typed at a place, on one line."""
        return " ".join(self.text[span[0] : span[1]].split())

    def expected(self, what: str, token: Token | None = None) -> NotationError:
        """The error that something else was expected at the token ahead."""
        token = token or self.ahead
        if hedge := self.hedge(token):
            return hedge
        if token.kind == "eof":
            return NotationError(f"The text ends where {what} was expected.", span=token.span)
        said = _SAID.get(token.kind, self.words(token.span))
        return NotationError(f"{what[0].upper()}{what[1:]} was expected here, not “{said}”.", span=token.span)

    def hedge(self, token: Token) -> NotationError | None:
        """The error for a sign or a word that leaves open which of several values is meant."""
        said = _HEDGES.get(token.value if token.kind == "word" else token.kind)
        if said is None or any(t.kind == "word" and t.value in ("if", "else") for t in self.tokens):
            return None
        return NotationError(said, span=token.span)

    def close(self, opened: Token) -> None:
        """Pass the bracket that closes `opened`."""
        closing = _CLOSING[opened.kind]
        if self.kind != closing:
            if self.kind == "eof":
                sign = _SAID.get(opened.kind, opened.kind)
                raise NotationError(f"The bracket “{sign}” is never closed.", span=opened.span)
            raise self.expected(f"an operator or “{_SAID.get(closing, closing)}”")
        self.place += 1

    def enter(self) -> None:
        """One level deeper."""
        self.depth += 1
        if self.depth > MOST_DEPTH + 1:
            raise LimitError(f"The expression is nested deeper than {MOST_DEPTH}.", span=self.ahead.span)

    def leave(self) -> None:
        """One level up."""
        self.depth -= 1

    def note(self, text: str) -> None:
        """Remember a reading that was taken where another was possible."""
        if text not in self.notes:
            self.notes.append(text)

    # The grammar proper, in parser.py; declared here for the parts of the grammar that need it.

    def expression(self) -> Raw:
        """A whole expression, up to the first token that cannot belong to it."""
        raise NotImplementedError

    def product(self) -> Raw:
        """A product, up to the next plus or minus."""
        raise NotImplementedError

    def factor(self) -> Raw:
        """An operand with its powers, subscripts and transposes."""
        raise NotImplementedError

    def atom(self) -> Raw:
        """An operand alone."""
        raise NotImplementedError
