"""A program draws random numbers from a generator that nothing seeds."""

from __future__ import annotations

import ast

from repro_lint.api import (
    CallEvent,
    Confidence,
    Finding,
    ImportFacts,
    Level,
    NotApplicable,
    Outcome,
    Place,
    Program,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.program_draws import ProgramDraws, Source

_RELATED = 20


class UnseededRng(Rule):
    """Walks through each program in the order in which it runs, and listens for draws and seeds."""

    meta = RuleMeta(
        code="RNG001",
        name="unseeded-rng",
        family="randomness",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program draws random numbers from a generator that nothing seeds.",
        why="Each run gives another result, so nobody can tell a change of the code from a change of luck.",
        help="seed the generator once, before the first draw",
    )
    # The packages whose generators are known; what draws is called by a name that begins with one of them.
    triggers = (b"random", b"torch", b"tensorflow", b"keras", b"cupy", b"pylab")
    facts = (ImportFacts,)

    def check(self, program: Program) -> Outcome:
        """One finding for each library, or unseeded generator, at the first draw that is executed."""
        draws = ProgramDraws()
        if problem := program.walk(draws):
            yield NotApplicable(f"the program could not be followed to its end: {problem}")
            return
        for source in draws.unseeded():
            first, *others = source.draws
            yield Finding(
                _place(first),
                _message(source, program),
                help=_help(source),
                related=tuple(Related(_place(other), "draws from it, too") for other in others[:_RELATED]),
            )


def _place(event: CallEvent) -> Place:
    scope = event.stack[-1].node.name if event.stack and hasattr(event.stack[-1].node, "name") else ""
    return event.source.place(event.node, scope)


def _message(source: Source, program: Program) -> str:
    first = source.draws[0]
    called = ast.unparse(first.node.func).split("\n")[0][:60]
    if source.made is not None:
        return f"{called} draws from a generator that was made without a seed"
    generator = knowledge().libraries[source.library].generator
    return f"{called} draws from {generator}, which nothing in this {program.noun} seeds"


def _help(source: Source) -> str:
    library = knowledge().libraries[source.library]
    if source.made is not None:
        made = (source.made.name or "the generator").rpartition(".")[2]
        return f"give {made} a seed, such as {made}(SEED)"
    better = f"; better, where you can pass it on: {library.better}" if library.better else ""
    return f"before the first draw: {library.seed}{better}"
