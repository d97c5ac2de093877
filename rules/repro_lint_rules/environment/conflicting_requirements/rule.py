"""Two manifests for the same environment ask for versions of a package that no release fulfils."""

from __future__ import annotations

from collections import defaultdict

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Manifest,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.demands import Conflict, conflicts
from repro_lint_rules.environment.places import place_in

_SHOWN = 3


class ConflictingRequirements(Rule):
    """One finding for each pair of manifests, at the first requirement that the other contradicts."""

    meta = RuleMeta(
        code="ENV010",
        name="conflicting-requirements",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Two manifests for the same environment ask for versions of a package that no release fulfils.",
        why="The installation fails, or one of them wins, and the others run with versions that they exclude.",
        help="let one release fulfil both, or keep the requirement in one place",
    )

    def check(self, project: Project) -> Outcome:
        """Nothing is said of alternatives: other platforms, groups, and what has a condition."""
        if not project.fact(Environment).manifests:
            yield NotApplicable("there is no manifest")
            return
        pairs: defaultdict[tuple[Manifest, Manifest], list[Conflict]] = defaultdict(list)
        for conflict in conflicts(project):
            pairs[conflict.later.manifest, conflict.earlier.manifest].append(conflict)
        for found in pairs.values():
            yield _finding(project, found)


def _finding(project: Project, found: list[Conflict]) -> Finding:
    first = found[0]
    manifest, other = first.later.manifest, first.earlier.manifest
    said = [_contradiction(conflict) for conflict in found[:_SHOWN]]
    more = f", and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    related = []
    for number, conflict in enumerate(found):
        name = conflict.earlier.requirement.written or conflict.earlier.requirement.name
        if number:
            related.append(Related(place_in(project, manifest, conflict.later.requirement), f"{name} here"))
        related.append(Related(place_in(project, other, conflict.earlier.requirement), f"{name} there"))
    return Finding(
        place_in(project, manifest, first.later.requirement),
        f"{'; '.join(said)}{more}",
        help=None if first.together else "let one release fulfil both, so that it does not matter which file is used",
        severity=None if first.together else Severity.WARNING,
        confidence=None if first.together else Confidence.MEDIUM,
        related=tuple(related),
        subject=f"{other.path} {first.later.requirement.name}",
    )


def _contradiction(conflict: Conflict) -> str:
    mine, theirs = conflict.later.requirement, conflict.earlier.requirement
    where = f"{conflict.earlier.manifest.path}:{theirs.line}" if theirs.line else conflict.earlier.manifest.path
    return f"{mine.written or mine.name} is required as `{mine.specifier}` here, and as `{theirs.specifier}` in {where}"
