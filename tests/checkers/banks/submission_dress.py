r"""One answer in the other ways of writing it: `^T` for `^\top`, `\[ \]` for dollars, bold letters, Unicode, a box, a colour, a remark.

Nothing changes what is said, and the lines of an answer stay what they are, but for remarks before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .submission_pages import Form

_MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]*\$|\\begin\{align\*?\}.*?\\end\{align\*?\}", re.DOTALL)
_DISPLAY = re.compile(r"^\$\$(.*)\$\$$", re.MULTILINE)
_LETTER = re.compile(r"(?<![\\A-Za-z{_])([wWXz])(?![A-Za-z_])")
_UNICODE = {r"^\top": "ᵀ", r"^T": "ᵀ", r"\partial ": "∂", r"\sigma": "σ", r"\delta": "δ", r"\times": "×", r"\cdot": "·", r"\approx": "≈"}
_SLASHED = re.compile(r"\\frac\{\\partial ([^{}]+)\}\{\\partial ([^{}]+)\}(?= (?:&)?=)")


def _in_math(text: str, change: Callable[[str], str]) -> str:
    return _MATH.sub(lambda found: change(found[0]), text)


def _in_displays(text: str, change: Callable[[str], str]) -> str:
    return _DISPLAY.sub(lambda found: f"$${change(found[1])}$$", text)


def _unicode(text: str) -> str:
    for latex, sign in _UNICODE.items():
        text = re.sub(re.escape(latex) + r"(?![A-Za-z])", sign, text)
    return text


def _wide(text: str) -> str:
    if r"\left" in text or text.count("(") != text.count(")"):
        return text
    return re.sub(r"\)(?!\})", r"\\right)", re.sub(r"(?<![\^{])\(", r"\\left(", text)) if "{(" not in text else text


def _bracketed(text: str) -> str:
    return re.sub(r"(?<![\\$])\$(?!\$)([^$\n]+)\$(?!\$)", r"\\(\1\\)", _DISPLAY.sub(r"\\[\1\\]", text))


def _boxed(text: str) -> str:
    found = list(_DISPLAY.finditer(text))
    if not found or "&" in found[-1][1] or r"\qquad" in found[-1][1] or r"\quad" in found[-1][1]:
        return text
    return f"{text[: found[-1].start()]}$$\\boxed{{{found[-1][1]}}}$${text[found[-1].end() :]}"


def _coloured(text: str) -> str:
    return f'<span style="color:blue">\n\n{text}\n\n</span>'


DRESSES: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "^T": lambda text: text.replace(r"^\top", "^T"),
    "mathsf": lambda text: re.sub(r"\^(?:\\top|T)(?![A-Za-z])", lambda _: r"^{\mathsf{T}}", text),
    "dfrac": lambda text: text.replace(r"\frac", r"\dfrac"),
    "slash": lambda text: _SLASHED.sub(r"\\partial \1 / \\partial \2", text),
    "brackets": _bracketed,
    "boxed": _boxed,
    "full stop": lambda text: _in_displays(text, lambda inner: f"{inner}."),
    "bold": lambda text: _in_math(text, lambda inner: _LETTER.sub(r"\\mathbf{\1}", inner)),
    "aligned": lambda text: re.sub(r"\\begin\{align\*?\}", r"$$\\begin{aligned}", re.sub(r"\\end\{align\*?\}", r"\\end{aligned}$$", text)),
    "spaces": lambda text: _in_displays(text, lambda inner: inner.replace(" = ", r" \; = \; ")),
    "unicode": lambda text: _in_math(text, _unicode),
    "left right": lambda text: _in_displays(text, _wide),
    "displaystyle": lambda text: re.sub(r"(?<!\$)\$(?!\$)([^$\n]+)\$(?!\$)", r"$\\displaystyle \1$", text),
    "remark before": lambda text: f"This took me a while.\n\n{text}",
    "remark after": lambda text: f"{text}\n\nI compared this with my notes from class.",
    "label": lambda text: f"**Solution.**\n\n{text}",
    "coloured": _coloured,
    "quoted": lambda text: "\n".join(f"> {line}".rstrip() for line in text.split("\n")),
}
_MARKDOWN_ONLY = ("coloured", "quoted")


def dresses_for(form: Form) -> tuple[str, ...]:
    """The ways of writing that there are in a format."""
    return tuple(name for name in DRESSES if form in ("markdown", "notebook") or name not in _MARKDOWN_ONLY)


__all__ = ["DRESSES", "dresses_for"]
