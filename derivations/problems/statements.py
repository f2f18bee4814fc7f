"""What a problem states and asks, in formulas and words, for whoever has to answer it: no answer is derived here.

Formulas are LaTeX where they can be read, and else stand as the author of the set wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import HwcheckError
from ..notation.name_writer import spelled
from ..notation.spellings import Style
from ..notation.writer import write
from ..reader.reading import Reading, Symbol, read
from ..sizes import Shape, Size
from .problems import Problem


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula: `latex` is empty where `written`, the author's text, could not be read."""

    latex: str
    written: str


@dataclass(frozen=True, slots=True)
class Named:
    """A symbol, in LaTeX, and its shape: rows and columns, or more sizes."""

    latex: str
    sizes: Shape


@dataclass(frozen=True, slots=True)
class Statement:
    """The parts of what is stated: the function, definitions, symbols with shapes, further facts by name, and what is asked.

    `boxes` are options to tick.
    """

    function: Formula | None
    definitions: tuple[Formula, ...]
    symbols: tuple[Named, ...]
    facts: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]
    by: str
    boxes: tuple[str, ...]


def statement(problem: Problem) -> Statement:
    """What a problem states.

    >>> from .problems import find
    >>> stated = statement(find("jhu-2024/2.4")[1][0])
    >>> stated.function.latex, [(s.latex, s.sizes) for s in stated.symbols]
    ('f(w) = Xw', [('X', ('n', 'd')), ('w', ('d', 1))])
    """
    function, definitions, symbols = _formulas(problem)
    by = spelled(problem.wrt, Style.LATEX) if problem.wrt else ""
    boxes = (*problem.options, *problem.asked_of_network.conditions)
    return Statement(function, definitions, symbols, _facts(problem), problem.asked, by, boxes)


def _formulas(problem: Problem) -> tuple[Formula | None, tuple[Formula, ...], tuple[Named, ...]]:
    if not problem.function or problem.kind in ("activation", "initialisation"):  # the name of an activation is a fact
        return None, (), ()
    shapes: dict[str, Shape] = dict(problem.shapes) or dict.fromkeys(problem.point, ())
    seen: dict[str, Named] = {}
    definitions = []
    given = set(problem.definitions)
    for name, text in list(problem.definitions.items())[::-1]:  # those that others are made of stand last
        reading = _read(text, shapes, problem.definitions)
        if reading is not None:
            shapes[name] = reading.body.shape or ()
    for name, text in problem.definitions.items():
        reading = _read(text, {n: s for n, s in shapes.items() if n != name}, {})
        latex = f"{spelled(name, Style.LATEX)} = {_latex(reading)}" if reading else ""
        definitions.append(Formula(latex, f"{name} = {text}"))
        seen |= _named(reading, given)
    reading = _read(problem.function, shapes, {})
    function = Formula(_latex(reading) if reading else "", problem.function)
    return function, tuple(definitions), tuple((_named(reading, given) | seen).values())


def _read(text: str, shapes: Mapping[str, Shape], definitions: Mapping[str, str]) -> Reading | None:
    try:
        return read(text, shapes=shapes, definitions=definitions)
    except HwcheckError:
        return None


def _latex(reading: Reading) -> str:
    parameters = ", ".join(spelled(p, Style.LATEX) for p in reading.parameters)
    name = (reading.function or "") + (f"({parameters})" if parameters else "")
    return (f"{name} = " if reading.function else "") + write(reading.body, Style.LATEX)


def _named(reading: Reading | None, given: set[str]) -> dict[str, Named]:
    symbols: tuple[Symbol, ...] = reading.symbols if reading else ()
    return {s.name: Named(spelled(s.name, Style.LATEX), s.shape) for s in symbols if s.name not in given}


def _facts(problem: Problem) -> tuple[tuple[str, str], ...]:
    """What else is given: the point, the network, numbers."""
    name = problem.function if problem.kind in ("activation", "initialisation") else ""
    more = problem.asked_of_network
    facts = {
        "activation": name,
        "order of the derivative": "2" if problem.order == 2 else "",
        "point": ", ".join(f"{name} = {value}" for name, value in problem.point.items()),
        **{key: _value(value) for key, value in problem.network.items()},
        "learning rate": more.rate,
        "parameter": more.parameter,
        "hidden unit": more.unit,
        "sum of the hidden values": more.total,
        "wanted": f"output {problem.output}" if problem.output.isdigit() else problem.output,
        **dict(problem.given),
    }
    return tuple((key, value) for key, value in facts.items() if value)


def _value(value: Any) -> str:
    """A value of a network's description on one line.

    >>> _value([["0.4", "0.6"], ["1", "1"]]), _value(["2", "3"]), _value("relu")
    ('[[0.4, 0.6], [1, 1]]', '2, 3', 'relu')
    """
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_value(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        bare = all(isinstance(inner, str) for inner in value)
        return ", ".join(map(str, value)) if bare else "[" + ", ".join(_bracketed(inner) for inner in value) + "]"
    return str(value)


def _bracketed(value: Any) -> str:
    return f"[{', '.join(map(_bracketed, value))}]" if isinstance(value, list) else str(value)


def shape_words(sizes: Shape, times: str = "×") -> str:
    """A shape in words.

    >>> shape_words(("n", "d")), shape_words(("d", 1)), shape_words((1, 1)), shape_words((1, "d"))
    ('n × d', 'a column of length d', 'a number', 'a row of length d')
    """
    kept: list[Size] = [s for s in sizes if s != 1]
    if not kept:
        return "a number"
    if len(kept) == 1 and len(sizes) <= 2:
        return f"a {'row' if len(sizes) == 2 and sizes[0] == 1 else 'column'} of length {kept[0]}"
    return f" {times} ".join(str(s) for s in sizes)


__all__ = ["Formula", "Named", "Statement", "shape_words", "statement"]
