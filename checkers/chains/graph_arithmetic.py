"""Products, quotients, powers, sums and cases of values in a graph of definitions."""

from __future__ import annotations

import re

import numpy as np

from .graph_functions import is_entrywise
from .graph_names import Array, GraphNames, Misfit, Slopes, Table, Value
from .plain_tree import Plain
from .plain_words import PlainError


class GraphArithmetic(GraphNames):
    """A graph whose values can be put together."""

    __slots__ = ()

    def _neg(self, tree: Plain) -> Value:
        inner = self.of(tree.args[0])
        if isinstance(inner, Slopes):
            return Slopes(-inner.array, inner.top, inner.bottom)
        return Table(-inner.array, inner.loose)

    def _product(self, tree: Plain) -> Value:
        factors, joins = list(tree.args), tree.value
        values = [self.of(f) if not self.adapts(f) else None for f in factors]
        if "o" in joins and self.reading.matrices_first and set(joins) != {"o"}:
            return self.by_groups(values, joins)
        found = values[0]
        for place, (join, value) in enumerate(zip(joins, values[1:], strict=True)):
            beside = join in ".*" and _has_entrywise(factors[place]) and _has_entrywise(factors[place + 1])
            if beside and isinstance(found, Table) and isinstance(value, Table) and found.shape == value.shape and 1 in found.shape:
                join = "o"  # σ(x)(1 − σ(x)) of a vector has no other meaning
            found = self.joined(found, value, join)
        if found is None:
            raise PlainError("a product of identities")
        return found

    def by_groups(self, values: list[Value | None], joins: str) -> Value:
        """A product in which matrix products bind closer than entrywise ones."""
        groups: list[Value | None] = [values[0]]
        for join, value in zip(joins, values[1:], strict=True):
            if join == "o":
                groups.append(value)
            else:
                groups[-1] = self.joined(groups[-1], value, join)
        found = groups[0]
        for value in groups[1:]:
            found = self.joined(found, value, "o")
        if found is None:
            raise PlainError("a product of identities")
        return found

    def joined(self, a: Value | None, b: Value | None, join: str) -> Value | None:
        """A product of two; None stands for an identity."""
        if a is None or b is None:
            if join == "o":
                raise PlainError("an entrywise product with an identity")
            return b if a is None else a
        if isinstance(a, Table) and isinstance(b, Table):
            return self.times(a, b, join)
        if isinstance(a, Slopes) and isinstance(b, Slopes) and join != "o":
            return self.linked(a, b)
        if isinstance(a, Table) and isinstance(b, Slopes):
            return self.through(b, a, False) if join != "o" else self.times(a, self.table(b), join)
        if isinstance(a, Slopes) and isinstance(b, Table):
            return self.through(a, b, True) if join != "o" else self.times(self.table(a), b, join)
        raise PlainError("an entrywise product of derivatives")

    def times(self, a: Table, b: Table, join: str) -> Table:
        first, second, loose = a.array, b.array, a.loose or b.loose
        if (1, 1) in (a.shape, b.shape):
            return Table(first * second, loose)
        if join == "o":
            if a.shape != b.shape:
                if loose and a.shape == b.shape[::-1]:
                    return Table(first * second.T, True)
                raise Misfit("an entrywise product of two shapes")
            return Table(first * second, loose)
        if join == "x":
            if 1 not in a.shape or 1 not in b.shape:
                raise PlainError("an outer product of matrices")
            return Table(first.reshape(-1, 1) @ second.reshape(1, -1), loose)
        if a.shape[1] == b.shape[0]:
            return Table(first @ second, loose)
        if join == "*" and a.shape == b.shape and 1 in a.shape:
            return Table(np.full((1, 1), (first * second).sum()), loose)
        if loose:
            for x, y in ((first.T, second), (first, second.T), (first.T, second.T)):
                if x.shape[1] == y.shape[0]:
                    return Table(x @ y, True)
        raise Misfit("a product of shapes that do not fit")

    def linked(self, a: Slopes, b: Slopes) -> Value:
        """A product of two derivatives that have a node between them, in either order."""
        if a.bottom and a.bottom == b.top and a.array.shape[2:] == b.array.shape[:2]:
            return Slopes(np.einsum("abcd,cdef->abef", a.array, b.array), a.top, b.bottom)
        if b.bottom and b.bottom == a.top and b.array.shape[2:] == a.array.shape[:2]:
            return Slopes(np.einsum("abcd,cdef->abef", b.array, a.array), b.top, a.bottom)
        return self.times(self.table(a), self.table(b), ".")

    def through(self, slopes: Slopes, other: Table, after: bool) -> Value:
        """A derivative beside a matrix: as matrices where that fits, else the chain rule by what stands beside it."""
        if other.shape == (1, 1):
            return Slopes(slopes.array * other.array[0, 0], slopes.top, slopes.bottom)
        shape = slopes.array.shape[:2]
        for array in (other.array, other.array.T):
            if array.shape == shape:
                return Table(np.einsum("ab,abcd->cd", array, slopes.array), True)
        whole = self.table(slopes)
        return self.times(whole, other, ".") if after else self.times(other, whole, ".")

    def _over(self, tree: Plain) -> Value:
        a, b = self.of(tree.args[0]), self.table(self.of(tree.args[1]))
        if b.shape == (1, 1):
            if isinstance(a, Slopes):
                return Slopes(a.array / b.array[0, 0], a.top, a.bottom)
            return Table(a.array / b.array, a.loose)
        first = self.table(a)
        if first.shape not in (b.shape, (1, 1)):
            raise Misfit("a division by another shape")
        if 1 not in b.shape and first.shape == b.shape and self.is_matrix(tree.args[1]):
            raise PlainError("a division by a matrix")
        return Table(first.array / b.array, first.loose or b.loose)

    def is_matrix(self, tree: Plain) -> bool:
        return tree.op in ("product", "transpose")

    def _power(self, tree: Plain) -> Value:
        raised, power = tree.args
        if raised.op == "name" and raised.value == "e" and not raised.indices and "e" not in self.shapes:
            return Table(np.exp(self.table(self.of(power)).array))
        base = self.table(self.of(raised))
        if power.op == "neg" and power.args[0].value == "1" and base.shape[0] == base.shape[1] > 1:
            return self._inverse(base)
        exponent = self.table(self.of(power))
        if exponent.shape != (1, 1):
            raise PlainError("a power")
        if base.shape == (1, 1):
            return Table(base.array ** exponent.array[0, 0])
        count = exponent.array[0, 0]
        if base.shape[0] == base.shape[1] and count == 2 and self.is_square_of_matrix(raised):
            return Table(base.array @ base.array)
        if 1 in base.shape or raised.op == "call":
            return Table(base.array**count, base.loose)
        raise PlainError("a power of a matrix")

    def is_square_of_matrix(self, tree: Plain) -> bool:
        return tree.op in ("name", "product", "transpose", "add")

    def _inverse(self, base: Table) -> Table:
        try:
            return Table(np.asarray(np.linalg.inv(base.array), np.complex128))
        except np.linalg.LinAlgError:
            raise PlainError("a matrix without an inverse") from None

    def _transpose(self, tree: Plain) -> Value:
        inner = self.of(tree.args[0])
        if isinstance(inner, Slopes):
            return Table(self.table(inner).array.T)
        return Table(inner.array.T, inner.loose)

    # -- sums, entries, cases --------------------------------------------------------------------------------------

    def _sum(self, tree: Plain) -> Value:
        (index,) = tree.indices
        if tree.value and not re.fullmatch(r"!=\w|in:[^=:]*", tree.value):
            raise PlainError("a sum under a condition")
        left_out = tree.value.removeprefix("!=") if tree.value.startswith("!=") else ""
        outer = self.env
        found: list[Value] = []
        try:
            for place in range(self.extent(index, tree.args[0])):
                if left_out and place == outer.get(left_out):
                    continue
                self.env = {**outer, index: place}
                found.append(self.of(tree.args[0]))
        finally:
            self.env = outer
        if not found:
            raise PlainError("a sum over nothing")
        if all(isinstance(v, Slopes) for v in found):
            first = found[0]
            assert isinstance(first, Slopes)
            return Slopes(sum((v.array for v in found[1:]), first.array), first.top, first.bottom)
        return self.added([lambda v=v: v for v in found])  # type: ignore[misc]

    def _entry(self, tree: Plain) -> Value:
        array = self.table(self.of(tree.args[0])).array
        if len(tree.indices) == 2 and ":" in tree.indices:
            first, second = tree.indices
            if first == ":":
                return Table(array[:, [self.env_of(second)]])
            return Table(array[[self.env_of(first)], :])
        return Table(np.full((1, 1), array[self.place("this", array.shape, tree.indices)]))

    def _matrix(self, tree: Plain) -> Value:
        rows, columns = (int(n) for n in tree.value.split("x"))
        parts = [self.table(self.of(a)) for a in tree.args]
        try:
            return Table(np.block([[p.array for p in parts[r * columns : (r + 1) * columns]] for r in range(rows)]))
        except ValueError:
            raise Misfit("a matrix of parts that do not fit") from None

    def _listed(self, tree: Plain) -> Value:
        """A vector that is written by its general entry, or a diagonal matrix."""
        (index,), outer, found = tree.indices, self.env, []
        try:
            for place in range(self.extent(index, tree.args[0])):
                self.env = {**outer, index: place}
                found.append(self.table(self.of(tree.args[0])).array)
        finally:
            self.env = outer
        if tree.value == "diagonal":
            if any(a.shape != (1, 1) for a in found):
                raise PlainError("a diagonal of matrices")
            return Table(np.diag([complex(a[0, 0]) for a in found]))
        try:
            return Table(np.hstack(found) if tree.value == "row" else np.vstack(found))
        except ValueError:
            raise Misfit("parts of different lengths") from None

    def _prod(self, tree: Plain) -> Value:
        (index,), outer = tree.indices, self.env
        found: Value | None = None
        try:
            for place in range(self.extent(index, tree.args[0])):
                self.env = {**outer, index: place}
                value = self.of(tree.args[0])
                found = value if found is None else self.joined(found, value, ".")
        finally:
            self.env = outer
        if found is None:
            raise PlainError("a product over nothing")
        return found

    def _at(self, tree: Plain) -> Value:
        return self.of(tree.args[0])

    def _cases(self, tree: Plain) -> Value:
        for value, condition in zip(tree.args[::2], tree.args[1::2], strict=True):
            if condition.op == "name" or self.holds(condition):
                return self.of(value)
        raise PlainError("no case applies")

    def holds(self, condition: Plain) -> bool:
        if condition.op == "and":
            return all(self.holds(c) for c in condition.args)
        if condition.op != "compare":
            raise PlainError("a condition")
        a, b = (self.number(self.of(x)).real for x in condition.args)
        sign = condition.value
        if sign in ("=", "=="):
            return abs(a - b) < 1e-12
        if sign == "!=":
            return abs(a - b) >= 1e-12
        return a < b if sign in ("<", "<=") else a > b

    def _compare(self, tree: Plain) -> Value:
        parts = [self.table(self.of(a)) for a in tree.args]
        if tree.value not in ("<", "<=", ">", ">="):
            return Table(np.full((1, 1), float(self.holds(tree)), complex))
        a, b = parts
        if (1, 1) not in (a.shape, b.shape) and a.shape != b.shape:
            raise Misfit("a comparison of two shapes")
        smaller = a.array.real < b.array.real
        return Table((smaller if tree.value in ("<", "<=") else ~smaller).astype(complex))

    def _indicator(self, tree: Plain) -> Value:
        return self.of(tree.args[0])

    def _total(self, tree: Plain) -> Value:
        """The sum of all entries."""
        return Table(np.full((1, 1), self.table(self.of(tree.args[0])).array.sum()))

    def _norm(self, tree: Plain) -> Value:
        array = self.table(self.of(tree.args[0])).array
        if tree.value == "1":
            return Table(np.full((1, 1), _absolute(array).sum()))
        return Table(np.full((1, 1), np.sqrt((array * array).sum())))


def _has_entrywise(tree: Plain) -> bool:
    """Whether a form is a function entry by entry, or one or a number less or more than it."""
    if tree.op == "call":
        return is_entrywise(tree.value.rstrip("'"))
    return tree.op in ("add", "neg") and all(_has_entrywise(a) or a.op == "number" for a in tree.args)


def _absolute(array: Array) -> Array:
    return np.where(array.real < 0, -array, array)


__all__ = ["GraphArithmetic"]
