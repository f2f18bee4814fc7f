"""One item of a batch: whatever it holds, a result comes back, in the words of CONTRACT; nothing raises and nothing hangs."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.checkers.items import verify_item

VERDICTS = ("right", "wrong", "undecided", "unreadable")
KEYS = {"id", "verdict", "evidence", "diagnosis", "message", "read_as", "spans", "notes", "first_wrong_line", "lines"}
VARS = {"X": ["n", "d"], "w": ["d"], "y": ["n"], "A": ["d", "d"], "B": ["d", "d"], "x": [], "a": [], "z": ["k"], "W": ["k", "d"]}


def item(answer: Any, expected: Any = "2w^T", **more: Any) -> dict[str, Any]:
    return {"id": 1, "expected": expected, "answer": answer, "vars": VARS, **more}


# -- results -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "verdict"), [
    (item("w^T + w^T"), "right"), (item("2w"), "wrong"), (item("2 w)"), "unreadable"), (item("1", "e^{e^{e^{e^9}}}"), "undecided"),
    (item("2w^T", None, function="||w||^2"), "right"), (item("2w", None, function="||w||^2", layout="denominator"), "right"),
    (item("(n, d)", "(n, d)", kind="shape"), "right"), (item("0.333", "1/3"), "right"), (item("0.333", "1/3", rounding="exact"), "wrong"),
    (item("s", "softmax(z)", defs={"s": "softmax(z)"}), "right"), (item("A", "A^T", domain={"A": "symmetric"}), "right"),
    (item("X", None, function="X w", wrt="w"), "right"), (item("A + A^T", None, function="w^T A w", wrt="w", order=2), "right"),
    (item(0.5, "1/2"), "right"), (item(7, "7"), "right"), (item("", "x"), "unreadable"), (item("x", "x", seed=3), "right"),
])  # fmt: skip
def test_results(given: dict[str, Any], verdict: str) -> None:
    result = verify_item(given)
    assert result["verdict"] == verdict and set(result) == KEYS and result["id"] == 1
    json.dumps(result)


@pytest.mark.parametrize("faulty", [
    None, [], "item", 3, {}, {"id": 1}, {"id": 1, "answer": None}, {"id": 1, "answer": "w"}, {"id": 1, "answer": True, "expected": "w"},
    item(None), item(["w"]), item({"w": 1}), item("w", None), item("w", 3), item("w", ["w"]), item("w", "2 w)"), item("w",
    "foo(w)"), item("w", ""),
    item("w", "X X"), item("w", kind="essay"), item("w", kind=3), item("w", rounding="up"), item("w", layout="row"),
    item("w", order=3), item("w", order="x"),
    item("w", "w", function="w"), item("w", defs=["s"]), item("w", defs={"s": 3}), item("w", domain="positive"), item("w", domain={"w": 3}),
    item("w") | {"vars": ["w"]}, item("w") | {"vars": {"w": "d"}}, item("w") | {"vars": {"w": [["d"]]}},
    item("w") | {"vars": {"w": [None]}},
    item("w") | {"vars": {"w": [True]}}, item("w") | {"vars": {"w": [0]}}, item("w") | {"vars": {"w": [-3]}},
    item("w") | {"vars": {"w": [10**9]}},
    item("w") | {"vars": {"w": ["d", "n", "k", "m"]}}, item("w") | {"vars": {"": ["d"]}}, item("w") | {"vars": {"w w": ["d"]}},
    item("w", symbols="W_1"), item("w", symbols={"W": 3}), item("w", context=3), item("w", None, function="foo(w)"),
    item("w", None, function="w", wrt="q"),
    item(math.nan), item(math.inf), item("w", defs={"s": "s"}), item("w", defs={"s": "t",
    "t": "s"}), item("w") | {"vars": {"w": ["d"] * 40}},
])  # fmt: skip
def test_faulty_items_are_nobodys_wrong_answers(faulty: Any) -> None:
    result = verify_item(faulty)
    assert set(result) == KEYS and result["message"] and result["verdict"] in ("undecided", "unreadable", "wrong", "right")
    json.dumps(result)
    assert "defect" not in str(result["message"]), result["message"]


@pytest.mark.parametrize("expected", ["2 w)", "foo(w)", "", "X X"])
def test_an_unreadable_key_is_undecided(expected: str) -> None:
    assert verify_item(item("w", expected))["verdict"] == "undecided"


def test_an_unknown_domain_can_confirm_but_not_refuse() -> None:
    assert verify_item(item("w + w", "2w", domain={"w": "cosy"}))["verdict"] == "right"
    result = verify_item(item("A", "A^T", domain={"A": "hermitian"}))
    assert result["verdict"] == "undecided" and result["diagnosis"] is None and "hermitian" in str(result["message"])
    assert verify_item(item("w", "A", domain={"A": "hermitian"}))["verdict"] == "wrong"


def test_the_id_comes_back_as_it_was() -> None:
    for identity in (None, 0, "q-1", 3.5, [1, 2], {"a": 1}):
        assert verify_item({"id": identity, "expected": "x", "answer": "x"})["id"] == identity


# -- whatever the answer is -----------------------------------------------------------------------------------------------

ANSWERS = [
    "X^T(Xw - y)", "2w^T", "diag(softmax(z)) - softmax(z)softmax(z)^T", "(X^TX + aI)^{-1}X^Ty", "\\frac{1}{1+e^{-x}}", "relu(Wx)",
    "A^{-1}B A",
    "log det(A)", "‖Xw - y‖^2", "δ_ij w_i", "A_ij B_jk", "1[x > 0]", "x if x > 0 else a x", "np.where(x > 0, 1, 0)", "vec(A B)",
    "expm(A)", "w w^T / ‖w‖^2",
    "σ(w^T w) (1 - σ(w^T w)) w", "W^T 1[W w > 0]", "\\begin{cases} x & x > 0 \\\\ 0 & x \\le 0 \\end{cases}", "Σ_i (x - y_i)^2",
]  # fmt: skip
TOKENS = (
    "x a w y z A B X W 0 1 2 0.5 1e3 \\pi e i n d + - * / ^ ^T ᵀ _ _i _{ij} ( ) [ ] { } | ‖ , ; = < > ≥ : . ' ! % & @ ⊙ ⊗ ∘ · × √ Σ_i "
    "∏_i ∂ ∇ ∫ ∞ δ_ij σ λ "
    "\\frac \\sqrt \\left( \\right) \\begin{cases} \\end{cases} \\\\ \\text{if} exp log sin tanh relu softmax diag tr det vec max sum "
    "norm 1[ 𝟙 I if else for "
    "np.dot .T ** // ^{-1} ^2 ^{100} ^{99999} ^{1/2} ⁻¹ ² \\partial \\top import lambda: None True __class__ \x00 \u202e 𝔘 é"
).split()


@st.composite
def mutants(draw: st.DrawFn) -> str:
    """A valid answer with up to three cuts, insertions or exchanges."""
    text = draw(st.sampled_from(ANSWERS))
    for _ in range(draw(st.integers(1, 3))):
        i = draw(st.integers(0, len(text)))
        j = min(len(text), i + draw(st.integers(0, 4)))
        text = text[:i] + draw(st.one_of(st.just(""), st.sampled_from(TOKENS), st.sampled_from(ANSWERS).map("({})".format))) + text[j:]
    return text


def checked(answer: str, expected: str) -> dict[str, object]:
    start = time.process_time()
    result = verify_item(item(answer, expected))
    assert time.process_time() - start < 2, (answer, expected)
    assert set(result) == KEYS and result["verdict"] in VERDICTS and result["message"]
    assert all(0 <= a <= b <= len(answer) for a, b in result["spans"])  # type: ignore[attr-defined]
    json.dumps(result)
    return result


FUZZ = settings(max_examples=150, deadline=None, derandomize=True)


@FUZZ
@given(st.text(max_size=40), st.sampled_from(ANSWERS))
def test_any_text_gets_a_verdict(answer: str, expected: str) -> None:
    checked(answer, expected)


@FUZZ
@given(st.lists(st.sampled_from(TOKENS), max_size=14).map(" ".join), st.sampled_from(ANSWERS))
def test_any_symbols_get_a_verdict(answer: str, expected: str) -> None:
    checked(answer, expected)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(mutants(), st.sampled_from(ANSWERS))
def test_any_slip_of_the_pen_gets_a_verdict(answer: str, expected: str) -> None:
    checked(answer, expected)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("answer", "expected", "vars", "defs",
                    "domain", "kind",
                                                                                                 "order", "seed", "x",
                                                                                                 "w")), inner, max_size=5)))
def test_any_item_gets_a_result(anything: Any) -> None:
    result = verify_item(anything)
    assert set(result) == KEYS and "defect" not in str(result["message"])


# What was once a defect of ours: an answer may lose a name, have a number for a matrix, or indices without a size.
ONCE = [("0 ⊙ λ", "\\frac{1}{1+e^{-x}}"), ("1[x > 0 C]", "A^{-1}B A"), ("argmax(z)0", "A ⊗ B"), ("expm(x)", "e^x"), ("expm(3)", "tr(A B)"),
        ("x if x > 0 else (x if x > 0 else 0 a)", "e^x"), ("X^T(Xw - y) (2w^T)^(softmax(Ww))", "X^T(Xw - y)"),
        ("δ_ij w_i@(1[x > 0])", "relu(Wx)"),
        ("A ⊗ BA ⊗ B ⊗ B", "A_ij B_jk"), ("relu(x - 20)", "0 x"), ("δ_ip", "δ_ip w_q"),
        ("2Σ_i X_ij (Σ_k (X^T)_ik w_k - y_i)", "2X^T(Xw - y)")]  # fmt: skip


@pytest.mark.parametrize(("answer", "expected"), ONCE)
def test_no_defect_comes_back(answer: str, expected: str) -> None:
    assert "defect" not in str(checked(answer, expected)["message"])


# -- the same every time ---------------------------------------------------------------------------------------------------

SAMPLE = [(a, e) for a in ANSWERS[:10] for e in random.Random(1).sample(ANSWERS, 3)]
PROGRAM = """
import json, sys
from hwcheck.checkers.items import verify_item
print(json.dumps([verify_item(i) for i in json.load(sys.stdin)]))
"""


def test_the_same_item_gives_the_same_result_in_every_process() -> None:
    """Whatever order sets have there, and whatever was judged before."""
    items = [item(a, e) for a, e in SAMPLE]
    here = [verify_item(i) for i in items]
    assert here == [verify_item(i) for i in items]
    for seed, batch, wanted in (("1", items, here), ("2", items[::-1], here[::-1])):
        run = subprocess.run([sys.executable, "-c", PROGRAM], input=json.dumps(batch), capture_output=True, text=True, check=True,
                             timeout=60, env={**os.environ, "PYTHONHASHSEED": seed})
        assert json.loads(run.stdout) == wanted
        assert run.stderr == ""


def test_a_misspelt_key_is_said_and_a_foreign_one_is_not() -> None:
    result = verify_item({"id": 1, "expected": "2w", "answer": "2w", "var": {"w": ["d"]}, "model": "m"})
    assert result["notes"] == ["“var” is no key of an item and was not used; did you mean “vars”?"]
