"""What a document consists of, whatever its markup. Lines are 1-based and those of the file."""

from __future__ import annotations

from typing import Literal

from repro_lint.lazy import dataclass

CodeKind = Literal["fence", "indented", "pre", "inline"]


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` counts from 1."""

    level: int
    text: str
    line: int


@dataclass(frozen=True)
class CodeBlock:
    """Code, in a block of its own or within a sentence.

    ``language`` is the lower-case word that the markup gives, or empty; ``line`` is that of the first line of ``text``.
    """

    kind: CodeKind
    language: str
    text: str
    line: int
    section: Heading | None = None


@dataclass(frozen=True)
class Link:
    """A link, or with ``image`` a picture; the text of a link around a picture is that of the picture."""

    text: str
    target: str
    line: int
    section: Heading | None = None
    image: bool = False


@dataclass(frozen=True)
class Sentence:
    """A sentence as it is read: code and links as their text, line ends as blanks; ``line`` is where it begins."""

    text: str
    line: int
    section: Heading | None = None


@dataclass(frozen=True)
class ProseLine:
    """A line of prose without code in it, for commands that somebody wrote down without marking them as code."""

    text: str
    line: int
    section: Heading | None = None


@dataclass(frozen=True)
class Piece:
    """A part of a paragraph on one line."""

    text: str
    line: int
    code: bool = False
