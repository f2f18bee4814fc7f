"""One row of a solution: its formulas without alignment marks, labels, reasons and macros, and the words that lead to them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from .chain_macros import Macros, group_after
from .chain_prose import Formula, formulas_among_words, is_word, lead_of, trimmed, without_bullet, without_emphasis, without_remarks
from .chain_repairs import without_tags, without_wide_signs
from .chain_signs import levels, signs_in

_DROPPED = re.compile(
    r"\\(?:nonumber|notag|hline|smallskip|medskip|bigskip|newline|centering|hfill|displaystyle|allowdisplaybreaks|item|noindent)(?![A-Za-z])"
    r"|\\(?:label|tag\*?|eqref|ref|cite)\s*\{[^{}]*\}"
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_SPACING = re.compile(r"\\[hv]space\*?\s*\{[^{}]*\}")
_PHANTOM = re.compile(r"\\[hv]?phantom\s*\{[^{}]*\}")
_BRACE = re.compile(r"\\(?:under|over)brace(?![A-Za-z])")
_DEFINED = re.compile(
    r"\\(?:overset|stackrel|underset)\s*\{[^{}]{0,40}(?:\{[^{}]{0,40})?(?:def|Delta|triangle|let)[^{}]{0,40}\}{1,2}\s*\{\s*=\s*\}", re.I
)
_OVER_SIGN = re.compile(r"\\(?:overset|stackrel|underset)\s*\{[^{}]{0,60}(?:\{[^{}]{0,60}\}[^{}]{0,60})?\}\s*\{\s*(=|\\approx)\s*\}")
_BREAK = re.compile(r"\\\\(?:\[-?\d[\w. ]{0,12}\])?")
_SQUARE = re.compile(r"\A\\?\[\d[^\]]*\]")  # the [2pt] after a line break
_REASON = re.compile(r"(?:(?:\s\s|\t)\((?:by|chain|using|since|from|def)[^()]*\)|\s(?:#|//|--)\s.*|\\q?quad|\\tag\*?)\s*\Z", re.S)
_PREFIX = re.compile(
    r"(?:\s|&|,|:|;|=>|⇒|⟹|∴|∵|→|\\(?:because|Rightarrow|implies|therefore|Longrightarrow|iff|Leftrightarrow|quad|qquad|displaystyle)(?![A-Za-z])"
    r"|\\[,;:! ]|(?:so|thus|hence|therefore|then|and|where|with|we get|we have|this gives|which gives|now|next|finally|let)\b(?=[\s,:]))+",
    re.I,
)
_TEXT = re.compile(r"\\(?:text|mbox|textrm|textnormal|textit|textbf|intertext|shortintertext|mathrm|mathit|rm)\s*(?=\{)")
_INLINE = re.compile(r"\$([^$]+)\$")
_OTHER_INLINE = re.compile(r"\\?\\\((.{1,600}?)\\?\\\)")
_HEADING = re.compile(r"\\(?:(?:sub)*section|(?:sub)?paragraph|chapter|title|textbf|emph|textit|underline)\*?\s*\{([^{}$]*)\}")
_LETTER = re.compile(r"[^\W\d_]")
_LONG = re.compile(r"(?<![\\\w])[^\W\d_]{4,}(?!\w)")
_BRACED = re.compile(r"\{[^{}]*\}")
_LABEL = re.compile(r"\s*[^\W\d_][^\W\d_'’-]*(?: [^\W\d_'’-]+){0,7}\s*:\s*(?=\S)")
_OPERATOR = re.compile(
    r"(?:\s|&|\\[,;:! ]|\\q?quad(?![A-Za-z])|\\[hv]?phantom\s*\{[^{}]*\})*(\+|-|·|⊙|\\(?:cdot|times|odot|circ|pm|otimes)(?![A-Za-z]))"
)


def starts_with_an_operator(row: str) -> tuple[str, bool]:
    """The operator that a row starts with, or nothing, and whether a sign stands in it.

    >>> starts_with_an_operator(r"& \\quad + c"), starts_with_an_operator("-a = b"), starts_with_an_operator("= b")
    (('+', False), ('-', True), ('', True))
    """
    found = _OPERATOR.match(row)
    return (found[1] if found else ""), bool(signs_in(_without_marks(row)))


def is_heading(row: str) -> bool:
    """Whether a row without formulas is a heading or a label, and says nothing by itself.

    >>> [is_heading(row) for row in ("## 2. Gradient", "**Step 1: loss**", "dE/dr:", "Then:", "It is clear.", "We see that this is so:")]
    [True, True, True, True, False, False]
    """
    row = row.strip()
    is_bold = row.startswith("**") and row.endswith("**") and row.count("**") == 2
    return row.startswith("#") or is_bold or not _LETTER.search(row) or (row.endswith((":", "：", ":**")) and len(row.split()) <= 3)


def formulas_of(raw: str, macros: Macros, names: Collection[str], is_display: bool) -> tuple[list[Formula], bool]:
    """The formulas of a row, and whether words stand beside them.

    A formula without text only says what the words make of the formulas after it.

    >>> formulas_of("Let u = 2", Macros(), (), False)[0][0].lead
    'define'
    """
    text = without_tags(without_wide_signs(raw))
    if not is_display and text.strip().startswith("|") and text.strip().endswith("|") and text.count("|") > 2 and "||" not in text:
        return _table_row(text, macros, names)
    if not is_display:
        text = _HEADING.sub(r" \1 : ", text) if "\\" in text else text
        text = without_emphasis(without_bullet(_SQUARE.sub("", text.strip())))
        text = _OTHER_INLINE.sub(r"$\1$", text) if "\\(" in text else text
        if text.count("$") >= 2:
            return _between_dollars(text, macros, names)
        if "\\" not in text:
            return _plain_line(text.replace("$", " "), names)
        label = _LABEL.match(text)
        text = text[label.end() :] if label else text
        bare = _unwrapped(_DROPPED.sub(" ", text).strip())
        if "\\" not in bare or (not signs_in(bare) and len(_LONG.findall(_BRACED.sub(" ", bare))) > 2):
            return _plain_line(bare, names)
    found, said = _display_row(_cleaned(text, macros), names)
    return found, said


def _table_row(text: str, macros: Macros, names: Collection[str]) -> tuple[list[Formula], bool]:
    """The formulas in the cells of a row of a table."""
    found: list[Formula] = []
    for cell in text.strip().strip("|").split("|"):
        inner, _ = formulas_of(cell, macros, names, False)
        found += [f for f in inner if signs_in(f.text)]
    return found, not found


def _plain_line(text: str, names: Collection[str]) -> tuple[list[Formula], bool]:
    """A line without LaTeX."""
    text = _without_reasons(text)
    found, said = formulas_among_words(text, names)
    if not said and not found:
        return [Formula("", lead_of(text)[0])], False
    if not said and len(found) == 1 and not found[0].lead:
        bare = _bare(without_remarks(text))
        is_heading = not signs_in(bare) and (text.rstrip().endswith((":", "：")) or ": " in text)
        return ([Formula(bare)] if bare and not is_heading else []), False
    kept = [f for f in found if signs_in(f.text) or f.lead == "if"]
    if not any(signs_in(f.text) for f in kept):
        return [*kept, Formula("", lead_of(text)[0])], True
    return kept, said


def _between_dollars(text: str, macros: Macros, names: Collection[str]) -> tuple[list[Formula], bool]:
    """A line with formulas between dollars."""
    found: list[Formula] = []
    said, place, lead = False, 0, ""
    for match in _INLINE.finditer(text):
        words = text[place : match.start()]
        lead, has_words = lead_of(words)
        said |= has_words
        if not has_words and (signs_in(words) or words.strip() in ("+", "-")):  # $a$ = $b$
            if found:
                found[-1] = Formula(f"{found[-1].text} {words} {match[1]}", found[-1].lead)
                place = match.end()
                continue
        inner, _ = _display_row(_cleaned(match[1], macros), names)
        found += [Formula(f.text, f.lead or lead) for f in inner if f.text]
        place = match.end()
    after, has_words = lead_of(text[place:])
    kept = [f for f in found if signs_in(f.text) or "forall" in f.text]
    said |= has_words
    has_words = re.search(r"[^\W\d_]{2}", _INLINE.sub(" ", text)) is not None
    if not kept:
        return ([Formula("", after or lead)] if has_words else found), said
    return kept + ([Formula("", after)] if has_words else []), said


def _display_row(text: str, names: Collection[str]) -> tuple[list[Formula], bool]:
    """The formulas of a row of a display, cut at words in \\text; a definition among the words comes before the row."""
    before: list[Formula] = []
    found: list[Formula] = []
    said, lead = False, ""
    for piece, words in _cut_at_words(text, names):
        if piece is not None:
            bare = _bare(piece.replace("$", " "))
            if bare:
                found.append(Formula(bare, lead, True))
            continue
        lead, has_words = lead_of(words)
        said |= has_words and not found
        for inner in _INLINE.findall(words):
            if lead in ("define", "where") and signs_in(inner):
                before.append(Formula(_bare(inner), lead, True, is_aside=True))
        rest = words.strip(" ,.;:")
        if lead == "if" and "$" not in words and rest.split()[-1:] and len(rest.split()) > 1:
            found.append(Formula(" ".join(w for w in rest.split() if lead_of(w)[0] != "if"), "if", True))
    return before + found, said


def _cut_at_words(text: str, names: Collection[str]) -> Iterator[tuple[str | None, str]]:
    """Stretches of mathematics, and the words in \\text{} between them, outside brackets."""
    depths = dict(levels(text))
    place = 0
    for match in _TEXT.finditer(text):
        if match.start() < place or depths.get(match.start(), 0) > 0:
            continue
        group = group_after(text, match.end())
        if group is None:
            continue
        words, end = group
        if _is_name(words, text[end:], names):
            continue
        yield text[place : match.start()], ""
        yield None, words
        place = end
    yield text[place:], ""


def _is_name(words: str, rest: str, names: Collection[str]) -> bool:
    """Whether the words in a \\text are a name or a function in a formula."""
    bare = words.strip()
    if not bare or " " in bare or "$" in bare or "." in bare:
        return not re.search(r"[^\W\d_]", bare) and "$" not in bare
    if not re.fullmatch(r"[^\W\d_]{2,}", bare):
        return re.search(r"[^\W\d_]{2}", bare) is None or re.fullmatch(r"[\w-]+", bare) is not None
    after = rest.lstrip()
    if after[:1] in tuple("(_^[=") or (len(bare) > 3 and after[:1] and after[:1] in "+-*/\\"):
        return bare.lower() not in (
            "where",
            "with",
            "when",
            "then",
            "otherwise",
            "else",
            "since",
            "thus",
            "hence",
            "therefore",
            "if",
            "so",
            "and",
            "for",
        )
    return not is_word(bare, bare + " ", len(bare), names)


def _cleaned(text: str, macros: Macros) -> str:
    """A formula without comments, macros, labels and alignment marks."""
    text = _COMMENT.sub("", text) if "%" in text else text
    if "\\" in text:
        text = _OVER_SIGN.sub(r" \1 ", _DEFINED.sub(r" \\coloneqq ", text))
        text = _PHANTOM.sub(" ", _DROPPED.sub(" ", macros.expanded(_SPACING.sub(r"\\quad ", text))))
        text = _without_braces(text) if "brace" in text else text
    return _without_marks(_SQUARE.sub("", _unwrapped(text.strip())))


def _unwrapped(text: str) -> str:
    """The text without braces around the whole of it: {\\displaystyle a = b}."""
    for _ in range(5):
        group = group_after(text, 0) if text.startswith("{") else None
        if group is None or group[1] != len(text):
            break
        text = group[0].strip()
    return text


def _without_braces(text: str) -> str:
    """The text without braces under or over it: \\underbrace{a}_{b} is a."""
    for _ in range(20):
        found = _BRACE.search(text)
        group = group_after(text, found.end()) if found else None
        if found is None or group is None:
            break
        inner, end = group
        note = re.match(r"\s*[_^]\s*", text[end:])
        if note and (after := group_after(text, end + note.end())):
            end = after[1]
        text = f"{text[: found.start()]} {inner} {text[end:]}"
    return text


def _without_marks(text: str) -> str:
    """The text without & and line breaks outside brackets and inner environments, where they only align."""
    if "\\begin" not in text:
        text = _BREAK.sub("  ", text)
    if "&" not in text and "\\\\" not in text:
        return text
    kept: list[str] = []
    for place, depth in levels(text):
        character = text[place]
        if depth <= 0 and text.startswith("\\\\", place):
            kept.append(" ")
        elif depth <= 0 and character == "\\" and text[place - 1 : place] == "\\" and kept[-1:] == [" "]:
            continue
        else:
            kept.append(" " if character == "&" and depth <= 0 and text[place - 1 : place] != "\\" else character)
    return "".join(kept)


def _without_reasons(text: str) -> str:
    for _ in range(4):
        shorter = _REASON.sub("", text).rstrip()
        shorter = shorter if shorter.endswith(("\\,", "\\;")) else shorter.rstrip(" .,;")
        if shorter == text:
            break
        text = shorter
    return text


def _bare(text: str) -> str:
    """A formula without reasons, leading words and a final point."""
    text = _without_reasons(text.strip())
    prefix = _PREFIX.match(text)
    text = text[prefix.end() :].strip() if prefix else text.strip()
    return (
        text.strip(" ,;")
        if "\\" in text
        else trimmed(text)
        if text[:1] not in tuple("([{-*|") and text[-1:] not in tuple(")]}|*")
        else text
    )


__all__ = ["formulas_of", "is_heading", "starts_with_an_operator"]
