"""The texts of a file in which a secret can stand: the whole file, or the cells of a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, cast

from repro_lint.api import Notebook, Place, Span, Subject, TextFile, dataclass, lazy_pattern

if TYPE_CHECKING:
    from typing_extensions import Self

    from repro_lint.api import Project, SourceFile

LONGEST_LINE = 20_000
"""A line with more characters is data, or was packed by a program."""
_ALLOWED = lazy_pattern(
    r"pragma: ?allowlist secret|(?:gitleaks|betterleaks):allow|trufflehog:ignore|\bnosec\b|noqa:[^#\n]*\bS10[567]\b",
    re.I,
)
_ALLOWED_NEXT = lazy_pattern(r"pragma: ?allowlist nextline secret", re.I)
_KEY_FILE = lazy_pattern(
    r"(?:^|/)(?:id_(?:rsa|dsa|ecdsa|ed25519)[^/.]*|[^/]*\.(?:pem|key|ppk|asc|p8|ovpn|gpg|pgp|age)|credentials|identity"
    r"|\.?htpasswd|\.git-credentials|\.dockercfg)$",
    re.I,
)
_STORES = (".p12", ".pfx", ".jks", ".keystore", ".kdbx")
_SMALLEST_STORE = 200
_FOREIGN = lazy_pattern(r"(?:^|/)(?:node_modules|vendor|vendored|third[_\-]party|site-packages|bower_components)/")
_PACKED = lazy_pattern(r"[.\-]min\.(?:py|js|css)$|\.(?:lock|map)$")


class _Lines(Protocol):
    """What is needed of the lines of a text."""

    @property
    def starts(self) -> list[int]: ...

    def line(self, number: int) -> str: ...

    def span(self, start: int, end: int) -> Span: ...


@dataclass(frozen=True)
class ReadableText:
    """A text with the way from its offsets to places."""

    text: str
    subject: Notebook | SecretFile
    cell: int | None = None
    """The position of its cell among ``Notebook.cells``."""

    @property
    def lines(self) -> _Lines:
        """The lines of the text."""
        if self.cell is None or not isinstance(self.subject, Notebook):
            return cast("SecretFile", self.subject).line_map
        return self.subject.cells[self.cell].line_map

    def place(self, start: int, end: int) -> Place:
        """The place of ``text[start:end]``."""
        span = self.lines.span(start, end)
        if isinstance(self.subject, Notebook):
            return self.subject.place(None if self.cell is None else self.subject.cells[self.cell], span)
        return self.subject.place(span)

    def is_allowed(self, start: int, end: int) -> bool:
        """Whether a comment says that this is no secret, or the line is too long for one that was written by hand."""
        span = self.lines.span(start, end)
        own = {self.lines.line(span.line), self.lines.line(span.last_line)}
        return any(len(line) > LONGEST_LINE for line in own) or _allows(own, self.lines.line(span.line - 1))


def is_allowed(place: Place, lines: Sequence[str] = ()) -> bool:
    """Whether a comment says that what stands there is no secret; ``lines`` are those of the whole text."""
    before = lines[place.span.line - 2] if place.span and 1 < place.span.line <= len(lines) else ""
    return _allows(place.excerpt, before)


def _allows(lines: Iterable[str], before: str) -> bool:
    return any(_ALLOWED.search(line) for line in lines) or _ALLOWED_NEXT.search(before) is not None


class SecretFile(TextFile):
    """A text file, Python among them, or one of those that are made to hold keys."""

    title = "text file"

    def __init__(self, file: SourceFile, project: Project) -> None:
        super().__init__(file, project)
        self.problem = None

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether a person may have written the file, or a program a key into it."""
        if _FOREIGN.search(path) or _PACKED.search(path):
            return False
        return path.endswith((".py", ".pyw")) or TextFile.accepts(path) or is_key_file(path)

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The text, or None for a binary file."""
        found = cls(file, project)
        return None if "\0" in found.text[:4096] else found


def is_key_file(path: str) -> bool:
    """Whether the name is that of a file that holds a key or a password."""
    return bool(_KEY_FILE.search(path))


def readable_texts(subject: Notebook | SecretFile) -> Iterator[ReadableText]:
    """The texts of the file that people wrote, decoded; of a notebook, not the outputs."""
    if isinstance(subject, Notebook):
        for position, cell in enumerate(subject.cells):
            yield ReadableText(cell.source, subject, position)
    else:
        yield ReadableText(subject.text, subject)


class KeyStore(Subject):
    """A binary file that holds private keys, as its name tells: PKCS #12, Java key stores, KeePass."""

    title = "key store"

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is that of a key store; those that hold trusted certificates only say so."""
        return path.lower().endswith(_STORES) and "trust" not in path.lower()

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The store, or None for a small file or a text, which is a stand-in."""
        return cls(file, project) if len(file.data) > _SMALLEST_STORE and b"\0" in file.data else None
