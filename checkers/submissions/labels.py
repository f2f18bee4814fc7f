"""What stands at the beginning of a line and gives a problem its number: “## 2.4 Title”, “- 3.”, “| 7. |”, “(b)”, “Q1.2:”.

A label knows its number as it is written, and how: with its section, as one of a list, as a letter. What it is the label
of is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

LabelKind = Literal["heading", "number", "letter"]

_DRESS = re.compile(r"(?:[ \t]|>|\||[-*+•·](?=[ \t|])|✓|✔|\*{1,3}(?=[^\s*])|__(?=\S))*")
_HASHES = re.compile(r"#{1,6}(?=[ \t]|\d)[ \t]*")
_WORD = re.compile(
    r"(?:problem|prob\.?|question|exercise|ex\.|task|aufgabe|q(?=[ .]?\d)|p(?=\d))[ \t]*[#№]?"
    r"(?P<id>\d{1,3}(?:[.\-]\d{1,3}){0,3}(?:[. ]?\([a-z]\)|\.?[a-z](?![A-Za-z(]))?)",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"(?:\\begin\{(?:hw|my)?(?:answer|solution)\}\{"
    r"|(?:answer|ans|solution|soln|sol)\.?[ \t]+(?:(?:to|for|of)[ \t]+)?(?:(?:problem|question|exercise|part|no\.?)[ \t]*)?[#(]?)"
    r"(?P<id>\d{1,2}(?:\.\d{1,2}){0,3}(?:[. ]?\([a-z]\)|[a-z](?![A-Za-z]))?)\)?(?=[ \t]*(?:[:.*|\]}]|$))",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?P<id>\d{1,2}(?:\.\d{1,2}){1,3}(?:[. ]?\([a-z]\)|[a-z](?![A-Za-z]))?)(?P<end>\.?\)|[.:)]|(?=[ \t*|]|$))")
_PLAIN = re.compile(r"(?P<id>\d{1,2})(?P<part>\s?\([a-z]\)|[a-z](?=[.):]))?(?P<end>\.\)?|\)|:)(?=[ \t*|$\\_(\[]|$|[A-Z])")
_ROUND = re.compile(r"\((?P<id>\d{1,2})\)(?=[ \t*|$]|$)")
_LETTER = re.compile(r"\(?(?P<id>[a-hA-H])\)(?=[ \t*|$\\]|$)|(?P<dot>[a-h])\.(?=[ \t]+[A-Z$\\(])")
_HEADED = re.compile(r"(\d{1,2})(?=[ \t]|$)")
_BARE_HEADING = re.compile(r"(?P<id>\d{1,2})[ \t]+(?=[A-Z][A-Za-z-])")
_TABBED = re.compile(r"\d{1,2}[ ]?\t")
_TRAILING = re.compile(r"(?P<title>[A-Z][A-Za-z]+(?: [A-Za-z,&-]+){1,8})[ \t]+(?P<id>\d{1,2})")
_COUNTED = frozenset("homework hw sheet assignment week lecture pset set part version unit day lab quiz exam page problem exercise".split())
_CLOSE = re.compile(r"(?:[ \t]|\||\*\*|__|[:.](?=[ \t*_]|$))*")
_LONGEST_HEADING = 100


@dataclass(frozen=True, slots=True)
class Label:
    """A number at the beginning of a line.

    `number` is written with dots, a letter at its end (`2.4`, `3`, `2a`, `b`), and is empty for a heading without one.
    `whole` says that it was written with its section or with a word such as “Problem”; `level` counts the `#` of a heading,
    0 where there is none; `start` is where the words after the label begin in the line, `indent` the space before all of it.
    `bare` is a heading without marks, `answer` the label of an answer (“Answer to 2.4:”), `round` a number in brackets: (2).
    """

    kind: LabelKind
    number: str
    whole: bool
    level: int
    start: int
    indent: int = 0
    bare: bool = False
    answer: bool = False
    round: bool = False


def label_of(line: str, alone: bool = False) -> Label | None:
    """The label at the beginning of a line, if there is one; `alone` says that the line is a paragraph of its own.

    >>> label = label_of("## 2.4 Matrix times vector")
    >>> label.kind, label.number, label.whole
    ('heading', '2.4', True)
    >>> label_of("3 is the answer.") is None
    True
    """
    label = _label_of(line, alone)
    indent = len(line) - len(line.lstrip(" \t>"))
    return replace(label, indent=indent) if label is not None and indent else label


def _label_of(line: str, alone: bool) -> Label | None:
    dress = _DRESS.match(line)
    place = dress.end() if dress else 0
    hashes = _HASHES.match(line, place)
    level = hashes[0].count("#") if hashes else 0
    if hashes:
        place = hashes.end()
        inner = _DRESS.match(line, place)
        place = inner.end() if inner else place
    found = _numbered(line, place, level)
    if found is not None:
        return found
    if level:
        return Label("heading", "", False, level, place)
    alone = alone or bool(_TABBED.match(line, place))
    return _bare(line, place) if alone and len(line) < _LONGEST_HEADING else None


def _numbered(line: str, place: int, level: int) -> Label | None:
    kind: LabelKind = "heading" if level else "number"
    if found := _ANSWER.match(line, place):
        return Label(kind, _clean(found["id"]), True, level, _after(line, found.end()), answer=True)
    if found := _WORD.match(line, place):
        return Label(kind, _clean(found["id"]), True, level, _after(line, found.end()))
    if found := _DOTTED.match(line, place):
        return Label(kind, _clean(found["id"]), True, level, _after(line, found.end())) if _sound(found, level, line) else None
    if found := _PLAIN.match(line, place) or _ROUND.match(line, place):
        number = found["id"] + (found.groupdict().get("part") or "")
        return Label(kind, _clean(number), False, level, _after(line, found.end()), round=found[0].startswith("("))
    if level and (found := _HEADED.match(line, place)):
        return Label(kind, found[1], False, level, _after(line, found.end()))
    if found := _LETTER.match(line, place):
        letter = (found["id"] or found["dot"]).lower()
        return Label("heading" if level else "letter", letter, False, level, _after(line, found.end()))
    return None


def _sound(found: re.Match[str], level: int, line: str) -> bool:
    """A dotted number is a label, unless it is the number of a sentence: “0.5 is the rate”, “1.5 1.5”."""
    rest = line[found.end() :].lstrip(" \t*|_")
    if found["id"].startswith("0."):
        return False
    dressed = line.startswith(("**", "__", ":**"), found.end())
    return bool(level) or bool(found["end"]) or dressed or (rest[:1].isupper() or not rest or rest[:1] in "$\\(")


def _bare(line: str, place: int) -> Label | None:
    """“3 Activations” as a line of its own, or “Activations 3”: a heading whose marks are lost."""
    words = line[place:].strip()
    if words.endswith((".", ",", ";")) or not words:
        return None
    if found := _BARE_HEADING.match(line, place):
        return Label("heading", found["id"], False, 0, found.end(), bare=True)
    trailing = _TRAILING.fullmatch(words)
    if trailing and trailing["title"].split()[-1].lower() not in _COUNTED:
        return Label("heading", trailing["id"], False, 0, place, bare=True)
    return None


def _after(line: str, place: int) -> int:
    found = _CLOSE.match(line, place)
    return found.end() if found else place


def _clean(number: str) -> str:
    """`2.4 (a)` is `2.4a`, `2-4` is `2.4`.

    >>> _clean("2-4 (a)")
    '2.4a'
    """
    bare = "".join(c for c in number if c not in " ()").replace("-", ".").rstrip(".").lower()
    return f"{bare[:-2]}{bare[-1]}" if bare[-2:-1] == "." and bare[-1:].isalpha() else bare


__all__ = ["Label", "LabelKind", "label_of"]
