"""Answers to the problems of a set: what is expected is derived from what the problem states."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..derivations import spelled_name, write
from ..derivations.elements.confirmation import seed_of
from ..derivations.errors import InputError
from ..derivations.notation.spellings import Style
from ..derivations.problems.problems import Problem, find
from .argument_answers import judged_explanation
from .computed_answers import judged_choices, judged_network, judged_xor
from .graph_answers import judged_graph
from .known_mistakes import in_known_words
from .quantities import Given
from .references import Reference, derivative_of, reference_of
from .shapes.shapes import judged_shape
from .start_answers import judged_start
from .verdicts import Verdict
from .verification import judged

_SOFTMAX = {"s": "softmax(z)", "p": "softmax(z)", "sigma": "softmax(z)"}
_LINE = re.compile(r"[;\n]|,(?=[^()\[\]{}]*=)")
_PARTIAL = re.compile(r"\\?(?:frac)?\W*(?:∂|\\partial|d)\W*\w*\W*(?:∂|\\partial|d)\W*(\w+)\W*\Z")


def verify_problem(target: str, answer: str, *, rounding: str = "as-written", seed: int | None = None) -> Verdict:
    """Judge an answer to a problem of a set.

    Args:
        target: SET/NUMBER, such as jhu-2024/2.2, or FILE.md/NUMBER.
        answer: what a person wrote.
        rounding: as for `verify`.
        seed: of the judging points; by default it belongs to the problem.

    Raises:
        InputError: there is no such problem, or there are several.
        ProblemSetError: the set is faulty.

    >>> verify_problem("jhu-2024/2.2", "2w^T").verdict
    'right'
    """
    _, problems = find(target)
    if len(problems) != 1:
        first = ", ".join(p.id for p in problems[:8])
        raise InputError(f"“{target}” has {len(problems)} problems; an answer belongs to one of them: {first}.")
    return judged_problem(problems[0], answer, rounding=rounding, seed=seed_of(target) if seed is None else seed)


def judged_problem(problem: Problem, answer: str, *, rounding: str = "as-written", seed: int = 0) -> Verdict:
    """The same for a problem at hand.

    Raises:
        ProblemSetError: its answer does not derive.
    """
    judge = _JUDGES.get(problem.kind)
    if judge is None:
        reason = problem.reason or "it asks for an argument in words, which a person has to read"
        return Verdict(answer, "undecided", f"This problem is not judged: {reason}.")
    return in_known_words(problem, judge(problem, answer, rounding, seed), seed=seed)


def _jacobian(problem: Problem, answer: str, rounding: str, seed: int) -> Verdict:
    given = Given(problem.shapes, problem.definitions, problem.domains)
    both = problem.layouts == "both"
    reference = derivative_of(problem.function, problem.wrt, given, layout=problem.layout, both=both, order=problem.order)
    if problem.asked == ("shape",):
        return judged_shape(reference.axes, answer, given)
    verdict = judged(reference, answer, rounding=rounding, seed=seed)
    if verdict.verdict == "right" or "shape" not in problem.asked:
        return verdict
    by_shape = judged_shape(reference.axes, answer, given)
    return by_shape if by_shape.verdict == "right" or verdict.verdict == "unreadable" else verdict


def _activation(problem: Problem, answer: str, rounding: str, seed: int) -> Verdict:
    given = Given({"x": []})
    call = f"{problem.function}(x)"
    references = [reference_of(call, given)] if "formula" in problem.asked else []
    if "derivative" in problem.asked or not references:
        references.append(derivative_of(call, "x", given))
    return _best(references, answer, rounding, seed)


def _softmax(problem: Problem, answer: str, rounding: str, seed: int) -> Verdict:
    if problem.with_cross_entropy or "gradient" in problem.asked:
        given = Given({"z": ["k"], "y": ["k"]}, _SOFTMAX, {"y": "one_hot"})
        stated = Given({"z": ["k"], "y": ["k"]}, {}, {"y": "one_hot"})
        loss = derivative_of("-y^T log(softmax(z))", "z", stated, layout=problem.layout, both=True)  # a gradient may stand or lie
        return judged(_given(loss, given), answer, rounding=rounding, seed=seed)
    reference = derivative_of("softmax(z)", "z", Given({"z": ["k"]}), layout=problem.layout)
    return judged(_given(reference, Given({"z": ["k"]}, _SOFTMAX)), answer, rounding=rounding, seed=seed)


def _given(reference: Reference, given: Given) -> Reference:
    """The same reference, with names that an answer may use."""
    return Reference(reference.element, reference.shape, given, reference.written, derived=True, layout=reference.layout,
                     kronecker=reference.kronecker, both_layouts=reference.both_layouts)


def _backprop(problem: Problem, answer: str, rounding: str, seed: int) -> Verdict:
    """Partial derivatives, named (∂f/∂x = …) or as a vector in the order of the inputs; as formulas or at the point."""
    if problem.asked in (("values",), ("partials",), ("graph", "values")):
        return judged_graph(problem, answer, rounding, seed)
    if not {"gradient", "symbolic"} & set(problem.asked):
        said = "A drawing, and a count of what is repeated, are for a person; `hwcheck solve` shows them."
        return Verdict(answer, "undecided", said)
    names = tuple(str(name) for name in problem.point)
    given = Given({name: [] for name in names})
    slopes = {name: derivative_of(problem.function, name, given) for name in names}
    # where formulas alone are asked for, a number at the point is none
    references = {name: (s,) if problem.asked == ("symbolic",) else _with_value(s, problem) for name, s in slopes.items()}
    parts = [part.strip() for part in _LINE.split(answer) if part.strip()]
    named = {m[1]: part.partition("=")[2] for part in parts if (m := _PARTIAL.match(part.partition("=")[0].strip()))}
    if not named and len(parts) == 1:
        entries = [e.strip() for e in _entries(answer)]
        named = dict(zip(names, entries, strict=True)) if len(entries) == len(names) else {}
    if set(named) != set(names):
        wanted = ", ".join(f"∂f/∂{spelled_name(n, Style.UNICODE)} = …" for n in names)
        return Verdict(answer, "unreadable", f"The gradient is expected as {wanted}, or as a vector with {len(names)} entries.")
    verdicts = {name: _best(references[name], named[name], rounding, seed) for name in names}
    for name, verdict in verdicts.items():
        if verdict.verdict != "right":
            said = f"∂f/∂{spelled_name(name, Style.UNICODE)}: {verdict.message}"
            start = answer.find(named[name])
            span = (start, start + len(named[name]))
            return Verdict(answer, verdict.verdict, said, verdict.evidence, verdict.diagnosis, verdict.read_as, (span,))
    last = next(reversed(verdicts.values()))
    return Verdict(answer, "right", "Right.", last.evidence, read_as=", ".join(v.read_as or "" for v in verdicts.values()))


def _with_value(partial: Reference, problem: Problem) -> tuple[Reference, ...]:
    """A partial derivative, and its value at the point as an exact number."""
    if partial.written is None:
        return (partial,)
    value = reference_of(write(partial.written, Style.ASCII), Given({}, dict(problem.point)))
    return partial, replace(value, given=Given())


def _entries(answer: str) -> list[str]:
    """The entries of (a, b, c) or [a, b, c]."""
    inner = answer.strip().strip("$").strip()
    inner = inner[1:-1] if inner[:1] in "([" and inner[-1:] in ")]" else inner
    found, depth, start = [], 0, 0
    for i, c in enumerate(inner):
        depth += (c in "([{") - (c in ")]}")
        if c == "," and not depth:
            found.append(inner[start:i])
            start = i + 1
    return [*found, inner[start:]]


def _best(references: Sequence[Reference], answer: str, rounding: str, seed: int) -> Verdict:
    """Right where one of the references makes it right; else the verdict by the last.

    An answer that mentions a variable is a formula, and is not held against a number that the formula is at one point.
    """
    verdicts = [judged(reference, answer, rounding=rounding, seed=seed) for reference in references]
    return next((v for v in verdicts if v.verdict == "right"), verdicts[-1])


_JUDGES: Mapping[str, Callable[[Problem, str, str, int], Verdict]] = {
    "jacobian": _jacobian, "activation": _activation, "softmax": _softmax, "backprop": _backprop,
    "network": judged_network, "choices": lambda p, answer, rounding, seed: judged_choices(p, answer),
    "initialisation": lambda p, answer, rounding, seed: judged_start(p, answer),
    "xor": lambda p, answer, rounding, seed: judged_xor(p, answer),
    "demonstration": lambda p, answer, rounding, seed: judged_explanation(p, answer),
}  # fmt: skip

__all__ = ["judged_problem", "verify_problem"]
