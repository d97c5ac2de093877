"""Locks that keep no copy and no hash of what was required: whether it is among the versions that they hold."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import tomli

from repro_lint.api import Environment, Lock, Manifest, Project, Requirement, canonical_name, lazy_pattern, read_text
from repro_lint_rules.environment.specifier_sets import compatible
from repro_lint_rules.environment.staleness import UndecidableError

# pixi.lock: files of conda by their addresses, all others by name, which is all that versions 1 to 5 have.
_PIXI = lazy_pattern(
    r"""^\s*- conda: \S+/(?P<file>[\w.-]+)-(?P<release>[^-/\s]+)-[^-/\s]+\.(?:conda|tar\.bz2)\s*$"""
    r"""|^(?:- |  )name: (?P<name>\S+)\n  version: ['"]?(?P<version>[^\s'"]+)|^  name: (?P<local>\S+)$""",
    re.M,
)
_CONDA_LOCK = lazy_pattern(r"""^\s*- name: (?P<name>\S+)\n\s+version: ['"]?(?P<version>[^\s'"]+)""", re.M)
_PYLOCK = lazy_pattern(r"""^\[\[packages\]\]\nname = "(?P<name>[^"]+)"(?:\nversion = "(?P<version>[^"]+)")?""", re.M)
_SOURCES = lazy_pattern(r"^  sources:\n((?:  *- .*\n)+)", re.M)
_COMMAND = lazy_pattern(r"^#\s+uv (?P<command>pip compile|export)\b(?P<arguments>.*)$", re.M)
_SELECTOR = lazy_pattern(r"#\s*\[[^\]]+\]")
Versions = Mapping[str, set[str]]


def pinned_difference(project: Project, lock: Lock) -> Iterator[tuple[Manifest, Requirement, str]]:
    """The requirements that the lock does not fulfil, and how. Raises ``UndecidableError``."""
    text = read_text(project, lock.path).replace("\r\n", "\n")
    pattern, sources = {
        "pixi": (_PIXI, _of_pixi),
        "conda-lock": (_CONDA_LOCK, _of_conda_lock),
        "PEP 751": (_PYLOCK, _of_pylock),
    }[lock.tool]
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for match in pattern.finditer(text):
        found = match.groupdict()
        name = next(found[key] for key in ("name", "file", "local") if found.get(key))
        versions[canonical_name(name)].update(v for v in (found.get("version"), found.get("release")) if v)
    if not versions:
        raise UndecidableError("the lock holds no package, as far as can be told")
    made_from = list(sources(project, lock, text))
    if not made_from:
        raise UndecidableError("what the lock was made from is not in the project, as far as can be told")
    for manifest, requirements in made_from:
        for requirement in requirements:
            if difference := unfulfilled(requirement, versions):
                yield manifest, requirement, difference


def unfulfilled(requirement: Requirement, versions: Versions) -> str | None:
    """How the locked versions of each name fail the requirement, or None; never for one with a condition."""
    if requirement.marker or requirement.url:
        return None
    name = requirement.written or requirement.name
    if requirement.name not in versions:
        return f"{name} is required, and not in the lock"
    locked = versions[requirement.name]
    if not locked or any(compatible(requirement.specifier, f"=={v}", (requirement.conda, False)) for v in locked):
        return None
    return f"{name} is required as `{requirement.specifier}`, and locked as {' and '.join(sorted(locked))}"


_Sources = Iterator[tuple[Manifest, Iterable[Requirement]]]


def _of_pixi(project: Project, lock: Lock, text: str) -> _Sources:
    """What the default environment has: tables for platforms and features may be for environments that nobody made."""
    for name, at in (("pixi.toml", ()), ("pyproject.toml", ("tool", "pixi"))):
        path = posixpath.join(lock.directory, name)
        manifest = _manifests(project).get(path)
        if manifest is None or manifest.problem or "no-default-feature" in (text := read_text(project, path)):
            continue
        table: Any = tomli.loads(text)
        for key in at:
            table = table.get(key, {})
        for section in ("dependencies", "pypi-dependencies"):
            keys = {canonical_name(key) for key in table.get(section, {})}
            conda = section == "dependencies"
            yield manifest, [r for r in manifest.requirements if r.name in keys and r.conda == conda and not r.scope]


def _of_conda_lock(project: Project, lock: Lock, text: str) -> _Sources:
    found = _SOURCES.search(text)
    for line in found[1].splitlines() if found else ():
        path = posixpath.normpath(posixpath.join(lock.directory, line.strip()[2:].strip("'\"")))
        manifest = _manifests(project).get(path)
        if manifest is None or manifest.kind != "conda" or manifest.problem:
            raise UndecidableError(f"{path}, from which the lock was made, is no conda environment of the project")
        rows = read_text(project, path).split("\n")
        yield (
            manifest,
            [r for r in manifest.requirements if not (r.line and _SELECTOR.search(rows[r.line - 1]))],
        )


def _of_pylock(project: Project, lock: Lock, text: str) -> _Sources:
    found = _COMMAND.search(text[:2000])
    if found is None:
        raise UndecidableError("the lock does not tell what it was made from")
    words = found["arguments"].split()
    named = [word for word in words if word.endswith((".in", ".txt", "pyproject.toml")) and not word.startswith("-")]
    if found["command"] == "export":
        named = ["pyproject.toml"]
    if len(named) != 1 or any(word.startswith(("--only", "--no-emit", "--prune", "--package")) for word in words):
        raise UndecidableError("the lock was made from several files, or a part of one")
    manifest = _manifests(project).get(posixpath.normpath(posixpath.join(lock.directory, named[0])))
    if manifest is None or manifest.problem or manifest.computed:
        raise UndecidableError(f"{named[0]}, from which the lock was made, cannot be read")
    yield manifest, [r for r in manifest.requirements if not r.scope]


def _manifests(project: Project) -> dict[str, Manifest]:
    return {manifest.path: manifest for manifest in project.fact(Environment).manifests}
