"""Layers written as Python classes: what forward returns, what backward returns and keeps, and a step of gradient descent.

Nothing is run. A class whose name says which layer it is (Linear, Tanh, …) has its forward pass held against that layer's formula, and its
backward pass against the derivatives that are derived from it. Code that our reader does not take claims nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ...derivations.errors import HwcheckError
from ..quantities import Given
from ..references import Reference, derivative_of, reference_of
from ..submissions.submissions import Passage
from ..verdicts import Verdict
from ..verification import judged
from .claims import PlacedClaim, Role
from .placing import placed

MOST_STATEMENTS = 200
_LINE = re.compile(r"(?:\d{1,4}[ \t]+)?(?:v[ \t]+)?(?P<code>[ \t]*[^\n]*)")
_CLASS = re.compile(r"[ \t]*class\s+(\w+)")
_DEF = re.compile(r"[ \t]*def\s+(\w+)\s*\(\s*self\s*,?([^)]*)\)\s*:")
_STATEMENT = re.compile(r"[ \t]*(?:return[ \t]+(?P<returned>[^#\n]+)|self\.(?P<name>\w+)[ \t]*(?P<sign>-?=)(?!=)[ \t]*(?P<value>[^#\n]+))")
_RESHAPE = re.compile(r"\.reshape\(\(?[^()]{0,40}\)?\)")
_NAME = re.compile(r"(?:self\.)?[A-Za-z_]\w*\Z")
_WORD = re.compile(r"(?:\bself\.|(?<![\w.]))([A-Za-z_]\w*)")
_WEIGHTS, _OFFSETS = ("W", "w", "weight", "weights"), ("W0", "b", "bias", "w0", "W_0")
_GRADIENTS = ("dLd{}", "d{}", "grad_{}", "{}_grad", "{}grad")
_BY_SHAPE = ("shape", "rank", "transposed", None)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: its input U (and target Y), its formula in our names, the shapes of these, and what the formula says of the offsets."""

    formula: str
    shapes: Mapping[str, tuple[str, ...]]
    backward: str = ""


def _entrywise(function: str) -> tuple[Layer, ...]:
    return (Layer(f"{function}(U)", {"U": ("n", "b"), "G": ("n", "b")}),)


_ONES = r"V \mathbf{1}_b^T"
_LINEAR = (
    Layer(f"W^T U + {_ONES}", {"U": ("m", "b"), "W": ("m", "n"), "V": ("n",), "G": ("n", "b")}),
    Layer(f"W U + {_ONES}", {"U": ("m", "b"), "W": ("n", "m"), "V": ("n",), "G": ("n", "b")}),
)
_LOSS = (Layer("-sum(Y * log(U))", {"U": ("n", "b"), "Y": ("n", "b")}, backward="U - Y"),)
LAYERS: Mapping[str, tuple[Layer, ...]] = {
    "linear": _LINEAR, "dense": _LINEAR, "affine": _LINEAR, "tanh": _entrywise("tanh"), "relu": _entrywise("relu"),
    "sigmoid": _entrywise("sigmoid"), "softmax": (Layer("softmax(U, axis=0)", {"U": ("n", "b")}),), "nll": _LOSS, "nllm": _LOSS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Statement:
    """A line of a method: `self.name = value`, `self.name -= value`, or a value that is returned (name ""), with its place."""

    method: str
    parameters: tuple[str, ...]
    name: str
    sign: str
    value: str
    start: int
    end: int


@dataclass(slots=True)
class _Class:
    """A class with its statements in order; `kept` are attributes that hold the input, the target or the output."""

    name: str
    statements: list[_Statement] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def code_claims(passage: Passage, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """The claims of classes of layers in a passage; those that could not be decided are left out."""
    found = []
    for layer in _classes(passage.text):
        for statement, verdict in _judged(layer):
            if verdict.verdict == "right" or (verdict.verdict == "wrong" and verdict.diagnosis not in _BY_SHAPE):
                found.append(placed(passage, statement.start, statement.end, "code", role, verdict))
    return tuple(found)


def _classes(text: str) -> Iterator[_Class]:
    """The classes of a text whose names are those of layers."""
    current: _Class | None = None
    method, count, place = "", 0, 0
    parameters: tuple[str, ...] = ()
    for line in text.splitlines(keepends=True):
        start, place = place, place + len(line)
        match = _LINE.match(line)
        code, offset = (match["code"], start + match.start("code")) if match else (line, start)
        if opened := _CLASS.match(code):
            if current is not None:
                yield current
            known = opened[1].lower()
            current, method = (_Class(known) if known in LAYERS else None), ""
        elif (defined := _DEF.match(code)) and current is not None:
            method = defined[1]
            parameters = tuple(p.partition("=")[0].partition(":")[0].strip() for p in defined[2].split(",") if p.strip())
        elif current is not None and method and count < MOST_STATEMENTS and (said := _STATEMENT.match(code)):
            count += 1
            current.statements.append(_statement(said, offset, method, parameters))
    if current is not None:
        yield current


def _statement(said: re.Match[str], offset: int, method: str, parameters: tuple[str, ...]) -> _Statement:
    group = "returned" if said["returned"] is not None else "value"
    start = offset + (said.start("returned") if group == "returned" else said.start("name") - len("self."))
    end = offset + said.start(group) + len(said[group].rstrip())
    return _Statement(method, parameters, said["name"] or "", said["sign"] or "", said[group].strip(), start, end)


# -- judging -----------------------------------------------------------------------------------------------------------------


def _judged(layer: _Class) -> Iterator[tuple[_Statement, Verdict]]:
    forward = [s for s in layer.statements if s.method == "forward"]
    inputs = forward[0].parameters if forward else ()
    names = dict(zip(inputs, ("U", "Y"), strict=False))
    for statement in forward:
        if statement.value in inputs and statement.name:
            layer.kept[statement.name] = names[statement.value]
    written = next((s for s in forward if not _NAME.match(s.value)), None)
    chosen = LAYERS[layer.name][0]
    if written is not None:
        if written.name:
            layer.kept[written.name] = "O"
        judged_forward, chosen = _forward(layer, written, names)
        yield written, judged_forward
    for statement in layer.statements:
        if statement.method == "backward" and not _NAME.match(statement.value):
            verdict = _backward(layer, statement, chosen)
        elif statement.name in (*_WEIGHTS, *_OFFSETS) and statement.method not in ("forward", "backward", "__init__"):
            verdict = _step(statement)
        else:
            continue
        if verdict is not None:
            yield statement, verdict


def _forward(layer: _Class, statement: _Statement, names: Mapping[str, str]) -> tuple[Verdict, Layer]:
    """Right where one of the usual conventions makes it right; later lines are then held against that one."""
    text = _renamed(statement.value, {**layer.kept, **names})
    verdicts = [(_held(_reference(c.formula, _frozen(c)), text), c) for c in LAYERS[layer.name]]
    return next((pair for pair in verdicts if pair[0].verdict == "right"), verdicts[0])


def _backward(layer: _Class, statement: _Statement, chosen: Layer) -> Verdict | None:
    """A derivative of the sum of what comes from above times the layer's output."""
    names = {**layer.kept, **dict.fromkeys(statement.parameters[:1], "G")}
    text = _renamed(statement.value, names)
    text = re.sub(r"(?<![\w.])O(?!\w)", lambda _: f"({chosen.formula})", text)
    if chosen.backward:
        return _held(_reference(chosen.backward, _frozen(chosen)), text)
    if "G" not in chosen.shapes:
        return None
    wrt = "U" if not statement.name else _gradient_of(statement.name)
    if wrt is None or wrt not in chosen.shapes:
        return None
    return _held(_derived(chosen.formula, wrt, _frozen(chosen)), text)


def _step(statement: _Statement) -> Verdict | None:
    """W −= rate · dLdW, or W = W − rate · dLdW."""
    if len(statement.parameters) != 1:
        return None
    gradients = {g.format(statement.name): "D" for g in _GRADIENTS}
    text = _renamed(statement.value, {**gradients, statement.name: "W", statement.parameters[0]: "r"})
    shapes = (("D", ("m", "n")), ("W", ("m", "n")), ("r", ()))
    return _held(_reference("r D" if statement.sign == "-=" else "W - r D", shapes), text)


def _gradient_of(name: str) -> str | None:
    """Which parameter the gradient of this name belongs to."""
    for ours, theirs in (("W", _WEIGHTS), ("V", _OFFSETS)):
        if any(name == g.format(t) for g in _GRADIENTS for t in theirs):
            return ours
    return None


def _renamed(value: str, names: Mapping[str, str]) -> str:
    """A value in our names: without self, weights W, offsets V, reshapes of columns dropped."""
    usual = {**dict.fromkeys(_WEIGHTS, "W"), **dict.fromkeys(_OFFSETS, "V"), **names}
    text = _RESHAPE.sub("", value)
    return _WORD.sub(lambda m: usual.get(m[1], m[1]), text)


Shapes = tuple[tuple[str, tuple[str, ...]], ...]


def _frozen(layer: Layer) -> Shapes:
    return tuple(sorted(layer.shapes.items()))


@lru_cache(maxsize=64)
def _reference(formula: str, shapes: Shapes) -> Reference | None:
    try:
        return reference_of(formula, Given(dict(shapes)))
    except HwcheckError:
        return None


@lru_cache(maxsize=64)
def _derived(formula: str, wrt: str, shapes: Shapes) -> Reference | None:
    try:
        return derivative_of(f"tr(G^T ({formula}))", wrt, Given(dict(shapes)), layout="denominator")
    except HwcheckError:
        return None


def _held(reference: Reference | None, text: str) -> Verdict:
    """A value held against what is expected; in a sum with the batch, offsets stand for one column a point."""
    if reference is None:
        return Verdict(text, "undecided", "Nothing is derived for this.")
    verdict = judged(reference, text)
    if verdict.verdict != "right":
        wide = replace(reference, given=replace(reference.given, definitions={"Qwide": _ONES}))
        again = judged(wide, re.sub(r"(?<![\w.])V(?!\w)", "Qwide", text))
        return again if again.verdict == "right" else verdict
    return verdict


__all__ = ["LAYERS", "Layer", "code_claims"]
