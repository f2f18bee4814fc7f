"""The signs between the expressions of a solution, and the statements of a formula: what stands between ⇒, commas and words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .chain_repairs import big_numbers

EQUAL, ABOUT, DEFINED, LIKE, MEMBER, OTHER = "=", "≈", ":=", "∝", "∈", "?"

_SIGNS: tuple[tuple[str, str], ...] = (
    (r"\approxeq", ABOUT), (r"\approx", ABOUT), (r"\simeq", ABOUT), ("≈", ABOUT), ("≃", ABOUT), ("~=", ABOUT), ("≅", ABOUT),
    (r"\coloneqq", DEFINED), (r"\coloneq", DEFINED), (r"\triangleq", DEFINED), (r"\doteq", DEFINED), (r"\vcentcolon=", DEFINED),
    (r"\stackrel{def}{=}", DEFINED), (r"\equiv", EQUAL), ("≡", EQUAL), (":=", DEFINED), ("≔", DEFINED), ("≜", DEFINED), ("≝", DEFINED),
    (r"\propto", LIKE), ("∝", LIKE), (r"\in", MEMBER), ("∈", MEMBER),
    (r"\neq", OTHER), (r"\ne", OTHER), (r"\not=", OTHER), (r"\leftarrow", OTHER), (r"\gets", OTHER), (r"\to", OTHER),
    (r"\leqslant", OTHER), (r"\geqslant", OTHER), (r"\leq", OTHER), (r"\geq", OTHER), (r"\le", OTHER), (r"\ge", OTHER), (r"\ll", OTHER),
    (r"\gg", OTHER), (r"\sim", OTHER), (r"\mapsto", OTHER), (r"\cong", OTHER), (r"\subset", OTHER), (r"\notin", OTHER),
    (r"\succeq", OTHER), (r"\succ", OTHER), (r"\preceq", OTHER), ("⪰", OTHER), ("≻", OTHER), ("⪯", OTHER),
    ("<=", OTHER), (">=", OTHER), ("!=", OTHER), ("==", EQUAL), ("←", OTHER), ("≤", OTHER), ("≥", OTHER), ("≠", OTHER), ("<-", OTHER),
    ("<", OTHER), (">", OTHER), ("=", EQUAL),
)  # fmt: skip
_FOLLOWS = re.compile(
    r"<=>|<==>|==>|=>|->|⇒|⟹|∴|⇔|⟺|→|⟶"
    r"|\\(?:Rightarrow|rightarrow|longrightarrow|implies|therefore|Longrightarrow|iff|Leftrightarrow|Longleftrightarrow)(?![A-Za-z])"
)
_BIG_SIGN = re.compile(r"(?:\\?(?:sum|prod)|[∑∏Σ])(?:\\limits)?\s*_\s*\w\s*\Z")
_JOINER = r"(?:(?<!\\)[,;]|\\q?quad(?![A-Za-z])|\\text\{ {0,9}(?:and|where|with) {0,9}\}|\band\b|\bwhere\b)"
_JOINERS = re.compile(rf"{_JOINER}(?:\s*{_JOINER})*")
_OPEN, _CLOSE = "([{", ")]}"
_INDEX = r"[a-z](?:'|_\w|_\{\w{1,3}\})?"
_INDEX_CONDITION = re.compile(rf"\(?\s*{_INDEX}(?:\s*(?:=|\\neq?|≠|!=|\\not=)\s*{_INDEX})+\s*\)?\s*\Z")
_RANGE = re.compile(r"(?:\\forall\s*)?[A-Za-z](?:\s*,\s*[A-Za-z])*\s*=\s*(?:\d|\\\{).*(?:\\[clv]?dots|…|\.\.)|\\forall|∀")
_FOR_ALL = re.compile(r"\\forall|∀")
_SIMPLE = re.compile(r"\(?\s*\\?[A-Za-z]\w*(?:_\{?\w+\}?)?\s*(?:=|[<>≤≥≠]|\\(?:neq?|leq?|geq?|gt|lt)(?![A-Za-z]))=?\s*-?\\?[\w.]+\s*\)?\Z")
_SPACE = re.compile(r"(?:ℝ|\\mathbb\s*\{?\s*R|\\R(?![A-Za-z]))")
_ARROW = re.compile(r"→|->|⟶|\\(?:to|rightarrow|longrightarrow|mapsto)(?![A-Za-z])")
_ENDS_OPEN = re.compile(r"(?:[=≈+\-]|\\(?:cdot|times|odot|circ|approx))\s*\Z")
_EDGES = " \t\n,;:"


def levels(text: str) -> Iterator[tuple[int, int]]:
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


def signs_in(text: str) -> list[tuple[int, int, str]]:
    """The signs between expressions, outside brackets: start, end, kind.

    >>> [kind for _, _, kind in signs_in(r"a = (b = c) \\approx d \\in D")]
    ['=', '≈', '∈']
    """
    found: list[tuple[int, int, str]] = []
    after = 0
    for place, depth in levels(text):
        if depth > 0 or place < after or text[place] not in _FIRST:
            continue
        for sign, kind in _SIGNS:
            if not text.startswith(sign, place):
                continue
            end = place + len(sign)
            if (sign[-1].isalpha() and text[end : end + 1].isalpha()) or _BIG_SIGN.search(text[max(0, place - 40) : place]):
                continue
            found.append((place, end, kind))
            after = end
            break
    return found


_FIRST = frozenset(sign[0] for sign, _ in _SIGNS)


def parts_of(text: str) -> list[str]:
    """The statements of a formula, one after the other: at ⇒, and at commas and words between two equations.

    >>> parts_of(r"a = b, c = d, e \\Rightarrow f = g"), parts_of(r"q = r, \\quad i \\neq j")
    (['a = b', 'c = d, e', 'f = g'], ['q = r', 'i \\\\neq j'])
    """
    parts: list[str] = []
    text = _without_commas_in_numbers(text)
    for part in _split(text, _FOLLOWS) if not is_map(text) else [text]:
        whole: list[str] = []
        for piece in _split(part, _JOINERS):
            piece = piece.strip(_EDGES)
            if piece and whole and _ENDS_OPEN.search(whole[-1][-12:]):  # a wide space behind a sign
                whole[-1] += " " + piece
                continue
            if not piece or (whole and _is_bracketed(piece)):
                continue
            starts = whole and signs_in(piece) and (signs_in(whole[-1]) or _FOR_ALL.match(whole[-1]))
            if whole and not starts:
                whole[-1] += ", " + piece
            else:
                whole.append(piece)
        parts.extend(cut for piece in whole for cut in _without_leading_condition(piece))
    return parts


def _is_bracketed(piece: str) -> bool:
    """Whether round brackets hold a whole piece: a remark beside an equation."""
    return (
        piece[:1] == "("
        and piece[-1:] == ")"
        and (len(piece) > 3 or piece[1:-1].isdigit())
        and all(depth > 0 for _, depth in list(levels(piece))[1:-1])
    )


def _without_leading_condition(piece: str) -> list[str]:
    """A piece, its condition apart: i = j : a = b."""
    colon = next((place for place, depth in levels(piece) if depth <= 0 and piece[place] == ":" and piece[place + 1 : place + 2] != "="), 0)
    if colon and (_INDEX_CONDITION.match(piece[:colon].strip()) or _RANGE.match(piece[:colon].strip())):
        return [piece[:colon].strip(), piece[colon + 1 :].strip()]
    return [piece]


def _without_commas_in_numbers(text: str) -> str:
    if "," not in text:
        return text
    out: list[str] = []
    start, deep = 0, False
    for place, depth in levels(text):
        if (depth > 0) != deep:
            out.append(text[start:place] if deep else big_numbers(text[start:place]))
            start, deep = place, depth > 0
    return "".join(out) + (text[start:] if deep else big_numbers(text[start:]))


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The text between the matches of a pattern that stand outside brackets."""
    depths = dict(levels(text))
    parts, start = [], 0
    for match in pattern.finditer(text):
        if depths.get(match.start(), 0) <= 0 and match.end() > match.start():
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def is_condition(part: str, lead: str, before: str | None) -> bool:
    """Whether a part only says when something holds: i ≠ j, k = 1, …, n, and x > 0 after "if"; `before` is the statement before it.

    >>> is_condition("i = j", "", "u_i = v_j"), is_condition("i = j", "", None)
    (True, False)
    >>> is_condition("x > 0", "if", None), is_condition("a = b + 1", "if", "")
    (True, False)
    """
    if _RANGE.match(part):
        return True
    if _INDEX_CONDITION.match(part) and (
        lead in ("if", "where") or not re.fullmatch(r"[^=]*=[^=]*", part) or _uses_as_index(before or "", part)
    ):
        return True
    if lead != "if":
        return False
    signs = signs_in(part)
    if not signs:
        return re.search(r"[A-Za-z]{3}", part) is not None
    return (len(part) < 200 and _SIMPLE.match(part) is not None) or all(kind in (OTHER, MEMBER) for _, _, kind in signs)


def is_index_condition(part: str) -> bool:
    """Whether a part compares letters that are indices by their looks: i = j, n ≠ m."""
    return _INDEX_CONDITION.match(part) is not None and all(c in "ijklmnpqrs" for c in re.findall(r"(?<!\\)\b[a-z]\b", part)[:9])


def _uses_as_index(text: str, part: str) -> bool:
    """Whether a statement has a letter of a condition as an index."""
    below = "".join(re.findall(r"_\s*(\{[^{}]*\}|\w)", text))
    return any(letter in below for letter in re.findall(r"[a-z]", part))


def is_map(part: str) -> bool:
    """Whether a part says where a function goes from and to: f: R^n → R.

    >>> is_map(r"g: \\mathbb{R}^n \\to \\mathbb{R}"), is_map("x → y")
    (True, False)
    """
    arrow = _ARROW.search(part)
    return arrow is not None and _SPACE.search(part[: arrow.start()]) is not None and _SPACE.search(part[arrow.end() :]) is not None


__all__ = [
    "ABOUT",
    "DEFINED",
    "EQUAL",
    "LIKE",
    "MEMBER",
    "OTHER",
    "is_condition",
    "is_index_condition",
    "is_map",
    "levels",
    "parts_of",
    "signs_in",
]
