"""The banks against the judge: how many mutants it accepts, how many rewrites it refuses.

    .venv/bin/python benchmarks/banks.py [--seed 1] [--limit N] [--cases FILE] [--failures FILE]

Every expression of tests/checkers/banks, and the derivative of every fact of the tests, is mutated and rewritten; an
independent evaluator (mpmath, 100 digits) says which mutants are different and which rewrites are equal. Goals: 0
mutants accepted of at least 5,000; 0 rewrites refused of at least 2,000, at most 1 % of them undecided or unreadable.
FILE is a list of further facts in JSON, each with `function`, `wrt`, `vars` and perhaps `domain` and `order`. N is how
many expressions are taken. Half of the derivatives are asked for by their function, everything else by an expression.
"""

from __future__ import annotations

import os

os.environ["SYMPY_GROUND_TYPES"] = "python"
os.environ["JAX_PLATFORMS"] = "cpu"

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hwcheck.checkers import verify

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS / "checkers"), str(TESTS / "derivations")]

from banks.identities import Identity, identities, of_functions  # noqa: E402
from banks.trials import Trial, bank_of, judged  # noqa: E402

WORDS = ("right", "wrong", "undecided", "unreadable")
GOALS = (5_000, 2_000)


@dataclass(slots=True)
class Outcome:
    """What came of one expression."""

    mutants: list[tuple[Trial, str]] = field(default_factory=list)
    rewrites: list[tuple[Trial, str]] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")


def outcome_of(identity: Identity, seed: int) -> Outcome:
    bank = bank_of(identity, seed)
    outcome = Outcome(dropped=bank.dropped)
    for trials, results in ((bank.mutants, outcome.mutants), (bank.rewrites, outcome.rewrites)):
        for trial in trials:
            start = time.perf_counter()
            results.append((trial, judged(trial, verify)))
            taken = time.perf_counter() - start
            outcome.seconds += taken
            outcome.slowest = max(outcome.slowest, (taken, trial.reproducer()))
    return outcome


def facts() -> list[Identity]:
    """The derivatives of the facts that the tests of derivations hold."""
    import facts as rows  # loads JAX

    return of_functions((f.text, f.names[0], f.shapes, f.domains, f.order) for f in rows.ALL)


def cases(path: Path) -> list[Identity]:
    """The derivatives of a file of facts."""
    found = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        domains = {name: domain for name, domain in row.get("domain", {}).items() if domain != "any"}
        found.append((row["function"], row["wrt"], row["vars"], domains, row.get("order", 1)))
    return of_functions(found)


def table(title: str, results: Iterable[tuple[str, str]]) -> Counter[str]:
    """One line a kind: how many, and each word of the judge."""
    by_kind: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for kind, word in results:
        by_kind.setdefault(kind, Counter())[word] += 1
    print(f"\n{title:28}{'n':>7}" + "".join(f"{word:>12}" for word in (*WORDS, "error")))
    for kind, words in sorted(by_kind.items(), key=lambda item: -item[1].total()):
        print(line(kind, words))
        total += words
    return total


def line(kind: str, words: Mapping[str, int]) -> str:
    others = sum(count for word, count in words.items() if word not in WORDS)
    return f"{kind:28}{sum(words.values()):7}" + "".join(f"{words.get(word, 0):12}" for word in WORDS) + f"{others:12}"


def told(outcomes: list[Outcome], whole: bool) -> int:
    """Prints the figures; the number of goals that were missed."""
    mutants = [(t, word) for o in outcomes for t, word in o.mutants]
    rewrites = [(t, word) for o in outcomes for t, word in o.rewrites]
    kinks = Counter(word for o in outcomes for t, word in o.mutants if t.how == "kink")
    table("mutant", ((t.kinds[0], word) for t, word in mutants))
    on_mutants = Counter(word for _, word in mutants)
    print(line("all mutants", on_mutants))
    print(line("(of them: at a kink only)", kinks))
    table("rewrite (in chains of 1–5)", ((kind, word) for t, word in rewrites for kind in dict.fromkeys(t.kinds)))
    on_rewrites = Counter(word for _, word in rewrites)
    print(line("all rewrites", on_rewrites))
    dropped = sum((o.dropped for o in outcomes), Counter())
    print("\nleft out: " + ", ".join(f"{count} {why}" for why, count in dropped.most_common()))
    seconds, count = sum(o.seconds for o in outcomes), len(mutants) + len(rewrites)
    slowest = max(o.slowest for o in outcomes)
    print(f"{count / max(seconds, 1e-9):.0f} answers a second on one core; the slowest {slowest[0]:.2f} s: {slowest[1]}")
    refused = sum(n for word, n in on_rewrites.items() if word != "right")
    open_ones = on_rewrites["undecided"] + on_rewrites["unreadable"]
    strange = sum(n for word, n in on_mutants.items() if word not in WORDS)
    missed = {
        f"{on_mutants['right']} mutants accepted, goal 0": on_mutants["right"] > 0,
        f"{strange} mutants with an error, goal 0": strange > 0,
        f"{refused - open_ones} rewrites refused, goal 0": refused > open_ones,
        f"{open_ones} rewrites not decided, goal ≤ 1 %": open_ones > 0.01 * on_rewrites.total(),
    }
    if whole:
        missed[f"{on_mutants.total()} mutants, {on_rewrites.total()} rewrites, goal ≥ {GOALS[0]} and ≥ {GOALS[1]}"] = (
            on_mutants.total() < GOALS[0] or on_rewrites.total() < GOALS[1])
    if not on_mutants["right"] and on_mutants:
        print(f"none of {on_mutants.total()} accepted: below {3 / on_mutants.total():.3%} of such mistakes, with 95 % confidence")
    for text, holds in missed.items():
        print(f"{'MISSED' if holds else 'met   '}  {text}")
    return sum(missed.values())


def failures(outcomes: list[Outcome]) -> Iterator[str]:
    """Every trial that was judged wrongly, to be repeated."""
    for o in outcomes:
        for trial, word in o.mutants:
            if word == "right" or word not in WORDS:
                yield f"mutant ({', '.join(trial.kinds)}; differs by {trial.how}) judged {word}\n    {trial.reproducer()}"
        for trial, word in o.rewrites:
            if word != "right":
                yield f"rewrite ({', '.join(trial.kinds)}) judged {word}\n    {trial.reproducer()}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, help="how many expressions")
    parser.add_argument("--cases", type=Path, help="further facts, JSON")
    parser.add_argument("--failures", type=Path, help="where to write the calls that repeat what went wrong")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    expressions = identities() + facts() + (cases(options.cases) if options.cases else [])
    if options.limit:
        expressions = random.Random(options.seed).sample(expressions, min(options.limit, len(expressions)))
    print(f"{len(expressions)} expressions, seed {options.seed}")
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        outcomes = list(pool.imap_unordered(partial(outcome_of, seed=options.seed), expressions, chunksize=4))
    if options.failures:
        options.failures.write_text("\n".join(failures(outcomes)) + "\n", encoding="utf-8")
    return int(told(outcomes, whole=not options.limit) > 0)


if __name__ == "__main__":
    sys.exit(main())
