"""Items worked on in processes that are ended at their deadline.

Python's signals do not reach a long call into FLINT, GMP or NumPy: only ending a process is a deadline. So work runs in a few
children, and whatever an item does to its child (hang, crash, take all memory, raise) becomes the `Outcome` of that item alone.

- Order is kept. At most `WINDOW` items are held, so an endless pipe streams.
- A child gets a few items at once and reports each one as it finishes. When it ends, the item it was working on is the one that
  fails; those after it are sent again.
- Before each item a child asks the kernel to end it at the deadline: SIGALRM with its default action, which no C code delays. So
  nothing runs on while the parent waits for input or for its consumer. The parent ends it too, a moment later.
- Children are forked where that is safe and started anew elsewhere; there `work` and `prepare` have to be functions of a module.
  They ignore Ctrl-C, read no standard input, print to standard error, and end when the parent is gone.

It must not know what the work is. docs/decisions/007-own-pool-of-processes.md has the figures.
"""

from __future__ import annotations

import faulthandler
import gc
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
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal
from weakref import WeakSet

if sys.platform != "win32":
    import resource

Failure = Literal["", "deadline", "crash", "memory", "error"]

WINDOW = 1024  # items read and not yet given back: what the others may do while the first one uses up its seconds
BATCH = 64  # items sent at once, at most
SLICE = 0.005  # seconds of work sent at once, about
PATIENCE = 0.001  # seconds of reading items before results are looked at again
STARTING = 30.0  # seconds until a child has to say that it is there
GRACE = 0.05 if hasattr(signal, "setitimer") else 0.0  # seconds after which the parent ends what the kernel has not ended
# On macOS, system libraries do not survive a fork.
METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"
THREADS = ("MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: its value, or the kind of failure with a few words on it.

    `deadline`: it was not done in time; `crash`: its process ended; `memory`: it wanted more than allowed; `error`: an exception,
    or an item or a value that cannot be sent.
    """

    value: Any = None
    failure: Failure = ""
    detail: str = ""


class Lines:
    """The lines of a stream, as text without their ends; `Workers` can ask whether the next one has arrived.

    So a program that writes a line and waits for the answer gets it before it writes the next. What is not UTF-8 becomes U+FFFD.
    The stream must not have been read from. One without a file descriptor is read when asked, and so is a pipe on Windows.

    >>> import io
    >>> list(Lines(io.StringIO("x + 1\\n2x\\n")))
    ['x + 1', '2x']
    """

    def __init__(self, stream: Any):
        self._stream = stream
        self._whole: deque[bytes] = deque()
        self._begun: list[bytes] = []
        self._over = False
        self._fd = -1
        with suppress(AttributeError, OSError):
            self._fd = stream.fileno()

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._fd < 0:
            line = next(self._stream)
            return (line.decode("utf-8", "replace") if isinstance(line, bytes) else str(line)).rstrip("\r\n")
        while not self._whole and not self._over:
            self._read()
        if not self._whole:
            raise StopIteration
        return self._whole.popleft().removesuffix(b"\r").decode("utf-8", "replace")

    def fileno(self) -> int:
        """What to wait on until more arrives; -1 if that cannot be waited for."""
        return -1 if sys.platform == "win32" else self._fd

    def arrived(self) -> bool:
        """Whether the next line, or the end, can be had without waiting (true where that cannot be known)."""
        while self.fileno() >= 0 and not self._whole and not self._over:
            if not _ready([self], 0.0):
                return False
            self._read()
        return True

    def _read(self) -> None:
        data = os.read(self._fd, 1 << 16)
        *ended, rest = data.split(b"\n")
        if ended:
            self._whole.extend([b"".join([*self._begun, ended[0]]), *ended[1:]])
            self._begun = []
        if rest:
            self._begun.append(rest)
        if not data:
            self._over = True
            if self._begun:
                self._whole.append(b"".join(self._begun))


@dataclass(slots=True)
class _Task:
    """An item on its way: packed once, since it may be sent twice."""

    item: Any
    packed: bytes = b""
    outcome: Outcome | None = None


class Workers:
    """A few processes that apply `work` to items, each item within `seconds` and `memory` bytes beyond what its process began with.

    `count` processes, by default as many as there are processors for us; each serves at most `recycle` items. They start when first
    needed, after `prepare` was called: in the parent if they are forked, so that what it imports is there at once, else in each.
    `OMP_NUM_THREADS` and its like are 1 for them unless set; that counts only if NumPy has not been imported yet.

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
        if (count is not None and count < 1) or recycle < 1:
            raise ValueError("At least one process is needed, and at least one item for each.")
        if not 0 < seconds < math.inf:
            raise ValueError("The seconds must be positive and finite.")
        self.count = count or processors()
        self.seconds = seconds
        self._recycle = recycle
        self._orders = _Orders(work, prepare, seconds, memory)
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
        for child in list(self._children):
            self._end(child)

    def map(self, items: Iterable[Any]) -> Generator[Outcome, None, None]:
        """One outcome for each item, in order, each given back as soon as it is there; items are read a little ahead.

        Nothing is given back while `next` of `items` waits: read a pipe by way of `Lines`.
        """
        with closing(self.pairs(items)) as pairs:
            for _, outcome in pairs:
                yield outcome

    def pairs(self, items: Iterable[Any]) -> Generator[tuple[Any, Outcome], None, None]:
        """Like `map`, each outcome with its item. To stop early, close the iterator: that ends what it still has running."""
        if self._mapping:
            raise RuntimeError("These workers are busy with other items: finish or close that iterator first.")
        self._mapping = True
        try:
            yield from self._stream(_Source(items))
        finally:
            self._mapping = False
            for child in [child for child in self._children if child.tasks]:
                self._end(child)

    def _stream(self, source: _Source) -> Iterator[tuple[Any, Outcome]]:
        held: deque[_Task] = deque()
        backlog: deque[_Task] = deque()
        while True:
            self._hand_out(backlog)  # first, since whoever takes what is yielded may be long in coming back
            while held and (outcome := held[0].outcome) is not None:
                yield held.popleft().item, outcome
            room = min(self._batch() - len(backlog), WINDOW - len(held))
            fresh = source.take(room)
            held.extend(fresh)
            backlog.extend(task for task in fresh if task.outcome is None)
            if source.over and not held:
                return
            if not (backlog and self._free()) and not (held and held[0].outcome):
                self._listen(source, backlog, hungry=room > len(fresh))

    def _batch(self) -> int:
        return max(1, min(BATCH, int(SLICE / max(self._pace, 1e-9))))

    def _free(self) -> bool:
        return len(self._children) < self.count or any(not child.tasks for child in self._children)

    def _hand_out(self, backlog: deque[_Task]) -> None:
        while backlog and self._free():
            child = next((child for child in self._children if not child.tasks), None) or self._start()
            tasks = [backlog.popleft() for _ in range(min(self._batch(), len(backlog), self._recycle - child.served))]
            if not child.send(tasks):  # it ended while idle, through no fault of these items
                backlog.extendleft(reversed(tasks))
                self._end(child)

    def _listen(self, source: _Source, backlog: deque[_Task], hungry: bool) -> None:
        """Wait until a child reports or is due, or a line arrives that there is room for; take what was reported."""
        busy = [child for child in self._children if child.tasks]
        awaited: list[Connection | Lines] = [child.channel for child in busy]
        timeout = min((child.due for child in busy), default=math.inf) - time.monotonic()
        if hungry and not source.over:
            if source.lines is None:
                timeout = 0.0  # more can be read at once
            else:
                awaited.append(source.lines)
        found = _ready(awaited, timeout)
        now = time.monotonic()
        for child in busy:
            if child.channel in found:
                self._hear(child, backlog, now)
            elif now >= child.due:
                self._lose(child, backlog, late=True)

    def _hear(self, child: _Child, backlog: deque[_Task], now: float) -> None:
        try:
            message = child.channel.recv_bytes()
        except (EOFError, OSError):
            self._lose(child, backlog)
            return
        spent, child.since = now - child.since, now
        if not child.started:
            child.started = True
            return
        outcome = child.tasks.popleft().outcome = _unpacked(message)
        child.served += 1
        self._pace += 0.1 * (spent - self._pace)
        # After the first of these nobody knows what else went missing.
        if outcome.failure == "memory" or child.served == self._recycle:
            backlog.extendleft(reversed(child.tasks))
            self._end(child)

    def _lose(self, child: _Child, backlog: deque[_Task], late: bool = False) -> None:
        """Put an end to a child: what it was working on fails, the rest goes back to the front."""
        failed, *rest = child.tasks
        failed.outcome = _ended(self._end(child), late, self.seconds)
        backlog.extendleft(reversed(rest))

    def _start(self) -> _Child:
        with _one_thread():
            if not self._prepared and METHOD == "fork" and self._orders.prepare is not None:
                self._orders.prepare()
            self._prepared = True
            with _uninterrupted():
                self._children.append(_Child(self._orders))
        return self._children[-1]

    def _end(self, child: _Child) -> int | None:
        status = child.end()
        self._children.remove(child)
        return status


def within(work: Callable[[Any], Any], item: Any, seconds: float, memory: int | None = None) -> Outcome:
    """The outcome of `work(item)` in a process of its own, ended after `seconds`.

    >>> within(len, "abc", 5.0)
    Outcome(value=3, failure='', detail='')
    """
    with Workers(work, count=1, seconds=seconds, memory=memory) as workers:
        return next(workers.map([item]))


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# In the parent


class _Source:
    """The items, read as far as is wanted and, from `Lines`, as far as they have arrived."""

    def __init__(self, items: Iterable[Any]):
        self.lines = items if isinstance(items, Lines) and items.fileno() >= 0 else None
        self.over = False
        self._items = iter(items)

    def take(self, room: int) -> list[_Task]:
        """At most `room` further items, and no more than can be read in a moment."""
        taken: list[_Task] = []
        end = time.monotonic() + PATIENCE
        while len(taken) < room and not self.over and (self.lines is None or self.lines.arrived()):
            try:
                taken.append(_packed(next(self._items)))
            except StopIteration:
                self.over = True
            if time.monotonic() > end:
                break
        return taken


@dataclass(frozen=True, slots=True)
class _Orders:
    """What every child is told when it starts."""

    work: Callable[[Any], Any]
    prepare: Callable[[], object] | None
    seconds: float
    memory: int | None


# The parent's ends of all pipes. A forked child closes them: held by it, they would keep its siblings alive without the parent.
_ENDS: WeakSet[Connection] = WeakSet()


@dataclass(slots=True, eq=False)
class _Child:
    """One process, what it was sent and has not reported, and since when it has been at the first of that."""

    orders: _Orders
    tasks: deque[_Task] = field(default_factory=deque)
    since: float = 0.0
    served: int = 0
    started: bool = False
    channel: Connection = field(init=False)
    process: multiprocessing.process.BaseProcess = field(init=False)

    def __post_init__(self) -> None:
        context: Any = multiprocessing.get_context(METHOD)
        self.channel, theirs = context.Pipe()
        _ENDS.add(self.channel)
        self.process = context.Process(target=_serve, args=(theirs, self.orders, METHOD == "fork"), daemon=True)
        with warnings.catch_warnings():
            # Python and JAX warn of forking beside threads. A child runs nothing but its work; one that meets a lock that is held for
            # ever is ended like any other that is late.
            warnings.simplefilter("ignore")
            self.process.start()
        theirs.close()

    @property
    def due(self) -> float:
        """When it is late."""
        return self.since + (self.orders.seconds + GRACE if self.started else STARTING)

    def send(self, tasks: list[_Task]) -> bool:
        """Give it work; false if it is gone. It is idle, so it reads, and neither side can wait for the other for ever."""
        try:
            self.channel.send_bytes(pickle.dumps([task.packed for task in tasks]))
        except OSError:
            return False
        self.tasks.extend(tasks)
        self.since = time.monotonic()
        return True

    def end(self) -> int | None:
        """End it if it has not ended; its exit code."""
        self.channel.close()
        self.process.kill()
        self.process.join()
        return self.process.exitcode


def _ready(awaited: Sequence[Any], timeout: float) -> list[Any]:
    """Those of them that can be read from, as soon as there is one."""
    timeout = min(max(timeout, 0.0), 3600.0)
    if sys.platform == "win32":
        return wait(awaited, timeout)
    poll = select.poll()  # a quarter of the time of `wait`
    for one in awaited:
        poll.register(one, select.POLLIN)
    found = {fd for fd, _ in poll.poll(math.ceil(1000 * timeout))}
    return [one for one in awaited if one.fileno() in found]


def _packed(item: Any) -> _Task:
    try:
        return _Task(item, pickle.dumps(item))
    except Exception as error:
        return _Task(item, outcome=Outcome(failure="error", detail=_words(error)))


def _unpacked(message: bytes) -> Outcome:
    try:
        return Outcome(*pickle.loads(message))
    except Exception as error:
        return Outcome(failure="error", detail=_words(error))


def _ended(status: int | None, late: bool, seconds: float) -> Outcome:
    if late or (sys.platform != "win32" and status == -signal.SIGALRM):
        return Outcome(failure="deadline", detail=f"not done after {seconds:g} s")
    if status is None or status >= 0:
        return Outcome(failure="crash", detail=f"its process ended with status {status}")
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return Outcome(failure="crash", detail=f"its process was ended by {name}")


def _words(error: BaseException) -> str:
    """Type and message of an exception, whatever its own methods do."""
    try:
        message = str(error)
    except Exception:
        message = ""
    return f"{type(error).__name__}: {message}"[:500].removesuffix(": ")


@contextmanager
def _one_thread() -> Iterator[None]:
    """Libraries loaded, and processes started, in here compute with one thread: the processes are the parallelism."""
    ours = [name for name in THREADS if name not in os.environ]
    os.environ.update(dict.fromkeys(ours, "1"))
    try:
        yield
    finally:
        for name in ours:
            os.environ.pop(name, None)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits: a child must not see it before it ignores it, and the parent must not lose a child it has just started."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the child


def _serve(channel: Connection, orders: _Orders, forked: bool) -> None:
    """All that a child does; it leaves without running anything of the parent's."""
    status = 1
    try:
        _settle(orders.memory, forked)
        if orders.prepare is not None and not forked:
            orders.prepare()
        with suppress(EOFError, OSError):  # the parent is gone
            channel.send_bytes(b"")
            while True:
                for packed in pickle.loads(channel.recv_bytes()):
                    channel.send_bytes(_reply(orders, packed))
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


def _settle(memory: int | None, forked: bool) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM, signal.SIGINT, signal.SIGTERM})
        _limit(resource.RLIMIT_CORE, 0)
        if memory is not None:
            _limit(resource.RLIMIT_AS, _address_space() + memory)
    with suppress(OSError):
        os.dup2(2, 1)
    sys.stdout = sys.stderr
    faulthandler.disable()  # a crash is an outcome
    if forked:
        for end in list(_ENDS):
            end.close()
    gc.freeze()  # the collector leaves alone, and so unshared, what came from the parent


def _reply(orders: _Orders, packed: bytes) -> bytes:
    """The outcome of one item, packed as the fields of `Outcome`. The deadline covers packing, but not waiting for the parent."""
    _alarm(max(orders.seconds, 0.001))
    try:
        reply = pickle.dumps((orders.work(pickle.loads(packed)),))
    except MemoryError:
        reply = pickle.dumps((None, "memory", "more memory than allowed"))
    except BaseException as error:
        reply = pickle.dumps((None, "error", _words(error)))
    _alarm(0.0)
    return reply


def _alarm(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit(kind: int, most: int) -> None:
    if sys.platform != "win32":
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):  # macOS refuses to limit address space
            resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    """What this process has mapped already, in bytes; 0 where that is not told."""
    if sys.platform == "linux":
        with suppress(OSError), open("/proc/self/statm", encoding="ascii") as sizes:
            return int(sizes.read().split()[0]) * resource.getpagesize()
    return 0
