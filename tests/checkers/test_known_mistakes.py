"""Known mistakes: who gives one is told so in the words of the author, and nobody else is."""

import pytest

from hwcheck.checkers.known_mistakes import in_known_words, known_mistake
from hwcheck.checkers.problem_answers import judged_problem
from hwcheck.checkers.verdicts import Verdict
from hwcheck.derivations.problems.problems import Problem, read_set

HEAD = "---\nset: mine\ntitle: Mine\nlayout: numerator\nsymbols: {B: [m, k], v: [k]}\n---\n## 1 One\n```yaml\n"
JACOBIAN = "kind: jacobian\nfunction: f(v) = B v\nmistakes: {B^T: Turned., v: The other factor.}"
NETWORK = """kind: network
network: {layers: [1, 1], weights: [[[2]]], biases: [[1]], input: [3]}
asked: [output]
mistakes: {6: Without the bias.}"""
CHOICES = "kind: choices\noptions: {yes: dropout/random, no: not dropout/random}\nmistakes: {b: 'Look again.'}"


def problem(block: str) -> Problem:
    return read_set(f"{HEAD}{block}\n```\n", "mine.md").problems[0]


@pytest.mark.parametrize(
    ("block", "answer", "mistake"),
    [
        (JACOBIAN, "B^T", "B^T"),
        (JACOBIAN, r"\frac{\partial f}{\partial v} = B^\top", "B^T"),
        (JACOBIAN, "J = 2 B^T - B^T", "B^T"),
        (JACOBIAN, "v", "v"),
        (JACOBIAN, "$ v $", "v"),
        (JACOBIAN, "2B", None),
        (JACOBIAN, "B (", None),
        (JACOBIAN, "", None),
        (NETWORK, "6.0", "6"),
        (NETWORK, "5", None),
        (CHOICES, " b ", "b"),
        (CHOICES, "a", None),
        ("kind: jacobian\nfunction: f(v) = B v", "B^T", None),
        ("kind: person\nreason: words", "B^T", None),
    ],
)
def test_a_mistake_is_known_again(block: str, answer: str, mistake: str | None) -> None:
    found = known_mistake(problem(block), answer)
    assert (found and found.answer) == mistake


@pytest.mark.parametrize(("answer", "said"), [("B^T", "Turned."), ("B v^T v / v^T v", None), ("B", None), ("B (", None)])
def test_only_what_is_wrong_is_said_in_other_words(answer: str, said: str | None) -> None:
    asked = problem(JACOBIAN)
    verdict = judged_problem(asked, answer)
    told = in_known_words(asked, verdict)
    assert told.verdict == verdict.verdict
    assert told.message == (said or verdict.message)


def test_a_right_answer_is_never_called_a_mistake() -> None:
    """Even where a set lists it as one, which check-set refuses."""
    asked = problem("kind: jacobian\nfunction: f(v) = B v\nmistakes: {B: Wrong.}")
    assert in_known_words(asked, Verdict("B", "right", "Right.")).message == "Right."
