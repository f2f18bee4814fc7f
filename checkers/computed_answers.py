"""Answers to problems about networks and to questions with options: what is right follows from a computation, never from a key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from ..derivations.demonstrations.choices import Choices, Option, choices
from ..derivations.errors import HwcheckError
from ..derivations.networks.networks import Matrix, Network
from ..derivations.notation.spellings import Style
from ..derivations.notation.written import Written
from ..derivations.problems.network_answers import NetworkAnswer
from ..derivations.problems.problems import Problem, solve
from ..derivations.reader.reading import read
from ..derivations.regions.regions import on_boundary
from .argument_answers import judged_xor_argument
from .quantities import Given
from .references import reference_of
from .verdicts import Evidence, Verdict
from .verification import judged
from .weights import judged_weights

_LETTERS = re.compile(r"(?<![A-Za-z])\(?([A-Za-z])\)?(?![A-Za-z])")
_CLASS = re.compile(r"\b(?:class\s*)?(\d+)\b", re.IGNORECASE)
_NOT_ALONE = "{} belongs to a whole submission; `hwcheck solve` shows it."


# -- options -------------------------------------------------------------------------------------------------------------


def judged_choices(problem: Problem, answer: str) -> Verdict:
    """Letters ("a, c"), or the words of the options, held against what the computations settle."""
    settled = choices(problem.options, problem.given)
    return judged_options(settled.options, answer, settled)


def judged_options(options: Sequence[Option], answer: str, settled: Choices | None = None) -> Verdict:
    """The options that an answer ticks, against those that hold."""
    ticked = _ticked(options, answer)
    letters = ", ".join(o.letter for o in options)
    if ticked is None:
        return Verdict(answer, "unreadable", f"The letters of the options that hold were expected here ({letters}), or their words.")
    read_as = r",\ ".join(sorted(ticked)) or r"\varnothing"
    for o in options:
        if o.holds is not None and o.holds != (o.letter in ticked):
            said = f"Option {o.letter} does not hold: {o.why}" if o.letter in ticked else f"Option {o.letter} holds as well: {o.why}"
            return Verdict(answer, "wrong", _sentence(said), Evidence("proved"), "other", read_as)
    if settled is not None and settled.open:
        open_ones = ", ".join(settled.open)
        said = f"What a computation settles is right; {open_ones} is for a person."
        return Verdict(answer, "undecided", said, Evidence("proved"), None, read_as)
    return Verdict(answer, "right", "Right: every option is settled by a computation.", Evidence("proved"), read_as=read_as)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else text + "."


def _ticked(options: Sequence[Option], answer: str) -> set[str] | None:
    """The letters that are ticked; None where the text names no option."""
    text = answer.strip().strip("$").lower()
    by_words = {o.words.strip().lower(): o.letter for o in options}
    if text in by_words:
        return {by_words[text]}
    if text in ("none", "none of them"):
        return set()
    lines = [part.strip(" .-*") for part in re.split(r"[\n;]", text) if part.strip(" .-*")]
    if lines and all(line in by_words for line in lines):
        return {by_words[line] for line in lines}
    rest = _LETTERS.sub("", text).replace("and", "")
    known = {o.letter for o in options}
    found = {letter.lower() for letter in _LETTERS.findall(text)}
    return found if found and found <= known and not re.search(r"[a-z0-9]", rest) else None


# -- networks ------------------------------------------------------------------------------------------------------------


def judged_network(problem: Problem, answer: str, rounding: str, seed: int) -> Verdict:
    """Numbers, a class, points on a boundary, or conditions, of the network that the problem describes."""
    solution = solve(problem).answer
    assert isinstance(solution, NetworkAnswer)
    part = problem.asked[0] if len(problem.asked) == 1 else ""
    if part in ("output", "hidden"):
        return _judged_number(_text_of(solution.network, part), answer, rounding, seed)
    if part == "step" and solution.descent is not None and problem.output:
        after = solution.descent.update(problem.output).after
        rows = [[_exact(v.rational) for v in row] for row in after.rows]
        if all(x is not None for row in rows for x in row):
            return _judged_number(_matrix_text(rows), answer, rounding, seed)
    if part == "cases" and solution.case is not None and problem.output:
        return judged(reference_of(solution.case.text(int(problem.output), Style.ASCII), Given()), answer, rounding=rounding, seed=seed)
    if part == "classes" and solution.case is not None:
        return _judged_class(solution.case.classes, answer)
    if part == "boundary" and solution.unit is not None:
        return _judged_points(solution.network, solution.unit, answer)
    if part == "unchanged" and solution.decisions:
        options = [Option(chr(97 + k), d.condition, d.holds, d.why) for k, d in enumerate(solution.decisions)]
        return judged_options(options, answer)
    return Verdict(answer, "undecided", _NOT_ALONE.format("This part"))


def _judged_number(expected: str, answer: str, rounding: str, seed: int) -> Verdict:
    """A value of a network: how it is written here says nothing to a student, so no mistake is looked for in it."""
    return judged(replace(reference_of(expected, Given()), written=None), answer, rounding=rounding, seed=seed)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else f"({value.numerator}/{value.denominator})"


def _matrix_text(rows: Sequence[Sequence[str | None]]) -> str:
    """Explicit numbers as our reader takes them: one number, a column, a matrix."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return str(rows[0][0])
    return r"\begin{pmatrix}" + r"\\".join("&".join(map(str, row)) for row in rows) + r"\end{pmatrix}"


def _text_of(network: Network, part: str) -> str:
    """The output (or the first hidden layer) of a network with numbers, written as one expression; the rounding comes last."""
    count = 1 if part == "hidden" else len(network.layers)
    columns = [_forward(network, count, x) for x in network.inputs]
    return columns[0] if len(columns) == 1 else f"np.column_stack([{', '.join(columns)}])"


def _forward(network: Network, count: int, x: Sequence[Fraction]) -> str:
    text = _column(x)
    for number in range(1, count + 1):
        weight, bias = _numbers(network.weight(number)), _column(network.bias(number))
        inner = rf"{weight} {text} + {bias}"
        name = network.layers[number - 1].activation
        text = f"({inner})" if name == "identity" else rf"\operatorname{{{name}}}({inner})"
    return text


def _numbers(matrix: Matrix) -> str:
    return _matrix_text([[_exact(v) for v in row] for row in matrix])


def _column(values: Sequence[Fraction]) -> str:
    return _matrix_text([[_exact(v)] for v in values])


def _judged_class(classes: Sequence[int], answer: str) -> Verdict:
    """The class with the largest output; where several tie, each of them is right."""
    found = _CLASS.findall(answer)
    if len(found) != 1:
        return Verdict(answer, "unreadable", "The number of one class was expected here, such as 1 or class 2.")
    if int(found[0]) in classes:
        why = "no output is larger; the classes tie there" if len(classes) > 1 else f"the output for class {classes[0]} is the largest"
        return Verdict(answer, "right", f"Right: {why}.", Evidence("proved"), read_as=found[0])
    return Verdict(answer, "wrong", "Another class has the larger output there.", Evidence("proved"), "other", found[0])


def _judged_points(network: Network, unit: int, answer: str) -> Verdict:
    """Any points on the boundary are right; each is tried. In the plane it is a line: an equation of first degree says so."""
    if len(network.weight(1)[0]) == 2 and answer.strip(" .$").lower() in ("line", "a line", "a straight line", "straight line"):
        return Verdict(answer, "right", "Right: where an equation of first degree in x₁ and x₂ holds, there is a line.", Evidence("proved"))
    try:
        points = _points(read(answer).body, len(network.weight(1)[0]))
    except HwcheckError as error:
        return Verdict(answer, "unreadable", error.message, spans=(error.span,) if error.span else ())
    if points is None:
        return Verdict(answer, "unreadable", "Points were expected here: a matrix of numbers with a point a column (or a row).")
    best = min((on_boundary(network, unit, candidates) for candidates in points), key=lambda tried: sum(not t.on for t in tried))
    off = next((t for t in best if not t.on), None)
    if off is None:
        return Verdict(answer, "right", f"Right: all {len(best)} points lie on the boundary.", Evidence("proved", len(best)))
    shown = ", ".join(str(x) for x in off.point)
    said = f"The point ({shown}) is not on the boundary: there z is {off.value}, not 0."
    return Verdict(answer, "wrong", said, Evidence("proved"), "other")


def _points(tree: Written, axes: int) -> list[list[tuple[Fraction, ...]]] | None:
    """The points as columns, and as rows where that fits as well."""
    if tree.op != "matrix":
        return None
    rows, columns = tree.value
    entries = [_number(e) for e in tree.args]
    if any(e is None for e in entries):
        return None
    grid = [[Fraction(str(e)) for e in entries[r * columns : (r + 1) * columns]] for r in range(rows)]
    found = []
    if rows == axes:
        found.append([tuple(row[c] for row in grid) for c in range(columns)])
    if columns == axes:
        found.append([tuple(row) for row in grid])
    return found or None


def _number(tree: Written) -> Fraction | None:
    """A number that is written out, with its sign, or as a fraction."""
    if tree.op == "neg":
        inner = _number(tree.args[0])
        return None if inner is None else -inner
    if tree.op == "divide":
        top, bottom = _number(tree.args[0]), _number(tree.args[1])
        return None if top is None or not bottom else top / bottom
    return Fraction(str(tree.value)) if tree.op == "number" else None


# -- weights -------------------------------------------------------------------------------------------------------------


def judged_xor(problem: Problem, answer: str) -> Verdict:
    """Weights of two layers that compute XOR: any that do are right; or the argument that one unit cannot."""
    return judged_weights(answer) if problem.asked == ("weights",) else judged_xor_argument(answer)


__all__ = ["judged_choices", "judged_network", "judged_options", "judged_xor"]
