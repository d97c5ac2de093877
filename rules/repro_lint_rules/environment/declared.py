"""What a project declares, and for which of its files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property

from repro_lint.api import (
    Environment,
    Manifest,
    Project,
    ProjectFact,
    canonical_name,
    dataclass,
    lazy_pattern,
    name_in_url,
)
from repro_lint_rules.environment.lock_advice import home
from repro_lint_rules.environment.names import coming_with, names

_INSTALLING_FILE = lazy_pattern(
    r"(?:^|/)(?:[\w.-]*Dockerfile[\w.-]*|Containerfile|[\w.-]+\.(?:sh|def|dockerfile)|tox\.ini|noxfile\.py|postBuild|Makefile"
    r"|\.travis\.yml|\.gitlab-ci\.yml|\.devcontainer/.*|apt\.txt|Vagrantfile|appveyor\.yml)$|^\.github/(?:workflows/[^/]+|actions/.+/action\.ya?ml)$"
)
_INSTALL = lazy_pattern(r"(?:pip3?|conda|mamba|uv|easy_install)\b[^\n]*?\binstall\b(?P<rest>(?:[^\n]*\\\n)*[^\n]*)")
_TOX_DEPENDENCIES = lazy_pattern(r"^deps\s*=(?P<rest>(?:.*\n)(?:[ \t]+.*\n?)*)", re.M)
_WORD = lazy_pattern(r"(?<![\w./:-])[A-Za-z][\w.-]*")
_LOCKED = lazy_pattern(
    r"""^name = "(?P<toml>[\w.-]+)"|^\s+"(?P<pipenv>[\w.-]+)": \{|^- name: (?P<conda>[\w.-]+)"""
    r"""|/(?P<url>[\w.-]+?)-[^-/\s]+-[^-/\s]+\.(?:conda|tar\.bz2)|^(?P<pip>[A-Za-z][\w.-]*)==""",
    re.M,
)
_OTHER_LANGUAGES = ("r-description", "julia")


@dataclass(frozen=True)
class Declared(ProjectFact):
    """Names are normalised."""

    manifests: tuple[Manifest, ...]
    """Those for Python, the nearest to the root first."""
    distributions: frozenset[str]
    """What any manifest asks for, in any group."""
    locked: frozenset[str]
    installed_elsewhere: frozenset[str]
    """What containers, workflows and scripts of the project install by name."""
    homes: Mapping[str, str]
    """For the path of each manifest the directory that it is for."""
    uncertain: str | None
    """Why nobody can tell what is declared without running something, or None."""
    _served: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    _covered: dict[str, Manifest | None] = field(default_factory=dict)

    @classmethod
    def compute(cls, project: Project) -> Declared:
        """Gather the names from manifests, locks, other files that install something, and paths."""
        environment = project.fact(Environment)
        manifests = tuple(m for m in environment.manifests if m.kind not in _OTHER_LANGUAGES)
        compiled = {lock.path for lock in environment.locks}
        manifests = tuple(m for m in manifests if m.path not in compiled) or manifests
        asked = {name for manifest in manifests for name in _names(manifest)}
        declared = frozenset(asked.union(*(names().bundles.get(name, ()) for name in asked)))
        return cls(
            manifests,
            declared,
            frozenset(n for lock in environment.locks for n in _locked(project, lock.path)),
            frozenset(name for path in project.files for name in _installed(project, path)),
            _homes(project, manifests),
            _uncertain(manifests),
        )

    @cached_property
    def brought(self) -> frozenset[str]:
        """What comes along with what is asked for."""
        return coming_with(self.distributions)

    def covering(self, path: str) -> Manifest | None:
        """The manifest that the file goes by: the nearest above it, or the only one if it is not deep in the tree."""
        folder = path.rpartition("/")[0]
        if folder not in self._covered:
            self._covered[folder] = self._nearest(path)
        return self._covered[folder]

    def _nearest(self, path: str) -> Manifest | None:
        above = [m for m in self.manifests if _is_below(path, home(m.directory))]
        if above:
            return max(above, key=lambda m: len(home(m.directory)))
        only = {home(manifest.directory) for manifest in self.manifests}
        return self.manifests[0] if len(only) == 1 and "/" not in only.pop() else None

    def serving(self, path: str) -> frozenset[str]:
        """What the manifests ask for that are for the file: those above it, and those that they include or install."""
        above = tuple(m.path for m in self.manifests if _is_below(path, self.homes[m.path]))
        if above not in self._served:
            self._served[above] = self._asked(above)
        return self._served[above]

    def _asked(self, paths: tuple[str, ...]) -> frozenset[str]:
        found = [m for m in self.manifests if m.path in paths]
        for manifest in found:  # which grows
            for directive in manifest.directives:
                where = posixpath.normpath(posixpath.join(manifest.directory, directive.value))
                found += [
                    other
                    for other in self.manifests
                    if other not in found
                    and (
                        (directive.kind == "requirements" and other.path == directive.value)
                        or (directive.kind == "path" and other.directory == where)
                    )
                ]
        asked = {name for manifest in found for name in _names(manifest)}
        return frozenset(asked.union(*(names().bundles.get(name, ()) for name in asked)))

    def asking(self, distribution: str) -> Manifest | None:
        """The first manifest that asks for it."""
        return next((m for m in self.manifests if distribution in requested(m)), None)


def requested(manifest: Manifest) -> frozenset[str]:
    """The names that one manifest asks for."""
    return frozenset(_names(manifest))


def _names(manifest: Manifest) -> Iterator[str]:
    for requirement in manifest.requirements:
        yield requirement.name
        yield from requirement.extras
        if requirement.url and (name := name_in_url(requirement.url)):
            yield name
    for directive in manifest.directives:
        if directive.kind in ("url", "path") and (name := name_in_url(directive.value)):
            yield name
    yield from manifest.mentioned
    if manifest.project:
        yield manifest.project


def _locked(project: Project, path: str) -> Iterator[str]:
    for match in _LOCKED.finditer(_text(project, path)):
        yield canonical_name(match[match.lastgroup or 0])


def _installed(project: Project, path: str) -> Iterator[str]:
    if not _INSTALLING_FILE.search(path):
        return
    text = _text(project, path)
    for match in (*_INSTALL.finditer(text), *_TOX_DEPENDENCIES.finditer(text)):
        for word in _WORD.findall(match["rest"]):
            yield canonical_name(word)


def _is_below(path: str, directory: str) -> bool:
    return not directory or path.startswith(directory + "/")


def _homes(project: Project, manifests: tuple[Manifest, ...]) -> dict[str, str]:
    """A manifest is for its directory; in one without programs it is for the nearest above that has some."""
    programs: set[str] = {""}
    if len(manifests) > 1:
        for path in project.files:
            if path.endswith((".py", ".ipynb")) and not path.endswith("setup.py"):
                above = path.rpartition("/")[0]
                while above and above not in programs:
                    programs.add(above)
                    above = above.rpartition("/")[0]
    homes: dict[str, str] = {}
    for manifest in manifests:
        directory = home(manifest.directory)
        while directory not in programs:
            directory = directory.rpartition("/")[0]
        homes[manifest.path] = directory
    return homes


def _uncertain(manifests: tuple[Manifest, ...]) -> str | None:
    for manifest in manifests:
        if manifest.problem:
            return f"{manifest.path} {manifest.problem}"
        read = any(directive.kind == "requirements" for directive in manifest.directives)
        if manifest.computed and not manifest.requirements and not manifest.mentioned and not read:
            return f"only running {manifest.path} would tell what it declares"
    return None


def _text(project: Project, path: str) -> str:
    try:
        return project.files[path].data.decode("utf-8", "replace")
    except OSError:
        return ""
