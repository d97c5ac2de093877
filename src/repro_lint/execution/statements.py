"""What the text of statements tells before they run."""

from __future__ import annotations

import ast

from repro_lint.execution.values import Class, Function, Name, Partial, Result, Sequence, Value, qualified

_LONGEST_TURNS = 8
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})


def callables(iterable: Value) -> list[Value]:
    """The items of a short list of classes and functions, all of which a loop over it calls; none for other values."""
    if not isinstance(iterable, Sequence) or not iterable.complete or not 2 <= len(iterable.items) <= _LONGEST_TURNS:
        return []
    parts = [item.items[-1] if isinstance(item, Sequence) and item.items else item for item in iterable.items]
    return iterable.items if all(isinstance(part, (Class, Function, Name, Partial)) for part in parts) else []


def assigned_names(block: list[ast.stmt]) -> set[str]:
    """The names that assignments in a block bind, those in nested blocks included."""
    found: set[str] = set()
    queue: list[ast.AST] = list(block)
    while queue:
        node = queue.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            queue += node.targets if isinstance(node, ast.Assign) else [node.target]
        elif isinstance(node, (ast.stmt, ast.excepthandler, ast.Tuple, ast.List, ast.Starred)):
            queue += ast.iter_child_nodes(node)
    return found


def decorator_name(value: Value) -> str | None:
    return value.event.name if isinstance(value, Result) else qualified(value)


def stands_in(handler: ast.ExceptHandler, body: list[ast.stmt]) -> bool:
    """Whether a handler only stands in for a module that is missing."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {part.id for part in types if isinstance(part, ast.Name)}
    imports = [part for part in body if isinstance(part, (ast.Import, ast.ImportFrom))]
    relative = any(isinstance(part, ast.ImportFrom) and part.level for part in imports)
    return bool(imports) and not relative and bool(names) and names <= _IMPORT_ERRORS


def leaves(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], (ast.Raise, ast.Return))
