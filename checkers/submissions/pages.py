"""A file that was handed in, as a page of text: read by its name and by what stands in it.

Formats differ only here. A page has `\\n` between lines and formulas in dollars or environments of LaTeX; what was repaired
or left out on the way is said in its notes.
"""

from __future__ import annotations

from pathlib import Path

from ...derivations.errors import InputError
from .decoding import decoded
from .latex_pages import latex_text, without_comments
from .macros import expanded
from .markdown_pages import cleaned
from .notebooks import looks_like_notebook, notebook_text
from .repairs import repaired
from .safe_files import named, read_bytes
from .submissions import Format, Page
from .wrappings import unquoted, unwrapped

_SUFFIXES: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".tex": "latex",
    ".latex": "latex",
    ".ltx": "latex",
    ".ipynb": "notebook",
}


def read_page(path: Path, root: Path | None = None) -> Page:
    """The page that a file holds; `root` is the folder handed in, which no link may leave.

    Raises:
        InputError: not a plain file of text in UTF-8, empty, a broken notebook, changed while it was read.
        LimitError: larger than is read.
    """
    return page_of_bytes(read_bytes(path, root), str(path))


def page_of_bytes(data: bytes, file: str) -> Page:
    """The page that these bytes are, by the name of their file.

    Raises:
        InputError: as `read_page`.
    """
    suffix = Path(file).suffix.lower()
    text = decoded(data, named(file), suffix)
    return page_of(text, file, _SUFFIXES.get(suffix) or _guessed(text))


def page_of(text: str, file: str, format: Format) -> Page:
    r"""The page that a text is.

    Raises:
        InputError: nothing in it, a broken notebook, front matter with aliases.

    >>> page_of("\\section{1 Norms}", "a.tex", "latex").text
    '# 1 Norms'
    """
    places: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    name = named(file)
    if format == "notebook":
        text, places, left_out = notebook_text(text, name)
    text, healed = repaired(text)
    text, said = expanded(without_comments(text) if format == "latex" else text)
    if format == "latex":
        text, notes = latex_text(text)
    else:
        text, notes = cleaned(text)
        text = unquoted(text)
    text = unwrapped(text)
    if not text.strip():
        raise InputError(" ".join((f"{name} has nothing in it that could be graded.", *notes)))
    return Page(file, format, text, (*healed, *said, *left_out, *notes), places)


def _guessed(text: str) -> Format:
    """What a text without a telling name is."""
    if looks_like_notebook(text):
        return "notebook"
    if "\\begin{document}" in text or "\\documentclass" in text:
        return "latex"
    marks = ("\n# ", "\n## ", "\n### ", "\n```", "**")
    return "markdown" if any(mark in f"\n{text}" for mark in marks) else "text"


__all__ = ["page_of", "page_of_bytes", "read_page"]
