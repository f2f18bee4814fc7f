"""The words of a formula that is read as plain algebra: LaTeX, Unicode and plain text become one list of tokens.

A token is a number, one letter, a command with its backslash, a sign, or a word of two letters and more: a function, or what
stood in \\\\text. Letters of Greek and signs of Unicode become the command that they have in LaTeX.
"""

from __future__ import annotations

import re
import unicodedata

from ...derivations.notation.names import GREEK_LETTERS
from .chain_macros import group_after


class PlainError(Exception):
    """This is not understood as plain algebra."""


MOST_TOKENS = 800
_MOST_CHARACTERS = 6000
_FONT = "mathbf|mathrm|mathit|mathcal|mathsf|mathbb|mathscr|mathfrak|boldsymbol|bm|bf|rm|cal|textbf|textit|operatorname|vec|mat|text|textrm"
_NAMING = "mathrm|text|mathit|mathsf|mathcal|operatorname|textrm|textit|mbox|rm|mathbf|textnormal"
_DROPPED = re.compile(
    r"\\(?:left|right|[bB]igg?[lrm]?|mathstrut|displaystyle|textstyle|scriptstyle|limits|nolimits|quad|qquad|[,;:!> ])(?![A-Za-z])"
    r"|\\[,;:!> ]|[~$]|\\[hv]?phantom\s*\{[^{}]*\}|\\[hv]space\*?\s*\{[^{}]*\}"
)
_EMPTY_SIDE = re.compile(r"\\(?:left|right)\s*\.")
_ONES = re.compile(r"\\(?:mathbb|mathbf|mathds|mathbbm|bm|boldsymbol|vec|bf|mathrm)\s*(?:\{\s*1\s*\}|1)")
_ZERO = re.compile(r"\\(?:mathbb|mathbf|bm|boldsymbol|vec|bf)\s*(?:\{\s*0\s*\}|0)")
_FONTS = re.compile(rf"\\(?:{_FONT})(?![A-Za-z])\*?")
_WORDS = re.compile(rf"\\(?:{_NAMING})\*?\s*\{{\s*\\?([A-Za-z][A-Za-z -]*?)\s*\}}")
_PRIMED = re.compile(r"([_{,]\s{0,3})([ijkln])(?:'|\^\{?\s{0,3}(?:\\prime|')\s{0,3}\}?)(?=\s{0,3}[}=,\\]|\s{0,3}\Z)")
_PRIMED_INDICES = {"i": "x", "j": "y", "k": "z", "l": "w", "n": "v"}  # letters that are no index of anything else
_LONE_INDEX = re.compile(r"\{\s*([_^])(\w|\{\w\})\s*\}")
_NAME = (
    r"[^\W\d_∂∇](?:_[A-Za-z0-9]+|[₀-₉ᵢⱼₖₗₘₙₚₛₜₐₑₒₓ]|\u0302|\u0304|\u0303)*"
    r"(?:\^?[(\[]\w[\w+-]*[)\]](?=\)|\s*[/*]|\Z))?"
)
_SLASHED = re.compile(rf"(?:∂|(?<![A-Za-z_\\])d)({_NAME})\s*/\s*(?:∂|d)({_NAME})")
_ATOM = (
    r"(?:\\(?:hat|bar|tilde|vec|mathbf|bm|boldsymbol|mathcal|mathrm|text)\s{0,3}\{\s{0,3}\\?[A-Za-z]{1,12}\s{0,3}\}|\\[A-Za-z]{2,12}|[A-Za-z])"
    r"(?:[_^](?:\{[^{}]{1,12}\}|[A-Za-z0-9])){0,2}"
)
_SLASHED_COMMANDS = re.compile(rf"\\partial(?![A-Za-z])\s{{0,3}}({_ATOM})\s{{0,3}}/\s{{0,3}}\\partial(?![A-Za-z])\s{{0,3}}({_ATOM})")
_OPERATOR = re.compile(rf"(?:∂|(?<![A-Za-z_\\])d)\s*/\s*(?:∂|d)({_NAME})")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-z]+)\*?\}(?:\s*\{[lcr|@{}\s]*\})?")
_FUNCTIONS = (
    "logsoftmax softmax sigmoid Softmax Sigmoid ReLU relu tanh cosh sinh sech sqrt exp log sin cos tan ln max min det diag sgn sign abs"
    " CE tr Tr trace erf"
)
_WORD = re.compile(r"(" + "|".join(_FUNCTIONS.split()) + r")(?![a-z])")
_BEFORE_BRACKET = frozenset(("max", "min", "det", "diag", "sgn", "sign", "abs", "tr", "Tr", "trace", "erf", "relu"))
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<command>\\[A-Za-z]+|\\[{}|\\])|(?P<letter>[^\W\d_])"
    r"|(?P<sign>:=|<=|>=|!=|==|[-+*/=<>^_'(){}\[\],;:|!&@.]))"
)
_LETTERS_RUN = re.compile(r"[A-Za-z]+")
_RUN = {"_": re.compile(r"[A-Za-z]{2,}\d*|\d+"), "^": re.compile(r"\d+")}
_MINUS = re.compile(r"\s*-\s*(\d+|[A-Za-z])")
_MOST_DEPTH = 60
_SIGNS = {
    "∂": r"\partial ", "∇": r"\nabla ", "∑": r"\sum ", "∏": r"\prod ", "√": r"\sqrt ", "½": r"\frac{1}{2}", "∞": r"\infty ", "∈": r"\in ",
    "·": r"\cdot ", "•": r"\cdot ", "×": r"\times ", "∘": r"\circ ", "⊙": r"\odot ", "⊗": r"\otimes ", "⊘": r"\oslash ", "÷": "/",
    "≤": r"\leq ", "≥": r"\geq ", "≠": r"\neq ", "‖": r"\|", "∥": r"\|", "⟨": r"\langle ", "⟩": r"\rangle ", "−": "-", "–": "-",
    "′": "'", "″": "''", "’": "'", "…": r"\dots ",
    "⋯": r"\dots ", "𝟙": r"\ones ",
}  # fmt: skip
_ABOVE = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˡᵗᵏʲᵀᵐ", "0123456789+-()niltkjTm", strict=True))
_BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚₛₜₐₑₒₓ", "0123456789ijklmnpstaeox", strict=True))
_MARKS = {"\u0302": r"\hat", "\u0304": r"\bar", "\u0305": r"\bar", "\u0303": r"\tilde", "\u0307": r"\dot"}
_LETTERS = {letter: f"\\{name}" for letter, name in GREEK_LETTERS.items()}
_SAME = {
    r"\dfrac": r"\frac", r"\tfrac": r"\frac", r"\Vert": r"\|", r"\lVert": r"\|", r"\rVert": r"\|", r"\newrow": r"\\",
    **dict.fromkeys((r"\lvert", r"\rvert", r"\mid", r"\vert"), "|"),
    **dict.fromkeys((r"\cdots", r"\ldots", r"\dotsc", r"\dotsb", r"\vdots", r"\ddots"), r"\dots"),
    r"\lbrace": r"\{", r"\rbrace": r"\}", r"\lbrack": "[", r"\rbrack": "]", r"\lparen": "(", r"\rparen": ")", r"\colon": ":",
    r"\ne": r"\neq", "!=": r"\neq", "==": "=", r"\gt": ">", r"\lt": "<", r"\ast": "*", r"\prime": "'", r"\intercal": r"\top",
    **dict.fromkeys((r"\le", r"\leqslant", "<="), r"\leq"), **dict.fromkeys((r"\ge", r"\geqslant", ">="), r"\geq"),
    r"\varepsilon": r"\epsilon", r"\varphi": r"\phi", r"\widehat": r"\hat", r"\overline": r"\bar", r"\widetilde": r"\tilde",
    "Tr": "tr", "trace": "tr", "Softmax": "softmax", "Sigmoid": "sigmoid", "Diag": "diag",
    **dict.fromkeys(("ReLU", "Relu", "RELU"), "relu"), **dict.fromkeys(("sign", "Sign", "sng"), "sgn"),
}  # fmt: skip


def tokens_of(text: str) -> list[str]:
    """The tokens of a formula.

    >>> tokens_of(r"\\mathbf{W}^{\\top} \\text{softmax}(z)"), tokens_of("∂L/∂w₁ = -2x")[:8]
    (['W', '^', '{', '\\\\top', '}', 'softmax', '(', 'z', ')'], ['\\\\frac', '{', '\\\\partial', 'L', '}', '{', '\\\\partial', 'w'])

    Raises:
        PlainError: a character is not known, or there are too many tokens.
    """
    if len(text) > _MOST_CHARACTERS:
        raise PlainError("too long")
    is_latex = "\\" in text or "{" in text
    text = _from_unicode(_slashed(text) if "/" in text else text)
    text = text.replace(".*", r" \odot ")
    text = _LONE_INDEX.sub(r"\1\2", without_over(text))
    text = _PRIMED.sub(lambda m: m[1] + _PRIMED_INDICES[m[2]], text) if "'" in text or "prime" in text else text
    text = text.replace("\\\\", r" \newrow ")
    text = _ZERO.sub(" 0 ", _ONES.sub(r" \\ones ", _EMPTY_SIDE.sub(" ", text)))
    text = _WORDS.sub(_as_word, _DROPPED.sub(" ", text))
    text = _ENVIRONMENT.sub(lambda m: f" \\{m[1]}{m[2]} ", _FONTS.sub(" ", text))
    tokens = _split(text.rstrip(" .,;\n\t"), is_latex)
    depth = most = 0
    for token in tokens:
        depth += (token in ("(", "[", "{")) - (token in (")", "]", "}"))
        most = max(most, depth)
    if len(tokens) > MOST_TOKENS or most > _MOST_DEPTH:
        raise PlainError("too long")
    return tokens


def _as_word(found: re.Match[str]) -> str:
    """What stood in \\text: one letter, or a word, marked so that its letters stay together."""
    word = found[1].replace(" ", "").replace("-", "")
    return f" {word} " if len(word) == 1 else f" \\word{word} "


def _split(text: str, is_latex: bool) -> list[str]:
    tokens: list[str] = []
    place = 0
    while place < len(text):
        while place < len(text) and text[place] in " \t\n":
            place += 1
        if place >= len(text):
            break
        word = _word_at(text, place, is_latex, tokens)
        if word:
            tokens.append(_SAME.get(word, word))
            place += len(word)
            continue
        match = _TOKEN.match(text, place)
        if match is None:
            raise PlainError(text[place : place + 20])
        token = match[0].strip()
        token = token[5:] if token.startswith("\\word") else token
        place = match.end()
        if token == "|" and text.startswith("|", place):  # ||x||
            token, place = r"\|", place + 1
        if token == "." and not text.startswith("..", place):
            if text.startswith("T", place):  # x.T
                tokens += ["^", "T"]
                place += 1
                continue
            raise PlainError(text[place - 1 : place + 10])
        if token == ".":
            token, place = r"\dots", place + 2
        if (
            token in ("^", "_")
            and not is_latex
            and (run := _RUN[token].match(text, place))
            and _is_label(run[0], text[run.end() :], tokens)
        ):
            tokens += [token, "{", *(list(run[0]) if _are_indices(run[0]) else [run[0]]), "}"]
            place = run.end()
            continue
        if token == "^" and not is_latex and text.startswith("(", place):
            text = _braced(text, place, is_power=tokens[-1:] == ["e"])
        if token == "^" and (run := _MINUS.match(text, place)):  # e^-x
            tokens += ["^", "{", "-", run[1], "}"]
            place = run.end()
            continue
        tokens.append(_SAME.get(token, token))
    return tokens


def _braced(text: str, place: int, *, is_power: bool) -> str:
    """The text with braces for the brackets of a power at a place; a label such as W^(2) stays."""
    depth = 0
    for at in range(place, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            if not is_power and re.fullmatch(r"\s*(?:\w|l\s*[+-]\s*1)\s*", text[place + 1 : at]):
                break
            return f"{text[:place]}{{{text[place + 1 : at]}}}{text[at + 1 :]}"
    return text


def _is_label(run: str, rest: str, tokens: list[str]) -> bool:
    """Whether letters after _ in plain text are all below the line: w_new, x_ij and W_hh, but not x_pq_r."""
    if rest[:1] in ("_", "^") or rest[:1] == "(":
        return run.isdigit()
    return run.isdigit() or len(run) > 2 or _are_indices(run) or (tokens[-1:] != [] and tokens[-1].isupper() and run[0] == run[1])


def _are_indices(run: str) -> bool:
    return len(run) <= 3 and all(c in "ijklmnpqrs" for c in run)


def _word_at(text: str, place: int, is_latex: bool, tokens: list[str]) -> str:
    """The function, or the long name outside LaTeX, that starts here; nothing where single letters do."""
    if tokens[-1:] == ["_"] and is_latex:
        return ""
    found = _WORD.match(text, place)
    if found and (found[0] not in _BEFORE_BRACKET or re.match(r"\s*(?:\(|\[|\\|\{)", text[found.end() :])):
        return found[0]
    run = _LETTERS_RUN.match(text, place)
    if run is None or len(run[0]) < 4 or (is_latex and (len(run[0]) < 5 or text[run.end() : run.end() + 1] not in ("(", "_", "["))):
        return ""
    return "" if is_latex and _WORD.search(run[0]) else run[0]


def _slashed(text: str) -> str:
    """Derivatives that are written with a slash, as fractions."""
    text = unicodedata.normalize("NFD", text) if not text.isascii() else text
    text = _SLASHED.sub(r"\\frac{\\partial \1}{\\partial \2}", text)
    text = _SLASHED_COMMANDS.sub(r"\\frac{\\partial \1}{\\partial \2}", text) if "\\partial" in text else text
    return _OPERATOR.sub(r"\\frac{\\partial}{\\partial \1}", text)


def _from_unicode(text: str) -> str:
    if text.isascii():
        return text
    text = unicodedata.normalize("NFD", text)
    out: list[str] = []
    for place, character in enumerate(text):
        if character in _MARKS and out:
            out[-1] = f" {_MARKS[character]} {out[-1]} "
        elif character in _BELOW or character in _ABOVE:
            table, mark = (_BELOW, "_{") if character in _BELOW else (_ABOVE, "^{")
            first = place == 0 or text[place - 1] not in table
            last = place + 1 == len(text) or text[place + 1] not in table
            out.append((mark if first else "") + table[character] + ("}" if last else ""))
        elif character == "Σ" and (text[place + 1 : place + 2] in _BELOW or text[place + 1 : place + 2] == "_"):
            out.append(r"\sum ")
        elif character in _LETTERS:
            out.append(f" {_LETTERS[character]} ")
        else:
            out.append(_SIGNS.get(character, character))
    return "".join(out)


def without_over(text: str) -> str:
    """A text with a \\\\frac for every \\\\over.

    >>> without_over(r"{{a \\over b} c}")
    '{\\\\frac{a }{ b} c}'
    """
    for _ in range(60):
        found = re.search(r"\\over(?![A-Za-z])", text)
        if found is None:
            break
        start, end = _enclosing(text, found.start())
        if end < 0:
            break
        text = rf"{text[:start]}\frac{{{text[start + 1 : found.start()]}}}{{{text[found.end() : end]}}}{text[end + 1 :]}"
    return text


def _enclosing(text: str, place: int) -> tuple[int, int]:
    """The braces around a place; -1 for the end where there are none."""
    depth, start = 0, -1
    for at in range(place - 1, -1, -1):
        if text[at] in "{}" and text[at - 1 : at] != "\\":
            depth += 1 if text[at] == "}" else -1
            if depth < 0:
                start = at
                break
    if start < 0:
        return 0, -1
    group = group_after(text, start)
    return start, (group[1] - 1 if group else -1)


__all__ = ["MOST_TOKENS", "PlainError", "tokens_of", "without_over"]
