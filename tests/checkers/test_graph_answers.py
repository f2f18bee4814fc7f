"""Answers about a computation graph at a point: nodes and edges by their names."""

from pathlib import Path

import pytest

from hwcheck.checkers import verify_problem

SET = """---
set: tiny
title: A tiny graph
layout: numerator
symbols:
  x: []
---

## 1 A graph

```yaml
kind: backprop
function: f(x, y) = exp(x) y + y
point: {x: 1, y: 2}
```

### 1.1 Values

```yaml
asked: [values]
```

### 1.2 Along the edges

```yaml
asked: [partials]
```
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sets") / "graph.md"
    path.write_text(SET, encoding="utf-8")
    return path


@pytest.mark.parametrize(("number", "answer", "verdict", "message"), [
    # h_1 = e, h_2 = 2e, f = 2e + 2
    ("1.1", "h_1 = e, h_2 = 2e, f = 2e + 2", "right", "Right."),
    ("1.1", "s_1 = 2.718; s_2 = 5.4366; f = 7.44", "right", "Right."),
    ("1.1", "h_1 = e, h_2 = 2e^2, f = 2e + 2", "wrong", "h_2: Check the exponent 2."),
    ("1.1", "h_1 = e", "undecided", "What is there is right; h_2, f are not given."),
    ("1.1", "7", "unreadable", "Named numbers were expected here: h_1 = …, h_2 = …, f = …; “7” is none of them."),
    ("1.1", "", "unreadable", "There is nothing to read: the answer is empty."),
    ("1.2", "∂h_1/∂x = e, ∂h_2/∂h_1 = 2, ∂h_2/∂y = e, ∂f/∂h_2 = 1, ∂f/∂y = 1", "right", "Right."),
    ("1.2", r"\frac{\partial h_2}{\partial h_1} = 3", "wrong", "∂h_2/∂h_1: Your answer has another value than the expected one."),
])  # fmt: skip
def test_answers(tiny: Path, number: str, answer: str, verdict: str, message: str) -> None:
    judged = verify_problem(f"{tiny}/{number}", answer)
    assert (judged.verdict, judged.message) == (verdict, message)
