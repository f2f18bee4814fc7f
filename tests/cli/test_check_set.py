"""`hwcheck check-set`: what is printed, on which stream, and the exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli.app import main

HEAD = "---\nset: mine\ntitle: Mine\nlayout: numerator\nsymbols: {B: [m, k], v: [k]}\n---\n"
GOOD = HEAD + """## 1 A product

```yaml
kind: jacobian
function: f(v) = B v
asked: [shape, expression]
points: 2
examples: {right: [B], wrong: [B^T, v]}
mistakes: {B^T: Turned.}
```

## 2 Words

```yaml
kind: person
reason: an explanation
```
"""
OWN = "a set of your own is the path of a file that ends in .md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["check-set", *arguments])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.md"


def test_a_proved_set(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    result = run(str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == """\
mine  Mine

problem  title      status        points            stated
1        A product  confirmed     final 1, shape 1  3 examples, 1 mistake
2        Words      for a person

1 confirmed, 1 for a person; 2 points; no fault
"""


def test_a_faulty_set_says_every_fault_with_its_line(path: Path) -> None:
    text = GOOD.replace("right: [B]", "right: [2B]").replace("## 2 Words", "## Words")
    path.write_text(text.replace("points: 2", "points: 3\nearns: {final: 1}\n"), encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 4
    assert result.stderr.splitlines() == [
        f"error: {path}:14: Problem 1: what “earns” names sums to 1, and the problem has 3 points.",
        f"error: {path}:20: A heading begins with the number of its problem, as in “## 2.4 Matrix times vector”, not “Words”.",
    ]
    path.write_text(text, encoding="utf-8")
    result = run(str(path))
    assert result.exit_code == 4
    assert "1        A product  faulty" in result.stdout
    assert result.stdout.endswith("1 faulty; 2 points; 2 faults\n")
    assert result.stderr.startswith(f"error: {path}:14: Problem 1: the example “2B” is stated as right, and is judged wrong: ")


def test_a_fault_of_a_formula_is_shown_in_it(path: Path) -> None:
    path.write_text(GOOD.replace("f(v) = B v", "f(v) = v B"), encoding="utf-8")
    result = run(str(path))
    assert result.stderr.endswith("  f(v) = v B\n         ^^^\n")


def test_json(path: Path) -> None:
    path.write_text(GOOD.replace("points: 2", "points: two"), encoding="utf-8")
    result = run(str(path), "--format", "json")
    assert result.exit_code == 4
    fault = {"file": str(path), "line": 13, "problem": None, "message": "“points” is a number such as 2, 0.5 or 1/2, not “two”."}
    words = {"id": "2", "title": "Words", "kind": "person", "status": "person", "points": "0", "earns": {}, "examples": 0, "mistakes": 0}
    assert json.loads(result.stdout) == {
        "file": str(path), "set": "mine", "title": "Mine", "proved": False, "points": "0", "problems": [words], "faults": [fault],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1: The file is empty; a problem set begins with a line “---”, then its head, then another “---”."),
        (b"\xff\xfe\x00", " The file is not UTF-8 text."),
        (b"# words", "1: A problem set begins with a line “---”, then its head, then another “---”."),
        (HEAD.encode(), "1: The set has no problem; each begins with a heading such as “## 2.4 Matrix times vector”."),
    ],
)
def test_a_file_that_is_no_set(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    result = run(str(path))
    assert (result.exit_code, result.stderr) == (4, f"error: {path}:{said}\n")


def test_what_is_no_file(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "none.md"))
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "cannot be opened: No such file or directory." in missing.stderr
    folder = run(str(tmp_path))
    assert folder.exit_code == 2
    assert "is a folder; a problem set is a file that ends in .md." in folder.stderr
    unknown = run("jhu-2042")
    assert unknown.exit_code == 2
    assert "There is no problem set “jhu-2042”; did you mean “jhu-2024”?" in unknown.stderr


def test_nothing_in_a_file_moves_the_cursor(path: Path) -> None:
    text = GOOD.replace("## 1 A product", "## 1 A\x1b[2J product").replace("## 2 Words", "## \x1b]0;x\x07 words")
    path.write_text(text, encoding="utf-8")
    result = run(str(path))
    assert "\x1b" not in result.output
    assert "\x07" not in result.output
