"""The named mistakes behind a wrong answer: what was expected, with one thing done wrong, from the likely to the unlikely.

`mistakes` makes them in the expected expression, `repairs` undoes them in an answer. Nothing is evaluated here: the judge
compares each tree with the other side, and the first that agrees names the mistake. Every tree is well typed, differs from
the original and from all trees before it, and shares what did not change with the original as the same objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ...derivations.notation.writer import unicode
from ...derivations.notation.written import Written
from . import brackets, functions, indices, matrices, powers, terms
from .rebuilding import exchanged
from .slips import Family, Scene

MOST = 400  # of one expression
MOST_OF_A_KIND = 80  # so that the signs of a long sum leave room for the rest
LONGEST = 60  # characters of a part in a phrase


FAMILIES: tuple[Family, ...] = (
    matrices.whole_transposed,
    terms.whole_sign,
    indices.wrong_axes,
    terms.mixed_terms,
    brackets.floating,
    terms.signs_of_terms,
    terms.signs_inside,
    terms.constant_factors,
    terms.missing_terms,
    terms.missing_factors,
    powers.exponents,
    brackets.swallowing,
    powers.upside_down,
    terms.larger_and_smaller,
    matrices.orders,
    matrices.outer_and_inner,
    matrices.entrywise,
    indices.swapped_indices,
    indices.other_subscripts,
    indices.outer_indices,
    matrices.inner_transposes,
    terms.twice_and_half,
    terms.sizes_of_factors,
    powers.squares_and_roots,
    powers.added_inverses,
    brackets.powers_of_functions,
    indices.other_indices,
    indices.diagonal_or_all,
    matrices.squares_of_columns,
    terms.twice_inside,
    functions.everywhere,
    indices.wrong_variables,
    functions.other_functions,
)

# What shows in the form of the answer rather than in that of the expected expression.
LIKELY_REPAIRS: tuple[Family, ...] = (
    indices.swapped_indices,
    indices.other_indices,
    indices.other_subscripts,
    indices.wrong_axes,
    matrices.orders,
    matrices.outer_and_inner,
)

REPAIRS: tuple[Family, ...] = (
    *LIKELY_REPAIRS,
    brackets.floating,
    brackets.swallowing,
    terms.signs_of_terms,
    terms.signs_inside,
    powers.exponents,
    powers.upside_down,
    matrices.inner_transposes,
    matrices.entrywise,
    terms.constant_factors,
    terms.twice_and_half,
    powers.squares_and_roots,
    powers.added_inverses,
    indices.outer_indices,
    indices.diagonal_or_all,
    indices.wrong_variables,
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One named mistake: `tree` is the expression with it, `part` the node of the original that it concerns.

    `code` is one of DIAGNOSES.
    """

    code: str
    tree: Written
    part: Written
    wording: str
    named: tuple[Written, ...] = ()

    @property
    def what(self) -> str:
        """What it is about, in words for the student: "the sign of y"."""
        return self.wording.format(*(_shortened(unicode(n)) for n in self.named))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def mistakes(expected: Written) -> Iterator[Mistake]:
    """What a wrong answer to `expected` may be, likely mistakes first.

    >>> w = Written("name", value="w", shape=("d", 1))
    >>> y = Written("name", value="y", shape=("d", 1))
    >>> [(m.code, m.what) for m in mistakes(Written("sub", (w, y), shape=("d", 1)))][2:4]
    [('sign', 'the sign of y'), ('sign', 'the sign of w')]
    """
    return islice(_all(expected, FAMILIES), MOST)


def repairs(answer: Written) -> Iterator[Mistake]:
    """What an answer may have been meant to be: the mistakes that can be undone without knowing the right answer."""
    return islice(_all(answer, REPAIRS), MOST)


def likely_repairs(answer: Written) -> Iterator[Mistake]:
    """The repairs of indices and of the order of factors: they are seen in the answer as it was written, in s_i(δ_ij − s_i)
    or diag(s)(I − s 1ᵀ), and are worth a look before `mistakes`."""
    return islice(_all(answer, LIKELY_REPAIRS), MOST)


def _all(tree: Written, families: Sequence[Family]) -> Iterator[Mistake]:
    scene, seen = Scene(tree), Seen()
    seen.is_new(tree)
    for family in families:
        yield from islice(_of_family(scene, family, seen), MOST_OF_A_KIND)


def _of_family(scene: Scene, family: Family, seen: Seen) -> Iterator[Mistake]:
    for slip in family(scene):
        if slip.new is None:
            continue
        done = exchanged(slip.spot, slip.new)
        if done is not None and seen.is_new(done.tree):
            yield Mistake("shape" if done.spread else slip.code, done.tree, scene.part(slip), slip.wording, slip.parts)


class Seen:
    """Trees seen so far. Nodes are numbered by their structure; a shared node is looked at once."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._by_identity: dict[int, int] = {}
        self._whole: set[int] = set()
        self._kept: list[Written] = []  # an identity is good only as long as its node lives

    def is_new(self, tree: Written) -> bool:
        """Whether a tree was not asked for before; from now on it was."""
        number = self._number(tree)
        new = number not in self._whole
        self._whole.add(number)
        return new

    def _number(self, node: Written) -> int:
        """The number of the structure of a node that has none by its identity yet, or of one that has."""
        numbers = self._by_identity
        args = []
        for a in node.args:
            known = numbers.get(id(a))
            args.append(self._number(a) if known is None else known)
        key = (node.op, node.value, *args) if args else (node.op, node.value, node.shape)
        number = numbers[id(node)] = self._numbers.setdefault(key, len(self._numbers))
        self._kept.append(node)
        return number


__all__ = ["FAMILIES", "LIKELY_REPAIRS", "MOST", "REPAIRS", "Mistake", "likely_repairs", "mistakes", "repairs"]
