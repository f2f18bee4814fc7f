"""From the written form to its meaning: every operation on matrices becomes one on general elements.

While an expression is lowered, its axes carry labels: "row" and "column" for those of the matrix it is, and the names of
free indices (the i of X_ij) beside them. A transpose only exchanges two labels; a product is one index structure.

The walk keeps, for every closed element, how it was written: matrix notation of results reuses the writer's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import LimitError, ShapeError, UnsupportedError
from ..notation.written import Written
from ..sizes import Shape, Size
from .elements import (
    Element,
    Factor,
    Label,
    axes_of,
    broadcast,
    entrywise,
    identity,
    inverse,
    is_zero,
    mapped,
    merge,
    node,
    number,
    power,
    product,
    size,
    total,
    variable,
    zero,
)
from .functions import FUNCTIONS
from .symbolic import derivative_element

ROW, COLUMN = "row", "column"
MOST_INDEX = 1000
SYMMETRIC_DOMAINS = frozenset({"symmetric", "spd"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """An element with a label on every axis."""

    element: Element
    labels: tuple[Label, ...]

    @property
    def sizes(self) -> dict[Label, Size]:
        return dict(zip(self.labels, self.element.shape, strict=True))


@dataclass(slots=True)
class Meaning:
    """Lowers written forms. `spelled` remembers how closed elements were written, `axes` the sizes of free indices.

    With `opened`, the products under a sum become one product, which is cheap to evaluate however many factors it has;
    without, they stay grouped as they were written.
    """

    axes: dict[str, Size] = field(default_factory=dict)
    spelled: dict[Element, Written] = field(default_factory=dict)
    opened: bool = False

    def of(self, tree: Written) -> Element:
        """The element of a closed expression; its axes are rows then columns, without axes of size 1.

        Free indices (X_ij without a sum) become axes too, in order of appearance, before those.
        """
        lowered = self.lower(tree)
        free = [label for label in lowered.labels if label not in (ROW, COLUMN)]
        return ordered(lowered, [*free, *(x for x in (ROW, COLUMN) if x in lowered.labels)]).element

    def lower(self, tree: Written) -> Labelled:
        """The element of an expression with labels on its axes."""
        rule = _RULES.get(tree.op)
        if rule is None:
            raise UnsupportedError(f"There is no meaning for “{tree.op}” here.", span=tree.span)
        lowered = rule(self, tree)
        plain = tree.op not in ("compare", "indicator") and lowered.element.kind not in ("number", "variable")
        if plain and lowered.labels in ((), (ROW,), (ROW, COLUMN)):
            self.spelled.setdefault(lowered.element, tree)
        return lowered

    def axis(self, index: Written) -> Size:
        """The size of a free index."""
        name = str(index.value)
        if name not in self.axes:
            raise ShapeError(f"The size of the index {name} is not known here.", span=index.span)
        return self.axes[name]

    def entries(self, tree: Written, count: int | None = None) -> list[Labelled]:
        return [self.lower(a) for a in tree.args[:count]]


def ordered(lowered: Labelled, labels: Sequence[Label]) -> Labelled:
    """The same tensor with its axes in the order of `labels`."""
    labels = tuple(labels)
    if labels == lowered.labels:
        return lowered
    return Labelled(product(labels, [(lowered.element, lowered.labels)], lowered.sizes), labels)


def _joined(parts: Sequence[Labelled]) -> tuple[tuple[Label, ...], dict[Label, Size]]:
    """The labels of all parts: free indices first, then rows, then columns; and their sizes."""
    sizes: dict[Label, Size] = {}
    for part in parts:
        sizes.update(part.sizes)
    free = [label for label in sizes if label not in (ROW, COLUMN)]
    return (*free, *(x for x in (ROW, COLUMN) if x in sizes)), sizes


def _spread(parts: Sequence[Labelled]) -> tuple[list[Element], tuple[Label, ...]]:
    """All parts on the same axes: what lacks an axis is repeated along it."""
    labels, sizes = _joined(parts)
    spread = []
    for part in parts:
        element = part.element
        if part.labels != labels and not (is_zero(element) and not part.labels):
            element = product(labels, [(element, part.labels)], sizes)
        spread.append(element)
    return spread, labels


def _numeric(tree: Written) -> Fraction | None:
    """The rational number that is written here, if it is one."""
    if tree.op == "number":
        return Fraction(str(tree.value))
    if tree.op == "neg":
        inner = _numeric(tree.args[0])
        return None if inner is None else -inner
    if tree.op == "divide":
        top, bottom = _numeric(tree.args[0]), _numeric(tree.args[1])
        return None if top is None or not bottom else top / bottom
    return None


def _name(meaning: Meaning, tree: Written) -> Labelled:
    shape = tree.shape
    labels: tuple[Label, ...]
    if len(shape) == 2:
        labels = tuple(label for label, s in zip((ROW, COLUMN), shape, strict=True) if s != 1)
        shape = tuple(s for s in shape if s != 1)
    else:
        labels = tuple(f"axis{i}" for i in range(len(shape)))
    element = variable(str(tree.value), shape)
    if labels == (COLUMN,):  # a declared row: what has its entries as a column is its transpose
        meaning.spelled.setdefault(element, Written("transpose", (tree,), None, (tree.shape[1], tree.shape[0])))
    return Labelled(element, labels)


def _block(fill: Callable[[Shape], Element]) -> Callable[[Meaning, Written], Labelled]:
    def rule(_: Meaning, tree: Written) -> Labelled:
        labels = tuple(label for label, s in zip((ROW, COLUMN), tree.shape, strict=True) if s != 1)
        return Labelled(fill(tuple(s for s in tree.shape if s != 1)), labels)

    return rule


def _add(meaning: Meaning, tree: Written) -> Labelled:
    left, right = meaning.entries(tree)
    if tree.op == "sub":
        right = Labelled(_negated(right.element), right.labels)
    elements, labels = _spread([left, right])
    shape = max((e.shape for e in elements), key=len)
    return Labelled(total(elements, shape), labels)


def _negated(element: Element) -> Element:
    labels, sizes = axes_of(element.shape)
    return product(labels, [(element, labels)], sizes, -1)


def _neg(meaning: Meaning, tree: Written) -> Labelled:
    inner = meaning.lower(tree.args[0])
    return Labelled(_negated(inner.element), inner.labels)


def _times(meaning: Meaning, tree: Written) -> Labelled:
    left, right = meaning.entries(tree)
    labels, sizes = _joined([left, right])
    return Labelled(product(labels, [(left.element, left.labels), (right.element, right.labels)], sizes), labels)


def _renamed(part: Labelled, names: Mapping[Label, Label]) -> Labelled:
    return Labelled(part.element, tuple(names.get(label, label) for label in part.labels))


def _matmul(meaning: Meaning, tree: Written) -> Labelled:
    left, right = meaning.entries(tree)
    inner = object()
    left, right = _renamed(left, {COLUMN: inner}), _renamed(right, {ROW: inner})
    labels, sizes = _joined([left, right])
    labels = tuple(label for label in labels if label is not inner)
    return Labelled(product(labels, [(left.element, left.labels), (right.element, right.labels)], sizes), labels)


def _dot(meaning: Meaning, tree: Written) -> Labelled:
    left, right = meaning.entries(tree)
    labels, sizes = _joined([left, right])
    labels = tuple(label for label in labels if label not in (ROW, COLUMN))
    return Labelled(product(labels, [(left.element, left.labels), (right.element, right.labels)], sizes), labels)


def _kron(meaning: Meaning, tree: Written) -> Labelled:
    left, right = meaning.entries(tree)
    a, b = _renamed(left, {ROW: "ra", COLUMN: "ca"}), _renamed(right, {ROW: "rb", COLUMN: "cb"})
    labels, sizes = _joined([a, b])
    groups = [[x for x in pair if x in labels] for pair in (("ra", "rb"), ("ca", "cb"))]
    free = [label for label in labels if label not in ("ra", "rb", "ca", "cb")]
    order = (*free, *groups[0], *groups[1])
    element = product(order, [(a.element, a.labels), (b.element, b.labels)], sizes)
    where = {label: i for i, label in enumerate(order)}
    kept = [(label, group) for label, group in zip((ROW, COLUMN), groups, strict=True) if group]
    axes = [[where[f]] for f in free] + [[where[x] for x in group] for _, group in kept]
    return Labelled(merge(element, axes), (*free, *(label for label, _ in kept)))


def _divide(meaning: Meaning, tree: Written) -> Labelled:
    value = _numeric(tree)
    if value is not None:
        return Labelled(number(value), ())
    top, bottom = meaning.entries(tree)
    labels, sizes = _joined([top, bottom])
    return Labelled(product(labels, [(top.element, top.labels), (power(bottom.element, -1), bottom.labels)], sizes), labels)


def _power(meaning: Meaning, tree: Written) -> Labelled:
    base, exponent = meaning.lower(tree.args[0]), _numeric(tree.args[1])
    if exponent is not None:
        return Labelled(power(base.element, exponent), base.labels)
    top = meaning.lower(tree.args[1])
    if base.element.kind == "constant" and base.element.value == "e":
        return Labelled(mapped("exp", [top.element]), top.labels)
    elements, labels = _spread([base, top])
    return Labelled(mapped("pow", elements), labels)


def _matrix_power(meaning: Meaning, tree: Written) -> Labelled:
    exponent = _numeric(tree.args[1])
    if exponent is None or exponent.denominator != 1 or abs(exponent) > 64:
        raise UnsupportedError("A power of a matrix needs a whole number between −64 and 64 as exponent.", span=tree.span)
    base = meaning.lower(tree.args[0])
    if exponent == 0:
        return Labelled(identity(tree.shape[0]), (ROW, COLUMN))
    factor = ordered(base, (ROW, COLUMN)).element
    if exponent < 0:
        factor = inverse(factor)
    count = abs(int(exponent))
    labels = tuple(range(count + 1))
    sizes = dict.fromkeys(labels, factor.shape[0])
    return Labelled(product((0, count), [(factor, (i, i + 1)) for i in range(count)], dict(sizes)), (ROW, COLUMN))


def _form(name: str, args: Sequence[Element], shape: Shape) -> Element:
    return node("form", tuple(args), name, shape)


def _transpose(meaning: Meaning, tree: Written) -> Labelled:
    return _renamed(meaning.lower(tree.args[0]), {ROW: COLUMN, COLUMN: ROW})


def _inverse(meaning: Meaning, tree: Written) -> Labelled:
    inner = meaning.lower(tree.args[0])
    if not inner.labels:
        return Labelled(power(inner.element, -1), ())
    return Labelled(inverse(inner.element), inner.labels)  # (Aᵀ)⁻¹ = (A⁻¹)ᵀ: the labels say it


def _norm(meaning: Meaning, tree: Written) -> Labelled:
    inner = meaning.lower(tree.args[0])
    if tree.value == "1":
        absolute = mapped("abs", [inner.element])
        return Labelled(_summed(absolute), ())
    return Labelled(power(_summed_squares(inner.element), Fraction(1, 2)), ())


def _summed(element: Element) -> Element:
    element = element.args[0] if element.kind == "merge" else element  # vec only puts the entries in another order
    labels, sizes = axes_of(element.shape)
    return product((), [(element, labels)], sizes)


def _summed_squares(element: Element) -> Element:
    return _summed(power(element.args[0] if element.kind == "merge" else element, 2))


def _number(_: Meaning, tree: Written) -> Labelled:
    return Labelled(number(Fraction(str(tree.value))), ())


def _size(_: Meaning, tree: Written) -> Labelled:
    return Labelled(size(tree.value if isinstance(tree.value, int) else str(tree.value)), ())


def _constant(_: Meaning, tree: Written) -> Labelled:
    return Labelled(node("constant", (), tree.value), ())


def _oslash(meaning: Meaning, tree: Written) -> Labelled:
    return _divide(meaning, tree)


def _sum(meaning: Meaning, tree: Written) -> Labelled:
    name, extent = tree.value
    outer = meaning.axes.get(name)
    meaning.axes[name] = extent
    body = meaning.lower(tree.args[0])
    meaning.axes.pop(name)
    if outer is not None:
        meaning.axes[name] = outer
    labels = tuple(label for label in body.labels if label != name)
    factors = [(body.element, body.labels)]
    if tree.op == "prod":
        last = ordered(body, (*labels, name)) if name in body.labels else body
        if name not in body.labels:
            raise UnsupportedError("A product over an index that its body does not have.", span=tree.span)
        return Labelled(_form("prod", [last.element], last.element.shape[:-1]), labels)
    if name not in body.labels:
        factors.append((size(extent), ()))
    return Labelled(product(labels, factors, body.sizes, flat=meaning.opened), labels)


def _entry(meaning: Meaning, tree: Written) -> Labelled:
    base = meaning.lower(tree.args[0])
    order: list[Label] = [x for x in (ROW, COLUMN) if x in base.labels]  # the first index is the row, of a transpose too
    order += [label for label in base.labels if str(label).startswith("axis")]
    indices = list(tree.args[1:])
    if len(indices) == 2 and len(order) == 1:  # an entry of a column or row with both indices: the axis of size 1 has none
        indices = [indices[0] if order[0] == ROW else indices[1]]
    factors, deltas = [(base.element, base.labels)], []
    sizes, kept = base.sizes, [label for label in base.labels if label not in order]
    for label, index in zip(order, indices, strict=False):
        if index.op == "number":
            if int(str(index.value)) > MOST_INDEX:
                raise LimitError(f"The index {index.value} is larger than {MOST_INDEX:,}, the most that is worked on.", span=index.span)
            factors.append((node("unit", (), int(str(index.value)), (sizes[label],)), (label,)))
        elif index.value == ":":
            kept.append(label)
        else:
            name = str(index.value)
            sizes[name] = sizes[label]
            deltas.append((name, label))
            kept.append(name)
    kept += order[len(indices):]
    if len(kept) == len([k for k in kept if k in (ROW, COLUMN)]) == 1 and tree.shape[0] != 1:
        # one row or column of a matrix, read as a column
        return _renamed(Labelled(product(kept, factors, sizes, 1, deltas), tuple(kept)), {COLUMN: ROW})
    names = list(dict.fromkeys(kept))  # X_ii has one free index on two axes
    return Labelled(product(names, factors, sizes, 1, deltas), tuple(names))


def _delta(meaning: Meaning, tree: Written) -> Labelled:
    left, right = tree.args
    if left.op == right.op == "number":
        return Labelled(number(int(left.value == right.value)), ())
    if left.op == "number" or right.op == "number":
        index, fixed = (right, left) if left.op == "number" else (left, right)
        extent = meaning.axis(index)
        return Labelled(node("unit", (), int(str(fixed.value)), (extent,)), (str(index.value),))
    a, b = str(left.value), str(right.value)
    if a == b:
        return Labelled(number(1), ())
    extent = meaning.axis(left if a in meaning.axes or b not in meaning.axes else right)
    return Labelled(identity(extent), (a, b))


def _index(meaning: Meaning, tree: Written) -> Labelled:
    raise UnsupportedError("An index is no number here.", span=tree.span)


def _compare(meaning: Meaning, tree: Written) -> Labelled:
    if all(a.op in ("index", "number") for a in tree.args) and any(a.op == "index" for a in tree.args):
        if tree.value == "=":
            return _delta(meaning, tree)
        if tree.value == "!=":
            equal = _delta(meaning, tree)
            elements, labels = _spread([Labelled(number(1), ()), Labelled(_negated(equal.element), equal.labels)])
            return Labelled(total(elements, max((e.shape for e in elements), key=len)), labels)
        if tree.value == ">=" and all(a.op == "index" for a in tree.args):
            i, j = (str(a.value) for a in tree.args)
            return Labelled(node("lower", (), None, (meaning.axis(tree.args[0]),) * 2), (i, j))
        raise UnsupportedError("Indices are compared with =, ≠ and ≥ only.", span=tree.span)
    elements, labels = _spread(meaning.entries(tree))
    return Labelled(mapped(str(tree.value), elements), labels)


def _indicator(meaning: Meaning, tree: Written) -> Labelled:
    return meaning.lower(tree.args[0])


def _cases(meaning: Meaning, tree: Written) -> Labelled:
    parts = meaning.entries(tree)
    *pairs, last = parts if tree.value else [*parts, parts[-2]]
    if not tree.value:  # the last condition is taken to hold where no other does
        pairs = pairs[:-2]
    elements, labels = _spread([*pairs, last])
    *branches, result = elements
    for value, condition in reversed(list(zip(branches[::2], branches[1::2], strict=True))):
        result = mapped("where", [condition, value, result])
    return Labelled(result, labels)


def _components(meaning: Meaning, tree: Written) -> Labelled:
    names = tuple(tree.value)
    known = {n: meaning.axes.get(n) for n in names}
    for name, extent in zip(names, [s for s in tree.shape if s != 1], strict=False):
        meaning.axes[name] = extent
    body = meaning.lower(tree.args[0])
    sizes = body.sizes | {n: meaning.axes[n] for n in names}
    for name, before in known.items():
        if before is None:
            meaning.axes.pop(name)
    free = [label for label in body.labels if label not in names]
    labels = (*free, *names)
    element = product(labels, [(body.element, body.labels)], sizes)
    axes = (ROW, COLUMN) if len(names) == 2 else (ROW,) if tree.shape[1] == 1 else (COLUMN,)
    return Labelled(element, (*free, *axes))


def _matrix(meaning: Meaning, tree: Written) -> Labelled:
    rows, columns = tree.value
    parts = meaning.entries(tree)
    elements, labels = _spread(parts)
    shape: Shape = max((e.shape for e in elements), key=len, default=())
    elements = [broadcast(e, shape) if not is_zero(e) else zero(shape) for e in elements]
    axes: list[Label] = []
    if rows > 1 and columns > 1:
        lines = [node("stack", tuple(elements[r * columns : (r + 1) * columns]), None, (columns, *shape)) for r in range(rows)]
        element, axes = node("stack", tuple(lines), None, (rows, columns, *shape)), [ROW, COLUMN]
    elif rows * columns > 1:
        element, axes = node("stack", tuple(elements), None, (rows * columns, *shape)), [ROW if rows > 1 else COLUMN]
    else:
        element = elements[0]
    return Labelled(element, (*axes, *labels))


def _stack(meaning: Meaning, tree: Written) -> Labelled:
    parts = meaning.entries(tree)
    along = 1 if tree.value == "columns" else 0
    if tree.shape[along] != len(parts) and any(not p.labels for p in parts):
        raise UnsupportedError("The parts of a vector are numbers, or have one length.", span=tree.span)
    if tree.value in ("rows", "columns"):
        flat = [ordered(p, [*(x for x in p.labels if x not in (ROW, COLUMN)), *(x for x in p.labels if x in (ROW, COLUMN))])
                for p in parts]
        if all(len(p.labels) <= 1 for p in flat):
            shape = max((p.element.shape for p in flat), key=len)
            if any(p.element.shape not in ((), shape) for p in flat):
                raise UnsupportedError("The parts of a vector are numbers, or have one length.", span=tree.span)
            element = node("stack", tuple(broadcast(p.element, shape) for p in flat), None, (len(flat), *shape))
            first, second = (ROW, COLUMN) if tree.value == "rows" else (COLUMN, ROW)
            return Labelled(element, (first, second)[: len(element.shape)])
    axis = 1 if tree.value == "columns" else 0
    shape = parts[0].element.shape
    extent = tree.shape[axis]
    result = (*shape[:axis], extent, *shape[axis + 1 :]) if len(shape) > 1 else (extent,)
    return Labelled(node("join", tuple(p.element for p in parts), axis if len(shape) > 1 else 0, result), parts[0].labels)


def _call(meaning: Meaning, tree: Written) -> Labelled:
    name, *settings = (tree.value,) if isinstance(tree.value, str) else tree.value
    options = dict(settings)
    if options.get("prime"):
        return _prime(meaning, tree, str(name), int(options["prime"]))
    if name in _CALLS:
        return _CALLS[name](meaning, tree, options)
    if name in ("sqrt", "cbrt"):
        inner = meaning.lower(tree.args[0])
        return Labelled(power(inner.element, Fraction(1, 2 if name == "sqrt" else 3)), inner.labels)
    if name in FUNCTIONS:
        row = FUNCTIONS[name]
        parts = meaning.entries(tree)
        parts += [Labelled(number(v), ()) for _, v in row.parameters[len(parts) - row.arity :]]
        if name == "maximum" and any(is_zero(p.element) for p in parts):  # max(0, z) is ReLU, with ReLU's convention at 0
            other = parts[1] if is_zero(parts[0].element) else parts[0]
            return Labelled(mapped("relu", [other.element]), other.labels)
        elements, labels = _spread(parts)
        return Labelled(mapped(str(name), elements), labels)
    raise UnsupportedError(f"There is no meaning for the function “{name}”.", span=tree.span)


def _prime(meaning: Meaning, tree: Written, name: str, times: int) -> Labelled:
    inner = meaning.lower(tree.args[0])
    if times != 1 or name not in FUNCTIONS:
        raise UnsupportedError(f"There is no rule for {name} with {times} primes.", span=tree.span)
    return Labelled(derivative_element(name, [inner.element], 0), inner.labels)


Options = Mapping[str, object]


def _reduced(meaning: Meaning, tree: Written, options: Options) -> tuple[Labelled, tuple[Label, ...]]:
    """The argument of a reduction, and the labels that it reduces."""
    inner = meaning.lower(tree.args[0])
    over: tuple[Label, ...] = tuple(label for label in inner.labels if label in (ROW, COLUMN))
    axis = options.get("axis")
    if axis is not None and len(over) == 2:
        over = ((ROW, COLUMN)[int(str(axis)) % 2],)
    return inner, over


def _column_like(result: Labelled, tree: Written) -> Labelled:
    """A reduction over rows leaves one axis; the written form says whether it is a column or a row."""
    axes = [label for label in result.labels if label in (ROW, COLUMN)]
    if len(axes) == 1 and len(tree.shape) == 2:
        want = ROW if tree.shape[0] != 1 else COLUMN
        return _renamed(result, {axes[0]: want})
    return result


def _sum_call(meaning: Meaning, tree: Written, options: Options) -> Labelled:
    inner, over = _reduced(meaning, tree, options)
    labels = tuple(label for label in inner.labels if label not in over)
    factors = [(inner.element, inner.labels)]
    if tree.value == "mean" or (isinstance(tree.value, tuple) and tree.value[0] == "mean"):
        factors = [(power(size(inner.sizes[label]), -1), ()) for label in over] + factors
    return _column_like(Labelled(product(labels, factors, inner.sizes), labels), tree)


def _reduction(form: str) -> Callable[[Meaning, Written, Options], Labelled]:
    """Reductions of one axis as forms, which take the last axis: prod, max, min, logsumexp."""

    def rule(meaning: Meaning, tree: Written, options: Options) -> Labelled:
        inner, over = _reduced(meaning, tree, options)
        labels = tuple(label for label in inner.labels if label not in over)
        moved = ordered(inner, (*labels, *over))
        element = moved.element
        if len(over) == 2:
            element = merge(element, [*([i] for i in range(len(labels))), [len(labels), len(labels) + 1]])
        if not over:
            return inner
        return _column_like(Labelled(_form(form, [element], element.shape[:-1]), labels), tree)

    return rule


def _softmax_like(form: str) -> Callable[[Meaning, Written, Options], Labelled]:
    """softmax and log-softmax: along a column or row, or along each row of a matrix (axis says otherwise)."""

    def rule(meaning: Meaning, tree: Written, options: Options) -> Labelled:
        inner = meaning.lower(tree.args[0])
        axes = [label for label in (ROW, COLUMN) if label in inner.labels]
        axis = options.get("axis")
        along = axes[int(str(axis)) % 2] if axis is not None and len(axes) == 2 else axes[-1]
        moved = ordered(inner, (*(label for label in inner.labels if label != along), along))
        result = Labelled(_form(form, [moved.element], moved.element.shape), moved.labels)
        return ordered(result, _joined([result])[0])

    return rule


def _trace(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    inner = meaning.lower(tree.args[0])
    labels = tuple(label for label in inner.labels if label not in (ROW, COLUMN))
    if COLUMN not in inner.labels:
        return inner
    return Labelled(product(labels, [(inner.element, inner.labels)], inner.sizes, 1, [(ROW, COLUMN)]), labels)


def _square_form(form: str) -> Callable[[Meaning, Written, Options], Labelled]:
    """Functions of a square matrix that give a number and do not see a transpose: det, log|det|."""

    def rule(meaning: Meaning, tree: Written, _: Options) -> Labelled:
        inner = meaning.lower(tree.args[0])
        if not inner.labels:
            return inner if form == "det" else Labelled(mapped("log", [mapped("abs", [inner.element])]), ())
        return Labelled(_form(form, [inner.element], ()), ())

    return rule


def _inv_call(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    return _inverse(meaning, tree)


def _pinv(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    """X⁺ = (XᵀX)⁻¹Xᵀ, for a matrix of full column rank."""
    x = ordered(meaning.lower(tree.args[0]), (ROW, COLUMN)).element
    n, d = x.shape
    gram = product(("a", "b"), [(x, ("i", "a")), (x, ("i", "b"))], {"i": n, "a": d, "b": d})
    return Labelled(product(("a", "i"), [(inverse(gram), ("a", "b")), (x, ("i", "b"))], {"a": d, "b": d, "i": n}), (ROW, COLUMN))


def _expm(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    inner = meaning.lower(tree.args[0])
    if ROW not in inner.labels or COLUMN not in inner.labels:  # of a number it is exp
        return Labelled(mapped("exp", [inner.element]), inner.labels)
    return Labelled(_form("expm", [inner.element], inner.element.shape), inner.labels)


def _diag(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    inner = meaning.lower(tree.args[0])
    axes = [label for label in inner.labels if label in (ROW, COLUMN)]
    if len(axes) == 2:
        return _diagonal(meaning, tree, {})
    place = tuple("d" if label in axes else label for label in inner.labels)
    free = tuple(label for label in inner.labels if label not in axes)
    sizes: dict[Label, Size] = dict(zip(place, inner.element.shape, strict=True))
    return Labelled(product((*free, "d", "d"), [(inner.element, place)], sizes), (*free, ROW, COLUMN))


def _diagonal(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    inner = meaning.lower(tree.args[0])
    free = tuple(label for label in inner.labels if label not in (ROW, COLUMN))
    element = product((*free, ROW), [(inner.element, inner.labels)], inner.sizes, 1, [(ROW, COLUMN)])
    return Labelled(element, (*free, ROW))


def _vec(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    """The columns one below the other: the row index varies fastest."""
    inner = meaning.lower(tree.args[0])
    if not (ROW in inner.labels and COLUMN in inner.labels):
        return _renamed(inner, {COLUMN: ROW})
    free = [label for label in inner.labels if label not in (ROW, COLUMN)]
    moved = ordered(inner, (*free, COLUMN, ROW))
    count = len(free)
    return Labelled(merge(moved.element, [*([i] for i in range(count)), [count, count + 1]]), (*free, ROW))


def _roll(meaning: Meaning, tree: Written, options: Options) -> Labelled:
    inner = meaning.lower(tree.args[0])
    along = ROW if ROW in inner.labels else COLUMN  # the first axis, of a transpose too
    extent = inner.sizes[along]
    shift = node("shift", (), int(str(options.get("shift", 0))), (extent, extent))
    labels = tuple("to" if label == along else label for label in inner.labels)
    element = product(labels, [(shift, ("to", along)), (inner.element, inner.labels)], inner.sizes | {"to": extent})
    return Labelled(element, inner.labels)


def _cumsum(meaning: Meaning, tree: Written, _: Options) -> Labelled:
    inner = meaning.lower(tree.args[0])
    along = ROW if ROW in inner.labels else COLUMN  # the first axis, of a transpose too
    extent = inner.sizes[along]
    labels = tuple("to" if label == along else label for label in inner.labels)
    lower = node("lower", (), None, (extent, extent))
    element = product(labels, [(lower, ("to", along)), (inner.element, inner.labels)], inner.sizes | {"to": extent})
    return Labelled(element, inner.labels)


def _einsum(meaning: Meaning, tree: Written, options: Options) -> Labelled:
    """NumPy's own index notation; the operands' axes in their array order."""
    given, _, out = str(options["spec"]).replace(" ", "").partition("->")
    factors: list[Factor] = []
    sizes: dict[Label, Size] = {}
    for place, part in zip(given.split(","), meaning.entries(tree), strict=True):
        element = part.element
        axes = sorted(part.labels, key=lambda label: (label == COLUMN, str(label)))
        element = ordered(part, axes).element
        factors.append((element, tuple(place)))
        sizes.update(zip(place, element.shape, strict=True))
    labels: tuple[Label, ...] = (ROW, COLUMN)[: len(out)] if len(out) <= 2 else tuple(f"axis{i}" for i in range(len(out)))
    result = Labelled(product(tuple(out), factors, dict(sizes)), labels)
    return _column_like(result, tree) if len(out) == 1 else result


_CALLS: dict[str, Callable[[Meaning, Written, Options], Labelled]] = {
    "sum": _sum_call, "mean": _sum_call, "prod": _reduction("prod"), "max": _reduction("max"), "min": _reduction("min"),
    "logsumexp": _reduction("logsumexp"), "softmax": _softmax_like("softmax"), "log_softmax": _softmax_like("log_softmax"),
    "trace": _trace, "det": _square_form("det"), "logdet": _square_form("logdet"), "inv": _inv_call, "pinv": _pinv,
    "expm": _expm, "diag": _diag, "diagonal": _diagonal, "vec": _vec, "roll": _roll, "cumsum": _cumsum, "einsum": _einsum,
}  # fmt: skip

_RULES: dict[str, Callable[[Meaning, Written], Labelled]] = {
    "number": _number, "name": _name, "constant": _constant, "size": _size,
    "identity": lambda _, t: Labelled(identity(t.shape[0]), (ROW, COLUMN)),
    "zeros": _block(zero), "ones": _block(lambda shape: broadcast(number(1), shape)),
    "neg": _neg, "add": _add, "sub": _add, "scale": _times, "hadamard": _times, "matmul": _matmul, "dot": _dot,
    "kron": _kron, "divide": _divide, "oslash": _oslash, "power": _power, "entrypower": _power,
    "matrixpower": _matrix_power, "transpose": _transpose, "inverse": _inverse, "call": _call, "norm": _norm,
    "matrix": _matrix, "stack": _stack, "entry": _entry, "index": _index, "sum": _sum, "prod": _sum, "delta": _delta,
    "indicator": _indicator, "compare": _compare, "cases": _cases, "components": _components,
}  # fmt: skip

__all__ = ["COLUMN", "ROW", "Labelled", "Meaning", "entrywise", "ordered"]
