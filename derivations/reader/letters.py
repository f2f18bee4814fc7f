"""Runs of letters: which words, functions and names they are, one after the other.

Where a name ends depends on what is declared: in `Xw` two names stand, in `hh` one, if it is declared. The longest word
or declared name wins; what nobody knows is taken letter by letter, unless it looks like a word.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from ..errors import NameUnknownError, Span
from ..notation.names import GREEK_WORDS, Vocabulary, key_of
from .lexicon import BY_LETTER, CALLABLES, FUNCTION_WORDS, MODULE, MODULE_NAMES, SETTINGS, WORDS
from .tokens import Token

# Not str.isdecimal: a bold 𝟏 is a sign of its own.
DIGITS = frozenset("0123456789")
LETTERS = re.compile(r"[A-Za-z]+")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
OPERAND_ENDS = frozenset(
    "name number sub layer sup method one zero fraction function bound nabla ) ] } \\} ⟩ | || ‖ ' ⊤".split()
)
_DOUBLE_LETTERS = re.compile(r"[a-z]{4,}")
_LOWERED = re.compile(r"[0-9]+(?![.][0-9])")
_CAMEL = re.compile(r"d[A-Za-z]+(?:_?d[A-Za-z]\w*)\Z")
_LONG_FUNCTIONS = [word for word in (*FUNCTION_WORDS, *CALLABLES) if len(word) > 4]


class Letters:
    """The tokens made so far, and the rules for letters."""

    def __init__(self, text: str, vocabulary: Vocabulary):
        self.text = text
        self.vocabulary = vocabulary
        self.tokens: list[Token] = []
        self.latex = "\\" in text
        self.gap = 0

    def put(self, kind: str, value: str, start: int, end: int) -> None:
        """Add one token."""
        self.tokens.append(Token(kind, value, start, end, self.gap))
        self.gap = 0

    def previous(self) -> str:
        return self.tokens[-1].kind if self.tokens else ""

    def letters(self, place: int, end: int) -> int:
        """A run of letters: words, functions and names, one after the other."""
        text = self.text
        run = LETTERS.match(text, place, end)
        assert run
        stop = run.end()
        if text[stop : stop + 1] == "." and (module := MODULE.match(text, place, end)):
            return self.from_module(module)
        whole = run[0]
        if text[stop : stop + 1] == "_" or text[stop : stop + 1] in DIGITS:
            identifier = _IDENTIFIER.match(text, place, end)
            assert identifier
            if (primed := identifier[0].removesuffix("_prime")) in FUNCTION_WORDS and primed != identifier[0]:
                self.put("function", FUNCTION_WORDS[primed], place, identifier.end())
                self.put("'", "'", identifier.end(), identifier.end())
                return identifier.end()
            if name := CALLABLES.get(identifier[0]):
                self.put("function", name, place, identifier.end())
                return identifier.end()
            if _CAMEL.match(identifier[0]) and self.vocabulary.starting_at(text, place) != identifier[0]:
                raise NameUnknownError(f"“{identifier[0]}” is not a declared name.", span=identifier.span())
        if whole in WORDS and self.vocabulary.starting_at(text, place) is None and self.is_word(whole, stop):
            self.put("word", WORDS[whole], place, stop)
            return stop
        if whole == "lr" and not self.all_declared(whole):  # the learning rate
            self.put("name", whole, place, stop)
            return stop
        if whole in CALLABLES and re.match(r"\s*\(", text[stop:]) and not self.all_declared(whole):
            self.put("function", CALLABLES[whole], place, stop)
            return stop
        strangers, first, most = 0, place, 0
        while place < stop:
            before = len(self.tokens)
            place, known = self.piece(place, stop)
            strangers = 0 if known else strangers + len(self.tokens) - before
            most = max(most, strangers)
            if strangers == 0:
                first = place
            if strangers > 3 and _DOUBLE_LETTERS.search(text, first, stop):
                raise self.unknown(text[first:stop], (first, stop))
        if strangers == len(whole) > 1 and text[stop : stop + 1] == "(" and (len(whole) > 2 or self.vocabulary.names):
            raise self.unknown(whole, run.span(), function=True)
        if most > 1 and text[stop : stop + 1] == "(" and get_close_matches(whole, _LONG_FUNCTIONS, n=1, cutoff=0.8):
            raise self.unknown(whole, run.span(), function=True)  # sofmax(z) is not s o f max(z)
        return self.digits(place, end)

    def is_word(self, word: str, stop: int) -> bool:
        """Whether a word of the language is meant, not the product of its letters."""
        if word in SETTINGS:
            return re.match(r"\s*=[^=]", self.text[stop:]) is not None
        if word == "where" and re.match(r"\s*\(", self.text[stop:]):
            return False
        if word == "lambda":
            return re.match(r"\s+\w+\s*:|\s*:", self.text[stop:]) is not None
        return not self.all_declared(word)

    def all_declared(self, word: str) -> bool:
        return all(letter in self.vocabulary.names for letter in word)

    def unknown(self, word: str, span: Span, function: bool = False) -> NameUnknownError:
        """The error for a word nobody knows, with the nearest word that somebody does."""
        known = [*FUNCTION_WORDS, *CALLABLES, *(() if function else (*GREEK_WORDS, *self.vocabulary.names.values()))]
        close = get_close_matches(word, known, n=1, cutoff=0.7)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        what = "a known function" if function else "a declared name or a known function"
        word = word if len(word) <= 40 else word[:39] + "…"
        return NameUnknownError(f"“{word}” is not {what}.{hint}", span=span)

    def from_module(self, match: re.Match[str]) -> int:
        """np.exp, np.linalg.norm, np.pi; but F.T is a transpose."""
        text, place, word = self.text, match.start(), match[2]
        if word in MODULE_NAMES:
            self.put("name", MODULE_NAMES[word], place, match.end())
        elif word == "newaxis":
            self.put("word", "None", place, match.end())
        elif name := FUNCTION_WORDS.get(word) or CALLABLES.get(word):
            self.put("function", name, place, match.end())
        elif word in ("T", "inf", "nan") or not text.startswith(
            ("np", "numpy", "jnp", "scipy", "torch", "math", "tf"), place
        ):
            _, _ = self.piece(place, place + 1)
            return place + 1
        else:
            raise self.unknown(word, match.span(2), function=True)
        return match.end()

    def piece(self, place: int, stop: int) -> tuple[int, bool]:
        """The longest known word or name at a place, else one letter; and whether it is known."""
        text, vocabulary = self.text, self.vocabulary
        declared = vocabulary.starting_at(text, place)
        if text[place] == "T" and self.previous() == "^" and vocabulary.transposes and declared is None:
            self.put("name", "T", place, place + 1)
            return place + 1, True
        for word in BY_LETTER.get(text[place], ()):
            if declared and len(declared) >= len(word):
                break
            if not text.startswith(word, place) or self.are_letters(word, place):
                continue
            end = place + len(word)
            if word in FUNCTION_WORDS:
                self.put("function", FUNCTION_WORDS[word], place, end)
                return end, True
            if end <= stop:
                self.put("name", GREEK_WORDS[word], place, end)
                return end, True
        if declared:
            self.put("name", key_of(declared), place, place + len(declared))
            return place + len(declared), True
        self.put("name", text[place], place, place + 1)
        return place + 1, text[place] in vocabulary.names

    def are_letters(self, word: str, place: int) -> bool:
        """Whether a spelled word is rather the product of its letters, all of them declared."""
        after = self.text[place + len(word) : place + len(word) + 1]
        if word in ("SM", "lg", "tr", "Tr", "lse") and after != "(" and self.previous() != "":
            return self.all_declared(word) or word == "SM"
        if word[-1].isdecimal() and after in DIGITS:
            return True
        return after not in ("(", "{") and self.all_declared(word)

    def digits(self, place: int, end: int) -> int:
        """Digits right behind a letter are its subscript: w2 is w_2."""
        digits = _LOWERED.match(self.text, place, end)
        before = [t.kind for t in self.tokens[-2:]]
        if digits and before[-1:] == ["name"] and before[0] != "^" and self.tokens[-1].end == place:
            self.put("sub", digits[0], place, digits.end())
            return digits.end()
        return place
