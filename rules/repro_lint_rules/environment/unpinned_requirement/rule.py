"""A requirement admits every later release, and nothing locks one."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Manifest,
    NotApplicable,
    Outcome,
    Project,
    Requirement,
    Rule,
    RuleMeta,
    Severity,
    lazy_pattern,
)
from repro_lint_rules.environment.lock_advice import is_locked, is_published, main_manifests
from repro_lint_rules.environment.places import place_in
from repro_lint_rules.environment.versions import is_bounded

_DEVELOPMENT = lazy_pattern(
    r"(?:^|[^a-z])(?:dev|develop|development|tests?|testing|docs?|lint|setup|build|hatch)(?:[^a-z]|$)"
)


class UnpinnedRequirement(Rule):
    """Speaks of what is installed to run the project; what only its developers install is left alone."""

    meta = RuleMeta(
        code="ENV003",
        name="unpinned-requirement",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A requirement admits every later release, and nothing locks one.",
        why="Sooner or later a release changes what the code relies on, and nobody knows which one it was written for.",
        help="give the exact version, or at least an upper bound",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each requirement of the project's main manifests; none where a lock covers them."""
        environment = project.fact(Environment)
        manifests = main_manifests(environment.manifests)
        if not manifests:
            yield NotApplicable("no manifest declares a dependency")
            return
        if is_published(project, manifests):
            yield NotApplicable("a library must not fix the versions of what it depends on")
            return
        if is_locked(environment, manifests):
            return
        constrained = {r.name for manifest in environment.constraints for r in manifest.requirements if is_bounded(r)}
        for manifest in (*manifests, *environment.scripts):
            for requirement in manifest.requirements:
                open_ended = not (requirement.pinned or requirement.url or is_bounded(requirement))
                if open_ended and requirement.name not in constrained and not _DEVELOPMENT.search(requirement.scope):
                    yield _finding(project, manifest, requirement)


def _finding(project: Project, manifest: Manifest, requirement: Requirement) -> Finding:
    name, specifier = requirement.written or requirement.name, requirement.specifier
    what = f"`{name}` has no version" if specifier in ("", "*") else f"`{name} {specifier}` has no upper bound"
    sign = "=" if requirement.conda else "=="
    return Finding(
        place_in(project, manifest, requirement),
        f"{what}: whatever release is newest will be installed",
        help=f"give the version that works for you (`{name}{sign}…`), or write a lock file",
        subject=f"{manifest.path}: {requirement.name}",
    )
