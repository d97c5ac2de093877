"""A program needs what another one writes, and nothing says in which order they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repro_lint.api import (
    Confidence,
    Finding,
    ImportFacts,
    Level,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.data.accesses import FileAccesses

if TYPE_CHECKING:
    from repro_lint_rules.running.order import Dependence

_SHOWN = 10


class UnorderedScripts(Rule):
    """Knows what programs read and write from their paths, and looks for anything that names both programs."""

    meta = RuleMeta(
        code="RUN006",
        name="unordered-scripts",
        family="running",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="A program needs what another one writes, and nothing says in which order they run.",
        why="Who starts them in another order gets an error, or the results of an older run.",
        help="number the files, list them in the README in their order, or write a Makefile, a Snakefile or a dvc.yaml",
        status="preview",
    )
    facts = (FileAccesses, ImportFacts)

    def check(self, project: Project) -> Outcome:
        """One finding for each program that comes too early, at its first read of what another one writes."""
        # Imported here: most trees have no second program.
        from repro_lint_rules.running.order import untold

        found: dict[str, list[Dependence]] = {}
        for dependence in untold(project):
            found.setdefault(dependence.reader, []).append(dependence)
        for reader, dependences in sorted(found.items()):
            first = dependences[0]
            related = [Related(first.write.place, f"here {first.writer} writes {first.path}")]
            related += [Related(d.read.place, f"and here {d.path} of {d.writer}") for d in dependences[1:_SHOWN]]
            yield Finding(
                first.read.place,
                f"{reader} reads {first.path}, which {first.writer} writes, and nothing says that that one runs first",
                related=tuple(related),
                subject=f"{first.writer} before {reader}",
            )
