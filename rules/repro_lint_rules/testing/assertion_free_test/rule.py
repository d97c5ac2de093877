"""A test compares nothing: it fails only if the code crashes."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Project, Rule, RuleMeta, Severity
from repro_lint_rules.testing.assertions import AssertionFacts


class AssertionFreeTest(Rule):
    """Looks for tests without an assertion of their own or of a helper that they call."""

    meta = RuleMeta(
        code="TST004",
        name="assertion-free-test",
        family="testing",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        status="preview",
        summary="A test compares nothing: it fails only if the code crashes.",
        why="It counts as a passed test whatever the code returns, so wrong results pass with it.",
        help="assert one result that you know, or say in the name that the test is a smoke test",
    )
    facts = (AssertionFacts,)

    def check(self, project: Project) -> Outcome:
        """One finding for each test, at its name."""
        facts = project.file_facts(AssertionFacts)
        asserting = {name for file in facts.values() for name in file.asserting}
        for file in facts.values():
            for test in file.unsure:
                if test.empty:
                    yield Finding(test.place, f"`{test.name}` is empty, and counts as a test that passed")
                elif test.helpers.isdisjoint(asserting):
                    yield Finding(test.place, f"`{test.name}` asserts nothing: it fails only if the code crashes")
