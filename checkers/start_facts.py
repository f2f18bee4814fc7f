"""What is true of a network that starts at zero, or at one constant, and what that makes of an assertion.

Every fact is a claim of the derivation of the start, with its reason; nothing is typed in here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..derivations import spelled_name
from ..derivations.notation.spellings import Style
from ..derivations.problems.problems import Problem
from ..derivations.starts.initialisation import Claim, claim_in, constant_claims, zero_claims
from .prose_tokens import Token
from .start_sentences import Said
from .start_words import PARAMETERS


class Ruling(NamedTuple):
    """Whether an assertion holds (None: nothing here settles it), and why."""

    holds: bool | None
    why: str = ""


_NOTHING = Ruling(None)


@dataclass(frozen=True, slots=True)
class StartFacts:
    """The facts of one start.

    `zero` says of gradients and layers whether they are 0 at the start, `moves` of parameters whether they ever move;
    `lasting` says whether what is 0 at the start stays 0. The others are single facts, None where they are not settled.
    """

    start: str
    zero: Mapping[str, Ruling]
    lasting: Mapping[str, Ruling]
    moves: Mapping[str, Ruling]
    nothing_vanishes: Ruling
    equal: Ruling
    learns: Ruling
    constant: Ruling
    tends: Ruling

    def ruling(self, said: Said) -> Ruling:
        """Whether an assertion holds."""
        match said.predicate:
            case "equation":
                return self._of_equation(said)
            case "zero":
                return _each(said, self.zero)
            case "stays zero":
                return self._lasting(said)
            case "not all zero":
                return self._not_all(said)
            case "moves":
                return self._of_moves(said)
            case "equal":
                return _affirmed(self.equal, said.affirmed)
            case "broken":
                return _affirmed(_denied(self.equal), said.affirmed)
            case "learns":
                return _affirmed(self.learns, said.affirmed)
            case "constant":
                return _affirmed(self.constant, said.affirmed)
            case "tends":
                return self.tends

    def _lasting(self, said: Said) -> Ruling:
        if said.about == ("ŷ",) and not said.throughout:
            return Ruling(None, "at the start the output is 0; over the training b₂ moves, and the output with it")
        return _each(said, self.lasting)

    def _not_all(self, said: Said) -> Ruling:
        rulings = [self.zero.get(a, _NOTHING) for a in said.about]
        found = next((r for r in rulings if r.holds is False), None)
        return Ruling(True, found.why) if found and said.affirmed else _NOTHING

    def _of_moves(self, said: Said) -> Ruling:
        if said.alone and said.affirmed:  # only b₂ moves
            others = tuple(p for p in PARAMETERS if p not in said.about)
            rulings = [*(self.moves.get(p, _NOTHING) for p in said.about),
                       *(_denied(self.moves.get(p, _NOTHING)) for p in others)]
            return _all(rulings)
        if said.alone:
            return _NOTHING
        if not said.affirmed and said.about == PARAMETERS and self.nothing_vanishes.holds is False:
            return self.nothing_vanishes
        return _each(said, self.moves)

    def _of_equation(self, said: Said) -> Ruling:
        """A chain of sides, each of which is 0 at the start or not."""
        fact = self.zero.get(said.about[0])
        if fact is None or fact.holds is None:
            return _NOTHING
        number = any(t.kind == "number" or t.value == "zero" for side in said.sides[1:] for t in side)
        if not number and said.about[0] not in ("ŷ", "grad b_2") and set(said.relations) != {"∝"}:
            return _NOTHING  # a formula for any weights: not a matter of the start
        rulings = []
        for relation, side in zip(said.relations, said.sides[1:], strict=True):
            rulings.append(self._of_side(said.about[0], fact, relation, side))
        return _all(rulings)

    def of_pair(self, left: Sequence[Token], relation: str, right: Sequence[Token]) -> Ruling:
        """Whether two neighbouring sides of a chain are equal at the start: both 0, or the same slope."""
        one, two = self._value(left), self._value(right)
        if one is None or two is None or relation == "≠":
            return _NOTHING
        if one and two:
            return Ruling(True, "both sides are 0 at the start")
        if one != two and relation == "=" and 1 in (len(left), len(right)):
            slope = left if not one else right
            known = self.zero.get(f"grad {slope[0].value}") if len(slope) == 1 and slope[0].kind == "grad" else None
            return Ruling(False, known.why) if known else _NOTHING
        return _NOTHING

    def _of_side(self, named: str, fact: Ruling, relation: str, side: Sequence[Token]) -> Ruling:
        value = self._value(side)
        if value is None:
            return _NOTHING
        if relation == "≠":
            return _affirmed(fact, not value) if value else _NOTHING
        if fact.holds:
            if not value and (relation == "∝" or not named.startswith("grad")):
                return _NOTHING  # what a layer gives may be said of another moment
            return fact if value else Ruling(False, f"{shown(named)} is 0 there: {fact.why}")
        if value:
            return fact
        # the slope of the loss itself
        same = len(side) == 1 and side[0].kind == "grad" and side[0].value in ("ŷ", "b_2") and named in ("grad b_2", "grad ŷ")
        return Ruling(True, fact.why) if same else _NOTHING

    def _value(self, side: Sequence[Token]) -> bool | None:
        """Whether a side is 0 at the start: True and False, and None where that is not plain."""
        terms = _terms(side)
        values = [self._term(term) for term in terms]
        if not values or not all(terms) or None in values:
            return None
        return all(values) if all(values) or len(values) == 1 else None

    def _term(self, term: Sequence[Token]) -> bool | None:
        """A product is 0 where a factor is; one factor alone may be known not to be."""
        factors = _factors(term)
        if not factors:
            return None
        values = [self._factor(factor) for factor in factors]
        if any(v is True for v in values):
            return True
        return False if values == [False] else None

    def _factor(self, factor: Sequence[Token]) -> bool | None:
        head = factor[0]
        if head.kind == "number":
            return float(head.value) == 0 if "/" not in head.value else False
        if head.kind in ("grad", "name"):
            known = self.zero.get(f"grad {head.value}" if head.kind == "grad" else head.value)
            return known.holds if known else None
        if head.value == "zero":
            return True
        if head.value in ("[", "("):
            entries = _entries(factor[1:-1])
            values = [self._value(e) for e in entries]
            return True if values and all(v is True for v in values) else None
        if head.kind == "word" and len(factor) > 1 and not head.value.endswith("'"):  # f(0), which is 0 just where h is
            inside = self._value(factor[2:-1])
            known = self.zero.get("h")
            return True if inside and known and known.holds else None
        return None


def shown(named: str) -> str:
    """A quantity as people write it: ∂ℓ/∂W₁."""
    if named.startswith("grad "):
        return f"∂ℓ/∂{shown(named.removeprefix('grad '))}"
    return spelled_name(named, Style.UNICODE) if named != "ŷ" else named


def _affirmed(fact: Ruling | None, affirmed: bool) -> Ruling:
    if fact is None or fact.holds is None:
        return fact or _NOTHING
    return Ruling(fact.holds is affirmed, fact.why)


def _denied(fact: Ruling) -> Ruling:
    return fact if fact.holds is None else Ruling(not fact.holds, fact.why)


def _all(rulings: Sequence[Ruling]) -> Ruling:
    """Wrong where one is wrong, right where all are right."""
    wrong = next((r for r in rulings if r.holds is False), None)
    if wrong is not None:
        return wrong
    if not rulings or any(r.holds is None for r in rulings):
        return next((r for r in rulings if r.holds is None and r.why), _NOTHING)
    return Ruling(True, "; ".join(dict.fromkeys(r.why for r in rulings if r.why)))


def _each(said: Said, facts: Mapping[str, Ruling]) -> Ruling:
    """What is said of several holds for each of them; where some are meant and others not, nobody can say what a denial denies."""
    rulings = [_affirmed(facts.get(a), said.affirmed) for a in said.about]
    against = next((r for r in rulings if r.holds is False), None)
    if said.loose and against is not None:
        return Ruling(None, f"of all gradients it would not hold, as {against.why}")
    if not said.affirmed and len({r.holds for r in rulings}) > 1 and facts and said.predicate != "moves":
        return _NOTHING
    if said.affirmed and said.predicate == "moves" and len({r.holds for r in rulings}) > 1:
        return _NOTHING
    return _all(rulings)


def _terms(side: Sequence[Token]) -> list[list[Token]]:
    terms: list[list[Token]] = [[]]
    depth = 0
    for token in side:
        depth += (token.value in ("(", "[")) - (token.value in (")", "]"))
        if depth == 0 and token.value in ("+", "-") and terms[-1]:
            terms.append([])
        elif not (depth == 0 and token.value in ("+", "-")):
            terms[-1].append(token)
    return terms


def _factors(term: Sequence[Token]) -> list[list[Token]]:
    """Brackets belong together, and a function with its argument."""
    factors: list[list[Token]] = []
    depth = 0
    for token in term:
        if depth:
            factors[-1].append(token)
        elif token.value in ("(", "[") and factors and factors[-1][-1].kind == "word" and len(factors[-1]) == 1:
            factors[-1].append(token)
        elif token.kind == "sign" and token.value in "·⊙/":
            if token.value == "/":
                return []
            continue
        else:
            factors.append([token])
        depth = max(0, depth + (token.value in ("(", "[")) - (token.value in (")", "]")))
    return factors


def _entries(inside: Sequence[Token]) -> list[list[Token]]:
    entries: list[list[Token]] = [[]]
    for token in inside:
        if token.value in (",", "¦"):
            entries.append([])
        else:
            entries[-1].append(token)
    return [e for e in entries if e]


# -- the facts of the two starts -----------------------------------------------------------------------------------------


def start_facts(problem: Problem) -> StartFacts:
    """The facts for a problem of kind initialisation, with its activation.

    >>> from ..derivations.problems.problems import find
    >>> start_facts(find("jhu-2024/4.3")[1][0]).zero["grad b_2"].holds
    False
    """
    known = {"activation": problem.function} if problem.function else {}
    if problem.asked == ("zero",):
        return _from_zero(zero_claims(**known))
    return _from_constant(constant_claims(**known), bool(problem.function))


def _ruling(claim: Claim) -> Ruling:
    return Ruling(claim.holds, claim.why)


def _from_zero(claims: Sequence[Claim]) -> StartFacts:
    def fact(sentence: str) -> Ruling:
        return _ruling(claim_in(claims, sentence))

    by_gradient = {f"grad {p}": _ruling(c) for p, c in zip(PARAMETERS, claims, strict=False)}
    stays, nothing_moves = fact("W₁, b₁ and W₂ stay zero"), fact("the parameters never change")
    no_factor, given = Ruling(True, "the factor W₂ is 0"), Ruling(True, "it starts at 0")
    hidden = Ruling(by_gradient["grad W_2"].holds, by_gradient["grad W_2"].why.partition(" with ")[2])  # what h is, and f(0)
    output = Ruling(True, "W₂ = 0 and b₂ = 0 at the start")
    zero = {**by_gradient, "grad h": no_factor, "grad z": no_factor, "grad ŷ": by_gradient["grad b_2"],
            "z": Ruling(True, "W₁ = 0 and b₁ = 0"), "h": hidden, "ŷ": output, **dict.fromkeys(PARAMETERS, given)}  # fmt: skip
    zero |= {"z_1": zero["z"], "h_1": hidden, "z_2": output}
    moves = dict.fromkeys(("W_1", "b_1", "W_2"), Ruling(False, stays.why) if stays.holds else _NOTHING)
    moves["b_2"] = _denied(nothing_moves)
    if not stays.holds:
        moves["W_2"] = Ruling(not by_gradient["grad W_2"].holds, stays.why)
    lasting = {p: _denied(m) for p, m in moves.items()}
    lasting |= {f"grad {p}": zero[f"grad {p}"] if p == "b_2" else _denied(m) for p, m in moves.items()}
    lasting |= {"h": hidden if stays.holds else _NOTHING, "ŷ": fact("the output stays 0")}
    return StartFacts(
        "zero", zero, lasting, moves, nothing_moves, fact("the hidden units stay equal"), fact("gradient descent learns XOR"),
        fact("the output is the same for all inputs"),
        Ruling(None, "with the squared error it is the mean of the targets; for another loss it need not be"),
    )


def _from_constant(claims: Sequence[Claim], named: bool) -> StartFacts:
    """Of an activation that is not named only what holds for every activation is settled."""
    equal, vanish, *never = claims
    slope = {"grad b_2": _ruling(vanish), "grad ŷ": _ruling(vanish)}
    learns = Ruling(False, never[0].why) if named and never else Ruling(
        None, "with a monotone activation XOR is out of reach; with others, such as t², gradient descent can learn it")
    return StartFacts("constant", slope, slope, {}, _ruling(vanish), _ruling(equal), learns, Ruling(None), Ruling(None))


__all__ = ["Ruling", "StartFacts", "shown", "start_facts"]
