"""Sentences about how a network starts, as data: who, what is said of it, and whether it is denied.

    Said(("W_1", "W_2"), "moves", False)     the weights are never updated
    Said(("grad b_2",), "zero", True)        ∂ℓ/∂b₂ = 0

Only what is plainly asserted is read: conditions, wishes, approximations and questions are left alone, and so is every sentence
whose subject or predicate is not known. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from .flat_text import FlatText
from .prose_tokens import Token, pieces
from .start_words import (
    ADVERBS,
    ALL_GRADIENTS,
    BE,
    BEFORE_NAMES,
    BIASES,
    DURING,
    LASTING,
    MOTIONLESS,
    MOVES,
    NEGATORS,
    OCCUR,
    OPENERS,
    PARAMETERS,
    PHRASES,
    SAME,
    SKIPPED,
    UNSURE,
    WEIGHTS,
)

Predicate = Literal["zero", "not all zero", "stays zero", "moves", "equal", "broken", "learns", "constant", "tends", "equation"]


@dataclass(frozen=True, slots=True)
class Said:
    """An assertion. `about` are parameters, `grad …`, h, z, ŷ.

    `alone` says that it is said of these and of nothing else, `throughout` that it is said of the whole training,
    `loose` that “the gradients” may be all of them or those spoken of before. `sides` are those of an equation, as tokens, and
    `relations` stand between them. `words` is the flat text that it was read from.
    """

    about: tuple[str, ...]
    predicate: Predicate
    affirmed: bool
    start: int
    end: int
    alone: bool = False
    throughout: bool = False
    loose: bool = False
    sides: tuple[tuple[Token, ...], ...] = ()
    relations: tuple[str, ...] = ()
    words: str = ""


def said_in(flat: FlatText) -> Iterator[Said]:
    """What a text asserts, in its order.

    >>> from .flat_text import flat_text
    >>> [(s.about, s.predicate, s.affirmed) for s in said_in(flat_text("The weights are never updated."))]
    [(('W_1', 'W_2'), 'moves', False)]
    """
    before: Sequence[str] = ()
    last = ""  # whom “they” are
    for piece in pieces(flat):
        piece = _with_antecedent(piece, last)
        words = [t.value for t in piece]
        asked = flat.text[piece[-1].end : piece[-1].end + 2].lstrip()[:1] == "?"
        # “if it were so, nothing would move”; “nobody can say that W₁ moves”
        hangs = ("if" in before and "were" in before) or (words[0] == "that" and (_denied(before) or not UNSURE.isdisjoint(before)))
        before = words
        if asked or hangs or not UNSURE.isdisjoint(words):
            continue
        yield from _equations(piece, flat)
        for said in _sentence(piece, flat):
            last = _AS_WORDS.get(said.about, last)
            yield said


_PLURAL = frozenset({"get", "compute", "stay", "remain", "have", "receive", "differ"})
_AS_WORDS = {("h",): "units", WEIGHTS: "weights", ("grad W_1", "grad W_2"): "weights", PARAMETERS: "parameters", BIASES: "biases"}


def _with_antecedent(piece: list[Token], last: str) -> list[Token]:
    """“They stay equal”, “and get the same gradient”: said of those of whom something was said before."""
    first = next((k for k, t in enumerate(piece) if t.value not in OPENERS), len(piece))
    if not last or first == len(piece):
        return piece
    if piece[first].value == "they":
        return [*piece[:first], replace(piece[first], value=last), *piece[first + 1 :]]
    if first and piece[first - 1].value == "and" and piece[first].value in _PLURAL:
        return [*piece[: first - 1], replace(piece[first - 1], value=last), *piece[first:]]
    return piece


# -- equations -----------------------------------------------------------------------------------------------------------

_FUNCTIONS = frozenset({"relu", "sigmoid", "tanh", "f", "sigma", "max"})
_RELATIONS = frozenset("=≠∝≈")


def _equations(piece: Sequence[Token], flat: FlatText) -> Iterator[Said]:
    """Chains of equal sides that begin with one named quantity."""
    for run in _formulas(piece):
        sides: list[list[Token]] = [[]]
        relations = []
        for token in run:
            if token.kind == "relation":
                relations.append(token.value)
                sides.append([])
            else:
                sides[-1].append(token)
        if not relations or not set(relations) <= _RELATIONS or not all(sides):
            continue
        head = sides[0]
        if len(head) == 1 and head[0].kind in ("grad", "name"):
            about = f"grad {head[0].value}" if head[0].kind == "grad" else head[0].value
            start, end = run[0].start, run[-1].end
            yield Said((about,), "equation", True, start, end, sides=tuple(map(tuple, sides)), relations=tuple(relations),
                       words=flat.text[start:end])


def _formulas(piece: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs without words and without commas outside brackets."""
    run: list[Token] = []
    depth = 0
    for token in piece:
        depth = max(0, depth + (token.value in ("(", "[")) - (token.value in (")", "]")))
        plain = token.kind != "word" or token.value in _FUNCTIONS or (token.value == "zero" and bool(run) and run[-1].value == "=")
        if plain and not (token.value == "," and not depth):
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


# -- sentences -----------------------------------------------------------------------------------------------------------


def _sentence(piece: Sequence[Token], flat: FlatText) -> Iterator[Said]:
    """What one piece says: the first reading that fits, and what it says by the way."""
    words = [t.value for t in piece]
    for k, (one, two) in enumerate(pairwise(words)):
        if one == "zero" and two in ("gradient", "gradients"):
            yield from _zero_gradients(piece, words, k, flat)
    for reading in (_breaking, _learning, _tending, _flowing, _vanishing, _sameness, _moving):
        found = reading(piece, words, flat)
        if found is not None:
            yield found
            return


def _zero_gradients(piece: Sequence[Token], words: Sequence[str], k: int, flat: FlatText) -> Iterator[Said]:
    """W₁ and b₁ have zero gradients."""
    verb = next((j for j in range(k - 1, max(-1, k - 6), -1) if words[j] in ("have", "has", "receive", "receives", "get", "gets")), None)
    if verb is None or any(w in NEGATORS for w in words[:k]):
        return
    owners, _ = _subject(piece[:verb], words[:verb])
    about = tuple(f"grad {p}" for p in (PARAMETERS if owners == ("model",) else owners) if p in PARAMETERS)
    if about:
        start, end = piece[0].start, piece[k + 1].end
        yield Said(about, "zero", True, start, end, words=flat.text[start:end])


def _said(
    piece: Sequence[Token], flat: FlatText, about: tuple[str, ...], predicate: Predicate, affirmed: bool, alone: bool = False
) -> Said:
    first = 1 if piece[0].value in OPENERS else 0
    last = len(piece) - 1
    while last > first and piece[last].value in (",", ":"):
        last -= 1
    start, end = piece[min(first, last)].start, piece[last].end
    return Said(about, predicate, affirmed, start, end, alone, words=flat.text[start:end])


def _denied(words: Sequence[str]) -> bool:
    """Whether the number of negating words is odd; “neither … nor” is one."""
    count = sum(w in NEGATORS for w in words)
    return (count - ("neither" in words and "nor" in words)) % 2 == 1


def _breaking(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    if "symmetry" not in words or not any(w.startswith(("break", "broke")) for w in words):
        return None
    return _said(piece, flat, ("h",), "broken", not _denied(words))


def _learning(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    """… never learns XOR; no learning takes place."""
    k = next((k for k, w in enumerate(words) if w in ("learn", "learns", "learned", "learnt", "learning")), None)
    if k is None or "rate" in words[k : k + 2]:
        return None
    denied, after = _denied(words), words[k + 1 : k + 6]
    if any(t.kind in ("name", "grad") for t in piece[k + 1 :]):
        return None
    whole = "xor" in words or any(w in after for w in ("anything", "nothing"))
    if denied and (whole or not after or after[:1] in ([","], ["occurs"], ["takes"], ["happens"])):
        return _said(piece, flat, ("model",), "learns", False)
    return _said(piece, flat, ("model",), "learns", True) if whole and "xor" in words and not denied else None


def _tending(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    k = next((k for k, w in enumerate(words) if w.startswith("converge")), None)
    if k is None or _denied(words):
        return None
    rest = words[k + 1 :]
    if any(re.fullmatch(r"0?\.5|1\s?/\s?2", w) for w in rest) or any(w in ("mean", "average", "half") for w in rest):
        return _said(piece, flat, ("ŷ",), "tends", True)
    return None


_FLOWS = frozenset({"flow", "flows", "flowing", "reach", "reaches", "propagate", "propagates", "propagated", "passes", "passed"})


def _flowing(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    """No gradient flows back to W₁; only b₂ gets a gradient."""
    if not {"gradient", "gradients"} & set(words):
        return None
    named = _named_in(piece)
    if named and _FLOWS & set(words) and _denied(words) and "only" not in words:
        return _said(piece, flat, tuple(f"grad {p}" for p in named), "zero", True)
    if words[:1] == ["only"] and named and {"gets", "get", "has", "have", "receives", "receive"} & set(words) and not _denied(words):
        return _said(piece, flat, named, "moves", True, alone=True)
    return None


def _vanishing(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    """… is zero, vanishes, remains zero, outputs zero."""
    for k, w in enumerate(words):
        affirmed = w in ("zero", "0", "zeros", "vanish", "vanishes", "dead")
        if not affirmed and w not in ("nonzero", "non-zero"):
            continue
        verb = k if w.startswith("vanish") else _verb_before(words, k)
        if verb is None:
            continue
        about, count = _subject(piece[:verb], words[:verb])
        if not about:
            return None
        about = _without_exceptions(piece, words, about)
        throughout = bool(DURING.search(flat.text, piece[0].start, piece[-1].end))
        lasting = throughout or any(t in LASTING for t in words[verb:])
        negated = _denied(words)
        if not about or "only" in words or (not lasting and set(about) <= set(PARAMETERS)):
            return None  # that the parameters are zero at the start is given
        if negated and count == "all" and "not" in words[:verb]:  # “not all are zero” denies less than “all are not zero”
            return _said(piece, flat, about, "not all zero", affirmed)
        said = _said(piece, flat, about, "stays zero" if lasting else "zero", affirmed != negated)
        loose = about == ALL_GRADIENTS and not count and not any(w in ("no", "none", "any") for w in words[:verb])
        return replace(said, throughout=throughout, loose=loose)
    return None


def _without_exceptions(piece: Sequence[Token], words: Sequence[str], about: tuple[str, ...]) -> tuple[str, ...]:
    """All gradients except that of b₂."""
    k = next((k for k, w in enumerate(words) if w in ("except", "besides", "apart") or (w == "other" and "than" in words[k : k + 2])), None)
    if k is None:
        return about
    excepted = set(_named_in(piece[k:])) or set(_subject(piece[k:], words[k:], anywhere=True)[0])
    whole, _ = _subject(piece[:k], words[:k])
    return tuple(a for a in whole if a.removeprefix("grad ") not in {e.removeprefix("grad ") for e in excepted}) if excepted else ()


def _verb_before(words: Sequence[str], k: int) -> int | None:
    """Where the verb stands that a predicate belongs to: only adverbs between them."""
    for j in range(k - 1, max(-1, k - 8), -1):
        if words[j] in BE and not (words[j] in ("be", "equal", "get") and j and words[j - 1] in ADVERBS | BE):
            return j
        if words[j] not in ADVERBS and words[j] not in NEGATORS:
            return None
    return None


_PREDICTS = frozenset({"output", "outputs", "predict", "predicts", "produce", "produces", "return", "returns", "give", "gives"})


def _sameness(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    """Hidden units are equal; the output is the same for all inputs."""
    same = next((k for k, w in enumerate(words) if w in SAME or w.startswith("differ")), None)
    inputs = any(w in ("input", "inputs", "x", "examples", "points") for w in words)
    free = next((k for k, w in enumerate(words) if w in ("depend", "depends", "independent", "regardless")), None)
    if free is not None and inputs and words[free] != "regardless":
        about, _ = _subject(piece[:free], words[:free])
        if about == ("ŷ",):
            return _said(piece, flat, about, "constant", _denied(words) if words[free].startswith("depend") else not _denied(words))
        return None
    if same is None:
        return None
    affirmed = words[same] in SAME
    about, _ = _subject(piece[:same], words[:same], anywhere=True)
    if about == ("model",) and _PREDICTS & set(words[:same]):
        about = ("ŷ",)
    if about == ("h",) and (affirmed or words[same] == "different" or words[same].startswith("differ")):
        return _said(piece, flat, about, "equal", affirmed != _denied(words))
    if about == ("ŷ",) and inputs:
        return _said(piece, flat, about, "constant", affirmed != _denied(words))
    return None


_BEHIND_SAME = frozenset({"throughout", "forever", "during", "for", "at", "as", "after", "and", "in", ",", "over", "while"})
_EXCEPT = frozenset({"except", "besides", "apart", "other"})


def _moving(piece: Sequence[Token], words: Sequence[str], flat: FlatText) -> Said | None:
    """… is updated, never changes, stays as it is; no updates occur; backpropagation does not update …"""
    k = next((k for k, w in enumerate(words) if w in MOVES or w in MOTIONLESS or w == "initial"), None)
    if k is None:
        return None
    if words[k] in MOTIONLESS or words[k] == "initial":
        verb = next((j for j in range(k - 1, max(-1, k - 6), -1) if words[j] in LASTING | {"is", "are", "be"}), None)
        if verb is None or (words[k] in ("same", "constant", "initial") and words[verb] not in LASTING):
            return None
        if words[k] in ("same", "constant", "fixed") and not set(words[k + 1 : k + 2]) <= _BEHIND_SAME:
            return None  # the same what?
        about, _ = _subject(piece[:verb], words[:verb], anywhere=True)
        if about == ("model",) and words[k] in ("same", "constant", "fixed"):
            return None  # as a function of its input, or of time?
        return _parameters(piece, flat, about, _denied(words), "only" in words)
    if SAME & set(words[k:]):
        return None  # updated by the same amount
    if _EXCEPT & set(words):
        spared = _named_in(piece)
        if words[0] in ("nothing", "no", "none") and spared:
            return _said(piece, flat, spared, "moves", True, alone=True)
        return None
    passive = k and (words[k - 1] in BE | ADVERBS | NEGATORS)
    right, _ = _subject_right(piece[k + 1 :], words[k + 1 :])
    left, _ = _subject(piece[:k], words[:k])
    noun = words[k] in ("updates", "changes", "update", "change") and any(w in ("no", "any", "zero") for w in words[max(0, k - 3) : k])
    if noun:
        about = _of_updates(piece, words, left, right)
        return _parameters(piece, flat, about, False, False) if words.count("no") == 1 else None
    about = left if passive and left and left != ("model",) else right or left
    return _parameters(piece, flat, about, not _denied(words), "only" in words)


def _of_updates(piece: Sequence[Token], words: Sequence[str], left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """Of what there are no updates: of all parameters where nothing else is named."""
    named = _named_in(piece) or tuple(a for a in (*left, *right) if a in PARAMETERS)
    if named:
        return named
    if set(words) <= OCCUR:
        return WEIGHTS if "weight" in words else PARAMETERS
    return ()


def _parameters(piece: Sequence[Token], flat: FlatText, about: tuple[str, ...], affirmed: bool, alone: bool) -> Said | None:
    about = PARAMETERS if about == ("model",) else about
    if not about or not set(about) <= set(PARAMETERS):
        return None
    return _said(piece, flat, about, "moves", affirmed, alone)


# -- subjects ------------------------------------------------------------------------------------------------------------


def _subject(piece: Sequence[Token], words: Sequence[str], anywhere: bool = False) -> tuple[tuple[str, ...], str]:
    """What a sentence speaks of, from the part before its verb: names that are listed, or the last noun phrase that is known."""
    count = "all" if any(w in ("all", "every", "each", "both", "any") for w in words) else ""
    listed = _list_at_end(piece)
    if listed:
        gradients = any(w in ("gradient", "gradients", "derivative", "derivatives") for w in words)
        return (tuple(f"grad {a}" if gradients and a in PARAMETERS else a for a in listed)), count
    for last in range(len(words), 0, -1):
        if not anywhere and last < len(words) and words[last] not in SKIPPED:
            break
        text = " ".join(words[max(0, last - 9) : last])
        for pattern, about in PHRASES:
            if found := pattern.search(text):
                before = text[: found.start()].split()
                if before[-1:] == ["their"] or (before[-1:] == ["its"] and about != ("ŷ",)):
                    return (), count  # whose?
                return _of_gradients(before, about), count
    return (), count


def _of_gradients(before: Sequence[str], about: tuple[str, ...]) -> tuple[str, ...]:
    """The gradient of the output bias, where the bias was found."""
    gradients = any(w in ("gradient", "gradients", "derivative", "derivatives") for w in before[-6:])
    if gradients and about in (("h",), ("ŷ",), ("model",)):
        return ("grad W_1", "grad b_1") if about == ("h",) else ()  # those of the hidden layer are those of its parameters
    return tuple(f"grad {a}" if gradients and a in PARAMETERS else a for a in about)


def _list_at_end(piece: Sequence[Token]) -> tuple[str, ...]:
    """W₁, b₁ and W₂ at the end of a part, before adverbs."""
    found: list[str] = []
    for token in reversed(piece):
        if token.kind in ("grad", "name"):
            found.append(f"grad {token.value}" if token.kind == "grad" else token.value)
        elif found and token.value not in (",", "and", "or", "nor", "both", "also", "the"):
            break
        elif not found and token.value not in SKIPPED:
            break
    return tuple(reversed([f for f in found if f not in ("x",)]))


def _subject_right(piece: Sequence[Token], words: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """The object of “update …”: names, or a noun phrase that follows at once."""
    listed = _named_in(piece[:8])
    if listed and all(w in BEFORE_NAMES or t.kind == "name" for t, w in zip(piece[: len(listed)], words, strict=False)):
        return listed, ""
    for last in range(min(len(words), 7), 0, -1):
        text = " ".join(words[:last])
        for pattern, about in PHRASES:
            if (m := pattern.search(text)) and set(text[: m.start()].split()) <= {"the", "our", "any", "of", "all", "either"}:
                return about, ""
    return (), ""


def _named_in(piece: Sequence[Token]) -> tuple[str, ...]:
    return tuple(t.value for t in piece if t.kind in ("name", "grad") and t.value in PARAMETERS)


__all__ = ["Predicate", "Said", "said_in"]
