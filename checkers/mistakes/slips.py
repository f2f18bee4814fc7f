"""What the families of mistakes share: a slip of the pen at one spot, and the scene that it is looked for in.

A slip says what stands at a spot instead of what belongs there; putting the whole tree together again is the work of
`mistakes.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ...derivations.notation.written import Written
from ...derivations.sizes import Size, names_in
from .rebuilding import PRODUCTS, Spot, made, spots


@dataclass(frozen=True, slots=True)
class Slip:
    """`new` at `spot` in place of what stands there (None: it does not fit). `wording` is the phrase for the student,
    with {} for each of `parts`."""

    code: str
    wording: str
    parts: tuple[Written, ...]
    spot: Spot
    new: Written | None


Family = Callable[["Scene"], Iterator[Slip]]

_CONSTANT = frozenset(("number", "size", "constant", "divide", "neg", "scale", "power", "add", "sub"))


@dataclass(slots=True)
class Scene:
    """A tree with its spots, by operation, and its names."""

    tree: Written
    spots: list[Spot] = field(init=False)
    _by_op: dict[str, list[Spot]] = field(init=False)
    _own: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.spots = list(spots(self.tree))
        self._by_op = {}
        self._own = {id(spot.node) for spot in self.spots}
        for spot in self.spots:
            self._by_op.setdefault(spot.node.op, []).append(spot)

    @property
    def root(self) -> Spot:
        return self.spots[0]

    def of(self, *ops: str) -> list[Spot]:
        """The spots with one of these operations, an operation after the other."""
        return [spot for op in ops for spot in self._by_op.get(op, ())]

    def part(self, slip: Slip) -> Written:
        """The node that a slip concerns: the first of its parts, where that is one of this tree and not made for the slip."""
        return slip.parts[0] if slip.parts and id(slip.parts[0]) in self._own else slip.spot.node

    def sizes(self) -> list[Size]:
        """The sizes that the tree mentions, in order of appearance, without 1."""
        found = [s for spot in self.spots for s in spot.node.shape if s != 1]
        found += [spot.node.value for spot in self.of("size")]
        return [s for s in dict.fromkeys(found) if isinstance(s, str) and names_in(s) == {s}]


def factors_of(tree: Written, *, below: bool = False) -> list[Written]:
    """The factors of a product of any kind, from left to right, without signs; with `below` those of denominators, too."""
    found: list[Written] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if node.op in PRODUCTS:
            todo.extend(reversed(node.args))
        elif node.op in ("neg", "divide", "oslash"):
            todo.extend(reversed(node.args if below else node.args[:1]))
        else:
            found.append(node)
    return found


def product_above(spot: Spot) -> Spot:
    """The whole product that a spot is a factor of."""
    while spot.above is not None and spot.above.node.op in (*PRODUCTS, "neg", "divide", "oslash"):
        spot = spot.above
    return spot


def is_constant(tree: Written) -> bool:
    """Whether something is made of numbers and sizes alone, as ½, 1/n and √d are; ln 2 does not count."""
    if tree.op in ("number", "size"):
        return True
    return tree.op in ("divide", "neg", "scale", "power", "call", "constant", "add", "sub") and all(
        n.op in _CONSTANT or (n.op == "call" and n.value in ("sqrt", "cbrt")) for n in tree.walk()
    )


def multiplied(factors: Sequence[Written]) -> Written | None:
    """A product from left to right; None where it does not fit."""
    result: Written | None = factors[0]
    for factor in factors[1:]:
        if result is None:
            return None
        result = made("matmul", result, factor)
    return result


def text(number: int | str) -> Written:
    """A number as written."""
    return Written("number", value=str(number))


ONE, TWO, ZERO = text(1), text(2), text(0)
HALF = Written("divide", (ONE, TWO))

__all__ = [
    "HALF", "ONE", "TWO", "ZERO", "Family", "Scene", "Slip", "factors_of", "is_constant", "multiplied", "product_above",
    "text",
]  # fmt: skip
