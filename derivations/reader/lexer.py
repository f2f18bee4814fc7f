"""From characters to tokens, each with its place.

The lexer knows spellings (of functions, Greek letters, commands) and the declared names, because where a name ends
depends on them: in `Xw` two names stand, in `hh` one, if it is declared. It knows nothing of precedence or shapes.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from ..errors import HwcheckError, LimitError, NotationError, Span, UnsupportedError
from ..notation.names import (
    ACCENT_COMMANDS,
    FONT_COMMANDS,
    GREEK_COMMANDS,
    GREEK_LETTERS,
    INDEX_LETTERS,
    SUBSCRIPTS,
    Vocabulary,
    accented,
    key_of,
    with_parts,
)
from ..notation.spellings import COMBINING
from .characters import FRACTIONS, SUPERSCRIPTS
from .letters import DIGITS, LETTERS, OPERAND_ENDS, Letters
from .lexicon import (
    CALLABLES,
    FUNCTION_COMMANDS,
    FUNCTION_WORDS,
    IGNORED,
    NOT_READ,
    ONES,
    OPERATORS,
    PLACED,
    TEXT_FONTS,
    WORDS,
)
from .tokens import MOST_DEPTH, MOST_TOKENS, Token

_SPACE = re.compile(r"[ \n]+|~")
_NUMBER = re.compile(
    r"(?:[0-9]+(?:\.(?![*/^'T]|\s*(?:\.|\\end|\\\\|&))[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+(?![0-9_^.]))?"
)
_FIGURES = re.compile(r"[0-9]+")
_CAST = re.compile(r"\.(?:astype|to)\([\w.]*\)|\.(?:float|double|int)\(\)")  # (z > 0).astype(float)
_REMARK = re.compile(r"\s*[_^]\s*\{")  # below or above a brace
_METHOD = re.compile(r"\.([A-Za-z_]+)")
_BOLD = re.compile(r"\s*(?:\{\s*([01])\s*\}|([01]))")
_ACCENTED = re.compile(r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_LETTER = re.compile(r"\s*(\\[A-Za-z]+|[^\s\\.])")
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_GROUP = re.compile(r"\s*\{([^{}]*)\}")
_SIMPLE_SUB = re.compile(
    r"_\s*(?:\{\s*([A-Za-z0-9](?:[\s,]*[A-Za-z0-9])*)\s*\}"
    r"|\{?\s*\\(?:text|mathrm|textrm|mathit|mathbf|operatorname)\s*\{([^{}]*)\}\s*(\})?)"
)
_EMPTY_BASE_SUB = re.compile(r"\{\s*_\s*(?:\{\s*([A-Za-z0-9]+)\s*\}|([A-Za-z0-9]+))\s*\}")
_SWITCHED = re.compile(r"\{\s*\\(?:rm|bf|it|sf|tt)\s+([A-Za-z]+)\s*\}")
_LAYER = re.compile(r"\^\s*(?:\{\s*(\([A-Za-z0-9+,-]+\)|\[[A-Za-z0-9+,-]+\])\s*\}|(\[[A-Za-z0-9+-]+\]))")
_STAR = re.compile(r"\^\s*(?:\{\s*(?:\*|\\ast|\\star)\s*\}|(?:\*(?!\*)|\\ast|\\star)(?![A-Za-z0-9(]))")
_ROUND_LAYER = re.compile(r"\^(\([A-Za-z0-9]+\))")
_SUP_RUN = re.compile(f"[{''.join(SUPERSCRIPTS)}]+")
_SUB_RUN = re.compile(f"[{''.join(SUBSCRIPTS)}]+")
_STRING = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"")
_SIGN = re.compile(r"\*\*|\.\*|\./|\.\^|==|<=|>=|!=|:=|->|\|\||//|[-+*/^@()\[\]{}|,;=<>'\"!:&%]")
_SIGNS = {".^": "^", "==": "=", "≤": "<=", "≥": ">=", "≠": "!=", ".*": "⊙", "./": "⊘", "//": "/"}
_COMMANDS = sorted({
    *OPERATORS, *FUNCTION_COMMANDS, *FUNCTION_WORDS, *CALLABLES, *GREEK_COMMANDS, *ACCENT_COMMANDS, *FONT_COMMANDS, "operatorname",
})  # fmt: skip
_UNICODE = {
    "∂": ("partial", ""), "∇": ("nabla", ""), "∑": ("bound", "sum"), "∏": ("bound", "prod"), "√": ("sqrt", "sqrt"),
    "∛": ("sqrt", "cbrt"), "…": ("dots", ""), "⋮": ("dots", ""), "⋱": ("dots", ""), "𝟙": ("one", ""), "𝟘": ("zero", ""),
    "ᵀ": ("sup", "T"), "∧": ("word", "and"), "ℓ": ("name", "ell"),
}  # fmt: skip


class Lexer(Letters):
    """Reads one stretch of a text into `tokens`."""

    def scan(self, place: int, end: int) -> None:
        """Read the characters from `place` up to `end`."""
        text = self.text
        while place < end:
            character = text[place]
            if character in " \n~":
                match = _SPACE.match(text, place, end)
                assert match
                self.gap = max(self.gap, 2 if "\n" in match[0] else 1)
                place = match.end()
            elif "a" <= character <= "z" or "A" <= character <= "Z":
                place = self.letters(place, end)
            elif "0" <= character <= "9" or (character == "." and text[place + 1 : place + 2] in DIGITS):
                match = _NUMBER.match(text, place, end)
                assert match
                self.put("number", match[0], place, match.end())
                place = match.end()
            elif character == "\\":
                place = self.command(place, end)
            elif character == "_":
                place = self.subscript(place, end)
            elif character == "^" and self.previous() in ("name", "sub", "layer"):
                place = self.superscript(place, end)
            elif character == ".":
                place = self.dot(place, end)
            elif character == "*" and text.startswith("**1**", place) and self.previous() not in OPERAND_ENDS:
                self.put("one", "", place, place + 5)  # Markdown's bold 1
                place += 5
            elif character in "'\"" and self.previous() in ("(", ",", ""):
                place = self.string(place)
            elif match := _SIGN.match(text, place, end):
                place = self.sign(match, end)
            else:
                place = self.beyond_ascii(place, end)

    def sign(self, match: re.Match[str], end: int) -> int:
        """An operator or bracket in ASCII."""
        sign, place = match[0], match.start()
        if sign == "{" and (switched := _SWITCHED.match(self.text, place, end)):  # {\rm tr}
            return self.upright(switched, place)
        if sign == "{" and self.tokens:  # \theta{_k}
            empty = _EMPTY_BASE_SUB.match(self.text, place, end)
            if empty:
                self.put("sub", empty[1] or empty[2], place, empty.end())
                return empty.end()
        self.put(_SIGNS.get(sign, sign), sign, place, match.end())
        return match.end()

    def beyond_ascii(self, place: int, end: int) -> int:
        """A letter, sign or superscript outside ASCII."""
        text, character = self.text, self.text[place]
        if character in FRACTIONS:
            top, bottom = FRACTIONS[character]
            self.put("fraction", f"{top}/{bottom}", place, place + 1)
        elif character in GREEK_LETTERS:
            self.put("name", GREEK_LETTERS[character], place, place + 1)
        elif name := accented(character):
            self.put("name", name, place, place + 1)
        elif character in COMBINING and self.previous() == "name":
            last = self.tokens.pop()
            self.put("name", f"{COMBINING[character]}_{last.value}", last.start, place + 1)
        elif match := _SUP_RUN.match(text, place, end):
            self.put("sup", "".join(SUPERSCRIPTS[c] for c in match[0]), place, match.end())
            return match.end()
        elif match := _SUB_RUN.match(text, place, end):
            if self.previous() not in OPERAND_ENDS:
                raise NotationError("There is nothing before this subscript.", span=match.span())
            self.put("sub", "".join(SUBSCRIPTS[c] for c in match[0]), place, match.end())
            return match.end()
        elif character in _UNICODE:
            kind, value = _UNICODE[character]
            self.put(kind, value, place, place + 1)
        elif character.isascii():
            raise NotationError(f"The sign {character} has no meaning here.", span=(place, place + 1))
        else:
            self.put(_SIGNS.get(character, character), character, place, place + 1)
        return place + 1

    # Subscripts and superscripts

    def subscript(self, place: int, end: int) -> int:
        """What follows an underscore."""
        text = self.text
        if self.previous() not in OPERAND_ENDS:
            raise NotationError("There is nothing before this subscript.", span=(place, place + 1))
        simple = _SIMPLE_SUB.match(text, place, end)
        if simple and (simple[1] is not None or text[place + 1 : simple.start(2)].count("{") == 1 + bool(simple[3])):
            value = simple[1] if simple[1] is not None else simple[2]
            self.put("sub", re.sub(r"\s+", "", value), place, simple.end())
            return simple.end()
        self.gap = 0
        start = place + 1
        while text[start : start + 1] == " ":
            start += 1
        if digits := _FIGURES.match(text, start, end):
            self.put("sub", digits[0], place, digits.end())
            return digits.end()
        if run := LETTERS.match(text, start, end):
            stop = start + self.subscript_length(run[0], text[run.end() : run.end() + 1])
            self.put("sub", text[start:stop], place, stop)
            if stop == run.end() and len(run[0]) > 1 and not self.latex and (more := _FIGURES.match(text, stop, end)):
                last = self.tokens.pop()
                self.put("sub", last.value + more[0], place, more.end())
                return more.end()
            return stop
        if text[start : start + 1] in ("{", "\\", "*", "∞") or text[start : start + 1] in GREEK_LETTERS:
            self.put("_", "_", place, place + 1)
            return start
        raise NotationError("A subscript was expected after “_”.", span=(place, place + 1))

    def subscript_length(self, run: str, after: str) -> int:
        """How many letters behind an underscore, without braces, are the subscript: in x_jy_j one, in δ_ij two.

        LaTeX takes one. Without LaTeX, a run of letters that usually count is taken whole, and so is a word.
        """
        if after == "_":  # the last letter carries the next subscript
            run = run[:-1] or run
        if self.latex or len(run) == 1:
            return 1
        if INDEX_LETTERS.issuperset(run):
            return len(run)
        return len(run) if len(run) > 2 and run.islower() else 1

    def superscript(self, place: int, end: int) -> int:
        """A superscript in brackets behind a name is a layer, not a power: W^{(2)}."""
        layer = _LAYER.match(self.text, place, end)
        owner = self.owner()
        if layer and owner != "e":
            self.put("layer", layer[1] or layer[2], place, layer.end())
            return layer.end()
        star = _STAR.match(self.text, place, end)
        if star:  # w^* is a name
            self.put("layer", "*", place, star.end())
            return star.end()
        rounded = _ROUND_LAYER.match(self.text, place, end)
        if rounded and self.vocabulary.find(owner + "^" + rounded[1]):
            self.put("layer", rounded[1], place, rounded.end())
            return rounded.end()
        self.put("^", "^", place, place + 1)
        return place + 1

    def owner(self) -> str:
        """The key of the name that the last tokens spell."""
        names = [t for t in self.tokens[-2:] if t.kind == "name"]
        last = self.tokens[-1]
        return with_parts(names[-1].value, last.value if last.kind == "sub" else "") if names else ""

    def dot(self, place: int, end: int) -> int:
        """A point that belongs to no number: .T, .sum(), .*"""
        text = self.text
        if (cast := _CAST.match(text, place, end)) and self.previous() in OPERAND_ENDS:
            return cast.end()
        if match := _METHOD.match(text, place, end):
            if self.previous() not in OPERAND_ENDS or self.previous() == "number":
                raise NotationError("There is nothing before this point.", span=(place, place + 1))
            self.put("method", match[1], place, match.end())
            return match.end()
        if text.startswith("...", place):
            self.put("dots", "", place, place + 3)
            return place + 3
        if sign := _SIGN.match(text, place, end):
            return self.sign(sign, end)
        self.put(".", ".", place, place + 1)
        return place + 1

    def string(self, place: int) -> int:
        """A text in quotes: only einsum has one."""
        match = _STRING.match(self.text, place)
        if (
            match
            and self.tokens
            and self.previous() == "("
            and self.tokens[-2:-1]
            and self.tokens[-2].value == "einsum"
        ):
            self.put("string", match[1] if match[1] is not None else match[2], place, match.end())
            return match.end()
        raise NotationError("A quotation mark has no meaning here.", span=(place, place + 1))

    # Commands

    def command(self, place: int, end: int) -> int:
        """A backslash and what follows it."""
        text = self.text
        match = _COMMAND.match(text, place, end)
        if not match:
            return self.escaped(place)
        name, after = match[1], match.end()
        if name in ("left", "right") and text[after : after + 1] == ".":
            return after + 1
        if name in ("left", "right") and text[after : after + 1] == ("<" if name == "left" else ">"):
            self.put("⟨" if name == "left" else "⟩", "", place, after + 1)
            return after + 1
        if name in ("underbrace", "overbrace"):
            return self.braced_below(after, end)
        if name in PLACED and (group := _GROUP.match(text, after, end)):
            self.gap = max(self.gap, 1)
            return group.end()
        if name in ("rm", "bf") and (group := _GROUP.match(text, after, end)):
            return self.upright(group, place) if name == "rm" else self.font(name, place, after, end)
        if name in IGNORED:
            self.gap = max(self.gap, 1)
            return after
        if name in OPERATORS:
            kind = OPERATORS[name]
            value = {"land": "and", "wedge": "and"}.get(name, name)
            self.put(kind, value, place, after)
            return after
        if name in ("begin", "end"):
            return self.environment(name, place, after, end)
        if name in ACCENT_COMMANDS:
            return self.accent(ACCENT_COMMANDS[name], place, after, end)
        if name in ONES and (bold := _BOLD.match(text, after, end)):
            self.put("one" if (bold[1] or bold[2]) == "1" else "zero", "", place, bold.end())
            return bold.end()
        if name == "vec" and re.match(r"\s*(\\left)?\(", text[after:]):
            self.put("function", "vec", place, after)
            return after
        if name in TEXT_FONTS and (group := _GROUP.match(text, after, end)):
            return self.upright(group, place)
        if name in FONT_COMMANDS or name in ONES:
            return self.font(name, place, after, end)
        if name in FUNCTION_COMMANDS or name in FUNCTION_WORDS or name in CALLABLES:
            function = FUNCTION_COMMANDS.get(name) or FUNCTION_WORDS.get(name) or CALLABLES[name]
            self.put("function", function, place, after)
            return after
        if name in GREEK_COMMANDS:
            self.put("name", GREEK_COMMANDS[name], place, after)
            return after
        raise self.no_command(name, (place, after))

    def braced_below(self, place: int, end: int) -> int:
        r"""\underbrace{a}_{b} is a, with a remark."""
        inside = self.behind_braces(place, end)
        self.scan(place, inside)
        remark = _REMARK.match(self.text, inside, end)
        return self.behind_braces(remark.end() - 1, end) if remark else inside

    def behind_braces(self, place: int, end: int) -> int:
        """The place behind the braces that open here, or behind the text where they are never closed."""
        depth = 0
        for at in range(place, end):
            depth += (self.text[at] == "{") - (self.text[at] == "}")
            if depth == 0 and not self.text[at].isspace():
                return at + 1
        return end

    def no_command(self, name: str, span: Span) -> HwcheckError:
        """The error for a command that is not known, with a known one that was probably meant."""
        if name in NOT_READ:
            return UnsupportedError(f"{NOT_READ[name]} not read.", span=span)
        close = get_close_matches(name, _COMMANDS, n=1, cutoff=0.75 if len(name) > 3 else 0.8)
        if len(name) > 3 and name[:-1] in _COMMANDS:
            close = [f"{name[:-1]} {name[-1]}"]
        hint = f" Did you mean “\\{close[0]}”?" if close else ""
        return NotationError(f"The command \\{name} is not known.{hint}", span=span)

    def font(self, name: str, place: int, after: int, end: int) -> int:
        """A font says nothing; around a single name, its braces go with it, so that W^{(2)} can follow."""
        group = _GROUP.match(self.text, after, end)
        if name == "mathbb" and re.match(r"\s*\{?\s*[A-HJ-Z]", self.text[after:end]):
            raise NotationError("A set of numbers cannot be read in an expression.", span=(place, after))
        if not group:
            return after
        inner = Lexer(self.text, self.vocabulary)
        inner.scan(group.start(1), group.end(1))
        if [token.kind for token in inner.tokens[:1]] != ["name"] or any(t.kind != "sub" for t in inner.tokens[1:]):
            return after
        self.put("name", inner.tokens[0].value, place, group.end() if len(inner.tokens) == 1 else inner.tokens[0].end)
        self.tokens.extend(inner.tokens[1:])
        return group.end()

    def escaped(self, place: int) -> int:
        """A backslash before a sign."""
        after = self.text[place + 1 : place + 2]
        if after and after in ",;:! ":
            self.gap = max(self.gap, 1)
        elif after == "|":
            self.put("‖", "", place, place + 2)
        elif after and after in "{}":
            self.put("\\" + after, after, place, place + 2)
        elif after == "\\":
            self.put("row", "", place, place + 2)
        elif after == "%":
            self.put("%", "%", place, place + 2)
        elif after == "_":
            return self.subscript(place + 1, len(self.text))
        else:
            raise NotationError("A command was expected after the backslash.", span=(place, place + 1 + bool(after)))
        return place + 2

    def environment(self, word: str, place: int, after: int, end: int) -> int:
        """The start or end of a matrix or of cases."""
        group = _GROUP.match(self.text, after, end)
        if not group:
            raise NotationError(f"\\{word} needs the name of an environment in braces.", span=(place, after))
        stop = group.end()
        if word == "begin" and group[1].strip() == "array" and (columns := _GROUP.match(self.text, stop, end)):
            stop = columns.end()
        self.put(word, group[1].strip().rstrip("*"), place, stop)
        return stop

    def accent(self, accent: str, place: int, after: int, end: int) -> int:
        """An accent and the letter below it."""
        inner = Lexer(self.text, self.vocabulary)
        braces = _ACCENTED.match(self.text, after, end)
        if braces:
            inner.scan(braces.start(1), braces.end(1))
            stop = braces.end()
        else:
            letter = _LETTER.match(self.text, after, end)
            stop = letter.end() if letter else after
            inner.scan(letter.start(1) if letter else stop, stop)
        tokens = [token for token in inner.tokens if token.kind not in ("{", "}")]
        if not tokens or tokens[0].kind != "name" or any(t.kind not in ("sub", "layer") for t in tokens[1:]):
            raise NotationError("An accent stands over one letter.", span=(place, stop))
        self.put("name", f"{accent}_{tokens[0].value}", place, stop if len(tokens) == 1 else tokens[0].end)
        self.tokens.extend(tokens[1:])
        return stop

    def upright(self, group: re.Match[str], place: int) -> int:
        r"""A word in upright letters: \operatorname{tr}, \text{if }, \mathrm{e}."""
        word = group[1].strip()
        if word in FUNCTION_WORDS or word in CALLABLES:
            self.put("function", FUNCTION_WORDS.get(word) or CALLABLES[word], place, group.end())
        elif not word:
            self.gap = max(self.gap, 1)
        elif word in WORDS:
            self.put("word", WORDS[word], place, group.end())
        elif word in ("0", "1") and self.text.startswith(("\\textbf", "\\mathbf"), place):
            self.put("one" if word == "1" else "zero", "", place, group.end())
        elif re.fullmatch(r"[A-Za-z]{2,}", word) and not (word[0] == "d" and len(word) == 2):
            self.put("name", key_of(word), place, group.end())
        else:
            self.scan(group.start(1), group.end(1))
        return group.end()


def tokenize(text: str, vocabulary: Vocabulary, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of a cleaned text between two places, with `eof` at the end.

    >>> [(t.kind, t.value) for t in tokenize("2wx_i", Vocabulary())][:-1]
    [('number', '2'), ('name', 'w'), ('name', 'x'), ('sub', 'i')]
    """
    end = len(text) if end is None else end
    lexer = Lexer(text, vocabulary)
    lexer.scan(start, end)
    tokens = lexer.tokens
    if len(tokens) > MOST_TOKENS:
        span = (tokens[MOST_TOKENS].start, end)
        raise LimitError(
            f"The text has {len(tokens):,} signs and names; {MOST_TOKENS:,} are the most that is read.", span=span
        )
    depth = 0
    for token in tokens:
        if token.kind in ("(", "[", "{", "\\{", "begin"):
            depth += 1
            if depth > MOST_DEPTH:
                raise LimitError(f"The brackets are nested deeper than {MOST_DEPTH}.", span=token.span)
        elif token.kind in (")", "]", "}", "\\}", "end"):
            depth -= 1
    tokens.append(Token("eof", "", end, end))
    return tokens
