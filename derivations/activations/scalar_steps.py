"""How the derivative of a scalar function comes about: the rule its structure asks for, applied piece by piece.

The definition decides the rule: branches are differentiated one by one, u/v by the quotient rule, u·v by the product rule,
f(u) by the chain rule. SymPy differentiates the pieces u and v, never the whole, the lines are put together from what it
answers, and at the end the function itself is put back in. The lines are a record of that; whether they are true is not
decided here but by numbers, in `scalar_check.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any

from ..elements.functions import FUNCTIONS, SELU_ALPHA, SELU_SCALE
from ..elements.symbolic import arguments, definition, library, refolded, scalar_derivative
from ..forms import building as b
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written
from .scalar_writing import times, written

QUOTIENT = "(u/v)′ = (u′v − uv′)/v²"
PRODUCT = "(uv)′ = u′v + uv′"


class About(Enum):
    """What both sides of a line are worth: the function, its derivative, or only the same as each other."""

    VALUE = "value"
    SLOPE = "slope"
    PART = "part"


Facts = tuple[tuple[Written, Written], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the rule, what stood before, what stands after, and why that holds; `facts` are the equations said there."""

    rule: str
    before: Written
    after: Written
    why: str
    about: About
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """All lines from the definition to the derivative; `where` defines the names of functions that the derivative uses."""

    lines: tuple[Line, ...]
    formula: Written
    derivative: Written
    where: tuple[tuple[str, Written], ...] = ()


@dataclass(slots=True)
class _Work:
    """A derivation under way: the function, what is left to differentiate in SymPy, and the lines so far."""

    function: str
    x: Any
    expression: Any
    names: Mapping[str, Any]
    last: Written
    about: About = About.VALUE
    lines: list[Line] = field(default_factory=list)

    def put(self, rule: str, after: Written, why: str = "", facts: Facts = ()) -> None:
        """The next line about the function; what looks the same as the last one is no line."""
        if after != self.last:
            said = " and ".join(f"{write(a, Style.UNICODE)} = {write(c, Style.UNICODE)}" for a, c in facts)
            self.lines.append(Line(rule, self.last, after, why or said, self.about, facts))
            self.last = after

    def derive(self) -> None:
        """From here on the lines are about the derivative."""
        self.about = About.SLOPE
        self.last = Written("call", (written(self.x),), (self.function, ("prime", 1)))

    def part(self, rule: str, expression: Any) -> Any:
        """The derivative of a part, by SymPy; a line of its own unless it is plain."""
        derived = library().diff(expression, self.x)
        if expression.has(self.x) and expression != self.x:
            before = Written("derivative", (written(expression), written(self.x)))
            self.lines.append(Line(rule, before, written(derived), _inner_derivative(expression, self.x), About.PART))
        return derived


def trace(function: str) -> Trace:
    """Derive the derivative of a function of one number, line by line.

    >>> t = trace("sigmoid")
    >>> [line.rule for line in t.lines]
    ['definition', 'denominator', 'quotient rule', 'simplify', 'split', 'put back in']
    >>> write(t.derivative, Style.UNICODE)
    'σ(x)(1 − σ(x))'
    """
    sp, x = library(), arguments(FUNCTIONS[function])[0]
    names = _names(function)
    expression = _with_names(definition(function), names)
    if expression == sp.tanh(x):
        expression = expression.rewrite(sp.exp)
    work = _Work(function, x, expression, names, b.call(function, written(x)))
    formula = written(expression)
    work.put("definition", formula)
    if isinstance(expression, sp.Max):
        work.expression = sp.Piecewise((x, x > 0), (sp.S.Zero, True))
        work.put("two branches", written(work.expression), "the larger of 0 and x is x where x > 0")
    work.derive()
    _differentiate(work)
    used = {n.value for tree in (formula, work.last) for n in tree.walk() if n.op == "name"}
    where = tuple((n, written(e)) for n, e in names.items() if n in used and e.has(x))
    return Trace(tuple(work.lines), formula, work.last, where)


# Names that people give to parts


def constants(function: str) -> dict[str, Fraction]:
    """The numbers in a definition that have names of their own: λ and α of SELU."""
    return {"lambda": SELU_SCALE, "alpha": SELU_ALPHA} if function == "selu" else {}


def _names(function: str) -> dict[str, Any]:
    """Numbers and functions with names: those of `constants`, and the normal distribution Φ with its density φ."""
    sp, x = library(), arguments(FUNCTIONS[function])[0]
    if function == "gelu":
        density = sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)
        return {"Phi": _halved(1 + sp.erf(x / sp.sqrt(2))), "phi": density}
    return {n: sp.Rational(v.numerator, v.denominator) for n, v in constants(function).items()}


def _halved(expression: Any) -> Any:
    """½(a + b), which SymPy would multiply out."""
    return library().Mul(library().Rational(1, 2), expression, evaluate=False)


def _with_names(expression: Any, names: Mapping[str, Any]) -> Any:
    """Numbers replaced by their names, also their product (λα stands multiplied out in SymPy's sums)."""
    sp = library()
    numbers = {n: v for n, v in names.items() if v.is_number}
    if not numbers:
        return expression
    symbols = {n: sp.Symbol(n, positive=True) for n in numbers}
    known = {v: symbols[n] for n, v in numbers.items()}
    known[sp.Mul(*numbers.values())] = sp.Mul(*symbols.values())
    known |= {-v: -s for v, s in known.items()}
    branches = [(sp.factor(e.xreplace(known)), c) for e, c in expression.args]
    return sp.Piecewise(*branches)


# One rule for each structure


def _differentiate(work: _Work) -> None:
    sp, f, x = library(), work.expression, work.x
    top, bottom = _fraction(f, x)
    factors = [a for a in sp.Mul.make_args(f) if a.has(x)]
    if isinstance(f, sp.Piecewise):
        _branches(work)
    elif bottom != 1:
        _quotient(work, top, bottom)
    elif len(factors) > 1:
        _product(work, factors)
    elif f.is_Function:
        _chain(work)
    else:
        work.put("differentiate", written(sp.diff(f, x)))
        _fold_back(work, [])


def _branches(work: _Work) -> None:
    """Each branch on its own; a branch whose derivative is the function plus a number is written so."""
    sp, x = library(), work.x
    triples = [(e, sp.diff(e, x), c) for e, c in work.expression.args]
    said = ", ".join(f"({_text(e)})′ = {_text(d)}" for e, d, _ in triples if e.has(sp.exp))
    why = "away from the kinks each branch is differentiated on its own"
    work.put("branch by branch", written(_piecewise([(d, c) for _, d, c in triples])), why + (f": {said}" if said else ""))
    folded = []
    facts: Facts = ()
    for e, d, c in triples:
        rest = sp.expand(d - e)
        again = d.has(sp.exp) and not rest.has(x)
        folded.append((sp.Function(work.function)(x) + rest if again else d, c))
        if again:
            facts += ((written(d), Written("add", (written(e), written(rest)))),)
    work.put("put back in", written(_piecewise(folded)), "", facts)


def _piecewise(branches: Sequence[tuple[Any, Any]]) -> Any:
    """Branches as they are: SymPy would join those with equal values into one with a longer condition."""
    return library().Piecewise(*branches, evaluate=False)


def _fraction(expression: Any, x: Any) -> tuple[Any, Any]:
    """Top and bottom, where the bottom depends on x (e^(−x) alone is no fraction)."""
    sp = library()
    below = [a for a in sp.Mul.make_args(expression) if a.is_Pow and a.exp.is_Rational and a.exp < 0 and a.has(x)]
    return expression / sp.Mul(*below), 1 / sp.Mul(*below)


def _quotient(work: _Work, u: Any, v: Any) -> None:
    sp, x = library(), work.x
    du, dv = work.part("numerator", u), work.part("denominator", v)
    top = Written("sub", (_pair(du, v), _pair(u, dv)))
    given = "" if u.has(x) and u != x else f" with u = {_text(u)}, u′ = {_text(du)}"
    work.put("quotient rule", b.divide(top, Written("power", (written(v), b.num(2)))), QUOTIENT + given)
    if (du, dv) == (v, u):
        square = Written("power", (b.divide(written(u), written(v)), b.num(2)))
        work.put("divide", Written("sub", (b.ONE, square)), "here u′ = v and v′ = u, and (v² − u²)/v² = 1 − (u/v)²")
        _fold_back(work, [])
        return
    whole = sp.expand(du * v - u * dv)
    plain = whole.subs(x * sp.sign(x), sp.Abs(x))
    work.put("simplify", written(plain / v**2), "x sign(x) = |x|" if plain != whole else "")
    parts = [1 / v, plain / v]
    folded = [refolded(p) for p in parts]
    facts: Facts = ()
    if plain.has(sp.exp) and not any(f.has(sp.exp) for f in folded):
        work.put("split", times([written(p) for p in parts]), f"{_text(v)} below each factor")
        facts = tuple((written(p), written(f)) for p, f in zip(parts, folded, strict=True))
    _fold_back(work, [plain / v**2], facts)


def _pair(a: Any, c: Any) -> Written:
    """a · c, or a²."""
    return Written("power", (written(a), b.num(2))) if a == c else times([written(a), written(c)])


def _product(work: _Work, factors: Sequence[Any]) -> None:
    sp, x = library(), work.x
    constant = work.expression / sp.Mul(*factors)
    u, *rest = sorted(factors, key=lambda f: f != x)
    v = sp.Mul(*([constant] if constant != 1 else []), *rest, evaluate=False)
    du, dv = work.part("first factor", u), work.part("second factor", v)
    line = Written("add", (times([written(du), written(v)]), times([written(u), written(dv)])))
    given = "" if u != x else f" with u = {_text(u)}, u′ = {_text(du)}"
    work.put("product rule", line, PRODUCT + given)
    _fold_back(work, [_folded(du) * _folded(v) + _folded(u) * _folded(dv)])


def _chain(work: _Work) -> None:
    (inner,) = work.expression.args
    outer, said = _outer_derivative(work.expression)
    derived = work.part("inner function", inner)
    first = outer.subs(_u(), inner)
    work.put("chain rule", times([written(first), written(derived)]), f"{said} with u = {_text(inner)}")
    work.put("multiply", written(first * derived))
    _fold_back(work, [])


def _u() -> Any:
    return library().Symbol("u", real=True)


def _outer_derivative(call: Any) -> tuple[Any, str]:
    """The derivative of f at u, and the sentence of it: (log(u))′ = 1/u · u′."""
    outer = library().diff(call.func(_u()), _u())
    return outer, f"({_text(call.func(_u()))})′ = {write(times([written(outer), written(_u())]), Style.UNICODE)}′"


def _inner_derivative(expression: Any, x: Any) -> str:
    """The chain rule as it was used inside a part: its outermost composed function."""
    sp = library()
    for node in sp.preorder_traversal(expression):
        if node.is_Function and len(node.args) == 1 and node.args[0].has(x) and node.args[0] != x:
            inner = node.args[0]
            return f"chain rule: {_outer_derivative(node)[1]} with u = {_text(inner)}, u′ = {_text(sp.diff(inner, x))}"
    return "where x ≠ 0" if expression.has(sp.Abs) else ""


def _text(expression: Any) -> str:
    return write(written(expression), Style.UNICODE)


# The function itself, back in


def _fold_back(work: _Work, candidates: Iterable[Any], facts: Facts = ()) -> None:
    """The derivative in terms of named functions, in the shortest way found; `candidates` are ways besides SymPy's."""
    sp, x = library(), work.x
    functions = {n: e for n, e in work.names.items() if e.has(x)}
    if functions:
        derived = sp.diff(work.expression, x)
        for n, e in functions.items():
            derived = _named(derived, e, sp.Dummy(n, real=True))
        work.put("name the parts", written(derived), "", tuple((written(sp.Symbol(n)), written(e)) for n, e in functions.items()))
        return
    best = min([scalar_derivative(work.function), *candidates], key=sp.count_ops)
    used = sorted((f for f in best.atoms(sp.core.function.AppliedUndef, sp.tanh) if f.args == (x,)), key=sp.default_sort_key)
    opened = {f: _definition(f, work, best) for f in used}
    if best in opened:
        work.put("divide by e^x", opened[best], "above and below, which changes nothing")
    work.put("put back in", written(best), "", facts or tuple((tree, written(f)) for f, tree in opened.items()))


def _definition(call: Any, work: _Work, best: Any) -> Written:
    """What a named function of x stands for; σ inside a formula in e^x is e^x / (1 + e^x)."""
    sp, name = library(), call.func.__name__
    e = sp.exp(work.x)
    if name == "sigmoid" and work.expression.has(e) and best != call:
        return written(e / (1 + e))
    return written(work.expression if name == work.function else definition(name))


def _named(expression: Any, part: Any, symbol: Any) -> Any:
    """`part` as `symbol`: solved for the one function in it, which is then replaced."""
    sp = library()
    (inner,) = part.atoms(sp.erf) or part.atoms(sp.exp)
    (solved,) = sp.solve(sp.Eq(part, symbol), inner)
    return sp.expand(expression.subs(inner, solved))


def _folded(expression: Any) -> Any:
    """Refolded factor by factor, where all factors in e^x together are one."""
    sp = library()
    x = arguments(FUNCTIONS["softplus"])[0]
    factors = sp.Mul.make_args(expression.subs(definition("softplus"), sp.Function("softplus")(x)))
    exponential = [f for f in factors if f.has(sp.exp)]
    return sp.Mul(refolded(sp.Mul(*exponential)), *(f for f in factors if f not in exponential))


__all__ = ["About", "Line", "Trace", "constants", "trace"]
