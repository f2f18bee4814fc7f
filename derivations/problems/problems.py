"""Problem sets: what a sheet asks, and its answers, which are derived and never typed in.

A set is data (`problem_files` says how it is written). `KINDS` says for each kind of problem which keys it needs, what
can be asked, and how the answer is derived; a kind without a rule is listed with its reason, so that no problem of a
sheet is missing silently. Nothing here judges what a person answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ..activations.activations import Activation, activation
from ..activations.softmax import Proof, softmax_proof
from ..demonstrations.choices import Choices, choices
from ..demonstrations.claims import Demonstration
from ..demonstrations.demonstrations import demonstration
from ..demonstrations.xor_weights import XorWeights, two_layers
from ..derivation import Derivation, jacobian
from ..errors import DefectError, DomainError, HwcheckError, InputError, ProblemSetError
from ..graphs.graphs import Backpropagation, backprop
from ..sizes import Shape
from ..starts.initialisation import ConstantStart, ZeroStart, constant_start, zero_start
from ..xor.xor import XorProof, xor_proof
from .network_answers import PARTS, Asked, NetworkAnswer, network_answer
from .problem_files import (
    LONGEST,
    Field,
    Place,
    Section,
    SetFile,
    did_you_mean,
    is_under,
    listed,
    read_file,
    shortened,
)

Answer = (
    Derivation | Activation | Proof | Backpropagation | Demonstration | Choices | XorProof | XorWeights | NetworkAnswer | ZeroStart
    | ConstantStart
)
Status = Literal["derived", "settled", "later", "person"]
STATUSES: tuple[Status, ...] = get_args(Status)

SHIPPED = Path(__file__).with_name("sets")
NOWHERE = Place("", 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what is given, what is asked, and where it stands in its file.

    `text` is the problem in our own words (Markdown), its own or that of the section around it. `reason` says why a
    problem is not derived, and is empty otherwise. `misprints` are slips of the sheet, which no answer has to repeat.
    """

    set: str
    id: str
    title: str
    kind: str
    text: str = ""
    asked: tuple[str, ...] = ()
    function: str = ""
    wrt: str | None = None
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    order: int = 1
    layout: str = "numerator"
    point: Mapping[str, str] = field(default_factory=dict)
    with_cross_entropy: bool = False
    demonstration: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)
    asked_of_network: Asked = field(default_factory=Asked)
    output: str = ""
    notes: tuple[str, ...] = ()
    misprints: tuple[str, ...] = ()
    reason: str = ""
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Whether the answer is derived, or settled by a computation; or comes later, or is for a person to judge."""
        return KINDS[self.kind].status

    @property
    def question(self) -> tuple[object, ...]:
        """Everything that the answer depends on; problems with the same question have the same answer."""
        how = (self.kind, self.order, self.layout, self.with_cross_entropy)
        calculus = (self.function, self.wrt, self.shapes, self.domains, self.definitions, self.point)
        settled = (self.demonstration, tuple(self.options.items()), self.given)
        part = self.asked if KINDS[self.kind].by_part else ()
        return (how, calculus, self.network, self.asked_of_network, settled, part)


@dataclass(frozen=True, slots=True)
class ProblemSet:
    """A sheet: its name, conventions, symbols with shapes, and all its problems in order."""

    name: str
    title: str
    layout: str
    symbols: Mapping[str, Shape]
    conventions: tuple[str, ...]
    misprints: tuple[str, ...]
    text: str
    problems: tuple[Problem, ...]
    file: str

    def counts(self) -> dict[Status, int]:
        """How many problems are derived, settled by a computation, for later, and for a person."""
        counts: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for problem in self.problems:
            counts[problem.status] += 1
        return counts

    def select(self, number: str) -> tuple[Problem, ...]:
        """The problem of that number, or all problems under it: 2.4 is one, 2 the whole section.

        Raises:
            InputError: there is none; the sentence names the nearest.
        """
        found = tuple(p for p in self.problems if p.id == number or is_under(p.id, number)) if number else ()
        if not found:
            near = did_you_mean(number, (p.id for p in self.problems), 0.75)
            more = f"`hwcheck problems {self.name}` lists them."
            raise InputError(f"{self.name} has no problem “{shortened(number)}”{near} {more}")
        return found


@dataclass(frozen=True, slots=True)
class Solution:
    """A problem with its derived answer; `answer` is None where the problem is not one that is derived."""

    problem: Problem
    answer: Answer | None

    def to_dict(self) -> dict[str, object]:
        """The problem and its answer as JSON; `reason` takes the place of a missing answer."""
        notes = {"notes": list(self.problem.notes), "misprints": list(self.problem.misprints)}
        if self.answer is None:
            return {**_head(self.problem), "answer": None, "reason": self.problem.reason, **notes}
        return {**_head(self.problem), "answer": self.answer.to_dict(), **notes}


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem whose answer does not derive, and why: a slip of its author's, or a defect of ours."""

    problem: Problem
    error: HwcheckError

    def to_dict(self) -> dict[str, object]:
        """The problem with an error in the place of its answer."""
        return {**_head(self.problem), "answer": None, "error": self.error.to_dict()}


def _head(problem: Problem) -> dict[str, object]:
    where = {"set": problem.set, "id": problem.id, "title": problem.title}
    return {**where, "kind": problem.kind, "asked": list(problem.asked)}


# -- kinds -------------------------------------------------------------------------------------------------------------


def _jacobian(p: Problem) -> Answer:
    return jacobian(
        p.function, p.wrt, shapes=p.shapes, domains=p.domains, definitions=p.definitions, order=p.order, layout=p.layout
    )


def _activation(p: Problem) -> Answer:
    return activation(p.function)


def _softmax(p: Problem) -> Answer:
    return softmax_proof(with_cross_entropy=p.with_cross_entropy)


def _backprop(p: Problem) -> Answer:
    return backprop(p.function, p.point)


def _demonstration(p: Problem) -> Answer:
    return demonstration(p.demonstration, p.given)


def _network(p: Problem) -> Answer:
    return network_answer(p.network, p.asked_of_network)


def _initialisation(p: Problem) -> Answer:
    known = {"activation": p.function} if p.function else {}
    return zero_start(**known) if p.asked == ("zero",) else constant_start(**known)


def _xor(p: Problem) -> Answer:
    return xor_proof() if p.asked == ("proof",) else two_layers()


def _choices(p: Problem) -> Answer:
    return choices(p.options, p.given)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of problem needs, what else it may have, what can be asked, and how its answer is derived.

    `by_part` says that each part asked for has an answer of its own; `does` says in a few words what is done with a problem.
    """

    status: Status
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    derive: Callable[[Problem], Answer] | None = None
    does: str = ""
    by_part: bool = False

    def keys(self) -> tuple[str, ...]:
        """Every key a problem of this kind may have."""
        return ("kind", *self.needs, *self.takes, *(("asked",) if self.asked else ()), "notes", "misprints")


KINDS: dict[str, Kind] = {
    "jacobian": Kind("derived", ("function",), ("wrt", "shapes", "domains", "definitions", "order", "layout"),
                     ("shape", "expression", "steps"), _jacobian, "derivative, step by step"),
    "activation": Kind("derived", ("function",), (), ("formula", "derivative", "plot"), _activation, "activation function"),
    "softmax": Kind("derived", (), ("with",), ("entry", "matrix", "gradient"), _softmax, "proof for softmax"),
    "backprop": Kind("derived", ("function", "point"), (), ("graph", "values", "partials", "gradient", "symbolic", "counts"),
                     _backprop, "computation graph, forward and backward"),
    "network": Kind("derived", ("network",), ("rate", "parameter", "conditions", "unit", "sum", "output"), PARTS, _network,
                    "network, forward and backward"),
    "xor": Kind("derived", (), (), ("proof", "weights"), _xor, "XOR", by_part=True),
    "initialisation": Kind("derived", (), ("function",), ("zero", "constant"), _initialisation, "start of a network", by_part=True),
    "demonstration": Kind("settled", ("demonstration",), ("given",), (), _demonstration, "demonstration"),
    "choices": Kind("settled", ("options",), ("given",), (), _choices, "options settled by"),
    "later": Kind("later", ("reason",)),
    "person": Kind("person", ("reason",)),
}  # fmt: skip


# -- loading -----------------------------------------------------------------------------------------------------------


def set_names() -> tuple[str, ...]:
    """The names of the shipped sets.

    >>> set_names()
    ('cosc490', 'cs640', 'jhu-2023', 'jhu-2024', 'mit-6390')
    """
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.md")))


def problem_set(name: str) -> ProblemSet:
    """A shipped set by its name, or a set of one's own by the path of its file (which ends in .md).

    Raises:
        InputError: there is no such set or file.
        ProblemSetError: the file is faulty; file, line and a sentence.

    >>> problem_set("jhu-2024").layout
    'numerator'
    """
    if name.endswith(".md"):
        return read_set(_content(Path(name)), name)
    if name not in set_names():
        near, known = did_you_mean(name, set_names()), listed(set_names())
        own = "a set of your own is the path of a file that ends in .md"
        raise InputError(f"There is no problem set “{shortened(name)}”{near} The sets are {known}; {own}.")
    return read_set((SHIPPED / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md")


def _content(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(LONGEST + 1)  # one more than is allowed is enough to see that it is too long
    except UnicodeDecodeError:
        raise ProblemSetError(f"{path}: The file is not UTF-8 text.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"The problem set “{shortened(str(path))}” cannot be opened: {reason}.") from None


def find(target: str) -> tuple[ProblemSet, tuple[Problem, ...]]:
    """SET, SET/2.4, SET/2, path/to/my-set.md or path/to/my-set.md/2.1: the set, and the problems that are meant."""
    path = re.fullmatch(r"(.*\.md)(?:/([^/]*))?", target, re.DOTALL)
    name, slash, number = (path[1], path[2] is not None, path[2] or "") if path else target.partition("/")
    found = problem_set(name)
    return found, found.select(number) if slash else found.problems


def read_set(text: str, file: str) -> ProblemSet:
    """A set from the text of its file.

    Raises:
        ProblemSetError: with file, line and a sentence.
    """
    source = read_file(text, file)
    for key in ("set", "title", "layout"):
        if key not in source.head:
            Place(file, 1).fail(f"The head has no “{key}”.")
    head = {key: f.value for key, f in source.head.items()}
    problems = tuple(_problems(source))
    if not problems:
        Place(file, 1).fail("The set has no problem; each begins with a heading such as “## 2.4 Matrix times vector”.")
    return ProblemSet(
        head["set"],
        head["title"],
        head["layout"],
        head.get("symbols", {}),
        head.get("conventions", ()),
        head.get("misprints", ()),
        source.text,
        problems,
        file,
    )


def _problems(source: SetFile) -> Iterator[Problem]:
    """The headings that have none below them, each with what it inherits."""
    around = {"symbols": "shapes", "layout": "layout"}
    common = {around[key]: f for key, f in source.head.items() if key in around}
    complete: list[dict[str, Field]] = []
    texts: list[str] = []
    parents = {s.parent for s in source.sections}
    for k, section in enumerate(source.sections):
        inherited = complete[section.parent] if section.parent is not None else common
        complete.append(_joined(inherited, section.fields))
        texts.append(section.text or (texts[section.parent] if section.parent is not None else ""))
        if k not in parents:
            yield _problem(source, replace(section, text=texts[-1]), complete[-1])


_WHOLE = frozenset({"given", "options", "point"})


def _joined(outer: Mapping[str, Field], inner: Mapping[str, Field]) -> dict[str, Field]:
    """What a heading has: its own, and what the headings around it have. Names and notes add up, others replace."""
    fields = dict(outer)
    for key, own in inner.items():
        other = outer.get(key)
        if other is not None and isinstance(own.value, dict) and key not in _WHOLE:
            own = replace(own, value={**other.value, **own.value})
        elif other is not None and key in ("notes", "misprints"):
            own = replace(own, value=(*other.value, *own.value))
        fields[key] = own
    return fields


def _problem(source: SetFile, section: Section, fields: Mapping[str, Field]) -> Problem:
    number, place = section.id, section.place
    if "kind" not in fields:
        place.fail(f"Problem {number} has no “kind”; the kinds are {listed(KINDS)}.")
    name = fields["kind"].value
    if name not in KINDS:
        fields["kind"].place.fail(
            f"Problem {number}: the kind “{name}” is not known{did_you_mean(name, KINDS)}"
            f" The kinds are {listed(KINDS)}."
        )
    kind = KINDS[name]
    for key, given in section.fields.items():
        if key not in kind.keys():
            given.place.fail(
                f"Problem {number}: a problem of kind {name} has no “{key}”; it may have {listed(kind.keys())}."
            )
    for key in kind.needs:
        if key not in fields:
            place.fail(f"Problem {number} has no “{key}”, which a problem of kind {name} needs.")
    # what was inherited for problems of other kinds means nothing here
    used = {key: f for key, f in fields.items() if key in kind.keys()}
    value = {key: f.value for key, f in used.items()}
    for word in value.get("asked", ()):
        if word not in kind.asked:
            used["asked"].place.fail(
                f"Problem {number}: “{word}” cannot be asked of a problem of kind {name}"
                f"{did_you_mean(word, kind.asked)} It may ask for {listed(kind.asked)}."
            )
    renamed = {
        "asked": value.pop("asked", kind.asked),
        "order": int(value.pop("order", 1)),
        "with_cross_entropy": value.pop("with", "") == "cross-entropy",
        "asked_of_network": Asked(value.pop("rate", ""), value.pop("parameter", ""), value.pop("conditions", ()),
                                  value.pop("unit", ""), value.pop("sum", "")),
    }
    return Problem(
        source.head["set"].value,
        number,
        section.title,
        text=section.text,
        place=place,
        places={k: f.place for k, f in used.items()},
        **value,
        **renamed,
    )


# -- answering ---------------------------------------------------------------------------------------------------------


def solve(problem: Problem, layout: str | None = None) -> Solution:
    """Derive the answer of a problem, in its own layout or in the one given.

    Raises:
        ProblemSetError: the answer does not derive; file, line, the sentence of what failed.
        DefectError: two of our own results disagree.
    """
    asked = _in_layout(problem, layout)
    return Solution(asked, _answer(asked))


def outcomes(problems: Iterable[Problem], layout: str | None = None) -> Iterator[Solution | Fault]:
    """The answers in order; a fault does not end them. Neighbours with the same question share one derivation."""
    last: Solution | None = None
    for problem in problems:
        asked = _in_layout(problem, layout)
        if last is not None and last.problem.question == asked.question:
            last = Solution(asked, last.answer)
            yield last
            continue
        try:
            last = solve(asked)
            yield last
        except HwcheckError as error:
            yield Fault(asked, error)


def check(problems: ProblemSet) -> tuple[Fault, ...]:
    """Derive every answer of a set; the problems whose answer does not derive, each with its error."""
    return tuple(outcome for outcome in outcomes(problems.problems) if isinstance(outcome, Fault))


def _in_layout(problem: Problem, layout: str | None) -> Problem:
    """Only problems that have a layout are moved to another."""
    return replace(problem, layout=layout) if layout is not None and "layout" in KINDS[problem.kind].takes else problem


def _answer(problem: Problem) -> Answer | None:
    derive = KINDS[problem.kind].derive
    if derive is None:
        return None
    try:
        return derive(problem)
    except DefectError:
        raise
    except HwcheckError as error:
        place = _place(problem, error)
        said = f"{place}: Problem {problem.id} does not derive. {error.message}"
        raise ProblemSetError(said, span=error.span, text=error.text) from error


def _place(problem: Problem, error: HwcheckError) -> Place:
    """The line of what the error speaks of: the function, unless it is a definition or the point."""
    key = next((k for k in ("network", "given", "options", "demonstration") if k in problem.places), "function")
    if error.text in problem.definitions.values():
        key = "definitions"
    elif problem.point and (isinstance(error, DomainError) or not error.text):
        key = "point"
    return problem.places.get(key, problem.place)
