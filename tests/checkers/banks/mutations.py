"""Single mistakes: everything that goes wrong at one node of an expression, each with the name of its kind.

A mutation gives what may stand in the place of a node. Most fit where they stand; those that do not (a transpose
dropped in a product) are kept as texts, for the judge must not accept these either. Whether a mutant is different at all
is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.sizes import Shape

from . import trees
from .trees import MisfitError, Path, number, places, replaced

ONE, TWO = number(1), number(2)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed tree: which kind of mistake, where, and whether its shapes fit."""

    kind: str
    tree: Written
    path: Path
    fits: bool = True


Around = Mapping[str, Shape]  # the names of the whole expression
Mutation = Callable[[Written, Around], Iterator[Written]]


def rebuilt(node: Written, args: Sequence[Written]) -> Written:
    """The node with other arguments; where they do not fit, its shape stays: such a mutant is a text."""
    try:
        return trees.rebuilt(node, args)
    except MisfitError:
        return replace(node, args=tuple(args))


def joined(op: str, *args: Written) -> Written:
    return rebuilt(Written(op, args, None, args[-1].shape), args)


def neg(a: Written) -> Written:
    return a.args[0] if a.op == "neg" else joined("neg", a)


def plus(a: Written, b: Written) -> Written:
    return joined("add", a, b)


def times(a: Written, b: Written) -> Written:
    return joined("scale", a, b)


def is_quantity(n: Written) -> bool:
    """What can carry a sign or a factor: not an index, not a condition, not a tensor; of a number the constant is changed."""
    return n.op not in ("index", "compare", "number") and len(n.shape) == 2


def a_sign(n: Written, _: Around) -> Iterator[Written]:
    if n.op in ("add", "sub"):
        yield replace(n, op="sub" if n.op == "add" else "add")
        yield rebuilt(n, (neg(n.args[0]), n.args[1]))
    elif n.op == "neg":
        yield n.args[0]
    elif n.op in ("call", "name", "matmul", "entry", "power", "divide"):
        yield neg(n)


def a_term_dropped(n: Written, _: Around) -> Iterator[Written]:
    if n.op in ("add", "sub"):
        yield n.args[0]
        yield n.args[1] if n.op == "add" else neg(n.args[1])


def a_factor_dropped(n: Written, _: Around) -> Iterator[Written]:
    if n.op in ("scale", "hadamard", "matmul", "dot", "kron"):
        yield from n.args
    if n.op in ("divide", "oslash"):
        yield n.args[0]


def times_two(n: Written, _: Around) -> Iterator[Written]:
    if is_quantity(n):
        yield times(TWO, n)


def times_a_little_more(n: Written, _: Around) -> Iterator[Written]:
    if is_quantity(n):
        yield times(number("1.001"), n)


def plus_a_little(n: Written, _: Around) -> Iterator[Written]:
    if is_quantity(n):
        yield plus(n, number("0.000000001"))


def an_exponent(n: Written, _: Around) -> Iterator[Written]:
    if n.op in ("power", "entrypower", "matrixpower"):
        for step in ("add", "sub"):
            yield rebuilt(n, (n.args[0], _moved(n.args[1], step)))
    elif n.op == "norm" or (n.op == "call" and n.value in ("exp", "sigmoid", "tanh", "softplus", "sin", "cos", "log") and n.is_scalar):
        yield joined("power", n, TWO)


def _moved(exponent: Written, step: str) -> Written:
    if exponent.op == "number" and str(exponent.value).isdigit():
        return number(int(exponent.value) + (1 if step == "add" else -1)) if exponent.value != "0" else ONE
    return joined(step, exponent, ONE)


def a_power_dropped(n: Written, _: Around) -> Iterator[Written]:
    if n.op in ("power", "entrypower", "matrixpower") and n.args[0].shape == n.shape:
        yield n.args[0]
    if n.op == "call" and n.value == "sqrt":
        yield n.args[0]


def an_inverse(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "inverse":
        yield n.args[0]
        yield joined("transpose", n.args[0])
    elif n.op in ("name", "add") and n.shape[0] == n.shape[-1] != 1 and len(n.shape) == 2:
        yield joined("inverse", n)
    if n.op == "divide":
        yield times(*n.args)
        if n.args[0].is_scalar:
            yield joined("divide", n.args[1], n.args[0])
    if n.op == "scale" and n.args[0].is_scalar and n.args[0].op != "number":
        yield joined("divide", n.args[1], n.args[0])


def a_transpose(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "transpose":
        yield n.args[0]
    elif is_quantity(n) and not n.is_scalar:
        yield joined("transpose", n)


def an_exchange(n: Written, _: Around) -> Iterator[Written]:
    if n.op in ("matmul", "sub", "kron", "divide", "compare"):
        yield rebuilt(n, n.args[::-1])
    if n.op == "call" and len(n.args) == 2:
        yield rebuilt(n, n.args[::-1])


def another_product(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "matmul":
        yield joined("hadamard", *n.args)
    elif n.op == "hadamard":
        yield joined("matmul", *n.args)
        yield joined("dot", *n.args)
    elif n.op == "matrixpower":
        yield Written("entrypower", n.args, None, n.shape)
    elif n.op == "entrypower" and n.shape[0] == n.shape[1] and n.args[1].op == "number":
        yield joined("matrixpower", *n.args)


def an_index(n: Written, _: Around) -> Iterator[Written]:
    """Exchanged, replaced by one that stands elsewhere, or a letter of its own."""
    if n.op == "entry" and len(n.args) == 3:
        yield rebuilt(n, (n.args[0], n.args[2], n.args[1]))
    if n.op in ("entry", "delta"):
        letters = [k for k, a in enumerate(n.args) if a.op in ("index", "number") and (n.op == "delta" or k)]
        for k in letters:
            for letter in ("i", "j", "p", "q", "l"):
                if n.args[k].value != letter:
                    yield replace(n, args=(*n.args[:k], Written("index", (), letter), *n.args[k + 1 :]))
    if n.op == "delta":
        yield ONE


def an_axis(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "call" and n.args and n.args[0].shape[0] != 1 and n.args[0].shape[-1] != 1:
        rows, columns = n.args[0].shape[:2]
        name, settings = (n.value, {}) if isinstance(n.value, str) else (n.value[0], dict(n.value[1:]))
        if name in ("sum", "mean", "max", "min", "prod"):
            axis = settings.get("axis")
            if axis is None:
                yield replace(n, value=(name, ("axis", 0)), shape=(columns, 1))
                yield replace(n, value=(name, ("axis", 1)), shape=(rows, 1))
            else:
                yield replace(n, value=(name, ("axis", 1 - int(axis) % 2)), shape=((rows, columns)[int(axis) % 2 == 0], 1))
        if name in ("softmax", "log_softmax"):
            yield replace(n, value=(name, ("axis", 0 if settings.get("axis") in (None, 1, -1) else 1)))
    if n.op in ("sum", "prod"):
        yield replace(n, op="prod" if n.op == "sum" else "sum")
    if n.op == "call" and n.value in ("sum", "mean"):
        yield replace(n, value="mean" if n.value == "sum" else "sum")


SIBLINGS = {
    "tanh": ("sigmoid", "sin", "arctan", "erf", "softsign", "hardtanh"), "sigmoid": ("tanh", "softplus", "hardsigmoid", "softmax", "exp"),
    "relu": ("softplus", "abs", "leaky_relu", "elu", "gelu", "silu"), "sin": ("cos", "tanh"), "cos": ("sin", "cosh"),
    "exp": ("cosh", "expm1", "softplus"), "log": ("log2", "log10", "log1p"), "softplus": ("relu", "exp", "log1p"),
    "sqrt": ("cbrt", "exp"), "abs": ("relu", "sign"), "sign": ("tanh", "step", "abs"), "step": ("sign", "sigmoid"),
    "gelu": ("silu", "relu"), "silu": ("gelu", "mish"), "mish": ("silu", "gelu"), "softmax": ("log_softmax", "sigmoid"),
    "log_softmax": ("softmax",), "maximum": ("minimum",), "minimum": ("maximum",), "sum": ("prod", "max"), "trace": ("det", "sum"),
    "det": ("trace", "logdet"), "logdet": ("det",), "erf": ("tanh",), "arctan": ("tanh",), "arcsinh": ("sinh",), "sinh": ("cosh",),
    "cosh": ("sinh",), "elu": ("selu", "relu"), "leaky_relu": ("relu",), "logsumexp": ("max", "sum"), "softsign": ("tanh",),
    "hardtanh": ("tanh",), "relu6": ("relu",), "log1p": ("log",), "mean": ("max",), "diag": (), "cbrt": ("sqrt",),
}  # fmt: skip


def a_sibling(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "call" and isinstance(n.value, str):
        for other in SIBLINGS.get(n.value, ()):
            yield rebuilt(replace(n, value=other), n.args)
        if n.value == "diag":
            yield from n.args
    if n.op == "norm" and n.value != "1":
        yield replace(n, value="1")
    if n.op == "identity":
        yield replace(n, op="ones")
    if n.op == "ones":
        yield replace(n, op="zeros")


def a_kink_moved(n: Written, _: Around) -> Iterator[Written]:
    little = number("0.001")
    kinked = n.op == "call" and n.value in ("relu", "abs", "sign", "step", "leaky_relu", "elu", "relu6", "hardtanh", "softsign")
    if kinked or (n.op == "call" and n.value in ("maximum", "minimum")) or n.op == "compare":
        if any(a.op == "index" for a in n.args):
            return
        for k, a in enumerate(n.args):
            yield rebuilt(n, (*n.args[:k], number("0.000001") if a.value == "0" else joined("sub", a, little), *n.args[k + 1 :]))


def a_comparison(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "compare" and n.value in ("<", "<=", ">", ">="):
        yield replace(n, value={"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[n.value])


def a_comparison_turned(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "compare" and n.value in ("<", "<=", ">", ">="):
        yield replace(n, value={"<": ">", "<=": ">=", ">": "<", ">=": "<="}[n.value])
    if n.op == "indicator":
        yield ONE


def another_variable(n: Written, around: Around) -> Iterator[Written]:
    if n.op == "name":
        for name, shape in around.items():
            if name != n.value and shape == n.shape:
                yield replace(n, value=name)


def a_constant(n: Written, _: Around) -> Iterator[Written]:
    if n.op == "number":
        text = str(n.value)
        yield number(int(text) + 1) if text.isdigit() else number("0.7")
        if text.isdigit() and text not in ("0", "1"):
            yield number(f"{text}.01")
            yield number(int(text) - 1)
    if n.op == "constant":
        yield number("3.14159265" if n.value == "pi" else "2.71828183")
    if n.op == "size":
        yield joined("sub", n, ONE)


def a_parenthesis(n: Written, _: Around) -> Iterator[Written]:
    """a(b + c) as ab + c, f(x) + c as f(x + c), (a + b)² as a + b², −(a + b) as −a + b, a/(b + c) as a/b + c."""
    if n.op in ("scale", "matmul", "hadamard", "divide", "oslash"):
        a, b = n.args
        if b.op in ("add", "sub"):
            yield rebuilt(b, (rebuilt(n, (a, b.args[0])), b.args[1]))
        if a.op in ("add", "sub"):
            yield rebuilt(a, (a.args[0], rebuilt(n, (a.args[1], b))))
    if n.op in ("add", "sub"):
        a, b = n.args
        if a.op == "call" and len(a.args) == 1 and isinstance(a.value, str):
            yield rebuilt(a, (rebuilt(n, (a.args[0], b)),))
    if n.op in ("power", "entrypower", "matrixpower", "neg", "transpose", "inverse") and n.args[0].op in ("add", "sub"):
        inner = n.args[0]
        if n.op == "neg":
            yield rebuilt(inner, (rebuilt(n, (inner.args[0],)), inner.args[1]))
        else:
            yield rebuilt(inner, (inner.args[0], rebuilt(n, (inner.args[1], *n.args[1:]))))
    if n.op == "power" and n.args[0].op in ("scale", "divide"):
        inner = n.args[0]
        yield rebuilt(inner, (inner.args[0], rebuilt(n, (inner.args[1], n.args[1]))))
    if n.op == "call" and isinstance(n.value, str) and len(n.args) == 1 and n.args[0].op in ("add", "sub", "hadamard", "scale"):
        inner = n.args[0]
        yield rebuilt(inner, (rebuilt(n, (inner.args[0],)), inner.args[1]))
    if n.op == "call" and n.value == "diag" and n.args[0].op in ("add", "sub"):  # diag(σ − σσᵀ)
        inner = n.args[0]
        yield rebuilt(inner, (rebuilt(n, (inner.args[0],)), inner.args[1]))


def a_smaller_domain(n: Written, _: Around) -> Iterator[Written]:
    """The right value, but only where a logarithm or a root has one."""
    if n.op in ("name", "entry") and n.is_scalar:
        log = Written("call", (n,), "log")
        yield joined("sub", plus(n, log), log)
        yield joined("power", Written("call", (n,), "sqrt"), TWO)


def a_half_line(n: Written, _: Around) -> Iterator[Written]:
    """|x| or √x² for x: right for positive numbers only."""
    if n.op in ("name", "entry") and n.is_scalar:
        yield Written("call", (n,), "abs")
        yield Written("call", (joined("power", n, TWO),), "sqrt")
    elif n.op == "name" and len(n.shape) == 2:
        yield Written("call", (n,), "abs", n.shape)


def a_bump(n: Written, _: Around) -> Iterator[Written]:
    """Right but for a term that is tiny nearly everywhere."""
    if n.op == "name" and n.is_scalar:
        square = joined("power", n, TWO)
        yield plus(n, Written("call", (neg(times(number(10), square)),), "exp"))
        yield times(n, Written("call", (times(number(40), joined("add", square, number("0.1"))),), "tanh"))


MUTATIONS: dict[str, Mutation] = {
    "sign": a_sign, "term dropped": a_term_dropped, "factor dropped": a_factor_dropped, "times 2": times_two,
    "times 1.001": times_a_little_more, "plus 1e-9": plus_a_little, "exponent ± 1": an_exponent, "power dropped": a_power_dropped,
    "inverse": an_inverse, "transpose": a_transpose, "factors exchanged": an_exchange, "another product": another_product,
    "index": an_index, "axis": an_axis, "sibling function": a_sibling, "kink moved": a_kink_moved, "strict or not": a_comparison,
    "comparison turned": a_comparison_turned, "another variable": another_variable, "constant": a_constant,
    "parenthesis moved": a_parenthesis, "smaller domain": a_smaller_domain, "half line": a_half_line, "bump": a_bump,
}  # fmt: skip


def mutants(tree: Written, names: Mapping[str, Shape] | None = None) -> Iterator[Mutant]:
    """Every mutant of an expression, without repetition; `names` may stand in place of others."""
    around = {str(n.value): n.shape for n in tree.walk() if n.op == "name"} | dict(names or {})
    seen: set[Written] = {tree}
    for path, node in places(tree):
        if node.op == "index" or (path and _is_index(tree, path)):
            continue
        for kind, mutation in MUTATIONS.items():
            for new in mutation(node, around):
                changed, fits = _put(tree, path, new)
                if changed not in seen:
                    seen.add(changed)
                    yield Mutant(kind, changed, path, fits)


def _put(tree: Written, path: Path, new: Written) -> tuple[Written, bool]:
    """The tree with another node at a place, and whether its shapes fit."""
    try:
        if new.args:
            trees.rebuilt(new, new.args)
        return replaced(tree, path, new), True
    except MisfitError:
        return replaced(tree, path, new, strict=False), False


def _is_index(tree: Written, path: Path) -> bool:
    """Whether a number stands as an index: the 2 of w_2."""
    for k in path[:-1]:
        tree = tree.args[k]
    return tree.op in ("entry", "delta") and not (tree.op == "entry" and path[-1] == 0)


__all__ = ["MUTATIONS", "Mutant", "mutants"]
