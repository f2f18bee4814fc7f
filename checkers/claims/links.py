r"""One link of a chain: is this side what the left side names, and if it is not, why.

A side is held as a formula, then at the point of the problem, where numbers may stand for letters; what differs is explained. Nothing that
cannot be read, or of which nothing is known, is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...derivations.elements.elements import Element, number, product
from ...derivations.errors import HwcheckError, InputError, NameUnknownError, ShapeError
from ...derivations.notation.written import SCALAR
from ..quantities import Given
from ..references import Reference
from ..verdicts import Evidence, Verdict, VerdictWord, Witness
from ..verification import judged
from ..witnesses import witness
from .chain_steps import Link
from .claim_conditions import with_letters
from .claim_notation import repaired
from .claim_settings import Setting
from .claim_terms import How, Term
from .claim_values import agree, at_point, is_numeral, is_settled, judged_number, judged_numbers, number_of, range_of, shown
from .claim_worlds import World
from .derivative_marks import marks
from .dotted import judged_dots
from .finding import ABOUT, IMPLIES, PROPORTIONAL
from .term_comparison import Condition, Match, matched, with_indices

_LONGEST_SHOWN, _LONGEST_POINT = 60, 90
_PLAINLY = "Your answer has another value than the expected one."
_INDEX_ERROR = re.compile(r"run over the same entries|\bruns to\b")
_SCRIPTS = re.compile(r"[_^]\s*(?:\{[^{}]*\}|\w)")
_MAX_ZERO = re.compile(r"max\s*(?:\\left)?[({\\]+\s*0\s*,|,\s*0\s*[)}\\]")
_POINTS = re.compile(r"\bif\b|\(\s*\d+\s*,")
_NAME = re.compile(r"(?<![A-Za-z])[A-Za-z](?:_\{?\w+\}?)?(?:\^\{?\(\w\)\}?)?(?![A-Za-z])")


@dataclass(slots=True)
class Linker:
    """Judges links in one world; `values` are numbers that the person gave to names."""

    setting: Setting
    world: World
    values: Mapping[str, Element]

    @property
    def point(self) -> Mapping[str, Element]:
        """The numbers that names have: by the problem, else by the person."""
        return {**self.values, **self.setting.point}

    def marked(self, text: str) -> bool:
        """Whether a derivative is marked in a text."""
        return next(marks(text, (*self.world.functions, *self.world.activations)), None) is not None

    def link(self, head: Term, named: str, side: str, sign: str, how: How, condition: Condition | None, seed: int) -> Link:
        """Whether a side is what the head names."""
        condition = with_letters(condition, head)
        if condition is not None and condition.guard:
            others = condition.others or rf"{named} & \text{{otherwise}}"
            whole = rf"\begin{{cases}} {side} & \text{{if }} {condition.guard} \\ {others} \end{{cases}}"
            link = self.link(head, named, whole, sign, how, None, seed)
            return replace(link, message=link.message.replace(short(whole), short(side)))
        try:
            term = self.world.term(side, how, with_indices(head))
            match = Match("undecided") if sign == PROPORTIONAL else matched(head, term, self.world.domains, seed, condition)
        except HwcheckError as error:
            return self._not_compared(head, named, side, error, how, seed)
        if match.outcome == "same":
            return Link(0, "right", "", None, _evidence(match), match.note)
        by_point = self._at_point(head, term, named, side, sign, how, seed)
        if by_point is not None:
            return by_point
        if head.unknown | term.unknown:
            unknown = ", ".join(sorted(head.unknown | term.unknown))
            return Link(0, "undecided", f"Nothing is known here of {unknown}, so “{short(side)}” cannot be judged.")
        if sign == PROPORTIONAL:
            return Link(0, "undecided", f"“{short(side)}” is only said to be proportional, which is not judged here.")
        if self.setting.varies and not head.is_mark and (not term.names or _has_numbers(side)):
            said = f"“{short(side)}” holds for some numbers only, which are not known here."
            return Link(0, "undecided", said)
        if match.outcome == "undecided":
            return Link(0, "undecided", match.found.reason if match.found else f"“{short(side)}” could not be compared.")
        if sign == IMPLIES and match.outcome != "different":
            return Link(0, "undecided", f"It is not clear what follows with “{short(side)}”.")
        return self._wrong(head, term, match, named, side, how, seed)

    def _not_compared(self, head: Term, named: str, side: str, error: HwcheckError, how: How, seed: int) -> Link:
        """A side that has no meaning here: dots, its own shapes, a name that nobody knows."""
        dots = judged_dots(self.world, head, side, how, seed)
        if dots is not None:
            said_word, said = dots
            evidence = {"right": Evidence("agrees"), "wrong": Evidence("differs")}.get(said_word)
            return Link(0, said_word, said, "other" if said_word == "wrong" else None, evidence)
        other = self._by_judge(head, side, seed)
        if other is not None and other.verdict == "right":
            return Link(0, "right", "", None, other.evidence)
        if isinstance(error, ShapeError) and self.setting.sure and _INDEX_ERROR.search(error.message):
            return Link(0, "wrong", f"“{short(side)}”: {error.message}", "wrong-index", Evidence("shape"))
        if "counts two axes" in error.message:
            return _two_axes(side)
        known = self.setting.sure and not head.unknown and self._is_known(side, head)
        if other is not None and other.verdict == "wrong" and known and not _POINTS.search(side):
            return Link(0, "wrong", f"“{short(side)}”: {other.message}", other.diagnosis, other.evidence)
        if isinstance(error, ShapeError) and known and r"\begin" not in side:
            return Link(0, "wrong", f"The shapes in “{short(side)}” do not fit: {error.message}", "shape", Evidence("shape"))
        is_read = not isinstance(error, InputError) or isinstance(error, ShapeError | NameUnknownError) or r"\begin" in side
        word: VerdictWord = "undecided" if is_read else "unreadable"
        return Link(0, word, f"“{short(side)}” is not judged here: {error.message}")

    def _is_known(self, side: str, head: Term) -> bool:
        """Whether all names of a side are known; index letters of the left side are."""
        plain = re.sub(r"\\(?:text|mathrm|operatorname)\s*\{[^{}]*\}|\\[A-Za-z]+", " ", repaired(side))
        letters = (*head.free, "e", "I", "T", "d")
        names = (n for n in _NAME.findall(plain) if n not in letters)
        return all(self.world.find(n) is not None or self.world.name_and_indices(n)[0] is not None for n in names)

    def without_head(self, sides: Sequence[str], how: How, error: HwcheckError, seed: int) -> Link:
        """The left side has no meaning: a derivative by a name that is not the variable is still recognised by its value."""
        by_name = self._wrong_variable(sides[0], sides[1], how, seed) if isinstance(error, NameUnknownError) else None
        if by_name is not None:
            return by_name
        if "counts two axes" in error.message:
            return _two_axes(sides[0])
        if isinstance(error, ShapeError) or not isinstance(error, InputError) or isinstance(error, NameUnknownError):
            return Link(0, "undecided", f"“{short(sides[0])}” is not judged here: {error.message}")
        return Link(0, "unreadable", f"“{short(sides[0])}” cannot be read: {error.message}")

    def _wrong_variable(self, named: str, side: str, how: How, seed: int) -> Link | None:
        """A right derivative under the name of another variable: its value is that by the variable of the problem."""
        found = list(marks(named))
        if len(found) != 1 or found[0].kind != "quotient" or not self.world.wrt or not self.setting.sure:
            return None
        mark = found[0]
        if self.world.name_and_indices(mark.bottom)[0] == self.world.wrt:
            return None
        try:
            meant = self.world.quotient(mark.top, self.world.wrt, how)
            meant = replace(meant, element=self.world.expanded(meant.element))
            same = matched(meant, self.world.term(side, how, with_indices(meant)), self.world.domains, seed).outcome == "same"
        except HwcheckError:
            return None
        said = f"“{short(side)}” is the derivative by {self.world.wrt}, but the left side says by {mark.bottom}."
        return Link(1, "wrong", said, "wrong-variable", Evidence("differs")) if same else None

    # -- numbers ---------------------------------------------------------------------------------------------------------------

    def _at_point(self, head: Term, term: Term, named: str, side: str, sign: str, how: How, seed: int) -> Link | None:
        """A side that is a number, or a formula with numbers put in, at the point of the problem."""
        if not self.point and (head.element.names or term.element.names):
            return None
        try:
            return self._by_value(head, term, named, side, sign, how, seed)
        except HwcheckError:
            return None

    def _by_value(self, head: Term, term: Term, named: str, side: str, sign: str, how: How, seed: int) -> Link | None:
        point = self.point
        left, right = (at_point(t.element, point) for t in (head, term))
        if left.shape or right.shape or left.names or right.names:
            return self._by_tensor(head, term, named, side, sign, seed)
        if number_of(left) is None or number_of(right) is None or head.free or term.free:
            return None
        if term.element.names and not re.search(r"\d", re.sub(r"[_^]\s*\{?[(\[]?\w+[)\]]?\}?", "", side)):
            said = f"“{short(side)}” is another formula than “{short(named)}”"
            by_chance = sign != ABOUT and number_of(left) == number_of(right)
            said += "; at this point both happen to have one value." if by_chance else _values(left, right)
            return Link(0, "wrong", said, "other", Evidence("differs"))
        if is_numeral(side) and not re.search(r"\d\.\d", named):
            verdict = judged_number(left, side, seed)
            if verdict.verdict == "right":
                note = "" if verdict.message == "Right." else verdict.message.removeprefix("Right: ")
                return Link(0, "right", "", None, verdict.evidence, note)
        first, second = range_of(named, self.world, how, point), range_of(side, self.world, how, point)
        same = agree(first, second) if first is not None and second is not None else None
        if same:
            rounds = first is not None and second is not None and (first.rounds or second.rounds)
            return Link(0, "right", "", None, Evidence("agrees", 1), "equal as far as the decimals say" if rounds else "")
        if same is None:
            return Link(0, "undecided", f"“{short(side)}” is too close to what is expected to tell them apart.")
        expected = shown(left)
        which = f", which is {expected} here." if expected else "."
        return Link(0, "wrong", f"“{short(side)}” is not “{short(named)}”{which}", "other", Evidence("certified", 1))

    def _by_tensor(self, head: Term, term: Term, named: str, side: str, sign: str, seed: int) -> Link | None:
        """Vectors, matrices, and what still has names at the point."""
        point = self.point
        left = replace(head, element=at_point(head.element, point), parts=())
        right = replace(term, element=at_point(term.element, point), parts=())
        if number_of(right.element) == 0 and left.element.shape:
            right = replace(right, element=number(0))
        if sign == PROPORTIONAL:
            both = self._vanishes(left, seed) and self._vanishes(right, seed)
            return Link(0, "right", "", None, Evidence("agrees"), "both sides are zero there") if both else None
        match = matched(left, right, self.world.domains, seed)
        if match.outcome == "same":
            return Link(0, "right", "", None, _evidence(match), match.note)
        if not term.names and left.shape is not None and is_settled(left.element):
            verdict = judged_numbers(left, side, seed)
            if verdict.verdict == "right":
                return Link(0, "right", "", None, verdict.evidence, verdict.message.removeprefix("Right: ").removeprefix("Right."))
        if match.outcome == "different" and not head.unknown | term.unknown and self._vanishes(right, seed):
            return Link(0, "wrong", f"“{short(named)}” is not zero there, so it is not “{short(side)}”.", "other", Evidence("differs"))
        return None

    def _vanishes(self, term: Term, seed: int) -> bool:
        """Whether a term is zero."""
        return matched(term, Term("0", number(0), (), SCALAR), self.world.domains, seed).outcome == "same"

    # -- wrong -----------------------------------------------------------------------------------------------------------------

    def _wrong(self, head: Term, term: Term, match: Match, named: str, side: str, how: How, seed: int) -> Link:
        """Why a side is not what the head names."""
        if match.outcome == "index" or set(term.free) - set(head.free):
            return self._wrong_index(head, term, named, side)
        if (by_name := self._wrong_variable(named, side, how, seed)) is not None:
            return by_name
        if match.outcome == "different" and (half := self._half(head, term, side, seed)) is not None:
            return half
        other = self._by_judge(head, side, seed) if term.is_worked_out and not term.names & set(self.world.nodes) else None
        if other is not None and other.verdict == "right":
            return Link(0, "right", "", None, other.evidence, "; ".join(other.notes))
        if other is not None and other.verdict == "wrong" and not (match.outcome == "different" and _says_little(other)):
            return Link(0, "wrong", f"“{short(side)}”: {other.message}", other.diagnosis, other.evidence)
        if match.outcome in ("transposed", "shape"):
            code = "transposed" if match.outcome == "transposed" else "shape"
            said = f"“{short(side)}” is {_axes(term)}, but “{short(named)}” is {_axes(head)} here."
            entry = _as_entry(head, term)
            if entry is not None:
                if matched(head, entry, self.world.domains, seed).outcome != "different":
                    return Link(0, "undecided", f"{said} It holds if an entry of that is meant.")
                return Link(0, "wrong", f"{said} With an entry of it the value differs, too.", "other", Evidence("differs"))
            return Link(0, "wrong", said, code, Evidence("shape"))
        seen = _witness(head, term, self.world)
        said = f"“{short(side)}” is not “{short(named)}”"
        if seen is not None:
            at = ", ".join(f"{n} = {v}" for n, v in seen.at.items())
            where = f"at {at} it is {seen.yours}, expected {seen.expected}" if len(at) < _LONGEST_POINT else ""
            said += f": {where or f'it can be {seen.yours} where {seen.expected} is expected'}"
        return Link(0, "wrong", f"{said}.", "other", Evidence("differs", witness=seen))

    def _half(self, head: Term, term: Term, side: str, seed: int) -> Link | None:
        """A formula for the entries on the diagonal alone, or for those beside it: a δ is missing."""
        sizes = with_indices(head)
        if len(head.free) != 2 or len(set(sizes.values())) != 1:
            return None
        a, b = head.free
        for equal, sign, delta in ((True, "=", f"a δ_{a}{b} is missing in it"), (False, "≠", f"what δ_{a}{b} adds is missing in it")):
            if matched(head, term, self.world.domains, seed, Condition(a, b, equal)).outcome == "same":
                said = f"“{short(side)}” holds only where {a} {sign} {b}; {delta}."
                return Link(0, "wrong", said, "missing-factor" if equal else "missing-term", Evidence("differs"))
        return None

    def _wrong_index(self, head: Term, term: Term, named: str, side: str) -> Link:
        """Open indices of both sides that do not fit."""
        extra = [i for i in term.free if i not in head.free]
        if extra and _is_bound_elsewhere(side, named):
            said = f"In “{short(side)}” one letter is summed over and also names something fixed; the sum needs another letter."
        elif extra:
            said = f"“{short(side)}” depends on the index {', '.join(extra)}, which “{short(named)}” does not have."
        else:
            said = f"An index of “{short(side)}” counts another axis than in “{short(named)}”."
        return Link(0, "wrong", said, "wrong-index", Evidence("shape"))

    def _by_judge(self, head: Term, side: str, seed: int) -> Verdict | None:
        """The verdict of the judge of single answers, which knows more forms and names mistakes."""
        if head.unknown or self.marked(side):
            return None
        extra: dict[str, Term] = {}
        try:
            side = self.world.plain(repaired(side), extra, How())
        except HwcheckError:
            return None
        if extra:
            return None
        reference = self.setting.reference
        if reference is None or head.free or reference.element is not head.element or reference.shape not in (None, head.shape):
            given, free = Given(dict(self.world.shapes), {}, dict(self.world.domains)), head.free
            reference = Reference(head.element, head.shape, given, None, free, head.parts, derived=head.is_mark, listed=bool(free))
        try:
            return judged(reference, side, seed=seed)
        except HwcheckError:
            return None


# -- words ---------------------------------------------------------------------------------------------------------------------


def _evidence(match: Match) -> Evidence | None:
    found = match.found
    return Evidence(found.how, found.points, found.sizes, found.gap) if found is not None else None


def short(text: str) -> str:
    """A formula as a message quotes it."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _axes(term: Term) -> str:
    """The shape of a term, in words."""
    if term.shape == SCALAR:
        return "an entry" if term.free else "a number"
    return " × ".join(str(s) for s in term.shape or term.element.shape)


def _values(left: Element, right: Element) -> str:
    """Both values, for a message."""
    expected, yours = shown(left), shown(right)
    return f": its value here is {yours}, and {expected} is expected." if expected and yours and expected != yours else "."


def _witness(head: Term, term: Term, world: World) -> Witness | None:
    if head.element.shape != term.element.shape or head.free != term.free:
        return None
    try:
        return witness(head.element, term.element, world.domains, expected_shape=head.shape or SCALAR, answer_shape=term.shape or SCALAR)
    except (HwcheckError, ValueError, ArithmeticError):
        return None


def _says_little(verdict: Verdict) -> bool:
    """Whether a witness says more than this verdict: it knows no mistake, or only that the shape of an entry is another one."""
    return verdict.message == _PLAINLY or verdict.diagnosis in ("shape", "rank")


def _two_axes(side: str) -> Link:
    said = f"In “{short(side)}” one index counts two axes of different lengths."
    return Link(0, "wrong", said, "wrong-index", Evidence("shape"))


def _has_numbers(side: str) -> bool:
    """Whether numbers stand in a side, beside exponents, indices and the 0 of a maximum."""
    return re.search(r"\d", _MAX_ZERO.sub("", _SCRIPTS.sub("", side))) is not None


def _is_bound_elsewhere(side: str, named: str) -> bool:
    """Whether a letter is summed over that the left side has as a fixed index."""
    bound = set(re.findall(r"(?:\\sum|∑)\s*_\s*\{?\s*([a-z])", side))
    return any(re.search(rf"_\s*\{{?\s*{letter}(?![a-z])", named) for letter in bound)


def _as_entry(head: Term, term: Term) -> Term | None:
    """A column in an entry formula as its entry: that of the only open index that counts it."""
    if head.shape != SCALAR or not head.free or term.shape is None or 1 not in term.shape or len(term.element.shape) != len(term.free) + 1:
        return None
    sizes = with_indices(head)
    letters = [i for i, extent in sizes.items() if extent == term.element.shape[-1]]
    if len(letters) != 1:
        return None
    labels = (*term.free, letters[0])
    free = tuple(dict.fromkeys(labels))
    return replace(term, element=product(free, [(term.element, labels)], sizes), free=free, shape=SCALAR)


__all__ = ["Linker", "short"]
