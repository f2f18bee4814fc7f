"""Steps of a worked solution as plain algebra: whether a form follows from the one before, whatever the names stand for.

Used where the strict reading knows too little. It only ever confirms: forms that agree here agree wherever they have a
meaning, while a difference may come from what was not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .chain_symbols import loose_shape
from .plain_reading import Plain, PlainError, plain
from .plain_values import SIZE, Convention, World, agree, free_indices

_OF_MATRICES = re.compile(
    r"(?<![A-Za-z\\{])[ABMPQRSUVWXYZ](?![A-Za-z])|\\(?:mathbf|bm|boldsymbol|bf)|\|\||\\\||‖|\\[lr]Vert|(?<![A-Za-z])(?:tr|Tr|det|inv|trace)(?![a-z])|@"
)
_TRANSPOSED = re.compile(r"\^\s*T|\^\s*\{?\s*(?:T\s*\}|\\top|\\intercal|\\mathsf)|ᵀ|\.T\b|\\o(?:dot|times)|\\circ|\\operatorname\{diag")
_CALLED = re.compile(r"(?<![A-Za-z\\])(\\?[A-Za-z]+)\s*\}?(?:'|\^\{?\\prime\}?)*\s*\(")
_NOT_CALLED = frozenset("x y z w u v t a b c d e h i j k n m p q s W X Y U V A B".split())
_CAPITALS = re.compile(r"(?<![A-Za-z\\])[ABMPQRSUVWXZ](?![A-Za-z_(])")
_MOST_NAMES = 4  # that one step may bring in
_MATRIX, _COLUMN, _NUMBER = (SIZE, SIZE), (SIZE, 1), (1, 1)


class PlainSteps:
    """The plain reading of one solution, with the definitions that were made so far."""

    def __init__(self, answer: str, symbols: Mapping[str, str], context: str = ""):
        shapes: dict[str, tuple[int, int]] = {}
        units: set[str] = set()
        for spelling, words in symbols.items():
            try:
                tree = plain(spelling)
            except PlainError:
                continue
            shape = loose_shape(words)
            if tree.op != "name" or shape is None:
                continue
            name = tree.value + "_" * bool(tree.indices)
            rows, columns = (SIZE if size else 1 for size in shape)
            shapes[name] = (rows, columns)
            if re.search(r"one.?hot|probabilit|softmax", words, re.I):
                units.add(tree.value)
        self.definitions: dict[str, Plain] = {}
        self.declared = frozenset(name.rstrip("_") for name in shapes)
        self.seen: set[str] = set()
        called = frozenset(name.lstrip("\\") for name in _CALLED.findall(answer))
        self.called = called - _NOT_CALLED - frozenset(shapes)
        kinds = [_MATRIX, _COLUMN] if _TRANSPOSED.search(answer) else [_MATRIX] if speaks_of_matrices(answer) else [_MATRIX, _NUMBER]
        capitals = {c: _MATRIX for c in _CAPITALS.findall(answer) if c not in shapes}  # a lone capital is no vector
        self.worlds = [
            World(capitals | shapes if others == _COLUMN else shapes, others, einstein, 0, row, self.definitions, units=frozenset(units))
            for others in kinds for einstein in (False, True) for row in (False, True)
        ]  # fmt: skip
        self.take_context(context)
        self.notes: dict[str, None] = {}
        if re.search(r"softmax|cross.?entropy|(?<![A-Za-z])CE(?![A-Za-z])", f"{context} {answer}", re.I):
            self.worlds += self.conventional(answer, frozenset(units))

    def take_context(self, context: str) -> None:
        """Keep the definitions that a loose sentence holds: z = wx + b."""
        for part in re.split(r"[,;:.]\s", re.sub(r"\([^()=]*[A-Za-z]{3}[^()]*\)", " ", context)):
            name, sign, text = part.partition("=")
            words = name.split()
            if sign and words and "=" not in text and not re.search(r"[A-Za-z]{4,}", text.replace("tanh", "").replace("softmax", "")):
                self.define(self.tree(words[-1]), self.tree(text))

    def conventional(self, answer: str, units: frozenset[str]) -> list[World]:
        """Worlds in which ŷ (or p) is a softmax and the loss its cross-entropy, for names that are used so."""
        bottoms = re.findall(r"\\partial\s*\{?\s*(?:\\(?:bf|bm|mathbf|boldsymbol)\s*\{?\s*)?\\?([A-Za-z]+)", answer)
        logits = dict.fromkeys(b for b in bottoms if b in ("theta", "z", "o", "v", "a", "s", "f"))
        found = []
        for name in logits:
            convention = Convention("y", "hat y", name)
            for world in list(self.worlds):
                if world.convention is None and "hat y" in answer.replace("\\hat{y}", "hat y").replace("\\hat{\\bm{y}}", "hat y"):
                    shapes = {"hat y": _COLUMN, "y": _COLUMN, name: _COLUMN} | dict(world.shapes)
                    found.append(
                        World(
                            shapes,
                            world.others,
                            world.einstein,
                            0,
                            world.row_layout,
                            self.definitions,
                            units=units | {"y"},
                            convention=convention,
                        )
                    )
        return found

    def tree(self, text: str) -> Plain | None:
        """The plain tree of a form; None where it is not understood."""
        try:
            return plain(text, self.called)
        except (PlainError, RecursionError):
            return None

    def take(self, tree: Plain | None) -> None:
        """Remember the names that were used."""
        self.seen |= set() if tree is None else _names(tree)

    def follows(self, before: Plain | None, after: Plain | None, head: Plain | None = None) -> bool:
        """Whether both forms have one value for all values of their names; `head` is what they are to be."""
        free = None if head is None else free_indices(head)
        world = None if before is None or after is None else agree(before, after, self.worlds, free)
        if world is not None and world.convention is not None:
            self.notes[world.convention.note] = None
        return world is not None

    def named_anew(self, before: Plain | None, after: Plain | None, head: Plain | None) -> str | None:
        """The name that a step puts in place of an expression of the line before, so that the step holds; None if none does."""
        if before is None or after is None:
            return None
        for first, second in ((before, after), (after, before)):
            for name in sorted(_names(second) - _names(first) - set(self.definitions))[:_MOST_NAMES]:
                if name == "delta" and any(len(p.indices) == 2 for p in _walk(second) if p.value == name):
                    continue  # a Kronecker delta
                is_new = second is after and name not in self.seen and name not in self.declared
                kinds = ("call", "over", "add", "product") if is_new else ("call", "over")
                if any(self.follows(put, second, head) for put in _with_name(first, second, name, kinds)):
                    return name
        return None

    def define(self, head: Plain | None, tree: Plain | None) -> None:
        """Keep what a name was defined as."""
        if head is None or tree is None or head.op != "name" or head.indices or head.value in self.definitions:
            return
        if not _reaches(tree, head.value, self.definitions):
            self.definitions[head.value] = tree


def is_chain_rule(tree: Plain | None) -> bool:
    """Whether a form only names derivatives to be multiplied: ∂J/∂z ∂z/∂w."""
    return tree is not None and tree.op == "product" and all(a.op == "derivative" and a.args[0].op in ("name", "call") for a in tree.args)


def leaves_a_derivative(before: Plain | None, after: Plain, head: Plain | None = None) -> bool:
    """Whether a derivative of a name was named before, and is written out now; by nothing that was not spoken of."""
    if before is None or _named_derivatives(before) <= _named_derivatives(after):
        return False
    return _variables(after) <= _variables(before) | (set() if head is None else _variables(head))


def _variables(tree: Plain) -> set[Plain]:
    return {p.args[1] for p in _walk(tree) if p.op == "derivative"}


def _named_derivatives(tree: Plain) -> int:
    own = tree.op == "derivative" and tree.args[0].op in ("name", "call")
    return own + sum(_named_derivatives(a) for a in tree.args)


def _walk(tree: Plain) -> Iterator[Plain]:
    yield tree
    for part in tree.args:
        yield from _walk(part)


def _names(tree: Plain) -> set[str]:
    return {p.value for p in _walk(tree) if p.op == "name"}


def _with_name(tree: Plain, other: Plain, name: str, kinds: tuple[str, ...]) -> Iterator[Plain]:
    """The tree with a name, as the other tree has it, in place of a part of it."""
    places = {p.indices for p in _walk(other) if p.op == "name" and p.value == name}
    parts = [p for p in dict.fromkeys(_walk(tree)) if p.op in kinds][:8]
    for part in parts:
        if len(places) == 1:
            yield _replaced(tree, {part: Plain("name", (), name, next(iter(places)))})
        free = sorted(free_indices(part))
        if len(free) == 1 and {len(p) for p in places} == {1}:
            bound = {i for p in _walk(part) for i in p.indices}
            others = {i for p in _walk(tree) for i in p.indices} - bound | set(free)
            yield _replaced(tree, {_renamed(part, free[0], i): Plain("name", (), name, (i,)) for i in sorted(others)})


def _renamed(tree: Plain, index: str, other: str) -> Plain:
    indices = tuple(other if i == index else i for i in tree.indices)
    return Plain(tree.op, tuple(_renamed(a, index, other) for a in tree.args), tree.value, indices)


def _replaced(tree: Plain, values: Mapping[Plain, Plain]) -> Plain:
    if tree in values:
        return values[tree]
    return Plain(tree.op, tuple(_replaced(a, values) for a in tree.args), tree.value, tree.indices)


def has_names(tree: Plain) -> bool:
    """Whether a form speaks of any name."""
    return tree.op == "name" or any(has_names(a) for a in tree.args)


def speaks_of_matrices(answer: str) -> bool:
    """Whether capital letters or signs of a solution speak of matrices, which must not be taken for numbers that commute."""
    return _TRANSPOSED.search(answer) is not None or _OF_MATRICES.search(answer) is not None


def has_vectors(answer: str, symbols: Mapping[str, str]) -> bool:
    """Whether a solution that transposes is about vectors, so that its names must not be read as numbers."""
    shapes = [loose_shape(words) for words in symbols.values()]
    return _TRANSPOSED.search(answer) is not None and any(shape is not None and any(shape) for shape in shapes)


def _reaches(tree: Plain, name: str, definitions: Mapping[str, Plain]) -> bool:
    if tree.op == "name":
        return tree.value == name or (tree.value in definitions and _reaches(definitions[tree.value], name, definitions))
    return any(_reaches(a, name, definitions) for a in tree.args)


__all__ = ["PlainSteps", "has_names", "has_vectors", "is_chain_rule", "leaves_a_derivative", "speaks_of_matrices"]
