"""Submissions: every answer in the part of its problem, whatever the shape of the sheet."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.checkers.submissions.pages import page_of
from hwcheck.checkers.submissions.parts import submission_of
from hwcheck.checkers.submissions.submissions import Format, Submission
from hwcheck.derivations.errors import InputError
from hwcheck.derivations.problems.problems import ProblemSet, problem_set, read_set, set_names

SET_TEXT = """---
set: evening-course
title: Evening course on slopes
layout: numerator
symbols: {A: [m, n], v: [n], u: [m]}
known_by: [evening course, EC 12]
---

## 1 Ideas

### 1.1 Flat places

```yaml
kind: person
reason: prose
known_by: [flat places, learning stops]
```

### 1.2 Small steps

```yaml
kind: person
reason: prose
known_by: [step size, diverges]
```

## 2 Slopes

Which shape has the Jacobian of this function, and what is it?

```yaml
kind: jacobian
asked: [shape, expression]
```

### 2.1 Matrix times vector

```yaml
function: g(v) = A v
```

### 2.2 Squared length

```yaml
function: g(v) = v^T v
```

### 2.3 The identity

```yaml
function: g(v) = v
```

## 3 Curves

### 3.1 Two curves

```yaml
kind: activation
known_by: [two curves]
```

#### 3.1a Sigmoid

```yaml
function: sigmoid
```

#### 3.1b Tanh

```yaml
function: tanh
```

### 3.2 The Jacobian of softmax

```yaml
kind: softmax
asked: [matrix]
```
"""


@pytest.fixture(scope="module")
def course() -> ProblemSet:
    return read_set(SET_TEXT, "evening-course.md")


def read(text: str, problems: ProblemSet | None, format: Format = "markdown") -> Submission:
    return submission_of(page_of(text, "a", format), problems)


def answers(found: Submission) -> list[tuple[str, list[tuple[int, str]]]]:
    """Who answered what, and in which line: only parts with answers."""
    return [(p.problem.id if p.problem else "", [(a.line, a.text) for a in p.answers]) for p in found.parts if p.answers]


def statements(found: Submission) -> list[tuple[str, list[str]]]:
    return [(p.problem.id if p.problem else "", [s.text for s in p.statement]) for p in found.parts]


HEADINGS = """# Evening course, sheet 4

## 2.1 Matrix times vector

What is the Jacobian of $g(v) = A v$?

**Answer:** It is $m \\times n$, and $J = A$.

## 2.2 Squared length

**Answer:**

The shape is $1 \\times n$.

$$J = 2 v^\\top$$

## 2.3 The identity

**Answer:** TBD

## 3.2 The Jacobian of softmax

*Solution.* $\\operatorname{diag}(s) - s s^\\top$

3
"""

LISTS = """EC 12 homework

1 Ideas

See the lecture.

2 Slopes

Let A be m by n.

1. g(v) = A v
   Answer: shape m x n
   1. first the entries
   2. then the matrix $A$
2. $g(v) = v^T v$
   Answer: $2v^T$
- 3. $g(v) = v$ Answer: $I_n$
"""

ROUND = """# 2 Slopes

1. g(v) = A v
Answer:
(1) shape m x n
(2) $J = A$

2. $g(v) = v^T v$
Answer:
(1) shape 1 x n
(2) $J = 2v^T$
"""

REORDERED = """## 2.3 The identity
**Answer:** $I$
## 2.1 Matrix times vector
**Answer:** $A$
## 3.2 Softmax
**Answer:** $S$
## 2.2 Squared length
**Answer:** $2v^T$
"""

RENUMBERED = """Question 1. Find the Jacobian of $g(v) = v$.
Answer: $I$

**Question 2.** Find the Jacobian of $g(v) = A v$.
Answer: $A$

Question 3: Find the Jacobian of $g(v)=v^\\top v$.
Answer: $2v^T$
"""

UNNUMBERED = """Find the Jacobian of $g(v) = A v$.

Answer: $A$

Now the same for $g(v) = v^\\top v$.

Answer: $2 v^\\top$

And for $g(v) = v$?

Answer: $I_n$
"""

FENCED = """# 2 Slopes

```
    g(v) = Av (a product)
        Answer: A
    g(v) = v<sup>T</sup>v (a length)
        Answer: TBD
    g(v) = v
        Answer: I
```
"""

ONLY_ANSWERS = """2.1 $J = A$, which is m x n

2.2: $J = 2 v^\\top$

2.3 $J = I$
"""

ONLY_ANSWERS_IN_LISTS = """# 2

1. $J = A$, which is $m \\times n$
2. $J = 2 v^\\top$
3. $J = I$

# 3

2. $\\operatorname{diag}(s) - ss^T$
"""

ANSWERS_TO = """Answer to 2.1: $A$

Solution to problem 2.3: $I$
"""

TABLE = """2 Slopes

| 1. | What is the Jacobian of g(v) = A v? Answer: A |
|----|-----|
| 2. | And of $g(v) = v^T v$? Answer: $2v^T$ |
"""

GROUP = """## 3.1 Two curves

**Answer:** Here they are.

Sigmoid: $\\sigma(x) = 1/(1+e^{-x})$

Its derivative is $\\sigma(x)(1-\\sigma(x))$.

Tanh has the derivative $1 - \\tanh^2 x$.
"""

LETTERS = """## 3.1 Two curves

(a) Sigmoid

Answer: $s(1-s)$

(b) Tanh

Answer: $1-t^2$
"""

LETTERS_OF_A_SECTION = """## 2 Slopes

(a) $g(v) = Av$ Answer: $A$

(b) $g(v) = v^T v$ Answer: $2v^T$
"""

INSTRUCTOR = """# Solutions

## 2 Slopes

Let $A$ be a matrix.

### 2.1 Matrix times vector

What is the Jacobian of $g(v) = A v$?

Each entry is a sum, so the Jacobian is $A$.

### 2.2 Squared length

Show that:

$$\\nabla g = 2 v$$

where $g(v) = v^T v$.

By the product rule $J = 2v^T$.

### 2.3 The identity

$J = I$.
"""

DIVISIONS = """## 2.1 Matrix times vector

> Which shape has the Jacobian?

> **Answer:** $A$

## 2.2

:::answer 2.2
$2v^T$
:::
A remark of the sheet.
"""

FORM = """## 2.1)

Enter the Jacobian of g(v) = A v: A

[Check](#) [Submit](#) **100.00%**

## 2.2)

Enter the Jacobian of $g(v) = v^T v$:

[Submit](#)

100.00%

You have 3 submissions remaining.

## 2.3)

Write a program.

```
return np.eye(n)
```

[Submit](#)

Here is the solution we wrote:

```
return np.identity(n)
```
"""

COPIED = """# 2 Slopes

1. $g(v) = A v$ (a product)
   It is $m \\times n$.

   $J = A$

2. $g(v) = v^T v$
   $J = 2v^T$

3. $g(v) = v$
"""

PROOFS = """## 3.2 The Jacobian of softmax

Prove that it is $D - ss^T$.

*Proof.* By the quotient rule.

## 2.3

Answer: $I$

Proof: each entry is $\\delta_{ij}$.
"""

TICKS = """1 Ideas

1. Where do flat places lie? □ nowhere ■ far out □ at 0

2. A large step size diverges. True or false? \\Box True \\Box False Answer:
"""

TWICE = """## 2.1
Answer: $A^T$

## 2.2
Answer: $2v^T$

## 2.1 (second try)
Answer: $A$
"""

STRANGE = """## 2.1
Answer: $A$

## Appendix

Nothing of the set.

## 2.2
Answer: $2v^T$

## 7.3 Something else
Answer: $\\pi$
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADINGS, [
            ("2.1", [(7, "It is $m \\times n$, and $J = A$.")]),
            ("2.2", [(13, "The shape is $1 \\times n$.\n\n$$J = 2 v^\\top$$")]),
            ("3.2", [(23, "$\\operatorname{diag}(s) - s s^\\top$")]),
        ]),
        (LISTS, [
            ("2.1", [(12, "shape m x n\n   1. first the entries\n   2. then the matrix $A$")]),
            ("2.2", [(16, "$2v^T$")]),
            ("2.3", [(17, "$I_n$")]),
        ]),
        (ROUND, [("2.1", [(5, "(1) shape m x n\n(2) $J = A$")]), ("2.2", [(10, "(1) shape 1 x n\n(2) $J = 2v^T$")])]),
        (REORDERED, [("2.3", [(2, "$I$")]), ("2.1", [(4, "$A$")]), ("3.2", [(6, "$S$")]), ("2.2", [(8, "$2v^T$")])]),
        (RENUMBERED, [("2.3", [(2, "$I$")]), ("2.1", [(5, "$A$")]), ("2.2", [(8, "$2v^T$")])]),
        (UNNUMBERED, [("2.1", [(3, "$A$")]), ("2.2", [(7, "$2 v^\\top$")]), ("2.3", [(11, "$I_n$")])]),
        (FENCED, [("2.1", [(5, "A")]), ("2.3", [(9, "I")])]),
        (ONLY_ANSWERS, [("2.1", [(1, "$J = A$, which is m x n")]), ("2.2", [(3, "$J = 2 v^\\top$")]), ("2.3", [(5, "$J = I$")])]),
        (ONLY_ANSWERS_IN_LISTS, [
            ("2.1", [(3, "$J = A$, which is $m \\times n$")]),
            ("2.2", [(4, "$J = 2 v^\\top$")]),
            ("2.3", [(5, "$J = I$")]),
            ("3.2", [(9, "$\\operatorname{diag}(s) - ss^T$")]),
        ]),
        (ANSWERS_TO, [("2.1", [(1, "$A$")]), ("2.3", [(3, "$I$")])]),
        (TABLE, [("2.1", [(3, "A")]), ("2.2", [(5, "$2v^T$")])]),
        (GROUP, [
            ("3.1a", [(3, "Here they are."), (5, "Sigmoid: $\\sigma(x) = 1/(1+e^{-x})$\n\nIts derivative is $\\sigma(x)(1-\\sigma(x))$.")]),
            ("3.1b", [(3, "Here they are."), (9, "Tanh has the derivative $1 - \\tanh^2 x$.")]),
        ]),
        (LETTERS, [("3.1a", [(5, "$s(1-s)$")]), ("3.1b", [(9, "$1-t^2$")])]),
        (LETTERS_OF_A_SECTION, [("2.1", [(3, "$A$")]), ("2.2", [(5, "$2v^T$")])]),
        (INSTRUCTOR, [
            ("2.1", [(11, "Each entry is a sum, so the Jacobian is $A$.")]),
            ("2.2", [(21, "By the product rule $J = 2v^T$.")]),
            ("2.3", [(25, "$J = I$.")]),
        ]),
        (COPIED, [("2.1", [(4, "It is $m \\times n$.\n\n   $J = A$")]), ("2.2", [(9, "$J = 2v^T$")])]),
        (PROOFS, [("3.2", [(5, "By the quotient rule.")]), ("2.3", [(9, "$I$\n\nProof: each entry is $\\delta_{ij}$.")])]),
        (DIVISIONS, [("2.1", [(5, "$A$")]), ("2.2", [(10, "$2v^T$")])]),
        (FORM, [("2.1", [(3, "A")]), ("2.3", [(21, "```\nreturn np.eye(n)\n```")])]),
        (TICKS, [("1.1", [(3, "□ nowhere ■ far out □ at 0")])]),
        (TWICE, [("2.1", [(2, "$A^T$")]), ("2.2", [(5, "$2v^T$")]), ("2.1", [(8, "$A$")])]),
        (STRANGE, [("2.1", [(2, "$A$")]), ("2.2", [(9, "$2v^T$")]), ("", [(12, "$\\pi$")])]),
        ("## 2.1\n\n## 2.2\nAnswer:\n\n## 2.3\nAnswer: *TODO*\n", []),
    ],
)  # fmt: skip
def test_answers(course: ProblemSet, text: str, expected: list[tuple[str, list[tuple[int, str]]]]) -> None:
    assert answers(read(text, course)) == expected


PIECES = (HEADINGS, LISTS, UNNUMBERED, FENCED, TABLE, GROUP, LETTERS, INSTRUCTOR, DIVISIONS, FORM, TICKS, TWICE, STRANGE)
ODDITIES = (
    "$", "$$", "{", "}", "\\\\", "```", ":::", "|", "Answer:", "(a) ", "## ", "1. ", "\\begin{solution}", "\\item ", "<!--", "■", "\n\n",
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(st.sampled_from((*PIECES, *ODDITIES)), max_size=8), st.integers(0, 200), st.sampled_from(("markdown", "latex", "text")))
def test_every_passage_stands_where_it_says(pieces: list[str], cut: int, format: Format) -> None:
    """Whatever is handed in is taken apart without an error, and every line has its number."""
    text = "".join(pieces)[cut:]
    try:
        page = page_of(text, "a", format)
    except InputError:
        return
    lines = page.text.split("\n")
    assert len(lines) == len(text.split("\n"))
    for part in submission_of(page, read_set(SET_TEXT, "evening-course.md")).parts:
        for passage in (*part.statement, *part.answers):
            assert passage.text.split("\n")[0] in lines[passage.line - 1]


def test_statements(course: ProblemSet) -> None:
    assert statements(read(INSTRUCTOR, course)) == [
        ("", ["Slopes\n\nLet $A$ be a matrix."]),
        ("2.1", ["Matrix times vector\n\nWhat is the Jacobian of $g(v) = A v$?"]),
        ("2.2", ["Squared length\n\nShow that:\n\n$$\\nabla g = 2 v$$\n\nwhere $g(v) = v^T v$."]),
        ("2.3", ["The identity"]),
    ]
    assert statements(read(DIVISIONS, course))[-1] == ("2.2", ["A remark of the sheet."])
    form = statements(read(FORM, course))
    assert form[-1] == ("2.3", ["Write a program.", "```\nreturn np.identity(n)\n```"])


def test_notes(course: ProblemSet) -> None:
    assert read(HEADINGS, course).notes == ()
    assert read(TWICE, course).notes == ("Problem 2.1 is answered twice, at line 1 and at line 7; the last one counts.",)


LATEX = r"""\documentclass{article}
\newcommand{\J}{\mathbf{J}}
\title{Evening course}
\begin{document}
\section{Ideas of the week}
\section{Slopes}
Let $A$ be a matrix.
\begin{enumerate}
  \item $g(v) = A v$
  \begin{solution}
    The Jacobian is \[ \J = A. \]
    \begin{enumerate} \item entries \item matrix \end{enumerate}
  \end{solution}
  \item $g(v) = v^\top v$
  \begin{solution} $\J = 2v^\top$ \end{solution}
\end{enumerate}
\subsection*{3.2 Softmax}
\textbf{Answer:} $\operatorname{diag}(s) - ss^\top$
\begin{hwanswer}{2.3} $I$ \end{hwanswer}
\end{document}
"""


def test_latex(course: ProblemSet) -> None:
    assert answers(read(LATEX, course, "latex")) == [
        ("2.1", [(11, "The Jacobian is $$ \\mathbf{J} = A. $$\n     (a)  entries (b)  matrix")]),
        ("2.2", [(15, "$\\mathbf{J} = 2v^\\top$")]),
        ("3.2", [(18, "$\\operatorname{diag}(s) - ss^\\top$")]),
        ("2.3", [(19, "$I$")]),
    ]


def test_notebooks(course: ProblemSet) -> None:
    cells = ["# Evening course", "## 2.1 Matrix times vector\nWhat is the Jacobian of $g(v) = Av$?", "**Answer**\n\n$J = A$", "## 2.2"]
    book = [{"cell_type": "markdown", "source": source} for source in cells]
    book.append({"cell_type": "code", "source": "# 2.3 is no heading here\nAnswer: 1"})
    book.append({"cell_type": "markdown", "source": "Answer: $2v^T$"})
    found = read(json.dumps({"cells": book, "nbformat": 4}), course, "notebook")
    assert answers(found) == [("2.1", [(8, "$J = A$")]), ("2.2", [(17, "$2v^T$")])]
    assert [found.page.place(line) for line in (8, 17)] == ["cell 3, line 3", "cell 6, line 1"]


def test_recognition() -> None:
    for name in set_names():
        given = problem_set(name)
        lines = [f"## {p.id} {p.title}\n\n{p.text}\n\n**Answer:** so it is ({p.id})\n" for p in given.problems]
        found = read(f"---\nset: {name}\n---\n\n" + "\n".join(lines), None)
        assert found.set is not None and found.set.name == name
        assert answers(found) == [(p.id, [(a.line, f"so it is ({p.id})")]) for p, a in zip(given.problems, _all(found), strict=True)]
        by_title = read(f"# {given.title}\n\n" + "\n".join(lines), None)
        assert by_title.set is not None and by_title.set.name == name


def _all(found: Submission) -> list[object]:
    return [a for p in found.parts for a in p.answers]


def test_recognition_by_problems_alone() -> None:
    text = "1. f(w) = Xw\nAnswer: X\n\n2. $f(w) = ||w||^2$\nAnswer: 2w\n\n3. f(W) = W\nAnswer: I\n\n4. f(w) = w^2\nAnswer: 2w\n"
    found = read(text, None)
    assert found.set is not None and found.set.name == "jhu-2023"  # the one sheet that asks for the identity of matrices
    assert [number for number, _ in answers(found)] == ["2.4", "2.2", "2.7", "2.6"]


def test_two_sets_that_fit_alike_are_both_named() -> None:
    found = read("1. f(w) = Xw\nAnswer: X\n\n2. $f(W) = XW^T$\nAnswer: X\n\n3. f(w) = w^2\nAnswer: 2w\n", None)
    assert found.set is not None and found.set.name == "cosc490"
    assert found.notes == ("The sheet fits the set jhu-2024 as well as cosc490; name the set to be sure.",)


def test_nothing_is_recognised_in_other_texts() -> None:
    found = read("Dear all,\n\nthe meeting is at 5.\n", None)
    assert (found.set, found.notes) == (None, ("No problem set was recognised; name it with --set.",))
    assert answers(found) == [("", [(1, "Dear all,\n\nthe meeting is at 5.")])]
    numbered = read("1. First\nAnswer: $x$\n\n2. Second\nAnswer: $y$\n", None)
    assert answers(numbered) == [("", [(2, "$x$")]), ("", [(5, "$y$")])]


def test_submissions_travel_between_processes(course: ProblemSet) -> None:
    found = read(HEADINGS, course)
    again = pickle.loads(pickle.dumps(found))
    assert answers(again) == answers(found)
