"""What a problem is worth: points, the parts that earn them, known mistakes with their own message, and examples.

An answer is never typed in here: what is right is derived. An example is a claim about that, and is judged as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

import yaml

from .values import Place, did_you_mean, listed, pairs, read_text, read_texts, shortened

Part = Literal["final", "shape", "steps"]
Layouts = Literal["both", "numerator", "denominator"]
Expected = Literal["right", "wrong"]

PARTS: tuple[Part, ...] = get_args(Part)
LAYOUTS: tuple[Layouts, ...] = get_args(Layouts)
EXPECTED: tuple[Expected, ...] = get_args(Expected)
MOST_MISTAKES = 40  # of one block; check-set compares each two of them
_AMOUNT = re.compile(r"\d{1,6}(\.\d{1,4})?|\d{1,6}/[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """An answer that is known to be wrong, what is said to whoever gives it, and the share of the points for `final` it is worth."""

    answer: str
    message: str
    credit: Fraction
    place: Place


@dataclass(frozen=True, slots=True)
class Example:
    """An answer of which the author of a set says how it is judged."""

    answer: str
    verdict: Expected
    place: Place


def read_points(key: str, node: yaml.Node, place: Place) -> Fraction:
    """A number of points: 2, 0.5 or 1/2."""
    written = read_text(key, node, place)
    if not _AMOUNT.fullmatch(written):
        place.fail(f"“{key}” is a number such as 2, 0.5 or 1/2, not “{shortened(written)}”.")
    return Fraction(written)


def read_earns(key: str, node: yaml.Node, place: Place) -> dict[str, Fraction]:
    """Parts of an answer and their points; whether they sum to those of the problem is seen where both are known."""
    earns: dict[str, Fraction] = {}
    for name, value, at in pairs(key, node, place):
        if name not in PARTS:
            at.fail(f"“{key}”: “{shortened(name)}” is no part of an answer{did_you_mean(name, PARTS)} The parts are {listed(PARTS)}.")
        earns[name] = read_points(f"{key}: {name}", value, at)
    return earns


def read_mistakes(key: str, node: yaml.Node, place: Place) -> dict[str, Mistake]:
    """Answers that are wrong, each with its message, or with {message: …, credit: 1/2}."""
    found = {answer: _mistake(answer, value, at) for answer, value, at in pairs(key, node, place)}
    if len(found) > MOST_MISTAKES:
        place.fail(f"“{key}” lists {len(found)} answers; {MOST_MISTAKES} are the most.")
    return found


def _mistake(answer: str, node: yaml.Node, place: Place) -> Mistake:
    if isinstance(node, yaml.ScalarNode):
        return Mistake(answer, read_text("a message", node, place), Fraction(0), place)
    if not isinstance(node, yaml.MappingNode):
        place.fail(f"A mistake has a message, or {{message: …, credit: 1/2}}; “{shortened(answer)}” has a list.")
    said, credit = "", Fraction(0)
    for name, value, at in pairs("a mistake", node, place):
        if name == "message":
            said = read_text(name, value, at)
        elif name == "credit":
            credit = read_points(name, value, at)
            if credit >= 1:
                at.fail("“credit” is a share of the points below 1, such as 1/2; what earns all of them is no mistake.")
        else:
            at.fail(f"A mistake has no “{shortened(name)}”{did_you_mean(name, ('message', 'credit'))} It may have message and credit.")
    if not said:
        place.fail(f"The mistake “{shortened(answer)}” has no “message”.")
    return Mistake(answer, said, credit, place)


def read_examples(key: str, node: yaml.Node, place: Place) -> tuple[Example, ...]:
    """{right: […], wrong: […]}; each answer knows its own line."""
    found: list[Example] = []
    for name, value, at in pairs(key, node, place):
        verdict = next((word for word in EXPECTED if word == name), None)
        if verdict is None:
            at.fail(f"“{key}” are right or wrong, not “{shortened(name)}”{did_you_mean(name, EXPECTED)}")
        nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for answer, each in zip(read_texts(f"{key}: {name}", value, at), nodes, strict=True):
            found.append(Example(answer, verdict, Place(at.file, each.start_mark.line + 1)))
    return tuple(found)


def usual_earns(points: Fraction, asked: Iterable[str]) -> dict[str, Fraction]:
    """Which parts earn the points where a problem does not say: the answer, and the shape too where just both are asked for.

    >>> [f"{part}: {share}" for part, share in usual_earns(Fraction(1), ["shape", "expression"]).items()]
    ['final: 1/2', 'shape: 1/2']
    """
    return dict.fromkeys(("final", "shape"), points / 2) if set(asked) == {"shape", "expression"} else {"final": points}


def earned_sum(earns: Mapping[str, Fraction]) -> Fraction:
    """What the parts earn together."""
    return sum(earns.values(), Fraction(0))


__all__ = [
    "EXPECTED",
    "LAYOUTS",
    "PARTS",
    "Example",
    "Expected",
    "Layouts",
    "Mistake",
    "Part",
    "earned_sum",
    "read_earns",
    "read_examples",
    "read_mistakes",
    "read_points",
    "usual_earns",
]
