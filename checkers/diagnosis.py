"""Why an answer is wrong: a named mistake that leads from the expected value to it, and a witness.

The expected expression is changed by one known mistake after the other; the first change whose value is the answer's
names the mistake. Then single corrections of the answer are tried the same way. Floating-point values at two points find
candidates; the judge confirms them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from ..derivations import Style, spelled_name, write
from ..derivations.elements.elements import Element, power, product, scaled, size
from ..derivations.elements.evaluation import Evaluator
from ..derivations.elements.sampling import least_sizes, size_assignments, sizes_in
from ..derivations.errors import HwcheckError, Span
from ..derivations.forms.building import num
from ..derivations.notation.written import SCALAR, Written
from ..derivations.reader.reading import Reading
from ..derivations.sizes import Shape, Size, value_of
from .equality.comparison import Comparison, compare
from .equality.large_sizes import LARGEST, drawn, largest, shrunk
from .equality.points import draw
from .mistakes.misfits import misfit
from .mistakes.mistakes import Mistake, likely_repairs, mistakes, repairs
from .quantities import DerivingMeaning, Quantity, in_order, lowered, meant
from .references import Reference, turned
from .verdicts import Witness
from .witnesses import witness

_POINTS = 2
_CLOSE = 1e-9
_MOST_CONFIRMED = 6  # candidates that the judge is asked about
_MOST_TRIED = 400
_MOST_ENTRIES = 1000  # larger tensors are not drawn entry by entry

Align = Callable[[Quantity], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A diagnosis, the sentences for the student, the places they speak of, and a witness."""

    code: str
    message: str
    spans: tuple[Span, ...] = ()
    witness: Witness | None = None


# -- the same axes -------------------------------------------------------------------------------------------------------


def explained(reference: Reference, q: Quantity, expected: Element, answer: Element, found: Comparison, seed: int,
              align: Align) -> Explanation:
    """Why an answer of the right shape is wrong."""
    domains = reference.given.domains
    shown = witness(expected, answer, domains, expected_shape=reference.shape or SCALAR, answer_shape=q.shape)
    whole = ((0, len(q.text)),)
    if found.cause == "domain":
        return Explanation("domain", f"Your answer has no value{_at(shown)}, where the expected one has.", whole, shown)
    if found.cause == "kink":
        return Explanation("kink", f"Your answer differs from the expected one only at the kink{_at(shown, ', at')}.", whole, shown)
    if (turned_over := _transposed(reference, expected, answer, seed)) is not None:
        return replace(turned_over, spans=whole, witness=shown)
    search = _Search(reference, q, answer, seed, align)
    if (ratio := search.ratio(expected)) is not None:
        return replace(ratio, spans=whole, witness=shown)
    if (named := search.named()) is not None:
        return replace(named, witness=shown)
    return Explanation("other", _otherwise(reference, expected, answer, seed), whole, shown)


def _transposed(reference: Reference, expected: Element, answer: Element, seed: int) -> Explanation | None:
    shape = expected.shape
    if len(shape) == 2 and shape[0] == shape[1] and compare(turned(expected, (1, 0)), answer, reference.given.domains, seed).same:
        return Explanation("transposed", f"This is the transpose of the expected matrix.{_layout_words(reference)}")
    return None


def _otherwise(reference: Reference, expected: Element, answer: Element, seed: int) -> str:
    """Where no known mistake fits: under which condition both would be equal, if under a simple one."""
    strange = sorted(answer.names - expected.names - set(reference.given.shapes))
    if strange:
        do = "do" if len(strange) > 1 else "does"
        return f"Your answer uses {', '.join(_said(n) for n in strange)}, which {do} not occur in what is asked."
    domains = reference.given.domains
    variables = {n.value: n.shape for e in (expected, answer) for n in e.walk() if n.kind == "variable"}
    free = sorted(n for n in variables if domains.get(n, "any") == "any")
    square = [n for n in free if len(variables[n]) == 2 and variables[n][0] == variables[n][1]]
    probes = [(f"{_listed(square)} symmetric", dict.fromkeys(square, "symmetric"))] if square else []
    if free:
        probes.append((f"{_listed(free)} positive", dict.fromkeys(free, "positive")))
        probes.append((f"{_listed(free)} between 0 and 1", dict.fromkeys(free, "unit")))
        probes += [(f"the entries of {_said(n)} sum to one", {n: "probability"}) for n in free if len(variables[n]) == 1]
        probes += [(f"{_said(n)} is one-hot", {n: "one_hot"}) for n in free if len(variables[n]) == 1]
    for words, more in probes if shrunk((expected, answer)) is None else ():
        if compare(expected, answer, {**domains, **more}, seed).same:
            return f"Your answer equals the expected one only if {words}, and that is not given."
    return "Your answer has another value than the expected one."


def _said(name: str) -> str:
    return spelled_name(name, Style.UNICODE)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(_said(n) for n in names) + (" are" if len(names) > 1 else " is")


# -- other shapes --------------------------------------------------------------------------------------------------------


def explained_transposed(reference: Reference, q: Quantity) -> Explanation:
    """The entries are right and the shape is the other one."""
    said = f"Your entries are right, but yours is {_kind(q.shape)} and {_kind(reference.shape)} is expected: take the transpose."
    return Explanation("transposed", said + _layout_words(reference), ((0, len(q.text)),), _shown(reference, q))


def explained_shape(reference: Reference, q: Quantity, seed: int, align: Align, equals: Callable[[Reading], bool]) -> Explanation:
    """Why an answer of another shape is wrong: a named mistake where one leads to it."""
    whole = ((0, len(q.text)),)
    if reference.free and (more := [i for i in q.free if i not in reference.free]) and len(q.free) > len(reference.free):
        return Explanation("wrong-index", f"The index {more[0]} is left open: nothing sums over it.", whole)
    if reference.free and not q.free:
        indices = ", ".join(reference.free)
        return Explanation("shape", f"Yours is {_kind(q.shape)}, but a formula with the open indices {indices} is expected.", whole)
    stray = [i for i in q.free if i not in q.reading.listed] if q.reading.listed else []
    if stray:
        listed = ", ".join(q.reading.listed)
        said = f"Your left side has the indices {listed}, but the right side has {stray[0]} as well, which nothing sums over."
        return Explanation("wrong-index", said, whole)
    if q.free and reference.is_number:
        left = f"The {'indices' if len(q.free) > 1 else 'index'} {' and '.join(q.free)} {'are' if len(q.free) > 1 else 'is'} left open"
        return Explanation("wrong-index", f"{left}, but a number is expected.", whole)
    named = _Search(reference, q, q.element, seed, align).named()
    if named is not None:
        return replace(named, witness=_shown(reference, q))
    if reference.shape is not None and (found := misfit(q.text, reference.given, reference.shape, equals)) is not None:
        return Explanation(found.code, found.message, found.spans, _shown(reference, q))
    if q.free and not reference.free:
        indices = ", ".join(q.free)
        order = in_order(q.reading)
        extents = dict(zip(q.free, q.element.shape, strict=False))
        if len(order) == len(reference.element.shape):
            for index, expected in zip(order, reference.element.shape, strict=True):
                if extents.get(index, expected) != expected:
                    said = f"Check the index {index}: in your formula it runs to {extents[index]}, and that axis has {expected} entries."
                    return Explanation("wrong-index", said, whole)
        return Explanation("wrong-index", f"Your formula has the open indices {indices}; {_kind(reference.shape)} is expected.", whole)
    if reference.shape is None:
        axes = " × ".join(str(s) for s in reference.element.shape)
        said = f"Yours is {_kind(q.shape)}; the expected derivative has {len(reference.element.shape)} axes, {axes}."
        return Explanation("rank", said + " Write it entry by entry, or as a matrix between vecs.", whole)
    bare = q.shape == SCALAR and all(n.kind != "variable" or not n.shape for n in q.element.walk())
    code = "rank" if bare and not reference.is_number else "shape"
    return Explanation(code, f"Yours is {_kind(q.shape)}, but {_kind(reference.shape)} is expected.", whole, _shown(reference, q))


def _shown(reference: Reference, q: Quantity) -> Witness | None:
    """Both values at one point, where both can be shown side by side."""
    if q.free or reference.free or reference.shape is None:
        return None
    return witness(reference.element, q.element, reference.given.domains, expected_shape=reference.shape, answer_shape=q.shape)


def _kind(shape: Shape | None) -> str:
    """A shape in words: a number, a column, d × 1."""
    if shape is None:
        return "a tensor"
    rows, columns = shape
    if shape == SCALAR:
        return "a number"
    if 1 not in shape:
        return f"{rows} × {columns}"
    return f"a {'column' if columns == 1 else 'row'} ({rows} × {columns})"


def _layout_words(reference: Reference) -> str:
    if not reference.derived or reference.one_layout:
        return ""
    if reference.layout == "denominator":
        return " This is the numerator layout; this course uses denominator layout (the gradient)."
    return " This is the gradient (denominator layout); this course uses numerator layout."


# -- named mistakes ------------------------------------------------------------------------------------------------------

_SENTENCES = {
    "sign": "Check {what}.",
    "missing-term": "Something is missing: {what}.",
    "missing-factor": "Something is missing: {what}.",
    "chain-rule": "The inner derivative is missing: {what}.",
    "product-rule": "Half of the product rule is missing: {what}.",
    "wrong-order": "The order matters here: check {what}.",
    "missing-parentheses": "A parenthesis is missing or misplaced: check {what}.",
    "elementwise-vs-matrix": "Entry by entry, or a matrix product? Check {what}.",
}


class _Search:
    """Looks for a mistake that leads from the expected value to an answer."""

    def __init__(self, reference: Reference, q: Quantity, answer: Element, seed: int, align: Align):
        self.reference = reference
        self.q = q
        self.answer = answer
        self.seed = seed
        self.align = align
        self.domains = reference.given.domains
        self.indices = dict(zip(reference.free or reference.letters, reference.element.shape, strict=False))
        self.lowering = DerivingMeaning()
        self.at = _points([reference.element, answer], self.domains)

    def ratio(self, expected: Element) -> Explanation | None:
        """One constant between both: −1, a number, or a size."""
        if self.at is None or not (expected.names and self.answer.names):
            return self.negative(expected)
        for c, words in self.at.ratios(expected, self.answer):
            if compare(_times(c, expected), self.answer, self.domains, self.seed).same:
                if isinstance(c, Fraction) and c == -1:
                    return Explanation("sign", "The sign is reversed: yours is −1 times the expected value.")
                return Explanation("factor", f"A constant factor is off: yours is {words} times the expected value.")
        return None

    def negative(self, expected: Element) -> Explanation | None:
        if compare(scaled(-1, expected), self.answer, self.domains, self.seed).same:
            return Explanation("sign", "The sign is reversed: yours is −1 times the expected value.")
        return None

    def named(self) -> Explanation | None:
        """The first known mistake that leads to the answer; or the first correction of the answer that makes it right."""
        if self.at is None:
            return None
        body = self.q.reading.body
        return self.repaired(likely_repairs(body)) or self.mistaken() or self.repaired(repairs(body))

    def mistaken(self) -> Explanation | None:
        """A mistake in the expected expression that gives the answer."""
        asked = 0
        for mistake in _first(mistakes(self.reference.written)) if self.reference.written is not None else ():
            if self.leads(mistake):
                if self.confirmed(mistake.tree):
                    return Explanation(mistake.code, _sentence(mistake), ((0, len(self.q.text)),))
                asked += 1
                if asked == _MOST_CONFIRMED:
                    break
        return None

    def repaired(self, corrections: Iterator[Mistake]) -> Explanation | None:
        """The first correction of the answer that makes it right."""
        for repair in _first(corrections):
            if self.mends(repair):
                span = repair.part.span if repair.part.span != (0, 0) else (0, len(self.q.text))
                return Explanation(repair.code, _sentence(repair), (span,))
        return None

    def element(self, tree: Written) -> Element | None:
        try:
            return self.lowering.of(tree)
        except HwcheckError:
            return None

    def leads(self, mistake: Mistake) -> bool:
        """Whether a mistaken expected expression has the answer's value, as far as floating-point numbers tell."""
        if not self.q.free and mistake.tree.shape != self.q.shape:
            return False
        element = self.element(mistake.tree)
        return element is not None and element.shape == self.answer.shape and self.at is not None and self.at.close(element, self.answer)

    def confirmed(self, tree: Written) -> bool:
        element, parts = lowered(tree)
        if not compare(element, self.answer, self.domains, self.seed, expected_parts=parts).same:
            return False
        return compare(self.answer, element, self.domains, self.seed, answer_parts=parts).same  # defined where the answer is, too

    def mends(self, repair: Mistake) -> bool:
        """Whether a corrected answer is right."""
        try:
            reading = replace(self.q.reading, body=repair.tree, free=_open_indices(self.q, repair.tree))
            q = meant(self.q.text, reading, () if self.reference.free else self.reference.element.shape, self.indices)
        except HwcheckError:
            return False
        return any(not fit.turned and self.at is not None and self.at.close(fit.expected, fit.answer)
                   and compare(fit.expected, fit.answer, self.domains, self.seed).same for fit in self.align(q))


def _first(trees: Iterator[Mistake]) -> Iterator[Mistake]:
    for count, mistake in enumerate(trees):
        if count == _MOST_TRIED:
            return
        yield mistake


def _open_indices(q: Quantity, tree: Written) -> tuple[str, ...]:
    """The open indices of a corrected answer: those of the answer that still occur."""
    return tuple(i for i in q.reading.free if any(n.op == "index" and n.value == i for n in tree.walk()))


def _sentence(mistake: Mistake) -> str:
    return _SENTENCES.get(mistake.code, "Check {what}.").format(what=mistake.what)


def _at(shown: Witness | None, word: str = " at") -> str:
    if shown is None or not shown.at:
        return ""
    return word + " " + ", ".join(f"{name} = {value}" for name, value in shown.at.items())


def _times(c: Fraction | Size | tuple[str, int], expected: Element) -> Element:
    if isinstance(c, Fraction):
        return scaled(c, expected)
    name, exponent = c if isinstance(c, tuple) else (c, 1)
    labels = tuple(range(len(expected.shape)))
    return product(labels, [(power(size(name), exponent), ()), (expected, labels)], dict(enumerate(expected.shape)))


@dataclass(slots=True)
class _At:
    """Values in floating point at two points for each of two assignments of sizes."""

    evaluators: list[Evaluator]

    def values(self, element: Element) -> list[Any]:
        return [_value(at, element) for at in self.evaluators]

    def close(self, a: Element, b: Element) -> bool:
        """Whether the values agree at all points."""
        for at in self.evaluators:
            x, y = _value(at, a), _value(at, b)
            if not (np.abs(x - y) <= _CLOSE * (1e-6 + np.abs(x) + np.abs(y))).all():
                return False
        return True

    def ratios(self, expected: Element, answer: Element) -> Iterator[tuple[Any, str]]:
        """Constants by which the answer could be a multiple of the expected value."""
        found = []
        for x, y in zip(self.values(expected), self.values(answer), strict=True):
            x, y = np.broadcast_arrays(x, y)
            x, y = x.ravel(), y.ravel()
            used = np.isfinite(x) & np.isfinite(y) & (np.abs(x) > 1e-9)
            if not used.any() or not (np.abs(y[~used & np.isfinite(y)]) < 1e-9).all():
                return
            r = y[used] / x[used]
            if not np.allclose(r, r[0], rtol=1e-8) or r[0] == 0:
                return
            found.append(float(r[0]))
        if np.allclose(found, found[0], rtol=1e-8):
            simple = Fraction(found[0]).limit_denominator(1000)
            if simple and abs(float(simple) - found[0]) < 1e-8 * abs(found[0]):
                yield simple, write(num(simple), Style.UNICODE)
            return
        for name in sorted(self.evaluators[0].sizes):
            for exponent, words in ((-1, f"1/{name}"), (1, name)):
                if all(abs(r - at.sizes[name] ** exponent) < 1e-8 * abs(r) for r, at in zip(found, self.evaluators, strict=True)):
                    yield (name, exponent), words


def _points(elements: Sequence[Element], domains: Any) -> _At | None:
    shapes = {n.value: n.shape for e in elements for n in e.walk() if n.kind == "variable"}
    mentioned = [*shapes.values(), *(sizes_in(n) for e in elements for n in e.walk())]
    for otherwise in ("any", "positive", "unit"):
        rng = random.Random(5)
        evaluators: list[Evaluator] = []
        for sizes in size_assignments(mentioned, least_sizes(elements)):
            if largest(elements, sizes) > _MOST_ENTRIES * 4 and not any(isinstance(s, int) and s > LARGEST for m in mentioned for s in m):
                continue  # of many Kronecker factors the shapes alone say enough
            extents = {n: [value_of(s, sizes) for s in shape] for n, shape in shapes.items()}
            if any(prod(e) > _MOST_ENTRIES for e in extents.values()):
                floats = {n: drawn(n, extent, domains) for n, extent in extents.items()}
            else:
                floats = {n: _floats(v) for n, v in draw(rng, shapes, sizes, domains, _POINTS, otherwise).items()}
            at = Evaluator(floats, sizes)
            if all(np.isfinite(_value(at, e)).all() for e in elements):
                evaluators.append(at)
                if len(evaluators) == 2 or not sizes:
                    return _At(evaluators)
    return None


def _value(at: Evaluator, element: Element) -> Any:
    with np.errstate(all="ignore"):
        try:
            return np.asarray(at(element), dtype=float)
        except KeyError:  # a name that the answer has, and its element has lost: 0 · λ
            return np.asarray(np.nan)


def _floats(array: Any) -> Any:
    flat = np.array([int(x.p) / int(x.q) for x in array.ravel()], dtype=float)
    return flat.reshape(array.shape)


__all__ = ["Explanation", "explained", "explained_shape", "explained_transposed"]
