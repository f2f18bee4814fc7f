"""The rules of differentiation, judged by central differences and by the derivative that is held in SymPy."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import facts
import judges
import numpy as np
import pytest
import sympy_held
import trees
from facts import Fact
from hypothesis import given, settings

from hwcheck.derivations import read
from hwcheck.derivations.calculus.calculus import Rule, Term, derivative, differentiate, rules
from hwcheck.derivations.elements import evaluation
from hwcheck.derivations.elements.elements import Element, entrywise, is_zero, mapped, node, power, product, total, variable, zero
from hwcheck.derivations.elements.evaluation import FORMS, Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import UnsupportedError

w, x = variable("w", ("d",)), variable("x", ("d",))
X, A = variable("X", ("n", "d")), variable("A", ("d", "d"))


def element(text: str) -> Element:
    return Meaning().of(read(text, shapes={n: s for n, s in facts.SHAPES.items() if n != "T"}).body)


def value(e: Element, values: judges.Values) -> judges.Array:
    """The element at a point; a result that does not depend on anything has the shape of its sizes."""
    return np.asarray(Evaluator(values, judges.SIZES)(e))


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_the_derivative_is_the_one_that_sympy_finds(fact: Fact) -> None:
    function = Meaning().of(read(fact.text, shapes=fact.shapes).body)
    by = variable(fact.names[0], tuple(fact.shapes[fact.names[0]]))
    inner = function.args[0] if function.kind == "merge" else function
    try:
        expression, free = sympy_held.derivative(inner, by, fact.order)
    except sympy_held.UnheldError as refused:
        assert str(refused) in UNHELD
        return
    derived = inner
    for _ in range(fact.order):
        derived = derivative(differentiate(derived, by))
    values = fact.values()
    assert judges.same(value(derived, values), sympy_held.Value(values, judges.SIZES)(expression, free))


UNHELD = {"join", "merge", "expm"}  # kinds that have no SymPy expression there


@settings(max_examples=60)
@given(trees.functions())
def test_the_derivative_is_that_of_central_differences(case: tuple[trees.Written, str]) -> None:
    tree, name = case
    function, values = Meaning().of(tree), trees.point(5)

    def along(v: judges.Array) -> judges.Array:
        return trees.value(function, values | {name: v})

    got = trees.value(derivative(differentiate(function, trees.element(name))), values)
    assert judges.same(got, judges.central_differences(along, values[name]), judges.CENTRAL_TOLERANCE)


@settings(max_examples=40)
@given(trees.functions(depth=2))
def test_the_derivative_is_the_one_held_in_sympy(case: tuple[trees.Written, str]) -> None:
    tree, name = case
    function, values, by = Meaning().of(tree), trees.point(6), trees.element(name)
    got = trees.value(derivative(differentiate(function, by)), values)
    assert judges.same(got, sympy_held.Value(values, trees.SIZES)(*sympy_held.derivative(function, by)))


@settings(max_examples=40)
@given(trees.functions(shapes=(trees.SCALAR,), depth=2))
def test_second_derivatives_are_symmetric(case: tuple[trees.Written, str]) -> None:
    tree, name = case
    by, values = trees.element(name), trees.point(7)
    second = derivative(differentiate(derivative(differentiate(Meaning().of(tree), by)), by))
    array, half = trees.value(second, values), len(by.shape)
    assert judges.same(array, array.transpose((*range(half, 2 * half), *range(half))))


@settings(max_examples=40)
@given(trees.functions(depth=2))
def test_every_stage_has_the_value_of_the_last(case: tuple[trees.Written, str]) -> None:
    """What is still to be differentiated stands for a tensor of its own, computed by central differences."""
    tree, name = case
    values = trees.point(8)
    work = differentiate(Meaning().of(tree), trees.element(name))
    want = trees.value(derivative(work), values)

    def finished(term: Term) -> Element:
        if term.pending is None:
            return work.element(term)
        inner, labels = term.pending
        partial = variable(f"∂{len(values)}", inner.shape + work.variable.shape)
        values[partial.value] = judges.central_differences(
            lambda v: trees.value(inner, values | {name: v}), values[name])
        return work.element(Term(term.coefficient, (*term.factors, (partial, (*labels, *work.by))), term.deltas))

    for stage in work.stages:
        line = total([finished(t) for t in stage.terms], work.shape)
        assert judges.same(trees.value(line, values), want, judges.CENTRAL_TOLERANCE)


# One row a rule: what it says at the first step.
STEPS: tuple[tuple[str, str, str, str], ...] = (
    ("c", "w", "constant", "it does not depend on the variable"),
    ("w", "w", "variable", "an entry of w by an entry of w: 1 where the indices agree, else 0"),
    ("t", "t", "variable", "∂t/∂t = 1"),
    ("Xw + v", "w", "sum", "a sum is differentiated term by term"),
    ("Xw", "w", "sum", "a sum is differentiated term by term"),
    ("c w", "w", "constant factor", ""),
    ("w w^T", "w", "product rule", "(uv)′ = u′v + u v′"),
    ("w/(w^T w)", "w", "quotient rule", "(u/v)′ = (u′v − u v′)/v²"),
    ("w^3", "w", "power rule", "(xᵏ)′ = k xᵏ⁻¹"),
    ("(Aw)^3", "w", "chain rule", "(uᵏ)′ = k uᵏ⁻¹ u′"),
    ("exp(w)", "w", "chain rule", "f(u)′ = f′(u) u′, entry by entry"),
    ("vec(W)", "W", "linearity", "putting entries in another order changes nothing else"),
    ("concatenate([w, Aw])", "w", "linearity", "every block is differentiated on its own"),
    ("[t; t^2]", "t", "linearity", "every entry is differentiated on its own"),
    ("A^{-1}", "A", "inverse", "∂A⁻¹ = −A⁻¹ ∂A A⁻¹, from A⁻¹A = I"),
    ("det(A)", "A", "determinant", "∂ det A = det A · tr(A⁻¹ ∂A) (Jacobi), A invertible"),
    ("logdet(A)", "A", "log-determinant", "∂ log|det A| = tr(A⁻¹ ∂A), A invertible"),
    ("softmax(z)", "z", "softmax", "∂σ_i/∂z_k = σ_i (δ_ik − σ_k), by the quotient rule"),
    ("log_softmax(z)", "z", "log-softmax", "log σ_i = z_i − log Σ e^{z_k}, so ∂ log σ_i/∂z_k = δ_ik − σ_k"),
    ("logsumexp(z)", "z", "log-sum-exp", "∂ log Σ e^{z_j} / ∂z_k = e^{z_k} / Σ e^{z_j} = softmax(z)_k"),
    ("max(w)", "w", "maximum", "only the entry that is chosen counts; at a tie the first one is taken"),
    ("prod(w)", "w", "product over entries", "∂Π w_j/∂w_k = Π w_j / w_k, where no entry is 0"),
    ("expm(cA)", "c", "matrix exponential", "∂e^{cA} = ∂(cA) e^{cA}, since A commutes with e^{cA}"),
)


@pytest.mark.parametrize(("text", "name", "rule", "why"), STEPS, ids=[f"{row[2]}: {row[0]}" for row in STEPS])
def test_a_firing_is_recorded_with_its_reason(text: str, name: str, rule: str, why: str) -> None:
    work = differentiate(element(text), variable(name, tuple(facts.SHAPES[name])))
    (fired, *others) = work.stages[1].rules
    assert not others and fired.name == rule
    assert why in fired.why


@pytest.mark.parametrize("text", ["expm(A)", "tr(expm(A) B)", "expm(A) w", "diagonal(expm(A))", "tr(diag(w) expm(A))"])
def test_a_derivative_without_closed_form_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedError, match=r"The derivative of e\^M by M is .*, which has no closed form"):
        differentiate(element(text), A)


def test_nothing_is_left_to_differentiate_at_the_end() -> None:
    work = differentiate(element("softmax(W tanh(Aw + x))"), w)
    assert [any(t.pending for t in s.terms) for s in work.stages[-2:]] == [True, False]
    assert work.stages[0].terms == (Term(Fraction(1), (), (), (work.function, work.out)),)
    assert all(isinstance(r, Rule) and r.name and r.why for s in work.stages[1:] for r in s.rules)


def test_what_does_not_depend_on_the_variable_has_the_zero_of_the_right_shape() -> None:
    work = differentiate(element("Xw"), variable("Y", ("n", "k")))
    assert derivative(work) is zero(("n", "n", "k")) and work.stages[-1].terms == ()


UNKNOWN: tuple[tuple[str, Callable[[Element], Element]], ...] = (
    ("a kind", lambda e: node("mystery", (e,), None, e.shape)),
    ("a function of a whole tensor", lambda e: node("form", (e,), "mystery", e.shape)),
    ("under a sum", lambda e: total([e, node("mystery", (e,), None, e.shape)], e.shape)),
    ("in a product", lambda e: entrywise([e, node("mystery", (e,), None, e.shape)])),
    ("in a function", lambda e: mapped("exp", [node("mystery", (e,), None, e.shape)])),
)


@pytest.mark.parametrize("wrapped", [row[1] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_an_unknown_node_is_an_error_and_never_zero(wrapped: Callable[[Element], Element]) -> None:
    with pytest.raises(UnsupportedError, match=r"There is no derivative rule for mystery\."):
        differentiate(wrapped(w), w)


def test_an_unknown_node_without_the_variable_is_a_constant() -> None:
    work = differentiate(entrywise([w, node("mystery", (x,), None, x.shape)]), w)
    assert not is_zero(derivative(work))


def test_every_use_of_a_product_gets_indices_of_its_own() -> None:
    """(w'w)³ by w: the inner index of one factor must not be caught by that of another."""
    inner = product((), [(w, ("i",)), (w, ("i",))], {"i": "d"})
    cubed = product((), [(inner, ())] * 3, {}, flat=True)
    values = judges.arrays({"w": ["d"]})
    v = values["w"]
    assert judges.same(value(derivative(differentiate(cubed, w)), values), 6 * (v @ v) ** 2 * v)
    assert judges.same(value(derivative(differentiate(power(inner, 3), w)), values), 6 * (v @ v) ** 2 * v)


def test_the_rows_of_the_table_are_complete() -> None:
    """Every kind and form has a rule, or a reason why none is asked for it."""
    constants = {"number", "constant", "size", "zero", "unit", "shift", "lower"}  # no variable occurs in them
    kinds = {"variable", "product", "sum", "power", "map", "merge", "stack", "join"}
    assert set(rules()) == kinds | set(FORMS)
    assert kinds | constants | {"form"} == set(evaluation.RULES)
