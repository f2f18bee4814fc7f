"""Whole files made of answers: Markdown, LaTeX, notebooks and plain text, with the statements copied or left out, in order or not.

An answer is kept line by line, so that the line on which a slip was made is known in the file too.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from hwcheck.cli.template import markdown
from hwcheck.derivations.problems.problems import ProblemSet

Form = Literal["markdown", "latex", "notebook", "text"]
Style = Literal["copied", "headings", "marked", "shuffled"]
FORMS: tuple[Form, ...] = ("markdown", "latex", "notebook", "text")
STYLES: tuple[Style, ...] = ("copied", "headings", "marked", "shuffled")
SUFFIXES: Mapping[Form, str] = {"markdown": "md", "latex": "tex", "notebook": "ipynb", "text": "txt"}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what the sheet says below it (or nothing), and the answer, all of them Markdown."""

    heading: str
    statement: str
    answer: str
    is_marked: bool


def page_text(found: ProblemSet, answers: Mapping[str, str], form: Form, style: Style, rng: random.Random) -> str:
    """The text of a file with these answers."""
    sections = _sections(found, answers, style)
    if style == "shuffled":
        rng.shuffle(sections)
    head = f"set: {found.name}"
    write = {"markdown": _markdown, "latex": _latex, "notebook": _notebook, "text": _text}[form]
    return write(found.title, head, sections)


def written_line(text: str, form: Form) -> str:
    """How a line of an answer stands in a file."""
    return _latex_line(text) if form == "latex" else text


def _sections(found: ProblemSet, answers: Mapping[str, str], style: Style) -> list[Section]:
    statements = {}
    for piece in re.split(r"(?m)^## ", markdown(found))[1:]:
        heading, _, rest = piece.partition("\n")
        statements[heading.split()[0]] = (heading, rest.partition("**Answer:**")[0].strip())
    sections = []
    for problem in found.problems:
        heading, said = statements[problem.id]
        wanted = style == "copied"
        if wanted or problem.id in answers:
            is_marked = style in ("copied", "marked")
            sections.append(Section(heading, said if wanted else "", answers.get(problem.id, ""), is_marked))
    return sections


def _body(section: Section, mark: str) -> str:
    parts = (section.statement, mark if section.is_marked else "", section.answer)
    return "\n\n".join(part for part in parts if part)


def _markdown(title: str, head: str, sections: Sequence[Section]) -> str:
    body = "\n\n".join(f"## {s.heading}\n\n{_body(s, '**Answer:**')}" for s in sections)
    return f"---\n{head}\n---\n\n# {title}\n\n{body}\n"


def _text(title: str, head: str, sections: Sequence[Section]) -> str:
    body = "\n\n".join(f"{s.heading}\n\n{_body(s, 'Answer:')}" for s in sections)
    return re.sub(r"\*\*([A-Z][^*\n]*)\*\*", r"\1", f"{title}\n\n{body}\n")


def _notebook(title: str, head: str, sections: Sequence[Section]) -> str:
    cells = [f"---\n{head}\n---\n\n# {title}"]
    for s in sections:
        cells.append("\n\n".join(part for part in (f"## {s.heading}", s.statement) if part))
        cells.append("\n\n".join(part for part in ("**Answer:**" if s.is_marked else "", s.answer) if part))
    made = [{"cell_type": "markdown", "id": f"c{k}", "metadata": {}, "source": text.splitlines(True)} for k, text in enumerate(cells)]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1)


def _latex(title: str, head: str, sections: Sequence[Section]) -> str:
    lines = [r"\documentclass{article}", r"\usepackage{amsmath, amssymb}", rf"\title{{{title}}}", r"\begin{document}", r"\maketitle", ""]
    for s in sections:
        lines += [rf"\section*{{{s.heading}}}", ""]
        lines += [*_latex_lines(s.statement), "", *([r"\textbf{Answer:}"] if s.is_marked else []), *_latex_lines(s.answer), ""]
    return "\n".join([*lines, r"\end{document}", ""])


def _latex_lines(text: str) -> list[str]:
    """Markdown as LaTeX: lists become `itemize`, displays `\\[ \\]`; the lines stay what they are."""
    out: list[str] = []
    inside = False
    for line in text.split("\n"):
        is_item = line.startswith("- ")
        if is_item != inside:
            out.append(r"\begin{itemize}" if is_item else r"\end{itemize}")
            inside = is_item
        out.append(_latex_line(line))
    return [*out, r"\end{itemize}"] if inside else out


def _latex_line(line: str) -> str:
    line = re.sub(r"^\$\$(.*)\$\$$", r"\\[ \1 \\]", line)
    line = re.sub(r"`([^`]*)`", r"\\texttt{\1}", line)
    line = re.sub(r"^- \[x\] ", r"\\item[$\\boxtimes$] ", line)
    line = re.sub(r"^- \[ \] ", r"\\item[$\\square$] ", line)
    line = re.sub(r"^\*(.+)\*$", r"\\emph{\1}", line)
    return re.sub(r"^- ", r"\\item ", line)


__all__ = ["FORMS", "STYLES", "SUFFIXES", "Form", "Style", "page_text", "written_line"]
