"""Code imports packages, and no file says which ones have to be installed."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Environment,
    Finding,
    Level,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.environment.declared import Declared
from repro_lint_rules.environment.imports import ForeignImportFacts, line_place
from repro_lint_rules.environment.missing import foreign_modules
from repro_lint_rules.environment.names import by_name, distributions_of, matching

_NAMED = 6
_SHOWN = 20


class NoManifest(Rule):
    """Speaks once for the project, and lists what has to be installed."""

    meta = RuleMeta(
        code="ENV001",
        name="no-manifest",
        family="environment",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Code imports packages, and no file says which ones have to be installed.",
        why="Whoever wants to run it finds the packages one ImportError at a time, and their versions never.",
        help="write a requirements.txt, environment.yml or pyproject.toml that lists the packages with their versions",
    )
    facts = (ForeignImportFacts,)

    def check(self, project: Project) -> Outcome:
        """One finding for the project, related to the first import of each package."""
        declared = project.fact(Declared)
        if declared.uncertain or declared.locked - declared.distributions:
            return
        scripts = {manifest.path for manifest in project.fact(Environment).scripts}
        known = by_name(declared.distributions | declared.installed_elsewhere)
        first: dict[str, tuple[str, int]] = {}
        files: set[str] = set()
        for path, _, module in foreign_modules(project):
            if path in scripts or declared.covering(path) or matching(module.modules, module.unit, known):
                continue
            first.setdefault(distributions_of(module.unit)[0], (path, module.line))
            files.add(path)
        if not first:
            return
        wanted = sorted(first)
        listed = ", ".join(wanted[:_NAMED]) + (f" and {len(wanted) - _NAMED} more" if len(wanted) > _NAMED else "")
        number = f"{len(files)} file{'s import' if len(files) > 1 else ' imports'}"
        lack = "no file declares the packages that have to be installed"
        if declared.manifests:
            lack = "the manifests of the project are for other directories, and do not declare all that is imported"
        yield Finding(
            project.place(),
            f"{lack}: {number} {listed}",
            related=tuple(
                Related(line_place(project, *first[name]), f"the first import of {name}") for name in wanted[:_SHOWN]
            ),
            subject="no manifest",
        )
