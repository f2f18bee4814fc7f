"""An evaluator of written forms on nested lists of mpmath numbers, 100 digits, that shares nothing with the judge.

It walks the tree as the docstring of `written.py` defines it: every value is a list of rows. What is not defined at a
point (log of a negative number, a quotient by zero, a singular inverse) is NaN in the entries concerned; what cannot be
told at this precision (a comparison that rounding decides, numbers beyond any use) raises `UnableError`, and the point
gives no vote. It knows no elements, no simplification and no point selection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from typing import Any

from mpmath import MPContext

from hwcheck.derivations.notation.written import Written

mp = MPContext()
mp.dps = 100
NAN, ZERO, ONE = mp.nan, mp.mpf(0), mp.mpf(1)
NOISE = mp.mpf(10) ** -75  # below it a difference is rounding
BEYOND = mp.mpf(10) ** 5  # exponents beyond it are of no use to anybody

Number = Any
Rows = list[list[Number]]
Indices = dict[str, int]


class UnableError(Exception):
    """This point gives no vote: rounding would decide, or the evaluator has no rule."""


class IllTypedError(UnableError):
    """The shapes of an operation do not fit."""


def real(value: Fraction | int | str) -> Number:
    """A rational number at full precision."""
    value = Fraction(value)
    return mp.mpf(value.numerator) / value.denominator


def count(size: int | str, sizes: Mapping[str, int]) -> int:
    """The number that a size such as "2*n+m" stands for."""
    if isinstance(size, int):
        return size
    return sum(prod(int(f) if f.isdigit() else sizes[f] for f in term.split("*")) for term in size.split("+"))


def bad(x: Number) -> bool:
    return bool(mp.isnan(x) or mp.isinf(x))


@dataclass(slots=True)
class Ties:
    """How often two numbers that were compared were equal: such a point lies at a kink."""

    count: int = 0


TIES = Ties()


def order(a: Number, b: Number) -> int:
    """−1, 0 or 1; never decided by rounding."""
    gap = a - b
    if gap == 0:
        TIES.count += 1
        return 0
    if abs(gap) < NOISE * (1 + abs(a) + abs(b)):
        raise UnableError("rounding would decide a comparison")
    return 1 if gap > 0 else -1


# Functions of numbers; each may take NaN for granted: `entrywise` lets none through.


def divided(a: Number, b: Number) -> Number:
    if b == 0:
        return NAN
    if abs(b) < NOISE:
        raise UnableError("a divisor that may be zero")
    return a / b


def exp(x: Number) -> Number:
    if abs(x) > BEYOND:
        raise UnableError("an exponent beyond use")
    return mp.exp(x)


def log(x: Number) -> Number:
    return mp.log(x) if order(x, ZERO) > 0 else NAN


def power(base: Number, exponent: Number) -> Number:
    if mp.isint(exponent):
        n = int(exponent)
        if abs(n) > 1000:
            raise UnableError("an exponent beyond use")
        if n == 0 and base == 0:
            raise UnableError("0^0 is a convention")
        return divided(ONE, base ** (-n)) if n < 0 else base**n
    if base == 0:
        return ZERO if exponent > 0 else NAN
    if order(base, ZERO) < 0:
        return NAN
    return exp(exponent * mp.log(base))


def sqrt(x: Number) -> Number:
    return NAN if x != 0 and order(x, ZERO) < 0 else mp.sqrt(x)


def inside(low: int, high: int, function: Callable[[Number], Number]) -> Callable[[Number], Number]:
    return lambda x: function(x) if order(x, mp.mpf(low)) > 0 and order(x, mp.mpf(high)) < 0 else NAN


def sigmoid(x: Number) -> Number:
    return 1 / (1 + exp(-x))


def softplus(x: Number) -> Number:
    return mp.log(1 + exp(x))


def relu(x: Number) -> Number:
    return x if order(x, ZERO) > 0 else ZERO


def clipped(x: Number, low: int, high: int) -> Number:
    return mp.mpf(low) if order(x, mp.mpf(low)) <= 0 else mp.mpf(high) if order(x, mp.mpf(high)) >= 0 else x


def elu(x: Number, a: Number = ONE) -> Number:
    return x if order(x, ZERO) > 0 else a * (exp(x) - 1)


def selu(x: Number) -> Number:
    scale, alpha = real("1.0507009873554804934193349852946"), real("1.6732632423543772848170429916717")
    return scale * elu(x, alpha)


def pole_free_tan(x: Number) -> Number:
    return divided(mp.sin(x), mp.cos(x))


# fmt: off
SCALAR: dict[str, Callable[..., Number]] = {
    "exp": exp, "expm1": lambda x: exp(x) - 1, "log": log, "log2": lambda x: log(x) / mp.log(2), "log10": lambda x: log(x) / mp.log(10),
    "log1p": lambda x: log(1 + x), "sqrt": sqrt, "cbrt": lambda x: power(x, ONE / 3), "sin": mp.sin, "cos": mp.cos, "tan": pole_free_tan,
    "sinh": lambda x: (exp(x) - exp(-x)) / 2, "cosh": lambda x: (exp(x) + exp(-x)) / 2,
    "tanh": lambda x: 1 - 2 / (exp(2 * x) + 1), "arcsin": inside(-1, 1, mp.asin), "arccos": inside(-1, 1, mp.acos), "arctan": mp.atan,
    "arcsinh": mp.asinh, "arccosh": lambda x: mp.acosh(x) if order(x, ONE) > 0 else NAN, "arctanh": inside(-1, 1, mp.atanh),
    "erf": mp.erf, "abs": abs, "sign": lambda x: mp.mpf(order(x, ZERO)), "step": lambda x: ONE if order(x, ZERO) > 0 else ZERO,
    "sigmoid": sigmoid, "relu": relu, "leaky_relu": lambda x, a=None: x if order(x, ZERO) > 0 else (real("0.01") if a is None else a) * x,
    "elu": elu, "selu": selu, "softplus": softplus, "softsign": lambda x: x / (1 + abs(x)), "silu": lambda x: x * sigmoid(x),
    "gelu": lambda x: x * (1 + mp.erf(x / mp.sqrt(2))) / 2, "mish": lambda x: x * SCALAR["tanh"](softplus(x)),
    "relu6": lambda x: clipped(x, 0, 6), "hardtanh": lambda x: clipped(x, -1, 1), "hardsigmoid": lambda x: clipped(x, -3, 3) / 6 + ONE / 2,
    "maximum": lambda a, b: a if order(a, b) > 0 else b, "minimum": lambda a, b: a if order(a, b) < 0 else b,
}
# fmt: on

COMPARISONS: dict[str, Callable[[int], bool]] = {
    "<": lambda o: o < 0, "<=": lambda o: o <= 0, ">": lambda o: o > 0, ">=": lambda o: o >= 0, "=": lambda o: o == 0,
    "!=": lambda o: o != 0,
}  # fmt: skip


def entrywise(function: Callable[..., Number], rows: int, columns: int, *parts: Rows) -> Rows:
    """A function in every entry; parts with one row or column are repeated, NaN stays NaN."""
    for part in parts:
        if len(part) not in (1, rows) or len(part[0]) not in (1, columns):
            raise IllTypedError("shapes that do not fit entry by entry")

    def at(i: int, j: int) -> Number:
        values = [p[i if len(p) > 1 else 0][j if len(p[0]) > 1 else 0] for p in parts]
        return NAN if any(bad(v) for v in values) else function(*values)

    return [[at(i, j) for j in range(columns)] for i in range(rows)]


# Functions of whole lists and matrices


def softmax(line: Sequence[Number]) -> list[Number]:
    powers = [exp(x) for x in line]
    return [p / sum(powers) for p in powers]


def logsumexp(line: Sequence[Number]) -> Number:
    return mp.log(sum(exp(x) for x in line))


def largest(line: Sequence[Number]) -> Number:
    best = line[0]
    for x in line[1:]:
        best = x if order(x, best) > 0 else best
    return best


REDUCTIONS: dict[str, Callable[[Sequence[Number]], Number]] = {
    "sum": lambda line: sum(line, ZERO),
    "mean": lambda line: sum(line, ZERO) / len(line),
    "prod": lambda line: mp.fprod(line),
    "max": largest,
    "min": lambda line: -largest([-x for x in line]),
    "logsumexp": logsumexp,
}
ALONG: dict[str, Callable[[Sequence[Number]], list[Number]]] = {
    "softmax": softmax,
    "log_softmax": lambda line: [x - logsumexp(line) for x in line],
    "cumsum": lambda line: [sum(line[: k + 1], ZERO) for k in range(len(line))],
}


def product(a: Rows, b: Rows) -> Rows:
    if len(a[0]) != len(b):
        raise IllTypedError("columns that do not match rows")
    columns = list(zip(*b, strict=True))
    return [[mp.fdot(zip(row, column, strict=True)) for column in columns] for row in a]


def turned(a: Rows) -> Rows:
    return [list(row) for row in zip(*a, strict=True)]


def unit(n: int) -> Rows:
    return [[ONE if i == j else ZERO for j in range(n)] for i in range(n)]


def eliminated(a: Rows, right: Rows) -> tuple[Number, Rows]:
    """The determinant of a, and what Gauss–Jordan elimination makes of `right`: a⁻¹ times it (NaN where singular)."""
    n = len(a)
    if n != len(a[0]):
        raise IllTypedError("a matrix that is not square")
    if any(bad(x) for row in a for x in row):
        return NAN, [[NAN] * len(right[0]) for _ in range(n)]
    work, determinant = [list(x) + list(y) for x, y in zip(a, right, strict=True)], ONE
    size = max(abs(x) for row in a for x in row)
    for k in range(n):
        pivot = max(range(k, n), key=lambda r: abs(work[r][k]))
        if abs(work[pivot][k]) <= NOISE * size:
            return ZERO, [[NAN] * len(right[0]) for _ in range(n)]
        if pivot != k:
            work[k], work[pivot], determinant = work[pivot], work[k], -determinant
        determinant *= work[k][k]
        head = work[k][k]
        work[k] = [x / head for x in work[k]]
        for r in range(n):
            if r != k and work[r][k] != 0:
                factor = work[r][k]
                work[r] = [x - factor * y for x, y in zip(work[r], work[k], strict=True)]
    return determinant, [row[n:] for row in work]


def inverted(a: Rows) -> Rows:
    return eliminated(a, unit(len(a)))[1]


def determinant(a: Rows) -> Number:
    return eliminated(a, [[] for _ in a])[0] if a else ONE


def repeated(a: Rows, times: int) -> Rows:
    result = unit(len(a))
    for _ in range(abs(times)):
        result = product(result, a)
    return inverted(result) if times < 0 else result


@dataclass(slots=True)
class Evaluator:
    """Values of written forms at one point: nested lists by name, numbers by size name."""

    values: Mapping[str, Any]
    sizes: Mapping[str, int]
    _known: dict[tuple[Any, ...], Rows] = field(default_factory=dict)
    _letters: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _held: list[Written] = field(default_factory=list)

    def value(self, tree: Written, at: Indices | None = None) -> Rows:
        """The rows of an expression; `at` are the values of its free indices, counted from 0."""
        at = at or {}
        rule = RULES.get(tree.op)
        if rule is None:
            raise UnableError(f"no rule for {tree.op}")
        key = (id(tree), *(at.get(letter) for letter in self._letters_of(tree)))
        if key not in self._known:
            self._known[key] = rule(self, tree, at)
        return self._known[key]

    def _letters_of(self, tree: Written) -> tuple[str, ...]:
        if id(tree) not in self._letters:
            self._held.append(tree)  # an id is only good while its node lives
            self._letters[id(tree)] = tuple(sorted({str(n.value) for n in tree.walk() if n.op == "index"}))
        return self._letters[id(tree)]

    def shape(self, tree: Written) -> tuple[int, ...]:
        if len(tree.shape) != 2:
            raise UnableError("a tensor")
        return tuple(count(s, self.sizes) for s in tree.shape)

    def number(self, tree: Written, at: Indices) -> Number:
        rows = self.value(tree, at)
        if len(rows) != 1 or len(rows[0]) != 1:
            raise IllTypedError("a number is needed")
        return rows[0][0]

    def each(self, function: Callable[..., Number], tree: Written, at: Indices) -> Rows:
        rows, columns = self.shape(tree)
        return entrywise(function, rows, columns, *(self.value(a, at) for a in tree.args))

    def fitted(self, line: Sequence[Number], tree: Written) -> Rows:
        """One list as the column or row that the tree says it is."""
        rows, columns = self.shape(tree)
        if rows * columns != len(line) or 1 not in (rows, columns):
            raise IllTypedError("a list that is neither the column nor the row it should be")
        return [list(line)] if rows == 1 else [[x] for x in line]


Rule = Callable[[Evaluator, Written, Indices], Rows]


def _name(e: Evaluator, tree: Written, at: Indices) -> Rows:
    if str(tree.value) not in e.values:
        raise UnableError(f"no value for {tree.value}")
    rows: Rows = e.values[str(tree.value)]
    return rows


def _filled(fill: Number) -> Rule:
    def rule(e: Evaluator, tree: Written, at: Indices) -> Rows:
        rows, columns = e.shape(tree)
        return [[fill] * columns for _ in range(rows)]

    return rule


def _by_entry(function: Callable[..., Number]) -> Rule:
    return lambda e, tree, at: e.each(function, tree, at)


def _dot(e: Evaluator, tree: Written, at: Indices) -> Rows:
    a, b = ([x for row in e.value(arg, at) for x in row] for arg in tree.args)
    if len(a) != len(b):
        raise IllTypedError("a scalar product of columns of different lengths")
    return [[mp.fdot(zip(a, b, strict=True))]]


def _kron(e: Evaluator, tree: Written, at: Indices) -> Rows:
    a, b = (e.value(arg, at) for arg in tree.args)
    return [[x * y for x in row for y in other] for row in a for other in b]


def _matrix_power(e: Evaluator, tree: Written, at: Indices) -> Rows:
    exponent = e.number(tree.args[1], at)
    if not mp.isint(exponent) or abs(exponent) > 20:
        raise UnableError("a matrix power")
    return repeated(e.value(tree.args[0], at), int(exponent))


def _norm(e: Evaluator, tree: Written, at: Indices) -> Rows:
    entries = [x for row in e.value(tree.args[0], at) for x in row]
    return [[sum(map(abs, entries), ZERO) if tree.value == "1" else mp.sqrt(sum((x * x for x in entries), ZERO))]]


def _matrix(e: Evaluator, tree: Written, at: Indices) -> Rows:
    rows, columns = tree.value
    entries = [e.number(a, at) for a in tree.args]
    return [entries[r * columns : (r + 1) * columns] for r in range(rows)]


def _place(index: Written, at: Indices) -> int:
    if index.op == "number":
        return int(str(index.value)) - 1
    if index.value not in at:
        raise UnableError(f"the index {index.value} has no value")
    return at[str(index.value)]


def _entry(e: Evaluator, tree: Written, at: Indices) -> Rows:
    base, *indices = tree.args
    whole = e.value(base, at)
    if len(base.shape) > 2:
        inner: Any = whole
        if len(indices) != len(base.shape):
            raise UnableError("part of a tensor")
        for index in indices:
            inner = _picked(inner, _place(index, at))
        return [[inner]]
    rows, columns = e.shape(base)
    if len(indices) == 1 and 1 in (rows, columns):
        line = [x for row in whole for x in row]
        return [[_picked(line, _place(indices[0], at))]]
    if len(indices) == 1:
        return e.fitted(_picked(whole, _place(indices[0], at)), tree)
    first, second = indices
    if first.value == ":" and second.value == ":":
        return whole
    if first.value == ":":
        return e.fitted([_picked(row, _place(second, at)) for row in whole], tree)
    row = whole[0] if rows == 1 else _picked(whole, _place(first, at))
    if second.value == ":":
        return e.fitted(row, tree)
    return [[row[0] if columns == 1 else _picked(row, _place(second, at))]]


def _picked(line: Sequence[Any], place: int) -> Any:
    if not 0 <= place < len(line):
        raise IllTypedError("an index beyond its axis")
    return line[place]


def _over(e: Evaluator, tree: Written, at: Indices) -> Rows:
    letter, size = tree.value
    parts = [e.value(tree.args[0], {**at, letter: k}) for k in range(count(size, e.sizes))]
    rows, columns = e.shape(tree)
    if tree.op == "sum":
        return entrywise(lambda *xs: sum(xs, ZERO), rows, columns, *parts)
    return entrywise(lambda *xs: mp.fprod(xs), rows, columns, *parts)


def _delta(e: Evaluator, tree: Written, at: Indices) -> Rows:
    left, right = (_place(a, at) for a in tree.args)
    return [[ONE if left == right else ZERO]]


def _compare(e: Evaluator, tree: Written, at: Indices) -> Rows:
    test = COMPARISONS[tree.value]
    if any(a.op == "index" for a in tree.args):
        left, right = (_place(a, at) for a in tree.args)
        return [[ONE if test((left > right) - (left < right)) else ZERO]]
    return e.each(lambda a, b: ONE if test(order(a, b)) else ZERO, tree, at)


def _cases(e: Evaluator, tree: Written, at: Indices) -> Rows:
    """Branches are taken entry by entry; only the branch that is taken has to be defined."""
    rows, columns = e.shape(tree)
    args = list(tree.args)
    last = args.pop() if tree.value else args[-2]
    branches = args if tree.value else args[:-2]
    result = _spread(e.value(last, at), rows, columns)
    for body, condition in reversed(list(zip(branches[::2], branches[1::2], strict=True))):
        yes, test = (_spread(e.value(x, at), rows, columns) for x in (body, condition))
        result = [[NAN if bad(t) else y if t != 0 else n for y, t, n in zip(*lines, strict=True)]
                  for lines in zip(yes, test, result, strict=True)]
    return result


def _spread(part: Rows, rows: int, columns: int) -> Rows:
    return entrywise(lambda x: x, rows, columns, part)


def _components(e: Evaluator, tree: Written, at: Indices) -> Rows:
    letters = list(tree.value)
    rows, columns = e.shape(tree)
    if len(letters) == 2:
        places = [[{letters[0]: i, letters[1]: j} for j in range(columns)] for i in range(rows)]
    else:
        places = [[{letters[0]: i if columns == 1 else j} for j in range(columns)] for i in range(rows)]
    return [[e.number(tree.args[0], {**at, **place}) for place in line] for line in places]


def _call(e: Evaluator, tree: Written, at: Indices) -> Rows:
    name, *settings = (tree.value,) if isinstance(tree.value, str) else tree.value
    options = dict(settings)
    if name == "roll":
        return _rolled(e.value(tree.args[0], at), int(str(options.get("shift", 0))))
    if not options.keys() <= {"axis"}:
        raise UnableError(f"settings {sorted(options)}")
    if name in SCALAR:
        return e.each(SCALAR[name], tree, at)
    parts = [e.value(a, at) for a in tree.args]
    if name in WHOLE:
        return WHOLE[name](*parts)
    if name == "where":
        rows, columns = e.shape(tree)
        return entrywise(lambda c, y, n: y if c != 0 else n, rows, columns, *parts)
    axis = options.get("axis")
    if name in ALONG:
        rows, columns = len(parts[0]), len(parts[0][0])
        last = 1 if columns > 1 and (name != "cumsum" or rows == 1) else 0  # cumsum goes down the rows
        axis = last if axis is None or 1 in (rows, columns) else int(axis) % 2
        return _lines(ALONG[name], parts[0], axis)
    if name in REDUCTIONS:
        return _reduced(e, tree, REDUCTIONS[name], parts[0], axis if axis is not None or name != "logsumexp" else 1)
    raise UnableError(f"no rule for {name}")


def _rolled(rows: Rows, shift: int) -> Rows:
    """Rows moved down by `shift`, the last ones to the top; the entries of a row where there is one row only."""
    if len(rows) == 1:
        return turned(_rolled(turned(rows), shift))
    return [rows[(i - shift) % len(rows)] for i in range(len(rows))]


def _lines(function: Callable[[Sequence[Number]], list[Number]], rows: Rows, axis: int) -> Rows:
    lines = rows if axis == 1 else turned(rows)
    done = [[NAN] * len(line) if any(bad(x) for x in line) else function(line) for line in lines]
    return done if axis == 1 else turned(done)


def _reduced(e: Evaluator, tree: Written, function: Callable[[Sequence[Number]], Number], rows: Rows, axis: Any) -> Rows:
    if axis is None or 1 in (len(rows), len(rows[0])):
        lines = [[x for row in rows for x in row]]
    else:
        lines = rows if int(axis) % 2 == 1 else turned(rows)
    return e.fitted([NAN if any(bad(x) for x in line) else function(line) for line in lines], tree)


def _diag(a: Rows) -> Rows:
    if len(a) > 1 and len(a[0]) > 1:
        return _diagonal(a)
    entries = [x for row in a for x in row]
    return [[x if i == j else ZERO for j in range(len(entries))] for i, x in enumerate(entries)]


def _diagonal(a: Rows) -> Rows:
    if len(a) != len(a[0]):
        raise IllTypedError("the diagonal of a matrix that is not square")
    return [[a[i][i]] for i in range(len(a))]


def _logdet(a: Rows) -> Rows:
    d = determinant(a)
    return [[NAN if bad(d) or d == 0 else mp.log(abs(d))]]


def _outer(a: Rows, b: Rows) -> Rows:
    return [[x * y for line in b for y in line] for row in a for x in row]


WHOLE: dict[str, Callable[..., Rows]] = {
    "trace": lambda a: [[sum((row[0] for row in _diagonal(a)), ZERO)]],
    "det": lambda a: [[determinant(a)]],
    "logdet": _logdet,
    "inv": inverted,
    "diag": _diag,
    "diagonal": _diagonal,
    "vec": lambda a: [[x] for column in zip(*a, strict=True) for x in column],
    "outer": _outer,
}

RULES: dict[str, Rule] = {
    "number": lambda e, t, at: [[real(t.value)]],
    "name": _name,
    "constant": lambda e, t, at: [[+mp.pi if t.value == "pi" else +mp.e]],
    "size": lambda e, t, at: [[mp.mpf(count(t.value, e.sizes))]],
    "identity": lambda e, t, at: unit(e.shape(t)[0]),
    "zeros": _filled(ZERO),
    "ones": _filled(ONE),
    "neg": _by_entry(lambda x: -x),
    "add": _by_entry(lambda a, b: a + b),
    "sub": _by_entry(lambda a, b: a - b),
    "scale": _by_entry(lambda a, b: a * b),
    "hadamard": _by_entry(lambda a, b: a * b),
    "divide": _by_entry(divided),
    "oslash": _by_entry(divided),
    "power": _by_entry(power),
    "entrypower": _by_entry(power),
    "matmul": lambda e, t, at: product(e.value(t.args[0], at), e.value(t.args[1], at)),
    "dot": _dot,
    "kron": _kron,
    "matrixpower": _matrix_power,
    "transpose": lambda e, t, at: turned(e.value(t.args[0], at)),
    "inverse": lambda e, t, at: inverted(e.value(t.args[0], at)),
    "call": _call,
    "norm": _norm,
    "matrix": _matrix,
    "entry": _entry,
    "sum": _over,
    "prod": _over,
    "delta": _delta,
    "indicator": lambda e, t, at: e.value(t.args[0], at),
    "compare": _compare,
    "cases": _cases,
    "components": _components,
}
