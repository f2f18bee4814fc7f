"""The words that sentences about the start of a network are read by: what negates, what is unsure, what moves, and who is meant."""

from __future__ import annotations

import re

PARAMETERS = ("W_1", "b_1", "W_2", "b_2")
WEIGHTS, BIASES = ("W_1", "W_2"), ("b_1", "b_2")
ALL_GRADIENTS = tuple(f"grad {p}" for p in PARAMETERS)

NEGATORS = frozenset({
    "not", "never", "no", "none", "cannot", "can't", "don't", "doesn't", "won't", "isn't", "aren't", "didn't", "without", "neither",
    "nor", "fails", "fail", "unable", "nothing", "failing", "wont", "dont", "doesnt", "prevents", "preventing", "prevent", "hardly",
    "wouldn't", "couldn't", "weren't", "wasn't", "nobody", "prevented", "stops", "stopping", "impossible",
})  # fmt: skip
UNSURE = frozenset({
    "should", "would", "could", "must", "might", "may", "need", "needs", "if", "suppose", "assume", "assuming", "unless", "whether",
    "instead", "nearly", "almost", "approximately", "small", "tiny", "avoid", "let", "otherwise", "want", "some", "ideally", "near",
    "close", "roughly", "wouldn't", "couldn't", "provided", "even", "were", "random", "randomly",
})  # fmt: skip
BE = frozenset({
    "is", "are", "be", "becomes", "become", "being", "equals", "equal", "remains", "remain", "remained", "stays", "stay", "stayed", "was",
    "output", "outputs", "produce", "produces", "give", "gives", "keep", "keeps", "predict", "predicts", "returns", "return",
    "evaluate", "evaluates", "vanish", "get", "compute", "computes",
})  # fmt: skip
OPENERS = frozenset({
    "because", "since", "so", "thus", "therefore", "hence", "but", "which", "and", "then", "or", "nor", "where", "while", "that",
})  # fmt: skip
LASTING = frozenset({"remain", "remains", "remained", "stay", "stays", "stayed", "keep", "keeps", "always", "forever", "still"})
ADVERBS = frozenset({
    "all", "both", "also", "exactly", "therefore", "always", "thus", "just", "simply", "identically", "only", "still", "forever",
    "again", "to", "at", "then", "each", "initially", "not", "never", "no", "longer", "constantly", "will", "ever", "actually", "indeed",
    "be", "the", "a", "an", "equal", "constant", "stuck", "fixed", "equally", "out", "do", "does", "get", "really", "themselves", "value",
})  # fmt: skip
MOVES = frozenset({
    "update", "updates", "updated", "updating", "change", "changes", "changed", "move", "moves", "moved", "modified", "adjusted",
    "adjust", "modify", "modifies", "trained",
})  # fmt: skip
SKIPPED = ADVERBS | NEGATORS | {"can", "is", "are", "have", "has", "been", ",", "gets"}
OCCUR = frozenset({
    "no", "any", "gradient", "weight", "parameter", "updates", "update", "changes", "change", "will", "occur", "occurs", "happen",
    "happens", "take", "takes", "place", "there", "are", "is", "be", "made", "ever", "can", "during", "training", "backpropagation", "so",
    "thus", "therefore", "hence", "then", "and", "in", "of", "descent", "steps", "at", "all", "done", "performed", "the", ",", "because",
    "since",
})  # fmt: skip
MOTIONLESS = frozenset({"unchanged", "constant", "fixed", "same", "stuck", "frozen"})
BEFORE_NAMES = frozenset({",", "and", "or", "nor", "the", "either", "matrices", "weights", "biases", "bias", "parameters"})
SAME = frozenset({"same", "identical", "equal", "identically", "symmetric", "indistinguishable", "equally"})
DURING = re.compile(
    r"\b(?:throughout|during training|forever|at every step|after (?:every|each) (?:step|update|iteration)|"
    r"for all (?:steps|iterations)|never changes|indefinitely|at all times|through training)\b",
    re.IGNORECASE,
)

_HIDDEN = r"(?:hidden|first)(?:[ -]layer| units?)?"
_OUTPUT = r"(?:output|second|last|final)(?:[ -]layer)?"

# Noun phrases at the end of a text, and what they stand for; the first that fits.
PHRASES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"(?:{'|'.join(patterns)})\Z"), about)
    for about, *patterns in (
        (("b_2",), rf"{_OUTPUT}(?:'s)? bias(?:es)?", rf"bias(?:es)? (?:of|in|at) the {_OUTPUT}(?: layer| unit| neuron)?"),
        (("b_1",), rf"{_HIDDEN}(?:'s?|s')? bias(?:es)?", rf"bias(?:es)? (?:of|in) the {_HIDDEN}(?: layer)?"),
        (("W_1",), rf"(?:{_HIDDEN}|input)(?:'s?|s')? weights?(?: matrix)?",
         rf"weights? (?:matrix )?(?:of|in|into|to) the {_HIDDEN}(?: layer)?"),
        (("W_2",), rf"{_OUTPUT}(?:'s)? weights?(?: matrix)?", rf"weights? (?:matrix )?(?:of|in) the {_OUTPUT}(?: layer| unit)?"),
        (PARAMETERS, r"weights? and (?:the )?bias(?:es)?", r"bias(?:es)? and (?:the )?weights?",
         r"(?:all |every )?(?:of )?(?:the |our |its )?parameters?", r"parameters? of the (?:model|network)"),
        (("grad W_1", "grad W_2"), r"weight gradients?",
         r"gradients? (?:of|for|by|with respect to|w\.?r\.?t\.?) (?:all |both )?(?:the )?(?:weights|weight matrices)"),
        (ALL_GRADIENTS, r"(?<!these )(?<!those )gradients?(?: of the loss(?: function)?| of ℓ)?", r"gradient (?:vector|flow)",
         r"(?:partial )?derivatives?(?: of the loss(?: function)?)?"),
        (WEIGHTS, r"weights", r"weight matrices", r"weight (?:matrix|values)", r"each weight", r"any weight"),
        (BIASES, r"biases", r"bias vectors", r"bias terms"),
        (("h",),
         r"(?:hidden|first)(?:[ -]layer)?(?:'s)? (?:unit|neuron|node|activation|layer|output|value)s?(?: activations?| outputs?)?",
         r"(?:activation|neuron|unit|output|node|value)s? (?:of|in) (?:the |each |a |any |that |one )?(?:same |hidden |first )?layers?",
         r"activations", r"neurons", r"units", r"(?:each|every) (?:neuron|unit)"),
        (("ŷ",), r"(?:network|model|final)(?:'s)? (?:output|prediction)s?", r"(?:output|prediction)s?(?: of the (?:network|model))?", r"ŷ"),
        (("model",), r"(?:whole |entire )?(?:network|model)"),
    )
)

__all__ = [
    "ADVERBS", "ALL_GRADIENTS", "BE", "BEFORE_NAMES", "BIASES", "DURING", "LASTING", "MOTIONLESS", "MOVES", "NEGATORS", "OCCUR", "OPENERS",
    "PARAMETERS", "PHRASES", "SAME", "SKIPPED", "UNSURE", "WEIGHTS",
]  # fmt: skip
