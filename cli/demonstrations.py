"""Demonstrations and questions with options, as terminal lines, Markdown and LaTeX; `hwcheck solve` shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ..derivations.demonstrations.choices import Choices, Option
from ..derivations.demonstrations.claims import Claim, Demonstration, Table
from ..derivations.derivation import Derivation, spelled_name
from ..derivations.notation.spellings import Style
from .step_views import columns, latex_text, put_facts, wrapped
from .terminal import Page

MARKS = {True: "✓", False: "✗", None: "?"}
_WORDS = {True: "holds", False: "does not hold", None: "for a person"}


def text_view(found: Demonstration, said: Collection[str] = ()) -> Page:
    """A demonstration as a student reads it: the sentence, its derivatives, its numbers, and the claims that are not `said` yet."""
    page, width = Page(), columns()
    put_facts(page, [(found.title, found.sentence, "formula")], width)
    if found.derived:
        page.line()
        put_facts(page, [(about, f"{_function(d)}   →   {_result(d)}", "formula") for about, d in found.derived], width)
    if found.confirmations:
        put_facts(page, [("confirmed", _confirmed(found), "confirmed")], width)
    for table in found.tables:
        page.line()
        _put_table(page, table, width)
    more = _more(found, said)
    if more:
        page.line()
    for claim in more:
        put_claim(page, f"  {MARKS[claim.holds]}", claim.sentence, claim.why, claim.holds, width)
    return page


def _more(found: Demonstration, said: Collection[str]) -> list[Claim]:
    return [c for c in found.claims if c.name not in said]


def _said(found: Choices, demonstration: Demonstration) -> set[str]:
    """The claims of a demonstration that options have shown already."""
    rulings = (o.settled_by.partition("/") for o in found.options)
    return {claim for name, _, claim in rulings if name == demonstration.name}


def _function(d: Derivation) -> str:
    return f"{d.read_as(Style.UNICODE)} by {spelled_name(d.wrt, Style.UNICODE)}" if len(d.reading.symbols) > 1 else d.read_as(Style.UNICODE)


def _formula(d: Derivation) -> str:
    return rf"\displaystyle {d.read_as(Style.LATEX)} \;\to\; {d.matrix_latex or d.element}"


def _result(d: Derivation) -> str:
    return d.matrix or d.element


def _confirmed(found: Demonstration) -> str:
    """The largest difference to JAX over all derivatives of a demonstration."""
    worst = max(max(c.jacfwd, c.jacrev) for c in found.confirmations)
    return f"by JAX in both modes, largest relative difference {worst:.1e}" if worst else "by JAX in both modes, no difference"


def put_claim(page: Page, mark: str, sentence: str, why: str, holds: bool | None, width: int) -> None:
    """A claim with its mark, and below it why it holds or not."""
    style = {True: "confirmed", False: "wrong", None: "note"}[holds]
    for k, row in enumerate(wrapped(sentence, width - 4)):
        page.line((f"{mark} " if k == 0 else "    ", style), (row, "formula"))
    for row in wrapped(why, width - 4):
        page.line("    ", (row, "why"))


def _put_table(page: Page, table: Table, width: int) -> None:
    for row in wrapped(table.caption, width):
        page.line((row, "read"))
    widths = [max(len(row[k]) for row in (table.head, *table.rows)) for k in range(len(table.head))]
    for number, cells in enumerate((table.head, *table.rows)):
        line = "  ".join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True)).rstrip()
        page.line((f"  {line}", "rule" if number == 0 else ""))


def choices_view(found: Choices) -> Page:
    """Every option with its truth and what settles it, then the demonstrations behind them."""
    page, width = Page(), columns()
    last = ""
    for option in found.options:
        again = bool(option.settled_by) and option.settled_by == last
        why = "for the same reason" if again else _reason(option, found)
        put_claim(page, f"{option.letter} {MARKS[option.holds]}", option.words, why, option.holds, width)
        last = option.settled_by
    for each in found.demonstrations:
        page.line()
        page.lines += text_view(each, _said(found, each)).lines
    return page


def _reason(option: Option, found: Choices) -> str:
    """Why an option is right or wrong: the claim that settles it, whether that holds, and the computation."""
    claim = _claim(option, found)
    if claim is None:
        return f"for a person: {option.why}"
    return f"{claim.sentence} This {_WORDS[claim.holds]}: {claim.why}"


def _claim(option: Option, found: Choices) -> Claim | None:
    name, _, claim = option.settled_by.partition("/")
    return next((d.claim(claim) for d in found.demonstrations if d.name == name), None)


# -- Markdown and LaTeX ------------------------------------------------------------------------------------------------


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def markdown_view(found: Demonstration, said: Collection[str] = ()) -> str:
    """The same as Markdown."""
    lines = [f"## {found.title}", "", found.sentence, ""]
    lines += [f"- {about}: ${_formula(d)}$" for about, d in found.derived]
    if found.confirmations:
        lines += ["", f"*confirmed: {_confirmed(found)}*", ""]
    for table in found.tables:
        lines += [f"{table.caption}:", "", *_markdown_table(table.head, table.rows), ""]
    lines += [f"- {MARKS[c.holds]} **{c.sentence}** {c.why}" for c in _more(found, said)]
    return "\n".join(lines)


def _markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(map(_cell, row))} |" for row in (head, ["---"] * len(head), *rows)]


def choices_markdown(found: Choices) -> str:
    """The same as Markdown."""
    rows = [(o.letter, MARKS[o.holds], o.words, _reason(o, found)) for o in found.options]
    lines = [*_markdown_table(("", "", "option", "why"), rows), ""]
    return "\n".join([*lines, *("\n".join((markdown_view(d, _said(found, d)), "")) for d in found.demonstrations)])


def latex_view(found: Demonstration, said: Collection[str] = ()) -> str:
    """The same as a LaTeX fragment."""
    lines = [rf"\subsection*{{{latex_sentence(found.title)}}}", latex_sentence(found.sentence), ""]
    lines += [f"{latex_sentence(about)}: ${_formula(d)}$\n" for about, d in found.derived]
    for table in found.tables:
        lines += [f"{latex_sentence(table.caption)}:", "", *_latex_table(table.head, table.rows), ""]
    items = [rf"\item {_latex_holds(c.holds)}: {latex_sentence(c.sentence)} {latex_sentence(c.why)}" for c in _more(found, said)]
    return "\n".join([*lines, *([r"\begin{itemize}", *items, r"\end{itemize}"] if items else [])])


_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ", "0123456789ijk")
_MORE_SIGNS = {
    "ℓ": r"\ell", "ℒ": r"\mathcal{L}", "β": r"\beta", "η": r"\eta", "⊙": r"\odot", "⊘": r"\oslash", "⊕": r"\oplus", "‖": r"\|",
    "𝟙": r"\mathbb{1}", "𝟘": r"\mathbb{0}", "𝟏": r"\mathbf{1}", "ᴸ": "^{L}", "ᵗ": "^{t}", "⁽": "^{(}", "⁾": "^{)}", "…": r"\dots",
    "✓": r"\surd", "ŷ": r"\hat{y}", "½": r"\tfrac12",
}  # fmt: skip


def latex_sentence(text: str) -> str:
    """A sentence with formulas for LaTeX's text mode."""
    plain = re.sub("([^\\W\\d_])([₀-₉ᵢⱼₖ]+)", lambda m: f"{m[1]}_{m[2].translate(_SUBSCRIPTS)}", text)
    return "".join(f"${_MORE_SIGNS[c]}$" if c in _MORE_SIGNS else c for c in latex_text(plain))


def _latex_holds(holds: bool | None) -> str:
    return rf"\emph{{{_WORDS[holds]}}}"


def _latex_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    body = [" & ".join(map(latex_sentence, row)) + r" \\" for row in (head, *rows)]
    return [rf"\begin{{tabular}}{{{'l' * len(head)}}}", body[0], r"\hline", *body[1:], r"\end{tabular}"]


def choices_latex(found: Choices) -> str:
    """The same as a LaTeX fragment."""
    items = [rf"\item[{o.letter}] {_latex_holds(o.holds)}: {latex_sentence(o.words)}. {latex_sentence(_reason(o, found))}"
             for o in found.options]
    lines = [r"\begin{description}", *items, r"\end{description}"]
    return "\n".join([*lines, *(latex_view(d, _said(found, d)) for d in found.demonstrations)])


__all__ = [
    "MARKS", "choices_latex", "choices_markdown", "choices_view", "latex_sentence", "latex_view", "markdown_view", "put_claim", "text_view",
]  # fmt: skip
