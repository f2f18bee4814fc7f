"""One walk over a raw tree under one assignment of shapes: each operation gets its reading, or a contradiction is found.

One rule a raw operation. Which assignment to try is decided in `inference.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..errors import DefectError, NotationError, ShapeError
from ..notation.written import SCALAR, Written
from .applications import Applications
from .products import COLUMN, MATRIX, NUMBER, ROW, Value
from .raw import Raw
from .unknowns import AnyShape, AnySize, Unknown, settled


class Contradiction(Exception):
    """An assignment that does not fit, and the names whose shapes meet in the contradiction."""

    def __init__(self, error: ShapeError, names: frozenset[str]):
        super().__init__(error.message)
        self.error = error
        self.names = names


@dataclass(slots=True)
class Attempt(Applications):
    """One walk over the raw tree, under one assignment."""

    shapes: dict[str, AnyShape] = field(default_factory=dict)
    ranges: dict[object, AnySize] = field(default_factory=dict)

    def range_of(self, scope: object) -> AnySize:
        """The size that an index runs over."""
        if scope not in self.ranges:
            self.ranges[scope] = Unknown()
        return self.ranges[scope]

    def walk(self, order: Sequence[Raw]) -> Value:
        """The value of the last node of a postorder."""
        done: list[Value] = []
        for tree in order:
            arity = len(tree.args)
            args = done[len(done) - arity :] if arity else []
            del done[len(done) - arity :]
            rule = _RULES.get(tree.op)
            if rule is None:
                raise DefectError(f"The reader has no rule for {tree.op!r}.")
            try:
                done.append(rule(self, tree, args))
            except ShapeError as error:
                names = frozenset(str(n.value) for n in tree.walk() if n.op == "symbol")
                raise Contradiction(error, names) from None
        return done[0]

    # Leaves

    def symbol(self, tree: Raw, _: list[Value]) -> Value:
        return self.made("name", tree.span, (), self.shapes[str(tree.value)], tree.value)

    def leaf(self, tree: Raw, _: list[Value]) -> Value:
        return Value(Written(tree.op, (), tree.value, SCALAR, tree.span))

    def block(self, tree: Raw, _: list[Value]) -> Value:
        """I, 1 and 0: of the size that is written, or of the one that fits."""
        sizes: tuple[AnySize, ...] = tree.value or ()
        if tree.op == "identity":
            size = sizes[0] if sizes else Unknown("n")
            shape: AnyShape = (size, size)
        elif len(sizes) == 2:
            shape = (sizes[0], sizes[1])
        else:
            shape = (sizes[0] if sizes else Unknown("n"), 1)
        return self.made(tree.op, tree.span, (), shape)

    def extent(self, tree: Raw, args: list[Value]) -> Value:
        return Value(Written("size", (), args[0].shape[int(str(tree.value))], SCALAR, tree.span))

    def index(self, tree: Raw, _: list[Value]) -> Value:
        return Value(Written("index", (), tree.value[0], SCALAR, tree.span))

    # Operators

    def neg(self, tree: Raw, args: list[Value]) -> Value:
        a = args[0]
        return self.made("neg", tree.span, (a,), a.shape)

    def terms(self, tree: Raw, args: list[Value]) -> Value:
        total = args[0]
        start = total.node.span[0]
        for sign, value in zip(tree.value, args[1:], strict=True):
            total = self.added(sign, total, value, (start, value.node.span[1]))
        total.node = total.node.at(tree.span)
        return total

    def chain(self, tree: Raw, args: list[Value]) -> Value:
        """A product: as precedence groups it, else from the left, else from the right."""
        signs: tuple[str, ...] = tree.value
        if len(args) == 2:
            return self.times(signs[0], args[0], args[1], tree.span)
        mark, penalty, notes = len(self.equations.trail), self.penalty, len(self.notes)
        failed: ShapeError | None = None
        for way in (self.grouped, self.from_left, self.from_right):
            try:
                result = way(signs, args)
                result.node = result.node.at(tree.span)
                return result
            except ShapeError as error:
                failed = failed or error
                self.equations.undo(mark)
                self.penalty = penalty
                del self.notes[notes:]
        assert failed is not None
        raise failed

    def from_left(self, signs: Sequence[str], args: Sequence[Value]) -> Value:
        result = args[0]
        for sign, value in zip(signs, args[1:], strict=True):
            result = self.times(sign, result, value, (result.node.span[0], value.node.span[1]))
        return result

    def from_right(self, signs: Sequence[str], args: Sequence[Value]) -> Value:
        """X w^T x as X (w^T x)."""
        if "/" in signs:
            return self.from_left(signs, args)
        result = args[-1]
        for sign, value in zip(reversed(signs), reversed(args[:-1]), strict=True):
            result = self.times(sign, value, result, (value.node.span[0], result.node.span[1]))
        return result

    def grouped(self, signs: Sequence[str], args: Sequence[Value]) -> Value:
        """Side by side binds tighter than * · ⊙ ⊗ @; a quotient takes one factor, and a number in front stays in
        front."""
        if not any(signs) or all(signs):
            return self.from_left(signs, args)
        result, place = args[0], 0
        while place < len(signs):
            sign, end = signs[place], place + 1
            if sign and sign != "/" and result.kind != NUMBER:
                while end < len(signs) and not signs[end]:
                    end += 1
            right = self.from_left([""] * (end - place - 1), args[place + 1 : end + 1])
            result = self.times(sign, result, right, (result.node.span[0], right.node.span[1]))
            place = end
        return result

    def raise_(self, tree: Raw, args: list[Value]) -> Value:
        return self.raised(args[0], args[1], str(tree.value), tree.span)

    def transpose(self, tree: Raw, args: list[Value]) -> Value:
        a = args[0]
        if a.kind == NUMBER and tree.value == "'":
            raise ShapeError(
                f"{self.quoted(tree.span)} is read as a transpose, but {self.said(a)} is a number.", span=tree.span
            )
        if a.kind == NUMBER:
            self.penalty += 1
            return Value(a.node.at(tree.span))
        if len(a.shape) != 2:
            raise self.too_many_axes(a)
        return self.made("transpose", tree.span, (a,), a.shape[::-1])

    def bars(self, tree: Raw, args: list[Value]) -> Value:
        """|a|: the absolute value, entry by entry; of a square matrix the determinant."""
        a = args[0]
        if a.kind == MATRIX and self.equations.fit(*a.shape):
            return self.call("det", [self.square("det", args, tree.span)], SCALAR, tree.span)
        if a.kind == MATRIX:
            self.note(f"{self.quoted(tree.span)} is read entry by entry.")
        return self.call("abs", [a], a.shape, tree.span)

    def norm_(self, tree: Raw, args: list[Value]) -> Value:
        return self.norm(args[0], str(tree.value or ""), tree.span)

    def rows(self, tree: Raw, args: list[Value]) -> Value:
        return self.explicit(args, tree.value, tree.span)

    def as_column(self, tree: Raw, args: list[Value]) -> Value:
        """x[:, None]: a column on purpose."""
        return Value(self.vector("[:, None]", args[0]).node, kept=True)

    def as_row(self, tree: Raw, args: list[Value]) -> Value:
        return Value(self.transposed(self.vector("[None, :]", args[0])).node, kept=True)

    # Conditions

    def compare(self, tree: Raw, args: list[Value]) -> Value:
        a, b = args
        scopes = [t.value[1] for t in tree.args if t.op == "index"]
        if scopes:
            if len(scopes) == 2 and not self.equations.equate(self.range_of(scopes[0]), self.range_of(scopes[1])):
                raise self.two_ranges(tree, scopes)
            return self.made("compare", tree.span, (a, b), SCALAR, tree.value)
        if NUMBER in (a.kind, b.kind):
            other = b if a.kind == NUMBER else a
            return self.made("compare", tree.span, (a, b), other.shape, tree.value)
        pair = self.aligned(a, b)
        if pair is None:
            raise self.unequal(a, b, tree.span)
        return self.made("compare", tree.span, pair, pair[0].shape, tree.value)

    def two_ranges(self, tree: Raw, scopes: Sequence[object]) -> ShapeError:
        sizes = " and ".join(self.size(self.range_of(s)) for s in scopes)
        return ShapeError(f"The indices in {self.quoted(tree.span)} run over different sizes: {sizes}.", span=tree.span)

    def indicator(self, tree: Raw, args: list[Value]) -> Value:
        return self.made("indicator", tree.span, (args[0],), args[0].shape)

    def cases(self, tree: Raw, args: list[Value]) -> Value:
        kinds = {value.kind for value in args}
        if COLUMN in kinds and any(value.loose for value in args):
            args = [self.transposed(value) if value.loose else value for value in args]
        largest = args[0]
        for value in args[1:]:
            if largest.kind == NUMBER:
                largest = value
            elif value.kind != NUMBER and not self.same(largest, value):
                raise self.unequal(largest, value, tree.span)
        for condition in args[1::2]:
            if condition.node.op not in ("compare", "indicator"):
                raise NotationError("A condition such as x > 0 was expected.", span=condition.node.span)
        return self.made("cases", tree.span, tuple(args), largest.shape, tree.value)

    # Indices

    def entry(self, tree: Raw, args: list[Value]) -> Value:
        """A_ij, w_i, X_{i,:}."""
        base, *indices = args
        shape, count = base.shape, len(indices)
        axes = [a for a, s in enumerate(shape) if settled(s) != 1] if len(shape) == 2 else list(range(len(shape)))
        if base.kind == MATRIX and count == 1:
            indices.append(Value(Written("index", (), ":", SCALAR, tree.span)))
            rest = [*tree.args[1:], Raw("index", (), (":", ":"), tree.span)]
            return self.entries_at(tree, base, rest, indices, axes)
        if count == 2 and base.kind in (COLUMN, ROW) and tree.args[2 if base.kind == COLUMN else 1].value == "1":
            axes = [0, 1]
        if count != len(axes):
            what = {1: "one index", 2: "two indices"}.get(count, f"{count} indices")
            raise ShapeError(
                f"{self.quoted(tree.span)} takes an entry with {what}.\n{self.is_what(base)}.", span=tree.span
            )
        return self.entries_at(tree, base, list(tree.args[1:]), indices, axes)

    def entries_at(self, tree: Raw, base: Value, trees: list[Raw], indices: list[Value], axes: list[int]) -> Value:
        """The entry, or with “:” the row or column, at given indices."""
        shape: list[AnySize] = [1] * len(base.shape)
        for axis, index in zip(axes, trees, strict=True):
            size = base.shape[axis]
            if index.op == "number":
                known = settled(size)
                if isinstance(known, int) and int(str(index.value)) > known:
                    raise ShapeError(
                        f"{self.said(base)} has no entry {index.value}.\n{self.is_what(base)}.", span=index.span
                    )
            elif index.value[0] == ":":
                shape[axis] = size
            elif not self.equations.equate(self.range_of(index.value[1]), size):
                letter, scope = index.value
                raise ShapeError(
                    f"{letter} runs to {self.size(self.range_of(scope))}, "
                    f"but {self.said(base)} has {self.size(size)} entries there.\n"
                    f"{self.is_what(base)}.", span=tree.span,
                )  # fmt: skip
        return self.made("entry", tree.span, (base, *indices), tuple(shape) if len(shape) == 2 else SCALAR)

    def row(self, tree: Raw, args: list[Value]) -> Value:
        """x_i as row i of X, turned into a column."""
        base, index = args
        colon = Value(Written("index", (), ":", SCALAR, tree.span))
        trees = [tree.args[1], Raw("index", (), (":", ":"), tree.span)]
        if base.kind != MATRIX:
            raise ShapeError(
                f"{self.quoted(tree.span)} is a row of {self.said(base)}.\n{self.is_what(base)}.", span=tree.span
            )
        entry = self.entries_at(tree, base, trees, [index, colon], [0, 1])
        return self.made("transpose", tree.span, (entry,), entry.shape[::-1])

    def delta(self, tree: Raw, args: list[Value]) -> Value:
        scopes = [t.value[1] for t in tree.args if t.op == "index"]
        if len(scopes) == 2 and not self.equations.equate(self.range_of(scopes[0]), self.range_of(scopes[1])):
            raise self.two_ranges(tree, scopes)
        return self.made("delta", tree.span, tuple(args), SCALAR)

    def bound(self, tree: Raw, args: list[Value]) -> Value:
        which, letter, scope, limit = tree.value
        size = self.range_of(scope)
        if limit is not None and not self.equations.equate(size, limit):
            raise ShapeError(
                f"{self.quoted(tree.span)} runs to {limit}, but {letter} counts {self.size(size)} entries.",
                span=tree.span,
            )
        return self.made(which, tree.span, (args[0],), args[0].shape, (letter, size))

    def components(self, tree: Raw, args: list[Value]) -> Value:
        letters, scopes, arrangement, limits = tree.value
        if args[0].kind != NUMBER:
            raise ShapeError(f"An entry is a number.\n{self.is_what(args[0])}.", span=tree.span)
        for scope, limit in zip(scopes, limits, strict=True):
            if limit is not None and not self.equations.equate(self.range_of(scope), limit):
                raise ShapeError(
                    f"The dots run to {limit}, but there are {self.size(self.range_of(scope))} entries.", span=tree.span
                )
        first = self.range_of(scopes[0])
        if arrangement == "diagonal":
            column = self.made("components", tree.span, (args[0],), (first, 1), tuple(letters))
            return self.made("call", tree.span, (column,), (first, first), "diag")
        shape = (first, self.range_of(scopes[1])) if arrangement == "full" else (first, 1)
        result = self.made("components", tree.span, (args[0],), shape, tuple(letters))
        return self.made("transpose", tree.span, (result,), shape[::-1]) if arrangement == "row" else result

    def derivative(self, tree: Raw, args: list[Value]) -> Value:
        """∂a/∂b: the axes of a, then those of b; a gradient has the shape of b."""
        a, b = args
        if tree.value == "denominator" and a.kind == NUMBER:
            return self.made("derivative", tree.span, (a, b), b.shape, tree.value)
        outer = [s for s in a.shape if settled(s) != 1]
        inner = [s for s in b.shape if settled(s) != 1]
        shape: AnyShape
        if not inner:
            shape = a.shape
        elif not outer:
            shape = (1, inner[0]) if len(inner) == 1 else tuple(inner)
        else:
            shape = (*outer, *inner)
        return self.made("derivative", tree.span, (a, b), shape, None)


_RULES: dict[str, Callable[[Attempt, Raw, list[Value]], Value]] = {
    "symbol": Attempt.symbol, "number": Attempt.leaf, "constant": Attempt.leaf, "size": Attempt.leaf,
    "index": Attempt.index,
    "identity": Attempt.block, "ones": Attempt.block, "zeros": Attempt.block, "extent": Attempt.extent,
    "neg": Attempt.neg,
    "terms": Attempt.terms, "chain": Attempt.chain, "raise": Attempt.raise_, "transpose": Attempt.transpose,
    "bars": Attempt.bars, "norm": Attempt.norm_, "rows": Attempt.rows, "compare": Attempt.compare,
    "indicator": Attempt.indicator, "cases": Attempt.cases, "entry": Attempt.entry, "row": Attempt.row,
    "delta": Attempt.delta,
    "bound": Attempt.bound, "components": Attempt.components, "derivative": Attempt.derivative,
    "apply": Attempt.applied,
    "as_column": Attempt.as_column, "as_row": Attempt.as_row,
}  # fmt: skip
