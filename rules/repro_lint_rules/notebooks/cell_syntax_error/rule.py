"""A code cell is not valid Python."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    NotApplicable,
    Notebook,
    Outcome,
    PythonSource,
    Related,
    Rule,
    RuleMeta,
    Severity,
    is_template,
    lazy_pattern,
)
from repro_lint_rules.notebooks.kernels import python2_version
from repro_lint_rules.notebooks.unparsable_cells import (
    Content,
    UnparsableCell,
    content_of,
    unparsable_cells,
)

_KEPT_BROKEN = {"fixtures", "fixture", "testdata", "test_data", "test-data", "snapshots", "__snapshots__"}
_PREPARSED = lazy_pattern(r"sage|xonsh|coconut|hy\b|calysto")  # their language looks like Python, and is not


class CellSyntaxError(Rule):
    """Reports the cells of notebooks that do not parse; what many of them hold is one finding."""

    meta = RuleMeta(
        code="NBK007",
        name="cell-syntax-error",
        family="notebooks",
        level=Level.RUNNABLE,
        severity=Severity.ERROR,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A code cell is not valid Python.",
        why="The notebook stops at this cell whenever it is run from top to bottom.",
        help="mend the cell, make it a Markdown cell, or remove it",
        predicts="stop",
    )

    triggers = (b"cell_type",)  # of a notebook

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each cell, or one for all cells that hold the same thing that is not Python 3."""
        notebook = source.notebook
        if notebook is None or not source.syntax_errors:
            return
        if reason := _reason_to_abstain(source, notebook):
            yield NotApplicable(reason)
            return
        shared: dict[Content | None, list[UnparsableCell]] = {}
        newer = False
        for broken in unparsable_cells(source):
            if content := content_of(broken):
                shared.setdefault(content, []).append(broken)
            elif broken.python2 and python2_version(notebook):
                shared.setdefault(None, []).append(broken)
            elif broken.newer:
                newer = True
            else:
                yield _alone(broken)
        for shared_content, cells in shared.items():
            yield (
                _together(cells, shared_content) if shared_content else _old_notebook(cells, python2_version(notebook))
            )
        if newer:
            yield NotApplicable("a cell may be for a later Python than the one that runs this check")


def _reason_to_abstain(source: PythonSource, notebook: Notebook) -> str | None:
    if _KEPT_BROKEN & set(source.path.split("/")[:-1]):
        return "the notebook is test data, which may be broken on purpose"
    if is_template(source.path) or any(
        "{%" in cell.source or "{{ cookiecutter" in cell.source for cell in source.cells
    ):
        return "the notebook is a template"
    if notebook.kernel_name and _PREPARSED.match(notebook.kernel_name.lower()):
        return f"the kernel {notebook.kernel_name} reads another language than Python"
    if notebook.language is None and not any(isinstance(n, (ast.Import, ast.ImportFrom)) for n in source.tree.body):
        return "nothing says that the notebook is in Python"
    return None


def _alone(broken: UnparsableCell) -> Finding:
    if not broken.python2:
        return Finding(broken.place, f"Python cannot parse this: {broken.message}")
    statement = next((name for name in ("print", "exec") if f"call to '{name}'" in broken.message), None)
    reason = f"{statement} is a statement there" if statement else broken.message
    return Finding(broken.place, f"Python 2: {reason}", help="port the cell: 2to3 does most of it")


def _old_notebook(cells: Sequence[UnparsableCell], version: str) -> Finding:
    count = "one cell does" if len(cells) == 1 else f"{len(cells)} cells do"
    message = f"the notebook is Python 2 ({version}), which no supported kernel runs: {count} not parse"
    help_ = "port it: `jupyter nbconvert --to script` and 2to3 do most of the work"
    return Finding(cells[0].place, message, help=help_, related=_others(cells), subject="Python 2")


def _together(cells: Sequence[UnparsableCell], content: Content) -> Finding:
    message = content.one if len(cells) == 1 else f"{len(cells)} cells {content.many}"
    return Finding(cells[0].place, message, help=content.help, related=_others(cells))


def _others(cells: Sequence[UnparsableCell]) -> tuple[Related, ...]:
    return tuple(Related(broken.place, "does not parse either") for broken in cells[1:])
