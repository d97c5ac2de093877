"""The functions and classes that notebooks define, as data that can be compared without their trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from repro_lint.api import CodeCell, FileFact, Place, PythonSource, Span, dataclass, last_name, lazy_pattern
from repro_lint_rules.notebooks.code_lines import DEFINITIONS, code_lines, definitions_in, is_literal, lines_of
from repro_lint_rules.notebooks.teaching import teaches

_EXPORTED = lazy_pattern(r"\s*#\s*\|?\s*exports?\b")
"""How a cell begins that nbdev writes to a module."""
_BOUND_TO_CELL = frozenset({"interact", "interactive", "interact_manual", "observe", "on_click", "register_cell_magic"})
"""Decorators of functions that only have a meaning in the notebook."""
_PROSE = 5
"""The words in a line of code, about: a notebook with more words of text for each is more text than code."""
_Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Definition:
    """A function or class at the top level of a file.

    ``lines`` are lines of code, without docstrings. Two definitions that differ in nothing but layout, comments and
    docstrings have the same ``digest``. ``needs`` are the variables of the notebook that it uses, constants excepted.
    """

    name: str
    is_class: bool
    lines: int
    needs: tuple[str, ...]
    digest: bytes
    place: Place


@dataclass(frozen=True)
class NotebookContent:
    """What a notebook defines, a digest of the words of each cell with code, and the modules it imports.

    ``explains`` says that it is more text than code: the code is then there to be read.
    """

    definitions: tuple[Definition, ...]
    cells: frozenset[bytes]
    imports: tuple[tuple[str, int, str | None], ...]
    """Module, level and name, as ``ModuleIndex.resolve`` takes them."""
    teaches: bool
    explains: bool


class NotebookContents(FileFact[NotebookContent]):
    """The content of each notebook that defines something."""

    subject = PythonSource
    triggers = (b"def", b"class")

    @classmethod
    def collect(cls, source: PythonSource) -> NotebookContent | None:
        """None for other files, and for notebooks without functions and classes."""
        if source.notebook is None:
            return None
        found = [
            _definition(source, cell, node)
            for cell in source.cells
            if not _EXPORTED.match(cell.source)
            for node in definitions_in(cell.body)
            if _BOUND_TO_CELL.isdisjoint(_decorators(node))
        ]
        if not found:
            return None
        last = {definition.name: definition for definition in found}
        return NotebookContent(
            definitions=tuple(definition for definition in found if last[definition.name] is definition),
            cells=frozenset(_hashed(cell.code.split()) for cell in source.cells if cell.body),
            imports=tuple((i.module, i.level, i.name) for i in source.semantics.imports),
            teaches=teaches(source.notebook),
            explains=_explains(source),
        )


def module_definitions(source: PythonSource, names: Iterable[str]) -> Iterator[Definition]:
    """The definitions with one of these names at the top level of a module; what they need is not looked for."""
    wanted = frozenset(names)
    for cell in source.cells:
        for node in definitions_in(cell.body):
            if node.name in wanted:
                yield _definition(source, cell, node)


def _digest(definition: _Node) -> bytes:
    """A digest that is the same whatever the layout, comments and docstrings of the definition."""
    said: list[str] = []
    stack: list[object] = [definition]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.AST):
            said.append(part.__class__.__name__)
            fields = [getattr(part, name, None) for name in part._fields]
            if isinstance(part, DEFINITIONS) and ast.get_docstring(part, clean=False) is not None:
                fields = [value[1:] if value is part.body else value for value in fields]
            stack += fields
        elif isinstance(part, list):
            said.append(f"[{len(part)}")
            stack += part
        else:
            # Python refuses to write long integers in decimal.
            said.append(hex(part) if type(part) is int else repr(part))
    return _hashed(said)


def _hashed(parts: Iterable[str]) -> bytes:
    import hashlib

    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=16).digest()


def _explains(source: PythonSource) -> bool:
    cells = source.notebook.cells if source.notebook is not None else ()
    words = sum(len(cell.source.split()) for cell in cells if cell.type == "markdown")
    return words > _PROSE * sum(len(code_lines(cell)) for cell in source.cells)


def _definition(source: PythonSource, cell: CodeCell, node: _Node) -> Definition:
    own = code_lines(cell) & lines_of(cell, [node])
    needs = _needs(source, node) if source.notebook is not None else ()
    whole = source.span(node)
    header = Span(whole.line, whole.column, whole.line, len(source.lines[node.lineno - 1]) + 1)
    place = source.place_in(cell, header)
    return Definition(node.name, isinstance(node, ast.ClassDef), len(own), needs, _digest(node), place)


def _needs(source: PythonSource, node: _Node) -> tuple[str, ...]:
    """The variables of the notebook that the definition reads: neither imports nor definitions nor constants."""
    semantics = source.semantics
    module = semantics.own_scope(semantics.tree)
    found: dict[str, None] = {}
    known: set[str] = set()
    for name in ast.walk(node):
        if not isinstance(name, ast.Name) or name.id in known or not isinstance(name.ctx, ast.Load):
            continue
        if semantics.scope_of(name).find(name.id) is not module:
            continue
        known.add(name.id)
        for binding in semantics.bindings_of(name):
            value = binding.assigned
            if binding.kind not in ("import", "function", "class") and not (value is not None and is_literal(value)):
                found[name.id] = None
    return tuple(sorted(found))


def _decorators(node: _Node) -> Iterator[str]:
    for decorator in node.decorator_list:
        yield last_name(decorator) or ""
