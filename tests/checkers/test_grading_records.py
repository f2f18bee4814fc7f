"""A grade and its record: nothing is lost, and nothing that is no record becomes a grade."""

import json
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.checkers.claims.claims import Claim, ClaimKind, JudgedClaim, Role
from hwcheck.checkers.grading.grades import Grade, ProblemGrade, Status
from hwcheck.checkers.grading.records import grade_from, grade_in, record_of, text_of
from hwcheck.checkers.verdicts import Evidence, EvidenceKind, LineVerdict, Verdict, VerdictWord, Witness
from hwcheck.derivations.errors import InputError

texts = st.text(max_size=8)
words: st.SearchStrategy[Any] = st.sampled_from(get_args(VerdictWord))
points = st.fractions(min_value=0, max_value=50, max_denominator=60)
numbers = st.integers(0, 10**6)
notes = st.lists(texts, max_size=3).map(tuple)
spans = st.lists(st.tuples(numbers, numbers), max_size=3).map(tuple)
maybe = st.none() | texts
witnesses = st.builds(Witness, st.dictionaries(texts, texts, max_size=3), texts, texts)
evidence = st.builds(
    Evidence, st.sampled_from(get_args(EvidenceKind)), numbers,
    st.lists(st.dictionaries(texts, numbers, max_size=2), max_size=2).map(tuple),
    st.none() | st.floats(allow_nan=False), st.none() | witnesses, notes,
)  # fmt: skip
lines = st.builds(LineVerdict, numbers, words, texts, maybe)
verdicts = st.builds(
    Verdict, texts, words, texts, st.none() | evidence, maybe, maybe, spans, notes, st.none() | numbers,
    st.lists(lines, max_size=2).map(tuple),
)  # fmt: skip
claims = st.builds(
    JudgedClaim, st.builds(Claim, texts, numbers, st.sampled_from(get_args(ClaimKind)), st.sampled_from(get_args(Role))), verdicts
)
problems = st.builds(
    ProblemGrade, texts, texts, points, points, st.sampled_from(get_args(Status)), numbers, st.lists(claims, max_size=3).map(tuple), notes
)
grades = st.builds(Grade, texts, maybe, st.lists(problems, max_size=3).map(tuple), notes, texts, texts)


@given(grades)
def test_a_record_loses_nothing(grade: Grade) -> None:
    text = text_of(grade)
    assert text.isascii() and "\n" not in text
    assert grade_in(text) == grade
    assert grade_in(text).to_dict() == grade.to_dict()
    assert grade_from(record_of(grade)) == grade


def test_names_that_utf8_has_not() -> None:
    grade = Grade("\udcff\ud800.md", None, (), error="\x1b[1m")
    assert grade_in(text_of(grade)) == grade


GOOD: dict[str, Any] = {
    "file": "a.md", "set": None, "notes": [], "error": "",
    "problems": [{"id": "1", "title": "", "score": "1/2", "max": "1", "status": "right", "line": 1, "claims": [], "notes": []}],
}  # fmt: skip


def changed(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "problems": [{**GOOD["problems"][0], **changes}]}


def test_a_field_with_a_default_may_be_missing() -> None:
    grade = grade_from(GOOD)
    assert (grade.digest, grade.problems[0].score) == ("", Fraction(1, 2))


@pytest.mark.parametrize(
    ("record", "place"),
    [
        ([], "grade does not fit"),
        ({**GOOD, "file": 3}, "grade.file does not fit"),
        ({**GOOD, "more": 3}, "grade and “more” do not fit"),
        ({"file": "a.md", "set": None}, "grade and “problems” do not fit"),
        ({**GOOD, "problems": {}}, "grade.problems does not fit"),
        ({**GOOD, "notes": [1]}, "grade.notes does not fit"),
        (changed(status="brilliant"), "grade.problems.status does not fit"),
        (changed(score="1/0"), "grade.problems.score is no fraction"),
        (changed(score="__import__"), "grade.problems.score is no fraction"),
        (changed(score=1), "grade.problems.score does not fit"),
        (changed(line=True), "grade.problems.line does not fit"),
        (changed(claims=[{"claim": {}}]), "grade.problems.claims and “verdict” do not fit"),
    ],
)
def test_what_is_no_record(record: Any, place: str) -> None:
    with pytest.raises(InputError) as caught:
        grade_from(record)
    assert caught.value.message == f"This is no record of a grade: {place}."


@pytest.mark.parametrize("text", ["", "{", "[" * 200_000, "null", json.dumps([GOOD])])
def test_texts_that_hold_no_grade(text: str) -> None:
    with pytest.raises(InputError):
        grade_in(text)
