"""The grammar: from tokens to a raw tree by precedence climbing, depth counted, everything consumed.

From loose to tight:

    x if c else y      conditions
    < <= = ...         comparisons, inside brackets only
    + -                sums, kept as one node `terms` however many there are
    - (in front)       -x^2 is -(x^2), -a b is -(a b)
    a b, * · @ / ⊙ ⊗   products, kept as one node `chain`; grouped in `products.py`: juxtaposition binds tighter than
    * · ⊙ ⊗,
                       and / takes one factor, so that 1/2 x is (1/2) x and y ⊙ X w is y ⊙ (X w)
    ^ ' _ .T [ ]       powers, transposes, subscripts
    brackets, calls

A raw tree decides no product and knows no shape. Its operations: number name constant ones zeros identity subscript
pick entries apply terms neg chain raise transpose bars norm rows dots blank compare indicator cases otherwise bound
listed derivative delta index extent.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..errors import NotationError, Span
from ..notation.names import Vocabulary
from .blocks import COMPARISONS, MOST_ROWS
from .lexer import tokenize
from .operands import Operands
from .raw import Raw, raw
from .tokens import LINE_BREAK, Token

_PRODUCTS = {
    "*": "*",
    "·": "·",
    "×": "×",
    "@": "@",
    "⊙": "⊙",
    "∘": "∘",
    "⊗": "⊗",
    "/": "/",
    "÷": "/",
    "⊘": "⊘",
    "⊛": "⊛",
}
_NUMERIC = frozenset(("number", "constant"))


class Parser(Operands):
    """The whole grammar."""

    def whole(self) -> Raw:
        """The tree of all tokens."""
        if self.kind == "eof":
            raise NotationError("Nothing was written here.", span=self.ahead.span)
        tree = self.expression()
        if self.kind != "eof":
            raise self.leftover()
        return tree

    def leftover(self) -> NotationError:
        """The error for a token at which a complete expression stops."""
        token = self.ahead
        if token.kind in (")", "]", "}", "\\}", "⟩"):
            return NotationError(f"This “{token.value or token.kind}” closes nothing.", span=token.span)
        if token.kind in COMPARISONS:
            if token.kind == "=":
                message = "One expression is read at a time; an equation is read only as “f(w) = …” or “y = …”."
            else:
                message = "A comparison has a value only inside brackets: (x > 0) is 1 or 0."
            return NotationError(message, span=token.span)
        if token.kind == ".":
            return NotationError("This point belongs to no number.", span=token.span)
        if token.kind == "!":
            return NotationError("Factorials are not read.", span=token.span)
        if token.kind in ("|", "||", "‖"):
            return NotationError("This bar is never closed.", span=token.span)
        if token.kind in (",", ";"):
            return NotationError(
                "One expression is read at a time; entries of a vector need brackets.", span=token.span
            )
        return self.expected("an operator or the end")

    # Sums and products

    def expression(self) -> Raw:
        """A whole expression, with a comparison or a condition where there is one."""
        self.enter()
        tree = self.terms()
        if self.kind in COMPARISONS and self.depth > 1:
            sign = self.take()
            right = self.terms()
            tree = raw("compare", self.since(tree.span[0]), (tree, right), sign.kind)
            if self.kind in COMPARISONS or (self.kind == "word" and self.ahead.value in ("and", "or")):
                raise NotationError("One comparison is read at a time.", span=self.ahead.span)
        if (
            self.kind == "word"
            and self.ahead.value == "if"
            and any(t.value == "else" for t in self.tokens[self.place :])
        ):
            tree = self.conditional(tree)
        self.leave()
        return tree

    def conditional(self, body: Raw) -> Raw:
        """x if c else y."""
        self.take()
        if self.kind == "word" and self.ahead.value in ("True", "False"):
            always = self.take().value == "True"
            condition = None
        else:
            start = self.place
            left = self.terms()
            if self.kind not in COMPARISONS:
                self.place = start
                raise self.expected("a condition such as x > 0")
            sign = self.take()
            right = self.terms()
            condition = raw("compare", (left.span[0], right.span[1]), (left, right), sign.kind)
            always = False
        if not (self.kind == "word" and self.ahead.value == "else"):
            raise self.expected("“else”")
        self.take()
        other = self.expression()
        if condition is None:
            return body if always else other
        return raw("cases", (body.span[0], other.span[1]), (body, condition, other), True)

    def terms(self) -> Raw:
        """A sum of products."""
        while self.kind == "+":
            self.take()
        first = self.signed_product()
        if self.kind not in ("+", "-"):
            return first
        args, signs = [first], []
        while self.kind in ("+", "-"):
            signs.append(self.take().kind)
            args.append(self.signed_product())
        return raw("terms", (first.span[0], args[-1].span[1]), args, tuple(signs))

    def signed_product(self) -> Raw:
        """A product with any minus signs in front."""
        starts: list[int] = []
        while self.kind in ("-", "+"):
            token = self.take()
            if token.kind == "-":
                starts.append(token.start)
        if not starts:
            return self.product()
        if len(starts) > 8:
            raise NotationError("There are more than 8 minus signs in a row.", span=(starts[0], starts[-1] + 1))
        node = self.product()
        for start in reversed(starts):
            node = raw("neg", (start, node.span[1]), (node,))
        return node

    def product(self) -> Raw:
        """Factors with their operators; "" where they only stand side by side."""
        first = self.factor()
        args, signs = [first], []
        while True:
            kind = self.kind
            sign = _PRODUCTS.get(kind)
            if sign is not None:
                self.take()
                signs.append(sign)
                args.append(self.signed_factor())
            elif kind == "number" and args[-1].op == "number" and (not signs or True):
                if self.tokens[self.place - 1].kind == "number":
                    raise NotationError(
                        "An operator is missing between two numbers.", span=(args[-1].span[0], self.ahead.end)
                    )
                break
            elif self.starts_operand():
                if self.ahead.gap == LINE_BREAK and self.depth == 1 and "\\" not in self.text:
                    raise NotationError("A line ends inside the expression.", span=(args[-1].span[1], self.ahead.start))
                signs.append("")
                args.append(self.factor())
            else:
                break
        if not signs:
            return first
        return raw("chain", (first.span[0], self.tokens[self.place - 1].end), args, tuple(signs))

    def signed_factor(self) -> Raw:
        """A factor behind an operator, where a sign may stand before it: 2*-x."""
        if self.kind not in ("-", "+"):
            return self.factor()
        token = self.take()
        self.enter()
        inner = self.signed_factor()
        self.leave()
        return inner if token.kind == "+" else raw("neg", (token.start, inner.span[1]), (inner,))

    # Powers, subscripts and what else stands behind an operand

    def factor(self) -> Raw:
        """An operand and everything that is attached to it."""
        start = self.ahead.start
        node = self.atom()
        while True:
            kind = self.kind
            if kind == "^" or kind == "**":
                node = self.raised(node, start)
            elif kind == "sub" or kind == "layer" or kind == "_":
                node = self.subscripted(node)
            elif kind == "sup":
                node = self.superscript(node, start)
            elif kind == "'":
                node = self.primed(node, start)
            elif kind == "method":
                node = self.method(node)
            elif kind == "[" and not self.ahead.gap and node.op not in _NUMERIC and self.picks():
                node = self.picked(node)
            elif kind == "⊤":
                node = self.transposed(node, (start, self.take().end))
            elif kind == "%" and node.op == "number":
                hundred = raw("number", self.take().span, (), "100")
                node = raw("chain", (start, hundred.span[1]), (node, hundred), ("/",))
            elif kind == "!":
                raise self.leftover()
            elif kind == '"':
                raise NotationError("A quotation mark has no meaning here.", span=self.ahead.span)
            else:
                return node

    def primed(self, node: Raw, start: int) -> Raw:
        """x' is a transpose."""
        token = self.take()
        if node.op == "number":
            raise NotationError("A prime after a number has no meaning.", span=token.span)
        return raw("transpose", (start, token.end), (node,), "'")

    def raised(self, node: Raw, start: int) -> Raw:
        """A power, an inverse or a transpose."""
        sign = self.take()
        mark = self.transposition()
        if mark:
            return self.marked(node, mark, start)
        entrywise = self.entrywise_power()
        exponent = entrywise or self.exponent()
        if self.kind == "sub" and node.op in ("name", "norm") and (node.op == "name" or not node.value):
            node = self.subscripted(node) if node.op == "name" else replace(node, value=self.take().value)  # ‖w‖^2_2
        kind = "entry" if entrywise or (sign.kind == "^" and sign.value == ".^") else sign.kind
        return raw("raise", self.since(start), (node, exponent), kind)

    def marked(self, node: Raw, mark: str, start: int) -> Raw:
        """Aᵀ, A⁻ᵀ, A⁺."""
        span = self.since(start)
        if mark == "†":
            return raw("apply", span, (node,), ("pinv",))
        if mark == "-T":
            one = raw("number", span, (), "1")
            node = raw("raise", span, (node, raw("neg", span, (one,))), "^")
        if node.op == "number" and node.value == "1" and mark == "T":
            node = raw("ones", node.span)
        # u^T_k is (u_k)^T, but W^T_{ij} is an entry of W^T
        if node.op == "name" and self.kind == "sub" and len(self.ahead.value) == 1:
            node = self.subscripted(node)
            span = self.since(start)
        return self.transposed(node, span) if mark == "T" else raw("transpose", span, (node,))

    def transposed(self, node: Raw, span: Span) -> Raw:
        """Aᵀ; but (1, 2)ᵀ on its own is how a column is written on one line, since entries with commas have no direction."""
        alone = span[0] == self.tokens[0].start and self.kind == "eof"
        inside = self.text[slice(*node.span)][1:]
        listed = node.op == "rows" and node.value[1] == 1 < node.value[0] and not any(sign in inside for sign in (";", "[", "begin"))
        if not (alone and listed):
            return raw("transpose", span, (node,))
        self.note(f"{self.words(span)} is read as a column, as it is usually meant.")
        return node.at(span)

    def transposition(self) -> str:
        """T, ⊤, -T or † behind ^, passed; else nothing."""
        if self.is_mark(self.ahead):
            token = self.take()
            return "†" if token.kind == "†" else "T"
        if self.kind == "{":
            if self.is_mark(self.later(1)) and self.later(2).kind == "}":
                self.place += 3
                return "†" if self.later(-2).kind == "†" else "T"
            if self.later(1).kind == "-" and self.is_mark(self.later(2)) and self.later(3).kind == "}":
                self.place += 4
                return "-T"
            if (
                self.later(1).kind == "{"
                and self.is_mark(self.later(2))
                and self.later(3).kind == "}" == self.later(4).kind
            ):
                self.place += 5
                return "T"
        if self.kind == "-" and self.is_mark(self.later(1)):
            self.place += 2
            return "-T"
        return ""

    def is_mark(self, token: Token) -> bool:
        if token.kind in ("⊤", "†", "'"):
            return True
        return token.kind == "name" and token.value == "T" and self.vocabulary.transposes

    def entrywise_power(self) -> Raw | None:
        r"""^{\odot 2} or ^{\circ 2}."""
        if self.kind == "{" and self.later(1).kind in ("⊙", "∘") and self.later(3).kind == "}":
            self.place += 2
            node = self.atom()
            self.take()
            return node
        return None

    def exponent(self) -> Raw:
        """One operand behind ^, or a group; towers associate to the right."""
        if self.kind == "{":
            node = self.group()
        else:
            signs = []
            while self.kind in ("-", "+"):
                signs.append(self.take())
            if not (self.starts_operand() or self.kind in ("|", "||", "‖")) or len(signs) > 1:
                raise self.expected("an exponent")
            self.enter()
            node = self.call() if self.kind == "function" else self.atom()
            while self.kind in ("sub", "layer", "_") and node.op == "name" and "\\" not in self.text:
                node = self.subscripted(node)
            while self.kind == "method" or (self.kind == "[" and not self.ahead.gap and self.picks()):
                node = self.method(node) if self.kind == "method" else self.picked(node)
            if self.kind in ("^", "**") and not self.is_mark(self.later(1)):
                node = self.raised(node, node.span[0])
            elif self.kind == "sup" and self.ahead.value != "T":
                node = self.superscript(node, node.span[0])
            if signs and signs[0].kind == "-":
                node = raw("neg", (signs[0].start, node.span[1]), (node,))
            self.leave()
        return node

    def superscript(self, node: Raw, start: int) -> Raw:
        """², ⁻¹, ᵀ, ⁻ᵀ in superscript characters."""
        token = self.take()
        if token.value in ("T", "-T"):
            return self.marked(node, token.value, start)
        if token.value.endswith("T") and token.value[:-1].lstrip("-").isdecimal():
            inner = raw("raise", (start, token.end), (node, self.digits_of(token, token.value[:-1])), "^")
            return raw("transpose", inner.span, (inner,))
        if token.value.startswith("(") and token.value.endswith(")") and node.op in ("name", "subscript"):
            return self.with_layer(node, token.value, token)
        return raw("raise", (start, token.end), (node, self.superscript_digits(token)), "^")

    def superscript_digits(self, token: Token) -> Raw:
        """The exponent in superscript characters."""
        return self.digits_of(token, token.value)

    def digits_of(self, token: Token, text: str) -> Raw:
        digits = text.lstrip("-+")
        if digits.isdecimal():
            node = raw("number", token.span, (), digits)
        elif len(digits) == 1 and digits.isalpha():
            node = raw("name", token.span, (), self.vocabulary.find(digits) or digits)
        else:
            raise NotationError("This superscript cannot be read.", span=token.span)
        return raw("neg", token.span, (node,)) if text.startswith("-") else node


def parse(text: str, vocabulary: Vocabulary, start: int = 0, end: int | None = None) -> tuple[Raw, list[str]]:
    """The raw tree of a cleaned text between two places, and notes about readings taken.

    >>> parse("2wx", Vocabulary())[0].op
    'chain'
    """
    figures = _figures(text, start, len(text) if end is None else end)
    if figures is not None:
        return figures, []
    parser = Parser(text, tokenize(text, vocabulary, start, end), vocabulary)
    return parser.whole(), parser.notes


_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_GRID = re.compile(r"\s*-?\d+(?:\.\d+)?(?:[ \n]+-?\d+(?:\.\d+)?)+\s*")


def _figures(text: str, start: int, end: int) -> Raw | None:
    """A text of figures alone: 1,234.5, or a matrix as rows of numbers; None for everything else."""
    span = (start, end)
    if _THOUSANDS.fullmatch(text, start, end):
        return raw("number", span, (), text[start:end].replace(",", ""))
    if "\n" not in text[start:end] or not _GRID.fullmatch(text, start, end):
        return None
    rows = [line.split() for line in text[start:end].strip().split("\n")]
    if len(rows) > MOST_ROWS or len({len(row) for row in rows}) > 1:
        return None
    numbers = (raw("number", span, (), entry.lstrip("-")) for row in rows for entry in row)
    signed = (
        raw("neg", span, (n,)) if e[0] == "-" else n for n, e in zip(numbers, (e for r in rows for e in r), strict=True)
    )
    return raw("rows", span, signed, (len(rows), len(rows[0])))
