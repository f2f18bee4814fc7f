"""Witnesses: small public points that a person can recompute, the same ones always, in the declared domain."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from flint import arb, fmpq

from hwcheck.checkers.quantities import Given, quantity
from hwcheck.checkers.verdicts import Witness
from hwcheck.checkers.verification import verify
from hwcheck.checkers.witnesses import numeral, witness
from hwcheck.derivations.elements.enclosures import UNDEFINED, UNKNOWN

SHAPES: dict[str, Any] = {"X": ["n", "d"], "w": ["d"], "y": ["n"], "A": ["d",
    "d"], "x": [], "z": ["k"], "lambda": [], "theta_1": [], "P": ["n", 300]}


def shown(answer: str, expected: str, **more: Any) -> Witness:
    evidence = verify(answer, expected=expected, shapes=SHAPES, **more).evidence
    assert evidence is not None and evidence.witness is not None
    return evidence.witness


@pytest.mark.parametrize(("answer", "expected", "at", "yours", "wanted"), [
    ("2w", "3w", {"w": "(1, 2)"}, "the column (2, 4)", "the column (3, 6)"),
    ("2w^T", "3w^T", {"w": "(1, 2)"}, "the row (2, 4)", "the row (3, 6)"),
    ("w^T w", "2 w^T w", {"w": "(1, 2)"}, "5", "10"),
    ("A^T", "A", {"A": "[[1, 2], [3, 4]]"}, "[[1, 3], [2, 4]]", "[[1, 2], [3, 4]]"),
    ("x/2", "x/3", {"x": "1"}, "1/2", "1/3"),
    ("\\sigma(x)", "\\sigma(x)^2", {"x": "1"}, "0.731059", "0.534447"),
    ("log(x)", "log|x|", {"x": "−1"}, "not defined", "0"),
    ("1[x >= 0]", "1[x > 0]", {"x": "0"}, "1", "0"),
    ("λ", "2λ", {"λ": "1"}, "1", "2"),
    ("θ_1^2", "-θ_1^2", {"θ₁": "1"}, "1", "−1"),
    ("x + 10^{-12}", "x", {"x": "1"}, "1.000000000001", "1"),
    ("355/113", "\\pi", {}, "355/113", "3.14159"),
])  # fmt: skip
def test_witnesses(answer: str, expected: str, at: dict[str, str], yours: str, wanted: str) -> None:
    found = shown(answer, expected)
    assert (dict(found.at), found.yours, found.expected) == (at, yours, wanted)


@pytest.mark.parametrize(("answer", "expected"), [
    ("x + 10^{-40}", "x"), ("\\sin(x) + 10^{-20}", "\\sin(x)"), ("1.0000001 w", "w"), ("e^{-30} + x", "x"),
    ("1[x > 10^{-6}]", "1[x > 0]"), ("|w|", "w"),
    ("max(10^{-6}, x)", "relu(x)"),
    ("x + 1[x > 10^6]", "x"),
    ("\\sqrt{x^2}", "x"),
])  # fmt: skip
def test_the_values_shown_differ(answer: str, expected: str) -> None:
    found = shown(answer, expected)
    assert found.yours != found.expected


@pytest.mark.parametrize(("domain", "test"), [
    ("positive", lambda x: x > 0), ("unit", lambda x: 0 < x < 1), ("plus_minus_one", lambda x: abs(x) == 1),
    ("binary", lambda x: x in (0, 1)),
    ("posint", lambda x: x > 0 and x.denominator == 1), ("negative", lambda x: x < 0), ("above_one", lambda x: x > 1),
])  # fmt: skip
def test_the_point_lies_in_its_domain(domain: str, test: Any) -> None:
    for text, expected in (("2x", "3x + 1"), ("x - 5", "x")):
        assert test(Fraction(shown(text, expected, domains={"x": domain}).at["x"].replace("−", "-")))


def test_facts_hold_at_the_point() -> None:
    assert shown("2w", "w", domains={"w": "one_hot"}).at["w"] in ("(1, 0)", "(0, 1)")
    numbers = shown("2w", "w", domains={"w": "probability"}).at["w"].strip("()").split(", ")
    assert sum(map(Fraction, numbers)) == 1


def test_the_point_says_nothing_about_the_judging_points() -> None:
    assert len({str(verify("2w", expected="w", shapes=SHAPES, seed=s).evidence) for s in range(5)}) <= 5
    assert len({str(shown("2w", "w", seed=s)) for s in range(5)}) == 1


def test_no_two_variables_are_alike() -> None:
    at = shown("X w", "X w - y").at
    assert at["w"] != at["y"][: len(at["w"])] and len(set(at.values())) == len(at)


def test_large_tensors_are_not_written_out() -> None:
    found = witness(*(quantity(t, Given(SHAPES)).element for t in ("P", "2P")), {})
    assert found is None or all(len(text) < 200 for text in (*found.at.values(), found.yours, found.expected))


def test_there_is_none_where_both_agree() -> None:
    assert witness(*(quantity(t, Given(SHAPES)).element for t in ("w + w", "2w")), {}) is None


@pytest.mark.parametrize(("x", "text"), [
    (fmpq(3), "3"), (fmpq(-1, 2), "−1/2"), (fmpq(0), "0"), (7, "7"), (arb(2).sqrt(), "1.41421"), (-arb(2).sqrt(), "−1.41421"),
    (UNDEFINED, "not defined"),
    (UNKNOWN, "not known"), (fmpq(10**20), "1.00000e+20"), (fmpq(1, 3**40), "8.22526e−20"),
])  # fmt: skip
def test_numerals(x: Any, text: str) -> None:
    assert numeral(x) == text
