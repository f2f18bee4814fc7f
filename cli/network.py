"""`hwcheck network`: both passes of a network derived layer by layer, its numbers, one step, and when a parameter stays."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from ..derivations.errors import InputError
from ..derivations.networks.description_files import LONGEST, Entry, read_entries, text_of
from ..derivations.networks.descriptions import Description, describe, merged, number_of, option_entries
from ..derivations.networks.network_values import Table, Values, decimal_text, exact_text, network_values
from ..derivations.networks.networks import Network
from ..derivations.networks.passes import network_passes
from ..derivations.networks.statements import text
from ..derivations.networks.updates import Decision, Descent, Unchanged, decide, unchanged
from ..derivations.networks.updates import step as one_step
from ..derivations.notation.spellings import Style
from ..derivations.regions.region_plots import plot_regions
from ..derivations.regions.regions import Regions
from ..derivations.regions.regions import regions as regions_of
from .network_report import Found, Report
from .network_views import latex_view, markdown_view, text_page
from .step_views import columns

FORMATS = ("text", "json", "markdown", "latex")
JSON_DIGITS = 15
MOST_DIGITS = 30


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--layers", default="", metavar="SIZES", help="Inputs and units of every layer: 2,3,1 or d,h,k.")
@click.option("--activations", default="", metavar="NAMES", help="One for each layer, or one for all: sigmoid,identity.")
@click.option("--loss", default="", metavar="NAME", help="half-squared, squared, cross-entropy or none.")
@click.option("--convention", default="", metavar="FORM", help="Wx+b (W is outputs × inputs) or W^Tx+b (inputs × outputs).")
@click.option("--batch", default="", metavar="LAYOUT", help="one example, or a batch of examples as columns or rows.")
@click.option("--mean/--sum", "mean", default=None, help="The loss of a batch: its mean, or its sum.")
@click.option("--weights", default="", metavar="FILE", help="Weights and biases from a file, or as in YAML: '[[[1, 1/2]], [[2]]]'.")
@click.option("--biases", default="", metavar="NUMBERS", help="As in YAML, '[[0, 1], [2]]', or none.")
@click.option("--input", "inputs", multiple=True, metavar="NUMBERS", help="An example: 1,2. Repeatable.")
@click.option("--target", "targets", multiple=True, metavar="NUMBERS", help="Its target: 1. Repeatable.")
@click.option("--step", "rate", metavar="LR", help="One step of gradient descent with this learning rate.")
@click.option("--when-unchanged", "parameter", metavar="NAME", help="When a step leaves a parameter where it is: W1, b2.")
@click.option("--condition", "conditions", multiple=True, metavar="EQUATION", help="With --when-unchanged: is this enough? 'x = 0'. "
                                                                                   "Repeatable.")
@click.option("--regions", "with_regions", is_flag=True, help="For one or two inputs and ReLU: lines, regions, class boundary.")
@click.option("--plot", metavar="FILE", help="Draw the regions: .png or .svg.")
@click.option("--digits", type=click.IntRange(0, MOST_DIGITS), default=4, show_default=True, help="Decimals, each of them certain.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--all-steps", is_flag=True, help="Every derivation step by step, and the numbers of every example.")
@click.option("--seed", type=int, help="Seed of the points of the confirmation (default: belongs to the network).")
def network(file: str | None, layers: str, activations: str, loss: str, convention: str, batch: str, mean: bool | None, weights: str,
            biases: str, inputs: tuple[str, ...], targets: tuple[str, ...], rate: str | None, parameter: str | None,
            conditions: tuple[str, ...], with_regions: bool, plot: str | None, digits: int, form: str, all_steps: bool,
            seed: int | None) -> None:
    """Derive the forward and backward pass of a network, layer by layer, confirmed by JAX in both modes.

    FILE is TOML or YAML with layers, activations, loss, convention, batch, mean, weights, biases, inputs and targets; '-' reads
    standard input, and options count more. Numbers are exact: 1/2, 0.25, -3.

    \b
    hwcheck network --layers 2,3,1 --activations sigmoid --loss half-squared
    hwcheck network --layers d,h,k --activations relu,softmax --loss cross-entropy --batch rows --mean
    hwcheck network --layers 1,1,1 --activations sigmoid --loss squared --when-unchanged w1 --condition 'x = 0'
    hwcheck network net.toml --input 1,2 --target 1 --step 0.1
    hwcheck network relu.yaml --regions --plot regions.svg
    """
    options = option_entries(layers=layers, activations=activations, loss=loss, convention=convention, batch=batch, mean=mean,
                             weights="" if _is_file(weights) else weights, biases=biases, inputs=inputs, targets=targets)
    described = describe(merged(_entries(file), _weights(weights), options))
    if conditions and not parameter:
        raise click.UsageError("--condition is about a parameter: say which with --when-unchanged W1.")
    learning_rate = _rate(rate) if rate else None
    found = _found(described, learning_rate, parameter, conditions, seed)
    areas = regions_of(described.network) if with_regions or plot else None
    if areas is not None and plot:
        plot_regions(areas, plot)
        click.echo(f"The regions are in {plot}.", err=True)
    if areas is not None and with_regions:
        found = replace(found, regions=tuple(areas.lines()))
    if form == "json":
        click.echo(json.dumps(as_json(found, areas), ensure_ascii=False, indent=2))
        return
    style = Style.UNICODE if form == "text" else Style.LATEX
    sections = Report(found, style, all_steps, digits).sections()
    title = f"A network of {len(described.network.layers)} layer{'s' * (len(described.network.layers) > 1)}"
    if form == "text":
        text_page(sections, columns()).show()
    else:
        click.echo(markdown_view(sections, title) if form == "markdown" else latex_view(sections, title), nl=False)


# -- what was typed ----------------------------------------------------------------------------------------------------


def _entries(file: str | None) -> dict[str, Entry]:
    if not file:
        return {}
    if file == "-":
        return read_entries(text_of(sys.stdin.buffer.read(LONGEST + 1), "standard input"), name="standard input")
    return read_entries(Path(file))


def _is_file(weights: str) -> bool:
    return bool(weights.strip()) and not weights.lstrip().startswith(("[", "{"))


def _weights(weights: str) -> dict[str, Entry]:
    return _entries(weights) if _is_file(weights) else {}


def _rate(given: str) -> Fraction:
    rate = number_of(given, Entry("step", given, "--step").fail, "A learning rate")
    if rate <= 0:
        raise InputError(f"--step: A learning rate is above 0; got “{given}”.")
    return rate


# -- what is derived ---------------------------------------------------------------------------------------------------


def _found(described: Description, rate: Fraction | None, parameter: str | None, conditions: tuple[str, ...], seed: int | None) -> Found:
    net = described.network
    passes = network_passes(net, seed=seed)
    if (rate is not None or parameter) and net.loss == "none":
        raise InputError("A gradient needs a loss: --loss half-squared, squared or cross-entropy.")
    hints, values = [], None
    if net.has_numbers and net.inputs:
        without = net.loss != "none" and not net.targets
        values = network_values(replace(net, loss="none") if without else net)
        if without:
            hints.append("With --target also the loss and the gradients get numbers.")
    elif net.inputs:
        hints.append("Numbers need weights: --weights FILE, or “weights” in the file.")
    elif net.has_numbers:
        hints.append("With --input, and --target where there is a loss, every quantity gets its numbers.")
    return Found(passes, described.names, values, one_step(net, rate) if rate is not None else None,
                 unchanged(passes, parameter) if parameter else None,
                 decide(passes, parameter, conditions) if parameter and conditions else (), hints=tuple(hints))


# -- JSON --------------------------------------------------------------------------------------------------------------


def as_json(found: Found, areas: Regions | None = None) -> dict[str, object]:
    """All that was found; null for what was not asked."""
    return {
        "network": network_dict(found.passes.network),
        **found.passes.to_dict(),
        "values": _values_dict(found.values, found.names) if found.values else None,
        "step": _step_dict(found.descent) if found.descent else None,
        "unchanged": _unchanged_dict(found.unchanged, found.decisions) if found.unchanged else None,
        "regions": areas.to_dict() if areas else None,
    }


def network_dict(net: Network) -> dict[str, object]:
    """A network as JSON; exact numbers are texts."""
    layers = [{"inputs": x.inputs, "outputs": x.outputs, "activation": x.activation, "bias": x.bias} for x in net.layers]
    return {
        "layers": layers, "loss": net.loss, "convention": net.convention, "batch": net.batch, "mean": net.mean,
        "weights": {f"W_{k}": [list(map(str, row)) for row in rows] for k, rows in net.weights.items()},
        "biases": {f"b_{k}": list(map(str, column)) for k, column in net.biases.items()},
        "inputs": [list(map(str, x)) for x in net.inputs], "targets": [list(map(str, y)) for y in net.targets],
    }  # fmt: skip


def _table_dict(table: Table) -> dict[str, object]:
    return {
        "name": table.name, "latex": text(table.left, Style.LATEX),
        "exact": [[exact_text(v, Style.LATEX) for v in row] for row in table.rows],
        "decimal": [[decimal_text(v, JSON_DIGITS, Style.ASCII) for v in row] for row in table.rows],
    }  # fmt: skip


def _values_dict(values: Values, names: tuple[str, ...]) -> dict[str, object]:
    examples = [{"example": names[k] if names else e.number, "quantities": [_table_dict(t) for t in e.tables]}
                for k, e in enumerate(values.examples)]
    return {"quantities": [_table_dict(t) for t in values.batch], "examples": examples}


def _step_dict(descent: Descent) -> dict[str, object]:
    def one(value: Any) -> dict[str, object]:
        return {"exact": exact_text(value, Style.LATEX), "decimal": decimal_text(value, JSON_DIGITS, Style.ASCII)}

    updates = [{"parameter": u.name, **{part: _table_dict(t) for part, t in
                                        (("before", u.before), ("gradient", u.gradient), ("after", u.after))}} for u in descent.updates]
    return {"rate": str(descent.rate), "updates": updates, "loss_before": one(descent.loss_before), "loss_after": one(descent.loss_after)}


def _unchanged_dict(found: Unchanged, decisions: tuple[Decision, ...]) -> Mapping[str, object]:
    return {
        "parameter": found.parameter,
        "gradient": text(found.gradient, Style.LATEX),
        "factors": [text(f, Style.LATEX) for f in found.factors],
        "conditions": [{"condition": text(c.tree, Style.LATEX), "unicode": text(c.tree), "factor": text(c.factor, Style.LATEX),
                        "why": c.why, "points": c.points} for c in found.conditions],
        "complete": found.complete,
        "notes": list(found.notes),
        "decisions": [{"condition": d.condition, "read_as": text(d.tree, Style.LATEX), "holds": d.holds, "why": d.why, "points": d.points,
                       "witness": dict(d.witness) if d.witness else None} for d in decisions],
    }


__all__ = ["as_json", "network", "network_dict"]
