"""Files as pages: what is read, what is refused, and in which words."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path

import pytest

from hwcheck.checkers.submissions import safe_files
from hwcheck.checkers.submissions.notebooks import MOST_CELLS
from hwcheck.checkers.submissions.pages import page_of, page_of_bytes, read_page
from hwcheck.checkers.submissions.parts import submission_of
from hwcheck.checkers.submissions.safe_files import LARGEST, named, read_bytes
from hwcheck.derivations.errors import HwcheckError, InputError, LimitError

HAND_IN = "please hand in text, Markdown, LaTeX source or a notebook."
UTF8 = "and only UTF-8 is read; please save it as UTF-8."


def refusal(data: bytes, name: str) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(HwcheckError) as caught:
        page_of_bytes(data, name)
    return caught.value.message


def notebook(*cells: object, **more: object) -> str:
    return json.dumps({"cells": list(cells), "nbformat": 4, **more})


def markdown_cell(source: object) -> dict[str, object]:
    return {"cell_type": "markdown", "source": source}


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"%PDF-1.4 ...", "a.pdf", f"“a.pdf” is a PDF; {HAND_IN}"),
        (b"PK\x03\x04....", "a.docx", f"“a.docx” is a Word document; {HAND_IN}"),
        (b"PK\x03\x04....", "a.odt", f"“a.odt” is an OpenDocument text; {HAND_IN}"),
        (b"PK\x03\x04....", "a.md", f"“a.md” is a zip archive; {HAND_IN}"),
        (b"\x1f\x8b\x08\x00", "a.tex.gz", f"“a.tex.gz” is compressed (gzip); {HAND_IN}"),
        (b"\x89PNG\r\n\x1a\n", "a.txt", f"“a.txt” is a picture; {HAND_IN}"),
        (b"{\\rtf1 hello}", "a.rtf", f"“a.rtf” is a rich text document; {HAND_IN}"),
        (b"", "a.md", "“a.md” is empty."),
        (b" \n\t\r\n", "a.md", "“a.md” is empty."),
        (b"\xef\xbb\xbf", "a.md", "“a.md” is empty."),
        ("# 1\n".encode("utf-16"), "a.md", f"“a.md” looks like UTF-16, {UTF8}"),
        ("# Question one\n".encode("utf-16-le"), "a.md", f"“a.md” looks like UTF-16, {UTF8}"),
        ("# Question one\n".encode("utf-16-be"), "a.md", f"“a.md” looks like UTF-16, {UTF8}"),
        ("# 1\n".encode("utf-32"), "a.md", f"“a.md” looks like UTF-32, {UTF8}"),
        ("one\nna\xefve answer\n".encode("latin-1"), "a.md", f"“a.md” looks like Latin-1 (line 2), {UTF8}"),
        (b"one\ntwo\n\xe2\x88", "a.md", "“a.md” ends in the middle of a character, in line 3; please hand it in again."),
        (bytes(range(1, 256)) * 4, "a.md", f"“a.md” is a binary file; {HAND_IN}"),
        (b"one\ntwo\0three four five six", "a.md", f"“a.md” has a zero byte in line 2, so it is no text file; {HAND_IN}"),
        (b"{", "a.ipynb", "“a.ipynb” is not a whole notebook: it breaks off in line 1, column 2."),
        (b'{"cells": [,]}', "a.ipynb", "“a.ipynb” is not a whole notebook: it cannot be read in line 1, column 12."),
        (b"[" * 100_000, "a.ipynb", "“a.ipynb” is not a notebook: it is nested too deeply, or has a number without end."),
        (b"[1]", "a.ipynb", "“a.ipynb” is not a notebook: it holds no list of cells."),
        (b'{"cells": 7}', "a.ipynb", "“a.ipynb” is not a notebook: “cells” is not a list."),
        (b'{"cells": [3]}', "a.ipynb", "“a.ipynb” is not a notebook: cell 1 is not an object."),
        (b'{"cells": [{"source": ["a", 1]}]}', "a.ipynb", "“a.ipynb” is not a notebook: the source of cell 1 is not text."),
        (b'{"cells": [{"source": 8}]}', "a.ipynb", "“a.ipynb” is not a notebook: the source of cell 1 is not text."),
        (b'{"cells": []}', "a.ipynb", "“a.ipynb” has nothing in it that could be graded."),
        (b'{"nbformat": 2, "worksheets": 4}', "a.ipynb", "“a.ipynb” is a notebook in an old format that cannot be read (TypeError)."),
        (b"---\nx: &p [1]\ny: [*p, *p]\n---\n# 1\n", "a.md", "The front matter uses a YAML alias in line 3; please write the value out."),
        (b"<!-- nothing else -->", "a.md", "“a.md” has nothing in it that could be graded."),
        (
            b"\\input{chapter}", "a.tex",
            "“a.tex” has nothing in it that could be graded. The file “chapter” named in line 1 is not read; only what stands in the"
            " file handed in is.",
        ),
    ],
)  # fmt: skip
def test_refused(data: bytes, name: str, sentence: str) -> None:
    assert refusal(data, name) == sentence


def test_too_many_cells() -> None:
    said = refusal(notebook(*[markdown_cell("x")] * (MOST_CELLS + 1)).encode(), "a.ipynb")
    assert said == f"“a.ipynb” has {MOST_CELLS + 1} cells; at most {MOST_CELLS} are read."


@pytest.mark.parametrize(
    ("text", "name", "format"),
    [
        ("# 1", "a.md", "markdown"),
        ("# 1", "a.MARKDOWN", "markdown"),
        ("x", "a.tex", "latex"),
        (notebook(markdown_cell("x")), "a.ipynb", "notebook"),
        (notebook(markdown_cell("x")), "a.txt", "notebook"),
        ("\\documentclass{article}\\begin{document}x\\end{document}", "a.txt", "latex"),
        ("one\n## 2 Norms\n", "a.txt", "markdown"),
        ("the answer is 4", "a", "text"),
    ],
)
def test_formats(text: str, name: str, format: str) -> None:
    assert page_of_bytes(text.encode(), name).format == format


def test_marks_of_utf8_and_line_ends() -> None:
    assert page_of_bytes(b"\xef\xbb\xbf$x$\r\nb\rc", "a.md").text == "$x$\nb\nc"


@pytest.mark.parametrize(
    ("text", "read", "notes"),
    [
        ("v<sup>T</sup>u<sub>i</sub>", "v^{T}u_{i}", ()),
        ("note<sup>\\*</sup> here<sup>†</sup>", "note here", ()),
        ("<b>so</b><br/> <span style='color: red'>x</span> &lt; 2 &amp; y", "so x < 2 & y", ()),
        ("$a<b$ and $c>d$, a < b > c", "$a<b$ and $c>d$, a < b > c", ()),
        ("```python\nif a <b> c: x = '&lt;'\n```", "```python\nif a <b> c: x = '&lt;'\n```", ()),
        ("one <!-- two\nthree --> four", "one \n four", ()),
        (
            "one\ntwo <!-- three", "one\ntwo   three",
            ("The comment opened in line 2 is never closed; what follows was read as text.",),
        ),
        (
            "a\n$\x0crac{1}{2}$ \x08eta", "a\n$\\frac{1}{2}$ \\beta",
            ("Commands of LaTeX had lost their beginning (“rac” for “\\frac”); they were put back in line 2.",),
        ),
        (
            "$$v = egin{bmatrix} 1 \\ 2 \\end{bmatrix}$$", "$$v = \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}$$",
            ("Commands of LaTeX had lost their beginning (“rac” for “\\frac”); they were put back in line 1.",),
        ),
        ("$\\frac{a}{b} \\ c$ trac{k} began{x}", "$\\frac{a}{b} \\ c$ trac{k} began{x}", ()),
        (
            "$\\newcommand{\\g}[2]{\\frac{\\partial #1}{\\partial #2}}$\n$\\g{f}u = \\g fu$",
            "$$\n$\\frac{\\partial f}{\\partial u} = \\frac{\\partial f}{\\partial u}$",
            ("Commands of the file's own were replaced by what they stand for: \\g.",),
        ),
        ("$\\DeclareMathOperator{\\tr}{tr}\\tr A$", "$\\operatorname{tr} A$",
         ("Commands of the file's own were replaced by what they stand for: \\tr.",)),
        ("\\newcommand{\\o}[2][d]{#1,#2}\\o{x}\\o[y]{z}", "d,xy,z",
         ("Commands of the file's own were replaced by what they stand for: \\o.",)),
        ("---\nset: mine\n---\n# 1", "---\nset: mine\n---\n# 1", ()),
    ],
)  # fmt: skip
def test_markdown(text: str, read: str, notes: tuple[str, ...]) -> None:
    page = page_of(text, "a.md", "markdown")
    assert (page.text, page.notes) == (read, notes)


TEX = r"""\documentclass{article} % a comment
\usepackage{amsmath}
\newcommand{\J}{\mathbf{J}}
\title{Slopes}
\begin{document}
\maketitle
\section*{2 Columns}\label{s}
Fifty\,\% of ``it'' is \emph{easy}~\cite{x}.
\begin{enumerate}
  \item first % \item no
  \begin{solution}
    \[ \J = A \] and \(b\)
    \begin{align*} a &= b \\ &= c % why
    \end{align*}
  \end{solution}
  \item[9.] ninth
  \item \textbf{Answer:} \texttt{x} \begin{enumerate} \item deep \end{enumerate}
\end{enumerate}
\begin{problem}[3.1] text \end{problem}
\begin{verbatim}
50 % of x
\end{verbatim}
\input{other}
\end{document}
never"""

READ = r"""



# Slopes

# 2 Columns
Fifty % of "it" is *easy* .

  1.  first
  \begin{solution}
    $$ \mathbf{J} = A $$ and $b$
    \begin{align*} a &= b \\ &= c
    \end{align*}
  \end{solution}
  9.  ninth
  2.  **Answer:** `x`  (a)  deep

## Problem 3.1  text
```
50 % of x
```
"""


def test_latex() -> None:
    page = page_of(TEX, "a.tex", "latex")
    assert [line.rstrip() for line in page.text.rstrip("\n").split("\n")][5:] == READ.rstrip("\n").split("\n")[5:]
    assert page.text.split("\n")[3] == "# Slopes"
    assert page.notes == (
        "Commands of the file's own were replaced by what they stand for: \\J.",
        "What follows \\end{document} in line 24 is not part of the document and was left out.",
        "The file “other” named in line 23 is not read; only what stands in the file handed in is.",
    )


def test_every_line_of_latex_keeps_its_number() -> None:
    page = page_of(TEX, "a.tex", "latex")
    written = TEX.split("\n")
    for number, line in enumerate(page.text.split("\n"), 1):
        for word in ("Fifty", "first", "ninth", "align*} a", "50 %", "# 2 Columns"):
            if word in line:
                assert word.lstrip("# ") in written[number - 1]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\\begin{enumerate}[start=4]\\item a\\item b\\end{enumerate}", "4.  a5.  b"),
        ("\\begin{enumerate}[label=(\\alph*)]\\item a\\end{enumerate}", "(a)  a"),
        ("\\begin{questions}\\question[5] Why?\\begin{parts}\\part so\\end{parts}\\end{questions}", "1.  Why?(a)  so"),
        ("\\begin{homeworkProblem}x\\end{homeworkProblem}", "## Problem 1 x"),
        ("{\\bf Answer:} \\$5 costs", "Answer: \\$5 costs"),
        ("a \\% b % c", "a % b "),
        ("\\foo{bar} \\frac{1}{2}", "\\foo{bar} \\frac{1}{2}"),
        ("one $x", "one $x"),
        ("\\[ x", "\\[ x"),
        ("\\setcounter{page}{3}x", "\\setcounter{page}{3}x"),
        ("\\begin{enumerate}\\setcounter{enumi}{2}\\item c\\end{enumerate}", "3.  c"),
        ("\\end{enumerate} x } y", " x  y"),
        ("\\begin{lstlisting}\nx = 1 % 2\n\\end{lstlisting}", "```\nx = 1 % 2\n```"),
    ],
)
def test_pieces_of_latex(text: str, read: str) -> None:
    got = page_of(text, "a.tex", "latex").text
    assert " ".join(got.split()) == " ".join(read.split())


def test_macros_that_lead_to_themselves_stay() -> None:
    page = page_of("\\def\\a{\\a}\\a and \\def\\b{\\c}\\def\\c{\\b}\\b", "a.tex", "latex")
    assert page.text == "\\a and \\b"
    assert page.notes[-1] == "Commands that lead to themselves, or to too much text, were left as they are: \\a, \\b."


def test_notebooks() -> None:
    code = {"cell_type": "code", "source": "x = 1\ny", "outputs": [{"data": {"text/html": "<img onerror=1>"}}]}
    page = page_of(notebook(markdown_cell(["# 2\n", "$x$"]), code, {"cell_type": "raw", "source": "so"}), "a.ipynb", "notebook")
    assert page.text == "# 2\n$x$\n\n```python\nx = 1\ny\n```\n\nso\n"
    assert page.notes == ("The outputs of the cells were left out; only what is written in the cells is read.",)
    assert [page.place(k) for k in (1, 2, 4, 5, 6, 7, 9)] == [
        "cell 1, line 1", "cell 1, line 2", "cell 2, line 1", "cell 2, line 1", "cell 2, line 2", "cell 2, line 2", "cell 3, line 1",
    ]  # fmt: skip
    assert len(page.places) == len(page.text.split("\n"))


def test_old_notebooks() -> None:
    sheet = {"cells": [{"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}, markdown_cell("why")]}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
    assert page_of(json.dumps(old), "a.ipynb", "notebook").text == "```python\nx = 1\n```\n\nwhy\n"


# -- files -------------------------------------------------------------------------------------------------------------


def refused(path: Path, root: Path | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_page(path, root)
    return caught.value.message


def test_plain_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 1\n", encoding="utf-8")
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    assert read_page(tmp_path / "a.md").text == "# 1\n"
    assert read_page(tmp_path / "b.md", tmp_path).file == str(tmp_path / "b.md")


def test_links_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.md").write_text("# 1", encoding="utf-8")
    (inside / "a.md").symlink_to(tmp_path / "secret.md")
    (inside / "b.md").symlink_to("../secret.md")
    (inside / "c").symlink_to(tmp_path)
    for path in (inside / "a.md", inside / "b.md", inside / "c" / "secret.md", inside / ".." / "secret.md"):
        assert refused(path, inside).endswith("is a link that leads out of the folder; it is not followed.")
    (inside / "d.md").symlink_to(inside / "none.md")
    assert refused(inside / "d.md", inside) == "“d.md” is a link to nothing."
    (inside / "e.md").symlink_to(inside / "e.md")
    assert refused(inside / "e.md", inside).startswith("“e.md” cannot be opened: ")


def test_what_is_no_plain_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    assert refused(tmp_path / "pipe.md") == "“pipe.md” is a pipe, not a file with text; it is not opened."
    assert refused(tmp_path / "folder.md") == "“folder.md” is a folder, not a file with text; it is not opened."
    assert refused(Path("/dev/zero")) == "“zero” is a device, not a file with text; it is not opened."
    assert refused(tmp_path / "none.md") == "There is no file “none.md”."
    assert refused(tmp_path / "a\0b.md") == "“a�b.md” cannot be opened: embedded null byte."
    if hasattr(socket, "AF_UNIX"):
        with socket.socket(socket.AF_UNIX) as server:
            monkeypatch.chdir(tmp_path)  # the path of a socket is short
            server.bind("s.md")
            assert refused(tmp_path / "s.md") == "“s.md” is a socket, not a file with text; it is not opened."


def test_names_with_escape_codes(tmp_path: Path) -> None:
    (tmp_path / "\x1b]0;x\x07.md").write_bytes(b"")
    assert refused(tmp_path / "\x1b]0;x\x07.md") == "“�]0;x�.md” is empty."
    assert named("a/b\x1b.md") == "“b�.md”"


def test_large_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"a" * (LARGEST + 1))
    with pytest.raises(LimitError, match=r"“a.md” has more than 4 MiB, which is the most that is read\."):
        read_page(tmp_path / "a.md")
    with pytest.raises(LimitError, match="more than 3 bytes"):
        read_bytes(tmp_path / "a.md", largest=3)


def test_files_that_change_while_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_text("# 1\n", encoding="utf-8")
    seen: list[os.stat_result] = []
    fstat = os.fstat

    def growing(descriptor: int) -> os.stat_result:
        if seen:
            path.write_text("# 1\n# 2\n", encoding="utf-8")
        seen.append(fstat(descriptor))
        return seen[-1]

    monkeypatch.setattr(safe_files.os, "fstat", growing)
    assert refused(path) == "“a.md” changed while it was read; grade it again when it is finished."


# -- hostile text: bounded work ------------------------------------------------------------------------------------------

MANY = 40_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "\\frac{" * 300_000),
        ("a.tex", "\\frac{" * 300_000),
        ("a.md", "<!--" * 20_000),
        ("a.md", "*" * 10 * MANY),
        ("a.md", " " * 10 * MANY + "x" + "\t" * 10 * MANY),
        ("a.md", "answer" + " " * 10 * MANY + "x"),
        ("a.md", "\n" * 10 * MANY + "x"),
        ("a.md", "> " * 10 * MANY),
        ("a.tex", "\\title{" * MANY),
        ("a.md", ("Answer: 1\n") * MANY),
        ("a.md", ("1. x\n") * MANY),
        ("a.md", ("# 2\n") * MANY),
        ("a.md", "<a " + "b=c " * MANY),
        ("a.md", ":::answer\n" * MANY),
        ("a.md", "\\begin{solution}\n" * MANY),
        ("a.md", "## 2.4\n" + "Why? " * MANY),
        ("a.md", "## 2.4\n\n[Submit](#)\n\n" * (MANY // 10)),
        ("a.tex", "$" * (10 * MANY + 1)),
        ("a.tex", "\\(" * MANY),
        ("a.tex", "\\begin{enumerate}\\item " * (MANY // 2)),
        ("a.tex", "{" * 5 * MANY),
        ("a.tex", "\\" * (5 * MANY) + "%"),
        ("a.tex", "\\newcommand{\\x}{" * (MANY // 2)),
        ("a.tex", "\\def\\a{\\b\\b}\\def\\b{\\c\\c}\\def\\c{\\d\\d}\\def\\d{" + "x" * 100 + "}" + "\\a " * MANY),
        ("a.ipynb", notebook(*[markdown_cell(f"## 2.{k}\n$x$") for k in range(10_000)])),
    ],
)
def test_bounded_work(name: str, text: str) -> None:
    before = time.process_time()
    try:
        submission_of(page_of_bytes(text.encode(), name))
    except InputError as error:
        assert error.message.endswith(".")
    assert time.process_time() - before < 6
