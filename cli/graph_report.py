"""A backpropagation arranged for reading: sections of rows "∂f/∂y = … = 2e³ ≈ 40.1711", in Unicode or in LaTeX.

The same rows become terminal text, Markdown and LaTeX in backprop.py. Nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..derivations.graphs.graph_building import Edge
from ..derivations.graphs.graph_costs import Count, Factor, Part, Path
from ..derivations.graphs.graph_writing import decimal_text
from ..derivations.graphs.graphs import Backpropagation, Quantity
from ..derivations.graphs.operations import shown
from ..derivations.notation.spellings import Style
from ..derivations.notation.written import Written

NO_BREAK = "\N{NO-BREAK SPACE}"
SHORT = 30
MOST_NAMED = 6  # repeated parts that are listed before "and others"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of equalities: what it is about, then cells that begin with = or ≈ (or are empty), then a remark in words.

    `apart` rows have columns of their own.
    """

    left: str
    cells: tuple[str, ...] = ()
    remark: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A title, what the section shows, its rows, and sentences below."""

    title: str
    about: str = ""
    rows: tuple[Row, ...] = ()
    below: tuple[str, ...] = field(default=())


class Report:
    """The sections of one result in one style. In LaTeX, formulas within sentences stand between dollar signs."""

    def __init__(self, result: Backpropagation, style: Style = Style.UNICODE):
        self.result = result
        self.graph = result.graph
        self.style = style
        self.latex = style is Style.LATEX

    def sections(self) -> list[Section]:
        """All of them, in the order of the work."""
        made = [self.forward(), self.local_partials(), self.backward(), self.gradient(), self.symbolic(), self.cost()]
        return [s for s in made if s is not None]

    # How things are set

    def text(self, tree: Written) -> str:
        return self.result.notation.text(tree, self.style)

    def name(self, index: int) -> str:
        return self.result.name(index, self.style)

    def within(self, formula: str) -> str:
        """A formula in a sentence; a short one is not broken at its spaces."""
        if self.latex:
            return f"${formula}$"
        return formula.replace(" ", NO_BREAK) if len(formula) <= SHORT else formula

    def names(self, indices: Sequence[int]) -> str:
        """x, y and z, in a sentence."""
        texts = [self.within(self.name(i)) for i in indices]
        return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

    def derivative(self, of: int, by: int, direct: bool = False) -> str:
        """∂h₃/∂z; "direct" is the part of ∂f/∂x that comes along the edge itself."""
        top, bottom = self.name(of), self.name(by)
        if not self.latex:
            return f"∂{top}/∂{bottom}" + (f"{NO_BREAK}(direct)" if direct else "")
        text = rf"\frac{{\partial {top}}}{{\partial {bottom}}}"
        return rf"\left.{text}\right|_{{\text{{direct}}}}" if direct else text

    def local(self, edge: Edge) -> str:
        return self.derivative(edge.head, edge.tail, self.result.is_direct(edge))

    def adjoint(self, index: int) -> str:
        return self.derivative(self.graph.output, index)

    def dot(self, texts: Sequence[str]) -> str:
        return (r" \cdot " if self.latex else " · ").join(texts)

    def equal(self, text: str) -> str:
        return f"= {text}"

    def about(self, text: str) -> str:
        return rf"\approx {text}" if self.latex else f"≈ {text}"

    def number(self, quantity: Quantity) -> tuple[str, str]:
        """Two cells: the exact number, and its decimal if that says more."""
        exact = None if quantity.exact is None else self.text(quantity.exact)
        rounded = None if quantity.decimal is None else decimal_text(quantity.decimal, self.style)
        if exact is None:
            return "", self.about(rounded or self.outside())
        if rounded is None or rounded == exact:
            return self.equal(exact), ""
        return self.equal(exact), self.equal(rounded) if quantity.whole else self.about(rounded)

    def outside(self) -> str:
        """What stands for a number that no decimal can show."""
        return r"\text{out of range}" if self.latex else "(out of range)"

    def with_values(self, trees: Sequence[Quantity], tree: Written) -> str:
        """A formula with numbers in it: ≈ where one of them is rounded."""
        rounded = any(q.exact is None for q in trees)
        return self.about(self.text(tree)) if rounded else self.equal(self.text(tree))

    # The sections

    def forward(self) -> Section:
        rows = []
        for i in self.graph.steps:
            node = self.graph.nodes[i]
            cells = [self.equal(self.text(self.graph.formula(i)))]
            if self.result.values:
                used = [self.result.values[a] for a in node.args if not self.graph.nodes[a].literal]
                put_in = shown(
                    node.operation,
                    [
                        self.graph.reference(a) if self.graph.nodes[a].literal else self.result.values[a].tree
                        for a in node.args
                    ],
                )
                number = self.number(self.result.values[i])
                middle = self.with_values(used, put_in)
                cells += [middle if middle not in (cells[0], *number) else "", *number]
            rows.append(Row(self.name(i), tuple(cells)))
        kinks = tuple(self.result.kink_sentence(i, self.style) for i in self.result.kinks)
        return Section("forward", "one simple operation a node, from left to right", tuple(rows), kinks)

    def local_partials(self) -> Section | None:
        rows = []
        for edge in self.graph.edges:
            cells = [self.equal(self.text(self.graph.partials[edge]))]
            if self.result.values:
                number = self.number(self.result.partials[edge])
                cells += ["" if number[0] == cells[0] else number[0], number[1]]
            rows.append(Row(self.local(edge), tuple(cells)))
        if not rows:
            return None
        return Section("local partials", "each node by each of its own arguments, the others held fixed", tuple(rows))

    def backward(self) -> Section:
        rows = []
        for i in self.result.backward_order:
            if i == self.graph.output:
                rows.append(Row(self.adjoint(i), ("= 1",)))
                continue
            above = self.graph.above[i]
            if not above:
                rows.append(Row(self.adjoint(i), ("= 0",), f"{self.within(self.name(i))} is not used"))
                continue
            remark = ""
            if len(above) > 1:
                users = self.names([e.head for e in above])
                times = {2: "twice", 3: "three times"}.get(len(above), f"{len(above)} times")
                remark = f"{self.within(self.name(i))} is used {times}, in {users}: the contributions are added"
            products = [(None if e.head == self.graph.output else e.head, (e,)) for e in above]
            rows.append(self._sum_row(i, products, remark))
        title = (
            f"∂{self.name(self.graph.output)}/∂ each node, from the output back"
            if not self.latex
            else "from the output back"
        )
        return Section("backward", title, tuple(rows))

    def _sum_row(self, index: int, products: Sequence[tuple[int | None, Path]], remark: str = "") -> Row:
        """∂f/∂node as a sum of products: local partials along a path, after the adjoint of a node where one leads."""
        result = self.result
        symbols, trees, used = [], [], []
        for lead, path in products:
            texts = [self.adjoint(lead)] if lead is not None else []
            symbols.append(self.dot([*texts, *(self.local(edge) for edge in path)]))
            if result.values:
                numbers = [result.adjoints[lead]] if lead is not None else []
                numbers += [result.partials[edge] for edge in path]
                used += numbers
                trees.append(_multiplied([n.tree for n in numbers]))
            elif lead is None:
                trees.append(_multiplied([self.graph.partials[edge] for edge in path]))
        left = self.adjoint(index)
        cells = [self.equal(" + ".join(symbols))]
        if cells[0] == self.equal(left):  # one edge into f, and nothing to multiply with: the local partial itself
            cells = [self.equal(self.text(self.graph.partials[products[0][1][0]]))]
        if len(trees) == len(products):
            number = self.number(result.adjoints[index]) if result.values else ("", "")
            middle = self.with_values(used, _added(trees))
            cells += [
                middle if middle not in (cells[0], *number) else "",
                "" if number[0] == cells[0] else number[0],
                number[1],
            ]
        return Row(left, tuple(cells), remark)

    def gradient(self) -> Section | None:
        if not self.graph.inputs:
            return None
        rows = []
        for i in self.graph.inputs:
            paths = self.result.paths[i]
            if paths is None:
                count = self.result.costs.by_input[i]
                remark = (
                    f"{count.partials - count.multiplications:,} paths, too many to write out: the sum is the one above"
                )
                cells = self.number(self.result.adjoints[i]) if self.result.values else ()
                rows.append(Row(self.adjoint(i), cells, remark))
            elif paths:
                rows.append(self._sum_row(i, [(None, path) for path in paths]))
            else:
                rows.append(Row(self.adjoint(i), ("= 0",), f"no path leads to {self.within(self.name(i))}"))
        if self.result.values and len(rows) > 1:
            rows.append(self._vector())
        return Section(
            "gradient", "by the chain rule: one product for every path from the output down to the input", tuple(rows)
        )

    def _vector(self) -> Row:
        """∇f(1, 3, 2) = (1, 2e³, e³) ≈ (1, 40.1711, 20.0855)."""
        result = self.result
        name, nabla = self.name(self.graph.output), r"\nabla " if self.latex else "∇"
        point = ", ".join(self.text(q.tree) for q in result.point.values())
        found = [result.adjoints[i] for i in self.graph.inputs]
        exact = f"({', '.join(self.text(q.tree) for q in found)})"
        rounded = f"({', '.join(decimal_text(q.decimal, self.style) if q.decimal else self.outside() for q in found)})"
        cells = [self.equal(exact)] if all(q.exact is not None for q in found) else []
        if rounded != exact:
            cells.append(self.equal(rounded) if all(q.whole for q in found) else self.about(rounded))
        return Row(f"{nabla}{name}({point})", tuple(cells), apart=True)

    def symbolic(self) -> Section | None:
        if not self.graph.inputs:
            return None
        rows = []
        for i, derivative in self.result.symbolic.items():
            cells = [self.equal(self.text(derivative.formula))]
            remark = ""
            if derivative.value is not None:
                number = self.number(derivative.value)
                cells += ["" if number[0] == cells[0] else number[0], number[1]]
                remark = "" if derivative.agrees else "at a kink the formula has no value of its own"
            rows.append(Row(self.adjoint(i), tuple(cells), remark))
        below = (self.agreement(),) if rows and self.result.values else ()
        if not rows:
            below = ("Left out: the whole function does not make a short real formula.",)
        if self.result.confirmation is not None:
            below = (*below, self.confirmed())
        return Section("symbolic gradient", "SymPy differentiates the whole formula", tuple(rows), below)

    def agreement(self) -> str:
        """How the formulas and the backward pass agree; where they do not, no result is shown at all."""
        ways = list(dict.fromkeys(d.agrees for d in self.result.symbolic.values() if d.agrees))
        return f"agrees with the backward pass {' or '.join(ways)}" if ways else ""

    def confirmed(self) -> str:
        """What JAX says."""
        found = self.result.confirmation
        assert found is not None
        if found.jacfwd is None or found.jacrev is None:
            return f"not confirmed by JAX: {found.reason}"
        inputs = "" if len(found.inputs) == len(self.graph.inputs) else f" (only by {', '.join(found.inputs)})"
        modes = f"jacfwd differs by {_short(found.jacfwd)}, jacrev by {_short(found.jacrev)}"
        return f"confirmed by JAX{inputs}: {modes} (relative, at most)"

    def cost(self) -> Section | None:
        costs = self.result.costs
        if not self.graph.edges:
            return None
        rows = (Row("input by input", _counted(costs.separate)), Row("one backward pass", _counted(costs.together)))
        return Section("cost", "", rows, tuple(s for s in (self._repeated(), self._why(), self._formulas()) if s))

    def _repeated(self) -> str:
        groups: dict[tuple[int, tuple[int, ...]], list[str]] = {}
        for factor in self.result.costs.repeated:
            groups.setdefault((factor.times, factor.inputs), []).append(self.within(self.local(factor.edge)))
        told = [
            f"{', '.join(texts)} in {times:,} products (for {self.names(inputs)})"
            for (times, inputs), texts in list(groups.items())[:MOST_NAMED]
        ]
        if len(groups) > MOST_NAMED:
            told.append("and others")
        return f"Repeated input by input: {'; '.join(told)}." if told else ""

    def _why(self) -> str:
        repeated: Sequence[Factor] = self.result.costs.repeated
        edges = len(self.graph.edges)
        if not repeated:
            return (
                "No two paths share a local partial here, so nothing is saved: "
                "backpropagation gains where paths run together."
            )
        head = max(repeated, key=lambda factor: factor.times).edge.tail
        return (
            f"Backpropagation finds {self.within(self.adjoint(head))} once and hands it to everything below, so each "
            f"of the {edges} local partials is used once, however many inputs there are; input by input, what paths "
            "share is computed again."
        )

    def _formulas(self) -> str:
        costs = self.result.formula_costs
        if costs is None or costs.separate == costs.different:
            return ""
        sizes = [(sum(1 for _ in part.tree.walk()), part) for part in costs.repeated]
        sizes.sort(key=lambda sized: -sized[0] * sized[1].times)
        parts = [part for size, part in sizes if size > 3 or part.node is not None][:MOST_NAMED]

        def told(part: Part) -> str:
            node = f" (it is {self.within(self.name(part.node))})" if part.node is not None else ""
            return f"{self.within(self.text(part.tree))} {part.times} times{node}"

        count = len(self.result.symbolic)
        derivatives = "its derivative" if count == 1 else f"its {count} derivatives"
        listed = f": {'; '.join(told(p) for p in parts)}" if parts else ""
        return (
            f"From the formulas, each by itself, {self.within(self.name(self.graph.output))} and {derivatives} take "
            f"{costs.separate} operations, {costs.separate - costs.different} of them repeated{listed}."
        )


def _multiplied(trees: Sequence[Written]) -> Written:
    result = trees[0]
    for tree in trees[1:]:
        result = shown("times", [result, tree])
    return result


def _added(trees: Sequence[Written]) -> Written:
    result = trees[0]
    for tree in trees[1:]:
        result = shown("add", [result, tree])
    return result


def _counted(count: Count) -> tuple[str, ...]:
    return (
        _many(count.partials, "local partial"),
        _many(count.multiplications, "multiplication"),
        _many(count.additions, "addition"),
    )


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _short(difference: float) -> str:
    return "0" if difference == 0 else f"{difference:.1e}"
