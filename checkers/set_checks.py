"""Proving a problem set: every answer derives and is confirmed, examples are judged as stated, nothing is ambiguous.

Everything that is wrong with a set is found at once, each fault with its line. What a set says about answers (examples, known
mistakes, options of which one is right) is a claim like any other, and the judge decides it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from ..derivations.activations.softmax import Proof
from ..derivations.demonstrations.choices import Choices
from ..derivations.demonstrations.claims import Demonstration
from ..derivations.demonstrations.xor_weights import XorWeights
from ..derivations.derivation import Derivation
from ..derivations.errors import DefectError, HwcheckError
from ..derivations.notation.name_writer import spelled
from ..derivations.notation.spellings import Style
from ..derivations.problems.network_answers import NetworkAnswer
from ..derivations.problems.problems import Answer, Fault, Problem, ProblemSet, Solution, outcomes, read_all
from ..derivations.problems.rubrics import Example, Mistake
from ..derivations.problems.values import Place, listed, shortened
from ..derivations.reader.reading import Symbol
from ..derivations.xor.xor import XorProof
from .problem_answers import judged_problem
from .verdicts import Verdict
from .verification import verify
from .workers import Outcome, Workers

Proved = Literal["confirmed", "settled", "faulty", "later", "person"]
CLOSE = 1e-9  # the largest relative difference of a derivative from JAX's that confirms it
SECONDS = 5.0  # for one example


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a set: where, in a sentence; `problem` is its number, empty for the set as a whole.

    `shown` is the text that the sentence speaks of, with carets under the place in it.
    """

    place: Place
    sentence: str
    problem: str = ""
    shown: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {"file": self.place.file, "line": self.place.line, "problem": self.problem or None, "message": self.sentence}


@dataclass(frozen=True, slots=True)
class ProblemReport:
    """A problem, and what became of its answer."""

    problem: Problem
    proved: Proved

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        p = self.problem
        earns = {part: str(points) for part, points in p.earns.items()}
        head: dict[str, object] = {"id": p.id, "title": p.title, "kind": p.kind, "status": self.proved, "points": str(p.points)}
        return head | {"earns": earns, "examples": len(p.examples), "mistakes": len(p.mistakes)}


@dataclass(frozen=True, slots=True)
class SetReport:
    """What became of a set; it is proved where there are no faults. `set` is None where nothing of it could be read."""

    file: str
    set: ProblemSet | None
    problems: tuple[ProblemReport, ...] = ()
    faults: tuple[Finding, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        head = {"file": self.file, "set": self.set.name if self.set else None, "title": self.set.title if self.set else None}
        points = str(self.set.points) if self.set else "0"
        rows = [p.to_dict() for p in self.problems]
        return head | {"proved": not self.faults, "points": points, "problems": rows, "faults": [f.to_dict() for f in self.faults]}


@dataclass(slots=True)
class _Count:
    """How far the work is, for whoever shows it."""

    total: int
    told: Callable[[int, int], None] | None
    done: int = field(default=0)

    def one(self) -> None:
        self.done += 1
        if self.told is not None:
            self.told(self.done, self.total)


def check_set(
    text: str, file: str, *, seconds: float = SECONDS, progress: Callable[[int, int], None] | None = None
) -> SetReport:
    """Prove a set from the text of its file; `progress` is told how many steps of how many are done.

    Faults are outcomes here and raise nothing.

    >>> head = "---\\nset: mine\\ntitle: Mine\\nlayout: numerator\\n---\\n## 1 One\\n```yaml\\n"
    >>> print(check_set(head + "kind: jacobian\\nfunktion: f(w) = w\\n```", "mine.md").faults[0])
    mine.md:9: The key “funktion” is not known; did you mean “function”?
    """
    found, errors = read_all(text, file)
    faults = [_of_error(error, file) for error in errors]
    if found is None:
        return SetReport(file, None, (), _in_order(faults))
    stated = [each for problem in found.problems for each in _stated(problem)]
    count = _Count(len(stated) + len(found.problems), progress)
    faults += _untrue(stated, seconds, count)
    for outcome in outcomes(found.problems):
        faults += [*_of_outcome(outcome, file), *_of_words(outcome.problem)]
        count.one()
    faulty = {fault.problem for fault in faults}
    reports = tuple(ProblemReport(p, "faulty" if p.id in faulty else _proved(p)) for p in found.problems)
    return SetReport(file, found, reports, _in_order(faults))


def _proved(problem: Problem) -> Proved:
    return "confirmed" if problem.status == "derived" else problem.status


def _in_order(faults: Iterable[Finding]) -> tuple[Finding, ...]:
    """By line, each once: what was inherited by several problems is one fault where it stands."""
    return tuple(dict.fromkeys(sorted(faults, key=lambda f: f.place.line)))


# -- answers -----------------------------------------------------------------------------------------------------------


def _of_error(error: HwcheckError, file: str, problem: str = "") -> Finding:
    """An error of a set; its message begins with its place."""
    line, _, sentence = error.message.removeprefix(f"{file}:").partition(": ")
    shown = error.report().removeprefix(error.message).strip("\n")
    return Finding(Place(file, int(line)), sentence, problem, shown)


def _of_outcome(outcome: Solution | Fault, file: str) -> Iterator[Finding]:
    problem = outcome.problem
    if isinstance(outcome, Fault) and isinstance(outcome.error, DefectError):
        said = f"Problem {problem.id}: {outcome.error.message} This is a defect of hwcheck and none of the set; please report it."
        yield Finding(problem.place, said, problem.id)
    elif isinstance(outcome, Fault):
        yield _of_error(outcome.error, file, problem.id)
    elif outcome.answer is not None:
        if not is_confirmed(outcome.answer):
            said = f"Problem {problem.id} derives, and what it derives is not confirmed."
            yield Finding(problem.places.get("function", problem.place), said, problem.id)
        if isinstance(outcome.answer, Derivation):
            yield from _guesses(problem, outcome.answer)
        if isinstance(outcome.answer, Choices):
            yield from _single(problem, outcome.answer)


def is_confirmed(answer: Answer) -> bool:
    """Whether an answer was confirmed by what fits it: JAX for derivatives, exact tables for XOR, a computation for claims."""
    match answer:
        case XorProof():
            return answer.grid is not None and answer.grid.all_rows == 0
        case XorWeights():
            return answer.table.computes is True
        case Demonstration():
            return bool(answer.claims) and all(map(_close, answer.confirmations))
        case Choices():
            return all(map(is_confirmed, answer.demonstrations))
        case Proof() if answer.cross_entropy is not None:
            return _close(answer.cross_entropy.confirmation) and _close(answer.confirmation)
        case NetworkAnswer() if answer.network.loss == "none":
            return True  # nothing is differentiated, and its values are exact
    return _close(answer.confirmation)


def _close(found: object) -> bool:
    """Whether JAX agreed, in both modes."""
    forward, reverse = (getattr(found, name, math.inf) for name in ("jacfwd", "jacrev"))
    return max(forward, reverse) < CLOSE


def _guesses(problem: Problem, answer: Derivation) -> Iterator[Finding]:
    """Names whose shape nothing says: they were taken to be what they usually are."""
    for symbol in answer.reading.symbols:
        if symbol.origin == "usual":
            name, shape = spelled(symbol.name, Style.UNICODE), _shape(symbol)
            said = f"nothing says which shape {name} has, and {shape} was assumed; declare it in “symbols” or “shapes”."
            yield Finding(problem.places.get("function", problem.place), f"Problem {problem.id}: {said}", problem.id)


def _shape(symbol: Symbol) -> str:
    """The shape as a set declares it.

    >>> _shape(Symbol("w", ("d", 1), "usual")), _shape(Symbol("c", (1, 1), "usual"))
    ('[d], a column', '[], a number')
    """
    rows, columns = symbol.shape if len(symbol.shape) == 2 else (*symbol.shape, 1)
    if (rows, columns) == (1, 1):
        return "[], a number"
    return f"[{rows}], a column" if columns == 1 else f"[{rows}, {columns}]"


def _single(problem: Problem, answer: Choices) -> Iterator[Finding]:
    """Where one option is to be chosen, the computations have to leave exactly one."""
    place = problem.places.get("options", problem.place)
    if problem.choose == "one" and answer.open:
        said = f"Problem {problem.id} asks for one option, and {listed(answer.open)} is left to a person, so nothing settles which one."
        yield Finding(place, said, problem.id)
    elif problem.choose == "one" and len(answer.right) != 1:
        which = f"{listed(answer.right)} hold" if answer.right else "none holds"
        yield Finding(place, f"Problem {problem.id} asks for one option, and {which}.", problem.id)


def _of_words(problem: Problem) -> Iterator[Finding]:
    """Messages of mistakes tell them apart."""
    seen: dict[str, str] = {}
    for mistake in problem.mistakes:
        if mistake.message in seen:
            said = f"Problem {problem.id}: the mistakes “{seen[mistake.message]}” and “{shortened(mistake.answer)}” have the same message."
            yield Finding(mistake.place, said, problem.id)
        seen.setdefault(mistake.message, shortened(mistake.answer))


# -- examples and mistakes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stated:
    """Something that a set says about an answer: an example, a mistake, or that two mistakes are not the same one."""

    problem: Problem
    claim: Example | Mistake
    other: Mistake | None = None

    @property
    def words(self) -> str:
        """What is said, as the beginning of a sentence."""
        answer = shortened(self.claim.answer)
        if self.other is not None:
            return f"the mistakes “{shortened(self.other.answer)}” and “{answer}” have messages of their own"
        return f"the example “{answer}” is stated as {self.claim.verdict}" if isinstance(self.claim, Example) else \
            f"“{answer}” is listed as a mistake"

    @property
    def wanted(self) -> str:
        """The verdict that it comes down to."""
        return self.claim.verdict if isinstance(self.claim, Example) else "wrong"

    @property
    def is_plain(self) -> bool:
        """Whether judging it needs no confirmed solution: JAX does not work in a process that was forked from one with JAX."""
        return self.problem.kind in ("jacobian", "softmax", "activation")


def _stated(problem: Problem) -> Iterator[_Stated]:
    claims: tuple[Example | Mistake, ...] = (*problem.examples, *problem.mistakes)
    for claim in claims:
        yield _Stated(problem, claim)
    for first, second in combinations(problem.mistakes, 2):
        yield _Stated(problem, second, first)


def judged_statement(stated: _Stated) -> Verdict | HwcheckError:
    """The verdict that decides it; an error in the problem is a value, so that it comes back from another process."""
    problem = stated.problem
    try:
        if stated.other is None:
            return judged_problem(problem, stated.claim.answer)
        return verify(stated.claim.answer, expected=stated.other.answer, shapes=problem.shapes, definitions=problem.definitions,
                      domains=problem.domains)
    except HwcheckError as error:
        return error


def _outcomes(stated: Sequence[_Stated], seconds: float) -> Iterator[Outcome]:
    """What became of each; those that allow it are judged in processes that are ended at a deadline."""
    with Workers(judged_statement, seconds=seconds) as workers:
        plain = workers.map([s for s in stated if s.is_plain])
        for each in stated:
            yield next(plain) if each.is_plain else Outcome(judged_statement(each))


def _untrue(stated: Sequence[_Stated], seconds: float, count: _Count) -> Iterator[Finding]:
    """What is said about answers and does not hold."""
    for each, outcome in zip(stated, _outcomes(stated, seconds), strict=True):
        count.one()
        if sentence := _contradiction(each, outcome, seconds):
            yield Finding(each.claim.place, f"Problem {each.problem.id}: {sentence}", each.problem.id)


def _contradiction(stated: _Stated, outcome: Outcome, seconds: float) -> str:
    """Why something does not hold, as a sentence; empty where it does, or where the problem itself is faulty, which is said anyway."""
    verdict = outcome.value
    if stated.other is not None:
        same = isinstance(verdict, Verdict) and verdict.verdict == "right"
        return f"{stated.words}, and are one and the same answer." if same else ""
    if outcome.failure == "deadline":
        return f"{stated.words}, and judging it took more than {seconds:g} s."
    if outcome.failure:
        return f"{stated.words}, and judging it failed: {outcome.detail or outcome.failure}."
    if not isinstance(verdict, Verdict) or verdict.verdict == stated.wanted:
        return ""
    why = "." if verdict.verdict == "right" else f": {verdict.message}"
    return f"{stated.words}, and is judged {verdict.verdict}{why}"


__all__ = ["SECONDS", "Finding", "ProblemReport", "Proved", "SetReport", "check_set", "is_confirmed"]
