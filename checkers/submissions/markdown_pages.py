"""Markdown, and the text of scanned pages that looks like it: front matter, comments and tags of HTML.

Whatever is taken out leaves its line breaks, so that every line keeps its number.
"""

from __future__ import annotations

import html
import re

from ...derivations.errors import InputError

_FRONT_LINE = re.compile(r"\s*(?:#.*|-(?:\s.*)?|[\w.-]{1,60}\s*:(?:\s.*)?|[\]}].*|\s+.*)?")
_ANCHOR = re.compile(r"(?:^|[:,\[{-])\s*&([\w-]{1,60})")
_ALIAS = re.compile(r"(?:^|[:,\[{-])\s*\*([\w-]{1,60})")
_LONGEST_FRONT = 500  # lines

_SCRIPT = re.compile(r"<(su[pb])>([^<>\n]{0,200})</\1>", re.IGNORECASE)
_ATTRIBUTES = r"(?:\s+[\w:-]{1,40}=(?:\"[^\"<>\n]{0,500}\"|'[^'<>\n]{0,500}'|[\w#%./:-]{1,200})){0,20}"
_TAG = re.compile(
    r"</?(?:a|b|big|blockquote|br|center|code|dd|del|details|div|dl|dt|em|font|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|samp|small|span"
    r"|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul)" + _ATTRIBUTES + r"\s?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:lt|gt|amp|nbsp|le|ge|ne|times|minus|middot|sigma|delta|part|nabla|quot|#39|#\d{2,5});")
_FOOTNOTES = {"*", r"\*", "†", "‡", "§"}
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def cleaned(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without comments and tags, its formulas as they were, and sentences about what was odd.

    Raises:
        InputError: front matter with YAML aliases, which can be made to grow without bound.

    >>> cleaned("f(w) = w<sup>T</sup>x <!-- to do --> <b>now</b>")
    ('f(w) = w^{T}x  now', ())
    """
    front_matter(text)
    text, notes = _without_comments(text)
    return _without_tags(text), notes


def front_matter(text: str) -> tuple[int, dict[str, str]]:
    """How many lines the front matter takes (0 where there is none), and its plain keys, as they are written.

    >>> front_matter("---\\nset: warm-up\\nname: E. N.\\n---\\n# 1")
    (4, {'set': 'warm-up', 'name': 'E. N.'})
    """
    if not text.startswith("---"):
        return 0, {}
    lines = text.split("\n", _LONGEST_FRONT)[:_LONGEST_FRONT]
    if lines[0].rstrip() != "---":
        return 0, {}
    end = next((k for k, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None or not all(len(line) < 2000 and _FRONT_LINE.fullmatch(line) for line in lines[1:end]):
        return 0, {}
    _refuse_aliases(lines[1:end])
    pairs = (line.partition(":") for line in lines[1:end] if line[:1].isalpha())
    return end + 1, {key.strip(): value.strip().strip("'\"") for key, colon, value in pairs if colon}


def without_front_matter(text: str) -> str:
    """The text with empty lines in the place of its front matter."""
    count, _ = front_matter(text)
    return "\n" * count + "\n".join(text.split("\n")[count:]) if count else text


def _refuse_aliases(lines: list[str]) -> None:
    anchors = {name for line in lines for name in _ANCHOR.findall(line)}
    for k, line in enumerate(lines, 2):
        if anchors.intersection(_ALIAS.findall(line)):
            raise InputError(f"The front matter uses a YAML alias in line {k}; please write the value out.")


def _without_comments(text: str) -> tuple[str, tuple[str, ...]]:
    """Comments that are closed are taken out; one that is not closed is text like any other."""
    out: list[str] = []
    done = 0
    while (start := text.find("<!--", done)) >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            line = text.count("\n", 0, start) + 1
            rest = text[done:].replace("<!--", " ")
            note = f"The comment opened in line {line} is never closed; what follows was read as text."
            return "".join([*out, rest]), (note,)
        out += [text[done:start], "\n" * text.count("\n", start, end)]
        done = end + 3
    return "".join([*out, text[done:]]), ()


def _without_tags(text: str) -> str:
    """Raised and lowered parts become `^{}` and `_{}`; other tags go, but for those in code."""
    if "<" not in text and "&" not in text:
        return text
    out: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if opened:
            fence = "" if fence and opened[1].startswith(fence) else fence or opened[1]
        if "<" in line:
            line = _SCRIPT.sub(_script, line)
            line = line if fence else _TAG.sub("", line)
        out.append(line if fence or "&" not in line else _ENTITY.sub(lambda m: html.unescape(m[0]), line))
    return "\n".join(out)


def _script(found: re.Match[str]) -> str:
    inside = found[2].strip()
    if inside in _FOOTNOTES or not inside:
        return ""
    return ("^" if found[1].lower() == "sup" else "_") + "{" + inside + "}"


__all__ = ["cleaned", "front_matter", "without_front_matter"]
