"""`hwcheck verify`: an answer goes in, a verdict comes out, for one answer or for a file of them.

Every check runs in a process that is ended at its deadline. The judge is loaded when it is called, so that a function needs no
problem sets. How a verdict looks is at the end of this file.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from .. import checkers
from ..checkers.chains.chain_lines import MOST_CHARACTERS, lines_of
from ..checkers.verdicts import EXIT_CODES, Verdict, VerdictWord
from ..checkers.workers import Lines, Outcome, Workers, within
from ..derivations.errors import HwcheckError, InputError
from .hints import Level, softened
from .json_text import json_text
from .marked_rows import rows_of
from .options import domain_option, pairs_of, shape_option, shapes_of, text_or_input
from .step_views import columns
from .terminal import Page
from .verdict_words import HEADS, evidence_text, folded, headline, in_unicode, message_of, witness_text

SECONDS = 5.0
MEMORY = 2 << 30
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
@click.option("--timeout", type=click.FloatRange(0.001, 3600), default=SECONDS, show_default=True, metavar="SECONDS",
              help="The time one answer may take.")
@click.option("--hint", "level", flag_value="hint", help="Only where the mistake is and of what kind.")
@click.option("--no-solution", "level", flag_value="no-solution", help="Everything but what would be right.")
@click.option("--batch", type=click.File("rb"), metavar="FILE.jsonl",
              help="Judge every line of a JSON-lines file ('-': standard input).")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes of a batch (default: one a core).")
def verify(target: str | None, answer: str | None, expected: str | None, form: str, seed: int | None, timeout: float,
           level: Level | None, batch: Any, jobs: int | None, **options: Any) -> None:
    """Judge an ANSWER: right, wrong, undecided or unreadable, with evidence and, where it is wrong, a point to recompute.

    TARGET is a function, of which the Jacobian is derived, or a problem of a shipped set. Without a TARGET the right
    answer is given by --expected; a worked solution needs neither. Without --answer, standard input is read.

    \b
    hwcheck verify 'f(w) = ||w||^2' --answer '2w^T'
    hwcheck verify 'X w' --wrt w --shape X:n,d --answer 'X^T' --layout denominator
    hwcheck verify --expected 'y - x' --answer '-(x - y)'
    hwcheck verify jhu-2024/2.2 --answer '2w^T'
    hwcheck verify 'f(w) = ||Xw - y||^2' --answer - --hint < solution.txt
    hwcheck verify --batch answers.jsonl --jobs 2

    Exit codes: 0 right, 1 wrong, 2 unreadable, 3 undecided. A batch: 1 if any is wrong, else 2 if any is unreadable, else 3
    if any is undecided.
    """
    if batch is not None:
        if any((target, answer, expected, seed is not None, level, *options.values())):
            raise click.UsageError("With --batch every line says what is judged; only --jobs and --timeout go with it.")
        sys.exit(run_batch(batch, jobs, timeout))
    if jobs is not None:
        raise click.UsageError("--jobs goes with --batch.")
    verdict = judged(request(target, answer, expected, seed, options), timeout)
    if level is not None:
        verdict = softened(verdict, level)
    if form == "json":
        click.echo(json_text(verdict.to_dict(), indent=2))
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
    if target and not given.get("wrt") and is_problem(target):
        if stated := [name for name in given if name != "rounding"]:
            names = ", ".join(f"--{_OPTIONS.get(name, name)}" for name in stated)
            raise click.UsageError(f"A problem of a set says this itself; leave out {names}.")
        return Request(_answer(answer), target, {"seed": seed, **given})
    text = _answer(answer)
    kind = given.pop("kind", None) or ("chain" if is_worked_solution(text) else "expression")
    if not target and not expected and kind != "chain":
        raise click.UsageError("There is nothing to compare with: give a TARGET, such as 'f(w) = Xw', or --expected EXPR.")
    return Request(text, None, {
        "expected": expected, "function": target, "kind": kind, "shapes": shapes_of(given.pop("shapes", ())),
        "domains": pairs_of(given.pop("domains", ()), "domain"), "definitions": pairs_of(given.pop("definitions", ()), "definition"),
        "seed": seed, **given,
    })  # fmt: skip


_OPTIONS = {"shapes": "shape", "domains": "domain", "definitions": "define"}
_PROBLEM = re.compile(r"[A-Za-z]{2,}-?\d{3,}(/[^/=()]*)?\Z|[^=]*\.md(/[^/=]*)?\Z")


def is_problem(target: str) -> bool:
    """Whether a target names a problem, SET/NUMBER or path/to/set.md/NUMBER, or a whole set, and is no function.

    >>> [is_problem(t) for t in ("jhu-2024/2.2", "cs604/1", "my/set.md/2", "w/2", "f(x) = sin(x)/2", "x1/2")]
    [True, True, True, False, False, False]
    """
    return _PROBLEM.match(target) is not None


def _answer(typed: str | None) -> str:
    """The answer, from the option or from standard input."""
    if typed is None and sys.stdin.isatty():
        raise click.UsageError("There is no answer: give --answer, or '--answer -' to read standard input.")
    text = text_or_input("-" if typed is None else typed)
    if not text.strip():
        raise click.UsageError("The answer is empty.")
    return text


def is_worked_solution(text: str) -> bool:
    r"""Whether a text has several lines; those of a matrix do not count.

    >>> is_worked_solution("f = Xw\n= y"), is_worked_solution("\\begin{cases} 1 & x > 0 \\\\\n 0 & x < 0 \\end{cases}")
    (True, False)
    """
    if len(text) > MOST_CHARACTERS:  # no formula is as long
        return "\n" in text
    return len(lines_of(text)) > 1


def judged(asked: Request, seconds: float) -> Verdict:
    """The verdict, or `undecided` where the time is up or the process has died.

    Raises:
        HwcheckError: what the answer is compared with cannot be used.
    """
    load_judge() if asked.problem is None else load_problems()
    outcome = within(checked, asked, seconds, MEMORY)
    if outcome.failure:
        return Verdict(asked.answer, "undecided", failure_message(outcome, seconds))
    if isinstance(outcome.value, HwcheckError):
        raise outcome.value
    assert isinstance(outcome.value, Verdict)
    return outcome.value


def load_judge() -> None:
    """Load it here: the process of one check starts with all that this one has loaded, and its time is for the check."""
    _ = checkers.verify


def load_problems() -> None:
    """The same with the problem sets."""
    _ = checkers.verify_problem


def load_items() -> None:
    """The same for the items of a batch."""
    _ = checkers.verify_item


def checked(asked: Request) -> Verdict | HwcheckError:
    """Call the judge; an error in what was given is a value, so that it comes back from the other process whole."""
    try:
        if asked.problem is not None:
            return checkers.verify_problem(asked.problem, asked.answer, **asked.arguments)
        return checkers.verify(asked.answer, **asked.arguments)
    except HwcheckError as error:
        return error


# -- many answers ------------------------------------------------------------------------------------------------------


def run_batch(stream: Any, jobs: int | None, seconds: float) -> int:
    """One result line for every input line, in order and as soon as it is there, whatever a line holds; the exit code."""
    found: set[object] = set()
    with Workers(line_result, count=jobs, seconds=seconds, prepare=load_items) as workers:
        for number, (line, outcome) in enumerate(workers.pairs(Lines(stream)), 1):
            if not is_blank(line):
                result = batch_row(number, line, outcome, seconds)
                found.add(result["verdict"])
                click.echo(json_text(result))
                sys.stdout.flush()
    worst: tuple[VerdictWord, ...] = ("wrong", "unreadable", "undecided")
    return next((EXIT_CODES[word] for word in worst if word in found), 0)


def is_blank(line: str) -> bool:
    """Whether there is nothing on a line, or the mark at the start of a file alone."""
    return not line.strip("\ufeff \t\r")


def line_result(line: str) -> dict[str, object] | str:
    """The result for one line of a batch; where the line holds no item, what is wrong with it."""
    if is_blank(line):
        return ""
    try:
        item = item_of(line)
    except InputError as error:
        return error.message
    return checkers.verify_item(item)


def item_of(line: str) -> dict[str, Any]:
    """The item that a line holds.

    Raises:
        InputError: it holds none; the end of a sentence.
    """
    try:
        item = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"is no JSON: {error}.") from None
    if not isinstance(item, dict):
        raise InputError("is no JSON object.")
    if "id" not in item:
        raise InputError("has no “id”, by which its result is known.")
    return item


def batch_row(number: int, line: str, outcome: Outcome, seconds: float) -> dict[str, object]:
    """The result for a line from what became of it: the judge's, or a sentence why there is none."""
    if isinstance(outcome.value, dict):
        return outcome.value
    if isinstance(outcome.value, str):
        return {"id": None, **Verdict("", "unreadable", f"Line {number} {outcome.value}").to_dict()}
    try:
        identity = item_of(line)["id"]
    except InputError:
        identity = None
    return {"id": identity, **Verdict("", "undecided", failure_message(outcome, seconds)).to_dict()}


def failure_message(outcome: Outcome, seconds: float) -> str:
    """Why there is no verdict."""
    match outcome.failure:
        case "deadline":
            return f"No verdict was reached within {seconds:g} s; --timeout allows more."
        case "memory":
            return "This check needed more memory than it may have."
        case "crash":
            return f"The process that worked on this check ended ({outcome.detail}); the answer may still be right."
    return f"This check failed ({outcome.detail}). That is a defect of the program, not of the answer; please report it."


# -- view --------------------------------------------------------------------------------------------------------------

INDENT = 2
BESIDE = 30  # a message stands beside carets that end before this column, else below them


def text_view(verdict: Verdict) -> Page:
    """The verdict as a student reads it: the word, the place and the message, a point to recompute, what was read, the evidence."""
    page, width = Page(), columns()
    page.line((headline(verdict), HEADS[verdict.verdict][1]))
    if verdict.lines:
        _put_lines(page, verdict, width)
    else:
        _put_answer(page, verdict, width)
    evidence = verdict.evidence
    if evidence is not None and evidence.witness is not None:
        _put(page, witness_text(evidence.witness), width)
    if verdict.read_as and not verdict.lines:
        _put(page, f"read as   {in_unicode(verdict.read_as)}", width, "read", hang=10)
    if evidence is not None:
        _put(page, evidence_text(evidence), width, "confirmed" if verdict.verdict == "right" else "read")
        for fact in evidence.facts:
            _put(page, f"using     {fact}", width, "read", hang=10)
    for note in verdict.notes:
        if note not in verdict.message:
            _put(page, f"note: {note}", width, "note", hang=6)
    return page


def _put(page: Page, text: str, width: int, style: str = "", *, indent: int = INDENT, hang: int = 2) -> None:
    """A sentence in as many lines as it needs; those after the first hang."""
    first, *rest = folded(text, width - indent)
    page.line(" " * indent, (first, style))
    if rest:
        below = " ".join(row.strip() for row in rest)
        page.extend((" " * (indent + hang) + row for row in folded(below, width - indent - hang)), style)


def _put_answer(page: Page, verdict: Verdict, width: int) -> None:
    """The lines of the answer that spans point at, carets below them, and the message."""
    marked = [row for row in rows_of(verdict.answer, 0, verdict.spans, width - INDENT) if row[1]]
    _put_marked(page, marked, message_of(verdict), HEADS[verdict.verdict][1], width, INDENT)


def _put_marked(page: Page, rows: Sequence[tuple[str, str]], message: str, style: str, width: int, indent: int) -> None:
    """Rows with their carets, and the message beside the last carets, or below."""
    for text, carets in rows:
        page.line(" " * indent + text)
        if carets:
            page.line(" " * indent, (carets, style))
    if not message:
        return
    start = indent + len(rows[-1][1]) + 3 if rows and rows[-1][1] else indent
    if start == indent or start > BESIDE or width - start < 24:
        _put(page, message, width, indent=indent, hang=0)
        return
    first, *rest = folded(message, width - start)
    page.lines[-1].append((f"   {first}", ""))
    page.extend(" " * start + row for row in rest)


def _put_lines(page: Page, verdict: Verdict, width: int) -> None:
    """A worked solution, line by line, each with its own verdict."""
    written = {line.number: line for line in lines_of(verdict.answer)}
    digits = len(str(max(line.line for line in verdict.lines)))
    indent = INDENT + digits + 3
    for each in verdict.lines:
        sign, style = HEADS[each.verdict]
        line = written.get(each.line)
        start, end = line.span if line else (0, 0)
        rows = rows_of(verdict.answer[start:end], start, verdict.spans, width - indent)
        below = Page()
        _put_marked(below, rows, each.message if each.verdict != "right" else "", style, width, indent)
        first = below.lines.pop(0) if below.lines else [("", "")]
        page.line(f"{' ' * INDENT}{each.line:>{digits}} ", (sign, style), " " + "".join(text for text, _ in first)[indent:])
        page.lines += below.lines
    rest = message_of(verdict).replace(f"Line {verdict.first_wrong_line} is the first that is wrong.", "")
    for each in verdict.lines:
        rest = rest.replace(each.message, "") if each.verdict != "right" else rest
    if rest.strip():
        _put(page, rest.strip(), width, hang=0)
