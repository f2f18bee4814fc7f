"""A step: one line of a derivation, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One line: the rule used, what stood before, what stands after, and why the rule holds.

    `before` and `after` are LaTeX; the same in Unicode for the terminal. `folded` marks a line that a person would skip.
    """

    rule: str
    before: str
    after: str
    why: str
    unicode_before: str = ""
    unicode_after: str = ""
    folded: bool = False

    def to_dict(self) -> dict[str, str]:
        """The four fields of CONTRACT."""
        return {"rule": self.rule, "before": self.before, "after": self.after, "why": self.why}
