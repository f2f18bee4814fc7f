"""Answers that are shapes: `(d, n)` held against `n × d`, or against `shape(XᵀXw)`, which is worked out here.

A shape is right when every axis is the same size, whatever the numbers; how it is written does not count. A length
alone, or an array with one axis, is no column: the message says what is missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...derivations.errors import HwcheckError, InputError, NotationError
from ...derivations.notation.written import Written
from ...derivations.reader.reading import Reading, read
from ...derivations.sizes import Shape, names_in
from ..quantities import Given
from ..verdicts import Evidence, Verdict
from .shape_axes import Axis, product
from .shape_reading import ReadShape, read_shape

_SHAPE_OF = re.compile(
    r"(?:\\(?:text|mathrm|operatorname|mathsf|textrm|mathtt|texttt)\s*\{\s*(?:shape|size|dim)\s*\}|\\dim|(?:np\.)?shape|size|dim)"
    r"(?:\s*\\left)?\s*(?:of\s+|(?=\())(?P<inner>.*)\Z",
    re.DOTALL | re.IGNORECASE,
)
_LONGEST = 4000

# Names that usually stand for a loss: numbers, where nothing else is known of them.
_LOSSES = ("L", "J", "E", "ell", "loss")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The expected shape. `outputs` counts the axes of the output where it is the shape of a derivative, else None."""

    shape: ReadShape
    outputs: int | None = None


def judged_shape(expected: str, answer: str, given: Given) -> Verdict:
    """The verdict on a shape, where the expected one is a shape too, or `shape(…)` of an expression or derivative.

    Raises InputError when the expected text cannot be read: that is no fault of the answer.

    >>> judged_shape("(n, d)", "d x n", Given()).message
    'Your shape is d × n; expected n × d: rows and columns are exchanged.'
    """
    sizes = frozenset(name for shape in given.shapes.values() for size in shape for name in names_in(size))
    wanted = wanted_shape(expected, given)
    known = sizes | frozenset(name for axis in wanted.shape.axes for name in axis.names)
    try:
        found = read_shape(answer, known)
        _check_names(found, wanted.shape, known, given)
        return _compared(wanted, found, expected, answer)
    except InputError as error:
        message = error.message if _measured(answer) is None else "The shape itself is asked for; write its sizes, such as n × d."
        return Verdict(answer, "unreadable", message, spans=(error.span,) if error.span else ())


def wanted_shape(expected: str, given: Given) -> Wanted:
    """The shape that a text states, or that of the expression in its `shape(…)`.

    >>> wanted_shape("shape(X^T X w)", Given({"X": ["n", "d"]})).shape.text
    'd × 1'
    """
    sizes = frozenset(name for shape in given.shapes.values() for size in shape for name in names_in(size))
    inner = _measured(expected)
    if inner is not None:
        try:
            return _of_expression(inner, given)
        except HwcheckError as error:
            reason = error
        try:
            return Wanted(read_shape(expected, sizes))
        except InputError:
            raise reason.within(inner) from None
    return Wanted(read_shape(expected, sizes))


def _measured(text: str) -> str | None:
    """The expression whose shape is asked: the inside of shape(…), or what stands before .shape."""
    if len(text) > _LONGEST or "=" in text:
        return None
    text = text.strip(" $\n\t")
    if text.endswith(".shape"):
        return text.removesuffix(".shape")
    match = _SHAPE_OF.match(text)
    if not match:
        return None
    opened = re.sub(r"\\left|\\right", "", match["inner"]).strip()
    return opened[1:-1] if _is_wrapped(opened) else opened


def _is_wrapped(text: str) -> bool:
    """Whether one pair of parentheses holds the whole text."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return character == ")" and place == len(text) - 1
    return False


def _of_expression(inner: str, given: Given) -> Wanted:
    try:
        reading = read(inner, shapes=given.shapes, definitions=given.definitions)
    except NotationError:
        losses = {n: () for n in _LOSSES if n not in given.definitions}
        reading = read(inner, shapes={**losses, **given.shapes}, definitions=given.definitions)
    body = reading.body
    if body.op != "derivative":
        return Wanted(_read_back(body.shape))
    upper, lower = body.args
    output, into = _axes(upper.shape), _axes(_lower_shape(reading, lower))
    if body.value == "denominator":
        return Wanted(_read_back(lower.shape if not output else (*into, *output)))
    if len(into) == 1 and not output:
        return Wanted(_read_back((1, *into)))
    if len(output) == 1 and not into:
        return Wanted(_read_back((*output, 1)))
    return Wanted(_read_back((*output, *into)), len(output))


def _lower_shape(reading: Reading, lower: Written) -> Shape:
    """The shape of what is differentiated by: a name of which nothing else is known has its usual one."""
    origins = {s.name: s.origin for s in reading.symbols}
    if lower.op == "name" and origins.get(str(lower.value)) == "usual" and reading.body.args[0].op == "name":
        return read(str(lower.value)).body.shape
    return lower.shape


def _axes(shape: Shape) -> Shape:
    """The axes of a shape without those of rows, columns and numbers."""
    return shape if len(shape) > 2 else tuple(size for size in shape if size != 1)


def _read_back(shape: Shape) -> ReadShape:
    sizes = frozenset(name for size in shape for name in names_in(size))
    return read_shape(f"({', '.join(str(size) for size in shape)})" if shape else "()", sizes)


def _check_names(found: ReadShape, wanted: ReadShape, known: frozenset[str], given: Given) -> None:
    """Refuse a matrix as a size, and a size that is right but for being a capital."""
    for axis in found.axes:
        for name in axis.names - known:
            if len(given.shapes.get(name, ())) > 0:
                raise NotationError(f"{name} is not a size; write the sizes of its axes, such as n × d.", span=axis.span)
    strangers = {name for axis in found.axes for name in axis.names if name not in known}
    meant = {name: name.swapcase() for name in strangers if name.swapcase() in known}
    if meant and meant.keys() == strangers and _renamed(found, meant).same_as(wanted):
        name = min(meant)
        axis = next(axis for axis in found.axes if name in axis.names)
        raise NotationError(f"There is no size {name} here. Did you mean {meant[name]}?", span=axis.span)


def _renamed(shape: ReadShape, names: dict[str, str]) -> ReadShape:
    return ReadShape(tuple(axis.renamed(names) for axis in shape.axes), shape.form, shape.span)


def _compared(wanted: Wanted, found: ReadShape, expected: str, answer: str) -> Verdict:
    want = wanted.shape
    if _fits(want, found):
        notes = _notes(want, found, expected, answer)
        return Verdict(answer, "right", f"Right: {_told(want)}.", Evidence("proved"), read_as=found.latex, notes=notes)
    diagnosis, message, spans = _mistake(wanted, found)
    return Verdict(answer, "wrong", message, Evidence("shape"), diagnosis, found.latex, spans)


def _fits(want: ReadShape, found: ReadShape) -> bool:
    """Whether the shape is right; a vector in ℝᵈ is a column, and also what an array with one axis holds."""
    if want.form in ("array", "length") and found.form == "vector":
        return want.axes[0].same_as(found.axes[0])
    return found.same_as(want)


def _told(shape: ReadShape) -> str:
    return "a number" if shape.is_number else shape.text


def _notes(want: ReadShape, found: ReadShape, expected: str, answer: str) -> tuple[str, ...]:
    notes = []
    if "".join(answer.split()) not in ("".join(expected.split()), "".join(want.text.split())):
        notes.append(f"“{answer.strip()}” is read as {_told(want)}.")
    if any(axis.floored for axis in (*want.axes, *found.axes)):
        notes.append("// is read as a division without remainder.")
    return tuple(notes)


_Mistake = tuple[str, str, tuple[tuple[int, int], ...]]


def _mistake(wanted: Wanted, found: ReadShape) -> _Mistake:
    """The diagnosis, the message and the places of a shape that is wrong."""
    want = wanted.shape
    whole = (found.span,)
    if want.is_number:
        return "rank", f"Your shape is {found.text}; expected a number, which has no axes.", whole
    if found.is_number:
        return "rank", f"Yours is the shape of a number; expected {want.text}{_named(want)}.", whole
    if found.has_one_axis and want.has_one_axis:
        return "shape", f"Your length is {found.axes[0].spelling.text}; expected {want.text}.", whole
    if found.has_one_axis:
        return "rank", _one_axis(want, found), whole
    if want.has_one_axis:
        return "rank", f"Your shape {found.text} has {len(found.axes)} axes; expected one: {want.text}.", whole
    if len(found.axes) != len(want.axes):
        return "rank", _counted(want, found), whole
    if exchange := _exchange(wanted, found):
        return "transposed", f"Your shape is {found.text}; expected {want.text}: {exchange}.", whole
    if len(want.axes) == 2 and (_kind(want) == "a matrix") != (_kind(found) == "a matrix"):
        return "rank", f"Your shape is {found.text}{_named(found)}; expected {want.text}{_named(want)}.", whole
    return "shape", *_differing(want, found)


def _kind(shape: ReadShape) -> str:
    """What a shape with two axes is called."""
    rows, columns = (axis.constant == 1 for axis in shape.axes)
    return "a row" if rows and not columns else "a column" if columns else "a matrix"


def _named(shape: ReadShape) -> str:
    return f", {_kind(shape)}" if len(shape.axes) == 2 and not shape.has_one_axis else ""


def _one_axis(want: ReadShape, found: ReadShape) -> str:
    """What to say of d, or (d,), where more axes are expected."""
    vector = len(want.axes) == 2 and _kind(want) != "a matrix"
    if found.form == "length" and not vector and product(want.axes).same_as(found.axes[0]):
        return f"{found.text} is the number of entries; a shape lists every axis: expected {want.text}."
    if found.form == "array":
        return f"{found.text} is an array with one axis; expected {len(want.axes)} axes: {want.text}{_named(want)}."
    if vector:
        return f"{found.text} says only a length, not whether it is a row or a column; expected {want.text}{_named(want)}."
    return f"{found.text} is only one size; expected {len(want.axes)} axes: {want.text}."


def _counted(want: ReadShape, found: ReadShape) -> str:
    """What to say of another number of axes."""
    if _joins(want.axes, found.axes):
        return f"In {found.text} axes are joined, as if the tensors were vectors; expected every axis for itself: {want.text}."
    return f"Your shape {found.text} has {len(found.axes)} axes; expected {len(want.axes)}: {want.text}."


def _joins(axes: tuple[Axis, ...], joined: tuple[Axis, ...]) -> bool:
    """Whether `joined` are products of neighbouring axes: (mn, pq) of (m, n, p, q)."""
    place = 0
    for axis in joined:
        stop = next((s for s in range(place + 1, len(axes) + 1) if product(axes[place:s]).same_as(axis)), None)
        if stop is None:
            return False
        place = stop
    return place == len(axes)


def _exchange(wanted: Wanted, found: ReadShape) -> str | None:
    """How the axes are exchanged, if that is all."""
    want = wanted.shape.axes
    if _same(want[::-1], found.axes):
        return "rows and columns are exchanged" if len(want) == 2 else "the axes are in reverse order"
    splits = [wanted.outputs] if wanted.outputs is not None else [1, 2] if len(want) == 3 else [len(want) // 2]
    if len(want) > 2 and any(_same(want[s:] + want[:s], found.axes) for s in splits):
        return "the axes of output and input are exchanged"
    return None


def _same(left: tuple[Axis, ...], right: tuple[Axis, ...]) -> bool:
    return len(left) == len(right) and all(a.same_as(b) for a, b in zip(left, right, strict=True))


def _differing(want: ReadShape, found: ReadShape) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Which axes are wrong, in words and as places."""
    wrong = [i for i, (a, b) in enumerate(zip(want.axes, found.axes, strict=True)) if not a.same_as(b)]
    spans = tuple(found.axes[i].span for i in wrong)
    if len(wrong) > 1 and _permuted(want.axes, found.axes):
        return f"Your shape is {found.text}; expected {want.text}: the same axes in another order.", spans
    if len(wrong) > 1:
        return f"Your shape is {found.text}; expected {want.text}: {_these(wrong, len(want.axes))}.", spans
    (place,) = wrong
    got, wanted = (shape.axes[place].spelling.text for shape in (found, want))
    what = f" (the number of {('rows', 'columns')[place]})" if len(want.axes) == 2 else ""
    return f"The {_ORDINALS[place]} axis{what} is {got}, expected {wanted}: the shape is {want.text}.", spans


_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")


def _these(wrong: list[int], axes: int) -> str:
    if axes == len(wrong):
        return "both sizes differ" if axes == 2 else "all sizes differ"
    return f"the {', '.join(_ORDINALS[i] for i in wrong[:-1])} and the {_ORDINALS[wrong[-1]]} axis differ"


def _permuted(want: tuple[Axis, ...], found: tuple[Axis, ...]) -> bool:
    left = list(want)
    for axis in found:
        match = next((other for other in left if other.same_as(axis)), None)
        if match is None:
            return False
        left.remove(match)
    return True


__all__ = ["Wanted", "judged_shape", "wanted_shape"]
