"""One model for every manifest: who requires what, where it says so, and whether the version is fixed."""

from __future__ import annotations

from typing import Literal

from repro_lint.lazy import dataclass, lazy_pattern

ManifestKind = Literal[
    "pyproject",
    "poetry",
    "requirements",
    "conda",
    "pipfile",
    "pixi",
    "setup.py",
    "setup.cfg",
    "script",
    "r-description",
    "julia",
]
DirectiveKind = Literal["requirements", "constraints", "url", "path", "index", "prefix"]
_NOT_IN_NAMES = lazy_pattern(r"[-_.]+")
_EXACT = lazy_pattern(r"={2,3}\s*v?\d[\w.!+-]*$")
_COMMIT = lazy_pattern(r"@[0-9a-f]{40}\b")
_ARCHIVE = lazy_pattern(r"/([A-Za-z0-9_.]+(?:-[A-Za-z_][A-Za-z0-9_.]*)*?)-v?\d[^/]*\.(?:whl|tar\.gz|tar\.bz2|zip)")
_LAST_PART = lazy_pattern(r"[/:]([A-Za-z0-9_.-]+?)(?:\.git|\.zip|\.tar\.gz)?/?(?:@[^/:]+(?:/[^/]+)*)?(?:[#?].*)?$")
_EGG = lazy_pattern(r"[#&]egg=([A-Za-z0-9._-]+)")


@dataclass(frozen=True)
class Requirement:
    """One declared dependency. ``pinned``: exactly one release (or commit, or hash) satisfies it.

    ``name`` is normalised (PEP 503). ``specifier`` is the version as written, in the language of the manifest's
    kind (``>=1.2`` of PEP 440, ``^1.2`` of Poetry, ``=1.2=py_0`` of conda), ``url`` where it is taken from
    instead; both are empty where nothing is said.
    """

    name: str
    line: int | None
    pinned: bool
    scope: str = ""
    """The group or extra it belongs to; empty for what is always installed."""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    """Normalised, in the order written."""
    marker: str = ""
    """The condition under which it is installed (PEP 508), as written."""
    url: str = ""
    written: str = ""
    """The name as written."""
    conda: bool = False
    """Whether it is a package of conda's channels, whose names are not those of PyPI."""


@dataclass(frozen=True)
class Directive:
    """A line of a manifest that installs or fetches something without naming a distribution.

    ``value`` is the file of ``-r`` and ``-c`` (relative to the root of the project), the URL, the local path as
    written, the address of an index, or the directory in which conda is to make the environment.
    """

    kind: DirectiveKind
    value: str
    line: int | None


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
    directives: tuple[Directive, ...] = ()
    mentioned: frozenset[str] = frozenset()
    """Normalised names of what the file asks for besides: to build the project, or in lists whose use is computed."""
    python: Requirement | None = None
    """What it says of the version of Python."""
    project: str | None = None
    """The name of the distribution that it describes, normalised."""
    encoding: str = "utf-8"
    """How a requirements file is stored, as Python calls it."""

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


def name_in_url(url: str) -> str | None:
    """The normalised name of the distribution that a URL or path most likely gives: told by it, or that of the file."""
    found = _EGG.search(url) or _ARCHIVE.search("/" + url) or _LAST_PART.search("/" + url)
    return canonical(found[1]) if found and found[1].strip(".") else None
