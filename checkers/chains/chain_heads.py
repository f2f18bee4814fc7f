"""What the left side of a line names: a new name, a derivative of something named, or an expression.

A derivative of a name by a name (∂L/∂w, dL/dw, ∇_w L, f′) is one quantity, whatever is known of it: in a text it is
replaced by a place holder, a name of its own, so that it can be read, claimed and carried like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b

from ...derivations.errors import InputError
from ...derivations.notation.names import INDEX_LETTERS, Vocabulary, key_of
from ...derivations.notation.spellings import FUNCTIONS
from ...derivations.reader.statement import taken_apart

_LAYER = r"\^\{?[(\[]\w+[)\]]\}?"
_NAME = rf"(?:\\[A-Za-z]+|[A-Za-z]|[^\x00-\x7f\s∂∇√Σ∑])(?:_(?:\{{[^{{}}]*\}}|\w+)|{_LAYER}|[₀-₉])*"
_FONTS = r"\\(?:mathcal|mathbf|mathrm|mathit|mathsf|boldsymbol|bm|vec|text|operatorname|hat|bar|tilde)"
_FONT = rf"{_FONTS}(?:\s*\{{[^{{}}]*\}}|\s+\w|\s*\\[A-Za-z]+)(?:_(?:\{{[^{{}}]*\}}|\w))?(?:{_LAYER})?"
_PARTIAL = r"(?:\\partial(?![A-Za-z])|∂|\\mathrm\s*\{d\}|\\text\s*\{d\}|d(?![A-Za-z]*\})|d)\s*"
_FRACTION = re.compile(r"\\[dt]?frac\s*(?=\{)")
_TOP = re.compile(rf"\s*{_PARTIAL}\{{?\s*({_FONT}|{_NAME})\s*\}}?\s*(\([^()]*\))?\s*\Z")
_SLASH = re.compile(
    rf"(?:\\partial|∂)\s*({_FONT}|{_NAME})\s*/\s*(?:\\partial|∂)\s*({_FONT}|{_NAME})"
    rf"|(?<![A-Za-z\\_])d([A-Za-z]\w*|\\[A-Za-z]+)\s*/\s*d([A-Za-z]\w*|\\[A-Za-z]+(?:_\w+)?)"
)
_GRADIENT = re.compile(rf"(?:\\nabla|∇)\s*_\s*(\{{[^{{}}]*\}}|\\[A-Za-z]+|\w)\s*\{{?\s*({_FONT}|{_NAME})\s*\}}?\s*(\([^()]*\))?(?!\s*\()")
_OVER = re.compile(r"\{([^{}]*)\\over(?![A-Za-z])([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[A-Za-z]\w*)(?:\^[(\[]\w+[)\]])?\Z")
_CALLED = frozenset(spelling.lstrip("\\") for row in FUNCTIONS for spelling in row.all()) | {"sigma"}


@dataclass(frozen=True, slots=True)
class Pair:
    """∂top/∂bottom; a gradient has the shape of what it is taken by in every layout."""

    top: str
    bottom: str
    gradient: bool = False

    @property
    def placeholder(self) -> str:
        """The name that stands for it in a text: letters only, so that it is read as one name."""
        digest = blake2b(f"{self.top}|{self.bottom}|{self.gradient}".encode(), digest_size=5).digest()
        return "Qd" + "".join(chr(ord("a") + b % 26) + chr(ord("a") + b // 26) for b in digest)


@dataclass(frozen=True, slots=True)
class Head:
    """A left side: `name` where it is one, with its parameters, `pair` where it is a derivative, neither for an expression."""

    text: str
    name: str | None = None
    parameters: tuple[str, ...] = ()
    pair: Pair | None = None


def head_of(text: str, known: Collection[str], functions: Mapping[str, tuple[str, ...]]) -> Head:
    """What a left side names, among known names.

    >>> head_of("dL/dw", (), {}).pair, head_of("a", (), {}).name, head_of("2a", (), {}).name
    (Pair(top='L', bottom='w', gradient=False), 'a', None)
    """
    plain, pairs = with_placeholders(text, functions, False, known)
    if len(pairs) == 1 and plain.strip() in pairs:
        return Head(text, pair=pairs[plain.strip()])
    if pairs:
        return Head(text)
    try:
        statement = taken_apart(f"{text} = 0", Vocabulary(known))
    except InputError:
        return Head(text)
    name = statement.function
    if name is None or statement.indices or not _SIMPLE.match(name):
        return Head(text)
    if statement.parameters and (name in _CALLED or (name in known and name not in functions)):
        return Head(text)
    if name in ("nabla", "partial", "frac") or (name in _CALLED and name != "sigma" and not statement.parameters):
        return Head(text)
    return Head(text, Vocabulary(known).find(name) or name, statement.parameters)


def with_placeholders(
    text: str, functions: Mapping[str, tuple[str, ...]], d_is_a_name: bool, known: Collection[str] = ()
) -> tuple[str, dict[str, Pair]]:
    """The text with every derivative of a name by a name replaced; calls f(x) of defined functions become f."""
    pairs: dict[str, Pair] = {}

    def put(top: str, bottom: str, whole: str, gradient: bool = False) -> str:
        first, second = _key(top, known), _key(bottom, known)
        if first is None or second is None:
            return whole
        pair = Pair(first, second, gradient)
        pairs[pair.placeholder] = pair
        return f" {pair.placeholder} "

    text = _fractions(_OVER.sub(r"\\frac{\1}{\2}", text), put)
    text = _GRADIENT.sub(lambda m: put(m[2], m[1].strip("{}"), m[0], True) if _are_names(m[3]) else m[0], text)
    text = _SLASH.sub(lambda m: put(m[1], m[2], m[0]) if m[1] else m[0] if d_is_a_name else put(m[3], m[4], m[0]), text)
    for name, parameters in functions.items():
        listed = r"\s*,\s*".join(re.escape(p) for p in parameters)
        before = rf"(?<![A-Za-z\\]){re.escape(name)}"
        if len(parameters) == 1:
            primed = rf"{before}\s*(?:'|\^\{{?\\prime\}}?|′)(?:\s*\(\s*{listed}\s*\))?"
            text = re.sub(primed, partial(_primed, put, name, parameters[0]), text)
        text = re.sub(rf"{before}\s*\(\s*{listed}\s*\)", f" {name} ", text)
    return text, pairs


def _primed(put: Callable[[str, str, str], str], top: str, bottom: str, found: re.Match[str]) -> str:
    """A prime, f′(x), as the derivative of a function by its parameter."""
    return put(top, bottom, found[0])


def _fractions(text: str, put: Callable[[str, str, str], str]) -> str:
    """Every \\frac{∂a}{∂b} of simple names, the innermost first in order of appearance."""
    out, place = [], 0
    for match in _FRACTION.finditer(text):
        if match.start() < place:
            continue
        middle = _group_end(text, match.end())
        opening = re.compile(r"\s*(?=\{)").match(text, middle) if middle else None
        end = _group_end(text, opening.end()) if opening else 0
        if not opening or not end:
            continue
        top, bottom = _TOP.match(text[match.end() + 1 : middle - 1]), _TOP.match(text[opening.end() + 1 : end - 1])
        is_call = top is not None and top[2] and key_of(top[1]) in _CALLED  # ∂σ(x)/∂x is worked out where it is read
        if top and bottom and not bottom[2] and not is_call and _are_names(top[2]):
            out.append(text[place : match.start()])
            out.append(put(top[1], bottom[1], text[match.start() : end]))
            place = end
    return "".join(out) + text[place:]


def _group_end(text: str, start: int) -> int:
    """The place after the bracket that closes the one at `start`; 0 where none does."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place + 1
    return 0


def _are_names(arguments: str | None) -> bool:
    """Whether the brackets after a name list names only: L(w, b)."""
    if not arguments:
        return True
    return all(_SIMPLE.match(key_of(a)) for a in arguments.strip("()").split(","))


def _key(spelling: str, known: Collection[str]) -> str | None:
    """The name that is spelled here; None where it is an entry of something, or more than a name."""
    spelling = re.sub(r"\\(?:mathcal|mathit|mathsf)\s*\{([^{}]*)\}", r"\1", spelling.strip())
    key = key_of(spelling)
    found = Vocabulary(known).find(key)
    if found is not None:
        return found
    if not _SIMPLE.match(key):
        return None
    _, _, subscript = key.partition("^")[0].partition("_")
    if subscript and all(c in INDEX_LETTERS for c in subscript.replace(",", "")) and len(subscript) <= 2:
        return None
    return key


__all__ = ["Head", "Pair", "head_of", "with_placeholders"]
