"""The banks: who decides in them is right, and a sample of mutants and rewrites is judged as it decides.

The full run is benchmarks/banks.py. A failure prints the call that repeats it.
"""

from __future__ import annotations

import random
from functools import cache

import pytest
from banks.differences import compare, proved_different, value_for
from banks.identities import SHAPES, Identity, expression, identities
from banks.independent import Evaluator, bad, mp
from banks.mutations import MUTATIONS, mutants
from banks.rewrites import REWRITES, rewritten
from banks.trials import Trial, bank_of, judged

from hwcheck.checkers import verify
from hwcheck.derivations import read

SEED = 7
PARTS = 4
A_PART = 20  # expressions

EQUAL = (
    ("||w||^2", "w^T w"), ("X^T(Xw - y)", "X^T X w - X^T y"), ("tr(A B)", "tr(B A)"), ("relu(a)", "max(a, 0)"), ("det(A)", "det(A^T)"),
    ("softmax(z)", "exp(z) / sum(exp(z))"), ("A A^{-1} w", "w"), ("Σ_j X_ij w_j", "(X w)_i"), ("A_ij w_i", "A_pj w_p"),
    ("diag(w) x", "w ⊙ x"), ("logdet(A A^T + I_d)", "log(det(I_d + A A^T))"), ("abs(a)", "a sign(a)"), ("(1/n) 1_n^T y", "mean(y)"),
    ("vec(w x^T)", "x ⊗ w"),
)  # fmt: skip
# The answer, and what tells it from the expected.
DIFFERENT = (
    ("2 w^T", "2 w", "shape"), ("X^T X", "X X^T", "shape"), ("a", "a + 0.000000001", "value"), ("A B", "B A", "value"),
    ("A^{-1}", "A^T", "value"), ("tr(A)", "sum(A)", "value"), ("a", "abs(a)", "value"), ("a", "a + log(a) - log(a)", "domain"),
    ("1[a > 0]", "1[a >= 0]", "kink"), ("relu(a b - c)", "max(0.001, a b - c)", "value"),
    ("1[a b + c > 0]", "1[a b + c > 0.000001]", "value"), ("A_ij", "A_ji", "value"), ("A_ij", "tr(A)", "rank"),
    ("softmax(Y)", "softmax(Y, axis=0)", "value"), ("w ⊗ x", "x ⊗ w", "value"),
)  # fmt: skip


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_what_is_equal_is_found_equal(left: str, right: str) -> None:
    a, b = (read(text, shapes=SHAPES).body for text in (left, right))
    assert compare(a, b).verdict == "equal"
    assert compare(b, a).verdict == "equal"


@pytest.mark.parametrize(("left", "right", "how"), DIFFERENT)
def test_what_differs_is_proved_different(left: str, right: str, how: str) -> None:
    a, b = (read(text, shapes=SHAPES).body for text in (left, right))
    found = compare(a, b)
    assert (found.verdict, found.how) == ("different", how)
    assert proved_different(a, b)


# Values that can be checked by hand, at w = (1, 2), A = [[1, 2], [3, 4]], a = −1.
VALUES = (
    ("w^T A w", [[27]]), ("A w", [[5], [11]]), ("A^2", [[7, 10], [15, 22]]), ("det(A)", [[-2]]), ("A^{-1}", [[-2, 1], [1.5, -0.5]]),
    ("tr(A)", [[5]]), ("w ⊗ w", [[1], [2], [2], [4]]), ("vec(A)", [[1], [3], [2], [4]]), ("sum(A, axis=0)", [[4], [6]]),
    ("relu(a) + abs(a)", [[1]]), ("||A||_F^2", [[30]]), ("Σ_i w_i^2", [[5]]), ("A_21", [[3]]), ("cumsum(A^T, axis=0)", [[1, 3], [3, 7]]),
    ("roll(A, 1, axis=0)", [[3, 4], [1, 2]]), ("diag(w)", [[1, 0], [0, 2]]), ("2^w", [[2], [4]]), ("w ⊘ (w + 1)", [[0.5], [2 / 3]]),
    ("1[w > 1]", [[0], [1]]), ("A ⊙ A", [[1, 4], [9, 16]]), ("max(w)", [[2]]), ("mean(w) d", [[3]]), ("log(a)", [[None]]),
    ("1 / (a + 1)", [[None]]), ("(A - A)^{-1} w", [[None], [None]]),
)  # fmt: skip


@pytest.mark.parametrize(("text", "want"), VALUES, ids=[text for text, _ in VALUES])
def test_values_by_hand(text: str, want: list[list[float | None]]) -> None:
    numbers = {"w": [[1], [2]], "A": [[1, 2], [3, 4]], "a": [[-1]]}
    values = {name: [[mp.mpf(x) for x in row] for row in rows] for name, rows in numbers.items()}
    got = Evaluator(values, {"d": 2}).value(read(text, shapes={"w": ["d"], "A": ["d", "d"], "a": []}).body)
    assert [[None if bad(x) else pytest.approx(float(x), abs=1e-15) for x in row] for row in got] == want


@pytest.mark.parametrize("domain", ["any", "positive", "unit", "symmetric", "spd", "probability", "one_hot", "invertible"])
def test_points_lie_in_their_domain(domain: str) -> None:
    rows = value_for([3, 1] if domain in ("probability", "one_hot") else [3, 3], domain, random.Random(SEED))
    entries = [x for row in rows for x in row]
    assert {
        "positive": min(entries) > 0,
        "unit": 0 < min(entries) and max(entries) < 1,
        "symmetric": rows == [list(row) for row in zip(*rows, strict=False)],
        "spd": all(rows[k][k] > 0 for k in range(len(rows)) if len(rows[0]) > k),
        "probability": abs(sum(entries) - 1) < 1e-90,
        "one_hot": sorted(entries) == [0, 0, 1],
    }.get(domain, True)


@cache
def expressions() -> list[Identity]:
    return identities()


def test_there_are_enough_expressions_and_each_has_values() -> None:
    assert len(expressions()) >= 250
    assert len({i.tree for i in expressions()}) >= 250
    for identity in random.Random(SEED).sample(expressions(), 100):
        assert compare(identity.tree, identity.tree, identity.domains).verdict == "equal", identity.text


def test_every_mutation_makes_different_mutants() -> None:
    rows = (
        "A w + tr(B) x - 2 w",
        "relu(a^2 - c) 1[a > c] - a / 3",
        "sqrt(a) + b^3",
        "b 1[a > c]",
        "X^T X + A^{-1}",
        "A_ij w_i + B_ij",
        "sum(A, axis=0) ⊙ (w + x)",
        "exp(w)^T x",
    )  # fmt: skip
    kinds: set[str] = set()
    for text in rows:
        identity = expression(text, SHAPES)
        made = list(mutants(identity.tree))
        kinds |= {m.kind for m in made if m.fits and m.kind not in kinds and compare(identity.tree, m.tree).verdict == "different"}
    assert kinds == set(MUTATIONS)
    assert len(kinds) >= 15


def test_rewrites_are_many_and_sound() -> None:
    rng = random.Random(SEED)
    found = dict.fromkeys(REWRITES, 0)
    for _ in range(400):
        identity = rng.choice(expressions())
        changed = rewritten(identity.tree, identity.domains, rng, 1)
        assert changed is not None, identity.text
        assert compare(identity.tree, changed.tree, identity.domains).verdict != "different", (changed.kinds, identity.text)
        found[changed.kinds[0]] += 1
    assert len(found) >= 20
    assert sum(count > 0 for count in found.values()) >= 20


# The judge


@cache
def sample(part: int) -> tuple[list[Trial], list[Trial]]:
    """Mutants and rewrites of some expressions: four mutants and two rewrites of each."""
    rng = random.Random(SEED)
    chosen = rng.sample(expressions(), PARTS * A_PART)[part::PARTS]
    wrong, right = [], []
    for identity in chosen:
        bank = bank_of(identity, SEED, of_a_kind=1, rewrites=2)
        wrong += rng.sample(bank.mutants, min(4, len(bank.mutants)))
        right += bank.rewrites
    return wrong, right


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_is_accepted(part: int) -> None:
    trials = sample(part)[0]
    assert len(trials) >= 3 * A_PART
    words = [(judged(t, verify), t.kinds, t.reproducer()) for t in trials]
    assert [w for w in words if w[0] not in ("wrong", "undecided", "unreadable")] == []
    assert sum(w[0] != "wrong" for w in words) <= len(words) // 20


@pytest.mark.parametrize("part", range(PARTS))
def test_no_rewrite_is_refused(part: int) -> None:
    trials = sample(part)[1]
    assert len(trials) >= 1.5 * A_PART
    words = [(judged(t, verify), t.kinds, t.reproducer()) for t in trials]
    assert [w for w in words if w[0] not in ("right", "undecided", "unreadable")] == []
    assert sum(w[0] != "right" for w in words) <= 1
