"""The grammar of signs with parts of their own: fractions, roots, sums over an index, derivatives.

Knows how their parts are delimited; what the parts mean is decided in `inference.py`.
"""

from __future__ import annotations

from ..errors import NameUnknownError, NotationError, Span, UnsupportedError
from ..notation.names import with_parts
from .calls import Calls
from .raw import Raw, raw
from .tokens import Token

# Names of losses and functions: undeclared, they stand for something that has to be defined before it is
# differentiated.
_PRIME = "'"
_FUNCTION_LETTERS = frozenset(("f", "g", "F", "G", "phi", "psi", "varphi", "f_1", "f_2"))


class Signs(Calls):
    """The rules for fractions, roots, sums and derivatives."""

    def argument(self) -> Raw:
        """What TeX takes as an argument: a group, or one character."""
        token = self.ahead
        if token.kind == "{":
            return self.group()
        if token.kind == "number" and len(token.value) > 1 and token.value.isdecimal():  # \frac12
            middle = token.start + 1
            self.tokens[self.place] = Token("number", token.value[1:], middle, token.end)
            return raw("number", (token.start, middle), (), token.value[0])
        if not self.starts_operand():
            raise self.expected("an argument in braces")
        return self.atom()

    def group(self) -> Raw:
        r"""{...}; where it is {∂a \over ∂b}, a derivative."""
        if self.is_differential(self.place + 1):
            over, end = self.place + 1, self.behind_bracket(self.place) - 1
            while over < end and self.kind_at(over) != "over":
                over = self.behind_bracket(over)
            if over < end and self.is_differential(over + 1):
                opened, closing, middle = self.ahead, self.tokens[end], self.tokens[over]
                below = self.tokens[over + 1 : end]
                frac = Token("frac", "frac", opened.start, opened.start, opened.gap)
                halves = [frac, opened, *self.tokens[self.place + 1 : over]]
                halves += [Token("}", "}", middle.start, middle.start), Token("{", "{", middle.end, middle.end), *below, closing]
                self.tokens[self.place : end + 1] = halves
                return self.fraction()
        return super().group()

    def fraction(self) -> Raw:
        """\\frac{a}{b}, or a derivative that is written as a fraction."""
        token = self.take()
        derivative = self.derivative_fraction(token)
        if derivative is not None:
            return derivative
        above = self.argument()
        below = self.argument()
        return raw("chain", self.since(token.start), (above, below), ("/",))

    def vulgar(self) -> Raw:
        """½ as one half."""
        token = self.take()
        above, below = (raw("number", token.span, (), digits) for digits in token.value.split("/"))
        return raw("chain", token.span, (above, below), ("/",))

    def root(self) -> Raw:
        """√x, \\sqrt x, \\sqrt[3]{x}."""
        token = self.take()
        order = "3" if token.value == "cbrt" else "2"
        if self.kind == "[":
            self.take()
            digits = self.take()
            if digits.kind != "number" or not digits.value.isdecimal() or self.kind != "]":
                raise self.expected("the order of the root, a whole number", digits)
            self.take()
            order = digits.value
        self.enter()
        if self.kind in ("{", "("):
            inside = self.group() if self.kind == "{" else self.round()
        elif self.text[token.start] in "√∛":
            inside = self.factor()
        elif self.starts_operand():
            inside = self.atom()
            if self.kind == "sub" and inside.op == "name":
                inside = self.subscripted(inside)
        else:
            raise self.expected("the argument of the root")
        self.leave()
        span = self.since(token.start)
        if order in ("2", "3"):
            return raw("apply", span, (inside,), ("sqrt" if order == "2" else "cbrt",))
        one, digits_node = raw("number", span, (), "1"), raw("number", span, (), order)
        return raw("raise", span, (inside, raw("chain", span, (one, digits_node), ("/",))), "entry")

    def subscripted(self, base: Raw) -> Raw:
        """The base with the subscript ahead; the rule is in operands.py."""
        raise NotImplementedError

    # Sums over an index

    def big_sign(self) -> Raw:
        """∑ or ∏."""
        token = self.take()
        return self.bound(token, "prod" if token.value in ("prod", "∏") else "sum")

    def bound(self, token: Token, which: str) -> Raw:
        """A sum or product with its index, its last value and its body."""
        indices: list[str] = []
        limit: Raw | None = None
        condition: Raw | None = None
        first = 1
        for _ in range(2):
            if self.kind == "sub":
                indices = self.index_list(self.take())
            elif self.kind == "_":
                indices, condition, first = self.lower_limit()
            elif self.kind == "^":
                self.take()
                limit = self.exponent()
            elif self.kind == "sup":
                limit = self.superscript_digits(self.take())
        if not (self.starts_operand() or self.kind == "-"):
            raise self.expected("what is summed" if which == "sum" else "what is multiplied")
        self.enter()
        body = self.signed_product()
        self.leave()
        span = self.since(token.start)
        if not indices:
            if body.op == "chain":  # in ∑ p log p the factors meet entry by entry
                body = raw("chain", body.span, body.args, tuple(s or "*" for s in body.value))
            return raw("apply", span, (body,), (which,))
        if first != 1:
            return self.ranged(which, indices, first, limit, body, span)
        if condition is not None and which == "prod":
            body = raw("cases", span, (body, condition, raw("number", span, (), "1")), True)
        elif condition is not None:
            body = raw("chain", span, (raw("indicator", condition.span, (condition,)), body), ("",))
        for index in reversed(indices):
            body = raw("bound", span, (body,) if limit is None else (body, limit), (which, index))
        return body

    def ranged(self, which: str, indices: list[str], first: int, limit: Raw | None, body: Raw, span: Span) -> Raw:
        """A sum that does not start at 1: written out between two numbers."""
        if limit is None or limit.op != "number" or not str(limit.value).isdecimal() or len(indices) != 1:
            raise UnsupportedError("A sum up to a size is read from 1 on only.", span=span)
        return raw("ranged", span, (body,), (which, indices[0], first, int(str(limit.value)[:6])))

    def signed_product(self) -> Raw:
        """A product that may begin with minus signs."""
        raise NotImplementedError

    def index_list(self, token: Token) -> list[str]:
        """The indices in _{ij} or _{i,j}."""
        names = token.value.split(",") if "," in token.value else list(token.value)
        if not all(len(name) == 1 and name.isalpha() for name in names):
            raise NotationError("An index such as j was expected below the sign.", span=token.span)
        return names

    def lower_limit(self) -> tuple[list[str], Raw | None, int]:
        """_{j=1}, _{i,j}, _{j≠i}: the indices, a condition that leaves some out, and the first value."""
        self.take()
        if self.kind != "{":
            token = self.take()
            return [token.value], None, 1
        opened = self.take()
        start = 1
        indices: list[str] = []
        condition: Raw | None = None
        while True:
            token = self.take()
            if token.kind != "name":
                raise self.expected("an index such as j", token)
            indices.append(token.value)
            if self.kind in ("=", ":="):
                self.take()
                first = self.take()
                if first.kind != "number" or not first.value.isdecimal() or len(first.value) > 4:
                    raise UnsupportedError("A sum is read from a whole number on only.", span=first.span)
                start = int(first.value)
            elif self.kind == "!=":
                sign = self.take()
                other = self.take()
                if other.kind != "name":
                    raise self.expected("an index", other)
                ends = (raw("index", token.span, (), token.value), raw("index", other.span, (), other.value))
                condition = raw("compare", (token.start, other.end), ends, sign.kind)
            if self.kind == "name" and not self.taken(","):
                continue
            if not self.taken(","):
                break
        self.close(opened)
        return indices, condition, start

    # Derivatives

    def is_differential(self, place: int) -> bool:
        """Whether ∂ or an upright d stands at a place in the tokens."""
        token = self.tokens[min(place, len(self.tokens) - 1)]
        return token.kind == "partial" or (
            token.kind == "name" and token.value == "d" and self.vocabulary.find("d") is None
        )

    def is_size(self, token: Token) -> bool:
        """Whether a token is the name of a size, so that d n is no differential but a product."""
        return token.value in self.vocabulary.sizes and self.vocabulary.find(token.value) is None

    def derivative_fraction(self, token: Token) -> Raw | None:
        r"""\frac{∂a}{∂b}, \frac{∂}{∂b} a, \frac{∂²a}{∂b²}: a derivative, or None where \frac is only a fraction."""
        place = self.place
        if self.kind != "{" or not self.is_differential(place + 1):
            return None
        end = self.behind_bracket(place) - 1
        if self.kind_at(end) != "}":
            return None
        below = self.tokens[end + 1 : end + 4]
        if len(below) < 3 or below[0].kind != "{" or below[2].kind not in ("name", "{", "("):
            return None
        if not self.is_differential(end + 2) or not self.is_order(place + 2):
            return None
        if below[1].kind != "partial" and self.is_size(below[2]):
            return None
        self.take()
        self.take()
        order = self.derivative_order()
        above = None if self.kind == "}" else self.signed_product()
        self.pass_closing("}")
        self.take()
        variables = self.variables(("}",))
        self.pass_closing("}")
        return self.derivative(token, above, variables, order)

    def is_order(self, place: int) -> bool:
        """Whether the power at a place, if there is one, is a whole number: ∂² but not d^{1/2}."""
        if self.kind_at(place) != "^":
            return True
        place += 1 + (self.kind_at(place + 1) == "{")
        return self.kind_at(place) == "number"

    def pass_closing(self, kind: str) -> None:
        if not self.taken(kind):
            raise self.expected(f"“{kind}”")

    def derivative_order(self) -> int:
        """The 2 of ∂²."""
        if self.kind == "sup":
            token = self.take()
        elif self.kind == "^" and self.later(1).kind in ("number", "{"):
            self.take()
            braced = self.taken("{")
            token = self.take()
            if braced:
                self.pass_closing("}")
        else:
            return 1
        if token.value not in ("1", "2", "3", "4"):
            raise UnsupportedError("Derivatives up to the fourth are read.", span=token.span)
        return int(token.value)

    def variables(self, ends: tuple[str, ...]) -> list[Raw]:
        """∂x ∂y, ∂x²: what is differentiated by."""
        variables: list[Raw] = []
        while self.is_differential(self.place):
            self.take()
            node = self.atom()
            while self.kind in ("sub", "layer", "_"):
                node = self.subscripted(node)
            if self.kind in ("'", "sup") or (self.kind == "^" and self.later(1).value in ("T", "top")):
                times = self.derivative_order() if self.later(1).kind == "number" or self.ahead.value.isdecimal() else 0
                if not times:
                    raise NotationError(
                        "A derivative by a transpose is not read; write the name alone.", span=self.ahead.span
                    )
            else:
                times = self.derivative_order()
            variables += [node] * times
            if ends == ("",):
                break
        if not variables or any(v.op not in ("name", "subscript", "entries") for v in variables):
            span = variables[-1].span if variables else self.ahead.span
            raise NotationError("A derivative is taken by a name.", span=span)
        return variables

    def is_quotient(self) -> bool:
        """Whether ∂a/∂b or d/dx stands ahead; looked at without parsing, since d is a name as well."""
        place, upright = self.place, self.ahead.kind != "partial"
        place = self.behind_marks(place + 1)
        token = self.tokens[place]
        if token.kind != "/":
            if (upright and token.gap) or token.kind not in ("name", "function", "(", "[", "{", "|", "‖"):
                return False
            place = self.behind_marks(self.behind_bracket(place))
            if token.kind in ("name", "function") and self.tokens[place].kind == "(":
                place = self.behind_marks(self.behind_bracket(place))
            if self.tokens[place].kind != "/":
                return False
        place += 1 + (self.kind_at(place + 1) == "(")
        if not self.is_differential(place):
            return False
        variable = self.tokens[place + 1]
        if upright:
            return variable.kind == "name" and not variable.gap and not self.is_size(variable)
        return variable.kind in ("name", "(")

    def kind_at(self, place: int) -> str:
        """The kind of a token further on; `eof` behind the last."""
        return self.tokens[place].kind if place < len(self.tokens) else "eof"

    def behind_bracket(self, place: int) -> int:
        """The place behind a token, or behind the bracket that it opens."""
        opening = self.kind_at(place)
        closing = {"(": ")", "[": "]", "{": "}"}.get(opening)
        depth = 0
        while closing is not None and self.kind_at(place) != "eof":
            depth += (self.kind_at(place) == opening) - (self.kind_at(place) == closing)
            if depth == 0:
                break
            place += 1
        return place + 1

    def behind_marks(self, place: int) -> int:
        """The place behind subscripts, layers and powers."""
        while (kind := self.kind_at(place)) in ("sub", "layer", "sup", "_", "^"):
            place = self.behind_bracket(place + 1) if kind in ("_", "^") else place + 1
        return min(place, len(self.tokens) - 1)

    def slashed_derivative(self) -> Raw:
        """∂a/∂b, dL/dw, d/dx (...): from a differential on."""
        token = self.take()
        order = self.derivative_order()
        above: Raw | None = None
        if self.kind != "/":
            above = self.atom()
            while self.kind in ("sub", "layer", "_"):
                above = self.subscripted(above)
        if not self.taken("/"):
            raise self.expected("“/” and what is differentiated by")
        bracketed = self.taken("(")
        variables = self.variables(("",) if not bracketed else (")",))
        if bracketed:
            self.pass_closing(")")
        return self.derivative(token, above, variables, order)

    def differential(self) -> Raw:
        """∂ where an operand is expected."""
        if not self.is_quotient():
            raise NotationError("After ∂ a derivative such as ∂f/∂w was expected.", span=self.ahead.span)
        return self.slashed_derivative()

    def derivative(self, token: Token, above: Raw | None, variables: list[Raw], order: int) -> Raw:
        """The node of a derivative; where the quotient has a declared name (dLdw), that name."""
        span = self.since(token.start)
        if order != len(variables):
            raise NotationError(
                f"The orders of this derivative differ: {order} above, {len(variables)} below.", span=span
            )
        if above is None:
            if not self.starts_operand() and self.kind != "-":
                raise self.expected("what is differentiated")
            above = self.signed_product()
            span = self.since(token.start)
        elif above.op in ("name", "subscript"):
            declared = self.declared_quotient(above, variables)
            if declared is not None:
                return raw("name", span, (), declared)
        for variable in variables:
            above = raw("derivative", span, (above, variable))
        return above

    def declared_quotient(self, above: Raw, variables: list[Raw]) -> str | None:
        """dLdw, where dL/dw is written and dLdw is declared."""
        if len(variables) != 1:
            return None
        top, bottom = (self.key_of_node(n) for n in (above, variables[0]))
        for key in (f"d{top}d{bottom}", f"d{top}_d{bottom}", f"d{top}/d{bottom}", f"d{top}d{bottom}".replace("_", "")):
            if found := self.vocabulary.find(key):
                return found
        if self.vocabulary.find(top) is None and (
            above.op == "name" or self.vocabulary.find(str(above.args[0].value)) is None
        ):
            raise NotationError(
                f"“{self.words(above.span)}” is not defined here, so its derivative cannot be worked out.",
                span=above.span,
            )
        return None

    def key_of_node(self, node: Raw) -> str:
        if node.op == "subscript":
            return with_parts(str(node.args[0].value), str(node.value))
        return str(node.value)

    def gradient(self) -> Raw:
        """∇_w f."""
        token = self.take()
        order = self.derivative_order()
        if self.kind not in ("sub", "_"):
            raise NotationError("∇ needs the name that is differentiated by, as in ∇_w.", span=token.span)
        start = self.ahead
        if start.kind == "sub":
            key = self.take().value
        else:
            self.take()
            key = self.plain_group()
        name = raw("name", self.since(start.start), (), self.vocabulary.find(key) or key)
        if self.kind == "sup" or (self.kind == "^" and self.later(1).kind == "number"):
            order = self.derivative_order()
        if not self.starts_operand():
            raise self.expected("what is differentiated")
        body = self.signed_product()
        if body.op == "name":
            self.declared_quotient(body, [name])
        for _ in range(order):
            body = raw("derivative", self.since(token.start), (body, name), "denominator" if order == 1 else None)
        return body

    def unknown_function(self, base: Raw) -> Raw | None:
        """f'(x) and f(x) of a function that nobody defined: the first is kept as a symbol, the second is refused."""
        key = str(base.value)
        if base.op != "name" or key not in _FUNCTION_LETTERS or self.vocabulary.find(key) is not None:
            return None
        start = self.place
        primes = self.raised_primes()
        while self.taken("'"):
            primes += 1
        if self.kind != "(" or self.ahead.gap:
            self.place = start
            return None
        if not primes:
            raise NameUnknownError(f"The function “{self.words(base.span)}” is not defined.", span=base.span)
        if primes > 4:
            raise NotationError("More than 4 primes cannot be read.", span=self.ahead.span)
        opened = self.ahead.start
        self.round()
        span = self.since(base.span[0])
        text = f"{self.words(base.span)}{_PRIME * primes}{self.words((opened, span[1]))}".replace(" ", "")
        self.note(f"{text} is kept as a symbol, because {key} is not defined.")
        return raw("name", span, (), text)
