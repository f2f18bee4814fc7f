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
line. This module knows what a file looks like and which keys exist; what the keys are for is said in `problems`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, NamedTuple, NoReturn

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..elements.sampling import DOMAINS
from ..errors import ProblemSetError
from ..sizes import Shape, Size

LONGEST = 1_000_000  # characters in a file
_HEADING = re.compile(r"(?P<id>\d+(?:\.\d+)*[a-z]?)\s+(?P<title>\S.*)")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SIZE = re.compile(r"[1-9]\d{0,8}|[A-Za-z]\w{0,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, for messages."""

    file: str
    line: int

    def fail(self, sentence: str) -> NoReturn:
        """Raises the error that names this place."""
        raise ProblemSetError(f"{self}: {sentence}")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a key, read as its type, and where the key stands."""

    value: Any
    place: Place


Fields = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next heading; `parent` is the place of the section around it."""

    id: str
    title: str
    text: str
    fields: Fields
    place: Place
    parent: int | None


@dataclass(frozen=True, slots=True)
class SetFile:
    """A file in its parts: the head, and every heading in order."""

    file: str
    head: Fields
    text: str
    sections: tuple[Section, ...]


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The nearest known word, as the end of a sentence, or nothing.

    >>> did_you_mean("funtion", ["function", "wrt"]), did_you_mean("zzz", ["wrt"])
    ('; did you mean “function”?', '.')
    """
    close = get_close_matches(word, list(known), n=1, cutoff=likeness)
    return f"; did you mean “{close[0]}”?" if close else "."


def shortened(text: str) -> str:
    """A text that somebody typed, fit to stand in a sentence.

    >>> shortened("a" * 100 + "\\x07")[-2:], shortened("b\\x07")
    ('a…', 'b�')
    """
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:60])
    return shown + "…" if len(text) > 60 else shown


def listed(words: Iterable[str]) -> str:
    """Words as a sentence lists them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


# -- values: each reader takes a YAML node and its place, and gives the value or fails ---------------------------------

Reader = Callable[[str, yaml.Node, Place], Any]


def _text(key: str, node: yaml.Node, place: Place) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        place.fail(f"“{key}” is a text.")
    return str(node.value).strip()


def _texts(key: str, node: yaml.Node, place: Place) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if any(not isinstance(n, yaml.ScalarNode) for n in nodes):
        place.fail(f"“{key}” is a list of texts; a text with a colon in it stands in quotes.")
    return tuple(_text(key, n, place) for n in nodes)


def _plain(key: str, node: yaml.Node, place: Place) -> Any:
    """A value of any build, mappings and lists of texts, for a reader elsewhere."""
    if isinstance(node, yaml.MappingNode):
        return {name: _plain(f"{key}: {name}", value, at) for name, value, at in _pairs(key, node, place)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(key, each, place) for each in node.value]
    return _text(key, node, place)


def _mapping(key: str, node: yaml.Node, place: Place) -> dict[str, Any]:
    return {name: _plain(f"{key}: {name}", value, at) for name, value, at in _pairs(key, node, place)}


def _one_of(choices: Iterable[str]) -> Reader:
    known = tuple(choices)

    def reader(key: str, node: yaml.Node, place: Place) -> str:
        word = _text(key, node, place)
        if word not in known:
            place.fail(f"“{key}” is {' or '.join(known)}, not “{word}”{did_you_mean(word, known)}")
        return word

    return reader


def _by_name(reader: Reader) -> Reader:
    def read(key: str, node: yaml.Node, place: Place) -> dict[str, Any]:
        return {name: reader(f"{key}: {name}", value, at) for name, value, at in _pairs(key, node, place)}

    return read


def _shape(key: str, node: yaml.Node, place: Place) -> Shape:
    """[n, d]; sizes are names or whole numbers, and [] is a number."""
    if not isinstance(node, yaml.SequenceNode):
        place.fail(f"“{key}” is a list of sizes: [n, d] for a matrix, [d] for a column, [] for a number.")
    sizes = _texts(key, node, place)
    for size in sizes:
        if not _SIZE.fullmatch(size):
            place.fail(f"“{key}”: a size is a name or a whole number, not “{size}”.")
    return tuple(_size(s) for s in sizes)


def _size(text: str) -> Size:
    return int(text) if text.isdigit() else text


def _domain(key: str, node: yaml.Node, place: Place) -> str:
    word = _text(key, node, place)
    if word not in DOMAINS:
        place.fail(f"“{key}”: the domain “{word}” is not known{did_you_mean(word, DOMAINS)}")
    return word


def _name(key: str, node: yaml.Node, place: Place) -> str:
    word = _text(key, node, place)
    if not _NAME.fullmatch(word):
        place.fail(f"“{key}” is made of small letters, digits and hyphens, not “{word}”.")
    return word


LAYOUT_KEY: dict[str, Reader] = {"layout": _one_of(("numerator", "denominator"))}

# The keys of the head, and those of a block; `problems` says which a kind of problem wants.
HEAD: dict[str, Reader] = {
    "set": _name, "title": _text, "symbols": _by_name(_shape), "conventions": _texts, "misprints": _texts, **LAYOUT_KEY,
}  # fmt: skip
BLOCK: dict[str, Reader] = {
    "kind": _text,
    "asked": _texts,
    "notes": _texts,
    "misprints": _texts,
    "reason": _text,
    "function": _text,
    "wrt": _text,
    "shapes": _by_name(_shape),
    "domains": _by_name(_domain),
    "definitions": _by_name(_text),
    "order": _one_of(("1", "2")),
    "point": _by_name(_text),
    "with": _one_of(("cross-entropy",)),
    "demonstration": _text,
    "options": _by_name(_text),
    "given": _by_name(_text),
    "network": _mapping,
    "rate": _text,
    "parameter": _text,
    "conditions": _texts,
    "unit": _text,
    "sum": _text,
    "output": _text,
    **LAYOUT_KEY,
}


def _pairs(what: str, node: yaml.Node, place: Place) -> Iterator[tuple[str, yaml.Node, Place]]:
    """The entries of a mapping in order, each with its place; a key twice is an error (YAML would take the last)."""
    if not isinstance(node, yaml.MappingNode):
        place.fail(f"“{what}” maps names to values, as in “{what}: {{name: value}}”.")
    seen: set[str] = set()
    for key, value in node.value:
        at = Place(place.file, key.start_mark.line + 1)
        name = _text("a key", key, at)
        if name in seen:
            at.fail(f"“{name}” stands here a second time.")
        seen.add(name)
        yield name, value, at


def read_block(text: str, place: Place, keys: Mapping[str, Reader]) -> dict[str, Field]:
    """The fields of a YAML text whose first line stands at `place`."""
    root = _tree(text, place)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        Place(place.file, root.start_mark.line + 1).fail("A block is made of lines “key: value”.")
    fields = {}
    for key, node, at in _pairs("a block", root, place):
        if key not in keys:
            at.fail(f"The key “{key}” is not known{did_you_mean(key, keys)}")
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


def read_file(text: str, file: str) -> SetFile:
    """A file in its parts.

    Raises:
        ProblemSetError: with file, line and a sentence.
    """
    if len(text) > LONGEST:
        Place(file, 1).fail(f"A problem set has at most {LONGEST:,} characters.")
    lines = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body = _front_matter_end(lines, file)
    head = read_block("\n".join(lines[1 : body - 1]), Place(file, 2), HEAD)
    # blank lines for the front matter, so that Markdown counts the lines of the file
    tokens = MarkdownIt("commonmark").parse("\n".join([""] * body + lines[body:]))
    headings, blocks = list(_headings(tokens)), list(_blocks(tokens))
    first = headings[0].start if headings else len(lines)
    if blocks and blocks[0].start < first:
        Place(file, blocks[0].start + 1).fail(
            "This block stands before the first heading; what holds for all goes between the “---”."
        )
    sections = list(_sections(lines, headings, blocks, file))
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


def _sections(lines: Sequence[str], headings: Sequence[_Part], blocks: Sequence[_Part], file: str) -> Iterator[Section]:
    """Every heading with what stands below it; the numbers of headings are checked."""
    around: list[tuple[int, int, str]] = []  # the headings we are inside of: level, position, number
    numbered: dict[str, int] = {}
    for k, heading in enumerate(headings):
        place = Place(file, heading.start + 1)
        match = _HEADING.fullmatch(heading.text)
        if not match:
            place.fail(
                "A heading begins with the number of its problem, as in “## 2.4 Matrix times vector”, "
                f"not “{heading.text}”."
            )
        number = match["id"]
        if number in numbered:
            place.fail(f"Problem {number} stands in line {numbered[number]} already.")
        numbered[number] = place.line
        while around and around[-1][0] >= heading.level:
            around.pop()
        if around and not is_under(number, around[-1][2]):
            above = around[-1][2]
            place.fail(
                f"Problem {number} stands under the heading {above}; its number would begin with that, as in {above}.1."
            )
        stop = headings[k + 1].start if k + 1 < len(headings) else len(lines)
        own = [block for block in blocks if heading.start < block.start < stop]
        prose, fields = _section(lines, heading.end, stop, own, file)
        yield Section(number, match["title"], prose, fields, place, around[-1][1] if around else None)
        around.append((heading.level, k, number))


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


def _section(lines: Sequence[str], start: int, stop: int, blocks: Sequence[_Part], file: str) -> tuple[str, Fields]:
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
    return prose, read_block("\n".join(lines[opened + 1 : closed - 1]), Place(file, opened + 2), BLOCK)
