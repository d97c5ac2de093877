"""What a project says about itself, and where its documents lead."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from repro_lint.documents.document import Document, suffix_of
from repro_lint.facts import ProjectFact
from repro_lint.lazy import dataclass, lazy_pattern

if TYPE_CHECKING:
    from repro_lint.project import Project

_README = lazy_pattern(r"(?:read[_-]?me|lisez[_-]?moi|leeme|leiame|liesmich)(?![a-z])", re.I)
_INSTRUCTIONS = lazy_pattern(
    r"(?:install|usage|reproduc|replicat|instructions|run|how[_-]?to|getting[_-]?started|quick[_-]?start|tutorial)",
    re.I,
)
_SUFFIXES = (
    "md",
    "markdown",
    "mkd",
    "mkdn",
    "mdown",
    "rst",
    "rest",
    "org",
    "adoc",
    "asciidoc",
    "txt",
    "text",
    "",
    "rmd",
    "qmd",
)
_DOCUMENT_DIRECTORIES = ("", ".github", "docs", "doc")
_HOSTED = lazy_pattern(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|nbviewer\.(?:jupyter|ipython)\.org/github|bitbucket\.org)/[^/]+/[^/]+/"
    r"(?:-/)?(?:blob|tree|raw|src)/[^/]+/(?P<path>.+)"
    r"|https?://raw\.github(?:usercontent)?\.com/[^/]+/[^/]+/[^/]+/(?P<raw>.+)"
)
_NAMED = lazy_pattern(r"(?<![\w./-])[\w./-]*\w\.(?:md|rst|txt|pdf|html?|docx?|org|ipynb)\b", re.I)
_SUBDIRECTORY_READMES = 100
_DEEPEST = 3  # directories above a README that speaks of the project rather than of something it contains


@dataclass(frozen=True)
class Reference:
    """Something of the project that a document points to: a tracked file, by a link or by name in a sentence."""

    path: str
    line: int
    linked: bool


class Documentation(ProjectFact):
    """The documents of a project. ``readme`` is the path of the one a visitor is shown, or None."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.readmes = tuple(sorted((p for p in project.files if _is_main_readme(p)), key=_rank))
        """The READMEs at the root (or in .github or docs, where code hosts look too), the main one first."""

    @classmethod
    def compute(cls, project: Project) -> Documentation:
        """Find the READMEs; nothing is read before it is asked for."""
        return cls(project)

    @property
    def readme(self) -> str | None:
        """The README that stands for the project, whatever its format and the case of its name."""
        return self.readmes[0] if self.readmes else None

    def document(self, path: str) -> Document | None:
        """The file as a document, or None where it is none that can be read."""
        return self.project.load(Document, path)

    def main(self) -> Iterator[Document]:
        """The READMEs, and the texts on installing and running that stand beside them."""
        seen = set()
        for path in (*self.readmes, *self._beside()):
            if path not in seen and (document := self.document(path)) is not None:
                seen.add(path)
                yield document

    def below(self) -> Iterator[Document]:
        """The READMEs of sub-directories, the upper ones first."""
        found = [
            p
            for p in self.project.files
            if 1 <= p.count("/") <= _DEEPEST and p not in self.readmes and _README.match(p.rpartition("/")[2])
        ]
        for path in sorted(found, key=lambda p: (p.count("/"), p))[:_SUBDIRECTORY_READMES]:
            if Document.accepts(path) and (document := self.document(path)) is not None:
                yield document

    def _beside(self) -> list[str]:
        return [
            path
            for path in self.project.files
            if posixpath.dirname(path) in _DOCUMENT_DIRECTORIES
            and _INSTRUCTIONS.match(posixpath.basename(path))
            and Document.accepts(path)
        ]

    def references(self, document: Document) -> tuple[Reference, ...]:
        """The other files of the project that a document links to or names, each at its first mention."""
        found: dict[str, Reference] = {}
        for link in document.links:
            path = self.resolve(document.path, link.target)
            if path and path != document.path:
                found.setdefault(path, Reference(path, link.line, True))
        for sentence in document.sentences:
            for match in _NAMED.finditer(sentence.text):
                path = self.resolve(document.path, match[0])
                if path and path != document.path:
                    found.setdefault(path, Reference(path, sentence.line, False))
        return tuple(sorted(found.values(), key=lambda reference: reference.line))

    def resolve(self, base: str, target: str) -> str | None:
        """The file of the project that a link in ``base`` leads to, or None; a directory leads to its README.

        Addresses of files on code hosts count if the project has a file at that path.
        """
        from urllib.parse import unquote

        target = unquote(target.strip().partition("#")[0].partition("?")[0])
        if match := _HOSTED.match(target):
            candidates = [(match["path"] or match["raw"]).strip("/")]
        elif not target or re.match(r"[a-z][a-z+.-]*:", target, re.I) or target.startswith("//"):
            return None
        elif target.startswith("/"):
            candidates = [target.strip("/")]
        else:
            candidates = [posixpath.join(posixpath.dirname(base), target)]
        for candidate in candidates:
            path = posixpath.normpath(candidate.replace("\\", "/"))
            if path in self.project.files:
                return path
            if path != "." and path in self.project.directories:
                return self.readme_in(path)
            if path + ".md" in self.project.files:
                return path + ".md"
        return None

    def readme_in(self, directory: str) -> str | None:
        """The README of a directory, or None."""
        prefix = directory + "/" if directory else ""
        inside = [
            path
            for path in self.project.files
            if path.startswith(prefix) and "/" not in path[len(prefix) :] and _README.match(path[len(prefix) :])
        ]
        return min(inside, key=_rank, default=None)


def _is_main_readme(path: str) -> bool:
    directory, _, name = path.rpartition("/")
    return directory in _DOCUMENT_DIRECTORIES and bool(_README.match(name)) and not name.endswith((".py", ".sh", ".R"))


def _rank(path: str) -> tuple[int, int, int, str]:
    """Nearest to what a code host shows: by directory, then by format, then without a language in the name."""
    directory, _, name = path.rpartition("/")
    suffix = suffix_of(name)
    where = _DOCUMENT_DIRECTORIES.index(directory) if directory in _DOCUMENT_DIRECTORIES else 9
    kind = _SUFFIXES.index(suffix) if suffix in _SUFFIXES else len(_SUFFIXES)
    return where, kind, len(name), name
