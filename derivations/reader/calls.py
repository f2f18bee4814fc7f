"""The grammar of functions: arguments with and without brackets, powers and primes of a function, NumPy's methods.

Says how far an argument reaches; what a function does to shapes is known in `applications.py`, not here.
"""

from __future__ import annotations

from ..errors import NotationError, UnsupportedError
from .blocks import Blocks
from .lexicon import CALLABLES, FUNCTION_WORDS
from .raw import Raw, raw
from .tokens import Token

_INVERSES = {"sin": "arcsin", "cos": "arccos", "tan": "arctan", "sinh": "arcsinh", "cosh": "arccosh", "tanh": "arctanh"}
_METHODS = {"inverse": "inv", "t": "transpose", "pow": "power", "matmul": "matmul", "mm": "matmul", "mv": "matmul"}
_STARTS = frozenset(("name", "number", "fraction", "function", "(", "[", "{", "\\{", "one", "zero", "frac", "sqrt",
                     "bound",
                     "partial", "nabla", "begin", "⟨"))  # fmt: skip
_MOST_PRIMES = 4

Settings = tuple[tuple[str, object], ...]


class Calls(Blocks):
    """The rules for functions."""

    def starts_operand(self) -> bool:
        """Whether the token ahead can begin an operand (bars that close do not)."""
        kind = self.kind
        return kind in _STARTS or (kind in ("|", "||", "‖") and not self.closes_bars())

    def call(self) -> Raw:
        """A function with everything that belongs to it, from its name on."""
        token = self.take()
        if token.value in ("sum", "prod") and self.kind in ("sub", "_"):
            return self.bound(token, token.value)
        return self.called(token, token.value)

    def bound(self, token: Token, which: str) -> Raw:
        """A sum or product over an index; the rule is in signs.py."""
        raise NotImplementedError

    def called(self, token: Token, name: str) -> Raw:
        """The function `name`, whose word has just been passed."""
        primes = 0
        while self.kind in ("'", '"', "**") and self.ahead.value in ("'", '"', "″"):
            primes += 2 if self.take().value in ('"', "″") else 1
        primes += self.raised_primes()
        if primes > _MOST_PRIMES:
            raise NotationError(f"More than {_MOST_PRIMES} primes cannot be read.", span=self.since(token.start))
        name, base = self.subscripted_function(token, name)
        exponent = self.function_power(token)
        if exponent is None and base is None and not primes:
            name, base = self.subscripted_function(token, name)
        if exponent is not None and exponent.op == "neg" and exponent.args[0].value == "1":
            if name not in _INVERSES:
                raise NotationError(
                    f"“{self.words(self.since(token.start))}” can mean the inverse function or a power; write which.",
                    span=self.since(token.start),
                )
            name, exponent = _INVERSES[name], None
        args, settings = self.arguments(token, name)
        if primes:
            settings = (*settings, ("prime", primes))
        node = self.applied(name, args, settings, token)
        if base is not None:
            scale = raw("apply", base.span, (base,), ("log",))
            node = raw("chain", node.span, (node, scale), ("/",))
        if exponent is not None:
            node = raw("raise", node.span, (node, exponent), "**")
        return node

    def raised_primes(self) -> int:
        r"""The primes of \sigma^{\prime} or f^\prime, passed."""
        if self.kind != "^":
            return 0
        braced = self.later(1).kind == "{"
        place = 1 + braced
        while self.later(place).kind == "'":
            place += 1
        primes = place - 1 - braced
        if not primes or (braced and self.later(place).kind != "}"):
            return 0
        self.place += place + braced
        return primes

    def applied(self, name: str, args: list[Raw], settings: Settings, token: Token) -> Raw:
        """The node of a call."""
        span = self.since(token.start)
        if not args:
            raise NotationError(f"“{self.words(token.span)}” needs something in its brackets.", span=span)
        if name == "where":
            if len(args) != 3:
                raise NotationError("where needs a condition and two values.", span=span)
            return raw("cases", span, (args[1], args[0], args[2]), True)
        if name == "array":
            return args[0]
        if name in ("sum", "prod") and args[0].op == "listed":
            return raw("bound", span, args[0].args, (name, args[0].value))
        if (
            name in ("stack", "concatenate", "vstack", "hstack", "column_stack")
            and len(args) == 1
            and args[0].op == "rows"
        ):
            args = list(args[0].args)
        return raw("apply", span, args, (name, *settings))

    def subscripted_function(self, token: Token, name: str) -> tuple[str, Raw | None]:
        """log_2, log_b, softmax_rows: the function with its subscript."""
        if self.kind not in ("sub", "_"):
            return name, None
        if name == "log":
            start = self.ahead
            text = self.take().value if start.kind == "sub" else (self.take(), self.plain_group())[1]
            if text in ("2", "10"):
                return f"log{text}", None
            if text == "e":
                return name, None
            op = "number" if text.isdecimal() else "name"
            return name, raw(
                op, self.since(start.start), (), text if op == "number" else self.vocabulary.find(text) or text
            )
        start = self.ahead
        text = self.take().value if start.kind == "sub" else (self.take(), self.plain_group())[1]
        if name in ("softmax", "log_softmax", "logsumexp") and text in ("row", "rows", "columns", "column", "cols"):
            return name if text.startswith("row") else f"{name}@0", None
        if name == "norm":
            return f"norm@{text}", None
        raise UnsupportedError(
            f"“{self.words(self.since(token.start))}” with a subscript is not known.", span=self.since(token.start)
        )

    def function_power(self, token: Token) -> Raw | None:
        """The exponent in sin² x and sin^2 x."""
        if self.kind == "sup":
            return self.superscript_digits(self.take())
        if self.kind == "^" or (self.kind == "**" and token.value in _INVERSES):
            self.take()
            return self.exponent()
        return None

    def superscript_digits(self, token: Token) -> Raw:
        """An exponent in superscript characters; the rule is in parser.py."""
        raise NotImplementedError

    def exponent(self) -> Raw:
        """What follows ^; the rule is in parser.py."""
        raise NotImplementedError

    def arguments(self, token: Token, name: str) -> tuple[list[Raw], Settings]:
        """The arguments in brackets, or the one that follows without."""
        kind = self.kind
        if kind in ("(", "{", "\\{"):
            return self.bracketed()
        if kind == "[" and not (name in ("sum", "mean") and self.is_list()):
            return [self.square()], ()
        return [self.bare(token)], ()

    def bracketed(self) -> tuple[list[Raw], Settings]:
        """(x, y, axis=0)."""
        opened = self.take()
        args: list[Raw] = []
        settings: list[tuple[str, object]] = []
        bars, self.bars = self.bars, []
        closing = {"(": ")", "{": "}", "\\{": "\\}"}[opened.kind]
        while self.kind != closing:
            if self.kind == "string":
                settings.append(("spec", self.take().value))
            elif (
                self.kind == "word"
                and self.ahead.value in ("axis", "dim", "keepdims", "ord")
                and self.later(1).kind == "="
            ):
                settings.append(self.setting())
            else:
                args.append(self.expression())
                if self.kind == "word" and self.ahead.value == "for":
                    args[-1] = self.listed(args[-1])
            if not self.taken(","):
                break
        self.bars = bars
        self.close(opened)
        return args, tuple(settings)

    def setting(self) -> tuple[str, object]:
        """axis=0, keepdims=True, ord=1."""
        word = self.take()
        self.take()
        sign = -1 if self.taken("-") else 1
        token = self.take()
        if token.kind == "number" and token.value.isdecimal():
            return ("axis" if word.value == "dim" else word.value), sign * int(token.value)
        if token.kind == "word" and token.value in ("True", "False", "None"):
            return word.value, {"True": True, "False": False, "None": None}[token.value]
        raise self.expected("a whole number", token)

    def bare(self, token: Token) -> Raw:
        """An argument without brackets: a sign, a number before one more operand, or one operand with its powers."""
        if self.kind == "-":
            minus = self.take()
            inner = self.bare(token)
            return raw("neg", self.since(minus.start), (inner,))
        if not self.starts_operand():
            raise self.expected(f"an argument of “{self.words(token.span)}”")
        self.enter()
        start = self.ahead
        argument = self.factor()
        if start.kind == "number" and argument.op == "number" and self.kind in ("name", "(", "frac", "sqrt"):
            argument = raw("chain", self.since(start.start), (argument, self.factor()), ("",))
        self.leave()
        if self.starts_operand() and self.kind not in ("function", "bound"):
            name = self.words(token.span)
            inside = self.words(self.since(start.start))
            self.note(f"{name} {inside} is taken as {name}({inside}), and what follows as a factor.")
        return argument

    def method(self, base: Raw) -> Raw:
        """x.T, x.sum(axis=0), x.shape[0]."""
        token = self.take()
        name = token.value
        if name == "T":
            return raw("transpose", self.since(base.span[0]), (base,))
        if name == "shape" and self.kind == "[" and self.later(1).kind == "number" and self.later(2).kind == "]":
            self.take()
            axis = self.take().value
            self.take()
            return raw("extent", self.since(base.span[0]), (base,), int(axis) % 2)
        function = _METHODS.get(name) or FUNCTION_WORDS.get(name) or CALLABLES.get(name)
        if function is None or self.kind != "(" or function in ("eye", "ones", "zeros", "where", "einsum"):
            raise NotationError(f"“.{name}” has no meaning here.", span=token.span)
        if self.later(1).kind == ")":
            self.take()
            self.take()
            args, settings = [], ()  # type: tuple[list[Raw], Settings]
        else:
            args, settings = self.bracketed()
        if function in ("sum", "mean", "max", "min", "prod") and len(args) == 1 and args[0].op == "number":
            settings, args = (("axis", int(str(args[0].value))), *settings), []
        return raw("apply", self.since(base.span[0]), (base, *args), (function, *settings))
