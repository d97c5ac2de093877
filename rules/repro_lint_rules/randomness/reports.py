"""From causes to findings: what the rules of the family share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from repro_lint.api import Finding, NotApplicable, Outcome, Program, Related, Severity
from repro_lint_rules.randomness.causes import Cause
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.program_causes import ProgramCauses
from repro_lint_rules.randomness.spots import Spot

_MOST_RELATED = 20


def outcome(program: Program, rule: str, finding: Callable[[Cause], Finding]) -> Outcome:
    """The findings of a rule in a program; where not all of it could be followed, only what holds anyway."""
    problem, causes = program.project.fact(ProgramCauses).of(program, rule)
    sure = [cause for cause in causes if problem is None or cause.independent]
    for cause in sure:
        yield finding(cause)
    if problem is not None and len(sure) < len(causes):
        yield NotApplicable(problem)


def further(spots: Iterable[Spot], label: str, cause: Cause | None = None) -> tuple[Related, ...]:
    """The other places of a finding; with a cause also what it has in functions that the program does not call."""
    places = [Related(found.place, label.format(found.shown)) for found in spots]
    if cause is not None:
        label += ", once its function is called"
        places += [Related(found.place, label.format(found.shown)) for found in cause.uncalled]
    return tuple(places[:_MOST_RELATED])


def draws_from(spot: Spot) -> str:
    """Which generator the call draws from, as a sentence without its end."""
    return f"{spot.shown} draws from {knowledge().libraries[spot.library].generator}"


def judged(cause: Cause, text: str) -> tuple[str, Severity | None]:
    """The message and the severity, a note where less than a result depends on the draws."""
    if cause.only:
        return f"{text}; what it gives is only {cause.only}", Severity.NOTE
    return text, Severity.NOTE if cause.weak else None


def names(libraries: Iterable[str]) -> str:
    """The libraries as a list in a sentence."""
    found = [_NAMES.get(library, library) for library in dict.fromkeys(libraries)]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


_NAMES = {
    "numpy": "NumPy",
    "random": "the random module",
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "cupy": "CuPy",
    "cuda": "PyTorch's GPUs",
}
