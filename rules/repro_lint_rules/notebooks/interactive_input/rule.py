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
)
from repro_lint_rules.notebooks.straight_path import Reached, StraightPath

_PROMPTS = {
    "builtins.input": "input()",
    "six.moves.input": "input()",
    "getpass.getpass": "getpass()",
    "click.prompt": "click.prompt()",
    "click.confirm": "click.confirm()",
    "typer.prompt": "typer.prompt()",
    "typer.confirm": "typer.confirm()",
}
_DEBUGGERS = {
    "pdb.set_trace": "pdb.set_trace()",
    "ipdb.set_trace": "ipdb.set_trace()",
    "IPython.core.debugger.set_trace": "set_trace()",
    "IPython.embed": "embed()",
    "code.interact": "code.interact()",
}
"""Not ``breakpoint()`` and ``%debug``, which an unattended kernel passes over."""
_SKIPPED_TAGS = frozenset({"raises-exception", "skip-execution"})
_SKIPPING_MAGICS = frozenset({"skip", "skip_if"})
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
    )
    triggers = (b"input", b"getpass", b"set_trace", b"click", b"typer", b"interact", b"embed")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each statement of a cell at which the run waits."""
        if source.form not in ("notebook", "databricks"):
            return
        waiting = _Waiting(source)
        path = StraightPath(source, lambda call: waiting.name(call) is not None)
        for cell in source.cells:
            if "skip-execution" in cell.tags or any(magic.name in _SKIPPING_MAGICS for magic in cell.magics):
                continue
            found = list(path.reached(cell.body))
            if _SKIPPED_TAGS.isdisjoint(cell.tags):
                seen: set[ast.stmt] = set()
                for stop in found:
                    statement = source.semantics.statement_of(stop.origin)
                    if statement not in seen:
                        seen.add(statement)
                        yield _finding(source, stop, waiting.name(stop.call) or "")


def _finding(source: PythonSource, stop: Reached, waits: str) -> Finding:
    debugger = waits in _DEBUGGERS.values()
    what = "a debugger command" if debugger else "somebody to type"
    message = f"`{waits}` waits for {what}, and a run of the whole notebook stops here"
    related: tuple[Related, ...] = ()
    if stop.call is not stop.origin:
        message = (
            f"`{ast.unparse(stop.origin.func)}()` leads to `{waits}`, which waits for {what}, and a run stops here"
        )
        related = (Related(source.place(stop.call), f"`{waits}` waits here"),)
    advice = _DEBUG_ADVICE if debugger else _ADVICE.get(waits)
    return Finding(source.place(stop.origin), message, help=advice, related=related)


class _Waiting:
    """What waits for a user in one notebook."""

    def __init__(self, source: PythonSource) -> None:
        self._semantics = source.semantics
        notebook = source.notebook
        self._python2 = notebook is not None and (notebook.language_version or "").startswith("2")
        self._replaced = any(
            node.attr == "input" and isinstance(node.ctx, ast.Store) and "builtins" in ast.unparse(node.value)
            for node in source.semantics.nodes(ast.Attribute)
        )

    def name(self, call: ast.Call) -> str | None:
        """How to call what waits, or None for any other call."""
        called = call.func
        if isinstance(called, ast.Name) and called.id == "raw_input":
            return "raw_input()" if self._python2 and not self._semantics.bindings_of(called) else None
        name = self._semantics.resolve(called) or ""
        if self._replaced and name == "builtins.input":
            return None
        return _PROMPTS.get(name) or _DEBUGGERS.get(name)
