"""Small damage in a formula, put right where only one thing can have been meant; each repair is told in a sentence.

What is damaged in a way that leaves a choice is left alone: it cannot be read then, and is never called wrong.
"""

from __future__ import annotations

import re
import unicodedata

from .chain_macros import group_after

_WIDE = {
    code: unicodedata.normalize("NFKC", chr(code))
    for first, last in ((0xFF01, 0xFF5E), (0x1D400, 0x1D7FF))
    for code in range(first, last + 1)
    if unicodedata.normalize("NFKC", chr(code)) != chr(code)
}
_WIDE |= {0x3000: " ", 0xA0: " ", 0x2009: " ", 0x202F: " ", 0x200B: "", 0xFEFF: "", 0x2212: "-", 0x2217: "*", 0xFF5E: "~"}
_MARKS = str.maketrans("", "", "✓✔✅☑✗✘❌🎉")
_DELTA = re.compile(r"(\\delta|δ)\s*\{\s*([a-z])\s*([a-z])\s*\}")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:\{,\}\d{3})+(?!\d)")
_BIG_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_FRACTION = re.compile(r"\\[dtc]?frac(?![A-Za-z])\s*(?=\{)")
_BARE_BOTTOM = re.compile(
    r"(?:\\[,;! ]|\s)*((?:\\(?:bm|mathbf|hat|boldsymbol)\s*)?\{?\\?[A-Za-z]+\}?(?:_(?:\{[^{}]*\}|\w)|\^(?:\{[^{}]*\}|\w))*)\s*\Z"
)
_TOP = re.compile(r"\s*\{?\s*\\partial(?![A-Za-z])")
_TAG = re.compile(
    r"</?(?:p|br|b|i|em|strong|div|span|li|ul|ol|sub|sup|h\d|hr|center|font|code|pre|details|summary)(?:\s[^<>]{0,80})?/?>", re.I
)
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}
_BARE_NABLA = re.compile(
    r"\\nabla\s{0,3}([a-z]_\w|[a-z]_\{\w{1,3}\})\s{0,3}(?=\\(?:hat|[dt]?frac|log|ln|exp|sum|left|ell|mathcal)(?![A-Za-z])|[A-Z]\s*[(_=])"
)
_LOG = re.compile(r"\\(?:log|ln)(?![A-Za-z])\s{0,5}(?![\s{_^])")
_BASE = re.compile(r"\s{0,5}(?:\\(?:hat|bar|tilde|mathbf|bm|boldsymbol|vec)\s?\{[^{}]{1,20}\}|\\?[A-Za-z]+)?(?:_(?:\{[^{}]{1,12}\}|\w))?")
_BRACKETS = (("\\left(", "\\right)"), ("\\left[", "\\right]"), ("(", ")"), ("[", "]"))
_PRIMES = re.compile(r"\^\s*\{\s*('+)\s*\}")
_CLOSES = {")": "(", "]": "["}


def without_wide_signs(text: str) -> str:
    """A text with full-width and mathematical letters as plain ones, and without ticks; as long as it was, ticks aside.

    >>> without_wide_signs("𝑌 ＝ （a＋b） ✓")
    'Y = (a+b) '
    """
    return text.translate(_WIDE).translate(_MARKS) if not text.isascii() else text


def without_tags(text: str) -> str:
    """A text without tags and signs of HTML.

    >>> without_tags("<p>a &lt; b<br>c &amp;= d</p>")
    ' a < b c &= d '
    """
    if "<" in text or "&" in text:
        text = _TAG.sub(" ", text)
        for name, sign in _ENTITIES.items():
            text = text.replace(name, sign)
    return text


def repaired(text: str) -> tuple[str, tuple[str, ...]]:
    """A formula without damage that can be put right, and what was done.

    >>> repaired(r"c\\delta{ij} + 12{,}000)")
    ('c\\\\delta_{ij} + 12000', ('δ{ij} is read as δ_ij.', 'A “)” at the end that closes nothing is left out.'))
    """
    notes: list[str] = []
    text = _PRIMES.sub(r"\1", text).replace("{}", " ") if "{" in text else text
    text = _THOUSANDS.sub(lambda m: m[0].replace("{,}", ""), text)
    if (delta := _DELTA.search(text)) is not None:
        notes.append(f"δ{{{delta[2]}{delta[3]}}} is read as δ_{delta[2]}{delta[3]}.")
        text = _DELTA.sub(r"\1_{\2\3}", text)
    text = _with_partials(text, notes)
    text = _with_nabla(text, notes)
    text = _with_logs(text, notes)
    return _balanced(text, notes), tuple(notes)


def big_numbers(text: str) -> str:
    """A formula outside all brackets, with commas in numbers left out: 12,000 + 1 is 12000 + 1."""
    return _BIG_NUMBER.sub(lambda m: m[0].replace(",", ""), text) if "," in text else text


def _with_partials(text: str, notes: list[str]) -> str:
    """The text with ∂ in the denominators where it is only in the numerator: \\frac{∂E}{u}."""
    out: list[str] = []
    place = 0
    for match in _FRACTION.finditer(text):
        top = group_after(text, match.end()) if _TOP.match(text, match.end() + 1) else None
        bottom = group_after(text, top[1]) if top else None
        if top is None or bottom is None:
            continue
        bare = _BARE_BOTTOM.match(bottom[0])
        if bare is None or bare[1].startswith(("\\partial", "d ")) or "\\partial" in bottom[0]:
            continue
        start = text.index("{", top[1]) if "{" in text[top[1] : bottom[1]] else top[1]
        out += (text[place:start], rf"{{\partial {bare[1]}}}")
        place = bottom[1]
        if not any("∂ is missing" in n for n in notes):
            notes.append("A ∂ is missing in the denominator of a derivative; it is read as if it were there.")
    return "".join(out) + text[place:]


def _with_nabla(text: str, notes: list[str]) -> str:
    """∇ u_j f as ∇_{u_j} f, where the name of one entry stands between ∇ and what it acts on."""
    if "nabla" not in text:
        return text
    found = _BARE_NABLA.sub(r"\\nabla_{\1} ", text)
    if found != text:
        notes.append("The name after ∇ is read as what is differentiated by.")
    return found


def _with_logs(text: str, notes: list[str]) -> str:
    """The text with brackets around two powers behind a logarithm: \\log a^{y} (1 - a)^{1 - y} is that of the whole."""
    out: list[str] = []
    start = 0
    for match in _LOG.finditer(text):
        end, count = match.end(), 0
        while count < 4 and (after := _after_power(text, end)):
            end, count = after, count + 1
        if count < 2 or match.start() < start:
            continue
        out += (text[start : match.end()], r"\left(", text[match.end() : end], r"\right)")
        start = end
        if not any("logarithm" in n for n in notes):
            notes.append("The logarithm is read as that of the whole product behind it.")
    return "".join(out) + text[start:]


def _after_power(text: str, place: int) -> int:
    """Where a factor ends that is raised to something with a letter in it; 0 where none stands here."""
    base = _BASE.match(text, place)
    end = base.end() if base else place
    for opening, closing in _BRACKETS:
        if text.startswith(opening, end):
            end = _closed(text, end + len(opening), opening, closing)
            break
    if end in (0, place) or text[end : end + 1] != "^":
        return 0
    power = group_after(text, end + 1)
    return power[1] if power and re.search(r"(?<!\\)[a-z]", power[0].replace("\\top", "")) and power[0].strip() != "T" else 0


def _closed(text: str, place: int, opening: str, closing: str) -> int:
    """The place after the bracket that closes one before `place`; 0 for none nearby."""
    depth = 1
    for at in range(place, min(len(text), place + 400)):
        depth += text.startswith(opening, at) - text.startswith(closing, at)
        if depth == 0:
            return at + len(closing)
    return 0


def _balanced(text: str, notes: list[str]) -> str:
    """The text without one bracket at its end, or its start, that has no partner."""
    stack: list[tuple[str, int]] = []
    surplus: list[int] = []
    for place, character in enumerate(text):
        if text[place - 1 : place] == "\\" and character in "([)]":
            return text
        if character in "([":
            stack.append((character, place))
        elif character in _CLOSES:
            if stack and stack[-1][0] == _CLOSES[character]:
                stack.pop()
            else:
                surplus.append(place)
    if len(surplus) == 1 and not stack and not text[surplus[0] + 1 :].strip(" .,;"):
        place = surplus[0]
        if re.search(r"\\right\s*\Z", text[:place]):
            return text
        notes.append(f"A “{text[place]}” at the end that closes nothing is left out.")
        return (text[:place] + text[place + 1 :]).rstrip()
    return text


__all__ = ["big_numbers", "repaired", "without_tags", "without_wide_signs"]
