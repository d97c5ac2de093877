"""A code cell keeps the error that it ended in."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Notebook,
    NotebookCell,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.notebooks.error_in_output.failure import Failure, failure_of
from repro_lint_rules.notebooks.stored_run import StoredRun, count_of, holds_code

_SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
_INTERRUPT_HELP = "let the cell run to its end and save the notebook, or make it small enough that it can"


class ErrorInOutput(Rule):
    """Reports code cells with a stored error output that nothing permits."""

    meta = RuleMeta(
        code="NBK004",
        name="error-in-output",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A code cell keeps the error that it ended in.",
        why="Whoever runs the notebook from the top stops here, and the cells below were run around the failure.",
        help="mend the cell and run the notebook again; if the error is meant, tag the cell raises-exception",
        predicts="stop",
    )
    triggers = (b"error", b"pyerr", b"KeyboardInterrupt")

    def check(self, notebook: Notebook) -> Outcome:
        """One finding for each such cell, at the line that failed where the traceback tells it."""
        run = StoredRun(notebook)
        for cell in notebook.code_cells:
            failure = failure_of(cell) if cell.outputs else None
            # What failed may have been taken out of the cell since: then nothing is left that can fail.
            if failure is None or run.directives(cell) or not holds_code(cell, notebook.language):
                continue
            place = notebook.place(cell, failure.span)
            if failure.interrupted:
                message = "the cell was interrupted when it was last run and never finished (KeyboardInterrupt)"
            else:
                message = f"the cell ended in an error when it was last run: {failure.text}"
            mended = failure.text.startswith(_SYNTAX_ERRORS) and _parses(notebook, cell)
            if mended:
                message += ", and was mended since without being run"
            yield Finding(
                place,
                message,
                severity=Severity.WARNING if mended else None,
                help=_INTERRUPT_HELP if failure.interrupted else None,
                subject=failure.text,
                outcome="may-stop" if failure.interrupted or _is_past(run, cell, failure) else None,
            )


def _is_past(run: StoredRun, cell: NotebookCell, failure: Failure) -> bool:
    """Whether code failed that a run from the top has not got: that of a cell below, or that has been run again."""
    above = {count_of(one) for one in run.notebook.code_cells if one.index <= cell.index}
    return not failure.counts <= above


def _parses(notebook: Notebook, cell: NotebookCell) -> bool:
    """Whether the cell is valid Python as it stands."""
    source = notebook.project.load(PythonSource, notebook.path)
    return source is not None and any(code.index == cell.index and code.error is None for code in source.cells)
