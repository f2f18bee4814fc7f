"""Shapes that an answer or a sheet states in words: of the Jacobian, of the function, of a name, of Jacobians in general.

A shape counts as a claim where the words before it say whose it is; shapes of names that nobody declared only declare them, for the
rest of their sentence. What a conditional sentence declares (“if y is n × 1 …”) is never judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...derivations.errors import HwcheckError
from ...derivations.problems.problems import Problem
from ..flat_text import FlatText, clauses, flat_text
from ..quantities import Given
from ..references import derivative_of
from ..shapes.shapes import judged_shape
from ..start_answers import quoted
from ..submissions.submissions import Passage
from ..verdicts import Verdict
from .claims import PlacedClaim, Role
from .placing import placed

_LONGEST = 40_000
_WORDS = 24  # as far as the words row and column belong to a shape
_BEFORE = 600  # so far back the words are looked for that say whose shape it is
_SIZE = r"(?:[A-Za-z](?:[_^]\{?[A-Za-z0-9]\}?)?|[0-9]{1,4})"
_SIZES = rf"{_SIZE}(?:\s*×\s*{_SIZE}|\s+x\s+{_SIZE}){{1,3}}"
_GROUP = rf"\(\s*(?:{_SIZES}|{_SIZE})\s*\)"
_SHAPE = re.compile(
    rf"(?P<groups>{_GROUP}(?:\s*×\s*{_GROUP}){{1,2}})"
    rf"|R\s*\^\s*(?P<space>\{{\s*(?:{_SIZES}|{_SIZE})\s*\}}|{_SIZE}(?![A-Za-z0-9]))"
    rf"|(?<![A-Za-z0-9_^])(?P<sizes>{_SIZES})(?![A-Za-z0-9_^(]|\s*×)"
    rf"|(?<![A-Za-z0-9_^])(?P<tuple>\(\s*{_SIZE}\s*,(?:\s*{_SIZE}(?:\s*,\s*{_SIZE}){{0,2}})?\s*\))"
)
_NOUNS = r"(?:(?:square|diagonal|identity|zero|column|row)\s+)*(?:vectors?|matrix|matrices|tensors?|dimensions?|dimensional)"
_FILLER = re.compile(
    r"(?:[\s,:(|]|(?<![A-Za-z])(?:(?-i:an?)|A(?=\s+(?:row|column|vector|matrix|tensor|zero))|the|is|are|be|being|has|have|was"
    r"|of|with|in|as|general|shapes?|dimensions?|dimensionality|size|sizes|row|column"
    r"|vectors?|matrix|matrices|tensor|zero|zeros|also|therefore|thus|hence|just|simply|will|must|then|again|real|its|given|by|gives|get"
    r"|denoted|defined|to)(?![A-Za-z])|[=∈])+\Z",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?<![A-Za-z])(?:is|are|be|has|have|was|gives|get|shapes?|dimensions?|size)(?![A-Za-z])|[=∈:]", re.IGNORECASE)
_OPERAND = re.compile(
    r"(?:respect to|w\.?r\.?t\.?|of|by|between|from|to|and)\s+(?:an?\s+|the\s+)?(?:(?:row|column|square)\s+)?(?:vector|matrix)?\s*\Z"
)
_APPOSED = re.compile(r"\A\s*,\s*(?:an?|the)\s+(?:(?:row|column|real|zero)\s+)*\Z|\A\s*\(\s*\Z")
_NAME = re.compile(
    r"(?:\A|[\s(,:$])(?P<name>(?P<letter>[A-Za-z])(?:_\{?(?P<index>[A-Za-z0-9])\}?)?)(?P<turned>\s*\^\s*\{?\s*T\s*\}?)?"
    r"(?P<call>\s*\(\s*[A-Za-z]\s*\))?\Z"
)
_ANOTHER = re.compile(
    r"(?<![A-Za-z])(?:each|every|one|whose|where|another|first|second|inputs?|variables?|arguments?|products?|rows?|columns?|blocks?"
    r"|entr(?:y|ies)|slices?|weights?|data|by|multiply|times|layer|than|not|like|both|shape)\s*\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:]|(?<![A-Za-z])(?:so|thus|hence|then)(?![A-Za-z])")
_AFTER_SHAPE = re.compile(rf"{_SIZES}\s*\Z")
_HEADS = re.compile(r"[\s*().0-9|-]*(?:(?:answer|solution|shape|size|dimensions?)\s*)?\Z", re.IGNORECASE)
_OF = r"(?P<{0}>an?\s+scalar|(?:an?\s+)?(?:{1})(?:\s+{2})?|(?:the\s+)?(?:vector\s+|matrix\s+|input\s+)?[A-Za-z](?:_[A-Za-z0-9])?)"
_JACOBIAN_OF = re.compile(
    r"Jacobian(?:\s+matrix)?\s+of\s+" + _OF.format("out", _SIZES, _NOUNS) + r"\s*,?\s+(?:with\s+respect\s+to|w\.?r\.?t\.?)\s+"
    + _OF.format("into", _SIZES, _NOUNS) + r"(?:\s*,?\s*or\s+J\S{0,24}(?:\s\S{1,12})?)?\s*,?\s*\Z", re.IGNORECASE)
_JACOBIAN_IN = re.compile(
    r"J\s*_\s*\{?\s*(?P<low>[A-Za-z])\s*\}?\s*(?:\(\s*(?P<argument>[A-Za-z])\s*\)|\s*(?P<next>[A-Za-z](?![A-Za-z])))\s*\Z"
)
_JACOBIAN = re.compile(
    r"(?<![A-Za-z])(?:Jacobian(?:\s+matrix)?(?:\s+of\s+(?:f|the\s+function|softmax))?|derivative"
    r"|J(?:\s*_\s*\{?[fσ](?:\s*\([A-Za-z]\)\s*\})?)?(?:\s*\(\s*[A-Za-z]\s*\))?)\s*\Z"
)
_OUTPUT = re.compile(r"(?<![A-Za-z])(?:outputs?|result|function|f\s*\(\s*[A-Za-z]\s*\))\s*\Z")
_OUTPUT_FIRST = re.compile(r"shape of (?:the )?output\s*\)?\s*×\s*\(?\s*shape of (?:the )?input")
_INPUT_FIRST = re.compile(r"shape of (?:the )?input\s*\)?\s*×\s*\(?\s*shape of (?:the )?output")
_SCALAR = re.compile(r"(?<![A-Za-z])([A-Za-z])\s+is\s+an?\s+scalar")
_SUPPOSED = re.compile(r"(?:\A|[\s(*-])(?:if|suppose|let|given|assume|for|when)(?![A-Za-z])", re.IGNORECASE)


def shape_claims(passage: Passage, problem: Problem | None, role: Role = "answer") -> tuple[PlacedClaim, ...]:
    """The shapes that a passage claims, each against what is declared or derived; those of which it is not plain whose they are, not."""
    if len(passage.text) > _LONGEST:
        return ()
    reader = _Reader.of(passage, problem, role)
    return tuple(_claims(passage, reader, role))


def _claims(passage: Passage, reader: _Reader, role: Role) -> Iterator[PlacedClaim]:
    for start, end in _sentences(reader.flat):
        for low, high, verdict in reader.of_sentence(start, end):
            if verdict.verdict != "unreadable":
                first, last = quoted(passage.text, *reader.flat.span(low, high))
                last += passage.text[first:last].count("*") % 2 and passage.text[last : last + 1] == "*"
                yield placed(passage, first, last, "shape", role, verdict)


def _sentences(flat: FlatText) -> Iterator[tuple[int, int]]:
    """Sentences and, in a list, its lines."""
    for start, end in clauses(flat):
        at = start
        for item in re.finditer(r"\n\s*(?:[-•]\s|\(?[0-9]{1,2}[.)]\s)", flat.text[start:end]):
            yield at, start + item.start()
            at = start + item.start()
        yield at, end


@dataclass(slots=True)
class _Reader:
    """A passage being read: the problem's names, and what the sentence at hand declares."""

    flat: FlatText
    problem: Problem | None
    given: Given
    layout: str | None
    both: bool
    scalars: frozenset[str]
    role: Role
    sizes: frozenset[str]
    local: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, passage: Passage, problem: Problem | None, role: Role) -> _Reader:
        flat = flat_text(passage.text)
        given = Given(problem.shapes, problem.definitions, problem.domains) if problem and problem.kind == "jacobian" else Given()
        layout = problem.layout if problem and problem.kind == "jacobian" else None
        if layout is None:
            first, second = _OUTPUT_FIRST.search(flat.text), _INPUT_FIRST.search(flat.text)
            layout = "numerator" if first and not second else "denominator" if second and not first else None
        sizes = frozenset(str(size) for shape in given.shapes.values() for size in shape) | {"1"}
        scalars = frozenset(_SCALAR.findall(flat.text))
        return cls(flat, problem, given, layout, bool(problem and problem.layouts == "both"), scalars, role, sizes)

    def of_sentence(self, start: int, end: int) -> Iterator[tuple[int, int, Verdict]]:
        """Every shape of a sentence that is claimed, in order."""
        text = self.flat.text[start:end]
        if text.startswith("\n"):
            self.local = {}  # another item
        for found in _SHAPE.finditer(text):
            before = text[max(0, found.start() - _BEFORE) : found.start()]
            if _plain(found).startswith("a "):
                continue  # an article, and the size behind it was lost
            if _OPERAND.search(before[-40:]) and not re.search(r"(?:shapes?|sizes?|dimensions?)\s+of\s*\Z", before):
                continue
            filler = _FILLER.search(before, max(0, len(before) - 120))
            eaten, owner = (filler[0], before[: filler.start()]) if filler else ("", before)
            eaten = eaten or " "
            alone = not text.strip(" \n.*$-")[: -len(found[0])].strip(" ()0123456789.") and text.rstrip(" \n.*$").endswith(found[0])
            plain = not owner.strip(" \n-*().0123456789")
            if not (alone or plain or _LINK.search(eaten) or _APPOSED.search(eaten) or eaten.rstrip().endswith((",", ":", "("))):
                continue
            if found["tuple"] and not alone and not re.search(r"shape|dimension|size", before[-60:], re.IGNORECASE):
                continue
            if (found["space"] and re.match(r"\s*→", text[found.end() :])) or before.rstrip().endswith("→"):
                continue  # the type of a function
            verdict = self._judged(owner, eaten, found, before) if not alone else self._of_problem(_plain(found))
            if verdict is not None:
                verdict = _against_words(verdict, _plain(found), eaten[-_WORDS:] + text[found.end() : found.end() + _WORDS])
                yield start + found.start(), start + found.end(), verdict

    def _judged(self, owner: str, eaten: str, found: re.Match[str], before: str) -> Verdict | None:
        said = _plain(found)
        general = _JACOBIAN_OF.search(owner, max(0, len(owner) - 300))
        if general:
            return self._general(self._operand(general["out"]), self._operand(general["into"]), said)
        noted = _JACOBIAN_IN.search(owner, max(0, len(owner) - 80))
        if noted and (inside := self._noted(noted)) is not None:
            return self._general(*inside, said)
        jacobian = _JACOBIAN.search(owner, max(0, len(owner) - 80))
        headed = _HEADS.match(owner) is not None and ("of" in eaten.split() or ":" in eaten or "hape" in eaten)
        if jacobian or (headed and self._asks_for_jacobian()):
            return self._of_problem(said)
        if output := _OUTPUT.search(owner, max(0, len(owner) - 80)):
            of_output = self._of_output(said)
            if output[0].strip() == "result" and of_output is not None and of_output.verdict == "wrong":
                derived = self._of_problem(said)  # of what was worked out: the Jacobian may be meant
                return derived if derived is not None and derived.verdict == "right" else of_output
            return of_output
        if _NAME.search(owner, max(0, len(owner) - 40)):
            return self._of_name(owner, said, before)
        return self._of_nothing_else(owner, before, said)

    def _of_nothing_else(self, owner: str, before: str, said: str) -> Verdict | None:
        """Of a shape that is asked for, and of which nothing says that it is another's."""
        problem = self.problem
        if problem is None or problem.kind not in ("jacobian", "softmax") or self.role == "statement":
            return None
        if problem.kind == "jacobian" and ("shape" not in problem.asked or not _letters(said) <= self.sizes):
            return None
        supposed = _SUPPOSED.search(_CLAUSE.split(before[-80:])[-1])
        if supposed or _AFTER_SHAPE.search(owner[-40:]) or _ANOTHER.search(owner, max(0, len(owner) - 60)):
            return None
        return self._of_problem(said, any_layout="∇" in before[-80:] or "gradient" in before[-80:])

    def _asks_for_jacobian(self) -> bool:
        return self.problem is not None and self.problem.kind == "jacobian"

    def _of_problem(self, said: str, any_layout: bool = False) -> Verdict | None:
        """The Jacobian that is asked for."""
        problem = self.problem
        if problem is not None and problem.kind == "softmax":
            sizes = _axes(said)
            return _checked(_composed(sizes[0], sizes[0], "numerator"), said, Given()) if sizes else None
        if problem is None or problem.kind != "jacobian":
            return None
        layouts = ("numerator", "denominator") if self.both or any_layout else (problem.layout,)
        verdicts = [self._derivative(problem, layout, said) for layout in layouts]
        return next((v for v in verdicts if v.verdict == "right"), verdicts[0])

    def _derivative(self, problem: Problem, layout: str, said: str) -> Verdict:
        reference = derivative_of(problem.function, problem.wrt, self.given, layout=layout, order=problem.order)
        return judged_shape(reference.axes, said, self.given)

    def _of_output(self, said: str) -> Verdict | None:
        """The function itself."""
        if self.problem is None or self.problem.kind != "jacobian":
            return None
        body = self.problem.function.partition("=")[2] or self.problem.function
        return _checked(f"shape({body})", said, self.given)

    def _of_name(self, owner: str, said: str, before: str) -> Verdict | None:
        """A declared name, or a name that is declared here."""
        name = _NAME.search(owner, max(0, len(owner) - 40))
        if name is None or name["call"]:
            return None
        written = name["name"].replace("{", "").replace("}", "")
        declared = written in self.given.shapes
        if not declared:
            vector = name["index"] is None or self.given.shapes.get(name["letter"], ("",)) == ()
            if vector and not name["turned"]:
                self.local.setdefault(written, said)
            return None
        if _SUPPOSED.search(before):
            return None
        return _checked(f"shape({written}{'^T' if name['turned'] else ''})", said, self.given)

    # -- Jacobians in general ------------------------------------------------------------------------------------------

    def _operand(self, words: str) -> str | None:
        """The shape of what a Jacobian is of: a scalar is the empty text, and None is not known."""
        if re.search(r"scalar", words, re.IGNORECASE):
            return ""
        stated = _SHAPE.search(words)
        if stated:
            return None if _plain(stated).startswith("a ") else _plain(stated)
        letter = words.split()[-1]
        if letter in self.scalars:
            return ""
        if letter in self.local:
            return self.local[letter]
        if letter in self.given.shapes:
            return " × ".join(map(str, self.given.shapes[letter]))
        return None

    def _noted(self, noted: re.Match[str]) -> tuple[str | None, str | None] | None:
        """J_y(x) is that of y by x, and J_x y that of y by x."""
        if noted["argument"]:
            out, into = noted["low"], noted["argument"]
        else:
            out, into = noted["next"], noted["low"]
        shapes = (self._operand(out), self._operand(into))
        return shapes if None not in shapes else None

    def _general(self, out: str | None, into: str | None, said: str) -> Verdict | None:
        """What a rule “outputs × inputs”, or the other way round, makes of two shapes."""
        if out is None or into is None:
            return None
        wanted = {layout: _composed(out, into, layout) for layout in ("numerator", "denominator")}
        if self.layout is not None and not self.both:
            verdict = _checked(wanted[self.layout], said, Given())
            rule = "outputs × inputs" if self.layout == "numerator" else "inputs × outputs"
            if verdict is not None and verdict.verdict == "wrong":
                message = f"By the rule here, {rule}, it is {wanted[self.layout]}, not {said}."
                return Verdict(said, "wrong", message, verdict.evidence, verdict.diagnosis)
            return verdict
        verdicts = {layout: _checked(w, said, Given()) for layout, w in wanted.items()}
        if all(v is not None and v.verdict == "right" for v in verdicts.values()) or self.both:
            return next((v for v in verdicts.values() if v and v.verdict == "right"), verdicts["numerator"])
        if all(v is not None and v.verdict == "wrong" for v in verdicts.values()):
            return verdicts["numerator"]
        message = "It is right in one layout of Jacobians and not in the other, and nothing here says which is meant."
        return Verdict(said, "undecided", message)


def _against_words(verdict: Verdict, said: str, words: str) -> Verdict:
    """A column that is 1 × d is no column."""
    sizes = [part.strip() for part in re.split(r"\s*×\s*|\s+x\s+", said)]
    if verdict.verdict != "right" or len(sizes) != 2 or sizes[0] == sizes[1] or "1" not in sizes:
        return verdict
    kind, other = ("row", "column") if sizes[0] == "1" else ("column", "row")
    named = {w.lower() for w in re.findall(r"[A-Za-z]+", words)}
    if other not in named or kind in named:
        return verdict
    return Verdict(said, "wrong", f"{said} is the shape of a {kind}, not of a {other}.", verdict.evidence, "shape")


def _letters(said: str) -> set[str]:
    return set(re.findall(r"[A-Za-z0-9]+", re.sub(r"\bx\b", " ", said)))


def _plain(found: re.Match[str]) -> str:
    """The sizes alone: R^{n × d} is n × d."""
    if found["space"]:
        inside = found["space"].strip("{} ")
        return inside if "×" in inside or " x " in inside else f"{inside} × 1"
    return " ".join((found["groups"] or found["sizes"] or found["tuple"]).split())


def _checked(expected: str, said: str, given: Given) -> Verdict | None:
    try:
        return judged_shape(expected, said, given)
    except HwcheckError:
        return None


def _composed(out: str, into: str, layout: str) -> str:
    """The shape of a Jacobian of something of one shape by something of another."""
    one, two = _axes(out), _axes(into)
    if layout == "denominator":
        if not one:
            return " × ".join(two if len(two) != 1 else (*two, "1"))
        one, two = two, one
    if len(one) <= 1 and len(two) <= 1:
        return f"{one[0] if one else '1'} × {two[0] if two else '1'}"
    if not one or not two:
        return " × ".join(one or two)
    return f"({' × '.join(one)}) × ({' × '.join(two)})" if len(one) > 1 or len(two) > 1 else f"{one[0]} × {two[0]}"


def _axes(shape: str) -> tuple[str, ...]:
    """The sizes of a shape that are not 1."""
    parts: Sequence[str] = re.split(r"\s*×\s*|\s+x\s+", shape) if shape else ()
    return tuple(p.strip("() ") for p in parts if p.strip("() ") != "1")


__all__ = ["shape_claims"]
