"""What a problem asks of a network: its formulas, numbers, a step, when a parameter stays, boundaries and outputs by case.

Each part is computed from what the problem gives: numbers where there are inputs, a step where there is a rate, and so on. The
network is described as for `hwcheck network`; nothing is derived here that `networks` does not derive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from ..elements.confirmation import Confirmation
from ..networks.description_files import Entry
from ..networks.descriptions import describe
from ..networks.network_values import Table, Values, decimal_text, exact_text, network_values
from ..networks.networks import Network
from ..networks.passes import Passes, network_passes
from ..networks.statements import text
from ..networks.updates import Decision, Descent, Unchanged, decide, step, unchanged
from ..notation.spellings import Style
from ..regions.outcomes import Outcome
from ..regions.regions import Regions, exact, output_at, regions

DIGITS = 12
PARTS = ("output", "hidden", "loss", "gradients", "step", "unchanged", "boundary", "classes", "cases")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a problem gives besides the network: a rate, a parameter with conditions, a unit of layer 1, or the sum of hidden values."""

    rate: str = ""
    parameter: str = ""
    conditions: tuple[str, ...] = ()
    unit: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """The answer; what was not asked for is None or empty.

    `unit` is the unit of layer 1 whose boundary is meant. `case` is the outcome where the hidden values have the sum `total`.
    """

    network: Network
    names: tuple[str, ...]
    passes: Passes
    values: Values | None = None
    descent: Descent | None = None
    unchanged: Unchanged | None = None
    decisions: tuple[Decision, ...] = ()
    regions: Regions | None = None
    unit: int | None = None
    total: Fraction | None = None
    case: Outcome | None = None

    @property
    def confirmation(self) -> Confirmation | None:
        """How JAX confirmed the derivatives; None for a network without a loss, which has none."""
        return self.passes.confirmation

    def to_dict(self) -> dict[str, object]:
        """As JSON: formulas are LaTeX, exact numbers texts; null where nothing of a part was asked."""
        return {
            **self.passes.to_dict(),
            "values": [_example(e.tables, name) for e, name in zip_longest(self.values.examples, self.names)] if self.values else None,
            "step": {"rate": str(self.descent.rate), "after": _example([u.after for u in self.descent.updates])} if self.descent else None,
            "unchanged": _unchanged(self.unchanged, self.decisions) if self.unchanged else None,
            "unit": self.unit,
            "regions": self.regions.to_dict() if self.regions else None,
            "case": {"sum": str(self.total), **self.case.to_dict()} if self.case else None,
        }


def _example(tables: Sequence[Table], name: str | None = None) -> dict[str, object]:
    """The quantities of one example, or the parameters after a step, by their names."""
    numbers = {t.name: {"exact": [[exact_text(v, Style.LATEX) for v in row] for row in t.rows],
                        "decimal": [[decimal_text(v, DIGITS, Style.ASCII) for v in row] for row in t.rows]} for t in tables}
    return {"name": name, **numbers} if name else dict(numbers)


def _unchanged(found: Unchanged, decisions: Sequence[Decision]) -> dict[str, object]:
    return {
        "parameter": found.parameter,
        "gradient": text(found.gradient, Style.LATEX),
        "conditions": [{"condition": text(c.tree, Style.LATEX), "why": c.why} for c in found.conditions],
        "decisions": [{"condition": d.condition, "holds": d.holds, "why": d.why} for d in decisions],
    }


def network_answer(description: Mapping[str, Any], asked: Asked) -> NetworkAnswer:
    """The answer for a network that is described as in `descriptions.py`.

    Raises:
        InputError and those below it: the description is faulty, or a part cannot be computed for it.
    """
    entries = {key: Entry(key, value, f"network: {key}") for key, value in description.items()}
    found = describe(entries)
    network = found.network
    stays = unchanged(network, asked.parameter) if asked.parameter else None
    total = exact(asked.total) if asked.total else None
    return NetworkAnswer(
        network,
        found.names,
        network_passes(network),
        values=network_values(network) if network.has_numbers and network.inputs and total is None and not asked.unit else None,
        descent=step(network, exact(asked.rate)) if asked.rate else None,
        unchanged=stays,
        decisions=_decisions(network, asked.parameter, asked.conditions) if stays else (),
        regions=regions(network) if asked.unit else None,
        unit=int(asked.unit) if asked.unit else None,
        total=total,
        case=output_at(network, total) if total is not None else None,
    )


def _decisions(network: Network, parameter: str, conditions: Sequence[str]) -> tuple[Decision, ...]:
    return decide(network, parameter, conditions) if conditions else ()


__all__ = ["PARTS", "Asked", "NetworkAnswer", "network_answer"]
