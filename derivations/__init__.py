"""The mathematics: notation, shapes, elements, calculus, matrix form, graphs, problem sets.

Knows nothing of judging people's answers and nothing of terminals. What other rooms use is listed here.
"""

from .activations.activations import Activation, activation
from .activations.softmax import Proof, softmax_proof
from .derivation import Derivation, jacobian, spelled_name
from .graphs.graphs import Backpropagation, backprop
from .notation.spellings import Style
from .notation.writer import write
from .reader.reading import Reading, read

__all__ = [
    "Activation", "Backpropagation", "Derivation", "Proof", "Reading", "Style", "activation", "backprop", "jacobian", "read",
    "softmax_proof", "spelled_name", "write",
]  # fmt: skip
