"""Reading the options that several commands share: shapes, domains, definitions, and text from standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from ..derivations.errors import InputError
from ..derivations.sizes import Size


def text_or_input(text: str) -> str:
    """The text itself, or standard input where it is "-"."""
    if text != "-":
        return text
    return sys.stdin.buffer.read(1_000_000).decode("utf-8", "surrogateescape").strip()


def shapes_of(options: Sequence[str]) -> dict[str, list[Size]]:
    """--shape X:n,d --shape w:d --shape c: as shapes by name; nothing behind the colon is a number.

    >>> shapes_of(["X:n,d", "w:3", "c:"])
    {'X': ['n', 'd'], 'w': [3], 'c': []}
    """
    shapes: dict[str, list[Size]] = {}
    for option in options:
        name, colon, sizes = option.partition(":")
        if not colon or not name.strip():
            raise InputError(f"A shape is written NAME:SIZES, for example X:n,d or w:d or c: (a number); got “{option}”.")
        shapes[name.strip()] = [_size(s.strip(), option) for s in sizes.split(",") if s.strip()]
    return shapes


def _size(text: str, option: str) -> Size:
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    if text.isidentifier() and len(text) <= 20:
        return text
    raise InputError(f"A size is a name or a whole number; got “{text[:40]}” in “{option[:60]}”.")


def pairs_of(options: Sequence[str], what: str) -> dict[str, str]:
    """NAME=VALUE options as a mapping.

    >>> pairs_of(["x=positive"], "domain")
    {'x': 'positive'}
    """
    pairs = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InputError(f"A {what} is written NAME=VALUE; got “{option}”.")
        pairs[name.strip()] = value.strip()
    return pairs


shape_option = click.option("--shape", "shapes", multiple=True, metavar="NAME:SIZES",
                            help="Declare a shape: X:n,d (matrix), w:d (column), c: (number). Repeatable.")
domain_option = click.option("--domain", "domains", multiple=True, metavar="NAME=DOMAIN",
                             help="Where a variable lives: positive, symmetric, spd, one_hot, … Repeatable.")
