"""Whether two written forms are different or equal, decided with the independent evaluator.

Points are exact numbers with short binary fractions, of random sign and log-uniform size; the sizes of axes are distinct
and never 1. Then come points aimed at every switch (max, |·|, 1[·], cases): on both sides of it, close and less close,
and on it where that is exact.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.sizes import Shape, Size, names_in

from .independent import NOISE, TIES, ZERO, Evaluator, IllTypedError, Number, Rows, UnableError, bad, count, mp, product, real, turned, unit

RELATIVE = mp.mpf(10) ** -60
GENERIC = 8
SWITCHES = {
    "relu": (0,), "leaky_relu": (0,), "elu": (0,), "selu": (0,), "abs": (0,), "sign": (0,), "step": (0,), "softsign": (0,), "relu6": (0, 6),
    "hardtanh": (-1, 1), "hardsigmoid": (-3, 3),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found: "different", "equal" or "unknown"; `how` is shape, rank, value, domain or kink; `at` the point."""

    verdict: str
    how: str = ""
    at: Mapping[str, Any] = field(default_factory=dict)
    points: int = 0


def sizes_for(shapes: Sequence[Shape], rng: random.Random) -> dict[str, int]:
    """A number for every size name, all different and none 1."""
    names = sorted({n for shape in shapes for s in shape for n in names_in(s)})
    pool = [2, 3, 4, 5][: max(3, len(names))] + list(range(6, 6 + len(names)))
    taken = {s for shape in shapes for s in shape if isinstance(s, int)}
    free = [n for n in pool if n not in taken][: max(3, len(names))]
    return dict(zip(names, rng.sample(free, len(names)), strict=True))


def short(rng: random.Random) -> Number:
    """A number with a short binary fraction: random sign, log-uniform size."""
    return mp.mpf(rng.choice((-1, 1)) * rng.randint(64, 127)) / 2 ** rng.randint(5, 9)


def above_zero(rng: random.Random) -> Number:
    return mp.mpf(rng.randint(64, 127)) / 2 ** rng.randint(5, 8)


ENTRIES: dict[str, Callable[[random.Random], Number]] = {
    "any": short, "nonzero": short, "full_column_rank": short, "positive": above_zero, "nonnegative": above_zero,
    "unit": lambda rng: mp.mpf(rng.randint(4, 60)) / 64, "binary": lambda rng: mp.mpf(rng.randint(0, 1)),
    "plus_minus_one": lambda rng: mp.mpf(rng.choice((-1, 1))),
}  # fmt: skip


def value_for(shape: Sequence[int], domain: str, rng: random.Random) -> Any:
    """Nested lists of the shape, from the domain."""
    if len(shape) > 2:
        return [value_for(shape[1:], domain, rng) for _ in range(shape[0])]
    rows, columns = (*shape, 1, 1)[:2]
    if domain in ENTRIES:
        return [[ENTRIES[domain](rng) for _ in range(columns)] for _ in range(rows)]
    if domain in ("probability", "one_hot"):
        chosen = rng.randrange(rows)
        weights = [mp.mpf(rng.randint(1, 9)) if domain == "probability" else mp.mpf(int(k == chosen)) for k in range(rows)]
        return [[x / sum(weights)] for x in weights]
    a = [[short(rng) for _ in range(columns)] for _ in range(rows)]
    if domain == "symmetric":
        return _combined(a, turned(a), 1)
    if domain == "skew":
        return _combined(a, turned(a), -1)
    if domain in ("spd", "pos_det"):
        return _combined(product(a, turned(a)), unit(rows), 1)
    if domain == "invertible":
        return _combined(a, [[4 * x for x in row] for row in unit(rows)], 1)
    raise UnableError(f"no points for the domain {domain}")


def _combined(a: Rows, b: Rows, sign: int) -> Rows:
    return [[x + sign * y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]


def names_of(*trees: Written) -> dict[str, Shape]:
    return {str(n.value): n.shape for tree in trees for n in tree.walk() if n.op == "name"}


def free_indices(tree: Written) -> dict[str, Size | None]:
    """The free indices in order of appearance, with their sizes where an entry shows them."""
    found: dict[str, Size | None] = {}
    links: list[tuple[str, str]] = []
    for node, bound in _scoped(tree):
        if node.op == "entry":
            base, *indices = node.args
            axes = list(base.shape) if len(indices) > 1 else [s for s in base.shape if s != 1] or [1]
            pairs: list[tuple[Written, Size | None]] = list(zip(indices, axes, strict=False))
        elif node.op in ("delta", "compare") and any(a.op == "index" for a in node.args):
            pairs = [(a, bound.get(str(b.value))) for a, b in (node.args, node.args[::-1])]
            if all(a.op == "index" for a in node.args):
                links.append((str(node.args[0].value), str(node.args[1].value)))
        else:
            continue
        for index, size in pairs:
            if index.op == "index" and index.value != ":" and str(index.value) not in bound:
                found[str(index.value)] = found.get(str(index.value)) or size
    for _ in links:
        for a, b in (*links, *((b, a) for a, b in links)):
            if a in found and b in found and found[a] is None:
                found[a] = found[b]
    return found


def _scoped(tree: Written) -> Iterator[tuple[Written, dict[str, Size]]]:
    """Every node with the bound indices around it and their sizes."""
    todo: list[tuple[Written, dict[str, Size]]] = [(tree, {})]
    while todo:
        node, bound = todo.pop()
        yield node, bound
        if node.op in ("sum", "prod"):
            bound = {**bound, node.value[0]: node.value[1]}
        elif node.op == "components":
            bound = {**bound, **dict(zip(node.value, [s for s in node.shape if s != 1], strict=False))}
        todo.extend((a, bound) for a in node.args)


@dataclass(slots=True)
class Pair:
    """Two trees under comparison, with what is given about their names."""

    first: Written
    second: Written
    domains: Mapping[str, str]
    rng: random.Random
    free: dict[str, Size] = field(default_factory=dict)
    renaming: Mapping[str, str] = field(default_factory=dict)

    def sizes(self) -> dict[str, int]:
        trees = (self.first, self.second)
        return sizes_for([n.shape for tree in trees for n in tree.walk()] + [tuple(self.free.values())], self.rng)

    def point(self, sizes: Mapping[str, int]) -> dict[str, Any]:
        return {
            name: value_for([count(s, sizes) for s in shape], self.domains.get(name, "any"), self.rng)
            for name, shape in names_of(self.first, self.second).items()
        }

    def vote(self, values: Mapping[str, Any], sizes: Mapping[str, int]) -> str:
        """"", "same", "value" (they differ), "kink" (they differ, where something that is compared is equal), or "domain" (the
        second is undefined where the first is defined)."""
        ties = TIES.count
        try:
            one = Evaluator(values, sizes)
            votes = set()
            for at in self._assignments(sizes):
                a = one.value(self.first, at)
                b = one.value(self.second, {self.renaming.get(k, k): v for k, v in at.items()})
                votes.add(compared(a, b))
        except (UnableError, KeyError, OverflowError):
            return ""
        if "" in votes:
            return ""
        if "value" in votes:
            return "value" if TIES.count == ties else "kink"
        return "domain" if "domain" in votes else "same"

    def _assignments(self, sizes: Mapping[str, int]) -> list[dict[str, int]]:
        places: list[dict[str, int]] = [{}]
        for name, size in self.free.items():
            places = [{**p, name: k} for p in places for k in range(count(size, sizes))]
        return places if len(places) <= 60 else self.rng.sample(places, 60)


def compared(a: Rows, b: Rows) -> str:
    """The vote of two values: "" where the first is not defined."""
    if any(bad(x) for row in a for x in row):
        return ""
    if len(a) != len(b) or len(a[0]) != len(b[0]):
        return "value"
    pairs = [(x, y) for rows in zip(a, b, strict=True) for x, y in zip(*rows, strict=True)]
    if any(not bad(y) and differ(x, y) for x, y in pairs):
        return "value"
    return "domain" if any(bad(y) for _, y in pairs) else "same"


def differ(x: Number, y: Number) -> bool:
    gap = abs(x - y)
    return bool(gap > NOISE and gap > RELATIVE * max(abs(x), abs(y)))


def proved_different(first: Written, second: Written, domains: Mapping[str, str] | None = None, seed: int = 0) -> bool:
    """Whether the second is certainly another answer than the first."""
    return compare(first, second, domains, seed).verdict == "different"


def compare(first: Written, second: Written, domains: Mapping[str, str] | None = None, seed: int = 0,
            generic: int = GENERIC, aimed: bool = True) -> Comparison:
    """Compare two trees: "equal" means to 60 digits at all points that count, at least half of the generic ones."""
    rng = random.Random(seed)
    free, other = free_indices(first), free_indices(second)
    names, others = names_of(first), names_of(second)
    if any(names.get(name, shape) != shape for name, shape in others.items()):
        return Comparison("unknown", "names of two shapes")
    try:
        if len(free) != len(other):
            return Comparison("different", "rank") if _ranks_differ(first, second) else Comparison("unknown", "indices")
        if {*free} == {*other} and any(free[name] and other[name] and free[name] != other[name] for name in free):
            return Comparison("different", "shape")
        _sized(free, other)
        if _shapes_differ(first, second, rng):
            return Comparison("different", "shape")
        results = []
        for letters in [tuple(free)] if {*free} == {*other} else permutations(other):
            known = {a: free[a] or other[b] or 0 for a, b in zip(free, letters, strict=True)}
            renaming = dict(zip(free, letters, strict=True))
            results.append(_compared(Pair(first, second, domains or {}, rng, known, renaming), generic, aimed))
    except (UnableError, KeyError):
        return Comparison("unknown", "no points")
    if any(r.verdict == "equal" for r in results):
        return next(r for r in results if r.verdict == "equal")
    return next((r for r in results if r.verdict == "unknown"), results[0])


def _sized(free: dict[str, Size | None], other: dict[str, Size | None]) -> None:
    """Gives every free index a size; δ_ij alone does not say how long it is, so it has a length of its own."""
    if {*free} == {*other}:
        for name in free:
            free[name] = other[name] = free[name] or other[name]
    for indices in (free, other):
        for name, size in indices.items():
            indices[name] = size or "unnamed"


def _ranks_differ(first: Written, second: Written) -> bool:
    """Whether the numbers of axes differ; with an index twice in a product it is not said whether there is a sum over it."""
    ranks = []
    for tree in (first, second):
        free = free_indices(tree)
        if any(_together(tree, letter) > 1 for letter in free):
            return False
        ranks.append(len(free) + sum(s != 1 for s in tree.shape))
    return ranks[0] != ranks[1]


def _together(tree: Written, letter: str) -> int:
    """How often a letter stands in one product."""
    if tree.op == "index":
        return int(tree.value == letter)
    counts = [_together(a, letter) for a in tree.args]
    return max(counts, default=0) if tree.op in ("add", "sub", "cases") else sum(counts)


def _shapes_differ(first: Written, second: Written, rng: random.Random) -> bool:
    sizes = sizes_for([n.shape for tree in (first, second) for n in tree.walk()], rng)
    return [count(s, sizes) for s in first.shape] != [count(s, sizes) for s in second.shape]


def _compared(pair: Pair, generic: int, aimed: bool) -> Comparison:
    votes: list[str] = []
    kink = None
    for turn in range(3):  # three assignments of sizes
        sizes = pair.sizes()
        for _ in range(generic - 2 * (generic // 3) if not turn else generic // 3):
            values = pair.point(sizes)
            votes.append(pair.vote(values, sizes))
            if votes[-1] == "value":
                return Comparison("different", "value", values)
            if votes[-1] == "kink":
                kink = Comparison("different", "kink", values)
            if votes[-1] == "domain" and votes.count("domain") >= 2:
                return Comparison("different", "domain", values)
    if "domain" in votes:
        return Comparison("unknown", "domain")
    for values, sizes in _aimed(pair) if aimed else ():
        vote = pair.vote(values, sizes)
        if vote == "value":
            return Comparison("different", "value", values)
        if vote == "kink":
            kink = kink or Comparison("different", "kink", values)
        votes.append(vote)
    if kink:
        return kink
    same = votes.count("same")
    return Comparison("equal" if votes[:generic].count("same") >= generic / 2 else "unknown", points=same)


# Points at switches


def _switches(tree: Written) -> Iterator[tuple[list[Written], int, dict[str, Size]]]:
    """What changes its sign at a switch: the parts (one, or the two that are compared), the threshold, the indices around."""
    for node, bound in _scoped(tree):
        name = node.value if node.op == "call" and isinstance(node.value, str) else ""
        if name in SWITCHES and node.args:
            for threshold in SWITCHES[name]:
                yield [node.args[0]], threshold, bound
        elif name in ("maximum", "minimum") and len(node.args) == 2:
            yield list(node.args), 0, bound
        elif node.op == "compare" and not any(a.op == "index" for a in node.args):
            yield list(node.args), 0, bound


def _aimed(pair: Pair) -> Iterator[tuple[dict[str, Any], dict[str, int]]]:
    seen: list[tuple[list[Written], int]] = []
    for tree in (pair.first, pair.second):
        for parts, threshold, bound in _switches(tree):
            if len(seen) >= 6 or (parts, threshold) in seen:
                continue
            seen.append((parts, threshold))
            sizes = pair.sizes()
            values = pair.point(sizes)
            at = {k: pair.rng.randrange(count(s, sizes)) for k, s in {**pair.free, **bound}.items()}
            solved = _solved(pair, parts, threshold, values, sizes, at)
            if solved is None:
                continue
            rows, i, j, root, exact = solved
            for step in (0, *(sign * mp.mpf(2) ** -k for k in (4, 10, 20, 30) for sign in (1, -1))):
                if step or exact:
                    rows[i][j] = root + step
                    yield values, sizes


def _solved(pair: Pair, parts: list[Written], threshold: int, values: dict[str, Any], sizes: Mapping[str, int],
            at: Mapping[str, int]) -> tuple[Rows, int, int, Number, bool] | None:
    """An entry of a name whose value decides the switch: where it is, the value at the switch, whether that is exact."""
    best = None
    names = [(n, s) for n, s in names_of(*parts).items() if len(s) == 2 and pair.domains.get(n, "any") in ("any", "nonzero", "positive")]
    places = [(n, i, j) for n, s in names for i in range(count(s[0], sizes)) for j in range(count(s[1], sizes))]
    pair.rng.shuffle(places)
    for name, i, j in places[:6]:
        rows: Rows = values[name]
        before = rows[i][j]
        root, exact = _root(parts, threshold, values, sizes, at, rows, i, j)
        rows[i][j] = before
        if root is None or (pair.domains.get(name) == "positive" and root < 2**-3):
            continue
        if best is None or exact:
            best = (rows, i, j, root, exact)
        if exact:
            break
    return best


def _root(parts: list[Written], threshold: int, values: Mapping[str, Any], sizes: Mapping[str, int], at: Mapping[str, int],
          rows: Rows, i: int, j: int) -> tuple[Number | None, bool]:
    """Where the switch turns as one entry moves, by the secant method; its first entry that moves is taken."""

    def gap(x: Number) -> list[Number]:
        rows[i][j] = x
        e = Evaluator(values, sizes)
        entries = [[v for row in e.value(p, dict(at)) for v in row] for p in parts]
        if len(entries) == 1:
            return [v - threshold for v in entries[0]]
        a, b = entries
        return [x - y for x, y in zip(a * (len(b) if len(a) == 1 else 1), b * (len(a) if len(b) == 1 else 1), strict=False)]

    try:
        x0 = rows[i][j]
        x1 = x0 + mp.mpf(1) / 4
        first, second = gap(x0), gap(x1)
        moving = next((k for k, (a, b) in enumerate(zip(first, second, strict=True)) if a != b), None)
        if moving is None:
            return None, False
        f0, f1 = first[moving], second[moving]
        for _ in range(30):
            if f1 == f0 or bad(f1):
                return None, False
            x2 = x1 - f1 * (x1 - x0) / (f1 - f0)
            if abs(x2) > 2**20:
                return None, False
            f2 = gap(x2)[moving]
            if abs(f2) < real("1e-90"):
                return x2, f2 == ZERO
            x0, f0, x1, f1 = x1, f1, x2, f2
    except (UnableError, IllTypedError, KeyError):
        return None, False
    return None, False
