"""Weights of a network for XOR in an answer: together one claim; and what the answer says they give, row by row.

Hidden values and outputs that are listed are held against the answer's own weights, not against ours: a right table of wrong weights
is a right table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ...derivations.errors import HwcheckError
from ...derivations.notation.spellings import Style
from ...derivations.problems.problems import Problem
from ...derivations.xor.pasted_weights import assignments, read_weights
from ...derivations.xor.xor_tables import Table, best_table, number_text, xor_table
from ..flat_text import FlatText, flat_text
from ..prose_tokens import pieces
from ..start_answers import quoted
from ..submissions.submissions import Passage
from ..verdicts import Evidence, Verdict
from ..weights import judged_weights
from .claims import PlacedClaim, Role
from .placing import placed
from .weight_tables import Row, numbers, rows_of_tables

_LONGEST = 20_000
_NUMBER = r"[-−]?[0-9]{1,6}(?:\.[0-9]{1,6})?(?:/[0-9]{1,6})?"
_TUPLE = rf"[\[(]\s*{_NUMBER}(?:\s*[,¦]\s*{_NUMBER}){{0,3}}\s*[\])](?:\s*\^?\s*T)?"
_CASE = re.compile(
    rf"(?P<value>{_TUPLE}|(?<![0-9./]){_NUMBER})\s*[,:]?\s*[,:]?\s*(?:if|for|when|where|at)\s+(?P<name>x|h|\(x_1\s*,\s*x_2\))\s*(?:=|is|∈)\s*"
    rf"(?P<points>{_TUPLE}(?:\s*(?:,|or|and|,\s*or)\s*{_TUPLE}){{0,3}})"
)
_GIVES = re.compile(
    rf"(?<![A-Za-z])(?P<name>x|h|\(x_1\s*,\s*x_2\))\s*=\s*(?P<points>{_TUPLE})\s*[,:;⇒→]?\s*(?:(?:gives|we get|we have|then|so|and)\s+)?"
    rf"(?P<what>h|ŷ|y)\s*=\s*(?P<value>{_TUPLE}|{_NUMBER})(?![\w/]|\.[0-9]|\s*[-·×⊙+/]\s*[\w(\[])"
)
_NAMED = re.compile(r"(?<![A-Za-z])(h|ŷ|y)(?:\s*=[^=]{0,200}?)?\s*=\s*\Z")
_BRACKETS = re.compile(r"[^\])]*[\])]?")
_ONE_TUPLE = re.compile(_TUPLE)
_MATCHES = re.compile(
    r"\b(?:match|matches|model|models|represent|represents|compute|computes|implement|implements|reproduce|reproduces|simulate|simulates|"
    r"solve|solves|gives|satisfies|satisfy)\b(?: \w+){0,2} xor\b"
)
_NOT_OF_THESE = re.compile(r"\b(?:single|one|multi\w*|hidden|not|cannot|can't|doesn't|don't|fails?|never|if|should|would|could|to|can)\b")


def weight_claims(passage: Passage, problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """The weights that a passage gives for XOR, the rows that it says they have, and whether it says rightly that they are XOR."""
    if problem is None or problem.kind != "xor" or problem.asked != ("weights",) or len(passage.text) > _LONGEST:
        return ()
    span = _weights_in(passage.text)
    if span is None:
        return ()
    text = passage.text[slice(*span)]
    verdict = judged_weights(text)
    found = [placed(passage, *span, "weights", role, verdict)]
    try:
        networks = read_weights(text).networks
        tables = tuple(xor_table(network) for network in networks)
        best, _ = best_table(networks)
    except HwcheckError:
        return tuple(found)
    flat = flat_text(passage.text)
    found.extend(_rows(passage, flat, tables, role))
    found.extend(_said_to_match(passage, flat, best, verdict, role))
    return tuple(found)


def _weights_in(text: str) -> tuple[int, int] | None:
    """From the first to the last assignment; of a text that assigns twice, the paragraphs before the second time."""
    paragraphs = [m.end() for m in re.finditer(r"\n[ \t]*\n", text)] + [len(text)]
    for end in reversed(paragraphs[-1:] + paragraphs[:12]):
        try:
            found = assignments(text[:end])
        except HwcheckError:
            continue
        if {"W"} <= {a.letter.upper() for a in found} and len(found) > 1:
            return min(a.span[0] for a in found), max(a.span[1] for a in found)
    return None


# -- rows ----------------------------------------------------------------------------------------------------------------


def _rows(passage: Passage, flat: FlatText, tables: Sequence[Table], role: Role) -> Iterator[PlacedClaim]:
    for row in _listed(flat):
        verdict = _row_verdict(row, tables)
        if verdict is not None:
            start, end = quoted(passage.text, *flat.span(row.start, row.end))
            yield placed(passage, start, end, "number", role, verdict)
    for row in rows_of_tables(passage.text):
        verdict = _row_verdict(row, tables)
        if verdict is not None:
            yield placed(passage, row.start, row.end, "number", role, verdict)


def _listed(flat: FlatText) -> Iterator[Row]:
    """[1, 0] if x = (0, 1) after “h =”, and x = (0, 1): h = [1, 0]."""
    what = ""
    for found in _CASE.finditer(flat.text):
        if flat.text[max(0, found.start() - 3) : found.start()].rstrip()[-1:] in tuple("+-·×/*^"):
            continue  # the end of a longer expression
        named = _NAMED.search(flat.text, max(0, found.start() - 240), found.start())
        what = named[1] if named else what
        yield from _of_match(found, what)
    for found in _GIVES.finditer(flat.text):
        yield from _of_match(found, found["what"])


def _of_match(found: re.Match[str], what: str) -> Iterator[Row]:
    value = numbers(found["value"])
    for k, point in enumerate(_ONE_TUPLE.finditer(found["points"])):
        name = "h" if found["name"] == "h" else "x"
        if name == "x":  # [1, 0] if x = (0, 1): the value is what is claimed
            first, last = found.start("value"), found.start("value") + len(_BRACKETS.match(found["value"])[0])  # type: ignore[index]
        else:  # 1 if h = [1, 0] or [2, 0]: one claim for each point
            at = found.start("points") + point.start()
            first, last = (found.start("name") if k == 0 else at), at + len(_BRACKETS.match(point[0])[0])  # type: ignore[index]
        if what:
            yield Row(what, value, name, numbers(point[0]), first, last)


def _row_verdict(row: Row, tables: Sequence[Table]) -> Verdict | None:
    """Right where one reading of the weights gives that row, wrong where none does."""
    truths = [_entry(t, row) for t in (_truth(row, table) for table in tables) if t is not None]
    if not truths:
        return None
    evidence = Evidence("proved")
    if row.value in truths:
        return Verdict("", "right", f"Right: {_shown(row.what)} = {_tuple(row.value)} at {row.name} = {_tuple(row.point)}.", evidence)
    said = f"At {row.name} = {_tuple(row.point)} your weights give {_shown(row.what)} = {_tuple(truths[0])}, not {_tuple(row.value)}."
    return Verdict("", "wrong", said, evidence, "other")


def _entry(values: tuple[Fraction, ...], row: Row) -> tuple[Fraction, ...]:
    """All values, or the one that a column of a table has."""
    return values if row.entry is None or row.entry >= len(values) else values[row.entry : row.entry + 1]


def _truth(row: Row, table: Table) -> tuple[Fraction, ...] | None:
    """What a network gives: hidden values and the output at a point x, the output for hidden values h."""
    network = table.network
    if len(network.layers) != 2:
        return None
    if row.name == "h" and row.what != "h":
        weight, bias = network.weight(2), network.bias(2)
        if len(row.point) != len(weight[0]):
            return None
        return tuple(sum((w * v for w, v in zip(unit, row.point, strict=True)), start=b) for unit, b in zip(weight, bias, strict=True))
    one = next((r for r in table.rows if tuple(map(Fraction, r.inputs)) == row.point), None)
    if one is None or row.name == "h":
        return None
    values = one.hidden[0] if row.what == "h" else (one.output,)
    return _exact(values)


def _exact(values: Sequence[Any]) -> tuple[Fraction, ...] | None:
    try:
        return tuple(Fraction(number_text(v, Style.ASCII)) for v in values)
    except ValueError:
        return None


def _shown(what: str) -> str:
    return "h" if what == "h" else "ŷ"


def _tuple(values: Sequence[Fraction]) -> str:
    inner = ", ".join(str(v).replace("-", "−") for v in values)
    return inner if len(values) == 1 else f"({inner})"


# -- the whole -----------------------------------------------------------------------------------------------------------


def _said_to_match(passage: Passage, flat: FlatText, table: Table, weights: Verdict, role: Role) -> Iterator[PlacedClaim]:
    """“… which correctly matches XOR”, of the weights of this answer."""
    if table.computes is None:
        return
    for piece in pieces(flat):
        words = " ".join(t.value for t in piece)
        if _MATCHES.search(words) and not _NOT_OF_THESE.search(words):
            start, end = quoted(passage.text, *flat.span(piece[0].start, piece[-1].end))
            yield placed(passage, start, end, "prose", role, replace(weights, spans=(), read_as=None))


__all__ = ["weight_claims"]
