"""Which files a person means who names files and folders: found in natural order, without following what leads out.

Folders are walked one at a time and never loaded whole; nothing here opens a file. What is passed over is counted, so that it can be said.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..submissions.safe_files import named

SUFFIXES = (".ipynb", ".markdown", ".md", ".tex", ".txt")
DEEPEST = 64  # folders inside one another
_DIGITS = re.compile(r"([0-9]+)")

NameKey = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be graded: `name` as it is shown, `root` the folder that no link may leave.

    Where `refusal` is a sentence, it is not to be opened. `data` are its bytes where they did not come from a file.
    """

    name: str
    path: Path | None = None
    root: Path | None = None
    refusal: str = ""
    data: bytes | None = None


@dataclass(slots=True)
class PassedOver:
    """What was in the folders and is not graded, by its ending."""

    endings: Counter[str] = field(default_factory=Counter)

    def sentence(self) -> str:
        """3 files with other endings are passed over (.pdf: 2, .docx: 1); nothing where there is none.

        >>> PassedOver(Counter({".pdf": 1})).sentence()
        '1 file with another ending is passed over (.pdf: 1); a file named by itself is read whatever its ending.'
        """
        count = self.endings.total()
        if not count:
            return ""
        listed = ", ".join(f"{ending or 'none'}: {n}" for ending, n in sorted(self.endings.items(), key=lambda e: (-e[1], e[0]))[:8])
        which = "1 file with another ending is" if count == 1 else f"{count} files with other endings are"
        return f"{which} passed over ({listed}); a file named by itself is read whatever its ending."


def found_files(paths: Iterable[Path], passed: PassedOver | None = None) -> Iterator[Found]:
    """The files named, and those in the folders named, each folder in the order of its names; hidden ones are left out.

    A file that is named twice, also by way of its folder, is found once.
    """
    passed = passed if passed is not None else PassedOver()
    seen: set[str] = set()
    for path in paths:
        for found in _walk(path, path, passed) if path.is_dir() else (Found(str(path), path),):
            place = os.path.abspath(found.name)
            if place not in seen:
                seen.add(place)
                yield found


def natural_key(name: str) -> NameKey:
    """The order in which people count: hw2 before hw10, whatever the locale; names that differ by case only have an order too.

    >>> sorted(["hw10.md", "Hw2.md", "hw2.md", "hw.md"], key=natural_key)
    ['hw.md', 'Hw2.md', 'hw2.md', 'hw10.md']
    """
    stem, ending = os.path.splitext(name)
    key = [(1, 0, text.casefold()) if k % 2 == 0 else _counted(text) for k, text in enumerate(_DIGITS.split(stem)) if text]
    return (*key, (-1, 0, ending), (-1, 0, name))


def _counted(digits: str) -> tuple[int, int, str]:
    """Digits by the number they are, which may be too long to be made one."""
    shortest = digits.lstrip("0")
    return (0, len(shortest), shortest)


def _walk(folder: Path, root: Path, passed: PassedOver, depth: int = 1) -> Iterator[Found]:
    try:
        with os.scandir(folder) as scanned:
            entries = sorted((e for e in scanned if not e.name.startswith(".")), key=lambda e: natural_key(e.name))
    except OSError as error:
        yield Found(str(folder), refusal=f"The folder {named(folder)} cannot be opened: {(error.strerror or 'no reason given').lower()}.")
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if depth < DEEPEST:
                yield from _walk(path, root, passed, depth + 1)
            else:
                yield Found(entry.path, refusal=f"{named(path)} lies {DEEPEST} folders deep; what is in it is not graded.")
        elif path.suffix.lower() in SUFFIXES:
            yield Found(entry.path, path, root)
        elif entry.is_symlink() and entry.is_dir():
            yield Found(entry.path, refusal=f"{named(path)} is a link to a folder; it is not followed.")
        else:
            passed.endings[path.suffix.lower()] += 1


__all__ = ["SUFFIXES", "Found", "PassedOver", "found_files", "natural_key"]
