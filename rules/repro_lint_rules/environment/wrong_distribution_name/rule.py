"""A manifest names a module where the name of the distribution belongs."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.names import names


class WrongDistributionName(Rule):
    """Knows the modules whose names install nothing, or something else."""

    meta = RuleMeta(
        code="ENV011",
        name="wrong-distribution-name",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A manifest names a module where the name of the distribution belongs.",
        why="The installation stops there, or brings something else than the code imports.",
        help="write the name of the distribution",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each such requirement; conda has names of its own and is left alone."""
        mistaken = names().mistaken
        environment = project.fact(Environment)
        for manifest in (*environment.manifests, *environment.scripts):
            for requirement in manifest.requirements:
                mistake = mistaken.get(requirement.name)
                if mistake is None or requirement.conda or requirement.url:
                    continue
                place = (
                    project.line_place(manifest.path, requirement.line)
                    if requirement.line
                    else project.place(manifest.path)
                )
                advice = f"write `{mistake.instead}`" if mistake.instead else "remove the line"
                yield Finding(
                    place,
                    f"`{requirement.written or requirement.name}` is not the name of what to install: {mistake.effect}",
                    help=advice,
                    subject=f"{manifest.path}: {requirement.name}",
                )
