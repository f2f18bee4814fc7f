r"""What a person wrote, in Markdown: between dollars where it is one formula of known commands, else in a code span.

Commands that can do more than print (\href, \def, \htmlId) are unknown here, and so never stand between dollars.
"""

from __future__ import annotations

import re

from ..marked_rows import one_line
from .latex_words import ACCENT_NAMES, DROPPED, FONT_NAMES, FRACTIONS, FUNCTION_NAMES, OPENING, SIGNS, WORDS
from .plain_formulas import LONGEST, is_closed

LONGEST_SHOWN = 600
_KNOWN = (FRACTIONS, ACCENT_NAMES, FONT_NAMES, OPENING, DROPPED, SIGNS, WORDS, ("sqrt", "begin", "end"))
_DELIMITERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"))
_NEXT = re.compile(r"\$\s*\$")  # one formula after another
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TEXTS = re.compile(r"\\(?:text|operatorname|mathrm|mbox|textrm)[a-z]*\*?\s*\{[^{}]*\}|\\(?:begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+")
_PROSE = re.compile(r"[A-Za-z]{4}|[A-Za-z]{3}[^A-Za-z]+[A-Za-z]{3}|[A-Za-z]{2} [A-Za-z]{2} [A-Za-z]{2}")
_LETTERS = re.compile("[A-Za-z]+")
_OPEN_SCRIPT = re.compile(r"[\^_]\s*(?:[\^_}&]|\\[^A-Za-z]|\Z)")
_INSIDE = {"align": "aligned", "align*": "aligned", "gather": "gathered", "gather*": "gathered", "multline": "gathered"}
_MARKUP = re.compile(r" ?([<>|*]) ?")
_COMMANDS = {"<": r"\lt", ">": r"\gt", "|": r"\vert", "*": r"\ast"}
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(align\*?|gather\*?|multline|equation\*?|displaymath)\}")


def formula(written: str) -> str:
    r"""A claim: between dollars where it is one formula, else as code, cut where it is very long.

    >>> formula(r"$$\sigma(z) < 1$$"), formula("all gradients are zero"), formula("`x` | y, says @me")
    ('$\\sigma(z) \\lt 1$', '`all gradients are zero`', '`` `x` | y, says @me ``')
    """
    bare = written.strip()
    for opening, closing in _DELIMITERS:
        if bare.startswith(opening) and bare.endswith(closing) and len(bare) > len(opening) + len(closing):
            bare = bare[len(opening) : -len(closing)].strip()
            break
    bare = _NEXT.sub(" ", bare)
    if len(bare) <= LONGEST_SHOWN and is_formula(bare):
        return f"${_typeset(bare)}$"
    return code(written)


def _typeset(bare: str) -> str:
    """A formula in which neither Markdown nor HTML sees a sign of its own."""
    inside = _ENVIRONMENT.sub(lambda m: rf"\{m[1]}{{{_INSIDE[m[2]]}}}" if m[2] in _INSIDE else "", " ".join(bare.split()))
    if r"\begin" not in inside and ("&" in inside or r"\\" in inside):
        inside = rf"\begin{{aligned}} {inside} \end{{aligned}}"
    inside = inside.replace(r"\|", r"\Vert ")
    return _MARKUP.sub(lambda m: f" {_COMMANDS[m[1]]} ", inside).strip()


def code(written: str) -> str:
    """A text in a code span, whatever backticks it holds."""
    line = one_line(written) or " "
    line = line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if longest or not line.strip() else f"{fence}{line}{fence}"


def is_formula(text: str) -> bool:
    r"""Whether a text is one formula that every renderer of LaTeX takes: known commands, closed groups, and no prose.

    >>> is_formula(r"\frac{1}{n} X^\top"), is_formula("2w since x > 0"), is_formula(r"\href{x}{y}"), is_formula("a } {")
    (True, False, False, False)
    """
    if len(text) > LONGEST or not text.strip() or any(c in "$`%#~" or not (c.isprintable() or c == "\n") for c in text):
        return False
    if not all(any(match[1] in table for table in _KNOWN) for match in _COMMAND.finditer(text)):
        return False
    if _PROSE.search(_LETTERS.sub(lambda m: "" if m[0] in FUNCTION_NAMES else m[0], _TEXTS.sub(" ", text))) or _OPEN_SCRIPT.search(text):
        return False
    return is_closed(text)


__all__ = ["code", "formula", "is_formula"]
