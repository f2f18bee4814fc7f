"""A verdict in words: its sign, what it rests on, the point at which to recompute it, and formulas of ours in Unicode."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..checkers.verdicts import DIAGNOSES, Evidence, Verdict, VerdictWord, Witness
from ..derivations import Style, read, write
from ..derivations.errors import HwcheckError
from ..derivations.notation.name_writer import spelled
from .step_views import wrapped

LONGEST_READ = 2000

# Each verdict has a sign and a style of the house.
HEADS: dict[VerdictWord, tuple[str, str]] = {
    "right": ("✓", "result"), "wrong": ("✗", "wrong"), "undecided": ("~", "rule"), "unreadable": ("?", "rule"),
}  # fmt: skip


def headline(verdict: Verdict) -> str:
    """✗ wrong: a sign, first in line 2."""
    head = f"{HEADS[verdict.verdict][0]} {verdict.verdict}"
    if verdict.diagnosis and verdict.diagnosis != "other":
        head += f": {DIAGNOSES.get(verdict.diagnosis, verdict.diagnosis)}"
    return head + (f", first in line {verdict.first_wrong_line}" if verdict.first_wrong_line else "")


def message_of(verdict: Verdict) -> str:
    """The message, without the word “right” that a headline or a sign has said already."""
    if verdict.verdict != "right":
        return verdict.message
    rest = re.sub(r"\ARight[.:]\s*", "", verdict.message)
    return rest[:1].upper() + rest[1:] if rest[:2].isalpha() else rest  # “this is …” is a sentence, “n × d” a shape


def witness_text(witness: Witness) -> str:
    """at w = (1, 2): yours is the column (2, 4), expected the row (2, 4)."""
    point = ", ".join(f"{spelled(name, Style.UNICODE)} = {value}" for name, value in witness.at.items())
    expected = f", expected {witness.expected}" if witness.expected else ""
    return (f"at {point}: " if point else "") + f"yours is {witness.yours}{expected}"


def evidence_text(evidence: Evidence) -> str:
    """What the verdict rests on, in one line.

    >>> evidence_text(Evidence("agrees", points=24, sizes=({"n": 3, "d": 5}, {"n": 5, "d": 2})))
    'agrees at 24 points to 60 digits, sizes (n, d) = (3, 5) and (5, 2)'
    """
    match evidence.kind:
        case "proved":
            return "proved by algebra"
        case "agrees":
            where = f" at {evidence.points} points" if evidence.points > 1 else ""
            gap = evidence.max_relative_difference or 0.0
            closely = "to 60 digits" if gap < 1e-59 else f"with a relative difference of at most {gap:.1e}"
            return f"agrees{where} {closely}{_sizes_text(evidence.sizes)}"
        case "certified":
            return "certified: computed with guaranteed bounds, the two values are different"
        case "differs":
            return "the two values differ in floating-point numbers"
        case "shape":
            return "decided by the shapes alone"


def _sizes_text(sizes: Sequence[Mapping[str, int]]) -> str:
    names = tuple(sizes[0]) if sizes else ()
    if not names:
        return ""
    if len(names) == 1:
        return f", sizes {names[0]} = {_listed([str(each.get(names[0], '?')) for each in sizes])}"
    chosen = [f"({', '.join(str(each.get(name, '?')) for name in names)})" for each in sizes]
    return f", sizes ({', '.join(names)}) = {_listed(chosen)}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def in_unicode(latex: str) -> str:
    r"""LaTeX of ours in Unicode; as it is where that cannot be read back as the same.

    >>> in_unicode(r"X^{\top}(Xw - y)"), in_unicode(r"n \times d")
    ('Xᵀ(Xw − y)', 'n × d')
    """
    if len(latex) > LONGEST_READ:
        return latex
    try:
        body = read(latex).body
        if write(body, Style.LATEX) == latex:
            return write(body, Style.UNICODE)
    except HwcheckError:
        pass
    return latex.replace(r"\times", "×")


def folded(sentence: str, room: int) -> list[str]:
    """A sentence in lines, between which no shape (n × d) and no short tuple (1, 2) is torn."""
    glued = re.sub(r" × |, (?=[^()]{0,20}\))", lambda m: m[0].replace(" ", "\N{NO-BREAK SPACE}"), sentence)
    return wrapped(glued, room)


__all__ = ["HEADS", "evidence_text", "folded", "headline", "in_unicode", "message_of", "witness_text"]
