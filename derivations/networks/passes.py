"""The forward and backward pass of a network of any depth, derived layer by layer and confirmed by JAX.

Every quantity has a name, and a statement speaks of the names before it, so time and size grow linearly with the depth; layers of one
structure share one derivation. A gradient has the shape of its parameter here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from ..elements.confirmation import Confirmation, confirm_many, seed_of
from ..elements.elements import Element, number, product
from ..elements.evaluation import Evaluator
from ..elements.functions import FUNCTIONS
from ..elements.meaning import Meaning
from ..elements.symbolic import derivative_element
from ..errors import InputError
from ..forms import building as b
from ..notation.written import Written
from ..sizes import Shape, Size, value_of
from .entries import renamed
from .layer_rules import BELOW, Frame, M, activation_of, gradient, hidden_delta, weighted
from .loss_rules import ONE_HOT, LossKind, check_loss, loss_statement, one_hot, output_delta, unit_axis
from .network_names import Naming, naming_of
from .networks import Network
from .statements import LOSS_NAME, Kind, Line, Passes, Statement, text

ACTIVATIONS = (*sorted(name for name, row in FUNCTIONS.items() if row.activation), "identity", "softmax")
POINTS = 3
_LARGEST_GIVEN = 6  # given sizes up to this are used for one of the confirmations
_FEW_LAYERS = 8
_SIZES = (3, 5, 2, 4)


def network_passes(network: Network, *, confirmed: bool = True, seed: int | None = None) -> Passes:
    """Derive both passes of a network.

    Args:
        network: layers, loss and conventions; its numbers are not used here.
        confirmed: whether JAX confirms every gradient, at random points of distinct sizes (and of the given sizes, if small).
        seed: of these points.

    Raises:
        InputError: an activation is unknown, or the loss does not fit the last layer.
        DefectError: two of our own results disagree.

    >>> from .networks import Layer
    >>> passes = network_passes(Network((Layer(2, 3, "sigmoid"), Layer(3, 1)), "half-squared"), confirmed=False)
    >>> print(passes.statement("delta_1").text())
    δ¹ = (W²)ᵀδ² ⊙ σ′(z¹)
    """
    _check(network)
    naming = naming_of(network)
    statements = tuple(_statements(network, naming))
    confirmation = _confirmed(network, naming, seed_of(repr(network.layers)) if seed is None else seed) if confirmed else None
    return Passes(network, statements, _symbols(network, naming), tuple(_notes(network, naming)), confirmation)


def _check(network: Network) -> None:
    for k, layer in enumerate(network.layers, 1):
        if layer.activation not in ACTIVATIONS:
            raise InputError(f"The activation of layer {k} is “{layer.activation}”; known are {', '.join(ACTIVATIONS)}.")
        if layer.activation == "softmax" and layer.outputs == 1:
            raise InputError(f"Layer {k} is a softmax of a single unit, whose output is always 1; it needs two units or more.")
    if network.loss != "none":
        check_loss(_loss(network), network.layers[-1].outputs)


def _loss(network: Network) -> LossKind:
    return LossKind(network.loss, network.layers[-1].activation, network.mean and network.batch != "one")


# -- statements ------------------------------------------------------------------------------------------------------


def _statements(network: Network, naming: Naming) -> Iterator[Statement]:
    """All statements in order: from x to ℒ, and back."""
    layers, letters = network.layers, naming.letters
    last = len(layers)

    def frame(first: int, to: int) -> Frame:
        return Frame(naming.convention, naming.batch, naming.single, tuple(naming.size(k) == 1 for k in range(first, to + 1)), letters)

    for k, layer in enumerate(layers, 1):
        yield _placed(weighted(frame(k - 1, k), layer.bias), naming, k - 1)
        yield _placed(activation_of(frame(k, k), layer.activation), naming, k)
    if network.loss == "none":
        return
    kind = _loss(network)
    yield _placed(loss_statement(frame(last, last), kind), naming, last)
    for k in range(last, 0, -1):
        if k == last:
            delta = output_delta(frame(k, k), kind)
        else:
            delta = hidden_delta(frame(k, k + 1), layers[k - 1].activation, layers[k].bias)
        yield _placed(delta, naming, k)
        for which in ("dW", "db") if layers[k - 1].bias else ("dW",):
            yield _placed(gradient(frame(k - 1, k), layers[k - 1].bias, which), naming, k - 1)
    yield _placed(gradient(frame(0, 1), layers[0].bias, "dx"), naming, 0)


def _placed(statement: Statement, naming: Naming, first: int) -> Statement:
    """A statement with the names and sizes of the layers it is about."""
    names: dict[str, str] = {}
    sizes: dict[Size, Size] = {M: naming.examples}
    general = replace(naming, sizes=(1,) * 3, first=BELOW)
    for k in range(first, min(first + 2, naming.last) + 1):
        names |= dict(zip(general.names(BELOW + k - first), naming.names(k), strict=True))
        sizes[f"n_{BELOW + k - first}"] = naming.size(k)
    words = _Words(names)

    known: dict[int, Written] = {}

    def tree(t: Written) -> Written:
        return renamed(t, names, sizes, known)

    layer = statement.layer - BELOW + first if statement.layer else 0
    return replace(
        statement, name=f"{statement.kind}_{layer}" if layer else statement.name, layer=layer, left=tree(statement.left),
        matrix=None if statement.matrix is None else tree(statement.matrix), entry_left=tree(statement.entry_left),
        entry=tree(statement.entry), shape=tuple(sizes.get(s, s) for s in statement.shape), why=words(statement.why),
        lines=tuple(Line(x.rule, tree(x.before), tree(x.after), words(x.why)) for x in statement.lines),
        means=None if statement.means is None else tree(statement.means),
    )


@lru_cache(maxsize=4096)
def _shown(name: str) -> str:
    return text(Written("name", (), name))


class _Words:
    """Names in sentences, in every spelling in which they occur there."""

    def __init__(self, names: Mapping[str, str]):
        self.pairs = []
        for old, new in names.items():
            shown = _shown(new)
            self.pairs += [(old, shown), (_shown(old), shown)]

    def __call__(self, sentence: str) -> str:
        for old, new in self.pairs:
            sentence = sentence.replace(old, new)
        return sentence


def _symbols(network: Network, naming: Naming) -> dict[str, Shape]:
    """What is given: x, the parameters, y."""
    trees = [naming.x]
    for k, layer in enumerate(network.layers, 1):
        trees += [naming.weight(k), naming.bias(k)] if layer.bias else [naming.weight(k)]
    if network.loss != "none":
        trees.append(naming.y)
    return {str(t.value): t.shape for t in trees}


def _notes(network: Network, naming: Naming) -> Iterator[str]:
    """The conventions that are used."""
    if network.loss != "none":
        yield "A gradient has the shape of its parameter here: ∂ℒ/∂W that of W."
    if network.convention == "WTx" and not naming.single:
        yield f"A weight matrix is inputs × outputs here, so a layer computes {'XW' if naming.batch == 'rows' else 'Wᵀx'} + b."
    if naming.batch != "one":
        yield f"Every {'column' if naming.batch == 'columns' else 'row'} of X, Y, Z, A and Δ is one of {naming.examples} examples; " \
              "the bias is added to each of them."
    for activation in dict.fromkeys(layer.activation for layer in network.layers):
        yield from _kinks(activation)
    if network.loss == "cross-entropy" and network.layers[-1].activation == "softmax":
        yield f"For cross-entropy behind softmax, {ONE_HOT}."


def _kinks(activation: str) -> Iterator[str]:
    """What the derivative counts as where it jumps."""
    row = FUNCTIONS.get(activation)
    for kink in row.kinks if row else ():
        value = Evaluator({}, {})(derivative_element(activation, [number(kink)], 0))
        slope = text(Written("call", (b.num(kink),), (activation, ("prime", 1))))
        yield f"{slope} does not exist (there is a kink); it counts as {float(value):.6g} here, by convention."


# -- confirmation ----------------------------------------------------------------------------------------------------


def _confirmed(network: Network, naming: Naming, seed: int) -> Confirmation | None:
    """Every gradient against JAX: of the printed formulas, for named sizes, at random points."""
    if network.loss == "none":
        return None
    sizes = tuple(s if s == 1 else f"n_{k}" for k, s in enumerate(naming.sizes))
    named = replace(naming, sizes=sizes, examples="m")
    definitions: list[tuple[str, Element]] = []
    claims: dict[str, list[str]] = {}
    for s in _statements(network, named):
        forms = [(False, s.matrix)] if s.is_forward else [(False, s.matrix), (True, s.entry)]
        for by_entry, tree in forms:
            if tree is None:
                continue
            name = str(s.left.value) if s.left.op == "name" and not by_entry else f"{text(s.left)}{' entry by entry' * by_entry}"
            definitions.append((name, _entries(s) if by_entry else Meaning().of(tree)))
            if not s.is_forward:
                by = s.means if s.means is not None else s.left
                claims.setdefault(str(by.args[1].value), []).append(name)
        if not s.is_forward and s.matrix is None:  # statements below speak of it by name
            definitions.append((str(s.left.value), _entries(s)))
    shapes = {str(t): tuple(x for x in shape if x != 1) for t, shape in _symbols(network, named).items()}
    assignments = list(_assignments(network, naming, sizes))
    return confirm_many(definitions, LOSS_NAME, claims, assignments, _Drawing(network, named, shapes), seed)


def element_of(statement: Statement) -> Element:
    """What a statement says, as an element; from its matrix form, or entry by entry where there is none."""
    return _entries(statement) if statement.matrix is None else Meaning().of(statement.matrix)


def _entries(statement: Statement) -> Element:
    """The general entry as a tensor on the axes of the quantity."""
    left = statement.entry_left
    entry = left.args[1] if left.op == "derivative" else left
    name, *indices = entry.args if entry.op == "entry" else (entry,)
    places = [(str(i.value), s) for i, s in zip(indices, name.shape, strict=False) if i.op == "index"]
    sizes: dict[Any, Size] = dict(places)
    lowered = Meaning(axes=dict(places), opened=True).lower(statement.entry)
    return product([x for x, _ in places], [(lowered.element, lowered.labels)], {**sizes, **lowered.sizes})


def _assignments(network: Network, naming: Naming, sizes: Sequence[Size]) -> Iterator[dict[str, int]]:
    """Distinct sizes for few layers, different ones for neighbours in a deep network; and the given ones, if they are small."""
    names = [s for s in sizes if isinstance(s, str)]
    pool = _SIZES if len(names) <= len(_SIZES) else (*_SIZES, 6, 7, 8, 9, 10) if len(names) <= _FEW_LAYERS else _SIZES
    yield {**{name: pool[k % len(pool)] for k, name in enumerate(names)}, "m": 4 if len(names) < 4 else 6}
    given = [s for s in naming.sizes if s != 1]
    if len(names) <= _FEW_LAYERS and all(isinstance(s, int) and s <= _LARGEST_GIVEN for s in given):
        yield {**{name: int(s) for name, s in zip(names, given, strict=True)}, "m": 3}
    elif len(names) <= _FEW_LAYERS:
        yield {**{name: pool[-1 - k] for k, name in enumerate(names)}, "m": 3}


class _Drawing:
    """Random points of a network: weights scaled with the number of inputs, so that nothing dies out or explodes with depth."""

    def __init__(self, network: Network, naming: Naming, shapes: Mapping[str, Shape]):
        self.shapes = shapes
        self.entropy = network.loss == "cross-entropy"
        self.softmax = network.layers[-1].activation == "softmax"
        self.axis = unit_axis(Frame(naming.convention, naming.batch, naming.single, ()))
        self.target = str(naming.y.value)
        self.weights = {str(naming.weight(k).value): naming.size(k - 1) for k in range(1, naming.last + 1)}

    def __call__(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> dict[str, Any]:
        values = {}
        for name, shape in self.shapes.items():
            extents = tuple(value_of(s, sizes) for s in shape)
            if name == self.target and self.entropy:
                values[name] = np.stack([one_hot(rng, extents, self.axis) if self.softmax else rng.uniform(0.1, 0.9, extents)
                                         for _ in range(POINTS)])
                continue
            values[name] = rng.normal(size=(POINTS, *extents))
            if name in self.weights:
                values[name] = (values[name] + 0.5) / np.sqrt(value_of(self.weights[name], sizes))
        return values


__all__ = ["ACTIVATIONS", "Kind", "Passes", "Statement", "element_of", "network_passes", "text"]
