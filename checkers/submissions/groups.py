"""One answer to several problems of a set: which of its lines speaks of which problem.

A sheet asks for three functions under one number, the set has a problem for each. A line belongs to the problems it
names, by a word that only they have or by what is differentiated by; one that names none continues the one before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ...derivations.problems.problems import Problem
from .likeness import words
from .submissions import Passage

_SUBSCRIPT = re.compile(r"_(?:\{[^{}]{0,20}\}|\\?\w)")
_BARE = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathrm|rm)(?![A-Za-z])|[{}\s$]")
_DEFINES = re.compile(r"[ \t>*-]*(?:let|define|denote|set|write)\b", re.IGNORECASE)
_NAMES: dict[str, tuple[str, ...]] = {
    "sigmoid": ("\\sigma", "σ", "sigmoid", "Sigmoid"),
    "relu": ("ReLU", "relu", "\\max", "max("),
    "tanh": ("tanh", "Tanh"),
}


def shared(problems: Sequence[Problem], passages: Sequence[Passage]) -> dict[str, tuple[Passage, ...]]:
    """The passages of each problem, by its id; a line that cannot be told apart stands with all that it may belong to.

    Neighbouring lines of the same problems stay one passage.
    """
    marks = _marks(problems)
    everyone = frozenset(p.id for p in problems)
    out: dict[str, list[Passage]] = {p.id: [] for p in problems}
    for whole in passages:
        owned: list[tuple[frozenset[str], Passage]] = []
        for current, part in _owned(_lines(whole), marks, everyone):
            if owned and owned[-1][0] == current:
                owned[-1] = (current, _joined(owned[-1][1], part, whole))
            else:
                owned.append((current, part))
        for ids, part in owned:
            for number in ids:
                out[number].append(part)
    return {number: tuple(parts) for number, parts in out.items()}


def _owned(
    lines: Sequence[Passage], marks: Mapping[str, tuple[str, ...]], everyone: frozenset[str]
) -> Iterator[tuple[frozenset[str], Passage]]:
    """Each line with its problems: those it names; if it announces with a colon, those of the next that names any; all, if it
    defines something.
    """
    named = [_named(line.text, marks) for line in lines]
    current = everyone
    for k, line in enumerate(lines):
        own = named[k]
        if not own and line.text.rstrip(" *_").endswith(":"):
            own = next((later for later in named[k + 1 :] if later), own)
        current = own or current
        yield current, line


def _marks(problems: Sequence[Problem]) -> dict[str, tuple[str, ...]]:
    """What names each problem and none of the others: its function or what it is differentiated by, and words of its title."""
    titles = {p.id: words(p.title) for p in problems}
    common = Counter(word for own in titles.values() for word in own)
    by = Counter(p.wrt for p in problems)
    functions = Counter(p.function for p in problems)
    out: dict[str, tuple[str, ...]] = {}
    for p in problems:
        own = [f"w:{word}" for word in titles[p.id] if common[word] == 1]
        if p.wrt and by[p.wrt] == 1:
            own.append(f"∂{_BARE.sub('', p.wrt)}")
        if functions[p.function] == 1:
            own += _NAMES.get(p.function, ())
        out[p.id] = tuple(own)
    return out


def _named(text: str, marks: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """The problems that a line names; a derivative or a function counts for more than a word."""
    signs = _BARE.sub("", _SUBSCRIPT.sub("", text)).replace("\\partial", "∂").replace("\\nabla", "∂")
    own = words(text)
    by_sign = frozenset(n for n, names in marks.items() if any(not m.startswith("w:") and (m in signs or m in text) for m in names))
    if by_sign:
        return by_sign
    return frozenset(n for n, names in marks.items() if any(m.startswith("w:") and m[2:] in own for m in names))


def _lines(whole: Passage) -> list[Passage]:
    """The lines of a passage that are not empty; displays, environments and code stay in one piece."""
    out: list[Passage] = []
    block: list[str] = []
    depth, opened, fenced = 0, False, False
    for number, line in enumerate(whole.text.split("\n"), whole.line):
        opened ^= line.count("$$") % 2 == 1
        fenced ^= line.lstrip().startswith("```")
        depth = max(0, depth + line.count("\\begin{") - line.count("\\end{"))
        if line.strip() or block:
            block.append(line)
        if block and not opened and not fenced and depth == 0:
            out.append(Passage("\n".join(block), number - len(block) + 1))
            block = []
    return [*out, Passage("\n".join(block), whole.line + whole.text.count("\n") - len(block) + 1)] if block else out


def _joined(first: Passage, second: Passage, whole: Passage) -> Passage:
    """Two pieces of a passage with what stands between them."""
    lines = whole.text.split("\n")
    end = second.line - whole.line + second.text.count("\n") + 1
    return Passage("\n".join(lines[first.line - whole.line : end]), first.line)


__all__ = ["shared"]
