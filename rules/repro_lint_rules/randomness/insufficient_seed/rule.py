"""The seed that is set does not control what is drawn."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Related, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.reports import further, outcome

_REASONS = {
    "keras": "takes its first weights from Python's random module",
    "torch": "computes on the CPU",
    "numba": "is compiled",
}


class InsufficientSeed(Rule):
    """Compares the seed that a program sets with what its draws are controlled by."""

    meta = RuleMeta(
        code="RNG009",
        name="insufficient-seed",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A seed is set that does not control the draws it is meant for.",
        why="The program looks reproducible and is not: it draws from a generator that this seed does not reach.",
        help="set the seed that controls the draw",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each generator that the seeds do not reach."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    seed = cause.seeds[0].shown if cause.seeds else ""
    if cause.parameter is None:
        library = knowledge().libraries[cause.library]
        text = f"{seed} does not seed {first.shown}, which {_REASONS[cause.library]}: {_draws(cause)}"
        advice = library.seed
    elif cause.parameter.threads:
        text = f"{first.shown} is trained by several threads, whose order no seed fixes"
        advice = cause.parameter.remedy
    elif cause.parameter.name.startswith("gymnasium.Space"):
        text = f"{first.shown} draws from a generator of its own, which the seed of the environment does not reach"
        advice = cause.parameter.remedy
    else:
        text = f"{first.shown} draws from a generator of its own, which {seed} does not seed"
        advice = cause.parameter.remedy
    related = further(others, "{} is not seeded by it either")
    if seed:
        related = (Related(cause.seeds[0].place, f"{seed} does not reach it"), *related)
    return Finding(first.place, text, help=advice, related=related)


def _draws(cause: Cause) -> str:
    return f"it draws from {knowledge().libraries[cause.library].generator}"
