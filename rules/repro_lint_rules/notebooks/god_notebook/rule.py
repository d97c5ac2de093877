"""One notebook loads, cleans, models and plots, in many lines that no function holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    NotApplicable,
    Outcome,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
)
from repro_lint_rules.notebooks.code_lines import code_lines, definitions_in, lines_of
from repro_lint_rules.notebooks.teaching import teaches
from repro_lint_rules.notebooks.work_kinds import work_in, work_kinds

_ONCE = "loading"
"""The kind of which one call is enough: everything else in a notebook may work on one table."""


class GodNotebook(Rule):
    """Counts the lines of a notebook, those in functions, and the calls of each kind of work."""

    class Options(RuleOptions):
        """From where on a notebook does too much."""

        min_lines: int = Field(100, ge=1, description="Fewer lines of code than this are never too much")
        min_kinds: int = Field(4, ge=2, le=4, description="Of loading, cleaning, modelling, plotting: how many")
        min_calls: int = Field(3, ge=1, description="Calls that make a kind of work count; loading counts from one on")
        max_function_share: float = Field(0.15, ge=0, le=1, description="Share of the lines that functions may hold")

    meta = RuleMeta(
        code="NBK009",
        name="god-notebook",
        family="notebooks",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="One notebook loads, cleans, models and plots, in many lines that no function holds.",
        why="No step can be tested, reused or run alone, and a change anywhere means to run everything again.",
        help="move loading and cleaning to functions in a module, and give the model and the figures a notebook each",
    )
    triggers = (b"import",)

    def check(self, source: PythonSource) -> Outcome:
        """One finding for the notebook, with the first call of each kind of work."""
        if source.notebook is None:
            return
        cells, lines, functions, held = _sizes(source)
        if lines < self.options.min_lines or held > self.options.max_function_share * lines:
            return
        work = {
            kind: calls
            for kind, calls in work_in(source).items()
            if len(calls) >= (1 if kind == _ONCE else self.options.min_calls)
        }
        if len(work) < self.options.min_kinds:
            return
        if teaches(source.notebook):
            yield NotApplicable("the notebook is teaching material, which is cut by subject")
            return
        verbs = [kind.verb for kind in work_kinds() if kind.name in work]
        size = f"{lines} lines of code in {cells} cell{'' if cells == 1 else 's'}"
        named = f"functions ({functions}) hold {held}" if functions else "no function holds any"
        yield Finding(
            source.file_place(),
            f"the notebook does everything at once: {size} {', '.join(verbs[:-1])} and {verbs[-1]}; {named} of them",
            related=tuple(_examples(source, work)),
            subject="the notebook",
        )


def _sizes(source: PythonSource) -> tuple[int, int, int, int]:
    """Cells with code, lines of code, functions and classes, and the lines of code in these."""
    cells = lines = functions = held = 0
    for cell in source.cells:
        code = code_lines(cell)
        definitions = list(definitions_in(cell.body))
        cells += bool(code)
        lines += len(code)
        functions += len(definitions)
        held += len(code & lines_of(cell, definitions))
    return cells, lines, functions, held


def _examples(source: PythonSource, work: Mapping[str, Sequence[ast.Call]]) -> Iterator[Related]:
    for kind in work_kinds():
        if calls := work.get(kind.name):
            cells = sorted({source.cell_of(call).index for call in calls})
            where = f"cell {cells[0]}" if len(cells) == 1 else f"cells {cells[0]} to {cells[-1]}"
            which = "the only call" if len(calls) == 1 else f"the first of {len(calls)} calls in {where}"
            yield Related(source.place(calls[0]), f"`{_name(calls[0].func)}` is {which} to {kind.verb}")


def _name(function: ast.expr) -> str:
    """What is called, without the expression that it is called on."""
    if isinstance(function, ast.Attribute):
        return f"{function.value.id}.{function.attr}" if isinstance(function.value, ast.Name) else f".{function.attr}"
    return getattr(function, "id", "it")
