"""Reading a text: from characters to the written form with every product decided and every shape known.

`read` is the only way in. It puts the parts together: the characters are cleaned, an equation `f(w) = …` is taken
apart, tokens and raw tree are made, names, indices and definitions are put in their places, shapes are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from ..errors import HwcheckError, LimitError, NameUnknownError, NotationError, ShapeError, Span
from ..notation.names import Vocabulary, key_of
from ..notation.written import SCALAR, Written
from ..sizes import Shape, Size, names_in, plus
from .characters import cleaned
from .inference import MOST_TRIES, Inference, check_depth, name_sizes, options, postorder, sized
from .magnitudes import check_magnitudes
from .parser import parse
from .raw import Raw
from .scopes import Scopes
from .statement import Statement, taken_apart
from .unknowns import concrete

MOST_SYMBOLS = 64
MOST_ENTRIES = 4096
MOST_AXES = 6

Origin = Literal["declared", "usual", "forced"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name of the expression with its shape, and where the shape comes from.

    `declared` by the user, `usual` in homework, or `forced` by the expression.
    """

    name: str
    shape: Shape
    origin: Origin


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was read.

    `function` and `parameters` are those of the left side, where there is one; `symbols` the names of body and
    parameters in order of appearance; `notes` say which reading was taken where another was possible; `free` lists
    the indices that the body leaves open (the i of X_ij w_j), in the order of the left side or of appearance; `listed` are those
    that a left side names, J_ij = ….
    """

    text: str
    function: str | None
    parameters: tuple[str, ...]
    body: Written
    symbols: tuple[Symbol, ...]
    notes: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()


def read(
    text: str,
    *,
    shapes: Mapping[str, Sequence[Size]] | None = None,
    definitions: Mapping[str, str] | None = None,
    wrt: str | None = None,
    scalars: bool = False,
    shape: Shape | None = None,
) -> Reading:
    """Read an expression, or an equation `f(w) = expression`, in any of the four styles.

    `shapes` are sizes as declared: [] a number, ["d"] a column, ["n", "d"] a matrix. `definitions` are put in where
    their names stand. `wrt` is the name that will be differentiated by; it has to occur. With `scalars` every name
    without a declared shape is a number. `shape` is expected of the whole: it settles what the text leaves open (the
    size of a lone I, 1 or undeclared name, a bare 0) and nothing else. Raises InputError with a place in the text.

    >>> reading = read("f(w) = Xw")
    >>> [(s.name, s.shape) for s in reading.symbols], reading.body.shape
    ([('X', ('n', 'd')), ('w', ('d', 1))], ('n', 1))
    """
    return typed(resolve(text, shapes=shapes, definitions=definitions, wrt=wrt, scalars=scalars), shape=shape)


def declared_shape(name: str, sizes: Sequence[Size]) -> Shape:
    """A declared shape with two axes or more: [] is (1, 1), ["d"] is ("d", 1)."""
    if len(sizes) > MOST_AXES:
        raise LimitError(f"{name} has {len(sizes)} axes; {MOST_AXES} are the most.")
    shape = tuple(_size(name, size) for size in sizes)
    return (*shape, 1, 1)[:2] if len(shape) < 2 else shape


def _size(name: str, size: object) -> Size:
    """One declared size: a whole number, or a name (a product or sum of names for joined axes)."""
    if isinstance(size, str) and size.strip().isdecimal():
        size = int(size.strip()[:12])
    if isinstance(size, int) and not isinstance(size, bool):
        if not 0 < size <= MOST_ENTRIES:
            raise LimitError(f"The size {size:,} of {name} is not between 1 and {MOST_ENTRIES:,}.")
        return size
    if isinstance(size, str) and _SIZE.match(size.strip()):
        return plus([size.replace(" ", "")])
    raise ShapeError(f"A size of {name} is neither a whole number nor a letter: {size!r}.")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text before its shapes are found: the raw tree in which every name is decided, and what typing it needs.

    `declared` are the shapes given by the user; `sizes` the names of sizes in them, and `named` those written in the
    text; `free` are the open indices, the listed ones first.
    """

    text: str
    function: str | None
    parameters: tuple[str, ...]
    body: Span
    raw: Raw
    declared: Mapping[str, Shape]
    sizes: frozenset[str]
    named: frozenset[str]
    free: tuple[str, ...]
    notes: tuple[str, ...]
    numpy: bool
    scalars: bool
    listed: tuple[str, ...] = ()


def resolve(
    text: str,
    *,
    shapes: Mapping[str, Sequence[Size]] | None = None,
    definitions: Mapping[str, str] | None = None,
    wrt: str | None = None,
    scalars: bool = False,
) -> Resolved:
    """The first half of `read`: everything before shapes. Arguments and errors as there, but for ShapeError."""
    declared = {name: declared_shape(name, sizes) for name, sizes in (shapes or {}).items()}
    with _told(text):
        return _resolved(text, declared, dict(definitions or {}), wrt, scalars)


def typed(resolved: Resolved, raw: Raw | None = None, *, shape: Shape | None = None, tries: int = MOST_TRIES) -> Reading:
    """The second half of `read`: shapes for a resolved text, or for another raw tree over the same names.

    With `raw`, what was resolved is left alone, so that a changed tree costs no new parsing. `shape` as in `read`; `tries`
    bounds how many assignments of shapes are tried.

    >>> xw = resolve("X w")
    >>> typed(xw, xw.raw.args[1]).body.shape
    ('d', 1)
    """
    with _told(resolved.text):
        return _typed(resolved, resolved.raw if raw is None else raw, shape, tries)


@contextmanager
def _told(text: str) -> Iterator[None]:
    """Errors are told which text they speak of."""
    try:
        yield
    except HwcheckError as error:
        raise error.within(text) from None
    except RecursionError:  # called from deep inside another recursion; alone, the limits come first
        raise LimitError("The expression is nested too deep to be read here.", text=text) from None


def _resolved(
    text: str, declared: Mapping[str, Shape], definitions: Mapping[str, str], wrt: str | None, scalars: bool
) -> Resolved:
    plain = cleaned(text)
    sizes = frozenset(n for shape in declared.values() for size in shape for n in names_in(size))
    given = Vocabulary((*declared, *definitions))
    statement = taken_apart(plain, given)
    parameters = tuple(given.find(key_of(p)) or p for p in statement.parameters)
    transposes = declared["T"] != SCALAR if "T" in declared else None
    vocabulary = Vocabulary((*declared, *definitions, *parameters), sizes, transposes)
    wanted = vocabulary.find(key_of(wrt)) or key_of(wrt) if wrt else None
    tree, notes = parse(plain, vocabulary, *statement.body)
    notes.extend(statement.notes)
    defined = {name: _definition(name, source, vocabulary) for name, source in definitions.items() if name != wanted}
    scopes = Scopes(
        vocabulary,
        {name: _rank(shape) for name, shape in declared.items() if name not in defined},
        sizes,
        frozenset(parameters) | ({wanted} if wanted else set()),
        defined,
        {name: shape[0] for name, shape in declared.items() if _is_identity(name, shape) and name != wanted},
        notes,
    )
    raw = scopes.resolve(tree, statement.indices)
    if raw.op == "symbol" and raw.value == statement.function and statement.function and not parameters:
        raise NotationError(f"“{statement.function}” is said to be equal to itself.", span=statement.body)
    check_magnitudes(raw)
    names = _names(raw, parameters)
    _check_number_of_names(names, declared, statement.body)
    _check_variable(wrt, wanted, names, declared, statement)
    listed = [letter for letter in statement.indices if letter in scopes.free]
    return Resolved(
        text, statement.function, parameters, statement.body, raw, declared, sizes, frozenset(scopes.named_sizes),
        tuple(dict.fromkeys((*listed, *scopes.free))), tuple(scopes.notes), _is_numpy(plain), scalars,
        statement.indices,
    )  # fmt: skip


def _typed(resolved: Resolved, raw: Raw, shape: Shape | None, tries: int) -> Reading:
    declared, parameters = resolved.declared, resolved.parameters
    names = _names(raw, parameters)
    undeclared = [n for n in names if n not in declared]
    inference = Inference(
        resolved.text, raw.postorder(), declared, undeclared, resolved.named, resolved.numpy, resolved.scalars, shape, tries
    )
    found = inference.search()
    equal = name_sizes(found, names, set(resolved.sizes | resolved.named))
    body, names = _with_sizes(sized(found.body), names, declared, parameters)
    if shape is not None and shape != SCALAR and body.op == "number" and not str(body.value).strip("0."):
        body = Written("zeros", (), None, shape, body.span)
    check_depth(body)
    shapes = {name: concrete(found.shapes[name]) for name in names}
    return Reading(
        resolved.text,
        resolved.function,
        parameters,
        body,
        tuple(Symbol(name, shape, _origin(name, shape, declared)) for name, shape in shapes.items()),
        tuple(dict.fromkeys((*resolved.notes, *found.notes, *equal))),
        resolved.free if raw is resolved.raw else _free(raw),
        resolved.listed,
    )


def _names(raw: Raw, parameters: Sequence[str]) -> list[str]:
    """The symbols of a raw tree and the parameters, in order of appearance."""
    return list(dict.fromkeys([*(str(n.value) for n in raw.walk() if n.op == "symbol"), *parameters]))


def _free(raw: Raw) -> tuple[str, ...]:
    """The indices that a raw tree leaves open: a free letter is its own scope."""
    found = (n.value for n in raw.walk() if n.op == "index")
    return tuple(dict.fromkeys(letter for letter, scope in found if letter == scope != ":"))


def _check_number_of_names(names: Sequence[str], declared: Mapping[str, Shape], span: Span) -> None:
    if sum(n not in declared for n in names) > MOST_SYMBOLS:
        raise LimitError(f"There are more than {MOST_SYMBOLS} different names.", span=span)


def _definition(name: str, source: str, vocabulary: Vocabulary) -> Raw:
    """The raw tree of a definition; an error in it names it."""
    try:
        plain = cleaned(source)
        return parse(plain, vocabulary, *taken_apart(plain, vocabulary).body)[0]
    except HwcheckError as error:
        error.message = f"In the definition of {name}: {error.message}"
        raise error.within(source) from None


def _is_identity(name: str, shape: Shape) -> bool:
    """Whether a declared name stands for an identity matrix: I or I_n, square."""
    return _IDENTITY.match(key_of(name)) is not None and len(shape) == 2 and shape[0] == shape[1] != 1


def _rank(shape: Shape) -> int:
    return len(shape) if len(shape) > 2 else sum(s != 1 for s in shape)


_SIZE = re.compile(r"[^\W\d]\w*(\s*[*+]\s*\w+)*\Z")
_IDENTITY = re.compile(r"I(_\w+)?\Z")
_NUMPY = re.compile(r"@|\bnp\.|\bnumpy\.|\bjnp\.|axis\s*=|\.T\b|\bsum\(|\bmean\(|\.sum\(|\.mean\(|\*\*|\.dot\(|\.shape")


def _is_numpy(text: str) -> bool:
    """Whether a text is NumPy code, where vectors have one axis and are repeated over matrices."""
    return "\\" not in text and _NUMPY.search(text) is not None


def _check_variable(
    wrt: str | None, wanted: str | None, names: Sequence[str], declared: Mapping[str, Shape], statement: Statement
) -> None:
    """Refuse a variable that does not occur."""
    if wanted is not None and wanted not in names and wanted not in declared:
        known = ", ".join(names) or "none"
        raise NameUnknownError(f"“{wrt}” does not occur here. The names are: {known}.", span=statement.body)


def _with_sizes(
    body: Written, names: list[str], declared: Mapping[str, Shape], parameters: Sequence[str]
) -> tuple[Written, list[str]]:
    """Letters such as the n of 1/n, undeclared, are sizes where the shapes found use them."""
    from_shapes = {n for node in body.walk() for s in node.shape for n in names_in(s)}
    turned = {n for n in names if n in from_shapes and n not in declared and n not in parameters}
    if not turned:
        return body, names
    done: list[Written] = []
    for node in postorder(body):
        arity = len(node.args)
        args = tuple(done[len(done) - arity :]) if arity else ()
        del done[len(done) - arity :]
        op = "size" if node.op == "name" and node.value in turned else node.op
        done.append(Written(op, args, node.value, node.shape, node.span, node.sign))
    return done[0], [n for n in names if n not in turned]


def _origin(name: str, shape: Shape, declared: Mapping[str, Shape]) -> Origin:
    if name in declared:
        return "declared"
    kind = "number" if shape == SCALAR else "column" if shape[1] == 1 else "row" if shape[0] == 1 else "matrix"
    square = kind == "matrix" and shape[0] == shape[1]
    return "usual" if kind == options(name)[0][0] and not square else "forced"


__all__ = ["Reading", "Resolved", "Span", "Symbol", "declared_shape", "read", "resolve", "typed"]
