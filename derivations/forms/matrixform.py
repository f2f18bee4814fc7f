"""From a general element back to matrix notation: the terms a person would write.

A product of factors over indices is a graph: indices are the corners, matrices the edges, columns sit on corners. An inner
corner with one edge is a matrix times a column, one with two edges is a matrix product (with a diagonal matrix between
them if a column sits there), two edges between the same corners are an entrywise product, an edge from a corner to
itself is a diagonal, and alone a trace. What cannot be reduced so has no matrix notation, and that is said, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..elements.elements import Contraction, Element, is_zero, mapped, power, product
from ..elements.functions import FUNCTIONS
from ..notation.written import SCALAR, Written
from ..sizes import Shape, Size
from . import building as b


class NoNotation(Exception):
    """There is no matrix notation for this element."""


@dataclass(slots=True)
class MatrixForm:
    """Writes elements in matrix notation; `spelled` is how parts were written before, and wins."""

    spelled: Mapping[Element, Written] = field(default_factory=dict)
    symmetric: frozenset[str] = frozenset()
    _known: dict[Element, Written] = field(default_factory=dict)

    def of(self, element: Element) -> Written:
        """The element as a number, a column or a matrix. Raises NoNotation where there is none."""
        known = self._known.get(element)
        if known is None:
            known = self._known[element] = self.spelled.get(element) or self._written(element)
        return known

    def _written(self, element: Element) -> Written:
        if len(element.shape) > 2:
            raise NoNotation
        if element.kind in ("map", "power") and element.shape and all(_unspread(a) is not a for a in element.args):
            args = [_unspread(a) for a in element.args]  # a function of numbers, on every entry
            number = power(args[0], element.value) if element.kind == "power" else mapped(element.value, args)
            return b.scale(self.of(number), b.ones(*_two_axes(element.shape)))
        return getattr(self, f"_{element.kind}")(element)  # type: ignore[no-any-return]

    def transposed(self, tree: Written) -> Written:
        """The transpose; a matrix declared symmetric is its own."""
        if tree.op == "name" and tree.value in self.symmetric:
            return tree
        if tree.op == "matmul":
            return b.matmul(*(self.transposed(f) for f in reversed(b.chain([tree]))))
        if tree.op == "inverse" and self.transposed(tree.args[0]) == tree.args[0]:
            return tree
        if tree.op in ("add", "sub") and self._is_own_transpose(tree):
            return tree
        if tree.op in ("neg", "scale"):
            return b.neg(self.transposed(tree.args[0])) if tree.op == "neg" else b.scale(tree.args[0], self.transposed(tree.args[1]))
        return b.transpose(tree)

    def _is_own_transpose(self, tree: Written) -> bool:
        """A + Aᵀ, wxᵀ + xwᵀ: the terms are the transposed terms in another order."""
        terms: list[tuple[bool, Written]] = []
        todo = [(False, tree)]
        while todo:
            negative, t = todo.pop()
            if t.op in ("add", "sub"):
                todo += [(negative, t.args[0]), (negative != (t.op == "sub"), t.args[1])]
            else:
                terms.append((negative, t))
        turned = [(negative, self.transposed(t)) for negative, t in terms]
        return tree.shape[0] == tree.shape[1] and Counter(terms) == Counter(turned)

    # -- one node each -------------------------------------------------------------------------------------------

    def _variable(self, e: Element) -> Written:
        return Written("name", (), e.value, _two_axes(e.shape))

    def _number(self, e: Element) -> Written:
        return b.num(e.value)

    def _constant(self, e: Element) -> Written:
        return Written("constant", (), e.value)

    def _size(self, e: Element) -> Written:
        return Written("size", (), e.value)

    def _zero(self, e: Element) -> Written:
        return Written("zeros", (), None, _two_axes(e.shape))

    def _unit(self, e: Element) -> Written:
        n = e.shape[0]
        return Written("entry", (b.identity(n), Written("index", (), ":"), b.num(e.value)), None, (n, 1))

    def _shift(self, e: Element) -> Written:
        return Written("call", (b.identity(e.shape[0]),), ("roll", ("shift", e.value), ("axis", 0)), e.shape)

    def _lower(self, e: Element) -> Written:
        return Written("call", (b.identity(e.shape[0]),), ("cumsum", ("axis", 0)), e.shape)

    def _join(self, e: Element) -> Written:
        if e.value != 0:
            raise NoNotation
        return Written("stack", tuple(self.of(a) for a in e.args), "rows", _two_axes(e.shape))

    def _merge(self, e: Element) -> Written:
        raise NoNotation

    def _stack(self, e: Element) -> Written:
        parts = [self.of(a) for a in e.args]
        if not all(p.is_scalar for p in parts) or len(e.shape) != 1:
            if len(e.shape) == 2 and all(a.kind == "stack" for a in e.args):
                rows = [[self.of(x) for x in a.args] for a in e.args]
                return Written("matrix", tuple(x for r in rows for x in r), (len(rows), len(rows[0])), (len(rows), len(rows[0])))
            raise NoNotation
        return Written("matrix", tuple(parts), (len(parts), 1), (len(parts), 1))

    def _power(self, e: Element) -> Written:
        base, exponent = e.args[0], e.value
        if not base.shape and exponent.denominator == 2:
            norm = self._norm(base)
            if norm is not None:
                return _with_exponent(norm, exponent * 2)
        return _with_exponent(self.of(base), exponent)

    def _norm(self, squares: Element) -> Written | None:
        """‖v‖ where the element is Σ v_i²."""
        if squares.kind != "product" or squares.value.coefficient != 1 or squares.value.out or len(squares.args) > 2:
            return None
        places, args = squares.value.places, squares.args
        if not args or not args[0].shape or len(set(places[0])) < len(places[0]):
            return None  # a number has no norm, a diagonal is no matrix
        if len(args) == 1 and args[0].kind == "power" and args[0].value == 2:
            inner = args[0].args[0]
        elif len(args) == 2 and args[0] is args[1] and places[0] == places[1]:
            inner = args[0]
        else:
            return None
        try:
            tree = self.of(inner)
        except NoNotation:
            return None
        return Written("norm", (tree,), "F" if len(inner.shape) == 2 else "2")

    def _map(self, e: Element) -> Written:
        args = [b.ZERO if is_zero(a) else self.of(_unspread(a)) for a in e.args]
        shape = _two_axes(e.shape)
        if e.value in ("<", "<=", ">", ">=", "=", "!="):
            return Written("indicator", (Written("compare", tuple(args), e.value, shape),), None, shape)
        if e.value == "where":
            condition = args[0].args[0] if args[0].op == "indicator" else args[0]
            return Written("cases", (args[1], condition, args[2]), True, shape)
        if e.value == "pow":
            return Written("power", tuple(args), None, shape)
        if e.value == "step":
            zero = Written("compare", (args[0], b.ZERO), ">", shape)
            return Written("indicator", (zero,), None, shape)
        return b.call(e.value, *args, shape=shape)

    def _form(self, e: Element) -> Written:
        if e.value == "inverse":
            inner = self.of(e.args[0])
            if inner.op == "transpose":
                return b.transpose(Written("inverse", inner.args, None, inner.shape))
            return Written("inverse", (inner,), None, inner.shape)
        if e.value in ("argmax", "argmin"):
            tree = self.of(e.args[0])
            best = b.call(e.value[3:], tree, shape=SCALAR)
            if len(e.shape) == 2:  # the largest of every row, repeated along the row
                rows, columns = tree.shape
                best = Written("call", (tree,), (e.value[3:], ("axis", 1)), (rows, 1))
                best = b.matmul(best, b.ones(1, columns))
            return Written("indicator", (Written("compare", (tree, best), "=", tree.shape),), None, tree.shape)
        return b.call(e.value, *(self.of(a) for a in e.args), shape=_two_axes(e.shape))

    def _sum(self, e: Element) -> Written:
        # a number among entries, 1 − σ(z), is written as a number; among matrix products it is a matrix of ones
        if e.shape and all(_unspread(t) is not t for t in e.args):  # a number on every entry
            return b.scale(b.add([self.of(_unspread(t)) for t in e.args]), b.ones(*_two_axes(e.shape)))
        plain = len(e.shape) < 2 or not any(_is_matrix_product(t) for t in e.args)
        return self.factored([self.of(_unspread(t) if plain else t) for t in e.args])

    def factored(self, terms: Sequence[Written]) -> Written:
        """A sum; matrices that stand at the front or the back of every term are taken out, and a transpose of all."""
        bare = [t.args[0] if t.op == "neg" else t for t in terms]
        if len(terms) > 1 and all(t.op == "transpose" for t in bare):
            return b.transpose(self.factored([b.neg(x.args[0]) if t.op == "neg" else x.args[0] for t, x in zip(terms, bare, strict=True)]))
        chains = [_signed_chain(t) for t in terms]
        if len(terms) > 1 and all(c is not None for c in chains):
            rows = [c for c in chains if c is not None]
            opened = [(p, [part for f in fs for part in self._opened_row(f)]) for p, fs in rows]
            if len({fs[-1] for _, fs in rows}) == 1 == len({fs[-2] if len(fs) > 1 else None for _, fs in opened}):
                rows = opened  # (Wᵀp ⊙ r)ᵀV and …W diag(r)V end alike
            for side in (0, -1):
                edge = rows[0][1][side]
                if (
                    edge.shape not in (SCALAR,) and 1 not in edge.shape and edge.op != "identity"
                    and all(len(f) > 1 and f[side] == edge for _, f in rows)
                ):
                    rest = [_from_chain(p, f[1:] if side == 0 else f[:-1]) for p, f in rows]
                    inner = self.factored(rest)
                    return b.matmul(edge, inner) if side == 0 else b.matmul(inner, edge)
            numbers = {p.args[0] if p.op == "neg" else p for p, _ in rows}
            if len(numbers) == 1 and not b.is_one(next(iter(numbers))):
                return b.scale(next(iter(numbers)), self.factored(
                    [_from_chain(b.neg(b.ONE) if p.op == "neg" else b.ONE, f) for p, f in rows]))
        return b.add(terms)

    def _opened_row(self, tree: Written) -> list[Written]:
        """(Mv ⊙ r)ᵀ as vᵀ, Mᵀ, diag(r)."""
        if tree.op == "transpose" and tree.args[0].op == "hadamard" and tree.args[0].args[0].op == "matmul":
            product, column = tree.args[0].args
            return [*b.chain([self.transposed(product)]), b.diag(column)]
        return [tree]

    def _product(self, e: Element) -> Written:
        norm = self._norm(e)
        if norm is not None:
            return b.power(norm, Fraction(2))
        value: Contraction = e.value
        graph = _Graph(self, value.out, dict(enumerate(value.sizes)))
        graph.coefficient = value.coefficient
        for f, place in zip(e.args, value.places, strict=True):
            graph.put(f, place)
        return graph.written()


def _place_among_numbers(tree: Written) -> int:
    """Names before functions: 2 c sin(c)."""
    base = tree.args[0] if tree.op == "power" else tree
    return 0 if base.op in ("name", "size", "constant", "number") else 1


def _place_in_product(tree: Written) -> int:
    """Matrix products first, conditions last: Wᵀδ ⊙ φ′(z), y ⊙ 1[z > 0]."""
    return 0 if tree.op == "matmul" else 2 if tree.op in ("indicator", "sub", "add") else 1


def _two_axes(shape: Shape) -> Shape:
    if len(shape) > 2:
        raise NoNotation
    return (*shape, *([1] * (2 - len(shape))))


def _is_matrix_product(e: Element) -> bool:
    """Whether it is an identity, an outer product or a sum over an index: no function of entries."""
    if e.kind != "product":
        return False
    value: Contraction = e.value
    whole = [p for p in value.places if set(p) == set(value.out)]
    return len(set(value.out)) < len(value.out) or (bool(value.places) and not whole and any(value.places))


def _unspread(e: Element) -> Element:
    """A number that was spread over axes, as the number itself."""
    if e.kind == "product" and e.shape and all(not p for p in e.value.places) and len(set(e.value.out)) == len(e.value.out):
        return product((), [(a, ()) for a in e.args], {}, e.value.coefficient)
    return e


def _with_exponent(base: Written, exponent: Fraction) -> Written:
    if exponent == -1:
        return b.oslash(b.ONE, base)
    if exponent < 0:
        return b.oslash(b.ONE, b.power(base, -exponent))
    return b.power(base, exponent)


def _signed_chain(tree: Written) -> tuple[Written, list[Written]] | None:
    """A term as a prefix (sign and number) and the factors of its matrix product; numbers alone have no chain."""
    sign = False
    if tree.op == "neg":
        sign, tree = True, tree.args[0]
    prefix = b.ONE
    if tree.op == "scale":
        prefix, tree = tree.args
    if tree.is_scalar or tree.op in ("divide",):
        return None
    return Written("neg", (prefix,)) if sign else prefix, b.chain([tree])


def _from_chain(prefix: Written, factors: Sequence[Written]) -> Written:
    sign = prefix.op == "neg"
    tree = b.scale(prefix.args[0] if sign else prefix, b.matmul(*factors))
    return b.neg(tree) if sign else tree


@dataclass(slots=True)
class _Edge:
    a: int
    b: int
    tree: Written  # rows run over a, columns over b


class _Graph:
    """A product of columns and matrices over indices, on its way to one expression."""

    def __init__(self, form: MatrixForm, out: tuple[int, ...], sizes: dict[int, Size]):
        self.form = form
        self.out = out
        self.sizes = sizes
        self.coefficient = Fraction(1)
        self.tops: list[Written] = []
        self.bottoms: list[Written] = []
        self.columns: dict[int, list[Written]] = {}
        self.divisors: dict[int, list[Written]] = {}
        self.edges: list[_Edge] = []

    def put(self, f: Element, place: tuple[int, ...]) -> None:
        """A factor on its indices: a number, a column on a corner, a matrix on an edge."""
        if len(place) > 2:
            raise NoNotation
        if not place:
            if f.kind == "power" and f.value < 0:
                self.bottoms.append(self._scalar_power(f, -f.value))
            else:
                self.tops.append(self.form.of(f))
        elif len(place) == 1 or place[0] == place[1]:
            if len(place) == 2:
                self.columns.setdefault(place[0], []).append(b.diagonal(self.form.of(f)))
            elif f.kind == "power" and f.value < 0:
                self.divisors.setdefault(place[0], []).append(b.power(self.form.of(f.args[0]), -f.value))
            else:
                self.columns.setdefault(place[0], []).append(self.form.of(f))
        else:
            self.edges.append(_Edge(place[0], place[1], self.form.of(f)))

    def _scalar_power(self, f: Element, exponent: Fraction) -> Written:
        return self.form.of(power(f.args[0], exponent))

    def column(self, index: int) -> Written | None:
        """Everything that sits on a corner, as one column; None where nothing does. It is taken away."""
        tops, bottoms = self.columns.pop(index, []), self.divisors.pop(index, [])
        if not tops and not bottoms:
            return None
        tops.sort(key=_place_in_product)
        top = b.hadamard(tops) if tops else b.ONE
        return b.oslash(top, b.hadamard(bottoms)) if bottoms else top

    def at(self, index: int) -> list[_Edge]:
        return [e for e in self.edges if index in (e.a, e.b)]

    def written(self) -> Written:
        free = set(self.out)
        inner = [i for i in self.sizes if i not in free]
        while (self._leaf(inner) or self._loop(inner) or self._parallel(_is_entrywise_tree) or self._series(inner)
               or self._parallel()):
            pass
        for i in inner:
            if self.at(i):
                raise NoNotation
            if i in self.columns or i in self.divisors:
                self.tops.append(self._inner_product(i))
        return self._scaled(self._result())

    def _leaf(self, inner: Sequence[int]) -> bool:
        """Σ_a M[b, a] v[a]: a matrix times a column."""
        for i in inner:
            edges = self.at(i)
            if len(edges) == 1 and edges[0].a != edges[0].b:
                edge = edges[0]
                other = edge.a if edge.b == i else edge.b
                matrix = edge.tree if edge.b == i else self.form.transposed(edge.tree)
                column = self.column(i) or b.ones(self.sizes[i])
                self.edges.remove(edge)
                self.columns.setdefault(other, []).append(b.matmul(matrix, column))
                return True
        return False

    def _loop(self, inner: Sequence[int]) -> bool:
        """M[a, a]: the diagonal as a column, or the trace where nothing else has the index."""
        for edge in self.edges:
            if edge.a == edge.b:
                self.edges.remove(edge)
                i = edge.a
                if i in inner and not self.at(i) and i not in self.columns and i not in self.divisors:
                    turned = self.form.transposed(edge.tree)
                    shorter = turned if b.leaves(turned) < b.leaves(edge.tree) else edge.tree
                    self.tops.append(b.call("trace", shorter, shape=SCALAR))
                else:
                    self.columns.setdefault(i, []).append(b.diagonal(edge.tree))
                return True
        return False

    def _series(self, inner: Sequence[int]) -> bool:
        """Σ_a M[b, a] v[a] N[a, c]: a matrix product, with diag(v) between them."""
        # φ′(Z) waits for what it is multiplied with entry by entry
        for i in sorted(inner, key=lambda i: any(_is_entrywise_tree(e.tree) for e in self.at(i))):
            edges = self.at(i)
            if len(edges) == 2 and edges[0].a != edges[0].b and edges[1].a != edges[1].b:
                first, second = edges
                left = first if first.b == i else _Edge(first.b, first.a, self.form.transposed(first.tree))
                right = second if second.a == i else _Edge(second.b, second.a, self.form.transposed(second.tree))
                column = self.column(i)
                middle = [b.diag(column)] if column is not None else []
                self.edges.remove(first)
                self.edges[self.edges.index(second)] = _Edge(left.a, right.b, b.matmul(left.tree, *middle, right.tree))
                return True
        return False

    def _parallel(self, wanted: Callable[[Written], bool] = lambda tree: True) -> bool:
        """M[a, b] N[a, b]: entry by entry, where one of them is as wanted."""
        for k, first in enumerate(self.edges):
            for second in self.edges[k + 1 :]:
                if {first.a, first.b} == {second.a, second.b} and (wanted(first.tree) or wanted(second.tree)):
                    other = second.tree if second.a == first.a else self.form.transposed(second.tree)
                    self.edges.remove(second)
                    self.edges[k] = _Edge(first.a, first.b, b.hadamard([first.tree, other]))
                    return True
        return False

    def _inner_product(self, i: int) -> Written:
        """Σ_i of what sits on a corner alone: uᵀv, ‖v‖², or the sum of one column."""
        tops = self.columns.get(i, [])
        if i not in self.divisors and len(tops) == 2 and tops[0] == tops[1]:
            self.columns.pop(i)
            return Written("power", (Written("norm", (tops[0],), "2"), b.num(2)), None, SCALAR)
        if i not in self.divisors and len(tops) > 1:
            self.columns.pop(i)
            return b.matmul(self.form.transposed(b.hadamard(tops[:-1])), tops[-1])
        column = self.column(i)
        assert column is not None
        if column.op == "call" and column.value == "diagonal":
            return b.call("trace", column.args[0], shape=SCALAR)
        if column.op in ("power", "entrypower") and column.args[1] == b.num(2):
            return Written("power", (Written("norm", (column.args[0],), "2"), b.num(2)), None, SCALAR)
        return b.call("sum", column, shape=SCALAR)

    def _result(self) -> Written | None:
        out = self.out
        if not out:
            return None
        if len(set(out)) < len(out):
            column = self.column(out[0])
            return b.diag(column) if column is not None else b.identity(self.sizes[out[0]])
        if len(out) == 1:
            return self.column(out[0]) or b.ones(self.sizes[out[0]])
        i, j = out
        edges = self.at(i)
        left, right = self.column(i), self.column(j)
        if edges:
            (edge,) = edges
            matrix = edge.tree if edge.a == i else self.form.transposed(edge.tree)
            parts = [b.diag(left)] if left is not None else []
            parts += [matrix] + ([b.diag(right)] if right is not None else [])
            return b.matmul(*parts)
        left = left if left is not None else b.ones(self.sizes[i])
        right = right if right is not None else b.ones(self.sizes[j])
        return b.matmul(left, self.form.transposed(right))

    def _scaled(self, tensor: Written | None) -> Written:
        """The numbers around the tensor: c a / b as people place them."""
        value = abs(self.coefficient)
        if tensor is not None:
            if tensor.op == "neg":
                self.coefficient, tensor = -self.coefficient, tensor.args[0]
            if tensor.op == "scale":
                self.tops.append(tensor.args[0])
                tensor = tensor.args[1]
        tops = sorted((t for t in self.tops if not b.is_one(t)), key=_place_among_numbers)
        for k, t in enumerate(tops):
            if t.op == "neg":
                tops[k], self.coefficient = t.args[0], -self.coefficient
        above, below = b.top_and_bottom(value)
        top = _run([*above, *tops])
        simple = all(t.op in ("number", "size") for t in self.bottoms)
        bottom = _run([*below, *self.bottoms])
        if tensor is None:
            result = b.divide(top, bottom)
        elif b.is_one(bottom):
            result = b.scale(top, tensor)
        elif simple:
            result = b.scale(b.divide(top, bottom), tensor)
        else:
            result = b.divide(b.scale(top, tensor), bottom)
        return b.neg(result) if self.coefficient < 0 else result


def _is_entrywise_tree(tree: Written) -> bool:
    """Whether a matrix is a function of entries: φ′(Z), 1 − A ⊙ A."""
    if tree.op in ("sub", "add"):
        return any(_is_entrywise_tree(a) for a in tree.args)
    return tree.op in ("indicator", "hadamard", "entrypower", "cases", "oslash") or (
        tree.op == "call" and tree.value in FUNCTIONS)


def _run(factors: Sequence[Written]) -> Written:
    result = b.ONE
    for f in factors:
        result = b.scale(result, f)
    return result
