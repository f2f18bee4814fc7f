"""`hwcheck solve` and `hwcheck problems`: what is printed, in which format, and the exit codes."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hwcheck.cli.app import main

OWN = "a set of your own is the path of a file that ends in .md"
KNOWN = f"The sets are cosc490, cs640, jhu-2023, jhu-2024 and mit-6390; {OWN}."
HEAD = "---\nset: mine\ntitle: Mine\nlayout: numerator\nsymbols: {X: [n, d], w: [d]}\n---\n"
GOOD = (
    HEAD
    + """## 2 Jacobians

What is it?

### 2.1 A product

```yaml
kind: jacobian
function: f(w) = Xw
asked: [shape]
notes: a note with 100 %
misprints: a slip
```

### 2.2 The identity

```yaml
kind: jacobian
function: f(w) = w
```

## 3 Words

```yaml
kind: person
reason: an explanation in words
```
"""
)
BAD = (
    HEAD
    + """## 1 One

```yaml
kind: jacobian
function: f(w) = w X
```

## 2 Two

```yaml
kind: jacobian
function: f(w) = w
```
"""
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.md"
    path.write_text(GOOD, encoding="utf-8")
    return str(path)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    path = tmp_path / "bad.md"
    path.write_text(BAD, encoding="utf-8")
    return str(path)


def test_the_table_of_sets() -> None:
    result = run("problems")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["set", "title", "problems", "derived", "settled", "later", "for", "a", "person"]
    assert [line.split()[0] for line in lines[1:]] == ["cosc490", "cs640", "jhu-2023", "jhu-2024", "mit-6390"]
    assert lines[2].split()[-5:] == ["12", "6", "1", "0", "5"]


def test_the_problems_of_a_set(mine: str) -> None:
    result = run("problems", mine)
    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
mine  Mine
layout: numerator

problem  title         status
2.1      A product     derived       f(w) = Xw
2.2      The identity  derived       f(w) = w
3        Words         for a person  an explanation in words

2 derived, 0 settled, 0 later, 1 for a person
"""
    )


def test_problems_as_json(mine: str) -> None:
    listed = json.loads(run("problems", "--format", "json").stdout)
    assert [(s["set"], s["problems"], s["derived"]) for s in listed][3] == ("jhu-2024", 38, 20)
    assert json.loads(run("problems", mine, "--format", "json").stdout) == {
        "set": "mine",
        "title": "Mine",
        "layout": "numerator",
        "problems": [
            {"id": "2.1", "title": "A product", "kind": "jacobian", "status": "derived", "asked": ["shape"]},
            {
                "id": "2.2",
                "title": "The identity",
                "kind": "jacobian",
                "status": "derived",
                "asked": ["shape", "expression", "steps"],
            },
            {"id": "3", "title": "Words", "kind": "person", "status": "person", "reason": "an explanation in words"},
        ],
        "derived": 2,
        "settled": 0,
        "later": 0,
        "person": 1,
        "conventions": [],
        "misprints": [],
    }


def test_checking_a_set(mine: str, bad: str) -> None:
    good = run("problems", mine, "--check")
    assert (good.exit_code, good.stderr) == (0, "")
    assert "2.1      A product     confirmed" in good.stdout
    faulty = run("problems", bad, "--check")
    assert faulty.exit_code == 4
    assert "1        One    does not derive  f(w) = w X" in faulty.stdout
    assert "2        Two    confirmed        f(w) = w" in faulty.stdout
    assert (
        faulty.stderr
        == f"""\
error: {bad}:11: Problem 1 does not derive. w X needs w, a column, to meet a row.
w is a column, d × 1; X is n × d.
  f(w) = w X
         ^^^
"""
    )
    listed = json.loads(run("problems", bad, "--check", "--format", "json").stdout)
    assert [p["derives"] for p in listed["problems"]] == [False, True]


def test_one_problem(mine: str) -> None:
    result = run("solve", f"{mine}/2.1")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "mine/2.1  A product   asked: shape\nWhat is it?\n\nread as   f(w) = Xw        X: n × d, w: d × 1\n"
    )
    assert "matrix form  J = X\n" in result.stdout
    assert result.stdout.endswith("\nnote: a note with 100 %\nmisprint on the sheet: a slip\n\n")


def test_a_section_and_a_set_end_with_a_summary(mine: str) -> None:
    section, whole = run("solve", f"{mine}/2"), run("solve", mine)
    assert (section.exit_code, whole.exit_code) == (0, 0)
    assert section.stdout.endswith("\n2 derived, 0 settled, 0 later, 0 for a person\n")
    assert whole.stdout.endswith(
        "\nmine/3  Words\nfor a person: an explanation in words\n\n2 derived, 0 settled, 0 later, 1 for a person\n"
    )
    assert whole.stdout.count("What is it?") == 1


def test_the_steps_end_in_the_layout_of_the_set() -> None:
    assert "Jᵀ = Xᵀ   denominator layout is input × output" in run("solve", "jhu-2023/2.4").stdout


def test_another_layout(mine: str) -> None:
    turned = json.loads(run("solve", f"{mine}/2.1", "--layout", "denominator", "--format", "json").stdout)
    assert turned["answer"]["matrix"] == "Xᵀ"
    solved = json.loads(run("solve", "jhu-2023/2.4", "--layout", "numerator", "--format", "json").stdout)
    assert (solved["answer"]["layout"], solved["answer"]["shape"]) == ("numerator", ["n", "d"])


def test_json(mine: str) -> None:
    one = json.loads(run("solve", f"{mine}/2.1", "--format", "json").stdout)
    assert list(one) == ["set", "id", "title", "kind", "asked", "answer", "notes", "misprints"]
    assert one["answer"]["matrix"] == "X"
    whole = json.loads(run("solve", mine, "--format", "json").stdout)
    assert list(whole) == ["set", "title", "layout", "problems"]
    assert [p["id"] for p in whole["problems"]] == ["2.1", "2.2", "3"]
    assert (whole["problems"][2]["answer"], whole["problems"][2]["reason"]) == (None, "an explanation in words")


def test_markdown_and_latex(mine: str) -> None:
    markdown = run("solve", mine, "--format", "markdown").stdout
    assert markdown.startswith("## 2.1 A product\n\nWhat is it?\n\n*Asked: shape.*\n\n**Read as** $")
    assert "\n> note: a note with 100 %\n\n> misprint on the sheet: a slip\n\n## 2.2 The identity\n" in markdown
    assert markdown.endswith("## 3 Words\n\n*For a person: an explanation in words.*\n\n")
    latex = run("solve", mine, "--format", "latex").stdout
    assert latex.startswith("\\section*{2.1 A product}\nWhat is it?\n\n\\emph{Asked: shape.}\n\n\\begin{align*}")
    assert "\nNote: a note with 100 \\%\n" in latex


@pytest.mark.parametrize("form", ["markdown", "latex"])
@pytest.mark.parametrize("target", [
    "jhu-2024/3.2a", "jhu-2024/3.6", "mit-6390/5.3", "jhu-2024/5", "jhu-2024/1.8", "mit-6390/3.3", "mit-6390/6.8", "cs640/1.1",
    "mit-6390/1.4", "mit-6390/2.4.7", "jhu-2023/4.1", "jhu-2023/4.2", "jhu-2023/4.3", "jhu-2023/4.4",
])  # fmt: skip
def test_every_kind_of_answer_in_every_format(target: str, form: str) -> None:
    result = run("solve", target, "--format", form)
    assert result.exit_code == 0, result.output
    heads = [line for line in result.stdout.splitlines() if line.startswith(("# ", "## ", r"\section"))]
    parts = 4 if target.endswith("/5") else 1
    assert len(heads) == parts, "an answer's own headings are below the problem's"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("jhu-2024/3.2b", ["ReLU′"]),
        ("jhu-2023/3.5", ["J = diag(σ) − σσᵀ", "misprint on the sheet: The bracket of diag closes too late."]),
        ("jhu-2023/5.3", ["∂f/∂z", "−e⁻¹ − 2"]),
        ("cosc490/5.2", ["2e³"]),
        ("mit-6390/5.3", ["∂L/∂z = σ − y"]),
        ("cs640/1.1", ["a² ≈ 0.8221"]),
        ("mit-6390/1.4", ["w₁ ← −2 − 1/2 · 12 = −8"]),
        ("mit-6390/2.3.1", ["z₁⁽¹⁾ = x₁ − 1 is 0 on x₁ = 1"]),
        ("mit-6390/2.4.8", ["where the hidden values have the sum 3", "a₂⁽²⁾ = e⁻¹ / (e³ + e⁻¹) ≈ 0.0179862", "Class 1 is predicted."]),
        ("jhu-2024/4.3", ["gradients ∂ℓ/∂W₁ = ℓ′(W₂ᵀ ⊙ ReLU′(z))xᵀ", "✓ only b₂ changes"]),
        ("jhu-2024/4.4", ["✓ the hidden units stay equal", "✗ for every activation, gradient descent never learns XOR"]),
        ("mit-6390/1.5", ["✓ enough: x = 0", "✗ not enough: y = 0"]),
        ("jhu-2024/4.1", ["one such unit cannot be XOR."]),
        ("jhu-2024/4.2", ["W₁ = [1, 1; 1, 1], b₁ = [0; −1], W₂ = [1, −2], b₂ = 0", "computes XOR"]),
        ("jhu-2024/1.8", ["f(x) = x + tanh(Wx) by x → I_d + diag(1 − tanh(Wx)²)W", "confirmed by JAX in both modes"]),
    ],
)
def test_other_kinds_use_the_views_of_their_commands(target: str, words: list[str]) -> None:
    result = run("solve", target)
    assert result.exit_code == 0, result.output
    assert [w for w in words if w not in " ".join(result.stdout.split())] == []


def test_parts_of_one_question_show_their_answer_once() -> None:
    lines = run("solve", "jhu-2023/5").stdout.splitlines()
    assert [line.split("   ")[0] for line in lines[:6]] == [
        "jhu-2023/5.1  Forward values",
        "Forward and backward through the graph of one function of four numbers.",
        "jhu-2023/5.2  Local gradients",
        "jhu-2023/5.3  The gradient by the chain rule",
        "jhu-2023/5.4  The gradient by symbols",
        "jhu-2023/5.5  What backpropagation saves",
    ]
    assert lines.count("forward   one simple operation a node, from left to right") == 1
    assert lines[-1] == "5 derived, 0 settled, 0 later, 0 for a person"


def test_options_with_what_settles_them() -> None:
    """The truth of each option with its computation, each claim once, then the numbers."""
    result = run("solve", "mit-6390/3.3")
    assert result.exit_code == 0
    shown = re.sub(r"difference \d\.\de-\d+", "difference TINY", result.stdout)
    assert (
        shown
        == """\
mit-6390/3.3  Subtracting the largest entry before softmax
Why is the largest pre-activation subtracted from all of them before softmax?

a ✗ it changes the resulting values, but helps nevertheless
    Subtracting the largest entry changes what softmax gives. This does not hold: the values are the
    same, exactly
b ✗ computing with smaller numbers is more efficient
    Computing with smaller numbers is less work. This does not hold: a 64-bit number takes the same
    work whatever its size, and the shift adds to it: for 3 entries 13 operations instead of 8
c ✓ the quotient of two very large floating-point numbers may be imprecise
    The quotient of two very large floating-point numbers may be imprecise, or no number. This
    holds: e^1000 is beyond 64-bit numbers, so the quotient is no number (nan); with the shift it is
    right

Softmax of large numbers  softmax(z − max z) = softmax(z), and no exponent is above 0, so nothing
                          overflows.

softmax(z − c 𝟏) by the number c  f(c) = softmax(z − c 𝟏_k) by c   →   𝟘_k
confirmed  by JAX in both modes, largest relative difference TINY

softmax of (1000, 1001, 1003)
                                σ₁               σ₂               σ₃
  true value, by balls          0.042010         0.114195         0.843795
  computed as it stands         no number (nan)  no number (nan)  no number (nan)
  the largest subtracted first  0.042010         0.114195         0.843795

  ✓ Subtracting one number from all entries leaves softmax as it is.
    the derivative by the number is 𝟘_k, and e^(z_i − c) / Σ e^(z_j − c) − e^(z_i) / Σ e^(z_j) is 0

"""
    )


def test_options_for_a_person() -> None:
    shown = " ".join(run("solve", "mit-6390/6.8").stdout.split())
    assert "c ? with both, the validation performance typically stops rising, or falls for a person: this is experience" in shown


def test_options_as_json_markdown_and_latex() -> None:
    answer = json.loads(run("solve", "mit-6390/3.1", "--format", "json").stdout)["answer"]
    assert (answer["right"], answer["open"]) == (["b"], [])
    assert answer["options"][1]["settled_by"] == "compared-losses/g_2"
    markdown = run("solve", "mit-6390/3.1", "--format", "markdown").stdout
    assert "| b | ✓ | (0.01, 0.01, 0.44, 0.54) | Of these predictions, (0.01, 0.01, 0.44, 0.54) has the smallest loss. " in markdown
    latex = run("solve", "mit-6390/3.2", "--format", "latex").stdout
    assert r"\item[b] \emph{does not hold}: the accuracy, $-$1 for a hit and 0 for a miss. " in latex
    assert "₁" not in latex and "⊘" not in latex


def test_networks_as_json() -> None:
    answer = json.loads(run("solve", "mit-6390/1.4", "--format", "json").stdout)["answer"]
    assert answer["step"]["after"]["W_1"]["exact"] == [["-8"]]
    case = json.loads(run("solve", "mit-6390/2.4.7", "--format", "json").stdout)["answer"]["case"]
    assert (case["sum"], case["class"], case["outputs"][0]["ascii"]) == ("3", 1, "e^3 / (e^3 + e^-1)")


@pytest.mark.parametrize("name", ["cosc490", "cs640", "jhu-2023", "jhu-2024", "mit-6390"])
def test_every_set_is_listed_and_solved(name: str) -> None:
    assert run("problems", name).exit_code == 0
    result = run("solve", name, "--format", "latex")
    assert (result.exit_code, result.stderr) == (0, "")


def test_what_is_covered() -> None:
    result = run("problems", "--coverage")
    assert result.exit_code == 0
    assert result.stdout.startswith("# What is solved\n")
    assert "| 3.3 | Subtracting the largest entry before softmax | settled by a computation |" in result.stdout
    refused = run("problems", "jhu-2024", "--coverage")
    assert refused.exit_code == 2
    assert "--coverage is about all shipped sets; it goes without SET and --check." in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["solve", "jhu-2042/2.4"],
            f"error: There is no problem set “jhu-2042”; did you mean “jhu-2024”? {KNOWN}\n",
        ),
        (
            ["solve", "jhu-2024/Q2.4"],
            "error: jhu-2024 has no problem “Q2.4”; did you mean “2.4”? `hwcheck problems jhu-2024` lists them.\n",
        ),
        (["solve", "nowhere.md"], "error: The problem set “nowhere.md” cannot be opened: No such file or directory.\n"),
        (
            ["problems", "jhu"],
            f"error: There is no problem set “jhu”. {KNOWN}\n",
        ),
    ],
)
def test_what_is_not_there(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", said)


def test_what_is_not_derived_yet() -> None:
    result = run("solve", "cs640/4.2")
    assert result.exit_code == 3
    assert result.stdout == """\
cs640/4.2  How the forward pass works
Explain in your own words how the forward pass of your model works.
for a person: an explanation in words

"""


def test_a_faulty_set(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "broken.md"
    path.write_text(HEAD + "## 1 One\n```yaml\nkind: jacobain\n```\n", encoding="utf-8")
    broken = run("solve", str(path))
    assert (broken.exit_code, broken.stdout) == (4, "")
    assert broken.stderr == (
        f"error: {path}:9: Problem 1: the kind “jacobain” is not known; did you mean “jacobian”? The kinds are "
        "jacobian, activation, softmax, backprop, network, xor, initialisation, demonstration, choices, later and person.\n"
    )
    half = run("solve", bad)
    assert half.exit_code == 4
    assert half.stdout.startswith("mine/1  One   asked: shape, expression, steps\n\nmine/2  Two")
    assert half.stdout.endswith("\n1 derived, 0 settled, 0 later, 0 for a person; 1 faulty\n")
    assert half.stderr.startswith(
        f"error: {bad}:11: Problem 1 does not derive. w X needs w, a column, to meet a row.\n"
    )


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes(b"---\nset: caf\xe9\n---\n")
    result = run("solve", str(path))
    assert (result.exit_code, result.stderr) == (4, f"error: {path}: The file is not UTF-8 text.\n")


def test_checking_needs_a_set() -> None:
    result = run("problems", "--check")
    assert result.exit_code == 2
    assert "--check needs a SET." in result.stderr
