"""Reading one problem set from its Markdown file: front matter, headings, a YAML block and a few sentences each.

    ---
    set: my-set                      # front matter: what holds for the whole set
    title: Warm-up
    layout: numerator
    symbols: {X: [n, d], w: [d]}
    ---
    ## 2 Jacobians                   # a section: its block is inherited by what stands under it

    ### 2.1 Matrix times vector      # no further heading under it, so a problem

    What is asked, in one's own words.

    ```yaml
    kind: jacobian
    function: f(w) = Xw
    ```

Every scalar is kept as it is written (YAML would make 0.10 a number and `no` a truth value), and everything knows its
line. This module knows what a file looks like and which keys exist; what the keys are for is said in `kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from .rubrics import LAYOUTS, read_earns, read_examples, read_mistakes, read_points
from .values import (
    Faults,
    Field,
    Fields,
    Place,
    Reader,
    by_name,
    did_you_mean,
    one_of,
    pairs,
    read_domain,
    read_mapping,
    read_name,
    read_options,
    read_shape,
    read_text,
    read_texts,
    shortened,
)

LONGEST = 1_000_000  # characters in a file
_HEADING = re.compile(r"(?P<id>\d+(?:\.\d+)*[a-z]?)\s+(?P<title>\S.*)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next heading; `parent` is the place of the section around it.

    `faulty` says that something in its block could not be read and is missing from `fields`.
    """

    id: str
    title: str
    text: str
    fields: Fields
    place: Place
    parent: int | None
    faulty: bool = False


@dataclass(frozen=True, slots=True)
class SetFile:
    """A file in its parts: the head, and every heading in order."""

    file: str
    head: Fields
    text: str
    sections: tuple[Section, ...]


_SHARED: dict[str, Reader] = {"layout": one_of(("numerator", "denominator")), "layouts": one_of(LAYOUTS), "known_by": read_texts}

# The keys of the head, and those of a block; `kinds` says which a kind of problem wants.
HEAD: dict[str, Reader] = {
    "set": read_name, "title": read_text, "symbols": by_name(read_shape), "conventions": read_texts, "misprints": read_texts, **_SHARED,
}  # fmt: skip
BLOCK: dict[str, Reader] = {
    "kind": read_text,
    "asked": read_texts,
    "notes": read_texts,
    "misprints": read_texts,
    "reason": read_text,
    "function": read_text,
    "wrt": read_text,
    "shapes": by_name(read_shape),
    "domains": by_name(read_domain),
    "definitions": by_name(read_text),
    "order": one_of(("1", "2")),
    "point": by_name(read_text),
    "with": one_of(("cross-entropy",)),
    "demonstration": read_text,
    "options": read_options,
    "choose": one_of(("one", "several")),
    "given": by_name(read_text),
    "network": read_mapping,
    "rate": read_text,
    "parameter": read_text,
    "conditions": read_texts,
    "unit": read_text,
    "sum": read_text,
    "output": read_text,
    "points": read_points,
    "earns": read_earns,
    "mistakes": read_mistakes,
    "examples": read_examples,
    **_SHARED,
}


def read_block(text: str, place: Place, keys: Mapping[str, Reader], faults: Faults | None = None) -> dict[str, Field]:
    """The fields of a YAML text whose first line stands at `place`; gathered errors leave out their key alone."""
    faults = faults or Faults()
    root = _tree(text, place)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        Place(place.file, root.start_mark.line + 1).fail("A block is made of lines “key: value”.")
    fields = {}
    with faults.kept():
        for key, node, at in pairs("a block", root, place):
            with faults.kept():
                if key not in keys:
                    at.fail(f"The key “{shortened(key)}” is not known{did_you_mean(key, keys)}")
                fields[key] = Field(keys[key](key, node, at), at)
    return fields


def _tree(text: str, place: Place) -> yaml.Node | None:
    """The YAML nodes: safe_load's own first half, which keeps the lines, and every scalar as it was written."""
    try:
        loader = yaml.SafeLoader(text)
        loader.line = place.line - 1  # so that marks count the lines of the file
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Place(place.file, mark.line + 1) if mark else place
        at.fail(
            f"This is no YAML: {error.problem or error.context}. A text with “: ” or “ #” in it, or one that begins "
            "with a sign such as [ | { or *, stands in single quotes."
        )
    except (yaml.YAMLError, RecursionError) as error:
        place.fail(f"This is no YAML: {str(error).splitlines()[0]}.")


# -- the file ----------------------------------------------------------------------------------------------------------


def read_file(text: str, file: str, faults: Faults | None = None) -> SetFile:
    """A file in its parts; where errors are gathered in `faults`, whatever could be read.

    Raises:
        ProblemSetError: with file, line and a sentence.
    """
    faults = faults or Faults()
    if len(text) > LONGEST:
        Place(file, 1).fail(f"A problem set has at most {LONGEST:,} characters.")
    if not text.strip():
        Place(file, 1).fail("The file is empty; a problem set begins with a line “---”, then its head, then another “---”.")
    lines = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body = _front_matter_end(lines, file)
    head: Fields = {}
    with faults.kept():
        head = read_block("\n".join(lines[1 : body - 1]), Place(file, 2), HEAD, faults)
    # blank lines for the front matter, so that Markdown counts the lines of the file
    tokens = MarkdownIt("commonmark").parse("\n".join([""] * body + lines[body:]))
    headings, blocks = list(_headings(tokens)), list(_blocks(tokens))
    first = headings[0].start if headings else len(lines)
    with faults.kept():
        if blocks and blocks[0].start < first:
            Place(file, blocks[0].start + 1).fail(
                "This block stands before the first heading; what holds for all goes between the “---”."
            )
    sections = _sections(lines, headings, blocks, file, faults)
    return SetFile(file, head, "\n".join(lines[body:first]).strip(), tuple(sections))


class _Part(NamedTuple):
    """A heading or a block in Markdown: its lines from start to end, and its level and text, or its fence."""

    start: int
    end: int
    level: int
    text: str


def _headings(tokens: Sequence[Token]) -> Iterator[_Part]:
    for token, content in pairwise(tokens):
        if token.type == "heading_open" and token.map:
            yield _Part(token.map[0], token.map[1], int(token.tag[1:]), content.content.strip())


def _blocks(tokens: Iterable[Token]) -> Iterator[_Part]:
    for token in tokens:
        if token.type == "fence" and token.map and token.info.strip() in ("yaml", "yml"):
            yield _Part(token.map[0], token.map[1], 0, token.markup)


def _sections(lines: Sequence[str], headings: Sequence[_Part], blocks: Sequence[_Part], file: str, faults: Faults) -> list[Section]:
    """Every heading with what stands below it; the numbers of headings are checked."""
    around: list[tuple[int, int, str]] = []  # the headings we are inside of: level, position, number
    numbered: dict[str, int] = {}
    sections: list[Section] = []
    for k, heading in enumerate(headings):
        place, stop = Place(file, heading.start + 1), headings[k + 1].start if k + 1 < len(headings) else len(lines)
        with faults.kept():
            number, title = _numbered(heading, place, numbered)
            while around and around[-1][0] >= heading.level:
                around.pop()
            before = len(faults.found)
            prose, fields = "", dict[str, Field]()
            with faults.kept():
                if around and not is_under(number, around[-1][2]):
                    above = around[-1][2]
                    place.fail(f"Problem {number} stands under the heading {above}; its number would begin with that, as in {above}.1.")
                own = [block for block in blocks if heading.start < block.start < stop]
                prose, fields = _section(lines, heading.end, stop, own, file, faults)
            faulty = len(faults.found) > before
            sections.append(Section(number, title, prose, fields, place, around[-1][1] if around else None, faulty))
            around.append((heading.level, len(sections) - 1, number))
    return sections


def _numbered(heading: _Part, place: Place, numbered: dict[str, int]) -> tuple[str, str]:
    """The number of a heading, which no heading before it has, and its title."""
    match = _HEADING.fullmatch(heading.text)
    if not match:
        place.fail(f"A heading begins with the number of its problem, as in “## 2.4 Matrix times vector”, not “{shortened(heading.text)}”.")
    number = match["id"]
    if number in numbered:
        place.fail(f"Problem {number} stands in line {numbered[number]} already.")
    numbered[number] = place.line
    return number, match["title"]


def _front_matter_end(lines: Sequence[str], file: str) -> int:
    """How many lines the front matter takes, with both of its ---."""
    if not lines or lines[0].rstrip() != "---":
        Place(file, 1).fail("A problem set begins with a line “---”, then its head, then another “---”.")
    for k, line in enumerate(lines[1:], 2):
        if line.rstrip() == "---":
            return k
    Place(file, 1).fail("The head that begins here has no second line “---”.")


def is_under(number: str, section: str) -> bool:
    """Whether a number belongs to a section: 3.2 and 3.2a to 3, 3.2a to 3.2, but 3.21 not to 3.2."""
    rest = number.removeprefix(section)
    return rest != number and bool(rest) and not (section[-1].isdigit() and rest[0].isdigit())


def _section(
    lines: Sequence[str], start: int, stop: int, blocks: Sequence[_Part], file: str, faults: Faults
) -> tuple[str, dict[str, Field]]:
    """The prose between a heading and the next, and the fields of its block."""
    if len(blocks) > 1:
        Place(file, blocks[1].start + 1).fail(
            f"A heading has one block; the first stands in line {blocks[0].start + 1}."
        )
    if not blocks:
        return "\n".join(lines[start:stop]).strip(), {}
    opened, closed, _, fence = blocks[0]
    if closed - 1 == opened or not lines[closed - 1].strip().startswith(fence):
        Place(file, opened + 1).fail(f"The block that begins here has no second line “{fence}”.")
    prose = "\n".join([*lines[start:opened], *lines[closed:stop]]).strip()
    return prose, read_block("\n".join(lines[opened + 1 : closed - 1]), Place(file, opened + 2), BLOCK, faults)


__all__ = ["BLOCK", "HEAD", "LONGEST", "Section", "SetFile", "is_under", "read_block", "read_file"]
