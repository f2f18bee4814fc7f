"""Sentences about networks that a computation settles whatever the problem: XOR and one layer, slopes, centres and ends of activations.

A reader finds one kind of sentence and asks the derivation that settles it. What no reader knows is left to a person; a denial of
a denial, a condition or a wish is not read at all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ..derivations.activations.activations import activation
from ..derivations.activations.curves import Curve
from ..derivations.demonstrations.demonstrations import demonstration
from ..derivations.demonstrations.xor_weights import two_layers
from ..derivations.notation.spellings import Style
from ..derivations.xor.xor import XorProof, xor_proof
from ..derivations.xor.xor_tables import weights_in
from .flat_text import FlatText, clauses
from .prose_tokens import Token, tokens
from .start_facts import Ruling

_UNSURE = re.compile(r"\b(?:if|whether|should|would|could|suppose|assume|might|may)\b")
_DENIALS = re.compile(
    r"\b(?:not|never|no|cannot|can't|isn't|aren't|doesn't|don't|unable|impossible|fails?|neither|without|hardly|couldn't)\b"
)
_NAMES = {"sigmoid": "sigmoid", "sigmoids": "sigmoid", "logistic": "sigmoid", "σ": "sigmoid", "tanh": "tanh", "relu": "relu"}
_SHOWN = {"sigmoid": "σ", "tanh": "tanh", "relu": "ReLU"}
_F = r"(?<!leaky )(?<!hard )(?<!log )(?:sigmoids?|logistic|tanh|relu|σ)"
_OF_F = rf"(?:the )?{_F}(?: activation)?(?: functions?| units?| outputs?| activations?)?"
_LIST = rf"{_OF_F}(?:(?: ,)?(?: and| or| ,) {_OF_F}){{0,2}}"


@dataclass(frozen=True, slots=True)
class Concept:
    """A sentence with its place in the flat text, and whether it holds."""

    start: int
    end: int
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with one space between its tokens, in small letters; `starts` are the places of the tokens in it."""

    text: str
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, found: Sequence[Token]) -> Sentence:
        """Words as they are, everything else by its value."""
        starts, parts, at = [], [], 0
        for token in found:
            starts.append(at)
            parts.append(token.value)
            at += len(token.value) + 1
        return cls(" ".join(parts), tuple(found), tuple(starts))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A part of the sentence as a place in the flat text."""
        first = bisect_right(self.starts, start) - 1
        last = max(first, bisect_right(self.starts, end - 1) - 1)
        return self.tokens[first].start, self.tokens[last].end


def sentences(flat: FlatText) -> Iterator[Sentence]:
    """The sentences of a flat text."""
    for start, end in clauses(flat):
        found = tokens(flat.text, start, end)
        if found and flat.text[end : end + 1] != "?":
            yield Sentence.of(found)


def concepts_in(flat: FlatText) -> Iterator[Concept]:
    """What a text says that is settled whatever the problem.

    >>> from .flat_text import flat_text
    >>> [c.ruling.holds for c in concepts_in(flat_text("XOR is linearly separable. Tanh is zero-centered."))]
    [False, True]
    """
    for sentence in sentences(flat):
        for reader in _READERS:
            yield from reader(sentence)


# -- XOR -----------------------------------------------------------------------------------------------------------------

_ONE = re.compile(r"\b(?:single|one)(?:-| )(?:layer|unit|neuron)\b|\bsingle (?:relu|hidden-less) (?:unit|layer|neuron)\b|\bperceptron\b")
_MORE = re.compile(
    r"\b(?:two|multi|multiple|another|additional|hidden|second|deeper|2|3|three)(?:-| )layers?\b|\bhidden (?:units|neurons|layer)\b"
    r"|\bmulti-?layer(?:ed)?\b|\btwo-layer\b"
)
_DOES = re.compile(
    r"\b(?:represent|represents|model|models|compute|computes|simulate|simulates|implement|implements|solve|solves|express|"
    r"learn|realize|realise|capture|classify)\b"
)
_SEPARABLE = re.compile(r"\bxor (?:function |problem |data )?(?:is |are )(?:known to be )?(?:(not|never) )?(?:a )?linearly separable\b")
_INSEPARABLE = re.compile(
    r"\bxor (?:function |problem )?(?:isn't linearly separable|is (?:known to be )?(?:linearly inseparable|not separable by a line))\b"
)
_CUT = re.compile(
    r" (?:, )?(?:but|however|because|since|so|while|whereas|although|which|as|when|unless|without|if|where|unlike|than) "
    r"| : |(?<= ), (?!and |or )"
)


def _xor(sentence: Sentence) -> Iterator[Concept]:
    """One layer cannot be XOR, two can; it is not linearly separable."""
    for part, at in _parts(sentence):
        if "xor" not in part:
            continue
        if found := _SEPARABLE.search(part) or _INSEPARABLE.search(part):
            denied = found.re is _INSEPARABLE or found[1] is not None
            one = _one_unit("step")
            yield _concept(sentence, at, found.start(), found.end(), Ruling(one.represents != denied, _conclusion(one)))
            continue
        if _UNSURE.search(part) or not _DOES.search(part):
            continue
        single, several = _ONE.search(part), _MORE.search(part)
        if bool(single) == bool(several):
            continue
        denied = len(_DENIALS.findall(part)) % 2 == 1
        if single:
            one = _one_unit("relu")
            yield _concept(sentence, at, 0, _behind_xor(part), Ruling(one.represents != denied, _conclusion(one)))
        elif not denied and re.search(r"\b(?:can|could|is able to|are able to)\b", part):
            shown = ", ".join(f"{n} = {v}" for n, v in weights_in(two_layers().table.network, Style.UNICODE))
            yield _concept(sentence, at, 0, len(part), Ruling(True, f"with {shown} a hidden layer of two ReLU units is XOR"))


def _behind_xor(part: str) -> int:
    """Where a sentence has said what it says of XOR."""
    return part.index("xor") + 3


@cache
def _one_unit(name: str) -> XorProof:
    return xor_proof(name)


def _conclusion(proof: XorProof) -> str:
    """The end of a proof, without the lines of it that nobody sees here."""
    said = proof.conclusion.rstrip(".")
    return said.partition(": ")[2] if said.startswith("Lines ") else said[0].lower() + said[1:]


def _parts(sentence: Sentence) -> Iterator[tuple[str, int]]:
    """The clauses of a sentence."""
    start = 0
    for cut in _CUT.finditer(sentence.text):
        yield sentence.text[start : cut.start()], start
        start = cut.end()
    yield sentence.text[start:], start


def _concept(sentence: Sentence, at: int, start: int, end: int, ruling: Ruling) -> Concept:
    text = sentence.text[at + start : at + end]
    start += len(text) - len(text.lstrip(" ,"))
    leading = _LEADING.match(text.lstrip(" ,"))
    start += leading.end() if leading else 0
    return Concept(*sentence.place(at + start, at + max(end, start + 1)), ruling)


_LEADING = re.compile(r"(?:(?:thus|therefore|hence|so|and|then|that|also|yes|no|a|an|the|we|it|this) (?:, )?){0,5}")

_REGION = re.compile(
    r"\b(?:single|one)(?:-| )layer (?:relu )?(?:network|model|unit) (?:can )?(?:only )?(?:model|represent|has|have|create)s? "
    r"(?:only )?(?:a single|one) linear (?:region|piece)\b"
)


def _regions(sentence: Sentence) -> Iterator[Concept]:
    """One ReLU unit has two linear pieces."""
    for found in _REGION.finditer(sentence.text):
        pieces = len(_curve("relu").kinks) + 1
        why = f"a ReLU unit has {pieces} linear pieces, one on each side of the line where it switches; what is single is that line"
        yield Concept(*sentence.place(found.start(), found.end()), Ruling(pieces == 1, why))


# -- activations ---------------------------------------------------------------------------------------------------------

_CENTRED = r"(?:zero|0|mean)-? ?(?:centered|centred)|(?:centered|centred) (?:at|around|about|on) (?:zero|0)"
_LIKE = re.compile(
    rf"\b(?P<not>non-|not )?(?:{_CENTRED}) (?:activation )?(?:activations|functions?)(?: ,)? (?:like|such as|including) (?P<list>{_LIST})"
)
_IS = re.compile(rf"\b(?P<list>{_LIST}) (?:is|are) (?P<not>not |n't |never |non-)?(?:a |an )?(?P<also>also |both )?(?:{_CENTRED})\b")


def _centres(sentence: Sentence) -> Iterator[Concept]:
    """Which activations are centred at zero."""
    for pattern in (_LIKE, _IS):
        for found in pattern.finditer(sentence.text):
            if _UNSURE.search(sentence.text, max(0, found.start() - 30), found.start()):
                continue
            names = _activations(found["list"])
            rulings = [_centred(name, found["not"] is not None) for name in names]
            wrong = next((r for r in rulings if not r.holds), None)
            ruling = wrong or Ruling(True, "; ".join(r.why for r in rulings))
            yield Concept(*sentence.place(found.start(), found.end()), ruling)


def _activations(text: str) -> list[str]:
    return list(dict.fromkeys(_NAMES[w] for w in text.split() if w in _NAMES))


@cache
def _curve(name: str) -> Curve:
    return activation(name, confirmed=False).curve


def _centred(name: str, denied: bool) -> Ruling:
    curve = _curve(name)
    if curve.zero_centred:
        why = f"{_SHOWN[name]}(−x) = −{_SHOWN[name]}(x), so its outputs balance about 0"
    else:
        low, high = (_end(e.value.value) for e in (curve.lowest, curve.highest))
        why = f"the outputs of {_SHOWN[name]} lie between {low} and {high}, so their mean is above 0"
    return Ruling(curve.zero_centred != denied, why)


def _end(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:g}".replace("-", "−")


_SLOPE = r"(?:derivatives?|gradients?|slopes?)"
_SMALL = re.compile(
    r"\b(?:small|tiny|vanish|vanishes|near(?:ly)? zero|close to (?:zero|0)|almost (?:zero|0)|approaches? (?:zero|0)|diminish(?:es|ing)?)\b"
)
_FAR = re.compile(r"\b(?:extreme|extremes|extrema|large|high|saturated|saturates?|saturation|very positive|far from (?:zero|0))\b")


def _flat_ends(sentence: Sentence) -> Iterator[Concept]:
    """The slopes of sigmoid and tanh are tiny where inputs are large."""
    text = sentence.text
    slope = re.search(rf"\b{_SLOPE}\b", text)
    names = _activations(text)
    plain = not _DENIALS.search(text) and not re.search(r"\b(?:if|whether|suppose)\b", text)
    if not slope or not plain or "relu" in names or "hard" in text.split() or not set(names) <= {"sigmoid", "tanh"} or not names:
        return
    small, far = _SMALL.search(text), _FAR.search(text)
    if small and far:
        saturation = demonstration("saturation")
        claims = [saturation.claim("large-weights" if name == "sigmoid" else "large-weights-tanh") for name in names]
        said = [m.span() for m in (slope, small, far, *re.finditer(rf"\b{_F}\b", text))]
        place = sentence.place(min(a for a, _ in said), max(b for _, b in said))
        yield Concept(*place, Ruling(all(c.holds for c in claims), "; ".join(c.why for c in claims)))


_SATURATES = re.compile(rf"\b(?P<list>{_LIST}) (?:can |both |do |does |will )?(?P<not>not |never )?saturates?\b")


def _saturates(sentence: Sentence) -> Iterator[Concept]:
    """Sigmoid and tanh saturate."""
    for found in _SATURATES.finditer(sentence.text):
        names = _activations(found["list"])
        if "relu" in names or _UNSURE.search(sentence.text, max(0, found.start() - 30), found.start()):
            continue  # on one side only
        claims = [demonstration("saturation").claim("large-weights" if n == "sigmoid" else "large-weights-tanh") for n in names]
        holds = all(c.holds for c in claims) == (found["not"] is None)
        yield Concept(*sentence.place(found.start(), found.end()), Ruling(holds, "; ".join(c.why for c in claims)))


_RELU_SIDE = re.compile(
    rf"\brelu\b(?:'s)?[^.]{{0,60}}?\b(?P<said>{_SLOPE} (?:is|of|equals|=)(?: always| exactly| just)? (?P<value>0|1|one|zero)"
    r" (?:for|when|where|on|if)(?: the| all)?(?: inputs? (?:is|are))? (?P<side>positive|negative)\b(?: inputs?)?)"
)


def _relu_sides(sentence: Sentence) -> Iterator[Concept]:
    """ReLU has the slope 1 for positive inputs, and 0 for negative ones."""
    for found in _RELU_SIDE.finditer(sentence.text):
        positive = found["side"] == "positive"
        said = {"one": "1", "zero": "0"}.get(found["value"], found["value"])
        kink = _curve("relu").kinks[0]
        truth = _end((kink.right if positive else kink.left).value)
        why = f"the slope of ReLU is {truth} for {found['side']} inputs"
        yield Concept(*sentence.place(*found.span("said")), Ruling(said == truth, why))


_STEEPEST = re.compile(
    rf"\b(?:{_SLOPE} of (?:the )?(?P<one>{_F})(?: function)?|(?P<two>{_F})(?: function)?(?:'s)? {_SLOPE}) (?:is|has|never|peaks?)(?: a)?"
    r"(?: (?:at most|bounded by|no more than|maximum(?: value)? of|exceeds?|at|never more than|never larger than)){1,2} "
    r"(?P<value>[0-9]{1,4}(?:\.[0-9]{1,8})?(?: ?/ ?[0-9]{1,4})?)\b"
)


def _steepest(sentence: Sentence) -> Iterator[Concept]:
    """The slope of sigmoid is at most 1/4."""
    for found in _STEEPEST.finditer(sentence.text):
        name = _NAMES[found["one"] or found["two"]]
        most = _curve(name).steepest.value.exact
        try:
            said = Fraction(found["value"].replace(" ", ""))
        except (ValueError, ZeroDivisionError):
            continue
        if most is None or not most.is_Rational:
            continue
        truth = Fraction(int(most.p), int(most.q))
        if said > truth and "maximum" not in found[0] and "peak" not in found[0]:
            continue  # true, and less than could be said
        why = f"the largest slope of {_SHOWN[name]} is {truth}"
        yield Concept(*sentence.place(found.start(), found.end()), Ruling(said == truth, why))


_SKIPPING = re.compile(r"\b(?:residual|skip) connections?\b")
_FEWER = re.compile(r"\b(?:reduces?|decreases?|lowers?|removes?|fewer)\b(?: \w+){0,3} layers\b")
_CURED = re.compile(
    r"\b(?:mitigates?|prevents?|alleviates?|reduces?|avoids?|address(?:es)?|solves?|helps?(?: \w+){0,2})(?: \w+){0,2}"
    r" vanishing gradients?\b"
)


def _residuals(sentence: Sentence) -> Iterator[Concept]:
    """Connections that skip a layer leave all layers in place, and keep gradients from vanishing."""
    text = sentence.text
    named = _SKIPPING.search(text)
    if named is None or _DENIALS.search(text) or _UNSURE.search(text):
        return
    for pattern, name, holds in ((_FEWER, "keeps-one", False), (_CURED, "grows-apart", True)):
        if found := pattern.search(text, named.end()):
            claim = demonstration("residual").claim(name)
            yield Concept(*sentence.place(found.start(), found.end()), Ruling(claim.holds == holds, claim.why))


_POSITIVE = re.compile(
    rf"\b(?:{_SLOPE} of (?:the )?(?P<one>{_F})(?: function)?|(?P<two>{_F})(?: function)?(?:'s)? {_SLOPE}) is"
    r" (?P<not>not )?(?:always |strictly )+"
    r"(?P<sign>positive|negative|non-negative|nonnegative)\b"
)


def _signs(sentence: Sentence) -> Iterator[Concept]:
    """The slope of sigmoid is always positive."""
    for found in _POSITIVE.finditer(sentence.text):
        name = _NAMES[found["one"] or found["two"]]
        signs = {run.sign for run in _curve(name).runs}
        truth = {"positive": signs == {1}, "negative": signs == {-1}}.get(found["sign"], -1 not in signs)
        shown = " and ".join({1: "positive", 0: "0", -1: "negative"}[s] for s in sorted(signs, reverse=True))
        ruling = Ruling(truth == (found["not"] is None), f"the slope of {_SHOWN[name]} is {shown}")
        yield Concept(*sentence.place(found.start(), found.end()), ruling)


_BOUND = r"(?P<{0}>- )?(?P<{1}>[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?)"
_RANGE = re.compile(
    rf"\b(?P<name>{_F})(?: activation)?(?: function)? (?:has|have|outputs?|maps?|squashes|squeezes|produces)"
    r"(?: (?:a|the|its|values?|outputs?|inputs?|range|numbers|real|all|any|of|in|into|to|between|from)){1,6} [(\[]? ?"
    + _BOUND.format("minus", "low") + r" (?:,|and|to) " + _BOUND.format("less", "high") + r"\b"
)


def _ranges(sentence: Sentence) -> Iterator[Concept]:
    """The outputs of sigmoid lie between 0 and 1."""
    for found in _RANGE.finditer(sentence.text):
        curve = _curve(_NAMES[found["name"]])
        low, high = curve.lowest.value.value, curve.highest.value.value
        said = (float(found["low"]) * (-1 if found["minus"] else 1), float(found["high"]) * (-1 if found["less"] else 1))
        why = f"the outputs of {_SHOWN[_NAMES[found['name']]]} lie between {_end(low)} and {_end(high)}"
        yield Concept(*sentence.place(found.start(), found.end()), Ruling(said == (low, high), why))


_READERS: tuple[Callable[[Sentence], Iterator[Concept]], ...] = (
    _xor, _regions, _centres, _flat_ends, _saturates, _relu_sides, _steepest, _signs, _ranges, _residuals,
)  # fmt: skip

__all__ = ["Concept", "Sentence", "concepts_in", "sentences"]
