"""Lines are evaluated before they are printed: every kind of line can be judged, and every wrong one is noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import facts
import judges
import numpy as np
import pytest
from facts import Fact

from hwcheck.derivations import derivation, jacobian, read
from hwcheck.derivations.calculus import calculus
from hwcheck.derivations.calculus.calculus import Differentiation, Term
from hwcheck.derivations.calculus.lines import LineJudge, LineMeaning
from hwcheck.derivations.elements.elements import product, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import DefectError
from hwcheck.derivations.forms.building import neg, num, scale, transpose
from hwcheck.derivations.notation.written import Written

SHAPES: dict[str, list[str]] = {"X": ["n", "d"], "w": ["d"], "A": ["d", "d"], "a": []}
VALUES = judges.arrays(SHAPES, seed=8)
X, w, A, a = VALUES["X"], VALUES["w"], VALUES["A"], VALUES["a"]
EXTENTS = {"i": "n", "j": "d", "p": "d", "q": "d"}


def judge(by: str = "w") -> LineJudge:
    return LineJudge(VALUES, judges.SIZES, variable(by, {"w": ("d",), "A": ("d", "d"), "a": ()}[by]), {})


def line(text: str) -> Written:
    return read(text, shapes=SHAPES).body


eye = np.eye(3)
# A line over its free indices, by which variable, and its value.
LINES: tuple[tuple[str, str, str, Any], ...] = (
    ("Σ_j X_ij w_j", "i", "w", X @ w),
    ("Σ_j X_ij δ_jq", "iq", "w", X),
    ("Σ_j X_ij ∂w_j/∂w_q", "iq", "w", X),
    ("∂(Xw)_i/∂w_q", "iq", "w", X),
    ("∂(w_p^2)/∂w_q", "pq", "w", np.diag(2 * w)),
    ("2 w_p ∂w_p/∂w_q", "pq", "w", np.diag(2 * w)),
    ("∂(w^T A w)/∂w_q", "q", "w", (A + A.T) @ w),
    ("∂(w^T A w)/∂A_pq", "pq", "A", np.outer(w, w)),
    ("∂tr(A)/∂A_pq", "pq", "A", eye),
    ("∂exp(w_p)/∂w_q", "pq", "w", np.diag(np.exp(w))),
    ("∂(a^3)/∂a", "", "a", 3 * a**2),
    ("δ_pq", "pq", "w", eye),
    ("w_p", "pq", "w", np.tile(w[:, None], (1, 3))),
    ("0", "pq", "w", np.zeros((3, 3))),
    ("Σ_j Σ_p X_ij A_jp ∂w_p/∂w_q", "iq", "w", X @ A),
)


@pytest.mark.parametrize(("text", "letters", "by", "want"), LINES, ids=[f"{row[0]}" for row in LINES])
def test_a_line_has_its_value_at_every_free_index(text: str, letters: str, by: str, want: Any) -> None:
    extents = [EXTENTS[x] for x in letters]
    assert judges.same(judge(by).value(line(text), tuple(letters), extents), want)
    judge(by).check(line(text), tuple(letters), extents, want)


@pytest.mark.parametrize(("text", "letters", "by", "want"), [row for row in LINES if row[0] != "0"], ids=[
    row[0] for row in LINES if row[0] != "0"])
def test_a_line_that_is_off_is_a_defect(text: str, letters: str, by: str, want: Any) -> None:
    extents = [EXTENTS[x] for x in letters]
    for wrong in (neg(line(text)), scale(num(2), line(text))):
        with pytest.raises(DefectError, match=r"The line “.*” is off by .* at \{.*\}; it is a defect of hwcheck"):
            judge(by).check(wrong, tuple(letters), extents, want)


TURNED: tuple[tuple[str, str, str], ...] = (
    ("Σ_j A_pj δ_jq", "Σ_j A_jp δ_jq", "a transposed matrix"),
    ("Σ_j A_pj w_j", "Σ_j A_jp w_j", "the wrong index under a sum"),
    ("w_p", "w_q", "the wrong free index"),
    ("w_p w_q", "w_p w_p", "an index for another"),
    ("A_pq", "A_qp", "indices exchanged"),
    ("Σ_j A_pj A_jq", "A_pq A_pq", "entry by entry instead of the product"),
    ("δ_pq w_p", "w_p", "a lost δ"),
    ("A_pq + A_qp", "A_pq", "a dropped term"),
    ("Σ_j w_j^2", "(Σ_j w_j)^2", "a square outside the sum"),
    ("exp(w_p)", "exp(w_q)", "the wrong argument"),
)


@pytest.mark.parametrize(("right", "wrong"), [row[:2] for row in TURNED], ids=[row[2] for row in TURNED])
def test_a_slip_in_a_line_is_noticed(right: str, wrong: str) -> None:
    want = judge().value(line(right), ("p", "q"), ("d", "d"))
    judge().check(line(right), ("p", "q"), ("d", "d"), want)
    with pytest.raises(DefectError):
        judge().check(line(wrong), ("p", "q"), ("d", "d"), want)


def test_what_is_not_a_number_is_no_agreement() -> None:
    broken = VALUES | {"w": np.array([np.nan, 1.0, 2.0])}
    with pytest.raises(DefectError, match="is off by nan"):
        LineJudge(broken, judges.SIZES, variable("w", ("d",)), {}).check(line("w_p"), ("p",), ("d",), np.zeros(3))


def test_named_parts_stand_for_their_elements() -> None:
    part = Meaning().of(line("Xw"))
    tree = Written("entry", (Written("name", (), "r", ("n", 1)), Written("index", (), "i")))
    assert judges.same(LineJudge(VALUES, judges.SIZES, variable("w", ("d",)), {"r": part}).value(tree, ("i",), ("n",)), X @ w)
    assert LineMeaning(named={"r": part}).of(Written("name", (), "r", ("n", 1))) is part


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_the_complex_step_is_the_derivative(fact: Fact) -> None:
    """What lines are judged by, against central differences: the functions of all facts."""
    function, name = fact.derived().function, fact.names[0]
    values, by = fact.values(), variable(fact.names[0], tuple(fact.shapes[fact.names[0]]))
    got = LineJudge(values, judges.SIZES, by, {}).partial(function)

    def along(v: judges.Array) -> judges.Array:
        return np.asarray(Evaluator(values | {name: v}, judges.SIZES)(function))

    assert judges.same(got, judges.central_differences(along, values[name]), judges.CENTRAL_TOLERANCE)


# Corrupted rules: every one must be noticed by the lines, before anything is printed.


def spoiled(outcome: Any, how: str) -> Any:
    rule, terms = outcome

    def one(t: Term) -> Term:
        if how == "sign":
            return replace(t, coefficient=-t.coefficient)
        if how == "factor":
            return replace(t, coefficient=2 * t.coefficient)
        if how == "a factor lost" and t.factors:
            return replace(t, factors=t.factors[1:])
        return t

    changed = [one(t) for t in terms]
    return rule, changed[1:] if how == "a term lost" else changed


CORRUPTED: tuple[tuple[str, str, str, str], ...] = (
    ("kind", "variable", "f(w) = Xw", "sign"),
    ("kind", "product", "f(w) = w w^T", "a term lost"),
    ("kind", "product", "f(w) = w^T A w", "sign"),
    ("kind", "product", "f(w) = w/(w^T w)", "factor"),
    ("kind", "sum", "f(w) = Aw + w ⊙ w", "a term lost"),
    ("kind", "power", "f(w) = w^3", "a factor lost"),
    ("kind", "power", "f(w) = ||w||", "factor"),
    ("kind", "map", "f(w) = tanh(Aw)", "sign"),
    ("kind", "map", "f(w) = exp(w)", "a factor lost"),
    ("kind", "join", "f(w) = concatenate([w, Aw])", "a term lost"),
    ("form", "inverse", "f(A) = A^{-1}", "sign"),
    ("form", "det", "f(A) = det(A)", "a factor lost"),
    ("form", "logdet", "f(A) = logdet(A)", "factor"),
    ("form", "softmax", "f(w) = softmax(w)", "a term lost"),
    ("form", "log_softmax", "f(w) = log_softmax(w)", "sign"),
    ("form", "logsumexp", "f(w) = logsumexp(w)", "factor"),
    ("form", "max", "f(w) = max(w)", "sign"),
    ("form", "min", "f(w) = min(Aw)", "factor"),
    ("kind", "stack", "f(a) = [a; a^2]", "a term lost"),
    ("form", "prod", "f(w) = prod(w)", "a factor lost"),
    ("form", "expm", "f(a) = expm(aA)", "sign"),
)


@pytest.mark.parametrize(("table", "name", "text", "how"), CORRUPTED, ids=[f"{c[1]}: {c[3]}" for c in CORRUPTED])
def test_a_corrupted_rule_is_a_defect_and_prints_nothing(
    table: str, name: str, text: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = calculus._KINDS if table == "kind" else calculus._FORMS
    shapes = {n: s for n, s in SHAPES.items() if n in text.partition("=")[2] or f"({n})" in text}
    assert jacobian(text, shapes=shapes, confirmed=False).steps
    rule = rules[name]
    monkeypatch.setitem(rules, name, lambda *at: spoiled(rule(*at), how))
    with pytest.raises(DefectError, match="The line “"):
        jacobian(text, shapes=shapes, confirmed=False)


@pytest.mark.parametrize("text", ["f(w) = Xw", "f(w) = w^T A w", "f(w) = tanh(Aw)", "f(A) = A^2"])
def test_jax_notices_a_corrupted_rule_too(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the judge of the lines: the confirmation alone is enough."""
    rule = calculus._KINDS["variable"]
    monkeypatch.setitem(calculus._KINDS, "variable", lambda *at: spoiled(rule(*at), "factor"))
    monkeypatch.setattr(LineJudge, "check", lambda *_: None)
    with pytest.raises(DefectError, match=r"(?s)Our formula and JAX's jacfwd differ by .* This is a defect of hwcheck"):
        jacobian(text, shapes={n: s for n, s in SHAPES.items() if n in text.partition("=")[2]})


def test_a_tidier_that_changes_the_value_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    tidy = derivation.Tidier.__call__
    monkeypatch.setattr(derivation.Tidier, "__call__", lambda self, e: transposed(tidy(self, e)))
    with pytest.raises(DefectError, match="The line “"):
        jacobian("f(w) = AAw", shapes={"A": ["d", "d"], "w": ["d"]}, confirmed=False)


def test_a_matrix_form_with_another_value_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    written = derivation._matrix_tree
    monkeypatch.setattr(derivation, "_matrix_tree", lambda *at: transpose(written(*at)))
    with pytest.raises(DefectError, match=r"The matrix form .* does not have the value of the element form"):
        jacobian("f(w) = Aw", shapes={"A": ["d", "d"], "w": ["d"]}, confirmed=False)


def test_a_kronecker_form_with_another_value_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    build = derivation.kronecker_form
    monkeypatch.setattr(derivation, "kronecker_form", lambda *at: replace(build(*at), columns=neg(build(*at).columns)))
    with pytest.raises(DefectError, match="The Kronecker form does not have the value of the element form"):
        jacobian("f(W) = XW^T", shapes={"X": ["n", "d"], "W": ["k", "d"]}, confirmed=False)


def transposed(element: Any) -> Any:
    if len(element.shape) != 2:
        return element
    return product((1, 0), [(element, (0, 1))], dict(enumerate(element.shape)))


def test_the_work_knows_its_shape() -> None:
    work = calculus.differentiate(Meaning().of(line("Xw")), variable("w", ("d",)))
    assert isinstance(work, Differentiation) and work.shape == ("n", "d")
