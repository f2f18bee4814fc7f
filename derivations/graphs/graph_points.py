"""The point at which a function is evaluated: "1, 3, 2" in the order of its inputs, or "x = 1, y = 3, z = 2".

A coordinate is a number as people write it: 2, −0.5, 1/3, 1e-3, e, π/2, ln 2, √2. It is read by the reader of all
formulas, kept exact, and has a value at any precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import HwcheckError, InputError, LimitError, NameUnknownError, NotationError, Span
from ..notation.names import Vocabulary, key_of
from ..notation.written import Written
from ..reader.reading import Reading, read
from .graph_building import Graph, graph_of
from .graph_passes import forward
from .graph_writing import Notation
from .values import Calculator, Value

Coordinate = str | int | float | Fraction
_PLAIN = re.compile(r"([+\-−]?)((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)(?:\s*/\s*(\d+))?\Z")
_NAMED = re.compile(r"([^=]*)=(.*)\Z", re.DOTALL)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Point:
    """A number for every input, each as a formula without inputs; `text` is what was typed."""

    coordinates: Mapping[str, Graph]
    text: str = ""

    def values(self, calculator: Calculator) -> dict[str, Value]:
        """The coordinates at the precision of a calculator."""
        return {name: forward(graph, calculator, {})[0][graph.output] for name, graph in self.coordinates.items()}


def point_of(graph: Graph, given: str | Mapping[str, Coordinate] | Sequence[Coordinate]) -> Point:
    """A point for the inputs of a graph. Raises InputError that names what is missing, unknown or unreadable."""
    names = [graph.nodes[i].name for i in graph.inputs]
    text = given if isinstance(given, str) else ""
    parts: list[tuple[str | None, str, Span | None]]
    if isinstance(given, str):
        parts = [_named(*item) for item in _items(given)]
    elif isinstance(given, Mapping):
        parts = [(name, _spelled(value), None) for name, value in given.items()]
    else:
        parts = [(None, _spelled(value), None) for value in given]
    try:
        chosen = _assigned(graph, names, parts)
        return Point({name: _coordinate(name, *chosen[name]) for name in names}, text or ", ".join(p[1] for p in parts))
    except HwcheckError as error:
        raise error.within(text) from None


def _spelled(value: Coordinate) -> str:
    return value if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)


def _items(text: str) -> list[tuple[str, Span]]:
    """The parts between commas that are not inside brackets, with their places; brackets around all of them go."""
    start, end = 0, len(text)
    stripped = text.strip()
    if stripped[:1] in ("(", "[") and stripped[-1:] in (")", "]") and _closes_last(stripped):
        start = text.index(stripped) + 1
        end = start + len(stripped) - 2
    if not text[start:end].strip():
        return []
    items, depth, begin = [], 0, start
    for place in range(start, end):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if text[place] in ",;" and depth <= 0:
            items.append((begin, place))
            begin = place + 1
    items.append((begin, end))
    return [(text[a:b].strip(), _trimmed(text, a, b)) for a, b in items]


def _closes_last(text: str) -> bool:
    """Whether the bracket at the front is closed by the one at the end."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if depth == 0:
            return place == len(text) - 1
    return False


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), max(end - (len(inner) - len(inner.rstrip())), start)


def _named(item: str, span: Span) -> tuple[str | None, str, Span | None]:
    match = _NAMED.match(item)
    return (match[1].strip(), match[2].strip(), span) if match else (None, item, span)


def _assigned(
    graph: Graph, names: Sequence[str], parts: Sequence[tuple[str | None, str, Span | None]]
) -> dict[str, tuple[str, Span | None]]:
    """Which part belongs to which input."""
    signature = f"{graph.function}({', '.join(_shown(n) for n in names)})"
    found: dict[str, tuple[str, Span | None]] = {}
    named = [p for p in parts if p[0] is not None]
    if named and len(named) < len(parts):
        raise InputError("Write a name before every number of --point, or before none.", span=_first(parts, None))
    if not named:
        if len(parts) > len(names):
            takes = f"takes {_count(len(names))}: {_listed(names)}" if names else "has no inputs"
            raise InputError(f"--point has {_count(len(parts))}, but {signature} {takes}.", span=parts[len(names)][2])
        found = {name: (text, span) for name, (_, text, span) in zip(names, parts, strict=False)}
    for name, text, span in named:
        key = _meant(name or "", names)
        if key is None:
            raise NameUnknownError(f"There is no “{name}” in {signature}.", span=span)
        if key in found:
            raise InputError(f"{_shown(key)} has two values in --point.", span=span)
        found[key] = (text, span)
    missing = [name for name in names if name not in found]
    if missing:
        verb = "has" if len(missing) == 1 else "have"
        order = " in this order" if len(names) > 1 else ""
        example = f"{_shown(names[0])}=…" if len(names) < 2 else f"{_shown(names[0])}=…, {_shown(names[1])}=…"
        raise InputError(f"{_listed(missing)} {verb} no value: --point needs {_listed(names)}{order}, or {example}")
    return found


def _meant(spelling: str, names: Sequence[str]) -> str | None:
    """The input that a spelling means: w1 and w_1 are the same, whichever of them was declared."""
    key, spelled = key_of(spelling), Vocabulary([spelling])
    return Vocabulary(names).find(key) or next((name for name in names if spelled.find(key_of(name))), None)


def _first(parts: Iterable[tuple[str | None, str, Span | None]], name: str | None) -> Span | None:
    return next((span for given, _, span in parts if given == name), None)


def _shown(name: str) -> str:
    return Notation().text(Written("name", value=name))


def _listed(names: Sequence[str]) -> str:
    shown = [_shown(n) for n in names]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _count(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


def _coordinate(name: str, text: str, span: Span | None) -> Graph:
    """One coordinate as a formula without inputs."""
    if not text:
        raise NotationError(f"The number for {_shown(name)} is missing in --point.", span=span)
    if len(text) > _LONGEST:
        raise LimitError(f"The number for {_shown(name)} is longer than {_LONGEST} characters.", span=span)
    match = _PLAIN.match(text)
    if match and (match[3] is None or int(match[3])):
        value = Fraction(match[2]) / int(match[3] or 1)
        return _literal(-value if match[1] in ("-", "−") else value)
    try:
        reading = read(text, scalars=True)
        if reading.function is None and not reading.symbols and reading.body.is_scalar:
            return graph_of(reading)
        reason = "write 2, −0.5, 1/3, e or √2."
    except HwcheckError as error:
        if isinstance(error, LimitError):
            raise LimitError(f"{_shown(name)} = {text}: {error.message}", span=span) from None
        reason = error.message
    raise NotationError(f"“{text}” is no number for {_shown(name)}: {reason}", span=span)


def _literal(value: Fraction) -> Graph:
    tree = Written("number", value=str(abs(value)))
    if value < 0:
        tree = Written("neg", (tree,))
    return graph_of(Reading("", None, (), tree, ()))
