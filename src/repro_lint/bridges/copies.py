"""Copies of programs that other linters can read, and the way back from a place in one."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from repro_lint.finding import Place, Span
from repro_lint.lazy import lazy_pattern
from repro_lint.sources.cells import CodeCell
from repro_lint.sources.magic_names import PYTHON_CELL_MAGICS, STATEMENT_OPTIONS
from repro_lint.sources.program import stored_column
from repro_lint.sources.python import PythonSource
from repro_lint.sources.text import LineMap

_TRANSPARENT = PYTHON_CELL_MAGICS | frozenset(STATEMENT_OPTIONS)  # what they run stays in the code
_WORD = lazy_pattern(r"[^\W\d]\w*")


def faulty_cells(source: PythonSource) -> set[int]:
    """The indexes of the cells that are not Python. What a later Python than ours may read is not among them."""
    return {cell.index for cell in source.cells if cell.error is not None and not cell.error.newer}


def script_copy(source: PythonSource, without: Collection[int]) -> str:
    """The program as one script, line for line, without IPython's syntax; the cells of these indexes are blank."""
    lines = list(source.lines)
    for cell in source.cells:
        start = cell.first_line - 1
        code = _code(cell, without)
        lines[start : start + len(code)] = code
    return "\n".join(lines) + "\n"


def notebook_copy(source: PythonSource, without: Collection[int]) -> str:
    """The program as a notebook of format 4 with the same numbers of cells and lines; other cells are empty.

    Whatever is odd about the stored notebook (its format, its ends of lines, IPython's syntax) is gone.
    """
    cells: list[dict[str, Any]] = []
    for cell in source.cells:
        while len(cells) < cell.index - 1:
            cells.append({"cell_type": "markdown", "metadata": {}, "source": ""})
        code = "\n".join(_code(cell, without))
        cells.append({"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": code})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def stored_place(source: PythonSource, cell: CodeCell, span: Span) -> Place | None:
    """The place in the file of a span that counts in the code of the cell, or None for one that is not in it."""
    count = len(LineMap(cell.source, python=True))
    if not 1 <= span.line <= count:
        return None
    end_line, end_column = span.last_line, span.end_column
    if end_line > count:
        end_line, end_column = count, None
    column = _stored(cell, span.line, span.column)
    end = None if end_column is None else _stored(cell, end_line, end_column)
    if end is not None and end_line == span.line:
        end = max(end, column)
    return source.place_in(cell, Span(span.line, column, end_line, end))


def words(text: str) -> set[str]:
    """The names in the text, and whatever looks like one."""
    return set(_WORD.findall(text))


def hidden_words(source: PythonSource) -> set[str]:
    """The words in what the linters do not see: magics, and cells that are not Python."""
    texts = [f"{magic.argument}\n{magic.body}" for _, magic in source.magics if magic.name not in _TRANSPARENT]
    texts += [cell.source for cell in source.cells if cell.error is not None or cell.opaque]
    return words("\n".join(texts))


def _code(cell: CodeCell, without: Collection[int]) -> tuple[str, ...]:
    if cell.index in without:
        return ("",) * len(LineMap(cell.source, python=True))
    code = cell.source if cell.error is not None else cell.code
    return LineMap(code, python=True).lines


def _stored(cell: CodeCell, line: int, column: int) -> int:
    shift = cell.shifts.get(line)
    return stored_column(shift, column - 1) + 1 if shift else column
