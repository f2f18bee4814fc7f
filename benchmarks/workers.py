"""What it costs to work in processes that are ended at their deadline, as ratios measured in one run.

    .venv/bin/python benchmarks/workers.py [--repeat 5]

1. One trivial item more in one process of ours, against one in `multiprocessing.Pool(1).imap`, which has no deadlines; the fastest
   of several runs each. Goals: ≤ 2, and ≤ 60 µs.
2. Items of one millisecond in as many processes as there are processors, against `multiprocessing.Pool.imap` with as many.
   Goal: ≤ 1.1.
3. How late an item that hangs is known to have ended, in Python, FLINT and GMP: the largest median, against 5 ms. Goal: ≤ 1.
4. From the end of one process to the first outcome of the next, NumPy and FLINT imported, the median of several, against a new
   interpreter that imports them. Goals: ≤ 0.3, and ≤ 50 ms.

Where pebble is installed too (it is no dependency of ours), its figures for 1, 3 and 4 are printed beside.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import flint
import numpy as np

from hwcheck.checkers.workers import Workers, processors

try:
    import pebble
except ImportError:
    pebble = None

DEADLINE = 0.2


def same(item: Any) -> Any:
    return item


def one_millisecond(item: int) -> int:
    end = time.process_time() + 0.001
    while time.process_time() < end:
        pass
    return item


def here(_: object) -> int:
    np.ones(3) @ np.ones(3)
    return os.getpid()


HANGS: dict[str, Callable[[], object]] = {
    "Python": lambda: sum(1 for _ in iter(int, 1)),
    "FLINT": lambda: flint.fmpz(9) ** (9**9),
    "GMP by FLINT": lambda: flint.fmpz.fac_ui(10**9),
    "Python's integers": lambda: math.factorial(10**7),
}


def hang(name: str) -> object:
    return HANGS[name]() if name in HANGS else os.getpid()


def pebble_pool() -> Any:
    return pebble.ProcessPool(max_workers=1, context=multiprocessing.get_context("fork"))


def fastest(work: Callable[[], float], repeat: int) -> float:
    return min(work() for _ in range(repeat))


def seconds_of(results: Iterable[object]) -> float:
    start = time.perf_counter()
    for _ in results:
        pass
    return time.perf_counter() - start


def overhead(repeat: int) -> float:
    """Seconds for a trivial item, ours divided by those of multiprocessing's pool."""
    count = 5000
    with Workers(same, count=1) as pool:
        list(pool.map(range(200)))
        ours = fastest(lambda: seconds_of(pool.map(range(count))), repeat) / count
    with multiprocessing.get_context("fork").Pool(1) as other:
        list(other.imap(same, range(200)))
        theirs = fastest(lambda: seconds_of(other.imap(same, range(count))), repeat) / count
    print(f"  ours {1e6 * ours:7.1f} µs   multiprocessing {1e6 * theirs:7.1f} µs{'' if ours <= 60e-6 else '   more than 60 µs'}")
    if pebble:
        with pebble_pool() as third:
            run = lambda: seconds_of(third.map(same, range(count // 5), timeout=5).result())  # noqa: E731
            print(f"  pebble {1e6 * fastest(run, repeat) / (count // 5):7.1f} µs")
    return ours / theirs


def parallel(repeat: int) -> float:
    """Seconds for items that take a moment, ours divided by those of multiprocessing's pool."""
    items, count = 500, processors()
    with Workers(one_millisecond, count=count) as pool, multiprocessing.get_context("fork").Pool(count) as other:
        list(pool.map(range(200)))
        pairs = [
            (seconds_of(pool.map(range(items))), seconds_of(other.imap(one_millisecond, range(items)))) for _ in range(repeat)
        ]
    ours, theirs = (min(times) for times in zip(*pairs, strict=True))
    print(f"  {items} items in {count} processes: ours {1000 * ours:.0f} ms   multiprocessing {1000 * theirs:.0f} ms")
    return ours / theirs


def overrun(repeat: int) -> float:
    """The largest median of how late it is, in units of 5 ms."""
    largest = 0.0
    for name in HANGS:
        with Workers(hang, count=1, seconds=DEADLINE) as pool:
            list(pool.map(["start"]))
            late = []
            for _ in range(repeat):
                list(pool.map(["start"]))
                late.append(seconds_of(pool.map([name])) - DEADLINE)
        print(f"  {name:18} median {1000 * statistics.median(late):6.2f} ms   worst {1000 * max(late):6.2f} ms")
        largest = max(largest, statistics.median(late))
    if pebble:
        for name in HANGS:
            print(f"  {name:18} pebble {1000 * pebble_overrun(name):9.1f} ms")
    return largest / 0.005


def pebble_overrun(name: str) -> float:
    pool = pebble_pool()
    try:
        pool.schedule(hang, args=["start"]).result()
        start = time.perf_counter()
        pool.schedule(hang, args=[name], timeout=DEADLINE).exception()
        return time.perf_counter() - start - DEADLINE
    finally:
        pool.stop()
        pool.join()


def restart(repeat: int) -> float:
    """Seconds until a new process of ours has answered, divided by those of a new interpreter."""
    times = []
    with Workers(hang, count=1, seconds=DEADLINE) as pool:
        for _ in range(repeat):
            outcomes = pool.map(["Python", "next"])
            next(outcomes)
            times.append(seconds_of(outcomes))
    ours = statistics.median(times)
    fresh = statistics.median(seconds_of(map(subprocess.check_call, [[sys.executable, "-c", "import numpy, flint"]])) for _ in times)
    print(f"  ours {1000 * ours:6.1f} ms   new interpreter {1000 * fresh:6.1f} ms{'' if ours <= 0.05 else '   more than 50 ms'}")
    if pebble:
        pool = pebble_pool()
        stuck, next_one = pool.schedule(hang, args=["Python"], timeout=DEADLINE), pool.schedule(here, args=[0])
        stuck.exception()
        start = time.perf_counter()
        next_one.result()
        print(f"  pebble {1000 * (time.perf_counter() - start):6.1f} ms")
        pool.stop()
        pool.join()
    return ours / fresh


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    missed = 0
    for title, measure, goal in (
        ("a trivial item / multiprocessing.Pool(1).imap", overhead, 2.0),
        ("items of 1 ms / multiprocessing.Pool.imap", parallel, 1.1),
        ("lateness of the end / 5 ms", overrun, 1.0),
        ("next process / new interpreter", restart, 0.3),
    ):
        print(title)
        ratio = measure(repeat)
        missed += ratio > goal
        print(f"  = {ratio:.2f}   goal ≤ {goal}\n")
    return missed


if __name__ == "__main__":
    sys.exit(main())
