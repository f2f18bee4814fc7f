"""What names of the field usually mean when a sheet does not say: a table of standard conventions, and the worlds it makes.

Every row is a convention that textbooks share: softmax and its cross-entropy, the logistic loss, half squares (Goodfellow,
Bengio and Courville, Deep Learning, 2016, ch. 5 and 6; Bishop, Pattern Recognition and Machine Learning, 2006, ch. 4 and 5;
Zhang et al., Dive into Deep Learning, ch. 3 to 5), affine layers and recurrent layers (the same, ch. 10 and 9), skip-gram with
the softmax and with negative samples (Mikolov et al., 2013). A definition in the solution itself always wins.
A world is one way to take all names. Which world holds is for the judge; nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from .chain_symbols import loose_shape
from .graph_names import Definition, Family
from .plain_reading import Plain, plain
from .plain_values import LOSSES

ESTIMATES = ("hat y", "hat p", "p", "a", "s", "q", "pi", "y", "o", "S", "P", "mu", "h", "f", "g", "tilde y", "hat Y", "Y", "A")
LOGITS = ("theta", "z", "o", "f", "v", "s", "a", "x", "u", "l", "eta", "Z", "t", "n", "net", "y", "h")
LABELS = ("y", "t", "d", "Y", "T", "r", "q", "p")
_CLEAR = frozenset((("y", "hat y"), ("t", "y"), ("y", "p"), ("y", "a"), ("y", "o"), ("t", "o"), ("Y", "hat Y"), ("T", "Y"), ("y", "hat p")))
_CLEAR_LOGITS = frozenset(("theta", "z", "Z", "o", "f", "eta", "logits"))

# how the output comes from what is before it
OUTPUTS = (
    ("softmax", "{P} = softmax({Z})", r"softmax({Z})"),
    ("sigmoid", "{P} = σ({Z})", r"\sigma({Z})"),
    ("linear", "{P} = {Z}", r"{Z}"),
)
# name, words, definition, the outputs it is usual with
LOSS_FORMS = (
    ("cross-entropy", "{L} = −Σ {Y} log {P}", r"-{Y} \odot \log {P}", ("softmax",)),
    ("logistic", "{L} = −Σ ({Y} log {P} + (1 − {Y}) log(1 − {P}))", r"-{Y} \odot \log {P} - (1-{Y}) \odot \log(1-{P})", ("sigmoid",)),
    ("half squares", "{L} = ½‖{P} − {Y}‖²", r"\frac{1}{2} ({P}-{Y}) \odot ({P}-{Y})", ("linear", "sigmoid")),
    ("squares", "{L} = ‖{P} − {Y}‖²", r"({P}-{Y}) \odot ({P}-{Y})", ("linear", "sigmoid")),
)
# what a solution must speak of for a form of the loss to be meant; a form without words is always possible
WORDS = {
    "cross-entropy": r"softmax|cross.?entropy|entropie|(?<![a-z])ce(?![a-z])|log.?likelihood|nll|logit|one.?hot",
    "logistic": r"logistic|binary|sigmoid|bce|cross.?entropy|(?<![a-z])ce(?![a-z])|log.?likelihood|nll|bernoulli",
    "squares": r"square|mse|least|quadratic|regression|rms|l2.?loss|ridge|½|frac\s*\{?1\}?\s*\{?2\}?",
}
# name, words, definition; every model with one factor or another before its sum
_SUMS = (("", "", "1"), ("½", "½", r"\frac{1}{2}"), ("mean", "1/{N} ", r"\frac{1}{{N}}"), ("half mean", "1/(2{N}) ", r"\frac{1}{2 {N}}"))
_MODELS = (
    ("‖{X}{W} − {Y}‖²", r"\|{X}{W} - {Y}\|^2"),
    ("Σ({W}ᵀ{X} + {B} − {Y})²", r"\sum_i ({W}^T {X}^{(i)} + {B} - {Y}^{(i)})^2"),
    ("Σ({W}ᵀ{X} − {Y})²", r"\sum_i ({W}^T {X}^{(i)} - {Y}^{(i)})^2"),
    ("Σ({W}ᵀ{X} + {B} − {Y})²", r"\sum_i ({W}^T {X}_i + {B} - {Y}_i)^2"),
    ("Σ({W}ᵀ{X} − {Y})²", r"\sum_i ({W}^T {X}_i - {Y}_i)^2"),
    ("Σ log(1 + exp(−{Y}({B} + {W}ᵀ{X})))", r"\sum_i \log(1 + \exp(-{Y}_i({B} + {W}^T {X}_i)))"),
    ("Σ log(1 + exp(−{Y}{W}ᵀ{X}))", r"\sum_i \log(1 + \exp(-{Y}_i {W}^T {X}_i))"),
)  # fmt: skip
REGRESSIONS = tuple((f"{name} {words}", before + words, f"{factor} {text}") for words, text in _MODELS for name, before, factor in _SUMS)
SKIP_GRAM = (
    ("the softmax of {T} with rows", "{T}v_c", True),
    ("the softmax of {T} with columns", "{T}^T v_c", False),
)
NEGATIVE_SAMPLES = r"-\log(\sigma(u_o^T v_c)) - \sum_k \log(\sigma(-u_k^T v_c))"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a solution speaks of: its names with the number of their indices, its derivatives, and what is said of its symbols."""

    names: Mapping[str, int]
    pairs: tuple[tuple[str, str], ...]
    shapes: Mapping[str, tuple[str, str]]
    indexed: Mapping[str, tuple[str, str]]
    own: frozenset[str]
    hot: frozenset[str]
    letters: frozenset[str]
    bound: frozenset[str]
    text: str
    words: Mapping[str, str]
    below: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def said(self, key: str) -> bool:
        """Whether the text has the words of a convention."""
        return re.search(WORDS[key], self.text, re.I) is not None


@dataclass(frozen=True, slots=True)
class Usual:
    """One way to take the names: definitions, vectors that are parts of a matrix, letters that belong to names."""

    note: tuple[str, ...] = ()
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    shapes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)
    labels: frozenset[tuple[str, str]] = frozenset()
    one_hot: str = ""
    targets: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    is_sure: bool = True

    @property
    def is_named(self) -> bool:
        """Whether this world takes any convention at all."""
        return bool(self.definitions) or bool(self.one_hot)

    @property
    def in_words(self) -> str:
        """The conventions, for a message."""
        return "; ".join(self.note)


def conventions_of(spoken: Spoken) -> list[Usual]:
    """The usual ways to take losses and outputs of a solution, the plainest first; one without any convention is among them."""
    found = [Usual(units=spoken.hot)]
    found += list(_skip_grams(spoken))
    found += list(_negative_samples(spoken))
    found += list(_classifiers(spoken))
    found += list(_single_layers(spoken))
    found += list(_perceptrons(spoken))
    found += list(_regressions(spoken))
    found += list(_penalised(spoken))
    found += list(_recurrences(spoken))
    return [found[0], *(w for w in found[1:] if w.is_named)]


def base_of(name: str) -> str:
    """A name without what stands above or below it.

    >>> base_of("z^(l+1)"), base_of("W_2"), base_of("hat y")
    ('z', 'W', 'hat y')
    """
    return name.partition("^(")[0].partition("_")[0]


_SHAPE = re.compile(r"(\|?[A-Za-z]\w*\|?|\d+)(?:\s*(?:×|\\times)\s*|\s+x\s+|(?<=\d)x(?=\d))(\|?[A-Za-z]\w*\|?|\d+)")
_LENGTH = re.compile(r"\s*(?!row|column|one|a\b)([A-Za-z]\w*)-vector|vector of length (\w+)")


def lengths_in(said: str) -> tuple[str, str] | None:
    """Rows and columns as words say; a question mark where a length has no name."""
    found = _SHAPE.search(said)
    if found:
        return found[1].strip("|"), found[2].strip("|")
    found = _LENGTH.search(said)
    if found:
        return (found[1] or found[2]), "1"
    loose = loose_shape(said)
    if loose is None:
        return None
    rows, columns = loose
    return ("?" if rows else "1"), ("?" if columns else "1")


def shape_in(spoken: Spoken, name: str) -> tuple[str, str] | None:
    """The lengths of a name, by its own words or those of its base."""
    for key in (name, name.partition("^(")[0], base_of(name)):
        if key in spoken.shapes:
            return spoken.shapes[key]
    return None


def defined(text: str, indices: tuple[str, ...] = (), called: frozenset[str] = frozenset()) -> Definition:
    """A definition from its text."""
    return Definition(plain(text, called), indices)


def put(text: str, **names: str) -> Plain:
    """The tree of a row of the table, with names in place of {L}, {P} …; names keep whatever stands around them."""
    stand_ins = dict(zip(names, ("Psi", "Xi", "Upsilon", "Phi", "Omega", "Gamma", "Sigma", "Lambda"), strict=False))
    for role, stand_in in stand_ins.items():
        text = text.replace(f"{{{role}}}", f"\\{stand_in} ")
    return _renamed(plain(text), {stand_in: names[role] for role, stand_in in stand_ins.items()})


def _renamed(tree: Plain, names: Mapping[str, str]) -> Plain:
    value = tree.value
    if tree.op == "name":
        base, sign, above = value.partition("^(")
        value = names.get(base, base) + sign + above
    return Plain(tree.op, tuple(_renamed(a, names) for a in tree.args), value, tree.indices)


def _present(spoken: Spoken, bases: tuple[str, ...]) -> list[str]:
    """The names of a solution with one of these bases, in the order of the bases."""
    return [n for base in bases for n in spoken.names if base_of(n) == base]


def losses_in(spoken: Spoken) -> list[str]:
    """The names of losses that a solution takes derivatives of and does not define."""
    tops = [t for t, _ in spoken.pairs]
    return [n for n in dict.fromkeys(tops) if (base_of(n) in LOSSES or n in LOSSES) and n not in spoken.own]


# -- classifiers and regressions ---------------------------------------------------------------------------------------


def _classifiers(spoken: Spoken) -> Iterator[Usual]:
    """The loss of an output, and the output of what is before it."""
    losses = losses_in(spoken)
    outputs = _estimates(spoken)
    bottoms = [b for _, b in spoken.pairs]
    called = re.findall(r"softmax\s*\(\s*\\?([A-Za-z]+)", spoken.text)
    for label, estimate in outputs:
        if estimate in spoken.own:
            logits: list[str] = [""]
        else:
            logits = [
                n
                for n in _present(spoken, LOGITS)
                if (n in bottoms or base_of(n) in called) and n not in (label, estimate) and n not in losses
            ]
            logits = logits[:3] or [n for n in _present(spoken, LOGITS[:4]) if n not in (label, estimate)][:2] or [""]
        for before in logits:
            yield from _losses(spoken, losses, label, estimate, before)


def _estimates(spoken: Spoken) -> list[tuple[str, str]]:
    """Pairs of a label and an estimate that a solution can mean."""
    labels = list(dict.fromkeys("y" if n == "y_i" and n in spoken.letters else n for n in _present(spoken, LABELS)))
    found: list[tuple[str, str]] = []
    called = re.findall(r"softmax\s*\(\s*\\?([A-Za-z]+)", spoken.text)
    bottoms = {b for _, b in spoken.pairs}
    estimates = [n for n in _present(spoken, ESTIMATES) if base_of(n) not in called]
    if any(base_of(n).startswith(("hat", "tilde")) for n in estimates):
        estimates = [n for n in estimates if base_of(n).startswith(("hat", "tilde"))]
    targets = [n for n in labels if base_of(n) in ("t", "T")]
    for label in labels if {"y", "Y", "t", "T"} & {base_of(n) for n in labels} else [*labels, "y"]:
        if called and (label not in bottoms) and base_of(label) == "y":
            found.append((label, "hat y"))
        for estimate in estimates or (["hat y"] if "softmax" in spoken.text or "log" in spoken.text else []):
            if base_of(estimate) in ("hat y", "hat Y") and base_of(label) not in ("y", "Y") and {"y", "Y"} & {base_of(n) for n in labels}:
                continue
            if label == estimate or _above(label) not in ("", _above(estimate)):
                continue
            if base_of(label) in ("y", "Y") and targets and base_of(estimate) not in ("y", "Y"):
                continue
            if base_of(estimate) in ("y", "Y") and base_of(label) not in ("t", "T", "d", "r"):
                continue
            if base_of(label) in ("p", "q") and base_of(estimate) not in ("q", "hat p"):
                continue
            found.append((label, estimate))
    return list(dict.fromkeys(found))[:4]


def _above(name: str) -> str:
    return name.partition("^(")[2]


def _losses(spoken: Spoken, losses: list[str], label: str, estimate: str, before: str) -> Iterator[Usual]:
    words = {key: spoken.said(key) for key in WORDS}
    called = re.findall(r"softmax\s*\(\s*\\?([A-Za-z]+)", spoken.text)
    any_words = any(words.values())
    for kind, loss_shown, text, outputs in LOSS_FORMS:
        key = "squares" if "squares" in kind else kind
        if any_words and not words[key] and losses:
            continue
        for output, output_shown, output_text in OUTPUTS:
            if output not in outputs:
                continue
            if output == "linear" and (estimate, before) in spoken.pairs and re.search(r"sigm|σ|logistic", spoken.text):
                continue  # its slope is not left out where the sheet speaks of one
            definitions: dict[str, Definition] = {}
            notes = []
            if before and estimate not in spoken.own:
                definitions[estimate] = Definition(put(output_text, Z=before))
                notes.append(output_shown.format(P=shown(estimate), Z=shown(before)))
            for loss in losses:
                definitions[loss] = Definition(_over_samples(spoken, Plain("total", (put(text, Y=label, P=estimate),)), label, estimate))
                notes.append(loss_shown.format(L=shown(loss), Y=shown(label), P=shown(estimate)))
            sure = (base_of(label), base_of(estimate)) in _CLEAR and (bool(losses) or output in spoken.text)
            sure = sure and all(n in spoken.names or shape_in(spoken, n) for n in (label, estimate))
            sure = sure and (not before or base_of(before) in _CLEAR_LOGITS or base_of(before) in called)
            world = Usual(tuple(notes), definitions, _vectors(spoken, label, estimate, before, key), units=_units(label, key), is_sure=sure)
            yield world
            for mean in _means(spoken, losses, definitions):
                yield replace(world, note=(*notes, "with the mean for the sum"), definitions=mean, is_sure=False)
            if key == "cross-entropy":
                yield from _marked(world, spoken, label)


def _means(spoken: Spoken, losses: list[str], definitions: Mapping[str, Definition]) -> Iterator[dict[str, Definition]]:
    """The same with the mean for the sum, where the number of samples has a name in the solution."""
    count = next((n for n in ("n", "N", "m", "B", "M") if spoken.names.get(n) == 0), None)
    if count is not None and losses:
        yield {n: replace(d, tree=Plain("over", (d.tree, Plain("name", (), count)))) if n in losses else d for n, d in definitions.items()}


def _over_samples(spoken: Spoken, loss: Plain, label: str, estimate: str) -> Plain:
    """The mean (or the sum) over samples where they are numbered above and a sum runs over them."""
    letter = _above(estimate).rstrip(")")
    if letter not in spoken.bound or _above(label) != _above(estimate):
        return loss
    whole = Plain("sum", (loss,), "", (letter,))
    count = next((n for n in ("m", "n", "N", "M") if n in spoken.names), None)
    return whole if count is None else Plain("over", (whole, Plain("name", (), count)))


def _units(label: str, kind: str) -> frozenset[str]:
    return frozenset((label,)) if kind == "cross-entropy" else frozenset()


def _vectors(spoken: Spoken, label: str, estimate: str, before: str, kind: str) -> dict[str, tuple[str, str]]:
    """Label, estimate and what is before it have one shape: the one that any of them was declared with."""
    names = [n for n in (label, estimate, before) if n]
    known = [s for s in (shape_in(spoken, n) for n in names) if s is not None]
    shape = known[0] if known else None
    if shape is None and (kind == "cross-entropy" or any(spoken.names.get(n) == 1 for n in names)):
        shape = ("?", "1")
    return {} if shape is None else {n: shape for n in names if shape_in(spoken, n) is None}


def _marked(world: Usual, spoken: Spoken, label: str) -> Iterator[Usual]:
    """The label as one-hot, marked by a letter: −log p_k."""
    free = [x for x in ("y_i", "o", "k", "c", "t", "l") if x in spoken.letters and x not in spoken.bound]
    for letter in free[:3]:
        shape = world.shapes.get(label) or shape_in(spoken, label) or ("?", "1")
        yield replace(
            world, one_hot=label, targets=(letter,), units=frozenset(), shapes={**world.shapes, label: shape},
            note=(*world.note, f"{shown(label)} is one-hot at {letter}"),
        )  # fmt: skip


# -- two layers --------------------------------------------------------------------------------------------------------


def _single_layers(spoken: Spoken) -> Iterator[Usual]:
    """One affine layer before the output: of columns, of rows, or of all samples at once."""
    losses = losses_in(spoken)
    bottoms = list(dict.fromkeys(b for t, b in spoken.pairs if t in losses))
    weights = [n for n in bottoms if base_of(n) in ("W", "w", "theta", "V", "U", "beta") and n not in spoken.own]
    inputs = _present(spoken, ("X", "x", "h", "a", "H"))
    weights = weights or [n for n in spoken.names if base_of(n) in ("W", "w")]
    if not losses or len(weights) != 1 or not inputs or len(bottoms) > 3:
        return
    weight, given = weights[0], inputs[0]
    ends, shape = shape_in(spoken, weight), shape_in(spoken, given)
    second = next((n for n in bottoms if base_of(n) in _CLEAR_LOGITS and n not in (weight, given)), "sum_1")
    bias = next((n for n in spoken.names if base_of(n) in ("b", "beta") and n != weight), "b")
    for words, text in (("{W}{X}", "{W}{X}"), ("{X}{W}", "{X}{W}"), ("{W}ᵀ{X}", "{W}^T {X}")):
        if ends is not None and shape is not None and not _multiply(text, ends, shape):
            continue
        if text == "{W}^T {X}" and not (ends is not None and (ends[1] == "1" or shape is not None)):
            continue
        total = _biased(put(text, W=weight, X=given), bias)
        said = words.format(W=shown(weight), X=shown(given))
        for label, estimate in _estimates(spoken):
            if estimate in (given, weight, second) or label in (given, weight):
                continue
            for world in _losses(spoken, losses, label, estimate, second):
                name = shown(second) if second != "sum_1" else "its argument"
                definitions = {second: total, **world.definitions}
                yield replace(world, definitions=definitions, note=(*world.note, f"{name} is {said} + {bias}"))


def _multiply(text: str, ends: tuple[str, str], shape: tuple[str, str]) -> bool:
    """Whether declared lengths allow a product."""
    if "?" in (*ends, *shape):
        return True
    if text == "{X}{W}":
        return shape[1] == ends[0]
    return (ends[0] if "^T" in text else ends[1]) == shape[0]


_NUMBERED = re.compile(r"W(?:_|\^\()([12])\)?\Z")


def _perceptrons(spoken: Spoken) -> Iterator[Usual]:
    """One hidden layer: the sums of both layers, the hidden values, the output, and the loss."""
    weights = {m[1]: n for n in (*spoken.names, *spoken.shapes) if (m := _NUMBERED.match(n))}
    if len(weights) == 1:
        known = next(iter(weights.values()))
        weights = {k: known.replace(next(iter(weights)), k) for k in "12"}
    inputs = _present(spoken, ("x", "X")) or (["x"] if "x" in spoken.shapes else [])
    losses = losses_in(spoken)
    if len(weights) < 2 or not losses:
        return
    first_mark, second_mark = ("_1", "_2") if "_" in weights["1"] else ("^(1)", "^(2)")
    slopes = re.findall(r"(?:sigma|tanh|relu|f|g|phi)'\s*\(\s*\\?([a-zA-Z])", spoken.text)
    first = _one_of(spoken, (f"z{first_mark}", f"Z{first_mark}", f"a{first_mark}", *slopes, "z"), "sum_1")
    hidden = _one_of(spoken, ("h", "H", f"a{first_mark}", f"h{first_mark}", f"A{first_mark}"), "hidden")
    second = _one_of(spoken, (f"z{second_mark}", f"Z{second_mark}", "theta", "v", "o"), "sum_2")
    if len({first, hidden, second}) < 3:
        return
    activation = "tanh" if "tanh" in spoken.text else "relu" if re.search("relu", spoken.text, re.I) else "sigma"
    shape = shape_in(spoken, inputs[0] if inputs else first)
    if not inputs and first not in spoken.names:
        return
    for rows in (True, False):
        if shape is not None and rows == (shape[1] == "1"):
            continue
        text = "{X}{W}" if rows else "{W}{X}"
        layers = {
            first: _biased(put(text, X=inputs[0] if inputs else "x", W=weights["1"]), f"b{first_mark}"),
            hidden: Definition(Plain("call", (Plain("name", (), first),), activation)),
            second: _biased(put(text, X=hidden, W=weights["2"]), f"b{second_mark}"),
        }
        layers = {n: d for n, d in layers.items() if n not in spoken.own and (inputs or n != first)}
        note = f"two layers, {'xW₁ + b₁' if rows else 'W₁x + b₁'}, {activation}, {'hW₂ + b₂' if rows else 'W₂h + b₂'}"
        for label, estimate in _estimates(spoken):
            for world in _losses(spoken, losses, label, estimate, second):
                yield replace(world, definitions={**layers, **world.definitions}, note=(note, *world.note))


def _one_of(spoken: Spoken, names: tuple[str, ...], other: str) -> str:
    return next((n for n in names if n in spoken.names), other)


def _biased(tree: Plain, bias: str) -> Definition:
    return Definition(Plain("biased", (tree, Plain("name", (), bias))))


# -- regressions -------------------------------------------------------------------------------------------------------


def _regressions(spoken: Spoken) -> Iterator[Usual]:
    """Linear models by least squares, or by the logistic loss with labels ±1, with or without a penalty."""
    losses = losses_in(spoken)
    bottoms = list(dict.fromkeys(b for t, b in spoken.pairs if t in losses))
    weights = [n for n in spoken.names if base_of(n) in ("w", "theta", "beta", "W") and (n in bottoms or base_of(n) == "w")]
    labels = _present(spoken, ("t", "y", "Y", "T", "r"))
    inputs = _present(spoken, ("X", "Phi", "x", "A"))
    if not losses or not weights or not labels or not inputs:
        return
    weight, label, given = weights[0], labels[0], inputs[0]
    bias = next((n for n in spoken.names if base_of(n) in ("b", "w_0") and n != weight), None)
    count = next((n for n in ("n", "N", "m") if n in spoken.names), None)
    for _, shown_form, text in REGRESSIONS:
        if ("{N}" in text and count is None) or ("{B}" in text) != (bias is not None):
            continue
        if ("_i" in text or "^{(i)}" in text) == (base_of(given)[0].isupper()):
            continue
        above = "^(" in given
        if above != ("^{(i)}" in text):
            continue
        names = {"X": base_of(given), "W": weight, "Y": base_of(label), "B": bias or "b", "N": count or "n"}
        tree = put(text, **names)
        yield from _with_penalty(spoken, losses, tree, weight, shown_form.format(**{k: shown(v) for k, v in names.items()}))


def _with_penalty(spoken: Spoken, losses: list[str], tree: Plain, weight: str, words: str) -> Iterator[Usual]:
    penalty = next((n for n in spoken.names if base_of(n) in ("lambda", "tilde lambda", "alpha", "mu")), None)
    forms = [(tree, words)]
    if penalty is not None:
        extra = put(r"{R} {W}\odot {W}", R=penalty, W=weight)
        forms = [(Plain("add", (tree, Plain("total", (extra,)))), f"{words} + {shown(penalty)}‖{shown(weight)}‖²"), *forms]
        half = Plain("over", (Plain("total", (extra,)), Plain("number", (), "2")))
        forms.insert(1, (Plain("add", (tree, half)), f"{words} + ½{shown(penalty)}‖{shown(weight)}‖²"))
    for form, said in forms:
        yield Usual((f"{shown(losses[0])} = {said}",), {loss: Definition(form) for loss in losses}, is_sure=False)


def _penalised(spoken: Spoken) -> Iterator[Usual]:
    """A cost that is a loss and a penalty on the weights: C = L + λ‖w‖²."""
    losses = losses_in(spoken)
    penalty = next((n for n in spoken.names if base_of(n) in ("lambda", "tilde lambda", "alpha")), None)
    if len(losses) < 2 or penalty is None:
        return
    weights = list(dict.fromkeys(b for t, b in spoken.pairs if t in losses))
    for cost, loss in ((losses[0], losses[1]),):
        for half in (False, True):
            parts: list[Plain] = [Plain("name", (), loss)]
            for weight in weights:
                square = Plain("total", (_squared(weight),))
                factors = (Plain("name", (), penalty), square)
                term = Plain("product", factors, ".")
                parts.append(Plain("over", (term, Plain("number", (), "2"))) if half else term)
            definitions = {
                cost: Definition(Plain("add", tuple(parts))),
                loss: Definition(Plain("anyloss", tuple(Plain("name", (), w) for w in weights), loss)),
            }
            words = f"{shown(cost)} = {shown(loss)} + {'½' if half else ''}{shown(penalty)}‖{shown(weights[0])}‖²"
            yield Usual((words,), definitions, {w: ("?", "?") for w in weights if spoken.names.get(w) == 2}, is_sure=False)


def _squared(name: str) -> Plain:
    return Plain("product", (Plain("name", (), name), Plain("name", (), name)), "o")


# -- recurrences -------------------------------------------------------------------------------------------------------


def _recurrences(spoken: Spoken) -> Iterator[Usual]:
    """A linear recurrence, S_k = S_{k−1} w_rec + x_k w_x, and a squashed one, h_t = tanh(W_hh h_{t−1} + W_xh x_t)."""
    before = [n for n in spoken.names if re.fullmatch(r"[A-Za-z]_[a-z]-1", n)]
    for name in before[:1]:
        base, letter = name[0], name[2]
        now = f"{base}_{letter}"
        weights = [n for n in spoken.names if n in ("w_rec", "W_rec", f"W_{base}{base}", "U", "W")]
        others = [n for n in spoken.names if n in ("w_x", "W_x", f"W_x{base}", "W_in")]
        if now not in spoken.names or not weights:
            continue
        for rows in (True, False):
            state, weight = Plain("name", (), name), Plain("name", (), weights[0])
            parts = [Plain("product", (state, weight) if rows else (weight, state), ".")]
            if others:
                given, other = Plain("name", (), f"x_{letter}"), Plain("name", (), others[0])
                parts.append(Plain("product", (given, other) if rows else (other, given), "."))
            total = parts[0] if len(parts) == 1 else Plain("add", tuple(parts))
            words = f"{state.value}{weights[0]}" if rows else f"{weights[0]}{state.value}"
            yield Usual((f"{now} = {words} + …",), {now: Definition(total)}, is_sure=False)
            yield Usual((f"{now} = tanh({words} + …)",), {now: Definition(Plain("call", (total,), "tanh"))}, is_sure=False)


# -- word vectors ------------------------------------------------------------------------------------------------------


def _skip_grams(spoken: Spoken) -> Iterator[Usual]:
    """Word vectors: the scores of all words are the products of their vectors with that of the centre word."""
    losses = losses_in(spoken)
    if "v" not in {base_of(n) for n in spoken.names} and "V" not in spoken.names:
        return
    if "c" not in spoken.letters and "v_c" not in spoken.names:
        return
    tables = [n for n in ("U",) if n in spoken.names or n in spoken.shapes] or ["U"]
    for table, (_, scores, is_rows) in product(tables, SKIP_GRAM):
        shape = spoken.shapes.get(table)
        inner = spoken.indexed.get("v") or spoken.indexed.get("u")
        length = inner[0] if inner and inner[1] == "1" else inner[1] if inner else "d"
        is_row = (inner is not None and inner[0] == "1" and inner[1] != "1") or (
            inner is None and re.search(r"v_c\s*U", spoken.text) is not None
        )
        if shape is not None and "?" not in shape and length in shape and (shape[1] == length) != is_rows:
            continue
        count = "|V|" if shape is None else shape[0] if is_rows else shape[1]
        tree = put("v_c {T}" if is_row and not is_rows else "v_c {T}^T" if is_row else scores, T=table)
        centre = {("v", "c")} if "V" not in spoken.names else set()
        vector = ("1", count) if is_row else (count, "1")
        label_shape = shape_in(spoken, "y") or vector
        definitions = {"theta": Definition(tree), "hat y": Definition(put(r"softmax(\theta)"))}
        for loss in losses:
            definitions[loss] = Definition(put(r"-\sum_i y_i \log {P}_i", P="hat y"))
        families = {"u": Family(table, rows=is_rows)}
        if "V" in spoken.names:
            families["v"] = Family("V")
            families["w"] = Family("V")
        shapes = {
            table: shape or ((count, length) if is_rows else (length, count)),
            "v_c": inner or (("1", length) if is_row else (length, "1")), "y": label_shape,
            "V": spoken.shapes.get("V", (length, count)),
        }  # fmt: skip
        score = "v_c U" if is_row else "Uv_c" if is_rows else "Uᵀv_c"
        note = (f"ŷ = softmax({score})", "the loss is −log ŷ_o = −Σ y log ŷ")
        is_sure = re.search(r"softmax|exp|e\^|naive|hat|y", spoken.text) is not None and "sigma" not in spoken.text
        world = Usual(note, definitions, shapes, families, frozenset(centre), "", (), frozenset(("y",)), is_sure)
        yield world
        letters = [x for x in ("o",) if x in spoken.letters or "log" in spoken.text or "exp" in spoken.text]
        for letter in letters:
            yield replace(world, one_hot="y", targets=(letter,), units=frozenset())


def _negative_samples(spoken: Spoken) -> Iterator[Usual]:
    """Word vectors with negative samples."""
    losses = losses_in(spoken)
    letters = spoken.letters
    if not losses or "c" not in letters or not re.search(r"\\?sigma|negative|neg", spoken.text):
        return
    length = (spoken.indexed.get("v") or spoken.indexed.get("u") or ("d", "1"))[0]
    labels = frozenset((("v", "c"), ("u", "o")))
    shapes = {"v_c": (length, "1"), "u_o": (length, "1"), "U'": (length, "K")}
    definitions = {loss: Definition(relabelled(plain(NEGATIVE_SAMPLES), labels)) for loss in losses}
    families = {"u": Family("U'")}
    note = ("the loss is −log σ(u_oᵀv_c) − Σ log σ(−u_kᵀv_c)",)
    if "V" in spoken.names:
        definitions = {loss: Definition(plain(NEGATIVE_SAMPLES)) for loss in losses}
        for rows in (True, False):
            shape = spoken.shapes.get("U", ("V", length) if rows else (length, "V"))
            if (shape[1] == length) == rows or "?" in shape:
                shapes = {"U": shape, "V": spoken.shapes.get("V", (length, "V"))}
                yield Usual(note, definitions, shapes, {"u": Family("U", rows), "v": Family("V")})
        return
    yield Usual(note, definitions, shapes, families, labels)


def relabelled(tree: Plain, labels: frozenset[tuple[str, str]]) -> Plain:
    """The tree with letters that belong to names taken into them: u with the index o becomes the name u_o.

    A pair with an empty name holds for all names.
    """
    args = tuple(relabelled(a, labels) for a in tree.args)
    if tree.op == "transpose" and args[0].op == "name" and len(args[0].indices) == 2:
        return Plain("name", (), args[0].value, args[0].indices[::-1])  # an entry of a transpose
    if tree.op == "derivative" and args[0].op == "power" and args[0].args[0].value in LOSSES and args[0].args[1].op == "name":
        loss = Plain("name", (), f"{args[0].args[0].value}_{args[0].args[1].value}")  # the loss of one sample, E^p
        return Plain("derivative", (loss, args[1]))
    nested = _NESTED.match(tree.value) if tree.op == "name" and not tree.indices else None
    if nested:  # u with w_s below is one of the vectors u
        return Plain("name", (), nested[1], (nested[2],))
    if tree.op != "name" or not tree.indices:
        return Plain(tree.op, args, tree.value, tree.indices)
    own = [i for i in tree.indices if (tree.value, i) in labels or ("", i) in labels]
    if not own:
        return tree
    rest = tuple(i for i in tree.indices if i not in own)
    base, sign, above = tree.value.partition("^(")
    is_first = tree.indices[: len(own)] == tuple(own)
    below = "".join(own) if is_first else "".join(i if i in own else "~" for i in tree.indices)
    return Plain("name", (), f"{base}_{below}{sign}{above}", rest)


_NESTED = re.compile(r"([A-Za-z]+)_[wkn]_([a-z])\Z")


# -- in words -------------------------------------------------------------------------------------------------------------


def shown(name: str) -> str:
    """A name for a message."""
    mark, _, rest = name.partition(" ")
    if rest and mark in ("hat", "widehat"):
        return {"y": "ŷ", "p": "p̂", "Y": "Ŷ"}.get(rest, rest)
    greek = {"theta": "θ", "sigma": "σ", "xi": "ξ", "eta": "η", "mu": "μ", "pi": "π"}
    base = base_of(name)
    return greek.get(base, base) + name[len(base) :]


__all__ = [
    "ESTIMATES",
    "LABELS",
    "LOGITS",
    "LOSS_FORMS",
    "OUTPUTS",
    "Spoken",
    "Usual",
    "base_of",
    "conventions_of",
    "lengths_in",
    "losses_in",
    "put",
    "relabelled",
    "shape_in",
    "shown",
]
