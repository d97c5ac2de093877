"""Jupyter notebooks, nbformat 3 and 4, read with all their faults."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from repro_lint.finding import CellRef, Place, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.base import Subject
from repro_lint.sources.positions import Positions
from repro_lint.sources.text import LineMap, decode

if TYPE_CHECKING:
    from typing_extensions import Self

    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile

ProblemKind = Literal[
    "invalid-json",
    "conflict-markers",
    "not-a-notebook",
    "invalid-structure",
    "duplicate-cell-id",
    "empty",
    "encoding",
]

_CONFLICT = lazy_pattern(r"^(?:<{7}|\|{7}|>{7})(?: |\r?$)", re.MULTILINE)
_HALF_SURROGATE = lazy_pattern(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)
_SURROGATES = lazy_pattern(
    r"(?<!\\)((?:\\\\)*)(?:(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_LANGUAGES = (
    (re.compile(r"(?:i|x)?python[\d.]*|py(?:spark|thon|\d).*|.*-py\d*|python[\d.]+[-_].*"), "python"),
    (re.compile(r"r|ir\d*|xr|r-.*|.*-r"), "r"),
    (re.compile(r"julia.*"), "julia"),
    (re.compile(r"sage(?:math)?.*"), "sage"),
    (re.compile(r"x?c\+\+.*|xcpp.*"), "c++"),
    (re.compile(r"c#|csharp|\.net-csharp"), "c#"),
    (re.compile(r"bash|shell|sh"), "bash"),
)


@dataclass(frozen=True)
class NotebookProblem:
    """What is wrong with the file itself. ``span`` is physical; ``cell`` is set where the fault is a cell's."""

    kind: ProblemKind
    message: str
    span: Span | None = None
    cell: CellRef | None = None


@dataclass(frozen=True, eq=False)
class NotebookCell:
    """A cell; what is absent or of the wrong type in the file is empty or None here.

    ``index`` counts all cells from 1 in the order of the file, ``code_index`` only code cells. ``outputs``
    are the raw objects of the file that have an ``output_type``.
    """

    index: int
    id: str | None
    type: str
    source: str
    execution_count: int | None
    outputs: tuple[dict[str, Any], ...]
    tags: tuple[str, ...]
    metadata: dict[str, Any]
    code_index: int | None
    language: str | None = None
    """The language of this one cell where it differs from the notebook's (nbformat 3, VS Code)."""

    @property
    def ref(self) -> CellRef:
        """What a place calls the cell."""
        return CellRef(self.index, self.id, self.code_index)

    @cached_property
    def line_map(self) -> LineMap:
        """The lines of the source as Python counts them."""
        return LineMap(self.source, python=True)


class Notebook(Subject):
    """A notebook file. Whatever the file holds, this can be made; its ``problems`` tell what is wrong."""

    title = "notebook"

    def __init__(self, file: SourceFile, project: Project) -> None:
        super().__init__(file, project)
        decoded = decode(file.data)
        self._problems: list[NotebookProblem] = []
        if decoded.problem:
            span = Span(decoded.line) if decoded.line else None
            self._problem("encoding", f"the notebook is not UTF-8: {decoded.problem}", span)
        elif decoded.encoding != "utf-8":
            self._problem("encoding", f"the notebook is {decoded.encoding.upper()}; Jupyter reads only UTF-8", Span(1))
        elif decoded.bom:
            self._problem("encoding", "the notebook begins with a byte order mark, which Jupyter refuses", Span(1))
        self.text = decoded.text
        """The stored JSON; escapes of lone surrogates, which no file can hold, stand as those of U+FFFD."""
        if ("\\ud" in self.text or "\\uD" in self.text) and _HALF_SURROGATE.search(self.text):
            self.text = _SURROGATES.sub(lambda match: match[1] + (match[2] or r"\ufffd"), self.text)
        self._positions = Positions(self.text)
        self._root = self._parse()
        self.readable = self._root is not None
        """Whether there is a notebook in the file: if not, it has no cells and nothing can be said of it."""
        root = self._root or {}
        metadata = root.get("metadata")
        self.metadata: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
        self.nbformat = _integer(root.get("nbformat"))
        self.nbformat_minor = _integer(root.get("nbformat_minor"))
        self.cells = self._cells(root) if self.readable else ()
        self._find_duplicate_ids()
        self.problems = tuple(self._problems)

    @classmethod
    def accepts(cls, path: str) -> bool:
        """Whether the name ends in ``.ipynb``."""
        return path.endswith(".ipynb")

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The notebook, also when it is broken."""
        return cls(file, project)

    # What the file says about the notebook.

    @property
    def kernel_name(self) -> str | None:
        """The name of the kernel's specification, such as ``python3``."""
        return _text(_mapping(self.metadata.get("kernelspec")).get("name"))

    @property
    def language_version(self) -> str | None:
        """The version of the language that the notebook was last saved with, such as ``3.11.4``."""
        return _text(_mapping(self.metadata.get("language_info")).get("version"))

    @cached_property
    def language(self) -> str | None:
        """The lower-case name of the kernel's language (``python``, ``r``, ...), or None where nothing tells it.

        The kernel's specification comes before what the kernel said of itself, and that before its name.
        Colab and VS Code may write neither; their notebooks are Python.
        """
        kernelspec = _mapping(self.metadata.get("kernelspec"))
        info = _mapping(self.metadata.get("language_info"))
        for stated in (kernelspec.get("language"), info.get("name"), self.metadata.get("language")):
            if name := _text(stated):
                return _language(name) or name.lower()
        if name := self.kernel_name:
            return _language(name)
        if any(key in self.metadata for key in ("colab", "vscode", "orig_nbformat", "accelerator")):
            return "python"
        languages = {cell.language for cell in self.code_cells}
        return languages.pop() if len(languages) == 1 else None

    @cached_property
    def code_cells(self) -> tuple[NotebookCell, ...]:
        """The code cells in order."""
        return tuple(cell for cell in self.cells if cell.code_index is not None)

    # Places.

    def place(self, cell: NotebookCell | None = None, span: Span | None = None, scope: str = "") -> Place:
        """The place of a span of a cell's source, of a cell, or of the file as a whole."""
        if cell is None:
            return Place(self.path, scope=scope)
        if span is None:
            return Place(self.path, None, cell.ref, self._positions.cell_span(cell.index), scope=scope)
        excerpt = cell.line_map.excerpt(span)
        return Place(self.path, span, cell.ref, self.physical(cell, span), excerpt, scope)

    def cell_place(self, cell: NotebookCell) -> Place:
        """The place of a cell as a whole."""
        return self.place(cell)

    def problem_place(self, problem: NotebookProblem) -> Place:
        """The place of a problem. Outside of cells, span and physical span are the same."""
        if problem.cell is not None:
            return Place(self.path, None, problem.cell, problem.span)
        excerpt = self._positions.lines.excerpt(problem.span) if problem.span else ()
        return Place(self.path, problem.span, None, problem.span, tuple(line[:200] for line in excerpt))

    def physical(self, cell: NotebookCell, span: Span) -> Span:
        """The span in the file as stored of a span in the cell's source."""
        lines = cell.line_map
        start = lines.offset(span.line, span.column)
        if span.end_line is None and span.end_column is None:
            return self._positions.source_span(cell.index, start, None)
        end_column = span.end_column if span.end_column is not None else len(lines.line(span.last_line)) + 1
        return self._positions.source_span(cell.index, start, lines.offset(span.last_line, end_column))

    # Reading.

    def _problem(self, kind: ProblemKind, message: str, span: Span | None = None, cell: CellRef | None = None) -> None:
        self._problems.append(NotebookProblem(kind, message, span, cell))

    def _parse(self) -> dict[str, Any] | None:
        if not self.text.strip("\0 \t\r\n"):
            self._problem("empty", "the file is empty" if not self.text else "the file holds nothing but blanks")
            return None
        try:
            root = _load(self.text)
        except json.JSONDecodeError as error:
            if marker := _CONFLICT.search(self.text):
                line = self._positions.lines.position(marker.start())[0]
                self._problem("conflict-markers", "the notebook holds the markers of an unresolved merge", Span(line))
            else:
                self._problem(
                    "invalid-json", f"the notebook is not valid JSON: {error.msg}", Span(error.lineno, error.colno)
                )
            return None
        except RecursionError:
            self._problem("invalid-json", "the JSON of the notebook is nested too deeply")
            return None
        if not isinstance(root, dict):
            self._problem("not-a-notebook", "the file is JSON but not a notebook: it holds no object")
            return None
        if not any(key in root for key in ("cells", "worksheets", "nbformat")):
            self._problem("not-a-notebook", "the file is JSON but not a notebook: it has no cells")
            return None
        return root

    def _cells(self, root: dict[str, Any]) -> tuple[NotebookCell, ...]:
        stored = self._stored_cells(root)
        cells: list[NotebookCell] = []
        code_index = 0
        for index, raw in enumerate(stored, 1):
            if not isinstance(raw, dict):
                self._cell_problem(CellRef(index), f"cell {index} is not an object")
                continue
            cell_type = _text(raw.get("cell_type"))
            code_index += cell_type == "code"
            cells.append(self._cell(raw, index, cell_type, code_index if cell_type == "code" else None))
        return tuple(cells)

    def _stored_cells(self, root: dict[str, Any]) -> list[Any]:
        if "cells" in root:
            if isinstance(root["cells"], list):
                return root["cells"]
            self._problem("invalid-structure", "the cells of the notebook are not a list")
            return []
        worksheets = root.get("worksheets")
        if not isinstance(worksheets, list):
            self._problem("invalid-structure", "the notebook has no list of cells")
            return []
        cells: list[Any] = []
        for worksheet in worksheets:
            if isinstance(worksheet, dict) and isinstance(worksheet.get("cells"), list):
                cells += worksheet["cells"]
            else:
                self._problem("invalid-structure", "a worksheet of the notebook has no list of cells")
        return cells

    def _cell(self, raw: dict[str, Any], index: int, cell_type: str | None, code_index: int | None) -> NotebookCell:
        cell_id = _text(raw.get("id"))
        ref = CellRef(index, cell_id, code_index)
        if cell_type is None:
            self._cell_problem(ref, f"cell {index} has no type")
        source_key, other = ("source", "input") if "cells" in (self._root or {}) else ("input", "source")
        source, sound = _source(raw.get(source_key, raw.get(other)))
        if not sound:
            self._cell_problem(ref, f"the source of cell {index} is neither a text nor a list of texts")
        metadata = _mapping(raw.get("metadata"))
        tags = metadata.get("tags")
        outputs = raw.get("outputs")
        language = _text(_mapping(metadata.get("vscode")).get("languageId")) or _text(raw.get("language"))
        return NotebookCell(
            index=index,
            id=cell_id,
            type=cell_type or "",
            source=source,
            execution_count=_integer(raw.get("execution_count", raw.get("prompt_number"))),
            outputs=tuple(
                output
                for output in (outputs if isinstance(outputs, list) else ())
                if isinstance(output, dict) and isinstance(output.get("output_type"), str)
            ),
            tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
            metadata=metadata,
            code_index=code_index,
            language=(_language(language) or language.lower()) if language else None,
        )

    def _cell_problem(self, ref: CellRef, message: str) -> None:
        self._problem("invalid-structure", message, self._positions.cell_span(ref.index), ref)

    def _find_duplicate_ids(self) -> None:
        first: dict[str, int] = {}
        for cell in self.cells:
            if cell.id is None:
                continue
            if cell.id in first:
                message = f"cell {cell.index} has the id of cell {first[cell.id]}: {cell.id}"
                self._problem("duplicate-cell-id", message, self._positions.id_span(cell.index), cell.ref)
            else:
                first[cell.id] = cell.index


def _load(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # an integer with more digits than Python converts
        return json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 400 else float("inf"))


def _language(name: str) -> str | None:
    name = name.strip().lower()
    return next((language for pattern, language in _LANGUAGES if pattern.fullmatch(name)), None)


def _source(value: Any) -> tuple[str, bool]:
    """The texts of a source, joined, and whether it consists of nothing else."""
    if isinstance(value, str):
        return value, True
    if isinstance(value, list):
        texts = [part for part in value if isinstance(part, str)]
        return "".join(texts), len(texts) == len(value)
    return "", False


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
