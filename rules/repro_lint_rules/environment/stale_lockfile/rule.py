"""The lock file does not fit the manifest that it was made from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Lock,
    Manifest,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Requirement,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.compiled import compiled_difference, no_longer_required, source_of
from repro_lint_rules.environment.parsed import Documents, Fault
from repro_lint_rules.environment.pinned_versions import pinned_difference
from repro_lint_rules.environment.places import place_in
from repro_lint_rules.environment.staleness import DIFFERENCES, UndecidableError

_PINNING = {
    "pixi": "run `pixi lock` and commit the file",
    "conda-lock": "run `conda-lock` and commit the file",
    "PEP 751": "run the command in its head again, and commit the file",
}
_COMMANDS = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "Pipfile.lock": "pipenv lock",
}


class StaleLockfile(Rule):
    """Decides without network and without running any tool."""

    meta = RuleMeta(
        code="ENV004",
        name="stale-lockfile",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The lock file does not fit the manifest that it was made from.",
        why="The tools refuse to install from it, or resolve again and bring other versions than were tested.",
        help="write the lock again and commit it",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each lock that can be judged and is stale."""
        locks = project.fact(Environment).locks
        tools = [lock for lock in locks if posixpath.basename(lock.path) in DIFFERENCES]
        compiled = [lock for lock in locks if lock.tool == "pip-compile"]
        explicit = [lock for lock in locks if lock.tool == "conda-lock" and lock.path.endswith(".lock")]
        pinning = [lock for lock in locks if lock.tool in _PINNING and lock not in explicit]
        for lock in tools:
            yield from _by_tool(project, lock, posixpath.basename(lock.path))
        for lock in compiled:
            yield from _compiled(project, lock)
        for lock in pinning:
            yield from _pinning(project, lock)
        if not (tools or compiled or pinning):
            yield NotApplicable("there is no lock whose format can be compared with its manifest")


def _by_tool(project: Project, lock: Lock, name: str) -> Iterator[Finding | NotApplicable]:
    beside, difference = DIFFERENCES[name]
    path = posixpath.join(lock.directory, beside)
    if path not in project.files:
        yield NotApplicable(f"there is no {beside} beside it", lock.path)
        return
    manifest, held = (project.fact(Documents).read(file) for file in (path, lock.path))
    if isinstance(manifest, Fault) or isinstance(held, Fault):
        yield NotApplicable("the lock or its manifest cannot be parsed", lock.path)
        return
    try:
        changed = difference(manifest, held)
    except RecursionError:
        yield NotApplicable("the lock or its manifest is nested too deeply", lock.path)
        return
    except UndecidableError as reason:
        yield NotApplicable(str(reason), lock.path)
        return
    if changed:
        yield Finding(
            project.place(lock.path),
            f"{name} does not fit {beside}: {changed}",
            help=f"run `{_COMMANDS[name]}` and commit the file",
            related=(Related(project.place(path), "the manifest"),),
            subject=lock.path,
        )


def _compiled(project: Project, lock: Lock) -> Iterator[Finding | NotApplicable]:
    compiled = next(m for m in project.fact(Environment).manifests if m.path == lock.path)
    source = source_of(project, compiled)
    if source is None:
        yield NotApplicable("what it was compiled from is not in the project, or more than one file", lock.path)
        return
    changes: list[tuple[Manifest, Requirement | None, str]] = [
        (source, requirement, change) for requirement, change in compiled_difference(source, compiled)
    ]
    for name in no_longer_required(project, source, compiled):
        changes.append((source, None, f"{name} is locked as required, and no longer in the manifest"))
    yield from _stale(project, lock, changes, f"compile {source.path} again and commit both files")


def _pinning(project: Project, lock: Lock) -> Iterator[Finding | NotApplicable]:
    try:
        changes = list(pinned_difference(project, lock))
    except (ValueError, RecursionError):
        yield NotApplicable("the lock or its manifest cannot be parsed", lock.path)
        return
    except UndecidableError as reason:
        yield NotApplicable(str(reason), lock.path)
        return
    yield from _stale(project, lock, changes, _PINNING[lock.tool])


def _stale(
    project: Project, lock: Lock, changes: Sequence[tuple[Manifest, Requirement | None, str]], advice: str
) -> Iterator[Finding]:
    if not changes:
        return
    source, requirement, change = changes[0]
    more = f", and {len(changes) - 1} more" if len(changes) > 1 else ""
    yield Finding(
        project.place(lock.path),
        f"{posixpath.basename(lock.path)} does not fit {posixpath.basename(source.path)}: {change}{more}",
        help=advice,
        related=(Related(place_in(project, source, requirement), "what is required"),),
        subject=lock.path,
    )
