"""The node of a formula that is read as plain algebra."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plain:
    """One node: `op` with its parts; `value` is a name, a number or a power; `indices` are single letters."""

    op: str
    args: tuple[Plain, ...] = ()
    value: str = ""
    indices: tuple[str, ...] = ()


__all__ = ["Plain"]
