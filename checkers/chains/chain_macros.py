"""Macros of a worked solution: those that it defines are expanded, and the usual ones of other people's preambles are known.

A solution is often cut out of a file whose preamble is lost. A command that is not LaTeX is replaced only where its meaning
cannot be mistaken; any other is left, and is then a name that nothing is known of, or cannot be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MOST_DEPTH = 8
_MOST_CHARACTERS = 60_000
_MOST_MACROS = 200
_LONGEST_GROUP = 4000

# Commands that take one, two or no groups, with what they stand for.
_USUAL: dict[str, tuple[int, str]] = {
    **dict.fromkeys(
        ("pd", "pdv", "pderiv", "pdiff", "pfrac", "pardiv", "parfrac", "partialderiv", "partialderivative", "diffp"),
        (2, r"\frac{\partial #1}{\partial #2}")),
    **dict.fromkeys(("dv", "deriv", "odv", "derivative", "totald"), (2, r"\frac{d #1}{d #2}")),
    **dict.fromkeys(("fr", "cfrac", "nicefrac", "sfrac", "flatfrac", "ffrac"), (2, r"\frac{#1}{#2}")),
    **dict.fromkeys(("norm", "Norm", "lrnorm", "enorm"), (1, r"\left\|#1\right\|")),
    **dict.fromkeys(("abs", "Abs", "lrabs"), (1, r"\left|#1\right|")),
    **dict.fromkeys(("inner", "innerproduct", "ip", "innerprod", "dotp", "dotprod"), (2, r"\langle #1, #2 \rangle")),
    **dict.fromkeys(("mat", "vect", "vb", "mb", "mbf", "bs", "bv", "bold", "matr", "mtx", "tens", "vec"), (1, r"\mathbf{#1}")),
    **dict.fromkeys(("paren", "parens", "pr", "lr", "qty"), (1, r"\left(#1\right)")),
    **dict.fromkeys(("brac", "bracket", "brackets", "sqb"), (1, r"\left[#1\right]")),
    **dict.fromkeys(("ensuremath", "mathop", "boxed", "fbox", "uline", "underline", "cb", "hl"), (1, "#1")),
    **dict.fromkeys(("cancel", "bcancel", "xcancel", "sout"), (1, "#1")),
    **dict.fromkeys(("color", "require", "label", "phantom", "hphantom", "vphantom", "hspace", "vspace", "eqref", "tag"), (1, " ")),
    **dict.fromkeys(("textcolor", "colorbox", "underset", "overset"), (2, "#2")),
    **dict.fromkeys(("triangledown", "grad"), (0, r"\nabla")),
    **dict.fromkeys(("eps",), (0, r"\epsilon")),
    **dict.fromkeys(("lam", "lmbda", "la"), (0, r"\lambda")),
    **{short: (0, rf"\{letter}") for short, letter in (
        ("al", "alpha"), ("alp", "alpha"), ("bet", "beta"), ("ga", "gamma"), ("gm", "gamma"), ("gam", "gamma"), ("del", "delta"),
        ("veps", "varepsilon"), ("kap", "kappa"), ("si", "sigma"), ("sig", "sigma"), ("sgm", "sigma"), ("Sig", "Sigma"), ("om", "omega"),
        ("Lam", "Lambda"))},
    **dict.fromkeys(("R", "reals", "RR", "Reals"), (0, r"\mathbb{R}")),
    **dict.fromkeys(("tran", "trans", "transpose", "transp", "tp", "T"), (0, r"^{\top}")),
    **dict.fromkeys(("ind", "indic", "indicator", "one", "bbone", "Ind"), (0, r"\mathbb{1}")),
    **dict.fromkeys(("li",), (0, r"\left")), **dict.fromkeys(("ri",), (0, r"\right")),
    **dict.fromkeys(("hadamard", "hada", "elem"), (0, r"\odot")),
    **dict.fromkeys(("gt",), (0, ">")), **dict.fromkeys(("lt",), (0, "<")),
    **dict.fromkeys(("dif", "dd", "differential"), (0, r"d")),
    **{name: (0, rf"\operatorname{{{name}}}") for name in (
        "softmax", "sigmoid", "relu", "ReLU", "sign", "sgn", "diag", "tr", "Tr", "trace", "rank", "CE", "argmax", "argmin", "sech")},
    **{f"{kind}{side}": (0, rf"\{word}{{{full}}}")
       for side, full in (("pmat", "pmatrix"), ("bmat", "bmatrix"), ("pm", "pmatrix"), ("bm", "bmatrix"), ("bmx", "bmatrix"))
       for kind, word in (("b", "begin"), ("e", "end")) if f"{kind}{side}" not in ("bbm",)},
}  # fmt: skip
_AFTER_CARET = {"T": r"\top", "tran": r"\top", "trans": r"\top", "transpose": r"\top", "transp": r"\top", "tp": r"\top"}
_BEFORE_BRACKET = frozenset(("li", "ri"))
# One letter of another font: \vx, \mW, \bfx, \fw, and \mcL for a calligraphic one.
_LETTER = re.compile(r"(?P<calligraphic>mc|cal)(?P<capital>[A-Z])\Z|(?:bf|bs|rv|b|v|m|f)(?P<letter>[A-Za-z])\Z")
_LATEX = frozenset("bm bf mu mp ba be bb fi ff vs vr mb ma bt".split())
_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator)\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}|\\([A-Za-z]+))\s*(?:\[(\d)\])?\s*(?=\{)"
    r"|\\def\s*\\([A-Za-z]+)\s*((?:#\d)*)\s*(?=\{)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Macros:
    """The macros that a solution defines, by name: how many arguments they take, and their text; `places` are the definitions."""

    own: dict[str, tuple[int, str]] = field(default_factory=dict)
    places: tuple[tuple[int, int], ...] = ()

    def border(self, name: str) -> int:
        """1 for a command that begins an environment such as a matrix, -1 for one that ends it, else 0."""
        _, body = self.own.get(name) or _USUAL.get(name) or (0, "")
        return body.startswith("\\begin") - body.startswith("\\end")

    def expanded(self, text: str) -> str:
        """A text without macros.

        >>> Macros({"loss": (0, "E")}).expanded(r"\\pd{\\loss}{\\vw} = \\vx^\\T"), Macros().expanded(r"\\alpha \\mcL")
        ('\\\\frac{\\\\partial E}{\\\\partial \\\\mathbf{w}} = \\\\mathbf{x}^\\\\top', '\\\\alpha \\\\mathcal{L}')
        """
        for _ in range(_MOST_DEPTH):
            if "\\" not in text:
                break
            once = self._once(text)
            if once == text or len(once) > _MOST_CHARACTERS:
                break
            text = once
        return text

    def _once(self, text: str) -> str:
        out: list[str] = []
        place = 0
        for match in _COMMAND.finditer(text):
            if match.start() < place or (text[match.start() - 1 : match.start()] == "\\" and _is_break(text, match.start())):
                continue
            found = self._replacement(match[1], text, match.start(), match.end())
            if found is not None:
                replacement, end = found
                out += (text[place : match.start()], replacement)
                if replacement[-1:].isalpha() and "\\" in replacement and text[end : end + 1].isalpha():
                    out.append(" ")
                place = end
        return "".join(out) + text[place:]

    def _replacement(self, name: str, text: str, start: int, end: int) -> tuple[str, int] | None:
        """What stands for a command, and where it ends with its arguments; None where it stays."""
        if name in self.own:
            count, body = self.own[name]
        elif len(name) < 4 and name in _USUAL and _USUAL[name][0] == 0 and text[end : end + 1] == "{":
            return None  # a macro with an argument that has the same name
        elif (
            name in _AFTER_CARET and text[max(0, start - 3) : start].rstrip()[-1:] in ("^", "{") and "^" in text[max(0, start - 3) : start]
        ):
            return _AFTER_CARET[name], end
        elif name in _USUAL and not (name in _BEFORE_BRACKET and text[end:].lstrip()[:1] not in tuple("()[].|\\")):
            count, body = _USUAL[name]
        else:
            return self._letter(name, text, end)
        for number in range(1, count + 1):
            group = group_after(text, end)
            if group is None:
                return None
            argument, end = group
            body = body.replace(f"#{number}", argument)
        return body, end

    @staticmethod
    def _letter(name: str, text: str, end: int) -> tuple[str, int] | None:
        found = _LETTER.match(name)
        if found is None or name in _LATEX or text[end : end + 1] == "{":
            return None
        return (rf"\mathcal{{{found['capital']}}}" if found["capital"] else rf"\mathbf{{{found['letter']}}}"), end


def _is_break(text: str, place: int) -> bool:
    """Whether the backslash at a place is the second of a line break."""
    count = 0
    while place - count - 1 >= 0 and text[place - count - 1] == "\\":
        count += 1
    return count % 2 == 1


def macros_of(answer: str) -> Macros:
    """The macros that a text defines.

    >>> macros_of(r"\\newcommand{\\q}[1]{\\hat{#1}} a = \\q{b}").expanded(r"\\q{b}")
    '\\\\hat{b}'
    """
    own: dict[str, tuple[int, str]] = {}
    places: list[tuple[int, int]] = []
    for match in _DEFINITION.finditer(answer):
        group = group_after(answer, match.end())
        if group is None or len(own) >= _MOST_MACROS:
            continue
        body, end = group
        name = match[1] or match[2] or match[4]
        count = int(match[3] or 0) if match[4] is None else match[5].count("#")
        if "DeclareMathOperator" in match[0]:
            body = rf"\operatorname{{{body}}}"
        own[name] = (count, body)
        places.append((match.start(), end))
    return Macros(own, tuple(places))


def group_after(text: str, place: int) -> tuple[str, int] | None:
    """The group in braces that follows, or the single character or command, and the place after it."""
    while text[place : place + 1] in (" ", "\t", "\n") and place < len(text):
        place += 1
    if place >= len(text) or text[place] in "}&$^_":
        return None
    if text[place] != "{":
        command = _COMMAND.match(text, place)
        return (command[0], command.end()) if command else (text[place], place + 1)
    depth = 0
    for at in range(place, min(len(text), place + _LONGEST_GROUP)):
        if text[at] in "{}" and (at == 0 or text[at - 1] != "\\"):
            depth += 1 if text[at] == "{" else -1
            if depth == 0:
                return text[place + 1 : at], at + 1
    return None


__all__ = ["Macros", "group_after", "macros_of"]
