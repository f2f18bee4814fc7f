"""Functions and derivatives of values in a graph of definitions: what a claim comes to when its names have a usual meaning.

A derivative is taken by a node, which is held; all that depends on it moves. It is worked out by complex steps, a derivative of
a derivative by central differences.
"""

from __future__ import annotations

import numpy as np

from .graph_arithmetic import GraphArithmetic
from .graph_functions import entrywise, generic, is_entrywise
from .graph_names import Array, Definition, Misfit, NoLink, Slopes, Table, Value
from .graph_trees import replaced, walk
from .plain_tree import Plain
from .plain_words import PlainError

_STEP = 1e-30
_WIDE_STEP = 1e-3
_COMPLEX = ((1j * _STEP, 0.0),)
_CENTRAL = tuple((k * _WIDE_STEP, w / 12) for k, w in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)))
_MOST_SLOPES = 64


class _Nested(PlainError):
    """A derivative inside a derivative: not by a complex step."""


class Graph(GraphArithmetic):
    """Numbers for all that a solution writes."""

    __slots__ = ()

    # -- anything ----------------------------------------------------------------------------------------------------

    def _biased(self, tree: Plain) -> Value:
        """A sum with a bias, which is added to every row, or to every column."""
        main = self.table(self.of(tree.args[0]))
        name = tree.args[1].value
        if name not in self.shapes and name not in self.definitions and name not in self.held and name not in self.leaves:
            rows, columns = main.shape
            self.leaves[name] = self.random(name, (1, columns) if columns > 1 else (rows, 1))
        bias = self.array(name)
        if bias.shape != main.shape and bias.shape not in ((1, main.shape[1]), (main.shape[0], 1)):
            bias = bias.T
        if bias.shape not in (main.shape, (1, main.shape[1]), (main.shape[0], 1)):
            raise Misfit("a bias of another length")
        return Table(main.array + bias)

    def _anyloss(self, tree: Plain) -> Value:
        """Any smooth number that depends on some names: the same for all uses."""
        total: Array = np.zeros((1, 1), complex)
        for part in tree.args:
            array = self.table(self.of(part)).array
            key = f"loss {tree.value} {part.value}"
            first, second = self.random(key, array.shape), self.random(f"{key} squared", array.shape)
            total = total + (first * array).sum() + (second * array * array).sum()
        return Table(np.sin(0.3 * total) + 0.5 * total)

    def _anymap(self, tree: Plain) -> Value:
        """Any smooth function of some names, of the shape its own name has."""
        shape = self.shapes.get(tree.value, (1, 1))
        total: Array = np.zeros(shape, complex)
        for part in tree.args:
            array = self.table(self.of(part)).array
            weights = self.random(f"map {tree.value} {part.value}", (*shape, *array.shape))
            total = total + np.einsum("abcd,cd->ab", weights, array)
        return Table(1.5 + np.sin(0.4 * total) + 0.2 * total)

    # -- functions -------------------------------------------------------------------------------------------------

    def _call(self, tree: Plain) -> Value:
        name, primes = tree.value.rstrip("'"), tree.value.count("'")
        known = self.definitions.get(name)
        if known is not None and not primes:
            return self.called(name, known, tree)
        if known is not None and primes == 1 and len(tree.args) == 1:
            return self.slope_of(name, known, tree.args[0])
        if name == "softmax" and len(tree.args) == 1 and not primes:
            return self.softmax(tree.args[0])
        parts = [self.table(self.of(a)) for a in tree.args]
        if len(parts) == 1 and not primes and name in ("diag", "Diag"):
            return self.diagonal(parts[0])
        if len(parts) == 1 and not primes and name in ("tr", "Tr", "trace"):
            if parts[0].shape[0] != parts[0].shape[1]:
                raise Misfit("the trace of a matrix that is not square")
            return Table(np.full((1, 1), np.trace(parts[0].array)))
        if len(parts) == 1 and not primes and name == "inv":
            return self._inverse(parts[0])
        if len(parts) == 1 and not primes and name == "det":
            return Table(np.full((1, 1), np.linalg.det(parts[0].array)))
        if len(parts) == 1 and is_entrywise(name):
            return Table(entrywise(name, primes)(parts[0].array), parts[0].loose)
        if len(parts) == 1 and name not in ("max", "min"):
            return Table(generic(parts[0].array, self.random(f"function {name}", (3,)), primes), parts[0].loose)
        return self.of_several(name, primes, parts)

    def of_several(self, name: str, primes: int, parts: list[Table]) -> Table:
        """A function of several arguments: the maximum, or any one, whose prime is by its first argument."""
        if len({p.shape for p in parts} - {(1, 1)}) > 1:
            raise PlainError("a function of two shapes")
        arrays = [p.array for p in parts]
        if name in ("max", "min") and len(arrays) == 2:
            a, b = np.broadcast_arrays(*arrays)
            first = a.real > b.real if name == "max" else a.real < b.real
            return Table(np.where(first, a, b))
        numbers = self.random(f"function {name}", (3 + len(parts),))
        inner = sum((numbers[3 + k] * a for k, a in enumerate(arrays)), 0 * arrays[0])
        found = generic(np.asarray(inner), numbers[:3], primes)
        return Table(found * (numbers[3] ** primes))

    def called(self, name: str, known: Definition, tree: Plain) -> Value:
        """The value of a function that was defined, with its arguments in place of its parameters."""
        whole = self.definitions
        self.definitions = {n: d for n, d in whole.items() if n != name}
        try:
            if not known.parameters or tuple(a.value for a in tree.args) == known.parameters or len(tree.args) != len(known.parameters):
                return self.of(known.tree)
            values = [self.table(self.of(a)).array for a in tree.args]
            with self.holding(dict(zip(known.parameters, values, strict=True))):
                return self.of(known.tree)
        finally:
            self.definitions = whole

    def slope_of(self, name: str, known: Definition, argument: Plain) -> Value:
        """g′(z) of a function that was defined, for a number z."""
        parameter = known.parameters[0] if len(known.parameters) == 1 else self.only_name(known.tree).value
        array = self.table(self.of(argument)).array
        if array.shape != (1, 1):
            raise PlainError("the slope of a function at a vector")
        whole = self.definitions
        self.definitions = {n: d for n, d in whole.items() if n != name}
        try:
            with self.holding({parameter: array}):
                return self._derivative(Plain("derivative", (known.tree, Plain("name", (), parameter))))
        finally:
            self.definitions = whole

    def softmax(self, inner: Plain) -> Value:
        """The softmax of a vector, or of every row of a matrix; softmax(z_i) is an entry of softmax(z)."""
        place = None
        if inner.op == "name" and len(inner.indices) == 1 and inner.value not in self.families:
            array = self.whole_of(inner)
            place = self.env_of(inner.indices[0])
        else:
            array = self.table(self.of(inner)).array
        if array.shape == (1, 1):
            raise Misfit("the softmax of a number")
        raised = np.exp(array)
        found = raised / (raised.sum() if 1 in array.shape else raised.sum(axis=1, keepdims=True))
        if place is not None:
            found = np.full((1, 1), found.reshape(-1)[place])
        return Table(np.asarray(found))

    def whole_of(self, entry: Plain) -> Array:
        """The vector that an entry belongs to."""
        name = self.spoken(entry.value)
        if name in self.shapes or name in self.definitions or name in self.held:
            return self.array(name)
        self.loose_entry(name, entry.indices)
        key = f"{name}[1]"
        return np.asarray(self.held.get(key, self.leaves.get(key))).reshape(-1, 1)

    def diagonal(self, inner: Table) -> Table:
        if 1 in inner.shape:
            return Table(np.diag(inner.array.reshape(-1)))
        return Table(np.diag(inner.array).reshape(-1, 1))

    # -- derivatives -----------------------------------------------------------------------------------------------

    def _derivative(self, tree: Plain) -> Value:
        top, by = tree.args
        if by.op == "transpose" and by.args[0].op == "name":
            inner = self._derivative(Plain("derivative", (top, by.args[0])))
            return Table(self.table(inner).array.T)
        if by.op != "name":
            return self.by_expression(top, by)
        if by.value == "?":
            by = self.only_name(top)
        key, places, shape = self.node_of(by)
        if not self.depends(top, key, by):
            raise NoLink(f"nothing links these: {by.value}")
        base = self.held[key] if key in self.held else self.whole_array(key)
        if len(places) > _MOST_SLOPES:
            raise PlainError("too many entries")
        try:
            slopes, top_shape = self.steps(top, key, base, places, complex_step=True)
        except _Nested:
            slopes, top_shape = self.steps(top, key, base, places, complex_step=False)
            self.is_rough = True
        array = slopes.reshape(*shape, *top_shape).transpose(2, 3, 0, 1)
        return self.laid_out(array, _label(top), _label(by))

    def only_name(self, top: Plain) -> Plain:
        """What a derivative without a name below is by: the one name that stands in it."""
        found = {p for p in walk(top) if p.op == "name" and p.value not in ("e", "pi", "1s", "I") and p.value not in self.values}
        if len(found) != 1:
            raise NoLink("it is not said by what this is a derivative")
        return found.pop()

    def laid_out(self, array: Array, top: str, bottom: str) -> Value:
        above, below = array.shape[:2], array.shape[2:]
        if above == (1, 1):
            found = array[0, 0]
            return Table(found.T if self.reading.numerator and 1 in found.shape else found)  # by a matrix: always of its shape
        if below == (1, 1):
            found = array[:, :, 0, 0]
            return Table(found, True)
        return Slopes(array, top, bottom)

    def by_expression(self, top: Plain, by: Plain) -> Value:
        """A derivative by an expression that stands in the top as it is: it is held as a node."""
        name = "#by"
        node = next((n for n, d in self.definitions.items() if d.tree == by and not d.indices), None)
        if node is not None:
            return self._derivative(Plain("derivative", (top, Plain("name", (), node))))
        if not any(part == by for part in walk(top)):
            raise PlainError("a derivative by an expression")
        array = self.table(self.of(by)).array
        with self.holding({name: array}):
            return self._derivative(Plain("derivative", (replaced(top, by, Plain("name", (), name)), Plain("name", (), name))))

    def node_of(self, by: Plain) -> tuple[str, list[tuple[int, ...]], tuple[int, int]]:
        """The name that is moved, the places of its entries that are, and the shape they have."""
        name, indices = self.spoken(by.value), by.indices
        if not indices and (entry := self.numbered_entry(name)) is not None:
            base = entry[0]
            row = self.shape_of(base)[0] == 1
            return base, [(0, entry[1]) if row else (entry[1], 0)], (1, 1)
        if indices and len(indices) == 1 and name in self.families:
            family = self.families[name]
            shape = self.shape_of(family.matrix)
            at = self.env_of(indices[0])
            count = shape[1] if family.rows else shape[0]
            return family.matrix, [(at, k) if family.rows else (k, at) for k in range(count)], (count, 1)
        if indices and name not in self.shapes and name not in self.definitions and name not in self.held:
            self.loose_entry(name, indices)
            return f"{name}[{len(indices)}]", [tuple(self.env_of(i) for i in indices)], (1, 1)
        array = self.held[name] if name in self.held else self.whole_array(name) if name != self.one_hot else self.one_hot_label()
        if indices:
            return name, [self.place(name, array.shape, indices)], (1, 1)
        rows, columns = array.shape
        return name, list(np.ndindex(rows, columns)), (rows, columns)

    def steps(
        self, top: Plain, key: str, base: Array, places: list[tuple[int, ...]], *, complex_step: bool
    ) -> tuple[Array, tuple[int, int]]:
        """The slopes of the top by every place, the last axis over the entries of the top."""
        if complex_step and any(np.any(a.imag) for a in self.held.values()):
            raise _Nested("a derivative of a derivative")
        found: list[Array] = []
        shape = (1, 1)
        offsets = _COMPLEX if complex_step else _CENTRAL
        for place in places:
            total: Array = np.zeros((1, 1), complex)
            for offset, weight in offsets:
                moved = base.astype(complex)
                moved[place] += offset
                with self.holding({key: moved}):
                    value = self.table(self.of(top))
                shape = value.shape
                total = (value.array.imag / _STEP).astype(complex) if complex_step else total + weight * value.array / _WIDE_STEP
            found.append(total)
        return np.asarray(found, complex), shape

    def depends(self, tree: Plain, key: str, by: Plain, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a tree speaks of a node, through the definitions."""
        for part in walk(tree):
            if part.op not in ("name", "call"):
                continue
            name = part.value.rstrip("'")
            spoken = self.spoken(name) if part.op == "name" else name
            if part.op == "name" and (entry := self.numbered_entry(spoken)) is not None:
                spoken = entry[0]
            family = self.families.get(name)
            if key in (spoken, f"{spoken}[{len(part.indices)}]") or (family is not None and family.matrix == key):
                return True
            known = self.definitions.get(spoken)
            if known is not None and spoken not in seen and spoken not in self.held:
                if self.depends(known.tree, key, by, seen | {spoken}):
                    return True
        return False


def _label(tree: Plain) -> str:
    return f"{tree.value}_{','.join(tree.indices)}" if tree.op == "name" else ""


__all__ = ["Graph"]
