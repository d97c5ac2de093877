"""Python programs in whatever file they are stored: scripts, notebooks, cell scripts and marimo apps."""

from __future__ import annotations

import ast
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.finding import CellRef, Place, Span
from repro_lint.sources.base import Subject
from repro_lint.sources.cells import CodeCell, Form
from repro_lint.sources.magics import Magic
from repro_lint.sources.notebook import Notebook, NotebookCell
from repro_lint.sources.program import Program, read_notebook, read_script, stored_column
from repro_lint.sources.syntax import SyntaxProblem
from repro_lint.sources.text import EXCERPT_LINES, Decoded, LineMap, decode_python

if TYPE_CHECKING:
    from typing_extensions import Self

    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile
    from repro_lint.sources.semantics import Semantics


class PythonSource(Subject):
    """A Python program, with a tree of all its cells and the way back from every node to the file as stored.

    Nodes carry line numbers of ``lines``, which are unique in the program; ``span`` and ``place`` turn them into
    what a reader sees. Nothing is parsed before it is asked for.
    """

    title = "Python source"

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name is that of a Python file or a notebook."""
        return path.endswith((".py", ".pyw", ".ipynb"))

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The program, or None for a notebook that is broken or in another language."""
        source = cls(file, project)
        notebook = source.notebook
        if notebook is not None and (not notebook.readable or notebook.language not in ("python", None)):
            return None
        return source

    @cached_property
    def notebook(self) -> Notebook | None:
        """The notebook that the program is stored in, or None for a ``.py`` file."""
        if not self.path.endswith(".ipynb"):
            return None
        return self.project.load(Notebook, self.path) or Notebook(self.file, self.project)

    @cached_property
    def decoded(self) -> Decoded:
        """The text of a ``.py`` file as Python decodes it, or the JSON of a notebook."""
        if self.notebook is not None:
            return Decoded(self.notebook.text, "utf-8")
        return decode_python(self.file.data)

    @cached_property
    def _program(self) -> Program:
        if self.notebook is not None:
            return read_notebook(self.notebook)
        return read_script(self.file.data, self.decoded)

    @property
    def form(self) -> Form:
        """How the program is stored."""
        return self._program.form

    @property
    def cells(self) -> tuple[CodeCell, ...]:
        """The code cells in the order of the file; one for a plain script."""
        return self._program.cells

    @cached_property
    def tree(self) -> ast.Module:
        """The statements of all cells that parse, in the order in which they would run from a fresh start."""
        return ast.Module(body=self._program.body, type_ignores=[])

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of the program as stored, which line numbers of nodes count: ``lines[node.lineno - 1]``."""
        return self._program.lines

    @cached_property
    def magics(self) -> tuple[tuple[CodeCell, Magic], ...]:
        """Every use of IPython's syntax with its cell, in order; ``place_in(cell, magic.span)`` is its place."""
        return tuple((cell, magic) for cell in self.cells for magic in cell.magics)

    @property
    def syntax_errors(self) -> tuple[SyntaxProblem, ...]:
        """What does not parse, in order; ``problem_place`` tells where it is."""
        return self._program.errors

    @cached_property
    def semantics(self) -> Semantics:
        """Names, calls, scopes and order of the program, computed when first asked for."""
        from repro_lint.sources.semantics import Semantics

        text = self.decoded.text
        return Semantics(self.tree, lambda word: word in text)

    # Places.

    def cell_of(self, node: ast.AST | int) -> CodeCell:
        """The cell of a node or of a line of ``lines``; the nearest code cell above for a line in none."""
        line = node if isinstance(node, int) else _extent(node)[0]
        return self.cells[max(bisect_right(self._firsts, line) - 1, 0)]

    @cached_property
    def _firsts(self) -> list[int]:
        return [cell.first_line for cell in self.cells]

    def span(self, node: ast.AST) -> Span:
        """The span of a node in its notebook cell, or in the ``.py`` file; columns count characters.

        A node without a position takes that of its first child that has one, or the start of the program.
        """
        line, column, end_line, end_column = _extent(node)
        first = self._first_shown(self.cell_of(line)) if self.cells else 1
        start, end = self._column(line, column), self._column(end_line, end_column)
        if end_line == line:
            end = max(start, end)
        return Span(line - first + 1, start, end_line - first + 1, end)

    def place(self, node: ast.AST, scope: str = "") -> Place:
        """The place of a node, with up to twelve lines of the text as stored."""
        if not self.cells:
            return self.file_place()
        return self._place(self.cell_of(node), self.span(node), scope)

    def place_in(self, cell: CodeCell, span: Span, scope: str = "") -> Place:
        """The place of a span that counts in the cell's ``source``."""
        shift = cell.first_line - self._first_shown(cell)
        return self._place(cell, _shifted(span, shift), scope)

    def line_place(self, line: int) -> Place:
        """The place of a line of the program, without its indentation. A script is not parsed for it."""
        lines = self.lines if self.notebook is not None else LineMap(self.decoded.text, python=True).lines
        text = lines[line - 1].rstrip()
        columns = len(text) - len(text.lstrip()) + 1, len(text) + 1
        if self.notebook is None:
            return Place(self.path, Span(line, columns[0], line, columns[1]), excerpt=(lines[line - 1],))
        cell = self.cell_of(line)
        number = line - cell.first_line + 1
        return self.place_in(cell, Span(number, columns[0], number, columns[1]))

    def problem_place(self, problem: SyntaxProblem) -> Place:
        """The place of what does not parse."""
        cell = self._cells_by_ref.get(problem.cell)
        if cell is not None:
            return self.place_in(cell, problem.span)
        # The lines of a script are known even where the first of its cells holds no code.
        return Place(self.path, problem.span) if self.notebook is None else self.file_place()

    def file_place(self) -> Place:
        """The place of the file as a whole."""
        return Place(self.path)

    def offset_span(self, node: ast.Constant, start: int, end: int) -> Span:
        """The span of ``node.value[start:end]`` in the literal, or that of the whole node where it cannot be told.

        It can for a literal without escapes and concatenation, and for text of at least four characters that occurs
        once in the source of the node.
        """
        whole = self.span(node)
        value = node.value
        if not isinstance(value, str) or not self.cells:
            return whole
        first = self._first_shown(self.cell_of(node)) - 1
        lines = self.lines[first + whole.line - 1 : first + whole.last_line]
        text = "\n".join(lines)
        before = whole.column - 1
        literal = text[before : len(text) - len(lines[-1]) + (whole.end_column or 1) - 1] if lines else ""
        opened = next((n for n, character in enumerate(literal) if character in "\"'"), 0)
        width = 3 if literal[opened : opened + 3] in ('"""', "'''") else 1
        wanted = value[start:end]
        if literal[opened + width : len(literal) - width] == value:
            at = before + opened + width + start
        elif len(wanted) >= 4 and literal.count(wanted) == 1:
            at = before + literal.index(wanted)
        else:
            return whole
        return _shifted(LineMap(text).span(at, at + len(wanted)), whole.line - 1)

    def _first_shown(self, cell: CodeCell) -> int:
        """The line of ``lines`` that is shown as line 1."""
        return cell.first_line if self.notebook is not None else 1

    def _place(self, cell: CodeCell, span: Span, scope: str) -> Place:
        if self.notebook is not None:
            stored = self._stored_cells[cell.index]
            return self.notebook.place(stored, span, scope)
        last = min(span.last_line, span.line + EXCERPT_LINES - 1)
        return Place(self.path, span, excerpt=self.lines[span.line - 1 : last], scope=scope)

    @cached_property
    def _cells_by_ref(self) -> dict[CellRef, CodeCell]:
        return {cell.ref: cell for cell in self.cells}

    @cached_property
    def _stored_cells(self) -> dict[int, NotebookCell]:
        return {cell.index: cell for cell in self.notebook.code_cells} if self.notebook is not None else {}

    def _column(self, line: int, byte: int) -> int:
        """The 1-based column in characters, in the text as stored, of a byte offset in a line of code."""
        lines = self._program.code_lines
        if not 1 <= line <= len(lines):
            return 1
        code = lines[line - 1]
        column = byte if code.isascii() else len(code.encode("utf-8", "replace")[:byte].decode("utf-8", "ignore"))
        cell = self.cell_of(line)
        if shift := cell.shifts.get(line - cell.first_line + 1):
            column = stored_column(shift, column)
        return min(max(column, 0), len(self.lines[line - 1])) + 1


def _extent(node: ast.AST) -> tuple[int, int, int, int]:
    """First line, first byte, last line and last byte of a node; an unplaced node has those of its content."""
    found: ast.AST | None = node if hasattr(node, "lineno") else None
    if found is None:
        found = next((child for child in ast.walk(node) if hasattr(child, "lineno")), None)
    line = getattr(found, "lineno", 1)
    column = getattr(found, "col_offset", 0)
    end_line = getattr(found, "end_lineno", None) or line
    end_column = getattr(found, "end_col_offset", None)
    return line, column, end_line, column if end_column is None else end_column


def _shifted(span: Span, lines: int) -> Span:
    end_line = None if span.end_line is None else span.end_line + lines
    return Span(span.line + lines, span.column, end_line, span.end_column)
