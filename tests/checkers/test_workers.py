"""Items worked on in processes: whatever an item does to its process is the outcome of that item alone."""

from __future__ import annotations

import io
import itertools
import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import flint
import pytest

from hwcheck.checkers import workers
from hwcheck.checkers.workers import BATCH, WINDOW, Lines, Outcome, Workers, within

QUICK = 0.2  # a deadline for what hangs
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the work of these tests lives in no importable module")


def gone(pid: int) -> bool:
    """Whether there is no such process, not even one that nobody has waited for; gives it a moment to go."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def deep(levels: int) -> int:
    return 1 + deep(levels - 1) if levels else 0


def hang() -> None:
    while True:
        pass


def forked_hang() -> None:
    """A loop that catches everything and resets the timer: what only the parent can end."""
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass


class Odd(Exception):
    """An exception that cannot even say what it is."""

    def __str__(self) -> str:
        raise ValueError


class Unwelcome:
    """Travels out of a process, but cannot be built again."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return int, ("no number",)


def raising(error: BaseException) -> None:
    raise error


def nested(levels: int) -> list[Any]:
    out: list[Any] = []
    for _ in range(levels):
        out = [out]
    return out


ACTS: dict[str, Callable[[], Any]] = {
    "hang": hang,
    "hang in C": lambda: flint.fmpz(9) ** (9**9),
    "hang in Python's own C": lambda: math.factorial(10**7),
    "hang, deaf": forked_hang,
    "exit": lambda: os._exit(3),
    "exit well": lambda: os._exit(0),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "aborted": os.abort,
    "divided by GMP": lambda: os.kill(os.getpid(), signal.SIGFPE),
    "pipes closed": lambda: os.closerange(3, 256),
    "memory": lambda: bytearray(1 << 30),
    "memory error": lambda: raising(MemoryError()),
    "recursion": lambda: deep(10**6),
    "exception": lambda: raising(ValueError("x is no size")),
    "odd exception": lambda: raising(Odd()),
    "system exit": lambda: sys.exit(4),
    "interrupt": lambda: raising(KeyboardInterrupt()),
    "unpicklable": lambda: lambda: 1,
    "too deep": lambda: nested(10**5),
    "unwelcome": Unwelcome,
}


def act(item: Any) -> Any:
    """Do what a word of the table says; give back anything else."""
    return ACTS[item]() if isinstance(item, str) and item in ACTS else item


def doubled(item: Any) -> Any:
    return item + item


# What one item does to its process


@pytest.mark.parametrize(
    ("item", "failure", "detail"),
    [
        ("hang", "deadline", "not done after 0.2 s"),
        ("hang in C", "deadline", "not done after 0.2 s"),
        ("hang in Python's own C", "deadline", "not done after 0.2 s"),
        ("hang, deaf", "deadline", "not done after 0.2 s"),
        ("exit", "crash", "its process ended with status 3"),
        ("exit well", "crash", "its process ended with status 0"),
        ("killed", "crash", "its process was ended by SIGKILL"),
        ("aborted", "crash", "its process was ended by SIGABRT"),
        ("divided by GMP", "crash", "its process was ended by SIGFPE"),
        ("memory", "memory", "more memory than allowed"),
        ("memory error", "memory", "more memory than allowed"),
        ("recursion", "error", "RecursionError: maximum recursion depth exceeded"),
        ("exception", "error", "ValueError: x is no size"),
        ("odd exception", "error", "Odd"),
        ("system exit", "error", "SystemExit: 4"),
        ("interrupt", "error", "KeyboardInterrupt"),
        ("unwelcome", "error", "ValueError: invalid literal for int() with base 10: 'no number'"),
    ],
)
def test_what_one_item_can_do(item: str, failure: str, detail: str) -> None:
    start = time.monotonic()
    outcome = within(act, item, QUICK, memory=256 << 20)
    assert (outcome.value, outcome.failure) == (None, failure)
    assert outcome.detail.startswith(detail)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(("item", "words"), [("unpicklable", "pickle"), ("too deep", "RecursionError")])
def test_values_that_cannot_be_sent(item: str, words: str) -> None:
    outcome = within(act, item, 5.0)
    assert (outcome.value, outcome.failure) == (None, "error")
    assert words in outcome.detail


@pytest.mark.parametrize(
    "value",
    [None, "", 0, False, (1, [2.5, {"x": b"\0"}]), "\ud800", math.inf, Outcome(failure="crash"), ValueError, 10**5000],
    ids=lambda value: type(value).__name__,
)
def test_odd_values_arrive(value: object) -> None:
    assert within(act, value, 5.0) == Outcome(value)


def test_a_large_value_arrives() -> None:
    assert within(doubled, bytes(10_000_000), 5.0) == Outcome(bytes(20_000_000))


def test_an_item_that_cannot_be_sent_costs_only_itself() -> None:
    with Workers(act, count=1) as pool:
        first, middle, last = pool.map([1, lambda: 1, 3])
    assert (first, last) == (Outcome(1), Outcome(3))
    assert middle.failure == "error"
    assert "pickle" in middle.detail


def test_a_process_that_closes_its_pipes_is_a_crash() -> None:
    assert within(act, "pipes closed", 5.0).failure == "crash"


def test_work_may_be_a_closure_where_processes_are_forked() -> None:
    if workers.METHOD != "fork":
        pytest.skip("they are not")
    offset = 2
    assert within(lambda x: x + offset, 1, 5.0) == Outcome(3)


# Many items


@pytest.mark.parametrize("count", [1, 2])
def test_order_is_kept_and_failures_cost_only_their_item(count: int) -> None:
    items: list[Any] = list(range(700))
    failing = {0: "hang", 100: "exit", 101: "aborted", 300: "exception", 301: "hang in C", 302: "memory", 500: "recursion", 699: "killed"}
    for place, word in failing.items():
        items[place] = word
    with Workers(act, count=count, seconds=QUICK, memory=256 << 20) as pool:
        pairs = list(pool.pairs(items))
    assert [item for item, _ in pairs] == items
    assert [outcome.value for _, outcome in pairs] == [None if place in failing else place for place in range(700)]
    assert [outcome.failure for _, outcome in pairs if outcome.failure] == [
        "deadline", "crash", "crash", "error", "deadline", "memory", "error", "crash",
    ]  # fmt: skip


def test_slow_and_fast_items_come_back_in_order() -> None:
    def late(item: int) -> int:
        time.sleep(0.02 * (item % 3 == 0))
        return item

    with Workers(late, count=2) as pool:
        assert [outcome.value for outcome in pool.map(range(30))] == list(range(30))


def test_no_items_start_no_process() -> None:
    with Workers(act, prepare=lambda: raising(AssertionError())) as pool:
        assert list(pool.map([])) == []


def test_processes_are_kept_and_recycled() -> None:
    def here(_: object) -> int:
        return os.getpid()

    with Workers(here, count=1, recycle=10) as pool:
        pids = [outcome.value for outcome in pool.map(range(15))] + [outcome.value for outcome in pool.map(range(10))]
    assert [len(list(group)) for _, group in itertools.groupby(pids)] == [10, 10, 5]
    assert os.getpid() not in pids


def test_prepare_runs_once_and_before_the_work() -> None:
    if workers.METHOD != "fork":
        pytest.skip("it runs in each process")
    ready: list[int] = []
    with Workers(lambda item: (item, ready), count=2, recycle=1, prepare=lambda: ready.append(os.getpid())) as pool:
        assert [outcome.value for outcome in pool.map(range(3))] == [(item, [os.getpid()]) for item in range(3)]
    assert ready == [os.getpid()]


def test_two_iterators_at_once_are_refused() -> None:
    with Workers(act, count=1) as pool:
        running = pool.map(range(3))
        assert next(running) == Outcome(0)
        with pytest.raises(RuntimeError, match="busy with other items"):
            next(pool.map(range(3)))
        assert [outcome.value for outcome in running] == [1, 2]
        assert [outcome.value for outcome in pool.map([7])] == [7]


@pytest.mark.parametrize(("count", "seconds"), [(0, 1.0), (-1, 1.0), (1, 0.0), (1, -1.0), (1, math.inf), (1, math.nan)])
def test_orders_that_make_no_sense(count: int, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"least one process|positive and finite"):
        Workers(act, count=count, seconds=seconds)


# Streams


def counted(taken: list[int]) -> Iterator[int]:
    for number in itertools.count():
        taken.append(number)
        yield number


@pytest.mark.parametrize(("count", "ahead"), [(1, 2 * BATCH), (2, WINDOW)])
def test_an_endless_source_is_read_a_little_ahead(count: int, ahead: int) -> None:
    taken: list[int] = []
    with Workers(act, count=count) as pool:
        outcomes = pool.map(counted(taken))
        assert [outcome.value for outcome in itertools.islice(outcomes, 1)] == [0]
        assert len(taken) <= 1 + ahead
        assert [outcome.value for outcome in itertools.islice(outcomes, 999)] == list(range(1, 1000))
        assert len(taken) <= 1000 + ahead
        outcomes.close()


def test_one_slow_item_holds_back_a_bounded_number_of_others() -> None:
    def first_is_slow(item: int) -> int:
        time.sleep(0.5 * (item == 0))
        return item

    taken: list[int] = []
    with Workers(first_is_slow, count=2) as pool:
        outcomes = pool.map(counted(taken))
        assert next(outcomes) == Outcome(0)
        assert 100 < len(taken) <= WINDOW
        outcomes.close()


def test_a_line_is_answered_before_the_next_is_written() -> None:
    with Workers(doubled, count=1) as pool:
        assert list(pool.map([1])) == [Outcome(2)]  # forked later, it would hold the other end of the pipe
        here, there = os.pipe()
        stream = open(here, "rb")
        outcomes = pool.map(Lines(stream))
        for line in ("a", "b", "c"):
            os.write(there, f"{line}\n".encode())
            assert next(outcomes) == Outcome(2 * line)
        os.write(there, b"d\ne\r\nhal")
        assert [next(outcomes).value, next(outcomes).value] == ["dd", "ee"]
        os.write(there, b"f")
        os.close(there)
        assert [outcome.value for outcome in outcomes] == ["halfhalf"]
        stream.close()


def test_a_deadline_holds_while_the_pipe_is_silent() -> None:
    here, there = os.pipe()
    with open(here, "rb") as stream, Workers(act, count=1, seconds=QUICK) as pool:
        outcomes = pool.map(Lines(stream))
        os.write(there, b"hang\n2\n")
        assert [next(outcomes).failure, next(outcomes).failure] == ["deadline", ""]
        outcomes.close()
        os.close(there)


def test_a_deadline_holds_while_the_parent_is_busy() -> None:
    pids: list[int] = []

    def pid_then_hang(item: int) -> int:
        if item:
            hang()
        return os.getpid()

    with Workers(pid_then_hang, count=1, seconds=QUICK) as pool:
        outcomes = pool.map([0, 1])
        pids.append(next(outcomes).value)
        time.sleep(2 * QUICK)
        if sys.platform == "linux":
            assert ") Z " in Path(f"/proc/{pids[0]}/stat").read_text(), "it has ended before the parent looked"
        assert next(outcomes) == Outcome(failure="deadline", detail="not done after 0.2 s")


def test_a_result_may_wait_longer_than_its_deadline() -> None:
    with Workers(doubled, count=1, seconds=QUICK) as pool:
        outcomes = pool.map([bytes(1), bytes(5_000_000), bytes(2)])
        assert next(outcomes) == Outcome(bytes(2))
        time.sleep(2 * QUICK)
        assert [len(outcome.value) for outcome in outcomes] == [10_000_000, 4]


@pytest.mark.parametrize(
    ("stream", "lines"),
    [
        (io.StringIO(""), []),
        (io.StringIO("a\n\nb"), ["a", "", "b"]),
        (io.BytesIO(b"x\r\n\xff\n"), ["x", "\N{REPLACEMENT CHARACTER}"]),
    ],
)
def test_lines_of_what_has_no_file(stream: Any, lines: list[str]) -> None:
    assert list(Lines(stream)) == lines


def test_lines_of_a_file_and_none_twice(tmp_path: Any) -> None:
    text = "".join(f"{number} {'é' * (number % 50)}\n" for number in range(3000))
    path = tmp_path / "lines"
    path.write_text(text, encoding="utf-8")
    with path.open() as stream, Workers(act, count=2, recycle=300) as pool:
        assert [outcome.value for outcome in pool.map(Lines(stream))] == text.splitlines()


# What is left behind: nothing


def test_closing_early_leaves_no_process() -> None:
    def pid_then_hang(item: int) -> int:
        if item > 1:
            hang()
        time.sleep(0.1)  # so that both get one
        return os.getpid()

    with Workers(pid_then_hang, count=2) as pool:
        outcomes = pool.map(counted([]))
        pids = {next(outcomes).value, next(outcomes).value}
        outcomes.close()
        assert len(pids) == 2
        assert [outcome.failure for outcome in pool.map([0])] == [""], "still of use"
    assert all(gone(pid) for pid in pids)


def test_a_source_that_fails_ends_the_iterator_only() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    with Workers(act, count=1) as pool:
        with pytest.raises(OSError, match="the disk is gone"):
            list(pool.map(broken()))
        assert list(pool.map([2])) == [Outcome(2)]


def test_nothing_is_printed_to_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    def loud(item: int) -> int:
        print("from Python")
        os.write(1, b"from C\n")
        sys.__stdout__.flush()  # type: ignore[union-attr]
        return item

    assert within(loud, 1, 5.0) == Outcome(1)
    assert capfd.readouterr().out == ""


def test_standard_input_is_the_parents_alone() -> None:
    assert within(lambda _: sys.stdin.read() + os.read(0, 10).decode(), 0, 5.0) == Outcome("")


PROGRAM = """
    import os, time
    from hwcheck.checkers.workers import Workers

    def work(item):
        if item < 2:
            time.sleep(0.2)
            return os.getpid()
        time.sleep(BUSY)

    with Workers(work, count=2, seconds=60) as pool:
        for outcome in pool.map(range(4)):
            print(outcome.value, flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_parent_that_ends_takes_its_processes_along(how: signal.Signals) -> None:
    busy = "30" if how == signal.SIGINT else "0.6"  # without its parent a process lives until it has a result or is late
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM).replace("BUSY", busy)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as parent:
        assert parent.stdout is not None
        pids = {int(parent.stdout.readline()) for _ in range(2)}
        (os.killpg if how == signal.SIGINT else os.kill)(parent.pid, how)  # Ctrl-C reaches them all
        _, errors = parent.communicate(timeout=10)  # they print to its standard error, so this waits for them too
    assert len(pids) == 2
    assert parent.returncode == -how
    assert errors.count("Traceback") == errors.count("KeyboardInterrupt") == (how == signal.SIGINT)


# Processes that are started anew, as on macOS and Windows


def test_processes_that_cannot_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "METHOD", "spawn")
    with Workers(time.sleep, count=1, seconds=QUICK, prepare=os.getpid) as pool:
        outcomes = list(pool.map([0, "x", 60, 0]))
    assert [outcome.failure for outcome in outcomes] == ["", "error", "deadline", ""]
    assert outcomes[1].detail.startswith("TypeError: 'str' object")
