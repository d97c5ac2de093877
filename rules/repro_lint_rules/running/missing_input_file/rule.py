"""Code reads a file that is not in the repository, and nothing makes, fetches or describes it."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, Outcome, Project, Rule, RuleMeta, Severity
from repro_lint_rules.data.accesses import FileAccesses
from repro_lint_rules.data.missing_reports import missing_findings


class MissingInputFile(Rule):
    """Compares the relative paths that programs read with the tree, what programs make, and what documents say."""

    meta = RuleMeta(
        code="RUN005",
        name="missing-input-file",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Code reads a file that is not in the repository, and nothing makes, fetches or describes it.",
        why="In a fresh clone the program stops at this line, and nobody can tell what was in the file.",
        help="add the file, a script that fetches it, or a sentence in the README on where it comes from",
        predicts="stop",
    )
    facts = (FileAccesses,)

    def check(self, project: Project) -> Outcome:
        """One finding for each file, or for all that a program misses in one folder, at the first read."""
        yield from missing_findings(project, ignored=False)
