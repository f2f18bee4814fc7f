r"""The world in which the claims of a problem are judged: what the problem gives, what the statement says, what was defined so far.

A problem brings symbols with shapes, definitions, its function, or a point. What it does not say is taken from the statement: functions
and networks that are declared there, f: ℝⁿ → ℝᵐ, W ∈ ℝ^{k×d}, a bias written as a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ...derivations.elements.elements import Element, zero
from ...derivations.errors import HwcheckError
from ...derivations.graphs.graph_building import graph_of
from ...derivations.graphs.graph_writing import Notation
from ...derivations.networks.description_files import Entry
from ...derivations.networks.descriptions import describe
from ...derivations.notation.names import key_of
from ...derivations.notation.spellings import Style
from ...derivations.problems.problems import Problem
from ...derivations.reader.reading import read
from ...derivations.sizes import Shape, Size
from ..quantities import Given, quantity
from ..references import Reference, derivative_of
from ..submissions.submissions import Passage
from .claim_notation import repaired
from .claim_terms import How
from .claim_worlds import Function, World
from .finding import Formula, formulas

_LOSSES = ("L", "ell", "l", "Loss", "J", "C", "E", "mathcal_L")
_TARGETS = ("y_true", "y_t", "t", "y_target", "y_star")
_SPACE = re.compile(
    r"(?:\\in(?![A-Za-z])|∈)\s*(?:\\mathbb\s*\{?\s*R\s*\}?|ℝ)\s*(?:\^\s*(?:\{(?P<sizes>[^{}]{1,40})\}|(?P<one>\w)))?"
)
_BEFORE = re.compile(
    r"(?:\\(?:mathbf|bm|boldsymbol|mathrm)\s*\{\s*\\?[A-Za-z]{1,12}\s*\}|\\?[A-Za-z]{1,12})(?:_\{?\w{1,6}\}?)?(?:\^\{?[(\[]\w{1,3}[)\]]\}?)?\s*\Z"
)
_NEAR = 60
_MAP = re.compile(
    r"(?:\\mathbf\s*\{\s*(?P<bold>[a-z])\s*\}|(?P<plain>[a-z]))\s*:\s*\\mathbb\s*\{?R\}?\s*\^\s*\{?(?P<input>\w+)\}?\s*(?:\\to(?![A-Za-z])|\\rightarrow|→)\s*"
    r"\\mathbb\s*\{?R\}?\s*\^\s*\{?(?P<output>\w+)\}?"
)
_ROW = re.compile(r"\[\s*[-\d.]+(?:\s*[,&]\s*[-\d.]+)+\s*\]\Z|\\begin\{[bp]matrix\}[^\\]*&[^\\]*\\end\{[bp]matrix\}\Z")
_KNOWN_LAYOUTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Setting:
    """A world, the layouts that may be meant, the point where numbers hold, and the reference of the derivative asked about.

    `sure` says that the problem is known: only then is a shape that does not fit a mistake. `varies`: names of quantities may stand for
    values at points that are not known here, as in a table.
    """

    world: World
    layouts: tuple[str, ...] = _KNOWN_LAYOUTS
    point: Mapping[str, Element] = field(default_factory=dict)
    reference: Reference | None = None
    sure: bool = True
    is_graph: bool = False
    varies: bool = False

    def hows(self) -> tuple[How, ...]:
        """The readings of derivatives, the usual one first."""
        return tuple(How(layout, direct) for layout in self.layouts for direct in (False, True))


def setting_of(problem: Problem | None, statement: Sequence[Passage] = ()) -> Setting:
    """What is known where the claims of a problem are judged."""
    build = _SETTINGS.get(problem.kind) if problem is not None else None
    try:
        setting = build(problem) if build is not None and problem is not None else Setting(World(), sure=False)
    except HwcheckError:
        setting = Setting(World(), sure=False)
    world = setting.world
    texts = [p.text for p in statement]
    declare(world, texts)
    for text in texts:
        define(world, formulas(text), given=True)
    return setting


# -- what problems give --------------------------------------------------------------------------------------------------------


def _jacobian(problem: Problem) -> Setting:
    world = World(shapes={n: _shape(s) for n, s in problem.shapes.items()}, domains=dict(problem.domains))
    given = Given(problem.shapes, problem.definitions, problem.domains)
    layouts = _layouts(problem)
    reading = read(problem.function, shapes=problem.shapes, definitions=problem.definitions)
    for symbol in reading.symbols:
        world.shapes.setdefault(symbol.name, symbol.shape)
    _define_all(world, dict(problem.definitions))
    name = reading.function or ""
    world.main = name
    world.wrt = problem.wrt or (reading.parameters[0] if reading.parameters else "")
    if name:
        world.define(name, problem.function.partition("=")[2])
        world.functions[name] = Function(tuple(reading.parameters))
        for other in _LOSSES if name in _LOSSES else ():
            if other not in world.shapes and other != name:
                world.aliases[other] = name
    world.aliases |= {t: "y" for t in _TARGETS if "y" in world.shapes and t not in world.shapes}
    _name_activations(world)
    _without_index(world)
    reference = derivative_of(problem.function, problem.wrt, given, layout=layouts[0], both=len(layouts) > 1, order=problem.order)
    if not world.wrt:
        world.wrt = reference.wrt
    return Setting(world, layouts, reference=reference)


def _without_index(world: World) -> None:
    """x alone is x_i, where only that is declared."""
    for name in list(world.shapes):
        base, _, index = name.partition("_")
        if len(base) == 1 and len(index) == 1 and index.isalpha() and base not in world.shapes:
            world.aliases[base] = name


def _define_all(world: World, definitions: dict[str, str]) -> None:
    """Definitions in an order in which each rests on those before."""
    waiting = {key_of(n): text for n, text in definitions.items()}
    for name in waiting:
        world.shapes.pop(name, None)
    for _ in range(len(waiting)):
        for name in list(waiting):
            mentioned = _names_in(waiting[name], world, waiting)
            if not mentioned & (set(waiting) - {name}) and world.define(name, waiting[name]):
                del waiting[name]


def _names_in(text: str, world: World, waiting: Mapping[str, str]) -> set[str]:
    shapes: dict[str, Sequence[str | int]] = {**world.shapes, **dict.fromkeys(waiting, ())}
    try:
        return {s.name for s in read(text, shapes=shapes).symbols}
    except HwcheckError:
        return set(waiting)


def _name_activations(world: World) -> None:
    """f_2, σ_2 and f are the functions by which a^(2) and a^(1) are computed, where a text calls them so."""
    used: list[str] = []
    for name, known in world.nodes.items():
        if known.element.kind != "map" or len(known.element.args) != 1 or known.element.args[0].kind != "variable":
            continue
        function = {"sigmoid": "sigma"}.get(str(known.element.value), str(known.element.value))
        used.append(function)
        if layer := re.search(r"(\d+)", name):
            for letter in ("f", "g", "phi", "sigma"):
                world.activations.setdefault(f"{letter}_{layer[1]}", function)
    if len(set(used)) == 1:
        for letter in ("f", "g", "phi"):
            if letter not in world.functions and letter not in world.nodes:
                world.activations.setdefault(letter, used[0])


def _activation(problem: Problem) -> Setting:
    del problem  # all activations are functions of one number
    return Setting(World(shapes={"x": (1, 1), "z": (1, 1), "t": (1, 1), "u": (1, 1), "a": (1, 1)}, wrt="x", scalars=True))


def _softmax(problem: Problem) -> Setting:
    world = World(shapes={"z": ("K", 1)}, softmax=True, main=r"\operatorname{softmax}(z)", wrt="z")
    for name in ("sigma", "s"):
        world.define(name, r"\operatorname{softmax}(z)")
    if problem.with_cross_entropy or "gradient" in problem.asked:
        world.shapes["y"] = ("K", 1)
        world.domains["y"] = "one_hot"
        for name in ("p", "a", "g"):
            world.define(name, r"\operatorname{softmax}(z)")
        world.define("L", r"-y^\top \log(\operatorname{softmax}(z))")
        world.functions["L"] = Function(("y", "z"))
        world.aliases |= {n: "L" for n in _LOSSES if n != "L"}
    return Setting(world, _KNOWN_LAYOUTS)


def _backprop(problem: Problem) -> Setting:
    reading = read(problem.function, scalars=True)
    graph = graph_of(reading, Notation.of(reading.text, str(problem.point)))
    world = World(scalars=True)
    for name in problem.point:
        world.shapes[str(name)] = (1, 1)
    for step in graph.steps:
        name = graph.notation.text(graph.reference(step), Style.ASCII)
        world.define(name, graph.notation.text(graph.formula(step), Style.ASCII))
        world.main = name
    world.functions[world.main] = Function(tuple(str(n) for n in problem.point))
    point = {str(n): quantity(str(v), Given()).element for n, v in problem.point.items()}
    return Setting(world, _KNOWN_LAYOUTS, point, is_graph=True)


def _network(problem: Problem) -> Setting:
    """Layers with the names that sheets use; weights as the problem writes them, and their numbers where there are any."""
    network = describe({key: Entry(key, value, f"network: {key}") for key, value in problem.network.items()}).network
    layers = network.layers
    world = World()
    names = ["n_0", *(f"n_{k}" for k in range(1, len(layers) + 1))]
    given = (layers[0].inputs, *(layer.outputs for layer in layers))
    sizes: list[Size] = [g if isinstance(g, int) and (g == 1 or network.has_numbers) else n for g, n in zip(given, names, strict=True)]
    transposed = network.convention != "Wx"
    point: dict[str, Element] = {}
    for k in range(1, len(sizes)):
        for style in _STYLES:
            letters, below, above = style(k), sizes[k - 1], sizes[k]
            for weight in letters.weights:
                world.shapes[weight] = (below, above) if transposed else (above, below)
            world.shapes[letters.bias] = (above, 1)
            if network.has_numbers:
                point[letters.weights[0]] = _numbers(network.weights[k])
                point[letters.bias] = _numbers([[v] for v in network.bias(k)])
    world.shapes["x"] = (sizes[0], 1)
    if network.has_numbers and len(network.inputs) == 1:
        point["x"] = _numbers([[v] for v in network.inputs[0]])
    world.aliases |= {"a^(0)": "x", "a_0": "x"}
    _layers(world, len(layers), [layer.activation for layer in layers], transposed)
    return Setting(world, _layouts(problem), point if "x" in point else {}, varies="x" not in point)


def _numbers(rows: Iterable[Sequence[Fraction]]) -> Element:
    """A matrix of exact numbers."""
    cells = [[f"({v.numerator}/{v.denominator})" for v in row] for row in rows]
    if len(cells) == len(cells[0]) == 1:
        return quantity(cells[0][0], Given()).element
    body = r"\\".join("&".join(row) for row in cells)
    return quantity(rf"\begin{{pmatrix}}{body}\end{{pmatrix}}", Given()).element


def _layouts(problem: Problem) -> tuple[str, ...]:
    """The layouts that a problem accepts."""
    return _KNOWN_LAYOUTS if problem.layouts == "both" else (problem.layouts,)


@dataclass(frozen=True, slots=True)
class _Letters:
    """How the quantities of a layer are spelled in one style: keys, and the same for a text."""

    weights: tuple[str, ...]
    bias: str
    z: str
    a: str


def _raised(k: int) -> _Letters:
    return _Letters((f"W^({k})", f"w^({k})"), f"b^({k})", f"z^({k})", f"a^({k})")


def _lowered(k: int) -> _Letters:
    return _Letters((f"W_{k}", f"w_{k}"), f"b_{k}", f"z_{k}", f"a_{k}")


_STYLES = (_raised, _lowered)


def _layers(world: World, count: int, activations: Sequence[str], transposed: bool) -> None:
    """z and a of every layer, in every style."""
    for style in _STYLES:
        for k in range(1, count + 1):
            letters, below = style(k), _tex(style(k - 1).a) if k > 1 else "x"
            weight = f"{{{_tex(letters.weights[0])}}}^\\top" if transposed else _tex(letters.weights[0])
            world.define(_tex(letters.z), f"{weight} {below} + {_tex(letters.bias)}")
            called = activations[k - 1]
            world.define(_tex(letters.a), _tex(letters.z) if called == "identity" else rf"\operatorname{{{called}}}({_tex(letters.z)})")
            for lower in letters.weights[1:]:
                world.aliases[lower] = letters.weights[0]
                world.shapes.pop(lower, None)
    _name_activations(world)


def _tex(key: str) -> str:
    """A key as LaTeX: W^(2) is W^{(2)}."""
    base, _, layer = key.partition("^")
    return f"{base}^{{{layer}}}" if layer else key


def _hidden_layer(problem: Problem) -> Setting:
    """Two layers with two inputs and two hidden units, ŷ = W₂ f(W₁x + b₁) + b₂; at zero where that is asked."""
    shapes: dict[str, Shape] = {"W_1": (2, 2), "b_1": (2, 1), "W_2": (1, 2), "b_2": (1, 1), "x": (2, 1), "y": (1, 1)}
    world = World(shapes=shapes)
    called = {"relu": "ReLU"}.get(problem.function, problem.function or "ReLU")
    world.define("h", rf"\operatorname{{{called}}}(W_1 x + b_1)")
    world.define(r"\hat{y}", "W_2 h + b_2")
    world.shapes["Qslope"] = (1, 1)  # any loss: only its slope by the output counts
    world.define("L", r"Qslope \hat{y}")
    world.aliases |= {n: "L" for n in _LOSSES if n != "L"}
    at_zero = problem.kind == "initialisation" and problem.asked == ("zero",)
    point = {n: zero(tuple(s for s in shapes[n] if s != 1)) for n in ("W_1", "b_1", "W_2", "b_2")} if at_zero else {}
    return Setting(world, _KNOWN_LAYOUTS, point, varies=not at_zero)


def _xor(problem: Problem) -> Setting:
    if problem.asked != ("proof",):
        return _hidden_layer(replace(problem, function="relu"))
    world = World(shapes={"W": (1, 2), "w": (2, 1), "x": (2, 1), "b": (1, 1), "w_1": (1, 1), "w_2": (1, 1)})
    world.define(r"\hat{y}", r"\operatorname{ReLU}(W x + b)")
    return Setting(world, _KNOWN_LAYOUTS, varies=True)


_SETTINGS = {
    "jacobian": _jacobian, "activation": _activation, "softmax": _softmax, "backprop": _backprop, "network": _network,
    "xor": _xor, "initialisation": _hidden_layer,
}  # fmt: skip


# -- what texts say --------------------------------------------------------------------------------------------------------------


def declare(world: World, texts: Iterable[str]) -> None:
    """Take up shapes and general functions that texts declare, W ∈ ℝ^{k×d} and f: ℝⁿ → ℝᵐ, where nothing is known of them."""
    for text in texts:
        for found in _MAP.finditer(text):
            name = found["bold"] or found["plain"]
            if name not in world.nodes and name not in world.shapes:
                world.shapes |= {"Qmap": (found["output"], found["input"]), "x": world.shapes.get("x", (found["input"], 1))}
                world.define(name, "Qmap x")
                world.functions[name] = Function(("x",))
                world.main, world.wrt = world.main or name, world.wrt or "x"
        for found in _SPACE.finditer(text):
            before = _BEFORE.search(text, max(0, found.start() - _NEAR), found.start())
            if before is None:
                continue
            name = key_of(repaired(before[0]))
            sizes = [s.strip() for s in re.split(r"\\times|×|x", found["sizes"] or found["one"] or "") if s.strip()]
            known = name in world.shapes or name in world.nodes or name in world.aliases
            if not known and len(sizes) <= 2 and all(re.fullmatch(r"[A-Za-z]\w{0,3}|\d+", s) for s in sizes):
                world.shapes[name] = _shape([int(s) if s.isdigit() else s for s in sizes])


def define(world: World, found: Iterable[Formula], *, given: bool = False) -> None:
    """Take up what formulas define; with `given` also whether a vector is written as a row."""
    for formula in found:
        if not formula.is_equation:
            continue
        head, body = formula.sides[0].text, formula.sides[1].text
        name = world.find(head)
        if given and name in world.shapes and _ROW.match(repaired(body)) and _is_column(world.shapes[name]):
            world.shapes[name] = (1, world.shapes[name][0])
        elif name is None and _is_name(head) and not _is_entry(world, head):
            world.define(head, body)


def _is_column(shape: Shape) -> bool:
    return len(shape) == 2 and shape[1] == 1 and shape[0] != 1


def _is_name(head: str) -> bool:
    """Whether a left side is a new name, and not an entry, a call or an expression."""
    key = key_of(repaired(head))
    return re.fullmatch(r"(?:hat_|bar_|tilde_)?[A-Za-z]+(?:_\w{1,8})?(?:\^[(\[]\w+[)\]])?", key) is not None and "\\partial" not in head


def _is_entry(world: World, head: str) -> bool:
    """Whether a left side is an entry of what is known, f_i of f: it keeps its meaning, whatever it was called elsewhere."""
    base, indices = world.name_and_indices(head)
    return base is not None and any(i.isalpha() for i in indices)


def _shape(sizes: Sequence[str | int]) -> Shape:
    """Rows and columns of a declared shape."""
    shape = tuple(sizes)
    return shape if len(shape) >= 2 else (*shape, 1, 1)[:2]


__all__ = ["Setting", "declare", "define", "setting_of"]
