"""Small repairs of an answer, one family a kind of mistake: what a person may have meant who wrote shapes that do not fit.

Repairs work on the raw tree, before any shape, and are only proposed; `misfits.py` types them and asks the judge. What can
be known beforehand of the shapes of parts is used to leave out what cannot fit. Definitions are never opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, permutations

from ...derivations.errors import HwcheckError, ShapeError, Span
from ...derivations.notation.written import SCALAR
from ...derivations.reader.raw import Raw, raw
from ...derivations.reader.reading import Resolved, typed
from ...derivations.sizes import Shape

MOST_PARTS = 40  # parts of an answer that are typed alone
MOST_FACTORS = 4
LONGEST_QUOTE = 60
MEANT = "□"  # in a remark, stands for what was meant

Path = tuple[int, ...]

_MATRIX_SIGNS = frozenset(("", "@", "*", "·", "×"))
_ENTRYWISE_SIGNS = frozenset(("⊙", "∘", "*", "⊘"))
_NUMBERS = frozenset(("number", "constant", "size", "extent", "norm", "delta"))
_OF_NUMBERS = frozenset(("chain", "terms", "neg", "raise", "bars"))
# Where an operand is that a transpose may have been forgotten on, or have been put on too much.
_HOLDERS = frozenset(("chain", "terms", "neg", "apply", "raise", "norm", "cases", "compare"))
_TO_NUMBER = frozenset(("trace", "det", "logdet", "sum", "mean", "dot", "inner", "logsumexp"))
_OTHER_PRODUCTS: dict[str, tuple[str, ...]] = {
    "multiply": ("matmul", "dot", "outer"), "matmul": ("multiply", "outer"), "dot": ("multiply", "outer"),
    "inner": ("multiply", "outer"), "outer": ("multiply", "dot"), "kron": ("matmul", "multiply"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired tree: the code of the mistake, what is said of it (`MEANT` stands for what was meant), and its place."""

    code: str
    tree: Raw
    remark: str
    place: Span
    shown: Span  # the part of the repaired answer that is quoted


@dataclass(frozen=True, slots=True)
class Site:
    """A node of the answer and the way to it from the root."""

    path: Path
    node: Raw
    parent: Raw | None


@dataclass(slots=True)
class Workshop:
    """One answer, and what has been learned of its parts. `sites` are its nodes, those nearest to the clash first."""

    resolved: Resolved
    error: ShapeError | None
    sites: list[Site] = field(init=False)
    _parts: int = 0
    _shapes: dict[int, tuple[Raw, Shape | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sites = sorted(_sites(self.resolved.raw), key=self._distance)

    def _distance(self, site: Site) -> tuple[int, int]:
        """How far a node is from the place where the shapes clashed."""
        span = self.error.span if self.error is not None else None
        if span is None:
            return 0, len(site.path)
        start, end = site.node.span
        inside = span[0] <= start and end <= span[1]
        return (0 if inside else 1 if start < span[1] and span[0] < end else 2), len(site.path)

    def said(self, node: Raw) -> str:
        """A part as it was typed."""
        text = " ".join(self.resolved.text[slice(*node.span)].split())
        return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"

    def replaced(self, path: Path, node: Raw) -> Raw:
        """The answer with one node exchanged."""
        return _replaced(self.resolved.raw, path, node)

    def shape_of(self, node: Raw) -> Shape | None:
        """The shape of a part alone; None where it has none, or not yet: names that nobody declared may have any."""
        known = self._shapes.get(id(node))
        if known is not None:
            return known[1]
        shape: Shape | None = None
        if self._parts < MOST_PARTS and not any(self._is_open(n) for n in node.walk()):
            self._parts += 1
            try:
                shape = typed(self.resolved, node, tries=1).body.shape
            except HwcheckError:
                shape = None
        self._shapes[id(node)] = (node, shape)
        return shape

    def _is_open(self, node: Raw) -> bool:
        """Whether the size of a leaf depends on what stands around it."""
        if node.op == "symbol":
            return node.value not in self.resolved.declared
        return node.op in ("identity", "ones", "zeros") and not node.value

    def is_number(self, node: Raw) -> bool:
        """Whether a part surely is a number."""
        if node.op in _NUMBERS:
            return True
        if node.op == "symbol":
            return self.resolved.declared.get(str(node.value)) == SCALAR
        if node.op == "apply":
            return (node.value[0] in _TO_NUMBER and len(node.value) == 1) or all(map(self.is_number, node.args))
        if node.op == "entry":
            return len(node.args) > 2 and all(a.op != "index" or a.value[0] != ":" for a in node.args[1:])
        return node.op in _OF_NUMBERS and all(map(self.is_number, node.args))

    def is_vector(self, node: Raw) -> bool:
        """Whether a part surely is a column or a row."""
        shape = self.shape_of(node)
        return shape is not None and shape != SCALAR and 1 in shape

    def is_matrix(self, node: Raw) -> bool:
        """Whether a part surely is neither a number nor a column nor a row."""
        shape = self.shape_of(node)
        return shape is not None and 1 not in shape

    def runs(self, node: Raw) -> list[list[int]]:
        """The factors of a chain that meet in one matrix product: their places, numbers left out."""
        runs: list[list[int]] = [[]]
        for place, factor in enumerate(node.args):
            sign = node.value[place - 1] if place else ""
            if sign == "/" and self.is_number(factor):
                continue
            if sign not in _MATRIX_SIGNS:
                runs.append([])
                if sign == "/":
                    runs.append([])
                    continue
            if not self.is_number(factor):
                runs[-1].append(place)
        return [run for run in runs if 2 <= len(run) <= MOST_FACTORS]

    def repair(self, code: str, site: Site, node: Raw, remark: str, place: Span | None = None, shown: Span | None = None) -> Repair:
        """The answer with one node exchanged, as a repair; the node's place is that of the mistake unless another is given."""
        return Repair(code, self.replaced(site.path, node), remark, place or site.node.span, shown or site.node.span)

    def at(self, op: str) -> Iterator[Site]:
        """The nodes of one operation, the nearest first."""
        return (site for site in self.sites if site.node.op == op)


# One family a kind of mistake


def whole(shop: Workshop) -> Iterator[Repair]:
    """The answer as a whole, transposed."""
    if shop.error is None:
        root = shop.resolved.raw
        yield Repair("transposed", _toggled(root), f"Transposed it is right: {MEANT}.", root.span, root.span)


def indices(shop: Workshop) -> Iterator[Repair]:
    """Indices swapped in an entry, a sum that runs too far, the other axis."""
    for site in shop.at("entry"):
        base, *places = site.node.args
        if len(places) == 2:
            swapped = replace(site.node, args=(base, places[1], places[0]))
            remark = f"The indices of {shop.said(base)} stand the wrong way round: {MEANT} was meant."
            yield shop.repair("wrong-index", site, swapped, remark)
    for site in shop.at("bound"):
        which, letter, scope, limit = site.node.value
        if limit is not None:
            open_ended = replace(site.node, value=(which, letter, scope, None))
            remark = f"{letter} has to run over all entries, and these are not {limit}."
            yield shop.repair("wrong-index", site, open_ended, remark)
    for site in shop.at("apply"):
        name, *settings = site.node.value
        axis = dict(settings).get("axis")
        if isinstance(axis, int):
            other = 1 - axis % 2
            turned = tuple(("axis", other) if s[0] == "axis" else s for s in settings)
            remark = f"{shop.said(site.node)} runs along the wrong axis; axis={other} was meant."
            yield shop.repair("wrong-index", site, replace(site.node, value=(name, *turned)), remark)
    yield from _other_letters(shop)


def _other_letters(shop: Workshop) -> Iterator[Repair]:
    """One index taken for another."""
    entries = list(shop.at("entry"))
    letters = dict.fromkeys(a.value for site in entries for a in site.node.args[1:] if a.op == "index" and a.value[0] != ":")
    for site in entries[:6]:
        for place, index in enumerate(site.node.args[1:], 1):
            for letter in letters:
                if index.op == "index" and index.value not in (letter, (":", ":")):
                    args = list(site.node.args)
                    args[place] = replace(index, value=letter)
                    remark = f"The index {index.value[0]} of {shop.said(site.node)} is the wrong one: {MEANT} was meant."
                    yield shop.repair("wrong-index", site, replace(site.node, args=tuple(args)), remark)


def one_transpose(shop: Workshop) -> Iterator[Repair]:
    """A transpose forgotten, or one too many."""
    for site in shop.sites:
        node, parent = site.node, site.parent
        if parent is None or parent.op not in _HOLDERS or node.op in ("compare", "ones", "rows") or shop.is_number(node):
            continue
        if parent.op == "chain" and any(a.op == "ones" for n in parent.args for a in (n, *n.args)) and shop.is_matrix(node):
            code, remark = "wrong-index", f"The sum runs over the wrong axis: {MEANT} was meant."
        elif node.op == "transpose":
            code, remark = "shape", f"The transpose of {shop.said(node.args[0])} is one too many: {MEANT} was meant."
        elif parent.op == "terms":
            code, remark = "shape", f"{_in_brackets(shop.said(node))}ᵀ = {MEANT} was meant."
        else:
            code, remark = "shape", f"A transpose is missing on {shop.said(node)}: {MEANT} was meant."
        shown = node.span if parent.op == "terms" else parent.span
        yield shop.repair(code, site, _toggled(node), remark, shown=shown)


def orders(shop: Workshop) -> Iterator[Repair]:
    """The factors of one product in another order, then several transposes of it, then both; only what can fit."""
    # Of two vectors, y^T x for x y^T, it is rather the transposes that are wrong than the order.
    for turned, pairs in ((_order_only, False), (_transposes_only, None), (_order_only, True), (_order_and_transposes, None)):
        for site in shop.at("chain"):
            for run in shop.runs(site.node):
                if pairs is not None and pairs != (len(run) == 2 and all(map(shop.is_vector, (site.node.args[i] for i in run)))):
                    continue
                for code, remark, order, toggles in turned(site.node, run):
                    if _can_fit(shop, site.node, order, toggles):
                        yield shop.repair(code, site, _rearranged(site.node, run, order, toggles), remark)


Turn = tuple[str, str, tuple[int, ...], frozenset[int]]
_ORDER = f"The factors stand in the wrong order: {MEANT} was meant."
_TURNED = f"The transpose of a product has its factors in the opposite order: {MEANT} was meant."
_PLACES = f"The transposes stand in the wrong places: {MEANT} was meant."


def _order_only(node: Raw, run: Sequence[int]) -> Iterator[Turn]:
    for order in _orders(run):
        yield "wrong-order", _ORDER, order, frozenset()


def _transposes_only(node: Raw, run: Sequence[int]) -> Iterator[Turn]:
    for count in range(2, len(run) + 1):
        for toggles in map(frozenset, combinations(run, count)):
            before = {node.args[place].op == "transpose" for place in run}
            if count == len(run) and len(before) == 1:  # B A for (A B)^T
                yield "wrong-order", _TURNED, tuple(run), toggles
            else:
                yield "shape", _PLACES, tuple(run), toggles


def _order_and_transposes(node: Raw, run: Sequence[int]) -> Iterator[Turn]:
    for count in range(1, len(run) + 1):
        for order in _orders(run):
            for toggles in map(frozenset, combinations(run, count)):
                yield "wrong-order", _ORDER, order, toggles


def _orders(run: Sequence[int]) -> list[tuple[int, ...]]:
    """All other orders, those with two factors exchanged first."""
    others = [order for order in permutations(run) if order != tuple(run)]
    return sorted(others, key=lambda order: sum(a != b for a, b in zip(order, run, strict=True)))


def _can_fit(shop: Workshop, node: Raw, order: Sequence[int], toggles: frozenset[int]) -> bool:
    """Whether the factors can meet in this order, as far as their shapes are known."""
    shapes = [(shop.shape_of(node.args[place]), place in toggles) for place in order]
    return _meet([shape[::-1] if toggled and shape else shape for shape, toggled in shapes])


def _meet(shapes: Sequence[Shape | None]) -> bool:
    """Whether a product of these shapes, from the left, has a meaning; True where one of them is not known."""
    total: Shape = SCALAR
    for shape in shapes:
        if shape is None:
            return True
        if SCALAR in (total, shape):
            total = shape if total == SCALAR else total
        elif total[1] != shape[0]:
            return False
        else:
            total = (total[0], shape[1])
    return True


def _rearranged(node: Raw, run: Sequence[int], order: Sequence[int], toggles: frozenset[int]) -> Raw:
    args = list(node.args)
    for place, source in zip(run, order, strict=True):
        factor = node.args[source]
        args[place] = _toggled(factor) if source in toggles else factor
    return replace(node, args=tuple(args))


def products(shop: Workshop) -> Iterator[Repair]:
    """Entry by entry where the matrix product was meant, the other way round, inner for outer products."""
    every = _all_matrix_products(shop.resolved.raw)
    if every != shop.resolved.raw:
        remark = f"* multiplies entry by entry, and matrix products were meant: {MEANT}."
        yield Repair("elementwise-vs-matrix", every, remark, every.span, every.span)
    for site in shop.at("chain"):
        for place, sign in enumerate(site.node.value):
            left, right = site.node.args[place : place + 2]
            if not (sign == "/" or shop.is_number(left) or shop.is_number(right)):
                remark = f"A matrix product was meant, not one entry by entry: {MEANT}."
                pairs = [(left, right), (_toggled(left), right), (left, _toggled(right))]
                if sign not in _ENTRYWISE_SIGNS:
                    remark = f"The product entry by entry was meant: {MEANT}."
                    pairs = [(left, right), (_plain(left), _plain(right))]
                joint = "@" if sign in _ENTRYWISE_SIGNS else "⊙"
                for pair in pairs:
                    for tree in (_with_pair(site.node, place, pair, joint), _with_sign(site.node, place, pair, joint)):
                        yield shop.repair("elementwise-vs-matrix", site, tree, remark)
    for site in shop.at("apply"):
        for name in _OTHER_PRODUCTS.get(str(site.node.value[0]), ()):
            tree = replace(site.node, value=(name, *site.node.value[1:]))
            yield shop.repair("elementwise-vs-matrix", site, tree, f"Another product was meant: {MEANT}.")
    yield from squares(shop)


def _all_matrix_products(tree: Raw) -> Raw:
    """Every * as @."""
    signs = tuple("@" if sign == "*" else sign for sign in tree.value) if tree.op == "chain" else tree.value
    return replace(tree, args=tuple(map(_all_matrix_products, tree.args)), value=signs)


def squares(shop: Workshop) -> Iterator[Repair]:
    """a² for aᵀa or aaᵀ."""
    for site in shop.at("raise"):
        base, exponent = site.node.args
        if exponent.value != "2" or shop.is_number(base):
            continue
        shape = shop.shape_of(base)
        code = "shape" if shape is None or 1 not in shape else "elementwise-vs-matrix"
        for pair in ((_toggled(base), base), (base, _toggled(base))):
            remark = f"{shop.said(site.node)} multiplies {shop.said(base)} by itself, not by its transpose: {MEANT} was meant."
            yield shop.repair(code, site, _chain(site.node, pair, ""), remark)


def sizes(shop: Workshop) -> Iterator[Repair]:
    """An identity, a column of ones or zeros of another size than the one written."""
    for site in shop.sites:
        node = site.node
        if node.op in ("identity", "ones", "zeros") and node.value:
            remark = f"{shop.said(node)} has the wrong size here."
            yield shop.repair("shape", site, replace(node, value=()), remark)


def diagonals(shop: Workshop) -> Iterator[Repair]:
    """A column that has to stand on a diagonal: before a matrix, or beside one in a sum."""
    for site in shop.sites:
        if site.parent is None or site.parent.op not in ("chain", "terms", "neg") or shop.is_number(site.node):
            continue
        after = site.parent.args[site.path[-1] + 1 :]
        shape = shop.shape_of(site.node)
        if (shape is not None and shape[1:] != (1,)) or (site.parent.op == "chain" and (not after or shop.is_vector(after[0]))):
            continue
        wrapped = raw("apply", site.node.span, (site.node,), ("diag",))
        remark = f"{shop.said(site.node)} is a column and has to stand on a diagonal: {MEANT} was meant."
        yield shop.repair("shape", site, wrapped, remark, shown=site.parent.span)


def extra_factors(shop: Workshop) -> Iterator[Repair]:
    """A factor that is one too many."""
    for site in shop.at("chain"):
        args, signs = site.node.args, site.node.value
        for place, factor in enumerate(args):
            if shop.is_number(factor) or "/" in signs[max(place - 1, 0) : place + 1]:
                continue
            rest = (*args[:place], *args[place + 1 :])
            kept = (*signs[: max(place - 1, 0)], *signs[max(place, 1) :])
            tree = rest[0].at(site.node.span) if len(rest) == 1 else replace(site.node, args=rest, value=kept)
            remark = f"{shop.said(factor)} is one factor too many: {MEANT} was meant."
            yield shop.repair("shape", site, tree, remark, factor.span)


def brackets(shop: Workshop) -> Iterator[Repair]:
    """A bracket that closes too late or too early."""
    yield from _out_of_calls(shop)
    yield from _into_calls(shop)
    yield from _reassociated(shop)
    yield from _summands(shop)


def _out_of_calls(shop: Workshop) -> Iterator[Repair]:
    """f(a + b) for f(a) + b."""
    for site in shop.at("apply"):
        inner = site.node.args[0]
        if len(site.node.args) == 1 and inner.op == "terms":
            args = (replace(site.node, args=inner.args[:1], span=inner.args[0].span), *inner.args[1:])
            remark = f"The bracket closes too late: {MEANT} was meant."
            yield shop.repair("missing-parentheses", site, replace(inner, args=args, span=site.node.span), remark)


def _into_calls(shop: Workshop) -> Iterator[Repair]:
    """f(a) + b for f(a + b)."""
    for site in shop.at("terms"):
        first = site.node.args[0]
        if first.op == "apply" and len(first.args) == 1:
            inner = replace(site.node, args=(*first.args, *site.node.args[1:]))
            remark = f"The bracket closes too early: {MEANT} was meant."
            yield shop.repair("missing-parentheses", site, replace(first, args=(inner,), span=site.node.span), remark)


def _reassociated(shop: Workshop) -> Iterator[Repair]:
    """A (b ⊙ c) for (A b) ⊙ c, and the other way round."""
    remark = f"The products are taken in the wrong order: {MEANT} was meant."
    for site in shop.at("chain"):
        args, signs = site.node.args, site.node.value
        last, first = args[-1], args[0]
        if last.op == "chain" and _ENTRYWISE_SIGNS.intersection(last.value):
            inner = replace(site.node, args=(*args[:-1], last.args[0]), span=(site.node.span[0], last.args[0].span[1]))
            tree = replace(last, args=(inner, *last.args[1:]), span=site.node.span)
            yield shop.repair("wrong-order", site, tree, remark)
        if first.op == "chain" and not _ENTRYWISE_SIGNS.isdisjoint(signs):
            inner = replace(site.node, args=(first.args[-1], *args[1:]))
            tree = replace(first, args=(*first.args[:-1], inner), span=site.node.span)
            yield shop.repair("wrong-order", site, tree, remark)
        for place, sign in enumerate(signs):
            if sign in _ENTRYWISE_SIGNS and place and len(signs) > 1:
                tree = _with_pair(site.node, place, args[place : place + 2], sign)
                yield shop.repair("wrong-order", site, tree, remark)


def _summands(shop: Workshop) -> Iterator[Repair]:
    """P q + r for P (q + r): the bracket was left out; and P (q + r) for P q + r: there is one too many."""
    for site in shop.at("terms"):
        for place, product in enumerate(site.node.args[:-1]):
            if product.op == "chain":
                for cut in range(1, len(product.args)):
                    tree = _opened(site.node, place, product, cut)
                    yield shop.repair("shape", site, tree, f"A bracket is missing: {MEANT} was meant.")
    for site in shop.at("chain"):
        last = site.node.args[-1]
        if last.op == "terms":
            first = replace(site.node, args=(*site.node.args[:-1], last.args[0]))
            tree = replace(last, args=(first, *last.args[1:]), span=site.node.span)
            yield shop.repair("missing-parentheses", site, tree, f"The bracket closes too late: {MEANT} was meant.")


def _opened(terms: Raw, place: int, product: Raw, cut: int) -> Raw:
    """The sum in which the factors of one summand from `cut` on, and the next summand, stand in brackets."""
    head, tail = product.args[:cut], product.args[cut:]
    rest = tail[0] if len(tail) == 1 else replace(product, args=tail, value=product.value[cut:], span=(tail[0].span[0], tail[-1].span[1]))
    after = terms.args[place + 1]
    inner = raw("terms", (rest.span[0], after.span[1]), (rest, after), (terms.value[place],))
    joined = replace(product, args=(*head, inner), value=product.value[:cut], span=(product.span[0], after.span[1]))
    if len(terms.args) == 2:
        return joined.at(terms.span)
    args = (*terms.args[:place], joined, *terms.args[place + 2 :])
    return replace(terms, args=args, value=(*terms.value[:place], *terms.value[place + 1 :]))


def quotients(shop: Workshop) -> Iterator[Repair]:
    """A matrix below a line: its inverse from the left, or from the right."""
    for site in shop.at("chain"):
        node = site.node
        for place, sign in enumerate(node.value):
            if sign != "/" or shop.is_number(node.args[place + 1]):
                continue
            above, below = node.args[: place + 1], node.args[place + 1]
            minus = raw("neg", below.span, (raw("number", below.span, (), "1"),))
            inverse = raw("raise", below.span, (below, minus), "^")
            top = above[0] if place == 0 else replace(node, args=above, value=node.value[:place], span=(node.span[0], above[-1].span[1]))
            for pair in ((inverse, top), (top, inverse)):
                tree = _chain(node, pair, "")
                if node.args[place + 2 :]:
                    tree = replace(node, args=(tree, *node.args[place + 2 :]), value=node.value[place + 1 :])
                remark = f"Multiply by its inverse, on the side where it belongs: {MEANT} was meant."
                yield Repair("shape", shop.replaced(site.path, tree), remark, node.span, node.span)


def missing_factors(shop: Workshop) -> Iterator[Repair]:
    """A name of the problem that one summand does not have, as a factor of it; names that stand nowhere come first."""
    present = _symbols(shop.resolved.raw)
    names = [name for name, shape in shop.resolved.declared.items() if len(shape) == 2 and shape != SCALAR]
    for name in sorted(names, key=lambda name: name in present)[:6]:
        for site in shop.sites:
            again = name in _symbols(site.node) and 1 in shop.resolved.declared[name]  # a column once more is no factor forgotten
            if (site.parent is None or site.parent.op == "terms") and not again:
                factor = raw("symbol", site.node.span, (), name)
                for new in (factor, _toggled(factor)):
                    for pair in ((site.node, new), (new, site.node)):
                        if not _meet([shop.shape_of(part) for part in pair]):
                            continue
                        remark = f"The factor {name} is missing: {MEANT} was meant."
                        yield shop.repair("missing-factor", site, _chain(site.node, pair, ""), remark)


FAMILIES: tuple[Callable[[Workshop], Iterable[Repair]], ...] = (
    whole, indices, one_transpose, orders, diagonals, products, sizes, brackets, quotients, extra_factors,
    missing_factors,
)  # fmt: skip


# Small pieces


def _sites(tree: Raw) -> list[Site]:
    """All nodes, parents first; what stands for a defined name is one node, and so is what has no parts in the text."""
    sites: list[Site] = []
    todo = [Site((), tree, None)]
    while todo:
        site = todo.pop()
        sites.append(site)
        if all(n.span == site.node.span for n in site.node.walk()):
            continue
        todo.extend(Site((*site.path, i), child, site.node) for i, child in reversed(list(enumerate(site.node.args))))
    return sites


def _replaced(tree: Raw, path: Path, node: Raw) -> Raw:
    """A tree with the node at a path exchanged."""
    if not path:
        return node
    args = list(tree.args)
    args[path[0]] = _replaced(args[path[0]], path[1:], node)
    return replace(tree, args=tuple(args))


def _toggled(node: Raw) -> Raw:
    """The transpose; of a transpose, what was transposed."""
    return node.args[0] if node.op == "transpose" else raw("transpose", node.span, (node,))


def _plain(node: Raw) -> Raw:
    return node.args[0] if node.op == "transpose" else node


def _symbols(tree: Raw) -> frozenset[str]:
    """The names in a tree."""
    return frozenset(str(n.value) for n in tree.walk() if n.op == "symbol")


def _chain(node: Raw, pair: Sequence[Raw], sign: str) -> Raw:
    """A product in the place of a node."""
    return raw("chain", node.span, pair, (sign,))


def _with_sign(node: Raw, place: int, pair: Sequence[Raw], sign: str) -> Raw:
    """A chain with two neighbours and the sign between them exchanged."""
    signs = (*node.value[:place], sign, *node.value[place + 1 :])
    return replace(node, args=(*node.args[:place], *pair, *node.args[place + 2 :]), value=signs)


def _with_pair(node: Raw, place: int, pair: Sequence[Raw], sign: str) -> Raw:
    """The same with the two in brackets."""
    if len(node.args) == 2:
        return _chain(node, pair, sign)
    inner = raw("chain", (pair[0].span[0], pair[-1].span[1]), pair, (sign,))
    signs = (*node.value[:place], *node.value[place + 1 :])
    return replace(node, args=(*node.args[:place], inner, *node.args[place + 2 :]), value=signs)


def _in_brackets(text: str) -> str:
    return text if len(text) == 1 or (text[0] == "(" and text[-1] == ")") else f"({text})"


__all__ = ["FAMILIES", "LONGEST_QUOTE", "MEANT", "Repair", "Site", "Workshop"]
