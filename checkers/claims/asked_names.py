r"""Whether a left side names what a problem asks for: all of it, an entry of it, or something else.

J, J_f(w), ∂f/∂w, ∇_w f, f′(w) name a derivative; with an index behind it (J_{ij}, ∂f_i/∂w_j) an entry. A derivative of another
quantity, or by another variable, names something else: a step on the way.
"""

from __future__ import annotations

import re
from typing import Literal

from ...derivations.notation.names import key_of
from ...derivations.problems.problems import Problem

Naming = Literal["whole", "entry", ""]

_FONT_NAMES = "mathbf|mathrm|mathcal|mathit|mathsf|boldsymbol|bm|operatorname|text|vec"
_FONT = re.compile(rf"\\(?:{_FONT_NAMES})\s*\{{([^{{}}]*)\}}")
_DROPPED = re.compile(rf"\\(?:{_FONT_NAMES}|left|right|displaystyle|big|Big)(?![A-Za-z])|\\[,;:! ]|[\s$&]")
_SIGNS = ((re.compile(r"\\partial(?![A-Za-z])"), "∂"), (re.compile(r"\\(?:nabla|triangledown)(?![A-Za-z])"), "∇"))
_BRACES = re.compile(r"[{}]")
_FRACTION = re.compile(r"\\[dt]?frac")
_MARK = re.compile(r"∂|d(?=[\\A-Za-zα-ω(\[{])")
_JOINED = re.compile(r"d([A-Za-z]{1,4})d(\\?[A-Za-z]\w*)\Z")  # dLdW, a name for a derivative
_SUBSCRIPT = r"_(?:\{([^{}]*)\}|(\\[A-Za-z]+|\w))"
_JACOBIAN = re.compile(rf"\[?J(?:{_SUBSCRIPT})?(?:\[([^\[\]]*)\]|\(([^()]*)\))?(\]?(?:_|\[).*)?\Z|J(\w)\(([^()]*)\)\Z")
_INDICES = re.compile(r"[i-np-s](?:,?[i-np-s]){0,3}\Z")
_PRIMED = re.compile(r"\\?([A-Za-zα-ω]\w{0,20})(?:['′]|\^\{?\\prime\}?)(?:\(([^()]*)\))?")
_PARAMETERS = re.compile(r"\s*([^=()]*?)\s*\(([^()]*)\)\s*=|\s*([^=()]*?)\s*=")
_INDEXED = re.compile(r"_(?:\w|\{\w{1,4}\}|\{\w,\w\})\)?\]?\Z|\]_")
_VALUE = re.compile(
    r"(?:\\(?:wide)?hat\{?y\}?|(?P<letter>[A-Za-zŷ]))(?:_\{?(?P<index>\d)\}?)?(?:\^\{?\(?(?P<layer>\d)\)?\}?)?(?:_\{?(?P<second>\d)\}?)?"
    r"(?:\([^()]*\))?\Z"
)
_LOSSES = frozenset({"L", "l", "E", "J", "C", "ell", "Loss", "loss", "cost", "f"})


def naming(problem: Problem, left: str) -> Naming:
    r"""What a left side names, seen from a problem.

    >>> slope = Problem("s", "1", "Slope", "jacobian", function="f(w) = ||w||^2")
    >>> [naming(slope, left) for left in ("J_f(w)", r"\frac{\partial f}{\partial w_i}", r"\partial f/\partial x", "f(w)")]
    ['whole', 'entry', '', '']
    """
    plain = _plain(left)
    if problem.kind == "network":
        return "whole" if _is_of_network(problem, plain) else ""
    found = _derivative(problem, plain)
    if problem.kind == "activation" and "derivative" not in problem.asked:
        return "whole" if found is None and plain else ""
    if found == "entry" and problem.asked == ("entry",):
        return "whole"
    return found or ""


def _is_of_network(problem: Problem, plain: str) -> bool:
    """Whether a name is that of the values that are asked for: its layer has to be said, or there is no other it could be."""
    named = _VALUE.match(plain)
    if named is None or not problem.asked:
        return False
    letter, index, layer = named["letter"] or "ŷ", named["index"] or named["second"] or "", named["layer"] or ""
    part, sizes = problem.asked[0], [str(size) for size in problem.network.get("layers", ())]
    last = str(len(sizes) - 1)
    if part == "step":
        return (letter + (index or layer)).lower() == problem.output.replace("_", "").lower()
    if set(sizes[1:]) == {"1"} and index and not layer:
        index, layer = "", index  # of layers with one unit the index is that of the layer
    if part == "hidden":
        return letter in "aAhH" and not index and (layer == "1" or (letter in "hH" and not layer and len(sizes) == 3))
    if part not in ("output", "cases") or index != (problem.output if part == "cases" else ""):
        return False
    return layer == last if letter in "aA" else letter == "ŷ" and layer in ("", last)


def quotient(left: str) -> tuple[str, str] | None:
    r"""The two names of a derivative that is written as a fraction, without fonts and braces; None where it is none.

    >>> quotient(r"\frac{\partial f}{\partial h_{1}}"), quotient("dL/dw"), quotient("a/b")
    (('f', 'h_1'), ('L', 'w'), None)
    """
    plain = _plain(left)
    if joined := _JOINED.match(plain):
        return joined[1], joined[2]
    if start := _FRACTION.match(plain):
        top, after = _argument(plain, start.end())
        bottom, rest = _argument(plain, after)
    else:
        top, sign, bottom = plain.partition("/")
        rest = len(plain) if sign else 0
    if top in ("d", "∂") and start is not None and _MARK.match(bottom) and rest < len(plain):  # ∂/∂w of what follows
        return _BRACES.sub("", plain[rest:]), _BRACES.sub("", bottom[1:])
    above, below = _MARK.match(top), _MARK.match(bottom)
    if above is None or below is None or rest != len(plain):
        return None
    return _BRACES.sub("", top[above.end() :]), _BRACES.sub("", bottom[below.end() :])


def _plain(text: str) -> str:
    """A text without fonts and spaces, with ∂ and ∇ for their commands."""
    for sign, character in _SIGNS:
        text = sign.sub(character, text)
    for _ in range(2):
        text = _FONT.sub(r"\1", text)
    return _DROPPED.sub("", text)


def _argument(text: str, place: int) -> tuple[str, int]:
    """What stands in the braces at a place, and the place after them."""
    if text[place : place + 1] != "{":
        return text[place : place + 1], place + 1
    depth = 0
    for k in range(place, len(text)):
        depth += (text[k] == "{") - (text[k] == "}")
        if depth == 0:
            return text[place + 1 : k], k + 1
    return text[place + 1 :], len(text)


def _derivative(problem: Problem, plain: str) -> Naming | None:
    """The same for derivatives; None where the left side is none."""
    name, wrt = _asked(problem)
    if pair := quotient(plain):
        if not _is_output(problem, name, pair[0]):
            return ""
        below = _by(wrt, pair[1])
        return "entry" if below == "whole" and name and _INDEXED.search(pair[0]) and not _INDEXED.search(name) else below
    if plain.startswith("∇"):
        variable = _argument(plain, 2)[0] if plain[1:2] == "_" else ""
        return _by(wrt, variable) if variable else "whole"
    if (primed := _PRIMED.match(plain)) and primed.end() == len(plain):
        return "whole" if problem.kind == "activation" or key_of(primed[1]) == key_of(name or "f") else ""
    if jacobian := _JACOBIAN.match(plain):
        subscript, variable = jacobian[1] or jacobian[2] or "", jacobian[3] or jacobian[4] or jacobian[7] or ""
        if variable and wrt and len(key_of(variable)) <= 2 and _by(wrt, variable) == "":
            return ""
        is_index = _INDICES.match(subscript) and key_of(subscript) != key_of(name or "f")
        return "entry" if jacobian[5] or is_index else "whole"
    return None


def _asked(problem: Problem) -> tuple[str, str]:
    """The name of the function and the variable of a problem; empty where it has none."""
    stated = _PARAMETERS.match(problem.function) if problem.kind in ("jacobian", "backprop") else None
    name = (stated[1] or stated[3] or "") if stated else ""
    parameters = (stated[2] or "") if stated else ""
    return name, problem.wrt or (parameters if "," not in parameters else "") or ("z" if problem.kind == "softmax" else "")


def _is_output(problem: Problem, name: str, top: str) -> bool:
    """Whether the top of a derivative is the quantity that is differentiated."""
    plain = _BRACES.sub("", top)
    bare = re.sub(r"\([^()]*\)", "", plain).strip("[]").split("_")[0].lstrip("\\")
    if problem.kind in ("activation", "softmax"):
        return True
    body = "".join(problem.function.partition("=")[2].split()) or "".join(problem.function.split())
    return bare == name.lstrip("\\") or (bare in _LOSSES and (not name or name in _LOSSES)) or plain.strip("()") == _plain(body)


def _by(wrt: str, below: str) -> Naming:
    """Whether a variable is the one that is asked for, or an entry of it."""
    wanted, got = key_of(_BRACES.sub("", wrt)), key_of(_BRACES.sub("", below))
    if got.replace("_", "") == wanted.replace("_", ""):  # W0 is W_0
        return "whole"
    if not wrt:
        return "entry" if _INDEXED.search(below) else "whole"
    # w_i^(2) is an entry of w^(2), the same name in the same layer; W_0 is no entry of W, but another name
    name, _, layer = got.partition("^")
    stem, _, index = name.partition("_")
    return "entry" if index.isalpha() and (stem, layer) == (wanted.partition("^")[0], wanted.partition("^")[2]) else ""


__all__ = ["Naming", "naming", "quotient"]
