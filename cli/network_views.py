"""A report on a network as terminal lines, Markdown and LaTeX. Knows how blocks are printed, nothing about networks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..derivations.steps import Step
from .network_report import Block, Derived, Formula, Grid, Matrices, Section, Words
from .step_views import broken, latex_text, put_steps, steps_markdown, wrapped
from .terminal import Page

_GAP = 3
NO_MATRIX = "no matrix notation says this; its entries are the answer"
_LONGEST_LATEX = 140
_HIGH, _LOW = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ˡʰⁿʳˢᵘ", "₀₁₂₃₄₅₆₇₈₉"
_PLAIN = str.maketrans(_HIGH + _LOW + "−", "0123456789+-lhnrsu" + "0123456789" + "-")
# a name with a number below, a layer above, an entry, as they stand in sentences: x₁, z₁⁽¹⁾, W²_ij
_NAME = re.compile(rf"(?<![A-Za-z])([A-Za-zδΔ])([{_LOW}]*)(⁽[{_HIGH}]+⁾|(?<=[WwzabδZAΔ])[{_HIGH}]+)?((?:_\{{\w+\}}|_\w+)?)(?![A-Za-z])")
_SIGNS = {
    "✓": r"\checkmark", "✗": r"\times", "←": r"\leftarrow", "ℒ": r"\mathcal{L}", "⊙": r"\odot", "Δ": r"\Delta", "𝟏": r"\mathbf{1}",
    "…": r"\dots",
}  # fmt: skip

Rows = tuple[tuple[str, ...], ...]

# -- terminal ----------------------------------------------------------------------------------------------------------


def text_page(sections: Sequence[Section], width: int) -> Page:
    """The sections as lines of at most `width` characters, as far as formulas can be broken."""
    page = Page()
    for k, section in enumerate(sections):
        if k:
            page.line()
        if section.title:
            _title(page, section, width)
        names = _widest((b.left for b in section.blocks if isinstance(b, Matrices)), width // 5)
        labels = _widest((b.label for b in section.blocks if isinstance(b, Words)), width // 4)
        for position, block in enumerate(section.blocks):
            if position and isinstance(block, Derived):
                page.line()
            _put(page, block, width, names if isinstance(block, Matrices) else labels, 2 if section.title else 0)
    return page


def _widest(texts: Iterable[str], most: int) -> int:
    return max((len(text) for text in texts if len(text) <= most), default=0)


def _title(page: Page, section: Section, width: int) -> None:
    if len(section.title) + _GAP + len(section.about) <= width:
        page.line((section.title, "rule"), *([(" " * _GAP + section.about, "why")] if section.about else []))
        return
    page.line((section.title, "rule"))
    for row in wrapped(section.about, width - 2):
        page.line("  ", (row, "why"))


def _put(page: Page, block: Block, width: int, labels: int, indent: int) -> None:
    match block:
        case Words():
            _put_words(page, block, width, labels, indent)
        case Grid():
            _put_grid(page, block, width)
        case Derived():
            _put_derived(page, block, width)
        case Matrices():
            _put_matrices(page, block, width, labels)
        case Formula():
            _put_formula(page, block.formula, width, 2, block.style, block.remark)


def _put_words(page: Page, block: Words, width: int, labels: int, indent: int) -> None:
    start = " " * indent
    if not block.label:
        level = len(block.text) - len(block.text.lstrip())
        for row in wrapped(block.text.strip(), max(24, width - indent - level)):
            page.line(start + " " * level, (row, block.style))
        return
    if len(block.label) > labels:  # a long one stands above its sentence
        page.line(start, (block.label, "rule"))
        for row in wrapped(block.text, max(24, width - indent - 4)):
            page.line(start + " " * 4, (row, block.style))
        return
    for k, row in enumerate(wrapped(block.text, max(24, width - indent - labels - _GAP))):
        page.line(start, (f"{block.label if k == 0 else '':<{labels + _GAP}}", "rule"), (row, block.style))


def _put_grid(page: Page, grid: Grid, width: int) -> None:
    """Columns where they fit; else what does not fit goes below, indented."""
    rows = [grid.head, *grid.rows] if grid.head else list(grid.rows)
    if not rows:
        return
    widths = [max((len(r[k]) for r in rows if k < len(r)), default=0) for k in range(max(map(len, rows)))]
    if 2 + sum(w + _GAP for w in widths if w) - _GAP <= width:
        for position, row in enumerate(rows):
            cells = [(f"{cell:<{w + _GAP}}", _style(grid, k, bool(grid.head) and position == 0)) for k, (cell, w)
                     in enumerate(zip(row, widths, strict=False)) if w]
            page.line("  ", *cells)
        return
    for row in grid.rows:
        if grid.head and not grid.formulas:
            said = ", ".join(f"{name} {cell}" for name, cell in zip(grid.head, row, strict=False) if cell)
            for k, text in enumerate(wrapped(said, width - 6)):
                page.line("      " if k else "  ", text)
            continue
        for k, cell in enumerate(row):
            if cell:
                _put_formula(page, cell, width, 2 if k == 0 else 6, _style(grid, k, False))


def _style(grid: Grid, column: int, head: bool) -> str:
    return "why" if head else "formula" if column in grid.formulas else "" if grid.head else "read"


def _put_formula(page: Page, formula: str, width: int, indent: int, style: str, remark: str = "") -> None:
    rows = _chained(formula, width - indent)
    for row in rows[:-1]:
        page.line(" " * indent, (row, style))
    if remark and indent + len(rows[-1]) + _GAP + len(remark) <= width:
        page.line(" " * indent, (rows[-1], style), (" " * _GAP + remark, "why"))
        return
    page.line(" " * indent, (rows[-1], style))
    for row in wrapped(remark, max(24, width - indent - 2)) if remark else ():
        page.line(" " * (indent + 2), (row, "why"))


def _chained(formula: str, room: int) -> list[str]:
    """A chain of equations on one line, or on one line for each sign, the signs below each other where there is room.

    >>> _chained("∂ℒ/∂w = ∂ℒ/∂z · ∂z/∂w = δx", 24)
    ['∂ℒ/∂w = ∂ℒ/∂z · ∂z/∂w', '      = δx']
    """
    left, *parts = formula.split(" = ")
    if len(formula) <= room or not parts:
        return broken(formula, room)
    indent = len(left) + 1 if len(left) < room // 3 else 4
    first = broken(f"{left} = {parts[0]}", room, indent + 2)
    return [*first, *(row for part in parts[1:] for row in broken(f"{' ' * indent}= {part}", room, indent + 2))]


def _put_derived(page: Page, block: Derived, width: int) -> None:
    """The head, then the general entry and the matrix form with labels."""
    said = _said(block, block.layers)
    _put_formula(page, block.head, width, 2, "formula" if block.entry else "result", said)
    if block.steps:
        put_steps(page, block.steps, width)
    if block.entry:
        _labelled(page, "an entry", block.entry, width, "formula")
        _labelled(page, "in all", block.matrix or NO_MATRIX, width, "result" if block.matrix else "note")


def _said(block: Derived, layers: str) -> str:
    """Which layers, which shape, and why."""
    about = ", ".join(x for x in (block.shape, block.why) if x)
    return f"{layers}; {about}" if layers else about


def _labelled(page: Page, label: str, formula: str, width: int, style: str) -> None:
    indent = 4 + len("an entry") + 2
    rows = wrapped(formula, width - indent) if style == "note" else _chained(formula, width - indent)
    for k, row in enumerate(rows):
        page.line("    ", (f"{label if k == 0 else '':<{indent - 4}}", "why"), (row, style))


def _put_matrices(page: Page, block: Matrices, width: int, names: int) -> None:
    """Brackets beside each other, as many as fit, else below each other; a number alone has none."""
    sign = "" if block.items and block.items[0][0] else " ="
    first = [f"  {block.left:<{names}}{sign}"]
    line = first
    for k, (sign, rows) in enumerate(block.items):
        together = _beside(line, _bracketed(rows, sign))
        if max(map(len, together)) > width and k:
            page.extend(line, "formula")
            together = _beside([" " * min(len(first[0]), width // 3)], _bracketed(rows, sign))
        if max(map(len, together)) > width:
            page.extend(_listed(first[0] if not k else " " * 4, sign, rows, width), "formula")
            together = []
        line = together
    page.extend(line, "formula")


def _listed(left: str, sign: str, rows: Rows, width: int) -> list[str]:
    """A matrix too wide for the page, one row after the other."""
    made = [f"{left} {sign}".rstrip()]
    for number, row in enumerate(rows, 1):
        if len(rows) > 1 and len(row) > 1:
            made.append(f"    row {number}")
        made += [f"      {text}" for text in (wrapped(", ".join(row), width - 6) if len(row) > 1 else broken(row[0], width - 6))]
    return made


def _bracketed(rows: Rows, sign: str) -> list[str]:
    """A sign and a matrix in brackets, as lines; the sign stands in the first."""
    before = f" {sign} " if sign else " "
    if len(rows) == 1 and len(rows[0]) == 1:
        return [before + rows[0][0]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for k, row in enumerate(rows):
        cells = "  ".join(f"{cell:<{size}}" for cell, size in zip(row, widths, strict=True))
        left, right = ("[", "]") if len(rows) == 1 else ("⎡", "⎤") if k == 0 else ("⎣", "⎦") if k == len(rows) - 1 else ("⎢", "⎥")
        lines.append(f"{before if k == 0 else ' ' * len(before)}{left} {cells} {right}")
    return lines


def _beside(left: list[str], right: list[str]) -> list[str]:
    size = max(map(len, left), default=0)
    height = max(len(left), len(right))
    padded = [*left, *[""] * (height - len(left))]
    return [f"{a:<{size}}{b}".rstrip() for a, b in zip(padded, [*right, *[""] * (height - len(right))], strict=True)]


# -- documents ---------------------------------------------------------------------------------------------------------


def markdown_view(sections: Sequence[Section], title: str) -> str:
    """The sections in Markdown, formulas between dollar signs."""
    lines = [f"# {title}", ""]
    for section in sections:
        if section.title:
            lines += [f"## {_capital(section.title)}", ""]
        if section.about:
            lines += [f"{_sentence(section.about)}", ""]
        for block in section.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(_without_double_blanks(lines)).rstrip() + "\n"


def _sentence(text: str) -> str:
    return f"{_capital(text)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _without_double_blanks(lines: Sequence[str]) -> list[str]:
    return [line for k, line in enumerate(lines) if line or (k and lines[k - 1])]


def _markdown(block: Block) -> list[str]:
    match block:
        case Words():
            return [f"{f'*{block.label}* ' if block.label else ''}{block.text.strip()}"]
        case Formula():
            return [f"$${block.formula}$$" + (f" {block.remark}" if block.remark else "")]
        case Grid():
            return _markdown_grid(block)
        case Matrices():
            return [f"$${_matrices_latex(block)}$$"]
        case Derived():
            return _markdown_derived(block)


def _markdown_grid(grid: Grid) -> list[str]:
    if not grid.head:
        return [f"- {', '.join(_cell(grid, k, cell) for k, cell in enumerate(row) if cell)}" for row in grid.rows]
    rows = [f"| {' | '.join(_cell(grid, k, cell) for k, cell in enumerate(row))} |" for row in grid.rows]
    return [f"| {' | '.join(grid.head)} |", f"|{'---|' * len(grid.head)}", *rows]


def _cell(grid: Grid, column: int, cell: str) -> str:
    return f"${cell}$".replace("|", r"\vert ") if column in grid.formulas and cell else cell


def _markdown_derived(block: Derived) -> list[str]:
    lines = [f"### ${block.head}$", "", _sentence(_said(block, _ranged(block.layers))), ""]
    if block.steps:
        lines += [*steps_markdown(block.steps), ""]
    if block.entry:
        lines += [f"- an entry: ${block.entry}$", f"- in all: {f'${block.matrix}$' if block.matrix else NO_MATRIX}"]
    return lines


def _ranged(layers: str) -> str:
    """for l = 2, …, 63, as words with a formula."""
    return f"for ${layers.removeprefix('for ').replace('…', chr(92) + 'dots')}$" if layers else ""


def _matrices_latex(block: Matrices) -> str:
    parts = [block.left, *(["="] if block.items and not block.items[0][0] else [])]
    for sign, rows in block.items:
        entries = r" \\ ".join(" & ".join(row) for row in rows)
        matrix = rows[0][0] if len(rows) == len(rows[0]) == 1 else rf"\begin{{bmatrix}} {entries} \end{{bmatrix}}"
        parts += [sign, matrix] if sign else [matrix]
    return " ".join(parts)


def latex_view(sections: Sequence[Section], title: str) -> str:
    """The sections as a LaTeX fragment that needs amsmath and amssymb."""
    lines = [rf"\section*{{{latex_text(title)}}}"]
    for section in sections:
        if section.title:
            lines += ["", rf"\subsection*{{{latex_text(_capital(section.title))}}}"]
        if section.about:
            lines.append(_with_formulas(_sentence(section.about)))
        for block in section.blocks:
            lines += _latex(block)
    return "\n".join(lines) + "\n"


def _with_formulas(sentence: str) -> str:
    """A sentence in which formulas may stand between dollar signs already."""
    parts = sentence.split("$")
    return "".join(f"${part}$" if k % 2 else sentence_latex(part) for k, part in enumerate(parts))


def sentence_latex(sentence: str) -> str:
    r"""A sentence for LaTeX, the names in it as formulas.

    >>> print(sentence_latex("ℒ depends on z² only through W²_ij, and x₁ ≤ 0"))
    $\mathcal{L}$ depends on $z^{(2)}$ only through $W^{(2)}_{ij}$, and $x_{1}$ $\leq$ 0
    """
    made, end = [], 0
    for match in _NAME.finditer(sentence):
        letter, low, high, entry = match.groups()
        if not (low or high or entry):
            continue
        name = {"δ": r"\delta", "Δ": r"\Delta"}.get(letter, letter)
        below = (low or "").translate(_PLAIN) + entry.strip("_{}")
        above = (high or "").strip("⁽⁾").translate(_PLAIN)
        name += (f"^{{({above})}}" if above else "") + (f"_{{{below}}}" if below else "")
        made += [_signs(sentence[end : match.start()]), f"${name}$"]
        end = match.end()
    return "".join([*made, _signs(sentence[end:])]).replace("$$", " ")


def _signs(text: str) -> str:
    shown = latex_text(text.replace("–", "--"))
    return "".join(f"${_SIGNS[c]}$" if c in _SIGNS else c for c in shown)


def _steps_latex(steps: Sequence[Step]) -> list[str]:
    """An align*, one line a step, the reasons behind."""
    rows, last = [], ""
    for step in steps:
        why = rf" && \text{{{sentence_latex(step.why)}}}" if step.why else ""
        rows.append(f"  {'' if step.before == last else step.before} &= {step.after}{why}")
        last = step.after
    return [r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"]


def _latex(block: Block) -> list[str]:
    match block:
        case Words():
            label = rf"\emph{{{sentence_latex(block.label)}}} " if block.label else ""
            return [rf"{label}{sentence_latex(block.text.strip())}\\"]
        case Formula():
            return [rf"\[ {block.formula} {rf'{chr(92)}quad{chr(92)}text{{({sentence_latex(block.remark)})}}' if block.remark else ''}\]"]
        case Grid():
            return _latex_grid(block)
        case Matrices():
            return [rf"\[ {_matrices_latex(block)} \]"]
        case Derived():
            return _latex_derived(block)


def _latex_grid(grid: Grid) -> list[str]:
    cells = [[f"${cell}$" if k in grid.formulas and cell else sentence_latex(cell) for k, cell in enumerate(row)] for row in grid.rows]
    columns = max(map(len, grid.rows))
    head = [" & ".join(map(latex_text, grid.head)) + r" \\ \hline"] if grid.head else []
    return [rf"\begin{{tabular}}{{{'l' * columns}}}", *head, *(" & ".join(row) + r" \\" for row in cells), r"\end{tabular}"]


def _latex_derived(block: Derived) -> list[str]:
    said = _with_formulas(_sentence(_said(block, _ranged(block.layers))))
    lines = ["", rf"\paragraph{{${block.head}$}} {said}"]
    if block.steps:
        lines += _steps_latex(block.steps)
    if not block.entry:
        return lines
    rows = [_aligned(f) for f in (block.entry, block.matrix) if f]
    return [*lines, r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}", *([] if block.matrix else [sentence_latex(NO_MATRIX) + "."])]


def _aligned(formula: str) -> str:
    """A chain of equations in an align*: a long one goes on in a new line before each sign."""
    left, *rest = formula.split(" = ")
    between = " \\\\\n  &= " if len(formula) > _LONGEST_LATEX else " = "
    return f"  {left} &= {between.join(rest)}"


__all__ = ["NO_MATRIX", "latex_view", "markdown_view", "sentence_latex", "text_page"]
