"""Computation graphs: the homework's two, worked by hand; tables of what is accepted and refused; laws."""

import json
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations.elements import confirmation
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.elements.symbolic import library
from hwcheck.derivations.errors import DefectError, DomainError, HwcheckError, InputError, LimitError
from hwcheck.derivations.graphs import graphs
from hwcheck.derivations.graphs.graph_building import Graph, Node, graph_of
from hwcheck.derivations.graphs.graph_costs import costs_of, paths_to
from hwcheck.derivations.graphs.graph_writing import Notation
from hwcheck.derivations.graphs.graphs import Backpropagation, Quantity, backprop
from hwcheck.derivations.graphs.operations import ARITHMETIC, COMPARISONS, JUMPS, kink, meaning, partial, places
from hwcheck.derivations.graphs.values import calculating
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.reader.reading import Reading, read

FIRST = "f(x,y,z) = ln x + exp(y)·z"
SECOND = "f(x,y,z,v) = exp(y^(-x) − z) + (z − v)^2"


def exact(result: Backpropagation, quantity: Quantity) -> str | None:
    return result.exact_text(quantity)


def by_name(result: Backpropagation, table: dict[int, Quantity]) -> dict[str, tuple[str | None, str | None]]:
    return {result.name(i): (exact(result, q), q.decimal) for i, q in table.items() if result.graph.nodes[i].name}


def formulas(result: Backpropagation) -> list[str]:
    notation = result.notation
    return [f"{result.name(i)} = {notation.text(result.graph.formula(i))}" for i in result.graph.steps]


def partials(result: Backpropagation) -> dict[str, tuple[str, str | None, str | None]]:
    found = {}
    for edge, tree in result.graph.partials.items():
        quantity = result.partials.get(edge)
        value = (exact(result, quantity), quantity.decimal) if quantity else (None, None)
        found[f"∂{result.name(edge.head)}/∂{result.name(edge.tail)}"] = (result.notation.text(tree), *value)
    return found


# The homework, worked by hand


def test_the_first_homework_graph_has_its_nodes_in_order() -> None:
    assert formulas(backprop(FIRST)) == ["h₁ = ln x", "h₂ = exp(y)", "h₃ = h₂ · z", "f = h₁ + h₃"]


def test_the_first_homework_forward() -> None:
    result = backprop(FIRST, "1,3,2")
    assert by_name(result, dict(result.values)) == {
        "x": ("1", "1"),
        "y": ("3", "3"),
        "z": ("2", "2"),
        "h₁": ("0", "0"),
        "h₂": ("e³", "20.0855"),
        "h₃": ("2e³", "40.1711"),
        "f": ("2e³", "40.1711"),
    }


def test_the_first_homework_local_partials() -> None:
    assert partials(backprop(FIRST, "1,3,2")) == {
        "∂h₁/∂x": ("1/x", "1", "1"),
        "∂h₂/∂y": ("exp(y)", "e³", "20.0855"),
        "∂h₃/∂h₂": ("z", "2", "2"),
        "∂h₃/∂z": ("h₂", "e³", "20.0855"),
        "∂f/∂h₁": ("1", "1", "1"),
        "∂f/∂h₃": ("1", "1", "1"),
    }


def test_the_first_homework_backward() -> None:
    result = backprop(FIRST, "1,3,2")
    assert [result.name(i) for i in result.backward_order] == ["f", "h₃", "h₂", "h₁", "x", "y", "z"]
    assert by_name(result, dict(result.adjoints)) == {
        "f": ("1", "1"),
        "h₃": ("1", "1"),
        "h₂": ("2", "2"),
        "h₁": ("1", "1"),
        "x": ("1", "1"),
        "y": ("2e³", "40.1711"),
        "z": ("e³", "20.0855"),
    }


def test_the_first_homework_formulas_and_confirmation() -> None:
    result = backprop(FIRST, "1,3,2")
    told = [(result.notation.text(d.formula), d.agrees) for d in result.symbolic.values()]
    assert told == [("1/x", "exactly"), ("exp(y) · z", "exactly"), ("exp(y)", "exactly")]
    assert result.confirmation is not None
    assert result.confirmation.inputs == ("x", "y", "z")
    assert result.confirmation.jacfwd is not None and result.confirmation.jacfwd < 1e-15
    assert result.confirmation.jacrev is not None and result.confirmation.jacrev < 1e-15


def test_the_second_homework_by_hand() -> None:
    """y⁰ = 1, 1 − 2 = −1, e⁻¹, (2 − 3)² = 1; ∂f/∂z = −e⁻¹ + 2(z − v) = −e⁻¹ − 2, ∂f/∂v = −2(z − v) = 2."""
    result = backprop(SECOND, "0,1,2,3")
    assert formulas(result) == [
        "h₁ = −x",
        "h₂ = y^h₁",
        "h₃ = h₂ − z",
        "h₄ = exp(h₃)",
        "h₅ = z − v",
        "h₆ = h₅²",
        "f = h₄ + h₆",
    ]
    values = by_name(result, dict(result.values))
    assert [values[h] for h in ("h₁", "h₂", "h₃", "h₄", "h₅", "h₆", "f")] == [
        ("0", "0"),
        ("1", "1"),
        ("−1", "-1"),
        ("e⁻¹", "0.3679"),
        ("−1", "-1"),
        ("1", "1"),
        ("e⁻¹ + 1", "1.3679"),
    ]
    assert partials(result) == {
        "∂h₁/∂x": ("−1", "−1", "-1"),
        "∂h₂/∂y": ("h₁ · y^(h₁ − 1)", "0", "0"),
        "∂h₂/∂h₁": ("y^h₁ · ln y", "0", "0"),
        "∂h₃/∂h₂": ("1", "1", "1"),
        "∂h₃/∂z": ("−1", "−1", "-1"),
        "∂h₄/∂h₃": ("exp(h₃)", "e⁻¹", "0.3679"),
        "∂h₅/∂z": ("1", "1", "1"),
        "∂h₅/∂v": ("−1", "−1", "-1"),
        "∂h₆/∂h₅": ("2h₅", "−2", "-2"),
        "∂f/∂h₄": ("1", "1", "1"),
        "∂f/∂h₆": ("1", "1", "1"),
    }
    gradient = by_name(result, {i: result.adjoints[i] for i in result.graph.inputs})
    assert gradient == {"x": ("0", "0"), "y": ("0", "0"), "z": ("−e⁻¹ − 2", "-2.3679"), "v": ("2", "2")}


def test_the_costs_of_the_homework_graphs() -> None:
    first, second = backprop(FIRST).costs, backprop(SECOND).costs
    assert first.separate.to_dict() == {"partials": 7, "multiplications": 4, "additions": 0}
    assert first.together.to_dict() == {"partials": 6, "multiplications": 4, "additions": 0}
    assert second.separate.to_dict() == {"partials": 18, "multiplications": 13, "additions": 1}
    assert second.together.to_dict() == {"partials": 11, "multiplications": 9, "additions": 1}


def test_repeated_factors_of_the_second_homework() -> None:
    result = backprop(SECOND)
    told = [
        (f"∂{result.name(f.edge.head)}/∂{result.name(f.edge.tail)}", f.times, "".join(map(result.name, f.inputs)))
        for f in result.costs.repeated
    ]
    assert told == [
        ("∂f/∂h₆", 2, "zv"),
        ("∂f/∂h₄", 3, "xyz"),
        ("∂h₆/∂h₅", 2, "zv"),
        ("∂h₄/∂h₃", 3, "xyz"),
        ("∂h₃/∂h₂", 2, "xy"),
    ]


def test_formulas_evaluated_one_by_one() -> None:
    """f: ln, exp, ·, +; then 1/x; exp, ·; exp: 8 operations. exp(y) is there 3 times, exp(y) · z twice: 5 remain."""
    result = backprop(FIRST)
    costs = result.formula_costs
    assert costs is not None
    assert (costs.separate, costs.different) == (8, 5)
    assert [(result.notation.text(p.tree), p.times) for p in costs.repeated] == [("exp(y)", 3), ("exp(y) · z", 2)]


# What a graph is


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("f(x)=x", ["f = x"]),
        ("f(x,y)=3", ["f = 3"]),
        ("f(x)=2x", ["f = 2 · x"]),
        ("f(x)=ln 2 · x + 1/2", ["h₁ = ln 2 · x", "f = h₁ + 1/2"]),
        ("sin(x)·sin(x)", ["h₁ = sin(x)", "f = h₁ · h₁"]),
        ("a+b+c", ["h₁ = a + b", "f = h₁ + c"]),
        ("e^x", ["f = e^x"]),
        ("log x", ["f = log x"]),
        ("max(0,x)", ["f = max(x, 0)"]),
        ("‖x‖", ["f = |x|"]),
        ("x if x > 1 else 0", ["h₁ = 𝟙[x > 1]", "f = x if h₁ ≠ 0 else 0"]),
        ("f(f)=f^2", ["F = f²"]),
        ("h_1 x + 1", ["s₁ = h₁ · x", "f = s₁ + 1"]),
        (r"\frac{\sigma(w_1 x)}{2}", ["h₁ = w₁ · x", "h₂ = σ(h₁)", "f = h₂/2"]),
    ],
)
def test_nodes(text: str, nodes: list[str]) -> None:
    assert formulas(backprop(text)) == nodes


def test_a_product_with_itself_is_one_edge() -> None:
    assert partials(backprop("x·x", "3")) == {"∂f/∂x": ("2x", "6", "6")}


def test_an_input_that_goes_straight_into_f_and_elsewhere_has_a_direct_part() -> None:
    result = backprop("x·exp(x)", "2")
    direct = [edge for edge in result.graph.edges if result.is_direct(edge)]
    assert [(result.name(e.head), result.name(e.tail)) for e in direct] == [("f", "x")]


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - COMPARISONS - {"where", "pow"}))
def test_every_scalar_function_is_one_node_with_a_derivative(name: str) -> None:
    """The exact and certified values agree with the row's own arrays, and JAX has confirmed the derivative."""
    count = FUNCTIONS[name].arity
    points = {"above 1": (1.5,), "above -1": (-0.25,), "positive": (0.75,)}.get(FUNCTIONS[name].domain, (-0.625, 0.375))
    for x in points:
        args = [x, 0.25][:count]
        names = ("x", "y")[:count]
        tree = Written("call", tuple(Written("name", value=n) for n in names), name)
        result = backprop(Reading(name, "f", names, tree, ()), args)
        value = float(result.values[result.graph.output].decimal or "nan")
        expected = float(result.graph.evaluate(np, {n: np.float64(a) for n, a in zip(names, args, strict=True)}))
        assert value == pytest.approx(expected, abs=6e-5)
        assert result.confirmation is not None and result.confirmation.jacfwd is not None
        assert all(d.agrees for d in result.symbolic.values())


def test_rows_of_arithmetic_have_places_and_partials() -> None:
    for name in ARITHMETIC:
        count = 1 if name in ("copy", "neg") else 2
        assert meaning(name, count).free_symbols == set(places(name, count))
        for position in range(count):
            assert (
                library()
                .diff(meaning(name, count), places(name, count)[position])
                .equals(partial(name, count, position))
            )


def test_a_network_of_sixty_layers() -> None:
    text = "x"
    for _ in range(60):
        text = f"tanh(w·{text}+b)"
    result = backprop(text, {"x": 1, "w": Fraction(1, 2), "b": "0.1"})
    assert len(result.graph.steps) == 180
    assert result.symbolic == {}
    assert result.confirmation is not None and result.confirmation.jacrev is not None
    assert result.paths[1] is not None and len(result.paths[1]) == 1


def test_many_paths_are_counted_and_not_walked() -> None:
    """Each node is used twice by the next: 2⁴ paths for four of them, 2⁵⁰ for fifty."""
    text = "(x+y)"
    for _ in range(4):
        text = f"(sin{text}+cos{text})"
    result = backprop(f"f(x,y)={text}", [1, 2])
    count = result.costs.by_input[0]
    assert count.partials - count.multiplications == 16
    assert result.paths[0] is None
    assert paths_to(result.graph, 0, 16) is not None
    nodes = [Node("x", "input", (), "x")]
    for k in range(0, 150, 3):
        nodes += [
            Node(f"h_{k}", "sin", (k,)),
            Node(f"h_{k + 1}", "tanh", (k,)),
            Node(f"h_{k + 2}", "add", (k + 1, k + 2)),
        ]
    big = Graph("f", tuple(nodes), (0,), 150)
    found = costs_of(big).by_input[0]
    assert found.partials - found.multiplications == 2**50
    assert paths_to(big, 0, 6) is None


# Points


@pytest.mark.parametrize(
    "point",
    [
        "1,3,2",
        " 1 , 3, 2 ",
        "(1, 3, 2)",
        "[1;3;2]",
        "x=1,y=3,z=2",
        "z=2, x = 1, y=3",
        "1.0,6/2,2e0",
        [1, 3, 2],
        (1.0, 3, "2"),
    ],
)
def test_points_that_mean_the_same(point: str | list[int] | tuple[float, int, str]) -> None:
    result = backprop(FIRST, point)
    assert exact(result, result.values[result.graph.output]) == "2e³"


@pytest.mark.parametrize(
    ("text", "point", "value", "rounded"),
    [
        ("x", "1/3", "1/3", "0.3333"),
        ("x", "−0.5", "−0.5", "-0.5"),
        ("x", "-1e-3", "−1/1000", "-0.001"),
        ("x", "pi/2", "π / 2", "1.5708"),
        ("x", "ln 2", "ln 2", "0.6931"),
        ("x", "sqrt(8)", "2√2", "2.8284"),
        ("x^2", "0.5", "0.25", "0.25"),
        ("x^2", "1/2", "1/4", "0.25"),
        ("exp(x)", "1000", "e¹⁰⁰⁰", "1.9701e+434"),
        ("exp(x)", "-20", "e⁻²⁰", "2.0612e-09"),
        ("exp(-exp(x))", "1000", "e^(−e¹⁰⁰⁰)", None),
        ("sin(x)^2+cos(x)^2", "1", "cos(1)² + sin(1)²", "1.0000"),
        ("x·y^2", {"x": 3, "y": Fraction(2, 3)}, "4/3", "1.3333"),
        ("θ^2", {"θ": 3}, "9", "9"),
        ("w_1^2", "w1=3", "9", "9"),
    ],
)
def test_values(text: str, point: str | dict[str, int | Fraction], value: str, rounded: str | None) -> None:
    result = backprop(text, point)
    found = result.values[result.graph.output]
    assert (exact(result, found), found.decimal) == (value, rounded)


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [
        (FIRST, "0,3,2", "ln x needs x > 0; at this point x is 0."),
        ("ln(x-y)", "1,2", "ln h₁ needs h₁ > 0; at this point h₁ = x − y is −1."),
        ("ln(ln 6 - ln 2 - ln x)", "3", "ln h₂ needs h₂ > 0; at this point h₂ = ln 6 − ln 2 − h₁ is 0."),
        ("x/(x-y)", "1,1", "x/h₁ needs h₁ ≠ 0; at this point h₁ = x − y is 0."),
        ("1/(sin(x)^2+cos(x)^2-1)", "1", "1/h₆ needs h₆ ≠ 0; at this point h₆ = h₅ − 1 is 0."),
        ("x^-2", "0", "x⁻² needs x ≠ 0; at this point x is 0."),
        ("x^y", "-2,3", "x^y needs x > 0; at this point x is −2."),
        ("x^(1/3)", "-8", "x^(1/3) needs x > 0 to have a derivative; at this point x is −8."),
        ("sqrt(x)", "0", "√x needs x > 0 to have a derivative; at this point x is 0."),
        ("arcsin(x)", "1", "arcsin(x) needs −1 < x < 1 to have a derivative; at this point x is 1."),
        ("tan(x)", "pi/2", "tan(x) needs cos(x) ≠ 0; at this point x is π / 2."),
        ("ln(-1)·x", "1", "ln(−1) has no value: it needs a number > 0 where −1 stands."),
        ("(-2)^x", "2", "(−2)^x has no value: it needs a number > 0 where −2 stands."),
        ("x·y", "1/0,2", "1/0 has no value: it needs a number ≠ 0 where 0 stands."),
    ],
)
def test_points_outside_the_domain(text: str, point: str, message: str) -> None:
    with pytest.raises(DomainError) as caught:
        backprop(text, point)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ("1,3", "z has no value: --point needs x, y and z in this order, or x=…, y=…"),
        ("", "x, y and z have no value: --point needs x, y and z in this order, or x=…, y=…"),
        ("1,3,2,4", "--point has 4 numbers, but f(x, y, z) takes 3 numbers: x, y and z."),
        ("x=1,y=3", "z has no value: --point needs x, y and z in this order, or x=…, y=…"),
        ("x=1,y=3,w=2", "There is no “w” in f(x, y, z)."),
        ("x=1,x=3,z=2", "x has two values in --point."),
        ("x=1,3,2", "Write a name before every number of --point, or before none."),
        ("1,,2", "The number for y is missing in --point."),
        ("1,abc,2", "“abc” is no number for y: write 2, −0.5, 1/3, e or √2."),
        ("1,y,2", "“y” is no number for y: write 2, −0.5, 1/3, e or √2."),
        ("1,2+,2", "“2+” is no number for y: The text ends where a name, a number or a bracket was expected."),
        ("9**9**9,1,1", "x = 9**9**9: This number would have more than 4,096 binary digits."),
        ("1" * 401 + ",1,1", "The number for x is longer than 400 characters."),
    ],
)
def test_points_that_cannot_be_used(point: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        backprop(FIRST, point)
    assert caught.value.message == message


def test_a_point_for_a_function_without_inputs() -> None:
    with pytest.raises(InputError, match=r"--point has 1 number, but f\(\) has no inputs"):
        backprop("3", "1")
    assert exact(backprop("3", ""), backprop("3", "").values[backprop("3", "").graph.output]) == "3"


@pytest.mark.parametrize(
    ("text", "point", "message"),
    [
        ("x^y", "9,99999", "x^y would be a number with 316,990 binary digits here; 4,096 are the most."),
        ("exp(exp(exp(x)))", "1000", "exp(h₂) becomes too large here to be computed with."),
    ],
)
def test_numbers_that_are_too_large(text: str, point: str, message: str) -> None:
    with pytest.raises(LimitError) as caught:
        backprop(text, point)
    assert caught.value.message == message


@pytest.mark.parametrize("text", ["[x;y]", "σ′(x)", "tr(x)"])
def test_what_is_no_operation_on_numbers_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(HwcheckError) as caught:
        backprop(text)
    assert caught.value.span is not None and caught.value.text == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x/0", "x/0 has no value: it needs a number ≠ 0 where 0 stands."),
        ("x/(1-1)", "x / (1 − 1) has no value: it needs a number ≠ 0 where 1 − 1 stands, which is 0."),
        ("(-2)^x", "(−2)^x has no value: it needs a number > 0 where −2 stands."),
        ("arcsin(2)+x", "arcsin(2) has no value: it needs a number between −1 and 1 where 2 stands."),
    ],
)
def test_what_has_a_value_nowhere_is_refused_without_a_point_too(text: str, message: str) -> None:
    with pytest.raises(DomainError) as caught:
        backprop(text)
    assert caught.value.message == message


@pytest.mark.parametrize("text", ["sqrt(-x^2)", "sin(" * 40 + "x" + ")" * 40, "+".join(["sin(x)"] * 150)])
def test_formulas_that_nobody_could_read_are_left_out(text: str) -> None:
    assert backprop(text).symbolic == {}


def test_digits() -> None:
    result = backprop("exp(x)", "1", digits=30)
    assert result.values[result.graph.output].decimal == "2.718281828459045235360287471353"
    with pytest.raises(InputError, match="Decimals can have 1 to 100 digits, not 0"):
        backprop("exp(x)", "1", digits=0)


# Kinks


@pytest.mark.parametrize(
    ("text", "point", "kink", "gradient", "taken"),
    [
        ("relu(x)", "0", "f = ReLU(x) has a kink at x = 0", ["0"], "∂f/∂x is taken as 0"),
        ("max(0,x)", "0", "f = max(x, 0) has a kink where x = 0", ["0"], "∂f/∂x is taken as 0"),
        ("abs(x)", "0", "f = |x| has a kink at x = 0", ["0"], "∂f/∂x is taken as 0"),
        ("sign(x)", "0", "f = sign(x) jumps at x = 0", ["0"], "∂f/∂x is taken as 0"),
        ("relu6(x)", "6", "f = ReLU6(x) has a kink at x = 6", ["0"], "∂f/∂x is taken as 0"),
        (
            "max(x,y)",
            "1,1",
            "f = max(x, y) has a kink where x = y",
            ["0", "1"],
            "∂f/∂x is taken as 0 and ∂f/∂y is taken as 1",
        ),
    ],
)
def test_kinks_are_said(text: str, point: str, kink: str, gradient: list[str], taken: str) -> None:
    result = backprop(text, point)
    assert [exact(result, result.adjoints[i]) for i in result.graph.inputs] == gradient
    told = [result.kink_sentence(i) for i in result.kinks]
    assert told == [f"{kink}, and the point is just there: {taken}, by convention."]
    assert result.confirmation is not None
    assert result.confirmation.reason == "at a kink there is no derivative to confirm"


def test_inputs_that_do_not_meet_the_kink_are_confirmed_all_the_same() -> None:
    result = backprop("relu(x)+y^2", "0,3")
    assert result.confirmation is not None and result.confirmation.inputs == ("y",)


def test_away_from_its_kink_relu_is_like_any_function() -> None:
    result = backprop("relu(x)", "-1")
    assert result.kinks == {}
    assert result.confirmation is not None and result.confirmation.inputs == ("x",)


@pytest.mark.parametrize("name", sorted(JUMPS - COMPARISONS))
def test_jumps_have_kinks(name: str) -> None:
    with calculating(64) as calculator:
        assert kink(calculator, name, [calculator.number(0)]) == 0


# Notation


def test_notation_follows_the_text() -> None:
    tree = Written("call", (Written("name", value="x"),), "log")
    assert [Notation.of(t).text(tree) for t in ("ln x", "log x", "x")] == ["ln x", "log x", "ln x"]
    assert backprop("e^x").notation.e_power and not backprop("exp(x)").notation.e_power


# Defects are found


def test_a_wrong_partial_cannot_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    from hwcheck.derivations.graphs import graph_passes

    monkeypatch.setattr(graph_passes, "partial", lambda name, count, position: library().Integer(3))
    with pytest.raises(DefectError, match=r"SymPy's formula give different derivatives by x of 'exp\(x\)'"):
        backprop("exp(x)", "1")


def test_jax_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "confirm_gradient", lambda f, names, point: ({"x": 2.7}, {"x": 2.7}))
    with pytest.raises(DefectError, match=r"JAX's jacfwd 2.7 for the derivative by x of 'exp\(x\)'"):
        backprop("exp(x)", "1")
    assert confirmation.confirm_gradient is not None


# Laws

Pair = tuple[str, Callable[[float, float, float], float]]


def _pairs() -> st.SearchStrategy[Pair]:
    leaves: list[Pair] = [
        ("x", lambda x, y, z: x),
        ("y", lambda x, y, z: y),
        ("z", lambda x, y, z: z),
        ("2", lambda x, y, z: 2.0),
        ("0.5", lambda x, y, z: 0.5),
    ]

    def one(name: str, function: Callable[[float], float]) -> Callable[[Pair], Pair]:
        return lambda a: (f"{name}({a[0]})", lambda x, y, z: function(a[1](x, y, z)))

    def two(sign: str, function: Callable[[float, float], float]) -> Callable[[tuple[Pair, Pair]], Pair]:
        return lambda p: (
            f"(({p[0][0]}) {sign} ({p[1][0]}))",
            lambda x, y, z: function(p[0][1](x, y, z), p[1][1](x, y, z)),
        )

    def grown(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
        both = st.tuples(inner, inner)
        return st.one_of(
            inner.map(one("sin", math.sin)),
            inner.map(one("tanh", math.tanh)),
            inner.map(one("exp", math.exp)),
            inner.map(one("sigmoid", lambda a: 1 / (1 + math.exp(-a)))),
            inner.map(lambda a: (f"(({a[0]})^2)", lambda x, y, z: a[1](x, y, z) ** 2)),
            inner.map(lambda a: (f"(1/(1+({a[0]})^2))", lambda x, y, z: 1 / (1 + a[1](x, y, z) ** 2))),
            inner.map(lambda a: (f"(-({a[0]}))", lambda x, y, z: -a[1](x, y, z))),
            both.map(two("+", lambda a, b: a + b)),
            both.map(two("-", lambda a, b: a - b)),
            both.map(two("*", lambda a, b: a * b)),
        )

    return st.recursive(st.sampled_from(leaves), grown, max_leaves=8)


coordinates = st.fractions(min_value=-2, max_value=2, max_denominator=8)


@settings(max_examples=40)
@given(_pairs(), st.tuples(coordinates, coordinates, coordinates))
def test_the_gradient_is_that_of_central_differences(pair: Pair, point: tuple[Fraction, Fraction, Fraction]) -> None:
    text, function = pair
    at = [float(p) for p in point]
    try:
        result = backprop(f"f(x,y,z) = {text}", point, digits=12)
        sizes = [abs(float(q.decimal or "inf")) for q in (*result.values.values(), *result.adjoints.values())]
    except (LimitError, OverflowError):
        return
    if max(sizes) > 1e4:
        return
    for k, i in enumerate(result.graph.inputs):
        step = 1e-5
        up, down = [*at], [*at]
        up[k] += step
        down[k] -= step
        expected = (function(*up) - function(*down)) / (2 * step)
        assert float(result.adjoints[i].decimal or "nan") == pytest.approx(expected, rel=1e-4, abs=1e-4)


@settings(max_examples=60)
@given(_pairs())
def test_graphs_share_equal_parts_and_keep_their_order(pair: Pair) -> None:
    graph = graph_of(read(f"f(x,y,z) = {pair[0]}", scalars=True))
    keys = [(n.operation, n.args, n.value) for n in graph.nodes]
    assert len(set(keys)) == len(keys)
    assert all(a < i for i, node in enumerate(graph.nodes) for a in node.args)
    assert [graph.nodes[i].name for i in graph.inputs] == ["x", "y", "z"]
    names = [graph.nodes[i].name for i in graph.steps]
    assert names == [*(f"h_{k}" for k in range(1, len(names))), "f"]


@settings(max_examples=30)
@given(_pairs())
def test_costs_agree_with_the_paths_walked(pair: Pair) -> None:
    result = backprop(f"f(x,y,z) = {pair[0]}")
    for i in result.graph.inputs:
        paths = paths_to(result.graph, i, 10**6)
        assert paths is not None
        count = result.costs.by_input[i]
        assert count.partials == sum(map(len, paths))
        assert count.multiplications == sum(len(path) - 1 for path in paths)
        assert count.additions == max(len(paths) - 1, 0)
    for factor in result.costs.repeated:
        walked = [p for i in result.graph.inputs for p in paths_to(result.graph, i, 10**6) or () if factor.edge in p]
        assert len(walked) == factor.times > 1


# JSON


def test_json() -> None:
    data = json.loads(json.dumps(backprop(FIRST, "1,3,2").to_dict()))
    assert list(data) == [
        "function", "point", "nodes", "edges", "gradient", "products", "symbolic_gradient", "confirmation", "counts",
        "notes",
    ]  # fmt: skip
    assert data["function"] == "f(x, y, z) = ln x + exp(y) · z"
    assert data["point"]["y"] == {"value": "3", "decimal": "3"}
    assert data["nodes"][5] == {
        "name": "h_3",
        "operation": "times",
        "formula": "h₂ · z",
        "args": ["h_2", "z"],
        "value": "2e³",
        "decimal": "40.1711",
        "adjoint": "1",
        "adjoint_decimal": "1",
    }
    assert data["edges"][3] == {
        "of": "h_3", "by": "z", "partial": "h₂", "partial_latex": "h_{2}", "value": "e³", "decimal": "20.0855",
    }  # fmt: skip
    assert data["gradient"]["y"] == {"value": "2e³", "decimal": "40.1711"}
    assert data["products"]["y"] == [[["f", "h_3"], ["h_3", "h_2"], ["h_2", "y"]]]
    assert data["symbolic_gradient"]["y"]["formula_latex"] == r"\exp(y) \cdot z"
    assert data["confirmation"]["reason"] is None
    assert data["counts"]["backward"] == {"partials": 6, "multiplications": 4, "additions": 0}


def test_json_without_a_point() -> None:
    data = backprop(FIRST).to_dict()
    assert data["point"] is None and data["gradient"] is None and data["confirmation"] is None
    json.dumps(data)
