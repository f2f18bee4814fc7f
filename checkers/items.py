"""One item of a batch: JSON in, JSON out, whatever it holds.

Faults of the item itself (no answer, an expected expression that cannot be read) are no fault of the person who answered:
they are `undecided`, with a sentence that says what is wrong with the item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from ..derivations.errors import HwcheckError, InputError
from .equality.points import DOMAINS
from .verdicts import Verdict
from .verification import verify

_TEXTS = ("expected", "function", "wrt", "kind", "rounding", "layout", "context")
KEYS = (*_TEXTS, "id", "answer", "vars", "defs", "domain", "seed", "order", "symbols")


def verify_item(item: Any) -> dict[str, object]:
    """The result of one item, as CONTRACT has it; never raises.

    >>> verify_item({"id": 7, "expected": "2w^T", "answer": "w^T + w^T", "vars": {"w": ["d"]}})["verdict"]
    'right'
    """
    if not isinstance(item, Mapping):
        return {"id": None, **_failed("", "An item is a JSON object.").to_dict()}
    identity, answer = item.get("id"), _answer(item.get("answer"))
    try:
        verdict = _judged(item, answer)
    except HwcheckError as error:
        verdict = _failed(answer or "", f"What is expected cannot be used: {error.message}")
    except RecursionError:
        verdict = _failed(answer or "", "The item is nested too deep to be judged.")
    except Exception as error:  # a defect of ours must not end the run of everybody else's items
        verdict = _failed(answer or "", f"A defect of hwcheck, not of the answer: {type(error).__name__}: {error}")
    verdict = replace(verdict, notes=(*verdict.notes, *_misspelt(item)))
    return {"id": identity, **verdict.to_dict()}


def _misspelt(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys that are close to one of ours; others are the caller's own business (a model's name, a date)."""
    near = {key: get_close_matches(str(key), KEYS, 1, 0.75) for key in list(item)[:50] if key not in KEYS}
    return tuple(f"“{key}” is no key of an item and was not used; did you mean “{close[0]}”?" for key, close in near.items() if close)


def _failed(answer: str, message: str) -> Verdict:
    return Verdict(answer, "undecided", message)


def _answer(given: Any) -> str | None:
    if isinstance(given, str):
        return given
    return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else None


def _judged(item: Mapping[str, Any], answer: str | None) -> Verdict:
    if answer is None:
        return Verdict("", "unreadable", "The item has no “answer”, which is a text.")
    for key in _TEXTS:
        if not isinstance(item.get(key), str | None):
            raise InputError(f"“{key}” is a text.")
    domains = _texts(item, "domain")
    unknown = sorted(f"{n}: {d}" for n, d in domains.items() if d not in DOMAINS)
    seed = item.get("seed")
    verdict = verify(
        answer, expected=item.get("expected"), function=item.get("function"), wrt=item.get("wrt"), kind=item.get("kind") or "expression",
        shapes=_shapes(item), definitions=_texts(item, "defs"), domains={n: d for n, d in domains.items() if d in DOMAINS},
        rounding=item.get("rounding") or "as-written", layout=item.get("layout") or "numerator", order=_order(item),
        seed=seed if isinstance(seed, int) else None, symbols=_loose(item.get("symbols")), context=item.get("context"),
    )  # fmt: skip
    if unknown and verdict.verdict == "wrong" and (verdict.evidence is None or verdict.evidence.kind != "shape"):
        # what differs somewhere need not differ where the variables are said to live
        message = f"The domain “{unknown[0]}” is not known, and without it the answer differs."
        return replace(verdict, verdict="undecided", message=message, diagnosis=None, evidence=None)
    return verdict


def _order(item: Mapping[str, Any]) -> int:
    order = item.get("order", 1)
    if order not in (1, 2):
        raise InputError("“order” is 1 or 2.")
    return int(order)


def _shapes(item: Mapping[str, Any]) -> dict[str, list[Any]]:
    given = item.get("vars") or {}
    if not isinstance(given, dict):
        raise InputError("“vars” maps names to lists of sizes.")
    for name, shape in given.items():
        if not isinstance(shape, list) or not all(isinstance(s, str | int) and not isinstance(s, bool) for s in shape):
            raise InputError(f"The shape of {name} is a list of names and whole numbers, [] for a number.")
    return given


def _texts(item: Mapping[str, Any], key: str) -> dict[str, str]:
    given = item.get(key) or {}
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise InputError(f"“{key}” maps names to texts.")
    return given


def _loose(given: Any) -> dict[str, str]:
    """Loose words from a sheet: used where they are texts, never an error."""
    return {str(k): v for k, v in given.items() if isinstance(v, str)} if isinstance(given, Mapping) else {}


__all__ = ["KEYS", "verify_item"]
