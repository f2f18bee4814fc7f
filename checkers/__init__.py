"""The judge: what a person wrote, held against what is derived, becomes a verdict with its evidence.

It stands on `derivations` and must not know how anything is shown.
"""

__all__: list[str] = []
