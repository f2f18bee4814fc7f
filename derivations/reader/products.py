"""Operations on two operands whose shapes decide what is meant: sums, products, quotients, powers.

`a b`, `a * b`, `a · b`, `a @ b`, `a ⊙ b`, `a ⊗ b`, `a / b`: each sign has its readings in an order of preference, and
the first that fits the shapes is taken. Where the usual convention chose between two that fit, a note says so.
NumPy's vectors of one axis are oriented as they are needed under `@`, and repeated over the rows of a matrix as NumPy
does; what is repeated is written out in the result.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import cast

from ..errors import ShapeError, Span, UnsupportedError
from ..notation.written import SCALAR, Written
from ..sizes import Shape
from .unknowns import AnyShape, AnySize, Equations, Unknown, combined, settled

# What only says how large brackets are drawn is left out of messages.
_SIZING = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?)(?![A-Za-z])")

NUMBER, COLUMN, ROW, MATRIX, TENSOR = "number", "column", "row", "matrix", "tensor"


@dataclass(slots=True)
class Value:
    """An operand with its shape. `loose`: a row that came from a vector of one axis and may turn; `kept`: a vector that
    has two axes on purpose (keepdims=True, x[:, None])."""

    node: Written
    loose: bool = False
    kept: bool = False

    @property
    def shape(self) -> AnyShape:
        return self.node.shape

    @property
    def kind(self) -> str:
        """number, column, row, matrix or tensor."""
        shape = self.node.shape
        if len(shape) != 2:
            return TENSOR
        tall, wide = settled(shape[0]) != 1, settled(shape[1]) != 1
        return (MATRIX if wide else COLUMN) if tall else (ROW if wide else NUMBER)


@dataclass(slots=True)
class Products:
    """The readings of operators in one text. `text` is quoted in messages; `numpy`: the text is written as NumPy
    code."""

    text: str
    numpy: bool = False
    equations: Equations = field(default_factory=Equations)
    notes: list[str] = field(default_factory=list)
    # How unusual the readings taken so far are: among assignments of shapes the least unusual wins.
    penalty: float = 0.0

    # Words for messages

    def said(self, value: Value) -> str:
        """An operand as it was typed."""
        return self.quoted(value.node.span)

    def quoted(self, span: Span) -> str:
        text = " ".join(_SIZING.sub("", self.text[span[0] : span[1]]).split())
        if text[:1] == "{" and _closing(text) == len(text) - 1:
            text = text[1:-1].strip()
        return text if len(text) <= 60 else text[:57] + "…"

    def size(self, size: AnySize) -> str:
        size = settled(size)
        if isinstance(size, (int, str)):
            return str(size)
        hints = (*size.usual, *size.hints) if isinstance(size, Unknown) else ()
        return hints[0] if hints else "?"

    def sort(self, value: Value) -> str:
        """What an operand is, in words: "a column, d × 1"."""
        shape = " × ".join(self.size(s) for s in value.shape)
        word = {NUMBER: "a number", COLUMN: f"a column, {shape}", ROW: f"a row, {shape}"}
        return word.get(value.kind, shape)

    def in_brackets(self, value: Value) -> str:
        """An operand as it was typed, in brackets unless it is a name."""
        text = self.said(value)
        return text if value.node.op == "name" or text.startswith("(") else f"({text})"

    def is_what(self, value: Value) -> str:
        return f"{self.said(value)} is {self.sort(value)}"

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    # Small pieces

    def made(
        self, op: str, span: Span, args: tuple[Value, ...], shape: AnyShape, value: object = None, sign: str = ""
    ) -> Value:
        """A node of the written form whose shape may still have unknown sizes."""
        made = Value(Written(op, tuple(a.node for a in args), value, cast(Shape, shape), span, sign))
        for a in args:
            if a.loose and made.kind == ROW:
                made.loose = True
            if a.kept and made.kind == a.kind:
                made.kept = True
        return made

    def transposed(self, a: Value) -> Value:
        """The transpose that NumPy leaves out: of a transpose what was transposed, of c w the number c times that of
        w."""
        node = a.node
        if node.op == "transpose" and a.loose:
            return Value(node.args[0])
        if node.op in ("scale", "neg", "divide", "compare", "indicator"):
            parts = tuple(Value(part) for part in node.args)
            if node.op == "compare" or sum(part.kind != NUMBER for part in parts) == 1:
                turned = tuple(part if part.kind == NUMBER else self.transposed(part) for part in parts)
                return self.made(node.op, node.span, turned, a.shape[::-1], node.value, node.sign)
        return self.made("transpose", a.node.span, (a,), a.shape[::-1])

    def same(self, a: Value, b: Value) -> bool:
        """Make two shapes equal, if they can be."""
        fit, equate = self.equations.fit, self.equations.equate
        if len(a.shape) != len(b.shape) or not all(fit(x, y) for x, y in zip(a.shape, b.shape, strict=True)):
            return False
        return all(equate(x, y) for x, y in zip(a.shape, b.shape, strict=True))

    def aligned(self, a: Value, b: Value) -> tuple[Value, Value] | None:
        """Two operands brought to one shape, as NumPy does it; None where they do not fit."""
        if self.same(a, b):
            return a, b
        if a.loose and b.kind == COLUMN:
            a = self.transposed(a)
            return (a, b) if self.same(a, b) else None
        if b.loose and a.kind == COLUMN:
            b = self.transposed(b)
            return (a, b) if self.same(a, b) else None
        if a.kind == MATRIX and b.kind in (COLUMN, ROW):
            b_spread = self.spread(b, a)
            return None if b_spread is None else (a, b_spread)
        if b.kind == MATRIX and a.kind in (COLUMN, ROW):
            a_spread = self.spread(a, b)
            return None if a_spread is None else (a_spread, b)
        return None

    def spread(self, vector: Value, matrix: Value) -> Value | None:
        """A vector repeated over the rows or columns of a matrix: 1 bᵀ or b 1ᵀ."""
        rows, columns = matrix.shape
        span = vector.node.span
        if vector.kind == COLUMN and (vector.kept or not self.numpy):
            if not vector.kept or not self.equations.equate(vector.shape[0], rows):
                return None
            ones = self.made("ones", span, (), (1, columns))
            self.note(f"{self.said(vector)} is repeated over the columns of {self.said(matrix)}.")
            return self.made("matmul", span, (vector, ones), (rows, columns))
        row = vector if vector.kind == ROW else self.transposed(vector)
        if not (self.numpy or vector.loose) or not self.equations.fit(row.shape[1], columns):
            return None
        self.equations.equate(row.shape[1], columns)
        ones = self.made("ones", span, (), (rows, 1))
        self.note(f"{self.said(vector)} is repeated over the rows of {self.said(matrix)}.")
        return self.made("matmul", span, (ones, row), (rows, columns))

    # Sums

    def added(self, sign: str, a: Value, b: Value, span: Span) -> Value:
        """a + b or a - b: of one shape, or a number and anything."""
        op = "add" if sign == "+" else "sub"
        for number, other in ((a, b), (b, a)):
            if number.kind == NUMBER and other.kind != NUMBER:
                if _holds_tensor(number.node):
                    self.penalty += 1
                if other.kind == MATRIX and number.node.value != "0":
                    self.note(f"{self.said(number)} is a number: it counts in every entry of {self.said(other)}.")
                return self.made(op, span, (a, b), other.shape)
        pair = self.aligned(a, b) or self.with_bias(a, b)
        if pair is None:
            raise self.unequal(a, b, span)
        return self.made(op, span, pair, pair[0].shape)

    def with_bias(self, a: Value, b: Value) -> tuple[Value, Value] | None:
        """X W + b, where b has as many entries as X W has columns: it is added to every row, as layers do."""
        if a.kind != MATRIX or b.kind != COLUMN or b.node.op != "name":
            return None
        rows, columns = a.shape
        size = b.shape[0]
        named_bias = str(b.node.value).startswith("b") and isinstance(settled(size), Unknown)
        if self.equations.fit(size, rows) and not (named_bias and settled(rows) is not settled(columns)):
            return None
        if not self.equations.equate(size, columns):
            return None
        row = self.transposed(b)
        ones = self.made("ones", b.node.span, (), (rows, 1))
        self.note(f"{self.said(b)} is added to every row of {self.said(a)}.")
        return a, self.made("matmul", b.node.span, (ones, row), (rows, columns))

    def unequal(self, a: Value, b: Value, span: Span, what: str = "") -> ShapeError:
        """Two operands that should have one shape."""
        whole = what or self.quoted(span)
        message = f"{whole} needs two operands of the same shape.\n{self.is_what(a)}; {self.is_what(b)}."
        for column, matrix in ((a, b), (b, a)):
            if column.kind == COLUMN and matrix.kind == MATRIX and self.equations.fit(*matrix.shape) and (
                self.equations.fit(column.shape[0], matrix.shape[0])
            ):  # fmt: skip
                message += (
                    f"\ndiag({self.said(column)}) would be {self.size(matrix.shape[0])} × {self.size(matrix.shape[1])}."
                )
        if {a.kind, b.kind} == {ROW, COLUMN} and self.equations.fit(max_size(a), max_size(b)):
            message += "\nOne of them is transposed."
        return ShapeError(message, span=span)

    # Products

    def times(self, sign: str, a: Value, b: Value, span: Span) -> Value:
        """The product that a sign means for these shapes."""
        if sign in ("/", "⊘"):
            return self.divided(a, b, span, entrywise=sign == "⊘")
        if TENSOR in (a.kind, b.kind):
            raise self.too_many_axes(a if a.kind == TENSOR else b)
        if NUMBER in (a.kind, b.kind):
            other = b if a.kind == NUMBER else a
            return self.made("scale", span, (a, b), other.shape, sign=sign)
        if sign == "@":
            return self.at(a, b, span)
        if sign == "*":
            return self.star(a, b, span)
        if sign in ("⊙", "∘"):
            return self.entrywise(a, b, span, sign)
        if sign == "⊗":
            return self.kronecker(a, b, span)
        if sign == "·":
            return self.center_dot(a, b, span)
        if sign == "⊛":
            raise UnsupportedError("A circular convolution is not read.", span=span)
        return self.matrix_product(a, b, span, sign)

    def too_many_axes(self, value: Value) -> ShapeError:
        return ShapeError(
            f"{self.said(value)} has {len(value.shape)} axes; it is used in einsum only.", span=value.node.span
        )

    def product_fits(self, a: Value, b: Value) -> bool:
        return self.equations.fit(a.shape[1], b.shape[0])

    def matrix_product(self, a: Value, b: Value, span: Span, sign: str = "") -> Value:
        """A B, where the columns of A match the rows of B."""
        if not self.equations.equate(a.shape[1], b.shape[0]):
            raise self.mismatched(a, b, span)
        return self.made("matmul", span, (a, b), (a.shape[0], b.shape[1]), sign=sign)

    def mismatched(self, a: Value, b: Value, span: Span) -> ShapeError:
        """The error of a matrix product: what is needed, what is innocent, what was expected."""
        whole, left, right = self.quoted((a.node.span[0], b.node.span[1])), self.said(a), self.said(b)
        place = (min(a.node.span[0], b.node.span[0]), max(a.node.span[1], b.node.span[1]))
        if a.kind == b.kind and a.kind in (COLUMN, ROW):
            word = "columns" if a.kind == COLUMN else "rows"
            lengths = "" if self.equations.fit(max_size(a), max_size(b)) else " (and of different lengths)"
            message = f"{whole} multiplies two {word}{lengths}, which has no meaning as a matrix product.\n"
            message += f"{self.is_what(a)}; {self.is_what(b)}."
            if a.kind == COLUMN and not lengths:
                message += f"\nThe dot product is {self.in_brackets(a)}^T {self.in_brackets(b)}, "
                message += f"the product entry by entry {left} ⊙ {right}."
            return ShapeError(message, span=place)
        wanted = self.size(a.shape[1])
        of_left = {COLUMN: f"{left}, a column,", ROW: f"the row {left}"}.get(a.kind, f"the columns of {left}")
        if b.kind == COLUMN:
            needs, got = f"the length of {right}", f"{right} has length {self.size(b.shape[0])}, expected {wanted}"
        else:
            needs, got = f"the rows of {right}", f"{right} is {self.sort(b)}, expected {wanted} rows"
        if a.kind == COLUMN:
            return ShapeError(
                f"{whole} needs {of_left} to meet a row.\n{self.is_what(a)}; {self.is_what(b)}.", span=place
            )
        return ShapeError(f"{whole} needs {of_left} to match {needs}.\n{self.is_what(a)}; {got}.", span=place)

    def at(self, a: Value, b: Value, span: Span) -> Value:
        """NumPy's @: vectors of one axis are rows on the left and columns on the right."""
        left, right = a.kind, b.kind
        if left == COLUMN and not a.kept and (right == COLUMN or b.loose or (right == MATRIX)):
            if right == MATRIX or self.equations.fit(a.shape[0], max_size(b)):
                a = self.transposed(a)
        if b.loose and not (right == ROW and left == COLUMN and not self.equations.fit(a.shape[1], b.shape[1])):
            if a.kind in (ROW, MATRIX):
                b = self.transposed(b)
        result = self.matrix_product(a, b, span, "@")
        result.loose = result.kind == ROW
        return result

    def star(self, a: Value, b: Value, span: Span) -> Value:
        """a * b: entry by entry where the shapes are equal, else as matrices."""
        mark = len(self.equations.trail)
        fits = self.product_fits(a, b)
        if not (fits and a.kind == MATRIX and b.kind == COLUMN and not self.numpy):
            pair = self.aligned(a, b)
            if pair is not None:
                if fits and a.kind == MATRIX == b.kind:
                    self.note(
                        f"{self.quoted(span)} is read entry by entry; "
                        f"write {self.said(a)} @ {self.said(b)} for the matrix product."
                    )
                return self.made("hadamard", span, pair, pair[0].shape, sign="*")
            self.equations.undo(mark)
        if self.product_fits(a, b):
            return self.matrix_product(a, b, span, "*")
        if a.kind == b.kind:
            raise self.unequal(a, b, span)
        raise self.mismatched(a, b, span)

    def entrywise(self, a: Value, b: Value, span: Span, sign: str) -> Value:
        """a ⊙ b; a column and a matrix of as many rows: the column scales the rows."""
        pair = self.aligned(a, b)
        if pair is not None:
            return self.made("hadamard", span, pair, pair[0].shape, sign=sign)
        for vector, matrix in ((a, b), (b, a)):
            if (
                vector.kind == COLUMN
                and matrix.kind == MATRIX
                and self.equations.equate(vector.shape[0], matrix.shape[0])
            ):
                size = vector.shape[0]
                scales = self.made("call", vector.node.span, (vector,), (size, size), "diag")
                self.note(f"{self.said(vector)} scales the rows of {self.said(matrix)}.")
                return self.made("matmul", span, (scales, matrix), matrix.shape)
        raise self.unequal(a, b, span)

    def kronecker(self, a: Value, b: Value, span: Span) -> Value:
        """a ⊗ b."""
        shape = tuple(combined("times", pair) for pair in zip(a.shape, b.shape, strict=True))
        return self.made("kron", span, (a, b), shape, sign="⊗")

    def center_dot(self, a: Value, b: Value, span: Span) -> Value:
        """a · b: the dot product of two columns, else the matrix product, else entry by entry."""
        if a.kind == b.kind and a.kind in (COLUMN, ROW):
            if self.same(a, b):
                return self.made("dot", span, (a, b), SCALAR, sign="·")
            raise self.unequal(a, b, span)
        if self.product_fits(a, b):
            return self.matrix_product(a, b, span, "·")
        if self.same(a, b):
            self.note(f"{self.quoted(span)} is read entry by entry, since the matrix product does not fit.")
            return self.made("hadamard", span, (a, b), a.shape, sign="·")
        raise self.mismatched(a, b, span)

    # Quotients and powers

    def divided(self, a: Value, b: Value, span: Span, entrywise: bool = False) -> Value:
        """a / b: by a number, or entry by entry."""
        if TENSOR in (a.kind, b.kind):
            raise self.too_many_axes(a if a.kind == TENSOR else b)
        if b.kind == NUMBER:
            return self.made("divide", span, (a, b), a.shape)
        of_matrix = b.kind == MATRIX and self.equations.fit(*b.shape) and not (self.numpy or entrywise)
        if a.kind == NUMBER and not of_matrix:
            return self.made("oslash", span, (a, b), b.shape)
        pair = None if of_matrix else self.aligned(a, b)
        if pair is None and b.kind == MATRIX:
            raise ShapeError(
                f"{self.quoted(span)} divides by a matrix. Write {self.in_brackets(b)}^{{-1}} for the inverse.\n"
                f"{self.is_what(b)}.",
                span=span,
            )
        if pair is None:
            raise self.unequal(a, b, span)
        return self.made("oslash", span, pair, pair[0].shape)

    def raised(self, base: Value, exponent: Value, sign: str, span: Span) -> Value:
        """base ^ exponent; ** and ^{∘} go entry by entry, ^ of a matrix is a matrix power."""
        if TENSOR in (base.kind, exponent.kind):
            raise self.too_many_axes(base if base.kind == TENSOR else exponent)
        if exponent.kind != NUMBER:
            if base.kind != NUMBER:
                raise ShapeError(
                    f"{self.quoted(span)} needs a number as exponent.\n{self.is_what(exponent)}.",
                    span=exponent.node.span,
                )
            if exponent.kind == MATRIX:
                self.note(f"{self.quoted(span)} is read entry by entry.")
            return self.made("power", span, (base, exponent), exponent.shape)
        if base.kind == NUMBER:
            return self.made("power", span, (base, exponent), SCALAR)
        if base.kind != MATRIX:
            op = "entrypower" if sign == "entry" else "power"
            return self.made(op, span, (base, exponent), base.shape)
        if sign != "^":
            return self.made("entrypower", span, (base, exponent), base.shape)
        if not self.equations.equate(*base.shape):
            raise ShapeError(
                f"{self.quoted(span)} needs a square matrix.\n{self.is_what(base)}.\n"
                f"Entry by entry it is written {self.said(base)}**{self.said(exponent)}.", span=span,
            )  # fmt: skip
        if exponent.node.op == "neg" and exponent.node.args[0].value == "1":
            return self.made("inverse", span, (base,), base.shape)
        return self.made("matrixpower", span, (base, exponent), base.shape)


def _closing(text: str) -> int:
    """The place of the brace that closes the first one."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return place
    return -1


def max_size(value: Value) -> AnySize:
    """The length of a column or a row."""
    return value.shape[0] if settled(value.shape[0]) != 1 else value.shape[1]


def _holds_tensor(node: Written) -> bool:
    """Whether a number was made of columns or matrices, rather than of numbers."""
    return any(n.op == "name" and any(settled(s) != 1 for s in n.shape) for n in node.walk())
