"""`hwcheck jacobian`: a derivation on the terminal, and as JSON, Markdown, LaTeX, NumPy source or JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from ..derivations import Derivation, Style, spelled_name, write
from ..derivations import jacobian as derive
from ..derivations.errors import DefectError, HwcheckError, InputError
from ..derivations.sizes import Shape, Size
from .options import domain_option, pairs_of, shape_option, shapes_of, text_or_input
from .step_views import broken, columns, confirmation_text, put_steps, steps_latex, steps_markdown, wrapped
from .terminal import Page

FORMATS = ("text", "json", "markdown", "latex", "python")


@click.command()
@click.argument("function", required=False)
@click.option("--wrt", metavar="NAME", help="The variable; may be left out where the function has one parameter.")
@shape_option
@domain_option
@click.option("--define", "definitions", multiple=True, metavar="NAME=EXPR", help="Name an intermediate: s=softmax(z). Repeatable.")
@click.option("--layout", type=click.Choice(["numerator", "denominator"]), default="numerator", show_default=True,
              help="output × input, or input × output.")
@click.option("--order", type=click.IntRange(1, 2), default=1, show_default=True, help="1: Jacobian, 2: Hessian.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--all-steps", is_flag=True, help="Show the steps that a person would skip, too.")
@click.option("--seed", type=int, help="Seed of the points of the confirmation (default: belongs to the text).")
@click.option("--batch", type=click.File("r", encoding="utf-8", errors="surrogateescape"), metavar="FILE.jsonl",
              help="Derive every line of a JSON-lines file ('-': standard input).")
def jacobian(function: str | None, wrt: str | None, shapes: tuple[str, ...], domains: tuple[str, ...], definitions: tuple[str, ...],
             layout: str, order: int, form: str, all_steps: bool, seed: int | None, batch: Any) -> None:
    """Derive the Jacobian (or Hessian) of FUNCTION, step by step, confirmed by JAX in both modes.

    FUNCTION is LaTeX, Unicode, ASCII or NumPy; '-' reads standard input. Undeclared names get the usual shapes.

    \b
    hwcheck jacobian 'f(w) = Xw'
    hwcheck jacobian 'X w' --wrt w --shape X:n,d --layout denominator
    hwcheck jacobian 'f(w) = \\frac12\\|Xw - y\\|^2' --order 2
    hwcheck jacobian 'softmax(W x + b)' --wrt W --format latex
    """
    if batch is not None:
        if function:
            raise click.UsageError("Give a FUNCTION or --batch, not both.")
        sys.exit(run_batch(batch))
    if not function:
        raise click.UsageError("A FUNCTION is needed, for example 'f(w) = Xw'.")
    derivation = derive(text_or_input(function), wrt, shapes=shapes_of(shapes), domains=pairs_of(domains, "domain"),
                        definitions=pairs_of(definitions, "definition"), order=order, layout=layout, seed=seed)
    if form == "text":
        text_view(derivation, all_steps).show()
    elif form == "json":
        click.echo(json.dumps(derivation.to_dict(), ensure_ascii=False, indent=2))
    elif form == "python":
        click.echo(derivation.python, nl=False)
    else:
        click.echo(markdown_view(derivation, all_steps) if form == "markdown" else latex_view(derivation, all_steps))


# -- many at once ------------------------------------------------------------------------------------------------------


def run_batch(lines: Any) -> int:
    """One result line for every input line, in order, whatever a line holds; the exit code."""
    failed = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        result = batch_item(line, number)
        failed = failed or "error" in result
        # surrogates of a broken encoding cannot be printed as they are
        click.echo(json.dumps(result, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8"))
        sys.stdout.flush()
    return 2 if failed else 0


def batch_item(line: str, number: int) -> dict[str, object]:
    """The result for one line: what was derived, or an error; never an exception."""
    identity: object = None
    try:
        item = json.loads(line)
        if not isinstance(item, dict):
            raise InputError(f"Line {number} is no JSON object.")
        identity = item.get("id")
        return {"id": identity, **_item(item).to_dict()}
    except HwcheckError as error:
        return {"id": identity, "error": error.to_dict()}
    except (json.JSONDecodeError, RecursionError) as error:
        return {"id": identity, "error": InputError(f"Line {number} is no JSON: {error}").to_dict()}
    except Exception as error:  # a defect of ours must not end the run of everybody else's items
        return {"id": identity, "error": DefectError(f"{type(error).__name__}: {error}").to_dict()}


def _item(item: Mapping[str, Any]) -> Derivation:
    function, wrt = item.get("function"), item.get("wrt")
    if not isinstance(function, str) or not (wrt is None or isinstance(wrt, str)):
        raise InputError("An item needs a text “function”, and “wrt”, where given, is a name.")
    order, layout = item.get("order", 1), item.get("layout", "numerator")
    return derive(function, wrt, shapes=_shapes(item.get("vars") or {}), domains=_texts(item.get("domain") or {}, "domain"),
                  definitions=_texts(item.get("defs") or {}, "defs"), order=order, layout=layout)


def _shapes(given: Any) -> dict[str, list[Size]]:
    if not isinstance(given, dict):
        raise InputError("“vars” maps names to lists of sizes.")
    for name, shape in given.items():
        if not isinstance(shape, list) or not all(isinstance(s, str | int) and not isinstance(s, bool) for s in shape):
            raise InputError(f"The shape of {name} is a list of names and whole numbers, [] for a number.")
    return given


def _texts(given: Any, what: str) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise InputError(f"“{what}” maps names to texts.")
    return given


# -- views -------------------------------------------------------------------------------------------------------------


def shape_text(shape: Shape) -> str:
    """n × d; a column of length d is d × 1.

    >>> shape_text(("d", 1)), shape_text((1, 1))
    ('d × 1', 'a number')
    """
    return "a number" if all(s == 1 for s in shape) else " × ".join(str(s).replace("*", "·") for s in shape)


def text_view(derivation: Derivation, all_steps: bool = False) -> Page:
    """The derivation as a student reads it."""
    page, width = Page(), columns()
    _reading(page, derivation, width)
    page.line()
    _sentence(page, shape_sentence(derivation), width)
    for name, tree in derivation.where:
        for k, row in enumerate(broken(f"{spelled_name(name, Style.UNICODE)} = {write(tree, Style.UNICODE)}", width - 10)):
            page.line(("with      " if k == 0 else " " * 10, "read"), (row, "formula"))
    page.line()
    steps = [s for s in derivation.steps if all_steps or not s.folded]
    put_steps(page, steps, width, [len(steps) - 1] if derivation.matrix else [])
    page.line()
    if derivation.matrix is None:
        _without_matrix(page, derivation, width)
    for note in derivation.notes:
        _sentence(page, f"note: {note}", width, "note")
    if derivation.confirmation:
        _sentence(page, confirmation_line(derivation), width, "confirmed")
    return page


def _sentence(page: Page, text: str, width: int, style: str = "", indent: int = 0) -> None:
    for row in wrapped(text, width - indent):
        page.line((" " * indent + row, style))


def _reading(page: Page, derivation: Derivation, width: int) -> None:
    """What was read, and the shapes with where they come from."""
    symbols = derivation.reading.symbols
    shapes = ", ".join(f"{_named(s.name)}: {shape_text(s.shape)}" for s in symbols)
    origins = {s.origin for s in symbols}
    hint = " (usual shapes; change with --shape)" if origins == {"usual"} else "".join(
        f"; {', '.join(_named(s.name) for s in symbols if s.origin == origin)} {said}"
        for origin, said in (("usual", "usual"), ("forced", "forced by the expression")) if origin in origins)
    read_as = derivation.read_as(Style.UNICODE)
    if len(f"read as   {read_as}        {shapes}{hint}") <= width:
        page.line(("read as   ", "read"), (read_as, "formula"), (f"        {shapes}{hint}", "read"))
        return
    for k, row in enumerate(broken(read_as, width - 10)):
        page.line(("read as   " if k == 0 else " " * 10, "read"), (row, "formula"))
    _sentence(page, shapes + hint, width, "read", 10)


def _named(name: str) -> str:
    return spelled_name(name, Style.UNICODE)


def shape_sentence(derivation: Derivation) -> str:
    """Which shape the result has, and why."""
    x = next(s for s in derivation.reading.symbols if s.name == derivation.wrt)
    out, by, name = derivation.reading.body.shape, x.shape, _named(derivation.wrt)
    if derivation.order == 2:
        return f"The output is a number and {name} is {shape_text(by)}, so the Hessian is {_axes_text(derivation.shape)} (input × input)."
    numerator = derivation.layout == "numerator"
    order = "output × input" if numerator else "input × output"
    if _is_number(out) and _is_column(by):
        shown = f"1 × {by[0]}, a row" if numerator else f"{by[0]} × 1, a column"
        return f"The output is a number and {name} has {by[0]} entries, so the Jacobian is {shown} ({order})."
    if _is_column(out) and _is_column(by):
        output, entries = f"The output has {out[0]} entries", f"{name} has {by[0]}"
    else:
        output = "The output is a number" if _is_number(out) else f"The output is {shape_text(out)}"
        entries = f"{name} is {shape_text(by)}"
    return f"{output} and {entries}, so the Jacobian is {_axes_text(derivation.shape)} ({order})."


def _is_number(shape: Shape) -> bool:
    return all(s == 1 for s in shape)


def _is_column(shape: Shape) -> bool:
    return len(shape) == 2 and shape[1] == 1 != shape[0]


def _axes_text(shape: Shape) -> str:
    if not shape:
        return "a number"
    if len(shape) == 1:
        return f"{shape[0]} × 1"
    text = " × ".join(str(s).replace("*", "·") for s in shape)
    return text if len(shape) == 2 else f"{text}, with {len(shape)} axes"


def _without_matrix(page: Page, derivation: Derivation, width: int) -> None:
    """What stands for a matrix where there is none: the element form, its axes and blocks, and the Kronecker form."""
    name = "H" if derivation.order == 2 else "J"
    for row in broken(f"{name}_{''.join(derivation.letters)} = {write(derivation.element_tree, Style.UNICODE)}", width - 4):
        page.line("    ", (row, "result"))
    axes = ", ".join(f"{letter}: {size}" for letter, size in zip(derivation.letters, derivation.derived.shape, strict=True))
    _sentence(page, f"No matrix notation has these axes: {axes}.", width, indent=4)
    if derivation.blocks:
        _sentence(page, derivation.blocks, width, indent=4)
    form = derivation.kronecker
    if form is not None:
        left = f"∂vec({derivation.reading.function or 'f'})/∂vec({_named(derivation.wrt)})ᵀ"
        for said, tree in (("As a matrix, vec by columns: ", form.columns), ("             vec by rows:    ", form.rows)):
            for row in broken(f"{said}{left} = {write(tree, Style.UNICODE)}", width - 4, 29):
                page.line("    " + row)
        if form.commutation:
            k, x = form.commutation, _named(derivation.wrt)
            _sentence(page, f"where {k} is the commutation matrix of that order: {k} vec({x}) = vec({x}ᵀ).", width, indent=4)
    page.line()


def confirmation_line(derivation: Derivation) -> str:
    """The confirmation in one line."""
    confirmation = derivation.confirmation
    assert confirmation is not None
    return "confirmed   " + confirmation_text(confirmation, f", drawn {confirmation.domain}," if confirmation.domain != "any" else "")


def markdown_view(derivation: Derivation, all_steps: bool = False) -> str:
    """The derivation as Markdown with LaTeX formulas."""
    lines = [f"**Read as** ${derivation.read_as(Style.LATEX)}$", "", shape_sentence(derivation), ""]
    lines += steps_markdown([s for s in derivation.steps if all_steps or not s.folded])
    lines += ["", f"$$ {latex_result(derivation)} $$"]
    lines += [f"\n{note}" for note in derivation.notes]
    if derivation.confirmation:
        lines += ["", f"*{confirmation_line(derivation)}*"]
    return "\n".join(lines)


def latex_result(derivation: Derivation) -> str:
    """The result, LaTeX, with its name."""
    name = "H" if derivation.order == 2 else "J"
    if derivation.matrix_latex is not None:
        return f"{name} = {derivation.matrix_latex}"
    where = ",\\quad ".join(f"{spelled_name(n, Style.LATEX)} = {write(t, Style.LATEX)}" for n, t in derivation.where)
    return f"{name}_{{{''.join(derivation.letters)}}} = {derivation.element}" + (rf"\text{{ where }} {where}" if where else "")


def latex_view(derivation: Derivation, all_steps: bool = False) -> str:
    """The derivation as an `align*` environment."""
    steps = [s for s in derivation.steps if all_steps or not s.folded]
    return steps_latex(steps) + "\n" + rf"\[ {latex_result(derivation)} \]"
