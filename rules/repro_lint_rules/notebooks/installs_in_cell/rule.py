"""A cell installs packages that nothing pins or declares."""

from __future__ import annotations

from collections.abc import Sequence

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Outcome,
    Project,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.notebooks.cell_guards import CellGuards
from repro_lint_rules.notebooks.shell_commands import ShellCommand, installing_commands
from repro_lint_rules.notebooks.shell_installs import Install, Package, install_of

_SHOWN = 6
_SETTINGS = frozenset(
    "requirements env envs environment environments conda binder .binder docker .devcontainer".split()
)
"""Directories that hold the manifests of the directory above them."""
_SAME = {"pytorch": "torch", "opencv": "opencv-python", "py-opencv": "opencv-python", "matplotlib-base": "matplotlib"}
"""Names of packages in conda's channels that differ from those on PyPI."""


class InstallsInCell(Rule):
    """Reports install commands in cells for packages without an exact version, or that no manifest declares."""

    meta = RuleMeta(
        code="NBK015",
        name="installs-in-cell",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A cell installs packages that nothing pins or declares.",
        why="Every run takes whatever release is newest that day, into an environment that no file describes.",
        help="declare the packages with their versions in the environment of the project, and remove the command",
    )
    triggers = (b"install",)

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each install command; a note where it runs under a condition only."""
        if source.form == "script":
            return
        declared = Declared(source.project, source.path)
        for command in installing_commands(source, CellGuards(source)):
            install = install_of(command)
            if install is None:
                continue
            unpinned = [package for package in install.packages if not package.pinned]
            undeclared = [package for package in install.packages if declared.lacks(package)]
            if unpinned or undeclared:
                yield _finding(command, install, unpinned, undeclared, declared)


class Declared:
    """What the manifests of a project declare, as it concerns one notebook.

    ``path`` is that of the nearest manifest in the notebook's directory or above, None where there is none.
    """

    def __init__(self, project: Project, notebook: str) -> None:
        manifests = [
            manifest
            for manifest in project.fact(Environment).manifests
            if manifest.declares and manifest.kind not in ("r-description", "julia")
        ]
        near = [manifest for manifest in manifests if notebook.startswith(_covered(manifest.directory))]
        self.path = max(near, key=lambda manifest: len(manifest.directory)).path if near else None
        self._several = len(near) > 1
        self._open = any(manifest.computed or manifest.problem for manifest in manifests)
        self._names = {_SAME.get(r.name, r.name) for manifest in manifests for r in manifest.requirements}

    def lacks(self, package: Package) -> bool:
        """Whether there is a manifest for the notebook, and none in the whole project names the package."""
        return self.path is not None and not self._open and _SAME.get(package.name, package.name) not in self._names

    @property
    def where_not(self) -> str:
        """Where a package that is lacking is not: ``not in requirements.txt``."""
        return "in no requirements file of the project" if self._several else f"not in {self.path}"


def _covered(directory: str) -> str:
    """The beginning of the paths that a manifest in the directory is for."""
    parent, _, name = directory.rpartition("/")
    directory = parent if name in _SETTINGS else directory
    return f"{directory}/" if directory else ""


def _finding(
    command: ShellCommand,
    install: Install,
    unpinned: Sequence[Package],
    undeclared: Sequence[Package],
    declared: Declared,
) -> Finding:
    what = f"{_listed(unpinned or undeclared)}{' without an exact version' if unpinned else ''}"
    if undeclared and not unpinned:
        what += f", which {_are(undeclared)} {declared.where_not}"
    elif undeclared:
        pronoun = "it" if len(undeclared) == 1 else "they"
        those = pronoun if undeclared == unpinned else _listed(undeclared)
        what += f", and {those} {_are(undeclared)} {declared.where_not}"
    if declared.path is None:
        advice = "list them with their versions in a requirements.txt or environment.yml, and remove the command"
    elif undeclared:
        advice = f"declare {_listed(undeclared)} with a version in {declared.path}, and remove the command"
    else:
        advice = f"remove the command, since {declared.path} declares the packages, or give their versions here too"
    return Finding(
        command.place,
        f"{'a conditional ' if command.guarded else ''}`{install.tool}` brings {what}",
        help=advice,
        severity=Severity.NOTE if command.guarded else None,
        subject=f"{install.tool}: {' '.join(sorted(package.name for package in install.packages))}",
    )


def _are(packages: Sequence[Package]) -> str:
    return "is" if len(packages) == 1 else "are"


def _listed(packages: Sequence[Package]) -> str:
    names = [f"`{package.name}`" for package in packages]
    if len(names) > _SHOWN:
        names = [*names[:_SHOWN], f"{len(packages) - _SHOWN} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
