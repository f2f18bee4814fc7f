"""Numbers for the names of a graph of definitions: what a name, an entry of it or a sum comes to, every index being a number.

A value is a matrix of numbers (a number has one row and one column), or the slopes of a matrix by a matrix. Rows and columns
are kept apart, nothing is broadcast but a number. Knows nothing of which definitions are usual, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from .graph_trees import above, bound_where_used, index_letters, letters, terms, walk
from .plain_tree import Plain
from .plain_words import PlainError

Array = NDArray[np.complex128]
EXTENT = 3  # of an index that nothing says the range of
_MOST_WORK = 40_000
MOST_SPENT = 80_000  # over all readings of one solution


class Misfit(PlainError):
    """Shapes or lengths that do not go together: a finding, where the shapes are known."""


class NoLink(PlainError):
    """A derivative of something by a name that it does not depend on."""


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix of numbers; `loose` where only the shape up to a transposition is known."""

    array: Array
    loose: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.array.shape[0], self.array.shape[1]


@dataclass(frozen=True, slots=True)
class Slopes:
    """The slopes of one matrix by another, axes of the first one first; both have a name where they are one."""

    array: Array
    top: str
    bottom: str


Value = Table | Slopes
Memory = dict[tuple[int, tuple[tuple[str, int], ...], int], Value]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a name stands for; `indices` where it was defined entry by entry, `parameters` where it is a function."""

    tree: Plain
    indices: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Vectors u_i that are the columns (or rows) of one matrix; read as columns in both cases."""

    matrix: str
    rows: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How one equation is read."""

    numerator: bool = False
    einstein: bool = False
    matrices_first: bool = False
    free: frozenset[str] = frozenset()


@dataclass(slots=True)
class GraphNames:
    """Numbers for all names: `shapes` of those that are no definition's, `definitions` of the others.

    `targets` are the letters that stand for the entry that the label `one_hot` marks; `units` sum to one, `symmetric` are what
    they say; `turning` are vectors that may be rows or columns. A name that nothing is said of has the shape `unknown` if it is one of
    `vectors` (or if there is no such list), else it is a number.
    """

    shapes: Mapping[str, tuple[int, int]]
    definitions: dict[str, Definition] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)
    one_hot: str = ""
    targets: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    symmetric: frozenset[str] = frozenset()
    turning: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    values: Mapping[str, Array] = field(default_factory=dict)
    spent: list[int] = field(default_factory=lambda: [0])
    unknown: tuple[int, int] = (1, 1)
    vectors: frozenset[str] | None = None
    signed: bool = False
    seed: int = 0
    reading: Reading = field(default_factory=Reading)
    env: dict[str, int] = field(default_factory=dict)
    held: dict[str, Array] = field(default_factory=dict)
    leaves: dict[str, Array] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)
    inner: dict[str, Memory] = field(default_factory=dict)
    worked: dict[tuple[str, tuple[tuple[str, int], ...]], Array] = field(default_factory=dict)
    kept: dict[int, Plain] = field(default_factory=dict)
    bound: dict[tuple[int, frozenset[str]], list[Plain]] = field(default_factory=dict)
    work: int = 0
    guessed: set[str] = field(default_factory=set)
    is_rough: bool = False

    # -- the whole -------------------------------------------------------------------------------------------------

    def value(self, tree: Plain, reading: Reading, env: Mapping[str, int]) -> Table:
        """The value of a form under one reading, its free indices being numbers.

        Raises:
            Misfit: shapes do not go together.
            PlainError: it has no value here.
        """
        if reading != self.reading:
            self.reading = reading
            self.memory, self.inner, self.worked = {}, {}, {}
        self.env = dict(env)
        self.env.update((t, env.get("#", 0)) for t in self.targets if t not in env)
        return self.table(self.whole(tree))

    def whole(self, tree: Plain) -> Value:
        if not self.reading.einstein:
            return self.of(tree)
        key = (id(tree), self.reading.free)
        if key not in self.bound:  # every index that is neither free nor bound is summed where it is used
            self.kept[id(tree)] = tree
            known = self.reading.free | set(self.targets)
            found = [bound_where_used(t, [i for i in index_letters(t) if i not in known]) for t in terms(tree)]
            self.bound[key] = found
        return self.added([lambda t=t: self.of(t) for t in self.bound[key]])  # type: ignore[misc]

    def of(self, tree: Plain) -> Value:
        """The value of a tree."""
        self.work += 1
        self.spent[0] += 1
        if self.work > _MOST_WORK or self.spent[0] > MOST_SPENT:
            raise PlainError("too much work")
        method: Callable[[Plain], Value] | None = getattr(self, f"_{tree.op}", None)
        if method is None:
            raise PlainError(f"no value for {tree.op}")
        if tree.op in ("number", "name"):
            return method(tree)
        key = (id(tree), tuple((i, self.env[i]) for i in (*letters(tree), *self.fixed) if i in self.env), self.env.get("#", 0))
        if key not in self.memory:
            self.kept[id(tree)] = tree
            self.memory[key] = method(tree)
        return self.memory[key]

    def table(self, value: Value) -> Table:
        """A value as a matrix, in the layout of the reading."""
        if isinstance(value, Table):
            return value
        (a, b), (c, d) = value.array.shape[:2], value.array.shape[2:]
        if 1 not in (a, b) or 1 not in (c, d):
            raise PlainError("a derivative of more than two axes")
        array = value.array.reshape(a * b, c * d)
        return Table(array if self.reading.numerator else array.T)

    # -- names -----------------------------------------------------------------------------------------------------

    def random(self, key: str, shape: tuple[int, ...]) -> Array:
        digest = blake2b(f"{key}|{self.seed}".encode(), digest_size=8).digest()
        low, high = (-1.3, 1.3) if self.signed else (0.2, 0.9)  # below one, so that log(1 − p) has a value
        return np.random.default_rng(int.from_bytes(digest)).uniform(low, high, shape).astype(complex)

    def array(self, name: str) -> Array:
        """The numbers of a whole name."""
        if name in self.held:
            return self.held[name]
        known = self.definitions.get(name)
        if known is not None:
            key = (name, tuple(sorted(self.env.items())) if "^(" in name or self.one_hot or self.fixed else ())
            if key not in self.worked:
                self.worked[key] = self.defined(name, known)
            return self.worked[key]
        if name not in self.leaves:
            self.leaves[name] = self.leaf(name)
        return self.leaves[name]

    def defined(self, name: str, known: Definition) -> Array:
        """What a definition comes to; it is read on its own, whatever the equation that uses it."""
        outer, whole, free, memory = self.env, self.definitions, self.reading, self.memory
        kept = {k: v for k, v in outer.items() if k == "#" or k in self.targets or k in self.fixed or k in above(name)}
        self.env = {**kept, **{t: outer.get("#", 0) for t in self.targets}}
        self.reading = Reading(free.numerator, free.einstein, free.matrices_first, frozenset(known.indices) | self.fixed)
        self.definitions = {n: d for n, d in whole.items() if n != name}
        self.memory = self.inner.setdefault(name, {})
        try:
            if not known.indices:
                return self.table(self.whole(known.tree)).array
            extents = [self.extent(i, known.tree) for i in known.indices]
            out = np.empty(extents, complex)
            for place in np.ndindex(*extents):
                self.env.update(zip(known.indices, place, strict=True))
                out[place] = self.number(self.whole(known.tree))
            return out.reshape(-1, 1) if out.ndim == 1 else out
        except Misfit as misfit:
            raise PlainError(f"the definition of {name} does not fit: {misfit}") from None
        finally:
            self.env, self.definitions, self.reading, self.memory = outer, whole, free, memory

    def leaf(self, name: str) -> Array:
        if name in self.values:
            return self.values[name]
        shape = self.shapes.get(name)
        if shape is None:
            self.guessed.add(name)
            shape = self.unknown if self.vectors is None or name in self.vectors else (1, 1)
        if name == self.one_hot:
            raise PlainError("a label without a place")
        found = self.random(name, shape)
        if name in self.symmetric and shape[0] == shape[1]:
            found = found + found.T
        if name not in self.units:
            return found
        found = np.abs(found).astype(complex)
        return np.asarray(found / (found.sum() if 1 in shape else found.sum(axis=1, keepdims=True)))

    def one_hot_label(self) -> Array:
        rows, columns = self.shapes[self.one_hot]
        found = np.zeros((rows, columns), complex)
        found.reshape(-1)[self.env.get("#", 0)] = 1
        return found

    def _number(self, tree: Plain) -> Value:
        return Table(np.full((1, 1), float(tree.value), complex))

    def _name(self, tree: Plain) -> Value:
        name, indices = self.spoken(tree.value), tree.indices
        if not indices and (entry := self.numbered_entry(name)) is not None:
            base, number = entry
            return Table(np.full((1, 1), self.array(base).reshape(-1)[number]))
        if name == "delta" and len(indices) == 2 and name not in self.definitions:
            return Table(np.full((1, 1), 1.0 if self.env_of(indices[0]) == self.env_of(indices[1]) else 0.0, complex))
        if not indices and name in self.targets:
            return Table(np.full((1, 1), self.env.get("#", 0), complex))
        if not indices and name not in self.held and name not in self.definitions and name not in self.shapes:
            if name in ("e", "pi"):
                return Table(np.full((1, 1), np.e if name == "e" else np.pi, complex))
            if name in self.env:
                return Table(np.full((1, 1), self.env[name], complex))
        if name == self.one_hot and name not in self.held:
            array = self.one_hot_label()
        elif len(indices) == 1 and name in self.families:
            return Table(self.member(name, self.env_of(indices[0])))
        elif indices and name not in self.shapes and name not in self.definitions and name not in self.held:
            return Table(self.loose_entry(name, indices))
        else:
            array = self.array(name)
        if not indices:
            return Table(array, name in self.turning)
        if len(indices) == 1 and 1 not in array.shape:  # a row of a matrix, written as a row or as a column
            place = self.env_of(indices[0])
            if place >= array.shape[0]:
                raise Misfit(f"an index of {name} is beyond its range")
            return Table(array[[place], :], True)
        return Table(np.full((1, 1), array[self.place(name, array.shape, indices)]))

    def numbered_entry(self, name: str) -> tuple[str, int] | None:
        """The vector and the place that x_2 names, where x is a vector and x_2 is nothing else."""
        base, sign, number = name.partition("_")
        if not sign or not number.isdecimal() or name in self.held or name in self.definitions or base not in self.numbered:
            return None
        shape = self.shape_of(base)
        if len(shape) != 2 or 1 not in shape or not 0 < int(number) <= max(shape):
            return None
        return base, int(number) - 1

    def spoken(self, name: str) -> str:
        """A name whose superscript is an index that is a number now: x^(i) at i = 2."""
        base, sign, above = name.partition("^(")
        if not sign or name in self.definitions or name in self.held:
            return name
        marks = [str(self.env.get(x, x)) if len(x) == 1 else x for x in above.rstrip(")").split(",")]
        numbered = f"{base}^({','.join(marks)})"
        if numbered != name and name in self.shapes and numbered not in self.shapes:
            self.shapes = {**self.shapes, numbered: self.shapes[name]}
            if name in self.units or base in self.units:
                self.units = self.units | {numbered}
        return numbered

    def env_of(self, index: str) -> int:
        if index not in self.env:
            raise PlainError(f"the index {index} is not bound")
        return self.env[index]

    def member(self, name: str, place: int) -> Array:
        family = self.families[name]
        array = self.array(family.matrix)
        return np.asarray(array[[place], :].T if family.rows else array[:, [place]])

    def loose_entry(self, name: str, indices: tuple[str, ...]) -> Array:
        """An entry of a name that is used by its entries only."""
        key = f"{name}[{len(indices)}]"
        if key not in self.leaves and key not in self.held:
            found = self.random(key, (EXTENT,) * len(indices))
            self.leaves[key] = found / found.sum() if name in self.units else found
        array = self.held.get(key, self.leaves.get(key))
        assert array is not None
        place = tuple(self.env_of(i) for i in indices)
        if any(p >= EXTENT for p in place):
            raise PlainError("an index beyond its range")
        return np.full((1, 1), array[place])

    def place(self, name: str, shape: tuple[int, ...], indices: tuple[str, ...]) -> tuple[int, int]:
        """Where an entry stands."""
        at = [self.env_of(i) for i in indices]
        if len(at) == 1 and 1 in shape and shape != (1, 1):
            at = [at[0], 0] if shape[1] == 1 else [0, at[0]]
        if len(at) != 2:
            raise PlainError(f"{name} with {len(indices)} indices")
        if at[0] >= shape[0] or at[1] >= shape[1]:
            raise Misfit(f"an index of {name} is beyond its range")
        return at[0], at[1]

    def shape_of(self, name: str) -> tuple[int, ...]:
        if name == self.one_hot or (name in self.shapes and name not in self.definitions):
            return self.shapes[name]
        if name in self.definitions:
            return self.array(name).shape
        return ()

    def extent(self, index: str, tree: Plain) -> int:
        """The range of an index: the length of what it runs over."""
        found = set(self._extents(index, tree))
        if len(found) > 1:
            raise PlainError(f"the index {index} runs over two lengths")
        return found.pop() if found else EXTENT

    def _extents(self, index: str, tree: Plain) -> Iterator[int]:
        for part in walk(tree):
            if part.op != "name" or index not in part.indices or part.value == "delta":
                continue
            if part.value in self.families and len(part.indices) == 1:
                family = self.families[part.value]
                yield self.shape_of(family.matrix)[0 if family.rows else 1]
                continue
            shape = self.shape_of(part.value)
            if len(shape) == 2 and len(part.indices) == 1:
                yield max(shape) if 1 in shape else shape[0]
            elif len(shape) == len(part.indices):
                yield from (s for s, i in zip(shape, part.indices, strict=True) if i == index)

    def number(self, value: Value) -> complex:
        found = self.table(value)
        if found.shape != (1, 1):
            raise Misfit("a matrix where a number is meant")
        return complex(found.array[0, 0])

    @contextmanager
    def holding(self, values: Mapping[str, Array]) -> Iterator[None]:
        """Names held at other numbers; nothing that was worked out before is used."""
        outer = self.held, self.memory, self.inner, self.worked
        self.held, self.memory, self.inner, self.worked = {**self.held, **values}, {}, {}, {}
        try:
            yield
        finally:
            self.held, self.memory, self.inner, self.worked = outer

    def whole_array(self, key: str) -> Array:
        if key in self.leaves:
            return self.leaves[key]
        return self.one_hot_label() if key == self.one_hot else self.array(key)

    # -- sums ------------------------------------------------------------------------------------------------------

    def _add(self, tree: Plain) -> Value:
        return self.added([lambda a=a: self.of(a) for a in tree.args], tree.args)  # type: ignore[misc]

    def added(self, parts: list[Callable[[], Value]], trees: tuple[Plain, ...] = ()) -> Value:
        """A sum; a name of no known shape has the shape of what it is added to."""
        if len(parts) == 1:
            return parts[0]()
        values: list[Table | None] = []
        for place, part in enumerate(parts):
            waits = self.adapts(trees[place]) if trees else ""
            values.append(None if waits else self.table(part()))
        shape = max((v.shape for v in values if v is not None), key=lambda s: s[0] * s[1], default=self.unknown)
        total: Array = np.zeros(shape, complex)
        loose = False
        for place, value in enumerate(values):
            if value is None:
                value = self.adapted(trees[place], shape)
            if value.shape != shape and value.shape != (1, 1):
                if value.loose and value.shape == shape[::-1]:
                    value = Table(value.array.T)
                else:
                    raise Misfit("a sum of two shapes")
            loose = loose or value.loose
            total = total + value.array
        return Table(total, loose)

    def adapts(self, tree: Plain) -> str:
        """The name in a term that takes the shape of the rest of a sum: an identity, ones, or a name that nothing is known of."""
        tree = tree.args[0] if tree.op == "neg" else tree
        if tree.op == "product" and tree.args[-1].value in ("I", "1s") and not tree.args[-1].indices:
            return tree.args[-1].value if tree.args[-1].value not in self.shapes else ""
        if tree.op != "name" or tree.indices or tree.value in self.held or tree.value in self.definitions:
            return ""
        name = tree.value
        return name if name in ("I", "1s") and name not in self.shapes else ""

    def adapted(self, tree: Plain, shape: tuple[int, int]) -> Table:
        if tree.op == "neg":
            return Table(-self.adapted(tree.args[0], shape).array)
        if tree.op == "product":
            factor = self.table(self.of(Plain("product", tree.args[:-1], tree.value[:-1]) if len(tree.args) > 2 else tree.args[0]))
            if factor.shape != (1, 1):
                raise PlainError("a matrix times an identity")
            return Table(factor.array * self.adapted(tree.args[-1], shape).array)
        if tree.value == "I":
            if shape[0] != shape[1]:
                raise Misfit("an identity that is not square")
            return Table(np.eye(shape[0], dtype=complex))
        return Table(np.ones(shape, complex))


__all__ = [
    "EXTENT",
    "MOST_SPENT",
    "Array",
    "Definition",
    "Family",
    "GraphNames",
    "Misfit",
    "NoLink",
    "Reading",
    "Slopes",
    "Table",
    "Value",
]
