"""CI installs the project without its lock file."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Workflow,
)
from repro_lint_rules.workflows.lock_use import is_library, loose_installs


class CiIgnoresLockfile(Rule):
    """Compares what each job installs with the locks of the project."""

    meta = RuleMeta(
        code="CIW002",
        name="ci-ignores-lockfile",
        family="workflows",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="CI installs the project without its lock file.",
        why="What passes in CI is not the environment that was locked, so its success says nothing about that one.",
        help="install from the lock",
    )
    triggers = (b"install", b"conda", b"mamba")

    def check(self, workflow: Workflow) -> Outcome:
        """One finding for each lock that jobs of the workflow pass by, at the first command that does."""
        environment = workflow.project.fact(Environment)
        if workflow.kind == "action":
            return
        if not environment.locks:
            yield NotApplicable("the project has no lock file")
            return
        if is_library(workflow.project, environment):
            yield NotApplicable("a library is tested with what its users would get")
            return
        for lock, found in loose_installs(workflow, environment).items():
            (first, place), *others = found
            yield Finding(
                place,
                f"CI installs {first.what} without {lock}",
                help=f"install from the lock: `{first.remedy}`",
                related=(
                    Related(workflow.project.place(lock), "the lock that is passed by"),
                    *(Related(other, "likewise") for _, other in others),
                ),
                subject=lock,
            )
