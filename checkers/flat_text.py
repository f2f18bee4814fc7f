"""Prose with formulas in it as one flat line of text, each character with its place in the source.

Dollar signs, fonts and braces go, `\\frac{a}{b}` becomes a/b, indices become `_1`, so that `$\\frac{\\partial\\ell}{\\partial W_{1}}$`,
`∂ℓ/∂W₁` and `∂l/∂W1` read alike up to spelling. Nothing is judged here. One pass over the text, so work is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..derivations.errors import Span

_SIGNS = {
    "partial": "∂", "ell": "ℓ", "nabla": "∇", "times": "×", "cdot": "·", "odot": "⊙", "circ": "⊙", "propto": "∝", "neq": "≠", "ne": "≠",
    "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "therefore": "∴", "top": "T", "intercal": "T", "delta": "δ",
    "sigma": "σ", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈", "ldots": "…", "dots": "…", "cdots": "…", "vdots": "…",
    "eta": "η", "alpha": "α", "beta": "β", "lambda": "λ", "theta": "θ", "prime": "′", "in": "∈", "equiv": "=", "forall": "∀",
    "checkmark": "✓", "infty": "∞", "bm": "", "quad": " ", "qquad": " ", "neg": "¬", "lbrack": "[", "rbrack": "]", "otimes": "⊗",
}  # fmt: skip
_FONTS = frozenset({
    "mathbf", "mathrm", "mathit", "mathsf", "mathtt", "mathcal", "boldsymbol", "bm", "bf", "rm", "it", "text", "textbf", "textit",
    "textrm", "operatorname", "mbox", "emph", "underline", "displaystyle", "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr",
    "vec", "mathbb", "ensuremath", "textstyle", "limits", "nolimits", "overline", "bar",
})  # fmt: skip
_LOWERED = {c: f"_{d}" for c, d in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)} | {"ᵢ": "_i", "ⱼ": "_j", "ₖ": "_k", "ₙ": "_n"}
_RAISED = {c: f"^{d}" for c, d in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)} | {"ᵀ": "^T", "⊤": "T", "′": "′", "’": "'", "‘": "'"}
_ALONE = {"$": " ", "*": " ", "`": " ", "~": " ", "&": ",", "−": "-", "–": "-", "∗": " ", "ⅹ": "x", "\u00a0": " ", "\u2009": " "}
_COMMAND = re.compile(r"[A-Za-z]+")
_WORD_AFTER = re.compile(r"\s*\{\s*([A-Za-z]+)\*?\s*\}")
_HATTED = re.compile(r"\s*\{?\s*(?:\\(?:mathbf|mathrm|boldsymbol)\s*)?\{?\s*([A-Za-z])\s*\}{0,2}")
_LONGEST_INDEX = 64
_ENDS = re.compile(r"[.?!](?=\s|$)|\n\s*\n|;(?=\s)")
_SHORT = re.compile(r"(?:\b(?:e\.g|i\.e|w\.r\.t|resp|cf|vs|eq|fig))\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FlatText:
    """Flat text; `places[k]` is where character k of it begins in the source, `ends[k]` where it ends."""

    text: str
    places: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The source of `text[start:end]`, which is not empty."""
        return self.places[start], self.ends[end - 1]


def flat_text(source: str) -> FlatText:
    """The flat text of prose with formulas.

    >>> flat_text(r"$\\frac{\\partial \\ell}{\\partial W_{1}} = 0$ but b₂ moves").text.split()
    ['∂ℓ/∂W_1', '=', '0', 'but', 'b_2', 'moves']
    """
    out: list[tuple[str, int, int]] = []
    braces = _Braces.of(source)
    at = 0
    while at < len(source):
        piece, end = _piece(source, at, braces)
        if piece == "∂":  # \partial \ell is ∂ℓ
            while end < len(source) and source[end] == " ":
                end += 1
        out.extend((c, at, end) for c in piece)
        at = end
    return FlatText("".join(c for c, _, _ in out), tuple(a for _, a, _ in out), tuple(b for _, _, b in out))


@dataclass(frozen=True, slots=True)
class _Braces:
    """Where each brace is closed, and what is written in place of certain closing ones."""

    closed: dict[int, int]
    written: dict[int, str]

    @classmethod
    def of(cls, source: str) -> _Braces:
        closed, stack = {}, []
        for k, c in enumerate(source):
            if c == "{":
                stack.append(k)
            elif c == "}" and stack:
                closed[stack.pop()] = k
        return cls(closed, {})


def _piece(source: str, at: int, braces: _Braces) -> tuple[str, int]:
    """What the source says at a place, and where it goes on."""
    c = source[at]
    if c == "\\":
        return _command(source, at, braces)
    if c in "{}":
        return _brace(source, at, braces)
    if source[at + 1 : at + 2] == "\u0302":
        return ("ŷ" if c == "y" else c), at + 2
    return _LOWERED.get(c) or _RAISED.get(c) or _ALONE.get(c) or c, at + 1


def _brace(source: str, at: int, braces: _Braces) -> tuple[str, int]:
    close = braces.closed.get(at)
    if close is not None and at and source[at - 1] in "_^" and close - at < _LONGEST_INDEX:
        inside = source[at + 1 : close].strip()
        if inside and not inside.isalnum() and not inside.startswith(("(", "[", "\\")):
            braces.written[close] = "}"
            return "{", at + 1
    return braces.written.get(at, ""), at + 1


def _command(source: str, at: int, braces: _Braces) -> tuple[str, int]:
    named = _COMMAND.match(source, at + 1)
    if named is None:
        after = source[at + 1 : at + 2]
        return ("¦" if after == "\\" else after if after in ("{", "}") else " "), min(at + 2, len(source))
    name, end = named[0], named.end()
    if name in ("hat", "widehat") and (hatted := _HATTED.match(source, end)):
        return ("ŷ" if hatted[1] == "y" else hatted[1]), hatted.end()
    if name in ("frac", "dfrac", "tfrac"):
        return _fraction(source, end, braces)
    if name in ("begin", "end"):
        kind = _WORD_AFTER.match(source, end)
        bracket = "[" if name == "begin" else "]"
        return (bracket if kind and "matrix" in kind[1] else " "), kind.end() if kind else end
    if name in _SIGNS:
        return _SIGNS[name], end
    if name in _FONTS:
        return ("" if source[at - 1 : at] in ("_", "^", "∂") else " " if at and source[at - 1].isalnum() else ""), end
    return (" " if at and source[at - 1].isalnum() else "") + name, end


def _fraction(source: str, end: int, braces: _Braces) -> tuple[str, int]:
    """The numerator follows as it is; behind its last brace comes a stroke."""
    start = end
    while start < len(source) and source[start] == " ":
        start += 1
    close = braces.closed.get(start)
    if close is None:
        return (f"{source[start]}/", start + 1) if source[start : start + 1].isalnum() else ("", start)
    braces.written[close] = "/"
    return "", start + 1


def clauses(flat: FlatText) -> Iterator[Span]:
    """Sentences, as places in the flat text; a dot inside a number or an abbreviation ends none."""
    start = 0
    for found in _ENDS.finditer(flat.text):
        if found[0] == "." and _SHORT.search(flat.text, max(start, found.start() - 8), found.start()):
            continue
        if flat.text[start : found.start()].strip():
            yield start, found.start()
        start = found.end()
    if flat.text[start:].strip():
        yield start, len(flat.text)


__all__ = ["FlatText", "clauses", "flat_text"]
