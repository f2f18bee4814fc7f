r"""Formulas in a passage: where they are, their sides and signs, and the words around them.

A formula is one equation or one chain of equalities. It stands in `$…$`, `$$…$$`, `\( \)`, `\[ \]` or an environment, or bare in a
line of text; it goes on where the next formula begins with a sign. Only places are found here: what a side means is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MOST_FORMULAS = 2_000
_AROUND = 160

EQUAL, ABOUT, PROPORTIONAL, IMPLIES, OTHER = "=", "≈", "∝", "⇒", "?"

_SIGNS: tuple[tuple[str, str], ...] = (
    (r"\approx", ABOUT), (r"\simeq", ABOUT), ("≈", ABOUT), (r"\coloneqq", EQUAL), (r"\triangleq", EQUAL), (r"\equiv", EQUAL),
    (r"\propto", PROPORTIONAL), ("∝", PROPORTIONAL), (r"\Longrightarrow", IMPLIES), (r"\Rightarrow", IMPLIES), (r"\implies", IMPLIES),
    ("⟹", IMPLIES), ("⇒", IMPLIES), ("=>", IMPLIES), (r"\therefore", IMPLIES), (r"\iff", IMPLIES),
    (r"\neq", OTHER), (r"\ne", OTHER), (r"\leftarrow", OTHER), (r"\gets", OTHER), (r"\rightarrow", OTHER), (r"\to", OTHER),
    (r"\in", OTHER), (r"\leq", OTHER), (r"\geq", OTHER), (r"\le", OTHER), (r"\ge", OTHER), (r"\sim", OTHER), (r"\mapsto", OTHER),
    (r"\ll", OTHER), (r"\gg", OTHER), (r"\subset", OTHER), (r"\notin", OTHER), ("→", OTHER), ("∈", OTHER), ("≤", OTHER), ("≥", OTHER),
    ("≠", OTHER), ("←", OTHER), ("<=", OTHER), (">=", OTHER), ("!=", OTHER), ("==", OTHER), ("+=", OTHER), ("-=", OTHER),
    ("*=", OTHER), (":=", EQUAL), ("≔", EQUAL), ("≡", EQUAL), ("<-", OTHER), ("->", OTHER), ("<", OTHER), (">", OTHER), ("=", EQUAL),
)  # fmt: skip
_SIGN_STARTS = frozenset(sign[0] for sign, _ in _SIGNS)
_WRAPPERS = "align|aligned|alignat|alignedat|split|equation|gather|gathered|multline|eqnarray|displaymath|math"
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{\s*([A-Za-z]+)\*?\s*\}")
_IS_WRAPPER = re.compile(rf"(?:{_WRAPPERS})\Z")
_OPENING = re.compile(
    rf"```|`|\\\(|\\\[(?!\d)|\$\$|\$|\\begin\s*\{{(?:{_WRAPPERS}|cases|[bpvV]?matrix|array)\*?\}}|\\frac(?=\s*\{{)"
)
_BLANK = re.compile(r"\n[ \t]*\n")
_ROW = re.compile(r"\\\\(?:\s*\[[0-9.]+[a-z]*\])?|\\(?:newline|cr)(?![A-Za-z])|\\[ \t]*(?=\n)|\\[ \t]+(?=&)")
_SPACE = re.compile(r"\\(?:quad|qquad)(?![A-Za-z])")
_WORDS = re.compile(r"\\(?:text|mbox|textrm|textit|intertext|mathrm)\s*\{([^{}]{2,200})\}(?!\s*[({\[_^']|\s*\\left)")
_SAYS = re.compile(
    r"\W*[A-Za-z]{2,}[^A-Za-z]+[A-Za-z]|\s*(?:if|for|when|where|and|or|otherwise|with|so|thus|hence|then|since|by)\b|.*[:,.]\s*\Z", re.I
)
_LABEL = re.compile(rf"[A-Za-z]{{2,}}\s?:(?!=)|egin\{{(?:{_WRAPPERS})\*?\}}[\s&]*")
_EMPTY = re.compile(
    r"(?:\s|&|\$|\\\\|[.,;:*_]|\\(?:[,;:! ]|left\.|displaystyle|notag|nonumber|quad|qquad)|\\begin\{[a-z]+\*?\}|\\end\{[a-z]+\*?\})*"
)
_TRAILING = re.compile(r"(?:\s|[.,;:&]|\\(?:quad|qquad|notag|nonumber|\\)|\\[,;:! ](?=\s|\Z))+\Z")
_LEADING = re.compile(r"(?:\s|[,;&]|\\(?:quad|qquad|displaystyle)(?![A-Za-z])|\\[,;:! ])+")
_BIG_SIGN = re.compile(r"(?:\\?(?:sum|prod|max|min)|[∑∏])(?:\\limits)?\s*_\s*\w*\s*\Z")
_OPEN, _CLOSE = "([{", ")]}"

# Words that may stand inside a formula in running text.
_FUNCTIONS = frozenset(
    "exp ln log max min else softplus arctan relu sigmoid tanh softmax diag sin cos sqrt sum argmax abs sign transpose vec tr trace "
    "det dot outer np lambda sigma theta eta alpha beta gamma delta if otherwise xor".split()
)
_SHORT_WORDS = frozenset("is to of so we it by at in on or as an be do no us up my he go am me if vs ok".split())
_IF = re.compile(r"(?<![A-Za-z\\{])(?:if|when|otherwise)(?![A-Za-z])(?![^{}]*\})")
_ELSE = re.compile(r"(?<![A-Za-z\\])else(?![A-Za-z])")
_CALL = re.compile(r"[-+*/=(]*[A-Za-z]+(?:_\w+)?['’′]{0,2}\(")
_TOKEN = re.compile(r"\S+")
_WORDY = re.compile(r"[^\W\d_]{4,}[^\w(]|[^\W\d_]{2,}-[^\W\d_]{2,}|[“”\"?!]|\*\*")
_ITEM = re.compile(r"\(?\d+[.)]|[-•]")
_PLAIN_WORD = re.compile(r"[^\W\d_]{2,}(?:['’-][^\W\d_]+)*\Z")
_CODE = re.compile(r"self\.|\bdef\b|\breturn\b|\bimport\b|==|\bfor\b.*\bin\b.*:|\bnp\.|\btorch\.|\bnn\.|https?:|[a-z]_[a-z]+\s*=")


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of a sign, with its place in the passage."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Formula:
    """Sides with signs between them: `signs[k]` stands before `sides[k]` at `places[k]`, the first is "".

    `before` and `after` are the words around. `is_repeated`: the left side stood there twice, A = A, and the sign behind it was lost.
    """

    start: int
    end: int
    sides: tuple[Side, ...]
    signs: tuple[str, ...]
    places: tuple[int, ...]
    before: str = ""
    after: str = ""
    is_repeated: bool = False

    @property
    def is_equation(self) -> bool:
        """Whether all its signs say that something is equal, proportional, or follows."""
        return len(self.sides) > 1 and OTHER not in self.signs


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the mathematics of a passage between borders; `fresh`: a row or a sentence begins here."""

    start: int
    end: int
    fresh: bool = True
    bare: bool = False


def formulas(text: str) -> tuple[Formula, ...]:
    """The formulas of a text that have a sign in them, in order.

    >>> [[s.text for s in f.sides] for f in formulas("We get $a = 2b$ and, with q = 3, the value $= 2q$.")]
    [['a', '2b'], ['q', '3']]
    """
    found: list[Formula] = []
    last_bare: _Piece | None = None
    for piece in _pieces(text):
        formula = _formula(text, piece)
        if formula is None:
            last_bare = piece if text[piece.start : piece.end].strip() else last_bare
            found[-1:] = [_prolonged(found[-1], text, piece)] if found and _repeats(found[-1], text, piece) else found[-1:]
            continue
        previous = found[-1] if found else None
        if formula.sides[0].text:
            found.append(formula)
        elif previous is not None and _touch(text, previous.end, formula.start):
            found[-1] = _joined(previous, formula)
        elif last_bare is not None and _touch(text, last_bare.end, formula.start):
            head = Side(text[last_bare.start : last_bare.end], last_bare.start, last_bare.end)
            found.append(replace(formula, start=head.start, sides=(head, *formula.sides[1:]), places=(head.start, *formula.places[1:])))
        elif len(formula.sides) > 2:
            start = formula.sides[1].start
            found.append(replace(formula, start=start, sides=formula.sides[1:], signs=("", *formula.signs[2:]),
                                 places=(start, *formula.places[2:])))
        if len(found) >= MOST_FORMULAS:
            break
    return tuple(_with_words(text, found))


def _touch(text: str, end: int, start: int) -> bool:
    """Whether nothing is said between two places."""
    return end <= start and _EMPTY.fullmatch(text, end, start) is not None


def _joined(first: Formula, second: Formula) -> Formula:
    return replace(first, end=second.end, sides=(*first.sides, *second.sides[1:]), signs=(*first.signs, *second.signs[1:]),
                   places=(*first.places, *second.places[1:]))


def _repeats(formula: Formula, text: str, piece: _Piece) -> bool:
    """Whether a formula ends in what it began with, A = A, and an expression follows: its sign was lost."""
    squeezed = ["".join(s.text.split()) for s in (formula.sides[0], formula.sides[-1])]
    return (len(formula.sides) == 2 and squeezed[0] == squeezed[1] and not piece.bare and piece.end > piece.start
            and _touch(text, formula.end, piece.start))


def _prolonged(formula: Formula, text: str, piece: _Piece) -> Formula:
    side = Side(text[piece.start : piece.end], piece.start, piece.end)
    return replace(formula, end=piece.end, sides=(formula.sides[0], side), is_repeated=True)


def _with_words(text: str, found: list[Formula]) -> Iterator[Formula]:
    """The formulas with the words around each of them, as far as the next."""
    for k, formula in enumerate(found):
        low = max(found[k - 1].end if k else 0, formula.start - _AROUND)
        high = min(found[k + 1].start if k + 1 < len(found) else len(text), formula.end + _AROUND)
        yield replace(formula, before=text[low : formula.start], after=text[formula.end : high])


# -- mathematics in a text ---------------------------------------------------------------------------------------------------


def _pieces(text: str) -> Iterator[_Piece]:
    """The mathematics of a text, cut at rows, commas and words; then that of the running text between."""
    place = 0
    while place < len(text):
        opening = _OPENING.search(text, place)
        start = opening.start() if opening else len(text)
        yield from _bare_pieces(text, place, start)
        if opening is None:
            return
        inner, outer = _span(text, opening)
        if opening[0] not in ("```", "`"):
            yield from _cut(text, *inner)
        place = max(outer, start + 1)


def _span(text: str, opening: re.Match[str]) -> tuple[tuple[int, int], int]:
    """The inside of a span of mathematics, and the place after it."""
    sign, start = opening[0], opening.end()
    if sign.startswith(r"\begin"):
        end = _environment_end(text, opening.start())
        return (opening.start(), end), end
    if sign == r"\frac":
        end = _line_end(text, start)
        return (opening.start(), end), end
    closing = {r"\(": r"\)", r"\[": r"\]"}.get(sign, sign)
    end = _closing(text, closing, start)
    blank = _BLANK.search(text, start, end) if sign in ("$", "`", r"\(") and end >= 0 else None
    if end < 0 or blank:
        return (start, start), start
    return (start, end), end + len(closing)


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    dollar = text.find("$", place)
    ends = [e for e in (end, dollar) if e >= 0]
    return min(ends) if ends else len(text)


def _closing(text: str, sign: str, place: int) -> int:
    """The place of the sign that closes; an escaped dollar does not."""
    while (end := text.find(sign, place)) > 0 and text[end - 1] == "\\" and sign == "$":
        place = end + 1
    return end


def _environment_end(text: str, start: int) -> int:
    depth = 0
    for match in _ENVIRONMENT.finditer(text, start):
        depth += 1 if match[1] == "begin" else -1
        if depth == 0:
            return match.end()
    return min((p for p in (text.find("\n\n", start),) if p >= 0), default=len(text))


def _cut(text: str, start: int, end: int) -> Iterator[_Piece]:
    """A span of mathematics, cut at rows, commas, wide spaces and words outside brackets."""
    place, begun, depth, fresh = start, start, 0, True
    while place < end:
        character = text[place]
        border = _border(text, place, end) if character in "\\,;" and depth <= 0 else None
        if border is not None:
            stop, is_fresh = border
            yield _Piece(begun, place, fresh)
            place = begun = stop
            depth, fresh = 0, is_fresh
            continue
        if character == "\\":
            environment = _ENVIRONMENT.match(text, place)
            if environment:
                depth += 1 if environment[1] == "begin" else -1
                place = environment.end()
                continue
            depth += _braces(text, place, end)
            place += 2
            continue
        depth += (character in _OPEN) - (character in _CLOSE)
        place += 1
    yield _Piece(begun, end, fresh)


def _braces(text: str, place: int, end: int) -> int:
    r"""What a written brace, \{ or \}, does to the depth; one that is never closed, as before cases, does nothing."""
    if text.startswith(r"\{", place):
        return int(text.find(r"\}", place, end) >= 0)
    return -int(text.startswith(r"\}", place) and text.rfind(r"\{", max(0, place - _AROUND), place) >= 0)


def _border(text: str, place: int, end: int) -> tuple[int, bool] | None:
    """Where the next piece begins if one ends here, and whether it is a new row or sentence."""
    if text[place] in ",;":
        return place + 1, False
    environment = _ENVIRONMENT.match(text, place, end)
    if environment:
        return (environment.end(), True) if _IS_WRAPPER.match(environment[2]) else None
    for pattern, fresh in ((_ROW, True), (_SPACE, False)):
        match = pattern.match(text, place, end)
        if match:
            return match.end(), fresh
    words = _WORDS.match(text, place, end)
    is_said = words is not None and _SAYS.match(words[1]) is not None and text[place - 1 : place] not in ("_", "^", "{")
    return (words.end(), False) if words is not None and is_said else None


# -- bare formulas in running text ---------------------------------------------------------------------------------------------


def _bare_pieces(text: str, start: int, end: int) -> Iterator[_Piece]:
    """Formulas in running text: around a sign of equality, as far as the words are those of a formula."""
    place = start
    while place < end:
        stop = text.find("\n", place, end)
        stop = end if stop < 0 else stop
        line = text[place:stop]
        if "=" in line and not _CODE.search(line):
            yield from _in_line(text, place, stop)
        place = stop + 1


def _in_line(text: str, start: int, end: int) -> Iterator[_Piece]:
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text, start, end)]
    after = 0
    for k, (a, b) in enumerate(tokens):
        if k < after or "=" not in text[a:b]:
            continue
        first = last = k
        while first > after and _is_formal(text[tokens[first - 1][0] : tokens[first - 1][1]], last=True, beside=text[tokens[first][0]]):
            first -= 1
        while text[tokens[first][0] : tokens[first][1]] in ("-", "*", "+", "•") and first < k:  # the mark of a list
            first += 1
        while last + 1 < len(tokens) and text[tokens[last][1] - 1] not in ".;?!" and _is_formal(
            text[tokens[last + 1][0] : tokens[last + 1][1]], last=False, beside=text[tokens[last][1] - 1]
        ):
            last += 1
        after = last + 1
        yield from (replace(p, bare=True) for p in _cut(text, tokens[first][0], tokens[last][1]))


def _is_formal(token: str, last: bool, beside: str) -> bool:
    """Whether a word of running text may be part of a formula, beside a character that is; `last`: it would be the leftmost of it."""
    if token in ("-", "−", "+", "*", "·", "/"):
        return True
    bare = token.strip(".,;:()[]{}*_\"'“”")
    if last and token.endswith((".", ":", ";", "?", "!", ",")):
        return False
    if bare in ("a", "A", "I") and bare == token:
        return beside in "=+-*/·−"
    if _CALL.match(token):
        return True
    if _PLAIN_WORD.match(bare):
        return bare.lower() in _FUNCTIONS or (len(bare) == 2 and bare.lower() not in _SHORT_WORDS and beside in "=+-*/·−")
    return not (_WORDY.search(token) or _ITEM.fullmatch(token))


# -- one formula ---------------------------------------------------------------------------------------------------------------


def _formula(text: str, piece: _Piece) -> Formula | None:
    """A piece with a sign in it, as sides and signs; None where it has none."""
    start, end = _trimmed(text, piece.start, piece.end)
    said = _IF.search(text, start, end)
    limit = said.start() if said else end
    if said and not _ELSE.search(text, said.end(), end):
        end = limit
    signs = _signs(text, start, min(limit, end))
    if not signs:
        return None
    borders = [start, *(b for _, b, _ in signs)]
    ends = [*(a for a, _, _ in signs), end]
    sides = tuple(_side(text, a, b) for a, b in zip(borders, ends, strict=True))
    kinds = ("", *(kind for _, _, kind in signs))
    if not sides[-1].text:
        sides, kinds = sides[:-1], kinds[:-1]
    if len(sides) < 2 or any(not s.text for s in sides[1:]):
        return None
    if piece.bare and (not sides[0].text or not all(_is_balanced(s.text) for s in sides)):
        return None
    first = sides[0].start if sides[0].text else signs[0][0]
    places = (first, *(a for a, _, _ in signs))[: len(sides)]
    return Formula(first, sides[-1].end, sides, kinds, places)


def _is_balanced(text: str) -> bool:
    return all(text.count(a) == text.count(b) for a, b in zip(_OPEN, _CLOSE, strict=True))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    if leading := _LEADING.match(text, start, end):
        start = leading.end()
    if label := _LABEL.match(text, start, end):
        start = label.end()
    tail = text[max(start, end - 80) : end]
    trailing = _TRAILING.search(tail)
    return start, max(start, end - (len(tail) - trailing.start())) if trailing else end


def _side(text: str, start: int, end: int) -> Side:
    start, end = _trimmed(text, start, end)
    return Side(text[start:end], start, end)


def _signs(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """The signs outside brackets: start, end, kind."""
    found: list[tuple[int, int, str]] = []
    place, depth = start, 0
    while place < end:
        character = text[place]
        environment = _ENVIRONMENT.match(text, place) if character == "\\" else None
        if environment:
            depth += 1 if environment[1] == "begin" else -1
            place = environment.end()
            continue
        sign = _sign_at(text, place, end) if character in _SIGN_STARTS and depth <= 0 else None
        if sign is not None:
            found.append((place, *sign))
            place = sign[0]
            continue
        if character == "\\":
            depth += _braces(text, place, end)
            place += 2
            continue
        depth += (character in _OPEN) - (character in _CLOSE)
        place += 1
    return found


def _sign_at(text: str, place: int, end: int) -> tuple[int, str] | None:
    for sign, kind in _SIGNS:
        if text.startswith(sign, place):
            after = place + len(sign)
            if after > end or (sign[-1].isalpha() and text[after : after + 1].isalpha()):
                continue
            return None if _BIG_SIGN.search(text, max(0, place - 24), place) else (after, kind)
    return None


__all__ = ["ABOUT", "EQUAL", "IMPLIES", "OTHER", "PROPORTIONAL", "Formula", "Side", "formulas"]
