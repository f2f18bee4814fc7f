"""A grading as text for a terminal or a pipe: a table of the problems with the first wrong step of each, and below it what a
person has to look at. Several files end with a table of all.

Everything that a person wrote is shown without characters that would move the cursor, formulas in Unicode.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...checkers.claims.claims import JudgedClaim
from ...checkers.grading.grades import Grade, ProblemGrade
from ..marked_rows import cells, one_line, printable, rows_of
from ..terminal import STYLES, Page
from ..verdict_words import HEADS, evidence_text, folded, message_of, witness_text
from .plain_formulas import plain, plain_sentence, shown
from .report_words import (
    SIGNS,
    Step,
    asked,
    diagnosed,
    first_look,
    first_step,
    left_open,
    misprints,
    points,
    standing,
    step_of,
    why_open,
)

MOST_ROWS = 4
NARROWEST_TITLE, WIDEST_TITLE = 16, 64
INDENT = 2


def text_report(grades: Iterable[Grade], *, verbose: bool = False, width: int = 80, colour: bool = False) -> Iterator[str]:
    """The report of each file as soon as it is graded, and at the end a table of all where there are several."""
    width = max(width, 40)
    rows: list[tuple[str, str, str]] = []
    for grade in grades:
        page = _Report(grade, verbose, width).page
        yield ("\n" if rows else "") + written(page, colour)
        rows.append((_name(grade.file), _short_score(grade), first_look(grade)))
    if len(rows) > 1:
        yield "\n" + written(_summary(rows, width), colour)
    elif not rows:
        yield "No file was graded.\n"


def written(page: Page, colour: bool) -> str:
    """A page as text, with the escapes of a terminal where colour is wanted."""
    if not colour:
        return page.plain() + "\n"
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {name: Style.parse(style) for name, style in STYLES.items()}
    lines = ("".join(styles[style].render(text, color_system=ColorSystem.STANDARD) if style and text.strip() else text
                     for text, style in line) for line in page.lines)  # fmt: skip
    return "\n".join(lines) + "\n"


def _name(file: str) -> str:
    """A file's name in one line."""
    return "standard input" if file == "-" else printable(file) or "(no name)"


def _short_score(grade: Grade) -> str:
    return "–" if grade.error or not grade.max else f"{points(grade.score)} of {points(grade.max)}"


class _Report:
    """The page of one file."""

    def __init__(self, grade: Grade, verbose: bool, width: int):
        self.page = Page()
        self.width = width
        self.verbose = verbose
        self.head(grade)
        if grade.error:
            self.sentence(f"This file could not be graded: {one_line(grade.error)}", INDENT, "wrong")
            return
        problems = [p for p in grade.problems if p.claims or p.status != "statement"] if verbose else asked(grade)
        self.table(problems)
        self.open(grade)
        self.misprints(grade)
        self.section("Notes", grade.notes)

    # -- parts -----------------------------------------------------------------------------------------------------------

    def head(self, grade: Grade) -> None:
        """The file, its set and its points, on one line where that fits."""
        name, score = _name(grade.file), "" if grade.error else standing(grade)
        known = [] if grade.error else [f"set {printable(grade.set)}" if grade.set else "no set recognised", score]
        line = "   ".join([name, *known])
        if _columns(line) <= self.width:
            self.page.line((name, "formula"), "".join(f"   {each}" for each in known))
            return
        self.page.extend(_hard(name, self.width), "formula")
        self.sentence("   ".join(known), INDENT)

    def table(self, problems: Sequence[ProblemGrade]) -> None:
        """One row a problem; below it what went wrong there."""
        self.page.line()
        if not problems:
            self.sentence("No problem was found in this file.", INDENT)
            return
        ids = min(max(_columns(one_line(p.id)) for p in problems), 12)
        most = max(len(_points_of(p)) for p in problems)
        status = max(len(p.status) for p in problems)
        room = self.width - INDENT - 2 - ids - 2 - 2 - most
        has_words = room - 2 - status >= NARROWEST_TITLE
        room = min(max(room - (2 + status) * has_words, 4), WIDEST_TITLE)
        titles = min(max(_columns(plain(p.title)) for p in problems), room)
        for problem in problems:
            sign, style = SIGNS[problem.status]
            title = _padded(_cut(plain(problem.title), titles), titles)
            front = f" {_padded(_cut(one_line(problem.id), ids), ids)}  {title}  {_points_of(problem):>{most}}"
            self.page.line(" " * INDENT, (sign, style), front, (f"  {problem.status}" * has_words, style if sign.strip() else "read"))
            self.below(problem, INDENT + 2)

    def below(self, problem: ProblemGrade, indent: int) -> None:
        """Under the row of a problem: every claim, or the first wrong one; and its notes."""
        if self.verbose:
            for judged in problem.claims:
                self.claim(judged, indent)
        elif (step := first_step(problem)) is not None:
            self.step(step, indent)
        elif problem.status in ("wrong", "partly right") and not problem.notes:
            self.sentence(f"{problem.where}: no single line is wrong, but what is asked was not reached", indent)
        for note in problem.notes:
            self.sentence(f"note: {plain_sentence(note)}", indent, "note", hang=6)

    def step(self, step: Step, indent: int) -> None:
        """The first wrong step: its line, what was written, and below that what is wrong with it."""
        label = f"{step.where}  "
        self.rows(step, indent, [(label, "number")])
        self.said(step.diagnosis, step.message, indent + len(label))

    def claim(self, judged: JudgedClaim, indent: int) -> None:
        """One claim with all that is known of it."""
        verdict, claim = judged.verdict, judged.claim
        sign, style = HEADS[verdict.verdict]
        label = f"{claim.where}  "
        because = "" if verdict.evidence is None else evidence_text(verdict.evidence)
        said = message_of(verdict)
        step = step_of(judged)
        if verdict.verdict == "right" or step.line != claim.line:
            spans = () if verdict.verdict == "right" else step.spans
            step = Step(claim.line, claim.text, spans, verdict.diagnosis, verdict.message, claim.place)
        self.rows(step, indent, [(label, "number"), (sign, style), (" ", "")], 2 * MOST_ROWS)
        beside = indent + len(label) + 2
        evidence, whose = verdict.evidence, "of the sheet, " if claim.role == "statement" else ""
        self.said(verdict.diagnosis, said, beside)
        if evidence is not None and evidence.witness is not None:
            self.sentence(plain_sentence(witness_text(evidence.witness)), beside)
        told = f"{whose}{claim.kind}" + ("" if verdict.verdict == "right" and because else f", {verdict.verdict}")
        told += f": {because}" if because else ""
        if said or _columns(self.page.lines[-1]) + 3 + _columns(told) > self.width:
            self.sentence(told, beside, "read")
        else:
            self.page.lines[-1].append((f"   {told}", "read"))
        for fact in evidence.facts if evidence is not None else ():
            self.sentence(f"using {plain_sentence(fact)}", beside, "read")
        for note in verdict.notes:
            if note not in verdict.message:
                self.sentence(f"note: {plain_sentence(note)}", beside, "note", hang=6)

    def open(self, grade: Grade) -> None:
        """What only a person can settle."""
        found = left_open(grade)
        if not found:
            return
        self.page.line()
        self.page.line(("For a person", "rule"))
        bare = [self.place(p) for p in found if not why_open(p)]
        self.sentence(", ".join(bare), INDENT, hang=0)
        for problem in found:
            if why := why_open(problem):
                self.sentence(self.place(problem), INDENT)
                self.sentence(plain_sentence(why), INDENT + 4, "read", hang=0)

    def place(self, problem: ProblemGrade) -> str:
        """A problem and its line, which are not torn apart."""
        status = "" if problem.status == "for a person" else f", {problem.status}"
        return f"{one_line(problem.id) or plain(problem.title)} ({problem.where}{status})".strip().replace(" ", "\N{NO-BREAK SPACE}")

    def misprints(self, grade: Grade) -> None:
        """Slips of the sheet, which nobody loses points for."""
        slips = misprints(grade)
        if not slips:
            return
        self.page.line()
        self.page.line(("Misprints of the sheet", "rule"))
        for judged in slips:
            step = step_of(judged)
            label = f"{step.where}  "
            self.rows(step, INDENT, [(label, "number")])
            self.said(step.diagnosis, step.message, INDENT + len(label), "")

    def section(self, title: str, sentences: Sequence[str]) -> None:
        """A heading and sentences."""
        if sentences:
            self.page.line()
            self.page.line((title, "rule"))
            for each in sentences:
                self.sentence(plain_sentence(each), INDENT)

    # -- rows ------------------------------------------------------------------------------------------------------------

    def rows(self, step: Step, indent: int, label: list[tuple[str, str]], most: int = MOST_ROWS) -> None:
        """What was written, in a few rows, with carets where places in it are spoken of."""
        beside = indent + sum(_columns(text) for text, _ in label)
        what = shown(step.text)
        room = self.width - beside
        room = room // 2 if _columns(what.text) > len(what.text) else room  # some characters are two columns wide
        rows = rows_of(what.text, 0, what.spans(step.spans), room) or [("(nothing)", "")]
        rows = [(part, carets) for text, carets in rows for part in ([text] if carets else _hard(text, self.width - beside))]
        for text, carets in _fewer(rows, most):
            self.page.line(" " * indent, *label, (text, "formula"))
            if carets:
                self.page.line(" " * beside, (carets, "wrong"))
            indent, label = beside, []

    def said(self, diagnosis: str | None, message: str, indent: int, style: str = "wrong") -> None:
        """The diagnosis and the message, hanging."""
        words, text = diagnosed(diagnosis), plain_sentence(message)
        if not words:
            self.sentence(text, indent, hang=0)
            return
        first, *rest = self.folded(f"{words}: {text}" if text else words, indent, 0)
        head = first[: len(words)] if first.startswith(words) else ""
        self.page.line(" " * indent, (head, style), first[len(head) :])
        self.page.extend(" " * indent + row for row in rest)

    def sentence(self, text: str, indent: int, style: str = "", hang: int = 2) -> None:
        """A sentence in as many rows as it needs."""
        if not text:
            return
        for k, row in enumerate(self.folded(text, indent, hang)):
            self.page.line(" " * (indent + hang * bool(k)), (row, style))

    def folded(self, text: str, indent: int, hang: int) -> list[str]:
        """Rows of a sentence, none wider than the page."""
        room = max(self.width - indent - hang, 20)
        return [part for row in folded(text, room) for part in _hard(row, room)]


def _summary(rows: Sequence[tuple[str, str, str]], width: int) -> Page:
    """All files: their points, and where to look first."""
    page = Page()
    page.line((f"All {len(rows)} files", "rule"))
    names = min(max(_columns(name) for name, _, _ in rows), width * 2 // 5)
    scores = max(len(score) for _, score, _ in rows)
    room = width - INDENT - names - 2 - scores - 2
    for name, score, look in rows:
        end = _padded(_cut_front(name, names), names)
        page.line(f"{' ' * INDENT}{end}  {score:>{scores}}  {_cut(one_line(look), room)}")
    return page


# -- texts in columns ------------------------------------------------------------------------------------------------------


def _points_of(problem: ProblemGrade) -> str:
    return f"{points(problem.score)} of {points(problem.max)}" if problem.max else "–"


def _columns(text: str | Sequence[tuple[str, str]]) -> int:
    """How many columns a text takes, or the pieces of a line."""
    return sum(map(cells, text if isinstance(text, str) else "".join(piece for piece, _ in text)))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _cut(text: str, width: int) -> str:
    """The start of a text in a width, with … where something is left out."""
    if _columns(text) <= width:
        return text
    used, kept = 1, ""
    for character in text:
        used += cells(character)
        if used > width:
            break
        kept += character
    return kept.rstrip() + "…"


def _cut_front(text: str, width: int) -> str:
    """The end of a text in a width: of a path, the file."""
    return text if _columns(text) <= width else _cut(text[::-1], width)[::-1]


def _hard(text: str, width: int) -> list[str]:
    """A text in rows of a width, cut anywhere where a word is longer."""
    rows, row, used = [], "", 0
    for character in text:
        size = cells(character)
        if used + size > width:
            rows.append(row)
            row, used = "", 0
        row, used = row + character, used + size
    return [*rows, row]


def _fewer(rows: Sequence[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    """At most so many rows: those around the first carets, else the first."""
    if len(rows) <= most:
        return list(rows)
    first = next((k for k, (_, carets) in enumerate(rows) if carets), 0)
    start = max(0, min(first - most // 2, len(rows) - most))
    chosen = list(rows[start : start + most])
    if start:
        chosen[0] = (f"… {chosen[0][0]}", "" if not chosen[0][1] else f"  {chosen[0][1]}")
    if start + most < len(rows):
        chosen[-1] = (f"{chosen[-1][0]} …", chosen[-1][1])
    return chosen


__all__ = ["text_report", "written"]
