"""A notebook imports a module of the project that lies where Python does not look."""

from __future__ import annotations

import posixpath

from repro_lint.api import (
    Confidence,
    Finding,
    ImportFacts,
    Level,
    Outcome,
    Project,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.running.unreachable import Unreachable, unreachable_imports


class UnreachableModule(Rule):
    """Follows the imports of a notebook as a run from its own folder does."""

    meta = RuleMeta(
        code="RUN010",
        name="unreachable-module",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A notebook imports a module of the project that lies where Python does not look.",
        why="The path was set on the author's machine only: everybody else gets a ModuleNotFoundError at this cell.",
        help="make the modules a package that is installed with the project, or move the notebook beside them",
        predicts="stop",
    )
    facts = (ImportFacts,)

    def check(self, project: Project) -> Outcome:
        """One finding for each notebook, at the first import that fails; the others are related."""
        for found in unreachable_imports(project):
            source = project.load(PythonSource, found[0].notebook)
            if source is not None:
                yield _finding(project, source, found)


def _finding(project: Project, source: PythonSource, found: list[Unreachable]) -> Finding:
    first = next((one for one in found if not one.from_root), found[0])
    related = [
        Related(source.line_place(one.line), f"`{one.module}` of `{one.there}` is imported here")
        for one in found
        if one is not first
    ]
    here = posixpath.dirname(first.notebook)
    seen_from = f"for what a notebook in `{here}` imports" if here else "for what a notebook at the root imports"
    message, advice = f"`{first.module}` is `{first.there}`, where Python does not look {seen_from}", None
    if first.importer != first.notebook:
        message = f"this runs `{first.importer}`, which imports `{first.module}`: {message}"
        if posixpath.dirname(first.importer) == posixpath.dirname(first.there):
            advice = f"write `from . import {first.module}`: only Python 2 looked into the folder of the module itself"
        related.insert(0, Related(project.place(first.importer), f"imports `{first.module}`"))
    return Finding(
        source.line_place(first.line),
        f"{message}; only a run from the root finds it" if first.from_root else message,
        help=advice,
        severity=Severity.WARNING if first.from_root else None,
        related=tuple(related),
        subject=f"{first.importer}: {first.module}",
    )
