"""How a computation graph is written: ln x where ln was typed, e³ for a number, exp(y) for a node.

From SymPy's answers to written forms, and from these to text. Knows nothing of graphs, and never changes a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..elements.functions import FUNCTIONS
from ..elements.symbolic import library
from ..errors import UnsupportedError
from ..forms import building as b
from ..notation.pieces import fold
from ..notation.spellings import Style
from ..notation.writer import write
from ..notation.written import Written

E = Written("constant", value="e")
PI = Written("constant", value="pi")
_OURS = {"Abs": "abs", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh",
         "atanh": "arctanh", "Max": "maximum"}  # fmt: skip
_RELATIONS = {"==": "="}
# The product with a sign between its factors. Entry by entry it is the same for numbers, and the writer sets a row of
# them without brackets, as it does not with the inner product; `Notation.text` prints both as a · b.
TIMES = "hadamard"
_BARE = re.compile(r"(?<![A-Za-z])(ln|log|√)\(([^\W\d_][₀-₉]*|\d+)\)(?![\w(^/⁰-⁹])")
_BARE_EXPONENT = re.compile(r"\^\(([^\W\d_][₀-₉]*)\)(?![\w(])")


@dataclass(frozen=True, slots=True)
class Notation:
    """What the person's own text decides: ln or log, e^x or exp(x), 0.5 or 1/2."""

    logarithm: str = "ln"
    e_power: bool = False
    decimals: bool = False

    @classmethod
    def of(cls, text: str, point: str = "") -> Notation:
        """The notation in which a function and a point are typed.

        >>> Notation.of("log x + e^y", "0.5, 1")
        Notation(logarithm='log', e_power=True, decimals=True)
        """
        log = "log" if re.search(r"log(?![_\d])", text) and not re.search(r"\bln", text) else "ln"
        e_power = re.search(r"(?<![A-Za-z])e\s*(\^|\*\*)", text) is not None and "exp" not in text
        return cls(log, e_power, re.search(r"\d\.\d", point) is not None)

    def text(self, tree: Written, style: Style = Style.UNICODE) -> str:
        """A tree as text, with the logarithm as it was typed.

        >>> Notation().text(b.call("log", Written("name", value="h_1")))
        'ln h₁'
        """
        text = write(tree, style)
        if style is Style.LATEX:
            text = text.replace(r"\odot", r"\cdot")
            return re.sub(r"\\log(?![_A-Za-z])", r"\\ln", text) if self.logarithm == "ln" else text
        text = text.replace("⊙", "·")
        if self.logarithm == "ln":
            text = re.sub(r"(?<![A-Za-z])log\(", "ln(", text)
            text = re.sub(r"(?<=[\w)])(?<![A-Za-z(])ln\(", " ln(", text)
        # One name or number needs no brackets, unless something stands close behind that would join it.
        return _BARE.sub(r"\1 \2", _BARE_EXPONENT.sub(r"^\1", text)).replace("√ ", "√")

    def formula(self, expression: Any, names: Mapping[Any, Written]) -> Written:
        """A SymPy expression as it is written; `names` are its symbols, and other parts that have a writing already.

        Raises UnsupportedError for what has no notation.
        """
        sp = library()
        if expression in names:
            return names[expression]
        if expression.is_Rational:
            return self.rational(Fraction(int(expression.p), int(expression.q)))
        if expression is sp.pi or expression is sp.E:
            return PI if expression is sp.pi else E
        if expression.is_Add:
            terms = sorted(expression.as_ordered_terms(), key=lambda t: bool(t.is_Rational))
            return b.add([self.formula(t, names) for t in terms])
        if expression.is_Mul or expression.is_Pow:
            return self._product(expression, names)
        if isinstance(expression, sp.exp):
            exponent = self.formula(expression.args[0], names)
            if self.e_power or expression.is_number:
                return Written("power", (E, exponent))
            return b.call("exp", exponent)
        if isinstance(expression, sp.Heaviside):
            return _indicator(self.formula(expression.args[0], names), ">", b.ZERO)
        if isinstance(expression, sp.Piecewise):
            return self._cases(expression, names)
        name = expression.func.__name__
        name = _OURS.get(name, name)
        if name not in FUNCTIONS:
            raise UnsupportedError(f"There is no notation for SymPy's {name}.")
        args = [self.formula(a, names) for a in expression.args]
        if name in ("<", "<=", ">", ">=", "=", "!="):
            return _indicator(args[0], name, args[1])
        return b.call(name, *args)

    def rational(self, value: Fraction) -> Written:
        """A fraction; as a decimal where the person typed decimals and it has a short one."""
        if self.decimals and value.denominator != 1:
            for digits in range(1, 7):
                units = abs(value) * 10**digits
                if units.denominator == 1:
                    text = str(int(units)).rjust(digits + 1, "0")
                    tree = Written("number", value=f"{text[:-digits]}.{text[-digits:]}")
                    return b.neg(tree) if value < 0 else tree
        return b.num(value)

    def _product(self, expression: Any, names: Mapping[Any, Written]) -> Written:
        """Numbers in front, what has a negative exponent below the line."""
        sp = library()
        number, rest = expression.as_coeff_Mul()
        if not number.is_Rational:
            number, rest = sp.S.One, expression
        tops: list[Written] = []
        bottoms: list[Written] = []
        for factor in sorted(rest.as_ordered_factors(), key=_place_in_product):
            if factor == 1:
                continue
            if factor in names:
                tops.append(names[factor])
                continue
            base, exponent = (factor, sp.S.One) if isinstance(factor, sp.exp) else factor.as_base_exp()
            below = bool(exponent.is_Rational and exponent < 0)
            (bottoms if below else tops).append(self._power(base, -exponent if below else exponent, names))
        value = Fraction(int(number.p), int(number.q))
        if self.decimals and not bottoms:
            top = self._run(self.rational(abs(value)), tops)
            return b.neg(top) if value < 0 else top
        whole = b.divide(self._run(b.num(abs(value.numerator)), tops), self._run(b.num(value.denominator), bottoms))
        return b.neg(whole) if value < 0 else whole

    def _power(self, base: Any, exponent: Any, names: Mapping[Any, Written]) -> Written:
        tree = self.formula(base, names)
        if exponent == 1:
            return tree
        if exponent.is_Rational:
            return b.power(tree, Fraction(int(exponent.p), int(exponent.q)))
        return Written("power", (tree, self.formula(exponent, names)))

    def _run(self, number: Written, factors: Sequence[Written]) -> Written:
        """2e³, 3√2, 2x · exp(y): close together what cannot be misread, a sign before names of functions."""
        if not factors:
            return number
        close = factors[0].op != "call" or factors[0].value in ("sqrt", "log")
        result = factors[0]
        if not b.is_one(number):
            result = Written("scale" if close else TIMES, (number, result))
        for factor in factors[1:]:
            result = Written(TIMES, (result, factor))
        return result

    def _cases(self, expression: Any, names: Mapping[Any, Written]) -> Written:
        """Branches; a choice between 1 and 0 is an indicator."""
        sp = library()
        branches = [
            (value, c)
            for value, condition in expression.args
            for c in (condition.args if isinstance(condition, sp.Or) else (condition,))
        ]
        if len(branches) == 2 and [value for value, _ in branches] == [1, 0]:
            condition = branches[0][1]
            return Written("indicator", (self._condition(condition, names),))
        parts = []
        for value, condition in branches:
            parts.append(self.formula(value, names))
            if condition is not sp.true:
                parts.append(self._condition(condition, names))
        return Written("cases", tuple(parts), True)

    def _condition(self, condition: Any, names: Mapping[Any, Written]) -> Written:
        sides = (self.formula(condition.lhs, names), self.formula(condition.rhs, names))
        if sides[0].op == "indicator" and condition.rel_op == "!=" and sides[1] == b.ZERO:
            return sides[0].args[0]
        return Written("compare", sides, _RELATIONS.get(condition.rel_op, condition.rel_op))


def _place_in_product(factor: Any) -> int:
    """Names and their whole powers first, then other powers and functions, sums last."""
    base, exponent = factor.as_base_exp()
    if base.is_Symbol and exponent.is_Rational:
        return 0
    return 2 if base.is_Add else 1


def with_signs(tree: Written) -> Written:
    """A formula as it was read, with · between factors that are not a number and what it multiplies."""

    def rule(node: Written, args: list[Written]) -> Written:
        op = node.op
        if op in ("scale", "dot", "matmul") and args[0].op != "number":
            op = TIMES
        return Written(op, tuple(args), node.value)

    return fold(tree, rule)


def _indicator(left: Written, relation: str, right: Written) -> Written:
    return Written("indicator", (Written("compare", (left, right), relation),))


def decimal_tree(decimal: str) -> Written:
    """A decimal from values.py as a number that can stand in a formula: 1.5e-09 is 1.5 · 10⁻⁹."""
    mantissa, _, power = decimal.lstrip("-").partition("e")
    tree = Written("number", value=mantissa)
    if power:
        tree = Written(TIMES, (tree, Written("power", (Written("number", value="10"), b.num(int(power))))))
    return b.neg(tree) if decimal.startswith("-") else tree


def decimal_text(decimal: str, style: Style = Style.UNICODE) -> str:
    """A decimal from values.py for people.

    >>> decimal_text("-0.5"), decimal_text("1.9701e+434")
    ('−0.5', '1.9701 × 10⁴³⁴')
    """
    return write(decimal_tree(decimal), style).replace("⊙", "×").replace(r"\odot", r"\times")
