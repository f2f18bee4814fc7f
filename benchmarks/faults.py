"""What a run of `hwcheck grade` withstands: a report that was reached through faults against one that was not, byte by byte.

    .venv/bin/python benchmarks/faults.py [--kills 100] [--files 200]

1. The grader is ended with SIGKILL at random moments until it has been often enough, each time in the middle of its work, and then
   left alone. The journal is taken away where a run comes to its end too early. Goal: the same bytes, and a sound journal.
2. Reports with 1 to 4 processes and three seeds of Python's hashes. Goal: the same bytes.
3. The journal is cut off at half its length. Goal: said in a sentence, the same bytes.
4. No more room for the journal (a limit of the kernel for the size of files). Goal: exit code 3, a sentence, the same bytes afterwards.
5. SIGTERM and Ctrl-C. Goal: the program is gone within 2 s.

Then it prints how long the run takes for each file, and how large the journal is.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SET = """---
set: own
title: Own
layout: numerator
symbols: {u: [m], v: [m], A: [n, m]}
---

## 1 A product

```yaml
kind: jacobian
function: g(u) = v^T u
asked: [expression]
```

## 2 A square

```yaml
kind: jacobian
function: h(u) = ||Au||^2
asked: [expression]
```
"""
ANSWER = "# 1 A product\n\n**Answer:** $J_g(u) = {0}v^T / {1}$\n\n# 2 A square\n\n**Answer:** $J_h(u) = 2 u^T A^T A + {2} u^T$\n"


def made(folder: Path, count: int) -> None:
    """The set and the submissions; every third has a mistake."""
    (folder / "own.md").write_text(SET)
    (folder / "all").mkdir()
    for k in range(count):
        (folder / "all" / f"hw{k}.md").write_text(ANSWER.format(k + 1, k + 1, k % 3))


class Grader:
    """Calls of the program in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.command = [sys.executable, "-m", "hwcheck.cli", "grade", "all", "--set", "own.md", "--format", "json"]
        self.resumed = ["--resume", "--journal", "journal", "--output", "report"]

    def plain(self, jobs: int = 2, hashes: int = 0) -> bytes:
        """The report of a run that nothing disturbs."""
        environment = os.environ | {"PYTHONHASHSEED": str(hashes)}
        command = [*self.command, "--jobs", str(jobs)]
        return subprocess.run(command, cwd=self.folder, capture_output=True, env=environment, check=False).stdout

    def start(self, before: Callable[[], object] | None = None) -> subprocess.Popen[str]:
        """A run with a journal, as a process."""
        command = [*self.command, *self.resumed]
        return subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE, text=True, preexec_fn=before)

    def finish(self) -> bytes:
        """Its report, when it is left alone."""
        self.start().communicate()
        return (self.folder / "report").read_bytes()

    def forget(self) -> None:
        """Take the journal away."""
        for path in self.folder.glob("journal*"):
            path.unlink()


def kills(grader: Grader, wanted: int, seconds: float) -> str:
    """The same bytes after so many kills."""
    expected, dice, done = grader.plain(), random.Random(7), 0
    while done < wanted:
        run = grader.start()
        try:
            run.wait(dice.uniform(0.3, 0.3 + seconds / 4))
            grader.forget()  # it came to its end
        except subprocess.TimeoutExpired:
            run.kill()
            done += 1
        run.communicate()
    same = grader.finish() == expected
    sound = sqlite3.connect(grader.folder / "journal").execute("pragma integrity_check").fetchone()[0] == "ok"
    return f"{done} kills: {'the same bytes' if same and sound else 'DIFFERENT'}"


def orders(grader: Grader) -> str:
    """The same bytes whatever the number of processes and the order of sets."""
    found = {grader.plain(jobs, hashes) for jobs in (1, 2, 3, 4) for hashes in (1, 2, 3)}
    return "12 runs: " + ("the same bytes" if len(found) == 1 else "DIFFERENT")


def cut(grader: Grader) -> str:
    """Half a journal."""
    expected = grader.finish()
    journal = grader.folder / "journal"
    os.truncate(journal, journal.stat().st_size // 2)
    said = grader.start().communicate()[1]
    same = (grader.folder / "report").read_bytes() == expected
    return f"{'the same bytes' if same else 'DIFFERENT'}; {said.strip()}"


def full(grader: Grader) -> str:
    """No room for the journal after 64 KiB."""
    expected = grader.finish()
    grader.forget()
    run = grader.start(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16)))
    said = run.communicate()[1]
    same = grader.finish() == expected
    return f"exit code {run.returncode}, then {'the same bytes' if same else 'DIFFERENT'}; {said.strip()}"


def stops(grader: Grader) -> str:
    """How long it takes to stop."""
    times = []
    for number in (signal.SIGTERM, signal.SIGINT) * 3:
        grader.forget()
        run = grader.start()
        while not (grader.folder / "journal").exists():
            time.sleep(0.01)
        time.sleep(0.2)
        start = time.monotonic()
        run.send_signal(number)
        run.communicate()
        times.append(time.monotonic() - start)
    return f"at most {max(times):.2f} s{'' if max(times) < 2 else '   MORE THAN 2 s'}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder, options.files)
        grader = Grader(folder)
        start = time.monotonic()
        grader.finish()
        seconds = time.monotonic() - start
        size = (folder / "journal").stat().st_size
        print(f"{options.files} files in {seconds:.1f} s, {1000 * seconds / options.files:.0f} ms each; journal {size // 1024} KiB")
        grader.forget()
        found = []
        for title, result in (
            ("SIGKILL", lambda: kills(grader, options.kills, seconds)),
            ("processes and hashes", lambda: orders(grader)),
            ("half a journal", lambda: cut(grader)),
            ("no room", lambda: full(grader)),
            ("SIGTERM and Ctrl-C", lambda: stops(grader)),
        ):
            found.append(result())
            print(f"{title}: {found[-1]}", flush=True)
    return sum("DIFFERENT" in line or "MORE" in line for line in found)


if __name__ == "__main__":
    sys.exit(main())
