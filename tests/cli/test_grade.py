"""`hwcheck grade` as it is called: reports, exit codes, journals, and what is said to a person."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.checkers import grade as graded
from hwcheck.cli import report_file
from hwcheck.cli.app import main

SET = """---
set: own
title: Own
layout: numerator
symbols:
  v: [m]
  u: [m]
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
function: h(u) = u^T u
asked: [expression]
```

## 3 An essay

```yaml
kind: person
reason: it asks for an opinion
```
"""


def answers(first: str, second: str, essay: str = "") -> str:
    return f"# 1 A product\n\n**Answer:**\n\n{first}\n\n# 2 A square\n\n**Answer:**\n\n{second}\n\n# 3 An essay\n\n**Answer:**\n\n{essay}\n"


RIGHT = answers("$J_g(u) = v^T$", "$J_h(u) = 2u^T$", "I like it.")
WRONG = answers("$J_g(u) = v^T$", "$J_h(u) = 3u^T$")
OPEN = answers("$J_g(u) = v^T$", "$J_h(u) = @@$", "No.")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("own.md").write_text(SET)
    Path("all").mkdir()
    for name, text in (("right.md", RIGHT), ("wrong.md", WRONG), ("open.md", OPEN)):
        Path("all", name).write_text(text)
    return tmp_path


def hwcheck(*arguments: str, input: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["grade", *arguments], input=input)


def marks(result: Result) -> dict[str, list[tuple[str, int | float]]]:
    found = json.loads(result.stdout)
    rows = found if isinstance(found, list) else [found]
    return {row["file"]: [(p["status"], p["score"]) for p in row["problems"]] for row in rows}


def test_one_file_is_one_object(here: Path) -> None:
    result = hwcheck("all/right.md", "--set", "own.md", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert marks(result) == {"all/right.md": [("right", 1), ("right", 1), ("for a person", 0)]}
    assert json.loads(result.stdout)["set"] == "own"


def test_a_folder_is_a_list_in_natural_order(here: Path) -> None:
    result = hwcheck("all", "--set", "own.md", "--format", "json", "--jobs", "2")
    assert (result.exit_code, result.stderr) == (1, "")
    assert marks(result) == {
        "all/open.md": [("right", 1), ("unreadable", 0), ("for a person", 0)],
        "all/right.md": [("right", 1), ("right", 1), ("for a person", 0)],
        "all/wrong.md": [("right", 1), ("wrong", 0), ("not answered", 0)],
    }
    assert list(marks(result)) == ["all/open.md", "all/right.md", "all/wrong.md"]


@pytest.mark.parametrize(
    ("names", "code"),
    [(["right.md"], 0), (["wrong.md"], 1), (["open.md"], 3), (["right.md", "open.md"], 3), (["open.md", "wrong.md"], 1),
     (["gone.md"], 2), (["gone.md", "open.md"], 2), (["gone.md", "wrong.md"], 1)],
)  # fmt: skip
def test_exit_codes(here: Path, names: list[str], code: int) -> None:
    assert hwcheck(*(f"all/{name}" for name in names), "--set", "own.md", "--format", "jsonl").exit_code == code


def test_standard_input(here: Path) -> None:
    result = hwcheck("-", "--set", "own.md", "--format", "json", input=RIGHT)
    assert (result.exit_code, marks(result)) == (0, {"-": [("right", 1), ("right", 1), ("for a person", 0)]})


def test_from_python(here: Path) -> None:
    found = graded("all/wrong.md", "own.md")
    assert (found.score, found.max, found.problems[1].status) == (1, 2, "wrong")
    assert found.to_dict() == json.loads(hwcheck("all/wrong.md", "--set", "own.md", "--format", "json").stdout)
    assert found._repr_html_().startswith("<p><b>all/wrong.md</b>: 1 of 2 points</p><table>")
    assert graded("<b>.md")._repr_html_() == "<p><b>&lt;b&gt;.md</b>: There is no file “&lt;b&gt;.md”.</p>"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["all", "--set", "nothing"], 2, "error: There is no problem set “nothing”"),
        (["all", "--set", "faulty.md"], 4, "error: faulty.md:"),
        (["none"], 2, "error: There is nothing to grade here: no file ends in .ipynb, .markdown, .md, .tex or .txt.\n"),
        (["all", "--format", "gradescope"], 2, "--format gradescope is about one submission, and these are 3 files."),
        (["all", "--output", "nowhere/report"], 2, "error: The report cannot be written: there is no folder nowhere.\n"),
        (["all", "--output", "all"], 2, "error: The report cannot be written: all is a folder.\n"),
        (["all", "--journal", "own.md"], 2, "“own.md” is there already: add --resume to go on with it, or name another file."),
        (["all", "--journal", "own.md", "--resume"], 2, "error: “own.md” is no journal of hwcheck and stays as it is"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(here: Path, arguments: list[str], code: int, said: str) -> None:
    Path("none").mkdir()
    Path("faulty.md").write_text(SET.replace("kind: person", "kind: persons"))
    result = hwcheck(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr


def test_what_is_passed_over_is_said(here: Path) -> None:
    Path("all", "scan.pdf").touch()
    assert hwcheck("all", "--set", "own.md", "--format", "csv").stderr == (
        "1 file with another ending is passed over (.pdf: 1); a file named by itself is read whatever its ending.\n"
    )


def test_names_with_escape_codes_reach_nobody_raw(here: Path) -> None:
    os.symlink("/", "all/\x1b[1mx.md")
    Path("all", "\x1b]0;x\x07.md").write_text(RIGHT)
    for form in ("text", "json", "jsonl", "markdown", "csv", "junit"):
        result = hwcheck("all", "--set", "own.md", "--format", form)
        assert "\x1b" not in result.output and "\x07" not in result.output, form


def test_a_report_replaces_an_older_one_whole_or_not_at_all(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("report").write_text("old")
    assert hwcheck("all", "--set", "own.md", "--format", "csv", "--output", "report").exit_code == 1
    first = Path("report").read_bytes()
    assert first.count(b"\n") >= 3

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report_file.os, "fsync", full)
    result = hwcheck("all/right.md", "--set", "own.md", "--format", "csv", "--output", "report")
    assert (result.exit_code, result.stderr) == (
        3, "Stopped: No space left on device. Nothing is kept; with --resume a run can go on where it was.\n",
    )  # fmt: skip
    assert Path("report").read_bytes() == first and sorted(os.listdir()) == ["all", "own.md", "report"]


def test_a_journal_beside_the_report(here: Path) -> None:
    arguments = ("all", "--set", "own.md", "--format", "json", "--output", "report.json", "--resume")
    assert hwcheck(*arguments).stderr == "The journal of this run is report.json.journal.\n"
    first = Path("report.json").read_bytes()
    assert hwcheck(*arguments).exit_code == 1
    assert Path("report.json").read_bytes() == first
    Path("all", "open.md").write_text(RIGHT)
    assert hwcheck(*arguments).stderr == (
        "The journal of this run is report.json.journal.\n"
        "1 file was graded anew: the file has changed since, or the set, the options or the version of hwcheck.\n"
    )
    assert b"Exactly the same content is in all/right.md." in Path("report.json").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_run_that_is_killed_again_and_again_loses_nothing(here: Path) -> None:
    for k in range(12):
        Path("all", f"hw{k}.md").write_text(answers(f"$J_g(u) = {k}v^T / {k + k % 2}$", f"$J_h(u) = {k}u^T$"))
    command = [sys.executable, "-m", "hwcheck.cli", "grade", "all", "--set", "own.md", "--format", "json"]
    whole = subprocess.run([*command, "--jobs", "1"], capture_output=True, env=os.environ | {"PYTHONHASHSEED": "1"}, check=False)
    again = [*command, "--journal", "journal", "--resume", "--output", "report"]
    dice = random.Random(3)
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGINT):
        started = subprocess.Popen(again, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONHASHSEED": "2"})
        end = time.monotonic() + 20
        while not Path("journal").exists() and time.monotonic() < end and started.poll() is None:
            time.sleep(0.01)
        time.sleep(dice.uniform(0.0, 0.3))
        started.send_signal(number)
        said = started.communicate()[1]
        if number != signal.SIGKILL and started.returncode > 1:
            assert started.returncode == 128 + number
            assert said == "Stopped. Every grade so far is kept: the same command with --resume goes on.\n"
    assert subprocess.run(again, capture_output=True, check=False).returncode == 1
    assert Path("report").read_bytes() == whole.stdout
