"""`hwcheck backprop`: a computation graph forward and backward, as text, JSON, Markdown, LaTeX or a picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence

import click

from ..derivations.errors import InputError
from ..derivations.graphs.drawings import FORMATS, drawing, format_of, is_standard_output
from ..derivations.graphs.graphs import HOMEWORK, MOST_DIGITS, Backpropagation
from ..derivations.graphs.graphs import backprop as backpropagation
from ..derivations.notation.spellings import Style
from .graph_report import NO_BREAK, Report, Row, Section
from .terminal import Page

WIDEST = 100
NARROWEST = 40
LONGEST_LATEX = 140


@click.command()
@click.argument("function", default=HOMEWORK, metavar="[FUNCTION]")
@click.option("--point", metavar="NUMBERS", help="Where: 1,3,2 in the order of the inputs, or x=1,y=3,z=2.")
@click.option(
    "--digits",
    type=click.IntRange(1, MOST_DIGITS),
    default=4,
    show_default=True,
    help="Decimals, each of them certain.",
)
@click.option(
    "--graph", "picture", metavar="FILE", help=f"Draw it: {', '.join(FORMATS)}; svg, dot or mermaid alone prints."
)
@click.option(
    "--format", "form", type=click.Choice(("text", "json", "markdown", "latex")), default="text", show_default=True
)
def backprop(function: str, point: str | None, digits: int, picture: str | None, form: str) -> None:
    """Walk the computation graph of a function of numbers forward and backward.

    Every node is one simple operation. Values are exact and decimal, local partials come from SymPy, and the gradient
    is compared with the derivative of the whole formula and with JAX in both modes. Without --point: the graph and
    the formulas alone.

    \b
    hwcheck backprop --point 1,3,2
    hwcheck backprop 'f(x,y,z,v) = exp(y^(-x) − z) + (z − v)^2' --point 0,1,2,3
    hwcheck backprop 'σ(w x + b)' --point w=1/2,x=2,b=-1 --graph neuron.svg
    """
    kind = format_of(picture) if picture else None
    result = backpropagation(function, point, digits)
    if kind and picture:
        _draw(result, picture, kind)
        if is_standard_output(picture):
            return
    if form == "json":
        click.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2))
    elif form == "text":
        page(result, _width()).show()
    else:
        click.echo(markdown(result) if form == "markdown" else latex(result))


def _draw(result: Backpropagation, file: str, kind: str) -> None:
    """Write the picture, or print it where the file is a dash."""
    picture = drawing(result, kind)
    if is_standard_output(file):
        click.echo(picture, nl=False)
        return
    try:
        with open(file, "wb") as out:
            out.write(picture if isinstance(picture, bytes) else picture.encode())
    except OSError as error:
        raise InputError(f"The graph cannot be written to {file}: {error.strerror or error}.") from None
    click.echo(f"The graph is in {file}.", err=True)


def _width() -> int:
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))


# Terminal text


def page(result: Backpropagation, width: int) -> Page:
    """The solution as lines of at most `width` characters, as far as formulas can be broken."""
    made = Page()
    _wrapped(made, [f"read as   {result.signature()} = {result.body()}"], width, indent=10, style="read")
    if result.values:
        where = ", ".join(f"{name} = {value}" for name, value in _coordinates(result))
        if where:
            _wrapped(made, [f"at        {where}"], width, indent=10, style="read")
    for section in Report(result).sections():
        made.line()
        made.line((section.title, "rule"), *([("   " + section.about, "why")] if _fits(section, width) else []))
        if not _fits(section, width) and section.about:
            _wrapped(made, ["  " + section.about], width, indent=2, style="why")
        _rows(made, section.rows, width)
        for sentence in filter(None, section.below):
            style = "confirmed" if sentence.startswith("confirmed") else "note"
            _wrapped(made, ["  " + sentence], width, indent=2, style=style)
    if not result.values and result.graph.inputs:
        made.line()
        names = ",".join(f"{result.name(i)}=…" for i in result.graph.inputs)
        _wrapped(made, [f"With numbers: --point {names}"], width, indent=2, style="why")
    made.lines = [[(text.replace(NO_BREAK, " "), style) for text, style in line] for line in made.lines]
    return made


def _coordinates(result: Backpropagation) -> list[tuple[str, str]]:
    nodes = (result.graph.inputs, result.point.values())
    return [(result.name(i), result.notation.text(q.tree)) for i, q in zip(*nodes, strict=True)]


def _fits(section: Section, width: int) -> bool:
    return len(section.title) + 3 + len(section.about) <= width


def _rows(made: Page, rows: Sequence[Row], width: int) -> None:
    """Columns for the rows that fit, however long the others are; those are broken before = and ≈."""
    left = max((len(r.left) for r in rows if not r.apart), default=0)
    fitting = [r for r in rows if not r.apart]
    columns: list[int] = []
    while fitting:
        count = max(len(r.cells) for r in fitting)
        columns = [max((len(r.cells[k]) for r in fitting if k < len(r.cells)), default=0) for k in range(count)]
        if 2 + left + sum(c + 2 for c in columns if c) <= width:
            break
        fitting.remove(max(fitting, key=lambda r: sum(len(c) + 2 for c in r.cells)))
    for row in rows:
        if row.apart:
            _close(made, row, len(row.left), width)
        elif row in fitting:
            cells = (f"  {cell:{column}}" for cell, column in zip(row.cells, columns, strict=False) if column)
            _line(made, row, left, "".join(cells).rstrip(), width)
        else:
            _close(made, row, left, width)


def _close(made: Page, row: Row, left: int, width: int) -> None:
    """A row without columns, on one line if it fits."""
    cells = "".join(f"  {cell}" for cell in row.cells if cell)
    if 2 + left + len(cells) <= width:
        _line(made, row, left, cells, width)
    else:
        _broken(made, row, left, width)


def _line(made: Page, row: Row, left: int, cells: str, width: int) -> None:
    """A row on one line, its remark behind it or below."""
    pieces: list[str | tuple[str, str]] = ["  ", (f"{row.left:{left}}", "formula"), cells]
    if row.remark and 2 + left + len(cells) + 3 + len(row.remark) <= width:
        made.line(*pieces, ("   " + row.remark, "why"))
        return
    made.line(*pieces)
    if row.remark:
        _wrapped(made, [" " * (left + 4) + row.remark], width, indent=left + 4, style="why")


def _broken(made: Page, row: Row, left: int, width: int) -> None:
    """A row over several lines, each beginning with = or ≈."""
    indent = min(left, width // 3) + 4
    first = f"  {row.left:{left}}  "
    for cell in filter(None, row.cells):
        lines = _filled(cell, width - indent - 2)
        for k, text in enumerate(lines):
            if first:
                made.line(first[:2], (first[2:], "formula"), text)
                first = ""
            else:
                made.line(" " * (indent if k == 0 else indent + 2) + text)
    if row.remark:
        _wrapped(made, [" " * indent + row.remark], width, indent=indent, style="why")


def _filled(text: str, width: int) -> list[str]:
    """Text broken at spaces; a formula without spaces stays whole."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _wrapped(made: Page, texts: Sequence[str], width: int, indent: int, style: str) -> None:
    """Sentences, their further lines indented."""
    for text in texts:
        start = len(text) - len(text.lstrip(" "))
        for k, line in enumerate(_filled(text.lstrip(" "), width - max(indent, start))):
            made.line((" " * (start if k == 0 else indent) + line, style))


# Documents


def markdown(result: Backpropagation) -> str:
    """The solution in Markdown, formulas between dollar signs."""
    lines = [f"# Backpropagation: ${result.signature(Style.LATEX)} = {result.body(Style.LATEX)}$", ""]
    if result.point:
        lines += [f"At ${_where(result)}$.", ""]
    for section in Report(result, Style.LATEX).sections():
        lines += [f"## {section.title.capitalize()}", ""]
        if section.about:
            lines += [f"{section.about[0].upper()}{section.about[1:]}.", ""]
        for row in section.rows:
            lines.append(f"- {_inline(row)}" + (f" — {row.remark}" if row.remark else ""))
        lines += (
            ["", *(line for sentence in section.below for line in (sentence, ""))]
            if section.rows
            else [*section.below, ""]
        )
    return "\n".join(lines).rstrip() + "\n"


def _where(result: Backpropagation) -> str:
    names = (result.name(i, Style.LATEX) for i in result.graph.inputs)
    return r",\ ".join(
        f"{n} = {result.notation.text(q.tree, Style.LATEX)}" for n, q in zip(names, result.point.values(), strict=True)
    )


def _inline(row: Row) -> str:
    """A row in Markdown: one formula, or words and their numbers."""
    cells = [c for c in row.cells if c]
    if not _is_formula(row):
        return f"{row.left}: {', '.join(cells)}"
    return f"${' '.join((row.left, *cells))}$"


def _is_formula(row: Row) -> bool:
    return not any(c[:1].isdigit() for c in row.cells)


def latex(result: Backpropagation) -> str:
    """The solution as a LaTeX fragment that needs amsmath and amssymb."""
    lines = [r"\section*{Backpropagation}", rf"\[ {result.signature(Style.LATEX)} = {result.body(Style.LATEX)} \]"]
    if result.point:
        lines.append(rf"at ${_where(result)}$.")
    for section in Report(result, Style.LATEX).sections():
        lines += ["", rf"\subsection*{{{section.title.capitalize()}}}"]
        if section.about:
            lines.append(f"{section.about[0].upper()}{section.about[1:]}.")
        formulas = [row for row in section.rows if _is_formula(row)]
        if formulas:
            lines.append(r"\begin{align*}")
            lines.append(" \\\\\n".join(_aligned(row) for row in formulas))
            lines.append(r"\end{align*}")
        lines += [rf"{row.left}: {', '.join(row.cells)}.\\" for row in section.rows if not _is_formula(row)]
        lines += [sentence + r"\\" for sentence in section.below]
    return "\n".join(lines) + "\n"


def _aligned(row: Row) -> str:
    """A row of align*: long ones continue on a new line before = and ≈."""
    cells = [c for c in row.cells if c]
    if row.remark:
        cells.append(rf"\quad\text{{({row.remark})}}")
    long = sum(map(len, cells)) > LONGEST_LATEX
    between = " \\\\\n&" if long else " "
    return f"{row.left} &{between.join(cells)}"
