"""A witness: a small point at which two answers differ, with both values, to be recomputed by hand.

Points are public and fixed: small whole numbers and fractions, from no seed of the judge, so that values shown say nothing
about the points that decide.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from ..derivations import Style, spelled_name
from ..derivations.elements.elements import Element
from ..derivations.elements.enclosures import Enclosures, is_exact, is_known, is_undefined
from ..derivations.elements.sampling import least_sizes, sizes_in
from ..derivations.sizes import Shape, names_in, value_of
from .equality.large_sizes import shrunk
from .equality.points import aimed, draw, switches
from .verdicts import Witness

_BITS = 192
_DIGITS = (6, 12, 25, 57)  # as few as tell both values apart
_MOST_SHOWN = 16
_SMALL = (Fraction(2), Fraction(-1), Fraction(3), Fraction(1, 2), Fraction(-2), Fraction(1), Fraction(-3), Fraction(4), Fraction(3, 2))
_COUNTING = tuple(Fraction(k) for k in range(1, 10))
_OTHER_SIGN = (Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-3), Fraction(1), Fraction(3), Fraction(-2))
_FRACTIONS = (Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(1, 3), Fraction(2, 3), Fraction(1, 5))
# Rows of numbers that suit a domain; what needs more structure is drawn.
_SUITABLE: dict[str, tuple[tuple[Fraction, ...], ...]] = {
    "any": (_COUNTING, _SMALL, _OTHER_SIGN), "nonzero": (_COUNTING, _SMALL, _OTHER_SIGN), "invertible": (_SMALL, _OTHER_SIGN),
    "positive": (_COUNTING, (*_FRACTIONS, *_COUNTING)), "nonnegative": (_COUNTING, _FRACTIONS),
    "unit": (_FRACTIONS, _FRACTIONS[::-1]), "unit_interval": (_FRACTIONS, _FRACTIONS[::-1]),
    "small": (_FRACTIONS, _FRACTIONS[::-1]), "posint": (_COUNTING, _COUNTING[1:]), "integer": (_COUNTING, _COUNTING[1:]),
    "plus_minus_one": ((Fraction(1), Fraction(-1), Fraction(-1)), (Fraction(-1), Fraction(1))),
    "binary": ((Fraction(1), Fraction(0), Fraction(0)), (Fraction(0), Fraction(1))),
}  # fmt: skip


def witness(expected: Element, answer: Element, domains: Mapping[str, str], *, expected_shape: Shape = (1, 1),
            answer_shape: Shape = (1, 1)) -> Witness | None:
    """The first public point at which the values differ (or the answer has none), or None where none was found.

    The shapes (rows, columns) say how a list of numbers is meant: as a row or as a column; where they differ, any point will do.
    """
    shapes = {n.value: n.shape for e in (expected, answer) for n in e.walk() if n.kind == "variable"}
    if (small := shrunk((expected, answer))) is not None:
        expected, answer = small
        shapes = {n.value: n.shape for e in small for n in e.walk() if n.kind == "variable"}
    counted = sorted({n.value for e in (expected, answer) for n in e.walk() if n.kind == "size" and isinstance(n.value, str)})
    with ctx.workprec(_BITS):
        for values, sizes in _points(expected, answer, shapes, domains):
            at = Enclosures(values, sizes)
            wanted, given = _entries(at(expected)), _entries(at(answer))
            if any(is_undefined(x) or not is_known(x) for x in wanted) or not (expected_shape != answer_shape or _differ(wanted, given)):
                continue
            shown = {spelled_name(name, Style.UNICODE): _array(v[0]) for name, v in values.items()}
            shown |= {name: str(sizes[name]) for name in counted if name in sizes}
            pairs = [(_said(at(answer), answer.shape, answer_shape, digits), _said(at(expected), expected.shape, expected_shape, digits))
                     for digits in _DIGITS]
            told = next((pair for pair in pairs if pair[0] != pair[1]), None)
            return Witness(shown, *(told or _entry_that_differs(wanted, given, answer.shape, sizes) or pairs[0]))
    return None


def _points(expected: Element, answer: Element, shapes: Mapping[str, Shape], domains: Mapping[str, str]) -> Iterator[
        tuple[dict[str, Any], dict[str, int]]]:
    """Public points, the simplest first: counting numbers, small fractions, switches, then drawn ones."""
    sizes = _small_sizes(expected, answer, shapes)
    rng = random.Random(2)
    for which in (0, 1, 2):
        yield _simple(shapes, sizes, domains, which, rng), sizes
    for switch in switches((expected, answer)):
        for five in aimed(switch, _simple(shapes, sizes, domains, 1, rng), sizes, domains, rng):
            for k in (2, 3, 1, 4, 0):
                yield {n: v[k : k + 1] for n, v in five.values.items()}, sizes
    for _ in range(12):
        yield draw(rng, shapes, sizes, domains, 1), sizes


def _entry_that_differs(wanted: Sequence[Any], given: Sequence[Any], axes: Shape, sizes: Mapping[str, int]) -> tuple[str, str] | None:
    """The first entry in which two large tensors differ."""
    extents = [value_of(s, sizes) for s in axes]
    for k, (x, y) in enumerate(zip(wanted, given, strict=False)):
        if _differ([x], [y]):
            place = ", ".join(str(int(i) + 1) for i in np.unravel_index(k, extents))
            return f"{numeral(y)} as the entry ({place})", f"{numeral(x)} as the entry ({place})"
    return None


def _small_sizes(expected: Element, answer: Element, shapes: Mapping[str, Shape]) -> dict[str, int]:
    """2, 3, 4, … for the size names, in the order of the alphabet; larger where an entry is picked."""
    mentioned = [s for shape in shapes.values() for s in shape]
    for n in (*expected.walk(), *answer.walk()):
        mentioned += sizes_in(n)
    names = sorted({name for s in mentioned for name in names_in(s)})
    least = least_sizes((expected, answer))
    sizes: dict[str, int] = {}
    for k, name in enumerate(names):
        sizes[name] = max(2 + k, least.get(name, 0))
    return sizes


def _simple(shapes: Mapping[str, Shape], sizes: Mapping[str, int], domains: Mapping[str, str], which: int, rng: random.Random) -> (
    dict[str, Any]
):
    """Small numbers for every variable, one after the other, so that no two variables are alike."""
    values, offset = {}, 0
    for name, shape in sorted(shapes.items()):
        extents = [value_of(s, sizes) for s in shape]
        rows = _SUITABLE.get(domains.get(name, "any"))
        if rows is None:
            values[name] = draw(rng, {name: shape}, sizes, domains, 1)[name]
            continue
        row = rows[which % len(rows)]
        count = prod(extents)
        flat = np.empty(count, dtype=object)
        flat[:] = [fmpq(row[(k + offset) % len(row)].numerator, row[(k + offset) % len(row)].denominator) for k in range(count)]
        values[name] = flat.reshape((1, *extents))
        offset += 1
    return values


def _entries(value: Any) -> list[Any]:
    return list(np.asarray(value, dtype=object).ravel())


def _differ(wanted: Sequence[Any], given: Sequence[Any]) -> bool:
    if len(wanted) != len(given) or any(is_undefined(y) for y in given):
        return True
    for x, y in zip(wanted, given, strict=True):
        if not (is_known(x) and is_known(y)):
            return False
        d = x - y
        if (d != 0) if is_exact(d) else not d.contains(0):
            return True
    return False


def _said(value: Any, axes: Shape, shape: Shape, digits: int) -> str:
    """A value in words: 3, the column (2, 4), [[1, 2], [3, 4]]."""
    array = np.asarray(value, dtype=object)
    if array.ndim > len(axes):
        array = np.asarray(array[0], dtype=object)
    text = _array(array, digits)
    if array.ndim == 1 and any(is_undefined(x) for x in array):
        return "not defined"
    if array.ndim != 1:
        return text
    return ("the row " if shape[0] == 1 != shape[1] else "the column ") + text


def _array(array: Any, digits: int = _DIGITS[0]) -> str:
    if not isinstance(array, np.ndarray) or array.ndim == 0:
        return numeral(array[()] if isinstance(array, np.ndarray) else array, digits)
    if array.size > _MOST_SHOWN:
        return f"a tensor of {' × '.join(map(str, array.shape))} entries, the first {numeral(array.ravel()[0], digits)}"
    inner = ", ".join(_array(x, digits) for x in array)
    return f"({inner})" if array.ndim == 1 else f"[{inner}]".replace("(", "[").replace(")", "]")


def numeral(x: Any, digits: int = _DIGITS[0]) -> str:
    """A number as it is shown: 3, −1/2, 0.731059.

    >>> numeral(fmpq(-1, 2))
    '−1/2'
    """
    if is_undefined(x):
        return "not defined"
    if not is_known(x):
        return "not known"
    if isinstance(x, int):
        x = fmpq(x)
    if is_exact(x) and len(str(x)) <= 12:
        return str(x).replace("-", "−")
    text: str = arb(x).str(digits, radius=False)
    text = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    return text.replace("-", "−")


__all__ = ["numeral", "witness"]
