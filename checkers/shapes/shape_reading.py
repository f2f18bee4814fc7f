"""Reading a text as a shape: `(n, d)`, `n × d`, ℝⁿˣᵈ, `torch.Size([n, d])`, "a row vector of length d".

`read_shape` is the only way in. Words may stand around a shape, never within; where several are written (`X.shape = (n, d)`,
"d × 1, i.e. a column of length d"), all have to be the same, but for what "so" concludes from. What is not
understood is an error with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...derivations.errors import HwcheckError, InputError, LimitError, NotationError, Span
from .shape_axes import MOST_DIGITS, Axis, divided, named, negated, number, plus, power, product, times
from .shape_tokens import CONCLUDING, EQUALS, KINDS, Token, check_turning, tokens_of

MOST_AXES = 12
MOST_DEPTH = 12
MOST_SHOWN = 160

# What was written: a number; a length alone; an array with one axis, (d,); a vector, ℝᵈ; all axes.
Form = Literal["number", "length", "array", "vector", "axes"]


@dataclass(frozen=True, slots=True)
class ReadShape:
    """A shape as it was read, with its place in the text.

    A vector in ℝᵈ has the axes d and 1. A length has one axis of which nobody said whether it is a row or a column.
    """

    axes: tuple[Axis, ...]
    form: Form
    span: Span

    @property
    def is_number(self) -> bool:
        """Whether it is the shape of a number: (), 1, or 1 × 1."""
        return self.form == "number" or (self.form != "array" and len(self.axes) < 3 and all(a.constant == 1 for a in self.axes))

    @property
    def has_one_axis(self) -> bool:
        """Whether only one axis was written: d, or (d,)."""
        return self.form in ("length", "array")

    @property
    def text(self) -> str:
        """The shape in plain text: n × d.

        >>> read_shape("[n,d]").text, read_shape("(d,)").text, read_shape("scalar").text
        ('n × d', '(d,)', 'a number')
        """
        return self._shown([a.spelling.within(1 if len(self.axes) > 1 else 0).text for a in self.axes], " × ", "a number")

    @property
    def latex(self) -> str:
        """The shape in LaTeX: n \\times d."""
        shown = [a.spelling.within(1 if len(self.axes) > 1 else 0).latex for a in self.axes]
        return self._shown(shown, r" \times ", r"\text{a number}")

    def _shown(self, axes: Sequence[str], sign: str, alone: str) -> str:
        shown = f"({axes[0]},)" if self.form == "array" else sign.join(axes) or alone
        return shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"

    def same_as(self, other: ReadShape) -> bool:
        """Whether two shapes are the same. A vector is a column; a length and an array with one axis are the same.

        >>> read_shape("n × (1*d)").same_as(read_shape(r"\\mathbb{R}^{n \\times d}"))
        True
        """
        if self.is_number or other.is_number:
            return self.is_number and other.is_number
        return len(self.axes) == len(other.axes) and all(a.same_as(b) for a, b in zip(self.axes, other.axes, strict=True))


def read_shape(text: str, known: frozenset[str] = frozenset()) -> ReadShape:
    """Read a shape, where `known` are names of sizes: what may be a product of letters is looked up there.

    Raises InputError with the place of what is not understood.

    >>> read_shape("has shape (n, 2d)").latex
    'n \\\\times 2 d'
    """
    try:
        return _read(tokens_of(text, known), len(text))
    except HwcheckError as error:
        if error.span is None:
            error.span = (0, len(text))
        raise error.within(text) from None


def _read(tokens: list[Token], end: int) -> ReadShape:
    parts, joints = _parts(tokens)
    last = _Part(parts[-1], end).read()
    concluded = max((i for i, joint in enumerate(joints) if joint.value in CONCLUDING), default=-1)
    for place, (part, joint) in enumerate(zip(parts[:-1], joints, strict=True)):
        check_turning(part)
        if place <= concluded:
            continue  # what "so" concludes from is another shape: w is d × 1, so the Jacobian is 1 × d
        try:
            other = _Part(part, part[-1].end).read()
        except InputError:
            if joint.value == "or":
                raise
            continue  # the left side of an equality: J, ∂L/∂W, a product of shapes
        if (other.form != "length" or joint.value == "or") and not other.same_as(last):
            raise NotationError(
                f"Two different shapes are written here, {other.text} and {last.text}; one is expected.", span=(other.span[0], last.span[1])
            )
    return last


def _parts(tokens: list[Token]) -> tuple[list[list[Token]], list[Token]]:
    """The text cut at its equalities, outside of brackets; parts of words alone go with what follows them."""
    parts: list[list[Token]] = [[]]
    joints: list[Token] = []
    depth = 0
    for token in tokens:
        depth += (token.value in ("(", "[", "{")) - (token.value in (")", "]", "}"))
        joins = (token.kind == "sign" and token.value in ("=", ":", "∈")) or (token.kind == "word" and token.value in EQUALS)
        if not joins or depth:
            parts[-1].append(token)
        elif any(t.kind != "word" and t.value not in (",", ".", "-") for t in parts[-1]):
            parts.append([])
            joints.append(token)
    if joints and not any(t.kind != "word" and t.value not in (",", ".") for t in parts[-1]) and not _kinds(parts[-1]):
        parts[-2].extend(parts.pop())  # nothing but words behind the last one
        joints.pop()
    return parts, joints


def _kinds(tokens: Sequence[Token]) -> set[str]:
    return {KINDS[t.value] for t in tokens if t.kind == "word" and t.value in KINDS}


class _Part:
    """One stretch of a text: words, a shape, words."""

    def __init__(self, tokens: list[Token], end: int):
        self.tokens = list(tokens)
        self.end = end
        self.kinds: set[str] = set()

    def read(self) -> ReadShape:
        if not self.tokens:
            raise _expected((0, self.end))
        span = (self.tokens[0].start, self.tokens[-1].end)
        words = [t.value for t in self.tokens if t.kind == "word"]
        check_turning([t for t in self.tokens if t.kind == "word"])
        if counted := self.rows_and_columns():
            return counted
        self.trim()
        if self.tokens:
            span = (self.tokens[0].start, self.tokens[-1].end)
            shape = _Parser(self.tokens, self.end).shape()
        elif self.names_a_number(words):
            shape = ReadShape((), "number", span)
        else:
            raise _expected(span)
        return self.as_said(replace(shape, span=span))

    def names_a_number(self, words: Sequence[str]) -> bool:
        """Whether words alone say that it is a number: "a real number", not "the number of rows"."""
        return self.kinds == {"scalar"} and all(word in _NUMBER_WORDS for word in words)

    def trim(self) -> None:
        """Take away the words at both ends, with the signs beside them, and a remark in parentheses."""
        tokens = self.tokens
        front = 0
        while front < len(tokens) and (
            tokens[front].kind == "word" or _is_stop(tokens, front) or (front and _is_hyphen(tokens, front))
        ):
            front += 1
        self.kinds = _kinds(tokens[:front])
        back = len(tokens)
        while back > front:
            last = tokens[back - 1]
            hangs = back < len(tokens) and (_is_stop(tokens, back - 1) or _is_hyphen(tokens, back - 1))
            if last.kind == "word" or hangs or (last.value == "." and back == len(tokens)):
                start = back - 1
            elif (opening := _remark(tokens, front, back)) is not None:
                start = opening
            else:
                break
            taken = tokens[start:back]
            if not any(t.value == "×" for t in taken):  # (rows × columns) says which axis is which
                self.kinds |= _kinds(taken)
            back = start
        self.tokens = tokens[front:back]

    def rows_and_columns(self) -> ReadShape | None:
        """`n rows and d columns`, in either order."""
        counted = [i for i, t in enumerate(self.tokens) if t.kind == "word" and t.value in _COUNTED]
        words = [i for i in counted if i and _is_size_end(self.tokens[i - 1])]
        if len(words) != 2 or {"vector", "(", "["} & {t.value for t in self.tokens}:
            return None
        first, second = words
        found = []
        for start, stop in ((0, first), (first + 1, second)):
            stretch = self.tokens[start:stop]
            while stretch and (stretch[0].kind == "word" or stretch[0].value in (",", "×")):
                stretch = stretch[1:]
            found.append(_Parser(stretch, self.tokens[stop].start).axis())
        if any(t.kind != "word" and t.value != "." for t in self.tokens[second + 1 :]):
            return None
        names = [_COUNTED[self.tokens[i].value] for i in words]
        if set(names) != {"row", "column"}:
            return None
        axes = tuple(found) if names[0] == "row" else tuple(reversed(found))
        return ReadShape(axes, "axes", (self.tokens[0].start, self.tokens[second].end))

    def as_said(self, shape: ReadShape) -> ReadShape:
        """The shape, with what the words beside it say: a row, a column, a number."""
        kinds = self.kinds
        if "scalar" in kinds and not shape.is_number:
            raise _contradiction("A number has no axes", shape)
        if {"row", "column"} <= kinds:
            raise _contradiction("Both a row and a column are named", shape)
        if shape.form == "number" or not kinds & {"row", "column", "vector", "array"}:
            return shape
        if shape.form == "array" and kinds & {"row", "column"}:
            raise _contradiction("A row or a column has two axes", shape)
        if shape.form in ("length", "vector"):
            return self.of_length(shape)
        ones = [a.constant == 1 for a in shape.axes]
        if len(ones) == 2 and "row" in kinds and not ones[0]:
            raise _contradiction("A row has 1 as its first axis", shape)
        if len(ones) == 2 and "column" in kinds and not ones[1]:
            raise _contradiction("A column has 1 as its second axis", shape)
        return shape

    def of_length(self, shape: ReadShape) -> ReadShape:
        """A row, a column, a vector or an array of this length."""
        length = shape.axes[0]
        one = number(1, length.span)
        if "row" in self.kinds:
            return ReadShape((one, length), "axes", shape.span)
        if "column" in self.kinds:
            return ReadShape((length, one), "axes", shape.span)
        if "array" in self.kinds and shape.form == "length":
            return ReadShape((length,), "array", shape.span)
        return ReadShape((length, one), "vector", shape.span)


_NUMBER_WORDS = frozenset(
    "scalar number the an it its this that is just simply real single valued value one result output answer shape of with has "
    "function loss we get as here final tuple".split()
)
_COUNTED = {"row": "row", "rows": "row", "column": "column", "columns": "column", "cols": "column", "col": "column"}


def _is_size_end(token: Token) -> bool:
    return token.kind in ("number", "name") or token.value in (")", "}")


def _is_stop(tokens: Sequence[Token], place: int) -> bool:
    """Whether a comma or a full stop of the sentence stands here; not the dot of X.shape."""
    return tokens[place].value == "," or (tokens[place].value == "." and (place + 1 == len(tokens) or tokens[place + 1].gap))


def _is_hyphen(tokens: Sequence[Token], place: int) -> bool:
    """Whether a minus hangs on a word: the one of length-d, of d-dimensional."""
    if tokens[place].value != "-" or not 0 < place < len(tokens) - 1:
        return False
    return "word" in (tokens[place - 1].kind, tokens[place + 1].kind) and not tokens[place].gap and not tokens[place + 1].gap


def _remark(tokens: Sequence[Token], front: int, back: int) -> int | None:
    """Where a remark in parentheses begins that ends the tokens: n × d (rows × columns). Something stands before it."""
    if tokens[back - 1].value != ")":
        return None
    opening = back - 2
    while opening > front and (tokens[opening].kind == "word" or tokens[opening].either or tokens[opening].value in ("×", ",", "-")):
        opening -= 1
    is_remark = opening > front and opening < back - 2 and tokens[opening].value == "(" and tokens[opening - 1].value != "×"
    return opening if is_remark else None


def _expected(span: Span) -> NotationError:
    return NotationError("A shape was expected here, such as n × d.", span=span)


def _contradiction(what: str, shape: ReadShape) -> NotationError:
    return NotationError(f"{what}, but {shape.text} is written; say which is meant.", span=shape.span)


@dataclass(frozen=True, slots=True)
class _Group:
    """Axes read so far: joined by commas or by ×, in brackets or not; `space` says that they stood above ℝ."""

    axes: tuple[Axis, ...]
    sign: Literal[",", "×", ""]
    span: Span
    bracketed: bool = False
    space: bool = False


_Node = Axis | _Group
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class _Parser:
    """A list of sizes by recursive descent: list, chain of ×, sum, product, power, atom."""

    def __init__(self, tokens: Sequence[Token], end: int):
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.end = end

    def shape(self) -> ReadShape:
        """All tokens as one shape."""
        if not self.tokens:
            raise _expected((0, self.end))
        node = self.listed(None)
        if self.place < len(self.tokens):
            raise self.unread()
        if isinstance(node, Axis):
            if stranger := next((t for t in self.tokens if t.run), None):
                raise _unknown(stranger)
            _check_size(node)
            return ReadShape((node,), "length", node.span)
        if len(node.axes) > MOST_AXES:
            raise LimitError(f"This shape has {len(node.axes)} axes; {MOST_AXES} are the most.", span=node.span)
        for axis in node.axes:
            _check_size(axis)
        if not node.axes:
            return ReadShape((), "number", node.span)
        if node.space and len(node.axes) == 1:
            return ReadShape((*node.axes, number(1, node.span)), "vector", node.span)
        return ReadShape(node.axes, "array" if len(node.axes) == 1 else "axes", node.span)

    def axis(self) -> Axis:
        """All tokens as one size."""
        shape = self.shape()
        if shape.form != "length":
            raise NotationError("One size was expected here.", span=shape.span)
        return shape.axes[0]

    def peek(self) -> str:
        token = self.token()
        return token.value if token and token.kind in ("sign", "odd") else ""

    def token(self) -> Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self) -> Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def unread(self) -> NotationError:
        """The error at the next token."""
        token = self.token()
        if token is None:
            last = self.tokens[-1].end if self.tokens else self.end
            return NotationError("A size was expected here.", span=(last, last + 1))
        if token.value in ("@", "(", "["):
            return NotationError("One shape was expected, that of the result.", span=token.span)
        if token.value == "*":
            return NotationError("A shape is not multiplied; write every axis, such as (n, d).", span=token.span)
        return NotationError(f"“{token.value}” cannot be read as part of a shape.", span=token.span)

    def listed(self, closing: str | None) -> _Node:
        """Sizes up to the closing bracket, or to the end."""
        start = self.place
        parts: list[_Node] = []
        comma = False
        while self.token() is not None and self.peek() != closing:
            parts.append(self.chain())
            if self.peek() != ",":
                break
            self.take()
            comma = True
        if len(parts) == 1 and (not comma or (closing is None and isinstance(parts[0], _Group))):
            return parts[0]
        axes = tuple(axis for part in parts for axis in self.listed_axes(part))
        last = max(start, self.place - 1)
        span = (self.tokens[start].start, self.tokens[last].end) if last < len(self.tokens) else (self.end, self.end)
        return _Group(axes, ",", span)

    def listed_axes(self, part: _Node) -> tuple[Axis, ...]:
        """The axes that one part of a list stands for: (2×n, d) has two, ((n, k), (k, d)) has four."""
        if isinstance(part, Axis):
            return (part,)
        if part.sign == "×" and not part.bracketed:
            if sum(a.constant is None for a in part.axes) > 1:
                raise NotationError("× and commas are mixed here: is this a product, or are these two axes?", span=part.span)
            return (product(part.axes),)
        if part.space:
            raise NotationError("A size was expected here, not a space.", span=part.span)
        return part.axes

    def chain(self) -> _Node:
        """Sums joined by ×."""
        parts = [self.sum()]
        while self.peek() == "×":
            self.take()
            parts.append(self.sum())
        if len(parts) == 1:
            return parts[0]
        span = (parts[0].span[0], parts[-1].span[1])
        if any(isinstance(p, _Group) and p.space for p in parts):
            raise NotationError("A product of spaces holds pairs; write one space, such as ℝ^(n×d).", span=span)
        return _Group(tuple(a for p in parts for a in ((p,) if isinstance(p, Axis) else p.axes)), "×", span)

    def sum(self) -> _Node:
        left = self.negative() if self.peek() == "-" else self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            right = self.product()
            if isinstance(left, _Group) and isinstance(right, _Group) and sign.value == "+":
                left = _Group(left.axes + right.axes, ",", (left.span[0], right.span[1]), True)  # (n,) + (d,)
            else:
                left = plus(self.size(left), self.size(right), 1 if sign.value == "+" else -1)
        return left

    def negative(self) -> Axis:
        """A size with a minus before it: -1+n."""
        sign = self.take()
        return negated(self.size(self.product()), sign.span)

    def product(self) -> _Node:
        left = self.power()
        while True:
            if self.peek() in ("*", "/", "//"):
                if isinstance(left, _Group):
                    raise self.unread()
                sign = self.take().value
                right = self.size(self.power())
                left = times(left, right) if sign == "*" else divided(left, right, sign == "//")
            elif self.is_juxtaposed():
                if isinstance(left, _Group):
                    raise self.unread()
                left = times(left, self.size(self.power()))
            else:
                return left

    def is_juxtaposed(self) -> bool:
        """Whether a factor follows without a sign: the d of 2d."""
        token = self.token()
        if token is None:
            return False
        before = self.tokens[self.place - 1]
        if token.kind == "name":
            if token.gap and (token.run or before.run):
                raise _unknown(token if token.run else before)
            return True
        return self.peek() in ("(", "frac", "⌊", "{")

    def power(self) -> _Node:
        base = self.atom()
        token = self.token()
        if token is None or not (token.kind == "raised" or self.peek() == "^"):
            return base
        return self.raised(self.size(base), self.take())

    def raised(self, base: Axis, sign: Token) -> Axis:
        """A size with an exponent, or a name with a layer: m^l, n^{[l]}."""
        if sign.kind == "raised":
            if sign.value.isdecimal():
                return power(base, int(sign.value[:MOST_DIGITS]), sign.span)
            return self.layered(base, sign.value.strip("()"), sign)
        braces = []
        while self.peek() in _CLOSING:
            braces.append(_CLOSING[self.take().value])
        start = self.place
        while self.token() is not None and (self.peek() != braces[-1] if braces else self.place == start):
            self.take()
        inner = self.tokens[start : self.place]
        for brace in reversed(braces):
            if self.peek() != brace:
                raise self.unread()
            self.take()
        if not inner:
            raise self.unread()
        if self.peek() == "^":
            raise LimitError("An exponent of an exponent is more than a size may have.", span=sign.span)
        if len(inner) == 1 and inner[0].kind == "number" and not {")", "]"} & set(braces):
            return power(base, int(inner[0].value[:MOST_DIGITS]), inner[0].span)
        return self.layered(base, "".join(t.value for t in inner), sign)

    def layered(self, base: Axis, layer: str, sign: Token) -> Axis:
        """A name with its layer: m^l and n^{[l]}."""
        plain = all(c.isalnum() or c in "+-" for c in layer) and layer not in ("T", "top")
        if not plain or len(base.names) != 1 or base.over != {(name := next(iter(base.names)),): 1} or "^" in name:
            raise NotationError("This exponent cannot be read as part of a size.", span=sign.span)
        return named(f"{name}^({layer})", (base.span[0], self.tokens[self.place - 1].end))

    def size(self, node: _Node) -> Axis:
        """A node that has to be one size."""
        if isinstance(node, _Group):
            if node.sign == "×" and not node.space and sum(a.constant is None for a in node.axes) < 2:
                return self.listed_axes(replace(node, bracketed=False))[0]
            raise NotationError("One size was expected here, not a list of them.", span=node.span)
        return node

    def atom(self) -> _Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise LimitError(f"More than {MOST_DEPTH} brackets stand in one another.", span=self.tokens[self.place - 1].span)
        node = self.opened()
        self.depth -= 1
        return node

    def opened(self) -> _Node:
        """A number, a name, or what a bracket or a command opens."""
        token = self.token()
        if token is None or token.kind in ("word", "odd", "raised"):
            raise self.unread()
        if token.kind == "number":
            return self.number()
        if token.kind == "name":
            self.take()
            return named(token.value, token.span)
        if token.value in _CLOSING:
            return self.group()
        if token.value == "frac":
            self.take()
            over = self.size(self.atom())
            return divided(over, self.size(self.atom())).at((token.start, self.tokens[self.place - 1].end))
        if token.value == "⌊":
            return self.floor()
        if token.value == "ℝ":
            return self.space()
        raise self.unread()

    def number(self) -> Axis:
        token = self.take()
        if len(token.value) > MOST_DIGITS:
            raise LimitError(f"A size has at most {MOST_DIGITS} digits.", span=token.span)
        if token.value[0] == "0" and len(token.value) > 1:
            raise NotationError("A size does not begin with 0.", span=token.span)
        return number(int(token.value), token.span)

    def group(self) -> _Node:
        """A bracket: one size to calculate with, or a list."""
        opening = self.take()
        node = self.listed(_CLOSING[opening.value])
        if self.peek() != _CLOSING[opening.value]:
            if self.token() is None:
                raise NotationError(f"This “{opening.value}” is not closed.", span=opening.span)
            raise self.unread()
        span = (opening.start, self.take().end)
        if isinstance(node, _Group):
            return replace(node, span=span, bracketed=node.bracketed or opening.value != "{")
        return _Group((node,), ",", span, True) if opening.value == "[" else node.at(span)

    def floor(self) -> Axis:
        """⌊d/H⌋ is d//H."""
        opening = self.take()
        inner = self.size(self.chain())
        if self.peek() != "⌊" and self.peek() != "⌋":
            raise self.unread()
        span = (opening.start, self.take().end)
        over, under = (Axis(p, {(): 1}, inner.spelling, span) for p in (inner.over, inner.under))
        whole = divided(over, under, True)
        return Axis(whole.over, whole.under, inner.spelling, span, under.constant != 1)

    def space(self) -> _Group:
        """ℝ with its exponent: ℝ^{n×d}, ℝ^d, ℝⁿˣᵈ, and ℝ alone, the numbers."""
        start = self.take()
        token = self.token()
        if token is not None and token.kind == "raised":
            self.take()
            node = _Parser([replace(t, start=token.start, end=token.end) for t in tokens_of(_spread(token.value))], token.end).listed(None)
        elif self.peek() == "^":
            self.take()
            bare = self.peek() not in _CLOSING
            node = self.chain() if bare else self.group()
        else:
            return _Group((), "×", start.span, True, True)
        axes = (node,) if isinstance(node, Axis) else node.axes
        return _Group(axes, "×", (start.start, self.tokens[self.place - 1].end), True, True)


def _spread(raised: str) -> str:
    """Raised characters with their x as a sign: nxd is n × d."""
    return raised.replace("x", "×")


def _unknown(token: Token) -> NotationError:
    run = token.run if len(token.run) <= 40 else f"{token.run[:39]}…"
    return NotationError(f"“{run}” is not understood here.", span=token.span)


def _check_size(axis: Axis) -> None:
    """Refuse sizes that are no positive whole numbers."""
    if not axis.names and (axis.constant or 0) < 1:
        raise NotationError("A size is a positive whole number, or a name such as n.", span=axis.span)


__all__ = ["Form", "ReadShape", "read_shape"]
