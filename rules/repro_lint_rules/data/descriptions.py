"""What a program says of its files to those who read it: in comments and in the Markdown of a notebook."""

from __future__ import annotations

from collections.abc import Iterator

from repro_lint.api import PythonSource, lazy_pattern

_NAME = lazy_pattern(r"[\w+-][\w.+-]*\.[A-Za-z]\w{1,6}\b")
_COMPRESSED = lazy_pattern(r"\.(?:gz|bz2|xz|zip|tar|tgz)$")
_CALL = lazy_pattern(r"\b(?:read_\w+|open|load\w*|imread|to_\w+|save\w*)\s*\(")
_GETTING = lazy_pattern(
    r"(?i)\bdownload|\bkaggle\.com/|\b(?:get|obtain|fetch|grab|request)\b.{0,60}\b(?:data|dataset|corpus)\b"
    r"|\b(?:data|datasets?|corpus)\b.{0,120}\b(?:available|found|obtained|taken|comes?|provided|accessed|hosted|from)\b"
)


def described_names(source: PythonSource) -> Iterator[str]:
    """The names of files in comments, commented-out reads aside, and in Markdown cells that hold a link."""
    for text in _comments(source):
        if not _CALL.search(text):
            yield from _names(text)
    for text in _markdown(source):
        if "http" in text or "download" in text.lower():
            yield from _names(text)


def instructs(source: PythonSource) -> bool:
    """Whether a line of Markdown tells where to get the data, and gives a link."""
    return any("http" in line and _GETTING.search(line) for text in _markdown(source) for line in text.split("\n"))


def _comments(source: PythonSource) -> Iterator[str]:
    for cell in source.cells:
        for line in cell.source.split("\n"):
            code, sign, comment = line.partition("#")
            if sign and (not code.strip() or "http" in comment):
                yield comment


def _markdown(source: PythonSource) -> Iterator[str]:
    if source.notebook is not None:
        for cell in source.notebook.cells:
            if cell.type == "markdown":
                yield cell.source


def _names(text: str) -> Iterator[str]:
    for name in _NAME.findall(text):
        while match := _COMPRESSED.search(name):
            name = name[: match.start()]
        yield name
