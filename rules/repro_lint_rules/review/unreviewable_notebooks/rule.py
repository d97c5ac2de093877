"""Notebooks are committed with their outputs, and nothing makes their changes readable."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.review.code_files import is_copy
from repro_lint_rules.review.notebook_outputs import StoredOutputs, convention, is_paired

_SHOWN = 20


class UnreviewableNotebooks(Rule):
    """Speaks once for the repository; a convention for any of its notebooks is one for all."""

    meta = RuleMeta(
        code="REV004",
        name="unreviewable-notebooks",
        family="review",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Notebooks are committed with their outputs, and nothing makes their changes readable.",
        why="A diff shows images and counters that every run rewrites; the changed line of code is lost among them.",
        help="strip outputs on commit (nbstripout), pair notebooks with scripts (jupytext), or compare cells (nbdime)",
    )
    facts = (StoredOutputs,)

    def check(self, project: Project) -> Outcome:
        """One finding for the repository, at the notebook with the most outputs."""
        stored = project.file_facts(StoredOutputs)
        heavy = [path for path in stored if project.view.tracked(path) and not is_paired(project, path)]
        if not heavy:
            return
        if project.view.kind == "directory" and not is_copy(project):
            yield NotApplicable("nothing shows which files are shared")
            return
        if (path := convention(project)) is not None:
            yield NotApplicable("there is a convention for notebooks", path)
            return
        heavy.sort(key=lambda path: (-stored[path], path))
        number = "a notebook is" if len(heavy) == 1 else f"{len(heavy)} notebooks are"
        yield Finding(
            project.place(heavy[0]),
            f"{number} committed with more outputs than code and text, and no nbstripout, jupytext or nbdime is set up",
            related=tuple(Related(project.place(path), "so is this") for path in heavy[1 : _SHOWN + 1]),
            subject="notebook outputs",
        )
