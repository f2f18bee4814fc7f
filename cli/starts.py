"""How a network starts, zero or one constant everywhere, as terminal lines, Markdown and LaTeX; `hwcheck solve` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..derivations.notation.spellings import Style
from ..derivations.starts.initialisation import Claim, ConstantStart, Run, ZeroStart
from ..derivations.steps import Step
from .demonstrations import MARKS, latex_sentence, put_claim
from .step_views import columns, confirmation_text, put_facts, put_steps, steps_latex, steps_markdown, wrapped
from .terminal import Page

Start = ZeroStart | ConstantStart


def _about(found: Start) -> str:
    if isinstance(found, ZeroStart):
        return f"ŷ = W₂f(W₁x + b₁) + b₂ with f = {found.activation}, any loss ℓ; W₁, b₁, W₂ and b₂ are 0 at the start"
    return (f"ŷ = W₂f(W₁x + b₁) + b₂, any loss ℓ; all weights and biases are one number at the start; f = {found.activation} where a "
            "certain activation is meant")


def _groups(found: Start) -> Iterator[tuple[str, Sequence[Step]]]:
    """The lines of the proof with a title each."""
    if isinstance(found, ZeroStart):
        yield "forward, at the start", found.forward
        yield "the gradients at the start", [s for g in found.at_start for s in g.steps]
        yield "after every step", found.induction
        yield "what the squared loss of XOR converges to", found.limit
        return
    yield "units that are equal stay equal", found.equal.steps
    yield "on XOR the output depends on x₁ + x₂ only", found.effective.steps
    yield "such an output is not XOR", found.impossible
    yield "and has at least this squared error", found.bound
    yield "such an output can be XOR", found.possible.steps if found.possible else ()


def _runs(found: Start) -> Iterator[str]:
    """The runs of gradient descent in a sentence each."""
    runs: list[Run | None] = [found.run] if isinstance(found, ZeroStart) else [found.run, found.counterexample]
    for run in runs:
        if run is None:
            continue
        outputs = ", ".join(f"{y:.4g}" for y in run.outputs)
        said = "XOR is learned" if run.learned else "XOR is not learned"
        yield (f"{run.activation}, {run.units} hidden units, all {run.start}, rate {run.rate}, {run.steps} steps: ŷ = {outputs}, "
               f"mean squared error {run.loss:.4g}; {said}").replace("-", "−")


def text_view(found: Start) -> Page:
    """The proof as a student reads it: gradients, lines, runs, and what is true of the things that people say."""
    page, width = Page(), columns()
    put_facts(page, [("start", _about(found), "read")], width)
    page.line()
    put_facts(page, [("gradients", "   ".join(g.text() for g in found.general), "formula")], width)
    done = 0
    for title, steps in _groups(found):
        if steps:
            page.line()
            page.line((title, "rule"))
            put_steps(page, steps, width, start=done + 1)
            done += len(steps)
    page.line()
    put_facts(page, [(f"run {k}", run, "") for k, run in enumerate(_runs(found), 1)], width)
    page.line()
    for claim in found.claims:
        put_claim(page, f"  {MARKS[claim.holds]}", claim.text, claim.why, claim.holds, width)
    page.line()
    for note in found.notes:
        page.extend(wrapped(f"note: {note}", width), "note")
    put_facts(page, [("confirmed", confirmation_text(found.confirmation), "confirmed")], width)
    return page


def markdown_view(found: Start) -> str:
    """The same as Markdown."""
    lines = [f"## {_title(found)}", "", f"{_about(found)}.", "", *(f"- ${g.text(Style.LATEX)}$" for g in found.general), ""]
    for title, steps in _groups(found):
        lines += [f"### {title.capitalize()}", "", *steps_markdown(steps), ""] if steps else []
    lines += [*(f"- {run}" for run in _runs(found)), "", *(f"- {MARKS[c.holds]} **{c.text}**: {c.why}" for c in found.claims), ""]
    return "\n".join([*lines, *(f"{note}\n" for note in found.notes), f"*confirmed: {confirmation_text(found.confirmation)}*"])


def latex_view(found: Start) -> str:
    """The same as a LaTeX fragment."""
    lines = [rf"\subsection*{{{_title(found)}}}", latex_sentence(_about(found)), ""]
    lines += [rf"\[ {g.text(Style.LATEX)} \]" for g in found.general]
    for title, steps in _groups(found):
        lines += [rf"\subsubsection*{{{latex_sentence(title.capitalize())}}}", steps_latex(steps)] if steps else []
    lines += [f"{latex_sentence(run)}.\n" for run in _runs(found)]
    items = [rf"\item {_claim(c)}" for c in found.claims]
    lines += [r"\begin{itemize}", *items, r"\end{itemize}", *(f"{latex_sentence(note)}\n" for note in found.notes)]
    return "\n".join([*lines, f"% confirmed: {confirmation_text(found.confirmation)}"])


def _title(found: Start) -> str:
    return "Zero at the start" if isinstance(found, ZeroStart) else "One constant at the start"


def _claim(claim: Claim) -> str:
    return rf"\emph{{{'holds' if claim.holds else 'does not hold'}}}: {latex_sentence(claim.text)}. {latex_sentence(claim.why)}"


__all__ = ["Start", "latex_view", "markdown_view", "text_view"]
