"""Answers whose shapes do not fit, and the mistake that made them so.

Small repairs are made on the raw tree of the answer, one kind of mistake after the other, and each repaired tree is typed
again, which costs no new parsing. The first repair that the judge finds equal to what was expected names the mistake;
where none does, the message is that of the shapes themselves. Knows nothing of points or proofs: whether a repaired answer
is right is asked of the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from ...derivations.errors import HwcheckError, ShapeError, Span
from ...derivations.forms.building import transpose
from ...derivations.notation.spellings import Style
from ...derivations.notation.writer import write
from ...derivations.notation.written import SCALAR, Written
from ...derivations.reader.raw import Raw
from ...derivations.reader.reading import Reading, resolve, typed
from ...derivations.sizes import Shape
from ..quantities import Given
from .repairs import FAMILIES, LONGEST_QUOTE, MEANT, Repair, Workshop

MOST_TRIALS = 60  # repaired trees that are typed for one answer: well below 15 ms
_TRIES = 6  # assignments of shapes to undeclared names, for each repaired tree

Equal = Callable[[Reading], bool]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A mistake in the shapes of an answer: a code of DIAGNOSES, a message for the student, places in the answer."""

    code: str
    message: str
    spans: tuple[Span, ...]


def misfit(answer: str, given: Given, expected_shape: Shape, equals: Equal) -> Misfit | None:
    """The mistake in an answer whose shapes do not fit each other, or not what was expected; None for all others.

    `equals` is asked of repaired answers that have the expected shape (or free indices): is this one right? An answer
    that fits in itself is named only where a repair is found.
    """
    try:
        resolved = resolve(answer, shapes=given.shapes, definitions=given.definitions)
    except HwcheckError:
        return None
    error: ShapeError | None = None
    shape: Shape | None = None
    try:
        reading = typed(resolved, shape=expected_shape)
        shape = reading.body.shape
        if reading.free or shape == expected_shape:
            return None
    except ShapeError as caught:
        error = caught
    except HwcheckError:
        return None
    trial = Trial(Workshop(resolved, error), expected_shape, equals, shape)
    found = trial.search()
    if found is not None:
        return found
    return Misfit("shape", _sentences(error.message), (error.span,) if error.span else ()) if error else None


def number_for_identity(tree: Written) -> Written | None:
    """A written form with λI for every number λ that is added to a square matrix; None where there is none.

    The reader takes X^T X + λ as adding λ to every entry. Where the result is right with this tree instead, the mistake
    is that one: λ is a number and cannot be added to a matrix; λI can.
    """
    args = tuple(number_for_identity(a) or a for a in tree.args)
    if tree.op in ("add", "sub") and len({a.is_scalar for a in args}) == 2:
        number, matrix = sorted(args, key=lambda a: not a.is_scalar)
        if len(matrix.shape) == 2 and matrix.shape[0] == matrix.shape[1]:
            block = Written("scale", (number, Written("identity", (), None, matrix.shape, number.span)), None, matrix.shape, number.span)
            return replace(tree, args=tuple(block if a is number else a for a in args))
    return replace(tree, args=args) if any(a is not b for a, b in zip(args, tree.args, strict=True)) else None


def index_left_over(reading: Reading, wanted: Sequence[str] = ()) -> Misfit | None:
    """An index that an answer leaves open and that was not asked for, as in Σ_i x_i y_j."""
    for letter in reading.free:
        if letter not in wanted:
            spans = [n.span for n in reading.body.walk() if n.op == "entry" and any(a.value == letter for a in n.args[1:])]
            message = f"The index {letter} is left over: nothing sums over it, and what was asked does not have it."
            return Misfit("wrong-index", message, tuple(spans[:1]))
    return None


@dataclass(slots=True)
class Trial:
    """The search for a repair with which one answer is right; `tried` are the trees typed so far."""

    workshop: Workshop
    expected: Shape
    equals: Equal
    shape: Shape | None  # of the answer, where it has one
    tried: list[Raw] = field(default_factory=list)

    def search(self) -> Misfit | None:
        """The first repair with which the answer is right."""
        for repair in chain.from_iterable(family(self.workshop) for family in FAMILIES):
            if len(self.tried) >= MOST_TRIALS:
                return None
            if repair.tree in self.tried:
                continue
            self.tried.append(repair.tree)
            reading = self.fitting(repair.tree)
            if reading is not None and self._is_right(reading):
                return self._named(repair, reading)
        return None

    def fitting(self, tree: Raw) -> Reading | None:
        """The reading of a repaired tree, if it has the expected shape."""
        try:
            reading = typed(self.workshop.resolved, tree, shape=self.expected, tries=_TRIES)
        except HwcheckError:
            return None
        return reading if reading.free or reading.body.shape == self.expected else None

    def _is_right(self, reading: Reading) -> bool:
        try:
            return self.equals(reading)
        except HwcheckError:
            return False

    def _named(self, repair: Repair, reading: Reading) -> Misfit:
        """The mistake in words: what stands there, and what was meant."""
        meant = next((n for n in reading.body.walk() if n.span == repair.shown), reading.body)
        if meant.op == "transpose":
            meant = transpose(meant.args[0]).at(meant.span)
        shown = write(meant, Style.UNICODE)
        remark = repair.remark.replace(MEANT, shown)
        if len(shown) > LONGEST_QUOTE and MEANT in repair.remark:
            remark = f"{repair.remark.partition(MEANT)[0].rpartition(':')[0]}."
        return Misfit(repair.code, f"{self._facts()} {remark}", (repair.place,))

    def _facts(self) -> str:
        """What does not fit, in one sentence."""
        if self.workshop.error is not None:
            lines = self.workshop.error.message.split("\n")
            if len(lines) > 1 and (" needs " in lines[0] or " multiplies " in lines[0]):
                return lines[1]
            return lines[0].partition(" Write ")[0]
        return f"Your answer is {_sort(self.shape)}; {_sort(self.expected)} was expected." if self.shape else ""


def _sort(shape: Shape) -> str:
    """A shape in words."""
    if shape == SCALAR:
        return "a number"
    sizes = " × ".join(map(str, shape))
    if len(shape) != 2 or 1 not in shape:
        return sizes
    return f"a {'column' if shape[1] == 1 else 'row'} ({sizes})"


def _sentences(message: str) -> str:
    """The first two sentences of an error, on one line."""
    return " ".join(message.split("\n")[:2])


__all__ = ["Misfit", "index_left_over", "misfit", "number_for_identity"]
