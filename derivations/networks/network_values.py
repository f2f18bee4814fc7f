"""The numbers of a network at given weights and inputs: every intermediate quantity, exactly or certainly enclosed.

The statements of `passes.py` are evaluated as they are printed, in their order, on exact numbers and balls: nothing is rounded before
it is shown, so the digits that are shown are right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

from ..elements.symbolic import library
from ..errors import InputError, ShapeError
from ..forms import building as b
from ..graphs.graph_writing import Notation
from ..graphs.graph_writing import decimal_text as written_decimal
from ..graphs.values import PRECISIONS, Calculator, Value, calculating, decimal
from ..notation.spellings import Style
from ..notation.written import Written
from .network_names import naming_of
from .networks import Matrix, Network
from .passes import element_of, network_passes
from .statements import Kind, Passes, Statement
from .value_arrays import DIGITS, Arrays, array, at_enough_precision, rows_of

_LONGEST_EXACT = 60
_MOST_TIDIED = 500  # entries; SymPy takes milliseconds for each
_SUMMED = ("L", "dW", "db")


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of one quantity, rows and columns as it has in the network: a column of n entries has n rows of one.

    `name`, `kind`, `layer` and `left` are those of its statement.
    """

    name: str
    kind: Kind
    layer: int
    left: Written
    rows: tuple[tuple[Value, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    @property
    def entries(self) -> tuple[Value, ...]:
        """All entries, row by row."""
        return tuple(x for row in self.rows for x in row)


@dataclass(frozen=True, slots=True)
class Example:
    """All quantities of one example, in the order of the statements; z, a, δ and x are columns here.

    Its loss and gradients are those of this example alone, as if there were no others.
    """

    number: int
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """The numbers of a network: example by example, and together.

    `batch` holds the quantities of the batch in the network's own layout (examples as columns or rows; where it has no batches only
    what is summed), and there the loss and the gradients of the parameters are sums over the examples, or means where the network
    says so.
    """

    network: Network
    examples: tuple[Example, ...]
    batch: tuple[Table, ...]

    @property
    def loss(self) -> Value | None:
        """The loss of all examples together; None without a loss."""
        return next((t.rows[0][0] for t in self.batch if t.kind == "L"), None)

    def table(self, name: str, example: int | None = None) -> Table:
        """A quantity by the name of its statement, of one example (counted from 1) or of all together.

        Raises InputError where there is none.
        """
        if example is not None and not 1 <= example <= len(self.examples):
            raise InputError(f"There is no example {example}; there are {len(self.examples)}.")
        tables = self.batch if example is None else self.examples[example - 1].tables
        for t in tables:
            if t.name == name:
                return t
        raise InputError(f"There is no “{name}” here; there are {', '.join(t.name for t in tables)}.")


def network_values(network: Network) -> Values:
    """All numbers of a network whose weights and inputs are given.

    Raises:
        InputError: weights, inputs or targets are missing, or do not fit.
        LimitError: the numbers become too large.

    >>> from .networks import Layer
    >>> half = Fraction(1, 2)
    >>> net = Network((Layer(1, 1, "relu"),), "half-squared", weights={1: ((Fraction(3),),)}, biases={1: (half,)},
    ...               inputs=((Fraction(2),),), targets=((half,),))
    >>> values = network_values(net)
    >>> exact_text(values.loss), exact_text(values.table("dW_1").rows[0][0])
    ('18', '12')
    """
    network = with_whole_sizes(network)
    check_numbers(network)

    def compute(calculator: Calculator) -> tuple[Values, Sequence[Value]]:
        values = _tidy(values_at(network, calculator))
        return values, [v for t in (*values.batch, *(t for e in values.examples for t in e.tables)) for v in t.entries]

    found: Values = at_enough_precision(compute)
    return found


def _tidy(values: Values) -> Values:
    """The same numbers, sums of exact forms put over one denominator where that is shorter."""
    if sum(len(t.entries) for t in values.batch) > _MOST_TIDIED:
        return values
    examples = tuple(replace(e, tables=tuple(tidied(t) for t in e.tables)) for e in values.examples)
    return replace(values, examples=examples, batch=tuple(tidied(t) for t in values.batch))


def tidied(table: Table) -> Table:
    """A table with shorter exact forms: 1 − e³/(e³ + 1) is 1/(e³ + 1)."""
    return replace(table, rows=tuple(tuple(Value(_shortest(x.exact), x.ball) if x.exact is not None else x for x in row)
                                     for row in table.rows))


@cache
def _shortest(exact: Any) -> Any:
    """A sum over one denominator, if that has fewer operations; what cancels is seen to be 0."""
    if not exact.is_Add:
        return exact
    sp = library()
    short = sp.factor(sp.cancel(sp.together(exact)))
    return short if sp.count_ops(short) < sp.count_ops(exact) else exact


def with_whole_sizes(network: Network) -> Network:
    """The network with the sizes that its weights have. Raises InputError where weights are missing."""
    if not network.has_numbers:
        missing = [f"W_{k}" for k in range(1, len(network.layers) + 1) if k not in network.weights]
        raise InputError(f"Numbers need all weights; {' and '.join(missing)} {'are' if missing[1:] else 'is'} not given.")
    layers = []
    for k, layer in enumerate(network.layers, 1):
        rows = network.weight(k)
        layers.append(replace(layer, inputs=len(rows[0]), outputs=len(rows), bias=layer.bias or k in network.biases))
    return replace(network, layers=tuple(layers))


def check_numbers(network: Network) -> None:
    """Raises InputError or ShapeError where inputs or targets are missing or do not fit."""
    if not network.inputs:
        raise InputError("Numbers need at least one input x.")
    wanted = [("input", network.inputs, network.layers[0].inputs)]
    if network.loss != "none":
        if len(network.targets) != len(network.inputs):
            raise InputError(f"There are {len(network.inputs)} inputs and {len(network.targets)} targets; every input needs its target y.")
        wanted.append(("target", network.targets, network.layers[-1].outputs))
    for word, given, size in wanted:
        for number, entries in enumerate(given, 1):
            if len(entries) != size:
                raise ShapeError(f"The {word} of example {number} has {len(entries)} entries; {size} are expected.")
    if network.loss == "cross-entropy" and network.layers[-1].activation == "softmax":
        for number, entries in enumerate(network.targets, 1):
            if sum(entries) != 1:
                raise InputError(f"The target of example {number} sums to {sum(entries)}; behind softmax the labels sum to 1 (one-hot).")


def parameters_of(network: Network) -> dict[str, Matrix]:
    """The weights and biases by the names they have in the statements, a bias as a column."""
    naming, found = naming_of(network), {}
    for k, layer in enumerate(network.layers, 1):
        found[str(naming.weight(k).value)] = network.weights[k]
        if layer.bias:
            found[str(naming.bias(k).value)] = tuple((x,) for x in network.bias(k))
    return found


def values_at(network: Network, calculator: Calculator, parameters: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> Values:
    """All numbers at one precision; `parameters` replace those of the network. Raises Undecided."""
    given = parameters if parameters is not None else parameters_of(network)
    alone = network_passes(replace(network, batch="one", mean=False), confirmed=False)
    names = dict(zip(given, parameters_of(replace(network, batch="one")), strict=True))
    single = {names[name]: rows for name, rows in given.items()}
    examples = []
    for k, x in enumerate(network.inputs):
        y = network.targets[k] if network.loss != "none" else None
        examples.append(Example(k + 1, _tables(alone, single, [x], [y] if y is not None else None, calculator)))
    if network.batch == "one":
        return Values(network, tuple(examples), _together(network, examples, calculator))
    passes = network_passes(network, confirmed=False)
    targets = network.targets if network.loss != "none" else None
    return Values(network, tuple(examples), _tables(passes, given, network.inputs, targets, calculator))


def _tables(passes: Passes, parameters: Mapping[str, Sequence[Sequence[Any]]], inputs: Sequence[Sequence[Any]],
            targets: Sequence[Sequence[Any]] | None, calculator: Calculator) -> tuple[Table, ...]:
    """Every statement, evaluated."""
    network = passes.network
    naming = naming_of(network)
    sizes = {str(naming.examples): len(inputs)}
    values: dict[str, Any] = {}

    def put(name: Written, rows: Sequence[Sequence[Any]]) -> None:
        values[str(name.value)] = array(rows, calculator).reshape([_whole(s, sizes) for s in name.shape if s != 1])

    for tree, rows in ((naming.x, inputs), (naming.y, targets)):
        if rows is not None:
            put(tree, rows if network.batch == "rows" else tuple(zip(*rows, strict=True)))
    for name, shape in passes.symbols.items():
        if name in parameters:
            put(Written("name", (), name, shape), parameters[name])
    at = Arrays(values, sizes, calculator)
    tables = []
    for s in passes.statements:
        result = at(element_of(s))
        values[str(s.left.value)] = result
        tables.append(Table(s.name, s.kind, s.layer, s.left, rows_of(result, _shape(s, sizes))))
    return tuple(tables)


def _shape(statement: Statement, sizes: Mapping[str, int]) -> tuple[int, int]:
    rows, columns = (_whole(s, sizes) for s in statement.shape)
    return rows, columns


def _whole(size: Any, sizes: Mapping[str, int]) -> int:
    return size if isinstance(size, int) else sizes[size]


def _together(network: Network, examples: Sequence[Example], calculator: Calculator) -> tuple[Table, ...]:
    """The one example; of several what is summed over them: the loss and the gradients of the parameters."""
    if len(examples) == 1:
        return examples[0].tables
    weight = calculator.number(Fraction(1, len(examples)) if network.mean else 1)
    tables = []
    for parts in zip(*(e.tables for e in examples), strict=True):
        first = parts[0]
        if first.kind in _SUMMED:
            rows = tuple(tuple(calculator.product([weight, calculator.sum([p.rows[i][j] for p in parts])]) for j in range(first.shape[1]))
                         for i in range(first.shape[0]))
            tables.append(replace(first, rows=rows))
    return tuple(tables)


# -- for people ------------------------------------------------------------------------------------------------------


def rational(value: Value) -> Fraction | None:
    """The number as a fraction, where it is known to be one."""
    return value.rational


def decimal_text(value: Value, digits: int, style: Style = Style.UNICODE) -> str:
    """The number rounded to so many decimals, every digit right; whole numbers and short decimals come as they are.

    Raises InputError for more decimals than are certain.
    """
    if not 0 <= digits <= DIGITS:
        raise InputError(f"Between 0 and {DIGITS} decimals can be shown, not {digits}.")
    with calculating(PRECISIONS[-1]):  # else the ends of a ball are rounded to the precision of floats
        shown = decimal(value, digits, last=True)
    return "a number too long to be written" if shown is None else written_decimal(shown, style)


def exact_tree(value: Value) -> Written | None:
    """The number exactly, as a formula, where that is short: 2/3, e³ / (e³ + e⁻¹); None else."""
    if value.exact is None:
        return None
    tree = _falling(Notation().formula(value.exact, {}))
    return tree if len(Notation().text(tree)) <= _LONGEST_EXACT else None


def _falling(tree: Written) -> Written:
    """Sums of powers of e with the highest first, as they are usually written: e³ + e⁻¹."""
    if tree.op == "add" and all(_exponent(t) is not None for t in _terms(tree)):
        return b.add(sorted(_terms(tree), key=lambda t: -(_exponent(t) or Fraction(0))))
    return replace(tree, args=tuple(_falling(a) for a in tree.args))


def _terms(tree: Written) -> list[Written]:
    return [t for a in tree.args for t in _terms(a)] if tree.op == "add" else [tree]


def _exponent(tree: Written) -> Fraction | None:
    """k of e^k, 0 of a number."""
    if tree.op == "number":
        return Fraction(0)
    if tree.op == "constant" and tree.value == "e":
        return Fraction(1)
    if tree.op != "power" or tree.args[0].op != "constant" or tree.args[0].value != "e":
        return None
    exponent, sign = tree.args[1], 1
    if exponent.op == "neg":
        exponent, sign = exponent.args[0], -1
    if exponent.op == "divide" and all(a.op == "number" for a in exponent.args):
        return sign * Fraction(str(exponent.args[0].value)) / Fraction(str(exponent.args[1].value))
    return sign * Fraction(str(exponent.value)) if exponent.op == "number" else None


def exact_text(value: Value, style: Style = Style.UNICODE) -> str | None:
    """The number exactly, where that is short."""
    tree = exact_tree(value)
    return None if tree is None else Notation().text(tree, style)


__all__ = ["Example", "Table", "Values", "check_numbers", "decimal_text", "exact_text", "exact_tree", "network_values",
           "parameters_of", "rational", "tidied", "values_at", "with_whole_sizes"]
