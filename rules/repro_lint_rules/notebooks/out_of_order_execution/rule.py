"""The stored results come from running the cells in another order than that of the notebook."""

from __future__ import annotations

from itertools import pairwise

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Notebook,
    NotebookCell,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.notebooks.stored_run import StoredRun, count_of

_MOST_RELATED = 10


class OutOfOrderExecution(Rule):
    """Reports notebooks whose execution counts fall or repeat from one cell to the next."""

    meta = RuleMeta(
        code="NBK002",
        name="out-of-order-execution",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The stored results come from running the cells in another order than that of the notebook.",
        why="Run from the top, the notebook may fail or give other results than the ones that it shows.",
        help="restart the kernel, run all cells and save the notebook",
    )

    def check(self, notebook: Notebook) -> Outcome:
        """One finding for a notebook, at the first cell that ran before the one above it, with the others."""
        counted = StoredRun(notebook).counted
        counts = [count_of(cell) or 0 for cell in counted]
        if len(counted) > 2 and len(set(counts)) == 1:
            yield NotApplicable("all cells have the same count: what wrote the notebook does not count")
            return
        breaks = [(above, cell) for above, cell in pairwise(counted) if (count_of(above) or 0) >= (count_of(cell) or 0)]
        if not breaks:
            return
        (above, cell), *others = breaks
        related = [Related(notebook.place(above), f"ran as [{count_of(above)}]")]
        related += [Related(notebook.place(low), _described(high, low)) for high, low in others[:_MOST_RELATED]]
        yield Finding(
            notebook.place(cell),
            _message(above, cell, len(breaks), repeated=len(set(counts)) < len(counts)),
            related=tuple(related),
            subject="order of execution",
        )


def _message(above: NotebookCell, cell: NotebookCell, breaks: int, *, repeated: bool) -> str:
    message = _described(above, cell)
    if breaks > 1:
        message += f"; the order breaks at {breaks} cells"
    if repeated:
        message += "; counts repeat, so the kernel was restarted in between or cells were copied"
    return message


def _described(above: NotebookCell, cell: NotebookCell) -> str:
    low, high = count_of(cell), count_of(above)
    if low == high:
        return f"cell {cell.index} has the count [{low}] of cell {above.index} above it"
    return f"cell {cell.index} ran as [{low}], before cell {above.index} above it, which ran as [{high}]"
