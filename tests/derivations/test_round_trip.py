"""The law that ties the reader to the writer: what is written is read back as the same tree, in every style.

`read(write(tree, style), shapes=declared).body == tree`, over generated trees whose shapes fit. Places and signs take
no part in it. What a style cannot tell apart is made equal before comparing, see `normal`, and what a style has no
notation for is left out of its trees, see `Draw`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hwcheck.derivations import read, write
from hwcheck.derivations.notation.pieces import fold
from hwcheck.derivations.notation.spellings import Style
from hwcheck.derivations.notation.written import SCALAR, Written
from hwcheck.derivations.sizes import Shape, Size, plus, times

# Names that are easy to confuse: t r is no trace, X w no Xw, and W^(2) no power.
SHAPES: dict[str, Shape] = {
    "a": SCALAR, "c": SCALAR, "lambda": SCALAR, "eta_1": SCALAR, "t": SCALAR, "r": SCALAR,
    "x": ("d", 1), "w": ("d", 1), "w_1": ("d", 1), "mk": ("d", 1), "theta": ("d", 1),
    "hat_y": ("n", 1), "y": ("n", 1), "Xw": ("n", 1), "z": ("k", 1), "h^(2)": ("k", 1),
    "X": ("n", "d"), "Y": ("n", "k"), "W": ("k", "d"), "W1": ("k", "d"), "W^(2)": ("k", "d"),
    "A": ("d", "d"), "B": ("d", "d"), "Sigma": ("d", "d"), "K": ("n", "n"),
}  # fmt: skip
SIZES: tuple[Size, ...] = ("n", "d", "k")
LETTERS = ("i", "j", "l", "p", "q")

ENTRYWISE = (
    "exp", "log", "sin", "cos", "tanh", "sqrt", "abs", "sign", "step", "sigmoid", "relu", "elu", "softplus", "silu",
    "gelu", "erf", "log2", "log10", "log1p", "expm1", "cbrt", "arctan", "arcsinh", "arctanh", "selu", "mish", "relu6",
    "hardtanh", "softsign", "hardsigmoid", "leaky_relu",
)  # fmt: skip
REDUCTIONS = ("sum", "mean", "prod", "max", "min")
COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


def name(declared: str) -> Written:
    return Written("name", value=declared, shape=SHAPES[declared])


def number(text: str) -> Written:
    return Written("number", value=text)


def index(letter: str) -> Written:
    return Written("index", value=letter)


T = TypeVar("T")


class Draw:
    """Draws trees of a wanted shape.

    Left out: in NumPy δ, [..]_ij, σ′ and derivatives of entries, for which it has no notation; outside LaTeX cases with
    more than two branches or without "otherwise", which become nested ones.
    """

    def __init__(self, draw: st.DrawFn, style: Style):
        self._draw = draw
        self.style = style

    def one(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def tree(self, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written:
        """Any tree of a shape; numbers may have entries at the letters."""
        leaves, inner = RULES[sum(size != 1 for size in shape)]
        rules = leaves if depth <= 0 else (*leaves[:1], *ANY, *inner)
        for _ in range(20):
            made = self.one(rules)(self, shape, depth - 1, letters)
            if made is not None:
                return made
        return self.leaf(shape)

    def leaf(self, shape: Shape) -> Written:
        """A name, transposed for a row; the identity or ones where no name has the shape."""
        names = [n for n, s in SHAPES.items() if s == shape]
        if names:
            return name(self.one(names))
        turned = [n for n, s in SHAPES.items() if s == shape[::-1]]
        if turned:
            return Written("transpose", (name(self.one(turned)),), None, shape)
        return Written("ones", (), None, shape)

    def size(self) -> Size:
        return self.one(SIZES)


Rule = Callable[[Draw, Shape, int, Mapping[str, Size]], Written | None]


# Leaves


def a_name(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return d.leaf(shape)


def a_number(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return number(d.one(("0", "1", "2", "3", "10", "0.5", "2.25")))


def a_constant(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("constant", value=d.one(("e", "pi")))


def a_size(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("size", value=d.size())


def an_entry(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    """X_ij, w_i, w_2, or an entry of something longer."""
    rows = d.one((*letters.values(), d.size()))
    columns = d.one((*letters.values(), 1))
    base = d.tree((rows, columns), depth - 1, {}) if depth > 0 and d.one((True, False)) else d.leaf((rows, columns))
    if base.op in ("ones", "indicator", "cases"):
        return None
    places: list[Written] = []
    for size in base.shape if columns != 1 else base.shape[:1]:
        usable = [letter for letter, s in letters.items() if s == size]
        places.append(index(d.one(usable)) if usable and d.one((True, True, False)) else number(d.one(("1", "2"))))
    if base.op == "name" and f"{base.value}_{places[0].value}" in SHAPES:
        return None  # w_1 is the name where it is declared
    return Written("entry", (base, *places))


def a_delta(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    pairs = [(p, q) for p in letters for q in letters if p < q and letters[p] == letters[q]]
    return Written("delta", tuple(map(index, d.one(pairs)))) if pairs and d.style is not Style.NUMPY else None


def a_block(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written(d.one(("ones", "zeros")), (), None, shape)


def an_identity(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("identity", (), None, shape) if shape[0] == shape[1] else None


# Of any shape


def a_neg(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("neg", (d.tree(shape, depth, letters),), None, shape)


def a_sum_of_two(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    """Of one shape, or a number and anything."""
    left, right = d.one(((shape, shape), (shape, shape), (SCALAR, shape), (shape, SCALAR)))
    return Written(d.one(("add", "sub")), (d.tree(left, depth, letters), d.tree(right, depth, letters)), None, shape)


def a_multiple(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    left, right = d.one(((SCALAR, shape), (SCALAR, shape), (shape, SCALAR)))
    return Written("scale", (d.tree(left, depth, letters), d.tree(right, depth, letters)), None, shape)


def a_quotient(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("divide", (d.tree(shape, depth, letters), d.tree(SCALAR, depth, letters)), None, shape)


def a_function(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    if d.one((True,) * 9 + (False,)):
        return Written("call", (d.tree(shape, depth, letters),), d.one(ENTRYWISE), shape)
    both = (d.tree(shape, depth, letters), d.tree(shape, depth, letters))
    return Written("call", both, d.one(("maximum", "minimum")), shape)


def cases(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    branches: list[Written] = []
    count, otherwise = (d.one((1, 2)), d.one((True, False))) if d.style is Style.LATEX else (1, True)
    for _ in range(count):
        condition = a_comparison(d, d.one((shape, SCALAR)), depth - 1, letters)
        if condition not in branches:
            branches += (d.tree(shape, depth, letters), condition)
    if otherwise:
        branches.append(d.tree(shape, depth, letters))
    return Written("cases", tuple(branches), otherwise, shape)


def a_comparison(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written:
    sides = d.tree(shape, depth, letters), d.tree(d.one((shape, SCALAR)), depth, letters)
    return Written("compare", sides, d.one(COMPARISONS), shape)


def an_indicator(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("indicator", (a_comparison(d, shape, depth, letters),), None, shape)


# Numbers


def a_power(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    two, three = number("2"), number("3")
    half, other = Written("divide", (number("1"), two)), d.tree(SCALAR, depth, letters)
    exponent = d.one((two, three, Written("neg", (two,)), half, other))
    return Written("power", (d.tree(shape, depth, letters), exponent), None, shape)


def a_product_of_vectors(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    size = d.size()
    column = d.tree((size, 1), depth, letters)
    if d.one((True, True, False)):
        return Written("matmul", (d.tree((1, size), depth, letters), column))
    return Written("dot", (d.tree((size, 1), depth, letters), column))


def a_reduction(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("call", (d.tree((d.size(), 1), depth, letters),), d.one((*REDUCTIONS, "logsumexp")))


def a_number_of_a_matrix(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    size = d.size()
    return Written("call", (d.tree((size, size), depth, letters),), d.one(("trace", "det", "logdet")))


def a_norm(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    if d.one((True, False)):
        return Written("norm", (d.tree((d.size(), 1), depth, letters),), d.one(("1", "2")))
    return Written("norm", (d.tree((d.size(), d.size()), depth, letters),), "F")


def a_sum_of_blocks(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    """Of an explicit matrix, or of blocks that are put together."""
    size, other = d.size(), d.size()
    column, row, matrix = ((size, 1), (1, size), (other, size))
    if d.one((True, False)):
        rows, columns = d.one(((2, 2), (2, 3), (3, 1), (1, 2)))
        entries = tuple(d.tree(SCALAR, depth, letters) for _ in range(rows * columns))
        block = Written("matrix", entries, (rows, columns), (rows, columns))
    else:
        value, shapes, whole = d.one((
            ("vector", (column, column), (times([2, size]), 1)),
            ("columns", (column, column), (size, 2)),
            ("columns", (matrix, matrix), (other, times([2, size]))),
            ("rows", (row, row), (2, size)),
            ("rows", (row, matrix), (plus([1, other]), size)),
            ("rows", (matrix, matrix), (times([2, other]), size)),
        ))  # fmt: skip
        block = Written("stack", tuple(d.tree(s, depth, letters) for s in shapes), value, whole)
    return Written("call", (block,), "sum")


def a_sum_over_an_index(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    unused = [letter for letter in LETTERS if letter not in letters]
    if not unused:
        return None
    letter, size = d.one(unused), d.size()
    return Written(d.one(("sum", "sum", "prod")), (d.tree(SCALAR, depth, {**letters, letter: size}),), (letter, size))


def a_derivative(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    if d.style is Style.NUMPY:
        return None
    by = an_entry(d, SCALAR, 0, letters)
    of = an_entry(d, SCALAR, depth, letters)
    return Written("derivative", (of, by)) if of and by and by.args[0].op == "name" else None


# Columns and rows


def a_transpose(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("transpose", (d.tree(shape[::-1], depth, letters),), None, shape)


def entrywise(op: str) -> Rule:
    def rule(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
        left = d.one((shape, SCALAR)) if op == "oslash" else shape
        return Written(op, (d.tree(left, depth, letters), d.tree(shape, depth, letters)), None, shape)

    return rule


def a_matrix_product(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    inner = d.size()
    factors = d.tree((shape[0], inner), depth, letters), d.tree((inner, shape[1]), depth, letters)
    return Written("matmul", factors, None, shape)


def a_function_of_a_vector(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    function = d.one(("softmax", "log_softmax", "cumsum", ("roll", ("shift", 1)), ("sigmoid", ("prime", 1))))
    if d.style is Style.NUMPY and isinstance(function, tuple) and function[0] == "sigmoid":
        return None
    return Written("call", (d.tree(shape, depth, letters),), function, shape) if shape[1] == 1 else None


def a_diagonal(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    square = (shape[0], shape[0])
    return Written("call", (d.tree(square, depth, letters),), "diagonal", shape) if shape[1] == 1 else None


def a_sum_along_an_axis(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    axis = d.one((0, 1))
    inner = (d.size(), shape[0]) if axis == 0 else (shape[0], d.size())
    if shape[1] != 1:
        return None
    return Written("call", (d.tree(inner, depth, letters),), (d.one(REDUCTIONS), ("axis", axis)), shape)


# Matrices


def an_outer_product(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    rows, columns = shape
    return Written("matmul", (d.tree((rows, 1), depth, letters), d.tree((1, columns), depth, letters)), None, shape)


def of_a_square(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    if shape[0] != shape[1]:
        return None
    base = d.tree(shape, depth, letters)
    exponent = d.one((number("2"), number("3"), Written("neg", (number("2"),))))
    return d.one((Written("inverse", (base,), None, shape), Written("matrixpower", (base, exponent), None, shape)))


def an_entrywise_power(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    return Written("entrypower", (d.tree(shape, depth, letters), d.one((number("2"), number("0.5")))), None, shape)


def a_diagonal_matrix(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    if shape[0] != shape[1]:
        return None
    return Written("call", (d.tree((shape[0], 1), depth, letters),), "diag", shape)


def components(d: Draw, shape: Shape, depth: int, letters: Mapping[str, Size]) -> Written | None:
    """[body]_ij, where entries in the body say how far both indices run."""
    unused = [letter for letter in LETTERS if letter not in letters]
    if d.style is Style.NUMPY or len(unused) < 2:
        return None
    own = dict(zip(unused, shape, strict=False))
    body = d.tree(SCALAR, depth, {**letters, **own})
    told = {i.value for node in body.walk() if node.op == "entry" for i in node.args[1:] if i.op == "index"}
    return Written("components", (body,), tuple(own), shape) if told >= set(own) and body.op != "call" else None


NUMBER_LEAVES: tuple[Rule, ...] = (an_entry, a_name, a_name, a_number, a_constant, a_size, a_delta)
VECTOR_LEAVES: tuple[Rule, ...] = (a_name, a_name, a_name, a_block)
MATRIX_LEAVES: tuple[Rule, ...] = (a_name, a_name, a_name, a_block, an_identity)
ANY: tuple[Rule, ...] = (
    a_name, a_neg, a_sum_of_two, a_sum_of_two, a_multiple, a_multiple, a_quotient, a_function, a_function, cases,
    an_indicator,
)  # fmt: skip
NUMBERS: tuple[Rule, ...] = (
    a_number, a_size, a_delta, a_power, a_power, a_product_of_vectors, a_product_of_vectors, a_reduction,
    a_number_of_a_matrix, a_norm, a_sum_of_blocks, a_sum_over_an_index, a_sum_over_an_index, a_derivative,
)  # fmt: skip
VECTORS: tuple[Rule, ...] = (
    a_block, a_transpose, entrywise("hadamard"), entrywise("oslash"), a_power, a_matrix_product, a_matrix_product,
    a_function_of_a_vector, a_diagonal, a_sum_along_an_axis,
)  # fmt: skip
MATRICES: tuple[Rule, ...] = (
    a_block, an_identity, a_transpose, entrywise("hadamard"), entrywise("oslash"), a_matrix_product, a_matrix_product,
    an_outer_product, of_a_square, an_entrywise_power, a_diagonal_matrix, components,
)  # fmt: skip

RULES = ((NUMBER_LEAVES, NUMBERS), (VECTOR_LEAVES, VECTORS), (MATRIX_LEAVES, MATRICES))  # by the number of axes


def trees(style: Style) -> st.SearchStrategy[Written]:
    """Trees of all shapes; some have free indices."""

    @st.composite
    def strategy(draw: st.DrawFn) -> Written:
        d = Draw(draw, style)
        shape = d.one((SCALAR, SCALAR, ("d", 1), ("n", 1), (1, "d"), ("n", "d"), ("d", "d")))
        letters: dict[str, Size] = d.one(({}, {}, {"i": "n"}, {"i": "n", "q": "d"})) if shape == SCALAR else {}
        return d.tree(shape, draw(st.integers(0, 4)), letters)

    return strategy()


def normal(tree: Written, style: Style) -> Written:
    """A tree up to what cannot be told apart in print.

    A row of ones or of written entries is the transpose of such a column. In NumPy moreover a vector has one axis:
    rows and columns are the same, a transpose of a vector is not there, a dot product is a matrix product, and every
    power of a vector is taken entry by entry.
    """
    return fold(tree, lambda node, args: _normal(node, args, style is Style.NUMPY))


def _normal(node: Written, args: list[Written], numpy: bool) -> Written:
    shape = node.shape
    vector = len(shape) == 2 and 1 in shape and shape != SCALAR
    if numpy and vector:
        shape = (shape[0] if shape[1] == 1 else shape[1], 1)
        if node.op == "transpose":
            return args[0]
    if node.op == "transpose" and args[0].op in ("ones", "zeros"):
        return Written(args[0].op, (), None, shape)
    if node.op == "transpose" and args[0].op == "matrix" and 1 in shape:
        return Written("matrix", args[0].args, shape, shape)
    if node.op == "matrix" and vector:
        return Written("matrix", tuple(args), shape, shape)
    if numpy and (node.op == "dot" or (vector and node.op == "entrypower")):
        return Written({"dot": "matmul", "entrypower": "power"}[node.op], tuple(args), None, shape)
    return Written(node.op, tuple(args), node.value, shape)


@pytest.mark.parametrize("style", Style, ids=str)
def test_what_is_written_is_read(style: Style) -> None:
    @settings(max_examples=300)
    @given(trees(style))
    def law(tree: Written) -> None:
        text = write(tree, style, declared=SHAPES)
        body = read(text, shapes=SHAPES).body
        assert normal(body, style) == normal(tree, style), text

    law()
