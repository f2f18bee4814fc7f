r"""A grading as Markdown: a heading for each file, a table of its problems, the wrong steps with their formulas in `$…$`.

What a person wrote cannot become markup: sentences are escaped sign by sign, and a text is put between dollars only where it is
one formula of known commands; any other stands in a code span.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...checkers.claims.claims import JudgedClaim
from ...checkers.grading.grades import Grade, ProblemGrade
from ..marked_rows import one_line
from ..verdict_words import HEADS, evidence_text, message_of
from .markdown_formulas import formula
from .plain_formulas import plain, plain_sentence
from .report_words import (
    SIGNS,
    asked,
    diagnosed,
    first_look,
    first_step,
    left_open,
    misprints,
    points,
    standing,
    step_of,
    why_open,
)

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "|": "&#124;", "$": "&#36;", "`": "&#96;"}
_SIGNS = r"\*_[]#~"
_LINK = re.compile(r"(?i)(?<![a-z])(www)\.|(?<=[a-z])(:)(?=//)|(mailto|xmpp):")
_LIST = re.compile(r"\A(\d{1,9}(?=[.)](?:\s|\Z))|(?=[-+=]))(.)")



def markdown_report(grades: Iterable[Grade], *, verbose: bool = False) -> Iterator[str]:
    """The part of each file as soon as it is graded; several files end with a table of all."""
    rows: list[str] = []
    for grade in grades:
        yield ("\n" if rows else "") + "\n".join(_file(grade, verbose)) + "\n"
        score = "–" if grade.error or not grade.max else f"{points(grade.score)} of {points(grade.max)}"
        rows.append(f"| {text(grade.file)} | {score} | {text(first_look(grade))} |")
    if len(rows) > 1:
        yield "\n".join(("", f"# All {len(rows)} files", "", "| file | points | look first at |", "|---|--:|---|", *rows, ""))
    elif not rows:
        yield "No file was graded.\n"


def _file(grade: Grade, verbose: bool) -> list[str]:
    lines = [f"# {text(grade.file)}", ""]
    if grade.error:
        return [*lines, f"This file could not be graded: {text(grade.error)}"]
    known = f"Set {text(grade.set)}" if grade.set else "No set was recognised"
    lines += [f"{known}, **{standing(grade)}**", ""]
    problems = [p for p in grade.problems if p.claims or p.status != "statement"] if verbose else asked(grade)
    lines += _table(problems) if problems else ["No problem was found in this file."]
    lines += _section("Every claim" if verbose else "First wrong steps", _claims(problems) if verbose else _steps(problems))
    lines += _section("For a person", [_open(each) for each in left_open(grade)])
    lines += _section("Misprints of the sheet", [_slip(each) for each in misprints(grade)])
    notes = [f"- {_beside(p.id)}{text(plain_sentence(note))}" for p in problems for note in p.notes]
    return lines + _section("Notes", [*notes, *(f"- {text(plain_sentence(note))}" for note in grade.notes)])


def _section(title: str, lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    return ["", f"## {title}", "", *lines] if lines else []


def _table(problems: Iterable[ProblemGrade]) -> list[str]:
    rows = ["| | problem | title | points | status |", "|:-:|---|---|--:|---|"]
    for p in problems:
        score = f"{points(p.score)} of {points(p.max)}" if p.max else "–"
        rows.append(f"| {text(SIGNS[p.status][0]).strip()} | {text(p.id)} | {text(plain(p.title))} | {score} | {p.status} |")
    return rows


def _steps(problems: Iterable[ProblemGrade]) -> Iterator[str]:
    """The first wrong step of each problem."""
    for problem in problems:
        if (step := first_step(problem)) is not None:
            said = f"{text(diagnosed(step.diagnosis))}: " if diagnosed(step.diagnosis) else ""
            yield f"- {_beside(problem.id)}{step.where}: {formula(step.text)}  "
            yield f"  {said}{text(plain_sentence(step.message))}"


def _claims(problems: Iterable[ProblemGrade]) -> Iterator[str]:
    """Every claim of every problem, one item each."""
    for problem in problems:
        for judged in problem.claims:
            yield from _claim(problem, judged)


def _claim(problem: ProblemGrade, judged: JudgedClaim) -> Iterator[str]:
    claim, verdict = judged.claim, judged.verdict
    whose = "of the sheet, " if claim.role == "statement" else ""
    because = f": {text(evidence_text(verdict.evidence))}" if verdict.evidence is not None else ""
    yield f"- {text(HEADS[verdict.verdict][0])} {_beside(problem.id)}{claim.where}: {formula(claim.text)}  "
    diagnosis = f"{diagnosed(verdict.diagnosis)}: " if diagnosed(verdict.diagnosis) else ""
    if message := message_of(verdict):
        yield f"  {text(plain_sentence(diagnosis + message))}  "
    yield f"  {whose}{claim.kind}, {verdict.verdict}{because}"


def _open(problem: ProblemGrade) -> str:
    status = "" if problem.status == "for a person" else f"({problem.status})"
    head = " ".join(filter(None, (f"- {_beside(problem.id)}{problem.where}:", text(plain(problem.title)), status)))
    why = f"  \n  {text(plain_sentence(why_open(problem)))}" if why_open(problem) else ""
    return head + why


def _slip(judged: JudgedClaim) -> str:
    step = step_of(judged)
    return f"- {step.where}: {formula(step.text)}  \n  {text(plain_sentence(step.message))}"


def _beside(id: str) -> str:
    return f"**{text(id)}**, " if id.strip() else ""


# -- what a person wrote ---------------------------------------------------------------------------------------------------


def text(sentence: str) -> str:
    r"""A sentence in which no sign is markup: HTML, links, mentions, tables and formulas included.

    >>> text("a|b <b>x</b> `c` $d$"), text("- see www.x.org, http://y @all: x_i")
    ('a&#124;b &lt;b&gt;x&lt;/b&gt; &#96;c&#96; &#36;d&#36;', '\\- see www&#46;x.org, http&#58;//y &#64;all: x\\_i')
    """
    line = one_line(sentence)
    escaped = "".join(_ENTITIES.get(c) or (f"\\{c}" if c in _SIGNS else c) for c in line)
    unlinked = _LINK.sub(lambda m: m[0].replace(".", "&#46;").replace(":", "&#58;"), escaped)
    return _LIST.sub(r"\1\\\2", unlinked)


__all__ = ["markdown_report", "text"]
