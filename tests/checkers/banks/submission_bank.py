"""The bank of submissions: for each problem of the shipped sets, and of a set of one's own, the right answers and their slips.

Nothing here knows the judge. A problem that asks for an argument has answers too; that a person has to weigh them is no failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hwcheck.derivations.problems.problems import Problem, ProblemSet, problem_set

from .submission_jacobians import DENOMINATOR, NUMERATOR
from .submission_networks import ACTIVATIONS, SOFTMAX, STARTS, XOR
from .submission_numbers import GRAPH, LAYERS, NETWORKS, POWERS, TWO_LAYERS, WARM_UP
from .submission_rows import Answer, Rows, Slip
from .submission_variants import GRAPH_VARIANTS, NUMERATOR_VARIANTS, SOFTMAX_VARIANTS, XOR_VARIANTS

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
SETS = ("cosc490", "cs640", "jhu-2023", "jhu-2024", "mit-6390", "warm-up")


def _joined(rows: Rows, more: Rows) -> Rows:
    return rows | {name: (*rows[name], *found) for name, found in more.items()}


_WEIGHTS = _joined(XOR, XOR_VARIANTS)["weights"]
_SOFTMAX_ROWS = _joined(SOFTMAX, SOFTMAX_VARIANTS)
_GRAPH_ROWS = _joined(GRAPH, GRAPH_VARIANTS)
_STARTS_AND_XOR = {"4.1": XOR["proof"], "4.2": _WEIGHTS, "4.3": STARTS["zero"]}
_ACTIVATIONS = {f"3.2{letter}": ACTIVATIONS[name] for letter, name in zip("abc", ("sigmoid", "relu", "tanh"), strict=True)}
_COMMON = _STARTS_AND_XOR | _ACTIVATIONS
_GRAPH = {"5.2": _GRAPH_ROWS["values"], "5.3": _GRAPH_ROWS["partials"], "5.4": _GRAPH_ROWS["gradient"]}
_SOFTMAX = {"3.5": _SOFTMAX_ROWS["entry"], "3.6": _SOFTMAX_ROWS["matrix"]}
_JACOBIANS = _joined(NUMERATOR, NUMERATOR_VARIANTS)
_MIT = {name.removeprefix("mit-"): rows for name, rows in NETWORKS.items() if name.startswith("mit-")}

ANSWERS: dict[str, Rows] = {
    "cosc490": _JACOBIANS | _COMMON | _SOFTMAX | _GRAPH,
    "jhu-2024": _JACOBIANS | _COMMON | _SOFTMAX | _GRAPH | {"4.4": STARTS["constant"]},
    "jhu-2023": DENOMINATOR
    | _COMMON
    | {"3.4": _SOFTMAX_ROWS["entry"], "3.5": _SOFTMAX_ROWS["matrix"], "4.4": STARTS["constant"]}
    | {"5.1": POWERS["values"], "5.2": POWERS["partials"], "5.3": POWERS["gradient"], "5.4": POWERS["symbolic"]},
    "cs640": {"1.1": NETWORKS["cs640-output"]} | TWO_LAYERS,
    "mit-6390": _MIT | LAYERS | {"2.1.1": ACTIVATIONS["derivative-relu"], "5.3": SOFTMAX["cross-entropy"]},
    "warm-up": WARM_UP,
}

# The places of the options that hold.
CHOICES: dict[str, dict[str, tuple[int, ...]]] = {
    "cosc490": {"1.1": (0,), "1.2": (1,), "1.3": (0,), "1.9": (0,)},
    "jhu-2024": {"1.1": (0,), "1.2": (1,), "1.3": (0,), "1.9": (0,)},
    "jhu-2023": {"1.2": (1,), "1.3": (0,), "1.5": (0,)},
    "mit-6390": {"1.5": (0, 3, 4, 5), "3.1": (1,), "3.2": (0, 2), "3.3": (2,), "3.4": (1,)},
}


@cache
def set_of(name: str) -> ProblemSet:
    """A set of the bank."""
    return problem_set(str(EXAMPLES / "warm-up.md") if name == "warm-up" else name)


def options_of(problem: Problem) -> tuple[str, ...]:
    """What can be ticked, in the order of the sheet."""
    return tuple(problem.options) or tuple(problem.asked_of_network.conditions if problem.asked_of_network else ())


def answers_of(name: str, problem: Problem) -> tuple[Answer, ...]:
    """The right answers to a problem, none where the bank has none."""
    if problem.id in CHOICES.get(name, {}):
        return tuple(_choices(options_of(problem), CHOICES[name][problem.id]))
    return ANSWERS[name].get(problem.id, ())


def _choices(options: tuple[str, ...], right: tuple[int, ...]) -> Iterator[Answer]:
    """Boxes, and the words of the options; a slip ticks another one, or leaves one out."""
    boxes = tuple(f"- [{'x' if k in right else ' '}] {text}" for k, text in enumerate(options))
    wrong = next(k for k in range(len(options)) if k not in right)
    slips = [Slip("one more", boxes[wrong], boxes[wrong].replace("[ ]", "[x]"), "choice")]
    if len(right) > 1:
        slips.append(Slip("one less", boxes[right[-1]], boxes[right[-1]].replace("[x]", "[ ]"), "choice"))
    else:
        first, last = sorted((wrong, right[0]))
        old = "\n".join(boxes[first : last + 1])
        new = "\n".join(f"- [{'x' if k == wrong else ' '}] {text}" for k, text in enumerate(options) if first <= k <= last)
        slips.append(Slip("swapped choice", old, new, "choice"))
    yield Answer("\n".join(boxes), tuple(slips))
    if len(right) == 1:
        said = options[right[0]]
        yield Answer(
            f"{said[0].upper()}{said[1:]}.", (Slip("swapped choice", f"{said[0].upper()}{said[1:]}.", f"{options[wrong]}.", "choice"),)
        )


__all__ = ["ANSWERS", "CHOICES", "SETS", "answers_of", "options_of", "set_of"]
