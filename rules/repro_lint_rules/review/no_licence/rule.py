"""Nothing says under which terms others may use the code."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Documentation,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.review.code_files import code_files

_WITHOUT_README = 5  # files with code that make a project of a tree that nobody has described


class NoLicence(Rule):
    """A file, a field of a manifest or a sentence of the README is enough."""

    meta = RuleMeta(
        code="REV002",
        name="no-licence",
        family="review",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Nothing says under which terms others may use the code.",
        why="Without a licence nobody else has the right to run, change or share it, however public it is.",
        help="add a LICENSE file; choosealicense.com helps to choose one",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for the repository."""
        # Imported here: its many patterns cost more to compile than most runs take to get this far.
        from repro_lint_rules.review.licences import Licences

        code = len(code_files(project))
        if code < (1 if project.fact(Documentation).readme else _WITHOUT_README):
            yield NotApplicable("there is too little code to speak of")
            return
        if not project.fact(Licences).paths:
            message = (
                "there is no licence: neither a file, nor a field of a manifest, nor a sentence of the README names one"
            )
            yield Finding(project.place(), message, subject="no licence")
