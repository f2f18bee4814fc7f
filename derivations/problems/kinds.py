"""What a problem is, and for each kind of problem what it needs, what can be asked, and how its answer is derived.

A kind without a rule is listed with its reason, so that no problem of a sheet is missing silently. Nothing here knows of files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, get_args

from ..activations.activations import Activation, activation
from ..activations.softmax import Proof, softmax_proof
from ..demonstrations.choices import Choices, choices
from ..demonstrations.claims import Demonstration
from ..demonstrations.demonstrations import demonstration
from ..demonstrations.xor_weights import XorWeights, two_layers
from ..derivation import Derivation, jacobian
from ..errors import InputError
from ..graphs.graphs import Backpropagation, backprop
from ..sizes import Shape
from ..starts.initialisation import ConstantStart, ZeroStart, constant_start, zero_start
from ..xor.xor import XorProof, xor_proof
from .network_answers import PARTS, Asked, NetworkAnswer, network_answer
from .problem_files import is_under
from .rubrics import Example, Layouts, Mistake
from .values import Place, did_you_mean, shortened

Answer = (
    Derivation | Activation | Proof | Backpropagation | Demonstration | Choices | XorProof | XorWeights | NetworkAnswer | ZeroStart
    | ConstantStart
)
Status = Literal["derived", "settled", "later", "person"]
Choose = Literal["one", "several"]
STATUSES: tuple[Status, ...] = get_args(Status)
NOWHERE = Place("", 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: what is given, what is asked, and where it stands in its file.

    `text` is the problem in our own words (Markdown), its own or that of the section around it. `reason` says why a
    problem is not derived, and is empty otherwise. `misprints` are slips of the sheet, which no answer has to repeat.
    `known_by` are a few words and formulas by which the problem is recognised on the sheet. `points` are earned by the parts
    in `earns` (final, shape, steps), which sum to them; what a person has to judge has none. `layouts` says which layouts an
    answer may have, while `layout` is the one that is derived.
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
    choose: Choose = "several"
    given: Mapping[str, str] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)
    asked_of_network: Asked = field(default_factory=Asked)
    output: str = ""
    notes: tuple[str, ...] = ()
    misprints: tuple[str, ...] = ()
    reason: str = ""
    known_by: tuple[str, ...] = ()
    points: Fraction = Fraction(1)
    earns: Mapping[str, Fraction] = field(default_factory=dict)
    layouts: Layouts = "numerator"
    mistakes: tuple[Mistake, ...] = ()
    examples: tuple[Example, ...] = ()
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
    """A sheet: its name, conventions, symbols with shapes, and all its problems in order.

    `known_by` are short marks that tell the sheet from others: the number of the course, the term, words of its title.
    """

    name: str
    title: str
    layout: str
    symbols: Mapping[str, Shape]
    conventions: tuple[str, ...]
    misprints: tuple[str, ...]
    text: str
    problems: tuple[Problem, ...]
    file: str
    known_by: tuple[str, ...] = ()

    @property
    def points(self) -> Fraction:
        """What all problems are worth together."""
        return sum((p.points for p in self.problems), Fraction(0))

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


# what problems with an answer may say about points
_JUDGED = ("points", "earns", "mistakes", "examples")


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
        asked = ("asked",) if self.asked else ()
        return ("kind", *self.needs, *self.takes, *asked, *(_JUDGED if self.derive else ()), "known_by", "notes", "misprints")

    def earning(self) -> tuple[str, ...]:
        """The parts of an answer that can earn points."""
        return ("final", "shape", "steps") if "shape" in self.asked else ("final", "steps")


KINDS: dict[str, Kind] = {
    "jacobian": Kind("derived", ("function",), ("wrt", "shapes", "domains", "definitions", "order", "layout", "layouts"),
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
    "choices": Kind("settled", ("options",), ("given", "choose"), (), _choices, "options settled by"),
    "later": Kind("later", ("reason",)),
    "person": Kind("person", ("reason",), ("options", "choose")),
}  # fmt: skip


__all__ = ["KINDS", "STATUSES", "Answer", "Choose", "Kind", "Problem", "ProblemSet", "Status"]
