"""Every place in which a project says which Python it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from repro_lint.api import Environment, FileFact, Notebook, Project, ProjectFact, dataclass, lazy_pattern, read_text
from repro_lint_rules.environment.lock_advice import home

_DOCKERFILE = lazy_pattern(r"(?:^|/)(?:[\w.-]*Dockerfile[\w.-]*|Containerfile)$")
_IMAGE = lazy_pattern(r"^FROM\s+(?:\S*/)?python:(?P<version>\d+(?:\.\d+)*)", re.M | re.I)
_INSTALLED = lazy_pattern(r"python=?=?(?P<version>[23]\.\d+)|\bpy(?P<short>3\d+)\b")
_WORKFLOW = lazy_pattern(
    r"(?:^|/)(?:\.github/workflows/[^/]+|\.travis\.yml|\.gitlab-ci\.yml|azure-pipelines\.yml|tox\.ini|noxfile\.py)$"
)
_IN_WORKFLOW = lazy_pattern(r"python(?:-version|_version)?s?[\"']?\s*[:=]\s*\[?\s*[\"']?\$?[\d{]|\bpy3\d+\b|python:\d")
_CLASSIFIER = lazy_pattern(r"Programming Language :: Python :: (?P<version>[23]\.\d+)")
_PROSE = lazy_pattern(r"\bPython\s*(?:version\s*)?(?:[<>=~]=?\s*)?(?P<version>[23]\.\d+)", re.I)
_README = lazy_pattern(r"(?i)(?:readme|install|requirements)[\w.-]*$")
_FILES = {
    ".python-version": r"^\s*(?:cpython-|python-)?(?P<version>\d+(?:\.\d+)*)",
    "runtime.txt": r"^\s*python-(?P<version>\d+(?:\.\d+)*)",
    ".tool-versions": r"^\s*python\s+(?P<version>\d+(?:\.\d+)*)",
    "mise.toml": r"^\s*python\s*=\s*[\"'](?P<version>\d+(?:\.\d+)*)",
}
StatementKind = Literal["range", "exact", "tested", "prose"]


@dataclass(frozen=True)
class PythonStatement:
    """A version of Python that a file states. ``specifier`` is as written, a version alone where it is exact.

    *range*: what is admitted; *exact*: what is installed; *tested*: what workflows and classifiers name; *prose*:
    what readers are told.
    """

    path: str
    line: int | None
    specifier: str
    kind: StatementKind

    @property
    def home(self) -> str:
        """The directory that it is for."""
        return home(self.path.rpartition("/")[0])


class SavedWith(FileFact[str]):
    """The version of Python that a notebook was last saved with."""

    subject = Notebook

    @classmethod
    def collect(cls, notebook: Notebook) -> str | None:
        """None for other languages, and where the notebook does not tell."""
        return notebook.language_version if notebook.language == "python" else None


class PythonStatements(ProjectFact):
    """All statements, those of manifests first."""

    def __init__(self, statements: tuple[PythonStatement, ...]) -> None:
        self.statements = statements

    @classmethod
    def compute(cls, project: Project) -> PythonStatements:
        """Read manifests, version files, containers, workflows and documents."""
        return cls((*_of_manifests(project), *_of_files(project)))


def _of_manifests(project: Project) -> Iterator[PythonStatement]:
    environment = project.fact(Environment)
    for manifest in (*environment.manifests, *environment.scripts):
        stated = manifest.python or next((r for r in manifest.requirements if r.name == "python"), None)
        if stated and stated.specifier and stated.specifier != "*":
            exact = manifest.kind in ("conda", "pipfile", "requirements") or stated.specifier[:1].isdigit()
            yield PythonStatement(manifest.path, stated.line, stated.specifier, "exact" if exact else "range")


def _of_files(project: Project) -> Iterator[PythonStatement]:
    for path in project.files:
        name = path.rpartition("/")[2]
        if name in _FILES:
            yield from _matches(project, path, re.compile(_FILES[name], re.M), "exact")
        elif _DOCKERFILE.search(path):
            yield from _matches(project, path, _IMAGE, "exact")
            yield from _matches(project, path, _INSTALLED, "tested")
        elif _WORKFLOW.search(path):
            yield from _matches(project, path, _IN_WORKFLOW, "tested")
        elif name in ("setup.py", "setup.cfg", "pyproject.toml"):
            yield from _matches(project, path, _CLASSIFIER, "tested")
        elif "/" not in path and _README.match(name):
            yield from _matches(project, path, _PROSE, "prose")


def _matches(project: Project, path: str, pattern: re.Pattern[str], kind: StatementKind) -> Iterator[PythonStatement]:
    text = read_text(project, path)
    for match in pattern.finditer(text):
        version = match.groupdict().get("version") or ""
        yield PythonStatement(path, text.count("\n", 0, match.start()) + 1, version, kind)
