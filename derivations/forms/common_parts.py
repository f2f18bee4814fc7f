"""Parts that a result would repeat get a name, once: z = Wx + b in diag(σ(z) ⊙ (1 − σ(z))) W.

Which part is named follows how people write: the argument of an entrywise function (z), a softmax (p), a difference (r),
otherwise a capital for a matrix and a small letter for a column or number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ..elements.elements import Element
from ..notation.written import Written
from .building import leaves, polished
from .matrixform import MatrixForm, NoNotation

_PREFERRED = {"argument": "zauv", "softmax": "psq", "sum": "ruv", "inverse": "FMG", "other": "uvst"}
_SHORTEST = {"argument": 3, "softmax": 4, "inverse": 4, "sum": 5, "other": 8}


class CommonParts:
    """Names for what occurs more than once in an element; `definitions` in the order in which they build on each other."""

    def __init__(self, element: Element, matrices: MatrixForm, taken: Iterable[str], unnamed: Iterable[Element] = ()):
        self.matrices = matrices
        self._unnamed = frozenset(unnamed)
        self.taken = set(taken)
        self.named: dict[Element, str] = {}
        self._choose(element)
        self.form = self._form()
        self.definitions = tuple((name, polished(self._definition(part))) for part, name in self._in_order())

    def _choose(self, element: Element) -> None:
        counts: dict[Element, int] = {element: 1}
        arguments: set[Element] = set()
        for node in element.walk():  # parents come before their parts
            shown = 1 if node in self.named else counts.get(node, 0)
            kind = self._kind(node, arguments)
            if shown > 1 and kind and node not in self._unnamed and self._is_worth(node, kind):
                self.named[node] = ""
                shown = 1
            if node.kind in ("map", "form") and len(node.args) == 1 and not (node.kind == "form" and node.value == "inverse"):
                arguments.add(node.args[0])
            for part in node.args:
                counts[part] = min(counts.get(part, 0) + shown, 1_000)
        by_letter: dict[str, list[Element]] = {}
        for part in reversed(self._depth_first(element)):
            kind = self._kind(part, arguments) or "other"
            letter = next((x for x in self._letters(kind, part) if x not in self.taken), "t")
            by_letter.setdefault(letter, []).append(part)
        for letter, parts in by_letter.items():
            for count, part in enumerate(parts, 1):
                name = letter if len(parts) == 1 else f"{letter}_{count}"
                while name in self.taken:
                    name = f"{name}_0"
                self.taken.add(name)
                self.named[part] = name

    def used_once(self, tree: Written) -> set[Element]:
        """Named parts that a result, taking factors out, mentions only once after all: they need no name."""
        trees = [tree, *(definition for _, definition in self.definitions)]
        counts = Counter(n.value for t in trees for n in t.walk() if n.op == "name")
        return {part for part, name in self.named.items() if counts[name] == 1}

    def _depth_first(self, element: Element) -> list[Element]:
        return [n for n in element.walk() if n in self.named]

    def _letters(self, kind: str, part: Element) -> str:
        letters = _PREFERRED[kind]
        return letters.upper() if len(part.shape) == 2 else letters.lower()

    def _kind(self, node: Element, arguments: set[Element]) -> str | None:
        if node in arguments and node.kind in ("product", "sum"):
            return "argument"
        if node.kind == "form":
            return "inverse" if node.value == "inverse" else "softmax" if node.value in ("softmax", "log_softmax") else None
        if node.kind == "sum":
            return "sum"
        if node.kind == "product" and node.value.coefficient == 1:
            return "other"
        return None

    def _is_worth(self, node: Element, kind: str) -> bool:
        if len(node.shape) > 2:
            return False
        try:
            return leaves(self.matrices.of(node)) >= _SHORTEST[kind]
        except NoNotation:
            return False

    def _form(self) -> MatrixForm:
        """The matrix notation in which every named part is its name."""
        if not self.named:
            return self.matrices
        inside: dict[Element, bool] = {}
        for e in self.matrices.spelled:
            for node in reversed(list(e.walk())):
                if node not in inside:
                    inside[node] = node in self.named or any(inside[a] for a in node.args)
        spelled = {e: tree for e, tree in self.matrices.spelled.items() if not inside.get(e, False)}
        for part, name in self.named.items():
            spelled[part] = replace(self.matrices.of(part), op="name", args=(), value=name)
        own = {name for part, name in self.named.items() if self.matrices.transposed(self.matrices.of(part)) == self.matrices.of(part)}
        return MatrixForm(spelled, self.matrices.symmetric | own)

    def _in_order(self) -> list[tuple[Element, str]]:
        if not self.named:
            return []
        order: dict[Element, None] = {}
        for part in self.named:
            for node in reversed(list(part.walk())):
                if node in self.named:
                    order[node] = None
        return [(part, self.named[part]) for part in order]

    def _definition(self, part: Element) -> Written:
        """What a name stands for, written with the names of the parts inside it."""
        spelled = {e: tree for e, tree in self.form.spelled.items() if e is not part}
        if not any(n in self.named for n in part.walk() if n is not part):
            return self.matrices.of(part)
        return MatrixForm(spelled, self.form.symmetric).of(part)
