"""Some code cells were never run, though cells below them were."""

from __future__ import annotations

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
    lazy_pattern,
)
from repro_lint_rules.notebooks.stored_run import StoredRun, count_of, holds_code

_MOST_RELATED = 10
_INSTALL = lazy_pattern(r"[!%]*(?:python3? -m )?(?:uv pip|pip3?|conda|mamba) install\b")


class PartlyExecuted(Rule):
    """Reports notebooks with code cells that keep no run among cells that do."""

    meta = RuleMeta(
        code="NBK005",
        name="partly-executed",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Some code cells were never run, though cells below them were.",
        why="The stored results came about without these cells: nobody knows whether they work, or what they change.",
        help="run the notebook from the top, and remove the cells that it does not need",
    )

    def check(self, notebook: Notebook) -> Outcome:
        """One finding for a notebook, at the first such cell, with the others."""
        run = StoredRun(notebook)
        if not run.counted:
            return
        left_out = [
            cell
            for cell in notebook.code_cells
            if count_of(cell) is None
            and cell.index < run.counted[-1].index
            and holds_code(cell, notebook.language)
            and not _only_installs(cell)
            and "skip" not in run.directives(cell)
        ]
        if not left_out:
            return
        if not run.counts_are_kept:
            yield NotApplicable("some cells keep results without a count, so it is not known which cells ran")
            return
        first, *others = left_out
        yield Finding(
            notebook.place(first),
            _message(left_out, len(run.counted)),
            related=tuple(Related(notebook.place(cell), "was not run either") for cell in others[:_MOST_RELATED]),
            subject="cells without a run",
        )


def _only_installs(cell: NotebookCell) -> bool:
    """Whether all that the cell does is to install packages, which nobody runs again where they are there already."""
    lines = (line.strip() for line in cell.source.splitlines())
    return all(_INSTALL.match(line) for line in lines if line and not line.startswith("#"))


def _message(left_out: list[NotebookCell], executed: int) -> str:
    others = f"{executed} other cells keep" if executed > 1 else "one other cell keeps"
    if len(left_out) == 1:
        return f"the cell keeps no run, though cells below it do: it was never run, or cleared ({others} theirs)"
    return f"{len(left_out)} code cells keep no run, though cells below do: never run, or cleared ({others} theirs)"
