"""From a raw tree to the written form: every product decided, every shape known.

Shapes are found in two steps. An *assignment* says of every undeclared name whether it is a number, a column, a row
or a matrix; under an assignment every operator has one reading, and the sizes follow from equations. Assignments are
tried from the homework's usual shapes outwards, by how far they depart from them, and only names that stand in a
contradiction are changed. If none fits, the error is that of the usual shapes.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import cast

from ..errors import LimitError, ShapeError
from ..notation.written import SCALAR, Written
from ..sizes import Shape, Size
from .attempt import Attempt, Contradiction
from .products import COLUMN, MATRIX, NUMBER, ROW
from .raw import Raw
from .unknowns import AnyShape, AnySize, Composite, Unknown, concrete, settled

MOST_TRIES = 200
MOST_LEVELS = 250
# What it costs not to have the wanted shape: more than a b for a number, less than a row for a column.
_ASTRAY = 0.6
# What usually is a number: sizes, rates, weights of terms, and the coefficients a and c.
_NUMBERS = frozenset("acijlt") | frozenset(
    "lambda eta alpha beta gamma epsilon lr lam eps tau rho kappa sigma nu n d k m N".split()
)
# The homework's usual sizes: (rows, columns) by the letter of a matrix, and the length of a column.
_USUAL_SIZES: dict[str, tuple[str, ...]] = {
    "X": ("n", "d"), "Y": ("n", "k"), "W": ("k", "d"), "w": ("d",), "x": ("d",), "y": ("n",), "z": ("k",),
    "h": ("h",), "p": ("k",), "s": ("k",), "theta": ("d",), "mu": ("d",), "A": ("m", "n"), "Z": ("n", "k"),
}  # fmt: skip
# Only these letters mean their sizes: two of them meeting is worth a note.
_MEANT = frozenset(("X", "Y", "W", "w", "x"))
# What numbers hardly ever meet: operations, calls and signs that speak of vectors.
_OF_VECTORS = frozenset("transpose norm entry row ones zeros identity bound components rows".split())
_CALLS_OF_VECTORS = frozenset(
    "softmax log_softmax logsumexp sum mean prod diag outer dot norm matmul einsum trace det inv kron vec".split()
)
_SIGNS_OF_VECTORS = frozenset("@⊙∘⊗⊘")
_FRESH = ("n", "d", "k", "m", "p", "q", "r", "s", "l", "h")

Kinds = dict[str, str]


def base_of(name: str) -> str:
    """The letter that a name's usual shape goes by: w of w_1, y of hat_y, W of W^(2)."""
    for accent in ("hat_", "bar_", "tilde_", "dot_", "ddot_"):
        name = name.removeprefix(accent)
    return name.split("_")[0].split("^")[0].rstrip("0123456789") or name


def options(name: str) -> list[tuple[str, float]]:
    """What an undeclared name can be, the usual first, with how far each departs from the usual.

    >>> options("W"), options("eta")[0], options("b")[:2]
    ([('matrix', 0.0), ('number', 1.5), ('column', 2.0)], ('number', 0.0), [('column', 0.0), ('number', 0.5)])
    """
    letter = base_of(name)
    if "'(" in name or (letter in _NUMBERS and (name == letter or letter not in "ndkmN")):
        return [(NUMBER, 0.0), (COLUMN, 1.0), (MATRIX, 3.0)]
    if letter[0].isupper():
        return [(MATRIX, 0.0), (NUMBER, 1.5), (COLUMN, 2.0)]
    number = 0.5 if letter in ("b", "y", "u", "v", "p") else 1.0
    return [(COLUMN, 0.0), (NUMBER, number), (ROW, 0.9)]


@dataclass(slots=True)
class Found:
    """A tree under one assignment, with what was learned."""

    body: Written
    penalty: float
    notes: list[str]
    shapes: dict[str, AnyShape]
    ranges: dict[object, AnySize]
    astray: float = 0.0


def postorder(tree: Written) -> list[Written]:
    """All nodes, arguments before their node, without recursion."""
    order: list[Written] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        order.append(node)
        todo.extend(node.args)
    order.reverse()
    return order


@dataclass(slots=True)
class Inference:
    """Finds shapes for one raw tree. `declared` are fixed; `scalars`: every other name is a number.

    `wanted` is the shape expected of the whole: it gives sizes to what is open, and among undeclared names it prefers
    those with which the whole fits, as far as a small departure from the usual goes.
    """

    text: str
    order: list[Raw]
    declared: Mapping[str, Shape]
    undeclared: Sequence[str]
    named_sizes: frozenset[str]
    numpy: bool
    scalars: bool
    wanted: Shape | None = None
    tries: int = MOST_TRIES

    def attempt(self, kinds: Kinds) -> tuple[Found, Attempt]:
        """The tree under one assignment; raises Contradiction."""
        shapes: dict[str, AnyShape] = {name: tuple(shape) for name, shape in self.declared.items()}
        for name in self.undeclared:
            shapes[name] = self.fresh(name, kinds[name])
        walk = Attempt(self.text, self.numpy, shapes=shapes)
        value = walk.walk(self.order)
        astray = 0.0 if self.wanted is None or self.meets(walk, value.shape) else _ASTRAY
        return Found(value.node, walk.penalty, walk.notes, shapes, walk.ranges, astray), walk

    def meets(self, walk: Attempt, shape: AnyShape) -> bool:
        """Give open sizes those of the wanted shape, if all of it fits; those of its transpose do not make it fit."""
        assert self.wanted is not None
        equations, mark = walk.equations, len(walk.equations.trail)
        for wanted in (self.wanted, self.wanted[::-1]):
            if len(shape) == len(wanted) and all(map(equations.equate, shape, wanted)):
                return wanted is self.wanted
            equations.undo(mark)
        return False

    def fresh(self, name: str, kind: str) -> AnyShape:
        """A shape of a kind, with sizes still to be found."""
        if kind == NUMBER:
            return SCALAR
        usual = _USUAL_SIZES.get(base_of(name), ())
        meant = name in _MEANT or (base_of(name) == "x" != name and "^" not in name)
        if kind == MATRIX:
            hints = usual if len(usual) == 2 else ("m", "n")
            return (_unknown(hints[0], meant, *hints), _unknown(hints[1], meant, *hints))
        size = _unknown(usual[0], meant) if len(usual) == 1 else Unknown()
        return (size, 1) if kind == COLUMN else (1, size)

    def search(self) -> Found:
        """The least unusual assignment under which the tree has a meaning."""
        numeric = frozenset(self.undeclared) if self.scalars else self.named_sizes
        usual = {name: NUMBER if name in numeric else options(name)[0][0] for name in self.undeclared}
        # Lower-case names with two indices: h_ij.
        tables = {n.args[0].value for n in self.order if n.op == "entry" and len(n.args) == 3}
        order = count()
        queue: list[tuple[float, int, Kinds]] = [(0.0, next(order), usual)]
        if not self.scalars and not self.speaks_of_vectors():
            numbers = dict.fromkeys(usual, NUMBER)
            if numbers != usual:
                queue.append((0.25, next(order), numbers))
        seen: set[tuple[str, ...]] = set()
        best: tuple[float, Found] | None = None
        first: ShapeError | None = None
        names: frozenset[str]
        for _ in range(self.tries):
            if not queue or (best is not None and best[0] <= queue[0][0]):
                break
            cost, _, kinds = heapq.heappop(queue)
            key = tuple(kinds.values())
            if key in seen:
                continue
            seen.add(key)
            try:
                found, _walk = self.attempt(kinds)
            except Contradiction as contradiction:
                first = first or contradiction.error
                names = contradiction.names
            else:
                # An odd reading of unusual shapes is no reading: the contradiction is the better answer.
                price = cost + found.penalty + found.astray
                if not (cost and found.penalty) and (best is None or price < best[0]):
                    best = (price, found)
                if not found.penalty and not found.astray:
                    continue
                names = frozenset(self.undeclared)
            if self.scalars:
                continue
            for name in self.undeclared:
                if name not in names:
                    continue
                departed = dict(options(name)) | ({MATRIX: 1.2} if name in tables else {})
                for kind, more in departed.items():
                    if kind != kinds[name] and more > departed[kinds[name]]:
                        heapq.heappush(
                            queue, (cost + more - departed[kinds[name]], next(order), {**kinds, name: kind})
                        )
        if best is not None:
            return best[1]
        assert first is not None
        raise first

    def speaks_of_vectors(self) -> bool:
        """Whether the text says that its lower-case letters are no numbers: a transpose, a norm, a matrix, an index."""
        for node in self.order:
            if node.op in _OF_VECTORS or (node.op == "apply" and node.value[0] in _CALLS_OF_VECTORS):
                return True
            if node.op == "chain" and _SIGNS_OF_VECTORS.intersection(node.value):
                return True
            if node.op == "symbol":
                shape = self.declared.get(str(node.value))
                if (shape is not None and shape != SCALAR) or (
                    shape is None and options(str(node.value))[0][0] == MATRIX
                ):
                    return True
        return False


def _unknown(hint: str, meant: bool, *others: str) -> Unknown:
    """A size with the name it usually has, and further names for when that one is taken."""
    return Unknown(*others, usual=(hint,)) if meant else Unknown(hint, *others)


def name_sizes(found: Found, names: Sequence[str], taken: set[str]) -> list[str]:
    """Give every size that is still unknown a name, the usual one where it is free; returns notes on usual sizes that
    meet."""
    notes: list[str] = []
    unknown: list[Unknown] = []
    for name in names:
        unknown.extend(_unknown_in(found.shapes[name]))
    for node in postorder(found.body):
        unknown.extend(_unknown_in(node.shape))
        if node.op in ("sum", "prod", "size"):
            unknown.extend(_unknown_in(node.value))
    letters = {str(node.value) for node in found.body.walk() if node.op == "index"}
    for size in dict.fromkeys(unknown):
        candidates = (*size.usual, *size.hints, *_FRESH, *(f"n_{i}" for i in range(1, 300)))
        chosen = next(c for c in candidates if c not in taken and c not in letters)
        taken.add(chosen)
        size.known = chosen
        if len(size.usual) > 1:
            notes.append(f"The usual sizes {' and '.join(size.usual)} have to be equal here; both are called {chosen}.")
    return notes


def _unknown_in(part: object) -> list[Unknown]:
    """The unknown sizes in a size, a shape or a payload."""
    if isinstance(part, tuple):
        return [u for p in part for u in _unknown_in(p)]
    if isinstance(part, (Unknown, Composite)):
        part = settled(part)
        if isinstance(part, Unknown):
            return [part]
        if isinstance(part, Composite):
            return [u for p in part.parts for u in _unknown_in(p)]
    return []


def sized(tree: Written) -> Written:
    """The tree with every size in place, without recursion."""
    done: list[Written] = []
    for node in postorder(tree):
        arity = len(node.args)
        args = tuple(done[len(done) - arity :]) if arity else ()
        del done[len(done) - arity :]
        shape = concrete(node.shape) if any(not isinstance(s, (int, str)) for s in node.shape) else node.shape
        value = node.value
        if node.op in ("sum", "prod"):
            letter, extent = cast(tuple[str, AnySize], value)
            value = (letter, concrete((extent,))[0])
        elif node.op == "size":
            size: Size = concrete((value,))[0]
            node = replace(node, op="number" if isinstance(size, int) else "size")
            value = str(size)
        if (
            shape is not node.shape
            or value is not node.value
            or any(a is not b for a, b in zip(args, node.args, strict=True))
        ):
            node = Written(node.op, args, value, shape, node.span, node.sign)
        done.append(node)
    return done[0]


def check_depth(tree: Written) -> None:
    """Refuse a tree too deep for those who walk it by recursion."""
    deepest = 0
    todo = [(tree, 1)]
    while todo:
        node, level = todo.pop()
        deepest = max(deepest, level)
        todo.extend((a, level + 1) for a in node.args)
    if deepest > MOST_LEVELS:
        raise LimitError(f"The expression has more than {MOST_LEVELS} operations one inside the other.", span=tree.span)
