"""Which releases of a library a project admits, and where it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property

from repro_lint.api import Environment, Project, ProjectFact, PythonSource, dataclass, lazy_pattern, read_text
from repro_lint_rules.environment.lock_advice import home
from repro_lint_rules.environment.pythons import PythonStatement, PythonStatements
from repro_lint_rules.environment.removals import Minor, Release, packages, parsed
from repro_lint_rules.environment.removals import library as table_of

_CLAUSE = lazy_pattern(r"(?P<sign>===?|~=|!=|<=|>=|<|>|=|\^|~|)\s*v?(?P<version>\d+(?:\.\d+)*)(?P<any>\.?\*)?")
# How uv, Poetry and PDM, Pipenv, conda-lock, pip, and pixi write what they have chosen.
_LOCKED = r"""(?mix)
    ^name\ =\ "{name}"\s*\nversion\ =\ "(?P<toml>\d[^"]*)"
    | ^\s+"{name}":\ \{{[^}}]*?"version":\ "==(?P<pipenv>\d[^"]*)"
    | ^-\ name:\ {name}\s*\n\s+version:\ ["']?(?P<conda>\d[^\s"']*)
    | ^{name}==(?P<pip>\d\S*)
    | /{name}-(?P<url>\d[\w.]*)-[^/\s]*\.(?:conda|tar\.bz2|whl)
"""
_INSTALL = r"""(?ix)
    \binstall\b[^\n]*?(?<![\w.-]){name}(?:\[[\w,-]*\])?(?P<range>\s*(?:[=<>!~]=?=?\s*[\d.*]+(?:\s*,\s*)?)*)(?![\w-])
"""
_COMMANDS = lazy_pattern(
    r"(?i)[\w.-]*Dockerfile[\w.-]*|Containerfile|[\w.-]+\.sh|tox\.ini|noxfile\.py|postBuild|Makefile|README[\w.]*"
    r"|INSTALL[\w.]*|\.travis\.yml|\.gitlab-ci\.yml|appveyor\.yml"
)
_WORKFLOW = lazy_pattern(r"(?i)\.github/workflows/[^/]+")
_IMAGE = lazy_pattern(r"(?m)^FROM\s+(?:\S*/)?tensorflow:v?(?P<version>\d+\.\d+)")
_MAGIC = lazy_pattern(r"(?m)^\s*%tensorflow_version\s+(?P<major>\d)")
_ALIASES = {
    "scikit-learn": ("scikit-learn", "sklearn"),
    "matplotlib": ("matplotlib", "matplotlib-base"),
    "tensorflow": ("tensorflow", "tensorflow-gpu", "tensorflow-cpu", "tensorflow-macos", "tf-nightly"),
    "pymc": ("pymc", "pymc-base"),
    "flask": ("flask",),
    "pillow": ("pillow", "pillow-simd"),
}
_BUNDLES = frozenset({"anaconda", "sage", "sagemath"})
"""What pins everything it brings."""
_NEWEST = (9999, 0)
_ANY_PYTHON = (3, 39)


@dataclass(frozen=True)
class Admitted:
    """The releases of a library that a file may run with, oldest first; ``said`` and ``path`` tell where that is said.

    ``exact``: one release is chosen; ``bounded``: none after the last one is admitted. ``said`` is empty where nothing
    is said about the library.
    """

    releases: tuple[Minor, ...]
    said: str = ""
    path: str = ""
    line: int | None = None
    exact: bool = False
    bounded: bool = False
    doubtful: bool = False
    """Whether releases of other libraries are chosen, which may stop the newest of this one from being installed."""


@dataclass(frozen=True)
class Statement:
    """What one file says of one library."""

    path: str
    line: int | None
    specifier: str
    exact: bool


class Statements(ProjectFact):
    """What manifests and locks say of libraries, read as they are asked for."""

    questions = frozenset({"keeps_newer_out", "has_module", "admitted"})

    def __init__(self, project: Project) -> None:
        self._project = project
        self._environment = project.fact(Environment)
        self._known: dict[str, tuple[Statement, ...]] = {}
        self._pythons: dict[str, Minor | None] = {}
        self._bounds: dict[str, bool] = {}
        self.own = frozenset(
            name for path in project.files if (name := _package(path)) in packages() and _holds(project, path)
        )

    @classmethod
    def compute(cls, project: Project) -> Statements:
        """The statements of the project."""
        return cls(project)

    def has_module(self, package: str) -> bool:
        """Whether something of the project could be imported as the package."""
        return package in self.own

    def admitted(self, path: str, package: str, *installed: str) -> Admitted | None:
        """What the file may run with of the package, of which it has ``installed`` releases by itself.

        None where nobody can tell.
        """
        library = table_of(package)
        name = library.distribution
        releases = self._on_its_python(path, library.releases)
        if not releases:
            return None
        newest = max(releases)
        said, near = [Statement(path, None, specifier, _is_exact(specifier)) for specifier in installed], True
        if not said:
            said, near = self._nearest(path, name)
        if not said:
            others = [r for manifest in self._environment.manifests for r in manifest.requirements]
            if any(r.name in _BUNDLES for r in others):
                return None
            return Admitted((newest,), doubtful=any(r.pinned for r in others))
        exact = [one for one in said if one.exact]
        chosen = exact or said
        pinned = {parsed(match["version"]) for one in exact if (match := _version(one.specifier))}
        # Of a release between two that were read nobody knows which of their changes came with it.
        oldest, latest = library.releases[0].minor, library.releases[-1].minor
        releases = sorted({*releases, *(release for release in pinned if not oldest < release < latest)})
        found = [one for one in chosen if any(_admits(one.specifier, release) for release in (*releases, _NEWEST))]
        if not found:
            return None
        admitted = tuple(
            release for release in releases if (any if exact else all)(_admits(one.specifier, release) for one in found)
        )
        bounded = any(not _admits(one.specifier, _NEWEST) for one in found)
        if not admitted:
            if len({one.specifier for one in found}) > 1 and all(_admits_any(one, releases) for one in found):
                return None  # one or the other
            if not bounded or any(_admits(one.specifier, (newest[0], newest[1] + 90)) for one in found):
                admitted = (newest,)  # later than what is known
            else:
                return None
        if not near:  # what another folder installs can only clear the file
            return Admitted(admitted, doubtful=True)
        first = found[0]
        return Admitted(
            admitted,
            f"{name}{_shown(first.specifier)}",
            first.path,
            first.line,
            bool(exact) and len(admitted) == 1,
            bounded,
        )

    def keeps_newer_out(self, name: str) -> bool:
        """Whether anything in the project keeps newer releases of the distribution out."""
        if name not in self._bounds:
            stated = any(not _admits(one.specifier, _NEWEST) for one in self._about(name))
            self._bounds[name] = stated or any(
                _ceiling(one) < _ANY_PYTHON for one in self._project.fact(PythonStatements).statements
            )
        return self._bounds[name]

    def _about(self, name: str) -> tuple[Statement, ...]:
        if name not in self._known:
            self._known[name] = tuple(self._read(name))
        return self._known[name]

    def _nearest(self, path: str, name: str) -> tuple[list[Statement], bool]:
        """The statements of the directory nearest above the file that has any; else those elsewhere, and False."""
        said = self._about(name)
        above = [one for one in said if not (h := home(one.path.rpartition("/")[0])) or path.startswith(f"{h}/")]
        if not above:
            return [one for one in said if one.exact] or list(said), False
        depth = max(len(home(one.path.rpartition("/")[0])) for one in above)
        return [one for one in above if len(home(one.path.rpartition("/")[0])) == depth], True

    def _read(self, name: str) -> Iterator[Statement]:
        environment = self._environment
        names = _ALIASES.get(name, (name,))
        for manifest in (*environment.manifests, *environment.constraints, *environment.scripts):
            for requirement in manifest.requirements:
                older_python = "python_version" in requirement.marker and "<" in requirement.marker
                if requirement.name in names and not requirement.url and not older_python:
                    specifier = "" if requirement.name == "sklearn" else requirement.specifier  # has only release 0.0
                    yield Statement(manifest.path, requirement.line, specifier, _is_exact(specifier))
        yield from self._in_commands(names)
        for lock in environment.locks:
            pattern = re.compile(_LOCKED.format(name=f"(?:{'|'.join(map(re.escape, names))})"))
            text = read_text(self._project, lock.path)
            for match in pattern.finditer(text):
                version = match[match.lastgroup or 0]
                yield Statement(lock.path, text.count("\n", 0, match.start()) + 1, f"=={version}", True)

    def _in_commands(self, names: tuple[str, ...]) -> Iterator[Statement]:
        """The releases that containers, workflows, scripts and the README install or build upon."""
        pattern = re.compile(_INSTALL.format(name=f"(?:{'|'.join(map(re.escape, names))})"))
        for path, text, folded, installs in self._commands:
            if not any(name in folded for name in names):
                continue
            for match in _matches(pattern, text, installs):
                if specifier := match["range"].strip():
                    line = text.count("\n", 0, match.start("range")) + 1
                    yield Statement(path, line, specifier, _is_exact(specifier))
            for match in _IMAGE.finditer(text) if "tensorflow" in names else ():
                yield Statement(path, text.count("\n", 0, match.start()) + 1, f"=={match['version']}", True)

    @cached_property
    def _commands(self) -> list[tuple[str, str, str, list[int]]]:
        """The paths and texts of these files, with each text in lower case, and where it speaks of installing."""
        texts = {path: read_text(self._project, path) for path in self._project.files if _has_commands(path)}
        return [(path, text, folded := _lower(text), _occurrences("install", folded)) for path, text in texts.items()]

    def _on_its_python(self, path: str, releases: tuple[Release, ...]) -> list[Minor]:
        """The releases for the newest Python that is stated for the file."""
        directory = path.rpartition("/")[0]
        if directory not in self._pythons:
            self._pythons[directory] = self._newest_python(path)
        ceiling = self._pythons[directory]
        return [r.minor for r in releases if ceiling is None or r.python is None or r.python <= ceiling]

    def _newest_python(self, path: str) -> Minor | None:
        stated = self._project.fact(PythonStatements).statements
        newest = min((_ceiling(one) for one in stated if not one.home or path.startswith(f"{one.home}/")), default=None)
        return None if newest == _ANY_PYTHON else newest


def _has_commands(path: str) -> bool:
    return bool(_COMMANDS.fullmatch(path.rpartition("/")[2]) or _WORKFLOW.fullmatch(path))


def _lower(text: str) -> str:
    """The text in lower case, with each character at its place: one that is not ASCII may become two."""
    lower = text.lower()
    return lower if len(lower) == len(text) else re.sub("[A-Z]+", lambda match: match[0].lower(), text)


def _occurrences(word: str, text: str) -> list[int]:
    found = [text.find(word)]
    while found[-1] >= 0:
        found.append(text.find(word, found[-1] + 1))
    return found[:-1]


def _matches(pattern: re.Pattern[str], text: str, starts: list[int]) -> Iterator[re.Match[str]]:
    """What ``finditer`` gives for a pattern that begins at one of the starts only."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)):
            yield match
            end = match.end()


def _ceiling(one: PythonStatement) -> Minor:
    """The newest Python that a statement admits; any, for one that only tells what is tested or recommended."""
    if one.kind not in ("range", "exact"):
        return _ANY_PYTHON
    specifier = one.specifier if one.kind == "range" or not one.specifier[:1].isdigit() else f"={one.specifier}"
    admitted = [(3, minor) for minor in range(3, _ANY_PYTHON[1] + 1) if _admits(specifier, (3, minor))]
    return admitted[-1] if admitted else (2, 7) if _admits(specifier, (2, 7)) else _ANY_PYTHON


def admitted(source: PythonSource, key: str) -> Admitted | None:
    """The releases that a file may run with of the package which the name is of; None where nobody can tell."""
    package = key.partition(".")[0]
    ask = source.project.ask
    if ask(Statements, "has_module", package):
        return None
    installed = _in_cells(source, table_of(package).distribution)
    found: Admitted | None = ask(Statements, "admitted", source.path, package, *(one.specifier for one in installed))
    return found


def may_choose_older(source: PythonSource, name: str) -> bool:
    """Whether anything in the project, or the file itself, keeps newer releases of the distribution out."""
    return source.project.ask(Statements, "keeps_newer_out", name) or bool(_in_cells(source, name))


def _holds(project: Project, path: str) -> bool:
    """Whether a module has content: a directory of notebooks with an empty ``__init__.py`` is no package."""
    if not path.endswith("/__init__.py"):
        return True
    folder = path.removesuffix("__init__.py")
    inside = (other for other in project.files if other.startswith(folder))
    beside = any(other.endswith(".py") and not other.endswith("__init__.py") for other in inside)
    return beside or bool(read_text(project, path).strip())


def _package(path: str) -> str | None:
    """The package or module that a file could be imported as from somewhere, if that is what it is."""
    if not path.endswith(".py"):
        return None
    *directories, name = path.split("/")
    if name != "__init__.py":
        return name.removesuffix(".py")
    return directories[-1] if directories else None


def _in_cells(source: PythonSource, name: str) -> list[Statement]:
    """What the program itself installs."""
    found: list[Statement] = []
    if b"install" in source.file.data:
        text = "\n".join(line for line in source.lines if "install" in line and not line.lstrip().startswith("#"))
        names = "|".join(re.escape(alias).replace("\\-", "[-_.]") for alias in _ALIASES.get(name, (name,)))
        for match in re.finditer(_INSTALL.format(name=f"(?:{names})"), text):
            specifier = match["range"].strip()
            found.append(Statement(source.path, None, specifier, _is_exact(specifier)))
    if name in ("tensorflow", "keras") and b"%tensorflow_version" in source.file.data:
        for match in _MAGIC.finditer("\n".join(source.lines)):
            found.append(Statement(source.path, None, f"=={match['major']}.*", False))
    return found


def _admits_any(said: Statement, releases: list[Minor]) -> bool:
    return any(_admits(said.specifier, release) for release in releases)


def _version(specifier: str) -> re.Match[str] | None:
    return _CLAUSE.search(specifier)


def _is_exact(specifier: str) -> bool:
    """Whether the specifier names one minor release."""
    clauses = list(_CLAUSE.finditer(specifier)) if "," not in specifier and "|" not in specifier else []
    if len(clauses) == 1 or ("=" in specifier and clauses):
        first = clauses[0]
        return first["sign"] in ("==", "===", "=", "") and "." in first["version"]
    return False


@cache  # few specifiers and releases meet in many files
def _admits(specifier: str, release: Minor) -> bool:
    """Whether some patch release of the minor release fits, in whatever language the specifier is written."""
    return any(
        all(_fits(clause.strip(), release) for clause in choice.split(",")) for choice in re.split(r"\|\|?", specifier)
    )


def _fits(clause: str, release: Minor) -> bool:
    match = _CLAUSE.match(clause)
    if match is None:
        return True
    parts = tuple(int(part) for part in match["version"].split("."))
    sign, wanted = match["sign"], parts[:2]
    short = release[: len(wanted)]
    if sign in ("==", "===", "=", ""):
        return short == wanted
    if sign in (">", ">="):
        return short >= wanted
    if sign == "<":
        padded = (*parts, 0, 0)[:3]
        return (*release, 0) < padded
    if sign == "<=":
        return (*release, 0) <= (*parts, 0, 0)[:3]
    if sign == "~=":
        return short >= wanted and release[: max(len(parts) - 1, 1)] == parts[: max(len(parts) - 1, 1)][:2]
    if sign == "~":
        return release[: min(len(parts), 2)] == wanted
    if sign == "^":
        kept = 1 if parts[0] else 2
        return short >= wanted and release[:kept] == (*parts, 0)[:kept]
    return True


def _shown(specifier: str) -> str:
    specifier = specifier.split("=py")[0]
    return specifier if specifier[:1] in "=<>!~^" else f" {specifier}".rstrip()
