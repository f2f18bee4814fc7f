"""Worlds with what leads from one name to the next: layers, activations and errors that the derivatives of a solution speak of.

The derivatives that a solution multiplies say which name depends on which. A name that has weights below it is an affine
layer, x W + b where x is a row, W x + b where it is a column; a hidden name above a sum is its activation; of any other name,
and of a loss whose form is not known, it is only known what it depends on, so that any function of it is taken: the chain rule
holds for all of them. δ is the derivative of the loss by the sum of its layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from .graph_names import Definition
from .graph_trees import walk
from .plain_reading import Plain
from .plain_values import LOSSES
from .usual_definitions import Spoken, Usual, base_of, conventions_of, shape_in, shown

MOST_WORLDS = 80
_HIDDEN = frozenset(("h", "H", "a", "A", "g", "r", "y", "o", "x"))
_BEFORE = frozenset(("z", "Z", "s", "S", "t", "u", "v", "net", "theta", "o", "q", "a", "A", "tilde x", "widetilde x"))
_WEIGHTS = frozenset(("W", "w", "U", "V", "M", "H", "I", "A", "Theta", "L"))
_BIASES = frozenset(("b", "beta", "c"))
_INPUTS = ("a", "h", "x", "X", "H", "r", "e")


def worlds_of(spoken: Spoken) -> list[Usual]:
    """The usual worlds of a solution, the plainest first."""
    plain_worlds = conventions_of(spoken)
    found: list[Usual] = []
    for world in plain_worlds:
        found += [world, *islice(with_levels(world, spoken), 4), *islice(with_graph(world, spoken), 8)]
    seen: list[Usual] = []
    for world in found:
        if world not in seen:
            seen.append(world)
    return seen[:MOST_WORLDS]


def with_graph(world: Usual, spoken: Spoken) -> Iterator[Usual]:
    """A world with definitions for all names whose derivatives are spoken of."""
    tops = _needed(world, spoken)
    errors = _errors(world, spoken)
    if not tops and not errors:
        return
    yield from _error_layers(world, spoken, errors)
    if errors and not tops:
        yield from _with_errors(world, spoken, errors)
    for rows in (True, False):
        for turned in (False, True):
            for known in (True, False):
                found = _Layers(world, spoken, tops, rows, turned, known).world()
                if found is not None:
                    yield from _with_errors(found, spoken, errors)


def with_levels(world: Usual, spoken: Spoken) -> Iterator[Usual]:
    """A world in which names with a number above are the outputs of layers: x^(p,3) of w^(2) and x^(p,2)."""
    levels: dict[int, str] = {}
    for name in spoken.names:
        base, sign, above = name.partition("^(")
        last = above.rstrip(")").rpartition(",")[2]
        if sign and last.isdecimal() and not _is_weight_base(base) and base not in _BIASES and base not in LOSSES:
            levels[int(last)] = name
    weights = {int(m[2]): n for n in spoken.names if (m := re.fullmatch(r"([A-Za-z]+)\^\((\d+)\)", n)) and _is_weight_base(m[1])}
    if not weights or not levels or len({base_of(n) for n in levels.values()}) > 1:
        return
    top = max(max(levels), max(weights) + 1)
    name = levels[max(levels)]
    named = {k: levels.get(k, _at_level(name, k)) for k in range(1, top + 1)}
    for turned, ends_in_sum in ((True, True), (False, True), (True, False), (False, False)):
        definitions = dict(world.definitions)
        layers = _Layers(world, spoken, {}, False, turned, True)
        for k in range(2, top + 1):
            weight = weights.get(k - 1, f"{base_of(next(iter(weights.values())))}^({k - 1})")
            if layers.direction(weight) not in (None, turned):
                break
            product = Plain("product", (_turned(weight) if turned else _name(weight), _name(named[k - 1])), ".")
            total = Plain("biased", (product, _name(f"b^({k - 1})")))
            definitions[named[k]] = Definition(total if k == top and ends_in_sum else Plain("call", (total,), activation_of(spoken)))
        else:
            arrow = "Wᵀ" if turned else "W"
            note = f"{shown(base_of(name))} of a layer is {activation_of(spoken)}({arrow}{shown(base_of(name))} + b) of the one before"
            lengths = dict.fromkeys(named.values(), ("?", "1")) | {
                weights.get(k, f"{base_of(next(iter(weights.values())))}^({k})"): ("?", "?") for k in range(1, top)
            }
            yield replace(world, definitions=definitions, note=(*world.note, note), shapes={**world.shapes, **lengths})


def _at_level(name: str, level: int) -> str:
    head, _, last = name.rstrip(")").rpartition(",") if "," in name else name.rstrip(")").rpartition("(")
    return f"{head}{',' if ',' in name else '('}{level})" if last.isdecimal() else name


def _is_weight_base(base: str) -> bool:
    return base in ("w", "W", "Theta", "U", "V")


def _needed(world: Usual, spoken: Spoken) -> dict[str, list[str]]:
    """What every name without a definition depends on directly, by the derivatives that are spoken of."""
    below: dict[str, list[str]] = {}
    for top, bottom in spoken.pairs:
        if top != bottom and bottom != "?":
            below.setdefault(top, [])
            if bottom not in below[top]:
                below[top].append(bottom)
    for top, names in spoken.below.items():
        below[top] = [*below.get(top, ()), *names]
    direct: dict[str, list[str]] = {}
    for top, bottoms in below.items():
        if top in spoken.own or top in world.definitions:
            continue
        direct[top] = [b for b in bottoms if not any(b in _all_below(o, below) for o in bottoms if o != b)]
    return direct


def _all_below(name: str, below: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    todo = [name]
    while todo:
        for other in below.get(todo.pop(), ()):
            if other not in found:
                found.add(other)
                todo.append(other)
    return found


class _Layers:
    """The definitions of one graph; `rows`: inputs are rows; `turned`: weights lead from their first index to their second;
    `known`: layers are affine and hidden names activations, else nothing is known of any function."""

    def __init__(self, world: Usual, spoken: Spoken, tops: dict[str, list[str]], rows: bool, turned: bool, known: bool):
        self.usual, self.spoken, self.tops, self.rows, self.turned, self.known = world, spoken, tops, rows, turned, known
        self.weights = [n for n in dict.fromkeys((*spoken.names, *spoken.shapes)) if self.is_weight(n)]
        self.definitions: dict[str, Definition] = {}
        self.notes: list[str] = []
        self.lengths: dict[str, tuple[str, str]] = {}
        self.fits = True
        self.is_sure = True

    def world(self) -> Usual | None:
        """The world; None where the lengths that were declared do not allow it, or it is another one."""
        for top, bottoms in self.tops.items():
            self.take(top, bottoms)
        if not self.fits or not self.definitions:
            return None
        definitions = {**self.usual.definitions, **self.definitions}
        note = (*self.usual.note, *self.notes)
        shapes = {**self.usual.shapes, **self.lengths}
        return replace(self.usual, definitions=definitions, note=note, shapes=shapes, is_sure=self.usual.is_sure and self.is_sure)

    def take(self, top: str, bottoms: list[str]) -> None:
        if top in self.definitions:
            return
        nodes = [b for b in bottoms if not self.is_weight(b) and base_of(b) not in _BIASES]
        if base_of(top) in LOSSES or top in LOSSES:
            self.any_loss(top, nodes or bottoms)
            return
        if self.known and self.takes_known(top, bottoms, nodes):
            return
        if bottoms:
            self.is_sure = False
            self.definitions[top] = Definition(Plain("anymap", tuple(_name(b) for b in bottoms), top))

    def any_loss(self, top: str, nodes: list[str]) -> None:
        if nodes:
            self.definitions[top] = Definition(Plain("anyloss", tuple(_name(b) for b in nodes), top))

    def takes_known(self, top: str, bottoms: list[str], nodes: list[str]) -> bool:
        """Whether a name is an activation or an affine layer."""
        weights = [b for b in bottoms if self.is_weight(b)]
        biases = [b for b in bottoms if base_of(b) in _BIASES]
        if len(nodes) == 1 and not weights and not biases and self.is_activation(top, nodes[0]):
            name = activation_of(self.spoken)
            self.is_sure = self.is_sure and (name != "sigma" or re.search(r"sigm|logistic|σ", self.spoken.text) is not None)
            self.definitions[top] = Definition(Plain("call", (_name(nodes[0]),), name))
            self.notes.append(f"{shown(top)} = {_activation_shown(name)}({shown(nodes[0])})")
            return True
        if not nodes and weights:
            nodes = self.inputs_of(top)
        if not nodes and biases and not weights:
            rest = f"rest of {top}"
            above = [n for n, d in self.usual.definitions.items() if any(p == _name(top) for p in walk(d.tree))]
            shape = next((s for n in (top, *above) if (s := shape_in(self.spoken, n)) is not None), None)
            if shape is not None:
                self.lengths[rest] = shape
            self.definitions[top] = Definition(Plain("biased", (_name(rest), _name(biases[0]))))
            self.notes.append(f"{shown(top)} is a sum with {shown(biases[0])}")
            return True
        if not nodes:
            return False
        parts, words = [], []
        for node in nodes:
            weight = self.weight_for(top, node, weights, len(nodes))
            if weight is None:
                return False
            if not self.allows(weight, node):
                self.fits = False
                return True
            factors = (
                (_name(node), _turned(weight) if self.turned else _name(weight))
                if self.rows
                else (_turned(weight) if self.turned else _name(weight), _name(node))
            )
            parts.append(Plain("product", factors, "*"))
            words.append(
                f"{shown(node)}{shown(weight)}{'ᵀ' if self.turned else ''}"
                if self.rows
                else f"{shown(weight)}{'ᵀ' if self.turned else ''}{shown(node)}"
            )
        tree = parts[0] if len(parts) == 1 else Plain("add", tuple(parts))
        bias = biases[0] if biases else next((b for b in self.biases_of(top)), None)
        if bias is not None:
            tree = Plain("biased", (tree, _name(bias)))
            words.append(shown(bias))
        self.definitions[top] = Definition(tree)
        self.notes.append(f"{shown(top)} = {' + '.join(words)}")
        return True

    def is_weight(self, name: str) -> bool:
        base = base_of(name)
        if base not in _WEIGHTS or base in LOSSES or name in self.spoken.own:
            return False
        shape = shape_in(self.spoken, name)
        if base in ("H", "A", "I", "V", "M", "Theta"):
            return shape is not None and "1" not in shape and not (base == "H" and "X" in {base_of(n) for n in self.spoken.names})
        return base != "w" or self.spoken.names.get(name) != 1

    def is_activation(self, top: str, bottom: str) -> bool:
        if base_of(top) not in _HIDDEN or base_of(bottom) not in _BEFORE or base_of(top) == base_of(bottom):
            return False
        if base_of(top) in ("x", "o", "y") and not base_of(bottom).startswith(("tilde", "widetilde", "z", "Z", "s", "net")):
            return False
        return (base_of(top), base_of(bottom)) not in (("a", "s"), ("A", "S"), ("h", "u"), ("o", "z")) or True

    def inputs_of(self, top: str) -> list[str]:
        """What goes into a layer of which only the weights are spoken of: the one input that has a name here."""
        found = [n for base in _INPUTS for n in self.spoken.names if base_of(n) == base and not self.is_weight(n) and n != top]
        found = [n for n in found if n not in _all_above(top, self.tops)]
        return found[:1]

    def weight_for(self, top: str, bottom: str, direct: list[str], count: int) -> str | None:
        """The weight of a layer: one that a derivative is taken by, or of the same number, or the only one that fits."""
        if len(direct) == 1 and count == 1:
            return direct[0]
        marks = [top[len(base_of(top)) :], bottom[len(base_of(bottom)) :]]
        for wanted in (*marks[:1], *marks[1:]) if count == 1 else ():
            same = [w for w in self.weights if w[len(base_of(w)) :] == wanted and wanted]
            if len(same) == 1:
                return same[0]
        fitting = [w for w in self.weights if self.lengths_fit(w, bottom, top)]
        if len(fitting) == 1:
            return fitting[0]
        affine = [t for t, below in self.tops.items() if any(self.is_input(b) for b in below)]
        if len(affine) == len(self.weights) and top in affine:
            return sorted(self.weights)[::-1][affine.index(top)]
        return self.weights[0] if len(self.weights) == 1 else None

    def is_input(self, name: str) -> bool:
        return base_of(name) in _INPUTS and not self.is_weight(name)

    def lengths_fit(self, weight: str, bottom: str, top: str) -> bool:
        """Whether declared lengths say that a weight leads from one name to the other."""
        shape, inner, outer = (shape_in(self.spoken, n) for n in (weight, bottom, top))
        if shape is None or inner is None or "?" in (*shape, *inner):
            return False
        length = inner[1] if self.rows else inner[0]
        ends = shape if self.rows != self.turned else shape[::-1]
        if outer is not None and "?" not in outer and (outer[1] if self.rows else outer[0]) != ends[1]:
            return False
        return ends[0] == length

    def allows(self, weight: str, bottom: str) -> bool:
        """Whether declared lengths allow this order of the product."""
        shape, inner = shape_in(self.spoken, weight), shape_in(self.spoken, bottom)
        if inner is not None and inner != ("1", "1"):
            is_row = inner[1] != "1"
            if "1" in inner and is_row != self.rows:
                return False
        direction = self.direction(weight)
        if direction is not None and (direction != (self.rows != self.turned) or weight[len(base_of(weight)) :].startswith("_")):
            return False
        if shape is None or inner is None or "?" in (*shape, *inner):
            # Wᵀx only where the sheet says so, or nothing but entries is written; x Wᵀ only where the lengths say so
            only_entries = self.spoken.names.get(weight) == 2
            return not self.turned or (not self.rows and (direction is not None or only_entries))
        if self.rows and self.turned and "1" in inner:
            return False
        if shape == inner:
            return True
        ends = shape if self.rows != self.turned else shape[::-1]
        return ends[0] == (inner[1] if self.rows else inner[0])

    def direction(self, weight: str) -> bool | None:
        """Whether the sheet says that the first index of a weight is where it comes from."""
        words = self.spoken.words.get(weight) or self.spoken.words.get(base_of(weight)) or ""
        found = re.search(r"_?\{?\(?([a-z])([a-z])\}?.*?from\s+([a-z])\b", words)
        return None if found is None or found[3] not in (found[1], found[2]) else found[3] == found[1]

    def biases_of(self, top: str) -> list[str]:
        mark = top[len(base_of(top)) :]
        return [n for n in self.spoken.names if base_of(n) in _BIASES and mark and n[len(base_of(n)) :] == mark]


def _all_above(name: str, tops: dict[str, list[str]]) -> set[str]:
    found = {t for t, below in tops.items() if name in below}
    return found | {t for t, below in tops.items() if any(b in found for b in below)}


def _name(name: str) -> Plain:
    return Plain("name", (), name)


def _turned(name: str) -> Plain:
    return Plain("transpose", (_name(name),))


_ACTIVATIONS = (
    ("tanh", r"tanh", re.I), ("relu", r"relu", re.I), ("phi", r"\\phi|ϕ|φ", 0), ("f", r"(?<![A-Za-z])f\s*(?:'|\^)", 0),
    ("g", r"(?<![A-Za-z])g\s*(?:'|\^)", 0), ("H", r"(?<![A-Za-z])H\s*\\?[a-zB]*\[", 0),
)  # fmt: skip


def activation_of(spoken: Spoken) -> str:
    """The activation that a solution speaks of: the logistic one where it names none."""
    for name, pattern, flags in _ACTIVATIONS:
        if re.search(pattern, spoken.text, flags):
            return "relu" if name == "H" else name
    return "sigma"


def _activation_shown(name: str) -> str:
    return {"sigma": "σ", "phi": "φ"}.get(name, name)


# -- errors ------------------------------------------------------------------------------------------------------------


def _errors(world: Usual, spoken: Spoken) -> list[str]:
    """Names of errors, δ, that are used and not defined."""
    return [n for n in spoken.names if base_of(n) == "delta" and spoken.names[n] < 2 and n not in spoken.own and n not in world.definitions]


def _error_layers(world: Usual, spoken: Spoken, errors: list[str]) -> Iterator[Usual]:
    """The error of a layer that is not spoken of: δ_o with W_o is that of a sum H W_o + b_o, on which the loss depends."""
    losses = [t for t, _ in spoken.pairs if base_of(t) in LOSSES]
    if len(errors) != 1 or not losses or losses[0] in spoken.own:
        return
    mark = errors[0][len(base_of(errors[0])) :]
    weights = [n for n in spoken.names if n[len(base_of(n)) :] == mark and _is_weight_base(base_of(n).upper())]
    biases = [n for n in spoken.names if base_of(n) in _BIASES and n[len(base_of(n)) :] in (mark, "")]
    inputs = [n for base in ("H", "h", "A", "a", "X", "x") for n in spoken.names if base_of(n) == base]
    sums = [b for t, b in spoken.pairs if t in losses and base_of(b) in _BEFORE]
    if len(weights) > 1 or not (weights or biases) or (weights and not inputs):
        return
    outer, bias = f"sum{mark}", biases[0] if biases else f"b{mark}"
    shape = shape_in(spoken, inputs[0]) if inputs else None
    for rows in (True, False):
        if shape is not None and "?" not in shape and "1" in shape and rows == (shape[1] == "1"):
            continue
        notes, definitions = list(world.note), dict(world.definitions)
        if weights:
            ends = shape_in(spoken, weights[0])
            is_known = shape is not None and ends is not None and "?" not in (*shape, *ends)
            if is_known and shape is not None and ends is not None and (shape[1] != ends[0] if rows else ends[1] != shape[0]):
                continue
            factors = (_name(inputs[0]), _name(weights[0])) if rows else (_name(weights[0]), _name(inputs[0]))
            definitions[outer] = Definition(Plain("biased", (Plain("product", factors, "."), _name(bias))))
            words = f"{shown(inputs[0])}{shown(weights[0])}" if rows else f"{shown(weights[0])}{shown(inputs[0])}"
        else:
            definitions[outer] = Definition(Plain("biased", (_name(f"rest of {outer}"), _name(bias))))
            words = "…"
        definitions[losses[0]] = Definition(Plain("anyloss", (_name(outer),), losses[0]))
        definitions[errors[0]] = Definition(Plain("derivative", (_name(losses[0]), _name(outer))))
        notes.append(f"δ{mark} is the derivative of the loss by {words} + {shown(bias)}")
        if weights and sums and inputs[0] not in definitions and inputs[0] not in spoken.own:
            activation = activation_of(spoken)
            definitions[inputs[0]] = Definition(Plain("call", (_name(sums[0]),), activation))
            notes.append(f"{shown(inputs[0])} = {_activation_shown(activation)}({shown(sums[0])})")
        lengths = {sums[0]: shape} if shape is not None and sums else {}
        if inputs and shape is None:
            lengths[inputs[0]] = ("1", "?") if rows else ("?", "1")
        yield replace(world, definitions=definitions, note=tuple(notes), shapes={**world.shapes, **lengths}, is_sure=False)


def _with_errors(world: Usual, spoken: Spoken, errors: list[str]) -> Iterator[Usual]:
    """The errors as derivatives of the loss by the sums of their layers, or by any name that one is taken by."""
    losses = [n for n in (*world.definitions, *spoken.own) if base_of(n) in LOSSES or n in LOSSES]
    if not errors:
        yield world
        return
    if not losses:
        return
    nodes = [b for t, b in spoken.pairs if b != "?" and base_of(b) not in _BIASES and (t in losses)]
    nodes = list(dict.fromkeys((*nodes, *(n for n in world.definitions if n not in losses))))
    chosen: list[tuple[str, ...]] = []
    matched = []
    for error in errors:
        mark = error[len("delta") :]
        same = [n for n in nodes if n[len(base_of(n)) :] == mark and mark and base_of(n) in _BEFORE] or [
            n for n in nodes if base_of(n) in _BEFORE
        ]
        matched.append(same[:1] or nodes[:1])
    if all(matched):
        chosen.append(tuple(m[0] for m in matched))
    if len(errors) == 1:
        chosen += [(n,) for n in nodes]
    elif len(errors) == 2:
        chosen += [(a, b) for a in nodes for b in nodes if a != b]
    for nodes_of in list(dict.fromkeys(chosen))[:8]:
        definitions = dict(world.definitions)
        notes = list(world.note)
        for error, node in zip(errors, nodes_of, strict=True):
            definitions[error] = Definition(Plain("derivative", (_name(losses[0]), _name(node))))
            notes.append(f"δ{error[len('delta') :]} = ∂{shown(losses[0])}/∂{shown(node)}")
        yield replace(world, definitions=definitions, note=tuple(notes), is_sure=False)


__all__ = ["MOST_WORLDS", "activation_of", "with_graph", "worlds_of"]
