"""Reading text without markup, and the little that Org and AsciiDoc add to it."""

from __future__ import annotations

import re

from repro_lint.documents.blocks import Piece
from repro_lint.documents.content import Content
from repro_lint.lazy import lazy_pattern

_UNDERLINE = lazy_pattern(r"([=\-~*#^])\1{2,}\s*\Z")
_FENCE = lazy_pattern(r"\s{0,3}(```+|~~~+|----+|\.\.\.\.+)\s*([\w+#-]*)\s*\Z")
_SOURCE = lazy_pattern(r"\s*#\+begin_(?:src|example)\b\s*(\S*)", re.I)
_SOURCE_END = lazy_pattern(r"\s*#\+end_(?:src|example)\b", re.I)
_HEADING = lazy_pattern(r"(#{1,6}|={1,6})\s+(\S.*?)\s*[#=]*\Z")
_ORG_HEADING = lazy_pattern(r"(\*+)\s+(\S.*)\Z")
_INLINE = lazy_pattern(r"`([^`\n]+)`")
_ORG_INLINE = lazy_pattern(r"(?<!\S)[=~]([^=~\s](?:[^=~\n]*[^=~\s])?)[=~](?!\w)")
_ORG_LINK = lazy_pattern(r"\[\[([^\]\[]+)\](?:\[([^\]\[]*)\])?\]")
_ADOC_LINK = lazy_pattern(r"(?<![^\s(<])(?:link:|(?=https?:))([^\s\[\]]+)\[([^\]]*)\]")
_BULLET = lazy_pattern(r"\A\s*(?:[-*+•]|\(?\d+[.)])\s+")


def read_plain(text: str, *, org: bool = False) -> Content:
    """The content of a text; any text is one."""
    content = Content()
    lines = text.replace("\r\n", "\n").replace("\r", " ").split("\n")
    paragraph: list[tuple[str, int]] = []
    at = 0

    def flush() -> None:
        block: list[tuple[str, int]] = []
        for line, number in paragraph:
            if block and _BULLET.match(line):
                _add_text(content, block, org)
                block = []
            block.append((_BULLET.sub("", line) if not block else line.strip(), number))
        if block:
            _add_text(content, block, org)
        paragraph.clear()

    while at < len(lines):
        line = lines[at]
        heading = _ORG_HEADING.match(line) if org else _HEADING.match(line)
        source = _SOURCE.match(line) if org else None
        fence = None if org else _fence(lines, at)
        if not line.strip():
            flush()
        elif heading:
            flush()
            content.add_heading(len(heading[1]), heading[2], at + 1)
        elif source or fence:
            flush()
            language, end = (source[1], _org_end(lines, at)) if source else fence or ("", at)
            content.add_code("fence", language, "\n".join(lines[at + 1 : end]), at + 2)
            at = end
        elif not paragraph and not org and at + 1 < len(lines) and _underlined(line, lines[at + 1]):
            content.add_heading(1 if lines[at + 1][0] in "=#*" else 2, line.strip(), at + 1)
            at += 1
        elif not paragraph and (line.startswith(("    ", "\t")) or (org and line.lstrip().startswith(": "))):
            end = at
            while end < len(lines) and lines[end].strip() and lines[end].startswith((" ", "\t", ":")):
                end += 1
            content.add_code("indented", "", "\n".join(_dedented(text) for text in lines[at:end]), at + 1)
            at = end - 1
        elif not _UNDERLINE.match(line):
            paragraph.append((line, at + 1))
        at += 1
    flush()
    return content


def _fence(lines: list[str], at: int) -> tuple[str, int] | None:
    """The language of the fence that opens here and the line that closes it, or None."""
    match = _FENCE.match(lines[at])
    if match is None:
        return None
    backticks = match[1][0] in "`~"
    for end in range(at + 1, len(lines)):
        if lines[end].strip() == match[1] or (backticks and lines[end].strip().startswith(match[1])):
            return match[2], end
    return (match[2], len(lines)) if backticks else None


def _org_end(lines: list[str], at: int) -> int:
    return next((end for end in range(at + 1, len(lines)) if _SOURCE_END.match(lines[end])), len(lines))


def _underlined(line: str, below: str) -> bool:
    return bool(_UNDERLINE.match(below)) and len(below.strip()) * 2 >= len(line.strip()) and not _UNDERLINE.match(line)


def _dedented(line: str) -> str:
    return line.strip().removeprefix(": ")


def _add_text(content: Content, block: list[tuple[str, int]], org: bool) -> None:
    pieces: list[Piece] = []
    for number, (text, line) in enumerate(block):
        if number:
            pieces.append(Piece(" ", line))
        for match in (_ORG_LINK if org else _ADOC_LINK).finditer(text):
            content.add_link(match[2] or match[1], match[1].removeprefix("file:"), line)
        if org:
            text = _ORG_LINK.sub(lambda match: match[2] or match[1], text)
        content.add_urls(text, line)
        done = 0
        for match in (_ORG_INLINE if org else _INLINE).finditer(text):
            pieces.append(Piece(text[done : match.start()], line))
            pieces.append(Piece(match[1], line, code=True))
            content.add_code("inline", "", match[1], line)
            done = match.end()
        pieces.append(Piece(text[done:], line))
    content.add_prose(pieces)
