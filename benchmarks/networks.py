"""How the derivation of a network grows with its depth, as ratios measured in one run.

    .venv/bin/python benchmarks/networks.py [--repeat 5]

Forward and backward pass of L tanh layers, all gradients in matrix form, entry by entry and with all lines, L = 64 against L = 32:

1. the time to derive them and write them out (warm, the fastest of several runs), goal ≤ 2.3;
2. the number of characters that are printed, goal ≤ 2.3.

JAX's confirmation of the deep network is timed besides.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable
from typing import Any

from hwcheck.derivations.networks.networks import Layer, Network
from hwcheck.derivations.networks.passes import network_passes
from hwcheck.derivations.networks.statements import Passes

DEPTHS = (32, 64)
GOAL = 2.3


def network(layers: int) -> Network:
    """A network with other sizes in every layer."""
    chain = (Layer(f"n_{k}", f"n_{k + 1}", "tanh" if k < layers - 1 else "identity") for k in range(layers))
    return Network(tuple(chain), "half-squared")


def printed(passes: Passes) -> int:
    """The number of characters of everything that is shown of both passes."""
    lines = [s.text() + s.entry_text() for s in passes.statements]
    lines += [step.unicode_before + step.unicode_after + step.why for s in passes.statements for step in s.steps]
    return sum(map(len, lines))


def fastest(work: Callable[[], Any], repeat: int) -> float:
    """Seconds of this process alone, without the collection of garbage, as `timeit` measures."""
    times = []
    gc.disable()
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    gc.enable()
    return min(times)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    found: dict[str, list[float]] = {"time": [], "characters": []}
    for layers in DEPTHS:
        passes = network_passes(network(layers), confirmed=False)
        derived = fastest(lambda layers=layers: network_passes(network(layers), confirmed=False), repeat)  # type: ignore[misc]
        written = fastest(lambda passes=passes: printed(passes), repeat)  # type: ignore[misc]
        size = printed(passes)
        print(f"L = {layers}   derive {1000 * derived:7.1f} ms   write {1000 * written:7.1f} ms   {size:8,} characters")
        found["time"].append(derived + written)
        found["characters"].append(size)
    missed = 0
    for name, (shallow, deep) in found.items():
        missed += deep / shallow > GOAL
        print(f"  {name}: {deep / shallow:.2f}   goal ≤ {GOAL}")
    start = time.perf_counter()
    confirmation = network_passes(network(DEPTHS[1])).confirmation
    assert confirmation is not None
    print(f"L = {DEPTHS[1]} confirmed by JAX in {time.perf_counter() - start:.1f} s: jacfwd {confirmation.jacfwd:.1g}, "
          f"jacrev {confirmation.jacrev:.1g}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
