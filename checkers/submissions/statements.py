"""Where an answer begins and ends in a piece of a page: marks such as “Answer:”, `\\begin{solution}` or `:::answer`, and blanks.

Only what stands in the text is looked at; which problem it belongs to is not known here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

MOST_MARKS = 5_000

# Runs of one class, taken whole: nothing here can be matched in two ways.
_LEAD = r"[ \t>|*_\[(#+•·-]*+"
_NAME = r"(?:(?:my|your|the|short|final|student|model)[ \t])?(?:answers?|ans|solutions?|soln|response)"
_WHICH = (
    r"(?:[ \t]{1,3}(?:to |for |of )?(?:problem |question |part |no\.? ?)?[#(]?(?:\d{1,2}(?:\.\d{1,2}){0,3})?[a-z]?\)?(?![A-Za-z]))?"
)
_AT_START = re.compile(_LEAD + _NAME + _WHICH + r"[*_\])]{0,4}(?:[ \t]{0,3}[:.：]|(?=[ \t|*\]]{0,9}$))[:*_\])]*+", re.IGNORECASE)
_WITHIN = re.compile(
    r"(?<=[ \t|*.?!)])[*_\[]{0,3}(?:Answer|Solution|Ans|ANSWER|SOLUTION)\.?[*_]{0,2}[ \t]?[:：][*_\]]{0,3}(?=[ \t|$]|$)"
)
_HINT = re.compile(r"ans|sol|response|proof", re.IGNORECASE)  # every mark has one of these
_PROOF = re.compile(_LEAD + r"Proof[*_]{0,3}[.:][*_]{0,3}(?=[ \t$]|$)")
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:hw|my|student)?(?:answer|solution|soln|ans|response)[s]?\*?|proof)\}(?:[ \t]*(?:\{[^{}\n]{0,60}\}|\[[^\[\]\n]{0,60}\]))?"
)
_DIV = re.compile(r"[ \t]{0,3}:{3,9}[ \t]{0,3}(?:\{[ \t]?)?\.?(?:answer|solution)\b[^\n]{0,60}", re.IGNORECASE)
_DIV_END = re.compile(r"^:{3,9}[ \t]{0,9}$", re.MULTILINE)
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})[ \t]*(\{?\.?[A-Za-z]*)")
_NOT_OURS = re.compile(
    r"(?:here is )?(?:the|our|an?|official|reference|model|sample|staff)[ \t]{1,3}solution\b[^\n]{0,40}:?", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"(?:tbd|todo|to do|to be done|n/?a|none|nothing|blank|\?+|-+|\.{2,}|…|_+|x{3,}|answer here|\(?left blank\)?"
    r"|(?:please )?(?:write|put|enter|type|add|insert|fill in)? ?(?:your|you) (?:answer|solution|work|response)s?(?: goes)?(?: here)?)?",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\((?:\d{1,2}|[a-z])\)|(?<![\w.])\d{1,2}[.)](?=\s|$)|[\s*_`$|>\[\]#\\:.,;☐□-]+|\\(?:text|mathrm)|:::\w*")
_CHECKED = re.compile(r"[■☑☒✅⊠✓✔☒]|\\checkmark|\\blacksquare|\\boxtimes|(?<!\S)\[[xX]\](?=\s)|√(?=[ \t]?[A-Z][a-z])")
_BOX = re.compile(r"\$?(?:[■☑☒✅⊠☐□❑❏○●]|\\checkmark|\\blacksquare|\\boxtimes|\\square|\\Box|(?<!\S)\[[ xX]\](?=\s)|√(?=[ \t]?[A-Z][a-z]))")

_OPEN_BOX = re.compile(r"[ \t>|*+•$-]*+(?:[☐□❑❏○]|\\square|\\Box|\[ \])(?!.*(?:[■☑☒✅⊠✓✔]|\\checkmark|\\blacksquare|\\boxtimes|\[[xX]\]))")


@dataclass(frozen=True, slots=True)
class Mark:
    """An answer begins: the mark itself takes `start` to `end` of the text; `close` is where the answer ends, if that is said.

    `own` is false for a solution that the sheet prints beside the person's answer; `weak` is a “Proof.”, which begins an answer
    only where nothing else did.
    """

    start: int
    end: int
    close: int | None = None
    own: bool = True
    weak: bool = False


def answer_marks(text: str) -> tuple[Mark, ...]:
    r"""The marks of a text in their order; none inside a formula or in code of a named language.

    >>> [text for text in ("**Answer:** 3", "Why? Answer: so", "View Answer", "the answer is 3") if answer_marks(text)]
    ['**Answer:** 3', 'Why? Answer: so']
    """
    found: list[Mark] = []
    ends = _Ends(text)
    place, closed, fence = 0, 0, ""
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1] + ("!" if opened[2].strip("{.") else "")
        elif opened and opened[1].startswith(fence.rstrip("!")):
            fence = ""
        if place >= closed and not fence.endswith("!") and _HINT.search(line):
            found += _in_line(ends, line, place, bool(fence))
            closed = max(closed, found[-1].close or 0) if found else 0
        place += len(line) + 1
        if len(found) >= MOST_MARKS:
            break
    return tuple(found[:MOST_MARKS])


class _Ends:
    """Where environments and divisions end; asked for rising places, the text is searched once for each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known: dict[str, int] = {}
        self.divisions: list[int] | None = None

    def environment(self, name: str, start: int) -> int | None:
        """Where `\\end{name}` stands next."""
        place = self.known.get(name)
        if place is None or 0 <= place < start:
            place = self.known[name] = self.text.find(f"\\end{{{name}}}", start)
        return place if place >= 0 else None

    def division(self, start: int) -> int | None:
        """Where `:::` stands alone in a line next."""
        if self.divisions is None:
            self.divisions = [found.start() for found in _DIV_END.finditer(self.text)]
        k = bisect_left(self.divisions, start)
        return self.divisions[k] if k < len(self.divisions) else None


def _in_line(ends: _Ends, line: str, place: int, in_fence: bool) -> list[Mark]:
    if environment := _ENVIRONMENT.search(line):
        end = place + environment.end()
        return [Mark(place + environment.start(), end, ends.environment(environment[1], end), weak=environment[1] == "proof")]
    if division := _DIV.match(line):
        return [Mark(place, place + division.end(), ends.division(place + len(line)))]
    if not in_fence and _NOT_OURS.fullmatch(line.strip(" \t*_>#")):
        return [Mark(place, place + len(line), own=False)]
    if start := _AT_START.match(line):
        return [Mark(place, place + start.end())]
    if proof := _PROOF.match(line):
        return [Mark(place, place + proof.end(), weak=True)]
    return [Mark(place + m.start(), place + m.end()) for m in _WITHIN.finditer(line)]


def is_blank(text: str) -> bool:
    """Whether nothing was answered: a placeholder, or boxes of which none is ticked.

    >>> is_blank("*TBD*"), is_blank("(1) TODO"), is_blank("- [ ] yes\\n- [ ] no"), is_blank("0")
    (True, True, True, False)
    """
    lines = [line for line in text.split("\n") if line.strip(" \t$*>|-+•")]
    if lines and all(_OPEN_BOX.match(line) for line in lines):
        return True
    if len(text) > 400:
        return not text.strip()
    bare = [piece for piece in (_EMPTY.sub(" ", line).strip() for line in text.split("\n")) if piece]
    return all(_PLACEHOLDER.fullmatch(piece) for piece in bare)


def ticked(text: str) -> int | None:
    """Where the boxes of a question begin of which at least one is ticked; None where there are none.

    >>> ticked("True or false? □ True ■ False"), ticked("□ True □ False")
    (15, None)
    """
    box = _BOX.search(text)
    return box.start() if box and _CHECKED.search(text, box.start()) else None


__all__ = ["MOST_MARKS", "Mark", "answer_marks", "is_blank", "ticked"]
