"""A formula read as plain algebra, where the strict reader does not know a name or a shape: a small tree, no shapes.

Names keep their decorations; single letters in a subscript are indices. Derivatives of a name by a name and functions
that nobody defined are kept as such. What is not understood is refused: a refusal costs nothing.

The nodes, by `op`: number, name (value, indices), neg, add, product (value: how the factors are joined, "." side by side, "*" a
sign, "o" entry by entry, "x" outer), over, power, transpose, call (value: the function, with its primes), derivative (of, by;
by the name "?" where it is not said), sum (indices; value: what restricts it, as "!=i" or "in:V", else nothing), entry
(indices), norm (value: which), matrix (row by row; value "2x3"), cases (value, condition, …), compare (value: the sign), and,
indicator, at (value: where something is taken), prod as sum, listed (value "row", "column" or "diagonal"; indices: what runs over
the entries: the vector of all its entries).
"""

from __future__ import annotations

import re
from math import factorial

from .plain_groups import (
    CLOSING,
    are_indices,
    differentials,
    entry_of,
    is_step,
    label_end,
    order_of,
    summed_over,
    unpowered,
    unwrapped,
)
from .plain_lists import dotted, listed
from .plain_tree import Plain
from .plain_words import PlainError, tokens_of

_FUNCTIONS = frozenset(
    "exp log ln sin cos tan tanh sinh cosh sech softmax logsoftmax sigmoid sigma sqrt relu max min abs sgn diag tr det erf".split()
)
_OPEN_FUNCTIONS = frozenset("exp log ln sin cos tan tanh sinh cosh sech sqrt sgn relu sigmoid erf".split())  # that need no brackets
_JOINS = {r"\cdot": "*", r"\times": "*", "*": "*", "@": "*", r"\odot": "o", r"\circ": "o", r"\otimes": "x", "/": "/", r"\oslash": "/"}
_MARKS = frozenset((r"\hat", r"\bar", r"\tilde", r"\dot"))
_COMPARED = {"<": "<", ">": ">", r"\leq": "<=", r"\geq": ">=", r"\neq": "!=", "=": "="}
_MOST_BARS = 12
_MATRICES = frozenset(("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "smallmatrix", "array"))
_NO_NAMES = frozenset(
    r"\partial \nabla \in \prod \int \dots \infty \langle \rangle \newline \pm \mp \oplus \to \top \over \forall \sim \quad \ast \not \bigl"
    r" \cup \cap \mathbb \lim \underset \overset \stackrel \limits \iff \implies \propto \equiv \approx".split()
)
_ENDS = frozenset(
    (
        "+",
        "-",
        "=",
        ")",
        "]",
        "}",
        r"\}",
        ",",
        ";",
        ":",
        "|",
        "^",
        "_",
        "'",
        "!",
        "&",
        r"\\",
        r"\|",
        r"\rangle",
        "<",
        ">",
        r"\leq",
        r"\geq",
        r"\neq",
        r"\in",
    )
)
# What stands behind an operator alone, without what follows: ∇_w L a.
_LIKE_FUNCTIONS = {"name": frozenset("L J E C f g h F G ell l loss CE".split()), "call": frozenset("L J E C ell loss CE".split())}
_LETTERS_OF_FUNCTIONS = frozenset("f g L ell".split())
_LETTERS_OF_MATRICES = frozenset("F G J".split())  # of functions too
_TRANSPOSES = (["T"], [r"\top"], ["t"], ["tr"])
_MOST_ROWS = 40
_ZERO = Plain("number", (), "0")
_BLANK = Plain("blank")
_UNSAID = "?"


def plain(text: str, called: frozenset[str] = frozenset()) -> Plain:
    """The tree of a formula; names in `called` are functions.

    Raises:
        PlainError: something in it is not understood.
    """
    reader = _Reader(tokens_of(text), called)
    try:
        tree = reader.sum()
    except RecursionError:
        raise PlainError("too deep") from None
    if reader.token:
        raise PlainError(reader.token)
    return tree


class _Reader:
    """Recursive descent over the tokens; `bars` are the signs that close what is open."""

    def __init__(self, tokens: list[str], called: frozenset[str]):
        self.tokens, self.called, self.at = tokens, called, 0
        self.bars: list[str] = []

    @property
    def token(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def after(self, count: int = 1) -> str:
        """A token further on."""
        return self.tokens[self.at + count] if self.at + count < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.token
        if not token or (wanted and token != wanted):
            raise PlainError(f"{token!r} where {wanted!r} was expected")
        self.at += 1
        return token

    def inner(self, tokens: list[str]) -> Plain:
        """The tree of some tokens of their own."""
        reader = _Reader(tokens, self.called)
        tree = reader.sum()
        if reader.token:
            raise PlainError(reader.token)
        return tree

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

    # -- sums and products -----------------------------------------------------------------------------------------

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

    def product(self, first: Plain | None = None) -> Plain:
        """A product; with `first`, one whose first factor is read already."""
        factors, joins = [first or self.factor()], ""
        while True:
            token = self.token
            if token in _JOINS:
                self.take()
                negative = False
                while self.token in ("-", "+"):
                    negative ^= self.take() == "-"
                factor = self.factor()
                factor = Plain("neg", (factor,)) if negative else factor
                if _JOINS[token] == "/":
                    factors[-1] = Plain("over", (factors[-1], factor))
                    continue
                joins += _JOINS[token]
                factors.append(factor)
            elif token and token not in self.bars and not self.ends(token):
                joins += "."
                factors.append(self.factor())
            else:
                if len(factors) == 1:
                    return factors[0]
                return Plain("product", tuple(factors), joins)

    def ends(self, token: str) -> bool:
        """Whether no factor can start here; a further operator d/dx ends what the one before it acts on."""
        if token in (r"\|", "|"):
            return token in self.bars or not self.is_bar_opening()
        return token in _ENDS or token.startswith("\\end")

    def is_bar_opening(self) -> bool:
        return self.tokens[self.at + 1 :].count(self.token) % 2 == 1

    def factor(self) -> Plain:
        token = self.token
        if token in (r"\sum", r"\prod"):
            return self.big_sum()
        if token == r"\frac":
            return self.powers(self.fraction())
        if token in CLOSING:
            return self.bracket()
        if token in (r"\|", "|"):
            return self.bars_around(token)
        if token == r"\langle":
            return self.inner_product()
        if token == r"\nabla":
            return self.gradient()
        if token == r"\ones":
            return self.ones()
        if token.startswith("\\begin"):
            return self.powers(self.environment())
        if re.fullmatch(r"[\d.]+", token):
            return self.number()
        return self.named()

    def number(self) -> Plain:
        value = self.take()
        if self.token == "!":
            self.take()
            if not value.isdigit() or int(value) > 20:
                raise PlainError("!")
            value = str(factorial(int(value)))
        if value == "1" and self.token == "(" and self.holds_a_comparison():
            return self.indicator()
        return self.powers(Plain("number", (), value))

    def bracket(self) -> Plain:
        """What stands in brackets: a form, a list in square brackets, or a comparison, which is 1 or 0."""
        opening = self.take()
        if opening == r"\{" and self.token.startswith("\\begin"):
            found = self.environment(is_cases=True)
            if self.token == r"\}":
                self.take()
            return found
        bars, self.bars = self.bars, []
        starts = [self.at]
        parts = [self.sum()]
        if self.token in _COMPARED and opening != "{":
            parts[0] = Plain("indicator", (self.compared(parts[0]),))
        while self.token == "," and opening == "[":
            self.take()
            starts.append(self.at)
            parts.append(self.sum())
        self.bars = bars
        if len(parts) > 1 and all(self.tokens[k] == "[" for k in starts):  # [[a], [b]] is a column
            parts = [p if p.op == "matrix" else Plain("matrix", (p,), "1x1") for p in parts]
        self.take(CLOSING[opening])
        if len(parts) > 1 or (opening == "[" and parts[0].op == "matrix" and parts[0].value.startswith("1x") and self.is_nested(parts)):
            return self.powers(listed(parts))
        return self.powers(parts[0])

    def is_nested(self, parts: list[Plain]) -> bool:
        """Whether the one part of a list is a list itself: [[1, 2]]."""
        return self.at >= 2 and self.tokens[self.at - 2] == "]" and len(parts) == 1

    def compared(self, first: Plain) -> Plain:
        sign = _COMPARED[self.take()]
        if self.token in _COMPARED:  # the second sign of >=
            sign += _COMPARED[self.take()]
        second = self.sum()
        found = Plain("compare", (first, second), sign)
        if self.token in _COMPARED:
            return Plain("and", (found, self.compared(second)))
        return found

    def holds_a_comparison(self) -> bool:
        """Whether the brackets that open here hold a comparison, and are none to multiply by."""
        depth = 0
        for place in range(self.at, len(self.tokens)):
            token = self.tokens[place]
            depth += (token in CLOSING) - (token in CLOSING.values())
            if depth == 0:
                return False
            if depth == 1 and token in _COMPARED:
                return True
        return False

    def is_function(self, name: str) -> bool:
        """Whether a name before a bracket is one of a function by its letter: f(x + 1), and J(w, b) of names only."""
        base = re.split(r"[_^]", name)[0]
        if base == "h":
            return self.after(2) == ")"
        if base in _LETTERS_OF_MATRICES:
            end = next((k for k in range(self.at, len(self.tokens)) if self.tokens[k] == ")"), len(self.tokens))
            return not any(t in _JOINS or t in ("+", "-") for t in self.tokens[self.at : end])
        return base in _LETTERS_OF_FUNCTIONS

    def holds_arguments(self) -> bool:
        """Whether the brackets that open here hold several things, as those of a function do."""
        depth = 0
        for place in range(self.at, len(self.tokens)):
            token = self.tokens[place]
            depth += (token in CLOSING or token == r"\langle") - (token in CLOSING.values() or token == r"\rangle")
            if depth == 0:
                return False
            if depth == 1 and (token in (",", ";") or (token == "|" and self.tokens[self.at : place + 8].count("|") == 1)):
                return True
        return False

    def indicator(self) -> Plain:
        """1(x > 0), 1{x > 0} or 1_{x > 0}, its sign read already."""
        if self.token == "_":
            self.take()
            reader = _Reader(self.group(), self.called)
            found = Plain("indicator", (reader.condition(),))
            if reader.token:
                raise PlainError(reader.token)
            return self.powers(found)
        opening = self.take()
        while opening == "{" and self.token in ("(", "[", r"\{"):
            opening = self.take()
        found = Plain("indicator", (self.condition(),))
        self.take(CLOSING[opening])
        if self.token == "}":
            self.take()
        return self.powers(found)

    def condition(self) -> Plain:
        """A condition, as in a row of cases."""
        if self.token == "{":
            self.take()
            found = self.condition()
            self.take("}")
            return found
        while self.token in ("if", "for", "when", "where", "otherwise", "else", "ifotherwise", "forall", ","):
            if "otherwise" in self.token or self.token == "else":
                self.take()
                return Plain("name", (), "otherwise")
            self.take()
        found = self.compared(self.sum())
        while self.token in (",", "and", r"\land", r"\wedge"):
            self.take()
            if self.token in ("&", r"\\", "") or self.token.startswith("\\end"):
                break
            found = Plain("and", (found, self.compared(self.sum())))
        return found

    def ones(self) -> Plain:
        """A vector of ones, or the indicator of what follows in brackets."""
        self.take()
        if (self.token in CLOSING and self.holds_a_comparison()) or (self.token == "{" and self.after() in ("(", "[", r"\{")):
            return self.indicator()
        if self.token == "_" and any(t in _COMPARED for t in self.tokens[self.at : self.at + 12]):
            return self.indicator()
        return self.powers(Plain("name", (), "1s"))

    def bars_around(self, bar: str) -> Plain:
        """A norm or an absolute value; a squared 2-norm is a product."""
        self.take()
        if len(self.bars) > _MOST_BARS:
            raise PlainError("bars")
        self.bars.append(bar)
        inner = self.sum()
        self.bars.pop()
        self.take(bar)
        if bar == "|":
            return self.powers(Plain("call", (inner,), "abs"))
        kind, power = "2", []
        while self.token in ("_", "^"):
            if self.take() == "_":
                kind = "".join(self.group())
            else:
                power = self.group()
        if kind not in ("1", "2", "F"):
            raise PlainError("another norm")
        if power == ["2"] and kind == "2":
            return Plain("product", (Plain("transpose", (inner,)), inner), ".")
        found = Plain("norm", (inner,), kind)
        return Plain("power", (found, self.inner(power))) if power else found

    def inner_product(self) -> Plain:
        self.take()
        first = self.sum()
        self.take(",")
        second = self.sum()
        self.take(r"\rangle")
        return self.powers(Plain("product", (Plain("transpose", (first,)), second), "."))

    def big_sum(self) -> Plain:
        """A sum, or a product, over indices."""
        kind = "sum" if self.take() == r"\sum" else "prod"
        if self.token != "_":
            return Plain(kind, (self.product(),), "all")
        self.take()
        letters, value = summed_over(self.group())
        if self.token == "^":
            self.take()
            upper = self.group()
            if any(t in ("+", "-") and "{" not in upper[:place] for place, t in enumerate(upper)) or upper[:1] in (["1"], ["2"], ["3"]):
                value = value or "to:" + "".join(upper)
        negative = self.token == "-"
        if negative:
            self.take()
        tree = self.product()
        tree = Plain("neg", (tree,)) if negative else tree
        for letter in reversed(letters):
            tree = Plain(kind, (tree,), value, (letter,))
        return tree

    # -- derivatives -----------------------------------------------------------------------------------------------

    def gradient(self) -> Plain:
        """∇ by a name, of what follows; ∇² twice."""
        self.take()
        by, times = Plain("name", (), _UNSAID), 1
        while self.token in ("_", "^"):
            if self.take() == "_":
                by = self.inner(self.group())
            elif self.group() == ["2"]:
                times = 2
            else:
                raise PlainError("a power of ∇")
        tree = self.acted_on()
        for _ in range(times):
            tree = Plain("derivative", (tree, by))
        return tree

    def acted_on(self) -> Plain:
        """What an operator acts on: the product up to the next operator; of a loss and what stands beside it, the loss."""
        end = next((k for k in range(self.at + 1, len(self.tokens)) if self.is_operator(k)), len(self.tokens))
        whole = self.tokens
        if end < len(whole) and not self.depth_between(self.at, end):
            self.tokens = whole[:end]
        try:
            first = self.factor()
            if first.op in ("name", "call") and first.value.split("_")[0] in _LIKE_FUNCTIONS[first.op]:
                return first
            return self.product(first)
        finally:
            self.tokens = whole

    def depth_between(self, start: int, end: int) -> bool:
        """Whether a bracket is open between two places."""
        found = self.tokens[start:end]
        return sum((t in CLOSING) - (t in CLOSING.values()) for t in found) != 0

    def is_operator(self, place: int) -> bool:
        """Whether a fraction without anything to differentiate stands here: d/dx."""
        found = self.tokens[place : place + 6]
        return found[:2] == [r"\frac", "{"] and found[3:5] == ["}", "{"] and found[2] in (r"\partial", "d") and found[5:6] == [found[2]]

    def digit(self) -> list[str]:
        """The first digit of a number, the rest left: \\frac12."""
        token = self.token
        if not token.isdigit():
            return []
        self.tokens = [*self.tokens[: self.at], token[0], *([token[1:]] if token[1:] else []), *self.tokens[self.at + 1 :]]
        return [self.take()]

    def fraction(self) -> Plain:
        self.take()
        top, bottom = unwrapped(self.digit() or self.group()), unwrapped(self.digit() or self.group())
        sign = bottom[:1]
        if sign not in ([r"\partial"], ["d"]) or len(bottom) == 1 or top[:1] != sign:
            return Plain("over", (self.inner(top), self.inner(bottom)))
        times, top = order_of(top[1:])
        names = [self.inner(name) for name in differentials(bottom, sign[0])]
        found = [n for n, count in map(unpowered, names) for _ in range(count)] if times > 1 else names
        if len(found) != times:
            raise PlainError("a derivative of another order")
        tree = self.inner(top) if top else self.acted_on()
        for by in reversed(found):
            tree = Plain("derivative", (tree, by))
        return tree

    # -- matrices and cases ----------------------------------------------------------------------------------------

    def environment(self, *, is_cases: bool = False) -> Plain:
        """A matrix, or cases with their conditions."""
        kind = self.take().removeprefix("\\begin")
        if kind not in _MATRICES and kind not in ("cases", "dcases", "rcases"):
            raise PlainError(kind)
        bars, self.bars = self.bars, []
        rows = [row for row in self.rows(is_cases or "cases" in kind) if any(part != _BLANK for part in row)]
        self.bars = bars
        if any(part is None for row in rows for part in row):
            return dotted([[_ZERO if part == _BLANK else part for part in row] for row in rows])
        parts = tuple(part for row in rows for part in row if part is not None)
        if not rows or len({len(row) for row in rows}) > 1 or _BLANK in parts:
            raise PlainError("rows of several lengths")
        if is_cases or "cases" in kind:
            if len(rows[0]) != 2:
                raise PlainError("a case without its condition")
            return Plain("cases", parts)
        return Plain("matrix", parts, f"{len(rows)}x{len(rows[0])}")

    def rows(self, is_cases: bool) -> list[list[Plain | None]]:
        """The cells of an environment, up to and with its end; dots are None, and what is empty is a blank."""
        rows: list[list[Plain | None]] = [[_BLANK]]
        while not self.token.startswith("\\end"):
            if not self.token or len(rows) > _MOST_ROWS:
                raise PlainError("a matrix without end")
            if self.token in (r"\\", "&"):
                if self.take() == "&":
                    rows[-1].append(_BLANK)
                else:
                    rows.append([_BLANK])
            elif rows[-1][-1] != _BLANK:
                raise PlainError("two forms in a cell")
            elif self.token == r"\dots" and not is_cases:
                self.take()
                rows[-1][-1] = None
            elif is_cases and len(rows[-1]) > 1:
                rows[-1][-1] = self.condition()
            else:
                rows[-1][-1] = self.sum()
                if is_cases and self.token == ",":
                    self.take()
        self.take()
        return rows

    # -- names and calls -------------------------------------------------------------------------------------------

    def named(self) -> Plain:
        token = self.take()
        if token in _MARKS:
            return self.marked(token)
        if token == r"\sqrt":
            return self.powers(Plain("call", (self.argument(),), "sqrt"))
        if token.startswith("\\"):
            if token in _NO_NAMES or token in _JOINS or token in _ENDS or not token[1:].isalpha() or token.startswith((r"\begin", r"\end")):
                raise PlainError(token)
            name = token[1:]
        elif token.isalnum():
            name = token
        else:
            raise PlainError(token)
        return self.decorated(name, ())

    def marked(self, token: str) -> Plain:
        """A letter with a hat, a bar or a tilde."""
        below: list[str] = []
        group = self.group()
        if "_" in group:
            place = group.index("_")
            group, below = group[:place], [t for t in group[place + 1 :] if t not in ("{", "}", ",")]
        name = f"{token[1:]} " + " ".join(t.lstrip("\\") for t in group if t not in ("{", "}"))
        if below and not are_indices(below):
            return self.decorated(f"{name}_{''.join(below)}", ())
        return self.decorated(name, tuple(below))

    def argument(self) -> Plain:
        if self.token == "{":
            self.take()
            inner = self.sum()
            self.take("}")
            return inner
        return self.factor()

    def decorated(self, name: str, indices: tuple[str, ...]) -> Plain:
        """A name with what stands below and above it."""
        primes, transposed = 0, False
        power: Plain | None = None
        slice_: tuple[str, ...] = ()
        while self.token in ("_", "^", "'"):
            mark = self.take()
            if mark == "'":
                primes += 1
                continue
            if mark == "_":
                below = [t for t in self.group() if t not in ("{", "}")]
                letters = [t for t in below if t != ","]
                if r"\times" in below:  # A_{M × N} says how large it is
                    continue
                if ":" in below:
                    slice_ = tuple(letters)
                elif are_indices(letters):
                    indices += tuple(letters)
                else:
                    name += "_" + "".join(t.lstrip("\\") for t in below)
                continue
            above = self.group()
            if above in _TRANSPOSES[:2] or above == ["-", "T"] or above == ["-", r"\top"]:
                transposed = True
                power = Plain("neg", (Plain("number", (), "1"),)) if above[0] == "-" else power
            elif above and all(t == "'" for t in above):
                primes += len(above)
            elif above[:1] in (["("], ["["]) and (end := label_end(above)):
                rest = above[end:]
                if rest not in ([], *_TRANSPOSES[:2]) or (name == "e" and not is_step(above)):
                    power = self.inner(above)
                    continue
                transposed = transposed or bool(rest)
                name += "^" + "".join(t.lstrip("\\") for t in above[:end] if t not in ("{", "}"))
            elif above in (["*"], [r"\star"], ["+"]):
                name += "^" + above[0].lstrip("\\")
            else:
                power = self.inner(above)
        return self.finished(name, primes, indices, transposed, power, slice_)

    def finished(
        self, name: str, primes: int, indices: tuple[str, ...], transposed: bool, power: Plain | None, slice_: tuple[str, ...]
    ) -> Plain:
        """A name or a call with its decorations around it."""
        is_variance = name == "sigma" and power is not None
        is_factor = is_variance or (transposed and name not in _FUNCTIONS)
        tree = None if is_factor else self.call(name, primes, indices)
        if tree is None:
            tree = Plain("name", (), name + "'" * primes, indices)
        if slice_:
            tree = Plain("entry", (tree,), "", slice_)
        if power is not None:
            tree = Plain("power", (tree, power))
        if transposed:
            tree = Plain("transpose", (tree,))
        return self.powers(tree)

    def call(self, name: str, primes: int, indices: tuple[str, ...]) -> Plain | None:
        """The call of a function; None where the name is no function."""
        known = name in _FUNCTIONS
        if name in ("I", "ones") and self.token in CLOSING and self.holds_a_comparison():
            return self.indicator()
        if name in _OPEN_FUNCTIONS and self.token not in ("(", "[", r"\{") and not indices:
            return Plain("call", (self.factor(),), name + "'" * primes)
        opening = self.token
        if opening == "{" and self.after() in ("(", "[") and known:  # \log{(x)}
            return Plain("call", (self.argument(),), name + "'" * primes)
        is_called = known or primes or name in self.called or (opening == "(" and (self.is_function(name) or self.holds_arguments()))
        if opening not in ("(", "[", r"\{") or not is_called:
            return None
        if opening != "(" and not known and name not in self.called:
            return None
        if opening == "[" and self.after() == ":":
            return None
        if indices and known:
            raise PlainError("an entry of a function")
        closing = CLOSING[self.take()]
        bars, self.bars = self.bars, ["|"]
        args = [self.sum()]
        while self.token in (",", ";", "|"):
            self.take()
            args.append(self.sum())
        self.bars = bars
        self.take(closing)
        return Plain("call", tuple(args), name + "'" * primes, indices)

    def powers(self, tree: Plain) -> Plain:
        while self.token in ("^", "_", "'", "[", "|"):
            if self.token == "|":  # what stands after it is where it is taken
                if self.after() != "_" or self.token in self.bars:
                    break
                self.take()
                self.take()
                tree = Plain("at", (tree,), "".join(self.group()))
                continue
            if self.token == "[":
                if self.after() != ":" and not (self.after(2) == "," and self.after(3) == ":"):
                    break
                self.take()
                tree = Plain("entry", (tree,), "", self.slice())
                continue
            mark = self.take()
            if mark == "'":
                tree = Plain("derivative", (tree, Plain("name", (), _UNSAID)))
            elif mark == "_":
                below = [t for t in self.group() if t not in ("{", "}")]
                if below[1:] in (["=", "1"], ["=", "0"]) and self.token == "^":  # (a_i)_{i=1}^n
                    self.take()
                    self.group()
                    tree = Plain("listed", (tree,), "column", (below[0],))
                else:
                    tree = entry_of(tree, below)
            else:
                above = self.group()
                if above in _TRANSPOSES[:2]:
                    tree = Plain("transpose", (tree,))
                elif above in (["-", "T"], ["-", r"\top"]):
                    tree = Plain("transpose", (Plain("power", (tree, Plain("neg", (Plain("number", (), "1"),)))),))
                elif above and all(t == "'" for t in above):
                    tree = Plain("derivative", (tree, Plain("name", (), _UNSAID)))
                elif tree.op == "name" and above[:1] == ["("] and label_end(above) == len(above) and tree.value != "e":  # {y}^{(i)}
                    tree = Plain(
                        "name", (), f"{tree.value}^{''.join(t.lstrip(chr(92)) for t in above if t not in ('{', '}'))}", tree.indices
                    )
                else:
                    tree = Plain("power", (tree, self.inner(above)))
        return tree

    def slice(self) -> tuple[str, ...]:
        """[:, i] as indices."""
        found: list[str] = []
        while self.token != "]":
            token = self.take()
            if token != ",":
                found.append(token)
        self.take("]")
        return tuple(found)


__all__ = ["Plain", "PlainError", "plain"]
