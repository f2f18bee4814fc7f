"""Whether two tensors are equal: the one judge of everything that is said.

Both are evaluated at exact points, in exact arithmetic or in balls. A ball of the difference that excludes zero proves
that they differ. Agreement means 60 digits at every point, on both sides of every switch; a difference that algebra
brings to zero is a proof. A point counts only where the expected value is defined; too few of them decide nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, Literal

import numpy as np
from flint import arb, ctx, fmpq

from ...derivations.calculus.tidying import Tidier
from ...derivations.elements.elements import Element, is_zero, plus, scaled
from ...derivations.elements.enclosures import Enclosures, ball, is_exact, is_known, is_undefined, sign_of
from ...derivations.elements.functions import FUNCTIONS
from ...derivations.elements.sampling import least_sizes, size_assignments, sizes_in
from ...derivations.errors import HwcheckError
from ...derivations.sizes import Shape, value_of
from ..verdicts import EvidenceKind
from .large_sizes import differ_at_true_sizes, largest, shrunk
from .points import aimed, draw, switches

PRECISIONS = (320, 1280, 5120)  # bits; the first is enough nearly always
AGREEMENT = 200  # bits to which values have to agree: 60 digits
LEAST_POINTS = 16
_FIRST = 4  # a look at a few points finds most differences
_ASSIGNMENTS = 2
_ASSIGNMENTS_FOR_PROOF = 4
_AROUND_ZERO = (fmpq(-1, 1 << 20), fmpq(-1, 1 << 64), fmpq(0), fmpq(1, 1 << 64), fmpq(1, 1 << 20))
_ROUNDS = ("any", "any", "positive", "unit", "above_one")
_POOL, _SMALL_POOL, _FEW_ENTRIES = 64, 16, 8  # candidates for points, fewer where one has many entries
_MANY_ENTRIES = 4000
_MOST_PATTERNS, _EACH_PATTERN, _BASES = 32, 3, 4
# Where only ring operations occur, equality at enough random points is equality (Schwartz 1980, Zippel 1979).
_RATIONAL_KINDS = frozenset("variable number size zero unit shift lower product sum merge stack join".split())
_RATIONAL_FORMS = frozenset(("inverse", "det", "prod"))

Outcome = Literal["same", "different", "undecided"]
Cause = Literal["", "domain", "kink"]


@dataclass(frozen=True, slots=True)
class Point:
    """One point: exact values by name (arrays without a points axis) and numbers for the sizes."""

    values: Mapping[str, Any]
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two tensors compare.

    `gap` is the largest relative difference seen where they agree, as an upper bound. `cause` says why they differ where it is
    not a plain difference: the answer has no value (`domain`), or differs only on a switch (`kink`). `at` is the point where
    they differ. `notes` are remarks on points left out: removable singularities, values at kinks that are conventions.
    """

    outcome: Outcome
    how: EvidenceKind = "agrees"
    points: int = 0
    sizes: tuple[Mapping[str, int], ...] = ()
    gap: float | None = None
    cause: Cause = ""
    at: Point | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether they are equal, as far as the evidence goes."""
        return self.outcome == "same"


@dataclass(frozen=True, slots=True)
class Sides:
    """What is compared: two tensors of one shape, and parts of each that have to be defined though they cancel."""

    expected: Element
    answer: Element
    expected_parts: tuple[Element, ...] = ()
    answer_parts: tuple[Element, ...] = ()

    def elements(self) -> tuple[Element, ...]:
        return (self.expected, self.answer, *self.expected_parts, *self.answer_parts)


@dataclass(slots=True)
class _Seen:
    """What the points looked at so far say."""

    same: int = 0
    looked_at: int = 0
    gap: float = 0.0
    unresolved: int = 0
    sizes: list[Mapping[str, int]] = field(default_factory=list)
    different: Point | None = None
    answer_undefined: Point | None = None
    kink: tuple[Point, Cause] | None = None
    removable: bool = False
    convention: bool = False
    exact: bool = True


def compare(expected: Element, answer: Element, domains: Mapping[str, str] | None = None, seed: int = 0, *,
            expected_parts: Sequence[Element] = (), answer_parts: Sequence[Element] = (), derived: bool = False) -> Comparison:
    """Compare two tensors of the same shape.

    Args:
        expected, answer: the tensors; axes of both in the same order.
        domains: where variables live, by name; see `points.DOMAINS`.
        seed: where the points come from.
        expected_parts, answer_parts: parts that have to be defined, though they occur no more (0 · log x).
        derived: the expected tensor is a derivative; it has no value where it jumps, and no value of the answer counts there.

    >>> from hwcheck.checkers.quantities import Given, quantity
    >>> a, b = (quantity(t, Given({"w": ["d"]})).element for t in ("w^T w", "‖w‖²"))
    >>> compare(a, b).outcome
    'same'
    """
    if expected.shape != answer.shape:
        raise ValueError(f"shapes differ: {expected.shape} and {answer.shape}")
    sides = Sides(expected, answer, tuple(expected_parts), tuple(answer_parts))
    domains = dict(domains or {})
    small = shrunk(sides.elements())
    if small is not None:
        return _at_large_sizes(sides, Sides(small[0], small[1], tuple(small[2 : 2 + len(expected_parts)]),
                                            tuple(small[2 + len(expected_parts) :])), domains, seed, derived)
    with ctx.workprec(PRECISIONS[0]):
        return _Judge(sides, domains, seed, derived).verdict()


def _at_large_sizes(sides: Sides, small: Sides, domains: Mapping[str, str], seed: int, derived: bool) -> Comparison:
    """Compare at small sizes; a difference counts if it is there at the true sizes as well."""
    with ctx.workprec(PRECISIONS[0]):
        found = _Judge(small, domains, seed, derived).verdict()
    if found.outcome != "different" or found.cause:
        return replace(found, how="agrees" if found.how == "proved" else found.how)
    shapes = {n.value: n.shape for e in sides.elements() for n in e.walk() if n.kind == "variable"}
    if differ_at_true_sizes(sides.expected, sides.answer, shapes, domains):
        return replace(found, how="differs", at=None)
    return Comparison("undecided", reason="At sizes this large the values could not be told apart, nor shown to agree.")


class _Judge:
    def __init__(self, sides: Sides, domains: Mapping[str, str], seed: int, derived: bool):
        self.sides = sides
        self.domains = domains
        self.rng = random.Random(seed)
        self.derived = derived
        self.seen = _Seen()
        self.shapes: dict[str, Shape] = {n.value: n.shape for e in sides.elements() for n in e.walk() if n.kind == "variable"}
        self.difference: Element | None = None

    def verdict(self) -> Comparison:
        assignments = self.assignments()
        self.look(assignments[0], _FIRST)
        if (found := self.found()) is not None:
            return found
        proved = self.sides.expected is self.sides.answer or self.vanishes()
        if not self.shapes:
            return self.constant(assignments, proved)
        # where algebra has settled everything else, divisors matter only for what the answer leaves out
        self.look_at_switches(assignments[0], powers=not proved or not self.defined_alike())
        if (found := self.found()) is not None:
            return found
        if proved and self.seen.same and self.defined_alike():
            return self.outcome("proved")
        self.gather(assignments)
        if (found := self.found()) is not None:
            return found
        if proved and self.seen.same:
            return self.outcome("proved")
        if self.seen.same < LEAST_POINTS:
            return self.too_few()
        if self.seen.exact and self.rational():
            rest = [a for a in self.more_assignments() if a not in self.seen.sizes]
            for sizes in rest[: _ASSIGNMENTS_FOR_PROOF - len(self.seen.sizes)]:
                self.look(sizes, 3)
            return self.found() or self.outcome("proved")
        return self.outcome("agrees")

    # -- where to look ---------------------------------------------------------------------------------------------------

    def assignments(self) -> list[dict[str, int]]:
        """Distinct sizes, none 1; such that both sides can have a value where that depends on them."""
        found = self.more_assignments()
        for count, sizes in enumerate(found):
            if count == 6 or not self.shapes or self.defined_somewhere(sizes):
                return found[count:] if count < 6 else found
        return found

    def more_assignments(self) -> list[dict[str, int]]:
        shapes = [*self.shapes.values(), *(sizes_in(n) for e in self.sides.elements() for n in e.walk())]
        found: list[dict[str, int]] = []
        tall = [self.shapes[n] for n, d in self.domains.items() if d == "full_column_rank" and len(self.shapes.get(n, ())) == 2]
        for sizes in size_assignments(shapes, least_sizes(self.sides.elements())):
            if any(value_of(shape[0], sizes) < value_of(shape[1], sizes) for shape in tall):
                continue
            found.append(sizes)
            if len(found) == 8:
                break
        if largest(self.sides.elements(), found[0]) > _MANY_ENTRIES:  # Kronecker products of many factors
            found.sort(key=lambda sizes: largest(self.sides.elements(), sizes))
        return found

    def defined_somewhere(self, sizes: Mapping[str, int]) -> bool:
        """Whether the expected value can exist at these sizes: XᵀX has no inverse where X is wide."""
        if not any(n.kind == "form" and n.value in ("inverse", "logdet") for n in self.sides.expected.walk()):
            return True
        values = draw(random.Random(0), self.shapes, sizes, self.domains, 1)
        return all(is_known(x) for x in np.ravel(Enclosures(values, sizes)(self.sides.expected)))

    def defined_alike(self) -> bool:
        """Whether the answer is surely defined where the expected tensor is: it uses nothing partial that this does not use."""
        partial = {n for n in self.sides.answer.walk() if _partial(n)}
        return not self.sides.answer_parts and partial <= set(self.sides.expected.walk())

    def gather(self, assignments: Sequence[Mapping[str, int]]) -> None:
        """Points over at least two assignments of sizes, until there are enough."""
        wanted = assignments[: _ASSIGNMENTS if any(assignments) else 1]
        for otherwise in _ROUNDS:
            for left, sizes in zip(range(len(wanted), 0, -1), wanted, strict=True):
                missing = LEAST_POINTS - self.seen.same
                if missing > 0 or sizes not in self.seen.sizes:
                    self.look(sizes, max(_FIRST, -(-missing // left)), otherwise)
            if self.seen.same >= LEAST_POINTS or self.seen.different or self.seen.answer_undefined:
                break
        if any(n.kind == "form" or (n.kind == "map" and FUNCTIONS[n.value].kinks) for e in self.sides.elements() for n in e.walk()):
            for otherwise in ("negative", "positive"):  # all of one sign: what a largest entry, or a clipped one, depends on
                self.look(wanted[0], 2, otherwise)

    def look(self, sizes: Mapping[str, int], count: int, otherwise: str = "any") -> None:
        count = count if self.shapes else 1
        values = draw(self.rng, self.shapes, sizes, self.domains, count, otherwise)
        for states in self.states(values, sizes, count):
            self.note(states, values, sizes)
        if sizes not in self.seen.sizes:
            self.seen.sizes.append(sizes)

    # -- what the points say ---------------------------------------------------------------------------------------------

    def states(self, values: Mapping[str, Any], sizes: Mapping[str, int], count: int) -> Iterator[_State]:
        """The state of every point, with the precision raised for those that it does not settle yet."""
        open_points = list(range(count))
        settled: dict[int, _State] = {}
        for last, bits in ((bits == PRECISIONS[-1], bits) for bits in PRECISIONS):
            part = values if len(open_points) == count else {n: v[open_points] for n, v in values.items()}
            with ctx.workprec(bits):
                for k, state in zip(open_points, self.evaluated(part, sizes, len(open_points), bits, last), strict=True):
                    settled[k] = replace(state, index=k)
            open_points = [k for k in open_points if settled[k].kind == "open"]
            if not open_points:
                break
        return (settled[k] for k in range(count))

    def evaluated(self, values: Mapping[str, Any], sizes: Mapping[str, int], count: int, bits: int, last: bool) -> Iterator[_State]:
        at = Enclosures(values, sizes)
        expected, answer = (_rows(at(e), count, len(e.shape)) for e in (self.sides.expected, self.sides.answer))
        needed = [_rows(at(e), count, len(e.shape)) for e in self.sides.expected_parts]
        given = [_rows(at(e), count, len(e.shape)) for e in self.sides.answer_parts]
        for k in range(count):
            x, y = expected[k], answer[k]
            state = _compared(x, y, bits, last)
            if state.kind != "skip" and _undefined(part[k] for part in needed):
                state = _State("skip")
            elif state.kind != "skip" and _undefined(part[k] for part in given):
                state = _State("undefined")
            elif self.difference is not None and (state.kind == "open" or (state.kind == "same" and not state.exact)):
                state = self.by_difference(at, k, count, bits) or state
            yield state

    def by_difference(self, at: Enclosures, k: int, count: int, bits: int) -> _State | None:
        """The tidied difference, in which common terms have cancelled, tells more than the difference of two values."""
        assert self.difference is not None
        d = _rows(at(self.difference), count, len(self.difference.shape))[k]
        if any(is_known(x) and (x != 0 if is_exact(x) else not x.contains(0)) for x in d):
            return _State("different")
        return _State("same", 0.0, False) if is_zero(self.difference) else None

    def note(self, state: _State, values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        """Count a generic point."""
        seen = self.seen
        seen.looked_at += 1
        if state.kind == "same":
            seen.same += 1
            seen.gap = max(seen.gap, state.gap)
            seen.exact = seen.exact and state.exact
        elif state.kind == "different":
            seen.different = seen.different or _point(values, sizes, state.index)
        elif state.kind == "undefined":
            seen.answer_undefined = seen.answer_undefined or _point(values, sizes, state.index)
        elif state.kind == "open":
            seen.unresolved += 1

    def look_at_switches(self, sizes: Mapping[str, int], powers: bool) -> None:
        """Every combination of switches; then both sides of every switch, and the switch itself."""
        found = switches(self.sides.elements(), powers)
        bases = self.look_at_patterns(found, sizes) if found else []
        divisors = {n.args[0] for e in self.sides.elements() for n in e.walk() if n.kind == "power" and n.value < 0}
        for g in found:
            for base in self.rng.sample(bases, min(_BASES, len(bases))):
                for five in aimed(g, base, sizes, self.domains, self.rng, bumps=g not in divisors):
                    states = list(self.states(five.values, sizes, 5))
                    for k, state in enumerate(states):
                        if k != 2 or not five.exactly:
                            self.note(state, five.values, sizes)
                    if five.exactly:
                        self.note_on_switch(states, five.values, sizes)
                if self.seen.different:
                    return
        if (zero := self.zero_point(sizes)) is not None:
            states = list(self.states(zero, sizes, 5))
            self.note_on_switch(states, zero, sizes)

    def look_at_patterns(self, found: Sequence[Element], sizes: Mapping[str, int]) -> list[dict[str, Any]]:
        """Points for every combination of signs of the switches: a slip may show on one combination alone.

        Gives points from which to aim at switches, preferably such where both sides are not zero: where a factor vanishes,
        nothing of the others is seen.
        """
        entries = sum(prod(value_of(s, sizes) for s in shape) for shape in self.shapes.values())
        count = _POOL if entries <= _FEW_ENTRIES else _SMALL_POOL
        pool = draw(self.rng, self.shapes, sizes, self.domains, count)
        at = Enclosures(pool, sizes)
        rows = [_rows(at(g), count, len(g.shape)) for g in found]
        patterns: dict[tuple[int | None, ...], list[int]] = {}
        for k in range(count):
            patterns.setdefault(tuple(sign_of(x) for row in rows for x in row[k][:2]), []).append(k)
        chosen = sorted(k for ks in patterns.values() for k in ks[:_EACH_PATTERN])[:_MOST_PATTERNS]
        values = {n: v[chosen] for n, v in pool.items()}
        for state in self.states(values, sizes, len(chosen)):
            self.note(state, values, sizes)
        sides = [_rows(at(e), count, len(e.shape)) for e in (self.sides.expected, self.sides.answer)]
        alive = [k for k in range(count) if all(any(sign_of(x) not in (0, None) for x in side[k]) for side in sides)]
        return [{n: v[k : k + 1] for n, v in pool.items()} for k in (alive if len(alive) >= _BASES else range(count))]

    def zero_point(self, sizes: Mapping[str, int]) -> dict[str, Any] | None:
        """All free variables zero, between neighbours on both sides: functions such as x/x care."""
        if self.derived or any(self.domains.get(name, "any") != "any" for name in self.shapes):
            return None
        line = draw(self.rng, self.shapes, sizes, self.domains, 1)
        return {n: np.concatenate([v * s for s in _AROUND_ZERO]) for n, v in line.items()}

    def note_on_switch(self, states: Sequence[_State], values: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        """Judge the middle one of five points, which lies on a switch."""
        state, seen = states[2], self.seen
        if state.kind not in ("different", "undefined"):
            return
        jumps = self.jumps(values, sizes)
        if jumps and self.derived:
            seen.convention = True
        elif state.kind == "undefined" and not jumps:
            seen.removable = True
        else:
            seen.kink = seen.kink or (_point(values, sizes, 2), "domain" if state.kind == "undefined" else "kink")

    def jumps(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> bool:
        """Whether the expected value jumps between the nearest neighbours of the middle point."""
        left, middle, right = self.around(self.sides.expected, values, sizes)
        for a, m, b in zip(left, middle, right, strict=True):
            if not (is_known(a) and is_known(b)):
                return True
            for x in (a, b):
                if is_known(m) and abs(ball(x - m)) > ball(1 + abs(m)) / 1024:
                    return True
        return False

    def around(self, e: Element, values: Mapping[str, Any], sizes: Mapping[str, int]) -> tuple[list[Any], list[Any], list[Any]]:
        rows = _rows(Enclosures(values, sizes)(e), 5, len(e.shape))
        return list(rows[1]), list(rows[2]), list(rows[3])

    # -- what follows ----------------------------------------------------------------------------------------------------

    def found(self) -> Comparison | None:
        """The comparison, where a point has shown that the sides differ."""
        seen = self.seen
        if seen.different is not None:
            return self.differs("", seen.different)
        if seen.answer_undefined is not None:
            return self.differs("domain", seen.answer_undefined)
        if seen.kink is not None:
            return self.differs(seen.kink[1], seen.kink[0])
        return None

    def differs(self, cause: Cause, at: Point) -> Comparison:
        return Comparison("different", "certified", self.seen.looked_at, tuple(self.seen.sizes), None, cause, at)

    def outcome(self, how: EvidenceKind) -> Comparison:
        notes = []
        if self.seen.removable:
            notes.append("removable")
        if self.seen.convention:
            notes.append("convention")
        return Comparison("same", how, self.seen.same, tuple(self.seen.sizes), self.seen.gap, notes=tuple(notes))

    def constant(self, assignments: Sequence[Mapping[str, int]], proved: bool) -> Comparison:
        """Without variables there is one point for every choice of sizes; without those, one point decides."""
        for sizes in assignments[1:]:
            self.look(sizes, 1)
        if (found := self.found()) is not None:
            return found
        if not self.seen.same:
            return self.too_few()
        return self.outcome("proved" if proved or (self.seen.exact and (not assignments[0] or self.rational())) else "agrees")

    def too_few(self) -> Comparison:
        if self.seen.unresolved:
            reason = "The values could not be told apart, nor shown to agree, at the precision that we allow."
        elif not self.seen.same:
            reason = "No point was found at which the expected value is defined."
        else:
            reason = f"Only {self.seen.same} points were found at which the expected value is defined; {LEAST_POINTS} are needed."
        return Comparison("undecided", points=self.seen.same, sizes=tuple(self.seen.sizes), reason=reason)

    def vanishes(self) -> bool:
        """Whether algebra brings the difference to zero."""
        raw = plus([self.sides.expected, scaled(-1, self.sides.answer)])
        try:
            self.difference = Tidier(self.domains)(raw)
        except HwcheckError:
            return False
        return is_zero(self.difference)

    def rational(self) -> bool:
        return all(n.kind in _RATIONAL_KINDS or (n.kind == "power" and n.value.denominator == 1) or
                   (n.kind == "form" and n.value in _RATIONAL_FORMS)
                   for e in (self.sides.expected, self.sides.answer) for n in e.walk())


@dataclass(frozen=True, slots=True)
class _State:
    """What one point says: same, different, undefined (the answer is), skip (the expected value is not defined), or open."""

    kind: Literal["same", "different", "undefined", "skip", "open"]
    gap: float = 0.0
    exact: bool = True
    index: int = 0


def _rows(array: Any, count: int, rank: int) -> list[list[Any]]:
    """The entries at every point; what depends on no variable has no points of its own."""
    array = np.asarray(array, dtype=object)
    if array.ndim == rank:
        return [list(array.ravel())] * count
    return [list(row) for row in array.reshape(count, -1)]


def _partial(n: Element) -> bool:
    """Whether a node has no value for some values of its parts."""
    if n.kind == "map":
        return FUNCTIONS[n.value].domain != "real"
    return (n.kind == "power" and (n.value < 0 or n.value.denominator > 1)) or (n.kind == "form" and n.value in ("inverse", "logdet"))


def _undefined(parts: Iterable[Sequence[Any]]) -> bool:
    return any(is_undefined(x) for part in parts for x in part)


def _compared(expected: Sequence[Any], answer: Sequence[Any], bits: int, last: bool) -> _State:
    """The state of one point, from all entries of both sides."""
    if any(is_undefined(x) for x in expected):
        return _State("skip")
    if any(is_undefined(y) for y in answer):
        return _State("undefined") if all(is_known(x) for x in expected) else _State("open")
    gap, exact, scale, settled = 0.0, True, None, True
    for x, y in zip(expected, answer, strict=True):
        if is_exact(x) and is_exact(y):
            if x != y:
                return _State("different")
            continue
        exact = False
        if not (is_known(x) and is_known(y)):
            settled = False
            continue
        d = x - y
        if not d.contains(0):
            return _State("different")
        if scale is None:
            scale = _scale(expected, answer)
        size = scale if scale > 0 or not last else arb(1)
        relative = d.abs_upper() / size if size > 0 else None
        if relative is None or not relative < arb(2) ** (-AGREEMENT):
            if last and d.abs_upper() < arb(2) ** (-bits // 2):
                continue  # zero on both sides, to a thousand digits
            settled = False
        else:
            gap = max(gap, float(relative.mid()))
    return _State("same", gap, exact) if settled else _State("open")


def _scale(expected: Sequence[Any], answer: Sequence[Any]) -> arb:
    return max((ball(v).abs_lower() for v in (*expected, *answer) if is_known(v)), default=arb(0), key=lambda v: float(v.mid()))


def _point(values: Mapping[str, Any], sizes: Mapping[str, int], index: int) -> Point:
    return Point({n: v[index] for n, v in values.items()}, sizes)


__all__ = ["AGREEMENT", "LEAST_POINTS", "Cause", "Comparison", "Outcome", "Point", "compare"]
