"""Which releases of a library a project asks for, where they decide what draws or what a seed controls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import Environment, Project, ProjectFact, lazy_pattern

_CLAUSE = lazy_pattern(r"(?P<kind>===?|~=|<=?|\^|~|=|>=?|!=)?\s*v?(?P<major>\d+)(?:\.(?P<minor>\d+))?(?P<rest>\.\d+)?")

Release = tuple[int, int]
"""The first two numbers of a version."""


class Releases(ProjectFact):
    """What is installed at most, as the locks say it, or else the manifests."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._limits: dict[str, Release | None] = {}

    @classmethod
    def compute(cls, project: Project) -> Releases:
        """Nothing is read before it is asked for."""
        return cls(project)

    def before(self, package: str, release: Release) -> bool:
        """Whether each release of the package that may be installed is older than this one."""
        if package not in self._limits:
            self._limits[package] = self._limit(package)
        limit = self._limits[package]
        return limit is not None and limit <= release

    def _limit(self, package: str) -> Release | None:
        """The release that is too new."""
        names = {package, f"{package}-gpu", f"{package}-cpu"}
        environment = self._project.fact(Environment)
        for lock in environment.locks:
            text = self._project.files[lock.path].data.decode("utf-8", "replace")
            if found := _locked(names).search(text):
                return int(found["major"]), int(found["minor"] or 0) + 1
        specifiers = [r.specifier for m in environment.manifests for r in m.requirements if r.name in names]
        return min((limit for specifier in specifiers for limit in _limits(specifier)), default=None)


def before(project: Project, package: str, release: Release) -> bool:
    """Whether the project locks, pins or bounds the package below the release."""
    return project.fact(Releases).before(package, release)


def _locked(names: set[str]) -> re.Pattern[str]:
    """The version of a package in a lock of Poetry, uv, PDM, conda-lock, Pipenv or pip-compile."""
    name = "|".join(map(re.escape, sorted(names)))
    table = rf"""name[ ]*[=:][ ]*"?(?:{name})"?\s+version[ ]*[=:][ ]*["']?"""
    pipenv = rf'"(?:{name})":\s*\{{[^{{}}]*"version":\s*"=='
    version = r"(?P<major>\d+)(?:\.(?P<minor>\d+))?"
    return re.compile(rf"(?mi)(?:^[ \t-]*{table}|{pipenv}|^(?:{name})[ ]*==[ ]*){version}")


def _limits(specifier: str) -> Iterator[Release]:
    """What each part of a specifier is below, in the forms of PEP 440, Poetry and conda."""
    for part in specifier.split(","):
        found = _CLAUSE.match(part.strip())
        if found is None:
            continue
        major, minor, kind = int(found["major"]), int(found["minor"] or 0), found["kind"] or "="
        if kind == "<":
            yield major, minor + bool(found["rest"] and found["rest"].strip(".0"))
        elif kind in ("==", "===", "=", "<="):
            yield (major, minor + 1) if found["minor"] else (major + 1, 0)
        elif kind == "~=":
            yield (major, minor + 1) if found["rest"] else (major + 1, 0)
        elif kind == "^":
            yield (major + 1, 0) if major else (0, minor + 1)
        elif kind == "~":
            yield (major, minor + 1) if found["minor"] else (major + 1, 0)
