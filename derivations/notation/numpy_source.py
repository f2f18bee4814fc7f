"""A whole Python function from written forms: `def jacobian(X, w, **_): …`, with nothing but NumPy.

Binds the variables and the sizes that are needed, defines the helper functions that are used and the named common
parts, and splits what is nested too deeply for Python's own parser. Holds the helpers' definitions, exact to double
precision and free of overflow. Must not know how an expression is spelled: that is `numpy_writer.py`. Every name in the
source is one that was made here; declared names enter it only as keyword parameters that are plain identifiers, or as
string literals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent

from ..errors import DefectError, UnsupportedError
from ..sizes import Shape, names_in
from .numpy_names import RESERVED, Names, is_identifier
from .numpy_writer import FUNCTION_SPELLINGS, call_parts, piece_of
from .pieces import Piece, axes, bound_of, fold, indices_of
from .written import Written

Definitions = Sequence[tuple[str, Written]]

_HELPERS = """
def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))

def relu(x):
    return np.maximum(x, 0)

def step(x):
    return np.where(x > 0, 1.0, 0.0)

def leaky_relu(x, a=0.01):
    return np.where(x > 0, x, a * x)

def elu(x, a=1.0):
    return np.where(x > 0, x, a * np.expm1(np.minimum(x, 0)))

def selu(x):
    return 1.0507009873554805 * elu(x, 1.6732632423543772)

def softplus(x):
    return np.logaddexp(0, x)

def softsign(x):
    return x / (1 + np.abs(x))

def silu(x):
    return x * sigmoid(x)

def mish(x):
    return x * np.tanh(softplus(x))

def relu6(x):
    return np.clip(x, 0, 6)

def hardtanh(x):
    return np.clip(x, -1, 1)

def hardsigmoid(x):
    return np.clip(x / 6 + 0.5, 0, 1)

def gelu(x):
    return x * (1 + erf(x / np.sqrt(2))) / 2

def erf(x):
    nodes, weights = np.polynomial.legendre.leggauss(64)
    x = np.clip(x, -6, 6)
    return x / np.sqrt(np.pi) * (np.exp(-((x[..., None] * (nodes + 1) / 2) ** 2)) @ weights)

def softmax(z, axis=-1):
    return np.exp(log_softmax(z, axis))

def log_softmax(z, axis=-1):
    return z - np.expand_dims(logsumexp(z, axis), axis)

def logsumexp(z, axis=-1):
    top = np.max(z, axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.sum(np.exp(z - top), axis=axis))

def logdet(A):
    return np.linalg.slogdet(A)[1]

def vec(A):
    return np.ravel(A, order="F")

def expm(A):
    halvings = max(0, int(np.ceil(np.log2(max(np.linalg.norm(A, 1), 1.0)))) + 1)
    term = total = np.eye(len(A))
    for k in range(1, 24):
        term = term @ A / (k * 2.0**halvings)
        total = total + term
    return np.linalg.matrix_power(total, 2**halvings)
"""

# The derivative of a function of one number, for an expression that mentions it: σ′(z). Kinks as everywhere: 0 at 0.
_PRIMES: dict[str, str] = {
    "exp": "np.exp(x)",
    "expm1": "np.exp(x)",
    "log": "1 / x",
    "log2": "1 / (x * np.log(2))",
    "log10": "1 / (x * np.log(10))",
    "log1p": "1 / (1 + x)",
    "sqrt": "1 / (2 * np.sqrt(x))",
    "cbrt": "1 / (3 * np.cbrt(x) ** 2)",
    "sin": "np.cos(x)",
    "cos": "-np.sin(x)",
    "tan": "1 + np.tan(x) ** 2",
    "sinh": "np.cosh(x)",
    "cosh": "np.sinh(x)",
    "tanh": "1 - np.tanh(x) ** 2",
    "arcsin": "1 / np.sqrt(1 - x**2)",
    "arccos": "-1 / np.sqrt(1 - x**2)",
    "arctan": "1 / (1 + x**2)",
    "arcsinh": "1 / np.sqrt(x**2 + 1)",
    "arccosh": "1 / np.sqrt(x**2 - 1)",
    "arctanh": "1 / (1 - x**2)",
    "erf": "2 / np.sqrt(np.pi) * np.exp(-(x**2))",
    "abs": "np.sign(x)",
    "sign": "0 * x",
    "step": "0 * x",
    "sigmoid": "sigmoid(x) * sigmoid(-x)",
    "relu": "step(x)",
    "leaky_relu": "np.where(x > 0, 1, a)",
    "elu": "np.where(x > 0, 1, a * np.exp(np.minimum(x, 0)))",
    "selu": "1.0507009873554805 * np.where(x > 0, 1, 1.6732632423543772 * np.exp(np.minimum(x, 0)))",
    "softplus": "sigmoid(x)",
    "softsign": "1 / (1 + np.abs(x)) ** 2",
    "silu": "sigmoid(x) * (1 + x * sigmoid(-x))",
    "gelu": "(1 + erf(x / np.sqrt(2))) / 2 + x * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)",
    "mish": "np.tanh(softplus(x)) + x * sigmoid(x) * (1 - np.tanh(softplus(x)) ** 2)",
    "relu6": "np.where((x > 0) & (x < 6), 1.0, 0.0)",
    "hardtanh": "np.where((x > -1) & (x < 1), 1.0, 0.0)",
    "hardsigmoid": "np.where((x > -3) & (x < 3), 1 / 6, 0.0)",
}
_PARAMETERS = {"leaky_relu": "x, a=0.01", "elu": "x, a=1.0"}


def _split(text: str) -> dict[str, str]:
    return {part.split("(")[0].removeprefix("def "): part for part in text.strip().split("\n\n")}


HELPERS: dict[str, str] = _split(_HELPERS) | {
    f"{name}_prime": f"def {name}_prime({_PARAMETERS.get(name, 'x')}):\n    return {body}"
    for name, body in _PRIMES.items()
}
_CALLS = {name: [h for h in HELPERS if re.search(rf"(?<!def )\b{h}\(", text)] for name, text in HELPERS.items()}

# Python's parser takes 200 brackets within each other; what is nested more deeply than this gets a line of its own.
_DEEPEST = 40


def numpy_source(
    tree: Written, variables: Mapping[str, Shape], definitions: Definitions = (), function: str = "jacobian"
) -> str:
    """The source of a function of NumPy arrays, given by keyword, that returns the value of `tree`.

    `variables` are the declared names with their shapes: numbers come as numbers or arrays without axes, columns and
    rows as arrays with one. `definitions` name common parts, in the order in which they build on each other.

    >>> w = Written("name", value="w", shape=("d", 1))
    >>> print(numpy_source(Written("scale", (Written("number", value="2"), w), shape=("d", 1)), {"w": ("d", 1)}))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def jacobian(w, **_):
        w = np.asarray(w, dtype=float)
        return 2 * w
    <BLANKLINE>
    """
    if not is_identifier(function):
        raise DefectError(f"A function cannot be called {function!r}.")
    trees = [*(part for _, part in definitions), tree]
    naming = _Naming(variables, [name for name, _ in definitions], trees)
    lines = _Lines(naming)
    for name, part in definitions:
        lines.define(naming.parts[name], part)
    result = lines.value(tree)
    if not _has_array(tree):
        result = f"np.asarray({result}, dtype=float)"
    arguments = _Arguments(naming, variables, trees, [*lines.lines, result])
    helpers = (f"\n{HELPERS[name]}\n" for name in _helpers_for(trees))
    body = "\n".join([*arguments.lines(), *helpers, *lines.lines, f"return {result}"]).replace("\n\n\n", "\n\n")
    return f"import numpy as np\n\n\ndef {function}({arguments.parameters()}):\n{indent(body, '    ')}\n"


def _has_array(tree: Written) -> bool:
    return bool(axes(tree.shape)) or any(node.op == "name" for node in tree.walk())


def _helpers_for(trees: Iterable[Written]) -> list[str]:
    """The helpers that are called, each after those it calls itself."""
    todo = [_function(node) for tree in trees for node in tree.walk() if node.op == "call"]
    used: set[str] = set()
    while todo:
        name = todo.pop()
        if name in HELPERS and name not in used:
            used.add(name)
            todo.extend(_CALLS[name])
    return [name for name in HELPERS if name in used]


def _function(call: Written) -> str:
    name, settings = call_parts(call)
    if not dict(settings).get("prime"):
        return FUNCTION_SPELLINGS.get(name, name)
    prime = f"{name}_prime"
    if prime not in HELPERS or dict(settings)["prime"] != 1:
        raise UnsupportedError(f"There is no NumPy code for this derivative of {name}; write out what it is.")
    return prime


class _Naming:
    """What everything is called in the source: as declared where Python allows it, and no two things alike."""

    def __init__(self, variables: Mapping[str, Shape], parts: Sequence[str], trees: Sequence[Written]):
        self._taken = {"_", "variables", "array", *RESERVED, *HELPERS}
        self.direct = [name for name in variables if is_identifier(name) and name not in self._taken]
        self._taken.update(self.direct)
        self.variables = {name: name if name in self.direct else self.fresh(name) for name in variables}
        self.parts = {name: self.fresh(name) for name in parts}
        self.sizes = {name: self.fresh(name) for name in sorted(_size_names(variables, trees))}
        indices = {name: self.fresh(name) for name in _index_names(trees)}
        self.names = Names(self.variables | self.parts, self.sizes, indices, strict=True)

    def fresh(self, declared: str) -> str:
        """An identifier like the declared name that nothing else has."""
        wish = re.sub(r"[^A-Za-z0-9]+", "_", declared).strip("_") or "x"
        wish = wish if wish[0].isalpha() else f"x{wish}"
        name, count = wish, 1
        while name in self._taken:
            count += 1
            name = f"{wish}_{count}"
        self._taken.add(name)
        return name


def _size_names(variables: Mapping[str, Shape], trees: Iterable[Written]) -> set[str]:
    """Every name of a size that the source may mention."""
    sizes = {size for shape in variables.values() for size in shape}
    for node in (node for tree in trees for node in tree.walk()):
        sizes.update(node.shape)
        if node.op == "size" and isinstance(node.value, str):
            sizes.add(node.value)
        elif node.op in ("sum", "prod"):
            sizes.add(bound_of(node)[1])
    return {name for size in sizes for name in names_in(size)}


def _index_names(trees: Iterable[Written]) -> dict[str, None]:
    """Every index, in the order in which they occur."""
    found: dict[str, None] = {}
    for node in (node for tree in trees for node in tree.walk()):
        if node.op == "index":
            found[str(node.value)] = None
        elif node.op in ("sum", "prod"):
            found[bound_of(node)[0]] = None
        elif node.op == "components":
            found.update(dict.fromkeys(indices_of(node)))
    return found


class _Lines:
    """The lines before `return`: the common parts, and parts of what is nested too deeply."""

    def __init__(self, naming: _Naming):
        self.lines: list[str] = []
        self._naming = naming

    def define(self, name: str, tree: Written) -> None:
        self.lines.append(f"{name} = {self.value(tree)}")

    def value(self, tree: Written) -> str:
        """The expression for a tree; what it needs is on the lines above."""
        return fold(tree, self._nested)[0].text

    def _nested(self, node: Written, parts: list[tuple[Piece, int, bool]]) -> tuple[Piece, int, bool]:
        """A piece, a bound on how deep its brackets go, and whether an index occurs (then it cannot be moved out)."""
        piece = piece_of(node, [p for p, _, _ in parts], self._naming.names)
        depth = 2 + max((d for _, d, _ in parts), default=0)
        indexed = node.op == "index" or any(i for _, _, i in parts)
        if depth > _DEEPEST:
            depth = _brackets(piece.text)
        if depth > _DEEPEST and not indexed:
            name = self._naming.fresh("t")
            self.lines.append(f"{name} = {piece.text}")
            piece, depth = Piece(name), 0
            self._naming.names.aside[id(node)] = piece
        return piece, depth, indexed


def _brackets(text: str) -> int:
    depth = deepest = 0
    for character in text:
        if character in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]":
            depth -= 1
    return deepest


class _Arguments:
    """How the variables and the sizes get into the function."""

    def __init__(self, naming: _Naming, variables: Mapping[str, Shape], trees: Iterable[Written], lines: Sequence[str]):
        mentioned = {str(node.value) for tree in trees for node in tree.walk() if node.op == "name"}
        words = {word for line in lines for word in re.findall(r"\w+", line)}
        self._naming = naming
        needed = [size for size in naming.names.sizes_used if naming.sizes[size] in words]
        self._bindings = list(_bindings(needed, variables, mentioned))
        used = mentioned | {name for name, _, _ in self._bindings}
        self._direct = [name for name in naming.direct if name in used and name not in naming.parts]
        self._looked_up = [n for n in variables if n in used and n not in naming.direct and n not in naming.parts]

    def parameters(self) -> str:
        return ", ".join([*self._direct, "**variables" if self._looked_up else "**_"])

    def lines(self) -> Iterator[str]:
        """Whatever comes becomes an array of floats, for whole numbers have no negative powers in NumPy."""
        names = ", ".join(self._direct)
        if len(self._direct) > 1:
            yield f"{names} = (np.asarray(array, dtype=float) for array in ({names}))"
        elif self._direct:
            yield f"{names} = np.asarray({names}, dtype=float)"
        for name in self._looked_up:
            yield f"{self._naming.variables[name]} = np.asarray(variables[{name!r}], dtype=float)"
        for name, places, count in self._bindings:
            array = f"{self._naming.variables[name]}.shape"
            if len(places) == count > 1:
                yield f"{', '.join(self._naming.sizes[size] for size, _ in places)} = {array}"
            else:
                yield from (f"{self._naming.sizes[size]} = {array}[{axis}]" for size, axis in places)


Binding = tuple[str, list[tuple[str, int]], int]


def _bindings(needed: Iterable[str], variables: Mapping[str, Shape], mentioned: Iterable[str]) -> Iterator[Binding]:
    """Which variable tells which sizes at which axes, and how many axes it has; variables that are mentioned first."""
    missing, preferred = set(needed), set(mentioned)
    for name in sorted(variables, key=lambda v: v not in preferred):
        shape = axes(variables[name])
        places = [(str(size), axis) for axis, size in enumerate(shape) if size in missing and size not in shape[:axis]]
        if places:
            missing.difference_update(size for size, _ in places)
            yield name, places, len(shape)
    if missing:
        raise UnsupportedError(f"No variable has an axis of size {', '.join(sorted(missing))}, so code cannot know it.")
