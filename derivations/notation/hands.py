r"""How each style sets things: brackets, raised and lowered parts, fractions, and two factors side by side.

A hand knows typography, and where two neighbours would be misread (`2` before `3`, `t` before `r`). It must not know
what an operation means or binds: that is `writer.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar

from ..sizes import Size
from .name_writer import RAISED, spelled
from .names import INDEX_LETTERS
from .spellings import FUNCTIONS, GREEK, Style

# The words that a run of letters is searched for, besides functions and letters: i and f together would be “if”.
WORDS: frozenset[str] = frozenset((
    "if", "else", "otherwise", "for", "when", "and", "or", "not", "is", "in", "where", "with", "import", "lambda",
    "inf", "nan", "oo", "axis", "dim", "ord", "infinity", "infty", "mm", "mv", "sec", "csc", "cot", "eye", "ones",
    "zeros", "dot", "pow", "len", "add", "array", "inner", "matmul", "solve", "square", "floor", "keepdims", "keepdim",
    "newaxis", "Max", "Min", "None", "True", "sech", "csch", "coth", "vdot",
))  # fmt: skip
_KNOWN = WORDS | {
    word
    for row in (*FUNCTIONS, *GREEK)
    for word in (re.sub(r"\\operatorname\{(.*)\}|\\", r"\1", spelling) for spelling in row.all())
    if len(word) > 1 and word.isascii() and word.isalpha()
}
_LONGEST_RUN = 4
_LAST_RUN = re.compile(r"[A-Za-z]*\Z")
_FIRST_RUN = re.compile(r"[A-Za-z]*")
_COMMAND_AT_END = re.compile(r"\\[A-Za-z]+\Z")
_LOOSE_AT_END = re.compile(r"[_^∘][A-Za-z0-9.]+\Z")  # a part without braces: what follows must not join it
_FRACTION_AT_END = re.compile(r"\w/\w+\Z")
_ROOT_AT_END = re.compile(r"[√∛]\w+\Z")
_WORD = re.compile(r"[A-Za-z]{2}")
_FUNCTION_AT_END = re.compile(r"(?:\\sigma|σ)\Z")
_FIGURES = "0123456789"
_TAIL = 24  # how much of the left factor matters to its neighbour
_TALL = ("\\frac", "\\sum", "\\prod", "\\begin")
_DIGITS = re.compile(r"−?[0-9]+")
_SIGNED = re.compile(r"-([0-9]+|T)")
_SIMPLE = re.compile(r"[^\W\d_]|[0-9]+(\.[0-9]+)?")


def glued(left: str, right: str, words: Collection[str] = _KNOWN) -> bool:
    """Whether two runs of letters, written together, hold a word across the seam, or are hard to take apart.

    >>> glued("X", "w"), glued("t", "r"), glued("w", "mk")
    (False, True, True)
    """
    run = left + right
    if len(right) > 1 or len(run) > (2 if run.islower() else _LONGEST_RUN):
        return True
    return any(run[i:j] in words for i in range(len(left)) for j in range(len(left) + 1, len(run) + 1))


class Hand:
    """What the styles have in common. `signs` stand between two operands; "times" is an explicit product."""

    style: Style
    signs: ClassVar[Mapping[str, str]]
    minus, transposed, inverse_transposed, prime = "-", "T", "-T", "'"
    big: ClassVar[Mapping[str, str]]
    delta: str
    truth: str
    pi: str
    bars: str

    def __init__(self, names: Mapping[str, str] | None = None, known: Iterable[str] = ()):
        self._names = names or {}
        self._known = frozenset(known)
        self._words = _KNOWN.union(name for name in known if len(name) > 1)

    def name(self, declared: str) -> str:
        return self._names.get(declared) or spelled(declared, self.style)

    def size(self, size: Size) -> str:
        """A size as a subscript or an argument: n, 3, n+m."""
        terms = [f if f.isdigit() else self.name(f) for term in str(size).split("+") for f in term.split("*")]
        return terms[0] if len(terms) == 1 else str(size)

    def bracket(self, text: str) -> str:
        return f"({text})"

    def apart(self, left: str, right: str) -> bool:
        """Whether two factors need a sign between them."""
        return right[0] in _FIGURES or (right[0] == "(" and _FUNCTION_AT_END.search(left[-_TAIL:]) is not None)

    def beside(self, left: str, right: str) -> str:
        """Two factors, with nothing between them where that can be read, else with a space."""
        if right[0] == "[":
            right = self.bracket(right)
        return f"{left} {right}" if self._spaced(left[-_TAIL:], right) else left + right

    def _spaced(self, tail: str, right: str) -> bool:
        left_run, right_run = _LAST_RUN.search(tail), _FIRST_RUN.match(right)
        assert left_run and right_run
        if right[0] == "|" or tail[-1] == "|":
            return True
        if right[0] == "(":  # ed(…) would be a function, AB(…) where both are names is none
            return len(left_run[0]) > 1 and not self._known.issuperset(left_run[0])
        return bool(left_run[0] and right_run[0]) and glued(left_run[0], right_run[0], self._words)

    def function(self, word: str, args: Sequence[str], primes: int = 0) -> str:
        return f"{word}{self.prime * primes}{self.bracket(', '.join(args))}"

    # What differs

    def raised(self, base: str, exponent: str) -> str:
        raise NotImplementedError

    def lowered(self, base: str, subscript: str) -> str:
        raise NotImplementedError

    def absolute(self, body: str) -> str:
        return f"|{body}|"

    def root(self, sign: str, body: str) -> str:
        raise NotImplementedError

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        raise NotImplementedError

    def over(self, op: str, index: str, size: str) -> str:
        """Σ or ∏ with its index and its last value, if that is to be said."""
        raise NotImplementedError

    def setting(self, key: str, value: object) -> str:
        raise NotImplementedError


class Latex(Hand):
    """LaTeX, as it stands between dollar signs."""

    style = Style.LATEX
    signs: ClassVar[Mapping[str, str]] = {
        "add": " + ", "sub": " - ", "hadamard": r" \odot ", "oslash": r" \oslash ", "kron": r" \otimes ",
        "dot": r" \cdot ", "times": r" \cdot ", "matmul": r" \cdot ",
        "<=": r" \leq ", ">=": r" \geq ", "!=": r" \neq ", "<": " < ", ">": " > ", "=": " = ",
    }  # fmt: skip
    transposed, inverse_transposed = r"\top", r"-\top"
    big: ClassVar[Mapping[str, str]] = {"sum": r"\sum", "prod": r"\prod"}
    delta, truth, pi, bars = r"\delta", r"\mathbb{1}", r"\pi", r"\|"

    def bracket(self, text: str) -> str:
        return rf"\left({text}\right)" if any(tall in text for tall in _TALL) else f"({text})"

    def apart(self, left: str, right: str) -> bool:
        return super().apart(left, right) or (right.startswith(r"\frac{") and left[-1] in _FIGURES + ".")

    def _spaced(self, tail: str, right: str) -> bool:
        if _COMMAND_AT_END.search(tail):
            return right[0].isalpha()
        return super()._spaced(tail, right)

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def lowered(self, base: str, subscript: str) -> str:
        return f"{base}_{{{subscript}}}"

    def absolute(self, body: str) -> str:
        return rf"\left|{body}\right|" if any(tall in body for tall in _TALL) else f"|{body}|"

    def root(self, sign: str, body: str) -> str:
        return f"{sign}{{{body}}}"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return rf"\begin{{bmatrix}} {_lines(rows)} \end{{bmatrix}}"

    def cases(self, branches: Sequence[tuple[str, str]]) -> str:
        rows = [(body, rf"\text{{if }} {test}" if test else r"\text{otherwise}") for body, test in branches]
        return rf"\begin{{cases}} {_lines(rows)} \end{{cases}}"

    def over(self, op: str, index: str, size: str) -> str:
        return f"{self.big[op]}_{{{index}=1}}^{{{size}}} " if size else f"{self.big[op]}_{{{index}}} "

    def setting(self, key: str, value: object) -> str:
        return rf"\text{{{key}}}={value}"


def _lines(rows: Sequence[Sequence[str]]) -> str:
    return r" \\ ".join(" & ".join(row) for row in rows)


class Plain(Hand):
    """What Unicode and ASCII have in common: everything on one line."""

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if _SIMPLE.fullmatch(exponent) else f"{base}^({exponent})"

    def lowered(self, base: str, subscript: str) -> str:
        bare = len(subscript) == 1 or subscript.isdigit() or INDEX_LETTERS.issuperset(subscript)
        return f"{base}_{subscript}" if bare else f"{base}_{{{subscript}}}"

    def root(self, sign: str, body: str) -> str:
        return f"{sign}{body}" if sign in "√∛" and _SIMPLE.fullmatch(body) else f"{sign}({body})"

    def matrix(self, rows: Sequence[Sequence[str]]) -> str:
        return f"[{'; '.join(', '.join(row) for row in rows)}]"

    def over(self, op: str, index: str, size: str) -> str:
        if not size:
            return f"{self.big[op]}_{index} "
        return f"{self.big[op]}_{{{index}=1}}^{size if _SIMPLE.fullmatch(size) else self.bracket(size)} "

    def setting(self, key: str, value: object) -> str:
        return f"{key}={value}"


class Unicode(Plain):
    """Plain text with mathematical characters."""

    style = Style.UNICODE
    minus, prime = "−", "′"
    signs: ClassVar[Mapping[str, str]] = {
        "add": " + ", "sub": " − ", "hadamard": " ⊙ ", "oslash": " ⊘ ", "kron": " ⊗ ", "dot": " · ", "times": " · ",
        "matmul": " · ", "<=": " ≤ ", ">=": " ≥ ", "!=": " ≠ ", "<": " < ", ">": " > ", "=": " = ",
    }  # fmt: skip
    big: ClassVar[Mapping[str, str]] = {"sum": "Σ", "prod": "∏"}
    delta, truth, pi, bars = "δ", "𝟙", "π", "‖"

    def over(self, op: str, index: str, size: str) -> str:
        """The letter Σ, unless that is a name here; then the sign, which looks nearly the same."""
        text = super().over(op, index, size)
        return text if self._known.isdisjoint(("Sigma", "Σ", r"\Sigma")) else text.replace("Σ", "∑", 1)

    def apart(self, left: str, right: str) -> bool:
        return super().apart(left, right) or (right[0] in "𝟏𝟘𝟙" and left[-1] in _FIGURES)

    def raised(self, base: str, exponent: str) -> str:
        if _DIGITS.fullmatch(exponent) or exponent in ("T", "-T"):
            return base + "".join("ᵀ" if c == "T" else RAISED["-" if c == "−" else c] for c in exponent)
        return super().raised(base, exponent)

    def _spaced(self, tail: str, right: str) -> bool:
        if _FRACTION_AT_END.search(tail) or _ROOT_AT_END.search(tail) or _WORD.match(right):
            return True
        if right[0] in "𝟏𝟘𝟙":
            return True
        if _LOOSE_AT_END.search(tail):
            return right[0] not in "‖√"
        return super()._spaced(tail, right)


class Ascii(Plain):
    """What every keyboard has."""

    style = Style.ASCII
    signs: ClassVar[Mapping[str, str]] = {
        "add": " + ", "sub": " - ", "hadamard": " .* ", "oslash": " ./ ", "times": " * ", "matmul": " @ ",
        "<=": " <= ", ">=": " >= ", "!=": " != ", "<": " < ", ">": " > ", "=": " = ",
    }  # fmt: skip
    big: ClassVar[Mapping[str, str]] = {"sum": "sum", "prod": "prod"}
    delta, truth, pi, bars = "delta", "1", "pi", "||"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}" if _SIGNED.fullmatch(exponent) else super().raised(base, exponent)

    def _spaced(self, tail: str, right: str) -> bool:
        return True
