r"""Notation as scans and hurried hands leave it: what can be put right, and what is damaged beyond that.

`repaired` gives text for reading only; what is quoted to a person stays as it was written. `damage` is a sentence about
notation that nobody can read, such as integrals repeated by a scanner; damage is never held against a person.
"""

from __future__ import annotations

import re

# A backslash escape was eaten together with its letter: \frac → rac, \begin → egin, \text → ext, \bm → m.
_EATEN: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(p), r) for p, r in (
    (r"(?<![A-Za-z\\])rac\s*(?=\{)", r"\\frac"),
    (r"(?<![A-Za-z\\])egin\s*(?=\{)", r"\\begin"),
    (r"(?<![A-Za-z\\])ext\s*(?=\{)", r"\\text"),
    (r"(?<![A-Za-z\\])(?:m|oldsymbol)\s*\{([A-Za-z])\}", r"\\mathbf{\1}"),
    (r"(?<![A-Za-z\\])m\s*\{(\\[A-Za-z]+)\}", r"\1"),
    (r"(?<![A-Za-z\\])imes(?![A-Za-z])", r"\\times"),
    (r"(?<![A-Za-z\\])heta(?![A-Za-z])", r"\\theta"),
    (r"(?<![A-Za-z\\])abla(?![A-Za-z])", r"\\nabla"),
    (r"_\{\s*(?:\\r)?m\s+([a-z]+)\s*\}|_\{\s*\\(?:rm|it|bf)\s+([a-z]+)\s*\}", r"_{\\text{\1\2}}"),
))  # fmt: skip
_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(p), r) for p, r in (
    (r"\\(?:displaystyle|textstyle|left\.|right\.|bigl|bigr|Bigl|Bigr|big|Big|limits|nonumber|notag)(?![A-Za-z])", " "),
    (r"\\(?:quad|qquad)(?![A-Za-z])", " "),
    (r"\\[,;:!]", " "),
    (r"&(?=\s*\Z)|\A\s*&", " "),
    (r"([A-Za-z]|\\[A-Za-z]+)(_\{[^{}]*\}|_\w)?(\^\{?[(\[]\w+[)\]]\}?)(_\{[^{}]*\}|_\w)?\s*\{\}\s*\^\s*(\{?\s*\\?(?:top|T|intercal|mathsf\{T\})\s*\}?)",
     r"{\1\2\4\3}^{\\top}"),
    (r"([A-Za-z]|\\[A-Za-z]+)(_\{[^{}]*\}|_\w)?\^\{\s*([(\[]\w+[)\]])\s*(?:T|\\top|\\intercal|\\mathsf\{T\})\s*\}", r"{\1\2^{\3}}^{\\top}"),
    (r"\{\}(?=\s*[\^_])", ""),
    (r"\\mathbf\s*\{\s*J\s*\}|\\(?:bm|boldsymbol|mathrm|mathcal|mathsf|mathit)\s*\{\s*J\s*\}|\\mathbf\s+J(?![A-Za-z])", "J"),
))  # fmt: skip
_SPACED = re.compile(r"\[((?:[^\[\]\\]|\\[^\[\]])*\\ (?:[^\[\]\\]|\\[^\[\]])*)\]")
_WORDED = re.compile(r"(?<![A-Za-z])(?:if|otherwise)(?![A-Za-z])")
_CASE = re.compile(r"(?P<value>[^;]{1,60}?)\s*,?\s*(?:(?<![A-Za-z])(?:if|for)\s+(?P<said>[^;]{1,60})|(?<![A-Za-z])(?:otherwise|else))\s*\Z")
_BOX = re.compile(r"\\(?:boxed|fbox|underline|mathbf|bm|boldsymbol)\s*\{")
_GHOSTS = re.compile(r"\\int(?![A-Za-z])|∫")
_STARS = re.compile(r"\^\s*\{\s*\*\*|\{\*\*|\^\s*\*\*")
_EMPTY_PARTS = re.compile(r"\\d?frac\s*\{\s*\}|\\d?frac\s*\{[^{}]*\}\s*\{\s*\}|�")
_BLANK = re.compile(r"(?:\s|\\(?:dots|ldots|cdots|underline|square|Box|text|boxed)|\.\.\.|…|[?_{}□])*\Z")


def repaired(text: str) -> str:
    r"""The text with eaten commands put back, boxes opened and spacing dropped.

    >>> repaired(r"rac{1}{n}\,X"), repaired(r"w^{(1)}{}^T a")
    ('\\frac{1}{n} X', '{w^{(1)}}^{\\top}a')
    """
    for pattern, instead in _EATEN:
        text = pattern.sub(instead, text)
    text = _SPACED.sub(_row, text)
    for pattern, instead in _PLAIN:
        text = pattern.sub(instead, text)
    return _with_cases(_unboxed(text).strip().rstrip(".,;").strip())


def _row(found: re.Match[str]) -> str:
    """[a\\ b\\ c], spaces for separators, as a row; a bracket with commas or signs of equality is none."""
    cells = [c.strip() for c in re.split(r"\\ |\\;|\\q?quad(?![A-Za-z])|(?=\\[lc]?dots)|(?<=dots)(?=\s)", found[1]) if c.strip()]
    if len(cells) < 2 or any(sign in found[1] for sign in ",&="):
        return found[0]
    return rf"\begin{{bmatrix}} {' & '.join(cells)} \end{{bmatrix}}"


def _with_cases(text: str) -> str:
    """{1 if u > 0; 0 otherwise} as cases."""
    start = text.find("{")
    inner = text[start + 1 :].rstrip().removesuffix("}").removesuffix("\\") if start >= 0 and text.rstrip().endswith("}") else ""
    if text[:start].strip() not in ("", "\\") or not _WORDED.search(inner) or r"\begin" in text:
        return text
    plain = re.sub(r"\\text\s*\{([^{}]*)\}", r" \1 ", inner)
    rows = []
    for part in re.split(r";|,(?=[^;,]*\b(?:if|otherwise|else|for)\b)", plain):
        found = _CASE.match(part.replace("\\ ", " ").strip())
        if not found:
            return text
        rows.append(f"{found['value']} & " + (rf"\text{{if }} {found['said']}" if found["said"] else r"\text{otherwise}"))
    body = r" \\ ".join(rows)
    return rf"\begin{{cases}} {body} \end{{cases}}" if len(rows) > 1 else text


def _unboxed(text: str) -> str:
    r"""The text without \boxed{…} around the whole."""
    for _ in range(3):
        match = _BOX.match(text.strip())
        if match is None or "boxed" not in match[0]:
            break
        text = text.strip()
        text = text[match.end() : -1] if text.endswith("}") else text[match.end() :]
    return text


def damage(text: str) -> str | None:
    """What makes a formula unreadable for everybody; None where nothing does.

    >>> damage("f = 2w") is None
    True
    """
    if len(_GHOSTS.findall(text)) > 1:
        return "Integral signs are repeated here that no step explains; a scanner seems to have put them there."
    if _STARS.search(text):
        return "Stars stand where an exponent was expected; the scan has lost what was written."
    if _EMPTY_PARTS.search(text):
        return "A part of a fraction is missing here."
    if not _is_balanced(text):
        return "A brace is opened or closed here without its partner, so a part of the formula is missing."
    return None


def is_blank(text: str) -> bool:
    """Whether a side is left to be filled in: dots, a box, nothing."""
    return _BLANK.match(text) is not None


def _is_balanced(text: str) -> bool:
    depth, place = 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        depth += (text[place] == "{") - (text[place] == "}")
        if depth < 0:
            return False
        place += 1
    return depth == 0


__all__ = ["damage", "is_blank", "repaired"]
