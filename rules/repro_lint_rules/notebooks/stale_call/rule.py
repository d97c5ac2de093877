"""A call of a function of the notebook that its definition, as it stands, cannot accept."""

from __future__ import annotations

import ast

from repro_lint.api import Confidence, Finding, Level, Outcome, Related, Rule, RuleMeta, Severity, code_of
from repro_lint_rules.notebooks.calls import MisfitCall
from repro_lint_rules.notebooks.fresh_run import FreshRun
from repro_lint_rules.notebooks.triggers import CELLS


class StaleCall(Rule):
    """Binds each call of a function of the notebook to the signature that the function has by then."""

    meta = RuleMeta(
        code="NBK019",
        name="stale-call",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A call of a function of the notebook that its definition, as it stands, cannot accept.",
        why="The definition was changed and the cells that call it were not run again: run from the top, they fail.",
        help="bring the call and the definition into line, then restart the kernel and run all cells",
        predicts="stop",
    )
    triggers = CELLS

    def check(self, run: FreshRun) -> Outcome:
        """One finding for each call that cannot be made, at the cell that would fail."""
        seen: set[ast.AST] = set()
        for misfit in run.misfits:
            if misfit.node not in seen:
                seen.add(misfit.node)
                yield _finding(run, misfit)


def _finding(run: FreshRun, misfit: MisfitCall) -> Finding:
    source = run.source
    name = code_of(misfit.node.func)
    related = [Related(source.place(misfit.function), "the definition that it calls")]
    message = f"this call of `{name}` fails: {misfit.reason}"
    place = source.place(misfit.node)
    if misfit.site is not None:
        related.insert(0, Related(place, "the call that fails"))
        place = source.place(misfit.site)
        message = f"this runs a call of `{name}` that fails: {misfit.reason}"
    return Finding(
        place,
        message,
        related=tuple(related),
        severity=None if misfit.certain else Severity.NOTE,
        subject=f"{name}: {misfit.reason}",
    )
