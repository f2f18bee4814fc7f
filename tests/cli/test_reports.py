"""Reports of a grading: whole texts pinned for two small grades, one of them hostile; other people's readers as judges."""

from __future__ import annotations

import csv
import json
import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from io import StringIO
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from hwcheck.checkers.claims.claims import Claim, ClaimKind, JudgedClaim, Role
from hwcheck.checkers.grading.grades import Grade, ProblemGrade, Status
from hwcheck.checkers.verdicts import Evidence, LineVerdict, Verdict, VerdictWord, Witness
from hwcheck.cli.marked_rows import cells
from hwcheck.cli.reports.csv_report import COLUMNS
from hwcheck.cli.reports.report_words import first_look, step_of
from hwcheck.cli.reports.reports import FORMATS, ONE_FILE, render
from hwcheck.derivations.errors import InputError

# -- two grades --------------------------------------------------------------------------------------------------------


def judged(text: str, line: int, kind: ClaimKind, word: VerdictWord, message: str, *, role: Role = "answer",
           evidence: Evidence | None = None, diagnosis: str | None = None, span: tuple[int, int] | None = None) -> JudgedClaim:  # fmt: skip
    return JudgedClaim(Claim(text, line, kind, role), Verdict(text, word, message, evidence, diagnosis, None, (span,) if span else ()))


def problem(id: str, title: str, score: str, most: str, status: Status, line: int, *claims: JudgedClaim, notes: tuple[str, ...] = ()
            ) -> ProblemGrade:  # fmt: skip
    return ProblemGrade(id, title, Fraction(score), Fraction(most), status, line, claims, notes)


COLUMN = "A column, m × 1. The Jacobian of a number by u is a row here, 1 × m (numerator layout): 4uᵀ has your entries."
SHAPES = Evidence("shape", witness=Witness({"u": "(1, 2)"}, "the column (4, 8)", "the row (4, 8)"))
SLIP = judged(r"H_{pq} = \frac{\partial g_p}{\partial v_p}", 5, "expression", "wrong", "The index below should be q.",
              role="statement", evidence=Evidence("differs"), diagnosis="wrong-index", span=(36, 39))  # fmt: skip
ANNA = Grade("homework/anna.md", "toy-1", (
    problem("1", "Recap of notation", "0", "0", "statement", 3, SLIP),
    problem("2.1", "Jacobian of a constant", "1", "1", "right", 10,
            judged(r"\mathbf{0}_{1\times m}", 11, "shape", "right", "Right.", evidence=Evidence("proved"))),
    problem("2.2", r"Twice the squared norm, $2\|u\|^2$", "1/2", "2", "partly right", 14,
            judged(r"\frac{\partial g}{\partial u} = 4u", 15, "expression", "wrong", COLUMN, evidence=SHAPES, diagnosis="transposed",
                   span=(32, 34)),
            judged("1 × m", 16, "shape", "right", "Right.", evidence=Evidence("agrees", 24, ({"m": 3}, {"m": 5})))),
    problem("2.3", "Entropy", "0", "3", "undecided", 20,
            judged(r"\sum_k p_k \log \frac{1}{r_k}", 22, "expression", "undecided", "No verdict was reached within 5 s."),
            notes=("Answered twice; the last answer counts.",)),
    problem("2.4", "Why momentum?", "0", "0", "for a person", 30),
    problem("2.5", "A title that is so long that no table of any terminal which people use will ever hold all of it in a row", "0", "1",
            "not answered", 35),
), ("Line 7 had a damaged character, which was left out.",))  # fmt: skip

ESCAPES = "\x1b[31mbad\x1b[0m\u202e"
HOSTILE = '=cmd|"/c"!A1,`x` <script>alert(1)</script> | [y](javascript:z) ![i](http://q) $a$ @team\r\n# head\x00\ud800'
EVIL = Grade(f"{ESCAPES}.md", None, (
    problem(HOSTILE, HOSTILE, "0", "1", "wrong", 1, judged(HOSTILE, 2, "prose", "wrong", HOSTILE, diagnosis="other", span=(3, 9)),
            notes=(HOSTILE,)),
    problem("漢" * 40, "字" * 90, "0", "1", "wrong", 3, judged("漢字 = " * 60, 3, "expression", "wrong", "語" * 200, span=(200, 203)),
            judged("漢字" * 200, 3, "expression", "wrong", "語 " * 99)),
    problem("", "", "0", "0", "unreadable", 4, judged(r"\frac{" * 900, 5, "expression", "unreadable", HOSTILE, span=(0, 5))),
), (HOSTILE,))  # fmt: skip
BROKEN = Grade("b.md", None, (), error=f"This file is binary: {ESCAPES}.")
EMPTY = Grade("empty.md", "toy-1", ())
ALL = (ANNA, EVIL, BROKEN, EMPTY)


def whole(form: str, *grades: Grade, verbose: bool = False, width: int = 80, colour: bool = False) -> str:
    return "".join(render(grades, form, verbose=verbose, width=width, colour=colour))


# -- text --------------------------------------------------------------------------------------------------------------

TEXT = """\
homework/anna.md   set toy-1   1.5 of 7 points, 2 for a person

  ✓ 2.1  Jacobian of a constant                             1 of 1  right
  ✗ 2.2  Twice the squared norm, 2‖u‖²                    0.5 of 2  partly right
    line 15  ∂g/∂u = 4u
                     ^^
             transposed: A column, m × 1. The Jacobian of a number by u is a row
             here, 1 × m (numerator layout): 4uᵀ has your entries.
  ~ 2.3  Entropy                                            0 of 3  undecided
    note: Answered twice; the last answer counts.
  ? 2.4  Why momentum?                                           –  for a person
  – 2.5  A title that is so long that no table of any t…    0 of 1  not answered

For a person
  2.4 (line 30)
  2.3 (line 20, undecided)
      Line 22: No verdict was reached within 5 s.

Misprints of the sheet
  line 5  H_pq = ∂g_p/∂v_p
                       ^
          an index: The index below should be q.

Notes
  Line 7 had a damaged character, which was left out.
"""
NARROW = """\
homework/anna.md
  set toy-1   1.5 of 7 points, 2 for a person

  ✓ 2.1  Jacobian of a constant         1 of 1  right
  ✗ 2.2  Twice the squared norm, 2‖…  0.5 of 2  partly right
    line 15  ∂g/∂u = 4u
                     ^^
             transposed: A column, m × 1. The Jacobian of a
             number by u is a row here, 1 × m (numerator
             layout): 4uᵀ has your entries.
"""
VERBOSE = """\
    line 11  ✓ 𝟘_{1×m}   shape: proved by algebra
  ✗ 2.2  Twice the squared norm, 2‖u‖²                    0.5 of 2  partly right
    line 15  ✗ ∂g/∂u = 4u
                       ^^
               transposed: A column, m × 1. The Jacobian of a number by u is a
               row here, 1 × m (numerator layout): 4uᵀ has your entries.
               at u = (1, 2): yours is the column (4, 8), expected the row
                 (4, 8)
               expression, wrong: decided by the shapes alone
    line 16  ✓ 1 × m
               shape: agrees at 24 points to 60 digits, sizes m = 3 and 5
"""
SUMMARY = """\

All 4 files
  homework/anna.md  1.5 of 7  2.2, line 15: transposed
  �[31mbad�[0m�.md    0 of 2  =cmd|"/c"!A1,`x` <script>alert(1)</script> | [y](…
  b.md                     –  not graded: This file is binary: �[31mbad�[0m�.
  empty.md                 –  no problem was found
"""


def test_text_of_one_file() -> None:
    assert whole("text", ANNA) == TEXT


def test_text_in_few_columns() -> None:
    assert whole("text", ANNA, width=60).startswith(NARROW)


def test_text_with_every_claim() -> None:
    text = whole("text", ANNA, verbose=True)
    assert VERBOSE in text
    assert "    line 5  ✗ H_pq = ∂g_p/∂v_p\n" in text
    assert "of the sheet, expression, wrong: the two values differ in\n                floating-point numbers\n" in text


def test_text_of_several_files_ends_with_a_table() -> None:
    text = whole("text", *ALL)
    assert text.endswith(SUMMARY)
    assert "\nb.md\n  This file could not be graded: This file is binary: �[31mbad�[0m�.\n" in text
    assert "\nempty.md   set toy-1   no points\n\n  No problem was found in this file.\n" in text


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_text_is_harmless_and_fits(width: int, verbose: bool) -> None:
    text = whole("text", *ALL, width=width, verbose=verbose)
    for row in text.split("\n"):
        assert all(c.isprintable() for c in row), row
        assert sum(map(cells, row)) <= width, row
        assert row == row.rstrip()


def test_colour_adds_escapes_and_nothing_else() -> None:
    coloured = whole("text", *ALL, colour=True)
    assert "\x1b[1;31m✗\x1b[0m" in coloured
    parts = coloured.split("\x1b[")
    plain = parts[0] + "".join(part.partition("m")[2] for part in parts[1:])
    assert [row.rstrip() for row in plain.split("\n")] == whole("text", *ALL).split("\n")


def test_text_of_no_file() -> None:
    assert whole("text") == "No file was graded.\n"


LONG = " + ".join(f"a_{{{k}}}" for k in range(80))


def test_a_long_claim_is_cut_around_its_carets() -> None:
    place = LONG.index("a_{60}")
    claim = judged(LONG, 3, "expression", "wrong", "This term is missing its square.", span=(place, place + 6))
    text = whole("text", Grade("c.md", "toy-1", (problem("1", "Sums", "0", "1", "wrong", 1, claim),)))
    row = next(row for row in text.split("\n") if "line 3" in row)
    carets = next(row for row in text.split("\n") if "^" in row)
    assert len(row) <= 80 and "…" in row
    assert row[carets.index("^") : carets.rindex("^") + 1] == "a₆₀"


def test_a_long_claim_without_a_place_has_few_rows() -> None:
    claim = judged(LONG, 3, "expression", "wrong", "The sum differs.")
    text = whole("text", Grade("c.md", "toy-1", (problem("1", "Sums", "0", "1", "wrong", 1, claim),)))
    assert text.count("+ a") < 60 and " …\n" in text


def test_misprints_are_said_once_and_from_the_top() -> None:
    late = judged("v = 3", 9, "number", "wrong", "Expected 4.", role="statement", evidence=SHAPES)
    grade = Grade("d.md", "toy-1", (problem("1", "One", "1", "1", "right", 1, late, SLIP), problem("2", "Two", "1", "1", "right", 2, SLIP)))
    for form in ("text", "markdown", "gradescope"):
        text = whole(form, grade)
        assert text.count("The index below should be q.") == 1
        assert text.index("The index below") < text.index("Expected 4.")


def test_a_problem_that_is_wrong_as_a_whole() -> None:
    grade = Grade("e.md", "toy-1", (problem("1", "One", "0", "1", "wrong", 7),))
    assert "    line 7: no single line is wrong, but what is asked was not reached\n" in whole("text", grade)
    assert '<failure message="0 of 1 point." type="wrong" />' in whole("junit", grade)


LOOKS: list[tuple[Status, str, str]] = [
    ("right", "1", ""), ("wrong", "1", "2: wrong"), ("undecided", "0", "2: undecided"), ("not answered", "1", "2: not answered"),
    ("not answered", "0", ""), ("for a person", "0", "2: for a person"), ("statement", "0", ""),
]  # fmt: skip


@pytest.mark.parametrize(("status", "most", "look"), LOOKS)
def test_what_is_looked_at_first(status: Status, most: str, look: str) -> None:
    right = problem("1", "One", "1", "1", "right", 1)
    assert first_look(Grade("f.md", "toy-1", (right, problem("2", "Two", "0", most, status, 2)))) == look


def test_the_first_wrong_line_of_a_worked_solution_is_the_step() -> None:
    answer = "L = (t - 1)^2\n  = t^2 - 2t - 1\n  = t(t - 2) - 1"
    lines = (LineVerdict(1, "right", ""), LineVerdict(2, "wrong", "The last sign is turned."), LineVerdict(3, "right", ""))
    verdict = Verdict(answer, "wrong", "Line 2 is wrong.", None, "sign", None, ((27, 30),), (), 2, lines)
    step = step_of(JudgedClaim(Claim(answer, 40, "chain"), verdict))
    assert (step.line, step.text.strip(), step.message) == (41, "= t^2 - 2t - 1", "The last sign is turned.")
    (start, end), = step.spans  # fmt: skip
    assert step.text[start:end] == "- 1"


# -- json --------------------------------------------------------------------------------------------------------------


def test_json_of_one_file_is_an_object_and_of_several_a_list() -> None:
    assert json.loads(whole("json", ANNA)) == ANNA.to_dict()
    assert json.loads(whole("json", ANNA, EMPTY, BROKEN)) == [ANNA.to_dict(), EMPTY.to_dict(), BROKEN.to_dict()]
    assert json.loads(whole("json")) == []


def test_json_lines_are_one_object_a_line() -> None:
    rows = whole("jsonl", *ALL).split("\n")
    assert rows.pop() == ""
    assert [json.loads(row) for row in rows] == [grade.to_dict() for grade in ALL]


# -- csv ---------------------------------------------------------------------------------------------------------------


def rows_of_csv(*grades: Grade) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(whole("csv", *grades), newline="")))


def test_csv_has_a_row_for_every_claim_and_for_what_has_none() -> None:
    rows = rows_of_csv(*ALL)
    assert tuple(rows[0]) == COLUMNS
    assert [(r["problem"], r["line"], r["verdict"]) for r in rows if r["set"] == "toy-1"] == [
        ("1", "5", "wrong"), ("2.1", "11", "right"), ("2.2", "15", "wrong"), ("2.2", "16", "right"), ("2.3", "22", "undecided"),
        ("2.4", "30", ""), ("2.5", "35", ""),
    ]  # fmt: skip
    assert rows[2]["points"] == "0.5" and rows[2]["text"] == r"\frac{\partial g}{\partial u} = 4u" and rows[2]["role"] == "answer"
    assert rows[0]["role"] == "statement"
    assert [(r["status"], r["message"]) for r in rows if r["file"] == "b.md"] == [("not graded", "This file is binary: �[31mbad�[0m�.")]


def test_csv_ends_its_rows_as_the_standard_says() -> None:
    text = whole("csv", ANNA)
    assert text.count("\r\n") == text.count("\n") == 8


FORMULAS = {
    "=1+1": "'=1+1", "+1": "'+1", "-2w": "'-2w", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\rx", " =x": "' =x", "\n\n=x": "'\n\n=x",
    "\u00a0-x": "'\u00a0-x", "\ufeff=x": "'\ufffd=x", "\x00=x": "'\ufffd=x", "＝x": "'＝x", "": "", "2 - 1": "2 - 1", "(=)": "(=)",
    'say "a, b"': 'say "a, b"', "a\r\nb": "a\nb", "\ud800": "\ufffd", "−x": "−x",
}  # fmt: skip


@pytest.mark.parametrize(("written", "cell"), FORMULAS.items())
def test_no_cell_is_a_formula(written: str, cell: str) -> None:
    claim = judged(written, 1, "expression", "right", written)
    (row,) = rows_of_csv(Grade(written or "x", written, (problem(written, written, "1", "1", "right", 1, claim),)))
    assert [row[name] for name in ("set", "problem", "title", "text", "message")] == [cell] * 5


# -- markdown ----------------------------------------------------------------------------------------------------------

MARKDOWN = """\
# homework/anna.md

Set toy-1, **1.5 of 7 points, 2 for a person**

| | problem | title | points | status |
|:-:|---|---|--:|---|
| ✓ | 2.1 | Jacobian of a constant | 1 of 1 | right |
| ✗ | 2.2 | Twice the squared norm, 2‖u‖² | 0.5 of 2 | partly right |
| \\~ | 2.3 | Entropy | 0 of 3 | undecided |
| ? | 2.4 | Why momentum? | – | for a person |
| – | 2.5 | A title that is so long that no table of any terminal which people use will ever hold all of it in a row | 0 of 1 | not answered |

## First wrong steps

- **2.2**, line 15: $\\frac{\\partial g}{\\partial u} = 4u$  
  transposed: A column, m × 1. The Jacobian of a number by u is a row here, 1 × m (numerator layout): 4uᵀ has your entries.

## For a person

- **2.3**, line 20: Entropy (undecided)  
  Line 22: No verdict was reached within 5 s.
- **2.4**, line 30: Why momentum?

## Misprints of the sheet

- line 5: $H_{pq} = \\frac{\\partial g_p}{\\partial v_p}$  
  The index below should be q.

## Notes

- **2.3**, Answered twice; the last answer counts.
- Line 7 had a damaged character, which was left out.
"""  # noqa: E501, W291


def test_markdown_of_one_file() -> None:
    assert whole("markdown", ANNA) == MARKDOWN


@pytest.mark.parametrize("verbose", [False, True])
def test_markdown_of_hostile_text_has_only_our_markup(verbose: bool) -> None:
    text = whole("markdown", *ALL, verbose=verbose)
    assert all(c.isprintable() or c == "\n" for c in text)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    flat = [inner for token in tokens for inner in (token, *(token.children or ()))]
    assert {t.type for t in flat}.isdisjoint({"html_inline", "html_block", "link_open", "image", "em_open", "fence", "code_block"})
    headings = [tokens[k + 1].content for k, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h1"]
    assert headings == ["homework/anna.md", "�\\[31mbad�\\[0m�.md", "b.md", "empty.md", "All 4 files"]
    widths = {5, 3}
    assert {sum(t.type == "td_open" for t in row) for row in _table_rows(tokens)} <= widths


def _table_rows(tokens: list) -> Iterator[list]:  # type: ignore[type-arg]
    row: list = []  # type: ignore[type-arg]
    inside = False
    for token in tokens:
        inside = inside or token.type == "tbody_open"
        if token.type == "tr_open":
            row = []
        row.append(token)
        if token.type == "tr_close" and inside:
            yield row
        inside = inside and token.type != "tbody_close"


# -- gradescope --------------------------------------------------------------------------------------------------------


def test_gradescope_has_the_fields_of_its_specification() -> None:
    results = json.loads(whole("gradescope", ANNA))
    assert (results["score"], results["output_format"], results["visibility"]) == (1.5, "text", "visible")
    assert results["output"] == (
        "1.5 of 7 points.\n\nA person has to look at 2.3, 2.4. Points for these are not in the score yet.\n\n"
        "A misprint of the sheet, line 5 (it costs nothing): H_pq = ∂g_p/∂v_p\nThe index below should be q.\n\n"
        "Line 7 had a damaged character, which was left out."
    )
    assert "execution_time" not in results
    assert [(t["number"], t["score"], t["max_score"], t.get("status")) for t in results["tests"]] == [
        ("2.1", 1, 1, "passed"), ("2.2", 0.5, 2, "failed"), ("2.3", 0, 0, None), ("2.4", 0, 0, None), ("2.5", 0, 1, "failed"),
    ]  # fmt: skip
    assert results["tests"][1] == {
        "score": 0.5, "max_score": 2, "name": "Twice the squared norm, 2‖u‖²", "number": "2.2", "status": "failed",
        "output": f"Partly right.\n\nLine 15: ∂g/∂u = 4u\ntransposed: {COLUMN}", "output_format": "text", "visibility": "visible",
        "extra_data": {"status": "partly right", "line": 14},
    }  # fmt: skip
    assert results["tests"][2]["output"] == (
        "Undecided: a person decides. Up to 3 points are open.\nLine 22: No verdict was reached within 5 s.\n"
        "Answered twice; the last answer counts."
    )
    assert results["tests"][2]["extra_data"]["open_points"] == 3
    assert results["tests"][3]["name"] == "Why momentum? (for a person)"
    assert results["tests"][3]["output"] == "For a person: no computation judges this."


@pytest.mark.parametrize("grade", ALL, ids=lambda grade: ascii(grade.file))
def test_gradescope_renders_no_markup_and_adds_up(grade: Grade) -> None:
    results = json.loads(whole("gradescope", grade))
    assert sum(test["score"] for test in results["tests"]) == results["score"]
    for part in (results, *results["tests"]):
        assert part["output_format"] == "text"
        assert all(c.isprintable() or c == "\n" for c in part["output"])
    assert results["test_name_format"] == results["test_output_format"] == "text"


def test_gradescope_says_why_nothing_was_graded() -> None:
    results = json.loads(whole("gradescope", BROKEN))
    assert results["output"] == "This file could not be graded: This file is binary: �[31mbad�[0m�."
    assert results["tests"] == [] and results["extra_data"]["graded"] is False


@pytest.mark.parametrize("grades", [(), (ANNA, EMPTY)])
def test_gradescope_is_about_one_file(grades: tuple[Grade, ...]) -> None:
    with pytest.raises(InputError) as refused:
        whole("gradescope", *grades)
    assert refused.value.message == (
        "Gradescope's results.json is about one submission: grade one file at a time with --format gradescope."
    )
    assert {"gradescope"} == ONE_FILE


# -- junit -------------------------------------------------------------------------------------------------------------


def test_junit_is_read_by_another_reader() -> None:
    suites = ElementTree.fromstring(whole("junit", *ALL).encode())
    counts = [tuple(suite.get(name) for name in ("tests", "failures", "errors", "skipped")) for suite in suites]
    assert counts == [("5", "1", "0", "3"), ("3", "2", "0", "1"), ("1", "0", "1", "0"), ("0", "0", "0", "0")]
    assert [suite.get("name") for suite in suites] == ["homework/anna.md", "�[31mbad�[0m\u202e.md", "b.md", "empty.md"]
    cases = list(suites[0])
    assert [(case.get("name"), [inner.tag for inner in case]) for case in cases[:3]] == [
        ("2.1 Jacobian of a constant", []), (r"2.2 Twice the squared norm, $2\|u\|^2$", ["failure"]), ("2.3 Entropy", ["skipped"]),
    ]  # fmt: skip
    failure, skipped = cases[1][0], cases[2][0]
    assert (failure.get("message"), failure.get("type")) == (f"transposed: {COLUMN}", "transposed")
    assert failure.text == f"line 15: \\frac{{\\partial g}}{{\\partial u}} = 4u\n{COLUMN}"
    assert skipped.get("message") == "undecided: Line 22: No verdict was reached within 5 s."
    assert suites[2][0][0].tag == "error"


# -- all of them -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_reports_can_be_written_and_are_the_same_again(form: str) -> None:
    grades = (EVIL,) if form in ONE_FILE else ALL
    assert whole(form, *grades) == whole(form, *grades)
    whole(form, *grades).encode()  # no lone surrogates
    assert "\x1b" not in whole(form, *grades) and "\x00" not in whole(form, *grades)


def test_an_unknown_format() -> None:
    with pytest.raises(InputError) as refused:
        render([], "pdf")
    assert refused.value.message == "“pdf” is no format; there are text, json, jsonl, markdown, csv, gradescope, junit."


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in ONE_FILE])
def test_pieces_come_as_soon_as_the_grades(form: str) -> None:
    taken = 0

    def coming() -> Iterator[Grade]:
        nonlocal taken
        while True:
            taken += 1
            yield ANNA

    pieces = render(coming(), form)
    assert taken == 0
    for k in range(1, 20):
        next(pieces)
        assert taken <= k + 1


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_many_files_need_little_memory(form: str) -> None:
    many = (Grade(f"{k}.md", "toy-1", ANNA.problems, (f"note {k} " * 100,)) for k in range(2000))
    tracemalloc.start()
    try:
        length = sum(map(len, render(many, form)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert length > 1_500_000 and peak < 500_000
