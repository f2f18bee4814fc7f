"""A general entry that is a product of entries, Σ_j A_ij δ_jk b_j, as one np.einsum.

Knows index structure only; how an operand is written is given from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from string import ascii_letters

from ..sizes import Size
from .numpy_names import Names
from .pieces import ATOM, MULTIPLY, NEGATE, Piece, axes, bound_of
from .written import Written

Write = Callable[[Written], Piece]

_FLAT = frozenset(("scale", "hadamard", "matmul", "dot"))


def summed(body: Written, free: Sequence[str], sizes: Mapping[str, Size], names: Names, write: Write) -> Piece | None:
    """Σ c · A_ij · δ_jk … over the free indices as one np.einsum, or None when the body is no such product."""
    known, sign, scalars = dict(sizes), "", list[str]()
    operands: list[tuple[str, list[str]]] = []
    todo = [body]
    while todo:
        node = todo.pop()
        if node.op in _FLAT and all(a.is_scalar for a in node.args):
            todo.extend(reversed(node.args))
        elif node.op == "neg":
            sign = "" if sign else "-"
            todo.append(node.args[0])
        elif node.op == "sum" and bound_of(node)[0] not in known:
            known.update([bound_of(node)])
            todo.append(node.args[0])
        elif node.op in ("entry", "delta") and (operand := _operand(node, known, names, write)):
            operands.append(operand)
        elif not any(n.op == "index" for n in node.walk()):
            scalars.append(write(node).held(MULTIPLY + 1))
        else:
            return None
    if not operands:
        return None
    used = {index for _, indices in operands for index in indices}
    operands.extend((f"np.ones({names.size(known[index]).text})", [index]) for index in known if index not in used)
    letters = _letters(known)
    spec = ",".join("".join(letters[i] for i in indices) for _, indices in operands)
    spec += "->" + "".join(letters[index] for index in free)
    made = f"np.einsum('{spec}', {', '.join(text for text, _ in operands)})"
    text = " * ".join([*scalars, made])
    return Piece(sign + text, NEGATE if sign else MULTIPLY if scalars else ATOM)


def _operand(node: Written, known: Mapping[str, Size], names: Names, write: Write) -> tuple[str, list[str]] | None:
    """An entry or a delta as an operand of np.einsum: its array and its indices."""
    indices = node.args[1:] if node.op == "entry" else node.args
    if any(i.op != "index" or str(i.value) not in known for i in indices):
        return None
    spelled = [str(i.value) for i in indices]
    if node.op == "delta":
        size = known[spelled[0]]
        return None if known[spelled[1]] != size else (f"np.eye({names.size(size).text})", spelled)
    base = node.args[0]
    if len(indices) != len(axes(base.shape)) or any(n.op == "index" for n in base.walk()):
        return None
    return write(base).text, spelled


def _letters(indices: Iterable[str]) -> dict[str, str]:
    """One letter an index: its own where it has one."""
    letters = {index: index for index in indices if len(index) == 1 and index in ascii_letters}
    spare = iter(sorted(set(ascii_letters) - set(letters), key=str.swapcase))
    return letters | {index: next(spare) for index in indices if index not in letters}
