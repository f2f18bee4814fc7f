"""What a demonstration is: claims with the computation that settled them, derivatives it used, and tables of its numbers.

A claim may well be false: the sheet's wrong options are claims too, and the computation says so. Holds no mathematics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..derivation import Derivation
from ..elements.confirmation import Confirmation
from ..errors import InputError

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence about networks, whether it holds, and what the computation found; `name` is how problem sets refer to it."""

    name: str
    sentence: str
    holds: bool
    why: str

    def to_dict(self) -> dict[str, object]:
        """The four fields."""
        return {"name": self.name, "claim": self.sentence, "holds": self.holds, "why": self.why}


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers of a computation: what they are, the heads of the columns, and rows of cells."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, object]:
        """Caption, head and rows."""
        return {"caption": self.caption, "head": list(self.head), "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Demonstration:
    """A computation about one concept.

    `derived` are the derivatives that were used, each confirmed by JAX, under the sentence that says what they are; `confirmation`
    is that of a whole network. `sentence` is the result in words.
    """

    name: str
    title: str
    sentence: str
    claims: tuple[Claim, ...]
    tables: tuple[Table, ...] = ()
    derived: tuple[tuple[str, Derivation], ...] = ()
    confirmation: Confirmation | None = None

    def claim(self, name: str) -> Claim:
        """The claim of that name.

        Raises:
            InputError: there is none; the sentence lists those that there are.
        """
        for claim in self.claims:
            if claim.name == name:
                return claim
        known = ", ".join(c.name for c in self.claims)
        raise InputError(f"The demonstration {self.name} has no claim “{name[:60]}”. Its claims are {known}.")

    @property
    def confirmations(self) -> tuple[Confirmation, ...]:
        """What JAX said of everything that was differentiated."""
        found = (*(d.confirmation for _, d in self.derived), self.confirmation)
        return tuple(c for c in found if c is not None)

    def to_dict(self) -> dict[str, object]:
        """As JSON; the derivatives as `hwcheck jacobian` gives them."""
        return {
            "demonstration": self.name,
            "title": self.title,
            "sentence": self.sentence,
            "claims": [c.to_dict() for c in self.claims],
            "tables": [t.to_dict() for t in self.tables],
            "derived": [{"about": about, **d.to_dict()} for about, d in self.derived],
            "confirmation": [c.to_dict() for c in self.confirmations],
        }


__all__ = ["Claim", "Demonstration", "Given", "Table"]
