"""How fast answers are judged, as ratios measured in one run.

    .venv/bin/python benchmarks/answers.py [--repeat 5]

1. Answers per second of `hwcheck verify --batch --jobs 1`, the whole process with its start, against SymPy's
   `simplify(a - b) == 0` on the same scalar pairs, right and wrong ones. The names are new in every round, so that nothing is
   looked up; SymPy's cache is emptied before each pair. Goal: ≥ 300 answers a second.
2. The whole process `hwcheck verify --expected '2w^T' --answer 'w^T+w^T' --shape w:d` against a bare import of sympy and jax with
   one jitted jacfwd and jacrev. Goal: ≤ 0.6.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import sympy as sp

from derivations import BARE  # the benchmark beside this one

ROUNDS = 20
x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
half = sp.Rational(1, 2)


def sigmoid(t: Any) -> Any:
    return 1 / (1 + sp.exp(-t))


# expected and answer as text, the same two in SymPy, and whether they are equal
PAIRS: tuple[tuple[str, str, Any, Any, bool], ...] = (
    ("2x", "x + x", 2 * x, x + x, True),
    ("2x", "x^2", 2 * x, x**2, False),
    ("(x + y)^2", "x^2 + 2 x y + y^2", (x + y) ** 2, x**2 + 2 * x * y + y**2, True),
    ("(x + y)^2", "x^2 + y^2", (x + y) ** 2, x**2 + y**2, False),
    ("(x - y)^3", "x^3 - 3 x^2 y + 3 x y^2 - y^3", (x - y) ** 3, x**3 - 3 * x**2 * y + 3 * x * y**2 - y**3, True),
    ("(x - y)^3", "x^3 - 3 x^2 y - 3 x y^2 - y^3", (x - y) ** 3, x**3 - 3 * x**2 * y - 3 * x * y**2 - y**3, False),
    ("x^4 - 1", "(x - 1)(x + 1)(x^2 + 1)", x**4 - 1, (x - 1) * (x + 1) * (x**2 + 1), True),
    ("x^4 - 1", "(x - 1)^2 (x^2 + 1)", x**4 - 1, (x - 1) ** 2 * (x**2 + 1), False),
    ("1/p + 1/q", "(p + q)/(p q)", 1 / p + 1 / q, (p + q) / (p * q), True),
    ("1/p + 1/q", "2/(p + q)", 1 / p + 1 / q, 2 / (p + q), False),
    ("p/(p + 1)", "1 - 1/(p + 1)", p / (p + 1), 1 - 1 / (p + 1), True),
    ("p/(p + 1)", "1 + 1/(p + 1)", p / (p + 1), 1 + 1 / (p + 1), False),
    ("-1/p^2", "-p^{-2}", -1 / p**2, -(p**-2), True),
    ("-1/p^2", "1/p^2", -1 / p**2, 1 / p**2, False),
    ("sqrt(p q)", "sqrt(p) sqrt(q)", sp.sqrt(p * q), sp.sqrt(p) * sp.sqrt(q), True),
    ("sqrt(p + q)", "sqrt(p) + sqrt(q)", sp.sqrt(p + q), sp.sqrt(p) + sp.sqrt(q), False),
    ("1/(2 sqrt(p))", "p^{-1/2}/2", half / sp.sqrt(p), p**-half / 2, True),
    ("1/(2 sqrt(p))", "1/sqrt(p)", half / sp.sqrt(p), 1 / sp.sqrt(p), False),
    ("|x|", "sqrt(x^2)", abs(x), sp.sqrt(x**2), True),
    ("|x|", "x", abs(x), x, False),
    ("max(x, 0)", "(x + |x|)/2", sp.Max(x, 0), (x + abs(x)) / 2, True),
    ("max(x, 0)", "|x|/2", sp.Max(x, 0), abs(x) / 2, False),
    ("exp(x + y)", "exp(x) exp(y)", sp.exp(x + y), sp.exp(x) * sp.exp(y), True),
    ("exp(x + y)", "exp(x) + exp(y)", sp.exp(x + y), sp.exp(x) + sp.exp(y), False),
    ("exp(2x)", "exp(x)^2", sp.exp(2 * x), sp.exp(x) ** 2, True),
    ("exp(2x)", "2 exp(x)", sp.exp(2 * x), 2 * sp.exp(x), False),
    ("2x exp(x^2)", "exp(x^2) (x + x)", 2 * x * sp.exp(x**2), sp.exp(x**2) * (x + x), True),
    ("2x exp(x^2)", "exp(x^2)", 2 * x * sp.exp(x**2), sp.exp(x**2), False),
    ("log(p q)", "log(p) + log(q)", sp.log(p * q), sp.log(p) + sp.log(q), True),
    ("log(p q)", "log(p) log(q)", sp.log(p * q), sp.log(p) * sp.log(q), False),
    ("log(p/q)", "log(p) - log(q)", sp.log(p / q), sp.log(p) - sp.log(q), True),
    ("log(p/q)", "log(p)/log(q)", sp.log(p / q), sp.log(p) / sp.log(q), False),
    ("3 log(p)", "log(p^3)", 3 * sp.log(p), sp.log(p**3), True),
    ("3 log(p)", "log(3 p)", 3 * sp.log(p), sp.log(3 * p), False),
    ("log(p) + 1", "log(p exp(1))", sp.log(p) + 1, sp.log(p * sp.E), True),
    ("log(p) + 1", "log(p + 1)", sp.log(p) + 1, sp.log(p + 1), False),
    ("sin(x)^2 + cos(x)^2", "1", sp.sin(x) ** 2 + sp.cos(x) ** 2, sp.Integer(1), True),
    ("sin(x)^2 - cos(x)^2", "1", sp.sin(x) ** 2 - sp.cos(x) ** 2, sp.Integer(1), False),
    ("sin(2x)", "2 sin(x) cos(x)", sp.sin(2 * x), 2 * sp.sin(x) * sp.cos(x), True),
    ("sin(2x)", "2 sin(x)", sp.sin(2 * x), 2 * sp.sin(x), False),
    ("cos(2x)", "1 - 2 sin(x)^2", sp.cos(2 * x), 1 - 2 * sp.sin(x) ** 2, True),
    ("cos(2x)", "1 + 2 sin(x)^2", sp.cos(2 * x), 1 + 2 * sp.sin(x) ** 2, False),
    ("sin(x + y)", "sin(x) cos(y) + cos(x) sin(y)", sp.sin(x + y), sp.sin(x) * sp.cos(y) + sp.cos(x) * sp.sin(y), True),
    ("sin(x + y)", "sin(x) + sin(y)", sp.sin(x + y), sp.sin(x) + sp.sin(y), False),
    ("1 - tanh(x)^2", "1/cosh(x)^2", 1 - sp.tanh(x) ** 2, 1 / sp.cosh(x) ** 2, True),
    ("1 - tanh(x)^2", "(1 - tanh(x))^2", 1 - sp.tanh(x) ** 2, (1 - sp.tanh(x)) ** 2, False),
    ("tanh(x)", "2 sigmoid(2x) - 1", sp.tanh(x), 2 * sigmoid(2 * x) - 1, True),
    ("tanh(x)", "2 sigmoid(x) - 1", sp.tanh(x), 2 * sigmoid(x) - 1, False),
    ("1/(1 + exp(-x))", "exp(x)/(1 + exp(x))", sigmoid(x), sp.exp(x) / (1 + sp.exp(x)), True),
    ("1/(1 + exp(-x))", "1/(1 + exp(x))", sigmoid(x), 1 / (1 + sp.exp(x)), False),
    ("sigmoid(x) (1 - sigmoid(x))", "exp(-x)/(1 + exp(-x))^2", sigmoid(x) * (1 - sigmoid(x)), sp.exp(-x) / (1 + sp.exp(-x)) ** 2, True),
    ("sigmoid(x) (1 - sigmoid(x))", "sigmoid(x)^2", sigmoid(x) * (1 - sigmoid(x)), sigmoid(x) ** 2, False),
    ("1 - sigmoid(x)", "sigmoid(-x)", 1 - sigmoid(x), sigmoid(-x), True),
    ("1 - sigmoid(x)", "-sigmoid(x)", 1 - sigmoid(x), -sigmoid(x), False),
    ("log(1 + exp(x)) - x", "log(1 + exp(-x))", sp.log(1 + sp.exp(x)) - x, sp.log(1 + sp.exp(-x)), True),
    ("log(1 + exp(x)) - x", "log(1 + exp(x))/x", sp.log(1 + sp.exp(x)) - x, sp.log(1 + sp.exp(x)) / x, False),
    ("sigmoid(x) - y", "-y (1 - sigmoid(x)) + (1 - y) sigmoid(x)", sigmoid(x) - y, -y * (1 - sigmoid(x)) + (1 - y) * sigmoid(x), True),
    ("sigmoid(x) - y", "y - sigmoid(x)", sigmoid(x) - y, y - sigmoid(x), False),
    ("p^q", "exp(q log(p))", p**q, sp.exp(q * sp.log(p)), True),
    ("p^q", "q^p", p**q, q**p, False),
    ("-q/p + (1 - q)/(1 + p)", "(p - 2 p q - q)/(p (1 + p))", -q / p + (1 - q) / (1 + p), (p - 2 * p * q - q) / (p * (1 + p)), True),
    ("-q/p + (1 - q)/(1 + p)", "(p - q)/(p (1 + p))", -q / p + (1 - q) / (1 + p), (p - q) / (p * (1 + p)), False),
    ("0.5 (x - y)^2", "x^2/2 - x y + y^2/2", half * (x - y) ** 2, x**2 / 2 - x * y + y**2 / 2, True),
    ("0.5 (x - y)^2", "(x - y)^2", half * (x - y) ** 2, (x - y) ** 2, False),
)
DOMAINS = {"p": "positive", "q": "positive"}


def numbered(text: str, number: int) -> str:
    """The text with names of its own: x becomes x_7."""
    return re.sub(r"(?<![A-Za-z])([xypq])(?![A-Za-z])", rf"\1_{number}", text)


def items(number: int) -> list[dict[str, object]]:
    names = {f"{name}_{number}": DOMAINS.get(name) for name in "xypq"}
    given = {"vars": {name: [] for name in names}, "domain": {name: domain for name, domain in names.items() if domain}}
    return [{"id": f"{number}/{k}", "expected": numbered(a, number), "answer": numbered(b, number), **given}
            for k, (a, b, *_) in enumerate(PAIRS)]


def ours() -> float:
    """Answers per second of one batch of many rounds; prints what was not judged as it should be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.jsonl"
        asked = [item for number in range(ROUNDS) for item in items(number)]
        path.write_text("".join(json.dumps(item) + "\n" for item in asked))
        command = [sys.executable, "-m", "hwcheck.cli", "verify", "--jobs", "1", "--batch", str(path)]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        took = time.perf_counter() - start
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert len(verdicts) == len(asked), done.stderr[-800:]
    report("hwcheck", verdicts)
    print(f"  hwcheck {len(asked) / took:8.1f} answers/s")
    return len(asked) / took


def sympys() -> float:
    """The same of SymPy, one round."""
    verdicts, took = [], 0.0
    for _, _, a, b, _ in PAIRS:
        sp.core.cache.clear_cache()
        start = time.perf_counter()
        same = sp.simplify(a - b) == 0
        took += time.perf_counter() - start
        verdicts.append("right" if same else "wrong")
    report("SymPy", verdicts)
    print(f"  SymPy   {len(PAIRS) / took:8.1f} answers/s")
    return len(PAIRS) / took


def report(who: str, verdicts: list[str]) -> None:
    """How many are as they should be, and which are not."""
    wanted = ["right" if equal else "wrong" for *_, equal in PAIRS] * (len(verdicts) // len(PAIRS))
    missed = {(*PAIRS[k % len(PAIRS)][:2], found) for k, (found, want) in enumerate(zip(verdicts, wanted, strict=True)) if found != want}
    for expected, answer, found in sorted(missed):
        print(f"  {who}: {expected} and {answer}: {found}")
    print(f"  {who}: {sum(a == b for a, b in zip(verdicts, wanted, strict=True))} of {len(verdicts)} as they should be")


def whole_process(repeat: int) -> float:
    """By turns, so that a busy moment of the machine meets both."""
    ours = ["-m", "hwcheck.cli", "verify", "--expected", "2w^T", "--answer", "w^T+w^T", "--shape", "w:d"]
    times = [(seconds(*ours), seconds("-c", BARE)) for _ in range(repeat)]
    mine, bare = (min(column) for column in zip(*times, strict=True))
    print(f"  hwcheck {mine:.2f} s   bare {bare:.2f} s")
    return mine / bare


def seconds(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    print(f"{len(PAIRS)} scalar pairs, {ROUNDS} rounds")
    mine, theirs = ours(), sympys()
    print(f"  = {mine / theirs:.1f} × SymPy's simplify(a - b) == 0   goal ≥ 300 answers/s\n")
    print("whole process / bare imports")
    ratio = whole_process(repeat)
    print(f"  = {ratio:.2f}   goal ≤ 0.6")
    return (mine < 300) + (ratio > 0.6)


if __name__ == "__main__":
    sys.exit(main())
