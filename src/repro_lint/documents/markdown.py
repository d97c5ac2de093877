"""Reading Markdown (CommonMark with tables, as code hosts render it)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from repro_lint.documents.blocks import Piece
from repro_lint.documents.content import Content
from repro_lint.lazy import lazy_pattern

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = lazy_pattern(r"\A---[ \t]*\n(?:.*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_HREF = lazy_pattern(r"<a\s[^<>]*?href\s*=\s*[\"']?([^\"'\s<>]+)", re.I)
_SRC = lazy_pattern(r"<img\s[^<>]*?src\s*=\s*[\"']?([^\"'\s<>]+)", re.I)
_NEAR = 2000  # how far ahead the text of a token is looked for


def read_markdown(text: str) -> Content:
    """The content of a Markdown document; any text is one."""
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", " ")  # a lone CR ends no line for editors and git
    if match := _FRONT_MATTER.match(text):
        text = "\n" * match[0].count("\n") + text[match.end() :]
    content = Content()
    base = 1
    heading: tuple[int, int] | None = None
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.map:
            base = token.map[0] + 1
        if token.type == "heading_open":
            heading = int(token.tag[1:]), base
        elif token.type == "fence":
            content.add_code("fence", token.info, token.content, base + 1)
        elif token.type == "code_block":
            content.add_code("indented", "", token.content, base)
        elif token.type == "html_block":
            content.add_html(token.content, base)
        elif token.type == "inline":
            _Paragraph(content, token, base).read(heading)
            heading = None
    return content


class _Paragraph:
    """One run of text. Its tokens do not know their lines: a cursor in the text counts the line ends it passes."""

    def __init__(self, content: Content, token: Token, line: int) -> None:
        self.content = content
        self.token = token
        self.source = token.content
        self.line = line
        self.cursor = 0
        self.pieces: list[Piece] = []
        self.open_links: list[tuple[str, int, int]] = []  # target, line, number of pieces before

    def read(self, heading: tuple[int, int] | None) -> None:
        """Keep what the text says, as a heading of this level and line if it is one."""
        children = self.token.children or []
        if heading:  # links in a heading belong to the section that it begins
            text = "".join(c.content if c.type in ("text", "code_inline") else " " for c in children)
            self.content.add_heading(heading[0], text, heading[1])
        for child in children:
            self._child(child)
        while self.open_links:
            self._close_link()
        if not heading:
            self.content.add_prose(self.pieces)

    def _child(self, child: Token) -> None:
        if child.type == "text":
            self._pass(child.content)
            self._text(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            self._pass("\n")
            self.pieces.append(Piece(" ", self.line))
        elif child.type == "code_inline":
            self._pass(child.markup)
            line = self.line
            self.pieces.append(Piece(child.content, line, code=True))
            self.content.add_code("inline", "", child.content, line)
            self._pass(child.markup)
        elif child.type == "link_open":
            self.open_links.append((str(child.attrGet("href") or ""), self.line, len(self.pieces)))
        elif child.type == "link_close":
            self._close_link()
        elif child.type == "image":
            self.content.add_link(child.content, str(child.attrGet("src") or ""), self.line, image=True)
            if self.open_links:  # a badge: its text is that of the link
                self.pieces.append(Piece(child.content, self.line))
        elif child.type == "html_inline":
            self._pass(child.content)
            self._html(child.content)

    def _pass(self, text: str) -> None:
        """Move the cursor behind the next occurrence of the text, if it is near."""
        at = self.source.find(text, self.cursor, self.cursor + len(text) + _NEAR)
        if at >= 0:
            end = at + len(text)
            self.line += self.source.count("\n", self.cursor, end)
            self.cursor = end

    def _text(self, text: str) -> None:
        if text:
            self.pieces.append(Piece(text, self.line))
            if not self.open_links:
                self.content.add_urls(text, self.line)

    def _html(self, tag: str) -> None:
        lowered = tag.lower()
        if match := _HREF.match(tag):
            self.open_links.append((match[1], self.line, len(self.pieces)))
        elif lowered.startswith("</a") and self.open_links:
            self._close_link()
        elif match := _SRC.match(tag):
            self.content.add_link("", match[1], self.line, image=True)
        elif lowered.startswith("<br"):
            self.pieces.append(Piece(" ", self.line))

    def _close_link(self) -> None:
        if self.open_links:
            target, line, before = self.open_links.pop()
            self.content.add_link("".join(piece.text for piece in self.pieces[before:]), target, line)
