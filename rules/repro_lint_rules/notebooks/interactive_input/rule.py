"""A cell waits for somebody to type, and in a run of the whole notebook there is nobody."""

from __future__ import annotations

import ast

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
    code_of,
)
from repro_lint_rules.notebooks.calls import Stop
from repro_lint_rules.notebooks.fresh_run import FreshRun
from repro_lint_rules.notebooks.prompts import DEBUGGERS, TRIGGERS

_ADVICE = {
    "getpass()": 'read it from the environment, `os.environ["API_KEY"]`, and say in the README that it must be set',
    None: "set the value in a cell tagged `parameters`, where people and papermill can change it",
}
_DEBUG_ADVICE = "remove it before you commit the notebook"


class InteractiveInput(Rule):
    """Reports the calls at which a run from the first cell to the last certainly stops to wait for an answer."""

    meta = RuleMeta(
        code="NBK020",
        name="interactive-input",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A cell waits for somebody to type, and in a run of the whole notebook there is nobody.",
        why="papermill, nbconvert and CI stop at this cell with StdinNotImplementedError; what a person "
        "answers is recorded nowhere, so nobody can repeat the run.",
        help=_ADVICE[None],
        predicts="stop",
    )
    triggers = TRIGGERS

    def check(self, run: FreshRun) -> Outcome:
        """One finding for each statement of a cell at which the run waits."""
        source = run.source
        if source.form not in ("notebook", "databricks"):
            return
        seen: set[ast.stmt] = set()
        for stop in run.stops:
            statement = source.semantics.statement_of(stop.site)
            if statement not in seen:
                seen.add(statement)
                yield _finding(source, stop)


def _finding(source: PythonSource, stop: Stop) -> Finding:
    debugger = stop.text in DEBUGGERS.values()
    what = "a debugger command" if debugger else "somebody to type"
    message = f"`{stop.text}` waits for {what}, and a run of the whole notebook stops here"
    related: tuple[Related, ...] = ()
    if stop.call is not stop.site:
        leading = f"{code_of(stop.site.func)}()" if isinstance(stop.site, ast.Call) else code_of(stop.site)
        message = f"`{leading}` leads to `{stop.text}`, which waits for {what}, and a run stops here"
        related = (Related(source.place(stop.call), f"`{stop.text}` waits here"),)
    advice = _DEBUG_ADVICE if debugger else _ADVICE.get(stop.text)
    return Finding(source.place(stop.site), message, help=advice, related=related)
