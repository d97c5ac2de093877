"""One model for every manifest: who requires what, where it says so, and whether the version is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from repro_lint.lazy import lazy_pattern

ManifestKind = Literal[
    "pyproject", "poetry", "requirements", "conda", "pipfile", "pixi", "setup.py", "setup.cfg", "r-description", "julia"
]
_NOT_IN_NAMES = lazy_pattern(r"[-_.]+")
_EXACT = lazy_pattern(r"={2,3}\s*v?\d[\w.!+-]*$")
_COMMIT = lazy_pattern(r"@[0-9a-f]{40}\b")


@dataclass(frozen=True)
class Requirement:
    """One declared dependency. ``pinned``: exactly one release (or commit, or hash) satisfies it."""

    name: str
    line: int | None
    pinned: bool
    scope: str = ""
    """The group or extra it belongs to; empty for what is always installed."""


@dataclass(frozen=True)
class Manifest:
    """A file that declares dependencies. ``problem`` says why it could not be read, if so."""

    path: str
    kind: ManifestKind
    requirements: tuple[Requirement, ...] = ()
    line: int | None = None
    """The line at which the dependencies begin."""
    library: bool = False
    """Whether it describes a library that is published, which must not pin what its users install."""
    computed: bool = False
    """Whether there are requirements that only running the file would tell."""
    problem: str | None = None

    @property
    def directory(self) -> str:
        """The directory of the file, "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def pinned(self) -> bool:
        """Whether every requirement is pinned, so that the file is as good as a lock; never for none."""
        return bool(self.requirements) and not self.computed and all(r.pinned for r in self.requirements)

    @property
    def declares(self) -> bool:
        """Whether it asks for anything to be installed, as far as can be told."""
        return bool(self.requirements) or self.computed or self.kind in ("r-description", "julia")


@dataclass(frozen=True)
class Lock:
    """A file that says exactly what gets installed, and the tool that writes it."""

    path: str
    tool: str

    @property
    def directory(self) -> str:
        """The directory of the file, "" for the root."""
        return self.path.rpartition("/")[0]


def canonical(name: str) -> str:
    """The normalised name of a distribution (PEP 503)."""
    return _NOT_IN_NAMES.sub("-", name).lower()


def is_pinned(specifier: str) -> bool:
    """Whether a version specifier or URL (PEP 440, PEP 508) admits exactly one release or commit."""
    specifier = specifier.split(";")[0].strip()
    if "://" in specifier:
        return bool(_COMMIT.search(specifier)) or "#sha256=" in specifier
    return bool(_EXACT.match(specifier)) and "*" not in specifier
