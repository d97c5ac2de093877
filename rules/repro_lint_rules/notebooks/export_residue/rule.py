"""The script is what nbconvert makes of a notebook, and nobody has made a script of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    Place,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    Severity,
    Span,
    lazy_pattern,
)

# Without the colon they may be cells that somebody marks by hand: Spyder and VS Code know them too.
_MARKER = lazy_pattern(r"# In ?\[(?: |\*|\d+)\]:\s*$")
_JUPYTEXT = lazy_pattern(r"#\s+jupytext:")
_HEADER = "# coding: utf-8"
_CALLS = {"run_line_magic", "run_cell_magic", "magic", "system", "getoutput", "getsinfo"}


class ExportResidue(Rule):
    """Counts the prompts that an export leaves as comments, and looks for calls that only IPython understands."""

    meta = RuleMeta(
        code="NBK017",
        name="export-residue",
        family="notebooks",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="The script is what nbconvert makes of a notebook, and nobody has made a script of it.",
        why="It goes stale beside its notebook, and where magics were exported, Python cannot run it.",
        help="make it a script (functions, no magics, no prompts), or keep only the notebook; jupytext pairs the two",
    )
    triggers = (b"# In", b"get_ipython")

    def check(self, source: PythonSource) -> Outcome:
        """One finding for the file, at its first prompt; a warning where Python cannot run it."""
        if source.form != "script" or any(_JUPYTEXT.match(line) for line in source.lines[:20]):
            return
        markers = list(_markers(source))
        calls = [source.place(call) for call in _ipython_calls(source.tree.body)]
        signs = bool(markers) + bool(calls) + (_HEADER in source.lines[:2])
        if len(markers) < 2 and signs < 2:
            return
        message = "the script is a notebook as nbconvert exported it"
        if markers:
            message += f", with {_count(len(markers), 'prompt')} such as `{markers[0].excerpt[0].strip()}`"
        if calls:
            message += (
                f"; {_count(len(calls), 'call')} of get_ipython() fail{'s' * (len(calls) == 1)} outside of IPython"
            )
        beside = source.path.removesuffix(".py") + ".ipynb"
        related = [Related(place, "only IPython has this") for place in calls[not markers :]]
        if beside in source.project.files:
            related.append(Related(source.project.place(beside), "the notebook it was exported from, by its name"))
        yield Finding(
            (markers or calls)[0],
            message,
            severity=Severity.WARNING if calls else None,
            related=tuple(related),
            subject="export",
        )


def _markers(source: PythonSource) -> Iterator[Place]:
    """The places of the prompts, without those in the middle of strings."""
    found = [number for number, line in enumerate(source.lines, 1) if _MARKER.match(line)]
    if not found:
        return
    quoted = [
        range(node.lineno, node.end_lineno or node.lineno)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant | ast.JoinedStr) and (node.end_lineno or 0) > node.lineno
    ]
    inside = {number + 1 for lines in quoted for number in lines}
    for number in found:
        if number not in inside:
            yield source.place_in(source.cells[0], Span(number, 1, number, len(source.lines[number - 1]) + 1))


def _ipython_calls(body: list[ast.stmt]) -> Iterator[ast.Call]:
    """The calls such as ``get_ipython().system("ls")`` that no condition and no handler stands before, in order."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If | ast.Try | ast.IfExp | ast.BoolOp):
            continue
        if isinstance(node, ast.Call) and _is_ipython(node.func):
            yield node
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _is_ipython(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _CALLS
        and isinstance(function.value, ast.Call)
        and isinstance(function.value.func, ast.Name)
        and function.value.func.id == "get_ipython"
    )


def _count(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else f"{number} {noun}s"
