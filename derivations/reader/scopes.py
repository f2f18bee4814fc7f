"""Which letters are names, which are indices, which are sizes; definitions put in their places.

Takes a raw tree and returns one in which `name` and `subscript` are gone:

    symbol      value: the name
    size        value: the name of a size used as a number
    index       value: (letter, number of its scope); scopes are numbered, free letters by themselves
    entry       args (base, index or number, ...)
    row         args (matrix, index): x_i where only X is declared
    bound       value: (sum or prod, letter, scope, limit); args (body,)
    components  value: (letters, scopes, arrangement, limits); args (body,); arrangement full, column, row or diagonal

Knows nothing of shapes beyond the number of axes of declared names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..errors import LimitError, NotationError, Span, UnsupportedError
from ..notation.names import INDEX_LETTERS, Vocabulary, with_parts
from ..sizes import Size
from .raw import Raw, raw

MOST_NODES = 6000
MOST_LEVELS = 250

MOST_TERMS = 64

# Subscripts that say which one, though all their letters could count.
_LABELS = frozenset("in min max new old opt out ref tot".split())

Scope = int | str


def indices_in(text: str) -> list[str] | None:
    """The indices that a subscript lists, or None where it is a label: "ij" but not "new".

    >>> indices_in("ij"), indices_in("12"), indices_in("i,1"), indices_in("new")
    (['i', 'j'], ['12'], ['i', '1'], None)
    """
    if text in _LABELS:
        return None
    parts = text.split(",") if "," in text else [text] if text.isdecimal() else list(text)
    if (
        all(p.isdecimal() or p == ":" or (len(p) == 1 and p.isalpha() and p.isascii()) for p in parts)
        and 0 < len(parts) <= 3
    ):
        return parts
    return None


@dataclass(slots=True)
class Scopes:
    """Resolves the names of one text.

        `ranks` holds the number of axes of every declared name (numbers 0, columns and rows 1), `sizes` the names of
        sizes that occur in declared shapes, `definitions` the raw trees of defined names, `identities` the names that
        were declared for
    identity matrices, with their sizes.
    """

    vocabulary: Vocabulary
    ranks: Mapping[str, int]
    sizes: frozenset[str]
    parameters: frozenset[str]
    definitions: Mapping[str, Raw]
    identities: Mapping[str, Size]
    notes: list[str] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    # Bases that occur with the index of a sum, and those whose x_i is a vector: w^T x_i, ‖x_i‖.
    indexed: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)
    counted: set[str] = field(default_factory=set)
    named_sizes: set[str] = field(default_factory=set)
    defining: list[str] = field(default_factory=list)
    scopes: int = 0
    nodes: int = 0

    def resolve(self, tree: Raw, listed: Iterable[str] = ()) -> Raw:
        """The tree with all names decided; `listed` are the indices on the left side, J_ij = ..."""
        if tree.levels() > MOST_LEVELS:
            raise LimitError(f"The expression is nested deeper than {MOST_LEVELS} operations.", span=tree.span)
        self.counted.update(listed)
        self.look_around(tree)
        return self.node(tree, {letter: letter for letter in listed})

    def look_around(self, tree: Raw) -> None:
        """Note which names stand without a subscript, and which letters surely count."""
        bases: Counter[str] = Counter()
        names: Counter[str] = Counter()
        for node in tree.walk():
            if node.op == "name":
                names[str(node.value)] += 1
            elif node.op == "index":
                self.counted.add(str(node.value))
            elif node.op == "compare" and self.compares_indices(node, {}):
                self.counted.update(str(a.value) for a in node.args if a.op == "name")
            elif node.op == "pick":
                self.counted.update(item for item in node.value if item.isalpha())
            elif node.op == "subscript":
                base = str(node.args[0].value)
                bases[base] += 1
                parts = indices_in(str(node.value))
                if parts and len(parts) == 2 and base[0].isupper() and INDEX_LETTERS.issuperset(parts):
                    self.counted.update(parts)
        letters = {node.value[1] for node in tree.walk() if node.op == "bound"}
        self.vectors = {str(part.args[0].value) for node in tree.walk() for part in _as_vectors(node)}
        self.indexed = {
            str(node.args[0].value) for node in tree.walk()
            if node.op == "subscript" and letters.intersection(indices_in(str(node.value)) or ())
        } - self.vectors  # fmt: skip
        # The base of x_i is itself a `name` node; x stands alone only where it occurs more often than as such a base.
        self.plain = {name for name, times in names.items() if times > bases[name]}

    def compares_indices(self, tree: Raw, env: Mapping[str, Scope]) -> bool:
        """Whether a comparison is one of indices: 1[i = j], 1[k ≠ 1], and any with the index of a sum."""
        letters = [a for a in tree.args if a.op in ("name", "index")]
        if not letters or not all(a.op == "number" or a in letters for a in tree.args):
            return False
        free = tree.value in ("=", "!=")
        return all(
            a.op == "index"
            or a.value in env
            or (free and a.value in INDEX_LETTERS and a.value not in self.ranks and a.value not in self.sizes)
            for a in letters
        )

    def stands_alone(self, name: str) -> bool:
        """Whether a name is declared, defined, a parameter, or stands somewhere without a subscript."""
        return name in self.ranks or name in self.definitions or name in self.parameters or name in self.plain

    def known(self, name: str) -> bool:
        """Whether a name is in play, so that its subscripts count entries."""
        return self.stands_alone(name) or name in self.indexed

    # One rule an operation

    def node(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        """One node and all below it."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise LimitError(
                f"With its definitions put in, the expression has more than {MOST_NODES:,} parts.", span=tree.span
            )
        op = tree.op
        if op == "name":
            return self.name(tree, env)
        if op == "number" or op == "constant":
            return tree
        if op == "subscript":
            return self.subscript(tree, env)
        if op == "bound":
            return self.bound(tree, env)
        if op == "ranged":
            which, letter, first, last = tree.value
            return self.written_out(tree, which, letter, range(first, last + 1), env)
        if op == "listed":
            limit = self.extent(tree.args[1])
            general = raw("components", tree.span, tree.args[:1], ((str(tree.value),), None, "column", (limit,)))
            return self.components_with_limits(general, env)
        if op == "index":
            return self.index(str(tree.value), tree.span, env)
        if op == "entries":
            return self.entries(tree, env)
        if op == "pick":
            return self.pick(tree, env)
        if op == "compare":
            return self.compare(tree, env)
        if op in ("ones", "zeros", "identity"):
            return replace(tree, args=(), value=tuple(self.extent(a) for a in tree.args))
        if op == "apply" and tree.value[0] in ("eye", "ones", "zeros"):
            return self.block(tree)
        if op == "rows" and any(a.op == "dots" for a in tree.args):
            return self.node(self.with_dots(tree), env)
        if op == "components":
            return self.components_with_limits(tree, env)
        if op == "otherwise":
            raise NotationError("“otherwise” belongs to the branches of cases.", span=tree.span)
        if op in ("dots", "blank"):
            if op == "blank":
                return raw("number", tree.span, (), "0")
            raise NotationError("Dots are read only where the entry they stand for is clear.", span=tree.span)
        args = tuple(self.node(a, env) for a in tree.args)
        if op == "cases" and [a.value for a in args] == ["1", "=", "0"] and all(a.op == "index" for a in args[1].args):
            return raw("delta", tree.span, args[1].args)  # np.where(i == j, 1, 0)
        return replace(tree, args=args)

    def name(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        name = str(tree.value)
        if name in env:
            if name not in self.ranks:
                raise UnsupportedError(f"The index {name} is used as a number, which is not read.", span=tree.span)
        if name in self.definitions:
            return self.definition(name, tree.span)
        if name in self.identities:
            return raw("identity", tree.span, (), (self.identities[name],))
        if name in self.sizes and name not in self.ranks and name not in self.parameters:
            return raw("size", tree.span, (), name)
        return raw("symbol", tree.span, (), name)

    def definition(self, name: str, span: Span) -> Raw:
        """What a defined name stands for, at the place where it is used."""
        if name in self.defining:
            circle = " → ".join((*self.defining[self.defining.index(name) :], name))
            raise NotationError(f"The definitions go in a circle: {circle}.", span=span)
        self.defining.append(name)
        if self.definitions[name].levels() + len(self.defining) > MOST_LEVELS:
            raise LimitError("The definitions are nested too deep.", span=span)
        tree = placed(self.node(self.definitions[name], {}), span)
        self.defining.pop()
        return tree

    def index(self, letter: str, span: Span, env: Mapping[str, Scope]) -> Raw:
        """A letter that counts, or a whole number."""
        if letter == ":":
            return raw("index", span, (), (":", ":"))
        if letter.isdecimal():
            if letter == "0":
                raise NotationError("Entries are counted from 1.", span=span)
            return raw("number", span, (), letter)
        scope = env.get(letter, letter)
        if scope == letter and letter not in self.free:
            self.free.append(letter)
        return raw("index", span, (), (letter, scope))

    def subscript(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        """x_i: an entry, a row of X, or a name of its own."""
        base, text = tree.args[0], str(tree.value)
        name = str(base.value)
        parts = indices_in(text)
        if declared := self.vocabulary.find(with_parts(name, text)):  # after w_i became w_1
            return self.name(raw("name", tree.span, (), declared), {})
        own = raw("symbol", tree.span, (), with_parts(name, text))
        if parts is None or name in ("e", "pi"):
            return own
        bound = any(p in env for p in parts)
        counts = bound or any(p in self.counted for p in parts)
        if name in self.ranks and self.ranks[name] == 0:
            return own
        if len(parts) == 1 and not parts[0].isdecimal() and (not self.stands_alone(name) or name in self.vectors):
            row = self.row_of(name, parts, tree, env)
            if row is not None:
                return row
        if not self.known(name):
            pair = len(parts) == 2 and all(p in INDEX_LETTERS or p == ":" for p in parts)
            if not (counts or pair):
                return own
        elif not (bound or all(p.isdecimal() or p == ":" or p in INDEX_LETTERS or p in self.counted for p in parts)):
            return own
        if len(parts) == 1 and len(text) == 2 and text.isdecimal() and self.ranks.get(name) == 2:
            parts = list(text)
        return self.entry(self.name(base, {}), parts, tree.span, env)

    def row_of(self, name: str, parts: list[str], tree: Raw, env: Mapping[str, Scope]) -> Raw | None:
        """x_i as row i of X, where X is declared as a matrix and x is not."""
        capital = name.upper()
        if len(name) != 1 or not name.islower() or capital in self.definitions:
            return None
        if capital in self.ranks:
            if self.ranks[capital] != 2 or (parts[0] not in env and parts[0] not in INDEX_LETTERS):
                return None
        elif name not in self.vectors or parts[0] not in env:
            return None
        note = f"{name}_{parts[0]} is row {parts[0]} of {capital}, as a column."
        if note not in self.notes:
            self.notes.append(note)
        return raw("row", tree.span, (raw("symbol", tree.span, (), capital), self.index(parts[0], tree.span, env)))

    def entry(self, base: Raw, parts: list[str], span: Span, env: Mapping[str, Scope]) -> Raw:
        return raw("entry", span, (base, *(self.index(p, span, env) for p in parts)))

    def bound(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        """A sum: its index gets a scope of its own; over numbered names it is written out."""
        which, letter = tree.value
        body, *limits = tree.args
        limit: Size | None = self.extent(limits[0]) if limits else None
        if isinstance(limit, int) and (self.is_family(body, letter, env) or self.is_number(body, letter)):
            return self.written_out(replace(tree, args=(body,)), which, letter, range(1, limit + 1), env)
        self.scopes += 1
        scope = self.scopes
        inner = self.node(body, {**env, letter: scope})
        return raw("bound", tree.span, (inner,), (which, letter, scope, limit))

    def written_out(self, tree: Raw, which: str, letter: str, values: range, env: Mapping[str, Scope]) -> Raw:
        """A sum or product term by term."""
        if len(values) > MOST_TERMS:
            raise LimitError(f"A sum of more than {MOST_TERMS} terms is not written out.", span=tree.span)
        if not values:
            return raw("number", tree.span, (), "0" if which == "sum" else "1")
        terms = tuple(self.node(numbered(tree.args[0], letter, str(i)), env) for i in values)
        note = f"The {'sum' if which == 'sum' else 'product'} over {letter} is written out."
        if note not in self.notes:
            self.notes.append(note)
        if len(values) == 1:
            return terms[0]
        op, sign = ("terms", "+") if which == "sum" else ("chain", "*")
        return raw(op, tree.span, terms, (sign,) * (len(values) - 1))

    def is_number(self, body: Raw, letter: str) -> bool:
        """Whether the index of a sum is used as a number: Σ_{k=1}^3 k²."""
        inside = (node for node in body.walk() if node.op not in ("compare", "subscript"))
        return letter not in self.ranks and any(a.op == "name" and a.value == letter for node in inside for a in node.args or (node,))

    def is_family(self, body: Raw, letter: str, env: Mapping[str, Scope]) -> bool:
        """Whether the body speaks of w_i where only w_1, w_2, ... are declared."""
        for node in body.walk():
            if node.op == "subscript" and node.value == letter:
                base = str(node.args[0].value)
                known = base in self.ranks or base in self.definitions or base in self.plain
                if not known and self.vocabulary.find(with_parts(base, "1")) is not None:
                    return True
        return False

    def extent(self, node: Raw) -> Size:
        """A size that is written in the text: the d of ∑_{j=1}^d, of I_d."""
        if node.op == "number" and str(node.value).isdecimal():
            value = int(str(node.value))
            if not 0 < value <= 4096:
                raise LimitError("A size is a whole number from 1 to 4,096.", span=node.span)
            return value
        if node.op == "name":
            self.named_sizes.add(str(node.value))
            return str(node.value)
        if node.op == "subscript" and re.fullmatch(r"\w+", str(node.value)):
            name = with_parts(str(node.args[0].value), str(node.value))
            self.named_sizes.add(name)
            return name
        raise UnsupportedError("A size is read as a letter or a whole number only.", span=node.span)

    def block(self, tree: Raw) -> Raw:
        """np.eye(n), np.ones((n, m)), np.zeros(n)."""
        name = tree.value[0]
        args = tree.args[0].args if tree.args[0].op == "rows" else tree.args
        sizes = tuple(self.extent(a) for a in args)
        if name == "eye":
            return raw("identity", tree.span, (), sizes[:1])
        return raw(name, tree.span, (), sizes)

    def entries(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        """[...]_{ij}: the general entry, or the matrix whose general entry is given."""
        parts = indices_in(str(tree.value))
        base = tree.args[0]
        if parts is None:
            raise NotationError("An index was expected as subscript of an expression.", span=tree.span)
        letters = [p for p in parts if p.isalpha() and p not in env]
        if letters and len(letters) == len(parts) == len(set(parts)) <= 2 and base.op not in ("apply", "identity"):
            free = list(self.free)
            scopes: dict[str, Scope] = {}
            for letter in letters:
                self.scopes += 1
                scopes[letter] = self.scopes
            inner = self.node(base, {**env, **scopes})
            used = {n.value[1] for n in inner.walk() if n.op == "index"}
            if used & set(scopes.values()):
                limits = (None,) * len(letters)
                full = "full" if len(letters) == 2 else "column"
                return raw("components", tree.span, (inner,), (tuple(letters), tuple(scopes.values()), full, limits))
            self.free[:] = free
        return self.entry(self.node(base, env), parts, tree.span, env)

    def pick(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        """X[0, 1], X[:, 0], w[i]: NumPy's indices count from 0."""
        items: tuple[str, ...] = tree.value
        if "None" in items:
            if items in ((":", "None"), ("None", ":")):
                op = "as_column" if items[0] == ":" else "as_row"
                return raw(op, tree.span, (self.node(tree.args[0], env),))
            raise UnsupportedError("None is read in x[:, None] and x[None, :] only.", span=tree.span)
        indices = []
        for item in items:
            if item == ":":
                indices.append(raw("index", tree.span, (), (":", ":")))
            elif item.isdecimal():
                indices.append(raw("number", tree.span, (), str(int(item) + 1)))
            elif item.startswith("-"):
                raise UnsupportedError("Entries counted from the end are not read.", span=tree.span)
            else:
                indices.append(self.index(item, tree.span, env))
        if any(i.op == "number" for i in indices):
            self.notes.append("Entries in square brackets are counted from 0, as in NumPy.")
        return raw("entry", tree.span, (self.node(tree.args[0], env), *indices))

    def compare(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        """A comparison of numbers, or of indices."""
        if self.compares_indices(tree, env):
            sides = [a if a.op == "number" else self.index(str(a.value), a.span, env) for a in tree.args]
            return replace(tree, args=tuple(sides))
        return replace(tree, args=tuple(self.node(a, env) for a in tree.args))

    # Dots

    def with_dots(self, tree: Raw) -> Raw:
        """A row, column, diagonal or full matrix whose entries follow a pattern, as its general entry."""
        rows, columns = tree.value
        cells = [tree.args[r * columns : (r + 1) * columns] for r in range(rows)]
        entries = [a for a in tree.args if a.op not in ("dots", "blank") and a.value != "0"]
        if rows == 1 or columns == 1:
            if tree.args[0].op != "dots" != tree.args[-1].op and sum(a.op == "dots" for a in tree.args) == 1:
                body, limit = self.pattern([a for a in tree.args if a.op != "dots"], "i", tree.span)
                arrangement = "column" if columns == 1 else "row"
                return raw("components", tree.span, (body,), (("i",), None, arrangement, (limit,)))
        elif rows == columns and _is_diagonal(cells):
            body, limit = self.pattern(entries, "i", tree.span)
            return raw("components", tree.span, (body,), (("i",), None, "diagonal", (limit,)))
        elif not any(a.op == "dots" for a in (cells[0][0], cells[0][-1], cells[-1][0], cells[-1][-1])):
            top, right = self.pattern([cells[0][0], cells[0][-1]], "j", tree.span)
            bottom, _ = self.pattern([cells[-1][0], cells[-1][-1]], "j", tree.span)
            body, down = self.pattern([top, bottom], "i", tree.span)
            return raw("components", tree.span, (body,), (("i", "j"), None, "full", (down, right)))
        raise NotationError("Dots are read only where the entry they stand for is clear.", span=tree.span)

    def pattern(self, entries: list[Raw], letter: str, span: Span) -> tuple[Raw, Size]:
        """The general entry between the first and the last, and how far it runs."""
        limits: set[str] = set()
        body = generalised(entries[0], entries[-1], letter, limits)
        if body is None or len(limits) != 1:
            raise NotationError("The entry that the dots stand for is not clear.", span=span)
        limit = limits.pop()
        for i, entry in enumerate(entries[:-1]):
            if numbered(body, letter, str(i + 1)) != entry and entry.op != "dots":
                raise NotationError("The entry that the dots stand for is not clear.", span=entry.span)
        if limit.isdecimal():
            return body, int(limit)
        self.named_sizes.add(limit)
        return body, limit

    def components_with_limits(self, tree: Raw, env: Mapping[str, Scope]) -> Raw:
        letters, _, arrangement, limits = tree.value
        scopes: dict[str, Scope] = {}
        for letter in letters:
            self.scopes += 1
            scopes[letter] = self.scopes
        inner = self.node(tree.args[0], {**env, **scopes})
        return raw("components", tree.span, (inner,), (letters, tuple(scopes.values()), arrangement, limits))


def _as_vectors(node: Raw) -> list[Raw]:
    """The x_i that a node takes as vectors: in x_i^T, w^T x_i, ‖x_i - c‖."""
    parts: list[Raw] = []
    if node.op == "transpose":
        parts = list(node.args)
    elif node.op == "norm":
        parts = list(node.args[0].args) if node.args[0].op == "terms" else list(node.args)
    elif node.op == "chain":
        parts = [b for a, b in zip(node.args, node.args[1:], strict=False) if a.op == "transpose"]
    return [p for p in parts if p.op == "subscript"]


def _is_diagonal(cells: Sequence[Sequence[Raw]]) -> bool:
    """Whether nothing but zeros and dots stands off the diagonal, between a first and a last entry."""
    off = (cell for r, row in enumerate(cells) for c, cell in enumerate(row) if r != c)
    ends = (cells[0][0].op, cells[-1][-1].op)
    return "dots" not in ends and all(cell.op in ("dots", "blank") or cell.value == "0" for cell in off)


def placed(tree: Raw, span: Span) -> Raw:
    """A tree all of whose parts stand at one place (depth is bounded before)."""
    return replace(tree, span=span, args=tuple(placed(a, span) for a in tree.args))


def numbered(tree: Raw, letter: str, number: str) -> Raw:
    """The tree with a number in place of an index letter."""
    if tree.op == "subscript":
        parts = indices_in(str(tree.value))
        if parts and letter in parts:
            text = ("," if "," in str(tree.value) else "").join(number if p == letter else p for p in parts)
            return replace(tree, value=text)
        return tree
    if tree.op in ("name", "index") and tree.value == letter:
        return raw("number", tree.span, (), number)
    return replace(tree, args=tuple(numbered(a, letter, number) for a in tree.args))


def generalised(first: Raw, last: Raw, letter: str, limits: set[str]) -> Raw | None:
    """What two entries have in common, with an index where one has 1 and the other its last value."""
    if first.op == last.op == "subscript" and first.args == last.args:
        if first.value == last.value:
            return first
        left, right = indices_in(str(first.value)), indices_in(str(last.value))
        if left and right and len(left) == 1 and left[0].isdecimal() and len(left[0]) == len(right):
            left = list(left[0])
        if left is None or right is None or len(left) != len(right):
            return None
        parts = []
        for a, b in zip(left, right, strict=True):
            if a != b:
                if a != "1":
                    return None
                limits.add(b)
            parts.append(letter if a != b else a)
        return replace(first, value="".join(parts) if all(len(p) == 1 for p in parts) else ",".join(parts))
    if first.op != last.op or first.value != last.value or len(first.args) != len(last.args):
        return None
    parts_of = [generalised(a, b, letter, limits) for a, b in zip(first.args, last.args, strict=True)]
    if any(p is None for p in parts_of):
        return None
    return replace(first, args=tuple(p for p in parts_of if p is not None))
