"""Layers one after another: linear ones are one linear layer, others are not, and what one unit computes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from ..derivation import jacobian
from ..elements.symbolic import definition, library
from ..networks.network_values import network_values
from ..networks.networks import Layer, Network
from .claims import Claim, Demonstration, Table
from .figures import at, decimal_text, fraction_text, rational

_SHAPES = {"W_1": ["h", "d"], "b_1": ["h"], "W_2": ["k", "h"], "b_2": ["k"], "x": ["d"]}


@cache
def linear_layers() -> Demonstration:
    """Linear layers compose to one linear layer; with an activation between them they do not."""
    linear = jacobian("f(x) = W_2 (W_1 x + b_1) + b_2", "x", shapes=_SHAPES)
    curved = jacobian("f(x) = W_2 tanh(W_1 x + b_1) + b_2", "x", shapes=_SHAPES)
    one_layer = "x" not in linear.derived.names
    bent = "x" in curved.derived.names
    rows = []
    for shown, name in (("no activation", None), ("tanh", "tanh"), ("σ", "sigmoid")):
        values = [rational(z) if name is None else at(definition(name), z) for z in (0, 1, 2)]
        rows.append((shown, *(decimal_text(v) for v in values)))
    claims = (
        Claim("compose", "Linear layers without activations in between are one linear layer.", one_layer,
              f"the Jacobian of two of them is {linear.matrix}, the same at every x: one layer with the weights {linear.matrix}"),
        Claim("activation-bends", "With an activation between them, layers are more than a linear layer.", bent,
              f"the Jacobian is then {curved.matrix}, which changes with x"),
        Claim("deeper-is-richer", "More linear layers can represent more functions than one.", not one_layer,
              "however many there are, W x + b is all they can be"),
    )
    table = Table("a unit at three inputs of equal distance: a straight line rises as much as it rose before",
                  ("f", "f(0)", "f(1)", "f(2)"), tuple(rows))
    return Demonstration(
        "linear-layers", "Layers without activations",
        "W₂(W₁x + b₁) + b₂ is linear in x again, so depth gains nothing. The activation in between is what lets a network bend.",
        claims, (table,), (("two linear layers", linear), ("with tanh between them", curved)),
    )


def _by_loops(W: list[list[Any]], A: list[list[Any]]) -> list[list[Any]]:
    """A layer's sums, one unit and one example at a time."""
    return [[sum(w * a[k] for w, a in zip(row, A, strict=True)) for k in range(len(A[0]))] for row in W]


@cache
def loops() -> Demonstration:
    """One matrix product does all units and examples of a layer; layers with activations have to wait for each other."""
    sp = library()
    W = [[sp.Symbol(f"w_{i}{j}") for j in range(1, 4)] for i in range(1, 3)]
    A = [[sp.Symbol(f"a_{j}{k}") for k in range(1, 3)] for j in range(1, 4)]
    at_once = sp.Matrix(W) * sp.Matrix(A)
    same = sp.Matrix(_by_loops(W, A)) == at_once
    relu = [at(definition("relu"), at(definition("relu"), z) - 1) for z in (0, 1, 2)]
    merges = relu[0] + relu[2] - 2 * relu[1] == 0
    chain = jacobian("f(a) = sigmoid(W a)", "a", shapes={"W": ["d", "d"], "a": ["d"]})
    waits = "a" in chain.derived.names
    claims = (
        Claim("over-units", "One matrix product computes all units of a layer, for all examples, without a loop.", same,
              "entry by entry, WA is what the loops over units and examples give"),
        Claim("over-layers", "One matrix product computes all layers, without a loop over them.", merges and not waits,
              f"two layers ReLU(ReLU(x) − 1) give {', '.join(map(str, relu))} at 0, 1, 2, which no linear map does; a layer needs "
              "the values of the layer before, so the layers come one after another"),
    )
    table = Table("what is computed at once", ("over", "in one product", "why"), (
        ("units", "yes" if same else "no", "rows of W"), ("examples", "yes" if same else "no", "columns of A"),
        ("layers", "yes" if merges else "no", "each needs the activations of the one before"),
    ))
    return Demonstration(
        "loops", "Layers and loops",
        "A matrix product replaces the loops over units and examples. Over the layers a loop remains, since between two "
        "products stands an activation.", claims, (table,), (("a layer by what it gets", chain),),
    )


_WEIGHTS, _BIAS = (Fraction(3), Fraction(1)), Fraction(-2)
_INPUTS = ((Fraction(2), Fraction(-1)), (Fraction(-1), Fraction(4)))
_READINGS: dict[str, tuple[str, Callable[[Any, Sequence[Fraction]], Any]]] = {
    "linear-first": ("a linear function Wx + b, and of its result the activation", lambda f, x: at(f, _sum(x))),
    "activation-first": ("the activation of the inputs, and of that a linear function", lambda f, x: _sum([at(f, x_i) for x_i in x])),
    "only-linear": ("a linear function of the inputs alone", lambda f, x: _sum(x)),
    "mean-first": ("the mean of the inputs, and of that the activation", lambda f, x: at(f, sum(x, Fraction(0)) / len(x))),
}


def _sum(x: Sequence[Any]) -> Any:
    """wᵀx + b."""
    return rational(_BIAS) + library().Add(*(rational(w) * rational(x_i) for w, x_i in zip(_WEIGHTS, x, strict=True)))


@cache
def neuron() -> Demonstration:
    """What one unit computes, by the definition of a layer, against other readings of it."""
    unit = Network((Layer(2, 1, "relu"),), weights={1: (_WEIGHTS,)}, biases={1: (_BIAS,)}, inputs=_INPUTS)
    values = network_values(unit)
    wanted = [values.table("a_1", k).rows[0][0].rational for k in range(1, len(_INPUTS) + 1)]
    shown = ", ".join("no fraction" if value is None else fraction_text(value) for value in wanted)
    claims, rows = [], []
    for name, (words, reading) in _READINGS.items():
        found = [rational(reading(definition("relu"), x)) for x in _INPUTS]
        texts = [decimal_text(value) for value in found]
        agrees = all(w is not None and bool(v == rational(w)) for v, w in zip(found, wanted, strict=True))
        claims.append(Claim(name, f"A unit computes {words}.", agrees,
                            f"at the two inputs below that is {', '.join(texts)}; a layer gives {shown}"))
        rows.append((words, *texts))
    heads = [f"x = ({', '.join(map(fraction_text, x))})" for x in _INPUTS]
    table = Table(f"w = ({', '.join(map(fraction_text, _WEIGHTS))}), b = {fraction_text(_BIAS)}, ReLU", ("reading", *heads), tuple(rows))
    return Demonstration("neuron", "What a unit computes", "z = Wx + b, then a = f(z): first the weighted sum, then the activation.",
                         tuple(claims), (table,))


__all__ = ["linear_layers", "loops", "neuron"]
