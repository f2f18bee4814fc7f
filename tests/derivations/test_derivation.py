"""Whole derivations: results as they are printed, judged by JAX on a plain function; steps, layouts, source."""

from __future__ import annotations

import json
from dataclasses import replace

import facts
import judges
import pytest
import trees
from facts import Fact
from hypothesis import given, settings

from hwcheck.derivations import Style, jacobian, write
from hwcheck.derivations.errors import InputError, LimitError, NameUnknownError, UnsupportedError
from hwcheck.derivations.sizes import value_of


@pytest.fixture(scope="module")
def judged() -> dict[Fact, judges.Array]:
    """What JAX says about every fact, compiled in one go."""
    result = {}
    for order in (1, 2):
        rows = [f for f in facts.ALL if f.order == order]
        points = [list(f.values().values()) for f in rows]
        result |= dict(zip(rows, judges.jax_derivatives([f.judge for f in rows], points, order), strict=True))
    return result


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_the_answer_as_it_is_printed(fact: Fact) -> None:
    assert fact.answer() == fact.expected


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_the_source_gives_what_jax_gives(fact: Fact, judged: dict[Fact, judges.Array]) -> None:
    got, want = judges.executed(fact.derived().python, fact.values()), judged[fact]
    assert judges.same(got, want), (judges.difference(got, want), fact.derived().python)


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_the_shape_lists_outputs_then_inputs(fact: Fact, judged: dict[Fact, judges.Array]) -> None:
    derivation = fact.derived()
    assert tuple(value_of(s, judges.SIZES) for s in derivation.shape) == judged[fact].shape
    assert derivation.shape[derivation.outputs :] == tuple(fact.shapes[fact.names[0]])


# Steps


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_steps_lead_from_the_function_to_the_result(fact: Fact) -> None:
    """Every line starts where the last one ended (or is about one part of it), and the last one is the result."""
    derivation = fact.derived()
    first, *rest = [s for s in derivation.steps if not s.folded]
    assert first.rule == "one entry" and all(s.rule and s.before and s.after for s in derivation.steps)
    last = rest[-1] if rest else first
    assert last.unicode_after == (write(derivation.matrix_tree or derivation.element_tree, Style.UNICODE))
    starts = {s.unicode_before for s in rest if s.rule == "one entry"} | {rest[0].unicode_before if rest else ""}
    seen = {first.unicode_after}
    for step in rest:
        head = step.unicode_before in starts or step.unicode_before.startswith(("∂", "J", "H"))
        assert head or step.unicode_before in seen, step
        seen.add(step.unicode_after)


@pytest.mark.parametrize("fact", facts.ALL, ids=str)
def test_no_line_says_nothing(fact: Fact) -> None:
    assert all(s.unicode_before != s.unicode_after for s in fact.derived().steps)


def test_the_steps_of_a_person() -> None:
    steps = jacobian("f(w) = Xw", confirmed=False).steps
    assert [(s.rule, s.unicode_before, s.unicode_after, s.why) for s in steps] == [
        ("one entry", "f_i", "Σ_j X_ij w_j", ""),
        ("sum", "∂f_i/∂w_q", "Σ_j X_ij ∂w_j/∂w_q", "a sum is differentiated term by term; X does not depend on w"),
        ("variable", "Σ_j X_ij ∂w_j/∂w_q", "Σ_j X_ij δ_jq", "an entry of w by an entry of w: 1 where the indices agree, else 0"),
        ("collapse δ", "Σ_j X_ij δ_jq", "X_iq", "a δ under a sum keeps the one term where its indices agree"),
        ("matrix form", "J", "X", ""),
    ]


def test_a_second_derivative_goes_on_from_the_first() -> None:
    steps = jacobian("f(w) = w^T A w", shapes={"w": ["d"], "A": ["d", "d"]}, order=2, confirmed=False).steps
    heads = [s.unicode_before for s in steps if s.rule == "one entry" or s.unicode_before.startswith("∂")]
    assert heads == ["f", "∂f/∂w_q", "∂f/∂w_p", "∂(∂f/∂w_p)/∂w_q"]
    assert steps[-1].unicode_before == "H" and steps[-1].unicode_after == "A + Aᵀ"


def test_folded_lines_are_those_a_person_would_skip() -> None:
    steps = jacobian("f(w) = ||Xw - y||^2", shapes={"w": ["d"], "X": ["n", "d"], "y": ["n"]}, confirmed=False).steps
    assert [(s.rule, s.unicode_after) for s in steps if s.folded] == [("sum", "2Σ_j (Xw − y)_j ∂(Xw)_j/∂w_q")]
    assert all(set(s.to_dict()) == {"rule", "before", "after", "why"} for s in steps)


# Layouts

LAYOUTS: tuple[tuple[str, dict[str, list[str]], tuple[str, ...], str | None, tuple[str, ...], str | None], ...] = (
    ("f(w) = ||w||^2", {"w": ["d"]}, ("d",), "2wᵀ", ("d",), "2w"),
    ("f(w) = w^T x", {"w": ["d"], "x": ["d"]}, ("d",), "xᵀ", ("d",), "x"),
    ("f(w) = Xw", {"w": ["d"], "X": ["n", "d"]}, ("n", "d"), "X", ("d", "n"), "Xᵀ"),
    ("f(c) = cw", {"w": ["d"], "c": []}, ("d",), "w", ("d",), "wᵀ"),
    ("f(z) = softmax(z)", {"z": ["k"]}, ("k", "k"), "diag(softmax(z)) − softmax(z) softmax(z)ᵀ", ("k", "k"),
     "diag(softmax(z)) − softmax(z) softmax(z)ᵀ"),
    ("f(A) = tr(AB)", {"A": ["d", "d"], "B": ["d", "d"]}, ("d", "d"), "Bᵀ", ("d", "d"), "Bᵀ"),
    ("f(W) = XW^T", {"W": ["k", "d"], "X": ["n", "d"]}, ("n", "k", "k", "d"), None, ("k", "d", "n", "k"), None),
    ("f(t) = t^2", {"t": []}, (), "2t", (), "2t"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "numerator", "matrix", "denominator", "turned"), LAYOUTS, ids=[row[0] for row in LAYOUTS])
def test_both_layouts(text: str, shapes: dict[str, list[str]], numerator: tuple[str, ...], matrix: str | None,
                      denominator: tuple[str, ...], turned: str | None) -> None:
    one, other = (jacobian(text, shapes=shapes, layout=layout, confirmed=False) for layout in ("numerator", "denominator"))
    assert (one.shape, one.matrix) == (numerator, matrix)
    assert (other.shape, other.matrix) == (denominator, turned)
    assert one.python == other.python and one.element == other.element  # numbers are in numerator layout always


# What is told with a result


def test_the_json_has_the_fields_of_the_contract() -> None:
    found = jacobian("f(w) = Xw").to_dict()
    assert list(found)[:12] == ["function", "wrt", "layout", "order", "vars", "shape", "element", "matrix", "matrix_latex",
                                "python", "steps", "confirmation"]
    assert found["vars"] == {"X": ["n", "d"], "w": ["d"]} and found["shape"] == ["n", "d"]
    assert (found["element"], found["matrix"], found["matrix_latex"]) == ("X_{iq}", "X", "X")
    confirmation = found["confirmation"]
    assert isinstance(confirmation, dict) and set(confirmation) == {"jacfwd", "jacrev", "points", "sizes", "seed"}
    assert json.loads(json.dumps(found)) == json.loads(json.dumps(jacobian("f(w) = Xw").to_dict()))


def test_no_matrix_notation_is_null_and_the_blocks_are_said() -> None:
    d = jacobian("f(W) = XW^T", shapes={"W": ["k", "d"], "X": ["n", "d"]}, confirmed=False)
    assert d.to_dict()["matrix"] is None and d.to_dict()["matrix_latex"] is None
    assert d.element == r"\delta_{jp}X_{iq}" and d.letters == ("i", "j", "p", "q")
    assert d.blocks == "Nonzero only where p = j, and there it is X_iq: every j of the output has a block of its own."


def test_common_parts_are_named_once() -> None:
    d = jacobian("f(x) = softmax(W tanh(Vx))", shapes={"x": ["d"], "W": ["k", "m"], "V": ["m", "d"]}, confirmed=False)
    names = [name for name, _ in d.where]
    assert d.matrix == "(diag(p) − ppᵀ)W diag(1 − tanh(z)²)V  where z = Vx, p = softmax(W tanh(z))" and names == ["z", "p"]
    assert d.matrix_latex is not None and d.matrix_latex.count(r"\text{ where }") == 1


def test_it_shows_itself_in_a_notebook() -> None:
    d = jacobian("f(w) = ||w||^2", confirmed=False)
    assert d._repr_latex_() == r"$\displaystyle J = 2w^{\top}$"
    assert d._repr_html_().startswith("<p>") and d.read_as(Style.UNICODE) == "f(w) = ‖w‖²"


# Laws


@settings(max_examples=50)
@given(trees.functions(depth=2))
def test_the_source_has_the_value_of_the_derivative(case: tuple[trees.Written, str]) -> None:
    tree, name = case
    text = write(tree, Style.UNICODE)
    shapes = {n: [s for s in shape if s != 1] for n, shape in trees.SHAPES.items()
              if any(t.value == n and t.op == "name" for t in tree.walk())}
    try:
        d = jacobian(text, name, shapes=shapes, domains={k: v for k, v in trees.DOMAINS.items() if k in shapes}, confirmed=False)
    except UnsupportedError:
        return
    values = trees.point(13)
    want = trees.value(d.derived, values)
    got = judges.executed(d.python, {n: values[n] for n in shapes}) if d.function.kind != "merge" else want
    assert judges.same(got, want), text


@settings(max_examples=30)
@given(trees.functions(depth=2))
def test_names_do_not_matter(case: tuple[trees.Written, str]) -> None:
    """Variables and sizes under other names: the same result, renamed."""
    tree, name = case
    other = {"a": "b", "w": "u", "j": "v", "z": "y", "W": "P", "X": "Q", "A": "M", "B": "N"}
    sizes = {"d": "n", "k": "m"}

    def renamed(t: trees.Written) -> trees.Written:
        shape = tuple(sizes.get(str(s), s) for s in t.shape)
        value = other[str(t.value)] if t.op == "name" else (t.value[0], sizes[t.value[1]]) if t.op == "sum" else t.value
        return replace(t, args=tuple(map(renamed, t.args)), value=value, shape=shape)

    def result(t: trees.Written, by: str, names: dict[str, str], extents: dict[str, str]) -> tuple[str | None, judges.Array]:
        shapes = {names[n]: [extents[str(s)] for s in shape if s != 1] for n, shape in trees.SHAPES.items()
                  if any(x.value == names[n] and x.op == "name" for x in t.walk())}
        d = jacobian(write(t, Style.UNICODE), by, shapes=shapes, confirmed=False)
        values = {names[n]: v for n, v in trees.point(14).items()}
        return d.matrix, trees.value(d.derived, values, {extents[s]: n for s, n in trees.SIZES.items()})

    try:
        same = {n: n for n in other}
        (text, array), (text_again, again) = (
            result(tree, name, same, {"d": "d", "k": "k"}), result(renamed(tree), other[name], other, sizes))
    except UnsupportedError:
        return
    assert judges.same(array, again) and (text is None) == (text_again is None)


# Errors


ERRORS: tuple[tuple[str, dict[str, object], type[Exception], str], ...] = (
    ("f(w) = Xw", {"layout": "sideways"}, InputError, "The layout is numerator or denominator, not “sideways”."),
    ("f(w) = Xw", {"order": 3}, InputError, "The order is 1 (Jacobian) or 2 (Hessian), not 3."),
    ("f(w) = Xw", {"order": 2}, UnsupportedError, "A Hessian is derived of a number; this function has entries."),
    ("f(w) = Xw", {"wrt": "z"}, NameUnknownError, "“z” does not occur here. The names are: X, w."),
    ("Xw", {}, NameUnknownError, "By which variable? The function has X, w; say it with --wrt."),
    ("f(w, x) = w^T x", {}, NameUnknownError, "By which variable? The function has w, x; say it with --wrt."),
    ("f(w) = Xw", {"shapes": {"X": [100_000, 3], "w": [3]}}, LimitError,
     "The size 100000 of X is not between 1 and 512; a name such as n stands for any size."),
    ("f(w) = Xw", {"domains": {"w": "nowhere"}}, InputError, None),
)  # fmt: skip


@pytest.mark.parametrize(("text", "settings_", "kind", "message"), ERRORS, ids=[f"{row[0]} {row[1]}" for row in ERRORS])
def test_what_cannot_be_derived_is_said(text: str, settings_: dict[str, object], kind: type[Exception], message: str | None) -> None:
    with pytest.raises(kind) as refused:
        jacobian(text, confirmed=False, **settings_)  # type: ignore[arg-type]
    assert message is None or str(refused.value) == message
