r"""Derivatives as they are marked in a formula: \frac{∂u}{∂v}, ∂u/∂v, ∇_w f, J_f(w), f′(x), and the operator ∂/∂v before what it acts on.

`marks` finds them from left to right and says of each what is differentiated by what, as text. What the texts mean is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

MarkKind = Literal["quotient", "gradient", "jacobian", "prime"]

_D = (
    r"(?:\\partial(?![A-Za-z])|∂|\\(?:mathrm|text|operatorname)\s*\{\s*d\s*\}"
    r"|d(?=\s*[^a-z\s{}]|\s*[a-z](?![a-z])|\s*\{|\s*\Z))"
)
_HEAD = re.compile(rf"\s*{_D}\s*")
_FRACTION = re.compile(r"\\[dt]?frac\s*(?=\{)")
_CURLY = re.compile(r"\\partial(?![A-Za-z])|∂")
_STRAIGHT = re.compile(r"(?<![A-Za-z\\_{])d(?=(?:[A-Za-z]\w*|\\[A-Za-z]+)(?:_\{[^{}]*\})?\s*/\s*d(?:[A-Za-z]|\\))")
_NABLA = re.compile(r"(?:\\nabla(?![A-Za-z])|∇)\s*(?:_\s*(\{|\\[A-Za-z]+|[A-Za-z]))?")
_JACOBIAN = re.compile(r"(?<![A-Za-z\\_])J(?![A-Za-z]{2})")
_PRIME = re.compile(r"\s*(?:'|′|\^\s*\{\s*\\prime\s*\}|\^\s*\\prime(?![A-Za-z]))")
_NAME = re.compile(
    r"(?:\\(?:operatorname|text|mathrm|mathbf|mathcal|mathit|bm|boldsymbol|textrm)\s*\{[^{}]*\}|\\[A-Za-z]+|[A-Za-zα-ωΑ-Ωℓ][A-Za-z]*)"
    r"(?:\s*_\s*(?:\{[^{}]*\}|\w))?(?:\s*\^\s*\{?[(\[]\w+[)\]]\}?)?"
)
_SUFFIX = re.compile(r"\s*(?:_\s*(?:\{[^{}]*\}|\\[A-Za-z]+|\w)|\^\s*(?:\{[^{}]*\}|\\[A-Za-z]+|\w)|'|′)")
_FUNCTION_LIKE = re.compile(
    r"(?:\\(?:operatorname|text|mathrm)\s*\{|\\?(?:sigma|softmax|relu|ReLU|tanh|sigmoid|exp|ln|log|f|g|h|L|ell)\b|[σℓ])"
)
_INDICES = re.compile(r"\s*_\s*(\{[^{}]*\}|\w)")
_TRANSPOSE = re.compile(r"\s*\^\s*(?:\{\s*)?(?:\\top|\\intercal|T)(?![A-Za-z])\s*\}?")
_SPACE = re.compile(r"(?:\s|\\left(?![A-Za-z])|\\,)*")
_ONE = re.compile(
    r"\\(?:mathbf|mathcal|mathrm|text|operatorname|hat|bar|tilde|bm|boldsymbol|mathit|vec)\s*(?:\{[^{}]*\}|\\?[A-Za-z]+)"
    r"|\\[A-Za-z]+|[^\W\d_]+"
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One derivative: `text[start:end]`, what is differentiated and by what ("" where it is left to the context).

    `indices` are those written behind the whole, the ij of J_f(w)_{ij}; `argument` is where a primed function is taken.
    """

    kind: MarkKind
    start: int
    end: int
    top: str
    bottom: str = ""
    indices: str = ""
    argument: str = ""
    is_transposed: bool = False
    order: int = 1


def marks(text: str, names: Collection[str] = ()) -> Iterator[Mark]:
    """The outermost derivatives of a text, from left to right; `names` are names that may be primed functions.

    >>> [(m.top, m.bottom) for m in marks(r"\\frac{\\partial L}{\\partial w} = ∂L/∂a · da/dw")]
    [('L', 'w'), ('L', 'a'), ('a', 'w')]
    """
    place = 0
    while place < len(text):
        mark = _mark_at(text, place, names)
        if mark is None:
            place += 1
            continue
        yield mark
        place = max(mark.end, place + 1)


def _mark_at(text: str, place: int, names: Collection[str]) -> Mark | None:
    character = text[place]
    if character == "\\":
        for rule in (_fraction, _curly, _nabla):
            if (mark := rule(text, place)) is not None:
                return mark
    elif character == "∂":
        return _curly(text, place)
    elif character == "∇":
        return _nabla(text, place)
    elif character == "d" and _STRAIGHT.match(text, place):
        return _slash(text, place, place + 1)
    elif character == "J" and _JACOBIAN.match(text, place):
        mark = _jacobian(text, place)
        if mark is not None and (mark.top or "J" not in names):  # a function may be called J itself
            return mark
    elif character in "[(" and _BRACKETED.match(text, place):
        return _bracketed(text, place)
    return _prime(text, place, names)


_BRACKETED = re.compile(r"[\[(]\s*J(?![A-Za-z]{2})")


# -- quotients ---------------------------------------------------------------------------------------------------------------


def _fraction(text: str, place: int) -> Mark | None:
    r"""\frac{∂u}{∂v}, and \frac{∂}{∂v} u."""
    found = _FRACTION.match(text, place)
    if not found:
        return None
    middle = group_end(text, found.end())
    second = _space(text, middle)
    end = group_end(text, second) if middle and text[second : second + 1] == "{" else 0
    if not end:
        return None
    above, below = text[found.end() + 1 : middle - 1], text[second + 1 : end - 1]
    top, bottom = _HEAD.match(above), _HEAD.match(below)
    if not top or not bottom:
        return None
    return _quotient(text, place, end, above[top.end() :], below[bottom.end() :])


def _quotient(text: str, start: int, end: int, top: str, bottom: str) -> Mark | None:
    top, bottom, order = top.strip(), bottom.strip(), 1
    if top.startswith("^"):
        return Mark("quotient", start, end, top, bottom, order=2)
    if _CURLY.search(bottom) or not bottom:
        return Mark("quotient", start, end, top, bottom, order=2) if bottom else None
    if not top:
        top, end = _operand(text, end)
        if not top:
            return None
    return Mark("quotient", start, end, top, bottom, order=order)


def _curly(text: str, place: int) -> Mark | None:
    found = _CURLY.match(text, place)
    return _slash(text, place, found.end()) if found else None


def _slash(text: str, start: int, place: int) -> Mark | None:
    """∂u/∂v, and ∂/∂v u."""
    first = _space(text, place)
    stop = first if text[first : first + 1] == "/" else _one_end(text, first)
    slash = _space(text, stop)
    if text[slash : slash + 1] != "/":
        return None
    head = _HEAD.match(text, slash + 1)
    if not head:
        return None
    end = _one_end(text, head.end(), calls=False)
    return _quotient(text, start, end, text[first:stop], text[head.end() : end]) if end > head.end() else None


def _operand(text: str, place: int) -> tuple[str, int]:
    """What an operator acts on: a bracket, or everything up to the next sum."""
    start = _space(text, place)
    if text[start : start + 1] in ("(", "["):
        end = group_end(text, start)
        after = _space(text, end)
        if end and text[after : after + 1] not in ("^", "_"):
            inner = text[start + 1 : end - 1]
            return (inner.removesuffix("\\right") if inner.endswith("\\right") else inner), end
    end, depth = start, 0
    while end < len(text):
        if text.startswith("\\begin", end):
            depth += 1
        elif text.startswith("\\end", end):
            depth -= 1
        character = text[end]
        if depth <= 0 and ((character in "+-" and text[start:end].strip()) or character in ")]},;="):
            break
        if character == "\\":
            end += 2
            continue
        if character in _PAIRS:
            stop = group_end(text, end)
            end = stop or len(text)
            continue
        end += 1
    return text[start:end].strip(), end


# -- ∇, J, primes --------------------------------------------------------------------------------------------------------------


def _nabla(text: str, place: int) -> Mark | None:
    found = _NABLA.match(text, place)
    if not found:
        return None
    end, bottom = found.end(), found[1] or ""
    if bottom == "{":
        close = group_end(text, end - 1)
        if not close:
            return None
        bottom, end = text[end : close - 1], close
    turned = _TRANSPOSE.match(text, end)
    end = turned.end() if turned else end
    start = _space(text, end)
    stop = _one_end(text, start)
    return Mark("gradient", place, stop, text[start:stop], bottom, is_transposed=bool(turned)) if stop > start else None


def _jacobian(text: str, place: int) -> Mark | None:
    """J, J_f, J_f(w), J_{σ(z)}, J[σ(z)], each with the indices behind it."""
    end, below, argument, indices = place + 1, "", "", ""
    if sub := re.compile(r"\s*_\s*").match(text, end):
        stop = group_end(text, sub.end()) if text[sub.end() : sub.end() + 1] == "{" else _simple_end(text, sub.end())
        if stop > sub.end():
            below, end = text[sub.end() : stop], stop
            below = below[1:-1] if below.startswith("{") else below
    opened = _space(text, end)
    if text[opened : opened + 1] in ("(", "["):
        close = group_end(text, opened)
        if close:
            argument, end = text[opened + 1 : close - 1].removesuffix("\\right"), close
    if found := _INDICES.match(text, end):
        indices, end = found[1].strip("{}"), found.end()
    if below and not argument and not indices and re.fullmatch(r"[i-np-t](?:[\s,]*[i-np-t]){1,3}|\d\s*,\s*\d", below.strip()):
        below, indices = "", below
    return Mark("jacobian", place, end, below.strip(), argument.strip(), indices)


def _bracketed(text: str, place: int) -> Mark | None:
    """[J_f(w)]_{ij}: the indices behind a bracket belong to what is in it."""
    close = group_end(text, place)
    indices = _INDICES.match(text, close) if close else None
    start = _space(text, place + 1)
    inner = _jacobian(text, start) if indices else None
    if inner is None or not indices or text[inner.end : close - 1].strip() not in ("", "\\right") or inner.indices:
        return None
    return Mark("jacobian", place, indices.end(), inner.top, inner.bottom, indices[1].strip("{}"))


def _prime(text: str, place: int, names: Collection[str]) -> Mark | None:
    """f′(x), f_2′(z), f′_2(z), L′: a prime on a function."""
    if place and (text[place - 1].isalpha() or text[place - 1] in "\\_"):
        return None
    name = _NAME.match(text, place)
    if not name:
        return None
    mark = _PRIME.match(text, name.end())
    if not mark:
        return None
    top, end, order = name[0], mark.end(), 1
    while again := _PRIME.match(text, end):
        order, end = order + 1, again.end()
    if sub := re.compile(r"\s*_\s*(\{[^{}]*\}|\w)").match(text, end):
        if "_" not in top:
            top, end = f"{top}_{sub[1]}", sub.end()
    opened, argument = _space(text, end), ""
    if text[opened : opened + 1] == "(":
        close = group_end(text, opened)
        if not close:
            return None
        argument, end = text[opened + 1 : close - 1].removesuffix("\\right"), close
    elif top not in names:
        return None
    return Mark("prime", place, end, top, argument=argument.strip(), order=order)


# -- places ------------------------------------------------------------------------------------------------------------------


def group_end(text: str, start: int) -> int:
    """The place after the bracket that closes the one at `start`; 0 where none does."""
    depth, place = 0, start
    while place < len(text):
        character = text[place]
        if character == "\\" and text[place + 1 : place + 2] in ("{", "}", "\\"):
            place += 2
            continue
        depth += (character in "([{") - (character in ")]}")
        if depth == 0:
            return place + 1
        place += 1
    return 0


def _space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _simple_end(text: str, place: int) -> int:
    """The end of a bare subscript: one letter, or one command with its group."""
    if text[place : place + 1] != "\\":
        return place + 1 if place < len(text) else place
    found = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?").match(text, place)
    return found.end() if found else place


def _one_end(text: str, place: int, calls: bool = True) -> int:
    """The end of one name with its subscripts, superscripts and arguments, or of one bracket."""
    if place >= len(text):
        return place
    if text[place] in _PAIRS:
        end = group_end(text, place) or place
    else:
        name = _ONE.match(text, place)
        if not name:
            return place
        end = name.end() if text[place] == "\\" or not calls or _FUNCTION_LIKE.match(text, place) else _word_end(text, place)
    while True:
        suffix = _SUFFIX.match(text, end)
        if suffix:
            end = suffix.end()
            continue
        if calls and text[end : end + 1] == "(":
            close = group_end(text, end)
            if close:
                end = close
                continue
        return end


def _word_end(text: str, place: int) -> int:
    """One letter is a name; a longer word is one name only in plain text."""
    found = re.compile(r"[^\W\d_]+").match(text, place)
    return found.end() if found else place


__all__ = ["Mark", "MarkKind", "group_end", "marks"]
