"""Claims “these weights compute XOR”: any weights that do are right, whatever their number of hidden units.

The four rows are computed exactly. What the text leaves open (rows or columns, a step at 0) is settled in favour of the person.
"""

from __future__ import annotations

from ..derivations.errors import InputError, ShapeError
from ..derivations.networks.networks import Convention, Network
from ..derivations.notation.spellings import Style
from ..derivations.xor.pasted_weights import read_weights
from ..derivations.xor.single_units import unit_name
from ..derivations.xor.xor_tables import Table, best_table, number_text, weights_in
from .verdicts import Evidence, Verdict, Witness


def judged_weights(answer: str, *, hidden: str = "relu", output: str = "identity", convention: Convention | None = None) -> Verdict:
    """The verdict on weights of a network with two inputs, hidden units and one output, as somebody wrote them down.

    `hidden` and `output` are activations; after sigmoid, hardsigmoid and step an output counts as 1 from ½ on, after others it has to
    be exactly 0 or 1. `convention` says whether the problem states Wx or Wᵀx; without it both are tried where both fit. The notes
    have the table and what was assumed. Raises NameUnknownError where an activation is unknown, which is no fault of the answer.

    >>> judged_weights("W1 = [[1,1],[1,1]]; b1 = [0,-1]; W2 = [1,-2]; b2 = 0").verdict
    'right'
    >>> judged_weights("W1 = [[1,1],[1,1]]; b1 = [0,0]; W2 = [1,-2]; b2 = 0").message
    'At (1, 0) it gives −1, expected 1; at (0, 1) it gives −1, expected 1; at (1, 1) it gives −2, expected 0.'
    """
    hidden, output = unit_name(hidden), unit_name(output)
    try:
        readings = read_weights(answer, hidden=hidden, output=output, convention=convention)
    except ShapeError as error:
        return Verdict(answer, "wrong", error.message, Evidence("shape"), "shape", spans=(error.span,) if error.span else ())
    except InputError as error:
        return Verdict(answer, "unreadable", error.message, spans=(error.span,) if error.span else ())
    table, chosen = best_table(readings.networks)
    return _verdict(answer, table, (*readings.notes, *chosen, *table_notes(table)))


def _verdict(answer: str, table: Table, notes: tuple[str, ...]) -> Verdict:
    read_as = latex_of(table.network)
    if table.computes:
        how = "each output is exactly right" if table.rule == "exact" else "where ŷ ≥ ½ counts as 1"
        message = f"Right: the weights compute XOR in all four rows; {how}."
        return Verdict(answer, "right", message, Evidence("proved"), read_as=read_as, notes=notes)
    if table.computes is None:
        places = " and ".join(row.place for row in table.rows if row.right is None)
        message = f"At {places} the output is so close to what is expected that it could not be decided whether it is equal."
        return Verdict(answer, "undecided", message, read_as=read_as, notes=notes)
    row = table.wrong[0]
    at = {f"x_{k}": str(x) for k, x in enumerate(row.inputs, 1)}
    witness = Witness(at, number_text(row.output), str(row.expected))
    message = f"{'; '.join(table.complaints)}.{' ' * bool(table.remark)}{table.remark}"
    return Verdict(answer, "wrong", message[0].upper() + message[1:], Evidence("certified", witness=witness), "other", read_as, notes=notes)


def table_notes(table: Table) -> tuple[str, ...]:
    """The table, a sentence a row: “(1, 1): hidden (2, 1), output 0, expected 0”."""
    notes = []
    for row in table.rows:
        hidden = "".join(f"hidden ({', '.join(number_text(v) for v in layer)}), " for layer in row.hidden)
        notes.append(f"{row.place}: {hidden}output {number_text(row.output)}, expected {row.expected}")
    return tuple(notes)


def latex_of(network: Network) -> str:
    """What was read, in one line of LaTeX."""
    return r",\; ".join(f"{name} = {value}" for name, value in weights_in(network, Style.LATEX))


__all__ = ["judged_weights", "latex_of", "table_notes"]
