"""Shapes and sizes that a solution states in words or signs: "the shape of ∂Y/∂X is (N, out, N, in) = (8, 5, 8, 3)".

They are held against the shapes that a sheet gives for its symbols. The entries of a Jacobian are those of its top and its
bottom together, in either order, and it may be laid out as a matrix. What speaks of blocks, or of other tensors, is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import prod

from .chain_lines import Line
from .chain_macros import Macros
from .chain_remarks import Remark
from .chain_repairs import without_wide_signs

_NUMBERED = re.compile(r"\s*\(?\s*(\d+)\s*(?:×|x|,|\\times)\s*(\d+)\s*\)?\s*\Z")
_DERIVATIVE = re.compile(r"\\[dt]?frac\s*\{\s*\\partial\s*\{?\s*([^{}]+?)\s*\}?\s*\}\s*\{\s*\\partial\s*\{?\s*([^{}]+?)\s*\}?\s*\}")
_FONT = re.compile(r"\\(?:mathbf|mathrm|boldsymbol|bm|text|mathit|operatorname|mathsf|textbf)\s*(?:\{([^{}]*)\}|(?=[A-Za-z]))")
_REALS = re.compile(r"(?:\\in|∈)\s*(?:\\mathbb\s*\{?\s*R\s*\}?|ℝ|\\R(?![A-Za-z]))\s*\^\s*(\{[^{}]*\}|\S+)")
_PLAIN_LIST = re.compile(r"[(\[]?\s*\d+(?:\s*(?:[xX×]|,)\s*\d+)+\s*[)\]]?")
_OF_ELEMENTS = re.compile(r"number of (?:elements|entries|parameters|values) (?:in|of)\W+(?:the )?([A-Za-z])\b", re.I)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z][A-Za-z_]*(?: [A-Z][a-z]+)?|[()\[\],×·=]")
_SAYS_SHAPE = re.compile(r"\b(?:shape|dimensions?|size|sized)\b", re.I)
_JACOBIAN = re.compile(r"jacobian|tensor", re.I)
_OTHER = re.compile(r"\bblocks?\b|\bdiagonal\b|\brows? of\b|\bcolumns? of\b|\bper[- ]sample\b|\beach\b", re.I)
_NOT_SPARSE = re.compile(r"\bnot\W+(?:be\W+|a\W+)?(?:very\W+)?sparse|\bno zero (?:elements|entries)", re.I)
_FRACTION = re.compile(
    r"1\s*/\s*([A-Za-z](?:[A-Za-z_]*(?: [A-Z][a-z]+)?)?)\W+of (?:all )?(?:the )?(?:elements|entries)\b.*\bnon-?zero\b", re.I | re.S
)
_LINEAR = re.compile(r"\blinear|fully[- ]connected|dense layer|X\s*W", re.I)
_MOST_TOKENS = 60

Shape = tuple[int, ...]


@dataclass(slots=True)
class Sizes:
    """The sizes that are known: `shapes` by the letter of a symbol, `names` by the role that a name has."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, symbols: Mapping[str, str]) -> Sizes:
        """What loose words say in numbers.

        >>> Sizes.of({"X": "8×3", "Y": "8×5"}).names
        {'in': 3, 'out': 5, 'N': 8}
        """
        found = cls()
        for name, words in symbols.items():
            numbered = _NUMBERED.match(words)
            if numbered:
                found.shapes[name.strip("\\{} ")] = (int(numbered[1]), int(numbered[2]))
        x, y = found.shapes.get("X"), found.shapes.get("Y")
        if x and y and x[0] == y[0]:
            found.names = {"in": x[1], "out": y[1], "N": x[0]}
        return found

    def number(self, name: str) -> int | None:
        """The number that a name stands for, by what it is called: D_in, out features, N."""
        low = name.replace(" ", "_").lower()
        if re.match(r"(?:[a-z]_)?in(?:put)?(?:_?(?:features|dim|size))?\Z", low):
            return self.names.get("in")
        if re.match(r"(?:[a-z]_)?out(?:put)?(?:_?(?:features|dim|size))?\Z", low):
            return self.names.get("out")
        return self.names.get("N") if low in ("n", "batch", "batch_size", "b") else None

    def jacobian(self, top: str, bottom: str) -> tuple[Shape, ...]:
        """The shapes that ∂top/∂bottom may be given; none where one is not known."""
        a, b = self.shapes.get(top), self.shapes.get(bottom)
        if a is None or b is None:
            return ()
        return (a + b, b + a, (prod(a), prod(b)), (prod(b), prod(a)))


def sizes_judged(lines: Sequence[Line], symbols: Mapping[str, str], macros: Macros) -> dict[int, Remark]:
    """What is said of the lines that state shapes or sizes, by their number; only where it is sure.

    >>> from .chain_lines import lines_of
    >>> lines = lines_of(r"The shape of $\\frac{\\partial Y}{\\partial X}$ is $(8, 5, 3)$.")
    >>> sizes_judged(lines, {"X": "8×3", "Y": "8×5"}, Macros())[1].message
    'The Jacobian of Y by X has an entry for each entry of both: its shape is 8 × 5 × 8 × 3.'
    """
    sizes = Sizes.of(symbols)
    found: dict[int, Remark] = {}
    if not sizes.shapes:
        return found
    is_linear = any(_LINEAR.search(line.text) for line in lines)
    subject: tuple[str, str] | None = None
    before = False  # a sentence that goes on speaks of a Jacobian
    pending = False  # a line before said that a shape follows
    for line in lines:
        text = _clean(line.text, macros)
        for sentence in re.split(r"(?<=[a-z0-9)$])\.\s", text):
            named = _derivative_in(sentence)
            subject = named or subject
            speaks = _SAYS_SHAPE.search(sentence) is not None or _REALS.search(sentence) is not None
            is_of_one = named is not None or before or _JACOBIAN.search(sentence) is not None
            remark = _judged(sentence, subject, speaks or pending, is_of_one, sizes)
            if remark is None and is_linear:
                remark = _sparsity(sentence, subject, sizes)
            if remark is not None and (line.number not in found or found[line.number].verdict == "right"):
                found[line.number] = remark
            before = _JACOBIAN.search(sentence) is not None and not sentence.rstrip(" *").endswith(".")
            pending = speaks and sentence.rstrip(" *").endswith((":", "is", "$:"))
    return found


def _clean(text: str, macros: Macros) -> str:
    text = macros.expanded(without_wide_signs(text)).replace("`", "")
    for _ in range(3):
        text = _FONT.sub(lambda m: m[1] or "", text)
    return text


def _derivative_in(sentence: str) -> tuple[str, str] | None:
    """The derivative that a sentence names."""
    found = _DERIVATIVE.search(sentence)
    return (found[1].strip(), found[2].strip()) if found else None


def _judged(sentence: str, subject: tuple[str, str] | None, speaks: bool, is_of_one: bool, sizes: Sizes) -> Remark | None:
    """What is said of one sentence; `is_of_one`: it speaks of a Jacobian."""
    if _OTHER.search(sentence):
        return None
    elements = _OF_ELEMENTS.search(sentence)
    right = False
    for terms in _equalities(sentence, sizes):
        values = [list(_values(term, sizes)) for term in terms]
        if not all(values):
            continue
        for before, after in pairwise(values):
            if not any(_same(a, b) for a in before for b in after):
                return Remark("wrong", "These sizes are not equal.")
            right = True
        if elements and elements[1] in sizes.shapes:
            count = prod(sizes.shapes[elements[1]])
            if not any(prod(v) == count for v in values[-1]):
                return Remark("wrong", f"{elements[1]} has {count} entries.")
            right = True
        elif speaks and is_of_one and any(len(v) > 1 for v in values[-1]):
            top, bottom = subject or ("Y", "X")
            wanted = sizes.jacobian(top, bottom) if subject or set(sizes.shapes) == {"X", "Y"} else ()
            if not wanted:
                continue
            if not any(v in wanted for v in values[-1]):
                shape = " × ".join(str(n) for n in wanted[0])
                said = f"The Jacobian of {top} by {bottom} has an entry for each entry of both: its shape is {shape}."
                return Remark("wrong", said, "shape")
            right = True
    return Remark("right", "", checked=True) if right else None


def _sparsity(sentence: str, subject: tuple[str, str] | None, sizes: Sizes) -> Remark | None:
    """What is said of how many entries of the Jacobian of a linear layer, Y = X Wᵀ on a batch, are zero."""
    if subject is None and set(sizes.shapes) != {"X", "Y"}:
        return None
    top, bottom = subject or ("Y", "X")
    name = {("Y", "X"): "N", ("Y", "W"): "out"}.get((top, bottom))
    count = sizes.names.get(name or "")
    if count is None or count < 2:
        return None
    what = "sample" if name == "N" else "output"
    said = f"Only 1 in {count} entries of the Jacobian of {top} by {bottom} can be other than zero: each {what} has its own."
    if _NOT_SPARSE.search(sentence):
        return Remark("wrong", said)
    fraction = _FRACTION.search(sentence)
    number = sizes.number(fraction[1].strip()) if fraction else None
    if number is None or subject is None:
        return None
    return Remark("right", "", checked=True) if number == count else Remark("wrong", said)


def _equalities(sentence: str, sizes: Sizes) -> Iterator[list[str]]:
    """The chains of equal sizes that a sentence holds: in dollars, in a set of matrices, or as plain numbers."""
    spans = [m[1] for m in re.finditer(r"\$([^$]+)\$", sentence)] if sentence.count("$") > 1 else [sentence]
    for text in spans:
        reals = _REALS.search(text)
        if reals:
            yield [reals[1].strip("{}")]
        elif _reads_as_sizes(text, sizes):
            yield [part for part in text.split("=") if part.strip()]
    if sentence.count("$") < 2 and not _reads_as_sizes(sentence, sizes):
        for found in _PLAIN_LIST.finditer(sentence):
            yield [found[0]]


def _reads_as_sizes(text: str, sizes: Sizes) -> bool:
    """Whether a formula holds sizes and the signs between them only."""
    tokens = _tokens(text)
    if tokens is None or len(tokens) < 2 or not any(t.isdigit() for t in tokens):
        return False
    return all(sizes.number(t) is not None for t in tokens if t[0].isalpha())


def _tokens(text: str) -> list[str] | None:
    text = re.sub(r"\\times|(?<=[\d\w)])\s*[xX]\s+(?=[\d(A-Za-z])|(?<=\d)[xX](?=\d)", "×", re.sub(r"\\cdot|\*", "·", text))
    text = re.sub(r"_\s*\{?\s*([A-Za-z]+)\s*\}?", r"_\1", text.replace("{,}", "").replace("\\,", " ")).strip(" .,;\n")
    found = _TOKEN.findall(text)
    return found if len(found) <= _MOST_TOKENS and not _TOKEN.sub("", text).strip() else None


def _values(text: str, sizes: Sizes) -> Iterator[Shape]:
    """The readings of a size: one, or two where a comma may stand in a number."""
    joined = re.sub(r"(?<![\d,(])\(?\s*(\d{1,3}(?:,\d{3})+)\s*\)?(?![\d,])", lambda m: m[1].replace(",", ""), text)
    for variant in dict.fromkeys((text, joined)):
        value = _value(_tokens(variant) or [], sizes)
        if value is not None:
            yield value


def _value(tokens: list[str], sizes: Sizes) -> Shape | None:
    """The numbers of a size; a bracket of several inside one counts as their product."""
    while tokens[:1] in (["("], ["["]) and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    found: list[int] = []
    factor, place = 1, 0
    while place < len(tokens):
        token = tokens[place]
        if token in ("(", "["):
            end = _closing(tokens[place:]) + place
            inner = _value(tokens[place + 1 : end], sizes) if end > place else None
            if inner is None:
                return None
            factor *= prod(inner)
            place = end
        elif token in ("×", ","):
            found.append(factor)
            factor = 1
        elif token.isdigit() or token[0].isalpha():
            number = int(token[:12]) if token.isdigit() else sizes.number(token)
            if number is None:
                return None
            factor *= number
        elif token != "·":
            return None
        place += 1
    return (*found, factor) if tokens else None


def _closing(tokens: list[str]) -> int:
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token in "([") - (token in ")]")
        if depth == 0:
            return place
    return -1


def _same(a: Shape, b: Shape) -> bool:
    """Whether two sizes are equal: number by number, or as products where one is a single number."""
    return a == b or (1 in (len(a), len(b)) and prod(a) == prod(b))


__all__ = ["Sizes", "sizes_judged"]
