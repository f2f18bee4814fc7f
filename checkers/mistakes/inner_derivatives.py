"""Whether a factor looks like a derivative: what is lost when the chain rule or half of the product rule is forgotten.

Only the structure is looked at: σ′(z), ∂a/∂z, σ(z)(1 − σ(z)), 1 − tanh² z, an indicator, or a factor of an inner argument, as the w
of w f(w x). Nothing is differentiated here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...derivations.notation.written import Written
from .rebuilding import PRODUCTS, SUMS, function_of, settings_of
from .slips import factors_of, is_constant

_DIFFERENTIAL = re.compile(r"d\w+_?/?d\w+\Z|.+'")
_DERIVATIVES = {"sin": ("cos",), "cos": ("sin",), "sinh": ("cosh",), "cosh": ("sinh",)}


def is_derivative(factor: Written) -> bool:
    """Whether a factor is a derivative by its looks."""
    if factor.op == "call":
        return "prime" in settings_of(factor)
    if factor.op == "name":
        return _DIFFERENTIAL.match(str(factor.value)) is not None
    if factor.op in ("indicator", "cases", "derivative"):
        return True
    return _is_tanh_derivative(factor)


def _is_tanh_derivative(factor: Written) -> bool:
    """1 − tanh² z, or 1 − h ⊙ h."""
    if factor.op != "sub" or not _is_one(factor.args[0]):
        return False
    square = factor.args[1]
    if square.op in ("power", "entrypower") and square.args[1].value == "2":
        base = square.args[0]
        return function_of(base) == "tanh" or (base.op == "name" and not base.is_scalar)
    return square.op == "hadamard" and square.args[0] == square.args[1]


def _is_one(tree: Written) -> bool:
    return tree.op == "ones" or (tree.op == "number" and tree.value == "1")


def complement_of(factor: Written) -> Written | None:
    """The s of 1 − s."""
    return factor.args[1] if factor.op == "sub" and _is_one(factor.args[0]) else None


def is_inner(factor: Written, beside: Sequence[Written]) -> bool:
    """Whether a factor is the derivative of an inner argument of a factor beside it: w beside f(w x), x beside (w x − y)²,
    or beside cos x²."""
    bare = factor.args[0] if factor.op == "transpose" else factor
    if _function(bare) == "exp":
        return any(_has_term(argument, bare) for other in beside for argument in _arguments(other))
    if bare.op not in ("name", "entry", "call") or is_constant(bare):
        return False
    return any(_holds_times(argument, bare) for other in beside for argument in _arguments(other))


def _arguments(tree: Written) -> list[Written]:
    """What is inside of the functions and powers of a factor; a bracketed sum comes from a square of it."""
    if tree.op in SUMS:
        return [tree]
    found: list[Written] = []
    for node in tree.walk():
        if node.op in ("call", "norm", "cases", "indicator"):
            found.extend(node.args)
        elif node.op in ("power", "entrypower"):
            found.append(node.args[0] if is_constant(node.args[1]) else node.args[1])
    return found


def _function(tree: Written) -> str:
    """The function of a call; e^x is exp as well."""
    return "exp" if tree.op == "power" and tree.args[0].op == "constant" else function_of(tree)


def _has_term(argument: Written, term: Written) -> bool:
    while argument.op in SUMS:
        if argument.args[1] == term:
            return True
        argument = argument.args[0]
    return argument == term


def _holds_times(argument: Written, factor: Written) -> bool:
    """Whether an argument has a term in which a factor stands beside something else, or is raised to a power."""
    todo = [argument]
    while todo:
        node = todo.pop()
        if node.op in SUMS or node.op in ("neg", "divide"):
            todo.extend(node.args if node.op != "divide" else node.args[:1])
        elif node.op in PRODUCTS:
            factors = [f.args[0] if f.op == "transpose" else f for f in factors_of(node)]
            if factor in factors and any(f != factor and not is_constant(f) for f in factors):
                return True
            todo.extend(f for f in factors if f.op in ("power", "entrypower"))
        elif node.op in ("power", "entrypower") and node.args[0] == factor and is_constant(node.args[1]):
            return True
    return False


def is_half_of_product_rule(one: Written, other: Written) -> bool:
    """Whether two terms are u′v and u v′ of one product, with v′ in plain view: σ(x) + x σ′(x), sin x + x cos x."""
    return any(_halves(a, b) for a, b in ((one, other), (other, one)))


def _halves(differentiated: Written, kept: Written) -> bool:
    """u′v and u v′: the v of the first is differentiated in the second, where u stands beside it."""
    first, second = factors_of(differentiated), factors_of(kept)
    for function in first:
        name = _function(function)
        rest = [f for f in second if not name or not _in_derivative(f, function, name)]
        if len(rest) < len(second):
            u = [f for f in rest if not is_constant(f)]
            du = [f for f in first if f is not function and not is_constant(f)]
            if len(u) == 1 and _is_derivative_of(du, u[0]):
                return True
    return False


def _is_derivative_of(factors: Sequence[Written], u: Written) -> bool:
    """Whether factors are, but for numbers, the derivative of a name or of one of its powers."""
    if u.op == "name":
        return not factors
    if u.op == "power" and is_constant(u.args[1]):
        return len(factors) == 1 and u.args[0] in (factors[0], *factors[0].args[:1])
    return False


def _in_derivative(factor: Written, function: Written, name: str) -> bool:
    """Whether a factor belongs to the derivative of a function of the same argument."""
    inner = _function(factor)
    if name == inner == "exp":
        return factor == function
    if inner and factor.args == function.args and settings_of(factor).get("prime") and inner == name:
        return not settings_of(function)
    if inner in _DERIVATIVES.get(name, ()) and factor.args == function.args:
        return True
    return complement_of(factor) == function and name == "sigmoid"


__all__ = ["complement_of", "is_derivative", "is_half_of_product_rule", "is_inner"]
