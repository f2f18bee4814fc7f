"""The answer to a problem about a network, by the views of `hwcheck network`; `hwcheck solve` shows it."""

from __future__ import annotations

from collections.abc import Iterator

from ..derivations.notation.spellings import Style
from ..derivations.problems.network_answers import NetworkAnswer
from ..derivations.regions.region_text import number_text
from .network_report import Found, Report, Section, Words
from .network_views import latex_view, markdown_view, text_page
from .step_views import columns
from .terminal import Page

TITLE = "A network"


def sections(found: NetworkAnswer, style: Style, all_steps: bool = False) -> list[Section]:
    """What is shown: the passes, and every part that the problem asks for."""
    shown = Found(found.passes, found.names, found.values, found.descent, found.unchanged, found.decisions, tuple(_regions(found)))
    return [*Report(shown, style, all_steps).sections(), *_case(found)]


def _regions(found: NetworkAnswer) -> Iterator[str]:
    """Where the unit that is asked about switches; all regions where none is named."""
    if found.regions is None:
        return
    lines = found.regions.lines()
    if found.unit is None:
        yield from lines
        return
    yield lines[0]
    yield from (line for line in lines[1:] if line.lstrip().startswith(f"z{_lowered(found.unit)}⁽¹⁾"))


def _lowered(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _case(found: NetworkAnswer) -> list[Section]:
    if found.case is None or found.total is None:
        return []
    title = f"where the hidden values have the sum {number_text(found.total)}"
    return [Section(title, "", tuple(Words(line) for line in found.case.lines()))]


def page(found: NetworkAnswer, all_steps: bool = False) -> Page:
    """The answer on the terminal."""
    return text_page(sections(found, Style.UNICODE, all_steps), columns())


def markdown(found: NetworkAnswer, all_steps: bool = False) -> str:
    """The same as Markdown."""
    return markdown_view(sections(found, Style.LATEX, all_steps), TITLE)


def latex(found: NetworkAnswer, all_steps: bool = False) -> str:
    """The same as LaTeX."""
    return latex_view(sections(found, Style.LATEX, all_steps), TITLE)


__all__ = ["latex", "markdown", "page", "sections"]
