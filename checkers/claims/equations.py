r"""Equations and chains of equalities, each judged in its world: is the right side what the left side names.

Every side of a chain is held against the first one, or where that is a new name against the side before. The readings that people
use (layouts, total and direct derivatives) are tried; one consistent reading that makes a chain right makes it right. What cannot be
read or is not known is never wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...derivations.elements.confirmation import seed_of
from ...derivations.elements.elements import Element
from ...derivations.errors import HwcheckError
from ...derivations.notation.names import key_of
from ..chains.chains import judged_chain
from ..quantities import Given
from ..verdicts import Verdict
from .chain_steps import RANK, Chain, Step, conclusion_of, steps_of
from .claim_conditions import is_condition
from .claim_notation import damage, is_blank, repaired
from .claim_settings import Setting
from .claim_terms import How, Term
from .claim_worlds import Function, World
from .derivative_marks import marks
from .finding import Formula
from .links import Linker, short
from .term_comparison import Condition, matched, with_indices

_FUNCTION_HEAD = re.compile(r"(?P<name>\\?[A-Za-z]+(?:_\{?\w+\}?)?)\s*\(\s*(?P<parameters>[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s*\)\Z")
_LIST = re.compile(r"\s*,\s*(?:\d|\\[lc]?dots|\.\.\.|…|\\times)")
LONGEST, MOST_SIDES, MOST_SAID = 4_000, 100, 20
_FIRST_LINE = re.compile(r"\ALine \d+ is the first that is wrong\. ")
_NAME = re.compile(r"(?:hat_|bar_|tilde_)?[A-Za-z]+(?:_\w{1,8})?(?:\^[(\[]\w+[)\]])?\Z")


@dataclass(slots=True)
class Judge:
    """Judges the formulas of an answer in order; what they define (`own`), and the numbers they give, is known from then on."""

    setting: Setting
    world: World
    seed: int | None = None
    own: set[str] = field(default_factory=set)
    values: dict[str, Element] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    # -- one formula -----------------------------------------------------------------------------------------------------------

    def judged(self, formula: Formula, condition: Condition | None = None) -> tuple[Step, ...]:
        """The steps of a formula with their verdicts; none where it claims nothing that could be wrong: a definition, a blank.

        A step that holds is its own claim; one that does not takes with it what leads up to it from the left side.
        """
        if not formula.is_equation or _LIST.match(formula.after) or is_condition(formula) is not None:
            return ()
        whole = len(formula.sides) - 1
        if formula.end - formula.start > LONGEST or whole > MOST_SIDES:
            return (Step(0, whole, Verdict("", "undecided", "This formula is too long to be judged in one piece.")),)
        try:
            return self._steps(formula, condition)
        except RecursionError:
            return (Step(0, whole, Verdict("", "undecided", "This formula is nested too deep to be judged.")),)
        except Exception as error:  # a defect of ours must not take the other claims with it
            said = f"A defect of hwcheck, not of the answer: {type(error).__name__}."
            return (Step(0, whole, Verdict("", "undecided", said)),)

    def _steps(self, formula: Formula, condition: Condition | None) -> tuple[Step, ...]:
        """The steps of an equation."""
        sides = [repaired(s.text) for s in formula.sides]
        if any(is_blank(s.text) for s in formula.sides):
            return ()
        if self._is_given(sides[0]):
            self._take(sides)
            return ()
        broken = next((said for side in sides if (said := damage(side)) is not None), None)
        if broken is not None:
            return (Step(0, len(sides) - 1, Verdict("", "unreadable", broken)),)
        base = 0
        if self._defines_function(sides):
            return ()
        if self._defines(sides):
            known = self._define(sides[0], sides[1])
            base = 0 if known else 1
            if known:
                self.own.add(key_of(sides[0]))
            if len(sides) < 3:
                return ()
        if self._defined_otherwise(sides):
            said = f"“{short(sides[0])}” was defined before as something else, so this is not held against it."
            return (Step(0, len(sides) - 1, Verdict("", "undecided", said)),)
        seed = seed_of(" = ".join(sides)) if self.seed is None else self.seed
        chain = self._best(sides[base:], list(formula.signs[base:]), condition, seed)
        if base and chain.word in ("undecided", "unreadable"):
            return ()
        if len(sides) > 2 and not base and not self.setting.sure and chain.word == "undecided":
            whole = self._as_solution(sides, seed)
            if whole is not None:
                return (Step(0, len(sides) - 1, whole),)
        if chain.word == "right":
            self._keep_form(sides)
        steps = steps_of(chain, base, len(sides))
        return (*steps, *conclusion_of(chain, base, len(sides)))

    def _keep_form(self, sides: Sequence[str]) -> None:
        """Keep how a known quantity was written by names of the person's own: f = r^T r."""
        name = self.world.find(sides[0])
        for side in sides[1:] if name in self.world.nodes else ():
            try:
                term = self.world.term(side, self.setting.hows()[0], expanded=False)
            except HwcheckError:
                continue
            if name is not None and term.names & self.own and not term.free:
                self.world.forms.setdefault(name, term.element)

    def _as_solution(self, sides: Sequence[str], seed: int) -> Verdict | None:
        """A chain of which nothing else is known, as a worked solution of its own; None where that decides nothing either.

        A quantity that is only taken as it is written is not confirmed by that.
        """
        text = "\n".join((*self.said[-MOST_SAID:], "\n= ".join(sides)))
        verdict = judged_chain(text, None, Given(), seed=seed)
        if verdict.verdict not in ("right", "wrong") or (verdict.verdict == "right" and "Taken as" in verdict.message):
            return None
        said = _FIRST_LINE.sub("", verdict.message)
        return Verdict(text, verdict.verdict, said, verdict.evidence, verdict.diagnosis, verdict.read_as, notes=verdict.notes)

    def _marked(self, text: str) -> bool:
        """Whether a derivative is marked in a text."""
        return next(marks(text, (*self.world.functions, *self.world.activations)), None) is not None

    def _is_given(self, head: str) -> bool:
        """Whether the left side is a free name, or a list of them: the equation then sets a value."""
        name = self.world.find(head)
        if name is not None and name in self.world.shapes and name not in self.world.nodes:
            return True
        inner = head.strip()
        if inner[:1] in "([" and inner[-1:] in ")]":
            listed = [p.strip() for p in inner[1:-1].split(",")]
            return len(listed) > 1 and all(re.fullmatch(r"\\?[A-Za-z]\w*(?:_\{?\w+\}?)?", p) for p in listed)
        return False

    def _take(self, sides: Sequence[str]) -> None:
        """Take up numbers that are given to a free name."""
        name = self.world.find(sides[0])
        try:
            term = self.world.term(sides[-1])
        except HwcheckError:
            return
        if name is not None and not term.element.names and term.element.shape == tuple(s for s in self.world.shape_of(name) if s != 1):
            self.values[name] = term.element

    def _define(self, head: str, body: str) -> bool:
        """Take up a definition; where nothing is known of what it speaks of, its names are numbers."""
        self.said.append(f"{head} = {body}")
        world = self.world if self.setting.sure else replace(self.world, scalars=True)
        return world.define(head, body, self.setting.hows()[0])

    def _defined_otherwise(self, sides: Sequence[str]) -> bool:
        """Whether the left side is a name that the person gave to something else before."""
        name = self.world.find(sides[0])
        if name is None or name not in self.own or name not in self.world.nodes:
            return False
        try:
            term = self.world.term(sides[1])
            known = Term(name, self.world.expanded(self.world.nodes[name].element), (), self.world.nodes[name].shape)
            return matched(known, term, self.world.domains, 0).outcome != "same"
        except HwcheckError:
            return True

    def _defines(self, sides: Sequence[str]) -> bool:
        """Whether the left side is a name that nothing is known of."""
        head = sides[0]
        if self._marked(head) or self.world.find(head) is not None or self.world.name_and_indices(head)[0] is not None:
            return False
        return _NAME.match(key_of(head)) is not None

    def _defines_function(self, sides: Sequence[str]) -> bool:
        """Take up f(x) = …, where nothing is known of f but what was defined so before."""
        if self._marked(sides[0]):
            return False
        found = _FUNCTION_HEAD.match(sides[0])
        name = key_of(found["name"]) if found else ""
        if found is None or (name in (*self.world.functions, *self.world.nodes, *self.world.shapes) and name not in self.own):
            return False
        if not re.fullmatch(r"[A-Za-z](?:_\w{1,3})?", name) or (name == "sigma" or name in self.world.activations):
            return False
        parameters = tuple(key_of(p) for p in found["parameters"].split(","))
        world = self.world.copy()
        world.shapes |= {p: (1, 1) for p in parameters if world.find(p) is None}
        world.nodes.pop(name, None)
        if world.define(name, sides[1]):
            self.own.add(name)
            self.world.nodes[name] = world.nodes[name]
            self.world.functions[name] = Function(parameters)
            self.world.shapes |= {p: world.shapes[p] for p in parameters if p in world.shapes}
        return True

    def _best(self, sides: Sequence[str], signs: Sequence[str], condition: Condition | None, seed: int) -> Chain:
        """The first reading in which the chain is right, else the best one."""
        chains: list[Chain] = []
        found = [mark for s in sides for mark in marks(s, (*self.world.functions, *self.world.activations))]
        hows = self.setting.hows() if found else self.setting.hows()[:1]
        if any(mark.kind == "gradient" for mark in found):
            hows = (*hows, *(replace(how, is_course=True) for how in hows))
        for world in self._worlds(sides):
            linker = Linker(self.setting, world, self.values)
            for how in hows:
                chain = _chain(linker, sides, signs, how, condition, seed)
                chains.append(chain)
                if chain.word == "right":
                    return chain
        return min(chains, key=lambda c: (RANK[c.word], sum(RANK[link.verdict] for link in c.links), c.by_shape))


    def _worlds(self, sides: Sequence[str]) -> tuple[World, ...]:
        """What the names may stand for: where nothing is sure, strange ones are numbers; x_i may be a row of X."""
        worlds = (self.world,) if self.setting.sure else (self.world, replace(self.world, scalars=True))
        rows = self.world.with_rows()
        return worlds if rows is None or not any(rows.names_row(s) for s in sides) else (*worlds, rows)


def _chain(linker: Linker, sides: Sequence[str], signs: Sequence[str], how: How, condition: Condition | None, seed: int) -> Chain:
    """A chain in one reading: each side held against the first, or against the last one that is known where the first is not."""
    try:
        head = linker.world.term(sides[0], how)
    except HwcheckError as error:
        return Chain((linker.without_head(sides, how, error, seed),))
    links, truth, named = [], head, sides[0]
    for place in range(1, len(sides)):
        link = linker.link(truth, named, sides[place], signs[place], how, condition, seed)
        links.append(replace(link, place=place))
        if link.verdict == "right" and truth.unknown:
            truth, named = _known(linker.world, truth, sides[place], how), sides[place]
    return Chain(tuple(links), head.latex or None)


def _known(world: World, truth: Term, side: str, how: How) -> Term:
    """A side that turned out right, as what the next ones are held against."""
    try:
        return world.term(side, how, with_indices(truth))
    except HwcheckError:
        return truth


__all__ = ["Judge"]
