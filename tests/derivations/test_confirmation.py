"""JAX confirms, and nothing passes by accident: not a wrong formula, not a missing point, not a value that is none."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hwcheck.derivations import jacobian, read
from hwcheck.derivations.elements import confirmation
from hwcheck.derivations.elements.confirmation import ASSIGNMENTS, POINTS, TOLERANCE, Confirmation, confirm, confirm_gradient, seed_of
from hwcheck.derivations.elements.elements import Element, mapped, node, number, product, scaled, total, variable, zero
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.errors import DefectError, HwcheckError

SHAPES = {"X": ["n", "d"], "w": ["d"], "x": ["d"], "A": ["d", "d"], "t": [], "z": ["k"]}


def element(text: str) -> Element:
    return Meaning().of(read(text, shapes=SHAPES).body)


# Functions with what JAX must find: both modes, eight points, two assignments of sizes.
RIGHT: tuple[tuple[str, str, dict[str, str], int], ...] = (
    ("f(w) = Xw", "w", {}, 1),
    ("f(A) = A^{-1} w", "A", {}, 1),
    ("f(w) = w^T A w", "w", {"A": "symmetric"}, 2),
    ("f(z) = softmax(z)", "z", {}, 1),
)


@pytest.mark.parametrize(("text", "name", "domains", "order"), RIGHT, ids=[row[0] for row in RIGHT])
def test_both_modes_confirm_at_distinct_sizes(text: str, name: str, domains: dict[str, str], order: int) -> None:
    shapes = {n: s for n, s in SHAPES.items() if n in text.partition("=")[2]}
    found = jacobian(text, name, shapes=shapes, domains=domains, order=order).confirmation
    assert found is not None and found.points >= POINTS == 8 and len(found.sizes) == ASSIGNMENTS == 2
    assert max(found.jacfwd, found.jacrev) < TOLERANCE == 1e-8
    assert all(len(set(s.values())) == len(s) and 1 not in s.values() for s in found.sizes)
    assert found.sizes[0] != found.sizes[1] and found.seed == seed_of(text)
    assert found.to_dict() == {"jacfwd": found.jacfwd, "jacrev": found.jacrev, "points": found.points,
                               "sizes": list(found.sizes), "seed": found.seed}


w, X = variable("w", ("d",)), variable("X", ("n", "d"))
A = variable("A", ("d", "d"))
turned = product(("j", "i"), [(A, ("i", "j"))], {"i": "d", "j": "d"})
Aw = product(("i",), [(A, ("i", "j")), (w, ("j",))], {"i": "d", "j": "d"})
# Formulas that are wrong in one thing each.
WRONG: tuple[tuple[str, Element, Element], ...] = (
    ("the sign", Aw, scaled(-1, A)),
    ("a factor", Aw, scaled(2, A)),
    ("transposed", Aw, turned),
    ("zero", Aw, zero(("d", "d"))),
    ("one part in a million", Aw, total([A, scaled(1, product(("i", "i"), [(number(1), ())], {"i": "d"}, "1/1000000"))], A.shape)),
    ("an axis is missing", Aw, product(("i",), [(A, ("i", "i"))], {"i": "d"})),
)


@pytest.mark.parametrize(("function", "derived"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_formula_is_a_defect_of_ours(function: Element, derived: Element) -> None:
    with pytest.raises(DefectError) as found:
        confirm(function, derived, w, {}, 3)
    assert found.value.exit_code == 4
    assert found.value.message.startswith("Our formula and JAX's jacfwd differ")
    assert found.value.message.endswith("This is a defect of hwcheck, not of your input: please report it with the command you ran.")


def test_a_report_has_everything_to_repeat_it() -> None:
    with pytest.raises(DefectError) as found:
        confirm(Aw, scaled(2, A), w, {}, 3)
    assert "at sizes {'d': 3}, seed 3, first point A = [[" in found.value.message and "; w = [" in found.value.message


# Functions without a point at which all is finite: an error, never a pass.
NOWHERE = ("f(w) = log(-w^T w - 1)", "f(t) = sqrt(-1 - t^2)", "f(w) = 1/(w^T w - w^T w)", "f(t) = log(t - t)")


@pytest.mark.parametrize("text", NOWHERE)
def test_without_a_point_there_is_no_confirmation(text: str) -> None:
    with pytest.raises(HwcheckError) as refused:
        jacobian(text, shapes={n: s for n, s in SHAPES.items() if n in text.partition("=")[2]})
    assert refused.value.exit_code == 2 and not isinstance(refused.value, DefectError)
    assert refused.value.message.endswith("with --domain, for example --domain x=positive.")


def test_a_value_that_is_no_number_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    """JAX answering NaN everywhere: the points do not count, and too few points are an error."""
    both = confirmation._both_modes
    monkeypatch.setattr(confirmation, "_both_modes", lambda *at: [
        {mode: np.full_like(array, np.nan) for mode, array in found.items()} for found in both(*at)])
    with pytest.raises(HwcheckError, match="No points were found"):
        confirm(Aw, A, w, {}, 3)


@pytest.mark.parametrize("mode", ["jacfwd", "jacrev"])
def test_each_mode_counts(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both = confirmation._both_modes
    monkeypatch.setattr(confirmation, "_both_modes", lambda *at: [
        {m: 2 * array if m == mode else array for m, array in found.items()} for found in both(*at)])
    with pytest.raises(DefectError, match=f"JAX's {mode} differ"):
        confirm(Aw, A, w, {}, 3)


def test_points_come_from_where_the_function_lives() -> None:
    logarithm, inverse = mapped("log", [w]), product(("i", "i"), [(element("1/w"), ("i",))], {"i": "d"})
    assert confirm(logarithm, inverse, w, {}, 3).domain == "positive"
    assert confirm(logarithm, inverse, w, {"w": "unit"}, 3).domain == "any"
    assert confirm(mapped("arccos", [w]), scaled(-1, product(("i", "i"), [(element("1/sqrt(1 - w^2)"), ("i",))], {"i": "d"})),
                   w, {}, 3).domain == "unit"


def test_without_named_sizes_one_assignment_has_all_points() -> None:
    t = variable("t", ())
    found = confirm(mapped("sin", [t]), mapped("cos", [t]), t, {}, 3)
    assert found.points == 8 and found.sizes == ({},)


def test_a_seed_belongs_to_the_text() -> None:
    assert seed_of("f(w) = Xw") == seed_of("f(w) = Xw") != seed_of("f(w) = X w")
    assert isinstance(seed_of("\ud800"), int)
    first, again = (jacobian("f(t) = sin(t)", shapes={"t": []}, seed=5).confirmation for _ in range(2))
    assert first == again and isinstance(first, Confirmation) and first.seed == 5


def test_the_gradient_of_a_number_in_both_modes() -> None:
    def f(xp: Any, v: Any) -> Any:
        return xp.log(v["x"]) + xp.exp(v["y"]) * v["z"]

    forward, reverse = confirm_gradient(f, ["x", "y", "z"], {"x": 2.0, "y": 3.0, "z": 4.0})
    want = {"x": 0.5, "y": 4 * np.exp(3.0), "z": np.exp(3.0)}
    assert all(abs(mode[n] - want[n]) < 1e-12 * want[n] for mode in (forward, reverse) for n in want)


def test_one_compilation_serves_both_modes_and_all_points(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Callable[..., Any]] = []
    jax = confirmation._jax()
    real = jax.jit
    monkeypatch.setattr(jax, "jit", lambda f, *a, **k: calls.append(f) or real(f, *a, **k))
    confirm(Aw, A, w, {}, 3)
    assert len(calls) == 1


def test_only_this_module_imports_jax() -> None:
    room = Path(confirmation.__file__).parents[1]
    found = {path.name for path in room.rglob("*.py")
             for n in ast.walk(ast.parse(path.read_text()))
             if (isinstance(n, ast.Import) and any(a.name.partition(".")[0] == "jax" for a in n.names))
             or (isinstance(n, ast.ImportFrom) and (n.module or "").partition(".")[0] == "jax" and n.level == 0)}
    assert found == {"confirmation.py"}


def test_an_unknown_form_is_refused_by_jax_too() -> None:
    with pytest.raises(HwcheckError, match="There is no evaluation for “mystery”"):
        Evaluator({}, {}, confirmation._jax().numpy)(node("form", (number(1),), "mystery", ()))
