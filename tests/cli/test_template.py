"""`hwcheck template`: what is written, and that a template that was filled in is taken apart again, whatever its format."""

import json
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from hwcheck.checkers.submissions.pages import page_of_bytes
from hwcheck.checkers.submissions.parts import submission_of
from hwcheck.cli.app import main
from hwcheck.cli.template import latex, markdown, notebook
from hwcheck.derivations.problems.problems import problem_set, read_set, set_names

MINE = """---
set: mine
title: Mine, 100 %
layout: numerator
symbols: {B: [m, k], v: [k]}
conventions: [Outputs come first.]
---
## 1 A product

What is it?

```yaml
kind: jacobian
function: f(v) = B v
asked: [shape, expression]
points: 2
```

## 2 Dropout

Which holds?

```yaml
kind: choices
options: {it is random: dropout/random, it is not: not dropout/random}
choose: one
```

## 3 Broken

```yaml
kind: jacobian
function: f(v) = B `v (
wrt: v
points: 1/2
```

## 4 Words

Explain.

```yaml
kind: person
reason: an explanation
```
"""
MARKDOWN = """---
set: mine
---

# Mine, 100 %

Each answer goes where its place is marked; formulas stand between dollar signs, or between double ones, a step on each line.
Tick a box by writing an x in it. What you do not answer may stay empty.
Keep the headings; their numbers say which problem an answer belongs to.

Conventions:

- Outputs come first.

## 1 A product

What is it?

$f(v) = Bv$

Here $B$ is $m \\times k$; $v$ is a column of length k.

*Asked: shape, expression. 2 points.*

**Answer:**



## 2 Dropout

Which holds?

*Choose one. 1 point.*

**Answer:**

- [ ] it is random
- [ ] it is not



## 3 Broken

`` f(v) = B `v ( ``

*Asked: shape, expression, steps, by $v$. 1/2 points.*

**Answer:**



## 4 Words

Explain.

**Answer:**

"""
VIEWS = {".md": markdown, ".tex": latex, ".ipynb": notebook}
MARKS = {".md": ("**Answer:**", "\n\n"), ".tex": (r"\begin{answer}", "\n"), ".ipynb": ("**Answer:**", r"\n")}


def test_markdown_as_it_is() -> None:
    assert markdown(read_set(MINE, "mine.md")) == MARKDOWN


def test_a_notebook_is_one() -> None:
    """A cell for each question and one for its answer."""
    text = notebook(read_set(MINE, "mine.md"))
    found = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(found)
    assert [cell["id"] for cell in found.cells] == ["head", "q-1", "a-1", "q-2", "a-2", "q-3", "a-3", "q-4", "a-4"]
    assert json.loads(text)["metadata"]["hwcheck"] == {"set": "mine"}


def test_latex_is_balanced_and_escaped() -> None:
    text = latex(read_set(MINE, "mine.md"))
    assert text.count(r"\begin{") == text.count(r"\end{")
    assert r"\section*{Mine, 100 \%}" in text
    assert r"\item[$\square$] it is random" in text
    assert text.startswith(r"\documentclass{article}") and text.endswith("\\end{document}")


@pytest.mark.parametrize("suffix", VIEWS)
@pytest.mark.parametrize("name", set_names())
def test_a_filled_template_is_taken_apart_again(name: str, suffix: str) -> None:
    """The set is recognised, and the k-th answer belongs to the k-th problem."""
    found = problem_set(name)
    mark, gap = MARKS[suffix]
    first, *rest = VIEWS[suffix](found).split(mark)
    after = "" if suffix == ".ipynb" else gap
    filled = first + "".join(f"{mark}{gap}the value is $u = {k}$.{after}{tail}" for k, tail in enumerate(rest, 1))
    submission = submission_of(page_of_bytes(filled.encode(), f"my{suffix}"))
    assert submission.set is not None
    assert submission.set.name == name
    parts = [part for part in submission.parts if part.problem is not None]
    assert [part.problem.id for part in parts if part.problem] == [p.id for p in found.problems]
    for k, part in enumerate(parts, 1):
        assert any(f"u = {k}$" in answer.text for answer in part.answers), part.number
        assert not any(f"u = {k + 1}$" in answer.text for answer in part.answers), part.number


@pytest.mark.parametrize("suffix", VIEWS)
def test_statements_are_no_answers(suffix: str) -> None:
    """What the template itself says is not held for somebody's answer."""
    submission = submission_of(page_of_bytes(VIEWS[suffix](problem_set("cs640")).encode(), f"my{suffix}"))
    assert [part.answers for part in submission.parts] == [() for _ in submission.parts]


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "mine.md"
    path.write_text(MINE, encoding="utf-8")
    result = CliRunner().invoke(main, ["template", str(path)])
    assert (result.exit_code, result.stdout) == (0, MARKDOWN + "\n")
    assert CliRunner().invoke(main, ["template", "jhu-2024", "--format", "latex"]).stdout.startswith(r"\documentclass")
    unknown = CliRunner().invoke(main, ["template", "nowhere"])
    assert (unknown.exit_code, unknown.stdout) == (2, "")
