"""No linter, no hook and no continuous integration looks at a change."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.review.code_files import PROJECT, code_files


class NoReviewGate(Rule):
    """One gate of any kind is enough; whether it is a good one is for other rules."""

    meta = RuleMeta(
        code="REV003",
        name="no-review-gate",
        family="review",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="No linter, no hook and no continuous integration looks at a change.",
        why="What is broken by a change is noticed when somebody needs it, not when it is made.",
        help="add a .pre-commit-config.yaml with a linter, or a workflow that runs the tests on pull requests",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the repository."""
        # Imported here: its many patterns cost more to compile than most runs take to get this far.
        from repro_lint_rules.review.gates import ReviewGates

        if (count := len(code_files(project))) < PROJECT:
            yield NotApplicable(f"there are fewer than {PROJECT} files with code")
            return
        if not project.fact(ReviewGates).paths:
            lacking = "no linter, no pre-commit hook, no CI on pushes"
            message = f"nothing checks a change of the {count} files with code: {lacking}"
            yield Finding(project.place(), message, subject="no review gate")
