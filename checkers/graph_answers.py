"""Answers about a computation graph at a point: values of its nodes, and partial derivatives along its edges."""

from __future__ import annotations

import re
from dataclasses import replace

from ..derivations import Backpropagation, write
from ..derivations.graphs.graphs import Quantity as Number
from ..derivations.notation.names import key_of
from ..derivations.notation.spellings import Style
from ..derivations.problems.problems import Problem, solve
from .quantities import Given
from .references import reference_of
from .verdicts import Verdict
from .verification import judged

_PART = re.compile(r"[;\n]|,(?=[^()\[\]{}]*=)")
_QUOTIENT = re.compile(r"\\?(?:frac)?\s*\{?\s*(?:∂|\\partial|d)\s*(.+?)\s*\}?\s*[/{]\s*(?:∂|\\partial|d)\s*(.+?)\s*\}?\s*\Z")
_NODE = re.compile(r"[a-z]+_(\d+)\Z")


def judged_graph(problem: Problem, answer: str, rounding: str, seed: int) -> Verdict:
    """Named values (h₁ = 0, h₂ = e³, …) or partial derivatives (∂h₂/∂y = e³), each held against the graph's."""
    graph = solve(problem).answer
    assert isinstance(graph, Backpropagation)
    wanted = _partials(graph) if "partials" in problem.asked else _values(graph)
    parts = [part.strip() for part in _PART.split(answer.strip().strip("$")) if part.strip()]
    given: dict[str, str] = {}
    for part in parts:
        name, sign, value = part.partition("=")
        key = _key(name.strip()) if sign else ""
        if key not in wanted:
            listed = ", ".join(f"{name} = …" for name in list(wanted)[:4])
            said = f"Named numbers were expected here: {listed}; “{part[:40]}” is none of them."
            return Verdict(answer, "unreadable", said, spans=_span(answer, part))
        given[key] = value.strip()
    if not given:
        return Verdict(answer, "unreadable", "There is nothing to read: the answer is empty.")
    evidence = None
    for key, value in given.items():
        verdict = _judged_number(wanted[key], value, rounding, seed)
        evidence = verdict.evidence
        if verdict.verdict != "right":
            return replace(verdict, answer=answer, message=f"{key}: {verdict.message}", spans=_span(answer, value))
    missing = [key for key in wanted if key not in given]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        return Verdict(answer, "undecided", f"What is there is right; {', '.join(missing)} {are} not given.")
    return Verdict(answer, "right", "Right.", evidence, read_as=", ".join(given))


def _values(graph: Backpropagation) -> dict[str, Number]:
    return {graph.name(i, Style.ASCII): graph.values[i] for i in graph.graph.steps}


def _partials(graph: Backpropagation) -> dict[str, Number]:
    return {f"∂{graph.name(e.head, Style.ASCII)}/∂{graph.name(e.tail, Style.ASCII)}": q for e, q in graph.partials.items()}


def _key(name: str) -> str:
    """A name as the graph has it: h₁ and s_1 are h_1, \\frac{\\partial s_1}{\\partial x} is ∂h_1/∂x."""
    quotient = _QUOTIENT.match(name)
    if quotient:
        return f"∂{_key(quotient[1])}/∂{_key(quotient[2])}"
    key = key_of(name)
    node = _NODE.match(key)
    return f"h_{node[1]}" if node else key


def _judged_number(number: Number, value: str, rounding: str, seed: int) -> Verdict:
    expected = write(number.exact, Style.ASCII) if number.exact is not None else str(number.decimal)
    return judged(replace(reference_of(expected, Given()), written=None), value, rounding=rounding, seed=seed)


def _span(answer: str, part: str) -> tuple[tuple[int, int], ...]:
    start = answer.find(part)
    return ((start, start + len(part)),) if start >= 0 and part else ()


__all__ = ["judged_graph"]
