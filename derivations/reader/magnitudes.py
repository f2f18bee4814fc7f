"""How large the exact numbers in a tree can become, found before anything computes them.

Works with logarithms only: 9**9**9**9 is never formed. Knows numbers, their sums, products and powers; everything that
holds a name counts as harmless.
"""

from __future__ import annotations

import math

from ..errors import LimitError
from .raw import Raw

MOST_BITS = 4096
MOST_DIGITS = 400
MOST_MATRIX_POWER = 64


def check_magnitudes(tree: Raw) -> None:
    """Refuse numbers of more than 4,096 bits, also as results of powers."""
    done: list[float | None] = []
    for node in tree.postorder():
        arity = len(node.args)
        args = done[len(done) - arity :] if arity else []
        del done[len(done) - arity :]
        bits = _bits(node, args)
        if bits is not None and bits > MOST_BITS:
            raise LimitError(f"This number would have more than {MOST_BITS:,} binary digits.", span=node.span)
        done.append(bits)


def _bits(node: Raw, args: list[float | None]) -> float | None:
    """A bound for the binary digits of a number's numerator and denominator; None for what is no exact number."""
    if node.op == "number":
        return _literal(str(node.value))
    if not args or any(a is None for a in args):
        return None
    known = [a for a in args if a is not None]
    if node.op == "neg":
        return known[0]
    if node.op in ("terms", "chain"):
        return sum(known) + (len(known) if node.op == "terms" else 0)
    if node.op == "raise":
        base, exponent = known
        if exponent > 64:
            return math.inf if base > 0 else 0.0
        return base * abs(_value(node.args[1]))
    return None


def _literal(text: str) -> float:
    mantissa, _, exponent = text.lower().partition("e")
    power = 0.0 if not exponent else float(exponent) if len(exponent) < 12 else math.inf
    digits = mantissa.replace(".", "").lstrip("0")
    places = len(mantissa.partition(".")[2])
    if not digits:
        return 0.0
    bits = math.log2(int(digits)) if len(digits) < 300 else len(digits) * math.log2(10)
    return bits + (abs(power) + places) * math.log2(10)


def _value(node: Raw) -> float:
    """A bound for the size of an exponent that is an exact number."""
    if node.op == "number":
        try:
            return float(str(node.value))
        except OverflowError:
            return math.inf
    if node.op == "neg":
        return _value(node.args[0])
    values = [_value(a) for a in node.args]
    if node.op == "terms":
        return sum(abs(v) for v in values)
    if node.op == "chain":
        result = abs(values[0])
        for sign, value in zip(node.value, values[1:], strict=True):
            result = result / abs(value) if sign == "/" and value else result * abs(value)
        return result
    if node.op == "raise":
        try:
            return float(abs(values[0]) ** values[1])
        except (OverflowError, ZeroDivisionError):
            return math.inf
    return math.inf
