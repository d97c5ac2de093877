"""Cells of Python programs, and how scripts in the forms of jupytext, Databricks and marimo fall into them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Literal

from repro_lint.finding import CellRef
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.magics import Magic, Shift
from repro_lint.sources.syntax import SyntaxProblem

Form = Literal["script", "notebook", "percent", "databricks", "marimo"]

# A commented cell magic (``# %%time``) has no blank after the signs; a marker has, or nothing.
_PERCENT = lazy_pattern(r"#[ \t]*%%+(?:[ \t]+(?P<title>.*))?$")
_CELL_TYPE = lazy_pattern(r"\[(markdown|md|raw)\]")
_TAGS = lazy_pattern(r"""(?:\btags=|"tags":\s*)(\[[^\]]*\])""")
_DATABRICKS_HEADER = "# Databricks notebook source"
_DATABRICKS_SEPARATOR = lazy_pattern(r"# COMMAND -{5,}\s*$")
_DATABRICKS_TEXT = lazy_pattern(r"# MAGIC %md")
_MARIMO = lazy_pattern(rb"^import marimo\b", re.MULTILINE)
_MARIMO_CELL = lazy_pattern(rb"^(?:@\w+\.(?:cell|function|class_definition)\b|\w+ = marimo\.App\()", re.MULTILINE)
_MARIMO_DECORATORS = ("cell", "function", "class_definition")


@dataclass(frozen=True, eq=False)
class CodeCell:
    """A stretch of Python that is run in one go: a notebook's code cell, a part of a script, or a whole script.

    ``source`` is the text as stored and ``code`` the same without IPython's syntax, line for line. ``first_line``
    is the number of its first line among ``PythonSource.lines``, which for a ``.py`` file is that in the file.
    ``code_index`` and ``execution_count`` are a notebook's. ``body`` holds the statements, none where there is an
    ``error`` or the cell is ``opaque``, that is in another language.
    """

    index: int
    source: str
    code: str
    first_line: int
    id: str | None = None
    code_index: int | None = None
    execution_count: int | None = None
    tags: tuple[str, ...] = ()
    magics: tuple[Magic, ...] = ()
    opaque: bool = False
    error: SyntaxProblem | None = None
    body: list[ast.stmt] = field(default_factory=list, repr=False)
    shifts: dict[int, Shift] = field(default_factory=dict, repr=False)

    @property
    def ref(self) -> CellRef:
        """What a place in a notebook calls the cell."""
        return CellRef(self.index, self.id, self.code_index)


@dataclass(frozen=True)
class ScriptCell:
    """A cell of a ``.py`` file: lines ``start`` up to, not including, ``end`` (1-based); ``index`` counts all cells."""

    index: int
    start: int
    end: int
    code: bool
    tags: tuple[str, ...] = ()


def find_form(data: bytes, lines: Sequence[str]) -> Form:
    """The form of a ``.py`` file, told by its markers; no markers, or code before all signs of one, is a script."""
    if lines and lines[0].rstrip() == _DATABRICKS_HEADER:
        return "databricks"
    if b"marimo" in data and _MARIMO.search(data) and _MARIMO_CELL.search(data):
        return "marimo"
    if b"%%" in data and any(_PERCENT.match(line) for line in lines):
        return "percent"
    return "script"


def split_script(form: Form, lines: Sequence[str]) -> tuple[ScriptCell, ...]:
    """The cells of a percent or Databricks script; at least one of them is code."""
    cells = tuple(_split_percent(lines) if form == "percent" else _split_databricks(lines))
    return cells if any(cell.code for cell in cells) else (ScriptCell(1, 1, len(lines) + 1, True),)


def _split_percent(lines: Sequence[str]) -> Iterator[ScriptCell]:
    markers = [
        (number, match["title"] or "") for number, line in enumerate(lines, 1) if (match := _PERCENT.match(line))
    ]
    index = 0
    if any(line.strip() and not line.startswith("#") for line in lines[: markers[0][0] - 1]):
        index += 1
        yield ScriptCell(index, 1, markers[0][0], True)
    ends = [*(number for number, _ in markers[1:]), len(lines) + 1]
    for (start, title), end in zip(markers, ends, strict=True):
        index += 1
        yield ScriptCell(index, start, end, not _CELL_TYPE.search(title), _tags(title))


def _split_databricks(lines: Sequence[str]) -> Iterator[ScriptCell]:
    starts = [1, *(n + 1 for n, line in enumerate(lines, 1) if _DATABRICKS_SEPARATOR.match(line)), len(lines) + 2]
    for index, (start, following) in enumerate(pairwise(starts), 1):
        text = lines[start - 1 : following - 2]
        content = next((x for x in text if x.strip() and not x.startswith(("# DBTITLE", _DATABRICKS_HEADER))), "")
        yield ScriptCell(index, start, following - 1, not _DATABRICKS_TEXT.match(content))


def _tags(title: str) -> tuple[str, ...]:
    match = _TAGS.search(title)
    if match is None:
        return ()
    try:
        tags = json.loads(match[1].replace("'", '"'))
    except ValueError:
        return ()
    return tuple(tag for tag in tags if isinstance(tag, str))


@dataclass(frozen=True)
class MarimoCell:
    """A cell of a marimo app: the nodes that it is, the statements in it, and the names it gives and takes."""

    node: ast.stmt
    body: list[ast.stmt]
    name: str | None = None
    defines: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    unparsable: str | None = None


def read_marimo(tree: list[ast.stmt]) -> tuple[list[MarimoCell], list[ast.stmt]]:
    """The cells of a marimo app in the order of the file, and all statements in the order in which they would run.

    A cell's statements follow those of the cells that define the names it takes; else the order of the file
    is kept, also inside of a cycle. The statements of the file that are in no cell stay: before the cells those
    that come before the last cell, and after them the rest.
    """
    cells: list[MarimoCell] = []
    before: list[ast.stmt] = []
    after: list[ast.stmt] = []
    for statement in tree:
        cell = _marimo_cell(statement)
        if cell is not None:
            cells.append(cell)
            before += after
            after = []
        else:
            after.append(statement)
    if not cells:
        before, after = after, []
    body = [*before, *(statement for cell in _sorted(cells) for statement in cell.body), *after]
    return cells, body


def _marimo_cell(node: ast.stmt) -> MarimoCell | None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        kinds = [_attribute(decorator) for decorator in node.decorator_list]
        kind = next((k for k in kinds if k in _MARIMO_DECORATORS), None)
        if kind is None:
            return None
        if kind == "cell" and not isinstance(node, ast.ClassDef):
            return _function_cell(node)
        return MarimoCell(node, [node], node.name, frozenset((node.name,)))
    if isinstance(node, ast.With) and any(_attribute(item.context_expr) == "setup" for item in node.items):
        return MarimoCell(node, node.body, "setup")
    call = node.value if isinstance(node, ast.Expr) else None
    if isinstance(call, ast.Call) and _attribute(call.func) == "_unparsable_cell":
        text = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        return MarimoCell(node, [], unparsable=text if isinstance(text, str) else "")
    return None


def _function_cell(node: ast.FunctionDef | ast.AsyncFunctionDef) -> MarimoCell:
    body, defines = node.body, set[str]()
    if body and isinstance(last := body[-1], ast.Return):
        body = body[:-1]
        values = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
        defines = {value.id for value in values if isinstance(value, ast.Name)}
    arguments = node.args
    uses = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    name = None if node.name.strip("_") == "" else node.name
    return MarimoCell(node, body, name, frozenset(defines), frozenset(uses))


def _attribute(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else None


def _sorted(cells: list[MarimoCell]) -> Iterator[MarimoCell]:
    definer = {name: number for number, cell in reversed(list(enumerate(cells))) for name in cell.defines}
    waiting = {
        number: {definer[name] for name in cell.uses if name in definer} - {number} for number, cell in enumerate(cells)
    }
    while waiting:
        ready = next((n for n, needs in waiting.items() if not needs & waiting.keys()), next(iter(waiting)))
        del waiting[ready]
        yield cells[ready]
