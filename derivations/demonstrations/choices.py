"""A question with options: each option is settled by a claim of a demonstration, or left to a person with a reason.

An option's ruling is the text behind it in a problem set: `softmax-shift/same-value`, `not softmax-shift/same-value`, or
`person` and the reason why no computation settles it. Nothing is a key that was typed in: whether the option is right follows from
the claim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from ..errors import InputError
from .claims import Demonstration, Given
from .demonstrations import WITH_NUMBERS, demonstration

MOST_OPTIONS = len(ascii_lowercase)
_RULING = re.compile(r"(?P<negated>not )?\s*(?P<demonstration>[a-z][a-z-]*)/(?P<claim>[A-Za-z][\w-]*)")
_PERSON = re.compile(r"person[,;:]?\s*(?P<reason>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its letter, its words, whether it is right (None: for a person), why, and the claim that settled it."""

    letter: str
    words: str
    holds: bool | None
    why: str
    settled_by: str = ""

    def to_dict(self) -> dict[str, object]:
        """All fields; `settled_by` is null where a person decides."""
        return {"letter": self.letter, "option": self.words, "holds": self.holds, "why": self.why, "settled_by": self.settled_by or None}


@dataclass(frozen=True, slots=True)
class Choices:
    """All options in the order of the sheet, and the demonstrations that settled them."""

    options: tuple[Option, ...]
    demonstrations: tuple[Demonstration, ...]

    @property
    def right(self) -> tuple[str, ...]:
        """The letters of the options that hold."""
        return tuple(o.letter for o in self.options if o.holds)

    @property
    def open(self) -> tuple[str, ...]:
        """The letters of the options that are for a person."""
        return tuple(o.letter for o in self.options if o.holds is None)

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "options": [o.to_dict() for o in self.options],
            "right": list(self.right),
            "open": list(self.open),
            "demonstrations": [d.to_dict() for d in self.demonstrations],
        }


def choices(options: Mapping[str, str], given: Given | None = None) -> Choices:
    """Settle a question: `options` are the words of each with its ruling, `given` the numbers of the problem.

    Raises:
        InputError: a ruling that cannot be read, a demonstration or claim that does not exist, or nothing to settle at all.

    >>> asked = {"true": "dropout/expectation-kept", "false": "not dropout/expectation-kept"}
    >>> choices(asked).right
    ('a',)
    """
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise InputError(f"A question has 2 to {MOST_OPTIONS} options, not {len(options)}.")
    used: dict[str, Demonstration] = {}
    settled = tuple(_option(letter, words, ruling, used, given)
                    for letter, (words, ruling) in zip(ascii_lowercase, options.items(), strict=False))
    if not used:
        raise InputError("No option is settled by a computation; such a problem is of kind person.")
    if given and not any(name in WITH_NUMBERS for name in used):
        raise InputError("No demonstration that is named here takes numbers; leave “given” out.")
    return Choices(settled, tuple(used.values()))


def is_for_a_person(ruling: str) -> bool:
    """Whether a ruling leaves its option to a person.

    >>> is_for_a_person("person, it is experience"), is_for_a_person("dropout/random")
    (True, False)
    """
    return _PERSON.fullmatch(ruling) is not None


def _option(letter: str, words: str, ruling: str, used: dict[str, Demonstration], given: Given | None) -> Option:
    person = _PERSON.fullmatch(ruling)
    if person:
        return Option(letter, words, None, person["reason"])
    match = _RULING.fullmatch(ruling)
    if not match:
        raise InputError(f"“{ruling[:60]}” settles nothing: a ruling is demonstration/claim, perhaps with “not ” before it, or "
                         "“person” and a reason.")
    name = match["demonstration"]
    if name not in used:
        used[name] = demonstration(name, given if name in WITH_NUMBERS else None)
    claim = used[name].claim(match["claim"])
    return Option(letter, words, claim.holds is not bool(match["negated"]), claim.why, f"{name}/{claim.name}")


__all__ = ["MOST_OPTIONS", "Choices", "Option", "choices", "is_for_a_person"]
