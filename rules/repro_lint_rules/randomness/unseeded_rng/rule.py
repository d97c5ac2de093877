"""Random numbers that are different in each run, because nothing seeds what they are drawn from."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import (
    CallEvent,
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Place,
    Program,
    Project,
    ProjectFact,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.program_draws import ProgramDraws, Source

_MOST_RELATED = 20


class ReportedPlaces(ProjectFact):
    """The places of findings so far: a draw in a module that many programs import is one finding."""

    def __init__(self) -> None:
        self.places: set[tuple[str, Place]] = set()

    @classmethod
    def compute(cls, project: Project) -> ReportedPlaces:
        """None yet."""
        return cls()


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
    triggers = (b"random", b"torch", b"keras", b"tensorflow", b"pylab")

    def check(self, subject: Program) -> Outcome:
        """One finding for each library whose generator is not seeded, at the first draw."""
        heard = ProgramDraws()
        problem = subject.walk(heard)
        sources = _first_of_each_library(heard.unseeded())
        if not sources:
            return
        if problem is None and subject.entry.syntax_errors and b"seed" in subject.entry.file.data.lower():
            problem = "a part of it that does not parse may set the seed"
        if problem is not None:
            yield NotApplicable(problem)
            return
        reported = subject.project.fact(ReportedPlaces).places
        for source, others in sources:
            primary = _primary(source, subject)
            place = _place(primary)
            if (source.library, place) not in reported:
                reported.add((source.library, place))
                yield _finding(subject, source, others, primary)


def _first_of_each_library(sources: list[Source]) -> list[tuple[Source, list[Source]]]:
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(source.library, []).append(source)
    return [(group[0], group[1:]) for group in groups.values()]


def _primary(source: Source, program: Program) -> CallEvent:
    """Where the generator is made; else the first draw that the program's own file makes, or the first one."""
    if source.made is not None:
        return source.made
    return next((draw for draw in source.draws if draw.source.path == program.path), source.draws[0])


def _finding(program: Program, source: Source, others: list[Source], primary: CallEvent) -> Finding:
    place = _place(primary)
    library = knowledge().libraries[source.library]
    here = place.path == program.path
    where = f"this {program.noun}" if here else program.path.rpartition("/")[2]
    first = source.draws[0] if source.made is not None else primary
    if source.made is not None:
        made = _shown(source.made)
        text = f"{made} without a seed starts from fresh entropy, and {_shown(first)} draws from it"
        advice = f"give it a seed: {made}(SEED)"
        if source.made.name is not None and source.made.name.endswith("from_non_deterministic_state"):
            advice = "tf.random.Generator.from_seed(SEED)"
    else:
        text = f"{_shown(first)} draws from {library.generator}, which nothing in {where} seeds"
        advice = f"{library.seed} before the first draw"
        if library.better is not None:
            advice = f"{library.better} and draw from rng; or {advice}"
    return Finding(place, text, help=advice, related=tuple(_related(source, others, primary)))


def _related(source: Source, others: list[Source], primary: CallEvent) -> Iterator[Related]:
    seen = {_place(primary)}
    for other in (source, *others):
        for draw in (*([other.made] if other.made is not None and other is not source else []), *other.draws):
            place = _place(draw)
            if place not in seen and len(seen) <= _MOST_RELATED:
                seen.add(place)
                yield Related(place, f"{_shown(draw)} draws too" if draw is not other.made else f"{_shown(draw)} too")


def _place(event: CallEvent) -> Place:
    scope = event.stack[-1].name if event.stack and event.stack[-1].source is event.source else ""
    return event.source.place(event.node, scope)


def _shown(event: CallEvent) -> str:
    """The name as written, or the full one where only its last part is."""
    written = ast.unparse(event.node.func)
    if "." in written and len(written) < 50 and "(" not in written:
        return written
    return written if event.name is None or "(" in event.name else event.name
