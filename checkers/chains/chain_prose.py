"""Words and mathematics on one line told apart: the formulas of a line of text, and the word that leads to each.

A word is a run of letters that no formula has: a long one that is no name and no function, or one of the short words of everyday.
Only what stands between words and has a sign is a formula; the words themselves are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ...derivations.notation.spellings import FUNCTIONS

# What a leading word makes of a formula: a definition, a condition, a conclusion.
_LEADS = {
    "define": "let define denote denotes denoted set put write writing soit posons notons definiere sei defined given call setze"
              " substituting substitute model parameters data loss".split(),
    "where": "where with having avec où mit wobei donde con".split(),
    "if": "if when for case si pour falls wenn für unless whenever provided quand cuando otherwise sinon 当 若 对".split(),
    "so": "so thus hence therefore then donc alors also daher folglich entonces 所以 则 因此".split(),
}  # fmt: skip
_LEAD_OF = {word: lead for lead, words in _LEADS.items() for word in words}
_SHORT = frozenset(
    "is of so we by to as in at and the for let are now use get per if or on it an be that our its has can see not but via you how do all"
    " any one two this then thus from into out new using et le la les des un une donc est on en si der die das und ist mit für ein el los"
    " que por con was were will may also each both only used just like same such when with here have some what which where than gives give"
    " find case note rule hence since step set eq eqn ans sol fig ex sec i.e e.g s.t w.r.t wrt".split()
)
_CALLED = frozenset(spelling.lstrip("\\").lower() for row in FUNCTIONS for spelling in row.all()) | frozenset(
    "relu softmax sigmoid sgn sign argmax argmin arg min max sum prod lim det trace rank diag vec inf sup mean var cov mod inv sech".split()
)
_CONNECTING = frozenset(_LEAD_OF) - frozenset(("loss", "data", "model")) | frozenset(
    "and we get have gives give this which now next finally that obtain or is are by it as at et on ist und wir erhalten also".split()
)
_L = r"[^\W\d_\u00b2\u00b3\u00b9\u1d2c-\u1d6a\u2070-\u209c]"  # a letter, and none above or below the line
_WORD = re.compile(rf"(?<![\\A-Za-z_]){_L}+(?:['’]{_L}+)*")
_REMARK = re.compile(r"(?:(?<=\s)|\A)\(([^()]*)\)")
_HAS_WORD = re.compile(rf"{_L}{{4,}}")
# Words that say that a line holds in a special case only.
_SUPPOSED = re.compile(
    r"\b(?:assum(?:e|es|ing)|suppos(?:e|ing)|if|when|whenever|unless"
    r"|for (?:a |an |the )?(?:special|symmetric|diagonal|orthogonal|linear|scalar|square|small|large|constant|single|case))\s+[a-z]{3,}",
    re.I,
)
_NUMBER_BEFORE = re.compile(r"\A\(?\d{1,2}[a-z]?\)?\s*[:.]\s+(?=\S)")  # of a step: "Step 1: a = b"
_MAP = re.compile(r"\s*:\s*ℝ\S*\s*(?:→|->|⟶)\s*ℝ\S*")
_ENDS = ' \t\n,;:.!?–—•*"“”|'
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BULLET = re.compile(
    r"\s*(?:>\s*)*(?:#{1,6}\s|\\item\b(?:\s*\[[^\]]*\])?|[*•▪◦+]\s|[-–]\s(?=\S)|Q?\d{1,2}[.)]\s|\(?(?:[a-h]|i{1,3}|iv|v|vi)\)\s)\s*"
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula on a line, what leads to it ("define", "where", "if", "so" or nothing), and whether a display holds it.

    `is_aside`: it stands in a remark beside a row, and does not come between the row and the next one.
    """

    text: str
    lead: str = ""
    is_display: bool = False
    is_aside: bool = False


def without_bullet(line: str) -> str:
    """A line without the mark of a list or a heading before it.

    >>> without_bullet("## 3. x = 2"), without_bullet("- a = b"), without_bullet("-a = b")
    ('x = 2', 'a = b', '-a = b')
    """
    for _ in range(3):
        found = _BULLET.match(line)
        if not found or not found[0].strip():
            break
        line = line[found.end() :]
    return line


def without_emphasis(line: str) -> str:
    """A line without the marks of bold print and code; ** between names is a power and stays.

    >>> without_emphasis("**dz/dt** = `2t` = **8t**"), without_emphasis("x**2 + (a)**3")
    ('dz/dt = 2t = 8t', 'x**2 + (a)**3')
    """
    line = line.replace("`", "")
    out: list[str] = []
    place, is_open = 0, False
    while place < len(line):
        if not line.startswith("**", place):
            out.append(line[place])
            place += 1
            continue
        before, after = line[place - 1 : place], line[place + 2 : place + 3]
        opens = not is_open and (not before or before in " \t=:(-,>") and bool(after.strip())
        closes = is_open and bool(before.strip())
        if not (opens or closes) and (before.isalnum() or before in ")]}") and after.strip():
            out.append("**")
        else:
            is_open = opens
        place += 2
    return "".join(out)


def is_word(word: str, text: str, end: int, names: Collection[str]) -> bool:
    """Whether a run of letters that ends at a place is a word of prose, and not a name or a function."""
    if _CJK.search(word):
        return True
    low = word.lower()
    after = text[end : end + 1]
    if low in _LEAD_OF and low not in ("loss", "data", "model") and after != "(":
        return True
    if after in ("_", "^", "[", "₁", "₂", "'") or word in names or (after == "(" and low not in _LEAD_OF):
        return False
    if text[end : end + 2].strip() in ("=", ":=") and low not in _SHORT:
        return False
    if low in _SHORT:
        return True
    if low in _CALLED:
        return False
    return len(word) >= 4 and all(c.isascii() or (c.isalpha() and not _is_greek(c)) for c in word)


def _is_greek(character: str) -> bool:
    return "\u0370" <= character <= "\u03ff" or character in "∂∇"


def formulas_among_words(text: str, names: Collection[str] = ()) -> tuple[list[Formula], bool]:
    """The stretches of a line between its words, with what leads to each; and whether there are more words than those.

    >>> found, said = formulas_among_words("Let u = 3w - b, so that u' = 3 at once.")
    >>> [(f.text, f.lead) for f in found], said
    ([('u = 3w - b', 'define'), ("u' = 3", 'so')], True)
    """
    text = without_remarks(text)
    found: list[Formula] = []
    start, lead, said = 0, "", False
    if supposed := _SUPPOSED.search(text):
        found.append(Formula(supposed[0], "if"))
    for match in _WORD.finditer(text):
        if not is_word(match[0], text, match.end(), names):
            continue
        _put(found, text[start : match.start()], lead)
        if text[start : match.start()].strip(_ENDS):
            lead = ""
        start, said = match.end(), said or match[0].lower() not in _CONNECTING
        lead = _LEAD_OF.get(match[0].lower(), lead)
        lead = "" if supposed and lead == "if" else lead
    _put(found, text[start:], lead)
    return found, said


def without_remarks(text: str) -> str:
    """A line without remarks in brackets, and without what only says where a function goes from and to."""
    return _REMARK.sub(lambda m: " " if _HAS_WORD.search(m[1]) and not _is_call(m[1]) else m[0], _MAP.sub(" ", text))


def _is_call(text: str) -> bool:
    return all(word.lower() in _CALLED for word in _HAS_WORD.findall(text))


def _put(found: list[Formula], stretch: str, lead: str) -> None:
    stretch = trimmed(stretch)
    if stretch:
        found.append(Formula(stretch, lead))


def trimmed(stretch: str) -> str:
    """A stretch without what belongs to the words beside it: marks, and a bracket that opens or closes nothing."""
    stretch = _NUMBER_BEFORE.sub("", stretch.strip(_ENDS))
    for _ in range(3):
        if stretch[-1:] in tuple("([{"):
            stretch = stretch[:-1].rstrip(_ENDS)
        elif stretch[:1] in tuple(")]}"):
            stretch = stretch[1:].lstrip(_ENDS)
        elif stretch[:1] == "(" and stretch.count("(") == stretch.count(")") + 1 and ")" not in stretch:
            stretch = stretch[1:].lstrip(_ENDS)
        else:
            break
    return stretch


def lead_of(words: str) -> tuple[str, bool]:
    """What words before a formula make of it, and whether they say more than that.

    >>> lead_of("Then, if"), lead_of("Let us denote by"), lead_of(" , "), lead_of("the line")
    (('if', False), ('define', True), ('', False), ('', True))
    """
    found = [m[0].lower() for m in _WORD.finditer(words)]
    said = _CJK.search(words) is not None or any(len(w) > 1 and w not in _CONNECTING for w in found)
    near = [_LEAD_OF[w] for w in found[-3:] if w in _LEAD_OF]
    if not near and _CJK.search(words):
        near = [lead for mark, lead in _LEAD_OF.items() if mark in words and _CJK.search(mark)]
    return (near[-1] if near else ""), said


__all__ = ["Formula", "formulas_among_words", "is_word", "lead_of", "trimmed", "without_bullet", "without_emphasis", "without_remarks"]
