"""How a network starts: zero and constant initialisation of ŷ = W₂f(W₁x + b₁) + b₂, for any loss.

    zero_start      which gradients vanish at zero, which do not, what gradient descent converges to
    constant_start  why equal units stay equal, when XOR is out of reach, and an activation with which it is learned all the same
"""

from __future__ import annotations

from .constant_starts import ConstantStart, constant_claims, constant_start
from .effective_unit import EffectiveUnit, Shape, XorUnit
from .equal_units import EqualUnits
from .hidden_layer_gradients import Gradient
from .start_runs import Claim, Run, claim_in
from .zero_starts import ZeroStart, zero_claims, zero_start

__all__ = [
    "Claim", "ConstantStart", "EffectiveUnit", "EqualUnits", "Gradient", "Run", "Shape", "XorUnit", "ZeroStart", "claim_in",
    "constant_claims", "constant_start", "zero_claims", "zero_start",
]  # fmt: skip
