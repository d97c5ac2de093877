"""A random_state that scikit-learn refuses."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.reports import outcome


class InvalidRandomState(Rule):
    """Reports arguments for which scikit-learn raises an error."""

    meta = RuleMeta(
        code="RNG012",
        name="invalid-random-state",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="scikit-learn raises an error for the seed that is passed.",
        why="The program stops at this call.",
        help="leave random_state out where nothing is shuffled, or pass an integer",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each call."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    (first,) = cause.spots
    folds = "shuffle=True" in cause.detail
    advice = "add shuffle=True, or leave random_state out: the folds are the same in each run anyway" if folds else None
    return Finding(first.place, f"{first.shown} raises an error: {cause.detail}", help=advice)
