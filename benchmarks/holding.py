"""How an element is held: our small frozen nodes against SymPy expressions with index nodes, in one run on the same.

    .venv/bin/python benchmarks/holding.py [--cases FILE] [--repeat 5]

Both ways start from the same element and end with its collapsed derivative. FILE is a list of facts in JSON, each with
`function`, `wrt`, `vars` and perhaps `domain` and `order`; without it the facts of benchmarks/derivations.py and a few
with brackets are taken. Both ways are timed warm, the fastest of several runs, SymPy's own cache emptied before each,
since a derivation asks for each derivative once. The decision is docs/decisions/003-how-the-element-is-held.md.
"""

from __future__ import annotations

import os

os.environ["SYMPY_GROUND_TYPES"] = "python"

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sympy as sp

from hwcheck.derivations import read
from hwcheck.derivations.calculus.calculus import derivative, differentiate
from hwcheck.derivations.calculus.tidying import Tidier
from hwcheck.derivations.elements.elements import Element, variable
from hwcheck.derivations.elements.evaluation import Evaluator
from hwcheck.derivations.elements.functions import FUNCTIONS
from hwcheck.derivations.elements.meaning import Meaning
from hwcheck.derivations.elements.sampling import draw, size_assignments
from hwcheck.derivations.elements.symbolic import scalar_derivative
from hwcheck.derivations.errors import UnsupportedError

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "derivations")]

import sympy_held as held  # noqa: E402

import derivations as facts  # noqa: E402  (benchmarks/derivations.py)

BRACKETS = (("||w - x||^2", "w"), ("3(w - x)", "w"), ("sigmoid(2(w - x))", "w"), ("w / ||w||", "w"),
            ("softmax(z)", "z"), ("log(sum(exp(z)))", "z"))
Shapes = Mapping[str, Sequence[int | str]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A function as an element, and the variable it is differentiated by."""

    text: str
    function: Element
    by: Element
    domains: Mapping[str, str] = field(default_factory=dict)
    order: int = 1


def fact(text: str, wrt: str, shapes: Shapes, domains: Mapping[str, str], order: int = 1) -> Fact:
    function = Meaning().of(read(text, shapes=shapes, wrt=wrt).body)
    inner = function.args[0] if function.kind == "merge" else function  # kron and vec are put together in the end
    return Fact(text, inner, variable(wrt, tuple(s for s in shapes[wrt] if s != 1)), domains, order)


def own_facts() -> list[Fact]:
    texts = [(text, wrt) for text, wrt, *_ in facts.FACTS]
    return [fact(text, wrt, {k: v for k, v in facts.SHAPES.items() if k in text or k == wrt}, {})
            for text, wrt in (*texts, *BRACKETS)]


def facts_of(path: Path) -> list[Fact]:
    return [fact(c["function"], c["wrt"], c["vars"], c.get("domain", {}), c.get("order", 1))
            for c in json.loads(path.read_text())]


def ours(f: Fact) -> Element:
    result = f.function
    for _ in range(f.order):
        result = derivative(differentiate(result, f.by))
    return result


def theirs(f: Fact) -> tuple[Any, tuple[Any, ...]]:
    return held.derivative(f.function, f.by, f.order)


def tried(work: Callable[[Fact], Any], f: Fact) -> Any:
    """The result, or None where this way has no rule."""
    try:
        return work(f)
    except (UnsupportedError, held.UnheldError):
        return None


def theirs_begun(f: Fact) -> Callable[[Fact], object]:
    """Only the differentiation of a function that is held in SymPy already."""
    free = held.indices(f.function.shape)
    start = held.collapse(held.hold(f.function, free))

    def work(f: Fact) -> object:
        expression = start
        for _ in range(f.order):
            expression = held.collapse(expression.diff(held.entry(f.by, held.indices(f.by.shape))))
        return expression

    return work


def fastest(work: Callable[[Fact], object], f: Fact, repeat: int) -> float:
    times = []
    for _ in range(repeat):
        sp.core.cache.clear_cache()
        start = time.perf_counter()
        work(f)
        times.append(time.perf_counter() - start)
    return min(times)


def agree(f: Fact, mine: Element, other: tuple[Any, tuple[Any, ...]]) -> bool:
    """Whether both results have the same value at a point with distinct sizes."""
    shapes = {n.value: n.shape for e in (f.function, mine, f.by) for n in e.walk() if n.kind == "variable"}
    for numbers in size_assignments([*shapes.values(), f.function.shape]):
        values = {k: v[0] for k, v in draw(np.random.default_rng(7), shapes, numbers, f.domains, 1).items()}
        want = np.asarray(Evaluator(values, numbers)(mine))
        if np.isfinite(want).all():
            got = held.Value(values, numbers)(*other)
            return got.shape == want.shape and bool(np.allclose(got, want, rtol=1e-9, atol=1e-9))
    return False


# What is left of the way it was written


@dataclass(slots=True)
class Survival:
    """Of elements built in SymPy: sums in their order, numbers still before their bracket, functions by their name."""

    sums: int = 0
    sums_kept: int = 0
    brackets: int = 0
    brackets_kept: int = 0
    functions: int = 0
    functions_kept: int = 0

    def add(self, element: Element) -> bool:
        """Counts one element; whether all of it survived."""
        before = self.lost
        for node in element.walk():
            place = held.indices(node.shape)
            if node.kind == "sum":
                self.sums += 1
                terms = tuple(held.hold(a, place) for a in node.args)
                self.sums_kept += sp.Add(*terms).args == terms
            elif node.kind == "product" and len(node.args) == 1 and node.args[0].kind == "sum":
                self.brackets += 1
                self.brackets_kept += not held.hold(node, place).is_Add
            elif node.kind == "map":
                self.functions += 1
                self.functions_kept += type(held.hold(node, place)).__name__.lower() == node.value
        return self.lost == before

    def __str__(self) -> str:
        return (f"sums in order {self.sums_kept} of {self.sums}, numbers before brackets {self.brackets_kept} of "
                f"{self.brackets}, functions under their name {self.functions_kept} of {self.functions}")

    @property
    def lost(self) -> int:
        return self.sums - self.sums_kept + self.brackets - self.brackets_kept + self.functions - self.functions_kept


def mentions_ours(element: Element) -> int:
    """How often a variable is mentioned in the result, written out in full."""
    count: dict[Element, int] = {}
    for node in reversed(list(element.walk())):
        count[node] = int(node.kind == "variable") + sum(count[a] for a in node.args)
    return count[element]


def mentions_theirs(expression: Any) -> int:
    return sum(isinstance(e, held.Entry) for e in sp.preorder_traversal(expression))


def network(layers: int) -> Fact:
    text, shapes = facts.network(layers)
    return fact(text, "W_1", shapes, {})


def in_ms(times: Sequence[float]) -> str:
    return f"median {1000 * statistics.median(times):7.2f} ms   largest {1000 * max(times):7.2f} ms"


def compare(all_facts: Sequence[Fact], repeat: int) -> None:
    times: tuple[list[float], ...] = ([], [], [])
    lengths: tuple[list[int], list[int]] = ([], [])
    survival, intact, results, results_intact, agreed, expressed = Survival(), 0, Survival(), 0, 0, [0, 0]
    for f in all_facts:
        timed = [fastest(work, f, repeat) for work in (ours, theirs) if tried(work, f)]  # before results are kept alive
        mine, other = tried(ours, f), tried(theirs, f)
        expressed[0] += mine is not None
        expressed[1] += other is not None
        if mine is None or other is None:
            print(f"  no rule: {f.text}  ({'ours' if mine is None else 'SymPy-held'})")
            continue
        if agree(f, mine, other):
            agreed += 1
        else:
            print(f"  disagree: {f.text}")
        intact += survival.add(f.function)
        results_intact += results.add(Tidier(f.domains)(mine))
        lengths[0].append(mentions_ours(mine))
        lengths[1].append(mentions_theirs(other[0]))
        for column, measured in zip(times, (*timed, fastest(theirs_begun(f), f, repeat)), strict=True):
            column.append(measured)
    both = len(times[0])
    print(f"  {len(all_facts)} facts; expressed: ours {expressed[0]}, SymPy-held {expressed[1]}; "
          f"values agree on {agreed} of {both}")
    for name, column in zip(("ours", "SymPy-held", "  without building it"), times, strict=True):
        print(f"  {name:22} {in_ms(column)}")
    for name, column in (("SymPy-held / ours", times[1]), ("  without building it", times[2])):
        ratios = [b / a for a, b in zip(times[0], column, strict=True)]
        print(f"  {name:22} median {statistics.median(ratios):.0f}, largest {max(ratios):.0f}")
    print(f"  variables mentioned in the result, before tidying: ours {sum(lengths[0])}, SymPy-held {sum(lengths[1])}")
    print(f"  built in SymPy and still as written: {intact} of {both} functions ({survival})")
    print(f"  the same for our tidied results: {results_intact} of {both} ({results})")


def deep(repeat: int) -> None:
    for layers in (2, 4, 8, 16):
        f = network(layers)
        mine, other = ours(f), theirs(f)
        a, b = fastest(ours, f, repeat), fastest(theirs, f, repeat)
        nodes, terms = sum(1 for _ in mine.walk()), sum(1 for _ in sp.preorder_traversal(other[0]))
        print(f"  {layers:2} layers   ours {1000 * a:6.2f} ms, {nodes:3} nodes   SymPy-held {1000 * b:7.2f} ms, "
              f"{terms:5} nodes   agree {agree(f, mine, other)}")


def table_of_derivatives() -> float:
    """How long SymPy takes to fill the table of scalar derivatives, once per process."""
    scalar_derivative.cache_clear()
    start = time.perf_counter()
    for name, row in FUNCTIONS.items():
        for position in range(row.arity):
            scalar_derivative(name, position)
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--cases", type=Path, help="a JSON list of facts, instead of our own")
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    print("element → derivative → collapsed")
    compare(facts_of(options.cases) if options.cases else own_facts(), options.repeat)
    print("gradient of a network by its first weight")
    deep(options.repeat)
    print(f"{len(FUNCTIONS)} scalar functions differentiated by SymPy: {1000 * table_of_derivatives():.0f} ms, once")
    return 0


if __name__ == "__main__":
    sys.exit(main())
