"""From bytes to text: UTF-8, or a sentence that says what the bytes look like instead.

Nothing is guessed: a file in another encoding is named and refused, never read into wrong letters.
"""

from __future__ import annotations

import codecs

from ...derivations.errors import InputError

TEXTS = "text, Markdown, LaTeX source or a notebook"

# What a file begins with, and what it then is; the suffix decides between the many kinds of zip archives.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"BZh", "compressed (bzip2)"),
    (b"\xfd7zXZ", "compressed (xz)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%!PS", "a PostScript file"),
    (b"\x7fELF", "a program"),
)
_ZIPPED = {".docx": "a Word document", ".odt": "an OpenDocument text", ".pages": "a Pages document", ".pptx": "a slide show"}
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def decoded(data: bytes, name: str, suffix: str = "") -> str:
    """The text of a file, with `\\n` at the end of every line; a mark of UTF-8 at its beginning is dropped.

    Raises:
        InputError: empty, no text, or not UTF-8; the sentence says what it looks like and what to hand in.

    >>> decoded(b"\\xef\\xbb\\xbf$x$\\r\\n", "“a.md”")
    '$x$\\n'
    """
    for beginning, what in _BEGINNINGS:
        if data.startswith(beginning):
            raise InputError(f"{name} is {_ZIPPED.get(suffix, what) if 'zip' in what else what}; please hand in {TEXTS}.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            raise InputError(_encoding(name, encoding))
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise InputError(f"{name} is empty.")
    if b"\0" in data:
        raise InputError(_with_zeros(data, name))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(_not_utf8(data, name, error)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _encoding(name: str, encoding: str, where: str = "") -> str:
    return f"{name} looks like {encoding}{where}, and only UTF-8 is read; please save it as UTF-8."


def _with_zeros(data: bytes, name: str) -> str:
    """Latin letters in UTF-16 have a zero in every other byte."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > 0.6 * (len(sample) / 2) and min(even, odd) < 0.1 * (len(sample) / 2) + 1:
        return _encoding(name, "UTF-16")
    line = data.count(b"\n", 0, data.index(0)) + 1
    return f"{name} has a zero byte in line {line}, so it is no text file; please hand in {TEXTS}."


def _not_utf8(data: bytes, name: str, error: UnicodeDecodeError) -> str:
    """Text in Latin-1 has few bytes above ASCII, and no control characters."""
    line = data.count(b"\n", 0, error.start) + 1
    if error.end >= len(data) and error.reason == "unexpected end of data":
        return f"{name} ends in the middle of a character, in line {line}; please hand it in again."
    high = sum(byte >= 0x80 for byte in data)
    control = sum(byte < 0x20 and byte not in b"\t\n\r\f" for byte in data)
    if control == 0 and high <= 0.3 * len(data):
        return _encoding(name, "Latin-1", f" (line {line})")
    return f"{name} is a binary file; please hand in {TEXTS}."


__all__ = ["TEXTS", "decoded"]
