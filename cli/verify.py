"""`hwcheck verify`: an answer goes in, a verdict comes out, for one answer or for a file of them.

Every check runs in a process that is ended at its deadline. How a verdict looks is at the end of this file.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from ..checkers import verify as judge
from ..checkers import verify_item, verify_problem
from ..checkers.verdicts import DIAGNOSES, EXIT_CODES, Evidence, LineVerdict, Verdict, VerdictWord
from ..checkers.workers import Outcome, Workers, within
from ..derivations import Style, read, spelled_name, write
from ..derivations.elements.sampling import check_domains
from ..derivations.errors import DefectError, HwcheckError, InputError
from ..derivations.problems.problems import set_names
from .options import domain_option, pairs_of, shape_option, shapes_of, text_or_input
from .step_views import columns, wrapped
from .terminal import Page

SECONDS = 5.0
KINDS = ("expression", "shape", "chain")


# -- the command -------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("target", required=False)
@click.option("--answer", metavar="ANSWER", help="What is judged; '-' reads standard input. Many lines are a worked solution.")
@click.option("--expected", metavar="EXPR", help="What is right, instead of a TARGET.")
@click.option("--wrt", metavar="NAME", help="The variable; may be left out where the function has one parameter.")
@shape_option
@domain_option
@click.option("--define", "definitions", multiple=True, metavar="NAME=EXPR", help="Name an intermediate: s=softmax(z). Repeatable.")
@click.option("--layout", type=click.Choice(["numerator", "denominator", "both"]), help="Which layout is right (default: numerator).")
@click.option("--order", type=click.IntRange(1, 2), help="1: Jacobian (default), 2: Hessian.")
@click.option("--rounding", type=click.Choice(["as-written", "exact"]),
              help="as-written (default): a decimal is right when it is the value rounded to its digits.")
@click.option("--kind", type=click.Choice(KINDS), help="What the answer is (default: many lines are a chain, else an expression).")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--seed", type=int, help="Seed of the points (default: belongs to the texts).")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=SECONDS, show_default=True, metavar="SECONDS",
              help="The time one answer may take.")
@click.option("--batch", type=click.File("r", encoding="utf-8", errors="surrogateescape"), metavar="FILE.jsonl",
              help="Judge every line of a JSON-lines file ('-': standard input).")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes of a batch (default: one a core).")
def verify(target: str | None, answer: str | None, expected: str | None, form: str, seed: int | None, timeout: float, batch: Any,
           jobs: int | None, **options: Any) -> None:
    """Judge an ANSWER: right, wrong, undecided or unreadable, with evidence and, where it is wrong, a point to recompute.

    TARGET is a function, of which the Jacobian is derived, or a problem of a shipped set. Without a TARGET the right
    answer is given by --expected; a worked solution needs neither. Without --answer, standard input is read.

    \b
    hwcheck verify 'f(w) = ||w||^2' --answer '2w^T'
    hwcheck verify 'X w' --wrt w --shape X:n,d --answer 'X^T' --layout denominator
    hwcheck verify --expected 'y - x' --answer '-(x - y)'
    hwcheck verify jhu-2024/2.2 --answer '2w^T'
    hwcheck verify 'f(w) = ||Xw - y||^2' --answer - < solution.txt
    hwcheck verify --batch answers.jsonl --jobs 2

    Exit codes: 0 right, 1 wrong, 2 unreadable, 3 undecided. A batch: 1 if any is wrong, else 2 if any is unreadable, else 3
    if any is undecided.
    """
    if batch is not None:
        if any((target, answer, expected, *options.values())):
            raise click.UsageError("With --batch every line says what is judged; only --jobs and --timeout go with it.")
        sys.exit(run_batch(batch, jobs or os.cpu_count() or 1, timeout))
    if jobs is not None:
        raise click.UsageError("--jobs goes with --batch.")
    verdict = judged(request(target, answer, expected, seed, options), timeout)
    if form == "json":
        click.echo(_json(verdict.to_dict(), indent=2))
    else:
        text_view(verdict).show()
    sys.exit(verdict.exit_code)


# -- one answer --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the judge: a problem of a set, or the arguments of `verify`."""

    answer: str
    problem: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


def request(target: str | None, answer: str | None, expected: str | None, seed: int | None, options: Mapping[str, Any]) -> Request:
    """What was typed, as a call of the judge.

    Raises:
        click.UsageError: there is nothing to judge or nothing to compare with, or too much of it.
        InputError: an option is not written as it should be.
    """
    given = {name: value for name, value in options.items() if value}
    if target and expected:
        raise click.UsageError("Give a TARGET or --expected, not both: the right answer follows from the TARGET.")
    if target in set_names():
        raise click.UsageError(f"“{target}” is a whole set; name one of its problems, such as {target}/2.2.")
    if target and not given.get("wrt") and is_problem(target):
        if given:
            names = ", ".join(f"--{_OPTIONS.get(name, name)}" for name in given)
            raise click.UsageError(f"A problem of a set says this itself; leave out {names}.")
        return Request(_answer(answer), target, {"seed": seed})
    text = _answer(answer)
    kind = given.pop("kind", None) or ("chain" if is_worked_solution(text) else "expression")
    if not target and not expected and kind != "chain":
        raise click.UsageError("There is nothing to compare with: give a TARGET, such as 'f(w) = Xw', or --expected EXPR.")
    domains = pairs_of(given.pop("domains", ()), "domain")
    check_domains(domains)
    return Request(text, None, {
        "expected": expected, "function": target, "kind": kind, "shapes": shapes_of(given.pop("shapes", ())), "domains": domains,
        "definitions": pairs_of(given.pop("definitions", ()), "definition"), "seed": seed, **given,
    })  # fmt: skip


_OPTIONS = {"shapes": "shape", "domains": "domain", "definitions": "define"}
_PROBLEM = re.compile(r"(?P<set>[A-Za-z][\w-]+)/\d[\w.]*\Z")


def is_problem(target: str) -> bool:
    """Whether a target names a problem, SET/NUMBER or path/to/set.md/NUMBER, and is no function.

    >>> [is_problem(t) for t in ("jhu-2024/2.2", "jhu-2042/1", "my/set.md/2", "w/2", "f(x) = sin(x)/2", "beta/2")]
    [True, True, True, False, False, False]
    """
    if re.search(r"\.md(/[^/=]*)?\Z", target):
        return True
    found = _PROBLEM.match(target)
    return found is not None and (found["set"] in set_names() or re.search(r"-\d", found["set"]) is not None)


def _answer(typed: str | None) -> str:
    """The answer, from the option or from standard input."""
    if typed is None and sys.stdin.isatty():
        raise click.UsageError("There is no answer: give --answer, or '--answer -' to read standard input.")
    text = text_or_input("-" if typed is None else typed)
    if not text.strip():
        raise click.UsageError("The answer is empty.")
    return text


_ENVIRONMENTS = re.compile(r"\\begin\{(?!align|gather|split|eqnarray|multline)|\\end\{(?!align|gather|split|eqnarray|multline)")


def is_worked_solution(text: str) -> bool:
    r"""Whether a text has several lines, not counting those inside of brackets or of a matrix.

    >>> is_worked_solution("f = Xw\n= y"), is_worked_solution("\\begin{cases} 1 & x > 0 \\\\\n 0 \\end{cases}")
    (True, False)
    """
    depth = 0
    for row in text.strip().splitlines()[:-1]:
        opened = [m[0].startswith(r"\begin") for m in _ENVIRONMENTS.finditer(row)]
        depth += sum(1 if o else -1 for o in opened) + sum((c in "([{") - (c in ")]}") for c in row)
        if depth <= 0 and row.strip():
            return True
    return re.search(r"\\begin\{(align|gather|split|eqnarray)", text) is not None


def judged(asked: Request, seconds: float) -> Verdict:
    """The verdict, or `undecided` where the time is up or the process has died.

    Raises:
        HwcheckError: what the answer is compared with cannot be used.
    """
    outcome = within(checked, asked, seconds)
    if outcome.failure:
        return Verdict(asked.answer, "undecided", failure_message(outcome, seconds))
    if isinstance(outcome.value, HwcheckError):
        raise outcome.value
    assert isinstance(outcome.value, Verdict)
    return outcome.value


def checked(asked: Request) -> Verdict | HwcheckError:
    """Call the judge; an error in what was given is a value, so that it comes back from the other process whole."""
    try:
        if asked.problem is not None:
            return verify_problem(asked.problem, asked.answer, **asked.arguments)
        return judge(asked.answer, **asked.arguments)
    except HwcheckError as error:
        return error


# -- many answers ------------------------------------------------------------------------------------------------------


def run_batch(lines: Iterable[str], jobs: int, seconds: float) -> int:
    """One result line for every input line, in order, whatever a line holds; the exit code."""
    waiting: deque[tuple[int, str]] = deque()

    def handed_out() -> Iterator[tuple[int, str]]:
        for number, line in enumerate(lines, 1):
            if line.strip("\ufeff \t\r\n"):
                waiting.append((number, line))
                yield number, line

    found: set[str] = set()
    for outcome in Workers(line_result, count=jobs, seconds=seconds).map(handed_out()):
        numbered = waiting.popleft()
        result = late_result(numbered, outcome, seconds) if outcome.failure else outcome.value
        found.add(str(result.get("verdict")))
        click.echo(_json(result))
        sys.stdout.flush()
    worst: Sequence[VerdictWord] = ("wrong", "unreadable", "undecided")
    return next((EXIT_CODES[word] for word in worst if word in found), 0)


def line_result(numbered: tuple[int, str]) -> dict[str, object]:
    """The result for one line of a batch."""
    number, line = numbered
    try:
        item = item_of(line, number)
    except InputError as error:
        return {"id": None, **Verdict("", "unreadable", error.message).to_dict()}
    return verify_item(item)


def item_of(line: str, number: int) -> dict[str, Any]:
    """The item that a line holds.

    Raises:
        InputError: it holds none; a sentence with its number.
    """
    try:
        item = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"Line {number} is no JSON: {error}.") from None
    if not isinstance(item, dict):
        raise InputError(f"Line {number} is no JSON object.")
    if "id" not in item:
        raise InputError(f"Line {number} has no “id”, by which its result is known.")
    return item


def late_result(numbered: tuple[int, str], outcome: Outcome, seconds: float) -> dict[str, object]:
    """The result of a line whose process was ended, or died."""
    try:
        identity = item_of(numbered[1], numbered[0])["id"]
    except InputError:
        identity = None
    return {"id": identity, **Verdict("", "undecided", failure_message(outcome, seconds)).to_dict()}


def failure_message(outcome: Outcome, seconds: float) -> str:
    """Why there is no verdict."""
    if outcome.failure == "late":
        return f"No verdict was found within {seconds:g} s; --timeout allows more."
    return f"The check broke off ({outcome.detail or outcome.failure}), which is no fault of the answer."


def _json(value: object, indent: int | None = None) -> str:
    """JSON that every reader takes: no NaN, and what UTF-8 cannot hold escaped."""
    try:
        text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _finite(value: object) -> object:
    """The same, with null for a number that JSON has not."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {key: _finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_finite(inner) for inner in value]
    return value
