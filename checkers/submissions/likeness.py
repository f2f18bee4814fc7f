"""How like a piece of a sheet is to a problem of a set: by its function, by the marks it is known by, by its words.

The words of a set are its author's own, not the sheet's, so likeness by words is weak evidence; rare words of the set count
for more than common ones. A function is compared as it is written, without spaces and dress.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from ...derivations.problems.problems import Problem

LONGEST = 1500  # characters of a statement that are compared

_DRESS = re.compile(
    r"\\(?:mathbf|mathrm|mathit|boldsymbol|bm|rm|bf|text|textbf|left|right|displaystyle|operatorname|cdot|times)(?![A-Za-z])"
    r"|\\(?:quad|qquad)(?![A-Za-z])|\\[,;!: ]"
    r"|\*\*|[{}\s*`]|·|⋅|✕"
)
_SAME = (
    (r"\top", "T"), ("⊤", "T"), ("ᵀ", "^T"), (r"\intercal", "T"), (r"\|", "||"), (r"\Vert", "||"), (r"\lVert", "||"),
    (r"\rVert", "||"), ("‖", "||"), ("²", "^2"), ("³", "^3"), (r"\ln", "ln"), (r"\log", "log"), (r"\exp", "exp"), ("−", "-"),
    ("**2", "^2"), ("$", "¦"),
)  # fmt: skip
_KEPT_WORDS = frozenset(("exp", "log", "tanh", "relu", "softmax", "sigmoid", "diag"))
_WORD_IN_FORMULA = re.compile(r"(?<![\\A-Za-z])(?:[A-Za-z]{3,}|(?:of|to|is|in|by|at|as|be|if|or|we|an|so|for)(?![A-Za-z_^(]))")
_POWER = re.compile(r"\^\(([^()]{1,12})\)")
_GOES_ON = frozenset("^_'+-/|")
_TOKEN = re.compile(r"[A-Za-z]{3,}")
_MARKUP = re.compile(r"\\(?:mathbf|mathrm|mathbb|frac|partial|begin|end|left|right|text|bmatrix|cdot|operatorname|top|quad)(?![A-Za-z])")
_STOP = frozenset(
    "the and for with are that this what which why how its can not one two all from does each into has have their them then than but"
    " you your use using used get give given following same show let there these those when where was will would also only is of"
    " problem question answer part problems".split()
)
_ASKED_WORDS: Mapping[tuple[str, str], str] = {
    ("backprop", "graph"): "draw computation graph nodes label",
    ("backprop", "values"): "forward propagation evaluate intermediate values",
    ("backprop", "partials"): "backward local partial derivatives intermediate operation neighboring gradients",
    ("backprop", "gradient"): "aggregate chain rule global gradients",
    ("backprop", "symbolic"): "symbolic differentiation",
    ("backprop", "counts"): "computations repeated efficient independently",
    ("activation", "plot"): "plot formula derivative activation functions",
    ("softmax", "entry"): "softmax derivative dimension kronecker delta prove",
    ("softmax", "matrix"): "softmax jacobian diagonal matrix prove",
    ("xor", "proof"): "single layer network represent xor",
    ("xor", "weights"): "two layer network provide weights biases xor",
    ("initialisation", "zero"): "weights biases initialized zero gradient descent learn",
    ("initialisation", "constant"): "initial weights uniform constant arbitrary activation gradient descent learn",
}


def formula(text: str) -> str:
    r"""A text as a row of signs in which a function can be looked for: no spaces, no dress, a dot for each word.

    >>> formula(r"$f(w) = \|w\|^2$ (squared length)")
    '¦f(w)=||w||^2¦(••)'
    """
    for written, same in _SAME:
        text = text.replace(written, same)
    text = _DRESS.sub(" ", text)
    text = _WORD_IN_FORMULA.sub(lambda m: m[0] if m[0].lower() in _KEPT_WORDS else "•", text)
    return _POWER.sub(r"^\1", text.replace(" ", ""))


def words(text: str) -> set[str]:
    """The words of a text without their endings.

    >>> sorted(words("Why are activation functions used?"))
    ['activ', 'functio']
    """
    return {stem for word in _TOKEN.findall(_MARKUP.sub(" ", text)) if (stem := _stem(word.lower())) not in _STOP}


def _stem(word: str) -> str:
    if word in _STOP or len(word) < 5:
        return word.rstrip("s") if len(word) == 4 else word
    for ending in ("ations", "ation", "izing", "ising", "ized", "ised", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:7]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a problem is recognised by: its function, marks that were named for it, and weighted words."""

    function: str
    marks: tuple[tuple[frozenset[str], str, float], ...]
    weights: Mapping[str, float]

    def likeness(self, text: Text) -> float:
        """Between 0 and 1."""
        total = sum(self.weights.values()) or 1.0
        shared = sum(weight for word, weight in self.weights.items() if word in text.words) / total
        value = min(0.8, 1.6 * shared)
        known = sum(weight for own, signs, weight in self.marks if (_occurs(signs, text.formula) if signs else own <= text.words))
        most = min(1.0, 0.4 + 0.2 * len(self.marks))  # one mark alone is found in many places
        value = max(value, min(most, 1.2 * known / (sum(weight for _, _, weight in self.marks) or 1.0)))
        if self.function and _occurs(self.function, text.formula):
            value = max(value, 1.0)
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a sheet, ready to be compared."""

    words: frozenset[str]
    formula: str


@lru_cache(maxsize=2048)
def comparable(text: str) -> Text:
    """The beginning of a text, ready to be compared."""
    text = text[:LONGEST]
    return Text(frozenset(words(text)), formula(text))


def profiles(problems: Sequence[Problem]) -> tuple[Profile, ...]:
    """What each problem is recognised by, among the others of its set.

    A function that several problems share tells nothing apart, and is left to the words.
    """
    functions = Counter(formula(p.function) for p in problems)
    counted = [_counted(p) for p in problems]
    frequent = Counter(word for own in counted for word in own)
    named = Counter(mark for p in problems for mark in set(p.known_by))
    return tuple(
        _profile(p, own, _Counts(len(problems), frequent, named), functions[formula(p.function)] == 1)
        for p, own in zip(problems, counted, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many problems a set has, and how many of them use a word, or are known by a mark."""

    problems: int
    words: Counter[str]
    marks: Counter[str]

    def rarity(self, count: int) -> float:
        return log(self.problems / count) + 0.1


def states(problem: Problem, line: str, alone: bool = False) -> bool:
    """Whether a line writes down the function of a problem; with `alone`, whether that is all it does."""
    function, signs = formula(problem.function), formula(line[:LONGEST])
    return "=" in function and _occurs(function, signs) and not (alone and signs.replace(function, "", 1).strip("¦•().,:; "))


def _counted(problem: Problem) -> dict[str, float]:
    """The words of a problem: those of its title count double, those named for it three times."""
    counts: dict[str, float] = {}
    sources: list[tuple[str, float]] = [(problem.text, 1.0), (" ".join(problem.options.values()), 0.5), (problem.title, 2.0)]
    sources += [(_ASKED_WORDS.get((problem.kind, asked), ""), 1.0) for asked in problem.asked]
    sources += [(mark, 3.0) for mark in problem.known_by if not _is_formula(mark)]
    for text, weight in sources:
        for word in words(text):
            counts[word] = max(counts.get(word, 0.0), weight)
    return counts


def _profile(problem: Problem, own: Mapping[str, float], counts: _Counts, alone: bool) -> Profile:
    weights = {word: weight * counts.rarity(counts.words[word]) for word, weight in own.items()}
    function = formula(problem.function)
    marks = tuple(
        (frozenset(words(mark)), formula(mark) if _is_formula(mark) else "", counts.rarity(counts.marks[mark]))
        for mark in dict.fromkeys(problem.known_by)
        if _is_formula(mark) or words(mark)  # a mark of common words only tells nothing
    )
    return Profile(function if alone and "=" in function else "", marks, weights)


def _is_formula(mark: str) -> bool:
    return any(sign in mark for sign in "=^_\\∂")


def _occurs(function: str, text: str) -> bool:
    """Whether a function stands in a text, whole: `f(w)=w` does not stand in `f(w)=w^2`."""
    place = text.find(function) if function else -1
    while place >= 0:
        after = text[place + len(function) : place + len(function) + 1]
        before = text[place - 1 : place]
        if not (after in _GOES_ON or after.isalnum()) if after else True:
            if not before.isalnum() or not function[0].isalnum():
                return True
        place = text.find(function, place + 1)
    return False


__all__ = ["Profile", "Text", "comparable", "formula", "profiles", "states", "words"]
