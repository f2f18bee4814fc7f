"""`hwcheck xor`: why one unit cannot be XOR, and whether given weights are."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from ..checkers.weights import latex_of
from ..derivations.errors import InputError
from ..derivations.networks.descriptions import read_description
from ..derivations.networks.networks import Convention, Network
from ..derivations.notation.spellings import Style
from ..derivations.xor.pasted_weights import LONGEST, Readings, read_weights
from ..derivations.xor.single_units import unit_name
from ..derivations.xor.xor import XorProof, xor_proof
from ..derivations.xor.xor_tables import Row, Table, best_table, number_text, weights_in
from .options import text_or_input
from .step_views import columns, latex_text, put_facts, put_steps, steps_latex, steps_markdown
from .terminal import Page

FORMATS = ("text", "json", "markdown", "latex")
_DESCRIBED = re.compile(r"""^[\s{"']*(?:weights|layers|activations)["']?\s*[:=]""", re.MULTILINE)
_CONVENTIONS: dict[str, Convention] = {"Wx": "Wx", "WTx": "WTx"}


@click.command()
@click.option("--activation", metavar="NAME", help="The unit of the proof: relu (default), identity, sigmoid, "
              "step, tanh, …; t^2, sin, abs and cos can be XOR.")
@click.option("--weights", metavar="FILE|TEXT", help="Check these weights instead; '-' reads standard input.")
@click.option("--hidden", metavar="NAME", help="With --weights: the activation of the hidden units (default: relu).")
@click.option("--output", metavar="NAME", help="With --weights: the activation of the output (default: identity).")
@click.option("--convention", type=click.Choice(list(_CONVENTIONS)), help="With --weights: z = Wx + b or Wᵀx + b (default: what fits).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def xor(activation: str | None, weights: str | None, hidden: str | None, output: str | None, convention: str | None, form: str) -> None:
    """Prove that one unit cannot be XOR, or check whether given weights are.

    Weights are exact numbers, written in any usual way: one line, LaTeX, NumPy, or a file with the same in it. A bias that is
    missing counts as 0. Any number of hidden units will do.

    \b
    hwcheck xor
    hwcheck xor --activation sigmoid
    hwcheck xor --weights 'W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]; b2 = 0'
    hwcheck xor --weights my-weights.txt --hidden tanh --output sigmoid

    Exit codes with --weights: 0 they compute XOR, 1 they do not, 2 unreadable, 3 undecided.
    """
    if weights is None:
        if hidden or output or convention:
            raise click.UsageError("--hidden, --output and --convention go with --weights; the proof takes --activation.")
        show_proof(xor_proof(activation or "relu"), form)
        return
    if activation:
        raise click.UsageError("--activation belongs to the proof; weights have --hidden and --output.")
    readings = readings_of(weights, hidden, output, convention)
    table, notes = best_table(readings.networks)
    show_table(table, (*readings.notes, *notes), form)
    sys.exit({True: 0, False: 1, None: 3}[table.computes])


def readings_of(given: str, hidden: str | None, output: str | None, convention: str | None) -> Readings:
    """The networks that a text or a file may mean; a file with the keys of `hwcheck network` says its activations itself."""
    text = weights_text(given)
    if _DESCRIBED.search(text):
        if hidden or output or convention:
            raise click.UsageError("A description has its own activations and convention; leave out --hidden, --output and --convention.")
        return Readings((read_description(text, name=given if len(given) < 60 and "\n" not in given else "weights"),))
    names = unit_name(hidden or "relu"), unit_name(output or "identity")
    return read_weights(text, hidden=names[0], output=names[1], convention=_CONVENTIONS[convention] if convention else None, one_layer=True)


def weights_text(given: str) -> str:
    """The text of the weights: what was typed, standard input, or what is in a file.

    Raises:
        InputError: it is no assignment, and there is no such file.
    """
    if given == "-" or "=" in given or "\n" in given:
        return text_or_input(given)
    path = Path(given)
    try:
        return path.read_bytes()[: LONGEST + 1].decode("utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"“{given[:60]}” is neither a file of text nor weights such as W1 = [[1,1],[1,1]]; W2 = [1,-2].") from error


# -- the proof -----------------------------------------------------------------------------------------------------------


def show_proof(proof: XorProof, form: str) -> None:
    """The proof in one of the formats."""
    if form == "text":
        proof_view(proof).show()
    elif form == "json":
        click.echo(json.dumps(proof.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(proof_markdown(proof) if form == "markdown" else proof_latex(proof))


def question(proof: XorProof) -> str:
    """What is asked of the unit."""
    return "is wanted to be 0, 1, 1, 0 at (0, 0), (1, 0), (0, 1), (1, 1)" if proof.rule == "exact" else \
        "is wanted to be ≥ ½ at (1, 0) and (0, 1), and below ½ at (0, 0) and (1, 1)"


def grid_text(proof: XorProof) -> str:
    """The independent check in a sentence."""
    grid = proof.grid
    if grid is None:
        return "each row by algebra, and by enclosing its value"
    return (f"each line by algebra, and at {grid.tried:,} exact choices of (w_1, w_2, b): {grid.three_rows} give three rows, "
            f"{grid.all_rows} all four")


def proof_view(proof: XorProof) -> Page:
    """The proof as a student reads it."""
    page, width = Page(), columns()
    put_facts(page, [("one unit", f"{proof.unit(Style.UNICODE)} {question(proof)}", "read")], width)
    page.line()
    put_steps(page, proof.steps, width, results=proof.results)
    page.line()
    facts = [("so", proof.conclusion, "result"), *(("note", note, "note") for note in proof.notes)]
    put_facts(page, [*facts, ("checked", grid_text(proof), "confirmed")], width)
    return page


def proof_markdown(proof: XorProof) -> str:
    """The proof as Markdown with LaTeX formulas."""
    lines = ["## One unit and XOR", "", f"${proof.unit(Style.LATEX)}$ {question(proof)}.", "", *steps_markdown(proof.steps), ""]
    lines += [f"**{proof.conclusion}**", *(f"\n{note}" for note in proof.notes), "", f"*checked: {grid_text(proof)}*"]
    return "\n".join(lines)


def proof_latex(proof: XorProof) -> str:
    """The proof as LaTeX, to be put into a document with amsmath."""
    lines = [rf"${proof.unit(Style.LATEX)}$ {latex_text(question(proof))}.", steps_latex(proof.steps)]
    lines += [_latex_sentence(text) for text in (proof.conclusion, *proof.notes)]
    return "\n".join([*lines, f"% checked: {grid_text(proof)}"])


# -- weights -------------------------------------------------------------------------------------------------------------


def show_table(table: Table, notes: tuple[str, ...], form: str) -> None:
    """The check of weights in one of the formats."""
    if form == "text":
        table_view(table, notes).show()
    elif form == "json":
        read_as = latex_of(table.network)
        click.echo(json.dumps({"read_as": read_as, **table.to_dict(), "notes": list(notes)}, ensure_ascii=False, indent=2))
    else:
        click.echo(table_markdown(table, notes) if form == "markdown" else table_latex(table, notes))


def verdict_text(table: Table) -> str:
    """The outcome in a sentence."""
    if table.computes:
        return "computes XOR: all four rows are " + ("exact" if table.rule == "exact" else "right, ŷ ≥ ½ counting as 1")
    if table.computes is None:
        return "undecided: an output is too close to what is expected to tell whether it is equal"
    return f"not XOR: {'; '.join(table.complaints)}"


def heads_of(table: Table, style: Style) -> list[str]:
    """The columns: input, the values of every hidden layer, output, expected, verdict."""
    latex = style is Style.LATEX
    lower = ("_{{{}}}" if latex else "_{}").format
    inner = [f"h{lower(k)}" if len(table.network.layers) > 2 else "h" for k in range(1, len(table.network.layers))]
    return ["x", *inner, r"\hat{y}" if latex else "ŷ", "expected", ""]


def cells_of(row: Row, style: Style) -> list[str]:
    """A row of the table."""
    sign = {True: "✓", False: "✗", None: "?"}[row.right]
    inner = [f"({', '.join(number_text(v, style) for v in layer)})" for layer in row.hidden]
    return [row.place, *inner, number_text(row.output, style), str(row.expected), sign]


def layers_text(network: Network, style: Style) -> str:
    """How the values come about: h = ReLU(W₁x + b₁), ŷ = W₂h + b₂, in words of the convention that was read."""
    names = ", ".join(layer.activation for layer in network.layers)
    product = "Wx + b" if network.convention == "Wx" else "Wᵀx + b"
    return f"z = {product} in each layer; activations: {names}"


def table_view(table: Table, notes: tuple[str, ...]) -> Page:
    """The four rows as a student reads them."""
    page, width = Page(), columns()
    read_as = ", ".join(f"{name} = {value}" for name, value in weights_in(table.network, Style.UNICODE))
    put_facts(page, [("read as", read_as, "read"), ("layers", layers_text(table.network, Style.UNICODE), "read")], width)
    page.line()
    rows = [heads_of(table, Style.UNICODE), *(cells_of(row, Style.UNICODE) for row in table.rows)]
    sizes = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for k, row in enumerate(rows):
        texts = [f"{cell:<{size}}   " for cell, size in zip(row, sizes, strict=True)]
        style = "rule" if k == 0 else {True: "", False: "wrong", None: "note"}[table.rows[k - 1].right]
        page.line("  ", *((text, style) for text in texts))
    page.line()
    mark, style = {True: ("✓", "result"), False: ("✗", "wrong"), None: ("~", "rule")}[table.computes]
    facts = [(mark, verdict_text(table), style)]
    put_facts(page, facts, width)
    further = [*([table.remark] if table.remark else []), *notes]
    if further:
        put_facts(page, [("note", note, "note") for note in further], width)
    return page


def table_markdown(table: Table, notes: tuple[str, ...]) -> str:
    """The same as Markdown with LaTeX formulas."""
    heads = heads_of(table, Style.LATEX)
    lines = [f"${latex_of(table.network)}$", "", layers_text(table.network, Style.LATEX), ""]
    lines += [f"| {' | '.join(f'${h}$' if h not in ('expected', '') else h for h in heads)} |", "|---" * len(heads) + "|"]
    for row in table.rows:
        *formulas, expected, sign = cells_of(row, Style.LATEX)
        lines.append(f"| {' | '.join([*(f'${cell}$' for cell in formulas), expected, sign])} |")
    further = [*([table.remark] if table.remark else []), *notes]
    return "\n".join([*lines, "", f"**{verdict_text(table)}**", *(f"\n{note}" for note in further)])


def table_latex(table: Table, notes: tuple[str, ...]) -> str:
    """The same as LaTeX, to be put into a document with amsmath."""
    heads = heads_of(table, Style.LATEX)
    lines = [rf"\[ {latex_of(table.network)} \]", rf"\begin{{tabular}}{{{'l' * len(heads)}}}"]
    lines.append(" & ".join(f"${h}$" if h not in ("expected", "") else h for h in heads) + r" \\ \hline")
    for row in table.rows:
        *formulas, expected, _ = cells_of(row, Style.LATEX)
        right = {True: "right", False: "wrong", None: "undecided"}[row.right]
        lines.append(" & ".join([*(f"${cell}$" for cell in formulas), expected, right]) + r" \\")
    further = [*([table.remark] if table.remark else []), *notes]
    return "\n".join([*lines, r"\end{tabular}", *map(_latex_sentence, (verdict_text(table), *further))])


def _latex_sentence(sentence: str) -> str:
    return latex_text(sentence).replace("ŷ", r"$\hat{y}$")


__all__ = ["xor"]
