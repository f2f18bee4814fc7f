"""Differentiation: rules on general elements, applied one after the other, each firing recorded.

A derivative under way is a sum of terms; a term is a product of factors over labelled indices in which at most one
factor is still to be differentiated. A rule looks at that one factor, T[labels] by x[p], and gives the terms that take
its place. When nothing is left to differentiate, the recorded stages are the derivation.

Scalar functions are differentiated by SymPy (`symbolic.py`); here are the rules that hold for any function. The rules for
whole tensors are those of Magnus and Neudecker, Matrix Differential Calculus, chapters 8 and 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..elements.elements import (
    ONE,
    Contraction,
    Element,
    Factor,
    Label,
    broadcast,
    identity,
    inverse,
    merge,
    node,
    power,
    product,
    total,
    zero,
)
from ..elements.symbolic import derivative_element
from ..errors import UnsupportedError
from ..notation.writer import unicode
from ..notation.written import Written
from ..sizes import Shape, Size


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's name, and why it holds, in one sentence."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Term:
    """c · factors · δ's · ∂pending: one term of a derivative under way; labels that are not free are summed over."""

    coefficient: Fraction
    factors: tuple[Factor, ...]
    deltas: tuple[tuple[Label, Label], ...] = ()
    pending: Factor | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """The whole derivative after a round of rules: the rules that were used, and the terms they left."""

    rules: tuple[Rule, ...]
    terms: tuple[Term, ...]


@dataclass(slots=True)
class Differentiation:
    """The derivative of an element by a variable, stage by stage.

    `out` labels the axes of the function, `by` those of the variable; `sizes` knows every label.
    """

    function: Element
    variable: Element
    out: tuple[Label, ...]
    by: tuple[Label, ...]
    sizes: dict[Label, Size]
    stages: list[Stage] = field(default_factory=list)
    at_work: Term | None = None

    def is_only_here(self, label: Label) -> bool:
        """Whether nothing but the factor that is being differentiated has this label, so that it is just summed over."""
        term = self.at_work
        elsewhere = [] if term is None else [x for _, ls in term.factors for x in ls] + [x for pair in term.deltas for x in pair]
        return label not in self.out and label not in elsewhere

    def fresh(self, extents: Sequence[Size]) -> tuple[Label, ...]:
        """New labels for new indices of these sizes."""
        labels = tuple(range(len(self.sizes), len(self.sizes) + len(extents)))
        self.sizes.update(zip(labels, extents, strict=True))
        return labels

    def element(self, term: Term) -> Element:
        """A finished term as an element, its deltas used up."""
        return product((*self.out, *self.by), term.factors, self.sizes, term.coefficient, term.deltas)

    @property
    def shape(self) -> Shape:
        """The axes of the function, then those of the variable."""
        return self.function.shape + self.variable.shape


def differentiate(function: Element, variable: Element) -> Differentiation:
    """The derivative of every entry of `function` by every entry of `variable`, with all its stages.

    The last stage has no factor left to differentiate. A function that does not depend on the variable has no terms.
    """
    count = len(function.shape)
    work = Differentiation(
        function, variable, tuple(range(count)), tuple(range(count, count + len(variable.shape))),
        dict(enumerate(function.shape + variable.shape)),
    )
    start = Term(Fraction(1), (), (), (function, work.out))
    work.stages.append(Stage((), (start,)))
    if not function.depends_on(variable.value):
        work.stages.append(Stage((Rule("constant", "it does not depend on the variable"),), ()))
        return work
    while any(t.pending for t in work.stages[-1].terms):
        rules: dict[Rule, None] = {}
        terms: list[Term] = []
        for term in work.stages[-1].terms:
            if term.pending is None:
                terms.append(term)
                continue
            work.at_work = term
            rule, replacements = _apply(work, *term.pending)
            rules[rule] = None
            terms.extend(_placed(term, r) for r in replacements)
        work.stages.append(Stage(tuple(rules), tuple(terms)))
    return work


def derivative(work: Differentiation) -> Element:
    """The finished derivative as a sum of elements; axes of the function, then of the variable."""
    return total([work.element(t) for t in work.stages[-1].terms], work.shape)


def _placed(term: Term, inner: Term) -> Term:
    return Term(term.coefficient * inner.coefficient, term.factors + inner.factors, term.deltas + inner.deltas, inner.pending)


Outcome = tuple[Rule, list[Term]]


def _apply(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    if element.kind == "form":
        rule = _FORMS.get(element.value)
    else:
        rule = _KINDS.get(element.kind)
    if rule is None:
        name = element.value if element.kind == "form" else element.kind
        raise UnsupportedError(f"There is no derivative rule for {name}.")
    return rule(work, element, labels)


def _variable(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    why = f"an entry of {element.value} by an entry of {element.value}: 1 where the indices agree, else 0"
    if not element.shape:
        why = f"∂{element.value}/∂{element.value} = 1"
    return Rule("variable", why), [Term(Fraction(1), (), tuple(zip(labels, work.by, strict=True)))]


def _sum(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    x = work.variable.value
    terms = [Term(Fraction(1), (), (), (t, labels)) for t in element.args if t.depends_on(x)]
    dropped = [t for t in element.args if not t.depends_on(x)]
    reasons = ["a sum is differentiated term by term", *_independent(dropped, x)]
    return Rule("sum", "; ".join(reasons)), terms


def _independent(parts: Sequence[Element], x: str) -> list[str]:
    """That the variables in these parts do not depend on x, as a sentence, if there are any."""
    names = list(dict.fromkeys(n.value for p in parts for n in p.walk() if n.kind == "variable"))
    if not names:
        return []
    names = [unicode(Written("name", (), name)) for name in names]
    return [f"{' and '.join([', '.join(names[:-1]), names[-1]] if names[1:] else names)} {'do' if names[1:] else 'does'} not depend on {x}"]


def _opened(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> tuple[
    Fraction, list[Factor], tuple[tuple[Label, Label], ...]
]:
    """A product's coefficient, factors with labels, and δ's, with its own indices renamed apart."""
    value: Contraction = element.value
    names: dict[int, Label] = {}
    deltas: list[tuple[Label, Label]] = []
    for label, index in zip(labels, value.out, strict=True):
        if index in names:
            deltas.append((names[index], label))
        names.setdefault(index, label)
    inner = [i for i in range(len(value.sizes)) if i not in names]
    names.update(zip(inner, work.fresh([value.sizes[i] for i in inner]), strict=True))
    factors = [(f, tuple(names[i] for i in place)) for f, place in zip(element.args, value.places, strict=True)]
    return value.coefficient, factors, tuple(deltas)


def _product(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    x = work.variable.value
    coefficient, factors, deltas = _opened(work, element, labels)
    changing = [k for k, (f, _) in enumerate(factors) if f.depends_on(x)]
    divisors = [k for k in changing if factors[k][0].kind == "power" and factors[k][0].value < 0]
    terms = []
    for k in changing:
        others = tuple(factors[:k] + factors[k + 1 :])
        if k in divisors and len(changing) > 1:  # the divisor's part of the quotient rule: u (1/v)' = −u v'/v²
            base, exponent = factors[k][0].args[0], factors[k][0].value
            step = (power(base, exponent - 1), factors[k][1])
            terms.append(Term(coefficient * exponent, (*others, step), deltas, (base, factors[k][1])))
        else:
            terms.append(Term(coefficient, others, deltas, factors[k]))
    if len(changing) == 1:
        summed = len(element.value.sizes) > len(set(element.value.out))
        name = "sum" if summed else "constant factor"
        reasons = ["a sum is differentiated term by term"] if summed else ["a factor that does not depend on the variable stays"]
        reasons += _independent([f for k, (f, _) in enumerate(factors) if k not in changing], x)
        return Rule(name, "; ".join(reasons)), terms
    if divisors:
        return Rule("quotient rule", "(u/v)′ = (u′v − u v′)/v²"), terms
    return Rule("product rule", "(uv)′ = u′v + u v′"), terms


def _power(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    base, exponent = element.args[0], element.value
    left = (power(base, exponent - 1), labels)
    factors = () if exponent == 1 else (left,)
    if base.kind == "variable":
        return Rule("power rule", "(xᵏ)′ = k xᵏ⁻¹"), [Term(exponent, factors, (), (base, labels))]
    return Rule("chain rule", "(uᵏ)′ = k uᵏ⁻¹ u′"), [Term(exponent, factors, (), (base, labels))]


def _map(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    x = work.variable.value
    terms = []
    for position, argument in enumerate(element.args):
        if argument.depends_on(x):
            outer = derivative_element(element.value, element.args, position)
            terms.append(Term(Fraction(1), ((outer, labels),), (), (argument, labels)))
    return Rule("chain rule", "f(u)′ = f′(u) u′, entry by entry"), terms


def _merge(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    (inner,), groups = element.args, element.value
    inner_labels: list[Label] = [None] * len(inner.shape)
    factors: list[Factor] = []
    for label, group in zip(labels, groups, strict=True):
        if len(group) == 1:
            inner_labels[group[0]] = label
            continue
        extents = [inner.shape[a] for a in group]
        parts = work.fresh(extents)
        for axis, part in zip(group, parts, strict=True):
            inner_labels[axis] = part
        factors.append((_link(extents), (label, *parts)))
    return Rule("linearity", "putting entries in another order changes nothing else"), [
        Term(Fraction(1), tuple(factors), (), (inner, tuple(inner_labels)))]


def _link(extents: Sequence[Size]) -> Element:
    """1 where the merged index stands for the given indices, else 0: axes (merged, index, ...)."""
    labels = tuple(range(len(extents)))
    both = product(labels + labels, [], dict(zip(labels, extents, strict=True)))
    return merge(both, [list(labels), *([len(labels) + i] for i in labels)])


def _stack(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    x = work.variable.value
    terms = []
    for position, argument in enumerate(element.args):
        if argument.depends_on(x):
            unit = node("unit", (), position + 1, (element.shape[0],))
            terms.append(Term(Fraction(1), ((unit, labels[:1]),), (), (argument, labels[1:])))
    return Rule("linearity", "every entry is differentiated on its own"), terms


def _join(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    x, axis = work.variable.value, element.value
    terms = []
    for position, argument in enumerate(element.args):
        if argument.depends_on(x):
            extent = argument.shape[axis]
            (inner,) = work.fresh([extent])
            blocks = [identity(extent) if k == position else zero((a.shape[axis], extent)) for k, a in enumerate(element.args)]
            place = node("join", tuple(blocks), 0, (element.shape[axis], extent))
            at = (*labels[:axis], inner, *labels[axis + 1 :])
            terms.append(Term(Fraction(1), ((place, (labels[axis], inner)),), (), (argument, at)))
    return Rule("linearity", "every block is differentiated on its own"), terms


def _inverse(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    (i, j), n = labels, element.shape[0]
    a, b = work.fresh([n, n])
    term = Term(Fraction(-1), ((element, (i, a)), (element, (b, j))), (), (element.args[0], (a, b)))
    return Rule("inverse", "∂A⁻¹ = −A⁻¹ ∂A A⁻¹, from A⁻¹A = I"), [term]


def _det(work: Differentiation, element: Element, _: tuple[Label, ...]) -> Outcome:
    inverted, a, b = _inverse_of(work, element.args[0])
    term = Term(Fraction(1), ((element, ()), (inverted, (b, a))), (), (element.args[0], (a, b)))
    return Rule("determinant", "∂ det A = det A · tr(A⁻¹ ∂A) (Jacobi), A invertible"), [term]


def _logdet(work: Differentiation, element: Element, _: tuple[Label, ...]) -> Outcome:
    inverted, a, b = _inverse_of(work, element.args[0])
    term = Term(Fraction(1), ((inverted, (b, a)),), (), (element.args[0], (a, b)))
    return Rule("log-determinant", "∂ log|det A| = tr(A⁻¹ ∂A), A invertible"), [term]


def _inverse_of(work: Differentiation, argument: Element) -> tuple[Element, Label, Label]:
    a, b = work.fresh(argument.shape)
    return inverse(argument), a, b


def _softmax(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    inner, *_ = element.args
    (k,) = work.fresh(element.shape[-1:])
    at_k = (*labels[:-1], k)
    own = Term(Fraction(1), ((element, labels),), (), (inner, labels))
    others = Term(Fraction(-1), ((element, labels), (element, at_k)), (), (inner, at_k))
    return Rule("softmax", "∂σ_i/∂z_k = σ_i (δ_ik − σ_k), by the quotient rule"), [own, others]


def _log_softmax(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    inner, *_ = element.args
    (k,) = work.fresh(element.shape[-1:])
    softmax = node("form", (inner,), "softmax", element.shape)
    own = Term(Fraction(1), (), (), (inner, labels))
    # the own index is not in the other term, but an outer sum over it must still count it
    every = (broadcast(ONE, element.shape[-1:]), labels[-1:])
    others = Term(Fraction(-1), (every, (softmax, (*labels[:-1], k))), (), (inner, (*labels[:-1], k)))
    return Rule("log-softmax", "log σ_i = z_i − log Σ e^{z_k}, so ∂ log σ_i/∂z_k = δ_ik − σ_k"), [own, others]


def _logsumexp(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    (inner,) = element.args
    (k,) = work.fresh(inner.shape[-1:])
    softmax = node("form", (inner,), "softmax", inner.shape)
    term = Term(Fraction(1), ((softmax, (*labels, k)),), (), (inner, (*labels, k)))
    return Rule("log-sum-exp", "∂ log Σ e^{z_j} / ∂z_k = e^{z_k} / Σ e^{z_j} = softmax(z)_k"), [term]


def _extreme(form: str) -> Callable[[Differentiation, Element, tuple[Label, ...]], Outcome]:
    def rule(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
        (inner,) = element.args
        (k,) = work.fresh(inner.shape[-1:])
        choice = node("form", (inner,), form, inner.shape)
        term = Term(Fraction(1), ((choice, (*labels, k)),), (), (inner, (*labels, k)))
        return Rule("maximum", "only the entry that is chosen counts; at a tie the first one is taken"), [term]

    return rule


def _choice(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    return Rule("maximum", "which entry is the largest stays the same nearby"), []


def _prod(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    (inner,) = element.args
    (k,) = work.fresh(inner.shape[-1:])
    at_k = (*labels, k)
    term = Term(Fraction(1), ((element, labels), (power(inner, -1), at_k)), (), (inner, at_k))
    return Rule("product over entries", "∂Π w_j/∂w_k = Π w_j / w_k, where no entry is 0"), [term]


def _expm(work: Differentiation, element: Element, labels: tuple[Label, ...]) -> Outcome:
    (inner,), (i, j), n = element.args, labels, element.shape[0]
    a, b = work.fresh([n, n])
    if i == j and work.is_only_here(i):
        term = Term(Fraction(1), ((element, (b, a)),), (), (inner, (a, b)))
        return Rule("matrix exponential", "∂ tr e^M = tr(e^M ∂M)"), [term]
    if inner.kind == "product" and all(not f.shape for f in inner.args if f.depends_on(work.variable.value)):
        # M = c·A with only c changing: A commutes with e^M
        term = Term(Fraction(1), ((element, (a, j)),), (), (inner, (i, a)))
        return Rule("matrix exponential", "∂e^{cA} = ∂(cA) e^{cA}, since A commutes with e^{cA}"), [term]
    raise UnsupportedError("The derivative of e^M by M is ∫₀¹ e^{sM} ∂M e^{(1−s)M} ds, which has no closed form; e^{cA} by c and "
                           "tr e^M by M have one.")


RuleFunction = Callable[[Differentiation, Element, tuple[Label, ...]], Outcome]

_KINDS: dict[str, RuleFunction] = {
    "variable": _variable, "sum": _sum, "product": _product, "power": _power, "map": _map,
    "merge": _merge, "stack": _stack, "join": _join,
}  # fmt: skip

_FORMS: dict[str, RuleFunction] = {
    "inverse": _inverse, "det": _det, "logdet": _logdet, "softmax": _softmax, "log_softmax": _log_softmax,
    "logsumexp": _logsumexp, "max": _extreme("argmax"), "min": _extreme("argmin"), "argmax": _choice, "argmin": _choice,
    "prod": _prod, "expm": _expm,
}  # fmt: skip


def rules() -> Iterator[str]:
    """The kinds and forms that have a rule (for the test that lists missing rows)."""
    yield from _KINDS
    yield from _FORMS


__all__ = ["Differentiation", "Rule", "Stage", "Term", "derivative", "differentiate", "rules"]
