"""`hwcheck template`: a problem set as a file to fill in, in Markdown, LaTeX or as a notebook.

Headings begin with the number of the problem and answers with the word Answer; by these a submission is taken apart again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from ..derivations.problems.problems import Problem, ProblemSet, problem_set
from ..derivations.problems.statements import Formula, Statement, shape_words, statement
from .demonstrations import latex_sentence

FORMATS = ("markdown", "latex", "notebook")
HOW = (
    "Each answer goes where its place is marked; formulas stand between dollar signs, or between double ones, a step on each line.",
    "Tick a box by writing an x in it. What you do not answer may stay empty.",
    "Keep the headings; their numbers say which problem an answer belongs to.",
)


@click.command()
@click.argument("name", metavar="SET")
@click.option("--format", "form", type=click.Choice(FORMATS), default="markdown", show_default=True)
def template(name: str, form: str) -> None:
    """Write a problem set as a file to fill in: what is asked, and a place for every answer.

    SET is a shipped set (see `hwcheck problems`) or the path of a file of your own that ends in .md.

    \b
    hwcheck template jhu-2024 > my.md
    hwcheck template jhu-2024 --format notebook > my.ipynb

    Exit codes: 0 written, 2 no such set, 4 the set is faulty.
    """
    views = {"markdown": markdown, "latex": latex, "notebook": notebook}
    click.echo(views[form](problem_set(name)))


# -- what is said about a problem ----------------------------------------------------------------------------------------


def _asked(problem: Problem, stated: Statement) -> str:
    """What is asked, in a line; `by` a variable stands in dollars."""
    by = f", by ${stated.by}$" if stated.by else ""
    asked = f"Asked: {', '.join(stated.asked)}{by}. " if stated.asked or by else ""
    boxes = {"one": "Choose one. ", "several": "Choose all that hold. "}[problem.choose] if stated.boxes else ""
    points = "1 point." if problem.points == 1 else f"{problem.points} points."
    return f"{asked}{boxes}{points if problem.points else ''}".strip()


def _symbols(stated: Statement) -> str:
    """The symbols with their shapes, in a line; sizes stand in dollars with the symbol."""
    said = []
    for symbol in stated.symbols:
        words = shape_words(symbol.sizes, r"\times")
        is_matrix = r"\times" in words
        said.append(f"${symbol.latex}$ is ${words}$" if is_matrix else f"${symbol.latex}$ is {words}")
    return f"Here {'; '.join(said)}." if said else ""


def _formulas(stated: Statement) -> list[Formula]:
    return [stated.function, *stated.definitions] if stated.function else []


# -- Markdown ----------------------------------------------------------------------------------------------------------


def markdown(found: ProblemSet) -> str:
    """The whole set as Markdown.

    >>> print(markdown(problem_set("jhu-2024")).split("## 2.4")[1].split("## 2.5")[0].strip())
    Matrix times vector
    <BLANKLINE>
    Which shape has the Jacobian of this function, and what is it?
    <BLANKLINE>
    $f(w) = Xw$
    <BLANKLINE>
    Here $X$ is $n \\times d$; $w$ is a column of length d.
    <BLANKLINE>
    *Asked: shape, expression. 1 point.*
    <BLANKLINE>
    **Answer:**
    """
    blocks = [f"---\nset: {found.name}\n---", _head(found)]
    for problem in found.problems:
        stated = statement(problem)
        blocks += [_question(problem, stated), _place(stated) + "\n\n"]
    return "\n\n".join(blocks).rstrip() + "\n\n"


def _head(found: ProblemSet) -> str:
    conventions = [f"- {convention}" for convention in found.conventions]
    return "\n".join([f"# {found.title}", "", *HOW, *(["", "Conventions:", ""] if conventions else []), *conventions])


def _question(problem: Problem, stated: Statement) -> str:
    asked = _asked(problem, stated)
    blocks = [
        f"## {problem.id} {problem.title}",
        problem.text,
        *(f"${formula.latex}$" if formula.latex else _code(formula.written) for formula in _formulas(stated)),
        _symbols(stated),
        "\n".join(f"- {key}: {_code(value)}" for key, value in stated.facts),
        f"*{asked}*" if asked else "",
    ]
    return "\n\n".join(filter(None, blocks))


def _place(stated: Statement) -> str:
    """Where the answer goes."""
    return "\n".join(["**Answer:**", *([""] if stated.boxes else []), *(f"- [ ] {box}" for box in stated.boxes)])


def _code(text: str) -> str:
    """Text as it was written; a backtick in it needs two around it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"


# -- a notebook ----------------------------------------------------------------------------------------------------------


def notebook(found: ProblemSet) -> str:
    """The whole set as a notebook: a cell for each question, and one for its answer."""
    cells = [_cell("head", f"{_head(found)}\n\nProblem set {found.name}.")]
    for problem in found.problems:
        stated = statement(problem)
        number = problem.id.replace(".", "-")
        cells += [_cell(f"q-{number}", _question(problem, stated)), _cell(f"a-{number}", _place(stated) + "\n\n")]
    metadata = {"hwcheck": {"set": found.name}, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False, indent=1)


def _cell(name: str, text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}


# -- LaTeX -------------------------------------------------------------------------------------------------------------


def latex(found: ProblemSet) -> str:
    """The whole set as a LaTeX document, which needs amsmath and amssymb."""
    return "\n".join(_latex(found))


def _latex(found: ProblemSet) -> Iterator[str]:
    yield from (r"\documentclass{article}", r"\usepackage{amsmath,amssymb}", r"\usepackage[T1]{fontenc}")
    yield from (r"\newenvironment{answer}{\par\noindent\textbf{Answer:}\par}{\par}", r"\setlength{\parindent}{0pt}", "")
    yield from (r"\begin{document}", "", rf"\section*{{{latex_sentence(found.title)}}}", "")
    yield from (f"Problem set {found.name}.", "", *map(latex_sentence, HOW), "")
    if found.conventions:
        conventions = (rf"\item {latex_sentence(convention)}" for convention in found.conventions)
        yield from ("Conventions:", "", r"\begin{itemize}", *conventions, r"\end{itemize}", "")
    for problem in found.problems:
        yield from _latex_problem(problem, statement(problem))
    yield r"\end{document}"


def _latex_problem(problem: Problem, stated: Statement) -> Iterator[str]:
    yield from (rf"\subsection*{{{latex_sentence(f'{problem.id} {problem.title}')}}}", "")
    if problem.text:
        yield from (latex_sentence(problem.text), "")
    for formula in _formulas(stated):
        yield from (f"${formula.latex}$" if formula.latex else rf"\texttt{{{latex_sentence(formula.written)}}}", "")
    if stated.symbols:
        yield from (_symbols(stated), "")
    if stated.facts:
        facts = (rf"\item {latex_sentence(key)}: \texttt{{{latex_sentence(value)}}}" for key, value in stated.facts)
        yield from (r"\begin{itemize}", *facts, r"\end{itemize}", "")
    if asked := _asked(problem, stated):
        yield from (rf"\emph{{{asked}}}", "")
    boxes = (rf"\item[$\square$] {latex_sentence(box)}" for box in stated.boxes)
    inside = (r"\begin{itemize}", *boxes, r"\end{itemize}") if stated.boxes else ("", "")
    yield from (r"\begin{answer}", *inside, r"\end{answer}", "")


__all__ = ["FORMATS", "latex", "markdown", "notebook", "template"]
