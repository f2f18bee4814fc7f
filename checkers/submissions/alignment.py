"""Which place of a sheet is which problem of a set: numbers and likeness together, in the order of both.

A number alone can mean several problems, since sheets number afresh in every section; words alone are weak. So all places
are aligned with all problems at once, so that the sum of the evidence is largest and the order is kept; what is left over and
has strong evidence of its own is a problem out of order, or one that is answered a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...derivations.problems.problems import Problem, ProblemSet
from .likeness import Profile, Text, comparable, profiles
from .sheets import Place, Sheet

_ENOUGH = 0.6  # evidence for a place in order
_LIKE = 0.7  # likeness of a place out of order
_AGAINST = 0.6  # how much less like it is than another, for its number to be in doubt
_APART = 0.2  # how much more speaks for it than for any other


@dataclass(frozen=True, slots=True)
class Node:
    """A number of a set: a problem, or a number with problems under it (`problems` are all of these, in order)."""

    id: str
    problems: tuple[Problem, ...]

    @property
    def problem(self) -> Problem | None:
        """The problem of that number itself."""
        return self.problems[0] if self.problems[0].id == self.id else None

    @property
    def is_group(self) -> bool:
        """Whether all problems under it are parts of one: 3.2 with 3.2a, 3.2b; 1.2 with 1.2.1a."""
        return self.problem is None and "." in self.id and len(self.problems) <= 6


@dataclass(frozen=True, slots=True)
class Matched:
    """A place and its number; `again` where an earlier place has the same."""

    place: Place
    node: Node
    evidence: float
    likeness: float
    again: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """The places that are problems or sections, in the order of the page, and how much speaks for all of it."""

    matched: tuple[Matched, ...]
    evidence: float
    likeness: float


@dataclass(frozen=True, slots=True)
class Known:
    """A set, ready to be compared with sheets."""

    set: ProblemSet
    nodes: tuple[Node, ...]
    profiles: Mapping[str, Profile]


def known(problem_set: ProblemSet) -> Known:
    """The numbers of a set in their order, with what each problem is recognised by."""
    ids: dict[str, list[Problem]] = {}
    for problem in problem_set.problems:
        for number in _around(problem.id):
            ids.setdefault(number, []).append(problem)
    nodes = tuple(Node(number, tuple(problems)) for number, problems in ids.items())
    by_id = dict(zip((p.id for p in problem_set.problems), profiles(problem_set.problems), strict=True))
    return Known(problem_set, nodes, by_id)


def _around(number: str) -> list[str]:
    """The numbers around a number, and itself.

    >>> _around("1.2.1a")
    ['1', '1.2', '1.2.1', '1.2.1a']
    """
    parts = number.split(".")
    out = [".".join(parts[: k + 1]) for k in range(len(parts))]
    return [*out[:-1], number[:-1], number] if number[-1:].isalpha() else out


def aligned(sheet: Sheet, against: Known) -> Alignment:
    """The places of a sheet that are problems of a set."""
    texts = [comparable(place.head) for place in sheet.places]
    scores = [_row(place, text, against) for place, text in zip(sheet.places, texts, strict=True)]
    chosen = _in_order([[evidence for evidence, _ in row] for row in scores])
    matched = [Matched(sheet.places[k], against.nodes[j], *scores[k][j]) for k, j in chosen.items()]
    matched += _left_over(sheet, against, scores, chosen)
    likeness = sum(m.likeness for m in matched if m.node.problem is not None and not m.again)
    evidence = sum(m.evidence for m in matched if not m.again)
    return Alignment(tuple(sorted(matched, key=lambda m: m.place.at)), evidence, likeness)


def _row(place: Place, text: Text, against: Known) -> list[tuple[float, float]]:
    """The evidence for each number of the set, and the likeness in it.

    A number that is written in full and that the set has is meant, unless the words are clearly those of another problem.
    """
    likenesses = {number: profile.likeness(text) for number, profile in against.profiles.items()}
    most = max(likenesses.values(), default=0.0)
    own = place.numbers[0] if place.is_heading and place.numbers and "." in place.numbers[0] else ""
    meant = next((node for node in against.nodes if node.id == own), None)
    if meant is not None and max(likenesses[p.id] for p in meant.problems) > most - _AGAINST:
        return [_evidence(place, node, likenesses, most) if node is meant else (0.0, 0.0) for node in against.nodes]
    return [_evidence(place, node, likenesses, most) for node in against.nodes]


def _evidence(place: Place, node: Node, likenesses: Mapping[str, float], most: float) -> tuple[float, float]:
    number = _number_evidence(place, node)
    if node.problem is not None:
        likeness = likenesses[node.id]
    elif node.is_group:
        likeness = max(likenesses[p.id] for p in node.problems)
    else:
        return (number, 0.0) if place.is_heading and number > 0 and not place.marked else (0.0, 0.0)
    if likeness >= _LIKE and number < 0 and not place.is_heading:
        number = max(number, -0.3)  # lists are numbered afresh
    elif number > 0 and likeness <= most - _AGAINST:
        number *= 0.5  # the words are those of another problem
    if place.label is None and (likeness < 0.5 or (place.soft and node.id[-1].isalpha())):
        return 0.0, 0.0
    value = number + 2.0 * likeness + (0.2 if place.marked else 0.0) - (0.6 if place.inside else 0.0)
    return (value, likeness) if value >= _ENOUGH else (0.0, 0.0)


def _number_evidence(place: Place, node: Node) -> float:
    """How much a number speaks for another: all of it, its last part, or against it."""
    if not place.numbers:
        return 0.0
    first, *others = place.numbers
    if node.id == first:
        return 1.0 if place.sure else 0.6
    if node.id in others:
        return 0.5
    last = first.rpartition(".")[2]
    if place.sure and node.id[-1].isalpha() != first[-1].isalpha():
        return -1.3
    if not place.sure and node.id.rpartition(".")[2] == last:
        return 0.3
    return -0.8 if place.sure and node.problem is not None else -0.2


def _in_order(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """The pairs (row, column), each once and both rising, of which the scores have the largest sum."""
    if not scores:
        return {}
    width = len(scores[0])
    table = [[0.0] * (width + 1)]
    for row in scores:
        above, new, left = table[-1], [0.0], 0.0
        for j in range(width):
            left = max(left, above[j + 1], above[j] + row[j] if row[j] > 0 else 0.0)
            new.append(left)
        table.append(new)
    chosen: dict[int, int] = {}
    k, j = len(scores), width
    while k and j:
        if table[k][j] == table[k - 1][j]:
            k -= 1
        elif table[k][j] == table[k][j - 1]:
            j -= 1
        else:
            k, j = k - 1, j - 1
            chosen[k] = j
    return dict(sorted(chosen.items()))


def _left_over(
    sheet: Sheet, against: Known, scores: Sequence[Sequence[tuple[float, float]]], chosen: Mapping[int, int]
) -> list[Matched]:
    """Places out of order, and those that repeat a number."""
    taken = set(chosen.values())
    out = []
    for k, place in enumerate(sheet.places):
        if k in chosen or place.inside:
            continue
        best = _standing_out(place, against.nodes, scores[k], taken)
        if best is not None:
            out.append(Matched(place, against.nodes[best], *scores[k][best], best in taken))
            taken.add(best)
    return out


def _standing_out(place: Place, nodes: Sequence[Node], row: Sequence[tuple[float, float]], taken: set[int]) -> int | None:
    """The one number for which there is strong evidence, and for no other nearly as much.

    A number that has its place already is meant again only if it is written again, or the same words are.
    """
    if not row:
        return None
    first, *others = sorted(range(len(row)), key=lambda j: row[j][0], reverse=True)
    node, (value, likeness) = nodes[first], row[first]
    if value < _ENOUGH or (node.problem is None and not node.is_group):
        return None
    written = place.label is not None and place.sure and bool(place.numbers) and place.numbers[0] == node.id
    if first in taken:
        return first if written and (place.marked or place.is_heading) else None
    stands_out = not others or value - row[others[0]][0] > _APART
    may_be = place.marked if place.label is None else place.label.kind != "letter"
    return first if written or (likeness >= _LIKE and stands_out and may_be) else None


__all__ = ["Alignment", "Known", "Matched", "Node", "aligned", "known"]
