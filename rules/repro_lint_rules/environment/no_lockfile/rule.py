"""Dependencies are declared, and nothing records the versions that get installed."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Manifest,
    NotApplicable,
    Outcome,
    Place,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.lock_advice import COMMANDS, NAMES, is_locked, is_published, main_manifests


class NoLockfile(Rule):
    """Looks at the manifests nearest to the root: those for tests, documentation or examples are others' business."""

    meta = RuleMeta(
        code="ENV002",
        name="no-lockfile",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Dependencies are declared, and nothing records the versions that get installed.",
        why="Whoever installs it next month gets other releases than you have, and other results or none.",
        help="write a lock file and commit it",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the project, at its main manifest."""
        environment = project.fact(Environment)
        manifests = main_manifests(environment.manifests)
        if not manifests:
            yield NotApplicable("no manifest declares a dependency")
            return
        if is_locked(environment, manifests):
            return
        first = manifests[0]
        published = is_published(project, manifests)
        lack = (
            "as a library must, but nothing locks an environment to develop and test it in"
            if published
            else "and no lock file records what gets installed"
        )
        yield Finding(
            _place(project, first),
            f"{_declared(first)}, {lack}{_ignored(project, first)}",
            help=COMMANDS[first.kind],
            severity=Severity.NOTE if published else None,
            related=tuple(Related(_place(project, other), f"likewise {_declared(other)}") for other in manifests[1:]),
            subject=first.kind,
        )


def _declared(manifest: Manifest) -> str:
    name = manifest.path.rpartition("/")[2]
    loose = [r.name for r in manifest.requirements if not r.pinned]
    if not loose:  # requirements that are not read: R's, Julia's, or what only running setup.py would tell
        return f"{name} declares dependencies"
    if len(loose) == 1:
        return f"{name} leaves the version of {loose[0]} open"
    shown = ", ".join(loose[:3]) + (", …" if len(loose) > 3 else "")
    return f"{name} leaves the versions of {len(loose)} dependencies open ({shown})"


def _place(project: Project, manifest: Manifest) -> Place:
    lines = [r.line for r in manifest.requirements if not r.pinned and r.line]
    line = lines[0] if lines else manifest.line
    if line is None:
        return project.place(manifest.path)
    return project.line_place(manifest.path, line)


def _ignored(project: Project, manifest: Manifest) -> str:
    """A lock that exists for its author only is the saddest case of all, and easily mended."""
    folder = manifest.directory + "/" if manifest.directory else ""
    for name in NAMES.get(manifest.kind, ()):
        if project.view.ignored(folder + name):
            return f" ({name} is ignored by .gitignore)"
    return ""
