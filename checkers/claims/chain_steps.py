"""Chains of equalities once they are judged: their links, and the claims that people see of them.

A step that holds is its own claim; the first that does not takes with it all that leads up to it from the left side.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..verdicts import Evidence, Verdict, VerdictWord

RANK: dict[VerdictWord, int] = {"right": 0, "undecided": 1, "unreadable": 2, "wrong": 3}


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: what is said of side `place`, with a sentence, and what it rests on."""

    place: int
    verdict: VerdictWord
    message: str = ""
    diagnosis: str | None = None
    evidence: Evidence | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """A formula as it was judged in one reading; `base` is the place of the side that its links are held against."""

    links: tuple[Link, ...]
    latex: str | None = None
    base: int = 0

    @property
    def by_shape(self) -> bool:
        """Whether it is only refused for its shape."""
        return any(link.diagnosis in ("shape", "transposed") for link in self.links)

    @property
    def word(self) -> VerdictWord:
        """Wrong where a link is; else undecided or unreadable where a link is; else right."""
        return max((link.verdict for link in self.links), key=RANK.__getitem__, default="undecided")


@dataclass(frozen=True, slots=True)
class Step:
    """One claim of a formula: its sides from `first` to `last`, and the verdict on the last of them.

    `concludes`: it leaves out what stands between, and says only that the first side is the last.
    """

    first: int
    last: int
    verdict: Verdict
    concludes: bool = False


def steps_of(chain: Chain, base: int, count: int) -> tuple[Step, ...]:
    """The claims that a chain makes: each step that holds, and each that does not with all that leads up to it."""
    if len(chain.links) < count - 1 - base or chain.links[0].place == 0:  # nothing after the left side was looked at
        return (Step(base, count - 1, _verdict(chain, chain.links[0])),)
    steps: list[Step] = []
    for link in chain.links:
        place = base + link.place
        if link.verdict == "wrong" and not any(s.verdict.verdict == "wrong" for s in steps):
            steps = [Step(base, place, _verdict(chain, link))]
        else:
            steps.append(Step(place - 1, place, _verdict(chain, link)))
    return tuple(steps)


def conclusion_of(chain: Chain, base: int, count: int) -> tuple[Step, ...]:
    """What a chain of three sides or more comes to: its first side is its last."""
    if count - base < 3 or len(chain.links) < count - 1 - base:
        return ()
    return (Step(base, count - 1, _verdict(chain, chain.links[-1]), True),)


def _verdict(chain: Chain, link: Link) -> Verdict:
    """The verdict on one step."""
    notes = (link.note,) if link.note else ()
    if link.verdict == "right":
        said = f"Right: {link.note.rstrip('.')}." if link.note else "Right."
        return Verdict("", "right", said, link.evidence, read_as=chain.latex, notes=notes)
    evidence = link.evidence if link.verdict == "wrong" else None
    return Verdict("", link.verdict, link.message, evidence, link.diagnosis, chain.latex, notes=notes)


__all__ = ["RANK", "Chain", "Link", "Step", "conclusion_of", "steps_of"]
