"""Everything that can go wrong, in one tree, split by who has to read the message.

    HwcheckError                  exit code
    ├ InputError            2     for the person who typed: what could not be used, with its place
    │ ├ NotationError       2       the text cannot be read
    │ ├ LimitError          2       it reads, but is larger than we work on
    │ ├ ShapeError          2       it reads, but the shapes do not fit
    │ ├ NameUnknownError    2       a name or a function nobody declared
    │ └ DomainError         2       a point at which the function is not defined
    ├ UnsupportedError      2     correct mathematics, beyond this program (says what)
    ├ ProblemSetError       4     for the author of a problem set
    └ DefectError           4     nobody's fault but ours: two of our own results disagree

A wrong answer is no error: verdicts are values.
"""

from __future__ import annotations

from typing import ClassVar

Span = tuple[int, int]


class HwcheckError(Exception):
    """The root: a message in sentences, and where possible the place in the text it speaks of.

    `span` is a pair of character offsets into `text`, the text as it was typed.
    """

    exit_code: ClassVar[int] = 2
    kind: ClassVar[str] = "error"

    def __init__(self, message: str, *, span: Span | None = None, text: str | None = None):
        super().__init__(message)
        self.message = message
        self.span = span
        self.text = text

    def within(self, text: str) -> HwcheckError:
        """The same error, told which text its span points into (unless it knows already)."""
        if self.text is None:
            self.text = text
        return self

    def to_dict(self) -> dict[str, object]:
        """The error as the JSON of CONTRACT: kind, message and span (null where there is no place)."""
        return {"kind": self.kind, "message": self.message, "span": list(self.span) if self.span else None}

    def report(self, width: int = 78) -> str:
        """The message, and under it the line of the text with carets below the place.

        >>> print(NotationError("A name was expected here.", span=(2, 3), text="x + * y").report())
        A name was expected here.
          x + * y
            ^
        """
        if self.span is None or self.text is None:
            return self.message
        start, end = self.span
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line = self.text[line_start : len(self.text) if line_end < 0 else line_end]
        start, end = start - line_start, min(max(end, start + 1) - line_start, len(line) + 1)
        room = max(width - 4, 20)
        if len(line) > room:
            cut = max(0, min(start - room // 2, len(line) - room))
            line, start, end = line[cut : cut + room], start - cut, min(end - cut, room)
        line = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
        return f"{self.message}\n  {line}\n  {' ' * start}{'^' * max(1, end - start)}"


class InputError(HwcheckError):
    """What was typed cannot be used."""

    kind = "input"


class NotationError(InputError):
    """The text cannot be read as mathematics."""

    kind = "notation"


class LimitError(InputError):
    """The text reads, but it is larger than the limits allow."""

    kind = "limit"


class ShapeError(InputError):
    """The shapes of the parts contradict each other."""

    kind = "shape"


class NameUnknownError(InputError):
    """A name that nobody declared, or a function that nobody knows."""

    kind = "name"


class DomainError(InputError):
    """A point at which the function has no value."""

    kind = "domain"


class UnsupportedError(HwcheckError):
    """Correct mathematics for which this program has no rule."""

    kind = "unsupported"


class ProblemSetError(HwcheckError):
    """A problem set that contradicts itself; its author has to mend it."""

    exit_code = 4
    kind = "problem-set"


class DefectError(HwcheckError):
    """Two of our own results disagree: a defect of this program, never of the input."""

    exit_code = 4
    kind = "defect"
