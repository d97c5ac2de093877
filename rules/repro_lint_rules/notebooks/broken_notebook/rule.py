"""The file is not a notebook that Jupyter can open and save unchanged."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Notebook, Outcome, Rule, RuleMeta, Severity

_HELP = {
    "conflict-markers": "finish the merge: keep one side (nbdime merges notebooks cell by cell)",
    "duplicate-cell-id": "give each cell an id of its own: Jupyter does so when it saves the notebook",
    "empty": "remove the file, or save the notebook again",
    "encoding": "save the notebook as UTF-8",
}


class BrokenNotebook(Rule):
    """Reports what the notebook model found wrong with the file while reading it."""

    meta = RuleMeta(
        code="NBK006",
        name="broken-notebook",
        family="notebooks",
        level=Level.SAFE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The file is not a notebook that Jupyter can open and save unchanged.",
        why="Nobody can open it as it stands, or what they see is not what was committed.",
        help="open it in Jupyter and save it; if that fails, restore the last version that opened",
    )

    def check(self, notebook: Notebook) -> Outcome:
        """One finding for each problem, at the place where the file breaks."""
        for problem in notebook.problems:
            yield Finding(
                notebook.problem_place(problem),
                problem.message,
                help=_HELP.get(problem.kind),
                severity=Severity.WARNING if problem.kind == "duplicate-cell-id" else None,
                subject=f"{problem.kind}: {problem.message}",
                outcome=None if problem.kind == "duplicate-cell-id" else "stops",
            )
