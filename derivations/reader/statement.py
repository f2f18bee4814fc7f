"""The outside of a text: dollars, a final point, and the left side of `f(w) = …`, `y = …`, `J_ij = …`.

Finds places only; the expression itself is left to the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ..errors import NotationError, Span
from ..notation.names import INDEX_LETTERS, Vocabulary, key_of
from .lexicon import FUNCTION_WORDS

_WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("**", "**"), ("`", "`"))
# Left sides. No pattern repeats a repetition: a long text costs no more than its length.
_CALL = re.compile(
    r"\s*(?:\\(?:mathrm|mathbf|text|operatorname|boldsymbol|bm))?\s*\{?\s*(\\?[^\s(){}=+*/^,\\-]+)\s*\}?\s*"
    r"(?:\\left)?\((.*?)(?:\\right)?\)\s*\Z",
    re.S,
)
_PARAMETER = re.compile(r"(?:\\[A-Za-z]+\s*)*\{?[^\s{}()0-9+*/^=-][^\s()+*/=-]*\}?\Z")
_INDICES = re.compile(
    r"[\])}]?\s*_\s*(?:\{([a-z](?:[\s,]*[a-z])?|[i-np-t](?:[\s,]*[i-np-t]){2,5})\s*\}|([a-z]{1,2}|[i-np-t]{3,4})(?![A-Za-z0-9]))"
)
_TEXT = re.compile(r"\\(?:text|textrm|textit|textbf|mbox|mathrm) ?\Z")
_WORD = re.compile(r"[A-Za-z]{3,}")
_CHOICE = re.compile(r"\b(?:or|not|otherwise|else)\b")
_IF = re.compile(r"\b(?:if|when)\b")
_COMPARISON = re.compile(r"[<>=≤≥≠]|\\[lg]e")
_MEMBER = re.compile(r"(?:\\in(?![A-Za-z])|∈)\s*(?:\\mathbb\s*(?:\{R\}|R)|R)\s*(?:\^\s*(?:\{[^{}]*\}|\w+))?\Z")
_APPROXIMATELY = "“≈” says approximately; the value is taken as it is written."
_ABOUT = re.compile(r"≈|\\(?:approx|simeq)(?![A-Za-z])")
_LEAD = re.compile(
    r"(?:=(?!=)|(≈|\\(?:approx|simeq)(?![A-Za-z])|(?:approximately|approx\.?|about|roughly)(?![A-Za-z_(]))"
    r"|(?:(?:the|my|final)\s+)*(?:answer|solution|result)\s*(?:is\s|[:=])|ans(?:wer)?\s*[:=])\s*", re.I)
_STEM = re.compile(r"(?:\\?[A-Za-z]+|[^\x00-\x7f])\Z")
_NAME = re.compile(
    r"(?:\\[A-Za-z]+\s*)?\{?(?:\\?[A-Za-z]|[^\x00-\x7f])(?:\w|\}|_\{[^{}]*\}|\^\{?[\[(]\w+[\])]\}?)*'?\Z"
)
_QUOTIENT = re.compile(r"\\frac\s*\{\s*(?:\\partial|d(?![A-Za-z]*\})|d[A-Z\\]|d[A-Za-z]*\}\s*\{\s*d)|∂|\\partial|d[A-Za-z]+\s*/\s*d")
_GRADIENT = re.compile(r"\\nabla|∇")
# sum_i=1^n has an equals sign, and is no equation.
_BIG_SIGNS = frozenset(("sum", "prod", "Sigma", "Pi", "∑", "∏"))
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What stands where: the function and parameters of the left side, indices on it, and the place of the expression.

    `notes` say what else the text says of it: that it is approximate, a remark behind it.
    """

    function: str | None
    parameters: tuple[str, ...]
    indices: tuple[str, ...]
    body: Span
    notes: tuple[str, ...] = field(default=(), repr=False)


def taken_apart(text: str, vocabulary: Vocabulary) -> Statement:
    """The parts of a cleaned text.

    >>> taken_apart("f(w) = X w", Vocabulary())
    Statement(function='f', parameters=('w',), indices=(), body=(7, 10))
    """
    start, end = _unwrapped(text)
    notes: tuple[str, ...] = ()
    if (place := _remark(text, start, end)) is not None:
        notes = (f"“{' '.join(text[place:end].split())}” is taken as a remark.",)
        start, end = _trimmed(text, start, place)
        end -= text[end - 1] == "," and end > start + 1
    if "$" in text[start:end]:
        place = text.index("$", start, end)
        raise NotationError("A dollar sign stands inside the expression.", span=(place, place + 1))
    if lead := _LEAD.match(text, start, end):  # = 2w, ≈ 5, about 5
        if lead.end() == end:
            raise NotationError(f"An expression was expected after “{lead[0].strip()}”.", span=lead.span())
        start = lead.end()
        notes += (_APPROXIMATELY,) * bool(lead[1])
    stated = _stated(text, start, end, vocabulary)
    return replace(stated, notes=notes + stated.notes) if notes else stated


def _remark(text: str, start: int, end: int) -> int | None:
    r"""The place of a remark at the end: \\text{(chain rule)}, or \\in \\mathbb{R}^n. What could be part of an answer is none."""
    member = max(text.rfind("\\in", start, end), text.rfind("∈", start, end))
    if member > start and _MEMBER.match(text, member, end):
        return member
    place, depth = end, 0
    while place > start and (depth or place == end):
        place -= 1
        depth += (text[place] == "}") - (text[place] == "{")
    command = _TEXT.search(text, max(start, place - 12), place)
    words = text[place + 1 : end - 1].strip()
    said = _WORD.search(words) and (" " in words or words[:1] in ",;:(") and words.split()[0] not in FUNCTION_WORDS
    if command is None or depth or command.start() <= start or not said:
        return None
    condition = _IF.search(words) and _COMPARISON.search(words)
    return None if condition or _CHOICE.search(words) else command.start()


def _stated(text: str, start: int, end: int, vocabulary: Vocabulary) -> Statement:
    """The parts of a text without what stands around and before it."""
    signs = _equal_signs(text, start, end)
    if not signs:
        return Statement(None, (), (), (start, end))
    place, stop = signs[0]
    about = next((sign for sign in signs if text[sign[0]] in "≈\\"), None)
    if about and (len(signs) > 1 or _head(text, (start, place), vocabulary) is None):
        raise NotationError("Two values stand here, with “≈” between them; write the one that is meant.", span=about)
    if len(signs) > 1:
        raise NotationError("One equation is read at a time; this is a second “=”.", span=signs[1])
    left, right = (start, place), _trimmed(text, stop, end)
    if right[0] >= right[1]:
        raise NotationError("An expression was expected after “=”.", span=(place, stop))
    head = _head(text, left, vocabulary)
    if head is not None:
        return Statement(*head, right, (_APPROXIMATELY,) if about else ())
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
        elif depth <= 0 and (about := _ABOUT.match(text, place, end)):
            found.append(about.span())
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
        return left, (), tuple(dict.fromkeys(letter for found in _INDICES.finditer(left) for letter in _letters(found)))
    if _GRADIENT.match(left):
        return left, (), ()
    entry = _INDICES.search(left)
    if entry and entry.end() == len(left.rstrip()) and vocabulary.find(key_of(left)) is None:
        stem = left[: entry.start()].strip().strip("[]() {")
        indices = _letters(entry)
        if _STEM.match(stem) and key_of(stem) not in _BIG_SIGNS and INDEX_LETTERS.issuperset(indices):
            return key_of(stem), (), indices
    name = key_of(left)
    return (name, (), ()) if _NAME.match(left) and name.split("_")[0] not in _BIG_SIGNS else None


def _letters(match: re.Match[str]) -> tuple[str, ...]:
    """The letters of a group of indices, where all of them can be indices."""
    letters = tuple(c for c in match[1] or match[2] if c.isalpha())
    return letters if INDEX_LETTERS.issuperset(letters) else ()


def _parameters(inside: str) -> tuple[str, ...] | None:
    """The names between the brackets of f(x, y); None where they are no names."""
    names = []
    for part in inside.split(","):
        part = re.sub(r"\\[,;! ]", "", part).strip()
        if not _PARAMETER.match(part):
            return None
        names.append(part if part.isascii() and part.isidentifier() else key_of(part))
    return tuple(dict.fromkeys(names))
