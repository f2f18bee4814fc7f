"""A report on its way into a file: whole under its name, or not there at all.

It is written beside the file under another name, brought to the disk, and renamed; an earlier report stays until then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ..derivations.errors import InputError


def check_place(path: Path) -> None:
    """Refuse a place for a report before hours are spent on it.

    Raises:
        InputError: it is a folder, or its folder is not there, or nothing can be written there.
    """
    if path.is_dir():
        raise InputError(f"The report cannot be written: {path} is a folder.")
    if not path.parent.is_dir():
        raise InputError(f"The report cannot be written: there is no folder {path.parent}.")
    if not os.access(path if path.exists() and not path.is_file() else path.parent, os.W_OK):
        raise InputError(f"The report cannot be written: nothing may be written in {path.parent}.")


def write_report(chunks: Iterable[str], path: Path) -> None:
    """Write the chunks of a report, in UTF-8; what UTF-8 has not is escaped.

    Raises:
        OSError: the disk is full or the file cannot be written; an earlier report is as it was.
    """
    if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
        with path.open("wb") as file:
            file.writelines(_bytes(chunk) for chunk in chunks)
        return
    path = path.resolve()  # a link stays a link
    part = path.with_name(f".{path.name}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        with part.open("xb") as file:
            file.writelines(_bytes(chunk) for chunk in chunks)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
        _keep(path.parent)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _keep(folder: Path) -> None:
    """Bring the new name to the disk, where folders can be opened."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


__all__ = ["check_place", "write_report"]
