"""What has been graded so far, in one SQLite file: nothing that is finished is lost, whatever ends the program.

One row a file, found by its key: the digest of the bytes, the set, the version of the program and the options (`key_of`). A finished
row is never touched. The only other thing kept is in how many runs a process was seen to die while it worked on the file; a grader
that is killed counts for nothing, or three kills would condemn a good file.

Every change is on the disk before the next one begins (synchronous = FULL; with the lock held throughout, 0.16 ms each). A journal
that was cut off is mended: each row carries a seal of its own, and the rows that bear it are kept.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ...derivations.errors import InputError
from ..submissions.safe_files import named
from .grades import Grade
from .records import grade_in, text_of

FORMAT = 1
MARK = 0x68776A31  # “hwj1”, where SQLite keeps the mark of the program a file belongs to
MOST_DEATHS = 3
_GAP = 512  # numbers without a row, after which a damaged journal has no more
_TABLE = """create table if not exists grades(
    id integer primary key, key text unique not null, file text not null, deaths integer not null default 0,
    record text not null default '', seal text not null default '')"""


def key_of(*parts: str | bytes) -> str:
    """The key of a row: a digest of the parts, in which “ab”, “c” differs from “a”, “bc”.

    >>> key_of("ab", "c") == key_of("a", "bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


class Journal:
    """The rows of one journal; without a path it is a private one that is gone when it is closed.

    `notes` say, in whole sentences, what was found when it was opened. Every method raises OSError with a sentence where the
    disk is full or the file cannot be written.

    >>> with Journal() as journal:
    ...     journal.finish("k", Grade("a.md", None, ()))
    ...     journal.grade("k").file, journal.grade("other")
    ('a.md', None)
    """

    def __init__(self, path: Path | None = None):
        """Open a journal, or begin one.

        Raises:
            InputError: the file is no journal, or one of another format, or in use by another run, or cannot be opened.
        """
        self.path = path
        self.notes: tuple[str, ...] = ()
        if path is not None:
            _recognise(path)
        self._rows = _opened(path)
        try:
            damaged = path is not None and not _sound(self._rows)
            if not damaged:
                _begin(self._rows, path)
        except sqlite3.Error as error:
            self._rows.close()
            raise _refused(path, error) from None
        if path is not None and damaged:
            self._mend(path)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what was finished is in it."""
        with suppress(sqlite3.Error):
            self._rows.close()

    def grade(self, key: str) -> Grade | None:
        """The grade of a finished row; None where there is none, or one that does not bear its seal."""
        row = self._one("select record, seal from grades where key = ?", key)
        if row is None or not _bears(key, *row):
            return None
        try:
            return grade_in(row[0])
        except InputError:
            return None

    def has(self, key: str) -> bool:
        """Whether that row is finished."""
        row = self._one("select record, seal from grades where key = ?", key)
        return row is not None and _bears(key, *row)

    def knows(self, file: str) -> bool:
        """Whether there is a row for a file of that name, under whatever key."""
        return self._one("select 1 from grades where file = ?", _name(file)) is not None

    def finish(self, key: str, grade: Grade) -> None:
        """Keep a grade, on the disk when this returns. A finished row stays as it is."""
        if self.has(key):
            return
        record = text_of(grade)
        self._write(
            "insert into grades(key, file, record, seal) values(?, ?, ?, ?)"
            " on conflict(key) do update set record = excluded.record, seal = excluded.seal",
            key, _name(grade.file), record, key_of(key, record),
        )  # fmt: skip

    def deaths(self, key: str) -> int:
        """In how many runs a process died while it worked on that file."""
        row = self._one("select deaths from grades where key = ?", key)
        return int(row[0]) if row else 0

    def died(self, key: str, file: str) -> int:
        """One more such run; how many that makes."""
        self._write(
            "insert into grades(key, file, deaths) values(?, ?, 1) on conflict(key) do update set deaths = grades.deaths + 1",
            key, _name(file),
        )  # fmt: skip
        return self.deaths(key)

    def _one(self, query: str, *values: object) -> Any:
        with self._said():
            return self._rows.execute(query, values).fetchone()

    def _write(self, change: str, *values: object) -> None:
        with self._said():
            self._rows.execute(change, values)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            where = f"the journal {named(self.path)}" if self.path else "the temporary folder"
            full = "full" in str(error)
            said = f"the disk is full, so {where} cannot be written" if full else f"{where} cannot be used ({error})"
            raise OSError(errno.ENOSPC if full else errno.EIO, said) from None

    def _mend(self, path: Path) -> None:
        """Take what bears its seal from a damaged journal into a new one; the damaged file stays beside it."""
        kept = list(_sealed(self._rows))
        self._rows.close()
        beside = path.with_name(f"{path.name}.damaged")
        with _sentence(path):
            os.replace(path, beside)
        with suppress(OSError):
            os.unlink(f"{path}-journal")
        self._rows = _opened(path)
        with self._said():
            _begin(self._rows, path)
            self._rows.execute("begin")
            self._rows.executemany("insert or ignore into grades(key, file, deaths, record, seal) values(?, ?, ?, ?, ?)", kept)
            self._rows.execute("commit")
        count = sum(1 for row in kept if row[3])
        files = "file is" if count == 1 else "files are"
        self.notes = (
            f"The journal {named(path)} is damaged: {count} graded {files} kept, the others are graded again."
            f" What it was is kept as {named(beside)}.",
        )


def _bears(key: str, record: object, seal: object) -> bool:
    """Whether a row is finished and bears its seal; in a damaged file anything may stand there."""
    return isinstance(record, str) and record != "" and seal == key_of(key, record)


def _name(file: str) -> str:
    """A name as ASCII: SQLite refuses what UTF-8 has not."""
    return file.encode("unicode_escape", "surrogatepass").decode("ascii")


def _opened(path: Path | None) -> sqlite3.Connection:
    try:
        rows = sqlite3.connect(path if path is not None else "", isolation_level=None, timeout=1.0)
        rows.text_factory = lambda data: data.decode("utf-8", "replace")  # what is damaged bears no seal
        return rows
    except sqlite3.Error as error:
        raise _refused(path, error) from None


def _begin(rows: sqlite3.Connection, path: Path | None) -> None:
    rows.execute("pragma locking_mode = exclusive")
    rows.execute(f"pragma synchronous = {'full' if path is not None else 'off'}")
    rows.execute("begin immediate")
    rows.execute(_TABLE)
    rows.execute("create index if not exists by_file on grades(file)")
    rows.execute(f"pragma application_id = {MARK}")
    rows.execute(f"pragma user_version = {FORMAT}")
    rows.execute("commit")


def _sound(rows: sqlite3.Connection) -> bool:
    """Whether SQLite finds its file whole."""
    try:
        return bool(rows.execute("pragma quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError:  # in use, or not readable: no damage
        raise
    except sqlite3.DatabaseError:
        return False


def _sealed(rows: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """The rows of a damaged journal that can still be read and bear their seal, by their numbers."""
    rows.execute("pragma writable_schema = on")  # else SQLite reads nothing at all of a file that was cut off
    number = missing = 0
    while missing < _GAP:
        number, missing = number + 1, missing + 1
        with suppress(sqlite3.Error, InputError, TypeError):
            row = rows.execute("select key, file, deaths, record, seal from grades where id = ?", (number,)).fetchone()
            if row is not None:
                missing = 0
                if _bears(row[0], row[3], row[4]) or row[3] == "":
                    yield row


def _recognise(path: Path) -> None:
    """Refuse what is no journal of ours before SQLite sees it; an empty file or none becomes one."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise _refused(path, error) from None
    if not head:
        return
    if head[:16] != b"SQLite format 3\0" or len(head) < 100 or int.from_bytes(head[68:72], "big") != MARK:
        raise InputError(f"{named(path)} is no journal of hwcheck and stays as it is; name another file.")
    written = int.from_bytes(head[60:64], "big")
    if written != FORMAT:
        raise InputError(
            f"{named(path)} is a journal of another version of hwcheck (format {written}; this one writes {FORMAT})."
            " It stays as it is; name another file."
        )


def _refused(path: Path | None, error: Exception) -> InputError:
    where = named(path) if path is not None else "a temporary file"
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return InputError(f"The journal {where} is in use by another run of hwcheck.")
    reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
    return InputError(f"The journal {where} cannot be opened: {reason}.")


@contextmanager
def _sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refused(path, error) from None


__all__ = ["FORMAT", "MOST_DEATHS", "Journal", "key_of"]
