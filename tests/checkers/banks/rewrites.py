"""Rewrites that change nothing: an expression as another person would write it.

Each takes a node and gives another form of it, or None where it has nothing to say. Conditions are respected (a logarithm
is split only where the parts are positive), and the independent evaluator has the last word: what it does not find
equal does not count.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from hwcheck.derivations.notation.written import SCALAR, Written

from .trees import MisfitError, joined, number, places, replaced

ONE, TWO, ZERO = number(1), number(2), number(0)
LARGEST = 140


@dataclass(frozen=True, slots=True)
class Around:
    """What a rewrite may know: the names of the expression, their domains, and a generator."""

    names: Mapping[str, Written]
    domains: Mapping[str, str]
    rng: random.Random
    letters: frozenset[str]

    def some(self, shape: tuple[int | str, ...] = SCALAR) -> Written | None:
        """A name of a shape, or for numbers a plain number."""
        fitting = [n for n in self.names.values() if n.shape == shape]
        if fitting:
            return self.rng.choice(fitting)
        return number(self.rng.randint(2, 7)) if shape == SCALAR else None

    def positive(self, n: Written) -> bool:
        """Whether something is certainly positive."""
        if n.op == "name":
            return self.domains.get(str(n.value)) in ("positive", "unit")
        if n.op == "number":
            return float(n.value) > 0
        if n.op == "call":
            return n.value in ("exp", "sigmoid", "softplus", "cosh")
        return n.op in ("add", "scale", "divide", "power") and all(self.positive(a) for a in n.args)

    def letter(self, *others: str) -> str:
        return next(x for x in "ijlpqrstm" if x not in self.letters and x not in self.names and x not in others)


Rewrite = Callable[[Written, Around], Written | None]


def call(name: str, *args: Written) -> Written:
    return Written("call", args, name, args[0].shape)


def add(a: Written, b: Written) -> Written:
    return joined("add", a, b)


def sub(a: Written, b: Written) -> Written:
    return joined("sub", a, b)


def neg(a: Written) -> Written:
    return joined("neg", a)


def times(a: Written, b: Written) -> Written:
    """A number times something, or entry by entry."""
    return joined("scale" if SCALAR in (a.shape, b.shape) else "hadamard", a, b)


def over(a: Written, b: Written) -> Written:
    """Divided by a number, or entry by entry."""
    return joined("divide" if b.is_scalar else "oslash", a, b)


def squared(a: Written) -> Written:
    return joined("power" if 1 in a.shape else "entrypower", a, TWO)


def turned(a: Written) -> Written:
    return a.args[0] if a.op == "transpose" else joined("transpose", a)


def is_call(n: Written, *names: str) -> bool:
    return n.op == "call" and n.value in names


def is_column(n: Written) -> bool:
    return n.shape[0] != 1 and n.shape[-1] == 1 and len(n.shape) == 2


def is_matrix(n: Written) -> bool:
    return len(n.shape) == 2 and 1 not in n.shape


def is_value(n: Written) -> bool:
    return n.op not in ("index", "compare", "stack") and len(n.shape) == 2


def commute(n: Written, _: Around) -> Written | None:
    fits = n.op in ("add", "hadamard", "dot") or (n.op == "scale" and n.args[0].is_scalar and n.args[1].is_scalar)
    return replace(n, args=n.args[::-1]) if fits else None


def reassociate(n: Written, _: Around) -> Written | None:
    if len(n.args) != 2:
        return None
    a, b = n.args
    if n.op in ("add", "sub") and a.op == "add":
        return add(a.args[0], joined(n.op, a.args[1], b))
    if n.op == "add" and b.op in ("add", "sub"):
        return joined(b.op, add(a, b.args[0]), b.args[1])
    if n.op in ("matmul", "hadamard", "scale") and a.op == n.op:
        return joined(n.op, a.args[0], joined(n.op, a.args[1], b))
    if n.op in ("matmul", "hadamard", "scale") and b.op == n.op:
        return joined(n.op, joined(n.op, a, b.args[0]), b.args[1])
    return None


def distribute(n: Written, _: Around) -> Written | None:
    if n.op not in ("scale", "matmul", "hadamard", "dot", "divide", "oslash", "kron"):
        return None
    a, b = n.args
    if b.op in ("add", "sub") and n.op not in ("divide", "oslash"):
        return joined(b.op, joined(n.op, a, b.args[0]), joined(n.op, a, b.args[1]))
    if a.op in ("add", "sub"):
        return joined(a.op, joined(n.op, a.args[0], b), joined(n.op, a.args[1], b))
    return None


def factor_out(n: Written, _: Around) -> Written | None:
    """ab + ac as a(b + c); a + ab as a(1 + b)."""
    if n.op not in ("add", "sub"):
        return None
    a, b = n.args
    if a.op == b.op and a.op in ("scale", "matmul", "hadamard") and a.args[0] == b.args[0]:
        return joined(a.op, a.args[0], joined(n.op, a.args[1], b.args[1]))
    if a.op == b.op and a.op in ("scale", "matmul", "hadamard", "divide") and a.args[1] == b.args[1]:
        return joined(a.op, joined(n.op, a.args[0], b.args[0]), a.args[1])
    if b.op == "scale" and a in b.args and a.is_scalar:
        return times(a, joined(n.op, ONE, b.args[1] if b.args[0] == a else b.args[0]))
    return None


def double_transpose(n: Written, _: Around) -> Written | None:
    return joined("transpose", joined("transpose", n)) if is_value(n) and not n.is_scalar else None


def product_transposed(n: Written, _: Around) -> Written | None:
    """AB as (BᵀAᵀ)ᵀ, and (AB)ᵀ as BᵀAᵀ."""
    if n.op == "transpose" and n.args[0].op == "matmul":
        return joined("matmul", *(turned(a) for a in n.args[0].args[::-1]))
    if n.op == "transpose" and n.args[0].op in ("add", "sub"):
        return joined(n.args[0].op, *(turned(a) for a in n.args[0].args))
    if n.op == "matmul":
        product = joined("matmul", *(turned(a) for a in n.args[::-1]))
        return product if n.is_scalar else joined("transpose", product)
    return None


def cyclic(n: Written, _: Around) -> Written | None:
    if not is_call(n, "trace"):
        return None
    inner = n.args[0]
    if inner.op == "matmul":
        return Written("call", (joined("matmul", *inner.args[::-1]),), "trace")
    return Written("call", (turned(inner),), "trace")


def add_and_subtract(n: Written, around: Around) -> Written | None:
    other = around.some(n.shape) if is_value(n) else None
    return sub(add(n, other), other) if other else None


def multiply_and_divide(n: Written, around: Around) -> Written | None:
    other = around.some()
    if not is_value(n) or other is None:
        return None
    positive = add(ONE, squared(other)) if around.rng.random() < 0.7 else call("exp", other)
    return over(times(positive, n), positive)


def circle(n: Written, around: Around) -> Written | None:
    """Times sin² + cos², or cosh² − sinh²."""
    t = around.some()
    if not is_value(n) or t is None:
        return None
    one = add(squared(call("sin", t)), squared(call("cos", t)))
    if around.rng.random() < 0.3:
        one = sub(squared(call("cosh", t)), squared(call("sinh", t)))
    return one if n == ONE else times(one, n)


def exponents(n: Written, _: Around) -> Written | None:
    if is_call(n, "exp"):
        inner = n.args[0]
        if inner.op == "add":
            return times(*(call("exp", a) for a in inner.args)) if inner.args[0].shape == inner.args[1].shape else None
        if inner.op == "sub":
            return over(*(call("exp", a) for a in inner.args)) if inner.args[0].shape == inner.args[1].shape else None
        if inner.op == "neg":
            return over(ONE, call("exp", inner.args[0]))
        return squared(call("exp", over(inner, TWO)))
    if n.op == "scale" and all(is_call(a, "exp") and a.is_scalar for a in n.args):
        return call("exp", add(n.args[0].args[0], n.args[1].args[0]))
    return None


def tanh_otherwise(n: Written, around: Around) -> Written | None:
    if not is_call(n, "tanh"):
        return None
    x = n.args[0]
    up, down = call("exp", x), call("exp", neg(x))
    return around.rng.choice((
        over(sub(up, down), add(up, down)),
        sub(times(TWO, call("sigmoid", times(TWO, x))), ONE),
        sub(ONE, over(TWO, add(call("exp", times(TWO, x)), ONE))),
        over(call("sinh", x), call("cosh", x)),
    ))  # fmt: skip


def sigmoid_otherwise(n: Written, around: Around) -> Written | None:
    if not is_call(n, "sigmoid"):
        return None
    x = n.args[0]
    return around.rng.choice((
        over(ONE, add(ONE, call("exp", neg(x)))),
        over(call("exp", x), add(ONE, call("exp", x))),
        over(add(ONE, call("tanh", over(x, TWO))), TWO),
        sub(ONE, call("sigmoid", neg(x))),
        call("exp", neg(call("softplus", neg(x)))),
    ))  # fmt: skip


def relu_otherwise(n: Written, around: Around) -> Written | None:
    if is_call(n, "maximum") and ZERO in n.args:
        n = call("relu", n.args[0] if n.args[1] == ZERO else n.args[1])
    if not is_call(n, "relu"):
        return None
    x = n.args[0]
    above = Written("compare", (x, ZERO), ">", x.shape)
    forms = [
        over(add(x, call("abs", x)), TWO),
        Written("call", (ZERO, x), "maximum", x.shape),
        times(x, Written("indicator", (above,), None, x.shape)),
    ]
    if x.is_scalar:
        forms.append(Written("cases", (x, above, ZERO), True))
        forms.append(Written("cases", (ZERO, replace(above, value="<="), x), True))
    return around.rng.choice(forms)


def abs_otherwise(n: Written, around: Around) -> Written | None:
    if not is_call(n, "abs"):
        return None
    x = n.args[0]
    return around.rng.choice((
        call("sqrt", squared(x)), times(x, call("sign", x)), add(call("relu", x), call("relu", neg(x))),
        Written("call", (x, neg(x)), "maximum", x.shape),
    ))  # fmt: skip


def larger_otherwise(n: Written, _: Around) -> Written | None:
    if not is_call(n, "maximum", "minimum"):
        return None
    gap = call("abs", sub(*n.args))
    return over(joined("add" if n.value == "maximum" else "sub", add(*n.args), replace(gap, shape=n.shape)), TWO)


def step_otherwise(n: Written, around: Around) -> Written | None:
    """1[a > b] as 1[b < a] or 1 − 1[a ≤ b]."""
    if n.op != "indicator" or n.args[0].op != "compare" or any(a.op == "index" for a in n.args[0].args):
        return None
    condition = n.args[0]
    mirrored, opposite = {"<": (">", ">="), "<=": (">=", ">"), ">": ("<", "<="), ">=": ("<=", "<")}.get(str(condition.value), ("", ""))
    if not mirrored:
        return None
    if around.rng.random() < 0.5:
        return replace(n, args=(replace(condition, args=condition.args[::-1], value=mirrored),))
    return sub(ONE, replace(n, args=(replace(condition, value=opposite),)))


def by_a_diagonal(n: Written, _: Around) -> Written | None:
    """a ⊙ b as diag(a) b."""
    if n.op == "hadamard" and is_column(n):
        a = n.args[0]
        return joined("matmul", Written("call", (a,), "diag", (a.shape[0], a.shape[0])), n.args[1])
    if is_call(n, "diag") and n.args[0].op in ("add", "sub") and n.args[0].args[0].shape == n.args[0].args[1].shape:
        return joined(n.args[0].op, *(Written("call", (a,), "diag", n.shape) for a in n.args[0].args))
    return None


def norm_otherwise(n: Written, around: Around) -> Written | None:
    if n.op == "power" and n.args[0].op == "norm" and n.args[1] == TWO and n.args[0].value != "1":
        x = n.args[0].args[0]
        if is_column(x):
            summed = Written("call", (joined("hadamard", x, x),), "sum")
            return around.rng.choice((joined("matmul", turned(x), x), summed, joined("dot", x, x)))
        return Written("call", (joined("matmul", turned(x), x),), "trace") if is_matrix(x) else None
    if n.op == "norm" and n.value != "1" and is_column(n.args[0]):
        return call("sqrt", joined("matmul", turned(n.args[0]), n.args[0]))
    if n.op == "matmul" and n.args[0] == turned(n.args[1]) and is_column(n.args[1]):
        return squared(Written("norm", (n.args[1],), "2"))
    return None


def outer_otherwise(n: Written, _: Around) -> Written | None:
    if n.op == "matmul" and is_column(n.args[0]) and n.args[1].op == "transpose" and is_column(n.args[1].args[0]):
        return Written("call", (n.args[0], n.args[1].args[0]), "outer", n.shape)
    if is_call(n, "outer") and all(is_column(a) for a in n.args):
        return joined("matmul", n.args[0], turned(n.args[1]))
    return None


def fraction_or_decimal(n: Written, around: Around) -> Written | None:
    if n.op == "number" and n.value not in ("0", "1"):
        value = Fraction(str(n.value))
        k = around.rng.choice((2, 3, 4, 5))
        if value.denominator == 1:
            return around.rng.choice((over(number(int(value) * k), number(k)), number(f"{int(value)}.0")))
        return over(number(value.numerator * k), number(value.denominator * k))
    exact = n.op == "divide" and all(a.op == "number" and str(a.value).isdigit() for a in n.args)
    if exact and n.args[1].value in ("2", "4", "5", "8", "10"):
        return number(str(float(Fraction(int(n.args[0].value), int(n.args[1].value)))))
    return None


def power_or_product(n: Written, _: Around) -> Written | None:
    whole = n.op in ("power", "entrypower", "matrixpower") and n.args[1].op == "number" and n.args[1].value in ("2", "3", "4")
    if whole and n.args[0].shape == n.shape:
        x = n.args[0]
        together = joined("matmul", x, x) if n.op == "matrixpower" else times(x, x)
        if n.args[1].value == "2":
            return together
        rest = rebuilt_power(n, str(int(n.args[1].value) - 1))
        return joined("matmul", rest, x) if n.op == "matrixpower" else times(rest, x)
    if n.op in ("scale", "hadamard") and n.args[0] == n.args[1]:
        return squared(n.args[0])
    if is_call(n, "sqrt") and n.is_scalar:
        return joined("power", n.args[0], over(ONE, TWO))
    return None


def rebuilt_power(n: Written, exponent: str) -> Written:
    return replace(n, args=(n.args[0], number(exponent)))


def entry(a: Written, *letters: str) -> Written:
    places = (letters[:1] if a.shape[1] == 1 else letters[1:]) if 1 in a.shape else letters
    while a.op == "transpose":
        a, places = a.args[0], places[::-1]
    return Written("entry", (a, *(Written("index", (), x) for x in places)))


def with_indices(n: Written, around: Around) -> Written | None:
    """A product of matrices as a sum over an index; scalar products too."""
    if n.op not in ("matmul", "dot") or any(x.op in ("sum", "components", "entry", "delta") for x in n.walk()):
        return None
    a, b = n.args
    if n.op == "dot":
        a = turned(a)
    if any(x.is_scalar or (x.shape[0] == 1 and x.op != "transpose") for x in (a, b)) or a.shape[1] == 1:
        return None
    k = around.letter()
    i = around.letter(k)
    j = around.letter(k, i)
    body = joined("scale", entry(a, i, k), entry(b, k, j))
    total = Written("sum", (body,), (k, a.shape[1]))
    if n.is_scalar:
        return total
    letters = (i,) if is_column(n) else (j,) if n.shape[0] == 1 else (i, j)
    return Written("components", (total,), letters, n.shape)


def sum_with_indices(n: Written, around: Around) -> Written | None:
    """sum(w) as Σ_i w_i or 1ᵀw; the mean as a sum over a size."""
    if not is_call(n, "sum", "mean") or not is_column(n.args[0]):
        return None
    x = n.args[0]
    i, size = around.letter(), x.shape[0]
    total = around.rng.choice((
        Written("sum", (entry(x, i),), (i, size)),
        joined("matmul", turned(Written("ones", (), None, x.shape)), x),
    )) if not any(a.op in ("sum", "entry") for a in x.walk()) else Written("call", (x,), "sum")  # fmt: skip
    return over(total, Written("size", (), size)) if n.value == "mean" else total


def signs(n: Written, around: Around) -> Written | None:
    if n.op == "sub":
        return add(neg(n.args[1]), n.args[0]) if around.rng.random() < 0.5 else neg(sub(*n.args[::-1]))
    if n.op == "neg":
        return times(neg(ONE), n.args[0])
    if n.op in ("scale", "hadamard", "matmul") and is_value(n):
        return joined(n.op, neg(n.args[0]), neg(n.args[1]))
    return None


def quotient(n: Written, _: Around) -> Written | None:
    if n.op != "divide":
        return None
    a, b = n.args
    if a == ONE:
        return joined("power", b, neg(ONE))
    return times(over(ONE, b), a)


def logarithms(n: Written, around: Around) -> Written | None:
    if is_call(n, "log"):
        x = n.args[0]
        if x.op in ("scale", "hadamard", "divide") and all(map(around.positive, x.args)):
            return joined("sub" if x.op == "divide" else "add", *(call("log", a) for a in x.args))
        if x.op == "power" and around.positive(x.args[0]) and x.args[0].shape == x.shape:
            return times(x.args[1], call("log", x.args[0]))
        if n.is_scalar:
            return neg(call("log", over(ONE, x))) if around.positive(x) else None
    if n.op == "name" and around.positive(n) and n.is_scalar:
        return call("exp", call("log", n))
    return None


def smooth_otherwise(n: Written, _: Around) -> Written | None:
    if n.op != "call" or len(n.args) != 1 or not isinstance(n.value, str):
        return None
    x = n.args[0]
    match n.value:
        case "softplus":
            return call("log", add(ONE, call("exp", x)))
        case "silu":
            return times(x, call("sigmoid", x))
        case "gelu":
            return over(times(x, add(ONE, call("erf", over(x, call("sqrt", TWO))))), TWO)
        case "log1p":
            return call("log", add(ONE, x))
        case "expm1":
            return sub(call("exp", x), ONE)
        case "cosh" | "sinh":
            return over(joined("add" if n.value == "cosh" else "sub", call("exp", x), call("exp", neg(x))), TWO)
        case "sin":
            return times(TWO, times(call("sin", over(x, TWO)), call("cos", over(x, TWO))))
        case "cos":
            return sub(ONE, times(TWO, squared(call("sin", over(x, TWO)))))
        case "mish":
            return times(x, call("tanh", call("softplus", x)))
        case "softsign":
            return over(x, add(ONE, call("abs", x)))
    return None


def softmax_otherwise(n: Written, around: Around) -> Written | None:
    if n.op != "call" or not n.args or not is_column(n.args[0]):
        return None
    x = n.args[0]
    total = Written("call", (call("exp", x),), "sum")
    match n.value:
        case "softmax":
            shifted = call("exp", sub(x, Written("call", (x,), "max")))
            return around.rng.choice((
                over(call("exp", x), total), over(shifted, Written("call", (shifted,), "sum")), call("exp", call("log_softmax", x)),
            ))  # fmt: skip
        case "log_softmax":
            return around.rng.choice((sub(x, Written("call", (x,), "logsumexp")), call("log", call("softmax", x))))
        case "logsumexp":
            return call("log", total)
    return None


def inverses(n: Written, around: Around) -> Written | None:
    if n.op == "inverse" and n.args[0].op == "transpose":
        return turned(joined("inverse", n.args[0].args[0]))
    if n.op == "inverse" and is_matrix(n):
        return joined("transpose", joined("inverse", turned(n.args[0])))
    if is_value(n) and (is_matrix(n) or is_column(n)):
        one = Written("identity", (), None, (n.shape[0], n.shape[0]))
        return joined("matmul", one, n) if around.rng.random() < 0.5 or is_column(n) else joined("matmul", n, _right_one(n))
    return None


def _right_one(n: Written) -> Written:
    return Written("identity", (), None, (n.shape[1], n.shape[1]))


def swamp(n: Written, _: Around) -> Written | None:
    """(a + 10²⁰) − 10²⁰."""
    if not is_value(n) or not n.is_scalar:
        return None
    large = joined("power", number(10), number(20))
    return sub(add(n, large), large)


def square_completed(n: Written, _: Around) -> Written | None:
    """x as ((x + 1)² − x² − 1)/2."""
    if not is_value(n) or not n.is_scalar or n.op == "number":
        return None
    return over(sub(sub(squared(add(n, ONE)), squared(n)), ONE), TWO)


def pulled_out(n: Written, _: Around) -> Written | None:
    """A number in front of a product instead of inside it, and back."""
    if n.op == "matmul":
        a, b = n.args
        if b.op == "scale" and b.args[0].is_scalar and not b.is_scalar:
            return times(b.args[0], joined("matmul", a, b.args[1]))
        if a.op == "scale" and a.args[0].is_scalar and not a.is_scalar:
            return times(a.args[0], joined("matmul", a.args[1], b))
    if n.op == "scale" and n.args[0].is_scalar and n.args[1].op == "matmul" and not n.args[1].is_scalar:
        a, b = n.args[1].args
        return joined("matmul", a, times(n.args[0], b))
    if n.op == "transpose" and n.args[0].op == "scale" and n.args[0].args[0].is_scalar:
        return times(n.args[0].args[0], turned(n.args[0].args[1]))
    return None


REWRITES: dict[str, Rewrite] = {
    "commute": commute, "reassociate": reassociate, "distribute": distribute, "factor out": factor_out,
    "double transpose": double_transpose, "(AB)ᵀ = BᵀAᵀ": product_transposed, "tr(AB) = tr(BA)": cyclic,
    "add and subtract": add_and_subtract, "multiply and divide": multiply_and_divide, "sin² + cos²": circle, "exponents": exponents,
    "tanh": tanh_otherwise, "sigmoid": sigmoid_otherwise, "relu": relu_otherwise, "abs": abs_otherwise, "max": larger_otherwise,
    "indicator": step_otherwise, "diag": by_a_diagonal, "norm": norm_otherwise, "outer": outer_otherwise,
    "fraction or decimal": fraction_or_decimal, "power or product": power_or_product, "product by indices": with_indices,
    "sum by indices": sum_with_indices, "signs": signs, "quotient": quotient, "logarithms": logarithms,
    "other functions": smooth_otherwise, "softmax": softmax_otherwise, "identity and inverse": inverses, "swamp": swamp,
    "square completed": square_completed, "pulled out": pulled_out,
}  # fmt: skip
EVERYWHERE = ("add and subtract", "multiply and divide", "sin² + cos²", "swamp", "square completed", "signs", "double transpose", "commute",
              "identity and inverse")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A tree after a chain of rewrites."""

    kinds: tuple[str, ...]
    tree: Written


def rewritten(tree: Written, domains: Mapping[str, str], rng: random.Random, length: int | None = None) -> Rewritten | None:
    """The tree after one to four random rewrites at random places; None where none was found."""
    kinds: list[str] = []
    wanted = length or rng.randint(1, 4)
    for _ in range(40):
        if len(kinds) == wanted:
            break
        step = _step(tree, domains, rng)
        if step is not None and step[1] != tree and sum(1 for _ in step[1].walk()) <= LARGEST:
            kinds.append(step[0])
            tree = step[1]
    return Rewritten(tuple(kinds), tree) if kinds else None


def _step(tree: Written, domains: Mapping[str, str], rng: random.Random) -> tuple[str, Written] | None:
    """One rewrite: its kind first, so that a kind that fits at one place only is not outweighed by one that fits everywhere."""
    nodes = list(places(tree))
    rng.shuffle(nodes)
    names = {str(n.value): n for _, n in nodes if n.op == "name"}
    letters = frozenset(str(n.value) for _, n in nodes if n.op == "index") | _sizes(tree)
    around = Around(names, domains, rng, letters)
    kinds = sorted(REWRITES, key=lambda kind: rng.random() ** (1 if kind in EVERYWHERE else 3))
    for kind in kinds:
        for path, node in nodes:
            if _is_fixed(tree, path, kind):
                continue
            try:
                new = REWRITES[kind](node, around)
                if new is not None and new.shape == node.shape:
                    return kind, replaced(tree, path, new)
            except MisfitError:
                continue
    return None


def _sizes(tree: Written) -> frozenset[str]:
    return frozenset(x for n in tree.walk() for s in n.shape if isinstance(s, str) for x in s)


def _is_fixed(tree: Written, path: tuple[int, ...], kind: str) -> bool:
    """Indices and exponents stay, except that an exponent may be written as a fraction or a decimal."""
    for k in path:
        if tree.op in ("entry", "delta") and not (tree.op == "entry" and k == 0):
            return True
        if k == 1 and (tree.op == "matrixpower" or (tree.op in ("power", "entrypower") and kind != "fraction or decimal")):
            return True
        tree = tree.args[k]
    return tree.op == "index"
