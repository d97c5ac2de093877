"""No file says which version of Python the project is for."""

from __future__ import annotations

from collections.abc import Mapping

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.declared import Declared
from repro_lint_rules.environment.imports import ForeignImportFacts
from repro_lint_rules.environment.places import place_in
from repro_lint_rules.environment.pythons import PythonStatements, SavedWith


class PythonUndeclared(Rule):
    """Looks into everything that can state a version: manifests, version files, containers, workflows."""

    meta = RuleMeta(
        code="ENV006",
        name="python-undeclared",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="No file says which version of Python the project is for.",
        why="A later Python has no wheels of the pinned releases, or drops what they need; an older one lacks syntax.",
        help="state the version in the manifest, or in a file .python-version",
    )
    facts = (ForeignImportFacts, SavedWith)

    def check(self, project: Project) -> Outcome:
        """One finding for the project, at its first manifest; a note where only a document says it."""
        declared = project.fact(Declared)
        imports = project.file_facts(ForeignImportFacts)
        if not any(found.modules for found in imports.values()):
            yield NotApplicable("no Python code imports anything that has to be installed")
            return
        statements = project.fact(PythonStatements).statements
        if any(statement.kind != "prose" for statement in statements):
            return
        told = next(iter(statements), None)
        message = "no file says which version of Python to install"
        if told:
            message = f"only {told.path} says which version of Python to install, which no tool reads"
        version = _saved_with(project.file_facts(SavedWith))
        advice = f" (the notebooks were last saved with {version})" if version else ""
        yield Finding(
            place_in(project, declared.manifests[0]) if declared.manifests else project.place(),
            message,
            help=f"state it in the manifest, or in a file .python-version{advice}",
            severity=Severity.NOTE if told else None,
            subject="python",
        )


def _saved_with(versions: Mapping[str, str]) -> str | None:
    """The version most notebooks were saved with."""
    counts = sorted(versions.values())
    return max(counts, key=counts.count) if counts else None
