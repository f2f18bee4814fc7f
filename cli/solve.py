"""`hwcheck solve` and `hwcheck problems`: the answers of problem sets, and what the sets hold.

Every answer is shown by the view of the command that derives such answers; this module adds what the problem says.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import click

from ..derivations.activations.activations import Activation
from ..derivations.activations.softmax import Proof
from ..derivations.demonstrations.choices import Choices
from ..derivations.demonstrations.claims import Demonstration
from ..derivations.demonstrations.xor_weights import XorWeights
from ..derivations.derivation import Derivation
from ..derivations.errors import DefectError
from ..derivations.graphs.graphs import Backpropagation
from ..derivations.problems.coverage import coverage
from ..derivations.problems.network_answers import NetworkAnswer
from ..derivations.problems.problems import (
    Answer,
    Fault,
    Problem,
    ProblemSet,
    Solution,
    Status,
    check,
    find,
    outcomes,
    problem_set,
    set_names,
)
from ..derivations.starts.initialisation import ConstantStart, ZeroStart
from ..derivations.xor.xor import XorProof
from . import activation as activations
from . import backprop as graphs
from . import demonstrations, starts
from . import jacobian as jacobians
from . import network_answers as networks
from . import softmax as proofs
from . import xor as xors
from .demonstrations import latex_sentence
from .step_views import columns
from .tables import table
from .terminal import Page

FORMATS = ("text", "json", "markdown", "latex")
STATUS: dict[Status, str] = {"derived": "derived", "settled": "settled", "later": "later", "person": "for a person"}


@click.command()
@click.argument("target", metavar="SET[/PROBLEM]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--layout", type=click.Choice(["numerator", "denominator"]), help="Instead of the layout that the set states."
)
@click.option("--all-steps", is_flag=True, help="Show the steps that a person would skip, too.")
def solve(target: str, form: str, layout: str | None, all_steps: bool) -> None:
    """Derive the answer of a problem, of a section, or of a whole set.

    SET is a shipped set (see `hwcheck problems`) or the path of a file of your own that ends in .md. PROBLEM is a
    number on the sheet; a section, such as 2, means all its problems.

    \b
    hwcheck solve jhu-2024/2.4
    hwcheck solve jhu-2024/2 --layout denominator
    hwcheck solve cs640 --format markdown
    hwcheck solve path/to/my-set.md/2.1

    Exit codes: 0 derived, 2 no such set or problem, 3 nothing here is derived yet, 4 the set is faulty.
    """
    found, problems = find(target)
    whole = len(problems) != 1 or not target.endswith(f"/{problems[0].id}")
    answers = outcomes(problems, layout)
    if form == "json":
        results = list(answers)
        shown = _set_json(found, results) if whole else results[0].to_dict()
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        results, said = [], ""
        for group in _groups(answers):
            results += group
            _show(group, form, all_steps, said)
            said = group[-1].problem.text
        if whole and form == "text":
            click.echo(summary(results))
    for result in results:
        if isinstance(result, Fault):
            click.echo(
                f"{'defect' if isinstance(result.error, DefectError) else 'error'}: {result.error.report()}", err=True
            )
    sys.exit(_exit_code(results))


def _exit_code(results: Iterable[Solution | Fault]) -> int:
    if any(isinstance(r, Fault) for r in results):
        return 4
    return 0 if any(isinstance(r, Solution) and r.answer is not None for r in results) else 3


def _set_json(found: ProblemSet, results: Iterable[Solution | Fault]) -> dict[str, object]:
    return {"set": found.name, "title": found.title, "layout": found.layout, "problems": [r.to_dict() for r in results]}


def summary(results: Iterable[Solution | Fault]) -> str:
    """How many problems were derived, in one line."""
    counts = dict.fromkeys(STATUS, 0)
    faulty = 0
    for result in results:
        if isinstance(result, Fault):
            faulty += 1
        else:
            counts[result.problem.status] += 1
    line = ", ".join(f"{count} {STATUS[status]}" for status, count in counts.items())
    return f"{line}; {faulty} faulty" if faulty else line


def _groups(results: Iterable[Solution | Fault]) -> Iterator[list[Solution | Fault]]:
    """Neighbours that ask the same question, together: their answer is shown once."""
    for _, group in groupby(results, _asked_about):
        yield list(group)


def _asked_about(result: Solution | Fault) -> object:
    answered = isinstance(result, Solution) and result.answer is not None
    return result.problem.question if answered else result.problem.id


# -- views -------------------------------------------------------------------------------------------------------------


def _show(group: Sequence[Solution | Fault], form: str, all_steps: bool, said: str) -> None:
    """A group of problems with their one answer. Of a fault only the heading: the error goes to standard error."""
    if form == "text":
        text_view(group, all_steps, said).show()
    else:
        view = markdown_lines if form == "markdown" else latex_lines
        click.echo("\n".join(view(group, all_steps, said)))


def _texts(group: Iterable[Solution | Fault], said: str) -> Iterator[tuple[Problem, str]]:
    """The problems of a group, each with its text, unless the one before said the same."""
    for result in group:
        text = result.problem.text
        yield result.problem, text if text != said else ""
        said = text


def text_view(group: Sequence[Solution | Fault], all_steps: bool = False, said: str = "") -> Page:
    """Headings, what is asked, the derivation, then notes; not the text that has just been `said`."""
    page, width = Page(), columns()
    for p, text in _texts(group, said):
        page.line(
            (f"{p.set}/{p.id}  {p.title}", "result"), (f"   asked: {', '.join(p.asked)}" if p.asked else "", "read")
        )
        _wrapped(page, text, width)
    first = group[0]
    if first.problem.reason:
        _wrapped(page, f"{STATUS[first.problem.status]}: {first.problem.reason}", width)
    if isinstance(first, Solution) and first.answer is not None:
        page.line()
        page.lines += answer_page(first.answer, all_steps).lines
        page.line()
    for label, sentence in _remarks(group):
        _wrapped(page, f"{label}: {sentence}", width, "note")
    if page.lines[-1]:
        page.line()
    return page


def _remarks(group: Iterable[Solution | Fault]) -> list[tuple[str, str]]:
    """Notes and misprints of a group, each once."""
    remarks = [("note", note) for r in group for note in r.problem.notes]
    remarks += [("misprint on the sheet", slip) for r in group for slip in r.problem.misprints]
    return list(dict.fromkeys(remarks))


def _wrapped(page: Page, text: str, width: int, style: str = "") -> None:
    page.extend(textwrap.wrap(text, width, break_long_words=False), style)


def answer_page(answer: Answer, all_steps: bool = False) -> Page:
    """An answer as the command that derives such answers shows it."""
    match answer:
        case Derivation():
            return jacobians.text_view(answer, all_steps)
        case Activation():
            return activations.text_view(answer)
        case Backpropagation():
            return graphs.page(answer, columns())
        case Proof():
            return proofs.text_view(answer)
        case NetworkAnswer():
            return networks.page(answer, all_steps)
        case ZeroStart() | ConstantStart():
            return starts.text_view(answer)
        case XorProof():
            return xors.proof_view(answer)
        case XorWeights():
            return xors.table_view(answer.table, ())
        case Demonstration():
            return demonstrations.text_view(answer)
        case Choices():
            return demonstrations.choices_view(answer)


def answer_markdown(answer: Answer, all_steps: bool = False) -> str:
    """The same as Markdown, its headings below the problem's."""
    text = _markdown(answer, all_steps)
    least = min((len(signs) for signs in re.findall(r"^#+(?= )", text, re.MULTILINE)), default=0)
    return re.sub(r"^#+(?= )", lambda m: "#" * (len(m[0]) - least + 3), text, flags=re.MULTILINE).strip()


def _markdown(answer: Answer, all_steps: bool) -> str:
    match answer:
        case Derivation():
            return jacobians.markdown_view(answer, all_steps)
        case Activation():
            return activations.markdown_view(answer)
        case Backpropagation():
            return graphs.markdown(answer)
        case Proof():
            return proofs.markdown_view(answer)
        case NetworkAnswer():
            return networks.markdown(answer, all_steps)
        case ZeroStart() | ConstantStart():
            return starts.markdown_view(answer)
        case XorProof():
            return xors.proof_markdown(answer)
        case XorWeights():
            return xors.table_markdown(answer.table, ())
        case Demonstration():
            return demonstrations.markdown_view(answer)
        case Choices():
            return demonstrations.choices_markdown(answer)


def answer_latex(answer: Answer, all_steps: bool = False) -> str:
    """The same as LaTeX, its headings below the problem's."""
    return re.sub(r"\\((?:sub)*)section\b", r"\\sub\1section", _latex(answer, all_steps)).strip()


def _latex(answer: Answer, all_steps: bool) -> str:
    match answer:
        case Derivation():
            return jacobians.latex_view(answer, all_steps)
        case Activation():
            return activations.latex_view(answer)
        case Backpropagation():
            return graphs.latex(answer)
        case Proof():
            return proofs.latex_view(answer)
        case NetworkAnswer():
            return networks.latex(answer, all_steps)
        case ZeroStart() | ConstantStart():
            return starts.latex_view(answer)
        case XorProof():
            return xors.proof_latex(answer)
        case XorWeights():
            return xors.table_latex(answer.table, ())
        case Demonstration():
            return demonstrations.latex_view(answer)
        case Choices():
            return demonstrations.choices_latex(answer)


def markdown_lines(group: Sequence[Solution | Fault], all_steps: bool = False, said: str = "") -> list[str]:
    """The same as Markdown."""
    lines = []
    for p, text in _texts(group, said):
        lines += [f"## {p.id} {p.title}", ""]
        lines += [text, ""] if text else []
        lines += [f"*Asked: {', '.join(p.asked)}.*", ""] if p.asked else []
    first = group[0]
    if first.problem.reason:
        lines += [f"*{STATUS[first.problem.status].capitalize()}: {first.problem.reason}.*", ""]
    if isinstance(first, Solution) and first.answer is not None:
        lines += [answer_markdown(first.answer, all_steps), ""]
    for label, sentence in _remarks(group):
        lines += [f"> {label}: {sentence}", ""]
    return lines


def latex_lines(group: Sequence[Solution | Fault], all_steps: bool = False, said: str = "") -> list[str]:
    """The same as a LaTeX fragment, which needs amsmath and amssymb."""
    lines = []
    for p, text in _texts(group, said):
        lines += [rf"\section*{{{latex_sentence(f'{p.id} {p.title}')}}}"]
        lines += [latex_sentence(text), ""] if text else []
        lines += [rf"\emph{{Asked: {', '.join(p.asked)}.}}", ""] if p.asked else []
    first = group[0]
    if first.problem.reason:
        lines += [
            rf"\emph{{{latex_sentence(f'{STATUS[first.problem.status].capitalize()}: {first.problem.reason}')}.}}",
            "",
        ]
    if isinstance(first, Solution) and first.answer is not None:
        lines += [answer_latex(first.answer, all_steps), ""]
    for label, sentence in _remarks(group):
        lines += [latex_sentence(f"{label.capitalize()}: {sentence}"), ""]
    return lines


# -- the table of sets -------------------------------------------------------------------------------------------------


@click.command()
@click.argument("name", metavar="[SET]", required=False)
@click.option("--check", "checked", is_flag=True, help="Derive every answer of SET, and say which do not derive.")
@click.option("--coverage", "covered", is_flag=True, help="What is done with every problem of every set, as Markdown.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def problems(name: str | None, checked: bool, covered: bool, form: str) -> None:
    """List the problem sets, or the problems of one SET.

    Each problem is derived, or settled by a computation, or comes later, or is for a person to judge. SET may be the
    path of a file of your own that ends in .md; --check tells its author what does not derive.

    \b
    hwcheck problems
    hwcheck problems jhu-2024
    hwcheck problems path/to/my-set.md --check
    hwcheck problems --coverage > docs/coverage.md
    """
    if covered:
        if name is not None or checked:
            raise click.UsageError("--coverage is about all shipped sets; it goes without SET and --check.")
        click.echo(coverage(map(problem_set, set_names())), nl=False)
        return
    if name is None:
        if checked:
            raise click.UsageError("--check needs a SET.")
        sets = [problem_set(each) for each in set_names()]
        if form == "json":
            click.echo(json.dumps([set_json(each) for each in sets], ensure_ascii=False, indent=2))
        else:
            sets_view(sets).show()
        return
    found = problem_set(name)
    faults = check(found) if checked else ()
    if form == "json":
        click.echo(json.dumps(_listing_json(found, faults, checked), ensure_ascii=False, indent=2))
    else:
        problems_view(found, faults, checked).show()
    for fault in faults:
        click.echo(f"error: {fault.error.report()}", err=True)
    if faults:
        sys.exit(4)


def set_json(found: ProblemSet) -> dict[str, Any]:
    """A set in numbers."""
    head = {"set": found.name, "title": found.title, "layout": found.layout, "problems": len(found.problems)}
    return head | {str(status): count for status, count in found.counts().items()}


def _listing_json(found: ProblemSet, faults: Iterable[Fault], checked: bool) -> dict[str, Any]:
    faulty = {fault.problem.id for fault in faults}
    listed = []
    for p in found.problems:
        entry: dict[str, Any] = {"id": p.id, "title": p.title, "kind": p.kind, "status": p.status}
        entry |= {"reason": p.reason} if p.reason else {"asked": list(p.asked)}
        listed.append(entry | ({"derives": p.id not in faulty} if checked and p.status in ("derived", "settled") else {}))
    head = {**set_json(found), "problems": listed}
    return {**head, "conventions": list(found.conventions), "misprints": list(found.misprints)}


def sets_view(sets: Iterable[ProblemSet]) -> Page:
    """A table of sets with counts."""
    rows = [("set", "title", "problems", *STATUS.values())]
    for each in sets:
        rows.append((each.name, each.title, str(len(each.problems)), *(str(n) for n in each.counts().values())))
    return table(rows, numbers_from=2)


def problems_view(found: ProblemSet, faults: Iterable[Fault] = (), checked: bool = False) -> Page:
    """A set: what holds for all of it, and its problems with their status."""
    page, width = Page(), columns()
    page.line((f"{found.name}  {found.title}", "result"))
    page.line((f"layout: {found.layout}", "read"))
    for convention in found.conventions:
        _wrapped(page, convention, width, "read")
    for slip in found.misprints:
        _wrapped(page, f"misprint on the sheet: {slip}", width, "note")
    page.line()
    faulty = {fault.problem.id for fault in faults}
    rows = [("problem", "title", "status", "")]
    for p in found.problems:
        found_out = "does not derive" if p.id in faulty else "confirmed"
        status = found_out if checked and p.status in ("derived", "settled") else STATUS[p.status]
        rows.append((p.id, p.title, status, p.reason or _given(p)))
    page.lines += table(rows, room=width).lines
    page.line()
    page.line(", ".join(f"{count} {STATUS[status]}" for status, count in found.counts().items()))
    return page


def _given(p: Problem) -> str:
    """What a problem is about, in short: its function, by what, or where."""
    by = f"   by {p.wrt}" if p.wrt else ""
    at = f"   at {', '.join(f'{name} = {value}' for name, value in p.point.items())}" if p.point else ""
    options = f"{len(p.options)} options" if p.options else ""
    part = f"{p.kind}: {', '.join(p.asked)}" if p.network or p.kind == "xor" else ""
    return f"{p.function}{by}{at}" or options or p.demonstration or part or p.kind + (" with cross-entropy" if p.with_cross_entropy else "")
