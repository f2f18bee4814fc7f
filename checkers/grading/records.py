"""A grade as JSON and back again, whole: what a journal keeps, so that a report can be written from it alone.

The JSON of CONTRACT (`Grade.to_dict`) is for other programs and rounds points; a record loses nothing. It follows the fields of the
data classes, so that a new field needs no line here, and what does not fit their types is no record.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ...derivations.errors import InputError
from .grades import Grade


def record_of(grade: Grade) -> dict[str, Any]:
    """All of a grade, as JSON has it; points are exact fractions as text.

    >>> record_of(Grade("a.md", None, ()))
    {'file': 'a.md', 'set': None, 'problems': [], 'notes': [], 'error': '', 'digest': ''}
    """
    record: dict[str, Any] = _plain(grade)
    return record


def grade_from(record: Mapping[str, Any]) -> Grade:
    """The grade that a record holds.

    Raises:
        InputError: it is no record of a grade; the sentence names the place.

    >>> grade_from(record_of(Grade("a.md", "jhu-2024", ()))).set
    'jhu-2024'
    """
    grade: Grade = _built(Grade, record, "grade")
    return grade


def text_of(grade: Grade) -> str:
    """The record in one line of ASCII, whatever characters the grade holds."""
    return json.dumps(record_of(grade), separators=(",", ":"))


def grade_in(text: str) -> Grade:
    """The grade of which `text_of` wrote the record; raises InputError where there is none."""
    try:
        return grade_from(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InputError(f"The record of a grade is no JSON: {type(error).__name__}.") from None


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    match value:
        case Fraction():
            return str(value)
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case tuple():
            return [_plain(inner) for inner in value]
    return value


def _built(kind: Any, value: Any, place: str) -> Any:
    """A value of that type from its JSON; `place` is where it stands, for the sentence."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _built_data(kind, value, place)
    if origin in (Union, types.UnionType):
        return None if value is None else _built(next(k for k in inner if k is not type(None)), value, place)
    if origin is Literal and value in inner:
        return value
    if kind is Fraction and isinstance(value, str):
        return _fraction(value, place)
    if origin is tuple and isinstance(value, list):
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else list(inner)
        if len(kinds) == len(value):
            return tuple(_built(k, v, place) for k, v in zip(kinds, value, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, dict):
        return {key: _built(inner[1], v, f"{place}.{key}") for key, v in value.items()}
    if kind in (str, int, float, bool) and (type(value) is kind or (kind is float and type(value) is int)):
        return value
    raise InputError(f"This is no record of a grade: {place} does not fit.")


def _built_data(kind: type, value: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise InputError(f"This is no record of a grade: {place} does not fit.")
    hints, needed = _fields(kind)
    strange = sorted(value.keys() - hints.keys()) or sorted(needed - value.keys())
    if strange:
        raise InputError(f"This is no record of a grade: {place} and “{strange[0][:40]}” do not fit.")
    return kind(**{name: _built(hints[name], inner, f"{place}.{name}") for name, inner in value.items()})


@cache
def _fields(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The types of the fields, and those that have no default."""
    hints = get_type_hints(kind)
    own = fields(kind)
    needed = frozenset(f.name for f in own if f.default is MISSING and f.default_factory is MISSING)
    return {f.name: hints[f.name] for f in own}, needed


def _fraction(text: str, place: str) -> Fraction:
    top, _, bottom = text.partition("/")
    if all(part.removeprefix("-").isdecimal() and len(part) < 100 for part in (top, bottom or "1")) and (bottom or "1").strip("0"):
        return Fraction(int(top), int(bottom or "1"))
    raise InputError(f"This is no record of a grade: {place} is no fraction.")


__all__ = ["grade_from", "grade_in", "record_of", "text_of"]
