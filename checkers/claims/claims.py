"""One claim: something an answer says that can hold or not, the line where it stands, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..verdicts import Verdict

ClaimKind = Literal["expression", "shape", "number", "weights", "choice", "code", "chain", "prose"]
Role = Literal["answer", "statement"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, as it was written.

    `text` is the part of the passage that says it, and nothing more: one equation, one shape, one sentence; that of the conclusion of
    a chain, “head = last”, is put together from its two ends. `line` counts
    from 1 in the file. `role` says whose claim it is: the person's, or that of the sheet, whose misprints are not the person's.
    `place` says where that is if a number of a line does not: “cell 3, line 2” of a notebook; elsewhere it is empty.
    """

    text: str
    line: int
    kind: ClaimKind
    role: Role = "answer"
    place: str = ""

    @property
    def where(self) -> str:
        """The place in words.

        >>> Claim("a = b", 7, "expression").where
        'line 7'
        """
        return self.place or f"line {self.line}"


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim and its verdict."""

    claim: Claim
    verdict: Verdict

    def to_dict(self) -> dict[str, object]:
        """The JSON of CONTRACT for one claim."""
        judged = self.verdict.to_dict()
        head: dict[str, object] = {"text": self.claim.text, "line": self.claim.line, "kind": self.claim.kind, "role": self.claim.role}
        head |= {"place": self.claim.place} if self.claim.place else {}
        return head | {key: judged[key] for key in ("verdict", "evidence", "diagnosis", "message", "read_as", "notes")}


@dataclass(frozen=True, slots=True)
class PlacedClaim:
    """A judged claim and where its text lies in the passage it was found in: `passage.text[start:end]` is `claim.text`.

    Of the conclusion of a chain it is the place of the last side alone.
    """

    start: int
    end: int
    judged: JudgedClaim


__all__ = ["Claim", "ClaimKind", "JudgedClaim", "PlacedClaim", "Role"]
