"""The causes of each program, found once for all rules of the family."""

from __future__ import annotations

from dataclasses import replace

from repro_lint.api import Place, Program, ProjectFact
from repro_lint_rules.randomness.causes import TRIGGERS, Cause, causes
from repro_lint_rules.randomness.knowledge import knowledge
from repro_lint_rules.randomness.program_draws import ProgramDraws
from repro_lint_rules.randomness.spots import Spot
from repro_lint_rules.randomness.uncalled import ready_files

_FRAMES = (b"to_pandas", b"toPandas", b"pylab")
_NAMING_TWO = ("seed-from-entropy", "ineffective-seed")
"""Rules whose message names the second place, too."""


class ProgramCauses(ProjectFact):
    """The causes of each program, found once for all rules of the family."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str | None, list[Cause]]] = {}
        self._reported: set[tuple[str, str, Place]] = set()
        self._told: set[Place] = set()
        """Places in modules that some finding has named."""

    @classmethod
    def compute(cls, project: object) -> ProgramCauses:
        """None yet."""
        return cls()

    def of(self, program: Program, rule: str) -> tuple[str | None, list[Cause]]:
        """Why not all of the program could be followed, or None; and the causes that the rule reports.

        What a module does that many programs import is one cause, that of the first.
        """
        if program.path not in self._found and not _may_draw(program):
            self._found[program.path] = None, []
        if program.path not in self._found:
            heard = ProgramDraws(program.may_seed(), ready_files(program, TRIGGERS), program.path)
            problem = program.walk(heard)
            if problem is None and program.entry.syntax_errors and b"seed" in program.entry.file.data.lower():
                problem = "a part of it that does not parse may set the seed"
            new = []
            for cause in causes(program, heard):
                key = (cause.rule, cause.library, cause.spots[0].place)
                if key not in self._reported:
                    self._reported.add(key)
                    new.append(self._once(program, cause))
            self._found[program.path] = problem, new
        problem, found = self._found[program.path]
        return problem, [cause for cause in found if cause.rule == rule]

    def _once(self, program: Program, cause: Cause) -> Cause:
        """The cause without places in modules that another finding names already, or that others use with a seed."""

        def is_new(found: Spot) -> bool:
            path = found.place.path
            if path in (program.path, cause.spots[0].place.path):
                return True
            return found.place not in self._told and not program.users_may_seed(path)

        named = 2 if cause.variant == "generator" or cause.rule in _NAMING_TWO else 1
        spots = tuple(found for n, found in enumerate(cause.spots) if n < named or is_new(found))
        uncalled = tuple(filter(is_new, cause.uncalled))
        self._told.update(found.place for found in (*spots, *uncalled))
        return replace(cause, spots=spots, uncalled=uncalled)


def _may_draw(program: Program) -> bool:
    """Whether it imports anything that draws, or has frames of packages that are not known here."""
    imports = program.imports()
    if imports is None or not imports.isdisjoint(knowledge().packages):
        return True
    return program.any_holds(_FRAMES)
