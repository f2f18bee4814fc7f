"""The grammar of operands: numbers, names and what letters stand for when nobody declared them.

Says which rule reads which token; knows how a name takes its subscripts and layers, not what the name's shape is.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import NotationError
from ..notation.names import Vocabulary, with_parts
from .blocks import COMPARISONS
from .raw import Raw, raw
from .signs import Signs
from .tokens import Token


class Operands(Signs):
    """The rules for single operands."""

    def __init__(self, text: str, tokens: list[Token], vocabulary: Vocabulary):
        super().__init__(text, tokens, vocabulary)
        self.sigma_is_name = vocabulary.find("sigma") is not None or self.has_bare_sigma()
        self.atoms: dict[str, Callable[[], Raw]] = {
            "number": self.number, "name": self.name, "function": self.call, "(": self.round, "[": self.square,
            "{": self.group, "\\{": self.braced, "one": self.ones, "zero": self.zeros, "fraction": self.vulgar,
            "frac": self.fraction, "sqrt": self.root, "bound": self.big_sign, "partial": self.differential,
            "nabla": self.gradient, "begin": self.environment, "⟨": self.inner_product,
            "|": self.barred, "||": self.barred, "‖": self.barred,
        }  # fmt: skip

    def atom(self) -> Raw:
        """One operand."""
        rule = self.atoms.get(self.kind)
        if rule is None:
            if self.kind == "word":
                raise self.stray_word()
            raise self.expected("a name, a number or a bracket")
        return rule()

    def stray_word(self) -> NotationError:
        token = self.ahead
        if hedge := self.hedge(token):
            return hedge
        if token.value == "inf":
            return NotationError("Infinity is no number to compute with.", span=token.span)
        return NotationError(f"The word “{self.words(token.span)}” has no meaning here.", span=token.span)

    def number(self) -> Raw:
        """Digits; a 1 with a size below or a condition behind it is a column of ones, or an indicator."""
        token = self.take()
        if token.value == "0" and self.kind in ("sub", "_") and not self.ahead.gap:
            return self.sized_zeros(token)
        if token.value == "1" and self.kind in ("sub", "_", "[", "{", "\\{") and not self.ahead.gap:
            special = self.one_with_more(token)
            if special is not None:
                return special
        return raw("number", token.span, (), token.value)

    def ones(self) -> Raw:
        """A bold 1: a column of ones, or an indicator."""
        token = self.take()
        special = self.one_with_more(token)
        return special if special is not None else raw("ones", token.span)

    def zeros(self) -> Raw:
        """A bold 0."""
        return self.sized_zeros(self.take())

    def sized_zeros(self, token: Token) -> Raw:
        """0, 0_n, 0_{n×d}."""
        size = (self.size_node(self.take()),) if self.kind == "sub" else self.sizes_below()
        return raw("zeros", self.since(token.start), size)

    def sizes_below(self) -> tuple[Raw, ...]:
        """The sizes of a subscript {n × d}, passed; none where another subscript stands."""
        if self.kind != "_":
            return ()
        inner = 2 + (self.later(2).kind == "(")
        names = self.later(inner), self.later(inner + 2)
        end = inner + 3 + (inner == 3)
        fits = self.later(1).kind == "{" and self.later(inner + 1).kind == "×" and self.later(end).kind == "}"
        if not fits or any(t.kind not in ("name", "number") for t in names):
            return ()
        self.place += end + 1
        return tuple(map(self.size_node, names))

    def size_node(self, token: Token) -> Raw:
        return raw("number" if token.value.isdecimal() else "name", token.span, (), token.value)

    def one_with_more(self, token: Token) -> Raw | None:
        """1_n, 1_{z>0}, 1[i=j], 1{z>0}; None where a plain 1 is meant."""
        if self.kind == "sub":
            return raw("ones", (token.start, self.ahead.end), (self.size_node(self.take()),))
        if self.kind == "_":
            if sizes := self.sizes_below():
                return raw("ones", self.since(token.start), sizes)
            self.take()
            inner = self.group() if self.kind == "{" else self.atom()
            if inner.op != "indicator":
                raise NotationError("A condition such as z > 0 was expected below the 1.", span=inner.span)
            return raw("indicator", self.since(token.start), inner.args)
        if self.kind in ("[", "{", "\\{", "(") and self.holds_condition():
            closing = self.ahead
            inner = {"[": self.square, "(": self.round, "{": self.group, "\\{": self.braced}[closing.kind]()
            if inner.op == "indicator":
                return raw("indicator", self.since(token.start), inner.args)
            raise NotationError("A condition such as z > 0 was expected here.", span=inner.span)
        return None

    def holds_condition(self) -> bool:
        """Whether a comparison stands directly inside the bracket ahead."""
        depth = 0
        for token in self.tokens[self.place :]:
            if token.kind in ("(", "[", "{", "\\{"):
                depth += 1
            elif token.kind in (")", "]", "}", "\\}"):
                depth -= 1
                if depth == 0:
                    return False
            elif depth == 1 and token.kind in COMPARISONS:
                return True
        return False

    def braced(self) -> Raw:
        r"""\{...\} as a bracket."""
        opened = self.take()
        inside = self.hidden(opened)
        self.close(opened)
        return self.settled(inside, opened)

    def name(self) -> Raw:
        """A name; or what a letter stands for when nobody declared it: e, π, σ(…), I, d/dx, δ_ij."""
        token = self.take()
        key = token.value
        if self.kind == "sub" and (found := self.vocabulary.find(with_parts(key, self.ahead.value))):
            return raw("name", (token.start, self.take().end), (), found)
        found = self.vocabulary.find(key)
        if found is not None and not (key == "I" and self.kind in ("sub", "(")):
            return raw("name", token.span, (), found)
        bare = self.kind not in ("sub", "layer", "_")
        if key in ("e", "pi") and bare:
            return raw("constant", token.span, (), key)
        if key == "sigma" and not self.sigma_is_name and bare:
            return self.called(token, "sigmoid")
        if key == "d":
            self.place -= 1
            if self.is_quotient():
                return self.slashed_derivative()
            self.place += 1
        if key == "Sigma" and self.text[token.start] == "Σ" and self.is_sum_sign():
            return self.bound(token, "sum")
        if key == "Pi" and self.text[token.start] == "Π" and self.kind in ("sub", "_"):
            return self.bound(token, "prod")
        if key == "I" and found is None:
            return self.identity(token)
        node = raw("name", token.span, (), key)
        return self.unknown_function(node) or node

    def is_sum_sign(self) -> bool:
        """Whether an undeclared Σ sums: it has an index below, or an operand behind."""
        if self.kind in ("sub", "_"):
            return True
        return self.starts_operand() and self.ahead.gap > 0

    def has_bare_sigma(self) -> bool:
        """Whether σ stands somewhere without an argument; then it is a name everywhere: σ(1 − σ)."""
        return any(
            t.kind == "name" and t.value == "sigma" and not self.has_argument(i + 1) for i, t in enumerate(self.tokens)
        )

    def has_argument(self, place: int) -> bool:
        """Whether an argument follows at a place, behind primes; behind a power only one in brackets counts."""
        tokens = self.tokens
        while tokens[place].kind in ("'", '"'):
            place += 1
        if tokens[place].kind not in ("^", "sup"):
            return tokens[place].kind in ("(", "{", "\\{", "[", "name", "function", "frac", "number")
        if tokens[place].kind == "^":
            place += 1
            depth = 0
            while tokens[place].kind != "eof":
                depth += (tokens[place].kind == "{") - (tokens[place].kind == "}")
                if depth == 0:
                    break
                place += 1
        return tokens[min(place + 1, len(tokens) - 1)].kind in ("(", "\\{")

    def identity(self, token: Token) -> Raw:
        """I, I_d, I_{d×d}, I(n), or the indicator I(z > 0)."""
        if sizes := self.sizes_below():
            if sizes[0].value != sizes[1].value:
                raise NotationError("An identity matrix is square.", span=self.since(token.start))
            return raw("identity", self.since(token.start), sizes[:1])
        if self.kind == "sub":
            return raw("identity", (token.start, self.ahead.end), (self.size_node(self.take()),))
        if self.kind in ("(", "[", "\\{") and self.holds_condition():
            special = self.one_with_more(token)
            if special is not None:
                return special
        if (
            self.kind == "("
            and not self.ahead.gap
            and self.later(2).kind == ")"
            and self.later(1).kind in ("name", "number")
        ):
            self.take()
            size = self.take()
            self.take()
            return raw("identity", self.since(token.start), (self.size_node(size),))
        return raw("identity", token.span)

    def subscripted(self, base: Raw) -> Raw:
        """A subscript or a layer behind an operand: part of a name, or the entries of an expression."""
        token = self.take()
        if token.kind == "layer":
            return self.with_layer(base, token.value, token)
        text = token.value
        if token.kind == "_":
            text = self.plain_group() if self.kind == "{" or self.kind != "eof" else ""
            if not text:
                raise NotationError("A subscript was expected after “_”.", span=token.span)
        span = self.since(base.span[0])
        bracketed = self.tokens[self.place - 2].kind in (")", "]", "}") if token.kind == "sub" else False
        if base.op in ("subscript", "entries") and not bracketed:
            raise NotationError("Two subscripts follow each other.", span=token.span)
        if base.op == "name":
            if found := self.vocabulary.find(with_parts(str(base.value), text)):
                return raw("name", span, (), found)
            if base.value == "delta" and self.is_kronecker(text):
                indices = text.split(",") if "," in text else list(text)
                nodes = (raw("number" if i.isdecimal() else "index", token.span, (), i) for i in indices)
                return raw("delta", span, nodes)
            return raw("subscript", span, (base,), text)
        if base.op == "identity" and not base.args:
            return raw("entries", span, (base,), text)
        return raw("entries", span, (base,), text)

    def is_kronecker(self, text: str) -> bool:
        """Whether δ with this subscript is Kronecker's."""
        indices = text.split(",") if "," in text else list(text)
        return len(indices) == 2 and all(i.isdecimal() or (len(i) == 1 and i.isalpha()) for i in indices)

    def with_layer(self, base: Raw, layer: str, token: Token) -> Raw:
        """W^{(2)}, and W_{ij}^{(2)} as an entry of it."""
        span = (base.span[0], token.end)
        if base.op == "name":
            key = with_parts(str(base.value), "", layer)
            return raw("name", span, (), self.vocabulary.find(key) or key)
        if base.op == "subscript":
            inner, text = str(base.args[0].value), str(base.value)
            if found := self.vocabulary.find(with_parts(inner, text, layer)):
                return raw("name", span, (), found)
            key = with_parts(inner, "", layer)
            name = raw("name", base.args[0].span, (), self.vocabulary.find(key) or key)
            return raw("subscript", span, (name,), text)
        raise NotationError("A layer such as ^{(2)} belongs to a name.", span=token.span)
