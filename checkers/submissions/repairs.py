"""Small damage that copying and scanning do to formulas, put right where only one reading is possible.

A program that takes `\\f` in `\\frac` for an escape leaves `rac`, and so on. Lines stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

# Characters that an escape turned into, and the letter they began with.
_ESCAPES = {"\a": "a", "\b": "b", "\f": "f", "\v": "v", "\t": "t"}
_AFTER = {
    "a": ("lpha", "pprox", "st"),
    "b": ("egin", "eta", "ar", "oldsymbol", "m", "f", "ig", "inom", "ullet", "matrix"),
    "f": ("rac", "orall", "box"),
    "v": ("ec", "arphi", "arepsilon", "dots", "ert"),
    "t": ("ext", "anh", "heta", "imes", "ilde", "frac", "extbf", "extrm"),
}
_SWALLOWED = re.compile("|".join(f"{re.escape(c)}(?:{'|'.join(_AFTER[letter])})(?![a-z])" for c, letter in _ESCAPES.items()))

# The same with the character lost: no word and no product is written like this.
_LOST = re.compile(r"(?<![A-Za-z\\])(?:rac\{|egin\{(?=[a-z]+\*?\}))")
# These only in a line that lost others, since a brace may follow a letter in sound notation.
_ALSO_LOST = re.compile(r"(?<![A-Za-z\\])(?:ar\{|oldsymbol\{|m\{|abla(?![a-z])|(?<=[{_^( ])ext\{)")
_LOST_TEXT = re.compile(r"(?<=[{_^(]) ext\{")
_LOST_ROMAN = re.compile(r"(?<=\{\n)m (?=[A-Za-z]{1,20}\})")
_WORDS = {
    "rac{": r"\frac{", "egin{": r"\begin{", "ar{": r"\bar{", "oldsymbol{": r"\boldsymbol{", "m{": r"\bm{",
    "abla": r"\nabla", "ext{": r"\text{",
}  # fmt: skip
_LINE_BREAK = re.compile(r"(?<!\\)\\(?= )")


def repaired(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text with commands put back that lost their beginning, and a sentence that says so.

    >>> repaired("$\x0crac{1}{2}$ and $rac{a}{b}$")[0]
    '$\\frac{1}{2}$ and $\\frac{a}{b}$'
    """
    lines: set[int] = set()
    text = _replaced(_SWALLOWED, text, lambda m: "\\" + _ESCAPES[m[0][0]] + m[0][1:], lines)
    damaged = _replaced(_LOST, text, lambda m: "\0" + _WORDS[m[0]], lines)
    if damaged != text or lines:
        damaged = _replaced(_LOST_TEXT, damaged, lambda m: r"\text{", lines)
        damaged = _replaced(_LOST_ROMAN, damaged, lambda m: r"\rm ", lines)
        text = "\n".join(_also(line) if k in lines else line for k, line in enumerate(damaged.split("\n"), 1))
        text = _with_line_breaks(text).replace("\0", "")
    for control in _ESCAPES:
        if control != "\t":
            text = text.replace(control, " ")
    if not lines:
        return text, ()
    return text, (f"Commands of LaTeX had lost their beginning (“rac” for “\\frac”); they were put back in {_in_lines(lines)}.",)


def _replaced(pattern: re.Pattern[str], text: str, new: Callable[[re.Match[str]], str], lines: set[int]) -> str:
    """What the pattern finds, replaced; the lines of the finds are added."""
    out: list[str] = []
    done, line = 0, 1
    for found in pattern.finditer(text):
        line += text.count("\n", done, found.start())
        lines.add(line)
        out += [text[done : found.start()], new(found)]
        done = found.end()
    return "".join([*out, text[done:]])


def _also(line: str) -> str:
    return _ALSO_LOST.sub(lambda m: _WORDS[m[0].lstrip()], line)


def _with_line_breaks(text: str) -> str:
    r"""`\ ` is `\\ ` in an environment whose `\begin` was damaged: there a backslash was lost as well."""
    parts = text.split("\0\\begin{")
    for k, part in enumerate(parts[1:], 1):
        name = part.partition("}")[0]
        inside, end, rest = part.partition(f"\\end{{{name}}}")
        parts[k] = _LINE_BREAK.sub(r"\\\\", inside) + end + rest if end else part
    return "\\begin{".join(parts)


def _in_lines(lines: Iterable[int]) -> str:
    first = sorted(lines)
    shown = ", ".join(map(str, first[:5])) + (" and others" if len(first) > 5 else "")
    return f"line {shown}" if len(first) == 1 else f"the lines {shown}"


__all__ = ["repaired"]
