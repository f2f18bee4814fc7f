"""The written form as text in four styles, with the brackets that are needed to read the same tree back and no others.

Holds one rule an operation for LaTeX, Unicode and ASCII; how these set things is in `hands.py`, and NumPy, where
columns and rows are the same arrays, is in `numpy_writer.py`. Knows precedences, not meanings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from ..errors import DefectError
from .hands import Ascii, Hand, Latex, Unicode
from .name_writer import spelled
from .numpy_names import Names
from .numpy_writer import call_parts, expression
from .pieces import ADD, ATOM, COMPARE, MULTIPLY, NEGATE, POWER, Piece, bound_of, fold, indices_of
from .spellings import FUNCTIONS, Style
from .written import Written

CASES = 5  # x if c else y, which binds loosest of all
SUM = 28  # Σ_j takes everything up to the next plus or minus
FRONT = 31  # 1/2 and 2 · 3 may stand before factors side by side, but not behind a sign
BESIDE = 32  # factors side by side bind tighter than those with a sign between them: y ⊙ Xw
FRACTION = 35  # \frac{a}{b} needs brackets only below an exponent

HANDS: dict[Style, type[Hand]] = {Style.LATEX: Latex, Style.UNICODE: Unicode, Style.ASCII: Ascii}
SPELLINGS = {row.name: row for row in FUNCTIONS}


def write(
    tree: Written, style: Style, names: Mapping[str, str] | None = None, *, declared: Iterable[str] = ()
) -> str:
    r"""A tree as text. `names` spells names in a way of its own; `declared` are names beside those of the tree that a
    reader of the text knows: where Xw is one, X times w is `X w`.

    >>> w = Written("name", value="w", shape=("d", 1))
    >>> two, row = Written("number", value="2"), Written("transpose", (w,), shape=(1, "d"))
    >>> [write(Written("scale", (two, row), shape=(1, "d")), style) for style in Style]
    ['2w^{\\top}', '2wᵀ', '2 w^T', '2 * w']
    """
    if style is Style.NUMPY:
        read_by_us = {name: spelled(name, style) for name in _names_in(tree)}
        return expression(tree, Names(read_by_us | dict(names or {}))).text
    known = frozenset((*_names_in(tree), *declared))
    pen = Pen(HANDS[style](names, known), known)
    return fold(tree, pen.piece).text


def latex(tree: Written) -> str:
    """A tree in LaTeX."""
    return write(tree, Style.LATEX)


def unicode(tree: Written) -> str:
    """A tree in plain text with mathematical characters."""
    return write(tree, Style.UNICODE)


def ascii(tree: Written) -> str:
    """A tree in ASCII."""
    return write(tree, Style.ASCII)


def numpy(tree: Written) -> str:
    """A tree as a NumPy expression."""
    return write(tree, Style.NUMPY)


def _names_in(tree: Written) -> set[str]:
    return {str(node.value) for node in tree.walk() if node.op == "name"}


Rule = Callable[["Pen", Written, list[Piece]], Piece]


class Pen:
    """A hand at work on one tree, whose names it knows: a declared σ is no sigmoid."""

    def __init__(self, hand: Hand, names: frozenset[str]):
        self.hand = hand
        self.names = names
        self.plain = not isinstance(hand, Latex)
        self.ascii = isinstance(hand, Ascii)

    def piece(self, node: Written, parts: list[Piece]) -> Piece:
        rule = RULES.get(node.op)
        if rule is None:
            raise DefectError(f"The writer has no rule for {node.op!r}.")
        return rule(self, node, parts)

    def held(self, piece: Piece, least: int) -> str:
        """The text of a piece for a place that binds `least`: in brackets when the piece binds less."""
        return piece.text if piece.binds >= least else self.hand.bracket(piece.text)

    def base(self, node: Written, piece: Piece) -> str:
        """What gets an exponent; a layer's superscript is not to meet it."""
        if node.op == "name" and ("^" in piece.text or piece.text[-1] == "⁾"):
            return f"({piece.text})" if self.plain else f"{{{piece.text}}}"
        return self.held(piece, ATOM)

    def infix(self, sign: str, left: str, right: str, binds: int) -> Piece:
        return Piece(f"{left}{self.hand.signs[sign]}{right}", binds)

    def function(self, name: str, *args: str, primes: int = 0) -> Piece:
        row = SPELLINGS[name]
        word = row.of(self.hand.style)
        if name == "sigmoid" and not self.names.isdisjoint(("sigma", "σ", r"\sigma")):
            word = r"\operatorname{sigmoid}" if not self.plain else name
        return Piece(self.hand.function(word, args, primes))

    def shaped(self, name: str, node: Written) -> Piece:
        """ones(n, d), zeros(n, d), eye(n)."""
        word = name if self.plain else rf"\operatorname{{{name}}}"
        sizes = node.shape[:1] if name == "eye" else node.shape
        return Piece(self.hand.function(word, [self.hand.size(s) for s in sizes]))


# Leaves


def _number(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(str(node.value))


def _name(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(pen.hand.name(str(node.value)))


def _constant(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(pen.hand.pi if node.value == "pi" else str(node.value))


def _size(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    text = pen.hand.size(node.value if isinstance(node.value, int) else str(node.value))
    return Piece(text, ADD if "+" in text else MULTIPLY if "*" in text else ATOM)


def _identity(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    size = pen.hand.size(node.shape[0])
    if "I" in pen.names or not _SUBSCRIPT.fullmatch(size):
        return pen.shaped("eye", node)
    return Piece(pen.hand.lowered("I", size))


_SUBSCRIPT = re.compile(r"[A-Za-z0-9]+")


def _ones(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return _block(pen, node, "ones", {Style.LATEX: r"\mathbf{1}", Style.UNICODE: "𝟏", Style.ASCII: "1"})


def _zeros(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return _block(pen, node, "zeros", {Style.LATEX: r"\mathbf{0}", Style.UNICODE: "𝟘", Style.ASCII: ""})


def _block(pen: Pen, node: Written, function: str, signs: Mapping[Style, str]) -> Piece:
    """A column or row by its sign and its length, anything else by the function."""
    sign, (rows, columns) = signs[pen.hand.style], (node.shape[0], node.shape[-1])
    size = pen.hand.size(rows if columns == 1 else columns)
    if not sign or len(node.shape) != 2 or 1 not in node.shape or not _SUBSCRIPT.fullmatch(size):
        return pen.shaped(function, node)
    column = pen.hand.lowered(sign, size)
    return Piece(column) if columns == 1 else Piece(pen.hand.raised(column, pen.hand.transposed), POWER)


# Sums and products


def _neg(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(pen.hand.minus + pen.held(parts[0], NEGATE + 1), NEGATE)


def _added(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    """`a + −b` would be read, but nobody writes it."""
    return pen.infix(node.op, pen.held(parts[0], ADD), pen.held(parts[1], SUM), ADD)


def _juxtaposed(sign: str) -> Rule:
    def rule(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
        left, right = parts
        open_ended = node.args[1].op in ("sum", "prod")
        head, tail = pen.held(left, FRONT), right.text if open_ended else pen.held(right, FRACTION)
        if pen.hand.apart(head, tail):
            return Piece(f"{head}{pen.hand.signs[sign]}{tail}", FRONT if node.args[0].is_scalar else MULTIPLY)
        binds = SUM if open_ended else BESIDE if left.binds >= BESIDE or left.binds < FRONT else FRONT
        return Piece(pen.hand.beside(head, tail), binds)

    return rule


def _signed(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    """⊙ ⊘ ⊗ ·, from the left; behind the sign factors may stand side by side, except behind a number."""
    if node.op not in pen.hand.signs:
        return Piece(pen.hand.function(node.op, [p.text for p in parts]))
    least = FRACTION if node.args[0].is_scalar else BESIDE
    return pen.infix(node.op, pen.held(parts[0], MULTIPLY), pen.held(parts[1], least), MULTIPLY)


def _divide(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    top, bottom = parts
    if not pen.plain:
        return Piece(rf"\frac{{{top.text}}}{{{bottom.text}}}", FRACTION)
    if all(a.is_scalar and a.op in ("number", "size", "name") for a in node.args) and len(top.text + bottom.text) <= 5:
        return Piece(f"{top.text}/{bottom.text}", FRONT)
    return Piece(f"{pen.held(top, MULTIPLY)} / {pen.held(bottom, POWER)}", MULTIPLY)


# Powers


def _power(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(pen.hand.raised(pen.base(node.args[0], parts[0]), parts[1].text), POWER)


def _entrypower(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    base, exponent = pen.base(node.args[0], parts[0]), parts[1].text
    if pen.ascii:
        return Piece(pen.hand.raised(base + ".", exponent), POWER)
    return Piece(f"{base}^{{{chr(0x2218) if pen.plain else chr(92) + 'circ '}{pen.held(parts[1], ATOM)}}}", POWER)


def _transpose(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    inner = node.args[0]
    if pen.ascii and "T" in pen.names:
        return Piece(f"{pen.base(inner, parts[0])}'", POWER)
    if inner.op == "inverse" and (stem := _inverted(pen, parts[0].text)) is not None:
        return Piece(pen.hand.raised(stem, pen.hand.inverse_transposed), POWER)
    return Piece(pen.hand.raised(pen.base(inner, parts[0]), pen.hand.transposed), POWER)


def _inverted(pen: Pen, text: str) -> str | None:
    """The A of A⁻¹."""
    end = pen.hand.raised("", pen.hand.minus + "1")
    return text[: -len(end)] if text.endswith(end) else None


def _inverse(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(pen.hand.raised(pen.base(node.args[0], parts[0]), pen.hand.minus + "1"), POWER)


# Functions


def _call(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    name, settings = call_parts(node)
    if name not in SPELLINGS:
        raise DefectError(f"The writer knows no function {name!r}.")
    options = dict(settings)
    primes = int(str(options.pop("prime", 0)))
    args = [p.text for p in parts]
    if name in ("sqrt", "cbrt") and not primes:
        text = pen.hand.root(SPELLINGS[name].of(pen.hand.style), args[0])
        return Piece(text, ATOM if text[-1] in ")}" else POWER)
    if name == "abs" and not primes and 1 in node.shape and not set(args[0]) & set("|‖"):
        return Piece(pen.hand.absolute(args[0]))  # of a square matrix bars would be the determinant
    if name == "einsum":
        args.insert(0, repr(str(options.pop("spec", ""))))
    if name == "roll" and "shift" in options:
        args.append(str(options.pop("shift")).replace("-", pen.hand.minus))
    args += [pen.hand.setting(key, value) for key, value in options.items()]
    return pen.function(name, *args, primes=primes)


def _norm(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    inner = f"({parts[0].text})" if set(parts[0].text) & set("|‖") else parts[0].text
    text = f"{pen.hand.bars}{inner}{pen.hand.bars}"
    return Piece(text) if node.value == "2" else Piece(pen.hand.lowered(text, str(node.value)))


# Explicit matrices


def _matrix(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    columns = node.value[1]
    entries = [p.text for p in parts]
    rows = [entries[k : k + columns] for k in range(0, len(entries), columns)]
    if pen.plain and len(rows) == 1:  # a row is the transpose of a column here
        return Piece(pen.hand.raised(pen.hand.matrix([[e] for e in entries]), pen.hand.transposed), POWER)
    return Piece(pen.hand.matrix(rows))


def _stack(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    """On one line a comma puts blocks below each other just as a semicolon does, so side by side takes a word."""
    entries = [p.text for p in parts]
    if node.value != "columns":
        return Piece(pen.hand.matrix([[entry] for entry in entries]))
    if not pen.plain:
        return Piece(pen.hand.matrix([entries]))
    word = "stack" if all(a.shape[-1] == 1 for a in node.args) else "concatenate"
    return Piece(pen.hand.function(word, [f"[{', '.join(entries)}]", pen.hand.setting("axis", 1)]))


# Entries and what is built from them


def _indices(indices: tuple[Written, ...]) -> str:
    """ij, but 1,2: together digits would be one number."""
    texts = [str(index.value) for index in indices]
    close = all(len(text) == 1 for text in texts) and any(text.isalpha() for text in texts)
    return ("" if close else ",").join(texts)


def _entry(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    base, text = node.args[0], pen.base(node.args[0], parts[0])
    if base.op != "name":
        text = pen.hand.bracket(parts[0].text)
    elif "_" in text or not (text[-1].isalpha() or text[-1] == "}"):
        text = pen.hand.bracket(parts[0].text)
    return Piece(pen.hand.lowered(text, _indices(node.args[1:])))


def _index(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(str(node.value))


def _over(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    """On one line the last value is left out where the entries that are summed say it."""
    index, size = bound_of(node)
    told = pen.plain and len(index) == 1 and any(_tells(part, index, size) for part in node.args[0].walk())
    sign = pen.hand.over(node.op, str(index), "" if told else pen.hand.size(size))
    return Piece(sign + pen.held(parts[0], SUM), SUM)


def _tells(node: Written, index: str, size: object) -> bool:
    """Whether an entry shows that an index runs to a size."""
    if node.op != "entry" or len(node.args) - 1 > len(node.args[0].shape):
        return False
    places = zip(node.args[1:], node.args[0].shape, strict=False)
    return any(place.op == "index" and place.value == index and extent == size for place, extent in places)


def _delta(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(pen.hand.lowered(pen.hand.delta, _indices(node.args)))


def _indicator(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    return Piece(f"{pen.hand.truth}[{parts[0].text}]")


def _compare(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    left, right = (pen.held(p, COMPARE + 1) for p in parts)
    return pen.infix(str(node.value), left, right, COMPARE)


def _cases(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    """On one line `a if c else b`, where a last condition is left out: it holds where no other does."""
    if isinstance(pen.hand, Latex):
        texts = [p.text for p in parts]
        return Piece(pen.hand.cases(list(zip(texts[::2], [*texts[1::2], ""], strict=False))))
    held = [pen.held(p, CASES + 1) for p in parts[::2]]
    conditions = [_condition(pen, c, p) for c, p in zip(node.args[1::2], parts[1::2], strict=True)]
    text = held.pop()
    for body, condition in reversed(list(zip(held, conditions, strict=False))):
        text = f"{body} if {condition} else {text}"
    return Piece(text, CASES)


def _condition(pen: Pen, node: Written, piece: Piece) -> str:
    """A condition outside of brackets, where a single = would make an equation of the whole text."""
    if node.op != "compare" or node.value != "=":
        return piece.text
    return " == ".join(pen.held(fold(side, pen.piece), COMPARE + 1) for side in node.args)


def _components(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    indices = tuple(Written("index", value=index) for index in indices_of(node))
    tall = pen.hand.bracket(parts[0].text)[0] == "\\"
    text = rf"\left[{parts[0].text}\right]" if tall else f"[{parts[0].text}]"
    return Piece(pen.hand.lowered(text, _indices(indices)))


def _derivative(pen: Pen, node: Written, parts: list[Piece]) -> Piece:
    """∂y/∂w, or ∇_w y where the result has the shape of w; ∇ takes everything up to the next plus or minus."""
    top, bottom = parts
    if node.value == "denominator" and node.args[1].op == "name":
        nabla = f"∇_{bottom.text}" if pen.plain and len(bottom.text) == 1 else f"∇_{{{bottom.text}}}"
        return Piece(f"{nabla if pen.plain else nabla.replace('∇', chr(92) + 'nabla')} {pen.held(top, SUM)}", SUM)
    if not pen.plain:
        simple = top.binds > MULTIPLY and "\\frac" not in top.text
        below = rf"\partial {bottom.text}"
        if simple:
            return Piece(rf"\frac{{\partial {top.text}}}{{{below}}}", FRACTION)
        return Piece(rf"\frac{{\partial}}{{{below}}}{pen.hand.bracket(top.text)}", BESIDE)
    return Piece(f"∂{pen.held(top, ATOM)}/∂{bottom.text}", FRACTION)


RULES: dict[str, Rule] = {
    "number": _number,
    "name": _name,
    "constant": _constant,
    "size": _size,
    "identity": _identity,
    "zeros": _zeros,
    "ones": _ones,
    "neg": _neg,
    "add": _added,
    "sub": _added,
    "scale": _juxtaposed("times"),
    "matmul": _juxtaposed("matmul"),
    "hadamard": _signed,
    "dot": _signed,
    "kron": _signed,
    "divide": _divide,
    "oslash": _signed,
    "power": _power,
    "entrypower": _entrypower,
    "matrixpower": _power,
    "transpose": _transpose,
    "inverse": _inverse,
    "call": _call,
    "norm": _norm,
    "matrix": _matrix,
    "stack": _stack,
    "entry": _entry,
    "index": _index,
    "sum": _over,
    "prod": _over,
    "delta": _delta,
    "indicator": _indicator,
    "compare": _compare,
    "cases": _cases,
    "components": _components,
    "derivative": _derivative,
}
