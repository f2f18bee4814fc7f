"""What is put to the judge: an expected text and an answer, of which the independent evaluator knows how they compare.

Everything goes in as text, in one of the four styles, and has to mean the same to the independent evaluator when it is
read back; what does not is dropped and counted.
"""

from __future__ import annotations

import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hwcheck.derivations import Style, read, write
from hwcheck.derivations.errors import HwcheckError
from hwcheck.derivations.notation.written import Written
from hwcheck.derivations.sizes import Size

from .differences import compare
from .identities import Identity
from .mutations import Mutant, mutants
from .rewrites import rewritten

LONGEST = 12
STYLES = (Style.LATEX, Style.UNICODE, Style.ASCII)
# Names that no bank uses and no size is called, by what they stand for.
OTHER_NAMES = {
    0: ("alpha", "kappa", "tau", "rho", "omega", "zeta"), 1: ("theta", "phi", "psi", "xi", "nu"), 2: ("M", "Q", "G", "P", "R", "S"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """One question to the judge: `kinds` says what was done to the expected, `how` it is known to differ ("" for a rewrite).

    `question` is what is expected: an expression, or the derivative of a function.
    """

    kinds: tuple[str, ...]
    question: Mapping[str, object]
    answer: str
    shapes: Mapping[str, Sequence[Size]]
    domains: Mapping[str, str]
    how: str = ""

    def reproducer(self) -> str:
        """The call that repeats it."""
        domains = f", domains={dict(self.domains)!r}" if self.domains else ""
        shapes = {name: list(sizes) for name, sizes in self.shapes.items()}
        question = ", ".join(f"{key}={value!r}" for key, value in self.question.items())
        return f"verify({self.answer!r}, {question}, shapes={shapes!r}{domains}, rounding='exact')"


@dataclass(slots=True)
class Bank:
    """Trials with what was left out on the way to them."""

    mutants: list[Trial] = field(default_factory=list)
    rewrites: list[Trial] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def seed_of(identity: Identity, seed: int) -> int:
    return zlib.crc32(f"{seed} {identity.text} {sorted(identity.shapes)}".encode())


def reads_back(text: str, tree: Written, identity: Identity) -> bool:
    """Whether a text is read as something equal to the tree."""
    try:
        body = read(text, shapes=identity.shapes).body
    except HwcheckError:
        return False
    return body == tree or compare(tree, body, identity.domains).verdict == "equal"


def text_of(tree: Written, identity: Identity, rng: random.Random, styles: Sequence[Style] = STYLES) -> str | None:
    """The tree in a random style that reads back, None where none does."""
    for style in rng.sample(styles, len(styles)):
        text = written(tree, style, identity)
        if text is not None and reads_back(text, tree, identity):
            return text
    return None


def written(tree: Written, style: Style, identity: Identity) -> str | None:
    try:
        return write(tree, style, declared=identity.shapes)
    except (HwcheckError, KeyError, IndexError):  # the writer has no notation for it, or it is ill-typed
        return None


def bank_of(identity: Identity, seed: int, of_a_kind: int = 2, rewrites: int = 4) -> Bank:
    """The mutants (so many of each kind) and rewrites of one expression."""
    rng = random.Random(seed_of(identity, seed))
    bank = Bank()
    expected = text_of(identity.tree, identity, rng)
    if expected is None:
        bank.dropped["expected does not read back"] += 1
        return bank
    bank.mutants.extend(_mutants(identity, expected, rng, of_a_kind, bank.dropped))
    bank.rewrites.extend(_rewrites(identity, expected, rng, rewrites, bank.dropped))
    return bank


def question_of(identity: Identity, expected: str, rng: random.Random) -> Mapping[str, object]:
    """What is expected as a text; of a derivative, half of the time, as the function and its variable."""
    if identity.derivative_of is None or rng.random() < 0.5 or _is_rounded(identity.tree):
        return {"expected": expected}
    function, wrt, order = identity.derivative_of
    return {"function": function, "wrt": wrt} | ({"order": order} if order != 1 else {})


def _is_rounded(tree: Written) -> bool:
    """Whether a constant without an end was printed as a decimal: that is no exact answer any more."""
    return any(n.op == "number" and len(str(n.value)) > LONGEST for n in tree.walk())


def _mutants(identity: Identity, expected: str, rng: random.Random, of_a_kind: int, dropped: Counter[str]) -> Iterator[Trial]:
    by_kind: dict[str, list[Mutant]] = {}
    for mutant in mutants(identity.tree):
        by_kind.setdefault(mutant.kind if mutant.fits else "ill-typed", []).append(mutant)
    for found in by_kind.values():
        rng.shuffle(found)
        made = 0
        for mutant in found[: 3 * of_a_kind]:
            trial = _mutant_trial(identity, expected, mutant, rng, dropped)
            if trial is not None:
                yield trial
                made += 1
            if made == of_a_kind:
                break


def _mutant_trial(identity: Identity, expected: str, mutant: Mutant, rng: random.Random, dropped: Counter[str]) -> Trial | None:
    if not mutant.fits:
        return _ill_typed(identity, expected, mutant, rng, dropped)
    found = compare(identity.tree, mutant.tree, identity.domains)
    if found.verdict != "different":
        dropped[f"mutant is {found.verdict} {found.how}".strip()] += 1
        return None
    answer = text_of(mutant.tree, identity, rng, (*STYLES, Style.NUMPY) if rng.random() < 0.2 else STYLES)
    if answer is None:
        dropped["mutant does not read back"] += 1
        return None
    # What a derivative is at a kink is a convention; of an expression that is given it is not.
    question = {"expected": expected} if found.how == "kink" else question_of(identity, expected, rng)
    return Trial((mutant.kind,), question, answer, identity.shapes, identity.domains, found.how)


def _ill_typed(identity: Identity, expected: str, mutant: Mutant, rng: random.Random, dropped: Counter[str]) -> Trial | None:
    """A text that means nothing, or, if it is read as something, something else."""
    answer = written(mutant.tree, rng.choice(STYLES), identity)
    if answer is None or answer == expected:
        dropped["ill-typed mutant cannot be written"] += 1
        return None
    how = "ill-typed"
    try:
        found = compare(identity.tree, read(answer, shapes=identity.shapes).body, identity.domains)
        how = found.how
        if found.verdict != "different":
            dropped[f"ill-typed mutant read as {found.verdict}"] += 1
            return None
    except HwcheckError:
        pass
    return Trial(("ill-typed", mutant.kind), question_of(identity, expected, rng), answer, identity.shapes, identity.domains, how)


def _rewrites(identity: Identity, expected: str, rng: random.Random, wanted: int, dropped: Counter[str]) -> Iterator[Trial]:
    if (answer := text_of(identity.tree, identity, rng, (*STYLES, Style.NUMPY))) is not None:
        yield Trial(("as it is",), question_of(identity, expected, rng), answer, identity.shapes, identity.domains)
    for _ in range(wanted):
        found = rewritten(identity.tree, identity.domains, rng)
        if found is None:
            dropped["no rewrite found"] += 1
            continue
        verdict = compare(identity.tree, found.tree, identity.domains)
        if verdict.verdict != "equal":
            dropped[f"rewrite is {verdict.verdict} {verdict.how}".strip()] += 1
            continue
        styles = (*STYLES, Style.NUMPY) if rng.random() < 0.3 else STYLES
        named, tree, kinds = identity, found.tree, found.kinds
        if rng.random() < 0.25:
            named, tree = renamed(identity, found.tree, rng)
            kinds = (*kinds, "renamed")
        own = text_of(named.tree, named, rng) if named is not identity else expected
        answer = text_of(tree, named, rng, styles)
        if answer is None or own is None:
            dropped["rewrite does not read back"] += 1
            continue
        yield Trial(kinds, question_of(named, own, rng), answer, named.shapes, named.domains)


def renamed(identity: Identity, tree: Written, rng: random.Random) -> tuple[Identity, Written]:
    """The expression and another one with other names for the same things."""
    names: dict[str, str] = {}
    for name, sizes in identity.shapes.items():
        free = [n for n in OTHER_NAMES.get(len(sizes), ()) if n not in names.values() and n not in identity.shapes]
        names[name] = rng.choice(free) if free else name

    def with_names(node: Written) -> Written:
        value = names.get(str(node.value), node.value) if node.op == "name" else node.value
        return replace(node, value=value, args=tuple(with_names(a) for a in node.args))

    shapes = {names[n]: s for n, s in identity.shapes.items()}
    domains = {names.get(n, n): d for n, d in identity.domains.items()}
    return Identity(identity.text, with_names(identity.tree), shapes, domains), with_names(tree)


def judged(trial: Trial, verify: Callable[..., object]) -> str:
    """The judge's word for a trial; an exception is a word of its own, which nothing expects."""
    try:
        verdict = verify(trial.answer, **trial.question, shapes=trial.shapes, domains=trial.domains, rounding="exact")
    except Exception as error:  # whatever happens, the bank goes on
        return f"{type(error).__name__}: {error}"
    return str(getattr(verdict, "verdict", verdict))
