"""Decimals are compared as they are written: what is right, and what is asked to be exact or longer."""

from __future__ import annotations

import pytest

from hwcheck.checkers.quantities import Given, quantity
from hwcheck.checkers.references import Reference
from hwcheck.checkers.rounding import LEAST_DIGITS, rounded
from hwcheck.checkers.verification import judged, verify
from hwcheck.derivations.elements.elements import zero

# expected, decimals that are right as written, decimals and others that are not
ROWS: list[tuple[str, list[str], list[str]]] = [
    ("1/3", ["0.333", "0.33", ".33", "0.3333333333333", "+0.33", "3.33e-1", "0.333e0", "33.3e-2", "$0.33$", "≈ 0.333"],
     ["0.3", "0.34", "0.334", "0.3334", "0.32", "-0.33", "0", "0.0", "33", "1"]),
    ("2/3", ["0.67", "0.667", "0.66667"], ["0.66", "0.666", "0.7", "0.6"]),
    ("-2/3", ["-0.67", "−0.667", "-(0.67)"], ["0.67", "-0.66"]),
    ("1/8", ["0.125", "1.25e-1", "12.5%"], ["0.14", "0.11", "0.1"]),
    ("\\pi", ["3.14", "3.1416", "3.142", "3.1"], ["3.15", "3.141", "3.2", "3", "22/7", "355/113", "3.1415"]),
    ("2e^3", ["40.1711", "40.17", "40.2", "40.171"], ["40.1710", "40.18", "40.0", "41", "40"]),
    ("-\\sqrt{2}", ["-1.41", "-1.4142"], ["1.41", "-1.42", "-1.4143"]),
    ("1/1000", ["0.001", "0.0010", "1e-3", "1.0e-3"], ["0.002", "0.00", "0.0011", "0.01"]),
    ("1234.56", ["1234.56", "1234.6", "1234.560"], ["1234.5", "1235", "1234.7", "1200"]),
    ("5/2", ["2.5", "2.50", "2.5000"], ["2.51", "2.4"]),
    ("e^{-20}", ["2.06e-9", "2.0612e-9", "0.0000000020612"], ["2.07e-9", "2e-9", "0.00", "0"]),
    ("(1/3, 2/3)", ["(0.33, 0.67)", "(0.333, 0.667)", "(0.3333, 0.67)"], ["(0.33, 0.66)", "(0.67, 0.33)", "(0.3, 0.7)", "0.33"]),
    ("1000000", ["1,000,000", "1e6", "10^6", "1000000.0"], ["1,000,001", "1e5", "100,000"]),
    ("1/2", ["50%", "0.5", "0.50", "5e-1"], ["50", "5%", "0.51", "0.05"]),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, right, _ in ROWS for a in right])
def test_right_as_written(expected: str, answer: str) -> None:
    verdict = verify(answer, expected=expected)
    assert verdict.verdict == "right" and verdict.message.startswith("Right"), verdict.message


@pytest.mark.parametrize(("expected", "answer"), [(e, a) for e, _, wrong in ROWS for a in wrong])
def test_wrong_as_written(expected: str, answer: str) -> None:
    assert verify(answer, expected=expected).verdict == "wrong"


@pytest.mark.parametrize(("expected", "answer"), [("1234567.89", "1.23e6"), ("6.02214076e23", "6.02e23"), ("1/3", "33.3%")])
def test_significant_digits_with_an_exponent(expected: str, answer: str) -> None:
    assert verify(answer, expected=expected).verdict == "right"


@pytest.mark.parametrize("answer", ["0.13", "0.12"])
def test_a_tie_may_be_rounded_either_way(answer: str) -> None:
    assert verify(answer, expected="1/8").verdict == "right"


EXACT = [("1/3", "0.333", "rounded"), ("\\pi", "3.14159", "rounded"), ("2e^3", "40.1711", "rounded"), ("\\sqrt{2}", "1.41", "rounded"),
    ("2/3", "0.67", "rounded"),
         ("1/8", "0.125", None), ("1/2", "0.5", None), ("1/2", "0.50", None), ("1/3", "2/6", None), ("1/1000", "1e-3", None)]  # fmt: skip


@pytest.mark.parametrize(("expected", "answer", "code"), EXACT)
def test_exact_values_are_asked_for(expected: str, answer: str, code: str | None) -> None:
    verdict = verify(answer, expected=expected, rounding="exact")
    assert (verdict.verdict, verdict.diagnosis) == ("right" if code is None else "wrong", code)


@pytest.mark.parametrize("digits", ["3.14159265358979323846264338327950288419716939937511",
    "3.1415926535897932384626433832795028841971693993751058209749446"])
def test_many_digits_are_still_no_pi(digits: str) -> None:
    assert verify(digits, expected="\\pi", rounding="exact").verdict == "wrong" and verify(digits, expected="\\pi").verdict == "right"


@pytest.mark.parametrize(("expected", "answer"), [
    ("x/3", "0.333x"), ("\\pi x", "3.14 x"), ("x/3", "x/3.0"), ("x + 1/3", "x + 0.33"), ("x", "0.99999999 x"), ("x^{1/3}", "x^{0.333}"),
])  # fmt: skip
def test_decimals_inside_a_formula_are_exact(expected: str, answer: str) -> None:
    assert (verify(answer, expected=expected, shapes={"x": []}).verdict == "right") == (answer == "x/3.0")


def test_what_is_no_list_of_numbers_is_not_rounded() -> None:
    third = quantity("1/3", Given()).element
    for text in ("1/3", "0.3 + 0.03", "0.33 x", "1", "(0.33, 0.33)"):
        assert rounded(third, quantity(text, Given({"x": []})), "as-written") is None, text


@pytest.mark.parametrize(("text", "right", "gap"), [("0.333", True, 1.1e-3), ("0.3333", True, 1.1e-4), ("0.3", False, 0.12)])
def test_the_gap_is_relative(text: str, right: bool, gap: float) -> None:
    found = rounded(quantity("1/3", Given()).element, quantity(text, Given()), "as-written")
    assert found is not None and found.right == right and gap / 3 < found.gap < gap
    assert LEAST_DIGITS == 2


def test_sizes_are_never_rounded() -> None:
    assert verify("0.33", expected="1/n", shapes={"X": ["n", "d"]}).verdict == "wrong"


def test_sizes_that_are_letters_are_no_numbers_to_round() -> None:
    reference = Reference(zero(("d",)), ("d", 1), Given())
    assert judged(reference, "1.0").verdict == "wrong"
