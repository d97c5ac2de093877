"""Documents: READMEs and what stands beside them, parsed once."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from repro_lint.documents.blocks import CodeBlock, Heading, Link, Sentence
from repro_lint.documents.commands import Command
from repro_lint.finding import Place, Span
from repro_lint.lazy import lazy_pattern
from repro_lint.sources.base import Subject
from repro_lint.sources.text import Decoded, LineMap, decode

if TYPE_CHECKING:
    from repro_lint.documents.content import Content
    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile

Markup = Literal["markdown", "rst", "org", "text"]

_MARKUPS: dict[str, Markup] = {
    "md": "markdown",
    "markdown": "markdown",
    "mkd": "markdown",
    "mkdn": "markdown",
    "mdown": "markdown",
    "rmd": "markdown",
    "qmd": "markdown",
    "rst": "rst",
    "rest": "rst",
    "org": "org",
    "txt": "text",
    "text": "text",
    "adoc": "text",
    "asciidoc": "text",
    "": "text",
}
_NAME = lazy_pattern(
    r"(?:read[_-]?me|install|usage|reproduc|replicat|instructions|run|how[_-]?to|getting[_-]?started|quick[_-]?start)",
    re.I,
)
_MARKDOWN = frozenset({"md", "markdown", "mkd", "mkdn", "mdown"})
_LOOKS_LIKE_MARKDOWN = lazy_pattern(r"^(?:#{1,6} \S|```|.*\]\(https?:)", re.M)


class Document(Subject):
    """A text for readers. Its parts are in document order, with 1-based lines of the file."""

    title = "document"

    def __init__(self, file: SourceFile, project: Project) -> None:
        super().__init__(file, project)
        if "\0" in self.text:
            self.problem = "is not text: it holds NUL bytes"

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is that of Markdown, or of a README, installation or usage text in any markup read here."""
        name = path.rpartition("/")[2]
        suffix = suffix_of(name)
        if suffix in _MARKDOWN:
            return True
        return suffix in _MARKUPS and bool(_NAME.match(name)) and (suffix != "" or _is_bare_name(name))

    @cached_property
    def markup(self) -> Markup:
        """How it is written: by its suffix, and without one by its look."""
        name = self.path.rpartition("/")[2]
        markup = _MARKUPS.get(suffix_of(name), "text")
        if suffix_of(name) == "" and _LOOKS_LIKE_MARKDOWN.search(self.text):
            return "markdown"
        return markup

    @cached_property
    def decoded(self) -> Decoded:
        """The decoded bytes."""
        return decode(self.file.data)

    @property
    def text(self) -> str:
        """The text without a byte order mark; line ends are as stored."""
        return self.decoded.text

    @cached_property
    def line_map(self) -> LineMap:
        """The lines as editors and git count them."""
        return LineMap(self.text)

    @property
    def lines(self) -> tuple[str, ...]:
        """All lines without their ends."""
        return self.line_map.lines

    @cached_property
    def content(self) -> Content:
        """All parts of the document; nothing for one that is not text."""
        if self.problem:
            from repro_lint.documents.content import Content

            return Content()
        if self.markup == "markdown":
            from repro_lint.documents.markdown import read_markdown

            return read_markdown(self.text)
        if self.markup == "rst":
            from repro_lint.documents.rst import read_rst

            return read_rst(self.text)
        from repro_lint.documents.plain import read_plain

        return read_plain(self.text, org=self.markup == "org")

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings."""
        return tuple(self.content.headings)

    @property
    def code(self) -> tuple[CodeBlock, ...]:
        """Code blocks and code within sentences."""
        return tuple(self.content.code)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links; pictures are not among them."""
        return tuple(link for link in self.content.links if not link.image)

    @property
    def images(self) -> tuple[Link, ...]:
        """The pictures, badges among them."""
        return tuple(link for link in self.content.links if link.image)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What stands in paragraphs, list items and tables, sentence by sentence."""
        return tuple(self.content.sentences)

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The commands it shows, in order."""
        from repro_lint.documents.command_reader import read_commands

        return read_commands(self.content.code, self.content.prose)

    def place(self, where: int | Span | None = None) -> Place:
        """The place of a line without its indentation, of a span, or of the document as a whole."""
        if where is None:
            return Place(self.path)
        if isinstance(where, int):
            text = self.line_map.line(where).rstrip()
            start = len(text) - len(text.lstrip()) + 1
            where = Span(where, start, where, max(len(text) + 1, start))
        return Place(self.path, where, excerpt=self.line_map.excerpt(where))


def suffix_of(name: str) -> str:
    """The lower-case suffix of a file name without its dot, or empty."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_bare_name(name: str) -> bool:
    """Whether a name without a suffix is that of a text: RUN and Run-me are, run and install are programs."""
    return name.lower().startswith("readme") or name.isupper()
