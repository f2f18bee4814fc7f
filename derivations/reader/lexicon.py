"""Words and commands: which function, operator or word each spelling means, built from the table of spellings.

Holds tables only. What is printed is chosen in `spellings.py`; here is what is understood besides.
"""

from __future__ import annotations

import re

from ..notation.names import GREEK_WORDS
from ..notation.spellings import FUNCTIONS

# Functions that are read, but written out by other operations: NumPy's calls and the less usual circular functions.
CALLABLES: dict[str, str] = {
    **{n: n for n in ("dot", "inner", "vdot", "matmul", "multiply", "add", "subtract", "divide", "power", "square",
    "transpose",
                      "negative", "reciprocal", "eye", "ones", "zeros", "ones_like", "zeros_like", "array", "solve",
                      "len",
                      "sech", "csch", "coth", "sec", "csc", "cot", "floor", "hadamard")},
    "true_divide": "divide", "identity": "eye", "asarray": "array", "float_power": "power", "pow": "power",
    "mm": "matmul",
    "mv": "matmul", "diagflat": "diag", "vstack": "vstack", "hstack": "hstack", "column_stack": "column_stack",
    "range": "range", "Max": "max", "Min": "min",
}  # fmt: skip
MODULE = re.compile(
    r"(?:np|numpy|jnp|jax|scipy|torch|tf|math|nn|F|sp|special|linalg)\.((?:[A-Za-z_]\w*\.)*)([A-Za-z_]\w*)"
)
MODULE_NAMES = {"pi": "pi", "e": "e"}

WORDS = {
    "if": "if", "else": "else", "otherwise": "otherwise", "when": "if", "and": "and", "or": "or", "not": "not",
    "for": "for", "True": "True", "False": "False", "None": "None", "newaxis": "None", "axis": "axis",
    "keepdims": "keepdims",
    "dim": "dim", "keepdim": "keepdims", "ord": "ord", "is": "is", "in": "in", "where": "if", "with": "with",
    "import": "import",
    "lambda": "lambda", "inf": "inf", "infinity": "inf", "nan": "nan", "oo": "inf", "infty": "inf",
}  # fmt: skip
SETTINGS = frozenset(("axis", "keepdims", "dim", "keepdim", "ord"))

OPERATORS: dict[str, str] = {
    "cdot": "·", "times": "×", "ast": "*", "odot": "⊙", "circ": "∘", "otimes": "⊗", "oslash": "⊘", "div": "÷",
    "le": "<=",
    "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=", "lt": "<",
    "gt": ">",
    "mid": "|", "vert": "|", "Vert": "‖", "lvert": "|", "rvert": "|", "lVert": "‖", "rVert": "‖", "langle": "⟨",
    "rangle": "⟩",
    "lbrace": "\\{", "rbrace": "\\}", "lbrack": "[", "rbrack": "]", "partial": "partial", "nabla": "nabla",
    "triangledown": "nabla", "sum": "bound",
    "prod": "bound", "frac": "frac", "tfrac": "frac", "dfrac": "frac", "cfrac": "frac", "over": "over", "sqrt": "sqrt",
    "top": "⊤", "intercal": "⊤", "prime": "'", "dagger": "†", "cdots": "dots", "ldots": "dots", "dots": "dots",
    "vdots": "dots", "ddots": "dots", "dotsc": "dots", "dotsb": "dots", "infty": "∞", "cr": "row",
    "land": "word", "wedge": "word", "in": "∈", "pm": "±", "mp": "±", "circledast": "⊛", "bullet": "·", "star": "*",
    "lparen": "(", "rparen": ")", "coloneqq": ":=",
}  # fmt: skip
# Mathematics that has a command, and no rule here.
NOT_READ: dict[str, str] = {
    "lim": "Limits are", "limsup": "Limits are", "liminf": "Limits are", "int": "Integrals are", "iint": "Integrals are",
    "oint": "Integrals are", "binom": "Binomial coefficients are", "argmax": "argmax is", "argmin": "argmin is",
    "arg": "arg is", "sup": "A supremum is", "inf": "An infimum is",
}  # fmt: skip
IGNORED = frozenset((
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr",
    "Biggl", "Biggr",
    "bigm", "Bigm", "quad", "qquad", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "bf", "rm", "it",
    "cal", "boxed", "enspace", "thinspace", "notag", "nonumber", "mathstrut", "strut", "newline", "mathop", "operatornamewithlimits",
))  # fmt: skip
# Commands that only place or number what is read, with their argument.
PLACED = frozenset(("hspace", "vspace", "label", "color", "textcolor", "phantom", "hphantom", "vphantom", "tag", "mspace"))
TEXT_FONTS = frozenset(
    ("mbox", "mathrm", "text", "operatorname", "textrm", "mathsf", "mathtt", "textbf", "textit", "texttt", "mathit")
)
ONES = frozenset(("mathbb", "mathbf", "boldsymbol", "bm", "mathds", "mathbbm", "vec", "textbf", "pmb"))

FUNCTION_WORDS: dict[str, str] = {}
FUNCTION_COMMANDS: dict[str, str] = {}
for _row in FUNCTIONS:
    for _spelling in _row.all():
        _operator = re.match(r"\\operatorname\{(.*)\}$", _spelling)
        if _operator:
            FUNCTION_WORDS.setdefault(_operator[1], _row.name)
        elif _spelling.startswith("\\"):
            if re.fullmatch(r"\\[A-Za-z]+", _spelling) and _spelling != r"\sigma":
                FUNCTION_COMMANDS.setdefault(_spelling[1:], _row.name)
        elif _spelling[0].isascii() and "." not in _spelling:
            FUNCTION_WORDS.setdefault(_spelling, _row.name)
# One spelling, two notions: with one argument max is a reduction; the reader decides by the arguments.
FUNCTION_WORDS |= {
    "max": "max",
    "min": "min",
    "Sum": "sum",
    "Mean": "mean",
    "Abs": "abs",
    "Exp": "exp",
    "Log": "log",
    "Sqrt": "sqrt",
}
FUNCTION_WORDS |= {name: name for name in ("sech", "csch", "coth", "sec", "csc", "cot")}
FUNCTION_COMMANDS |= {"max": "max", "min": "min"}
BY_LETTER: dict[str, list[str]] = {}
for _spelling in (*FUNCTION_WORDS, *GREEK_WORDS):
    BY_LETTER.setdefault(_spelling[0], []).append(_spelling)
for _list in BY_LETTER.values():
    _list.sort(key=len, reverse=True)
