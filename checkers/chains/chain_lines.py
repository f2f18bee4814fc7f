"""A worked solution as text, taken apart: lines, the statements on a line, and what stands between their signs.

Knows signs and places, nothing of what an expression means. A line ends at a newline, at `\\\\` outside brackets, and at
the borders of displays; inside a display a newline is only a space, unless a sign of equality follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...derivations.errors import Span

MOST_LINES = 200
MOST_CHARACTERS = 40_000

EQUAL, ABOUT, DEFINED, OTHER = "=", "≈", ":=", "?"

_SIGNS: tuple[tuple[str, str], ...] = (
    (r"\approx", ABOUT), (r"\simeq", ABOUT), ("≈", ABOUT), ("≃", ABOUT), ("~=", ABOUT),
    (r"\coloneqq", DEFINED), (r"\triangleq", DEFINED), (r"\equiv", EQUAL), ("≡", EQUAL), (":=", DEFINED), ("≔", DEFINED),
    (r"\neq", OTHER), (r"\ne", OTHER), (r"\leftarrow", OTHER), (r"\gets", OTHER), (r"\to", OTHER), (r"\propto", OTHER),
    (r"\in", OTHER), (r"\leq", OTHER), (r"\geq", OTHER), (r"\le", OTHER), (r"\ge", OTHER), (r"\sim", OTHER), (r"\mapsto", OTHER),
    ("<=", OTHER), (">=", OTHER), ("!=", OTHER), ("==", EQUAL), ("∝", OTHER), ("∈", OTHER), ("←", OTHER), ("≤", OTHER),
    ("≥", OTHER), ("≠", OTHER), ("<-", OTHER), ("<", OTHER), (">", OTHER), ("=", EQUAL),
)  # fmt: skip
_FOLLOWS = re.compile(r"=>|⇒|⟹|∴|⇔|⟺|→|\\(?:Rightarrow|rightarrow|implies|therefore|Longrightarrow|iff|Leftrightarrow)(?![A-Za-z])")
_PREFIX = re.compile(
    r"(?:\s|&|,|:|=>|⇒|⟹|∴|∵|→|\\(?:because|Rightarrow|implies|therefore|Longrightarrow|quad|qquad|displaystyle|[,;:! ])(?![A-Za-z])"
    r"|\\text\{\s*(?:so|thus|hence|therefore|then|and|where|with|we get|we have|now|next|finally)[\s,:]*\}"
    r"|(?:so|thus|hence|therefore|then|and|where|with|we get|we have|this gives|which gives|now|next|finally|let)\b(?=[\s,:]))+",
    re.I,
)
_ENVIRONMENT = re.compile(
    r"\\(begin|end)\s*\{(?:align|aligned|alignat|alignedat|split|equation|gather|gathered|multline|eqnarray|displaymath|math)\*?\}"
    r"|\$\$|\\\[(?!\d)|\\\]"
)
_DROPPED = re.compile(r"\\(?:nonumber|notag|hline|smallskip|medskip|bigskip)(?![A-Za-z])|\\(?:label|tag\*?|eqref)\s*\{[^{}]*\}")
_SENTENCE = re.compile(r"[^\W\d_]{3,}[^\w(]+[^\W\d_]{3,}|[^\W\d_]{3,}\s*[:：]\s*\Z|[\u4e00-\u9fff]")
_MARKDOWN = re.compile(r"\*\*|`|\A\s*(?:[*•]|#+|\d+\.|-(?=\s+\*\*))\s+")
_REASON = re.compile(
    r"(?:(?:\\q?quad|&|\s)*\\(?:text|mbox|textrm)\s*\{(?:[^{}]|\{[^{}]*\})*\}|(?:\s{2,}|\t)\((?:by|chain|using|since|from|def)[^()]*\)"
    r"|\s(?:#|//|%|--)\s.*|\s*\\q?quad)\s*\Z"
)
_BIG_SIGN = re.compile(r"(?:\\?(?:sum|prod)|[∑∏])(?:\\limits)?\s*_\s*\w\s*\Z")
_JOINERS = re.compile(r"(?:\s*(?:,|;|\\q?quad(?![A-Za-z])|\\text\{\s*(?:and|where|with)\s*\}|\band\b|\bwhere\b)\s*)+")
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Statement:
    """Expressions with signs between them: `signs[i]` stands before `terms[i]`; the first sign is "" unless the line continues."""

    terms: tuple[str, ...]
    signs: tuple[str, ...]

    @property
    def continues(self) -> bool:
        """Whether it starts with a sign, and so speaks of the quantity before."""
        return self.signs[0] != ""

    @property
    def is_readable(self) -> bool:
        """Whether all its signs are equalities."""
        return OTHER not in self.signs


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number (from 1, over the lines that have content), its place, and its statements.

    `prose`: there are words around its mathematics that say something.
    """

    number: int
    text: str
    span: Span
    statements: tuple[Statement, ...]
    prose: bool = False


def lines_of(answer: str) -> list[Line]:
    """The lines of a worked solution.

    >>> [[s.terms for s in line.statements] for line in lines_of("a = 2b\\n= c + c, so d = 1")]
    [[('a', '2b')], [('c + c',), ('d', '1')]]
    """
    found: list[Line] = []
    for start, end in _pieces(answer):
        raw = answer[start:end]
        text = _bare(raw)
        if not text or not re.search(r"\w", text):
            continue
        formulas, prose = _formulas(text)
        statements = tuple(s for formula in formulas for part in _parts(formula) if (s := _statement(part)) is not None)
        found.append(Line(len(found) + 1, raw.strip(), (start, end), statements, prose))
        if len(found) == MOST_LINES:
            break
    return found


def _pieces(answer: str) -> Iterator[Span]:
    """The places of the lines."""
    start, place, depth, display = 0, 0, 0, False
    while place < len(answer):
        border = _ENVIRONMENT.match(answer, place)
        if border:
            yield start, place
            display = border[1] == "begin" or border[0] == r"\[" or (border[0] == "$$" and not display)
            start = place = border.end()
            depth = 0
            continue
        character = answer[place]
        width = 1
        if character == "\\":
            width = 2
            if answer.startswith("\\\\", place) and depth <= 0:
                yield start, place
                start = place + 2
            elif answer.startswith("\\begin", place):
                depth += 1
            elif answer.startswith("\\end", place):
                depth -= 1
        elif character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif character == "\n":
            blank = re.match(r"\n[ \t]*\n", answer[place:])
            if blank or (depth <= 0 and (not display or _starts_with_sign(answer, place))):
                yield start, place
                start, depth = place + 1, 0
        place += width
    yield start, len(answer)


def _starts_with_sign(answer: str, place: int) -> bool:
    rest = answer[place : place + 40].lstrip(" \t\n&")
    return any(rest.startswith(sign) for sign, _ in _SIGNS) or _FOLLOWS.match(rest) is not None


def _formulas(text: str) -> tuple[list[str], bool]:
    """The formulas of a line, and whether words stand beside them: in a sentence only what has a sign is a formula."""
    if "$" not in text and "\\" not in text and _SENTENCE.search(text) and not _signs_in(text):
        return [], True
    if text.count("$") < 2:
        return [text], False
    formulas = [f for f in re.findall(r"\$([^$]+)\$", text) if _signs_in(f)]
    words = _bare(re.sub(r"\$[^$]+\$", " ", text))
    return formulas, re.search(r"[^\W\d_]{2}", words) is not None


def _bare(text: str) -> str:
    """The mathematics of a line: without alignment marks, labels, reasons, leading words and a final point."""
    text = re.sub(r"\\hspace\*?\s*\{[^{}]*\}", r"\\quad ", _DROPPED.sub(" ", text).replace(r"\triangledown", r"\nabla"))
    text = _MARKDOWN.sub("", text).strip()
    text = re.sub(r"\A\\?\[\d[^\]]*\]", "", text)  # the [2pt] after a line break
    if text.startswith("$") and text.rstrip(".,;").endswith("$") and text.count("$") == 2:
        text = text.rstrip(".,;").strip("$")
    text = _without_marks(text)
    for _ in range(4):
        shorter = _REASON.sub("", text).rstrip()
        shorter = shorter if shorter.endswith(("\\,", "\\;")) else shorter.rstrip(" .,;")
        if shorter == text:
            break
        text = shorter
    prefix = _PREFIX.match(text)
    return text[prefix.end() :].strip() if prefix else text.strip()


def _without_marks(text: str) -> str:
    """The text without & outside brackets and inner environments, where it only aligns."""
    kept: list[str] = []
    for place, depth in _levels(text):
        character = text[place]
        kept.append(" " if character == "&" and depth <= 0 and text[place - 1 : place] != "\\" else character)
    return "".join(kept)


def _levels(text: str) -> Iterator[tuple[int, int]]:
    """Every place of a text with the depth of brackets around it."""
    depth = 0
    for place, character in enumerate(text):
        escaped = character in "{}" and text[place - 1 : place] == "\\"
        if character in _CLOSE and not escaped:
            depth -= 1
        if text.startswith("\\end{", place):
            depth -= 1
        yield place, depth
        if text.startswith("\\begin{", place):
            depth += 1
        if character in _OPEN and not escaped:
            depth += 1


def _signs_in(text: str) -> list[tuple[int, int, str]]:
    """The signs between expressions, outside brackets: start, end, kind."""
    found: list[tuple[int, int, str]] = []
    after = 0
    for place, depth in _levels(text):
        if depth > 0 or place < after:
            continue
        for sign, kind in _SIGNS:
            if not text.startswith(sign, place):
                continue
            end = place + len(sign)
            if (sign[-1].isalpha() and text[end : end + 1].isalpha()) or _BIG_SIGN.search(text[:place]):
                continue
            found.append((place, end, kind))
            after = end
            break
    return found


def _parts(text: str) -> list[str]:
    """The statements of a line, one after the other: at ⇒, and at commas and words between two equations."""
    parts: list[str] = []
    for part in _split(text, _FOLLOWS):
        whole: list[str] = []
        for piece in _split(part, _JOINERS):
            piece = _bare(piece)
            if not piece:
                continue
            if whole and not (_signs_in(piece) and _signs_in(whole[-1])):
                whole[-1] += ", " + piece
            else:
                whole.append(piece)
        parts.extend(whole)
    return parts


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The text between the matches of a pattern that stand outside brackets."""
    depths = dict(_levels(text))
    parts, start = [], 0
    for match in pattern.finditer(text):
        if depths.get(match.start(), 0) <= 0 and match.end() > match.start():
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _statement(text: str) -> Statement | None:
    """One statement; None where nothing is left."""
    signs = _signs_in(text)
    borders = [0, *(end for _, end, _ in signs)]
    ends = [*(start for start, _, _ in signs), len(text)]
    terms = [text[a:b].strip() for a, b in zip(borders, ends, strict=True)]
    kinds = ["", *(kind for _, _, kind in signs)]
    kept = [(t, k) for t, k in zip(terms, kinds, strict=True) if t]
    if not kept:
        return None
    return Statement(tuple(t for t, _ in kept), tuple(k for _, k in kept))


__all__ = ["ABOUT", "DEFINED", "EQUAL", "OTHER", "Line", "Statement", "lines_of"]
