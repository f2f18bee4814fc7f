"""LaTeX commands for the eye: which sign or word each is shown by, and what becomes of its arguments. Tables only.

Letters and functions come from the table of spellings; here are the signs around them.
"""

from __future__ import annotations

import re

from ...derivations.notation.names import ACCENT_COMMANDS, FONT_COMMANDS
from ...derivations.notation.spellings import FUNCTIONS, GREEK

SIGNS: dict[str, str] = {
    **{spelling[1:]: row.unicode for row in GREEK for spelling in row.all() if spelling.startswith("\\")},
    "cdot": "·", "times": "×", "ast": "*", "star": "⋆", "odot": "⊙", "circ": "∘", "otimes": "⊗", "oplus": "⊕", "ominus": "⊖",
    "oslash": "⊘", "div": "÷", "pm": "±", "mp": "∓", "bullet": "•", "wedge": "∧", "vee": "∨", "land": "∧", "lor": "∨", "neg": "¬",
    "cap": "∩", "cup": "∪", "setminus": "∖",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">",
    "ll": "≪", "gg": "≫", "approx": "≈", "simeq": "≃", "cong": "≅", "sim": "∼", "equiv": "≡", "propto": "∝", "triangleq": "≜",
    "doteq": "≐", "coloneqq": "≔", "in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "perp": "⊥",
    "parallel": "∥", "mid": "|", "to": "→", "rightarrow": "→", "longrightarrow": "→", "leftarrow": "←", "gets": "←", "mapsto": "↦",
    "Rightarrow": "⇒", "implies": "⇒", "Longrightarrow": "⇒", "Leftarrow": "⇐", "iff": "⇔", "Leftrightarrow": "⇔",
    "leftrightarrow": "↔", "therefore": "∴", "because": "∵",
    "infty": "∞", "partial": "∂", "nabla": "∇", "triangledown": "∇", "sum": "Σ", "prod": "∏", "int": "∫", "top": "⊤", "intercal": "⊤",
    "prime": "′", "dagger": "†", "ldots": "…", "dots": "…", "cdots": "…", "dotsc": "…", "dotsb": "…", "vdots": "⋮", "ddots": "⋱",
    "vert": "|", "lvert": "|", "rvert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "langle": "⟨", "rangle": "⟩",
    "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]",
    "forall": "∀", "exists": "∃", "emptyset": "∅", "varnothing": "∅", "Re": "ℜ", "Im": "ℑ", "hbar": "ℏ", "colon": ":",
    "checkmark": "✓", "surd": "√", "Box": "□", "square": "□", "blacksquare": "■", "degree": "°", "backslash": "\\",
}  # fmt: skip
# Signs that stand between two things, with a space on either side.
LOOSE: frozenset[str] = frozenset("·×⋆⊙∘⊗⊕⊖⊘÷±∓∧∨∩∪∖≤≥≠<>≪≫≈≃≅∼≡∝≜≐≔∈∉∋⊂⊆⊃→←↦⇒⇐⇔↔∴∵")

# Functions: \log is a word, and so is every operator that LaTeX has a command for.
WORDS: dict[str, str] = {
    **{row.latex[1:]: row.unicode for row in FUNCTIONS if re.fullmatch(r"\\[a-z]+", row.latex) and row.latex not in (r"\sigma", r"\sqrt")},
    **{name: name for name in ("ln", "lg", "sec", "csc", "cot", "coth", "arg", "argmax", "argmin", "lim", "sup", "inf", "dim", "ker",
                               "rank", "diag", "tr", "Tr", "trace", "det", "deg", "gcd", "Pr", "softmax", "sigmoid", "relu", "ReLU",
                               "sgn", "sign", "vec", "bmod")},
}  # fmt: skip
del WORDS["vec"]  # \vec{x} is an arrow: a font

# What functions are called, by which a formula is no prose.
FUNCTION_NAMES: frozenset[str] = frozenset(WORDS.values()) | {name for row in FUNCTIONS for name in (row.name, row.unicode, row.ascii)}

ACCENT_NAMES: dict[str, str] = dict(ACCENT_COMMANDS)
# Commands of which only the argument is shown.
FONT_NAMES: frozenset[str] = FONT_COMMANDS | frozenset((
    "mathds", "mathbbm", "mathfrak", "mathscr", "mathnormal", "operatorname", "mbox", "textsf", "texttt", "textnormal", "emph",
    "boxed", "fbox", "underbrace", "overbrace", "overrightarrow", "ensuremath", "mathop", "mathrel", "mathbin", "mathord", "cancel",
    "pmb", "smash", "substack",
))  # fmt: skip
BLACKBOARD: dict[str, str] = dict(zip("RNZCQEPI1", "ℝℕℤℂℚ𝔼ℙ𝕀𝟙", strict=True))

FRACTIONS: frozenset[str] = frozenset(("frac", "tfrac", "dfrac", "cfrac"))
HIDDEN: frozenset[str] = frozenset(("label", "tag", "color", "hspace", "vspace", "phantom", "hphantom", "vphantom", "mspace"))
SECOND: frozenset[str] = frozenset(("textcolor", "colorbox", "overset", "underset", "stackrel"))
OPENING: frozenset[str] = frozenset((
    "left", "right", "middle", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr", "bigm",
))  # fmt: skip
# Commands that only place what follows; the sign is what is left of them.
DROPPED: dict[str, str] = {
    **dict.fromkeys(("quad", "qquad", "enspace", "thinspace", "space", "hfill"), " "), "newline": "\n", "cr": "\n",
    **dict.fromkeys(("displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "notag", "nonumber", "bf", "rm", "it", "cal",
                     "hline", "strut", "mathstrut", "noindent", "centering"), ""),
}  # fmt: skip

# Environments that become a list: what it opens and closes with.
LIST_BLOCKS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"), ("[", "]")),
    "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"), "cases": ("{ ", " }"),
}  # fmt: skip

__all__ = [
    "ACCENT_NAMES", "BLACKBOARD", "DROPPED", "FONT_NAMES", "FRACTIONS", "FUNCTION_NAMES", "HIDDEN", "LIST_BLOCKS", "LOOSE", "OPENING",
    "SECOND", "SIGNS", "WORDS",
]  # fmt: skip
