"""A page taken apart: the set it belongs to, and for each problem what was asked and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...derivations.problems.problems import ProblemSet
from .alignment import Matched, Node, known
from .answers import Piece, passage, split
from .groups import shared
from .likeness import states
from .markdown_pages import without_front_matter
from .recognition import Recognised, against_set, named_set, recognised
from .sheets import Place, Sheet, sheet_of
from .statements import is_blank
from .submissions import Page, Part, Passage, Submission

_MARKED = 0.3  # of the problems have a mark, where answers are marked at all
_CHOICES = frozenset(("choices", "person", "network", "demonstration"))


@dataclass(frozen=True, slots=True)
class _Region:
    """A part of the text with what it belongs to; `in_answer` says that it lies in an answer that began before it."""

    start: int
    end: int
    place: Place | None = None
    node: Node | None = None
    in_answer: bool = False


def submission_of(page: Page, problem_set: ProblemSet | None = None) -> Submission:
    """The parts of a page, against the set given or the one it is recognised as.

    Nothing is lost: what belongs to no problem stands in parts without one.

    >>> page = Page("a.md", "markdown", "## 2.4 Matrix times vector\\n\\n**Answer:** $J = X$")
    >>> from hwcheck.derivations.problems.problems import problem_set
    >>> [(part.problem.id, part.answers) for part in submission_of(page, problem_set("jhu-2024")).parts if part.problem]
    [('2.4', (Passage(text='$J = X$', line=3),))]
    """
    sheet = sheet_of(without_front_matter(page.text))
    if problem_set is not None:
        found: Recognised | None = against_set(sheet, known(problem_set))
    else:
        found = recognised(sheet, named_set(page.text))
    notes = ["The page has too many numbers or answers; only the first of them were looked at."] if sheet.truncated else []
    if found is None:
        notes.append("No problem set was recognised; name it with --set.")
        return Submission(page, None, _parts(sheet, _unknown_regions(sheet)), tuple(notes))
    if found.note:
        notes.append(found.note)
    parts = _parts(sheet, _regions(sheet, found))
    return Submission(page, found.against.set, parts, (*notes, *_twice(page, parts)))


# -- regions -----------------------------------------------------------------------------------------------------------


def _unknown_regions(sheet: Sheet) -> list[_Region]:
    """Without a set, every number that is not within an answer begins a part; a page without numbers is one answer."""
    places = [p for p in sheet.places if p.label is not None and p.numbers and not p.inside and p.label.kind != "letter"]
    if not places and not sheet.marks:
        return [_Region(0, len(sheet.text), in_answer=True)]
    return _cut(sheet, [(p, None) for p in places])


def _regions(sheet: Sheet, found: Recognised) -> list[_Region]:
    matched = {m.place.at: m for m in _without_listed(sheet, found.alignment.matched)}
    begins: list[tuple[Place, Node | None]] = []
    current: Matched | None = None
    level = 0
    for place in sheet.places:
        own = matched.get(place.at)
        if own is not None:
            current = own
            level = place.label.level if own.node.problem is None and place.label and place.label.level else level
            begins.append((place, own.node))
        elif _closes(place, current, level) and not (current and _awaits(sheet, place, current, matched)):
            current = None
            begins.append((place, None))
    return _cut(sheet, begins)


def _cut(sheet: Sheet, begins: Sequence[tuple[Place, Node | None]]) -> list[_Region]:
    """The text cut at these places. A part of a number whose answer has begun already lies in that answer."""
    edges = [*(place.at for place, _ in begins), len(sheet.text)]
    out = [_Region(0, edges[0])]
    open_group = ""
    for (place, node), end in zip(begins, edges[1:], strict=True):
        under = bool(open_group) and node is not None and node.id.startswith(open_group)
        if not under:
            answered = any(m.own and m.close is None for m in sheet.marks_between(place.at, end))
            open_group = node.id if node is not None and node.is_group and answered else ""
        out.append(_Region(place.at, end, place, node, under))
    return out


def _without_listed(sheet: Sheet, matched: Sequence[Matched]) -> list[Matched]:
    """Without the items that a statement lists under one number, when one answer follows to all of them."""
    out: list[Matched] = []
    k = 0
    while k < len(matched):
        own = matched[k]
        out.append(own)
        k += 1
        if not own.node.is_group:
            continue
        stop = k
        while stop < len(matched) and matched[stop].node.id.startswith(own.node.id):
            stop += 1
        ends = [*(m.place.at for m in matched[k + 1 :]), len(sheet.text)]
        answered = [bool(sheet.marks_between(m.place.at, end)) for m, end in zip(matched[k:stop], ends, strict=False)]
        if len(answered) >= 2 and answered[-1] and not any(answered[:-1]):
            k = stop
    return out


def _closes(place: Place, current: Matched | None, level: int) -> bool:
    """Whether a place that is no problem of the set ends the part before it."""
    label = place.label
    if label is None or label.kind == "letter" or place.inside:
        return False
    if current is None:
        return label.kind == "heading"
    around = current.place.label
    if label.kind != "heading":
        return place.marked and around is not None and label.indent <= around.indent and not current.place.is_heading
    own = around.level if around is not None and around.level else level
    return label.bare or label.level <= (own or 6)


def _awaits(sheet: Sheet, place: Place, current: Matched, matched: Mapping[int, Matched]) -> bool:
    """Whether the answer to a problem comes only after a heading without a number, which then stands within it."""
    if place.numbers or sheet.marks_between(current.place.at, place.at):
        return False
    following = min((at for at in matched if at > place.at), default=len(sheet.text))
    return bool(sheet.marks_between(place.at, following))


# -- parts -------------------------------------------------------------------------------------------------------------


def _parts(sheet: Sheet, regions: Sequence[_Region]) -> tuple[Part, ...]:
    marked = _is_marked(sheet, regions)
    out: list[Part] = []
    for region in regions:
        statement, answers = _passages(sheet, region, marked or not _is_asked(region, regions))
        if region.node is None and not statement and not answers:
            continue
        out += _parts_of(region, regions, statement, answers, sheet.line(region.start))
    return tuple(out)


def _is_marked(sheet: Sheet, regions: Sequence[_Region]) -> bool:
    problems = [r for r in regions if r.node is not None and (r.node.problem is not None or r.node.is_group)] or list(regions)
    answered = sum(any(m.own for m in sheet.marks_between(r.start, r.end)) for r in problems)
    return answered >= max(1, _MARKED * len(problems))


def _passages(sheet: Sheet, region: _Region, marked: bool) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """What is asked and what was answered in a region, without blanks."""
    place, text = region.place, sheet.text
    start = place.at + place.label.start if place is not None and place.label is not None else region.start
    start = min(start, region.end)
    marks = sheet.marks_between(region.start, region.end)
    if region.in_answer or (not marks and place is not None and place.label is not None and place.label.answer):
        spans: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = ((), ((start, region.end),))
    else:
        piece = Piece(start, region.end, _title_end(text, region, start), marks)
        problem = region.node.problem if region.node is not None else None
        found = split(text, piece, marked, problem is None or problem.kind in _CHOICES)
        spans = (found.statement, found.answers)
    statement, answers = ([passage(text, span, sheet.line(span[0])) for span in own] for own in spans)
    kept = tuple(p for p in answers if p is not None and not is_blank(p.text))
    return tuple(p for p in statement if p is not None), kept


def _title_end(text: str, region: _Region, start: int) -> int:
    """Where the title of a heading ends, or the line with the function of a problem.

    An answer may stand in the line of a heading, when nothing else follows.
    """
    place, problem = region.place, region.node.problem if region.node is not None else None
    line_end = text.find("\n", start, region.end)
    line_end = line_end if line_end >= 0 else region.end
    follows = bool(text[line_end : region.end].strip())
    if problem is not None and states(problem, text[start:line_end], alone=not follows):
        return line_end
    if place is None or place.label is None or not place.is_heading:
        return start
    formula = any(sign in text[start:line_end] for sign in "$=")
    return start if formula and (not follows or place.label.kind != "heading") else line_end


def _parts_of(
    region: _Region, regions: Sequence[_Region], statement: tuple[Passage, ...], answers: tuple[Passage, ...], line: int
) -> list[Part]:
    place, node = region.place, region.node
    number = (place.numbers[0] if place.numbers else "") if place is not None else ""
    title = place.title if place is not None else ""
    one = Part(number, title, None, statement, answers, line)
    if node is None:
        return [one]
    if node.problem is not None and len(node.problems) == 1:
        return [replace(one, problem=node.problem)]
    if not _is_asked(region, regions):
        return [replace(one, problem=node.problem)]
    owned = shared(node.problems, answers)
    first, *others = node.problems
    head = replace(one, problem=first, answers=owned[first.id])
    return [head, *(Part(number, title, p, (), owned[p.id], line) for p in others)]


def _is_asked(region: _Region, regions: Sequence[_Region]) -> bool:
    """Whether an answer is expected in a region: at a problem, and at a number whose problems have no places of their own.

    Without a set nobody knows, and every number counts.
    """
    node = region.node
    if node is None:
        return region.place is not None and all(r.node is None for r in regions)
    if node.problem is not None:
        return True
    own = {p.id for p in node.problems}
    inner = (r.node for r in regions if r.node is not None and r.node.id != node.id)
    return node.is_group and not any({p.id for p in n.problems} <= own for n in inner)


def _twice(page: Page, parts: Sequence[Part]) -> list[str]:
    """A sentence for every problem that is answered in two places."""
    places: dict[str, list[str]] = {}
    for part in parts:
        if part.problem is not None and part.answers:
            places.setdefault(part.problem.id, []).append(page.place(part.line))
    return [
        f"Problem {number} is answered {_times(len(where))}, at {' and at '.join(where)}; the last one counts."
        for number, where in places.items()
        if len(where) > 1
    ]


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


__all__ = ["submission_of"]
