"""What the backward pass needs from the forward pass, read off the derived formulas: the names that occur in them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..derivation import jacobian
from ..networks.networks import Layer, Network
from ..networks.passes import network_passes
from ..networks.statements import text
from ..notation.written import Written
from .claims import Claim, Demonstration, Table
from .figures import at, decimal_text, slope_of

_SHAPES = {"z": ["m"], "delta": ["m"]}


def _names(tree: Written) -> set[str]:
    """The names in a formula."""
    own = {str(tree.value)} if tree.op == "name" else set()
    return own.union(*map(_names, tree.args))


def _shown(names: Iterable[str]) -> str:
    return ", ".join(text(Written("name", (), name)) for name in sorted(names)) or "none"


@cache
def caching() -> Demonstration:
    """Which values of the forward pass occur in the formulas of the backward pass, and the other way round."""
    layers = (Layer("d", "h", "sigmoid"), Layer("h", "k", "sigmoid"))
    passes = network_passes(Network(layers, "half-squared"))
    used = {s.name: _names(s.formula) for s in passes.statements}
    computed = {True: set[str](), False: set[str]()}  # forward, backward
    for s in passes.statements:
        computed[s.is_forward] |= _names(s.left) if s.left.op == "name" else set()
    forward, backward = (set.union(*(used[s.name] for s in part)) for part in (passes.forward, passes.backward))
    kept, back = backward & computed[True], forward & computed[False]
    others = (forward | backward) - computed[True] - computed[False] - set(passes.symbols)
    rows = tuple(("forward" if s.is_forward else "backward", s.text(), _shown(used[s.name] & computed[not s.is_forward]))
                 for s in passes.statements)
    claims = (
        Claim("forward-for-backward", "Values of the forward pass are kept, since the backward pass computes derivatives with them.",
              bool(kept), f"{_shown(kept)} of the forward pass occur in the formulas of the backward pass"),
        Claim("hyperparameters", "What is kept between the passes are hyperparameters.", bool(others),
              f"besides x, y, the weights and what the passes compute, the formulas have these names: {_shown(others)}"),
        Claim("backward-for-forward", "Values of the backward pass are kept for the forward pass.", bool(back),
              f"of the names that the backward pass computes, these occur in the formulas of the forward pass: {_shown(back)}"),
    )
    table = Table("a network of two layers, and the names in each formula that the other pass computed",
                  ("pass", "formula", "from the other pass"), rows)
    return Demonstration(
        "caching", "What is kept between the passes",
        "The formulas of the backward pass contain what went into each layer and what each activation was applied to; both were "
        "computed on the way forward and would have to be computed again if they were not kept.", claims, (table,),
        confirmation=passes.confirmation,
    )


@cache
def backward_activation() -> Demonstration:
    """The backward pass of a layer depends on its activation function."""
    names = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU"}
    derived = tuple((f"∂ℓ/∂z of {shown}", jacobian(f"delta^T {name}(z)", "z", shapes=_SHAPES, layout="denominator"))
                    for name, shown in names.items())
    points = (-1, 1, 3)
    rows = tuple((shown, *(decimal_text(at(slope_of(name), z)) for z in points)) for name, shown in names.items())
    differ = len({d.matrix for _, d in derived}) == len(names) and len({row[1:] for row in rows}) == len(names)
    claims = (
        Claim("needs-activation", "The backward pass of a layer has to know its activation function.", differ,
              "the same δ at the same z gives another gradient for each: " + ", ".join(d.matrix or "" for _, d in derived)),
    )
    table = Table("the factor f′(z) that a layer puts to the gradient", ("f", *(f"z = {z}".replace("-", "−") for z in points)), rows)
    return Demonstration("backward-activation", "The activation in the backward pass",
                         "∂ℓ/∂z = δ ⊙ f′(z): the derivative of the activation is a factor of the gradient.", claims, (table,), derived)


__all__ = ["backward_activation", "caching"]
