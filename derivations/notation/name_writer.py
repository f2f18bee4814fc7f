r"""A declared name in the three styles of mathematics: W^(2) is W^{(2)}, W⁽²⁾ and W^(2).

Knows how names are put together (that is `names.py`), nothing about expressions.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from .names import SUBSCRIPTS, key_of
from .spellings import ACCENTS, COMBINING, GREEK, Style

LETTERS = {row.name: row for row in GREEK} | {other: row for row in GREEK for other in row.also if other.isascii()}
SMALL = {plain: small for small, plain in SUBSCRIPTS.items()}
RAISED = dict(zip("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾", strict=True))
_MARKS = {name: mark for mark, name in COMBINING.items()}
_COMMANDS = {name: command for command, name in reversed(ACCENTS.items())}
_KEY = re.compile(r"(?P<base>[^_^]+)(?:_(?P<sub>[^^]*))?(?:\^(?P<layer>[(\[].*[)\]]))?\Z")
_TAIL = re.compile(rf"([A-Za-z]|{'|'.join(sorted(LETTERS, key=len, reverse=True))})([0-9]+)\Z")
_LABEL = re.compile(r"([A-Z])([a-z])\Z")


class Parts(NamedTuple):
    """What a name is put together from."""

    base: str
    sub: str = ""
    layer: str = ""
    accents: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def parts_of(declared: str) -> Parts | None:
    """The parts of a declared name, or None where it is no usual one.

    >>> parts_of("W_q^(2)"), parts_of("hat_y"), parts_of("W1"), parts_of("lam")
    (Parts(base='W', sub='q', layer='(2)', accents=()), Parts(base='y', sub='', layer='', accents=('hat',)), \
Parts(base='W', sub='1', layer='', accents=()), Parts(base='lambda', sub='', layer='', accents=()))
    """
    key, accents = key_of(declared), []
    while (head := key.split("_")[0]) in _COMMANDS and key != head:
        accents.append(head)
        key = key[len(head) + 1 :]
    match = _KEY.match(key)
    if not match or not re.fullmatch(r"[A-Za-z]+[0-9]*", match["base"]):
        return None
    base, sub = match["base"], match["sub"] or ""
    tail = not sub and (_TAIL.match(base) or _LABEL.match(base))
    if tail and base not in LETTERS:
        base, sub = tail.groups()
    base = LETTERS[base].name if base in LETTERS else base
    return Parts(base, sub, match["layer"] or "", tuple(accents))


@lru_cache(maxsize=4096)
def spelled(declared: str, style: Style) -> str:
    """A declared name as it is printed in a style.

    >>> [spelled("W^(2)", s) for s in (Style.LATEX, Style.UNICODE, Style.ASCII)]
    ['W^{(2)}', 'W⁽²⁾', 'W^(2)']
    """
    if style in (Style.ASCII, Style.NUMPY):
        return declared if declared.isascii() and "\\" not in declared else key_of(declared)
    parts = parts_of(declared)
    if parts is None:
        return _verbatim(declared, style)
    return (_latex if style is Style.LATEX else _unicode)(parts)


def _verbatim(declared: str, style: Style) -> str:
    if style is not Style.LATEX or declared.startswith("\\") or len(declared) == 1:
        return declared
    return rf"\mathrm{{{declared.replace('_', chr(92) + '_')}}}"


def _latex(parts: Parts) -> str:
    row = LETTERS.get(parts.base)
    text = row.latex if row else parts.base if len(parts.base) == 1 else rf"\mathrm{{{parts.base}}}"
    for accent in reversed(parts.accents):
        text = f"{_COMMANDS[accent]}{{{text}}}"
    sub = rf"\text{{{parts.sub}}}" if parts.sub.isalpha() and len(parts.sub) > 2 else parts.sub
    return text + (f"_{{{sub}}}" if sub else "") + (f"^{{{parts.layer}}}" if parts.layer else "")


def _unicode(parts: Parts) -> str:
    row = LETTERS.get(parts.base)
    text = row.unicode if row else parts.base
    text = unicodedata.normalize("NFC", text + "".join(_MARKS[accent] for accent in reversed(parts.accents)))
    return text + _lowered(parts.sub) + _raised(parts.layer)


def _lowered(sub: str) -> str:
    if sub.isdigit() or (len(sub) == 1 and sub in SMALL):
        return "".join(SMALL[c] for c in sub)
    return f"_{{{sub}}}" if len(sub) > 1 else f"_{sub}" if sub else ""


def _raised(layer: str) -> str:
    raised = "".join(RAISED.get(c, "") for c in layer)
    return raised if len(raised) == len(layer) else f"^{layer}"
