"""A cell runs more lines of code than can be read and run as one step."""

from __future__ import annotations

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    Outcome,
    PythonSource,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
    Span,
)
from repro_lint_rules.notebooks.code_lines import DEFINITIONS, code_lines, definitions_in, lines_of, literals_in


class LongCell(Rule):
    """Counts the lines of each cell that run as one step."""

    class Options(RuleOptions):
        """From where on a cell is long."""

        max_lines: int = Field(30, ge=1, description="Lines of code that a cell may run")

    meta = RuleMeta(
        code="NBK010",
        name="long-cell",
        family="notebooks",
        level=Level.PRODUCTION,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A cell runs more lines of code than can be read and run as one step.",
        why="It only runs as a whole: what happens between its first and its last line can be neither seen nor tested.",
        help="split it into one cell for each step, or put the steps into functions",
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each long cell, at its first line of code."""
        if source.notebook is None:
            return
        for cell in source.cells:
            if cell.error is not None or cell.source.count("\n") < self.options.max_lines:
                continue
            definitions = list(definitions_in(cell.body))
            steps = [statement for statement in cell.body if not isinstance(statement, DEFINITIONS)]
            run = code_lines(cell) - lines_of(cell, definitions) - lines_of(cell, literals_in(steps), skip=1)
            if len(run) <= self.options.max_lines:
                continue
            count = sum(not run.isdisjoint(lines_of(cell, [step])) for step in steps)
            among = f"{count} statements" if count > 1 else "one statement"
            first = min(run)
            line = cell.source.split("\n")[first - 1].rstrip()
            span = Span(first, len(line) - len(line.lstrip()) + 1, first, len(line) + 1)
            yield Finding(source.place_in(cell, span), f"the cell runs {len(run)} lines of code ({among}) as one step")
