"""Loose words on symbols, as they stand on a sheet: "D_x×H", "d×1 one-hot", "scalar". Used where they can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ...derivations.notation.names import key_of
from ...derivations.sizes import Size
from ..quantities import Given

_SHAPE = re.compile(r"\s*\|?([A-Za-z]\w*|\d+)\|?\s*(?:×|x|\\times)\s*\|?([A-Za-z]\w*|\d+)\|?\s*(.*)\Z", re.S)
_VECTOR = re.compile(r"\s*(?:([A-Za-z])-vector|vector of length ([A-Za-z])\b)", re.I)
_DOMAINS = (
    ("one-hot", "one_hot"), ("one hot", "one_hot"), ("probabilit", "probability"), ("simplex", "probability"),
    ("symmetric", "symmetric"), ("positive", "positive"),
)  # fmt: skip


def with_symbols(given: Given, symbols: Mapping[str, str]) -> Given:
    """What is given, with the shapes and domains that loose words say; nothing that was declared is changed.

    >>> with_symbols(Given(), {"W": "k×d", "y": "k×1 one-hot", "f": "unknown"}).shapes
    {'W': ('k', 'd'), 'y': ('k', 1)}
    """
    shapes, domains = dict(given.shapes), dict(given.domains)
    for name, words in symbols.items():
        key, shape = key_of(name), _shape(words)
        domain = next((d for word, d in _DOMAINS if word in words.lower()), None)
        if domain in ("one_hot", "probability") and key not in domains:
            domains[key] = domain
        if shape is None or key in shapes or key in given.definitions or not re.match(r"[A-Za-z]\w*(\^.*)?\Z", key):
            continue
        shapes[key] = shape
        if domain is not None and key not in domains:
            domains[key] = domain
    return replace(given, shapes=shapes, domains=domains)


def _shape(words: str) -> tuple[Size, ...] | None:
    found = _SHAPE.match(words)
    if found:
        return tuple(int(s) if s.isdigit() else s for s in (found[1], found[2]))
    vector = _VECTOR.match(words)
    if vector and "row" not in words.lower():
        return (vector[1] or vector[2], 1)
    return () if re.match(r"scalar\b(?! \/| or)", words.strip(), re.I) else None


def definitions_in(symbols: Mapping[str, str]) -> dict[str, str]:
    """The definitions that loose words hold: of the residual in "n×1 (= Xv - b)".

    >>> definitions_in({"r": "n×1 (= Xv - b)", "c": "scalar (leaky)", "q": "=2"})
    {'r': 'Xv - b'}
    """
    found: dict[str, str] = {}
    for name, words in symbols.items():
        said = re.search(r"\(\s*=\s*([^()]*(?:\([^()]*\)[^()]*)*)\)\s*\Z", words[:300])
        if said and not re.search(r"[A-Za-z]{4}", said[1]):
            found[name] = said[1].strip()
    return found


def loose_shape(words: str) -> tuple[bool, bool] | None:
    """Whether there are several rows, and several columns, as far as loose words say.

    >>> loose_shape("|V|×1 one-hot"), loose_shape("a row vector"), loose_shape("something")
    ((True, False), (False, True), None)
    """
    words = words.strip()
    found = re.match(r"(?:row|column)?\s*(\|?[\w-]+\|?)\s*(?:×|x|\\times)\s*(\|?[\w-]+\|?)", words)
    if found:
        return found[1] != "1", found[2] != "1"
    if re.match(r"(?:vector or scalar|unknown|scalar (?:/|or))", words, re.I):
        return None
    for word, shape in (
        ("row vector", (False, True)),
        ("one-hot row", (False, True)),
        ("vector", (True, False)),
        ("matrix", (True, True)),
        ("scalar", (False, False)),
    ):
        if re.search(rf"\b{word}\b", words, re.I):
            return shape
    return None


__all__ = ["definitions_in", "loose_shape", "with_symbols"]
