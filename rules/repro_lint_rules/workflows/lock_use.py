"""What the jobs of a workflow install, and whether from the lock."""

from __future__ import annotations

import posixpath
from functools import partial

from repro_lint.api import (
    Environment,
    LooseInstall,
    Place,
    Project,
    Use,
    Workflow,
    commands_with_actions,
    follows_lock,
    installs_from_lock,
    lazy_pattern,
    loose_install,
    read_installation,
    read_text,
)

# What these run cannot be seen here, and may well install from the lock.
_OPAQUE = frozenset(
    "make just task invoke tox nox hatch npm docker docker-compose bash sh source . nix earthly act dagger".split()
)

_PUBLISHES = lazy_pattern(
    r"pypi-publish|publish[-_](?:\w+[-_])?(?:pypi|wheel|package)|poetry-publish|\b(?:TWINE|PYPI)_"
    r"|(?:twine|poetry|flit|uv|hatch|pdm) (?:upload|publish)"
)


def loose_installs(workflow: Workflow, environment: Environment) -> dict[str, list[tuple[LooseInstall, Place]]]:
    """The installations that pass a lock by, with their places, by the path of the lock.

    A job that installs from the lock as well, or runs what cannot be seen here, has none.
    """
    found: dict[str, list[tuple[LooseInstall, Place]]] = {}
    foreign = {use.job for use in workflow.uses if _is_foreign(use)}
    for job in workflow.jobs:
        if not job.opaque and job.name not in foreign:
            for install, place in _of_job(workflow, job.name, environment):
                found.setdefault(install.lock.path, []).append((install, place))
    return found


def _is_foreign(use: Use) -> bool:
    """Whether the job then works on another repository, or has an action install from the lock."""
    other = use.name == "actions/checkout" and bool(use.inputs.get("repository"))
    return other or use.name in ("r-lib/actions/setup-renv", "prefix-dev/setup-pixi")


def _of_job(workflow: Workflow, job: str, environment: Environment) -> list[tuple[LooseInstall, Place]]:
    found: list[tuple[LooseInstall, Place]] = []
    for owner, command in commands_with_actions(workflow, job):
        directory = command.directory
        for statement in command.statements:
            if follows_lock(statement) or statement.program in _OPAQUE or statement.words[0].text.startswith("./"):
                return []
            if statement.program in ("cd", "pushd"):
                directory = _changed(directory, statement.argv[1:])
            if directory is None:
                continue
            find = partial(_find, workflow.project, directory)
            installation = read_installation(statement)
            if installation is not None and installs_from_lock(installation, environment, find):
                return []
            loose = loose_install(statement, environment, directory, find)
            if loose is not None:
                found.append((loose, owner.place(statement)))
    return found


def _changed(directory: str | None, arguments: tuple[str, ...]) -> str | None:
    """The directory after ``cd``, or None where it leads out of the repository or nobody knows where."""
    if directory is None or len(arguments) != 1 or arguments[0].startswith(("/", "~", "-")) or "$" in arguments[0]:
        return None
    found = posixpath.normpath(posixpath.join(directory, arguments[0]))
    return None if found.startswith("..") else "" if found == "." else found


def _find(project: Project, directory: str, path: str) -> str | None:
    """The file of the repository that a path in a command means."""
    found = posixpath.normpath(posixpath.join(directory, path))
    return found if found in project.files else None


def is_library(project: Project, environment: Environment) -> bool:
    """Whether the project is published for others to install: it says so, or a workflow uploads it."""
    if any(manifest.library for manifest in environment.manifests if "/" not in manifest.path):
        return True
    return any(_PUBLISHES.search(read_text(project, path)) for path in project.accepted(Workflow))
