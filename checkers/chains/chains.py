"""A worked solution judged line by line: the first line that is wrong, and what follows from it.

Every line is held against the line before and against what its left side names; the last value against the expected one.
A line is wrong where neither the line before nor anything above explains it; what follows from a wrong line is
"consistent with line k". Where something is not known or not read, nothing is said: undecided, never wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from ..quantities import Given
from ..verdicts import Verdict
from .chain_context import DENOMINATOR, NUMERATOR, Context
from .chain_lines import MOST_CHARACTERS, Line, lines_of
from .chain_macros import macros_of
from .chain_sizes import sizes_judged
from .chain_solution import Solution
from .chain_symbols import definitions_in, with_symbols
from .plain_steps import has_vectors, speaks_of_matrices
from .usual_meaning import meaning_of


def judged_chain(
    answer: str,
    expected: str | None,
    given: Given,
    *,
    rounding: str = "as-written",
    symbols: Mapping[str, str] | None = None,
    context: str | None = None,
    seed: int | None = None,
) -> Verdict:
    """The verdict on a worked solution, with one on every line.

    Args:
        answer: the solution, a line for every step.
        expected: what it should come to; None if each line only has to follow from what is above.
        given: shapes, definitions and domains, as the problem has them.
        rounding: "as-written" takes a decimal for the number it is rounded from, "exact" does not.
        symbols: loose words on shapes ("n×d", "one-hot"), used where they can be read.
        context: a loose sentence: definitions in it, and the conventions it speaks of (softmax, squared loss), are used.
        seed: of the points; by default it belongs to the answer.
    """
    if len(answer) > MOST_CHARACTERS:
        return Verdict(answer, "unreadable", f"The solution has more than {MOST_CHARACTERS:,} characters; please hand it in in parts.")
    lines = lines_of(answer)
    sizes = sizes_judged(lines, symbols or {}, macros_of(answer)) if expected is None else {}
    if not sizes and not any(line.statements for line in lines):
        return Verdict(answer, "unreadable", "No line of mathematics was found here; a step a line is expected, as in dL/dw = 2x(wx − y).")
    seed = int.from_bytes(blake2b(answer.encode(errors="replace"), digest_size=4).digest()) if seed is None else seed
    sure = bool(given.shapes)
    given = with_symbols(given, symbols or {})
    context = "; ".join([context or "", *(f"{name} = {text}" for name, text in definitions_in(symbols or {}).items())])
    contexts = [Context(given, layout) for layout in _layouts(given)]
    # names that nothing is known of: the usual shapes first, then numbers
    if not sure and not speaks_of_matrices(answer) and not has_vectors(answer, symbols or {}):
        contexts.append(Context(given, scalars=True))
    worlds = [Solution(lines, expected, c, seed, sure, rounding == "exact", symbols or {}, context) for c in contexts]
    meaning = meaning_of(lines, symbols or {}, context) if expected is None else None
    for world in worlds:
        world.judge()
        if meaning is not None:
            world.take_meaning(meaning)
        world.remarks.update((number, [remark]) for number, remark in sizes.items())
    return _with_repairs(_best(worlds).verdict(answer), lines)


def _with_repairs(verdict: Verdict, lines: list[Line]) -> Verdict:
    """The verdict, with what was put right in reading a line said on it."""
    said = {line.number: dict.fromkeys(note for s in line.statements for note in s.repairs) for line in lines}
    if not any(said.values()):
        return verdict
    noted = tuple(replace(each, message=" ".join([*([each.message] if each.message else []), *said[each.line]])) for each in verdict.lines)
    return replace(verdict, lines=noted)


def _layouts(given: Given) -> tuple[str, ...]:
    """The layouts to try: one where nothing has an axis."""
    return (DENOMINATOR, NUMERATOR) if any(s != 1 for sizes in given.shapes.values() for s in sizes) else (DENOMINATOR,)


def _best(worlds: list[Solution]) -> Solution:
    """The layout under which the solution stands best; with an error in both, the layout of the expected value."""
    words = [world.word for world in worlds]
    if "right" in words:
        return worlds[words.index("right")]
    if all(word == "wrong" for word in words):
        return next((w for w in worlds if w.fits_the_expected), worlds[0])
    return min((w for w in worlds if w.word != "wrong"), key=lambda w: w.left_open)


__all__ = ["judged_chain"]
