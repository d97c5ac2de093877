"""The names by which a document can mean something of the project."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import Environment, Project, ProjectFact, dataclass, lazy_pattern
from repro_lint_rules.running.entry_points import is_code

_FILE = lazy_pattern(
    r"(?<![\w./\\+-])[\w./\\+-]*\w\.(?:pyw?|ipynb|[Rr]md|[Rr]|qmd|jl|sh|bash|bat|ps1|do|m|pl|sas|scala|java|nf|smk|js)\b(?![./-]\w)"
)
_PLAIN = lazy_pattern(r"\b(?:Makefile|Snakefile|dvc\.yaml|MLproject)\b")
_CONSOLE = lazy_pattern(r"console_scripts(.{0,4000})", re.S)
_SCRIPT = lazy_pattern(r"([\w.-]+)\s*=\s*[\w.]+:\w+")
_PACKAGE = lazy_pattern(r"^Package:\s*([\w.]+)", re.M)
_JULIA_NAME = lazy_pattern(r"^name\s*=\s*\"(\w+)\"", re.M)
_SHORTEST = 4  # characters of a name that tells whose address a URL is


@dataclass(frozen=True)
class Names(ProjectFact):
    """``code``: names of files with code; ``spaced``: those with blanks in them; ``importable``: Python's top-level
    names; ``packages``: those of R and Julia; ``console_scripts``: the commands that installing the project gives."""

    code: frozenset[str]
    spaced: tuple[str, ...]
    notebooks: bool
    importable: frozenset[str]
    packages: frozenset[str]
    console_scripts: frozenset[str]
    own: frozenset[str]

    @classmethod
    def compute(cls, project: Project) -> Names:
        """Gather the names from paths and manifests."""
        files = [path for path in project.files if is_code(path)]
        code = frozenset(path.rpartition("/")[2] for path in files)
        importable = frozenset(_importable(project))
        scripts = frozenset(_console_scripts(project))
        packages = frozenset(_packages(project))
        names = {project.name, *importable, *packages, *_declared(project)}
        own = frozenset(name for name in map(_squeezed, names) if len(name) >= _SHORTEST)
        return cls(
            code,
            tuple(sorted((name for name in code if " " in name), key=len, reverse=True)),
            any(path.lower().endswith((".ipynb", ".rmd", ".qmd")) for path in files),
            importable,
            packages,
            scripts,
            own,
        )

    def in_text(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and name of each mention of a file with code."""
        for match in _FILE.finditer(text):
            name = re.split(r"[/\\]", match[0])[-1]
            if name in self.code:
                yield match.start(), match.end(), name
        for match in _PLAIN.finditer(text):
            if match[0] in self.code:
                yield match.start(), match.end(), match[0]
        for name in self.spaced:
            at = text.find(name)
            if at >= 0:
                yield at, at + len(name), name

    def is_own(self, url: str) -> bool:
        """Whether an address names the project."""
        squeezed = _squeezed(url)
        return any(name in squeezed for name in self.own)


def _squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _importable(project: Project) -> Iterator[str]:
    for path in project.files:
        parts = path.split("/")
        if parts[0] in ("src", "lib", "python") and len(parts) > 1:
            parts = parts[1:]
        if len(parts) == 1 and parts[0].endswith(".py") and parts[0] not in ("setup.py", "conftest.py"):
            yield parts[0][:-3]
        elif parts[-1] == "__init__.py" and len(parts) <= 3 and parts[0] not in ("tests", "test", "docs"):
            yield parts[-2]
            yield parts[0]


def _packages(project: Project) -> Iterator[str]:
    for path, pattern in (("DESCRIPTION", _PACKAGE), ("Project.toml", _JULIA_NAME)):
        if match := pattern.search(_text(project, path)):
            yield match[1]


def _declared(project: Project) -> Iterator[str]:
    for path in ("pyproject.toml", "setup.py", "setup.cfg"):
        if match := re.search(r"^\s*name\s*=\s*[\"']?([\w.-]+)", _text(project, path), re.M):
            yield match[1]


def _console_scripts(project: Project) -> Iterator[str]:
    manifests = {manifest.path for manifest in project.fact(Environment).manifests}
    for path in {"setup.py", "setup.cfg", "settings.ini"} | {
        p for p in manifests if p.endswith(("setup.py", "setup.cfg"))
    }:
        for region in _CONSOLE.findall(_text(project, path)):
            yield from _SCRIPT.findall(region)
    for path in {"pyproject.toml"} | {p for p in manifests if p.endswith("pyproject.toml")}:
        for table in re.findall(
            r"^\[(?:project|tool\.poetry)\.(?:gui-)?scripts\]\s*\n((?:(?!\[).*\n?)*)", _text(project, path), re.M
        ):
            yield from re.findall(r"^\s*[\"']?([\w.-]+)[\"']?\s*=", table, re.M)


def _text(project: Project, path: str) -> str:
    if path not in project.files:
        return ""
    try:
        return project.files[path].data.decode("utf-8", "replace")
    except OSError:
        return ""
