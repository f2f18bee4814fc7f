"""Answers about networks and to questions with options, on a set of our own."""

from pathlib import Path

import pytest

from hwcheck.checkers import verify_problem

SET = """---
set: tiny
title: A tiny set
layout: numerator
symbols:
  x: [2]
---

## 1 A network with two outputs

```yaml
kind: network
network:
  layers: [2, 2, 2]
  activations: [relu, softmax]
  weights: [[[1, 0], [0, 1]], [[1, 0], [0, 1]]]
  biases: [[-1, 0], [0, 0]]
```

### 1.1 Hidden units

```yaml
network:
  input: [3, 2]
asked: [hidden]
```

### 1.2 Output

```yaml
network:
  input: [3, 2]
asked: [output]
```

### 1.3 Two examples at once

```yaml
network:
  batch: columns
  inputs: [[3, 2], [0, -1]]
asked: [hidden]
```

### 1.4 A boundary

```yaml
unit: 1
asked: [boundary]
```

## 2 A chain of single units

```yaml
kind: network
network:
  layers: [1, 1, 1]
  activations: [relu, identity]
  loss: squared
```

### 2.1 One step

```yaml
network:
  weights: [[[2]], [[1]]]
  biases: [[1], [0]]
  input: [1]
  target: [1]
rate: 0.25
output: W_1
asked: [step]
```

### 2.2 When it stays

```yaml
parameter: W_1
conditions: [x = 0, b_1 = 0, w_2 = 0]
asked: [unchanged]
```

## 3 Options

```yaml
kind: choices
options:
  dropout keeps the mean: dropout/expectation-kept
  dropout changes the mean: not dropout/expectation-kept
```

## 4 Weights

```yaml
kind: xor
asked: [weights]
```
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sets") / "tiny.md"
    path.write_text(SET, encoding="utf-8")
    return path


@pytest.mark.parametrize(("number", "answer", "verdict", "message"), [
    ("1.1", "[2, 2]", "right", "Right."),
    ("1.1", "(2, 3)", "wrong", "Your answer has another value than the expected one."),
    ("1.2", "(1/2, 1/2)", "right", "Right."),
    ("1.2", "(0.50, 0.50)", "right", "Right."),
    ("1.2", "(e^2/(e^2+e^2), e^2/(2e^2))", "right", "Right."),
    ("1.2", "(0.6, 0.4)", "wrong", "Your answer has another value than the expected one."),
    ("1.3", "[[2, 0], [2, 0]]", "right", "Right."),
    ("1.3", "[[2, 2], [0, 0]]", "wrong", "This is the transpose of the expected matrix."),
    ("1.4", "[[1, 1, 1], [0, 5, -2]]", "right", "Right: all 3 points lie on the boundary."),
    ("1.4", "[[1, 0], [1, 1], [2, 1]]", "wrong", "The point (2, 1) is not on the boundary: there z is 1, not 0."),
    ("1.4", "a line", "right", "Right: where an equation of first degree in x₁ and x₂ holds, there is a line."),
    ("1.4", "x_1 = 1", "unreadable", "Points were expected here: a matrix of numbers with a point a column (or a row)."),
    # z = 3, so the loss is (3 − 1)², its slope by w₁ is 2 · 2 · 1 · 1 = 4, and w₁ goes to 2 − 4/4
    ("2.1", "1", "right", "Right."),
    ("2.1", "3", "wrong", "Your answer has another value than the expected one."),
    ("2.2", "a, c", "right", "Right: every option is settled by a computation."),
    ("2.2", "x = 0; w_2 = 0", "right", "Right: every option is settled by a computation."),
    ("2.2", "maybe", "unreadable", "The letters of the options that hold were expected here (a, b, c), or their words."),
    ("3", "(a)", "right", "Right: every option is settled by a computation."),
    ("3", "dropout keeps the mean", "right", "Right: every option is settled by a computation."),
    ("4", "W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]; b2 = 0", "right",
     "Right: the weights compute XOR in all four rows; each output is exactly right."),
])  # fmt: skip
def test_answers(tiny: Path, number: str, answer: str, verdict: str, message: str) -> None:
    judged = verify_problem(f"{tiny}/{number}", answer)
    assert (judged.verdict, judged.message) == (verdict, message)


@pytest.mark.parametrize(("number", "answer", "letter"), [("2.2", "a", "c"), ("2.2", "a, b, c", "b"), ("3", "b", "a"), ("3", "none", "a")])
def test_a_wrong_option_is_named(tiny: Path, number: str, answer: str, letter: str) -> None:
    judged = verify_problem(f"{tiny}/{number}", answer)
    assert judged.verdict == "wrong" and judged.message.startswith(f"Option {letter} "), judged.message


@pytest.mark.parametrize("answer", ["1", "class 2"])
def test_any_of_the_classes_that_tie_is_right(answer: str) -> None:
    assert verify_problem("mit-6390/2.4.6", answer).verdict == "right"
    assert verify_problem("mit-6390/2.4.6", "3").verdict == "wrong"
