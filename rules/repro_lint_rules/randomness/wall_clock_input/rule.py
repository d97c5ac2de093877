"""The day on which a program runs decides its data."""

from __future__ import annotations

from repro_lint.api import Confidence, Level, Outcome, PythonSource, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.sinks import snippet
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_reports import in_tests, order_finding
from repro_lint_rules.randomness.wall_clock_flow import ClockFlow, clocks


class WallClockInput(Rule):
    """Follows what the clock says to where it selects, computes or reads data."""

    meta = RuleMeta(
        code="RNG010",
        name="wall-clock-input",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        status="preview",
        summary="The time at which a program runs decides which data it uses, or what it computes from them.",
        why="Tomorrow the same program on the same files gives another result, and today's cannot be had again.",
        help="take the date from an option or a configuration file, and keep it with the result",
    )
    triggers = (b"now", b"today", b"time", b"current_", b"yesterday")

    def check(self, subject: PythonSource) -> Outcome:
        """One finding for each call that reads the clock, at the call."""
        if in_tests(subject.path):
            return
        found = list(clocks(subject))
        if not found:
            return
        definitions = Definitions(subject)
        flow = ClockFlow(subject, definitions)
        for call in found:
            sinks = [] if definitions.is_dead(call) else flow.sinks(call)
            if sinks:
                text = f"{snippet(call)} is the time of the run"
                advice = "take the date from an option or a configuration file, and keep it with the result"
                yield order_finding(subject, call, text, sinks, advice)
