"""Values in the blocks of a problem set: reading a YAML node as the type that its key wants, and the words of messages.

Every scalar is kept as it is written (YAML would make 0.10 a number and `no` a truth value). A reader takes the key, the node
and its place, and gives the value or fails with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

import yaml

from ..elements.sampling import DOMAINS
from ..errors import ProblemSetError
from ..sizes import Shape, Size

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


class Faults:
    """Where the errors of a file go: the first one is raised, or all of them are gathered in `found`."""

    def __init__(self, gathering: bool = False):
        self.gathering = gathering
        self.found: list[ProblemSetError] = []

    @contextmanager
    def kept(self) -> Iterator[None]:
        """An error in here is gathered, and ends nothing but what is in here."""
        try:
            yield
        except ProblemSetError as error:
            if not self.gathering:
                raise
            self.found.append(error)


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a key, read as its type, and where the key stands."""

    value: Any
    place: Place


Fields = Mapping[str, Field]


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


# -- readers -----------------------------------------------------------------------------------------------------------

Reader = Callable[[str, yaml.Node, Place], Any]
T = TypeVar("T")


def read_text(key: str, node: yaml.Node, place: Place) -> str:
    """A text that says something."""
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        place.fail(f"“{key}” is a text.")
    return str(node.value).strip()


def read_texts(key: str, node: yaml.Node, place: Place) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if any(not isinstance(n, yaml.ScalarNode) for n in nodes):
        place.fail(f"“{key}” is a list of texts; a text with a colon in it stands in quotes.")
    return tuple(read_text(key, n, place) for n in nodes)


def _plain(key: str, node: yaml.Node, place: Place) -> Any:
    """A value of any build, mappings and lists of texts, for a reader elsewhere."""
    if isinstance(node, yaml.MappingNode):
        return {name: _plain(f"{key}: {name}", value, at) for name, value, at in pairs(key, node, place)}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(key, each, place) for each in node.value]
    return read_text(key, node, place)


def read_mapping(key: str, node: yaml.Node, place: Place) -> dict[str, Any]:
    """Names and values of any build."""
    return {name: _plain(f"{key}: {name}", value, at) for name, value, at in pairs(key, node, place)}


def one_of(choices: Iterable[str]) -> Reader:
    """A reader of one of these words."""
    known = tuple(choices)

    def reader(key: str, node: yaml.Node, place: Place) -> str:
        word = read_text(key, node, place)
        if word not in known:
            place.fail(f"“{key}” is {' or '.join(known)}, not “{shortened(word)}”{did_you_mean(word, known)}")
        return word

    return reader


def by_name(reader: Callable[[str, yaml.Node, Place], T]) -> Callable[[str, yaml.Node, Place], dict[str, T]]:
    """A reader of names, each with a value that `reader` reads."""
    def read(key: str, node: yaml.Node, place: Place) -> dict[str, T]:
        return {name: reader(f"{key}: {name}", value, at) for name, value, at in pairs(key, node, place)}

    return read


def read_options(key: str, node: yaml.Node, place: Place) -> dict[str, str]:
    """Options, each with what settles it; a list of options, which nothing settles, has empty texts there."""
    if isinstance(node, yaml.SequenceNode):
        return dict.fromkeys(read_texts(key, node, place), "")
    return by_name(read_text)(key, node, place)


def read_shape(key: str, node: yaml.Node, place: Place) -> Shape:
    """[n, d]; sizes are names or whole numbers, and [] is a number."""
    if not isinstance(node, yaml.SequenceNode):
        place.fail(f"“{key}” is a list of sizes: [n, d] for a matrix, [d] for a column, [] for a number.")
    sizes = read_texts(key, node, place)
    for size in sizes:
        if not _SIZE.fullmatch(size):
            place.fail(f"“{key}”: a size is a name or a whole number, not “{shortened(size)}”.")
    return tuple(_size(s) for s in sizes)


def _size(text: str) -> Size:
    return int(text) if text.isdigit() else text


def read_domain(key: str, node: yaml.Node, place: Place) -> str:
    """The name of a domain, such as positive."""
    word = read_text(key, node, place)
    if word not in DOMAINS:
        place.fail(f"“{key}”: the domain “{shortened(word)}” is not known{did_you_mean(word, DOMAINS)}")
    return word


def read_name(key: str, node: yaml.Node, place: Place) -> str:
    """The name of a set."""
    word = read_text(key, node, place)
    if not _NAME.fullmatch(word):
        place.fail(f"“{key}” is made of small letters, digits and hyphens, not “{shortened(word)}”.")
    return word


def pairs(what: str, node: yaml.Node, place: Place) -> Iterator[tuple[str, yaml.Node, Place]]:
    """The entries of a mapping in order, each with its place; a key twice is an error (YAML would take the last)."""
    if not isinstance(node, yaml.MappingNode):
        place.fail(f"“{what}” maps names to values, as in “{what}: {{name: value}}”.")
    seen: set[str] = set()
    for key, value in node.value:
        at = Place(place.file, key.start_mark.line + 1)
        name = read_text("a key", key, at)
        if name in seen:
            at.fail(f"“{shortened(name)}” stands here a second time.")
        seen.add(name)
        yield name, value, at


__all__ = [
    "Faults",
    "Field",
    "Fields",
    "Place",
    "Reader",
    "by_name",
    "did_you_mean",
    "listed",
    "one_of",
    "pairs",
    "read_domain",
    "read_mapping",
    "read_name",
    "read_options",
    "read_shape",
    "read_text",
    "read_texts",
    "shortened",
]
