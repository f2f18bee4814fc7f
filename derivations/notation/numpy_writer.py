"""The written form as a NumPy expression: numbers without axes, columns and rows with one, matrices with two.

Because a column and its transpose are the same array, a transpose of a vector is not printed, and a column times a row
is `np.outer`. Holds one rule an operation. Must not know the other styles, nor how a whole function is put together:
that is `numpy_source.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..errors import DefectError, UnsupportedError
from .numpy_einsum import summed
from .numpy_names import IDENTIFIER, Names
from .pieces import ADD, ATOM, COMPARE, MULTIPLY, NEGATE, POWER, Piece, axes, bound_of, fold, indices_of
from .spellings import FUNCTIONS
from .written import Written

_DIGITS = re.compile(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?\Z|\.[0-9]+([eE][+-]?[0-9]+)?\Z")

FUNCTION_SPELLINGS: dict[str, str] = {row.name: row.numpy or row.ascii for row in FUNCTIONS}
COMPARISONS = {"=": "==", "≠": "!=", "≤": "<=", "≥": ">="}

Rule = Callable[[Written, list[Piece], Names], Piece]


def expression(tree: Written, names: Names | None = None) -> Piece:
    """A tree as a NumPy expression."""
    known = names or Names()
    return fold(tree, lambda node, parts: piece_of(node, parts, known))


def piece_of(node: Written, parts: list[Piece], names: Names) -> Piece:
    """A node as an expression, given its arguments."""
    aside = names.aside.get(id(node))
    if aside is not None:
        return aside
    rule = RULES.get(node.op)
    if rule is None:
        raise DefectError(f"The writer has no NumPy rule for {node.op!r}.")
    return rule(node, parts, names)


def _called(function: str, *args: str) -> Piece:
    return Piece(f"{function}({', '.join(args)})")


def _binary(sign: str, left: Piece, right: Piece, binds: int) -> Piece:
    """A left-associative operation; `a + -b` would be read, but nobody writes it."""
    return Piece(f"{left.held(binds)} {sign} {right.held(max(binds + 1, MULTIPLY))}", binds)


def _extent(node: Written, names: Names) -> str:
    """The argument of np.ones and np.zeros."""
    sizes = [names.size(size).text for size in axes(node.shape)]
    return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"


# Leaves


def _number(node: Written, parts: list[Piece], names: Names) -> Piece:
    text = str(node.value)
    if not _DIGITS.match(text):
        raise DefectError(f"The number {text!r} is not written in digits.")
    return Piece(text.lstrip("0") or "0") if text.isdigit() else Piece(text)


def _name(node: Written, parts: list[Piece], names: Names) -> Piece:
    return Piece(names.name(str(node.value)))


def _constant(node: Written, parts: list[Piece], names: Names) -> Piece:
    return Piece({"pi": "np.pi", "e": "np.e"}[str(node.value)])


def _size(node: Written, parts: list[Piece], names: Names) -> Piece:
    return names.size(node.value if isinstance(node.value, int) else str(node.value))


def _identity(node: Written, parts: list[Piece], names: Names) -> Piece:
    return Piece("1") if node.is_scalar else _called("np.eye", names.size(node.shape[0]).text)


def _block(function: str, digit: str) -> Rule:
    def rule(node: Written, parts: list[Piece], names: Names) -> Piece:
        return _called(function, _extent(node, names)) if axes(node.shape) else Piece(digit)

    return rule


# Sums and products


def _added(sign: str) -> Rule:
    def rule(node: Written, parts: list[Piece], names: Names) -> Piece:
        left, right = map(_term, node.args, parts)
        return _binary(sign, left, right, ADD)

    return rule


def _term(node: Written, piece: Piece) -> Piece:
    """Truth values must not be added as such: True + True is True."""
    return _called("np.where", piece.text, "1", "0") if node.op == "compare" else piece


def _neg(node: Written, parts: list[Piece], names: Names) -> Piece:
    return Piece("-" + _term(node.args[0], parts[0]).held(NEGATE + 1), NEGATE)


def _times(node: Written, parts: list[Piece], names: Names) -> Piece:
    return _binary("*", parts[0], parts[1], MULTIPLY)


def _over(node: Written, parts: list[Piece], names: Names) -> Piece:
    """Entry by entry. Where that is to be read by us, a square matrix below a line would be a slip for the inverse."""
    below = node.args[1].shape
    if not names.strict and len(axes(below)) == 2 and below[0] == below[1]:
        return _called("np.divide", parts[0].text, parts[1].text)
    return _binary("/", parts[0], parts[1], MULTIPLY)


def _matmul(node: Written, parts: list[Piece], names: Names) -> Piece:
    left, right = node.args
    if left.is_scalar or right.is_scalar:
        return _times(node, parts, names)
    if left.shape[1] == 1:
        return _called("np.outer", parts[0].text, parts[1].text)
    return _binary("@", parts[0], parts[1], MULTIPLY)


def _dot(node: Written, parts: list[Piece], names: Names) -> Piece:
    return _called("np.dot", parts[0].text, parts[1].text)


def _kron(node: Written, parts: list[Piece], names: Names) -> Piece:
    """np.kron of arrays with one axis forgets which was the column, so those are told."""
    (a, b), (left, right) = node.args, parts
    if a.is_scalar or b.is_scalar:
        return _times(node, parts, names)
    if len(axes(a.shape)) == len(axes(b.shape)) == 1 and (a.shape[1] == 1) != (b.shape[1] == 1):
        return _called("np.outer", *((left.text, right.text) if a.shape[1] == 1 else (right.text, left.text)))
    if len(axes(a.shape)) == len(axes(b.shape)):
        return _called("np.kron", left.text, right.text)
    return _called("np.kron", _as_matrix(a, left), _as_matrix(b, right))


def _as_matrix(node: Written, piece: Piece) -> str:
    if len(axes(node.shape)) == 2:
        return piece.text
    return piece.held(ATOM) + ("[:, None]" if node.shape[1] == 1 else "[None, :]")


# Powers


def _power(node: Written, parts: list[Piece], names: Names) -> Piece:
    base, exponent = parts
    written = node.args[1]
    bare = written.op == "neg" and written.args[0].op in ("number", "name", "size")
    return Piece(f"{base.held(POWER + 1)} ** {exponent.text if bare else exponent.held(POWER)}", POWER)


def _matrixpower(node: Written, parts: list[Piece], names: Names) -> Piece:
    return _power(node, parts, names) if node.is_scalar else _called("np.linalg.matrix_power", *(p.text for p in parts))


def _transpose(node: Written, parts: list[Piece], names: Names) -> Piece:
    return Piece(parts[0].held(ATOM) + ".T") if len(axes(node.shape)) == 2 else parts[0]


def _inverse(node: Written, parts: list[Piece], names: Names) -> Piece:
    if node.is_scalar:
        return Piece(f"1 / {parts[0].held(MULTIPLY + 1)}", MULTIPLY)
    return _called("np.linalg.inv", parts[0].text)


# Functions


def setting_text(setting: tuple[str, object]) -> str:
    """A setting of a call as Python writes it: `axis=0`, `subscripts='ij,j->i'`."""
    key, value = setting
    if not IDENTIFIER.match(key):
        raise DefectError(f"The setting {key!r} has no name in the source.")
    return f"{key}={value}" if isinstance(value, int) else f"{key}={str(value)!r}"


def call_parts(node: Written) -> tuple[str, tuple[tuple[str, object], ...]]:
    """The name and the settings of a call."""
    if isinstance(node.value, tuple):
        name, *settings = node.value
        return str(name), tuple(settings)
    return str(node.value), ()


def _call(node: Written, parts: list[Piece], names: Names) -> Piece:
    name, settings = call_parts(node)
    function = FUNCTION_SPELLINGS.get(name)
    if function is None:
        raise DefectError(f"The writer knows no function {name!r}.")
    args = [p.text for p in parts]
    primes = dict(settings).get("prime")
    if primes:
        return _called(name + "_prime" * int(str(primes)), *args)
    if name == "einsum":
        return _called(function, *(repr(str(value)) for _, value in settings), *args)
    if name in ("maximum", "minimum"):
        text = args[0]
        for other in args[1:]:
            text = f"{function}({text}, {other})"
        return Piece(text)
    if name in ("roll", "cumsum") and len(axes(node.shape)) == 2 and "axis" not in dict(settings):
        settings = (*settings, ("axis", 0))  # NumPy would take the matrix as one long row
    if name == "roll":
        shift = int(str(dict(settings).get("shift", 0)))
        return _called(function, *args, str(shift), *(setting_text(s) for s in settings if s[0] != "shift"))
    if name in ("concatenate", "stack"):
        return _called(function, f"[{', '.join(args)}]", *map(setting_text, settings))
    return _called(function, *args, *map(setting_text, settings))


def _norm(node: Written, parts: list[Piece], names: Names) -> Piece:
    """‖X‖ of a matrix is the Frobenius norm here, ‖X‖₁ the sum of the absolute values; NumPy's ord=1 is another."""
    text, extent = parts[0].text, len(axes(node.args[0].shape))
    if extent == 0:
        return _called("np.abs", text)
    if node.value != "1":
        return _called("np.linalg.norm", text)
    return _called("np.linalg.norm", text, "ord=1") if extent == 1 else _called("np.sum", f"np.abs({text})")


# Explicit matrices


def _matrix(node: Written, parts: list[Piece], names: Names) -> Piece:
    if node.is_scalar:
        return parts[0]
    entries = [p.text for p in parts]
    if len(axes(node.shape)) == 1:
        return _called("np.array", f"[{', '.join(entries)}]")
    columns = int(node.shape[1])
    rows = (", ".join(entries[k : k + columns]) for k in range(0, len(entries), columns))
    return _called("np.array", f"[{', '.join(f'[{row}]' for row in rows)}]")


def _stack(node: Written, parts: list[Piece], names: Names) -> Piece:
    """Blocks under or beside each other: vectors end to end, or as the rows or columns of a matrix; matrices joined."""
    texts, extents = [p.text for p in parts], {len(axes(a.shape)) for a in node.args}
    beside = ["axis=1"] if node.value == "columns" else []
    if len(axes(node.shape)) <= 1:
        return _called("np.concatenate" if extents == {1} else "np.hstack", f"[{', '.join(texts)}]")
    if extents == {1}:
        return _called("np.stack", f"[{', '.join(texts)}]", *beside)
    texts = [_as_matrix(a, p) for a, p in zip(node.args, parts, strict=True)]
    return _called("np.concatenate", f"[{', '.join(texts)}]", *beside)


# Entries and what is built from them. An index counts from 0 in the source and from 1 in mathematics.


def _entry(node: Written, parts: list[Piece], names: Names) -> Piece:
    base, *indices = node.args
    if len(indices) > len(axes(base.shape)) and len(base.shape) == 2:
        indices = [index for index, size in zip(indices, base.shape, strict=False) if size != 1]
    if not indices:
        return parts[0]
    return Piece(f"{parts[0].held(ATOM)}[{', '.join(_place(index, names) for index in indices)}]")


def _place(index: Written, names: Names) -> str:
    if index.op == "index":
        return ":" if index.value == ":" else names.index(str(index.value))
    if index.op == "number" and str(index.value).isdigit() and int(str(index.value)) >= 1:
        return str(int(str(index.value)) - 1)
    raise UnsupportedError("NumPy code is written for entries with an index or a whole number from 1 on only.")


def _index(node: Written, parts: list[Piece], names: Names) -> Piece:
    return Piece(f"{names.index(str(node.value))} + 1", ADD)


def _range(node: Written, names: Names) -> str:
    index, size = bound_of(node)
    return f"for {names.index(index)} in range({names.size(size).text})"


def _sum(node: Written, parts: list[Piece], names: Names) -> Piece:
    return _called("sum", f"{parts[0].text} {_range(node, names)}")


def _prod(node: Written, parts: list[Piece], names: Names) -> Piece:
    return _called("np.prod", f"[{parts[0].text} {_range(node, names)}]", "axis=0")


def _delta(node: Written, parts: list[Piece], names: Names) -> Piece:
    return _called("np.where", " == ".join(_place(index, names) for index in node.args), "1", "0")


def _indicator(node: Written, parts: list[Piece], names: Names) -> Piece:
    """Read by us, a condition in brackets is 1 or 0; run by Python it is a truth value, and those do not add up."""
    return _called("np.where", parts[0].text, "1", "0") if names.strict else Piece(f"({parts[0].text})")


def _compare(node: Written, parts: list[Piece], names: Names) -> Piece:
    sign = COMPARISONS.get(str(node.value), str(node.value))
    if all(a.op == "index" for a in node.args):
        return Piece(f" {sign} ".join(_place(a, names) for a in node.args), COMPARE)
    return Piece(f" {sign} ".join(p.held(COMPARE + 1) for p in parts), COMPARE)


def _cases(node: Written, parts: list[Piece], names: Names) -> Piece:
    """Without an "otherwise", the last branch holds where no other does."""
    texts = [p.text for p in parts]
    if len(texts) % 2 == 0:
        texts.pop()
    text = texts.pop()
    for body, condition in reversed(list(zip(texts[::2], texts[1::2], strict=True))):
        text = f"np.where({condition}, {body}, {text})"
    return Piece(text)


def _components(node: Written, parts: list[Piece], names: Names) -> Piece:
    """A product of entries as np.einsum; anything else by calling the general entry with every index."""
    free = list(indices_of(node))
    sizes = node.shape if len(free) == len(node.shape) else axes(node.shape)
    if not free:
        return parts[0]
    flat = len(axes(node.shape)) < len(free)
    extents = dict(zip(free, sizes, strict=True))
    product = summed(node.args[0], free, extents, names, lambda part: expression(part, names))
    if product is not None:
        return Piece(f"{product.held(ATOM)}.reshape(-1)") if flat else product
    extent = ", ".join(names.size(size).text for size in sizes) + ("," if len(sizes) == 1 else "")
    if not any(n.op == "index" for n in node.args[0].walk()):
        return _called("np.full", f"({extent})", parts[0].text)
    indices = ", ".join(names.index(index) for index in free)
    made = _called("np.fromfunction", f"lambda {indices}: {parts[0].text}", f"({extent})", "dtype=int")
    return Piece(f"{made.text}.reshape(-1)") if flat else made


def _merge(node: Written, parts: list[Piece], names: Names) -> Piece:
    """Axes put together, group by group, within a group the last varying fastest."""
    order = [axis for group in node.value for axis in group]
    text = parts[0].held(ATOM)
    turned = text if order == sorted(order) else f"{text}.transpose({', '.join(map(str, order))})"
    return Piece(f"{turned}.reshape({', '.join(names.size(size).text for size in node.shape)})")


def _derivative(node: Written, parts: list[Piece], names: Names) -> Piece:
    raise UnsupportedError("NumPy has no notation for a derivative that is not worked out.")


RULES: dict[str, Rule] = {
    "number": _number,
    "name": _name,
    "constant": _constant,
    "size": _size,
    "identity": _identity,
    "zeros": _block("np.zeros", "0"),
    "ones": _block("np.ones", "1"),
    "neg": _neg,
    "add": _added("+"),
    "sub": _added("-"),
    "scale": _times,
    "matmul": _matmul,
    "hadamard": _times,
    "dot": _dot,
    "kron": _kron,
    "divide": _over,
    "oslash": _over,
    "power": _power,
    "entrypower": _power,
    "matrixpower": _matrixpower,
    "transpose": _transpose,
    "inverse": _inverse,
    "call": _call,
    "norm": _norm,
    "matrix": _matrix,
    "stack": _stack,
    "entry": _entry,
    "index": _index,
    "sum": _sum,
    "prod": _prod,
    "delta": _delta,
    "indicator": _indicator,
    "compare": _compare,
    "cases": _cases,
    "components": _components,
    "merge": _merge,
    "derivative": _derivative,
}
