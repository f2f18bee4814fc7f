"""What a forward and backward pass consists of: statements, one a line, in the order in which they are computed.

A statement says what a named quantity is (z¹, a¹, ℒ, δ¹, ∂ℒ/∂W¹, ∂ℒ/∂b¹, ∂ℒ/∂x), in matrix notation and entry by entry, in terms
of quantities named before it, and holds the steps by which that was derived. Knows nothing of how it was derived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..elements.confirmation import Confirmation
from ..errors import InputError
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from ..sizes import Shape
from ..steps import Step
from .networks import Network

Kind = Literal["z", "a", "L", "delta", "dW", "db", "dx"]

LOSS_NAME = "L"
_LAYER = re.compile(r"⁽([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁾")
_BRACKETED = re.compile(r"\(([A-Za-zΔδ][⁰¹²³⁴⁵⁶⁷⁸⁹]*|[A-Za-zδ][₀₁₂₃₄₅₆₇₈₉]+)\)(?=_)")


def text(tree: Written, style: Style = Style.UNICODE) -> str:
    r"""A formula of a network as people write it: layers raised without brackets, the loss as ℒ.

    >>> text(Written("name", (), "W^(2)")), text(Written("name", (), "L"), Style.LATEX)
    ('W²', '\\mathcal{L}')
    """
    loss = {Style.UNICODE: "ℒ", Style.LATEX: r"\mathcal{L}"}.get(style)
    written = write(tree, style, {LOSS_NAME: loss} if loss else None)
    return _BRACKETED.sub(r"\1", _LAYER.sub(r"\1", written)) if style is Style.UNICODE else written


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation, as formulas; `Step` is the same as text."""

    rule: str
    before: Written
    after: Written
    why: str

    def step(self) -> Step:
        """The line as it is printed."""
        latex, plain = ([text(t, style) for t in (self.before, self.after)] for style in (Style.LATEX, Style.UNICODE))
        return Step(self.rule, latex[0], latex[1], self.why, plain[0], plain[1])


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a pass.

    `name` is z_1, a_1, L, delta_1, dW_1, db_1 or dx; `layer` counts from 1, and is 0 for L and dx. `left` is what stands left
    of the sign of equality: z¹, ℒ, δ¹, ∂ℒ/∂W¹. `matrix` is the formula in matrix notation, None where there is none; then `entry`
    is the answer. `entry_left` and `entry` are the same for the general entry: (δ¹)_q and Σ_k (W²)_kq (δ²)_k σ′((z¹)_q). `means` is
    what a name abbreviates: ∂ℒ/∂z¹ of δ¹. `shape` is that of the quantity; a gradient has the shape of its parameter.
    """

    name: str
    kind: Kind
    layer: int
    left: Written
    matrix: Written | None
    entry_left: Written
    entry: Written
    shape: Shape
    lines: tuple[Line, ...] = ()
    means: Written | None = None
    why: str = ""

    @property
    def is_forward(self) -> bool:
        """Whether it belongs to the forward pass."""
        return self.kind in ("z", "a", "L")

    @property
    def steps(self) -> tuple[Step, ...]:
        """The lines of the derivation as text, LaTeX and Unicode."""
        return tuple(line.step() for line in self.lines)

    @property
    def formula(self) -> Written:
        """The formula in matrix notation, or entry by entry where there is none."""
        return self.entry if self.matrix is None else self.matrix

    def text(self, style: Style = Style.UNICODE) -> str:
        """The line: δ¹ = (W²)ᵀδ² ⊙ σ′(z¹)."""
        left = self.left if self.matrix is not None else self.entry_left
        return f"{text(left, style)} = {text(self.formula, style)}"

    def entry_text(self, style: Style = Style.UNICODE) -> str:
        """The line for the general entry."""
        return f"{text(self.entry_left, style)} = {text(self.entry, style)}"

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "name": self.name, "kind": self.kind, "layer": self.layer or None, "shape": list(self.shape),
            "left": text(self.left, Style.LATEX), "left_unicode": text(self.left),
            "matrix": text(self.matrix, Style.LATEX) if self.matrix else None,
            "matrix_unicode": text(self.matrix) if self.matrix else None,
            "entry_left": text(self.entry_left, Style.LATEX), "entry_left_unicode": text(self.entry_left),
            "entry": text(self.entry, Style.LATEX), "entry_unicode": text(self.entry),
            "means": text(self.means, Style.LATEX) if self.means else None,
            "why": self.why, "steps": [s.to_dict() for s in self.steps],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passes:
    """Forward and backward of a network. `symbols` are what is given, by name with shapes: x, y, the parameters."""

    network: Network
    statements: tuple[Statement, ...]
    symbols: Mapping[str, Shape]
    notes: tuple[str, ...] = ()
    confirmation: Confirmation | None = None

    @property
    def forward(self) -> tuple[Statement, ...]:
        return tuple(s for s in self.statements if s.is_forward)

    @property
    def backward(self) -> tuple[Statement, ...]:
        return tuple(s for s in self.statements if not s.is_forward)

    def statement(self, name: str) -> Statement:
        """The statement of that name. Raises InputError where there is none."""
        for s in self.statements:
            if s.name == name:
                return s
        raise InputError(f"This network has no “{name}”; it has {', '.join(s.name for s in self.statements)}.")

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "symbols": {name: list(shape) for name, shape in self.symbols.items()},
            "forward": [s.to_dict() for s in self.forward],
            "backward": [s.to_dict() for s in self.backward],
            "notes": list(self.notes),
            "confirmation": self.confirmation.to_dict() if self.confirmation else None,
        }


__all__ = ["LOSS_NAME", "Kind", "Line", "Passes", "Statement", "text"]
