"""Run from top to bottom in a fresh kernel, a name is used before anything defines it."""

from __future__ import annotations

from collections.abc import Iterable

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    Related,
    Rule,
    RuleMeta,
    Severity,
)
from repro_lint_rules.notebooks.evaluation import Use
from repro_lint_rules.notebooks.fresh_run import FreshRun
from repro_lint_rules.notebooks.origins import explain
from repro_lint_rules.notebooks.triggers import CELLS

_MOST_RELATED = 10


class UndefinedName(Rule):
    """Runs the cells from top to bottom against the names that a fresh kernel would know."""

    meta = RuleMeta(
        code="NBK001",
        name="undefined-name",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Run from top to bottom in a fresh kernel, a name is used before anything defines it.",
        why="The notebook worked only in the kernel of its author: everybody else gets a NameError at this cell.",
        help="define the name in a cell above, then restart the kernel and run all cells",
        predicts="stop",
    )
    triggers = CELLS

    def check(self, run: FreshRun) -> Outcome:
        """One finding for each name, at the use that fails first; the other uses are related."""
        for uses in _by_name(run.undefined):
            yield _finding(run, uses)
        if run.unknown is not None and not run.undefined:
            yield NotApplicable(_reason(run))


def _by_name(uses: Iterable[Use]) -> list[list[Use]]:
    """The uses of each name, what certainly runs first."""
    names: dict[str, list[Use]] = {}
    for use in uses:
        names.setdefault(use.name, []).append(use)
    return [sorted(found, key=lambda use: not use.certain) for found in names.values()]


def _finding(run: FreshRun, uses: list[Use]) -> Finding:
    first, source = uses[0], run.source
    origin = explain(run, first)
    place = source.place(first.node)
    message = f"`{first.name}` {origin.message}"
    related = [Related(source.place(node), label) for node, label in origin.related]
    if first.site is not None:
        message = f"`{first.name}`, which this call runs into, {origin.message}"
        related.insert(0, Related(place, f"uses `{first.name}`"))
        place = source.place(first.site)
    known = {place, *(other.place for other in related)}
    others = dict.fromkeys(source.place(use.node) for use in uses[1 : _MOST_RELATED + 1])
    related += [Related(other, "also uses it") for other in others if other not in known]
    sure = first.certain and not origin.given
    return Finding(
        place,
        message if first.certain else f"{message}, if this runs",
        help=origin.help,
        related=tuple(related),
        severity=None if sure else Severity.NOTE,
        confidence=None if sure else Confidence.MEDIUM,
        subject=first.name,
    )


def _reason(run: FreshRun) -> str:
    cause = run.unknown
    if isinstance(cause, str):
        return f"`{cause}` may define any name"
    line = run.source.span(cause).line if cause is not None else 0
    return f"a call in line {line} may define any name"
