"""A description of a network as it was written: TOML or YAML in its parts, every scalar as its text, every key with its line.

Numbers are never floats here: 0.1 stays “0.1” and 1/2 stays “1/2”. Knows nothing of networks; what keys mean is said in
`descriptions.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NoReturn

import yaml

from ..errors import InputError, LimitError, NotationError

Kind = Literal["toml", "yaml"]
Plain = str | Sequence["Plain"] | Mapping[str, "Plain"]

LONGEST = 64 * 1024  # bytes in a file
_DEEPEST = 8
_MOST_DIGITS = 60
_SUFFIXES: dict[str, Kind] = {".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "yaml"}  # JSON is YAML, too
_TOML_LINE = re.compile(r"""\s*(\[|["']?[\w.-]+["']?\s*=)""")


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of a key, and where it stands: “net.toml:3”, “--layers”."""

    key: str
    value: Plain
    place: str

    def fail(self, sentence: str, error: type[InputError] = InputError) -> NoReturn:
        """Raises the error that names this place."""
        raise error(f"{self.place}: {sentence}")


Entries = Mapping[str, Entry]


def shortened(text: object) -> str:
    """What somebody typed, fit to stand in a sentence.

    >>> shortened("a" * 100)[-2:], shortened("b\\x07")
    ('a…', 'b�')
    """
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text)[:40])
    return shown + "…" if len(str(text)) > 40 else shown


def meant(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a question, or nothing.

    >>> meant("layer", ["layers", "loss"]), meant("zzz", ["loss"])
    (' Did you mean “layers”?', '')
    """
    close = get_close_matches(word[:60], list(known), n=1, cutoff=0.6)
    return f" Did you mean “{close[0]}”?" if close else ""


def read_entries(source: Path | str, kind: Kind | None = None, name: str = "") -> dict[str, Entry]:
    """The keys of a description with their values.

    Args:
        source: a file, or the text itself.
        kind: TOML or YAML; else by the ending of the file, or by how the text looks.
        name: how the text is called in messages.

    Raises:
        InputError: the file is missing, empty, no text, or no TOML or YAML; with file and line.
        LimitError: it is too large.

    >>> [(e.key, e.value) for e in read_entries("layers: [2, h]\\nmean: yes").values()]
    [('layers', ['2', 'h']), ('mean', 'yes')]
    """
    if isinstance(source, Path):
        name = name or source.name
        kind = kind or _SUFFIXES.get(source.suffix.lower())
        text = text_of(_bytes(source, name), name)
    else:
        name, text = name or "the description", text_of(source.encode("utf-8", "surrogateescape"), name or "the description")
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        raise InputError(f"{name}: There is nothing in it; a description has at least “layers” or “weights”.")
    kind = kind or ("toml" if _looks_like_toml(text) else "yaml")
    return _toml(text, name) if kind == "toml" else _yaml(text, name)


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST + 1)
    except FileNotFoundError:
        raise InputError(f"There is no file “{shortened(path)}”.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{shortened(name)} cannot be read: {getattr(error, 'strerror', None) or error}.") from None


def text_of(content: bytes, name: str) -> str:
    """The bytes of a description as text. Raises LimitError or InputError where they are too many or no text."""
    if len(content) > LONGEST:
        raise LimitError(f"{name}: A description has at most {LONGEST // 1024} KiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: This is no text in UTF-8 (byte {error.start + 1}); a description is TOML or YAML.") from None
    if "\0" in text:
        raise InputError(f"{name}: This is no text: it has a zero byte. A description is TOML or YAML.")
    return text


def _looks_like_toml(text: str) -> bool:
    first = next(line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))
    return bool(_TOML_LINE.match(first)) and not first.lstrip().startswith("[[")


# TOML


def _toml(text: str, name: str) -> dict[str, Entry]:
    try:
        root = tomllib.loads(text, parse_float=lambda number: number.replace("_", ""))
    except tomllib.TOMLDecodeError as error:
        raise NotationError(f"{name}: This is no TOML: {error}. Fractions and letters stand in quotes: \"1/2\".") from None
    except (ValueError, RecursionError) as error:
        raise NotationError(f"{name}: This is no TOML: {shortened(error)}.") from None
    return {key: Entry(key, _from_toml(value, f"{name}: “{shortened(key)}”"), _toml_place(text, name, key)) for key, value in root.items()}


def _from_toml(value: Any, place: str, depth: int = 0) -> Plain:
    if depth > _DEEPEST:
        raise LimitError(f"{place} has more than {_DEEPEST} levels of brackets.")
    if isinstance(value, list):
        return [_from_toml(v, place, depth + 1) for v in value]
    if isinstance(value, dict):
        return {k: _from_toml(v, place, depth + 1) for k, v in value.items()}
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        raise LimitError(f"{place} has a number of more than {_MOST_DIGITS} digits.")
    return str(value)


def _toml_place(text: str, name: str, key: str) -> str:
    """File and line; tomllib does not say lines, so the key is looked for at the beginning of one."""
    wanted = re.compile(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*[=.\]]""")
    line = next((k for k, row in enumerate(text.splitlines(), 1) if wanted.match(row)), None)
    return f"{name}:{line}" if line else name


# YAML


def _yaml(text: str, name: str) -> dict[str, Entry]:
    root = yaml_tree(text, name)
    if not isinstance(root, yaml.MappingNode):
        raise NotationError(f"{name}: A description is made of lines “key: value”, as in “layers: [2, 3, 1]”.")
    found: dict[str, Entry] = {}
    for key, value in root.value:
        place = f"{name}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            raise NotationError(f"{place}: A key is one word.")
        if key.value in found:
            raise NotationError(f"{place}: “{shortened(key.value)}” stands here a second time.")
        found[key.value] = Entry(key.value, from_yaml(value, f"{place}: “{shortened(key.value)}”"), place)
    return found


def yaml_tree(text: str, name: str) -> yaml.Node | None:
    """safe_load's own first half: the nodes, which know their lines and the text of every scalar."""
    try:
        return yaml.SafeLoader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}" if mark else name
        raise NotationError(f"{place}: This is no YAML: {error.problem or error.context}.") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise NotationError(f"{name}: This is no YAML: {str(error).splitlines()[0]}.") from None


def from_yaml(node: yaml.Node | None, place: str) -> Plain:
    """A node as texts in lists and mappings; an alias is refused, since a few of them can stand for a very large value."""
    return _from_yaml(node, place, set(), 0)


def _from_yaml(node: yaml.Node | None, place: str, seen: set[int], depth: int) -> Plain:
    if id(node) in seen:
        raise NotationError(f"{place} uses an alias (*name); write the value out.")
    if depth > _DEEPEST:
        raise LimitError(f"{place} has more than {_DEEPEST} levels of brackets.")
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_from_yaml(n, place, seen, depth + 1) for n in node.value]
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Plain] = {}
        for key, value in node.value:
            word = _from_yaml(key, place, seen, depth + 1)
            if not isinstance(word, str) or word in mapping:
                raise NotationError(f"{place} has a key that is no word, or the same key twice.")
            mapping[word] = _from_yaml(value, place, seen, depth + 1)
        return mapping
    return str(node.value).strip() if node is not None else ""


__all__ = ["LONGEST", "Entries", "Entry", "Kind", "Plain", "from_yaml", "meant", "read_entries", "shortened", "text_of", "yaml_tree"]
