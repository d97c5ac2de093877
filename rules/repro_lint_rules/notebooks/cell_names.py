"""Which names each cell of a notebook takes from the cells above it, and where those give them a value."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING

from repro_lint.api import CodeCell, PythonSource, dataclass

if TYPE_CHECKING:
    from repro_lint.sources.bindings import Binding

_LITERALS = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.UnaryOp, ast.BinOp, ast.Compare, ast.keyword),
    *(ast.Attribute, ast.Call, ast.Subscript, ast.Slice, ast.JoinedStr, ast.FormattedValue),
    *(ast.operator, ast.unaryop, ast.cmpop, ast.expr_context),
)
_CONSTRUCTORS = frozenset(
    {f"builtins.{name}" for name in ("bool", "complex", "dict", "float", "frozenset", "int", "list", "range", "set")}
    | {f"builtins.{name}" for name in ("slice", "str", "tuple")}
    | {
        f"numpy.{name}"
        for name in ("arange", "array", "eye", "full", "linspace", "logspace", "ones", "zeros", "sqrt", "exp", "log")
    }
    | {f"pandas.{name}" for name in ("DataFrame", "Index", "Series", "Timedelta", "Timestamp", "date_range")}
    | {"datetime.date", "datetime.datetime", "datetime.timedelta", "os.path.join", "pathlib.Path"}
)
_FIXED = ("math.", "string.", "numpy.pi")
"""Modules and names whose contents are constants."""
_RANDOM_METHODS = ("sample", "shuffle")
_MOST_DEPTH = 5
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_OPEN_MAGICS = ("run", "store", "load", "macro", "rerun", "reset", "xdel")
"""Line magics that bind or unbind names which the text does not show."""


class Worth(IntEnum):
    """What it takes to give a name another value when the cell that defines it runs again."""

    IMPORT = 0
    """A module or its contents: the same again."""
    DEFINITION = 1
    """A function or class: the same, unless its text was changed."""
    LITERAL = 2
    """A value that the text of the cell decides: the same, unless the text was changed."""
    RESULT = 3
    """Anything that is computed."""


@dataclass(frozen=True, eq=False)
class Definition:
    """A cell that gives a name its value, and the node that does."""

    name: str
    cell: CodeCell
    node: ast.AST
    worth: Worth


@dataclass(frozen=True)
class Read:
    """A name that a cell reads from a cell above: at ``node``, or in the function ``via`` that is used there."""

    name: str
    node: ast.AST
    definition: Definition
    via: str | None = None


@dataclass(frozen=True, eq=False)
class CellReads:
    """A cell with what it reads from cells above, in document order and once for each name."""

    cell: CodeCell
    reads: tuple[Read, ...]


def is_assignments(cell: CodeCell) -> bool:
    """Whether the cell does nothing but give names values, such as a cell of parameters."""
    return all(isinstance(statement, (ast.Assign, ast.AnnAssign)) for statement in cell.body)


def cell_reads(source: PythonSource) -> Iterator[CellReads]:
    """The code cells in order, with the definitions from above that reach them when the notebook is run from the top.

    A name that a cell binds itself before it reads it is not among them, nor is one whose last binding above stands
    under a condition, in a function or in code that nobody can follow.
    """
    names = _Names(source)
    latest: dict[str, Definition] = {}
    for cell in source.cells:
        yield CellReads(cell, tuple(names.reads(cell, latest)))
        names.update(cell, latest)


@dataclass(frozen=True, eq=False)
class _Bound:
    """A binding of a module's name; ``worth`` is None where it takes the value away, or is not sure to happen."""

    node: ast.AST
    worth: Worth | None


class _Names:
    """The module's names of a program, cell by cell."""

    def __init__(self, source: PythonSource) -> None:
        self._semantics = semantics = source.semantics
        self._position = semantics.index.position
        self._cell_of = source.cell_of
        self._bound: defaultdict[int, dict[str, list[_Bound]]] = defaultdict(dict)
        self._read: defaultdict[int, dict[str, ast.Name]] = defaultdict(dict)
        self._free: defaultdict[ast.AST, set[str]] = defaultdict(set)
        self._module = semantics.scopes.module
        for name, bindings in self._module.bindings.items():
            for binding in bindings:
                if binding.kind != "except":
                    cell = source.cell_of(binding.node)
                    self._bound[cell.index].setdefault(name, []).append(_Bound(binding.node, self._worth(binding)))
        for node in semantics.nodes(ast.Name):
            if node.id in self._module.bindings and self._is_read(node):
                if semantics.scope_of(node).find(node.id) is not self._module:
                    continue
                if (holder := self._holder(node)) is not None:
                    self._free[holder].add(node.id)
                else:
                    self._read[source.cell_of(node).index].setdefault(node.id, node)

    def reads(self, cell: CodeCell, latest: dict[str, Definition]) -> Iterator[Read]:
        """What the cell reads, given the definitions that reach it."""
        found: dict[str, Read] = {}
        for name, node in self._read[cell.index].items():
            bound = self._bound_before(node, name, cell)
            if bound is None and name in latest:
                found.setdefault(name, Read(name, node, latest[name]))
            function = bound.node if bound is not None else latest[name].node if name in latest else None
            for inner in self._reads_of(function, latest):
                if inner in latest and self._bound_before(node, inner, cell) is None:
                    found.setdefault(inner, Read(inner, node, latest[inner], via=name))
        yield from found.values()

    def update(self, cell: CodeCell, latest: dict[str, Definition]) -> None:
        """Put the definitions of the cell in the place of those above it."""
        if cell.error is not None or any(m.kind == "line" and m.name in _OPEN_MAGICS for m in cell.magics):
            latest.clear()
        for name in (name for magic in cell.magics for name in magic.targets):
            latest.pop(name, None)
        for name, bounds in self._bound[cell.index].items():
            worths = [bound.worth for bound in bounds if bound.worth is not None]
            if not worths or isinstance(getattr(bounds[-1].node, "ctx", None), ast.Del):
                latest.pop(name, None)
            else:
                worth = Worth.IMPORT if Worth.IMPORT in worths else max(worths)
                node = next(bound.node for bound in reversed(bounds) if bound.worth is not None)
                latest[name] = Definition(name, cell, node, worth)

    def _worth(self, binding: Binding) -> Worth | None:
        semantics = self._semantics
        if not binding.gives_value or semantics.scope_of(binding.node) is not self._module:
            return None
        if any(isinstance(around, (ast.If, ast.Match)) for around in semantics.ancestors(binding.node)):
            return None
        if binding.kind == "import":
            return Worth.IMPORT
        value = binding.assigned
        if binding.kind in ("function", "class") or (value is not None and self._names_function(value)):
            return Worth.DEFINITION
        return Worth.LITERAL if value is not None and self._is_literal(value, binding.node) else Worth.RESULT

    def _names_function(self, value: ast.expr) -> bool:
        """Whether the value is a function or class under another name: ``solve = search``, ``cat = "".join``."""
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Constant):
            return True
        return isinstance(value, ast.Lambda) or self._semantics.resolve(value) is not None

    def _is_literal(self, value: ast.expr, target: ast.AST, depth: int = 0) -> bool:
        """Whether the text of one cell decides the value: constants, what is made of them and their methods."""
        waiting: list[ast.AST] = [value]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.Name, ast.Attribute)) and (self._semantics.resolve(node) or "").startswith(_FIXED):
                continue
            if isinstance(node, ast.Name):
                bound = self._semantics.binding_of(node) if depth < _MOST_DEPTH else None
                if bound is None or bound.assigned is None or self._cell_of(bound.node) is not self._cell_of(target):
                    return False
                if bound.node is target or not self._is_literal(bound.assigned, bound.node, depth + 1):
                    return False
            elif isinstance(node, ast.Call) and self._constructs(node.func):
                waiting += [*node.args, *node.keywords]
            elif isinstance(node, ast.Attribute) and node.attr in _RANDOM_METHODS:
                return False
            elif isinstance(node, _LITERALS):
                waiting += ast.iter_child_nodes(node)
            else:
                return False
        return True

    def _constructs(self, function: ast.expr) -> bool:
        """Whether a call makes an object of its arguments alone: by a known constructor, or a class of the program."""
        name = self._semantics.resolve(function) or ""
        if isinstance(function, ast.Name) and name.startswith("__main__."):
            bound = self._semantics.binding_of(function)
            return bound is not None and bound.kind == "class"
        return name in _CONSTRUCTORS or name.startswith("math.")

    def _is_read(self, node: ast.Name) -> bool:
        if isinstance(node.ctx, ast.Load):
            return True
        parent = self._semantics.parent(node)
        return isinstance(parent, ast.AugAssign) and parent.target is node

    def _holder(self, node: ast.Name) -> ast.AST | None:
        """What binds the function or class that reads the name when it is called; None where it is read at once."""
        scope = self._semantics.scope_of(node)
        outermost: ast.AST | None = None
        deferred = False
        while scope.parent is not None:
            opened = scope.node
            if isinstance(opened, (ast.FunctionDef, ast.AsyncFunctionDef)):
                outermost, deferred = opened, True
            elif isinstance(opened, ast.ClassDef):
                outermost = opened
            elif isinstance(opened, ast.Lambda) and isinstance(named := self._semantics.parent(opened), ast.Assign):
                outermost, deferred = named.targets[0], True
            scope = scope.parent
        return outermost if deferred else None

    def _bound_before(self, node: ast.Name, name: str, cell: CodeCell) -> _Bound | None:
        """The last binding of the name in the cell that comes before the node, which it must not be computed from."""
        position, found = self._position, None
        statement = self._semantics.statement_of(node)
        for bound in self._bound[cell.index].get(name, ()):
            if position[bound.node] >= position[node]:
                break
            if not (isinstance(statement, _ASSIGNMENTS) and self._semantics.statement_of(bound.node) is statement):
                found = bound
        return found

    def _reads_of(self, function: ast.AST | None, latest: dict[str, Definition]) -> list[str]:
        """The module's names that are read when what the node binds is called, also by what that calls in turn."""
        waiting, seen = [function] if function is not None else [], set[str]()
        while waiting:
            for name in self._free.get(waiting.pop(), set()) - seen:
                seen.add(name)
                if name in latest:
                    waiting.append(latest[name].node)
        return sorted(seen)
