"""Code imports a package that no manifest declares."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Manifest,
    NotApplicable,
    Outcome,
    Place,
    Project,
    Related,
    Rule,
    RuleMeta,
    RunOutcome,
    Severity,
)
from repro_lint_rules.environment.declared import Declared
from repro_lint_rules.environment.imports import ForeignImportFacts, line_place
from repro_lint_rules.environment.missing import MissingModule, missing_modules
from repro_lint_rules.environment.names import names, suggestion

_SHOWN = 20
"""Of the other places, for readers; every notebook is named, for it is said of each where it stops."""


class UndeclaredImport(Rule):
    """Compares the imports that must succeed with the names in all manifests."""

    meta = RuleMeta(
        code="ENV005",
        name="undeclared-import",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Code imports a package that no manifest declares.",
        why="It runs where the package happens to be installed, and stops with an ImportError everywhere else.",
        help="add the package to the manifest",
        predicts="stop",
    )
    facts = (ForeignImportFacts,)

    def check(self, project: Project) -> Outcome:
        """One finding for each module and manifest that should declare it, at the first import."""
        declared = project.fact(Declared)
        if not declared.manifests and not project.fact(Environment).scripts:
            yield NotApplicable("there is no manifest")
            return
        if declared.uncertain:
            yield NotApplicable(declared.uncertain)
            return
        for missing in missing_modules(project):
            yield _finding(project, missing)


def _finding(project: Project, missing: MissingModule) -> Finding:
    manifest, unit = missing.manifest, missing.unit
    wanted = _wanted(unit, manifest)
    severity, confidence = None, None
    if missing.known:
        message = f"`{unit}` is imported, and no manifest declares `{wanted}`"
    else:
        message = f"`{unit}` is imported, and neither a manifest nor a file of the project provides it"
        confidence = Confidence.MEDIUM
    if missing.other:
        severity = Severity.NOTE
        message = f"`{unit}` is imported, and only {missing.other.path} declares it, which is for other files"
    if missing.instead:
        severity, message = Severity.NOTE, f"{message}; it {missing.instead}"
        confidence = Confidence.LOW if missing.unsure else confidence
    advice = f"add `{wanted}` to {manifest.path}"
    if not missing.known:
        advice = f"add the distribution that has it to {manifest.path}, or commit the module"
    others = [
        place for number, place in enumerate(missing.places[1:]) if number < _SHOWN or place[0].endswith(".ipynb")
    ]
    first = line_place(project, *missing.places[0])
    return Finding(
        first,
        message,
        help=advice,
        severity=severity,
        confidence=confidence,
        related=tuple(
            Related(place, "imported here too", outcome=_outcome(missing, place))
            for place in (line_place(project, *other) for other in others)
        ),
        subject=f"{manifest.path}: {unit}",
        outcome=_outcome(missing, first) or "runs",
    )


def _outcome(missing: MissingModule, place: Place) -> RunOutcome | None:
    """What becomes of a run at the import: none that is indented is certain to run, in a function or under a condition.

    None where the package comes along with others.
    """
    if missing.instead and not missing.unsure:
        return None
    certain = not (missing.instead or missing.other) and place.span is not None and place.span.column == 1
    return "stops" if certain else "may-stop"


def _wanted(unit: str, manifest: Manifest) -> str:
    known = names()
    if manifest.kind in ("conda", "pixi") and unit in known.conda:
        return known.conda[unit]
    return suggestion(unit) or unit.replace("_", "-")
