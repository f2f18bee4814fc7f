"""The outside of a text: dollars, a final point, and the left side of `f(w) = …`, `y = …`, `J_ij = …`.

Finds places only; the expression itself is left to the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import NotationError, Span
from ..notation.names import INDEX_LETTERS, Vocabulary, key_of

_WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("**", "**"), ("`", "`"))
# Left sides. No pattern repeats a repetition: a long text costs no more than its length.
_CALL = re.compile(
    r"\s*(?:\\(?:mathrm|mathbf|text|operatorname|boldsymbol|bm))?\s*\{?\s*(\\?[^\s(){}=+*/^,\\-]+)\s*\}?\s*"
    r"(?:\\left)?\((.*?)(?:\\right)?\)\s*\Z",
    re.S,
)
_PARAMETER = re.compile(r"(?:\\[A-Za-z]+\s*)*\{?[^\s{}()0-9+*/^=-][^\s()+*/=-]*\}?\Z")
_ENTRY = re.compile(r"[\])}]?\s*_\s*(?:\{([a-z])\s*,?\s*([a-z])?\}|([a-z])([a-z])?)\s*\Z")
_STEM = re.compile(r"(?:\\?[A-Za-z]+|[^\x00-\x7f])\Z")
_NAME = re.compile(
    r"(?:\\[A-Za-z]+\s*)?\{?(?:\\?[A-Za-z]|[^\x00-\x7f])(?:\w|\}|_\{[^{}]*\}|\^\{?[\[(]\w+[\])]\}?)*'?\Z"
)
_QUOTIENT = re.compile(r"\\frac\s*\{\s*(?:\\partial|d(?![A-Za-z]*\})|d[A-Z\\])|∂|\\partial|d[A-Za-z]+\s*/\s*d")
_GRADIENT = re.compile(r"\\nabla|∇")
_LAST_INDICES = re.compile(r"_\{?([a-z])\s*,?\s*([a-z])?\}?\s*\}?\Z")
# sum_i=1^n has an equals sign, and is no equation.
_BIG_SIGNS = frozenset(("sum", "prod", "Sigma", "Pi", "∑", "∏"))
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What stands where: the function and parameters of the left side, indices on it, and the place of the
    expression."""

    function: str | None
    parameters: tuple[str, ...]
    indices: tuple[str, ...]
    body: Span


def taken_apart(text: str, vocabulary: Vocabulary) -> Statement:
    """The parts of a cleaned text.

    >>> taken_apart("f(w) = X w", Vocabulary())
    Statement(function='f', parameters=('w',), indices=(), body=(7, 10))
    """
    start, end = _unwrapped(text)
    signs = _equal_signs(text, start, end)
    if not signs:
        return Statement(None, (), (), (start, end))
    place, stop = signs[0]
    if len(signs) > 1:
        raise NotationError("One equation is read at a time; this is a second “=”.", span=signs[1])
    left, right = (start, place), _trimmed(text, stop, end)
    if right[0] >= right[1]:
        raise NotationError("An expression was expected after “=”.", span=(place, stop))
    head = _head(text, left, vocabulary)
    if head is not None:
        return Statement(*head, right)
    turned = _head(text, right, vocabulary)
    if turned is not None and re.fullmatch(r"[A-Za-z]", text[right[0] : right[1]]):  # 5 = x
        return Statement(turned[0], (), (), _trimmed(text, *left))
    raise NotationError(
        "An equation is read only as “f(w) = …” or “y = …”; this left side is an expression.",
        span=_trimmed(text, *left),
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _unwrapped(text: str) -> Span:
    """The place of the mathematics inside dollars, without a final point or comma."""
    start, end = _trimmed(text, 0, len(text))
    if start < end and text[end - 1] in ".,;" and text[start:end].strip(".,; "):
        if not text[start:end].endswith(("\\,", "\\;")):
            start, end = _trimmed(text, start, end - 1)
    for opening, closing in _WRAPPERS:
        size = len(opening)
        inside = text[start:end]
        if inside.startswith(opening):
            if len(inside) < 2 * size or not inside.endswith(closing):
                if opening in ("**", "`"):
                    continue
                raise NotationError(
                    f"The “{opening}” at the start has no partner at the end.", span=(start, start + size)
                )
            start, end = _trimmed(text, start + size, end - len(closing))
            if start < end and text[end - 1] in ".,":
                start, end = _trimmed(text, start, end - 1)
            break
    dollar = text.find("$", start, end)
    if dollar >= 0:
        raise NotationError("A dollar sign stands inside the expression.", span=(dollar, dollar + 1))
    if start >= end:
        raise NotationError("Nothing was written here.", span=(start, end))
    return start, end


def _equal_signs(text: str, start: int, end: int) -> list[Span]:
    """The places of = outside all brackets."""
    found: list[Span] = []
    depth = 0
    place = start
    while place < end:
        character = text[place]
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif character == "\\" and text.startswith("\\begin", place):
            depth += 1
        elif character == "\\" and text.startswith("\\end", place):
            depth -= 1
        elif character == "=" and depth <= 0:
            if text[place + 1 : place + 2] == "=":
                place += 2
                continue
            if text[place - 1 : place] not in ("<", ">", "!"):
                found.append((place - (text[place - 1 : place] == ":"), place + 1))
        place += 1
    return found


Head = tuple[str | None, tuple[str, ...], tuple[str, ...]]


def _head(text: str, span: Span, vocabulary: Vocabulary) -> Head | None:
    """What the left side names: a function with parameters, a name, or entries of one; None for an expression."""
    left = text[span[0] : span[1]].strip().strip("&").strip()
    call = _CALL.match(left)
    if call and not re.search(r"[+*/=]", call[2]):
        parameters = _parameters(call[2])
        if parameters is not None:
            return key_of(call[1]), parameters, ()
    if _QUOTIENT.match(left):
        return left, (), _index_letters(_LAST_INDICES.search(left))
    if _GRADIENT.match(left):
        return left, (), ()
    entry = _ENTRY.search(left)
    if entry and vocabulary.find(key_of(left)) is None:
        stem = left[: entry.start()].strip().strip("[]() {")
        indices = _index_letters(entry)
        if _STEM.match(stem) and key_of(stem) not in _BIG_SIGNS and INDEX_LETTERS.issuperset(indices):
            return key_of(stem), (), indices
    name = key_of(left)
    return (name, (), ()) if _NAME.match(left) and name.split("_")[0] not in _BIG_SIGNS else None


def _index_letters(match: re.Match[str] | None) -> tuple[str, ...]:
    return tuple(letter for letter in match.groups() if letter) if match else ()


def _parameters(inside: str) -> tuple[str, ...] | None:
    """The names between the brackets of f(x, y); None where they are no names."""
    names = []
    for part in inside.split(","):
        part = re.sub(r"\\[,;! ]", "", part).strip()
        if not _PARAMETER.match(part):
            return None
        names.append(part if part.isascii() and part.isidentifier() else key_of(part))
    return tuple(dict.fromkeys(names))
