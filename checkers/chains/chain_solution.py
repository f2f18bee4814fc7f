"""One solution under one layout, while it is judged: every line against the line before and against what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...derivations.elements.elements import Element, variable
from ...derivations.errors import HwcheckError, InputError, ShapeError
from ...derivations.notation.written import SCALAR, Written
from ..verdicts import Evidence, LineVerdict, Verdict, VerdictWord
from .chain_context import DENOMINATOR, NUMERATOR, Context, Term, partial_shape, spelled
from .chain_heads import Head, Pair
from .chain_lines import ABOUT, Line, Statement
from .chain_matching import UNKNOWN, Match, Matcher, half_unit
from .chain_numbers import derivative_by_numbers
from .chain_remarks import Group, Remark, consistent, fraction, short, usual_remark, words
from .plain_reading import Plain
from .plain_steps import PlainSteps, has_names, is_chain_rule, leaves_a_derivative
from .usual_meaning import Meaning
from .usual_trials import LOOSEST

_NAMES_A_DERIVATIVE = re.compile(r"\\partial|∂|\\nabla|∇|\bd\w+\s*/\s*d\w|\\frac\s*\{\s*(?:\\mathrm\{)?d")
_ORDER: dict[VerdictWord, int] = {"wrong": 0, "unreadable": 1, "undecided": 2, "right": 3}


class Solution:
    """One solution under one layout, while it is judged."""

    def __init__(
        self, lines: list[Line], expected: str | None, context: Context, seed: int, sure: bool, exact: bool,
        symbols: Mapping[str, str], said: str,
    ):  # fmt: skip
        self.lines = lines
        self.plain = PlainSteps("\n".join(line.text for line in lines), symbols, said) if expected is None else None
        self.context = context
        self.sure = sure
        self.match = Matcher(context, seed, sure, exact)
        self.expected_text = expected
        self.expected = self._expected(expected)
        self.remarks: dict[int, list[Remark]] = {line.number: [] for line in lines}
        self.reads: dict[int, list[list[str]]] = {line.number: [] for line in lines}
        self.group: Group | None = None
        self.groups: list[Group] = []
        self.final_head = self._final_head()
        self.result: Remark | None = None
        self.facts: dict[str, None] = {}
        self.usual = ""
        self.points = 0
        self.is_conditional = False

    def _expected(self, text: str | None) -> Term | None:
        if text is None:
            return None
        term = self.context.read(text)
        self.match.noticed(term)
        self.match.known |= term.element.names
        return term

    def _final_head(self) -> Statement | None:
        heads = [s for line in self.lines for s in line.statements if not s.continues]
        return heads[-1] if heads else None

    def _is_continued(self, statement: Statement) -> bool:
        """Whether the next statement goes on where this one ends."""
        found = [s for line in self.lines for s in line.statements]
        place = next(k for k, s in enumerate(found) if s is statement)
        return place + 1 < len(found) and found[place + 1].continues

    # -- the whole -------------------------------------------------------------------------------------------------

    def judge(self) -> None:
        """Judge all lines in order, then the result."""
        for line in self.lines:
            if line.prose or not line.statements:
                self.remarks[line.number].append(Remark("undecided", "The words of this line are not judged.", is_aside=True))
            for statement in line.statements:
                self.statement(statement, line)
        self.conclude()

    def take_meaning(self, meaning: Meaning) -> None:
        """Where a line is not decided yet, say what the usual meaning of its names makes of it."""
        used = False
        for number, found in meaning.lines.items():
            said = self.remarks[number]
            if any(r.verdict == "wrong" for r in said) or (said and all(r.verdict == "right" and not r.assumed for r in said)):
                continue
            remark = usual_remark(found, said)
            if remark is not None:
                self.remarks[number] = [remark]
                used = used or remark.checked
        if used and meaning.world.note:
            self.usual = meaning.world.in_words
        if used:
            self.points = meaning.points

    @property
    def word(self) -> VerdictWord:
        """The verdict on the whole."""
        remarks = [r for found in self.remarks.values() for r in found] + ([self.result] if self.result else [])
        if any(r.verdict == "wrong" for r in remarks):
            return "wrong"
        if all(r.verdict == "unreadable" for r in remarks):
            return "unreadable"
        if any(r.verdict != "right" and not (r.is_aside and self.expected is None) for r in remarks):
            return "undecided"
        if self.expected is None and not any(r.checked for r in remarks):
            return "undecided"
        return "right"

    @property
    def left_open(self) -> int:
        """How many lines are not decided."""
        return sum(any(r.verdict != "right" for r in found) for found in self.remarks.values())

    def unchecked(self) -> list[str]:
        """Quantities that were taken as written, without a step that could be checked."""
        return [g.named for g in self.groups if g.is_assumed and not g.is_checked]

    @property
    def first_wrong_line(self) -> int | None:
        return next((n for n, found in self.remarks.items() if any(r.verdict == "wrong" for r in found)), None)

    @property
    def fits_the_expected(self) -> bool:
        """Whether derivatives by vectors have the shape of the expected value in this layout."""
        shape = self.expected.shape if self.expected else SCALAR
        return (self.context.layout == NUMERATOR) == (shape[0] == 1 != shape[-1])

    def verdict(self, answer: str) -> Verdict:
        """The verdict as it is handed out."""
        word, first = self.word, self.first_wrong_line
        lines = tuple(self.line_verdict(line) for line in self.lines)
        worst = next((r for r in self.remarks[first] if r.verdict == "wrong"), None) if first else None
        spans = tuple(line.span for line in self.lines if line.number == first)
        read = next((s[-1] for found in reversed(self.reads.values()) for s in reversed(found) if s), None)
        return Verdict(
            answer,
            word,
            self.message(word, first, worst),
            self.evidence(word),
            worst.diagnosis if worst else None,
            read,
            spans,
            tuple(self.facts),
            first,
            lines,
        )

    def evidence(self, word: VerdictWord) -> Evidence | None:
        """What the verdict rests on, where names were taken in their usual meaning: floating-point numbers at some points."""
        if not self.points or word not in ("right", "wrong"):
            return None
        facts = (self.usual,) if self.usual else ()
        if word == "right":
            return Evidence("agrees", self.points, max_relative_difference=LOOSEST, facts=facts)
        return Evidence("differs", self.points, facts=facts)

    def message(self, word: VerdictWord, first: int | None, worst: Remark | None) -> str:
        if worst is not None:
            return f"Line {first} is the first that is wrong. {worst.message}"
        if word == "right":
            with_result = ", and the result is right" if self.expected is not None else ""
            facts = f" Used: {'; '.join(self.facts)}." if self.facts else ""
            assumed = [g.named for g in self.groups if g.is_assumed] if self.expected is None else []
            taken = f" Taken as written: {', '.join(assumed)}." if assumed else ""
            usual = f" Taken as usual: {self.usual}." if self.usual else ""
            return f"Every line follows{with_result}.{taken}{usual}{facts}"
        unread = [n for n, found in self.remarks.items() if any(r.verdict != "right" and not r.is_aside for r in found)]
        unread = unread or [n for n, found in self.remarks.items() if any(r.verdict != "right" for r in found)]
        if word == "unreadable":
            return "No line could be read. " + next(r.message for found in self.remarks.values() for r in found)
        if unread:
            return f"No mistake was found, but line {unread[0]} could not be decided. {self.remark_of(unread[0]).message}"
        if self.result is not None and self.result.verdict != "right":
            return self.result.message
        return "No mistake was found, but what the solution starts from is not given, so it cannot be confirmed."

    def remark_of(self, number: int) -> Remark:
        """What is said of a line: the worst of what was found on it."""
        found = self.remarks[number]
        return min(found, key=lambda r: _ORDER[r.verdict]) if found else Remark("undecided", "Nothing was read here.")

    def line_verdict(self, line: Line) -> LineVerdict:
        remark = self.remark_of(line.number)
        if remark.verdict == "right":
            said = dict.fromkeys(r.message for r in self.remarks[line.number] if r.message)
            remark = replace(remark, message=" ".join(said))
        read = r",\quad ".join(" = ".join(s) for s in self.reads[line.number] if s)
        return LineVerdict(line.number, remark.verdict, remark.message, read or None)

    # -- one statement ---------------------------------------------------------------------------------------------

    def statement(self, statement: Statement, line: Line) -> None:
        """Judge one statement and take up what it says."""
        self.reads[line.number].append([])
        self.is_conditional = bool(statement.conditions) or (statement.continues and self.is_conditional)
        if not statement.is_readable:
            self.group = None
            self.say(
                line,
                Remark(
                    "undecided",
                    "This line has a sign that is not judged here; only equalities are.",
                    is_aside=re.search(r"\\in(?![A-Za-z])|∈", line.text) is not None,
                ),
            )
            return
        terms = list(zip(statement.terms, statement.signs, strict=True))
        if statement.continues:
            if self.group is None:
                known = self.expected is not None or self.groups
                self.say(line, Remark("undecided", "What this line continues was not read.", is_aside=not known))
                self.group = Group(Head(""), "this quantity", is_final=statement is self.final_head)
        else:
            self.group = self.opened(statement, line)
            self.groups.append(self.group)
            has_head = len(terms) > 1 or self._is_continued(statement)
            if not has_head and self.expected is not None and statement is not self.final_head:
                self.say(line, Remark("undecided", "Nothing says what this line has to do with the result."))
            self.group.plain = self.plain.tree(statement.terms[0]) if self.plain is not None and has_head else None
            self.group.plain_head = self.group.plain
            if self.group.head.name or self.group.head.pair or self.group.is_open:
                terms = terms[1:]
                self.group.is_started = False
                if not terms:
                    self.say(line, Remark("right", ""))
        for text, sign in terms:
            self.judged_form(text, sign == ABOUT, line)

    def judged_form(self, text: str, about: bool, line: Line) -> None:
        """Judge one form of the quantity at hand; where the strict reading says nothing, as plain algebra."""
        said = self.remarks[line.number]
        before = len(said)
        term = self.read(text, line)
        assert self.group is not None
        if term is None:
            self.group.last = None
            if self.plain is not None and not self.group.last_line:
                self.group.last_line = line.number
        else:
            try:
                self.step(term, about, line)
            except HwcheckError as error:
                self.say(line, Remark("undecided", f"“{short(text)}” cannot be judged here: {error.message}"))
        if self.plain is not None:
            self.plainly(self.plain, text, said, before, line)

    def plainly(self, steps: PlainSteps, text: str, said: list[Remark], before: int, line: Line) -> None:
        """Confirm a form from the one before it, as plain algebra."""
        group = self.group
        assert group is not None
        tree, last = steps.tree(text), group.plain
        is_first = not group.is_started
        fresh = said[before:]
        is_open = any(r.verdict != "right" or r.assumed for r in fresh) and all(r.verdict != "wrong" for r in fresh)
        if tree is not None and is_open and (tree != last or not is_first):
            remark = self.plain_remark(steps, tree, group, is_first)
            if remark is not None:
                said[before:] = [remark]
                group.is_checked, group.is_assumed = group.is_checked or remark.checked, group.is_assumed or remark.assumed
        if is_first:
            steps.define(last, tree)
        steps.take(tree)
        group.plain, group.is_started = tree, True

    def plain_remark(self, steps: PlainSteps, tree: Plain, group: Group, is_first: bool) -> Remark | None:
        """What plain algebra says of a form, after the one before it; None for nothing."""
        last, head = group.plain, group.plain_head
        if steps.follows(last, tree, head) or (last != head and steps.follows(head, tree)):
            self.facts.update(steps.notes)
            return Remark("right", "", checked=has_names(tree))
        name = steps.named_anew(last, tree, head)
        if name is not None:
            is_checked = tree.op != "name"
            return Remark("right", f"This holds with {name} for an expression of the line before.", None, 0, not is_checked, is_checked)
        starts = is_first and (last is None or last.op in ("name", "derivative", "call"))
        if starts or leaves_a_derivative(last, tree, head) or is_chain_rule(tree):
            return Remark("right", f"{group.named} is taken as it is written here.", assumed=True)
        return None

    def say(self, line: Line, remark: Remark) -> None:
        if remark.verdict == "wrong" and self.is_conditional:
            remark = Remark("undecided", "This is said under a condition, and is not judged.")
        self.remarks[line.number].append(remark)

    def read(self, text: str, line: Line) -> Term | None:
        """One expression; what cannot be read is said."""
        try:
            term = self.context.read(text)
        except ShapeError as error:
            known = self.sure and not self.context.guessed
            self.say(line, Remark("wrong" if known else "undecided", f"The shapes do not fit: {error.message}", "shape" if known else None))
            return None
        except InputError as error:
            self.say(line, Remark("unreadable", f"“{short(text)}” cannot be read: {error.message}"))
            return None
        except HwcheckError as error:
            self.say(line, Remark("undecided", f"“{short(text)}” cannot be judged here: {error.message}"))
            return None
        self.match.noticed(term)
        self.reads[line.number][-1].append(term.latex)
        return term

    def opened(self, statement: Statement, line: Line) -> Group:
        """The quantity that a statement speaks of, with what is known of it."""
        names_something = len(statement.terms) > 1 or self._is_continued(statement)
        head = self.context.head(statement.terms[0]) if names_something else Head(statement.terms[0])
        final = statement is self.final_head
        group = Group(head, short(head.text), is_final=final, first_line=line.number)
        if head.pair:
            self.reads[line.number][-1].append(fraction(head.pair))
            group.truths = list(self.derivatives(head.pair))
        elif head.name:
            self.reads[line.number][-1].append(spelled(head.name))
            known = self.context.nodes.get(head.name)
            if known is not None and known.first is not None:
                group.truths = [self.held(head.text, variable(head.name, known.first.shape), known.shape)]
        elif names_something:
            group.is_open = _NAMES_A_DERIVATIVE.search(head.text) is not None and not self.is_read(head.text)
        if (head.pair or head.name or group.is_open) and not group.truths and final and self.expected is not None:
            group.truths, group.expected = [self.expected], True
        return group

    def is_read(self, text: str) -> bool:
        """Whether an expression has a meaning here."""
        try:
            self.context.read(text)
        except HwcheckError:
            return False
        return True

    def derivatives(self, pair: Pair) -> Iterator[Term]:
        """What a derivative comes to: through all definitions, and with only those written out that stand in it."""
        try:
            shape = partial_shape(
                self.context.shape_of(pair.top), self.context.shape_of(pair.bottom), DENOMINATOR if pair.gradient else self.context.layout
            )
        except HwcheckError:
            return
        known = self.context.nodes.get(pair.top)
        whole = self.context.worked_out(pair, latest=False)
        if whole is None or known is None:
            return
        yield self.held(pair.top, whole, shape)
        for value, latest in ((known.latest, True), (known.first, False)):
            if latest and value is not known.first:
                carried = self.context.worked_out(pair, latest=True)
                if carried is not None:
                    yield self.held(pair.top, carried, shape)
            elif not latest and value is not None and value.depends_on(pair.bottom):
                direct = self.context.direct(value, pair)
                if direct is not None:
                    yield self.held(pair.top, direct, shape)

    def held(self, text: str, element: Element, shape: tuple[int | str, ...]) -> Term:
        """A term for something that was worked out, not written."""
        return Term(text, Written("name", (), text), element, shape)

    # -- one step --------------------------------------------------------------------------------------------------

    def step(self, term: Term, about: bool, line: Line) -> None:
        """Judge one expression of the quantity at hand, and take it up."""
        group = self.group
        assert group is not None
        is_first = group.last is None and not group.last_line
        follows = self.match(group.last, term, about=about) if group.last is not None else UNKNOWN
        names = self.named(group, term, about)
        if is_first and not (group.head.name or group.head.pair or group.is_open):
            remark, group.truths = Remark("right", ""), [term]  # an expression to start from
        elif is_first:
            remark = self.first_form(group, term, names, line)
        else:
            remark = self.next_form(group, follows, names, line)
        for match in (follows, names):
            if match.same and match.fact and remark.verdict == "right":
                self.facts[match.fact] = None
                remark = replace(remark, message=f"This holds because {match.fact}.")
            elif match.same and match.rounded and remark.verdict == "right" and not remark.message:
                remark = replace(remark, message="Equal as rounded.")
        if self.plain is not None and group.is_assumed and not term.element.names:  # arithmetic on numbers that were taken as written
            remark = replace(remark, checked=False)
        self.say(line, remark)
        group.is_assumed, group.is_checked = group.is_assumed or remark.assumed, group.is_checked or remark.checked
        if remark.verdict == "wrong" and not group.wrong_line:
            group.wrong_line = line.number
        self.take_up(group, term, line, is_first)
        group.last, group.last_line = term, line.number

    def named(self, group: Group, term: Term, about: bool) -> Match:
        """How a form compares with what the quantity is: one reading that makes it right is enough."""
        found = [self.match(truth, term, about=about) for truth in group.truths]
        return next((m for m in found if m.same), next((m for m in found if m.outcome == "unknown"), found[0]) if found else UNKNOWN)

    def first_form(self, group: Group, term: Term, names: Match, line: Line) -> Remark:
        """What stands first after the name of a quantity."""
        if names.same:
            if names.carried and names.carried != line.number and self.is_wrong(names.carried):
                return consistent(names.carried)
            return Remark("right", "", checked=True)
        if names.different and not group.expected:
            if group.head.name and group.head.name in term.element.names:  # w = w − η g is a new value
                return Remark("undecided", f"{group.named} has a new value from here on; this is not followed.")
            cause = self.carried_cause(group, term)
            if cause:
                return consistent(cause)
        if names.different and self.has_rounded_claims(term):
            return Remark("undecided", "The numbers that were put in are rounded; this is not compared.")
        if names.different:
            return self.wrong_name(group, names)
        if group.truths:
            return Remark("undecided", f"It could not be decided whether this is {group.named}.")
        if group.is_open:
            return Remark("right", f"{group.named} is taken as it is written here.", assumed=True)
        if group.head.pair is None:
            return Remark("right", f"Taken as the definition of {group.named}.")
        return self.derivative_claim(group.head.pair, term, group)

    def has_rounded_claims(self, term: Term) -> bool:
        """Whether a form names derivatives that were claimed as decimals."""
        known = (self.context.nodes.get(name) for name in term.element.names)
        return any(n is not None and n.claimed and n.literal is not None and "." in n.literal for n in known)

    def wrong_name(self, group: Group, names: Match) -> Remark:
        what = (
            f"This should be {group.named}, and has another value"
            if not group.expected
            else f"{group.named} should come to {self.expected_text}, and this has another value"
        )
        if names.diagnosis == "transposed":
            return Remark("wrong", f"This is the transpose of what {group.named} is in the layout of this solution.", "transposed")
        if names.diagnosis == "shape":
            return Remark("wrong", f"This does not have the shape of {group.named}.", "shape")
        return Remark("wrong", f"{what}{words(names)}.", names.diagnosis)

    def derivative_claim(self, pair: Pair, term: Term, group: Group) -> Remark:
        """A derivative of something that was not defined: by the chain rule from above, or as the result implies, or as said."""
        for latest in (False, True):
            linked = self.context.by_chain_rule(pair, latest=latest)
            if linked is not None:
                found = self.match(self.held(pair.top, linked, term.shape), term)
                if found.same:
                    return Remark("right", "This follows by the chain rule from the lines above.", checked=True)
        implied = self.implied(pair, term)
        if implied.same:
            if implied.fact:
                self.facts[implied.fact] = None
            return Remark("right", "This leads to the result.", checked=True)
        if implied.different:
            what = f"With this, the chain rule does not lead to the result: {group.named} has another value"
            return Remark("wrong", f"{what}{words(implied)}.", implied.diagnosis)
        return Remark("right", f"{group.named} is taken as it is written here: what it is a derivative of is not given.", assumed=True)

    def implied(self, pair: Pair, term: Term) -> Match:
        """Whether a claimed ∂L/∂a leads to the expected ∂L/∂z."""
        if self.expected is None or self.final_head is None or len(self.final_head.terms) < 2:
            return UNKNOWN
        final = self.context.head(self.final_head.terms[0]).pair
        if final is None or final.top != pair.top or not self.context.reaches(pair.bottom, final.bottom):
            return UNKNOWN
        try:
            linked = self.context.linked(term.element, pair, final.bottom)
        except HwcheckError:
            return UNKNOWN
        if linked is None:
            return UNKNOWN
        return self.match(self.expected, self.held(pair.top, linked, self.expected.shape))

    def next_form(self, group: Group, follows: Match, names: Match, line: Line) -> Remark:
        """What stands after another form of the same quantity."""
        if follows.same:
            if follows.carried and follows.carried != line.number and self.is_wrong(follows.carried):
                return consistent(follows.carried)
            if group.wrong_line and group.wrong_line != line.number and not names.same:
                return consistent(group.wrong_line)
            return Remark("right", "", checked=True)
        if names.same:
            if not group.wrong_line and group.last is not None and follows.different and not names.rounded:
                return Remark("wrong", self.no_step(group, follows), follows.diagnosis)
            again = f"This is right again, though it does not follow from line {group.last_line}." if group.wrong_line else ""
            return Remark("right", again, checked=True)
        if follows.different:
            if not self.is_asserted(group):
                return Remark("undecided", "This is an equation to solve, or something was not said; it is not judged.")
            return Remark("wrong", self.no_step(group, follows), follows.diagnosis)
        if names.different and not group.wrong_line and group.last is None:
            return self.wrong_name(group, names)
        return Remark("undecided", "It could not be decided whether this step holds.")

    def no_step(self, group: Group, follows: Match) -> str:
        before = f"line {group.last_line}" if group.last_line else "what stands before"
        if follows.diagnosis == "transposed":
            return f"This is the transpose of {before}: the layout changes here."
        if follows.diagnosis == "shape":
            return f"This does not have the shape of {before}."
        return f"This does not follow from {before}{words(follows)}."

    def is_asserted(self, group: Group) -> bool:
        """Whether a chain of equalities is an identity that is claimed, and no equation to solve."""
        if group.head.name or group.head.pair or self.expected is not None:
            return True
        return group.first_line != group.last_line

    def is_wrong(self, number: int) -> bool:
        return any(r.verdict == "wrong" for r in self.remarks.get(number, ()))

    def carried_cause(self, group: Group, term: Term) -> int:
        """The wrong line whose value makes this one follow by the chain rule; 0 for none."""
        wrong = [n for n in self.remarks if self.is_wrong(n)]
        if group.head.pair is None or not wrong:
            return 0
        linked = self.context.by_chain_rule(group.head.pair, latest=True)
        if linked is not None and self.match(self.held("", linked, term.shape), term).same:
            return wrong[0]
        return 0

    def take_up(self, group: Group, term: Term, line: Line, is_first: bool) -> None:
        """Remember what was said."""
        head, context = group.head, self.context
        if head.pair is not None:
            context.claim(head, term, line.number)
        elif head.name is not None:
            if (is_first and not group.truths) or (is_first and group.expected):
                if context.define(head.name, term, line.number):
                    if head.parameters:
                        context.functions[head.name] = head.parameters
            elif not term.element.depends_on(head.name):
                context.written_again(head.name, term, line.number)

    # -- the result ------------------------------------------------------------------------------------------------

    def conclude(self) -> None:
        """Hold the last value against the expected one, and find the line to name where they differ."""
        group = self.group
        if self.expected is None:
            if (slip := self.slip(None)) is not None:  # the link is by numbers only: a doubt, no verdict
                self.remarks[slip[0]].append(Remark("undecided", slip[1]))
            return
        if group is None or group.last is None:
            self.result = Remark("undecided", "The last line was not read, so the result could not be compared.")
            return
        found = self.match(self.expected, group.last)
        if found.same:
            if found.fact:
                self.facts[found.fact] = None
            self.hold_against_the_result(group)
            return
        if found.different and any(self.match(self.expected, truth).same for truth in self.exact_forms(group)):
            self.facts["the result is rounded early, and right up to that"] = None
            return
        if found.different:
            if not self.blamed_by_numbers(group) and self.first_wrong_line is None:
                self.blame(group, found)
            return
        self.result = Remark("undecided", "It could not be decided whether the last line is the expected result.")

    def hold_against_the_result(self, final: Group) -> None:
        """What has the name of the result has its value: ∂f/∂w = 3w above ∂f/∂w = 2w is wrong, though the last line is right."""
        for group in self.groups:
            if group is final or group.last is None or group.named != final.named or not (group.head.name or group.head.pair):
                continue
            if self.expected is not None and self.match(self.expected, group.last).different:
                said = f"{group.named} has another value further down, which is the right one."
                self.remarks[group.last_line].append(Remark("wrong", said))

    def exact_forms(self, group: Group) -> list[Term]:
        """What the last quantity is without rounding on the way, if every line is right."""
        if self.first_wrong_line is not None or not any("rounded" in r.message for found in self.remarks.values() for r in found):
            return []
        if group.truths and not group.expected:
            return group.truths
        if group.head.name in self.context.nodes and group.last is not None:
            axes = tuple(s for s in group.last.shape if s != 1)
            return [self.held("", variable(group.head.name, axes), group.last.shape)]
        return []

    def slip(self, own: Pair | None) -> tuple[int, str] | None:
        """The first derivative that was claimed as a number, and is another one by the lines above: its line, and what it is."""
        for place, pair in list(self.context.pairs.items()):
            claim = self.context.nodes.get(place)
            if claim is None or not claim.claimed or claim.literal is None or pair == own:
                continue
            value = derivative_by_numbers(self.context, pair)
            if value is not None and abs(value - float(claim.literal)) > max(half_unit(claim.literal), 1e-9 * abs(value)):
                return claim.line, f"By the lines above, d{pair.top}/d{pair.bottom} is {value:g}, not {claim.literal}."
        return None

    def blamed_by_numbers(self, group: Group) -> bool:
        """Whether a derivative that was claimed as a number above is what makes the result wrong; that line is named then."""
        first = self.first_wrong_line
        slip = self.slip(group.head.pair)
        if slip is None or (first is not None and not (group.expected and first == group.first_line)):
            return False
        line, said = slip
        for number in range(line + 1, len(self.lines) + 1):
            self.remarks[number] = [consistent(line) if r.verdict == "wrong" else r for r in self.remarks[number]]
        self.remarks[line].append(Remark("wrong", said))
        return True

    def blame(self, group: Group, found: Match) -> None:
        """All lines follow, and the result is not the expected one: what the solution starts from is wrong."""
        number, what = group.first_line, f"This does not lead to {self.expected_text}"
        known = self.context.nodes.get(group.head.pair.top) if group.head.pair else None
        if known is not None and known.line and not group.expected:
            number = known.line
            what = f"The lines below follow from this, but do not lead to {self.expected_text}, so this is not what was given"
        self.remarks[number].append(Remark("wrong", f"{what}{words(found)}.", found.diagnosis))


__all__ = ["Solution"]
