"""The written form: a small frozen tree that keeps what a person wrote, with the place of every part.

Nothing here is simplified, sorted or folded. `==` is equality of spelling-independent structure (places and the sign a
product was written with do not count); equality as mathematics is another question and lives elsewhere.

A tree comes from the reader with every product decided and every shape known. Shapes have two axes (rows, columns): a
number is (1, 1), a column of length d is (d, 1), its transpose (1, d). Tensors with three or more axes are declared
names only.

Operations, with their arguments and `value`:

    number        value: the digits as written, "2", "0.5"
    name          value: the declared name, "w", "W_1", "W^(2)"
    constant      value: "pi" | "e"
    size          value: the name of a size used as a number, "n" in (1/n)‖w‖²
    identity      I; zeros, ones: a block of zeros or ones (the shape says which)
    neg           -a
    add sub       a + b, a - b                          same shape, or one of them a number (in every entry of the other)
    scale         a b, where at least one is a number
    matmul        A B, where the columns of A are the rows of B
    hadamard      a ⊙ b, entry by entry                 same shape
    dot           a · b of two columns: a number
    kron          A ⊗ B, the Kronecker product
    divide        a / b, where b is a number
    oslash        a ⊘ b, entry by entry                 same shape, or a is a number
    power         a^b: of a number, or of every entry of a column or row; b is a number, or a is one and b is not (2^x, e^z)
    entrypower    A^{∘b}: of every entry of a matrix (or of a column, when so written)
    matrixpower   A^k of a square matrix, k a whole number as written (negative for inverses) or a number expression
    transpose     Aᵀ
    inverse       A⁻¹
    call          value: the function's name in functions.py; arguments as there; axis and other settings in `value`
                  as a tuple (name, (setting, number)...) when there are any: ("sum", ("axis", 0))
    norm          value: "2" | "F" | "1"
    matrix        an explicit matrix: value (rows, columns); the entries row by row, each a number
    stack         rows or blocks put together: value "rows" | "columns" | "vector"
    entry         A_{ij}: args (A, index...) where an index is an `index` or a `number` (1-based) node; with the index ":"
                  a whole row (1 × d) or column (n × 1)
    index         value: the name of an index, "i", or ":"
    sum           Σ_j body: value (index name, size); args (body,)
    prod          Π_j body: the same
    delta         δ_ij: args two index or number nodes
    indicator     1[condition]: args (condition,)
    compare       value: "<" "<=" ">" ">=" "=" "!=": args two numbers (or two of the same shape, entry by entry)
    cases         value: True when the last branch is "otherwise"; args (body, condition, body, condition, ..., [body])
    components    [body]_{ij}: the matrix or column whose general entry is body: value the index names; args (body,)
    derivative    ∂a/∂b: args (a, b), b a name (or entry); value: "denominator" for ∇, which has the shape of b, or None:
                  the axes of a, then those of b (a number by a column is a row)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import Span
from ..sizes import Shape

SCALAR: Shape = (1, 1)


@dataclass(frozen=True, slots=True)
class Written:
    """One node of the written form: operation, arguments, payload, shape, and place in the text.

    `sign` is how a product was written ("", "*", "\\cdot", …); like `span` it takes no part in equality.
    """

    op: str
    args: tuple[Written, ...] = ()
    value: Any = None
    shape: Shape = SCALAR
    span: Span = field(default=(0, 0), compare=False)
    sign: str = field(default="", compare=False)

    def walk(self) -> Iterator[Written]:
        """This node and everything below it, parents first, without recursion."""
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo.extend(reversed(node.args))

    def at(self, span: Span) -> Written:
        """The same node, placed at `span`."""
        return replace(self, span=span)

    @property
    def is_scalar(self) -> bool:
        """Whether this is a number (1 × 1)."""
        return self.shape == SCALAR
