"""Items worked on in processes that are ended at their deadline.

Python's signals do not reach a long call into FLINT, GMP or NumPy: only ending a process is a deadline. So work runs in a few
children, and whatever an item does to its child (hang, crash, take all memory, raise) becomes the `Outcome` of that item alone.

- Order is kept. At most `WINDOW` items are held, so that an endless pipe streams.
- A child gets some items at once and reports each one as it finishes; when it ends, the item it was working on is the one that
  fails, and those after it are sent to the next child.
- Before each item a child asks the kernel to end it at the deadline (SIGALRM with its default action, which no C code delays),
  so a parent that is waiting for input or for its consumer lets nothing run on. The parent ends it too, a moment later.
- Children are forked where that is safe and started anew elsewhere; then `work` and `prepare` have to be functions of a module.
  They ignore Ctrl-C, read no standard input, print to standard error, and end when the parent is gone.

It must not know what the work is.
"""

from __future__ import annotations

import gc
import itertools
import math
import multiprocessing
import os
import pickle
import select
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

if sys.platform != "win32":
    import resource

Failure = Literal["", "deadline", "crash", "memory", "error"]

WINDOW = 1024  # items read and not yet given back: what the others may do while the first one uses up its seconds
BATCH = 64  # items sent at once, at most
SLICE = 0.005  # seconds of work sent at once, about
PATIENCE = 0.001  # seconds of reading items before results are looked at again
STARTING = 60.0  # seconds until a child has to say that it is there
ALARM = hasattr(signal, "setitimer")
GRACE = 0.05 if ALARM else 0.0  # seconds after the deadline at which the parent ends a child that the kernel has not ended
# On macOS, system libraries do not survive a fork.
METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"
THREADS = ("MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: its value, or the kind of failure and a few words on it.

    `deadline`: it was not done in time; `crash`: its process ended; `memory`: more memory than allowed; `error`: an exception, or
    an item or a value that cannot be sent.
    """

    value: Any = None
    failure: Failure = ""
    detail: str = ""


class Lines:
    """The lines of a stream as text without their ends; `Workers` can ask whether the next one has arrived.

    So a program that writes a line and waits for its answer gets it before it writes the next. What is not UTF-8 becomes U+FFFD.
    The stream must not have been read from before. One without a file descriptor, or a pipe on Windows, is read when asked.
    """

    def __init__(self, stream: Any):
        self._stream = stream
        self._whole: deque[bytes] = deque()
        self._begun: list[bytes] = []
        self._over = False
        try:
            self._fd: int | None = stream.fileno()
        except (AttributeError, OSError):
            self._fd = None

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._fd is None:
            line = next(self._stream)
            return str(line, "utf-8", "replace").rstrip("\r\n") if isinstance(line, bytes) else str(line).rstrip("\r\n")
        while not self._whole and not self._over:
            self._read(self._fd)
        if not self._whole:
            raise StopIteration
        return self._whole.popleft().removesuffix(b"\r").decode("utf-8", "replace")

    def fileno(self) -> int:
        """What to wait on until more arrives."""
        return -1 if self._fd is None else self._fd

    def arrived(self) -> bool:
        """Whether the next line, or the end, can be had without waiting; true where that cannot be known."""
        if self._fd is None or sys.platform == "win32":
            return True
        while not self._whole and not self._over:
            if not _ready([self], 0.0):
                return False
            self._read(self._fd)
        return True

    def _read(self, fd: int) -> None:
        data = os.read(fd, 1 << 16)
        *ended, rest = data.split(b"\n")
        if ended:
            self._whole.extend([b"".join([*self._begun, ended[0]]), *ended[1:]])
            self._begun.clear()
        if rest:
            self._begun.append(rest)
        if not data:
            self._over = True
            if self._begun:
                self._whole.append(b"".join(self._begun))


@dataclass(slots=True)
class _Task:
    """An item on its way; it is packed once, since it may be sent twice."""

    item: Any
    packed: bytes = b""
    outcome: Outcome | None = None


class Workers:
    """A few processes that apply `work` to items, each item within `seconds` and `memory` bytes beyond what its process starts with.

    `count` processes, by default one for each processor this process may use; each serves at most `recycle` items. They start
    when they are first needed, after `prepare` was called: in the parent where they are forked, so that what it imports is there
    at once, else in each. `OMP_NUM_THREADS` and its like are 1 for them unless set, which counts only if NumPy is not imported yet.

    >>> with Workers(abs, count=1) as workers:
    ...     [outcome.value for outcome in workers.map([-3, 4])]
    [3, 4]
    """

    def __init__(
        self,
        work: Callable[[Any], Any],
        *,
        count: int | None = None,
        seconds: float = 5.0,
        memory: int | None = 2 << 30,
        recycle: int = 2000,
        prepare: Callable[[], object] | None = None,
    ):
        if count is not None and count < 1:
            raise ValueError("at least one process is needed")
        if not 0 < seconds < math.inf:
            raise ValueError("seconds must be positive and finite")
        self.count = count or processors()
        self.seconds = seconds
        self._recycle = recycle
        self._serving = (work, prepare, seconds, memory)
        self._prepared = False
        self._children: list[_Child] = []
        self._mapping = False
        self._pace = SLICE  # seconds for one item, lately

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, busy or not, and wait until they are gone."""
        while self._children:
            self._children.pop().end()

    def map(self, items: Iterable[Any]) -> Iterator[Outcome]:
        """One outcome for each item, in order, each as soon as it is there; items are read a little ahead.

        While the next of `items` is being waited for, nothing is given back: read a pipe by way of `Lines`.
        """
        for _, outcome in self.pairs(items):
            yield outcome

    def pairs(self, items: Iterable[Any]) -> Iterator[tuple[Any, Outcome]]:
        """Like `map`, each outcome with its item."""
        if self._mapping:
            raise RuntimeError("these workers are busy with other items; finish or close that iterator first")
        self._mapping = True
        try:
            yield from self._stream(items)
        finally:
            self._mapping = False
            for child in [child for child in self._children if child.tasks]:
                self._end(child)

    def _stream(self, items: Iterable[Any]) -> Iterator[tuple[Any, Outcome]]:
        source = _Source(items)
        held: deque[_Task] = deque()
        backlog: deque[_Task] = deque()
        while True:
            while held and held[0].outcome is not None:
                task = held.popleft()
                yield task.item, task.outcome  # type: ignore[misc]  # mypy forgets what the condition said
            self._hand_out(backlog)
            room = min(self._batch() - len(backlog), WINDOW - len(held))
            fresh = source.take(room)
            held.extend(fresh)
            backlog.extend(task for task in fresh if task.outcome is None)
            if source.over and not held:
                return
            if backlog and self._idle() is not None:
                continue
            self._listen(source, backlog, room > len(fresh))

    def _batch(self) -> int:
        return max(1, min(BATCH, int(SLICE / max(self._pace, 1e-9))))

    def _idle(self) -> _Child | int | None:
        """A child without work, or the number that could be started; None if all are busy."""
        free = next((child for child in self._children if not child.tasks), None)
        return free or (self.count - len(self._children)) or None

    def _hand_out(self, backlog: deque[_Task]) -> None:
        while backlog and (child := self._idle()) is not None:
            if not isinstance(child, _Child):
                child = self._start()
            tasks = [backlog.popleft() for _ in range(min(self._batch(), len(backlog)))]
            if not child.send(tasks):  # it ended while idle: no fault of these items
                backlog.extendleft(reversed(tasks))
                self._end(child)

    def _listen(self, source: _Source, backlog: deque[_Task], hungry: bool) -> None:
        """Wait until a child reports or is due, or a line arrives that there is room for; take what was reported."""
        busy = [child for child in self._children if child.tasks]
        lines = source.lines if hungry and not source.over else None
        due = min((child.due for child in busy), default=math.inf)
        timeout = None if due == math.inf else max(0.0, due - time.monotonic())
        if hungry and not source.over and lines is None:
            timeout = 0.0  # more can be read at once
        found = set(_ready([child.channel for child in busy] + ([lines] if lines else []), timeout))
        now = time.monotonic()
        for child in busy:
            if child.channel in found:
                self._hear(child, backlog, now)
            elif now >= child.due:
                self._lose(child, backlog, Outcome(failure="deadline", detail=_late(self.seconds)))

    def _hear(self, child: _Child, backlog: deque[_Task], now: float) -> None:
        try:
            message = child.channel.recv_bytes()
        except (EOFError, OSError):
            self._lose(child, backlog, None)
            return
        spent, child.since = now - child.since, now
        if not child.started:
            child.started = True
            return
        task = child.tasks.popleft()
        task.outcome = _unpacked(message)
        child.served += 1
        self._pace += 0.1 * (spent - self._pace)
        if task.outcome.failure == "memory":  # nobody knows what else went missing
            self._lose(child, backlog, task.outcome)
        elif child.served >= self._recycle and not child.tasks:
            self._end(child)

    def _lose(self, child: _Child, backlog: deque[_Task], outcome: Outcome | None) -> None:
        """End a child; what it was working on fails (unless it has reported that), the rest goes back to the front."""
        status = self._end(child)
        rest = list(child.tasks)
        if outcome is None or outcome.failure == "deadline":
            rest[0].outcome = outcome or _ended(status, self.seconds)
            del rest[0]
        backlog.extendleft(reversed(rest))

    def _start(self) -> _Child:
        with _one_thread():
            if not self._prepared and METHOD == "fork" and self._serving[1] is not None:
                self._serving[1]()
            self._prepared = True
            child = _Child(*self._serving)
        self._children.append(child)
        return child

    def _end(self, child: _Child) -> int | None:
        self._children.remove(child)
        return child.end()


def within(work: Callable[[Any], Any], item: Any, seconds: float, memory: int | None = None) -> Outcome:
    """The outcome of `work(item)` in a process of its own, ended after `seconds`.

    >>> within(len, "abc", 5.0)
    Outcome(value=3, failure='', detail='')
    """
    with Workers(work, count=1, seconds=seconds, memory=memory) as workers:
        return next(workers.map([item]))


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Source:
    """The items, read as far as is wanted and, from `Lines`, as far as they have arrived."""

    def __init__(self, items: Iterable[Any]):
        self.lines = items if isinstance(items, Lines) and not items.arrived_unknown() else None
        self._items = iter(items)
        self.over = False
