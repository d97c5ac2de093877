"""From the cells of a file to one program: parsed, numbered and free of IPython's syntax."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from repro_lint.finding import CellRef, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.cells import CodeCell, Form, ScriptCell, find_form, read_marimo, split_script
from repro_lint.sources.magic_names import AUTOMAGICS
from repro_lint.sources.magics import Shift, Transformed, read_databricks_magics, transform, transform_unparsed
from repro_lint.sources.notebook import Notebook, NotebookCell
from repro_lint.sources.syntax import Failure, SyntaxProblem, parse
from repro_lint.sources.text import Decoded, LineMap

_WORD = lazy_pattern(r"\s*([a-z_]\w*)")
_TEXTS = frozenset({"markdown", "raw", "plaintext"})
_LANGUAGE_SIGN = lazy_pattern(r"\s*%\w")


@dataclass(frozen=True)
class Program:
    """What a file holds, in one line space: its own for a ``.py`` file, the code cells in a row for a notebook.

    ``code_lines`` are the lines as they were parsed, ``lines`` as stored.
    """

    form: Form
    cells: tuple[CodeCell, ...]
    body: list[ast.stmt]
    lines: tuple[str, ...]
    code_lines: Sequence[str]
    errors: tuple[SyntaxProblem, ...]


def read_notebook(notebook: Notebook) -> Program:
    """The program in the code cells of a notebook; one that does not parse leaves the others alone."""
    sources = {cell.index: cell.source for cell in notebook.code_cells}
    cells: list[CodeCell] = []
    lines: list[str] = []
    code_lines: list[str] = []
    for stored in notebook.code_cells:
        others = (source for index, source in sources.items() if index != stored.index)
        if _runs_elsewhere(stored, notebook):
            blank = "\n" * (len(stored.line_map) - 1)
            cell = _notebook_cell(stored, len(lines) + 1, Transformed(blank, opaque=True), [])
        else:
            cell = _parsed_cell(stored, len(lines) + 1, others)
        cells.append(cell)
        lines += stored.line_map.lines
        code_lines += stored.line_map.lines if cell.code == stored.source else cell.code.split("\n")
    body = [statement for cell in cells for statement in cell.body]
    errors = tuple(cell.error for cell in cells if cell.error)
    return Program("notebook", tuple(cells), body, tuple(lines), code_lines, errors)


def _runs_elsewhere(cell: NotebookCell, notebook: Notebook) -> bool:
    """Whether the cell is in a language that the kernel of the notebook does not get to see.

    Editors mark cells by what they hold, but to a Python kernel Jupyter sends them all.
    """
    if notebook.language == "python":
        return cell.language in _TEXTS
    return cell.language not in (None, "python", notebook.language)


def _parsed_cell(stored: NotebookCell, first_line: int, others: Iterable[str]) -> CodeCell:
    transformed, parsed = _parse_cell(stored.source, first_line)
    word = _WORD.match(stored.source)
    signless = word and word[1] in AUTOMAGICS and not any(_binding(word[1]).search(other) for other in others)
    if signless or (isinstance(parsed, Failure) and _LANGUAGE_SIGN.match(stored.source)):
        transformed, parsed = _parse_automagic(stored.source, first_line, transformed, parsed)
    return _notebook_cell(stored, first_line, transformed, parsed)


def _binding(name: str) -> re.Pattern[str]:
    """What binds a name, near enough to tell a variable from a magic without its sign."""
    return re.compile(rf"\b(?:import|as|def|class|for)\s+{name}\b|^\s*{name}\s*(?:,[^=\n]*)?=(?!=)", re.MULTILINE)


def _notebook_cell(
    stored: NotebookCell, first_line: int, transformed: Transformed, parsed: list[ast.stmt] | Failure
) -> CodeCell:
    return CodeCell(
        index=stored.index,
        source=stored.source,
        code=transformed.code,
        first_line=first_line,
        id=stored.id,
        code_index=stored.code_index,
        execution_count=stored.execution_count,
        tags=stored.tags,
        magics=transformed.magics,
        opaque=transformed.opaque,
        error=_problem(parsed, stored.ref, transformed) if isinstance(parsed, Failure) else None,
        body=[] if isinstance(parsed, Failure) else parsed,
        shifts=transformed.shifts,
    )


def _parse_cell(source: str, first_line: int) -> tuple[Transformed, list[ast.stmt] | Failure]:
    """The cell as Python: as it is, if it parses, else without IPython's syntax."""
    parsed = parse(source, first_line)
    if not isinstance(parsed, Failure):
        return Transformed(source), parsed
    transformed = transform_unparsed(source)
    return transformed, parse(transformed.code, first_line)


def _parse_automagic(
    source: str, first_line: int, transformed: Transformed, parsed: list[ast.stmt] | Failure
) -> tuple[Transformed, list[ast.stmt] | Failure]:
    """The cell with magics that lack their sign, where that makes sense of it."""
    failed = isinstance(parsed, Failure)
    other = transform_unparsed(source, automagic=True) if failed else transform(source, automagic=True)
    if other.code == transformed.code:
        return transformed, parsed
    again = parse(other.code, first_line)
    return (transformed, parsed) if isinstance(again, Failure) else (other, again)


def _problem(failure: Failure, cell: CellRef, transformed: Transformed) -> SyntaxProblem:
    """The failure with its columns in the source."""
    span = failure.span
    end_line = span.last_line
    column, end_column = (
        stored_column(shift, column - 1) + 1 if (shift := transformed.shifts.get(line)) else column
        for line, column in ((span.line, span.column), (end_line, span.end_column or span.column))
    )
    stored = Span(span.line, column, span.end_line, end_column if span.end_column else None)
    return SyntaxProblem(failure.message, cell, stored, failure.python2, failure.newer)


def read_script(data: bytes, decoded: Decoded) -> Program:
    """The program in a ``.py`` file: parsed as a whole, and cell by cell where that fails and there are cells."""
    lines = LineMap(decoded.text, python=True).lines
    form = find_form(data, lines)
    parsed = parse(decoded.text)
    errors: tuple[SyntaxProblem, ...] = ()
    if decoded.problem:
        errors = (SyntaxProblem(decoded.problem, CellRef(1), Span(decoded.line or 1), encoding=True),)
    if form == "marimo" and not isinstance(parsed, Failure):
        return _read_marimo(parsed, lines, errors)
    if form in ("percent", "databricks"):
        cells = [_script_cell(form, cell, lines, parsed) for cell in split_script(form, lines) if cell.code]
        if not isinstance(parsed, Failure):
            return Program(form, tuple(cells), parsed, lines, lines, errors)
        body = [statement for cell in cells for statement in cell.body]
        code_lines = list(lines)
        for cell in cells:
            code = cell.code.split("\n")
            code_lines[cell.first_line - 1 : cell.first_line - 1 + len(code)] = code
        errors += tuple(cell.error for cell in cells if cell.error)
        return Program(form, tuple(cells), body, lines, code_lines, errors)
    failed = isinstance(parsed, Failure)
    error = _problem(parsed, CellRef(1), Transformed("")) if isinstance(parsed, Failure) else None
    body = [] if isinstance(parsed, Failure) else parsed
    cell = CodeCell(1, decoded.text, decoded.text, 1, error=error, body=body)
    if failed and error is not None:
        errors += (error,)
    return Program(form, (cell,), body, lines, lines, errors)


def _script_cell(form: Form, cell: ScriptCell, lines: Sequence[str], parsed: list[ast.stmt] | Failure) -> CodeCell:
    source = "\n".join(lines[cell.start - 1 : cell.end - 1])
    error: SyntaxProblem | None = None
    if isinstance(parsed, Failure):
        transformed, result = _parse_cell(source, cell.start)
        if isinstance(result, Failure):
            error = _problem(result, CellRef(cell.index), transformed)
        body = [] if isinstance(result, Failure) else result
    else:
        transformed = Transformed(source)
        first = bisect_right(parsed, cell.start - 1, key=_top_line)
        body = parsed[first : bisect_right(parsed, cell.end - 1, key=_top_line)]
    marked = read_databricks_magics(source) if form == "databricks" else ()
    return CodeCell(
        index=cell.index,
        source=source,
        code=transformed.code,
        first_line=cell.start,
        tags=cell.tags,
        magics=transformed.magics + marked,
        opaque=transformed.opaque,
        error=error,
        body=body,
        shifts=transformed.shifts,
    )


def _top_line(statement: ast.stmt) -> int:
    """The first line of a statement, its decorators included."""
    decorators = getattr(statement, "decorator_list", ())
    return min((decorator.lineno for decorator in decorators), default=statement.lineno)


def _read_marimo(parsed: list[ast.stmt], lines: tuple[str, ...], errors: tuple[SyntaxProblem, ...]) -> Program:
    found, body = read_marimo(parsed)
    cells: list[CodeCell] = []
    for index, cell in enumerate(found, 1):
        start = _top_line(cell.node)
        end = cell.node.end_lineno or start
        source = "\n".join(lines[start - 1 : end])
        error: SyntaxProblem | None = None
        if cell.unparsable is not None:
            from textwrap import dedent

            failure = parse(dedent(cell.unparsable))
            if not isinstance(failure, Failure):
                failure = Failure("marimo could not parse the cell", Span(1))
            error = SyntaxProblem(failure.message, CellRef(index), Span(1, 1, end - start + 1), failure.python2)
            errors += (error,)
        cells.append(CodeCell(index, source, source, start, id=cell.name, error=error, body=cell.body))
    if not cells:
        cells = [CodeCell(1, "\n".join(lines), "\n".join(lines), 1, body=body)]
    return Program("marimo", tuple(cells), body, lines, lines, errors)


def stored_column(shift: Shift, column: int) -> int:
    """The column in the source (0-based, as both are) of a column in the code."""
    index = max(bisect_right(shift, (column, 1 << 30)) - 1, 0)
    code, stored = shift[index]
    moved = stored + column - code
    return min(moved, shift[index + 1][1]) if index + 1 < len(shift) else moved
