"""Whole submissions put to the grader: files of right answers, and files in which every answer has one slip.

    python benchmarks/submissions.py [--seed N] [--count N] [--set NAME] [--failures FILE] [--processes N]

Each file is of a set that ships or of examples/warm-up.md, in Markdown, LaTeX, a notebook or plain text, with the statements
copied or left out, in the order of the sheet or not, and in one of the ways of writing of banks/submission_dress.py. COUNT is how
many files of each kind are made for each of these. Goals: no right answer refused, no slip accepted. FILE gets every answer that
was judged otherwise, with the claims as they were judged.
"""

from __future__ import annotations

import os

os.environ["SYMPY_GROUND_TYPES"] = "python"
os.environ["JAX_PLATFORMS"] = "cpu"

import argparse
import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS / "checkers")]

from banks.submission_bank import SETS  # noqa: E402
from banks.submission_pages import FORMS, STYLES  # noqa: E402
from banks.submission_trials import Outcome, Trial, outcomes, right_trial, spoilt_trial  # noqa: E402

RIGHT = ("graded", "undecided", "for a person", "refused", "not found")
SPOILT = ("caught", "flagged", "undecided", "for a person", "accepted", "not found")


def judged(trial: Trial) -> tuple[list[Outcome], float, str]:
    """The outcomes of a file, the seconds it took, and what went wrong if something did."""
    start = time.perf_counter()
    try:
        return outcomes(trial), time.perf_counter() - start, ""
    except Exception:  # the campaign goes on; the trace is what it is for
        return (
            [],
            time.perf_counter() - start,
            f"{trial.set} {trial.form} {trial.style} {trial.seed} ({trial.dress})\n{traceback.format_exc()}",
        )


def trials(names: Iterable[str], seed: int, count: int) -> Iterator[Trial]:
    for k, name, form, style in product(range(count), names, FORMS, STYLES):
        yield right_trial(name, form, style, seed + k)
        yield spoilt_trial(name, form, style, seed + k)


def table(title: str, words: tuple[str, ...], rows: Iterable[tuple[str, str]]) -> None:
    """One line a class, and one for all."""
    by_kind: dict[str, Counter[str]] = {}
    for kind, word in rows:
        by_kind.setdefault(kind, Counter())[word] += 1
        by_kind.setdefault("all", Counter())[word] += 1
    print(f"\n{title:24}{'n':>7}" + "".join(f"{word:>14}" for word in words))
    for kind, found in sorted(by_kind.items(), key=lambda item: (item[0] == "all", -item[1].total())):
        print(f"{kind:24}{found.total():7}" + "".join(f"{found[word]:14}" for word in words))


def failures(found: Iterable[Outcome]) -> Iterator[str]:
    """What was not judged as it should be, the same answer of a problem once, the most frequent first."""
    seen: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], Outcome] = {}
    for o in found:
        if o.word in ("graded", "caught") or (o.word == "flagged" and o.slip and o.slip.part == "step"):
            continue
        key = (o.word, o.answer.text, o.slip.new if o.slip else "")
        seen[key] += 1
        first.setdefault(key, o)
    for key, times in seen.most_common():
        o = first[key]
        slip = f"  {o.slip.kind} ({o.slip.part}): {o.slip.old!r} → {o.slip.new!r}" if o.slip else ""
        where = f"{o.trial.set}/{o.problem} {o.trial.form} {o.trial.style} {o.trial.seed} ({o.trial.dress})"
        yield f"[{o.word} × {times}] {where}{slip}\n{o.answer.text}\n{o.said}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1, help="files of each kind")
    parser.add_argument("--set", choices=SETS, help="only this set")
    parser.add_argument("--failures", type=Path, help="where to write what was judged otherwise")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    wanted = list(trials([options.set] if options.set else SETS, options.seed, options.count))
    with multiprocessing.get_context("fork").Pool(options.processes) as pool:
        results = list(pool.imap_unordered(judged, wanted))
    found = [o for outcomes_, _, _ in results for o in outcomes_]
    errors = [error for _, _, error in results if error]
    right, spoilt = [o for o in found if o.slip is None], [(o, o.slip) for o in found if o.slip is not None]
    print(f"{len(wanted)} files, seed {options.seed}; {len(errors)} ended with an error")
    table("right answers", RIGHT, ((o.trial.set, o.word) for o in right))
    table("by format", RIGHT, ((o.trial.form, o.word) for o in right))
    table("by style", RIGHT, ((o.trial.style, o.word) for o in right))
    table("by way of writing", RIGHT, ((o.trial.dress, o.word) for o in right))
    table("slips", SPOILT, ((f"{slip.kind} ({slip.part})", o.word) for o, slip in spoilt))
    places = Counter(o.at_its_line for o, _ in spoilt)
    print(f"\nwhere a claim is wrong: {places[True]} at the line of the slip, {places[False]} elsewhere only")
    print(f"the slowest file took {max(seconds for _, seconds, _ in results):.1f} s, all {sum(seconds for _, seconds, _ in results):.0f} s")
    if options.failures:
        options.failures.write_text("\n".join([*errors, *failures(found)]), encoding="utf-8")
    refused, accepted = sum(o.word == "refused" for o in right), sum(o.word == "accepted" for o, _ in spoilt)
    goals = {f"{refused} right answers refused, goal 0": refused, f"{accepted} slips accepted, goal 0": accepted,
             f"{len(errors)} errors, goal 0": len(errors)}  # fmt: skip
    for text, missed in goals.items():
        print(f"{'MISSED' if missed else 'met   '}  {text}")
    return int(any(goals.values()))


if __name__ == "__main__":
    sys.exit(main())
