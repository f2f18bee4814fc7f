"""Problem sets: what a file may hold, every message to its author, and that every shipped answer derives."""

import json
import math
import textwrap
from pathlib import Path

import numpy as np
import pytest

from hwcheck.derivations.activations.softmax import Proof
from hwcheck.derivations.demonstrations.choices import Choices
from hwcheck.derivations.demonstrations.claims import Demonstration
from hwcheck.derivations.demonstrations.demonstrations import NAMES
from hwcheck.derivations.demonstrations.xor_weights import XorWeights
from hwcheck.derivations.derivation import Derivation
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.errors import InputError, ProblemSetError
from hwcheck.derivations.problems.coverage import coverage
from hwcheck.derivations.problems.network_answers import NetworkAnswer
from hwcheck.derivations.problems.problems import (
    KINDS,
    SHIPPED,
    Fault,
    Solution,
    check,
    find,
    outcomes,
    problem_set,
    read_set,
    set_names,
    solve,
)
from hwcheck.derivations.regions.regions import on_boundary
from hwcheck.derivations.xor.xor import XorProof

OWN = "a set of your own is the path of a file that ends in .md"
KNOWN = f"The sets are cosc490, cs640, jhu-2023, jhu-2024 and mit-6390; {OWN}."
SETS = ("cosc490", "cs640", "jhu-2023", "jhu-2024", "mit-6390")

HEAD = """---
set: mine
title: Mine
layout: numerator
symbols:
  X: [n, d]
  w: [d]
---
"""  # eight lines, so what follows begins in line 9


def one(block: str, heading: str = "## 1 One") -> str:
    return f"{HEAD}{heading}\n\n```yaml\n{block}\n```\n"


def message(text: str) -> str:
    with pytest.raises(ProblemSetError) as caught:
        for problem in read_set(text, "mine.md").problems:
            solve(problem)
    assert caught.value.exit_code == 4
    return caught.value.report()


# What a file holds


def test_a_set_is_read() -> None:
    text = (
        HEAD
        + """Some words.

## 2 Jacobians

What shape, and what?

```yaml
kind: jacobian
asked: [shape]
notes: about all
```

### 2.1 A product

```yaml
function: f(w) = Xw
```

### 2.2 A sum

Its own words,
on two lines.

```yaml
function: f(w) = w + b
wrt: w
asked: expression
shapes: {b: [d]}
layout: denominator
notes: [about this, "with a colon: here"]
```

## 3 Words

```yaml
kind: person
reason: an explanation
```
"""
    )
    mine = read_set(text, "mine.md")
    assert (mine.name, mine.title, mine.layout, mine.text) == ("mine", "Mine", "numerator", "Some words.")
    assert mine.symbols == {"X": ("n", "d"), "w": ("d",)}
    assert mine.counts() == {"derived": 2, "settled": 0, "later": 0, "person": 1}
    first, second, third = mine.problems
    assert (first.id, first.title, first.kind, first.text) == ("2.1", "A product", "jacobian", "What shape, and what?")
    assert (first.asked, first.layout, first.shapes, first.notes) == (
        ("shape",),
        "numerator",
        mine.symbols,
        ("about all",),
    )
    assert second.text == "Its own words,\non two lines."
    assert (second.asked, second.layout, second.wrt) == (("expression",), "denominator", "w")
    assert second.shapes == {"X": ("n", "d"), "w": ("d",), "b": ("d",)}
    assert second.notes == ("about all", "about this", "with a colon: here")
    assert (str(first.place), str(second.places["function"])) == ("mine.md:21", "mine.md:33")
    assert (third.status, third.reason, third.asked) == ("person", "an explanation", ())


def test_texts_stay_as_they_are_written() -> None:
    """YAML alone would make 0.10 a number, `no` false and 1:30 ninety."""
    (problem,) = read_set(
        one("kind: backprop\nfunction: f(no, y) = no y\npoint: {no: 0.10, y: 1/3}"), "mine.md"
    ).problems
    assert problem.point == {"no": "0.10", "y": "1/3"}


@pytest.mark.parametrize(
    ("target", "ids"),
    [
        ("jhu-2024/2.4", ["2.4"]),
        ("jhu-2024/2", ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"]),
        ("jhu-2024/3.2", ["3.2a", "3.2b", "3.2c"]),
        ("jhu-2024/1.1", ["1.1"]),  # and not 1.10
        ("cs640/1.2.2", ["1.2.2a", "1.2.2b"]),
    ],
)
def test_a_number_is_a_problem_or_a_section(target: str, ids: list[str]) -> None:
    assert [p.id for p in find(target)[1]] == ids


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "jhu-2042",
            f"There is no problem set “jhu-2042”; did you mean “jhu-2024”? {KNOWN}",
        ),
        (
            "",
            f"There is no problem set “”. {KNOWN}",
        ),
        ("jhu-2024/2.9", "jhu-2024 has no problem “2.9”. `hwcheck problems jhu-2024` lists them."),
        (
            "jhu-2024/Q2.1",
            "jhu-2024 has no problem “Q2.1”; did you mean “2.1”? `hwcheck problems jhu-2024` lists them.",
        ),
        ("jhu-2024/", "jhu-2024 has no problem “”. `hwcheck problems jhu-2024` lists them."),
        ("nowhere/mine.md", "The problem set “nowhere/mine.md” cannot be opened: No such file or directory."),
        ("\0.md", "The problem set “�.md” cannot be opened: embedded null byte."),
        (
            "x" * 100_000,
            f"There is no problem set “{'x' * 60}…”. {KNOWN}",
        ),
        ("nowhere/mine.md/2.1", "The problem set “nowhere/mine.md” cannot be opened: No such file or directory."),
    ],
)
def test_what_is_not_there(target: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        find(target)
    assert (caught.value.message, caught.value.exit_code) == (said, 2)


# Faulty sets: whole messages


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Mine", "mine.md:1: A problem set begins with a line “---”, then its head, then another “---”."),
        ("", "mine.md:1: The file is empty; a problem set begins with a line “---”, then its head, then another “---”."),
        (" \n", "mine.md:1: The file is empty; a problem set begins with a line “---”, then its head, then another “---”."),
        ("---\nset: mine\n", "mine.md:1: The head that begins here has no second line “---”."),
        ("---\nset: mine\nlayout: numerator\n---\n", "mine.md:1: The head has no “title”."),
        (HEAD, "mine.md:1: The set has no problem; each begins with a heading such as “## 2.4 Matrix times vector”."),
        ("---\nset: My Set\n---\n", "mine.md:2: “set” is made of small letters, digits and hyphens, not “My Set”."),
        ("---\nsymbol: {}\n---\n", "mine.md:2: The key “symbol” is not known; did you mean “symbols”?"),
        ("---\nset: mine\nset: mine\n---\n", "mine.md:3: “set” stands here a second time."),
        ("---\n- set\n---\n", "mine.md:2: A block is made of lines “key: value”."),
        (
            "---\nlayout: numerater\n---\n",
            "mine.md:2: “layout” is numerator or denominator, not “numerater”; did you mean “numerator”?",
        ),
        (
            "---\nset: mine\nsymbols:\n  X: n, d\n---\n",
            "mine.md:4: “symbols: X” is a list of sizes: [n, d] for a matrix, [d] for a column, [] for a number.",
        ),
        (
            "---\nsymbols:\n  X: [n, d+1]\n---\n",
            "mine.md:3: “symbols: X”: a size is a name or a whole number, not “d+1”.",
        ),
        ("---\nsymbols: [X]\n---\n", "mine.md:2: “symbols” maps names to values, as in “symbols: {name: value}”."),
        (
            "---\nset: \x00\n---\n",
            "mine.md:2: This is no YAML: unacceptable character #x0000: special characters are not allowed.",
        ),
        (
            f"{HEAD}\n```yaml\nkind: person\n```\n",
            "mine.md:10: This block stands before the first heading; what holds for all goes between the “---”.",
        ),
        (
            f"{HEAD}## Warm-up\n",
            "mine.md:9: A heading begins with the number of its problem, as in “## 2.4 Matrix times vector”, "
            "not “Warm-up”.",
        ),
        (f"{HEAD}## 1 One\n## 2 Two\n## 1 One\n", "mine.md:11: Problem 1 stands in line 9 already."),
        (
            f"{HEAD}## 3.2 One\n### 3.21 Two\n",
            "mine.md:10: Problem 3.21 stands under the heading 3.2; its number would begin with that, as in 3.2.1.",
        ),
        (
            one("kind: person\nreason: words\n```\n\n```yaml\nreason: words"),
            "mine.md:16: A heading has one block; the first stands in line 11.",
        ),
        (
            f"{HEAD}## 1 One\n```yaml\nkind: person\n\n## 2 Two\n",
            "mine.md:10: The block that begins here has no second line “```”.",
        ),
    ],
)
def test_a_file_that_is_no_set(text: str, said: str) -> None:
    assert message(text) == said


YAML_HINT = (
    " A text with “: ” or “ #” in it, or one that begins with a sign such as [ | { or *, stands in single quotes."
)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "kind: jacobian\nfunction: [w",
            f"mine.md:13: This is no YAML: expected ',' or ']', but got '<stream end>'.{YAML_HINT}",
        ),
        (
            "kind: jacobian\nnotes: a: b",
            f"mine.md:13: This is no YAML: mapping values are not allowed here.{YAML_HINT}",
        ),
        ("kind: jacobian\nfunction: *w", f"mine.md:13: This is no YAML: found undefined alias 'w'.{YAML_HINT}"),
        (
            "kind: jacobain\nfunction: w",
            "mine.md:12: Problem 1: the kind “jacobain” is not known; did you mean “jacobian”? The kinds are jacobian, "
            "activation, softmax, backprop, network, xor, initialisation, demonstration, choices, later and person.",
        ),
        (
            "function: w",
            "mine.md:9: Problem 1 has no “kind”; the kinds are jacobian, activation, softmax, backprop, network, "
            "xor, initialisation, demonstration, choices, later and person.",
        ),
        ("kind: jacobian\nwrt: w", "mine.md:9: Problem 1 has no “function”, which a problem of kind jacobian needs."),
        (
            "kind: backprop\nfunction: f(x) = x",
            "mine.md:9: Problem 1 has no “point”, which a problem of kind backprop needs.",
        ),
        ("kind: later", "mine.md:9: Problem 1 has no “reason”, which a problem of kind later needs."),
        ("kind: jacobian\nfunktion: w", "mine.md:13: The key “funktion” is not known; did you mean “function”?"),
        (
            "kind: softmax\nfunction: w",
            "mine.md:13: Problem 1: a problem of kind softmax has no “function”; it may have kind, with, asked, "
            "points, earns, mistakes, examples, known_by, notes and misprints.",
        ),
        (
            "kind: jacobian\nfunction: f(w) = w\nasked: [shpae]",
            "mine.md:14: Problem 1: “shpae” cannot be asked of a problem of kind jacobian; did you mean “shape”? It "
            "may ask for shape, expression and steps.",
        ),
        ("kind: jacobian\nfunction:", "mine.md:13: “function” is a text."),
        ("kind: network\nnetwork: [2, 1]", "mine.md:13: “network” maps names to values, as in “network: {name: value}”."),
        ("kind: network\nnetwork: {layers: [2, 1], layers: 3}", "mine.md:13: “layers” stands here a second time."),
        ("kind: choices\noptions: 3", "mine.md:13: “options” maps names to values, as in “options: {name: value}”."),
        ("kind: jacobian\nfunction: {f: w}", "mine.md:13: “function” is a text."),
        (
            "kind: jacobian\nnotes: [{a: b}]",
            "mine.md:13: “notes” is a list of texts; a text with a colon in it stands in quotes.",
        ),
        ("kind: jacobian\nfunction: w\norder: 3", "mine.md:14: “order” is 1 or 2, not “3”."),
        (
            "kind: softmax\nwith: entropy",
            "mine.md:13: “with” is cross-entropy, not “entropy”; did you mean “cross-entropy”?",
        ),
        (
            "kind: jacobian\nfunction: w\ndomains:\n  w: positve",
            "mine.md:15: “domains: w”: the domain “positve” is not known; did you mean “positive”?",
        ),
    ],
)
def test_a_faulty_block(block: str, said: str) -> None:
    assert message(one(block)) == said


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "kind: jacobian\nfunction: f(w) = w X",
            """mine.md:13: Problem 1 does not derive. w X needs w, a column, to meet a row.
w is a column, d × 1; X is n × d.
  f(w) = w X
         ^^^""",
        ),
        (
            "kind: jacobian\nfunction: f(w) = X w\nwrt: v",
            """mine.md:13: Problem 1 does not derive. “v” does not occur here. The names are: X, w.
  f(w) = X w
         ^^^""",
        ),
        (
            "kind: jacobian\nfunction: f(w) = s\ndefinitions:\n  s: X (w",
            """mine.md:14: Problem 1 does not derive. In the definition of s: The bracket “(” is never closed.
  X (w
    ^""",
        ),
        (
            "kind: activation\nfunction: sigmoidd",
            "mine.md:13: Problem 1 does not derive. “sigmoidd” is no activation function that hwcheck knows. Did you "
            "mean sigmoid? It knows elu, gelu, hardsigmoid, hardtanh, leaky_relu, mish, relu, relu6, selu, sigmoid, "
            "silu, softplus, softsign, tanh.",
        ),
        (
            "kind: backprop\nfunction: f(x) = ln x\npoint: {x: 0}",
            """mine.md:14: Problem 1 does not derive. ln x needs x > 0; at this point x is 0.
  f(x) = ln x
         ^^^^""",
        ),
        (
            "kind: backprop\nfunction: f(x) = ln x\npoint: {y: 1}",
            "mine.md:14: Problem 1 does not derive. There is no “y” in f(x).",
        ),
        (
            "kind: demonstration\ndemonstration: drop-out",
            "mine.md:13: Problem 1 does not derive. There is no demonstration “drop-out”. Did you mean dropout? They are "
            f"{', '.join(NAMES)}.",
        ),
        (
            "kind: choices\noptions:\n  true: dropout/kept\n  false: not dropout/kept",
            "mine.md:13: Problem 1 does not derive. The demonstration dropout has no claim “kept”. Its claims are expectation-kept, "
            "without-division, random.",
        ),
        (
            "kind: choices\noptions: {a: person why, b: person why}",
            "mine.md:13: Problem 1 does not derive. No option is settled by a computation; such a problem is of kind person.",
        ),
        (
            "kind: network\nnetwork: {layers: [2, 1], weights: [[[1, 2, 3]]]}",
            "mine.md:13: Problem 1 does not derive. network: weights: W_1 is 1 × 3; 1 × 2 is expected "
            "(outputs × inputs, for Wx + b).",
        ),
        (
            "kind: network\nnetwork: {layers: [1, 1], loss: squared}\nparameter: W_3",
            "mine.md:13: Problem 1 does not derive. There is no parameter “W_3”; there are W_1, b_1.",
        ),
    ],
)
def test_a_problem_that_does_not_derive(block: str, said: str) -> None:
    assert message(one(block)) == said


def test_deep_nesting_is_a_sentence() -> None:
    assert message(one("kind: jacobian\nnotes: " + "[" * 5000)).startswith("mine.md:1")


def test_the_example_for_contributors_derives() -> None:
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = text[text.index("    ---\n    set: warm-up") : text.index("The head may also have")]
    found = read_set(textwrap.dedent(example), "warm-up.md")
    assert ([p.id for p in found.problems], check(found)) == (["2.1", "3"], ())


# The shipped sets


def test_every_set_is_here() -> None:
    assert set_names() == SETS


@pytest.mark.parametrize("name", SETS)
def test_a_shipped_set_loads(name: str) -> None:
    found = problem_set(name)
    assert found.name == name
    assert found.conventions
    assert all(p.kind in KINDS and p.title for p in found.problems)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("cosc490", {"derived": 19, "settled": 11, "later": 0, "person": 7}),
        ("cs640", {"derived": 6, "settled": 1, "later": 0, "person": 5}),
        ("jhu-2023", {"derived": 21, "settled": 5, "later": 0, "person": 3}),
        ("jhu-2024", {"derived": 20, "settled": 11, "later": 0, "person": 7}),
        ("mit-6390", {"derived": 30, "settled": 5, "later": 2, "person": 14}),
    ],
)
def test_no_problem_of_a_sheet_is_missing(name: str, counts: dict[str, int]) -> None:
    assert problem_set(name).counts() == counts


def test_layouts_are_the_sheets_own() -> None:
    assert {name: problem_set(name).layout for name in SETS} == {
        "cosc490": "numerator",
        "cs640": "denominator",
        "jhu-2023": "denominator",
        "jhu-2024": "numerator",
        "mit-6390": "denominator",
    }


def test_the_2023_dot_product_needs_x_i_of_length_d() -> None:
    """As the sheet declares it, a column of X of length n, it only fits where n = d; the problem says so."""
    (problem,) = problem_set("jhu-2023").select("2.3")
    assert "only where n = d" in problem.notes[0]
    assert problem.shapes["x_i"] == ("d",)


@pytest.mark.parametrize(
    ("target", "shape", "matrix"),
    [
        ("jhu-2023/2.1", ("d",), "𝟘_d"),
        ("jhu-2023/2.2", ("d",), "2w"),
        ("jhu-2023/2.3", ("d",), "xᵢ"),
        ("jhu-2023/2.4", ("d", "n"), "Xᵀ"),
        ("jhu-2023/2.7", ("k", "d", "k", "d"), None),
        ("jhu-2024/2.1", ("d",), "𝟘_dᵀ"),
        ("jhu-2024/2.2", ("d",), "2wᵀ"),
        ("jhu-2024/2.3", ("d",), "xᵢᵀ"),
        ("jhu-2024/2.4", ("n", "d"), "X"),
        ("cosc490/2.5", ("d", "d"), "I_d"),
        ("cosc490/2.6", ("d", "d"), "2 diag(w)"),
        ("cosc490/2.7", ("n", "k", "k", "d"), None),
        ("mit-6390/1.2", (), "2(z₂ − y)"),
        ("mit-6390/1.3a", (), "0"),
        ("mit-6390/1.3b", (), "2w₂(w₂z₁ + b₂ − y)"),
        ("mit-6390/4.1.1", ("m",), "W dLdZ"),
        ("mit-6390/4.1.2", ("m", "n"), "A dLdZᵀ"),
        ("mit-6390/4.1.3", ("n",), "dLdZ"),
    ],
)
def test_answers_in_the_sheets_layout(target: str, shape: tuple[str, ...], matrix: str | None) -> None:
    answer = solve(find(target)[1][0]).answer
    assert isinstance(answer, Derivation)
    assert (answer.shape, answer.matrix) == (shape, matrix)


def test_another_layout() -> None:
    (problem,) = find("jhu-2023/2.4")[1]
    answer = solve(problem, "numerator").answer
    assert isinstance(answer, Derivation)
    assert (answer.layout, answer.shape, answer.matrix) == ("numerator", ("n", "d"), "X")
    softmax = find("jhu-2023/3.5")[1][0]
    assert solve(softmax, "numerator").problem == softmax


def test_parts_of_one_question_share_one_answer() -> None:
    found = list(outcomes(find("jhu-2024/5")[1]))
    assert len(found) == 4
    assert len({id(s.answer) for s in found if isinstance(s, Solution)}) == 1


def test_a_solution_as_json() -> None:
    solved = solve(find("jhu-2024/2.2")[1][0]).to_dict()
    assert list(solved) == ["set", "id", "title", "kind", "asked", "answer", "notes", "misprints"]
    assert (solved["set"], solved["id"], solved["kind"], solved["asked"]) == (
        "jhu-2024",
        "2.2",
        "jacobian",
        ["shape", "expression"],
    )
    answer = solved["answer"]
    assert isinstance(answer, dict)
    assert (answer["shape"], answer["matrix"]) == (["d"], "2wᵀ")
    assert json.loads(json.dumps(solved)) == solved


def test_what_is_not_derived_has_its_reason() -> None:
    assert solve(find("cs640/4.2")[1][0]).to_dict() == {
        "set": "cs640",
        "id": "4.2",
        "title": "How the forward pass works",
        "kind": "person",
        "asked": [],
        "answer": None,
        "reason": "an explanation in words",
        "notes": [],
        "misprints": [],
    }


def test_a_fault_does_not_end_a_set() -> None:
    text = (
        HEAD
        + "## 1 One\n```yaml\nkind: jacobian\nfunction: f(w) = w X\n```\n"
        + "## 2 Two\n```yaml\nkind: jacobian\nfunction: f(w) = w\n```\n"
    )
    first, second = outcomes(read_set(text, "mine.md").problems)
    assert isinstance(first, Fault)
    assert first.to_dict()["error"] == {
        "kind": "problem-set",
        "message": "mine.md:12: Problem 1 does not derive. w X needs w, a column, to meet a row.\n"
        "w is a column, d × 1; X is n × d.",
        "span": [7, 10],
    }
    assert isinstance(second, Solution)
    assert [fault.problem.id for fault in check(read_set(text, "mine.md"))] == ["1"]


def confirmed(answer: object) -> bool:
    """Whether JAX confirmed an answer in both modes: `confirmation` of each kind of answer has their differences."""
    if isinstance(answer, Proof) and answer.cross_entropy is not None and not confirmed(answer.cross_entropy):
        return False
    found = getattr(answer, "confirmation", None)
    return found is not None and found.jacfwd < 1e-9 and found.jacrev < 1e-9


def checked(answer: object) -> bool:
    """Whether an answer was confirmed by what fits it: JAX for derivatives, exact tables and grids for XOR, a computation for claims."""
    match answer:
        case XorProof():
            return answer.grid is not None and answer.grid.all_rows == 0 and answer.grid.three_rows > 0
        case XorWeights():
            return answer.table.computes is True
        case Demonstration():
            return bool(answer.claims) and all(max(c.jacfwd, c.jacrev) < 1e-9 for c in answer.confirmations)
        case Choices():
            return any(o.holds for o in answer.options) and all(map(checked, answer.demonstrations))
        case NetworkAnswer() if answer.network.loss == "none":
            return answer.confirmation is None and (answer.values or answer.case or answer.regions) is not None
    return confirmed(answer)


@pytest.mark.parametrize("name", SETS)
def test_every_answer_of_a_shipped_set_derives_and_is_confirmed(name: str) -> None:
    """JAX agrees with every derived derivative, in both modes; other answers have a check of their own."""
    for outcome in outcomes(problem_set(name).problems):
        assert isinstance(outcome, Solution), outcome.error.report()
        assert (outcome.answer is not None) == (outcome.problem.status in ("derived", "settled"))
        assert outcome.answer is None or checked(outcome.answer), outcome.problem.id
        assert outcome.answer is not None or outcome.problem.reason


def test_nothing_with_a_computable_core_is_left_for_later() -> None:
    """What waits are programs; what is for a person says why."""
    for name in SETS:
        for problem in problem_set(name).problems:
            if problem.status == "later":
                assert "program" in problem.reason, problem.id


def solved(target: str) -> object:
    return solve(find(target)[1][0]).answer


def network(target: str) -> NetworkAnswer:
    answer = solved(target)
    assert isinstance(answer, NetworkAnswer)
    return answer


def numbers(answer: NetworkAnswer, name: str, example: int = 1) -> list[float]:
    assert answer.values is not None
    return [float(v.ball.mid()) for v in answer.values.table(name, example).entries]


def test_the_forward_pass_of_cs640() -> None:
    """Once more in NumPy; the sheet rounds to two decimals."""
    found = network("cs640/1.1")
    W1, W2 = np.array([[0.4, 0.6, 0.2], [0.3, 0.9, 0.5]]), np.array([[0.2], [0.2], [0.8]])

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    a1 = sigmoid(W1.T @ [1, 1] + 1)
    a2 = sigmoid(W2.T @ a1 + 0.5)
    assert numbers(found, "a_1") == pytest.approx(list(a1))
    assert numbers(found, "a_2") == pytest.approx(list(a2))
    assert f"{numbers(found, 'a_2')[0]:.2f}" == "0.82"


def test_the_slips_of_the_printed_solution_of_cs640() -> None:
    """The value that is printed as a second ∂L/∂w_ij differs from ∂L/∂w_ij by the factor a_i, and is ∂L/∂b_j."""
    weights, bias = solved("cs640/1.2.2a"), solved("cs640/1.2.2b")
    assert isinstance(weights, Derivation) and isinstance(bias, Derivation)
    rng, m, h = np.random.default_rng(3), 2, 3
    shapes = {"w^(1)": (m, h), "b^(1)": (h,), "w^(2)": (h,), "b^(2)": (), "a^(0)": (m,), "y": ()}
    values = {name: rng.normal(size=(1, *shape)) for name, shape in shapes.items()}
    by_w, by_b = (np.asarray(Evaluator(values, {"m": m, "h": h})(d.derived)).squeeze() for d in (weights, bias))
    a0 = values["a^(0)"][0]
    assert np.allclose(by_w, np.outer(a0, by_b))
    assert not np.allclose(by_w, np.outer(np.ones(m), by_b))
    said = [slip for target in ("cs640/1.2.2a", "cs640/1.2.2b") for slip in find(target)[1][0].misprints]
    assert len(set(said)) == 2


def test_mit_outputs() -> None:
    assert numbers(network("mit-6390/1.1"), "a_2") == [3]
    assert numbers(network("mit-6390/2.2.1"), "a_1") == [2, 13, 0, 0]
    hidden = [numbers(network("mit-6390/2.3.3"), "a_1", k) for k in (1, 2, 3)]
    assert hidden == [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 2, 0]]
    outputs = numbers(network("mit-6390/2.2.2"), "a_2")
    assert outputs == pytest.approx([1, math.exp(-28)], rel=1e-9)


def test_mit_one_step_of_descent() -> None:
    """∂L/∂w₁ = 2 (z₂ − y) w₂ x = 12, so w₁ goes from −2 to −8."""
    found = network("mit-6390/1.4")
    assert found.descent is not None
    after = {u.name: u.after.rows[0][0].rational for u in found.descent.updates}
    assert after["W_1"] == -8


def test_mit_when_a_weight_stays() -> None:
    found = network("mit-6390/1.5")
    assert [(d.condition, d.holds) for d in found.decisions] == [
        ("x = 0", True), ("y = 0", False), ("w_1 = 0", False), ("w_2 = 0", True), ("w_1 x + b_1 < 0", True), ("z_2 = y", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "outputs", "classes"),
    [
        ("mit-6390/2.4.1", ("1 / (1 + e²)", "e² / (1 + e²)"), (2,)),
        ("mit-6390/2.4.4", ("1/2", "1/2"), (1, 2)),
        ("mit-6390/2.4.7", ("e³ / (e³ + e⁻¹)", "e⁻¹ / (e³ + e⁻¹)"), (1,)),
    ],
)
def test_mit_outputs_by_case(target: str, outputs: tuple[str, str], classes: tuple[int, ...]) -> None:
    case = network(target).case
    assert case is not None
    assert ((case.text(1), case.text(2)), case.classes) == (outputs, classes)


def test_mit_boundary() -> None:
    found = network("mit-6390/2.3.2")
    assert found.unit == 1
    tried = on_boundary(found.network, found.unit, [(1, 0), (1, -7), (0, 1)])
    assert [t.on for t in tried] == [True, True, False]


@pytest.mark.parametrize(
    ("target", "right"),
    [
        ("cosc490/1.1", "a"), ("cosc490/1.2", "b"), ("cosc490/1.3", "a"), ("cosc490/1.9", "a"), ("jhu-2023/1.2", "b"),
        ("jhu-2023/1.3", "a"), ("jhu-2023/1.5", "a"), ("jhu-2024/1.1", "a"), ("jhu-2024/1.2", "b"), ("jhu-2024/1.3", "a"),
        ("jhu-2024/1.9", "a"), ("mit-6390/3.1", "b"), ("mit-6390/3.2", "ac"), ("mit-6390/3.3", "c"), ("mit-6390/3.4", "b"),
        ("mit-6390/6.8", "a"),
    ],
)  # fmt: skip
def test_options_that_hold(target: str, right: str) -> None:
    answer = solved(target)
    assert isinstance(answer, Choices)
    assert "".join(answer.right) == right


def test_xor_of_a_sheet() -> None:
    proof, weights = solved("jhu-2024/4.1"), solved("jhu-2024/4.2")
    assert isinstance(proof, XorProof) and isinstance(weights, XorWeights)
    assert (proof.represents, proof.grid is not None, weights.table.computes) == (False, True, True)


def test_the_table_of_what_is_covered() -> None:
    """docs/coverage.md is what `hwcheck problems --coverage` prints."""
    written = (Path(__file__).parents[2] / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert written == coverage(map(problem_set, set_names())), "run: hwcheck problems --coverage > docs/coverage.md"
    assert all(f"| {p.id} | {p.title} |" in written for name in SETS for p in problem_set(name).problems)


def test_sets_quote_neither_people_nor_answers() -> None:
    """Answers are derived; a set has no key for one."""
    for name in SETS:
        text = (SHIPPED / f"{name}.md").read_text(encoding="utf-8")
        assert "answer:" not in text.lower()
