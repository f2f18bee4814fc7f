r"""LaTeX source as a page: the outer dressing becomes headings, numbers and plain words, formulas stay as they are.

`\section{2 Jacobians}` becomes `# 2 Jacobians`, the second `\item` of a list `2. `, `\textbf{Answer:}` `**Answer:**`; the
environments of answers (`solution`, `answer`, …) stay, since they say where an answer begins. Nothing is ever followed or
run, and every line keeps its number. One pass over the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .macros import braces

_MATH = {
    f"{name}{star}"
    for name in ("equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "flalign", "alignat", "split", "dmath")
    for star in ("", "*")
} | {"cases", "array", "tabular", "tabularx", "aligned", "gathered", *(f"{kind}matrix" for kind in ("", "b", "p", "v", "B", "V", "small"))}
_VERBATIM = {"verbatim", "verbatim*", "lstlisting", "minted", "Verbatim", "alltt"}
_HEADINGS = {
    "title": 1, "part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 4,
}  # fmt: skip
_PROBLEMS = {"problem", "exercise", "question", "homeworkProblem", "prob", "hwproblem", "exer", "ex"}
_LISTS = {"enumerate", "itemize", "questions", "parts", "subparts", "description"}
_BARE = {
    "center", "figure", "figure*", "table", "table*", "quote", "quotation", "flushleft", "flushright", "minipage", "document",
    "abstract", "multicols", "small", "framed", "tcolorbox", "mdframed",
}  # fmt: skip
_STYLED = {"textbf": "**", "emph": "*", "textit": "*", "textsl": "*", "texttt": "`", "underline": "", "textrm": "", "textsf": "",
           "textsc": "", "mbox": "", "uline": "", "textnormal": "", "fbox": "", "url": "", "textmd": "", "textup": ""}  # fmt: skip
_DROPPED = {
    "label", "cite", "vspace", "hspace", "includegraphics", "usepackage", "bibliography", "bibliographystyle", "pagestyle",
    "thispagestyle", "caption", "footnotetext", "textcolor", "color", "geometry", "setlength", "addtolength", "hypersetup",
}  # fmt: skip
_SILENT = {
    "maketitle", "newpage", "clearpage", "pagebreak", "noindent", "centering", "hfill", "vfill", "medskip", "smallskip", "bigskip",
    "bf", "bfseries", "it", "itshape", "em", "rm", "tt", "sc", "large", "Large", "LARGE", "huge", "Huge", "small", "normalsize",
    "footnotesize", "par", "tableofcontents", "hrulefill", "appendix", "qed", "protect", "raggedright", "linebreak", "newline",
    "quad", "qquad", "hline", "today", "indent", "break", "null", "displaystyle",
}  # fmt: skip
_CHARACTERS = {"%": "%", "&": "&", "_": "_", "#": "#", " ": " ", ",": " ", ";": " ", "\\": " ", "{": r"\{", "}": r"\}", "\n": "\n"}
_FILES = {"input", "include", "subfile", "import", "verbatiminput", "lstinputlisting", "InputIfFileExists"}
_MOST_FILES = 5  # that are named in notes
_TOKEN = re.compile(r"\\(?:begin\s*\{([A-Za-z]+\*?)\}|end\s*\{([A-Za-z]+\*?)\}|([A-Za-z]+)\*?|(.)|$)|([{}~$])|(``|'')", re.DOTALL)
_OPTION = re.compile(r"[ \t]*\[([^\[\]\n]{0,200})\]")
_START = re.compile(r"start\s*=\s*(\d{1,3})")
_LETTERS = re.compile(r"\\alph|\(a\)|a\)|\\Alph")


@dataclass(slots=True)
class _List:
    kind: str
    letters: bool
    inner: bool
    count: int = 0


@dataclass(slots=True)
class _State:
    out: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    problems: int = 0
    files: list[tuple[str, int]] = field(default_factory=list)
    pairs: Mapping[int, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)

    def find(self, text: str, needle: str, start: int) -> int:
        """Where the needle stands next; asked for rising places, the text is searched once."""
        place = self.known.get(needle)
        if place is None or 0 <= place < start:
            place = self.known[needle] = text.find(needle, start)
        return place

    def group(self, place: int, longest: int) -> int | None:
        """The place after the group in braces that begins here, if it is no longer than that."""
        end = self.pairs.get(place)
        return end if end is not None and end - place <= longest else None


def latex_text(text: str) -> tuple[str, tuple[str, ...]]:
    r"""The page that LaTeX source makes, and sentences about what was left out.

    >>> latex_text("\\section{Norms}\n\\begin{enumerate}\n\\item $\\|w\\|$\n\\end{enumerate}")[0]
    '# Norms\n\n1.  $\\|w\\|$\n'
    """
    notes: list[str] = []
    text = _body(text, notes)
    state = _State(pairs=braces(text))
    place = 0
    while found := _TOKEN.search(text, place):
        state.out.append(text[place : found.start()])
        place = _step(text, found, state)
    state.out.append(text[place:])
    for name, line in state.files:
        notes.append(f"The file “{name}” named in line {line} is not read; only what stands in the file handed in is.")
    return "".join(state.out), tuple(notes)


def without_comments(text: str) -> str:
    """`%` begins a comment, but not in code."""
    lines, inside = [], ""
    for line in text.split("\n"):
        if inside:
            inside = "" if f"\\end{{{inside}}}" in line else inside
        else:
            line = _without_comment(line)
            inside = next((name for name in _VERBATIM if f"\\begin{{{name}}}" in line), "")
        lines.append(line)
    return "\n".join(lines)


def _without_comment(line: str) -> str:
    """A line up to the first `%` that is not written `\\%`."""
    place = line.find("%")
    while place > 0 and (place - len(line[:place].rstrip("\\"))) % 2 == 1:
        place = line.find("%", place + 1)
    return line[:place] if place >= 0 else line


def _body(text: str, notes: list[str]) -> str:
    """What stands between the beginning and the end of the document; of the preamble, the title."""
    begin, end = text.find("\\begin{document}"), text.find("\\end{document}")
    if end >= 0 and text[end + 14 :].strip():
        line = text.count("\n", 0, end) + 1
        notes.append(f"What follows \\end{{document}} in line {line} is not part of the document and was left out.")
    tail = "\n" * text.count("\n", end) if end >= 0 else ""
    text = text[:end] + tail if end >= 0 else text
    if begin < 0 or (0 <= end < begin):
        return text
    title = text.find("\\title{", 0, begin)
    close = braces(text[title : title + 2_000]).get(6) if title >= 0 else None
    close = close + title if close is not None else None
    if close is None:
        return "\n" * text.count("\n", 0, begin) + text[begin:]
    return "\n" * text.count("\n", 0, title) + text[title:close] + "\n" * text.count("\n", close, begin) + text[begin:]


def _step(text: str, found: re.Match[str], state: _State) -> int:
    """One command, brace or dollar is written to the page; the place where to go on."""
    begun, ended, word, character, mark, quotes = found.groups()
    if begun:
        return _begin(text, found, begun, state)
    if ended:
        return _end(found, ended, state)
    if word:
        return _word(text, found, word, state)
    if mark == "$":
        return _dollars(text, found.start(), state)
    if character in ("(", "["):
        return _display(text, found, character, state)
    if mark == "{":
        state.closing.append("")
    elif mark == "}":
        close = state.closing.pop() if state.closing else ""
        state.out.append(close)
        if close == "}" and text.startswith("{", found.end()):  # the next argument of the same command
            state.out.append("{")
            state.closing.append("}")
            return found.end() + 1
    elif mark == "~":
        state.out.append(" ")
    elif quotes:
        state.out.append('"')
    else:
        state.out.append(_CHARACTERS.get(character or "", found[0]))
    return found.end()


def _dollars(text: str, start: int, state: _State) -> int:
    """A formula in dollars, as it is; a dollar that is alone in its paragraph is itself."""
    dollars = "$$" if text.startswith("$$", start) else "$"
    end = start + len(dollars)
    while (close := state.find(text, dollars, end)) >= 0 and text[close - 1] == "\\" and text[close - 2] != "\\":
        end = close + 1
    paragraph = state.find(text, "\n\n", start)
    if close < 0 or (0 <= paragraph < close and dollars == "$"):
        state.out.append(dollars)
        return start + len(dollars)
    state.out.append(text[start : close + len(dollars)])
    return close + len(dollars)


def _display(text: str, found: re.Match[str], character: str, state: _State) -> int:
    """`\\[…\\]` and `\\(…\\)` become dollars."""
    close = state.find(text, "\\]" if character == "[" else "\\)", found.end())
    if close < 0:
        state.out.append(found[0])
        return found.end()
    dollars = "$$" if character == "[" else "$"
    state.out += [dollars, text[found.end() : close], dollars]
    return close + 2


def _begin(text: str, found: re.Match[str], name: str, state: _State) -> int:
    start, place = found.span()
    if name in _MATH or name in _VERBATIM:
        close = state.find(text, f"\\end{{{name}}}", place)
        close = len(text) if close < 0 else close + len(name) + 6
        whole = text[start:close]
        state.out.append(_fenced(whole, name) if name in _VERBATIM else whole)
        return close
    option = _OPTION.match(text, place)
    if name in _LISTS:
        chosen = option[1] if option else ""
        number = _START.search(chosen)
        inner = bool(state.lists) and (state.lists[-1].inner or state.lists[-1].kind != "itemize")
        letters = name == "parts" or (name == "enumerate" and (inner or bool(_LETTERS.search(chosen))))
        state.lists.append(_List(name, letters, inner, int(number[1]) - 1 if number else 0))
        return option.end() if option else place
    if name in _PROBLEMS:
        return _problem(text, place, state)
    if name in _BARE:
        place = option.end() if option else place
        while name in ("minipage", "multicols") and (close_brace := state.group(place, 200)):
            place = close_brace
        return place
    group = state.group(place, 60)
    state.out.append(text[start : group or place])
    return group or place


def _problem(text: str, place: int, state: _State) -> int:
    """`\\begin{problem}{2.4}` or `[2.4]` or with no number, which then is the next."""
    state.problems += 1
    option = _OPTION.match(text, place)
    end = option.end() if option else state.group(place, 200)
    given = text[place:end].strip(" \t[]{}") if end else ""
    state.out.append(f"## Problem {given or state.problems} ")
    return end or place


def _fenced(whole: str, name: str) -> str:
    """Code in a fence, where `\\begin` and `\\end` have lines of their own."""
    _first, *rest = whole.split("\n")
    if not rest or not rest[-1].strip().startswith("\\end"):
        return whole
    return "\n".join(["```", *rest[:-1], "```"])


def _end(found: re.Match[str], name: str, state: _State) -> int:
    if name in _LISTS:
        if state.lists:
            state.lists.pop()
    elif name not in _BARE and name not in _PROBLEMS:
        state.out.append(found[0])
    return found.end()


def _word(text: str, found: re.Match[str], word: str, state: _State) -> int:
    place = found.end()
    if word in ("item", "question", "part", "subpart") and state.lists and (word == "item" or state.lists[-1].kind.startswith(word)):
        return _item(text, place, state)
    if word in _FILES or word in _DROPPED:
        return _dropped(text, found, word, state)
    if word == "setcounter" and text.startswith("{enum", place):
        return _counter(text, place, state)
    option = _OPTION.match(text, place)
    opened = option.end() if option and word in _HEADINGS else place
    if word in _HEADINGS and text.startswith("{", opened):
        state.out.append("#" * _HEADINGS[word] + " ")
        state.closing.append("")
        return opened + 1
    if word in _STYLED and text.startswith("{", place):
        state.out.append(_STYLED[word])
        state.closing.append(_STYLED[word])
        return place + 1
    if word in _SILENT:
        return place
    state.out.append(found[0])
    if text.startswith("{", place):
        state.out.append("{")
        state.closing.append("}")
        return place + 1
    return place


def _dropped(text: str, found: re.Match[str], word: str, state: _State) -> int:
    """A command that says nothing to the reader goes with its options and its first argument."""
    place = found.end()
    while option := _OPTION.match(text, place):
        place = option.end()
    end = state.group(place, 2_000)
    if word in _FILES:
        name = text[place + 1 : end - 1] if end else text[place : place + 60].split("\n")[0].strip()
        if len(state.files) < _MOST_FILES:
            state.files.append((name[:60], text.count("\n", 0, found.start()) + 1))
        state.out.append("" if end else " ")
        return end or place + len(text[place : place + 60].split("\n")[0])
    if end is None:
        return place
    state.out.append("\n" * text.count("\n", place, end))
    return end


def _counter(text: str, place: int, state: _State) -> int:
    name = state.group(place, 20) or place
    end = state.group(name, 20)
    value = text[name + 1 : end - 1] if end else ""
    if end and value.isdecimal() and state.lists:
        state.lists[-1].count = int(value)
    return end or place


def _item(text: str, place: int, state: _State) -> int:
    """The number, the letter or the bullet of an item."""
    current = state.lists[-1]
    label = _OPTION.match(text, place)
    if label and current.kind not in ("questions", "parts", "subparts"):
        state.out.append(f"{'' if label[1].strip()[:1].isdigit() else '- '}{label[1]} ")
        return label.end()
    if current.kind in ("itemize", "description"):
        state.out.append("- ")
    else:
        current.count += 1
        letter = chr(ord("a") + (current.count - 1) % 26)
        state.out.append(f"({letter}) " if current.letters else f"{current.count}. ")
    return label.end() if label else place


__all__ = ["latex_text", "without_comments"]
