"""The journal of a run: what is finished stays, whatever happens to the file, and nothing foreign is taken for ours."""

import errno
import random
import re
import sqlite3
from fractions import Fraction
from pathlib import Path

import pytest

from hwcheck.checkers.grading.grades import Grade, ProblemGrade
from hwcheck.checkers.grading.journal import MARK, Journal, key_of
from hwcheck.derivations.errors import InputError


def a_grade(number: int, padding: int = 3000) -> Grade:
    problem = ProblemGrade("1", "Slopes", Fraction(number, 3), Fraction(number), "partly right", 4)
    return Grade(f"{number}.md", "own", (problem,), notes=("x" * padding,))


def filled(path: Path, count: int = 60) -> list[str]:
    keys = [key_of(str(k)) for k in range(count)]
    with Journal(path) as journal:
        for k, key in enumerate(keys):
            journal.finish(key, a_grade(k))
    return keys


def test_what_is_finished_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    keys = filled(tmp_path / "j")
    with Journal(tmp_path / "j") as journal:
        assert journal.notes == ()
        assert [journal.grade(key) for key in keys] == [a_grade(k) for k in range(len(keys))]
        assert all(map(journal.has, keys)) and not journal.has("other") and journal.grade("other") is None
        assert journal.knows("7.md") and not journal.knows("7")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["j"]


def test_a_finished_row_is_never_touched() -> None:
    with Journal() as journal:
        journal.finish("k", a_grade(1))
        journal.finish("k", a_grade(2))
        journal.died("k", "1.md")
        assert journal.grade("k") == a_grade(1)


def test_deaths_are_counted_by_key_and_are_no_grade(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        assert [journal.died("k", "a.md"), journal.died("k", "a.md"), journal.died("other", "a.md")] == [1, 2, 1]
        assert journal.grade("k") is None
    with Journal(tmp_path / "j") as journal:
        assert (journal.deaths("k"), journal.deaths("nobody")) == (2, 0)
        journal.finish("k", a_grade(3))
        assert journal.grade("k") == a_grade(3)


@pytest.mark.parametrize("name", ["\udcff.md", "\ud800", "\x1b]0;x\x07.md", "=1+1.md", "ä\u202e.md"])
def test_any_name_is_kept(name: str) -> None:
    with Journal() as journal:
        journal.finish("k", Grade(name, None, (), error=f"{name} is no text."))
        assert journal.grade("k") == Grade(name, None, (), error=f"{name} is no text.")
        assert journal.knows(name)


@pytest.mark.parametrize("share", [0.95, 0.5, 0.2])
def test_a_journal_that_was_cut_off_keeps_what_is_whole(tmp_path: Path, share: float) -> None:
    path = tmp_path / "j"
    keys = filled(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with Journal(path) as journal:
        kept = [k for k, key in enumerate(keys) if journal.has(key)]
        assert kept and abs(len(kept) / len(keys) - share) < 0.2
        assert all(journal.grade(keys[k]) == a_grade(k) for k in kept)
        assert journal.notes == (
            f"The journal “j” is damaged: {len(kept)} graded files are kept, the others are graded again."
            " What it was is kept as “j.damaged”.",
        )
        journal.finish("new", a_grade(5))
    assert (tmp_path / "j.damaged").stat().st_size == int(len(whole) * share)
    with Journal(path) as journal:
        assert journal.notes == () and journal.has("new")


def test_no_row_with_bytes_of_chance_is_believed(tmp_path: Path) -> None:
    path = tmp_path / "j"
    keys = filled(path, 30)
    whole = path.read_bytes()
    dice = random.Random(5)
    for _ in range(12):
        at = dice.randrange(4096, len(whole) - 600)
        path.write_bytes(whole[:at] + dice.randbytes(600) + whole[at + 600 :])
        with Journal(path) as journal:
            found = {k: grade for k, key in enumerate(keys) if (grade := journal.grade(key)) is not None}
        assert len(found) >= 20
        assert all(grade == a_grade(k) for k, grade in found.items())


def foreign(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("create table marks(name text)")
    other.commit()
    other.close()


def from_tomorrow(path: Path) -> None:
    filled(path, 2)
    other = sqlite3.connect(path)
    other.execute("pragma user_version = 7")
    other.close()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda p: p.write_text("my notes"), "“j” is no journal of hwcheck and stays as it is; name another file."),
        (lambda p: p.write_bytes(b"SQLite format 3\0"), "“j” is no journal of hwcheck and stays as it is; name another file."),
        (foreign, "“j” is no journal of hwcheck and stays as it is; name another file."),
        (from_tomorrow, "“j” is a journal of another version of hwcheck (format 7; this one writes 1)."
                        " It stays as it is; name another file."),
        (lambda p: p.mkdir(), "The journal “j” cannot be opened: is a directory."),
    ],
)
def test_what_is_no_journal_of_ours_is_left_alone(tmp_path: Path, make: object, sentence: str) -> None:
    path = tmp_path / "j"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Journal(path)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_an_empty_file_becomes_a_journal(tmp_path: Path) -> None:
    (tmp_path / "j").touch()
    filled(tmp_path / "j", 1)
    assert (tmp_path / "j").read_bytes()[68:72] == MARK.to_bytes(4, "big")


def test_two_runs_do_not_share_a_journal(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as first:
        first.finish("k", a_grade(1))
        with pytest.raises(InputError, match=r"^The journal “j” is in use by another run of hwcheck\.$"):
            Journal(tmp_path / "j")
        first.finish("l", a_grade(2))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^The journal “j” cannot be opened: unable to open database file\.$"):
        Journal(tmp_path / "nowhere" / "j")


def test_a_full_disk_is_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with Journal(path) as journal:
        journal.finish("a", a_grade(1))
        journal._rows.execute("pragma max_page_count = 8")  # a disk that has no more room
        with pytest.raises(OSError, match="the disk is full, so the journal “j” cannot be written") as caught:
            for k in range(40):
                journal.finish(f"b{k}", a_grade(k))
        assert caught.value.errno == errno.ENOSPC
        assert journal.grade("a") == a_grade(1)
    with Journal(path) as journal:
        assert journal.notes == () and journal.grade("a") == a_grade(1)
        journal.finish("z", a_grade(9))


def test_keys_tell_their_parts_apart() -> None:
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("abc", ""), key_of(b"ab", "d")}) == 5
    assert key_of("ä") == key_of("ä".encode())
