"""Small signs of a sheet: numbers at the beginning of a line, marks of answers, blanks."""

from __future__ import annotations

import pytest

from hwcheck.checkers.submissions.labels import label_of
from hwcheck.checkers.submissions.statements import answer_marks, is_blank


@pytest.mark.parametrize(
    ("line", "kind", "number", "rest"),
    [
        ("## 2.4 Title", "heading", "2.4", "Title"),
        ("### 2.1.1)", "heading", "2.1.1", ""),
        ("#### 3) Nets", "heading", "3", "Nets"),
        ("## Problem 2 (Norms)", "heading", "2", "(Norms)"),
        ("**Problem 1.** Show", "number", "1", "Show"),
        ("Question 3 (b). Show", "number", "3b", "Show"),
        ("> Q4.1: Why?", "number", "4.1", "Why?"),
        ("✓ Q1.1: Pass", "number", "1.1", "Pass"),
        ("- 3. Show", "number", "3", "Show"),
        ("| 7. | Show |", "number", "7", "Show |"),
        ("4a) Show", "number", "4a", "Show"),
        ("(2) $x$", "number", "2", "$x$"),
        ("(b) Show", "letter", "b", "Show"),
        ("Answer to 2.3: yes", "number", "2.3", "yes"),
        ("2 Jacobians", "heading", "2", "Jacobians"),
        ("2.4 $J = A$", "number", "2.4", "$J = A$"),
        ("# Title", "heading", "", "Title"),
    ],
)
def test_labels(line: str, kind: str, number: str, rest: str) -> None:
    label = label_of(line, alone=True)
    assert label is not None
    assert (label.kind, label.number, line[label.start :]) == (kind, number, rest)


@pytest.mark.parametrize(
    "line",
    ["3 is the answer.", "0.5 is the rate", "1.5 1.5", "2 x", "(x) so", "$1.$", "answer", "***", "", "-", "e. g. this", "1e-3.", "2012. X"],
)
def test_no_labels(line: str) -> None:
    assert label_of(line, alone=True) is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Answer: x", 1), ("**Answer:** x", 1), ("**Answer**: x", 1), ("*Answer.* x", 1), ("[Answer]", 1), ("Answer", 1),
        ("### Solution", 1),
        ("> **Ans.** x", 1), ("Solution to 2.4: x", 1), ("My answer: x", 1), ("Why? Answer: x", 1), ("| Why? Answer: |", 1),
        ("\\begin{solution}[2pt] x", 1), ("::: {.answer}", 1), ("Answer (b): x", 1), ("Answer: x\n\nAnswer: y", 2),
        ("The answer: x", 1), ("View Answer", 0), ("the answer is 3", 0), ("answers vary", 0), ("An answer: x", 0),
        ("```python\n# Answer: x\n```", 0), ("Show your answer", 0), ("Solutions of the equation are", 0), ("solution. It is", 1),
        ("Proof. x", 1), ("proof that x", 0), ("\\begin{proof} x", 1),
    ],
)  # fmt: skip
def test_marks(text: str, count: int) -> None:
    assert len(answer_marks(text)) == count


@pytest.mark.parametrize(
    "text", ["", "TBD", "*TBD*", "(1) TODO\n(2) TODO", "N/A", "...", "$TBD$", "your answer here", "- [ ] a\n- [ ] b", "1.\n2."]
)
def test_blanks(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "x", "none of them moves", "- [x] a\n- [ ] b", "I", "42", "TODO was to find $x$"])
def test_answers_that_are_short(text: str) -> None:
    assert not is_blank(text)
