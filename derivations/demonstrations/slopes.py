"""What happens to gradients on their way back: saturation, signs, and connections that skip a layer."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from ..activations.activations import activation
from ..derivation import jacobian
from ..elements.symbolic import definition, library
from .claims import Claim, Demonstration, Table
from .figures import arguments_of_one, at, decimal_text, fraction_text, sign_at, sign_text, slope_of, vanishes

WEIGHTS = (Fraction(1), Fraction(5), Fraction(20))
DEPTHS = (1, 2, 4, 8)
NAMES = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU"}


def _slope_through(name: str, weight: Any, depth: int, start: int) -> Any:
    """The derivative of the last of `depth` units by the input: each unit is f(w a), so each layer gives a factor w f′(w a)."""
    value, slope = library().Integer(start), library().S.One
    for _ in range(depth):
        slope *= weight * at(slope_of(name), weight * value)
        value = at(definition(name), weight * value)
    return slope


def _slope(name: str) -> Any:
    """The derivative of an activation as SymPy writes it, for limits; for positive inputs, where ReLU is x."""
    sp, (x,) = library(), arguments_of_one()
    formula = definition(name)
    if isinstance(formula, sp.Piecewise):
        formula = next(value for value, condition in formula.args if condition.xreplace({x: sp.S.One}) == sp.true)
    return formula.diff(x)


@cache
def saturation() -> Demonstration:
    """Sigmoids and tanh pass hardly any gradient where their inputs are large."""
    sp, (x,) = library(), arguments_of_one()
    w, a = sp.Symbol("w", positive=True), sp.Symbol("a", positive=True)
    limits, rows = {}, []
    for name in ("sigmoid", "tanh", "relu"):
        limits[name] = sp.limit(w * _slope(name).xreplace({x: w * a}), w, sp.oo)
        for weight in WEIGHTS:
            passed = [decimal_text(_slope_through(name, weight, depth, 1)) for depth in DEPTHS]
            rows.append((NAMES[name], fraction_text(weight), *passed))
    steepest = activation("sigmoid", confirmed=False).curve.steepest.value
    claims = (
        Claim("large-weights", "With sigmoids, large positive weights make the gradient tiny.", limits["sigmoid"] == 0,
              f"a layer gives the factor w σ′(w a), whose limit for w → ∞ is {limits['sigmoid']} for every a > 0"),
        Claim("large-weights-tanh", "With tanh it is the same.", limits["tanh"] == 0,
              f"w tanh′(w a) tends to {limits['tanh']}, too"),
        Claim("depth", "With sigmoids and weights 1 every layer takes at least three quarters of the gradient.",
              steepest.exact is not None and bool(steepest.exact <= Fraction(1, 4)), f"the slope of σ is at most {steepest.exact}"),
        Claim("relu", "With ReLU, too, large positive weights make the gradient tiny.", limits["relu"] == 0,
              f"its slope is {at(slope_of('relu'), 1)} above 0 and {at(slope_of('relu'), -1)} below: units that are on "
              "pass the gradient as it is, units that are off pass none"),
    )
    table = Table("∂a_L/∂a₀ of L units in a row, a_l = f(w a_(l−1)) from a₀ = 1", ("f", "w", *(f"L = {d}" for d in DEPTHS)), tuple(rows))
    return Demonstration(
        "saturation", "Saturated units",
        "Where its input is large, the slope of σ and of tanh is almost 0, and backpropagation multiplies one slope for each layer; "
        "large weights make the inputs large.", claims, (table,),
    )


def _gradients_are_multiples() -> bool:
    """Whether ∂ℓ/∂w_i = ∂ℓ/∂b · a_i for a unit f(Σ w_i a_i + b), for any f and ℓ."""
    sp = library()
    w, a, b = sp.symbols("w_1:4", real=True), sp.symbols("a_1:4", real=True), sp.Symbol("b", real=True)
    loss = sp.Function("l")(sp.Function("f")(sum((p * q for p, q in zip(w, a, strict=True)), b)))
    return all(vanishes(loss.diff(w_i) - loss.diff(b) * a_i) for w_i, a_i in zip(w, a, strict=True))


@cache
def signs() -> Demonstration:
    """Inputs that all are positive give the gradients of a unit's weights one common sign."""
    multiples = _gradients_are_multiples()
    inputs = (Fraction(-2), Fraction(-1, 2), Fraction(1))
    rows, patterns = [], {}
    for name, shown in NAMES.items():
        outputs = [at(definition(name), z) for z in inputs]
        marks = [sign_at(a) for a in outputs]
        found = {tuple(delta * m for m in marks) for delta in (1, -1)}
        patterns[name] = found
        both = [" ".join(sign_text(delta * m) for m in marks) for delta in (1, -1)]
        rows.append((shown, ", ".join(decimal_text(a) for a in outputs), *both))
    one_sign = all(len(set(p)) == 1 for p in patterns["sigmoid"])
    means = {name: _mean_of_pair(name) for name in ("sigmoid", "tanh")}
    claims = (
        Claim("multiples", "The gradient by a weight is δ times the value that comes in: ∂ℓ/∂w_i = δ a_i.", multiples,
              "δ = ∂ℓ/∂b; the difference is 0 for every f and ℓ"),
        Claim("one-sign", "If everything that comes into a unit is positive, the gradients of its weights have one sign.",
              multiples and one_sign,
              f"the sign is that of δ: of {2 ** len(inputs)} patterns of signs, {len(patterns['sigmoid'])} can occur"),
        Claim("tanh-mixes", "Behind tanh the gradients of a unit's weights may have both signs.",
              multiples and any(len(set(p)) > 1 for p in patterns["tanh"]), "outputs of tanh have the signs of its inputs"),
        Claim("tanh-centred", "The outputs of tanh have a mean closer to 0 than those of sigmoid.",
              bool(abs(means["tanh"]) < abs(means["sigmoid"])),
              f"over z and −z the mean of tanh is {means['tanh']}, and that of σ is {means['sigmoid']}, at every z"),
        Claim("sigmoid-centred", "The outputs of sigmoid have mean 0.", bool(means["sigmoid"] == 0),
              f"over z and −z their mean is {means['sigmoid']}"),
    )
    table = Table("outputs of three units with inputs −2, −1/2 and 1, and the signs of the next unit's three gradients",
                  ("f", "outputs", "δ > 0", "δ < 0"), tuple(rows))
    return Demonstration(
        "signs", "Activations centred at zero",
        "Outputs of sigmoid are all positive, so in one step all weights of a unit in the next layer rise together or fall "
        "together, and a direction with mixed signs is only reached in a zigzag. Outputs around 0 do not have that.", claims, (table,),
    )


def _mean_of_pair(name: str) -> Any:
    """The mean of f(z) and f(−z), where SymPy finds it to be a number."""
    sp, (x,) = library(), arguments_of_one()
    f = definition(name)
    return sp.simplify((f + f.xreplace({x: -x})).rewrite(sp.exp)) / 2


@cache
def residual() -> Demonstration:
    """A connection that skips a layer adds the identity to its Jacobian."""
    plain = jacobian("f(x) = tanh(W x)", shapes={"W": ["d", "d"], "x": ["d"]})
    skip = jacobian("f(x) = x + tanh(W x)", shapes={"W": ["d", "d"], "x": ["d"]})
    sp = library()
    letters = [sp.Symbol(f"J_{k}", commutative=False) for k in (1, 2, 3)]
    with_skip, without = sp.expand(sp.Mul(*((1 + j) for j in letters))), sp.Mul(*letters)
    zero = dict.fromkeys(letters, 0)
    constant = (with_skip.xreplace(zero), without.xreplace(zero))
    slope, depths = Fraction(1, 10), (1, 2, 4, 8, 16)
    rows = tuple((str(n), decimal_text(slope**n), decimal_text((1 + slope) ** n)) for n in depths)
    j, n = sp.Symbol("j", positive=True), sp.Symbol("n", positive=True)
    gone = sp.limit((j / (1 + j)) ** n, n, sp.oo) == 0
    terms = len(with_skip.args)
    claims = (
        Claim("identity", "With a connection around it, a layer has the Jacobian I + J.", skip.matrix == f"I_d + {plain.matrix}",
              f"derived: {skip.matrix}, against {plain.matrix} without"),
        Claim("keeps-one", "Through several layers with such connections one path leaves the gradient as it is.",
              constant == (1, 0), f"(I + J₁)(I + J₂)(I + J₃) has {terms} terms, one of them I; J₁J₂J₃ is a single product, which is 0 "
              "where a factor is"),
        Claim("grows-apart", "The deeper the network, the larger the gradient with them is against that without.", bool(gone),
              "for slopes j > 0 of one unit a layer, (j / (1 + j))ⁿ tends to 0"),
    )
    table = Table(f"one unit a layer with slope j = {slope}: what L layers leave of the gradient", ("L", "jᴸ", "(1 + j)ᴸ"), rows)
    return Demonstration(
        "residual", "Residual connections",
        "y = x + g(x) has the Jacobian I + J, so the gradient also comes through unchanged, however small J is: a product of many "
        "small Jacobians vanishes, that of many I + J has the term I.", claims, (table,),
        (("a layer", plain), ("with a connection around it", skip)),
    )


__all__ = ["residual", "saturation", "signs"]
