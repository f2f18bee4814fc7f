"""Like terms together, factors cancelled, declared facts used: from the terms of a derivative to its shortest sum.

Works on sums of products only, and changes how a tensor is written, never its value (where both are defined: x · 1/x is 1
for x ≠ 0). What it does, in order: products inside products are opened, powers of the same factor are multiplied out,
facts (symmetric, Σy = 1) are used, terms that differ only in an entrywise part are joined, and that part is expanded when
it gets shorter by it: −y(1 − s) + (1 − y)s becomes s − y.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..elements.elements import (
    ONE,
    Contraction,
    Element,
    Factor,
    axes_of,
    broadcast,
    is_zero,
    mapped,
    node,
    plus,
    power,
    product,
    scaled,
    size,
    total,
)
from ..sizes import Size

SYMMETRIC = frozenset({"symmetric", "spd"})
SUMS_TO_ONE = frozenset({"one_hot", "probability"})
MANY_TERMS = 12  # beyond this terms are no longer compared in pairs: a person would not find the common part either


@dataclass(slots=True)
class _Product:
    """A product taken apart: coefficient, indices of the result (numbers), factors with indices, sizes by index."""

    coefficient: Fraction
    out: tuple[int, ...]
    factors: list[Factor]
    sizes: dict[int, Size]

    def element(self) -> Element:
        # labels are unique per index, so `out` may repeat one: the δ of a diagonal
        places = tuple(range(-1, -1 - len(self.out), -1))
        sizes = self.sizes | {p: self.sizes[i] for p, i in zip(places, self.out, strict=True)}
        return product(places, self.factors, sizes, self.coefficient, tuple(zip(places, self.out, strict=True)))


@dataclass(frozen=True, slots=True)
class Tidier:
    """Tidies elements under declared facts: names of variables with their domains."""

    domains: Mapping[str, str]

    def __call__(self, element: Element) -> Element:
        """The same tensor as a shorter sum of products."""
        for _ in range(4):  # a group that was opened in one round may be equal to another in the next
            before, element = element, self._once(element)
            if element is before:
                break
        return element

    def _once(self, element: Element) -> Element:
        if is_zero(element):
            return element
        terms = list(element.args) if element.kind == "sum" else [element]
        opened: list[_Product] = []
        for term in terms:
            opened.extend(self._distributed(_taken_apart(term)))
        products = [p for p in map(self._reduced, opened) if p.coefficient]
        joined = self._joined(products)
        return total([p.element() for p in joined], element.shape)

    # -- one product ---------------------------------------------------------------------------------------------

    def _distributed(self, whole: _Product) -> list[_Product]:
        """A product with a factor that is a sum of δ-terms (I − 1pᵀ and the like) is multiplied out, nothing else."""
        for k, (f, labels) in enumerate(whole.factors):
            if f.kind == "sum" and any(t.kind == "product" and len(set(t.value.out)) < len(t.value.out) for t in f.args):
                rest = whole.factors[:k] + whole.factors[k + 1 :]
                parts = []
                for t in f.args:
                    again = _Product(whole.coefficient, whole.out, [*rest[:k], (t, labels), *rest[k:]], whole.sizes)
                    parts.extend(self._distributed(_taken_apart(again.element())))
                return parts
        return [whole]

    def _reduced(self, whole: _Product) -> _Product:
        factors = self._facts(whole, [self._ordered(f) for f in whole.factors])
        whole, factors = _inverses_cancelled(whole, factors)
        coefficient = whole.coefficient
        exponents: dict[Factor, Fraction] = {}
        for f, labels in factors:
            base, exponent = (f.args[0], f.value) if f.kind == "power" else (f, Fraction(1))
            key = (base, labels)
            exponents[key] = exponents.get(key, Fraction(0)) + exponent
        kept: list[Factor] = []
        sizes = dict(whole.sizes)
        for (base, labels), exponent in _refolded(exponents).items():
            f = power(base, exponent)
            if f.kind == "number":
                coefficient *= f.value
            elif exponent != 0:
                kept.append((f, labels))
        used = {i for _, labels in kept for i in labels} | set(whole.out)
        kept = self._facts(whole, kept)
        for index in sorted({i for _, labels in factors for i in labels} - used):  # Σ_j over what cancelled: the size
            kept.append((size(sizes[index]), ()))
        return _Product(coefficient, whole.out, kept, sizes)

    def _ordered(self, factor: Factor) -> Factor:
        """The two indices of a symmetric matrix in one fixed order."""
        f, labels = factor
        if len(labels) == 2 and self.is_symmetric(f) and labels[0] > labels[1]:
            return f, (labels[1], labels[0])
        return factor

    def is_symmetric(self, element: Element) -> bool:
        """Whether the matrix is symmetric by a declared fact, as it stands."""
        if element.kind == "variable":
            return self.domains.get(element.value) in SYMMETRIC
        if element.kind == "form" and element.value in ("inverse", "expm"):
            return self.is_symmetric(element.args[0])
        if element.kind == "product" and len(element.shape) == 2:
            value: Contraction = element.value
            turned = (value.out[1], value.out[0])
            if value.out == turned:
                return True
            factors = [(f, tuple(p)) for f, p in zip(element.args, value.places, strict=True)]
            sizes = dict(enumerate(value.sizes))
            return self._key(factors, value.out, sizes) == self._key(factors, turned, sizes)
        if element.kind == "sum" and len(element.shape) == 2:
            return self._keys(element) == self._keys(element, turned=True)
        return element.kind == "power" and self.is_symmetric(element.args[0])

    def _keys(self, element: Element, turned: bool = False) -> Counter[object]:
        """The terms of a sum of matrices, or of its transpose, by fingerprint."""
        keys: Counter[object] = Counter()
        for term in element.args:
            whole = _taken_apart(term)
            out = whole.out[::-1] if turned else whole.out
            keys[whole.coefficient, self._key(whole.factors, out, whole.sizes), len(set(out))] += 1
        return keys

    def _facts(self, whole: _Product, factors: list[Factor]) -> list[Factor]:
        """Entries that sum to one are used up: Σ_k y_k = 1 where nothing else has the index k."""
        counts = Counter(i for _, labels in factors for i in labels)
        kept: list[Factor] = []
        for f, labels in factors:
            if not labels and f.kind == "product" and f.value.coefficient == 1 and len(f.args) == 1 and len(f.args[0].shape) == 1 \
                    and self._sums_to_one(f.args[0]):
                continue  # Σ_j q_j as a number of its own
            alone = labels and counts[labels[-1]] == 1 and labels[-1] not in whole.out
            if alone and self._sums_to_one(f):
                # along the last axis only; what remains is 1 for every other index, which must then live elsewhere
                if len(labels) > 1:
                    kept.extend((broadcast(ONE, (whole.sizes[i],)), (i,)) for i in labels[:-1])
                continue
            kept.append((f, labels))
        return [k for k in kept if not (k[0].kind == "product" and not k[0].args and k[0].value.coefficient == 1
                                        and len(k[1]) == 1 and (k[1][0] in whole.out or counts[k[1][0]] > 1))]

    def _sums_to_one(self, f: Element) -> bool:
        if f.kind in ("variable", "unit"):
            return f.kind == "unit" or self.domains.get(f.value) in SUMS_TO_ONE
        return f.kind == "form" and f.value in ("softmax", "argmax", "argmin")

    # -- several products ----------------------------------------------------------------------------------------

    def _joined(self, products: list[_Product]) -> list[_Product]:
        """Terms that are the same but for an entrywise part become one term, as long as that happens."""
        if len(products) < 2:
            return products
        products = self._like_added(products)
        changed = len(products) <= MANY_TERMS
        while changed and len(products) > 1:
            changed = False
            for a, b in itertools.combinations(range(len(products)), 2):
                both = self._join(products[a], products[b])
                if both is not None:
                    products = products[:a] + [both] + products[a + 1 : b] + products[b + 1 :]
                    changed = True
                    break
            products = [p for p in products if p.coefficient]
        return products

    def _like_added(self, products: Iterable[_Product]) -> list[_Product]:
        """Terms that are equal but for their number, added."""
        like: dict[object, _Product] = {}
        for p in products:
            pattern = tuple(p.out.index(i) for i in p.out)
            key = (pattern, self._key(p.factors, p.out, p.sizes))
            if key in like:
                like[key].coefficient += p.coefficient
            else:
                like[key] = p
        return [p for p in like.values() if p.coefficient]

    def _join(self, a: _Product, b: _Product) -> _Product | None:
        if a.out != b.out and [a.out.index(i) for i in a.out] != [b.out.index(i) for i in b.out]:
            return None
        for (cut_a, cut_b), numbers in itertools.product(list(self._cuts(a, b)), (False, True)):
            inside_a, rest_a = _split(a, cut_a, numbers)
            inside_b, rest_b = _split(b, cut_b, numbers)
            if not cut_a and not rest_a and not rest_b and _exponents(inside_a) == _exponents(inside_b):
                return _Product(a.coefficient + b.coefficient, a.out, inside_a, a.sizes)  # like terms without an index
            if len(rest_a) != len(rest_b) or (not cut_a and (numbers or not rest_a)):
                continue
            if numbers and not set(inside_a) & {(f, tuple(dict(zip(cut_b, cut_a, strict=True)).get(i, i) for i in ls))
                                                   for f, ls in inside_b} and len(set(a.out)) == len(a.out):
                continue  # nothing in common to take out
            if self._key(rest_a, a.out, a.sizes, cut_a) != self._key(rest_b, b.out, b.sizes, cut_b):
                continue
            places = dict(zip(cut_b, cut_a, strict=True))
            moved = [(f, tuple(places[i] for i in labels)) for f, labels in inside_b]
            part = _entrywise_sum([(a.coefficient, inside_a), (b.coefficient, moved)], cut_a, a.sizes)
            if part is None:
                continue
            coefficient, factors = part
            return _Product(coefficient, a.out, factors + rest_a, a.sizes)
        return None

    def _cuts(self, a: _Product, b: _Product) -> Iterable[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Pairs of index sets on which the two products may differ: none, one index, or a pair of indices."""
        yield (), ()
        singles_a, singles_b = _indices(a), _indices(b)
        for i in singles_a:
            for j in singles_b:
                if _rank(a, i) == _rank(b, j) and a.sizes[i] == b.sizes[j]:
                    yield (i,), (j,)
        for pair in itertools.combinations(singles_a, 2):
            if not any(set(labels) == set(pair) for _, labels in a.factors):
                continue
            for other in itertools.permutations(singles_b, 2):
                if all(_rank(a, i) == _rank(b, j) and a.sizes[i] == b.sizes[j] for i, j in zip(pair, other, strict=True)) and any(
                    set(labels) == set(other) for _, labels in b.factors
                ):
                    yield pair, other

    def _key(self, factors: Sequence[Factor], out: Sequence[int], sizes: Mapping[int, Size], cut: Sequence[int] = ()) -> object:
        """A fingerprint of a product that does not see the names of summed indices, nor how it is bracketed.

        Equal keys mean equal products: every index ends with a number of its own, so that the rows hold the whole structure.
        Indices are told apart by what they touch, round by round; of those that stay alike the first is taken out, and so on
        (colour refinement, as for isomorphic graphs). At worst two equal products get different keys.
        """
        flat = product_parts(factors, sizes)
        fixed: dict[Any, str] = {i: f"o{[k for k, o in enumerate(out) if o == i]}" for i in out}
        for k, i in enumerate(cut):
            fixed[i] = fixed.get(i, "") + f"c{k}"
        rows = [(f.digest, labels, len(labels) == 2 and self.is_symmetric(f)) for f, labels in flat]
        colours: dict[Any, int] = {i: 0 for _, labels, _ in rows for i in labels if i not in fixed}
        while colours:
            signs: dict[Any, list[object]] = {i: [] for i in colours}
            for digest, labels, turnable in rows:
                around = [(fixed.get(x, ""), colours.get(x, -1)) for x in labels]
                for k, i in enumerate(labels):
                    if i in signs:
                        signs[i].append((digest, sorted(around)) if turnable else (digest, k, around))
            full = {i: (colours[i], sorted(map(repr, sign))) for i, sign in signs.items()}
            ranks = {sign: rank for rank, sign in enumerate(sorted({repr(x) for x in full.values()}))}
            refined = {i: ranks[repr(x)] for i, x in full.items()}
            if len(ranks) == len(set(colours.values())):  # nothing new: done, or one of the indices that are alike is taken out
                if len(ranks) == len(colours):
                    break
                counts = Counter(refined.values())
                alike = min(c for c, count in counts.items() if count > 1)
                refined = {i: 2 * c + 1 for i, c in refined.items()}
                refined[next(i for i, c in refined.items() if c == 2 * alike + 1)] -= 1
            colours = refined
        names = {i: fixed.get(i) or colours[i] for _, labels, _ in rows for i in labels}
        return tuple(sorted(
            (digest, repr(sorted(repr(names[i]) for i in labels) if turnable else [repr(names[i]) for i in labels]))
            for digest, labels, turnable in rows
        ))


def _taken_apart(element: Element) -> _Product:
    if element.kind != "product":
        labels, sizes = axes_of(element.shape)
        whole = _Product(Fraction(1), labels, [(element, labels)], dict(sizes))
    else:
        value: Contraction = element.value
        whole = _Product(value.coefficient, value.out,
                         [(f, p) for f, p in zip(element.args, value.places, strict=True)], dict(enumerate(value.sizes)))
    factors: list[Factor] = []
    todo = whole.factors[::-1]
    while todo:
        f, labels = todo.pop()
        if f.kind == "product" and f.shape and set(range(len(f.value.sizes))) - set(f.value.out):
            inner: Contraction = f.value  # a matrix product inside: open it, so that equal terms are seen as equal
            whole.coefficient *= inner.coefficient
            names = dict(zip(inner.out, labels, strict=True))
            for i in range(len(inner.sizes)):
                if i not in names:
                    names[i] = len(whole.sizes)
                    whole.sizes[names[i]] = inner.sizes[i]
            todo.extend((g, tuple(names[i] for i in p)) for g, p in reversed(list(zip(f.args, inner.places, strict=True))))
        else:
            whole.coefficient = _open_entrywise(f, labels, Fraction(1), factors, whole.coefficient)
    whole.factors = factors
    return whole


def _exponents(factors: Iterable[Factor]) -> dict[Factor, Fraction]:
    return _multiplied({}, factors)


def _open_entrywise(f: Element, labels: tuple[int, ...], exponent: Fraction, into: list[Factor], coefficient: Fraction) -> Fraction:
    """Products without a sum over an index are opened, also under a whole power: (p/q)⁻¹ is q · p⁻¹."""
    if f.kind == "number" and exponent.denominator == 1 and (f.value or exponent > 0):
        return Fraction(coefficient * f.value ** int(exponent))
    if f.kind == "power" and (exponent == 1 or (exponent.denominator == 1 and f.value.denominator == 1)):
        return _open_entrywise(f.args[0], labels, f.value * exponent, into, coefficient)
    if f.kind == "product" and exponent.denominator == 1:
        value: Contraction = f.value
        if set(range(len(value.sizes))) == set(value.out) and len(set(value.out)) == len(value.out):
            covered = {i for p in value.places for i in p}
            if covered == set(value.out) or not f.args or all(labels):
                if covered == set(value.out) or exponent == 1:
                    coefficient *= value.coefficient ** int(exponent)
                    names = dict(zip(value.out, labels, strict=True))
                    for inner, place in zip(f.args, value.places, strict=True):
                        coefficient = _open_entrywise(inner, tuple(names[i] for i in place), exponent, into, coefficient)
                    into.extend((broadcast(ONE, (value.sizes[i],)), (names[i],)) for i in value.out if i not in covered)
                    return coefficient
    into.append((power(f, exponent), labels))
    return coefficient


def _inverses_cancelled(whole: _Product, factors: list[Factor]) -> tuple[_Product, list[Factor]]:
    """Σ_b A_ab (A⁻¹)_bc is δ_ac: both factors go, and the two outer indices become one."""
    for (k, (f, fl)), (m, (g, gl)) in itertools.permutations(enumerate(factors), 2):
        if g.kind == "form" and g.value == "inverse" and g.args[0] is f and len(fl) == 2:
            for (a, b1), (b2, c) in (((fl[0], fl[1]), (gl[0], gl[1])), ((fl[1], fl[0]), (gl[1], gl[0]))):
                others = [ls for n, (_, ls) in enumerate(factors) if n not in (k, m)]
                if b1 == b2 and b1 not in whole.out and not any(b1 in ls for ls in others) and a != b1 != c:
                    kept, gone = (a, c) if a in whole.out else (c, a)
                    rest = [(h, tuple(kept if i == gone else i for i in ls))
                            for n, (h, ls) in enumerate(factors) if n not in (k, m)]
                    out = tuple(kept if i == gone else i for i in whole.out)
                    if kept == gone and kept not in out and not any(kept in ls for _, ls in rest):
                        rest.append((size(whole.sizes[kept]), ()))  # the trace of the identity
                    return _inverses_cancelled(_Product(whole.coefficient, out, rest, whole.sizes), rest)
    return whole, factors


def product_parts(factors: Sequence[Factor], sizes: Mapping[int, Size]) -> list[Factor]:
    """All factors with products inside them opened; inner summed indices get labels of their own."""
    flat: list[Factor] = []
    todo = list(factors)
    while todo:
        f, labels = todo.pop()
        if f.kind == "product" and f.value.coefficient == 1 and len(set(f.value.out)) == len(f.value.out):
            value: Contraction = f.value
            names = dict(zip(value.out, labels, strict=True))
            for i in range(len(value.sizes)):
                names.setdefault(i, object())
            todo.extend((g, tuple(names[i] for i in place)) for g, place in zip(f.args, value.places, strict=True))
        else:
            flat.append((f, labels))
    return flat


def _indices(p: _Product) -> list[int]:
    return sorted({i for _, labels in p.factors for i in labels} | set(p.out))


def _rank(p: _Product, index: int) -> object:
    """What an index is for the result: the axes it stands on, or none for a summed one."""
    return tuple(k for k, i in enumerate(p.out) if i == index)


def _split(p: _Product, cut: tuple[int, ...], numbers: bool) -> tuple[list[Factor], list[Factor]]:
    """The factors that live on exactly these indices (with `numbers`, those without an index too), and the rest."""
    inside: list[Factor] = []
    rest: list[Factor] = []
    for f, labels in p.factors:
        (inside if set(labels) == set(cut) or (numbers and not labels) else rest).append((f, labels))
    return inside, rest


def _refolded(exponents: Mapping[Factor, Fraction]) -> dict[Factor, Fraction]:
    """e^u/(1 + e^u) as σ(u) and 1/(1 + e^u) as σ(−u); e^{w_i}/Σ_k e^{w_k} as softmax(w)_i."""
    result = dict(exponents)
    for (base, labels), exponent in exponents.items():
        if exponent >= 0 or exponent.denominator != 1:
            continue
        logistic = _one_plus_exp(base)
        if logistic is not None:
            exp, u = logistic
            tops = min(max(result.get((exp, labels), Fraction(0)), Fraction(0)), -exponent)
            del result[base, labels]
            result[exp, labels] = result.get((exp, labels), Fraction(0)) - tops
            negative = u.kind == "product" and u.value.coefficient < 0
            v = scaled(-1, u) if negative else u
            sigma = mapped("sigmoid", [v])
            other = plus([broadcast(ONE, sigma.shape), scaled(-1, sigma)])
            for part, count in ((other if negative else sigma, tops), (sigma if negative else other, -exponent - tops)):
                result[part, labels] = result.get((part, labels), Fraction(0)) + count
            continue
        summed = _summed_exp(base)
        for (exp, at), count in list(result.items()):
            if summed is not None and exp is summed and len(at) == 1 and count >= 1 and result.get((base, labels), 0) < 0:
                softmax = node("form", exp.args, "softmax", exp.shape)
                result[exp, at] -= 1
                result[base, labels] += 1
                result[softmax, at] = result.get((softmax, at), Fraction(0)) + 1
    return {key: exponent for key, exponent in result.items() if exponent}


def _one_plus_exp(base: Element) -> tuple[Element, Element] | None:
    """The e^u and the u of 1 + e^u."""
    if base.kind == "sum" and len(base.args) == 2:
        for one, exp in (base.args, base.args[::-1]):
            if exp.kind == "map" and exp.value == "exp" and (one is ONE or _is_one(one)):
                return exp, exp.args[0]
    return None


def _summed_exp(base: Element) -> Element | None:
    """The e^w of Σ_k e^{w_k}."""
    if base.kind == "product" and not base.shape and len(base.args) == 1 and base.value.coefficient == 1:
        exp = base.args[0]
        if exp.kind == "map" and exp.value == "exp" and len(exp.shape) == 1:
            return exp
    return None


Monomial = tuple[tuple[Factor, Fraction], ...]


def _entrywise_sum(parts: Sequence[tuple[Fraction, list[Factor]]], cut: tuple[int, ...], sizes: Mapping[int, Size]) -> (
    tuple[Fraction, list[Factor]] | None
):
    """c₁·(factors) + c₂·(factors) on the same indices as one coefficient and factors, or None where that is no gain."""
    powers = []
    for coefficient, factors in parts:
        exponents: dict[Factor, Fraction] = {}
        for f, labels in factors:
            base, exponent = (f.args[0], f.value) if f.kind == "power" else (f, Fraction(1))
            exponents[base, labels] = exponents.get((base, labels), Fraction(0)) + exponent
        powers.append((coefficient, exponents))
    common = {
        key: min(e.get(key, Fraction(0)) for _, e in powers)
        for key in dict.fromkeys(k for _, e in powers for k in e)
    }
    rests = [
        (c, {k: e - common[k] for k, e in {**dict.fromkeys(common, Fraction(0)), **exponents}.items() if e != common[k]})
        for c, exponents in powers
    ]
    shared = [(power(k[0], e), k[1]) for k, e in common.items() if e]
    if all(not r for _, r in rests):
        return sum((c for c, _ in rests), Fraction(0)), shared
    expanded = _expanded(rests, cut, sizes)
    written = sum(1 + sum(_weight(k[0]) for k in r) for _, r in rests)
    if expanded is not None and sum(1 + len(m) for m in expanded) <= written:
        rests = [(c, dict(m)) for m, c in expanded.items()]
    if not rests:
        return Fraction(0), []
    coefficient = Fraction(1)
    if len(rests) == 1:
        coefficient, single = rests[0]
        return coefficient, shared + [(power(k[0], e), k[1]) for k, e in single.items()]
    if all(c < 0 for c, _ in rests) or (rests[0][0] < 0 and abs(rests[0][0]) != 1 and all(abs(c) == abs(rests[0][0]) for c, _ in rests)):
        coefficient = -Fraction(1)
    scale = rests[0][0] if all(abs(c) == abs(rests[0][0]) for c, _ in rests) else Fraction(1)
    if abs(scale) != 1:
        coefficient = coefficient * abs(scale)
    rests = sorted(((c / coefficient, r) for c, r in rests), key=lambda t: t[0] < 0)
    shape = tuple(sizes[i] for i in cut)
    terms = []
    for c, exponents in rests:
        term = product(cut, [(power(k[0], e), k[1]) for k, e in exponents.items()], dict(sizes) if cut else {}, c)
        terms.append(broadcast(term, shape) if not term.shape and shape else term)
    return coefficient, [*shared, (total(terms, shape), cut)]


def _weight(element: Element) -> int:
    """A rough length of what is written: the number of terms of a sum, else 1."""
    return len(element.args) if element.kind == "sum" else 1


def _expanded(rests: Sequence[tuple[Fraction, dict[Factor, Fraction]]], cut: tuple[int, ...], sizes: Mapping[int, Size]) -> (
    dict[Monomial, Fraction] | None
):
    """The polynomial multiplied out, with sums among the factors opened; None where it grows beyond reason."""
    result: dict[Monomial, Fraction] = {}
    for coefficient, exponents in rests:
        partial: list[tuple[Fraction, dict[Factor, Fraction]]] = [(coefficient, {})]
        for key, exponent in exponents.items():
            f, labels = key
            if f.kind == "sum" and exponent in (1, 2):
                options = []
                for t in f.args:
                    inner: list[Factor] = []
                    c = _open_entrywise(t, labels, Fraction(1), inner, Fraction(1))
                    options.append((c, [(g, ls) for g, ls in inner if not _is_one(g)]))
                for _ in range(int(exponent)):
                    partial = [(c * oc, _multiplied(e, of)) for c, e in partial for oc, of in options]
            else:
                partial = [(c, _multiplied(e, [(power(f, exponent), labels)])) for c, e in partial]
            if len(partial) > 64:
                return None
        for c, e in partial:
            monomial = tuple(sorted(((k, x) for k, x in e.items() if x), key=lambda t: (t[0][0].digest, str(t[0][1]))))
            result[monomial] = result.get(monomial, Fraction(0)) + c
    return {m: c for m, c in result.items() if c}


def _is_one(f: Element) -> bool:
    return f.kind == "product" and not f.args and f.value.coefficient == 1 and len(set(f.value.out)) == len(f.value.out)


def _multiplied(exponents: dict[Factor, Fraction], factors: Iterable[Factor]) -> dict[Factor, Fraction]:
    result = dict(exponents)
    for f, labels in factors:
        base, exponent = (f.args[0], f.value) if f.kind == "power" else (f, Fraction(1))
        result[base, labels] = result.get((base, labels), Fraction(0)) + exponent
    return result
