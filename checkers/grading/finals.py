"""What a problem asks for, as an answer states it at last: which claim that is, and whether it is right.

Two judges have to agree before a final answer counts: the claim as it stands, and its last side held against what is derived for the
problem. Where they contradict each other, or neither decides, it is undecided; a wrong word is never taken from one that only guesses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ...derivations import backprop
from ...derivations.notation.names import key_of
from ...derivations.notation.spellings import Style
from ...derivations.problems.problems import Problem
from ...derivations.problems.rubrics import Mistake
from ..claims.asked_names import Naming, naming, quotient
from ..claims.claim_values import is_numeral
from ..claims.claims import JudgedClaim
from ..claims.finding import formulas
from ..claims.whole_answers import asked_parts, bare_answer, bare_verdict, in_x
from ..known_mistakes import known_mistake
from ..problem_answers import judged_problem
from ..verdicts import Verdict, VerdictWord

_MOST_EQUATIONS = 16  # of one answer, from its end, that are held against what is derived
_LONGEST = 2_000
_DERIVED = re.compile(r"\\partial|∂|\\nabla|∇|\\frac\s*\{\s*d|\bd[A-Za-z]?\s*/\s*d[A-Za-z]|\bJ_")
_SIGN = re.compile(r"\s*(?:&\s*)?(?:=|≈|⇒|⟹|∴|\\(?:approx|implies|Rightarrow|Longrightarrow|therefore|equiv)(?![A-Za-z]))")
SHAPE = "shape"
ARGUMENT = "argument"  # in words; where it is not right it is for a person
_PERSON = frozenset({"plot", "graph", "counts", "steps"})


@dataclass(frozen=True, slots=True)
class Final:
    """One thing that is asked: its name, the word on it, and the place of its claim among the claims (None: nothing states it).

    `mistake` is the one of the problem's known mistakes that a wrong answer is; `message` says why where no claim does.
    """

    part: str
    verdict: VerdictWord
    claim: int | None = None
    mistake: Mistake | None = None
    message: str = ""


def is_for_a_person(problem: Problem) -> bool:
    """Whether no final answer to this problem can be judged: it asks for an argument, a drawing or an experiment.

    >>> is_for_a_person(Problem("s", "1", "Why", "person"))
    True
    """
    return not _parts(problem)


def finals_of(problem: Problem, answer: str, claims: Sequence[JudgedClaim], seed: int) -> tuple[Final, ...]:
    """Everything that is asked and can be judged, in order, with the word on what an answer and its claims state of it.

    Where the shape earns points of its own, it comes last.
    """
    own = [(k, c) for k, c in enumerate(claims) if c.claim.role == "answer"]
    parts = _parts(problem)
    finals = tuple(_final(part, asked, answer, own, seed, len(parts) == 1) for part, asked in parts)
    finals = tuple(_in_known_words(problem, f, answer, claims, seed) for f in finals)
    if "shape" not in problem.earns or problem.asked == (SHAPE,):
        return finals
    return (*finals, _shape(problem, own, finals, seed))


def _parts(problem: Problem) -> list[tuple[str, Problem]]:
    """What is asked, each as a problem of its own; what has no judge is left out."""
    asked = [a for a in problem.asked if a not in _PERSON]
    match problem.kind:
        case "jacobian":
            part = SHAPE if problem.asked == (SHAPE,) else "expression"
            return [(part, problem)]
        case "choices" | "network":
            return [("choices" if problem.asked == ("unchanged",) else problem.kind, problem)]
        case "xor" if problem.asked == ("weights",):
            return [("weights", problem)]
        case "xor" | "initialisation" | "demonstration":
            return [(ARGUMENT, problem)]
        case "activation" | "softmax" | "backprop":
            return [(part, replace(problem, asked=(part,))) for part in asked]
    return []


Own = Sequence[tuple[int, JudgedClaim]]


def _final(part: str, problem: Problem, answer: str, own: Own, seed: int, is_only: bool) -> Final:
    """One thing that is asked; `is_only` where nothing else is."""
    if part in ("weights", SHAPE):
        return _last_of(part, part, own)
    if part == "choices":
        return _all_choices(problem, answer, own, seed)
    if part == ARGUMENT:
        verdict = _whole(problem, answer, seed)
        return Final(part, verdict.verdict, message=verdict.message)
    stated = _equations(own)
    found = _named_values(part, problem, stated, seed) if problem.kind == "backprop" else _stated_last(part, problem, stated, seed)
    return _bare(part, problem, answer, own, seed, is_only) or found


def _bare(part: str, problem: Problem, answer: str, own: Own, seed: int, is_only: bool) -> Final | None:
    """An answer that is nothing but an answer, if there is a word on it with which its claims agree.

    Where several things are asked, one that is wrong as each of them is still only one of them.
    """
    bare = bare_answer(answer, problem)
    verdict = bare_verdict(problem, bare, asked_parts(problem), seed) if bare is not None else None
    said = {c.verdict.verdict for _, c in own}
    if verdict is None or not own:
        return None
    if verdict.verdict == "right":
        return None if "wrong" in said else Final(part, "right", own[-1][0])
    return Final(part, "wrong", own[-1][0]) if is_only and "wrong" in said else None


def _in_known_words(problem: Problem, final: Final, answer: str, claims: Sequence[JudgedClaim], seed: int) -> Final:
    """A wrong final with the mistake that it is, if the author of the set knows it."""
    if final.verdict != "wrong" or not problem.mistakes or final.mistake is not None:
        return final
    text = answer if final.claim is None else claims[final.claim].claim.text
    return replace(final, mistake=known_mistake(problem, text, seed=seed))


def _shape(problem: Problem, own: Own, finals: Sequence[Final], seed: int) -> Final:
    """The shape of the Jacobian as it was stated at last; where it was not, that of a right expression is right."""
    alone = replace(problem, asked=(SHAPE,))
    for k, judged in reversed(own):
        word = judged.verdict.verdict
        if judged.claim.kind == SHAPE and word in ("right", "wrong"):
            held = _whole(alone, judged.claim.text, seed).verdict
            if held == word:
                return Final(SHAPE, word, k)
            if word == "wrong":
                return Final(SHAPE, "undecided", k)
    said = any(c.claim.kind == SHAPE and c.verdict.verdict not in ("right", "wrong") for _, c in own)
    return Final(SHAPE, "undecided" if said and finals[0].verdict != "right" else finals[0].verdict)


def _last_of(part: str, kind: str, own: Own) -> Final:
    found = [(k, c) for k, c in own if c.claim.kind == kind]
    return Final(part, found[-1][1].verdict.verdict, found[-1][0]) if found else Final(part, "undecided")


def _all_choices(problem: Problem, answer: str, own: Own, seed: int) -> Final:
    """Every tick has to be right; an answer without any may be letters or words."""
    found = [(k, c) for k, c in own if c.claim.kind == "choice"]
    if not found:
        verdict = _whole(problem, answer, seed)
        return Final("choices", verdict.verdict, message=verdict.message)
    return Final("choices", _worst([c.verdict.verdict for _, c in found]), found[-1][0])


def _whole(problem: Problem, answer: str, seed: int) -> Verdict:
    """The verdict on a text as an answer to a problem."""
    try:
        return judged_problem(problem, answer, seed=seed)
    except Exception as error:  # a defect of ours, or a problem that does not derive: no word on the answer
        return Verdict(answer, "undecided", f"A defect of hwcheck, not of the answer: {type(error).__name__}: {error}")


def _worst(words: Sequence[VerdictWord]) -> VerdictWord:
    if not words:
        return "undecided"
    return next((word for word in ("wrong", "undecided", "unreadable") if word in words), "right")


# -- equations ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Equation:
    """A left side and the last right side that it was said to be, which may be claims later: “J = w + w”, “= 2w”.

    `place` is that of the last claim and `word` its verdict; `flawed` says that a step before it is wrong. `formula` is the last side
    that is more than a number, if there is one.
    """

    place: int
    left: str
    right: str
    word: VerdictWord
    flawed: bool = False
    formula: str = ""

    @property
    def says(self) -> bool:
        """Whether the right side is no derivative itself, and not the left side again."""
        return _DERIVED.search(self.right) is None and "".join(self.left.split()) != "".join(self.right.split())


def _equations(own: Own) -> list[_Equation]:
    """The equations that the claims make, each chain as one."""
    found: list[_Equation] = []
    for k, judged in own:
        text, word = judged.claim.text, judged.verdict.verdict
        if judged.claim.kind not in ("expression", "number", "chain") or len(text) > _LONGEST:
            continue
        sides = _sides(text)
        if found and _SIGN.match(text):
            before = found[-1]
            is_flawed = before.flawed or before.word == "wrong"
            found[-1] = _Equation(k, before.left, sides[-1], word, is_flawed, _formula(sides) or before.formula)
        else:
            found.append(_Equation(k, sides[0] if len(sides) > 1 else "", sides[-1], word, False, _formula(sides[1:] or sides)))
    return found


def _formula(sides: Sequence[str]) -> str:
    return next((side for side in reversed(sides) if not is_numeral(side)), "")


def _sides(text: str) -> tuple[str, ...]:
    """The sides of a claim; a text without a sign of equality is one side.

    >>> _sides("J = 2w + w = 3w"), _sides("= 3w"), _sides("3w")
    (('J', '2w + w', '3w'), ('3w',), ('3w',))
    """
    bare = text.strip().strip("$").strip()
    if sign := _SIGN.match(bare):
        return _sides(bare[sign.end() :])[-1:]
    found = formulas(f"$${bare}$$")
    return tuple(side.text for side in found[-1].sides) if found else (bare,)


def _held(problem: Problem, text: str, seed: int) -> VerdictWord:
    """The word on a text as an answer to a problem; “wrong” only where nothing but the problem's own layout is at stake.

    The text may use names that the answer has introduced, and of those this judge knows nothing.
    """
    verdict = _whole(problem, in_x(problem, text), seed)
    return "undecided" if verdict.verdict == "wrong" and verdict.diagnosis != "transposed" else verdict.verdict


# -- an expression -----------------------------------------------------------------------------------------------------------


def _stated_last(part: str, problem: Problem, stated: Sequence[_Equation], seed: int) -> Final:
    """From the end of the answer: the first equation that names all that is asked decides.

    Without one a formula for its entries does, or one that is right under a name of its own. One that is open may undo what was right
    before it, so it decides too: it is a person's to look at.
    """
    entry: Final | None = None
    unnamed: Final | None = None
    for equation in reversed(stated[-_MOST_EQUATIONS:]):
        names = naming(problem, equation.left) if equation.left else ""
        held = _held(problem, equation.right, seed)
        if names == "entry":
            entry = entry or _entry(part, equation, held)
        elif (word := _word(equation, names, held)) is None:
            continue
        elif names != "whole":
            unnamed = unnamed or Final(part, word, equation.place)
        elif word == "wrong":
            mistake = known_mistake(problem, equation.right, seed=seed) if problem.mistakes else None
            return Final(part, "undecided", equation.place) if unnamed else Final(part, word, equation.place, mistake)
        else:
            return Final(part, word, equation.place)
    return unnamed or entry or Final(part, "undecided")


def _entry(part: str, equation: _Equation, held: VerdictWord) -> Final | None:
    """A formula for the entries of what is asked, where it says what they are."""
    if held == "right" and equation.word != "wrong":
        return Final(part, "right", equation.place)
    if not equation.says:
        return None
    return Final(part, equation.word if not equation.flawed or equation.word == "wrong" else "undecided", equation.place)


def _word(equation: _Equation, names: Naming, held: VerdictWord) -> VerdictWord | None:
    """The word of both judges together; None where this equation does not state all that is asked."""
    claim = equation.word
    if names != "whole":
        return "right" if held == "right" and claim != "wrong" else None
    if claim == "wrong":
        return "undecided" if held == "right" else "wrong"
    if held == "right":
        return "right"
    if not equation.says:
        return None
    return "right" if claim == "right" and held != "wrong" and not equation.flawed else "undecided"


# -- named numbers ---------------------------------------------------------------------------------------------------------------


def _named_values(part: str, problem: Problem, stated: Sequence[_Equation], seed: int) -> Final:
    """All values, or all derivatives, that a computation graph has: each by the last equation that names it."""
    vector = _stated_last(part, problem, [e for e in stated if naming(problem, e.left) == "whole" and quotient(e.left) is None], seed)
    if vector.verdict == "right":
        return vector
    named: dict[str, _Equation] = {}
    for e in stated:
        if name := _name(part, problem, e.left):
            named[name] = named[name] if part == "symbolic" and name in named and not e.formula else e
    if not named:
        return vector if vector.verdict == "wrong" else Final(part, "undecided")
    last = max(e.place for e in named.values())
    # where formulas are asked for, a number that is right at the point does not replace one that is wrong
    if any(e.word == "wrong" or (part == "symbolic" and e.flawed) for e in named.values()):
        return Final(part, "wrong", last)
    sides = {name: e.formula if part == "symbolic" and e.formula else e.right for name, e in named.items()}
    held = _held(problem, "\n".join(f"{name} = {side}" for name, side in sides.items()), seed)
    return Final(part, "right" if held == "right" else "undecided", last)


def _name(part: str, problem: Problem, left: str) -> str:
    """What a left side names of all that is asked, as the graph spells it; empty where it is something else."""
    nodes, edges = _graph_names(problem.function, tuple(problem.point.items()))
    pair = quotient(left)
    if pair is None:
        return _node(left, nodes) if part not in _SLOPES else ""
    above, below = _node(pair[0], nodes), _node(pair[1], nodes)
    is_asked = (above, below) in edges if part == "partials" else above == nodes[-1] and key_of(below) in problem.point
    return f"∂{above}/∂{below}" if part in _SLOPES and is_asked else ""


_SLOPES = ("partials", "gradient", "symbolic")
_NUMBERED = re.compile(r"[a-z]+_(\d+)\Z")


def _node(text: str, nodes: Sequence[str]) -> str:
    """The name of a node; people number nodes with letters of their own, so s_2 is h_2."""
    key = key_of(text.partition("(")[0].strip())
    numbered = _NUMBERED.match(key)
    return f"h_{numbered[1]}" if key not in nodes and numbered else key


@lru_cache(maxsize=64)
def _graph_names(function: str, point: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], frozenset[tuple[str, str]]]:
    """The names of the values of a computation graph, the output last, and the pairs that an edge joins."""
    graph = backprop(function, dict(point))
    nodes = tuple(graph.name(i, Style.ASCII) for i in graph.graph.steps)
    return nodes, frozenset((graph.name(e.head, Style.ASCII), graph.name(e.tail, Style.ASCII)) for e in graph.partials)


__all__ = ["ARGUMENT", "SHAPE", "Final", "finals_of", "is_for_a_person"]
