"""A worked solution as lines: the statements on each, what stands between their signs, and the conditions they are made under.

Knows signs and places, nothing of what an expression means. Words around formulas are no statements; they say what a formula
is: a definition ("let"), a condition ("if", "for"), a conclusion ("so").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...derivations.errors import Span
from .chain_documents import rows_of
from .chain_grids import drawn
from .chain_macros import Macros, group_after, macros_of
from .chain_prose import Formula
from .chain_repairs import repaired
from .chain_rows import formulas_of, is_heading, starts_with_an_operator
from .chain_signs import ABOUT, DEFINED, EQUAL, LIKE, MEMBER, OTHER, is_condition, is_index_condition, is_map, parts_of, signs_in
from .chain_sums import with_long_sums

MOST_LINES = 200
MOST_CHARACTERS = 40_000
_BELOW = re.compile(  # a condition below the line: z_{i ≠ j}
    r"(?<!sum)(?<!prod)(?<!limits)(?<!max)(?<!min)(?<!lim)(?<![ ∑∏Σ])_\{\s*([a-z])\s*(=|\\neq?(?![A-Za-z])|≠)\s*([a-z])\s*\}"
)
_EQALIGN = re.compile(r"\\(?:eq|leqno|disp)(?:align|alignno|lines)(?=\s*\{)")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_ENDS_OPEN = re.compile(r"(?:[=+\-]|\\(?:cdot|times|odot|circ|approx|left))\s*\Z")


@dataclass(frozen=True, slots=True)
class Statement:
    """Expressions with signs between them: `signs[i]` stands before `terms[i]`; the first sign is "" unless the line continues.

    `conditions` are the formulas under which it is said ("i \\\\neq j"); with any, it need not hold in general. `lead` is what the
    words before it make of it: "define", "where", "so" or nothing. `repairs` tell what was put right.
    """

    terms: tuple[str, ...]
    signs: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    lead: str = ""
    repairs: tuple[str, ...] = ()

    @property
    def continues(self) -> bool:
        """Whether it starts with a sign, and so speaks of the quantity before."""
        return self.signs[0] != ""

    @property
    def is_readable(self) -> bool:
        """Whether all its signs are equalities."""
        return OTHER not in self.signs and LIKE not in self.signs


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number (from 1, over the lines that have content and are no headings), its place, and its statements.

    `prose`: there are words around its mathematics that say something.
    """

    number: int
    text: str
    span: Span
    statements: tuple[Statement, ...]
    prose: bool = False


def lines_of(answer: str) -> list[Line]:
    """The lines of a worked solution.

    >>> [[s.terms for s in line.statements] for line in lines_of("a = 2b\\n= c + c, so d = 1")]
    [[('a', '2b')], [('c + c',), ('d', '1')]]
    """
    answer = _without_old_alignments(_without_quotes(answer))
    return _Lines(answer, macros_of(answer)).lines()


def _without_quotes(answer: str) -> str:
    """A text that is quoted as a whole, without the > before its lines; every place stays where it is."""
    lines = [line for line in answer.split("\n") if line.strip()]
    if not lines or any(not line.lstrip().startswith(">") for line in lines):
        return answer
    return _QUOTE.sub(lambda m: " " * len(m[0]), answer)


def _without_old_alignments(answer: str) -> str:
    """A text without \\eqalign{…} around its rows; every place stays where it is."""
    for _ in range(20):
        found = _EQALIGN.search(answer)
        group = group_after(answer, found.end()) if found else None
        if found is None or group is None:
            break
        end, opened = group[1], answer.index("{", found.end())
        blank = " " * (opened + 1 - found.start())
        answer = answer[: found.start()] + blank + answer[opened + 1 : end - 1] + " " + answer[end:]
    return answer


class _Lines:
    """One reading of an answer; `lead` and `conditions` are what words on lines of their own say of the next formulas."""

    def __init__(self, answer: str, macros: Macros):
        self.answer, self.macros = answer, macros
        self.names = frozenset(re.findall(r"^[ \t]*([A-Za-z]{4,})[ \t]*:?=", answer, re.M))
        self.lead = ""
        self.conditions: tuple[str, ...] = ()
        self.head = ""
        self.found: list[Line] = []

    def lines(self) -> list[Line]:
        rows = self.rows()
        place = 0
        while place < len(rows) and len(self.found) < MOST_LINES:
            (start, end), is_display = rows[place]
            raw = self.answer[start:end]
            count = 1
            if re.search(r"\w", raw) and not raw.strip().startswith("```"):
                count, text = (1, raw) if is_display or "[" not in raw or "\\" in raw or "$" in raw else drawn(self.below(rows, place))
                self.take(text, (start, rows[place + count - 1][0][1]), is_display)
            place += count
        return self.found

    def below(self, rows: list[tuple[Span, bool]], place: int) -> list[str]:
        """A line of text and those right below it, as they stand in their columns."""
        found: list[str] = []
        last = rows[place][0][0] - 1
        for (start, end), is_display in rows[place : place + 12]:
            if is_display or start != last + 1:
                break
            found.append(self.answer[start:end])
            last = end
        return found

    def rows(self) -> list[tuple[Span, bool]]:
        """The rows, each with those that only go on where it ends: a long sum broken over two."""
        rows: list[tuple[Span, bool]] = []
        for row in rows_of(self.answer, self.macros):
            if row.follows and rows:
                (start, end), _ = rows[-1]
                before = self.answer[start:end].rstrip(" \t\n&")
                here = self.answer[slice(*row.span)]
                is_operator, has_sign = starts_with_an_operator(here)
                goes_on = _ENDS_OPEN.search(before[-12:]) and not here.lstrip(" \t\n&").startswith("=")
                if goes_on or (is_operator and (not has_sign or is_operator == "+")):
                    rows[-1] = ((start, row.span[1]), True)
                    continue
            rows.append((row.span, row.is_display))
        return rows

    def take(self, raw: str, span: Span, is_display: bool) -> None:
        """One line."""
        formulas, prose = formulas_of(raw, self.macros, self.names, is_display)
        statements = tuple(self.with_long_sums(s) for s in self.statements([f for f in formulas if not f.is_aside]))
        asides = self.statements([f for f in formulas if f.is_aside])
        if asides and not (statements and statements[0].continues and self.put_before_the_head(asides)):
            statements = asides + statements
        if prose and not is_display and not statements:
            self.lead = next((f.lead for f in reversed(formulas) if f.lead), "")
        elif statements:
            self.lead = ""
        if not statements and is_heading(raw):
            return
        self.found.append(Line(len(self.found) + 1, self.answer[slice(*span)].strip(), span, statements, prose or not statements))

    def with_long_sums(self, statement: Statement) -> Statement:
        """A statement with brackets around all that its sums run over."""
        if not statement.continues:
            self.head = statement.terms[0]
        if not any("\\sum" in t for t in statement.terms):
            return statement
        found = [with_long_sums(t, self.head) for t in statement.terms]
        notes = dict.fromkeys((*statement.repairs, *(note for _, said in found for note in said)))
        return replace(statement, terms=tuple(t for t, _ in found), repairs=tuple(notes))

    def put_before_the_head(self, asides: tuple[Statement, ...]) -> bool:
        """Put what is defined beside a row before the quantity that the row goes on with; False where that was not read."""
        for place in range(len(self.found) - 1, -1, -1):
            line = self.found[place]
            heads = [k for k, s in enumerate(line.statements) if not s.continues]
            if heads:
                before, after = line.statements[: heads[-1]], line.statements[heads[-1] :]
                self.found[place] = replace(line, statements=before + asides + after)
                return True
        return False

    def statements(self, formulas: list[Formula]) -> tuple[Statement, ...]:
        """The statements of a line, each with the conditions before it, or right after it."""
        found: list[Statement] = []
        waiting: tuple[str, ...] = ()
        fresh = 0  # the statements from here on have no condition yet
        has_words = any(f.lead or not f.text for f in formulas)
        is_alone = has_words and sum(bool(f.text) for f in formulas) == 1
        for formula in formulas:
            parts = parts_of(formula.text)
            for part in parts:
                if is_map(part):
                    continue
                if (is_alone and formula.lead != "so" and is_index_condition(part)) or is_condition(
                    part, formula.lead, " ".join(found[-1].terms) if found else None
                ):
                    if fresh < len(found):
                        found[fresh:] = [replace(s, conditions=(*s.conditions, part)) for s in found[fresh:]]
                        fresh = len(found)
                    else:
                        waiting = (*waiting, part)
                    continue
                statement = _statement(part, formula.lead or self.lead)
                if statement is None or (
                    len(statement.terms) == 1 and not statement.continues and ((has_words and not formula.is_display) or len(parts) > 1)
                ):
                    continue
                if waiting:
                    statement, fresh = replace(statement, conditions=(*waiting, *statement.conditions)), len(found) + 1
                found.append(statement)
        if found and self.conditions:
            found = [replace(s, conditions=(*self.conditions, *s.conditions)) for s in found]
        if has_words:
            self.conditions = waiting if not found else ()
        return tuple(found)


def _statement(text: str, lead: str) -> Statement | None:
    """One statement; None where nothing is left."""
    signs = signs_in(text)
    borders = [0, *(end for _, end, _ in signs)]
    ends = [*(start for start, _, _ in signs), len(text)]
    terms = [text[a:b].strip() for a, b in zip(borders, ends, strict=True)]
    kinds = ["", *(kind for _, _, kind in signs)]
    pairs = [(t, k) for t, k in zip(terms, kinds, strict=True) if t]
    kept = [(t, k) for t, k in pairs if k != MEMBER]  # where a value lies is no form of it
    if not kept or (len(kept) < len(pairs) and len(kept) == 1 and not kept[0][1]):
        return None
    below = tuple(dict.fromkeys(f"{m[1]} {m[2]} {m[3]}" for t, _ in kept for m in _BELOW.finditer(t)))
    mended = [repaired(_BELOW.sub(r"_{\1}", t)) for t, _ in kept]
    repairs = tuple(dict.fromkeys(note for _, notes in mended for note in notes))
    return Statement(tuple(t for t, _ in mended), tuple(k for _, k in kept), below, "" if lead == "if" else lead, repairs)


__all__ = ["ABOUT", "DEFINED", "EQUAL", "LIKE", "OTHER", "Line", "Statement", "lines_of"]
