"""All demonstrations by name. A new one is a function that returns a `Demonstration`, and a row here."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from ..errors import InputError
from .claims import Demonstration, Given
from .dropout import expectation
from .fitting import capacity, descent
from .kept_values import backward_activation, caching
from .layers import linear_layers, loops, neuron
from .losses import compared_losses, useful_gradients
from .outputs import several_labels, softmax_shift
from .slopes import residual, saturation, signs
from .symmetry import equal_units

PLAIN: dict[str, Callable[[], Demonstration]] = {
    "backward-activation": backward_activation,
    "caching": caching,
    "capacity": capacity,
    "descent": descent,
    "dropout": expectation,
    "equal-units": equal_units,
    "linear-layers": linear_layers,
    "loops": loops,
    "neuron": neuron,
    "residual": residual,
    "saturation": saturation,
    "several-labels": several_labels,
    "signs": signs,
    "softmax-shift": softmax_shift,
    "useful-gradients": useful_gradients,
}
WITH_NUMBERS: dict[str, Callable[[Given], Demonstration]] = {"compared-losses": compared_losses}
NAMES: tuple[str, ...] = tuple(sorted((*PLAIN, *WITH_NUMBERS)))


def demonstration(name: str, given: Given | None = None) -> Demonstration:
    """The demonstration of that name; `given` are the numbers of a problem, for those that have any.

    Raises:
        InputError: there is no such demonstration, it takes no numbers, or not these.

    >>> [claim.holds for claim in demonstration("dropout").claims]
    [True, False, True]
    """
    if name in PLAIN:
        if given:
            raise InputError(f"The demonstration {name} takes no numbers; leave “given” out.")
        return PLAIN[name]()
    if name in WITH_NUMBERS:
        return WITH_NUMBERS[name](given or {})
    close = get_close_matches(name[:60], NAMES, 1, 0.6)
    guess = f" Did you mean {close[0]}?" if close else ""
    raise InputError(f"There is no demonstration “{name[:60]}”.{guess} They are {', '.join(NAMES)}.")


__all__ = ["NAMES", "PLAIN", "WITH_NUMBERS", "demonstration"]
