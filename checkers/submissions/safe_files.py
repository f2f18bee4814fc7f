"""The bytes of a file that a stranger handed in: a plain file of bounded size, read once, never outside its folder.

Nothing here knows what the bytes mean. Every refusal is one sentence for the person who hands in or grades.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ...derivations.errors import InputError, LimitError
from ...derivations.problems.values import shortened

LARGEST = 4 * 2**20  # bytes of a file; the longest homework seen has 50 kB

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_bytes(path: Path, root: Path | None = None, largest: int = LARGEST) -> bytes:
    """The bytes of a plain file. With `root`, the folder handed in, no link leads out of it.

    The file is opened without waiting, so that a pipe cannot block, and what was opened is looked at once more before it
    is read.

    Raises:
        InputError: no plain file, a link out of the folder, not readable, or changed while it was read.
        LimitError: larger than `largest` bytes.
    """
    name = named(path)
    try:
        real = path.resolve(strict=True)
        if root is not None and not real.is_relative_to(root.resolve()):
            raise InputError(f"{name} is a link that leads out of the folder; it is not followed.")
        _plain(os.stat(real).st_mode, name)
        descriptor = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except FileNotFoundError:
        broken = path.is_symlink()
        raise InputError(f"{name} is a link to nothing." if broken else f"There is no file {name}.") from None
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links; a NUL in the name
        raise InputError(f"{name} cannot be opened: {_reason(error)}.") from None
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _plain(before.st_mode, name)
        try:
            data = file.read(largest + 1)
        except OSError as error:
            raise InputError(f"{name} cannot be read: {_reason(error)}.") from None
        after = os.fstat(descriptor)
    if len(data) > largest:
        raise LimitError(f"{name} has more than {_size(largest)}, which is the most that is read.")
    if len(data) != after.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise InputError(f"{name} changed while it was read; grade it again when it is finished.")
    return data


def named(path: Path | str) -> str:
    """The name of a file as a sentence shows it, without escape codes and in quotation marks.

    >>> named(Path("work/my\\x1b[1m.md"))
    '“my\N{REPLACEMENT CHARACTER}[1m.md”'
    """
    return f"“{shortened(Path(path).name or str(path))}”"


def _plain(mode: int, name: str) -> None:
    if not stat.S_ISREG(mode):
        what = next((words for test, words in _KINDS if test(mode)), "no plain file")
        raise InputError(f"{name} is {what}, not a file with text; it is not opened.")


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else str(error)
    return (words or type(error).__name__).rstrip(".").lower()


def _size(count: int) -> str:
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if count % size == 0:
            return f"{count // size} {unit}"
    return f"{count} bytes"


__all__ = ["LARGEST", "named", "read_bytes"]
