"""The command `hwcheck verify`: what a person sees, exit codes, usage, and batches that nothing can end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hwcheck.checkers.verdicts import DIAGNOSES, Evidence, LineVerdict, Verdict, Witness
from hwcheck.checkers.workers import METHOD, Outcome
from hwcheck.cli.app import main
from hwcheck.cli.hints import HINTS
from hwcheck.cli.marked_rows import rows_of
from hwcheck.cli.verify import failure_message, is_problem, is_worked_solution, text_view
from hwcheck.derivations.errors import InputError
from hwcheck.derivations.problems.problems import set_names


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments], input=stdin)


# -- the view ----------------------------------------------------------------------------------------------------------

ROW = "A column, d × 1. The Jacobian of a number by w is a row here, 1 × d (numerator layout): 2wᵀ has your entries."
TRANSPOSED = Verdict(
    "2w", "wrong", ROW, Evidence("shape", witness=Witness({"w": "(1, 2)"}, "the column (2, 4)", "the row (2, 4)")),
    "transposed", "2w", ((0, 2),),
)  # fmt: skip
AGREES = Evidence("agrees", points=24, sizes=({"n": 3, "d": 5}, {"n": 5, "d": 2}), facts=("y is one-hot",))
RIGHT = Verdict("X^T(σ - y)", "right", "Right.", AGREES, None, "X^{\\top}(\\sigma - y)", notes=("σ is read as a name.",))
UNREADABLE = Verdict("2 w)", "unreadable", "This “)” closes nothing.", spans=((3, 4),))
CHAIN = Verdict(
    "L = (w - 1)^2\n  = w^2 - 2w - 1\n\n  = w (w - 2) - 1", "wrong", "Line 2 differs from line 1.",
    Evidence("certified", witness=Witness({"lambda_1": "2"}, "-1", "1")), "sign", None, ((27, 30),), (), 2,
    (
        LineVerdict(1, "right", "This is where it starts."),
        LineVerdict(2, "wrong", "(w − 1)² is w² − 2w + 1: the sign of the last term is turned."),
        LineVerdict(3, "right", "Equal to line 2."),
    ),
)  # fmt: skip
FAR = Verdict(" + ".join("abcdefghijklmnopqrstuvwxyz" * 3), "wrong", "Without z.", Evidence("differs"), "other", None, ((304, 309),))

VIEWS = {
    "a wrong answer": (TRANSPOSED, 100, """\
✗ wrong: transposed
  2w
  ^^   A column, d × 1. The Jacobian of a number by w is a row here, 1 × d (numerator layout): 2wᵀ
       has your entries.
  at w = (1, 2): yours is the column (2, 4), expected the row (2, 4)
  read as   2w
  decided by the shapes alone"""),
    "a wrong answer in a narrow terminal": (TRANSPOSED, 40, """\
✗ wrong: transposed
  2w
  ^^   A column, d × 1. The Jacobian of
       a number by w is a row here,
       1 × d (numerator layout): 2wᵀ has
       your entries.
  at w = (1, 2): yours is the column
    (2, 4), expected the row (2, 4)
  read as   2w
  decided by the shapes alone"""),
    "a right answer": (RIGHT, 100, """\
✓ right
  read as   Xᵀ(σ − y)
  agrees at 24 points to 60 digits, sizes (n, d) = (3, 5) and (5, 2)
  using     y is one-hot
  note: σ is read as a name."""),
    "unreadable": (UNREADABLE, 100, """\
? unreadable
  2 w)
     ^   This “)” closes nothing."""),
    "undecided": (Verdict("w", "undecided", "Too few points."), 100, "~ undecided\n  Too few points."),
    "a worked solution": (CHAIN, 100, """\
✗ wrong: a sign, first in line 2
  1 ✓ L = (w - 1)^2
  2 ✗ = w^2 - 2w - 1
                 ^^^   (w − 1)² is w² − 2w + 1: the sign of the last term is turned.
  3 ✓ = w (w - 2) - 1
  Line 2 differs from line 1.
  at λ₁ = 2: yours is -1, expected 1
  certified: computed with guaranteed bounds, the two values are different"""),
    "a worked solution in a narrow terminal": (CHAIN, 44, """\
✗ wrong: a sign, first in line 2
  1 ✓ L = (w - 1)^2
  2 ✗ = w^2 - 2w - 1
                 ^^^
      (w − 1)² is w² − 2w + 1: the sign of
      the last term is turned.
  3 ✓ = w (w - 2) - 1
  Line 2 differs from line 1.
  at λ₁ = 2: yours is -1, expected 1
  certified: computed with guaranteed
    bounds, the two values are different"""),
    "a long answer": (FAR, 60, """\
✗ wrong
  …l + m + n + o + p + q + r + s + t + u + v + w + x + y + z
                                                       ^^^^^
  Without z.
  the two values differ in floating-point numbers"""),
}  # fmt: skip


@pytest.mark.parametrize("name", VIEWS)
def test_what_a_person_sees(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict, width, shown = VIEWS[name]
    monkeypatch.setattr("hwcheck.cli.verify.columns", lambda: width)
    assert text_view(verdict).plain() == shown


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        (Evidence("proved"), "proved by algebra"),
        (Evidence("agrees", points=1, max_relative_difference=3e-5), "agrees with a relative difference of at most 3.0e-05"),
        (Evidence("agrees", points=16, sizes=({"d": 3}, {"d": 5}, {"d": 2})), "agrees at 16 points to 60 digits, sizes d = 3, 5 and 2"),
        (Evidence("agrees", points=16, sizes=({},)), "agrees at 16 points to 60 digits"),
    ],
)
def test_evidence_in_a_line(evidence: Evidence, line: str) -> None:
    assert text_view(Verdict("w", "right", "Right.", evidence)).plain() == f"✓ right\n  {line}"


def test_what_the_message_says_is_not_said_again_as_a_note() -> None:
    verdict = Verdict("w", "right", "Right. Note: it is taken as a row.", notes=("it is taken as a row", "another"))
    assert text_view(verdict).plain() == "✓ right\n  Note: it is taken as a row.\n  note: another"


@pytest.mark.parametrize(
    ("text", "spans", "rows"),
    [
        ("a + b", ((4, 5),), [("a + b", "    ^")]),
        ("  a + b", ((2, 3), (6, 7)), [("a + b", "^   ^")]),
        ("a +", ((3, 3),), [("a +", "   ^")]),
        ("[[1,\n 2]]", ((0, 9),), [("[[1,", "^^^^"), ("2]]", "^^^")]),
        ("a\n\nb", ((3, 4),), [("a", ""), ("b", "^")]),
        ("x\u0304 + 1", ((5, 6),), [("x\u0304 + 1", "    ^")]),  # the bar stands on the x
        ("数 + 1", ((4, 5),), [("数 + 1", "     ^")]),  # as wide as two
        ("\ud800\x1b[2J + 1", ((8, 9),), [("��[2J + 1", "        ^")]),
        ("a\tb", ((2, 3),), [("a b", "  ^")]),
    ],
)
def test_carets_stand_below_the_place(text: str, spans: tuple[tuple[int, int], ...], rows: list[tuple[str, str]]) -> None:
    assert rows_of(text, 0, spans, 60) == rows


# -- with the judge itself ---------------------------------------------------------------------------------------------

WHOLE = {
    ("f(w) = ||w||^2", "--answer", "w^T + w^T"): (0, """\
✓ right
  read as   wᵀ + wᵀ
  proved by algebra
"""),
    ("f(w) = ||w||^2", "--answer", "3w^T"): (1, """\
✗ wrong: a constant factor
  3w^T
  ^^^^   A constant factor is off: yours is 3/2 times the expected value.
  at w = (1, 2): yours is the row (3, 6), expected the row (2, 4)
  read as   3wᵀ
  certified: computed with guaranteed bounds, the two values are different
"""),
    ("--expected", "z^2 exp(z)", "--answer", "(z exp(z)"): (2, """\
? unreadable
  (z exp(z)
  ^   The bracket “(” is never closed.
"""),
    ("--expected", "7/3", "--answer", "2.33"): (0, """\
✓ right
  This is the expected value rounded to 2 decimals.
  read as   2.33
  agrees with a relative difference of at most 1.4e-03
"""),
    ("f(w) = Xw", "--kind", "shape", "--answer", "n × d"): (0, """\
✓ right
  n × d.
  read as   n × d
  proved by algebra
"""),
    ("jhu-2024/2.2", "--answer", "2w^T"): (0, """\
✓ right
  read as   2wᵀ
  proved by algebra
"""),
    ("--expected", "(n, d)", "--kind", "shape", "--answer", "d x n"): (1, """\
✗ wrong: transposed
  d x n
  ^^^^^   Your shape is d × n; expected n × d: rows and columns are exchanged.
  read as   d × n
  decided by the shapes alone
"""),
}  # fmt: skip


@pytest.mark.parametrize("arguments", WHOLE, ids=" ".join)
def test_whole_outputs(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.output) == WHOLE[arguments]


def test_a_worked_solution_from_standard_input() -> None:
    result = run(stdin="(a + b)^2 = a^2 + 2ab + b^2\n= a(a + 2b) + b^2\n")
    assert (result.exit_code, result.output) == (0, FOLLOWS)


FOLLOWS = """\
✓ right
  1 ✓ (a + b)^2 = a^2 + 2ab + b^2
  2 ✓ = a(a + 2b) + b^2
  Every line follows.
"""


def test_a_batch_with_the_judge_itself() -> None:
    lines = [
        '{"id": 1, "expected": "2w^T", "answer": "w^T + w^T", "vars": {"w": ["d"]}}',
        '{"id": 2, "function": "f(w) = X w", "answer": "X^T", "vars": {"X": ["n", "d"]}}',
        '{"id": 3, "expected": "x", "answer": "x +"}',
        '{"id": 4, "kind": "shape", "expected": "(n, d)", "answer": "n × d"}',
    ]
    rows, code = rows_for(lines, "--jobs", "1")
    assert code == 1
    assert [(row["id"], row["verdict"], row["diagnosis"]) for row in rows] == [
        (1, "right", None), (2, "wrong", "transposed"), (3, "unreadable", None), (4, "right", None),
    ]  # fmt: skip


# -- one answer --------------------------------------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The calls of the judge, which says “right” to everything, in this process."""
    seen: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def judge(*arguments: Any, **options: Any) -> Verdict:
        seen.append((arguments, options))
        return Verdict(str(arguments[-1]), "right", "Right.")

    monkeypatch.setattr("hwcheck.checkers.verify", judge)
    monkeypatch.setattr("hwcheck.checkers.verify_problem", judge)
    monkeypatch.setattr("hwcheck.cli.verify.within", lambda work, item, seconds, memory: Outcome(work(item)))
    return seen


NOTHING = {"expected": None, "function": None, "kind": "expression", "shapes": {}, "domains": {}, "definitions": {}, "seed": None}


@pytest.mark.parametrize(
    ("arguments", "stdin", "called"),
    [
        (("f(w) = w", "--answer", "I"), None, (("I",), NOTHING | {"function": "f(w) = w"})),
        (("--expected", "w", "--answer", "-w"), None, (("-w",), NOTHING | {"expected": "w"})),
        (("jhu-2024/2.2", "--answer", "2w"), None, (("jhu-2024/2.2", "2w"), {"seed": None})),
        (("jhu-2024/2.2", "--answer", "2w", "--seed", "3", "--rounding", "exact"), None,
         (("jhu-2024/2.2", "2w"), {"seed": 3, "rounding": "exact"})),
        (("jhu-2024/2.2", "--wrt", "j", "--answer", "1"), None, (("1",), NOTHING | {"function": "jhu-2024/2.2", "wrt": "j"})),
        (("w", "--answer", "-"), " 2w \n", (("2w",), NOTHING | {"function": "w"})),
        (("w",), "2w", (("2w",), NOTHING | {"function": "w"})),
        ((), "a = b\n= c", (("a = b\n= c",), NOTHING | {"kind": "chain"})),
        (("--expected", "w", "--kind", "shape"), "(n,\nd)", (("(n,\nd)",), NOTHING | {"expected": "w", "kind": "shape"})),
        (
            ("X w", "--wrt", "w", "--answer", "X", "--shape", "X:n,d", "--domain", "w=positive", "--define", "s=2w", "--layout", "both",
             "--order", "2", "--rounding", "exact", "--seed", "7"),
            None,
            (("X",), {"expected": None, "function": "X w", "kind": "expression", "shapes": {"X": ["n", "d"]}, "domains": {"w": "positive"},
                      "definitions": {"s": "2w"}, "seed": 7, "wrt": "w", "layout": "both", "order": 2, "rounding": "exact"}),
        ),
    ],
)  # fmt: skip
def test_what_is_asked_of_the_judge(arguments: tuple[str, ...], stdin: str | None, called: object, calls: list[object]) -> None:
    result = run(*arguments, stdin=stdin)
    assert (result.output, result.exit_code) == ("✓ right\n", 0)
    assert calls == [called]


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (("--answer", "2w"), None, "There is nothing to compare with: give a TARGET, such as 'f(w) = Xw', or --expected EXPR."),
        (("w", "--expected", "w", "--answer", "2w"), None,
         "Give a TARGET or --expected, not both: the right answer follows from the TARGET."),
        (("w", "--answer", " "), None, "The answer is empty."),
        (("w",), "", "The answer is empty."),
        (("jhu-2024/2.2", "--answer", "w", "--shape", "w:d", "--layout", "both"), None,
         "A problem of a set says this itself; leave out --shape, --layout."),
        (("w", "--answer", "w", "--jobs", "2"), None, "--jobs goes with --batch."),
        (("w", "--answer", "w", "--timeout", "0"), None, "Invalid value for '--timeout'"),
        (("w", "--answer", "w", "--batch", "-"), "", "With --batch every line says what is judged; only --jobs and --timeout go with it."),
    ],
)  # fmt: skip
def test_usage_errors(arguments: tuple[str, ...], stdin: str | None, message: str, calls: list[object]) -> None:
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not calls


@pytest.mark.parametrize(("word", "code"), [("right", 0), ("wrong", 1), ("unreadable", 2), ("undecided", 3)])
def test_exit_codes_and_json(word: Any, code: int, calls: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hwcheck.checkers.verify", lambda answer, **options: Verdict(answer, word, "\ud800", read_as="w"))
    result = run("w", "--answer", "w", "--format", "json")
    assert result.exit_code == code
    assert json.loads(result.output) == Verdict("w", word, "\ud800", read_as="w").to_dict()


def test_an_error_in_what_is_given_is_an_error(calls: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(answer: str, **options: Any) -> Verdict:
        raise InputError("The domain is not known.", span=(0, 1), text="wide")

    monkeypatch.setattr("hwcheck.checkers.verify", judge)
    result = run("w", "--answer", "w", "--domain", "w=wide")
    assert (result.stdout, result.stderr, result.exit_code) == ("", "error: The domain is not known.\n  wide\n  ^\n", 2)


needs_fork = pytest.mark.skipif(METHOD != "fork", reason="a stand-in for the judge does not reach a process that is started anew")


@needs_fork
@pytest.mark.parametrize(
    ("judge", "message"),
    [
        (lambda *_, **__: time.sleep(30), "No verdict was reached within 0.3 s; --timeout allows more."),
        (lambda *_, **__: os._exit(7), "The process that worked on this check ended"),
        (lambda *_, **__: 1 // 0, "This check failed (ZeroDivisionError"),
    ],
)
def test_no_check_hangs_or_falls_over(judge: Callable[..., Verdict], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hwcheck.checkers.verify", judge)
    start = time.monotonic()
    result = run("w", "--answer", "w", "--timeout", "0.3" if "0.3" in message else "20")
    assert time.monotonic() - start < 10
    assert result.exit_code == 3
    assert result.output.startswith("~ undecided\n  " + message)


def test_memory_has_a_sentence() -> None:
    assert failure_message(Outcome(failure="memory"), 5.0) == "This check needed more memory than it may have."


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("2w", False),
        ("a = b\n= c", True),
        ("$$\n2w\n$$", False),
        ("\\begin{cases} 1 & x > 0 \\\\\n 0 & x < 0 \\end{cases}", False),
        ("\\begin{align} a &= b \\\\ &= c \\end{align}", True),
        ("[[1, 2],\n [3, 4]]", False),
        ("w\n" * 300_000, True),
    ],
)
def test_when_an_answer_is_a_worked_solution(text: str, several: bool) -> None:
    assert is_worked_solution(text) is several


# -- many answers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def item_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge of items that does what the answer says."""

    def judge(item: dict[str, Any]) -> dict[str, object]:
        match item.get("answer"):
            case "sleep":
                time.sleep(30)
            case "exit":
                os._exit(7)
            case "raise":
                raise ValueError("no")
        evidence = Evidence("agrees", max_relative_difference=float("inf"))
        return {"id": item["id"], **Verdict("", item.get("answer", "right"), "said", evidence).to_dict()}

    monkeypatch.setattr("hwcheck.checkers.verify_item", judge)


def rows_for(lines: list[str] | list[bytes], *options: str) -> tuple[list[dict[str, Any]], int]:
    stdin = b"\n".join(line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass") for line in lines)
    result = run("--batch", "-", *options, stdin=stdin)
    return [json.loads(row, parse_constant=pytest.fail) for row in result.stdout.splitlines()], result.exit_code


@needs_fork
def test_a_batch_keeps_order_and_survives_everything(item_judge: None) -> None:
    lines = [
        '\ufeff{"id": 1, "answer": "right"}',
        "this is no JSON",
        "[]",
        "",
        "   ",
        '{"answer": "right"}',
        '{"id": {"a": [NaN]}, "answer": "wrong"}',
        '{"id": "late", "answer": "sleep"}',
        '{"id": "dead", "answer": "exit"}',
        '{"id": "defect", "answer": "raise"}',
        '{"id": "\\ud800"}',
        "[" * 100_000,
        '{"id": ' + "9" * 5000 + "}",
        '{"id": "last", "answer": "undecided"}',
    ]
    rows, code = rows_for(lines, "--timeout", "0.4", "--jobs", "2")
    assert code == 1
    assert [row["id"] for row in rows] == [1, None, None, None, {"a": [None]}, "late", "dead", "defect", "\ud800", None, None, "last"]
    assert [row["verdict"] for row in rows] == [
        "right", "unreadable", "unreadable", "unreadable", "wrong", "undecided", "undecided", "undecided", "right", "unreadable",
        "unreadable", "undecided",
    ]  # fmt: skip
    assert [rows[k]["message"] for k in (1, 2, 3, 5)] == [
        "Line 2 is no JSON: Expecting value: line 1 column 1 (char 0).",
        "Line 3 is no JSON object.",
        "Line 6 has no “id”, by which its result is known.",
        "No verdict was reached within 0.4 s; --timeout allows more.",
    ]
    assert all(row.keys() == {"id", *Verdict("", "right", "").to_dict()} for row in rows)


@needs_fork
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 0),
        (("right", "right"), 0),
        (("right", "undecided"), 3),
        (("undecided", "unreadable"), 2),
        (("unreadable", "undecided", "wrong", "right"), 1),
    ],
)
def test_the_exit_code_of_a_batch(words: tuple[str, ...], code: int, item_judge: None) -> None:
    rows, found = rows_for([json.dumps({"id": k, "answer": word}) for k, word in enumerate(words)], "--jobs", "1")
    assert (len(rows), found) == (len(words), code)


@needs_fork
def test_a_line_in_a_broken_encoding_is_one_line(item_judge: None) -> None:
    rows, code = rows_for([b'{"id": "\xff\xfe", "answer": "right"}', b"\xff", b'{"id": 3}'])
    assert ([row["verdict"] for row in rows], code) == (["right", "unreadable", "right"], 2)
    assert rows[0]["id"] == "\N{REPLACEMENT CHARACTER}" * 2


def test_a_program_that_asks_one_by_one_is_answered_at_once() -> None:
    command = [sys.executable, "-m", "hwcheck.cli", "verify", "--batch", "-", "--jobs", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        for answer, verdict in (("2w", "right"), ("3w", "wrong"), ("2w +", "unreadable")):
            process.stdin.write(json.dumps({"id": answer, "expected": "w + w", "answer": answer}) + "\n\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["verdict"] == verdict
        process.stdin.close()
    assert process.returncode == 1


def test_a_batch_from_a_file(tmp_path: Path, item_judge: None) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text("\n\n")
    assert (run("--batch", str(path)).exit_code, run("--batch", str(path)).stdout) == (0, "")
    assert "No such file" in run("--batch", str(tmp_path / "missing.jsonl")).stderr


# -- how it is called --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "problem"),
    [*((f"{name}/2.1", True) for name in set_names()), ("mit-6391", True), ("my.md", True),
     ("x1/2", False), ("w^2/3", False), ("f(w) = w/2", False)],
)  # fmt: skip
def test_problems_and_functions_are_told_apart(target: str, problem: bool) -> None:
    assert is_problem(target) is problem


@pytest.mark.parametrize("arguments", ["verify --expected 2w^T --answer w^T+w^T --shape w:d", "read 2w^T"])
def test_only_what_is_needed_is_loaded(arguments: str) -> None:
    code = f"""import sys
from hwcheck.cli.app import main
try: main({arguments.split()})
except SystemExit: pass
print(sorted({{"jax", "matplotlib", "rich", "igraph", "yaml", "hwcheck.derivations.graphs.graphs"}} & sys.modules.keys()))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_whole_set_is_no_problem() -> None:
    result = run("jhu-2024", "--answer", "w")
    assert result.exit_code == 2
    assert re.fullmatch(r"error: “jhu-2024” has \d+ problems; an answer belongs to one of them: .*\n", result.stderr)


def test_help_has_examples() -> None:
    output = run("--help").output
    assert "hwcheck verify 'f(w) = ||w||^2' --answer '2w^T'" in output
    assert "Exit codes: 0 right, 1 wrong, 2 unreadable, 3 undecided." in output
    assert "hwcheck verify" in CliRunner().invoke(main, ["--help"]).output


HINTED = [
    (("--hint",), """\
✗ wrong: a constant factor
  3w^T
  ^^^^   A constant factor is not right.
  read as   3wᵀ
"""),
    (("--no-solution",), """\
✗ wrong: a constant factor
  3w^T
  ^^^^   A constant factor is not right.
  at w = (1, 2): yours is the row (3, 6)
  read as   3wᵀ
"""),
]  # fmt: skip


@pytest.mark.parametrize(("options", "start"), HINTED)
def test_hints_do_not_show_what_is_right(options: tuple[str, ...], start: str) -> None:
    done = run("f(w) = ||w||^2", "--answer", "3w^T", *options)
    assert done.exit_code == 1
    assert done.output.startswith(start)
    assert "2w" not in done.output and "(2, 4)" not in done.output


def test_every_diagnosis_has_a_hint() -> None:
    assert list(HINTS) == list(DIAGNOSES)
