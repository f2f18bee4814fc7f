"""JSON that every reader takes, for every command that prints some."""

from __future__ import annotations

import json
import math


def json_text(value: object, indent: int | None = None) -> str:
    """JSON that every reader takes: no NaN, and what UTF-8 cannot hold escaped."""
    try:
        text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, indent=indent)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _finite(value: object) -> object:
    """The same, with null for a number that JSON has not."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {key: _finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_finite(inner) for inner in value]
    return value


__all__ = ["json_text"]
