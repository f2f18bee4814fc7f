"""`hwcheck read`: how a text is understood, before anything is said about it. No verdict is ever shown here."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import click

from ..derivations import Reading, Style, write
from ..derivations import read as read_text
from ..derivations.errors import UnsupportedError
from ..derivations.notation.name_writer import spelled
from ..derivations.notation.names import key_of
from ..derivations.reader.reading import Symbol
from ..derivations.sizes import Shape
from .options import pairs_of, shape_option, shapes_of, text_or_input
from .step_views import broken, columns, wrapped
from .terminal import Page

FORMATS = ("text", "json", "latex", "unicode", "ascii", "numpy")
INDENT = 10
# ∂L/∂w: the sign, and the names above and below
_FRACTION = re.compile(r"\\frac\s*\{\s*(\\partial|∂|d)\s*([^\s{}]+)\s*\}\s*\{\s*(?:\\partial|∂|d)\s*([^\s{}]+(?:\{[^{}]*\})?)\s*\}\Z")
_QUOTIENT = re.compile(r"(\\partial|∂|d)\s*([^\s{}/]+)\s*/\s*(?:\\partial|∂|d)\s*([^\s{}/]+(?:\{[^{}]*\})?)\Z")
_SIGNS = {"∂": ("∂", r"\partial"), "d": ("d", "d")}
ORIGINS = {"declared": "declared", "usual": "usual shape", "forced": "forced by the expression"}


@click.command()
@click.argument("expression", metavar="EXPR", required=False)
@shape_option
@click.option("--define", "definitions", multiple=True, metavar="NAME=EXPR", help="Name an intermediate: s=softmax(z). Repeatable.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def read(expression: str | None, shapes: tuple[str, ...], definitions: tuple[str, ...], form: str) -> None:
    """Show how EXPR is read: the formula, its names with their shapes, and what was assumed.

    EXPR is LaTeX, Unicode, ASCII or NumPy; '-' reads standard input. It is read as `hwcheck verify` reads an answer, and
    nothing is said of its being right.

    \b
    hwcheck read 'X^T(Xw - y)'
    hwcheck read '\\frac12 \\|Xw - y\\|^2' --format unicode
    hwcheck read 'X.T @ (X @ w - y)' --shape X:n,d --format latex
    """
    if not expression:
        raise click.UsageError("An EXPR is needed, for example 'X^T(Xw - y)'.")
    reading = read_text(text_or_input(expression), shapes=shapes_of(shapes), definitions=pairs_of(definitions, "definition"))
    if form == "text":
        text_view(reading).show()
    elif form == "json":
        # surrogates of a broken encoding cannot be printed as they are
        shown = json.dumps(to_dict(reading), ensure_ascii=False, indent=2)
        click.echo(shown.encode("utf-8", "backslashreplace").decode("utf-8"))
    else:
        click.echo(written(reading, Style(form)))


def written(reading: Reading, style: Style) -> str:
    """What was read, with its left side; in NumPy the expression alone."""
    body = write(reading.body, style)
    return body if style is Style.NUMPY else _left_side(reading, style) + body


def _left_side(reading: Reading, style: Style) -> str:
    """`f(w) = `, `y = `, `J_ij = `, `∂L/∂w = `, or nothing."""
    if not reading.function:
        return ""
    if not reading.function.isidentifier():
        return f"{_derivative(reading.function, style)} = "
    name = spelled(reading.function, style)
    if reading.free:
        indices = "".join(reading.free)
        name += f"_{{{indices}}}" if style is Style.LATEX else f"_{indices}"
    if reading.parameters:
        name += f"({', '.join(spelled(p, style) for p in reading.parameters)})"
    return f"{name} = "


def _derivative(typed: str, style: Style) -> str:
    """∂L/∂w of a left side in the style, both names plain; what is more than that stays as it was typed."""
    found = _FRACTION.match(typed) or _QUOTIENT.match(typed)
    if found is None:
        return typed
    sign = _SIGNS["d" if found[1] == "d" else "∂"][style is Style.LATEX]
    top, bottom = (sign + (" " if sign[0] == "\\" else "") + spelled(key_of(name), style) for name in found.group(2, 3))
    return rf"\frac{{{top}}}{{{bottom}}}" if style is Style.LATEX else f"{top}/{bottom}"


def to_dict(reading: Reading) -> dict[str, object]:
    """The reading as JSON; `numpy` is null where there is no such notation."""
    return {
        "read_as": written(reading, Style.LATEX),
        "unicode": written(reading, Style.UNICODE),
        "ascii": written(reading, Style.ASCII),
        "numpy": _or_none(lambda: written(reading, Style.NUMPY)),
        "function": reading.function,
        "parameters": list(reading.parameters),
        "shape": list(reading.body.shape),
        "free": list(reading.free),
        "vars": {s.name: list(_declared(s.shape)) for s in reading.symbols},
        "origins": {s.name: s.origin for s in reading.symbols},
        "notes": list(reading.notes),
    }


def _or_none(wording: Callable[[], str]) -> str | None:
    try:
        return wording()
    except UnsupportedError:
        return None


def _declared(shape: Shape) -> Shape:
    """A shape as it would be declared: () a number, (d,) a column."""
    if len(shape) == 2 and shape[1] == 1:
        return () if shape[0] == 1 else shape[:1]
    return shape


# -- view --------------------------------------------------------------------------------------------------------------


def shape_words(shape: Shape) -> str:
    """A shape in words.

    >>> shape_words((1, 1)), shape_words(("d", 1)), shape_words((1, "n*m")), shape_words(("n", "d"))
    ('a number', 'a column, d × 1', 'a row, 1 × n·m', 'n × d')
    """
    if all(size == 1 for size in shape):
        return "a number"
    sizes = " × ".join(str(size).replace("*", "·").replace("+", " + ") for size in shape)
    if len(shape) != 2 or 1 not in shape:
        return sizes
    return f"a {'column' if shape[1] == 1 else 'row'}, {sizes}"


def text_view(reading: Reading) -> Page:
    """The formula in Unicode and in LaTeX, the names, the shape of the whole, the notes."""
    page, width = Page(), columns()
    _put(page, "read as", broken(written(reading, Style.UNICODE), width - INDENT), "formula")
    _put(page, "LaTeX", broken(written(reading, Style.LATEX), width - INDENT), "read")
    _put(page, "shape", wrapped(_whole(reading), width - INDENT))
    _put(page, "names", _names(reading.symbols, width - INDENT))
    for note in reading.notes:
        rows = wrapped(note, width - INDENT)
        _put(page, "note", rows, "note")
    return page


def _put(page: Page, label: str, rows: list[str], style: str = "") -> None:
    for k, row in enumerate(rows):
        page.line((f"{label if k == 0 else '':<{INDENT}}", "rule"), (row, style))


def _whole(reading: Reading) -> str:
    """The shape of the whole, and what its open indices are."""
    shape = shape_words(reading.body.shape)
    if not reading.free:
        return shape
    indices = " and ".join(reading.free)
    return f"{shape} for every {indices}"


def _names(symbols: tuple[Symbol, ...], room: int) -> list[str]:
    """One row a name: name, shape, and where the shape comes from, below where there is no room."""
    rows = [(spelled(s.name, Style.UNICODE), shape_words(s.shape), ORIGINS[s.origin]) for s in symbols]
    first, second = (max((len(row[k]) for row in rows), default=0) for k in (0, 1))
    wide = all(first + second + 5 + len(origin) <= room for *_, origin in rows)
    between = "   " if wide else "\n" + " " * (first + 4)
    return [row for name, shape, origin in rows for row in f"{name:<{first}}  {shape:<{second * wide}}{between}{origin}".split("\n")]
