"""The lock file does not fit the manifest that it was made from."""

from __future__ import annotations

import posixpath

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Lock,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.lock_differences import Difference, differences, is_comparable
from repro_lint_rules.environment.places import place_in
from repro_lint_rules.environment.staleness import UndecidableError

_COMMANDS = {
    "uv": "run `uv lock` and commit the file",
    "Poetry": "run `poetry lock` and commit the file",
    "PDM": "run `pdm lock` and commit the file",
    "Pipenv": "run `pipenv lock` and commit the file",
    "pixi": "run `pixi lock` and commit the file",
    "conda-lock": "run `conda-lock` and commit the file",
    "PEP 751": "run the command in its head again, and commit the file",
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
        locks = [lock for lock in project.fact(Environment).locks if is_comparable(lock)]
        if not locks:
            yield NotApplicable("there is no lock whose format can be compared with its manifest")
        for lock in locks:
            try:
                found = differences(project, lock)
            except UndecidableError as reason:
                yield NotApplicable(str(reason), lock.path)
                continue
            if found:
                yield _finding(project, lock, found)


def _finding(project: Project, lock: Lock, found: list[Difference]) -> Finding:
    first = found[0]
    directory, _, name = first.manifest.rpartition("/")
    source = name if directory == lock.directory else first.manifest
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    manifest = next((m for m in project.fact(Environment).manifests if m.path == first.manifest), None)
    if manifest and first.requirement:
        related = Related(place_in(project, manifest, first.requirement), "what is required")
    else:
        related = Related(project.place(first.manifest), "the manifest")
    return Finding(
        project.place(lock.path),
        f"{posixpath.basename(lock.path)} does not fit {source}: {first.change}{more}",
        help=_COMMANDS.get(lock.tool, f"compile {first.manifest} again and commit both files"),
        related=(related,),
        subject=lock.path,
    )
