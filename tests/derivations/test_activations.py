"""Activation functions: values worked by hand, laws against central differences, findings, messages."""

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hwcheck.derivations import Style, write
from hwcheck.derivations.activations import curves
from hwcheck.derivations.activations.activations import Activation, activation, interval, named, points_around, spelled
from hwcheck.derivations.activations.curves import Number, study
from hwcheck.derivations.activations.scalar_check import ScalarCheck
from hwcheck.derivations.activations.scalar_steps import trace
from hwcheck.derivations.elements.functions import ACTIVATIONS, FUNCTIONS
from hwcheck.derivations.errors import DefectError, InputError, NameUnknownError
from hwcheck.derivations.notation.written import Written

LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# Written down once more from the papers, so that a slip in functions.py cannot agree with itself.
BY_HAND = {
    "elu": lambda x: x if x > 0 else math.exp(x) - 1,
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "hardsigmoid": lambda x: min(1.0, max(0.0, (x + 3) / 6)),
    "hardtanh": lambda x: min(1.0, max(-1.0, x)),
    "leaky_relu": lambda x: max(0.01 * x, x),
    "mish": lambda x: x * math.tanh(math.log(1 + math.exp(x))),
    "relu": lambda x: max(0.0, x),
    "relu6": lambda x: min(6.0, max(0.0, x)),
    "selu": lambda x: LAMBDA * x if x > 0 else LAMBDA * ALPHA * (math.exp(x) - 1),
    "sigmoid": sigma,
    "silu": lambda x: x * sigma(x),
    "softplus": lambda x: math.log(1 + math.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "tanh": math.tanh,
}
every = pytest.mark.parametrize("name", ACTIVATIONS)


@pytest.fixture(scope="module")
def derived() -> dict[str, Activation]:
    return {name: activation(name, confirmed=False) for name in ACTIVATIONS}


def derivative_at(name: str, x: float, **parameters: Fraction) -> float:
    """The derivative that is printed, evaluated."""
    steps = trace(name)
    numbers = dict(FUNCTIONS[name].parameters) | parameters
    return float(ScalarCheck(name, numbers).values(steps.derivative, [x], steps.where)[0])


def test_every_activation_is_written_down_here() -> None:
    assert tuple(sorted(BY_HAND)) == ACTIVATIONS


# Values


@pytest.mark.parametrize(
    ("name", "x", "value", "slope"),
    [
        ("sigmoid", 0, 1 / 2, 1 / 4),
        ("sigmoid", math.log(3), 3 / 4, 3 / 16),
        ("tanh", 0, 0, 1),
        ("tanh", math.log(2), 3 / 5, 16 / 25),
        ("relu", 2, 2, 1),
        ("relu", -2, 0, 0),
        ("leaky_relu", -2, -0.02, 0.01),
        ("elu", -math.log(2), -1 / 2, 1 / 2),
        ("selu", -math.log(2), -LAMBDA * ALPHA / 2, LAMBDA * ALPHA / 2),
        ("softplus", 0, math.log(2), 1 / 2),
        ("softsign", -3, -3 / 4, 1 / 16),
        ("silu", 0, 0, 1 / 2),
        ("silu", math.log(3), 0.75 * math.log(3), 0.75 * (1 + math.log(3) / 4)),
        ("gelu", 0, 0, 1 / 2),
        ("gelu", 1, 0.841344746068543, 1.083315470587686),
        ("mish", 0, 0, 3 / 5),
        ("relu6", 7, 6, 0),
        ("hardtanh", 0.5, 0.5, 1),
        ("hardsigmoid", 0, 1 / 2, 1 / 6),
    ],
)
def test_values_and_slopes(name: str, x: float, value: float, slope: float) -> None:
    assert float(ScalarCheck(name, dict(FUNCTIONS[name].parameters)).array(np.float64(x))) == pytest.approx(value, abs=1e-13)
    assert derivative_at(name, x) == pytest.approx(slope, abs=1e-13)


@every
@given(x=st.floats(-6, 6))
def test_the_derivative_is_the_central_difference(name: str, x: float) -> None:
    step = 1e-5
    if any(abs(x - float(k)) < 2 * step for k in (0, *FUNCTIONS[name].kinks)):
        return  # the slope jumps there, or its own slope does
    f = BY_HAND[name]
    assert derivative_at(name, x) == pytest.approx((f(x + step) - f(x - step)) / (2 * step), abs=1e-8)


@pytest.mark.parametrize(("name", "left"), [("elu", lambda a, x: a * (math.exp(x) - 1)), ("leaky_relu", lambda a, x: a * x)])
@given(a=st.fractions(-5, 5, max_denominator=40), x=st.floats(-5, -0.01))
def test_parameters_reach_the_derivative(name: str, left, a: Fraction, x: float) -> None:
    step = 1e-5
    central = (left(float(a), x + step) - left(float(a), x - step)) / (2 * step)
    assert derivative_at(name, x, a=a) == pytest.approx(central, abs=1e-8)
    assert derivative_at(name, -x, a=a) == 1


# What is printed


@pytest.mark.parametrize(
    ("name", "formula", "derivative"),
    [
        ("elu", "x if x > 0 else a(e^x − 1)", "1 if x > 0 else ELU(x) + a"),
        ("gelu", "x(1 + erf(x / √2)) / 2", "Φ + xφ"),
        ("hardsigmoid", "0 if x ≤ −3 else 1 if x ≥ 3 else x/6 + 1/2", "0 if x ≤ −3 else 0 if x ≥ 3 else 1/6"),
        ("hardtanh", "−1 if x ≤ −1 else 1 if x ≥ 1 else x", "0 if x ≤ −1 else 0 if x ≥ 1 else 1"),
        ("leaky_relu", "x if x > 0 else ax", "1 if x > 0 else a"),
        ("mish", "x tanh(log(1 + e^x))", "tanh(softplus(x)) + xσ(x)(1 − tanh(softplus(x))²)"),
        ("relu", "max(0, x)", "1 if x > 0 else 0"),
        ("relu6", "0 if x ≤ 0 else 6 if x ≥ 6 else x", "0 if x ≤ 0 else 0 if x ≥ 6 else 1"),
        ("selu", "λx if x > 0 else λα(e^x − 1)", "λ if x > 0 else SELU(x) + λα"),
        ("sigmoid", "1 / (1 + e^(−x))", "σ(x)(1 − σ(x))"),
        ("silu", "x / (1 + e^(−x))", "σ(x)(1 + x(1 − σ(x)))"),
        ("softplus", "log(1 + e^x)", "σ(x)"),
        ("softsign", "x / (1 + |x|)", "1 / (1 + |x|)²"),
        ("tanh", "(e^x − e^(−x)) / (e^x + e^(−x))", "1 − tanh(x)²"),
    ],
)
def test_formula_and_derivative(name: str, formula: str, derivative: str) -> None:
    steps = trace(name)
    assert write(steps.formula, Style.UNICODE) == formula
    assert write(steps.derivative, Style.UNICODE) == derivative


def lines(name: str) -> list[tuple[str, str, str, str]]:
    return [(t.rule, write(t.before, Style.UNICODE), write(t.after, Style.UNICODE), t.why) for t in trace(name).lines]


def test_the_steps_of_sigmoid() -> None:
    assert lines("sigmoid") == [
        ("definition", "σ(x)", "1 / (1 + e^(−x))", ""),
        ("denominator", "∂(1 + e^(−x))/∂x", "−e^(−x)", "chain rule: (e^u)′ = e^u · u′ with u = −x, u′ = −1"),
        ("quotient rule", "σ′(x)", "(0 · (1 + e^(−x)) − 1 · (−e^(−x))) / (1 + e^(−x))²", "(u/v)′ = (u′v − uv′)/v² with u = 1, u′ = 0"),
        ("simplify", "(0 · (1 + e^(−x)) − 1 · (−e^(−x))) / (1 + e^(−x))²", "e^(−x) / (1 + e^(−x))²", ""),
        ("split", "e^(−x) / (1 + e^(−x))²", "1 / (1 + e^(−x)) · (e^(−x) / (1 + e^(−x)))", "1 + e^(−x) below each factor"),
        ("put back in", "1 / (1 + e^(−x)) · (e^(−x) / (1 + e^(−x)))", "σ(x)(1 − σ(x))",
         "1 / (1 + e^(−x)) = σ(x) and e^(−x) / (1 + e^(−x)) = 1 − σ(x)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("elu", ["definition", "branch by branch", "put back in"]),
        ("gelu", ["definition", "second factor", "product rule", "name the parts"]),
        ("hardtanh", ["definition", "branch by branch"]),
        ("mish", ["definition", "second factor", "product rule", "put back in"]),
        ("relu", ["definition", "two branches", "branch by branch"]),
        ("silu", ["definition", "denominator", "quotient rule", "simplify", "split", "put back in"]),
        ("softplus", ["definition", "inner function", "chain rule", "multiply", "divide by e^x", "put back in"]),
        ("softsign", ["definition", "denominator", "quotient rule", "simplify"]),
        ("tanh", ["definition", "numerator", "denominator", "quotient rule", "divide", "put back in"]),
    ],
)
def test_the_rules_follow_the_structure(name: str, rules: list[str]) -> None:
    assert [line.rule for line in trace(name).lines] == rules


@every
def test_each_line_begins_where_the_last_one_ended(name: str) -> None:
    steps = trace(name).lines
    whole = [line for line in steps if line.before.op != "derivative"]
    for last, line in pairwise(whole):
        assert line.before in (last.after, Written("call", (Written("name", (), "x"),), (name, ("prime", 1))))


@every
def test_a_false_line_cannot_be_printed(name: str) -> None:
    steps, check = trace(name), ScalarCheck(name, dict(FUNCTIONS[name].parameters))
    points = points_around([0.0, 6.0], 1)
    check.check(steps, points)
    for k, line in enumerate(steps.lines):
        false = replace(line, after=Written("add", (line.after, Written("number", (), "0.001"))))
        with pytest.raises(DefectError, match="it is a defect of hwcheck that it was derived"):
            check.check(replace(steps, lines=(*steps.lines[:k], false, *steps.lines[k + 1 :])), points)
        if line.facts:
            (said, _), *_ = line.facts
            false = replace(line, facts=((said, Written("number", (), "7")),))
            with pytest.raises(DefectError):
                check.check(replace(steps, lines=(false,)), points)


# What is found out


@pytest.mark.parametrize(
    ("name", "found_range", "centred", "monotone", "saturates", "kinks"),
    [
        ("elu", "(−1, ∞)", False, "increasing", ["left"], []),
        ("gelu", "[−0.16997, ∞)", False, "no", ["left"], []),
        ("hardsigmoid", "[0, 1]", False, "non-decreasing", ["left", "right"], [-3, 3]),
        ("hardtanh", "[−1, 1]", True, "non-decreasing", ["left", "right"], [-1, 1]),
        ("leaky_relu", "(−∞, ∞)", False, "increasing", [], [0]),
        ("mish", "[−0.30884, ∞)", False, "no", ["left"], []),
        ("relu", "[0, ∞)", False, "non-decreasing", ["left"], [0]),
        ("relu6", "[0, 6]", False, "non-decreasing", ["left", "right"], [0, 6]),
        ("selu", "(−1.7581, ∞)", False, "increasing", ["left"], [0]),
        ("sigmoid", "(0, 1)", False, "increasing", ["left", "right"], []),
        ("silu", "[−0.27846, ∞)", False, "no", ["left"], []),
        ("softplus", "(0, ∞)", False, "increasing", ["left"], []),
        ("softsign", "(−1, 1)", True, "increasing", ["left", "right"], []),
        ("tanh", "(−1, 1)", True, "increasing", ["left", "right"], []),
    ],
)
def test_findings(
    derived: dict[str, Activation], name: str, found_range: str, centred: bool, monotone: str, saturates: list[str], kinks: list[float]
) -> None:
    curve = derived[name].curve
    assert interval(curve, Style.UNICODE) == found_range
    assert curve.zero_centred is centred
    assert curve.monotone == monotone
    assert derived[name].to_dict()["saturates"] == saturates
    assert [k.at.value for k in curve.kinks] == kinks


@pytest.mark.parametrize(
    ("name", "largest", "at", "towards"),
    [
        ("sigmoid", 1 / 4, [0], []),
        ("tanh", 1, [0], []),
        ("softsign", 1, [0], []),
        ("gelu", 1.1289041451851547, [math.sqrt(2)], []),
        ("silu", 1.0998393201288669, [2.3993572805154676], []),
        ("mish", 1.088498161251728, [1.4905711794854284], []),
        ("selu", LAMBDA * ALPHA, [0], []),
        ("softplus", 1, [], [math.inf]),
    ],
)
def test_largest_slopes_at_points(derived: dict[str, Activation], name: str, largest: float, at: list[float], towards: list[float]) -> None:
    steep = derived[name].curve.steepest
    assert steep.value.value == pytest.approx(largest, abs=1e-13)
    assert [n.value for n in steep.at] == pytest.approx(at, abs=1e-13)
    assert [n.value for n in steep.towards] == towards


@pytest.mark.parametrize(
    ("name", "largest", "along"),
    [
        ("relu", 1, (0, math.inf)),
        ("leaky_relu", 1, (0, math.inf)),
        ("elu", 1, (0, math.inf)),
        ("relu6", 1, (0, 6)),
        ("hardtanh", 1, (-1, 1)),
        ("hardsigmoid", 1 / 6, (-3, 3)),
    ],
)
def test_largest_slopes_along_pieces(derived: dict[str, Activation], name: str, largest: float, along: tuple[float, float]) -> None:
    steep = derived[name].curve.steepest
    assert steep.value.value == largest
    assert [(low.value, high.value) for low, high in steep.along] == [along]


@pytest.mark.parametrize(
    ("name", "value", "at"),
    [
        ("gelu", -0.16997120747990365, -0.7517915246935645),
        ("silu", -0.2784645427610738, -1.2784645427610738),
        ("mish", -0.3088434130172504, -1.1924312145154951),
    ],
)
def test_smallest_values(derived: dict[str, Activation], name: str, value: float, at: float) -> None:
    lowest = derived[name].curve.lowest
    assert lowest.attained
    assert lowest.value.value == pytest.approx(value, abs=1e-14)
    assert [n.value for n in lowest.at] == pytest.approx([at], abs=1e-14)
    assert BY_HAND[name](at) == pytest.approx(value, abs=1e-14)
    assert not lowest.value.exact


def test_ten_layers_of_sigmoid_leave_a_millionth(derived: dict[str, Activation]) -> None:
    assert derived["sigmoid"].through_layers == 4.0**-10 == pytest.approx(9.5e-7, rel=0.01)


@pytest.mark.parametrize(
    ("name", "at", "left", "right", "convention"),
    [
        ("relu", 0, 0, 1, 0),
        ("leaky_relu", 0, 0.01, 1, 0.01),
        ("selu", 0, LAMBDA * ALPHA, LAMBDA, LAMBDA * ALPHA),
        ("relu6", 6, 1, 0, 0),
        ("hardtanh", -1, 0, 1, 0),
        ("hardsigmoid", 3, 1 / 6, 0, 0),
    ],
)
def test_kinks(derived: dict[str, Activation], name: str, at: float, left: float, right: float, convention: float) -> None:
    kink = next(k for k in derived[name].curve.kinks if k.at.value == at)
    assert [kink.left.value, kink.right.value, kink.convention.value] == pytest.approx([left, right, convention], abs=1e-15)
    # the convention is what the printed formula gives there
    assert derivative_at(name, at) == pytest.approx(convention, abs=1e-15)


@every
def test_values_lie_in_the_range_and_slopes_below_the_largest(derived: dict[str, Activation], name: str) -> None:
    curve, x = derived[name].curve, np.linspace(-30, 30, 6_007)
    y = np.array([BY_HAND[name](float(v)) for v in x])
    assert curve.lowest.value.value - 1e-12 <= y.min()
    assert y.max() <= curve.highest.value.value + 1e-12
    slopes = np.abs(np.diff(y) / np.diff(x))
    assert slopes.max() <= curve.steepest.value.value + 1e-9
    if not curve.steepest.towards:
        assert slopes.max() == pytest.approx(curve.steepest.value.value, rel=2e-2)


@pytest.mark.parametrize(
    ("a", "found_range", "monotone", "kinks"),
    [
        (2, "(−2, ∞)", "increasing", [(2, 1)]),
        (1, "(−1, ∞)", "increasing", []),
        (0, "[0, ∞)", "non-decreasing", [(0, 1)]),
        (-1, "[0, ∞)", "no", [(-1, 1)]),
    ],
)
def test_elu_with_other_parameters(a: int, found_range: str, monotone: str, kinks: list[tuple[int, int]]) -> None:
    curve = study("elu", {"a": Fraction(a)})
    assert (interval(curve, Style.UNICODE), curve.monotone) == (found_range, monotone)
    assert [(k.left.value, k.right.value) for k in curve.kinks] == kinks


@pytest.mark.parametrize(
    "change",
    [
        lambda c: replace(c, highest=replace(c.highest, value=Number(0.9))),
        lambda c: replace(c, lowest=replace(c.lowest, value=Number(0.1))),
        lambda c: replace(c, steepest=replace(c.steepest, value=Number(0.24))),
        lambda c: replace(c, runs=tuple(replace(r, sign=-1) for r in c.runs)),
        lambda c: replace(c, right=replace(c.right, offset=Number(0.5))),
    ],
)
def test_a_false_finding_is_contradicted_by_values(change) -> None:
    pieces, curve = curves.pieces_of("sigmoid", {}), study("sigmoid", {})
    curves._verify(curve, pieces)
    with pytest.raises(DefectError):
        curves._verify(change(curve), pieces)


# JAX, names, parameters, JSON


@every
def test_jax_confirms(name: str) -> None:
    confirmation = activation(name).confirmation
    assert confirmation is not None
    assert confirmation.points >= 8
    assert max(confirmation.jacfwd, confirmation.jacrev) < 1e-14


@every
def test_points_lie_on_all_sides_of_the_kinks(name: str) -> None:
    edges = [float(k) for k in FUNCTIONS[name].kinks] or [0.0]
    points = points_around(edges, 5)
    assert len(points) >= 8
    assert np.abs(np.subtract.outer(points, edges)).min() > 0.05
    for low, high in zip([-9, *edges], [*edges, 9], strict=True):
        assert ((points > low) & (points < high)).sum() == 4


@pytest.mark.parametrize(
    ("typed", "name"),
    [("sigmoid", "sigmoid"), ("Sigmoid", "sigmoid"), ("σ", "sigmoid"), (r"\sigma", "sigmoid"), ("logistic", "sigmoid"), ("ReLU", "relu"),
     (r"\operatorname{ReLU}", "relu"), (" relu ", "relu"), ("swish", "silu"), ("SiLU", "silu"), ("leaky-relu", "leaky_relu"),
     ("Leaky ReLU", "leaky_relu"), ("LeakyReLU", "leaky_relu"), ("GELU", "gelu"), ("Tanh", "tanh"), ("ReLU6", "relu6")],
)  # fmt: skip
def test_names_in_any_spelling(typed: str, name: str) -> None:
    assert named(typed) == name


KNOWN = "elu, gelu, hardsigmoid, hardtanh, leaky_relu, mish, relu, relu6, selu, sigmoid, silu, softplus, softsign, tanh"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("sigmod", f"“sigmod” is no activation function that hwcheck knows. Did you mean sigmoid? It knows {KNOWN}."),
        ("quux", f"“quux” is no activation function that hwcheck knows. It knows {KNOWN}."),
        ("", f"“” is no activation function that hwcheck knows. It knows {KNOWN}."),
        ("a" * 10**6, f"“{'a' * 32}…” is no activation function that hwcheck knows. It knows {KNOWN}."),
        ("re\u202elu\x00", f"“re\ufffdlu\ufffd” is no activation function that hwcheck knows. Did you mean relu? It knows {KNOWN}."),
        ("exp", f"exp is a function, but no activation of one number. Those are {KNOWN}."),
        ("softmax", f"softmax is a function, but no activation of one number. `hwcheck softmax` proves its derivative. Those are {KNOWN}."),
    ],
)
def test_unknown_names(typed: str, message: str) -> None:
    with pytest.raises(NameUnknownError) as caught:
        named(typed)
    assert caught.value.message == message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("given_a", ["0.2", "1/5", ".2", Fraction(1, 5), 0.2, "+0.20"])
def test_parameters_as_typed(given_a: str | float | Fraction) -> None:
    assert activation("elu", a=given_a, confirmed=False).parameters == (("a", Fraction(1, 5)),)


NUMBER = "The parameter a must be a number such as 0.2 or 1/5, with at most nine digits on either side."


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("relu", {"a": "1"}, "relu has no parameter a. Those with one are elu (a = 1) and leaky_relu (a = 0.01)."),
        ("elu", {"b": "1"}, "elu has no parameter b. Those with one are elu (a = 1) and leaky_relu (a = 0.01)."),
        ("elu", {"a": "x"}, NUMBER),
        ("elu", {"a": ""}, NUMBER),
        ("elu", {"a": "1e999999999"}, NUMBER),
        ("elu", {"a": "1/0"}, NUMBER),
        ("elu", {"a": "9" * 10**6}, NUMBER),
        ("elu", {"a": math.nan}, NUMBER),
        ("elu", {"a": math.inf}, NUMBER),
        ("elu", {"a": "1001"}, "The parameter a must lie between −1000 and 1000."),
    ],
)
def test_refused_parameters(name: str, parameters: dict[str, str | float], message: str) -> None:
    with pytest.raises(InputError) as caught:
        activation(name, confirmed=False, **parameters)
    assert caught.value.message == message


@every
def test_json(derived: dict[str, Activation], name: str) -> None:
    found = json.loads(json.dumps(derived[name].to_dict(), allow_nan=False))
    assert found["name"] == name
    assert list(found["steps"][0]) == ["rule", "before", "after", "why"]
    assert found["confirmation"] is None
    for end in ("left", "right"):
        limit = found["limits"][end]
        assert (limit["decimal"] is None) is ("infty" in limit["latex"])


def test_json_of_sigmoid(derived: dict[str, Activation]) -> None:
    found = derived["sigmoid"].to_dict()
    quarter = {"decimal": 0.25, "latex": r"\frac{1}{4}", "exact": True}
    assert found["derivative"] == r"\sigma(x)(1 - \sigma(x))"
    assert found["largest_slope"] == {
        "value": quarter, "at": [{"decimal": 0.0, "latex": "0", "exact": True}], "along": [], "towards": [],
        "after_10_layers": 9.5367431640625e-07,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("number", "unicode", "latex", "ascii"),
    [
        (Number(-0.16997120748), "−0.16997", "-0.16997", "-0.16997"),
        (Number(math.inf), "∞", r"\infty", "inf"),
        (Number(-math.inf), "−∞", r"-\infty", "-inf"),
        (Number(2.5e-9), "2.5e−09", "2.5e-09", "2.5e-09"),
    ],
)
def test_numbers(number: Number, unicode: str, latex: str, ascii: str) -> None:
    assert [spelled(number, s) for s in (Style.UNICODE, Style.LATEX, Style.ASCII)] == [unicode, latex, ascii]


def test_in_a_notebook(derived: dict[str, Activation]) -> None:
    assert derived["tanh"]._repr_latex_() == r"$\displaystyle \tanh'(x) = 1 - \tanh(x)^{2}$"
