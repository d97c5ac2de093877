"""Something that looks like a seed and does nothing."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.reports import draws_from, further, outcome

_TEXTS = {
    "rebound": "the assignment replaces the function {} and seeds nothing",
    "dropped": "{} makes a generator that nobody keeps, and seeds no other",
    "uncalled": "{} is never called, so it seeds nothing",
    "option": "the value of this option is never read, so it seeds nothing",
    "hash": "{} seeds no generator, and is read only when Python starts",
}
_HELP = {
    "uncalled": "call {} before the first draw",
    "dropped": "keep the generator, and draw from it",
    "option": "pass the value to what seeds the generators",
}


class IneffectiveSeed(Rule):
    """Finds what stands where the seed should be, when a program draws without one."""

    meta = RuleMeta(
        code="RNG011",
        name="ineffective-seed",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Something looks like a seed and has no effect, so that the draws are not seeded.",
        why="Whoever reads the program takes it for reproducible, and each run gives other numbers.",
        help="call the function that seeds the generator which is drawn from",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each such seed, at its place."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    library = knowledge().libraries[cause.library]
    text = _TEXTS[cause.variant].format(first.shown) + f"; {draws_from(others[0])}"
    advice = _HELP.get(cause.variant, library.seed).format(first.shown)
    if cause.variant == "rebound":
        advice = library.seed
    return Finding(first.place, text, help=advice, related=further(others, "{} is not seeded"))
