"""How names are spelled, and which declared name a spelling means.

One canonical spelling, the *key*, stands for all ways to type a name; it is documented here and nowhere else:

    w, λ, \\lambda, lambda          "w", "lambda"            Greek letters by their English word
    w_1, w_{1}, w₁, w1              "w_1"                    a subscript after "_"
    W^{(2)}, W^{[l]}                "W^(2)", "W^[l]"         a layer as a superscript in brackets
    W_q^{(2)}                       "W_q^(2)"                subscript first
    \\hat y, \\hat{y}, ŷ              "hat_y"                  an accent before its letter
    \\mathbf{w}, \\boldsymbol\\theta   "w", "theta"             fonts say nothing

A declared name keeps the spelling it was declared with. It is found by its own key, and, where no other declared name
claims that key, by keys that mean the same to most people: "W1" by W_1, "lam" by λ, "y_hat" by \\hat y, "p_" by p, "Wq"
by W_q. This module knows nothing about tokens, products or shapes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from .spellings import ACCENTS, COMBINING, FONTS, GREEK

GREEK_LETTERS: dict[str, str] = {s: g.name for g in GREEK for s in g.all() if len(s) == 1}
GREEK_COMMANDS: dict[str, str] = {s[1:]: g.name for g in GREEK for s in g.all() if s[0] == "\\"}
GREEK_WORDS: dict[str, str] = {s: g.name for g in GREEK for s in g.all() if len(s) > 1 and s.isascii() and s[0] != "\\"}
FONT_COMMANDS: frozenset[str] = frozenset(f[1:] for f in FONTS)
ACCENT_COMMANDS: dict[str, str] = {command[1:]: name for command, name in ACCENTS.items()}

SUBSCRIPTS: dict[str, str] = dict(
    zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True)
)  # fmt: skip

# Letters that usually count: an undeclared x_i has an index, an undeclared x_b has a label.
INDEX_LETTERS: frozenset[str] = frozenset("ijklmnpqrst")

_FONT = re.compile(rf"\\(?:{'|'.join(sorted(FONT_COMMANDS))})(?![A-Za-z])\s*")
_ACCENT = re.compile(rf"\\({'|'.join(sorted(ACCENT_COMMANDS))})(?![A-Za-z])\s*")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s*")
_SMALL = re.compile(f"[{''.join(SUBSCRIPTS)}]+")
_SUB = re.compile(r"_\{([^{}]*)\}")
_LAYER = re.compile(r"\^(\([A-Za-z0-9]+\)|\[[A-Za-z0-9]+\])")
_LETTER_DIGITS = re.compile(r"([A-Za-z]+)([0-9]+)\Z")
_LETTER_TAIL = re.compile(r"([A-Za-z])([a-z0-9]{1,2})\Z")
_ACCENT_TAIL = re.compile(r"([A-Za-z]+)_?(hat|bar|tilde)\Z")


def with_parts(base: str, subscript: str = "", layer: str = "") -> str:
    """The key of a base letter with a subscript and a layer.

    >>> with_parts("W", "q", "(2)")
    'W_q^(2)'
    """
    return base + (f"_{subscript}" if subscript else "") + (f"^{layer}" if layer else "")


def accented(letter: str) -> str | None:
    """The key of a letter that carries its accent in one character, ŷ: "hat_y"; None for any other character."""
    parts = unicodedata.normalize("NFD", letter)
    if len(parts) == 2 and parts[1] in COMBINING:
        base = GREEK_LETTERS.get(parts[0], parts[0])
        return f"{COMBINING[parts[1]]}_{base}"
    return None


@lru_cache(maxsize=4096)
def key_of(spelling: str) -> str:
    """The key of a declared spelling, in any style.

    >>> key_of(r"\\hat{y}"), key_of("λ"), key_of(r"\\mathbf{w}_{1}"), key_of("W^{(2)}"), key_of("W_1"), key_of("dLdZ")
    ('hat_y', 'lambda', 'w_1', 'W^(2)', 'W_1', 'dLdZ')
    """
    text = _FONT.sub("", spelling.strip().strip("$").strip())
    accent = _ACCENT.match(text)
    if accent:
        return f"{ACCENT_COMMANDS[accent[1]]}_{key_of(_unbraced(text[accent.end() :]))}"
    text = _unbraced(text)
    text = _COMMAND.sub(lambda m: GREEK_COMMANDS.get(m[1], m[1]), text)
    text = "".join(
        accented(c) or GREEK_LETTERS.get(c, c) if not c.isascii() and c not in SUBSCRIPTS else c for c in text
    )
    text = _SMALL.sub(lambda m: "_" + "".join(SUBSCRIPTS[c] for c in m[0]), text)
    text = _SUB.sub(lambda m: "_" + re.sub(r"[\s,]", "", m[1]), text)
    text = text.replace("^{(", "^(").replace(")}", ")").replace("^{[", "^[").replace("]}", "]").replace(" ", "")
    base, _, rest = text.partition("_")
    base = GREEK_WORDS.get(base, base) if base not in ("lam", "eps") else base
    text = base + ("_" + rest if rest or text.endswith("_") else "")
    layer = _LAYER.search(text)
    if layer and not text.endswith(layer[0]):  # W^(2)_q is spelled W_q^(2)
        text = text.replace(layer[0], "", 1) + layer[0]
    return text


def _unbraced(text: str) -> str:
    return re.sub(r"^\{([^{}]*)\}", r"\1", text)


def _lenient(spelling: str, key: str) -> Iterable[str]:
    """Other keys that a declared name answers to, when nobody else claims them."""
    if m := _LETTER_DIGITS.match(key):
        yield f"{GREEK_WORDS.get(m[1], m[1])}_{m[2]}"
    elif m := _ACCENT_TAIL.match(key):
        yield f"{m[2]}_{m[1]}"
    elif m := _LETTER_TAIL.match(key):
        yield f"{m[1]}_{m[2]}"
    if key.endswith("_") and key != "e_":
        yield key[:-1]
    if key in ("lam", "eps"):
        yield GREEK_WORDS[key]
    if key == "S_":
        yield "Sigma"
    if len(key) == 2 and key[0] == key[1]:
        yield key[0]
    if "^(" in key or "^[" in key:  # W^(2) and W^[2] are the same layer
        yield key.replace("^(", "^[").replace(")", "]") if "^(" in key else key.replace("^[", "^(").replace("]", ")")


class Vocabulary:
    """The declared names of one text, and which of them a spelling means.

    `sizes` are the names of sizes, which are no variables; `transposes` says whether X^T is a transpose: T is no number.
    """

    def __init__(self, declared: Iterable[str] = (), sizes: Iterable[str] = (), transposes: bool | None = None):
        self.names: dict[str, str] = {}
        self.sizes = frozenset(sizes)
        weak: dict[str, str | None] = {}
        # Spellings of two or more plain characters are looked for as they stand, the longest first.
        self.verbatim: dict[str, list[str]] = {}
        for name in declared:
            key = key_of(name)
            self.names.setdefault(key, name)
            if len(name) > 1 and name[0].isascii() and name[0].isalpha():
                self.verbatim.setdefault(name[0], []).append(name)
        for key, name in self.names.items():
            for other in _lenient(name, key):
                weak[other] = None if other in weak else name
        for key, found in weak.items():
            if found is not None:
                self.names.setdefault(key, found)
        self.transposes = "T" not in self.names if transposes is None else transposes
        for spellings in self.verbatim.values():
            spellings.sort(key=len, reverse=True)

    def find(self, key: str) -> str | None:
        """The declared name that a key means, or None.

        >>> Vocabulary(["W1", "lambda"]).find("W_1")
        'W1'
        """
        return self.names.get(key)

    def starting_at(self, text: str, position: int) -> str | None:
        """The longest declared name of several characters that is spelled out at a position."""
        for name in self.verbatim.get(text[position], ()):
            end = position + len(name)
            if text.startswith(name, position) and not (
                name[-1].isdecimal() and text[end : end + 1] in "0123456789" and end < len(text)
            ):
                return name
        return None
