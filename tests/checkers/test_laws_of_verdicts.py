"""Laws of verdicts, on random expressions: everything equals itself, however it is written, named and ordered; sides may change places."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from hwcheck.checkers.verdicts import Verdict
from hwcheck.checkers.verification import verify
from hwcheck.derivations import Style, read, write
from hwcheck.derivations.errors import HwcheckError
from hwcheck.derivations.forms import building as b
from hwcheck.derivations.notation.written import SCALAR, Written
from tests.derivations.trees import DOMAINS, SHAPES, trees

FEW = settings(max_examples=50, deadline=None, derandomize=True)
STYLES = (Style.LATEX, Style.UNICODE, Style.ASCII)
GIVEN = {name: [s for s in shape if s != 1] for name, shape in SHAPES.items()}
# Names that a person would take, none of them used by the trees.
RENAMED = {"a": "c", "w": "v", "j": "u", "z": "y", "W": "M", "X": "H", "A": "P", "B": "Q"}


def written(tree: Written, style: Style = Style.UNICODE) -> str:
    """The text of a tree, where it is read back (the reader and writer have laws of their own)."""
    text = write(tree, style)
    try:
        read(text, shapes=GIVEN)
    except HwcheckError:
        assume(False)
    return text


def judged(answer: str, expected: str, **more: Any) -> Verdict:
    note(f"{answer!r} for {expected!r}")
    start = time.process_time()
    verdict = verify(answer, expected=expected, **{"shapes": GIVEN, "domains": DOMAINS, **more})
    assert time.process_time() - start < 4
    return verdict


def rebuilt(tree: Written, change: Callable[[Written], Written]) -> Written:
    """A tree with every node changed, parts first."""
    return change(replace(tree, args=tuple(rebuilt(a, change) for a in tree.args)))


def is_right(answer: str, expected: str, **more: Any) -> bool:
    """Right, or undecided where numbers grow beyond any precision; never wrong."""
    verdict = judged(answer, expected, **more)
    assert verdict.verdict in ("right", "undecided"), verdict.message
    return verdict.verdict == "right"


# -- everything equals itself -------------------------------------------------------------------------------------------------


@FEW
@given(trees(depth=3))
def test_everything_equals_itself(tree: Written) -> None:
    text = written(tree)
    assert is_right(text, text)


@FEW
@given(trees(depth=3), st.sampled_from(STYLES), st.sampled_from(STYLES))
def test_spelling_does_not_matter(tree: Written, one: Style, other: Style) -> None:
    assert is_right(written(tree, one), written(tree, other))


def _turned(tree: Written) -> Written:
    """The commutative parts in the other order."""
    if tree.op in ("add", "hadamard") or (tree.op == "scale" and tree.args[0].shape == tree.args[1].shape == SCALAR):
        return replace(tree, args=tree.args[::-1])
    if tree.op == "sub":
        return Written("add", (b.neg(tree.args[1]), tree.args[0]), None, tree.shape)
    return tree


@FEW
@given(trees(depth=3))
def test_order_does_not_matter(tree: Written) -> None:
    assert is_right(written(rebuilt(tree, _turned)), written(tree))


@FEW
@given(trees(depth=3), st.sampled_from(["2({0})/2", "({0}) + ({0}) - ({0})", "-(-({0}))", "(({0})ᵀ)ᵀ", "({0}) + 0"]))
def test_harmless_changes_do_not_matter(tree: Written, change: str) -> None:
    assert is_right(change.format(written(tree)), written(tree))


@pytest.mark.parametrize("factor", ["2", "-1", "1.000000001", "(1 + 10^{-30})", "d", "1/d"])
@settings(max_examples=12, deadline=None, derandomize=True)
@given(tree=trees(shapes=(("d", 1), ("d", "d")), depth=2))
def test_a_multiple_is_another_value(factor: str, tree: Written) -> None:
    """Except of zero, which its zero shows."""
    text = written(tree)
    assume(judged(f"0 · ({text})", text).verdict == "wrong")
    assert judged(f"{factor} ({text})", text).verdict in ("wrong", "undecided")


# -- names -----------------------------------------------------------------------------------------------------------------


def _renamed(tree: Written) -> Written:
    return replace(tree, value=RENAMED[str(tree.value)]) if tree.op == "name" else tree


@FEW
@given(trees(depth=2), trees(depth=2), st.booleans())
def test_names_do_not_matter(tree: Written, other: Written, itself: bool) -> None:
    other = tree if itself else other
    shapes, domains = {RENAMED[n]: s for n, s in GIVEN.items()}, {"P": "spd"}
    before = judged(written(other), written(tree))
    one, two = (write(rebuilt(t, _renamed), Style.UNICODE) for t in (other, tree))
    try:
        after = judged(one, two, shapes=shapes, domains=domains)
    except HwcheckError:
        assume(False)
    assert after.verdict == before.verdict


# -- two sides ---------------------------------------------------------------------------------------------------------------


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Written, Written]:
    """Two trees of one shape, the second often a small change of the first."""
    one = draw(trees(depth=2))
    if draw(st.booleans()):
        return one, draw(trees(shapes=(one.shape,), depth=2))
    places = [n for n in one.walk() if n.op in ("name", "transpose", "add", "sub")]  # exponents of matrices are whole
    assume(places)
    place = draw(st.sampled_from(places))

    def changed(n: Written) -> Written:
        if n is not place and n != place:
            return n
        if n.op in ("add", "sub"):
            return replace(n, op="sub" if n.op == "add" else "add")
        return Written("scale", (b.num(draw(st.sampled_from((2, -1)))), n), None, n.shape)

    return one, rebuilt(one, changed)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(pairs())
def test_two_sides_may_change_places(pair: tuple[Written, Written]) -> None:
    """Where both are defined everywhere, as all of these are."""
    one, other = map(written, pair)
    there, back = judged(one, other), judged(other, one)
    assert there.verdict == back.verdict, (there.message, back.message)
    if there.verdict == "right":
        assert there.evidence is not None and back.evidence is not None and there.evidence.kind == back.evidence.kind


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pairs(), st.integers(0, 10**6))
def test_verdicts_do_not_depend_on_the_points(pair: tuple[Written, Written], seed: int) -> None:
    one, other = map(written, pair)
    assert judged(one, other, seed=seed).verdict == judged(one, other, seed=seed + 1).verdict


@settings(max_examples=40, deadline=None, derandomize=True)
@given(pairs())
def test_every_verdict_is_whole(pair: tuple[Written, Written]) -> None:
    """What is right has evidence; what is wrong has a diagnosis, a place and a sentence; each says what was read."""
    answer, expected = map(written, pair)
    verdict = judged(answer, expected)
    assert verdict.read_as and verdict.message.endswith((".", "?"))
    assert (verdict.diagnosis is not None) == (verdict.verdict == "wrong")
    assert (verdict.evidence is not None) == (verdict.verdict in ("right", "wrong"))
    if verdict.evidence is not None and verdict.evidence.witness is not None:
        assert verdict.evidence.witness.yours != verdict.evidence.witness.expected


@settings(max_examples=30, deadline=None, derandomize=True)
@given(pairs())
def test_judging_twice_gives_the_same(pair: tuple[Written, Written]) -> None:
    one, other = map(written, pair)
    assert judged(one, other).to_dict() == judged(one, other).to_dict()
