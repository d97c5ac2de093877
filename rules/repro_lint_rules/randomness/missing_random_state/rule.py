"""A call that is random with these arguments, has a parameter for a seed, and was given none."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, Program, Rule, RuleMeta, Severity
from repro_lint_rules.randomness.causes import TRIGGERS, Cause
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.reports import further, judged, outcome

_FRESH = "fresh entropy of its own"


class MissingRandomState(Rule):
    """Reports calls of scikit-learn, pandas and others without a seed that no global seed controls either."""

    meta = RuleMeta(
        code="RNG002",
        name="missing-random-state",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A call that is random with these arguments was given no seed, and no global seed controls it.",
        why="Each run splits, samples or fits differently, so that a score cannot be had again or compared.",
        help="pass a fixed seed to the parameter that the call has for it",
    )
    triggers = TRIGGERS
    facts = Program.facts

    def check(self, subject: Program) -> Outcome:
        """One finding for each package of a program, at its first such call."""
        return outcome(subject, self.meta.name, _finding)


def _finding(cause: Cause) -> Finding:
    first, *others = cause.spots
    assert cause.parameter is not None
    generator = _FRESH if cause.library == "own" else knowledge().libraries[cause.library].generator
    text = f"{first.shown} is random here and was given no {_missing(cause)}: it draws from {generator}"
    if cause.detail == "by default":
        text = f"{first.shown} is random here and is given no {_missing(cause)} by default: it draws from {generator}"
    if cause.library != "own":
        text += f", which nothing in {cause.where} seeds"
    advice = cause.parameter.remedy
    if cause.library == "numpy":
        advice += "; np.random.seed(SEED) before it works, too"
    elif cause.library == "random":
        advice += "; random.seed(SEED) before it works, too"
    if cause.detail == "uncalled":
        text = f"once its function is called, {text}"
    elif cause.detail:
        advice = "make the default of the seed a constant"
    text, severity = judged(cause, text)
    related = further(others, "{} has no seed either", cause)
    return Finding(first.place, text, help=advice, severity=severity, related=related)


def _missing(cause: Cause) -> str:
    assert cause.parameter is not None
    keyword = cause.parameter.keywords[0]
    return "seeded sampler" if keyword == "sampler" else keyword
