"""A problem's piece of a page, taken apart: what is asked, and what was answered.

Where answers are marked, the mark decides. Where none are, questions at the beginning are told from what follows by how they
are written; in a page of a web form the answer stands between the last request and the row of buttons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from .statements import Mark, is_blank, ticked
from .submissions import Passage

_BUTTONS = re.compile(
    r"(?:\[[A-Za-z ]{2,30}\]\([^()\n]{0,200}\)[ \t]*+)++(?:\*{0,2}\d{1,3}(?:\.\d+)?%\*{0,2})?|\*{0,2}\d{1,3}\.\d+%\*{0,2}"
)
_REMAINING = re.compile(r"You have \S[^\n]{0,30} (?:submissions?|attempts?|tries) (?:remaining|left)\.?")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})")
_CAPTION = re.compile(r"(?:\*\*)?(?:figure|fig\.|table)[ \t]\d{1,2}[:.][^\n]{0,300}", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:(?:\^?\{?(?:\\?\*){1,3}\}?[ \t]?)?https?://\S{1,300}|-{3,}|\*{3,}|_{3,}|={3,}|\|[ \t|-]*|:{3,}|\\(?:newpage|clearpage|pagebreak)"
    r"|\\end\{(?:problem|exercise|question|enumerate|itemize|parts|questions)\}|\\Box|\\square|\$\\(?:square|Box|blacksquare)\$)?"
)
_NUMBER = re.compile(r"\d{1,3}")
_EDGE = " \t\n|"
_ASKS = (
    "show prove compute derive find explain give draw evaluate determine describe calculate state verify provide repeat justify plot"
    " sketch choose select enter mark which what why how can is are does do under write briefly check fill aggregate run"
).split()
_PROMPTS = ("enter", "choose", "select", "mark", "check", "fill")
_SENTENCE_END = re.compile(r"[.?!:](?=[ \t\n]|$)")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text from `start` to `end`; `title` is where the words after the first line begin, for a heading."""

    start: int
    end: int
    title: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """Parts of the text as pairs of places: what is asked, and the answers."""

    statement: tuple[tuple[int, int], ...]
    answers: tuple[tuple[int, int], ...]


def split(text: str, piece: Piece, marked: bool, choice: bool = True) -> Split:
    """A piece of a text in statement and answers; `marked` says that answers have marks in this file.

    `choice` says that boxes which are ticked may be the answer.
    """
    if any(mark.own for mark in piece.marks):
        found = _by_marks(text, piece)
    elif piece.marks and piece.marks[0].start > piece.title:
        before = replace(piece, end=piece.marks[0].start, marks=())
        found = split(text, before, marked, choice)
        return Split((*found.statement, (piece.marks[0].end, piece.end)), found.answers)
    elif marked:
        found = Split(((piece.start, piece.end),), ())
    else:
        found = _unmarked(text, piece)
    if choice and not any(not is_blank(text[a:b]) for a, b in found.answers):
        return _with_ticks(text, found)
    return found


def passage(text: str, span: tuple[int, int], first_line: int) -> Passage | None:
    """The passage of a span without what a page has around it; `first_line` is the line of the span, from 1. None if blank."""
    start, end = span
    lines = text[start:end].split("\n")
    fences = sum(bool(_FENCE.match(line)) for line in lines)
    while lines and (_is_furniture(lines[-1]) or (fences % 2 == 1 and _FENCE.match(lines[-1]))):
        fences -= bool(_FENCE.match(lines[-1]))
        end -= len(lines.pop()) + 1
    if _ends_with_page_number(lines):
        end -= len(lines.pop()) + 1
    skipped = next((k for k, line in enumerate(lines) if not _is_furniture(line)), len(lines))
    start += sum(len(line) + 1 for line in lines[:skipped])
    own = text[start : max(start, end)]
    bare = own.strip(_EDGE)
    if not bare:
        return None
    before = own[: own.index(bare[0])] if bare else ""
    return Passage(bare, first_line + skipped + before.count("\n"))


def _by_marks(text: str, piece: Piece) -> Split:
    """The marks cut the piece; an answer ends where that is said, or at the next mark."""
    first, *others = piece.marks
    marks = [first, *(mark for mark in others if not mark.weak)]
    statement = [(piece.start, first.start)]
    answers: list[tuple[int, int]] = []
    for k, mark in enumerate(marks):
        following = marks[k + 1].start if k + 1 < len(marks) else piece.end
        if not mark.own:
            statement.append((mark.end, following))
            continue
        end = min(mark.close, piece.end) if mark.close is not None else following
        answers.append((mark.end, end))
        if end < following and mark.close is not None:
            rest = text.find("\n", end)
            statement.append((min(rest if rest >= 0 else following, following), following))
    return Split(tuple(s for s in statement if s[0] < s[1]), tuple(answers))


def _with_ticks(text: str, found: Split) -> Split:
    """Ticked boxes among the words of the question are the answer."""
    for start, end in found.statement:
        place = ticked(text[start:end])
        if place is not None:
            return Split(((start, start + place),), ((start + place, end),))
    return found


def _ends_with_page_number(lines: Sequence[str]) -> bool:
    """Whether a number stands alone at the end, after a formula that does not lead to it."""
    if len(lines) < 3 or not _NUMBER.fullmatch(lines[-1].strip()) or lines[-2].strip():
        return False
    before = next((line.rstrip(" *_") for line in reversed(lines[:-1]) if line.strip()), "")
    return before.endswith("$") and not before.rstrip("$ ").endswith("=")


def _is_furniture(line: str) -> bool:
    """Whether a line belongs to the page and to nobody: its number, a caption, a rule, a row of buttons."""
    return bool(_FURNITURE.fullmatch(line.strip()) or _CAPTION.fullmatch(line.strip())) or _is_button(line)


def _is_button(line: str) -> bool:
    return bool(_BUTTONS.fullmatch(line.strip()) or _REMAINING.fullmatch(line.strip()))


def _unmarked(text: str, piece: Piece) -> Split:
    lines = text[piece.start : piece.end].split("\n")
    if any(_is_button(line) for line in lines):
        return _form(text, piece, lines)
    end = _question_end(text, piece)
    return Split(((piece.start, end),), ((end, piece.end),))


# -- a page of a web form ----------------------------------------------------------------------------------------------


def _form(text: str, piece: Piece, lines: Sequence[str]) -> Split:
    """Code before the first row of buttons, or what stands after a request in its line or in a box of a formula."""
    offsets = tuple(accumulate((len(line) + 1 for line in lines), initial=piece.start))
    button = next(k for k, line in enumerate(lines) if _is_button(line))
    answer = _filled_in(lines, offsets, button)
    statement, begin = [], piece.start
    cuts = [(offsets[k], offsets[k] + len(line)) for k, line in enumerate(lines) if _is_button(line)]
    for start, end in sorted([*cuts, *([answer] if answer else [])]):
        statement.append((begin, start))
        begin = end
    spans = (*statement, (begin, piece.end))
    return Split(tuple(s for s in spans if text[s[0] : s[1]].strip()), (answer,) if answer else ())


def _filled_in(lines: Sequence[str], offsets: Sequence[int], button: int) -> tuple[int, int] | None:
    """What was filled in before the first row of buttons."""
    fences = [k for k in range(button) if _FENCE.match(lines[k])]
    if len(fences) >= 2:
        return offsets[fences[-2]], offsets[fences[-1]] + len(lines[fences[-1]])
    last = next((k for k in range(button - 1, -1, -1) if lines[k].strip()), None)
    if last is None or any(_is_request(line) and not _answered(line) for line in lines[:last]):
        return None
    start = _entered(lines[last])
    return None if start is None else (offsets[last] + start, offsets[last] + len(lines[last]))


def _is_request(line: str) -> bool:
    """Whether a line asks to choose among what follows."""
    bare = line.strip(" *_>")
    return bare.lower().startswith(("choose", "select", "mark", "check all")) and bare.endswith((":", ")"))


def _answered(line: str) -> bool:
    return bool(line.partition(":")[2].strip())


def _entered(line: str) -> int | None:
    """Where what was entered begins in the last line before the buttons; None where nothing was."""
    bare = line.strip()
    before, colon, after = line.partition(":")
    if colon and after.strip(" *$") and before.strip(" *").lower().startswith(_PROMPTS) and not after.strip().endswith(":"):
        return len(line) - len(after.lstrip())
    if bare.startswith("$") and bare.endswith("$") and "\\boxed" in bare:
        return len(line) - len(line.lstrip())
    return None


# -- questions without marks -------------------------------------------------------------------------------------------


def _question_end(text: str, piece: Piece) -> int:
    """Where the questions at the beginning end; the beginning itself where there are none.

    A context may precede a question in its paragraph; after a question that announces a formula, the formula belongs to it.
    """
    end = piece.title
    for start, stop in _paragraphs(text, piece.title, piece.end):
        paragraph = text[start:stop]
        if _starts_formula(paragraph) and text[:end].rstrip().endswith(":") and end > piece.title:
            end = stop
            continue
        if end > piece.title and paragraph.lstrip().lower().startswith("where") and start == _place_after(text, end):
            end = stop
            continue
        asked = _last_asked(paragraph)
        if asked is None:
            break
        end = start + asked
        if asked < len(paragraph.rstrip()):
            break
    return end


def _place_after(text: str, place: int) -> int:
    """The next place that is no space."""
    while place < len(text) and text[place] in " \t\n":
        place += 1
    return place


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    place = start
    while place < end:
        place = _place_after(text, place)
        stop = text.find("\n\n", place, end)
        stop = end if stop < 0 else stop
        if place < stop:
            out.append((place, stop))
        place = stop + 1
    return out


def _starts_formula(paragraph: str) -> bool:
    return paragraph.lstrip().startswith(("$$", "\\begin{", "\\["))


def _last_asked(paragraph: str) -> int | None:
    """Where the last question of a paragraph ends; None where nothing is asked."""
    last, place = None, 0
    for found in _SENTENCE_END.finditer(paragraph):
        sentence = paragraph[place : found.end()].strip(" \t\n*_>-")
        if found[0] == "?" or (_first_word(sentence) in _ASKS and (last is None or last >= place - 1)):
            last = found.end()
        place = found.end()
    rest = paragraph[place:].strip()
    if rest and last is None and _first_word(rest) in _ASKS:
        return len(paragraph)
    return last


def _first_word(sentence: str) -> str:
    return sentence.strip("*_$ (").split(" ", 1)[0].strip(":,.*_").lower()


__all__ = ["Piece", "Split", "passage", "split"]
