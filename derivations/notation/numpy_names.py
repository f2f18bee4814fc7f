"""What declared names, sizes and indices are called in NumPy code.

Knows which texts can be names in Python; nothing of expressions.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from ..errors import DefectError
from ..sizes import Size, names_in
from .pieces import ADD, ATOM, MULTIPLY, Piece

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")

# What a name may not be called, because the expressions use it: `sum` and `range` as Python has them, `np`.
RESERVED: frozenset[str] = frozenset(("np", "sum", "range", *keyword.kwlist, *keyword.softkwlist))


def is_identifier(text: str) -> bool:
    """Whether a text can be a name in the source as it is.

    >>> is_identifier("W_1"), is_identifier("W^(2)"), is_identifier("lambda"), is_identifier("λ")
    (True, False, False, False)
    """
    return IDENTIFIER.match(text) is not None and text not in RESERVED


class Names:
    """What declared names, sizes and indices are called in the text.

    A name that is not in the mapping is called as it is declared; with `strict`, only if it can be a Python name.
    `sizes_used` collects the sizes that were spelled; `aside` holds what was given a line of its own, by node identity.
    """

    def __init__(
        self,
        names: Mapping[str, str] | None = None,
        sizes: Mapping[str, str] | None = None,
        indices: Mapping[str, str] | None = None,
        strict: bool = False,
    ):
        self._names, self._sizes, self._indices = names or {}, sizes or {}, indices or {}
        self.strict = strict
        self.sizes_used: set[str] = set()
        self.aside: dict[int, Piece] = {}

    def _found(self, table: Mapping[str, str], name: str) -> str:
        found = table.get(name, name)
        if self.strict and not is_identifier(found):
            raise DefectError(f"The name {name!r} has no name in the source.")
        return found

    def name(self, name: str) -> str:
        return self._found(self._names, name)

    def index(self, name: str) -> str:
        return self._found(self._indices, name)

    def size(self, size: Size) -> Piece:
        """A size as an expression: `n`, `3`, `2*n*m + 1`."""
        if isinstance(size, int):
            return Piece(str(size))
        self.sizes_used |= names_in(size)
        terms = [[f if f.isdigit() else self._found(self._sizes, f) for f in t.split("*")] for t in size.split("+")]
        binds = ADD if len(terms) > 1 else MULTIPLY if len(terms[0]) > 1 else ATOM
        return Piece(" + ".join(" * ".join(factors) for factors in terms), binds)
