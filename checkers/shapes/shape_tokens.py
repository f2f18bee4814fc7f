"""The parts of a text about a shape: numbers, names of sizes, words and signs, each with its place.

LaTeX wrappers fall away here, and words are told from names. What cannot belong to a shape becomes an "odd" token, not
an error: it may stand on the left of an equality, where it does not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ...derivations.errors import LimitError, NotationError, Span
from ...derivations.notation.names import GREEK_COMMANDS, GREEK_LETTERS, GREEK_WORDS, SUBSCRIPTS
from ...derivations.reader.characters import cleaned

MOST_CHARACTERS = 400

# Words that say which kind of thing has the shape.
KINDS: dict[str, str] = {
    "scalar": "scalar", "scalars": "scalar", "number": "scalar", "row": "row", "column": "column", "col": "column",
    "vector": "vector", "vec": "vector", "array": "array", "1d": "array", "ndarray": "array",
}  # fmt: skip

# Words that stand for an equality: what is to their right counts.
EQUALS = frozenset("is are be has have equals becomes gives so thus hence therefore which i.e. or".split())
CONCLUDING = frozenset("so thus hence therefore".split())

# Words that would turn a sentence around; none of them is ever passed over.
TURNING = frozenset(
    "not no non never without unless if instead than transpose transposed flipped swapped reversed opposite except but wrong "
    "incorrect isn cannot neither nor inverse vectorised vectorized flattened where when for because since assuming".split()
)

_FILLERS = frozenset(
    "the an it its this that they these we get of with by and in as to has shape shapes shaped size sizes sized dim dims dimension "
    "dimensions dimensional dimensionality matrix matrices tensor jacobian jacobians gradient gradients derivative derivatives "
    "result results output outputs input inputs answer answers real single valued value just simply also will would should must "
    "length lengths long entries entry elements element components component numbers rows columns cols row-vector vectors scalars "
    "square diagonal zero identity symmetric numpy torch pytorch tuple list layout numerator denominator one space "
    "function loss weight weights same each entire total overall final here consisting containing".split()
)

# Words that are names of sizes where a size has to stand: in × out, (batch, length).
_EITHER = frozenset("in out input output inputs outputs length dim size rows cols columns entries elements components one".split())

# Short words that are one name, not a product of letters.
_WHOLE = frozenset("in out seq len dim hid emb inp vec img win ctx tgt src num".split())

_IGNORED = frozenset(
    "left right big Big bigl bigr Bigl Bigr bigg Bigg displaystyle textstyle quad qquad limits mathstrut "
    "rm bf it".split()
)
_FONTS = frozenset(
    "text mathrm textbf textit textrm texttt textsf mathbf mathit mathsf mathtt mathcal mathbb operatorname mbox boldsymbol bm boxed "
    "emph".split()
)
_SIGNS: dict[str, str] = {
    "times": "×", "cdot": "*", "ast": "*", "in": "∈", "lfloor": "⌊", "rfloor": "⌋", "vert": "|", "lvert": "|", "rvert": "|",
    "mid": "|", "lbrack": "[", "rbrack": "]", "langle": "(", "rangle": ")", "frac": "frac", "tfrac": "frac", "dfrac": "frac",
    "colon": ":", "R": "ℝ", "RR": "ℝ", "Re": "ℝ", "reals": "ℝ", "div": "/", "prime": "'", "equiv": "=",
}  # fmt: skip
_RAISED: dict[str, str] = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
        "0123456789+-()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
        strict=True,
    )
)
_SAME = dict.fromkeys("⨉✖╳", "×") | dict.fromkeys("⇒≡", "=") | {"、": ",", "\n": " ", "∊": "∈", "∗": "*", "⟨": "(", "⟩": ")"}

_LETTERS = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"[0-9]+(?:\{,\}[0-9]{3})*")
_DIGITS = re.compile(r"[0-9]+")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\s*|(.))")
_REALS = re.compile(r"\\(?:mathbb|Bbb)\s*(?:\{\s*R\s*\}|R)")
_BRACED = re.compile(r"_\s*\{\s*(?:\\[A-Za-z]+\s*\{([\w\s,+\-]+)\}|([\w\s,+\-]+))\s*\}")
_SUBSCRIPT = re.compile(r"\\?_(?:([0-9]+)|([A-Za-z]+[0-9]*(?:\\?_[A-Za-z0-9]+)*))")
_LATEX_SUBSCRIPT = re.compile(r"\\?_(?:([0-9])|(\\?[A-Za-z]{3,}(?:\\?_[A-Za-z0-9]+)*|[A-Za-z]))")
_SMALL = re.compile(f"[{''.join(SUBSCRIPTS)}]+")
_BAR = r"(?:\||\\(?:[lr]?vert|mid)(?![A-Za-z]))"
_CARDINAL = re.compile(rf"{_BAR}\s*(?:\\[a-z]+\s*\{{?\s*)?([A-Za-z]\w*)\s*\}}?\s*{_BAR}")
_ORDER = re.compile(r"\b[1-9]\s?-?\s?[dD](?:im)?(?=\s+(?:array|tensor|vector|matrix|numpy|jacobian|ndarray|torch)\b)", re.IGNORECASE)
_SIZE_CLASS = re.compile(r"(?:\b(?:torch|tf|np|numpy|jnp)\s*\.\s*)?\b(?:Size|TensorShape|shape|tuple)\s*(?=[(\[])")
_MULTIPLIED = re.compile(r"[A-Za-z](?:[xX][A-Za-z])+")


@dataclass(frozen=True, slots=True)
class Token:
    """One part: `gap` says that a space stands before it.

    A name that comes from several letters which nobody declared keeps them in `run`; a word that may also be the name
    of a size keeps that name in `either`.
    """

    kind: str
    value: str
    start: int
    end: int
    gap: bool = False
    run: str = ""
    either: str = ""

    @property
    def span(self) -> Span:
        return (self.start, self.end)


def tokens_of(text: str, known: frozenset[str] = frozenset()) -> list[Token]:
    """The parts of a text, where `known` are names of sizes.

    >>> [t.value for t in tokens_of(r"$n \\times d$")]
    ['n', '×', 'd']
    """
    if len(text) > MOST_CHARACTERS:
        message = f"The text has {len(text):,} characters; {MOST_CHARACTERS} are the most that a shape may have."
        raise LimitError(message, span=(MOST_CHARACTERS, len(text)))
    scanner = _Scanner(_plain(text), known)
    scanner.scan()
    return _settled(scanner.tokens)


def _plain(text: str) -> str:
    """The text in plain characters, of the same length; raised letters and ℝ stay."""
    kept = {i: c for i, c in enumerate(text) if c in _RAISED or c == "ℝ"}
    plain = list(cleaned("".join("R" if i in kept else _SAME.get(c, c) for i, c in enumerate(text))))
    for place, character in kept.items():
        plain[place] = character
    return "".join(plain)


class _Scanner:
    """Walks over a text once; `hidden` are the places of braces that only group."""

    def __init__(self, text: str, known: frozenset[str]):
        self.text = text
        self.known = known
        self.tokens: list[Token] = []
        self.place = 0
        self.gap = False
        self.hide_next = False
        self.braces: list[bool] = []
        self.latex = "\\" in text

    def put(self, kind: str, value: str, end: int, start: int | None = None, *, run: str = "", either: str = "") -> None:
        self.tokens.append(Token(kind, value, self.place if start is None else start, end, self.gap, run, either))
        self.gap = False
        self.place = end

    def scan(self) -> None:
        while self.place < len(self.text):
            character = self.text[self.place]
            if character in " $`~&\"":
                self.gap = True
                self.place += 1
            elif character == "\\":
                self.command()
            elif character.isascii() and character.isalpha():
                self.letters()
            elif character.isascii() and character.isdigit():
                self.digits()
            elif character in _RAISED:
                self.raised()
            elif character in GREEK_LETTERS or character == "ℓ":
                self.name(GREEK_LETTERS.get(character, "ell"), self.place + 1)
            else:
                self.sign(character)

    def command(self) -> None:
        """A LaTeX command: a sign, a name, a wrapper that falls away, or something odd."""
        if reals := _REALS.match(self.text, self.place):
            self.put("sign", "ℝ", reals.end())
            return
        if cardinal := _CARDINAL.match(self.text, self.place):
            self.put("name", f"|{cardinal[1]}|", cardinal.end())
            return
        match = _COMMAND.match(self.text, self.place)
        if match is None:
            self.put("odd", "\\", self.place + 1)
            return
        word, other = match[1], match[2]
        if word in _IGNORED or word in _FONTS or (other is not None and other in ",;:! ()[]"):
            self.hide_next = word in _FONTS
            self.gap = self.gap or bool(word in _IGNORED or other is not None)
            self.place = match.end()
        elif word in _SIGNS:
            self.put("sign", _SIGNS[word], match.end())
        elif word in GREEK_COMMANDS or word == "ell":
            self.name(GREEK_COMMANDS.get(word, "ell"), match.start() + 1 + len(word))
        elif word == "dim":
            self.put("word", "dim", match.end())
        elif other is not None and other in "{}_":
            self.put("sign", {"{": "(", "}": ")"}.get(other, "odd"), match.end())
        else:
            self.put("odd", match[0].strip(), match.end())

    def digits(self) -> None:
        match = _NUMBER.match(self.text, self.place)
        assert match
        if order := _ORDER.match(self.text, self.place):  # the 2-D of "2-D array"
            self.put("word", "1d" if self.text[self.place] == "1" else "dimensional", order.end())
            return
        self.put("number", match[0].replace("{,}", ""), match.end())
        if self.text[self.place : self.place + 1] == "." and self.text[self.place + 1 : self.place + 2].isdigit():
            self.put("odd", ".", self.place + 1)

    def raised(self) -> None:
        """A run of raised characters, with a × of the usual size between two of them."""
        end = self.place + 1
        while end < len(self.text) and (
            self.text[end] in _RAISED or (self.text[end] in "×," and end + 1 < len(self.text) and self.text[end + 1] in _RAISED)
        ):
            end += 1
        self.put("raised", "".join(_RAISED.get(c, c) for c in self.text[self.place : end]), end)

    def sign(self, character: str) -> None:
        text, place = self.text, self.place
        two = text[place : place + 2]
        if two in ("**", "//", "==", "!="):
            if two == "**" and (place + 2 == len(text) or not self.tokens or not text[:place].strip("* ")):
                self.place += 2  # Markdown's bold
            else:
                self.put("odd" if two == "!=" else "sign", {"**": "^", "==": "="}.get(two, two), place + 2)
        elif character == "{":
            self.brace()
        elif character == "}":
            hidden = self.braces.pop() if self.braces else False
            if hidden:
                self.gap, self.place = True, place + 1
            else:
                self.put("sign", "}", place + 1)
        elif character == "|" and (match := _CARDINAL.match(text, place)):
            self.put("name", f"|{match[1]}|", match.end())
        else:
            kind = "sign" if character in "()[],;:=+-*/^×·∈⌊⌋.'ℝ|" else "odd"
            self.put(kind, {"·": "*", ";": ","}.get(character, character), place + 1)

    def brace(self) -> None:
        self.braces.append(self.hide_next)
        if self.hide_next:
            self.gap = True
            self.place += 1
        else:
            self.put("sign", "{", self.place + 1)
        self.hide_next = False

    def letters(self) -> None:
        """A run of letters: a word, a name, a product of names, or names with an x between them."""
        text = self.text
        if match := _SIZE_CLASS.match(text, self.place):
            self.put("word", "tuple", match.end())
            return
        run = _LETTERS.match(text, self.place)
        assert run
        word, stop = run[0], run.end()
        after = text[stop : stop + 1]
        if word == "i" and text[stop : stop + 3] == ".e.":
            self.put("word", "i.e.", stop + 3)
        elif word.lower() in _VOCABULARY and after not in ("_", *SUBSCRIPTS) and word not in self.known and not after.isdigit():
            either = word if word.lower() in _EITHER else ""
            self.put("word", word.lower(), stop, either=either)
        elif word == "R" and self.is_space(stop):
            self.put("sign", "ℝ", stop)
        elif word in _MODULES and after == ".":
            self.put("word", "numpy", stop + 1)
        else:
            self.run(word, stop, "" if word in self.known or all(c in self.known for c in word) else word)

    def run(self, word: str, stop: int, run: str) -> None:
        """A run of letters that is no word, or what is left of it."""
        after = self.text[stop : stop + 1]
        if word in self.known:
            self.name(word, stop)
        elif self.is_sign(word, stop):
            self.put("sign", "×", self.place + 1)
            if len(word) > 1:
                self.run(word[1:], stop, "")
        elif after == "_" and not self.latex and self.underscored(word):
            self.name(word, stop)
        elif len(word) > 1 and (_MULTIPLIED.fullmatch(word) or (word[1] in "xX" and self.is_before_size(word, stop))):
            self.name(word[0], self.place + 1)
            self.run(word[1:], stop, "")
        elif len(word) > 1 and (_is_whole(word, self.known) or word.lower() in GREEK_WORDS):
            self.name(word, stop, run=run)
        elif len(word) > 1:
            self.name(word[0], self.place + 1, run=run)
            self.run(word[1:], stop, run)
        else:
            self.name(word, stop, run=run if len(run) > 1 else "")

    def is_space(self, stop: int) -> bool:
        """Whether an R is ℝ: it has an exponent, or it stands alone and is no name of a size."""
        rest = self.text[stop:]
        if re.match(r"[\s}]*(?:\^|\*\*)", rest):
            return True
        alone = not self.tokens or self.tokens[-1].kind == "word" or self.tokens[-1].value in ("∈", "=", ":")
        return alone and "R" not in self.known and re.fullmatch(r"[\s$.}]*", rest) is not None

    def underscored(self, word: str) -> bool:
        """Whether letters before an underscore are one name: seq_len, but not the nk of nk_1."""
        return len(word) > 1 and not (self.known and all(letter in self.known for letter in word))

    def is_sign(self, word: str, stop: int) -> bool:
        """Whether the first letter is the x of 3x4."""
        if word[0] not in "xX" or not self.tokens or not _ends_operand(self.tokens[-1]):
            return False
        if word[0] in self.known and (self.gap or len(word) > 1):
            return False
        if self.tokens[-1].kind == "name" and not self.gap and len(word) == 1 and self.text[stop : stop + 1] in (" ", ""):
            return False
        return len(word) > 1 or self.is_before_size(word, stop)

    def is_before_size(self, word: str, stop: int) -> bool:
        """Whether a size follows the x that ends a run, or the run goes on behind its second letter."""
        if len(word) > 2:
            return _MULTIPLIED.fullmatch(word[:-1]) is not None and self.is_before_size(word[-1], stop)
        ends = len(word) == 2 and self.text[stop : stop + 1] == " "  # the x of "nx d" belongs to the name
        return not ends and re.match(r"\s*[A-Za-z0-9(\[|{\\]", self.text[stop:]) is not None

    def name(self, base: str, end: int, *, run: str = "") -> None:
        """A name with the subscript that follows it."""
        start, subscript, text = self.place, "", self.text
        if text[end : end + 2] == "}_" and self.braces and self.braces[-1]:  # \mathrm{d}_{in}
            self.braces.pop()
            end += 1
        if match := _BRACED.match(text, end):
            subscript, end = re.sub(r"[\s,]", "", match[1] or match[2]), match.end()
        elif match := (_LATEX_SUBSCRIPT if self.latex else _SUBSCRIPT).match(text, end):
            subscript, end = (match[1] or match[2]).replace("\\", ""), match.end()
        elif match := _SMALL.match(text, end):
            subscript, end = "".join(SUBSCRIPTS[c] for c in match[0]), match.end()
        elif len(base) == 1 and (match := _DIGITS.match(text, end)):
            subscript, end = match[0], match.end()
        primes = len(text[end:]) - len(text[end:].lstrip("'"))
        key = base + (f"_{subscript}" if subscript else "") + "'" * primes
        self.put("name", key, end + primes, start, run="" if subscript else run)


_MODULES = frozenset("np numpy jnp torch tf".split())
_VOCABULARY = frozenset((*KINDS, *EQUALS, *TURNING, *_FILLERS))


def _is_whole(word: str, known: frozenset[str]) -> bool:
    if known and all(letter in known for letter in word):
        return False
    return len(word) > 3 or word.lower() in _WHOLE


def _ends_operand(token: Token) -> bool:
    return token.kind in ("number", "name", "raised") or token.value in (")", "]", "}", "'")


def _follows_size(tokens: list[Token]) -> bool:
    """Whether a size ends the tokens, or a size and the hyphen of n-by-d."""
    rest = tokens[:-1] if tokens and tokens[-1].value == "-" else tokens
    return bool(rest) and _ends_operand(rest[-1])


def _settled(tokens: list[Token]) -> list[Token]:
    """Words between signs of a shape are names of sizes, and `a` before a word or a size is an article."""
    done: list[Token] = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1].value if place else ""
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        follows = after.value if after else ""
        if token.either and ("×" in (before, follows) or (before in ("(", "[", ",") and follows in (")", "]", ","))):
            token = replace(token, kind="name", value=token.either)
        elif token.value == "in" and follows == "ℝ":
            token = replace(token, kind="sign", value="∈")
        elif token.value in ("a", "A") and after and after.gap and _is_article(done, after):
            token = replace(token, kind="word", value="the")
        elif token.value == "by" and token.kind == "word" and _follows_size(done):
            if done[-1].value == "-":
                done.pop()
            token = replace(token, kind="sign", value="×")
        elif token.value == "-" and done and done[-1].value == "×" and before == "by":
            continue
        done.append(token)
    return done


def _is_article(before: list[Token], after: Token) -> bool:
    """Whether an `a` with a space behind it is the article: at the beginning or after a word, before a word or a size."""
    return (not before or before[-1].kind == "word" or before[-1].value in ("=", ":", ",")) and (
        after.kind in ("word", "number", "name") or after.value in ("(", "[", "ℝ", "{")
    )


def check_turning(tokens: list[Token]) -> None:
    """Refuse words that turn a sentence around, and signs that deny an equality."""
    for token in tokens:
        if (token.kind == "word" and token.value in TURNING) or token.value in ("!=", "≠", "<", ">", "≤", "≥", "≈", "→", "†"):
            raise NotationError(f"“{token.value}” cannot be read here; write the shape alone, such as n × d.", span=token.span)


__all__ = ["CONCLUDING", "EQUALS", "KINDS", "TURNING", "Token", "check_turning", "tokens_of"]
