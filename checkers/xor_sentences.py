"""Lines of an argument that one unit ŷ = ReLU(w₁x₁ + w₂x₂ + b) cannot be XOR, decided exactly.

A line is a linear relation in w₁, w₂ and b. It is right where it follows from some of the four rows that do not contradict each other:
all four together contradict, and from a contradiction anything would follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, islice

from ..derivations import write
from ..derivations.notation.spellings import Style
from ..derivations.regions.inequalities import Form, Relation, Sign, forced, possible
from ..derivations.xor.xor import LETTERS, TRUTH
from .flat_text import FlatText
from .prose_tokens import Token, pieces

_LETTERS = {"W_1": 0, "W_2": 1, "b": 2}
_SIGNS: dict[str, Sign] = {"=": "=", "≤": "<=", "≥": ">=", "<": "<", ">": ">"}


def _row(inputs: tuple[int, int], target: int) -> tuple[str, Relation]:
    """What a row asks of z = w₁x₁ + w₂x₂ + b: ReLU(z) = 0 says z ≤ 0, ReLU(z) = 1 says z = 1."""
    form = Form((Fraction(inputs[0]), Fraction(inputs[1]), Fraction(1)))
    return f"({inputs[0]}, {inputs[1]})", Relation(form, "=" if target else "<=", Fraction(target))


_ROWS = tuple(_row(inputs, target) for inputs, target in TRUTH)
_LONGEST_NUMBER = 12
_MOST_LINES = 8
_CONCLUDING = frozenset({"so", "thus", "hence", "therefore"})
_SUPPOSED = frozenset({
    "suppose", "assume", "if", "let", "take", "choose", "try", "say", "set", "with", "when", "where", "for", "case", "otherwise", "either",
    "or", "would", "could", "not", "cannot", "impossible", "contradicts", "contradiction", "contradicting", "unless", "pick", "setting",
})  # fmt: skip
_MOST_IN_TEXT = 200  # no argument is longer


@dataclass(frozen=True, slots=True)
class Line:
    """A relation with its place in the flat text, and the rows that it follows from: none where it follows from none.

    `against` says what it contradicts, where it is asserted and cannot be: one of the rows that nobody gives up.
    """

    start: int
    end: int
    relation: Relation
    rows: tuple[str, ...]
    against: str = ""

    @property
    def follows(self) -> bool:
        """Whether it follows from rows that agree with each other."""
        return bool(self.rows)


def lines_in(flat: FlatText) -> Iterator[Line]:
    """The linear relations of a text, each with the rows that force it.

    >>> from .flat_text import flat_text
    >>> [line.rows for line in lines_in(flat_text("b ≤ 0, w_1 + b = 1, so w_1 ≥ 1"))]
    [('(0, 0)',), ('(1, 0)',), ('(0, 0)', '(1, 0)')]
    """
    yield from islice(_all_lines(flat), _MOST_IN_TEXT)


def _all_lines(flat: FlatText) -> Iterator[Line]:
    before: Relation | None = None
    for piece in pieces(flat):
        supposed = not _SUPPOSED.isdisjoint(t.value for t in piece)
        for run in _runs(piece):
            for line in _lines(run):
                unfounded = not line.follows or (piece[0].value in _CONCLUDING and before is not None and _reverses(line.relation, before))
                yield replace(line, rows=(), against=_against(line.relation)) if unfounded and not supposed else line
                before = line.relation


def _runs(piece: Sequence[Token]) -> Iterator[list[Token]]:
    """Tokens without words, and without commas but those in brackets."""
    run: list[Token] = []
    depth = 0
    for token in piece:
        depth = max(0, depth + (token.value == "(") - (token.value == ")"))
        if (token.kind == "word" and token.value not in ("relu", "max")) or (token.value == "," and not depth):
            if run:
                yield _behind_point(run)
            run = []
        else:
            run.append(token)
    if run:
        yield _behind_point(run)


def _behind_point(run: list[Token]) -> list[Token]:
    """(0, 1) w₂ + b = 1 without the point that it is said of."""
    if run[0].value == "(" and [t.kind for t in run[1:4]] == ["number", "mark", "number"] and len(run) > 5 and run[4].value == ")":
        return run[5:]
    return run


def _lines(run: Sequence[Token]) -> Iterator[Line]:
    """Every neighbouring pair of sides: b ≤ 0 < 1 are two lines."""
    sides: list[list[Token]] = [[]]
    signs: list[Token] = []
    for token in run:
        if token.kind == "relation":
            signs.append(token)
            sides.append([])
        else:
            sides[-1].append(token)
    for left, sign, right in zip(sides, signs, sides[1:], strict=False):
        relation = _relation(left, sign.value, right)
        if relation is None:
            continue
        yield Line(left[0].start, right[-1].end, relation, _from_rows(relation))


def _relation(left: Sequence[Token], sign: str, right: Sequence[Token]) -> Relation | None:
    """A linear relation, of what stands inside ReLU where one side is ReLU(…) and the other 0 or 1."""
    inside = _inside(left)
    if inside is not None and sign == "=":
        form, value = _form(inside), _form(right)
        if form is None or value is None or not value.is_number or value.constant not in (0, 1):
            return None
        return Relation(form, "<=" if value.constant == 0 else "=", value.constant)
    one, two = _form(left), _form(right)
    if one is None or two is None or sign not in _SIGNS:
        return None
    return Relation(one - two, _SIGNS[sign])


def _inside(side: Sequence[Token]) -> Sequence[Token] | None:
    values = [t.value for t in side]
    if values[:2] == ["relu", "("] and values[-1] == ")":
        return side[2:-1]
    return side[4:-1] if values[:4] == ["max", "(", "0", ","] and values[-1] == ")" else None


def _form(side: Sequence[Token]) -> Form | None:
    """A sum of letters and numbers with signs: 2 − b."""
    coefficients, constant = [Fraction(0)] * 3, Fraction(0)
    sign, number = Fraction(1), None
    open_term = False
    for token in side:
        if token.value in ("+", "-"):
            if number is not None:
                constant += sign * number
            sign, number, open_term = Fraction(1 if token.value == "+" else -1), None, True
        elif token.kind == "number" and number is None and len(token.value) <= _LONGEST_NUMBER:
            number = _fraction(token.value)
            if number is None:
                return None
            open_term = False
        elif token.kind == "name" and token.value in _LETTERS:
            coefficients[_LETTERS[token.value]] += sign * (1 if number is None else number)
            sign, number, open_term = Fraction(0), None, False
        elif token.value not in ("(", ")", "·"):
            return None
        elif token.value in "()":
            return None
    if number is not None:
        constant += sign * number
    return None if open_term or not side else Form(tuple(coefficients), constant)


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(re.sub(r"\s", "", text))
    except (ValueError, ZeroDivisionError):
        return None


@lru_cache(maxsize=512)
def _from_rows(relation: Relation) -> tuple[str, ...]:
    """The fewest rows, at most three, that force a relation; between numbers none are needed."""
    if relation.left.is_number:
        return ("arithmetic",) if relation.holds([Fraction(0)] * 3) else ()
    for count in (1, 2, 3):
        for rows in combinations(_ROWS, count):
            if forced([r for _, r in rows], relation):
                return tuple(place for place, _ in rows)
    return ()


def _reverses(relation: Relation, before: Relation) -> bool:
    """Whether a line concludes from a row just the opposite: ReLU(b) = 0, so b > 0."""
    return any(row == before for _, row in _ROWS[:3]) and not possible([relation, before])


@lru_cache(maxsize=512)
def _against(relation: Relation) -> str:
    """The row that a relation contradicts; of the row (1, 1), whose contradiction is what is to be shown, nothing is said."""
    for place, row in _ROWS[:3]:
        if not possible([row, relation]):
            return f"{place} wants {write(row.written(LETTERS), Style.UNICODE)}"
    return ""


def refuting(lines: Sequence[Line]) -> bool:
    """Whether lines that follow from rows contradict each other, or the row (1, 1): then no weights are left."""
    relations = list(dict.fromkeys(line.relation for line in lines if line.follows))[:_MOST_LINES]
    _, last = next(row for row in _ROWS if row[0] == "(1, 1)")
    return bool(relations) and not possible([*relations, last])


__all__ = ["Line", "lines_in", "refuting"]
