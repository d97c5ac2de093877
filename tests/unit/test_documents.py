"""Documents: their parts with exact lines, whatever the markup."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repro_lint.documents.document import Document
from repro_lint.finding import Place, Span


@dataclass
class File:
    path: str
    data: bytes


def document(text: str | bytes, path: str = "README.md") -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return Document(File(path, data), None)  # type: ignore[arg-type]


def headings(found: Document) -> list[tuple[int, str, int]]:
    return [(h.level, h.text, h.line) for h in found.headings]


def code(found: Document) -> list[tuple[str, str, str, int]]:
    return [(c.kind, c.language, c.text, c.line) for c in found.code]


def links(found: Document) -> list[tuple[str, str, int]]:
    return [(link.text, link.target, link.line) for link in found.links]


def sentences(found: Document) -> list[tuple[str, int]]:
    return [(s.text, s.line) for s in found.sentences]


@pytest.mark.parametrize(
    "path",
    [
        "README.md", "readme.txt", "ReadMe.md", "README", "README.rst", "docs/README.org", "a/b/INSTALL", "RUN.txt",
        "USAGE.rst", "REPRODUCE.md", "REPLICATION.txt", "instructions.markdown", "README.mkdn", "notes/any.md",
        "README.adoc",
    ],
)  # fmt: skip
def test_accepts_documents(path: str) -> None:
    assert Document.accepts(path)


@pytest.mark.parametrize(
    "path",
    ["run", "install", "run.py", "requirements.txt", "notes.txt", "index.rst", "README.ipynb", "README.pdf", "a"],
)
def test_leaves_other_files_alone(path: str) -> None:
    assert not Document.accepts(path)


@pytest.mark.parametrize(
    ("path", "text", "markup"),
    [
        ("README", "Title\n=====\n", "text"),
        ("README", "# Title\n", "markdown"),
        ("README.rst", "", "rst"),
        ("readme.txt", "# x", "text"),
        ("README.org", "", "org"),
    ],
)
def test_knows_the_markup(path: str, text: str, markup: str) -> None:
    assert document(text, path).markup == markup


class TestMarkdown:
    def test_headings(self) -> None:
        found = document("# One\n\nTwo\n---\n\n> ### `three` [x](y)\n\n<h2 align=center>Four</h2>\n")
        assert headings(found) == [(1, "One", 1), (2, "Two", 3), (3, "three x", 6), (2, "Four", 8)]

    def test_code(self) -> None:
        found = document("a\n\n```bash\none\ntwo\n```\n\n    three\n\nsome `four`\nand `five`\n\n<pre>\nsix\n</pre>\n")
        assert code(found) == [
            ("fence", "bash", "one\ntwo\n", 4),
            ("indented", "", "three\n", 8),
            ("inline", "", "four", 10),
            ("inline", "", "five", 11),
            ("pre", "", "six\n", 14),
        ]

    def test_code_in_lists_and_quotes(self) -> None:
        found = document("1. first\n\n   ```{.python}\n   x = 1\n   ```\n\n> ~~~{r}\n> y\n> ~~~\n")
        assert code(found) == [("fence", "python", "x = 1\n", 4), ("fence", "r", "y\n", 8)]

    def test_an_inline_span_over_two_lines(self) -> None:
        assert code(document("a `b\nc` d `e`\n")) == [("inline", "", "b c", 1), ("inline", "", "e", 2)]

    def test_links(self) -> None:
        found = document(
            "[a](b.md)\nand\n[c `d`][ref] <https://e.example>\nhttps://f.example/g.\n"
            '<a href="h.ipynb">i <b>j</b></a>\n\n[ref]: k.pdf\n\n<p><a href=l><img src="m.png" alt="n"></a></p>\n'
        )
        assert links(found) == [
            ("a", "b.md", 1),
            ("c d", "k.pdf", 3),
            ("https://e.example", "https://e.example", 3),
            ("https://f.example/g", "https://f.example/g", 4),
            ("i j", "h.ipynb", 5),
            ("n", "l", 9),
        ]

    def test_badges(self) -> None:
        found = document("# T\n\n[![Binder](b.svg)](https://mybinder.org/v2/gh/x/y)\n")
        assert links(found) == [("Binder", "https://mybinder.org/v2/gh/x/y", 3)]
        assert [(image.text, image.target, image.section) for image in found.images] == [
            ("Binder", "b.svg", found.headings[0])
        ]

    def test_sentences(self) -> None:
        text = "One is\nhere. Two, e.g. this,\nis `run.py`!\n\n- Three\n- four [5](6)\n\n"
        found = document(text + "| a | b |\n|---|---|\n| c | d |\n")
        assert sentences(found) == [
            ("One is here.", 1),
            ("Two, e.g. this, is run.py!", 2),
            ("Three", 5),
            ("four 5", 6),
            ("a", 8),
            ("b", 8),
            ("c", 10),
            ("d", 10),
        ]

    def test_front_matter_and_comments_are_not_read(self) -> None:
        found = document("---\ntitle: x\nrun: `y`\n---\n# T\n\n<!-- `python a.py`\n<a href='b'>b</a> -->\n")
        assert (headings(found), code(found), links(found), sentences(found)) == ([(1, "T", 5)], [], [], [])

    def test_line_ends_of_windows(self) -> None:
        found = document("# A\r\n\r\ntext\r\n\r\n```sh\r\nls\r\n```\r\n")
        assert headings(found) == [(1, "A", 1)]
        assert code(found) == [("fence", "sh", "ls\n", 6)]


class TestRst:
    TEXT = """\
=====
Title
=====

.. image:: https://badge.example/x.svg
   :target: https://x.readthedocs.io
   :alt: docs

Use ``python a.py`` or
`the guide <guide.rst>`_, see notes_. Then::

    $ make

Install
-------

.. code-block:: bash
   :linenos:

   pip install .

- one
- two https://two.example

>>> import x
>>> x.y

.. a comment with `python b.py`
   that goes on

.. _notes: notes.md

Deeper
~~~~~~
"""

    def test_parts(self) -> None:
        found = document(self.TEXT, "README.rst")
        assert headings(found) == [(1, "Title", 2), (2, "Install", 14), (3, "Deeper", 33)]
        assert code(found) == [
            ("inline", "", "python a.py", 9),
            ("indented", "", "$ make", 12),
            ("fence", "bash", "pip install .", 20),
            ("indented", "pycon", ">>> import x\n>>> x.y", 25),
        ]
        assert links(found) == [
            ("docs", "https://x.readthedocs.io", 5),
            ("the guide", "guide.rst", 10),
            ("notes", "notes.md", 10),
            ("https://two.example", "https://two.example", 23),
        ]
        assert sentences(found) == [
            ("Use python a.py or the guide, see notes.", 9),
            ("Then::", 10),
            ("one", 22),
            ("two https://two.example", 23),
        ]


class TestPlain:
    def test_text(self) -> None:
        found = document("Title\n=====\n\nSome words.\n\n    python a.py\n    ls\n\n$ make\n", "README.txt")
        assert headings(found) == [(1, "Title", 1)]
        assert code(found) == [("indented", "", "python a.py\nls", 6)]
        assert sentences(found) == [("Some words.", 4), ("$ make", 9)]

    def test_org(self) -> None:
        found = document("* A\n** B\n#+BEGIN_SRC sh\nls\n#+END_SRC\nsee [[file:c.org][d]] and =e=\n", "README.org")
        assert headings(found) == [(1, "A", 1), (2, "B", 2)]
        assert code(found) == [("fence", "sh", "ls", 4), ("inline", "", "e", 6)]
        assert links(found) == [("d", "c.org", 6)]

    def test_asciidoc(self) -> None:
        found = document("= A\n\n== B\n\n----\nls\n----\n\nlink:c.pdf[the manual]\n", "README.adoc")
        assert headings(found) == [(1, "A", 1), (2, "B", 3)]
        assert code(found) == [("fence", "", "ls", 6)]
        assert links(found) == [("the manual", "c.pdf", 9)]


def test_sections() -> None:
    found = document("`a`\n\n# One\n\n`b`\n\n## Two\n\n`c`\n")
    assert [c.section and c.section.text for c in found.code] == [None, "One", "Two"]


def test_places() -> None:
    found = document("a\n\n  # Title  \n")
    assert found.place() == Place("README.md")
    assert found.place(3) == Place("README.md", Span(3, 3, 3, 10), excerpt=("  # Title  ",))
    assert found.place(Span(1, 1, 1, 2)) == Place("README.md", Span(1, 1, 1, 2), excerpt=("a",))


def test_what_is_not_text_is_a_problem() -> None:
    found = document(b"# A\0\n`python a.py`\n")
    assert found.problem == "is not text: it holds NUL bytes"
    assert (found.headings, found.commands) == ((), ())


def test_utf16() -> None:
    assert headings(document("# Ä\n".encode("utf-16"))) == [(1, "Ä", 1)]


PATHS = st.sampled_from(["README.md", "README.rst", "README.txt", "README.org", "README"])
UNITS = st.sampled_from(
    ["# ", "\n", "    ", "```", "`", "``", "::\n\n  ", "[a](b)", "<a href=x>", "</a>", "<pre>", "===\n", "$ ", "> ",
     "| ", "python a.py", "\\", "\r", "\r\n", ".. code::", "- ", '"', "'", "&&", "<<EOF", "source(", "é", "\u2028",
     "\x0c", "!"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(PATHS, st.lists(UNITS, max_size=40).map("".join) | st.text(max_size=200))
def test_never_crashes_and_stays_inside(path: str, text: str) -> None:
    found = document(text, path)
    lines = len(found.line_map)
    starts = [h.line for h in found.headings] + [c.line for c in found.code] + [link.line for link in found.links]
    starts += [s.line for s in found.sentences] + [c.line for c in found.commands]
    assert all(1 <= line <= lines for line in starts)
    assert all(command.argv for command in found.commands)


@settings(max_examples=100, deadline=None)
@given(PATHS, st.binary(max_size=200))
def test_never_crashes_on_bytes(path: str, data: bytes) -> None:
    assert isinstance(document(data, path).commands, tuple)


@pytest.mark.parametrize("unit", ["[", "`", "<pre>", "<a ", "http://", "$ ", "``x", "\\", "- ", "::\n\n  "])
@pytest.mark.parametrize("path", ["README.md", "README.rst", "README.txt"])
def test_no_text_takes_long(unit: str, path: str) -> None:
    started = time.process_time()
    assert isinstance(document(unit * 3000, path).commands, tuple)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("path", ["README.rst", "README.txt"])
def test_a_list_mark_is_taken_off_at_the_beginning_only(path: str) -> None:
    text = "See environment.yml. Then a - b, and 3. last.\n"
    assert " ".join(sentence.text for sentence in document(text, path).sentences) == text.strip()
