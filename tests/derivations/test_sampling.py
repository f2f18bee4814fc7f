"""Points: sizes that tell axes apart, values from their domains, the same ones every time."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from hwcheck.derivations.elements.sampling import DOMAINS, check_domains, draw, size_assignments
from hwcheck.derivations.errors import InputError
from hwcheck.derivations.sizes import Shape

SHAPES: tuple[tuple[Shape, ...], ...] = (
    (("n", "d"), ("d",)),
    (("k", "d"), ("k",), ("n", "k")),
    (("n*m",), ("n",)),
    (("d", 3), ("n", 5)),
    tuple((f"n_{i}", f"n_{i + 1}") for i in range(20)),
)


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
def test_sizes_are_distinct_and_none_is_one(shapes: tuple[Shape, ...]) -> None:
    fixed = {s for shape in shapes for s in shape if isinstance(s, int)}
    found = list(islice(size_assignments(shapes), 4))
    assert len(found) == 4 and len({tuple(f.items()) for f in found}) == 4
    for numbers in found:
        assert len(set(numbers.values())) == len(numbers) and 1 not in numbers.values()
        assert not fixed & set(numbers.values())


def test_every_name_of_a_composite_size_gets_a_number() -> None:
    assert {frozenset(s) for s in size_assignments([("n*m+1", "2*n")])} == {frozenset({"m", "n"})}


def test_the_second_assignment_turns_the_first_round() -> None:
    """A matrix that is tall at one is wide at the other."""
    (first, second, *_) = size_assignments([("n", "d")])
    assert (first["n"] > first["d"]) != (second["n"] > second["d"])


def test_without_names_there_is_one_assignment() -> None:
    assert list(size_assignments([(3, 4), ()])) == [{}]


def holds(domain: str, x: np.ndarray) -> bool:
    """Whether every one of several square matrices lies in a domain."""
    turned, n = x.swapaxes(-1, -2), x.shape[-1]
    spectrum = np.linalg.eigvalsh((x + turned) / 2)
    return {
        "any": lambda: np.isfinite(x).all() and (x < 0).any() and (x > 0).any(),
        "positive": lambda: (x > 0).all(),
        "nonnegative": lambda: (x >= 0).all(),
        "unit": lambda: ((x > 0) & (x < 1)).all(),
        "unit_interval": lambda: ((x > 0) & (x < 1)).all(),
        "nonzero": lambda: (np.abs(x) > 0.1).all() and (x < 0).any(),
        "binary": lambda: set(np.unique(x)) == {0, 1},
        "plus_minus_one": lambda: set(np.unique(x)) == {-1, 1},
        "probability": lambda: (x > 0).all() and np.allclose(x.sum(-1), 1),
        "one_hot": lambda: set(np.unique(x)) == {0, 1} and (x.sum(-1) == 1).all(),
        "symmetric": lambda: (x == turned).all() and (spectrum < 0).any(),
        "skew": lambda: (x == -turned).all(),
        "spd": lambda: np.allclose(x, turned) and (spectrum > 0).all(),
        "invertible": lambda: (np.abs(np.linalg.det(x)) > 1e-6).all(),
        "pos_det": lambda: (np.linalg.det(x) > 0).all(),
        "full_column_rank": lambda: (np.linalg.matrix_rank(x) == n).all(),
        "above_one": lambda: (x > 1).all(),
    }[domain]()  # type: ignore[no-any-return]


@pytest.mark.parametrize("size", [2, 3, 4])
@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_values_lie_in_their_domain(domain: str, size: int) -> None:
    values = draw(np.random.default_rng(5), {"A": ("d", "d")}, {"d": size}, {"A": domain}, 40)
    assert values["A"].shape == (40, size, size) and values["A"].dtype == np.float64
    assert holds(domain, values["A"])


def test_the_same_generator_gives_the_same_points() -> None:
    first, again, other = (draw(np.random.default_rng(s), {"w": ("d",), "a": ()}, {"d": 3}, {}, 2) for s in (7, 7, 8))
    assert all((first[n] == again[n]).all() for n in first) and not (first["w"] == other["w"]).any()


def test_what_has_no_domain_takes_the_other_one() -> None:
    values = draw(np.random.default_rng(1), {"w": ("d",), "x": ("d",), "z": ("d",)}, {"d": 9},
                  {"x": "plus_minus_one", "z": "any"}, 4, "positive")
    assert (values["w"] > 0).all() and (values["z"] > 0).all() and set(np.unique(values["x"])) == {-1, 1}


def test_an_unknown_domain_is_named() -> None:
    with pytest.raises(InputError) as refused:
        check_domains({"A": "spd", "w": "postive"})
    assert refused.value.message == f"The domain of w is “postive”; known domains: {', '.join(sorted(DOMAINS))}."
