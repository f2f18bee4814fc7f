"""The mathematics: notation, shapes, elements, calculus, matrix form, graphs, problem sets.

Knows nothing of judging people's answers and nothing of terminals. What other rooms use is listed here; each name is loaded
when it is first asked for, so that reading a formula does not load graphs and plots.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .activations.activations import Activation, activation
    from .activations.softmax import Proof, softmax_proof
    from .derivation import Derivation, jacobian, spelled_name
    from .graphs.graphs import Backpropagation, backprop
    from .notation.spellings import Style
    from .notation.writer import write
    from .reader.reading import Reading, read

_HOMES = {
    "Activation": "activations.activations", "Backpropagation": "graphs.graphs", "Derivation": "derivation", "Proof": "activations.softmax",
    "Reading": "reader.reading", "Style": "notation.spellings", "activation": "activations.activations", "backprop": "graphs.graphs",
    "jacobian": "derivation", "read": "reader.reading", "softmax_proof": "activations.softmax", "spelled_name": "derivation",
    "write": "notation.writer",
}  # fmt: skip

__all__ = [
    "Activation", "Backpropagation", "Derivation", "Proof", "Reading", "Style", "activation", "backprop", "jacobian", "read",
    "softmax_proof", "spelled_name", "write",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value
