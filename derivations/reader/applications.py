"""What a function does to shapes: one rule a function, chosen by its name; NumPy's calls are written out by other
operations.

Functions of numbers go entry by entry over whatever they are given. Knows nothing of how a call was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..errors import NotationError, ShapeError, Span, UnsupportedError
from ..notation.spellings import FUNCTIONS
from ..notation.written import SCALAR, Written
from .products import COLUMN, MATRIX, NUMBER, ROW, TENSOR, Products, Value, max_size
from .raw import Raw
from .unknowns import AnyShape, AnySize, combined, settled

Settings = Mapping[str, object]
Rule = Callable[["Applications", list[Value], Settings, Span], Value]

_OF_TENSORS = frozenset((
    "maximum", "minimum", "where", "softmax", "log_softmax", "logsumexp", "sum", "mean", "prod", "max", "min",
    "cumsum", "roll",
    "trace", "det", "logdet", "inv", "pinv", "expm", "diag", "diagonal", "vec", "outer", "kron", "norm", "matrix_power",
    "einsum", "concatenate", "stack",
))  # fmt: skip
ENTRYWISE: frozenset[str] = frozenset(f.name for f in FUNCTIONS) - _OF_TENSORS
_MOST_PARAMETERS = {"leaky_relu": 2, "elu": 2}
# sech x = 1 / cosh x, and so on: the numerator's and the denominator's function.
_QUOTIENTS: dict[str, tuple[str | None, str]] = {
    "sech": (None, "cosh"), "csch": (None, "sinh"), "coth": ("cosh", "sinh"),
    "sec": (None, "cos"), "csc": (None, "sin"), "cot": ("cos", "sin"),
}  # fmt: skip


@dataclass(slots=True)
class Applications(Products):
    """The rules for calls."""

    def applied(self, tree: Raw, args: list[Value]) -> Value:
        """The value of a raw call."""
        name, *pairs = tree.value
        settings = dict(pairs)
        name, _, mark = str(name).partition("@")
        if mark:
            settings |= {"axis": int(mark)} if name != "norm" else {"which": mark}
        if name in ENTRYWISE:
            return self.entry_by_entry(name, args, settings, tree.span)
        if name in _QUOTIENTS:
            return self.quotient(name, args, tree.span)
        return _RULES[name](self, args, settings, tree.span)

    def want(self, name: str, args: list[Value], count: int, span: Span) -> None:
        """Refuse a wrong number of arguments."""
        if len(args) != count:
            words = {1: "one argument", 2: "two arguments"}.get(count, f"{count} arguments")
            raise NotationError(f"{name} takes {words}, not {len(args)}.", span=span)

    def call(
        self, name: str, args: list[Value], shape: AnyShape, span: Span, settings: tuple[tuple[str, object], ...] = ()
    ) -> Value:
        """The node of a call, with its settings where there are any."""
        return self.made("call", span, tuple(args), shape, (name, *settings) if settings else name)

    def entry_by_entry(self, name: str, args: list[Value], settings: Settings, span: Span) -> Value:
        if not 1 <= len(args) <= _MOST_PARAMETERS.get(name, 1):
            self.want(name, args, 1, span)
        if args[0].kind == TENSOR:
            raise self.too_many_axes(args[0])
        primes = settings.get("prime")
        return self.call(name, args, args[0].shape, span, (("prime", primes),) if primes else ())

    def quotient(self, name: str, args: list[Value], span: Span) -> Value:
        """sech x as 1 / cosh x."""
        self.want(name, args, 1, span)
        above, below = _QUOTIENTS[name]
        top = self.call(above, args, args[0].shape, span) if above else Value(Written("number", (), "1", SCALAR, span))
        return self.divided(top, self.call(below, args, args[0].shape, span), span, entrywise=True)

    def square(self, name: str, args: list[Value], span: Span) -> Value:
        """The one argument, which has to be a square matrix."""
        self.want(name, args, 1, span)
        matrix = args[0]
        if matrix.kind == NUMBER:
            self.penalty += 2
            return matrix
        if matrix.kind != MATRIX or not self.equations.equate(*matrix.shape):
            raise ShapeError(
                f"{self.quoted(span)} needs a square matrix.\n{self.is_what(matrix)}.", span=matrix.node.span
            )
        return matrix

    def vector(self, name: str, value: Value) -> Value:
        """An argument as a column."""
        if value.kind == ROW:
            return self.transposed(value)
        if value.kind != COLUMN:
            raise ShapeError(f"{name} needs a column.\n{self.is_what(value)}.", span=value.node.span)
        return value

    # Reductions

    def reduced(self, name: str, args: list[Value], settings: Settings, span: Span) -> Value:
        """sum, mean, ...: of all entries, or along one axis of a matrix, which leaves a column."""
        self.want(name, args, 1, span)
        value, axis = args[0], settings.get("axis")
        if value.kind == TENSOR:
            raise self.too_many_axes(value)
        if value.kind == NUMBER:
            self.penalty += 2
        if axis is None or value.kind != MATRIX:
            if axis not in (None, 0, 1, -1):
                raise ShapeError(f"{self.said(value)} has no axis {axis}.", span=span)
            return self.call(name, [value], SCALAR, span)
        if axis not in (0, 1, -1, -2):
            raise ShapeError(f"{self.said(value)} has no axis {axis}.", span=span)
        axis = int(str(axis)) % 2
        result = self.call(name, [value], (value.shape[1 - axis], 1), span, (("axis", axis),))
        if settings.get("keepdims"):
            result = self.made("transpose", span, (result,), result.shape[::-1]) if axis == 0 else result
            result.kept = True
        return result

    def norm(self, value: Value, which: str, span: Span) -> Value:
        """‖a‖ with what stands below."""
        which = which.replace("\\", "").strip()
        if value.kind == TENSOR:
            raise self.too_many_axes(value)
        if value.kind == NUMBER:
            self.penalty += 1
            return self.call("abs", [value], SCALAR, span)
        if value.kind == MATRIX:
            if which in ("", "F", "fro", "Fro", "f", "F,"):
                if not which:
                    self.note(f"{self.quoted(span)} is the Frobenius norm.")
                return self.made("norm", span, (value,), SCALAR, "F")
            if which == "1" and self.numpy:
                raise UnsupportedError("The 1-norm of a matrix is not read.", span=span)
            raise UnsupportedError(f"The norm ‖·‖_{which} of a matrix is not read; ‖·‖_F is.", span=span)
        if which in ("", "2", "1", "F"):
            return self.made("norm", span, (value,), SCALAR, "1" if which == "1" else "2")
        absolute = self.call("abs", [value], value.shape, span)
        if which in ("∞", "infty", "inf"):
            return self.call("max", [absolute], SCALAR, span)
        if which.isdecimal() and which != "0":
            order = Value(Written("number", (), which, SCALAR, span))
            one = Value(Written("number", (), "1", SCALAR, span))
            total = self.call("sum", [self.raised(absolute, order, "**", span)], SCALAR, span)
            return self.raised(total, self.divided(one, order, span), "^", span)
        raise UnsupportedError(f"The norm ‖·‖_{which} is not read.", span=span)

    def norm_call(self, args: list[Value], settings: Settings, span: Span) -> Value:
        """norm(x), norm(x, 1), norm(x, ord=1)."""
        which = settings.get("which", settings.get("ord", ""))
        if len(args) == 2 and args[1].node.op == "number":
            which = args.pop().node.value
        self.want("norm", args, 1, span)
        return self.norm(args[0], str(which or ""), span)

    def larger(self, name: str, args: list[Value], settings: Settings, span: Span) -> Value:
        """max and min: of the entries of one argument, or entry by entry of several."""
        if len(args) == 1:
            return self.reduced(name, args, settings, span)
        result = args[0]
        for other in args[1:]:
            result = self.paired("maximum" if name in ("max", "maximum") else "minimum", result, other, span)
        return result

    def paired(self, name: str, a: Value, b: Value, span: Span) -> Value:
        """A function of two arguments of one shape, or of a number and anything."""
        if NUMBER in (a.kind, b.kind):
            return self.call(name, [a, b], (b if a.kind == NUMBER else a).shape, span)
        pair = self.aligned(a, b)
        if pair is None:
            raise self.unequal(a, b, span)
        return self.call(name, list(pair), pair[0].shape, span)

    def softmax(self, name: str, args: list[Value], settings: Settings, span: Span) -> Value:
        """Along a column or row, or along every row of a matrix."""
        self.want(name, args, 1, span)
        value, axis = args[0], settings.get("axis")
        if value.kind == NUMBER:
            raise ShapeError(f"{name} needs a column or a matrix.\n{self.is_what(value)}.", span=value.node.span)
        if axis not in (None, 0, 1, -1, -2):
            raise ShapeError(f"{self.said(value)} has no axis {axis}.", span=span)
        columns = value.kind == MATRIX and axis in (0, -2)
        extra: list[tuple[str, object]] = [("axis", 0)] if columns else []
        if settings.get("prime"):
            extra.append(("prime", settings["prime"]))
        return self.call(name, [value], value.shape, span, tuple(extra))

    # Matrices

    def diag(self, args: list[Value], span: Span) -> Value:
        """diag of a column is a matrix, of a square matrix its diagonal."""
        self.want("diag", args, 1, span)
        value = args[0]
        if value.kind in (COLUMN, ROW):
            size = max_size(value)
            return self.made("call", span, (value,), (size, size), "diag")
        if value.kind == MATRIX and self.equations.equate(*value.shape):
            self.note(f"{self.quoted(span)} is the diagonal of {self.said(value)}, as a column.")
            return self.made("call", span, (value,), (value.shape[0], 1), "diagonal")
        raise ShapeError(
            f"{self.quoted(span)} needs a column or a square matrix.\n{self.is_what(value)}.", span=value.node.span
        )

    def power_of(self, args: list[Value], span: Span) -> Value:
        """matrix_power(A, k)."""
        self.want("matrix_power", args, 2, span)
        self.square("matrix_power", args[:1], span)
        if args[1].kind != NUMBER:
            raise ShapeError(
                f"{self.quoted(span)} needs a number as exponent.\n{self.is_what(args[1])}.", span=args[1].node.span
            )
        return self.made("matrixpower", span, (args[0], args[1]), args[0].shape)

    def roll(self, args: list[Value], settings: Settings, span: Span) -> Value:
        """roll(x, k): the entries moved by k places; of a matrix, its rows."""
        self.want("roll", args, 2, span)
        node, sign = args[1].node, 1
        if node.op == "neg":
            node, sign = node.args[0], -1
        if node.op != "number" or not str(node.value).isdecimal():
            raise NotationError("roll needs a whole number of places.", span=args[1].node.span)
        moved = self.along_rows("roll", args[0], settings, span)
        return self.call("roll", [moved], moved.shape, span, (("shift", sign * int(str(node.value))),))

    def cumsum(self, args: list[Value], settings: Settings, span: Span) -> Value:
        """cumsum(x): the running sums of the entries; of a matrix, down its columns."""
        self.want("cumsum", args, 1, span)
        value = self.along_rows("cumsum", args[0], settings, span)
        return self.call("cumsum", [value], value.shape, span)

    def along_rows(self, name: str, value: Value, settings: Settings, span: Span) -> Value:
        """An argument that is taken from its first entry or row to its last."""
        if value.kind not in (COLUMN, ROW, MATRIX):
            return self.vector(name, value)
        if value.kind == MATRIX and settings.get("axis", 0) not in (0, None):
            raise UnsupportedError(f"{name} is read along axis 0 only.", span=span)
        return self.vector(name, value) if value.kind == ROW else value

    def einsum(self, args: list[Value], settings: Settings, span: Span) -> Value:
        """NumPy's index notation."""
        spec = str(settings.get("spec", "")).replace(" ", "")
        given, arrow, out = spec.partition("->")
        places = given.split(",")
        letters = "".join(places)
        if not spec or not arrow or (not (letters + out).isalpha() and letters + out):
            raise NotationError("einsum needs a text such as 'ij,jk->ik'.", span=span)
        if len(places) != len(args):
            raise NotationError(f"einsum('{spec}') takes {len(places)} operands, not {len(args)}.", span=span)
        sizes: dict[str, AnySize] = {}
        for place, value in zip(places, args, strict=True):
            axes = [s for s in value.shape if settled(s) != 1] if len(value.shape) == 2 else list(value.shape)
            if len(axes) != len(place):
                raise ShapeError(
                    f"einsum takes {self.said(value)} with the axes “{place}”, but it has {len(axes)}.\n"
                    f"{self.is_what(value)}.",
                    span=value.node.span,
                )
            for letter, size in zip(place, axes, strict=True):
                if not self.equations.equate(sizes.setdefault(letter, size), size):
                    raise ShapeError(
                        f"einsum gives “{letter}” two sizes: {self.size(sizes[letter])} and {self.size(size)}.",
                        span=value.node.span,
                    )
        if len(set(out)) != len(out) or not set(out) <= sizes.keys():
            raise NotationError(f"einsum('{spec}') names an axis that no operand has.", span=span)
        shape = tuple(sizes[letter] for letter in out)
        padded = (*shape, 1, 1)[:2] if len(shape) < 2 else shape
        return self.made("call", span, tuple(args), padded, ("einsum", ("spec", spec)))

    def stacked(self, args: list[Value], settings: Settings, span: Span) -> Value:
        """stack([a, b]): columns as the rows of a matrix (with axis=1 as its columns)."""
        if all(a.kind == NUMBER for a in args):
            return self.explicit(args, (len(args), 1), span)
        vectors = [self.vector("stack", a) for a in args]
        for other in vectors[1:]:
            if not self.same(vectors[0], other):
                raise self.unequal(vectors[0], other, span)
        length = vectors[0].shape[0]
        if settings.get("axis") in (1, -1):
            return self.made("stack", span, tuple(vectors), (length, len(args)), "columns")
        return self.made("stack", span, tuple(vectors), (len(args), length), "rows")

    def joined(self, args: list[Value], axis: int, span: Span) -> Value:
        """concatenate([a, b]): one below the other, or with axis=1 side by side."""
        if all(a.kind == NUMBER for a in args):
            return self.explicit(args, (len(args), 1) if axis == 0 else (1, len(args)), span)
        across = args[0].shape[1 - axis]
        for other in args[1:]:
            if len(other.shape) != 2 or not self.equations.equate(across, other.shape[1 - axis]):
                raise self.unequal(args[0], other, span, self.quoted(span))
        along = combined("plus", (a.shape[axis] for a in args))
        shape = (along, across) if axis == 0 else (across, along)
        if axis == 0 and all(a.kind == ROW for a in args):
            return self.made("stack", span, tuple(args), (len(args), across), "rows")
        if axis == 1 and all(a.kind == COLUMN for a in args):
            return self.made("stack", span, tuple(args), (across, len(args)), "columns")
        word = "vector" if all(a.kind == COLUMN for a in args) else ("rows", "columns")[axis]
        return self.made("stack", span, tuple(args), shape, word)

    def explicit(self, args: list[Value], shape: tuple[int, int], span: Span) -> Value:
        """A matrix of numbers, or of blocks."""
        if all(a.kind == NUMBER for a in args):
            return self.made("matrix", span, tuple(args), shape, shape)
        rows, columns = shape
        lines = [
            self.joined(args[r * columns : (r + 1) * columns], 1, span) if columns > 1 else args[r] for r in range(rows)
        ]
        return self.joined(lines, 0, span) if rows > 1 else lines[0]


def _reduction(name: str) -> Rule:
    return lambda self, args, settings, span: self.reduced(name, args, settings, span)


def _of_square(name: str) -> Rule:
    def rule(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
        return self.call(name, [self.square(name, args, span)], SCALAR, span)

    return rule


def _binary(sign: str) -> Rule:
    def rule(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
        self.want(
            {"@": "matmul", "⊗": "kron", "⊙": "multiply", "/": "divide", "+": "add", "-": "subtract"}[sign],
            args,
            2,
            span,
        )
        if sign in "+-":
            return self.added(sign, args[0], args[1], span)
        if sign == "/":
            return self.divided(args[0], args[1], span, entrywise=True)
        return self.times(sign, args[0], args[1], span)

    return rule


def _dot(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("dot", args, 2, span)
    return self.times("·" if args[0].kind == args[1].kind == COLUMN else "@", args[0], args[1], span)


def _outer(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("outer", args, 2, span)
    left, right = (self.vector("outer", a) for a in args)
    return self.matrix_product(left, self.transposed(right), span)


def _power(sign: str) -> Rule:
    def rule(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
        if sign == "2":
            self.want("square", args, 1, span)
            args = [*args, Value(Written("number", (), "2", SCALAR, span))]
        self.want("power", args, 2, span)
        return self.raised(args[0], args[1], "**", span)

    return rule


def _transpose(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("transpose", args, 1, span)
    return self.made("transpose", span, (args[0],), args[0].shape[::-1])


def _inverse(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    matrix = self.square("inv", args, span)
    return self.made("inverse", span, (matrix,), matrix.shape)


def _solve(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("solve", args, 2, span)
    matrix = self.square("solve", args[:1], span)
    inverse = self.made("inverse", matrix.node.span, (matrix,), matrix.shape)
    return self.matrix_product(inverse, args[1], span)


def _vec(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("vec", args, 1, span)
    return self.call("vec", args, (combined("times", args[0].shape), 1), span)


def _pinv(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("pinv", args, 1, span)
    if args[0].kind != MATRIX:
        raise UnsupportedError("The pseudo-inverse of a matrix is read, no other.", span=span)
    return self.call("pinv", args, args[0].shape[::-1], span)


def _like(op: str) -> Rule:
    def rule(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
        self.want(f"{op}_like", args, 1, span)
        return self.made(op, span, (), args[0].shape)

    return rule


def _length(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    self.want("len", args, 1, span)
    return Value(Written("size", (), args[0].shape[0], SCALAR, span))


def _floor(self: Applications, args: list[Value], settings: Settings, span: Span) -> Value:
    raise UnsupportedError("floor is not read.", span=span)


_RULES: dict[str, Rule] = {
    **{name: _reduction(name) for name in ("sum", "mean", "prod", "logsumexp")},
    **{name: _of_square(name) for name in ("trace", "det", "logdet")},
    "max": lambda self, args, settings, span: self.larger("max", args, settings, span),
    "min": lambda self, args, settings, span: self.larger("min", args, settings, span),
    "maximum": lambda self, args, settings, span: self.larger("maximum", args, settings, span),
    "minimum": lambda self, args, settings, span: self.larger("minimum", args, settings, span),
    "softmax": lambda self, args, settings, span: self.softmax("softmax", args, settings, span),
    "log_softmax": lambda self, args, settings, span: self.softmax("log_softmax", args, settings, span),
    "diag": lambda self, args, settings, span: self.diag(args, span),
    "diagonal": lambda self, args, settings, span: self.diag([self.square("diagonal", args, span)], span),
    "cumsum": lambda self, args, settings, span: self.cumsum(args, settings, span),
    "norm": lambda self, args, settings, span: self.norm_call(args, settings, span),
    "vstack": lambda self, args, settings, span: self.stacked(args, {}, span)
    if all(a.kind in (COLUMN, ROW) for a in args) else self.joined(args, 0, span),
    "column_stack": lambda self, args, settings, span: self.stacked(args, {"axis": 1}, span),
    "hstack": lambda self, args, settings, span: self.joined(args, int(any(a.kind == MATRIX for a in args)), span),
    "roll": lambda self, args, settings, span: self.roll(args, settings, span),
    "einsum": lambda self, args, settings, span: self.einsum(args, settings, span),
    "stack": lambda self, args, settings, span: self.stacked(args, settings, span),
    "concatenate": lambda self, args, settings, span: self.joined(args, int(settings.get("axis") in (1, -1)), span),
    "matrix_power": lambda self, args, settings, span: self.power_of(args, span),
    "expm": lambda self, args, settings, span:
        self.call("expm", [self.square("expm", args, span)], args[0].shape, span),
    "kron": _binary("⊗"),
    "outer": _outer, "inv": _inverse, "pinv": _pinv, "solve": _solve, "vec": _vec, "transpose": _transpose,
    "len": _length,
    "dot": _dot, "inner": _dot, "vdot": _dot, "matmul": _binary("@"), "multiply": _binary("⊙"),
    "hadamard": _binary("⊙"), "divide": _binary("/"), "add": _binary("+"), "subtract": _binary("-"),
    "power": _power("**"),
    "square": _power("2"), "ones_like": _like("ones"), "zeros_like": _like("zeros"), "floor": _floor,
    "negative": lambda self, args, settings, span: self.made("neg", span, (args[0],), args[0].shape),
    "reciprocal": lambda self, args, settings, span: self.divided(
        Value(Written("number", (), "1", SCALAR, span)), args[0], span, entrywise=True),
}  # fmt: skip
