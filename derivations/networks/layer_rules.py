"""The statements about one layer, derived once for every kind of layer: z, a, δ, ∂ℒ/∂W, ∂ℒ/∂b, ∂ℒ/∂x.

δ of the layer above is a quantity of its own here, so a derivation looks at one layer only: the layer's z is differentiated by its
weights, its bias, or the z below, and the chain rule sums the result with δ. Layers that differ in numbers and names only share
the derivation; `Kind` says what makes the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ..calculus.tidying import Tidier
from ..elements.elements import Element, variable
from ..elements.evaluation import Evaluator
from ..elements.functions import FUNCTIONS
from ..elements.meaning import Meaning
from ..elements.symbolic import derivative_element
from ..forms import building as b
from ..notation.written import Written
from ..sizes import Size
from .derivation_lines import TWO_INDICES, Board, contracted, local, local_lines, slopes_last, summed
from .entries import entry_of, narrowed
from .network_names import LOSS, Naming, activated, affine
from .networks import Batch, Convention
from .statements import Line, Statement, text

BELOW = 900  # the layer below the one in question; names carry the numbers until they are put in
M = "m_900"
_ROLES = "ijkrs"
_SPARE = ("p", "q", "u", "v", "w", "t", "a_", "b_", "c_", "d_", "e_")  # enough for all roles, whichever are taken
_POINT = {"n_900": 3, "n_901": 5, "n_902": 2, M: 4}


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for all layers of one structure: conventions, which sizes are 1, and letters that no index may have."""

    convention: Convention
    batch: Batch
    single: bool
    ones: tuple[bool, ...]
    taken: frozenset[str] = frozenset()
    first: int = BELOW

    @property
    def naming(self) -> Naming:
        sizes: tuple[Size, ...] = tuple(1 if one else f"n_{BELOW + k}" for k, one in enumerate(self.ones))
        return Naming(sizes, self.convention, self.batch, self.single, M, self.first)

    @property
    def is_narrow(self) -> bool:
        """Whether a size is 1 in a network that has matrices."""
        return not self.single and any(self.ones)

    @property
    def general(self) -> Frame:
        """The same for any sizes."""
        return replace(self, ones=(False,) * len(self.ones))

    @property
    def narrow(self) -> dict[Size, Size]:
        """The sizes that are 1, by their names in `general`."""
        return {f"n_{BELOW + k}": 1 for k, one in enumerate(self.ones) if one}

    def letter(self, wanted: str) -> str:
        """The letter of an index: i, j, k of units, r, s of examples, or another one where that is taken by a size."""
        spare = [x for x in _SPARE if x not in self.taken]
        return wanted if wanted not in self.taken else spare[_ROLES.index(wanted)]

    def units_and_examples(self, name: Written, unit: str, example: str) -> tuple[str, ...]:
        """Letters for the axes of a quantity with an entry for every unit and example."""
        places = {"one": (unit, ""), "columns": (unit, example), "rows": (example, unit)}[self.batch]
        return tuple(self.letter(x) for x, s in zip(places, name.shape, strict=True) if x and s != 1)

    def rows_and_columns(self, name: Written) -> tuple[str, ...]:
        """Letters for the axes of a parameter."""
        return tuple(self.letter(x) for x, s in zip("ij", name.shape, strict=True) if s != 1)


def extents_of(name: Written) -> tuple[Size, ...]:
    return tuple(s for s in name.shape if s != 1)


def prime(activation: str, z: Written) -> Written:
    """σ′(z)."""
    return Written("call", (z,), (activation, ("prime", 1)), z.shape)


def board_for(frame: Frame, names: Sequence[Written], softmax: tuple[Element, Written] | None = None) -> Board:
    """A board with a random value for every name."""
    meaning = Meaning()
    if softmax is not None:
        form, a = softmax
        meaning.spelled[form] = a
        if form.kind == "product":  # down the columns: the form itself goes along rows
            meaning.spelled[form.args[0]] = b.transpose(a)
    values: dict[str, Any] = {}
    rng = np.random.default_rng(7)
    for name in names:
        element = meaning.of(name)
        values[element.value] = rng.normal(size=[_POINT[str(s)] for s in element.shape])
    return Board(meaning, values, _POINT, (M, frame.letter("r")), {}, {}, frame.taken)


def as_column(name: Written) -> Written:
    """A row, as the column that has its entries."""
    if name.shape[0] == 1 and name.shape[1] != 1:
        return Written("transpose", (name,), None, (name.shape[1], 1))
    return name


def put_slope(board: Board, activation: str, z: Written) -> None:
    """The derivative of the activation gets its name, f′(z)."""
    if activation not in FUNCTIONS:
        return
    at = board.meaning.of(z)
    slope = derivative_element(activation, [at], 0)
    name = variable(f"slope of {z.value}", slope.shape)
    board.primes = {slope: name}
    written = prime(activation, z)
    board.meaning.spelled[name] = prime(activation, as_column(z)) if as_column(z) is not z else written
    board.values[name.value] = np.asarray(Evaluator(board.values, board.sizes)(slope), dtype=float)


# -- forward ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def weighted(frame: Frame, bias: bool) -> Statement:
    """z of a layer."""
    naming, layer = frame.naming, frame.first + 1
    z, formula = naming.z(layer), affine(naming, layer, bias)
    board = board_for(frame, [naming.weight(layer), naming.bias(layer), naming.a(layer - 1)])
    element = board.meaning.of(formula)
    at = frame.units_and_examples(z, "i", "r")
    entry = board.entry(element, at)
    board.check(entry, at, extents_of(z), board.value(element))
    why = "every unit adds up its inputs with its weights" + (", and its bias" if bias else "")
    return Statement(f"z_{layer}", "z", layer, z, formula, entry_of(z, at), entry, z.shape, why=why)


@lru_cache(maxsize=1024)
def activation_of(frame: Frame, activation: str) -> Statement:
    """a of a layer."""
    naming, layer = frame.naming, frame.first
    a, formula = naming.a(layer), activated(naming, activation, layer)
    board = board_for(frame, [naming.z(layer)])
    element = board.meaning.of(formula)
    at = frame.units_and_examples(a, "i", "r")
    if activation == "softmax":
        entry = _softmax_entry(frame, naming.z(layer), at)
    else:
        entry = board.entry(element, at)
    board.check(entry, at, extents_of(a), board.value(element))
    why = {"identity": "this layer has no activation", "softmax": "e to the entries, divided by their sum"}.get(
        activation, "the activation, entry by entry")
    return Statement(f"a_{layer}", "a", layer, a, formula, entry_of(a, at), entry, a.shape, why=why)


def _softmax_entry(frame: Frame, z: Written, at: Sequence[str]) -> Written:
    """e^(z_i) / Σ_k e^(z_k)."""
    k, i = frame.letter("k"), frame.letter("i")
    e = Written("constant", (), "e")
    top = Written("power", (e, entry_of(z, at)))
    other = Written("power", (e, entry_of(z, [k if x == i else x for x in at])))
    units = z.shape[1] if frame.batch == "rows" else z.shape[0]
    return Written("divide", (top, summed(other, [k], [units])))


# -- backward --------------------------------------------------------------------------------------------------------


def chain(board: Board, frame: Frame, upper: Written, delta: Written, by: Written, at: Sequence[str], over: Sequence[str]) -> list[Line]:
    """∂ℒ/∂by as a sum over the entries of what is above, and with δ for its derivatives."""
    entry, above, weight = entry_of(by, at), entry_of(upper, over), entry_of(delta, over)
    extents = extents_of(upper)
    left = Written("derivative", (LOSS, entry))
    inner = Written("derivative", (above, entry))
    whole = summed(Written("dot", (Written("derivative", (LOSS, above)), inner)), over, extents)
    named = summed(Written("dot", (weight, inner)), over, extents)
    through = f"ℒ depends on {text(by)} only through {text(upper)}"
    why = f"{through}: the chain rule, summed over all entries of {text(upper)}" if over else f"{through}: the chain rule"
    return [Line("chain rule", left, whole, why), Line("name δ", whole, named, f"{text(delta)} is ∂ℒ/∂{text(upper)}")]


def back(frame: Frame, board: Board, function: Element, names: tuple[Written, Written, Written, Written], at: Sequence[str],
         general: Statement | None) -> tuple[Written | None, Written, tuple[Line, ...]]:
    """∂ℒ/∂by through one layer: matrix form, general entry, and the lines.

    `names` are z of the layer, its δ, by, and what stands left in the end. Where sizes are 1 the matrix form is that of any sizes,
    `general`, for these.
    """
    upper, delta, by, own = names
    over = frame.units_and_examples(upper, "k", "r")
    x, weights = board.meaning.of(by), board.meaning.of(delta)
    part = local(board, function, x, over, at)
    lines = chain(board, frame, upper, delta, by, at, over)
    partial = Written("derivative", (entry_of(upper, over), entry_of(by, at)))
    lines.append(Line("layer", entry_of(upper, over), board.entry(function, over, frozenset(at)), f"the layer as a function of {text(by)}"))
    lines += local_lines(board, partial, part)
    result = Tidier({})(contracted(part.work, part.terms, weights, first=by.op == "name" and str(by.value)[0] in "WwBb"))
    expected = _expected(board, function, weights, x)
    entry = slopes_last(board.entry(result, at))
    board.check(entry, at, x.shape, expected)
    put = summed(b.scale(entry_of(delta, over), board.entry(part.element, (*over, *at))), over, extents_of(upper))
    board.check(put, at, x.shape, expected)
    lines.append(Line("put in", lines[1].after, put, f"{text(partial)} as derived"))
    if entry != put:
        lines.append(Line("simplify", put, entry, TWO_INDICES if over else "factors in a common order"))
    matrix = board.matrix(result, by) if general is None else narrowed(general.matrix, frame.narrow)
    if matrix is not None and at:
        board.check(matrix, (), (), expected)
        lines.append(Line("matrix form", own, matrix, "all entries at once"))
    return matrix, entry, tuple(lines)


def _expected(board: Board, function: Element, weights: Element, x: Element) -> Any:
    """Σ weights · ∂function/∂x by complex steps."""
    partial = board.judge(x).partial(function)
    value = board.value(weights)
    return np.tensordot(value, partial, axes=value.ndim) if value.ndim else value * partial


@lru_cache(maxsize=1024)
def hidden_delta(frame: Frame, activation: str, bias: bool) -> Statement:
    """δ of a layer by δ of the one above."""
    naming, layer = frame.naming, frame.first
    z, upper, delta = naming.z(layer), naming.z(layer + 1), naming.delta(layer + 1)
    names = [z, naming.weight(layer + 1), naming.bias(layer + 1), delta]
    inner = Meaning().of(activated(naming, activation, layer))
    board = board_for(frame, names, (inner, naming.a(layer)) if activation == "softmax" else None)
    put_slope(board, activation, z)
    put_activated(board, naming.a(layer), inner, activation)
    function = board.meaning.of(affine(naming, layer + 1, bias, activated(naming, activation, layer)))
    board.named = {**board.named, str(upper.value): function}
    at = frame.units_and_examples(z, "j", "s")
    own = naming.delta(layer)
    general = hidden_delta(frame.general, activation, bias) if frame.is_narrow else None
    matrix, entry, lines = back(frame, board, function, (upper, delta, z, own), at, general)
    return Statement(f"delta_{layer}", "delta", layer, own, matrix, entry_of(own, at), entry, z.shape, lines,
                     Written("derivative", (LOSS, z)), "the weights take δ back one layer, the slope of the activation scales it")


def put_activated(board: Board, a: Written, inner: Element, activation: str) -> None:
    """a stands for f(z): its value, and where a line is about its derivative the part itself."""
    if activation == "identity":
        return
    board.values[str(a.value)] = board.value(inner)
    board.named = {**board.named, str(a.value): inner}


@lru_cache(maxsize=1024)
def gradient(frame: Frame, bias: bool, which: str) -> Statement:
    """∂ℒ by the weights ("dW"), the bias ("db") or the inputs ("dx") of a layer."""
    naming, layer = frame.naming, frame.first + 1
    below = naming.a(layer - 1)
    z, delta = naming.z(layer), naming.delta(layer)
    by = {"dW": naming.weight(layer), "db": naming.bias(layer), "dx": below}[which]
    board = board_for(frame, [naming.weight(layer), naming.bias(layer), below, delta])
    function = board.meaning.of(affine(naming, layer, bias))
    board.named = {str(z.value): function}
    at = frame.units_and_examples(by, "j", "s") if which == "dx" else frame.rows_and_columns(by)
    own = Written("derivative", (LOSS, by))
    general = gradient(frame.general, bias, which) if frame.is_narrow else None
    matrix, entry, lines = back(frame, board, function, (z, delta, by, own), at, general)
    name = which if which == "dx" else f"{which}_{layer}"
    return Statement(name, which, 0 if which == "dx" else layer, own, matrix,  # type: ignore[arg-type]
                     Written("derivative", (LOSS, entry_of(by, at))), entry, by.shape, lines, None, _WHY[which, frame.batch != "one"])


_WHY = {
    ("dW", False): "what comes in times what is needed at the output, for every weight",
    ("dW", True): "the same, summed over the examples by the matrix product",
    ("db", False): "the bias is added as it is",
    ("db", True): "the bias is added to every example, so the gradient is the sum over the batch",
    ("dx", False): "the weights take δ back to the inputs",
    ("dx", True): "the weights take δ back to the inputs, example by example",
}

__all__ = ["BELOW", "Frame", "M", "activation_of", "as_column", "back", "board_for", "extents_of", "gradient", "hidden_delta", "prime",
           "put_activated", "put_slope", "weighted"]
