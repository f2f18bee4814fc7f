"""Weights as people paste them, read into networks: `W1 = [[1,1],[1,1]]; b1 = [0,-1]`, LaTeX matrices, lines with words around them.

Finds the assignments, and gives their right sides to our reader; every entry has to be an exact number. What the text leaves open
— whether a square W is outputs × inputs or the other way — becomes several readings, in the order in which they are likely.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..errors import HwcheckError, LimitError, NotationError, ShapeError, Span
from ..networks.networks import MOST_UNITS, Convention, Layer, Matrix, Network
from ..notation.written import Written
from ..reader.reading import read

LONGEST = 20_000
_MOST_DIGITS, _LARGEST_POWER = 60, 200

_FONT = r"(?:\\(?:mathbf|boldsymbol|bm|mathrm|vec|text|mathit)\s*\{?\s*)?"
_NAME = re.compile(
    rf"(?<![A-Za-z0-9_\\^]){_FONT}(?P<letter>[WwVvUubc])\s*\}}?"
    r"(?:\s*_?\s*\{?\s*(?P<low>[1-9])\s*\}?|\s*\^\s*\{?\s*[(\[]?\s*(?P<high>[1-9])\s*[)\]]?\s*\}?)?\s*\}?[\"']?\s*"
    r"(?P<sign>&?\s*:?=(?!=)|\\gets|\\leftarrow|←|:(?=\s*(?:[\[(]|[-−+]?[.\d]|\\begin|\\left|\$)))"
)
_CHANGED = str.maketrans("₁₂₃₄₅₆₇₈₉¹²³⁴⁵⁶⁷⁸⁹", "123456789" * 2)
_BEFORE = re.compile(r"(?:[+*/·@=^−-]|\\cdot|\\times)\s*\Z")
_BULLET = re.compile(r"(?:\A|\n)\s*[*+−-]\s*\Z")
_STOP = re.compile(r"[;,$]|\n\s*\n|\n|\\\\|\\qquad|\\quad|\\text|\\]|\\\)|\band\b|\bwith\b|\.(?=\s|\Z)|&|`|\Z")
_OPEN = re.compile(r"\\begin\s*\{[a-z]+\*?\}|[\[({]")
_CLOSE = re.compile(r"\\end\s*\{[a-z]+\*?\}|[\])}]")
_NUMBER = r"[-−+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?:/\d+)?"
_SPACED = re.compile(rf"\[\s*{_NUMBER}(?:(?:\s+|\s*;\s*){_NUMBER})+\s*\.?\s*\]")
_ARRAY = re.compile(
    r"\b(?:(?:torch|np|jnp|numpy|tf|jax\.numpy)\.(?:tensor|Tensor|FloatTensor|array|asarray|matrix|constant)|array|tensor)(?=\s*\()"
)
_SETTING = re.compile(r",\s*dtype\s*=\s*[\w.]+")


@dataclass(frozen=True, slots=True)
class Assigned:
    """One assignment: the name as one letter and its number, the rows of its value, and the places of both."""

    letter: str
    number: int | None
    rows: Matrix
    span: Span
    vector: bool

    @property
    def name(self) -> str:
        """W_1, or W."""
        return f"{self.letter}_{self.number}" if self.number else self.letter

    @property
    def entries(self) -> tuple[Fraction, ...]:
        """All entries, of a row or a column."""
        return tuple(v for row in self.rows for v in row)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows × columns."""
        return len(self.rows), len(self.rows[0])


@dataclass(frozen=True, slots=True)
class Readings:
    """The networks that a text may mean, the likeliest first, and what was assumed for all of them."""

    networks: tuple[Network, ...]
    notes: tuple[str, ...] = ()


def read_weights(
    text: str, *, hidden: str = "relu", output: str = "identity", convention: Convention | None = None, one_layer: bool = False
) -> Readings:
    """The networks with two inputs and one output that pasted weights may mean.

    `convention` settles whether z is Wx or Wᵀx; without it, shapes do, and where they do not there are two readings. With
    `one_layer`, weights of a single unit are a network of one layer, with the activation `hidden`.

    Raises:
        NotationError: no weights, a missing matrix, or a value that cannot be read, with its place.
        ShapeError: the shapes do not fit together, with the place of the one that does not.

    >>> readings = read_weights("W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]")
    >>> len(readings.networks), readings.networks[0].biases[1] == (0, -1), readings.notes
    (1, True, ('b_2 is not given and counts as 0.',))
    """
    if len(text) > LONGEST:
        raise LimitError(f"The text has {len(text):,} characters; {LONGEST:,} are the most.")
    try:
        parts = _in_layers(assignments(text), one_layer)
        return _readings(parts, [hidden] * (len(parts) - 1) + [hidden if len(parts) == 1 else output], convention)
    except HwcheckError as error:
        raise error.within(text) from None


# -- assignments ---------------------------------------------------------------------------------------------------------


def assignments(text: str) -> list[Assigned]:
    """Every assignment of weights or biases in a text, in order; the same name twice has to have the same value.

    >>> [(a.name, a.shape) for a in assignments("$W^{(1)} = [[1, 1], [1, 1]]$ and $b_2 = 0$")]
    [('W_1', (2, 2)), ('b_2', (1, 1))]
    """
    plain = _with_brackets(text.translate(_CHANGED))
    heads = [m for m in _NAME.finditer(plain) if _stands_alone(plain, m)]
    found: dict[tuple[str, int | None], Assigned] = {}
    values: list[tuple[Matrix, bool]] = []
    for head in reversed(heads):  # from the end, since in b_1 = b_2 = 0 the first takes the value of the second
        number = head["low"] or head["high"]
        start, end = _value_span(plain, head.end())
        follower = next((h for h in heads if h.start() == start), None)
        rows, vector = values[-1] if follower and values else _value(text, plain, head, start, end)
        values.append((rows, vector))
        one = Assigned(head["letter"], int(number) if number else None, rows, (head.start(), end), vector)
        key = one.letter, one.number
        if key in found and found[key].entries != one.entries:
            raise NotationError(f"{one.name} is given twice, with different values.", span=one.span)
        found[key] = one
    return list(reversed(found.values()))


def _stands_alone(plain: str, head: re.Match[str]) -> bool:
    """Whether a name begins an assignment: the b_2 of ŷ = W_2 h + b_2 = … does not; in b_1 = b_2 = 0 both do."""
    before = plain[: head.start()]
    sign = _BEFORE.search(before.rstrip(" {"))
    if sign is None or _BULLET.search(before):
        return True
    if sign[0].strip() != "=":
        return False
    return any(m.end() >= len(before.rstrip(" {")) for m in _NAME.finditer(before))


def _value_span(plain: str, start: int) -> tuple[int, int]:
    """Where a value begins and ends: at the last “=” of its line, up to a separator outside of all brackets."""
    while start < len(plain) and plain[start] in " \t\n$&":
        start += 1
    place, depth = start, 0
    while place < len(plain):
        if match := _OPEN.match(plain, place):
            depth += 1
        elif match := _CLOSE.match(plain, place):
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and place > start:
            if plain[place] == "=":
                return _value_span(plain, place + 1)
            if _STOP.match(plain, place):
                break
        place = match.end() if match else place + 1
    return start, start + len(plain[start:place].rstrip())


def _with_brackets(text: str) -> str:
    """Matrices as NumPy prints them, [[1 1] [1 1]], with commas; names of array functions blanked. No place changes."""
    text = _ARRAY.sub(lambda m: " " * len(m[0]), text)
    text = _SETTING.sub(lambda m: " " * len(m[0]), text)
    text = re.sub(r",(?=\s*[\])])", " ", text)
    text = _SPACED.sub(lambda m: re.sub(r"(?<=[\d.])\s(?=\s*[-−+.\d])", ",", m[0]), text)
    return re.sub(r"\](\s)(?=\s*\[)", "],", text)


def _value(text: str, plain: str, head: re.Match[str], start: int, end: int) -> tuple[Matrix, bool]:
    name = head["letter"] + ("_" + (head["low"] or head["high"]) if head["low"] or head["high"] else "")
    if start == end:
        raise NotationError(f"The value of {name} was expected here.", span=(head.start(), max(end, head.end())))
    try:
        body = read(plain[start:end]).body
        rows = _rows(body)
    except HwcheckError as error:
        low, high = error.span or (0, end - start)
        error.message = f"In {name}: {error.message}"
        error.span, error.text = (start + low, start + high), text
        raise
    return rows, body.op in ("matrix", "stack", "transpose") and 1 in (len(rows), len(rows[0]))


# -- exact numbers -------------------------------------------------------------------------------------------------------


def _rows(tree: Written) -> Matrix:
    """The entries of a matrix, a column, a row or a number, exactly."""
    if tree.op == "transpose":
        return tuple(zip(*_rows(tree.args[0]), strict=True))
    if tree.op == "neg" and not tree.is_scalar:
        return tuple(tuple(-v for v in row) for row in _rows(tree.args[0]))
    if tree.op == "scale" and not tree.is_scalar:
        factor, matrix = sorted(tree.args, key=lambda a: not a.is_scalar)
        return tuple(tuple(_number(factor) * v for v in row) for row in _rows(matrix))
    if tree.op == "stack":
        return _stacked(tree)
    if tree.op != "matrix":
        return ((_number(tree),),)
    rows, columns = tree.value
    if rows * columns > MOST_UNITS:
        raise LimitError(f"A matrix has at most {MOST_UNITS:,} entries here.", span=tree.span)
    entries = [_number(entry) for entry in tree.args]
    return tuple(tuple(entries[r * columns : (r + 1) * columns]) for r in range(rows))


def _stacked(tree: Written) -> Matrix:
    """((1, 1), (1, 1)): each inner list is a row."""
    lines = [tuple(v for row in _rows(part) for v in row) for part in tree.args]
    if len({len(line) for line in lines}) != 1:
        raise NotationError("The rows have different lengths.", span=tree.span)
    return tuple(lines)


def _number(tree: Written) -> Fraction:
    """An exact number: digits, fractions, sums, products and whole powers of them."""
    if tree.op == "number":
        return _digits(tree)
    if tree.op == "zeros" or (tree.op == "name" and str(tree.value) == "0"):
        return Fraction(0)
    parts = [_number(a) for a in tree.args] if tree.op in ("neg", "add", "sub", "scale", "dot", "divide", "power") else []
    match tree.op:
        case "neg":
            return -parts[0]
        case "add":
            return parts[0] + parts[1]
        case "sub":
            return parts[0] - parts[1]
        case "scale" | "dot":
            return parts[0] * parts[1]
        case "divide":
            if parts[1] == 0:
                raise NotationError("This divides by zero.", span=tree.span)
            return parts[0] / parts[1]
        case "power" if parts[1].denominator == 1 and abs(parts[1]) <= _LARGEST_POWER and (parts[0] or parts[1] >= 0):
            return parts[0] ** int(parts[1])
    raise NotationError("A weight has to be an exact number: digits, a fraction or a decimal.", span=tree.span)


def _digits(tree: Written) -> Fraction:
    digits, _, exponent = str(tree.value).lower().partition("e")
    if len(digits) > _MOST_DIGITS or abs(int(exponent or 0)) > _LARGEST_POWER:
        raise LimitError(f"A number has at most {_MOST_DIGITS} digits here.", span=tree.span)
    return Fraction(str(tree.value))


# -- layers --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A layer: its weights, and its bias where there is one."""

    weights: Assigned
    bias: Assigned | None


def _in_layers(found: Sequence[Assigned], one_layer: bool) -> list[_Part]:
    """Weights and biases in the order of the layers; letters without numbers take their usual roles."""
    if not found:
        raise NotationError("No weights were found. Write them as W1 = [[1, 1], [1, 1]]; b1 = [0, -1]; W2 = [1, -2]; b2 = 0.")
    matrices = [a for a in found if a.letter not in "bc"]
    numbered = {a.number: a for a in matrices if a.number}
    plain = sorted((a for a in matrices if not a.number), key=lambda a: ("WUwvV".find(a.letter), found.index(a)))
    free = (n for n in range(1, len(found) + 2) if n not in numbered)
    layers = dict(sorted({**numbered, **dict(zip(free, plain, strict=False))}.items()))
    if sum(1 for a in matrices if a.number) != len(numbered):
        raise NotationError("Two weight matrices have the same number.", span=matrices[-1].span)
    wanted = max(layers, default=0) if one_layer and len(layers) == 1 else max(2, *layers, 2)
    missing = [n for n in range(1, wanted + 1) if n not in layers]
    if missing:
        has = ", ".join(a.name for a in found)
        raise NotationError(f"The weights W_{missing[0]} are missing; found: {has}.", span=found[-1].span)
    biases = _biases([a for a in found if a.letter in "bc"], layers)
    return [_Part(layers[n], biases.get(n)) for n in sorted(layers)]


def _biases(found: Sequence[Assigned], layers: Mapping[int, Assigned]) -> dict[int, Assigned]:
    """Which bias belongs to which layer: by its number; b and c without numbers by their lengths, c before b where both fit."""
    numbered: dict[int, Assigned] = {a.number: a for a in found if a.number}
    plain = sorted((a for a in found if not a.number), key=lambda a: (-len(a.entries), a.letter != "c"))
    free = [n for n in layers if n not in numbered]
    if len(plain) == 1 and len(free) > 1:  # one bias for two layers: a column belongs to the hidden one, a number to the output
        free = free[:1] if len(plain[0].entries) > 1 else free[-1:]
    taken = {**numbered, **dict(zip(free, plain, strict=False))}
    if len(taken) != len(found):
        raise NotationError("There are more biases than layers, or two for one layer.", span=found[-1].span)
    strangers = [n for n in numbered if n not in layers]
    if strangers:
        raise NotationError(f"There is no layer {strangers[0]} for this bias.", span=numbered[strangers[0]].span)
    return taken


def _readings(parts: Sequence[_Part], activations: Sequence[str], convention: Convention | None) -> Readings:
    conventions: tuple[Convention, ...] = (convention,) if convention else ("Wx", "WTx")
    networks: list[Network] = []
    refusals: list[HwcheckError] = []
    notes: tuple[str, ...] = ()
    for one in conventions:
        try:
            network, notes = _network(parts, activations, one)
        except ShapeError as error:
            refusals.append(error)
            continue
        if not any(_same(network, other) for other in networks):
            networks.append(network)
    if not networks:
        raise refusals[0]
    return Readings(tuple(networks), notes)


def _same(one: Network, other: Network) -> bool:
    return all(one.weight(n) == other.weight(n) for n in range(1, len(one.layers) + 1))


def _network(parts: Sequence[_Part], activations: Sequence[str], convention: Convention) -> tuple[Network, tuple[str, ...]]:
    """The network of one convention. Rows and columns of a vector may stand for each other."""
    inputs, layers, weights, biases, notes = 2, [], {}, {}, []
    for number, (part, activation) in enumerate(zip(parts, activations, strict=True), 1):
        rows = _oriented(part.weights, inputs, convention, 1 if number == len(parts) else None)
        outputs = len(rows)
        column, said = _column(part.bias, outputs, number)
        notes += said
        layers.append(Layer(inputs, outputs, activation, part.bias is not None))
        weights[number] = rows if convention == "Wx" else tuple(zip(*rows, strict=True))
        biases[number] = column
        inputs = outputs
    return Network(tuple(layers), convention=convention, weights=weights, biases=biases), tuple(notes)


def _oriented(weights: Assigned, inputs: int, convention: Convention, outputs: int | None) -> Matrix:
    """The weights as outputs × inputs."""
    rows, columns = weights.shape
    turned = tuple(zip(*weights.rows, strict=True))
    if weights.vector and rows * columns == inputs and outputs in (1, None):
        return (weights.entries,)
    if inputs == 1 and 1 in (rows, columns) and outputs is None:
        return tuple((v,) for v in weights.entries)
    fits = (columns if convention == "Wx" else rows) == inputs
    count = rows if convention == "Wx" else columns
    if fits and outputs in (None, count):
        return weights.rows if convention == "Wx" else turned
    k = str(outputs or "h")
    raise ShapeError(f"{weights.name} is {rows} × {columns}; with {inputs} input{'s' * (inputs != 1)} "
                     f"{f'and {outputs} output ' if outputs else ''}it has to be {k} × {inputs} or {inputs} × {k}.", span=weights.span)


def _column(bias: Assigned | None, outputs: int, number: int) -> tuple[tuple[Fraction, ...], list[str]]:
    if bias is None:
        return (Fraction(0),) * outputs, [f"b_{number} is not given and counts as 0."]
    entries = bias.entries
    if len(entries) == 1 and outputs > 1 and not bias.vector:
        return entries * outputs, [f"{bias.name} is one number, taken for each of the {outputs} units."]
    if 1 not in bias.shape or len(entries) != outputs:
        rows, columns = bias.shape
        raise ShapeError(f"{bias.name} is {rows} × {columns}; layer {number} has {outputs} unit{'s' * (outputs != 1)}, so it has to have "
                         f"{outputs} entr{'ies' if outputs != 1 else 'y'}.", span=bias.span)
    return entries, []


__all__ = ["Assigned", "Readings", "assignments", "read_weights"]
