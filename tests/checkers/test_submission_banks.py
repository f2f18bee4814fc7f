"""The bank of submissions: a sample of whole files of right answers, and of files with one slip in each answer.

The full run is benchmarks/submissions.py. A failure prints the answer and its claims as they were judged.
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from banks.submission_bank import ANSWERS, CHOICES, EXAMPLES, SETS, answers_of, set_of
from banks.submission_pages import FORMS, STYLES, SUFFIXES, Form, Style
from banks.submission_trials import Outcome, Trial, outcomes, right_trial, spoilt_trial

from hwcheck.checkers import grade
from hwcheck.checkers.submissions.pages import page_of
from hwcheck.checkers.submissions.parts import submission_of

SEED = 11
FILES: tuple[tuple[str, Form, Style], ...] = (
    ("cs640", "latex", "copied"),
    ("jhu-2023", "notebook", "headings"),
    ("jhu-2024", "markdown", "shuffled"),
    ("jhu-2024", "text", "marked"),
    ("mit-6390", "latex", "headings"),
    ("warm-up", "notebook", "copied"),
)


@pytest.mark.parametrize("name", SETS)
def test_every_slip_can_be_made_and_changes_the_answer(name: str) -> None:
    ids = {p.id for p in set_of(name).problems}
    assert (set(ANSWERS[name]) | set(CHOICES.get(name, {}))) <= ids
    for problem in set_of(name).problems:
        for answer in answers_of(name, problem):
            assert answer.slips, problem.id
            for slip in answer.slips:
                assert answer.spoilt(slip).text != answer.text


@pytest.mark.parametrize("name", SETS)
def test_answers_are_found_whatever_the_file(name: str) -> None:
    for form, style in product(FORMS, STYLES):
        trial = right_trial(name, form, style, SEED)
        page = page_of(trial.text, f"a.{SUFFIXES[form]}", form)
        parts = submission_of(page, set_of(name)).parts
        written = {p.problem.id: "\n".join(passage.text for passage in p.answers) for p in parts if p.problem is not None and p.answers}
        missing = [id_ for id_, answer, _ in trial.answers if not _words(answer.text) <= _words(written.get(id_, ""))]
        assert missing == [], (form, style)


def _words(text: str) -> set[str]:
    """The words of more than three letters, without commands and environments."""
    return set(re.findall(r"(?<![\\\w])[A-Za-z]{4,}", re.sub(r"\\(?:begin|end)\{\w+\*?\}", "", text)))


def told(found: list[Outcome]) -> list[str]:
    """What was judged otherwise, to be read by a person."""
    return [f"{o.problem} {o.word} {o.slip}\n{o.answer.text}\n{o.said}" for o in found]


@pytest.mark.parametrize(("name", "form", "style"), FILES, ids=[f"{row[0]}-{row[1]}" for row in FILES])
def test_no_right_answer_is_refused(name: str, form: Form, style: Style) -> None:
    found = outcomes(right_trial(name, form, style, SEED))
    assert told([o for o in found if o.word in ("refused", "not found")]) == []
    assert sum(o.word == "graded" for o in found) >= GRADED[name]


@pytest.mark.parametrize(("name", "form", "style"), FILES, ids=[f"{row[0]}-{row[1]}" for row in FILES])
def test_no_slip_is_accepted(name: str, form: Form, style: Style) -> None:
    found = outcomes(spoilt_trial(name, form, style, SEED))
    assert told([o for o in found if o.word in ("accepted", "not found")]) == []
    assert sum(o.word in ("caught", "flagged") for o in found) >= CAUGHT[name]


# How many of a file are decided, at least; what is missing is for a person.
GRADED = {"cs640": 4, "jhu-2023": 16, "jhu-2024": 16, "mit-6390": 27, "warm-up": 3}
CAUGHT = {"cs640": 4, "jhu-2023": 16, "jhu-2024": 16, "mit-6390": 20, "warm-up": 3}


def test_a_trial_is_the_same_every_time() -> None:
    one, other = (spoilt_trial("jhu-2024", "latex", "shuffled", SEED) for _ in range(2))
    assert isinstance(one, Trial)
    assert one.text == other.text


def test_one_homework_has_one_grade_in_every_format() -> None:
    files = sorted(Path(EXAMPLES).glob("homework.*"))
    grades = [grade(str(file), str(EXAMPLES / "warm-up.md")) for file in files]
    problems = [[p for p in g.problems if p.status != "statement"] for g in grades]
    seen = {tuple((p.id, p.score, p.max, p.status, p.first_wrong is None) for p in found) for found in problems}
    assert [file.suffix for file in files] == [".ipynb", ".md", ".tex"]
    assert len(seen) == 1
    assert [p.status for p in problems[0]] == ["right", "partly right", "right"]
