"""A seed that is different in each run."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.reports import draws_from, further, outcome

_SOURCES = {
    "clock": "the clock",
    "process": "the process",
    "system": "the operating system's entropy",
}


class SeedFromEntropy(Rule):
    """Follows the value of each seed to where it comes from."""

    meta = RuleMeta(
        code="RNG004",
        name="seed-from-entropy",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A seed is taken from the clock, the process or the operating system, or left to chance.",
        why="A seed that is different in each run fixes nothing: the numbers cannot be had again.",
        help="use a constant, or an option with a constant default",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each seed."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    if cause.variant == "nothing":
        given = "is given no seed by default and" if cause.detail else "without a seed"
        text = f"{first.shown} {given} starts from fresh entropy"
        text += f", and {draws_from(others[0])}" if others and others[0].library else ""
    elif cause.variant == "drawn":
        text = f"the seed of {first.shown} is itself drawn at random, by {cause.detail}"
    else:
        text = f"the seed of {first.shown} comes from {_SOURCES[cause.variant]}, through {cause.detail}"
    severity = None
    if cause.weak and cause.detail == "by default":
        severity = Severity.NOTE
    elif cause.weak:
        text += "; it is written down, but not fixed"
        severity = Severity.NOTE
    advice = "make the default of the seed a constant" if cause.detail == "by default" else None
    related = (*further(cause.seeds, "{} is what the seed is made of"), *further(others, "{} draws from what it seeds"))
    return Finding(first.place, text, help=advice, severity=severity, related=related)
