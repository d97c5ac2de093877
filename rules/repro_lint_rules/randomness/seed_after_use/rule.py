"""A seed that is set after the first draw."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Related, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.reports import further, judged, outcome


class SeedAfterUse(Rule):
    """Compares when a program draws and when it seeds, in the order in which it runs."""

    meta = RuleMeta(
        code="RNG003",
        name="seed-after-use",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program draws random numbers before it sets the seed for them.",
        why="What was drawn before is different in each run, and so is what follows from it, in spite of the seed.",
        help="set the seed first thing in the program, before anything is drawn",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each library, at the first draw."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    (seed,) = cause.seeds
    line = f"line {seed.place.span.line}" if seed.place.span is not None else "later"
    where = f"in {seed.place.path}" if seed.place.path != first.place.path else f"in {line}"
    if seed.place.path == first.place.path and seed.place.cell is not None:
        where = f"in cell {seed.place.cell.index}"
    text = f"{first.shown} draws before {seed.shown} {where} sets the seed"
    related = (Related(seed.place, f"{seed.shown} comes too late"), *further(others, "{} draws before it, too"))
    text, severity = judged(cause, text)
    advice = f"move {seed.shown} before the first draw"
    return Finding(first.place, text, help=advice, severity=severity, related=related)
