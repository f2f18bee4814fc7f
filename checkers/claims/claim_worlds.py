r"""What is known where a claim is judged: names with shapes, quantities that are defined by others, functions, and what σ means.

A world gives a side of an equation its meaning: `term` reads it, works out the derivatives marked in it, and writes every defined
quantity by what it is defined from. Two readings of a derivative are known: in the total one everything that lies between moves
along, in the direct one only what is written. Layouts are tried by whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...derivations.calculus.calculus import derivative, differentiate
from ...derivations.elements.elements import Element, node, product, variable
from ...derivations.errors import HwcheckError, InputError, NameUnknownError, UnsupportedError
from ...derivations.notation.names import Vocabulary, key_of
from ...derivations.notation.written import SCALAR
from ...derivations.sizes import Shape, Size
from ..chains.chain_context import replaced
from ..quantities import Given, quantity
from .claim_notation import repaired
from .claim_terms import ARGUMENT, How, Term, entry, entrywise, key_for, placed, turned
from .derivative_marks import Mark, group_end, marks

MOST_NODES = 60
_INDEX = re.compile(r"[a-z]\Z|\d+\Z")
_ENTRY = re.compile(r"(?P<base>.+?)_\s*(?:\{(?P<braced>[a-z0-9,\s]+)\}|(?P<one>[a-z0-9]))(?P<layer>\^\s*\{?[(\[]\w+[)\]]\}?)?\Z", re.S)
_UNBRACKETED = re.compile(r"[\[(](?P<base>[^\[\]]+)[\])]\Z", re.S)
_SIGMA_CALL = re.compile(r"(?:\\sigma(?![A-Za-z])|σ|(?<![A-Za-z\\])S(?=\())\s*(?:\\left\s*)?(?=\()")
_INNER_ENTRY = re.compile(r"(\\operatorname\{softmax\}\s*)\(\s*(\\?[A-Za-z{}\\ ]{1,14}?)_\s*(\{[a-z0-9]\}|[a-z0-9])\s*\)")
_CALLED = re.compile(r"(?P<name>[^()]{1,40}?)\s*(?:\\left\s*)?\((?P<arguments>[^()]*?)(?:\\right\s*)?\)\s*\Z")
_DOTS = re.compile(r"\\(?:[lc]?dots|dotsb)(?![A-Za-z])|\.\.\.|…|⋯")
_ONE_STEP = 1
_USUAL = How()


@dataclass(frozen=True, slots=True)
class Known:
    """A quantity that is defined by others: its general element in terms of them, and its shape as rows and columns."""

    element: Element
    shape: Shape


@dataclass(frozen=True, slots=True)
class Function:
    """A function with parameters; its value at them is the node of its name."""

    parameters: tuple[str, ...]


@dataclass(slots=True)
class World:
    """Names and what is known of them.

    `shapes` are those of free names as a person sees them; `nodes` the defined quantities; `main` and `wrt` the function asked about
    and its variable; `activations` says which function a letter such as f_2 stands for; `aliases` other names for a known one.
    `forms` are known quantities as they were written by others, f = r^T r; `rows` the vectors x_i that are row i of a matrix X.
    """

    shapes: dict[str, Shape] = field(default_factory=dict)
    nodes: dict[str, Known] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    activations: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    main: str = ""
    wrt: str = ""
    softmax: bool = False
    scalars: bool = False
    forms: dict[str, Element] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)

    def copy(self) -> World:
        """A world of its own, to be changed freely."""
        return replace(self, shapes=dict(self.shapes), nodes=dict(self.nodes), functions=dict(self.functions), aliases=dict(self.aliases),
                       activations=dict(self.activations), domains=dict(self.domains), forms=dict(self.forms))

    # -- names ---------------------------------------------------------------------------------------------------------------

    def find(self, spelling: str) -> str | None:
        """The known name that is spelled here: of a quantity, a function or a free name."""
        key = key_of(repaired(spelling))
        key = self.aliases.get(key, key)
        return Vocabulary((*self.shapes, *self.nodes)).find(key)

    def shape_of(self, name: str) -> Shape:
        """Rows and columns of a known name."""
        known = self.nodes.get(name)
        shape = known.shape if known is not None else tuple(self.shapes[name])
        return (*shape, 1, 1)[:2] if len(shape) < 2 else shape

    def define(self, spelling: str, text: str, how: How = _USUAL) -> bool:
        """Take up what a name is defined as; False where that cannot be read."""
        name = self.aliases.get(key_of(repaired(spelling)), key_of(repaired(spelling)))
        if len(self.nodes) >= MOST_NODES or not re.fullmatch(r"[A-Za-z]\w*(?:\^[(\[]\w+[)\]])?", name):
            return False
        try:
            term = self.term(text, how, expanded=False)
        except HwcheckError:
            return False
        if term.free or term.shape is None or name in term.element.names or term.unknown - set(self.shapes):
            return False
        self.nodes[name] = Known(term.element, term.shape)
        return True

    # -- terms ---------------------------------------------------------------------------------------------------------------

    def term(self, text: str, how: How = _USUAL, indices: Mapping[str, Size] | None = None, *, expanded: bool = True,
             keep: frozenset[str] = frozenset()) -> Term:
        """One side of an equation; with `expanded`, defined quantities are written out, but for those in `keep`.

        Raises:
            HwcheckError: it cannot be read, or has no meaning here.
        """
        plain = repaired(text)
        found = list(marks(plain, (*self.functions, *self.activations)))
        if len(found) == 1 and found[0].start == 0 and not plain[found[0].end :].strip():
            term = self.derived(found[0], how)
            return replace(term, text=text, element=self.expanded(term.element, keep)) if expanded else term
        extra: dict[str, Term] = {}
        pieces, place = [], 0
        for mark in found:
            value = self.derived(mark, how)
            pieces += [self.plain(plain[place : mark.start], extra, how), placed(value, extra)]
            place = mark.end
        pieces.append(self.plain(plain[place:], extra, how))
        term = self.read("".join(pieces), extra, indices or {})
        if expanded:
            parts = tuple(self.expanded(p, keep) for p in term.parts)
            term = replace(term, element=self.expanded(term.element, keep), parts=parts)
        return replace(term, text=text, is_worked_out=not found)

    def read(self, text: str, extra: Mapping[str, Term], indices: Mapping[str, Size]) -> Term:
        """A text without marks, with the meaning of place holders."""
        shapes: dict[str, Sequence[Size]] = {**self.shapes, **{n: k.shape for n, k in self.nodes.items()}}
        shapes |= {key: value.shape or SCALAR for key, value in extra.items()}
        for alias, name in self.aliases.items():
            if alias not in shapes and name in shapes:
                shapes[alias] = shapes[name]
        if self.scalars:
            shapes |= {n: () for n in re.findall(r"(?<![A-Za-z\\])[A-Za-z](?:_\{?\w+\}?)?(?![A-Za-z])", text) if key_of(n) not in shapes
                       and key_of(n) not in ("e", "d")}
        q = quantity(text, Given(shapes), deriving=True, indices=indices)
        values = {key: value.element for key, value in extra.items()}
        for alias, name in self.aliases.items():
            if alias in q.element.names:
                values[alias] = variable(name, tuple(s for s in self.shape_of(name) if s != 1))
        known = set(shapes)
        unknown = frozenset(n for n in q.element.names if n not in known)
        element = replaced(q.element, values)
        parts = tuple(replaced(p, values) for p in q.parts)
        names = frozenset(s.name for s in q.reading.symbols)
        return Term(text, element, q.free, q.shape, parts, q.latex, unknown | self._unknown_of(extra), names=names)

    @staticmethod
    def _unknown_of(extra: Mapping[str, Term]) -> frozenset[str]:
        return frozenset(n for value in extra.values() for n in value.unknown)

    def plain(self, text: str, extra: dict[str, Term], how: How) -> str:
        """A text without marks: calls of functions and what σ means are put in."""
        if self.softmax:
            text = _SIGMA_CALL.sub(r"\\operatorname{softmax}", text)
            text = _INNER_ENTRY.sub(r"\1(\2)_{\3}", text)
        text = self._with_rows(self._with_sums(text), extra)
        for name in self.activations:
            text = re.sub(rf"(?<![A-Za-z\\]){_spelled(name)}\s*(?=\()", rf"\\operatorname{{{self.activations[name]}}}", text)
        text = self._entries_of_indexed(text, extra)
        return self._calls(text, extra, how)

    def _with_sums(self, text: str) -> str:
        """Sums as our reader takes them: a bound that is no size of ours, and a sum without an index."""
        text = _without_dots(text)
        sizes = {str(s) for shape in (*self.shapes.values(), *(k.shape for k in self.nodes.values())) for s in shape}
        def bound(found: re.Match[str]) -> str:
            limit = found[3].strip("{}").strip()
            return found[0] if limit in sizes or limit.isdigit() else f"{found[1]}_{{{found[2].strip()}}}"
        text = re.sub(r"(\\sum|∑)\s*_\s*\{\s*([a-z])\s*=\s*1\s*\}\s*\^\s*(\{[^{}]*\}|[A-Za-z])", bound, text)
        return re.sub(r"(\\sum(?![A-Za-z])|∑)(?!\s*[_^])(?=((?:[^+\-]|\{[^{}]*\}){0,40}))", _with_index, text)

    def _with_rows(self, text: str, extra: dict[str, Term]) -> str:
        """x_i is row i of X as a column, with i open, and x_2 its second row."""
        for name, matrix in self.rows.items():
            shape = self.shape_of(matrix)
            for index in dict.fromkeys(found["index"] for found in _row_name(name).finditer(text)):
                element = variable(matrix, shape)
                if index.isdigit():
                    unit = node("unit", (), int(index), (shape[0],))
                    element = product(("b",), [(element, ("a", "b")), (unit, ("a",))], {"a": shape[0], "b": shape[1]})
                row = placed(Term(name, element, () if index.isdigit() else (index,), (shape[1], 1)), extra)
                text = _row_name(name, index).sub(row.replace("\\", r"\\"), text)
        return text

    def names_row(self, text: str) -> bool:
        """Whether one of the vectors that are rows is named in a text."""
        return any(_row_name(name).search(text) for name in self.rows)

    def with_rows(self) -> World | None:
        """The world in which x_i, declared as a vector as long as the rows of X, is row i of it; None where there is no such name."""
        rows = {}
        for name, shape in self.shapes.items():
            matrix = name.partition("_")[0].upper()
            if re.fullmatch(r"[a-z]_[i-k]", name) and matrix in self.shapes and self.shape_of(matrix)[1:] == tuple(shape)[:1]:
                rows[name] = matrix
        return replace(self, rows=rows) if rows else None

    def _entries_of_indexed(self, text: str, extra: dict[str, Term]) -> str:
        """x_{ij} is entry j of x_i, where a vector is called x_i."""
        for name, shape in self.shapes.items():
            base, _, index = name.partition("_")
            if len(index) != 1 or not index.isalpha() or sum(s != 1 for s in shape) != 1:
                continue
            pattern = re.compile(rf"(?<![A-Za-z\\]){re.escape(base)}_\s*\{{\s*([a-z])\s*,?\s*([a-z0-9])\s*\}}")
            if pattern.search(text) and f"{base}_ij" not in self.shapes and base not in self.shapes:
                key = key_for(len(extra))
                extra[key] = Term(name, variable(name, tuple(s for s in shape if s != 1)), (), (*shape, 1)[:2])
                text = re.sub(pattern.pattern.replace("([a-z])", f"({index})", 1), rf" {key}_{{\2}} ", text)
        return text

    def _calls(self, text: str, extra: dict[str, Term], how: How) -> str:
        """f(w) is the value of f; f(a, b) its value at other arguments."""
        for name, function in self.functions.items():
            pattern = re.compile(rf"(?<![A-Za-z\\]){_spelled(name)}\s*(?:\\left\s*)?(?=\()")
            place, out = 0, []
            for match in pattern.finditer(text):
                end = group_end(text, match.end())
                if match.start() < place or not end:
                    continue
                arguments = _arguments(text[match.end() + 1 : end - 1])
                out += [text[place : match.start()], self._called(name, function, arguments, extra, how)]
                place = end
            text = "".join((*out, text[place:]))
        return text

    def _called(self, name: str, function: Function, arguments: Sequence[str], extra: dict[str, Term], how: How) -> str:
        found = [self.find(a) for a in arguments]
        given = [f for f in found if f is not None]
        if tuple(found) == function.parameters or (len(given) == len(arguments) and name in self.nodes and not function.parameters):
            return f" {name} "
        if name not in self.nodes or len(arguments) != len(function.parameters):
            if len(given) == len(arguments) and name in self.nodes:
                return f" {name} "
            raise UnsupportedError(f"{name} is used here with other arguments than it was defined with.")
        values = {p: self.term(a, how).element for p, a in zip(function.parameters, arguments, strict=True)}
        known = self.nodes[name]
        term = Term(name, replaced(self.expanded(known.element), values), (), known.shape)
        return placed(term, extra)

    # -- expansion -----------------------------------------------------------------------------------------------------------

    def expanded(self, element: Element, keep: frozenset[str] = frozenset()) -> Element:
        """An element with defined quantities written out, but for those in `keep`."""
        for _ in range(len(self.nodes) + 1):
            values = {n: self.nodes[n].element for n in element.names if n in self.nodes and n not in keep}
            if not values:
                return element
            element = replaced(element, values)
        raise UnsupportedError("The definitions go round in a circle.")

    # -- derivatives ---------------------------------------------------------------------------------------------------------

    def derived(self, mark: Mark, how: How) -> Term:
        """What a derivative comes to, with its own open indices."""
        if mark.order != _ONE_STEP:
            raise UnsupportedError("Second derivatives are not judged here.")
        if mark.kind == "prime":
            return self._primed(mark, how)
        if mark.kind == "jacobian":
            return self._jacobian(mark, how)
        bottom = mark.bottom or self.wrt
        if mark.kind == "gradient" and not bottom and self._parameters(mark.top):
            return self._gradient(mark.top, self._parameters(mark.top), how)
        taken = replace(how, layout="denominator") if mark.kind == "gradient" and not how.is_course else how
        term = self.quotient(mark.top, bottom, taken)
        return turned(term) if mark.is_transposed else term

    def _parameters(self, top: str) -> tuple[str, ...]:
        """The parameters of the function whose gradient is meant, numbers all of them."""
        name = self.find(re.sub(r"\(.*\)\s*\Z", "", top))
        found = self.functions[name].parameters if name in self.functions else ()
        return found if len(found) > 1 and all(p in self.shapes and self.shape_of(p) == SCALAR for p in found) else ()

    def _gradient(self, top: str, parameters: Sequence[str], how: How) -> Term:
        """∇f of a function of several numbers: its partial derivatives in order, as a row or a column, perhaps at f(1, 2)."""
        extra: dict[str, Term] = {}
        called = _CALLED.match(top)
        cells = [placed(self.quotient(called["name"] if called else top, p, how), extra) for p in parameters]
        body = (" & " if how.layout == "numerator" else r" \\ ").join(cells)
        term = replace(self.read(rf"\begin{{bmatrix}}{body}\end{{bmatrix}}", extra, {}), is_worked_out=False, is_mark=True)
        arguments = _arguments(called["arguments"]) if called else []
        if len(arguments) != len(parameters) or tuple(map(self.find, arguments)) == tuple(parameters):
            return term
        values = {p: self.term(a, how).element for p, a in zip(parameters, arguments, strict=True)}
        return replace(term, element=replaced(self.expanded(term.element), values))

    def _jacobian(self, mark: Mark, how: How) -> Term:
        """J_f(w), J_w f, J: of what by what, then an entry of it where indices follow."""
        top, bottom = mark.top, mark.bottom
        if top and self.find(top) in self.shapes and bottom and self.find(top) is not None and self.find(top) == self.wrt:
            top, bottom = bottom, top  # J_w(f): the variable below, the function as argument
        if bottom and self.find(bottom) is None and not top:
            top, bottom = bottom, ""
        top = top or self.main
        if not bottom:
            inner = re.search(r"\(\s*(?:\\(?:mathbf|bm|boldsymbol|vec)\s*\{?)?\s*([A-Za-z])\s*\}?\s*\)", top)
            bottom = inner[1] if inner and self.find(inner[1]) in self.shapes else self.wrt
        if not top or not bottom:
            raise NameUnknownError("It is not known here which function this Jacobian belongs to.")
        indices = tuple(i for i in re.findall(r"[a-z]|\d+", mark.indices))
        return self.quotient(top, bottom, how, indices)

    def quotient(self, top: str, bottom: str, how: How, behind: tuple[str, ...] = ()) -> Term:
        """∂top/∂bottom; `behind` are indices written behind the whole."""
        name, below = self.name_and_indices(bottom)
        if name is None and re.fullmatch(r"[A-Za-z]", bottom.strip()):
            return self._of_one_number(top, bottom.strip(), how)
        if name is None:
            raise NameUnknownError(f"“{bottom}” is not known here, so a derivative by it cannot be worked out.")
        above = self._value_of(top, name, how)
        axes = tuple(s for s in self.shape_of(name) if s != 1)
        if below and len(below) != len(axes):
            raise UnsupportedError(f"“{bottom}” has another number of indices than {name} has axes.")
        if any(n.kind == "variable" and n.value == name and n.shape != axes for n in above.element.walk()):
            raise UnsupportedError(f"{name} is used with another shape here.")
        value = derivative(differentiate(above.element, variable(name, axes)))
        outer = len(above.element.shape) - len(above.free)
        labels: list[str] = [*above.free, *(f"t{k}" for k in range(outer)), *(below or (f"b{k}" for k in range(len(axes))))]
        if behind:
            labels = self._labelled_behind(labels, behind)
        return entry(value, labels, above, self.shape_of(name), how)

    def _of_one_number(self, top: str, bottom: str, how: How) -> Term:
        """The derivative by a name that nothing is known of: a number, if it is all that occurs."""
        other = self.copy()
        other.shapes[bottom] = (1, 1)
        if not self.scalars and other.term(_opened(top), how).element.names - {bottom}:
            raise NameUnknownError(f"“{bottom}” is not known here, so a derivative by it cannot be worked out.")
        term = other.quotient(top, bottom, how)
        self.shapes[bottom] = (1, 1)
        return term

    def _labelled_behind(self, labels: list[str], behind: tuple[str, ...]) -> list[str]:
        """Indices behind a whole derivative count its axes: outputs first. A row or column may carry two, or none of its own."""
        axes = [k for k, label in enumerate(labels) if label[0] in "tb" and label[1:].isdigit()]
        if len(axes) == len(behind):
            for k, index in zip(axes, behind, strict=True):
                labels[k] = index
        elif len(axes) > len(behind):
            raise UnsupportedError(f"This derivative has {len(axes)} axes, but {len(behind)} indices.")
        return labels

    def _value_of(self, top: str, bottom: str, how: How) -> Term:
        """What is differentiated, written out as far as the variable; only as it is written in the direct reading."""
        keep = frozenset((bottom,))
        if self.find(top) is None and _is_function(repaired(top)):
            top = f"{top}({bottom})"
        if not how.direct:
            term = self.term(_opened(top), how, keep=keep)
            form = self.forms.get(self.find(_opened(top)) or "")
            if form is None or term.element.depends_on(bottom):
                return term
            return replace(term, element=self.expanded(form, keep))
        term = self.term(_opened(top), how, expanded=False)
        name = self.find(_opened(top))
        if name in self.nodes and name != bottom:
            term = replace(term, element=self.nodes[name].element)
        # what does not mention the variable at all is not meant directly: its derivative is not 0 for that
        return term if term.element.depends_on(bottom) else self.term(_opened(top), how, keep=keep)

    def name_and_indices(self, text: str) -> tuple[str | None, tuple[str, ...]]:
        """A name with the indices of one entry of it: w_{ij}^{(1)} is w^(1) with i and j."""
        plain = _opened(repaired(text))
        whole, found = self.find(plain), _ENTRY.match(plain)
        of_variable = found is not None and bool(self.wrt) and self.find(_opened(found["base"])) == self.wrt
        if found is None or (whole is not None and not of_variable):
            return whole, ()
        base = self.find(_opened(found["base"]) + (found["layer"] or ""))
        inside = found["braced"] or found["one"]
        return base, tuple(re.findall(r"[a-z]|\d+", inside)) if base is not None else ()

    # -- primes --------------------------------------------------------------------------------------------------------------

    def _primed(self, mark: Mark, how: How) -> Term:
        """f′(x) of a known function of numbers, entry by entry; L′(y, a) of a defined one, by its argument that is computed."""
        name = self.find(mark.top)
        if name is not None and (name in self.functions or name == self.main):
            return self._primed_function(name, mark, how)
        called = self.activations.get(key_of(repaired(mark.top)))
        spelled = rf"\operatorname{{{called}}}" if called else mark.top
        if called is None and not _is_function(repaired(mark.top)):
            raise NameUnknownError(f"“{mark.top}” is not known here, so its derivative is not.")
        argument = self.term(mark.argument or self.wrt or "x", how, expanded=False)
        at = variable(ARGUMENT, ())
        value = self.read(f"{repaired(spelled)}({ARGUMENT})", {ARGUMENT: Term("", at, (), SCALAR)}, {})
        slope = derivative(differentiate(value.element, at))
        return replace(argument, element=entrywise(slope, argument.element), is_worked_out=False, is_mark=True)

    def _primed_function(self, name: str, mark: Mark, how: How) -> Term:
        arguments = _arguments(mark.argument) if mark.argument else []
        found = [self.find(a) for a in arguments]
        parameters = self.functions[name].parameters if name in self.functions else ()
        if len(arguments) <= 1 and (not found or found[0] in (self.wrt, *parameters)):
            return self.quotient(name, (found[0] if found else None) or self.wrt or parameters[0], how)
        computed = [f for f in found if f in self.nodes]
        if len(computed) != 1 or computed[0] is None:
            raise UnsupportedError(f"It is not clear by which argument {name}′ is meant.")
        return self.quotient(name, computed[0], how)


# -- texts ---------------------------------------------------------------------------------------------------------------------


def _opened(text: str) -> str:
    """A text without a bracket around the whole, [f(W)] or (Xw); indices behind a bracket move to what is in it."""
    text = text.strip()
    found = _ENTRY.match(text)
    base = found["base"].strip() if found else ""
    inner = _UNBRACKETED.match(base) if found and base and group_end(base, 0) == len(base) else None
    if found and inner:
        return f"{{{inner['base'].strip()}}}_{{{found['braced'] or found['one']}}}" if "(" not in inner["base"] else \
            f"{inner['base'].strip()}_{{{found['braced'] or found['one']}}}"
    if text[:1] in ("(", "[", "{") and group_end(text, 0) == len(text):
        return text[1:-1].strip()
    return text


def _arguments(text: str) -> list[str]:
    """The parts between commas outside brackets."""
    parts, depth, start = [], 0, 0
    for k, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append(text[start:k])
            start = k + 1
    return [p.strip() for p in (*parts, text[start:])]


def _without_dots(text: str) -> str:
    """u_1 + u_2 + … + u_n as a sum: its last term says the rule, which the first ones have to follow."""
    if not _DOTS.search(text):
        return text
    parts = [p.strip() for p in text.split("+")]
    found = re.search(r"_\{[a-z]?\s*,?\s*([a-z])\}|_([a-z])(?![A-Za-z])", parts[-1])
    rule = found[1] or found[2] if found else None
    if len(parts) < 3 or not _DOTS.fullmatch(parts[-2]) or rule is None or any(p.count("(") != p.count(")") for p in parts):
        return text

    def at(index: str) -> str:
        braced = re.sub(rf"_\{{([a-z]?\s*,?\s*){rule}\}}", rf"_{{\g<1>{index}}}", parts[-1])
        return re.sub(rf"_{rule}(?![A-Za-z])", f"_{index}", braced)

    half = len(parts) - 2
    squeezed = [re.sub(r"[{}\s]", "", p) for p in (*parts[:half], *(at(str(k + 1)) for k in range(half)))]
    return rf"\sum_{{v=1}}^{{{rule}}} {at('v')}" if squeezed[:half] == squeezed[half:] else text


def _with_index(found: re.Match[str]) -> str:
    """A sum without an index, with that of what it runs over: the only letter there that counts."""
    letters = list(dict.fromkeys(re.findall(r"_\s*\{?\s*([i-np-t])(?![A-Za-z])", found[2].split("\\right")[0])))
    return f"{found[1]}_{{{letters[0]}}}" if len(letters) == 1 else found[0]


def _row_name(name: str, index: str = "") -> re.Pattern[str]:
    r"""A pattern of the spellings of x_i or, where no index is given, of x_1, x_2, …, too: x_i, x_{i}, \mathbf{x}_i."""
    letter = rf"(?:(?<![A-Za-z\\]){name[0]}|\\(?:mathbf|bm|boldsymbol)\s*\{{\s*{name[0]}\s*\}})"
    return re.compile(rf"{letter}\s*_\s*(?P<brace>\{{)?(?P<index>{index or f'{name[-1]}|[1-9]'})(?(brace)\}}|(?![A-Za-z0-9]))")


def _spelled(name: str) -> str:
    """A pattern of the spellings of a name: f, \\mathbf{f}, f_2, f_{2}, L^{(1)}."""
    base, _, sub = name.partition("^")[0].partition("_")
    letters = rf"(?:\\(?:mathbf|mathcal|mathrm|bm|boldsymbol|text|operatorname)\s*\{{\s*{re.escape(base)}\s*\}}|{re.escape(base)}"
    letters += rf"|\\{re.escape(base)}(?![A-Za-z]))" if len(base) > 1 else ")"
    return letters + (rf"\s*_\s*(?:\{{{re.escape(sub)}\}}|{re.escape(sub)})" if sub else "")


def _is_function(text: str) -> bool:
    """Whether a spelling is that of a function of numbers."""
    try:
        reading = quantity(f"{text}(x)", Given({"x": []})).reading
    except (InputError, HwcheckError):
        return False
    return reading.body.op == "call" and len(reading.body.args) == 1 and reading.body.args[0].op == "name"


__all__ = ["Function", "How", "Known", "Term", "World"]
