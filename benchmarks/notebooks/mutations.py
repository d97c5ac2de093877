"""Changes to a notebook that take a definition away from its uses, and changes that do not.

A change is only proposed here. Whether the changed notebook then fails, where and why, is found by executing it, so
the analysis of names may be rough: a planted change that does no harm, or a neutral one that does, has its own truth.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PLANTED = ("delete-cell", "delete-statement", "move-cell", "rename-definition", "delete-import")
NEUTRAL = ("delete-unused-cell", "move-independent-cell", "rename-everywhere", "delete-redefined-cell")

_PYTHON_CELL_MAGIC = re.compile(r"%%(time|timeit|capture)\b")
_MAGIC_LINE = re.compile(r"^(?P<indent>\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)$")
_MAGIC_VALUE = re.compile(r"^(?P<target>\s*[\w, ]+=\s*)[%!].*$")
_WORD = re.compile(r"\b[A-Za-z_]\w*\b")
_Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Change:
    """A changed notebook's cells, and what was changed in words."""

    kind: str
    detail: str
    cells: list[dict[str, Any]] = field(repr=False)


@dataclass(frozen=True)
class _Cell:
    """A code cell. ``statements`` is empty when the cell is not Python that can be read; ``words`` holds all words."""

    index: int
    source: str
    statements: list[ast.stmt]
    binds: frozenset[str]
    loads: frozenset[str]
    words: frozenset[str]

    @property
    def is_opaque(self) -> bool:
        return not self.statements


def changes(cells: list[dict[str, Any]]) -> dict[str, list[Change]]:
    """All changes of each kind, in the order of the notebook."""
    code = [_read(index, _source(cell)) for index, cell in enumerate(cells) if cell["cell_type"] == "code"]
    found: dict[str, list[Change]] = {kind: [] for kind in (*PLANTED, *NEUTRAL)}
    for producer in (_without_cell, _without_statement, _moved, _renamed_once, _renamed_everywhere):
        for change in producer(cells, code):
            found[change.kind].append(change)
    return found


def _without_cell(cells: list[dict[str, Any]], code: list[_Cell]) -> Iterator[Change]:
    """Delete a cell: one that defines what is used below, one that nobody uses, one that is defined anew before use."""
    for position, cell in enumerate(code):
        if cell.is_opaque or "*" in cell.binds:
            continue
        later = code[position + 1 :]
        used = cell.binds & _union(other.loads for other in later)
        elsewhere = _union(other.words for other in code if other is not cell)
        if not cell.binds & elsewhere:
            kind = "delete-unused-cell"
        elif all(_is_redefined(name, later) for name in cell.binds) and later:
            kind = "delete-redefined-cell"
        elif used:
            kind = "delete-cell"
        else:
            continue
        rest = [other for index, other in enumerate(cells) if index != cell.index]
        yield Change(kind, f"deleted cell {cell.index}, which defines {_listed(used or cell.binds)}", rest)


def _without_statement(cells: list[dict[str, Any]], code: list[_Cell]) -> Iterator[Change]:
    """Delete one statement at the top level that defines what is used after it."""
    for cell, number, statement in _statements(code):
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        binds = _bound(statement)
        used = binds & _loaded_after(code, cell, number)
        if "*" in binds or used:
            first, last = _lines(statement)
            lines = cell.source.split("\n")
            source = "\n".join([*lines[: first - 1], *lines[last:]])
            kind = "delete-import" if is_import else "delete-statement"
            detail = f"deleted line {first} of cell {cell.index}, which defines {_listed(used or binds)}"
            yield Change(kind, detail, _replaced(cells, {cell.index: source}))


def _moved(cells: list[dict[str, Any]], code: list[_Cell]) -> Iterator[Change]:
    """Move a cell down: past the first use of what it defines, or past cells that it shares no names with."""
    for position, cell in enumerate(code):
        if cell.is_opaque or "*" in cell.binds:
            continue
        later = code[position + 1 :]
        users = [other for other in later if cell.binds & other.loads]
        if users:
            used = _listed(cell.binds & users[0].loads)
            detail = f"moved cell {cell.index} below {users[0].index}, which uses {used}"
            yield Change("move-cell", detail, _with_moved(cells, cell.index, users[0].index))
        passed = None
        for other in later:
            if other.is_opaque or "*" in other.binds or cell.binds & other.words or other.binds & cell.words:
                break
            passed = other
        if passed is not None:
            detail = f"moved cell {cell.index} below {passed.index}, which is independent of it"
            yield Change("move-independent-cell", detail, _with_moved(cells, cell.index, passed.index))


def _renamed_once(cells: list[dict[str, Any]], code: list[_Cell]) -> Iterator[Change]:
    """Rename a definition at the place that binds it, and nowhere else."""
    for cell, number, statement in _statements(code):
        for name, line, column in _places(statement, bindings_only=True):
            if name in _loaded_after(code, cell, number):
                source = _with_names(cell.source, [(name, line, column)])
                detail = f"renamed {name} where cell {cell.index} defines it"
                yield Change("rename-definition", detail, _replaced(cells, {cell.index: source}))


def _renamed_everywhere(cells: list[dict[str, Any]], code: list[_Cell]) -> Iterator[Change]:
    """Rename a name everywhere, when each word of the code that reads so is known to be that name."""
    words: dict[str, int] = defaultdict(int)
    places: dict[str, dict[int, list[tuple[str, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for cell in code:
        for word in _WORD.findall(cell.source):
            words[word] += 1
        for statement in cell.statements:
            for place in _places(statement, bindings_only=False):
                places[place[0]][cell.index].append(place)
    bound = {
        name for cell in code for statement in cell.statements for name, *_ in _places(statement, bindings_only=True)
    }
    sources = {cell.index: cell.source for cell in code}
    for name, by_cell in places.items():
        if name in bound and sum(map(len, by_cell.values())) == words[name] > 1:
            renamed = {index: _with_names(sources[index], found) for index, found in by_cell.items()}
            yield Change("rename-everywhere", f"renamed {name} in every place", _replaced(cells, renamed))


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _read(index: int, source: str) -> _Cell:
    """A cell as Python, with the lines that IPython alone understands blanked out."""
    lines = source.split("\n")
    if lines and _PYTHON_CELL_MAGIC.match(lines[0]):
        lines[0] = "pass"
    masked = [_MAGIC_VALUE.sub(r"\g<target>0", _MAGIC_LINE.sub(r"\g<indent>pass", line)) for line in lines]
    try:
        statements = ast.parse("\n".join(masked)).body
    except (SyntaxError, ValueError):
        statements = []
    loads = {
        node.id for each in statements for node in ast.walk(each) if isinstance(node, ast.Name) and not _stores(node)
    }
    binds = _union(frozenset(_bound(statement)) for statement in statements)
    return _Cell(index, source, statements, binds, frozenset(loads), frozenset(_WORD.findall(source)))


def _stores(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _bound(node: ast.AST) -> set[str]:
    """The names that a statement binds in the notebook's namespace, ``*`` for a star import."""
    if isinstance(node, _Scope):
        return {node.name}
    if isinstance(node, ast.Import):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    if isinstance(node, ast.Name):
        return {node.id} if _stores(node) else set()
    if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        return set()
    return {name for child in ast.iter_child_nodes(node) for name in _bound(child)}


def _statements(code: list[_Cell]) -> Iterator[tuple[_Cell, int, ast.stmt]]:
    """The statements at the top level that have their lines for themselves, with their number in the cell."""
    for cell in code:
        used: dict[int, int] = defaultdict(int)
        for statement in cell.statements:
            for line in range(_lines(statement)[0], _lines(statement)[1] + 1):
                used[line] += 1
        for number, statement in enumerate(cell.statements):
            first, last = _lines(statement)
            if all(used[line] == 1 for line in range(first, last + 1)):
                yield cell, number, statement


def _lines(statement: ast.stmt) -> tuple[int, int]:
    """The first line, that of a decorator if there is one, and the last."""
    first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])
    return first, statement.end_lineno or statement.lineno


def _loaded_after(code: list[_Cell], cell: _Cell, number: int) -> frozenset[str]:
    """The names that are loaded after a statement, in its cell or below."""
    rest = {
        node.id
        for statement in cell.statements[number + 1 :]
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and not _stores(node)
    }
    return frozenset(rest) | _union(other.loads for other in code if other.index > cell.index)


def _is_redefined(name: str, later: list[_Cell]) -> bool:
    """Whether the first statement further down that has the name binds it without reading it."""
    for cell in later:
        if name not in cell.words:
            continue
        for statement in cell.statements:
            words = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and not _stores(node)]
            if name in words:
                return False
            if name in _bound(statement):
                return isinstance(statement, ast.Assign | ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
        return False
    return False


def _places(statement: ast.stmt, bindings_only: bool) -> Iterator[tuple[str, int, int]]:
    """Name, line and column (in bytes of UTF-8) of names outside f-strings: before 3.12 those have no right column."""
    if isinstance(statement, _Scope):
        keyword = {"FunctionDef": "def ", "AsyncFunctionDef": "async def ", "ClassDef": "class "}
        yield statement.name, statement.lineno, statement.col_offset + len(keyword[type(statement).__name__])
    if bindings_only:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name) and _stores(node):
                        yield node.id, node.lineno, node.col_offset
        return
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            yield node.id, node.lineno, node.col_offset
        if not isinstance(node, ast.JoinedStr):
            waiting += ast.iter_child_nodes(node)


def _with_names(source: str, places: list[tuple[str, int, int]]) -> str:
    """The source with the names at these places renamed; unchanged where the name does not stand as expected."""
    lines = source.split("\n")
    for name, line, column in sorted(places, key=lambda place: (place[1], -place[2])):
        raw, old = lines[line - 1].encode(), name.encode()
        if raw[column : column + len(old)] == old:
            lines[line - 1] = (raw[:column] + old + b"_renamed" + raw[column + len(old) :]).decode()
    return "\n".join(lines)


def _replaced(cells: list[dict[str, Any]], sources: dict[int, str]) -> list[dict[str, Any]]:
    return [{**cell, "source": sources[index]} if index in sources else cell for index, cell in enumerate(cells)]


def _with_moved(cells: list[dict[str, Any]], index: int, below: int) -> list[dict[str, Any]]:
    return [*cells[:index], *cells[index + 1 : below + 1], cells[index], *cells[below + 1 :]]


def _union(sets: Iterator[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _listed(names: frozenset[str] | set[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:4]) + (", …" if len(listed) > 4 else "") or "nothing"
