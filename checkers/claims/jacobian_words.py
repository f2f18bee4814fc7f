"""What is said in words of the Jacobian that a problem asks for: diagonal, symmetric, constant; and of a function: linear.

Each word is put as an equation, J = Jᵀ or J = J ⊙ I, and goes to the judge of equations; what cannot be put so is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...derivations import write
from ...derivations.errors import HwcheckError
from ...derivations.notation.spellings import Style
from ...derivations.problems.problems import Problem
from ..concept_sentences import Sentence, sentences
from ..flat_text import FlatText
from ..quantities import Given
from ..references import Reference, derivative_of
from ..start_facts import Ruling
from ..verification import judged

_SUBJECT = r"(?:jacobian(?: matrix)?|derivative|j(?: _ f)?(?: \( \w \))?|this)"
_MATRIX = re.compile(
    rf"\b{_SUBJECT} (?:is|becomes) (?:therefore |thus |then |also |just |simply )?(?P<not>not |never )?(?:an? |the )?"
    r"(?:\w{1,3} × \w{1,3} )?(?:square )?(?P<word>diagonal|symmetric|identity)(?: matrix)?\b"
)
_LINEAR = re.compile(
    r"\b(?:function|f \( \w \)|it|f) is (?P<not>not |non-)?(?P<word>linear|affine|nonlinear|non-linear) in \w\b"
)
_DEPENDS = re.compile(
    rf"\b{_SUBJECT} (?:(?:does not|doesn't|never) depends? on|(?P<positive>depends on)|is independent of)"
    r" (?:the )?(?P<by>\w{1,8})\b"
)
_UNSURE = re.compile(r"\b(?:if|whether|would|should|suppose)\b")


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence about the Jacobian or the function of a problem, with its place in the flat text."""

    start: int
    end: int
    ruling: Ruling


def wordings_in(flat: FlatText, problem: Problem) -> Iterator[Wording]:
    """What a text says in words about the Jacobian of a problem of kind jacobian."""
    for sentence in sentences(flat):
        if _UNSURE.search(sentence.text):
            continue
        for found in _MATRIX.finditer(sentence.text):
            yield from _placed(sentence, found, _of_matrix(problem, found["word"], found["not"] is not None))
        for found in _LINEAR.finditer(sentence.text):
            denied = (found["not"] is not None) != found["word"].startswith("non")
            yield from _placed(sentence, found, _of_constancy(problem, denied))
        for found in _DEPENDS.finditer(sentence.text):
            reference = _reference(problem)
            if reference is not None and found["by"].lower() == reference.wrt.lower():
                yield from _placed(sentence, found, _of_constancy(problem, found["positive"] is not None))


def _placed(sentence: Sentence, found: re.Match[str], ruling: Ruling) -> Iterator[Wording]:
    if ruling.holds is not None:
        yield Wording(*sentence.place(found.start(), found.end()), ruling)


def _reference(problem: Problem) -> Reference | None:
    """The derivative, where it has one matrix."""
    given = Given(problem.shapes, problem.definitions, problem.domains)
    try:
        reference = derivative_of(problem.function, problem.wrt, given) if problem.order == 1 else None
    except HwcheckError:
        return None
    return reference if reference is not None and reference.written is not None else None


def _of_constancy(problem: Problem, denied: bool) -> Ruling:
    """Whether the derivative does not depend on the variable."""
    reference = _reference(problem)
    if reference is None:
        return Ruling(None)
    constant = reference.wrt not in reference.element.names
    shown = f"the derivative is {reference.said()}, {'the same for every' if constant else 'which changes with'} {reference.wrt}"
    return Ruling(constant != denied, shown)


def _of_matrix(problem: Problem, word: str, denied: bool) -> Ruling:
    """Diagonal, symmetric and identity, as equations."""
    reference = _reference(problem)
    if reference is None or reference.written is None or reference.shape is None or reference.shape[0] != reference.shape[1]:
        return Ruling(None)
    matrix, size = write(reference.written, Style.LATEX), reference.shape[0]
    put = {"diagonal": rf"({matrix}) \odot I_{size}", "symmetric": rf"({matrix})^\top", "identity": f"I_{size}"}[word]
    try:
        verdict = judged(reference, put)
    except HwcheckError:
        return Ruling(None)
    if verdict.verdict not in ("right", "wrong"):
        return Ruling(None)
    return Ruling((verdict.verdict == "right") != denied, f"it is {reference.said()}")


__all__ = ["Wording", "wordings_in"]
