"""One usual world tried on a solution: which steps hold in it, which it refutes.

A step holds if both sides have one value for all numbers, under one reading of the equation: a layout, Einstein's convention or
none, the order of entrywise products. A world may refute a step only where everything that the claim speaks of is known in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from itertools import product as combinations
from typing import Literal

import numpy as np

from .graph_functions import is_entrywise
from .graph_names import EXTENT, MOST_SPENT, Array, Definition, Misfit, Reading, Table
from .graph_trees import index_letters, terms, walk
from .graph_values import Graph
from .plain_tree import Plain
from .plain_words import PlainError
from .usual_claims import Claim, index_condition, label_sets, matrices_of, with_labels
from .usual_definitions import Usual, base_of, relabelled
from .usual_facts import Facts, facts_of, folded, integrated_definition, name_of, names_in
from .usual_graphs import worlds_of

SEEDS = (0, 1)
# The largest relative difference of two values that count as one, where a derivative is taken by finite differences; else 1e-8.
LOOSEST = 1e-5
_MOST_PLACES = 14
_MOST_NUMBERED = 6  # entries of a vector that are written one by one

Outcome = Literal["same", "different", "unknown", "defines", "doubtful"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a world says of one claim: an outcome for each step from one form to the next, and the reading it was taken in."""

    outcomes: tuple[Outcome, ...]
    reading: Reading = field(default_factory=Reading)
    reason: str = ""

    @property
    def score(self) -> tuple[int, int]:
        """More steps that hold are better, then fewer that do not."""
        return sum(o in ("same", "defines") for o in self.outcomes), -sum(o == "different" for o in self.outcomes)


def trials_of(claims: list[Claim], symbols: Mapping[str, str], context: str, answer: str, called: frozenset[str]) -> Iterator[Trial]:
    """The usual worlds tried one after the other, up to one in which all holds; names that nothing is said of are numbers or vectors."""
    spent = [0]
    matrices = matrices_of(claims, symbols)
    for labels in label_sets(claims, symbols):
        facts = facts_of([with_labels(c, labels, matrices) for c in claims], symbols, context, answer, called, labels)
        for world in worlds_of(facts.spoken):
            for kind, all_names in (((EXTENT, 1), False), ((1, EXTENT), False), ((EXTENT, 1), True), ((1, EXTENT), True)):
                trial = Trial(world, facts, kind, spent, all_are_vectors=all_names)
                trial.run(facts.claims)
                yield trial
                if trial.holds or spent[0] > MOST_SPENT:
                    return
                if not any(graph.guessed for graph in trial.graphs):
                    break
        if _is_flat(facts):
            trial = Trial(Usual(), facts, (1, 1), spent, is_flat=True)
            trial.run(facts.claims)
            yield trial
            if trial.holds:
                return


def _is_flat(facts: Facts) -> bool:
    """Whether all names may be numbers: nothing speaks of a vector but the sheet's list of symbols."""
    trees = [f.tree for c in facts.claims for f in c.forms if f.tree is not None]
    parts = [p for t in trees for p in walk(t)]
    if any(
        p.op in ("transpose", "sum", "matrix", "listed", "norm", "entry") or (p.op == "product" and set(p.value) & set("ox")) for p in parts
    ):
        return False
    if any(p.op == "name" and (p.indices or p.value[:1].isupper()) for p in parts):
        return False
    is_partial = any(p.op == "derivative" and p.args[1].value in facts.spoken.shapes for p in parts)
    return not is_partial or "scalar" in facts.spoken.text


@dataclass(slots=True)
class Trial:
    """One world tried on a solution; `unknown` is the shape of names that nothing is said of."""

    usual: Usual
    facts: Facts
    unknown: tuple[int, int]
    spent: list[int]
    is_flat: bool = False
    is_loose: bool = False
    all_are_vectors: bool = False
    judged: list[Judged] = field(default_factory=list)
    refuted: list[frozenset[int]] = field(default_factory=list)
    held: list[frozenset[int]] = field(default_factory=list)
    trees: dict[int, Plain] = field(default_factory=dict)
    turning: set[str] = field(default_factory=set)
    graphs: list[Graph] = field(default_factory=list)

    @property
    def score(self) -> tuple[int, int]:
        """How many steps hold, and how few do not."""
        scores = [j.score for j in self.judged]
        return sum(s[0] for s in scores), sum(s[1] for s in scores)

    @property
    def holds(self) -> bool:
        """Whether every step holds, and one at least says something."""
        outcomes = [o for j in self.judged for o in j.outcomes]
        return "same" in outcomes and all(o in ("same", "defines") for o in outcomes)

    def fits(self, place: int, step: int) -> bool:
        """Whether this world may refute a step: everything that the claim speaks of is known in it, and means something."""
        if "unknown" in self.judged[place].outcomes:
            return False
        claim = self.facts.claims[place]
        before, after = claim.forms[step].tree, claim.forms[step + 1].tree
        head = claim.forms[0].tree
        if before is None or after is None or head is None or claim.conditions or not self.usual.is_sure or self.is_flat or self.is_loose:
            return False
        if not any(p.op == "derivative" for f in claim.forms if f.tree is not None for p in walk(f.tree)):
            return False
        first, second = self.relabelled(before), self.relabelled(after)
        losses = {n for n, d in self.usual.definitions.items() if d.tree.op == "anyloss"}
        if any(not any(_speaks_of_slope(p, losses) for p in walk(t)) for t in (first, second) for _ in losses):
            return False  # the loss may have a form in which this holds
        if any(_is_open_chain(a, b) for a, b in ((first, second), (second, first))):
            return False
        if self.leaves(second, frozenset()) - self.leaves(first, frozenset()):
            return False  # a name on the right that nothing on the left leads to: something is meant that this world does not have
        return not any(self.is_open(t, frozenset()) for t in (first, second))

    def leaves(self, tree: Plain, seen: frozenset[str]) -> set[str]:
        """The names below a form that nothing defines."""
        graph, found = self.graphs[0], set()
        for part in walk(tree):
            if part.op not in ("name", "call") or part.value in seen:
                continue
            name = part.value.rstrip("'")
            if name in graph.definitions:
                found |= self.leaves(graph.definitions[name].tree, seen | {name})
            elif part.op == "name" and not (name == "delta" and len(part.indices) == 2):
                family = graph.families.get(name) if part.indices else None
                found.add(name if family is None else family.matrix)
        return found - {"e", "pi", "I", "1s", "?"}

    def can_be_worked_out(self, claim: Claim) -> bool:
        """Whether a claim is on the derivative of something that was defined, by a name that it has: it must not be taken as said."""
        head = claim.forms[0].tree
        while head is not None and head.op == "derivative" and head.args[0].op == "derivative":
            head = head.args[0]
        if head is None or head.op != "derivative" or head.args[1].op != "name":
            return False
        top = name_of(head.args[0]) or (head.args[0].value if head.args[0].op == "call" else "")
        known = self.facts.own.get(top) or self.facts.given.get(top)
        return known is not None and top not in self.facts.integrated and head.args[1].value in names_in(known.tree)

    def is_open(self, tree: Plain, seen: frozenset[str]) -> bool:
        """Whether a form speaks of a name that nothing is known of, through the definitions."""
        graph = self.graphs[0]
        for part in walk(tree):
            if part.op == "call" and part.value.rstrip("'") not in graph.definitions and not is_entrywise(part.value.rstrip("'")):
                if part.value not in ("softmax", "diag", "tr", "Tr", "max", "inv"):
                    return True
            if part.op not in ("name", "call") or part.value in seen:
                continue
            name = part.value.rstrip("'")
            if name in graph.definitions:
                if self.is_open(graph.definitions[name].tree, seen | {name}):
                    return True
            elif part.op == "name" and name not in graph.shapes and name not in graph.families and name not in ("e", "pi"):
                if (name != "delta" or len(part.indices) != 2) and base_of(name) != "b":
                    return True
        return False

    def run(self, claims: list[Claim]) -> None:
        """Judge all claims."""
        self.graphs = [self.graph(seed) for seed in SEEDS]
        for claim in claims:
            judged, refuted, held = self.claim(claim)
            self.judged.append(judged)
            self.refuted.append(refuted)
            self.held.append(held)

    # -- the world -------------------------------------------------------------------------------------------------

    def graph(self, seed: int) -> Graph:
        usual, facts = self.usual, self.facts
        definitions = {**usual.definitions, **folded({**facts.given, **facts.own})}
        if usual.one_hot:
            definitions.pop(usual.one_hot, None)
        definitions = {
            self.key(n): Definition(relabelled(d.tree, usual.labels), self.indices(n, d.indices), d.parameters)
            for n, d in definitions.items()
        }  # fmt: skip
        shapes = self.shapes()
        return Graph(
            shapes,
            definitions,
            families=usual.families,
            one_hot=usual.one_hot,
            targets=usual.targets,
            units=usual.units | facts.spoken.hot,
            symmetric=facts.symmetric,
            turning=frozenset(self.turning),
            numbered=frozenset(n for n in facts.spoken.names if len(n) == 1),
            fixed=facts.fixed,
            values=facts.values,
            spent=self.spent,
            unknown=self.unknown,
            vectors=None if self.all_are_vectors else facts.vectors,
            signed=facts.has_signs and seed > 0,
            seed=seed,
        )

    def key(self, name: str) -> str:
        return name

    def indices(self, name: str, indices: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in indices if (name, i) not in self.usual.labels)

    def shapes(self) -> dict[str, tuple[int, int]]:
        """The sizes of all names whose lengths are known: every length but one is the same size."""
        found: dict[str, tuple[int, int]] = {}
        lengths: dict[str, int] = {}
        spoken, usual = self.facts.spoken, self.usual
        if self.is_flat:
            return {name: (1, 1) for name in spoken.names if name not in ("e", "pi", "?", "delta")}
        declared = {**usual.shapes, **spoken.shapes}
        for name in {*spoken.names, *declared, *self.names_below()}:
            shape = declared.get(name) or declared.get(name.partition("^(")[0]) or declared.get(base_of(name))
            if shape is None and spoken.names.get(name) == 2 and len(base_of(name)) == 1:
                shape = ("?", "?")
            if shape is None and spoken.names.get(name) == 1 and name not in spoken.indexed and name not in usual.families:
                shape = ("?", "1")
                self.turning.add(name)
            if shape is None and base_of(name) in ("W", "U", "V", "X", "H", "A", "B", "S", "Q", "R", "M", "Phi"):
                shape = ("?", "?")
            if shape is not None:
                rows, columns = (1 if s == "1" else EXTENT for s in shape)
                found[name] = (rows, columns)
        for name in (*spoken.names, *self.names_below()):
            base, sign, number = name.partition("_")
            if sign and number.isdecimal() and len(base) == 1 and 1 < int(number) <= _MOST_NUMBERED and base in spoken.names:
                rows, columns = found.get(base, (1, 1))
                longest = max(int(number), lengths.get(base, 0))
                lengths[base] = longest
                if spoken.shapes.get(base, ("?", "1"))[0] in ("?", "1") and (rows, columns) != (1, 1) and 1 in (rows, columns):
                    found[base] = (1, longest) if rows == 1 else (longest, 1)
        for name, letter in usual.labels:
            shape = spoken.indexed.get(name)
            if shape is not None:
                rows, columns = (1 if s == "1" else EXTENT for s in shape)
                found[f"{name}_{letter}"] = (rows, columns)
        return found

    def names_below(self) -> set[str]:
        """The names that stand in definitions only."""
        found: set[str] = set()
        for definitions in (self.usual.definitions, self.facts.given, self.facts.own):
            for definition in definitions.values():
                found |= names_in(relabelled(definition.tree, self.usual.labels))
        return found

    # -- one claim -------------------------------------------------------------------------------------------------

    def claim(self, claim: Claim) -> tuple[Judged, frozenset[int], frozenset[int]]:
        """The best reading of a claim, the steps that are refuted in all, and those that hold in one."""
        count = len(claim.forms) - 1
        if count < 1:
            return Judged(()), frozenset(), frozenset()
        best: Judged | None = None
        refuted: set[int] = set(range(count))
        held: set[int] = set()
        for reading in self.readings(claim):
            judged = self.read(claim, reading)
            refuted &= {k for k, o in enumerate(judged.outcomes) if o == "different"}
            held |= {k for k, o in enumerate(judged.outcomes) if o in ("same", "defines")}
            if best is None or judged.score > best.score:
                best = judged
            if len(held) == count and all(o in ("same", "defines") for o in judged.outcomes):
                break
        assert best is not None
        return best, frozenset(refuted), frozenset(held)

    def readings(self, claim: Claim) -> Iterator[Reading]:
        trees = [f.tree for f in claim.forms if f.tree is not None]
        has_sums = any(p.op == "sum" for t in trees for p in walk(t))
        has_letters = any(index_letters(t) for t in trees)
        mixed = any(p.op == "product" and "o" in p.value and set(p.value) != {"o"} for t in trees for p in walk(t))
        whole = any(p.op == "derivative" for t in trees for p in walk(t))
        for einstein in (False, True) if has_letters and not has_sums else (False,):
            free = self.free_letters(claim) if einstein else frozenset()
            for numerator in (False, True) if whole else (False,):
                for matrices_first in (False, True) if mixed else (False,):
                    yield Reading(numerator, einstein, matrices_first, free)

    def free_letters(self, claim: Claim) -> frozenset[str]:
        """The letters that an equation in Einstein's convention is about."""
        trees = [self.relabelled(f.tree) for f in claim.forms if f.tree is not None]
        fixed = self.facts.fixed & {i for t in trees for i in index_letters(t)}
        if claim.has_head and trees:
            return frozenset(index_letters(trees[0])) | fixed
        found: set[str] | None = None
        for tree in trees:
            for term in terms(tree):
                once = {i for i, n in _counts(term).items() if n == 1}
                found = once if found is None else found & once
        return frozenset(found or ()) | fixed

    def relabelled(self, tree: Plain) -> Plain:
        key = id(tree)
        if key not in self.trees:
            self.trees[key] = relabelled(tree, self.usual.labels)
        return self.trees[key]

    def read(self, claim: Claim, reading: Reading) -> Judged:
        """The outcome of every step under one reading."""
        trees = [None if f.tree is None else self.relabelled(f.tree) for f in claim.forms]
        skipped = [t is not None and 0 < k < len(trees) - 1 and self.is_only_named(t) for k, t in enumerate(trees)]
        outcomes: list[Outcome] = []
        reason = ""
        for k, (before, after) in enumerate(pairwise(trees)):
            if skipped[k + 1]:  # what comes next is held against the last form that says something
                outcomes.append("defines")
                continue
            last = k
            while skipped[last]:
                last -= 1
            before = trees[last]
            if before is None or after is None:
                outcomes.append("unknown")
                continue
            outcome, why = self.step(before, after, claim, reading, trees, k == 0)
            outcomes.append(outcome)
            reason = reason or why
        return Judged(tuple(outcomes), reading, reason)

    def is_only_named(self, tree: Plain) -> bool:
        """Whether a form has derivatives of functions of several arguments that nothing says anything of: ∂F(w, v)/∂v."""
        graph = self.graphs[0]
        return any(
            c.op == "call" and len(c.args) > 1 and c.value not in graph.definitions and c.value not in ("max", "min")
            for p in walk(tree) if p.op == "derivative" for c in walk(p.args[0])
        )  # fmt: skip

    def step(
        self, before: Plain, after: Plain, claim: Claim, reading: Reading, trees: list[Plain | None], is_first: bool
    ) -> tuple[Outcome, str]:
        if is_first and claim.has_head and self.defines(before, after, claim):
            return "defines", ""
        try:
            for graph in self.graphs:
                for env in self.places(graph, reading, before, after, claim):
                    graph.work = 0
                    with np.errstate(all="ignore"):
                        a, b = graph.value(before, reading, env), graph.value(after, reading, env)
                    if not agree(a, b, graph.is_rough):
                        if a.array.shape != b.array.shape and any(p.op == "matrix" for t in (before, after) for p in walk(t)):
                            return "unknown", ""  # its length was not said
                        self.is_loose = self.is_loose or _is_diagonal(a, b)
                        if self.is_numeric(before, after) or _is_diagonal(a, b):
                            return ("same", "") if _as_rounded(a, b, before, after) else ("unknown", "")
                        if after.op == "number" and after.value == "0":
                            return "unknown", ""
                        return "different", "value"
        except Misfit as misfit:
            return "different", str(misfit)
        except (PlainError, RecursionError, ValueError, IndexError, OverflowError) as error:
            return "unknown", str(error)
        return "same", ""

    def is_numeric(self, before: Plain, after: Plain) -> bool:
        """Whether decimals stand in a step, or numbers were put in for names."""
        if any(p.op == "number" and "." in p.value for t in (before, after) for p in walk(t)):
            return True
        named = [any(p.op in ("name", "call") for p in walk(t)) for t in (before, after)]
        return named[0] != named[1] and not (after.op == "number" and after.value == "0")

    def defines(self, head: Plain, tree: Plain, claim: Claim) -> bool:
        """Whether the head is defined by this very form."""
        through = integrated_definition(head, tree)
        if through is not None and (known := self.facts.own.get(through[0])) is not None:
            return relabelled(known.tree, self.usual.labels) == through[1].tree
        known = self.facts.own.get(head.value) if head.op in ("name", "call") else None
        return known is not None and relabelled(known.tree, self.usual.labels) == tree

    def places(self, graph: Graph, reading: Reading, before: Plain, after: Plain, claim: Claim) -> Iterator[dict[str, int]]:
        """The numbers to try for the free indices."""
        if reading.einstein:
            free = [i for i in reading.free if i not in self.usual.targets]
        else:
            free = [i for i in dict.fromkeys((*index_letters(before), *index_letters(after))) if i not in self.usual.targets]
        sizes = []
        for letter in free:
            extents = {graph.extent(letter, t) for t in (before, after) if letter in index_letters(t)}
            sizes.append(min(extents, default=EXTENT))
        targets = range(2) if self.usual.one_hot else range(1)
        found = []
        for place in _places(sizes):
            for target in targets:
                env = dict(zip(free, place, strict=True))
                env["#"] = target
                if self.allowed(env, claim.conditions):
                    found.append(env)
        if not found:
            raise PlainError("no place")
        step = max(1, len(found) // _MOST_PLACES)
        yield from found[::step]

    def allowed(self, env: Mapping[str, int], conditions: tuple[str, ...]) -> bool:
        for condition in conditions:
            match = index_condition(condition)
            if match is None:
                continue
            a, b = (env.get("#", 0) if x in self.usual.targets else env.get(x) for x in (match[0], match[2]))
            if a is not None and b is not None and (a == b) != match[1]:
                return False
        return True


def _is_open_chain(product: Plain, other: Plain) -> bool:
    """Whether a form only names derivatives to be multiplied, from the right top to the right bottom: nothing to refute."""
    if product.op == "sum":
        product = product.args[0]
    if product.op != "product" or any(a.op != "derivative" for a in product.args):
        return False
    tops, bottoms = [_shown(a.args[0]) for a in product.args], [_shown(a.args[1]) for a in product.args]
    ends = [t for t in tops if t not in bottoms], [b for b in bottoms if b not in tops]
    if other.op != "derivative":
        return False
    return ends == ([_shown(other.args[0])], [_shown(other.args[1])])


def has_negated_chain(claim: Claim) -> bool:
    """Whether the first form takes the chain rule of its head with a minus: −(∂L/∂z)(∂z/∂w) for ∂L/∂w."""
    head, first = claim.forms[0].tree, claim.forms[1].tree
    if head is None or first is None or head.op != "derivative":
        return False
    return any(t.op == "neg" and _is_open_chain(t.args[0], head) for t in terms(first))


def _shown(tree: Plain) -> str:
    return tree.value if tree.op == "call" else f"{tree.value}[{','.join(tree.indices)}]" if tree.indices else tree.value


def _speaks_of_slope(part: Plain, losses: set[str]) -> bool:
    """Whether a part is the derivative of a loss, or an error."""
    if part.op == "name":
        return part.value.startswith("delta") and len(part.indices) < 2
    return part.op == "derivative" and name_of(part.args[0]) in losses


def _is_diagonal(a: Table, b: Table) -> bool:
    """Whether one value is a vector and the other the diagonal matrix with its entries: the step is loose, not wrong."""
    for x, y in ((a.array, b.array), (b.array, a.array)):
        if 1 in x.shape and x.size > 1 and y.shape == (x.size, x.size) and np.allclose(np.diag(x.reshape(-1)), y):
            return True
    return False


def _as_rounded(a: Table, b: Table, before: Plain, after: Plain) -> bool:
    """Whether two numbers are equal up to the digits that the decimals were written with."""
    digits = [len(p.value.partition(".")[2]) for t in (before, after) for p in walk(t) if p.op == "number" and "." in p.value]
    if not digits or a.shape != b.shape:
        return False
    literal = max((d for d in digits), default=0)
    slack = 0.5 * 10.0**-literal * 1.2
    return bool(np.all(np.abs(a.array - b.array) <= slack + 2e-3 * np.abs(b.array))) if literal >= 2 else False


def _places(sizes: list[int]) -> Iterator[tuple[int, ...]]:
    """Some places for indices of these ranges: all where they are few, else some with equal indices and some without."""
    if np.prod(sizes, dtype=float) <= 27:
        yield from combinations(*(range(s) for s in sizes))
        return
    numbers = np.random.default_rng(len(sizes))
    yield tuple(0 for _ in sizes)
    for _ in range(_MOST_PLACES - 1):
        yield tuple(int(numbers.integers(s)) for s in sizes)


def agree(a: Table, b: Table, is_rough: bool) -> bool:
    """Whether two values are equal; one that is known up to a transposition may be turned."""
    first, second = a.array, b.array
    if first.shape != second.shape:
        if (second.shape == (1, 1) and second[0, 0] == 0) or (first.shape == (1, 1) and first[0, 0] == 0):
            return bool(np.allclose(first, 0) and np.allclose(second, 0))
        if (a.loose or b.loose) and first.shape == second.T.shape:
            return _close(first, second.T, is_rough)
        return False
    return _close(first, second, is_rough) or ((a.loose or b.loose) and first.shape == second.T.shape and _close(first, second.T, is_rough))


def _close(first: Array, second: Array, is_rough: bool) -> bool:
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise PlainError("no number")
    return bool(np.allclose(first, second, rtol=LOOSEST if is_rough else 1e-8, atol=1e-7 if is_rough else 1e-10))


def _counts(term: Plain) -> dict[str, int]:
    """How often every index stands in a term; a bracket counts as its fullest term."""
    if term.op in ("name", "entry"):
        found: dict[str, int] = {}
        for index in term.indices:
            found[index] = found.get(index, 0) + 1
        return found
    parts = [_counts(a) for a in term.args]
    joined: dict[str, int] = {}
    for part in parts:
        for index, count in part.items():
            joined[index] = max(joined.get(index, 0), count) if term.op == "add" else joined.get(index, 0) + count
    return joined


__all__ = ["LOOSEST", "SEEDS", "Judged", "Outcome", "Trial", "agree", "has_negated_chain", "trials_of"]
