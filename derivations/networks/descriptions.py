"""A network from a description: `--layers 2,3,1 --activations sigmoid …`, or a TOML or YAML file with numbers.

    layers: [2, 3, 1]                    # the input and every layer; letters are sizes, too; or by the shapes of the weights
    activations: [sigmoid, sigmoid]      # or one for all layers; identity where nothing is said
    loss: half-squared                   # squared, cross-entropy, none
    convention: Wx+b                     # or W^Tx+b: a weight matrix is inputs × outputs
    batch: columns                       # one, rows
    mean: true                           # the loss of a batch divided by its size
    weights: [[[1, 1/2], [0, -1], [2, 0.25]], [[1, 1, 1]]]
    biases: [[0, 0, -1], [0]]            # or none
    inputs: {A: [1, 0], B: [0, 1]}       # one example (input: [1, 0]), several, or several with names
    targets: [[1], [0]]

Numbers are exact as they are written. Every value is a text, or lists and mappings of texts, with its place
(`description_files.py`); here it is said what they mean, and what is wrong with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from ..elements.functions import ACTIVATIONS
from ..errors import InputError, LimitError, NameUnknownError, NotationError, ShapeError
from ..notation.spellings import FUNCTIONS as SPELLINGS
from ..sizes import Size
from .description_files import Entries, Entry, Kind, Plain, from_yaml, meant, read_entries, shortened, text_of, yaml_tree
from .networks import BATCHES, LOSSES, MOST_LAYERS, MOST_UNITS, Batch, Convention, Layer, Loss, Matrix, Network

KEYS = ("layers", "activations", "loss", "convention", "batch", "mean", "weights", "biases", "inputs", "targets")
_ALSO = {
    "layer": "layers", "sizes": "layers", "activation": "activations", "weight": "weights", "bias": "biases", "input": "inputs",
    "points": "inputs", "target": "targets",
}  # fmt: skip
MOST_EXAMPLES = 1000
LARGEST = 10**12

_SIZE = re.compile(r"[1-9]\d{0,8}|[A-Za-z][A-Za-z0-9_]{0,19}", re.ASCII)
_NUMBER = re.compile(r"([+-]?)(\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE]([+-]?\d{1,3}))?(?:\s*/\s*(\d{1,40}))?", re.ASCII)
_SEPARATORS = re.compile(r"\s*[,;→]\s*|\s+")
_LOSS_WORDS: dict[str, Loss] = {
    "nll": "cross-entropy", "ce": "cross-entropy", "bce": "cross-entropy", "log-loss": "cross-entropy", "crossentropy": "cross-entropy",
    "binary-cross-entropy": "cross-entropy", "negative-log-likelihood": "cross-entropy", "halfsquared": "half-squared",
    "half-square": "half-squared", "square": "squared", "no": "none", "null": "none",
}  # fmt: skip
_CONVENTION_WORDS: dict[str, Convention] = {
    "wx": "Wx", "wa": "Wx", "xw^t": "Wx", "outputs-by-inputs": "Wx", "outputsxinputs": "Wx",
    "wtx": "WTx", "w^tx": "WTx", "w^ta": "WTx", "xw": "WTx", "inputs-by-outputs": "WTx", "inputsxoutputs": "WTx",
}  # fmt: skip
_IDENTITY = ("identity", "linear", "none", "id")
_YES, _NO = ("true", "yes", "on", "mean", "1"), ("false", "no", "off", "sum", "0")
_NOTHING = ("none", "no", "false", "null", "~")


@dataclass(frozen=True, slots=True)
class Description:
    """A network, and the names of its examples where they have names."""

    network: Network
    names: tuple[str, ...] = ()


def from_options(
    *,
    layers: str = "",
    activations: str = "",
    loss: str = "",
    convention: str = "",
    batch: str = "",
    mean: bool | None = None,
    weights: str = "",
    biases: str = "",
    inputs: Sequence[str] = (),
    targets: Sequence[str] = (),
) -> Network:
    """The network that options of a command, or of a problem, describe; what is empty was not said.

    Raises:
        InputError and those below it, with the option, what was found and what is wanted.

    >>> network = from_options(layers="2,h,1", activations="tanh,sigmoid", loss="half-squared")
    >>> [(layer.inputs, layer.outputs, layer.activation) for layer in network.layers]
    [(2, 'h', 'tanh'), ('h', 1, 'sigmoid')]
    """
    return describe(option_entries(layers=layers, activations=activations, loss=loss, convention=convention, batch=batch, mean=mean,
                                   weights=weights, biases=biases, inputs=inputs, targets=targets)).network


def option_entries(**options: str | Sequence[str] | bool | None) -> dict[str, Entry]:
    """Options as the entries of a description; matrices are written as in YAML, [[1, 1/2], [0, -1]]."""
    entries = {}
    for key, value in options.items():
        name = f"--{key.rstrip('s')}" if key in ("inputs", "targets") else f"--{key}"
        if isinstance(value, bool):
            entries[key] = Entry(key, "true" if value else "false", "--mean" if value else "--sum")
        elif isinstance(value, str) and value.strip():
            bracketed = value.lstrip().startswith(("[", "{"))
            entries[key] = Entry(key, _inline(value, name) if bracketed else value, name)
        elif value and not isinstance(value, str):
            parts = [part for text in value for part in text.split(";")]
            entries[key] = Entry(key, [_inline(p, name) if p.lstrip().startswith("[") else _listed_in(p) for p in parts], name)
    return entries


def _inline(text: str, name: str) -> Plain:
    return from_yaml(yaml_tree(text_of(text.encode("utf-8", "replace"), name), name), name)


def _listed_in(text: str) -> list[str]:
    return [part for part in _SEPARATORS.split(text.strip()) if part]


def read_description(source: Path | str, kind: Kind | None = None, name: str = "") -> Network:
    r"""The network that a file (a path) or a text describes, in TOML or YAML.

    Args:
        source: a `Path` is read; a `str` is the description itself.
        kind: TOML or YAML; else by the ending of the file, or by how the text looks.
        name: how a text is called in messages.

    Raises:
        InputError and those below it, with file, line, key, what was found and what is wanted.

    >>> read_description("activations = 'relu'\nweights = [[[1, 0.1]], [['1/2']]]", "toml").weights[1]
    ((Fraction(1, 1), Fraction(1, 10)),)
    """
    return describe(read_entries(source, kind, name)).network


def describe(entries: Entries) -> Description:
    """The network of these keys. Raises InputError and those below it, with the place of the key."""
    return _Describing(_known(entries)).description()


def merged(*parts: Entries) -> dict[str, Entry]:
    """Descriptions put together: what a later one says counts.

    >>> [e.value for e in merged(option_entries(loss="none"), option_entries(loss="squared")).values()]
    ['squared']
    """
    return {key: entry for part in parts for key, entry in _known(part).items()}


def _known(entries: Entries) -> dict[str, Entry]:
    """The entries by the names in KEYS."""
    found: dict[str, Entry] = {}
    for word, entry in entries.items():
        plain = word.strip().lower()
        key = _ALSO.get(plain, plain)
        if key not in KEYS:
            entry.fail(f"The key “{shortened(word)}” is not known.{meant(plain, (*KEYS, *_ALSO))} A description has {', '.join(KEYS)}.",
                       NameUnknownError)
        if key in found:
            entry.fail(f"“{shortened(word)}” and “{found[key].key}” are the same; one of them is enough.")
        found[key] = entry
    return found


# -- values: a text in, what it means out ------------------------------------------------------------------------------


def number_of(text: Plain, fail: Callable[[str], NoReturn], what: str) -> Fraction:
    """A number as it is written: 3, −0.25, 1e-3 or 1/2; `fail` raises the error."""
    written = text.strip().replace("\N{MINUS SIGN}", "-") if isinstance(text, str) else ""
    match = _NUMBER.fullmatch(written)
    if match is None or (match[4] and not int(match[4])):
        shown = f"“{shortened(text)}”" if isinstance(text, str) else "brackets" if text else "nothing"
        fail(f"{what} is a number such as 3, -0.25 or 1/2; got {shown}.")
    value = Fraction(match[2]) * Fraction(10) ** int(match[3] or 0) / int(match[4] or 1)
    if abs(value) > LARGEST or abs(int(match[3] or 0)) > 40:
        fail(f"{what} lies between -10^12 and 10^12 and has an exponent of at most 40; got “{shortened(text)}”.")
    return -value if match[1] == "-" else value


def _one_of(entry: Entry, known: Mapping[str, str], wanted: Sequence[str]) -> str:
    word = entry.value if isinstance(entry.value, str) else ""
    plain = re.sub(r"[\s_]+", "-", word.strip().lower())
    if plain not in known:
        got = f"“{shortened(word)}”" if word else "no word"
        entry.fail(f"“{entry.key}” is {', '.join(wanted[:-1])} or {wanted[-1]}; got {got}.{meant(plain, known)}", NameUnknownError)
    return known[plain]


def _loss(entry: Entry) -> Loss:
    found = _one_of(entry, {**{w: w for w in LOSSES}, **_LOSS_WORDS}, LOSSES)
    return next(loss for loss in LOSSES if loss == found)


def _batch(entry: Entry) -> Batch:
    found = _one_of(entry, {**{w: w for w in BATCHES}, "column": "columns", "row": "rows", "single": "one"}, BATCHES)
    return next(batch for batch in BATCHES if batch == found)


def _mean(entry: Entry) -> bool:
    word = entry.value.strip().lower() if isinstance(entry.value, str) else ""
    if word not in (*_YES, *_NO):
        entry.fail(f"“{entry.key}” is true (the mean over the batch) or false (the sum); got “{shortened(entry.value)}”.")
    return word in _YES


def _convention(entry: Entry) -> Convention:
    """Wx+b or W^Tx+b, as people write them: Wᵀx, W.T @ x, xW, outputs-by-inputs."""
    word = entry.value if isinstance(entry.value, str) else ""
    plain = re.sub(r"[\s@·*{}()]+", "", word.replace("_", "-").lower().replace("×", "x"))
    plain = re.sub(r"\+\s*b\Z", "", re.sub(r"ᵀ|\.t|⊤|\^\\top|'|\^⊤", "^t", plain))
    if plain not in _CONVENTION_WORDS:
        known = ("Wx+b", "W^Tx+b", "outputs-by-inputs", "inputs-by-outputs")
        entry.fail(f"“{entry.key}” is Wx+b (a weight matrix is outputs × inputs) or W^Tx+b (inputs × outputs); got "
                   f"“{shortened(word)}”.{meant(word, known)}", NameUnknownError)
    return _CONVENTION_WORDS[plain]


def _plain_activation(word: str) -> str:
    bare = re.sub(r"\\operatorname\*?\{(.*)\}|\\(?:mathrm|text)\{(.*)\}", r"\1\2", word.strip())
    return re.sub(r"[\\\s_-]", "", bare).lower()


_KNOWN_ACTIVATIONS = {_plain_activation(s): row.name for row in SPELLINGS if row.name in (*ACTIVATIONS, "softmax") for s in row.all()}
_KNOWN_ACTIVATIONS |= dict.fromkeys(_IDENTITY, "identity")


def _activation(entry: Entry, word: Plain) -> str:
    """An activation by its name in `functions.py`, from any of its spellings."""
    text = word if isinstance(word, str) else ""
    found = _KNOWN_ACTIVATIONS.get(_plain_activation(text[:64]))
    if found is not None:
        return found
    name = re.fullmatch(r"\s*([\w-]+)\s*\(.*\)\s*", text)
    if name and _plain_activation(name[1]) in _KNOWN_ACTIVATIONS:
        entry.fail(f"An activation is written without brackets here and has its usual parameters: “{name[1]}”; got “{shortened(text)}”.")
    entry.fail(f"“{shortened(text)}” is no activation that hwcheck knows.{meant(_plain_activation(text), _KNOWN_ACTIVATIONS)} It knows "
               f"{', '.join(sorted((*ACTIVATIONS, 'identity', 'softmax')))}.", NameUnknownError)


# -- the description ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Describing:
    """One description on its way to a network; `sizes` are the numbers of units, input first."""

    entries: dict[str, Entry]
    sizes: list[Size] = field(default_factory=list)
    convention: Convention = "Wx"

    def description(self) -> Description:
        self.convention = _convention(self.entries["convention"]) if "convention" in self.entries else "Wx"
        if "layers" in self.entries:
            self.sizes = self.declared_sizes(self.entries["layers"])
        weights = self.weights()
        if not self.sizes:
            raise InputError("A network needs its sizes: --layers 2,3,1, “layers: [2, 3, 1]” in a file, or all weights.")
        self.bound(weights)
        names, inputs = self.examples("inputs", 0)
        target_names, targets = self.examples("targets", -1)
        self.same_examples(names, inputs, target_names, targets)
        biases, with_bias = self.biases(bool(weights))
        layers = tuple(Layer(*pair) for pair in zip(self.sizes[:-1], self.sizes[1:], self.activations(), with_bias, strict=True))
        loss = _loss(self.entries["loss"]) if "loss" in self.entries else "none"
        mean = _mean(self.entries["mean"]) if "mean" in self.entries else False
        network = Network(layers, loss, self.convention, self.batch(len(inputs)), mean, weights, biases, inputs, targets)
        return Description(network, names)

    # Sizes

    def declared_sizes(self, entry: Entry) -> list[Size]:
        parts = _listed_in(entry.value) if isinstance(entry.value, str) else entry.value
        if isinstance(parts, Mapping) or len(parts) < 2:
            got = f"“{shortened(entry.value)}”" if isinstance(entry.value, str) else "fewer"
            entry.fail(f"“{entry.key}” lists the size of the input and of every layer, at least two: 2,3,1; got {got}.")
        self.count(entry, len(parts) - 1)
        return [self.size(entry, part) for part in parts]

    def count(self, entry: Entry, layers: int) -> None:
        if layers > MOST_LAYERS:
            entry.fail(f"A network has at most {MOST_LAYERS} layers here; got {layers}.", LimitError)

    def size(self, entry: Entry, part: Plain) -> Size:
        if not isinstance(part, str) or not _SIZE.fullmatch(part.strip()):
            got = f"“{shortened(part)}”" if isinstance(part, str) else "brackets"
            entry.fail(f"A size is a whole number from 1, or a letter such as h; got {got}.")
        size = int(part) if part.strip().isdigit() else part.strip()
        self.units(entry, size)
        return size

    def units(self, entry: Entry, size: Size) -> None:
        if isinstance(size, int) and size > MOST_UNITS:
            entry.fail(f"A layer has at most {MOST_UNITS} units here; got {size}.", LimitError)

    def bound(self, weights: Mapping[int, Matrix]) -> None:
        """Letters for which the weights have numbers become those; shapes that contradict each other are an error."""
        for number, matrix in weights.items():
            entry = self.entries["weights"]
            got = (len(matrix), len(matrix[0]))
            wanted = self.expected(number)
            for size, count in zip(wanted, got, strict=True):
                if isinstance(size, str):
                    self.sizes = [count if s == size else s for s in self.sizes]
                    self.units(entry, count)
            if self.expected(number) != got:
                entry.fail(f"W_{number} is {got[0]} × {got[1]}; {wanted[0]} × {wanted[1]} is expected ({self.said_convention()})"
                           f"{self.turned(number, got)}.", ShapeError)

    def expected(self, number: int) -> tuple[Size, Size]:
        pair = self.sizes[number], self.sizes[number - 1]
        return pair if self.convention == "Wx" else (pair[1], pair[0])

    def said_convention(self) -> str:
        return "outputs × inputs, for Wx + b" if self.convention == "Wx" else "inputs × outputs, for Wᵀx + b"

    def turned(self, number: int, got: tuple[int, int]) -> str:
        other = "W^Tx+b" if self.convention == "Wx" else "Wx+b"
        return f"; it fits the convention {other}" if self.expected(number) == (got[1], got[0]) else ""

    # Activations and batch

    def activations(self) -> list[str]:
        count = len(self.sizes) - 1
        entry = self.entries.get("activations")
        if entry is None:
            return ["identity"] * count
        words = _listed_in(entry.value) if isinstance(entry.value, str) else entry.value
        if isinstance(words, Mapping):
            entry.fail(f"“{entry.key}” is a list of names, one for each layer; got names with values.")
        found = [_activation(entry, word) for word in words]
        if len(found) == 1:
            return found * count
        if len(found) != count:
            more = " The last layer has an activation, too; it may be identity." if len(found) == count - 1 else ""
            entry.fail(f"{_many(count, 'layer')} need {_many(count, 'activation')}, or one for all of them; got {len(found)}.{more}",
                       ShapeError)
        return found

    def batch(self, examples: int) -> Batch:
        """As said (several with “one” are worked on one by one); unsaid, examples stand so that no weight matrix is transposed."""
        entry = self.entries.get("batch")
        if entry is None:
            return "one" if examples < 2 else "columns" if self.convention == "Wx" else "rows"
        return _batch(entry)

    # Numbers

    def weights(self) -> dict[int, Matrix]:
        entry = self.entries.get("weights")
        if entry is None:
            return {}
        values = self.by_layer(entry, "W")
        if isinstance(entry.value, str):
            entry.fail(f"“{entry.key}” is a list of matrices, one for each layer: [[[1, 2], [3, 4]], [[1, -1]]]; got "
                       f"“{shortened(entry.value)}”.")
        self.count(entry, len(values))
        matrices = {number: self.matrix(entry, number, value) for number, value in enumerate(values, 1)}
        if not self.sizes:
            self.sizes = self.sizes_of(entry, matrices)
        return matrices

    def by_layer(self, entry: Entry, letter: str) -> list[Plain]:
        """The values in the order of the layers, from a list, or from a mapping with W1, W_1 or 1 as names."""
        if isinstance(entry.value, str):
            return []
        values = list(entry.value)
        if isinstance(entry.value, Mapping):
            numbered: dict[int, Plain] = {}
            for word, value in entry.value.items():
                match = re.fullmatch(rf"(?:{letter}[_^]?\(?)?([1-9]\d{{0,2}})\)?", word.strip(), re.IGNORECASE | re.ASCII)
                if match is None or int(match[1]) in numbered:
                    entry.fail(f"“{entry.key}” names layers as {letter}1, {letter}2, …, each once; got “{shortened(word)}”.")
                numbered[int(match[1])] = value
            missing = next((n for n in range(1, len(numbered) + 1) if n not in numbered), None)
            if missing is not None:
                having = ", ".join(f"{letter}_{n}" for n in sorted(numbered))
                entry.fail(f"{letter}_{missing} is missing in “{entry.key}”; it has {having}.")
            values = [numbered[n] for n in sorted(numbered)]
        count = len(self.sizes) - 1
        if not values or (self.sizes and len(values) != count):
            wanted = _many(count, "layer") if self.sizes else "at least one layer"
            entry.fail(f"“{entry.key}” has {_many(len(values), 'value')}, one for each layer; {wanted} expected.", ShapeError)
        return values

    def matrix(self, entry: Entry, number: int, value: Plain) -> Matrix:
        """Rows of numbers; one row or column may be written without inner brackets where the sizes say which it is."""
        name = f"W_{number}"
        if isinstance(value, str):
            return ((number_of(value, entry.fail, f"The only entry of {name}"),),)
        if isinstance(value, Mapping) or not value:
            entry.fail(f"{name} is a list of rows, [[1, 2], [3, 4]]; got {'names with values' if value else 'nothing'}.")
        if all(isinstance(v, str) for v in value):
            row = tuple(number_of(v, entry.fail, f"Entry {k} of {name}") for k, v in enumerate(value, 1))
            wanted = self.expected(number) if self.sizes else (None, None)
            if wanted[1] == 1 and wanted[0] != 1:
                return tuple((v,) for v in row)
            if wanted[0] != 1:
                entry.fail(f"{name} is a list of rows: [[1, 2]] is one row, [[1], [2]] a column; got numbers without rows.")
            return (row,)
        rows = tuple(self.row(entry, f"Row {k} of {name}", v) for k, v in enumerate(value, 1))
        for k, row in enumerate(rows, 1):
            if len(row) != len(rows[0]):
                entry.fail(f"Row {k} of {name} has {_many(len(row), 'number')}, and row 1 has {len(rows[0])}.", ShapeError)
        return rows

    def row(self, entry: Entry, what: str, value: Plain) -> tuple[Fraction, ...]:
        """Numbers in a list, or separated by commas in a text."""
        if isinstance(value, Mapping) or not value:
            entry.fail(f"{what} is a list of numbers; got {'names with values' if value else 'nothing'}.")
        parts = _listed_in(value) if isinstance(value, str) else value
        return tuple(number_of(v, entry.fail, f"{what}, number {k},") for k, v in enumerate(parts, 1))

    def sizes_of(self, entry: Entry, weights: Mapping[int, Matrix]) -> list[Size]:
        """Sizes by the shapes of the weights."""
        shapes = [(len(m), len(m[0])) if self.convention == "Wx" else (len(m[0]), len(m)) for m in weights.values()]
        for number, (below, above) in enumerate(pairwise(shapes), 1):
            if below[0] != above[1]:
                entry.fail(f"W_{number} has {below[0]} outputs and W_{number + 1} takes {_many(above[1], 'input')} "
                           f"({self.said_convention()}).", ShapeError)
        sizes: list[Size] = [shapes[0][1], *(outputs for outputs, _ in shapes)]
        for size in sizes:
            self.units(entry, size)
        return sizes

    def biases(self, with_weights: bool) -> tuple[dict[int, tuple[Fraction, ...]], list[bool]]:
        """The columns by layer, and which layers have a bias at all; numbers for the weights alone mean that none has."""
        count = len(self.sizes) - 1
        entry = self.entries.get("biases")
        if entry is None or (isinstance(entry.value, str) and entry.value.strip().lower() in _NOTHING):
            return {}, [entry is None and not with_weights] * count
        if isinstance(entry.value, str) and count > 1:
            entry.fail(f"“{entry.key}” is a list with the numbers of each layer, [[0, 1], [2]], or none; got “{shortened(entry.value)}”.")
        found: dict[int, tuple[Fraction, ...]] = {}
        values = [entry.value] if isinstance(entry.value, str) else self.by_layer(entry, "b")
        for number, value in enumerate(values, 1):
            if isinstance(value, str) and value.strip().lower() in _NOTHING:
                continue
            column = self.column(entry, number, value)
            size = self.sizes[number]
            if isinstance(size, str):
                self.sizes = [len(column) if s == size else s for s in self.sizes]
            elif len(column) != size:
                entry.fail(f"b_{number} has {_many(len(column), 'number')}; layer {number} has {_many(size, 'unit')}.", ShapeError)
            found[number] = column
        return found, [number in found for number in range(1, count + 1)]

    def column(self, entry: Entry, number: int, value: Plain) -> tuple[Fraction, ...]:
        """A bias: numbers, or a column written as rows of one."""
        if isinstance(value, Sequence) and not isinstance(value, str) and value and all(_is_single(v) for v in value):
            value = [v[0] for v in value if not isinstance(v, Mapping)]
        return self.row(entry, f"b_{number}", value)

    # Examples

    def examples(self, key: str, place: int) -> tuple[tuple[str, ...], tuple[tuple[Fraction, ...], ...]]:
        """Names, where given, and the numbers of every example."""
        entry = self.entries.get(key)
        if entry is None:
            return (), ()
        what = "input" if key == "inputs" else "target"
        names: tuple[str, ...] = ()
        value = entry.value
        if isinstance(value, Mapping):
            names, value = tuple(shortened(word) for word in value), list(value.values())
        elif isinstance(value, str):
            value = [_listed_in(part) for part in value.split(";")]
        elif value and all(isinstance(v, str) for v in value):
            value = [[v] for v in value] if self.sizes[place] == 1 else [value]
        if not value:
            entry.fail(f"“{entry.key}” has no numbers.")
        if len(value) > MOST_EXAMPLES:
            entry.fail(f"At most {MOST_EXAMPLES} examples are worked on; got {len(value)}.", LimitError)
        rows = tuple(self.row(entry, f"The {what}" if len(value) == 1 else f"The {what} of example {names[k - 1] if names else k}", v)
                     for k, v in enumerate(value, 1))
        if isinstance(self.sizes[place], str):
            letter = self.sizes[place]
            self.sizes = [len(rows[0]) if s == letter else s for s in self.sizes]
        size = self.sizes[place]
        for k, row in enumerate(rows):
            if len(row) != size:
                of = f" of example {names[k] if names else k + 1}" if len(rows) > 1 else ""
                where = "inputs" if key == "inputs" else "outputs"
                entry.fail(f"The {what}{of} has {_many(len(row), 'number')}; the network has {size} {where}.", ShapeError)
        return names, rows

    def same_examples(self, names: Sequence[str], inputs: Sequence[object], others: Sequence[str], targets: Sequence[object]) -> None:
        if not targets:
            return
        entry = self.entries["targets"]
        if inputs and len(inputs) != len(targets):
            entry.fail(f"There {_are(len(inputs), 'input')}, and there {_are(len(targets), 'target')}; each example has one of both.",
                       ShapeError)
        if names and others and tuple(names) != tuple(others):
            entry.fail(f"The inputs are named {', '.join(names)}, the targets {', '.join(others)}; they have the same names in the same "
                       "order.", NotationError)


def _is_single(value: Plain) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 1 and isinstance(value[0], str)


def _are(count: int, what: str) -> str:
    return f"{'is' if count == 1 else 'are'} {_many(count, what)}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


__all__ = ["KEYS", "LARGEST", "MOST_EXAMPLES", "Description", "describe", "from_options", "merged", "number_of", "option_entries",
           "read_description"]  # fmt: skip
