"""`hwcheck activation`: an activation function with its derivative, and what follows from both, or a table of all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction

import click

from ..derivations.activations.activations import LAYERS, Activation, interval, spelled
from ..derivations.activations.activations import activation as derive
from ..derivations.activations.curves import Curve, End, Kink, Number
from ..derivations.activations.plots import plot as draw
from ..derivations.elements.functions import ACTIVATIONS
from ..derivations.notation.spellings import Style
from .step_views import columns, confirmation_text, latex_text, put_facts, put_steps, steps_latex, steps_markdown
from .terminal import Page

FORMATS = ("text", "json", "markdown", "latex")


@click.command()
@click.argument("name", required=False)
@click.option("--a", "a", metavar="NUMBER", help="The parameter of leaky_relu (usually 0.01) or elu (usually 1).")
@click.option("--plot", "plot", metavar="FILE", help="Draw the function and its derivative: FILE.png or FILE.svg.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def activation(name: str | None, a: str | None, plot: str | None, form: str) -> None:
    """Derive an activation function's derivative, step by step, and what follows: range, slopes, kinks.

    Without NAME: a table of all of them. The derivative is confirmed by JAX in both modes.

    \b
    hwcheck activation sigmoid
    hwcheck activation leaky_relu --a 0.2
    hwcheck activation gelu --plot gelu.svg
    hwcheck activation --format markdown
    """
    if name is None:
        if a is not None or plot is not None:
            raise click.UsageError("--a and --plot need the NAME of a function.")
        _show_all([derive(n, confirmed=form == "json") for n in ACTIVATIONS], form)
        return
    found = derive(name) if a is None else derive(name, a=a)
    if plot is not None:
        draw(found, plot)
    if form == "text":
        page = text_view(found)
        if plot is not None:
            page.line(("plot", "rule"), " " * 11, plot)
        page.show()
    elif form == "json":
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(markdown_view(found) if form == "markdown" else latex_view(found))


def _show_all(found: list[Activation], form: str) -> None:
    if form == "text":
        table_view(found).show()
    elif form == "json":
        click.echo(json.dumps({"activations": [a.to_dict() for a in found]}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(markdown_table(found) if form == "markdown" else latex_table(found)))


# One function


def text_view(a: Activation) -> Page:
    """Everything about one function, as a student reads it."""
    page, width = Page(), columns()
    page.line((a.name, "result"), *([(f"   {values_text(a)}", "read")] if values_text(a) else []))
    page.line()
    put_steps(page, a.steps, width, results=[len(a.steps) - 1])
    page.line()
    put_facts(page, [*((label, text, "formula" if label == "derivative" else "") for label, text in facts(a)),
                     *([("confirmed", confirmation_text(a.confirmation), "confirmed")] if a.confirmation else [])], width)
    return page


def values_text(a: Activation) -> str:
    """The numbers in the definition: a = 0.01 (change it with --a), or λ ≈ 1.0507."""
    given = [f"{n} = {_parameter(v)}" for n, v in a.parameters]
    constants = [f"{sign} ≈ {float(v):.5g}" for sign, v in zip(("λ", "α"), a.constants.values(), strict=False)]
    return ", ".join(given) + " (change it with --a)" if given else ", ".join(constants)


def _parameter(value: Fraction) -> str:
    """0.01 as a decimal, 1/3 as a fraction."""
    decimal = f"{float(value):.10g}"
    return (decimal if Fraction(decimal) == value else str(value)).replace("-", "−")


def facts(a: Activation) -> Iterator[tuple[str, str]]:
    """Labels and sentences: what a homework asks about an activation function."""
    curve, name, primed = a.curve, a.head(Style.UNICODE), a.head(Style.UNICODE, 1)
    where = " and ".join(f"{n} = {e}" for n, e in a.where(Style.UNICODE))
    yield "derivative", f"{primed} = {a.derivative(Style.UNICODE)}" + (f"   with {where}" if where else "")
    yield "limits", f"{name} → {_limit(curve.left)} for x → −∞, {name} → {_limit(curve.right)} for x → ∞"
    yield "range", interval(curve, Style.UNICODE) + _taken(curve)
    yield "zero-centred", centred_text(curve, a.head(Style.UNICODE).removesuffix("(x)"))
    yield "monotone", monotone_text(curve)
    yield "largest slope", steepest_text(a)
    yield "saturates", saturation_text(a)
    yield "kinks", kinks_text(a)


def _digits(number: Number) -> str:
    """A number that may be rounded: 1/4, ≈ 1.0998."""
    sign = "" if number.exact is not None or not number.is_finite else "≈ "
    return sign + spelled(number, Style.UNICODE)


def _limit(end: End) -> str:
    """A limit; an infinite one with the line along which the function goes there."""
    if end.limit.is_finite or not end.offset.is_finite:
        return spelled(end.limit, Style.UNICODE)
    slope, offset = (spelled(n, Style.UNICODE) for n in (end.slope, end.offset))
    line = ("" if slope == "1" else "−" if slope == "−1" else slope + " " * ("/" in slope)) + "x"
    if end.offset.value:
        line += f" − {offset[1:]}" if offset.startswith("−") else f" + {offset}"
    return f"{spelled(end.limit, Style.UNICODE)} (along y = {line})"


def _at(number: Number) -> str:
    """x = 0, x ≈ −1.2785."""
    return f"x {'=' if number.exact is not None else '≈'} {spelled(number, Style.UNICODE)}"


def _region(low: Number, high: Number, sharp: bool = True) -> str:
    """x > 0, −3 < x < 3; with the ends included unless `sharp`."""
    less = "<" if sharp else "≤"
    a, b = (spelled(n, Style.UNICODE) for n in (low, high))
    if not low.is_finite:
        return f"x {less} {b}" if high.is_finite else "all x"
    return f"{a} {less} x {less} {b}" if high.is_finite else f"x {'>' if sharp else '≥'} {a}"


def _taken(curve: Curve) -> str:
    """Where a smallest or largest value is taken, if at single points."""
    ends = (("lowest", curve.lowest), ("highest", curve.highest))
    said = [f"the {word} value is taken at {' and '.join(map(_at, e.at))}" for word, e in ends if e.at]
    return f"; {', '.join(said)}" if said else ""


def centred_text(curve: Curve, name: str) -> str:
    """Whether outputs balance about 0, and why."""
    if curve.zero_centred:
        return f"yes: the range is symmetric about 0, and {name}(−x) = −{name}(x)"
    if curve.lowest.value.value >= 0:
        return "no: outputs are never negative"
    if curve.highest.value.value <= 0:
        return "no: outputs are never positive"
    if curve.is_symmetric:
        return f"no: {name}(−x) is not −{name}(x)"
    return "no: the range is not symmetric about 0"


def monotone_text(curve: Curve) -> str:
    """Where the function rises and falls."""
    if curve.monotone == "no":
        words = {1: "rises", -1: "falls", 0: "is constant"}
        *first, last = curve.runs
        return "no: " + "".join(f"{words[r.sign]} up to {_at(r.high)}, then " for r in first) + words[last.sign]
    flat = [r for r in curve.runs if r.sign == 0]
    if curve.monotone == "constant" or not flat:
        return curve.monotone
    return f"{curve.monotone}: constant for {' and for '.join(_region(r.low, r.high, sharp=False) for r in flat)}"


def steepest_text(a: Activation) -> str:
    """The largest slope, where, and what it does to a gradient on its way through layers."""
    steep = a.curve.steepest
    if steep.along:
        where = f" for {' and for '.join(_region(*ends) for ends in steep.along)}"
    elif steep.at:
        where = f" at {' and '.join(map(_at, steep.at))}"
    else:
        where = f", approached for x → {' and x → '.join(spelled(n, Style.UNICODE) for n in steep.towards)}"
    base = spelled(steep.value, Style.UNICODE)
    if steep.value.value == 1:
        most = "1"
    else:
        most = f"{f'({base})' if '/' in base else base}{_raised(LAYERS)} ≈ {_power_of_ten(a.through_layers)}"
    return f"{_digits(steep.value)}{where}; {LAYERS} layers multiply a gradient by at most {most} (weights aside)"


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _power_of_ten(value: float) -> str:
    """9.5·10⁻⁷ for small and large numbers, 2.59 and 1024 for others."""
    if 1e-3 <= value < 1e5:
        return f"{value:.3g}" if value < 1e3 else f"{value:.0f}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}·10{_raised(int(exponent))}"


def saturation_text(a: Activation) -> str:
    """On which sides the derivative goes to 0, so that gradients vanish."""
    primed = a.head(Style.UNICODE, 1)
    sides = [("x → −∞", a.curve.left, a.curve.runs[0]), ("x → ∞", a.curve.right, a.curve.runs[-1])]
    dying = [(side, end, run) for side, end, run in sides if end.saturates]
    if not dying:
        return "nowhere: the slope does not go to 0"
    where = "on both sides" if len(dying) == 2 else "on the left" if dying[0][1] is a.curve.left else "on the right"
    zero = " and for ".join(_region(run.low, run.high) for _, end, run in dying if end.flat)
    tends = " and for ".join(side for side, end, _ in dying if not end.flat)
    said = [f"{primed} {sign} 0 for {sides}" for sign, sides in (("=", zero), ("→", tends)) if sides]
    return f"{where}: {' and '.join(said)}, so gradients vanish there"


def kinks_text(a: Activation) -> str:
    """Where the slope jumps, and what it is taken to be there."""
    primed = a.head(Style.UNICODE, 1).removesuffix("(x)")
    if a.curve.kinks:
        return "; ".join(_kink(k, primed) for k in a.curve.kinks)
    smooth = " and ".join(map(_at, a.curve.smooth_joints))
    return f"none, also at {smooth} the slopes of both sides agree" if smooth else "none"


def _kink(k: Kink, primed: str) -> str:
    at, left, right, taken = (spelled(n, Style.UNICODE) for n in (k.at, k.left, k.right, k.convention))
    return f"at x = {at} the slope jumps from {left} to {right}; by convention {primed}({at}) = {taken}"


# Other formats


def _derivative_latex(a: Activation) -> str:
    """The derivative with what its names stand for."""
    return a.derivative(Style.LATEX) + "".join(rf",\quad {n} = {e}" for n, e in a.where(Style.LATEX))


def markdown_view(a: Activation) -> str:
    """The same as Markdown with LaTeX formulas."""
    lines = [f"## {a.name}", "", *([values_text(a), ""] if values_text(a) else []), *steps_markdown(a.steps), ""]
    lines += [rf"$$ {a.head(Style.LATEX, 1)} = {_derivative_latex(a)} $$", ""]
    lines += [f"- **{label}**: {text}" for label, text in facts(a) if label != "derivative"]
    if a.confirmation:
        lines.append(f"- **confirmed**: {confirmation_text(a.confirmation)}")
    return "\n".join(lines)


def latex_view(a: Activation) -> str:
    """The same as LaTeX, to be put into a document with amsmath."""
    lines = [rf"\paragraph{{{latex_text(a.name)}}} {latex_text(values_text(a))}".rstrip(), steps_latex(a.steps), r"\begin{description}"]
    lines += [rf"  \item[{label}] {latex_text(text)}" for label, text in facts(a) if label != "derivative"]
    if a.confirmation:
        lines.append(rf"  \item[confirmed] {latex_text(confirmation_text(a.confirmation))}")
    return "\n".join([*lines, r"\end{description}"])


# All functions


def cells(a: Activation) -> tuple[str, ...]:
    """A row of the table: name, range, zero-centred, largest slope, saturates, kinks."""
    curve = a.curve
    sides = [word for word, end in (("left", curve.left), ("right", curve.right)) if end.saturates]
    return (
        a.name, interval(curve, Style.UNICODE), "yes" if curve.zero_centred else "no", spelled(curve.steepest.value, Style.UNICODE),
        "both" if len(sides) == 2 else "".join(sides) or "no", ", ".join(spelled(k.at, Style.UNICODE) for k in curve.kinks) or "none",
    )


HEADS = ("name", "range", "centred", "slope ≤", "saturates", "kinks")


def table_view(found: list[Activation]) -> Page:
    """One line a function."""
    page, width = Page(), columns()
    rows = [HEADS, *map(cells, found)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEADS))]
    while sum(widths) + 2 * len(widths) - 2 > width:  # a narrow terminal gets fewer columns rather than broken ones
        widths.pop()
    for number, row in enumerate(rows):
        texts = [f"{cell:<{size}}  " for cell, size in zip(row, widths, strict=False)]
        page.line((texts[0], "rule" if number else "read"), *((t, "" if number else "read") for t in texts[1:]))
    page.line()
    usual = " and ".join(f"{a.name} {n} = {_parameter(v)}" for a in found for n, v in a.parameters)
    put_facts(page, [("decimals", "rounded; usual parameters: " + usual, "why"),
                     ("more", "hwcheck activation NAME derives the derivative and says where and why", "why")], width)
    return page


def markdown_table(found: list[Activation]) -> list[str]:
    """Formula and derivative, too."""
    lines = [f"| name | f(x) | f′(x) | {' | '.join(HEADS[1:])} |", "|---" * (len(HEADS) + 2) + "|"]
    for a in found:
        name, *rest = cells(a)
        formulas = [f"${text}$".replace("|", r"\vert ") for text in (a.formula(Style.LATEX), _derivative_latex(a))]
        lines.append(f"| {' | '.join([name, *formulas, *rest])} |")
    return lines


def latex_table(found: list[Activation]) -> list[str]:
    """A tabular environment with formula and derivative."""
    heads = ["name", "$f(x)$", "$f'(x)$", *map(latex_text, HEADS[1:])]
    lines = [rf"\begin{{tabular}}{{{'l' * len(heads)}}}", " & ".join(heads) + r" \\ \hline"]
    for a in found:
        name, *rest = map(latex_text, cells(a))
        lines.append(" & ".join([name, f"${a.formula(Style.LATEX)}$", f"${_derivative_latex(a)}$", *rest]) + r" \\")
    return [*lines, r"\end{tabular}"]
