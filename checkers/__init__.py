"""The judge: what a person wrote, held against what is derived, becomes a verdict with its evidence.

It stands on `derivations` and must not know how anything is shown.
"""

from .items import verify_item
from .problem_answers import verify_problem
from .verdicts import DIAGNOSES, Evidence, LineVerdict, Verdict, Witness
from .verification import verify

__all__ = ["DIAGNOSES", "Evidence", "LineVerdict", "Verdict", "Witness", "verify", "verify_item", "verify_problem"]
