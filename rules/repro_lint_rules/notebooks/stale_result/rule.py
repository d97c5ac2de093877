"""A stored result was computed before a cell above it, which it depends on, was run again."""

from __future__ import annotations

from itertools import pairwise

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    Severity,
    dataclass,
)
from repro_lint_rules.notebooks.cell_names import CellReads, Definition, Read, Worth, cell_reads, is_assignments
from repro_lint_rules.notebooks.stored_run import StoredRun, count_of, shows_result


@dataclass(frozen=True)
class _Stale:
    """A cell that ran before a definition that it reads, itself or (``through``) by what a cell above computed."""

    read: Read
    through: Read | None = None


class StaleResult(Rule):
    """Compares the count of each cell with those of the cells that define what it reads."""

    meta = RuleMeta(
        code="NBK003",
        name="stale-result",
        family="notebooks",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="A stored result was computed before a cell above it, which it depends on, was run again.",
        why="The result may not be what the code above it gives: the notebook shows numbers of two versions at once.",
        help="run the cell again, or better: restart the kernel, run all cells and compare the results",
    )

    triggers = (b"cell_type",)  # of a notebook

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each such result, at the first name that the cell reads from the cell that ran again."""
        if source.notebook is None:
            return
        counted = StoredRun(source.notebook).counted
        counts = {cell.index: count for cell in counted if (count := count_of(cell)) is not None}
        if all(above < below for above, below in pairwise(counts.values())):
            return
        shown = {cell.index for cell in counted if shows_result(cell)}
        swept = {cell.index for above, cell in pairwise(counted) if counts[cell.index] == counts[above.index] + 1}
        unseen: dict[int, _Stale] = {}
        for cell in cell_reads(source):
            index = cell.cell.index
            stale = _stale(cell, counts, unseen)
            if stale is not None and index in shown:
                yield _finding(source, index, stale, counts, swept)
            elif stale is not None:
                unseen[index] = stale


def _stale(cell: CellReads, counts: dict[int, int], unseen: dict[int, _Stale]) -> _Stale | None:
    """The weightiest reason for which the cell is stale; one that shows nothing hands it on to the cells below."""
    count = counts.get(cell.cell.index)
    if count is None:
        return None
    found: list[_Stale] = []
    for read in cell.reads:
        definer = read.definition.cell.index
        if read.definition.worth is Worth.IMPORT:
            continue
        if counts.get(definer, 0) > count:
            found.append(_Stale(read))
        elif definer in unseen and read.definition.worth is Worth.RESULT:
            found.append(_Stale(unseen[definer].read, through=read))
    return max(found, key=lambda stale: (stale.read.definition.worth, stale.through is None), default=None)


def _confidence(definition: Definition, swept: set[int]) -> Confidence:
    """Functions and literals are the same again unless they were edited.

    That is likely for a cell of parameters which was run again on its own, not after the cell above it.
    """
    if definition.worth is Worth.RESULT:
        return Confidence.MEDIUM
    edited = definition.worth is Worth.LITERAL and is_assignments(definition.cell)
    return Confidence.MEDIUM if edited and definition.cell.index not in swept else Confidence.LOW


def _finding(source: PythonSource, cell: int, stale: _Stale, counts: dict[int, int], swept: set[int]) -> Finding:
    definition = stale.read.definition
    definer = definition.cell.index
    again = f"before cell {definer}, which defines {definition.name}, ran again as [{counts[definer]}]"
    if stale.through is None:
        reader = f" ({stale.read.via} reads it)" if stale.read.via else ""
        message = f"the result stored in cell {cell} (run as [{counts[cell]}]) was computed {again}{reader}"
    else:
        middle = stale.through.definition.cell.index
        value = f"{stale.through.name} of cell {middle} (run as [{counts[middle]}])"
        message = f"the result stored in cell {cell} comes from {value}, which was computed {again}"
    definitions = (definition, stale.through.definition) if stale.through else (definition,)
    return Finding(
        source.place((stale.through or stale.read).node),
        message,
        confidence=_confidence(definition, swept),
        related=tuple(
            Related(source.place(d.node), f"defines {d.name}, run as [{counts[d.cell.index]}]") for d in definitions
        ),
        subject=f"{definition.name} of a later run",
    )
