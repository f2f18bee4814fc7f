"""A submission graded: for each problem of its set the claims that the answer makes, what they earn, and what is left for a person.

A problem is graded in two halves. `judged_question` does all the work and may take long; `problem_grade` turns what was judged into
points and never judges. Whoever has a deadline ends the first half and can still do the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count

from ...derivations.elements.confirmation import seed_of
from ...derivations.problems.problems import Problem
from ..claims.claims import JudgedClaim
from ..claims.judging import judged_claims
from ..submissions.submissions import Page, Part, Passage, Submission
from .earnings import earned, status_of
from .finals import ARGUMENT, Final, finals_of, is_for_a_person
from .grades import Grade, ProblemGrade

_UNREAD = "Nothing in this answer could be read as a claim; a person has to look at it."
_NOT_REACHED = "No single step is wrong, but what is stated at last is not what is asked."
_NO_HEADING = "Text without a heading"
_NOT_RECOGNISED = "No problem set was recognised"
_NO_SET = f"{_NOT_RECOGNISED}, so nothing has points; name it with --set."


@dataclass(frozen=True, slots=True)
class Question:
    """A problem and what a file holds on it: `answer` is the one that counts, empty for a blank.

    Without a problem it is text of the sheet. `earlier` is what the file says before it in the same section, which may define names.
    """

    problem: Problem | None
    number: str
    title: str
    statement: tuple[Passage, ...] = ()
    answer: tuple[Passage, ...] = ()
    line: int = 0
    notes: tuple[str, ...] = ()
    earlier: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found in a question: its claims, the sheet's first, and what is asked as the answer states it.

    `formulas` is how many formulas there are, where they were asked for one by one.
    """

    claims: tuple[JudgedClaim, ...] = ()
    finals: tuple[Final, ...] = ()
    notes: tuple[str, ...] = ()
    formulas: int = 0


def graded(submission: Submission) -> Grade:
    """Grade a submission here and now, without deadlines; `grade` has them."""
    questions = questions_of(submission)
    return grade_of(submission, problem_grades(questions, [judged_question(q) for q in questions]))


def questions_of(submission: Submission) -> tuple[Question, ...]:
    """All problems of the set in its order, answered or not; after them what belongs to none, in the order of the file."""
    asked = [_question(problem, submission) for problem in (submission.set.problems if submission.set else ())]
    others = [p for p in submission.parts if p.problem is None]
    rest = [Question(None, p.number, p.title or ("" if p.number else _NO_HEADING), p.statement, p.answers, p.line) for p in others]
    return (*asked, *(q for q in rest if q.statement or q.answer))


def _question(problem: Problem, submission: Submission) -> Question:
    parts: list[Part] = [p for p in submission.parts if p.problem is not None and p.problem.id == problem.id]
    first = {passage.text: passage for p in reversed(parts) for passage in reversed(p.statement)}
    statement = tuple(sorted(first.values(), key=lambda passage: passage.line))
    answered = [p for p in parts if any(passage.text.strip() for passage in p.answers)]
    line = parts[0].line if parts else 0
    earlier = _earlier(submission.parts, answered[-1]) if answered else ()
    if not answered:
        return Question(problem, problem.id, problem.title, statement, (), line)
    answer = answered[-1].answers
    note = f"There are {len(answered)} answers to this problem; the last one counts ({submission.page.place(answer[0].line)})."
    return Question(problem, problem.id, problem.title, statement, answer, line, (note,) if len(answered) > 1 else (), earlier)


def _earlier(parts: Sequence[Part], part: Part) -> tuple[Passage, ...]:
    """The answers before a part in its section, and the text of the section itself."""
    section = _section(part)
    place = next(k for k, p in enumerate(parts) if p is part)  # one number may cover several problems: their lines are equal
    before = [p for p in parts[:place] if _section(p) == section]
    own = set(part.answers)
    found = (passage for p in before for passage in (*(p.statement if p.problem is None else ()), *p.answers))
    return tuple(passage for passage in dict.fromkeys(found) if passage not in own)


def _section(part: Part) -> str:
    """The first number of a problem, or of a heading."""
    return (part.problem.id if part.problem is not None else part.number).partition(".")[0]


def judged_question(question: Question, wanted: Callable[[int], bool] | None = None) -> Judged:
    """Judge the claims of a question, and what is asked.

    `wanted` is asked before each formula, the first of the sheet being number 0; one that is not wanted comes back undecided. What is
    asked, and the answer as a whole, are then left alone.
    """
    problem, numbers = question.problem, count()
    seed = _seed(question)

    def asked(_: int) -> bool:
        return wanted is not None and wanted(next(numbers))

    each = None if wanted is None else asked
    sheet = judged_claims(question.statement, problem, role="statement", seed=seed, wanted=each)
    own = judged_claims(question.answer, problem, role="answer", statement=question.statement, earlier=question.earlier, seed=seed,
                        wanted=each)  # fmt: skip
    claims = (*sheet, *own)
    return Judged(claims, judged_finals(question, claims) if wanted is None else (), formulas=next(numbers))


def _seed(question: Question) -> int:
    """Of the points at which it is judged: the problem's own, whoever answers it."""
    return seed_of(f"{question.problem.set}/{question.problem.id}" if question.problem else question.number)


def judged_finals(question: Question, claims: Sequence[JudgedClaim]) -> tuple[Final, ...]:
    """What is asked, by claims that have been judged."""
    if question.problem is None or not question.answer:
        return ()
    answer = "\n\n".join(passage.text for passage in question.answer)
    return finals_of(question.problem, answer, claims, _seed(question))


def problem_grades(questions: Sequence[Question], judged: Sequence[Judged]) -> list[ProblemGrade]:
    """The grades of all questions of a file.

    What cannot be told apart stands in several of them. A claim there that is right for the one it belongs to is no mistake
    in the others.
    """
    own = [list(_numbered(each)) for each in judged]
    right = {key: c for claims in own for key, c in claims if c.verdict.verdict == "right"}
    settled = (tuple(c if c.claim.role == "statement" else right.get(key, c) for key, c in claims) for claims in own)
    return [problem_grade(q, replace(j, claims=claims)) for q, j, claims in zip(questions, judged, settled, strict=True)]


def _numbered(judged: Judged) -> Iterator[tuple[tuple[object, ...], JudgedClaim]]:
    """Each claim with what tells it from all others of the file: a line may say “= 0” more than once."""
    seen: Counter[tuple[object, ...]] = Counter()
    for c in judged.claims:
        key = (c.claim.line, c.claim.text, c.claim.kind, c.claim.role)
        seen[key] += 1
        yield (*key, seen[key]), c


def problem_grade(question: Question, judged: Judged) -> ProblemGrade:
    """The points and the status that a question has by what was judged in it."""
    problem, notes = question.problem, (*question.notes, *judged.notes)
    blank = ProblemGrade(question.number, question.title, Fraction(0), Fraction(0), "statement", question.line, judged.claims, notes)
    if problem is None:
        return replace(blank, status="for a person" if question.answer else "statement")
    own = [c for c in judged.claims if c.claim.role == "answer"]
    if not question.answer:
        return replace(blank, status="not answered", max=Fraction(0) if is_for_a_person(problem) else problem.points)
    if all(c.verdict.verdict != "wrong" for c in own):  # else the first wrong claim says why
        notes = (*notes, *(f.message for f in judged.finals if f.verdict == "wrong" and f.message))
    # a slip in an argument need not undo it: what that costs is no computation's to say
    if is_for_a_person(problem) or (judged.finals and all(f.part == ARGUMENT and f.verdict != "right" for f in judged.finals)):
        return replace(blank, status="for a person", notes=(*notes, *_warning(own)))
    gained = earned(problem, judged.claims, judged.finals)
    if gained.open:
        notes = (*notes, _open(gained.open) if own else _UNREAD)
    told = {c.verdict.message for c in own}
    notes = (*notes, *(f.mistake.message for f in judged.finals if f.mistake is not None and f.mistake.message not in told))
    status = status_of(gained, own, judged.finals)
    if status == "wrong" and not notes and all(c.verdict.verdict != "wrong" for c in own):
        notes = (_NOT_REACHED,)
    return replace(blank, score=gained.earned, max=gained.decided, status=status, notes=notes)


def _warning(own: Sequence[JudgedClaim]) -> tuple[str, ...]:
    count = sum(c.verdict.verdict == "wrong" for c in own)
    if not count:
        return ()
    return (f"{'A claim' if count == 1 else f'{count} claims'} in this answer {'is' if count == 1 else 'are'} wrong; a person weighs it.",)


def _open(points: Fraction) -> str:
    are = "point is" if points <= 1 else "points are"
    return f"{points} {are} open until a person has looked: no verdict was reached on what is asked."


def grade_of(submission: Submission, problems: Sequence[ProblemGrade]) -> Grade:
    """The grade of a file from those of its problems."""
    page, found = submission.page, submission.set
    said = submission.notes if found else (*(note for note in submission.notes if not note.startswith(_NOT_RECOGNISED)), _NO_SET)
    notes = (*page.notes, *said)
    return Grade(page.file, found.name if found else None, tuple(_placed(p, page) for p in problems), tuple(dict.fromkeys(notes)))


def _placed(problem: ProblemGrade, page: Page) -> ProblemGrade:
    """The same with the places of a page whose lines are counted in another way, as those of a notebook are."""
    if not page.places:
        return problem
    claims = tuple(replace(c, claim=replace(c.claim, place=page.place(c.claim.line))) for c in problem.claims)
    return replace(problem, claims=claims, place=page.place(problem.line) if problem.line else "")


__all__ = [
    "Judged", "Question", "grade_of", "graded", "judged_finals", "judged_question", "problem_grade", "problem_grades", "questions_of",
]  # fmt: skip
