"""What an answer ticks among the options of a question: boxes, letters, or the words of an option.

Boxes stand for the options in the order of the sheet. Where no box is ticked, or the ticks were lost, nothing can be said: that is
unreadable, and never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from ...derivations.problems.problems import Problem
from ..computed_answers import judged_choices, judged_network
from ..submissions.submissions import Passage
from ..verdicts import Verdict
from .claims import PlacedClaim, Role
from .placing import placed

_TICKED = (
    r"[☑☒✓✔✅✗✘■●◉⬛◼▣]|\\(?:checkmark|boxtimes|blacksquare|CheckedBox|Checkedbox|XBox|ding\{5[1-6]\})(?![A-Za-z])"
    r"|\[[xX✓]\]|\([xX✓]\)(?=\s)"
)
_EMPTY = r"[□☐◻○◯▢⬜]|\\(?:Box|square|Square)(?![A-Za-z])|\[\s?\](?=\s)"
_ROOT = r"√(?=\s*[A-Z][a-z])"  # what is left of a tick on some pages
_MARK = re.compile(rf"(?P<ticked>{_TICKED}|{_ROOT})|(?P<empty>{_EMPTY})")
_END = re.compile(r"\n|\||\b(?:Answer|Solution)\s*:")
_HEAD = re.compile(
    r"\s*(?:[*_>#-]\s*){0,4}(?:(?:my |the )?(?:final )?(?:answers?|solution|choice)\s*(?:is|are|:)?[\s*_:]*)?"
    r"(?:(?:option|statement|choice)s?\s+)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_TRUTH = re.compile(r"(true|false)\b", re.IGNORECASE)
_LONGEST = 20_000
_LONGEST_WORDS = 200
_OTHER_BOXES = "The boxes here are not those of the options; write the letter of each option that holds."
_UNREADABLE = "No box is ticked here, or the ticks were lost on the way; tick one, or write its letter."


@dataclass(frozen=True, slots=True)
class _Box:
    """A box, whether it is ticked, and the words behind it."""

    ticked: bool
    words: str
    start: int
    end: int


def choice_claims(passage: Passage, problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """What a passage ticks. Ticks are an answer also where they stand in the text of the sheet."""
    words = _options(problem) if problem is not None else ()
    if problem is None or not words or len(passage.text) > _LONGEST:
        return ()
    boxes = _boxes(passage.text)
    ticked = [box for box in boxes if box.ticked]
    if ticked:
        letters = _letters(boxes, words)
        start, end = ticked[0].start, ticked[-1].end
        verdict = _judged(problem, ", ".join(letters)) if letters else Verdict("", "unreadable", _OTHER_BOXES)
        return (placed(passage, start, end, "choice", "answer", verdict),)
    if role == "statement":
        return ()
    written = _written(passage, problem)
    if written is not None:
        return (written,)
    start, end = _stripped(passage.text, (boxes[0].start, boxes[-1].end) if boxes else (0, len(passage.text)))
    return (placed(passage, start, end, "choice", role, Verdict("", "unreadable", _UNREADABLE)),) if end > start else ()


def _options(problem: Problem) -> tuple[str, ...]:
    """The words of the options of a question that a computation settles."""
    if problem.kind == "choices":
        return tuple(problem.options)
    return problem.asked_of_network.conditions if problem.kind == "network" and problem.asked == ("unchanged",) else ()


def _judged(problem: Problem, answer: str) -> Verdict:
    return judged_choices(problem, answer) if problem.kind == "choices" else judged_network(problem, answer, "as-written", 0)


def _boxes(text: str) -> list[_Box]:
    """The boxes of a text; the words behind each go to the next box or the end of the line."""
    marks = list(_MARK.finditer(text))
    found = []
    for k, mark in enumerate(marks):
        last = marks[k + 1].start() if k + 1 < len(marks) else len(text)
        ended = _END.search(text, mark.end(), last)
        end = ended.start() if ended else last
        start, end = _stripped(text, (mark.start(), end))
        found.append(_Box(mark["ticked"] is not None, text[mark.end() : end].strip(" $]"), start, end))
    return found


def _stripped(text: str, place: tuple[int, int]) -> tuple[int, int]:
    start, end = place
    while end > start and text[end - 1] in " \t\n$":
        end -= 1
    while start < end and text[start] in " \t\n":
        start += 1
    return start, end


def _letters(boxes: Sequence[_Box], words: Sequence[str]) -> tuple[str, ...]:
    """The letters of the ticked options: by their words, by true and false, by their order, else by likeness."""
    letters = {_plain(w): letter for w, letter in zip(words, ascii_lowercase, strict=False)}
    ticked = [box for box in boxes if box.ticked]
    found = [letters.get(_plain(box.words)) for box in ticked]
    if not all(found) and set(letters) <= {"true", "false"}:
        found = [letters.get(m[0].lower()) if (m := _TRUTH.match(box.words)) else None for box in ticked]
    elif not all(found) and len(boxes) == len(words):
        found = [letter for letter, box in zip(ascii_lowercase, boxes, strict=False) if box.ticked]
    elif not all(found):
        found = [_likest(box.words, words) for box in ticked]
    return tuple(letter for letter in found if letter) if found and all(found) else ()


def _plain(words: str) -> str:
    return " ".join(words.replace("$", " ").lower().split()).strip(" .,;")


def _likest(text: str, words: Sequence[str]) -> str | None:
    """The letter of the one option that shares clearly the most words with a text."""
    mine = {w.lower() for w in _WORD.findall(text[:_LONGEST_WORDS])}
    shares = [len(mine & {w.lower() for w in _WORD.findall(option)}) / max(1, len(mine)) for option in words]
    scored = sorted(zip(shares, ascii_lowercase, strict=False), reverse=True)
    clear = scored and scored[0][0] >= 0.6 and (len(scored) == 1 or scored[1][0] < scored[0][0] / 2)
    return scored[0][1] if clear else None


def _written(passage: Passage, problem: Problem) -> PlacedClaim | None:
    """An answer in letters or in the words of an option: (b), False."""
    head = _HEAD.match(passage.text)
    start, end = _stripped(passage.text, (head.end() if head else 0, len(passage.text)))
    line = passage.text.find("\n", start, end)
    for last in dict.fromkeys((end, line if line > 0 else end)):
        text = passage.text[start:last].strip(" .*_$")
        if not text or len(text) > _LONGEST_WORDS:
            continue
        verdict = _judged(problem, text)
        if verdict.verdict != "unreadable":
            return placed(passage, *_stripped(passage.text, (start, last)), "choice", "answer", verdict)
    truth = _TRUTH.match(passage.text, start)
    if truth and {w.strip().lower() for w in _options(problem)} == {"true", "false"}:
        return placed(passage, *truth.span(), "choice", "answer", _judged(problem, truth[0]))
    return None


__all__ = ["choice_claims"]
