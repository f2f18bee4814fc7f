r"""An answer that is nothing but the answer: one formula, one value, the number of a class.

Marks are taken off (dollars, backticks, emphasis, a closing full stop), and so is a name before a sign of equality. What is left is
judged as the answer to the problem. Where words stand around it that only lead to it, “right” counts and “wrong” does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ...derivations.errors import HwcheckError
from ...derivations.problems.problems import Problem
from ..problem_answers import judged_problem
from ..submissions.submissions import Passage
from ..verdicts import Verdict
from .asked_names import naming, quotient
from .claim_notation import repaired
from .claims import ClaimKind, PlacedClaim, Role
from .finding import ABOUT, EQUAL, OTHER, formulas
from .placing import placed
from .strange_names import is_strange

LONGEST = 1_000
SHAPE = "shape"
_JUDGED = frozenset({"jacobian", "activation", "softmax", "backprop", "network"})
_BY_PART = frozenset({"activation", "softmax", "backprop"})
_EQUATIONS = frozenset({"expression", "number", "chain"})

_LABEL = re.compile(
    r"(?:[*_]{0,3}(?:final )?(?:answer|solution|ans|result)\b[*_]{0,3}\s*[.:][*_]{0,3}|[-+•>*](?=\s)|\d{1,2}[.)](?=\s)|[*_]{1,3}(?=\S))\s*",
    re.I,
)
_TAIL = re.compile(r"[\s.,;!*_]+\Z")
_SPAN = re.compile(
    r"\$\$([^$]+)\$\$|\$([^$]+)\$|\\\[(.+?)\\\]|\\\((.+?)\\\)|```\w*\n([^`]+)```|`([^`]+)`|\\texttt\{([^{}]+)\}"
    r"|\\begin\{(?:equation|displaymath|align|gather)\*?\}(.+?)\\end\{(?:equation|displaymath|align|gather)\*?\}",
    re.S,
)
_REMARK = re.compile(r"[^\d=$`\\^_{}<>∂∇·×+]*\Z")
_TURNED = re.compile(
    r"\b(?:not|no|never|wrong|instead|incorrect|cannot|transposed?|minus|negative|times|twice|half|inverse|unless|isn|doubt)\b|n['’]t\b",
    re.I,
)
_QUANTITY = r"jacobian(?: matrix)?|gradient|derivative|output|prediction|value|answer|result|solution"
_NAMED = re.compile(
    rf"(?:(?:so|thus|hence|therefore),?\s+)?(?:(?:the|my|our)\s+)?(?:final\s+)?(?:{_QUANTITY})\s*(?:\bis\b|\bequals\b|[:=])\s*", re.I
)
_LEADS = re.compile(
    r"(?:\b(?:is|are|get|gets|gives?|obtain|be|becomes|equals?|yields?|finds?|answer|jacobian|gradient|derivative)|:)\s*\Z", re.I
)
_SHAPE_CLAUSE = re.compile(r",?\s+(?:of|with)\s+(?:the\s+)?(?:shape|size|dimensions?)\b[^=]*\Z|,\s+(?:which|and)\s+(?:is|has)\b[^=]*\Z")
_IS_SHAPE = re.compile(r"\W*\w+\W*?(?:×|\\times(?![A-Za-z])|\bx\b|\bby\b)\s*\w+\W*\Z")
_SIZES = re.compile(r"\w+(?:\s*(?:×|\\times(?![A-Za-z])|\bx\b|\bby\b)\s*\w+)+")
_DOTS = re.compile(r"\\[vcdl]?dots(?![A-Za-z])|…|\.\.\.")
_SIGN_AFTER = re.compile(r"\s*(?::=|=|≈|←|:)\s*\Z")
_BECOMES = re.compile(r"\\leftarrow(?![A-Za-z])|\\gets(?![A-Za-z])|←|:=")
_NAME = re.compile(
    r"(?:\\(?:mathbf|mathrm|mathcal|hat|widehat|bar|tilde|boldsymbol|bm|text)(?:\s*\{|\s)\s*)?(\\?[A-Za-zα-ωΑ-Ω]+)\}?"
    r"(?:\s*_(?:\{[^{}]*\}|\w+)|\s*\^(?:\{?\([^()]*\)\}?|\{?\d\}?)|['′])*\s*(?:\([^()]*\))?\Z"
)
_POWER = re.compile(r"\^\{?\d\}?")
_FUNCTIONS = frozenset("exp log ln sin cos tan tanh sqrt max min diag relu softmax sigmoid sum e".split())
_NABLA = re.compile(r"\\nabla|∇")
_DERIVED = re.compile(r"\\nabla|∇|['′]")
_CLASS = re.compile(
    r"(?:(?:the|it|is|of|as|a|we|will|be|network|model|output|answer|prediction|predicts?|predicted|class|label|chosen|chooses?|so)\b"
    r"|\d{1,6}\b|[\s.,:$*])+\Z",
    re.I,
)
_POINTS = re.compile(r"\s*\([^()]*\)(?:\s*,?\s*(?:and\s+)?\([^()]*\))+\s*\Z")


@dataclass(frozen=True, slots=True)
class Bare:
    """An answer without what stands around it.

    `start` and `end` are its place in the text, `sides` what it is said to be, one after the other; `name` is what stands before a
    sign of equality. `is_all`: nothing else is said, so that what is wrong here is the answer; `is_gradient`: it is called that.
    `shape` is the one that is said to be its.
    """

    start: int
    end: int
    sides: tuple[str, ...]
    name: str = ""
    is_all: bool = True
    is_gradient: bool = False
    shape: str = ""


# -- the claim -----------------------------------------------------------------------------------------------------------------


def with_whole_answer(found: Sequence[tuple[PlacedClaim, ...]], passages: Sequence[Passage], problem: Problem
                      ) -> list[tuple[PlacedClaim, ...]]:  # fmt: skip
    """The claims of consecutive passages; where all of them together are one bare answer, it is judged as such.

    Its claim takes the place of equations on which there is no word, of steps that hold but lead elsewhere, and of a left side that
    was taken for something else than what is asked.
    """
    whole = whole_answer(passages, problem)
    if not whole:
        return list(found)
    place, claim = next(k for k, p in enumerate(passages) if p.text.strip()), whole[0]
    beside = [p for p in found[place] if p.start < claim.end and claim.start < p.end]
    said = {p.judged.verdict.verdict for p in beside}
    word = claim.judged.verdict.verdict
    if any(p.judged.claim.kind not in _EQUATIONS and p.judged.verdict.verdict != "unreadable" for p in beside) or (beside and word in said):
        return list(found)
    bare = bare_answer(passages[place].text, problem)
    if bare is None or _contradict(problem, bare, word, said):
        return list(found)
    kept = tuple(p for p in found[place] if p not in beside)
    merged = tuple(sorted((*kept, claim), key=lambda p: (p.start, p.end)))
    return [*found[:place], merged, *found[place + 1 :]]


def _contradict(problem: Problem, bare: Bare, word: str, said: Collection[str]) -> bool:
    """Whether equations on which there is a word have to stand: one that names something has been judged as what it says."""
    if word == "right" and "wrong" in said:  # the indices of ∂s_i/∂z_i count, whatever stands on the other side
        return len(bare.sides) > 1 or quotient(bare.name) is not None or not _names_asked(problem, bare)
    return word == "wrong" and "right" in said and (bool(bare.name) or problem.kind != "network")


def whole_answer(passages: Sequence[Passage], problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """The claim that an answer as a whole makes, where it is nothing but an answer; empty where it is more, or undecided.

    >>> from ...derivations.problems.problems import find
    >>> problem = find("jhu-2024/2.2")[1][0]
    >>> [c.judged.verdict.verdict for c in whole_answer([Passage("`2 * w.T`", 7)], problem)]
    ['right']
    """
    written = [p for p in passages if p.text.strip()]
    if problem is None or role != "answer" or len(written) != 1:
        return ()
    passage = written[0]
    bare = bare_answer(passage.text, problem)
    verdict = None if bare is None else bare_verdict(problem, bare, asked_parts(problem))
    if bare is None or verdict is None:
        return ()
    return (placed(passage, bare.start, bare.end, _kind(problem, bare), role, verdict),)


def _kind(problem: Problem, bare: Bare) -> ClaimKind:
    if _is_choice(problem):
        return "choice"
    if problem.asked == (SHAPE,):
        return "shape"
    return "number" if problem.kind == "network" else "expression"


# -- the verdict ---------------------------------------------------------------------------------------------------------------


def asked_parts(problem: Problem) -> tuple[Problem, ...]:
    """A problem for each thing that is asked, as far as one bare answer can be it."""
    if problem.kind in _BY_PART:
        return tuple(replace(problem, asked=(part,)) for part in problem.asked)
    if problem.kind == "jacobian" and problem.asked != (SHAPE,):
        return (replace(problem, asked=tuple(part for part in problem.asked if part != SHAPE)),)
    return (problem,)


def bare_verdict(problem: Problem, bare: Bare, parts: Sequence[Problem], seed: int = 0) -> Verdict | None:
    """Right where the last side is, and no other is wrong; wrong where every side is; else there is no word on it."""
    if bare.name and not _may_name(problem, bare.name):
        return None
    if bare.shape and held(replace(problem, asked=(SHAPE,)), bare.shape, seed).verdict == "wrong":
        return None
    verdicts = [_one(problem, parts, side, seed) for side in bare.sides]
    words = {v.verdict for v in verdicts}
    if verdicts[-1].verdict == "right" and "wrong" not in words:
        return verdicts[-1]
    in_words = _is_choice(problem) or problem.asked == ("classes",)
    if not bare.is_all or words != {"wrong"} or (not in_words and any(_is_open(problem, side) for side in bare.sides)):
        return None
    if verdicts[-1].diagnosis == "transposed" and (bare.is_gradient or _NABLA.search(bare.name)):  # which has the shape of its variable
        return None
    return verdicts[-1] if _names_asked(problem, bare) else None


def _names_asked(problem: Problem, bare: Bare) -> bool:
    """Whether nothing but what is asked is named."""
    return not bare.name or any(naming(part, bare.name) == "whole" for part in (problem, *asked_parts(problem)))


def _is_open(problem: Problem, side: str) -> bool:
    """Whether a side has names that nothing explains, or entries that are left out: what it is then is not known."""
    return is_strange(problem, in_x(problem, side)) or _DOTS.search(side) is not None


def _one(problem: Problem, parts: Sequence[Problem], side: str, seed: int) -> Verdict:
    """A side as an answer to one of the parts: right where it is one of them, wrong where it is none."""
    verdicts = [held(part, _in_rows(part, side), seed) for part in parts]
    right = next((v for v in verdicts if v.verdict == "right"), None)
    return right or next((v for v in verdicts if v.verdict != "wrong"), verdicts[0])


def held(problem: Problem, text: str, seed: int = 0) -> Verdict:
    """The verdict on a formula as an answer to a problem; of an activation it may be one of any variable."""
    try:
        return judged_problem(problem, in_x(problem, text), seed=seed)
    except HwcheckError as error:
        return Verdict(text, "undecided", error.message)


def _may_name(problem: Problem, name: str) -> bool:
    """Whether a name may be that of what is asked: a derivative has to be, or by its name it is another one."""
    is_derivative = quotient(name) is not None or _DERIVED.search(name) is not None
    return not is_derivative or any(naming(part, name) == "whole" for part in (problem, *asked_parts(problem)))


def in_x(problem: Problem, side: str) -> str:
    """A formula of one variable in x, the variable that activations are judged in."""
    if problem.kind != "activation" or not is_strange(problem, side):
        return side
    letters = set(re.findall(r"(?<![A-Za-z\\_.])[a-z](?![A-Za-z_])", side)) - {"e"}
    return re.sub(rf"(?<![A-Za-z\\_.]){letters.pop()}(?![A-Za-z_])", "x", side) if len(letters) == 1 else side


def _in_rows(problem: Problem, side: str) -> str:
    """Points that stand one after the other, as the rows of a matrix."""
    if problem.asked != ("boundary",) or not _POINTS.match(side):
        return side
    rows = re.findall(r"\(([^()]*)\)", side)
    return "[" + ", ".join(f"[{row}]" for row in rows) + "]"


# -- what is bare --------------------------------------------------------------------------------------------------------------


def bare_answer(text: str, problem: Problem) -> Bare | None:
    """What an answer is without the marks around it; None where it is more than an answer."""
    if len(text) > LONGEST:
        return None
    if _is_choice(problem):
        return _chosen(text, problem)
    if problem.kind not in _JUDGED:
        return None
    place = _paragraph(text)
    if place is None:
        return None
    start, end = _unmarked(text, *place)
    core = text[start:end]
    if not core:
        return None
    if problem.asked == ("classes",):
        return Bare(start, end, (core,)) if _CLASS.match(core) else None
    if problem.asked != (SHAPE,) and _IS_SHAPE.match(core):
        return None
    return _of_core(core, start, problem)


def _is_choice(problem: Problem) -> bool:
    return problem.kind == "choices" or problem.asked == ("unchanged",)


def _chosen(text: str, problem: Problem) -> Bare | None:
    """The one paragraph that names options."""
    places = [_unmarked(text, a, b) for a, b in _paragraphs(text)[:8]]
    found = [(a, b) for a, b in places if held(problem, text[a:b]).verdict != "unreadable"]
    return Bare(*found[0], (text[found[0][0] : found[0][1]],)) if len(found) == 1 and not _TURNED.search(text) else None


def _paragraphs(text: str) -> list[tuple[int, int]]:
    borders = [(0, 0), *((m.start(), m.end()) for m in re.finditer(r"\n[ \t>]*\n\s*", text)), (len(text), len(text))]
    return [(a, b) for (_, a), (b, _) in pairwise(borders) if text[a:b].strip()]


def _paragraph(text: str) -> tuple[int, int] | None:
    """The one paragraph that is more than a remark in words."""
    places = _paragraphs(text)
    if len(places) == 1:
        return places[0]
    remarks = [text[a:b] for a, b in places if _REMARK.match(text[a:b])]
    rest = [(a, b) for a, b in places if not _REMARK.match(text[a:b])]
    return rest[0] if len(rest) == 1 and not any(_TURNED.search(remark) for remark in remarks) else None


def _unmarked(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without labels, marks of lists and of emphasis, and without the full stop."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    while label := _LABEL.match(text, start, end):
        start = label.end()
    if tail := _TAIL.search(text[start:end]):
        end = start + tail.start()
    return start, end


def _of_core(core: str, start: int, problem: Problem) -> Bare | None:
    if clause := _SHAPE_CLAUSE.search(core):
        bare = _of_core(core[: clause.start()], start, problem)
        shape = _SIZES.search(clause[0]) if problem.kind == "jacobian" else None
        return replace(bare, shape=shape[0]) if bare and shape else bare
    spans = list(_SPAN.finditer(core))
    if not spans:
        named = _NAMED.match(core)
        begin = named.end() if named else 0
        body = core[begin:]
        if "\n" in body.strip() and "\\begin" not in body:
            return None
        bare = _bare(body, start, start + begin + len(body))
        bare = replace(bare, is_gradient="gradient" in core.lower()) if bare else None
        return bare if bare and not any(is_strange(problem, side) for side in bare.sides) else None
    inners = [m[m.lastindex or 0] for m in spans]
    between = [core[a.end() : b.start()].strip(" ,;\n") for a, b in pairwise(spans)]
    if any(word not in ("", "and") for word in between) or (len(inners) > 1 and any("=" in inner for inner in inners)):
        return None
    first, last = (spans[0].span(spans[0].lastindex or 0)) if len(spans) == 1 else (spans[0].start(), spans[-1].end())
    bare = _bare(", ".join(inners), start + first, start + last)
    return _with_words(bare, core[: spans[0].start()], core[spans[-1].end() :], start)


def _with_words(bare: Bare | None, before: str, after: str, start: int) -> Bare | None:
    """The same with what the words around it make of it: a name, a lead, or nothing that is known."""
    if bare is None or _TURNED.search(before) or _TURNED.search(after):
        return None
    is_all = not after.strip(" .,;")
    sign = _SIGN_AFTER.search(before)
    if not before.strip() or _NAMED.fullmatch(before):
        return replace(bare, is_all=is_all, is_gradient="gradient" in before.lower())
    if sign and _is_name(before[: sign.start()].strip()) and not bare.name:
        return replace(bare, start=start, name=before[: sign.start()].strip(), is_all=is_all)
    return replace(bare, is_all=False) if _LEADS.search(before) and len(bare.sides) == 1 and not bare.name else None


def _bare(body: str, start: int, end: int) -> Bare | None:
    """The sides of a formula, the first of which may be its name."""
    body = repaired(body.strip().rstrip(".,;"))
    becomes = _BECOMES.search(body)
    if becomes:
        body = f"{body[: becomes.start()]} = {body[becomes.end() :]}"
    found = formulas(f"$${body}$$")
    if not found:
        return Bare(start, end, (body,)) if body else None
    formula = found[0]
    if len(found) > 1 or OTHER in formula.signs or not set(formula.signs[1:]) <= {EQUAL, ABOUT}:
        return None
    inside = f"$${body}$$"
    around = (inside[: formula.start] + inside[formula.end :]).strip("$ \n.,;&\\")
    if around:
        return None
    sides = tuple(side.text for side in formula.sides)
    return Bare(start, end, sides[1:], sides[0]) if _is_name(sides[0]) else Bare(start, end, sides)


def _is_name(text: str) -> bool:
    """Whether a side is a name and not an expression; a power is a name only where the letter is that of a matrix."""
    if quotient(text) is not None or re.match(r"\\nabla|∇", text.strip()):
        return True
    named = _NAME.match(text.strip())
    if named is None:
        return False
    is_call = named[1].lstrip("\\").lower() in _FUNCTIONS and not _DERIVED.search(text)
    return not is_call and not (_POWER.search(text) and not named[1][:1].isupper())


__all__ = ["Bare", "asked_parts", "bare_answer", "bare_verdict", "held", "in_x", "whole_answer", "with_whole_answer"]
