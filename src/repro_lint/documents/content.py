"""Putting a document together from what its reader finds in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from html import unescape

from repro_lint.documents.blocks import CodeBlock, CodeKind, Heading, Link, Piece, ProseLine, Sentence
from repro_lint.lazy import dataclass, lazy_pattern

# Attribute values are quoted in nearly all documents; the patterns are such that none backtracks across tags.
_URL = lazy_pattern(r"https?://[^\s<>()\[\]`|]+")
_TAG = lazy_pattern(r"<[/!?a-zA-Z][^<>]*>")
_COMMENT = lazy_pattern(r"<!--.*?(?:-->|\Z)", re.S)
_HTML_HEADING = lazy_pattern(r"<h([1-6])\b[^<>]*>(.{0,2000}?)</h\1\s*>", re.S | re.I)
_HTML_LINK = lazy_pattern(r"<a\s[^<>]*?href\s*=\s*[\"']?([^\"'\s<>]+)[^<>]*>(.{0,4000}?)</a\s*>", re.S | re.I)
_HTML_IMAGE = lazy_pattern(r"<img\s[^<>]*?src\s*=\s*[\"']?([^\"'\s<>]+)[^<>]*>", re.I)
_HTML_CODE = lazy_pattern(r"<(pre|code|kbd)\b[^<>]*>(.{0,8000}?)</\1\s*>", re.S | re.I)
_HTML_PRE = lazy_pattern(r"<pre\b[^<>]*>.{0,8000}?</pre\s*>", re.S | re.I)
_ALT = lazy_pattern(r"alt\s*=\s*\"([^\"]*)\"", re.I)
_LANGUAGE = lazy_pattern(r"[\w+#.-]+")
_END = lazy_pattern(r"(?:[.!?]['\")\]*_]*(?=\s)|[。！？])\s*")
_ABBREVIATION = lazy_pattern(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|resp|approx|z\.\s?B|bzw|d\.h|p\.ej|no|nr|fig|eq|dr|mr|ms)|^\d+)\.$", re.I
)


@dataclass
class Content:
    """The parts of a document, each kind in document order, put together by a reader."""

    headings: list[Heading] = field(default_factory=list)
    code: list[CodeBlock] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    prose: list[ProseLine] = field(default_factory=list)

    @property
    def section(self) -> Heading | None:
        """The heading that what comes next stands under."""
        return self.headings[-1] if self.headings else None

    def add_heading(self, level: int, text: str, line: int) -> None:
        """Begin a section; a heading without text begins none."""
        if text := " ".join(text.split()):
            self.headings.append(Heading(level, text, line))

    def add_code(self, kind: CodeKind, language: str, text: str, line: int) -> None:
        """Keep code unless it is blank."""
        if text.strip():
            self.code.append(CodeBlock(kind, clean_language(language), text, line, self.section))

    def add_link(self, text: str, target: str, line: int, *, image: bool = False) -> None:
        """Keep a link that leads somewhere."""
        if target := target.strip():
            self.links.append(Link(" ".join(text.split()), target, line, self.section, image))

    def add_urls(self, text: str, line: int) -> None:
        """Keep the addresses that stand in a text as such."""
        for match in _URL.finditer(text):
            url = match[0].rstrip(".,;:!?'\"*")
            self.add_link(url, url, line + text.count("\n", 0, match.start()))

    def add_prose(self, pieces: Iterable[Piece]) -> None:
        """Keep a paragraph, given in pieces that do not span lines."""
        section = self.section
        kept = list(pieces)
        self.sentences += [Sentence(text, line, section) for text, line in _sentences(kept)]
        lines: dict[int, str] = {}
        mixed = {piece.line for piece in kept if piece.code}
        for piece in kept:
            lines[piece.line] = lines.get(piece.line, "") + piece.text
        self.prose += [
            ProseLine(text.strip(), line, section) for line, text in lines.items() if line not in mixed and text.strip()
        ]

    def add_html(self, html: str, line: int) -> None:
        """Keep what a stretch of HTML says: headings, preformatted text, links, pictures and sentences."""
        html = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), html)

        def at(match: re.Match[str]) -> int:
            return line + html.count("\n", 0, match.start())

        for match in _HTML_HEADING.finditer(html):
            self.add_heading(int(match[1]), plain_text(match[2]), at(match))
        for match in _HTML_LINK.finditer(html):
            alt = _ALT.search(match[2])
            self.add_link(plain_text(match[2]) or (unescape(alt[1]) if alt else ""), unescape(match[1]), at(match))
        for match in _HTML_IMAGE.finditer(html):
            alt = _ALT.search(match[0])
            self.add_link(unescape(alt[1]) if alt else "", unescape(match[1]), at(match), image=True)
        for match in _HTML_CODE.finditer(html):
            kind: CodeKind = "pre" if match[1].lower() == "pre" else "inline"
            first = at(match) + (match[2].startswith("\n"))
            self.add_code(kind, "", unescape(_TAG.sub("", match[2])).removeprefix("\n"), first)
        rest = _HTML_PRE.sub(lambda match: "\n" * match[0].count("\n"), html)
        rest = _TAG.sub(lambda match: "\n" * match[0].count("\n"), rest)
        self.add_urls(rest, line)
        self.add_prose(Piece(unescape(text) + " ", line + n) for n, text in enumerate(rest.split("\n")))


def clean_language(info: str) -> str:
    """The language that the info string of a fence or a directive names, or empty."""
    match = _LANGUAGE.search(info)
    return match[0].lower().lstrip(".") if match and not info.lstrip().startswith("title=") else ""


def plain_text(html: str) -> str:
    """The text between tags, with blanks collapsed."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _sentences(pieces: list[Piece]) -> Iterator[tuple[str, int]]:
    text = "".join(piece.text for piece in pieces)
    starts: list[tuple[int, int]] = []
    offset = 0
    for piece in pieces:
        starts.append((offset, piece.line))
        offset += len(piece.text)
    begin = 0
    position = 0
    for end in [*_ends(text), len(text)]:
        sentence = text[begin:end]
        if stripped := " ".join(sentence.split()):
            first = begin + len(sentence) - len(sentence.lstrip())
            while position + 1 < len(starts) and starts[position + 1][0] <= first:
                position += 1
            yield stripped, starts[position][1]
        begin = end


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text[max(match.start() - 8, 0) : match.start() + 1]):
            yield match.end()
