"""The judge: what a person wrote, held against what is derived, becomes a verdict with its evidence.

It stands on `derivations` and must not know how anything is shown. Each name is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .grading.grades import Grade
    from .grading.runs import grade
    from .items import verify_item
    from .problem_answers import verify_problem
    from .verdicts import DIAGNOSES, Evidence, LineVerdict, Verdict, Witness
    from .verification import verify

_HOMES = {
    "DIAGNOSES": "verdicts", "Evidence": "verdicts", "Grade": "grading.grades", "LineVerdict": "verdicts", "Verdict": "verdicts",
    "Witness": "verdicts", "grade": "grading.runs", "verify": "verification", "verify_item": "items", "verify_problem": "problem_answers",
}  # fmt: skip

__all__ = ["DIAGNOSES", "Evidence", "Grade", "LineVerdict", "Verdict", "Witness", "grade", "verify", "verify_item", "verify_problem"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    return value
