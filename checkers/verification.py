"""Is this answer right? An answer is read, put on the axes of what is expected, compared, and explained.

The order of work: read; bring both to the same axes (a transposed matrix, an entry formula, a Kronecker matrix); compare
by `equality`; name the mistake by `diagnosis`. Nothing of the answer is ever evaluated as code.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ..derivations import Style, spelled_name
from ..derivations.elements.confirmation import seed_of
from ..derivations.elements.elements import Element, is_zero, product, zero
from ..derivations.elements.functions import FUNCTIONS
from ..derivations.errors import HwcheckError, InputError, ShapeError, Span, UnsupportedError
from ..derivations.notation.names import key_of
from ..derivations.notation.written import SCALAR
from ..derivations.reader.reading import Reading, read
from ..derivations.sizes import Size
from . import chains
from . import shapes as shapes_room
from .diagnosis import Explanation, explained, explained_shape, explained_transposed
from .equality.comparison import Comparison, compare
from .equality.points import DOMAINS
from .mistakes.misfits import misfit
from .quantities import Given, Quantity, in_order, meant, quantity
from .references import Order, Reference, as_matrix, derivative_of, reference_of, turned
from .rounding import rounded
from .verdicts import Evidence, EvidenceKind, Verdict

LAYOUTS = ("numerator", "denominator", "both")
ROUNDINGS = ("as-written", "exact")
KINDS = ("expression", "shape", "chain")
LONGEST = 100_000
_BELOW = re.compile(r"(?:\\partial|∂|(?<![A-Za-z])d)\s*\{?\s*(\\?[A-Za-z]+)[^/{}]*\}?\s*\Z")


def verify(
    answer: str,
    *,
    expected: str | None = None,
    function: str | None = None,
    wrt: str | None = None,
    kind: str = "expression",
    shapes: Mapping[str, Sequence[Size]] | None = None,
    definitions: Mapping[str, str] | None = None,
    domains: Mapping[str, str] | None = None,
    rounding: str = "as-written",
    layout: str = "numerator",
    order: int = 1,
    seed: int | None = None,
    symbols: Mapping[str, str] | None = None,
    context: str | None = None,
) -> Verdict:
    """Judge an answer against an expected expression, or against the derivative of a function.

    Args:
        answer: what a person wrote, in LaTeX, Unicode, ASCII or NumPy.
        expected: the expected expression; or
        function, wrt, order: the function whose derivative is expected (and its variable, where it has several).
        kind: "expression", "shape" (n × d), or "chain" (a worked solution, line by line; it needs no `expected`).
        shapes: sizes by name, [] a number, ["d"] a column, ["n", "d"] a matrix.
        definitions: names of intermediates, as text.
        domains: where variables live: positive, unit, symmetric, spd, one_hot, …
        rounding: "as-written": a decimal is right when it is the expected value rounded to the digits written; or "exact".
        layout: of a derivative: "numerator", "denominator", or "both" where either is right.
        seed: of the judging points; by default it belongs to what is asked.
        symbols, context: loose words of a sheet, used by worked solutions where they can be read.

    Raises:
        InputError: what is *expected* cannot be used. An answer never raises.

    >>> verify("2w", function="f(w) = ||w||^2").diagnosis
    'transposed'
    """
    if not isinstance(answer, str):
        return Verdict("", "unreadable", "The answer is no text.")
    _check(expected, function, kind, rounding, layout)
    given = Given(dict(shapes or {}), dict(definitions or {}), dict(domains or {}))
    if seed is None:
        seed = seed_of(f"{function or expected} {wrt or ''}")
    unknown = sorted({d for d in given.domains.values() if d not in DOMAINS})
    if unknown:
        raise InputError(f"The domain “{unknown[0]}” is not known; known domains: {', '.join(sorted(DOMAINS))}.")
    derived = None
    if function is not None:
        derived = derivative_of(function, wrt, given, layout="denominator" if layout == "denominator" else "numerator",
                                both=layout == "both", order=order)
        given = derived.given
    if kind == "shape":
        return shapes_room.judged_shape(derived.axes if derived else expected or "", answer, given)
    if kind == "chain":
        result = derived.said() or None if derived else expected
        return chains.judged_chain(answer, result, given, rounding=rounding, symbols=symbols, context=context, seed=seed)
    verdict = judged(derived or reference_of(expected or "", given), answer, rounding=rounding, seed=seed)
    if verdict.verdict != "right" and derived is None and not given.shapes and (numbers := _as_numbers(expected or "")) is not None:
        again = judged(reference_of(expected or "", numbers), answer, rounding=rounding, seed=seed)
        if again.verdict == "right":
            return replace(again, notes=(*again.notes, "every name is read as a number"))
    return verdict


_OF_NUMBERS = frozenset("number name constant neg add sub scale hadamard divide oslash power entrypower cases indicator compare".split())


def _as_numbers(expected: str) -> Given | None:
    """Where nothing is declared, and nothing speaks of vectors but the usual shapes of letters, they may as well be numbers."""
    reading = read(expected)
    if reading.free or any(n.op not in _OF_NUMBERS and not (n.op == "call" and n.value in FUNCTIONS) for n in reading.body.walk()):
        return None
    if any(s.shape[1] != 1 or s.origin == "forced" for s in reading.symbols):
        return None
    return Given({s.name: [] for s in reading.symbols})


def _check(expected: str | None, function: str | None, kind: str, rounding: str, layout: str) -> None:
    for value, known, what in ((kind, KINDS, "kind"), (rounding, ROUNDINGS, "rounding"), (layout, LAYOUTS, "layout")):
        if value not in known:
            raise InputError(f"The {what} is one of {', '.join(known)}, not “{value}”.")
    if expected is not None and function is not None:
        raise InputError("Give an expected expression or a function, not both.")
    if expected is None and function is None and kind != "chain":
        raise InputError("There is nothing to compare with: give an expected expression or a function.")


def judged(reference: Reference, answer: str, *, rounding: str = "as-written", seed: int = 0) -> Verdict:
    """Judge one answer against a reference; never raises for what the answer holds."""
    try:
        return _Case(reference, answer, rounding, seed).verdict()
    except RecursionError:
        return Verdict(answer, "undecided", "This answer is nested too deep to be judged.")


@dataclass(frozen=True, slots=True)
class _Fit:
    """Both sides on the same axes; `words` say how the answer was taken, `turned` that only the transpose fits."""

    expected: Element
    answer: Element
    note: str = ""
    turned: bool = False


class _Case:
    """One answer and what it is held against."""

    def __init__(self, reference: Reference, answer: str, rounding: str, seed: int):
        self.reference = reference
        self.answer = answer
        self.rounding = rounding
        self.seed = seed
        self.given = reference.given
        self.taken: list[str] = []
        self.notes: list[str] = list(reference.notes) if reference.derived else []
        self.indices = dict(zip(reference.free or reference.letters, reference.element.shape, strict=False))
        self.axes = () if reference.free else reference.element.shape
        self.facts = _facts(self.given.domains, reference.element.names)

    def verdict(self) -> Verdict:
        if not self.answer.strip():
            return Verdict(self.answer, "unreadable", "There is nothing to read: the answer is empty.")
        if len(self.answer) > LONGEST:
            said = f"The answer has {len(self.answer):,} characters; {LONGEST:,} are the most that is read."
            return Verdict(self.answer, "unreadable", said)
        try:
            q = quantity(self.answer, self.given, axes=self.axes, shape=self.reference.shape, indices=self.indices)
        except ShapeError as error:
            return self.ill_typed(error)
        except UnsupportedError as error:
            return Verdict(self.answer, "unreadable", error.message, spans=_spans(error))
        except HwcheckError as error:
            return Verdict(self.answer, "unreadable", error.message, spans=_spans(error))
        self.facts = _facts(self.given.domains, self.reference.element.names | q.element.names)
        self.notes += [n for n in q.reading.notes if n not in self.notes]
        if (other := self.other_variable(q)) is not None:
            return other
        if (by_digits := self.as_rounded(q)) is not None:
            return by_digits
        fits = self.fits(q)
        if not fits:
            return self.wrong_shape(q)
        result: Comparison | None = None
        for fit in fits:
            result = self.compared(fit, q)
            if result.outcome == "same":
                if fit.turned and not self.reference.both_layouts:
                    return self.transposed(q)
                return self.right(q, fit, result)
            if result.outcome == "undecided":
                return Verdict(self.answer, "undecided", result.reason, read_as=q.latex, notes=tuple(self.notes))
        assert result is not None
        straight = [fit for fit in fits if not fit.turned or self.reference.both_layouts]
        return self.wrong(q, straight[0], result) if straight else self.wrong_shape(q)

    def other_variable(self, q: Quantity) -> Verdict | None:
        """A left side ∂f/∂x says that the answer is the derivative by x, whatever its value."""
        wrt, left = self.reference.wrt, q.reading.function or ""
        found = _BELOW.search(left) if wrt else None
        if found is None:
            return None
        below = key_of(found[1])
        names = {wrt, *self.given.shapes}
        if below == wrt or below not in names or below.split("_")[0] == wrt:
            return None
        yours, asked = (spelled_name(name, Style.UNICODE) for name in (below, wrt))
        said = f"Your left side is a derivative by {yours}; the derivative by {asked} is asked."
        return Verdict(self.answer, "wrong", said, Evidence("differs"), "wrong-variable", q.latex, ((0, self.answer.find("=")),))

    # -- the same axes ---------------------------------------------------------------------------------------------------

    def fits(self, q: Quantity) -> list[_Fit]:
        """The ways in which the answer can be put on the axes of the reference; none where the shapes differ."""
        ref = self.reference
        expected, shape = ref.element, ref.shape
        if ref.free:
            return self.by_index(q)
        if q.free:
            return self.entry(q)
        if is_zero(q.element) and q.shape == SCALAR and not q.element.shape and expected.shape:
            return self.bare_zero()
        if shape is None:
            return [fit for order in ref.kronecker if (fit := self.between_vecs(q, order)) is not None]
        if q.shape == shape and q.element.shape == expected.shape:
            fits = [_Fit(expected, q.element)]
            if ref.both_layouts and shape[0] == shape[1] != 1:
                fits.append(_Fit(turned(expected, (1, 0)), q.element, "in the other layout, which is accepted here", True))
            return fits
        if q.shape == shape[::-1] and q.element.shape == expected.shape[::-1]:
            other = turned(expected, range(len(expected.shape))[::-1])
            return [_Fit(other, q.element, "in the other layout, which is accepted here", True)]
        return []

    def between_vecs(self, q: Quantity, order: Order) -> _Fit | None:
        """The answer is the matrix of an order of vec; a lone I takes the size that fits."""
        matrix = as_matrix(self.reference.element, order)
        if q.element.shape != matrix.shape and len(matrix.shape) == 2:
            try:
                q = quantity(self.answer, self.given, shape=(matrix.shape[0], matrix.shape[1]))
            except HwcheckError:
                return None
        return _Fit(matrix, q.element, f"right under vec {order[0]}") if q.element.shape == matrix.shape else None

    def entry(self, q: Quantity) -> list[_Fit]:
        """The answer is an entry formula, and the reference is a whole tensor."""
        expected, letters = self.reference.element, self.reference.letters
        if q.shape != SCALAR:
            return []
        if q.reading.listed and not set(q.free) <= set(q.reading.listed):
            return []
        order = list(in_order(q.reading))
        if letters and set(q.free) <= set(letters) and not q.reading.listed:
            order = list(letters)  # an index that the entry does not depend on may be left out
        if len(order) != len(expected.shape):
            return []
        sizes = {**dict(zip(order, expected.shape, strict=True)), **dict(zip(q.free, q.element.shape, strict=True))}
        element = product(order, [(q.element, q.free)], sizes)
        said = f"your formula is taken as the entry {', '.join(order)}"
        return [_Fit(expected, element, said)] if element.shape == expected.shape else []

    def by_index(self, q: Quantity) -> list[_Fit]:
        """The reference is an entry formula: the answer may be one, or the whole matrix."""
        ref = self.reference
        if q.free and q.reading.listed and not set(q.free) <= set(q.reading.listed):
            return []
        if not q.free:
            return [_Fit(ref.element, q.element)] if q.element.shape == ref.element.shape else []
        if len(q.free) != len(ref.free) or q.shape != ref.shape:
            return []
        orders = [in_order(q.reading)]
        if ref.listed and not q.reading.listed and set(q.free) == set(ref.free):
            orders.insert(0, ref.free)  # the same letters: they may be meant in the order of the question
        rest = range(len(q.free), len(q.element.shape))
        elements = [turned(q.element, [*(q.free.index(i) for i in order), *rest]) for order in orders if set(order) == set(q.free)]
        return [_Fit(ref.element, element) for element in elements if element.shape == ref.element.shape]

    def bare_zero(self) -> list[_Fit]:
        """0 alone is the zero of the right shape."""
        return [_Fit(self.reference.element, zero(self.reference.element.shape), "0 is taken as the zero of the expected shape")]

    def compared(self, fit: _Fit, q: Quantity) -> Comparison:
        """Compare, first as given; then with S and Σ symmetric, as those letters nearly always are."""
        def run(domains: Mapping[str, str]) -> Comparison:
            return compare(fit.expected, fit.answer, domains, self.seed, expected_parts=self.reference.parts, answer_parts=q.parts,
                           derived=self.reference.derived)

        result = run(self.given.domains)
        if result.outcome == "different" and (usual := _usually_symmetric(fit, self.given)):
            again = run({**self.given.domains, **dict.fromkeys(usual, "symmetric")})
            if again.same:
                self.facts += tuple(f"{name} is symmetric, as this letter usually says" for name in usual)
                self.taken = usual
                return again
        return result

    # -- verdicts --------------------------------------------------------------------------------------------------------

    def right(self, q: Quantity, fit: _Fit, result: Comparison) -> Verdict:
        evidence = Evidence(result.how, result.points, result.sizes, result.gap, facts=self.facts)
        notes = [*self.notes, *([fit.note] if fit.note else [])]
        message = "Right."
        if "removable" in result.notes:
            message += " Where only one of the two has a value, the other has a removable gap; everywhere else they agree."
        if "convention" in result.notes:
            message += " At the kink, where the derivative does not exist, your value is another convention than ours."
        if fit.note:
            message += f" Note: {fit.note}."
        if self.taken:
            names = " and ".join(spelled_name(name, Style.UNICODE) for name in self.taken)
            message = f"Right, taking {names} to be symmetric, as this letter usually says.{message.removeprefix('Right.')}"
        return Verdict(self.answer, "right", message, evidence, read_as=q.latex, notes=tuple(notes))

    def transposed(self, q: Quantity) -> Verdict:
        return self.explained(q, explained_transposed(self.reference, q), "shape")

    def wrong(self, q: Quantity, fit: _Fit, result: Comparison) -> Verdict:
        explanation = explained(self.reference, q, fit.expected, fit.answer, result, self.seed, self.fits)
        return self.explained(q, explanation, result.how, result)

    def wrong_shape(self, q: Quantity) -> Verdict:
        explanation = explained_shape(self.reference, q, self.seed, self.fits, self.equals)
        return self.explained(q, explanation, "shape")

    def explained(self, q: Quantity, explanation: Explanation, kind: EvidenceKind, found: Comparison | None = None) -> Verdict:
        evidence = Evidence(kind, found.points if found else 0, found.sizes if found else (), witness=explanation.witness, facts=self.facts)
        return Verdict(self.answer, "wrong", explanation.message, evidence, explanation.code, q.latex, explanation.spans, tuple(self.notes))

    def ill_typed(self, error: ShapeError) -> Verdict:
        """The answer reads, but its own shapes contradict each other."""
        found = misfit(self.answer, self.given, self.reference.shape, self.equals) if self.reference.shape is not None else None
        code, message, spans = (found.code, found.message, found.spans) if found else ("shape", error.message, _spans(error))
        return Verdict(self.answer, "wrong", message, Evidence("shape", facts=self.facts), code, None, spans)

    def equals(self, reading: Reading) -> bool:
        """Whether a repaired answer has the expected value."""
        try:
            q = meant(self.answer, reading, self.axes, self.indices)
        except HwcheckError:
            return False
        return any(not fit.turned and compare(fit.expected, fit.answer, self.given.domains, self.seed).same for fit in self.fits(q))

    def as_rounded(self, q: Quantity) -> Verdict | None:
        """A number as a decimal: right where it is the expected one rounded, if rounding is allowed."""
        found = rounded(self.reference.element, q, self.rounding) if not self.reference.free and not q.free else None
        if found is None:
            return None
        if found.right:
            return Verdict(self.answer, "right", found.message, Evidence("agrees", 1, max_relative_difference=found.gap), read_as=q.latex,
                           notes=tuple(self.notes))
        return Verdict(self.answer, "wrong", found.message, Evidence("certified", 1), "rounded", q.latex, ((0, len(self.answer)),))


_FACTS = {
    "probability": "the entries of {} sum to one", "simplex": "the entries of {} sum to one", "one_hot": "{} is one-hot",
    "plus_minus_one": "the entries of {} are 1 or −1", "binary": "the entries of {} are 0 or 1", "unit": "{} lies between 0 and 1",
    "unit_interval": "{} lies between 0 and 1", "spd": "{} is symmetric and positive definite",
    "full_column_rank": "{} has full column rank",
    "posint": "{} is a positive whole number", "pos_det": "{} has a positive determinant", "skew": "{} is skew-symmetric",
}  # fmt: skip


def _facts(domains: Mapping[str, str], names: Collection[str]) -> tuple[str, ...]:
    """Declared facts about the names that occur, in words."""
    return tuple(_FACTS.get(domain, f"{{}} is {domain}").format(spelled_name(name, Style.UNICODE))
                 for name, domain in sorted(domains.items()) if domain != "any" and name in names)


def _usually_symmetric(fit: _Fit, given: Given) -> list[str]:
    square = {n.value for e in (fit.expected, fit.answer) for n in e.walk()
              if n.kind == "variable" and len(n.shape) == 2 and n.shape[0] == n.shape[1]}
    return sorted(name for name in square if name.split("_")[0] in ("S", "Sigma") and given.domains.get(name, "any") == "any")


def _spans(error: HwcheckError) -> tuple[Span, ...]:
    return (error.span,) if error.span is not None else ()


__all__ = ["KINDS", "LAYOUTS", "ROUNDINGS", "judged", "verify"]
