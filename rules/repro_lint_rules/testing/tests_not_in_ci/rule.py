"""There are tests and continuous integration, and it does not run them."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.testing.presence import Tests
from repro_lint_rules.testing.suite import TestTexts

_SHOWN = 10


class TestsNotInCi(Rule):
    """Follows the commands of workflows into make targets, tasks and scripts; what leads out of sight is not judged."""

    __test__ = False

    meta = RuleMeta(
        code="TST003",
        name="tests-not-in-ci",
        family="testing",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="There are tests and continuous integration, and it does not run them.",
        why="Tests that nobody runs stop passing, and nobody notices: a green tick then says nothing about them.",
        help="add a step that runs them, such as `run: pytest`, to a workflow that starts on pull requests",
    )
    facts = (TestTexts,)

    def check(self, project: Project) -> Outcome:
        """One finding for the repository, at its first workflow."""
        tests = project.fact(Tests).files
        if not tests:
            yield NotApplicable("there are no tests")
            return
        # Imported here: its patterns are of use only where there are tests.
        from repro_lint_rules.testing.ci_runs import CiTests

        ci = project.fact(CiTests)
        if not ci.workflows:
            yield NotApplicable("there is no continuous integration")
        elif ci.answer == "unknown":
            yield NotApplicable("what the workflows run cannot all be seen", ci.workflows[0])
        elif ci.answer == "no":
            first, *others = ci.workflows
            message = "this workflow does not run the tests" if not others else "none of the workflows runs the tests"
            yield Finding(
                project.place(first),
                f"{message} ({len(tests)} test file{'s' if len(tests) > 1 else ''}, such as {tests[0]})",
                related=tuple(Related(project.place(path), "nor does this one") for path in others[:_SHOWN]),
                subject="tests not in CI",
            )
