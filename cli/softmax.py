"""`hwcheck softmax`: the proof of its derivative, and with the cross-entropy behind it, the gradient σ − y."""

from __future__ import annotations

import json

import click

from ..derivations.activations.softmax import CrossEntropy, Proof, softmax_proof
from ..derivations.notation.writer import latex, unicode
from .step_views import columns, confirmation_text, latex_text, put_facts, put_steps, steps_latex, steps_markdown
from .terminal import Page

FORMATS = ("text", "json", "markdown", "latex")


@click.command()
@click.option("--with", "continued", type=click.Choice(["cross-entropy"]), help="Go on to the gradient of the loss.")
@click.option("--classes", type=int, metavar="K", help="Also write the Jacobian out, for 2 to 6 classes.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def softmax(continued: str | None, classes: int | None, form: str) -> None:
    """Prove the derivative of softmax by the quotient rule, for any number of classes K.

    Both cases, i = j and i ≠ j, then the Jacobian, confirmed by JAX in both modes.

    \b
    hwcheck softmax
    hwcheck softmax --with cross-entropy
    hwcheck softmax --classes 3 --format latex
    """
    proof = softmax_proof(continued is not None, classes=classes)
    if form == "text":
        text_view(proof).show()
    elif form == "json":
        click.echo(json.dumps(proof.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(markdown_view(proof) if form == "markdown" else latex_view(proof))


def text_view(proof: Proof) -> Page:
    """The proof as a student reads it."""
    page, width = Page(), columns()
    put_facts(page, [("softmax", "z is a column with K entries, and so is σ: the Jacobian is K × K", "read")], width)
    page.line()
    put_steps(page, proof.steps, width, results=[k for k, s in enumerate(proof.steps) if s.rule in ("both in one", "matrix form")])
    page.line()
    facts = [("Jacobian", f"∂σ_i/∂z_j = {unicode(proof.entry)}, as a matrix J = {unicode(proof.jacobian)}", "formula")]
    facts += [("note", note, "note") for note in proof.notes]
    if proof.confirmation:
        facts.append(("confirmed", confirmation_text(proof.confirmation), "confirmed"))
    put_facts(page, facts, width)
    if proof.explicit:
        page.line()
        page.line((f"for K = {len(proof.explicit)}", "rule"))
        page.extend(matrix_lines([[unicode(e) for e in row] for row in proof.explicit]), "formula")
    if proof.cross_entropy:
        _put_cross_entropy(page, proof.cross_entropy, len(proof.steps), width)
    return page


def matrix_lines(rows: list[list[str]]) -> list[str]:
    """A matrix with its columns below each other.

    >>> print(*matrix_lines([["1", "−10"], ["0", "1"]]), sep="\\n")
      J = ⎡ 1  −10 ⎤
          ⎣ 0  1   ⎦
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for k, row in enumerate(rows):
        left, right = ("⎡", "⎤") if k == 0 else ("⎣", "⎦") if k == len(rows) - 1 else ("⎢", "⎥")
        cells = "  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True))
        lines.append(f"  {'J =' if k == 0 else '   '} {left} {cells} {right}")
    return lines


def _put_cross_entropy(page: Page, loss: CrossEntropy, done: int, width: int) -> None:
    page.line()
    put_facts(page, [("cross-entropy", f"the loss L = {unicode(loss.loss)} of one example with labels y", "read")], width)
    page.line()
    put_steps(page, loss.steps, width, results=[len(loss.steps) - 1], start=done + 1)
    page.line()
    facts = [("gradient", f"∂L/∂z = {unicode(loss.gradient)}, where {loss.assumption} was used", "formula")]
    facts += [("note", note, "note") for note in loss.notes]
    if loss.confirmation:
        facts.append(("confirmed", confirmation_text(loss.confirmation), "confirmed"))
    put_facts(page, facts, width)


def _jacobian_latex(proof: Proof) -> str:
    """J, and its entries for few classes."""
    rows = r" \\ ".join(" & ".join(map(latex, row)) for row in proof.explicit)
    explicit = rf" = \begin{{bmatrix}} {rows} \end{{bmatrix}} \quad (K = {len(proof.explicit)})" if proof.explicit else ""
    return f"J = {latex(proof.jacobian)}{explicit}"


def _gradient_latex(loss: CrossEntropy) -> str:
    return rf"\frac{{\partial L}}{{\partial z}} = {latex(loss.gradient)}"


def markdown_view(proof: Proof) -> str:
    """The proof as Markdown with LaTeX formulas."""
    lines = ["## The derivative of softmax", "", *steps_markdown(proof.steps), "", f"$$ {_jacobian_latex(proof)} $$", ""]
    lines += [f"{note}\n" for note in proof.notes]
    if proof.confirmation:
        lines.append(f"*confirmed: {confirmation_text(proof.confirmation)}*")
    if proof.cross_entropy:
        loss = proof.cross_entropy
        lines += ["", "## With the cross-entropy", "", *steps_markdown(loss.steps, len(proof.steps) + 1), "",
                  f"$$ {_gradient_latex(loss)} $$", "", *(f"{note}\n" for note in loss.notes)]
        if loss.confirmation:
            lines.append(f"*confirmed: {confirmation_text(loss.confirmation)}*")
    return "\n".join(lines)


def latex_view(proof: Proof) -> str:
    """The proof as LaTeX, to be put into a document with amsmath."""
    lines = [steps_latex(proof.steps), rf"\[ {_jacobian_latex(proof)} \]", *map(latex_text, proof.notes)]
    if proof.confirmation:
        lines.append(f"% confirmed: {confirmation_text(proof.confirmation)}")
    if proof.cross_entropy:
        loss = proof.cross_entropy
        lines += [steps_latex(loss.steps), rf"\[ {_gradient_latex(loss)} \]", *map(latex_text, loss.notes)]
        if loss.confirmation:
            lines.append(f"% confirmed: {confirmation_text(loss.confirmation)}")
    return "\n".join(lines)
