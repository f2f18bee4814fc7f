"""The grammar of what stands in brackets: groups, lists, bars, matrices, cases, entries in square brackets.

Knows brackets and environments only; what stands inside them is `Cursor.expression`.
"""

from __future__ import annotations

from ..errors import LimitError, NotationError
from .cursor import Cursor
from .raw import Raw, raw
from .tokens import Token

MOST_ROWS = 64
COMPARISONS = frozenset(("<", ">", "<=", ">=", "=", "!="))
_MATRICES = frozenset(
    ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "array", "psmallmatrix")
)


class Blocks(Cursor):
    """The rules for brackets."""

    def hidden(self, opened: Token) -> Raw:
        """The expression inside a bracket, whose bars are its own."""
        bars, self.bars = self.bars, []
        if self.kind in (")", "]", "}", "\\}"):
            raise self.expected("an expression")
        inside = self.expression()
        self.bars = bars
        return inside

    def group(self) -> Raw:
        """{...}, with TeX's {a \\over b}."""
        opened = self.take()
        inside = self.hidden(opened)
        if self.taken("over"):
            below = self.hidden(opened)
            inside = raw("chain", self.since(opened.start), (inside, below), ("/",))
        self.close(opened)
        return self.settled(inside, opened)

    def round(self) -> Raw:
        """(...): an expression in brackets, a condition, or a column of entries."""
        opened = self.take()
        items = [self.hidden(opened)]
        while self.taken(","):
            if self.kind == ")":
                break
            items.append(self.hidden(opened))
        self.close(opened)
        if len(items) > 1:
            return self.column(items, opened)
        return self.settled(items[0], opened)

    def settled(self, inside: Raw, opened: Token) -> Raw:
        """A bracketed condition counts as 1 or 0; every other bracket is what stands inside it."""
        if inside.op == "compare":
            return raw("indicator", self.since(opened.start), (inside,))
        return inside.at(self.since(opened.start))

    def square(self) -> Raw:
        """[...]: an expression in brackets, a condition, a column, or rows of a matrix."""
        opened = self.take()
        if (numbers := self.spaced(opened)) is not None:
            return numbers
        rows: list[list[Raw]] = [[]]
        lists = False
        while True:
            if self.kind == "dots":
                rows[-1].append(raw("dots", self.take().span))
            else:
                lists = lists or (self.kind == "[" and not rows[-1] and self.is_list())
                rows[-1].append(self.hidden(opened))
                if self.kind == "word" and self.ahead.value == "for" and len(rows[-1]) == len(rows) == 1:
                    listed = self.listed(rows[0][0])
                    self.close(opened)
                    return listed.at(self.since(opened.start))
            if self.taken(";"):
                rows.append([])
            elif not self.taken(","):
                break
            if self.kind == "]" and rows[-1]:
                break
        self.close(opened)
        if len(rows) > 1:
            return self.matrix(rows, opened)
        items = rows[0]
        if lists and all(item.op == "rows" and item.value[1] == 1 for item in items):  # [[1, 2]] is a row, as in NumPy
            lines = [list(item.args) for item in items]
            return self.matrix(lines, opened)
        if len(items) > 1:
            return self.column(items, opened)
        return self.settled(items[0], opened)

    def listed(self, body: Raw) -> Raw:
        """w[i] for i in range(d): entries one by one, as Python writes them."""
        start = self.take()
        index, word, function = self.take(), self.take(), self.take()
        if index.kind != "name" or word.value != "in" or function.value != "range" or not self.taken("("):
            raise NotationError("“for” is read in sum(… for i in range(n)) only.", span=start.span)
        limit = self.take()
        if limit.kind not in ("name", "number") or not self.taken(")"):
            raise self.expected("a size", limit)
        size = raw("number" if limit.kind == "number" else "name", limit.span, (), limit.value)
        return raw("listed", self.since(body.span[0]), (body, size), index.value)

    def is_list(self) -> bool:
        """Whether the square bracket ahead holds a comma of its own."""
        depth = 0
        for token in self.tokens[self.place :]:
            if token.kind in ("[", "(", "{"):
                depth += 1
            elif token.kind in ("]", ")", "}"):
                depth -= 1
                if depth == 0:
                    return False
            elif token.kind == "," and depth == 1:
                return True
        return False

    def spaced(self, opened: Token) -> Raw | None:
        """[1 -2] is a column, [[1 1] [1 -1]] a matrix: numbers with nothing but space between them, as NumPy prints them."""
        flat = self.spaced_numbers(self.place)
        if flat is not None and len(flat[0]) > 1:
            self.place = flat[1] + 1
            return self.column(flat[0], opened)
        rows, place = [], self.place
        while self.tokens[place].kind == "[":
            row = self.spaced_numbers(place + 1)
            if row is None:
                return None
            rows.append(row[0])
            place = row[1] + 1 + (self.tokens[row[1] + 1].kind == "," and self.tokens[row[1] + 2].kind == "[")
        if self.tokens[place].kind != "]" or not any(len(row) > 1 for row in rows):
            return None
        self.place = place + 1
        return self.matrix(rows, opened)

    def spaced_numbers(self, place: int) -> tuple[list[Raw], int] | None:
        """The numbers from a place up to the next closing bracket, and its place; None where anything else stands there."""
        found: list[Raw] = []
        while (token := self.tokens[place]).kind != "]":
            minus = token.kind == "-"
            number = self.tokens[place + minus]
            if number.kind != "number" or (found and not token.gap) or (minus and number.gap):
                return None
            value = raw("number", number.span, (), number.value)
            found.append(raw("neg", (token.start, number.end), (value,)) if minus else value)
            place += 1 + minus
        return (found, place) if found else None

    def column(self, items: list[Raw], opened: Token) -> Raw:
        """Entries one below the other."""
        return self.matrix([[item] for item in items], opened)

    def matrix(self, rows: list[list[Raw]], opened: Token) -> Raw:
        """An explicit matrix, all rows of one length."""
        span = self.since(opened.start)
        if len(rows) > MOST_ROWS or len(rows[0]) > MOST_ROWS:
            raise LimitError(f"The matrix has more than {MOST_ROWS} rows or columns.", span=span)
        widths = {len(row) for row in rows}
        if len(widths) > 1:
            raise NotationError(f"The rows of this matrix have {min(widths)} and {max(widths)} entries.", span=span)
        return raw("rows", span, (item for row in rows for item in row), (len(rows), len(rows[0])))

    # Bars

    def closes_bars(self) -> bool:
        """Whether the bars ahead close those opened last; `||` inside single bars is two of them."""
        if not self.bars:
            return False
        kind, inner = self.kind, self.bars[-1]
        if kind == "||" and inner == "|":
            token = self.ahead
            middle = token.start + 1
            self.tokens[self.place : self.place + 1] = [
                Token("|", "|", token.start, middle),
                Token("|", "|", middle, token.end),
            ]
            return True
        return kind == inner or (kind in ("||", "‖") and inner in ("||", "‖"))

    def barred(self) -> Raw:
        """|x| or ‖w‖, from an opening bar."""
        opened = self.take()
        kind = opened.kind
        if kind == "||" and not any(t.kind in ("||", "‖") for t in self.tokens[self.place :]):
            middle = opened.start + 1  # ||x| - 1|
            self.tokens.insert(self.place, Token("|", "|", middle, opened.end))
            opened, kind = Token("|", "|", opened.start, middle), "|"
        self.bars.append(kind)
        inside = self.expression()
        if not self.closes_bars():
            if self.kind == "eof":
                raise NotationError(f"The bar “{self.words(opened.span)}” is never closed.", span=opened.span)
            raise self.expected("an operator or the closing bar")
        self.bars.pop()
        self.take()
        if kind == "|":
            return raw("bars", self.since(opened.start), (inside,))
        which = ""
        if self.kind == "sub":
            which = self.take().value
        elif self.kind == "_":
            self.take()
            which = self.plain_group()
        return raw("norm", self.since(opened.start), (inside,), which)

    def plain_group(self) -> str:
        """The next token or braced group, as text."""
        if self.kind != "{":
            return self.spelled(self.take())
        depth = 0
        parts: list[str] = []
        while True:
            token = self.take()
            if token.kind == "eof":
                raise self.expected("“}”", token)
            depth += (token.kind == "{") - (token.kind == "}")
            if depth == 0:
                return "".join(parts)
            if token.kind not in ("{", "}"):
                parts.append(self.spelled(token))

    def spelled(self, token: Token) -> str:
        return f"_{token.value}" if token.kind == "sub" else token.value or token.kind

    def inner_product(self) -> Raw:
        """⟨x, y⟩."""
        opened = self.take()
        left = self.hidden(opened)
        if not self.taken(",") and not self.taken("|"):
            raise self.expected("a comma")
        right = self.hidden(opened)
        self.close(opened)
        return raw("chain", self.since(opened.start), (left, right), ("·",))

    # Environments

    def environment(self) -> Raw:
        """\\begin{...} up to its \\end."""
        opened = self.take()
        if opened.value not in _MATRICES and opened.value not in ("cases", "dcases", "rcases"):
            raise NotationError(f"The environment “{opened.value}” cannot be read in an expression.", span=opened.span)
        if any(
            t.kind == "begin" and t.value in _MATRICES for t in self.tokens[max(0, self.place - 2) : self.place - 1]
        ) and (opened.value in _MATRICES):
            raise NotationError("A matrix stands inside a matrix.", span=opened.span)
        rows = self.cells()
        if self.kind != "end":
            raise NotationError(f"\\begin{{{opened.value}}} is never ended.", span=opened.span)
        closing = self.take()
        if closing.value != opened.value:
            raise NotationError(f"\\begin{{{opened.value}}} is ended by \\end{{{closing.value}}}.", span=closing.span)
        if "cases" in opened.value:
            return self.cases(rows, opened)
        if len(rows) > 1 and any(all(cell is None for cell in row) for row in rows):
            raise NotationError("A row of this matrix is empty.", span=self.since(opened.start))
        blank = raw("blank", opened.span)
        width = max(len(row) for row in rows)
        matrix = self.matrix([[c or blank for c in (*row, *[None] * (width - len(row)))] for row in rows], opened)
        if opened.value == "vmatrix":
            return raw("apply", matrix.span, (matrix,), ("det",))
        if opened.value == "Vmatrix":
            return raw("norm", matrix.span, (matrix,), "")
        return matrix

    def cells(self) -> list[list[Raw | None]]:
        """The cells of an environment, row by row; None where nothing stands."""
        bars, self.bars = self.bars, []
        rows: list[list[Raw | None]] = [[]]
        while True:
            if len(rows) > MOST_ROWS:
                raise LimitError(f"There are more than {MOST_ROWS} rows.", span=self.ahead.span)
            while self.kind in (",", ";") or (self.kind == "word" and self.ahead.value == "if"):
                self.take()
            if self.kind == "dots":
                rows[-1].append(raw("dots", self.take().span))
            elif self.kind in ("&", "row", "end"):
                rows[-1].append(None)
            elif self.kind == "word" and self.ahead.value in ("otherwise", "else"):
                rows[-1].append(raw("otherwise", self.take().span))
            else:
                cell = self.expression()
                if self.kind == "word" and self.ahead.value == "if":  # 1 if x > 0 \\ in one cell
                    rows[-1].append(cell)
                    continue
                rows[-1].append(cell)
                if self.kind == "word" and self.ahead.value in ("otherwise", "else"):
                    continue
            while self.kind in (",", ";", "."):
                self.take()
            if self.taken("&"):
                continue
            if self.taken("row"):
                rows.append([])
                if self.kind == "end":
                    rows.pop()
                    break
                continue
            break
        self.bars = bars
        return rows

    def cases(self, rows: list[list[Raw | None]], opened: Token) -> Raw:
        """The branches of \\begin{cases}: bodies and their conditions."""
        parts: list[Raw] = []
        otherwise = False
        for row in rows:
            cells = [cell for cell in row if cell is not None]
            if otherwise or not 1 <= len(cells) <= 2:
                raise NotationError(
                    "A branch needs a value and a condition.", span=cells[-1].span if cells else opened.span
                )
            parts.append(cells[0])
            if len(cells) == 1 or cells[1].op == "otherwise":
                otherwise = True
            elif cells[1].op != "compare":
                raise NotationError("A condition such as x > 0 was expected.", span=cells[1].span)
            else:
                parts.append(cells[1])
        conditions = parts[1::2]
        for i, condition in enumerate(conditions):
            if condition in conditions[:i]:
                raise NotationError("Two branches have the same condition.", span=condition.span)
        return raw("cases", self.since(opened.start), parts, otherwise)

    # Entries in square brackets

    def picks(self) -> bool:
        """Whether the square bracket ahead takes entries, X[0, 1] or w[i], and is no factor."""
        items, place = 0, self.place + 1
        tokens = self.tokens
        while True:
            if tokens[place].kind == "-":
                place += 1
            token = tokens[place]
            if not (token.kind in ("number", ":") or (token.kind == "word" and token.value == "None")
                    or (token.kind == "name" and len(token.value) == 1)):  # fmt: skip
                return False
            if token.kind == "number" and not token.value.isdecimal():
                return False
            items, place = items + 1, place + 1
            if tokens[place].kind == "]":
                return items <= 3
            if tokens[place].kind != ",":
                return False
            place += 1

    def picked(self, base: Raw) -> Raw:
        """Entries, rows or columns by NumPy's indices, which count from 0."""
        self.take()
        items: list[str] = []
        while True:
            sign = "-" if self.taken("-") else ""
            token = self.take()
            items.append(sign + (token.value or token.kind) if token.kind != ":" else ":")
            if not self.taken(","):
                break
        self.take()
        return raw("pick", self.since(base.span[0]), (base,), tuple(items))
