"""Elements: small frozen nodes that are one object when they are equal, and never rearrange on their own."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction

import pytest
import trees
from hypothesis import given

from hwcheck.derivations.elements import elements
from hwcheck.derivations.elements.elements import (
    ONE,
    Contraction,
    Element,
    broadcast,
    entrywise,
    identity,
    inverse,
    is_zero,
    mapped,
    merge,
    node,
    number,
    plus,
    power,
    product,
    scaled,
    size,
    total,
    variable,
    zero,
)
from hwcheck.derivations.elements.meaning import Meaning

X, W, w, v, a = (variable(n, s) for n, s in (("X", ("n", "d")), ("W", ("k", "d")), ("w", ("d",)), ("v", ("d",)), ("a", ())))
A = variable("A", ("d", "d"))
ND = {"i": "n", "j": "d", "q": "d"}
Xw = product(("i",), [(X, ("i", "j")), (w, ("j",))], ND)

# Two ways to say the same are one object.
SAME: tuple[tuple[str, Element, Element], ...] = (
    ("equal variables", variable("w", ("d",)), w),
    ("a product with other labels", product(("r",), [(X, ("r", "s")), (w, ("s",))], {"r": "n", "s": "d"}), Xw),
    ("δ under a sum", product(("i", "q"), [(X, ("i", "j"))], ND, 1, [("j", "q")]), X),
    ("a factor alone", product(("i", "j"), [(X, ("i", "j"))], ND), X),
    ("1 · w", scaled(1, w), w),
    ("−(−w)", scaled(-1, scaled(-1, w)), w),
    ("−(w + v) term by term", scaled(-1, total([w, v], w.shape)), total([scaled(-1, w), scaled(-1, v)], w.shape)),
    ("a transpose twice", product(("j", "i"), [(product(("j", "i"), [(X, ("i", "j"))], ND), ("i", "j"))],
                                  {"i": "d", "j": "n"}), X),
    ("numbers multiply", product((), [(number(2), ()), (number(Fraction(3, 2)), ())], {}), number(3)),
    ("numbers add", total([number(2), number(-2)], ()), number(0)),
    ("nothing to add", total([], ("n",)), zero(("n",))),
    ("one term", total([w], w.shape), w),
    ("a zero among terms", total([w, zero(w.shape)], w.shape), w),
    ("sums in sums", total([w, total([v, w], w.shape)], w.shape), total([w, v, w], w.shape)),
    ("0 · X", product(("i", "j"), [(X, ("i", "j"))], ND, 0), zero(X.shape)),
    ("X · 0", product(("i",), [(X, ("i", "j")), (zero(("d",)), ("j",))], ND), zero(("n",))),
    ("w¹", power(w, 1), w),
    ("w⁰", power(w, 0), broadcast(ONE, w.shape)),
    ("2³", power(number(2), 3), number(8)),
    ("(a²)³", power(power(a, 2), 3), power(a, 6)),
    ("(√a)²", power(power(a, Fraction(1, 2)), 2), a),
    ("an inverse twice", inverse(inverse(A)), A),
    ("the size of an axis of 3", size(3), number(3)),
    ("a sum over an index that nothing has", product((), [(a, ())], {"j": "d"}, 1, [("j", "j")]), entrywise([a, size("d")])),
    ("a number on its own shape", broadcast(w, w.shape), w),
    ("1 + w", plus([ONE, w]), total([broadcast(ONE, w.shape), w], w.shape)),
    ("the zero of no axes", zero(()), number(0)),
    ("a merge of zero", merge(zero(("n", "d")), [[1, 0]]), zero(("d*n",))),
    ("tr I", product((), [(identity("d"), ("i", "i"))], {"i": "d"}), size("d")),
)  # fmt: skip

# What must not be one: these differ as tensors, or were written differently on purpose.
DIFFERENT: tuple[tuple[str, Element, Element], ...] = (
    ("X and its transpose", product(("j", "i"), [(X, ("i", "j"))], ND), X),
    ("a square matrix and its transpose", product(("j", "i"), [(A, ("i", "j"))], {"i": "d", "j": "d"}), A),
    ("a name with another shape", variable("w", ("n",)), w),
    ("w + v and v + w", total([w, v], w.shape), total([v, w], w.shape)),
    ("w − w and 0", total([w, scaled(-1, w)], w.shape), zero(w.shape)),
    ("√(a²) and a", power(power(a, 2), Fraction(1, 2)), a),
    ("w ⊙ w and w²", entrywise([w, w]), power(w, 2)),
    ("A² and A^{∘2}", product(("i", "k"), [(A, ("i", "j")), (A, ("j", "k"))], dict.fromkeys("ijk", "d")), power(A, 2)),
    ("the identity and ones", identity("d"), broadcast(ONE, ("d", "d"))),
    ("a column of one entry and a number", variable("a", (1,)), a),
    ("zeros of two shapes", zero(("n",)), zero(("d",))),
)


@pytest.mark.parametrize(("left", "right"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_equal_structures_are_one_object(left: Element, right: Element) -> None:
    assert left is right


@pytest.mark.parametrize(("left", "right"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT])
def test_nothing_is_rearranged(left: Element, right: Element) -> None:
    assert left is not right and left.digest != right.digest


def test_indices_are_numbered_as_they_occur() -> None:
    outer = product(("q", "i"), [(X, ("i", "j")), (W, ("k", "j")), (w, ("q",))], {"i": "n", "j": "d", "k": "k", "q": "d"}, 2)
    assert outer.value == Contraction(Fraction(2), (0, 1), ((1, 2), (3, 2), (0,)), ("d", "n", "d", "k"))
    assert outer.shape == ("d", "n")


def test_a_delta_is_an_index_that_stands_twice() -> None:
    assert identity("d").value == Contraction(Fraction(1), (0, 0), (), ("d",))


def test_a_sum_inside_a_product_keeps_its_own_indices() -> None:
    squared = product((), [(Xw, ("i",)), (Xw, ("i",))], {"i": "n"})
    assert squared.args == (Xw, Xw) and squared.value.places == ((0,), (0,))
    flat = product((), [(Xw, ("i",)), (Xw, ("i",))], {"i": "n"}, flat=True)
    assert flat.args == (X, w, X, w) and flat.value.places == ((0, 1), (1,), (0, 2), (2,))


@pytest.mark.parametrize(
    ("element", "zero_or_not"),
    [(number(0), True), (zero(("n", "d")), True), (number(1), False), (w, False), (total([w, scaled(-1, w)], w.shape), False)],
)
def test_what_is_written_as_zero(element: Element, zero_or_not: bool) -> None:
    assert is_zero(element) is zero_or_not


def test_names_are_known_without_a_walk() -> None:
    inner = total([Xw, variable("y", ("n",))], ("n",))
    assert inner.names == {"X", "w", "y"} and inner.depends_on("y") and not inner.depends_on("z")


def test_parents_come_before_their_parts_and_each_once() -> None:
    shared = mapped("exp", [w])
    whole = total([shared, entrywise([shared, w])], w.shape)
    order = list(whole.walk())
    assert len(order) == len(set(order)) == 4
    assert all(order.index(n) < order.index(part) for n in order for part in n.args)


def test_depth_is_no_danger() -> None:
    deep = w
    for _ in range(20_000):
        deep = mapped("tanh", [deep])
    assert sum(1 for _ in deep.walk()) == 20_001 and len(deep.digest) == 12


def test_what_nobody_holds_is_forgotten() -> None:
    before = len(elements._nodes)
    made: Element | None = mapped("exp", [mapped("sin", [variable("forgotten", ("n",))])])
    assert len(elements._nodes) == before + 3 and made is not None
    made = None
    assert len(elements._nodes) == before


@given(trees.trees())
def test_digests_and_objects_say_the_same(tree: trees.Written) -> None:
    first, again = Meaning().of(tree), Meaning().of(tree)
    assert first is again
    parts = list(first.walk())
    assert len({p.digest for p in parts}) == len(parts)


def test_digests_are_the_same_in_every_process() -> None:
    program = ("from hwcheck.derivations import read; from hwcheck.derivations.elements.meaning import Meaning;"
               "print(Meaning().of(read('softmax(Xw + y)^T (y + v)').body).digest.hex())")
    seen = {subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                           capture_output=True, text=True).stdout for seed in ("1", "2")}
    assert len(seen) == 1 and len(seen.pop().strip()) == 24


def test_a_node_shows_what_it_is() -> None:
    assert repr(scaled(2, a)) == f"<product {scaled(2, a).value!r} (<variable 'a' ()>,)>"
    assert node("constant", (), "pi") is node("constant", (), "pi")
