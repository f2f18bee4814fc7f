"""Runs over many files: deadlines and dying processes cost one claim, the journal loses nothing, and the report depends on neither.

Judging is stood in for by words that say what is to happen: “hang”, “die”, “raise”, or a verdict.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from hwcheck.checkers.claims.claims import Claim, JudgedClaim, Role
from hwcheck.checkers.grading import grading, runs
from hwcheck.checkers.grading.folders import Found, PassedOver, found_files
from hwcheck.checkers.grading.grades import Grade
from hwcheck.checkers.grading.journal import Journal
from hwcheck.checkers.grading.runs import Run, Terms
from hwcheck.checkers.submissions.submissions import Page, Part, Passage, Submission
from hwcheck.checkers.verdicts import Verdict, VerdictWord
from hwcheck.checkers.workers import METHOD
from hwcheck.derivations.problems.problems import Problem, ProblemSet

pytestmark = pytest.mark.skipif(METHOD != "fork", reason="what stands in has to be in the other process too")

PROBLEMS = tuple(Problem("own", str(k), f"Part {k}", "jacobian") for k in (1, 2, 3))
SET = ProblemSet("own", "Own", "numerator", {}, (), (), "", PROBLEMS, "own.md")
WORDS: dict[str, VerdictWord] = {"right": "right", "wrong": "wrong", "open": "undecided"}


def judged_claims(
    passages: Sequence[Passage], problem: Problem | None, *, role: Role = "answer", statement: Sequence[Passage] = (),
    earlier: Sequence[Passage] = (), seed: int | None = None, wanted: Callable[[int], bool] | None = None,
) -> tuple[JudgedClaim, ...]:  # fmt: skip
    found: list[JudgedClaim] = []
    for number, (line, word) in enumerate((p.line + k, w) for p in passages for k, w in enumerate(p.text.split("\n")) if w):
        is_wanted = wanted is None or wanted(number)
        if is_wanted:
            happen(word)
        verdict = Verdict(word, WORDS.get(word, "undecided"), f"It is {word}.") if is_wanted else Verdict("", "undecided", "Not judged.")
        found += [JudgedClaim(Claim(word, line, "expression", role), verdict)] * (0 if word == "none" and is_wanted else 1)
    return tuple(found)


def happen(word: str) -> None:
    if word == "hang":
        time.sleep(100)
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "raise":
        raise ValueError("of no use")


def submission_of(page: Page, problem_set: ProblemSet | None = None) -> Submission:
    """Problem k is paragraph k."""
    happen(page.text.split("\n")[0].removeprefix("read "))
    parts, line = [], 1
    for k, text in enumerate(page.text.split("\n\n")):
        parts.append(Part(str(k + 1), "", SET.problems[k], (), (Passage(text, line),) if text.strip() else (), line))
        line += text.count("\n") + 2
    return Submission(page, SET, tuple(parts))


@pytest.fixture(autouse=True)
def stood_in_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading, "judged_claims", judged_claims)
    monkeypatch.setattr(runs, "submission_of", submission_of)


def files(texts: Iterable[str]) -> list[Found]:
    return [Found(f"{k}.md", data=text.encode()) for k, text in enumerate(texts)]


def run(found: list[Found], journal: Journal, seconds: float = 5.0, jobs: int = 2) -> list[Grade]:
    with closing(Run(found, journal, Terms(SET, seconds, f"terms {seconds}"), jobs=jobs)) as started:
        for _ in started.work():
            pass
        return list(started.grades())


def said(grade: Grade) -> list[list[tuple[str, str]]]:
    return [[(c.claim.text, c.verdict.message) for c in p.claims] for p in grade.problems]


LATE = "No verdict was reached within 0.5 s; --timeout allows more."
DEAD = "The process that worked on this check ended (its process was ended by SIGKILL); the answer may still be right."
RAISED = "This check failed (ValueError: of no use). That is a defect of the program, not of the answer; please report it."


def test_only_the_claim_that_did_it_is_lost() -> None:
    texts = ["right\nhang\nnone\nwrong\n\nright\ndie\n\nraise", "wrong", "right\n\nright"]
    with Journal() as journal:
        first, *others = run(files(texts), journal, seconds=0.5)
    assert said(first) == [
        [("right", "It is right."), ("hang", LATE), ("wrong", "It is wrong.")],
        [("right", "It is right."), ("die", DEAD)],
        [("raise", RAISED)],
    ]
    assert [c.verdict.verdict for c in first.problems[0].claims] == ["right", "undecided", "wrong"]
    assert said(others[0]) == [[("wrong", "It is wrong.")], [], []]
    assert said(others[1]) == [[("right", "It is right.")], [("right", "It is right.")], []]


def test_a_file_that_kills_whoever_reads_it() -> None:
    with Journal() as journal:
        grades = run(files(["read die", "right", "read raise", "read hang"]), journal, seconds=0.5)
    assert [g.error for g in grades] == [
        "It could not be graded: the process that read it ended 3 times.",
        "",
        "It could not be read (ValueError: of no use). That is a defect of the program; please report it.",
        "It could not be read within 0.5 s.",
    ]


def test_a_file_full_of_traps_is_given_up_at_some_time() -> None:
    start = time.monotonic()
    with Journal() as journal:
        grade, other = run(files(["\n".join(["right", *["hang"] * 40]), "right"]), journal, seconds=0.2)
    assert time.monotonic() - start < 15
    first, *messages = [message for _, message in said(grade)[0]]
    assert first == "It is right." and len(messages) == 40
    assert set(messages) == {"It was not judged, since too much of this file took too long."}
    assert said(other)[0] == [("right", "It is right.")]


def test_deaths_of_an_earlier_run_count_and_kills_of_the_grader_do_not(tmp_path: Path) -> None:
    found = files(["right"])
    with Journal(tmp_path / "j") as journal, closing(Run(found, journal, Terms(SET, 5.0, "t"))) as started:
        next(started._papers())  # a run that is killed here has counted nothing
        key = started._entries[0].key
        assert journal.deaths(key) == 0
        for _ in range(3):
            journal.died(key, "0.md")
    with Journal(tmp_path / "j") as journal, closing(Run(found, journal, Terms(SET, 5.0, "t"))) as started:
        assert list(started.work())[-1] == 1
        assert [g.error for g in started.grades()] == ["It could not be graded: the process that worked on it ended 3 times."]


def test_two_runs_that_were_killed_change_nothing() -> None:
    found = files(["right\ndie\n\nright\ndie\n\ndie"])
    with Journal() as journal:
        undisturbed = run(found, journal)
    with Journal() as journal, closing(Run(found, journal, Terms(SET, 5.0, "terms 5.0"))) as started:
        next(started._papers())
        for _ in range(2):  # each saw a process die, and was killed itself before it had finished
            journal.died(started._entries[0].key, "0.md")
        assert run(found, journal) == undisturbed


def test_finished_rows_are_not_graded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = files(["right\n\nwrong", "open"])
    with Journal(tmp_path / "j") as journal:
        before = run(found, journal)
    monkeypatch.setattr(runs, "submission_of", None)  # whoever asks for it now fails
    with Journal(tmp_path / "j") as journal:
        assert run(found, journal) == before


def test_changed_files_and_other_terms_are_graded_anew(tmp_path: Path) -> None:
    for texts, seconds, again in ((["right", "wrong"], 5.0, 0), (["right", "open"], 5.0, 1), (["right", "open"], 4.0, 2)):
        with Journal(tmp_path / "j") as journal, closing(Run(files(texts), journal, Terms(SET, seconds, f"terms {seconds}"))) as started:
            for _ in started.work():
                pass
            assert started.again == again
            assert [said(g)[0][0][0] for g in started.grades()] == texts


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_grades_do_not_depend_on_how_many_processes_there_are(jobs: int) -> None:
    texts = [f"right\n{'wrong' if k % 3 else 'open'}\n\nright" for k in range(30)] + ["right\ndie", ""]
    with Journal() as journal:
        grades = run(files(texts), journal, jobs=jobs)
    assert [g.file for g in grades] == [f"{k}.md" for k in range(32)]
    assert [said(g)[0] for g in grades[:3]] == [
        [("right", "It is right."), ("open", "It is open.")],
        [("right", "It is right."), ("wrong", "It is wrong.")],
        [("right", "It is right."), ("wrong", "It is wrong.")],
    ]
    assert grades[-1].error == "“31.md” is empty."


def test_the_same_content_is_noted_on_all_sides() -> None:
    with Journal() as journal:
        grades = run(files(["right", "wrong", "right", "right"]), journal)
    assert [g.notes for g in grades] == [
        ("Exactly the same content is in 2.md and 1 more file.",), (), ("Exactly the same content is in 0.md and 1 more file.",),
        ("Exactly the same content is in 0.md and 1 more file.",),
    ]  # fmt: skip
    assert len({g.digest for g in grades}) == 2


def test_the_last_of_two_answers_counts() -> None:
    page = Page("a.md", "markdown", "")
    parts = (
        Part("1", "", SET.problems[0], (), (Passage("wrong", 4),), 3),
        Part("1", "", SET.problems[0], (), (Passage("right", 9), Passage("right", 12)), 8),
    )
    question, *_ = grading.questions_of(Submission(page, SET, parts))
    assert [p.line for p in question.answer] == [9, 12]
    assert question.notes == ("There are 2 answers to this problem; the last one counts (line 9).",)


# -- which files -------------------------------------------------------------------------------------------------------------


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    shown = ("hw10.md", "hw2.md", "HW2.md", "b/deep.tex", "notes.txt", "x.ipynb")
    for name in (*shown, "b/.hidden.md", ".git/x.md", "a.pdf", "c.docx", "d.PDF"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    os.symlink("/", tmp_path / "loop")
    os.symlink("hw2.md", tmp_path / "link.md")
    os.mkfifo(tmp_path / "pipe.md")
    passed = PassedOver()
    found = list(found_files([tmp_path, tmp_path / "hw2.md", tmp_path / "a.pdf"], passed))
    names = [os.path.relpath(f.name, tmp_path) for f in found]
    assert names == ["b/deep.tex", "HW2.md", "hw2.md", "hw10.md", "link.md", "loop", "notes.txt", "pipe.md", "x.ipynb", "a.pdf"]
    assert [f.refusal for f in found if f.refusal] == ["“loop” is a link to a folder; it is not followed."]
    assert passed.sentence() == (
        "3 files with other endings are passed over (.pdf: 2, .docx: 1); a file named by itself is read whatever its ending."
    )


def test_what_cannot_be_opened_is_a_grade_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    os.symlink("/etc/hostname", tmp_path / "in" / "out.md")
    os.mkfifo(tmp_path / "in" / "pipe.md")
    with Journal() as journal:
        found = [*found_files([tmp_path / "in"]), Found("gone.md", tmp_path / "gone.md")]
        assert [g.error for g in run(found, journal)] == [
            "“out.md” is a link that leads out of the folder; it is not followed.",
            "“pipe.md” is a pipe, not a file with text; it is not opened.",
            "There is no file “gone.md”.",
        ]


def test_two_files_of_one_name_are_pointed_out_and_the_same_content_is() -> None:
    found = [Found("first/Me.md", data=b"right"), Found("second/me.md", data=b"wrong"), Found("third/you.md", data=b"right")]
    with Journal() as journal:
        first, second, third = run(found, journal)
    assert first.notes[-1:] == ("Exactly the same content is in third/you.md.",)
    assert second.notes[-1:] == ("first/Me.md has the same name; if they are two submissions of one person, only one can count.",)
    assert third.notes[-1:] == ("Exactly the same content is in first/Me.md.",)


def test_many_files_of_one_name_are_how_folders_are_named() -> None:
    found = [Found(f"{k}/answers.md", data=f"right\n{'right ' * k}".encode()) for k in range(3)]
    with Journal() as journal:
        assert [grade.notes for grade in run(found, journal)] == [(), (), ()]
