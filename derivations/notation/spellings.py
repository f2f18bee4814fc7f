"""One table of spellings and precedences, read by the reader and by the writer.

A row is one notion; its columns are the four styles. The first four columns are what the writer prints, `also` is what
the reader accepts besides. Adding a function costs one row here and one in `functions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Style(Enum):
    """The four ways mathematics is typed and printed."""

    LATEX = "latex"
    UNICODE = "unicode"
    ASCII = "ascii"
    NUMPY = "numpy"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one notion is spelled; `numpy` is empty where NumPy has no such call (the writer then spells it out)."""

    name: str
    latex: str
    unicode: str
    ascii: str
    numpy: str = ""
    also: tuple[str, ...] = ()

    def of(self, style: Style) -> str:
        """The spelling printed in a style."""
        return str(getattr(self, style.value))

    def all(self) -> tuple[str, ...]:
        """Every spelling the reader accepts, without repetition."""
        return tuple(dict.fromkeys(s for s in (self.name, self.latex, self.unicode, self.ascii, self.numpy, *self.also) if s))


def _op(name: str) -> str:
    return rf"\operatorname{{{name}}}"


# fmt: off
FUNCTIONS: tuple[Spelling, ...] = (
    #        name           LaTeX                 Unicode        ASCII          NumPy                  also
    Spelling("exp",         r"\exp",              "exp",         "exp",         "np.exp"),
    Spelling("expm1",       _op("expm1"),         "expm1",       "expm1",       "np.expm1"),
    Spelling("log",         r"\log",              "log",         "log",         "np.log",              (r"\ln", "ln")),
    Spelling("log2",        r"\log_2",            "log₂",        "log_2",       "np.log2",             ("log2",)),
    Spelling("log10",       r"\log_{10}",         "log₁₀",       "log_10",      "np.log10",            ("log10", r"\lg", "lg")),
    Spelling("log1p",       _op("log1p"),         "log1p",       "log1p",       "np.log1p"),
    Spelling("sqrt",        r"\sqrt",             "√",           "sqrt",        "np.sqrt"),
    Spelling("cbrt",        r"\sqrt[3]",          "∛",           "cbrt",        "np.cbrt"),
    Spelling("sin",         r"\sin",              "sin",         "sin",         "np.sin"),
    Spelling("cos",         r"\cos",              "cos",         "cos",         "np.cos"),
    Spelling("tan",         r"\tan",              "tan",         "tan",         "np.tan"),
    Spelling("sinh",        r"\sinh",             "sinh",        "sinh",        "np.sinh"),
    Spelling("cosh",        r"\cosh",             "cosh",        "cosh",        "np.cosh"),
    Spelling("tanh",        r"\tanh",             "tanh",        "tanh",        "np.tanh",             (r"\operatorname{tanh}", "Tanh")),
    Spelling("arcsin",      r"\arcsin",           "arcsin",      "arcsin",      "np.arcsin",           ("asin",)),
    Spelling("arccos",      r"\arccos",           "arccos",      "arccos",      "np.arccos",           ("acos",)),
    Spelling("arctan",      r"\arctan",           "arctan",      "arctan",      "np.arctan",           ("atan",)),
    Spelling("arcsinh",     _op("arcsinh"),       "arcsinh",     "arcsinh",     "np.arcsinh",          ("asinh",)),
    Spelling("arccosh",     _op("arccosh"),       "arccosh",     "arccosh",     "np.arccosh",          ("acosh",)),
    Spelling("arctanh",     _op("artanh"),        "artanh",      "artanh",      "np.arctanh",          ("arctanh", "atanh")),
    Spelling("erf",         _op("erf"),           "erf",         "erf",         "",                    ("scipy.special.erf",)),
    Spelling("abs",         _op("abs"),           "abs",         "abs",         "np.abs"),
    Spelling("sign",        _op("sign"),          "sign",        "sign",        "np.sign",             ("sgn", r"\sgn")),
    Spelling("step",        _op("step"),          "step",        "step",        "",                    ("heaviside", "Heaviside")),
    Spelling("sigmoid",     r"\sigma",            "σ",           "sigmoid",     "",                    ("logistic", "Sigmoid", "expit", "sigm")),
    Spelling("relu",        _op("ReLU"),          "ReLU",        "relu",        "",                    ("Relu", "RELU")),
    Spelling("leaky_relu",  _op("LeakyReLU"),     "LeakyReLU",   "leaky_relu",  "",                    ("leakyrelu", "lrelu")),
    Spelling("elu",         _op("ELU"),           "ELU",         "elu"),
    Spelling("selu",        _op("SELU"),          "SELU",        "selu"),
    Spelling("softplus",    _op("softplus"),      "softplus",    "softplus",    "",                    ("Softplus",)),
    Spelling("softsign",    _op("softsign"),      "softsign",    "softsign"),
    Spelling("silu",        _op("SiLU"),          "SiLU",        "silu",        "",                    ("swish", "Swish")),
    Spelling("gelu",        _op("GELU"),          "GELU",        "gelu",        "",                    ("GeLU",)),
    Spelling("mish",        _op("Mish"),          "Mish",        "mish"),
    Spelling("relu6",       _op("ReLU6"),         "ReLU6",       "relu6"),
    Spelling("hardtanh",    _op("hardtanh"),      "hardtanh",    "hardtanh"),
    Spelling("hardsigmoid", _op("hardsigmoid"),   "hardsigmoid", "hardsigmoid", "",                    ("hard_sigmoid",)),
    Spelling("maximum",     r"\max",              "max",         "max",         "np.maximum",          ("maximum",)),
    Spelling("minimum",     r"\min",              "min",         "min",         "np.minimum",          ("minimum",)),
    Spelling("where",       _op("where"),         "where",       "where",       "np.where"),
    Spelling("softmax",     _op("softmax"),       "softmax",     "softmax",     "",                    ("Softmax", "SoftMax", "SM")),
    Spelling("log_softmax", _op("log-softmax"),   "log-softmax", "log_softmax", "",                    ("logsoftmax", "LogSoftmax")),
    Spelling("logsumexp",   _op("LSE"),           "LSE",         "logsumexp",   "",                    ("lse", "LogSumExp")),
    Spelling("sum",         _op("sum"),           "sum",         "sum",         "np.sum"),
    Spelling("mean",        _op("mean"),          "mean",        "mean",        "np.mean"),
    Spelling("prod",        _op("prod"),          "prod",        "prod",        "np.prod"),
    Spelling("max",         r"\max",              "max",         "max",         "np.max",              ("amax",)),
    Spelling("min",         r"\min",              "min",         "min",         "np.min",              ("amin",)),
    Spelling("cumsum",      _op("cumsum"),        "cumsum",      "cumsum",      "np.cumsum"),
    Spelling("roll",        _op("roll"),          "roll",        "roll",        "np.roll"),
    Spelling("trace",       _op("tr"),            "tr",          "tr",          "np.trace",            ("trace", "Tr", r"\tr", r"\Tr", r"\trace")),
    Spelling("det",         r"\det",              "det",         "det",         "np.linalg.det",       ("linalg.det",)),
    Spelling("logdet",      _op("logdet"),        "logdet",      "logdet",      "",                    ("log_det",)),
    Spelling("inv",         _op("inv"),           "inv",         "inv",         "np.linalg.inv",       ("linalg.inv",)),
    Spelling("pinv",        _op("pinv"),          "pinv",        "pinv",        "np.linalg.pinv",      ("linalg.pinv",)),
    Spelling("expm",        _op("expm"),          "expm",        "expm",        "",                    ("scipy.linalg.expm",)),
    Spelling("diag",        _op("diag"),          "diag",        "diag",        "np.diag",             (r"\diag", "Diag")),
    Spelling("diagonal",    _op("diagonal"),      "diagonal",    "diagonal",    "np.diagonal",         ("diagvec",)),
    Spelling("vec",         _op("vec"),           "vec",         "vec",         "",                    (r"\vec", r"\vect")),
    Spelling("outer",       _op("outer"),         "outer",       "outer",       "np.outer"),
    Spelling("kron",        _op("kron"),          "kron",        "kron",        "np.kron"),
    Spelling("norm",        _op("norm"),          "norm",        "norm",        "np.linalg.norm",      ("linalg.norm",)),
    Spelling("matrix_power", _op("matrix_power"), "matrix_power", "matrix_power", "np.linalg.matrix_power", ("linalg.matrix_power",)),
    Spelling("einsum",      _op("einsum"),        "einsum",      "einsum",      "np.einsum"),
    Spelling("concatenate", _op("concatenate"),   "concatenate", "concatenate", "np.concatenate",      ("concat",)),
    Spelling("stack",       _op("stack"),         "stack",       "stack",       "np.stack"),
)

GREEK: tuple[Spelling, ...] = tuple(
    Spelling(name, "\\" + (latex or name), letter, name, name, also)
    for name, letter, latex, also in (
        ("alpha", "α", "", ()), ("beta", "β", "", ()), ("gamma", "γ", "", ()), ("delta", "δ", "", ()),
        ("epsilon", "ε", "", (r"\varepsilon", "ϵ", "eps")), ("zeta", "ζ", "", ()), ("eta", "η", "", ()),
        ("theta", "θ", "", (r"\vartheta", "ϑ")), ("iota", "ι", "", ()), ("kappa", "κ", "", (r"\varkappa",)),
        ("lambda", "λ", "", ("lam",)), ("mu", "μ", "", ("µ",)), ("nu", "ν", "", ()), ("xi", "ξ", "", ()),
        ("pi", "π", "", ()), ("rho", "ρ", "", (r"\varrho",)), ("sigma", "σ", "", (r"\varsigma", "ς")),
        ("tau", "τ", "", ()), ("upsilon", "υ", "", ()), ("phi", "φ", "", (r"\varphi", "ϕ")), ("chi", "χ", "", ()),
        ("psi", "ψ", "", ()), ("omega", "ω", "", ()), ("ell", "ℓ", "", ()),
        ("Gamma", "Γ", "", ()), ("Delta", "Δ", "", ()), ("Theta", "Θ", "", ()), ("Lambda", "Λ", "", ()),
        ("Xi", "Ξ", "", ()), ("Pi", "Π", "", ()), ("Sigma", "Σ", "", ()), ("Phi", "Φ", "", ()), ("Psi", "Ψ", "", ()),
        ("Omega", "Ω", "", ()),
    )
)

# Accents of a name, and fonts that say nothing: \hat y is the name "hat y", \mathbf{w} is w.
ACCENTS: dict[str, str] = {
    r"\hat": "hat", r"\widehat": "hat", r"\bar": "bar", r"\overline": "bar", r"\tilde": "tilde", r"\widetilde": "tilde",
    r"\dot": "dot", r"\ddot": "ddot",
}
COMBINING: dict[str, str] = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "ddot"}
FONTS: tuple[str, ...] = (
    r"\mathbf", r"\boldsymbol", r"\bm", r"\mathrm", r"\mathit", r"\mathsf", r"\mathtt", r"\mathcal", r"\mathbb", r"\vec",
    r"\text", r"\textbf", r"\textit", r"\textrm", r"\underline",
)
# fmt: on


class Precedence:
    """How tightly an operation binds; a part that binds less than its place needs brackets."""

    COMPARE = 10
    ADD = 20
    NEGATE = 25
    MULTIPLY = 30
    POWER = 40
    ATOM = 50
