"""Nothing runs the code but its authors: there is no continuous integration."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, NotApplicable, Outcome, Project, Rule, RuleMeta, Severity
from repro_lint_rules.workflows.services import has_service, lies_in_larger_repository, source_files


class NoCi(Rule):
    """Looks for the configuration of any service that builds or tests on its own."""

    meta = RuleMeta(
        code="CIW001",
        name="no-ci",
        family="workflows",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Nothing runs the code but its authors: there is no continuous integration.",
        why="That it runs from a fresh copy, on another machine, is not known until somebody tries.",
        help="add a workflow that installs the environment and runs the tests, or the code on a small part of the data",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the repository."""
        count = len(source_files(project))
        if not count:
            yield NotApplicable("there is no code to run")
        elif lies_in_larger_repository(project):
            yield NotApplicable("it is a part of a larger repository, whose CI stands elsewhere")
        elif not has_service(project):
            what = f"{count} files of code" if count > 1 else "a file of code"
            yield project.finding(f"the repository has {what} and no continuous integration", subject="no-ci")
