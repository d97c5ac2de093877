"""Random numbers that are different in each run, because nothing seeds what they are drawn from."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    Program,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.reports import further, judged, outcome


class UnseededRng(Rule):
    """Walks through each program as it would run, and reports what it draws from generators that nothing seeds."""

    meta = RuleMeta(
        code="RNG001",
        name="unseeded-rng",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program draws random numbers from a generator that nothing in it seeds.",
        why="Each run gives other numbers: nobody can get this result again, or tell a change of the code from chance.",
        help="seed the generator before the first draw, or make one with a seed and pass it on",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each library whose generator is not seeded, at the first draw."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    library = knowledge().libraries[cause.library]
    if cause.variant == "generator":
        text = f"{first.shown} without a seed starts from fresh entropy, and {others[0].shown} draws from it"
        if cause.weak:
            text = f"{first.shown} is given no seed by default, and {others[0].shown} draws from it"
        if cause.seeds:
            text += f"; {cause.seeds[0].shown} does not reach it"
        advice = "make the default of the seed a constant" if cause.weak else f"give it a seed: {first.shown}(SEED)"
        if first.shown.endswith("from_non_deterministic_state"):
            advice = "tf.random.Generator.from_seed(SEED)"
        elif first.shown.endswith("SystemRandom"):
            advice = "random.Random(SEED), unless these numbers are secrets"
    elif cause.variant == "optional":
        seed = cause.seeds[0]
        text = f"{first.shown} draws from {library.generator}, which {seed.shown} seeds only if an option asks for it"
        advice = "make the default of the seed a constant"
    else:
        text = f"{first.shown} draws from {library.generator}, which nothing in {cause.where} seeds"
        if cause.detail:
            text = f"once its function is called, {text}"
        advice = f"{library.seed} before the first draw"
        if library.better is not None:
            advice = f"{library.better} and draw from rng; or {advice}"
    text, severity = judged(cause, text)
    related = further(others, "{} draws too", cause)
    if cause.variant == "optional":
        related = (*further(cause.seeds, "{} is left out by default"), *related)
    return Finding(first.place, text, help=advice, severity=severity, related=related)
