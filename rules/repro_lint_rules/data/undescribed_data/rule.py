"""Code reads data that git ignores, and no document says how to get it."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, Outcome, Project, Rule, RuleMeta, Severity
from repro_lint_rules.data.accesses import FileAccesses
from repro_lint_rules.data.missing_reports import missing_findings


class UndescribedData(Rule):
    """Compares the ignored paths that programs read with what the project makes and its documents say."""

    meta = RuleMeta(
        code="DAT005",
        name="undescribed-data",
        family="data",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Code reads data that git ignores, and no document says how to get it.",
        why="It is on the author's disk only: whoever clones the repository cannot run this, nor tell what is missing.",
        help="say in the README where the file comes from and where it belongs, or add a script that fetches it",
        predicts="stop",
    )
    facts = (FileAccesses,)

    def check(self, project: Project) -> Outcome:
        """One finding for each file, or for all that a program misses in one folder, at the first read."""
        yield from missing_findings(project, ignored=True)
