"""The places of a page at which a problem may begin: headings, numbers of lists, lines with a function, questions without a number.

Which of them are problems, and of what set, is not known here; a place knows its line, its number with that of the section
around it as far as that can be told, and the words that follow.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise

from .labels import Label, label_of
from .statements import MOST_MARKS, Mark, answer_marks

_REQUESTS = frozenset("show prove compute derive find explain draw evaluate determine describe calculate write repeat".split())
MOST_PLACES = 1_000
_LONGEST_HEAD = 1_500  # characters

_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})[ \t]*(\{?\.?[A-Za-z]*)")
_FUNCTION = re.compile(
    r"[ \t>|*-]*+(?:[A-Z][A-Za-z ]{0,30}:[ \t*]{0,5})?\$?[ ]?[a-zA-Z](?:_\w)?\([a-zA-Z](?:_\w)?(?:,[ ]?[a-zA-Z]){0,5}\)[ \t]*="
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place at which a problem may begin.

    `line` counts from 0 here, `at` is the place in the text. `numbers` are what its full number may be, the likeliest first.
    `sure` says that the first of them was written as it stands or under a numbered heading; `inside` that it stands in an
    answer, further in than what that answers; `soft` that only its words say that it may be a question. `head` is the text
    up to the next place or answer.
    """

    line: int
    at: int
    label: Label | None
    numbers: tuple[str, ...] = ()
    sure: bool = False
    inside: bool = False
    marked: bool = False
    soft: bool = False
    head: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading, or has a number that stands for one (“6.1.2 Layers”)."""
        return self.label is not None and (self.label.kind == "heading" or (self.label.whole and not self.label.answer))

    @property
    def title(self) -> str:
        """The first words of the first line."""
        return self.head.split("\n", 1)[0].strip(" #*|_:\t")[:120]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with its places and its marks of answers, both in order; `truncated` where there were too many."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Place, ...]
    marks: tuple[Mark, ...]
    truncated: bool = False

    def line(self, at: int) -> int:
        """The line of a place in the text, from 1."""
        return bisect_left(self.starts, at + 1)

    def marks_between(self, start: int, end: int) -> tuple[Mark, ...]:
        """The marks of answers within a part of the text."""
        first = bisect_left(self.marks, start, key=lambda m: m.start)
        last = bisect_left(self.marks, end, key=lambda m: m.start)
        return self.marks[first:last]


def sheet_of(text: str) -> Sheet:
    """The places of a text.

    >>> [(p.numbers, p.title) for p in sheet_of("# 2 Norms\\n1. First\\n\\n2. Second").places]
    [(('2',), 'Norms'), (('2.1', '1'), 'First'), (('2.2', '2'), 'Second')]
    """
    lines = text.split("\n")
    starts = tuple(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]
    marks = answer_marks(text)
    labelled = list(islice(_labelled(lines, starts, marks), MOST_PLACES + 1))
    places = _merged(labelled, list(_questions(text, lines, starts, marks, labelled)))
    truncated = len(places) > MOST_PLACES or len(marks) == MOST_MARKS
    found = _with_heads(text, places[:MOST_PLACES], marks)
    return Sheet(text, starts, tuple(_numbered(found, marks)), marks, truncated)


def _labelled(lines: list[str], starts: tuple[int, ...], marks: tuple[Mark, ...]) -> Iterator[Place]:
    """The lines with a label, but for those in code and in environments of answers."""
    closed = [(m.start, m.close) for m in marks if m.close is not None]
    fence, k = "", 0
    for line_number, line in enumerate(lines):
        at = starts[line_number]
        opened = _FENCE.match(line)
        if opened:
            if not fence:
                fence = opened[1] + ("!" if opened[2].strip("{.") else "")
            elif opened[1].startswith(fence.rstrip("!")):
                fence = ""
            continue
        while k < len(closed) and closed[k][1] <= at:
            k += 1
        if not line.strip() or fence.endswith("!") or (k < len(closed) and closed[k][0] < at):
            continue
        label = label_of(line, _is_alone(lines, line_number)) if not fence or "#" not in line else None
        if label is not None and not (fence and label.bare):
            yield Place(line_number, at, label)
        elif _FUNCTION.match(line):
            yield Place(line_number, at, None)
        elif not fence and _asks(line) and not _is_title_of_nothing(lines, line_number):
            yield Place(line_number, at, None, soft=True)


def _asks(line: str) -> bool:
    """Whether a line may be a question that lost its number."""
    words = line.lstrip(" \t>|*•+-")[:400]
    return words[:1].isupper() and ("?" in words or words.split(" ", 1)[0].lower() in _REQUESTS)


def _is_title_of_nothing(lines: list[str], k: int) -> bool:
    """Whether the line above is a number and no more, to which this line belongs."""
    above = next((line for line in reversed(lines[max(0, k - 3) : k]) if line.strip()), "")
    label = label_of(above)
    return label is not None and not above[label.start :].strip()


def _is_alone(lines: list[str], k: int) -> bool:
    before = k == 0 or not lines[k - 1].strip()
    return before and (k + 1 == len(lines) or not lines[k + 1].strip())


def _questions(
    text: str, lines: list[str], starts: tuple[int, ...], marks: tuple[Mark, ...], labelled: list[Place]
) -> Iterator[Place]:
    """Questions without a number: the paragraph before a mark of an answer, if no label stands after the mark before it."""
    labels = [p.at for p in labelled]
    for earlier, mark in pairwise((Mark(-1, -1), *marks)):
        last = bisect_left(labels, mark.start + 1) - 1
        if last >= 0 and labels[last] > earlier.start:
            continue
        line = bisect_left(starts, mark.start + 1) - 1
        if not text[starts[line] : mark.start].strip(" \t*_|>-"):
            line -= 1
            while line > 0 and not lines[line].strip():
                line -= 1
        while line > 0 and lines[line - 1].strip() and starts[line - 1] > earlier.end:
            line -= 1
        if starts[line] > earlier.end:
            yield Place(line, starts[line], None)


def _merged(labelled: list[Place], questions: list[Place]) -> list[Place]:
    known = {p.line for p in labelled}
    return sorted([*labelled, *(p for p in questions if p.line not in known)], key=lambda p: p.at)


def _with_heads(text: str, places: list[Place], marks: tuple[Mark, ...]) -> list[Place]:
    """What follows each place, up to the next place or the next mark of an answer."""
    out = []
    following = len(text)  # the next place that is not soft: a question may go on with another
    ends: list[int] = []
    for index in range(len(places) - 1, -1, -1):
        after = places[index + 1].at if index + 1 < len(places) else len(text)
        ends.append(after if places[index].soft else following)
        following = following if places[index].soft else places[index].at
    for place, end in zip(places, reversed(ends), strict=True):
        k = bisect_left(marks, place.at, key=lambda m: m.start)
        marked = k < len(marks) and marks[k].start < end
        start = place.at + (place.label.start if place.label else 0)
        stop = marks[k].start if marked else end
        head = text[start : min(max(stop, start), start + _LONGEST_HEAD)]
        out.append(replace(place, marked=marked or bool(place.label and place.label.answer), head=head))
    return out


@dataclass(slots=True)
class _Around:
    """What is known of the headings around: the section with its level, the last number in it, and whether all that is sure.

    `heads` says that the last number was that of a heading.
    """

    section: str = ""
    level: int = 0
    sure: bool = False
    by_word: bool = False
    item: str = ""
    heads: bool = False


def _numbered(places: list[Place], marks: tuple[Mark, ...]) -> Iterator[Place]:
    """The full numbers, from the headings around."""
    around, outer = _Around(), Place(0, -1, None)
    for place in places:
        label = place.label
        if label is None:
            outer = outer if place.soft else place
            yield place
            continue
        inside = _is_inside(place, outer, marks)
        if label.kind == "letter":
            numbers = _lettered(label.number, around)
            yield replace(place, numbers=numbers, sure=around.sure and bool(around.item), inside=inside)
        elif label.kind == "heading" and not label.number:
            if label.level <= around.level:
                around.section, around.sure = "", False
            around.item = ""
            yield place
        else:
            numbers, is_section = _numbers(label, around)
            if is_section:
                around.section, around.level, around.sure = numbers[0], label.level or around.level, True
                around.by_word = label.whole
            if not inside:
                around.item, outer, around.heads = numbers[0], place, label.kind == "heading"
            sure = label.whole or label.kind == "heading" or (around.sure and bool(around.section))
            yield replace(place, numbers=numbers, sure=sure, inside=inside)


def _numbers(label: Label, around: _Around) -> tuple[tuple[str, ...], bool]:
    """The full numbers that a label may mean, and whether it opens a section."""
    own, section = label.number, around.section
    under = f"{section}.{own}" if section else ""
    if label.whole and ("." in own or not section or around.by_word):
        return (own,), not own[-1:].isalpha()
    if label.whole:
        return (own, under), False
    if label.kind == "heading":
        deeper = bool(section) and label.level > around.level > 0 and not _follows(own, around)
        return ((under, own) if deeper else (own,)), not deeper
    return ((under, own) if section else (own,)), False


def _lettered(letter: str, around: _Around) -> tuple[str, ...]:
    """(b) under 2.4 is 2.4b; where a section has letters only, it may be the second of its problems."""
    stems = [stem for stem in (around.item, around.section) if stem]
    numbers = [f"{stem}{letter}" for stem in stems]
    if around.section and around.item in ("", around.section):
        numbers.append(f"{around.section}.{ord(letter) - ord('a') + 1}")
    return tuple(dict.fromkeys(numbers))


def _follows(own: str, around: _Around) -> bool:
    """Whether a heading's number is the next after that of the section, and not the next after the last one in it."""
    if not own.isdecimal() or not around.section.isdecimal():
        return False
    return int(own) == int(around.section) + 1 and not (around.heads and around.item == f"{around.section}.{int(own) - 1}")


def _is_inside(place: Place, outer: Place, marks: tuple[Mark, ...]) -> bool:
    """Whether a number stands in the answer of the one before, and further in."""
    if place.label is None or place.is_heading or outer is place:
        return False
    k = bisect_left(marks, max(outer.at, 0), key=lambda m: m.start)
    answered = k < len(marks) and marks[k].start < place.at
    indent, round_ = (outer.label.indent, outer.label.round) if outer.label is not None else (0, False)
    further_in = place.label.indent > indent or (place.label.round and not round_)
    return answered and (further_in or place.label.kind == "letter")


__all__ = ["MOST_PLACES", "Place", "Sheet", "sheet_of"]
