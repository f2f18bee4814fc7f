"""What the bank of submissions is made of: right answers as people write them, and the mistakes that each of them can be given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["final", "shape", "step", "choice"]


@dataclass(frozen=True, slots=True)
class Slip:
    """One mistake: `old`, which stands in the answer exactly once, becomes `new`. `part` says what it makes wrong."""

    kind: str
    old: str
    new: str
    part: Part = "final"


@dataclass(frozen=True, slots=True)
class Answer:
    """A right answer in Markdown, and what it can be spoilt by."""

    text: str
    slips: tuple[Slip, ...] = ()

    def spoilt(self, slip: Slip) -> Answer:
        """The same answer with one mistake.

        Raises:
            ValueError: the place is not there, or there are several.
        """
        if self.text.count(slip.old) != 1:
            raise ValueError(f"{slip.old!r} stands {self.text.count(slip.old)} times in {self.text!r}")
        return Answer(self.text.replace(slip.old, slip.new))

    def line_of(self, slip: Slip) -> int:
        """The line of the answer, from 0, on which the mistake begins."""
        return self.text[: self.text.index(slip.old)].count("\n")


def answer(text: str, *slips: tuple[str, str, str] | tuple[str, str, str, Part]) -> Answer:
    """A row of the bank.

    >>> answer("It is $2a$.", ("factor", "2a", "3a")).slips[0].part
    'final'
    """
    return Answer(text.strip("\n"), tuple(Slip(*slip) for slip in slips))


Rows = dict[str, tuple[Answer, ...]]

__all__ = ["Answer", "Part", "Rows", "Slip", "answer"]
