"""Lines, half-planes, polygons and segments as people write them: x₁ + 2x₂ = 3, −1 ≤ x₁ < 1, from (0, 1) to (2, 0).

Denominators above a billion are shown as decimals of fifteen digits, as the builder of written forms has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from ..forms import building as b
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from .inequalities import Form, Relation, Sign
from .polygons import Line, Point, Segment, unsided


def closed(half: Line) -> bool:
    """For `conditions`: every edge counts."""
    return False


def letters_of(inputs: int) -> tuple[str, ...]:
    """The names of the inputs."""
    return ("x",) if inputs == 1 else tuple(f"x_{k}" for k in range(1, inputs + 1))


def form_text(form: Form, inputs: int, style: Style = Style.UNICODE) -> str:
    """A linear form of the inputs: 2x₁ − x₂ + 1/2."""
    return write(form.written(letters_of(inputs)), style)


def number_text(value: Fraction, style: Style = Style.UNICODE) -> str:
    """A number: −1/2."""
    return write(b.num(value), style)


def equation(line: Line, inputs: int, style: Style = Style.UNICODE) -> str:
    """A line as an equation, its coefficients whole and without a common factor.

    >>> equation((1, 2, -3), 2), equation((-2, 0, 1), 1)
    ('x₁ + 2x₂ = 3', 'x = 1/2')
    """
    return write(_relation(line, "=", inputs).written(letters_of(inputs)), style)


def inequality(half: Line, inputs: int, strict: bool = True, style: Style = Style.UNICODE) -> str:
    """A half-plane, or with `strict` its inside.

    >>> inequality((1, 0, -1), 2), inequality((-1, 1, 0), 2, strict=False)
    ('x₁ > 1', 'x₁ − x₂ ≤ 0')
    """
    above: Sign = ">" if strict else ">="
    below: Sign = "<" if strict else "<="
    return write(_relation(half, above if (half[0], half[1]) > (0, 0) else below, inputs).written(letters_of(inputs)), style)


def _relation(line: Line, sign: Sign, inputs: int) -> Relation:
    first, second, constant = unsided(line)
    factor = math.gcd(first, second)
    return Relation(Form(tuple(map(Fraction, (first // factor, second // factor)[:inputs]))), sign, Fraction(-constant, factor))


def conditions(halves: Iterable[Line], inputs: int, is_open: Callable[[Line], bool] = closed) -> list[str]:
    """What holds inside all half-planes; two that face each other are one condition. `is_open` says which edges do not count.

    >>> conditions([(1, 0, 1), (0, 1, -2), (-1, 0, 1)], 2, lambda half: half == (-1, 0, 1))
    ['−1 ≤ x₁ < 1', 'x₂ ≥ 2']
    """
    bounds: dict[tuple[int, int], dict[bool, Line]] = {}
    for half in halves:
        up = (half[0], half[1]) > (0, 0)
        factor = math.gcd(half[0], half[1]) * (1 if up else -1)
        bounds.setdefault((half[0] // factor, half[1] // factor), {})[up] = half
    rows = []
    for direction in sorted(bounds, reverse=True):
        both = bounds[direction]
        if len(both) == 1:
            rows += [inequality(half, inputs, is_open(half)) for half in both.values()]
        else:
            rows.append(_between(direction, both[True], both[False], inputs, is_open))
    return rows


def _between(direction: tuple[int, int], low: Line, high: Line, inputs: int, is_open: Callable[[Line], bool]) -> str:
    middle = form_text(Form(tuple(map(Fraction, direction[:inputs]))), inputs)
    least, most = (number_text(Fraction(-half[2], math.gcd(half[0], half[1]) * sign)) for half, sign in ((low, 1), (high, -1)))
    return f"{least} {'<' if is_open(low) else '≤'} {middle} {'<' if is_open(high) else '≤'} {most}"


def point_text(point: Sequence[Fraction]) -> str:
    """A point: (1/2, −3); with one input the number alone."""
    numbers = [number_text(c) for c in point]
    return f"({', '.join(numbers)})" if len(numbers) > 1 else numbers[0]


def segment_text(segment: Segment, inputs: int) -> str:
    """A part of a line, with its ends.

    >>> segment_text(Segment((1, 1, -2), Fraction(-1), None), 2)
    'x₁ + x₂ = 2 from (0, 2) on, towards (1, −1)'
    """
    line, start, end = equation(segment.line, inputs), segment.start, segment.end
    if inputs == 1 or (start is None and end is None):
        return line
    if start is not None and end is not None:
        return f"{line} from {point_text(min(start, end))} to {point_text(max(start, end))}"
    x, y = segment.direction if end is None else (-segment.direction[0], -segment.direction[1])
    here = start if start is not None else end
    assert here is not None
    return f"{line} from {point_text(here)} on, towards ({number_text(Fraction(x))}, {number_text(Fraction(y))})"


def segment_dict(segment: Segment, inputs: int) -> dict[str, object]:
    """For JSON: the line, and start, end and direction, null where there is no end; with one input the point alone."""
    line = equation(segment.line, inputs)
    if inputs == 1:
        return {"line": line, "x": str(Fraction(-segment.line[2], segment.line[0]))}
    ends = {"start": segment.start, "end": segment.end}
    return {"line": line, **{k: strings(p) if p is not None else None for k, p in ends.items()}, "direction": list(segment.direction)}


def strings(numbers: Sequence[Fraction]) -> list[str]:
    """Exact numbers for JSON."""
    return [str(n) for n in numbers]


def named(tree: Written) -> str:
    """A name in Unicode."""
    return write(tree, Style.UNICODE)


def cut_to(point: Point, inputs: int) -> tuple[Fraction, ...]:
    """A point of the plane as a point of the input."""
    return point[:inputs]


__all__ = ["closed", "conditions", "cut_to", "equation", "form_text", "inequality", "letters_of", "named", "number_text",
           "point_text", "segment_dict", "segment_text", "strings"]
