"""Building written forms: matrix notation with its shapes, put together the way a person would write it.

Transposes move inwards over products, a double transpose goes, a factor 1 is not written. Nothing is expanded or
reordered beyond that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..notation.written import SCALAR, Written
from ..sizes import Shape, Size

ONE = Written("number", value="1")
ZERO = Written("number", value="0")
LONGEST_DENOMINATOR = 10**9  # beyond it a constant, such as SELU's, is a decimal: nobody reads it as a fraction


def num(value: Fraction | int) -> Written:
    """A rational number as written: an integer, or a quotient of integers, negative ones with a minus before."""
    value = Fraction(value)
    if value < 0:
        return neg(num(-value))
    if value.denominator > LONGEST_DENOMINATOR:
        return Written("number", value=f"{float(value):.15g}") if abs(value) >= Fraction(1, 10_000) else _quotient(value)
    return _quotient(value)


def top_and_bottom(value: Fraction) -> tuple[list[Written], list[Written]]:
    """A positive number as what stands above and below a line; ones are not written."""
    if value.denominator > LONGEST_DENOMINATOR:
        return [num(value)], []
    return ([num(value.numerator)] if value.numerator != 1 else []), ([num(value.denominator)] if value.denominator != 1 else [])


def _quotient(value: Fraction) -> Written:
    top = Written("number", value=str(value.numerator))
    if value.denominator == 1:
        return top
    return Written("divide", (top, Written("number", value=str(value.denominator))))


def is_one(tree: Written) -> bool:
    return tree.op == "number" and tree.value == "1"


def neg(a: Written) -> Written:
    """−a; −(−a) is a, and the minus stands before a product."""
    if a.op == "neg":
        return a.args[0]
    return Written("neg", (a,), None, a.shape)


def scale(a: Written, b: Written) -> Written:
    """A number times something, the number first."""
    if is_one(a):
        return b
    if is_one(b):
        return a
    if a.op == "neg":
        return neg(scale(a.args[0], b))
    if b.op == "neg":
        return neg(scale(a, b.args[0]))
    if not a.is_scalar:
        a, b = b, a
    return Written("scale", (a, b), None, b.shape)


def divide(a: Written, b: Written) -> Written:
    """a / b for a number b."""
    if is_one(b):
        return a
    if a.op == "neg":
        return neg(divide(a.args[0], b))
    return Written("divide", (a, b), None, a.shape)


def oslash(a: Written, b: Written) -> Written:
    """a ⊘ b entry by entry; a may be a number."""
    if b.is_scalar:
        return divide(a, b)
    if a.op == "neg":
        return neg(oslash(a.args[0], b))
    return Written("oslash", (a, b), None, b.shape)


def hadamard(parts: Sequence[Written]) -> Written:
    """Entry by entry, in the order given."""
    result = parts[0]
    for p in parts[1:]:
        result = _signed("hadamard", result, p, p.shape)
    return result


def _signed(op: str, a: Written, b: Written, shape: Shape) -> Written:
    """A product of two with their signs in front of it."""
    if a.op == "neg":
        return neg(_signed(op, a.args[0], b, shape))
    if b.op == "neg":
        return neg(_signed(op, a, b.args[0], shape))
    return Written(op, (a, b), None, shape)


def chain(parts: Iterable[Written]) -> list[Written]:
    """The factors of matrix products, from left to right; bracketing does not matter to their value."""
    result: list[Written] = []
    todo = list(parts)[::-1]
    while todo:
        p = todo.pop()
        if p.op == "matmul":
            todo.extend(reversed(p.args))
        elif p.op == "matrixpower" and p.args[1].op == "number" and p.args[1].value in ("2", "3", "4"):
            result.extend([p.args[0]] * int(str(p.args[1].value)))
        else:
            result.append(p)
    return result


def polished(tree: Written) -> Written:
    """The same, as it is written in the end: products from left to right, runs of a square factor as its power.

    2(Xᵀ(Xw − y)) becomes 2Xᵀ(Xw − y), XᵀXᵀA becomes (X²)ᵀA.
    """
    if not tree.args:
        return tree
    if tree.op not in ("matmul", "scale"):
        args = tuple(polished(a) for a in tree.args)
        return tree if all(x is y for x, y in zip(args, tree.args, strict=True)) else replace(tree, args=args)
    numbers, factors = _product_parts(tree)
    runs: list[tuple[Written, int]] = []
    for f in factors:
        if runs and runs[-1][0] == f and f.shape[0] == f.shape[1]:
            runs[-1] = (f, runs[-1][1] + 1)
        else:
            runs.append((f, 1))
    parts = [polished(n) for n in numbers]
    parts += [polished(f) if count == 1 else _matrix_power(polished(f), count) for f, count in runs]
    result = parts[0]
    for f in parts[1:]:
        if result.is_scalar or f.is_scalar:
            result = Written("scale", (result, f), None, result.shape if f.is_scalar else f.shape)
        else:
            result = Written("matmul", (result, f), None, (result.shape[0], f.shape[1]))
    return result


def _product_parts(tree: Written) -> tuple[list[Written], list[Written]]:
    """The numbers before a product, and the factors of the product; a product that is a number itself is one number."""
    numbers: list[Written] = []
    while tree.op == "scale":
        left, right = tree.args
        if left.is_scalar and right.is_scalar:
            inner, factors = _product_parts(right)
            if right.op == "scale":
                return [*numbers, *_numbers(left), *inner], factors
            return [*numbers, *_numbers(left)], [right] if right.op != "matmul" else chain([right])
        number, tree = (left, right) if left.is_scalar else (right, left)
        numbers.extend(_numbers(number))
    return numbers, chain([tree])


def _numbers(tree: Written) -> list[Written]:
    if tree.op == "scale":
        return [n for a in tree.args for n in _numbers(a)]
    return [tree]


def _matrix_power(base: Written, count: int) -> Written:
    if base.op == "transpose":
        return Written("transpose", (_matrix_power(base.args[0], count),), None, base.shape)
    if base.op == "inverse":
        return Written("matrixpower", (base.args[0], num(-count)), None, base.shape)
    return Written("matrixpower", (base, num(count)), None, base.shape)


def matmul(*parts: Written) -> Written:
    """A matrix product, written from left to right without inner brackets; identities are left out, numbers go first."""
    factors: list[Written] = []
    numbers: list[Written] = []
    sign = 1
    for p in chain(parts):
        if p.op == "neg":
            sign, p = -sign, p.args[0]
        if p.op == "scale" and p.args[0].is_scalar and p.op == "scale":
            numbers.append(p.args[0])
            factors.extend(chain([p.args[1]]))
        elif p.op == "identity" and p.shape[0] == p.shape[1] and len(list(parts)) > 1:
            continue
        else:
            factors.append(p)
    if not factors:
        factors = [parts[0]]
    result = factors[0]
    for f in factors[1:]:
        result = Written("matmul", (result, f), None, (result.shape[0], f.shape[1]))
    for n in reversed(numbers):
        result = scale(n, result)
    return neg(result) if sign < 0 else result


def transpose(a: Written) -> Written:
    """aᵀ, moved inwards over products; what does not see a transpose stays."""
    flipped = (a.shape[1], a.shape[0])
    if a.is_scalar:
        return a
    if a.op == "transpose":
        return a.args[0]
    if a.op == "neg":
        return neg(transpose(a.args[0]))
    if a.op == "matmul":
        return matmul(*(transpose(f) for f in reversed(chain([a]))))
    if a.op == "scale":
        return scale(a.args[0], transpose(a.args[1]))
    if a.op == "divide":
        return divide(transpose(a.args[0]), a.args[1])
    if a.op == "identity" or (a.op == "call" and a.value == "diag" and a.shape[0] == a.shape[1]):
        return a
    if a.op in ("ones", "zeros"):
        return Written(a.op, (), a.value, flipped)
    if a.op in ("add", "sub") and all(x.op == "matmul" and x.shape[1] != 1 for x in a.args):
        return Written(a.op, tuple(transpose(x) for x in a.args), None, flipped)
    return Written("transpose", (a,), None, flipped)


def add(parts: Sequence[Written]) -> Written:
    """A sum from left to right; a term with a minus is subtracted, and one without goes first if there is any."""
    parts = list(parts)
    if parts[0].op == "neg":
        first = next((k for k, p in enumerate(parts) if p.op != "neg"), 0)
        parts.insert(0, parts.pop(first))
    result = parts[0]
    for p in parts[1:]:
        shape = result.shape if not result.is_scalar else p.shape
        if p.op == "neg":
            result = Written("sub", (result, p.args[0]), None, shape)
        else:
            result = Written("add", (result, p), None, shape)
    return result


def call(name: str, *args: Written, shape: Shape | None = None) -> Written:
    """A function of its arguments; entry by entry unless a shape says otherwise."""
    return Written("call", args, name, shape if shape is not None else max((a.shape for a in args), key=_entries, default=SCALAR))


def _entries(shape: Shape) -> int:
    return sum(s != 1 for s in shape)


def diag(column: Written) -> Written:
    """The diagonal matrix of a column."""
    n = column.shape[0]
    if column.op == "ones":
        return identity(n)
    if column.op == "neg":
        return neg(diag(column.args[0]))
    if column.op == "scale":
        return scale(column.args[0], diag(column.args[1]))
    if column.op == "divide":
        return divide(diag(column.args[0]), column.args[1])
    return call("diag", column, shape=(n, n))


def diagonal(matrix: Written) -> Written:
    """The diagonal of a square matrix, as a column."""
    return call("diagonal", matrix, shape=(matrix.shape[0], 1))


def identity(n: Size) -> Written:
    return Written("identity", (), None, (n, n))


def ones(rows: Size, columns: Size = 1) -> Written:
    return Written("ones", (), None, (rows, columns))


def power(base: Written, exponent: Fraction) -> Written:
    """base^exponent entry by entry: numbers, columns and matrices."""
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return call("sqrt", base)
    op = "power" if base.shape[1] == 1 or base.shape[0] == 1 else "entrypower"
    return Written(op, (base, num(exponent)), None, base.shape)


def leaves(tree: Written) -> int:
    """How long something is to write: its number of parts."""
    return sum(1 for _ in tree.walk())
