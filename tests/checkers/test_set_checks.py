"""Proving a problem set: a sound one has no fault, and every kind of fault is found, with its line and its whole sentence."""

import textwrap
from pathlib import Path

import pytest

from hwcheck.checkers.problem_answers import judged_problem
from hwcheck.checkers.set_checks import SetReport, check_set
from hwcheck.derivations.errors import DefectError
from hwcheck.derivations.problems.problems import problem_set, set_file, set_names

HEAD = """---
set: mine
title: Mine
layout: numerator
symbols: {B: [m, k], v: [k]}
---
"""  # six lines, so what follows begins in line 7


def checked(body: str, head: str = HEAD) -> SetReport:
    return check_set(head + body, "mine.md")


def faults(block: str, head: str = HEAD) -> list[str]:
    """The faults of a set with one problem, whose block begins in line 10."""
    return [str(fault) for fault in checked(f"## 1 One\n\n```yaml\n{block}\n```\n", head).faults]


JACOBIAN = "kind: jacobian\nfunction: f(v) = B v\n"  # the next line is line 12


@pytest.mark.parametrize(
    "block",
    [
        JACOBIAN + "examples: {right: [B, 2B - B], wrong: [B^T, 2B, v]}\nmistakes: {B^T: Turned., v: The other factor.}",
        JACOBIAN + "layouts: both\nexamples: {right: [B, B^T], wrong: [2B]}",
        JACOBIAN + "asked: [shape]\nexamples: {right: ['(m, k)', m x k], wrong: ['(k, m)']}",
        "kind: jacobian\nfunction: f(v) = sin(s)\ndefinitions: {s: u^T v}\nshapes: {u: [k]}\nwrt: v",
        "kind: choices\noptions: {yes: dropout/random, no: not dropout/random}\nchoose: one",
        "kind: choices\noptions: {yes: dropout/random, it is good: 'person, a taste'}",
        "kind: network\nnetwork: {layers: [1, 1], weights: [[[2]]], biases: [[1]], input: [3]}\nasked: [output]\n"
        "examples: {right: ['7'], wrong: ['6']}",
        "kind: softmax\nasked: [matrix]",
        "kind: backprop\nfunction: f(x, y) = x y\npoint: {x: 2, y: 3}\nasked: [gradient]\nexamples: {right: ['(3, 2)'], wrong: ['(2, 3)']}",
        "kind: person\nreason: words\noptions: [one, other]",
    ],
)
def test_a_sound_set_has_no_fault(block: str) -> None:
    assert faults(block) == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            JACOBIAN + "examples: {right: [2B]}",
            ["mine.md:12: Problem 1: the example “2B” is stated as right, and is judged wrong: "],
        ),
        (
            JACOBIAN + "examples:\n  right: [B]\n  wrong: [B]",
            ["mine.md:14: Problem 1: the example “B” is stated as wrong, and is judged right."],
        ),
        (
            JACOBIAN + "examples: {wrong: ['((']}",
            ["mine.md:12: Problem 1: the example “((” is stated as wrong, and is judged unreadable: This “(” is not closed."],
        ),
        (
            JACOBIAN + "layouts: both\nexamples: {wrong: [B^T]}",
            ["mine.md:13: Problem 1: the example “B^T” is stated as wrong, and is judged right."],
        ),
        (JACOBIAN + "mistakes: {B: Bad.}", ["mine.md:12: Problem 1: “B” is listed as a mistake, and is judged right."]),
        (
            JACOBIAN + "mistakes:\n  v: Same.\n  2B: Same.",
            ["mine.md:14: Problem 1: the mistakes “v” and “2B” have the same message."],
        ),
        (
            JACOBIAN + "mistakes:\n  2B: Twice.\n  B + B: A sum.",
            ["mine.md:14: Problem 1: the mistakes “2B” and “B + B” have messages of their own, and are one and the same answer."],
        ),
        (
            "kind: jacobian\nfunction: f(v) = v B",
            ["mine.md:11: Problem 1 does not derive. v B needs v, a column, to meet a row.\nv is a column, k × 1; B is m × k."],
        ),
        (
            "kind: choices\noptions: {a: dropout/random, b: dropout/random}\nchoose: one",
            ["mine.md:11: Problem 1 asks for one option, and a and b hold."],
        ),
        (
            "kind: choices\noptions: {a: not dropout/random, b: not dropout/random}\nchoose: one",
            ["mine.md:11: Problem 1 asks for one option, and none holds."],
        ),
        (
            "kind: choices\noptions: {a: dropout/random, b: 'person, a taste'}\nchoose: one",
            ["mine.md:11: Problem 1 asks for one option, and b is left to a person, so nothing settles which one."],
        ),
        (
            "kind: demonstration\ndemonstration: dropout\nexamples: {right: [yes]}",
            ["mine.md:12: Problem 1: the example “yes” is stated as right, and is judged undecided: "],
        ),
        (
            "kind: network\nnetwork: {layers: [1, 1], weights: [[[2]]], biases: [[1]], input: [3]}\nasked: [output]\n"
            "mistakes: {'7': Too much.}",
            ["mine.md:13: Problem 1: “7” is listed as a mistake, and is judged right."],
        ),
    ],
)
def test_a_fault(block: str, said: list[str]) -> None:
    found = faults(block)
    assert len(found) == len(said)
    assert all(fault.startswith(start) for fault, start in zip(found, said, strict=True)), found


def test_a_guessed_shape_is_said() -> None:
    """What the expression itself forces is no guess."""
    head = HEAD.replace("symbols: {B: [m, k], v: [k]}\n", "")
    assert faults("kind: jacobian\nfunction: f(v) = B Q v\nwrt: v") == []
    assert faults("kind: jacobian\nfunction: f(t) = 3 t", head) == [
        "mine.md:10: Problem 1: nothing says which shape t has, and [], a number was assumed; declare it in “symbols” or “shapes”.",
    ]


def test_all_faults_at_once_in_order_and_each_once() -> None:
    """What a section hands down to two problems is one fault of each; errors of reading do not hide those of judging."""
    report = checked("""## 1 Section
```yaml
kind: jacobian
function: f(v) = B v
examples: {right: [2B]}
```
### 1.1 One
### 1.2 Two
```yaml
examples: {right: [B]}
```
### 1.3 Three
```yaml
exmples: {right: [B]}
```
## 2 Four
""")
    assert [(f.place.line, f.problem) for f in report.faults] == [(11, "1.1"), (20, ""), (22, "")]
    assert [(p.problem.id, p.proved) for p in report.problems] == [("1.1", "faulty"), ("1.2", "confirmed")]
    told = report.to_dict()
    assert (told["set"], told["proved"], told["points"]) == ("mine", False, "2")
    assert told["faults"][1] == {  # type: ignore[index]
        "file": "mine.md", "line": 20, "problem": None, "message": "The key “exmples” is not known; did you mean “examples”?",
    }  # fmt: skip


def test_a_file_that_is_no_set() -> None:
    report = check_set("just words", "mine.md")
    assert report.set is None
    assert [str(f) for f in report.faults] == [
        "mine.md:1: A problem set begins with a line “---”, then its head, then another “---”.",
    ]


def test_a_late_judge_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an example for ever."""
    monkeypatch.setattr("hwcheck.checkers.set_checks.judged_problem", lambda *_: [None for _ in iter(int, 1)])
    report = check_set(HEAD + f"## 1 One\n```yaml\n{JACOBIAN}examples: {{right: [B]}}\n```", "mine.md", seconds=0.2)
    assert [str(f) for f in report.faults] == [
        "mine.md:11: Problem 1: the example “B” is stated as right, and judging it took more than 0.2 s.",
    ]


def test_a_defect_of_ours_is_no_fault_of_the_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def defect(*_: object, **__: object) -> None:
        raise DefectError("Two results disagree.")

    monkeypatch.setattr("hwcheck.derivations.problems.kinds.jacobian", defect)
    assert faults(JACOBIAN) == [
        "mine.md:7: Problem 1: Two results disagree. This is a defect of hwcheck and none of the set; please report it.",
    ]


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    body = f"## 1 One\n```yaml\n{JACOBIAN}examples: {{right: [B]}}\n```\n## 2 Two\n```yaml\nkind: person\nreason: words\n```\n"
    check_set(HEAD + body, "mine.md", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_example_for_contributors_is_proved() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = text[text.index("    ---\n    set: warm-up") : text.index("The head may also have")]
    report = check_set(textwrap.dedent(example), "warm-up.md")
    assert (report.faults, [p.proved for p in report.problems]) == ((), ["confirmed", "settled"])


def test_a_shipped_set_is_proved() -> None:
    report = check_set(*set_file("cs640"))
    assert [str(fault) for fault in report.faults] == []
    assert all(p.proved != "faulty" for p in report.problems)


@pytest.mark.parametrize("name", set_names())
def test_what_shipped_sets_say_about_answers_holds(name: str) -> None:
    """That every answer derives and is confirmed is tested with the problems."""
    for problem in problem_set(name).problems:
        for stated in problem.examples:
            assert judged_problem(problem, stated.answer).verdict == stated.verdict, (problem.id, stated.answer)
        for mistake in problem.mistakes:
            assert judged_problem(problem, mistake.answer).verdict == "wrong", (problem.id, mistake.answer)
