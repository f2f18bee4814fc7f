r"""Names in a formula that the problem does not know: they are the writer's own, or no names at all but words."""

from __future__ import annotations

import re

from ...derivations.problems.problems import Problem

_DROPPED = re.compile(
    r"\\(?:begin|end)\{[a-z]*\*?\}|\\text(?:rm|bf|it)?\{\s*(?:if|for|otherwise|else)\s*\}|_\{[^{}]*\}|_\w+|\^\{?\s*(?:\\top|\\intercal|T)\s*\}?|\.T\b"
)
_SPLIT_NAME = re.compile(r"[A-Za-z]\w*")
_TOKEN = re.compile(r"\\?[A-Za-z]+|[α-ωΑ-Ωσϕϵ]")
# Words of formulas and of code; commands that set type or stand for a sign are among them.
_KNOWN = frozenset(
    """exp log ln sin cos tan sinh cosh tanh sqrt max min diag relu ReLU softmax sigmoid sum abs sign trace tr det vec where if
    otherwise else for and or np numpy axis keepdims True False transpose dot outer ones zeros eye like maximum exp2 square
    power reshape T e I pi frac dfrac tfrac cdot times odot oplus otimes circ top intercal left right big Big bigl bigr mathbf
    mathrm mathbb mathcal mathsf boldsymbol bm operatorname text textbf hat bar vec displaystyle quad qquad ldots dots cdots
    vdots ddots le ge leq geq lt gt neq approx infty partial nabla sigma phi delta mathds bmatrix pmatrix matrix cases array
    begin end hline tanh2 limits not prime star ast div pm mp sgn argmax leaky gelu silu""".split()
)


def is_strange(problem: Problem, text: str) -> bool:
    """Whether a formula has a name that nothing in the problem explains.

    >>> from ...derivations.problems.problems import find
    >>> problem = find("jhu-2024/2.2")[1][0]
    >>> [is_strange(problem, t) for t in ("2 * w.T", "2w^T", "2 q^T", "it is w")]
    [False, False, True, True]
    """
    known = _names(problem)
    letters = {name for name in known if len(name) == 1}
    bare = _DROPPED.sub(" ", _without_known(text, known))
    for token in _TOKEN.findall(bare):
        name = token.lstrip("\\")
        if name in _KNOWN or name in known or (not token.startswith("\\") and len(name) < 4 and set(name) <= letters):
            continue
        return True
    return False


def _names(problem: Problem) -> frozenset[str]:
    """All names that a problem uses, whole and without their index; an activation is a function of x."""
    stated = (problem.function, problem.wrt or "", problem.output, *problem.definitions, *problem.definitions.values(), *problem.point,
              *problem.shapes, *(size for shape in problem.shapes.values() for size in shape if isinstance(size, str)))  # fmt: skip
    found = {name for text in stated for name in _SPLIT_NAME.findall(text)}
    extra = {"activation": ("x",), "softmax": ("z", "y", "s", "p", "σ", "δ", "i", "j", "k", "K")}.get(problem.kind, ())
    return frozenset({*found, *(name.partition("_")[0] for name in found), *extra})


def _without_known(text: str, known: frozenset[str]) -> str:
    """A text without the names that have an index of their own, W_0, so that what is left of an index is none of theirs."""
    return _SPLIT_NAME.sub(lambda m: " " if m[0] in known else m[0], text)


__all__ = ["is_strange"]
