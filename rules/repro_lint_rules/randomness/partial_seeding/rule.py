"""Some of the libraries that draw are seeded, others are not."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Related, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.reports import draws_from, judged, names, outcome

_MOST_RELATED = 20


class PartialSeeding(Rule):
    """Compares the libraries that a program seeds with those that it draws from."""

    meta = RuleMeta(
        code="RNG005",
        name="partial-seeding",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program seeds one library and draws from another one that it does not seed.",
        why="Each library has a generator of its own: the result differs from run to run although a seed is set.",
        help="seed every library that draws, best in one helper that is called first",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for a program, at the first draw that the seeds do not reach."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    missing = list(dict.fromkeys(found.library for found in cause.spots))
    seeded = names(library for library in dict.fromkeys(found.library for found in cause.seeds))
    text = f"{cause.where} seeds {seeded} but not {names(missing)}: {draws_from(first)}"
    text = text[0].lower() + text[1:]
    seed = cause.seeds[0]
    advice = " and ".join(knowledge().libraries[library].seed for library in missing)
    related = [Related(seed.place, f"{seed.shown} seeds only {names([seed.library])}")]
    seen = {first.library}
    for found in others[:_MOST_RELATED]:
        label = f"{found.shown} draws too" if found.library in seen else draws_from(found)
        seen.add(found.library)
        related.append(Related(found.place, label))
    text, severity = judged(cause, text)
    advice = f"add {advice} next to {seed.shown}"
    return Finding(first.place, text, help=advice, severity=severity, related=tuple(related))
