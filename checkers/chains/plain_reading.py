"""A formula read as plain algebra, where the strict reader does not know a name or a shape: a small tree, no shapes.

Names keep their decorations; single letters in a subscript are indices. Derivatives of a name by a name and functions
that nobody defined are kept as such. What is not understood is refused: a refusal costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DROPPED = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle|limits|nolimits|quad|qquad|[,;:!> ])(?![A-Za-z])|\\[,;:!> ]|~|\$|&(?!=)"
    r"|\\(?:phantom|hspace|vspace)\s*\{[^{}]*\}"
)
_FONTS = re.compile(r"\\(?:mathbf|mathrm|mathit|mathcal|mathsf|boldsymbol|bm|bf|rm|text|textbf|operatorname|vec|mat)(?![A-Za-z])\*?")
_WORDS = re.compile(_FONTS.pattern + r"\s*\{\s*\\?([A-Za-z]+)\s*\}")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<command>\\[A-Za-z]+|\\[{}|])|(?P<word>exp|log|ln|sin|cos|tanh|softmax|sigmoid|sqrt|CE)(?![a-z])"
    r"|(?P<letter>[^\W\d_])|(?P<sign>[-+*/=^_'′(){}\[\],|!·∘⊙∂∇∑ᵀ²³−√]))"
)
_FUNCTIONS = frozenset("exp log ln sin cos tanh softmax sigmoid sigma sqrt".split())
_PRODUCTS = frozenset((r"\cdot", r"\times", "*", "·"))
_ENTRYWISE = frozenset((r"\odot", r"\circ", "∘", "⊙"))
_MARKS = frozenset((r"\hat", r"\bar", r"\tilde", r"\widetilde", r"\widehat", r"\overline"))
_SIGNS = {"∂": r"\partial", "∇": r"\nabla", "∑": r"\sum", "−": "-", "√": r"\sqrt"}
_NO_NAMES = frozenset(
    "partial nabla begin end in prod int cdots dots ldots vdots neq mathbb infty otimes langle rangle mid rvert lvert lVert rVert | "
    "prime tag label newline".split()
)
_ENDS = frozenset(("+", "-", "=", ")", "]", "}", r"\}", ",", "|", "^", "_", "'", "!"))
_CLOSING = {"(": ")", "[": "]", "{": "}", r"\{": r"\}"}
_MOST_TOKENS = 600


class PlainError(Exception):
    """This is not understood as plain algebra."""


@dataclass(frozen=True, slots=True)
class Plain:
    """One node: `op` with its parts; `value` is a name, a number or a power; `indices` are single letters."""

    op: str
    args: tuple[Plain, ...] = ()
    value: str = ""
    indices: tuple[str, ...] = ()


def plain(text: str, called: frozenset[str] = frozenset()) -> Plain:
    """The tree of a formula; names in `called` are functions.

    Raises:
        PlainError: something in it is not understood.
    """
    text = re.sub(r"\{([^{}]*)\\over(?![A-Za-z])([^{}]*)\}", r"\\frac{\1}{\2}", text)
    text = re.sub(r"\{\s*([_^])(\w)\s*\}", r"\1\2", text)
    text = _WORDS.sub(lambda m: f" \\{m[1]} " if len(m[1]) > 1 else f" {m[1]} ", _DROPPED.sub(" ", text))
    reader = _Reader(_tokens(_FONTS.sub(" ", text)), called)
    tree = reader.sum()
    if reader.token:
        raise PlainError(reader.token)
    return tree


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place, text = 0, text.rstrip(" .,;\n\t")
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            if not text[place:].strip():
                break
            raise PlainError(text[place:])
        token = match[0].strip()
        token = _SIGNS.get(token, token)
        tokens.extend({"ᵀ": ["^", "T"], "²": ["^", "2"], "³": ["^", "3"], "′": ["'"]}.get(token, [token]))
        place = match.end()
    if len(tokens) > _MOST_TOKENS:
        raise PlainError("too long")
    return tokens


class _Reader:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[str], called: frozenset[str]):
        self.tokens, self.called, self.at, self.bars = tokens, called, 0, 0

    @property
    def token(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.token
        if not token or (wanted and token != wanted):
            raise PlainError(f"{token!r} where {wanted!r} was expected")
        self.at += 1
        return token

    def sum(self) -> Plain:
        terms = []
        while True:
            sign = 1
            while self.token in ("+", "-"):
                sign *= -1 if self.take() == "-" else 1
            term = self.product()
            terms.append(term if sign > 0 else Plain("neg", (term,)))
            if self.token not in ("+", "-"):
                return terms[0] if len(terms) == 1 else Plain("add", tuple(terms))

    def product(self) -> Plain:
        factors, joins = [self.factor()], ""
        while True:
            token = self.token
            if token in _PRODUCTS or token in _ENTRYWISE or token == "/":
                self.take()
                negative = self.token == "-"
                if negative:
                    self.take()
                factor = self.factor()
                factor = Plain("neg", (factor,)) if negative else factor
                if token == "/":
                    factors[-1] = Plain("over", (factors[-1], factor))
                    continue
                joins += "o" if token in _ENTRYWISE else "."
                factors.append(factor)
            elif token and not (token == r"\|" and self.bars) and token not in _ENDS:
                joins += "."
                factors.append(self.factor())
            else:
                if len(factors) == 1:
                    return factors[0]
                return Plain("product", tuple(factors), joins)

    def factor(self) -> Plain:
        token = self.token
        if token == r"\sum":
            return self.big_sum()
        if token in (r"\frac", r"\dfrac", r"\tfrac"):
            return self.powers(self.fraction())
        if token in _CLOSING:
            self.take()
            inner = self.sum()
            self.take(_CLOSING[token])
            return self.powers(inner)
        if token == r"\|":
            return self.norm()
        if token == r"\nabla":
            return self.gradient()
        if re.fullmatch(r"[\d.]+", token):
            return self.powers(Plain("number", (), self.take()))
        return self.named()

    def norm(self) -> Plain:
        """A squared norm."""
        self.take()
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        self.take(r"\|")
        while self.token == "_":
            self.take()
            if self.group() != ["2"]:
                raise PlainError("another norm")
        self.take("^")
        if self.group() != ["2"]:
            raise PlainError("a norm")
        return Plain("product", (Plain("transpose", (inner,)), inner), ".")

    def gradient(self) -> Plain:
        """∇ by a name, of what follows."""
        self.take()
        self.take("_")
        by = self.inner(self.group())
        if by.op != "name":
            raise PlainError("a gradient by something")
        opens = self.token in _CLOSING or self.token.lstrip("\\") in (*_FUNCTIONS, "frac", "sum", "|")
        return Plain("derivative", (self.product() if opens else self.factor(), by))

    def big_sum(self) -> Plain:
        self.take()
        self.take("_")
        letters, braced = [], self.token == "{"
        if braced:
            self.take()
        letters.append(self.take())
        if braced:
            if self.token in ("=", r"\in"):
                while self.token and self.token != "}":
                    self.take()
            self.take("}")
        if self.token == "^":
            self.take()
            self.argument()
        return Plain("sum", (self.product(),), "", tuple(letters))

    def argument(self) -> Plain:
        if self.token == "{":
            self.take()
            inner = self.sum()
            self.take("}")
            return inner
        token = self.take()
        if re.fullmatch(r"\d+", token):
            self.at -= 1
            self.tokens[self.at] = token
            self.at += 1
            return Plain("number", (), token)
        return Plain("name", (), token.lstrip("\\"))

    def group(self) -> list[str]:
        """The tokens of a group in braces, or one token."""
        if self.token != "{":
            return [self.take()]
        depth = 0
        found: list[str] = []
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return found[1:]
            found.append(token)

    def fraction(self) -> Plain:
        self.take()
        top, bottom = self.group(), self.group()
        while bottom[:1] == ["{"] and bottom[-1:] == ["}"]:
            bottom = bottom[1:-1]
        differential = bottom[:1] == [r"\partial"] or (bottom[:1] == ["d"] and top[:1] == ["d"] and len(bottom) > 1)
        if not differential:
            return Plain("over", (self.inner(top), self.inner(bottom)))
        by = self.inner(bottom[1:])
        if by.op != "name" or top[:1] != bottom[:1]:
            raise PlainError("a derivative by something")
        if len(top) > 1:
            return Plain("derivative", (self.inner(top[1:]), by))
        return Plain("derivative", (self.product(), by))

    def inner(self, tokens: list[str]) -> Plain:
        reader = _Reader(tokens, self.called)
        tree = reader.sum()
        if reader.token:
            raise PlainError(reader.token)
        return tree

    def named(self) -> Plain:
        token = self.take()
        if token in _MARKS:
            name = token.lstrip("\\") + " " + " ".join(self.group())
            if "_" in name:
                mark, _, rest = name.partition(" ")
                base, _, below = rest.partition(" _ ")
                letters = below.strip("{} ").split()
                return self.decorated(f"{mark} {base}", tuple(x for x in letters if x != ","))
        elif token == r"\sqrt":
            return Plain("call", (self.argument(),), "sqrt")
        elif token.startswith("\\"):
            name = token[1:]
        elif token in ("CE",) or token in _FUNCTIONS or re.fullmatch(r"[^\W\d_]", token):
            name = token
        else:
            raise PlainError(token)
        if name in _NO_NAMES:
            raise PlainError(name)
        return self.decorated(name, ())

    def decorated(self, name: str, indices: tuple[str, ...]) -> Plain:
        """A name with what stands below and above it."""
        primes, transposed, power = 0, False, None
        while self.token in ("_", "^", "'"):
            mark = self.take()
            if mark == "'":
                primes += 1
                continue
            if mark == "_":
                below = self.group()
                plain_letters = [t for t in below if t != ","]
                if plain_letters and all(re.fullmatch(r"[a-z]", t) for t in plain_letters):
                    indices += tuple(plain_letters)
                else:
                    name += "_" + "".join(below)
                continue
            above = self.group()
            if above in (["T"], [r"\top"], [r"\intercal"]):
                transposed = True
            elif above == [r"\prime"] or above == ["'"]:
                primes += 1
            elif above[:1] in (["("], ["["]):
                rest = above[above.index(")" if above[0] == "(" else "]") + 1 :] if above[0] == "(" and ")" in above else []
                if rest not in ([], ["T"], [r"\top"]):
                    raise PlainError("what stands above a name")
                transposed = transposed or bool(rest)
                name += "^" + "".join(above[: len(above) - len(rest)])
            else:
                power = self.inner(above)
        tree = self.call(name, primes, indices)
        if tree is None:
            if primes:
                raise PlainError("a prime")
            tree = Plain("name", (), name, indices)
        if transposed:
            tree = Plain("transpose", (tree,))
        if power is not None:
            tree = Plain("power", (tree, power))
        return self.powers(tree) if self.token in ("^", "'") else tree

    def call(self, name: str, primes: int, indices: tuple[str, ...]) -> Plain | None:
        """The call of a function; None where the name is no function."""
        known = name in _FUNCTIONS
        if known and self.token not in _CLOSING and not primes and not indices and name not in ("sigma", "softmax"):
            return Plain("call", (self.factor(),), name)
        if self.token not in ("(", "[") or not (known or primes or name in self.called):
            return None
        if indices:
            raise PlainError("an entry of a function")
        closing = _CLOSING[self.take()]
        args = [self.sum()]
        while self.token == ",":
            self.take()
            args.append(self.sum())
        self.take(closing)
        return Plain("call", tuple(args), name + "'" * primes)

    def powers(self, tree: Plain) -> Plain:
        while self.token in ("^", "_", "'"):
            if self.take() != "^":
                below = self.group()
                if tree.op != "name" or not all(re.fullmatch(r"[a-z]", t) for t in below):
                    raise PlainError("below a bracket")
                tree = Plain("name", (), tree.value, (*tree.indices, *below))
                continue
            above = self.group()
            if above in (["T"], [r"\top"]):
                tree = Plain("transpose", (tree,))
            else:
                tree = Plain("power", (tree, self.inner(above)))
        return tree


__all__ = ["Plain", "PlainError", "plain"]
