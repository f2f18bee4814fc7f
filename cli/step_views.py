"""Steps and labelled sentences as terminal lines, Markdown and LaTeX, for every command that prints a derivation.

Reasons are sentences with a little mathematics in Unicode; for LaTeX their signs are translated.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence

from ..derivations.elements.confirmation import Confirmation
from ..derivations.steps import Step
from .terminal import Page, is_plain

WIDEST, NARROWEST = 100, 40
_OPERATORS = "→=<>≤≥≈+−·/"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀᵏ"
_RAISED = dict(zip(_SUPERSCRIPTS, "0123456789+-niTk", strict=True)) | {"⁻": "-", "ᵀ": r"\top"}
_SIGNS = {
    "−": "-", "·": r"\cdot", "×": r"\times", "→": r"\to", "∞": r"\infty", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx",
    "′": "'", "∂": r"\partial", "Σ": r"\sum", "√": r"\surd", "δ": r"\delta", "σ": r"\sigma", "φ": r"\phi", "Φ": r"\Phi",
    "λ": r"\lambda", "α": r"\alpha", "±": r"\pm", "π": r"\pi", "∈": r"\in", "½": r"\tfrac12", "|": "|", "<": "<", ">": ">",
}  # fmt: skip


def columns() -> int:
    """Columns to write in: the terminal's, 100 in a pipe."""
    if not sys.stdout.isatty() and is_plain():
        return WIDEST
    return max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST))


def put_steps(page: Page, steps: Sequence[Step], width: int, results: Iterable[int] = (), start: int = 1) -> None:
    """Numbered lines: rule, formula, and the reason behind it or, where there is no room, below it.

    `results` are positions of steps that are shown as results.
    """
    results = set(results)
    rules = max((len(s.rule) for s in steps), default=0)
    indent = 5 + rules + 2
    last = left = ""
    for k, step in enumerate(steps):
        again = bool(last) and step.unicode_before == last
        left = left if again else step.unicode_before
        shown = " " * min(len(left), 12) if again else left
        rows = broken(f"{shown} = {step.unicode_after}", width - indent, len(shown) + 3)
        head = [(f"{k + start:>3}  ", "number"), (f"{step.rule:<{rules}}  ", "rule")]
        style = "result" if k in results else "formula"
        if step.why and len(rows) == 1 and indent + len(rows[0]) + 3 + len(step.why) <= width:
            page.line(*head, (rows[0], style), (f"   {step.why}", "why"))
        else:
            page.line(*head, (rows[0], style))
            for row in rows[1:]:
                page.line(" " * indent, (row, style))
            for row in wrapped(step.why, max(20, width - indent - 2)) if step.why else ():
                page.line(" " * (indent + 2), (row, "why"))
        last = step.unicode_after


def broken(formula: str, room: int, hang: int = 4) -> list[str]:
    """A formula in lines no longer than the room, broken before an operation, outside of brackets where one is in reach.

    >>> broken("f(x) = (a + b)(c + d) + (e + f)(g + h)", 30, 5)
    ['f(x) = (a + b)(c + d)', '     + (e + f)(g + h)']
    """
    room = max(room, 24)
    hang = min(hang, room // 3)
    rows: list[str] = []
    rest = formula
    while len(rest) > room:
        cut = _cut(rest, hang + 6, room)
        rows.append(rest[:cut].rstrip())
        rest = " " * hang + rest[cut:].lstrip()
    return [*rows, rest]


def _cut(text: str, least: int, most: int) -> int:
    """The last place before an operation that is in the fewest brackets; else the last space, else the end of the room."""
    depth, places = 0, []
    for k, c in enumerate(text[: most + 1]):
        depth += (c in "([{") - (c in ")]}")
        if k >= max(least, most // 2) and text[k : k + 3] in (" + ", " − ", " · ", " / "):
            places.append((depth, -k))
    if places:
        return -min(places)[1]
    space = text.rfind(" ", least, most)
    return space if space >= least else most


def wrapped(sentence: str, room: int) -> list[str]:
    """A sentence in lines; formulas stay whole where that is possible.

    >>> wrapped("it goes to 0 for x → −∞", 20)
    ['it goes to 0 for', 'x → −∞']
    """
    glued = re.sub(f" ([{_OPERATORS}]+) ", "\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", sentence)
    rows = textwrap.wrap(glued, room, break_long_words=False, break_on_hyphens=False)
    if any(len(row) > room for row in rows):
        rows = textwrap.wrap(sentence, room, break_long_words=False, break_on_hyphens=False)
    return [row.replace("\N{NO-BREAK SPACE}", " ") for row in rows] or [""]


def put_facts(page: Page, facts: Iterable[tuple[str, str, str]], width: int) -> None:
    """Rows of a label and a sentence, the sentences below each other: (label, sentence, style)."""
    facts = list(facts)
    indent = max(len(label) for label, _, _ in facts) + 2
    for label, sentence, style in facts:
        for k, row in enumerate(wrapped(sentence, max(24, width - indent))):
            page.line((f"{label if k == 0 else '':<{indent}}", "rule"), (row, style))


def steps_markdown(steps: Sequence[Step], start: int = 1) -> list[str]:
    """A table: number, rule, formula, reason."""
    rows = ["| | rule | | why |", "|--:|---|---|---|"]
    for number, step in enumerate(steps, start):
        formula = f"${step.before} = {step.after}$".replace("|", r"\vert ")
        rows.append(f"| {number} | {step.rule} | {formula} | {step.why.replace('|', chr(92) + '|')} |")
    return rows


def steps_latex(steps: Sequence[Step]) -> str:
    """An `align*` environment, one line a step, reasons behind."""
    rows, last = [], ""
    for step in steps:
        left = "" if step.before == last else step.before
        why = rf" && \text{{{latex_text(step.why)}}}" if step.why else ""
        rows.append(f"  {left} &= {step.after}{why}")
        last = step.after
    return "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}"


def latex_text(sentence: str) -> str:
    r"""A sentence for LaTeX's text mode: mathematical signs between dollars, special characters escaped.

    >>> print(latex_text("u′ = −1, δ_ij, x² ≤ 5 %"))
    u$'$ = $-$1, $\delta_{ij}$, x$^{2}$ $\leq$ 5 \%
    """
    pieces = re.split(r"([^\W\d_]_\w+)", sentence)
    return "".join(_subscripted(piece) if k % 2 else _in_text(piece) for k, piece in enumerate(pieces))


def _subscripted(name: str) -> str:
    base, sub = name.split("_", 1)
    return f"${_SIGNS.get(base, base)}_{{{sub}}}$"


def _in_text(text: str) -> str:
    text = re.sub(r"[&%$#_{}]", lambda m: "\\" + m[0], text).replace("^", r"\^{}")
    text = re.sub(f"[{_SUPERSCRIPTS}]+", lambda m: f"$^{{{''.join(_RAISED[c] for c in m[0])}}}$", text)
    return "".join(f"${_SIGNS[c]}$" if c in _SIGNS else c for c in text)


def confirmation_text(confirmation: Confirmation, points: str = "") -> str:
    """How JAX agreed: the largest relative difference of each mode, over how many points, at which sizes."""
    c = confirmation
    names = sorted({n for sizes in c.sizes for n in sizes})
    at = " and ".join(", ".join(f"{n} = {sizes[n]}" for n in names) for sizes in c.sizes)
    where = f" with {at}" if names else ""
    return f"jacfwd {difference_text(c.jacfwd)}   jacrev {difference_text(c.jacrev)}   {c.points} points{points}{where}, seed {c.seed}"


def difference_text(value: float) -> str:
    """A relative difference as it is printed: 0 where there is none."""
    return "0" if value == 0 else f"{value:.1e}"
