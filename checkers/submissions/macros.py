r"""Commands that a file defines for itself (`\newcommand`, `\def`, `\DeclareMathOperator`), replaced by what they stand for.

Expansion is bounded in depth, in number and in length: a command that leads to itself stays as it is written. Lines keep
their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_DEFINITIONS = 500
LONGEST_BODY = 2_000  # characters
_DEEPEST = 8
_MOST_EXPANSIONS = 20_000
_MOST_GROWTH = 2**19  # characters

_COMMAND = re.compile(r"\\(?:([A-Za-z]+)(\*?)|.)", re.DOTALL)
_NEW = {"newcommand", "renewcommand", "providecommand", "DeclareRobustCommand"}
_OPERATOR = {"DeclareMathOperator"}
_NAME = re.compile(r"\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))\s*")
_PARAMETERS = re.compile(r"(?:#[1-9]){0,9}")
_COUNT = re.compile(r"\[\s*([0-9])\s*\]\s*")
_DEFAULT = re.compile(r"\[([^\[\]\n]{0,200})\]\s*")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_SLOT = re.compile(r"#([1-9])")


@dataclass(frozen=True, slots=True)
class Macro:
    """What a command stands for, with `#1` … in the place of its arguments; `default` is that of the first."""

    body: str
    arguments: int = 0
    default: str | None = None


@dataclass(slots=True)
class _Expansion:
    macros: dict[str, Macro] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    left: int = _MOST_EXPANSIONS
    room: int = _MOST_GROWTH


def expanded(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The text without its definitions and with its own commands replaced, and sentences that say so.

    >>> expanded(r"\newcommand{\R}[1]{\mathbb{R}^{#1}}$w \in \R{d}$")[0]
    '$w \\in \\mathbb{R}^{d}$'
    """
    if not any(f"\\{word}" in text for word in (*_NEW, *_OPERATOR, "def")):
        return text, ()
    state = _Expansion()
    out = _scan(text, state, 0)
    notes = []
    if state.used:
        notes.append(f"Commands of the file's own were replaced by what they stand for: {_shown(state.used)}.")
    if state.stuck:
        notes.append(f"Commands that lead to themselves, or to too much text, were left as they are: {_shown(state.stuck)}.")
    return out, tuple(notes)


def _scan(text: str, state: _Expansion, depth: int) -> str:
    out: list[str] = []
    place, pairs = 0, braces(text)
    while found := _COMMAND.search(text, place):
        out.append(text[place : found.start()])
        name, end = found[1] or "", found.end()
        defined = _definition(text, name, end, state, pairs) if depth == 0 else None
        if defined is not None:
            out.append("\n" * text.count("\n", found.start(), defined))
            place = defined
            continue
        call = _call(text, name, end - len(found[2] or ""), state, pairs) if name in state.macros else None
        if call is None or depth >= _DEEPEST or state.left <= 0 or state.room <= 0:
            if call is not None:
                state.stuck.add(name)
            out.append(found[0])
            place = end
            continue
        body, place = call
        state.left -= 1
        state.room -= len(body)
        state.used.add(name)
        out.append(_scan(body.replace("\n", " "), state, depth + 1) + "\n" * text.count("\n", found.start(), place))
    return "".join([*out, text[place:]])


def _definition(text: str, name: str, place: int, state: _Expansion, pairs: Mapping[int, int]) -> int | None:
    """Where a definition ends that begins here, which is then known; None where there is none."""
    if name not in _NEW and name not in _OPERATOR and name != "def":
        return None
    head = _NAME.match(text, place)
    if head is None or len(state.macros) >= MOST_DEFINITIONS:
        return None
    end, count, default = head.end(), 0, None
    if name == "def":
        slots = _PARAMETERS.match(text, end)
        count, end = (len(slots[0]) // 2, slots.end()) if slots else (0, end)
    elif name in _NEW and (number := _COUNT.match(text, end)):
        count, end = int(number[1]), number.end()
        if first := _DEFAULT.match(text, end):
            default, end = first[1], first.end()
    body = pairs.get(end)
    if body is None or body - end > LONGEST_BODY:
        return None
    inside = text[end + 1 : body - 1]
    inside = f"\\operatorname{{{inside}}}" if name in _OPERATOR else inside
    state.macros[head[1] or head[2]] = Macro(inside, count, default)
    return body


def _call(text: str, name: str, place: int, state: _Expansion, pairs: Mapping[int, int]) -> tuple[str, int] | None:
    """What a command with its arguments stands for, and where it ends; None where an argument is missing."""
    macro = state.macros[name]
    values: list[str] = []
    if macro.default is not None:
        given = _DEFAULT.match(text, place)
        values.append(given[1] if given else macro.default)
        place = given.end() if given else place
    while len(values) < macro.arguments:
        while place < len(text) and text[place] in " \t\n":
            place += 1
        end = pairs.get(place)
        if end is not None and end - place > _MOST_GROWTH:
            return None
        if end is not None:
            values.append(text[place + 1 : end - 1])
        elif place < len(text) and text[place] not in "{}$&":
            single = _COMMAND.match(text, place)
            end = single.end() if single else place + 1
            values.append(text[place:end])
        else:
            return None
        place = end
    body = _SLOT.sub(lambda m: values[int(m[1]) - 1] if int(m[1]) <= len(values) else m[0], macro.body)
    glue = " " if body[-1:].isalpha() and text[place : place + 1].isalpha() and "\\" in body else ""
    return body + glue, place


def braces(text: str) -> dict[int, int]:
    """The place after the closing brace, for every opening one that has one.

    >>> braces("{a{b}}c")
    {2: 5, 0: 6}
    """
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            pairs[opened.pop()] = found.end()
    return pairs


def _shown(names: set[str]) -> str:
    first = [f"\\{name}" for name in sorted(names)]
    return ", ".join(first[:8]) + (" and others" if len(first) > 8 else "")


__all__ = ["Macro", "braces", "expanded"]
