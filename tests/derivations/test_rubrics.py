"""What problems are worth: points and what earns them, accepted layouts, mistakes, examples, marks; every message to an author."""

from fractions import Fraction

import pytest

from hwcheck.derivations.errors import ProblemSetError
from hwcheck.derivations.problems.problems import Problem, problem_set, read_all, read_set, set_names
from hwcheck.derivations.problems.rubrics import earned_sum
from hwcheck.derivations.problems.statements import shape_words, statement

HEAD = """---
set: mine
title: Mine
layout: numerator
symbols: {B: [m, k], v: [k]}
---
"""  # six lines, so what follows begins in line 7
HALF = Fraction(1, 2)


def read(body: str, head: str = HEAD) -> tuple[Problem, ...]:
    return read_set(head + body, "mine.md").problems


def one(block: str) -> str:
    return f"## 1 One\n\n```yaml\n{block}\n```\n"


def message(text: str) -> str:
    with pytest.raises(ProblemSetError) as caught:
        read_set(text, "mine.md")
    return caught.value.message


@pytest.mark.parametrize(
    ("block", "points", "earns"),
    [
        ("kind: jacobian\nfunction: f(v) = B v", 1, {"final": 1}),
        ("kind: jacobian\nfunction: f(v) = B v\nasked: [shape, expression]", 1, {"final": HALF, "shape": HALF}),
        ("kind: jacobian\nfunction: f(v) = B v\nasked: [expression, shape]\npoints: 4", 4, {"final": 2, "shape": 2}),
        ("kind: jacobian\nfunction: f(v) = B v\nasked: [shape]\npoints: 2", 2, {"final": 2}),
        ("kind: jacobian\nfunction: f(v) = B v\nasked: [shape, expression, steps]", 1, {"final": 1}),
        ("kind: jacobian\nfunction: f(v) = B v\npoints: 0", 0, {"final": 0}),
        ("kind: jacobian\nfunction: f(v) = B v\npoints: 2.5\nearns: {final: 1/2, steps: 2}", Fraction(5, 2), {"final": HALF, "steps": 2}),
        ("kind: xor\npoints: 2\nearns: {steps: 2}", 2, {"steps": 2}),
        ("kind: person\nreason: words", 0, {}),
        ("kind: later\nreason: a program", 0, {}),
    ],
)
def test_what_a_problem_is_worth(block: str, points: Fraction, earns: dict[str, Fraction]) -> None:
    (problem,) = read(one(block))
    assert (problem.points, problem.earns) == (points, earns)


def test_sections_hand_down_what_problems_are_worth() -> None:
    """Points, parts and examples are replaced; mistakes and marks add up."""
    body = """## 1 Section
```yaml
kind: jacobian
function: f(v) = B v
points: 2
earns: {final: 1, shape: 1}
known_by: [products]
mistakes: {v: The other factor.}
examples: {right: [B]}
```
### 1.1 As it is
### 1.2 With its own
```yaml
points: 4
earns: {final: 4}
known_by: [its own]
mistakes: {B^T: {message: Turned., credit: 1/4}}
examples: {wrong: [v, 2B]}
```
### 1.3 For a person
```yaml
kind: person
reason: words
```
"""
    first, second, third = read(body)
    assert (first.points, first.earns, first.known_by) == (2, {"final": 1, "shape": 1}, ("products",))
    assert [(m.answer, m.message, m.credit) for m in first.mistakes] == [("v", "The other factor.", 0)]
    assert (second.points, second.earns, second.known_by) == (4, {"final": 4}, ("products", "its own"))
    assert [(m.answer, m.message, m.credit, m.place.line) for m in second.mistakes] == [
        ("v", "The other factor.", 0, 14), ("B^T", "Turned.", Fraction(1, 4), 23),
    ]  # fmt: skip
    assert [(e.answer, e.verdict) for e in second.examples] == [("v", "wrong"), ("2B", "wrong")]
    assert (third.points, third.earns, third.mistakes, third.examples, third.known_by) == (0, {}, (), (), ("products",))


@pytest.mark.parametrize(
    ("head", "own", "layout", "layouts"),
    [
        ("numerator", "", "numerator", "numerator"),
        ("numerator\nlayouts: both", "", "numerator", "both"),
        ("numerator", "layouts: both", "numerator", "both"),
        ("numerator\nlayouts: both", "layout: denominator", "denominator", "both"),
        ("numerator\nlayouts: numerator", "layout: denominator", "denominator", "denominator"),
        ("numerator", "layouts: denominator", "denominator", "denominator"),
        ("numerator\nlayouts: both", "layouts: numerator", "numerator", "numerator"),
    ],
)
def test_layouts_that_are_accepted(head: str, own: str, layout: str, layouts: str) -> None:
    text = one(f"kind: jacobian\nfunction: f(v) = B v\n{own}")
    (problem,) = read(text, HEAD.replace("layout: numerator", f"layout: {head}"))
    assert (problem.layout, problem.layouts) == (layout, layouts)


GOOD = "kind: jacobian\nfunction: f(v) = B v\n"  # the next line is line 12


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("points: two", "12: “points” is a number such as 2, 0.5 or 1/2, not “two”."),
        ("points: -1", "12: “points” is a number such as 2, 0.5 or 1/2, not “-1”."),
        ("points: 1e9999999", "12: “points” is a number such as 2, 0.5 or 1/2, not “1e9999999”."),
        ("points: 1/0", "12: “points” is a number such as 2, 0.5 or 1/2, not “1/0”."),
        (
            "earns: {finel: 1}",
            "12: “earns”: “finel” is no part of an answer; did you mean “final”? The parts are final, shape and steps.",
        ),
        ("earns: [final]", "12: “earns” maps names to values, as in “earns: {name: value}”."),
        ("earns: {final: 1, shape: 1}", "12: Problem 1: what “earns” names sums to 2, and the problem has 1 point."),
        ("points: 3\nearns: {final: 1/2}", "13: Problem 1: what “earns” names sums to 1/2, and the problem has 3 points."),
        ("layouts: any", "12: “layouts” is both or numerator or denominator, not “any”."),
        (
            "layout: numerator\nlayouts: denominator",
            "13: Problem 1: the layout is numerator, so “layouts” is numerator or both, not denominator.",
        ),
        ("mistakes: [v]", "12: “mistakes” maps names to values, as in “mistakes: {name: value}”."),
        ("mistakes: {v: [a]}", "12: A mistake has a message, or {message: …, credit: 1/2}; “v” has a list."),
        ("mistakes: {v: {credit: 1/2}}", "12: The mistake “v” has no “message”."),
        (
            "mistakes: {v: {message: so, credit: 1}}",
            "12: “credit” is a share of the points below 1, such as 1/2; what earns all of them is no mistake.",
        ),
        (
            "mistakes: {v: {mesage: so}}",
            "12: A mistake has no “mesage”; did you mean “message”? It may have message and credit.",
        ),
        ("mistakes:\n  v: a\n  v: b", "14: “v” stands here a second time."),
        ("mistakes: {" + ", ".join(f"{k}v: m" for k in range(41)) + "}", "12: “mistakes” lists 41 answers; 40 are the most."),
        ("examples: {rihgt: [v]}", "12: “examples” are right or wrong, not “rihgt”; did you mean “right”?"),
        ("examples: [v]", "12: “examples” maps names to values, as in “examples: {name: value}”."),
        ("known_by: {a: b}", "12: “known_by” is a list of texts; a text with a colon in it stands in quotes."),
    ],
)
def test_a_faulty_rubric(block: str, said: str) -> None:
    assert message(HEAD + one(GOOD + block)) == f"mine.md:{said}"


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "kind: xor\nearns: {shape: 1}",
            "11: Problem 1: “shape” cannot earn points here; final and steps can.",
        ),
        (
            "kind: person\nreason: words\npoints: 1",
            "12: Problem 1: a problem of kind person has no “points”; it may have kind, reason, options, choose, known_by, "
            "notes and misprints.",
        ),
        (
            "kind: choices\noptions: [a, b]",
            "11: Problem 1: every option has the claim that settles it, as in “options: {yes: dropout/random, "
            "no: not dropout/random}”.",
        ),
        (
            "kind: person\nreason: words\noptions: {a: dropout/random}",
            "12: Problem 1: nothing settles the options of such a problem; they are a list, as in “options: [yes, no]”.",
        ),
        (
            "kind: choices\noptions: {yes: dropout/random, no: not dropout/random}\nchoose: two",
            "12: “choose” is one or several, not “two”.",
        ),
    ],
)
def test_a_rubric_that_does_not_fit_its_kind(block: str, said: str) -> None:
    assert message(HEAD + one(block)) == f"mine.md:{said}"


def test_every_error_of_a_file_at_once() -> None:
    """Each with its own line; a key that cannot be read is not missed a second time."""
    body = """## 1 One
```yaml
kind: jacobian
funktion: f(v) = B v
point: 3
```
## Two
## 1 Again
## 3 Section
```yaml
kind: jacobain
```
### 4.1 Elsewhere
```yaml
function: f(v) = v
```
### 3.2 Inside
```yaml
function: f(v) = v
earns: {final: 2}
kind: jacobian
```
### 3.3 Sound
```yaml
kind: jacobian
function: f(v) = B v
```
"""
    found, errors = read_all(HEAD.replace("layout:", "layot: x\nlayout:") + body, "mine.md")
    assert found is not None
    assert [p.id for p in found.problems] == ["3.3"]
    assert sorted(error.message for error in errors) == [
        "mine.md:11: The key “funktion” is not known; did you mean “function”?",
        "mine.md:12: “point” maps names to values, as in “point: {name: value}”.",
        "mine.md:14: A heading begins with the number of its problem, as in “## 2.4 Matrix times vector”, not “Two”.",
        "mine.md:15: Problem 1 stands in line 8 already.",
        "mine.md:20: Problem 4.1 stands under the heading 3; its number would begin with that, as in 3.1.",
        "mine.md:27: Problem 3.2: what “earns” names sums to 2, and the problem has 1 point.",
        "mine.md:4: The key “layot” is not known; did you mean “layout”?",
    ]
    assert read_all("", "mine.md")[0] is None


@pytest.mark.parametrize("name", set_names())
def test_shipped_sets_are_known_by_something(name: str) -> None:
    """Marks tell sheets from one another; every problem has words of its own or a question in our words."""
    found = problem_set(name)
    others = {mark for other in set_names() if other != name for mark in problem_set(other).known_by}
    assert set(found.known_by) - others
    for problem in found.problems:
        assert problem.known_by or problem.text, problem.id
        assert problem.text or problem.function, problem.id
        assert earned_sum(problem.earns) == problem.points
        assert problem.choose == "several" or problem.options


def test_a_statement_of_a_network_and_of_definitions() -> None:
    composed = one("kind: jacobian\nfunction: h = u^T s\nshapes: {u: [m]}\nwrt: v\ndefinitions: {s: sigma(t), t: B v}")
    (problem,) = read(composed)
    stated = statement(problem)
    assert stated.function is not None
    assert (stated.function.latex, stated.by) == (r"h = u^{\top}s", "v")
    assert [d.latex for d in stated.definitions] == [r"s = \sigma(t)", "t = Bv"]
    assert [(s.latex, shape_words(s.sizes)) for s in stated.symbols] == [
        ("u", "a column of length m"), ("B", "m × k"), ("v", "a column of length k"),
    ]  # fmt: skip
    network = one("kind: network\nnetwork: {layers: [1, 1], weights: [[[2]]], biases: [[0]], input: [3]}\nasked: [output]\noutput: 1")
    (problem,) = read(network)
    assert statement(problem).facts == (
        ("layers", "1, 1"), ("weights", "[[[2]]]"), ("biases", "[[0]]"), ("input", "3"), ("wanted", "output 1"),
    )  # fmt: skip


def test_a_statement_of_what_cannot_be_read_keeps_the_words() -> None:
    (problem,) = read(one("kind: jacobian\nfunction: f(v) = B (v"))
    stated = statement(problem)
    assert stated.function is not None
    assert (stated.function.latex, stated.function.written, stated.symbols) == ("", "f(v) = B (v", ())
