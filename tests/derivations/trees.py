"""Small well-shaped functions for laws: written forms over a few names, smooth and tame where they are evaluated.

Numbers stay near one: functions that grow are left out, divisors are at least one, and A is positive definite wherever
an inverse or a determinant is taken of it. Names of variables are chosen to collide with our index letters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from hypothesis import assume, note
from hypothesis import strategies as st

from hwcheck.derivations import Style, write
from hwcheck.derivations.elements.elements import Element, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.forms import building as b
from hwcheck.derivations.notation.written import SCALAR, Written
from hwcheck.derivations.sizes import Shape, Size

SHAPES: dict[str, Shape] = {
    "a": SCALAR, "w": ("d", 1), "j": ("d", 1), "z": ("k", 1), "W": ("k", "d"), "X": ("k", "d"), "A": ("d", "d"), "B": ("d", "d"),
}  # fmt: skip
DOMAINS = {"A": "spd"}
SIZES = {"d": 3, "k": 2}
SMOOTH = ("tanh", "sigmoid", "sin", "cos", "softplus", "arctan", "erf", "arcsinh", "gelu", "silu")
T = TypeVar("T")


def name(declared: str) -> Written:
    return Written("name", (), declared, SHAPES[declared])


def element(declared: str) -> Element:
    """A variable of these trees as an element."""
    return variable(declared, tuple(s for s in SHAPES[declared] if s != 1))


def point(seed: int, sizes: Mapping[str, int] = SIZES) -> dict[str, Any]:
    """One value for every name: entries between −1 and 1, and A near the identity."""
    rng = np.random.default_rng(seed)
    values = {n: np.tanh(rng.normal(size=[sizes[str(s)] for s in element(n).shape])) for n in SHAPES}
    return values | {"A": np.eye(sizes["d"]) + (values["A"] + values["A"].T) / 20}


def value(e: Element, values: Mapping[str, Any], sizes: Mapping[str, int] = SIZES) -> Any:
    """The value of an element at a point; an example whose numbers grow all the same is given up."""
    with np.errstate(all="ignore"):
        array = np.asarray(Evaluator(values, sizes)(e))
    assume(np.isfinite(array).all() and (np.abs(array) < 1e5).all())
    return array


class _Draw:
    def __init__(self, draw: st.DrawFn):
        self.draw = draw

    def one(self, options: Sequence[T]) -> T:
        return self.draw(st.sampled_from(options))

    def tree(self, shape: Shape, depth: int) -> Written:
        """A tree of a shape: (1, 1), (s, 1) or (r, c)."""
        rules = [*_ANY, *_BY_RANK[_rank(shape)], *([_a_square] if _rank(shape) == 2 and shape[0] == shape[1] else [])]
        return self.leaf(shape) if depth <= 0 else self.one(rules)(self, shape, depth - 1)

    def leaf(self, shape: Shape) -> Written:
        names = [n for n, s in SHAPES.items() if s == shape]
        if shape == SCALAR:
            return self.one([*map(name, names), b.num(2), b.num(Fraction(-1, 2)), b.num(3)])
        if names:
            return name(self.one(names))
        turned = [n for n, s in SHAPES.items() if s == shape[::-1]]
        return b.transpose(name(self.one(turned))) if turned else _an_outer_product(self, shape, 0)

    def size(self) -> Size:
        return self.one(("d", "k"))


def _rank(shape: Shape) -> int:
    return sum(s != 1 for s in shape)


Rule = Callable[[_Draw, Shape, int], Written]


def _a_sum(d: _Draw, shape: Shape, depth: int) -> Written:
    return Written(d.one(("add", "sub")), (d.tree(shape, depth), d.tree(shape, depth)), None, shape)


def _a_multiple(d: _Draw, shape: Shape, depth: int) -> Written:
    return Written("scale", (d.tree(SCALAR, depth - 1), d.tree(shape, depth)), None, shape)


def _a_function(d: _Draw, shape: Shape, depth: int) -> Written:
    return b.call(d.one(SMOOTH), d.tree(shape, depth), shape=shape)


def _a_square_entrywise(d: _Draw, shape: Shape, depth: int) -> Written:
    return Written("power" if 1 in shape else "entrypower", (_a_function(d, shape, depth - 1), b.num(2)), None, shape)


def _a_quotient(d: _Draw, shape: Shape, depth: int) -> Written:
    below = Written("add", (b.ONE, b.power(b.call("tanh", d.tree(SCALAR, depth - 1)), Fraction(2))))
    return Written("divide", (d.tree(shape, depth), below), None, shape)


def _a_scalar_product(d: _Draw, shape: Shape, depth: int) -> Written:
    size = d.size()
    return Written("matmul", (b.transpose(d.tree((size, 1), depth)), d.tree((size, 1), depth)), None, SCALAR)


def _a_reduction(d: _Draw, shape: Shape, depth: int) -> Written:
    what = d.one(("sum", "mean", "logsumexp", "trace", "norm", "logdet", "max"))
    if what == "trace":
        return b.call("trace", d.tree(("d", "d"), depth), shape=SCALAR)
    if what == "logdet":
        return b.call("logdet", _positive(d, depth), shape=SCALAR)
    column = d.tree((d.size(), 1), depth)
    if what == "norm":
        return b.power(Written("norm", (column,), "2"), Fraction(2))
    return b.call(what, column, shape=SCALAR)


def _a_sum_over_an_index(d: _Draw, shape: Shape, depth: int) -> Written:
    """Σ_i u_i v_i, with an index that may be called like a variable or like an index of ours."""
    size, letter = d.size(), d.one(("i", "j", "q", "p"))
    index = Written("index", (), letter)
    parts = [Written("entry", (d.tree((size, 1), depth - 1), index)) for _ in range(2)]
    return Written("sum", (Written("scale", tuple(parts)),), (letter, size))


def _a_product_with_a_column(d: _Draw, shape: Shape, depth: int) -> Written:
    size = d.size()
    return Written("matmul", (d.tree((shape[0], size), depth), d.tree((size, 1), depth)), None, shape)


def _a_softmax(d: _Draw, shape: Shape, depth: int) -> Written:
    return b.call(d.one(("softmax", "log_softmax")), d.tree(shape, depth), shape=shape)


def _a_hadamard_product(d: _Draw, shape: Shape, depth: int) -> Written:
    return Written("hadamard", (d.tree(shape, depth), d.tree(shape, depth)), None, shape)


def _a_diagonal(d: _Draw, shape: Shape, depth: int) -> Written:
    return b.diagonal(d.tree((shape[0], shape[0]), depth))


def _a_matrix_product(d: _Draw, shape: Shape, depth: int) -> Written:
    size = d.size()
    return Written("matmul", (d.tree((shape[0], size), depth), d.tree((size, shape[1]), depth)), None, shape)


def _an_outer_product(d: _Draw, shape: Shape, depth: int) -> Written:
    rows, columns = d.tree((shape[0], 1), depth), d.tree((shape[1], 1), depth)
    return Written("matmul", (rows, b.transpose(columns)), None, shape)


def _a_transpose(d: _Draw, shape: Shape, depth: int) -> Written:
    return Written("transpose", (d.tree(shape[::-1], depth),), None, shape)


def _a_square(d: _Draw, shape: Shape, depth: int) -> Written:
    what = d.one(("diag", "inverse", "power", "identity"))
    if what == "identity":
        return b.identity(shape[0])
    if what == "diag":
        return b.call("diag", d.tree((shape[0], 1), depth), shape=shape)
    if what == "power":
        return Written("matrixpower", (d.tree(shape, depth - 1), b.num(d.one((2, 3)))), None, shape)
    if shape[0] == "d":
        return Written("inverse", (_positive(d, depth),), None, shape)
    return b.call("diag", d.tree((shape[0], 1), depth), shape=shape)


def _positive(d: _Draw, depth: int) -> Written:
    """A, or A + c·MᵀM: positive definite."""
    if depth <= 0 or d.one((True, False)):
        return name("A")
    inner = d.tree(("k", "d"), depth - 1)
    return Written("add", (name("A"), Written("matmul", (b.transpose(inner), inner), None, ("d", "d"))), None, ("d", "d"))


_ANY: list[Rule] = [_a_sum, _a_multiple, _a_function, _a_square_entrywise, _a_quotient]
_BY_RANK: dict[int, list[Rule]] = {
    0: [_a_scalar_product, _a_reduction, _a_sum_over_an_index],
    1: [_a_product_with_a_column, _a_softmax, _a_hadamard_product, _a_diagonal],
    2: [_a_matrix_product, _an_outer_product, _a_hadamard_product, _a_transpose],
}


EVERY_SHAPE: tuple[Shape, ...] = (SCALAR, ("d", 1), ("k", 1), ("d", "d"), ("k", "d"))


@st.composite
def trees(draw: st.DrawFn, shapes: Sequence[Shape] = EVERY_SHAPE, depth: int = 3) -> Written:
    """Written forms of these shapes."""
    d = _Draw(draw)
    return d.tree(d.one(shapes), depth)


@st.composite
def functions(draw: st.DrawFn, shapes: Sequence[Shape] = EVERY_SHAPE, depth: int = 3) -> tuple[Written, str]:
    """A written form with the name of a variable in it."""
    tree = draw(trees(shapes, depth).filter(lambda t: any(n.op == "name" for n in t.walk())))
    by = draw(st.sampled_from(sorted({str(n.value) for n in tree.walk() if n.op == "name"})))
    note(f"{write(tree, Style.UNICODE)} by {by}")
    return tree, by
