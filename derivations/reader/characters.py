"""Which characters a text may hold, and which plain character each stands for.

`cleaned` maps a text to one of the same length, character by character, so that places in it are places in the text
that was typed. What could deceive a reader (control characters, direction overrides, letters of other alphabets that
look Latin) is refused by name. Knows nothing about mathematics.
"""

from __future__ import annotations

import re
import unicodedata

from ..errors import LimitError, NotationError
from ..notation.names import GREEK_LETTERS, SUBSCRIPTS, accented
from ..notation.spellings import COMBINING

MOST_CHARACTERS = 4096

SUPERSCRIPTS: dict[str, str] = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱᵀᵏᵐᵈ", "0123456789+-()niTkmd", strict=True))
FRACTIONS: dict[str, tuple[int, int]] = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅚": (5, 6), "⅐": (1, 7), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅑": (1, 9),
    "⅒": (1, 10),
}  # fmt: skip

_SAME: dict[str, str] = {
    "-": "−–—‒‑﹣", "*": "∗⁎＊", "·": "⋅∙•・", "×": "✕⨯", "⊙": "⨀", "∘": "○◦", "⊗": "⨂", "/": "∕⁄", "‖": "∥", "|": "∣❘",
    "'": "′’‘ʹʼ´", '"': "″“”", "≤": "⩽≦", "≥": "⩾≧", "⊤": "⊺", "…": "⋯", "Δ": "∆", "μ": "µ", "𝟙": "𝟏",
    " ": "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
         "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2061\u2062",
}  # fmt: skip
_PLAIN = "·×⊙∘⊗⊘÷‖≤≥≠⊤∞∂∇∑∏√∛∈…⋮⋱⟨⟩𝟙𝟘ᵀℓ±∧≈⊛⌊⌋⌈⌉†→%°"
_TABLE: dict[str, str] = {c: plain for plain, others in _SAME.items() for c in others}
_TABLE |= {c: c for c in (*_PLAIN, *SUPERSCRIPTS, *FRACTIONS, *SUBSCRIPTS, *GREEK_LETTERS, *COMBINING)} | {"µ": "μ"}
_TABLE |= {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_NAMES = {0: "NULL", 7: "BELL", 8: "BACKSPACE", 27: "ESCAPE", 127: "DELETE", 0x85: "NEXT LINE"}


def _refused(text: str, place: int) -> NotationError:
    character = text[place]
    code = ord(character)
    name = unicodedata.name(character, _CONTROL_NAMES.get(code, ""))
    if not name:
        name = "SURROGATE" if 0xD800 <= code < 0xE000 else "CONTROL CHARACTER" if code < 0xA0 else "UNNAMED CHARACTER"
    return NotationError(f"The character U+{code:04X} {name} cannot be read here.", span=(place, place + 1))


def _plain(text: str, place: int) -> str:
    """What one character outside ASCII stands for."""
    character = text[place]
    if accented(character):
        return character
    normal = unicodedata.normalize("NFKC", character)
    # Bold and italic letters of mathematics are their plain letters; ℝ and ℂ are something else than R and C.
    if 0x1D400 <= ord(character) <= 0x1D7FF and len(normal) == 1 and (normal.isascii() or normal in GREEK_LETTERS):
        return normal
    if normal == "I" and character == "𝕀":
        return "I"
    raise _refused(text, place)


def cleaned(text: str) -> str:
    """The text in plain characters, of the same length.

    >>> cleaned("２ｘ − µ")
    '2x - μ'
    """
    if len(text) > MOST_CHARACTERS:
        raise LimitError(
            f"The text has {len(text):,} characters; {MOST_CHARACTERS:,} are the most that is read.",
            span=(MOST_CHARACTERS, len(text)),
        )
    control = _CONTROL.search(text)
    if control:
        raise _refused(text, control.start())
    if text.isascii():
        return text.replace("\t", " ").replace("\r", " ")
    known = _TABLE
    plain = [c if c < "\x80" else known.get(c) or _plain(text, i) for i, c in enumerate(text)]
    return "".join(plain).replace("\t", " ").replace("\r", " ")
